/// The census of a box contains every critical point in it exactly once.
///
/// Statement: for Φ in C² without critical points on the boundary of B and without degenerate ones in B, a census that ends complete lists
/// every critical point of Φ in B exactly once, each in an enclosure of its own, non-degenerate and with its index.
/// Proof: bisection covers B; each part is excluded by an enclosure of Φ_x, or lies in a box in which Krawczyk's test proves exactly one zero.
/// Checked against a certificate, replayed leaf by leaf, and against Newton's method from a grid, whose limits have to be on the list.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.KuehnKuntz.Census.Complete

open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.Rigour
open LayerTime.Core.Claims
open LayerTime.Core.Claims.KuehnKuntz

/// A cover of the box by excluded parts and by homes of listed points is written down and confirmed.
let private isCovered (map: IScalarMap) (census: Census) : Outcome =
    match Certificate.create map 100_000L census.Domain census.Points with
    | Error(objection: Objection) -> Outcome.undecided $"no certificate: {objection.Reason} at {Instruments.showBox objection.Box}"
    | Ok certificate ->
        match Certificate.check map certificate with
        | Ok() -> Outcome.holds
        | Error objection ->
            Outcome.refuted "the certificate of the census" "confirmed" $"{objection.Reason} at {Instruments.showBox objection.Box}"

/// Every listed point is apart from the others.
let private isListedOnce (census: Census) : Outcome =
    let points = census.Points |> List.map _.Point |> List.indexed

    let meeting = List.allPairs points points |> List.tryFind (fun ((i, a), (j, b)) -> i < j && not (Box.disjoint a b))

    match meeting with
    | Some((_, a), _) -> Outcome.refuted "two points of the list" "disjoint" $"both near {Instruments.showBox a}"
    | None -> Outcome.holds

/// A few steps of Newton's method in floats.
let private newton (map: IScalarMap) (start: float[]) : float[] =
    let n = start.Length
    let matrix, inverse = Array.zeroCreate (n * n), Array.zeroCreate (n * n)

    let step (x: float[]) _ =
        let struct (gradient, hessian) = map.Gradient.ValueAndJacobian(Box.ofPoint x)
        Array.blit (IntervalMatrix.midpoints hessian) 0 matrix 0 (n * n)

        if IntervalMatrix.invertInto n matrix inverse then
            let y = Array.init n (fun i -> x[i] - Seq.sum (Seq.init n (fun k -> inverse[i * n + k] * Interval.midpoint gradient[k])))
            if y |> Array.forall (fun c -> abs c < 1e6) then y else x
        else
            x

    Seq.fold step start (seq { 1..12 })

/// Where Newton's method from a 5ⁿ grid proves a critical point inside the box, the list has exactly one that meets it.
let private holdsNewtonLimits (map: IScalarMap) (census: Census) : Outcome =
    let coordinate (side: Interval) = [ for k in 0..4 -> side.Lower + (0.1 + 0.2 * float k) * (side.Upper - side.Lower) ]

    let starts =
        Array.foldBack
            (fun side tails -> [
                for c in coordinate side do
                    for tail in tails -> c :: tail
            ])
            census.Domain
            [ [] ]

    let judge (start: float list) =
        let p = newton map (List.toArray start)
        let home = p |> Array.map (fun c -> Interval.ofBounds (c - 1e-8) (c + 1e-8))

        if not (Box.interior home census.Domain) then
            Outcome.holds
        else
            match Krawczyk.step map.Gradient home with
            | KrawczykVerdict.Unique zero ->
                let count = census.Points |> List.filter (fun point -> not (Box.disjoint point.Point zero)) |> List.length

                if count = 1 then
                    Outcome.holds
                else
                    Outcome.refuted $"how often the critical point {Instruments.showBox zero} is on the list" "once" (string count)
            | KrawczykVerdict.Excluded
            | KrawczykVerdict.Contracted _
            | KrawczykVerdict.NoPreconditioner -> Outcome.holds

    Outcome.all (Seq.map judge starts)

