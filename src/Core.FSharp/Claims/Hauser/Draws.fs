namespace LayerTime.Core.Claims.Hauser

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Claims

/// One drawn map x ↦ σ(W·x + b) of fractions, open for simplification.
[<NoComparison>]
type internal DrawnMap = { Weights: Rational[][]; Bias: Rational[]; Activation: Activation<Rational> }

/// One drawn network of fractions: maps[l][n−1], one map per layer in a smooth network, k in an additive dense one.
[<NoComparison>]
type internal Drawn = {
    Order: int
    Step: Rational
    Maps: DrawnMap[][]
    History: Rational[][]
} with

    /// L
    member drawn.Depth = drawn.Maps.Length
    /// d
    member drawn.Width = drawn.History[0].Length

    /// The layer map f_n^(l), n = 1..
    member drawn.Map(n: int, l: int) : LayerMap<Rational> =
        let map = drawn.Maps[l][n - 1]
        LayerMap.dense (Matrix.ofRows map.Weights) map.Bias map.Activation |> Defect.orFail

    /// All layer maps, [l][n−1].
    member drawn.LayerMaps: LayerMap<Rational>[][] =
        drawn.Maps |> Array.mapi (fun l maps -> Array.init maps.Length (fun i -> drawn.Map(i + 1, l)))

    /// ∇ᵏx(l+1) = hᵏ f_1^(l)(x(l))
    member drawn.Smooth: DifferenceEquation<Rational> =
        Architecture.Smooth(drawn.Order, drawn.Step, drawn.LayerMaps |> Array.map Array.head)
        |> Architecture.equation
        |> Defect.orFail

    /// x(l+1) = Σ_n f_n^(l)(x(l+1−n))
    member drawn.Dense: DifferenceEquation<Rational> =
        Architecture.AdditiveDense drawn.LayerMaps |> Architecture.equation |> Defect.orFail

