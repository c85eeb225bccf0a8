/// Cubic damping keeps states in a box.
///
/// Statement: γ &gt; 0, ω = sup‖w‖, β = sup|b|, γR³ ≥ ωR + β. Then |x| ≤ R is invariant for the flow; for the feed-forward network if
/// 3γdt(R + dt(ωR + β))² ≤ 1; for the residual network if 3γdtR² ≤ 1.
/// Proof: D⁺|x| ≤ ω|x| + β − γ|x|³ ≤ 0 at |x| = R. Feed-forward: η increases on |u| ≤ Y = R + dt(ωR + β), so
/// |η(u)| ≤ Y − γdtY³ ≤ Y − γdtR³ ≤ R. Residual: s − γdt·s³ increases on |s| ≤ R.
/// From |x(0)| = m ≥ R: |x(t)|² ≤ R²/(1 − (1 − R²/m²)e^−2γR²t), because y = |x|² has y′ ≤ 2γR²y − 2γy² there.
/// Checked exactly with R rational and rounded up; the decay into the box against closed forms, and for drawn equations of n ≤ 3 with
/// m ≤ 4R by the method of order 4 with steps h ≤ 1/(4(ω + 3γm²)) and h/2, whose difference is fifteen times the error of the finer run.
/// From far out n = 1 is solved in y = 1/x².
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.Cubic.TrappingBox

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

let private γ (case: NetworkCase) : Rational =
    match case.Network.Damping with
    | Damping.Cubic γ -> γ
    | Damping.Leaky _ -> Rational.Zero

/// ω and β.
let private bounds (case: NetworkCase) : Rational * Rational =
    let largest = Array.fold Rational.max Rational.Zero

    case.Network.Weights |> Array.map (Matrix.ofRows >> Matrix.normInf) |> largest,
    case.Network.Biases |> Array.map Vector.normInf |> largest

/// The least R = k/16 with γR³ ≥ ωR + β.
let private radius (case: NetworkCase) : Rational =
    let ω, β = bounds case
    let γ = γ case
    let suffices (r: Rational) = r.Sign > 0 && γ * r * r * r >= ω * r + β
    // γR³ ≥ ωR + β holds at R = 1 + (ω + β)/γ and stays true for larger R.
    let top = Rational.ofInt 16 * (Rational.One + (ω + β) / γ)
    let mutable low = System.Numerics.BigInteger.Zero
    let mutable high = top.Numerator / top.Denominator + System.Numerics.BigInteger.One

    while high - low > System.Numerics.BigInteger.One do
        let middle = (low + high) / System.Numerics.BigInteger 2
        if suffices (Rational.OfRatio(middle, System.Numerics.BigInteger 16)) then high <- middle else low <- middle

    Rational.OfRatio(high, System.Numerics.BigInteger 16)

/// 3γdt(R + dt(ωR + β))² and 3γdtR².
let private steepness (twin: Twin) (case: NetworkCase) : Rational =
    let ω, β = bounds case
    let r, h = radius case, case.Network.Step

    let reach =
        match twin with
        | Twin.FeedForward -> r + h * (ω * r + β)
        | Twin.Residual -> r

    Rational.ofInt 3 * γ case * h * reach * reach

/// The case with a step short enough, and its input on the boundary of the box.
let private prepared (twin: Twin) (case: NetworkCase) : NetworkCase =
    let rec shorten (case: NetworkCase) =
        if steepness twin case <= Rational.One then
            case
        else
            shorten { case with Network = { case.Network with Step = case.Network.Step / Rational.ofInt 2 } }

    let case = shorten case
    let size = Vector.normInf case.Start

    if size.Sign = 0 then case else { case with Start = Vector.scale (radius case / size) case.Start }

let private inBox (twin: Twin) (case: NetworkCase) : Outcome =
    let r = radius case

    Networks.states twin case |> Array.mapi (fun l x -> Check.atMost $"|x_{l}|" r (Vector.normInf x)) |> Outcome.all

let private stays (twin: Twin) (case: NetworkCase) : Outcome = inBox twin (prepared twin case)

