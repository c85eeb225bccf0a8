module LayerTime.Core.Tests.Rigour.RankBoundsTests

open Xunit
open FsCheck
open FsCheck.FSharp
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Rigour
open LayerTime.Core.Tests

/// C·R with inner size r: rank at most r.
let private products: Arbitrary<int * Matrix<Rational>> =
    gen {
        let! rows = Gen.choose (1, 4)
        let! columns = Gen.choose (1, 4)
        let! r = Gen.choose (0, min rows columns)
        let! c = Gen.arrayOfLength (rows * 4) (Gen.choose (-8, 8))
        let! d = Gen.arrayOfLength (4 * columns) (Gen.choose (-8, 8))
        let left = Matrix.init rows r (fun i k -> Rational.create c[i * 4 + k] 4)
        let right = Matrix.init r columns (fun k j -> Rational.create d[k * columns + j] 4)
        return r, (if r = 0 then Matrix.zero rows columns else Matrix.multiply left right)
    }
    |> Arb.fromGen

[<Property(MaxTest = 1000)>]
let ``the rank lies between its bounds, and the lower one is reached for dyadic entries`` () =
    Prop.forAll products (fun (r, m) ->
        let exact = Elimination.rank m
        let bounds = RankBounds.ofIntervals (Matrix.map Interval.ofRational m)

        exact <= r
        && bounds.Lower = exact
        && exact <= bounds.Upper
        && RankBounds.ofFractions m = { Lower = exact; Upper = exact })

[<Property(MaxTest = 500)>]
let ``the rank of every member of an interval matrix lies between the bounds`` () =
    Prop.forAll (Arb.zip (products, ArbMap.defaults |> ArbMap.arbitrary<uint16>)) (fun ((_, m), pattern) ->
        let radius = Rational.power (Rational.create 1 2) (int pattern % 12)
        let wide = m |> Matrix.map (fun a -> Interval.hull (Interval.ofRational (a - radius)) (Interval.ofRational (a + radius)))
        let bounds = RankBounds.ofIntervals wide

        // The middle has the low rank of a product.
        let other =
            Matrix.init m.Rows m.Columns (fun i j ->
                if (int pattern >>> (i * m.Columns + j)) % 2 = 0 then m[i, j] + radius else m[i, j] - radius)

        [ m; other ] |> List.forall (fun a -> bounds.Lower <= Elimination.rank a && Elimination.rank a <= bounds.Upper))

[<Fact>]
let ``an interval matrix with members of two ranks has no known rank`` () =
    let m =
        Matrix.ofRows [| [| Interval.ofFloat 1.0; Interval.ofFloat 0.0 |]; [| Interval.ofFloat 0.0; Interval.ofBounds -0.5 0.5 |] |]

    let bounds = RankBounds.ofIntervals m
    Assert.Equal({ Lower = 1; Upper = 2 }, bounds)
    Assert.Equal(None, bounds.Known)

[<Fact>]
let ``rows of zeros lower the upper bound of an interval matrix`` () =
    let zero, one = Interval.ofFloat 0.0, Interval.ofBounds 0.5 1.5
    Assert.Equal(Some 1, (RankBounds.ofIntervals (Matrix.ofRows [| [| one; one |]; [| zero; zero |] |])).Known)
