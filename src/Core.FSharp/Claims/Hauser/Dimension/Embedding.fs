/// The state map of a smooth network of order k ≥ 2 embeds R^kd, with constants that do not depend on the depth.
///
/// Statement: in scaled differences, |p − r|/(1 + h·max(1, L_f(1+h)))^L ≤ |Φ(p) − Φ(r)| ≤ (1 + h(Σ_{i=0..k−2} hⁱ + L_f))^L |p − r|, the upper
/// bound for h ≤ 1; for any h with max_{n=1..k}(Σ_{i=0..k−n} hⁱ + h^(k−n+1) L_f) per layer. In delay coordinates a layer and its inverse have
/// Lipschitz constants ≤ 2ᵏ − 1 + hᵏL_f, useless as L grows. For k = 1 and hL_f &lt; 1 the lower bound is (1 − hL_f)^L.
/// Proof: row sums of the update and of the explicit inverse p_n − h p_{n+1}, p_k − h f(p₁ − h p₂).
/// Consequence: data embedded by the lift stays embedded at all depths, though its shadow x(L) may cross itself; a generic manifold of
/// dimension m finds room at the order ⌈(2m+1)/d⌉ (Whitney, Takens). The "effective embedding dimension" kd stands in the abstract.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Dimension.Embedding

open System.Globalization
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

/// A network whose history is read as a state p in scaled differences, the way r − p to another state, and L_f.
[<NoComparison>]
type private Pair = { Network: Drawn; Away: Rational[][]; Lipschitz: Rational }

let private lipschitz (drawn: Drawn) : Rational = EmbeddingBounds.lipschitz (Array.map Array.head drawn.LayerMaps) |> Option.get

/// A pair with the Lipschitz constant of its network.
let private pair (drawn: Drawn) (away: Rational[][]) : Pair = { Network = drawn; Away = away; Lipschitz = lipschitz drawn }

let private other (pair: Pair) : Rational[][] = Array.map2 Vector.add pair.Network.History pair.Away
let private distance (p: Rational[][]) (r: Rational[][]) : Rational = Vector.distanceInf (Array.concat p) (Array.concat r)

let private toDelay h = Coordinates.ofScaled h >> Coordinates.toDelay
let private toScaled h = Coordinates.toDifference >> Coordinates.toScaled h

/// The delay state at depth L from a delay state, by the trajectory.
let private run (drawn: Drawn) (delay: Rational[][]) : Rational[][] = (Simulation.run drawn.Smooth delay).Delay drawn.Depth

/// Φ in scaled differences.
let private image (drawn: Drawn) (p: Rational[][]) : Rational[][] = toDelay drawn.Step p |> run drawn |> toScaled drawn.Step

/// smaller ≤ larger as fractions, sharp where they are equal.
let private atMost (quantity: string) (larger: Rational) (smaller: Rational) : Outcome =
    if smaller <= larger then
        Outcome.Holds(Rational.tryDivide smaller larger |> Option.map Rational.toFloat |> ValueOption.ofOption)
    else
        Outcome.refuted quantity $"at most {larger}" (string smaller)

/// |Φ(p) − Φ(r)| lies between the powers of two factors of a layer, times |p − r|.
let private within (lower: Pair -> Rational) (upper: Pair -> Rational) (pair: Pair) : Outcome =
    let drawn = pair.Network
    let before = distance drawn.History (other pair)
    let after = distance (image drawn drawn.History) (image drawn (other pair))

    Outcome.check [
        fun () -> atMost "|p − r| times the lower factor" after (Rational.power (lower pair) drawn.Depth * before)
        fun () -> atMost "|Φ(p) − Φ(r)|" (Rational.power (upper pair) drawn.Depth * before) after
    ]

let private lower (pair: Pair) = EmbeddingBounds.lowerFactor pair.Network.Step pair.Lipschitz
let private simpleUpper (pair: Pair) = EmbeddingBounds.simpleUpperFactor pair.Network.Order pair.Network.Step pair.Lipschitz
let private upper (pair: Pair) = EmbeddingBounds.upperFactor pair.Network.Order pair.Network.Step pair.Lipschitz
let private firstOrderLower (pair: Pair) = EmbeddingBounds.firstOrderLowerFactor pair.Network.Step pair.Lipschitz

