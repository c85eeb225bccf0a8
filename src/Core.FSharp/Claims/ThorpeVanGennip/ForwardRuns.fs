namespace LayerTime.Core.Claims.ThorpeVanGennip

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.DeepLimit
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

/// X′ = σ(K(t)X + b(t)) from x, with the bounds that rates are made of.
[<NoComparison; NoEquality>]
type internal DepthField = {
    Sigma: Activation<Binary64>
    K: float -> float[][]
    B: float -> float[]
    Start: float[]
    /// L, a Lipschitz constant of σ.
    L: float
    /// s_0 = √d·|σ(0)|
    S0: float
    /// sup|σ|, +∞ if there is none.
    M: float
    /// A ≥ sup‖K‖
    A: float
    /// B ≥ sup|b|
    Bias: float
    /// D_K ≥ ∫‖K′‖
    RiseK: float
    /// D_b ≥ ∫|b′|
    RiseB: float
} with

    /// d
    member field.Dimension: int = field.Start.Length

/// A priori bounds of forward passes, their constants, and runs of networks and of their limits.
[<RequireQualifiedAccess>]
module internal ForwardRuns =
    let norm (x: float[]) : float = sqrt (Array.sumBy (fun a -> a * a) x)

    /// ‖·‖_F, which is not below the operator norm.
    let frobenius (rows: float[][]) : float = norm (Array.concat rows)

    let distance (x: float[]) (y: float[]) : float = norm (Array.map2 (-) x y)

    /// ε(u) = (eᵘ − 1)/u
    let private ε (u: float) : float = if u = 0.0 then 1.0 else Elementary.expm1 u / u

    /// R and V: |X| ≤ R = e^{LA}|x| + (LB + s_0)ε(LA), for |σ| ≤ M also |x| + √d·M; speeds ≤ V = L(AR + B) + s_0, also √d·M.
    let bounds (field: DepthField) : float * float =
        let d = sqrt (float field.Dimension)
        let u = field.L * field.A
        let r = Elementary.exp u * norm field.Start + (field.L * field.Bias + field.S0) * ε u
        let r = min r (norm field.Start + d * field.M)
        r, min (field.L * (field.A * r + field.Bias) + field.S0) (d * field.M)

    /// C = e^{LA}L(R·D_K + D_b + AV/2)
    let rate (field: DepthField) : float =
        let r, v = bounds field
        Elementary.exp (field.L * field.A) * field.L * (r * field.RiseK + field.RiseB + 0.5 * field.A * v)

    /// What roundings of n layers may add: each layer some (d + 4)·2⁻⁵³ of the state and of the speed.
    let rounding (field: DepthField) (n: int) : float =
        let r, v = bounds field
        let growth = Elementary.exp (field.L * field.A)
        8.0 * float (field.Dimension + 4) * float n * 1.2e-16 * growth * (r + v / float n)

    /// The weights K(i/n), b(i/n), with W = I and c = 0.
    let sample (field: DepthField) (n: int) : ResidualWeights<Binary64> = {
        Kernel = Array.init n (fun i -> field.K(float i / float n) |> Array.map Binary64.ofFloats |> Matrix.ofRows)
        Bias = Array.init n (fun i -> field.B(float i / float n) |> Binary64.ofFloats)
        Readout = Matrix.identity field.Dimension
        Offset = Vector.zero field.Dimension
    }

    /// X_0, …, X_n of a network.
    let states (field: DepthField) (weights: ResidualWeights<Binary64>) : float[][] =
        let run = Simulation.run (ResidualWeights.network field.Sigma weights).Equation [| Binary64.ofFloats field.Start |]
        Array.init (weights.Depth + 1) (fun i -> Binary64.toFloats run[i])

    /// σ(KX + b) at t.
    let velocity (field: DepthField) (t: float) (x: float[]) : float[] =
        Array.map2 (fun wx b -> (Activation.value field.Sigma (Binary64(wx + b))).Value) (FloatNetworks.apply (field.K t) x) (field.B t)

    /// X(j/N), j = 0 … N, by the classical method of order 4.
    let limit (field: DepthField) (steps: int) : float[][] =
        let rate =
            VectorField.ofFunction field.Dimension (fun (t: Binary64) x -> Binary64.ofFloats (velocity field t.Value (Binary64.toFloats x)))

        FloatSteps.states Tableaus.rungeKutta4 rate field.Start 1.0 steps

    /// X(i/n), i = 0 … n, with s steps a layer, and the distance to the run with half of them: a doubt of about fifteen times the error.
    let limitAtLayers (field: DepthField) (n: int) (s: int) : float[][] * float =
        let fine, coarse = limit field (n * s), limit field (n * s / 2)
        let doubt = Seq.init (n * s / 2 + 1) (fun j -> distance (fine[2 * j]) (coarse[j])) |> Seq.max
        Array.init (n + 1) (fun i -> fine[i * s]), doubt

    /// max_i |X_i − X(i/n)|
    let error (states: float[][]) (limit: float[][]) : float = Array.map2 distance states limit |> Array.max