let private isRight (map: IScalarMap) (census: Census) : Outcome =
    census
    |> Instruments.ifComplete (fun census ->
        Outcome.check [
            fun () -> isListedOnce census
            fun () -> holdsNewtonLimits map census
            fun () -> isCovered map census
        ])

let private isComplete (drawn: BoxedNetwork) : Outcome =
    isRight (Instruments.map drawn.Perceptron) (Instruments.census drawn.Perceptron drawn.Box)

/// A worked network: its box and the rows of its table, x, Φ, index, eigenvalues.
[<NoComparison; NoEquality>]
type private Table = { Name: string; Network: Perceptron<Rational>; Box: Box; Rows: (float list * float * int * float list) list }

let private tables = [
    {
        Name = "A241"
        Network = Networks.A241
        Box = Box.cube 2 2.5
        Rows = [
            [ 0.13311935480624927; -0.4757504054158456 ], 2.1097588052668372, 2, [ -5.1111392410505691; -1.3414802713528929 ]
            [ 0.39531619267845411; 1.1124032697079512 ], 0.29020355922899396, 1, [ -4.3911497046523634; 2.285353598130834 ]
            [ 1.6009298115290233; -0.26325339147152537 ], 0.69016065009860672, 1, [ -1.7175288939475506; 0.7171868847172087 ]
            [ 2.0190599819920591; 1.4716890997224997 ], -1.2701420681240712, 0, [ 0.41937389904538431; 1.5135594499793523 ]
        ]
    }
    {
        Name = "B2321"
        Network = Networks.B2321
        Box = Box.cube 2 2.5
        Rows = [
            [ -0.084756489797982735; 2.0755596847205793 ], 0.1688321102167391, 0, [ 0.0033527488139859541; 0.060712687085799702 ]
            [ 0.19172412183950083; -0.32360331869105351 ], -0.17919434755362646, 1, [ -2.5413738844605617; 0.75392385712938885 ]
            [ 0.49711499574751543; -0.68456716767256779 ], -0.17001560522860444, 2, [ -2.2788490681658094; -0.073070019381526329 ]
            [ 0.84489293291812683; 0.90470682950196132 ], 0.26825244442405389, 1, [ -4.1386880927335313; 0.14321946885047017 ]
        ]
    }
    {
        Name = "C131"
        Network = Networks.C131
        Box = Box.cube 1 4.0
        Rows = [
            [ -1.0665502848129521 ], 0.027967628089107757, 1, [ -0.053875619712900321 ]
            [ -0.2351260911247901 ], 0.013820690707853361, 0, [ 0.25505404159316085 ]
            [ 1.1294365068965057 ], 0.74050842927248556, 1, [ -3.4449109442783686 ]
            [ 3.4921402166505826 ], -0.16198403950300911, 0, [ 0.085550705241996159 ]
        ]
    }
]

/// The census is the table: as many points, in this order, with these coordinates, values, indices and eigenvalues.
let private isTable (table: Table) : Outcome =
    let map = Instruments.map table.Network

    let row (point: CriticalPoint, (x: float list, value: float, index: int, eigenvalues: float list)) =
        // In the middle of the enclosure, whose width the third derivative would multiply.
        let found = Instruments.eigenvalues (Instruments.hessian map (Box.ofPoint (Box.midpoint point.Point)))
        let known quantity expected found = Known.compare (Known.value quantity expected (fun () -> found))

        Outcome.all [
            for i, expected in List.indexed x do
                known $"x{i + 1}" expected point.Point[i]
            known "Φ" value point.Value
            Outcome.equal "the index" string index point.Index
            for i, expected in List.indexed eigenvalues do
                known $"eigenvalue {i + 1}" expected found[i]
        ]

    let census = Instruments.census table.Network table.Box

    Outcome.check [
        fun () -> isRight map census
        fun () -> Outcome.equal "the number of critical points" string table.Rows.Length census.Points.Length
        fun () -> Outcome.all (List.zip census.Points table.Rows |> List.map row)
    ]

