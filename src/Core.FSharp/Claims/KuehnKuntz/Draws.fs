namespace LayerTime.Core.Claims.KuehnKuntz

open System.Numerics
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Constructions
open LayerTime.Core.Claims

/// One layer of a drawn perceptron, open for simplification.
type internal DrawnLayer = { Rows: Rational[][]; Bias: Rational[]; Activation: ActivationKind }

/// A drawn perceptron of dyadic fractions in merged form; the last layer is the affine output.
type internal DrawnPerceptron = {
    Layers: DrawnLayer[]
} with

    /// n, m₁, …, m_L, 1
    member drawn.Widths: int[] = [|
        drawn.Layers[0].Rows[0].Length
        for layer in drawn.Layers do
            layer.Rows.Length
    |]

    /// A₁, …, A_{L+1}
    member drawn.Matrices: Matrix<Rational>[] = drawn.Layers |> Array.map (fun layer -> Matrix.ofRows layer.Rows)

    /// The perceptron.
    member drawn.Perceptron: Perceptron<Rational> =
        let neurons (layer: DrawnLayer) = {
            Weights = Matrix.ofRows layer.Rows
            Bias = layer.Bias
            Activations = Array.create layer.Bias.Length layer.Activation
        }

        let last = Array.last drawn.Layers
        let hidden = drawn.Layers |> Array.take (drawn.Layers.Length - 1) |> Array.map neurons
        Perceptron.create hidden (Matrix.ofRows last.Rows) last.Bias |> Defect.orFail

/// A perceptron and a point of its input.
type internal Sample = { Network: DrawnPerceptron; Point: Rational[] }

/// How perceptrons are drawn: their widths, the entries of a matrix of given shape in front of layer l, the biases, the activation of
/// each layer.
[<NoComparison; NoEquality>]
type internal Recipe = {
    Widths: RandomStream -> int[]
    Matrix: RandomStream -> int -> int -> int -> Rational[][]
    Bias: RandomStream -> Rational
    Activations: ActivationKind[]
    /// What simplification has to keep.
    Keeps: DrawnPerceptron -> bool
}

