module LayerTime.Core.Tests.Rigour.Flow.ValidatedFlowTests

open System
open System.Numerics
open System.Threading.Tasks
open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Rigour
open LayerTime.Core.Tests.Rigour
open LayerTime.Core.Tests.Rigour.Flow.ReferenceFlow

/// Random fields: 1,000, or ten times as many if LAYERTIME_THOROUGH is set.
let private cases = if String.IsNullOrEmpty(Environment.GetEnvironmentVariable "LAYERTIME_THOROUGH") then 1_000 else 10_000

let private orFail (result: Result<'T, Defect list>) : 'T = Defect.orFail result
let private completed (e: FlowEnclosure) = Assert.Equal(EnclosureStop.Completed, e.Stop)

/// A field with a box of inputs.
[<NoComparison; NoEquality>]
type private Draw = {
    Pieces: Piece list
    Centre: Rational[]
    Radius: Rational
    Options: EnclosureOptions
    Times: Rational[]
    Random: Random
}

/// d ≤ 4, hidden ≤ 16, T ≤ 10, mostly short; weights constant, piecewise constant or linear in time, all dyadic.
let private draw (seed: int) : Draw =
    let random = Random(seed)
    let dyadic scale = Rational.create (int (Math.Round(1024.0 * scale * (2.0 * random.NextDouble() - 1.0)))) 1024
    let d = 1 + random.Next 4
    let m = 1 + (if random.Next 4 = 0 then random.Next 16 else random.Next 5)
    let horizon = if random.Next 40 = 0 then Rational.create (1 + random.Next 10) 1 else Rational.create (1 + random.Next 12) 8
    let matrix rows columns scale = Array.init rows (fun _ -> Array.init columns (fun _ -> dyadic scale))
    let vector n scale = Array.init n (fun _ -> dyadic scale)
    let degree = random.Next 2
    let scaleA, scaleB = 2.0 / sqrt (float d), 1.5 / sqrt (float m)

    let piece until = {
        Until = until
        A = [ for k in 0..degree -> matrix m d (scaleA / float (1 + 4 * k)) ]
        a = [ for _ in 0..degree -> vector m 1.0 ]
        B = [ for k in 0..degree -> matrix d m (scaleB / float (1 + 4 * k)) ]
        b = [ for _ in 0..degree -> vector d 0.25 ]
    }

    let half = horizon * Rational.create 1 3

    {
        Pieces = if random.Next 3 = 0 then [ piece half; piece horizon ] else [ piece horizon ]
        Centre = vector d 1.0
        Radius = [| Rational.Zero; Rational.create 1 1048576; Rational.create 1 128; Rational.create 1 16 |][random.Next 4]
        Options = {
            ValidatedFlow.defaults with
                Derivatives = [| FlowOrder.C0; FlowOrder.C1; FlowOrder.C2 |][random.Next 3]
                Order = if random.Next 2 = 0 then None else Some(2 + random.Next 20)
                // Low orders need a generous share, or very many steps.
                Share = 1e-3
        }
        Times = [| horizon * Rational.create 3 7; horizon |]
        Random = random
    }

let private networkOver (number: Rational -> 'T) (tanh: Activation<'T>) (pieces: Piece list) : NeuralOde<'T> when 'T :> IRing<'T> =
    let matrix = Matrix.ofRows >> Matrix.map number
    let vector = Array.map number

    let field (piece: Piece) : FieldPiece<'T> =
        let coefficient k =
            let activation = if k = 0 then tanh else Activation.Identity
            let inner = Layer.create (matrix (piece.A[k])) (vector (piece.a[k])) [| activation |] |> orFail
            let outer = Layer.affine (matrix (piece.B[k])) (vector (piece.b[k])) |> orFail
            LayerMap.create [| inner; outer |] |> orFail

        { Until = piece.Until; Coefficients = Array.init piece.A.Length coefficient }

    NeuralOde.create None (pieces |> List.map field |> List.toArray) None |> orFail

let private network: Piece list -> NeuralOde<Interval> = networkOver Interval.ofRational Activation.tanh

let private box (centre: Rational[]) (radius: Rational) : Box =
    centre |> Array.map (fun c -> Interval.hull (Interval.ofRational (c - radius)) (Interval.ofRational (c + radius)))

/// What is wrong with the enclosure of one random field, if anything.
let private complaint (seed: int) : string option =
    let draw = draw seed
    let d = draw.Centre.Length
    let options = if draw.Radius.Sign = 0 then { draw.Options with Order = None } else draw.Options
    let horizon = Array.last draw.Times
    let enclosure = ValidatedFlow.enclose options (network draw.Pieces) draw.Times (box draw.Centre draw.Radius) |> orFail
    let failures = Collections.Generic.List<string>()
    let states (time: Rational) = (enclosure.Reached |> List.find (fun r -> r.Time = time)).States

    let demand (what: string) (values: BigInteger[]) (sides: Interval[]) =
        Array.iter2
            (fun (value: BigInteger) side ->
                if not (Interval.containsRational (toRational value) side) then
                    failures.Add $"seed {seed}: {what} {Rational.toFloat (toRational value):R} is not in {side}")
            values
            sides

    if enclosure.Stop <> EnclosureStop.Completed then
        Some $"seed {seed}: {enclosure.Stop}"
    else
        // Points of the box, corners among them.
        let offset () = if draw.Random.Next 3 = 0 then Rational.One else Rational.create (draw.Random.Next 2049 - 1024) 1024
        let point = draw.Centre |> Array.map (fun c -> c + draw.Radius * offset ())

        for time in draw.Times do
            demand $"x({time})" (solve draw.Pieces point time) (states time).Value

        // Within a step.
        let inside = horizon * Rational.create (1 + draw.Random.Next 99) 100

        let piece =
            enclosure.Tube |> List.find (fun t -> Rational.Compare(t.From, inside) <= 0 && Rational.Compare(inside, t.Until) <= 0)

        demand $"x({inside})" (solve draw.Pieces point inside) piece.States

        // By the mean value theorem a difference quotient of one component is a derivative somewhere on the segment.
        if draw.Radius.Sign > 0 && options.Derivatives <> FlowOrder.C0 then
            let last = states horizon
            let h = draw.Radius * Rational.create 1 2
            let a, b = draw.Random.Next d, draw.Random.Next d
            let moved i = Array.mapi (fun j x -> if j = i then x + h else x)
            let centre = draw.Centre |> Array.map (fun c -> c - draw.Radius * Rational.create 1 2)
            let at x = solve draw.Pieces x horizon
            let over = ofRational h
            let divide (v: BigInteger[]) = v |> Array.map (fun x -> (x <<< 160) / over)
            let minus = Array.map2 (fun (x: BigInteger) y -> x - y)
            let forward = minus (at (moved a centre)) (at centre)
            demand $"∂x/∂ξ{a}" (divide forward) (Array.sub last.First (a * d) d)

            if last.HasSecond then
                let other = minus (at (moved a (moved b centre))) (at (moved b centre))
                demand $"∂²x/∂ξ{a}∂ξ{b}" (minus other forward |> divide |> divide) (Array.sub last.Second (last.Pair(a, b) * d) d)

        Seq.tryHead failures

[<Fact>]
let ``points to thirty digits lie in the enclosures of random fields, and so do their difference quotients`` () =
    let failures = Array.zeroCreate<string | null> cases
    Parallel.For(0, cases, fun seed -> failures[seed] <- complaint seed |> Option.toObj) |> ignore
    let found = failures |> Array.filter (isNull >> not)
    Assert.True(found.Length = 0, $"{found.Length} of {cases}: {String.Join(Environment.NewLine, Array.truncate 5 found)}")

let private lastOf (e: FlowEnclosure) =
    completed e
    e.Last.States

/// Fields on which three ways are compared: 100, or 1,000 if LAYERTIME_THOROUGH is set.
let private compared = if String.IsNullOrEmpty(Environment.GetEnvironmentVariable "LAYERTIME_THOROUGH") then 100 else 1_000

/// ‖B(t)‖∞·‖A(t)‖∞ ≥ |f_x|∞ for all t of a field, as |tanh′| ≤ 1.
let private lipschitz (pieces: Piece list) : float =
    let norm (piece: Piece) (coefficients: Rational[][] list) =
        let until = Rational.toFloat piece.Until

        coefficients
        |> List.mapi (fun k w -> Math.Pow(until, float k) * Rational.toFloat (Matrix.normInf (Matrix.ofRows w)))
        |> List.sum

    pieces |> List.map (fun piece -> norm piece piece.A * norm piece piece.B) |> List.max

/// What disagrees between the Taylor enclosure, an integration of order 8, one by Taylor series, and Grönwall's bound along one of order 5.
let private disagreement (seed: int) : string option =
    let draw = draw seed
    let horizon = Array.last draw.Times
    let truth = solve draw.Pieces draw.Centre horizon |> Array.map toRational
    let floats = networkOver (Rational.toFloat >> Binary64) Activation.tanh draw.Pieces
    let start = Array.map Rational.toFloat draw.Centre
    let e = ValidatedFlow.enclose ValidatedFlow.defaults (network draw.Pieces) [||] (box draw.Centre Rational.Zero) |> orFail
    let sides = (lastOf e).Value
    let L = lipschitz draw.Pieces
    let growth = exp (L * Rational.toFloat horizon)

    let run settings method = NeuralFlow.solve settings method floats Rational.Zero horizon [] start |> orFail
    let precise = FlowSettings.defaults |> FlowSettings.withTolerances 1e-12 1e-13
    let eighth = run precise (FlowMethod.Explicit Tableaus.dormandPrince853)
    // With L·h ≤ 1/16 the coefficients of degree 20 are far below rounding.
    let steps = int (Math.Ceiling(16.0 * L * Rational.toFloat horizon)) + 1
    let series = run (FlowSettings.defaults |> FlowSettings.withSteps steps) (FlowMethod.Taylor 20)

    let fifth =
        run
            (FlowSettings.defaults |> FlowSettings.withTolerances 1e-6 1e-8 |> FlowSettings.withRecording Recording.Steps)
            (FlowMethod.Explicit Tableaus.dormandPrince54)

    let distance (state: float[]) =
        Array.map2 (fun (x: float) exact -> Rational.toFloat (Rational.abs (Rational.ofFloat x - exact))) state truth
        |> Array.max

    let size = 1.0 + (truth |> Array.map (Rational.toFloat >> abs) |> Array.max)

    [
        for i in 0 .. truth.Length - 1 do
            if not (Interval.containsRational truth[i] sides[i]) then
                $"seed {seed}: x{i} = {Rational.toFloat truth[i]:R} is not in {sides[i]}"

        // At most ten times the tolerance, or some roundings, in each step, and what Grönwall makes of it.
        let allowed (count: int) local = 10.0 * local * size * float count * growth

        if distance eighth.State > allowed (eighth.Accepted + eighth.Rejected) 1e-12 then
            $"seed {seed}: the integration of order 8 is off by {distance eighth.State}"

        if distance series.State > allowed steps 1e-15 then
            $"seed {seed}: the integration by series is off by {distance series.State}"

        // Times at which weights change may not be floats; the bound is for those that are.
        if draw.Pieces.Length = 1 then
            match NeuralError.aPosteriori ignore (FlowMethod.Explicit Tableaus.dormandPrince54) floats fifth with
            | Ok(ErrorBound.Proved(bound, _)) when distance fifth.State > bound ->
                $"seed {seed}: Grönwall's bound is {bound}, the distance {distance fifth.State}"
            | Ok _ -> ()
            | Error defects -> $"seed {seed}: {defects}"
    ]
    |> List.tryHead

[<Fact>]
let ``Taylor enclosures, integrations of order 8 and by series, and Grönwall's bound agree on random fields`` () =
    let found = Array.zeroCreate<string | null> compared
    Parallel.For(0, compared, fun k -> found[k] <- disagreement (50_000 + k) |> Option.toObj) |> ignore
    let found = found |> Array.filter (isNull >> not)
    Assert.True(found.Length = 0, $"{found.Length} of {compared}: {String.Join(Environment.NewLine, Array.truncate 5 found)}")

/// h′ = h² written once for any numbers.
let private squared = {
    new ISmoothField with
        member _.Dimension = 1
        member _.Evaluate(_, x) = [| Arithmetic.(*) x[0] x[0] |]
}

/// h′ = tanh h
let private saturating = {
    new ISmoothField with
        member _.Dimension = 1
        member _.Evaluate(_, x) = [| Transcendental.tanh x[0] |]
}

/// (t, x) ↦ t·x of a clock of its own.
let private clocked = {
    new ISmoothField with
        member _.Dimension = 1
        member _.Evaluate(t, x) = [| Arithmetic.(*) t x[0] |]
}

let private c2 = { ValidatedFlow.defaults with Derivatives = FlowOrder.C2 }

[<Fact>]
let ``h′ = h² is h/(1 − Th) with both derivatives, exactly`` () =
    // h(1/2) from 1/2: value 2/3, slope 1/(1 − Th)² = 16/9, curvature 2T/(1 − Th)³ = 64/27.
    let jet = ValidatedFlow.encloseField c2 squared (Rational.create 1 2) [||] [| Interval.ofFloat 0.5 |] |> orFail |> lastOf

    for expected, side in [ Rational.create 2 3, jet.Value[0]; Rational.create 16 9, jet.First[0]; Rational.create 64 27, jet.Second[0] ] do
        Assert.True(Interval.containsRational expected side, $"{expected} in {side}")
        Assert.True(Interval.width side < 1e-13, $"{side}")

[<Fact>]
let ``h′ = tanh h is asinh(eᵀ sinh h), and t·h is h·e^(T²/2)`` () =
    let at field = ValidatedFlow.encloseField c2 field Rational.One [||] [| Interval.ofFloat 0.25 |] |> orFail |> lastOf

    let near (x: float) (side: Interval) =
        Assert.True(abs (Interval.midpoint side - x) < 1e-13 && Interval.width side < 1e-12, $"{x} {side}")

    let s = exp 1.0 * sinh 0.25
    near (Math.Asinh s) (at saturating).Value[0]
    near (exp 1.0 * cosh 0.25 / sqrt (1.0 + s * s)) (at saturating).First[0]
    near (0.25 * exp 0.5) (at clocked).Value[0]

[<Fact>]
let ``a blow-up on part of the box stops with the time reached and no claim beyond it`` () =
    // From [1/2, 2] the largest solution ends at t = 1/2.
    let e =
        ValidatedFlow.encloseField ValidatedFlow.defaults squared Rational.One [||] [| Interval.ofBounds 0.5 2.0 |] |> orFail

    Assert.True(Rational.toFloat e.Time < 0.5)

    match e.Stop with
    | EnclosureStop.BlowUp(_, time)
    | EnclosureStop.StepTooSmall(_, time) -> Assert.InRange(time, 0.01, 0.5)
    | stop -> Assert.Fail stop.Sentence

    let e = ValidatedFlow.encloseField ValidatedFlow.defaults squared Rational.One [||] [| Interval.ofFloat 2.0 |] |> orFail

    match e.Stop with
    | EnclosureStop.BlowUp(magnitude, time) ->
        Assert.InRange(time, 0.499, 0.5)
        Assert.True(magnitude > 1000.0)
    | stop -> Assert.Fail stop.Sentence

[<Fact>]
let ``powers of time are integrated by series too short for them: all of the remainder counts`` () =
    // x′ = tᵏ from 0: x(t) = t^(k+1)/(k + 1), whose coefficients beyond the order differ from time to time.
    for k in 1..6 do
        let power = {
            new ISmoothField with
                member _.Dimension = 1

                member _.Evaluate<'T when 'T :> ITranscendental<'T>>(t: 'T, _: 'T[]) = [|
                    Seq.fold (fun (p: 'T) _ -> 'T.Product(p, t)) 'T.One (seq { 1..k })
                |]
        }

        for order in 1 .. k + 1 do
            let options = { ValidatedFlow.defaults with Order = Some order; Share = 0.25 }
            let from = [| Interval.ofBounds 0.0 0.0078125 |]
            let e = ValidatedFlow.encloseField options power Rational.One [| Rational.create 1 3; Rational.create 2 3 |] from |> orFail
            completed e

            for reached in e.Reached do
                let t = reached.Time
                let exact = Rational.create 1 (k + 1) * (Seq.fold (fun p _ -> p * t) Rational.One (seq { 0..k }))
                let side = reached.States.Value[0]
                Assert.True(Interval.containsRational exact side, $"t^{k} by order {order} at {t}: {Rational.toFloat exact:R} in {side}")

                Assert.True(
                    Interval.containsRational (exact + Rational.create 1 128) side,
                    $"t^{k} by order {order} at {t}, from 1/128: {side}"
                )

let private matrix (rows: string) : Matrix<Interval> = rows.Split "; " |> Array.map Networks.numbers |> Matrix.ofRows

/// W and b of lift, A and c of tanh(Ah + c), w of readout, T.
let private ode lift field readout horizon = NodeNetworks.create lift field readout horizon

[<Fact>]
let ``the test network of the theory is enclosed more narrowly than by either implementation quoted there`` () =
    let net = ode ("1; 2", "0.3 -0.5") ("1.2 -1.5; 1.4 0.7", "0.1 -0.2") "1 -0.6" 2

    let output x =
        ValidatedFlow.enclose c2 net [||] [| x |]
        |> orFail
        |> (fun e ->
            completed e
            ValidatedFlow.output net e.Last)

    let point = output (Interval.ofFloat 0.25)
    // Taylor order 24, thirty digits.
    let truth = [
        "-0.56147552729668236589", point.Value[0]
        "-8.9844840531636147496", point.First[0]
        "47.72373426928898528", point.Second[0]
    ]

    for text, side in truth do
        match Rational.parse text with
        | Ok value -> Assert.True(Interval.containsRational value side, $"{text} in {side}")
        | Error problem -> failwith problem

    Assert.True(Interval.width point.First[0] < 2.0e-6 && Interval.width point.Second[0] < 1.2e-4)
    let wide = output (Interval.ofBounds 0.24 0.26)
    Assert.True(Interval.width wide.First[0] < 2.0 * 4.04, $"{wide.First[0]}")
    Assert.True(Interval.width wide.Second[0] < 2.0 * 112.05, $"{wide.Second[0]}")

[<Fact>]
let ``enclosure, plain integration and Grönwall's bound agree`` () =
    for seed in 0..49 do
        let random = Random(1000 + seed)
        let entry () = Rational.create (random.Next 129 - 64) 64
        let d = 1 + random.Next 3
        let a, c = Array.init d (fun _ -> Array.init d (fun _ -> entry ())), Array.init d (fun _ -> entry ())
        let start = Array.init d (fun _ -> Rational.toFloat (entry ()))
        let field number = LayerMap.dense (Matrix.ofRows a |> Matrix.map number) (Array.map number c)
        let floats = field (Rational.toFloat >> Binary64) Activation.tanh |> orFail |> VectorField.ofLayerMap
        let net = NeuralOde.autonomous (Rational.ofInt 2) (field Interval.ofRational Activation.tanh |> orFail) |> orFail

        let at radius =
            ValidatedFlow.enclose
                ValidatedFlow.defaults
                net
                [||]
                (start |> Array.map (fun x -> Interval.ofBounds (x - radius) (x + radius)))
            |> orFail
            |> lastOf

        let thin = (at 0.0).Value

        let plain =
            match
                Flow.solve
                    (FlowSettings.defaults |> FlowSettings.withTolerances 1e-12 1e-13)
                    (Stepper.explicit Tableaus.dormandPrince853 floats)
                    0.0
                    2.0
                    start
            with
            | Ok result -> result.State
            | Error defects -> failwith $"{defects}"

        // |f_h|∞ ≤ ‖A‖∞ = L: two solutions are never more than e^(LT) times their first distance apart. The plain integration errs by
        // its tolerance at each of fewer than a hundred steps, enlarged likewise.
        let growth = exp (2.0 * Rational.toFloat (Matrix.normInf (Matrix.ofRows a)))
        let wide = (at 1e-3).Value

        for i in 0 .. d - 1 do
            Assert.True(Interval.width thin[i] < 1e-12 * growth)
            Assert.True(abs (plain[i] - Interval.midpoint thin[i]) < 100.0 * 1e-12 * growth, $"{plain[i]} {thin[i]}")
            Assert.True(Interval.subset thin[i] wide[i])
            // The truth spreads by no more than Grönwall allows; an enclosure of order two more by the curvature of tanh.
            Assert.True(Interval.width wide[i] <= 2e-3 * growth * (1.0 + 4e-3 * growth), $"{wide[i]} {growth}")

[<Fact>]
let ``requests that cannot be met are refused before any work, with the theorem`` () =
    let relu =
        LayerMap.dense (matrix "1 0; 0 1") (Networks.numbers "0 0") Activation.Relu
        |> orFail
        |> NeuralOde.autonomous Rational.One
        |> orFail

    let refused options (net: NeuralOde<Interval>) times box =
        ValidatedFlow.defects options net times box |> List.map string |> String.concat "; "

    Assert.Contains("kuehn-kuntz.node.variational", refused c2 relu [||] (Box.cube 2 1.0))
    Assert.Equal("", refused ValidatedFlow.defaults relu [||] (Box.cube 2 1.0))
    Assert.Contains("2 sides", refused ValidatedFlow.defaults relu [||] (Box.cube 3 1.0))
    Assert.Contains("times from 0 to 1", refused ValidatedFlow.defaults relu [| Rational.ofInt 2 |] (Box.cube 2 1.0))

    let large =
        LayerMap.dense (Matrix.identity 40) (Vector.zero 40) Activation.tanh
        |> orFail
        |> NeuralOde.autonomous Rational.One
        |> orFail

    Assert.Contains("at most 32", refused c2 large [||] (Box.cube 40 1.0))

    match ValidatedFlow.encloseField ValidatedFlow.defaults squared Rational.Zero [||] (Box.cube 1 1.0) with
    | Error [ defect ] -> Assert.Equal("horizon", defect.Where)
    | _ -> Assert.Fail "a horizon of zero is no flow"

    match ValidatedFlow.encloseField { ValidatedFlow.defaults with MaxSteps = 2 } saturating (Rational.ofInt 10) [||] (Box.cube 1 1.0) with
    | Ok e -> Assert.Equal(EnclosureStop.StepLimit(2, Rational.toFloat e.Time), e.Stop)
    | Error defects -> failwith $"{defects}"

[<Fact>]
let ``across a kink the values are still enclosed`` () =
    // x′ = 1 − max(0, x) from −1/2: x = t − 1/2 until t = 1/2, then 1 − e^(1/2 − t).
    let layers = [|
        Layer.create (matrix "1") (Networks.numbers "0") [| Activation.Relu |] |> orFail
        Layer.affine (matrix "-1") (Networks.numbers "1") |> orFail
    |]

    let net = LayerMap.create layers |> orFail |> NeuralOde.autonomous (Rational.ofInt 2) |> orFail

    let e =
        ValidatedFlow.enclose ValidatedFlow.defaults net [| Rational.create 1 4 |] [| Interval.ofBounds -0.51 -0.49 |] |> orFail

    completed e
    let early, late = e.Reached.Head.States.Value[0], (List.last e.Reached).States.Value[0]
    let truth x = 1.0 - exp (-(2.0 + x))
    Assert.True(Interval.subset (Interval.ofBounds -0.26 -0.24) early && Interval.width early < 0.0201, $"{early}")

    for x in [ -0.51; -0.5; -0.49 ] do
        Assert.True(Interval.contains (truth x) late, $"{truth x} {late}")

    Assert.True(Interval.width late < 0.05, $"{late}")

[<Fact>]
let ``the layer recurrences are those of the field over 2-jets, for every activation and weights of time`` () =
    for seed in 0..39 do
        let random = Random(seed)
        let entry () = Rational.create (random.Next 65 - 32) 32

        let kinds = [
            Activation.Identity
            Activation.Square
            Activation.Cubic
            Activation.tanh
            Activation.transcendental TranscendentalName.Logistic
            Activation.transcendental TranscendentalName.Softplus
            Activation.transcendental TranscendentalName.Sine
        ]

        let weights () = Matrix.init 3 2 (fun _ _ -> entry ()), Array.init 3 (fun _ -> entry ())
        let outer () = Matrix.init 2 3 (fun _ _ -> entry ()), Array.init 2 (fun _ -> entry ())
        let coefficients = Array.init 3 (fun k -> weights (), outer (), k)
        let chosen = Array.init 3 (fun _ -> kinds[random.Next kinds.Length])

        let piece: FieldPiece<Interval> = {
            Until = Rational.One
            Coefficients =
                coefficients
                |> Array.map (fun ((w, b), (v, c), k) ->
                    let enclose = Matrix.map Interval.ofRational

                    let inner =
                        Layer.create (enclose w) (Array.map Interval.ofRational b) (if k = 0 then chosen else [| Activation.Identity |])
                        |> orFail

                    LayerMap.create [| inner; Layer.affine (enclose v) (Array.map Interval.ofRational c) |> orFail |] |> orFail)
        }

        let field = {
            new ISmoothField with
                member _.Dimension = 2

                member _.Evaluate<'T when 'T :> ITranscendental<'T>>(time: 'T, x: 'T[]) =
                    let number (q: Rational) : 'T = 'T.OfRatio(q.Numerator, q.Denominator)

                    let lifted: FieldPiece<'T> = {
                        Until = Rational.One
                        Coefficients =
                            coefficients
                            |> Array.map (fun ((w, b), (v, c), k) ->
                                let activations =
                                    if k = 0 then Array.map (Activation.map (fun _ -> 'T.Zero)) chosen else [| Activation.Identity |]

                                let inner = Layer.create (Matrix.map number w) (Array.map number b) activations |> orFail
                                LayerMap.create [| inner; Layer.affine (Matrix.map number v) (Array.map number c) |> orFail |] |> orFail)
                    }

                    let slope = Array.create 2 'T.Zero
                    (VectorField.ofPiece lifted).Evaluate(time, ReadOnlySpan x, Span slope)
                    slope
        }

        let start = FlowJet.identity true [| Interval.ofRational (entry ()); Interval.ofRational (entry ()) |]
        let time = Interval.ofRational (Rational.create (random.Next 8) 8)
        let fast = (IntervalLayerSeries.ofPiece piece).Expand(8, time, start)
        let slow = (FlowSeries.ofField field).Expand(8, time, start)

        for k in 0..8 do
            let agree what (a: Interval[]) (b: Interval[]) =
                for i in 0 .. a.Length - 1 do
                    // Both contain the truth, and both are narrow enough to tell a wrong recurrence from a right one: the rounding of the start
                    // grows with every order, in the jets more than in the recurrences.
                    Assert.False(Interval.disjoint a[i] b[i], $"seed {seed}, order {k}, {what} {i}: {a[i]} {b[i]}")
                    let size = 1.0 + Interval.magnitude a[i]

                    Assert.True(
                        Interval.width a[i] < 1e-6 * size && Interval.width b[i] < 1e-6 * size,
                        $"seed {seed}, order {k}: {a[i]} {b[i]}"
                    )

            agree "value" fast[k].Value slow[k].Value
            agree "first" fast[k].First slow[k].First
            agree "second" fast[k].Second slow[k].Second
