/// Leaky ReLU networks that never widen have no extremum, and yet 0 may be in the Clarke gradient.
///
/// Statement: non-augmented widths, full row ranks, slopes in [α, 1], α &gt; 0.
/// (i) Every A_{L+1}·D_L ⋯ D₁·A₁ with D_l diagonal of entries in [α, 1], hence every limiting gradient and every gradient found by
/// automatic differentiation, has a norm of at least α^L·Π s_min(A_l) &gt; 0. (ii) Φ is an open map: no local extremum. (iii) For L = 1
/// the Clarke gradient does not contain 0.
/// Proof: (i) a row vector g has |g·A| ≥ s_min(A)·|g| for A of full row rank and |g·D| ≥ α·|g|; (ii) onto affine maps and homeomorphisms;
/// (iii) for L = 1 the set of (i) is convex.
/// For L ≥ 2, (iii) is false. Our own. Limiting gradients at x = 0 of two inputs without biases, sector by sector.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.KuehnKuntz.Beyond.LeakyReluNoExtremum

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.KuehnKuntz

let private alpha = Rational.create 1 4
let private leaky = ActivationKind.LeakyRelu alpha

/// A fraction τ with A·Aᵀ − τ·I ≥ 0, positive where A has full row rank: the lower end of an isolating interval of the smallest eigenvalue.
let private leastSquare (a: Matrix<Rational>) : Rational =
    Polynomial.characteristic (Matrix.multiply a (Matrix.transpose a))
    |> SturmChain.create
    |> SturmChain.isolate (Rational.create 1 1024) (Some Rational.Zero)
    |> List.head
    |> fst

let private square (g: Rational[]) : Rational = Vector.dot g g

/// |g|² ≥ α²ᴸ·Π τ_l, and g ≠ 0.
let private isLong (matrices: Matrix<Rational>[]) (quantity: string) (g: Rational[]) : Outcome =
    let bound = Rational.power alpha (2 * (matrices.Length - 1)) * (matrices |> Array.map leastSquare |> Array.reduce (*))

    Outcome.check [
        fun () -> Outcome.isTrue quantity "is not zero" ((square g).Sign > 0)
        fun () -> Outcome.isTrue $"the square of {quantity}, {square g}," $"is at least {bound}" (square g >= bound)
    ]

/// Products with slopes anywhere in [α, 1], taken from the point's digits, and the gradient by automatic differentiation.
let private areLong (sample: Sample) : Outcome =
    let p, x = sample.Network.Perceptron, sample.Point
    let matrices = sample.Network.Matrices

    // |x_i| ≤ 2, so the slope is in [1/4, 1].
    let slope l i = alpha + Rational.create 3 8 * Rational.abs x[(l + i) % x.Length]

    let product =
        matrices
        |> Array.mapi (fun l a -> if l = matrices.Length - 1 then a else Matrix.init a.Rows a.Columns (fun i j -> slope l i * a[i, j]))
        |> Array.reduce (fun inner outer -> Matrix.multiply outer inner)

    Outcome.check [
        fun () -> isLong matrices "a product" (product.Row(0).ToArray())
        fun () -> isLong matrices "the gradient" (PerceptronDerivatives.gradient ActivationKind.exactDerivative p x)
    ]

let private sectors (p: Perceptron<Rational>) : LinearSector[] = LimitingGradients.sectors p |> Defect.orFail

/// Around 0 the function takes larger and smaller values than at 0: on the rays, between which it is linear.
let private hasNoExtremum (p: Perceptron<Rational>) : Outcome =
    let apply = Perceptron.apply ActivationKind.exactly p
    let centre = (apply (Vector.zero 2))[0]

    let values =
        sectors p
        |> Array.collect (fun sector -> [| fst sector.Rays; snd sector.Rays |])
        |> Array.map (fun ray -> (apply ray)[0] - centre)

    Outcome.check [
        fun () -> Outcome.isTrue "Φ near 0" "exceeds Φ(0) somewhere" (values |> Array.exists (fun v -> v.Sign > 0))
        fun () -> Outcome.isTrue "Φ near 0" "is less than Φ(0) somewhere" (values |> Array.exists (fun v -> v.Sign < 0))
    ]

/// The gradient of a sector is that of automatic differentiation inside it.
let private areGradients (p: Perceptron<Rational>) : Outcome =
    sectors p
    |> Seq.map (fun sector ->
        let inside = Vector.add (fst sector.Rays) (snd sector.Rays)
        Check.vectors "the gradient of the sector" (PerceptronDerivatives.gradient ActivationKind.exactDerivative p inside) sector.Gradient)
    |> Outcome.all

let private isOpen (sample: Sample) : Outcome =
    let p = sample.Network.Perceptron

    Outcome.check [
        fun () -> areGradients p
        fun () -> LimitingGradients.distinct (sectors p) |> Seq.map (isLong sample.Network.Matrices "a limiting gradient") |> Outcome.all
        fun () -> hasNoExtremum p
    ]

