module LayerTime.Core.Tests.Constructions.GradientSubmersionTests

open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.KuehnKuntz
open LayerTime.Core.Tests

let private view = GradientSubmersion.view ActivationKind.exactDerivative
let private p, x = Networks.cubic2321, Networks.vector "1/2 -1/3"

[<Property(MaxTest = 30)>]
let ``what a layer sees composes to the gradient`` (key: int) =
    // Φ_x = (dz_j/dx)ᵀ·A_{j+1}ᵀ·q for every layer j.
    let stream = RandomStream(uint64 key)
    let drawn = Draws.draw Draws.smallIntegers stream
    let p = drawn.Perceptron
    let x = Draws.vector (Draws.dyadic 2 1) stream p.Inputs
    let gradient = PerceptronDerivatives.gradient ActivationKind.exactDerivative p x

    drawn.Matrices
    |> Array.mapi (fun j outgoing -> GradientSubmersion.derivative (view p j x) outgoing = gradient)
    |> Array.forall id

[<Fact>]
let ``the layers are counted from the input to the last hidden one`` () =
    Assert.Equal<Rational[]>(x, (view p 0 x).Value)
    Assert.Equal(Matrix.identity 2, (view p 0 x).Jacobian)
    Assert.Equal<Rational[]>([| Rational.One |], (view p 2 x).Covector)
    Assert.Throws<System.ArgumentException>(fun () -> view p 3 x |> ignore) |> ignore

[<Fact>]
let ``a direction that moves the gradient by y has rank one and does`` () =
    let y = Networks.vector "3 -5/7"
    let view = view p 1 x
    let direction = (GradientSubmersion.tryPreimage view y).Value
    Assert.Equal(1, Elimination.rank direction)
    Assert.Equal<Rational[]>(y, GradientSubmersion.derivative view direction)

[<Fact>]
let ``no direction where the layer loses a direction of the input or is not read`` () =
    let y = Networks.vector "0 1"
    let cubic = Networks.create ActivationKind.Cubic
    let narrow = cubic [ [ "1 2" ], "0"; [ "1" ], "0" ]
    let unread = cubic [ [ "1 0"; "0 1" ], "0 0"; [ "1 1" ], "0"; [ "0" ], "0" ]
    Assert.True((GradientSubmersion.tryPreimage (view narrow 1 x) y).IsNone)
    Assert.True((GradientSubmersion.tryPreimage (view unread 1 x) y).IsNone)
    Assert.True((GradientSubmersion.tryPreimage (view unread 2 x) y).IsNone)

[<Fact>]
let ``the line of weights starts at the perceptron and leaves it in one matrix only`` () =
    let direction = Matrix.init 2 3 (fun i j -> Rational.create (i - j) 2)
    let bias = Networks.vector "1 -1"
    let along = GradientSubmersion.along p 1 direction bias
    let values = along.Hidden[1].Weights |> Matrix.map (fun (a: Dual<Rational>) -> a.Value)
    let slopes = along.Hidden[1].Weights |> Matrix.map (fun (a: Dual<Rational>) -> a.Derivative)
    Assert.Equal(p.Hidden[1].Weights, values)
    Assert.Equal(direction, slopes)
    Assert.Equal<Rational[]>(bias, along.Hidden[1].Bias |> Array.map _.Derivative)
    Assert.True(along.Hidden[0].Weights.Entries.ToArray() |> Array.forall (fun a -> a.Derivative.Sign = 0))
    Assert.True(along.Output.Entries.ToArray() |> Array.forall (fun a -> a.Derivative.Sign = 0))
