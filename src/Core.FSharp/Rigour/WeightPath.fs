namespace LayerTime.Core.Rigour

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// A one-parameter path of scalar perceptrons, every weight a polynomial of the parameter: θ(s) = Σ_k s^k·θ_k.
[<NoComparison; NoEquality>]
type WeightPath = private {
    Terms: Perceptron<Interval>[]
} with

    /// n, the number of inputs along the path.
    member path.Inputs: int = path.Terms[0].Inputs

/// Paths of weights.
[<RequireQualifiedAccess>]
module WeightPath =
    /// The path Σ_k s^k·θ_k of perceptrons of equal shape; or every defect: no term, different widths, more than one output, or an
    /// activation that is not smooth. The activations are those of θ₀.
    let create (terms: Perceptron<Interval>[]) : Result<WeightPath, Defect list> =
        let widths (p: Perceptron<Interval>) = p.Widths |> Array.map string |> String.concat "-"

        let defects =
            if terms.Length = 0 then
                [ Defect.create "" "no term" "at least θ₀" ]
            else
                [
                    yield! PerceptronCalculus.defects terms[0]

                    for k in 1 .. terms.Length - 1 do
                        yield! Defect.unless (terms[k].Widths = terms[0].Widths) $"term {k}" (widths terms[k]) (widths terms[0])
                ]

        if defects.IsEmpty then Ok { Terms = Array.copy terms } else Error defects

    /// Entry by entry, with the activations of the first.
    let private zip (f: 'T -> 'T -> 'T) (a: Perceptron<'T>) (b: Perceptron<'T>) : Perceptron<'T> =
        let layer (x: Neurons<'T>) (y: Neurons<'T>) = {
            Weights = Matrix.map2 f x.Weights y.Weights
            Bias = Array.map2 f x.Bias y.Bias
            Activations = x.Activations
        }

        Perceptron.create
            (Array.map2 layer (a.Hidden.ToArray()) (b.Hidden.ToArray()))
            (Matrix.map2 f a.Output b.Output)
            (Array.map2 f (a.OutputOffset.ToArray()) (b.OutputOffset.ToArray()))
        |> Defect.orFail

    /// The straight path θ₀ + s·(θ₁ − θ₀), from θ₀ at s = 0 to θ₁ at s = 1.
    let between (start: Perceptron<Interval>) (finish: Perceptron<Interval>) : Result<WeightPath, Defect list> =
        if start.Widths = finish.Widths then
            create [| start; zip (fun a b -> Arithmetic.(-) b a) start finish |]
        else
            create [| start; finish |]

    /// θ(s) in any number system, by Horner's rule.
    let at (number: Interval -> 'T) (s: 'T) (path: WeightPath) : Perceptron<'T> when 'T :> IRing<'T> =
        path.Terms
        |> Array.map (Perceptron.map number)
        |> Array.reduceBack (zip (fun low high -> Arithmetic.(+) low (Arithmetic.(*) s high)))
