/// The converse for nonlinear state spaces.
///
/// Statement: if y⁺ = Φ(y), x = Cy and O_k(y) = (Cy, CΦ(y), …, CΦᵏ⁻¹(y)) is a bijection, then x(l+k) = F(x(l), …, x(l+k−1)) with
/// F = C∘Φᵏ∘O_k⁻¹, unique. It is additive dense iff all mixed second differences of F vanish, smooth iff moreover
/// f_j(u) − f_j(v) = (−1)^(j+1) C(k,j)(u − v) for j ≥ 2.
/// Checked for k = 2, d = 1, C = [1 0], Φ(y) = (a(y₁) + c·y₂, β(y)), c ≠ 0, where F(z₁, z₂) = a(z₁) + cβ(z₂, (z₁ − a(z₂))/c), z₁ newest:
/// β = b·y₁ is additive dense (Hénon's class), smooth iff cb = −1; β = y₁y₂ is of order 2 and not additive, yet a concatenation.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Converse.Nonlinear

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

/// Φ(y) = (a(y₁) + c·y₂, β(y)) with β(y) = b·y₁, or y₁y₂ where b is absent; a(t) = Quadratic[0] + Quadratic[1]·t + Quadratic[2]·t².
type private Case = { Quadratic: Rational[]; Coupling: Rational; Linear: Rational option; Start: Rational[] }

let private a (case: Case) (t: Rational) = Polynomial.evaluate case.Quadratic t

let private β (case: Case) (y: Rational[]) =
    match case.Linear with
    | Some b -> b * y[0]
    | None -> y[0] * y[1]

let private Φ (case: Case) (y: Rational[]) : Rational[] = [| a case y[0] + case.Coupling * y[1]; β case y |]

/// F(z₁, z₂) = a(z₁) + cβ(z₂, (z₁ − a(z₂))/c), z₁ newest.
let private F (case: Case) (z1: Rational) (z2: Rational) : Rational =
    a case z1 + case.Coupling * β case [| z2; (z1 - a case z2) / case.Coupling |]

let private outputs (case: Case) (count: int) : Rational[] =
    Array.unfold (fun (l, y) -> if l = count then None else Some(Array.head y, (l + 1, Φ case y))) (0, case.Start)

/// F(s+u, t+v) − F(s+u, t) − F(s, t+v) + F(s, t)
let private mixedDifference (f: Rational -> Rational -> Rational) (s, t) (u, v) = f (s + u) (t + v) - f (s + u) t - f s (t + v) + f s t

let private matrix (rows: Rational[][]) = Matrix.ofRows rows
let private zero, one = Rational.Zero, Rational.One

let private layer (rows: Rational[][]) (bias: Rational[]) (activations: Activation<Rational>[]) =
    Layer.create (matrix rows) bias activations |> Defect.orFail

let private affine rows bias = layer rows bias [| Activation.Identity |]

/// t ↦ a(t) + s·t
let private quadraticMap (case: Case) (s: Rational) : LayerMap<Rational> =
    let powers = layer [| [| one |]; [| one |] |] [| zero; zero |] [| Activation.Identity; Activation.Square |]
    let sum = affine [| [| case.Quadratic[1] + s; case.Quadratic[2] |] |] [| case.Quadratic[0] |]
    LayerMap.create [| powers; sum |] |> Defect.orFail

/// (z₁, z₂) ↦ a(z₁) + z₂(z₁ − a(z₂)), the product as ((z₂ + w)² − (z₂ − w)²)/4 with w = z₁ − a(z₂).
let private productMap (case: Case) : LayerMap<Rational> =
    let a0, a1, a2 = case.Quadratic[0], case.Quadratic[1], case.Quadratic[2]
    let quarter = Rational.create 1 4
    let id, square = Activation.Identity, Activation.Square

    LayerMap.create [|
        layer [| [| one; zero |]; [| one; zero |]; [| zero; one |]; [| zero; one |] |] (Vector.zero 4) [| id; square; id; square |]
        layer [| [| a1; a2; zero; zero |]; [| one; zero; one - a1; -a2 |]; [| -one; zero; one + a1; a2 |] |] [| a0; -a0; a0 |] [|
            id
            square
            square
        |]
        affine [| [| one; quarter; -quarter |] |] [| zero |]
    |]
    |> Defect.orFail

