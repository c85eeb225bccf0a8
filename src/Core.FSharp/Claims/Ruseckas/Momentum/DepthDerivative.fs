/// How much a deeper network would help can be read off at its input.
///
/// Statement: for autonomous F, constant q and L = L(x(T)): dL(x(T))/dT = H(T) = H(t) at every t, in particular a(0)·F(x(0)).
/// Proof: dL/dT = ∇L·F(x(T)) = a(T)·F(x(T)), and H is constant.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.Momentum.DepthDerivative

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

let private derivative (case: TriangularCase) : Rational =
    let x = Triangular.solve (Triangular.dual case.Field) (Dual.constant Rational.Zero) (Projective.constants case.Start)
    (Triangular.at (Dual.variable case.Horizon) x |> Triangular.loss Dual.constant case).Derivative

/// H(t), a polynomial in t.
let private energy (case: TriangularCase) : Rational[] =
    let x, a = Triangular.trajectory case
    RingPolynomial.dot a (Triangular.along case.Field x)

let private isEnergy (case: TriangularCase) : Outcome =
    Check.equal "H(0) against dL/dT" (derivative case) (RingPolynomial.evaluate (energy case) Rational.Zero)

let private isFinalEnergy (case: TriangularCase) : Outcome =
    Check.equal "H(T) against dL/dT" (derivative case) (RingPolynomial.evaluate (energy case) case.Horizon)

let private isEnergyInClosedForm (case: ProjectiveCase) : Outcome =
    let k = case.Direction

    let derivative =
        Dual.derivative
            (fun t -> Projective.loss (Projective.constants k) t (Projective.constants case.Target) (Projective.constants case.Start))
            Rational.One

    Outcome.check [
        for t in [ "0"; "1/3"; "1/2"; "1" ] do
            fun () ->
                let x = Projective.flow k (Known.number t) case.Start

                Check.equal
                    $"H({t}) against dL/dT"
                    derivative
                    (Vector.dot (Projective.momentum case (Known.number t)) (Projective.field k x))
    ]

/// x′ = t, L = ½x², x(0) = 1, T = 2.
let private driven = Triangular.create [ [ "1", [ 0; 1 ] ] ] "1" "0" 2

let claim: Claim =
    Paper.define
        "ruseckas.momentum.depth-derivative"
        Paper.reconstructed
        "F autonomous, q constant, L = L(x(T)) ⇒ dL(x(T))/dT = a(0)·F(x(0)); the derivative is H(T) in any case."
    |> Claim.hypothesis "H1" "F does not depend on t, and q is constant"
    |> Claim.hypothesis "H3" "L depends on x(T) only"
    |> Claim.exact "at-the-input" (Instances.random (Triangular.generator true) 100) isEnergy
    |> Claim.exact "at-the-output" (Instances.random (Triangular.generator false) 100) isFinalEnergy
    |> Claim.exact "projective-fields" (Instances.random Projective.generator 100) isEnergyInClosedForm
    |> Known.exact "reference" [
        Known.value "x′ = t, L = ½x², T = 2: H(t)" "0 3" (fun () -> energy driven)
        Known.value "x′ = t, L = ½x², T = 2: dL/dT" "6" (fun () -> [| derivative driven |])
        Known.value "E2: dL/dT" "24/25" (fun () -> [|
            Vector.dot
                (Projective.momentum Projective.known Rational.Zero)
                (Projective.field Projective.known.Direction Projective.known.Start)
        |])
    ]
    |> Claim.neededBy "H1" (Instances.chosen Triangular.show [ driven ]) isEnergy
