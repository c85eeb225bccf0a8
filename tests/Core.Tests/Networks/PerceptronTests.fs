module LayerTime.Core.Tests.Networks.PerceptronTests

open FsCheck
open FsCheck.FSharp
open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Claims
open LayerTime.Core.Claims.KuehnKuntz
open LayerTime.Core.Tests

/// Layers of fitting shapes, half of them linear, and a point.
[<NoComparison; NoEquality>]
type Stack = Stack of layers: Neurons<Rational>[] * point: Rational[]

let private kinds = [|
    ActivationKind.Identity
    ActivationKind.Relu
    ActivationKind.LeakyRelu(Rational.create 1 4)
    ActivationKind.Square
    ActivationKind.Cubic
|]

let private draw (stream: RandomStream) : Stack =
    let widths = Array.init (stream.NextInt(2, 5)) (fun _ -> stream.NextInt(1, 3))
    let entry = Draws.dyadic 4 1

    let layer (columns, rows) =
        let linear = stream.NextBool()

        {
            Weights = Matrix.ofRows (Draws.matrix entry stream rows columns)
            Bias = Draws.vector entry stream rows
            Activations = Array.init rows (fun _ -> if linear then ActivationKind.Identity else kinds[stream.NextInt(0, kinds.Length - 1)])
        }

    Stack(widths |> Array.pairwise |> Array.map layer, Draws.vector entry stream widths[0])

type StackGenerators =
    static member Stack() : Arbitrary<Stack> = Generator.stream |> Gen.map draw |> Arb.fromGen

let private exactly: ActivationKind -> Activation<Rational> = ActivationKind.exactly

let private layerByLayer (layers: Neurons<Rational>[]) (x: Rational[]) : Rational[] =
    layers |> Array.fold (fun z layer -> Perceptron.applyLayer exactly layer z) x

let private neurons rows bias kind = {
    Weights = Networks.matrix rows
    Bias = Networks.vector bias
    Activations = Array.create (List.length rows) kind
}

let private defects result =
    match result with
    | Ok _ -> []
    | Error(defects: Defect list) -> defects |> List.map (fun defect -> defect.Where, defect.Found)

[<Property(Arbitrary = [| typeof<StackGenerators> |], MaxTest = 200)>]
let ``merging consecutive affine layers gives the same function exactly`` (Stack(layers, x)) =
    let merged = Perceptron.ofLayers layers |> Defect.orFail
    Perceptron.apply exactly merged x = layerByLayer layers x

[<Property(Arbitrary = [| typeof<StackGenerators> |])>]
let ``no hidden layer of a merged perceptron is affine`` (Stack(layers, _)) =
    let merged = Perceptron.ofLayers layers |> Defect.orFail
    merged.Hidden.ToArray() |> Array.forall (fun layer -> layer.Activations |> Array.exists ((<>) ActivationKind.Identity))

[<Property(Arbitrary = [| typeof<StackGenerators> |])>]
let ``a perceptron as a network has its value, and comes back the same`` (Stack(layers, x)) =
    let p = Perceptron.ofLayers layers |> Defect.orFail
    let network = Perceptron.toNetwork exactly p
    let back = Perceptron.ofNetwork id id network |> Defect.orFail
    let output = (Simulation.run network.Equation [| x |]).Outputs |> Array.last

    output = Perceptron.apply exactly p x
    && back.Widths = p.Widths
    && Array.forall2
        (fun (a: Neurons<Rational>) (b: Neurons<Rational>) -> a.Weights = b.Weights && a.Bias = b.Bias && a.Activations = b.Activations)
        (p.Hidden.ToArray())
        (back.Hidden.ToArray())
    && back.Output = p.Output
    && back.OutputOffset.ToArray() = p.OutputOffset.ToArray()

[<Property(Arbitrary = [| typeof<StackGenerators> |])>]
let ``lift and readout of a network belong to its perceptron`` (Stack(layers, x)) =
    let map (layer: Neurons<Rational>) =
        Layer.create layer.Weights layer.Bias (Array.map exactly layer.Activations) |> Defect.orFail |> LayerMap.ofLayer

    let all = Array.map map layers
    let square = LayerMap.linear (Matrix.identity layers[0].Weights.Rows)
    let readout = if all.Length > 1 then Some(Array.last all) else None
    let inner = if all.Length > 2 then all[1 .. all.Length - 2] else [| square |]
    let network = Network.create (Some all[0]) (Architecture.FeedForward inner) readout |> Defect.orFail
    let p = Perceptron.ofNetwork id id network |> Defect.orFail
    Perceptron.apply exactly p x = layerByLayer layers x

[<Fact>]
let ``shapes that do not fit are told all at once`` () =
    let first = neurons [ "1 2"; "3 4" ] "0" ActivationKind.Cubic
    let second = { neurons [ "1 2 3" ] "1" ActivationKind.Cubic with Activations = [||] }
    let result = Perceptron.create [| first; second |] (Networks.matrix [ "1 1" ]) [| Rational.One; Rational.One |]

    Assert.Equal<(string * string) list>(
        [
            "hidden layer 0", "1 biases"
            "hidden layer 1", "3 columns"
            "hidden layer 1", "0 activations"
            "output", "2 columns"
            "output", "2 biases"
        ],
        defects result
    )

[<Fact>]
let ``nothing is no perceptron`` () =
    let none: Neurons<Rational>[] = [||]
    Assert.Equal<(string * string) list>([ "", "no layer" ], defects (Perceptron.ofLayers none))

[<Fact>]
let ``only feed-forward networks are perceptrons`` () =
    let map = LayerMap.linear (Matrix.identity 1)
    let residual = Architecture.Residual(Rational.One, [| map |]) |> Network.ofArchitecture |> Defect.orFail
    let result: Result<Perceptron<Rational>, Defect list> = Perceptron.ofNetwork id id residual
    Assert.Equal<(string * string) list>([ "", "a residual network" ], defects result)

[<Fact>]
let ``an activation that ends a network is followed by the identity`` () =
    let p = Perceptron.ofLayers [| neurons [ "2"; "-1" ] "0 1" ActivationKind.Square |] |> Defect.orFail
    Assert.Equal<int[]>([| 1; 2; 2 |], p.Widths)
    Assert.Equal<Rational[]>(Networks.vector "9 1/4", Perceptron.apply exactly p (Networks.vector "3/2"))

[<Fact>]
let ``an activation by name is the activation over every number system`` () =
    for kind in kinds do
        let x = Rational.create -3 2
        let rational = Activation.value (ActivationKind.exactly kind) x
        let float = Activation.value (ActivationKind.over kind) (Binary64 -1.5)
        Assert.Equal(Rational.toFloat rational, float.Value, 1e-15)
        Assert.Equal(kind, ActivationKind.ofActivation id (ActivationKind.exactly kind))

    let names = [ "tanh"; "logistic"; "softplus"; "sin" ]

    let transcendental = [ TranscendentalName.Tanh; TranscendentalName.Logistic; TranscendentalName.Softplus; TranscendentalName.Sine ]

    Assert.Equal<string list>(names, transcendental |> List.map (ActivationKind.Transcendental >> ActivationKind.name))
    Assert.Equal("leaky-relu 1/4", ActivationKind.name kinds[2])

    for name in transcendental do
        let kind = ActivationKind.Transcendental name
        Assert.True((ActivationKind.exact<Rational> kind).IsNone)
        Assert.Throws<System.ArgumentException>(fun () -> ActivationKind.exactly<Rational> kind |> ignore) |> ignore
