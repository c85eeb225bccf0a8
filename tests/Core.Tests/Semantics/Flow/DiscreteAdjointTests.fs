module LayerTime.Core.Tests.Semantics.DiscreteAdjointTests

open System
open Xunit
open FsCheck
open FsCheck.FSharp
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Tests

/// The right-hand sides, over any numbers.
module private Formulas =
    open Arithmetic

    /// x′ = θ₀y + t·x·y, y′ = θ₁x² − θ₂y + t
    let coupled (t: 'T) (x: 'T[]) (θ: 'T[]) : 'T[] when 'T :> IField<'T> = [|
        θ[0] * x[1] + t * x[0] * x[1]
        θ[1] * x[0] * x[0] - θ[2] * x[1] + t
    |]

    /// x′ = θ₀ + t, y′ = θ₁x² + θ₂, z′ = t·x·y: iterations of implicit equations end exactly.
    let triangular (t: 'T) (x: 'T[]) (θ: 'T[]) : 'T[] when 'T :> IField<'T> = [| θ[0] + t; θ[1] * x[0] * x[0] + θ[2]; t * x[0] * x[1] |]

    /// A force and a velocity, each with two parameters: p′ = θ₀q² + θ₁t, q′ = θ₀p + θ₁p².
    let force (t: 'T) (q: 'T[]) (θ: 'T[]) : 'T[] when 'T :> IField<'T> = [| θ[0] * q[0] * q[0] + θ[1] * t |]

    let velocity (_: 'T) (p: 'T[]) (θ: 'T[]) : 'T[] when 'T :> IField<'T> = [| θ[0] * p[0] + θ[1] * p[0] * p[0] |]

    /// A network of width 2-3-2 written as a formula: W(t) = A + tB entry by entry, with t + t³/3 inside.
    let network (t: 'T) (x: 'T[]) (θ: 'T[]) : 'T[] when 'T :> IField<'T> =
        let coefficient n shift = θ[n] + t * θ[shift]
        let index a b c = Operators.(+) a (Operators.(+) b c)
        let at n = coefficient n (index n 17 0)

        let affine rows columns start (y: 'T[]) =
            Array.init rows (fun i ->
                let row = Operators.(*) i columns
                let products = Array.init columns (fun j -> at (index start row j) * y[j])
                Array.fold (fun sum product -> sum + product) (at (index start (Operators.(*) rows columns) i)) products)

        let third: 'T = Ring.ratio 1 3
        let hidden = affine 3 2 0 x |> Array.map (fun a -> a + third * a * a * a)
        affine 2 3 9 hidden

open Formulas

[<RequireQualifiedAccess>]
type private Field =
    | Coupled
    | Triangular

let private right (which: Field) (t: 'T) (x: 'T[]) (θ: 'T[]) : 'T[] when 'T :> IField<'T> =
    match which with
    | Field.Coupled -> coupled t x θ
    | Field.Triangular -> triangular t x θ

[<RequireQualifiedAccess>]
type private Method =
    | Explicit of Tableau<Rational>
    | Taylor of int
    | Split of Splitting
    | Implicit of Tableau<Rational>

let private name =
    function
    | Method.Explicit t -> t.Name
    | Method.Taylor n -> $"Taylor {n}"
    | Method.Split s -> s.Name
    | Method.Implicit t -> t.Name

let private dimension =
    function
    | Method.Implicit _ -> 3
    | _ -> 2

let private parameters =
    function
    | Method.Split _ -> 4
    | _ -> 3

let private which =
    function
    | Method.Implicit _ -> Field.Triangular
    | _ -> Field.Coupled

/// A method over any numbers for one set of parameters, forwards only.
let private stepper (size: 'T -> float) (method: Method) (θ: 'T[]) : Stepper<'T> when 'T :> IField<'T> =
    let field () : IVectorField<'T> = VectorField.ofFunction (dimension method) (fun t x -> right (which method) t x θ)

    match method with
    | Method.Explicit tableau -> Stepper.explicit tableau (field ())
    | Method.Taylor n ->
        let θ = Array.map Taylor.constant θ
        Stepper.taylor n (VectorField.ofFunction 2 (fun t x -> coupled t x θ))
    | Method.Split splitting ->
        Stepper.splitting splitting [|
            VectorField.kick (VectorField.ofFunction 1 (fun t q -> force t q θ[..1]))
            VectorField.drift (VectorField.ofFunction 1 (fun t p -> velocity t p θ[2..]))
        |]
    | Method.Implicit tableau -> Stepper.implicit size (Tableau.over tableau) (field ())

let private adjoint (size: 'T -> float) (method: Method) (θ: 'T[]) : StepAdjoint<'T> when 'T :> IField<'T> =
    let field () : IDifferentiableField<'T> = DifferentiableField.ofDuals (dimension method) θ (right (which method))

    match method with
    | Method.Explicit tableau -> StepAdjoint.explicit tableau (field ())
    | Method.Taylor n -> StepAdjoint.taylor n (DifferentiableField.ofDuals 2 (Array.map Taylor.constant θ) coupled)
    | Method.Split splitting ->
        StepAdjoint.splitting splitting [|
            DifferentiableField.kick (DifferentiableField.ofDuals 1 θ[..1] force)
            DifferentiableField.drift (DifferentiableField.ofDuals 1 θ[2..] velocity)
        |]
    | Method.Implicit tableau -> StepAdjoint.implicit size (Tableau.over tableau) (field ())

/// Gauss's method of order 4 with a fraction instead of √3: the adjoint does not know the difference.
let private gauss: Tableau<Rational> = Tableaus.gauss4 (Rational.create 7 4)

let private explicit = [
    Tableaus.euler
    Tableaus.heun
    Tableaus.midpoint
    Tableaus.rungeKutta4
    Tableaus.bogackiShampine32
    Tableaus.dormandPrince54
    Tableaus.verner65
]

let private methods = [
    yield! List.map Method.Explicit explicit
    yield! List.map Method.Taylor [ 1; 2; 3; 5 ]
    yield! List.map Method.Split [ Splitting.symplecticEuler; Splitting.störmerVerlet; Splitting.lieTrotter 2; Splitting.strang 2 ]
    yield! List.map Method.Implicit [ Tableaus.implicitMidpoint; gauss ]
]

let private size (x: Rational) = if x.Sign = 0 then 0.0 else Math.Max(1e-300, abs (Rational.toFloat x))
let private dualSize (x: Dual<Rational>) = Math.Max(size x.Value, size x.Derivative)

/// x₀, x₁, … along given steps.
let private run (stepper: Stepper<'T>) (steps: StepSequence<'T>) (start: 'T[]) : 'T[][] =
    Array.scan
        (fun x (t, h) ->
            let next = Array.copy x
            stepper.Restart()
            Assert.Equal(StepOutcome.Done, stepper.Step(t, h, x, next))
            next)
        start
        (Array.zip steps.Times steps.Lengths)

let private dualSteps (steps: StepSequence<Rational>) : StepSequence<Dual<Rational>> = {
    Times = Array.map Dual.constant steps.Times
    Lengths = Array.map Dual.constant steps.Lengths
}

/// Steps of different lengths, one of them backwards, and data for three components and four parameters.
type private Draw = { Steps: StepSequence<Rational>; Start: Rational[]; Covector: Rational[]; Parameters: Rational[] }

let private draws: Arbitrary<Draw> =
    let draw (numbers: int[]) =
        let number scale n = Rational.create numbers[n] scale

        {
            Steps = { Times = [| number 4 0; number 4 1 |]; Lengths = [| Rational.create (numbers[2] + 9) 32; number 16 3 |] }
            Start = Array.init 3 (fun n -> number 4 (4 + n))
            Covector = Array.init 3 (fun n -> number 1 (7 + n))
            Parameters = Array.init 4 (fun n -> number 2 (10 + n))
        }

    Arb.fromGen (Gen.map draw (Gen.arrayOfLength 14 (Gen.choose (-8, 8))))

/// The degree of a step in its start doubles with every stage, and so do the digits: one step of a long method, two of the others.
let private stepsOf (method: Method) =
    match method with
    | Method.Explicit tableau when tableau.Stages.Length > 4 -> 1
    | _ -> 2

/// Implicit steps are short, so that h‖Df‖ and h‖D²f‖ on these draws are below 1/2 and their iterations contract from the start.
let private lengthOf (method: Method) (length: Rational) =
    match method with
    | Method.Implicit _ -> length / Rational.ofInt 256
    | _ -> length

let private holdsForAll (check: Method -> Draw -> unit) (draw: Draw) =
    for method in methods do
        let d, m, n = dimension method, parameters method, stepsOf method

        check method {
            draw with
                Steps = {
                    Times = Array.take n draw.Steps.Times
                    Lengths = draw.Steps.Lengths |> Array.take n |> Array.map (lengthOf method)
                }
                Start = draw.Start[.. d - 1]
                Covector = draw.Covector[.. d - 1]
                Parameters = draw.Parameters[.. m - 1]
        }

    true

[<Property(MaxTest = 20)>]
let ``the gradient in the state and in the parameters is the derivative by dual numbers, exactly, for every method`` () =
    Prop.forAll
        draws
        (holdsForAll (fun method draw ->
            let gradient =
                DiscreteAdjoint.gradient Checkpointing.StoreAll (adjoint size method draw.Parameters) draw.Steps draw.Start (fun _ ->
                    draw.Covector)
                |> Defect.orFail

            let loss (start: Dual<Rational>[]) θ =
                let final = run (stepper dualSize method θ) (dualSteps draw.Steps) start |> Array.last
                (Vector.dot (Array.map Dual.constant draw.Covector) final).Derivative

            let vary (x: Rational[]) i = x |> Array.mapi (fun j a -> if i = j then Dual.variable a else Dual.constant a)
            let constants = Array.map Dual.constant

            for i in 0 .. draw.Start.Length - 1 do
                Assert.Equal(loss (vary draw.Start i) (constants draw.Parameters), gradient.State[i])

            for i in 0 .. draw.Parameters.Length - 1 do
                Assert.Equal(loss (constants draw.Start) (vary draw.Parameters i), gradient.Parameters[i])))

[<Property(MaxTest = 20)>]
let ``momentum times tangent is the same number at every step, exactly, for every method`` () =
    Prop.forAll
        draws
        (holdsForAll (fun method draw ->
            let momenta, _ =
                DiscreteAdjoint.momenta (adjoint size method draw.Parameters) draw.Steps draw.Start (fun _ -> draw.Covector)
                |> Defect.orFail

            let start =
                Array.map2 (fun x δ -> Dual(x, δ)) draw.Start (Array.rev draw.Covector |> Array.mapi (fun i a -> a + Ring.ratio i 1))

            let states = run (stepper dualSize method (Array.map Dual.constant draw.Parameters)) (dualSteps draw.Steps) start
            let pairing (p: Rational[]) (x: Dual<Rational>[]) = Vector.dot p (x |> Array.map (fun (a: Dual<Rational>) -> a.Derivative))
            let pairings = Array.map2 pairing momenta states
            Assert.All(pairings, (fun value -> Assert.Equal(pairings[0], value)))))

[<Property>]
let ``an implicit method's adjoint of a linear field is the transpose of its rational function of the matrix, exactly`` () =
    Prop.forAll (Arb.fromGen (Gen.arrayOfLength 13 (Gen.choose (-6, 6)))) (fun numbers ->
        let q scale n = Rational.create numbers[n] scale
        let a = Matrix.init 3 3 (fun i j -> q 8 (3 * i + j))
        let h = Rational.create 1 4
        let p = [| q 1 9; q 1 10; q 1 11 |]
        let y = [| q 1 10; q 1 12; q 1 9 |]
        let map = LayerMap.linear a

        // R(z) = N(z)/N(−z) with N = 1 + z/2 + cz², c = 0 for the midpoint rule and s²/36 for Gauss's with s for √3.
        [ Tableaus.implicitMidpoint, Rational.Zero; gauss, Rational.create 49 576 ]
        |> List.forall (fun (tableau, c) ->
            let numerator (h: Rational) =
                let z = Matrix.scale h a
                let square = Matrix.scale c (Matrix.multiply z z)
                Matrix.add (Matrix.identity 3) (Matrix.add (Matrix.scale (Rational.create 1 2) z) square)

            let adjoint = StepAdjoint.implicit size (Tableau.over tableau) (DifferentiableField.ofLayerMap map)
            let before = Array.copy p
            let memory = Array.create adjoint.Memory Rational.Zero
            adjoint.Pull(h, ReadOnlySpan memory, before, Span(Array.create adjoint.Parameters Rational.Zero))
            Vector.dot before (Matrix.apply (numerator -h) y) = Vector.dot p (Matrix.apply (numerator h) y)))

[<Fact>]
let ``the adjoint of converged implicit steps agrees with dual numbers in floats`` () =
    let θ = [| 0.75; -0.5; 1.25 |]
    let start, covector = [| 0.5; -0.25 |], [| 1.0; -2.0 |]
    let number x = Binary64.ofFloat x
    let floatSize (a: Binary64) = abs a.Value
    let dualSize (a: Dual<Binary64>) = Math.Max(abs a.Value.Value, abs a.Derivative.Value)
    let steps = StepSequence.uniform (number 0.0) (number 0.125) 8
    let dual: StepSequence<Dual<Binary64>> = StepSequence.uniform (Dual.constant (number 0.0)) (Dual.constant (number 0.125)) 8

    for root in [ 0; 3 ] do
        let tableau (three: 'T -> 'T) : Tableau<'T> when 'T :> IField<'T> =
            if root = 0 then Tableau.over Tableaus.implicitMidpoint else Tableaus.gauss4 (three (Ring.ratio 3 1))

        let field = DifferentiableField.ofDuals 2 (Array.map number θ) coupled
        let adjoint = StepAdjoint.implicit floatSize (tableau (fun a -> number (sqrt a.Value))) field

        let gradient =
            DiscreteAdjoint.gradient Checkpointing.StoreAll adjoint steps (Array.map number start) (fun _ -> Array.map number covector)
            |> Defect.orFail

        let loss (start: Dual<Binary64>[]) (θ: Dual<Binary64>[]) : float =
            let field: IVectorField<Dual<Binary64>> = VectorField.ofFunction 2 (fun t x -> coupled t x θ)
            let tableau = tableau (fun (a: Dual<Binary64>) -> Dual.constant (number (sqrt a.Value.Value)))
            let final = run (Stepper.implicit dualSize tableau field) dual start |> Array.last
            let pairing: Dual<Binary64> = Vector.dot (Array.map (number >> Dual.constant) covector) final
            pairing.Derivative.Value

        let vary (x: float[]) i = x |> Array.mapi (fun j a -> Dual(number a, number (if i = j then 1.0 else 0.0)))
        // An iteration ends where a change is below 2⁻⁵² of the state; it contracts by less than 1/2 here (h‖A‖‖Df‖ ≤ 1/8 · 1/2 · 4), so
        // that a step is off by 2⁻⁵² and a few roundings; the derivative of eight steps, with a condition below 2⁴, by less than 2⁻⁴⁴.
        let close (a: float) (b: Binary64) =
            let bound = Math.ScaleB(Math.Max(1.0, abs a), -44)
            Assert.True(abs (a - b.Value) <= bound, $"{root}: {a}, {b}")

        for i in 0..1 do
            close (loss (vary start i) (Array.map (number >> Dual.constant) θ)) gradient.State[i]

        for i in 0..2 do
            close (loss (Array.map (number >> Dual.constant) start) (vary θ i)) gradient.Parameters[i]

[<Fact>]
let ``central differences of fractions differ from the gradient by no more than their third derivative allows`` () =
    let θ = [| Rational.create 3 4; Rational.create -1 2; Rational.One |]
    let start = [| Rational.create 1 2; Rational.create -1 4 |]
    let δ, h = Rational.create 1 64, Rational.create 1 8
    let steps = StepSequence.uniform Rational.Zero h 2
    let method = Method.Explicit Tableaus.rungeKutta4
    let covector = [| Rational.One; Rational.ofInt 2 |]

    let gradient =
        DiscreteAdjoint.gradient Checkpointing.StoreAll (adjoint size method θ) steps start (fun _ -> covector) |> Defect.orFail

    let loss (state: Rational[]) = run (stepper size method θ) steps state |> Array.last |> Vector.dot covector
    let move i (step: Rational) = start |> Array.mapi (fun j a -> if i = j then a + step else a)

    for i in 0..1 do
        let quotient = (loss (move i δ) - loss (move i -δ)) / (δ + δ)

        // f(x ± δ) = f ± δf′ + δ²f″/2 ± δ³c with c a third coefficient somewhere between: enclosed by series of intervals.
        let series (x: Interval) isVaried = if isVaried then Taylor.variable 3 x else Taylor.constant x
        let around (a: Rational) = Interval.hull (Interval.ofRational (a - δ)) (Interval.ofRational (a + δ))
        let box = start |> Array.mapi (fun j a -> series (if i = j then around a else Interval.ofRational a) (i = j))
        let constants (x: Rational[]) : Taylor<Interval>[] = Array.map (Interval.ofRational >> Taylor.constant) x
        let wide: StepSequence<Taylor<Interval>> = { Times = constants steps.Times; Lengths = constants steps.Lengths }
        let final = run (stepper (fun _ -> 0.0) method (constants θ)) wide box |> Array.last
        let product: Taylor<Interval> = Vector.dot (constants covector) final
        let third = product[3]
        let bound = δ * δ * Rational.ofFloat (Interval.magnitude third)
        Assert.True(Rational.abs (quotient - gradient.State[i]) <= bound, $"component {i}")
        // The bound is no excuse: it is small beside the gradient.
        Assert.True(
            Rational.toFloat bound < 1e-2 * Math.Max(1.0, abs (Rational.toFloat gradient.State[i])),
            $"bound {Rational.toFloat bound}"
        )

/// A network of width 2-3-2 over fractions with weights a + t·b.
let private piece (numbers: int[]) : FieldPiece<Rational> =
    let q n = Rational.create numbers[n % numbers.Length] 4

    let map start (activation: Activation<Rational>) =
        let layer rows columns start activation =
            Layer.create (Matrix.init rows columns (fun i j -> q (start + i * 5 + j))) (Array.init rows (fun i -> q (start + 7 + i))) [|
                activation
            |]
            |> Defect.orFail

        LayerMap.create [| layer 3 2 start activation; layer 2 3 (start + 3) Activation.Identity |] |> Defect.orFail

    { Until = Rational.One; Coefficients = [| map 0 Activation.Cubic; map 5 Activation.Identity |] }

let private layerParameters (piece: FieldPiece<Rational>) : Rational[] =
    piece.Coefficients
    |> Array.collect (fun map -> map.Layers.ToArray())
    |> Array.collect (fun layer -> Array.append (layer.Weights.Entries.ToArray()) (layer.Bias.ToArray()))

[<Property(MaxTest = 20)>]
let ``the pullback of a network with weights that depend on time is that of dual numbers, exactly`` () =
    Prop.forAll (Arb.fromGen (Gen.arrayOfLength 23 (Gen.choose (-6, 6)))) (fun numbers ->
        let piece = piece numbers
        let θ = layerParameters piece

        let own = DifferentiableField.ofPiece piece
        let other = DifferentiableField.ofDuals 2 θ network

        let t, x, v =
            Rational.create numbers[0] 3,
            [| Rational.create numbers[1] 2; Rational.One |],
            [| Rational.create numbers[2] 2; Rational.create 1 3 |]

        let all (field: IDifferentiableField<Rational>) =
            let slope, toState, toParameters = Vector.zero 2, Vector.zero 2, Array.create field.Parameters Rational.One
            field.Evaluate(t, ReadOnlySpan x, Span slope)
            field.Pullback(t, ReadOnlySpan x, ReadOnlySpan v, Span toState, Span toParameters)
            slope, toState, toParameters

        own.Parameters = θ.Length && all own = all other)

[<Property(MaxTest = 20)>]
let ``the pullback of a layer map is that of the layers`` () =
    Prop.forAll (Arb.fromGen (Gen.arrayOfLength 23 (Gen.choose (-6, 6)))) (fun numbers ->
        let map = (piece numbers).Coefficients[0]
        let field = DifferentiableField.ofLayerMap map
        let x, v = [| Rational.create numbers[1] 2; Rational.One |], [| Rational.create numbers[2] 2; Rational.create 1 3 |]
        let toState, toParameters = Vector.zero 2, Array.create field.Parameters Rational.Zero
        field.Pullback(Rational.Zero, ReadOnlySpan x, ReadOnlySpan v, Span toState, Span toParameters)
        let covector, gradients = LayerMap.pullback map x v
        let flat = gradients |> Array.collect (fun (w, b) -> Array.append (w.Entries.ToArray()) b)
        toState = covector && toParameters = flat)
