module LayerTime.Core.Tests.Semantics.StepperTests

open System
open Xunit
open FsCheck
open FsCheck.FSharp
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Semantics
open LayerTime.Core.Tests
open LayerTime.Core.Tests.Numbers

let private precise (x: float) = Precise.OfFloat x

let private problems () : (string * IVectorField<Precise> * Precise[] * Precise[]) list = [
    "bell", Problems.bell (), [| precise 1.0 |], [| precise 0.5 |]
    "rise", Problems.rise (), [| precise 0.0 |], [| Transcendental.tanh (precise 0.5) |]
    "circle", Problems.circle (), [| precise 1.0; precise 0.0 |], [| Transcendental.cos (precise 0.5); Transcendental.sin (precise 0.5) |]
]

let private distance (x: Precise[]) (y: Precise[]) = Array.map2 (fun a b -> Precise.Size(Arithmetic.(-) a b)) x y |> Array.max

/// The slopes log₂(e(h)/e(h/2)) tend to the order, where the next term of the error shifts them by a multiple of h: so the last
/// slope is near the order and its extrapolation to h = 0 nearer. The ladder is climbed while it is not asymptotic, below the floor.
let private assertOrder (name: string) (order: int) (count: int) (run: int -> Precise[]) (truth: Precise[]) =
    let error n = distance (run n) truth

    let rec climb n first second =
        let third = error (4 * n)
        // The precise numbers have no floor above this.
        Assert.True(third > 1e-32, $"{name} reaches the floor: {third}")
        let before, last = Math.Log2(first / second), Math.Log2(second / third)
        let limit = 2.0 * last - before

        if not (abs (limit - float order) < 0.1 && abs (last - float order) < 0.25) then
            Assert.True(n < 1024, $"{name}: slopes {before}, {last}, not {order}")
            climb (2 * n) second third

    climb count (error count) (error (2 * count))

let private steps (stepper: Stepper<Precise>) (state: Precise[]) (n: int) =
    let states = Stepper.trajectory (precise 0.0) (Ring.ratio 1 n) n state stepper
    Assert.Equal(n + 1, states.Length)
    Array.last states

let private explicit = [
    Tableaus.euler, 32
    Tableaus.heun, 32
    Tableaus.midpoint, 32
    Tableaus.rungeKutta4, 32
    Tableaus.bogackiShampine32, 32
    Tableaus.dormandPrince54, 32
    Tableaus.tsitouras54, 32
    Tableaus.verner65, 32
    Tableaus.fehlberg87, 16
    Tableaus.dormandPrince853, 16
]

[<Fact>]
let ``every explicit method converges with its order on three non-linear problems that depend on time`` () =
    for tableau, count in explicit do
        for name, field, state, truth in problems () do
            assertOrder $"{tableau.Name} on {name}" tableau.Order count (steps (Stepper.explicit tableau field) state) truth

[<Fact>]
let ``the Gauss methods converge with orders 2 and 4`` () =
    let gauss4 = Tableaus.gauss4 (Transcendental.sqrt (precise 3.0))

    for tableau in [ Tableau.over Tableaus.implicitMidpoint; gauss4 ] do
        for name, field, state, truth in problems () do
            let size a = Precise.Size a
            assertOrder $"{tableau.Name} on {name}" tableau.Order 16 (steps (Stepper.implicit size tableau field) state) truth

[<Fact>]
let ``the Taylor method converges with any order`` () =
    for order in [ 1; 2; 3; 5; 8 ] do
        let fields: IVectorField<AnalyticTaylor<Precise>> list = [ Problems.bell (); Problems.rise (); Problems.circle () ]

        for field, (name, _, state, truth) in List.zip fields (problems ()) do
            assertOrder $"Taylor {order} on {name}" order 16 (steps (Stepper.taylor order (Stepper.ofAnalytic field)) state) truth

[<Fact>]
let ``symplectic Euler and Störmer–Verlet converge with orders 1 and 2`` () =
    for problem in 0..2 do
        let velocity, force = Problems.separable problem
        let series: IVectorField<AnalyticTaylor<Precise>> = VectorField.ofFunction 2 (fun t x -> [| velocity x[1]; force t x[0] |])
        let start = [| precise 0.5; precise 0.25 |]
        let truth = Truth.solve 24 series 0.0 1.0 start

        let velocity, force = Problems.separable problem

        let parts = [|
            VectorField.kick (VectorField.ofFunction 1 (fun t q -> [| force t q[0] |]))
            VectorField.drift (VectorField.ofFunction 1 (fun _ p -> [| velocity p[0] |]))
        |]

        for splitting in [ Splitting.symplecticEuler; Splitting.störmerVerlet; Splitting.lieTrotter 2; Splitting.strang 2 ] do
            let run = steps (Stepper.splitting splitting parts) start
            assertOrder $"{splitting.Name} on problem {problem}" splitting.Order 32 run truth

