module LayerTime.Core.Tests.Engine.GradientSweepTests

open System
open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Engine
open LayerTime.Core.Tests
open LayerTime.Core.Tests.Engine.Draws

/// The parameters' gradients in the order of the sweep.
let private flat (gradients: (Matrix<'T> * 'T[])[]) : 'T[] when 'T :> IRing<'T> =
    gradients |> Array.collect (fun (w, b) -> Array.append (w.Entries.ToArray()) b)

/// The gradient of a·output + |output|²/2 by the semantics: value, gradient.
let private semantics (network: Network<'T>) (a: 'T[]) (input: 'T[]) : 'T * 'T[] when 'T :> IRing<'T> =
    let equation = network.Equation
    let k, d = equation.Blocks, equation.Width 0
    let sum = Array.fold (fun s x -> 'T.Sum(s, x)) 'T.Zero

    let initial =
        match network.Lift with
        | Some map -> LayerMap.apply map input
        | None -> input

    let history = Array.chunkBySize d initial
    let trajectory = Simulation.run equation history
    let final = Array.init k (fun j -> trajectory[equation.Depth - j])

    let output =
        match network.Readout with
        | Some map -> LayerMap.apply map (Array.concat final)
        | None -> final[0]

    let loss = Array.map2 (fun a y -> 'T.Product(y, 'T.Sum(a, 'T.Product(Ring.ratio 1 2, y)))) a output |> sum

    let covector = Array.map2 (fun a y -> 'T.Sum(a, y)) a output

    let last, readout =
        match network.Readout with
        | Some map ->
            let λ, gradients = LayerMap.pullback map (Array.concat final) covector
            let widths = Array.init k (fun j -> equation.Width(equation.Depth - j))
            let starts = Array.scan (+) 0 widths
            Array.init k (fun j -> λ[starts[j] .. starts[j] + widths[j] - 1]), flat gradients
        | None -> [| covector |], [||]

    let gradient = Adjoint.gradientFrom equation trajectory last

    let lift =
        match network.Lift with
        | Some map ->
            let λ = Array.init k (fun j -> gradient.Momentum[k - 1 - j]) |> Array.concat
            flat (snd (LayerMap.pullback map input λ))
        | None -> [||]

    loss, Array.concat [ lift; gradient.Parameters |> Array.collect (Array.collect flat); readout ]

/// The same loss for the sweep.
let private loss (a: float[]) =
    SampleLosses(
        a.Length,
        OutputLoss(fun _ output gradient ->
            let mutable sum = 0.0

            for i in 0 .. a.Length - 1 do
                gradient[i] <- a[i] + output[i]
                sum <- sum + output[i] * (a[i] + 0.5 * output[i])

            sum)
    )

let private evaluate (sweep: GradientSweep) (a: float[]) (inputs: float[]) first count : float * float[] =
    // What stood in the gradient before has no effect.
    let gradient = Array.create sweep.Parameters.Length nan
    let value = sweep.CreateTape(count).Evaluate(inputs, loss a, first, count, gradient)
    value, gradient

[<Property(MaxTest = 400)>]
let ``where nothing is rounded, the gradient of a sweep is the exact adjoint gradient, summed over the samples`` (seed: int) =
    let draw = Draw seed
    let network = draw.Network()
    let sweep = GradientSweep(toFloats network)
    let samples = draw.Int(1, 60)
    let inputs = Array.init (samples * sweep.Inputs) (fun _ -> draw.Half())
    let a = Array.init sweep.Outputs (fun _ -> draw.Half())
    let value, gradient = evaluate sweep (Array.map Rational.toFloat a) (Array.map Rational.toFloat inputs) 0 samples
    let each = inputs |> Array.chunkBySize sweep.Inputs |> Array.map (semantics network a)

    Assert.Equal(each |> Array.sumBy fst, Rational.ofFloat value)
    Assert.Equal<Rational[]>(each |> Array.map snd |> Array.reduce (Array.map2 (+)), Array.map Rational.ofFloat gradient)

// Layers wider than a panel of the products, and than the sixteen columns that an outer product turns at once.
[<Property(MaxTest = 6)>]
let ``the same holds of wide layers, forward and backward`` (seed: int) =
    let draw = Draw seed
    let widths = Array.init 3 (fun _ -> draw.Int(16, 70))

    let network =
        Architecture.FeedForward(Array.init 2 (fun l -> LayerMap.ofLayer (draw.Layer(widths[l], widths[l + 1]))))
        |> Network.ofArchitecture
        |> Defect.orFail

    let sweep = GradientSweep(toFloats network)
    let samples = [| 3; 17; 64 |][draw.Int(0, 2)]
    let inputs = Array.init (samples * sweep.Inputs) (fun _ -> draw.Half())
    let a = Array.init sweep.Outputs (fun _ -> draw.Half())
    let value, gradient = evaluate sweep (Array.map Rational.toFloat a) (Array.map Rational.toFloat inputs) 0 samples
    let each = inputs |> Array.chunkBySize sweep.Inputs |> Array.map (semantics network a)
    Assert.Equal(each |> Array.sumBy fst, Rational.ofFloat value)
    Assert.Equal<Rational[]>(each |> Array.map snd |> Array.reduce (Array.map2 (+)), Array.map Rational.ofFloat gradient)

// Tiles of 128 and 256 samples have rows longer than they are; 300 samples need several tiles.
[<Property(MaxTest = 40)>]
let ``where nothing is rounded, the gradient of many samples is the sum of the gradients of each`` (seed: int) =
    let draw = Draw(seed, 0, true)

    let network =
        if draw.Int(0, 7) > 0 then
            draw.Network()
        else
            Architecture.Residual(Rational.create 1 2, [| LayerMap.ofLayer (draw.Layer(130, 130)) |])
            |> Network.ofArchitecture
            |> Defect.orFail

    let sweep = GradientSweep(toFloats network)
    let samples = [| 64; 100; 128; 130; 256; 300 |][draw.Int(0, 5)]
    let inputs = Array.init (samples * sweep.Inputs) (fun _ -> Rational.toFloat (draw.Half()))
    let a = Array.init sweep.Outputs (fun _ -> Rational.toFloat (draw.Half()))
    let value, gradient = evaluate sweep a inputs 0 samples
    let each = Array.init samples (fun s -> evaluate sweep a inputs s 1)
    Assert.Equal(Array.sumBy fst each, value)
    Assert.Equal<float[]>(each |> Array.map snd |> Array.reduce (Array.map2 (+)), gradient)

[<Fact>]
let ``no samples have the gradient 0`` () =
    let sweep = GradientSweep(toFloats (Draw(3).Network()))
    Assert.Equal((0.0, Array.zeroCreate sweep.Parameters.Length), evaluate sweep (Array.create sweep.Outputs 1.0) [||] 0 0)

[<Property(MaxTest = 100)>]
let ``a tape with other parameters gives the gradient of the network that has them`` (seed: int) =
    let draw = Draw(seed, 1)
    let first, second = GradientSweep(toFloats (Draw(seed, 1).Network())), GradientSweep(toFloats (Draw(seed, 2).Network()))
    let input = Array.init first.Inputs (fun _ -> Rational.toFloat (draw.Half()))
    let a = Array.create first.Outputs 1.0
    let tape = first.CreateTape 1

    for sweep in [ second; first ] do
        tape.Load sweep.Parameters
        let gradient = Array.zeroCreate sweep.Parameters.Length
        let value = tape.Evaluate(input, loss a, 0, 1, gradient)
        Assert.Equal((value, gradient), evaluate sweep a input 0 1)

[<Property(MaxTest = 60)>]
let ``the gradient of a sweep is the adjoint gradient up to its roundings`` (seed: int) =
    let draw = Draw seed
    let d, depth = draw.Int(1, 9), draw.Int(1, 12)
    let weight () = Binary64(float (draw.Int(-1000, 1000)) / 700.0)

    let name =
        [ TranscendentalName.Tanh; TranscendentalName.Logistic; TranscendentalName.Softplus; TranscendentalName.Sine ][draw.Int(0, 3)]

    let map _ =
        LayerMap.dense
            (Matrix.init d d (fun _ _ -> weight ()))
            (Array.init d (fun _ -> weight ()))
            (ActivationKind.over (ActivationKind.Transcendental name))
        |> Defect.orFail

    // A step of 1/8 is as wide as the weights are in Loose.
    let network = Network.ofArchitecture (Architecture.Residual(Binary64 0.125, Array.init depth map)) |> Defect.orFail
    let input = Array.init d (fun _ -> weight().Value)
    let a = Array.init d (fun _ -> weight().Value)
    let _, gradient = evaluate (GradientSweep network) a input 0 1

    let _, enclosure =
        semantics (Loose.network (d + 2) network) (Array.map Interval.ofFloat a) (Array.map Interval.ofFloat input)

    for k in 0 .. gradient.Length - 1 do
        Assert.True(Interval.contains gradient[k] enclosure[k], $"{gradient[k]:R} in {enclosure[k]}")

// Every activation in some of the rows: whole registers of them and remainders, more and fewer than are worked on at once.
[<Property(MaxTest = 60)>]
let ``the loss is given the outputs of a forward sweep, bit by bit`` (seed: int) =
    let draw = Draw seed
    let d, run = draw.Int(1, 40), draw.Int(1, 20)
    let weight () = Binary64(float (draw.Int(-1000, 1000)) / 1500.0)

    let kinds = [|
        ActivationKind.Transcendental TranscendentalName.Tanh
        ActivationKind.Identity
        ActivationKind.Transcendental TranscendentalName.Logistic
        ActivationKind.Relu
        ActivationKind.Transcendental TranscendentalName.Softplus
        ActivationKind.LeakyRelu(Rational.create 1 2)
        ActivationKind.Transcendental TranscendentalName.Sine
        ActivationKind.Square
        ActivationKind.Cubic
    |]

    let first = draw.Int(0, kinds.Length - 1)

    let map _ =
        Layer.create
            (Matrix.init d d (fun _ _ -> weight ()))
            (Array.init d (fun _ -> weight ()))
            (Array.init d (fun i -> ActivationKind.over kinds[(first + i / run) % kinds.Length]))
        |> Defect.orFail
        |> LayerMap.ofLayer

    let network = Network.ofArchitecture (Architecture.Residual(Binary64 0.125, Array.init 2 map)) |> Defect.orFail
    let samples = [| 1; 7; 16; 40; 64; 100 |][draw.Int(0, 5)]
    let inputs = Array.init (samples * d) (fun _ -> weight().Value)
    let given, expected = Array.zeroCreate (samples * d), Array.zeroCreate (samples * d)

    let keep =
        OutputLoss(fun sample output gradient ->
            for i in 0 .. d - 1 do
                given[sample * d + i] <- output[i]
                gradient[i] <- 0.0

            0.0)

    let sweep = GradientSweep network

    sweep.CreateTape(samples).Evaluate(inputs, SampleLosses(d, keep), 0, samples, Array.zeroCreate sweep.Parameters.Length)
    |> ignore

    BatchSweep(network).Run(inputs, expected, 0, samples)
    Assert.Equal<int64[]>(Array.map BitConverter.DoubleToInt64Bits expected, Array.map BitConverter.DoubleToInt64Bits given)

[<Property(MaxTest = 20)>]
let ``the slope of t + t³/3 is 1 + t²`` (seed: int) =
    let draw = Draw seed
    let bias = Rational.toFloat (draw.Half())

    let map =
        LayerMap.dense (Matrix.init 1 1 (fun _ _ -> Binary64 1.0)) [| Binary64 bias |] (ActivationKind.over ActivationKind.Cubic)
        |> Defect.orFail

    let sweep = Network.ofArchitecture (Architecture.Residual(Binary64 0.5, [| map |])) |> Defect.orFail |> GradientSweep
    let inputs = Array.init 21 (fun _ -> Rational.toFloat (draw.Half()))
    let gradient = Array.zeroCreate 2

    let sum =
        OutputLoss(fun _ output gradient ->
            gradient[0] <- 1.0
            output[0])

    sweep.CreateTape(21).Evaluate(inputs, SampleLosses(1, sum), 0, 21, gradient) |> ignore
    Assert.Equal(inputs |> Array.sumBy (fun x -> 0.5 * (1.0 + (x + bias) * (x + bias))), gradient[1])

[<Property(MaxTest = 100)>]
let ``the blocks of any number of samples are all samples in order, in whole tiles but for the last`` (seed: int) =
    let samples = Draw(seed).Int(0, 3000)
    let blocks = GradientSweep(toFloats (Draw(1).Network())).Blocks samples
    Assert.True(blocks.Length <= 16)

    Assert.Equal<int list>(
        [ 0 .. samples - 1 ],
        [
            for struct (first, count) in blocks do
                yield! [ first .. first + count - 1 ]
        ]
    )

    Assert.True(blocks |> Array.forall (fun (struct (first, _)) -> first % 16 = 0))

[<Fact>]
let ``samples allocate nothing`` () =
    let sweep = GradientSweep(toFloats (Draw(3).Network()))
    let tape = sweep.CreateTape 2000
    let inputs = Array.create (2000 * sweep.Inputs) 0.5
    let gradient = Array.zeroCreate sweep.Parameters.Length
    let loss = loss (Array.create sweep.Outputs 1.0)

    let allocated count =
        let before = GC.GetAllocatedBytesForCurrentThread()
        tape.Evaluate(inputs, loss, 0, count, gradient) |> ignore
        GC.GetAllocatedBytesForCurrentThread() - before

    allocated 2000 |> ignore
    Assert.Equal(allocated 64, allocated 2000)
