namespace LayerTime.Core.Rigour

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Numbers.Arithmetic

/// A path of perceptrons s ↦ θ(s) = θ₀ + s·θ₁ + s²·θ₂ + …, weight by weight, with C² activations and one output.
[<NoComparison; NoEquality>]
type WeightPath = private {
    Terms: Perceptron<Interval>[]
} with

    /// n
    member path.Inputs = path.Terms[0].Inputs

/// Paths of weights: construction, and the gradient Φ_x(x, s) with its derivatives along directions of (x, s).
[<RequireQualifiedAccess>]
module WeightPath =
    /// Weight by weight.
    let private combine (f: 'T -> 'T -> 'T) (p: Perceptron<'T>) (q: Perceptron<'T>) : Perceptron<'T> =
        let layer (a: Neurons<'T>) (b: Neurons<'T>) = {
            Weights = Matrix.map2 f a.Weights b.Weights
            Bias = Array.map2 f a.Bias b.Bias
            Activations = a.Activations
        }

        let hidden = Array.map2 layer (p.Hidden.ToArray()) (q.Hidden.ToArray())
        let offset = Array.map2 f (p.OutputOffset.ToArray()) (q.OutputOffset.ToArray())
        Perceptron.create hidden (Matrix.map2 f p.Output q.Output) offset |> Defect.orFail

    let private activations (p: Perceptron<'T>) = p.Hidden.ToArray() |> Array.map _.Activations

    /// The path with terms θ₀, θ₁, … of equal shapes and activations, at least one; or what is wrong.
    let create (terms: Perceptron<Interval>[]) : Result<WeightPath, Defect list> =
        if terms.Length = 0 then
            Error [ Defect.create "" "no term" "at least one" ]
        else
            let shape p = Perceptron.map ignore p |> fun q -> q.Widths, activations q
            let shapes = terms |> Array.map shape |> Array.distinct

            let defects =
                Defect.unless (shapes.Length = 1) "terms" "different widths or activations" "equal ones"
                @ PerceptronCalculus.defects terms[0]

            if defects.IsEmpty then Ok { Terms = Array.copy terms } else Error defects

    /// The segment θ₀ + s·(θ₁ − θ₀), s ∈ [0, 1], between perceptrons of equal shapes; or what is wrong.
    let between (start: Perceptron<Interval>) (finish: Perceptron<Interval>) : Result<WeightPath, Defect list> =
        create [| start; finish |] |> Result.map (fun _ -> { Terms = [| start; combine (fun a b -> b - a) start finish |] })

    /// θ(s) by Horner's rule, over numbers into which intervals enter by `number`; over intervals, every perceptron of a piece of the path.
    let at (number: Interval -> 'T) (s: 'T) (path: WeightPath) : Perceptron<'T> when 'T :> IRing<'T> =
        path.Terms |> Array.map (Perceptron.map number) |> Array.reduceBack (combine (fun a b -> a + s * b))

    /// σ⁽ᵏ⁾ of jets from the ranges of the derivatives, k = 0 or 1.
    let private jet (order: int) (kind: ActivationKind) (t: Jet<Interval>) : Jet<Interval> =
        let derivative k = ActivationRange.derivative (Operators.(+) order k) kind t.Value
        Jet<Interval>.Chain(derivative 0, derivative 1, derivative 2, t)

    /// F, dF/dτ and d²F/dτ² of F = Φ_x(x + τ·x′, s + τ·s′) at τ = 0, over a box of (x, s) and of directions (x′, s′).
    let along (path: WeightPath) (x: Box, s: Interval) (x': Interval[], s': Interval) : struct (Interval[] * Interval[] * Interval[]) =
        let zero = Ring.ratio 0 1
        let line (value: Interval) (slope: Interval) = Jet(value, [| slope |], [| zero |])
        let p = at Jet.constant (line s s') path
        let gradient = PerceptronDerivatives.gradient jet p (Array.map2 line x x')
        let slopes = gradient |> Array.map (fun f -> (Jet.gradient 1 f)[0])
        let curvatures = gradient |> Array.map (fun f -> Jet.secondDerivative f 0 0)
        struct (gradient |> Array.map _.Value, slopes, curvatures)

    /// Φ_xs over a box of (x, s).
    let mixed (path: WeightPath) (x: Box) (s: Interval) : Interval[] =
        let struct (_, slopes, _) = along path (x, s) (Array.map (fun _ -> Ring.ratio 0 1) x, Ring.ratio 1 1)
        slopes

    /// Φ_x over a box of x for every s of a piece: natural, and by the mean value theorem in s, which keeps that all weights move together.
    let private gradientOver
        (path: WeightPath)
        (p: Perceptron<Interval>)
        (middle: Perceptron<Interval>)
        (s: Interval)
        (x: Box)
        : Interval[] =
        let deviation = s - Interval.ofFloat (Interval.midpoint s)
        let centred = Vector.addScaled (PerceptronCalculus.gradient middle x) deviation (mixed path x s)
        Array.map2 Interval.intersect (PerceptronCalculus.gradient p x) centred

    /// The affine enclosure at the middle of the piece, with what the rest of the piece adds to its error.
    let private lineariser (path: WeightPath) (middle: Perceptron<Interval>) (s: Interval) : ILineariser =
        let kernel = (GradientSystem.create middle).Lineariser()
        let radius = Interval.radius s

        {
            new ILineariser with
                member _.Linearise(box, enclosure) =
                    kernel.Linearise(box, enclosure)

                    let widen i slope =
                        let more = Directed.multiplyUp (Interval.magnitude slope) radius
                        enclosure.Error[i] <- Directed.addUp enclosure.Error[i] more

                    Array.iteri widen (mixed path box s)
        }

    /// Φ_θ for every θ of a piece of the path.
    let map (s: Interval) (path: WeightPath) : IScalarMap =
        let p = at id s path
        let middle = at id (Interval.ofFloat (Interval.midpoint s)) path

        let gradient = {
            new ISquareSystem with
                member _.Dimension = path.Inputs
                member _.Value box = gradientOver path p middle s box

                member _.ValueAndJacobian box =
                    let struct (_, hessian) = PerceptronCalculus.gradientAndHessian p box
                    struct (gradientOver path p middle s box, hessian)

                member _.Lineariser() = lineariser path middle s
        }

        {
            new IScalarMap with
                member _.Value box = PerceptronCalculus.value p box
                member _.Gradient = gradient
        }