/// The network that F is: additive dense, or one map of the concatenated states.
let private network (case: Case) (depth: int) : Architecture<Rational> =
    match case.Linear with
    | Some b ->
        let oldest = LayerMap.linear (matrix [| [| case.Coupling * b |] |])
        Architecture.AdditiveDense(Array.create depth [| quadraticMap case zero; oldest |])
    | None -> Architecture.ConcatenationDense(2, Array.create depth (productMap case))

let private run (architecture: Architecture<Rational>) (x: Rational[]) : Rational[] =
    let trajectory = Simulation.run (Architecture.equation architecture |> Defect.orFail) [| [| x[1] |]; [| x[0] |] |]
    Array.map Array.head trajectory.Outputs

/// What F is, found from its values alone: a polynomial of degree 2, or 3 with the product.
let private isClassified (case: Case) : Outcome =
    let box = { Blocks = 2; Width = 1; Value = fun z -> [| F case (Array.head z[0]) (Array.head z[1]) |] }
    let degree = if case.Linear.IsSome then 2 else 3

    match case.Linear, Classification.classify (LayerKnowledge.Polynomial degree) box with
    | None, LayerClass.Mixed w ->
        let at, steps = (Array.head w.Corner[0], Array.head w.Corner[1]), (Array.head (fst w.Moves), Array.head (snd w.Moves))
        Check.vectors "the mixed difference of the witness" [| mixedDifference (F case) at steps |] w.Value
    | Some b, LayerClass.Additive parts ->
        Outcome.check [
            fun () -> Outcome.equal "how many past states matter" string 2 parts.EffectiveOrder
            fun () ->
                match parts.Smooth with
                | SmoothAnswer.Smooth force ->
                    let x = case.Start[0]

                    Outcome.check [
                        fun () -> Check.equal "cb of a smooth F" -one (case.Coupling * b)
                        fun () -> Check.vectors "h²f(x)" [| a case x - Rational.ofInt 2 * x |] (force [| x |])
                    ]
                | SmoothAnswer.NotSmooth w ->
                    // f_2(x) − f_2(0) = cb·x
                    Outcome.check [
                        fun () -> Outcome.isTrue "cb of an F that is not smooth" "is not −1" (case.Coupling * b <> -one)
                        fun () -> Check.vectors "f_2(x) − f_2(0)" (Vector.scale (case.Coupling * b) w.Argument) w.Found
                    ]
        ]
    | None, _ -> Outcome.isTrue "F" "is found not to be a sum" false
    | Some _, _ -> Outcome.isTrue "F" "is found to be a sum" false

let private isRecursion (case: Case) : Outcome =
    let x = outputs case 6
    let grid = [ for s in [ -1; 0; 2 ] -> Rational.ofInt s ]
    let corners = List.allPairs (List.allPairs grid grid) [ one, one; Rational.create 1 2, -one ]

    Outcome.check [
        fun () ->
            Check.vectors
                "F(x(l+1), x(l))"
                (Array.skip 2 x)
                (Array.pairwise x |> Array.truncate 4 |> Array.map (fun (old, newer) -> F case newer old))
        fun () -> Check.vectors "x(2) … x(5) of the network of order 2" (Array.skip 2 x) (run (network case 4) x)
        fun () ->
            // The mixed difference of z₂(z₁ − a(z₂)) is uv; it vanishes for β = b·y₁.
            let expected (u, v) = if case.Linear.IsSome then zero else u * v

            Outcome.all (
                seq {
                    for at, steps in corners do
                        Check.equal "the mixed second difference of F" (expected steps) (mixedDifference (F case) at steps)
                }
            )
        fun () ->
            match case.Linear with
            | Some b when case.Coupling * b = -one ->
                // ∇²x(l+1) = a(x(l)) − 2x(l)
                let smooth = Architecture.Smooth(2, one, Array.create 4 (quadraticMap case (Rational.ofInt -2)))
                Check.vectors "x(2) … x(5) of the smooth network" (Array.skip 2 x) (run smooth x)
            | _ -> Outcome.holds
        fun () -> isClassified case
    ]

