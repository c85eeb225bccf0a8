namespace LayerTime.Core.DeepLimit

open LayerTime.Core.Numbers
open LayerTime.Core.Networks

/// One data point (x, y) and its weight w in the sum of losses.
[<NoComparison>]
type Sample<'T> = {
    /// x
    Input: 'T[]
    /// y, as long as the output of the network.
    Target: 'T[]
    /// w ≥ 0: 1 for a sum, 1/S for a mean over S samples.
    Weight: 'T
}

/// The H¹ penalty α·R(f; τ) of a weight function f: α(∫|f′|² + τ|f(0)|²).
[<Struct; NoComparison>]
type PathPenalty<'T> = {
    /// α, positive where the limit theorem is to hold.
    Strength: 'T
    /// τ, positive where the limit theorem is to hold.
    Start: 'T
}

/// The penalties of the four blocks of the weights. A block without penalty is frozen: it is no variable, and its gradient is 0.
[<NoComparison>]
type Regulariser<'T> = {
    /// α₁ and τ₁, of K.
    Kernel: PathPenalty<'T> option
    /// α₂ and τ₂, of b.
    Bias: PathPenalty<'T> option
    /// α₃ of α₃‖W‖_F².
    Readout: 'T option
    /// α₄ of α₄|c|².
    Offset: 'T option
}

/// Regularisers.
[<RequireQualifiedAccess>]
module Regulariser =
    /// One α and one τ for all blocks, all of them free.
    let uniform (strength: 'T) (start: 'T) : Regulariser<'T> =
        let path = Some { Strength = strength; Start = start }
        { Kernel = path; Bias = path; Readout = Some strength; Offset = Some strength }

    /// The same regulariser over other numbers.
    let map (number: 'T -> 'U) (regulariser: Regulariser<'T>) : Regulariser<'U> =
        let path = Option.map (fun p -> { Strength = number p.Strength; Start = number p.Start })

        {
            Kernel = path regulariser.Kernel
            Bias = path regulariser.Bias
            Readout = Option.map number regulariser.Readout
            Offset = Option.map number regulariser.Offset
        }

/// <summary>What is minimised at every depth n: the data, the loss, the activation and the penalties.</summary>
/// <remarks>E_n(θ) = Σ_s w_s Φ_s(W X_n[x_s] + c) + α₁R_n(K; τ₁) + α₂R_n(b; τ₂) + α₃‖W‖_F² + α₄|c|² (Thorpe and van Gennip 2023).</remarks>
[<NoComparison>]
type TrainingProblem<'T> = private {
    SampleList: Sample<'T>[]
    Sigma: Activation<'T>
    Phi: Loss<'T>
    Penalties: Regulariser<'T>
} with

    /// The samples; at least one.
    member problem.Samples: Sample<'T>[] = Array.copy problem.SampleList
    /// σ, for every coordinate of every layer.
    member problem.Activation = problem.Sigma
    /// Φ
    member problem.Loss = problem.Phi
    /// The penalties.
    member problem.Regulariser = problem.Penalties
    /// d, the number of inputs and of components of the state.
    member problem.Width: int = problem.SampleList[0].Input.Length
    /// m, the number of outputs.
    member problem.Outputs: int = problem.SampleList[0].Target.Length
    /// The samples without the cost of a copy.
    member internal problem.Data = problem.SampleList

/// Training problems: construction.
[<RequireQualifiedAccess>]
module TrainingProblem =
    /// A problem, or all that is wrong with its samples: at least one, of one number of inputs and one of targets, at least one of each.
    let create
        (activation: Activation<'T>)
        (loss: Loss<'T>)
        (regulariser: Regulariser<'T>)
        (samples: Sample<'T>[])
        : Result<TrainingProblem<'T>, Defect list> =
        let defects = [
            match Array.tryHead samples with
            | None -> Defect.create "samples" "none" "at least one"
            | Some first ->
                let d, m = first.Input.Length, first.Target.Length
                yield! Defect.unless (d > 0) "sample 0" "no input" "at least one"
                yield! Defect.unless (m > 0) "sample 0" "no target" "at least one"

                for s, sample in Array.indexed samples do
                    yield! Defect.unless (sample.Input.Length = d) $"sample {s}" $"{sample.Input.Length} inputs" $"{d}, as in sample 0"
                    yield! Defect.unless (sample.Target.Length = m) $"sample {s}" $"{sample.Target.Length} targets" $"{m}, as in sample 0"
        ]

        if defects.IsEmpty then
            Ok { SampleList = Array.copy samples; Sigma = activation; Phi = loss; Penalties = regulariser }
        else
            Error defects

    /// The same problem with other penalties.
    let withRegulariser (regulariser: Regulariser<'T>) (problem: TrainingProblem<'T>) : TrainingProblem<'T> = {
        problem with
            Penalties = regulariser
    }

    /// The same problem over other numbers, with the loss and the activation of those.
    let map (number: 'T -> 'U) (activation: Activation<'U>) (loss: Loss<'U>) (problem: TrainingProblem<'T>) : TrainingProblem<'U> =
        let sample (s: Sample<'T>) = { Input = Array.map number s.Input; Target = Array.map number s.Target; Weight = number s.Weight }

        {
            SampleList = Array.map sample problem.SampleList
            Sigma = activation
            Phi = loss
            Penalties = Regulariser.map number problem.Penalties
        }
