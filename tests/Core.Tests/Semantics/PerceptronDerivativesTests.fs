module LayerTime.Core.Tests.Semantics.PerceptronDerivativesTests

open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Claims.KuehnKuntz

let private floats (p: Perceptron<Rational>) = Perceptron.map (Rational.toFloat >> Binary64) p
let private point (x: float list) = x |> List.map Binary64 |> List.toArray
let private over: ActivationKind -> Activation<Binary64> = ActivationKind.over

let private valueOf p x =
    let value = Perceptron.apply over p x
    value[0].Value

/// |computed − reference| ≤ 10⁻¹²·max(1, |reference|), the agreement of decimals with at least 16 digits.
let private assertNear (expected: float) (found: float) =
    Assert.True(abs (found - expected) <= 1e-12 * max 1.0 (abs expected), $"found {found}, expected {expected}")

// Critical points, values and Hessian eigenvalues, computed elsewhere with 18 digits: trace and determinant of H are checked.
let private critical = [
    "A241", Networks.A241, [ 0.13311935480624927; -0.4757504054158456 ], 2.1097588052668372, (-5.1111392410505691, -1.3414802713528929)
    "A241", Networks.A241, [ 2.0190599819920591; 1.4716890997224997 ], -1.2701420681240712, (0.41937389904538431, 1.5135594499793523)
    "B2321",
    Networks.B2321,
    [ -0.084756489797982735; 2.0755596847205793 ],
    0.1688321102167391,
    (0.0033527488139859541, 0.060712687085799702)
    "B2321",
    Networks.B2321,
    [ 0.49711499574751543; -0.68456716767256779 ],
    -0.17001560522860444,
    (-2.2788490681658094, -0.073070019381526329)
    "2-3-2-3-1", Networks.flat23231, [ -0.43992075784289033; -1.973805843442463 ], nan, (-0.03294116105065139, -0.00034513498834048433)
]

[<Fact>]
let ``gradients vanish at the known critical points, and Hessians have the known eigenvalues`` () =
    for _, p, x, value, (low, high) in critical do
        let p, x = floats p, point x
        let h = PerceptronDerivatives.hessian (ActivationKind.derivative over) p x

        for g in PerceptronDerivatives.gradient (ActivationKind.derivative over) p x do
            assertNear 0.0 g.Value

        if not (System.Double.IsNaN value) then
            assertNear value (valueOf p x)

        assertNear (low + high) (h[0, 0].Value + h[1, 1].Value)
        assertNear (low * high) (h[0, 0].Value * h[1, 1].Value - h[0, 1].Value * h[1, 0].Value)

[<Fact>]
let ``the gradient of a non-augmented network is the known one`` () =
    let x = point [ 0.3; -0.7; 0.5 ]
    let gradient = PerceptronDerivatives.gradient (ActivationKind.derivative over) (floats Networks.N3221) x
    assertNear 2.3730073392465615 (valueOf (floats Networks.N3221) x)
    Array.iter2 (fun e (g: Binary64) -> assertNear e g.Value) [| 0.42982178687653877; -0.23881603582216346; 0.12897007486463936 |] gradient

[<Fact>]
let ``forward and backward derivatives of a tanh network agree`` () =
    for _, p, x, _, _ in critical do
        let p, x = floats p, x |> List.map (fun v -> v + 0.25) |> point
        let gradient, hessian = PerceptronDerivatives.forward (ActivationKind.derivative over) p x

        Array.iter2
            (fun (a: Binary64) (b: Binary64) -> assertNear a.Value b.Value)
            gradient
            (PerceptronDerivatives.gradient (ActivationKind.derivative over) p x)

        Array.iter2
            (fun (a: Binary64) (b: Binary64) -> assertNear a.Value b.Value)
            (hessian.Entries.ToArray())
            ((PerceptronDerivatives.hessian (ActivationKind.derivative over) p x).Entries.ToArray())

[<Fact>]
let ``an affine function has its matrix for a gradient and no Hessian`` () =
    let p = Perceptron.create [||] (Networks.matrix [ "2 -1/3" ]) [| Rational.One |] |> Defect.orFail
    let x = Networks.vector "5 7"
    Assert.Equal<Rational[]>(Networks.vector "2 -1/3", PerceptronDerivatives.gradient ActivationKind.exactDerivative p x)
    Assert.Equal(Matrix.zero 2 2, PerceptronDerivatives.hessian ActivationKind.exactDerivative p x)

[<Fact>]
let ``several outputs have no gradient`` () =
    let p = Perceptron.create [||] (Matrix.identity 2) (Vector.zero 2) |> Defect.orFail

    Assert.Throws<System.ArgumentException>(fun () ->
        PerceptronDerivatives.gradient ActivationKind.exactDerivative p (Networks.vector "1 1") |> ignore)
    |> ignore
