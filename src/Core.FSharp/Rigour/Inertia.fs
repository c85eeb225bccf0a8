namespace LayerTime.Core.Rigour

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra

/// The signs of the eigenvalues of a symmetric matrix, as far as they are proved.
[<RequireQualifiedAccess>]
type Inertia =
    /// No eigenvalue of any member vanishes: how many are negative, how many positive.
    | Known of negative: int * positive: int
    /// Not proved, and why.
    | Undecided of reason: string

/// The inertia of all symmetric members of an interval matrix, by Sylvester's law: S = Vᵀ·H·V has the inertia of H for every regular V.
[<RequireQualifiedAccess>]
module Inertia =
    /// Approximate orthonormal eigenvectors of a symmetric float matrix as columns, by cyclic Jacobi rotations. They prove nothing.
    let private eigenvectors (n: int) (matrix: float[]) : float[] =
        let a = Array.copy matrix
        let v = Array.init (n * n) (fun e -> if e / n = e % n then 1.0 else 0.0)

        /// Columns p and q of m, turned by (c, s).
        let turnColumns (m: float[]) p q c s =
            for k in 0 .. n - 1 do
                let x, y = m[k * n + p], m[k * n + q]
                m[k * n + p] <- c * x - s * y
                m[k * n + q] <- s * x + c * y

        let turnRows (m: float[]) p q c s =
            for k in 0 .. n - 1 do
                let x, y = m[p * n + k], m[q * n + k]
                m[p * n + k] <- c * x - s * y
                m[q * n + k] <- s * x + c * y

        for _ in 1..12 do
            for p in 0 .. n - 2 do
                for q in p + 1 .. n - 1 do
                    let off = a[p * n + q]

                    if off <> 0.0 then
                        let θ = (a[q * n + q] - a[p * n + p]) / (2.0 * off)
                        let t = (if θ < 0.0 then -1.0 else 1.0) / (Math.Abs θ + Math.Sqrt(θ * θ + 1.0))
                        let c = 1.0 / Math.Sqrt(t * t + 1.0)
                        turnColumns a p q c (t * c)
                        turnRows a p q c (t * c)
                        turnColumns v p q c (t * c)

        v

    /// The inertia of all symmetric members of H; wants a symmetric matrix of finite intervals to decide anything.
    let ofSymmetric (h: Matrix<Interval>) : Inertia =
        if h.Rows <> h.Columns then
            invalidArg (nameof h) $"found {h.Rows}×{h.Columns}, expected a square matrix"

        let n = h.Rows
        let middle = IntervalMatrix.midpoints h

        if Seq.exists (fun entry -> Interval.isEmpty entry || not (Interval.isBounded entry)) (h.Entries.ToArray()) then
            Inertia.Undecided "an entry is empty or not bounded"
        else
            let columns = eigenvectors n middle

            if not (Array.forall Double.IsFinite columns) then
                Inertia.Undecided "the approximate eigenvectors are not finite"
            else
                let v = Matrix.init n n (fun i j -> Interval.ofFloat columns[i * n + j])
                let transposed = Matrix.transpose v
                // |I − VᵀV| < 1 proves V regular.
                let isRegular = IntervalMatrix.normInf (Matrix.subtract (Matrix.identity n) (Matrix.multiply transposed v)) < 1.0
                let s = Matrix.multiply transposed (Matrix.multiply h v)

                /// Gershgorin: the sign of the disc about S_ii, 0 where it contains 0.
                let sign i =
                    let radius = Seq.init n (fun j -> if i = j then 0.0 else Interval.magnitude s[i, j]) |> Seq.fold Directed.addUp 0.0

                    if s[i, i].Lower > radius then 1
                    elif s[i, i].Upper < -radius then -1
                    else 0

                let signs = List.init n sign
                let count which = signs |> List.filter ((=) which) |> List.length

                if not isRegular then
                    Inertia.Undecided "the approximate eigenvectors are not proved to be independent"
                elif count 0 > 0 then
                    Inertia.Undecided $"{count 0} of {n} eigenvalues may vanish"
                else
                    // n discs off 0; those on either side hold as many eigenvalues as there are discs.
                    Inertia.Known(count -1, count 1)

    /// The number of negative eigenvalues of all symmetric members, if no eigenvalue may vanish.
    let negative (h: Matrix<Interval>) : int option =
        match ofSymmetric h with
        | Inertia.Known(negative, _) -> Some negative
        | Inertia.Undecided _ -> None
