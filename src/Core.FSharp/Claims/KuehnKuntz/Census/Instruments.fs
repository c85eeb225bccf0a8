namespace LayerTime.Core.Claims.KuehnKuntz

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Rigour
open LayerTime.Core.Claims

/// A drawn perceptron with one activation and one output, and the box [−a, a]ⁿ it is examined on; open for simplification.
type internal BoxedNetwork = {
    Kind: ActivationKind
    /// A_l and c_l, l = 1 … L + 1, row by row.
    Layers: (Rational[][] * Rational[])[]
    /// a
    Reach: Rational
} with

    /// n, m₁, …, m_L, 1
    member drawn.Widths: int[] = [|
        (Array.head (fst drawn.Layers[0])).Length
        for _, bias in drawn.Layers do
            bias.Length
    |]

    /// The perceptron, exactly.
    member drawn.Perceptron: Perceptron<Rational> =
        let last = drawn.Layers.Length - 1

        let neurons (rows: Rational[][], bias: Rational[]) = {
            Weights = Matrix.ofRows rows
            Bias = bias
            Activations = Array.create bias.Length drawn.Kind
        }

        Perceptron.create (Array.map neurons (Array.take last drawn.Layers)) (Matrix.ofRows (fst drawn.Layers[last])) (snd drawn.Layers[last])
        |> Defect.orFail

    /// [−a, a]ⁿ
    member drawn.Box: Box = Box.cube drawn.Widths[0] (Rational.toFloat drawn.Reach)

/// A value known from elsewhere to many digits, and how this library encloses it.
[<NoComparison; NoEquality>]
type internal KnownValue = {
    /// What is enclosed.
    Quantity: string
    /// The value by an independent computation.
    Expected: float
    /// How far the enclosure may reach from it: the printed digits, and no more than the rounding of the enclosure takes.
    Tolerance: float
    /// Our enclosure.
    Enclose: unit -> Interval
}

/// Values with known answers, as a part of a claim.
[<RequireQualifiedAccess>]
module internal Known =
    /// The enclosure lies within the tolerance of the value; one that is disjoint from it refutes.
    let compare (known: KnownValue) : Outcome =
        let found = known.Enclose()
        let allowed = Interval.ofBounds (known.Expected - known.Tolerance) (known.Expected + known.Tolerance)

        if Interval.subset found allowed then
            Outcome.holds
        elif Interval.disjoint found allowed then
            Outcome.refuted known.Quantity $"{known.Expected:R} within {known.Tolerance}" (string found)
        else
            Outcome.undecided $"{known.Quantity}: the enclosure {found} is too wide to be compared with {known.Expected:R}"

    /// A value to twelve digits, absolute below 1 and relative above.
    let value (quantity: string) (expected: float) (enclose: unit -> Interval) : KnownValue = {
        Quantity = quantity
        Expected = expected
        Tolerance = 1e-12 * max 1.0 (abs expected)
        Enclose = enclose
    }

    /// A product of singular values or of slopes of saturated activations, to eleven digits.
    let product (quantity: string) (expected: float) (enclose: unit -> Interval) : KnownValue = {
        value quantity expected enclose with
            Tolerance = 1e-11 * abs expected
    }

    /// Values as a part of fixed instances.
    let references (known: KnownValue list) (name: string) (claim: Claim) : Claim =
        let show (known: KnownValue) = [ "reference", known.Quantity ]
        Claim.certified name (Instances.chosen show known) compare claim

