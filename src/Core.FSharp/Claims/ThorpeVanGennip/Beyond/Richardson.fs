/// Two depths together give the weights of the limit with order 2.
///
/// Statement: at a minimiser with a coercive second variation, σ ∈ C³: max_i|2K^{2n}_{2i} − K^n_i − K(i/n)| = O(1/n²), and the difference K^{2n}_{2i} − K^n_i tells the error.
/// Proof: K^n_i = K(i/n) + k_1(i/n)/n + O(n^{−2}) (minimisers.rate).
/// Our own.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.ThorpeVanGennip.Beyond.Richardson

open LayerTime.Core.Numbers
open LayerTime.Core.DeepLimit
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.ThorpeVanGennip
open LayerTime.Core.Claims.ThorpeVanGennip.Benchmarks
open LayerTime.Core.Claims.ThorpeVanGennip.Minimisers

let private kernel (weights: ResidualWeights<Binary64>) : float[] = fst (TanhBoundaryValue.sequences weights)

/// max_i|2K^{2n}_{2i} − K^n_i − K(i/n)|
let private extrapolationError (weights: int -> ResidualWeights<Binary64>) (limit: float -> float) (n: int) : float =
    let coarse, fine = kernel (weights n), kernel (weights (2 * n))
    coarse |> Array.mapi (fun i k -> abs (2.0 * fine[2 * i] - k - limit (float i / float n))) |> Array.max

let private ladder (depths: int list) (weights: int -> ResidualWeights<Binary64>) (limit: float -> float) : Outcome =
    depths
    |> List.map (fun n -> { Resolution = float n; Error = extrapolationError weights limit n; Floor = 1e-12 })
    |> Asymptotic.within "max|2K^{2n} − K^n − K|" (1.9, 2.1)

let private isOfOrderTwo (solved: Lazy<MinimaConvergence.Solved>) : Outcome =
    let solved = solved.Value
    ladder [ 16; 32; 64; 128 ] (MinimaConvergence.weights solved) (fun t -> solved.Limit.K[int (System.Math.Round(1024.0 * t))])

/// At a minimum of fourth order there is no expansion in 1/n.
let private degenerate (depths: int list) : Outcome =
    ladder depths (fun n -> Map.find n Minimisers.Rate.degenerateNodes.Value) (ScalarLinear.limit Minimisers.Rate.degenerate 1.5)

let claim: Claim =
    let reference n =
        extrapolationError
            (MinimaConvergence.weights MinimaConvergence.linear.Value)
            (ScalarLinear.limit ScalarLinear.reference ScalarLinear.κ)
            n

    Paper.define
        "thorpe-van-gennip.beyond.richardson-minimiser"
        Paper.own
        "max_i|2K^{2n}_{2i} − K^n_i − K(i/n)| = O(1/n²) at a minimiser with a coercive second variation."
    |> Claim.hypothesis "ND" "the second variation is coercive at the minimiser"
    |> Claim.asymptotic "order" (Instances.ladder MinimaConvergence.show [ MinimaConvergence.linear; MinimaConvergence.tanh ]) isOfOrderTwo
    |> Known.bounded "reference" [ Known.floats "B: n = 8, 32" "7.09538e-4 4.62432e-5" (fun () -> [| reference 8; reference 32 |]) ]
    |> Claim.neededBy
        "ND"
        (Instances.ladder (fun (depths: int list) -> [ "n", sprintf "%A" depths ]) [ [ 128; 256; 512; 1024; 2048 ] ])
        degenerate
