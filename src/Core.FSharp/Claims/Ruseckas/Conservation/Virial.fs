/// The virial: how a·x changes with depth.
///
/// Statement: d(a·x)/dt = a·(F − F′x). If F(sx) = s^d F(x) for s &gt; 0: a·x(t) = a·x(0) + (1 − d)·∫₀ᵗ H. For F = wx + b − γx³ the rate is
/// a·b + 2γ Σ a_i x_i³.
/// Proof: differentiate; Euler's theorem F′x = dF.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.Conservation.Virial

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

/// d(a·x)/dt − a·(F − F′x) as a polynomial.
let private followsRate (case: TriangularCase) : Outcome =
    let x, a = Triangular.trajectory case

    let pushed =
        Array.init case.Dimension (fun j ->
            Array.init case.Dimension (fun i -> RingPolynomial.multiply (Triangular.slope case.Field x j i) x[i])
            |> Array.reduce RingPolynomial.add)

    let rate = RingPolynomial.dot a (Array.map2 RingPolynomial.subtract (Triangular.along case.Field x) pushed)
    Check.vanishes "d(a·x)/dt − a·(F − F′x)" (RingPolynomial.subtract (RingPolynomial.derivative (RingPolynomial.dot a x)) rate)

let private virial (case: ProjectiveCase) (t: Rational) : Rational =
    Vector.dot (Projective.momentum case t) (Projective.flow case.Direction t case.Start)

/// F of degree 2: a·x(t) = a·x(0) − tH.
let private falls (case: ProjectiveCase) : Outcome =
    let energy = Vector.dot (Projective.momentum case Rational.Zero) (Projective.field case.Direction case.Start)

    Outcome.check [
        for t in [ "1/3"; "1/2"; "1" ] do
            fun () ->
                let t = Known.number t
                Check.equal $"a·x({t})" (virial case Rational.Zero - t * energy) (virial case t)
    ]

/// a·(F − F′x) = a·b + 2γ Σ a_i x_i³ for the cubic equation.
let private isCubicRate (case: NetworkCase) : Outcome =
    match case.Network.Damping with
    | Damping.Leaky _ -> Outcome.undecided "a cubic network is needed"
    | Damping.Cubic γ ->
        let x, a = case.Start, case.Tangent
        let rate = Vector.subtract (NearIdentity.field case.Network 0 x) (NearIdentity.push case.Network 0 x x)
        let cubes = x |> Array.map (fun x -> Rational.power x 3)

        Check.equal "a·(F − F′x)" (Vector.dot a case.Network.Biases[0] + Rational.ofInt 2 * γ * Vector.dot a cubes) (Vector.dot a rate)

/// x′ = b taken for homogeneous of degree 1: a·x would be constant.
let private isConstant (case: TriangularCase) : Outcome =
    let x, a = Triangular.trajectory case
    Check.isConstant "a·x(t) − a·x(0)" (RingPolynomial.dot a x)

let claim: Claim =
    let e2 = Projective.known

    Paper.define
        "ruseckas.conservation.virial"
        Paper.reconstructed
        "d(a·x)/dt = a·(F − F′x); F homogeneous of degree d ⇒ a·x(t) = a·x(0) + (1 − d)∫₀ᵗ H."
    |> Claim.hypothesis "H1" "F(sx) = s^d F(x) for s > 0 (for the second formula)"
    |> Claim.exact "rate" (Instances.random (Triangular.generator false) 60) followsRate
    |> Claim.exact "degree-two" (Instances.random Projective.generator 100) falls
    |> Claim.exact "cubic-rate" (Instances.random (Networks.generator Networks.cubic) 60) isCubicRate
    |> Known.exact "reference" [
        Known.value "E2: a·x at 0, at 1" "144/25 120/25" (fun () -> [| virial e2 Rational.Zero; virial e2 Rational.One |])
    ]
    |> Claim.neededBy "H1" (Instances.chosen Triangular.show [ Triangular.create [ [ "1", [ 0; 0 ] ] ] "1" "0" 1 ]) isConstant
