/// What cubic damping costs in volume has a lower bound inside the trapping box.
///
/// Statement: for |x(0)| ≤ R with γR³ ≥ ωR + β, ∫(Tr w − 3γ|x|₂²)dt ≥ T(Tr w − 3γnR²).
/// Proof: the box is invariant, and |x|₂² ≤ nR² in it.
/// Checked with x and the integral by the method of order 4; slack: the difference of the runs with h and h/2.
/// Beyond the paper.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.Beyond.EntropyBudget

open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

let private strength (equation: Equation) : float =
    match equation.G with
    | Entrywise.Cubic γ -> γ
    | Entrywise.Leaky _
    | Entrywise.Tanh _ -> 0.0

let private trace (equation: Equation) : float = equation.W 0.0 |> Array.mapi (fun i row -> row[i]) |> Array.sum

/// The least R.
let private radius (equation: Equation) : float =
    TrappingRadius.smallest (strength equation) (FloatNetworks.matrixNorm (equation.W 0.0)) (FloatNetworks.norm (equation.B 0.0))

let private budget (equation: Equation) (n: int) : float =
    let d = equation.Start.Length

    let joint t (z: float[]) =
        let x = Array.truncate d z
        Array.append (FloatNetworks.field equation t x) [| trace equation - 3.0 * strength equation * FloatNetworks.dot x x |]

    (FloatSteps.rungeKutta joint (Array.append equation.Start [| 0.0 |]) equation.Horizon n)[d]

let private isAbove (equation: Equation) : Outcome =
    let r = radius equation
    let coarse, fine = budget equation 400, budget equation 800
    let least = equation.Horizon * (trace equation - 3.0 * strength equation * float equation.Start.Length * r * r)
    Outcome.atLeast "∫(Tr w − 3γ|x|²)" (least - abs (coarse - fine)) fine

/// The input moved into the box.
let private inside (equation: Equation) : Equation =
    let r = radius equation
    { equation with Start = equation.Start |> Array.map (fun x -> x * min 1.0 r) }

/// x′ = x/2 − x³ from 4: R = 1/√2.
let private outside = FloatNetworks.autonomous [| [| 0.5 |] |] [| 0.0 |] (Entrywise.Cubic 1.0) [| 4.0 |] 1.0

let claim: Claim =
    Paper.define "ruseckas.beyond.entropy-budget" Paper.own "|x(0)| ≤ R, γR³ ≥ ωR + β: ∫(Tr w − 3γ|x|₂²)dt ≥ T(inf Tr w − 3γnR²)."
    |> Claim.hypothesis "H1" "|x(0)| ≤ R"
    |> Claim.bounded "budget" (Instances.random FloatNetworks.cubicGenerator 60) (inside >> isAbove)
    |> Known.bounded "reference" [ Known.floats "Q: ∫div" "-3.7419649618" (fun () -> [| budget FloatNetworks.q 3200 |]) ]
    |> Claim.neededBy "H1" (Instances.chosen FloatNetworks.show [ outside ]) isAbove
