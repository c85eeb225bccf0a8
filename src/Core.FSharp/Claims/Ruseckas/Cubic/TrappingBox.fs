/// Cubic damping keeps states in a box.
///
/// Statement: γ &gt; 0, ω = sup‖w‖, β = sup|b|, γR³ ≥ ωR + β. Then |x| ≤ R is invariant for the flow; for the feed-forward network if
/// 3γdt(R + dt(ωR + β))² ≤ 1; for the residual network if 3γdtR² ≤ 1.
/// Proof: D⁺|x| ≤ ω|x| + β − γ|x|³ ≤ 0 at |x| = R. Feed-forward: η increases on |u| ≤ Y = R + dt(ωR + β), so
/// |η(u)| ≤ Y − γdtY³ ≤ Y − γdtR³ ≤ R. Residual: s − γdt·s³ increases on |s| ≤ R.
/// Checked exactly with R rational and rounded up; the decay into the box is compared with its bound for one closed form.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.Cubic.TrappingBox

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
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
    |> Known.exact "step" [
        Known.value "x_1 of γ = 1, w = b = 0, dt = 1/2 from 3" "-21/2" (fun () -> (Networks.states Twin.FeedForward free)[1])
    ]
    |> Known.bounded "reference" [
        Known.floats "R of ω = 3/2, β = 1/5, γ = 1/3, and its bound at t = ½" "2.185083310249378 2.448534153355012" (fun () ->
            // Newton from above for R³/3 = 3R/2 + 1/5.
            let newton r = r - (r * r * r / 3.0 - 1.5 * r - 0.2) / (r * r - 1.5)
            let r = Seq.init 60 id |> Seq.fold (fun r _ -> newton r) 4.0
            [| r; r / sqrt (1.0 - Elementary.exp (-2.0 / 3.0 * r * r * 0.5)) |])
    ]
    |> Claim.neededBy
        "H1"
        (Instances.chosen Networks.show [ Networks.repeated 1 "1/2" (Damping.Cubic(Rational.ofInt -1)) [ "1/2" ] "0" "1" "0" "0" ])
        outward
    |> Claim.neededBy "H2" (Instances.chosen Networks.show [ long ]) (inBox Twin.FeedForward)
    |> Claim.neededBy "H2" (Instances.chosen Networks.show [ { long with Start = Known.vector "2" } ]) (inBox Twin.Residual)
