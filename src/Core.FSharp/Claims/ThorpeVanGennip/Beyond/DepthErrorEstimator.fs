/// One trained network tells how far its minimum is from that of the limit.
///
/// Statement: η_n = −(1/2n)Σ_sw_sΣ_{i=0}^{n−2}P_{s,i+1}·(V_{s,i+1} − V_{s,i}), V_i = σ(z_i): at minimisers with a coercive second variation E_n − η_n − E_∞ = O(n^{−2}), so η_n/(E_n − E_∞) → 1. For any smooth weights η_n estimates E_n(θ) − E_∞(I_nθ)
/// up to O(n^{−2}).
/// Proof: E_n(θ_n) − E_∞(I_nθ_n) = η_n + O(n^{−2}) by Euler's leading error, and E_∞(I_nθ_n) − min E_∞ is quadratic in the distance O(1/n).
/// Our own.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.ThorpeVanGennip.Beyond.DepthErrorEstimator

open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.DeepLimit
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.ThorpeVanGennip
open LayerTime.Core.Claims.ThorpeVanGennip.Benchmarks
open LayerTime.Core.Claims.ThorpeVanGennip.Minimisers

/// E_n and η_n of a stationary point.
let private measured (problem: NeuronProblem) (weights: ResidualWeights<Binary64>) : float * float =
    let training = Extremals.training problem
    (Objective.value training weights).Value, (Objective.depthError training weights).Value

let private atDepth (solved: MinimaConvergence.Solved) (n: int) : float * float =
    measured solved.Problem (MinimaConvergence.weights solved n)

/// |E_n − η_n − E_∞|, in intervals.
let private corrected (problem: NeuronProblem) (limit: Interval) (weights: ResidualWeights<Interval>) : Interval =
    let training = Extremals.training problem
    Errors.distance (Arithmetic.(-) (Objective.value training weights) (Objective.depthError training weights)) limit

let private effectivity (solved: MinimaConvergence.Solved) (n: int) : float =
    let energy, η = atDepth solved n
    η / (energy - solved.Limit.Energy)

let private ladder (quantity: string) (error: int -> Interval option) (depths: int list) : Outcome =
    depths |> List.map (fun n -> Errors.rung n (error n)) |> Asymptotic.within quantity (1.85, 2.15)

let private isOfOrderTwo (solved: Lazy<MinimaConvergence.Solved>) : Outcome =
    let solved = solved.Value

    let error n = MinimaConvergence.enclosed solved n |> Option.map (corrected solved.Problem (MinimaConvergence.limitEnergy solved))
    ladder "|E_n − η_n − E_∞|" error [ 16; 32; 64; 128; 256 ]

/// K_i = i/n, σ = id, x = 1, Φ = (X − 2)²: η_n and E_n − E_∞ with ∫I_nK = ½ − 1/(2n²).
let private ramp (n: int) : Interval * Interval =
    let weights = Scalar.unbiased (Array.init n (fun i -> (Ring.ratio i n: Interval)))
    let training = Scalar.problem Activation.Identity None None [| Interval.ofFloat 1.0, Interval.ofFloat 2.0 |]

    let limit =
        Interval.square (Arithmetic.(-) (Transcendental.exp (Ring.ratio (n * n - 1) (2 * n * n))) (Interval.ofFloat 2.0))

    Objective.depthError training weights, Arithmetic.(-) (Objective.value training weights) limit

let private rampLadder () : Outcome = ladder "|E_n(θ) − E_∞(I_nθ) − η_n|" (fun n -> Some(ramp n ||> Errors.distance)) [ 32; 64; 128; 256 ]

let private midpoints (a: Interval, b: Interval) : float[] = [| Interval.midpoint a; Interval.midpoint b |]

/// At a minimum of fourth order only o(1/n) is left.
let private degenerate (depths: int list) : Outcome =
    let data = Minimisers.Rate.degenerate
    let limit = ScalarLinear.enclosedValue data (Interval.ofFloat 1.5)
    ladder "|E_n − η_n − E_∞|" (Minimisers.Rate.degenerateEnclosed >> Option.map (corrected data.Problem limit)) depths

let claim: Claim =
    let depths (ns: int list) = [ "n", sprintf "%A" ns ]
    let values (solved: Lazy<MinimaConvergence.Solved>) ns () = [| for n in ns -> effectivity solved.Value n |]
    let linear = MinimaConvergence.linear

    Paper.define
        "thorpe-van-gennip.beyond.depth-error-estimator"
        Paper.own
        "η_n = −(1/2n)Σw_sΣ_{i≤n−2}P_{i+1}·(V_{i+1} − V_i) of one trained network: E_n − η_n − min E_∞ = O(n^{−2})."
    |> Claim.hypothesis "ND" "the second variation is coercive at the minimiser"
    |> Claim.asymptotic "order" (Instances.ladder MinimaConvergence.show [ linear; MinimaConvergence.tanh ]) isOfOrderTwo
    |> Claim.asymptotic "frozen" (Instances.ladder (fun () -> [ "K_i", "i/n" ]) [ () ]) rampLadder
    |> Known.bounded "reference" [
        Known.floats "B: effectivity, n = 4, 8, 16, 64, 256" ".93627 .98050 .99310 .99878 .99973" (values linear [ 4; 8; 16; 64; 256 ])
        Known.floats "B: |E_n − η_n − E_∞|, n = 4, 8, 16, 64, 256" "6.62e-4 9.55e-5 1.64e-5 7.08e-7 3.95e-8" (fun () -> [|
            for n in [ 4; 8; 16; 64; 256 ] ->
                let energy, η = atDepth linear.Value n
                abs (energy - η - linear.Value.Limit.Energy)
        |])
        Known.floats "D: effectivity, n = 4, 16, 64, 256" ".8535 .9686 .9925 .9981" (values MinimaConvergence.tanh [ 4; 16; 64; 256 ])
        Known.floats "K_i = i/n: η_n and the difference, n = 128" "6.049490414540e-3 6.031398035787e-3" (fun () -> midpoints (ramp 128))
        Known.floats "K_i = i/n, n = 512" "1.509372654216e-3 1.508165485217e-3" (fun () -> midpoints (ramp 512))
    ]
    |> Claim.neededBy "ND" (Instances.ladder depths [ [ 128; 256; 512; 1024; 2048 ] ]) degenerate
