namespace LayerTime.Core.Claims.Hauser.Dense

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Claims

/// Where the roots of an irreducible polynomial lie, all of them alike.
[<RequireQualifiedAccess>]
type internal RootPlace =
    | Inside
    | OnCircle
    | Outside

/// A polynomial that is irreducible over the fractions, with roots of known modulus.
type internal Factor = { Coefficients: Rational list; Roots: RootPlace }

/// Products of factors with known roots, for Miller's test: different factors have no root in common.
[<RequireQualifiedAccess>]
module internal FactoredPolynomial =
    let private fraction = Rational.create

    let private place (squaredModulus: Rational) =
        match compare squaredModulus Rational.One with
        | 0 -> RootPlace.OnCircle
        | sign when sign < 0 -> RootPlace.Inside
        | _ -> RootPlace.Outside

    /// z − r
    let private linear (r: Rational) = { Coefficients = [ -r; Rational.One ]; Roots = place (r * r) }

    /// z² − 2a·z + m with a² < m: two conjugate roots of modulus √m.
    let private conjugate (a: Rational) (m: Rational) = { Coefficients = [ m; fraction -2 1 * a; Rational.One ]; Roots = place m }

    /// A cyclotomic polynomial by its coefficients.
    let private cyclotomic (coefficients: int list) = { Coefficients = List.map Rational.ofInt coefficients; Roots = RootPlace.OnCircle }

    let private factors: Factor[] = [|
        for p, q in [ 0, 1; 1, 2; -1, 2; 2, 3; -9, 10; 1, 1; -1, 1; 1, 1; -1, 1; 3, 2; -2, 1; 11, 10 ] do
            linear (fraction p q)
        for a, m in [ fraction 1 2, fraction 1 2; fraction -1 3, fraction 9 10; fraction 1 4, fraction 9 16; fraction 0 1, fraction 1 3 ] do
            conjugate a m
        for a in [ fraction 3 5; fraction -1 3; fraction 1 2; fraction 0 1; fraction -1 2 ] do
            conjugate a Rational.One
        for a, m in [ fraction 1 1, fraction 2 1; fraction -1 2, fraction 10 9; fraction 0 1, fraction 11 10 ] do
            conjugate a m
        cyclotomic [ 1; 1; 1; 1; 1 ] // 5th roots of one
        cyclotomic [ 1; 0; 0; 0; 1 ] // 8th
        cyclotomic [ 1; 0; -1; 0; 1 ] // 12th
    |]

    /// A product of one to five factors; on the circle half of the time, so that the condition is met often enough.
    let private draw (_: int) (stream: RandomStream) : Factor list =
        let notOutside = factors |> Array.filter (fun factor -> factor.Roots <> RootPlace.Outside)
        let pool = if stream.NextInt(0, 3) = 0 then factors else notOutside
        List.init (stream.NextInt(1, 5)) (fun _ -> pool[stream.NextInt(0, pool.Length - 1)])

    let private product (p: Factor list) : Rational[] =
        p
        |> List.map (fun factor -> List.toArray factor.Coefficients)
        |> List.fold Polynomial.multiply [| Rational.create -3 2 |]

    let private show (p: Factor list) : (string * string) list = [
        "coefficients of the factors",
        p |> List.map (fun factor -> factor.Coefficients |> List.map string |> String.concat " ") |> String.concat "; "
    ]

    /// Products of one to five factors.
    let generator: Generator<Factor list> =
        let shrink (p: Factor list) = p |> List.toArray |> Shrink.array 1 Shrink.none |> Seq.map List.ofArray
        Generator.fromStream draw shrink show

    /// a_1 … a_k with Σ a_n = 1 and the root condition: ζᵏ − Σ a_n ζᵏ⁻ⁿ has the simple root 1 and, of the factors not outside,
    /// those on the circle at most once.
    let zeroStable: Generator<Rational list> =
        let ofFactors (p: Factor list) =
            let one = linear Rational.One
            let onCircle, inside = p |> List.partition (fun factor -> factor.Roots = RootPlace.OnCircle)

            let ρ =
                List.distinct (one :: onCircle) @ inside
                |> List.map (fun factor -> List.toArray factor.Coefficients)
                |> List.reduce Polynomial.multiply

            ρ |> Array.rev |> Array.tail |> Array.map (~-) |> Array.toList

        let draw (_: int) (stream: RandomStream) =
            let notOutside = factors |> Array.filter (fun factor -> factor.Roots <> RootPlace.Outside)
            List.init (stream.NextInt(0, 4)) (fun _ -> notOutside[stream.NextInt(0, notOutside.Length - 1)]) |> ofFactors

        Generator.fromStream draw Shrink.none (fun a -> [ "a", a |> List.map string |> String.concat ", " ])

    /// Both tests answer as the factors do.
    let isDecided (p: Factor list) : Outcome =
        let onCircle = p |> List.filter (fun factor -> factor.Roots = RootPlace.OnCircle)
        let noneOutside = p |> List.forall (fun factor -> factor.Roots <> RootPlace.Outside)
        let polynomial = product p

        Outcome.check [
            fun () ->
                let expected = noneOutside && List.distinct onCircle = onCircle
                Outcome.equal "the root condition" string expected (Polynomial.satisfiesRootCondition polynomial)
            fun () -> Outcome.equal "the Schur property" string (noneOutside && onCircle.IsEmpty) (Polynomial.isSchur polynomial)
        ]
