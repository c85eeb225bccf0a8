/// Minimisers of E_n are precompact, and their cluster points minimise E_∞.
///
/// Statement: minimisers are bounded in R_n, so they cluster, uniformly and in TL²; every cluster point minimises E_∞; if E_∞ has one minimiser only, the whole sequence converges, and I_nθ_n converges strongly in H¹: R_∞(I_nθ_n − θ) → 0.
/// Proof: Γ-convergence and compactness; the values of E and of the data term converge, so R_∞(I_nθ_n) → R_∞(θ), which with weak convergence is strong convergence.
/// Checked on problem B (one minimiser) and on problem C, whose two minimisers ± are known at every depth: the distance to the set of minimisers tends to 0 for any choice of signs, the sequence itself need not converge.
/// The abstract has the convergence; that it is strong is our own.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.ThorpeVanGennip.Minimisers.Convergence

open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.DeepLimit
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.ThorpeVanGennip
open LayerTime.Core.Claims.ThorpeVanGennip.Benchmarks

/// R_∞(I_nK_n − K) of problem B: K is a parabola, so the integral is exact; in intervals.
let private strongDistance (n: int) : Interval option =
    let data, κ = ScalarLinear.reference, ScalarLinear.κ
    let number = Interval.ofFloat

    let distance (κ: Interval) (weights: ResidualWeights<Interval>) =
        let limit = ScalarLinear.enclosedLimit data κ |> Array.map Array.singleton |> WeightFunction.polynomial |> Defect.orFail
        let interpolant = WeightFunction.interpolate (ResidualWeights.kernelSequence weights)
        WeightFunction.energy (number 1.0) (WeightFunction.combine (number 1.0) interpolant (number -1.0) limit)

    Option.map2 distance (ScalarLinear.enclosedMinimiser data κ) (MinimaConvergence.enclosed MinimaConvergence.linear.Value n)

let private isStrong (order: float) (distance: int -> Interval option) : Outcome =
    [ 16; 32; 64; 128 ]
    |> List.map (fun n -> Errors.rung n (distance n))
    |> Asymptotic.within "R_∞(I_nK_n − K)" (order - 0.1, order + 0.1)

/// Problem C with α_2 = 1/10, α_3 = 1/5, y = τ = 1: W of depth n, None in the limit.
let private output (n: int option) : float =
    let g =
        match n with
        | Some n -> Rational.toFloat (Sequences.kernelMean n Rational.One)
        | None -> 4.0 / 3.0

    sqrt ((1.0 - sqrt (0.02 / g)) * sqrt (0.1 / (g * 0.2)))

/// A sign for each depth.
[<NoComparison>]
type private Signs = { Signs: bool[] }

let private depths = [| 8; 16; 32; 64; 128; 256; 512; 1024 |]

let private signed (signs: Signs) : float[] =
    Array.map2 (fun n positive -> if positive then output (Some n) else -(output (Some n))) depths signs.Signs

let private show (signs: Signs) : (string * string) list = [
    "signs", signs.Signs |> Array.map (fun s -> if s then "+" else "−") |> String.concat ""
]

let private generator: Generator<Signs> =
    let draw _ (stream: RandomStream) = { Signs = depths |> Array.map (fun _ -> stream.NextBool()) }
    let simpler sign = if sign then Seq.empty else Seq.singleton true
    Generator.fromStream draw (fun case -> Shrink.elements simpler case.Signs |> Seq.map (fun signs -> { Signs = signs })) show

/// n·dist(W_n, {W, −W}) stays below twice its limit, about 0.059.
let private approaches (signs: Signs) : Outcome =
    let w = output None
    let distance a = min (abs (a - w)) (abs (a + w))
    let scaled = Array.map2 (fun n a -> float n * distance a) depths (signed signs)
    Outcome.atMost "n·dist(W_n, argmin E_∞)" 0.12 (Array.max scaled)

/// |W_n − W_m| ≤ 0.12(1/n + 1/m)
let private isCauchy (signs: Signs) : Outcome =
    let w = signed signs

    Array.pairwise (Array.zip depths w)
    |> Array.map (fun ((n, a), (m, b)) -> Outcome.atMost $"|W_{n} − W_{m}|" (0.12 * (1.0 / float n + 1.0 / float m)) (abs (a - b)))
    |> Outcome.all

let claim: Claim =
    let constant = { Signs = depths |> Array.map (fun _ -> true) }
    let alternating = { Signs = depths |> Array.mapi (fun i _ -> i % 2 = 0) }

    Paper.define
        "thorpe-van-gennip.minimisers.convergence"
        Paper.ofAbstract
        "Minimisers of E_n cluster at minimisers of E_∞; if there is one only, they converge, uniformly and with R_∞(I_nθ_n − θ) → 0."
    |> Claim.hypothesis "H1" "E_∞ has one minimiser only"
    |> Claim.asymptotic "strong" (Instances.ladder (fun () -> [ "problem", "B" ]) [ () ]) (fun () -> isStrong 2.0 strongDistance)
    |> Claim.bounded "argmin" (Instances.random generator 20) approaches
    |> Claim.bounded "one-sign" (Instances.chosen show [ constant ]) isCauchy
    |> Known.bounded "reference" [
        Known.floats "problem C: W, W_4" "0.733056911634966119 0.747302705179812983" (fun () -> [| output None; output (Some 4) |])
    ]
    |> Claim.neededBy "H1" (Instances.chosen show [ alternating ]) isCauchy