/// The product of exponentials of letters with shares, as coefficients of all words up to a length: a word w in e^{aA} e^{bB} … .
let private words (length: int) (splitting: Splitting) : Map<int list, Rational> =
    let exponential (letter, share: Rational) = [
        for n in 0..length do
            let factorial = Seq.fold (fun product k -> product * Rational.ofInt k) Rational.One (seq { 1..n })
            List.replicate n letter, Ring.power share n / factorial
    ]

    let multiply (series: Map<int list, Rational>) factors =
        [
            for KeyValue(word, c) in series do
                for word', c' in factors do
                    if word.Length + List.length word' <= length then
                        word @ word', c * c'
        ]
        |> List.groupBy fst
        |> List.map (fun (word, terms) -> word, List.fold (fun sum (_, c) -> sum + c) Rational.Zero terms)
        |> Map.ofList

    splitting.Steps |> List.map exponential |> List.fold multiply (Map [ [], Rational.One ])

[<Fact>]
let ``a splitting has its order for all parts: its series in words that do not commute is that of the exponential of the sum`` () =
    for splitting in [ Splitting.lieTrotter 2; Splitting.lieTrotter 3; Splitting.strang 2; Splitting.strang 3 ] do
        let agrees n =
            let series = words n splitting

            let rec all k =
                if k = 0 then
                    [ [] ]
                else
                    [
                        for word in all (k - 1) do
                            for letter in 0 .. splitting.Parts - 1 -> letter :: word
                    ]

            let factorial = Seq.fold (*) 1 (seq { 1..n })

            all n
            |> List.forall (fun word -> (Map.tryFind word series |> Option.defaultValue Rational.Zero) = Rational.create 1 factorial)

        Assert.All([ 1 .. splitting.Order ], (fun n -> Assert.True(agrees n, $"{splitting.Name}, words of {n} letters")))
        Assert.False(agrees (splitting.Order + 1), $"{splitting.Name} has a higher order")

[<Fact>]
let ``a splitting with one share changed is refused: the parts no longer advance by one step each`` () =
    for splitting in [ Splitting.symplecticEuler; Splitting.störmerVerlet; Splitting.lieTrotter 3; Splitting.strang 3 ] do
        let letters (splitting: Splitting) = [ for letter in 0 .. splitting.Parts - 1 -> (words 1 splitting)[[ letter ]] ]
        Assert.All(letters splitting, (fun share -> Assert.Equal(Rational.One, share)))

        for i in 0 .. splitting.Steps.Length - 1 do
            let part, share = splitting.Steps[i]
            let changed = { splitting with Steps = List.updateAt i (part, share + Rational.create 1 1000000) splitting.Steps }
            Assert.Contains(letters changed, (fun share -> share <> Rational.One))

