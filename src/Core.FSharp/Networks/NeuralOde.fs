namespace LayerTime.Core.Networks

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra

/// <summary>The vector field f(t, x) of a neural ODE on a piece of depth-time: a layer map whose weights are polynomials of t.</summary>
/// <remarks>W(t) = W₀ + t·W₁ + …, b(t) = b₀ + t·b₁ + …, with t counted from 0, not from the start of the piece.</remarks>
[<NoComparison>]
type FieldPiece<'T> = {
    /// Where the piece ends; it begins where the one before ends, the first one at 0.
    Until: Rational
    /// Coefficients[k] holds all W_k and b_k. The activations are those of Coefficients[0]; the others have the identity.
    Coefficients: LayerMap<'T>[]
}

/// <summary>
/// A neural ODE: x′ = f(t, x) for 0 ≤ t ≤ T, x(0) = lift(input), output = readout(x(T)); T is where the last piece ends.
/// </summary>
/// <remarks>The pieces make the weights constant (one piece, one coefficient), piecewise constant or polynomial in time.</remarks>
[<NoComparison>]
type NeuralOde<'T> = private {
    FieldPieces: FieldPiece<'T>[]
    LiftMap: LayerMap<'T> option
    ReadoutMap: LayerMap<'T> option
} with

    /// The pieces of the field in the order of time; at least one.
    member ode.Pieces: System.ReadOnlySpan<FieldPiece<'T>> = System.ReadOnlySpan ode.FieldPieces
    /// The lift from the input to x(0), if any.
    member ode.Lift = ode.LiftMap
    /// The readout from x(T) to the output, if any.
    member ode.Readout = ode.ReadoutMap
    /// d, the number of components of x.
    member ode.Dimension = ode.FieldPieces[0].Coefficients[0].InputWidth
    /// T > 0
    member ode.Horizon = ode.FieldPieces[ode.FieldPieces.Length - 1].Until
    /// The number of inputs.
    member ode.Inputs = ode.LiftMap |> Option.map _.InputWidth |> Option.defaultValue ode.Dimension
    /// The number of outputs.
    member ode.Outputs = ode.ReadoutMap |> Option.map _.OutputWidth |> Option.defaultValue ode.Dimension

/// Neural ODEs: construction and counting.
[<RequireQualifiedAccess>]
module NeuralOde =
    let private widths (map: LayerMap<'T>) : string =
        map.Layers.ToArray()
        |> Array.map _.OutputWidth
        |> Array.append [| map.InputWidth |]
        |> Array.map string
        |> String.concat "-"

    let private coefficientDefects (piece: FieldPiece<'T>) : Defect list =
        match List.ofArray piece.Coefficients with
        | [] -> [ Defect.create "" "no coefficient" "at least one, the weights at t = 0" ]
        | first :: higher -> [
            for k, coefficient in List.indexed higher do
                let place = $"coefficient {k + 1}"

                if widths coefficient <> widths first then
                    Defect.create place $"widths {widths coefficient}" $"{widths first}, those of coefficient 0"

                for layer in coefficient.Layers.ToArray() do
                    for activation in layer.ActivationArray do
                        match activation with
                        | Activation.Identity -> ()
                        | activation ->
                            Defect.create
                                place
                                $"the activation {Activation.name activation}"
                                "identity; activations belong to coefficient 0"
          ]

    let private pieceDefects (pieces: FieldPiece<'T>[]) : Defect list =
        let dimension =
            pieces |> Array.tryHead |> Option.bind (fun piece -> Array.tryHead piece.Coefficients) |> Option.map _.InputWidth

        let starts = pieces |> Array.map _.Until |> Array.append [| Rational.Zero |]

        [
            if pieces.Length = 0 then
                Defect.create "field" "no piece" "at least one"

            for i, piece in Array.indexed pieces do
                let place = if pieces.Length = 1 then "field" else $"field, piece {i}"
                yield! coefficientDefects piece |> List.map (Defect.at place)

                if piece.Until <= starts[i] then
                    Defect.create place $"an end at t = {piece.Until}" $"an end after t = {starts[i]}, where it begins"

                match Array.tryHead piece.Coefficients, dimension with
                | Some map, Some d when map.InputWidth <> d || map.OutputWidth <> d ->
                    Defect.create
                        place
                        $"a map from {map.InputWidth} to {map.OutputWidth} numbers"
                        $"one from {d} to {d}, as x has {d} components"
                | _ -> ()
        ]

    let private endDefects (dimension: int) (lift: LayerMap<'T> option) (readout: LayerMap<'T> option) : Defect list = [
        match lift with
        | Some map when map.OutputWidth <> dimension -> Defect.create "lift" $"{map.OutputWidth} rows" $"{dimension}, the components of x"
        | _ -> ()

        match readout with
        | Some map when map.InputWidth <> dimension ->
            Defect.create "readout" $"{map.InputWidth} columns" $"{dimension}, the components of x"
        | _ -> ()
    ]

    /// A neural ODE, or every defect of its shapes and times: place, what was found, what was expected.
    let create (lift: LayerMap<'T> option) (pieces: FieldPiece<'T>[]) (readout: LayerMap<'T> option) : Result<NeuralOde<'T>, Defect list> =
        match pieceDefects pieces with
        | [] ->
            match endDefects pieces[0].Coefficients[0].InputWidth lift readout with
            | [] ->
                let own piece = { piece with Coefficients = Array.copy piece.Coefficients }
                Ok { FieldPieces = Array.map own pieces; LiftMap = lift; ReadoutMap = readout }
            | defects -> Error defects
        | defects -> Error defects

    /// x′ = φ(x) for 0 ≤ t ≤ T, without lift and readout.
    let autonomous (horizon: Rational) (φ: LayerMap<'T>) : Result<NeuralOde<'T>, Defect list> =
        create None [| { Until = horizon; Coefficients = [| φ |] } |] None

    /// The times 0 = t₀ < t₁ < … = T between which the weights are polynomials.
    let times (ode: NeuralOde<'T>) : Rational[] = ode.FieldPieces |> Array.map _.Until |> Array.append [| Rational.Zero |]

    /// The number of weights and biases, lift and readout included.
    let parameterCount (ode: NeuralOde<'T>) : int64 =
        let ends = [| ode.LiftMap; ode.ReadoutMap |] |> Array.choose id
        let field = ode.FieldPieces |> Array.collect _.Coefficients
        Array.append ends field |> Array.sumBy LayerMap.parameterCount

    /// The same neural ODE over other numbers.
    let map (number: 'T -> 'U) (activation: Activation<'T> -> Activation<'U>) (ode: NeuralOde<'T>) : NeuralOde<'U> =
        let layerMap = LayerMap.map number activation
        let piece piece = { Until = piece.Until; Coefficients = Array.map layerMap piece.Coefficients }

        {
            FieldPieces = Array.map piece ode.FieldPieces
            LiftMap = Option.map layerMap ode.LiftMap
            ReadoutMap = Option.map layerMap ode.ReadoutMap
        }
