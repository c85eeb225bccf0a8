module LayerTime.Core.Tests.Numbers.AnalyticTests

open System
open Xunit
open FsCheck
open FsCheck.FSharp
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Rigour
open LayerTime.Core.Tests
open LayerTime.Core.Tests.Rigour

type private Functions<'T when 'T :> ITranscendental<'T>> =
    static member All: (string * ('T -> 'T)) list = [
        "exp", Transcendental.exp
        "expm1", Transcendental.expm1
        "log", Transcendental.log
        "log1p", Transcendental.log1p
        "tanh", Transcendental.tanh
        "logistic", Transcendental.logistic
        "softplus", Transcendental.softplus
        "sin", Transcendental.sin
        "cos", Transcendental.cos
        "sqrt", Transcendental.sqrt
    ]

    static member Named(name: string) : 'T -> 'T = Functions<'T>.All |> List.find (fst >> (=) name) |> snd

/// What is true of the elementary functions, as two sides that are equal at every x and y.
type private Identities<'T when 'T :> ITranscendental<'T>> =
    static member All: (string * ('T -> 'T -> 'T) * ('T -> 'T -> 'T)) list =
        let inline (+) a b = Arithmetic.(+) a b
        let inline (-) a b = Arithmetic.(-) a b
        let inline (*) a b = Arithmetic.(*) a b
        let inline (/) a b = Arithmetic.(/) a b
        let negate (a: 'T) = 'T.Negation a
        let one, two: 'T * 'T = Ring.ratio 1 1, Ring.ratio 2 1
        let exp, expm1, log1p: ('T -> 'T) * ('T -> 'T) * ('T -> 'T) = Transcendental.exp, Transcendental.expm1, Transcendental.log1p

        let sin, cos, softplus: ('T -> 'T) * ('T -> 'T) * ('T -> 'T) =
            Transcendental.sin, Transcendental.cos, Transcendental.softplus

        [
            "exp(x+y) = exp x · exp y", (fun x y -> exp (x + y)), (fun x y -> exp x * exp y)
            "log(exp x) = x", (fun x _ -> Transcendental.log (exp x)), (fun x _ -> x)
            "expm1 x = exp x − 1", (fun x _ -> expm1 x), (fun x _ -> exp x - one)
            "log1p(expm1 x) = x", (fun x _ -> log1p (expm1 x)), (fun x _ -> x)
            "tanh x = (e²ˣ−1)/(e²ˣ+1)", (fun x _ -> Transcendental.tanh x), (fun x _ -> expm1 (two * x) / (expm1 (two * x) + two))
            "logistic x = 1/(1+e⁻ˣ)", (fun x _ -> Transcendental.logistic x), (fun x _ -> one / (one + exp (negate x)))
            "softplus x = log1p(exp x)", (fun x _ -> softplus x), (fun x _ -> log1p (exp x))
            "softplus x = softplus(−x) + x", (fun x _ -> softplus x), (fun x _ -> softplus (negate x) + x)
            "sin(x+y) = sin x cos y + cos x sin y", (fun x y -> sin (x + y)), (fun x y -> sin x * cos y + cos x * sin y)
            "cos(x+y) = cos x cos y − sin x sin y", (fun x y -> cos (x + y)), (fun x y -> cos x * cos y - sin x * sin y)
            "√(exp 2x) = exp x", (fun x _ -> Transcendental.sqrt (exp (two * x))), (fun x _ -> exp x)
        ]

let private fraction (text: string) : Rational = Rational.parse text |> Result.defaultWith failwith
let private fractions (text: string) : Rational[] = text.Split ' ' |> Array.map fraction

let private assertHolds (name: string) (expected: Rational) (enclosure: Interval) =
    Assert.True(Interval.containsRational expected enclosure, $"{name}: {enclosure} does not hold {Rational.toFloat expected}")

/// f, f′ and f″ to 20 digits, by numerical differentiation of f with 60 digits (mpmath).
let private references = [
    "exp", "0.75", "2.1170000166126746685 2.1170000166126746685 2.1170000166126746685"
    "expm1", "0.75", "1.1170000166126746685 2.1170000166126746685 2.1170000166126746685"
    "log", "0.75", "-0.28768207245178092744 1.3333333333333333333 -1.7777777777777777778"
    "log1p", "0.75", "0.55961578793542268627 0.57142857142857142857 -0.32653061224489795918"
    "tanh", "0.75", "0.63514895238728731921 0.59658580828133142601 -0.75784170227802138953"
    "logistic", "0.75", "0.67917869917539297316 0.21789499376181402948 -0.078084283078144408949"
    "softplus", "0.75", "1.1368710061148999437 0.67917869917539297316 0.21789499376181402948"
    "sin", "0.75", "0.68163876002333416673 0.73168886887382088631 -0.68163876002333416673"
    "cos", "0.75", "0.73168886887382088631 -0.68163876002333416673 -0.73168886887382088631"
    "sqrt", "0.75", "0.86602540378443864676 0.57735026918962576451 -0.38490017945975050967"
    "exp", "-0.625", "0.53526142851899024196 0.53526142851899024196 0.53526142851899024196"
    "expm1", "-0.625", "-0.46473857148100975804 0.53526142851899024196 0.53526142851899024196"
    "log1p", "-0.625", "-0.98082925301172623686 2.6666666666666666667 -7.1111111111111111111"
    "tanh", "-0.625", "-0.554599722349382294 0.69241914796998806963 0.76803093442710247617"
    "logistic", "-0.625", "0.34864513533394575638 0.22709170494192040464 0.068742868536535769021"
    "softplus", "-0.625", "0.42870067827651863721 0.34864513533394575638 0.22709170494192040464"
    "sin", "-0.625", "-0.58509727294046215481 0.81096311950521790219 0.58509727294046215481"
    "cos", "-0.625", "0.81096311950521790219 0.58509727294046215481 -0.81096311950521790219"
    "exp", "-2.5", "0.08208499862389879517 0.08208499862389879517 0.08208499862389879517"
    "expm1", "-2.5", "-0.91791500137610120483 0.08208499862389879517 0.08208499862389879517"
    "tanh", "-2.5", "-0.98661429815143028888 0.026592226683160619656 0.052472542130580503504"
    "logistic", "-2.5", "0.075858180021243551193 0.070103716545108156932 0.059467835845434067774"
    "softplus", "-2.5", "0.078889734292549623344 0.075858180021243551193 0.070103716545108156932"
    "sin", "-2.5", "-0.59847214410395649405 -0.80114361554693371483 0.59847214410395649405"
    "cos", "-2.5", "-0.80114361554693371483 0.59847214410395649405 0.80114361554693371483"
    "exp", "3.5", "33.115451958692313751 33.115451958692313751 33.115451958692313751"
    "expm1", "3.5", "32.115451958692313751 33.115451958692313751 33.115451958692313751"
    "log", "3.5", "1.2527629684953679957 0.28571428571428571429 -0.081632653061224489796"
    "log1p", "3.5", "1.5040773967762740734 0.22222222222222222222 -0.049382716049382716049"
    "tanh", "3.5", "0.99817789761119870928 0.0036408847204873060615 -0.0072685013114815120429"
    "logistic", "3.5", "0.97068776924864368113 0.02845302387973555984 -0.026784980676662239136"
    "softplus", "3.5", "3.5297504182726205652 0.97068776924864368113 0.02845302387973555984"
    "sin", "3.5", "-0.35078322768961984812 -0.9364566872907963377 0.35078322768961984812"
    "cos", "3.5", "-0.9364566872907963377 0.35078322768961984812 0.9364566872907963377"
    "sqrt", "3.5", "1.8708286933869706928 0.26726124191242438468 -0.038180177416060626384"
]

/// All derivatives of a function at a point, up to the second: by a jet and by nested dual numbers.
let private derivatives (name: string) (at: 'T) : 'T[] * 'T[] when 'T :> ITranscendental<'T> =
    let jet = Functions<AnalyticJet<'T>>.Named name (Array.head (AnalyticJet.variables [| at |]))

    [| AnalyticJet.value jet; Array.head (AnalyticJet.gradient 1 jet); AnalyticJet.secondDerivative jet 0 0 |],
    [|
        Functions<AnalyticDual<'T>>.Named name (AnalyticDual.variable at) |> AnalyticDual.value
        AnalyticDual.derivative (Functions<AnalyticDual<'T>>.Named name) at
        AnalyticDual.secondDerivative (Functions<AnalyticDual<AnalyticDual<'T>>>.Named name) at
    |]

/// Fewer than sixteen roundings by at most half a unit, each of a number at most eight times the larger of 1 and the result.
let private roundoff (result: float) : float = 16.0 * 8.0 * Math.ScaleB(1.0, -53) * max 1.0 (abs result)

[<Fact>]
let ``over intervals every elementary function encloses its first and second derivative, in jets and in nested dual numbers`` () =
    for name, at, expected in references do
        let jet, nested = derivatives name (Interval.ofRational (fraction at))

        for form, found in [ "jet", jet; "dual", nested ] do
            for expected, enclosure in Array.zip (fractions expected) found do
                assertHolds $"{form} of {name} at {at}" expected enclosure
                // Both ends are rounded, each by at most two units.
                let allowed = 8.0 * roundoff (Rational.toFloat expected)
                Assert.True(Interval.width enclosure <= allowed, $"{form} of {name} at {at}: {enclosure} is wide")

[<Fact>]
let ``over floats every elementary function has its first and second derivative to the last few bits`` () =
    for name, at, expected in references do
        let jet, nested = derivatives name (Binary64.ofFloat (float at))

        for found in [ jet; nested ] do
            for expected, found in Array.zip (fractions expected |> Array.map Rational.toFloat) found do
                Assert.True(abs (found.Value - expected) <= roundoff expected, $"{name} at {at}: {found} instead of {expected:R}")

/// Any value, gradient and Hessian in two directions, all of them multiples of 1/16 in [−1, 1].
let private jets: Arbitrary<float[] * float[]> =
    let one = Gen.arrayOfLength 6 (Gen.choose (-16, 16) |> Gen.map (fun n -> float n / 16.0))
    Arb.fromGen (Gen.zip one one)

let private jetOf (number: float -> 'T) (entries: float[]) : AnalyticJet<'T> =
    let numbers = Array.map number entries
    AnalyticJet<'T>(Jet(numbers[0], numbers[1..2], numbers[3..5]))

let private entriesOf (jet: AnalyticJet<'T>) : 'T[] = Array.concat [ [| jet.Inner.Value |]; jet.Inner.Gradient; jet.Inner.Upper ]

[<Property>]
let ``the identities of the elementary functions hold for all derivatives of floats`` () =
    Prop.forAll jets (fun (x, y) ->
        Identities<AnalyticJet<Binary64>>.All
        |> List.map (fun (name, left, right) ->
            let x, y = jetOf Binary64.ofFloat x, jetOf Binary64.ofFloat y

            // At most 2⁷ roundings of numbers below 2⁷, which divisions by numbers above 1/8 magnify by at most 2³.
            let isNear (a: Binary64) (b: Binary64) = abs (a.Value - b.Value) <= Math.ScaleB(1.0, 7 + 7 + 3 - 53)
            Array.forall2 isNear (entriesOf (left x y)) (entriesOf (right x y)) |> Prop.label name)
        |> List.reduce (.&.))

[<Property>]
let ``both sides of an identity of the elementary functions enclose the same derivatives`` () =
    Prop.forAll jets (fun (x, y) ->
        let around (a: float) = Interval.ofBounds (a - 1.0 / 64.0) (a + 1.0 / 64.0)

        Identities<AnalyticJet<Interval>>.All
        |> List.map (fun (name, left, right) ->
            let x, y = jetOf around x, jetOf around y
            Array.forall2 (fun a b -> not (Interval.disjoint a b)) (entriesOf (left x y)) (entriesOf (right x y)) |> Prop.label name)
        |> List.reduce (.&.))

/// A network of theory 2.4 or 2.12 at a point, with Φ, Φ_x and the upper triangle of its Hessian by the forward formulas of theory 1.3 with 40
/// digits, and the index of the Hessian where it is regular.
[<NoComparison; NoEquality>]
type private Reference = {
    Network: Perceptron<Interval>
    Point: string
    Value: string
    Gradient: string
    Hessian: string
    Index: int option
}

let private narrowing =
    Networks.perceptron Networks.tanh [ "1 -0.5 0.25; 0.5 1 -1", "0.1 -0.2"; "1 0.5; -0.5 1.5", "0.3 0" ] "1 -2"

let private networkReferences = [
    for network, point, value, gradient, hessian, index in
        [
            narrowing,
            "0.3 -0.7 0.5",
            "2.3730073392465614549",
            "0.4298217868765387667 -0.23881603582216346068 0.12897007486463936128",
            "-0.87846446463297408601 0.35419167239112849461 -0.14307961222542082795 -0.3558333175653247172 0.24941165133056654656 -0.19585456375242572631",
            None
            Networks.a241,
            "0.13311935480624927 -0.4757504054158456",
            "2.1097588052668372256",
            "1.4956410025407068884e-17 -7.3338529152765559681e-18",
            "-4.7954787968087284883 1.0441698659490473692 -1.6571407155947335553",
            Some 2
            Networks.a241,
            "0.39531619267845411 1.1124032697079512",
            "0.29020355922899395763",
            "2.450394455710288837e-17 7.7023646550716035749e-17",
            "-4.377573723649558532 0.30075866528424421087 2.2717776171280289439",
            Some 1
            Networks.a241,
            "1.6009298115290233 -0.26325339147152537",
            "0.6901606500986067151",
            "6.9041675516108230495e-18 -2.1177762578741352043e-18",
            "0.70455763189361415445 0.17489752169619153665 -1.7048996411239560776",
            Some 1
            Networks.a241,
            "2.0190599819920591 1.4716890997224997",
            "-1.2701420681240712081",
            "-1.3058100552382957102e-18 -1.4531062802907025088e-17",
            "0.59260511588479647628 -0.39942213252238592726 1.3403282331399402029",
            Some 0
            Networks.b2321,
            "-0.084756489797982735 2.0755596847205793",
            "0.16883211021673910246",
            "6.8811007167149410239e-19 6.8675498596604462016e-19",
            "0.03559389846978792236 0.028458015091381379029 0.028471537429997724785",
            Some 0
            Networks.b2321,
            "0.19172412183950083 -0.32360331869105351",
            "-0.17919434755362646481",
            "-4.1971246280044045375e-18 -5.1510048216973501462e-18",
            "-1.4535060760629842379 -1.5496425276860459744 -0.33394395126818864943",
            Some 1
            Networks.b2321,
            "0.49711499574751543 -0.68456716767256779",
            "-0.17001560522860443716",
            "-7.741617883405144824e-18 -7.2056179261642056101e-18",
            "-1.2683032880991666325 -1.0990168041926707083 -1.0836157994481691251",
            Some 2
            Networks.b2321,
            "0.84489293291812683 0.90470682950196132",
            "0.26825244442405389106",
            "-1.4455852918855448248e-17 1.9076739701816309115e-17",
            "-1.4320431188099122861 2.0648672028730779614 -2.5634255050731491233",
            Some 1
        ] do
        { Network = network; Point = point; Value = value; Gradient = gradient; Hessian = hessian; Index = index }
]

/// The output of a perceptron by the generic semantics, over any numbers with elementary functions.
let private run (number: Interval -> 'T) (p: Perceptron<Interval>) (input: 'T[]) : 'T :> ITranscendental<'T> =
    let network = Perceptron.map number p |> Perceptron.toNetwork ActivationKind.over
    Simulation.run network.Equation (Simulation.history network input) |> Simulation.output network |> Array.head

/// Φ, Φ_x and the upper triangle of the Hessian in one sweep over jets.
let private byJets (number: Interval -> 'T) (p: Perceptron<Interval>) (point: 'T[]) : 'T[] when 'T :> ITranscendental<'T> =
    run (number >> AnalyticJet.constant) p (AnalyticJet.variables point) |> entriesOf

/// The same by one sweep over nested dual numbers for each pair of directions.
let private byNestedDuals (number: Interval -> 'T) (p: Perceptron<Interval>) (point: 'T[]) : 'T[] when 'T :> ITranscendental<'T> =
    let n = point.Length
    let indicator i j : 'T = if i = j then 'T.One else 'T.Zero

    let sweep i j =
        let input =
            point
            |> Array.mapi (fun k x ->
                AnalyticDual<AnalyticDual<'T>>(Dual(AnalyticDual<'T>(Dual(x, indicator i k)), AnalyticDual.constant (indicator j k))))

        (run (number >> AnalyticDual.constant >> AnalyticDual.constant) p input).Inner

    [|
        (sweep 0 0).Value.Inner.Value
        for i in 0 .. n - 1 do
            (sweep i i).Value.Inner.Derivative
        for i in 0 .. n - 1 do
            for j in i .. n - 1 do
                (sweep i j).Derivative.Inner.Derivative
    |]

[<Fact>]
let ``jets and nested dual numbers of intervals enclose value, gradient and Hessian of the worked networks narrowly`` () =
    for reference in networkReferences do
        let expected = fractions $"{reference.Value} {reference.Gradient} {reference.Hessian}"
        let point = fractions reference.Point |> Array.map Interval.ofRational

        for found in [ byJets id reference.Network point; byNestedDuals id reference.Network point ] do
            Array.iter2 (assertHolds $"at {reference.Point}") expected found
            // Fewer than 2⁹ roundings reach a result, none of them of a number above 2⁴ on its way there.
            Assert.All(found, (fun entry -> Assert.True(Interval.width entry <= Math.ScaleB(1.0, 9 + 4 - 52), $"{entry}")))

[<Fact>]
let ``a run of floats with all derivatives lies inside the run of intervals, operation by operation`` () =
    for reference in networkReferences do
        let point = fractions reference.Point |> Array.map Interval.ofRational
        let float = Interval.midpoint >> Binary64.ofFloat

        for intervals, floats in
            [
                byJets id reference.Network point, byJets float reference.Network (Array.map float point)
                byNestedDuals id reference.Network point, byNestedDuals float reference.Network (Array.map float point)
            ] do
            Array.iter2
                (fun (x: Binary64) enclosure -> Assert.True(Interval.contains x.Value enclosure, $"{x} {enclosure}"))
                floats
                intervals

[<Fact>]
let ``the Hessian by jets has the index of every worked critical point, and none where the network narrows`` () =
    for reference in networkReferences do
        let point = fractions reference.Point |> Array.map Interval.ofRational
        let n = point.Length
        let jet = run AnalyticJet.constant reference.Network (AnalyticJet.variables point)
        let hessian = Matrix.init n n (AnalyticJet.secondDerivative jet)

        match reference.Index, Inertia.ofSymmetric hessian with
        | Some index, Inertia.Known(negative, positive) ->
            Assert.Equal(index, negative)
            Assert.Equal(n - index, positive)
        // Two hidden neurons after three inputs: the Hessian has rank 2 everywhere.
        | None, Inertia.Undecided _ -> ()
        | expected, found -> Assert.Fail $"at {reference.Point}: {found} instead of {expected}"

[<Fact>]
let ``the generic semantics over jets encloses what the formulas of a perceptron give`` () =
    for p, box in
        [
            Networks.a241, Box.cube 2 0.5
            Networks.b2321, [| Interval.ofBounds 0.25 0.5; Interval.ofBounds -0.75 -0.5 |]
            Networks.deep, Box.ofPoint [| 0.3; -0.2 |]
        ] do
        let formulas = Networks.map p
        let generic = Networks.generic p
        let struct (gradient, hessian) = formulas.Gradient.ValueAndJacobian box
        let struct (gradient', hessian') = generic.Gradient.ValueAndJacobian box
        let meet a b = Assert.False(Interval.disjoint a b, $"{a} {b}")
        meet (formulas.Value box) (generic.Value box)
        Array.iter2 meet gradient gradient'
        Array.iter2 meet (hessian.Entries.ToArray()) (hessian'.Entries.ToArray())

[<Fact>]
let ``the gradient and Hessian of the worked network with rational weights are exact over jets of fractions`` () =
    // 2-3-2-1 with t + t³/3 at (1/2, −1/3).
    let row = fractions
    let matrix (text: string) = text.Split "; " |> Array.map row |> Matrix.ofRows

    let network: Network<Jet<Rational>> =
        [
            "1 -1/2; 1/3 2; -1 1", "1/4 0 -1/2", Activation.Cubic
            "1 -1 1/2; 0 1/3 1", "1/5 -1", Activation.Cubic
            "2 -3", "1", Activation.Identity
        ]
        |> List.map (fun (weights, bias, activation) -> LayerMap.dense (matrix weights) (row bias) activation |> Defect.orFail)
        |> List.map (LayerMap.map Jet.constant (Activation.mapWith Jet.constant (fun _ -> failwith "exact") id))
        |> List.toArray
        |> Architecture.FeedForward
        |> Network.ofArchitecture
        |> Defect.orFail

    let trajectory = Simulation.run network.Equation [| Jet.variables [| Rational.create 1 2; Rational.create -1 3 |] |]

    let jet = trajectory[3][0]
    Assert.Equal(fraction "427531184918653/8707129344000", jet.Value)
    Assert.Equal<Rational[]>([| fraction "304617160187/3224862720"; fraction "-877912589879/6449725440" |], Jet.gradient 2 jet)
    Assert.Equal(fraction "715986057023/3023308800", Jet.secondDerivative jet 0 0)
    Assert.Equal(fraction "-137456694979/503884800", Jet.secondDerivative jet 0 1)
    Assert.Equal(fraction "141466439/331776", Jet.secondDerivative jet 1 1)
