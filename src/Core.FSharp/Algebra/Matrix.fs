namespace LayerTime.Core.Algebra

open System
open System.Buffers
open LayerTime.Core.Numbers

/// A dense matrix over any number system, stored row by row and never changed once built.
/// Rows · Columns = Entries.Length; both may be zero.
[<CustomEquality; NoComparison>]
type Matrix<'T> = private {
    RowCount: int
    ColumnCount: int
    Items: 'T[]
    // Where it is not null, the entries in their place: those of a matrix that was made before they were asked for.
    Later: Lazy<ReadOnlyMemory<'T>> | null
} with

    /// The number of rows.
    member m.Rows = m.RowCount
    /// The number of columns.
    member m.Columns = m.ColumnCount

    /// The entry in a row and a column, both zero-based.
    member m.Item
        with get (row: int, column: int): 'T = m.Entries[row * m.ColumnCount + column]

    /// The entries row by row, as a view.
    member m.Entries: ReadOnlySpan<'T> =
        match m.Later with
        | null -> ReadOnlySpan m.Items
        | later -> later.Value.Span

    /// One row as a view.
    member m.Row(row: int) : ReadOnlySpan<'T> = m.Entries.Slice(row * m.ColumnCount, m.ColumnCount)

    override m.Equals(other: obj | null) : bool =
        match other with
        | :? Matrix<'T> as n ->
            m.RowCount = n.RowCount
            && m.ColumnCount = n.ColumnCount
            && m.Entries.SequenceEqual(n.Entries, Collections.Generic.EqualityComparer.Default)
        | _ -> false

    override m.GetHashCode() : int = HashCode.Combine(m.RowCount, m.ColumnCount)

    override m.ToString() : string =
        let row i = String.Join(", ", Array.init m.ColumnCount (fun j -> string (box m[i, j])))

        "[" + String.Join("; ", Array.init m.RowCount row) + "]"

