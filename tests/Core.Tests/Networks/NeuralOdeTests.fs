module LayerTime.Core.Tests.Networks.NeuralOdeTests

open System
open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics

let private r = Rational.create

let private dense (rows: Rational list list) (bias: Rational list) activation : LayerMap<Rational> =
    LayerMap.dense (Matrix.ofRows (rows |> List.map Array.ofList |> Array.ofList)) (Array.ofList bias) activation
    |> Defect.orFail

let private layer rows bias activation : Layer<Rational> = (dense rows bias activation).Layers[0]
let private zeros rows columns = LayerMap.linear (Matrix.zero rows columns: Matrix<Rational>)

let private defects (result: Result<'T, Defect list>) : string list =
    match result with
    | Ok _ -> []
    | Error defects -> defects |> List.map string

let private slope (field: IVectorField<Rational>) (time: Rational) (x: Rational[]) : Rational[] =
    let slope = Vector.zero field.Dimension
    field.Evaluate(time, ReadOnlySpan x, Span slope)
    slope

[<Fact>]
let ``weights that are polynomials of time are evaluated as polynomials of time`` () =
    // f(t, x) = (3 + t)·relu((1 + 2t + t²)x + 1 − t) + t²
    let identity = Activation.Identity

    let φ =
        LayerMap.create [| layer [ [ r 1 1 ] ] [ r 1 1 ] Activation.Relu; layer [ [ r 3 1 ] ] [ r 0 1 ] identity |]
        |> Defect.orFail

    let first =
        LayerMap.create [| layer [ [ r 2 1 ] ] [ r -1 1 ] identity; layer [ [ r 1 1 ] ] [ r 0 1 ] identity |] |> Defect.orFail

    let second =
        LayerMap.create [| layer [ [ r 1 1 ] ] [ r 0 1 ] identity; layer [ [ r 0 1 ] ] [ r 1 1 ] identity |] |> Defect.orFail

    let piece = { Until = r 2 1; Coefficients = [| φ; first; second |] }
    Assert.Empty(defects (NeuralOde.create None [| piece |] None))
    let field = VectorField.ofPiece piece

    for t in [ r 0 1; r 1 2; r 3 2 ] do
        for x in [ r 2 1; r -1 3; r -5 1 ] do
            let inside = (r 1 1 + r 2 1 * t + t * t) * x + r 1 1 - t
            let expected = (r 3 1 + t) * Rational.PositivePart inside + t * t
            Assert.Equal<Rational[]>([| expected |], slope field t [| x |])

[<Fact>]
let ``a single coefficient is the field of the layer map`` () =
    let φ = dense [ [ r 1 2; r -1 1 ]; [ r 2 3; r 0 1 ] ] [ r 1 1; r -1 7 ] Activation.Cubic
    let x = [| r 3 4; r -2 1 |]
    Assert.Equal<Rational[]>(LayerMap.apply φ x, slope (VectorField.ofPiece { Until = r 1 1; Coefficients = [| φ |] }) (r 5 1) x)

[<Fact>]
let ``every defect of a neural ODE is named with its place`` () =
    let piece until coefficients = { Until = until; Coefficients = coefficients }

    Assert.Equal<string list>(
        [ "field: found no piece, expected at least one" ],
        defects (NeuralOde.create None ([||]: FieldPiece<Rational>[]) None)
    )

    Assert.Equal<string list>(
        [ "field: found no coefficient, expected at least one, the weights at t = 0" ],
        defects (NeuralOde.create None ([| piece (r 1 1) [||] |]: FieldPiece<Rational>[]) None)
    )

    Assert.Equal<string list>(
        [ "field: found an end at t = 0, expected an end after t = 0, where it begins" ],
        defects (NeuralOde.autonomous Rational.Zero (zeros 2 2))
    )

    let found =
        defects (
            NeuralOde.create
                None
                [|
                    piece (r 1 1) [| zeros 2 2; zeros 2 3 |]
                    piece (r 1 2) [| zeros 2 2; dense [ [ r 0 1; r 0 1 ]; [ r 0 1; r 0 1 ] ] [ r 0 1; r 0 1 ] Activation.Relu |]
                    piece (r 3 1) [| zeros 3 2 |]
                |]
                None
        )

    Assert.Equal<string list>(
        [
            "field, piece 0, coefficient 1: found widths 3-2, expected 2-2, those of coefficient 0"
            "field, piece 1, coefficient 1: found the activation relu, expected identity; activations belong to coefficient 0"
            "field, piece 1: found an end at t = 1/2, expected an end after t = 1, where it begins"
            "field, piece 2: found a map from 2 to 3 numbers, expected one from 2 to 2, as x has 2 components"
        ],
        found
    )

    Assert.Equal<string list>(
        [ "lift: found 3 rows, expected 2, the components of x"; "readout: found 1 columns, expected 2, the components of x" ],
        defects (NeuralOde.create (Some(zeros 3 1)) [| piece (r 1 1) [| zeros 2 2 |] |] (Some(zeros 1 1)))
    )

[<Fact>]
let ``a neural ODE counts its weights and knows its times`` () =
    let pieces = [| { Until = r 1 2; Coefficients = [| zeros 2 2 |] }; { Until = r 3 1; Coefficients = [| zeros 2 2; zeros 2 2 |] } |]
    let ode = NeuralOde.create (Some(zeros 2 1)) pieces (Some(zeros 1 2)) |> Defect.orFail
    Assert.Equal(3L * 6L + 4L + 3L, NeuralOde.parameterCount ode)
    Assert.Equal<Rational[]>([| r 0 1; r 1 2; r 3 1 |], NeuralOde.times ode)
    Assert.Equal<int list>([ 1; 2; 1 ], [ ode.Inputs; ode.Dimension; ode.Outputs ])
    Assert.Equal(r 3 1, ode.Horizon)
