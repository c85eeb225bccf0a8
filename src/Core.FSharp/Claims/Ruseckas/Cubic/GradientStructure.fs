/// With symmetric constant weights the cubic equation descends a potential.
///
/// Statement: w symmetric and constant, b constant: x′ = −∇V for V = −½xᵀwx − b·x + γ/4 Σ x_i⁴, and V′ = −|x′|₂². All trajectories are
/// bounded, each converges to one equilibrium (V is a polynomial: Łojasiewicz), and there are at most 3ⁿ equilibria, all isolated.
/// Checked: the identities, exactly, with ∇V by dual numbers; that V falls in every short Euler step; and for n = 1 the count of equilibria by
/// Sturm's theorem. Certified equilibria for n ≥ 2 wait for the contraction test on this field.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.Cubic.GradientStructure

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Ruseckas

let private γ (case: NetworkCase) : Rational =
    match case.Network.Damping with
    | Damping.Cubic γ -> γ
    | Damping.Leaky _ -> Rational.Zero

let private potential (case: NetworkCase) (x: Dual<Rational>[]) : Dual<Rational> =
    let network = NearIdentity.map Dual.constant case.Network
    let quadratic = Arithmetic.(*) (Ring.ratio 1 2) (Vector.dot x (NearIdentity.apply network.Weights[0] x))
    let linear = Vector.dot network.Biases[0] x
    let squares = x |> Array.map (fun x -> Arithmetic.(*) x x)
    let quartic = Arithmetic.(*) (Dual.constant (γ case / Rational.ofInt 4)) (Vector.dot squares squares)
    Arithmetic.(-) (Arithmetic.(-) quartic quadratic) linear

let private isGradient (case: NetworkCase) : Outcome =
    let gradient = Projective.gradient (potential case) case.Start
    let velocity = NearIdentity.field case.Network 0 case.Start

    Outcome.check [
        fun () -> Check.vectors "−∇V against x′" velocity (Array.map (~-) gradient)
        fun () -> Check.equal "V′ against −|x′|²" (-(Vector.dot velocity velocity)) (Vector.dot gradient velocity)
    ]

/// The equilibria of n = 1 are the roots of wx + b − γx³: at least one and at most three.
let private hasFew (case: NetworkCase) : Outcome =
    let rows = case.Network.Weights[0]
    let w, b = rows[0][0], case.Network.Biases[0][0]
    let polynomial = Polynomial.squareFree [| b; w; Rational.Zero; -(γ case) |]
    let count = SturmChain.create polynomial |> SturmChain.realRoots
    Outcome.isTrue "the number of equilibria" "is between 1 and 3" (1 <= count && count <= 3)

let private symmetrised (case: NetworkCase) : NetworkCase = {
    case with
        Network = { case.Network with Weights = case.Network.Weights |> Array.map Draws.symmetrise }
}

/// w = [[1, 2], [−2, 1]], γ = 1, b = 0: a limit cycle; V of the symmetric part has another gradient.
let private skew = Networks.repeated 1 "1/4" (Damping.Cubic Rational.One) [ "1 2"; "-2 1" ] "0 0" "1/2 0" "0 0" "0 0"

let claim: Claim =
    let cubic = Networks.generator { Networks.cubic with Deepest = 1 }
    let scalar = Networks.generator { Networks.cubic with Deepest = 1; Accept = fun case -> case.Dimension = 1 }

    Paper.define
        "ruseckas.cubic.gradient-structure"
        Paper.reconstructed
        "w symmetric and constant, b constant: x′ = −∇V, V = −½xᵀwx − b·x + γ/4 Σ x_i⁴, V′ = −|x′|²; at most 3ⁿ equilibria, and every trajectory converges to one."
    |> Claim.hypothesis "H1" "w is symmetric"
    |> Claim.exact "identity" (Instances.random cubic 100) (symmetrised >> isGradient)
    |> Claim.exact "equilibria-on-a-line" (Instances.random scalar 60) hasFew
    |> Claim.neededBy "H1" (Instances.chosen Networks.show [ skew ]) isGradient
