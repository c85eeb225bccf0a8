/// What a smooth network keeps apart.
///
/// Statement: for k ≥ 2 two classes of histories at distance δ (scaled differences, ∞-norm) are at every depth l at least
/// δ/Π_{s&lt;l}(1 + h·max(1, L_s(1+h))) ≥ δ/(1 + h·max(1, L_f(1+h)))^l apart, L_s a Lipschitz constant of layer s and L_f the largest;
/// with h = T/L this stays above δ·e^(−T·max(1, L_f(1+h))). For k = 1, d = 1 and h·L_f &lt; 1 no threshold on x(L) separates A-B-A.
/// Proof: the inverse of one layer, p_n⁺ − h p_{n+1}⁺ and p_k⁺ − h f(p₁⁺ − h p₂⁺), has these row sums.
/// Our own: a corollary of the embedding bound, applied to the two closest points.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Beyond.SeparationCertificate

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser
open LayerTime.Core.Claims.Hauser.Residual

/// A network and two classes of histories, each [point][block].
[<NoComparison>]
type private Case = { Drawn: Drawn; First: Rational[][][]; Second: Rational[][][] }

/// p_n(l) = h^−(n−1) ∇ⁿ⁻¹x(l), by the definition of ∇.
let private scaled (equation: DifferenceEquation<Rational>) (history: Rational[][]) : Rational[][][] =
    let trajectory = Simulation.run equation history

    Array.init (equation.Depth + 1) (fun l ->
        Forms.differences trajectory l |> Array.mapi (fun n q -> Vector.scale (Rational.power equation.Step -n) q))

let private atLeast (quantity: string) (bound: Rational) (value: Rational) : Outcome =
    if value >= bound then Outcome.holds else Outcome.refuted quantity $"at least {bound}" (string value)

let private keepsApart (case: Case) : Outcome =
    let equation = case.Drawn.Smooth
    let h, depth = equation.Step, equation.Depth
    let certificate = Separation.certify equation case.First case.Second |> Defect.orFail
    let first, second = Array.map (scaled equation) case.First, Array.map (scaled equation) case.Second
    let apart l = Array.allPairs first second |> Array.map (fun (p, r) -> Separation.distance p[l] r[l]) |> Array.min
    let constants = case.Drawn.Maps |> Array.map (fun maps -> Matrix.normInf (Matrix.ofRows maps[0].Weights))
    let factor constant = Rational.One + h * Rational.max Rational.One (constant * (Rational.One + h))
    let product l = constants |> Array.take l |> Array.fold (fun p constant -> p * factor constant) Rational.One
    let uniform = factor (Array.max constants)

    Outcome.check [
        fun () -> Check.equal "δ" (apart 0) certificate.Start
        fun () ->
            Outcome.all (
                seq {
                    for l in 0..depth ->
                        Check.equal $"the certificate at depth {l}" (certificate.Start / product l) certificate.Guaranteed[l]
                }
            )
        fun () -> Outcome.all (seq { for l in 0..depth -> atLeast $"the distance at depth {l}" certificate.Guaranteed[l] (apart l) })
        fun () ->
            Outcome.all (
                seq {
                    for l in 0..depth ->
                        atLeast $"the certificate at depth {l}" (certificate.Start / Rational.power uniform l) certificate.Guaranteed[l]
                }
            )
    ]

let private generator: Generator<Case> =
    let shape = { Draws.smooth with LeastOrder = 2; Activations = Draws.piecewiseLinear }

    let draw (stream: RandomStream) =
        let drawn = Draws.draw shape stream
        // Near to one another or far apart.
        let spread = Draws.choice stream [| Rational.One; Rational.create 1 64 |]
        let move x = Vector.addScaled x spread (Draws.vector stream drawn.Width)
        let points () = Array.init (stream.NextInt(1, 3)) (fun _ -> Array.map move drawn.History)
        { Drawn = drawn; First = points (); Second = points () }

    let shrink (case: Case) =
        let fit (drawn: Drawn) = Array.map (Array.truncate drawn.Order >> Array.map (Array.truncate drawn.Width))

        seq {
            for first in Shrink.array 1 Shrink.none case.First do
                { case with First = first }

            for second in Shrink.array 1 Shrink.none case.Second do
                { case with Second = second }

            for drawn in Draws.shrink shape case.Drawn do
                { Drawn = drawn; First = fit drawn case.First; Second = fit drawn case.Second }
        }

    let show (case: Case) = [
        for i in 0 .. case.First.Length - 1 do
            $"A{i}", Check.showBlocks case.First[i]
        for i in 0 .. case.Second.Length - 1 do
            $"B{i}", Check.showBlocks case.Second[i]
        yield! Draws.show case.Drawn
    ]

    Generator.fromStream (fun _ -> draw) shrink show

/// One layer with a claimed Lipschitz constant, from two histories.
[<NoComparison>]
type private Layered = { Name: string; Order: int; Map: LayerMap<Rational>; Lipschitz: Rational; Starts: Rational[][][] }

