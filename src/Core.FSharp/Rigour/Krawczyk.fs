namespace LayerTime.Core.Rigour

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra

/// What the Krawczyk operator says of the zeros of F in a box.
[<RequireQualifiedAccess; NoComparison; NoEquality>]
type KrawczykVerdict =
    /// No zero in the box.
    | Excluded
    /// Exactly one zero in the box, and DF is regular all over the box; the zero lies in the given part of it.
    | Unique of zero: Box
    /// All zeros of the box lie in the given part of it.
    | Contracted of rest: Box
    /// The preconditioner does not exist or is not finite.
    | NoPreconditioner

/// The Krawczyk operator K(X) = m − C·F(m) + (I − C·DF(X))·(X − m), C near DF(m)⁻¹ (Krawczyk 1969, Moore 1977).
[<RequireQualifiedAccess>]
module Krawczyk =
    /// Inverts a float matrix given row by row, by Gauss–Jordan elimination with partial pivoting; the result may be far off and
    /// proves nothing. False where a pivot vanishes or the result is not finite. Destroys the matrix.
    let invertInto (n: int) (matrix: float[]) (inverse: float[]) : bool =
        Array.Clear inverse

        for i in 0 .. n - 1 do
            inverse[i * n + i] <- 1.0

        let mutable regular = true
        let mutable column = 0

        while regular && column < n do
            let mutable pivot = column

            for row in column + 1 .. n - 1 do
                if Math.Abs matrix[row * n + column] > Math.Abs matrix[pivot * n + column] then
                    pivot <- row

            let scale = 1.0 / matrix[pivot * n + column]

            if not (Double.IsFinite scale) then
                regular <- false
            else
                for j in 0 .. n - 1 do
                    let a, b = matrix[pivot * n + j], inverse[pivot * n + j]
                    matrix[pivot * n + j] <- matrix[column * n + j]
                    inverse[pivot * n + j] <- inverse[column * n + j]
                    matrix[column * n + j] <- a * scale
                    inverse[column * n + j] <- b * scale

                for row in 0 .. n - 1 do
                    if row <> column then
                        let factor = matrix[row * n + column]

                        for j in 0 .. n - 1 do
                            matrix[row * n + j] <- matrix[row * n + j] - factor * matrix[column * n + j]
                            inverse[row * n + j] <- inverse[row * n + j] - factor * inverse[column * n + j]

                column <- column + 1

        regular && Array.forall Double.IsFinite inverse

    /// C near (mid A)⁻¹ as a point matrix, or None.
    let private preconditioner (jacobian: Matrix<Interval>) : Matrix<Interval> option =
        let n = jacobian.Rows
        let middle = Array.init (n * n) (fun e -> Interval.midpoint jacobian[e / n, e % n])
        let inverse = Array.zeroCreate (n * n)

        if invertInto n middle inverse then Some(Matrix.init n n (fun i j -> Interval.ofFloat inverse[i * n + j])) else None

    /// K(X) by its formula, from C, a centre m ∈ X, F(m), DF(X) and X.
    let operator (c: Matrix<Interval>) (m: Interval[]) (value: Interval[]) (jacobian: Matrix<Interval>) (x: Box) : Box =
        let rest = Matrix.subtract (Matrix.identity m.Length) (Matrix.multiply c jacobian)
        Vector.add (Vector.subtract m (Matrix.apply c value)) (Matrix.apply rest (Vector.subtract x m))

    /// One application of the operator to a box, and what follows from it.
    let step (system: ISquareSystem) (x: Box) : KrawczykVerdict =
        let struct (values, jacobian) = system.ValueAndJacobian x

        if Array.exists (fun value -> not (Interval.contains 0.0 value)) values then
            KrawczykVerdict.Excluded
        else
            match preconditioner jacobian with
            | None -> KrawczykVerdict.NoPreconditioner
            | Some c ->
                let m = Box.ofPoint (Box.midpoint x)
                let image = operator c m (system.Value m) jacobian x

                match Box.intersect image x with
                | None -> KrawczykVerdict.Excluded
                // K(X) ⊂ int X: |I − C·DF| < 1 in the maximum norm weighted by the radii, so DF is regular on X and there is one zero.
                | Some zero when Box.interior image x -> KrawczykVerdict.Unique zero
                | Some rest -> KrawczykVerdict.Contracted rest

    /// The box grown by a fraction of its widths and a little more: ε-inflation (Rump).
    let inflate (fraction: float) (x: Box) : Box =
        let grow (side: Interval) =
            let r = fraction * Interval.width side + 1e-15 * Interval.magnitude side + 1e-300
            Interval.ofBounds (side.Lower - r) (side.Upper + r)

        Array.map grow x

    /// Shrinks the enclosure of the one zero of a uniqueness box until a step gains less than a tenth of the width.
    let rec refine (system: ISquareSystem) (zero: Box) : Box =
        // A step needs room to be proper; what it returns lies within the enclosure it started from.
        match step system (inflate 0.01 zero) with
        | KrawczykVerdict.Unique smaller
        | KrawczykVerdict.Contracted smaller ->
            match Box.intersect smaller zero with
            | Some next when Box.width next < 0.9 * Box.width zero -> refine system next
            | Some next -> next
            | None -> zero
        | KrawczykVerdict.Excluded
        | KrawczykVerdict.NoPreconditioner -> zero
