module LayerTime.Core.Tests.Engine.BatchSweepTests

open System
open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Engine
open LayerTime.Core.Tests
open LayerTime.Core.Tests.Engine.Draws

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
    let samples = draw.Int(1, 60)
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
    let samples = draw.Int(17, 120)
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

// Tiles of 128 samples have rows longer than they are.
[<Property(MaxTest = 20)>]
let ``the same holds of wide networks`` (seed: int) =
    let draw = Draw(seed, 0, true)
    let sweep = BatchSweep(toFloats (draw.Network()))
    let samples = [| 64; 128; 150; 300 |][draw.Int(0, 3)]
    let n, m = sweep.Inputs, sweep.Outputs
    let inputs = Array.init (samples * n) (fun _ -> Rational.toFloat (draw.Half()))
    let together = run sweep inputs samples

    for s in 0 .. samples - 1 do
        Assert.Equal<float[]>(run sweep inputs[s * n .. (s + 1) * n - 1] 1, together[s * m .. (s + 1) * m - 1])

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

[<Property(MaxTest = 60)>]
let ``a network of high order is run in its state space, up to the roundings there`` (seed: int) =
    let draw = Draw seed
    let order, d, depth, h = draw.Int(2, 5), draw.Int(1, 5), draw.Int(1, 200), 1.0 / 64.0
    let weight () = Binary64(float (draw.Int(-1000, 1000)) / 700.0)
    let isForward = draw.Int(0, 1) = 0

    let map _ =
        LayerMap.dense (Matrix.init d d (fun _ _ -> weight ())) (Array.init d (fun _ -> weight ())) Activation.tanh
        |> Defect.orFail

    let none = LayerMap.dense (Matrix.zero d d) (Array.create d (Binary64 0.0)) Activation.Identity |> Defect.orFail
    let maps = Array.init depth map

    // The forward variant reads the oldest of its states.
    let architecture =
        if isForward then
            Architecture.Master(
                order,
                Binary64 h,
                maps |> Array.map (fun map -> Array.init order (fun n -> if n = order - 1 then map else none))
            )
        else
            Architecture.Smooth(order, Binary64 h, maps)

    let sweep = BatchSweep(Network.ofArchitecture architecture |> Defect.orFail)
    let history = Array.init order (fun _ -> Array.init d (fun _ -> weight().Value))
    let output = run sweep (Array.concat history) 1

    // In scaled differences of the newest or, with −h, of the oldest state; Sums of the sweep are fused and in another order within a layer only.
    let step, force = Interval.ofFloat h, (fun (map: LayerMap<Binary64>) -> LayerMap.apply (Loose.map (d + 2) map))
    let states = history |> Array.map (Array.map Interval.ofFloat)
    let signed = if isForward then Interval.ofFloat -h else step
    let start = Coordinates.toScaled signed (Coordinates.toDifference (if isForward then Array.rev states else states))
    let advance p map = if isForward then SmoothState.forwardVariant step (force map) p else SmoothState.scaledCascade step (force map) p
    let last = Array.fold advance start maps |> Coordinates.ofScaled signed |> Coordinates.toDelay
    let expected = if isForward then Array.last last else last[0]

    for i in 0 .. d - 1 do
        Assert.True(Interval.contains output[i] expected[i], $"{output[i]:R} in {expected[i]}")