/// At |x_i| = R the flow does not point outward.
let private pointsInward (case: NetworkCase) : Outcome =
    let r = radius case
    let clipped = Vector.scale (r / Rational.max r (Vector.normInf case.Start)) case.Start

    seq {
        for i in 0 .. case.Dimension - 1 do
            for side in [ Rational.One; -Rational.One ] do
                let x = Array.updateAt i (side * r) clipped
                Check.atMost "the outward velocity on the boundary" Rational.Zero (side * (NearIdentity.field case.Network 0 x)[i])
    }
    |> Outcome.all

/// x² for x′ = wx − γx³ from x(0) = m ≥ R at time t against R²/(1 − (1 − R²/m²)e^−2γR²t) with R² = w/γ, where it is attained.
let private closedForm (w: float, γ: float, m: float, t: float) : Outcome =
    let x, _ = ScalarClosedForm.value w γ m t
    let r2 = w / γ
    let bound = r2 / (1.0 - (1.0 - r2 / (m * m)) * Elementary.exp (-2.0 * γ * r2 * t))
    // Both sides take about ten operations on numbers of their own size.
    Outcome.atMost "|x(t)|²" (bound * (1.0 + 64.0 * System.Math.ScaleB(1.0, -53) * (1.0 + 2.0 * w * t))) (x * x)

/// R²/(1 − (1 − R²/m²)e^−2γR²t), the bound of |x(t)|².
let private decayed (γ: float) (r: float) (m: float) (t: float) : float =
    r * r / (1.0 - (1.0 - r * r / (m * m)) * Elementary.exp (-2.0 * γ * r * r * t))

let private strength (equation: Equation) : float =
    match equation.G with
    | Entrywise.Cubic γ -> γ
    | Entrywise.Leaky _
    | Entrywise.Tanh _ -> 0.0

/// ω, β and R of an autonomous equation.
let private trapping (equation: Equation) : float * float =
    let ω, β = FloatNetworks.matrixNorm (equation.W 0.0), FloatNetworks.norm (equation.B 0.0)
    ω, TrappingRadius.smallest (strength equation) ω β

/// A random cubic equation that starts at |x(0)| = m, R ≤ m ≤ 4R.
let private outside (stream: RandomStream) : Equation =
    let equation = FloatNetworks.randomCubic stream
    let _, r = trapping equation
    let scale = stream.NextFloat(1.0, 4.0) * r / FloatNetworks.norm equation.Start
    { equation with Start = equation.Start |> Array.map (fun x -> scale * x); Horizon = 1.0 }

/// The states of the method of order 4 with n steps over [0, 1].
let private states (equation: Equation) (n: int) : float[][] =
    let f = FloatNetworks.field equation
    Array.scan (fun x _ -> FloatSteps.rungeKutta f x (1.0 / float n) 1) equation.Start [| 1..n |]

/// The trajectory with h/2 against the bound; t = 0 is equality.
let private decays (equation: Equation) : Outcome =
    let γ = strength equation
    let ω, r = trapping equation
    let m = FloatNetworks.norm equation.Start
    let n = int (ceil (4.0 * (ω + 3.0 * γ * m * m)))
    let coarse, fine = states equation n, states equation (2 * n)

    seq { 1..n }
    |> Seq.map (fun l ->
        let doubt = FloatNetworks.distance coarse[l] fine[2 * l]
        let bound = sqrt (decayed γ r m (float l / float n)) * (1.0 + 64.0 * FloatNetworks.unit)
        Outcome.atMost $"|x({l}/{n})|" (bound + doubt) (FloatNetworks.norm fine[2 * l]))
    |> Outcome.all

/// x(t) of x′ = wx + b − γx³ from x(0) = m > 0 in y = 1/x²: y′ = −2wy − 2by^{3/2} + 2γ while x keeps its sign.
let private fromFarOut (w: float, b: float, γ: float) (m: float) (t: float) (n: int) : float =
    let rate _ (y: float[]) = [| 2.0 * (γ - w * y[0] - b * y[0] * sqrt y[0]) |]
    let y = FloatSteps.rungeKutta rate [| 1.0 / (m * m) |] t n
    1.0 / sqrt y[0]

