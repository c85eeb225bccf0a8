/// Rounding: delay coordinates lose digits, difference coordinates do not.
///
/// Statement (f = 0; round to nearest, a fused multiply-add is allowed; no overflow or underflow; z(s), q(l) the computed states):
/// the delay recursion misses x(L) by at most Σ_{s&lt;L} C(L−s+k−2, k−1) γ_{k+1} Σⱼ C(k,j)|z_j(s)|, which grows like (k+1)u·2ᵏLᵏ/k!; the cascade in
/// difference coordinates by at most u/(1−u)·[Σ_n C(L+n−2, n−1)|q_n(0)| + Σ_{l=1..L} Σ_n C(L−l−1+n, n−1)|q_n(l)|], which grows like L.
/// So: run in difference coordinates, and build q(0) in exact arithmetic, never by differencing a float history.
/// Proof: each of the k products and sums costs a factor in 1 ± u, and a local error of layer s acts like a force there. In the cascade the
/// rounding of q_n(l) is passed on in the same sweep to q_{n−1}, …, q₁.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Numerics.DelayRoundoff

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

/// A history of floats [x(0); x(−1); …] and a number of layers, all of them without force.
type private Free = { History: float[]; Depth: int }

let private exact (states: Binary64[][]) : Rational[][] = states |> Array.map (Array.map (fun x -> Rational.ofFloat x.Value))

let private blocks (xs: float[]) : Binary64[][] = xs |> Array.map (fun x -> [| Binary64 x |])

/// ∇ⁿ⁻¹x(0), n = 1..k, of the floats as they are, without rounding.
let private differences (free: Free) : Rational[][] =
    let states = exact (blocks free.History)
    Array.init states.Length (fun n -> Simulation.backwardDifference n states)

/// x(L) = Σ_m C(L+m−2, m−1) ∇ᵐ⁻¹x(0), without rounding.
let private truth (free: Free) : Rational =
    let weight i = Rational.ofBigInteger (Binomial.choose (free.Depth + i - 1) i)
    differences free |> Array.mapi (fun i q -> weight i * q[0]) |> Array.sum

let private zero: LayerMap<Binary64> = LayerMap.linear (Matrix.zero 1 1)

/// z(0) … z(L) by the delay recursion in floats.
let private delayStates (free: Free) : Binary64[][][] =
    let network =
        Architecture.Smooth(free.History.Length, Binary64 1.0, Array.create free.Depth zero)
        |> Architecture.equation
        |> Defect.orFail

    let trajectory = Simulation.run network (blocks free.History)
    Array.init (free.Depth + 1) trajectory.Delay

/// q(0) … q(L) by the cascade in floats, from a start.
let private cascadeStates (start: Free -> Binary64[][]) (free: Free) : Binary64[][][] =
    let step q _ = SmoothState.cascade (Binary64 1.0) (LayerMap.apply zero) q
    Array.scan step (start free) [| 1 .. free.Depth |]

let private roundedOnce (free: Free) : Binary64[][] = differences free |> Array.map (Array.map (Rational.toFloat >> Binary64))

/// Differences of floats, each rounded.
let private differenced (free: Free) : Binary64[][] = Coordinates.toDifference (blocks free.History)

/// A bound that took floats to compute: fewer than five roundings a term, one more a layer.
let private outward (free: Free) (bound: Binary64) : float = (Roundoff.upward (2 * free.Depth + 100) bound).Value

let private delayBound (free: Free) (states: Binary64[][][]) : float = outward free (Roundoff.delayRecursion (Array.take free.Depth states))

let private cascadeBound (free: Free) (states: Binary64[][][]) : float = outward free (Roundoff.differenceCascade states)

/// The newest state against the truth; the distance is exact, and rounded once.
let private below (bound: float) (free: Free) (states: Binary64[][][]) : Outcome =
    let computed = (exact (Array.last states))[0]
    Outcome.atMost "the error of x(L)" bound (Rational.toFloat (Rational.abs (computed[0] - truth free)))

