namespace LayerTime.Core.Claims.KuehnKuntz

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions
open LayerTime.Core.Rigour
open LayerTime.Core.Claims

/// A drawn perceptron, and the box [−a, a]ⁿ it is examined on.
type internal BoxedNetwork = {
    Network: DrawnPerceptron
    /// a
    Reach: Rational
} with

    /// The perceptron, exactly.
    member drawn.Perceptron: Perceptron<Rational> = drawn.Network.Perceptron
    /// n
    member drawn.Inputs: int = drawn.Network.Widths[0]
    /// [−a, a]ⁿ
    member drawn.Box: Box = Box.cube drawn.Inputs (Rational.toFloat drawn.Reach)

/// A value known from elsewhere to many digits, and how this library encloses it.
[<NoComparison; NoEquality>]
type internal KnownValue = {
    /// What is enclosed.
    Quantity: string
    /// The value by an independent computation.
    Expected: float
    /// How far the enclosure may reach from it: the printed digits, and no more than the rounding of the enclosure takes.
    Tolerance: float
    /// What the enclosure may be wider for a reason that is computed, such as that of the point where it is taken.
    Slack: unit -> float
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

        if Interval.subset found (Box.widen (known.Slack()) allowed) then
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
        Slack = fun () -> 0.0
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
    let private tanh = Networks.tanh
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

    /// An upper bound of |M|₂: the root of the largest τ with τ·I − M·Mᵀ not proved positive definite, from above.
    let norm2 (rows: Rational[][]) : float =
        let m = Matrix.map Interval.ofRational (Matrix.ofRows rows)
        let gram = Matrix.multiply m (Matrix.transpose m)

        let exceeds τ =
            IntervalMatrix.isPositiveDefinite (Matrix.subtract (Matrix.scale (Interval.ofFloat τ) (Matrix.identity gram.Rows)) gram)
        // No eigenvalue exceeds the largest absolute row sum; a little more is proved to exceed them.
        let top = Directed.addUp (Directed.multiplyUp 1.0625 (IntervalMatrix.normInf gram)) 1e-30

        let narrow (low, high) _ =
            let τ = 0.5 * (low + high)
            if exceeds τ then low, τ else τ, high

        let _, high = Seq.fold narrow (0.0, top) (seq { 1..50 })
        Directed.sqrtUp high

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
        let c, r = Elimination.rankFactors hidden[0].Weights

        if r.Rows = 0 || r.Rows = p.Inputs then
            None
        else
            let reading = Array.updateAt 0 { hidden[0] with Weights = c } hidden
            Some(Perceptron.create reading p.Output (p.OutputOffset.ToArray()) |> Defect.orFail, r)

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

    /// A drawn network as pairs of a name and a value.
    let show (drawn: BoxedNetwork) : (string * string) list =
        Draws.show drawn.Network @ [ "box", $"[-{drawn.Reach}, {drawn.Reach}]^{drawn.Inputs}" ]

    /// Widths n ≤ 2 with one hidden layer of at most six neurons above n, or two of at most three: what a census takes milliseconds for.
    let private augmentedWidths (stream: RandomStream) : int[] =
        let n = stream.NextInt(1, 2)

        if stream.NextBool() then
            [| n; stream.NextInt(n + 1, min 6 (n + 4)); 1 |]
        else
            let peak = stream.NextInt(n + 1, 3)
            if stream.NextBool() then [| n; stream.NextInt(n, peak); peak; 1 |] else [| n; peak; stream.NextInt(1, peak); 1 |]

    /// Widths n ≤ `most`, then one to three hidden widths that never increase.
    let private nonAugmentedWidths (most: int) (stream: RandomStream) : int[] =
        let next width = stream.NextInt(1, width)
        let n = next most
        let widths = Seq.unfold (fun width -> let narrower = next width in Some(narrower, narrower)) n
        [| n; yield! Seq.truncate (stream.NextInt(1, 3)) widths; 1 |]

    /// Matrices of full rank, entries k/1024 in [−2, 2], biases k/1024 in [−3/2, 3/2].
    let private recipe (architecture: ArchitectureClass) (kinds: ActivationKind[]) (widths: RandomStream -> int[]) : Recipe = {
        Draws.ofClass architecture with
            Widths = widths
            Matrix = fun stream _ -> Draws.fullRank (Draws.dyadic 1024 2) stream
            Bias = fun stream -> Rational.create (stream.NextInt(-1536, 1536)) 1024
            Activations = kinds
    }

    let private reaches = [| Rational.One; Rational.create 3 2; Rational.ofInt 2; Rational.create 5 2 |]

    /// Networks after a recipe, on boxes of half width 1, 3/2, 2 or 5/2.
    let private boxed (recipe: Recipe) : Generator<BoxedNetwork> =
        let draw (stream: RandomStream) =
            let network = Draws.draw recipe stream
            { Network = network; Reach = reaches[stream.NextInt(0, reaches.Length - 1)] }

        let shrink (drawn: BoxedNetwork) =
            seq {
                if drawn.Reach <> Rational.One then
                    { drawn with Reach = Rational.One }

                for simpler in Draws.shrinkNetwork recipe drawn.Network do
                    { drawn with Network = simpler }
            }

        Generator.fromStream (fun _ -> draw) shrink show

    /// Networks of class N with n ≤ `most`.
    let nonAugmented (kinds: ActivationKind[]) (most: int) : Generator<BoxedNetwork> =
        boxed (recipe ArchitectureClass.NonAugmented kinds (nonAugmentedWidths most))

    /// Networks of class G with n ≤ 2.
    let augmented (kinds: ActivationKind[]) : Generator<BoxedNetwork> = boxed (recipe ArchitectureClass.Augmented kinds augmentedWidths)

    /// Networks n-m-1 with n ≤ 2, n &lt; m ≤ n + 3.
    let shallow (kinds: ActivationKind[]) : Generator<BoxedNetwork> =
        let widths (stream: RandomStream) =
            let n = stream.NextInt(1, 2)
            [| n; stream.NextInt(n + 1, n + 3); 1 |]

        let recipe = recipe ArchitectureClass.Augmented kinds widths
        boxed { recipe with Keeps = fun drawn -> drawn.Layers.Length = 2 && recipe.Keeps drawn }

    /// Networks of class N or G with n ≤ 2, mostly G.
    let withoutBottleneck (kinds: ActivationKind[]) : Generator<BoxedNetwork> =
        let widths (stream: RandomStream) = if stream.NextInt(0, 3) = 0 then nonAugmentedWidths 2 stream else augmentedWidths stream

        let keeps (drawn: DrawnPerceptron) =
            ArchitectureClass.ofNodes drawn.Widths <> ArchitectureClass.Bottleneck && Draws.hasFullRanks drawn

        boxed { recipe ArchitectureClass.Augmented kinds widths with Keeps = keeps }

    /// The origin is no degenerate critical point of a network without biases of tanh or s + s³/3: refuted where Φ_x and det H vanish there.
    /// Both activations have the same value, slope and curvature at 0, and those of s + s³/3 are fractions.
    let hasNondegenerateOrigin (p: Perceptron<Rational>) : Outcome =
        let hidden = p.Hidden.ToArray()
        let hasBias = hidden |> Array.exists (fun layer -> layer.Bias |> Array.exists (fun c -> c.Sign <> 0))
        let isOdd kind = kind = tanh || kind = ActivationKind.Cubic

        if hasBias || hidden |> Array.exists (fun layer -> not (Array.forall isOdd layer.Activations)) then
            Outcome.undecided "the network has a bias, or an activation of another 2-jet at 0"
        else
            let twin = Networks.withActivation ActivationKind.Cubic p
            let origin = Array.create p.Inputs Rational.Zero
            let gradient = PerceptronDerivatives.gradient ActivationKind.exactDerivative twin origin
            let determinant = Elimination.determinant (PerceptronDerivatives.hessian ActivationKind.exactDerivative twin origin)

            if gradient |> Array.exists (fun g -> g.Sign <> 0) then Outcome.undecided "the origin is not critical"
            elif determinant.Sign = 0 then Outcome.refuted "det H at the critical point 0" "not 0" "0"
            else Outcome.holds

    /// A named network as an instance.
    let named (instances: (string * 'I) list) : Instances<string * 'I> = Instances.chosen (fun (name, _) -> [ "instance", name ]) instances
