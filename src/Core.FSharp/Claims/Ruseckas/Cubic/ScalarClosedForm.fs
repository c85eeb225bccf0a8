/// The scalar cubic equation in closed form: the ground truth for networks of one unit.
///
/// Statement: x′ = wx − γx³ has x(t) = sign(x_0)·(w/(γ + (w/x_0² − γ)e^−2wt))^½ (w = 0: x_0/√(1 + 2γx_0²t)) and
/// ∂x(T)/∂x_0 = (x(T)/x_0)³e^−2wT (x_0 = 0: x ≡ 0, derivative e^wT).
/// Proof: y = 1/x² obeys y′ = −2wy + 2γ. Checked exactly with E = e^−2wt as a symbol whose derivative is −2wE: y = γ/w + (1/x_0² − γ/w)E.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.Cubic.ScalarClosedForm

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

/// w, γ and x_0.
[<NoComparison>]
type internal Scalar = { W: Rational; Γ: Rational; X0: Rational }

let private two = Rational.ofInt 2

/// y as a polynomial in E, or in t if w = 0.
let private inverseSquare (problem: Scalar) : Rational[] =
    let start = Rational.One / (problem.X0 * problem.X0)

    if problem.W.Sign = 0 then [| start; two * problem.Γ |] else [| problem.Γ / problem.W; start - problem.Γ / problem.W |]

/// y′ = −2wy + 2γ as an identity of polynomials, with y(0) = 1/x_0².
let private solves (problem: Scalar) : Outcome =
    let y = inverseSquare problem
    // d/dt is −2wE d/dE, or d/dt itself.
    let rate =
        if problem.W.Sign = 0 then
            RingPolynomial.derivative y
        else
            RingPolynomial.multiply [| Rational.Zero; -two * problem.W |] (RingPolynomial.derivative y)

    let right = RingPolynomial.add (RingPolynomial.scale (-two * problem.W) y) [| two * problem.Γ |]
    let atStart = if problem.W.Sign = 0 then Rational.Zero else Rational.One

    Outcome.check [
        fun () -> Check.vanishes "y′ + 2wy − 2γ" (RingPolynomial.subtract rate right)
        fun () -> Check.equal "y(0)" (Rational.One / (problem.X0 * problem.X0)) (RingPolynomial.evaluate y atStart)
    ]

/// x = y^−½ obeys x′ = wx − γx³ iff y′ = −2wy + 2γ: at any state, with x² and y′ = −2x⁻³x′ rational.
let private isEquivalent (problem: Scalar) : Outcome =
    let x = problem.X0
    let rate = problem.W * x - problem.Γ * x * x * x
    Check.equal "(x⁻²)′" (-two * problem.W / (x * x) + two * problem.Γ) (-two * rate / (x * x * x))

/// (∂x/∂x_0)² = (x/x_0)⁶E²: with E fixed, ∂y/∂x_0 = −2E/x_0³ and x = y^−½ give ∂x/∂x_0 = ½x³·2E/x_0³.
let private hasSlope (problem: Scalar) : Outcome =
    let derivative =
        Projective.gradient
            (fun x0 ->
                let square = Arithmetic.(*) x0[0] x0[0]
                let start = Arithmetic.(/) (Ring.ratio 1 1) square
                // y at E = 1/3 (or t = 1 for w = 0).
                if problem.W.Sign = 0 then
                    Arithmetic.(+) start (Dual.constant (two * problem.Γ))
                else
                    let ratio = Dual.constant (problem.Γ / problem.W)
                    Arithmetic.(+) ratio (Arithmetic.(*) (Ring.ratio 1 3) (Arithmetic.(-) start ratio)))
            [| problem.X0 |]

    let e = if problem.W.Sign = 0 then Rational.One else Rational.create 1 3
    Check.vectors "∂y/∂x_0" [| -two * e / Rational.power problem.X0 3 |] derivative

/// x(t) and ∂x(t)/∂x_0 in floats.
let value (w: float) (γ: float) (x0: float) (t: float) : float * float =
    if x0 = 0.0 then
        0.0, Elementary.exp (w * t)
    else
        let decay = Elementary.exp (-2.0 * w * t)

        let x =
            if w = 0.0 then
                x0 / sqrt (1.0 + 2.0 * γ * x0 * x0 * t)
            else
                float (sign x0) * sqrt (w / (γ + (w / (x0 * x0) - γ) * decay))

        let ratio = x / x0
        x, ratio * ratio * ratio * decay

let private draw (stream: RandomStream) : Scalar = {
    W = Draws.fraction stream
    Γ = Draws.fraction stream
    X0 = Draws.until (fun (x: Rational) -> x.Sign <> 0) Draws.fraction stream
}

let private shrink (problem: Scalar) : Scalar seq =
    seq {
        for w in Draws.shrinkFraction problem.W do
            { problem with W = w }

        for γ in Draws.shrinkFraction problem.Γ do
            { problem with Γ = γ }
    }

let private show (problem: Scalar) = [ "w", string problem.W; "γ", string problem.Γ; "x0", string problem.X0 ]

/// The formula of γ = 0 taken for a cubic: y = E/x_0².
let private withoutCubic (problem: Scalar) : Outcome =
    let y = inverseSquare { problem with Γ = Rational.Zero }
    let rate = RingPolynomial.multiply [| Rational.Zero; -two * problem.W |] (RingPolynomial.derivative y)
    let right = RingPolynomial.add (RingPolynomial.scale (-two * problem.W) y) [| two * problem.Γ |]
    Check.vanishes "y′ + 2wy − 2γ" (RingPolynomial.subtract rate right)

let claim: Claim =
    let generator = Generator.fromStream (fun _ stream -> draw stream) shrink show

    Paper.define
        "ruseckas.cubic.scalar-closed-form"
        Paper.reconstructed
        "x′ = wx − γx³: x(t) = sign(x_0)·(w/(γ + (w/x_0² − γ)e^−2wt))^½, ∂x(T)/∂x_0 = (x(T)/x_0)³e^−2wT."
    |> Claim.hypothesis "H1" "the γ of the formula is that of the equation"
    |> Claim.exact "equation" (Instances.random generator 100) solves
    |> Claim.exact "inverse-square" (Instances.random generator 100) isEquivalent
    |> Claim.exact "slope" (Instances.random generator 100) hasSlope
    |> Known.bounded "reference" [
        Known.floats "S1: x(2), ∂x(2)/∂x_0, a(0), H" "1.200082231119759 1.172441883871828 0.2345847879833289 0.06720854175722372" (fun () ->
            let x, slope = value 1.0 0.5 0.3 2.0
            let a = (x - 1.0) * slope
            [| x; slope; a; a * (0.3 - 0.5 * 0.3 * 0.3 * 0.3) |])
    ]
    |> Claim.neededBy "H1" (Instances.chosen show [ { W = Rational.One; Γ = Rational.create 1 2; X0 = Rational.create 3 10 } ]) withoutCubic
