module LayerTime.Core.Tests.Rigour.InertiaTests

open Xunit
open FsCheck
open FsCheck.FSharp
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Rigour
open LayerTime.Core.Tests

/// Lᵀ·D·L with L unit triangular and D diagonal: the signs of D are the inertia, by Sylvester.
let private congruences: Arbitrary<int[] * Matrix<Rational>> =
    gen {
        let! n = Gen.choose (1, 5)
        let! diagonal = Gen.arrayOfLength n (Gen.choose (-3, 3))
        let! entries = Gen.arrayOfLength (n * n) (Gen.choose (-4, 4))

        let lower =
            Matrix.init n n (fun i j ->
                if i = j then Rational.One
                elif j < i then Rational.create entries[i * n + j] 4
                else Rational.Zero)

        let d = Matrix.init n n (fun i j -> if i = j then Rational.ofInt diagonal[i] else Rational.Zero)
        return diagonal, Matrix.multiply (Matrix.transpose lower) (Matrix.multiply d lower)
    }
    |> Arb.fromGen

let private enclose (m: Matrix<Rational>) : Matrix<Interval> = Matrix.map Interval.ofRational m

[<Property(MaxTest = 1000)>]
let ``the inertia is that of the diagonal of a congruence, and undecided where the matrix is singular`` () =
    Prop.forAll congruences (fun (diagonal, m) ->
        let count sign = diagonal |> Array.filter (fun d -> sign d 0) |> Array.length

        match Inertia.ofSymmetric (enclose m) with
        | Inertia.Known(negative, positive) -> Array.forall ((<>) 0) diagonal && negative = count (<) && positive = count (>)
        | Inertia.Undecided _ -> Array.contains 0 diagonal)

[<Fact>]
let ``a matrix of intervals that holds a singular member is undecided`` () =
    let wide = Interval.ofBounds -0.1 0.1
    let one = Interval.ofFloat 1.0
    let h = Matrix.ofRows [| [| one; Interval.ofFloat 0.0 |]; [| Interval.ofFloat 0.0; wide |] |]

    match Inertia.ofSymmetric h with
    | Inertia.Undecided reason -> Assert.Contains("1 of 2", reason)
    | known -> Assert.Fail $"{known}"

[<Fact>]
let ``eigenvalues of very different sizes keep their signs`` () =
    // diag(−10⁻⁹, 1, −10⁶) turned by a rotation with cosine 3/5.
    let rational text = Rational.parse text |> Result.defaultWith failwith

    let turn =
        Matrix.ofRows [|
            [| rational "3/5"; rational "-4/5"; rational "0" |]
            [| rational "4/5"; rational "3/5"; rational "0" |]
            [| rational "0"; rational "0"; rational "1" |]
        |]

    let d =
        Matrix.ofRows [|
            [| rational "-1/1000000000"; rational "0"; rational "0" |]
            [| rational "0"; rational "1"; rational "0" |]
            [| rational "0"; rational "0"; rational "-1000000" |]
        |]

    let m = Matrix.multiply (Matrix.transpose turn) (Matrix.multiply d turn)
    Assert.Equal(Inertia.Known(2, 1), Inertia.ofSymmetric (enclose m))
