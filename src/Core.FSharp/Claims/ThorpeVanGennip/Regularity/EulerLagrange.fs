/// Minimisers are twice differentiable in depth and solve a boundary value problem.
///
/// Statement: K, b ∈ C²([0, 1]) with 2α_1K″ = Σ_sw_s(σ′(KX_s + b)∘P_s)X_sᵀ, 2α_2b″ = Σ_sw_sσ′∘P_s, K′(0) = τ_1K(0), K′(1) = 0, the same for b; W and c stationary. In depth: D_0 = τK_0, D_i = n(K_i − K_{i−1}), D_n = 0 and
/// D_{i+1} = D_i + Σw_s(σ′∘P_{i+1})X_iᵀ/(2α_1n). For any weights the recursion from τK_0 gives D̃_i = D_i + Σ_{j<i}∂E_n/∂K_j/(2α_1).
/// Proof: the first variation of E_∞; right-hand sides are continuous, so K″ is.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.ThorpeVanGennip.Regularity.EulerLagrange

open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.DeepLimit
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.ThorpeVanGennip
open LayerTime.Core.Claims.ThorpeVanGennip.Benchmarks
open LayerTime.Core.Claims.ThorpeVanGennip.Minimisers

/// Weights of one neuron, samples and penalties.
[<NoComparison>]
type private Case = { Kernel: Rational[]; Bias: Rational[]; Data: (Rational * Rational)[]; Alpha: Rational; Tau: Rational; IsRelu: bool }

let private show (case: Case) : (string * string) list = [
    "K", Known.show case.Kernel
    "b", Known.show case.Bias
    "x, y", case.Data |> Array.map (fun (x, y) -> Known.show [| x; y |]) |> String.concat " "
    "α, τ", Known.show [| case.Alpha; case.Tau |]
    "σ", (if case.IsRelu then "relu" else "identity")
]

let private generator: Generator<Case> =
    let draw _ (stream: RandomStream) =
        let n = stream.NextInt(1, 8)
        let sequence () = Array.init n (fun _ -> SequenceDraws.fraction stream)

        {
            Kernel = sequence ()
            Bias = sequence ()
            Data = Array.init (stream.NextInt(1, 3)) (fun _ -> SequenceDraws.fraction stream, SequenceDraws.fraction stream)
            Alpha = SequenceDraws.positive stream
            Tau = SequenceDraws.positive stream
            IsRelu = stream.NextBool()
        }

    let shrink (case: Case) =
        seq {
            for weights in Shrink.array 1 SequenceDraws.shrinkPair (Array.zip case.Kernel case.Bias) do
                let kernel, bias = Array.unzip weights
                { case with Kernel = kernel; Bias = bias }

            for data in Shrink.array 1 SequenceDraws.shrinkPair case.Data do
                { case with Data = data }

            for α in SequenceDraws.shrinkPositive case.Alpha do
                { case with Alpha = α }

            for τ in SequenceDraws.shrinkPositive case.Tau do
                { case with Tau = τ }

            if case.IsRelu then
                { case with IsRelu = false }
        }

    Generator.fromStream draw shrink show

/// The recursion from D_0 with the adjoints of the network, against the slopes and the gradient; D_n = 0.
let private recursion (case: Case) : Outcome =
    let penalty = Some { Strength = case.Alpha; Start = case.Tau }
    let σ = if case.IsRelu then Activation.Relu else Activation.Identity
    let problem = Scalar.problem σ penalty penalty case.Data
    let weights = Scalar.weights case.Kernel case.Bias
    let entries (θ: ResidualWeights<Rational>) = ResidualWeights.kernelSequence θ |> Array.concat
    let data, gradient = entries (Objective.dataGradient problem weights), entries (Objective.gradient problem weights)
    let n = case.Kernel.Length
    let half = Rational.One / (Rational.ofInt 2 * case.Alpha)
    let recursed = Array.scan (fun d pull -> d + half * pull) (case.Tau * case.Kernel[0]) data
    let sums = Array.scan (+) Rational.Zero gradient

    let slope i =
        if i = 0 then case.Tau * case.Kernel[0]
        elif i = n then Rational.Zero
        else Rational.ofInt n * (case.Kernel[i] - case.Kernel[i - 1])

    recursed |> Array.mapi (fun i d -> Check.equal $"D̃_{i}" (slope i + half * sums[i]) d) |> Outcome.all

/// D_0 = τK_0, …, D_n = 0, τ = 1.
let private slopes (kernel: float[]) : float[] =
    let n = float kernel.Length
    Array.concat [ [| kernel[0] |]; Array.pairwise kernel |> Array.map (fun (a, b) -> n * (b - a)); [| 0.0 |] ]

