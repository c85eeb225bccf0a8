/// Which form of a step keeps the digits.
///
/// Statement: the one-layer form has the chart u = c/m, which cancels a number of the size of m/|c| and multiplies it back, so its rounding error grows like |c||w|/|m|. For
/// |m| ≥ |c||w|/4 it is at most 16 ulp·(1 + |c||w|)·Q, Q = |x| + |b|/|w|; the pair, with μ = 1, or 2 where |m − 1| ≤ 1/4, at most 16 ulp·(1 + |c||w|)²·Q.
/// Found in binary64, w = (1, 0), c = (ε, 1): the one-layer form is off by about 2·10⁻¹⁶/ε. μ = 1 at m ≈ 1 makes the second layer of the pair the ill-conditioned one.
/// Reconstructed. The factor 16 is a measured one with room (the worst of 2000 instances took 7.2), not a sum of roundings.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Duan.Term.WellConditioned

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Duan

/// A step in floats and points.
[<NoComparison>]
type private Case = { Step: ResidualStep<Binary64>; Points: float[][] }

let private show (case: Case) : (string * string) list = [
    "c", sprintf "%A" (Fields.floats case.Step.Shift)
    "w", sprintf "%A" (Fields.floats case.Step.Weights)
    "b", string case.Step.Bias
]

let private toFloat (a: Binary64) : float = a.Value
let private size (x: Binary64[]) : float = Fields.norm (Fields.floats x)

/// |c||w|
let private strength (case: Case) : float = size case.Step.Shift * size case.Step.Weights

/// The largest error of a network of floats over Q, against the step in fractions.
let private error (case: Case) (stages: Stage<Binary64> seq) : float =
    let fraction (a: Binary64) = Rational.ofFloat a.Value

    let exact = {
        Shift = Array.map fraction case.Step.Shift
        Weights = Array.map fraction case.Step.Weights
        Bias = fraction case.Step.Bias
    }

    let net = VanillaNet.ofStages case.Step.Shift.Length stages

    case.Points
    |> Array.map (fun x ->
        let found = VanillaNet.apply net (Fields.binary x) |> Array.map fraction
        let expected = ResidualStep.apply exact (Array.map Rational.ofFloat x)
        let distance = Vector.subtract found expected |> Array.map Rational.toFloat |> Fields.norm
        distance / (Fields.norm x + abs case.Step.Bias.Value / size case.Step.Weights))
    |> Array.max

/// 16 ulp·(1 + |c||w|)^p
let private bound (p: int) (case: Case) : float =
    16.0 * Fields.unit * Seq.fold (fun product _ -> product * (1.0 + strength case)) 1.0 (seq { 1..p })

let private oneLayer (case: Case) : Outcome =
    Outcome.atMost "the error of the one-layer form over Q" (bound 1 case) (error case (TermLayers.oneLayer toFloat case.Step))

let private pairWith (μ: float) (case: Case) : Outcome =
    Outcome.atMost "the error of the pair over Q" (bound 2 case) (error case (TermLayers.shearPair toFloat (Binary64 μ) case.Step))

/// The μ of the library.
let private pair (case: Case) : Outcome =
    let m = (ResidualStep.slope case.Step).Value
    pairWith (if abs (m - 1.0) > 0.25 then 1.0 else 2.0) case

/// The form that the library chooses.
let private chosen (case: Case) : Outcome =
    match TermLayers.ofStep toFloat case.Step with
    | Ok stages -> Outcome.atMost "the error of the chosen form over Q" (bound 2 case) (error case stages)
    | Error defects -> Nets.refused "the form" "layers" defects

let private create (c: float[]) (w: float[]) (b: float) (points: float[][]) : Case = {
    Step = { Shift = Fields.binary c; Weights = Fields.binary w; Bias = Binary64 b }
    Points = points
}

/// Points of [−1, 1]².
let private square: float[][] =
    Array.init 50 (fun k -> [| Elementary.sin (float (7 * k + 1)); Elementary.cos (float (11 * k + 2)) |])

let claim: Claim =
    let cases (accept: Case -> bool) =
        let draw (stream: RandomStream) =
            let d = stream.NextInt(2, 4)
            let logUniform lo hi = Elementary.exp (stream.NextFloat(Elementary.log lo, Elementary.log hi))

            let vector length =
                let x = Fields.normals stream d
                let size = Fields.norm x
                x |> Array.map (fun x -> x * length / size)

            let c, w = vector (logUniform 1e-3 1e2), vector (logUniform 1e-2 1e2)
            let sign = if stream.NextBool() then 1.0 else -1.0
            create c w (sign * logUniform 1e-2 10.0) (Array.init 6 (fun _ -> Array.init d (fun _ -> stream.NextFloat(-1.0, 1.0))))

        let isLegal (case: Case) = (ResidualStep.slope case.Step).Value > -0.95 && accept case
        Generator.fromStream (fun _ -> Draws.until isLegal draw) Shrink.none show

    let isWell (case: Case) = abs (ResidualStep.slope case.Step).Value >= 0.25 * strength case
    let near ε = create [| ε; 1.0 |] [| 1.0; 0.0 |] 0.0 square

    Paper.define
        "duan.term.well-conditioned"
        Paper.reconstructed
        "The one-layer form of a step keeps the digits for |c·w| ≥ |c||w|/4, the pair always, with μ = 1 or, near c·w = 1, μ = 2; elsewhere both lose what |m|/(|c||w|) says."
    |> Claim.hypothesis "H1" "|c·w| ≥ |c||w|/4 for one layer"
    |> Claim.hypothesis "H2" "μ is not near c·w"
    |> Claim.bounded "one-layer" (Instances.random (cases isWell) 300) oneLayer
    |> Claim.bounded "pair" (Instances.random (cases (fun _ -> true)) 300) pair
    |> Claim.bounded "chosen" (Instances.random (cases (fun _ -> true)) 300) chosen
    |> Claim.bounded "pair-of-near-shears" (Instances.chosen show [ for ε in [ 1e-2; 1e-6; 1e-10; 1e-14; 0.0 ] -> near ε ]) pair
    |> Claim.neededBy "H1" (Instances.chosen show [ near 1e-6; near 1e-10; near 1e-14 ]) oneLayer
    |> Claim.neededBy "H2" (Instances.chosen show [ create [| 1.0 + 1e-10; 10.0 |] [| 1.0; 0.0 |] 0.0 square ]) (pairWith 1.0)