/// Construction and arithmetic of matrices.
[<RequireQualifiedAccess>]
module Matrix =
    let private unchecked rows columns items = { RowCount = rows; ColumnCount = columns; Items = items; Later = null }

    /// The matrix with entry f i j in row i and column j, zero-based; rows, columns ≥ 0.
    let init (rows: int) (columns: int) (f: int -> int -> 'T) : Matrix<'T> =
        unchecked rows columns (Array.init (rows * columns) (fun e -> f (e / columns) (e % columns)))

    /// The matrix with the given entries row by row, or None where their number is not rows · columns.
    let tryOfEntries (rows: int) (columns: int) (entries: 'T[]) : Matrix<'T> option =
        if rows >= 0 && columns >= 0 && int64 rows * int64 columns = int64 entries.Length then
            Some(unchecked rows columns (Array.copy entries))
        else
            None

    /// The matrix whose entries, row by row, `fill` writes into the place where they stay: none is copied, and every one has to be written.
    let write (rows: int) (columns: int) (state: 'S) (fill: SpanAction<'T, 'S>) : Matrix<'T> =
        let items = GC.AllocateUninitializedArray<'T>(Checked.(*) rows columns)
        fill.Invoke(Span items, state)
        unchecked rows columns items

    /// The matrix whose entries, row by row, are looked up where they stay when one is first asked for: rows · columns of them, which
    /// never change.
    let delay (rows: int) (columns: int) (entries: Lazy<ReadOnlyMemory<'T>>) : Matrix<'T> = {
        RowCount = rows
        ColumnCount = columns
        Items = Array.Empty()
        Later = entries
    }

    /// The matrix with the given rows, all of one length; at least one row.
    let ofRows (rows: 'T[][]) : Matrix<'T> =
        let columns = rows[0].Length

        match tryOfEntries rows.Length columns (Array.concat rows) with
        | Some m when Array.forall (fun (row: 'T[]) -> row.Length = columns) rows -> m
        | _ -> invalidArg (nameof rows) $"found rows of different lengths, expected {columns} entries in each"

    /// The rows as arrays.
    let toRows (m: Matrix<'T>) : 'T[][] = Array.init m.Rows (fun i -> m.Row(i).ToArray())

    /// The same matrix in another number system.
    let map (f: 'T -> 'U) (m: Matrix<'T>) : Matrix<'U> =
        let entries = m.Entries
        let items = Array.zeroCreate entries.Length

        for e in 0 .. items.Length - 1 do
            items[e] <- f entries[e]

        unchecked m.Rows m.Columns items

    /// Entry by entry.
    let map2 (f: 'T -> 'U -> 'V) (m: Matrix<'T>) (n: Matrix<'U>) : Matrix<'V> =
        if m.Rows <> n.Rows || m.Columns <> n.Columns then
            invalidArg (nameof n) $"found {n.Rows}×{n.Columns}, expected {m.Rows}×{m.Columns}"

        let ms = m.Entries
        let ns = n.Entries
        let items = Array.zeroCreate ms.Length

        for e in 0 .. items.Length - 1 do
            items[e] <- f ms[e] ns[e]

        unchecked m.Rows m.Columns items

    /// I_d
    let identity (dimension: int) : Matrix<'T> when 'T :> IRing<'T> =
        init dimension dimension (fun i j -> if i = j then 'T.One else 'T.Zero)

    /// The zero matrix.
    let zero (rows: int) (columns: int) : Matrix<'T> when 'T :> IRing<'T> = init rows columns (fun _ _ -> 'T.Zero)

    /// Mᵀ
    let transpose (m: Matrix<'T>) : Matrix<'T> = init m.Columns m.Rows (fun i j -> m[j, i])

    /// M + N
    let add (m: Matrix<'T>) (n: Matrix<'T>) : Matrix<'T> when 'T :> IRing<'T> = map2 (fun a b -> 'T.Sum(a, b)) m n

    /// M − N
    let subtract (m: Matrix<'T>) (n: Matrix<'T>) : Matrix<'T> when 'T :> IRing<'T> = map2 (fun a b -> 'T.Difference(a, b)) m n

    /// c·M
    let scale (c: 'T) (m: Matrix<'T>) : Matrix<'T> when 'T :> IRing<'T> = map (fun a -> 'T.Product(c, a)) m

    /// M·x
    let apply (m: Matrix<'T>) (x: 'T[]) : 'T[] when 'T :> IRing<'T> =
        if m.Columns <> x.Length then
            invalidArg (nameof x) $"found a vector of {x.Length}, expected {m.Columns}"

        Array.init m.Rows (fun i -> 'T.AddProducts('T.Zero, m.Row i, ReadOnlySpan x))

    /// M·N
    let multiply (m: Matrix<'T>) (n: Matrix<'T>) : Matrix<'T> when 'T :> IRing<'T> =
        if m.Columns <> n.Rows then
            invalidArg (nameof n) $"found {n.Rows} rows, expected {m.Columns}"

        let columns = transpose n
        init m.Rows n.Columns (fun i j -> 'T.AddProducts('T.Zero, m.Row i, columns.Row j))

    /// Mⁿ for n ≥ 0, M square.
    let power (m: Matrix<'T>) (exponent: int) : Matrix<'T> when 'T :> IRing<'T> =
        let mutable result = identity m.Rows

        for _ in 1..exponent do
            result <- multiply result m

        result

    /// A ⊗ B, the Kronecker product: block (i, j) is A[i, j]·B.
    let kronecker (a: Matrix<'T>) (b: Matrix<'T>) : Matrix<'T> when 'T :> IRing<'T> =
        init (a.Rows * b.Rows) (a.Columns * b.Columns) (fun i j -> 'T.Product(a[i / b.Rows, j / b.Columns], b[i % b.Rows, j % b.Columns]))

    /// The matrix made of equally high blocks per block row; at least one block row.
    let ofBlocks (blocks: Matrix<'T>[][]) : Matrix<'T> =
        blocks
        |> Array.collect (fun blockRow ->
            Array.init blockRow[0].Rows (fun i -> blockRow |> Array.collect (fun block -> block.Row(i).ToArray())))
        |> ofRows

    /// ‖M‖∞, the largest absolute row sum, of a matrix of fractions.
    let normInf (m: Matrix<Rational>) : Rational =
        toRows m |> Array.fold (fun largest row -> Rational.max largest (Array.sumBy Rational.abs row)) Rational.Zero
