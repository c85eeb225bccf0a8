/// Feed-forward and residual networks stay within an explicit multiple of dt of the flow.
///
/// Statement: H1 w, b are C¹ with L_w = sup‖w‖, μ = sup μ(w(t)), β = sup|b|, Ẇ = sup‖w′‖, ḃ = sup|b′|; H2 g(0) = 0, g entrywise
/// non-increasing and locally Lipschitz; H3 dt(max|w_ii| + Lip_g(X_u)) ≤ 1. With μ⁺ = max(μ, 0), X = e^{μ⁺T}|x_0| + β(e^{μ⁺T} − 1)/μ⁺,
/// M_ℓ = L_w X + β, X_u = X + dt·M_ℓ, G = sup_{|s|≤X}|g|, M2 = (L_w + Lip_g(X))(M_ℓ + G) + ẆX + ḃ, σ_N = dt Σ_{k&lt;N}(1 + dtμ)^k:
/// |x_N − x(T)| ≤ ½M2·dt·σ_N (residual), ≤ (½M2 + Lip_g(X_u)M_ℓ)·dt·σ_N (feed-forward), |feed-forward − residual| ≤ Lip_g(X_u)M_ℓ·dt·σ_N.
/// Proof: x′ is M2-Lipschitz, so Euler's local error is ½dt²M2; the one-step defect adds; both step maps are (1 + dtμ)-Lipschitz because
/// 0 ≤ η′ ≤ 1 and ‖I + dt·w‖ = 1 + dtμ(w).
/// Checked without a solver: networks with N and 4N layers differ by no more than the sum of their bounds, and against the closed form on a
/// line. w = W0 + W1 sin ωt and b = b0 cos ωt have known suprema.
/// After the slides; the constants are reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.FeedForward.GlobalError

open LayerTime.Core.Numbers
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Ruseckas
open LayerTime.Core.Claims.Ruseckas.Cubic

/// The suprema of an equation, and the equation.
[<NoComparison; NoEquality>]
type internal Bounded = {
    Equation: Equation
    /// L_w
    Lw: float
    /// μ
    Μ: float
    /// max|w_ii|
    Diagonal: float
    /// β
    Β: float
    /// Ẇ
    Wdot: float
    /// ḃ
    Bdot: float
}

/// What the bounds are made of, for N layers.
[<NoComparison>]
type internal Constants = {
    Step: float
    X: float
    Ml: float
    Xu: float
    M2: float
    Σ: float
    /// Lip_g(X_u)
    Slope: float
} with

    /// The bound of the residual network.
    member c.Residual = 0.5 * c.M2 * c.Step * c.Σ
    /// The bound on the distance of the two networks.
    member c.Between = c.Slope * c.Ml * c.Step * c.Σ
    /// The bound of the feed-forward network.
    member c.FeedForward = c.Residual + c.Between

/// (e^{μT} − 1)/μ, T for μ = 0
let private growth (μ: float) (t: float) : float = if μ = 0.0 then t else Elementary.expm1 (μ * t) / μ

/// σ_N = dt Σ_{k<N}(1 + dtμ)^k by the recursion of the errors themselves.
let private sum (μ: float) (h: float) (n: int) : float = Seq.init n id |> Seq.fold (fun s _ -> s * (1.0 + h * μ) + h) 0.0

let constants (b: Bounded) (n: int) : Constants =
    let t = b.Equation.Horizon
    let h = t / float n
    let μ = max b.Μ 0.0
    let x = Elementary.exp (μ * t) * FloatNetworks.norm b.Equation.Start + b.Β * growth μ t
    let ml = b.Lw * x + b.Β
    let xu = x + h * ml
    let slope radius = FloatNetworks.lipschitz b.Equation.G radius

    {
        Step = h
        X = x
        Ml = ml
        Xu = xu
        M2 = (b.Lw + slope x) * (ml + FloatNetworks.supremum b.Equation.G x) + b.Wdot * x + b.Bdot
        Σ = sum b.Μ h n
        Slope = slope xu
    }

/// H3
let private isShort (b: Bounded) (n: int) : bool =
    let c = constants b n
    c.Step * (b.Diagonal + c.Slope) <= 1.0

/// The least N = 4·2^k with H3, None beyond 512.
let private layers (b: Bounded) : int option = Seq.init 8 (fun k -> 4 <<< k) |> Seq.tryFind (isShort b)

let private final (states: float[][]) : float[] = Array.last states

