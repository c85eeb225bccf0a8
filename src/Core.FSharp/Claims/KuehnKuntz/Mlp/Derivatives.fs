/// Gradient and Hessian of a perceptron, forward, backward and by dual numbers.
///
/// Statement: with D_l = diag(σ_l′(a_l)), J_l = D_l·A_l·J_{l−1}, p_{l−1} = A_lᵀ·D_l·p_l, p_L = A_{L+1}ᵀ:
/// Φ_x = p₀ and H = Σ_l (A_l·J_{l−1})ᵀ·diag(σ_l″(a_l)·p_l)·(A_l·J_{l−1}), symmetric; the forward recursions of J_l and of the Hessians
/// K_l of z_l give the same.
/// Proof: chain rule.
/// Reconstructed. Checked against nested dual numbers exactly, and against central differences of the gradient with the remainder
/// h²/6·sup|d³/dt³ Φ_x(x + te)| enclosed by four nested dual numbers over intervals.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.KuehnKuntz.Mlp.Derivatives

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Claims
open LayerTime.Core.Claims.KuehnKuntz

/// Φ over numbers made of fractions.
let private valueOver (number: Rational -> 'T) (p: Perceptron<Rational>) (x: 'T[]) : 'T :> IRing<'T> =
    (Perceptron.apply ActivationKind.exactly (Perceptron.map number p) x)[0]

let private indicator condition : 'T :> IRing<'T> = if condition then 'T.One else 'T.Zero

/// ∂²Φ/∂x_i∂x_j as the ε₁ε₂-part of Φ(x + ε₁e_i + ε₂e_j), and ∂Φ/∂x_i as its ε₁-part.
let private byDuals (p: Perceptron<Rational>) (x: Rational[]) (i: int) (j: int) : Rational * Rational =
    let coordinate k v = Dual(Dual(v, indicator (k = j)), Dual.constant (indicator (k = i)))
    let value = valueOver (Dual.constant >> Dual.constant) p (Array.mapi coordinate x)
    value.Derivative.Value, value.Derivative.Derivative

let private agree (p: Perceptron<Rational>) (x: Rational[]) : Outcome =
    let n = x.Length
    let gradient = PerceptronDerivatives.gradient ActivationKind.exactDerivative p x
    let hessian = PerceptronDerivatives.hessian ActivationKind.exactDerivative p x
    let forwardGradient, forwardHessian = PerceptronDerivatives.forward ActivationKind.exactDerivative p x

    Outcome.check [
        fun () -> Check.vectors "Φ_x backward" forwardGradient gradient
        fun () -> Check.matrices "H backward" forwardHessian hessian
        fun () -> Check.vectors "Φ_x" (Array.init n (fun i -> fst (byDuals p x i 0))) gradient
        fun () -> Check.matrices "H" (Matrix.init n n (fun i j -> snd (byDuals p x i j))) hessian
        fun () -> Check.matrices "Hᵀ" hessian (Matrix.transpose hessian)
    ]

/// x + t·e_k with |t| ≤ h, in direction e_k three times and in direction e_i once: the ε₁ε₂ε₃ε₄-part encloses ∂_k³∂_iΦ.
let private fourth (p: Perceptron<Rational>) (x: Rational[]) (h: float) (k: int) (i: int) : Interval =
    let coordinate j (v: Rational) =
        let v = Interval.ofRational v
        let v = if j = k then Arithmetic.(+) v (Interval.ofBounds -h h) else v
        let along = indicator (j = k)
        let first = Dual(v, indicator (j = i))
        let second = Dual(first, Dual.constant along)
        let third = Dual(second, Dual.constant (Dual.constant along))
        Dual(third, Dual.constant (Dual.constant (Dual.constant along)))

    let lift = Interval.ofRational >> Dual.constant >> Dual.constant >> Dual.constant >> Dual.constant
    (valueOver lift p (Array.mapi coordinate x)).Derivative.Derivative.Derivative.Derivative

