/// A residual network of one node per layer with small layers cannot fold the line.
///
/// Statement: for d = k = 1 and h·Lip(f^(l)) &lt; 1 in every layer, x(0) ↦ x(L) is strictly increasing, and Π(1 − h|w_l|)(y − x) ≤ y(L) − x(L) ≤
/// Π(1 + h|w_l|)(y − x) for x &lt; y. Hence no threshold on x(L) separates labels in the pattern A-B-A: on balanced symmetric nested intervals
/// no accuracy exceeds ¾.
/// Proof: each layer multiplies differences by a factor in [1 − h·Lip, 1 + h·Lip].
/// Checked pair by pair and slope by slope; that all pieces of the whole line have positive slope is left to hauser.beyond.region-map.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Dimension.FirstOrderMonotone

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

/// A network of one node per layer, the Lipschitz constants of its maps, and two points x &lt; y.
[<NoComparison>]
type private Line = { Equation: DifferenceEquation<Rational>; Lipschitz: Rational[]; X: Rational; Y: Rational }

/// x(L) from x(0) = x at rest.
let private image (equation: DifferenceEquation<'T>) (x: 'T) : 'T :> IRing<'T> =
    let trajectory = Simulation.run equation (Start.rest equation.Blocks [| x |])
    trajectory[equation.Depth][0]

/// The least and the largest slope: Π(1 − h|w_l|) and Π(1 + h|w_l|).
let private slopes (line: Line) : Rational * Rational =
    let product sign =
        line.Lipschitz
        |> Array.fold (fun p lipschitz -> p * (Rational.One + sign * line.Equation.Step * lipschitz)) Rational.One

    product -Rational.One, product Rational.One

let private between (quantity: string) (least: Rational) (largest: Rational) (value: Rational) : Outcome =
    if least <= value && value <= largest then
        Outcome.holds
    else
        Outcome.refuted quantity $"between {least} and {largest}" (string value)

/// 0 &lt; Π(1 − h|w_l|)(y − x) ≤ y(L) − x(L) ≤ Π(1 + h|w_l|)(y − x)
let private isIncreasing (line: Line) : Outcome =
    let least, largest = slopes line
    let distance = line.Y - line.X
    let found = image line.Equation line.Y - image line.Equation line.X

    Outcome.check [
        fun () -> Outcome.isTrue "y(L) − x(L)" "is positive" (found.Sign > 0)
        fun () -> between "y(L) − x(L)" (least * distance) (largest * distance) found
    ]

/// The derivative of x(L) in x(0), by dual numbers, lies between the same factors.
let private hasPositiveSlope (line: Line) : Outcome =
    let least, largest = slopes line
    between "dx(L)/dx(0)" least largest (Dual.derivative (image (ForwardMode.equation line.Equation)) line.X)

/// The best accuracy of a threshold on values with labels, in either orientation, on a sample of distinct points.
let private bestThreshold (sample: (Rational * bool)[]) : Rational =
    let values = sample |> Array.map fst |> Array.distinct
    let right above threshold = sample |> Array.filter (fun (value, label) -> (value >= threshold) = (label = above)) |> Array.length
    // Everything on one side of the threshold is one accuracy more: that of the larger class.
    let none above = sample |> Array.filter (fun (_, label) -> label <> above) |> Array.length

    let best =
        Array.max [|
            for above in [ true; false ] do
                none above

                for threshold in values do
                    right above threshold
        |]

    Rational.create best sample.Length

/// Four points of |x| ≤ 1 and four of 3/2 ≤ |x| ≤ 5/2, both sets symmetric.
let private nested: (Rational * bool)[] =
    [| 1, 3, false; 1, 1, false; 3, 2, true; 5, 2, true |]
    |> Array.collect (fun (p, q, label) -> [| Rational.create p q, label; Rational.create -p q, label |])

/// No threshold on x(L) does better on nested intervals than ¾.
let private separatesNoBetter (line: Line) : Outcome =
    nested
    |> Array.map (fun (x, label) -> image line.Equation x, label)
    |> bestThreshold
    |> Check.equal "the best accuracy of a threshold on x(L)" (Rational.create 3 4)

