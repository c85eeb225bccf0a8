module LayerTime.Core.Tests.Semantics.FloatSeriesTests

open System
open Xunit
open FsCheck.FSharp
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Tests

let private numbers (seed: int) (scale: float) (count: int) : Binary64[] =
    let random = Random seed
    Array.init count (fun _ -> Binary64(scale * (2.0 * random.NextDouble() - 1.0)))

let private bits (xs: Binary64[]) = xs |> Array.map (fun x -> BitConverter.DoubleToInt64Bits x.Value)

let private activations: Activation<Binary64>[] = [|
    Activation.Identity
    Activation.Relu
    Activation.LeakyRelu(Binary64 0.25)
    Activation.Square
    Activation.Cubic
    Activation.transcendental TranscendentalName.Tanh
    Activation.transcendental TranscendentalName.Logistic
    Activation.transcendental TranscendentalName.Softplus
    Activation.transcendental TranscendentalName.Sine
|]

/// Layers of some widths from d numbers to d numbers, with weights that are polynomials of time; one activation for each layer, or, of
/// the first layer, one for each neuron.
let private piece (seed: int) (coefficients: int) (isMixed: bool) (widths: int list) : FieldPiece<Binary64> =
    let layer k m (columns, rows) =
        let scale = 2.0 / sqrt (float columns)
        let entries = numbers (seed + 31 * k + m) scale (rows * columns)
        let weights = Matrix.init rows columns (fun i j -> entries[i * columns + j])

        let activation =
            if k > 0 then [| Activation.Identity |]
            elif isMixed && m = 0 then Array.init rows (fun i -> activations[(seed + i) % activations.Length])
            else [| activations[(seed + m) % activations.Length] |]

        Layer.create weights (numbers (seed - m - 17 * k) 1.0 rows) activation |> Defect.orFail

    let map k = widths @ [ widths.Head ] |> List.pairwise |> List.mapi (layer k) |> List.toArray |> LayerMap.create |> Defect.orFail
    { Until = Rational.One; Coefficients = Array.init coefficients map }

let private expand (time: Binary64) (start: Binary64[]) (solution: ISolutionSeries<Binary64>) : Binary64[] =
    let series = Array.create ((solution.Order + 1) * start.Length) (Binary64 0.0)
    // Twice, as the second time its memory is in use.
    Array.Copy(numbers 1 2.0 start.Length, series, start.Length)
    solution.Expand(Binary64 -1.5, series)
    Array.Copy(start, series, start.Length)
    solution.Expand(time, series)
    series

[<Property(MaxTest = 300)>]
let ``the series of a neural ODE in lanes has every bit of the recurrences, at any width, activation and power of time`` () =
    let widths =
        Gen.nonEmptyListOf (Gen.frequency [ 8, Gen.choose (1, 20); 1, Gen.choose (60, 150) ]) |> Gen.map (List.truncate 3)

    let cases = Gen.zip widths (Gen.zip (Gen.choose (1, 3)) (Gen.zip (Gen.choose (1, 14)) (Gen.choose (0, 1000000))))

    Prop.forAll (Arb.fromGen cases) (fun (widths, (coefficients, (order, seed))) ->
        let piece = piece seed coefficients (seed % 10 = 0) widths
        let start = numbers (seed + 17) 1.0 widths.Head
        let time = (numbers (seed + 5) 1.0 1)[0]
        let found = expand time start (SolutionSeries.ofPiece order piece)
        bits found = bits (expand time start (SolutionSeries.ofRecurrences order piece)))

[<Property>]
let ``the sum of a series in lanes has every bit of Horner's rule, at any dimension`` () =
    Prop.forAll
        (Arb.fromGen (Gen.zip (Gen.choose (1, 40)) (Gen.zip (Gen.choose (0, 20)) (Gen.choose (0, 1000000)))))
        (fun (d, (order, seed)) ->
            let series = numbers seed 3.0 ((order + 1) * d)
            let h = 0.75
            let target: float[] = Array.zeroCreate d
            SeriesLanes.horner (Binary64.asFloats (ReadOnlySpan series)) h (Span target)

            let sum c = Seq.foldBack (fun k sum -> series[k * d + c].Value + h * sum) [ 0 .. order - 1 ] series[order * d + c].Value
            bits (Binary64.ofFloats target) = bits (Array.init d (sum >> Binary64)))

