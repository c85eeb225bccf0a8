/// A second-order network of one node per layer separates nested intervals: its velocity learns |x|.
///
/// Statement: k = 2, d = 1, h = 1, start (x, 0), f^(0) = a·max(0, x), f^(1) = a·max(0, −x), f^(l) = 0 for l ≥ 2, 0 &lt; a &lt; 1. For l ≥ 2,
/// q₂(l) = a|x|, and x(l) = (1 + la)x for x ≥ 0, ((l−1)a − 1)|x| for x &lt; 0. Velocity alone separates {|x| ≤ r} from {|x| ≥ R}, 0 &lt; r &lt; R, by
/// one threshold from l = 2 on; position alone does so iff L &gt; (r + R(1+a))/(a(R−r)); x ↦ x(L) folds, once, at 0, iff (L−1)a &gt; 1.
/// Proof: both halves of the line coast after one push; position separates iff the outer infimum ((L−1)a − 1)R exceeds the inner supremum
/// (1 + La)r. The maps are positively homogeneous, so the four points ±r, ±R decide.
/// The construction behind the paper's picture of a single node in phase space; reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Dimension.SecondOrderFold

open System.Numerics
open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

/// Order, slope a, depth L and the radii r &lt; R.
type private Instance = { Order: int; Slope: Rational; Depth: int; Inner: Rational; Outer: Rational }

