/// The exact piecewise affine map of a network along a line.
///
/// Statement: for one piecewise linear node per layer, t ↦ (q_1, …, q_k)(L) along a line of histories is piecewise affine with at
/// most 2^L pieces ((k+1)^L if additive dense, with k nodes a layer). Order 1 attains 2^L pieces and 2^L − 1 folds of x(L) for every L (order 2 for L = 4; open beyond); with
/// h·Lip &lt; 1 order 1 has no fold, while order 2 folds with a Lipschitz constant a &lt; 1 as soon as (L−1)a &gt; 1.
/// Proof: each node adds at most one breakpoint to each piece.
/// Our own.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Beyond.RegionMap

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser
open LayerTime.Core.Claims.Hauser.Gradients
open LayerTime.Core.Claims.Hauser.Residual

/// A network of width 1 and the direction of the line through its history.
[<NoComparison>]
type private Case = { Drawn: Drawn; Direction: Rational[] }

let private pieces (equation: DifferenceEquation<Rational>) (start: Rational[]) (direction: Rational[]) =
    RegionMap.alongLine equation (Array.map Array.singleton start) (Array.map Array.singleton direction) |> Defect.orFail

/// The pieces cover the line once, their values are those of the network at both ends and inside, and so are their slopes.
let private describes (equation: DifferenceEquation<Rational>) (start: Rational[]) (direction: Rational[]) : Outcome =
    let pieces = pieces equation start direction
    let inDifferences = RegionMap.inDifferences pieces
    let history t = Array.map2 (fun a b -> [| a + t * b |]) start direction
    let state t = Forms.differences (Simulation.run equation (history t)) equation.Depth

    let describesPiece (piece: Piece<AffineCurve[]>) =
        Outcome.all (
            seq {
                for t in List.choose id [ piece.Lower; Some piece.Inside; piece.Upper ] do
                    Check.blocks $"q(L) at t = {t}" (state t) (piece.Value |> Array.map (fun curve -> curve.At t))

                // The chain rule along the line: dx(L)/dt = Σ_j dx(L)/dx(−j)·direction_j, by dual numbers.
                let derivative =
                    Seq.sum (
                        seq {
                            for j in 0 .. start.Length - 1 ->
                                direction[j] * Probes.historyDerivativeOf equation (history piece.Inside) [| Rational.One |] j 0
                        }
                    )

                Check.equal $"dx(L)/dt at t = {piece.Inside}" derivative piece.Value[0].Slope[0]
            }
        )

    Outcome.check [
        fun () ->
            let isCover =
                pieces[0].Lower.IsNone
                && (Array.last pieces).Upper.IsNone
                && Array.pairwise pieces |> Array.forall (fun (left, right) -> left.Upper.IsSome && left.Upper = right.Lower)

            Outcome.isTrue "the pieces" "cover the line from −∞ to ∞" isCover
        fun () -> Outcome.isTrue "neighbouring pieces" "differ" (Array.pairwise pieces |> Array.forall (fun (a, b) -> a.Value <> b.Value))
        fun () -> Outcome.all (Seq.map describesPiece inDifferences)
    ]

/// At most 2^L pieces.
let private isBounded (equation: DifferenceEquation<Rational>) (count: int) : Outcome =
    Outcome.isTrue "the number of pieces" $"is at most 2^L = {1 <<< equation.Depth}, found {count}" (count <= (1 <<< equation.Depth))

let private isRegionMap (case: Case) : Outcome =
    let equation, start = case.Drawn.Smooth, case.Drawn.History |> Array.map Array.head

    Outcome.check [
        fun () -> isBounded equation (pieces equation start case.Direction).Length
        fun () -> describes equation start case.Direction
    ]

/// The same for additive dense networks, whose k nodes a layer add at most k breakpoints to each piece.
let private isDenseRegionMap (case: Case) : Outcome =
    let equation, start = case.Drawn.Dense, case.Drawn.History |> Array.map Array.head
    let most = pown (case.Drawn.Order + 1) equation.Depth
    let count = (pieces equation start case.Direction).Length

    Outcome.check [
        fun () -> Outcome.isTrue "the number of pieces" $"is at most (k + 1)^L = {most}, found {count}" (count <= most)
        fun () -> describes equation start case.Direction
    ]

