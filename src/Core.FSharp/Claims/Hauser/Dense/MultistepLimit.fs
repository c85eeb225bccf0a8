/// Additive dense networks as linear multistep methods.
///
/// Statement: x(l+1) = Σ_{n=1..k} (a_n x(l+1−n) + h b_n g_n(x(l+1−n))), h = T/L, from a history x_0 + O(h), converges with error O(h) to
/// x′ = (Σ_n b_n g_n(x))/(Σ_n n a_n) if Σ a_n = 1, if the roots of ρ(ζ) = ζᵏ − Σ a_n ζᵏ⁻ⁿ satisfy |ζ| ≤ 1, those on the circle being
/// simple, and if the g_n are Lipschitz. Then Σ n a_n = ρ′(1) > 0.
/// Proof: the theory of linear multistep methods (Dahlquist 1956). The root condition is decided over the fractions (Miller 1971).
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Dense.MultistepLimit

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

let private depths = [ 50; 100; 200; 400 ]

let private error (m: Method) (depth: int) : float = abs (Multistep.simulate id m depth - Multistep.limit m)

/// The error falls along the ladder, in the end like h.
let private converges (m: Method) : Outcome =
    let rung depth = {
        Resolution = float depth
        Error = error m depth
        // Each of the L layers rounds numbers of size 1 a few times, by u = 2⁻⁵³ each, and a zero-stable recursion does not amplify that.
        Floor = 16.0 * float depth * 1.1102230246251565e-16
    }

    let rungs = List.map rung depths

    let falls (coarse: Rung, fine: Rung) =
        Outcome.isTrue
            $"the error {fine.Error} at L = {fine.Resolution}"
            $"is below {coarse.Error}, that at half the depth"
            (fine.Error < coarse.Error)

    Outcome.check [
        (fun () -> Outcome.all (List.pairwise rungs |> Seq.map falls))
        (fun () -> Asymptotic.within "the error of x(T)" (0.95, 1.05) rungs)
    ]

let private fraction = Rational.create
let private half, one, zero = fraction 1 2, Rational.One, Rational.Zero

let private reference = { A = [ half; half ]; B = [ one; half ]; C = [ 1; 2 ]; Field = MultistepField.Decay; Horizon = 1; Drift = 0 }
/// Roots 1 and 2.
let private rootOutside = { reference with A = [ fraction 3 1; fraction -2 1 ]; B = [ one; zero ]; C = [ 1; 1 ] }
/// A double root at 1.
let private doubleRoot = { rootOutside with A = [ fraction 2 1; -one ] }
let private inconsistent = { reference with A = [ half; fraction 1 4 ] }
/// x′ = x² leaves at time 1.
let private growing = { A = [ one ]; B = [ one ]; C = [ 1 ]; Field = MultistepField.Growth; Horizon = 2; Drift = 0 }

/// A value, its expectation and the distance the printed digits allow.
let private references =
    let relative digits expected = digits * abs expected

    let errors =
        List.zip depths [ 8.653236614659e-03; 4.311062584933e-03; 2.151670608020e-03; 1.074873627265e-03 ]
        |> List.map (fun (depth, e) -> $"the error at L = {depth}", e, relative 1e-8 e, (fun () -> error reference depth))

    let oscillating =
        List.zip depths [ 0.6506; -0.8094; -0.0433; 0.3833 ]
        |> List.map (fun (depth, x) -> $"x(L) with a double root, L = {depth}", x, 5e-5, (fun () -> Multistep.simulate id doubleRoot depth))

    // h² in place of h is ∇²x(l+1) = h² g(x(l)): x″ = −x from rest.
    let secondOrder depth = abs (Multistep.simulate (fun h -> h * h) doubleRoot depth - Elementary.cos 1.0)

    errors
    @ oscillating
    @ [
        "x(50) with the root 2", -1.747e13, 5e9, (fun () -> Multistep.simulate id rootOutside 50)
        "x(400) with Σ a_n = 3/4", 0.0, 1e-37, (fun () -> Multistep.simulate id inconsistent 400)
        "the error to cos 1 with h² at L = 50", 8.4e-3, 5e-5, (fun () -> secondOrder 50)
        "the error to cos 1 with h² at L = 400", 1.1e-3, 5e-5, (fun () -> secondOrder 400)
    ]

