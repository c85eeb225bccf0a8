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

let private kernel (weights: ResidualWeights<Interval>) : Interval[] = ResidualWeights.kernelSequence weights |> Array.concat

/// max_i|2K^{2n}_{2i} − K^n_i − K(i/n)|, in intervals.
let private extrapolationError
    (weights: int -> ResidualWeights<Interval> option)
    (limit: int -> int -> Interval)
    (n: int)
    : Interval option =
    let error coarse fine =
        let fine = kernel fine
        let extrapolated i k = Arithmetic.(-) (Arithmetic.(*) (Interval.ofFloat 2.0) fine[2 * i]) k

        kernel coarse |> Array.mapi (fun i k -> Errors.distance (extrapolated i k) (limit i n)) |> Array.reduce Interval.max

    Option.map2 error (weights n) (weights (2 * n))

let private ladder (depths: int list) (weights: int -> ResidualWeights<Interval> option) (limit: int -> int -> Interval) : Outcome =
    depths
    |> List.map (fun n -> extrapolationError weights limit n |> Errors.rung n)
    |> Asymptotic.within "max|2K^{2n} − K^n − K|" (1.9, 2.1)

let private isOfOrderTwo (solved: Lazy<MinimaConvergence.Solved>) : Outcome =
    let solved = solved.Value
    let limit i n = Errors.around solved.Limit.K[i * (1024 / n)] solved.Doubt.Nodes
    ladder [ 16; 32; 64; 128 ] (MinimaConvergence.enclosed solved) limit

/// K(i/n) of problem B at κ.
let private parabola (data: ScalarLinear.Data) (κ: Interval) : int -> int -> Interval = fun i n -> ScalarLinear.enclosedAt data κ i n

/// At a minimum of fourth order there is no expansion in 1/n.
let private degenerate (depths: int list) : Outcome =
    ladder depths Minimisers.Rate.degenerateEnclosed (parabola Minimisers.Rate.degenerate (Interval.ofFloat 1.5))

let claim: Claim =
    let reference n =
        let limit = parabola ScalarLinear.reference (Interval.ofFloat ScalarLinear.κ)

        match extrapolationError (MinimaConvergence.enclosed MinimaConvergence.linear.Value) limit n with
        | Some error -> Interval.midpoint error
        | None -> nan

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