/// Networks with k = d = 1 and weights ±a/(c·h), 0 ≤ a &lt; c ≤ 9, so that h|w| &lt; 1; two points x &lt; y.
let private generator: Generator<Drawn * Rational> =
    let draw (stream: RandomStream) =
        let h = Draws.step stream

        let map _ =
            let c = stream.NextInt(1, 9)
            let a = stream.NextInt(0, c - 1)
            let weight = Rational.create (if stream.NextBool() then a else -a) c / h

            [|
                { Weights = [| [| weight |] |]; Bias = Draws.vector stream 1; Activation = Draws.choice stream Draws.piecewiseLinear }
            |]

        let gap = Rational.create (stream.NextInt(1, 64)) 32
        { Order = 1; Step = h; Maps = Array.init (stream.NextInt(1, 12)) map; History = [| Draws.vector stream 1 |] }, gap

    let isSmall (drawn: Drawn) = drawn.Maps |> Array.forall (fun maps -> drawn.Step * Rational.abs (maps[0].Weights[0][0]) < Rational.One)

    let shrink (drawn: Drawn, gap: Rational) =
        seq {
            for simpler in Draws.shrink Draws.smooth drawn do
                if isSmall simpler then
                    simpler, gap

            if gap <> Rational.One then
                drawn, Rational.One
        }

    let show (drawn: Drawn, gap: Rational) = Draws.show drawn @ [ "y − x", string gap ]
    Generator.fromStream (fun _ -> draw) shrink show

let private line (drawn: Drawn, gap: Rational) : Line =
    let x = drawn.History[0][0]

    {
        Equation = drawn.Smooth
        Lipschitz = drawn.Maps |> Array.map (fun maps -> Rational.abs (maps[0].Weights[0][0]))
        X = x
        Y = x + gap
    }

let private ofArchitecture (architecture: Architecture<Rational>) (lipschitz: Rational[]) (x: int) (y: int) : Line = {
    Equation = Architecture.equation architecture |> Defect.orFail
    Lipschitz = lipschitz
    X = Rational.ofInt x
    Y = Rational.ofInt y
}

/// k = 2: the second-order fold with a = 1/2 at L = 9.
let private secondOrder =
    let half = Rational.create 1 2
    ofArchitecture (Fold.network half 9) (Array.create 9 half) -3 -2

/// h = 1, f(x) = −2·max(0, x): x ↦ −|x|.
let private largeLayer =
    let row value = Matrix.init 1 1 (fun _ _ -> Rational.ofInt value)

    let map =
        [| Layer.create (row 1) [| Rational.Zero |] [| Activation.Relu |]; Layer.affine (row -2) [| Rational.Zero |] |]
        |> Defect.all
        |> Result.bind LayerMap.create
        |> Defect.orFail

    ofArchitecture (Architecture.Residual(Rational.One, [| map |])) [| Rational.ofInt 2 |] -1 1

let claim: Claim =
    let show (line: Line) = [ "k", string line.Equation.Order; "x", string line.X; "y", string line.Y ]
    let conclude conclusion instance = conclusion (line instance)

    Paper.define
        "hauser.dim.first-order-monotone"
        Paper.reconstructed
        "For one node per layer and order 1, x(0) ↦ x(L) is strictly increasing, Π(1 − h|w_l|)(y − x) ≤ y(L) − x(L) ≤ Π(1 + h|w_l|)(y − x) for x < y; no threshold on x(L) is right on more than ¾ of balanced symmetric nested intervals."
    |> Claim.hypothesis "H1" "d = 1 and k = 1"
    |> Claim.hypothesis "H2" "h·Lip(f^(l)) < 1 for every l"
    |> Claim.exact "increasing" (Instances.random generator 200) (conclude isIncreasing)
    |> Claim.exact "slope" (Instances.random generator 100) (conclude hasPositiveSlope)
    |> Claim.exact "nested-intervals" (Instances.random generator 60) (conclude separatesNoBetter)
    |> Claim.neededBy "H1" (Instances.chosen show [ secondOrder ]) isIncreasing
    |> Claim.neededBy "H1" (Instances.chosen show [ secondOrder ]) separatesNoBetter
    |> Claim.neededBy "H2" (Instances.chosen show [ largeLayer ]) isIncreasing
    |> Claim.neededBy "H2" (Instances.chosen show [ largeLayer ]) separatesNoBetter