/// Both directions in delay coordinates.
let private withinDelay (pair: Pair) : Outcome =
    let drawn = pair.Network
    let factor = Rational.power (EmbeddingBounds.delayFactor drawn.Order drawn.Step pair.Lipschitz) drawn.Depth
    let before = distance drawn.History (other pair)
    let after = distance (run drawn drawn.History) (run drawn (other pair))

    Outcome.check [
        fun () -> atMost "the distance of the images in delay coordinates" (factor * before) after
        fun () -> atMost "the distance of the preimages in delay coordinates" (factor * after) before
    ]

/// The layers undone one by one lead back from Φ(p) to p: Φ is a bijection.
let private isUndone (pair: Pair) : Outcome =
    let drawn = pair.Network
    let maps = drawn.LayerMaps |> Array.map (Array.head >> LayerMap.apply)

    Array.foldBack (SmoothState.scaledInverse drawn.Step) maps (image drawn drawn.History)
    |> Check.blocks "Φ⁻¹(Φ(p))" drawn.History

let private show (pair: Pair) : (string * string) list =
    Draws.show pair.Network @ [ "r − p", Check.showBlocks pair.Away; "L_f", string pair.Lipschitz ]

let private isAway (away: Rational[][]) : bool = away |> Array.exists (Array.exists (fun a -> a.Sign <> 0))

/// Pairs of states of piecewise linear networks: independent ones, or close ones of the grid 1/64. `adapt` meets what else is assumed.
let private generator (steps: Rational[]) (adapt: Drawn -> Drawn) : Generator<Pair> =
    let shape = { Draws.smooth with LeastOrder = 2; Activations = Draws.piecewiseLinear }
    let fitting (drawn: Drawn) = Array.truncate drawn.Order >> Array.map (Array.truncate drawn.Width)

    let draw (stream: RandomStream) =
        let drawn = adapt { Draws.draw shape stream with Step = Draws.choice stream steps }
        let close = stream.NextBool()
        let entry _ = if close then Rational.create (stream.NextInt(-2, 2)) 64 else Draws.fraction stream
        let away = Array.init drawn.Order (fun _ -> Array.init drawn.Width entry)
        // r = p is no pair.
        pair drawn (if isAway away then away else Array.updateAt 0 (Vector.unit drawn.Width 0) away)

    let shrink (instance: Pair) =
        let smaller drawn = pair drawn (fitting drawn instance.Away)

        seq {
            yield! Draws.shrink shape instance.Network |> Seq.map (adapt >> smaller)
            yield! Shrink.elements (Shrink.elements Draws.shrinkFraction) instance.Away |> Seq.map (pair instance.Network)
        }
        |> Seq.filter (fun pair -> isAway pair.Away)

    Generator.fromStream (fun _ -> draw) shrink show

let private smallSteps = [| 1; 2; 3; 4; 8 |] |> Array.map (Rational.create 1)
let private anySteps = Array.append smallSteps (Array.map (fun n -> Rational.create n 2) [| 3; 4; 5 |])

/// The same layers in a residual network with a step small enough: h = 1/(1 + L_f).
let private contractive (drawn: Drawn) : Drawn =
    let h = Rational.One / (Rational.One + lipschitz drawn)
    { drawn with Order = 1; Step = h; History = Array.truncate 1 drawn.History }

/// One layer with d = 1 and h, f(x) = σ(w·x), from p and r = 0.
let private single order step weight activation (p: Rational list) : Drawn * Rational[][] =
    let p = p |> List.map Array.singleton |> List.toArray
    let map = { Weights = [| [| weight |] |]; Bias = [| Rational.Zero |]; Activation = activation }
    { Order = order; Step = step; Maps = [| [| map |] |]; History = p }, Array.map (Array.map (~-)) p

/// k = 2, d = 2, h = 1/4, L = 4, ReLU, the test maps.
let private reference =
    lazy
        (let layer l : DrawnMap[] = [|
            { Weights = Matrix.toRows (TestMaps.weights 2 0 l); Bias = TestMaps.bias 2 0 l; Activation = Activation.Relu }
         |]

         pair
             { Order = 2; Step = Rational.create 1 4; Maps = Array.init 4 layer; History = TestMaps.rows [ "1 0"; "0 1" ] }
             (TestMaps.rows [ "0 1/8"; "0 0" ]))

