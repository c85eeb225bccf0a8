namespace LayerTime.Core.DeepLimit

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// A polynomial piece of a function of depth-time with values in vectors of p numbers.
[<NoComparison>]
type WeightPiece<'T> = {
    /// Where the piece ends; it begins at the end s of the one before, the first one at s = 0.
    Until: Rational
    /// f(t) = c₀ + c₁(t − s) + c₂(t − s)² + …
    Coefficients: 'T[][]
}

/// A function f of depth-time t ∈ [0, 1] with values in vectors of p numbers, polynomial on each of finitely many pieces; continuous or not.
[<NoComparison>]
type WeightFunction<'T> = private {
    PieceList: WeightPiece<'T>[]
} with

    /// The pieces in the order of time; the last one ends at 1.
    member f.Pieces: WeightPiece<'T>[] = Array.copy f.PieceList
    /// p
    member f.Width: int = f.PieceList[0].Coefficients[0].Length
    /// 0 = t₀ &lt; t₁ &lt; … = 1, where the pieces begin and end.
    member f.Times: Rational[] = f.PieceList |> Array.map _.Until |> Array.append [| Rational.Zero |]

/// Weight functions: the embeddings P_n and I_n of sequences, sampling S_n, and the norms of the limit theorem, all exact on fractions.
[<RequireQualifiedAccess>]
module WeightFunction =
    let private number (t: Rational) : 'T :> IRing<'T> = 'T.OfRatio(t.Numerator, t.Denominator)

    /// A function from its pieces, or all that is wrong with them.
    let create (pieces: WeightPiece<'T>[]) : Result<WeightFunction<'T>, Defect list> =
        let ends = pieces |> Array.map _.Until |> Array.append [| Rational.Zero |]

        let widths = pieces |> Array.collect (fun piece -> Array.map Array.length piece.Coefficients) |> Array.distinct

        let defects = [
            yield! Defect.unless (pieces.Length > 0) "weight function" "no piece" "at least one"

            for j, piece in Array.indexed pieces do
                yield! Defect.unless (piece.Until > ends[j]) $"piece {j}" $"an end at t = {piece.Until}" $"an end after t = {ends[j]}"
                yield! Defect.unless (piece.Coefficients.Length > 0) $"piece {j}" "no coefficient" "at least the constant one"

            yield! Defect.unless (Array.last ends = Rational.One) "weight function" $"an end at t = {Array.last ends}" "one at t = 1"

            if widths.Length > 1 then
                let found = widths |> Array.map string |> String.concat " and "
                Defect.create "coefficients" $"vectors of {found} numbers" "one length"
        ]

        if defects.IsEmpty then Ok { PieceList = Array.copy pieces } else Error defects

    /// The polynomial c₀ + c₁t + … on all of [0, 1].
    let polynomial (coefficients: 'T[][]) : Result<WeightFunction<'T>, Defect list> =
        create [| { Until = Rational.One; Coefficients = coefficients } |]

    /// P_n: f(t) = f_{⌊nt⌋}, piecewise constant.
    let constant (f: 'T[][]) : WeightFunction<'T> = {
        PieceList = f |> Array.mapi (fun i value -> { Until = Rational.create (i + 1) f.Length; Coefficients = [| value |] })
    }

    /// I_n: piecewise linear through (i/n, f_i), i = 0 … n−1, and constant on the last cell [(n−1)/n, 1].
    let interpolate (f: 'T[][]) : WeightFunction<'T> when 'T :> IRing<'T> =
        let n = f.Length

        let cell i =
            let slope = if i = n - 1 then [||] else [| Vector.scale (Ring.ratio n 1) (Vector.subtract f[i + 1] f[i]) |]
            { Until = Rational.create (i + 1) n; Coefficients = Array.append [| f[i] |] slope }

        { PieceList = Array.init n cell }

    /// The polynomial around s + Δ from the one around s: c_k ← Σ_{j ≥ k} C(j, k) Δʲ⁻ᵏ c_j.
    let private shift (Δ: Rational) (coefficients: 'T[][]) : 'T[][] when 'T :> IRing<'T> =
        let weight k j : 'T = 'T.Product(Ring.ofInteger (Binomial.choose j k), Ring.power (number Δ) (j - k))

        if Δ.Sign = 0 then
            coefficients
        else
            coefficients
            |> Array.mapi (fun k _ ->
                Array.init (coefficients.Length - k) (fun i -> Vector.scale (weight k (k + i)) coefficients[k + i]) |> Vector.sum)

    /// f(t), at a jump from the right, at t = 1 from the left.
    let value (f: WeightFunction<'T>) (t: Rational) : 'T[] when 'T :> IRing<'T> =
        let j = f.PieceList |> Array.tryFindIndex (fun piece -> t < piece.Until) |> Option.defaultValue (f.PieceList.Length - 1)

        let s = number (t - f.Times[j])
        Array.reduceBack (fun c higher -> Vector.addScaled c s higher) f.PieceList[j].Coefficients

    /// S_n: the samples f(i/n), i = 0 … n−1.
    let sample (n: int) (f: WeightFunction<'T>) : 'T[][] when 'T :> IRing<'T> =
        if n < 1 then
            invalidArg (nameof n) $"found {n} samples, expected at least 1"

        let times = f.Times
        let mutable j = 0

        // The times grow with i, so the pieces are gone through once.
        Array.init n (fun i ->
            let t = Rational.create i n

            while t >= times[j + 1] do
                j <- j + 1

            let s = number (t - times[j])
            Array.reduceBack (fun c higher -> Vector.addScaled c s higher) f.PieceList[j].Coefficients)

    /// The same function on pieces that also end at further times of (0, 1).
    let refine (times: Rational[]) (f: WeightFunction<'T>) : WeightFunction<'T> when 'T :> IRing<'T> =
        let all = Array.append f.Times times |> Array.distinct |> Array.sort
        let starts = f.Times
        let mutable j = 0

        {
            PieceList =
                Array.pairwise all
                |> Array.map (fun (start, until) ->
                    while start >= starts[j + 1] do
                        j <- j + 1

                    { Until = until; Coefficients = shift (start - starts[j]) f.PieceList[j].Coefficients })
        }

    /// f′, piece by piece; what jumps f makes it does not know of.
    let derivative (f: WeightFunction<'T>) : WeightFunction<'T> when 'T :> IRing<'T> =
        let piece (piece: WeightPiece<'T>) =
            let derived = piece.Coefficients |> Array.mapi (fun k c -> Vector.scale (Ring.ratio k 1) c)
            { piece with Coefficients = if derived.Length = 1 then derived else Array.tail derived }

        { PieceList = Array.map piece f.PieceList }

    /// a·f + b·g
    let combine (a: 'T) (f: WeightFunction<'T>) (b: 'T) (g: WeightFunction<'T>) : WeightFunction<'T> when 'T :> IRing<'T> =
        let f, g = refine g.Times f, refine f.Times g
        let zero = Vector.zero f.Width

        let piece (p: WeightPiece<'T>) (q: WeightPiece<'T>) =
            let at (coefficients: 'T[][]) k = if k < coefficients.Length then coefficients[k] else zero

            let sum k = Vector.add (Vector.scale a (at p.Coefficients k)) (Vector.scale b (at q.Coefficients k))

            { p with Coefficients = Array.init (max p.Coefficients.Length q.Coefficients.Length) sum }

        { PieceList = Array.map2 piece f.PieceList g.PieceList }

    /// ‖f‖² = ∫₀¹ |f(t)|² dt, exactly: Σ_{j,k} c_j·c_k h^{j+k+1}/(j+k+1) on a piece of length h.
    let normSquared (f: WeightFunction<'T>) : 'T :> IRing<'T> =
        let piece (start: Rational) (piece: WeightPiece<'T>) =
            let h = piece.Until - start

            let moment k : 'T =
                let power = Seq.fold (fun product _ -> product * h) Rational.One (seq { 0..k })
                number (power / Rational.ofInt (k + 1))

            let mutable sum = 'T.Zero

            for j, c in Array.indexed piece.Coefficients do
                for k, c' in Array.indexed piece.Coefficients do
                    sum <- 'T.Sum(sum, 'T.Product(Vector.dot c c', moment (j + k)))

            sum

        Array.map2 piece f.Times[.. f.PieceList.Length - 1] f.PieceList |> Array.reduce (fun a b -> 'T.Sum(a, b))

    /// ‖f − g‖², the squared distance in L².
    let distanceSquared (f: WeightFunction<'T>) (g: WeightFunction<'T>) : 'T :> IRing<'T> =
        normSquared (combine 'T.One f (Ring.ratio -1 1) g)

    /// R_∞(f; τ) = ∫₀¹ |f′|² dt + τ|f(0)|² of a continuous f. Of one that jumps R_∞ is infinite and this is what its pieces give: see `jumps`.
    let energy (τ: 'T) (f: WeightFunction<'T>) : 'T :> IRing<'T> =
        let start = f.PieceList[0].Coefficients[0]
        'T.Sum(normSquared (derivative f), 'T.Product(τ, Vector.dot start start))

    /// The times at which f jumps; R_∞ is finite where there are none.
    let jumps (f: WeightFunction<Rational>) : Rational[] =
        let times = f.Times

        [| 1 .. f.PieceList.Length - 1 |]
        |> Array.filter (fun j ->
            let before = shift (times[j] - times[j - 1]) f.PieceList[j - 1].Coefficients
            before[0] <> f.PieceList[j].Coefficients[0])
        |> Array.map (fun j -> times[j])

    /// The same function over other numbers.
    let map (number: 'T -> 'U) (f: WeightFunction<'T>) : WeightFunction<'U> = {
        PieceList =
            f.PieceList
            |> Array.map (fun piece -> { Until = piece.Until; Coefficients = Array.map (Array.map number) piece.Coefficients })
    }