/// max|n(D_{i+1} − D_i)|
let private curvature (kernel: float[]) : float =
    slopes kernel |> Array.pairwise |> Array.map (fun (a, b) -> abs (float kernel.Length * (b - a))) |> Array.max

let private kernel (solved: Lazy<MinimaConvergence.Solved>) (n: int) : float[] =
    MinimaConvergence.weights solved.Value n |> TanhBoundaryValue.sequences |> fst

let private depths = [ 16; 32; 64; 128; 256 ]

/// How far any K_i in floats is from the proven stationary point; +∞ without a proof.
let private nodeDoubt (solved: Lazy<MinimaConvergence.Solved>) (n: int) : float =
    match MinimaConvergence.enclosed solved.Value n with
    | Some weights ->
        Array.map2
            (fun k side -> (Errors.distance (Interval.ofFloat k) side).Upper)
            (kernel solved n)
            (ResidualWeights.kernelSequence weights |> Array.concat)
        |> Array.max
    | None -> infinity

/// |D_1 − τK_0| and |D_{n−1}|, both O(1/n).
let private ends (solved: Lazy<MinimaConvergence.Solved>) : Outcome =
    let ladder quantity pick =
        depths
        // n times a difference of nodes, less another or τ times one, and a rounding of each node.
        |> List.map (fun n ->
            let kernel = kernel solved n
            let rounding = nodeDoubt solved n + Errors.γ 2 * (kernel |> Array.map abs |> Array.max)
            { Resolution = float n; Error = abs (pick (slopes kernel)); Floor = float (2 * n + 1) * rounding })
        |> Asymptotic.within quantity (0.9, 1.1)

    Outcome.all [ ladder "|n(K_1 − K_0) − τK_0|" (fun d -> d[1] - d[0]); ladder "|n(K_{n−1} − K_{n−2})|" (fun d -> d[d.Length - 2]) ]

/// The second differences of neighbouring depths differ by O(1/n): K″ converges.
let private settles (solved: Lazy<MinimaConvergence.Solved>) : Outcome =
    let limit = 2.0 * curvature (kernel solved 1024) - curvature (kernel solved 512)

    // n² times four nodes, each off by its doubt and a rounding.
    let doubt n = 4.0 * float (n * n) * (nodeDoubt solved n + Errors.γ 2 * (kernel solved n |> Array.map abs |> Array.max))
    let ofLimit = 2.0 * doubt 1024 + doubt 512

    depths
    |> List.map (fun n -> { Resolution = float n; Error = abs (curvature (kernel solved n) - limit); Floor = doubt n + ofLimit })
    |> Asymptotic.within "|max|n·ΔD| − its limit|" (0.8, 1.2)

/// max|n·ΔD| ≤ 2 at every depth.
let private staysBounded (values: int -> float[]) (n: int) : Outcome = Outcome.atMost "max|n·ΔD|" 2.0 (curvature (values n))

let claim: Claim =
    let problems = [ MinimaConvergence.linear; MinimaConvergence.tanh ]
    let showDepth (n: int) = [ "n", string n ]

    Paper.define
        "thorpe-van-gennip.regularity.euler-lagrange"
        Paper.reconstructed
        "Minimisers are C² in depth and solve 2α_1K″ = Σw_s(σ′∘P_s)X_sᵀ, K′(0) = τ_1K(0), K′(1) = 0; trained networks satisfy the same recursion exactly, and their second differences stay bounded and converge."
    |> Claim.hypothesis "H3" "the regulariser is that of differences"
    |> Claim.exact "recursion" (Instances.random generator 60) recursion
    |> Claim.asymptotic "ends" (Instances.ladder MinimaConvergence.show problems) ends
    |> Claim.asymptotic "second-differences" (Instances.ladder MinimaConvergence.show problems) settles
    |> Claim.bounded "bounded" (Instances.chosen showDepth [ 4; 16; 64; 256; 1024 ]) (staysBounded (kernel MinimaConvergence.tanh))
    |> Known.bounded "reference" [
        Known.floats "D: max|n·ΔD|, n = 4, 8, …, 512" "1.177 1.204 1.217 1.223 1.226 1.227 1.228 1.2285" (fun () -> [|
            for k in 2..9 -> curvature (kernel MinimaConvergence.tanh (pown 2 k))
        |])
    ]
    // Weight decay lets exact minimisers alternate between 0 and 1.
    |> Claim.neededBy "H3" (Instances.chosen showDepth [ 4; 16; 64 ]) (staysBounded (fun n -> Array.init n (fun i -> float (i % 2))))
