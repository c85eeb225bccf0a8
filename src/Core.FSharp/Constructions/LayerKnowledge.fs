namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// The set {z | w·z + b = 0}, w ≠ 0, across which a function may have a kink.
[<NoComparison>]
type Hyperplane = {
    /// w
    Normal: Rational[]
    /// b
    Offset: Rational
} with

    /// w·z + b
    member plane.At(z: Rational[]) : Rational = Vector.dot plane.Normal z + plane.Offset

/// What is known about a function from outside, and with it what finitely many of its values decide.
[<RequireQualifiedAccess; NoComparison>]
type LayerKnowledge =
    /// Every coordinate is a polynomial of at most this total degree.
    | Polynomial of degree: int
    /// Every coordinate is z ↦ A·z + a + Σ_i c_i·|w_i·z + b_i|, the kinks on these hyperplanes and each of one strength c_i along its
    /// hyperplane: what one layer of piecewise linear activations computes.
    | Kinks of Hyperplane list
    /// Nothing. These arguments are tried, and what they do not refute stays open.
    | Samples of Rational[] list

/// What the layers of a map tell about it.
[<RequireQualifiedAccess>]
module LayerKnowledge =
    /// The same hyperplane always in the same form: the first nonzero entry of w is 1. None for w = 0.
    let private hyperplane (normal: Rational[]) (offset: Rational) : Hyperplane option =
        normal
        |> Array.tryFind (fun w -> w.Sign <> 0)
        |> Option.map (fun first -> { Normal = Array.map (fun w -> w / first) normal; Offset = offset / first })

    /// The degree of an activation as a polynomial.
    let private degree (activation: Activation<Rational>) : int option =
        match activation with
        | Activation.Identity -> Some 1
        | Activation.Square -> Some 2
        | Activation.LeakyRelu slope when slope = Rational.One -> Some 1
        | _ -> None

    let private isPiecewiseLinear (activation: Activation<Rational>) : bool =
        (Activation.facts id activation).Smoothness = Smoothness.PiecewiseLinear || degree activation = Some 1

    let private activations (layer: Layer<Rational>) = List.init layer.OutputWidth layer.Activation

    /// The hyperplanes on which the activations of a layer have their kinks, after an affine map z ↦ M·z + v.
    let private kinks (layer: Layer<Rational>) (M: Matrix<Rational>, v: Rational[]) : Hyperplane list =
        let weights = Matrix.multiply layer.Weights M
        let offsets = Layer.preactivations layer v

        [
            for i in 0 .. weights.Rows - 1 do
                if degree (layer.Activation i) <> Some 1 then
                    yield! hyperplane (weights.Row(i).ToArray()) offsets[i] |> Option.toList
        ]
        |> List.distinct

    /// The knowledge that decides about a map of fractions: its degree where all activations are polynomials, its kinks where one
    /// layer is piecewise linear and all others are affine; None where the layers tell neither (deep ReLU networks).
    let ofMap (map: LayerMap<Rational>) : LayerKnowledge option =
        let layers = map.Layers.ToArray()
        let isAffine layer = activations layer |> List.forall (fun σ -> degree σ = Some 1)
        let degrees = layers |> Array.map (fun layer -> activations layer |> List.map degree)

        if degrees |> Array.forall (List.forall Option.isSome) then
            let largest layer = layer |> List.choose id |> List.max
            Some(LayerKnowledge.Polynomial(degrees |> Array.map largest |> Array.reduce (*)))
        else
            match layers |> Array.tryFindIndex (isAffine >> not) with
            | Some bent when
                Array.forall isAffine (Array.skip (bent + 1) layers) && List.forall isPiecewiseLinear (activations layers[bent])
                ->
                let compose (M, v) (layer: Layer<Rational>) = Matrix.multiply layer.Weights M, Layer.preactivations layer v
                let start = Matrix.identity map.InputWidth, Vector.zero map.InputWidth
                let affine = Array.fold compose start (Array.take bent layers)
                Some(LayerKnowledge.Kinks(kinks layers[bent] affine))
            | _ -> None
