/// Critical points along a path of weights.
///
/// Statement: let s ↦ θ(s) be a path of weights with Φ_x ≠ 0 on ∂B for all s. If the path is covered by pieces of two kinds, the census of every s is
/// known: (R) one census is complete for all weights of the piece; (F) in a tube the critical points of all s are one curve (x(t), s(t))
/// (F1), s″ ≠ 0 (F2), both ends of the curve leave the piece on the side to which it opens (F3), and outside the tube one census is complete for
/// all weights of the piece (F4). Across (F) the count changes by exactly two, of indices k and k + 1; signed count and degree stay.
/// Proof: a strictly convex or concave s(t) takes every value on one side of its extremum twice, on the other never; det H has the sign of s′
/// along the curve, up to a factor that does not vanish.
/// Our own. The tube is a box and t one coordinate of x, so that outside and inside are boxes.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.KuehnKuntz.Beyond.CertifiedIndexPath

open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.Constructions
open LayerTime.Core.Rigour
open LayerTime.Core.Claims
open LayerTime.Core.Claims.KuehnKuntz

let private options: SearchOptions = { Tolerance = 0.000244140625; MaxBoxes = 2000L }
let private showIndices (indices: int list option) = sprintf "%A" indices

/// The path with these terms θ₀, θ₁, …
let private path (terms: Perceptron<Rational> list) : WeightPath =
    terms |> List.map (Perceptron.map Interval.ofRational) |> List.toArray |> WeightPath.create |> Defect.orFail

/// Σ w_i·tanh(p_i·x + c_i) with w_i = u_i + v_i·s + …, one row of output weights for each power of s.
let private sums (slopes: string) (bias: string) (outputs: string list) : WeightPath =
    let zeros (row: string) = row.Split ' ' |> Array.map (fun _ -> "0") |> String.concat " "

    let term k output =
        let slopes, bias = if k = 0 then slopes, bias else zeros slopes, zeros bias
        Networks.create Networks.tanh [ List.ofArray (slopes.Split ' '), bias; [ output ], "0" ]

    outputs |> List.mapi term |> path

/// tanh(p·x + q) − s·tanh x
let private family (p: int) (q: Rational) : WeightPath = sums $"{p} 1" $"{q} 0" [ "1 0"; "0 -1" ]

/// The fold (x*, s*) of the family in floats: p·tanh(p·x + q) = tanh x by bisection, s* = p·tanh′(p·x + q)/tanh′ x.
let private foldOf (p: int) (q: Rational) : float * float =
    let p, q = float p, Rational.toFloat q
    let f x = p * Elementary.tanh (p * x + q) - Elementary.tanh x
    let slope t = let s = Elementary.tanh t in 1.0 - s * s

    let halve (low, high) _ =
        let middle = 0.5 * (low + high)
        if f middle > 0.0 then low, middle else middle, high

    let low, high = Seq.fold halve (-4.0, 4.0) (seq { 1..80 })
    let x = 0.5 * (low + high)
    x, p * slope (p * x + q) / slope x

/// The indices at some s, as the path has them and as a census at that s alone has them.
let private agreesAt (weights: WeightPath) (path: IndexPath) (s: float) : Outcome =
    let map = WeightPath.map (Interval.ofFloat s) weights
    let census = Census.take map { Census.defaults with Search = options } path.Domain

    match IndexPath.indicesAt s path with
    | Some indices when census.IsComplete ->
        Outcome.equal $"the indices at s = {s}" (sprintf "%A") (census.Points |> List.map _.Index |> List.sort) indices
    | _ -> Outcome.undecided "a census is not complete"

