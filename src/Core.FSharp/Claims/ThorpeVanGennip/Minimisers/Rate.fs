/// Minimisers converge with order 1 where the second variation is coercive, and more slowly where it is not.
///
/// Statement: D²E_∞(φ, φ) ≥ 2μR_∞(φ) at the minimiser (ND) ⇒ max_i|K_i − K(i/n)| = O(1/n), with an expansion in 1/n for σ ∈ C³, so that 2K^{2n} − K^n is of order 2. On problem B (ND) says f″(κ) > 0. Where f has a minimum of fourth order the
/// order is 1/3.
/// Proof: stationarity of E_n is the symplectic Euler scheme for the Hamiltonian boundary value problem with exact end conditions, ND makes its linearisation invertible (Newton and Kantorovich), one-step schemes have an expansion. A perturbation of
/// order 1/n moves a minimum of fourth order by n^{−1/3}.
/// Our own.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.ThorpeVanGennip.Minimisers.Rate

open LayerTime.Core.Numbers
open LayerTime.Core.DeepLimit
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.ThorpeVanGennip
open LayerTime.Core.Claims.ThorpeVanGennip.Benchmarks

/// max(|K_i − K(i/n)|, |b_i − b(i/n)|)
let private error (solved: MinimaConvergence.Solved) (weights: ResidualWeights<Interval>) : Interval =
    let n = weights.Depth

    let off (values: Interval[]) (limit: float[]) =
        values |> Array.mapi (fun i a -> Errors.distance a (Errors.around limit[i * (1024 / n)] solved.Doubt.Nodes))

    Array.append
        (off (ResidualWeights.kernelSequence weights |> Array.concat) solved.Limit.K)
        (off (Array.concat weights.Bias) solved.Limit.B)
    |> Array.reduce Interval.max

let private hasOrder (depths: int list) (solved: Lazy<MinimaConvergence.Solved>) : Outcome =
    depths
    |> List.map (fun n -> MinimaConvergence.enclosed solved.Value n |> Option.map (error solved.Value) |> Errors.rung n)
    |> Asymptotic.within "max|K_i − K(i/n)|" (0.95, 1.05)

/// Problem B with τ = x = 1, y = 4e^{3/2}, α/g = 2e³: f′ = f″ = f‴ = 0 < f⁗ at κ = 3/2.
let internal degenerate: ScalarLinear.Data =
    let float = Rational.ofFloat

    {
        X = Rational.One
        Y = float (4.0 * Elementary.exp 1.5)
        Alpha = float (8.0 / 3.0 * Elementary.exp 3.0)
        Tau = Rational.One
    }

/// Stationary points of E_n from shallow to deep, each the start of the next: in the limit Newton's matrix is singular.
let private degenerateUnknowns: Lazy<Map<int, float[]>> =
    lazy
        (let depths = [ for k in 3..13 -> pown 2 k ]

         let next (found, start) n =
             let unknowns = Extremals.solveDiscrete degenerate.Problem n start
             Map.add n unknowns found, unknowns

         depths |> List.fold next (Map.empty, Array.map2 (*) [| 0.5; 0.5 |] (ScalarLinear.unknowns degenerate 1.5)) |> fst)

/// The same, proven and enclosed.
let internal degenerateEnclosed (n: int) : ResidualWeights<Interval> option =
    Extremals.enclosedWeights degenerate.Problem n (Map.find n degenerateUnknowns.Value)

let private degenerateError (n: int) : float =
    Extremals.weights degenerate.Problem n (Map.find n degenerateUnknowns.Value) |> ScalarLinear.nodeError degenerate 1.5

let private degenerateLadder (low: float, high: float) : Outcome =
    [ 512; 2048; 8192 ]
    |> List.map (fun n ->
        degenerateEnclosed n |> Option.map (ScalarLinear.enclosedNodeError degenerate (Interval.ofFloat 1.5)) |> Errors.rung n)
    |> Asymptotic.within "max|K_i − K(i/n)|" (low, high)

let claim: Claim =
    let problems = [ MinimaConvergence.linear; MinimaConvergence.tanh ]
    let showBand (low: float, high: float) = [ "problem", "B with a minimum of fourth order"; "band", $"{low} to {high}" ]

    Paper.define "thorpe-van-gennip.minimisers.rate" Paper.own "At a minimiser with D²E_∞(φ, φ) ≥ 2μR_∞(φ): max_i|K_i − K(i/n)| = O(1/n)."
    |> Claim.hypothesis "ND" "the second variation is coercive at the minimiser"
    |> Claim.asymptotic "order" (Instances.ladder MinimaConvergence.show problems) (hasOrder [ 16; 32; 64; 128; 256 ])
    |> Claim.asymptotic "degenerate" (Instances.ladder showBand [ 0.28, 0.36 ]) degenerateLadder
    |> Known.bounded "reference" [
        Known.floats
            "degenerate, n = 8, 32, 128, 512, 2048, 8192"
            ".9268698933 .6713747881 .4583357493 .302253231 .1953704744 .1248821199"
            (fun () -> [| for n in [ 8; 32; 128; 512; 2048; 8192 ] -> degenerateError n |])
        Known.floats "degenerate: κ = 3/2 gives E_∞, K(0), c_1" "271.154748463033515 1.125 171.166435" (fun () -> [|
            ScalarLinear.value degenerate 1.5
            ScalarLinear.limit degenerate 1.5 0.0
            ScalarLinear.firstOrder degenerate 1.5
        |])
        Known.floats "B: n·error, n = 256" "0.370154" (fun () ->
            match MinimaConvergence.enclosed MinimaConvergence.linear.Value 256 with
            | Some weights -> [| 256.0 * Interval.midpoint (error MinimaConvergence.linear.Value weights) |]
            | None -> [||])
    ]
    |> Claim.neededBy "ND" (Instances.ladder showBand [ 0.95, 1.05 ]) degenerateLadder
