module LayerTime.Core.Tests.Semantics.SolutionSeriesTests

open System
open Xunit
open FsCheck
open FsCheck.FSharp
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Tests

let private r = Rational.create

/// Two layers with weights that are polynomials of time.
let private piece (coefficients: int) (activations: Activation<Rational>[]) (numbers: int[]) : FieldPiece<Rational> =
    let number i = r numbers[i % numbers.Length] 4

    let layer rows columns k activations =
        Layer.create
            (Matrix.init rows columns (fun i j -> number (7 * i + 3 * j + 5 * k)))
            (Array.init rows (fun i -> number (i + 11 * k)))
            activations
        |> Defect.orFail

    let map k =
        let plain = [| Activation.Identity |]

        [| layer 3 2 k (if k = 0 then activations else plain); layer 2 3 (k + 1) plain |] |> LayerMap.create |> Defect.orFail

    { Until = Rational.One; Coefficients = Array.init coefficients map }

/// An activation without transcendental functions over series.
let private overSeries (activation: Activation<Rational>) : Activation<Taylor<Rational>> =
    match activation with
    | Activation.Identity -> Activation.Identity
    | Activation.Relu -> Activation.Relu
    | Activation.LeakyRelu slope -> Activation.LeakyRelu(Taylor.constant slope)
    | Activation.Square -> Activation.Square
    | Activation.Cubic -> Activation.Cubic
    | Activation.Transcendental f -> failwith $"{f.Name} has no fractions"

let private expand (solution: ISolutionSeries<'T>) (time: 'T) (start: 'T[]) : 'T[] when 'T :> IRing<'T> =
    let series = Array.create ((solution.Order + 1) * start.Length) 'T.Zero
    Array.Copy(start, series, start.Length)
    // Twice, as the second time its memory is in use.
    solution.Expand('T.Sum(time, 'T.One), Array.copy series)
    solution.Expand(time, series)
    series

[<Property(MaxTest = 30)>]
let ``the recurrences of a piece are the semantics on series, exactly over fractions`` () =
    Prop.forAll (Arb.fromGen (Gen.arrayOfLength 19 (Gen.choose (-6, 6)))) (fun numbers ->
        let activations = [| Activation.Cubic; Activation.Square; Activation.LeakyRelu(r 1 4) |]

        [ 1; 2; 3 ]
        |> List.forall (fun coefficients ->
            let piece = piece coefficients activations numbers
            let lifted = piece.Coefficients |> Array.map (LayerMap.map Taylor.constant overSeries)
            let semantics = SolutionSeries.ofField 4 (VectorField.ofPiece { Until = piece.Until; Coefficients = lifted })
            let time, start = r numbers[0] 3, [| r numbers[1] 5; r numbers[2] 7 |]
            expand (SolutionSeries.ofPiece 4 piece) time start = expand semantics time start))

/// x⁺, the momentum at x and the gradient in the parameters for p = (1, −2, 3, …) at x⁺.
let private thereAndBack (adjoint: StepAdjoint<'T>) (time: 'T) (step: 'T) (start: 'T[]) : 'T[] list when 'T :> IField<'T> =
    let next = Vector.zero start.Length
    let momentum = Array.init start.Length (fun i -> Ring.ratio (if i % 2 = 0 then i + 1 else -i - 1) 1)
    let memory, gradient = Vector.zero adjoint.Memory, Vector.zero adjoint.Parameters
    adjoint.Stepper.Restart()
    adjoint.Step(time, step, start, next, Span memory) |> ignore
    adjoint.Pull(step, ReadOnlySpan memory, momentum, Span gradient)
    [ next; momentum; gradient ]

[<Property(MaxTest = 30)>]
let ``the way back through a Taylor step by recurrences is that of series, exactly over fractions`` () =
    Prop.forAll (Arb.fromGen (Gen.arrayOfLength 19 (Gen.choose (-6, 6)))) (fun numbers ->
        let activations = [| Activation.Cubic; Activation.Square; Activation.LeakyRelu(r 1 4) |]

        List.allPairs [ 1; 2; 3 ] [ 1; 4 ]
        |> List.forall (fun (coefficients, order) ->
            let piece = piece coefficients activations numbers
            let lifted = piece.Coefficients |> Array.map (LayerMap.map Taylor.constant overSeries)
            let semantics = StepAdjoint.taylor order (DifferentiableField.ofPiece { Until = piece.Until; Coefficients = lifted })
            let recurrences = PieceAdjoint(order, piece)
            let start = [| r numbers[1] 5; r numbers[2] 7 |]

            // Twice, as the second time its memory is in use.
            [ r numbers[0] 3, r 1 2; r numbers[3] 2, r -1 3 ]
            |> List.forall (fun (time, step) -> thereAndBack recurrences time step start = thereAndBack semantics time step start)))

