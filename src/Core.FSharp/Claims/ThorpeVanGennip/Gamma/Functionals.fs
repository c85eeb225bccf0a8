namespace LayerTime.Core.Claims.ThorpeVanGennip.Gamma

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.DeepLimit
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.ThorpeVanGennip

/// A training problem with squared loss and tanh in floats, and weights of some depth.
[<NoComparison; NoEquality>]
type internal Trained = { Problem: TrainingProblem<Binary64>; Weights: ResidualWeights<Binary64> }

/// E_n and E_∞ of the same weights, and the constant C between them.
[<RequireQualifiedAccess>]
module internal Functionals =
    let private vector (x: Binary64[]) : float[] = Binary64.toFloats x

    /// Σ|ΔK_i|, at least ∫|K′| of the interpolant.
    let private variation (sequence: float[][]) : float = sequence |> Array.pairwise |> Array.sumBy (fun (a, b) -> ForwardRuns.distance a b)

    let private largest (sequence: float[][]) : float = sequence |> Array.map ForwardRuns.norm |> Array.max

    /// Σ_sw_s·Lip_s·‖W‖·δ_s, Lip_s = 2(‖W‖R_s + |c| + |y_s|): what errors δ_s of final states do to the data term; σ = tanh.
    let private spread
        (problem: TrainingProblem<Binary64>)
        (weights: ResidualWeights<Binary64>)
        (a: float)
        (b: float)
        (riseK: float)
        (riseB: float)
        (δ: DepthField -> float)
        : float =
        let w = ForwardRuns.norm (vector (weights.Readout.Entries.ToArray()))
        let c = ForwardRuns.norm (vector weights.Offset)

        problem.Samples
        |> Array.sumBy (fun sample ->
            let field = { KnownFields.growth a with Start = vector sample.Input; M = 1.0; Bias = b; RiseK = riseK; RiseB = riseB }

            let r, _ = ForwardRuns.bounds field
            sample.Weight.Value * 2.0 * (w * r + c + ForwardRuns.norm (vector sample.Target)) * w * δ field)

    /// C(θ) = Σ_sw_s·Lip_s·‖W‖e^{LA}L(R_sD_K + D_b + AV_s/2) from bounds A, B, D_K, D_b of the weights.
    let constant problem weights (a: float) (b: float) (riseK: float) (riseB: float) : float =
        spread problem weights a b riseK riseB ForwardRuns.rate

    /// Roundings of E_n and of E_∞ by so many steps: those of the states, and those of sums of squares, which are shares of them.
    let rounding problem (weights: ResidualWeights<Binary64>) (a: float) (b: float) (steps: int) (value: float) : float =
        let n, d = weights.Depth, weights.Readout.Columns

        let states =
            spread problem weights a b 0.0 0.0 (fun field -> ForwardRuns.rounding field n + ForwardRuns.rounding field steps)

        states + 2.0 * Errors.γ (n * (d * d + d) + steps + 32) * value

    let private nodes (trained: Trained) : float[][] * float[][] =
        ResidualWeights.kernelSequence trained.Weights |> Array.map vector, trained.Weights.Bias |> Array.map vector

    /// C(I_nθ), from the nodes.
    let constantOfNodes (trained: Trained) : float =
        let kernel, bias = nodes trained
        constant trained.Problem trained.Weights (largest kernel) (largest bias) (variation kernel) (variation bias)

    /// `rounding` with bounds from the nodes.
    let roundingOfNodes (trained: Trained) (steps: int) (value: float) : float =
        let kernel, bias = nodes trained
        rounding trained.Problem trained.Weights (largest kernel) (largest bias) steps value

    /// E_∞ with a doubt, by the method of order 4: twice the steps change it by fifteen times its error.
    let limitValue (steps: int) (problem: TrainingProblem<Binary64>) (θ: LimitWeights<Binary64>) : float * float =
        let value steps = (Continuum.valueBySteps Tableaus.rungeKutta4 steps problem θ).Value
        let fine = value (2 * steps)
        fine, abs (fine - value steps)

    /// d ≤ 3, S ∈ {1, 2, 4}, α log-uniform in [10⁻³, 1], τ in [¼, 4], x ~ N(0, 1), y ∈ [−2, 2].
    let drawProblem (d: int) (stream: RandomStream) : TrainingProblem<Binary64> =
        let logUniform low high = Elementary.exp (stream.NextFloat(Elementary.log low, Elementary.log high)) |> Binary64
        let normals size = Array.init size (fun _ -> Binary64(PolynomialCase.normal stream))
        let path () = Some { Strength = logUniform 1e-3 1.0; Start = logUniform 0.25 4.0 }

        let regulariser: Regulariser<Binary64> = {
            Kernel = path ()
            Bias = path ()
            Readout = Some(logUniform 1e-3 1.0)
            Offset = Some(logUniform 1e-3 1.0)
        }

        Array.init (Draws.choice stream [| 1; 2; 4 |]) (fun _ -> {
            Input = normals d
            Target = [| Binary64(stream.NextFloat(-2.0, 2.0)) |]
            Weight = Binary64 1.0
        })
        |> TrainingProblem.create Activation.tanh Loss.squared regulariser
        |> Defect.orFail

    /// Rough or smooth sequences: a random walk, or a polynomial with a wave of size 1/n.
    let drawSequence (n: int) (size: int) (stream: RandomStream) : Binary64[][] =
        let normal () = PolynomialCase.normal stream

        if stream.NextBool() then
            let step (x: float[]) _ = x |> Array.map (fun a -> a + 2.0 * normal () / sqrt (float n))
            Array.scan step (Array.init size (fun _ -> 0.7 * normal ())) [| 2..n |] |> Array.map Binary64.ofFloats
        else
            let c = Array.init 3 (fun _ -> Array.init size (fun _ -> 0.7 * normal ()))
            let wave = normal ()

            Array.init n (fun i ->
                let t = float i / float n
                let sign = if i % 2 = 0 then wave else -wave
                Array.init size (fun e -> Binary64(c[0][e] + t * (c[1][e] + t * c[2][e]) + sign / float n)))

    /// A problem with weights of depth n.
    let draw (depths: int[]) (stream: RandomStream) : Trained =
        let d = stream.NextInt(1, 3)
        let n = Draws.choice stream depths
        let problem = drawProblem d stream
        let kernel = drawSequence n (d * d) stream

        {
            Problem = problem
            Weights = {
                Kernel = kernel |> Array.map (Array.chunkBySize d >> Matrix.ofRows)
                Bias = drawSequence n d stream
                Readout = Matrix.init 1 d (fun _ _ -> Binary64(PolynomialCase.normal stream))
                Offset = [| Binary64(PolynomialCase.normal stream) |]
            }
        }

    /// The same problem with some of its samples only.
    let shrinkProblem (problem: TrainingProblem<Binary64>) : TrainingProblem<Binary64> seq =
        Shrink.array 1 Shrink.none problem.Samples
        |> Seq.map (TrainingProblem.create problem.Activation problem.Loss problem.Regulariser >> Defect.orFail)

    /// Fewer samples, fewer layers, zeros in the place of biases, offset or kernels.
    let shrink (trained: Trained) : Trained seq =
        seq {
            let θ = trained.Weights
            let with' weights = { trained with Weights = weights }
            let isZero (x: Binary64[]) = x |> Array.forall (fun a -> a.Value = 0.0)
            let zero (x: Binary64[]) : Binary64[] = Vector.zero x.Length

            for problem in shrinkProblem trained.Problem do
                { trained with Problem = problem }

            for n in Shrink.int 1 θ.Depth do
                with' { θ with Kernel = Array.truncate n θ.Kernel; Bias = Array.truncate n θ.Bias }

            if not (Array.forall isZero θ.Bias) then
                with' { θ with Bias = Array.map zero θ.Bias }

            if not (isZero θ.Offset) then
                with' { θ with Offset = zero θ.Offset }

            if not (θ.Kernel |> Array.forall (fun k -> isZero (k.Entries.ToArray()))) then
                with' { θ with Kernel = θ.Kernel |> Array.map (fun k -> Matrix.zero k.Rows k.Columns) }
        }

    let show (trained: Trained) : (string * string) list = [
        "samples", trained.Problem.Samples |> Array.map (fun s -> sprintf "%A → %A" s.Input s.Target) |> String.concat "; "
        "K", trained.Weights.Kernel |> Array.map string |> String.concat " "
        "b", sprintf "%A" trained.Weights.Bias
        "W", string trained.Weights.Readout
        "n", string trained.Weights.Depth
    ]
