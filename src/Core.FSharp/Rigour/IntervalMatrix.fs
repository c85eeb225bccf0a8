namespace LayerTime.Core.Rigour

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra

/// Rigorous linear algebra for small dense systems of intervals: what is returned holds for every matrix of members.
[<RequireQualifiedAccess>]
module IntervalMatrix =
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

    /// The midpoints, row by row.
    let midpoints (m: Matrix<Interval>) : float[] = Array.map Interval.midpoint (m.Entries.ToArray())

    let private requireSquare (m: Matrix<Interval>) : unit =
        if m.Rows <> m.Columns then
            invalidArg (nameof m) $"found {m.Rows}×{m.Columns}, expected a square matrix"

    /// R near (mid A)⁻¹ as a point matrix, or None where the midpoint matrix is singular to floats.
    let approximateInverse (a: Matrix<Interval>) : Matrix<Interval> option =
        requireSquare a
        let n = a.Rows
        let inverse = Array.zeroCreate (n * n)

        if invertInto n (midpoints a) inverse then
            Some(Matrix.init n n (fun i j -> Interval.ofFloat inverse[i * n + j]))
        else
            None

    /// Σ_j |a_ij|·v_j over all members, rounded up, for v ≥ 0.
    let private weightedRow (v: float[]) (a: Matrix<Interval>) (i: int) : float =
        Seq.init a.Columns (fun j -> Directed.multiplyUp (Interval.magnitude a[i, j]) v[j]) |> Seq.fold Directed.addUp 0.0

    let private largest (values: float seq) : float = values |> Seq.fold (fun high value -> Math.Max(high, value)) 0.0

    /// An upper bound of ‖A‖∞ over all members, rounded up.
    let normInf (a: Matrix<Interval>) : float = Seq.init a.Rows (weightedRow (Array.create a.Columns 1.0) a) |> largest

    /// The proof that every member of A is regular: with |E|·v ≤ α·v, E = I − R·A, the norm of E weighted by v is below 1.
    [<NoComparison; NoEquality>]
    type private Contraction = {
        /// R
        Preconditioner: Matrix<Interval>
        /// E = I − R·A
        Remainder: Matrix<Interval>
        /// v > 0
        Weights: float[]
        /// α < 1
        Factor: float
    }

    /// Positive weights that suit the scale of the unknowns: v = w + |E|·w + … + |E|¹⁶·w from w = |R|·1. They satisfy |E|·v < v where
    /// |E|¹⁷·w < w, which no scaling of rows or columns of A can spoil for long.
    let private adaptedWeights (r: Matrix<Interval>) (e: Matrix<Interval>) : float[] =
        let n = e.Rows
        let start = Array.init n (weightedRow (Array.create n 1.0) r)
        let next v = Array.init n (fun i -> start[i] + weightedRow v e i)
        Seq.fold (fun v _ -> next v) start (seq { 1..16 })

    /// The proof of regularity, or why there is none.
    let private contraction (a: Matrix<Interval>) : Result<Contraction, string> =
        match approximateInverse a with
        | None -> Error "the midpoint matrix has no finite inverse"
        | Some r ->
            let e = Matrix.subtract (Matrix.identity a.Rows) (Matrix.multiply r a)

            let attempt (v: float[]) =
                let α = Seq.init a.Rows (fun i -> Directed.divideUp (weightedRow v e i) v[i]) |> largest
                let isPositive = v |> Array.forall (fun weight -> weight > 0.0 && Double.IsFinite weight)
                // A comparison with NaN is false: data that are not numbers prove nothing.
                if isPositive && α < 1.0 then Some { Preconditioner = r; Remainder = e; Weights = v; Factor = α } else None

            match
                Seq.tryPick (fun weights -> attempt (weights ())) [ (fun () -> Array.create a.Rows 1.0); (fun () -> adaptedWeights r e) ]
            with
            | Some proof -> Ok proof
            | None -> Error $"‖I − R·A‖ is not proved to be below 1 (‖I − R·A‖∞ ≤ {normInf e:G3}), so that some member may be singular"

    /// Whether every member of A is proved to be regular.
    let isRegular (a: Matrix<Interval>) : bool = Result.isOk (contraction a)

    /// [−r, r]
    let private symmetric (r: float) : Interval = Interval.ofBounds -r r

    /// The fixed-point iteration z ← (c + E·z) ∩ z from a vector that contains the solution, for as long as a side loses a tenth.
    let rec private iterate (rounds: int) (e: Matrix<Interval>) (c: Interval[]) (z: Interval[]) : Interval[] =
        let next = Array.map2 Interval.intersect (Vector.add c (Matrix.apply e z)) z
        let gains = Array.exists2 (fun a b -> Interval.width a < 0.9 * Interval.width b) next z
        if rounds > 1 && gains then iterate (rounds - 1) e c next else next

    /// An enclosure of { x : A·x = b } from the proof that A is regular.
    let private solveBy (proof: Contraction) (a: Matrix<Interval>) (b: Interval[]) : Interval[] =
        let points = Array.map (Interval.midpoint >> Interval.ofFloat)
        let r = proof.Preconditioner
        let guess = points (Matrix.apply r (points b))
        // A·(x − x̃) = b − A·x̃, and the correction is the fixed point of z = R·(b − A·x̃) + E·z, so that |z| ≤ |c|/(1 − α) in the norm of v.
        let c = Matrix.apply r (Vector.subtract b (Matrix.apply a guess))
        let size = Seq.map2 (fun side weight -> Directed.divideUp (Interval.magnitude side) weight) c proof.Weights |> largest
        let reach = Directed.divideUp size (Directed.addDown 1.0 -proof.Factor)
        let start = proof.Weights |> Array.map (fun weight -> symmetric (Directed.multiplyUp weight reach))
        Vector.add guess (iterate 50 proof.Remainder c start)

    /// An enclosure of { x : A·x = b } over all members of A and b; an error where a singular member is not ruled out.
    /// Wants non-empty intervals in b.
    let solve (a: Matrix<Interval>) (b: Interval[]) : Result<Interval[], string> =
        requireSquare a

        if b.Length <> a.Rows then
            invalidArg (nameof b) $"found a vector of {b.Length}, expected {a.Rows}"

        contraction a |> Result.map (fun proof -> solveBy proof a b)

    /// An enclosure of the inverses of all members; an error where a singular member is not ruled out.
    let inverse (a: Matrix<Interval>) : Result<Matrix<Interval>, string> =
        contraction a
        |> Result.map (fun proof ->
            let columns = Array.init a.Rows (fun j -> solveBy proof a (Vector.unit a.Rows j))
            Matrix.init a.Rows a.Rows (fun i j -> columns[j][i]))

    /// det A by interval elimination, taking the pivot of largest least magnitude; where no pivot excludes 0, by Hadamard's bound.
    let rec private eliminate (rows: Interval[][]) : Interval =
        if rows.Length = 0 then
            Ring.ratio 1 1
        else
            let pivot = Array.init rows.Length id |> Array.maxBy (fun i -> Interval.mignitude (Array.head rows[i]))
            let head = rows[pivot]

            if Interval.contains 0.0 head[0] then
                let norm row = Array.fold (fun sum entry -> Directed.addUp sum (Interval.magnitude entry)) 0.0 row
                rows |> Array.fold (fun product row -> Directed.multiplyUp product (norm row)) 1.0 |> symmetric
            else
                let below (row: Interval[]) =
                    let factor = Arithmetic.(/) row[0] head[0]
                    Array.map2 (fun a b -> Arithmetic.(-) a (Arithmetic.(*) factor b)) (Array.tail row) (Array.tail head)

                let rest = rows |> Array.removeAt pivot |> Array.map below |> eliminate
                let signed = if pivot % 2 = 0 then head[0] else Arithmetic.(~-) head[0]
                Arithmetic.(*) signed rest

    /// An enclosure of det A over all members: by elimination of A itself, and of R·A near the identity divided by det R, which is exact.
    let determinant (a: Matrix<Interval>) : Interval =
        requireSquare a
        let direct = eliminate (Matrix.toRows a)

        match approximateInverse a with
        | None -> direct
        | Some r ->
            let exact = Elimination.determinant (Matrix.map (fun (x: Interval) -> Rational.ofFloat x.Lower) r)

            if exact.Sign = 0 then
                direct
            else
                let preconditioned = eliminate (Matrix.toRows (Matrix.multiply r a))
                Interval.intersect direct (Arithmetic.(/) preconditioned (Interval.ofRational exact))

    /// Whether every symmetric member is positive definite: all pivots of interval elimination are positive.
    let rec private allPivotsPositive (rows: Interval[][]) : bool =
        rows.Length = 0
        || (let head = rows[0]

            head[0].Lower > 0.0
            && (let below (row: Interval[]) =
                    let factor = Arithmetic.(/) row[0] head[0]
                    Array.map2 (fun a b -> Arithmetic.(-) a (Arithmetic.(*) factor b)) (Array.tail row) (Array.tail head)

                rows |> Array.tail |> Array.map below |> allPivotsPositive))

    /// Whether every symmetric matrix of members is proved to be positive definite. Wants a symmetric interval matrix.
    let isPositiveDefinite (a: Matrix<Interval>) : bool =
        requireSquare a
        allPivotsPositive (Matrix.toRows a)

    /// A lower bound of the smallest of the min(rows, columns) singular values of every member, at least 0: the largest τ found by
    /// bisection with A·Aᵀ − τ·I positive definite (or Aᵀ·A), its root rounded down. 0 where A·Aᵀ leaves the range of floats.
    let smallestSingularValue (a: Matrix<Interval>) : float =
        let wide = if a.Rows <= a.Columns then a else Matrix.transpose a
        let gram = Matrix.multiply wide (Matrix.transpose wide)
        let isBelow τ = isPositiveDefinite (Matrix.subtract gram (Matrix.scale (Interval.ofFloat τ) (Matrix.identity gram.Rows)))
        // No eigenvalue exceeds the trace.
        let trace = Seq.init gram.Rows (fun i -> Interval.magnitude gram[i, i]) |> Seq.fold Directed.addUp 0.0

        let narrow (low, high) _ =
            let τ = 0.5 * (low + high)
            if isBelow τ then τ, high else low, τ

        if Double.IsFinite trace then
            let low, _ = Seq.fold narrow (0.0, trace) (seq { 1..60 })
            Directed.sqrtDown low
        else
            0.0
