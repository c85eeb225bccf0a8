module LayerTime.Core.Tests.Rigour.IntervalMatrixTests

open System
open Xunit
open FsCheck
open FsCheck.FSharp
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Rigour
open LayerTime.Core.Tests

/// Square matrices of dyadic fractions, 1 to 4 rows, and a radius for every entry.
let private matrices: Arbitrary<Matrix<Rational> * Rational> =
    gen {
        let! n = Gen.choose (1, 4)
        let! entries = Gen.arrayOfLength (n * n) (Gen.choose (-32, 32))
        let! exponent = Gen.choose (0, 40)
        let! isPoint = Gen.elements [ true; false ]
        let radius = if isPoint then Rational.Zero else Rational.power (Rational.create 1 2) exponent
        return Matrix.init n n (fun i j -> Rational.create entries[i * n + j] 8), radius
    }
    |> Arb.fromGen

let private widen (radius: Rational) (m: Matrix<Rational>) : Matrix<Interval> =
    m |> Matrix.map (fun a -> Interval.hull (Interval.ofRational (a - radius)) (Interval.ofRational (a + radius)))

/// The middle and members with every entry at one end: all of them for at most two rows, eight of them for more.
let private members (radius: Rational) (m: Matrix<Rational>) : Matrix<Rational> list =
    let isUp pattern e = (if m.Rows <= 2 then pattern >>> e else (pattern + 1) * (e + 3) * (e + 7) / 5) % 2 <> 0
    let patterns = if m.Rows <= 2 then 1 <<< (m.Rows * m.Columns) else 8

    let at pattern =
        Matrix.init m.Rows m.Columns (fun i j -> if isUp pattern (i * m.Columns + j) then m[i, j] + radius else m[i, j] - radius)

    m :: List.init patterns at

let private containsAll (exact: Matrix<Rational>) (enclosure: Matrix<Interval>) =
    Seq.allPairs (seq { 0 .. exact.Rows - 1 }) (seq { 0 .. exact.Columns - 1 })
    |> Seq.forall (fun (i, j) -> Interval.containsRational exact[i, j] enclosure[i, j])

[<Property(MaxTest = 500)>]
let ``an enclosure of the inverse holds the exact inverse of every member, and no singular member is passed over`` () =
    Prop.forAll matrices (fun (m, radius) ->
        match IntervalMatrix.inverse (widen radius m) with
        | Error reason -> reason <> ""
        | Ok enclosure ->
            members radius m
            |> List.forall (fun member' ->
                match Elimination.inverse member' with
                | None -> false
                | Some inverse -> containsAll inverse enclosure))

[<Property(MaxTest = 500)>]
let ``the inverse of a regular point matrix of moderate condition is enclosed to a dozen digits`` () =
    Prop.forAll matrices (fun (m, _) ->
        match Elimination.inverse m with
        | None -> true
        | Some exact ->
            let norm (a: Matrix<Rational>) = Rational.toFloat (Matrix.normInf a)
            let condition = norm m * norm exact

            condition > 1e6
            || (match IntervalMatrix.inverse (widen Rational.Zero m) with
                | Error _ -> false
                | Ok enclosure ->
                    // Rounding of n ≤ 4 terms a row, magnified by the condition number.
                    let width = enclosure.Entries.ToArray() |> Array.map Interval.width |> Array.max
                    width <= 1e-14 * condition * norm exact))