/// Perceptrons of dyadic fractions, drawn so that a class of widths and exact ranks are there by construction.
[<RequireQualifiedAccess>]
module internal Draws =
    /// k/denominator with |k/denominator| ≤ bound.
    let dyadic (denominator: int) (bound: int) (stream: RandomStream) : Rational =
        Rational.create (stream.NextInt(-bound * denominator, bound * denominator)) denominator

    /// A vector of such fractions.
    let vector (draw: RandomStream -> Rational) (stream: RandomStream) (length: int) : Rational[] = Array.init length (fun _ -> draw stream)

    /// A matrix of such fractions, whatever its rank.
    let matrix (draw: RandomStream -> Rational) (stream: RandomStream) (rows: int) (columns: int) : Rational[][] =
        Array.init rows (fun _ -> vector draw stream columns)

    let private isFullRank (rows: Rational[][]) : bool = Elimination.rank (Matrix.ofRows rows) = min rows.Length rows[0].Length

    /// A matrix of full rank, decided exactly: at most eight draws, then [I 0].
    let fullRank (draw: RandomStream -> Rational) (stream: RandomStream) (rows: int) (columns: int) : Rational[][] =
        Seq.init 8 (fun _ -> matrix draw stream rows columns)
        |> Seq.tryFind isFullRank
        |> Option.defaultWith (fun () ->
            Array.init rows (fun i -> Array.init columns (fun j -> if i = j then Rational.One else Rational.Zero)))

    /// A matrix C·R of this rank, from factors of full rank.
    let ofRank (draw: RandomStream -> Rational) (rank: int) (stream: RandomStream) (rows: int) (columns: int) : Rational[][] =
        Matrix.multiply (Matrix.ofRows (fullRank draw stream rows rank)) (Matrix.ofRows (fullRank draw stream rank columns))
        |> Matrix.toRows

    let private descending (stream: RandomStream) (start: int) (layers: int) : int list =
        List.unfold
            (fun (width, left) -> if left = 0 then None else let next = stream.NextInt(1, width) in Some(next, (next, left - 1)))
            (start, layers)

    /// Widths of class N: n of 1..4, at most three hidden layers, never increasing.
    let nonAugmented (stream: RandomStream) : int[] =
        let n = stream.NextInt(1, 4)
        [| n; yield! descending stream n (stream.NextInt(1, 3)); 1 |]

    /// Widths of class G: n of 1..2 up to a peak of at most n + 2, then down; at most three hidden layers.
    let augmented (stream: RandomStream) : int[] =
        let n = stream.NextInt(1, 2)
        let peak = stream.NextInt(n + 1, n + 2)
        let rising = if stream.NextBool() then [ stream.NextInt(n, peak) ] else []
        [| n; yield! rising; peak; yield! descending stream peak (stream.NextInt(0, 1)); 1 |]

    /// Widths of class B: n of 2..3, a dip below n, a second peak.
    let bottleneck (stream: RandomStream) : int[] =
        let n = stream.NextInt(2, 3)
        let before = if stream.NextBool() then [ stream.NextInt(n, 4) ] else []
        let dip = stream.NextInt(1, n - 1)
        [| n; yield! before; dip; stream.NextInt(dip + 1, 4); 1 |]

    /// Any widths of 1..4 with n ≤ 3 and at most three hidden layers.
    let anyWidths (stream: RandomStream) : int[] = [|
        stream.NextInt(1, 3)
        for _ in 1 .. stream.NextInt(1, 3) do
            stream.NextInt(1, 4)
        1
    |]

    /// All matrices have full rank.
    let hasFullRanks (drawn: DrawnPerceptron) : bool = drawn.Layers |> Array.forall (fun layer -> isFullRank layer.Rows)

    /// The widths have this class.
    let hasClass (architecture: ArchitectureClass) (drawn: DrawnPerceptron) : bool = ArchitectureClass.ofNodes drawn.Widths = architecture

    /// Full ranks in widths of one class, entries k/16 of [−2, 2], biases of [−3/2, 3/2], the activation t + t³/3.
    let ofClass (architecture: ArchitectureClass) : Recipe = {
        Widths =
            match architecture with
            | ArchitectureClass.NonAugmented -> nonAugmented
            | ArchitectureClass.Augmented -> augmented
            | ArchitectureClass.Bottleneck -> bottleneck
        Matrix = fun stream _ -> fullRank (dyadic 16 2) stream
        Bias = fun stream -> Rational.create (stream.NextInt(-24, 24)) 16
        Activations = [| ActivationKind.Cubic |]
        Keeps = fun drawn -> hasClass architecture drawn && hasFullRanks drawn
    }

    /// Entries −1, 0, 1, 2, so that zeros, ties and low ranks are common.
    let smallIntegers: Recipe = {
        Widths = anyWidths
        Matrix = fun stream _ -> matrix (fun stream -> Rational.ofInt (stream.NextInt(-1, 2))) stream
        Bias = fun stream -> Rational.ofInt (stream.NextInt(-1, 2))
        Activations = [| ActivationKind.Cubic |]
        Keeps = fun _ -> true
    }

    /// A perceptron after a recipe.
    let draw (recipe: Recipe) (stream: RandomStream) : DrawnPerceptron =
        let widths = recipe.Widths stream
        let last = widths.Length - 2

        let layer l = {
            Rows = recipe.Matrix stream l widths[l + 1] widths[l]
            Bias = vector recipe.Bias stream widths[l + 1]
            Activation = if l = last then ActivationKind.Identity else recipe.Activations[stream.NextInt(0, recipe.Activations.Length - 1)]
        }

        { Layers = Array.init (last + 1) layer }

    /// The nearest multiple of 1/denominator.
    let private rounded (denominator: int) (a: Rational) : Rational =
        let q = BigInteger denominator
        let twice = BigInteger 2 * a.Denominator
        let shifted = BigInteger 2 * a.Numerator * q + a.Denominator
        let floor = BigInteger.Divide(shifted - ((shifted % twice + twice) % twice), twice)
        Rational.OfRatio(floor, q)

    /// Simpler fractions: 0, ±1, then coarser multiples of 1, 1/2 and 1/16.
    let shrinkFraction (a: Rational) : Rational seq =
        let unit = if a.Sign > 0 then Rational.One else -Rational.One

        seq {
            Rational.Zero
            unit

            for denominator in [ 1; 2; 16 ] do
                if a.Denominator > BigInteger denominator then
                    rounded denominator a
        }
        |> Seq.takeWhile (fun simpler -> simpler <> a)
        |> Seq.distinct

    /// The layer with a column less, or the columns fitted to a width.
    let private withoutColumn (i: int) (layer: DrawnLayer) : DrawnLayer = { layer with Rows = Array.map (Array.removeAt i) layer.Rows }

    let private fitted (width: int) (layer: DrawnLayer) : DrawnLayer =
        let fit (row: Rational[]) = Array.init width (fun i -> if i < row.Length then row[i] else Rational.Zero)
        { layer with Rows = Array.map fit layer.Rows }

    let private withoutLayer (l: int) (drawn: DrawnPerceptron) : DrawnPerceptron =
        let layers = drawn.Layers |> Array.mapi (fun i layer -> if i = l + 1 then fitted drawn.Widths[l] layer else layer)
        { Layers = Array.removeAt l layers }

    let private withoutNeuron (l: int) (i: int) (drawn: DrawnPerceptron) : DrawnPerceptron =
        let cut k layer =
            if k = l then { layer with Rows = Array.removeAt i layer.Rows; Bias = Array.removeAt i layer.Bias }
            elif k = l + 1 then withoutColumn i layer
            else layer

        { Layers = Array.mapi cut drawn.Layers }

    let private shrinkLayer (layer: DrawnLayer) : DrawnLayer seq =
        seq {
            if layer.Bias |> Array.exists (fun b -> b.Sign <> 0) then
                { layer with Bias = Array.map (fun _ -> Rational.Zero) layer.Bias }

            for rows in Shrink.elements (Shrink.elements shrinkFraction) layer.Rows do
                { layer with Rows = rows }

            for bias in Shrink.elements shrinkFraction layer.Bias do
                { layer with Bias = bias }
        }

    /// Simpler perceptrons that keep what the recipe keeps: fewer layers, neurons and inputs, simpler weights.
    let shrinkNetwork (recipe: Recipe) (drawn: DrawnPerceptron) : DrawnPerceptron seq =
        let last = drawn.Layers.Length - 1

        seq {
            if last >= 2 then
                for l in 0 .. last - 1 do
                    withoutLayer l drawn

            for l in 0 .. last - 1 do
                for i in 0 .. drawn.Widths[l + 1] - 1 do
                    if drawn.Widths[l + 1] > 1 then
                        withoutNeuron l i drawn

            if drawn.Widths[0] > 1 then
                { Layers = Array.updateAt 0 (withoutColumn (drawn.Widths[0] - 1) drawn.Layers[0]) drawn.Layers }

            for layers in Shrink.elements shrinkLayer drawn.Layers do
                { Layers = layers }
        }
        |> Seq.filter recipe.Keeps

    /// A vector of fractions as "(1, -1/2)".
    let showVector (x: Rational[]) : string = "(" + (x |> Array.map string |> String.concat ", ") + ")"

    /// A perceptron as pairs of a name and a value.
    let show (drawn: DrawnPerceptron) : (string * string) list = [
        for l, layer in Array.indexed drawn.Layers do
            let rows = layer.Rows |> Array.map showVector |> String.concat " "
            $"layer {l + 1}", $"{ActivationKind.name layer.Activation}: A = {rows}, c = {showVector layer.Bias}"
    ]

    /// Perceptrons after a recipe, each with a point x of entries k/8, |x_i| ≤ 2.
    let samples (recipe: Recipe) : Generator<Sample> =
        let draw (_: int) (stream: RandomStream) =
            let network = draw recipe stream
            { Network = network; Point = vector (dyadic 8 2) stream network.Widths[0] }

        let shrink (sample: Sample) =
            seq {
                for network in shrinkNetwork recipe sample.Network do
                    { Network = network; Point = Array.truncate network.Widths[0] sample.Point }

                for point in Shrink.elements shrinkFraction sample.Point do
                    { sample with Point = point }
            }

        Generator.fromStream draw shrink (fun sample -> show sample.Network @ [ "x", showVector sample.Point ])

/// Comparisons and evaluations that the claims share.
[<RequireQualifiedAccess>]
module internal Check =
    /// Equality of two fractions.
    let equal (quantity: string) (expected: Rational) (found: Rational) : Outcome = Outcome.equal quantity string expected found

    /// Equality of two vectors of fractions.
    let vectors (quantity: string) (expected: Rational[]) (found: Rational[]) : Outcome =
        Outcome.equal quantity Draws.showVector expected found

    /// Equality of two matrices of fractions.
    let matrices (quantity: string) (expected: Matrix<Rational>) (found: Matrix<Rational>) : Outcome =
        Outcome.equal quantity string expected found

    /// Φ(x) of a perceptron with exact activations and one output.
    let value (p: Perceptron<Rational>) (x: Rational[]) : Rational = (Perceptron.apply ActivationKind.exactly p x)[0]
