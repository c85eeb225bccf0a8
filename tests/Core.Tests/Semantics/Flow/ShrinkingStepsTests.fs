module LayerTime.Core.Tests.Semantics.ShrinkingStepsTests

open System
open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.Semantics

let private field (dimension: int) (f: float -> float[] -> float[]) : IVectorField<Binary64> =
    VectorField.ofFunction dimension (fun t x -> Binary64.ofFloats (f t.Value (Binary64.toFloats x)))

let private pairs = [ Tableaus.heun; Tableaus.bogackiShampine32; Tableaus.dormandPrince54; Tableaus.verner65; Tableaus.dormandPrince853 ]

let private run tolerance tableau f start finish (state: float[]) : FlowResult =
    let settings = FlowSettings.defaults |> FlowSettings.withTolerances tolerance tolerance
    Flow.solve settings (Stepper.explicit tableau (field state.Length f)) start finish state |> Defect.orFail

/// Fields whose solutions leave every bound, with the time at which they do.
let private explosions: (string * (float -> float[] -> float[]) * float * float * float[] * float) list = [
    "x² from 1", (fun _ x -> [| x[0] * x[0] |]), 0.0, 2.0, [| 1.0 |], 1.0
    "x² from 1/4", (fun _ x -> [| x[0] * x[0] |]), 0.0, 1e6, [| 0.25 |], 4.0
    "x² from −2 downwards", (fun _ x -> [| -x[0] * x[0] |]), 0.0, 1.0, [| -2.0 |], 0.5
    "x² backwards in time", (fun _ x -> [| -x[0] * x[0] |]), 3.0, 0.0, [| 1.0 |], 2.0
    "x² up to time 0", (fun _ x -> [| x[0] * x[0] |]), -1.0, 1.0, [| 1.0 |], 0.0
    "x³ from 1", (fun _ x -> [| x[0] * x[0] * x[0] |]), 0.0, 1.0, [| 1.0 |], 0.5
    "x⁹ from 1", (fun _ x -> [| Math.Pow(x[0], 9.0) |]), 0.0, 1.0, [| 1.0 |], 0.125
    "eˣ from 0", (fun _ x -> [| exp x[0] |]), 0.0, 2.0, [| 0.0 |], 1.0
    "1/(1 − t)", (fun t _ -> [| 1.0 / (1.0 - t) |]), 0.0, 2.0, [| 0.0 |], 1.0
    // r′ = r², φ′ = 5r: it turns faster and faster while it grows.
    "a spiral",
    (fun _ x ->
        let r = sqrt (x[0] * x[0] + x[1] * x[1])
        [| r * x[0] - 5.0 * r * x[1]; r * x[1] + 5.0 * r * x[0] |]),
    0.0,
    2.0,
    [| 1.0; 0.0 |],
    1.0
]

[<Fact>]
let ``a solution that leaves every bound is told with the time at which it does`` () =
    for name, f, start, finish, state, truth in explosions do
        for tableau in pairs do
            // A method of low order takes too many steps for a small tolerance.
            for tolerance in (if tableau.Order < 5 then [ 1e-5 ] else [ 1e-5; 1e-9 ]) do
                match (run tolerance tableau f start finish state).Stop with
                | StopReason.BlowUp(_, time) ->
                    // The error of the steps moves the time by about the tolerance for each of some hundred steps.
                    let bound = 1e3 * tolerance * abs (truth - start)
                    Assert.True(abs (time - truth) < bound, $"{name}, {tableau.Name}: {time}, not {truth}")
                | other -> Assert.Fail $"{name}, {tableau.Name}, {tolerance}: {other}"

[<Fact>]
let ``the time of x′ = x² is 1/x₀`` () =
    for x0 in [ 1e-3; 0.1; 0.7; 30.0; 1e5 ] do
        match (run 1e-9 Tableaus.dormandPrince54 (fun _ x -> [| x[0] * x[0] |]) 0.0 (2.0 / x0) [| x0 |]).Stop with
        | StopReason.BlowUp(magnitude, time) ->
            Assert.True(abs (time * x0 - 1.0) < 1e-6, $"{x0}: {time}")
            // Steps below the spacing of the times, 2⁻⁵³/x₀: the state is their inverse up to the number of steps for each halving.
            Assert.True(magnitude > 1e9 * x0, $"{x0}: {magnitude}")
        | other -> Assert.Fail $"{x0}: {other}"

