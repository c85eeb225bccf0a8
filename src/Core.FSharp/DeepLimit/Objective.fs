namespace LayerTime.Core.DeepLimit

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics

/// <summary>E_n(θ) = Σ_s w_s Φ_s(W X_n[x_s] + c) + α₁R_n(K; τ₁) + α₂R_n(b; τ₂) + α₃‖W‖_F² + α₄|c|² and its exact gradient, in any number system.</summary>
[<RequireQualifiedAccess>]
module Objective =
    /// The network with the weights θ, if their shapes are those of the problem.
    let private networkOf (problem: TrainingProblem<'T>) (θ: ResidualWeights<'T>) : Network<'T> when 'T :> IRing<'T> =
        match ResidualWeights.defects problem.Width problem.Outputs θ with
        | [] -> ResidualWeights.network problem.Activation θ
        | defects -> invalidArg (nameof θ) (System.String.Join("; ", defects))

    let private sum (terms: 'T seq) : 'T :> IRing<'T> = Seq.fold (fun total term -> 'T.Sum(total, term)) 'T.Zero terms

    /// Σ_s w_s Φ_s(z_s) for the outputs z_s of the samples in their order.
    let dataTermAt (problem: TrainingProblem<'T>) (outputs: 'T[][]) : 'T :> IRing<'T> =
        Seq.map2 (fun sample z -> 'T.Product(sample.Weight, problem.Loss.Value(z, sample.Target))) problem.Data outputs |> sum

    let private runs (network: Network<'T>) (problem: TrainingProblem<'T>) : Trajectory<'T>[] when 'T :> IRing<'T> =
        problem.Data |> Array.map (fun sample -> Simulation.run network.Equation [| sample.Input |])

    /// The trajectories X_0, …, X_n of the samples.
    let trajectories (problem: TrainingProblem<'T>) (θ: ResidualWeights<'T>) : Trajectory<'T>[] when 'T :> IRing<'T> =
        runs (networkOf problem θ) problem

    /// The outputs W X_n[x_s] + c of the samples.
    let outputs (problem: TrainingProblem<'T>) (θ: ResidualWeights<'T>) : 'T[][] when 'T :> IRing<'T> =
        let network = networkOf problem θ
        runs network problem |> Array.map (Simulation.output network)

    /// The data term Σ_s w_s Φ_s(W X_n[x_s] + c).
    let dataTerm (problem: TrainingProblem<'T>) (θ: ResidualWeights<'T>) : 'T :> IRing<'T> = outputs problem θ |> dataTermAt problem

    let private path (energy: 'T -> 'T) (penalty: PathPenalty<'T> option) : 'T :> IRing<'T> =
        match penalty with
        | Some p -> 'T.Product(p.Strength, energy p.Start)
        | None -> 'T.Zero

    let private normSquared (x: 'T[]) : 'T :> IRing<'T> = Vector.dot x x

    /// α₃‖W‖_F² + α₄|c|²
    let outputPenalty (regulariser: Regulariser<'T>) (readout: Matrix<'T>) (offset: 'T[]) : 'T :> IRing<'T> =
        let term α (x: 'T[]) =
            match α with
            | Some α -> 'T.Product(α, normSquared x)
            | None -> 'T.Zero

        'T.Sum(term regulariser.Readout (readout.Entries.ToArray()), term regulariser.Offset offset)

    /// α₁R_n(K; τ₁) + α₂R_n(b; τ₂) + α₃‖W‖_F² + α₄|c|²
    let penalty (regulariser: Regulariser<'T>) (θ: ResidualWeights<'T>) : 'T :> IRing<'T> =
        sum [
            path (fun τ -> WeightSequence.energy τ (ResidualWeights.kernelSequence θ)) regulariser.Kernel
            path (fun τ -> WeightSequence.energy τ θ.Bias) regulariser.Bias
            outputPenalty regulariser θ.Readout θ.Offset
        ]

    /// E_n(θ)
    let value (problem: TrainingProblem<'T>) (θ: ResidualWeights<'T>) : 'T :> IRing<'T> =
        'T.Sum(dataTerm problem θ, penalty problem.Regulariser θ)

    /// Backward through the layers for one sample without its weight: the momenta P_0, …, P_n with P_n = Wᵀ∇Φ(W X_n + c) and
    /// P_i = P_{i+1} + K_iᵀ(σ′(z_i) ⊙ P_{i+1})/n, and the gradients in K_i and b_i, W and c.
    let private backward
        (network: Network<'T>)
        (loss: Loss<'T>)
        (sample: Sample<'T>)
        (x: Trajectory<'T>)
        : 'T[][] * ResidualWeights<'T> when 'T :> IRing<'T> =
        let slope = loss.Gradient(Simulation.output network x, sample.Target)
        let covector, atReadout = LayerMap.pullback network.Readout.Value x[x.Depth] slope
        let gradient = Adjoint.gradient network.Equation x covector
        let layers = gradient.Parameters |> Array.map (fun terms -> terms[0][0])

        gradient.Momentum,
        { Kernel = Array.map fst layers; Bias = Array.map snd layers; Readout = fst atReadout[0]; Offset = snd atReadout[0] }

    /// The momenta P_{s,0}, …, P_{s,n} of every sample s along its trajectory, without the weight w_s.
    let momenta (problem: TrainingProblem<'T>) (θ: ResidualWeights<'T>) : 'T[][][] when 'T :> IRing<'T> =
        let network = networkOf problem θ
        Array.map2 (fun sample x -> fst (backward network problem.Loss sample x)) problem.Data (runs network problem)

    let private combine (number: 'T -> 'T -> 'T) (a: ResidualWeights<'T>) (b: ResidualWeights<'T>) : ResidualWeights<'T> = {
        Kernel = Array.map2 (Matrix.map2 number) a.Kernel b.Kernel
        Bias = Array.map2 (Array.map2 number) a.Bias b.Bias
        Readout = Matrix.map2 number a.Readout b.Readout
        Offset = Array.map2 number a.Offset b.Offset
    }

    /// The gradient of the data term in every weight, frozen or not.
    let dataGradient (problem: TrainingProblem<'T>) (θ: ResidualWeights<'T>) : ResidualWeights<'T> when 'T :> IRing<'T> =
        let network = networkOf problem θ

        let ofSample (sample: Sample<'T>) (x: Trajectory<'T>) =
            backward network problem.Loss sample x |> snd |> ResidualWeights.map (fun g -> 'T.Product(sample.Weight, g))

        Array.map2 ofSample problem.Data (runs network problem) |> Array.reduce (combine (fun a b -> 'T.Sum(a, b)))

    /// ∇E_n(θ) in the nodal values: in K the gradient of the data term plus 2α₁A_nK, and so on; 0 in the frozen blocks.
    let gradient (problem: TrainingProblem<'T>) (θ: ResidualWeights<'T>) : ResidualWeights<'T> when 'T :> IRing<'T> =
        let data = dataGradient problem θ
        let twice α : 'T = 'T.Product(Ring.ratio 2 1, α)

        let ofPath (penalty: PathPenalty<'T> option) (values: 'T[][]) (slopes: 'T[][]) =
            match penalty with
            | Some p -> Array.map2 (fun g v -> Vector.addScaled g (twice p.Strength) v) slopes (WeightSequence.metric p.Start values)
            | None -> slopes |> Array.map (fun g -> Vector.zero g.Length)

        let ofVector α (values: 'T[]) (slopes: 'T[]) =
            match α with
            | Some α -> Vector.addScaled slopes (twice α) values
            | None -> Vector.zero slopes.Length

        let regulariser = problem.Regulariser
        let entries (m: Matrix<'T>) = m.Entries.ToArray()

        let kernel = ofPath regulariser.Kernel (ResidualWeights.kernelSequence θ) (ResidualWeights.kernelSequence data)
        let readout = ofVector regulariser.Readout (entries θ.Readout) (entries data.Readout)

        {
            ResidualWeights.withSequences kernel (ofPath regulariser.Bias θ.Bias data.Bias) θ with
                Readout = Matrix.init θ.Readout.Rows θ.Readout.Columns (fun i j -> readout[i * θ.Readout.Columns + j])
                Offset = ofVector regulariser.Offset θ.Offset data.Offset
        }

    /// <summary>η_n = −(1/2n) Σ_s w_s Σ_{i=0..n−2} P_{s,i+1}·(V_{s,i+1} − V_{s,i}) with V_i = σ(K_i X_i + b_i): an estimate of E_n(θ) − E_∞(I_nθ) up to O(n⁻²).</summary>
    /// <remarks>At a non-degenerate minimiser it estimates min E_n − min E_∞ as well. The sum ends at n − 2, as there is no K_n. Our own, beyond the paper.</remarks>
    let depthError (problem: TrainingProblem<'T>) (θ: ResidualWeights<'T>) : 'T :> IRing<'T> =
        let network = networkOf problem θ
        let n = θ.Depth

        let velocity (x: Trajectory<'T>) i = Simulation.rightHandSide network.Equation.RightHandSides[i] [| x[i] |]

        let ofSample (sample: Sample<'T>) (x: Trajectory<'T>) =
            let momenta = fst (backward network problem.Loss sample x)
            let v = Array.init n (velocity x)
            let jumps = Array.init (n - 1) (fun i -> Vector.dot momenta[i + 1] (Vector.subtract v[i + 1] v[i]))
            'T.Product(sample.Weight, sum jumps)

        'T.Product(Ring.ratio -1 (2 * n), Seq.map2 ofSample problem.Data (runs network problem) |> sum)