let private isKept (case: Layered) : Outcome =
    let equation = Architecture.Smooth(case.Order, Rational.One, [| case.Map |]) |> Architecture.equation |> Defect.orFail
    let p, r = scaled equation case.Starts[0], scaled equation case.Starts[1]
    let bound = Separation.guarantee Rational.One [| case.Lipschitz |] (Separation.distance p[0] r[0])
    atLeast "the distance after one layer" bound[1] (Separation.distance p[1] r[1])

let private layer (activation: Activation<Rational>) (w: int) (outer: int) : LayerMap<Rational> =
    LayerMap.create [|
        Layer.create (Matrix.ofRows [| [| Rational.ofInt w |] |]) [| Rational.Zero |] [| activation |] |> Defect.orFail
        Layer.affine (Matrix.ofRows [| [| Rational.ofInt outer |] |]) [| Rational.Zero |] |> Defect.orFail
    |]
    |> Defect.orFail

let private firstOrder = {
    Name = "order 1, f = −2·relu, L_f = 2"
    Order = 1
    Map = layer Activation.Relu 1 -2
    Lipschitz = Rational.ofInt 2
    Starts = [| TestMaps.rows [ "1" ]; TestMaps.rows [ "-1" ] |]
}

/// x(0) = 11 or 10 and p₂ = −21 or 0: after one layer the states (111, 100) and (110, 100), 1 apart instead of 7.
let private unbounded = {
    Name = "order 2, f = x², L_f = 1 claimed"
    Order = 2
    Map = layer Activation.Square 1 1
    Lipschitz = Rational.One
    Starts = [| TestMaps.rows [ "11"; "32" ]; TestMaps.rows [ "10"; "10" ] |]
}

/// k = 1, d = 1: x &lt; y &lt; z stay in this order, so no threshold on x(L) separates y from x and z.
let private staysOrdered (step: Rational, maps: (Rational * Rational)[], points: Rational[]) : Outcome =
    let node (w, b) = LayerMap.dense (Matrix.ofRows [| [| w |] |]) [| b |] Activation.Relu |> Defect.orFail
    let equation = Architecture.Residual(step, Array.map node maps) |> Architecture.equation |> Defect.orFail
    let last (trajectory: Trajectory<Rational>) = Array.head trajectory[trajectory.Depth]
    let final = points |> Array.map (fun x -> last (Simulation.run equation [| [| x |] |]))

    Outcome.isTrue
        "x(L) of three points x < y < z"
        $"is increasing, found {Draws.showVector final}"
        (final[0] < final[1] && final[1] < final[2])

let private ordered: Generator<Rational * (Rational * Rational)[] * Rational[]> =
    let draw (stream: RandomStream) =
        let step = Draws.step stream

        let weight () =
            let c = stream.NextInt(1, 9)
            Rational.create (stream.NextInt(1 - c, c - 1)) c / step

        let gap () = Rational.create (stream.NextInt(1, 8)) (stream.NextInt(1, 4))
        let x = Draws.fraction stream
        let y = x + gap ()
        step, Array.init (stream.NextInt(1, 7)) (fun _ -> weight (), Draws.fraction stream), [| x; y; y + gap () |]

    let shrink (step, maps: (Rational * Rational)[], points) =
        Shrink.array 1 (fun (w: Rational, b) -> Draws.shrinkFraction b |> Seq.map (fun b -> w, b)) maps
        |> Seq.map (fun maps -> step, maps, points)

    let show (step: Rational, maps: (Rational * Rational)[], points: Rational[]) = [
        "step", string step
        for l in 0 .. maps.Length - 1 do
            $"f({l})", $"relu({fst maps[l]}·x + {snd maps[l]})"
        "x, y, z", Draws.showVector points
    ]

    Generator.fromStream (fun _ -> draw) shrink show

let claim: Claim =
    let showLayered (case: Layered) = [ "layer", case.Name; "starts", case.Starts |> Array.map Check.showBlocks |> String.concat " and " ]
    let absoluteValue = Rational.One, [| Rational.ofInt -2, Rational.Zero |], Array.map Rational.ofInt [| -1; 0; 1 |]

    Paper.define
        "hauser.beyond.separation-certificate"
        Paper.own
        "k ≥ 2: classes of histories at distance δ stay at distance ≥ δ/Π_{s<l}(1 + h·max(1, L_s(1+h))) ≥ δ/(1 + h·max(1, L_f(1+h)))^l at every depth l (scaled differences, ∞-norm). k = 1, d = 1, h·L_f < 1: no threshold on x(L) separates the pattern A-B-A."
    |> Claim.hypothesis "H1" "k ≥ 2"
    |> Claim.hypothesis "H2" "L_s is a Lipschitz constant of f^(s) in the ∞-norm"
    |> Claim.hypothesis "H3" "h·L_f < 1 (for the pattern A-B-A at order 1)"
    |> Claim.exact "kept-apart" (Instances.random generator 100) keepsApart
    |> Claim.exact "no-threshold-at-order-one" (Instances.random ordered 60) staysOrdered
    |> Claim.neededBy "H1" (Instances.chosen showLayered [ firstOrder ]) isKept
    |> Claim.neededBy "H2" (Instances.chosen showLayered [ unbounded ]) isKept
    |> Claim.neededBy "H3" (Instances.chosen ordered.Show [ absoluteValue ]) staysOrdered
