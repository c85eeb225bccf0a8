/// In the metric of the regulariser the number of iterations does not grow with depth.
///
/// Statement: in the variables u_0 = √τK_0, u_i = √n(K_i − K_{i−1}) the Hessian of E_n near a minimiser with a coercive second variation is bounded above and below for all n, so L-BFGS needs a number of iterations that does not depend on n; in the values
/// K_i the condition grows like n². For problem A the Hessian in this metric has the eigenvalues 2α and 2α + 2g_n.
/// Proof: R_n = |u|² and max|K_i| ≤ (1 + 1/τ)^{1/2}|u|; differentiate the recursion twice, and the discrete Grönwall lemma. The bound of the number of iterations is not proven beyond that; it is observed.
/// Iterations from K = b = 0 until |∇_uE| ≤ 10⁻⁶, memory 10, at n = 16, 64, 256: 7, 9, 8 for problem B (at n = 8 only 4, where the line search is lucky) and 14, 15, 15 for problem D.
/// Our own.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.ThorpeVanGennip.Minimisers.MeshIndependence

open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.DeepLimit
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.ThorpeVanGennip
open LayerTime.Core.Claims.ThorpeVanGennip.Benchmarks

/// |∇_uE| from the gradient in the values: (Σ g·A_n⁻¹g)^{1/2} over K and b, for one neuron per layer.
let private metricNorm (τ: float) (n: int) (gradient: float[]) : float =
    let block offset =
        let g = Array.init n (fun i -> [| Binary64 gradient[2 * i + offset] |])
        let v = WeightSequence.sobolev (Binary64 τ) g
        Array.map2 (fun (a: Binary64[]) (b: Binary64[]) -> a[0].Value * b[0].Value) g v |> Array.sum

    sqrt (max 0.0 (block 0 + block 1))

/// The iterations of a problem of one neuron, at most 800.
let private iterations (coordinates: WeightCoordinates) (problem: NeuronProblem) (n: int) : int =
    let f = TrainingFunction(Extremals.training problem, n, coordinates)
    let settings = { LbfgsSettings.defaults with Memory = 10; GradientTolerance = 0.0; IterationLimit = 800 }
    let zero = Array.create n (Binary64 0.0)

    let norm (state: LbfgsState) =
        if coordinates = WeightCoordinates.Increments then state.GradientNorm else metricNorm 1.0 n state.Gradient

    let rec go (state: LbfgsState) = if norm state <= 1e-6 || state.Stop.IsSome then state.Iterations else go (Lbfgs.step settings f state)

    go (Lbfgs.start settings f (f.OfWeights(Scalar.weights zero zero)))

/// The largest count is at most 1.6 times the smallest.
let private isIndependent (coordinates: WeightCoordinates) (name: string, problem: NeuronProblem) : Outcome =
    let counts = [ 16; 64; 256 ] |> List.map (iterations coordinates problem >> float)
    Outcome.atMost $"the ratio of the iterations, problem {name}" 1.6 (List.max counts / List.min counts)

/// H·A_n⁻¹1 = (2α + 2g_n)·1 and H·v = 2αA_nv for v of mean 0, H the Hessian of problem A: differences of the gradient, which is affine.
let private hasSpectrum (n: int, α: Rational, τ: Rational) : Outcome =
    let problem = Scalar.problem Activation.Identity None (Some { Strength = α; Start = τ }) [| Rational.Zero, Rational.One |]
    let gradient b = (Objective.gradient problem (Scalar.weights (Array.create n Rational.Zero) b)).Bias |> Array.concat
    let hessian v = Array.map2 (-) (gradient v) (gradient (Array.create n Rational.Zero))
    let ones = Array.create n Rational.One
    let inverse = WeightSequence.sobolev τ (Sequences.ofNumbers ones) |> Array.concat
    let g = Sequences.kernelMean n τ
    let two = Rational.ofInt 2

    let v =
        Array.init n (fun i ->
            if i = 0 then Rational.One
            elif i = n - 1 then -Rational.One
            else Rational.Zero)

    let metric = WeightSequence.metric τ (Sequences.ofNumbers v) |> Array.concat

    Outcome.all [
        Check.vectors "H·A_n⁻¹1" (Array.map (fun one -> (two * α + two * g) * one) ones) (hessian inverse)
        if n >= 2 then
            Check.vectors "H·v for v of mean 0" (metric |> Array.map (fun a -> two * α * a)) (hessian v)
    ]

let claim: Claim =
    let problems = [ "B", ScalarLinear.reference.Problem; "D", TanhBoundaryValue.problem ]
    let showProblem (name: string, _) = [ "problem", name ]

    let spectra =
        Generator.fromStream
            (fun _ (stream: RandomStream) -> stream.NextInt(1, 12), SequenceDraws.positive stream, SequenceDraws.positive stream)
            (fun (n, α, τ) ->
                seq {
                    for n in Shrink.int 1 n do
                        n, α, τ

                    for α in SequenceDraws.shrinkPositive α do
                        n, α, τ

                    for τ in SequenceDraws.shrinkPositive τ do
                        n, α, τ
                })
            (fun (n, α, τ) -> [ "n", string n; "α, τ", Known.show [| α; τ |] ])

    Paper.define
        "thorpe-van-gennip.training.mesh-independence"
        Paper.own
        "In the variables in which the regulariser is |u|² the number of iterations of L-BFGS does not grow with depth."
    |> Claim.hypothesis "H1" "the metric is that of the regulariser"
    |> Claim.exact "spectrum" (Instances.random spectra 40) hasSpectrum
    |> Claim.asymptotic "iterations" (Instances.ladder showProblem problems) (isIndependent WeightCoordinates.Increments)
    |> Known.exact "condition" [
        Known.value "1 + g_n/α for α = 1/2, τ = 2, n = 4, 16, 64" "39/16 667/256 10859/4096" (fun () -> [|
            for n in [ 4; 16; 64 ] -> Rational.One + Rational.ofInt 2 * Sequences.kernelMean n (Rational.ofInt 2)
        |])
    ]
    |> Claim.neededBy "H1" (Instances.ladder showProblem problems) (isIndependent WeightCoordinates.Nodal)
