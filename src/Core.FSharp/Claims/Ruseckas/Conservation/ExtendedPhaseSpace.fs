/// With the clock as a coordinate the energy is constant again.
///
/// Statement: for a_t′ = −∂H/∂t, a_t(T) = 0: a_t + H = H(T), and a_t(0) is the derivative of the loss with respect to shifting the clock of
/// F, x′ = F(x, t + s), at fixed duration.
/// Proof: dH/dt = ∂H/∂t along trajectories; ∂L/∂s = ∫ a·∂_tF dt.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.Conservation.ExtendedPhaseSpace

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

/// H(t) and a_t(t).
let private passes (case: TriangularCase) : Rational[] * Rational[] =
    let x, a = Triangular.trajectory case
    let drift = case.Field |> Array.map (Multivariate.derivative case.Dimension)
    let rate = RingPolynomial.dot a (Triangular.along drift x) |> Array.map (~-)
    RingPolynomial.dot a (Triangular.along case.Field x), RingPolynomial.primitive case.Horizon Rational.Zero rate

let private isConserved (case: TriangularCase) : Outcome =
    let energy, clock = passes case
    Check.isConstant "a_t + H − H(T)" (RingPolynomial.add energy clock)

/// dL/ds of x′ = F(x, t + s): the flow from s to s + T with the same start.
let private shiftDerivative (case: TriangularCase) : Rational =
    let s = Dual.variable Rational.Zero
    let x = Triangular.solve (Triangular.dual case.Field) s (Projective.constants case.Start)
    (Triangular.at (Dual.variable case.Horizon) x |> Triangular.loss Dual.constant case).Derivative

let private isShift (case: TriangularCase) : Outcome =
    let _, clock = passes case
    Check.equal "a_t(0) against dL/ds" (shiftDerivative case) (RingPolynomial.evaluate clock Rational.Zero)

/// Without the clock's momentum, a_t = 0.
let private isConservedAlone (case: TriangularCase) : Outcome = Check.isConstant "H − H(T)" (fst (passes case))

let private driven = Triangular.create [ [ "1", [ 0; 1 ] ] ] "1" "0" 2

let claim: Claim =
    Paper.define
        "ruseckas.conservation.extended-phase-space"
        Paper.reconstructed
        "a_t′ = −∂H/∂t, a_t(T) = 0 ⇒ a_t + H = H(T), and a_t(0) is the derivative of the loss with respect to shifting the clock of F."
    |> Claim.hypothesis "H1" "the clock carries a momentum, a_t′ = −∂H/∂t"
    |> Claim.exact "conserved" (Instances.random (Triangular.generator false) 100) isConserved
    |> Claim.exact "shift-of-the-clock" (Instances.random (Triangular.generator false) 60) isShift
    |> Known.exact "reference" [
        Known.value "x′ = t, L = ½x², x(0) = 1, T = 2: a_t" "6 -3" (fun () -> snd (passes driven) |> Polynomial.normalise)
        Known.value "H(T), dL/ds" "6 6" (fun () -> [|
            RingPolynomial.evaluate (fst (passes driven)) driven.Horizon
            shiftDerivative driven
        |])
    ]
    |> Claim.neededBy "H1" (Instances.chosen Triangular.show [ driven ]) isConservedAlone