let private generator (shape: Draws.Shape) (deepest: int) : Generator<Case> =
    let shape = { shape with Activations = Draws.piecewiseLinear }

    let draw (stream: RandomStream) =
        let k = stream.NextInt(1, 3)
        let depth = stream.NextInt(1, deepest)

        {
            Drawn = {
                Order = k
                Step = Draws.step stream
                Maps = Array.init depth (fun _ -> Array.init (shape.MapsPerLayer k) (fun _ -> Draws.map shape.Activations stream 1))
                History = Array.init k (fun _ -> Draws.vector stream 1)
            }
            Direction = Draws.vector stream k
        }

    let shrink (case: Case) =
        seq {
            for drawn in Draws.shrink shape case.Drawn do
                { Drawn = drawn; Direction = Array.truncate drawn.Order case.Direction }

            for direction in Shrink.elements Draws.shrinkFraction case.Direction do
                { case with Direction = direction }
        }

    let show (case: Case) = ("direction", Draws.showVector case.Direction) :: Draws.show case.Drawn
    Generator.fromStream (fun _ -> draw) shrink show

let private node (w: Rational) (b: Rational) : LayerMap<Rational> =
    LayerMap.dense (Matrix.ofRows [| [| w |] |]) [| b |] Activation.Relu |> Defect.orFail

let private smooth (order: int) (maps: LayerMap<Rational>[]) : DifferenceEquation<Rational> =
    Architecture.Smooth(order, Rational.One, maps) |> Architecture.equation |> Defect.orFail

/// f^(l)(x) = relu(−2x + 2m_l), m_l = 2 − 2^(1−l): the tent whose iterates fold 2^L − 1 times.
let private tents (depth: int) : DifferenceEquation<Rational> =
    let m l = Rational.ofInt 2 - Rational.power (Rational.ofInt 2) (1 - l)
    smooth 1 (Array.init depth (fun l -> node (Rational.ofInt -2) (Rational.ofInt 2 * m l)))

let private attains (depth: int) : Outcome =
    let equation = tents depth
    let pieces = pieces equation [| Rational.Zero |] [| Rational.One |]

    Outcome.check [
        fun () -> Outcome.equal "the number of pieces" string (1 <<< depth) pieces.Length
        fun () -> Outcome.equal "the number of folds" string ((1 <<< depth) - 1) (RegionMap.folds 0 pieces)
        fun () -> if depth > 5 then Outcome.holds else describes equation [| Rational.Zero |] [| Rational.One |]
    ]

let private orderTwo: DifferenceEquation<Rational> =
    let values text = (TestMaps.rows [ text ])[0]
    smooth 2 (Array.map2 node (values "-7 -14 -19/2 -5") (values "7/4 7/4 6 19"))

let private reference: Reference<int> list = [
    {
        Quantity = "the number of pieces, order 2, L = 4"
        Expected = 16
        Compute = fun () -> (pieces orderTwo [| Rational.Zero; Rational.One |] [| Rational.One; Rational.create 1 2 |]).Length
    }
]

/// f^(0) = a·relu(x), f^(1) = a·relu(−x), f^(l) = 0 after, from rest: one fold of x(L) iff (L−1)a &gt; 1.
let private foldsAsStated (a: Rational, depth: int) : Outcome =
    let scaled sign = [|
        Layer.create (Matrix.ofRows [| [| sign |] |]) [| Rational.Zero |] [| Activation.Relu |] |> Defect.orFail
        Layer.affine (Matrix.ofRows [| [| a |] |]) [| Rational.Zero |] |> Defect.orFail
    |]

    let map l =
        match l with
        | 0 -> LayerMap.create (scaled Rational.One) |> Defect.orFail
        | 1 -> LayerMap.create (scaled -Rational.One) |> Defect.orFail
        | _ -> LayerMap.linear (Matrix.zero 1 1)

    let found = pieces (smooth 2 (Array.init depth map)) [| Rational.Zero; Rational.Zero |] [| Rational.One; Rational.One |]
    let expected = if Rational.ofInt (depth - 1) * a > Rational.One then 1 else 0
    Outcome.equal "the number of folds" string expected (RegionMap.folds 0 found)

