module LayerTime.Core.Tests.Constructions.ArchitectureClassTests

open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.KuehnKuntz
open LayerTime.Core.Tests

let private n, g, b = ArchitectureClass.NonAugmented, ArchitectureClass.Augmented, ArchitectureClass.Bottleneck
let private classify p = ArchitectureClass.classify p |> Defect.orFail
let private cubic = Networks.create ActivationKind.Cubic
let private ofKind kind = Networks.withActivation kind Networks.N221
let private leaky slope = ActivationKind.LeakyRelu slope

let private draws (recipe: Recipe) (key: int) : DrawnPerceptron = Draws.draw recipe (RandomStream(uint64 key))

[<Property>]
let ``at full rank the effective class is that of the widths`` (key: int) =
    [ n; g; b ]
    |> List.forall (fun architecture ->
        let c = classify (draws (Draws.ofClass architecture) key).Perceptron

        match c.NormalForm with
        | NormalForm.Reduced form when form.Removals.IsEmpty ->
            c.Effective = Some architecture
            && c.EffectiveNodes = Array.append (ArchitectureClass.withFullRanks (Array.take (c.Widths.Length - 1) c.Widths)) [| 1 |]
        // A tie or a zero by chance.
        | _ -> c.Syntactic = architecture)

[<Property>]
let ``what is drawn for a class has that class and full ranks`` (key: int) =
    [ n; g; b ]
    |> List.forall (fun architecture ->
        let drawn = draws (Draws.ofClass architecture) key
        Draws.hasClass architecture drawn && Draws.hasFullRanks drawn)

[<Property>]
let ``spurious linear width does not count`` (key: int) =
    // W·W̃ with W̃ wider than both neighbours: the merged matrix is what is classified.
    let stream = RandomStream(uint64 key)
    let entry = Draws.dyadic 2 1

    let neurons rows columns kind = {
        Weights = Matrix.ofRows (Draws.fullRank entry stream rows columns)
        Bias = Draws.vector entry stream rows
        Activations = Array.create rows kind
    }

    let layers = [|
        neurons 2 2 ActivationKind.Cubic
        neurons 5 2 ActivationKind.Identity
        neurons 2 5 ActivationKind.Cubic
        neurons 1 2 ActivationKind.Identity
    |]

    let c = Perceptron.ofLayers layers |> Defect.orFail |> classify
    ArchitectureClass.ofNodes [| 2; 2; 5; 2; 1 |] = g && c.Widths = [| 2; 2; 2; 1 |] && c.Syntactic = n

[<Fact>]
let ``one scan tells the classes apart`` () =
    let cases = [
        n, [ [| 1; 1; 1 |]; [| 3; 2; 2; 1 |]; [| 4; 1 |] ]
        g, [ [| 1; 2; 1 |]; [| 2; 2; 3; 3; 1 |]; [| 2; 3; 2; 1 |] ]
        b, [ [| 2; 1; 2; 1 |]; [| 3; 4; 2; 3; 1 |]; [| 1; 2; 1; 2; 1 |] ]
    ]

    for expected, sequences in cases do
        for nodes in sequences do
            Assert.Equal(expected, ArchitectureClass.ofNodes nodes)

[<Fact>]
let ``a bottleneck as wide as the input is harmless, a narrower one only where nothing widens behind it`` () =
    for widths in [ [| 1; 2; 1; 2; 1 |]; [| 2; 3; 2; 3; 1 |]; [| 3; 4; 2; 1; 1 |]; [| 2; 2; 1 |] ] do
        Assert.True(ArchitectureClass.isMorseForAlmostAllWeights widths)

    for widths in [ [| 2; 1; 2; 1 |]; [| 3; 2; 3; 1 |]; [| 3; 4; 2; 3; 1 |]; [| 3; 2; 4; 1; 2; 1 |] ] do
        Assert.False(ArchitectureClass.isMorseForAlmostAllWeights widths)

