/// Free motion: a smooth network without forces continues its history as a polynomial.
///
/// Statement: with f ≡ 0, l ↦ x(l) is the unique polynomial of degree ≤ k−1 (per component) through the history. A polynomial of
/// degree k with leading coefficient c needs the constant force hᵏ f = k!·c; a force in layer s alone adds exactly
/// C(L−s+k−2, k−1) hᵏ f to x(L).
/// Proof: ∇ᵏ annihilates the polynomials of degree below k and only those; Newton's backward form.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Smooth.PolynomialNull

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

/// The polynomial through the history by Lagrange's formula, x(l) = Σ_j x(−j) Π_{i≠j} (l+i)/(i−j): no difference is taken.
let private lagrange (history: Rational[][]) (l: int) : Rational[] =
    let weight j =
        seq { 0 .. history.Length - 1 }
        |> Seq.filter (fun i -> i <> j)
        |> Seq.fold (fun product i -> product * Rational.create (l + i) (i - j)) Rational.One

    Vector.combination (Array.init history.Length weight) history

/// The run is that polynomial, and Newton's form of it agrees.
let private isFree (drawn: Drawn) : Outcome =
    let trajectory = Simulation.run drawn.Smooth drawn.History

    Outcome.all (
        seq {
            for l in 1 - drawn.Order .. drawn.Depth do
                let expected = lagrange drawn.History l
                Check.vectors $"x({l})" expected trajectory[l]
                Check.vectors $"Newton's form at {l}" expected (FreeMotion.state drawn.History l)

            let degree = FreeMotion.polynomials drawn.History |> Array.map Array.length |> Array.max
            Outcome.isTrue "the number of coefficients" $"is at most {drawn.Order}" (degree <= drawn.Order)
        }
    )

let private still (map: DrawnMap) : DrawnMap = { Smooth.unread map with Bias = Vector.zero map.Bias.Length }

let private stillNetworks: Generator<Drawn> =
    let draw _ stream = Draws.draw Draws.smooth stream |> Smooth.withMaps (fun _ map -> still map)
    Generator.fromStream draw (Draws.shrink Draws.smooth) Draws.show

/// Two polynomials of degree ≤ k−1 that agree on k layers are equal: the matrix lⁱ, l = 0..−k+1, has full rank.
let private unique (k: int) : Outcome =
    let vandermonde = Matrix.init k k (fun j i -> Rational.power (Rational.ofInt -j) i)
    Outcome.equal "the rank of (lⁱ)" string k (Elimination.rank vandermonde)

/// A polynomial of degree ≤ k in l for each component, the coefficient of lᵏ last, and a step.
type private Curve = { Step: Rational; Coefficients: Rational[][]; Depth: int }

/// The constant force k!·c/hᵏ keeps the network of order k on a polynomial with c before lᵏ.
let private staysOnCurve (curve: Curve) : Outcome =
    let k = curve.Coefficients[0].Length - 1
    let at l = curve.Coefficients |> Array.map (fun p -> Polynomial.evaluate p (Rational.ofInt l))
    let factorial = Seq.fold (fun product i -> product * Rational.ofInt i) Rational.One (seq { 1..k })
    let force = curve.Coefficients |> Array.map (fun p -> factorial * p[k] / Rational.power curve.Step k)
    let network = Architecture.Smooth(k, curve.Step, Array.replicate curve.Depth (Smooth.constant force))
    let found = Smooth.outputs network (Array.init k (fun j -> at -j))
    Check.blocks "x(1) … x(L)" (Array.init curve.Depth (fun i -> at (i + 1))) found

