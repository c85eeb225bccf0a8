module LayerTime.Core.Tests.Constructions.NormalFormTests

open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.KuehnKuntz
open LayerTime.Core.Tests

let private draw (activations: ActivationKind[]) (key: int) : DrawnPerceptron =
    Draws.draw { Draws.smallIntegers with Activations = activations } (RandomStream(uint64 key))

let private exactKinds = [|
    ActivationKind.Cubic
    ActivationKind.Square
    ActivationKind.Relu
    ActivationKind.LeakyRelu(Rational.create 1 4)
    ActivationKind.Identity
|]

let private point (p: Perceptron<Rational>) = Array.init p.Inputs (fun i -> Rational.create (2 * i + 1) 3)
let private tanh, logistic = Networks.tanh, ActivationKind.Transcendental TranscendentalName.Logistic

let private softplus, sine =
    ActivationKind.Transcendental TranscendentalName.Softplus, ActivationKind.Transcendental TranscendentalName.Sine

let private reduced (p: Perceptron<Rational>) : ReducedForm =
    match NormalForm.normalise p with
    | NormalForm.Reduced form -> form
    | NormalForm.Constant _ -> failwith "constant"

let private removals p = (reduced p).Removals

let private number c = NeuronConstant.tryRational c |> Option.get

[<Property(MaxTest = 200)>]
let ``the written network has the same output as the perceptron`` (key: int) =
    let p = (draw exactKinds key).Perceptron
    let written = NormalFormNetwork.write p.Inputs (NormalForm.normalise p)
    let network = NormalFormNetwork.create number ActivationKind.exactly written
    let lifted = network.Lift |> Option.map (fun lift -> LayerMap.apply lift (point p)) |> Option.defaultValue (point p)
    let output = (Simulation.run network.Equation [| lifted |]).Outputs |> Array.last
    NormalFormNetwork.isExact written && output = Perceptron.apply ActivationKind.exactly p (point p)

[<Property(MaxTest = 200)>]
let ``the written network has the widths of the normal form and comes back as it`` (key: int) =
    let p = (draw exactKinds key).Perceptron
    let form = NormalForm.normalise p
    let network = NormalFormNetwork.create number ActivationKind.exactly (NormalFormNetwork.write p.Inputs form)
    let again = Perceptron.ofNetwork id id network |> Defect.orFail |> NormalForm.normalise

    match form, again with
    | NormalForm.Constant a, NormalForm.Constant b -> a = b
    | NormalForm.Reduced a, NormalForm.Reduced b ->
        a.Widths = b.Widths && a.EffectiveNodes = b.EffectiveNodes && a.InputMap = b.InputMap && b.Removals.IsEmpty
    | _ -> false

[<Fact>]
let ``each reason to remove a neuron`` () =
    let one kind rows bias output = Networks.create kind [ rows, bias; [ output ], "0" ]

    let cases = [
        one ActivationKind.Cubic [ "0"; "1" ] "1 0" "2 1", 0, RemovalReason.Constant(NeuronConstant.ofRational (Rational.create 4 3))
        one tanh [ "1"; "2" ] "0 0" "1 0", 1, RemovalReason.Unread
        one tanh [ "1"; "2"; "1" ] "1 0 1" "1 1 3", 2, RemovalReason.Duplicate 0
        one tanh [ "1"; "-1" ] "1 -1" "1 3", 1, RemovalReason.Mirror 0
        one sine [ "1"; "-1" ] "1 -1" "1 3", 1, RemovalReason.Mirror 0
        one logistic [ "1"; "-1" ] "1 -1" "1 3", 1, RemovalReason.Mirror 0
        one ActivationKind.Square [ "1"; "-1" ] "1 -1" "1 3", 1, RemovalReason.Mirror 0
    ]

    for p, neuron, reason in cases do
        Assert.Equal<Removal list>([ { Layer = 0; Neuron = neuron; Reason = reason } ], removals p)

[<Fact>]
let ``neurons that only look alike stay`` () =
    for kind in [ softplus; ActivationKind.Relu; ActivationKind.LeakyRelu(Rational.create 1 4) ] do
        Assert.Empty(removals (Networks.create kind [ [ "1"; "-1" ], "1 -1"; [ "1 3" ], "0" ]))

    Assert.Empty(removals (Networks.create tanh [ [ "1"; "1"; "-1" ], "1 2 2"; [ "1 3 1" ], "0" ]))

    let mixed = { Weights = Networks.matrix [ "1"; "1" ]; Bias = Networks.vector "1 1"; Activations = [| tanh; logistic |] }

    Assert.Empty(removals (Perceptron.create [| mixed |] (Networks.matrix [ "1 1" ]) (Networks.vector "0") |> Defect.orFail))

