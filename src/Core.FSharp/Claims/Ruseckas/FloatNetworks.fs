namespace LayerTime.Core.Claims.Ruseckas

open LayerTime.Core.Numbers
open LayerTime.Core.Semantics
open LayerTime.Core.Claims

/// The entrywise g of an equation in floats.
[<RequireQualifiedAccess>]
type internal Entrywise =
    /// −γx³
    | Cubic of γ: float
    /// κ·max(−x, 0)
    | Leaky of κ: float
    /// −κ·tanh x
    | Tanh of κ: float

/// x′ = w(t)x + b(t) + g(x) on [0, T] in floats.
[<NoComparison; NoEquality>]
type internal Equation = { W: float -> float[][]; B: float -> float[]; G: Entrywise; Start: float[]; Horizon: float }

/// Networks of an equation in floats, their norms, and the rounding that bounds on them allow for.
[<RequireQualifiedAccess>]
module internal FloatNetworks =
    let unit = System.Math.ScaleB(1.0, -53)

    /// |x|, the max norm.
    let norm (x: float[]) : float = Array.fold (fun largest a -> max largest (abs a)) 0.0 x

    /// |x − y|
    let distance (x: float[]) (y: float[]) : float = norm (Array.map2 (-) x y)

    /// ‖A‖, the largest absolute row sum.
    let matrixNorm (rows: float[][]) : float = rows |> Array.map (Array.sumBy abs) |> Array.max

    /// μ(A) = max_i (A_ii + Σ_{j≠i} |A_ij|)
    let logarithmicNorm (rows: float[][]) : float =
        rows
        |> Array.mapi (fun i row -> row[i] + (row |> Array.mapi (fun j a -> if i = j then 0.0 else abs a) |> Array.sum))
        |> Array.max

    let dot (x: float[]) (y: float[]) : float = Array.fold2 (fun sum a b -> sum + a * b) 0.0 x y

    /// A·x
    let apply (rows: float[][]) (x: float[]) : float[] = rows |> Array.map (fun row -> dot row x)

    /// Aᵀ·x
    let applyTransposed (rows: float[][]) (x: float[]) : float[] =
        Array.init rows[0].Length (fun j -> Array.fold2 (fun sum (row: float[]) a -> sum + row[j] * a) 0.0 rows x)

    /// x + c·y
    let addScaled (x: float[]) (c: float) (y: float[]) : float[] = Array.map2 (fun a b -> a + c * b) x y

    /// g
    let damp (g: Entrywise) (x: float) : float =
        match g with
        | Entrywise.Cubic γ -> -γ * x * x * x
        | Entrywise.Leaky κ -> κ * max -x 0.0
        | Entrywise.Tanh κ -> -κ * Elementary.tanh x

    /// g′
    let dampSlope (g: Entrywise) (x: float) : float =
        match g with
        | Entrywise.Cubic γ -> -3.0 * γ * x * x
        | Entrywise.Leaky κ -> if x < 0.0 then -κ else 0.0
        | Entrywise.Tanh κ ->
            let y = Elementary.tanh x
            -κ * (1.0 - y * y)

    /// sup_{|s| ≤ R} |g′|
    let lipschitz (g: Entrywise) (radius: float) : float =
        match g with
        | Entrywise.Cubic γ -> 3.0 * abs γ * radius * radius
        | Entrywise.Leaky κ
        | Entrywise.Tanh κ -> κ

    /// sup_{|s| ≤ R} |g|
    let supremum (g: Entrywise) (radius: float) : float =
        match g with
        | Entrywise.Cubic γ -> γ * radius * radius * radius
        | Entrywise.Leaky κ -> κ * radius
        | Entrywise.Tanh κ -> κ * Elementary.tanh radius

    /// w(t)x + b(t)
    let affine (equation: Equation) (t: float) (x: float[]) : float[] = Array.map2 (+) (apply (equation.W t) x) (equation.B t)

    /// F(x, t)
    let field (equation: Equation) (t: float) (x: float[]) : float[] = Array.map2 (fun l x -> l + damp equation.G x) (affine equation t x) x

    /// F′(x)ᵀa
    let pull (equation: Equation) (t: float) (x: float[]) (a: float[]) : float[] =
        Array.map3 (fun wa x a -> wa + dampSlope equation.G x * a) (applyTransposed (equation.W t) a) x a

    /// F′(x)v
    let push (equation: Equation) (t: float) (x: float[]) (v: float[]) : float[] =
        Array.map3 (fun wv x v -> wv + dampSlope equation.G x * v) (apply (equation.W t) v) x v

    /// x_0, …, x_N of the residual network.
    let residual (equation: Equation) (n: int) : float[][] =
        let h = equation.Horizon / float n
        Array.scan (fun x l -> addScaled x h (field equation (float l * h) x)) equation.Start [| 0 .. n - 1 |]

    /// x_0, …, x_N of the feed-forward network, and u_0, …, u_{N−1}.
    let feedForward (equation: Equation) (n: int) : float[][] * float[][] =
        let h = equation.Horizon / float n
        let inner x l = addScaled x h (affine equation (float l * h) x)
        let step x l = inner x l |> Array.map (fun u -> u + h * damp equation.G u)
        let x = Array.scan step equation.Start [| 0 .. n - 1 |]
        x, Array.init n (fun l -> inner x[l] l)

    /// The rounding term ρ(N) = 8(n + 4)·N·2⁻⁵³·(max|x_l| + β)·Π(1 + dt‖w_l‖ + dt·L), for dt ≤ 1 and dt·L ≤ 1.
    let rounding (equation: Equation) (states: float[][]) (β: float) : float =
        let n = states.Length - 1
        let h = equation.Horizon / float n
        let radius = states |> Array.map norm |> Array.max
        let slope = lipschitz equation.G radius

        let growth = Seq.init n (fun l -> 1.0 + h * matrixNorm (equation.W(float l * h)) + h * slope) |> Seq.fold (*) 1.0

        8.0 * float (equation.Start.Length + 4) * float n * unit * (radius + β) * growth

    let private numbers (x: System.ReadOnlySpan<Binary64>) : float[] = (Binary64.asFloats x).ToArray()
    let private fill (target: System.Span<Binary64>) (x: float[]) = (Binary64.asNumbers (System.ReadOnlySpan x)).CopyTo target

    /// The equation as a field with its pullback, for the methods of the library.
    let differentiable (equation: Equation) : IDifferentiableField<Binary64> = {
        new IDifferentiableField<Binary64> with
            member _.Dimension = equation.Start.Length
            member _.Parameters = 0
            member _.Evaluate(time, state, slope) = fill slope (field equation time.Value (numbers state))

            member _.Pullback(time, state, covector, toState, _) =
                fill toState (pull equation time.Value (numbers state) (numbers covector))
    }

    /// w, b constant.
    let autonomous (w: float[][]) (b: float[]) (g: Entrywise) (start: float[]) (horizon: float) : Equation = {
        W = fun _ -> w
        B = fun _ -> b
        G = g
        Start = start
        Horizon = horizon
    }

    /// Q: n = 3, γ = 1/2, T = 2.
    let q: Equation =
        autonomous
            [| [| 0.0; 1.0; 0.2 |]; [| -1.0; 0.1; 0.0 |]; [| 0.3; 0.0; -0.2 |] |]
            [| 0.1; -0.2; 0.05 |]
            (Entrywise.Cubic 0.5)
            [| 1.0; -0.5; 0.3 |]
            2.0

    /// S1: n = 1, w = 1, b = 0, γ = 1/2, x(0) = 0.3, T = 2.
    let s1: Equation = autonomous [| [| 1.0 |] |] [| 0.0 |] (Entrywise.Cubic 0.5) [| 0.3 |] 2.0

    /// A random cubic equation: n 1..3, w in [−1, 1], b in [−0.3, 0.3], γ in [0.3, 0.7], x(0) in [−1, 1], T in [1, 2].
    let randomCubic (stream: RandomStream) : Equation =
        let n = stream.NextInt(1, 3)
        let vector size = Array.init n (fun _ -> stream.NextFloat(-size, size))
        let w = Array.init n (fun _ -> vector 1.0)
        autonomous w (vector 0.3) (Entrywise.Cubic(stream.NextFloat(0.3, 0.7))) (vector 1.0) (stream.NextFloat(1.0, 2.0))

    let show (equation: Equation) : (string * string) list = [
        "w(0)", sprintf "%A" (equation.W 0.0)
        "b(0)", sprintf "%A" (equation.B 0.0)
        "g", string equation.G
        "x(0)", sprintf "%A" equation.Start
        "T", string equation.Horizon
    ]

    /// Random cubic equations, drawn from a key; nothing is simpler.
    let cubicGenerator: Generator<Equation> = Generator.fromStream (fun _ stream -> randomCubic stream) Shrink.none show