/// Order 1 with weights w: x(L) has no fold.
let private isMonotone (step: Rational, layers: (Rational * Rational)[]) : Outcome =
    let maps = layers |> Array.map (fun (w, b) -> node w b)
    let equation = Architecture.Residual(step, maps) |> Architecture.equation |> Defect.orFail
    let found = pieces equation [| Rational.Zero |] [| Rational.One |]
    let isIncreasing = found |> Array.forall (fun piece -> piece.Value[0].Slope[0].Sign > 0)
    Outcome.isTrue "the slope of x(L)" "is positive on every piece" isIncreasing

let private monotone: Generator<Rational * (Rational * Rational)[]> =
    let draw (stream: RandomStream) =
        let step = Draws.step stream

        let weight () =
            let c = stream.NextInt(1, 9)
            Rational.create (stream.NextInt(1 - c, c - 1)) c / step

        step, Array.init (stream.NextInt(1, 6)) (fun _ -> weight (), Draws.fraction stream)

    let shrink (step, layers: (Rational * Rational)[]) =
        Shrink.array 1 (fun (w: Rational, b) -> Draws.shrinkFraction b |> Seq.map (fun b -> w, b)) layers
        |> Seq.map (fun layers -> step, layers)

    let show (step: Rational, layers: (Rational * Rational)[]) = [
        "step", string step
        for l in 0 .. layers.Length - 1 do
            $"f({l})", $"relu({fst layers[l]}·x + {snd layers[l]})"
    ]

    Generator.fromStream (fun _ -> draw) shrink show

/// One layer x + relu(x) + relu(x − 1): two nodes.
let private twoNodes: DifferenceEquation<Rational> =
    let column = Matrix.ofRows [| [| Rational.One |]; [| Rational.One |] |]

    LayerMap.create [|
        Layer.create column [| Rational.Zero; -Rational.One |] [| Activation.Relu |] |> Defect.orFail
        Layer.affine (Matrix.transpose column) [| Rational.Zero |] |> Defect.orFail
    |]
    |> Defect.orFail
    |> Array.singleton
    |> smooth 1

/// x + relu(−2x) = |x|: h·Lip = 2.
let private absoluteValue = Rational.One, [| Rational.ofInt -2, Rational.Zero |]

let claim: Claim =
    let depths = [ 1..8 ]
    let folds = List.allPairs (TestMaps.rows [ "1/4 1/3 1/2 3/4" ] |> Array.head |> List.ofArray) [ 2..8 ]
    let showFold (a: Rational, depth: int) = [ "a", string a; "L", string depth ]
    let showNodes (_: DifferenceEquation<Rational>) = [ "f", "relu(x) + relu(x − 1), order 1, one layer" ]

    Paper.define
        "hauser.beyond.region-map"
        Paper.own
        "One piecewise linear node per layer ⇒ t ↦ q(L) along a line of histories is piecewise affine with at most 2^L pieces, computed exactly ((k+1)^L for k nodes a layer, additive dense); attained with 2^L − 1 folds for k = 1. With h·Lip < 1 order 1 has no fold."
    |> Claim.hypothesis "H1" "one piecewise linear node per layer (for the bound 2^L)"
    |> Claim.hypothesis "H2" "k = 1 and h·Lip(f^(l)) < 1 (for the absence of folds)"
    |> Claim.exact "agrees-with-evaluation" (Instances.random (generator Draws.smooth 7) 100) isRegionMap
    |> Claim.exact "agrees-with-evaluation-dense" (Instances.random (generator Draws.dense 3) 60) isDenseRegionMap
    |> Claim.exact "bound-attained" (Instances.exhaustive (fun depth -> [ "L", string depth ]) depths) attains
    |> Check.references (fun quantity expected found -> Outcome.equal quantity string expected found) reference "reference"
    |> Claim.exact "one-fold-at-order-two" (Instances.exhaustive showFold folds) foldsAsStated
    |> Claim.exact "no-fold-at-order-one" (Instances.random monotone 60) isMonotone
    |> Claim.neededBy "H1" (Instances.chosen showNodes [ twoNodes ]) (fun equation ->
        isBounded equation (pieces equation [| Rational.Zero |] [| Rational.One |]).Length)
    |> Claim.neededBy "H2" (Instances.chosen monotone.Show [ absoluteValue ]) isMonotone
