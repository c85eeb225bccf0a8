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
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

/// max_l |p(l) − y(t_l)| ≤ the a-priori bound, rounding included.
let private withinBound (scheme: Scheme) (problem: Problem, depth: int) : Outcome =
    let run = Runs.run scheme depth problem
    Outcome.atMost "max |p(l) − y(t_l)|" (Runs.bound run) (Runs.stateError run)

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
