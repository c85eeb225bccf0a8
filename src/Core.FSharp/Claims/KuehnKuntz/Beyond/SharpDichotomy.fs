/// The exact condition under which almost all weights are Morse.
///
/// Statement: let e₀ = n, e₁, …, e_L, 1 be the merged widths, σ_l in C² with σ_l′ &gt; 0. Condition (∗): there are no 0 ≤ j &lt; k ≤ L with e_j &lt; n and
/// e_k &gt; e_j. (I) If (∗) holds, Φ is Morse for almost all weights; bottlenecks of width ≥ n are harmless. (II) If (∗) fails and no σ_l is affine,
/// then for every open X some open set of weights has a degenerate critical point in X.
/// Proof of (I): where J_j has rank n and q_{j+1} ≠ 0, (A_{j+1}, c_{j+1}) moves Φ_x freely; elsewhere q_{K−1} and J_{j+1} move freely and
/// independently, and that both are degenerate has codimension n + 1. Proof of (II): an isolated zero of the gradient behind a layer of width
/// p &lt; n persists, and H = J_jᵀ·g_zz·J_j has rank p there.
/// Our own. (I) is a statement about almost all weights: checked are the two formulas its proof rests on, exactly, and networks one by one.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.KuehnKuntz.Beyond.SharpDichotomy

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions
open LayerTime.Core.Rigour
open LayerTime.Core.Claims
open LayerTime.Core.Claims.KuehnKuntz

let private showWidths (widths: int[]) : string = widths |> Array.map string |> String.concat "-"
let private intervals: Perceptron<Rational> -> Perceptron<Interval> = Perceptron.map Interval.ofRational

// (∗)

/// (∗) by its quantifiers, by the layer that breaks it, and by the tail of the widths.
let private isDecided (widths: int[]) : Outcome =
    let n, last = widths[0], widths.Length - 2

    let fails =
        Seq.exists (fun k -> Seq.exists (fun j -> widths[j] < n && widths[k] > widths[j]) (seq { 0 .. k - 1 })) (seq { 1..last })

    let breaks (j: int) =
        widths[j] < n
        && widths[j] < widths[j + 1]
        && j < last
        && Array.forall (fun width -> width >= widths[j]) (Array.take j widths)

    Outcome.check [
        fun () -> Outcome.equal "whether a layer breaks (∗)" string fails (SharpDichotomy.rise widths).IsSome
        fun () -> Outcome.equal "whether (∗) holds" string (not fails) (ArchitectureClass.isMorseForAlmostAllWeights widths)
        fun () -> Outcome.isTrue "the layer found" "is a narrow one before a wider one" (Option.forall breaks (SharpDichotomy.rise widths))
    ]

let private allWidths: int[] list =
    let rec lists length =
        if length = 0 then
            [ [] ]
        else
            [
                for first in 1..4 do
                    for rest in lists (length - 1) -> first :: rest
            ]

    [
        for hidden in 1..4 do
            for widths in lists (hidden + 1) -> [| yield! widths; 1 |]
    ]

// (II)

/// A nominal network of (II) with every weight moved by at most a scale, and x*.
[<NoComparison>]
type private Perturbed = { Widths: int[]; Kind: ActivationKind; Point: Rational[]; Key: uint64; Scale: Rational }

let private network (case: Perturbed) : Perceptron<Rational> option =
    let stream = RandomStream case.Key

    SharpDichotomy.nominal case.Kind (Rational.create 1 2) case.Point case.Widths
    |> Option.map (Perceptron.map (fun weight -> weight + case.Scale * Rational.create (stream.NextInt(-64, 64)) 64))

/// Half the width of the open set X about x*.
let private neighbourhood = 0.5
/// Every weight of the networks that are proved together is known up to this.
let private ballRadius = 1.52587890625e-5