let private isReference (quantity: string, expected: float, allowed: float, compute: unit -> float) : Outcome =
    Outcome.atMost $"the distance of {quantity} from {expected}" allowed (abs (compute () - expected))

/// ρ(ζ) = ζᵏ − Σ a_n ζᵏ⁻ⁿ, constant coefficient first.
let private characteristic (a: Rational list) = List.append (a |> List.rev |> List.map (~-)) [ one ] |> List.toArray

let private decides (a: Rational list, expected: bool) : Outcome =
    Outcome.equal "the root condition" string expected (Polynomial.satisfiesRootCondition (characteristic a))

/// A history that is 1 + O(h) and not at rest.
let private drifting =
    List.allPairs (reference :: List.tail Multistep.saturated) [ 1; -1 ]
    |> List.map (fun (m, drift) -> { m with Drift = drift })

/// Σ n a_n = ρ′(1) > 0: with Σ a_n = 1, the time that a layer takes.
let private hasPositiveMean (a: Rational list) : Outcome =
    let mean = a |> List.mapi (fun i a -> Rational.ofInt (i + 1) * a) |> List.fold (+) zero

    Outcome.check [
        fun () -> Check.equal "Σ a_n" one (List.fold (+) zero a)
        fun () -> Check.equal "ρ′(1)" mean (Polynomial.evaluate (Polynomial.derivative (characteristic a)) one)
        fun () -> Outcome.isTrue "Σ n a_n" $"is positive, and not {mean}" (mean.Sign > 0)
    ]

let claim: Claim =
    let showA (a: Rational list) = [ "a", a |> List.map string |> String.concat ", " ]
    let showRoots (a: Rational list, _: bool) = showA a

    let known =
        List.map (fun a -> a, true) (inconsistent.A :: Multistep.consistent) @ [ rootOutside.A, false; doubleRoot.A, false ]

    Paper.define
        "hauser.dense.multistep-limit"
        Paper.reconstructed
        "x(l+1) = Σ_n (a_n x(l+1−n) + h b_n g_n(x(l+1−n))), h = T/L, from x_0 + O(h), converges to x′ = (Σ b_n g_n(x))/(Σ n a_n) with error O(h); under H1 and H2, Σ n a_n > 0. H2 is decided exactly by Miller's test."
    |> Claim.hypothesis "H1" "consistency: Σ a_n = 1"
    |> Claim.hypothesis "H2" "zero-stability: the roots of ζᵏ − Σ a_n ζᵏ⁻ⁿ satisfy |ζ| ≤ 1, those on the circle are simple"
    |> Claim.hypothesis "H3" "every g_n is Lipschitz"
    |> Claim.asymptotic "order-one" (Instances.random Multistep.generator 10) converges
    |> Claim.asymptotic "order-one-nonlinear" (Instances.ladder Multistep.show (reference :: Multistep.saturated)) converges
    |> Claim.asymptotic "order-one-from-a-moving-start" (Instances.ladder Multistep.show drifting) converges
    |> Claim.exact "mean-age" (Instances.random FactoredPolynomial.zeroStable 60) hasPositiveMean
    |> Claim.exact "root-condition" (Instances.random FactoredPolynomial.generator 150) FactoredPolynomial.isDecided
    |> Claim.exact "root-condition-of-the-methods" (Instances.chosen showRoots known) decides
    |> Claim.bounded "reference" (Instances.chosen (fun (quantity, _, _, _) -> [ "reference", quantity ]) references) isReference
    |> Claim.neededBy "H1" (Instances.chosen Multistep.show [ inconsistent ]) converges
    |> Claim.neededBy "H2" (Instances.chosen Multistep.show [ rootOutside; doubleRoot ]) converges
    |> Claim.neededBy "H2" (Instances.chosen showA [ rootOutside.A; doubleRoot.A ]) hasPositiveMean
    |> Claim.neededBy "H3" (Instances.chosen Multistep.show [ growing ]) converges
