module LayerTime.Core.Tests.Constructions.StartTests

open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions

let private rational = Rational.ofInt
let private one = Rational.One

/// x ↦ n·x on the line.
let private scaling (n: int) = LayerMap.linear (Matrix.init 1 1 (fun _ _ -> rational n))

let private maps = [| scaling 1; scaling -2; scaling 3; scaling 1 |]

let private deviations order trace = Start.compare (=) order one maps trace |> Defect.orFail |> List.map _.FirstDeviation

[<Fact>]
let ``a history from the lift has the velocities it was given`` () =
    let h = Rational.create 1 2
    let velocities = [| for n in 1..3 -> Matrix.init 1 2 (fun _ j -> rational (n + j)), [| rational n |] |]
    let history = LayerMap.apply (Start.velocityLift h velocities |> Defect.orFail) [| one; rational 2 |] |> Array.chunkBySize 1
    // B_n u + c_n = n + 2(n + 1) + n
    Assert.Equal<Rational[]>(
        [| [| rational 6 |]; [| rational 10 |]; [| rational 14 |] |],
        Coordinates.toScaled h (Coordinates.toDifference history)
    )

[<Fact>]
let ``blocks of different shapes make no lift`` () =
    let block columns biases : Matrix<Rational> * Rational[] = Matrix.zero 2 columns, Vector.zero biases
    Assert.True(Result.isError (Start.velocityLift one [| block 3 2; block 2 2 |]))
    Assert.True(Result.isError (Start.velocityLift one [| block 3 1 |]))
    Assert.True(Result.isError (Start.velocityLift one [||]))

[<Fact>]
let ``ramp-up begins with a residual layer`` () =
    let states = Start.rampUp 3 one maps [| one |] |> Defect.orFail
    Assert.Equal<Rational[]>([| rational 2 |], states[1])
    // ∇²x(2) = −2·x(1): 2·2 − 1 − 4
    Assert.Equal<Rational[]>([| rational -1 |], states[2])

[<Fact>]
let ``for order 1 all conventions are one`` () =
    let trace = Start.rampUp 1 one maps [| one |] |> Defect.orFail
    Assert.All(deviations 1 trace, (fun deviation -> Assert.True deviation.IsNone))

[<Fact>]
let ``a trace that no history makes is reported with the layer where it breaks`` () =
    let trace = Start.rampUp 2 one maps [| one |] |> Defect.orFail
    let broken = Array.updateAt 4 [| rational 1000 |] trace
    Assert.Equal(Some 4, List.last (deviations 2 broken))

[<Fact>]
let ``a trace of the wrong length is refused`` () = Assert.True(Result.isError (Start.compare (=) 2 one maps [| [| one |] |]))

[<Fact>]
let ``outputs lead back to the state they came from`` () =
    let history = [| [| rational 3 |]; [| rational -1 |]; [| rational 2 |] |]
    let equation = Architecture.Smooth(3, one, maps) |> Architecture.equation |> Defect.orFail
    let trajectory = Simulation.run equation history
    let functions = maps |> Array.take 2 |> Array.map LayerMap.apply
    let found = StateFromOutputs.smooth one functions [| trajectory[0]; trajectory[1]; trajectory[2] |] |> Defect.orFail
    Assert.Equal<Rational[]>(history, found)
    Assert.True(Result.isError (StateFromOutputs.smooth one functions [| trajectory[0] |]))
