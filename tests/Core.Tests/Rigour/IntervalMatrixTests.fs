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
        let! exponent = Gen.choose (3, 40)
        let! isPoint = Gen.elements [ true; false ]
        let radius = if isPoint then Rational.Zero else Rational.power (Rational.create 1 2) exponent
        return Matrix.init n n (fun i j -> Rational.create entries[i * n + j] 8), radius
    }
    |> Arb.fromGen

let private widen (radius: Rational) (m: Matrix<Rational>) : Matrix<Interval> =
    m |> Matrix.map (fun a -> Interval.hull (Interval.ofRational (a - radius)) (Interval.ofRational (a + radius)))

/// The members with every entry at one end, chosen by a pattern, and the middle.
let private members (radius: Rational) (m: Matrix<Rational>) : Matrix<Rational> list =
    let at pattern = Matrix.init m.Rows m.Columns (fun i j -> m[i, j] + radius * Rational.ofInt (pattern i j))
    [ m; at (fun i j -> if (i + j) % 2 = 0 then 1 else -1); at (fun i _ -> if i = 0 then -1 else 1); at (fun _ _ -> -1) ]

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
let ``an enclosure of the solution holds the exact solution of every member`` () =
    Prop.forAll matrices (fun (m, radius) ->
        let b = Array.init m.Rows (fun i -> Rational.create (3 * i + 1) 4)

        match IntervalMatrix.solve (widen radius m) (Array.map Interval.ofRational b) with
        | Error _ -> true
        | Ok x ->
            members radius m
            |> List.forall (fun member' ->
                match Elimination.inverse member' with
                | None -> false
                | Some inverse -> Array.forall2 Interval.containsRational (Matrix.apply inverse b) x))

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

[<Fact>]
let ``the smallest singular values of the worked network are reproduced`` () =
    let matrix (rows: float[][]) = Matrix.ofRows rows |> Matrix.map Interval.ofFloat
    let first = IntervalMatrix.smallestSingularValue (matrix [| [| 1.0; -0.5; 0.25 |]; [| 0.5; 1.0; -1.0 |] |])
    let second = IntervalMatrix.smallestSingularValue (matrix [| [| 1.0; 0.5 |]; [| -0.5; 1.5 |] |])
    Assert.True(first <= 1.1180339887498949 && first > 1.1180339887498949 - 1e-11, $"{first:R}")
    Assert.True(second <= 1.0962912017836261 && second > 1.0962912017836261 - 1e-11, $"{second:R}")

[<Fact>]
let ``Hilbert matrices are inverted as long as floats can tell them from singular ones, and refused after`` () =
    let hilbert n = Matrix.init n n (fun i j -> Ring.ratio 1 (i + j + 1): Interval)

    for n in 1..9 do
        Assert.True(Result.isOk (IntervalMatrix.inverse (hilbert n)), $"{n}")

    Assert.True(Result.isError (IntervalMatrix.inverse (hilbert 20)))
