/// How one layer of any network of the family ∇ʳx(l+1) = hʳ Σ_{n=1..p} f_n(x(l+1−n)) changes the volume of its state space: the
/// part of hauser.smooth.unimodular beyond the smooth networks.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Smooth.FamilyVolume

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

/// The drawn network without its later layers.
let firstLayer (drawn: Drawn) : Drawn = { drawn with Maps = Array.truncate 1 drawn.Maps }

/// A network of the family (r, p), p = the order of the drawn dense network.
[<NoComparison>]
type Member = {
    DifferenceOrder: int
    Terms: Drawn
} with

    member m.Blocks = max m.DifferenceOrder m.Terms.Order
    member m.Equation = Smooth.network (Architecture.Master(m.DifferenceOrder, m.Terms.Step, m.Terms.LayerMaps))

    /// The history drawn for the terms, cut or continued with zeros to K states.
    member m.Delay =
        Array.init m.Blocks (fun j -> Array.tryItem j m.Terms.History |> Option.defaultValue (Vector.zero m.Terms.Width))

/// The determinant by cases, as stated.
let private byCases (m: Member) : Rational =
    let r, p, d = m.DifferenceOrder, m.Terms.Order, m.Terms.Width
    let K = m.Blocks

    let driven =
        Matrix.scale (Rational.power m.Terms.Step r) (ForwardMode.jacobian (ForwardMode.map (m.Terms.Map(p, 0))) m.Delay[p - 1])

    if r > p then
        Rational.One
    elif p > r then
        Smooth.sign ((K - 1) * d) * Elimination.determinant driven
    else
        Smooth.sign ((r - 1) * d)
        * Elimination.determinant (Matrix.add (Matrix.scale (Smooth.sign (r + 1)) (Matrix.identity d)) driven)

/// Dual numbers, the assembled matrix and its oldest block agree with the cases.
let family (m: Member) : Outcome =
    let expected = byCases m

    Outcome.check [
        fun () -> Check.equal "det DΦ by dual numbers" expected (Elimination.determinant (ForwardMode.ofFirstLayer m.Equation m.Delay))
        fun () -> Check.equal "det DΦ assembled" expected (Elimination.determinant (Adjoint.stepJacobian m.Equation 0 m.Delay))
        fun () -> Check.equal "det DΦ by the oldest block" expected (VolumeChange.determinant m.Equation 0 m.Delay)
    ]

/// The same for an additive dense network: (−1)^((k−1)d) det Df_k.
let dense (drawn: Drawn) : Outcome =
    let k, d = drawn.Order, drawn.Width

    let expected =
        Smooth.sign ((k - 1) * d)
        * Elimination.determinant (ForwardMode.jacobian (ForwardMode.map (drawn.Map(k, 0))) drawn.History[k - 1])

    Check.equal "det DΦ" expected (Elimination.determinant (Adjoint.stepJacobian drawn.Dense 0 drawn.History))

/// Networks of the family with their simplification.
let members: Generator<Member> =
    let draw _ (stream: RandomStream) =
        let r = stream.NextInt(0, 4)
        { DifferenceOrder = r; Terms = firstLayer (Draws.draw Draws.dense stream) }

    let shrink (m: Member) =
        seq {
            for r in Shrink.int 0 m.DifferenceOrder do
                { m with DifferenceOrder = r }

            for terms in Draws.shrink Draws.dense m.Terms do
                { m with Terms = terms }
        }

    Generator.fromStream draw shrink (fun m -> ("order of ∇", string m.DifferenceOrder) :: Draws.show m.Terms)

/// Additive dense networks of one layer.
let denseNetworks: Generator<Drawn> =
    Generator.fromStream (fun _ stream -> firstLayer (Draws.draw Draws.dense stream)) (Draws.shrink Draws.dense) Draws.show
