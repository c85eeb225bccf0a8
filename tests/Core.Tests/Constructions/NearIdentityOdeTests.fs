module LayerTime.Core.Tests.Constructions.NearIdentityOdeTests

open System
open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions

let private r = Rational.create
let private numbers (x: Rational[]) = Array.map (fun x -> Binary64(Rational.toFloat x)) x
let private matrix (rows: Rational list list) = rows |> List.map Array.ofList |> Array.ofList |> Matrix.ofRows

let private piece start until weights biases g : NearIdentityPiece = {
    Start = start
    Until = until
    Weights = List.toArray weights
    Biases = biases |> List.map Array.ofList |> List.toArray
    Nonlinearity = g
}

let private cubic (γ: float) = Nonlinearity.Damping(Damping.Cubic(Binary64 γ))

let private slope (ode: NeuralOde<Binary64>) (i: int) (t: float) (x: float[]) : float[] =
    let slope = Array.create x.Length (Binary64 0.0)
    (VectorField.ofPiece ode.Pieces[i]).Evaluate(Binary64 t, ReadOnlySpan(Array.map Binary64 x), Span slope)
    Array.map (fun (s: Binary64) -> s.Value) slope

let private nonlinearities = [
    cubic 0.5
    Nonlinearity.Damping(Damping.Leaky(Binary64 0.75))
    Nonlinearity.Scaled(Binary64 -0.5, Activation.Cubic)
    Nonlinearity.Scaled(Binary64 2.0, Activation.tanh)
]

let private w0, w1 = matrix [ [ r 0 1; r 1 1 ]; [ r -1 1; r 1 2 ] ], matrix [ [ r 1 4; r 0 1 ]; [ r 0 1; r -1 8 ] ]
let private b0, b1 = [ r 1 8; r -1 4 ], [ r 1 1; r 0 1 ]

[<Fact>]
let ``what is written down is the equation`` () =
    for g in nonlinearities do
        let ode = NearIdentityOde.ofPieces [| piece (r 0 1) (r 1 1) [ w0; w1 ] [ b0; b1 ] g |] |> Defect.orFail

        for t, x in [ 0.0, [| 0.5; -1.0 |]; 0.75, [| -1.5; 0.25 |] ] do
            let w = [| [| 0.25 * t; 1.0 |]; [| -1.0; 0.5 - 0.125 * t |] |]
            let b = [| 0.125 + t; -0.25 |]
            let expected = Array.map3 (fun (row: float[]) b x' -> row[0] * x[0] + row[1] * x[1] + b + Nonlinearity.ofFloat g x') w b x
            // About twenty operations on numbers below 8.
            Array.iter2 (fun (a: float) (e: float) -> Assert.InRange(a, e - 1e-14, e + 1e-14)) (slope ode 0 t x) expected

[<Fact>]
let ``what is written down is recognised, without a rounding`` () =
    for g in nonlinearities do
        let pieces = [| piece (r 0 1) (r 1 3) [ w0; w1 ] [ b0; b1 ] g; piece (r 1 3) (r 1 1) [ w1 ] [ b1 ] g |]
        let ode = NearIdentityOde.ofPieces pieces |> Defect.orFail

        match NearIdentityOde.pieces ode with
        | Ok found ->
            Assert.Equal<Matrix<Rational>[][]>(
                pieces |> Array.map _.Weights,
                found |> Array.map (fun p -> Array.truncate (if p.Start.Sign = 0 then 2 else 1) p.Weights)
            )

            Assert.Equal<Rational[]>(pieces |> Array.map _.Until, found |> Array.map _.Until)

            for f in found do
                // c·σ with c < 0 and σ cubic is read as the damping it is.
                match g with
                | Nonlinearity.Scaled(_, Activation.Cubic) -> ()
                | _ -> Assert.Equal(g, f.Nonlinearity)
        | Error defects -> Assert.Fail $"{defects}"

[<Fact>]
let ``neighbours that are one polynomial become one piece`` () =
    let ode =
        NearIdentityOde.ofPieces [| for l in 0..3 -> piece (r l 4) (r (l + 1) 4) [ w0 ] [ b0 ] (cubic 0.5) |] |> Defect.orFail

    Assert.Equal(1, ode.Pieces.Length)
    Assert.Equal(r 1 1, ode.Horizon)

[<Fact>]
let ``a piece that starts later is the same polynomial from its own start`` () =
    let late = piece (r 1 2) (r 1 1) [ w0; w1 ] [ b0; b1 ] (cubic 0.5)
    let field, isRounded = NearIdentityOde.toField late |> Defect.orFail
    Assert.False isRounded
    Assert.Equal(0.5, field.Horizon)

    for s in [ 0.0; 0.25; 0.5 ] do
        let t = 0.5 + s
        Assert.Equal<float[][]>([| [| 0.25 * t; 1.0 |]; [| -1.0; 0.5 - 0.125 * t |] |], field.Weights s)
        Assert.Equal<float[]>([| 0.125 + t; -0.25 |], field.Bias s)

[<Fact>]
let ``other forms are named`` () =
    let layer σ = LayerMap.dense (Matrix.ofRows [| numbers [| r 1 1 |] |]) (numbers [| r 0 1 |]) σ |> Defect.orFail
    let ode = NeuralOde.autonomous (r 1 1) (layer Activation.tanh) |> Defect.orFail

    match NearIdentityOde.pieces ode with
    | Error [ defect ] -> Assert.Equal("field, piece 0", defect.Where)
    | other -> Assert.Fail $"{other}"

