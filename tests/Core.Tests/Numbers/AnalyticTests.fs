module LayerTime.Core.Tests.Numbers.AnalyticTests

open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.Rigour
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

/// f, f′, f″ at 3/4 to 20 digits, computed with 40 digits by the textbook formulas elsewhere.
let private references = [
    "exp", 2.1170000166126746685, 2.1170000166126746685, 2.1170000166126746685
    "expm1", 1.1170000166126746685, 2.1170000166126746685, 2.1170000166126746685
    "log", -0.28768207245178092744, 1.3333333333333333333, -1.7777777777777777778
    "log1p", 0.55961578793542268627, 0.57142857142857142857, -0.32653061224489795918
    "tanh", 0.63514895238728731921, 0.59658580828133142601, -0.75784170227802138953
    "logistic", 0.67917869917539297316, 0.21789499376181402948, -0.078084283078144408949
    "softplus", 1.1368710061148999437, 0.67917869917539297316, 0.21789499376181402948
    "sin", 0.68163876002333416673, 0.73168886887382088631, -0.68163876002333416673
    "cos", 0.73168886887382088631, -0.68163876002333416673, -0.73168886887382088631
    "sqrt", 0.86602540378443864676, 0.57735026918962576451, -0.38490017945975050967
]

/// 10⁻¹⁴ covers the rounding of the reference to a float and a dozen operations on numbers below 3.
let private near (expected: float) (found: Interval) =
    Assert.True(abs (found.Lower - expected) < 1e-14 && abs (found.Upper - expected) < 1e-14, $"{found} {expected}")

[<Fact>]
let ``every elementary function carries its first and second derivative in jets and in nested dual numbers`` () =
    let at = Interval.ofFloat 0.75
    let jet = AnalyticJet<Interval>((Jet.variables [| at |])[0])
    let inner (x: float) (dx: float) = AnalyticDual<Interval>(Dual(Interval.ofFloat x, Interval.ofFloat dx))
    let nested = Analytic<Dual<AnalyticDual<Interval>>, AnalyticDual<Interval>>(Dual(inner 0.75 1.0, inner 1.0 0.0))

    for (name, f), (_, onNested) in List.zip Functions.All Functions.All do
        let _, value, slope, curvature = references |> List.find (fun (n, _, _, _) -> n = name)
        let found = (f jet).Inner
        near value found.Value
        near slope (Array.head found.Gradient)
        near curvature (Jet.secondDerivative found 0 0)
        let nested = (onNested nested).Inner
        near value nested.Value.Inner.Value
        near slope nested.Value.Inner.Derivative
        near curvature nested.Derivative.Inner.Derivative

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
    // Theory, derivatives: 2-3-2-1 with t + t³/3 at (1/2, −1/3).
    let fraction text = Rational.parse text |> Result.defaultWith failwith
    let row (text: string) = text.Split ' ' |> Array.map fraction
    let matrix (text: string) = text.Split "; " |> Array.map row |> LayerTime.Core.Algebra.Matrix.ofRows

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

    let trajectory =
        LayerTime.Core.Semantics.Simulation.run network.Equation [| Jet.variables [| Rational.create 1 2; Rational.create -1 3 |] |]

    let jet = trajectory[3][0]
    Assert.Equal(fraction "427531184918653/8707129344000", jet.Value)
    Assert.Equal<Rational[]>([| fraction "304617160187/3224862720"; fraction "-877912589879/6449725440" |], Jet.gradient 2 jet)
    Assert.Equal(fraction "715986057023/3023308800", Jet.secondDerivative jet 0 0)
    Assert.Equal(fraction "-137456694979/503884800", Jet.secondDerivative jet 0 1)
    Assert.Equal(fraction "141466439/331776", Jet.secondDerivative jet 1 1)
