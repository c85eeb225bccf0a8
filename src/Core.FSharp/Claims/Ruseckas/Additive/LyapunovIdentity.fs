/// The energy of a symmetric additive network never grows, and by how much it falls is known exactly.
///
/// Statement: with y_i = σ(x_i − ϑ_i) and E(x) = −½yᵀWy − I·y + Σ_i ∫₀^{x_i} s σ′(s − ϑ_i) ds,
/// ∇E·x′ = −Σ_i τ_i σ′(x_i − ϑ_i)(x_i′)² ≤ 0.
/// Proof: ∂E/∂x_i = σ′_i(x_i − I_i − Σ_j ½(w_ij + w_ji)y_j), and symmetry makes the bracket −τ_i x_i′. That this is the gradient of E is
/// checked with dual numbers for σ(u) = u + u³/3, where E is a polynomial.
/// The abstract cites the theorem of Cohen and Grossberg for symmetric coefficients; the formula is reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.Additive.LyapunovIdentity

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

let private left (σ: ISquashing<Rational>) (case: AdditiveCase) : Rational =
    Vector.dot (AdditiveNetwork.energyGradient σ case.Network case.State) (AdditiveNetwork.field σ case.Network case.State)

let private right (σ: ISquashing<Rational>) (case: AdditiveCase) : Rational = AdditiveNetwork.dissipation σ case.Network case.State

let private isIdentity (case: AdditiveCase) : Outcome =
    Check.equal "∇E·x′ against −Σ τσ′(x′)²" (right AdditiveCase.softsign case) (left AdditiveCase.softsign case)

let private descends (σ: ISquashing<Rational>) (case: AdditiveCase) : Outcome = Check.atMost "∇E·x′" Rational.Zero (left σ case)

/// E for σ(u) = u + u³/3, where s σ′(s − ϑ) = s + s(s − ϑ)².
let private polynomialEnergy (network: AdditiveNetwork<Dual<Rational>>) (x: Dual<Rational>[]) : Dual<Rational> =
    let σ = CubicRamp<Dual<Rational>>()
    let y = AdditiveNetwork.outputs σ network x
    let half: Dual<Rational> = Ring.ratio -1 2
    let quadratic = Arithmetic.(*) half (Vector.dot y (network.Weights |> Array.map (fun row -> Vector.dot row y)))
    let linear = Vector.dot network.Inputs y

    let work (x: Dual<Rational>) (ϑ: Dual<Rational>) : Dual<Rational> =
        let distance = [| Arithmetic.(~-) ϑ; Ring.ratio 1 1 |]
        let slope = RingPolynomial.add [| Ring.ratio 1 1 |] (RingPolynomial.multiply distance distance)
        RingPolynomial.integrate (RingPolynomial.multiply [| Ring.ratio 0 1; Ring.ratio 1 1 |] slope) (Ring.ratio 0 1) x

    let works = Array.map2 work x network.Thresholds |> Array.fold (fun a b -> Arithmetic.(+) a b) (Ring.ratio 0 1)
    Arithmetic.(+) (Arithmetic.(-) quadratic linear) works

let private isGradient (case: AdditiveCase) : Outcome =
    let lift = Array.map Dual.constant

    let network: AdditiveNetwork<Dual<Rational>> = {
        Weights = case.Network.Weights |> Array.map lift
        TimeConstants = lift case.Network.TimeConstants
        Thresholds = lift case.Network.Thresholds
        Inputs = lift case.Network.Inputs
    }

    let partial i =
        (case.State |> Array.mapi (fun j x -> if i = j then Dual.variable x else Dual.constant x) |> polynomialEnergy network).Derivative

    Check.vectors
        "∇E by dual numbers, σ(u) = u + u³/3"
        (Array.init case.State.Length partial)
        (AdditiveNetwork.energyGradient (CubicRamp<Rational>()) case.Network case.State)

/// dE/dt along the motion while the inputs change at these rates, for σ(u) = u + u³/3.
let private rate (case: AdditiveCase) (inputRates: Rational[]) : Rational =
    let lift = Array.map Dual.constant

    let network: AdditiveNetwork<Dual<Rational>> = {
        Weights = case.Network.Weights |> Array.map lift
        TimeConstants = lift case.Network.TimeConstants
        Thresholds = lift case.Network.Thresholds
        Inputs = Array.map2 (fun input rate -> Dual(input, rate)) case.Network.Inputs inputRates
    }

    let velocity = AdditiveNetwork.field (CubicRamp<Rational>()) case.Network case.State
    (Array.map2 (fun x v -> Dual(x, v)) case.State velocity |> polynomialEnergy network).Derivative