/// |x_N − x(T)| in the largest component, with a solution at tolerances of 1e-12.
let private distance (ode: NeuralOde<Binary64>) (maps: LayerMap<Binary64>[]) (start: float[]) : float =
    let x = maps |> Array.fold (fun x map -> LayerMap.apply map x) (Array.map Binary64 start)
    let settings = FlowSettings.withTolerances 1e-12 1e-12 FlowSettings.defaults
    let method = (FlowMethod.tryFind "dormand-prince-8").Value

    match NeuralFlow.solve settings method ode (r 0 1) ode.Horizon [] start with
    | Ok exact -> Array.fold2 (fun largest (a: Binary64) b -> max largest (abs (a.Value - b))) 0.0 x exact.State
    | Error defects -> failwith $"{defects}"

[<Fact>]
let ``layers of pieces stay within the bound that is carried from piece to piece`` () =
    for g in nonlinearities do
        let pieces = [| piece (r 0 1) (r 1 3) [ w0; w1 ] [ b0; b1 ] g; piece (r 1 3) (r 1 1) [ w1 ] [ b0 ] g |]
        let ode = NearIdentityOde.ofPieces pieces |> Defect.orFail
        let start = [| 0.5; -0.75 |]

        match NeuralOdeConversion.toLayers (LayerCount.Given 60) ode start with
        | Ok found ->
            Assert.Equal(60, found.Maps.Length)
            let measured = distance ode found.Maps start
            // The solution beside them is right to 1e-10 at these tolerances over one unit of time.
            Assert.True(measured <= found.Bound + found.Rounding + 1e-10, $"{g}: {measured} {found.Bound}")
            Assert.True(measured > found.Bound / 1e4, $"{g}: {measured} {found.Bound}")

            match found.Certificate with
            | Some certificate -> Assert.True(measured <= certificate + found.Rounding + 1e-10, $"{g}: {measured} {certificate}")
            | None -> Assert.Fail $"{g}"
        | Error failure -> Assert.Fail $"{g}: {failure}"

[<Fact>]
let ``a tolerance is met by as few layers as the bound allows`` () =
    let pieces = [| piece (r 0 1) (r 1 2) [ w0 ] [ b0 ] (cubic 0.5); piece (r 1 2) (r 1 1) [ w1 ] [ b1 ] (cubic 0.5) |]
    let ode = NearIdentityOde.ofPieces pieces |> Defect.orFail
    let start = [| 0.5; -0.5 |]

    let bound count =
        match NeuralOdeConversion.toLayers count ode start with
        | Ok found -> found.Bound, found.Maps.Length
        | Error failure -> failwith $"{failure}"

    let reached, layers = bound (LayerCount.Within 0.05)
    Assert.True(reached <= 0.05)
    // Two pieces of one length take the same number each.
    Assert.True(fst (bound (LayerCount.Given(layers - 2))) > 0.05)

[<Fact>]
let ``layers and back is the equation up to the roundings of its numbers`` () =
    for g in [ cubic 0.5; Nonlinearity.Damping(Damping.Leaky(Binary64 0.75)); Nonlinearity.Scaled(Binary64 0.5, Activation.tanh) ] do
        let ode = NearIdentityOde.ofPieces [| piece (r 0 1) (r 1 1) [ w0; w1 ] [ b0; b1 ] g |] |> Defect.orFail
        let start = [| 0.5; -0.75 |]

        match NeuralOdeConversion.toLayers (LayerCount.Given 32) ode start with
        | Error failure -> Assert.Fail $"{g}: {failure}"
        | Ok layers ->
            match NeuralOdeConversion.ofLayers (r 1 1) layers.Maps start with
            | Error failure -> Assert.Fail $"{g}: {failure}"
            | Ok back ->
                Assert.Equal(r 1 1, back.Ode.Horizon)
                // Rounded once in the layers, at 2⁻⁵³·|1 + dt·w|, and divided by dt = 1/32; g likewise.
                for t in [ 1.0 / 64.0; 31.0 / 64.0; 61.0 / 64.0 ] do
                    // Weights that lie on one line exactly have become one piece.
                    let l = back.Ode.Pieces.ToArray() |> Array.findIndex (fun piece -> t <= Rational.toFloat piece.Until)

                    for x in [ [| 0.5; -1.0 |]; [| -1.0; 0.25 |] ] do
                        Array.iter2
                            (fun (a: float) (e: float) -> Assert.InRange(a, e - 1e-12, e + 1e-12))
                            (slope back.Ode l t x)
                            (slope ode 0 t x)

                let measured = distance back.Ode layers.Maps start

                Assert.True(
                    measured <= back.Conversion.Bound + back.Conversion.Rounding + 1e-10,
                    $"{g}: {measured} {back.Conversion.Bound}"
                )

[<Fact>]
let ``layers of another form are named`` () =
    let layer activation size =
        LayerMap.dense
            (Matrix.map (fun x -> Binary64 x) (Matrix.init size size (fun i j -> if i = j then 1.0 else 0.0)))
            (Vector.zero size)
            activation
        |> Defect.orFail

    let twice = LayerMap.create [| (layer Activation.tanh 2).Layers[0]; (layer Activation.tanh 2).Layers[0] |] |> Defect.orFail

    let where maps =
        match NeuralOdeConversion.ofLayers (r 1 1) maps [| 0.5; 0.5 |] with
        | Error(ConversionFailure.Form defects) -> defects |> List.map _.Where
        | other -> failwith $"{other}"

    Assert.Equal<string list>([ "layer 1" ], where [| layer Activation.tanh 2; twice |])
    Assert.Equal<string list>([ "activations" ], where [| layer Activation.tanh 2; layer Activation.Relu 2 |])