/// |(Φ_x(x + h·e_k) − Φ_x(x − h·e_k))/2h − H·e_k|∞ ≤ h²·M₃/6 + ε/h, h = 2⁻¹⁰, in floats, ε the largest width of a gradient in intervals.
let private isNearDifferences (p: Perceptron<Rational>) (x: Rational[]) : Outcome =
    let h = Rational.create 1 1024
    let step = Rational.toFloat h
    let hessian = PerceptronDerivatives.hessian ActivationKind.exactDerivative p x
    let rounded = Perceptron.map (Rational.toFloat >> Binary64) p
    let enclosed = Perceptron.map Interval.ofRational p

    let along k =
        let shifted (t: Rational) = Array.mapi (fun j v -> if j = k then v + t else v) x

        // ±h is a power of two and the entries of x have few bits, so the points are floats.
        let gradient t =
            PerceptronDerivatives.gradient ActivationKind.exactDerivative rounded (shifted t |> Array.map (Rational.toFloat >> Binary64))
            |> Array.map (fun g -> Rational.ofFloat g.Value)

        let width t =
            PerceptronDerivatives.gradient ActivationKind.exactDerivative enclosed (shifted t |> Array.map Interval.ofRational)
            |> Array.fold (fun widest g -> max widest (Interval.width g)) 0.0

        let quotient = Array.map2 (fun a b -> (a - b) / (h + h)) (gradient h) (gradient -h)
        let column = Array.init x.Length (fun i -> hessian[i, k])
        let error = Rational.toFloat (Vector.distanceInf quotient column)
        let remainder = Seq.init x.Length (fourth p x step k >> Interval.magnitude) |> Seq.max
        // The sums below round by a few units of 2⁻⁵³.
        let bound = (step * step * remainder / 6.0 + max (width h) (width -h) / step) * (1.0 + 1e-15)
        Outcome.atMost $"the central difference of the gradient in x_{k + 1} minus H" bound error

    Seq.init x.Length along |> Outcome.all

let private cubic: Recipe = {
    Draws.ofClass LayerTime.Core.Constructions.ArchitectureClass.NonAugmented with
        Widths = Draws.anyWidths
        Matrix = fun stream _ -> Draws.matrix (Draws.dyadic 16 1) stream
        Keeps = fun _ -> true
}

/// Two hidden layers at most, so that the fourth derivatives stay of moderate size.
let private shallow: Recipe = {
    cubic with
        Widths = fun stream -> Draws.anyWidths stream |> fun w -> if w.Length > 4 then Array.removeAt 1 w else w
}

let private referencePoint = [| Rational.create 1 2; Rational.create -1 3 |]

let private isReference (p: Perceptron<Rational>) : Outcome =
    let x = referencePoint
    let hessian = PerceptronDerivatives.hessian ActivationKind.exactDerivative p x
    let number = Networks.number

    Outcome.check [
        fun () -> Check.equal "Φ" (number "427531184918653/8707129344000") (Check.value p x)
        fun () ->
            Check.vectors
                "Φ_x"
                (Networks.vector "304617160187/3224862720 -877912589879/6449725440")
                (PerceptronDerivatives.gradient ActivationKind.exactDerivative p x)
        fun () -> Check.equal "H₁₁" (number "715986057023/3023308800") hessian[0, 0]
        fun () -> Check.equal "H₁₂" (number "-137456694979/503884800") hessian[0, 1]
        fun () -> Check.equal "H₂₂" (number "141466439/331776") hessian[1, 1]
    ]

/// Φ(x) = σ(x) at a kink: the gradient jumps.
let private kinked (kind: ActivationKind) : Sample =
    let layer activation = { Rows = [| [| Rational.One |] |]; Bias = [| Rational.Zero |]; Activation = activation }

    { Network = { Layers = [| layer kind; layer ActivationKind.Identity |] }; Point = [| Rational.Zero |] }

let claim: Claim =
    let generator = Draws.samples cubic
    let fine = Draws.samples shallow
    let isNear (sample: Sample) = isNearDifferences sample.Network.Perceptron sample.Point
    let reference = Instances.chosen (fun _ -> [ "network", "2-3-2-1, x = (1/2, −1/3)" ]) [ Networks.cubic2321 ]

    Paper.define
        "kuehn-kuntz.mlp.derivatives"
        Paper.reconstructed
        "Φ_x = p₀ and H = Σ_l (A_l·J_{l−1})ᵀ·diag(σ_l″(a_l)·p_l)·(A_l·J_{l−1}) with J_l = D_l·A_l·J_{l−1}, p_{l−1} = A_lᵀ·D_l·p_l; the forward recursions give the same, and H is symmetric."
    |> Claim.hypothesis "H1" "σ_l is C² (C⁴ for the central differences)"
    |> Claim.exact "agreement" (Instances.random generator 30) (fun sample -> agree sample.Network.Perceptron sample.Point)
    |> Claim.exact "reference" reference isReference
    |> Claim.bounded "central-differences" (Instances.random fine 30) isNear
    |> Claim.neededBy
        "H1"
        (Instances.chosen generator.Show [ kinked ActivationKind.Relu; kinked (ActivationKind.LeakyRelu(Rational.create 1 4)) ])
        isNear
