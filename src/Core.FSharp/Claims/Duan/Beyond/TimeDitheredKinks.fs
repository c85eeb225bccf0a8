/// A constant number of knots suffices if they move in time.
///
/// Statement: steps x ← x + h·a_i·f_θ(s_i) with f_θ(s) = tanh(lo) + sech²(lo)(s − lo) + Σ_{j&lt;J} η·tanh″(z_j)·max(0, s − z_j), z_j = lo + (j + θ)η, and θ = θ_k the van der Corput sequence are off by O(h·log(1/h)) for constant J: depth
/// ε^{−1}·log(1/ε) instead of ε^{−3/2}. With θ fixed the error stagnates.
/// Proof: the mean of f_θ over θ is tanh on [lo, hi] (Taylor with integral remainder). Write the run as a Lie–Euler run and h·Σδ_k, δ_k = F(θ_k, s_k) of mean 0; |Σ_{i&lt;k}F(θ_i, s)| ≤ V·(log₂k + 1) (Koksma, van der
/// Corput), F(·, s) − F(·, s′) has a variation of O(|s − s′|) and Σ|s_{k+1} − s_k| = O(1), so by Abel summation |Σδ_i| = O(log n); the discrete Grönwall lemma carries h·O(log n) into the error.
/// Whether the logarithm is there is open: the measured order is 1, the product error·n is between 0.5 and 1.1.
/// Own.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Duan.Beyond.TimeDitheredKinks

open LayerTime.Core.Numbers
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Duan

let private knots = 4
let private refA = Fields.refA
let private points = Fields.grid 21 -1.0 1.0
let private radius = Dithering.radius refA 1.0 (sqrt 2.0)
let private exact = lazy (Fields.run Splitting.Yoshida refA 1.0 64 points)

let private error (θ: int -> float) (n: int) : float =
    Fields.largestDistance exact.Value (Dithering.withKinks knots radius refA 1.0 n θ points)

let private ladder (θ: int -> float) (ns: int list) : Outcome =
    // The reference is good to 10⁻⁹, rounding to 10⁻¹².
    ns
    |> List.map (fun n -> { Resolution = float n; Error = error θ n; Floor = 1e-9 })
    |> Asymptotic.within "the error" (0.9, 1.1)

/// ∫_0^1 f_θ(s)dθ = tanh s, by the midpoint rule with 4096 points: f_θ is Lipschitz in θ with the constant η·J·max|tanh″| and what its kinks add, η²·max|tanh″|·J at most.
let private isTheMean (s: float) : Outcome =
    let range = -3.0, 3.0
    let count = 4096
    let mean = Seq.init count (fun k -> Dithering.kinks knots range ((float k + 0.5) / float count) s) |> Seq.average
    // |∂f_θ/∂θ| ≤ Jη²(max|tanh″| + 6·max|tanh‴|), max|tanh‴| = 2.
    let η = 6.0 / float knots
    Outcome.atMost "|mean of f_θ − tanh|" (float knots * η * η * (0.77 + 12.0) / float count) (abs (mean - Elementary.tanh s))

/// 1 + hκf_θ′ > 0: the map of a step is one-to-one.
let private isLegal (n: int) : Outcome =
    let h = 1.0 / float n

    Seq.allPairs refA (seq { 0 .. n - 1 })
    |> Seq.map (fun (term, k) ->
        let reach = Fields.norm (Fields.floats term.Weights) * radius
        let b, κ = term.Bias.Value, (RidgeTerm.rate term).Value
        let f = Dithering.kinks knots (b - reach, b + reach) (Dithering.vanDerCorput k)
        // The slopes of all pieces, by differences across 400 short intervals.
        let at i = b - 1.1 * reach + 2.2 * reach * float i / 400.0
        let least = Seq.init 400 (fun i -> 1.0 + h * κ * (f (at (i + 1)) - f (at i)) / (at (i + 1) - at i)) |> Seq.min
        Outcome.isTrue "1 + hκf′" "is positive" (least > 0.0))
    |> Outcome.all

let claim: Claim =
    let show (ns: int list) = [ "field", "REF_A"; "n", sprintf "%A" ns ]
    let ns = [ 16; 32; 64; 128; 256; 512 ]

    Paper.define
        "duan.beyond.time-dithered-kinks"
        Paper.own
        "Tables of tanh with a constant number of knots whose offset follows the van der Corput sequence from step to step leave an error of order 1 in the step, up to a logarithm."
    |> Claim.hypothesis "H1" "the offset follows a sequence of low discrepancy"
    |> Claim.asymptotic "order" (Instances.ladder show [ ns ]) (ladder Dithering.vanDerCorput)
    |> Claim.bounded "mean" (Instances.chosen (fun (s: float) -> [ "s", string s ]) [ -3.0; -1.7; -0.3; 0.0; 0.9; 2.2; 3.0 ]) isTheMean
    |> Claim.bounded "one-to-one" (Instances.chosen (fun (n: int) -> [ "n", string n ]) [ 16; 64 ]) isLegal
    |> Known.bounded "reference" [
        Known.floats
            "REF_A, J = 4, n = 16, …, 512"
            "0.0364123891 0.0174105380 0.0086395462 0.0043109003 0.0021435890 0.0010604607"
            (fun () -> [| for n in ns -> error Dithering.vanDerCorput n |])
        Known.floats "with θ = 1/2 fixed, n = 16, 64, 256, 512" "0.6406 0.6419 0.6425 0.6426" (fun () -> [|
            for n in [ 16; 64; 256; 512 ] -> error (fun _ -> 0.5) n
        |])
    ]
    |> Claim.neededBy "H1" (Instances.chosen show [ [ 64; 256; 512 ] ]) (ladder (fun _ -> 0.5))