/// For inputs that change, dE/dt = −Σ τσ′(x′)² − I′·y; here I′ is I reversed.
let private hasInputTerm (case: AdditiveCase) : Outcome =
    let σ = CubicRamp<Rational>()
    let rates = Array.rev case.Network.Inputs
    let work = Vector.dot rates (AdditiveNetwork.outputs σ case.Network case.State)
    Check.equal "dE/dt against −Σ τσ′(x′)² − I′·y" (AdditiveNetwork.dissipation σ case.Network case.State - work) (rate case rates)

/// The rate without what the inputs do.
let private dissipatesAlong (inputRates: Rational[]) (case: AdditiveCase) : Outcome =
    Check.equal
        "dE/dt against −Σ τσ′(x′)²"
        (AdditiveNetwork.dissipation (CubicRamp<Rational>()) case.Network case.State)
        (rate case inputRates)

let private known = AdditiveCase.create [ "1 2"; "2 -1" ] "1 2" "1/4 -1/4" "1/3 -1/5" "1/2 -3/4"
let private skew = AdditiveCase.create [ "1 2"; "-2 -1" ] "1 2" "1/4 -1/4" "1/3 -1/5" "1/2 -3/4"

/// The known network with one negative time constant, and the other unit slow.
let private negativeTime = { known with Network = { known.Network with TimeConstants = Known.vector "-1 8" } }

let private decreasing: ISquashing<Rational> = {
    new ISquashing<Rational> with
        member _.Value u = -u
        member _.Slope _ = Rational.ofInt -1
}

let claim: Claim =
    Paper.define
        "ruseckas.additive.lyapunov-identity"
        Paper.ofAbstract
        "W symmetric: E(x) = −½yᵀWy − I·y + Σ_i ∫₀^{x_i} s σ′(s − ϑ_i) ds satisfies ∇E·x′ = −Σ_i τ_i σ′(x_i − ϑ_i)(x_i′)² ≤ 0."
    |> Claim.hypothesis "H1" "W is symmetric"
    |> Claim.hypothesis "H2" "τ_i > 0 (for the sign only)"
    |> Claim.hypothesis "H3" "σ is C¹ with σ′ ≥ 0 (the sign only)"
    |> Claim.hypothesis "H4" "I is constant (for the rate of E along the motion)"
    |> Claim.exact "identity" (Instances.random (AdditiveCase.generator true) 200) isIdentity
    |> Claim.exact "descent" (Instances.random (AdditiveCase.generator true) 100) (descends AdditiveCase.softsign)
    |> Claim.exact "gradient" (Instances.random (AdditiveCase.generator false) 100) isGradient
    |> Claim.exact "inputs-that-change" (Instances.random (AdditiveCase.generator true) 60) hasInputTerm
    |> Known.exact "reference" [
        Known.value "x′" "-19/30 77/120" (fun () -> AdditiveNetwork.field AdditiveCase.softsign known.Network known.State)
        Known.value "∇E·x′ and −Σ τσ′(x′)²" "-252193/405000 -252193/405000" (fun () -> [|
            left AdditiveCase.softsign known
            right AdditiveCase.softsign known
        |])
        Known.value "both sides and their difference, W not symmetric" "-108073/405000 -275233/405000 1393/3375" (fun () ->
            let l, r = left AdditiveCase.softsign skew, right AdditiveCase.softsign skew
            [| l; r; l - r |])
    ]
    |> Claim.neededBy "H1" (Instances.chosen AdditiveCase.show [ skew ]) isIdentity
    |> Claim.neededBy "H1" (Instances.random (AdditiveCase.generator false) 20) isIdentity
    |> Claim.neededBy "H2" (Instances.chosen AdditiveCase.show [ negativeTime ]) (descends AdditiveCase.softsign)
    |> Claim.neededBy "H3" (Instances.chosen AdditiveCase.show [ known ]) (descends decreasing)
    |> Claim.neededBy "H4" (Instances.chosen AdditiveCase.show [ known ]) (dissipatesAlong (Known.vector "1 0"))