/// 0 is not in the hull of the limiting gradients, and a half-plane shows it.
let private avoidsZero (p: Perceptron<Rational>) : Outcome =
    let gradients = LimitingGradients.distinct (sectors p)

    match LimitingGradients.hullPosition gradients with
    | HullPosition.Outside w ->
        Outcome.isTrue
            "the separating half-plane"
            "contains every gradient"
            (gradients |> Array.forall (fun g -> (Vector.dot w g).Sign > 0))
    | HullPosition.Inside combination ->
        let text = combination |> List.map (fun (λ, g) -> $"{λ}·{Draws.showVector g}") |> String.concat " + "
        Outcome.refuted "the Clarke gradient" "does not contain 0" $"0 = {text}"

/// Seven limiting gradients, three of them with 0 = g₁ + 32/15·g₂ + 58/15·g₃.
let private isCounterexample (p: Perceptron<Rational>) : Outcome =
    let gradients = LimitingGradients.distinct (sectors p)
    let named = [| "-1 5/4"; "-7/16 -13/16"; "1/2 1/8" |] |> Array.map Networks.vector
    let weights = Networks.vector "1 32/15 58/15"

    Outcome.check [
        fun () -> Outcome.equal "the number of limiting gradients" string 7 gradients.Length
        fun () ->
            Outcome.isTrue
                "the three gradients of the reference"
                "are limiting gradients"
                (named |> Array.forall (fun g -> Array.contains g gradients))
        fun () -> Check.vectors "their combination" (Vector.zero 2) (Vector.combination weights named)
        fun () ->
            match LimitingGradients.hullPosition gradients with
            | HullPosition.Inside combination ->
                let weights, vectors = combination |> List.unzip

                Outcome.check [
                    fun () -> Outcome.isTrue "the weights found" "are positive" (weights |> List.forall (fun λ -> λ.Sign > 0))
                    fun () ->
                        Check.vectors
                            "the combination found"
                            (Vector.zero 2)
                            (Vector.combination (List.toArray weights) (List.toArray vectors))
                ]
            | HullPosition.Outside w ->
                Outcome.refuted "the hull of the limiting gradients" "contains 0" $"separated by {Draws.showVector w}"
    ]

let private recipe: Recipe = { Draws.ofClass ArchitectureClass.NonAugmented with Activations = [| leaky |] }

/// Two inputs, no biases.
let private central (widths: RandomStream -> int[]) : Recipe = {
    recipe with
        Widths = widths
        Bias = fun _ -> Rational.Zero
        Keeps =
            fun drawn ->
                recipe.Keeps drawn
                && drawn.Widths[0] = 2
                && drawn.Layers |> Array.forall (fun layer -> layer.Bias |> Array.forall (fun c -> c.Sign = 0))
}

let private deep = central (fun stream -> [| 2; yield! Array.create (stream.NextInt(0, 2)) 2; stream.NextInt(1, 2); 1 |])

let private shallow =
    let recipe = central (fun stream -> [| 2; stream.NextInt(1, 2); 1 |])
    { recipe with Keeps = fun drawn -> recipe.Keeps drawn && drawn.Layers.Length = 2 }

/// σ(x₁) + σ(−x₁) + σ(x₂) + σ(−x₂) = (1 − α)(|x₁| + |x₂|)
let private cone = Networks.create leaky [ [ "1 0"; "-1 0"; "0 1"; "0 -1" ], "0 0 0 0"; [ "1 1 1 1" ], "0" ]

/// σ(x₁) + σ(−x₁) = (1 − α)|x₁|
let private wedge = Networks.create leaky [ [ "1 0"; "-1 0" ], "0 0"; [ "1 1" ], "0" ]

let claim: Claim =
    let named name = fun _ -> [ "network", name ]

    Paper.define
        "kuehn-kuntz.beyond.leaky-relu-no-extremum"
        Paper.own
        "Leaky ReLU networks of non-augmented widths, full row ranks and slopes in [α, 1], α > 0: every A_{L+1}·D_L ⋯ D₁·A₁ with entries of D_l in [α, 1] has a norm of at least α^L·Π s_min(A_l), there is no local extremum, and for one hidden layer the Clarke gradient never contains 0."
    |> Claim.hypothesis "H1" "the widths never increase"
    |> Claim.hypothesis "H2" "every matrix has full row rank"
    |> Claim.hypothesis "H3" "the slopes are in [α, 1] with α > 0"
    |> Claim.hypothesis "H4" "L = 1 (for the Clarke gradient)"
    |> Claim.exact "products" (Instances.random (Draws.samples recipe) 20) areLong
    |> Claim.exact "no-extremum" (Instances.random (Draws.samples deep) 20) isOpen
    |> Claim.exact "clarke-gradient" (Instances.random (Draws.samples shallow) 40) (fun sample -> avoidsZero sample.Network.Perceptron)
    |> Claim.exact "counterexample" (Instances.chosen (named "2-2-2-1") [ Networks.leaky2221 ]) isCounterexample
    |> Claim.neededBy "H1" (Instances.chosen (named "3/4·(|x₁| + |x₂|)") [ cone ]) hasNoExtremum
    |> Claim.neededBy "H2" (Instances.chosen (named "3/4·|x₁|") [ wedge ]) hasNoExtremum
    |> Claim.neededBy
        "H3"
        (Instances.chosen (named "relu(x₁) + relu(x₂)") [ Networks.withActivation ActivationKind.Relu Networks.N221 ])
        hasNoExtremum
    |> Claim.neededBy "H4" (Instances.chosen (named "2-2-2-1") [ Networks.leaky2221 ]) avoidsZero