/// Two points of indices 0 and 1 for s &lt; s*, none above, one fold at s*.
let private isFold (p: int, q: Rational) : Outcome =
    let _, s = foldOf p q
    let range = Interval.ofBounds (0.875 * s) (1.0625 * s)
    let weights = family p q
    let found = IndexPath.certify weights options (Box.cube 1 3.0) 10 range
    // Bisection ends within a few ulps of x*, and s is stationary there: what is left is the rounding of the formula, less than 100 u.
    let reference = Interval.ofBounds (s * (1.0 - 1e-14)) (s * (1.0 + 1e-14))

    if not found.IsComplete then
        Outcome.undecided "a piece of the path is not proved"
    else
        Outcome.check [
            fun () -> Outcome.equal "the number of folds" string 1 found.Folds.Length
            fun () ->
                let fold = found.Folds.Head
                Outcome.isTrue "the fold" $"is at {s}, found {fold.Turning}" (not (Interval.disjoint fold.Turning reference))
            fun () -> Outcome.equal "k" string 0 found.Folds.Head.LowerIndex
            fun () -> Outcome.isTrue "s″" "is negative" (Interval.sign found.Folds.Head.Curvature = Some -1)
            fun () -> Outcome.equal "the indices before" showIndices (Some [ 0; 1 ]) (IndexPath.indicesAt range.Lower found)
            fun () -> Outcome.equal "the indices behind" showIndices (Some []) (IndexPath.indicesAt range.Upper found)
            fun () -> agreesAt weights found (0.9375 * s)
        ]

let private families: Generator<int * Rational> =
    let draw (_: int) (stream: RandomStream) = stream.NextInt(2, 4), Rational.create (stream.NextInt(-16, 16)) 16
    let shrink (p: int, q) = seq { for q in Draws.shrinkFraction q -> p, q }
    Generator.fromStream draw shrink (fun (p: int, q: Rational) -> [ "Φ", $"tanh({p}x + {q}) − s·tanh x" ])

/// The reference tube of the family with p = 2, q = 1/2: x* ± t₀ and S′ = [2.1, 2.2] for the piece [2.155, 2.2].
let private tube (t0: float) : Box =
    let x = -0.33040786982379905
    [| Interval.ofBounds (x - t0) (x + t0) |]

let private reach = Interval.ofBounds 2.1 2.2
let private two = family 2 (Rational.create 1 2)

/// s″ over all of a tube.
let private curvatureOver (t0: float) : Interval =
    match FoldTube.derivatives two 0 (tube t0) reach with
    | Ok(struct (_, struct (_, s''))) -> s''
    | Error _ -> Interval.entire

let private referenceTube (t0: float) : Outcome =
    let near quantity (expected: float) (found: Interval) =
        let digits = Interval.ofBounds (expected - 5e-7) (expected + 5e-7)
        Outcome.isTrue quantity $"agrees with {expected} to its digits, found {found}" (Interval.subset found digits)

    match FoldTube.verify two options (Box.cube 1 3.0) (Interval.ofBounds 2.155 2.2) 0 (tube t0) reach with
    | Error failure -> Outcome.refuted "the tube" "proves a fold" (sprintf "%A" failure)
    | Ok fold ->
        let stated = Interval.ofBounds -17.6 -7.7

        Outcome.check [
            fun () -> near "s at the lower end" 2.153790 (fst fold.Ends)
            fun () -> near "s at the upper end" 2.153448 (snd fold.Ends)
            fun () -> Outcome.isTrue "s″ over the tube" $"is within {stated}" (Interval.subset (curvatureOver t0) stated)
            fun () -> Outcome.isTrue "s″ along the curve" "is within s″ over the tube" (Interval.subset fold.Curvature (curvatureOver t0))
            fun () ->
                Outcome.isTrue
                    "s*"
                    $"is 2.1698004332801372, found {fold.Turning}"
                    (Interval.contains 2.1698004332801372 (Array.head (Krawczyk.inflate 0.0 [| fold.Turning |])))
            fun () -> Outcome.isTrue "the fold" "is alone" fold.Rest.IsEmpty
        ]

/// Why a tube must not prove a fold.
[<NoComparison; NoEquality>]
type private Refusal = { Name: string; Path: WeightPath; Piece: Interval; Tube: Box; Reach: Interval; IsRight: FoldFailure -> bool }

let private about (centre: float) (radius: float) = Interval.ofBounds (centre - radius) (centre + radius)

