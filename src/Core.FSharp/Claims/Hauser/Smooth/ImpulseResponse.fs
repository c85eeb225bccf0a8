/// What a push in one layer does to all later states.
///
/// Statement: replacing f^(s) by f^(s) + δ in one layer s, all later maps being constant, changes x(L), L &gt; s, by exactly
/// hᵏ C(L−s+k−2, k−1) δ: the gain grows like the (k−1)st power of the distance, and not at all in a residual network.
/// Proof: the change obeys the equation without forces but for the push (hauser.smooth.unrolled).
/// Later maps that do read the state need the adjoint instead. Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Smooth.ImpulseResponse

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

/// A network and a push δ in layer s.
[<NoComparison>]
type private Pushed = { Network: Drawn; Layer: int; Push: Rational[] }

let private show (pushed: Pushed) =
    [ "pushed layer", string pushed.Layer; "push", Draws.showVector pushed.Push ] @ Draws.show pushed.Network

/// f + δ
let private plus (push: Rational[]) (f: LayerMap<Rational>) : LayerMap<Rational> =
    Layer.affine (Matrix.identity push.Length) push
    |> Result.bind (fun shift -> LayerMap.create (Array.append (f.Layers.ToArray()) [| shift |]))
    |> Defect.orFail

let private run (pushed: Pushed) (change: LayerMap<Rational> -> LayerMap<Rational>) =
    let drawn = pushed.Network
    let maps = drawn.LayerMaps |> Array.mapi (fun l maps -> if l = pushed.Layer then change maps[0] else maps[0])
    Simulation.run (Smooth.network (Architecture.Smooth(drawn.Order, drawn.Step, maps))) drawn.History

/// x(L) moves by hᵏ C(L−s+k−2, k−1) δ for L &gt; s, and not at all before.
let private moves (pushed: Pushed) : Outcome =
    let k, s = pushed.Network.Order, pushed.Layer
    let before, after = run pushed id, run pushed (plus pushed.Push)

    let gain depth = if depth <= s then Rational.Zero else Rational.power pushed.Network.Step k * Pascal.choose (depth - s + k - 2) (k - 1)

    Outcome.all (
        seq {
            for depth in 0 .. pushed.Network.Depth do
                let change = Vector.subtract after[depth] before[depth]
                Check.vectors $"the change of x({depth})" (Vector.scale (gain depth) pushed.Push) change

                if depth > s then
                    let weight: Rational = Unrolled.forceWeight depth k 1 s
                    Check.equal $"the gain at {depth}" (gain depth) (Rational.power pushed.Network.Step k * weight)
        }
    )

/// The maps after the pushed layer read nothing: x ↦ σ(b).
let private constantAfter (s: int) (drawn: Drawn) : Drawn = Smooth.withMaps (fun l map -> if l > s then Smooth.unread map else map) drawn

let private pushes: Generator<Pushed> =
    let draw _ (stream: RandomStream) =
        let drawn = Draws.draw Draws.smooth stream
        let s = stream.NextInt(0, drawn.Depth - 1)
        { Network = constantAfter s drawn; Layer = s; Push = Draws.vector stream drawn.Width }

    let shrink (pushed: Pushed) =
        seq {
            if pushed.Layer > 0 then
                { pushed with Network = { pushed.Network with Maps = Array.tail pushed.Network.Maps }; Layer = pushed.Layer - 1 }

            for network in Draws.shrink Draws.smooth pushed.Network do
                if network.Depth > pushed.Layer then
                    { pushed with Network = network; Push = Array.truncate network.Width pushed.Push }

            for push in Shrink.elements Draws.shrinkFraction pushed.Push do
                { pushed with Push = push }
        }

    Generator.fromStream draw shrink show

/// k = 1, h = 1, L = 2: a push of 1 in layer 0, then f^(1)(x) = w·x.
let private followedBy (w: int) : Pushed =
    let map w = { Weights = [| [| Rational.ofInt w |] |]; Bias = [| Rational.Zero |]; Activation = Activation.Identity }

    {
        Network = { Order = 1; Step = Rational.One; Maps = [| [| map 0 |]; [| map w |] |]; History = TestMaps.rows [ "0" ] }
        Layer = 0
        Push = [| Rational.One |]
    }

/// How far x(2) moves when f^(1)(x) = w·x follows the push.
let private change (w: int) : Rational[] =
    let pushed = followedBy w
    let before, after = run pushed id, run pushed (plus pushed.Push)
    Vector.subtract after[2] before[2]

/// With the identity after the push the change is 2, not 1.
let private references: Reference<Rational[]> list = [
    { Quantity = "the change of x(2), f^(1) = id"; Expected = [| Rational.ofInt 2 |]; Compute = fun () -> change 1 }
    { Quantity = "the change of x(2), f^(1) = 0"; Expected = [| Rational.One |]; Compute = fun () -> change 0 }
]

let claim: Claim =
    Paper.define
        "hauser.smooth.impulse-response"
        Paper.reconstructed
        "f^(s) replaced by f^(s) + δ in one layer changes x(L), L > s, by exactly hᵏ C(L−s+k−2, k−1) δ; the gain of a residual network (k = 1) is constant."
    |> Claim.hypothesis "H1" "f^(t) is constant for every t > s"
    |> Claim.exact "change" (Instances.random pushes 150) moves
    |> Check.references Check.vectors references "reference"
    |> Claim.neededBy "H1" (Instances.chosen show [ followedBy 1 ]) moves