let private one, two = Rational.One, Rational.ofInt 2

/// h = 2, f(x) = x, p = (1, 1), r = 0.
let private largeStep =
    let drawn, away = single 2 two one Activation.Identity [ one; one ]
    pair drawn away

let private reachedByLargeStep () =
    let network = largeStep.Network
    [| [| distance (image network network.History) (image network (other largeStep)); simpleUpper largeStep |] |]

let private references: Reference<Rational[][]> list =
    let image state = image reference.Value.Network (state reference.Value)
    let single value : Rational[][] = [| [| value |] |]

    [
        {
            Quantity = "p(4)"
            Expected = TestMaps.rows [ "1332837/1048576 1489757/1048576"; "155173/262144 416605/262144" ]
            Compute = fun () -> image (fun pair -> pair.Network.History)
        }
        {
            Quantity = "r(4)"
            Expected = TestMaps.rows [ "2636195/2097152 3238251/2097152"; "301027/524288 837995/524288" ]
            Compute = fun () -> image other
        }
        {
            Quantity = "|p(4) − r(4)|"
            Expected = TestMaps.rows [ "258737/2097152" ]
            Compute = fun () -> single (distance (image (fun pair -> pair.Network.History)) (image other))
        }
        {
            Quantity = "|Φ(p) − Φ(r)| and the simple upper bound of the large step"
            Expected = TestMaps.rows [ "7 5" ]
            Compute = reachedByLargeStep
        }
        { Quantity = "L_f"; Expected = TestMaps.rows [ "3/2" ]; Compute = fun () -> single reference.Value.Lipschitz }
    ]

/// The bounds with as many decimals as they are printed with.
let private boundReferences: Reference<string> list =
    let bound (factor: Pair -> Rational) (decimals: string) () =
        let pair = reference.Value
        let bound = Rational.power (factor pair) 4 * distance pair.Network.History (other pair)
        (Rational.toFloat bound).ToString(decimals, CultureInfo.InvariantCulture)

    [
        { Quantity = "the lower bound"; Expected = "0.0268607722513"; Compute = bound lower "F13" }
        { Quantity = "the upper bound"; Expected = "0.871612548828"; Compute = bound simpleUpper "F12" }
    ]

/// The count by Whitney and Takens: the least k with kd ≥ 2m + 1.
let private hasRoom (m: int, d: int) : Outcome =
    let least = Seq.initInfinite (fun i -> i + 1) |> Seq.find (fun k -> k * d >= 2 * m + 1)
    Outcome.equal "the order" string<int> least (EmbeddingBounds.orderFor m d)

/// x ↦ x + max(0, −2x) = |x| (the mirror image of x − 2·max(0, x)) sends −1 and 1 to one point.
let private firstOrder =
    let drawn, _ = single 1 one (-two) Activation.Relu [ -one ]
    pair drawn [| [| two |] |]

/// f(x) = x² with any alleged constant: p₁ = L_f + 2 is stretched by more.
let private notLipschitz (alleged: int) =
    let constant = Rational.ofInt alleged
    let drawn, away = single 2 one one Activation.Square [ constant + two; Rational.Zero ]
    { Network = drawn; Away = away; Lipschitz = constant }

/// One layer f(x) = w·x, w ≥ 0, with r = 0: from p = (1, …, 1) every row sum is attained, and in delay coordinates from (1, −1, 1, …).
let private attainsUpper (order: int, step: Rational, weight: Rational) : Outcome =
    let attained start = single order step weight Activation.Identity start ||> pair
    let ones = attained (List.replicate order one)
    let alternating = attained (List.init order (fun j -> if j % 2 = 0 then one else -one))
    let drawn = alternating.Network

    Outcome.check [
        fun () ->
            Check.equal
                "|Φ(p)| from p = (1, …, 1)"
                (upper ones)
                (distance (image ones.Network ones.Network.History) (image ones.Network (other ones)))
        fun () ->
            let factor = EmbeddingBounds.delayFactor order step alternating.Lipschitz
            Check.equal "the delay image of (1, −1, 1, …)" factor (distance (run drawn drawn.History) (run drawn (other alternating)))
    ]