/// Draws, censuses and what they come to, shared by the claims about critical points.
[<RequireQualifiedAccess>]
module internal Instruments =
    let tanh: ActivationKind = ActivationKind.Transcendental TranscendentalName.Tanh
    let logistic: ActivationKind = ActivationKind.Transcendental TranscendentalName.Logistic
    let softplus: ActivationKind = ActivationKind.Transcendental TranscendentalName.Softplus
    let sine: ActivationKind = ActivationKind.Transcendental TranscendentalName.Sine

    /// The weights enclosed.
    let enclosed (p: Perceptron<Rational>) : Perceptron<Interval> = Perceptron.map Interval.ofRational p

    /// Value, gradient and Hessian over boxes.
    let map (p: Perceptron<Rational>) : IScalarMap = ScalarMap.ofPerceptron (enclosed p) |> Defect.orFail

    /// The options of a trial: 20,000 boxes.
    let options: CensusOptions = { Census.defaults with Search = { ZeroSearch.defaults with MaxBoxes = 20_000L } }

    /// The census of a perceptron in a box.
    let census (p: Perceptron<Rational>) (box: Box) : Census = Census.take (map p) options box

    /// Why a census is not complete, in a few words.
    let incompleteness (census: Census) : string =
        let word finding =
            match finding with
            | Finding.ExactlyOne _ -> None
            | Finding.AtLeastOne _ -> Some "holds at least one critical point"
            | Finding.OnBoundary _ -> Some "is a critical point on the boundary or too near to tell"
            | Finding.Undecided(_, Undecided.BudgetSpent) -> Some "was not examined within the budget"
            | Finding.Undecided(_, Undecided.ToleranceReached true) -> Some "is undecided, with degeneracy suspected"
            | Finding.Undecided(_, Undecided.ToleranceReached false) -> Some "is undecided at the tolerance"
            | Finding.Undecided(_, Undecided.IndexUnknown) -> Some "has an unknown index"
            | Finding.Undecided(_, Undecided.NotDistinguished) -> Some "is not told apart from another point"

        census.Findings
        |> List.choose word
        |> List.countBy id
        |> List.map (fun (reason, count) -> $"{count} × part of the box that {reason}")
        |> String.concat ", "

    /// The conclusion from a complete census; undecided from another one.
    let ifComplete (conclude: Census -> Outcome) (census: Census) : Outcome =
        if census.IsComplete then conclude census else Outcome.undecided $"the census is inconclusive: {incompleteness census}"

    /// A box as text.
    let showBox (box: Box) : string = box |> Array.map string |> String.concat " × "

    /// The critical points as text.
    let showPoints (points: CriticalPoint list) : string =
        points |> List.map (fun point -> $"{showBox point.Point} of index {point.Index}") |> String.concat ", "

    /// Φ has no critical point in the box: refuted by every one that is proved.
    let hasNoCriticalPoint (p: Perceptron<Rational>) (box: Box) : Outcome =
        let census = census p box

        if census.Points.IsEmpty then
            ifComplete (fun _ -> Outcome.holds) census
        else
            Outcome.refuted "the critical points" "none" (showPoints census.Points)

    /// √(Σ g_i²)
    let norm (g: Interval[]) : Interval =
        g |> Array.map Interval.square |> Array.reduce (fun a b -> Arithmetic.(+) a b) |> Transcendental.sqrt

    /// The eigenvalues of a symmetric matrix of one or two rows, in increasing order: h₁₁, or (t ∓ √(d² + 4b²))/2 with t = a + c, d = a − c.
    let eigenvalues (h: Matrix<Interval>) : Interval[] =
        match h.Rows with
        | 1 -> [| h[0, 0] |]
        | 2 ->
            let difference, off = Arithmetic.(-) h[0, 0] h[1, 1], Arithmetic.(*) (Ring.ratio 2 1) h[0, 1]
            let root = norm [| difference; off |]
            let trace = Arithmetic.(+) h[0, 0] h[1, 1]
            let half x = Arithmetic.(/) x (Ring.ratio 2 1)
            [| half (Arithmetic.(-) trace root); half (Arithmetic.(+) trace root) |]
        | n -> invalidArg (nameof h) $"found {n} rows, expected 1 or 2"

    /// The Hessian over a box.
    let hessian (map: IScalarMap) (box: Box) : Matrix<Interval> =
        let struct (_, hessian) = map.Gradient.ValueAndJacobian box
        hessian

    /// Φ = Φ′∘R with R of full row rank r = rank A₁: Φ′ reads A₁ = C·R through C. None where A₁ has full column rank or vanishes.
    let tryReduceInput (p: Perceptron<Rational>) : (Perceptron<Rational> * Matrix<Rational>) option =
        let hidden = p.Hidden.ToArray()
        let rows = Matrix.toRows hidden[0].Weights

        // The first rows that are independent of those before span the row space.
        let extend basis row =
            let longer = Array.append basis [| row |]
            if Elimination.rank (Matrix.ofRows longer) = longer.Length then longer else basis

        let basis = Array.fold extend [||] rows

        if basis.Length = 0 || basis.Length = p.Inputs then
            None
        else
            let r = Matrix.ofRows basis

            Elimination.solve (Matrix.transpose r) (Matrix.transpose hidden[0].Weights)
            |> Option.map (fun c ->
                let first = { hidden[0] with Weights = Matrix.transpose c }
                Perceptron.create (Array.updateAt 0 first hidden) p.Output (p.OutputOffset.ToArray()) |> Defect.orFail, r)

    /// No critical point of Φ is degenerate, as R maps onto ℝʳ: refuted by a critical point y of Φ′ in the box of ℝʳ where rank A₁ = r &lt; n,
    /// since all x with R·x = y are critical and H = Rᵀ·H′·R vanishes on the kernel of R.
    let hasNoCriticalFlat (p: Perceptron<Rational>) (reach: float) : Outcome =
        match tryReduceInput p with
        | None -> Outcome.undecided "A₁ has full column rank"
        | Some(reduced, r) ->
            let census = census reduced (Box.cube r.Rows reach)

            if census.Points.IsEmpty then
                ifComplete (fun _ -> Outcome.holds) census
            else
                Outcome.refuted
                    $"the flats of degenerate critical points, {p.Inputs - r.Rows}-dimensional, R·x = y"
                    "none"
                    (showPoints census.Points)

    /// A vector of fractions as "(1, -1/2)".
    let showVector (x: Rational[]) : string = "(" + (x |> Array.map string |> String.concat ", ") + ")"

    /// A perceptron as pairs of a name and a value.
    let show (p: Perceptron<Rational>) : (string * string) list = [
        for l, layer in Array.indexed (p.Hidden.ToArray()) do
            let rows = Matrix.toRows layer.Weights |> Array.map showVector |> String.concat " "

            let kinds =
                layer.Activations
                |> Array.distinct
                |> Array.map (ActivationKind.over<Binary64> >> Activation.name)
                |> String.concat "/"

            $"layer {l + 1}", $"{kinds}: A = {rows}, c = {showVector layer.Bias}"
        "output", $"A = {showVector (p.Output.Row(0).ToArray())}, c = {showVector (p.OutputOffset.ToArray())}"
    ]

    /// A drawn network as pairs of a name and a value.
    let showDrawn (drawn: BoxedNetwork) : (string * string) list = show drawn.Perceptron @ [ "box", $"[-{drawn.Reach}, {drawn.Reach}]^{drawn.Widths[0]}" ]

    /// k/denominator with |k/denominator| ≤ bound, given times denominator.
    let dyadic (denominator: int) (most: int) (stream: RandomStream) : Rational = Rational.create (stream.NextInt(-most, most)) denominator

    let private hasFullRank (rows: Rational[][]) : bool = Elimination.rank (Matrix.ofRows rows) = min rows.Length rows[0].Length

    /// Rows of entries k/1024 in [−2, 2] and full rank: at most eight draws, then [I 0].
    let private fullRank (stream: RandomStream) (rows: int) (columns: int) : Rational[][] =
        Seq.init 8 (fun _ -> Array.init rows (fun _ -> Array.init columns (fun _ -> dyadic 1024 2048 stream)))
        |> Seq.tryFind hasFullRank
        |> Option.defaultWith (fun () -> Matrix.toRows (Matrix.init rows columns (fun i j -> if i = j then Rational.One else Rational.Zero)))

    /// Whether widths never increase: class N.
    let isNonAugmented (widths: int[]) : bool = widths |> Array.pairwise |> Array.forall (fun (a, b) -> a >= b)

    /// Whether widths rise to a peak and fall: class G, or N.
    let isUnimodal (widths: int[]) : bool =
        widths
        |> Array.pairwise
        |> Array.skipWhile (fun (a, b) -> a <= b)
        |> Array.forall (fun (a, b) -> a >= b)

    let rec private descending (stream: RandomStream) (layers: int) (from: int) : int list =
        if layers = 0 then
            []
        else
            let width = stream.NextInt(1, from)
            width :: descending stream (layers - 1) width

    /// Widths n ≤ `most`, then one to three hidden widths that never increase.
    let nonAugmented (most: int) (stream: RandomStream) : int[] =
        let n = stream.NextInt(1, most)
        [| n; yield! descending stream (stream.NextInt(1, 3)) n; 1 |]

    /// Widths n ≤ 2 with one hidden layer of at most six neurons above n, or two of at most three.
    let augmented (stream: RandomStream) : int[] =
        let n = stream.NextInt(1, 2)

        if stream.NextBool() then
            [| n; stream.NextInt(n + 1, min 6 (n + 4)); 1 |]
        else
            let peak = stream.NextInt(n + 1, 3)
            if stream.NextBool() then [| n; stream.NextInt(n, peak); peak; 1 |] else [| n; peak; stream.NextInt(1, peak); 1 |]

    let private reaches = [| Rational.One; Rational.create 3 2; Rational.ofInt 2; Rational.create 5 2 |]

    /// A network of these widths and one of these activations, all matrices of full rank, biases k/1024 in [−3/2, 3/2].
    let draw (kinds: ActivationKind[]) (widths: RandomStream -> int[]) (stream: RandomStream) : BoxedNetwork =
        let widths = widths stream
        let layer l = fullRank stream widths[l + 1] widths[l], Array.init widths[l + 1] (fun _ -> dyadic 1024 1536 stream)

        {
            Kind = kinds[stream.NextInt(0, kinds.Length - 1)]
            Layers = Array.init (widths.Length - 1) layer
            Reach = reaches[stream.NextInt(0, reaches.Length - 1)]
        }

    /// The nearest multiple of 1/denominator, ties away from zero.
    let private rounded (denominator: int) (a: Rational) : Rational =
        let twice = Rational.abs a * Rational.ofInt (2 * denominator) + Rational.One
        let whole = System.Numerics.BigInteger.Divide(twice.Numerator, twice.Denominator * System.Numerics.BigInteger 2)
        let size = Rational.OfRatio(whole, System.Numerics.BigInteger denominator)
        if a.Sign < 0 then -size else size

    /// Simpler fractions: multiples of 1/2, then of 1/16.
    let private shrinkFraction (a: Rational) : Rational seq = [ rounded 2 a; rounded 16 a ] |> Seq.takeWhile (fun simpler -> simpler <> a)

    let private withoutNeuron (l: int) (i: int) (layers: (Rational[][] * Rational[])[]) =
        layers
        |> Array.mapi (fun k (rows, bias) ->
            if k = l then Array.removeAt i rows, Array.removeAt i bias
            elif k = l + 1 then Array.map (Array.removeAt i) rows, bias
            else rows, bias)

    /// Simpler networks of the same class and of full rank: fewer neurons, biases 0, coarser entries, a = 1.
    let shrink (keeps: int[] -> bool) (drawn: BoxedNetwork) : BoxedNetwork seq =
        let layers =
            seq {
                for l in 0 .. drawn.Layers.Length - 2 do
                    let width = drawn.Widths[l + 1]

                    if width > 1 then
                        for i in 0 .. width - 1 do
                            withoutNeuron l i drawn.Layers

                if drawn.Layers |> Array.exists (fun (_, bias) -> bias |> Array.exists (fun c -> c.Sign <> 0)) then
                    drawn.Layers |> Array.map (fun (rows, bias) -> rows, Array.map (fun _ -> Rational.Zero) bias)

                let shrinkLayer (rows: Rational[][], bias: Rational[]) =
                    seq {
                        for simpler in Shrink.elements (Shrink.elements shrinkFraction) rows do
                            simpler, bias

                        for simpler in Shrink.elements shrinkFraction bias do
                            rows, simpler
                    }

                yield! Shrink.elements shrinkLayer drawn.Layers
            }

        seq {
            if drawn.Reach <> Rational.One then
                { drawn with Reach = Rational.One }

            for simpler in layers do
                { drawn with Layers = simpler }
        }
        |> Seq.filter (fun simpler -> keeps simpler.Widths && simpler.Layers |> Array.forall (fst >> hasFullRank))

    /// Networks of class N with n ≤ `most`.
    let nonAugmentedNetworks (kinds: ActivationKind[]) (most: int) : Generator<BoxedNetwork> =
        Generator.fromStream (fun _ -> draw kinds (nonAugmented most)) (shrink isNonAugmented) showDrawn

    /// Networks of class G with n ≤ 2, within the work limits of a trial.
    let augmentedNetworks (kinds: ActivationKind[]) : Generator<BoxedNetwork> =
        let keeps widths = isUnimodal widths && not (isNonAugmented widths)
        Generator.fromStream (fun _ -> draw kinds augmented) (shrink keeps) showDrawn

    /// Networks of class N or G with n ≤ 2.
    let morseNetworks (kinds: ActivationKind[]) : Generator<BoxedNetwork> =
        let widths (stream: RandomStream) = if stream.NextInt(0, 3) = 0 then nonAugmented 2 stream else augmented stream
        Generator.fromStream (fun _ -> draw kinds widths) (shrink isUnimodal) showDrawn

    /// A named network as an instance.
    let named (instances: (string * 'I) list) : Instances<string * 'I> = Instances.chosen (fun (name, _) -> [ "instance", name ]) instances

    /// The origin is no degenerate critical point of a network without biases of tanh or s + s³/3: refuted where gradient and determinant of
    /// the Hessian vanish exactly. Both activations have the same value, slope and curvature at 0, and those of s + s³/3 are exact.
    let hasNondegenerateOrigin (p: Perceptron<Rational>) : Outcome =
        let hidden = p.Hidden.ToArray()
        let hasBias = hidden |> Array.exists (fun layer -> layer.Bias |> Array.exists (fun c -> c.Sign <> 0))
        let isOdd kind = kind = tanh || kind = ActivationKind.Cubic

        if hasBias || hidden |> Array.exists (fun layer -> not (Array.forall isOdd layer.Activations)) then
            Outcome.undecided "the network has a bias, or an activation of another 2-jet at 0"
        else
            let cubic = hidden |> Array.map (fun layer -> { layer with Activations = Array.map (fun _ -> ActivationKind.Cubic) layer.Activations })
            let twin = Perceptron.create cubic p.Output (p.OutputOffset.ToArray()) |> Defect.orFail |> enclosed
            let struct (gradient, hessian) = PerceptronCalculus.gradientAndHessian twin (Box.ofPoint (Array.zeroCreate p.Inputs))
            let vanishes (value: Interval) = value.Lower = 0.0 && value.Upper = 0.0

            if Array.forall vanishes gradient && vanishes (IntervalMatrix.determinant hessian) then
                Outcome.refuted "det H at the critical point 0" "not 0" "0"
            elif Array.forall vanishes gradient then
                Outcome.holds
            else
                Outcome.undecided "the origin is not seen to be critical"