let private delayHolds (free: Free) : Outcome =
    let states = delayStates free
    below (delayBound free states) free states

let private cascadeHolds (start: Free -> Binary64[][]) (free: Free) : Outcome =
    let states = cascadeStates start free
    below (cascadeBound free states) free states

/// The bound of the cascade, asked of the delay recursion.
let private delayMeetsCascadeBound (free: Free) : Outcome =
    below (cascadeBound free (cascadeStates roundedOnce free)) free (delayStates free)

/// x(−j) = sin(−δ·j) + a, j = 0..k−1
let private sampled (k: int) (δ: float) (a: float) (depth: int) : Free = {
    History = Array.init k (fun j -> Elementary.sin (-δ * float j) + a)
    Depth = depth
}

let private show (free: Free) = [
    "history",
    free.History
    |> Array.map (fun x -> x.ToString("R", System.Globalization.CultureInfo.InvariantCulture))
    |> String.concat ", "
    "depth", string free.Depth
]

/// Histories of a slow wave, and up to 1000 layers.
let private generator: Generator<Free> =
    let draw _ (stream: RandomStream) =
        sampled
            (stream.NextInt(2, 4))
            (stream.NextFloat(0.0001, 0.1))
            (stream.NextFloat(-1.0, 1.0))
            (1 <<< stream.NextInt(0, 10) |> min 1000)

    let shrink free =
        seq {
            for depth in Shrink.int 1 free.Depth do
                { free with Depth = depth }

            for history in Shrink.elements Shrink.float free.History do
                { free with History = history }
        }

    Generator.fromStream draw shrink show

let private table =
    let reference k = sampled k 0.001 0.1 1000

    let value name k digits compute = {
        Quantity = $"the bound of the {name}, order {k}, L = 1000"
        Digits = digits
        Compute = fun () -> compute (reference k)
    }

    let delay free = delayBound free (delayStates free)
    let cascade free = cascadeBound free (cascadeStates roundedOnce free)

    [
        value "delay recursion" 3 "1.814e-07" delay
        value "delay recursion" 4 "1.026e-04" delay
        value "difference cascade" 3 "1.224e-13" cascade
        value "difference cascade" 4 "1.224e-13" cascade
    ]

let claim: Claim =
    let reference = [ for k in 2..4 -> sampled k 0.001 0.1 1000 ]
    let wave k = Instances.chosen show [ sampled k 0.001 0.1 1000 ]

    Paper.define
        "hauser.numerics.delay-roundoff"
        Paper.reconstructed
        "f = 0: floats miss x(L) by ≤ Σ_{s<L} C(L−s+k−2, k−1) γ_{k+1} Σⱼ C(k,j)|z_j(s)| in delay coordinates, by ≤ u/(1−u)·[Σ_n C(L+n−2, n−1)|q_n(0)| + Σ_{l=1..L} Σ_n C(L−l−1+n, n−1)|q_n(l)|] in difference coordinates: like Lᵏ and like L."
    |> Claim.hypothesis "H1" "for the bound of the cascade: q(0) is rounded once from its exact value"
    |> Claim.hypothesis "H2" "for the bound of the cascade: the recursion runs in difference coordinates"
    |> Claim.bounded "delay-bound" (Instances.random generator 40) delayHolds
    |> Claim.bounded "difference-bound" (Instances.random generator 40) (cascadeHolds roundedOnce)
    |> Claim.bounded "waves" (Instances.chosen show reference) (fun free -> Outcome.all [ delayHolds free; cascadeHolds roundedOnce free ])
    |> Printed.references table "reference"
    |> Claim.neededBy "H1" (Instances.chosen show [ { History = [| 0.1; -0.2; -0.5; -0.8 |]; Depth = 1000 } ]) (cascadeHolds differenced)
    |> Claim.neededBy "H2" (wave 3) delayMeetsCascadeBound
    |> Claim.neededBy "H2" (wave 4) delayMeetsCascadeBound
