/// Without a differentiable activation second derivatives of minimisers are bounded, and may jump.
///
/// Statement: σ Lipschitz: K ∈ W^{2,∞}, |2αK″| ≤ LΣw_s|P_s||X_s|, and no more: in problem E K″ jumps at t* = 0.5003… from 19.858 to −16.570, and the second differences n(D_{i+1} − D_i) of networks tend to the two values on the two sides.
/// Proof: with v = K′ as the control Clarke's maximum principle gives (2αK′)′ in the Clarke gradient of Σw_sP_s·σ(KX_s + b).
/// Our own.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.ThorpeVanGennip.Regularity.ReluSharp

open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.ThorpeVanGennip
open LayerTime.Core.Claims.ThorpeVanGennip.Benchmarks
open LayerTime.Core.Claims.ThorpeVanGennip.Minimisers

/// n(D_{i+1} − D_i), i = 1 … n − 2.
let private secondDifferences (kernel: float[]) : float[] =
    let n = float kernel.Length

    kernel
    |> Array.pairwise
    |> Array.map (fun (a, b) -> n * (b - a))
    |> Array.pairwise
    |> Array.map (fun (a, b) -> n * (b - a))

/// Second differences left and right of the sign change, two layers away from it.
let private sides (kernel: float[]) : float * float =
    let change = kernel |> Array.findIndex (fun k -> (k > 0.0) <> (kernel[0] > 0.0))
    let second = secondDifferences kernel
    second[change - 4], second[change + 2]

let private kernel (n: int) : float[] = ReluKink.nodes ReluKink.Order.NegativeFirst n |> List.head |> snd

/// The second difference is Λ/(α(1 + K_i/n)): the factor changes it by |K″||K|/n, and a kink that sits at an end of a cell instead of within moves the mean of K″ by its jump/n.
let private tends (n: int) : Outcome =
    let positive, negative = ReluKink.jumps ReluKink.Order.NegativeFirst
    let kernel = kernel n
    let largest = kernel |> Array.map abs |> Array.max
    let slack = (abs (positive - negative) + max (abs positive) (abs negative) * largest) / float n
    let left, right = sides kernel

    Outcome.all [
        Outcome.atMost "|n·ΔD − K″|, left of t*" slack (abs (left - negative))
        Outcome.atMost "|n·ΔD − K″|, right of t*" slack (abs (right - positive))
    ]

/// Neighbouring second differences differ by 30 somewhere.
let private jumps (kernel: int -> float[]) (n: int) : Outcome =
    let largest = secondDifferences (kernel n) |> Array.pairwise |> Array.map (fun (a, b) -> abs (b - a)) |> Array.max
    Outcome.atLeast "the largest jump of n·ΔD between neighbours" 15.0 largest

/// |K″| ≤ Σ|P_s||X_s|/(2α) = Σ|X_s − y_s||X_s|/α at every layer; P_sX_s is constant where σ is linear.
let private isBounded (n: int) : Outcome =
    let positive, negative = ReluKink.jumps ReluKink.Order.NegativeFirst
    let bound = abs positive + abs negative
    Outcome.atMost "max|n·ΔD|" bound (secondDifferences (kernel n) |> Array.map abs |> Array.max)

let claim: Claim =
    let showDepth (n: int) = [ "n", string n ]
    let smooth n = MinimaConvergence.weights MinimaConvergence.tanh.Value n |> TanhBoundaryValue.sequences |> fst

    Paper.define
        "thorpe-van-gennip.regularity.relu-sharp"
        Paper.own
        "For σ Lipschitz minimisers have a bounded K″ that may jump: with ReLU second differences tend to two different values on the two sides of a sign change of K."
    |> Claim.hypothesis "H1" "σ has a kink"
    |> Claim.asymptotic "sides" (Instances.chosen showDepth [ 32; 64; 128; 256; 512 ]) tends
    |> Claim.bounded "bounded" (Instances.chosen showDepth [ 32; 64; 128; 256 ]) isBounded
    |> Claim.bounded "jump" (Instances.chosen showDepth [ 32; 64; 128; 256 ]) (jumps kernel)
    |> Known.bounded "reference" [
        Known.floats "K″ where K < 0 and where K > 0" "19.8584448892394 -16.5704786759092" (fun () ->
            let positive, negative = ReluKink.jumps ReluKink.Order.NegativeFirst
            [| negative; positive |])
    ]
    |> Claim.neededBy "H1" (Instances.chosen showDepth [ 32; 128 ]) (jumps smooth)
