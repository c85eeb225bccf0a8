/// Networks with any weights against the limit: what L¹ distances of the weights do to the states.
///
/// Statement: for any K_n, b_n with A_n = max‖K_i‖: max_i|X_i − X(i/n)| ≤ e^{LA_n}L(R‖P_nK_n − K‖_1 + ‖P_nb_n − b‖_1 + A_nV/(2n)), R and V of the limit. So convergence in TL² with bounded weights carries over to the states.
/// Proof: as for the rate, with K(t)X(t) − K_iX(t_i) = (K − K_i)X(t) + K_i(X(t) − X(t_i)).
/// The L¹ norms are bounded cell by cell by their L² norms, which the rule of Gauss with four points gives exactly for weights of degree 3.
/// Reconstructed; the constant is our own.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.ThorpeVanGennip.Forward.Stability

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.DeepLimit
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.ThorpeVanGennip

/// The points of Gauss on [0, 1], and their weights.
let private gauss: (float * float)[] =
    let inner, outer = sqrt (3.0 / 7.0 - 2.0 / 7.0 * sqrt 1.2), sqrt (3.0 / 7.0 + 2.0 / 7.0 * sqrt 1.2)
    let more, less = (18.0 + sqrt 30.0) / 72.0, (18.0 - sqrt 30.0) / 72.0
    [| -outer, less; -inner, more; inner, more; outer, less |] |> Array.map (fun (s, w) -> 0.5 * (1.0 + s), w)

/// ‖P_n f_n − f‖_1 ≤ Σ (1/n·∫_cell|f_i − f|²)^{1/2}
let private distance (values: float[][]) (f: float -> float[]) : float =
    let n = float values.Length

    values
    |> Array.mapi (fun i value ->
        let square (s, w) =
            let gap = ForwardRuns.distance value (f ((float i + s) / n))
            w * gap * gap

        sqrt (Array.sumBy square gauss) / n)
    |> Array.sum

/// A field, and weights that are not its samples.
[<NoComparison>]
type private Case = { Field: PolynomialCase; Kernel: float[][]; Bias: float[][] }

let private show (case: Case) : (string * string) list =
    PolynomialCase.show case.Field @ [ "K_i − K(i/n)", sprintf "%A" case.Kernel; "b_i − b(i/n)", sprintf "%A" case.Bias ]

/// Moves K_i and b_i independently, by up to a size that is drawn.
let private generator: Generator<Case> =
    let inner = PolynomialCase.generator PolynomialCase.everyActivation [| 4; 16; 64 |]

    let draw (field: PolynomialCase) key =
        let stream = RandomStream key
        let size = Elementary.exp (stream.NextFloat(-6.0, 0.0))
        let d = field.Start.Length
        let moves length = Array.init field.N (fun _ -> Array.init length (fun _ -> size * PolynomialCase.normal stream))
        { Field = field; Kernel = moves (d * d); Bias = moves d }

    let gen =
        FsCheck.FSharp.Gen.map2 (fun field (stream: RandomStream) -> draw field (stream.NextUInt64())) inner.Gen Generator.stream

    let isZero (moves: float[][]) = moves |> Array.forall (Array.forall ((=) 0.0))
    let zero (moves: float[][]) = moves |> Array.map (Array.map (fun _ -> 0.0))

    let shrink case =
        seq {
            for field in inner.Shrink case.Field do
                // Fewer layers keep the moves of the first ones.
                { Field = field; Kernel = Array.truncate field.N case.Kernel; Bias = Array.truncate field.N case.Bias }

            if not (isZero case.Kernel) then
                { case with Kernel = zero case.Kernel }

            if not (isZero case.Bias) then
                { case with Bias = zero case.Bias }
        }

    Generator.create gen shrink show

let private moved (field: DepthField) (case: Case) : ResidualWeights<Binary64> =
    let d = field.Dimension
    let n = case.Field.N
    let add x y = Array.map2 (+) x y |> Binary64.ofFloats

    {
        ForwardRuns.sample field n with
            Kernel =
                Array.init n (fun i ->
                    add (Array.concat (field.K(float i / float n))) case.Kernel[i] |> Array.chunkBySize d |> Matrix.ofRows)
            Bias = Array.init n (fun i -> add (field.B(float i / float n)) case.Bias[i])
    }