let private equation (order: int) (slope: 'T) (depth: int) : DifferenceEquation<'T> when 'T :> IRing<'T> =
    Architecture.Smooth(order, 'T.One, Fold.maps slope depth) |> Architecture.equation |> Defect.orFail

/// The trajectory from x(0) = x at rest.
let private run (order: int) (slope: 'T) (depth: int) (x: 'T) : Trajectory<'T> when 'T :> IRing<'T> =
    Simulation.run (equation order slope depth) (Start.rest order [| x |])

/// x(L) from x(0) = x at rest, order 2.
let private position (slope: 'T) (depth: int) (x: 'T) : 'T :> IRing<'T> =
    let trajectory = run 2 slope depth x
    trajectory[depth][0]

/// ∇ᵐx(l)
let private difference (m: int) (l: int) (trajectory: Trajectory<Rational>) : Rational =
    (Simulation.backwardDifference m (Array.init (m + 1) (fun j -> trajectory[l - j])))[0]

let private one = Rational.One

/// q₂(l) = a|x| and x(l) by the formula, for 2 ≤ l ≤ L, at every multiple of r and R up to 3.
let private coasts (instance: Instance) : Outcome =
    let a = instance.Slope

    let atPoint x =
        let trajectory = run 2 a instance.Depth x
        let size = Rational.abs x

        seq {
            for l in 2 .. instance.Depth do
                let layers = Rational.ofInt l
                let expected = if x.Sign >= 0 then (one + layers * a) * x else ((layers - one) * a - one) * size
                Check.equal $"x({l}) from {x}" expected (trajectory[l][0])
                Check.equal $"q₂({l}) from {x}" (a * size) (difference 1 l trajectory)
        }

    [ for n in -3 .. 3 -> Rational.ofInt n * instance.Inner ] @ [ for n in -3 .. 3 -> Rational.ofInt n * instance.Outer ]
    |> Seq.collect atPoint
    |> Outcome.all

/// Whether all outer values exceed all inner ones; by homogeneity ±r, 0, ±R decide. `value x` depends on the start.
let private separated (instance: Instance) : (Rational -> Rational) -> bool =
    let outer = [ instance.Outer; -instance.Outer ]
    let inner = [ instance.Inner; Rational.Zero; -instance.Inner ]
    fun value -> List.min (List.map value outer) > List.max (List.map value inner)

/// The trajectories that `separated` looks at, each computed once.
let private trajectories (depth: int) (instance: Instance) : Rational -> Trajectory<Rational> =
    let known =
        [ instance.Outer; -instance.Outer; instance.Inner; Rational.Zero; -instance.Inner ]
        |> List.map (fun x -> x, run instance.Order instance.Slope depth x)
        |> dict

    fun x -> known[x]

/// The last coordinate of the state, q_k, separates at every depth 2 … L.
let private lastCoordinateSeparates (instance: Instance) : Outcome =
    let trajectory = trajectories instance.Depth instance

    let atDepth l =
        separated instance (trajectory >> difference (instance.Order - 1) l)
        |> Outcome.isTrue $"q_{instance.Order}({l})" "is larger outside than inside"

    Outcome.all (seq { 2 .. instance.Depth } |> Seq.map atDepth)

/// Position separates at depth L iff L is at least the least depth; tried at L and on both sides of the least depth (of 60, if that is
/// still too shallow). The layers from 2 on are zero, so x(L) does not depend on how many more follow.
let private positionNeedsDepth (instance: Instance) : Outcome =
    match Fold.depthForPosition instance.Slope instance.Inner instance.Outer with
    | Error problem -> Outcome.undecided problem
    | Ok least ->
        let edge = int (BigInteger.Min(least, BigInteger 60))
        let trajectory = trajectories (max edge instance.Depth) instance

        let reaches (depth: int) =
            let found = separated instance (trajectory >> difference 0 depth)
            Outcome.equal $"whether position separates at depth {depth}" string (BigInteger depth >= least) found

        Outcome.all (
            seq {
                instance.Depth
                max 2 (edge - 1)
                max 2 edge
            }
            |> Seq.map reaches
        )

/// x ↦ x(L) has slopes of both signs iff (L−1)a &gt; 1; each half of the line is one piece.
let private foldsWhenDeep (instance: Instance) : Outcome =
    let slopeAt x = Dual.derivative (position (Dual.constant instance.Slope) instance.Depth) x

    let left, right = slopeAt -instance.Outer, slopeAt instance.Outer
    let deep = Rational.ofInt (instance.Depth - 1) * instance.Slope > one

    Outcome.check [
        fun () -> Outcome.isTrue "dx(L)/dx(0) for x > 0" "is positive" (right.Sign > 0)
        fun () -> Outcome.equal "whether dx(L)/dx(0) < 0 for x < 0" string deep (left.Sign < 0)
        fun () -> Check.equal "dx(L)/dx(0) nearer to 0, x < 0" left (slopeAt -instance.Inner)
        fun () -> Check.equal "dx(L)/dx(0) nearer to 0, x > 0" right (slopeAt instance.Inner)
    ]

/// 0 &lt; a &lt; 1, 2 ≤ L ≤ 24, 0 &lt; r &lt; R.
let private generator: Generator<Instance> =
    let draw (stream: RandomStream) =
        let c = stream.NextInt(2, 9)
        let inner = Rational.create (stream.NextInt(1, 8)) (stream.NextInt(1, 4))

        {
            Order = 2
            Slope = Rational.create (stream.NextInt(1, c - 1)) c
            Depth = stream.NextInt(2, 24)
            Inner = inner
            Outer = inner + Rational.create (stream.NextInt(1, 8)) (stream.NextInt(1, 4))
        }

    let shrink instance =
        let half = Rational.create 1 2

        seq {
            for depth in Shrink.int 2 instance.Depth do
                { instance with Depth = depth }

            if instance.Slope <> half then
                { instance with Slope = half }

            if instance.Inner <> one || instance.Outer <> Rational.ofInt 2 then
                { instance with Inner = one; Outer = Rational.ofInt 2 }
        }

    Generator.fromStream (fun _ -> draw) shrink (fun instance -> [
        "k", string instance.Order
        "a", string instance.Slope
        "L", string instance.Depth
        "r", string instance.Inner
        "R", string instance.Outer
    ])

let private positions = TestMaps.rows [ "-3"; "-2"; "-1"; "0"; "1"; "2"; "3" ] |> Array.map Array.head

let private tableReference: Reference<Rational[][]> list = [
    {
        Quantity = "(x(9), q₂(9)) at x = −3 … 3 for a = 1/2"
        Expected = TestMaps.rows [ "9 3/2"; "6 1"; "3 1/2"; "0 0"; "11/2 1/2"; "11 1"; "33/2 3/2" ]
        Compute =
            fun () ->
                positions
                |> Array.map (fun x ->
                    let trajectory = run 2 (Rational.create 1 2) 9 x
                    [| trajectory[9][0]; difference 1 9 trajectory |])
    }
]

let private depthReferences: Reference<string> list =
    [ (1, 2), (1, 1), (2, 1), "9"; (1, 4), (1, 1), (3, 2), "24"; (3, 4), (1, 1), (3, 1), "5" ]
    |> List.map (fun (a, r, R, depth) ->
        let fraction (p, q) = Rational.create p q

        {
            Quantity = $"the least depth for a, r, R = {fraction a}, {fraction r}, {fraction R}"
            Expected = depth
            Compute = fun () -> Fold.depthForPosition (fraction a) (fraction r) (fraction R) |> Result.map string |> Result.defaultWith id
        })

let claim: Claim =
    let typical = { Order = 2; Slope = Rational.create 1 2; Depth = 12; Inner = one; Outer = Rational.ofInt 2 }
    let chosen instances = Instances.chosen generator.Show instances

    Paper.define
        "hauser.dim.second-order-fold"
        Paper.reconstructed
        "k = 2, d = 1, h = 1, start (x, 0), f^(0) = a·max(0, x), f^(1) = a·max(0, −x), then 0, with 0 < a < 1: for l ≥ 2, q₂(l) = a|x| separates {|x| ≤ r} from {|x| ≥ R}, r < R; x(L) does so iff L > (r + R(1+a))/(a(R−r)), and x ↦ x(L) folds, once, at 0, iff (L−1)a > 1."
    |> Claim.hypothesis "H1" "k = 2"
    |> Claim.hypothesis "H2" "a > 0"
    |> Claim.exact "velocity-is-modulus" (Instances.random generator 25) coasts
    |> Claim.exact "velocity-separates" (Instances.random generator 40) lastCoordinateSeparates
    |> Claim.exact "position-needs-depth" (Instances.random generator 60) positionNeedsDepth
    |> Claim.exact "folds-when-deep" (Instances.random generator 60) foldsWhenDeep
    |> Check.references Check.blocks tableReference "reference"
    |> Check.references (fun quantity -> Outcome.equal quantity id) depthReferences "reference-depths"
    |> Claim.neededBy "H1" (chosen [ { typical with Order = 1 } ]) lastCoordinateSeparates
    |> Claim.neededBy "H2" (chosen [ { typical with Slope = Rational.Zero } ]) lastCoordinateSeparates
