module LayerTime.Core.Tests.Engine.BatchSweepTests

open System
open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Engine
open LayerTime.Core.Tests

/// A network of any architecture over fractions, with lift and readout now and then; weights are multiples of 1/2 of a few bits.
type private Draw(seed: int) =
    let random = Random seed
    member _.Int(low: int, high: int) : int = random.Next(low, high + 1)
    member _.Half() : Rational = Rational.create (random.Next(-3, 4)) 2

    member this.Activation() : Activation<Rational> =
        match this.Int(0, 3) with
        | 0 -> Activation.Identity
        | 1 -> Activation.Relu
        | 2 -> Activation.LeakyRelu(Rational.create 1 2)
        | _ -> Activation.LeakyRelu(Rational.ofInt -1)

    member this.Layer(inputs: int, outputs: int) : Layer<Rational> =
        let activations = if this.Int(0, 1) = 0 then [| this.Activation() |] else Array.init outputs (fun _ -> this.Activation())

        Layer.create (Matrix.init outputs inputs (fun _ _ -> this.Half())) (Array.init outputs (fun _ -> this.Half())) activations
        |> Defect.orFail

    member this.Map(inputs: int, outputs: int) : LayerMap<Rational> =
        if this.Int(0, 2) > 0 then
            LayerMap.ofLayer (this.Layer(inputs, outputs))
        else
            let inner = this.Int(1, 4)
            LayerMap.create [| this.Layer(inputs, inner); this.Layer(inner, outputs) |] |> Defect.orFail

    member this.Architecture() : Architecture<Rational> =
        let d, depth, step = this.Int(1, 5), this.Int(1, 4), Rational.create 1 2
        let maps count = Array.init count (fun _ -> this.Map(d, d))

        match this.Int(0, 5) with
        | 0 ->
            let widths = Array.init (depth + 1) (fun _ -> this.Int(1, 5))
            Architecture.FeedForward(Array.init depth (fun l -> this.Map(widths[l], widths[l + 1])))
        | 1 -> Architecture.Residual(step, maps depth)
        | 2 -> Architecture.Smooth(this.Int(1, 3), step, maps depth)
        | 3 ->
            let k = this.Int(1, 3)
            Architecture.AdditiveDense(Array.init depth (fun _ -> maps k))
        | 4 ->
            let window = this.Int(1, 3)
            Architecture.ConcatenationDense(window, Array.init depth (fun _ -> this.Map(window * d, d)))
        | _ ->
            let k = this.Int(1, 3)
            Architecture.Master(this.Int(0, 2), step, Array.init depth (fun _ -> maps k))

    member this.Network() : Network<Rational> =
        let architecture = this.Architecture()
        let plain = Network.ofArchitecture architecture |> Defect.orFail
        let equation = plain.Equation
        let final = equation.Blocks * equation.Width equation.Depth
        let lift = if this.Int(0, 1) = 0 then None else Some(this.Map(this.Int(1, 4), equation.StateDimension))
        let readout = if this.Int(0, 1) = 0 then None else Some(this.Map(final, this.Int(1, 4)))
        Network.create lift architecture readout |> Defect.orFail

let private toFloats (network: Network<Rational>) : Network<Binary64> =
    let number (a: Rational) = Binary64(Rational.toFloat a)
    let kind = ActivationKind.ofActivation id
    Network.map number (kind >> ActivationKind.over) network

let private semantics (network: Network<'T>) (input: 'T[]) : 'T[] when 'T :> IRing<'T> =
    Simulation.output network (Simulation.run network.Equation (Simulation.history network input))

let private run (sweep: BatchSweep) (inputs: float[]) (samples: int) : float[] =
    let outputs = Array.zeroCreate (samples * sweep.Outputs)
    sweep.Run(inputs, outputs, 0, samples)
    outputs

[<Property(MaxTest = 400)>]
let ``where nothing is rounded, every sample of a sweep is the exact run of the difference equation`` (seed: int) =
    let draw = Draw seed
    let network = draw.Network()
    let sweep = BatchSweep(toFloats network)
    let samples = draw.Int(1, 20)
    let inputs = Array.init (samples * sweep.Inputs) (fun _ -> draw.Half())
    let outputs = run sweep (Array.map Rational.toFloat inputs) samples

    let expected = inputs |> Array.chunkBySize sweep.Inputs |> Array.collect (semantics network)

    Assert.Equal<Rational[]>(expected, Array.map Rational.ofFloat outputs)

