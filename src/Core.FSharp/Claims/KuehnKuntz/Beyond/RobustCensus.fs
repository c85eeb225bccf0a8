/// A census for every network of a ball.
///
/// Statement: if the census with weights [θ − ρ, θ + ρ] is complete, every network of the ball has as many critical points in the box, of the
/// same indices, one in each of the boxes found. The largest ρ that succeeds is a lower bound of the distance from θ to the discriminant, the
/// networks with a degenerate critical point in the box or a critical point on its boundary.
/// Proof: the Krawczyk operator and the exclusions hold for every choice of weights in their intervals.
/// Our own. Boxes are first verified by inflation about the nominal points: bisection alone reaches smaller balls only.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.KuehnKuntz.Beyond.RobustCensus

open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.Constructions
open LayerTime.Core.Rigour
open LayerTime.Core.Claims
open LayerTime.Core.Claims.KuehnKuntz

/// Tolerance 2⁻⁹ and this many boxes.
let private options (boxes: int64) : SearchOptions = { Tolerance = 0.001953125; MaxBoxes = boxes }
let private intervals: Perceptron<Rational> -> Perceptron<Interval> = Perceptron.map Interval.ofRational
let private showIndices (indices: int list) = sprintf "%A" indices
let private indices (census: Census) = census.Points |> List.map _.Index |> List.sort

/// A network of the reference table, its box, a radius and the indices.
[<NoComparison; NoEquality>]
type private Reference = { Name: string; Network: Perceptron<Rational>; Box: Box; Radius: float; Indices: int list }

let private references = [
    { Name = "C131"; Network = Networks.C131; Box = Box.cube 1 4.0; Radius = 0.0015; Indices = [ 0; 0; 1; 1 ] }
    { Name = "A241"; Network = Networks.A241; Box = Box.cube 2 2.5; Radius = 0.001; Indices = [ 0; 1; 1; 2 ] }
]

let private isComplete (reference: Reference) : Outcome =
    let robust =
        RobustCensus.ofBall reference.Radius (options 20_000L) reference.Box (intervals reference.Network) |> Defect.orFail

    Outcome.check [
        fun () -> Outcome.isTrue "the census of the ball" "is complete" robust.Census.IsComplete
        fun () -> Outcome.equal "the indices" showIndices reference.Indices (indices robust.Census)
    ]

/// A ball that reaches beyond a fold has no complete census.
let private isRefused (name: string, p: Perceptron<Rational>, box: Box, radius: float) : Outcome =
    let robust = RobustCensus.ofBall radius (options 300L) box (intervals p) |> Defect.orFail
    Outcome.isTrue $"the census of the ball about {name}" "is incomplete" (not robust.Census.IsComplete)

/// tanh(2x + 1/2) − s·tanh x
let private family (s: Rational) : Perceptron<Rational> = Networks.create Networks.tanh [ [ "2"; "1" ], "1/2 0"; [ $"1 {-s}" ], "0" ]

/// The fold of the family, rounded up.
let private foldAt = 2.1698004332801373

/// The family has its fold at s*, one weight away by s* − s: no certified radius is larger.
let private isWithinTheFold (s: Rational) : Outcome =
    match RobustCensus.largest 1.0 10 (options 2000L) (Box.cube 1 3.0) (intervals (family s)) with
    | None -> Outcome.undecided "the census of the nominal network is not complete"
    | Some robust ->
        let distance = foldAt - Rational.toFloat s

        Outcome.check [
            fun () -> Outcome.atMost "the certified radius" distance robust.Radius
            fun () -> Outcome.isTrue "the certified radius" "is positive" (robust.Radius > 0.0)
            fun () -> Outcome.equal "the indices" showIndices [ 0; 1 ] (indices robust.Census)
        ]

/// A network of one or two inputs and the key of the members that are drawn from its ball.
[<NoComparison>]
type private Case = { Network: DrawnPerceptron; Key: uint64 }

/// A network of the ball: each weight is at one end of its interval, or halfway to it.
let private memberOf (radius: float) (stream: RandomStream) (p: Perceptron<Rational>) : Perceptron<Rational> =
    let reach = Rational.ofFloat radius
    let moves = [| -Rational.One; Rational.One; Rational.create 1 2 |]
    p |> Perceptron.map (fun weight -> weight + reach * moves[stream.NextInt(0, 2)])

