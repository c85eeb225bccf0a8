/// The gradient in the parameters is the integral of ∂H/∂q.
///
/// Statement: δL/δq(t) = (∂F/∂q)ᵀa; for a parameter constant on [s, s′] the derivative is ∫_s^{s′} ∂H/∂q dt, and for a constant parameter
/// the integral runs over [0, T].
/// Checked with every coefficient of a triangular field as parameter, on all of [0, T] and on a part of it, against dual numbers; and with
/// the k of F = (k·x)x, where ∂H/∂k_j = (a·x)x_j turns out to be constant along a trajectory.
/// The statement stands on the slides.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.Momentum.ParameterGradient

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

/// The field whose coefficient of term m in component i carries an ε.
let private varied (case: TriangularCase) (i: int) (m: int) : Term<Dual<Rational>>[][] =
    case.Field
    |> Array.mapi (fun j terms ->
        terms
        |> Array.mapi (fun l term ->
            let coefficient = if i = j && l = m then Dual.variable term.Coefficient else Dual.constant term.Coefficient
            { Coefficient = coefficient; Exponents = term.Exponents }))

/// ∂L/∂c for a coefficient that is varied for s ≤ t ≤ T only.
let private forward (case: TriangularCase) (s: Rational) (i: int) (m: int) : Rational =
    let middle = Triangular.solve case.Field Rational.Zero case.Start |> Triangular.at s

    (Triangular.solve (varied case i m) (Dual.constant s) (Projective.constants middle)
     |> Triangular.at (Dual.constant case.Horizon)
     |> Triangular.loss Dual.constant case)
        .Derivative

/// ∫_s^T a_i(t)·x^e t^f dt
let private backward (case: TriangularCase) (s: Rational) (i: int) (m: int) : Rational =
    let x, a = Triangular.trajectory case
    let unit = { case.Field[i][m] with Coefficient = Rational.One }
    let monomial = (Triangular.along [| [| unit |] |] x)[0]
    RingPolynomial.integrate (RingPolynomial.multiply a[i] monomial) s case.Horizon

let private isIntegral (case: TriangularCase) : Outcome =
    seq {
        for s in [ Rational.Zero; case.Horizon / Rational.ofInt 3 ] do
            for i in 0 .. case.Dimension - 1 do
                for m in 0 .. case.Field[i].Length - 1 do
                    Check.equal $"∂L/∂(coefficient {m + 1} of F{i + 1} on [{s}, T])" (forward case s i m) (backward case s i m)
    }
    |> Outcome.all

/// ∂H/∂k = (a·x)x at a time.
let private slope (case: ProjectiveCase) (t: Rational) : Rational[] =
    let x = Projective.flow case.Direction t case.Start
    Vector.scale (Vector.dot (Projective.momentum case t) x) x

let private isIntegralInClosedForm (case: ProjectiveCase) : Outcome =
    let forward =
        Projective.gradient
            (fun k -> Projective.loss k (Ring.ratio 1 1) (Projective.constants case.Target) (Projective.constants case.Start))
            case.Direction

    Outcome.check [
        for t in [ "0"; "1/3"; "1/2"; "1" ] do
            fun () -> Check.vectors $"∂L/∂k = ∫∂H/∂k, whose integrand at {t} is" forward (slope case (Known.number t))
    ]

/// x′ = wx − x³/2 from 0.3 over [0, 2], L = ½(x − 1)²: ∫a·x dt with (x, a) back by the method of order 4, against the derivative in w of
/// x = y^−½, y = γ/w + (1/x_0² − γ/w)e^−2wT.
let private scalarOrder () : Outcome =
    let w, γ, x0, t = 1.0, 0.5, 0.3, 2.0
    let e = Elementary.exp (-2.0 * w * t)
    let rest = 1.0 / (x0 * x0) - γ / w
    let y = γ / w + rest * e
    let slope = γ / (w * w) * (e - 1.0) - 2.0 * t * rest * e
    let x = 1.0 / sqrt y
    let exact = (x - 1.0) * (-0.5 * slope * x / y)

    // In reversed time: x, a and the integral.
    let joint _ (z: float[]) =
        let x, a = z[0], z[1]
        [| -(w * x - γ * x * x * x); (w - 3.0 * γ * x * x) * a; a * x |]

    let computed n =
        let final = FloatSteps.rungeKutta (FloatNetworks.field FloatNetworks.s1) [| x0 |] t n
        (FloatSteps.rungeKutta joint [| final[0]; final[0] - 1.0; 0.0 |] t n)[2]

    [ 20; 40; 80; 160 ]
    |> List.map (fun n -> { Resolution = float n; Error = abs (computed n - exact); Floor = 1e-11 })
    |> Asymptotic.within "the error of ∂L/∂w" (3.75, 4.6)

/// x′ = q, L = ½(x(T) − q)², x(0) = 0: the integral leaves out what q does inside L.
let private readsParameter (q: Rational, horizon: Rational) : Outcome =
    let loss (q: Dual<Rational>) =
        let missing = Arithmetic.(-) (Arithmetic.(*) (Dual.constant horizon) q) q
        Arithmetic.(*) (Ring.ratio 1 2) (Arithmetic.(*) missing missing)

    Check.equal "dL/dq" (Dual.derivative loss q) (horizon * (horizon * q - q))

let claim: Claim =
    let e1 = Triangular.known

    Paper.define
        "ruseckas.momentum.parameter-gradient"
        Paper.ofSlides
        "δL/δq(t) = (∂F/∂q)ᵀa: for parameters constant on an interval the derivative of the loss is ∫ ∂H/∂q dt over it."
    |> Claim.hypothesis "H1" "F is C¹ in x and q"
    |> Claim.hypothesis "H2" "q occurs neither in L nor in the input"
    |> Claim.exact "triangular-fields" (Instances.random (Triangular.generator false) 60) isIntegral
    |> Claim.exact "projective-fields" (Instances.random Projective.generator 100) isIntegralInClosedForm
    |> Claim.asymptotic "scalar-cubic" (Instances.ladder (fun () -> [ "problem", "x′ = wx − x³/2, w = 1" ]) [ () ]) scalarOrder
    |> Known.exact "reference" [
        Known.value "E1: derivative in the constant of F1" "-62/9" (fun () -> [| backward e1 Rational.Zero 0 0 |])
        Known.value "E2: derivative in k" "288/25 144/25" (fun () -> slope Projective.known Rational.Zero)
    ]
    |> Claim.neededBy
        "H2"
        (Instances.chosen (fun (q, t) -> [ "q", string q; "T", string t ]) [
            Rational.One, Rational.ofInt 2
            Rational.ofInt 2, Rational.ofInt 3
        ])
        readsParameter