[<Fact>]
let ``growth that takes for ever ends at the range of floats and is no blow-up`` () =
    for tableau in pairs do
        for horizon in [ 800.0; 1e9 ] do
            match (run 1e-5 tableau (fun _ x -> [| x[0] |]) 0.0 horizon [| 1.0 |]).Stop with
            | StopReason.Overflow(magnitude, time) ->
                Assert.True(magnitude > 1e300, $"{tableau.Name}: {magnitude}")
                // log of the largest float is 709.78; a step has products with its coefficients, below e⁵, on its way.
                Assert.True(time > 704.7 && time < 709.8, $"{tableau.Name}: {time}")
            | other -> Assert.Fail $"{tableau.Name}: {other}"

    // x log x, from e: e^(e^t), faster than every exponential and yet no blow-up: 709.78 = e^t at t = 6.565.
    match (run 1e-8 Tableaus.dormandPrince54 (fun _ x -> [| x[0] * log x[0] |]) 0.0 10.0 [| Math.E |]).Stop with
    // The slope is 700 times the state, and a step multiplies it by its coefficients: up to e¹⁴ more than the state.
    | StopReason.Overflow(_, time) -> Assert.True(time > log 695.0 && time < log 709.8, $"{time}")
    | other -> Assert.Fail $"{other}"

    // With steps of one length.
    let steps = FlowSettings.defaults |> FlowSettings.withSteps 1000
    let doubling = field 1 (fun _ x -> [| 10.0 * x[0] |])

    match (Flow.solve steps (Stepper.explicit Tableaus.euler doubling) 0.0 1000.0 [| 1.0 |] |> Defect.orFail).Stop with
    // 11ⁿ·10 leaves the floats after step 296.
    | StopReason.Overflow(_, time) -> Assert.Equal(296.0, time)
    | other -> Assert.Fail $"{other}"

[<Fact>]
let ``a stiff decay, a bounded state with an infinite slope and a field that ends are no blow-up`` () =
    let stop tolerance f start finish state = (run tolerance Tableaus.dormandPrince54 f start finish state).Stop
    Assert.Equal(StopReason.Completed, stop 1e-6 (fun _ x -> [| -1e5 * x[0] |]) 0.0 1.0 [| 1.0 |])
    // On its slow motion, towards a state that grows.
    Assert.Equal(StopReason.Completed, stop 1e-6 (fun t x -> [| -1e4 * (x[0] - sin t) |]) 0.0 1.5 [| 0.0 |])

    // So stiff that every step is below the spacing of the times: it does not grow.
    match stop 1e-6 (fun _ x -> [| -1e18 * x[0] |]) 1.0 2.0 [| 1.0 |] with
    | StopReason.StepTooSmall _ -> ()
    | other -> Assert.Fail $"{other}"

    for power, name in [ 0.5, "1 − √(1 − t)"; 0.9, "1 − (1 − t)^0.9"; 0.25, "1 − ⁴√(1 − t)" ] do
        for tableau in pairs do
            // The slope is infinite at 1 and no number after it.
            match (run 1e-6 tableau (fun t _ -> [| power * Math.Pow(1.0 - t, power - 1.0) |]) 0.0 2.0 [| 0.0 |]).Stop with
            | StopReason.NotFinite(0, time)
            | StopReason.StepTooSmall(_, time) -> Assert.True(abs (time - 1.0) < 1e-6, $"{name}: {time}")
            | other -> Assert.Fail $"{name}, {tableau.Name}: {other}"

[<Fact>]
let ``steps that grow again leave a blow-up that did not come behind`` () =
    let steps = ShrinkingSteps(0.0, 2.0)

    // As of 1/(1 − t): the steps, the time left and 1/x halve together.
    for k in 20..40 do
        steps.Add(Math.ScaleB(1.0, -k), 1.0 - Math.ScaleB(1.0, 1 - k), [| Binary64(Math.ScaleB(1.0, k)) |])

    Assert.True(steps.AreOfBlowUp 1.0)
    steps.Add(0.5, 1.5, [| Binary64 1.0 |])
    Assert.False(steps.AreOfBlowUp 1.0)