/// Random fields with polynomial weights.
[<NoComparison>]
type internal PolynomialCase = {
    Name: string
    /// Coefficients of K by powers of t, entries by rows, and of b.
    Kernel: float[][]
    Bias: float[][]
    Start: float[]
    N: int
}

[<RequireQualifiedAccess>]
module internal PolynomialCase =
    /// Activation, L, σ(0), sup|σ|.
    let private activations: (string * (Activation<Binary64> * float * float * float)) list = [
        "identity", (Activation.Identity, 1.0, 0.0, infinity)
        "relu", (Activation.Relu, 1.0, 0.0, infinity)
        "tanh", (Activation.tanh, 1.0, 0.0, 1.0)
        "logistic", (Activation.transcendental TranscendentalName.Logistic, 0.25, 0.5, 1.0)
        "softplus", (Activation.transcendental TranscendentalName.Softplus, 1.0, Elementary.log 2.0, infinity)
    ]

    let private evaluate (coefficients: float[][]) (t: float) : float[] =
        Array.reduceBack (fun c higher -> Array.map2 (fun c h -> c + t * h) c higher) coefficients

    let private derivative (coefficients: float[][]) : float[][] =
        if coefficients.Length = 1 then
            [| Array.map (fun _ -> 0.0) coefficients[0] |]
        else
            coefficients |> Array.mapi (fun k c -> Array.map (fun a -> float k * a) c) |> Array.tail

    /// Upper bounds of the norm of a polynomial on the cells of [0, 1], by Horner's rule in intervals.
    let private cellBounds (coefficients: float[][]) : float[] =
        let cells = 64

        Array.init cells (fun j ->
            let t = Interval.ofBounds (float j / float cells) (float (j + 1) / float cells)

            let entry i =
                Array.foldBack
                    (fun (c: float[]) value -> Arithmetic.(+) (Interval.ofFloat c[i]) (Arithmetic.(*) t value))
                    coefficients
                    (Interval.ofFloat 0.0)

            let squares = coefficients[0] |> Array.mapi (fun i _ -> Interval.square (entry i))
            // The sum and the root round up by less than one part in 10¹⁴.
            1.00000000000001 * sqrt (Array.sumBy (fun (s: Interval) -> s.Upper) squares))

    /// The field of a case with bounds that hold for it.
    let field (case: PolynomialCase) : DepthField =
        let σ, l, atZero, most = activations |> List.find (fun (name, _) -> name = case.Name) |> snd
        let d = case.Start.Length

        {
            Sigma = σ
            K = fun t -> evaluate case.Kernel t |> Array.chunkBySize d
            B = evaluate case.Bias
            Start = case.Start
            L = l
            S0 = sqrt (float d) * atZero
            M = most
            A = Array.max (cellBounds case.Kernel)
            Bias = Array.max (cellBounds case.Bias)
            RiseK = Array.average (cellBounds (derivative case.Kernel))
            RiseB = Array.average (cellBounds (derivative case.Bias))
        }

    /// A normal number by Box and Muller.
    let normal (stream: RandomStream) : float =
        let u, v = stream.NextFloat(1e-12, 1.0), stream.NextFloat(0.0, 1.0)
        sqrt (-2.0 * Elementary.log u) * Elementary.cos (2.0 * System.Math.PI * v)

    let show (case: PolynomialCase) : (string * string) list = [
        "σ", case.Name
        "coefficients of K", sprintf "%A" case.Kernel
        "coefficients of b", sprintf "%A" case.Bias
        "x", sprintf "%A" case.Start
        "n", string case.N
    ]

    /// d ≤ 3, K and b of degree 3 at most with coefficients N(0, 0.7²), x ~ N(0, 1)^d.
    let generator (names: string[]) (depths: int[]) : Generator<PolynomialCase> =
        let draw _ (stream: RandomStream) =
            let d = stream.NextInt(1, 3)
            let coefficients size = Array.init (stream.NextInt(1, 4)) (fun _ -> Array.init size (fun _ -> 0.7 * normal stream))

            {
                Name = Draws.choice stream names
                Kernel = coefficients (d * d)
                Bias = coefficients d
                Start = Array.init d (fun _ -> normal stream)
                N = Draws.choice stream depths
            }

        let simpler (c: float[][]) = Shrink.array 1 (Shrink.elements Shrink.float) c

        let shrink case =
            seq {
                if case.Name <> "identity" && Array.contains "identity" names then
                    { case with Name = "identity" }

                for k in simpler case.Kernel do
                    { case with Kernel = k }

                for b in simpler case.Bias do
                    { case with Bias = b }

                for x in Shrink.elements Shrink.float case.Start do
                    { case with Start = x }

                for n in depths do
                    if n < case.N then
                        { case with N = n }
            }

        Generator.fromStream draw shrink show

    /// All five.
    let everyActivation: string[] = activations |> List.map fst |> List.toArray

