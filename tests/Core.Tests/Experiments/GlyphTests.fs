module LayerTime.Core.Tests.Experiments.GlyphTests

open System
open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Claims
open LayerTime.Core.DeepLimit
open LayerTime.Core.Experiments

let private random depth deviation (stream: RandomStream) : ConvolutionalNetwork = {
    Depth = depth
    Horizon = 0.1 * float depth
    Variables = Array.init (ConvolutionalNetwork.size depth) (fun _ -> deviation * ClassificationSamples.normal stream)
}

/// One layer, written down pixel by pixel.
let private layer (network: ConvolutionalNetwork) (l: int) (x: float[]) : float[] =
    let dt = network.TimeStep
    let first = l * ConvolutionalNetwork.perLayer
    let around i = (i + 8) % 8

    Array.init x.Length (fun at ->
        let o, i, j = at / 64, at / 8 % 8, at % 8

        let sum =
            Seq.sum (
                seq {
                    for c in 0..3 do
                        for di in -1 .. 1 do
                            for dj in -1 .. 1 do
                                let w = network.Variables[first + ((o * 4 + c) * 3 + di + 1) * 3 + dj + 1]
                                w * x[c * 64 + around (i + di) * 8 + around (j + dj)]
                }
            )

        let u = x[at] + dt * (sum + network.Variables[first + 144 + o])
        u - dt * u * u * u)

[<Fact>]
let ``a convolutional layer is the one that its definition says`` () =
    let stream = RandomStream 1UL
    let network = random 3 0.3 stream
    let picture = (Glyphs.draw 1 stream).Points[0]
    let states = ConvolutionalNetwork.trajectory network picture
    let start = Array.append picture (Array.zeroCreate 192)
    let expected = Array.scan (fun x l -> layer network l x) start [| 0..2 |]
    // Some 50 roundings of numbers below 10 in each of three layers.
    Array.iter2 (fun (x: float[]) (y: float[]) -> Array.iter2 (fun (a: float) b -> Assert.Equal(a, b, 1e-12)) x y) expected states

[<Fact>]
let ``the gradient of a convolutional network is that of its loss in dt·w and dt·b`` () =
    let stream = RandomStream 2UL
    let network = random 2 0.2 stream
    let data = Glyphs.draw 3 stream
    let count = network.Variables.Length
    let gradient, scratch = Array.zeroCreate count, Array.zeroCreate count
    GlyphExperiment.meanLoss network data gradient |> ignore
    let loss variables = GlyphExperiment.meanLoss { network with Variables = variables } data scratch
    let layers = 2 * ConvolutionalNetwork.perLayer

    for i in 0..37 .. count - 1 do
        let moved δ = loss (Array.mapi (fun j v -> if i = j then v + δ else v) network.Variables)
        let central = (moved 1e-5 - moved -1e-5) / 2e-5
        let expected = if i < layers then network.TimeStep * gradient[i] else gradient[i]
        // Central differences of step h are off by h²|f‴|/6 + roundings/h, both below 10⁻⁹ here.
        Assert.True(abs (central - expected) <= 1e-8, $"variable {i}: found {expected}, differences give {central}")

[<Fact>]
let ``a refined network has the same weights on shorter steps`` () =
    let stream = RandomStream 3UL
    let network = random 4 0.1 stream
    let twice = ConvolutionalNetwork.refine 2 network
    Assert.Equal(8, twice.Depth)
    Assert.Equal(network.TimeStep / 2.0, twice.TimeStep)
    Assert.Equal(ConvolutionalNetwork.size 8, twice.Variables.Length)
    let first = network.Variables[.. ConvolutionalNetwork.perLayer - 1]
    Assert.Equal<float[]>(Array.append first first, twice.Variables[.. 2 * ConvolutionalNetwork.perLayer - 1])

/// A training that takes well under a second.
let private brief = { Depth = 4; Pictures = 20; Iterations = 3; Rate = 0.02 }

[<Fact>]
let ``changes keep their bound, fall with the step, and pairings are the same at all layers`` () =
    let checks = GlyphExperiment.checks [| GlyphExperiment.run { brief with Depth = 20 } 1UL |]
    Assert.All(checks, (fun check -> Assert.True(check.Holds, $"{check.Statement}: {check.Found}")))

    Assert.Equal<Evidence option list>(
        [ Some Evidence.Bounded; Some Evidence.Asymptotic; Some Evidence.Bounded ],
        checks |> List.map _.Theorem
    )

[<Fact>]
let ``the checks of pictures fail where numbers break them`` () =
    let run = GlyphExperiment.run brief 1UL
    let withMonitors change = { run with Monitors = run.Monitors |> Array.map change }

    let fails i change =
        let checks = GlyphExperiment.checks [| withMonitors change |]
        Assert.False(checks[i].Holds)

    fails 0 (fun monitor -> { monitor with ChangeShare = 1.0 + 1e-9 })
    fails 1 (fun monitor -> { monitor with Changes = Array.map (fun _ -> 0.1) monitor.Changes })
    fails 2 (fun monitor -> { monitor with PairingShare = 1.1 })

[<Fact>]
let ``the same seed gives the same training`` () =
    let run () = GlyphExperiment.run brief 7UL
    Assert.Equal<float[]>((Array.head (run ()).Monitors).Network.Variables, (Array.head (run ()).Monitors).Network.Variables)
