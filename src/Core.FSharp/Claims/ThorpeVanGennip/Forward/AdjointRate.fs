/// Adjoints and gradients converge with order 1 as well.
///
/// Statement: σ ∈ C¹ with a Lipschitz derivative: P_i = P_{i+1} + K_iᵀ(σ′(z_i)∘P_{i+1})/n tends to P′ = −Kᵀ(σ′(KX + b)∘P) with order 1, and n·∂/∂K_i of the data term, (σ′(z_i)∘P_{i+1})X_iᵀ, to the gradient in L². P_{i+1} is paired with
/// X_i. For σ = id, d = 1 the product P_iX_i is constant in i.
/// Proof: the adjoint is the derivative of the forward pass; the rate is that of the forward pass for (X, P).
/// The gradient is checked against dual numbers, in fractions.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.ThorpeVanGennip.Forward.AdjointRate

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.DeepLimit
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas
open LayerTime.Core.Claims.ThorpeVanGennip

/// P_0, …, P_n of the first component of the output: with y = z − ½ the squared loss has the slope 2(z − y) = 1.
let private adjoints (field: DepthField) (n: int) : float[][] =
    let d = field.Dimension
    let first = Matrix.init 1 d (fun _ j -> if j = 0 then Binary64 1.0 else Binary64 0.0)
    let weights = { ForwardRuns.sample field n with Readout = first; Offset = [| Binary64 0.0 |] }
    let output = ForwardRuns.states field weights |> Array.last |> Array.head
    let none: Regulariser<Binary64> = { Kernel = None; Bias = None; Readout = None; Offset = None }
    let sample = { Input = Binary64.ofFloats field.Start; Target = [| Binary64(output - 0.5) |]; Weight = Binary64 1.0 }
    let problem = TrainingProblem.create field.Sigma Loss.squared none [| sample |] |> Defect.orFail
    (Objective.momenta problem weights)[0] |> Array.map Binary64.toFloats

/// P(j/N): (X, P) backward from (X(1), (1, 0, …)).
let private limit (field: DepthField) (steps: int) : float[][] =
    let d = field.Dimension
    let final = ForwardRuns.limit field steps |> Array.last

    // In the time s = 1 − t.
    let rate s (y: float[]) =
        let x, p = Array.splitAt d y
        let t = 1.0 - s
        let k = field.K t
        let z = Array.map2 (+) (FloatNetworks.apply k x) (field.B t)
        let slopes = z |> Array.map (fun z -> (Activation.derivative field.Sigma (Binary64 z)).Value)
        let pull = FloatNetworks.applyTransposed k (Array.map2 (*) slopes p)
        Array.append (Array.map (~-) (ForwardRuns.velocity field t x)) pull

    let field' = VectorField.ofFunction (2 * d) (fun (s: Binary64) y -> Binary64.ofFloats (rate s.Value (Binary64.toFloats y)))

    let unit = Array.init d (fun j -> if j = 0 then 1.0 else 0.0)

    FloatSteps.states Tableaus.rungeKutta4 field' (Array.append final unit) 1.0 steps
    |> Array.map (Array.skip d)
    |> Array.rev

let private ladder (field: DepthField) : Outcome =
    let fine, coarse = limit field 2048, limit field 1024
    let doubt = Seq.init 1025 (fun j -> ForwardRuns.distance (fine[2 * j]) (coarse[j])) |> Seq.max

    [ 16; 32; 64; 128; 256 ]
    |> List.map (fun n ->
        let p = adjoints field n

        {
            Resolution = float n
            Error = ForwardRuns.error p (Array.init (n + 1) (fun i -> fine[i * (2048 / n)]))
            Floor = doubt + ForwardRuns.rounding field n
        })
    |> Asymptotic.within "max|P_i − P(i/n)|" (0.9, 1.1)

/// A problem in fractions, and a direction.
[<NoComparison>]
type private Exact = { Kernel: Rational[]; Bias: Rational[]; X: Rational; Y: Rational; Relu: bool; Layer: int }

let private show (case: Exact) : (string * string) list = [
    "K", Known.show case.Kernel
    "b", Known.show case.Bias
    "x, y", Known.show [| case.X; case.Y |]
    "σ", (if case.Relu then "relu" else "cubic")
    "layer", string case.Layer
]

let private generator: Generator<Exact> =
    let draw _ (stream: RandomStream) =
        let n = stream.NextInt(1, 4)

        {
            Kernel = Array.init n (fun _ -> SequenceDraws.fraction stream)
            Bias = Array.init n (fun _ -> SequenceDraws.fraction stream)
            X = SequenceDraws.fraction stream
            Y = SequenceDraws.fraction stream
            Relu = stream.NextBool()
            Layer = stream.NextInt(0, n - 1)
        }

    let shrink (case: Exact) =
        seq {
            for weights in Shrink.array 1 SequenceDraws.shrinkPair (Array.zip case.Kernel case.Bias) do
                let kernel, bias = Array.unzip weights
                { case with Kernel = kernel; Bias = bias; Layer = min case.Layer (kernel.Length - 1) }

            for layer in Shrink.int 0 case.Layer do
                { case with Layer = layer }

            for x, y in SequenceDraws.shrinkPair (case.X, case.Y) do
                { case with X = x; Y = y }

            if case.Relu then
                { case with Relu = false }
        }

    Generator.fromStream draw shrink show