/// All networks of a small ball have a degenerate critical point near x*.
let private hasDegeneratePoint (case: Perturbed) : Outcome =
    match network case with
    | None -> Outcome.refuted "a layer that breaks (∗)" "exists" "there is none"
    | Some p ->
        let ball = RobustCensus.ball ballRadius (intervals p)
        let near = case.Point |> Array.map Rational.toFloat
        let x = near |> Array.map (fun x -> Interval.ofBounds (x - neighbourhood) (x + neighbourhood))

        match SharpDichotomy.prove ball near with
        | Some point ->
            let struct (gradient, hessian) = PerceptronCalculus.gradientAndHessian ball point.Point

            Outcome.check [
                fun () -> Outcome.isTrue "the point" $"lies within {neighbourhood} of x*" (Box.interior point.Point x)
                fun () -> Outcome.isTrue "p" "is less than n" (point.Width < p.Inputs)
                // What the proof implies, by another way.
                fun () -> Outcome.isTrue "Φ_x at the point" "may vanish" (Array.forall (Interval.contains 0.0) gradient)
                fun () -> Outcome.isTrue "H at the point" "may be singular" (Inertia.negative hessian).IsNone
            ]
        | None ->
            let gradient = PerceptronCalculus.gradient (intervals p) x

            if Array.exists (fun side -> not (Interval.contains 0.0 side)) gradient then
                Outcome.refuted
                    "Φ_x near x*"
                    "vanishes somewhere"
                    $"one component is in {Array.find (Interval.contains 0.0 >> not) gradient}"
            else
                Outcome.undecided "no degenerate critical point was proved"

let private showPerturbed (case: Perturbed) = [
    "widths", showWidths case.Widths
    "activation", ActivationKind.name case.Kind
    "x*", Draws.showVector case.Point
    "key", string case.Key
    "scale", string case.Scale
]

let private perturbed: Generator<Perturbed> =
    let architectures = [|
        [| 2; 1; 2; 1 |]
        [| 3; 2; 3; 1 |]
        [| 3; 2; 2; 3; 1 |]
        [| 3; 2; 4; 1; 2; 1 |]
        [| 4; 3; 1; 2; 1 |]
        [| 3; 4; 2; 3; 1 |]
        [| 3; 2; 3; 1; 1; 1 |]
    |]

    // How far a weight may move: the zero of the gradient moves by about σ′/σ″ at s₀ = 1/2 of that, and x by 1/σ′(0)ʲ, j ≤ 2, of this.
    // tanh and t + t³/3 have all these near 1; softplus has σ′/σ″ = 2.6 and σ′(0) = 1/2, the logistic function 4.1 and 1/4.
    let kinds = [|
        Networks.tanh, 64
        ActivationKind.Cubic, 64
        ActivationKind.Transcendental TranscendentalName.Logistic, 4096
        ActivationKind.Transcendental TranscendentalName.Softplus, 1024
    |]

    let draw (_: int) (stream: RandomStream) =
        let widths = architectures[stream.NextInt(0, architectures.Length - 1)]
        let kind, parts = kinds[stream.NextInt(0, kinds.Length - 1)]

        {
            Widths = widths
            Kind = kind
            Point = Draws.vector (Draws.dyadic 4 2) stream widths[0]
            Key = stream.NextUInt64()
            Scale = Rational.create 1 parts
        }

    let shrink (case: Perturbed) =
        seq {
            if case.Scale.Sign <> 0 then
                { case with Scale = Rational.Zero }

            for point in Shrink.elements Draws.shrinkFraction case.Point do
                { case with Point = point }
        }

    Generator.fromStream draw shrink showPerturbed

// (I)

/// q_l = dΦ/da_l and J_l = dz_l/dx, one-based l ≥ 1, as gradients of parts of the network.
let private inner (p: Perceptron<'T>) (x: 'T[]) (l: int) : 'T[] * Matrix<'T> when 'T :> IRing<'T> =
    let pass = PerceptronDerivatives.pass ActivationKind.exactDerivative p x
    let layer = pass[l - 1]
    let width = layer.Preactivation.Length
    let fromPreactivation = { layer.Layer with Weights = Matrix.identity width; Bias = Vector.zero width }

    let rest =
        Perceptron.create (Array.append [| fromPreactivation |] (Array.skip l (p.Hidden.ToArray()))) p.Output (p.OutputOffset.ToArray())
        |> Defect.orFail

    let q = PerceptronDerivatives.gradient ActivationKind.exactDerivative rest layer.Preactivation

    let rows =
        SharpDichotomy.before l p |> Array.map (fun z -> PerceptronDerivatives.gradient ActivationKind.exactDerivative z x)

    q, Matrix.ofRows rows

/// A network of at least two hidden layers, a point, and the key of the direction in which a matrix moves.
[<NoComparison>]
type private Moved = { Sample: Sample; Key: uint64 }