[<Property(MaxTest = 100)>]
let ``a sample's bits do not depend on its place nor on the other samples`` (seed: int) =
    let draw = Draw seed
    let d, depth = draw.Int(1, 7), draw.Int(1, 6)
    let weight () = Binary64(float (draw.Int(-1000, 1000)) / 700.0)

    let layer () =
        let kind =
            [ TranscendentalName.Tanh; TranscendentalName.Logistic; TranscendentalName.Softplus; TranscendentalName.Sine ][draw.Int(0, 3)]

        let activation = ActivationKind.over (ActivationKind.Transcendental kind)
        LayerMap.dense (Matrix.init d d (fun _ _ -> weight ())) (Array.init d (fun _ -> weight ())) activation |> Defect.orFail

    let network =
        Network.ofArchitecture (Architecture.Residual(Binary64 0.3, Array.init depth (fun _ -> layer ()))) |> Defect.orFail

    let sweep = BatchSweep network
    let samples = draw.Int(17, 50)
    let inputs = Array.init (samples * d) (fun _ -> weight().Value)
    let together = run sweep inputs samples

    for s in 0 .. samples - 1 do
        Assert.Equal<float[]>(run sweep inputs[s * d .. (s + 1) * d - 1] 1, together[s * d .. (s + 1) * d - 1])

    // Any division into ranges.
    let divided = Array.zeroCreate (samples * d)
    let cut = draw.Int(0, samples)
    sweep.Run(inputs, divided, 0, cut)
    sweep.Run(inputs, divided, cut, samples - cut)
    Assert.Equal<float[]>(together, divided)

[<Property(MaxTest = 200)>]
let ``a sweep and the semantics differ by rounding only`` (seed: int) =
    let draw = Draw seed
    let d, depth, h = draw.Int(1, 9), draw.Int(1, 30), 0.125
    let weight () = float (draw.Int(-1000, 1000)) / 700.0

    let weights =
        Array.init depth (fun _ -> Array.init d (fun _ -> Array.init d (fun _ -> weight ())), Array.init d (fun _ -> weight ()))

    let name, lipschitz, offset =
        [ TranscendentalName.Tanh, 1.0, 0.0; TranscendentalName.Logistic, 0.25, 0.5; TranscendentalName.Softplus, 1.0, 0.7 ][draw.Int(0, 2)]

    let activation = ActivationKind.over (ActivationKind.Transcendental name)

    let map (w: float[][], b: float[]) =
        LayerMap.dense (Matrix.ofRows (Array.map Binary64.ofFloats w)) (Binary64.ofFloats b) activation |> Defect.orFail

    let network = Network.ofArchitecture (Architecture.Residual(Binary64 h, Array.map map weights)) |> Defect.orFail
    let input = Array.init d (fun _ -> weight ())
    let fused = run (BatchSweep network) input 1
    let stepped = semantics network (Binary64.ofFloats input) |> Array.map _.Value

    // ∞-norms: |z| ≤ ‖W‖|x| + |b|; both sums are wrong by at most γ_{d+1} of that, both activations by 3 ulp ≤ 6 u |σ(z)| together with |σ(z)| ≤ Lip|z| + σ(0),
    // both updates by 3 u (|x| + h|σ|). A difference e of the states becomes e (1 + h Lip ‖W‖).
    let u = Math.ScaleB(1.0, -53)
    let mutable size = input |> Array.map abs |> Array.max
    let mutable bound = 0.0

    for w, b in weights do
        let norm = w |> Array.map (Array.sumBy abs) |> Array.max
        let z = norm * size + (b |> Array.map abs |> Array.max)
        let value = lipschitz * z + offset

        bound <-
            bound * (1.0 + h * lipschitz * norm)
            + h * (lipschitz * 2.0 * float (d + 2) * u * z + 6.0 * u * value)
            + 6.0 * u * (size + h * value)

        size <- size + h * value

    for i in 0 .. d - 1 do
        Assert.True(abs (fused[i] - stepped[i]) <= 1.01 * bound, $"{fused[i]:R} and {stepped[i]:R}, bound {bound}")
