namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// <summary>Universal embedding: every function that a feed-forward map computes is the input–output map of an augmented neural ODE of one more dimension.</summary>
/// <remarks>h(0) = (x, 0), h′ = (0, …, 0, Ψ(h₁, …, h_n)/T), output h_{n+1}(T): the first n components stay, the last one grows linearly to Ψ(x).
/// Every Runge–Kutta method with Σ b_i = 1 runs it exactly.</remarks>
[<RequireQualifiedAccess>]
module Embedding =
    let private unit (n: int) (i: int) : 'T[] when 'T :> IRing<'T> = Vector.unit n i

    /// The neural ODE over [0, T] whose output is Ψ(x), exactly, for a map Ψ with one output.
    let ofMap (horizon: Rational) (ψ: LayerMap<'T>) : Result<NeuralOde<'T>, Defect list> when 'T :> IField<'T> =
        let n = ψ.InputWidth

        if ψ.OutputWidth <> 1 then
            Error [ Defect.create "output" $"{ψ.OutputWidth} outputs" "one: each output is embedded on its own" ]
        elif horizon.Sign <= 0 then
            Error [ Defect.create "horizon" $"{horizon}" "a time after 0" ]
        else
            let layers = ψ.Layers.ToArray()
            let first = layers[0]
            // Ψ does not read h_{n+1}.
            let blind = Matrix.init first.OutputWidth (n + 1) (fun i j -> if j < n then first.Weights[i, j] else 'T.Zero)
            let rate: 'T = 'T.OfRatio(horizon.Denominator, horizon.Numerator)
            let upward = Matrix.init (n + 1) 1 (fun i _ -> if i = n then rate else 'T.Zero)
            let lift = Matrix.init (n + 1) n (fun i j -> if i = j then 'T.One else 'T.Zero)

            match Layer.create blind (first.Bias.ToArray()) (first.Activations.ToArray()) with
            | Error defects -> Error defects
            | Ok head ->
                let field = LayerMap.create (Array.concat [ [| head |]; Array.tail layers; (LayerMap.linear upward).Layers.ToArray() ])
                let readout = LayerMap.linear (Matrix.ofRows [| unit (n + 1) n |])

                field
                |> Result.bind (fun field ->
                    NeuralOde.create (Some(LayerMap.linear lift)) [| { Until = horizon; Coefficients = [| field |] } |] (Some readout))

/// Whether a function can be the input–output map of a neural ODE.
[<RequireQualifiedAccess>]
type Embeddability =
    /// It is, by `Embedding.ofMap`: m ≥ n + 1.
    | Embeds
    /// It is not, for a lift of full rank: the function has a critical point. `AlsoDeficient`: for no lift at all, as it is non-degenerate.
    | NotEmbeddable of alsoDeficient: bool
    /// No critical point was proved.
    | Unknown of reason: string