/// The common exact generator: fractions with small numerators and denominators, weights different for every layer.
[<RequireQualifiedAccess>]
module internal Draws =
    /// A fraction a/c with |a| ≤ 8 and 1 ≤ c ≤ 4.
    let fraction (stream: RandomStream) : Rational = Rational.create (stream.NextInt(-8, 8)) (stream.NextInt(1, 4))

    /// A vector of such fractions.
    let vector (stream: RandomStream) (d: int) : Rational[] = Array.init d (fun _ -> fraction stream)

    /// One of the items.
    let choice (stream: RandomStream) (items: 'T[]) : 'T = items[stream.NextInt(0, items.Length - 1)]

    /// 1, 1/2, 1/3 or 1/4.
    let step (stream: RandomStream) : Rational = Rational.create 1 (stream.NextInt(1, 4))

    /// The activations with exact values: identity, ReLU, leaky ReLU of slope 1/4, square.
    let exactActivations: Activation<Rational>[] = [| Activation.Identity; Activation.Relu; TestMaps.leaky; Activation.Square |]

    /// Those that are piecewise linear.
    let piecewiseLinear: Activation<Rational>[] = [| Activation.Identity; Activation.Relu; TestMaps.leaky |]

    /// A map of fractions d → d with an activation out of some.
    let map (activations: Activation<Rational>[]) (stream: RandomStream) (d: int) : DrawnMap = {
        Weights = Array.init d (fun _ -> vector stream d)
        Bias = vector stream d
        Activation = choice stream activations
    }

    /// What a draw may vary: the least order, the activations, and how many maps a layer of order k has.
    [<NoComparison; NoEquality>]
    type Shape = { LeastOrder: int; Activations: Activation<Rational>[]; MapsPerLayer: int -> int }

    /// Smooth networks of order 1 to 5 with all exact activations.
    let smooth: Shape = { LeastOrder = 1; Activations = exactActivations; MapsPerLayer = fun _ -> 1 }

    /// Additive dense networks of order 1 to 5 with all exact activations.
    let dense: Shape = { smooth with MapsPerLayer = id }

    // The digits of a square network double with every layer.
    let private deepest (maps: DrawnMap[][]) =
        let isSquare map =
            match map.Activation with
            | Activation.Square -> true
            | _ -> false

        if Array.exists (Array.exists isSquare) maps then 4 else 7

    /// A network with k ≤ 5, d ≤ 3, L ≤ 7 (L ≤ 4 with squares), h ∈ {1, 1/2, 1/3, 1/4}.
    let draw (shape: Shape) (stream: RandomStream) : Drawn =
        let k = stream.NextInt(shape.LeastOrder, 5)
        let d = stream.NextInt(1, 3)
        let depth = stream.NextInt(1, 7)
        let step = step stream
        let history = Array.init k (fun _ -> vector stream d)

        let maps = Array.init depth (fun _ -> Array.init (shape.MapsPerLayer k) (fun _ -> map shape.Activations stream d))

        { Order = k; Step = step; Maps = Array.truncate (deepest maps) maps; History = history }

    /// Simpler fractions: 0, 1, −1, then the whole part.
    let shrinkFraction (a: Rational) : Rational seq =
        let whole = Rational.ofBigInteger (System.Numerics.BigInteger.Divide(a.Numerator, a.Denominator))

        seq {
            if a.Sign <> 0 then
                Rational.Zero

                if Rational.abs a <> Rational.One then
                    if a.Sign > 0 then Rational.One else -Rational.One

                if whole <> a && Rational.abs whole > Rational.One then
                    whole
        }

    let private cut (d: int) (drawn: Drawn) : Drawn = {
        drawn with
            History = drawn.History |> Array.map (Array.truncate d)
            Maps =
                drawn.Maps
                |> Array.map (
                    Array.map (fun map -> {
                        map with
                            Weights = map.Weights |> Array.truncate d |> Array.map (Array.truncate d)
                            Bias = Array.truncate d map.Bias
                    })
                )
    }

    let private lowerOrder (shape: Shape) (k: int) (drawn: Drawn) : Drawn = {
        drawn with
            Order = k
            History = Array.truncate k drawn.History
            Maps = drawn.Maps |> Array.map (Array.truncate (shape.MapsPerLayer k))
    }

    let private shrinkMap (map: DrawnMap) : DrawnMap seq =
        seq {
            if map.Activation <> Activation.Identity then
                { map with Activation = Activation.Identity }

            if map.Bias |> Array.exists (fun b -> b.Sign <> 0) then
                { map with Bias = Array.map (fun _ -> Rational.Zero) map.Bias }

            for weights in Shrink.elements (Shrink.elements shrinkFraction) map.Weights do
                { map with Weights = weights }

            for bias in Shrink.elements shrinkFraction map.Bias do
                { map with Bias = bias }
        }

    /// Simpler networks: fewer layers, a lower order, a smaller width, h = 1, simpler maps, a simpler history. Weights stay
    /// different from layer to layer as long as the failure needs it.
    let shrink (shape: Shape) (drawn: Drawn) : Drawn seq =
        seq {
            for depth in Shrink.int 1 drawn.Depth do
                { drawn with Maps = Array.truncate depth drawn.Maps }

            for k in Shrink.int shape.LeastOrder drawn.Order do
                lowerOrder shape k drawn

            for d in Shrink.int 1 drawn.Width do
                cut d drawn

            if drawn.Step <> Rational.One then
                { drawn with Step = Rational.One }

            for maps in Shrink.elements (Shrink.elements shrinkMap) drawn.Maps do
                { drawn with Maps = maps }

            for history in Shrink.elements (Shrink.elements shrinkFraction) drawn.History do
                { drawn with History = history }
        }

    /// A vector of fractions as "(1, -1/2)".
    let showVector (x: Rational[]) : string = "(" + (x |> Array.map string |> String.concat ", ") + ")"

    let private showMap (map: DrawnMap) : string =
        let rows = map.Weights |> Array.map showVector |> String.concat " "

        let slope =
            match map.Activation with
            | Activation.LeakyRelu slope -> $" {slope}"
            | _ -> ""

        $"{Activation.name map.Activation}{slope}: W = {rows}, b = {showVector map.Bias}"

    /// A network as pairs of a name and a value.
    let show (drawn: Drawn) : (string * string) list = [
        "order", string drawn.Order
        "step", string drawn.Step
        for j in 0 .. drawn.History.Length - 1 do
            (if j = 0 then "x(0)" else $"x(-{j})"), showVector drawn.History[j]
        for l in 0 .. drawn.Depth - 1 do
            for i in 0 .. drawn.Maps[l].Length - 1 do
                (if drawn.Maps[l].Length = 1 then $"f({l})" else $"f{i + 1}({l})"), showMap (drawn.Maps[l][i])
    ]

    /// Networks of a shape with their simplification.
    let generator (shape: Shape) : Generator<Drawn> = Generator.fromStream (fun _ stream -> draw shape stream) (shrink shape) show
