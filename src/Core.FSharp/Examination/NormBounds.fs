namespace LayerTime.Core.Examination

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Rigour

/// Proved upper bounds of the norms of a matrix, rounding included.
[<RequireQualifiedAccess>]
module NormBounds =
    /// The largest Gram matrix that is squared again and again; above, the bounds by sums of entries have to do.
    let largestGram = 256

    let private squarings = 5

    /// An upper bound of ‖A‖∞, the largest sum of a row.
    let infinity (a: Matrix<Interval>) : float = IntervalMatrix.normInf a

    /// An upper bound of ‖A‖F.
    let frobenius (a: Matrix<Interval>) : float =
        let mutable sum = 0.0

        for entry in a.Entries do
            let size = Interval.magnitude entry
            sum <- Directed.addUp sum (Directed.multiplyUp size size)

        Directed.sqrtUp sum

    /// 2ᵏ for a k within the range of normal floats.
    let private scaled (k: int) (m: Matrix<Interval>) : Matrix<Interval> = Matrix.scale (Interval.ofFloat (Math.ScaleB(1.0, k))) m

    /// (value·2^exponent)^(1/2^roots), rounded up.
    let rec private root (roots: int) (value: float) (exponent: int) : float =
        if roots = 0 then
            Math.ScaleB(value, exponent)
        else
            let odd = exponent &&& 1
            root (roots - 1) (Directed.sqrtUp (Math.ScaleB(value, odd))) ((exponent - odd) / 2)

    /// ‖G‖F of the 2⁵-th power of G = A·Aᵀ, under the 64th root: λ_max(G)³² ≤ ‖G³²‖F ≤ √n·λ_max(G)³², so for n = 256 the bound of
    /// ‖A‖₂ is at most 256^(1/128) = 1.045 times too large. Powers of two keep the entries in range.
    let private byPowers (a: Matrix<Interval>) : float =
        let wide = if a.Rows <= a.Columns then a else Matrix.transpose a
        let gram = Matrix.multiply wide (Matrix.transpose wide)

        let normalised (m: Matrix<Interval>, exponent: int) =
            let size = frobenius m

            if size > 0.0 && Double.IsFinite size && Math.ILogB size > -900 then
                let k = Math.ILogB size
                scaled -k m, exponent + k
            else
                m, exponent

        let power, exponent =
            Seq.fold
                (fun (m, exponent) _ ->
                    let m, exponent = normalised (m, exponent)
                    Matrix.multiply m m, 2 * exponent)
                (gram, 0)
                (seq { 1..squarings })

        root (squarings + 1) (frobenius power) exponent

    /// An upper bound of ‖A‖₂: the least of ‖A‖F, √(‖A‖₁·‖A‖∞) and, up to `largestGram` rows or columns, the root of a power of A·Aᵀ.
    let two (a: Matrix<Interval>) : float =
        let bySums = Directed.sqrtUp (Directed.multiplyUp (infinity a) (infinity (Matrix.transpose a)))
        let simple = Math.Min(frobenius a, bySums)

        if Math.Min(a.Rows, a.Columns) <= largestGram && Double.IsFinite simple then
            let best = byPowers a
            if best < simple then best else simple
        else
            simple
