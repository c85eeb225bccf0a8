module LayerTime.Core.Tests.Constructions.SymplecticTests

open System
open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser
open LayerTime.Core.Constructions

let private gradient (stream: RandomStream) (d: int) (activation: Activation<Rational>) : LayerMap<Rational> =
    let width = stream.NextInt(1, 3)
    let weights = Matrix.ofRows (Array.init width (fun _ -> Draws.vector stream d))
    Symplectic.gradientMap weights (Draws.vector stream width) activation |> Defect.orFail

[<Fact>]
let ``the form is antisymmetric and squares to minus one`` () =
    for n in 1..4 do
        let ω: Matrix<Rational> = Symplectic.form n
        Assert.Equal(Matrix.scale (Rational.ofInt -1) ω, Matrix.transpose ω)
        Assert.Equal(Matrix.scale (Rational.ofInt -1) (Matrix.identity (2 * n)), Matrix.multiply ω ω)

[<Fact>]
let ``a gradient map has a symmetric derivative`` () =
    for seed in 1UL .. 20UL do
        let stream = RandomStream seed
        let f = gradient stream 3 (Draws.choice stream Draws.exactActivations)
        let derivative = LayerMap.jacobian f (Draws.vector stream 3)
        Assert.Equal(derivative, Matrix.transpose derivative)

[<Fact>]
let ``several layers of order two are symplectic together`` () =
    for seed in 1UL .. 10UL do
        let stream = RandomStream seed
        let layer _ = Symplectic.step (Draws.step stream) (LayerMap.jacobian (gradient stream 2 Activation.Square) (Draws.vector stream 2))
        let product = Array.init 4 layer |> Array.reduce Matrix.multiply
        Assert.Equal(Matrix.zero 4 4, Symplectic.defect product)

[<Fact>]
let ``a matrix of odd size and shapes that do not fit are refused`` () =
    Assert.Throws<ArgumentException>(fun () -> Symplectic.defect (Matrix.identity 3: Matrix<Rational>) |> ignore) |> ignore
    Assert.True(Result.isError (Symplectic.gradientMap (Matrix.identity 2: Matrix<Rational>) [| Rational.One |] Activation.Relu))