/// Moving A_l with dc_l = −dA_l·z_{l−1} moves q_{l−1} by D_{l−1}·dA_lᵀ·q_l and leaves q_l, and moves J_l by D_l·dA_l·J_{l−1} and leaves q_l and z_l.
let private movesFreely (case: Moved) : Outcome =
    let p, x = case.Sample.Network.Perceptron, case.Sample.Point
    let stream = RandomStream case.Key
    let layers = p.Hidden.Length
    let l = stream.NextInt(2, layers)
    let pass = PerceptronDerivatives.pass ActivationKind.exactDerivative p x
    let weights = p.Hidden[l - 1].Weights
    let direction = Matrix.init weights.Rows weights.Columns (fun _ _ -> Draws.dyadic 4 2 stream)
    let compensation = Matrix.apply direction pass[l - 1].Argument |> Array.map (fun d -> -d)
    let dual (value: Rational) (derivative: Rational) = Dual(value, derivative)
    let constant = Matrix.map Dual.constant

    let hidden =
        p.Hidden.ToArray()
        |> Array.mapi (fun i layer ->
            if i = l - 1 then
                {
                    Weights = Matrix.map2 dual layer.Weights direction
                    Bias = Array.map2 dual layer.Bias compensation
                    Activations = layer.Activations
                }
            else
                { Weights = constant layer.Weights; Bias = Array.map Dual.constant layer.Bias; Activations = layer.Activations })

    let moved =
        Perceptron.create hidden (constant p.Output) (Array.map Dual.constant (p.OutputOffset.ToArray())) |> Defect.orFail

    let x' = Array.map Dual.constant x
    let derivative (v: Dual<Rational>[]) = v |> Array.map _.Derivative
    let qBefore, _ = inner moved x' (l - 1)
    let qHere, jHere = inner moved x' l
    let q, _ = inner p x l
    let _, jBefore = inner p x (l - 1)

    let expectedQ = Array.map2 (*) pass[l - 2].Slope (Matrix.apply (Matrix.transpose direction) q)
    let product = Matrix.multiply direction jBefore
    let expectedJ = Matrix.init product.Rows product.Columns (fun i k -> pass[l - 1].Slope[i] * product[i, k])

    Outcome.check [
        fun () -> Check.vectors "dq_{l−1}" expectedQ (derivative qBefore)
        fun () -> Check.vectors "dq_l" (Vector.zero q.Length) (derivative qHere)
        fun () -> Check.matrices "dJ_l" expectedJ (Matrix.map (fun (d: Dual<Rational>) -> d.Derivative) jHere)
    ]

let private moved: Generator<Moved> =
    let samples =
        Draws.samples {
            Draws.smallIntegers with
                Widths =
                    fun stream -> [| stream.NextInt(1, 3); yield! List.init (stream.NextInt(2, 3)) (fun _ -> stream.NextInt(1, 3)); 1 |]
                Matrix = fun stream _ -> Draws.matrix (Draws.dyadic 4 2) stream
                Keeps = fun drawn -> drawn.Widths.Length >= 4
        }

    Generator.create
        (FsCheck.FSharp.Gen.map2
            (fun sample (stream: RandomStream) -> { Sample = sample; Key = stream.NextUInt64() })
            samples.Gen
            Generator.stream)
        (fun case -> samples.Shrink case.Sample |> Seq.map (fun sample -> { case with Sample = sample }))
        (fun case -> samples.Show case.Sample @ [ "key", string case.Key ])

let private census (boxes: int64) (radius: float) (p: Perceptron<Rational>) : Census =
    let map = intervals p |> ScalarMap.ofPerceptron |> Defect.orFail
    Census.take map { Census.defaults with Search = { ZeroSearch.defaults with MaxBoxes = boxes } } (Box.cube p.Inputs radius)

/// No degenerate critical point in a box: the census is complete. Refuted by one behind a narrow layer, or by one at the point that is given.
let private isMorse (radius: float) (p: Perceptron<Rational>, suspect: Rational[]) : Outcome =
    let isExact = p.Hidden.ToArray() |> Array.forall (fun layer -> Array.forall ((=) ActivationKind.Cubic) layer.Activations)

    let isDegenerateAt () =
        let gradient = PerceptronDerivatives.gradient ActivationKind.exactDerivative p suspect
        let hessian = PerceptronDerivatives.hessian ActivationKind.exactDerivative p suspect
        Array.forall (fun (g: Rational) -> g.Sign = 0) gradient && (Elimination.determinant hessian).Sign = 0

    match SharpDichotomy.prove (intervals p) (suspect |> Array.map Rational.toFloat) with
    | Some point ->
        Outcome.refuted
            "the critical points"
            "are not degenerate"
            (point.Point |> Array.map string |> String.concat " × " |> sprintf "a degenerate one in %s")
    | None when isExact && isDegenerateAt () ->
        Outcome.refuted "the critical points" "are not degenerate" $"a degenerate one at {Draws.showVector suspect}"
    | None ->
        let census = census 4000L radius p

        if census.IsComplete then Outcome.holds
        elif census.Findings.IsEmpty then Outcome.holds
        else Outcome.undecided "the census is not complete"