[<Property>]
let ``a step of fractions is exact and lies inside the step of intervals, that of floats next to it`` () =
    Prop.forAll (Arb.fromGen (Gen.arrayOfLength 6 (Gen.choose (-8, 8)))) (fun numbers ->
        let q n = Rational.create numbers[n] 8

        let run (number: Rational -> 'T) tableau : 'T =
            let next = [| number Rational.Zero |]
            let stepper = Stepper.explicit tableau (Problems.riccati (number (q 0)) (number (q 1)) (number (q 2)))
            stepper.Step(number (q 3), number (Rational.create 1 16), [| number (q 4) |], next) |> ignore
            next[0]

        [ Tableaus.rungeKutta4; Tableaus.dormandPrince54; Tableaus.verner65 ]
        |> List.forall (fun tableau ->
            let exact = run id tableau
            let enclosure = run Interval.ofRational tableau
            let rounded = run (Rational.toFloat >> Binary64.ofFloat) tableau

            Interval.containsRational exact enclosure
            && Interval.width enclosure < 1e-12
            && abs (rounded.Value - Rational.toFloat exact) < 1e-13))

[<Fact>]
let ``a method of order p integrates a polynomial of degree p in time exactly, over fractions`` () =
    for tableau in
        [
            Tableaus.euler
            Tableaus.heun
            Tableaus.rungeKutta4
            Tableaus.dormandPrince54
            Tableaus.verner65
            Tableaus.fehlberg87
        ] do
        let p = tableau.Order
        // x′ = p t^(p−1), x = tᵖ
        let field: IVectorField<Rational> = VectorField.ofFunction 1 (fun t _ -> [| Rational.ofInt p * Ring.power t (p - 1) |])
        let states = Stepper.trajectory Rational.One (Rational.create 1 3) 3 [| Rational.One |] (Stepper.explicit tableau field)
        Assert.Equal(Ring.power (Rational.ofInt 2) p, states[3][0])

[<Fact>]
let ``the derivative of a step is the step of the dual numbers`` () =
    // x′ = x², so the step depends on x₀; the quotient of differences of fractions tends to the dual derivative.
    let step (x: 'T) h : 'T =
        let next = [| x |]
        let stepper: Stepper<'T> = Stepper.explicit Tableaus.rungeKutta4 (Problems.square ())
        stepper.Step('T.Zero, h, [| x |], next) |> ignore
        next[0]

    let x, h, δ = Rational.create 1 2, Rational.create 1 4, Rational.create 1 1000000
    let dual = step (Dual.variable x) (Dual.constant h)
    Assert.Equal(step x h, dual.Value)
    let quotient = (step (x + δ) h - step (x - δ) h) / (δ + δ)
    Assert.True(Rational.abs (quotient - dual.Derivative) < Rational.create 1 100000000)

[<Fact>]
let ``implicit midpoint and Gauss keep a quadratic invariant to the rounding, and an iteration that does not contract is seen`` () =
    // A rigid body: both the energy and the angular momentum are quadratic.
    let field: IVectorField<Binary64> =
        VectorField.ofFunction 3 (fun _ x ->
            let v = Binary64.toFloats x
            Binary64.ofFloats [| 0.5 * v[1] * v[2]; -v[0] * v[2]; 0.5 * v[0] * v[1] |])

    let size (a: Binary64) = abs a.Value
    let start = Binary64.ofFloats [| 1.0; 0.2; 0.4 |]

    for tableau in [ Tableau.over Tableaus.implicitMidpoint; Tableaus.gauss4 (Binary64(sqrt 3.0)) ] do
        let states = Stepper.trajectory (Binary64 0.0) (Binary64 0.125) 800 start (Stepper.implicit size tableau field)
        Assert.Equal(801, states.Length)
        let norm (x: Binary64[]) = Array.sumBy (fun (a: Binary64) -> a.Value * a.Value) x
        // 800 steps, each with a handful of roundings.
        Assert.True(abs (norm states[800] - norm states[0]) < 800.0 * 8.0 * Math.ScaleB(1.0, -53), tableau.Name)

    let stiff: IVectorField<Binary64> = VectorField.ofFunction 1 (fun _ x -> [| Binary64(-50.0 * x[0].Value) |])
    let stepper = Stepper.implicit size (Tableau.over Tableaus.implicitMidpoint) stiff
    Assert.Equal(StepOutcome.NoContraction, stepper.Step(Binary64 0.0, Binary64 1.0, [| Binary64 1.0 |], [| Binary64 0.0 |]))

[<Fact>]
let ``Störmer–Verlet preserves the area and comes back when run backwards, exactly over fractions`` () =
    let h, state = Rational.create 1 8, [| Rational.create 1 2; Rational.create 1 3 |]
    let stepper = Stepper.splitting Splitting.störmerVerlet (Problems.cubicSpring ())
    let there = Stepper.trajectory Rational.Zero h 3 state stepper |> Array.last
    let back = Stepper.trajectory (h * Rational.ofInt 3) -h 3 there stepper |> Array.last
    Assert.Equal<Rational[]>(state, back)

    // The determinant of the Jacobian of three steps is 1, for symplectic Euler too.
    for splitting in [ Splitting.störmerVerlet; Splitting.symplecticEuler ] do
        let stepper: Stepper<Dual<Rational>> = Stepper.splitting splitting (Problems.cubicSpring ())

        let column i =
            let start = state |> Array.mapi (fun j x -> if i = j then Dual.variable x else Dual.constant x)
            let final = Stepper.trajectory (Dual.constant Rational.Zero) (Dual.constant h) 3 start stepper |> Array.last
            final |> Array.map (fun (x: Dual<Rational>) -> x.Derivative)

        let a, b = column 0, column 1
        Assert.Equal(Rational.One, a[0] * b[1] - a[1] * b[0])
