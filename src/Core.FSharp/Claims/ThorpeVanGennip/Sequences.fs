namespace LayerTime.Core.Claims.ThorpeVanGennip

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Ruseckas

/// Weights as sequences over the layers: item i holds all entries of K_i, so that the Euclidean norm of an item is the Frobenius norm of K_i.
[<RequireQualifiedAccess>]
module internal Sequences =
    open Arithmetic

    /// |x|²
    let squared (x: 'T[]) : 'T :> IRing<'T> = Vector.dot x x

    let private size (k: 'T[][]) : 'T :> IRing<'T> = Ring.ratio k.Length 1

    let private sum (terms: 'T[]) : 'T :> IRing<'T> = Array.fold (+) 'T.Zero terms

    /// |K_i − K_{i−1}|², i = 1 … n − 1
    let squaredRises (k: 'T[][]) : 'T[] when 'T :> IRing<'T> =
        Array.pairwise k |> Array.map (fun (before, after) -> squared (Vector.subtract after before))

    /// R_n(K; τ) = n Σ_{i=1}^{n−1} |K_i − K_{i−1}|² + τ|K_0|²
    let regulariser (τ: 'T) (k: 'T[][]) : 'T :> IRing<'T> = size k * sum (squaredRises k) + τ * squared k[0]

    /// Π: n → 2n keeps every item and puts the mean of neighbours between them; the last item is repeated.
    let prolong (k: 'T[][]) : 'T[][] when 'T :> IRing<'T> =
        let mean x y = Vector.scale (Ring.ratio 1 2) (Vector.add x y)
        let between = Array.append (Array.pairwise k |> Array.map (fun (x, y) -> mean x y)) [| Array.last k |]
        Array.zip k between |> Array.collect (fun (x, y) -> [| x; y |])

    /// (S_n f)_i = f(i/n), i = 0 … n − 1
    let sample (n: int) (f: 'T -> 'T[]) : 'T[][] when 'T :> IRing<'T> = Array.init n (fun i -> f (Ring.ratio i n))

    /// g_n(τ) = 1/τ + (n − 1)(2n − 1)/(6n²): the least R_n of a mean β is β²/g_n.
    let kernelMean (n: int) (τ: 'T) : 'T :> IField<'T> =
        let n = Ring.ofInteger (bigint n): 'T
        'T.One / τ + (n - 'T.One) * (n + n - 'T.One) / (Ring.ratio 6 1 * n * n)

    /// The sequence a(1 + τi/n), on which the bound of |K_{n−1}|² is attained.
    let ramp (n: int) (τ: 'T) (a: 'T) : 'T[][] when 'T :> IRing<'T> = Array.init n (fun i -> [| a * ('T.One + τ * Ring.ratio i n) |])

    /// (−1)^i k
    let alternating (n: int) (k: 'T) : 'T[][] when 'T :> IRing<'T> = Array.init n (fun i -> [| (if i % 2 = 0 then k else -k) |])

/// Functions on [0, 1] that are polynomials on each of n equal cells, in the variable t itself.
[<RequireQualifiedAccess>]
module internal Cells =
    let private ends (n: int) (i: int) = Rational.create i n, Rational.create (i + 1) n

    let private integral (cells: Rational[][]) : Rational =
        cells
        |> Array.mapi (fun i p -> let left, right = ends cells.Length i in RingPolynomial.integrate p left right)
        |> Array.fold (+) Rational.Zero

    let private squaredNorm (cells: Rational[][]) : Rational = integral (cells |> Array.map (fun p -> Polynomial.multiply p p))

    /// ∫f²
    let squaredL2 (f: Rational[][]) : Rational = squaredNorm f

    /// ∫f′²
    let squaredSlope (f: Rational[][]) : Rational = squaredNorm (Array.map Polynomial.derivative f)

    /// R_∞(f; τ) = ∫f′² + τf(0)² of a continuous f.
    let energy (τ: Rational) (f: Rational[][]) : Rational =
        let start = Polynomial.evaluate f[0] Rational.Zero
        squaredSlope f + τ * start * start

    /// One polynomial on n cells.
    let ofPolynomial (n: int) (p: Rational[]) : Rational[][] = Array.replicate n p

    /// P_nK: the value K_i on cell i.
    let embedding (k: Rational[]) : Rational[][] = k |> Array.map (fun a -> [| a |])

    /// I_nK: linear between the nodes i/n, constant on the last cell.
    let interpolant (k: Rational[]) : Rational[][] =
        let n = Rational.ofInt k.Length

        Array.init k.Length (fun i ->
            let rise = if i + 1 < k.Length then k[i + 1] - k[i] else Rational.Zero
            [| k[i] - rise * Rational.ofInt i; n * rise |])

    /// f − g
    let subtract (f: Rational[][]) (g: Rational[][]) : Rational[][] =
        Array.map2 (fun p q -> RingPolynomial.subtract p q |> Polynomial.normalise) f g

    /// sup f² where every polynomial has degree at most 2: attained at an end of a cell or at a vertex.
    let squaredSup (f: Rational[][]) : Rational =
        f
        |> Seq.mapi (fun i p ->
            let left, right = ends f.Length i

            let vertex =
                match p with
                | [| _; b; c |] when c.Sign <> 0 -> -b / (Rational.ofInt 2 * c)
                | _ -> left

            [ left; right; Rational.max left (Rational.min right vertex) ]
            |> Seq.map (fun t -> let y = Polynomial.evaluate p t in y * y)
            |> Seq.fold Rational.max Rational.Zero)
        |> Seq.fold Rational.max Rational.Zero

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
