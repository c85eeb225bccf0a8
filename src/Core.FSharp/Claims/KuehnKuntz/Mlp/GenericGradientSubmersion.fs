/// The outgoing weights of a layer move the gradient in every direction.
///
/// Statement: let D = dz_j/dx have full column rank n at x and q = dΦ/da_{j+1} ≠ 0. Moving A_{j+1} in direction dA and c_{j+1} by dc =
/// −dA·z_j gives dΦ_x/dε = Dᵀ·dAᵀ·q, and dA ↦ Dᵀ·dAᵀ·q is onto ℝⁿ; y is reached by dA = q·vᵀ/|q|², v = D(DᵀD)⁻¹y. Without a bias, the dA
/// with dA·z_j = 0 reach ℝⁿ iff z_j = 0 or z_j is not in the range of D, and n − 1 dimensions otherwise.
/// Proof: the compensating bias freezes a_{j+1}, hence D and q; dAᵀq ranges over everything, and Dᵀ is onto.
/// Reconstructed; the engine of the theorem that almost all weights have non-degenerate critical points only. Checked with dual numbers
/// in ε.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.KuehnKuntz.Mlp.GenericGradientSubmersion

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.KuehnKuntz

let private cubic (order: int) (kind: ActivationKind) (t: 'T) : 'T :> IRing<'T> = ActivationKind.exactDerivative order kind t

/// The layer of the largest width, 0 for the input.
let private peak (p: Perceptron<Rational>) : int =
    let widths = Array.take (p.Hidden.Length + 1) p.Widths
    Array.findIndex ((=) (Array.max widths)) widths

/// A direction dA of A_{j+1}, the same for the same point: entries from the point and the indices.
let private direction (view: LayerView<Rational>) (x: Rational[]) : Matrix<Rational> =
    Matrix.init view.Covector.Length view.Value.Length (fun i k -> Rational.create ((3 * i + 5 * k) % 7 - 3) 2 + x[k % x.Length])

/// dΦ_x/dε by dual numbers along A_{j+1} + ε·dA, c_{j+1} + ε·dc.
let private byDuals (p: Perceptron<Rational>) (j: int) (x: Rational[]) (dA: Matrix<Rational>) (dc: Rational[]) : Rational[] =
    PerceptronDerivatives.gradient cubic (GradientSubmersion.along p j dA dc) (Array.map Dual.constant x)
    |> Array.map _.Derivative

let private isDerivative (sample: Sample) : Outcome =
    let p, x = sample.Network.Perceptron, sample.Point

    let at j =
        let view = GradientSubmersion.view cubic p j x
        let dA = direction view x

        Check.vectors
            $"dΦ_x/dε of layer {j}"
            (GradientSubmersion.derivative view dA)
            (byDuals p j x dA (GradientSubmersion.compensation view dA))

    Seq.init (p.Hidden.Length + 1) at |> Outcome.all

/// y is reached at the given layer.
let private isReached (p: Perceptron<Rational>) (j: int) (x: Rational[]) (y: Rational[]) : Outcome =
    let view = GradientSubmersion.view cubic p j x

    match GradientSubmersion.tryPreimage view y with
    | None -> Outcome.refuted "a direction of the weights that moves the gradient by y" "exists" "there is none"
    | Some dA -> Check.vectors "dΦ_x/dε" y (byDuals p j x dA (GradientSubmersion.compensation view dA))

let private isOnto (sample: Sample) : Outcome =
    let p = sample.Network.Perceptron
    let n = p.Inputs
    // The unit vectors and one more.
    let targets = Vector.zero n :: (Array.mapi (fun i a -> a + Rational.ofInt i) sample.Point) :: List.init n (Vector.unit n)
    targets |> Seq.map (isReached p (peak p) sample.Point) |> Outcome.all

/// The dimension of { Dᵀ·dAᵀ·q : dA·z = 0 } = Dᵀ(z^⊥) against the stated one.
let private isStatedWithoutBias (sample: Sample) : Outcome =
    let p = sample.Network.Perceptron

    let at j =
        let view = GradientSubmersion.view cubic p j sample.Point
        let d, z = view.Jacobian, view.Value
        let orthogonal = Elimination.kernel (Matrix.ofRows [| z |])

        let found = if orthogonal.IsEmpty then 0 else Elimination.rank (Matrix.multiply (Matrix.ofRows (List.toArray orthogonal)) d)

        let isZero = z |> Array.forall (fun a -> a.Sign = 0)
        let isInRange = (Elimination.solve d (Matrix.ofRows (Array.map Array.singleton z))).IsSome
        let expected = if isZero || not isInRange then p.Inputs else p.Inputs - 1
        Outcome.equal $"the dimension reached from layer {j} without a bias" string expected found

    Seq.init (peak p + 1) at |> Outcome.all

/// Decimals of a tanh network, in floats.
let private isReference (p: Perceptron<Rational>) : Outcome =
    let floats = Array.map (Rational.toFloat >> Binary64)
    let network = Perceptron.map (Rational.toFloat >> Binary64) p

    let view =
        GradientSubmersion.view (ActivationKind.derivative ActivationKind.over) network 1 (floats (Networks.vector "0.35 -0.6"))

    let dA = Matrix.map (Rational.toFloat >> Binary64) (Networks.matrix [ "0.2 -0.5 0.3"; "0.1 0.6 -0.4" ])
    let found = GradientSubmersion.derivative view dA

    Array.map2
        (fun (expected: float) (found: Binary64) -> Outcome.atMost "the distance to the reference" 1e-12 (abs (found.Value - expected)))
        [| -0.56938797254427233; -0.41649109094275169 |]
        found
    |> Outcome.all

/// A₁ = [[1, 0], [2, 0], [0, 0]]: D misses the second direction.
let private deficient = Networks.create ActivationKind.Cubic [ [ "1 0"; "2 0"; "0 0" ], "0 0 0"; [ "1 1 1" ], "0" ]

/// A₃ = 0, so q = 0.
let private blind =
    Networks.create ActivationKind.Cubic [ [ "1 0"; "0 1" ], "0 0"; [ "1 1"; "1 -1" ], "0 0"; [ "0 0" ], "0" ]

/// Without compensation the slopes behind A₂ move too.
let private isDerivativeWithoutCompensation (p: Perceptron<Rational>) : Outcome =
    let x = Networks.vector "1/2 -1/3"
    let view = GradientSubmersion.view cubic p 1 x
    let dA = direction view x
    Check.vectors "dΦ_x/dε" (GradientSubmersion.derivative view dA) (byDuals p 1 x dA (Vector.zero dA.Rows))

let claim: Claim =
    let augmented = Draws.samples (Draws.ofClass ArchitectureClass.Augmented)
    let any = Draws.samples { Draws.smallIntegers with Matrix = fun stream _ -> Draws.matrix (Draws.dyadic 4 1) stream }
    let reaches (p: Perceptron<Rational>, j: int) = isReached p j (Vector.zero p.Inputs) (Vector.unit p.Inputs 1)
    let named name = fun _ -> [ "network", name ]

    Paper.define
        "kuehn-kuntz.mlp.generic-gradient-submersion"
        Paper.reconstructed
        "Where dz_j/dx has full column rank and dΦ/da_{j+1} ≠ 0, moving A_{j+1} by ε·dA and its bias by −ε·dA·z_j moves the gradient by ε·(dz_j/dx)ᵀ·dAᵀ·q, and every direction of ℝⁿ is reached."
    |> Claim.hypothesis "H1" "dz_j/dx has full column rank n at x"
    |> Claim.hypothesis "H2" "q = dΦ/da_{j+1} ≠ 0"
    |> Claim.hypothesis "H3" "the bias moves by dc = −dA·z_j"
    |> Claim.exact "derivative" (Instances.random any 25) isDerivative
    |> Claim.exact "onto" (Instances.random augmented 25) isOnto
    |> Claim.exact "without-bias" (Instances.random augmented 25) isStatedWithoutBias
    |> Claim.bounded "reference" (Instances.chosen (named "2-3-2-1 tanh") [ Networks.submersion2321 ]) isReference
    |> Claim.neededBy "H1" (Instances.chosen (named "A₁ = [[1, 0], [2, 0], [0, 0]]") [ deficient, 1 ]) reaches
    |> Claim.neededBy "H2" (Instances.chosen (named "A₃ = 0") [ blind, 1 ]) reaches
    |> Claim.neededBy "H3" (Instances.chosen (named "2-3-2-1") [ Networks.cubic2321 ]) isDerivativeWithoutCompensation
