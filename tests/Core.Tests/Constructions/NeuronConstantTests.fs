module LayerTime.Core.Tests.Constructions.NeuronConstantTests

open FsCheck
open FsCheck.FSharp
open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.KuehnKuntz
open LayerTime.Core.Tests

let private named name = ActivationKind.Transcendental name

let private tanh, logistic, softplus, sine =
    named TranscendentalName.Tanh, named TranscendentalName.Logistic, named TranscendentalName.Softplus, named TranscendentalName.Sine

let private kinds = [|
    ActivationKind.Identity
    ActivationKind.Cubic
    ActivationKind.Square
    ActivationKind.Relu
    ActivationKind.LeakyRelu(Rational.create 1 4)
    tanh
    logistic
    softplus
    sine
|]

/// Sums of activations of sums, three deep, with the same in intervals, built independently.
let rec private draw (stream: RandomStream) (depth: int) : NeuronConstant * Interval =
    let q = Draws.dyadic 4 1 stream

    if depth = 0 then
        NeuronConstant.ofRational q, Interval.ofRational q
    else
        let kind = kinds[stream.NextInt(0, kinds.Length - 1)]
        let a, a' = draw stream (depth - 1)
        let b, b' = draw stream (depth - 1)
        let value = Arithmetic.(*) (Interval.ofRational q) (Activation.value (ActivationKind.over kind) b')
        NeuronConstant.addScaled a q (NeuronConstant.apply kind b), Arithmetic.(+) a' value

[<NoComparison; NoEquality>]
type Drawn = Drawn of NeuronConstant * Interval

type ConstantGenerators =
    static member Drawn() : Arbitrary<Drawn> = Generator.stream |> Gen.map (fun stream -> draw stream 3 |> Drawn) |> Arb.fromGen

let private q p r = NeuronConstant.ofRational (Rational.create p r)
let private plus a b = NeuronConstant.addScaled a Rational.One b

[<Property(Arbitrary = [| typeof<ConstantGenerators> |], MaxTest = 300)>]
let ``a constant is the number it was made of`` (Drawn(constant, enclosure)) =
    not (Interval.disjoint enclosure (NeuronConstant.over constant))

[<Property(Arbitrary = [| typeof<ConstantGenerators> |])>]
let ``a constant minus itself is zero`` (Drawn(constant, _)) = plus constant (NeuronConstant.negate constant) = NeuronConstant.zero

[<Property(Arbitrary = [| typeof<ConstantGenerators> |])>]
let ``odd and even activations and their kin know it`` (Drawn(c, _)) =
    let negated = NeuronConstant.negate c
    let apply kind = NeuronConstant.apply kind c, NeuronConstant.apply kind negated
    let sum kind = apply kind ||> plus

    sum tanh = NeuronConstant.zero
    && sum sine = NeuronConstant.zero
    && sum ActivationKind.Cubic = NeuronConstant.zero
    && sum logistic = q 1 1
    && (apply ActivationKind.Square ||> (=))
    // log(1 + eᶜ) − log(1 + e⁻ᶜ) = c
    && (let a, b = apply softplus in plus a (NeuronConstant.negate b) = c)

[<Fact>]
let ``values at fractions are fractions where the activation has them`` () =
    Assert.Equal(q 14 3, NeuronConstant.apply ActivationKind.Cubic (q 2 1))
    Assert.Equal(q -1 4, NeuronConstant.apply (ActivationKind.LeakyRelu(Rational.create 1 4)) (q -1 1))
    Assert.Equal(q 0 1, NeuronConstant.apply tanh (q 0 1))
    Assert.Equal(q 1 2, NeuronConstant.apply logistic (q 0 1))
    Assert.Equal(None, NeuronConstant.tryRational (NeuronConstant.apply softplus (q 0 1)))

[<Fact>]
let ``a logistic constant is known as the tanh it is`` () =
    // s(1) = 1/2 + 1/2·tanh(1/2)
    let half = Rational.create 1 2
    Assert.Equal(NeuronConstant.addScaled (q 1 2) half (NeuronConstant.apply tanh (q 1 2)), NeuronConstant.apply logistic (q 1 1))

[<Fact>]
let ``constants are written as sums`` () =
    Assert.Equal("0", string NeuronConstant.zero)
    Assert.Equal("1 + -2·tanh(1/2)", string (NeuronConstant.addScaled (q 1 1) (Rational.ofInt 2) (NeuronConstant.apply tanh (q -1 2))))