/// One layer that shrinks a distance as much as it may, r = 0: f(x) = −(−1)^(k−1)·w·x, on the state that it takes to (1, −1, 1, …); for k = 1 and
/// h·w &lt; 1, f(x) = −w·x.
let private attainsLower (order: int, step: Rational, weight: Rational) : Outcome =
    let sign i = if i % 2 = 0 then one else -one

    if order = 1 then
        let small = weight / (one + step * weight)
        let pair = single 1 step -small Activation.Identity [ one ] ||> pair

        Check.equal
            "|Φ(p)|, order 1"
            (firstOrderLower pair)
            (distance (image pair.Network pair.Network.History) (image pair.Network (other pair)))
    else
        let last = sign (order - 1)

        let start =
            List.init order (fun i -> if i < order - 1 then sign i * (one + step) else last * (one + step * weight * (one + step)))

        let pair = single order step (-last * weight) Activation.Identity start ||> pair
        let reached = image pair.Network pair.Network.History
        let before = distance pair.Network.History (other pair)

        Outcome.check [
            fun () -> Check.vectors "Φ(p)" (Array.init order sign) (Array.concat reached)
            fun () -> Check.equal "|Φ(p)| from the state that shrinks most" (lower pair * before) one
        ]

let private linearLayers: (int * Rational * Rational) list = [
    for order in 1..5 do
        for step in anySteps do
            for weight in [ 0; 1; 3 ] do
                order, step, Rational.ofInt weight
]

let claim: Claim =
    let showOrder (m: int, d: int) = [ "m", string m; "d", string d ]
    let showLinear (k: int, h: Rational, w: Rational) = [ "k", string k; "h", string h; "w", string w ]
    let pairs steps = Instances.random (generator steps id)

    Paper.define
        "hauser.dim.embedding"
        Paper.ofAbstract
        "In scaled differences the depth-L state map Φ of a smooth network of order k is a bijection of R^kd with |p − r|/(1 + h·max(1, L_f(1+h)))^L ≤ |Φ(p) − Φ(r)| ≤ (1 + h(Σ_{i=0..k−2} hⁱ + L_f))^L |p − r|, the upper bound for h ≤ 1; for any h with max_n(Σ_{i=0..k−n} hⁱ + h^(k−n+1) L_f) per layer. In delay coordinates a layer and its inverse stretch by at most 2ᵏ − 1 + hᵏL_f."
    |> Claim.hypothesis "H1" "k ≥ 2"
    |> Claim.hypothesis "H2" "every f^(l) has the Lipschitz constant L_f in the ∞-norm"
    |> Claim.hypothesis "H3" "h ≤ 1, for the simple upper bound"
    |> Claim.exact "between-bounds" (pairs smallSteps 100) (within lower simpleUpper)
    |> Claim.exact "any-step" (pairs anySteps 80) (within lower upper)
    |> Claim.exact "delay-coordinates" (pairs anySteps 60) withinDelay
    |> Claim.exact "attained" (Instances.exhaustive showLinear linearLayers) attainsUpper
    |> Claim.exact "lower-attained" (Instances.exhaustive showLinear linearLayers) attainsLower
    |> Claim.exact "bijection" (pairs anySteps 60) isUndone
    |> Claim.exact "small-first-order" (Instances.random (generator smallSteps contractive) 60) (within firstOrderLower upper)
    |> Claim.exact "room" (Instances.exhaustive showOrder (List.allPairs [ 0..6 ] [ 1..8 ])) hasRoom
    |> Check.references Check.blocks references "reference"
    |> Check.references (fun quantity -> Outcome.equal quantity id) boundReferences "reference-bounds"
    |> Claim.neededBy "H1" (Instances.chosen show [ firstOrder ]) (within lower upper)
    |> Claim.neededBy "H2" (Instances.chosen show (List.map notLipschitz [ 1; 10; 100 ])) (within lower simpleUpper)
    |> Claim.neededBy "H3" (Instances.chosen show [ largeStep ]) (within lower simpleUpper)