/// H2 of the fold violated: Φ_xx = Φ_xxx = 0 at x = 0, s = 0.
let private withoutCubic = sums "1 1 2 2 1" "-1 1 -1 1 0" [ "1 -1 -1/4 1/4 0"; "0 0 0 0 1" ]
/// H3 of the fold violated: tanh 2x − (2 − s²)·tanh x has Φ_xs = 0 at x = 0, s = 0.
let private withoutTransversality = sums "2 1" "0 0" [ "1 -2"; "0 0"; "0 1" ]

let private refusals = [
    {
        Name = "Φ_xxx = 0"
        Path = withoutCubic
        Piece = about 0.0 0.001
        Tube = [| about 0.0 0.05 |]
        Reach = about 0.0 0.0625
        IsRight =
            function
            | FoldFailure.CurvatureUndecided curvature -> Interval.contains 0.0 curvature
            | _ -> false
    }
    {
        Name = "Φ_xs = 0"
        Path = withoutTransversality
        Piece = about 0.0 0.001
        Tube = [| about 0.0 0.05 |]
        Reach = about 0.0 0.0625
        IsRight =
            function
            | FoldFailure.NotACurve _ -> true
            | _ -> false
    }
    {
        Name = "the curve stays in the piece"
        Path = two
        Piece = Interval.ofBounds 2.15 2.2
        Tube = tube 0.05
        Reach = reach
        IsRight =
            function
            | FoldFailure.EndsWithinPiece _ -> true
            | _ -> false
    }
    {
        Name = "a tube too long"
        Path = two
        Piece = Interval.ofBounds 2.155 2.2
        Tube = tube 0.15
        Reach = reach
        IsRight =
            function
            | FoldFailure.NotACurve _ -> Interval.contains 0.0 (curvatureOver 0.15)
            | _ -> false
    }
]

let private isRefused (refusal: Refusal) : Outcome =
    match FoldTube.verify refusal.Path options (Box.cube 1 3.0) refusal.Piece 0 refusal.Tube refusal.Reach with
    | Ok _ -> Outcome.refuted "the tube" "proves no fold" "it was accepted"
    | Error failure -> Outcome.isTrue "the tube" (sprintf "fails for the right reason, not %A" failure) (refusal.IsRight failure)

/// tanh(2u + 1/2) − s·tanh u + tanh(y + 1) − tanh(y − 1) with u = x + y/2: the fold of the family times a maximum in y.
let private plane: WeightPath =
    let create = Networks.create Networks.tanh

    path [
        create [ [ "2 1"; "1 1/2"; "0 1"; "0 1" ], "1/2 0 1 -1"; [ "1 0 1 -1" ], "0" ]
        create [ [ "0 0"; "0 0"; "0 0"; "0 0" ], "0 0 0 0"; [ "0 -1 0 0" ], "0" ]
    ]

/// In the plane a point of index 1 and one of index 2 meet at (x*, 0).
let private isFoldInPlane (piece: Interval) : Outcome =
    let tube = [| about -0.33040786982379905 0.02; about 0.0 0.01 |]

    match FoldTube.verify plane options (Box.cube 2 2.0) piece 0 tube (about 2.17 0.007) with
    | Error failure -> Outcome.refuted "the tube" "proves a fold" (sprintf "%A" failure)
    | Ok fold ->
        Outcome.check [
            fun () -> Outcome.equal "k" string 1 fold.LowerIndex
            fun () ->
                Outcome.isTrue
                    "s*"
                    $"is 2.1698004332801372, found {fold.Turning}"
                    (Interval.contains 2.1698004332801372 (Array.head (Krawczyk.inflate 0.0 [| fold.Turning |])))
            fun () -> Outcome.isTrue "the fold" "is alone" fold.Rest.IsEmpty
        ]

/// A segment between two networks and places on it.
[<NoComparison>]
type private Segment = { Start: DrawnPerceptron; Finish: DrawnPerceptron }

/// Pieces that are proved tell the census of every s on them.
let private tellsTheCensus (segment: Segment) : Outcome =
    let number = Perceptron.map Interval.ofRational
    let weights = WeightPath.between (number segment.Start.Perceptron) (number segment.Finish.Perceptron) |> Defect.orFail
    let found = IndexPath.certify weights { options with MaxBoxes = 300L } (Box.cube 1 2.0) 5 (Interval.ofBounds 0.0 1.0)

    let places =
        found.Pieces
        |> List.map (IndexPath.extent >> Interval.midpoint)
        |> List.filter (fun s -> (IndexPath.indicesAt s found).IsSome)

    if places.IsEmpty then
        Outcome.undecided "no piece of the path is proved"
    else
        places |> Seq.map (agreesAt weights found) |> Outcome.all