/// x′ = x + c
let private growth (c: float) : IVectorField<Taylor<Binary64>> =
    VectorField.ofFunction 1 (fun _ x -> Vector.add x [| Taylor.constant (Binary64 c) |])

[<Fact>]
let ``a Taylor method takes the step at which its last terms meet the tolerances, and repeats none`` () =
    // The terms of eᵗ are tⁿ/n!, scaled by 1.5·10⁻⁶ at 1; that before the last may be as in a geometric series from 1 to 1.5·10⁻⁶.
    for order in [ 4; 9; 16 ] do
        let settings = { FlowSettings.withTolerances 1e-6 5e-7 FlowSettings.defaults with Recording = Recording.Steps }
        let flow = Flow.solve settings (Stepper.taylor order (growth 0.0)) 0.0 6.0 [| 1.0 |] |> Defect.orFail

        let longest =
            [ 1.5e-6 ** (-1.0 / float order), order - 1; 1.0, order ]
            |> List.map (fun (allowed, p) -> (allowed * 1.5e-6 * Seq.fold (fun n k -> n * float k) 1.0 [ 1..p ]) ** (1.0 / float p))
            |> List.min

        // A dozen roundings of each.
        Assert.Equal(1.0, flow.Trace.Time 1 / (0.95 * longest), 14)
        Assert.Equal(0, flow.Rejected)
        // The last term of each step is less than what is allowed, and so is the rest of the series beyond it, whose ratio is below 1/2.
        Assert.True(abs (flow.State[0] / exp 6.0 - 1.0) < 1.5e-6 * float flow.Accepted, $"order {order}: {flow.State[0]}")

[<Fact>]
let ``a Taylor method foresees its steps of a field that depends on time as well`` () =
    // 1/(1 + t²) and tanh(t²/2): the errors of the steps add up to less than their sum, as both solutions attract.
    for order in [ 5; 12 ] do
        for field, start, solution in
            [
                Problems.bell (), 1.0, fun t -> 1.0 / (1.0 + t * t)
                Problems.rise (), 0.0, fun t -> tanh (t * t / 2.0)
            ] do
            let settings = FlowSettings.withTolerances 1e-9 1e-9 FlowSettings.defaults
            let flow = Flow.solve settings (Stepper.taylor order field) 0.0 3.0 [| start |] |> Defect.orFail
            let error = abs (flow.State[0] - solution 3.0)
            Assert.True(error < 2e-9 * float flow.Accepted, $"order {order}: error {error} after {flow.Accepted} steps")

[<Fact>]
let ``where the known terms vanish or are no numbers, a Taylor method chooses its steps as the others do`` () =
    // x′ = 1 − 1 and a field of NaN: all terms vanish, and none is a number.
    let settings = FlowSettings.withTolerances 1e-6 1e-6 FlowSettings.defaults
    let rest = Flow.solve settings (Stepper.taylor 8 (growth -1.0)) 0.0 5.0 [| 1.0 |] |> Defect.orFail
    Assert.Equal(StopReason.Completed, rest.Stop)
    Assert.Equal<float[]>([| 1.0 |], rest.State)
    let bad = Flow.solve settings (Stepper.taylor 8 (growth nan)) 0.0 5.0 [| 1.0 |] |> Defect.orFail
    Assert.Equal(StopReason.NotFinite(0, 0.0), bad.Stop)
    Assert.Equal<float[]>([| 1.0 |], bad.State)

[<Fact>]
let ``a solution that blows up is stopped where it does by a Taylor method too`` () =
    // x′ = x², x(0) = 1: 1/(1 − t)
    for order in [ 2; 8; 20 ] do
        let settings = FlowSettings.withTolerances 1e-6 1e-6 FlowSettings.defaults
        let flow = Flow.solve settings (Stepper.taylor order (Problems.square ())) 0.0 2.0 [| 1.0 |] |> Defect.orFail

        match flow.Stop with
        | StopReason.BlowUp(_, time) -> Assert.True(abs (time - 1.0) < 1e-4, $"order {order}: {flow.Stop}")
        | other -> Assert.Fail $"order {order}: {other}"
