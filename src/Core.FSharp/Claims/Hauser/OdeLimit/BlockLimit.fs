/// Smooth networks become ordinary differential equations of order k.
///
/// Statement: the scaled states p_n = h^−(n−1) ∇ⁿ⁻¹x of ∇ᵏx(l+1) = hᵏ f(x(l), lh), h = T/L ≤ 1, converge to the augmented equation
/// p_n′ = p_{n+1} (n &lt; k), p_k′ = f(p₁, t), that is x⁽ᵏ⁾ = f(x, t): with M_j ≥ max|x⁽ʲ⁾|,
///   τ_n = Σ_{i=2..k−n+1} hⁱ(1 − 1/i!) M_{n−1+i} + h^(k−n+2)/(k−n+2)! M_{k+1}, τ = max τ_n, A = Σ_{i=0..k−2} hⁱ + L_f,
///   max_l |p(l) − y(t_l)| ≤ τ/(hA)·((1+hA)ᴸ − 1) + (1+hA)ᴸ e₀, so the error is O(h).
/// Proof: Taylor of each component to order k+1 against the update, the row-sum norm, discrete Gronwall. Rounding adds ρ to τ.
/// Reconstructed: the limit ("augmented ODE") is the paper's idea, the bound is ours.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.OdeLimit.BlockLimit

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

/// max_l |p(l) − y(t_l)| ≤ the a-priori bound, rounding included.
let private withinBound (scheme: Scheme) (problem: Problem, depth: int) : Outcome =
    let run = Runs.run scheme depth problem
    Outcome.atMost "max |p(l) − y(t_l)|" (Runs.bound run) (Runs.stateError run)

/// T, L, L_f, e₀, ρ and M₂ … M_{k+1}.
type private Known = { Horizon: Rational; Depth: int; Lipschitz: Rational; Start: Rational; Layer: Rational; Derivatives: Rational[] }

/// τ as it is stated; M j = M_j.
let private statedDefect (k: int) (h: Rational) (M: int -> Rational) : Rational =
    let factorial n = Seq.fold (fun product i -> product * Rational.ofInt i) Rational.One (seq { 1..n })

    let τ n =
        let terms =
            Seq.sum (seq { for i in 2 .. k - n + 1 -> Rational.power h i * (Rational.One - Rational.One / factorial i) * M(n - 1 + i) })

        terms + Rational.power h (k - n + 2) / factorial (k - n + 2) * M(k + 1)

    seq { 1..k } |> Seq.map τ |> Seq.reduce Rational.max

/// The library's bound, which is a recursion, is the closed form (τ+ρ)/(hA)·((1+hA)ᴸ − 1) + (1+hA)ᴸ e₀ over the fractions.
let private isStatedBound (known: Known) : Outcome =
    let k = known.Derivatives.Length
    let h = known.Horizon / Rational.ofInt known.Depth
    let A = Seq.fold (fun sum i -> sum + Rational.power h i) known.Lipschitz (seq { 0 .. k - 2 })
    let τ = statedDefect k h (fun j -> known.Derivatives[j - 2])
    let power = Rational.power (Rational.One + h * A) known.Depth
    let stated = (τ + known.Layer) / (h * A) * (power - Rational.One) + power * known.Start

    let solution = { Horizon = known.Horizon; Lipschitz = known.Lipschitz; Derivatives = known.Derivatives }
    let disturbance = { AtStart = known.Start; PerLayer = known.Layer }
    Check.equal "the bound" stated (OdeLimit.bound solution disturbance known.Depth |> Defect.orFail)

/// Derivatives that fall, that grow, and of which one dominates, so that every τ_n is the largest somewhere.
let private knowns: Known list = [
    for k in 1..6 do
        let one = Rational.One
        let falling = Array.init k (fun i -> Rational.create 1 (i + 1))
        let growing = Array.init k (fun i -> Rational.power (Rational.ofInt 3) i)
        let single = [ for n in 0 .. k - 1 -> Array.init k (fun i -> if i = n then one else Rational.create 1 1000) ]

        for derivatives in falling :: growing :: single do
            for horizon, depth in [ one, 1; one, 4; Rational.create 3 2, 3 ] do
                let known = {
                    Horizon = horizon
                    Depth = depth
                    Lipschitz = Rational.create 2 3
                    Start = Rational.Zero
                    Layer = Rational.Zero
                    Derivatives = derivatives
                }

                known
                { known with Start = Rational.create 1 7; Layer = Rational.create 1 5 }
]

let private showKnown (known: Known) = [
    "T, L", $"{known.Horizon}, {known.Depth}"
    "L_f, e₀, ρ", Draws.showVector [| known.Lipschitz; known.Start; known.Layer |]
    "M₂, M₃, …", Draws.showVector known.Derivatives
]

let private depths = [ 16; 32; 64; 128; 256; 512 ]

let private firstOrder (scheme: Scheme) : Problem -> Outcome = Runs.order "the state error" (0.9, 1.1) depths scheme Runs.stateError

/// p_n = h^−(n−1) x⁽ⁿ⁻¹⁾(0): derivatives taken for differences.
let private unscaledStart: Scheme = {
    Runs.smooth with
        Start =
            fun h derivatives ->
                Runs.smooth.Start h derivatives
                |> Array.mapi (fun i block -> Vector.scale (Binary64(1.0 / (Ring.power h i).Value)) block)
}

