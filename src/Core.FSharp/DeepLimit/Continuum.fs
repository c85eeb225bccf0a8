namespace LayerTime.Core.DeepLimit

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics

/// <summary>E_∞(θ) = Σ_s w_s Φ_s(W X(1)[x_s] + c) + α₁R_∞(K; τ₁) + α₂R_∞(b; τ₂) + α₃‖W‖_F² + α₄|c|² with X′(t) = σ(K(t)X(t) + b(t)), X(0) = x_s.</summary>
[<RequireQualifiedAccess>]
module Continuum =
    /// Σ_k c_k(t − s)ᵏ as coefficients of powers of t.
    let private aroundZero (s: Rational) (coefficients: 'T[][]) : 'T[][] when 'T :> IRing<'T> =
        let weight k j : 'T =
            let power = Rational.power -s (j - k)
            'T.Product(Ring.ofInteger (Binomial.choose j k), 'T.OfRatio(power.Numerator, power.Denominator))

        coefficients
        |> Array.mapi (fun k _ ->
            Array.init (coefficients.Length - k) (fun i -> Vector.scale (weight k (k + i)) coefficients[k + i]) |> Vector.sum)

    /// The neural ODE X′(t) = σ(K(t)X(t) + b(t)), 0 ≤ t ≤ 1, with W X(1) + c as its readout.
    let neuralOde (activation: Activation<'T>) (θ: LimitWeights<'T>) : NeuralOde<'T> when 'T :> IRing<'T> =
        let kernel, bias = WeightFunction.refine θ.Bias.Times θ.Kernel, WeightFunction.refine θ.Kernel.Times θ.Bias
        let d = θ.Readout.Columns
        let starts = kernel.Times

        let piece j (k: WeightPiece<'T>) (b: WeightPiece<'T>) =
            let k', b' = aroundZero starts[j] k.Coefficients, aroundZero starts[j] b.Coefficients

            let at (coefficients: 'T[][]) length i = if i < coefficients.Length then coefficients[i] else Vector.zero length

            let coefficient i =
                let entries = at k' (d * d) i
                let σ = if i = 0 then activation else Activation.Identity
                LayerMap.dense (Matrix.init d d (fun r c -> entries[r * d + c])) (at b' d i) σ |> Defect.orFail

            { Until = k.Until; Coefficients = Array.init (max k'.Length b'.Length) coefficient }

        let readout = Layer.affine θ.Readout θ.Offset |> Defect.orFail |> LayerMap.ofLayer
        let pieces = Array.mapi2 piece kernel.Pieces bias.Pieces
        NeuralOde.create None pieces (Some readout) |> Defect.orFail

    /// α₁R_∞(K; τ₁) + α₂R_∞(b; τ₂) + α₃‖W‖_F² + α₄|c|² for continuous K and b; R_∞ of functions that jump is infinite.
    let penalty (regulariser: Regulariser<'T>) (θ: LimitWeights<'T>) : 'T :> IRing<'T> =
        let path (penalty: PathPenalty<'T> option) f =
            match penalty with
            | Some p -> 'T.Product(p.Strength, WeightFunction.energy p.Start f)
            | None -> 'T.Zero

        [
            path regulariser.Kernel θ.Kernel
            path regulariser.Bias θ.Bias
            Objective.outputPenalty regulariser θ.Readout θ.Offset
        ]
        |> List.reduce (fun a b -> 'T.Sum(a, b))

    /// E_∞ from the final states X(1)[x_s] of the samples, whoever computed them.
    let valueAt (problem: TrainingProblem<'T>) (θ: LimitWeights<'T>) (finals: 'T[][]) : 'T :> IRing<'T> =
        let readout = Layer.affine θ.Readout θ.Offset |> Defect.orFail |> LayerMap.ofLayer
        let data = finals |> Array.map (LayerMap.apply readout) |> Objective.dataTermAt problem
        'T.Sum(data, penalty problem.Regulariser θ)

    /// E_∞ in any field with the final states of an explicit method, its steps shared among the pieces of the weights.
    let valueBySteps (tableau: Tableau<Rational>) (steps: int) (problem: TrainingProblem<'T>) (θ: LimitWeights<'T>) : 'T :> IField<'T> =
        let ode = neuralOde problem.Activation θ

        problem.Samples
        |> Array.map (fun sample -> snd (Array.last (NeuralFlow.trajectory ignore tableau steps ode sample.Input)))
        |> valueAt problem θ

    /// E_∞ in floats by any method and settings: the value, or why a flow did not arrive or could not be asked for.
    let value
        (settings: FlowSettings)
        (method: FlowMethod)
        (problem: TrainingProblem<Binary64>)
        (θ: LimitWeights<Binary64>)
        : Result<float, Defect list> =
        let ode = neuralOde problem.Activation θ

        let final (sample: Sample<Binary64>) =
            NeuralFlow.solve settings method ode Rational.Zero Rational.One [] (Binary64.toFloats sample.Input)
            |> Result.bind (fun flow ->
                match flow.Stop with
                | StopReason.Completed -> Ok(Binary64.ofFloats flow.State)
                | stop -> Error [ Defect.create "flow" (stop.Sentence) "a solution up to t = 1" ])

        problem.Samples |> Array.map final |> Defect.all |> Result.map (fun finals -> (valueAt problem θ finals).Value)