/// Members of the largest certified ball have the census of the ball.
let private isShared (case: Case) : Outcome =
    let p = case.Network.Perceptron
    let box = Box.cube p.Inputs 1.5

    match RobustCensus.largest 0.03125 4 (options 400L) box (intervals p) with
    | None -> Outcome.undecided "the census of the nominal network is not complete"
    | Some robust when robust.Radius = 0.0 -> Outcome.undecided "no ball was certified"
    | Some robust ->
        let stream = RandomStream case.Key

        let agrees _ =
            let map = memberOf robust.Radius stream p |> intervals |> ScalarMap.ofPerceptron |> Defect.orFail
            let census = Census.take map { Census.defaults with Search = options 2000L } box

            let isIn (point: CriticalPoint) (of': CriticalPoint) = point.Index = of'.Index && Box.subset point.Point of'.Home
            let matches = census.Points |> List.forall (fun point -> List.exists (isIn point) robust.Census.Points)

            if not census.IsComplete then
                Outcome.undecided "the census of a member is not complete"
            else
                Outcome.check [
                    fun () -> Outcome.equal "the indices of a member" showIndices (indices robust.Census) (indices census)
                    fun () -> Outcome.isTrue "each point of a member" "lies in the box of a point of the ball of its index" matches
                ]

        Outcome.all (Seq.init 3 agrees)

let private cases: Generator<Case> =
    let samples =
        Draws.samples {
            Draws.ofClass ArchitectureClass.Augmented with
                Widths = fun stream -> let n = stream.NextInt(1, 2) in [| n; stream.NextInt(n + 1, n + 2); 1 |]
                Activations = [| Networks.tanh |]
                Keeps = fun drawn -> drawn.Widths.Length = 3 && Draws.hasFullRanks drawn
        }

    Generator.create
        (FsCheck.FSharp.Gen.map2
            (fun (sample: Sample) (stream: RandomStream) -> { Network = sample.Network; Key = stream.NextUInt64() })
            samples.Gen
            Generator.stream)
        (fun case ->
            samples.Shrink { Network = case.Network; Point = Array.create case.Network.Widths[0] Rational.Zero }
            |> Seq.map (fun sample -> { case with Network = sample.Network }))
        (fun case -> ("key", string case.Key) :: Draws.show case.Network)

/// Two networks at most ρ away from a third have as many critical points.
let private haveEqualCounts (s: Rational, ρ: Rational) : Outcome =
    let count s =
        let map = family s |> intervals |> ScalarMap.ofPerceptron |> Defect.orFail
        let census = Census.take map { Census.defaults with Search = options 2000L } (Box.cube 1 3.0)
        if census.IsComplete then Some census.Points.Length else None

    match count s, count (s + ρ) with
    | Some a, Some b -> Outcome.equal "the number of critical points" string a b
    | _ -> Outcome.undecided "a census is not complete"

let claim: Claim =
    let show (reference: Reference) = [ "network", reference.Name; "ρ", string reference.Radius ]
    let showRefused (name: string, _, _, radius: float) = [ "network", name; "ρ", string radius ]
    let showWeight (s: Rational) = [ "Φ", $"tanh(2x + 1/2) − {s}·tanh x" ]
    let ratio = Rational.create

    Paper.define
        "kuehn-kuntz.beyond.robust-census"
        Paper.own
        "Where the census with weights [θ − ρ, θ + ρ] is complete, every network of the ball has the same number of critical points with the same indices; the largest such ρ found bounds the distance to the discriminant from below."
    |> Claim.hypothesis "H1" "the census with interval weights is complete"
    |> Claim.certified "reference" (Instances.chosen show references) isComplete
    |> Claim.certified "members-share-the-census" (Instances.random cases 10) isShared
    |> Claim.certified
        "radius-within-the-fold-distance"
        (Instances.chosen showWeight [ ratio 1 1; ratio 3 2; ratio 2 1; ratio 17 8 ])
        isWithinTheFold
    |> Claim.certified
        "too-large-a-ball"
        (Instances.chosen showRefused [ "C131", Networks.C131, Box.cube 1 4.0, 0.5; "A241", Networks.A241, Box.cube 2 2.5, 0.5 ])
        isRefused
    |> Claim.neededBy "H1" (Instances.chosen (fun (s, ρ) -> ("ρ", string ρ) :: showWeight s) [ ratio 2 1, ratio 1 4 ]) haveEqualCounts