[<Property(MaxTest = 500)>]
let ``an enclosure of the solution holds the exact solution of every member of matrix and right-hand side`` () =
    Prop.forAll matrices (fun (m, radius) ->
        let b = Matrix.init m.Rows 1 (fun i _ -> Rational.create (3 * i + 1) 4)

        match IntervalMatrix.solve (widen radius m) ((widen radius b).Entries.ToArray()) with
        | Error reason -> reason <> ""
        | Ok x ->
            List.allPairs (members radius m) [ b; Matrix.map ((+) radius) b; Matrix.map (fun a -> a - radius) b ]
            |> List.forall (fun (member', right) ->
                match Elimination.inverse member' with
                | None -> false
                | Some inverse -> containsAll (Matrix.multiply inverse right) (Matrix.ofRows (Array.map Array.singleton x))))

/// Matrices with a row that is a combination of two others, and a radius.
let private singularMatrices: Arbitrary<Matrix<Rational> * Rational> =
    gen {
        let! m, radius = matrices.Generator
        let! c = Gen.choose (-3, 3)
        let n = m.Rows
        let row j = if n = 1 then Rational.Zero else Rational.ofInt c * m[0, j] + (if n > 2 then m[1, j] else Rational.Zero)
        return Matrix.init n n (fun i j -> if i = n - 1 then row j else m[i, j]), radius
    }
    |> Arb.fromGen

[<Property(MaxTest = 500)>]
let ``of a matrix with a singular member nothing is claimed`` () =
    Prop.forAll singularMatrices (fun (m, radius) ->
        let a = widen radius m

        not (IntervalMatrix.isRegular a)
        && Result.isError (IntervalMatrix.inverse a)
        && Result.isError (IntervalMatrix.solve a (Array.create m.Rows (Interval.ofFloat 1.0)))
        && Interval.contains 0.0 (IntervalMatrix.determinant a)
        && IntervalMatrix.smallestSingularValue a = 0.0
        && not (IntervalMatrix.isPositiveDefinite (Matrix.multiply a (Matrix.transpose a))))

[<Property(MaxTest = 300)>]
let ``neither units of the unknowns nor of the equations decide whether a system is regular`` () =
    Prop.forAll matrices (fun (m, radius) ->
        let a = widen radius m

        // Powers of two change no digit of the entries, of R or of the enclosures.
        let scaled rows columns =
            Matrix.init a.Rows a.Rows (fun i j ->
                let power = Math.ScaleB(1.0, rows * i - columns * j)
                Interval.ofBounds (a[i, j].Lower * power) (a[i, j].Upper * power))

        match IntervalMatrix.solve a (Vector.unit a.Rows 0) with
        | Error _ -> true
        | Ok x ->
            match IntervalMatrix.solve (scaled 0 30) (Vector.unit a.Rows 0) with
            | Error _ -> false
            | Ok y ->
                Result.isOk (IntervalMatrix.solve (scaled 30 0) (Vector.unit a.Rows 0))
                // Both enclose one set of solutions, in different units.
                && Array.forall2
                    (fun a b -> not (Interval.disjoint a b))
                    x
                    (Array.mapi
                        (fun j (side: Interval) -> Interval.ofBounds (Math.ScaleB(side.Lower, -30 * j)) (Math.ScaleB(side.Upper, -30 * j)))
                        y))

[<Property(MaxTest = 500)>]
let ``the determinant of every member lies in the enclosure, which excludes 0 only for regular matrices`` () =
    Prop.forAll matrices (fun (m, radius) ->
        let enclosure = IntervalMatrix.determinant (widen radius m)
        members radius m |> List.forall (fun member' -> Interval.containsRational (Elimination.determinant member') enclosure))

[<Property(MaxTest = 300)>]
let ``the smallest singular value is bounded from below by what the exact inverse allows`` () =
    Prop.forAll matrices (fun (m, radius) ->
        let bound = IntervalMatrix.smallestSingularValue (widen radius m)

        bound >= 0.0
        && members radius m
           |> List.forall (fun member' ->
               match Elimination.inverse member' with
               | None -> bound = 0.0
               | Some inverse ->
                   // 1/σ_min = ‖M⁻¹‖₂ ≥ ‖M⁻¹‖_F/√n.
                   let square = inverse.Entries.ToArray() |> Array.sumBy (fun a -> a * a)
                   let n = Rational.ofInt m.Rows
                   Rational.Compare(Rational.ofFloat bound * Rational.ofFloat bound * square, n) <= 0))

let private hilbert n : Matrix<Rational> = Matrix.init n n (fun i j -> Rational.create 1 (i + j + 1))