let private activation (case: Exact) : Activation<'T> = if case.Relu then Activation.Relu else Activation.Cubic

let private problem (number: Rational -> 'T) (case: Exact) : TrainingProblem<'T> when 'T :> IRing<'T> =
    Scalar.problem (activation case) None None [| number case.X, number case.Y |]

/// n·∂/∂K_i of the data term, by pairing X_i with the momentum at i + shift, against a dual number.
let private pairs (shift: int) (case: Exact) : Outcome =
    let n = case.Kernel.Length
    let exact = problem id case
    let weights = Scalar.weights case.Kernel case.Bias

    let moving =
        Scalar.weights
            (case.Kernel |> Array.mapi (fun i k -> if i = case.Layer then Dual.variable k else Dual.constant k))
            (Array.map Dual.constant case.Bias)

    let slope = (Objective.dataTerm (problem Dual.constant case) moving).Derivative
    let p = (Objective.momenta exact weights)[0] |> Array.concat
    let x = (Objective.trajectories exact weights)[0]
    let xi = (x[case.Layer])[0]
    let z = case.Kernel[case.Layer] * xi + case.Bias[case.Layer]
    Check.equal "n·∂E/∂K_i" (Rational.ofInt n * slope) (Activation.derivative exact.Activation z * p[case.Layer + shift] * xi)

/// P_iX_i of the identity, all equal.
let private isConserved (case: Exact) : Outcome =
    let problem = Scalar.problem Activation.Identity None None [| case.X, case.Y |]
    let weights = Scalar.unbiased case.Kernel
    let p = (Objective.momenta problem weights)[0] |> Array.concat
    let x = (Objective.trajectories problem weights)[0]
    Check.constant "P_iX_i" (p |> Array.mapi (fun i p -> p * (x[i])[0]))

/// The derivative of the output from the right is P_0.
let private isDerivative (field: DepthField) (n: int) : Outcome =
    let δ = 1e-6
    let output start = ForwardRuns.states { field with Start = [| start |] } (ForwardRuns.sample field n) |> Array.last |> Array.head
    let slope = (output (field.Start[0] + δ) - output field.Start[0]) / δ
    let p = (adjoints field n)[0]
    // δ times the second derivative, and cancellation.
    Outcome.atMost "|∂X_n/∂x − P_0|" 1e-4 (abs (slope - p[0]))

let claim: Claim =
    let planar = KnownFields.planar
    let polynomial = PolynomialCase.generator [| "tanh"; "logistic"; "softplus"; "identity" |] [| 256 |]
    let planarLimit = lazy ((limit planar 4096)[0])
    let scaled n = float n * ForwardRuns.distance planarLimit.Value (Array.head (adjoints planar n))
    let atKink = { KnownFields.growth 1.0 with Sigma = Activation.Relu; Start = [| 0.0 |] }

    Paper.define
        "thorpe-van-gennip.adjoint.rate"
        Paper.reconstructed
        "For σ with a Lipschitz derivative max|P_i − P(i/n)| = O(1/n), and (σ′(z_i)∘P_{i+1})X_iᵀ is n times the gradient in K_i."
    |> Claim.hypothesis "H7" "σ is continuously differentiable"
    |> Claim.hypothesis "H8" "P_{i+1} is paired with X_i"
    |> Claim.asymptotic "planar" (Instances.ladder (fun _ -> [ "field", "planar" ]) [ planar ]) ladder
    |> Claim.asymptotic "order" (Instances.random polynomial 5) (PolynomialCase.field >> ladder)
    |> Claim.drawsPerTrial 4
    |> Claim.exact "pairing" (Instances.random generator 60) (pairs 1)
    |> Claim.exact "conserved" (Instances.random generator 40) isConserved
    |> Claim.bounded
        "derivative"
        (Instances.chosen (fun (n: int) -> [ "n", string n ]) [ 16 ])
        (isDerivative { atKink with Start = [| 0.5 |] })
    |> Known.bounded "reference" [
        Known.floats "planar: P(0)" "1.1134921865924734 0.504462481755459433" (fun () -> planarLimit.Value)
        Known.floats "planar: P_0, n = 4" "1.08954974328167012 0.607456029856528702" (fun () -> (adjoints planar 4)[0])
        Known.floats "planar: P_0, n = 16" "1.10811455897813679 0.531428662660242483" (fun () -> (adjoints planar 16)[0])
        Known.floats "planar: P_0, n = 64" "1.11219718152916397 0.511269400741591503" (fun () -> (adjoints planar 64)[0])
        Known.floats "planar: n·error at 0, n = 4, 16, 64, 256" ".42296 .43995 .44346 .44428" (fun () -> [|
            for n in [ 4; 16; 64; 256 ] -> scaled n
        |])
    ]
    // From 0 ReLU with K = 1 has z = 0 all the way, and σ′(0) = 0: P_0 = 1, yet outputs grow with (1 + 1/n)^n.
    |> Claim.neededBy "H7" (Instances.chosen (fun (n: int) -> [ "n", string n ]) [ 16; 64 ]) (isDerivative atKink)
    |> Claim.neededBy "H8" (Instances.random generator 60) (pairs 0)
