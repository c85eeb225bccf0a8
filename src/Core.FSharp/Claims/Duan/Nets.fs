namespace LayerTime.Core.Claims.Duan

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared

/// A leaky network of fractions of one width, A_L ∘ σ_L ∘ … ∘ σ_1 ∘ A_0, open for simplification.
[<NoComparison>]
type internal DrawnNet = {
    /// W_l and b_l, l = 0 … L.
    Affine: (Rational[][] * Rational[])[]
    /// The slope of every coordinate on the negative side, l = 1 … L.
    Slopes: Rational[][]
} with

    /// d
    member net.Dimension = (snd net.Affine[0]).Length

    /// The network.
    member net.Vanilla: VanillaNet<Rational> =
        let affine = net.Affine |> Array.map (fun (w, b) -> { Weights = Matrix.ofRows w; Bias = b }: AffineMap<Rational>)
        VanillaNet.create affine net.Slopes |> Defect.orFail

/// A network and points of its input.
[<NoComparison>]
type internal NetCase = { Net: DrawnNet; Points: Rational[][] }

/// Leaky networks of fractions: evaluation, draws, simplification.
[<RequireQualifiedAccess>]
module internal Nets =
    /// A net from its affine maps and slopes, written as text: rows, bias; slopes.
    let create (affine: (string list * string) list) (slopes: string list) : DrawnNet = {
        Affine = affine |> List.map (fun (rows, bias) -> Known.rows rows, Known.vector bias) |> List.toArray
        Slopes = Known.rows slopes
    }

    /// The pre-activations of all layers at x.
    let preactivations (net: VanillaNet<Rational>) (x: Rational[]) : Rational[][] = Array.truncate net.Depth (VanillaNet.trace net x)

    /// Whether no pre-activation is 0 at x.
    let isOffKinks (net: VanillaNet<Rational>) (x: Rational[]) : bool =
        preactivations net x |> Array.forall (Array.forall (fun z -> z.Sign <> 0))

    let private signs (net: VanillaNet<Rational>) (x: Rational[]) : int[][] = preactivations net x |> Array.map (Array.map _.Sign)

    /// Df(x) off the kinks, by quotients of differences: exact, since the step is halved until both ends have the same signs of all
    /// pre-activations, and the points with these signs are a convex set on which f is affine.
    let jacobian (net: VanillaNet<Rational>) (x: Rational[]) : Matrix<Rational> =
        let there, value = signs net x, VanillaNet.apply net x

        let column i =
            let moved (h: Rational) = Vector.addScaled x h (Vector.unit x.Length i)

            let rec first (h: Rational) = if signs net (moved h) = there then h else first (h * Rational.create 1 2)
            let h = first Rational.One
            Vector.subtract (VanillaNet.apply net (moved h)) value |> Vector.scale (Rational.One / h)

        Array.init x.Length column |> Matrix.ofRows |> Matrix.transpose

    /// p/q with |p| ≤ 6, q ≤ 4.
    let fraction: RandomStream -> Rational = Draws.fractionUpTo 6

    /// n such fractions.
    let vector (stream: RandomStream) (n: int) : Rational[] = Array.init n (fun _ -> fraction stream)

    /// k/l with k, l in 1..7.
    let slope (stream: RandomStream) : Rational = Rational.create (stream.NextInt(1, 7)) (stream.NextInt(1, 7))

    let private isRegular (rows: Rational[][]) : bool = (Elimination.determinant (Matrix.ofRows rows)).Sign <> 0

    /// A matrix of such fractions with det ≠ 0, decided exactly.
    let regular (n: int) : RandomStream -> Rational[][] = Draws.until isRegular (fun stream -> Array.init n (fun _ -> vector stream n))

    /// d in 1..most, L in 1..3, det W_l ≠ 0, slopes drawn for each layer.
    let draw (most: int) (slopes: RandomStream -> int -> Rational[]) (stream: RandomStream) : DrawnNet =
        let d, depth = stream.NextInt(1, most), stream.NextInt(1, 3)

        {
            Affine = Array.init (depth + 1) (fun _ -> regular d stream, vector stream d)
            Slopes = Array.init depth (fun _ -> slopes stream d)
        }

    let private unit (d: int) : Rational[][] = Array.init d (Vector.unit d)

    /// Fewer layers and dimensions, then identities, zero biases and slopes 1/2.
    let shrink (net: DrawnNet) : DrawnNet seq =
        let d = net.Dimension
        let half = Rational.create 1 2

        seq {
            for l in 0 .. net.Slopes.Length - 1 do
                if net.Slopes.Length > 1 then
                    { Affine = Array.removeAt l net.Affine; Slopes = Array.removeAt l net.Slopes }

            if d > 1 then
                let cut = {
                    Affine = net.Affine |> Array.map (fun (w, b) -> Draws.corner (d - 1) w, Array.truncate (d - 1) b)
                    Slopes = net.Slopes |> Array.map (Array.truncate (d - 1))
                }

                if cut.Affine |> Array.forall (fst >> isRegular) then
                    cut

            for l in 0 .. net.Affine.Length - 1 do
                let w, b = net.Affine[l]
                let replace pair = { net with Affine = Array.updateAt l pair net.Affine }

                if w <> unit d then
                    replace (unit d, b)

                for b in Draws.shrinkVector b do
                    replace (w, b)

            for slopes in Shrink.elements (Shrink.elements (fun α -> if α = half then Seq.empty else Seq.singleton half)) net.Slopes do
                { net with Slopes = slopes }
        }

    /// A net as pairs of a name and a value.
    let show (net: DrawnNet) : (string * string) list = [
        for l, (w, b) in Array.indexed net.Affine do
            $"A{l}", $"{Draws.showRows w}, {Known.show b}"

            if l < net.Slopes.Length then
                $"α{l + 1}", Known.show net.Slopes[l]
    ]

    /// Points as pairs of a name and a value.
    let showPoints (points: Rational[][]) : (string * string) list = [ "x", Draws.showRows points ]

    /// A construction that refuses, as a refutation.
    let refused (quantity: string) (expected: string) (defects: Defect list) : Outcome =
        Outcome.refuted quantity expected (defects |> List.map string |> String.concat " ")

    /// The network of a residual step as the library chooses its form.
    let ofStep (step: ResidualStep<Rational>) : VanillaNet<Rational> =
        TermLayers.ofStep Rational.toFloat step |> Defect.orFail |> VanillaNet.ofStages step.Shift.Length

    /// The network of a residual step as a pair of layers with this slope of the first.
    let ofPair (μ: Rational) (step: ResidualStep<Rational>) : VanillaNet<Rational> =
        TermLayers.shearPair Rational.toFloat μ step |> VanillaNet.ofStages step.Shift.Length

    /// Nets after a draw, each with points of such fractions that pass the test.
    let cases (count: int) (draw: RandomStream -> DrawnNet) (accept: DrawnNet -> Rational[][] -> bool) : Generator<NetCase> =
        let one stream =
            let net = draw stream
            { Net = net; Points = Array.init count (fun _ -> vector stream net.Dimension) }

        let accepted (case: NetCase) = accept case.Net case.Points

        let simpler (case: NetCase) =
            seq {
                for net in shrink case.Net do
                    { Net = net; Points = Array.map (Array.truncate net.Dimension) case.Points }

                for points in Draws.shrinkRows case.Points do
                    { case with Points = points }
            }
            |> Seq.filter accepted

        Generator.fromStream (fun _ -> Draws.until accepted one) simpler (fun case -> show case.Net @ showPoints case.Points)

    /// A slope of its own for every coordinate.
    let mixed (stream: RandomStream) (d: int) : Rational[] = Array.init d (fun _ -> slope stream)

    /// Any points.
    let anywhere (_: DrawnNet) (_: Rational[][]) : bool = true

    /// Points off the kinks.
    let offKinks (net: DrawnNet) (points: Rational[][]) : bool =
        let f = net.Vanilla
        Array.forall (isOffKinks f) points