/// x′ = 3x/2 + 1/5 − x³/3 from 10, 100, 1000: the whole way down, by y.
let private decaysFar (m: float) : Outcome =
    let w, b, γ = 1.5, 0.2, 1.0 / 3.0
    let r = TrappingRadius.smallest γ w b

    [ 0.01; 0.1; 0.5; 1.0 ]
    |> List.map (fun t ->
        let coarse, fine = fromFarOut (w, b, γ) m t 2000, fromFarOut (w, b, γ) m t 4000
        let bound = sqrt (decayed γ r m t) * (1.0 + 64.0 * FloatNetworks.unit)
        Outcome.atMost $"|x({t})|" (bound + abs (coarse - fine)) fine)
    |> Outcome.all

/// γ = 1, w = 0, dt = 1/2, x_0 = 3: the box of R = 3 with a step too long; x_1 = −10.5.
let private long = Networks.repeated 1 "1/2" (Damping.Cubic Rational.One) [ "9" ] "0" "3" "0" "0"

let private free = Networks.repeated 2 "1/2" (Damping.Cubic Rational.One) [ "0" ] "0" "3" "0" "0"

/// γ < 0: x′ = x³ + x/2, outward on every boundary; R = 1.
let private outward (case: NetworkCase) : Outcome =
    Check.atMost "the outward velocity at x = 1" Rational.Zero ((NearIdentity.field case.Network 0 (Known.vector "1"))[0])

let claim: Claim =
    let cubic = Networks.generator Networks.cubic

    Paper.define
        "ruseckas.cubic.trapping-box"
        Paper.reconstructed
        "γ > 0, γR³ ≥ ωR + β: |x| ≤ R is invariant for the flow, for the feed-forward network if 3γdt(R + dt(ωR + β))² ≤ 1, for the residual network if 3γdtR² ≤ 1."
    |> Claim.hypothesis "H1" "γ > 0"
    |> Claim.hypothesis "H2" "the step is short: 3γdt(R + dt(ωR + β))² ≤ 1, or 3γdtR² ≤ 1"
    |> Claim.exact "feed-forward" (Instances.random cubic 100) (stays Twin.FeedForward)
    |> Claim.exact "residual" (Instances.random cubic 100) (stays Twin.Residual)
    |> Claim.exact "boundary" (Instances.random cubic 100) pointsInward
    |> Claim.bounded
        "decay"
        (Instances.chosen (fun (w, γ, m, t) -> [ "w", string w; "γ", string γ; "x0", string m; "t", string t ]) [
            1.0, 0.5, 4.0, 0.5
            1.5, 1.0 / 3.0, 1000.0, 0.5
            0.25, 1.0, 10.0, 2.0
        ])
        closedForm
    |> Claim.bounded
        "decay-drawn"
        (Instances.random (Generator.fromStream (fun _ stream -> outside stream) Shrink.none FloatNetworks.show) 100)
        decays
    |> Claim.bounded "decay-far-out" (Instances.chosen (fun (m: float) -> [ "x0", string m ]) [ 10.0; 100.0; 1000.0 ]) decaysFar
    |> Known.exact "step" [
        Known.value "x_1 of γ = 1, w = b = 0, dt = 1/2 from 3" "-21/2" (fun () -> (Networks.states Twin.FeedForward free)[1])
    ]
    |> Known.bounded "reference" [
        Known.floats "R of ω = 3/2, β = 1/5, γ = 1/3, and its bound at t = ½" "2.185083310249378 2.448534153355012" (fun () ->
            let r = TrappingRadius.smallest (1.0 / 3.0) 1.5 0.2
            [| r; sqrt (decayed (1.0 / 3.0) r infinity 0.5) |])
        Known.floats "x(½) of x′ = 3x/2 + 1/5 − x³/3 from 1000" "2.440482562640956" (fun () -> [|
            fromFarOut (1.5, 0.2, 1.0 / 3.0) 1000.0 0.5 20000
        |])
    ]
    |> Claim.neededBy
        "H1"
        (Instances.chosen Networks.show [ Networks.repeated 1 "1/2" (Damping.Cubic(Rational.ofInt -1)) [ "1/2" ] "0" "1" "0" "0" ])
        outward
    |> Claim.neededBy "H2" (Instances.chosen Networks.show [ long ]) (inBox Twin.FeedForward)
    |> Claim.neededBy "H2" (Instances.chosen Networks.show [ { long with Start = Known.vector "2" } ]) (inBox Twin.Residual)