[<Fact>]
let ``each law on a network that has it`` () =
    let laws = [
        Networks.N3221, CriticalPointLaw.NoCriticalPoint
        Networks.A241, CriticalPointLaw.MorseForAlmostAllWeights
        Networks.B2321, CriticalPointLaw.MorseForAlmostAllWeights
        Networks.harmless12121, CriticalPointLaw.MorseForAlmostAllWeights
        Networks.flat23231, CriticalPointLaw.MorseForAlmostAllWeights
        Networks.criticalLines, CriticalPointLaw.Degenerate 1
        cubic [ [ "1 0 0"; "0 1 0" ], "0 0"; [ "1 1"; "1 -1"; "1 2" ], "0 0 0"; [ "1 1 1" ], "0" ], CriticalPointLaw.Degenerate 1
        Networks.bottleneck2121, CriticalPointLaw.Degenerate 1
        // 2-2-1-2-1, of full rank: the first matrix keeps both directions, the second does not.
        cubic [ [ "1 0"; "0 1" ], "0 0"; [ "1 1" ], "0"; [ "1"; "2" ], "0 1"; [ "1 1" ], "0" ], CriticalPointLaw.DegenerateForOpenSet
        cubic [ [ "1 0"; "0 1" ], "0 0"; [ "1 1"; "2 2" ], "0 1"; [ "1 1" ], "0" ], CriticalPointLaw.DegenerateBehind 1
        Networks.leaky2221, CriticalPointLaw.NoExtremum
        cubic [ [ "1" ], "0"; [ "0" ], "3" ], CriticalPointLaw.Constant
    ]

    for p, law in laws do
        Assert.Equal(law, (classify p).Law)

let private reasons = [
    ofKind ActivationKind.Relu, "relu is constant for t < 0"
    ofKind ActivationKind.Square, "square has the derivative 0 at t = 0"
    ofKind (ActivationKind.Transcendental TranscendentalName.Sine), "sin has the derivative 0 at t = π/2"
    ofKind (leaky (Rational.create -1 2)), "leaky-relu of slope -1/2 does not increase for t < 0"
    Networks.withActivation (leaky (Rational.create 1 2)) Networks.A241, "without second derivatives"
]

[<Fact>]
let ``activations outside the theorems are named with the reason`` () =
    for p, reason in reasons do
        match (classify p).Law with
        | CriticalPointLaw.Open found -> Assert.Contains(reason, found)
        | law -> Assert.Fail $"found {law}"

[<Fact>]
let ``a leaky ReLU of slope one is the identity`` () =
    Assert.Equal(Admissibility.Admissible, ArchitectureClass.admissibility (leaky Rational.One))
    Assert.Equal(CriticalPointLaw.NoCriticalPoint, (classify (ofKind (leaky Rational.One))).Law)

[<Fact>]
let ``neurons that are removed do not count, whatever their activation`` () =
    let dead = {
        Weights = Networks.matrix [ "1 0"; "0 1"; "0 0" ]
        Bias = Networks.vector "0 0 1"
        Activations = [| ActivationKind.Cubic; ActivationKind.Cubic; ActivationKind.Relu |]
    }

    let p = Perceptron.create [| dead |] (Networks.matrix [ "1 1 1" ]) (Networks.vector "0") |> Defect.orFail
    let c = classify p
    Assert.Equal((g, Some n, CriticalPointLaw.NoCriticalPoint), (c.Syntactic, c.Effective, c.Law))

[<Fact>]
let ``the explanation has the widths, the ranks, what was removed and what follows`` () =
    let p = cubic [ [ "1 0"; "1 1"; "0 2" ], "1/2 0 -1"; [ "1 0 1"; "2 0 2" ], "1/2 1"; [ "1 1" ], "0" ]

    Assert.Equal<string list>(
        [
            "The widths 2-3-2-1 are augmented."
            "1 neuron contributes nothing of its own and is removed, which leaves the widths 2-2-2-1."
            "With the ranks 2-1 of the matrices in between, 2-2-2-1-2-1 is bottleneck in effect."
            "A matrix has rank 1, less than full: where the gradient of the part behind it vanishes, critical points are degenerate."
        ],
        ArchitectureClass.explain (classify p)
    )

[<Fact>]
let ``several outputs have no class`` () =
    match ArchitectureClass.classify (Perceptron.create [||] (Matrix.identity 2) (Vector.zero 2) |> Defect.orFail) with
    | Error [ defect ] -> Assert.Equal(("output", "2 outputs"), (defect.Where, defect.Found))
    | _ -> Assert.Fail "a class"
