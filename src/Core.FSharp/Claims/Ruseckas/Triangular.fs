namespace LayerTime.Core.Claims.Ruseckas

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared

/// A polynomial field in triangular form, F_i ∈ Q[x_1, …, x_{i−1}, t], with start, horizon and the target of the loss ½|x(T) − c|² (family E1).
/// The exponents of a term are those of x_1, …, x_n and t.
[<NoComparison>]
type internal TriangularCase = {
    Field: Term<Rational>[][]
    Start: Rational[]
    Target: Rational[]
    Horizon: Rational
} with

    /// n
    member case.Dimension = case.Start.Length

/// Exact flows of triangular fields: polynomials in t, over fractions or over dual numbers.
[<RequireQualifiedAccess>]
module internal Triangular =
    /// The field in another number system.
    let lift (f: Rational -> 'T) (field: Term<Rational>[][]) : Term<'T>[][] = field |> Array.map (Multivariate.map f)

    /// The field with dual coefficients of derivative 0.
    let dual (field: Term<Rational>[][]) : Term<Dual<Rational>>[][] = lift Dual.constant field

    // x_1(t), …, x_n(t), t for substitution; components not solved yet do not occur.
    let private arguments (x: 'T[][]) : 'T[][] when 'T :> IRing<'T> = Array.append x [| [| 'T.Zero; 'T.One |] |]

    /// Polynomials x_i(t) with x(start) = x and x′ = F(x, t).
    let solve (field: Term<'T>[][]) (start: 'T) (x: 'T[]) : 'T[][] when 'T :> IRing<'T> =
        let solved = Array.create x.Length [||]

        for i in 0 .. x.Length - 1 do
            solved[i] <- Multivariate.substitute (field[i]) (arguments solved) |> RingPolynomial.primitive start (x[i])

        solved

    /// F(x(t), t)
    let along (field: Term<'T>[][]) (x: 'T[][]) : 'T[][] when 'T :> IRing<'T> =
        field |> Array.map (fun component' -> Multivariate.substitute component' (arguments x))

    /// ∂F_j/∂x_i along x(t).
    let slope (field: Term<'T>[][]) (x: 'T[][]) (j: int) (i: int) : 'T[] when 'T :> IRing<'T> =
        Multivariate.substitute (Multivariate.derivative i (field[j])) (arguments x)

    /// Polynomials a_i(t) with a(time) = a and −a′ = F′(x(t), t)ᵀ a.
    let momentum (field: Term<'T>[][]) (x: 'T[][]) (time: 'T) (a: 'T[]) : 'T[][] when 'T :> IRing<'T> =
        let n = x.Length
        let solved = Array.create n [||]

        for i in n - 1 .. -1 .. 0 do
            let force =
                seq { i + 1 .. n - 1 }
                |> Seq.map (fun j -> RingPolynomial.multiply (slope field x j i) solved[j])
                |> Seq.fold RingPolynomial.add [||]

            solved[i] <- RingPolynomial.primitive time (a[i]) (Array.map 'T.Negation force)

        solved

    /// The polynomials at a time.
    let at (time: 'T) (x: 'T[][]) : 'T[] when 'T :> IRing<'T> = x |> Array.map (fun p -> RingPolynomial.evaluate p time)

    /// The derivative of the dual coefficients.
    let derivatives (x: Dual<Rational>[][]) : Rational[][] = x |> Array.map (Array.map _.Derivative)

    /// δx(t) from δx(0), by dual numbers.
    let tangent (case: TriangularCase) (δ: Rational[]) : Rational[][] =
        solve (dual case.Field) (Dual.constant Rational.Zero) (Array.map2 (fun x δ -> Dual(x, δ)) case.Start δ) |> derivatives

    /// ½|x − c|²
    let loss (lift: Rational -> 'T) (case: TriangularCase) (x: 'T[]) : 'T :> IRing<'T> =
        let missing = Vector.subtract x (Array.map lift case.Target)
        'T.Product(Ring.ratio 1 2, Vector.dot missing missing)

    /// x(t), a(t) with a(T) = x(T) − c.
    let trajectory (case: TriangularCase) : Rational[][] * Rational[][] =
        let x = solve case.Field Rational.Zero case.Start
        let gradient = Vector.subtract (at case.Horizon x) case.Target
        x, momentum case.Field x case.Horizon gradient

    /// A case from terms (coefficient, exponents).
    let create (field: (string * int list) list list) (start: string) (target: string) (horizon: int) : TriangularCase = {
        Field =
            field
            |> List.map (List.map (fun (c, exponents) -> Multivariate.term (Known.number c) exponents) >> List.toArray)
            |> List.toArray
        Start = Known.vector start
        Target = Known.vector target
        Horizon = Rational.ofInt horizon
    }

    /// F = (1/2, x_1² − 2x_1), x(0) = (1, −1), T = 2, L = ½|x − (1, 1)|²: the known case.
    let known: TriangularCase = create [ [ "1/2", [ 0; 0; 0 ] ]; [ "1", [ 2; 0; 0 ]; "-2", [ 1; 0; 0 ] ] ] "1 -1" "1 1" 2

    let private drawTerm (isAutonomous: bool) (n: int) (i: int) (stream: RandomStream) : Term<Rational> =
        let variables = [|
            yield! seq { 0 .. i - 1 }
            if not isAutonomous then
                n
        |]

        let degree = if variables.Length = 0 then 0 else stream.NextInt(0, 2)
        let chosen = Array.init degree (fun _ -> Draws.choice stream variables)

        {
            Coefficient = Draws.fraction stream
            Exponents = Array.init (n + 1) (fun v -> chosen |> Array.filter ((=) v) |> Array.length)
        }

    let private draw (isAutonomous: bool) (stream: RandomStream) : TriangularCase =
        let n = stream.NextInt(1, 3)

        {
            Field = Array.init n (fun i -> Array.init (stream.NextInt(1, 3)) (fun _ -> drawTerm isAutonomous n i stream))
            Start = Draws.vector stream n
            Target = Draws.vector stream n
            Horizon = Draws.choice stream [| Rational.create 1 2; Rational.One; Rational.ofInt 2 |]
        }

    // The first m components only read themselves.
    let private cut (m: int) (case: TriangularCase) : TriangularCase = {
        case with
            Field =
                case.Field
                |> Array.truncate m
                |> Array.map (
                    Array.map (fun term -> {
                        term with
                            Exponents = Array.append (Array.truncate m term.Exponents) [| Array.last term.Exponents |]
                    })
                )
            Start = Array.truncate m case.Start
            Target = Array.truncate m case.Target
    }

    let private shrink (case: TriangularCase) : TriangularCase seq =
        let simplerTerm (term: Term<Rational>) = Draws.shrinkFraction term.Coefficient |> Seq.map (fun c -> { term with Coefficient = c })

        seq {
            for m in Shrink.int 1 case.Dimension do
                cut m case

            for field in Shrink.elements (Shrink.array 0 simplerTerm) case.Field do
                { case with Field = field }

            if case.Horizon <> Rational.One then
                { case with Horizon = Rational.One }

            for start in Draws.shrinkVector case.Start do
                { case with Start = start }

            for target in Draws.shrinkVector case.Target do
                { case with Target = target }
        }

    /// A case as pairs of a name and a value.
    let show (case: TriangularCase) : (string * string) list =
        let names = [| for i in 1 .. case.Dimension -> $"x{i}" |] |> fun names -> Array.append names [| "t" |]

        [
            for i in 0 .. case.Dimension - 1 do
                $"F{i + 1}", Multivariate.show names (case.Field[i])
            "x(0)", Known.show case.Start
            "c", Known.show case.Target
            "T", string case.Horizon
        ]

    /// Random fields, or those that do not depend on t.
    let generator (isAutonomous: bool) : Generator<TriangularCase> =
        Generator.fromStream (fun _ stream -> draw isAutonomous stream) shrink show
