namespace LayerTime.Core.Claims.ThorpeVanGennip

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.DeepLimit
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared

/// Sequences of weights over the layers, each weight a vector of all its entries, so that the Euclidean norm is the Frobenius norm.
[<RequireQualifiedAccess>]
module internal Sequences =
    open Arithmetic

    /// |x|²
    let squared (x: 'T[]) : 'T :> IRing<'T> = Vector.dot x x

    /// A sequence of numbers as one of vectors.
    let ofNumbers (k: 'T[]) : 'T[][] = Array.map Array.singleton k

    /// Σ_{i=1}^{n−1} |K_i − K_{i−1}|²
    let squaredRises (k: 'T[][]) : 'T :> IRing<'T> =
        Array.pairwise k |> Array.map (fun (before, after) -> squared (Vector.subtract after before)) |> Array.fold (+) 'T.Zero

    /// g_n(τ) = 1/τ + (n − 1)(2n − 1)/(6n²): the least R_n of a mean β is β²/g_n.
    let kernelMean (n: int) (τ: 'T) : 'T :> IField<'T> =
        let n = Ring.ofInteger (bigint n): 'T
        'T.One / τ + (n - 'T.One) * (n + n - 'T.One) / (Ring.ratio 6 1 * n * n)

    /// g_∞(τ) = 1/τ + 1/3
    let limitMean (τ: 'T) : 'T :> IField<'T> = 'T.One / τ + Ring.ratio 1 3

    /// The sequence a(1 + τi/n), on which the bound of |K_{n−1}|² is attained.
    let ramp (n: int) (τ: 'T) (a: 'T) : 'T[][] when 'T :> IRing<'T> = Array.init n (fun i -> [| a * ('T.One + τ * Ring.ratio i n) |])

    /// (−1)^i k
    let alternating (n: int) (k: 'T) : 'T[] when 'T :> IRing<'T> = Array.init n (fun i -> if i % 2 = 0 then k else -k)

/// Functions of depth-time in fractions.
[<RequireQualifiedAccess>]
module internal Functions =
    /// The polynomial with these coefficients, on all of [0, 1].
    let polynomial (coefficients: Rational[]) : WeightFunction<Rational> =
        let coefficients = if coefficients.Length = 0 then [| Rational.Zero |] else coefficients
        WeightFunction.polynomial (Array.map Array.singleton coefficients) |> Defect.orFail

    /// f − g
    let subtract (f: WeightFunction<Rational>) (g: WeightFunction<Rational>) : WeightFunction<Rational> =
        WeightFunction.combine Rational.One f -Rational.One g

    /// ∫|f′|²
    let squaredSlope (f: WeightFunction<Rational>) : Rational = WeightFunction.normSquared (WeightFunction.derivative f)

    /// sup f² of a scalar function of parabolas: attained at an end of a piece or at a vertex.
    let squaredSup (f: WeightFunction<Rational>) : Rational =
        Array.zip f.Times[.. f.Pieces.Length - 1] f.Pieces
        |> Seq.collect (fun (start, piece) ->
            let length = piece.Until - start
            let p = piece.Coefficients |> Array.map Array.head |> Polynomial.normalise

            if p.Length > 3 then
                invalidArg (nameof f) "found a piece of degree above 2, expected parabolas"

            let vertex = if p.Length = 3 then -p[1] / (Rational.ofInt 2 * p[2]) else Rational.Zero

            [ Rational.Zero; length; Rational.max Rational.Zero (Rational.min length vertex) ]
            |> Seq.map (fun t -> let y = Polynomial.evaluate p t in y * y))
        |> Seq.fold Rational.max Rational.Zero

/// Networks of width 1 with W = 1 and c = 0.
[<RequireQualifiedAccess>]
module internal Scalar =
    /// The weights with these K_i and b_i.
    let weights (kernel: 'T[]) (bias: 'T[]) : ResidualWeights<'T> when 'T :> IRing<'T> = {
        Kernel = kernel |> Array.map (fun k -> Matrix.ofRows [| [| k |] |])
        Bias = Sequences.ofNumbers bias
        Readout = Matrix.identity 1
        Offset = [| 'T.Zero |]
    }

    /// The weights with these K_i and b = 0.
    let unbiased (kernel: 'T[]) : ResidualWeights<'T> when 'T :> IRing<'T> = weights kernel (Array.map (fun _ -> 'T.Zero) kernel)

    /// The problem with squared loss and w = 1.
    let problem
        (σ: Activation<'T>)
        (kernel: PathPenalty<'T> option)
        (bias: PathPenalty<'T> option)
        (data: ('T * 'T)[])
        : TrainingProblem<'T> when 'T :> IRing<'T> =
        data
        |> Array.map (fun (x, y) -> { Input = [| x |]; Target = [| y |]; Weight = 'T.One })
        |> TrainingProblem.create σ Loss.squared { Kernel = kernel; Bias = bias; Readout = None; Offset = None }
        |> Defect.orFail

    /// X_0, …, X_n from x with b = 0.
    let states (σ: Activation<'T>) (kernel: 'T[]) (x: 'T) : 'T[] when 'T :> IRing<'T> =
        let trajectory = Simulation.run (ResidualWeights.network σ (unbiased kernel)).Equation [| [| x |] |]
        Array.init (kernel.Length + 1) (fun i -> trajectory[i][0])

    /// X_n from x with b = 0.
    let output (σ: Activation<'T>) (kernel: 'T[]) (x: 'T) : 'T :> IRing<'T> = Array.last (states σ kernel x)

/// Draws of sequences and simpler ones.
[<RequireQualifiedAccess>]
module internal SequenceDraws =
    /// p/q with |p|, q ≤ 9.
    let fraction (stream: RandomStream) : Rational = Rational.create (stream.NextInt(-9, 9)) (stream.NextInt(1, 9))

    /// p/q with 1 ≤ p, q ≤ 9.
    let positive (stream: RandomStream) : Rational = Rational.create (stream.NextInt(1, 9)) (stream.NextInt(1, 9))

    /// n ≤ most items of so many entries.
    let sequence (most: int) (entries: int) (stream: RandomStream) : Rational[][] =
        Array.init (stream.NextInt(1, most)) (fun _ -> Array.init entries (fun _ -> fraction stream))

    /// Fewer items, then simpler entries.
    let shrink (k: Rational[][]) : Rational[][] seq = Shrink.array 1 (Shrink.elements Draws.shrinkFraction) k

    /// Simpler pairs of fractions.
    let shrinkPair (a: Rational, b: Rational) : (Rational * Rational) seq =
        Seq.append (Draws.shrinkFraction a |> Seq.map (fun a -> a, b)) (Draws.shrinkFraction b |> Seq.map (fun b -> a, b))

    /// 1 instead of a positive number.
    let shrinkPositive (a: Rational) : Rational seq = if a = Rational.One then Seq.empty else Seq.singleton Rational.One

/// Comparisons of fractions that say how sharp they are.
[<RequireQualifiedAccess>]
module internal Sharp =
    let private ratio (found: Rational) (bound: Rational) : float voption =
        if bound.Sign > 0 && found.Sign >= 0 then ValueSome(Rational.toFloat (found / bound)) else ValueNone

    /// a ≤ b, decided exactly, with the tightness a/b.
    let atMost (quantity: string) (bound: Rational) (found: Rational) : Outcome =
        if found <= bound then
            match ratio found bound with
            | ValueSome tightness -> Outcome.Holds(ValueSome tightness)
            | ValueNone -> Outcome.holds
        else
            Outcome.refuted quantity $"at most {bound}" (string found)

    /// a ≤ b + 2√(cd) for b, c, d ≥ 0, decided exactly by squaring.
    let atMostMixed (quantity: string) (b: Rational) (c: Rational) (d: Rational) (found: Rational) : Outcome =
        let excess = found - b
        let mean = Rational.toFloat b + 2.0 * sqrt (Rational.toFloat (c * d))

        if excess.Sign <= 0 || excess * excess <= Rational.ofInt 4 * c * d then
            if mean > 0.0 then Outcome.Holds(ValueSome(min 1.0 (Rational.toFloat found / mean))) else Outcome.holds
        else
            Outcome.refuted quantity $"at most {b} + 2√({c} · {d})" (string found)