let private generator: Generator<Case> =
    let nonZero (stream: RandomStream) =
        let value = Draws.fraction stream
        if value.Sign = 0 then one else value

    let draw (stream: RandomStream) =
        let coupling = nonZero stream

        let linear =
            match stream.NextInt(0, 2) with
            | 0 -> None
            | 1 -> Some(-one / coupling)
            | _ -> Some(nonZero stream)

        { Quadratic = Draws.vector stream 3; Coupling = coupling; Linear = linear; Start = Draws.vector stream 2 }

    let shrink (case: Case) =
        seq {
            for start in Shrink.elements Draws.shrinkFraction case.Start do
                { case with Start = start }

            for quadratic in Shrink.elements Draws.shrinkFraction case.Quadratic do
                { case with Quadratic = quadratic }

            if case.Coupling <> one then
                { case with Coupling = one; Linear = case.Linear |> Option.map (fun b -> b * case.Coupling) }
        }

    let show (case: Case) = [
        "a", Draws.showVector case.Quadratic
        "c", string case.Coupling
        "β",
        (match case.Linear with
         | Some b -> $"{b}·y₁"
         | None -> "y₁y₂")
        "y(0)", Draws.showVector case.Start
    ]

    Generator.fromStream (fun _ -> draw) shrink show

/// a(t) = 1 − t², c = 2, β = y₁y₂, y = (1/2, 1/3).
let private product = {
    Quadratic = [| one; zero; -one |]
    Coupling = Rational.ofInt 2
    Linear = None
    Start = [| Rational.create 1 2; Rational.create 1 3 |]
}

let private reference: Reference<Rational[]> list =
    let expected = (TestMaps.rows [ "1/2 17/12 -97/144 21119/20736 -152805121/429981696" ])[0]

    [
        { Quantity = "x(0) … x(4)"; Expected = expected; Compute = fun () -> outputs product 5 }
        {
            Quantity = "x(2) … x(4) of the network"
            Expected = Array.skip 2 expected
            Compute = fun () -> run (network product 3) expected
        }
        {
            Quantity = "the mixed difference at (0, 0) with steps (1, 1)"
            Expected = [| one |]
            Compute = fun () -> [| mixedDifference (F product) (zero, zero) (one, one) |]
        }
    ]

/// Two starts of y⁺ = Φ(y), x = y₁: with equal first two outputs, the third has to be equal.
let private isSecondOrder (_: string, step: Rational[] -> Rational[], starts: Rational[][]) : Outcome =
    let three (y: Rational[]) = Array.scan (fun y _ -> step y) y [| 1; 2 |] |> Array.map Array.head
    let first, second = three starts[0], three starts[1]

    if Array.take 2 first <> Array.take 2 second then
        Outcome.undecided "the first two outputs differ already"
    else
        Check.equal "x(2) after the same x(0), x(1)" first[2] second[2]

/// Φ(y) = (y₁ + y₂², y₂ + 1): the second output does not tell y₂ from −y₂.
let private folding (y: Rational[]) : Rational[] = [| y[0] + y[1] * y[1]; y[1] + one |]

/// What follows the same first two outputs 0, 1.
let private foldedRuns: Reference<Rational[]> list =
    List.zip [ one; -one ] [ "0 1 5 14"; "0 1 1 2" ]
    |> List.map (fun (y2, expected) -> {
        Quantity = $"x(0) … x(3) of Φ(y) = (y₁ + y₂², y₂ + 1) from (0, {y2})"
        Expected = (TestMaps.rows [ expected ])[0]
        Compute = fun () -> Array.scan (fun y _ -> folding y) [| zero; y2 |] [| 1..3 |] |> Array.map Array.head
    })

let claim: Claim =
    let fold = "Φ(y) = (y₁ + y₂², y₂ + 1)", folding, TestMaps.rows [ "0 1"; "0 -1" ]

    let showFlow (name: string, _: Rational[] -> Rational[], starts: Rational[][]) = [ "Φ", name; "starts", Check.showBlocks starts ]

    Paper.define
        "hauser.converse.nonlinear"
        Paper.reconstructed
        "y⁺ = Φ(y), x = Cy with O_k = (C, CΦ, …, CΦᵏ⁻¹) bijective ⇒ x(l+k) = F(x(l), …, x(l+k−1)), F = C∘Φᵏ∘O_k⁻¹; additive dense iff the mixed second differences of F vanish, smooth iff moreover f_j(u) − f_j(v) = (−1)^(j+1) C(k,j)(u − v) for j ≥ 2. Checked for k = 2, Φ(y) = (a(y₁) + c·y₂, β(y)), c ≠ 0, a quadratic, β = b·y₁ or y₁y₂."
    |> Claim.hypothesis "H1" "O_k is a bijection: k outputs determine the state"
    |> Claim.exact "recursion" (Instances.random generator 100) isRecursion
    |> Check.references Check.vectors (reference @ foldedRuns) "reference"
    |> Claim.neededBy "H1" (Instances.chosen showFlow [ fold ]) isSecondOrder
