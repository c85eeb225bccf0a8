/// Backward differences as binomial sums, and what they make of a network.
///
/// Statement: ∇ᵐx(l) = Σ_{j=0..m} (−1)ʲ C(m,j) x(l−j), so that ∇ᵏx(l+1) = hᵏ f^(l)(x(l)) is the recursion
/// x(l+1) = Σ_{j=1..k} (−1)^(j+1) C(k,j) x(l+1−j) + hᵏ f^(l)(x(l)); orders 0, 1, 2 are plain, residual and Verlet networks.
/// Proof: Pascal's rule, or (1 − E)ᵐ with the delay operator E.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Smooth.DifferenceExpansion

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

/// Weights for m + 1 states x(l), …, x(l−m), newest first.
type private Expansion = { Rule: string; Weights: Rational[]; States: Rational[][] }

let private alternating (states: Rational[][]) : Expansion =
    let m = states.Length - 1

    {
        Rule = "(−1)ʲ C(m, j)"
        Weights = Array.init (m + 1) (fun j -> Smooth.sign j * Ring.ofInteger (Binomial.choose m j))
        States = states
    }

let private unsigned (states: Rational[][]) : Expansion =
    let m = states.Length - 1
    { Rule = "C(m, j)"; Weights = Array.init (m + 1) (fun j -> Ring.ofInteger (Binomial.choose m j)); States = states }

let private showExpansion (expansion: Expansion) = [ "weights", expansion.Rule; "x(l), x(l−1), …", Check.showBlocks expansion.States ]

/// Σ_j w_j x(l−j) = ∇ᵐx(l), the right side by m-fold differencing.
let private isDifference (expansion: Expansion) : Outcome =
    let m = expansion.States.Length - 1

    Check.vectors $"∇^{m}x(l)" (Simulation.backwardDifference m expansion.States) (Vector.combination expansion.Weights expansion.States)

let private expansions: Generator<Expansion> =
    let draw _ (stream: RandomStream) =
        let m, d = stream.NextInt(0, 8), stream.NextInt(1, 3)
        alternating (Array.init (m + 1) (fun _ -> Draws.vector stream d))

    let shrink (expansion: Expansion) =
        seq {
            for states in Shrink.array 1 (Shrink.elements Draws.shrinkFraction) expansion.States do
                alternating states
        }

    Generator.fromStream draw shrink showExpansion

/// Every state of the run obeys the equation, by the definition of ∇, and the recursion, with Pascal's weights.
let private solvesEquation (drawn: Drawn) : Outcome =
    let k = drawn.Order
    let trajectory = Simulation.run drawn.Smooth drawn.History
    let force l = Vector.scale (Rational.power drawn.Step k) (LayerMap.apply (drawn.Map(1, l)) trajectory[l])

    let weights = Array.init k (fun i -> Smooth.sign i * Pascal.choose k (i + 1))

    Outcome.all (
        seq {
            for l in 0 .. drawn.Depth - 1 do
                let difference = Simulation.backwardDifference k (Array.init (k + 1) (fun j -> trajectory[l + 1 - j]))
                Check.vectors $"∇^{k}x({l + 1})" (force l) difference
                Check.vectors $"x({l + 1})" (Vector.add (Vector.combination weights (trajectory.Delay l)) (force l)) trajectory[l + 1]
        }
    )

/// The maps of a network of order 2 run as a plain, a residual and a second-order network.
let private lowOrders (drawn: Drawn) : Outcome =
    let h = drawn.Step
    let f = drawn.LayerMaps |> Array.map Array.head
    let x0, before = drawn.History[0], drawn.History[1]
    let iterate rule = Array.scan rule x0 f |> Array.tail

    let second =
        Array.scan
            (fun (x, older) f -> Vector.add (Vector.subtract (Vector.add x x) older) (Vector.scale (h * h) (LayerMap.apply f x)), x)
            (x0, before)
            f
        |> Array.map fst
        |> Array.tail

    let residual = iterate (fun x f -> Vector.add x (Vector.scale h (LayerMap.apply f x)))

    Outcome.check [
        fun () -> Check.blocks "x⁺ = f(x)" (iterate (fun x f -> LayerMap.apply f x)) (Smooth.outputs (Architecture.FeedForward f) [| x0 |])
        fun () -> Check.blocks "x⁺ = x + h f(x)" residual (Smooth.outputs (Architecture.Residual(h, f)) [| x0 |])
        fun () -> Check.blocks "x⁺ = x + h f(x), as order 1" residual (Smooth.outputs (Architecture.Smooth(1, h, f)) [| x0 |])
        fun () -> Check.blocks "x⁺ = 2x − x⁻ + h² f(x)" second (Smooth.outputs (Architecture.Smooth(2, h, f)) [| x0; before |])
    ]

/// Constants are preserved from order 1 on.
let private weightSum (order: int) : Outcome =
    let sum = Binomial.pastWeights order |> Array.fold (+) System.Numerics.BigInteger.Zero
    Outcome.equal "Σ_{j≥1} (−1)^(j+1) C(k,j)" string (System.Numerics.BigInteger(if order = 0 then 0 else 1)) sum

let claim: Claim =
    let showOrder k = [ "order", string k ]
    let constant = unsigned (TestMaps.rows [ "1"; "1" ])

    Paper.define
        "hauser.smooth.difference-expansion"
        Paper.reconstructed
        "∇ᵐx(l) = Σ_{j=0..m} w_j x(l−j); hence ∇ᵏx(l+1) = hᵏ f^(l)(x(l)) ⇔ x(l+1) = hᵏ f^(l)(x(l)) + Σ_{j=1..k} (−1)^(j+1) C(k,j) x(l+1−j), and orders k = 0, 1, 2 are plain, residual and second-order networks."
    |> Claim.hypothesis "H1" "the weights alternate: w_j = (−1)ʲ C(m, j)"
    |> Claim.exact "expansion" (Instances.random expansions 200) isDifference
    |> Claim.exact "equation" (Instances.random (Draws.generator Draws.smooth) 150) solvesEquation
    |> Claim.exact "low-orders" (Instances.random (Draws.generator { Draws.smooth with LeastOrder = 2 }) 100) lowOrders
    |> Claim.exact "weight-sum" (Instances.exhaustive showOrder [ 0..20 ]) weightSum
    |> Check.references Check.blocks [ Smooth.triangular ] "reference"
    |> Claim.neededBy "H1" (Instances.chosen showExpansion [ constant ]) isDifference
