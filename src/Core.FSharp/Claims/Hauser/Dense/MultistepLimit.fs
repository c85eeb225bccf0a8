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

/// The functions g_n of a method, all with a flow in closed form.
[<RequireQualifiedAccess>]
type private Field =
    /// g_n(x) = −c_n x
    | Decay
    /// g_n(x) = −c_n tanh x
    | SaturatedDecay
    /// g_n(x) = c_n x², not Lipschitz on the line
    | Growth

/// A method: a_n, b_n and c_n, a field, and T. It starts from x = 1 at rest.
type private Method = { A: Rational list; B: Rational list; C: int list; Field: Field; Horizon: int }

let private scalar (a: float) = Matrix.ofRows [| [| Binary64 a |] |]

/// g_n
let private field (m: Method) (c: int) : LayerMap<Binary64> =
    let through activation factor =
        let inner = Layer.create (scalar 1.0) [| Binary64 0.0 |] [| activation |] |> Defect.orFail
        let outer = Layer.affine (scalar factor) [| Binary64 0.0 |] |> Defect.orFail
        LayerMap.create [| inner; outer |] |> Defect.orFail

    match m.Field with
    | Field.Decay -> LayerMap.linear (scalar (float -c))
    | Field.SaturatedDecay -> through Activation.tanh (float -c)
    | Field.Growth -> through Activation.Square (float c)

/// x(L) of the network with f_n = a_n·id + h b_n·g_n.
let private simulate (scale: float -> float) (m: Method) (depth: int) : float =
    let h = scale (float m.Horizon / float depth)

    let map a b c =
        let b = Rational.toFloat b

        LayerSum.combination [| Binary64(Rational.toFloat a), LayerSum.identity 1; Binary64(h * b), field m c |]
        |> Defect.orFail

    let layer = List.map3 map m.A m.B m.C |> List.toArray
    let equation = Architecture.AdditiveDense(Array.create depth layer) |> Architecture.equation |> Defect.orFail
    let trajectory = Simulation.run equation (Array.create layer.Length [| Binary64 1.0 |])
    trajectory[depth] |> Array.head |> Binary64.toFloat

/// x(T) of x′ = (Σ b_n g_n(x))/(Σ n a_n), x(0) = 1.
let private limit (m: Method) : float =
    let mean = m.A |> List.mapi (fun i a -> Rational.ofInt (i + 1) * a) |> List.reduce (+) |> Rational.toFloat
    let drive = List.map2 (fun b c -> b * Rational.ofInt c) m.B m.C |> List.reduce (+) |> Rational.toFloat
    let time = float m.Horizon * drive / mean

    match m.Field with
    | Field.Decay -> Elementary.exp -time
    | Field.SaturatedDecay ->
        // sinh x(t) = sinh x(0)·e^−t
        let s = (Elementary.exp 1.0 - Elementary.exp -1.0) / 2.0 * Elementary.exp -time
        Elementary.log (s + sqrt (s * s + 1.0))
    | Field.Growth -> 1.0 / (1.0 - time)

let private depths = [ 50; 100; 200; 400 ]

let private error (m: Method) (depth: int) : float = abs (simulate id m depth - limit m)