[<Fact>]
let ``a mirrored pair that cancels leaves a constant`` () =
    // tanh x + tanh(−x) = 0 and s(x) + s(−x) = 1.
    for kind, value in [ tanh, "0"; logistic, "1"; sine, "0" ] do
        match NormalForm.normalise (Networks.create kind [ [ "1"; "-1" ], "2 -2"; [ "1 1" ], "0" ]) with
        | NormalForm.Constant [| constant |] -> Assert.Equal(value, string constant)
        | _ -> Assert.Fail "not constant"

[<Fact>]
let ``the constant of a dead neuron is kept as it is`` () =
    let p = Networks.create tanh [ [ "0"; "1" ], "1/2 0"; [ "1 1"; "2 1" ], "0 1"; [ "1 1" ], "0" ]
    let form = reduced p
    Assert.Equal<string list>([ "1·tanh(1/2)"; "1 + 2·tanh(1/2)" ], form.Hidden[1].Bias |> Array.map string |> Array.toList)
    Assert.True((NormalForm.tryExact form).IsNone)
    Assert.False(NormalFormNetwork.isExact (NormalFormNetwork.write 1 (NormalForm.Reduced form)))

[<Fact>]
let ``a network that is constant far behind its start has a nested value`` () =
    match NormalForm.normalise (Networks.create tanh [ [ "1"; "1" ], "0 1"; [ "0 0" ], "1/3"; [ "2" ], "1"; [ "3" ], "5" ]) with
    | NormalForm.Constant [| constant |] ->
        Assert.Equal("5 + 3·tanh(1 + 2·tanh(1/3))", string constant)
        // 7.78368298301983954654 to 21 digits; three roundings of less than an ulp of 8 each.
        Assert.Equal(7.78368298301983954654, (NeuronConstant.over<Binary64> constant).Value, 4e-15)
    | _ -> Assert.Fail "not constant"

[<Fact>]
let ``a layer left with affine neurons only is absorbed`` () =
    let layer = {
        Weights = Networks.matrix [ "1"; "2" ]
        Bias = Networks.vector "1 0"
        Activations = [| ActivationKind.Identity; tanh |]
    }

    let next = { Weights = Networks.matrix [ "3 0" ]; Bias = Networks.vector "1/2"; Activations = [| tanh |] }

    let form = reduced (Perceptron.create [| layer; next |] (Networks.matrix [ "1" ]) (Networks.vector "0") |> Defect.orFail)
    Assert.Equal<int[]>([| 1; 1; 1 |], form.Widths)
    Assert.Equal(Networks.matrix [ "3" ], form.Hidden[0].Weights)
    Assert.Equal("7/2", string form.Hidden[0].Bias[0])
    Assert.Equal<RemovalReason list>([ RemovalReason.Unread; RemovalReason.Affine ], form.Removals |> List.map _.Reason)
    Assert.Equal("hidden layer 0, neuron 0 is affine like its layer, which the next one absorbs", string form.Removals[1])

[<Fact>]
let ``an affine map keeps the direction it reads`` () =
    let p = Perceptron.create [||] (Networks.matrix [ "2 4 0" ]) (Networks.vector "7") |> Defect.orFail
    let form = reduced p
    Assert.Equal(Networks.matrix [ "1 2 0" ], form.InputMap)
    Assert.Equal(Networks.matrix [ "2" ], form.Output)
    Assert.Equal<int[]>([| 3; 1; 1 |], form.EffectiveNodes)
    Assert.True((NormalForm.tryTwoMatrixForm number form).IsNone)

[<Fact>]
let ``several outputs have a normal form`` () =
    let p = Networks.create ActivationKind.Cubic [ [ "1 1"; "2 2" ], "0 0"; [ "1 0"; "0 1"; "1 1" ], "0 1 2" ]
    let form = reduced p
    let x = Networks.vector "1/2 1/3"
    let exact = (NormalForm.tryExact form).Value

    Assert.Equal<Rational[]>(
        Perceptron.apply ActivationKind.exactly p x,
        Perceptron.apply ActivationKind.exactly exact (Matrix.apply form.InputMap x)
    )