/// The force hᵏ⁻¹ f in place of hᵏ f.
let private unscaledForce: Scheme = {
    Runs.smooth with
        Step = fun h f -> Runs.smooth.Step h (fun x -> Vector.scale (Binary64(1.0 / h.Value)) (f x))
}

let private position scheme k depth = Runs.run scheme depth (Problems.reference k) |> Runs.positionError

let private table =
    let rows k errors bounds = [
        yield!
            Printed.row $"state error, order {k}" (fun depth -> Runs.run Runs.smooth depth (Problems.reference k) |> Runs.stateError) errors
        yield! Printed.row $"bound, order {k}" (fun depth -> Runs.run Runs.smooth depth (Problems.reference k) |> Runs.bound) bounds
    ]

    let final n =
        let run = Runs.run Runs.smooth 16 (Problems.reference 3)
        run.States[16][n - 1]

    [
        yield! rows 1 [ 16, "3.661887193391e-02"; 256, "2.337266282712e-03" ] [ 16, "5.118527e-02"; 256, "3.345687e-03" ]
        yield! rows 2 [ 16, "2.804976448586e-02"; 256, "1.765356233134e-03" ] [ 16, "8.905575e-02"; 256, "6.191499e-03" ]
        yield! rows 3 [ 16, "3.987858298536e-02"; 256, "2.436314478368e-03" ] [ 16, "9.971668e-02"; 256, "6.239513e-03" ]
        yield! rows 4 [ 16, "2.836318023596e-02"; 256, "1.822549274474e-03" ] [ 16, "1.005793e-01"; 256, "6.239748e-03" ]
        for n, digits in [ 1, "0.869418843840322"; 2, "-0.436134013784419"; 3, "-0.946708134724776" ] do
            { Quantity = $"p_{n}(16), order 3"; Digits = digits; Compute = fun () -> final n }
        yield! Printed.row "unscaled start, order 2" (position unscaledStart 2) [ 16, "8.19"; 32, "16.9"; 64, "34.2"; 128, "68.7" ]
        yield! Printed.row "unscaled start, order 3" (position unscaledStart 3) [ 16, "106"; 32, "427"; 64, "1716"; 128, "6878" ]
        yield! Printed.row "unscaled force, order 1" (position unscaledForce 1) [ 16, "5.25"; 32, "10.7"; 64, "21.5"; 128, "43.1" ]
        yield! Printed.row "unscaled force, order 2" (position unscaledForce 2) [ 16, "13.8"; 32, "31.3"; 64, "68.7"; 128, "147" ]
        // 1.1549 at L = 16, found elsewhere as 1.16, rounded twice.
        yield! Printed.row "unscaled force, order 3" (position unscaledForce 3) [ 16, "1.15"; 32, "2.32"; 64, "5.41"; 128, "13.6" ]
    ]

let claim: Claim =
    let showAt (problem: Problem, depth: int) = Runs.show problem @ [ "depth", string depth ]

    let references orders = Instances.chosen showAt (List.allPairs (List.map Problems.reference orders) [ 16; 32; 64; 128 ])

    Paper.define
        "hauser.ode.block-limit"
        Paper.reconstructed
        "p_n = h^−(n−1) ∇ⁿ⁻¹x converges to p_n′ = p_{n+1}, p_k′ = f(p₁, t): |p(l) − y(t_l)| ≤ τ/(hA)·((1+hA)ᴸ − 1) + (1+hA)ᴸ e₀ = O(h) for h = T/L ≤ 1, with τ = O(h²), A = Σ_{i=0..k−2} hⁱ + L_f."
    |> Claim.hypothesis "H1" "f(x, t) is Lipschitz in x with constant L_f, and the solution x is in C^(k+1)[0, T]"
    |> Claim.hypothesis "H2" "p_n(0) = x⁽ⁿ⁻¹⁾(0), up to e₀"
    |> Claim.hypothesis "H3" "the force is hᵏ f with h = T/L ≤ 1, f^(l)(x) = f(x, lh)"
    |> Claim.exact "bound-as-stated" (Instances.exhaustive showKnown knowns) isStatedBound
    |> Claim.bounded "within-bound" (Instances.random (Problems.generator (1, 5)) 120) (fun choice ->
        withinBound Runs.smooth (Problems.manufactured choice, choice.Depth))
    |> Claim.bounded
        "within-bound-ladder"
        (Instances.chosen showAt (List.allPairs (Problems.ladder [ 1..5 ]) depths))
        (withinBound Runs.smooth)
    |> Claim.asymptotic "order-one" (Instances.ladder Runs.show (Problems.ladder [ 1..5 ])) (firstOrder Runs.smooth)
    |> Printed.references table "reference"
    |> Claim.neededBy "H1" (Instances.chosen Runs.show [ Problems.notLipschitz 1 ]) (firstOrder Runs.smooth)
    |> Claim.neededBy
        "H1"
        (Instances.chosen showAt (List.map (fun depth -> Problems.notLipschitz 1, depth) [ 16; 32; 64; 128 ]))
        (withinBound Runs.smooth)
    |> Claim.neededBy "H2" (references [ 2; 3 ]) (withinBound unscaledStart)
    |> Claim.neededBy "H3" (references [ 1; 2; 3 ]) (withinBound unscaledForce)
