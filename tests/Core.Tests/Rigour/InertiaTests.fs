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

/// The coefficients of det(λI − M), highest first, by Faddeev and LeVerrier.
let private characteristic (m: Matrix<Rational>) : Rational list =
    let n = m.Rows
    let trace (a: Matrix<Rational>) = Seq.init n (fun i -> a[i, i]) |> Seq.fold (+) Rational.Zero

    let rec next k product coefficients =
        if k > n then
            List.rev coefficients
        else
            let c = -trace product / Rational.ofInt k
            let shifted = Matrix.add product (Matrix.scale c (Matrix.identity n))
            next (k + 1) (Matrix.multiply m shifted) (c :: coefficients)

    next 1 m [ Rational.One ]

/// How many eigenvalues of a symmetric matrix are negative and positive: by Descartes' rule of signs, which is exact where all roots
/// are real.
let private exactInertia (m: Matrix<Rational>) : int * int =
    let changes coefficients =
        coefficients
        |> List.filter (fun (c: Rational) -> c.Sign <> 0)
        |> List.pairwise
        |> List.filter (fun (a, b) -> a.Sign <> b.Sign)
        |> List.length

    let coefficients = characteristic m
    let mirrored = coefficients |> List.mapi (fun i c -> if i % 2 = 0 then c else -c)
    changes mirrored, changes coefficients

/// Symmetric matrices of eighths, a radius, and signs for eight symmetric members at the ends.
let private symmetricMatrices: Arbitrary<Matrix<Rational> * Rational * bool[]> =
    gen {
        let! n = Gen.choose (1, 4)
        let! entries = Gen.arrayOfLength (n * n) (Gen.choose (-16, 16))
        let! exponent = Gen.choose (1, 40)
        let! signs = Gen.arrayOfLength (8 * n * n) (Gen.elements [ true; false ])
        let m = Matrix.init n n (fun i j -> Rational.create entries[(min i j) * n + max i j] 8)
        return m, Rational.power (Rational.create 1 2) exponent, signs
    }
    |> Arb.fromGen

[<Property(MaxTest = 500)>]
let ``the inertia of a matrix of intervals is that of each symmetric member`` () =
    Prop.forAll symmetricMatrices (fun (m, radius, signs) ->
        let n = m.Rows
        let wide = m |> Matrix.map (fun a -> Interval.hull (Interval.ofRational (a - radius)) (Interval.ofRational (a + radius)))

        let member' k = Matrix.init n n (fun i j -> if signs[(k * n + min i j) * n + max i j] then m[i, j] + radius else m[i, j] - radius)

        match Inertia.ofSymmetric wide with
        | Inertia.Known(negative, positive) -> m :: List.init 8 member' |> List.forall (fun a -> exactInertia a = (negative, positive))
        | Inertia.Undecided reason -> reason <> "")

[<Property(MaxTest = 500)>]
let ``the inertia of a regular point matrix of moderate condition is known`` () =
    Prop.forAll symmetricMatrices (fun (m, _, _) ->
        match Elimination.inverse m with
        | None -> Inertia.negative (enclose m) = None
        // |λ| ≥ 1/‖M⁻¹‖∞, and S = VᵀMV differs from a diagonal matrix by a few roundings of numbers below ‖M‖∞ ≤ 8.
        | Some inverse -> Matrix.normInf inverse > Rational.ofInt 1_000_000 || Inertia.negative (enclose m) = Some(fst (exactInertia m)))

[<Property(MaxTest = 500)>]
let ``a congruence with an interval across 0 on its diagonal has a singular member and is undecided`` () =
    Prop.forAll congruences (fun (diagonal, m) ->
        // m + t·e₀e₀ᵀ has the determinant det m + t·(minor), which vanishes for one t of either sign's range where the minor does not.
        let minor = Matrix.init (m.Rows - 1) (m.Rows - 1) (fun i j -> m[i + 1, j + 1])
        let minorDeterminant = if m.Rows = 1 then Rational.One else Elimination.determinant minor

        Array.contains 0 diagonal
        || minorDeterminant.Sign = 0
        || (let t = -Elimination.determinant m / minorDeterminant
            let reach = Interval.hull (Interval.ofRational t) (Interval.ofFloat 0.0)

            let h =
                Matrix.init m.Rows m.Rows (fun i j ->
                    let entry = Interval.ofRational m[i, j]
                    if i = 0 && j = 0 then Arithmetic.(+) entry reach else entry)

            match Inertia.ofSymmetric h with
            | Inertia.Undecided _ -> true
            | Inertia.Known _ -> false))

[<Fact>]
let ``unbounded and empty entries are undecided`` () =
    for entry in [ Interval.entire; Interval.ofBounds 1.0 infinity; Interval.empty ] do
        match Inertia.ofSymmetric (Matrix.init 1 1 (fun _ _ -> entry)) with
        | Inertia.Undecided reason -> Assert.Contains("not bounded", reason)
        | known -> Assert.Fail $"{known}"

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