/// Φ_x of C131 at the ends of its interval, printed to six digits.
let private reference: KnownValue list = [
    for x, expected in [ -4.0, 0.025316; 4.0, 0.0263484 ] do
        {
            Known.value $"Φ′({x}) of C131" expected (fun () ->
                (PerceptronCalculus.gradient (Instruments.enclosed Networks.C131) (Box.ofPoint [| x |]))[0]) with
                Tolerance = 5e-7
        }
]

/// Every critical point of the box is on the list: refuted by a census that says where it could not decide.
let private isDecided (p: Perceptron<Rational>) (box: Box) : Outcome =
    let census = Instruments.census p box

    if census.IsComplete then
        Outcome.holds
    else
        Outcome.refuted "the census" "complete" $"{Instruments.incompleteness census}; found {Instruments.showPoints census.Points}"

/// C131 from a critical point on: that point is on the boundary, and the two inner ones are found nevertheless.
let private isDecidedFromBoundary (start: float) : Outcome =
    let box = [| Interval.ofBounds start 4.0 |]
    let census = Instruments.census Networks.C131 box

    let isOnBoundary =
        census.Findings
        |> List.exists (function
            | Finding.OnBoundary point -> Box.contains [| start |] (Krawczyk.inflate 1.0 point)
            | _ -> false)

    let holds x = census.Points |> List.exists (fun point -> Box.contains [| x |] (Krawczyk.inflate 8.0 point.Point))

    // The control has its counterexample only if the rest of the census is as it should be.
    if isOnBoundary && census.Points.Length = 2 && holds 1.1294365068965057 && holds 3.4921402166505826 then
        isDecided Networks.C131 box
    else
        Outcome.undecided $"expected a point on the boundary and two inside, found {Instruments.showPoints census.Points}"

/// There is a census of Φ.
let private hasCensus (p: Perceptron<Rational>) : Outcome =
    match ScalarMap.ofPerceptron (Instruments.enclosed p) with
    | Ok map -> isRight map (Census.take map Instruments.options (Box.cube p.Inputs 1.0))
    | Error defects -> Outcome.refuted "the Hessian of Φ" "exists" (defects |> List.map string |> String.concat "; ")

let claim: Claim =
    let kinds = [| Networks.tanh; Instruments.logistic; Instruments.softplus |]
    let kinked = Networks.create ActivationKind.Relu [ [ "1"; "-1" ], "0 0"; [ "1 1" ], "0" ]

    Paper.define
        "kuehn-kuntz.census.complete"
        Paper.reconstructed
        "Φ in C², no critical point on ∂B, no degenerate one in B: a census that ends complete lists every critical point of Φ in B exactly once, each in its own enclosure, non-degenerate, with its index."
    |> Claim.hypothesis "H1" "Φ is C²"
    |> Claim.hypothesis "H2" "no critical point lies on the boundary of B"
    |> Claim.hypothesis "H3" "no critical point in B is degenerate"
    |> Claim.certified "every-point-once" (Instances.random (Instruments.withoutBottleneck kinds) 40) isComplete
    |> Claim.certified "tables" (Instances.chosen (fun (table: Table) -> [ "network", table.Name ]) tables) isTable
    |> Known.references reference "reference"
    |> Claim.neededBy "H1" (Instruments.named [ "relu(x) + relu(−x) = |x|", kinked ]) (snd >> hasCensus)
    |> Claim.neededBy "H2" (Instances.chosen (fun (x: float) -> [ "box", $"[{x:R}, 4]" ]) [ -0.2351260911247901 ]) isDecidedFromBoundary
    |> Claim.neededBy "H3" (Instruments.named [ "tanh 2x − 2·tanh x", Networks.degenerate ]) (fun (_, p) ->
        isDecided p [| Interval.ofBounds -1.1 1.2 |])
