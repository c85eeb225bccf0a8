module LayerTime.Core.Tests.Algebra.AlgebraTests

open System
open System.Numerics
open FsCheck
open FsCheck.FSharp
open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Tests

/// A square matrix of small fractions, singular ones among them.
[<NoComparison>]
type SquareMatrix = SquareMatrix of Matrix<Rational>

type MatrixGenerators =
    static member Rational() = NumberGenerators.Rational()

    static member SquareMatrix() : Arbitrary<SquareMatrix> =
        gen {
            let! n = Gen.choose (1, 4)
            let! entries = Gen.arrayOfLength (n * n) (Gen.map2 Rational.create (Gen.choose (-3, 3)) (Gen.choose (1, 3)))
            let! isSingular = Gen.elements [ true; false; false ]
            // A repeated row makes it singular.
            let entry i j = if isSingular && i = n - 1 then entries[j] else entries[i * n + j]
            return SquareMatrix(Matrix.init n n entry)
        }
        |> Arb.fromGen

/// Leibniz' sum over all permutations: slow and obvious.
let rec private leibniz (m: Matrix<Rational>) : Rational =
    if m.Rows = 0 then
        Rational.One
    else
        seq {
            for j in 0 .. m.Columns - 1 do
                let minor = Matrix.init (m.Rows - 1) (m.Columns - 1) (fun r c -> m[r + 1, (if c < j then c else c + 1)])
                let sign = if j % 2 = 0 then Rational.One else -Rational.One
                sign * m[0, j] * leibniz minor
        }
        |> Seq.fold (+) Rational.Zero

[<Property(Arbitrary = [| typeof<MatrixGenerators> |])>]
let ``a matrix whose entries stay where they are is the same matrix, and they are looked up once and when one is asked for``
    (SquareMatrix m)
    =
    let lookups = ref 0

    let delayed =
        let place = Array.concat [ [| Rational.One |]; m.Entries.ToArray(); [| Rational.One |] ]

        let lookUp () =
            lookups.Value <- lookups.Value + 1
            ReadOnlyMemory(place, 1, m.Rows * m.Columns)

        Matrix.delay m.Rows m.Columns (lazy (lookUp ()))

    let before = (delayed.Rows, delayed.Columns, lookups.Value) = (m.Rows, m.Columns, 0)

    before
    && delayed = m
    && m = delayed
    && Matrix.toRows delayed = Matrix.toRows m
    && Matrix.map id delayed = m
    && Matrix.add delayed m = Matrix.scale (Rational.ofInt 2) m
    && Matrix.multiply delayed m = Matrix.multiply m delayed
    && Array.forall (fun i -> delayed[i, m.Columns - 1 - i] = m[i, m.Columns - 1 - i]) [| 0 .. m.Rows - 1 |]
    && lookups.Value = 1

[<Property(Arbitrary = [| typeof<MatrixGenerators> |])>]
let ``the determinant is the signed sum over permutations`` (SquareMatrix m) = Elimination.determinant m = leibniz m

[<Property(Arbitrary = [| typeof<MatrixGenerators> |])>]
let ``an inverse exists iff the determinant is not zero, and inverts on both sides`` (SquareMatrix m) =
    match Elimination.inverse m with
    | None -> (Elimination.determinant m).Sign = 0
    | Some inverse ->
        (Elimination.determinant m).Sign <> 0
        && Matrix.multiply m inverse = Matrix.identity m.Rows
        && Matrix.multiply inverse m = Matrix.identity m.Rows

[<Property(Arbitrary = [| typeof<MatrixGenerators> |])>]
let ``kernel vectors are mapped to zero and are as many as the rank lacks`` (SquareMatrix m) =
    let kernel = Elimination.kernel m
    let independent = kernel.IsEmpty || Elimination.rank (Matrix.ofRows (List.toArray kernel)) = kernel.Length

    independent
    && kernel.Length = m.Columns - Elimination.rank m
    && kernel |> List.forall (fun v -> Matrix.apply m v = Vector.zero m.Rows)

[<Property(Arbitrary = [| typeof<MatrixGenerators> |])>]
let ``a linear system is solved, or a combination of its rows shows that it cannot be`` (SquareMatrix m) (b: Rational) =
    let right = Array.init m.Rows (fun i -> b + Rational.ofInt i)

    match Elimination.solve m (Matrix.ofRows (Array.map Array.singleton right)) with
    | Some x -> Matrix.multiply m x |> Matrix.toRows |> Array.map Array.head = right
    | None ->
        match Elimination.infeasibility m right with
        | None -> false
        | Some y -> Matrix.apply (Matrix.transpose m) y = Vector.zero m.Columns && (Vector.dot y right).Sign <> 0

[<Property(Arbitrary = [| typeof<MatrixGenerators> |])>]
let ``the determinant of a Kronecker product with the identity is a power`` (SquareMatrix m) =
    Elimination.determinant (Matrix.kronecker m (Matrix.identity 2)) = Rational.power (Elimination.determinant m) 2

[<Fact>]
let ``binomials obey Pascal's rule and the conventions at the border`` () =
    for n in 0..12 do
        for r in -1 .. n + 2 do
            Assert.Equal(Binomial.choose (n + 1) (r + 1), Binomial.choose n r + Binomial.choose n (r + 1))

    Assert.Equal(BigInteger.One, Binomial.choose -1 0)
    Assert.Equal(BigInteger.Zero, Binomial.choose 3 -1)
    Assert.Equal(BigInteger 184756, Binomial.choose 20 10)
    Assert.ThrowsAny<System.Exception>(fun () -> Binomial.choose -1 1 |> ignore) |> ignore

[<Fact>]
let ``matrices of unequal rows or mismatched shapes are refused with both shapes`` () =
    let one = Rational.One
    Assert.ThrowsAny<System.ArgumentException>(fun () -> Matrix.ofRows [| [| one |]; [| one; one |] |] |> ignore) |> ignore
    Assert.Equal(None, Matrix.tryOfEntries 2 2 [| one |])
    let wide = Matrix.zero 1 3: Matrix<Rational>
    let error = Assert.ThrowsAny<System.ArgumentException>(fun () -> Matrix.multiply wide wide |> ignore)
    Assert.Contains("expected 3", error.Message)
