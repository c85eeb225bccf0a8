/// Feed-forward and residual networks stay within an explicit multiple of dt of the flow.
///
/// Statement: H1 w, b are C¹ with L_w = sup‖w‖, μ = sup μ(w(t)), β = sup|b|, Ẇ = sup‖w′‖, ḃ = sup|b′|; H2 g(0) = 0, g entrywise
/// non-increasing and locally Lipschitz; H3 dt(max|w_ii| + Lip_g(X_u)) ≤ 1. With μ⁺ = max(μ, 0), X = e^{μ⁺T}|x_0| + β(e^{μ⁺T} − 1)/μ⁺,
/// M_ℓ = L_w X + β, X_u = X + dt·M_ℓ, G = sup_{|s|≤X}|g|, M2 = (L_w + Lip_g(X))(M_ℓ + G) + ẆX + ḃ, σ_N = dt Σ_{k&lt;N}(1 + dtμ)^k:
/// |x_N − x(T)| ≤ ½M2·dt·σ_N (residual), ≤ (½M2 + Lip_g(X_u)M_ℓ)·dt·σ_N (feed-forward), |feed-forward − residual| ≤ Lip_g(X_u)M_ℓ·dt·σ_N.
/// Proof: x′ is M2-Lipschitz, so Euler's local error is ½dt²M2; the one-step defect adds; both step maps are (1 + dtμ)-Lipschitz because
/// 0 ≤ η′ ≤ 1 and ‖I + dt·w‖ = 1 + dtμ(w).
/// Without H2 and H3, for globally Lipschitz g: m = L_w + L_g + dt·L_w·L_g and β̂ = (1 + dt·L_g)β + |g(0)| in the place of μ and β.
/// Checked without a solver: networks with N and 4N layers differ by no more than the sum of their bounds, and against the closed form on a
/// line. w = W0 + W1 sin ωt and b = b0 cos ωt have known suprema.
/// After the slides; the constants are reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.FeedForward.GlobalError

open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas
open LayerTime.Core.Claims.Ruseckas.Cubic

/// An equation and the suprema of its coefficients.
[<NoComparison; NoEquality>]
type internal Bounded = { Equation: Equation; Suprema: Suprema }

/// g in the number system of the constructions.
let nonlinearity (g: Entrywise) : Nonlinearity<Binary64> =
    match g with
    | Entrywise.Cubic γ -> Nonlinearity.Damping(Damping.Cubic(Binary64 γ))
    | Entrywise.Leaky κ -> Nonlinearity.Damping(Damping.Leaky(Binary64 κ))
    | Entrywise.Tanh κ -> Nonlinearity.Scaled(Binary64 -κ, Activation.tanh)

/// The bounds of N layers, if H2 and H3 hold.
let bounds (b: Bounded) (n: int) : NearIdentityBound option =
    match NearIdentityBound.ofSuprema b.Suprema (nonlinearity b.Equation.G) b.Equation.Horizon b.Equation.Start n with
    | Ok bound when bound.Basis = BoundBasis.Dissipative -> Some bound
    | _ -> None

/// The least N = 4·2^k with H3, None beyond 512, with its bounds and those of 4N.
let private layers (b: Bounded) : (int * NearIdentityBound * NearIdentityBound) option =
    Seq.init 8 (fun k -> 4 <<< k)
    |> Seq.tryPick (fun n -> Option.map2 (fun c c' -> n, c, c') (bounds b n) (bounds b (4 * n)))

/// |x_l| ≤ X, without a tightness: it is attained at x_0 as often as not.
let private staysIn (radius: float) (states: float[][]) : Outcome =
    Outcome.isTrue "max|x_l|" $"is at most {radius}" (states |> Array.forall (fun x -> FloatNetworks.norm x <= radius))

let private final (states: float[][]) : float[] = Array.last states

let private rounding (b: Bounded) (states: float[][]) : float = FloatNetworks.rounding b.Equation states b.Suprema.BiasNorm