let private segments: Generator<Segment> =
    let recipe = {
        Draws.ofClass ArchitectureClass.Augmented with
            Widths = fun _ -> [| 1; 3; 1 |]
            Activations = [| Networks.tanh |]
            Keeps = fun drawn -> drawn.Widths = [| 1; 3; 1 |]
    }

    let draw (_: int) stream = { Start = Draws.draw recipe stream; Finish = Draws.draw recipe stream }
    let samples = Draws.samples recipe
    let simpler (drawn: DrawnPerceptron) = samples.Shrink { Network = drawn; Point = [| Rational.Zero |] } |> Seq.map _.Network

    let shrink segment =
        seq {
            for start in simpler segment.Start do
                { segment with Start = start }

            for finish in simpler segment.Finish do
                { segment with Finish = finish }
        }

    let show segment =
        (Draws.show segment.Start |> List.map (fun (name, value) -> $"start, {name}", value))
        @ (Draws.show segment.Finish |> List.map (fun (name, value) -> $"finish, {name}", value))

    Generator.fromStream draw shrink show

/// The number of critical points on both sides of s differs by two.
let private changesByTwo (weights: WeightPath, domain: Box, before: float, behind: float) : Outcome =
    let count s =
        let census = Census.take (WeightPath.map (Interval.ofFloat s) weights) { Census.defaults with Search = options } domain
        if census.IsComplete then Some census.Points.Length else None

    match count before, count behind with
    | Some a, Some b -> Outcome.equal "how much the number of critical points changes" string 2 (abs (a - b))
    | _ -> Outcome.undecided "a census is not complete"

let claim: Claim =
    let showTube (t0: float) = [ "t₀", string t0 ]
    let showRefusal (refusal: Refusal) = [ "violated", refusal.Name ]
    let showPiece (piece: Interval) = [ "piece", string piece ]
    let named name = fun _ -> [ "path", name ]
    let line = Box.cube 1 1.0

    Paper.define
        "kuehn-kuntz.beyond.certified-index-path"
        Paper.own
        "Along a path of weights, pieces with one census for all their weights and tubes with one convex or concave curve of critical points determine number and indices of the critical points at every s; across a fold two of indices k and k + 1 appear or vanish, and the signed count stays."
    |> Claim.hypothesis "H1" "Φ_x ≠ 0 on the boundary of the box for all s"
    |> Claim.hypothesis "H2" "s″ ≠ 0 on the curve of the tube (Φ_xxx[v, v, v] ≠ 0 at the fold)"
    |> Claim.hypothesis "H3" "the critical points of the tube are one curve over x_i (v·Φ_xs ≠ 0 at the fold)"
    |> Claim.certified "reference" (Instances.chosen showTube [ 0.05 ]) referenceTube
    |> Claim.certified "family" (Instances.random families 4) isFold
    |> Claim.certified "two-inputs" (Instances.chosen showPiece [ Interval.ofBounds 2.16875 2.175 ]) isFoldInPlane
    |> Claim.certified "segments" (Instances.random segments 4) tellsTheCensus
    |> Claim.certified "refused" (Instances.chosen showRefusal refusals) isRefused
    |> Claim.neededBy
        "H1"
        (Instances.chosen (named "tanh(2x + 1/2) − s·tanh x on [−3, −1/4]") [ two, [| Interval.ofBounds -3.0 -0.25 |], 2.0, 2.15 ])
        changesByTwo
    |> Claim.neededBy "H2" (Instances.chosen (named "Φ_xxx = 0") [ withoutCubic, line, -0.0625, 0.0625 ]) changesByTwo
    |> Claim.neededBy "H3" (Instances.chosen (named "Φ_xs = 0") [ withoutTransversality, line, -0.25, 0.25 ]) changesByTwo
