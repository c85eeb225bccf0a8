module LayerTime.Core.Tests.Constructions.RealisationTests

open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions

let private numbers (text: string) =
    text.Split ' '
    |> Array.map (fun word ->
        match Rational.parse word with
        | Ok value -> value
        | Error problem -> failwith problem)

let private rows (lines: string list) = lines |> List.map numbers |> List.toArray |> Matrix.ofRows

let private layer activation weights bias = Layer.create (rows weights) (numbers bias) [| activation |] |> Defect.orFail

let private map layers = LayerMap.create (List.toArray layers) |> Defect.orFail

/// A map of two layers and one of a single layer, so that their depths differ.
let private deep l =
    map [
        layer Activation.Relu [ "1 2"; "-1 1/2"; $"{l} 1" ] "0 1 -1"
        layer Activation.Square [ "1 0 1"; "1/2 -1 0" ] "1/3 0"
    ]

let private shallow l = map [ layer (Activation.LeakyRelu(Rational.create 1 4)) [ "1 -1"; $"1/{l + 1} 2" ] "1 0" ]

let private lift = map [ layer Activation.Relu [ "1"; "-1"; "2"; "1"; "1/2"; "0" ] "0 1 -1 1 0 1" ]
let private readout = map [ layer Activation.Identity [ "1 2 3 4 5 6" ] "1" ]

let private network lift architecture readout = Network.create lift architecture readout |> Defect.orFail

let private master readout =
    network (Some lift) (Architecture.Master(3, Rational.create 1 2, Array.init 3 (fun l -> [| deep l; shallow l |]))) readout

let private run (network: Network<Rational>) input =
    Simulation.output network (Simulation.run network.Equation (Simulation.history network input))

let private expectDefect (place: string) (result: Result<Network<Rational>, Defect list>) =
    match result with
    | Error [ defect ] -> Assert.Equal(place, defect.Where)
    | Error defects -> failwith $"found {defects}, expected one defect"
    | Ok _ -> failwith "found a network, expected a defect"

[<Fact>]
let ``every form is a first-order network with the same output for the same input`` () =
    let original = master (Some readout)

    for form in [ StateForm.Delay; StateForm.Difference; StateForm.ScaledDifference; StateForm.Residual ] do
        let realised = Realisation.realise form original |> Defect.orFail
        Assert.Equal(1, realised.Equation.Blocks)
        Assert.Equal(6, realised.Equation.StateDimension)

        for input in [ "2"; "-1/3"; "0" ] do
            Assert.Equal<Rational[]>(run original (numbers input), run realised (numbers input))

[<Fact>]
let ``the observer form puts out the newest state`` () =
    let original = master None
    let realised = Realisation.realise StateForm.Observer original |> Defect.orFail
    Assert.Equal<Rational[]>(run original (numbers "3/2"), run realised (numbers "3/2"))

[<Fact>]
let ``the observer form refuses a readout of older states`` () =
    Realisation.realise StateForm.Observer (master (Some readout)) |> expectDefect "readout"

[<Fact>]
let ``the observer form refuses concatenated layers`` () =
    let φ = map [ layer Activation.Relu [ "1 2" ] "1" ]

    network None (Architecture.ConcatenationDense(2, [| φ |])) None
    |> Realisation.realise StateForm.Observer
    |> expectDefect "layer 0"

[<Fact>]
let ``a plain network stays as it is, also where its widths change`` () =
    let plain = network None (Architecture.FeedForward [| map [ layer Activation.Relu [ "1"; "2" ] "0 1" ] |]) None
    let realised = Realisation.realise StateForm.Difference plain |> Defect.orFail
    Assert.Equal<Rational[]>(numbers "3 7", run realised (numbers "3"))
    Realisation.realise StateForm.Residual plain |> expectDefect "layers"

[<Fact>]
let ``a smooth network of floats with tanh is realised to rounding`` () =
    let number (x: float) = Binary64 x
    let weights = Matrix.ofRows [| [| number 0.5; number -1.0 |]; [| number 2.0; number 0.25 |] |]
    let f = LayerMap.dense weights [| number 0.1; number -0.2 |] Activation.tanh |> Defect.orFail

    let smooth = Architecture.Smooth(3, number 0.125, Array.create 8 f) |> Network.ofArchitecture |> Defect.orFail
    let input = Array.map number [| 0.3; -0.4; 0.2; -0.5; 0.1; -0.6 |]

    let output (network: Network<Binary64>) =
        Simulation.output network (Simulation.run network.Equation (Simulation.history network input)) |> Array.map _.Value

    for form in [ StateForm.Delay; StateForm.Difference; StateForm.ScaledDifference; StateForm.Observer; StateForm.Residual ] do
        let realised = Realisation.realise form smooth |> Defect.orFail
        Array.iter2 (fun (x: float) (y: float) -> Assert.Equal(x, y, 1e-11)) (output smooth) (output realised)

[<Fact>]
let ``a compiled residual network has one activation and the same output`` () =
    let f l =
        map [
            layer Activation.Square [ "1 2"; "-1 1/2"; $"{l} 1" ] "0 1 -1"
            layer Activation.Identity [ "1 0 1"; "1/2 -1 0" ] "1/3 0"
        ]

    let original = network (Some lift) (Architecture.Smooth(3, Rational.create 1 2, Array.init 3 f)) (Some readout)
    let compiled = ResidualNetwork.compile original |> Defect.orFail
    Assert.Equal<Rational[]>(run original (numbers "1/2"), run compiled (numbers "1/2"))

    for maps in Architecture.maps compiled.Architecture do
        Assert.Equal(1, maps[0].Layers[0].Activations.Length)
        Assert.Equal(3 + 2 * 2 * 2, maps[0].Layers[0].OutputWidth)

[<Fact>]
let ``a slope of −1 and layers that read older states have no compiled form`` () =
    let reflecting = map [ layer (Activation.LeakyRelu(Rational.ofInt -1)) [ "1" ] "0" ]

    network None (Architecture.Smooth(2, Rational.One, [| reflecting |])) None
    |> ResidualNetwork.compile
    |> expectDefect "layer 0, activation"

    let affine = map [ layer Activation.Identity [ "1" ] "0" ]

    network None (Architecture.Master(1, Rational.One, [| [| affine; affine |] |])) None
    |> ResidualNetwork.compile
    |> expectDefect "layer 0"

    network None (Architecture.AdditiveDense [| [| affine; affine |] |]) None
    |> ResidualNetwork.compile
    |> expectDefect "network"
