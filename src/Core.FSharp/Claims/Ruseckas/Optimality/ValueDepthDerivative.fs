/// A regularised optimum never gets worse with depth.
///
/// Statement: along a smooth branch of optima dJ*/dT = H_R; for R = λ|q|²/2 and F linear in q, without drift, that is −λ|q|²/2 ≤ 0.
/// Proof: the envelope theorem, and q·∂_q(a·F) = a·F = −λ|q|². With a drift g only dJ*/dT = a·g − λ|q|²/2 holds.
/// Checked: central differences of J* in T tend to H_R with order 2, for x′ = wx in closed form and for the networks of
/// `hamiltonian-constant` with drift, whose branch of optima is continued from T = 2.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.Optimality.ValueDepthDerivative

open LayerTime.Core.Numbers
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

/// J* of x′ = wx, x0 = 1, y = 2, L = ½(x − y)², R = λw²/2.
let private value (λ: float) (t: float) : float =
    let w = HamiltonianConstant.scalar λ t
    let missing = Elementary.exp (w * t) - 2.0
    0.5 * missing * missing + 0.5 * λ * t * w * w

let private energy (λ: float) (t: float) : float =
    let w = HamiltonianConstant.scalar λ t
    -0.5 * λ * w * w

let private difference (λ: float) (ε: float) : float = (value λ (1.0 + ε) - value λ (1.0 - ε)) / (2.0 * ε)

let private tends (λ: float) : Outcome =
    let rung ε = { Resolution = 1.0 / ε; Error = abs (difference λ ε - energy λ 1.0); Floor = 64.0 * FloatNetworks.unit / ε }

    Asymptotic.within "the error of the central difference" (1.75, 2.25) (List.map rung [ 0.1; 0.05; 0.025 ])

/// J* of the network of `hamiltonian-constant` with 160 layers at T = 2 and its neighbours, and the mean of H_R.
let private branch: (HamiltonianConstant.Optimum * (float -> float)) Lazy =
    lazy
        (let middle = HamiltonianConstant.optimum 2.0 160
         let value t = HamiltonianConstant.cost (HamiltonianConstant.optimumFrom (middle.W, middle.B) t)
         middle, value)

let private branchDifference (ε: float) : float =
    let _, value = branch.Value
    (value (2.0 + ε) - value (2.0 - ε)) / (2.0 * ε)

/// H_R = a·g − λ|q|²/2 at the optimum with drift g: layer by layer, as q̂_l = −a_{l+1}x_lᵀ/λ makes a·(wx + b) = −λ|q|².
let private hasDrift (layers: int) : Outcome =
    let o = HamiltonianConstant.optimum 2.0 layers
    let found = HamiltonianConstant.energies o
    let expected = HamiltonianConstant.driftEnergies o
    // The sweep stops with |q̂ − q| < 10⁻¹¹: six parameters, |q| < 2, λ = 0.2, and as much from a·F.
    let slack = 2.0 * 6.0 * 2.0 * 1e-11
    Array.map2 (fun a b -> Check.negligible "H_R − (a·g − λ|q|²/2)" slack (a - b)) found expected |> Outcome.all

/// J* does not grow from T to 2T.
let private neverGrows (value: float -> float) (t: float) : Outcome = Outcome.atMost $"J*({2.0 * t})" (value t + 1e-12) (value (2.0 * t))

/// x′ = −x, L = ½(x(T) − 1)², x0 = 1: no q, and J* = ½(1 − e^−T)².
let private drifting (t: float) : float =
    let missing = 1.0 - Elementary.exp -t
    0.5 * missing * missing

let claim: Claim =
    let showT (t: float) = [ "T", string t ]

    Paper.define
        "ruseckas.pontryagin.value-depth-derivative"
        Paper.reconstructed
        "Along a smooth branch of optima dJ*/dT = H_R; R = λ|q|²/2 and F linear in q: −λ|q|²/2 ≤ 0, the optimum never gets worse with depth."
    |> Claim.hypothesis "H1" "F is linear in q, without drift (for the sign)"
    |> Claim.asymptotic "derivative" (Instances.ladder (fun (λ: float) -> [ "λ", string λ ]) [ 0.1; 0.2 ]) tends
    |> Claim.bounded "drift" (Instances.chosen (fun (n: int) -> [ "N", string n ]) [ 10; 40 ]) hasDrift
    |> Claim.bounded "monotone" (Instances.chosen showT [ 0.25; 0.5; 1.0; 2.0 ]) (neverGrows (value 0.1))
    |> Known.bounded "reference" [
        Known.floats "differences for ε = 0.1, 0.05, 0.025" "-0.023054512807056 -0.022890055618892 -0.022849306576832" (fun () ->
            [| 0.1; 0.05; 0.025 |] |> Array.map (difference 0.1))
        Known.floats "H_R" "-0.02283575572306357" (fun () -> [| energy 0.1 1.0 |])
        Known.floats "n = 2, N = 160, T = 2: differences for ε = 0.1, 0.05 and the mean of H_R" "-0.066858 -0.066737 -0.066697" (fun () -> [|
            branchDifference 0.1
            branchDifference 0.05
            Array.average (HamiltonianConstant.energies (fst branch.Value))
        |])
    ]
    |> Claim.neededBy "H1" (Instances.chosen showT [ 0.5; 1.0 ]) (neverGrows drifting)
