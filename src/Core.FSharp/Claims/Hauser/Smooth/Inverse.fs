/// Smooth networks of order k ≥ 2 can be run backward, whatever their maps are.
///
/// Statement: the state map is a bijection of R^(kd) with an explicit inverse: in delay coordinates
/// x(l−k+1) = (−1)^(k+1) [x(l+1) − hᵏ f^(l)(x(l)) − Σ_{j=1..k−1} (−1)^(j+1) C(k,j) x(l+1−j)], in scaled differences
/// p_n ← p_n − h p_{n+1} for n &lt; k, then p_k ← p_k − h f(p₁) with the new p₁. Nothing is asked of f, not even continuity.
/// Proof: the weight of the oldest state is ±1, and f does not read it.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Smooth.Inverse

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

let private reversed (equation: DifferenceEquation<Rational>) (final: Rational[][]) (conclude: Rational[][] -> Outcome) : Outcome =
    match Reversal.history equation final with
    | Ok history -> conclude history
    | Error reason -> Outcome.refuted "the inverse" "exists" (string reason)

/// L layers forward, then L layers back; and every single step back in three coordinate systems.
let private forwardThenBack (drawn: Drawn) : Outcome =
    let trajectory = Simulation.run drawn.Smooth drawn.History
    let h = drawn.Step
    let differences = Smooth.differences trajectory
    let scaled l = Coordinates.toScaled h (differences l)

    let step l =
        let f = LayerMap.apply (drawn.Map(1, l))

        seq {
            Check.blocks $"the delay state at {l}" (trajectory.Delay l) (SmoothState.delayInverse h f (trajectory.Delay(l + 1)))
            Check.blocks $"the differences at {l}" (differences l) (SmoothState.inverse h f (differences (l + 1)))
            Check.blocks $"the scaled differences at {l}" (scaled l) (SmoothState.scaledInverse h f (scaled (l + 1)))
        }

    Outcome.all (
        seq {
            yield! Seq.collect step (seq { 0 .. drawn.Depth - 1 })
            reversed drawn.Smooth (trajectory.Delay drawn.Depth) (Check.blocks "the history" drawn.History)
        }
    )

/// The drawn states as the final ones: back to a history, and forward again. Every state is reached.
let private backThenForward (drawn: Drawn) : Outcome =
    reversed drawn.Smooth drawn.History (fun history ->
        let trajectory = Simulation.run drawn.Smooth history
        Check.blocks "the final state" drawn.History (trajectory.Delay drawn.Depth))

/// Some map that is nowhere continuous on the fractions: a/c ↦ a mod 3, coordinate by coordinate, reversed.
let private wild (x: Rational[]) : Rational[] =
    x |> Array.map (fun a -> Rational.ofBigInteger (a.Numerator % System.Numerics.BigInteger 3)) |> Array.rev

let private anyMap (drawn: Drawn) : Outcome =
    let h, state = drawn.Step, drawn.History

    Outcome.check [
        fun () -> Check.blocks "inverse of cascade" state (SmoothState.inverse h wild (SmoothState.cascade h wild state))
        fun () -> Check.blocks "cascade of inverse" state (SmoothState.cascade h wild (SmoothState.inverse h wild state))
        fun () -> Check.blocks "scaled inverse of cascade" state (SmoothState.scaledInverse h wild (SmoothState.scaledCascade h wild state))
        fun () -> Check.blocks "scaled cascade of inverse" state (SmoothState.scaledCascade h wild (SmoothState.scaledInverse h wild state))
    ]

/// An equation and two histories that differ.
[<NoComparison>]
type private Pair = { Law: string; Equation: DifferenceEquation<Rational>; One: Rational[][]; Other: Rational[][] }

let private showPair (pair: Pair) = [
    "equation", pair.Law
    "one history", Check.showBlocks pair.One
    "another", Check.showBlocks pair.Other
]

/// Different states have different images.
let private stayApart (pair: Pair) : Outcome =
    let final history =
        let trajectory = Simulation.run pair.Equation history
        trajectory.Delay trajectory.Depth

    let one, other = final pair.One, final pair.Other
    if one <> other then Outcome.holds else Outcome.refuted "the two images" "are different" (Check.showBlocks one)

/// Two histories that differ in the oldest state only, the one that a step forgets first.
let private oldestDiffers (drawn: Drawn) : Outcome =
    let k = drawn.Order
    let moved = Array.map (fun a -> a + Rational.One) drawn.History[k - 1]
    stayApart { Law = "drawn"; Equation = drawn.Smooth; One = drawn.History; Other = Array.updateAt (k - 1) moved drawn.History }

let private scalar (a: Rational) : Matrix<Rational> = Matrix.ofRows [| [| a |] |]

/// −2·max(0, x)
let private fold: LayerMap<Rational> =
    Layer.create (scalar Rational.One) [| Rational.Zero |] [| Activation.Relu |]
    |> Result.bind (fun relu ->
        Layer.affine (scalar (Rational.ofInt -2)) [| Rational.Zero |]
        |> Result.bind (fun twice -> LayerMap.create [| relu; twice |]))
    |> Defect.orFail

/// k = 1: x − 2·max(0, x) = −|x| sends 1 and −1 to −1.
let private orderOne: Pair = {
    Law = "x(l+1) = x(l) − 2·max(0, x(l))"
    Equation = Smooth.network (Architecture.Smooth(1, Rational.One, [| fold |]))
    One = TestMaps.rows [ "1" ]
    Other = TestMaps.rows [ "-1" ]
}

/// k = 2, f = x/h² at the oldest state: 2x(l) − x(l−1) + x(l−1) forgets x(l−1).
let private oldestRead (h: Rational) : Pair =
    let maps = [| [| Smooth.constant [| Rational.Zero |]; LayerMap.linear (scalar (Rational.One / (h * h))) |] |]

    {
        Law = "∇²x(l+1) = h² f(x(l−1)), f(x) = x/h²"
        Equation = Smooth.network (Architecture.Master(2, h, maps))
        One = TestMaps.rows [ "1"; "0" ]
        Other = TestMaps.rows [ "1"; "1" ]
    }

let claim: Claim =
    let networks = Draws.generator { Draws.smooth with LeastOrder = 2 }

    Paper.define
        "hauser.smooth.inverse"
        Paper.reconstructed
        "The state map of ∇ᵏx(l+1) = hᵏ f^(l) is a bijection of R^(kd) for any f: x(l−k+1) = (−1)^(k+1) [x(l+1) − hᵏ f^(l)(x(l)) − Σ_{j=1..k−1} (−1)^(j+1) C(k,j) x(l+1−j)]; scaled: p_n ← p_n − h p_{n+1} for n < k, then p_k ← p_k − h f(p₁)."
    |> Claim.hypothesis "H1" "k ≥ 2"
    |> Claim.hypothesis "H2" "f^(l) reads only x(l)"
    |> Claim.exact "forward-then-back" (Instances.random networks 100) forwardThenBack
    |> Claim.exact "back-then-forward" (Instances.random networks 100) backThenForward
    |> Claim.exact "any-map" (Instances.random networks 100) anyMap
    |> Claim.exact "injective" (Instances.random networks 100) oldestDiffers
    |> Claim.neededBy "H1" (Instances.chosen showPair [ orderOne ]) stayApart
    |> Claim.neededBy "H2" (Instances.chosen showPair (List.map (Rational.create 1 >> oldestRead) [ 1; 2; 3 ])) stayApart