/// The error falls along the ladder, in the end like h.
let private converges (m: Method) : Outcome =
    let rung depth = {
        Resolution = float depth
        Error = error m depth
        // Each of the L layers rounds numbers of size 1 a few times, and a zero-stable recursion does not amplify that.
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
let private half = fraction 1 2
let private one, zero = Rational.One, Rational.Zero

/// Coefficients with Σ a_n = 1 that satisfy the root condition.
let private consistent = [ [ one ]; [ half; half ]; [ fraction 3 4; fraction 1 4 ]; [ fraction 1 3; fraction 1 3; fraction 1 3 ] ]

let private show (m: Method) : (string * string) list =
    let list (items: 'A list) = items |> List.map string |> String.concat ", "
    [ "a", list m.A; "b", list m.B; "c", list m.C; "field", string m.Field; "T", string m.Horizon ]

/// Linear fields with b_n ∈ {0, 1/2, 1}, not all 0, and c_n ∈ {1, 2}: 276 methods.
let private methods: Generator<Method> =
    let draw (_: int) (stream: RandomStream) =
        let a = consistent[stream.NextInt(0, consistent.Length - 1)]
        // A word in the letters 0, 1, 2 that is not 0 … 0.
        let mutable word = stream.NextInt(1, pown 3 a.Length - 1)

        let letter _ =
            let digit = word % 3
            word <- word / 3
            fraction digit 2

        let b = List.map letter a
        { A = a; B = b; C = List.map (fun _ -> stream.NextInt(1, 2)) a; Field = Field.Decay; Horizon = 1 }

    let shrink (m: Method) =
        seq {
            for a in consistent do
                if a.Length < m.A.Length then
                    let b = List.truncate a.Length m.B

                    if List.exists (fun b -> b <> zero) b then
                        { m with A = a; B = b; C = List.truncate a.Length m.C }

            if List.exists (fun c -> c <> 1) m.C then
                { m with C = List.map (fun _ -> 1) m.C }
        }

    Generator.fromStream draw shrink show

let private saturated =
    consistent
    |> List.map (fun a -> { A = a; B = a; C = List.init a.Length (fun i -> 1 + i % 2); Field = Field.SaturatedDecay; Horizon = 1 })

let private reference = { A = [ half; half ]; B = [ one; half ]; C = [ 1; 2 ]; Field = Field.Decay; Horizon = 1 }
/// Roots 1 and 2.
let private rootOutside = { reference with A = [ fraction 3 1; fraction -2 1 ]; B = [ one; zero ]; C = [ 1; 1 ] }
/// A double root at 1.
let private doubleRoot = { rootOutside with A = [ fraction 2 1; -one ] }
let private inconsistent = { reference with A = [ half; fraction 1 4 ] }
/// x′ = x² leaves at time 1.
let private growing = { A = [ one ]; B = [ one ]; C = [ 1 ]; Field = Field.Growth; Horizon = 2 }

/// A value, its expectation and the distance the printed digits allow.
let private references =
    let relative digits expected = digits * abs expected

    let errors =
        List.zip depths [ 8.653236614659e-03; 4.311062584933e-03; 2.151670608020e-03; 1.074873627265e-03 ]
        |> List.map (fun (depth, e) -> $"the error at L = {depth}", e, relative 1e-8 e, (fun () -> error reference depth))

    let oscillating =
        List.zip depths [ 0.6506; -0.8094; -0.0433; 0.3833 ]
        |> List.map (fun (depth, x) -> $"x(L) with a double root, L = {depth}", x, 5e-5, (fun () -> simulate id doubleRoot depth))

    // h² in place of h is ∇²x(l+1) = h² g(x(l)): x″ = −x from rest.
    let secondOrder depth = abs (simulate (fun h -> h * h) doubleRoot depth - Elementary.cos 1.0)

    errors
    @ oscillating
    @ [
        "x(50) with the root 2", -1.747e13, 5e9, (fun () -> simulate id rootOutside 50)
        "x(400) with Σ a_n = 3/4", 0.0, 1e-37, (fun () -> simulate id inconsistent 400)
        "the error to cos 1 with h² at L = 50", 8.4e-3, 5e-5, (fun () -> secondOrder 50)
        "the error to cos 1 with h² at L = 400", 1.1e-3, 5e-5, (fun () -> secondOrder 400)
    ]

let private isReference (quantity: string, expected: float, allowed: float, compute: unit -> float) : Outcome =
    Outcome.atMost $"the distance of {quantity} from {expected}" allowed (abs (compute () - expected))

/// ρ(ζ) = ζᵏ − Σ a_n ζᵏ⁻ⁿ, constant coefficient first.
let private characteristic (a: Rational list) = List.append (a |> List.rev |> List.map (~-)) [ one ] |> List.toArray

let private decides (a: Rational list, expected: bool) : Outcome =
    Outcome.equal "the root condition" string expected (Polynomial.satisfiesRootCondition (characteristic a))

let claim: Claim =
    let showRoots (a: Rational list, _: bool) = [ "a", a |> List.map string |> String.concat ", " ]
    let known = List.map (fun a -> a, true) (inconsistent.A :: consistent) @ [ rootOutside.A, false; doubleRoot.A, false ]

    Paper.define
        "hauser.dense.multistep-limit"
        Paper.reconstructed
        "x(l+1) = Σ_n (a_n x(l+1−n) + h b_n g_n(x(l+1−n))), h = T/L, from x_0 + O(h), converges to x′ = (Σ b_n g_n(x))/(Σ n a_n) with error O(h); under H1 and H2, Σ n a_n > 0. H2 is decided exactly by Miller's test."
    |> Claim.hypothesis "H1" "consistency: Σ a_n = 1"
    |> Claim.hypothesis "H2" "zero-stability: the roots of ζᵏ − Σ a_n ζᵏ⁻ⁿ satisfy |ζ| ≤ 1, those on the circle are simple"
    |> Claim.hypothesis "H3" "every g_n is Lipschitz"
    |> Claim.asymptotic "order-one" (Instances.random methods 10) converges
    |> Claim.asymptotic "order-one-nonlinear" (Instances.ladder show (reference :: saturated)) converges
    |> Claim.exact "root-condition" (Instances.random FactoredPolynomial.generator 150) FactoredPolynomial.isDecided
    |> Claim.exact "root-condition-of-the-methods" (Instances.chosen showRoots known) decides
    |> Claim.bounded "reference" (Instances.chosen (fun (quantity, _, _, _) -> [ "reference", quantity ]) references) isReference
    |> Claim.neededBy "H1" (Instances.chosen show [ inconsistent ]) converges
    |> Claim.neededBy "H2" (Instances.chosen show [ rootOutside; doubleRoot ]) converges
    |> Claim.neededBy "H3" (Instances.chosen show [ growing ]) converges
