/// The forward and the backward pass are Hamilton's equations.
///
/// Statement: with H(x, a, t) = a·F(x, t), x′ = ∂H/∂a and a′ = −∂H/∂x are the forward and the adjoint equation.
/// Checked by differentiating the scalar function H with dual numbers at 20 points of every field.
/// The statement stands on the slides.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.Momentum.HamiltonEquations

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

/// Compares ∂H/∂a and ∂H/∂x of H = a·F(x) with F and F′ᵀa as they are coded.
let private compare
    (field: Dual<Rational>[] -> Dual<Rational>[])
    (coded: Rational[] -> Rational[])
    (pull: Rational[] -> Rational[] -> Rational[])
    (x: Rational[])
    (a: Rational[])
    : Outcome =
    Outcome.check [
        fun () ->
            let along = Projective.gradient (fun a -> Vector.dot a (field (Projective.constants x))) a
            Check.vectors $"∂H/∂a at {Known.show x}" along (coded x)
        fun () ->
            let across = Projective.gradient (fun x -> Vector.dot (Projective.constants a) (field x)) x
            Check.vectors $"∂H/∂x at {Known.show x}" across (pull x a)
    ]

/// 20 points and covectors that a fixed stream gives.
let private points (n: int) : (Rational[] * Rational[] * Rational) list =
    let stream = RandomStream(20UL)
    List.init 20 (fun _ -> Draws.vector stream n, Draws.vector stream n, Draws.fraction stream)

let private triangular (case: TriangularCase) : Outcome =
    let n = case.Dimension
    let field = Triangular.dual case.Field

    points n
    |> Seq.map (fun (x, a, t) ->
        let at (lift: Rational -> 'T) (field: Term<'T>[][]) (x: 'T[]) =
            field |> Array.map (fun f -> Multivariate.evaluate f (Array.append x [| lift t |]))

        let pull (x: Rational[]) (a: Rational[]) =
            let partial i j = at id [| Multivariate.derivative i case.Field[j] |] x
            Array.init n (fun i -> Vector.dot (Array.init n (fun j -> (partial i j)[0])) a)

        compare (at Dual.constant field) (at id case.Field) pull x a)
    |> Outcome.all

let private projective (case: ProjectiveCase) : Outcome =
    let k = case.Direction

    points k.Length
    |> Seq.map (fun (x, a, _) -> compare (Projective.field (Projective.constants k)) (Projective.field k) (Projective.pull k) x a)
    |> Outcome.all

let private network (case: NetworkCase) : Outcome =
    let dual = NearIdentity.map Dual.constant case.Network

    points case.Dimension
    |> Seq.map (fun (x, a, _) ->
        compare (NearIdentity.field dual 0) (NearIdentity.field case.Network 0) (NearIdentity.pull case.Network 0) x a)
    |> Outcome.all

/// The kink of the leaky nonlinearity at x = 0: the difference quotients of H = a·F from the two sides.
let private onKink (κ: Rational) : Outcome =
    let field = NearIdentity.damp (Damping.Leaky κ)
    let ε = Rational.create 1 1024
    Check.equal "∂H/∂x at 0 from the left" ((field ε - field Rational.Zero) / ε) ((field Rational.Zero - field -ε) / ε)

let claim: Claim =
    Paper.define "ruseckas.momentum.hamilton-equations" Paper.ofSlides "H(x, a, t) = a·F(x, t): x′ = ∂H/∂a = F and a′ = −∂H/∂x = −F′ᵀa."
    |> Claim.hypothesis "H1" "F is C¹ in x"
    |> Claim.exact "triangular-fields" (Instances.random (Triangular.generator false) 20) triangular
    |> Claim.exact "projective-fields" (Instances.random Projective.generator 20) projective
    |> Claim.exact "networks" (Instances.random (Networks.generator Networks.both) 20) network
    |> Claim.neededBy "H1" (Instances.chosen (fun κ -> [ "κ", string κ ]) [ Rational.create 1 2 ]) onKink