let private residualStays (b: Bounded) : Outcome =
    match layers b with
    | None -> Outcome.undecided "more than 512 layers are needed for H3"
    | Some(n, c, c') ->
        let coarse, fine = FloatNetworks.residual b.Equation n, FloatNetworks.residual b.Equation (4 * n)
        let ρ = rounding b coarse + rounding b fine

        Outcome.all [
            Outcome.atMost "|x^(N) − x^(4N)|, residual" (c.Residual + c'.Residual + ρ) (FloatNetworks.distance (final coarse) (final fine))
            staysIn (c.Radius + ρ) coarse
        ]

let private feedForwardStays (b: Bounded) : Outcome =
    match layers b with
    | None -> Outcome.undecided "more than 512 layers are needed for H3"
    | Some(n, c, c') ->
        let coarse, fine = fst (FloatNetworks.feedForward b.Equation n), fst (FloatNetworks.feedForward b.Equation (4 * n))
        let other = FloatNetworks.residual b.Equation n
        let ρ, ρ' = rounding b coarse, rounding b fine

        Outcome.all [
            Outcome.atMost
                "|x^(N) − x^(4N)|, feed-forward"
                (c.FeedForward + c'.FeedForward + ρ + ρ')
                (FloatNetworks.distance (final coarse) (final fine))
            Outcome.atMost
                "|feed-forward − residual|"
                (c.Between + ρ + rounding b other)
                (FloatNetworks.distance (final coarse) (final other))
            staysIn (c.Radius + ρ) coarse
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
        Suprema = {
            WeightNorm = ends |> List.map FloatNetworks.matrixNorm |> List.max
            LogarithmicNorm = ends |> List.map FloatNetworks.logarithmicNorm |> List.max
            Diagonal = ends |> List.map (fun w -> w |> Array.mapi (fun i row -> abs row[i]) |> Array.max) |> List.max
            BiasNorm = FloatNetworks.norm b0
            WeightRate = ω * FloatNetworks.matrixNorm w1
            BiasRate = ω * FloatNetworks.norm b0
        }
    }

let private show (b: Bounded) : (string * string) list =
    let s = b.Suprema

    FloatNetworks.show b.Equation
    @ [
        "L_w", string s.WeightNorm
        "μ", string s.LogarithmicNorm
        "β", string s.BiasNorm
        "Ẇ", string s.WeightRate
        "ḃ", string s.BiasRate
    ]

/// An autonomous equation with its suprema.
let ofEquation (equation: Equation) : Bounded =
    let w = equation.W 0.0

    {
        Equation = equation
        Suprema = {
            WeightNorm = FloatNetworks.matrixNorm w
            LogarithmicNorm = FloatNetworks.logarithmicNorm w
            Diagonal = w |> Array.mapi (fun i row -> abs row[i]) |> Array.max
            BiasNorm = FloatNetworks.norm (equation.B 0.0)
            WeightRate = 0.0
            BiasRate = 0.0
        }
    }

let private generator: Generator<Bounded> = Generator.fromStream (fun _ stream -> draw stream) Shrink.none show

/// x′ = wx − γx³ against its closed form.
let private againstClosedForm (isFeedForward: bool) (w: float, γ: float, x0: float) : Outcome =
    let b = FloatNetworks.autonomous [| [| w |] |] [| 0.0 |] (Entrywise.Cubic γ) [| x0 |] 1.0 |> ofEquation

    match layers b with
    | None -> Outcome.undecided "more than 512 layers are needed for H3"
    | Some(n, c, _) ->
        let states = if isFeedForward then fst (FloatNetworks.feedForward b.Equation n) else FloatNetworks.residual b.Equation n
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

/// The states of N layers stay in |x| ≤ X, the reach of the equation without g.
let private staysInX (isFeedForward: bool) (b: Bounded, n: int) : Outcome =
    let states = if isFeedForward then fst (FloatNetworks.feedForward b.Equation n) else FloatNetworks.residual b.Equation n

    match bounds { b with Equation = { b.Equation with G = Entrywise.Leaky 0.0 } } n with
    | Some c -> Outcome.atMost "max|x_l|" c.Radius (states |> Array.map FloatNetworks.norm |> Array.max)
    | None -> Outcome.undecided "the linear part alone needs more layers"

/// A field whose g increases or has g(0) ≠ 0 but is globally Lipschitz, its start, and N.
let private drawLipschitz (stream: RandomStream) : Bounded * Nonlinearity<Binary64> * int =
    let names = [| TranscendentalName.Tanh; TranscendentalName.Logistic; TranscendentalName.Softplus; TranscendentalName.Sine |]
    let strength = stream.NextFloat(0.2, 1.0)
    let g = Nonlinearity.Scaled(Binary64 strength, Activation.transcendental (Draws.choice stream names))
    let b = draw stream
    { b with Equation = { b.Equation with Horizon = 0.5 * b.Equation.Horizon } }, g, stream.NextInt(1, 16)

/// Networks with N and 4N layers of such a field differ by no more than their bounds, for every N.
let private lipschitzStays (isFeedForward: bool) (b: Bounded, g: Nonlinearity<Binary64>, n: int) : Outcome =
    let equation = b.Equation
    let field = NearIdentityField.create equation.W equation.B g equation.Horizon b.Suprema |> Defect.orFail

    let run n =
        match NearIdentityConversion.odeToFeedForward (LayerCount.Given n) field equation.Start with
        | Error failed -> invalidOp failed.Sentence
        | Ok c ->
            let h = equation.Horizon / float n

            let residual =
                Array.scan (fun x l -> FloatNetworks.addScaled x h (NearIdentityField.value field (float l * h) x)) equation.Start [|
                    0 .. n - 1
                |]

            c, NearIdentityLayers.run c.Network equation.Start, residual

    let (c, feedForward, residual), (c', feedForward', residual') = run n, run (4 * n)
    let ρ = c.Rounding + c'.Rounding

    if isFeedForward then
        Outcome.all [
            Outcome.atMost
                "|x^(N) − x^(4N)|, feed-forward"
                (c.Bound.FeedForward + c'.Bound.FeedForward + ρ)
                (FloatNetworks.distance (final feedForward) (final feedForward'))
            Outcome.atMost
                "|feed-forward − residual|"
                (c.Bound.Between + 2.0 * c.Rounding)
                (FloatNetworks.distance (final feedForward) (final residual))
            staysIn (c.Bound.Radius + ρ) feedForward
        ]
    else
        Outcome.all [
            Outcome.atMost
                "|x^(N) − x^(4N)|, residual"
                (c.Bound.Residual + c'.Bound.Residual + ρ)
                (FloatNetworks.distance (final residual) (final residual'))
            staysIn (c.Bound.Radius + ρ) residual
        ]

let private showLipschitz (b: Bounded, g: Nonlinearity<Binary64>, n: int) : (string * string) list =
    ("N", string n) :: ("g", sprintf "%A" g) :: (show b |> List.filter (fun (name, _) -> name <> "g"))

/// n = 1, w = 1, b = 0, g(x) = 1 + x, x_0 = 0, dt = 1, N = 2: the distance of the two networks against Lip_g·M_ℓ·dt·σ_N with
/// X = β̂(e^{mT} − 1)/m.
let private affineDamping (m: float, β: float) : Outcome =
    let residual x = x + (x + (1.0 + x))

    let feedForward x =
        let u = x + x
        u + (1.0 + u)

    let x = β * Elementary.expm1 (2.0 * m) / m
    let σ = 1.0 + (1.0 + m)
    Outcome.atMost "|feed-forward − residual|" (x * σ) (abs (feedForward (feedForward 0.0) - residual (residual 0.0)))

let private closedForms = [ 1.0, 0.5, 0.3; -0.5, 1.0, 0.8; 0.25, 0.75, -1.0; 0.75, 0.25, 0.5 ]

let private known (n: int) (bound: NearIdentityBound -> float) : float = bounds leaky n |> Option.map bound |> Option.defaultValue nan

let private common (id: string) (statement: string) (isFeedForward: bool) : Claim =
    let showScalar (w, γ, x) = [ "w", string w; "γ", string γ; "x0", string x ]
    let showLong (b, n: int) = ("N", string n) :: show b

    Paper.define id Paper.afterSlides statement
    |> Claim.hypothesis "H1" "w, b are C¹ with the named suprema"
    |> Claim.hypothesis "H2" "g(0) = 0, g is entrywise non-increasing and locally Lipschitz"
    |> Claim.hypothesis "H3" "dt(max|w_ii| + Lip_g(X_u)) ≤ 1"
    |> Claim.bounded "ladder" (Instances.random generator 100) (if isFeedForward then feedForwardStays else residualStays)
    |> Claim.hypothesis "H4" "without H2 and H3: g is globally Lipschitz, and m, β̂ hold dt·L_w·L_g and |g(0)|"
    |> Claim.bounded "closed-form" (Instances.chosen showScalar closedForms) (againstClosedForm isFeedForward)
    |> Claim.bounded
        "lipschitz"
        (Instances.random (Generator.fromStream (fun _ stream -> drawLipschitz stream) Shrink.none showLipschitz) 100)
        (lipschitzStays isFeedForward)
    |> Claim.neededBy "H2" (Instances.chosen showLong [ explosive, 64; explosive, 256 ]) (staysInX isFeedForward)
    |> Claim.neededBy "H3" (Instances.chosen showLong [ steep, 2 ]) (staysInX isFeedForward)

let feedForward: Claim =
    common
        "ruseckas.ffn.global-error"
        "g non-increasing, dt(max|w_ii| + Lip_g(X_u)) ≤ 1: the feed-forward network has |x_N − x(T)| ≤ (½M2 + Lip_g(X_u)M_ℓ)·dt·σ_N, and is within Lip_g(X_u)M_ℓ·dt·σ_N of the residual one."
        true
    |> Claim.bounded "lipschitz-constants" (Instances.chosen (fun (m, β) -> [ "m", string m; "β̂", string β ]) [ 3.0, 1.0 ]) affineDamping
    |> Claim.neededBy "H4" (Instances.chosen (fun (m, β) -> [ "m", string m; "β̂", string β ]) [ 2.0, 0.0 ]) affineDamping
    |> Known.bounded "reference" [
        Known.floats "X, M_ℓ, M2, σ_10" "1.778465524840154 0.9892327624200769 1.878465524840154 1.257789253554883" (fun () ->
            match bounds leaky 10 with
            | Some c -> [| c.Radius; c.AffineSpeed; c.Acceleration; c.Amplification |]
            | None -> [||])
        Known.floats "x_10" "0.791417499365528 -0.7213629683911533" (fun () -> final (fst (FloatNetworks.feedForward leaky.Equation 10)))
        Known.floats "its error and bound" "0.01145703200475765 0.1803480044076831" (fun () -> [|
            FloatNetworks.distance (final (fst (FloatNetworks.feedForward leaky.Equation 10))) leakyEnd
            known 10 _.FeedForward
        |])
        Known.floats "the bound for N = 100" "0.01854450127267771" (fun () -> [| known 100 _.FeedForward |])
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
            known 10 _.Residual
        |])
        Known.floats "the bound for N = 100" "0.01214744468441296" (fun () -> [| known 100 _.Residual |])
        Known.floats "γ = 1, w = b = 0, dt = 1/2 from 3: x_1" "-10.5" (fun () -> (FloatNetworks.residual steep.Equation 2)[1])
    ]
