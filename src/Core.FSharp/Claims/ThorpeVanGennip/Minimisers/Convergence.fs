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

/// Problem C with α_2 = 1/10, α_3 = 1/5, y = τ = 1: g of depth n, None in the limit.
let private mean (n: int option) : float =
    match n with
    | Some n -> Rational.toFloat (Sequences.kernelMean n Rational.One)
    | None -> 4.0 / 3.0

/// W of that g.
let private outputOf (g: float) : float = sqrt ((1.0 - sqrt (0.02 / g)) * sqrt (0.1 / (g * 0.2)))

let private output (n: int option) : float = outputOf (mean n)

/// sup |W′|·|g_n − g| between g_n and g, which bounds |W_n − W|: with q = g^(−½) it is W² = √½ (q − √0.02 q²), so that
/// |W′| = √½ |1 − 2√0.02 q| q³/(4W). In q the middle factor is linear and W² concave: both are extreme at an end.
let private bound (n: int) : float =
    let ends = [| mean (Some n); mean None |]
    let q = ends |> Array.map (fun g -> 1.0 / sqrt g)
    let slope = q |> Array.map (fun q -> abs (1.0 - 2.0 * sqrt 0.02 * q)) |> Array.max
    let cube = Array.max q * Array.max q * Array.max q
    let least = ends |> Array.map outputOf |> Array.min
    sqrt 0.5 * slope * cube / (4.0 * least) * abs (ends[0] - ends[1])

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

/// dist(W_n, {W, −W}) ≤ sup |W′|·|g_n − g|
let private approaches (signs: Signs) : Outcome =
    let w = output None

    Array.zip depths (signed signs)
    |> Array.map (fun (n, a) -> Outcome.atMost $"dist(W_{n}, argmin E_∞)" (bound n) (min (abs (a - w)) (abs (a + w))))
    |> Outcome.all

/// |W_n − W_m| ≤ |W_n − W| + |W − W_m|, as if all minimisers had one sign.
let private isCauchy (signs: Signs) : Outcome =
    Array.pairwise (Array.zip depths (signed signs))
    |> Array.map (fun ((n, a), (m, b)) -> Outcome.atMost $"|W_{n} − W_{m}|" (bound n + bound m) (abs (a - b)))
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