let private curves: Generator<Curve> =
    let draw _ (stream: RandomStream) =
        let k, d = stream.NextInt(1, 5), stream.NextInt(1, 3)

        {
            Step = Draws.step stream
            Coefficients = Array.init d (fun _ -> Draws.vector stream (k + 1))
            Depth = stream.NextInt(1, 7)
        }

    let shrink (curve: Curve) =
        seq {
            for depth in Shrink.int 1 curve.Depth do
                { curve with Depth = depth }

            for k in Shrink.int 1 (curve.Coefficients[0].Length - 1) do
                { curve with Coefficients = Array.map (Array.truncate (k + 1)) curve.Coefficients }

            if curve.Step <> Rational.One then
                { curve with Step = Rational.One }

            for coefficients in Shrink.array 1 (Shrink.elements Draws.shrinkFraction) curve.Coefficients do
                { curve with Coefficients = coefficients }
        }

    let show (curve: Curve) = [
        "step", string curve.Step
        "coefficients", Check.showBlocks curve.Coefficients
        "depth", string curve.Depth
    ]

    Generator.fromStream draw shrink show

/// A network without forces but for one layer.
let private oneForce: Generator<Drawn * int> =
    let only s (drawn: Drawn) =
        Smooth.withMaps (fun l map -> if l = s then { Smooth.unread map with Activation = Activation.Identity } else still map) drawn

    let draw _ (stream: RandomStream) =
        let drawn = Draws.draw Draws.smooth stream
        let s = stream.NextInt(0, drawn.Depth - 1)
        only s drawn, s

    let shrink (drawn: Drawn, s: int) =
        seq {
            if s > 0 then
                { drawn with Maps = Array.tail drawn.Maps }, s - 1

            for simpler in Draws.shrink Draws.smooth drawn do
                if simpler.Depth > s then
                    simpler, s
        }

    Generator.fromStream draw shrink (fun (drawn, s) -> ("layer with a force", string s) :: Draws.show drawn)

let private addsItsWeight (drawn: Drawn, s: int) : Outcome =
    let k = drawn.Order
    let trajectory = Simulation.run drawn.Smooth drawn.History
    let force = (Array.head drawn.Maps[s]).Bias |> Vector.scale (Rational.power drawn.Step k)

    let expected l =
        let free = lagrange drawn.History l
        if l <= s then free else Vector.addScaled free (Pascal.choose (l - s + k - 2) (k - 1)) force

    Outcome.all (seq { for l in 0 .. drawn.Depth -> Check.vectors $"x({l})" (expected l) trajectory[l] })

let private references: Reference<Rational[][]> list = [
    Smooth.triangular
    {
        Quantity = "the polynomial through 3, 1, 0: 3 + 5l/2 + l²/2"
        Expected = TestMaps.rows [ "3 5/2 1/2" ]
        Compute = fun () -> FreeMotion.polynomials (TestMaps.rows [ "3"; "1"; "0" ])
    }
]

/// History 3, 1, 0 with the force 1 in the layer s of three.
let private pushed (s: int) : Drawn =
    let map l = {
        Weights = [| [| Rational.Zero |] |]
        Bias = [| (if l = s then Rational.One else Rational.Zero) |]
        Activation = Activation.Identity
    }

    {
        Order = 3
        Step = Rational.One
        Maps = Array.init 3 (fun l -> [| map l |])
        History = TestMaps.rows [ "3"; "1"; "0" ]
    }

let claim: Claim =
    Paper.define
        "hauser.smooth.polynomial-null"
        Paper.reconstructed
        "Without forces, l ↦ x(l) is the unique polynomial of degree ≤ k−1 through the history; a polynomial of degree k with leading coefficient c needs hᵏ f = k!·c; a force f in layer s alone adds C(L−s+k−2, k−1) hᵏ f to x(L)."
    |> Claim.hypothesis "H1" "f^(l) = 0 in every layer"
    |> Claim.exact "free-motion" (Instances.random stillNetworks 100) isFree
    |> Claim.exact "unique" (Instances.exhaustive (fun k -> [ "order", string k ]) [ 1..10 ]) unique
    |> Claim.exact "degree-k" (Instances.random curves 100) staysOnCurve
    |> Claim.exact "one-force" (Instances.random oneForce 100) addsItsWeight
    |> Check.references Check.blocks references "reference"
    |> Claim.neededBy "H1" (Instances.chosen Draws.show (List.map pushed [ 0..2 ])) isFree