/// The bound for given weights, from the L¹ distances.
let private bound (field: DepthField) (a: float) (n: int) (kernel: float) (bias: float) : float =
    let r, v = ForwardRuns.bounds field
    Elementary.exp (field.L * a) * field.L * (r * kernel + bias + 0.5 * a * v / float n)

let private isStable (case: Case) : Outcome =
    let field = PolynomialCase.field case.Field
    let n = case.Field.N
    let weights = moved field case
    let sequences = ResidualWeights.kernelSequence weights |> Array.map Binary64.toFloats
    let biases = weights.Bias |> Array.map Binary64.toFloats
    let a = sequences |> Array.map ForwardRuns.norm |> Array.max
    let bound = bound field a n (distance sequences (field.K >> Array.concat)) (distance biases field.B)
    let limit, doubt = ForwardRuns.limitAtLayers field n (max 4 (128 / n))

    if doubt > 1e-3 * bound then
        Outcome.undecided $"the reference is only known to {doubt}"
    else
        let ρ = ForwardRuns.rounding { field with A = max a field.A } n
        Outcome.atMost "max|X_i − X(i/n)|" (bound + doubt + ρ) (ForwardRuns.error (ForwardRuns.states field weights) limit)

/// σ(z) = √|z| with b = 1/n against b = 0, both from 0: X = 0 is a solution, and X_n does not tend to it with order 1.
let private rootOutputs (n: int) : float =
    let step x _ = x + sqrt (x + 1.0 / float n) / float n
    Seq.fold step 0.0 (seq { 1..n })

let private rootLadder (depths: int list) : Outcome =
    depths
    // Four roundings a layer of positive numbers.
    |> List.map (fun n -> { Resolution = float n; Error = rootOutputs n; Floor = Errors.γ (4 * n) * rootOutputs n })
    |> Asymptotic.within "|X_n|" (0.75, 1.25)

/// K_i = (−1)^i k with ReLU against K = 0, with the amplitude counted for its weak limit.
let private oscillates (n: int) : Outcome =
    let field = { KnownFields.growth 0.0 with Sigma = Activation.Relu }
    let k = Array.init n (fun i -> Binary64(if i % 2 = 0 then 2.0 else -2.0))
    let error = abs ((Scalar.output Activation.Relu k (Binary64 1.0)).Value - 1.0)
    Outcome.atMost "|X_n − 1|" (bound field 2.0 n 0.0 0.0) error

let claim: Claim =
    let showDepth (n: int) = [ "n", string n ]

    Paper.define
        "thorpe-van-gennip.forward.stability"
        Paper.ofAbstract
        "For any weights with A_n = max‖K_i‖: max|X_i − X(i/n)| ≤ e^{LA_n}L(R‖P_nK_n − K‖_1 + ‖P_nb_n − b‖_1 + A_nV/(2n)), so forward passes converge where weights converge in L¹ and stay bounded."
    |> Claim.hypothesis "H1" "σ is Lipschitz"
    |> Claim.hypothesis "H2" "the weights converge in L¹, not only weakly"
    |> Claim.bounded "bound" (Instances.random generator 60) isStable
    |> Known.bounded "reference" [
        Known.floats "X_n for σ(z) = √|z|, b = 1/n, n = 16, 256, 4096" "0.4750770322665 0.3100948797213 0.2654049928011" (fun () -> [|
            for n in [ 16; 256; 4096 ] -> rootOutputs n
        |])
    ]
    |> Claim.neededBy
        "H1"
        (Instances.chosen (fun (depths: int list) -> [ "n", sprintf "%A" depths ]) [ [ 64; 256; 1024; 4096 ] ])
        rootLadder
    |> Claim.neededBy "H2" (Instances.chosen showDepth [ 64; 256 ]) oscillates