/// Networks that satisfy (∗), with a bottleneck of width n or more where the widths allow one.
let private dichotomous: Generator<Sample> =
    let architectures = [|
        [| 1; 2; 1; 2; 1 |]
        [| 1; 3; 2; 1 |]
        [| 2; 3; 1 |]
        [| 2; 3; 2; 3; 1 |]
        [| 1; 3; 1; 3; 1 |]
        [| 2; 4; 1; 1 |]
    |]

    Draws.samples {
        Draws.ofClass ArchitectureClass.Augmented with
            Widths = fun stream -> architectures[stream.NextInt(0, architectures.Length - 1)]
            Activations = [| Networks.tanh |]
            Keeps = fun drawn -> Draws.hasFullRanks drawn && (SharpDichotomy.rise drawn.Widths).IsNone
    }

// References

/// x, Φ and Φ″ of the two critical points of the 1-2-1-2-1 network in [−3, 3].
let private harmlessPoints = [
    0.16569647998202379, -0.11397006188799308, 0.029273570165482982
    1.2105720876221736, 0.66540090192983802, -6.6119656363062169
]

let private reference (p: Perceptron<Rational>) : Outcome =
    let census = census 4000L 3.0 p

    let near quantity expected (found: Interval) =
        let tolerance = 1e-12 * max 1.0 (abs expected)

        Outcome.isTrue
            quantity
            $"agrees with {expected}, found {found}"
            (not (Interval.disjoint found (Interval.ofBounds (expected - tolerance) (expected + tolerance)))
             && Interval.width found < tolerance)

    Outcome.check [
        fun () -> Outcome.isTrue "the census" "is complete" census.IsComplete
        fun () -> Outcome.equal "the number of critical points" string harmlessPoints.Length census.Points.Length
        fun () ->
            Outcome.all (
                seq {
                    for (x, value, curvature), point in List.zip harmlessPoints census.Points do
                        let struct (_, hessian) = PerceptronCalculus.gradientAndHessian (intervals p) point.Point
                        near "x" x point.Point[0]
                        near "Φ" value point.Value
                        near "Φ″" curvature hessian[0, 0]
                }
            )
    ]

let claim: Claim =
    let showNetwork (name: string) = fun _ -> [ "network", name ]
    let origin n = Array.create n Rational.Zero
    let cubic = Networks.withActivation ActivationKind.Cubic Networks.degenerate
    let affine = { Widths = [| 2; 1; 2; 1 |]; Kind = ActivationKind.Identity; Point = origin 2; Key = 1UL; Scale = Rational.create 1 64 }

    Paper.define
        "kuehn-kuntz.beyond.sharp-dichotomy"
        Paper.own
        "(∗): no width increases after the first layer narrower than the input. If (∗) holds, almost all weights give a Morse function, bottlenecks of width ≥ n included; if it fails and no activation is affine, an open set of weights has a degenerate critical point in any given open set."
    |> Claim.hypothesis "H1" "(∗) (for the Morse property)"
    |> Claim.hypothesis "H2" "the weights lie outside a null set (for the Morse property)"
    |> Claim.hypothesis "H3" "no activation is affine (for degenerate points on an open set)"
    |> Claim.exact "condition" (Instances.exhaustive (fun widths -> [ "widths", showWidths widths ]) allWidths) isDecided
    |> Claim.certified "degenerate-on-an-open-set" (Instances.random perturbed 40) hasDegeneratePoint
    |> Claim.exact "matrices-move-covector-and-jacobian-freely" (Instances.random moved 30) movesFreely
    |> Claim.certified "morse" (Instances.random dichotomous 12) (fun sample -> isMorse 1.5 (sample.Network.Perceptron, sample.Point))
    |> Claim.certified "reference" (Instances.chosen (showNetwork "1-2-1-2-1") [ Networks.harmless12121 ]) reference
    |> Claim.neededBy "H1" (Instances.chosen (showNetwork "2-1-2-1") [ Networks.bottleneck2121, origin 2 ]) (isMorse 1.5)
    |> Claim.neededBy "H2" (Instances.chosen (showNetwork "σ(2x) − 2·σ(x), σ = t + t³/3") [ cubic, origin 1 ]) (isMorse 1.5)
    |> Claim.neededBy "H3" (Instances.chosen showPerturbed [ affine ]) hasDegeneratePoint