[<Fact>]
let ``the smallest singular values of worked matrices are reproduced`` () =
    // Theory 2.4 and Hilbert matrices, by mpmath with 40 digits.
    let matrix (rows: float[][]) = Matrix.ofRows rows |> Matrix.map Interval.ofFloat

    for a, expected in
        [
            matrix [| [| 1.0; -0.5; 0.25 |]; [| 0.5; 1.0; -1.0 |] |], "1.118033988749894848204587"
            matrix [| [| 1.0; 0.5 |]; [| -0.5; 1.5 |] |], "1.096291201783626007812678"
            Matrix.map Interval.ofRational (hilbert 2), "0.065741454089335117813"
            Matrix.map Interval.ofRational (hilbert 3), "0.002687340355773529231"
            Matrix.map Interval.ofRational (hilbert 4), "0.000096702304022586885554"
        ] do
        let bound = IntervalMatrix.smallestSingularValue a
        let expected = Rational.parse expected |> Result.defaultWith failwith
        // The entries of A·Aᵀ, below 4, are enclosed to 2⁻⁴⁸. An elimination step with multipliers up to m widens by (1 + m)²: at the
        // pivots of these matrices by less than 2⁹ in all. So σ² is met to 2⁻³⁹, and σ to 2⁻³⁹/σ.
        let loss = Rational.power (Rational.create 1 2) 39 / expected
        Assert.True(Rational.ofFloat bound <= expected, $"{bound:R}")
        Assert.True(Rational.ofFloat bound >= expected - loss, $"{bound:R}")

[<Fact>]
let ``a matrix beyond the range of floats has no singular value bounded away from 0`` () =
    for entry in [ Interval.ofFloat 1e200; Interval.entire; Interval.ofBounds 1.0 infinity ] do
        Assert.Equal(0.0, IntervalMatrix.smallestSingularValue (Matrix.init 1 1 (fun _ _ -> entry)))

[<Fact>]
let ``unbounded and empty entries are refused with a reason`` () =
    for entry in [ Interval.entire; Interval.ofBounds 1.0 infinity; Interval.empty ] do
        match IntervalMatrix.inverse (Matrix.init 2 2 (fun i j -> if i = j then entry else Interval.ofFloat 0.0)) with
        | Error reason -> Assert.NotEqual<string>("", reason)
        | Ok _ -> Assert.Fail $"{entry}"

[<Fact>]
let ``the inverses of Hilbert matrices hold their integer entries, and matrices that floats cannot tell from singular ones are refused``
    ()
    =
    let rec choose n k = if k = 0 then 1I else choose (n - 1) (k - 1) * bigint n / bigint k

    // (−1)^(i+j) (i+j−1) C(n+i−1, n−j) C(n+j−1, n−i) C(i+j−2, i−1)², one-based (Choi 1983).
    let inverse n i j =
        let i, j = i + 1, j + 1
        let centre = choose (i + j - 2) (i - 1)
        let size = bigint (i + j - 1) * choose (n + i - 1) (n - j) * choose (n + j - 1) (n - i) * centre * centre
        Rational.ofBigInteger (if (i + j) % 2 = 0 then size else -size)

    // The fractions 1/(i+j−1) are enclosed to about 2⁻⁵⁵; a proof needs that times ‖H⁻¹‖∞ below 1, which is 10¹³ for n = 9, 10¹⁸ for n = 13.
    for n in 1..9 do
        match IntervalMatrix.inverse (Matrix.map Interval.ofRational (hilbert n)) with
        | Error reason -> Assert.Fail $"{n}: {reason}"
        | Ok enclosure -> Assert.True(containsAll (Matrix.init n n (inverse n)) enclosure, $"{n}")

    for n in [ 13; 16; 20 ] do
        Assert.True(Result.isError (IntervalMatrix.inverse (Matrix.map Interval.ofRational (hilbert n))), $"{n}")

[<Fact>]
let ``the determinants of Hilbert matrices are enclosed away from 0`` () =
    // 1/det Hₙ, n = 1 … 7 (OEIS A005249).
    let reciprocals = [ 1I; 12I; 2160I; 6048000I; 266716800000I; 186313420339200000I; 2067909047925770649600000I ]

    for n, reciprocal in List.indexed reciprocals do
        let enclosure = IntervalMatrix.determinant (Matrix.map Interval.ofRational (hilbert (n + 1)))
        Assert.True(Interval.containsRational (Rational.OfRatio(1I, reciprocal)) enclosure, $"{n + 1}: {enclosure}")
        Assert.Equal(Some 1, Interval.sign enclosure)
