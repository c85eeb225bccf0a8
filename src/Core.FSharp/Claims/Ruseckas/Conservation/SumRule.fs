/// The parameters times their gradients add up to depth times energy.
///
/// Statement: F homogeneous of degree 1 in constant parameters θ ⇒ ⟨θ, ∂L/∂θ⟩ = ∫H dt = T·H = T·∂L/∂T. Residual twin, also for
/// parameters that change from layer to layer: Σ_l ⟨θ_l, ∂L/∂θ_l⟩ = dt·∂L/∂dt = dt·Σ_l a_{l+1}·F(x_l). At a stationary point H = 0.
/// Checked with ∂L/∂θ along θ and ∂L/∂dt by dual numbers. In the feed-forward network the step meets parameters only as dt·θ, so its
/// Σ_l ⟨θ_l, ∂L/∂θ_l⟩ is dt·∂L/∂dt as well; but neither is dt·Σ_l a_{l+1}·F(x_l), as parameters are inside η.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.Conservation.SumRule

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

/// a·(1 + ε)
let private grown (a: Rational) : Dual<Rational> = Dual(a, a)

let private derivative (twin: Twin) (case: NetworkCase) (change: NearIdentity<Dual<Rational>> -> NearIdentity<Dual<Rational>>) : Rational =
    let network = change (NearIdentity.map Dual.constant case.Network)
    (Networks.loss twin case network (Projective.constants case.Start)).Derivative

let private withoutDamping (case: NetworkCase) (network: NearIdentity<Dual<Rational>>) : NearIdentity<Dual<Rational>> = {
    network with
        Weights = case.Network.Weights |> Array.map (Array.map (Array.map grown))
        Biases = case.Network.Biases |> Array.map (Array.map grown)
}

/// All of w, b and the strength of g times (1 + ε), the step as it is.
let private allParameters (case: NetworkCase) (network: NearIdentity<Dual<Rational>>) : NearIdentity<Dual<Rational>> = {
    NearIdentity.map grown case.Network with
        Step = network.Step
}

let private longerStep (network: NearIdentity<Dual<Rational>>) : NearIdentity<Dual<Rational>> = {
    network with
        Step = Dual.variable network.Step.Value
}

/// dt·Σ_l a_{l+1}·F(x_l)
let private energies (twin: Twin) (case: NetworkCase) : Rational =
    let x, a = Networks.passes twin case

    case.Network.Step
    * (Seq.init case.Network.Depth (fun l -> Vector.dot a[l + 1] (NearIdentity.field case.Network l x[l])) |> Seq.sum)

let private twinHolds (twin: Twin) (case: NetworkCase) : Outcome =
    let parameters = derivative twin case (allParameters case)
    Check.equal "Σ⟨θ, ∂L/∂θ⟩ against dt·∂L/∂dt" (case.Network.Step * derivative twin case longerStep) parameters

let private isEnergy (twin: Twin) (case: NetworkCase) : Outcome =
    Check.equal "dt·Σ a_{l+1}·F(x_l) against Σ⟨θ, ∂L/∂θ⟩" (derivative twin case (allParameters case)) (energies twin case)

let private residual (case: NetworkCase) : Outcome =
    Outcome.check [ (fun () -> twinHolds Twin.Residual case); (fun () -> isEnergy Twin.Residual case) ]

let private dampingLeftOut (case: NetworkCase) : Outcome =
    Check.equal "⟨(w, b), ∂L/∂(w, b)⟩" (energies Twin.Residual case) (derivative Twin.Residual case (withoutDamping case))

/// All coefficients of an autonomous field times (1 + ε).
let private ofTriangular (case: TriangularCase) : Outcome =
    let field = Triangular.lift grown case.Field

    let sum =
        (Triangular.solve field (Ring.ratio 0 1) (Projective.constants case.Start)
         |> Triangular.at (Dual.constant case.Horizon)
         |> Triangular.loss Dual.constant case)
            .Derivative

    let x, a = Triangular.trajectory case
    let energy = RingPolynomial.evaluate (RingPolynomial.dot a (Triangular.along case.Field x)) Rational.Zero
    Check.equal "⟨θ, ∂L/∂θ⟩ against T·H" (case.Horizon * energy) sum

/// n = 1, N = 2, dt = 1/2, w = 1/2, b = 1/4, γ = 1/3, x_0 = 1, L = ½x².
let private known = Networks.repeated 2 "1/2" (Damping.Cubic(Rational.create 1 3)) [ "1/2" ] "1/4" "1" "1" "0"

let private partial (choose: NearIdentity<Dual<Rational>> -> NearIdentity<Dual<Rational>>) = derivative Twin.Residual known choose

let private moved (a: Dual<Rational>) = Dual.variable a.Value

let claim: Claim =
    Paper.define
        "ruseckas.conservation.sum-rule"
        Paper.reconstructed
        "F homogeneous of degree 1 in θ ⇒ ⟨θ, ∂L/∂θ⟩ = T·H = T·∂L/∂T; residual network: Σ_l⟨θ_l, ∂L/∂θ_l⟩ = dt·∂L/∂dt = dt·Σ_l a_{l+1}·F(x_l)."
    |> Claim.hypothesis "H1" "θ holds every parameter in which F is linear, g included"
    |> Claim.hypothesis "H2" "the layer is x + dt·F(x), with θ nowhere but in F"
    |> Claim.exact "residual-networks" (Instances.random (Networks.generator Networks.both) 60) residual
    |> Claim.exact "feed-forward-step" (Instances.random (Networks.generator Networks.both) 60) (twinHolds Twin.FeedForward)
    |> Claim.exact "triangular-fields" (Instances.random (Triangular.generator true) 60) ofTriangular
    |> Known.exact "reference" [
        Known.value "x_1, x_2" "29/24 111259/82944" (fun () -> Networks.states Twin.Residual known |> Array.skip 1 |> Array.concat)
        Known.value "a_0, a_1" "66644141/127401984 66644141/95551488" (fun () ->
            snd (Networks.passes Twin.Residual known) |> Array.truncate 2 |> Array.concat)
        Known.value "∂L/∂(w, b, γ)" "221516669/191102976 194814509/191102976 -3513225443/2293235712" (fun () -> [|
            partial (fun network -> { network with Weights = network.Weights |> Array.map (Array.map (Array.map moved)) })
            partial (fun network -> { network with Biases = network.Biases |> Array.map (Array.map moved) })
            partial (fun network -> { network with Damping = Damping.Cubic(Dual.variable (Rational.create 1 3)) })
        |])
        Known.value "both sides" "556851295/1719926784 556851295/1719926784" (fun () -> [|
            partial (allParameters known)
            energies Twin.Residual known
        |])
    ]
    |> Claim.neededBy "H1" (Instances.chosen Networks.show [ known ]) dampingLeftOut
    |> Claim.neededBy "H2" (Instances.chosen Networks.show [ known ]) (isEnergy Twin.FeedForward)