[<Fact>]
let ``the recurrences of every smooth activation are the semantics on series up to rounding`` () =
    let numbers = [| 3; -2; 5; 1; -4; 2; -1; 6; -3; 4; -5; 1; 2; -6; 3; 5; -2; -1; 4 |]
    let order = 12

    for name in [ TranscendentalName.Tanh; TranscendentalName.Logistic; TranscendentalName.Softplus; TranscendentalName.Sine ] do
        for coefficients in [ 1; 3 ] do
            let number (x: Rational) = Binary64(Rational.toFloat x)
            let plain = piece coefficients [| Activation.Identity |] numbers

            let floats: FieldPiece<Binary64> = {
                Until = plain.Until
                Coefficients =
                    plain.Coefficients
                    |> Array.mapi (fun k φ ->
                        let φ = LayerMap.map number (Activation.map number) φ

                        if k > 0 then
                            φ
                        else
                            [|
                                Layer.create φ.Layers[0].Weights (φ.Layers[0].Bias.ToArray()) [|
                                    Activation.transcendental<Binary64> name
                                |]
                                |> Defect.orFail
                                φ.Layers[1]
                            |]
                            |> LayerMap.create
                            |> Defect.orFail)
            }

            let series: IVectorField<AnalyticTaylor<Binary64>> = VectorField.ofPiece (FlowMethod.pieceOver floats)
            let semantics = SolutionSeries.ofField order (Stepper.ofAnalytic series)
            let start = Binary64.ofFloats [| 0.4; -0.3 |]
            let expected = expand semantics (Binary64 0.25) start |> Binary64.toFloats
            let found = expand (SolutionSeries.ofPiece order floats) (Binary64 0.25) start |> Binary64.toFloats

            let back =
                StepAdjoint.taylor order (DifferentiableField.ofAnalytic (DifferentiableField.ofPiece (FlowMethod.pieceOver floats)))

            let expectedBack = thereAndBack back (Binary64 0.25) (Binary64 0.125) start
            let foundBack = thereAndBack (PieceAdjoint(order, floats)) (Binary64 0.25) (Binary64 0.125) start

            for e, f in List.zip expectedBack foundBack do
                let largest = e |> Array.fold (fun size x -> Math.Max(size, abs x.Value)) 1.0
                Assert.All(Array.zip e f, (fun (e, f) -> Assert.True(abs (e.Value - f.Value) <= 1e-12 * largest, $"{name}: {e}, {f}")))

            // Degree by degree: a coefficient is the sum of some hundred products of those before, which grow.
            let mutable size = 1.0

            for k in 0..order do
                for c in 0..1 do
                    let e, f = expected[2 * k + c], found[2 * k + c]
                    size <- Math.Max(size, abs e)
                    Assert.True(abs (e - f) <= 1e-12 * size, $"{name}, degree {k}: {e}, {f}")

[<Fact>]
let ``no method allocates more for more steps of a neural ODE, there or back`` () =
    // q′ = tanh p, p′ = −tanh q + t: every method has its form.
    let rotation (a: int) (activation: Activation<Binary64>) : LayerMap<Binary64> =
        let number p = Binary64(float (a * p))

        LayerMap.create [|
            Layer.create (Matrix.init 2 2 (fun i j -> if i = j then number 1 else number 0)) [| number 0; number 0 |] [| activation |]
            |> Defect.orFail
            Layer.create (Matrix.init 2 2 (fun i j -> number ((if i = j then 0 else 1) * (if i = 0 then 1 else -1)))) [|
                number 0
                Binary64(float (1 - a))
            |] [| Activation.Identity |]
            |> Defect.orFail
        |]
        |> Defect.orFail

    let piece: FieldPiece<Binary64> = {
        Until = Rational.One
        Coefficients = [| rotation 1 (Activation.transcendental TranscendentalName.Tanh); rotation 0 Activation.Identity |]
    }

    for name in FlowMethod.names |> List.map (fun name -> name.Replace("-N", "-12")) do
        let stepper = FlowMethod.stepper (FlowMethod.tryFind name).Value piece |> Defect.orFail

        let allocated count =
            let before = GC.GetAllocatedBytesForCurrentThread()

            Flow.solve (FlowSettings.withSteps count FlowSettings.defaults) stepper 0.0 1.0 [| 0.5; 0.25 |]
            |> Defect.orFail
            |> ignore

            GC.GetAllocatedBytesForCurrentThread() - before

        // Some pair of runs agrees up to less than one object: the compiler allocates too while it replaces early code by faster code.
        let differences = Seq.init 100 (fun _ -> abs (allocated 200 - allocated 10))
        Assert.True(differences |> Seq.exists (fun bytes -> bytes < 24L), $"{name}: {Seq.min differences} bytes for 190 steps")

        let adjoint = FlowMethod.adjoint (FlowMethod.tryFind name).Value piece |> Defect.orFail
        let state, next, momentum = Binary64.ofFloats [| 0.5; 0.25 |], Vector.zero 2, Binary64.ofFloats [| 1.0; 2.0 |]
        let memory, gradient = Vector.zero adjoint.Memory, Vector.zero adjoint.Parameters

        let rounds () =
            let before = GC.GetAllocatedBytesForCurrentThread()

            for _ in 1..20 do
                adjoint.Stepper.Restart()
                adjoint.Step(Binary64 0.0, Binary64 0.01, state, next, Span memory) |> ignore
                adjoint.Pull(Binary64 0.01, ReadOnlySpan memory, momentum, Span gradient)

            GC.GetAllocatedBytesForCurrentThread() - before

        Assert.True(Seq.init 100 (fun _ -> rounds ()) |> Seq.contains 0L, $"{name}: {rounds ()} bytes for 20 steps there and back")