/// Fields whose values are known.
[<RequireQualifiedAccess>]
module internal KnownFields =
    let private scalar (σ: Activation<Binary64>) (k: float -> float) (x: float) : DepthField = {
        Sigma = σ
        K = fun t -> [| [| k t |] |]
        B = fun _ -> [| 0.0 |]
        Start = [| x |]
        L = 1.0
        S0 = 0.0
        M = infinity
        A = 1.0
        Bias = 0.0
        RiseK = 1.0
        RiseB = 0.0
    }

    /// σ = id, K(t) = t, x = 1: X_n = Π(1 + i/n²), X(1) = √e.
    let ramp: DepthField = scalar Activation.Identity id 1.0

    /// d = 2, tanh, K = (t, 1; −1, 1 − t), b = (t², −1/2), x = (1, 1/2).
    let planar: DepthField = {
        Sigma = Activation.tanh
        K = fun t -> [| [| t; 1.0 |]; [| -1.0; 1.0 - t |] |]
        B = fun t -> [| t * t; -0.5 |]
        Start = [| 1.0; 0.5 |]
        L = 1.0
        S0 = 0.0
        M = 1.0
        A = sqrt 3.0
        Bias = sqrt 5.0 / 2.0
        // The operator norm of K′ = diag(1, −1).
        RiseK = 1.0
        RiseB = 1.0
    }

    /// σ = id and K constant.
    let growth (k: float) : DepthField = { scalar Activation.Identity (fun _ -> k) 1.0 with A = abs k; RiseK = 0.0 }

    /// σ(z) = z² from 2 as if L = 4 = 2·2 held everywhere: the solution ends at t = ½.
    let blowUp: DepthField = { scalar Activation.Square (fun _ -> 1.0) 2.0 with L = 4.0; RiseK = 0.0 }

    /// ReLU with K(t) = sin(2πmt), D_K = 4m; here the bound of m = 1 is claimed for every m.
    let waves (m: int) : DepthField = {
        scalar Activation.Relu (fun t -> Elementary.sin (2.0 * System.Math.PI * (float m * t - floor (float m * t)))) 1.0 with
            RiseK = 4.0
    }

    /// K(t) = 1 where t is a binary fraction with few digits, as every i/n is, and 0 elsewhere: the equation sees 0.
    let dyadic: DepthField = {
        scalar Activation.Identity (fun t -> if floor (t * 4096.0) = t * 4096.0 then 1.0 else 0.0) 1.0 with
            RiseK = 0.0
    }
