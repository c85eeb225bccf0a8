/// Without a differentiable activation second derivatives of minimisers are bounded, and may jump.
///
/// Statement: σ Lipschitz: K ∈ W^{2,∞}, |2αK″| ≤ LΣw_s|P_s||X_s|, and no more: in problem E K″ jumps at t* = 0.5003… from 19.858 to −16.570, and the second differences n(D_{i+1} − D_i) of networks tend to the two values on the two sides.
/// Proof: with v = K′ as the control Clarke's maximum principle gives (2αK′)′ in the Clarke gradient of Σw_sP_s·σ(KX_s + b).
/// Our own.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.ThorpeVanGennip.Regularity.ReluSharp

open LayerTime.Core.Numbers
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.ThorpeVanGennip
open LayerTime.Core.Claims.ThorpeVanGennip.Benchmarks
open LayerTime.Core.Claims.ThorpeVanGennip.Minimisers

module private Formula =
    open Arithmetic

    /// n(D_{i+1} − D_i) = n²(K_{i+1} − 2K_i + K_{i−1})
    let second (n: Interval) (before: Interval) (at: Interval) (after: Interval) : Interval = n * n * (after - at - (at - before))

    /// Λ/α, α = 1/1000
    let scaled (Λ: Interval) : Interval = Ring.ratio 1000 1 * Λ

    /// By how much a second difference misses Λ/(α(1 + K/n)).
    let defect (n: Interval) (second: Interval) (k: Interval) (Λ: Interval) : Interval = second - scaled Λ / (Interval.ofFloat 1.0 + k / n)

/// n(D_{i+1} − D_i), i = 1 … n − 2.
let private secondDifferences (kernel: float[]) : float[] =
    let n = float kernel.Length

    kernel
    |> Array.pairwise
    |> Array.map (fun (a, b) -> n * (b - a))
    |> Array.pairwise
    |> Array.map (fun (a, b) -> n * (b - a))

let private kernel (n: int) : float[] = ReluKink.nodes ReluKink.Order.NegativeFirst n |> List.head |> snd

let private depths = [ 32; 64; 128; 256; 512 ]

/// (K_0, Λ_+, Λ_−) and K of the lowest stationary point, enclosed.
let private enclosed (n: int) : (Interval[] * Interval[]) option =
    ReluKink.enclosed ReluKink.Order.NegativeFirst n |> List.tryHead |> Option.flatten

/// n(D_{i+1} − D_i) = Λ/(α(1 + K_i/n)), i = 1 … n − 2, with the Λ of the sign of K_i.
let private hasTwoValues (n: int) : Outcome =
    match enclosed n with
    | None -> Outcome.undecided "the Krawczyk operator proves nothing on this box"
    | Some(unknowns, kernel) ->
        let number: Interval = Ring.ratio n 1

        let isSo i =
            let Λ = if kernel[i].Lower > 0.0 then unknowns[1] else unknowns[2]
            let second = Formula.second number kernel[i - 1] kernel[i] kernel[i + 1]
            Interval.contains 0.0 (Formula.defect number second kernel[i] Λ)

        Outcome.isTrue "n·ΔD − Λ/(α(1 + K_i/n))" "may be 0 at every layer" (Seq.forall isSo (seq { 1 .. n - 2 }))

/// Λ/α tends to K″ on either side: O(1/n), and faster where the kink happens to move into place.
let private tends () : Outcome =
    let positive, negative = ReluKink.enclosedJumps ReluKink.Order.NegativeFirst

    let ladder quantity limit index =
        let error (unknowns: Interval[], _) = Errors.distance (Formula.scaled unknowns[index]) limit
        depths |> List.map (fun n -> Errors.rung n (Option.map error (enclosed n))) |> Asymptotic.within quantity (0.9, 3.0)

    match positive, negative with
    | Some positive, Some negative -> Outcome.all [ ladder "|Λ/α − K″| where K > 0" positive 1; ladder "|Λ/α − K″| where K < 0" negative 2 ]
    | _ -> Outcome.undecided "the Krawczyk operator proves nothing on this box"

/// Neighbouring second differences differ by half of the jump of K″ somewhere.
let private jumps (kernel: int -> float[]) (n: int) : Outcome =
    let positive, negative = ReluKink.jumps ReluKink.Order.NegativeFirst
    let largest = secondDifferences (kernel n) |> Array.pairwise |> Array.map (fun (a, b) -> abs (b - a)) |> Array.max
    Outcome.atLeast "the largest jump of n·ΔD between neighbours" (0.5 * abs (positive - negative)) largest

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
    |> Claim.certified "two-values" (Instances.chosen showDepth depths) hasTwoValues
    |> Claim.asymptotic "sides" (Instances.ladder (fun () -> [ "n", "32 to 512" ]) [ () ]) tends
    |> Claim.bounded "bounded" (Instances.chosen showDepth [ 32; 64; 128; 256 ]) isBounded
    |> Claim.bounded "jump" (Instances.chosen showDepth [ 32; 64; 128; 256 ]) (jumps kernel)
    |> Known.bounded "reference" [
        Known.floats "K″ where K < 0 and where K > 0" "19.8584448892394 -16.5704786759092" (fun () ->
            let positive, negative = ReluKink.jumps ReluKink.Order.NegativeFirst
            [| negative; positive |])
    ]
    |> Claim.neededBy "H1" (Instances.chosen showDepth [ 32; 128 ]) (jumps smooth)