let private residualStays (b: Bounded) : Outcome =
    match layers b with
    | None -> Outcome.undecided "more than 512 layers are needed for H3"
    | Some n ->
        let coarse, fine = FloatNetworks.residual b.Equation n, FloatNetworks.residual b.Equation (4 * n)
        let c, c' = constants b n, constants b (4 * n)
        let ρ = FloatNetworks.rounding b.Equation coarse b.Β + FloatNetworks.rounding b.Equation fine b.Β

        Outcome.all [
            Outcome.atMost "|x^(N) − x^(4N)|, residual" (c.Residual + c'.Residual + ρ) (FloatNetworks.distance (final coarse) (final fine))
            Outcome.atMost "max|x_l|" (c.X + ρ) (coarse |> Array.map FloatNetworks.norm |> Array.max)
        ]

let private feedForwardStays (b: Bounded) : Outcome =
    match layers b with
    | None -> Outcome.undecided "more than 512 layers are needed for H3"
    | Some n ->
        let coarse, fine = fst (FloatNetworks.feedForward b.Equation n), fst (FloatNetworks.feedForward b.Equation (4 * n))
        let other = FloatNetworks.residual b.Equation n
        let c, c' = constants b n, constants b (4 * n)
        let ρ, ρ' = FloatNetworks.rounding b.Equation coarse b.Β, FloatNetworks.rounding b.Equation fine b.Β

        Outcome.all [
            Outcome.atMost
                "|x^(N) − x^(4N)|, feed-forward"
                (c.FeedForward + c'.FeedForward + ρ + ρ')
                (FloatNetworks.distance (final coarse) (final fine))
            Outcome.atMost
                "|feed-forward − residual|"
                (c.Between + ρ + FloatNetworks.rounding b.Equation other b.Β)
                (FloatNetworks.distance (final coarse) (final other))
            Outcome.atMost "max|x_l|" (c.X + ρ) (coarse |> Array.map FloatNetworks.norm |> Array.max)
        ]

let private drawG (stream: RandomStream) : Entrywise =
    let strength = stream.NextFloat(0.2, 1.0)

    match stream.NextInt(0, 2) with
    | 0 -> Entrywise.Cubic strength
    | 1 -> Entrywise.Leaky strength
    | _ -> Entrywise.Tanh strength

let private draw (stream: RandomStream) : Bounded =
    let n = stream.NextInt(1, 4)
    let vector size = Array.init n (fun _ -> stream.NextFloat(-size, size))
    let w0, w1 = Array.init n (fun _ -> vector 1.0), Array.init n (fun _ -> vector 0.5)
    let b0, ω = vector 1.0, stream.NextFloat(0.0, 4.0)
    let combined (s: float) = Array.map2 (Array.map2 (fun a b -> a + s * b)) w0 w1
    let ends = [ combined 1.0; combined -1.0 ]

    {
        Equation = {
            W = fun t -> combined (Elementary.sin (ω * t))
            B = fun t -> b0 |> Array.map (fun b -> b * Elementary.cos (ω * t))
            G = drawG stream
            Start = vector 1.0
            Horizon = stream.NextFloat(0.5, 1.5)
        }
        Lw = ends |> List.map FloatNetworks.matrixNorm |> List.max
        Μ = ends |> List.map FloatNetworks.logarithmicNorm |> List.max
        Diagonal = ends |> List.map (fun w -> w |> Array.mapi (fun i row -> abs row[i]) |> Array.max) |> List.max
        Β = FloatNetworks.norm b0
        Wdot = ω * FloatNetworks.matrixNorm w1
        Bdot = ω * FloatNetworks.norm b0
    }

let private show (b: Bounded) : (string * string) list =
    FloatNetworks.show b.Equation
    @ [ "L_w", string b.Lw; "μ", string b.Μ; "β", string b.Β; "Ẇ", string b.Wdot; "ḃ", string b.Bdot ]

/// An autonomous equation with its suprema.
let ofEquation (equation: Equation) : Bounded =
    let w = equation.W 0.0

    {
        Equation = equation
        Lw = FloatNetworks.matrixNorm w
        Μ = FloatNetworks.logarithmicNorm w
        Diagonal = w |> Array.mapi (fun i row -> abs row[i]) |> Array.max
        Β = FloatNetworks.norm (equation.B 0.0)
        Wdot = 0.0
        Bdot = 0.0
    }

let private generator: Generator<Bounded> = Generator.fromStream (fun _ stream -> draw stream) Shrink.none show

/// x′ = wx − γx³ against its closed form.
let private againstClosedForm (isFeedForward: bool) (w: float, γ: float, x0: float) : Outcome =
    let b = FloatNetworks.autonomous [| [| w |] |] [| 0.0 |] (Entrywise.Cubic γ) [| x0 |] 1.0 |> ofEquation

    match layers b with
    | None -> Outcome.undecided "more than 512 layers are needed for H3"
    | Some n ->
        let states = if isFeedForward then fst (FloatNetworks.feedForward b.Equation n) else FloatNetworks.residual b.Equation n
        let c = constants b n
        let bound = if isFeedForward then c.FeedForward else c.Residual
        let x, _ = ScalarClosedForm.value w γ x0 1.0

        Outcome.atMost
            "|x_N − x(T)|"
            (bound + FloatNetworks.rounding b.Equation states 0.0 + 64.0 * FloatNetworks.unit)
            (abs (Array.head (final states) - x))

/// Leaky κ = ½, w = [[0, ½], [−½, 0]]: affine on the quadrant x_1 > 0 > x_2, x(1) known.
let private leaky: Bounded =
    FloatNetworks.autonomous [| [| 0.0; 0.5 |]; [| -0.5; 0.0 |] |] [| 0.1; -0.1 |] (Entrywise.Leaky 0.5) [| 1.0; -0.5 |] 1.0
    |> ofEquation

let private leakyEnd = [| 0.7823909655024486; -0.732820000395911 |]

/// H2 broken: g = +x³ blows up at t = 1/2 of [0, 1]; H3 broken: γ = 1, w = 0, dt = 1/2 from 3.
let private explosive =
    FloatNetworks.autonomous [| [| 0.0 |] |] [| 0.0 |] (Entrywise.Cubic -1.0) [| 1.0 |] 1.0 |> ofEquation

let private steep = FloatNetworks.autonomous [| [| 0.0 |] |] [| 0.0 |] (Entrywise.Cubic 1.0) [| 3.0 |] 1.0 |> ofEquation

/// The states of N layers stay in |x| ≤ X.
let private staysInX (isFeedForward: bool) (b: Bounded, n: int) : Outcome =
    let states = if isFeedForward then fst (FloatNetworks.feedForward b.Equation n) else FloatNetworks.residual b.Equation n
    Outcome.atMost "max|x_l|" (constants b n).X (states |> Array.map FloatNetworks.norm |> Array.max)

let private closedForms = [ 1.0, 0.5, 0.3; -0.5, 1.0, 0.8; 0.25, 0.75, -1.0; 0.75, 0.25, 0.5 ]

let private common (id: string) (statement: string) (isFeedForward: bool) : Claim =
    let showScalar (w, γ, x) = [ "w", string w; "γ", string γ; "x0", string x ]
    let showLong (b, n: int) = ("N", string n) :: show b

    Paper.define id Paper.afterSlides statement
    |> Claim.hypothesis "H1" "w, b are C¹ with the named suprema"
    |> Claim.hypothesis "H2" "g(0) = 0, g is entrywise non-increasing and locally Lipschitz"
    |> Claim.hypothesis "H3" "dt(max|w_ii| + Lip_g(X_u)) ≤ 1"
    |> Claim.bounded "ladder" (Instances.random generator 100) (if isFeedForward then feedForwardStays else residualStays)
    |> Claim.bounded "closed-form" (Instances.chosen showScalar closedForms) (againstClosedForm isFeedForward)
    |> Claim.neededBy "H2" (Instances.chosen showLong [ explosive, 64; explosive, 256 ]) (staysInX isFeedForward)
    |> Claim.neededBy "H3" (Instances.chosen showLong [ steep, 2 ]) (staysInX isFeedForward)

let feedForward: Claim =
    common
        "ruseckas.ffn.global-error"
        "g non-increasing, dt(max|w_ii| + Lip_g(X_u)) ≤ 1: the feed-forward network has |x_N − x(T)| ≤ (½M2 + Lip_g(X_u)M_ℓ)·dt·σ_N, and is within Lip_g(X_u)M_ℓ·dt·σ_N of the residual one."
        true
    |> Known.bounded "reference" [
        Known.floats "X, M_ℓ, M2, σ_10" "1.778465524840154 0.9892327624200769 1.878465524840154 1.257789253554883" (fun () ->
            let c = constants leaky 10
            [| c.X; c.Ml; c.M2; c.Σ |])
        Known.floats "x_10" "0.791417499365528 -0.7213629683911533" (fun () -> final (fst (FloatNetworks.feedForward leaky.Equation 10)))
        Known.floats "its error and bound" "0.01145703200475765 0.1803480044076831" (fun () -> [|
            FloatNetworks.distance (final (fst (FloatNetworks.feedForward leaky.Equation 10))) leakyEnd
            (constants leaky 10).FeedForward
        |])
        Known.floats "the bound for N = 100" "0.01854450127267771" (fun () -> [| (constants leaky 100).FeedForward |])
    ]

let residual: Claim =
    common
        "ruseckas.residual.global-error"
        "g non-increasing, dt(max|w_ii| + Lip_g(X_u)) ≤ 1: the residual network has |x_N − x(T)| ≤ ½M2·dt·σ_N."
        false
    |> Known.bounded "reference" [
        Known.floats "x_10" "0.7858043769140332 -0.7428410482481152" (fun () -> final (FloatNetworks.residual leaky.Equation 10))
        Known.floats "its error and bound" "0.01002104785220427 0.1181356875158639" (fun () -> [|
            FloatNetworks.distance (final (FloatNetworks.residual leaky.Equation 10)) leakyEnd
            (constants leaky 10).Residual
        |])
        Known.floats "the bound for N = 100" "0.01214744468441296" (fun () -> [| (constants leaky 100).Residual |])
        Known.floats "γ = 1, w = b = 0, dt = 1/2 from 3: x_1" "-10.5" (fun () -> (FloatNetworks.residual steep.Equation 2)[1])
    ]
