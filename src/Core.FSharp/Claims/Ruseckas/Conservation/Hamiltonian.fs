/// The energy a·F is the same at every depth.
///
/// Statement: q constant and F without explicit t ⇒ a·F is constant; in general dH/dt = a·∂_tF + ∂H/∂q·q′.
/// Checked as an identity of polynomials: H(t) itself, and for fields that depend on t the derivative against a·∂_tF.
/// The statement stands on the slides.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.Conservation.Hamiltonian

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

/// H(t)
let private energy (case: TriangularCase) : Rational[] =
    let x, a = Triangular.trajectory case
    RingPolynomial.dot a (Triangular.along case.Field x)

let private isConstant (case: TriangularCase) : Outcome = Check.isConstant "H(t) − H(0)" (energy case)

/// dH/dt = a·∂_tF
let private changes (case: TriangularCase) : Outcome =
    let x, a = Triangular.trajectory case
    let drift = case.Field |> Array.map (Multivariate.derivative case.Dimension)

    Check.vanishes
        "dH/dt − a·∂F/∂t"
        (RingPolynomial.subtract (RingPolynomial.derivative (energy case)) (RingPolynomial.dot a (Triangular.along drift x)))

let private isConstantInClosedForm (case: ProjectiveCase) : Outcome =
    let at t = Vector.dot (Projective.momentum case t) (Projective.field case.Direction (Projective.flow case.Direction t case.Start))

    [| "0"; "1/3"; "1/2"; "1" |] |> Array.map (Known.number >> at) |> Check.constant "H(t)"

/// x′ = t, L = ½x², x(0) = 1, T = 2.
let private driven = Triangular.create [ [ "1", [ 0; 1 ] ] ] "1" "0" 2

/// H at t for x′ = qx, q = 1 for t < 1 and 2 after, L = x(T), x(0) = 1, T = 2: x = e^{∫₀ᵗq}, a = e^{∫ₜᵀq}.
let private jumping (t: float) : float =
    let q = if t < 1.0 then 1.0 else 2.0
    let before = min t 1.0 + 2.0 * max 0.0 (t - 1.0)
    q * Elementary.exp before * Elementary.exp (3.0 - before)

/// H at two times of the same piece, or of both.
let private isConstantOver (first: float, second: float) : Outcome =
    // Two exponentials and three products on each side.
    Check.negligible "H(t₂) − H(t₁)" (16.0 * System.Math.ScaleB(1.0, -53) * jumping first) (jumping second - jumping first)

let claim: Claim =
    let showTimes (first: float, second: float) = [ "t₁", string first; "t₂", string second ]

    Paper.define "ruseckas.conservation.hamiltonian" Paper.ofSlides "q constant, F without explicit t ⇒ H = a·F is constant in depth."
    |> Claim.hypothesis "H1" "F does not depend on t, neither itself nor through q"
    |> Claim.exact "triangular-fields" (Instances.random (Triangular.generator true) 100) isConstant
    |> Claim.exact "rate" (Instances.random (Triangular.generator false) 100) changes
    |> Claim.exact "projective-fields" (Instances.random Projective.generator 100) isConstantInClosedForm
    |> Known.exact "reference" [
        Known.value "E1: H" "1/2" (fun () -> energy Triangular.known |> Polynomial.normalise)
        Known.value "x′ = t: H(t)" "0 3" (fun () -> energy driven |> Polynomial.normalise)
    ]
    |> Known.bounded "reference-jump" [
        Known.floats "x′ = qx, q = 1 and then 2, L = x(2): H before and after" "20.08553692318767 40.17107384637534" (fun () -> [|
            jumping 0.5
            jumping 1.5
        |])
    ]
    |> Claim.bounded "between-jumps" (Instances.chosen showTimes [ 0.125, 0.875; 1.125, 1.875 ]) isConstantOver
    |> Claim.neededBy "H1" (Instances.chosen Triangular.show [ driven ]) isConstant
    |> Claim.neededBy "H1" (Instances.chosen showTimes [ 0.5, 1.5 ]) isConstantOver
