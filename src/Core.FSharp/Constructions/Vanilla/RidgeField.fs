namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// The function g of a term a·g(w·x + b).
[<RequireQualifiedAccess>]
type Profile =
    /// tanh s
    | Tanh
    /// max(0, s)
    | Relu
    /// s
    | Identity

/// One term of a neural field: the vector field x ↦ a·g(w·x + b).
[<NoComparison>]
type RidgeTerm<'T> = {
    /// a, the direction of the motion.
    Direction: 'T[]
    /// w; 0 makes the field the constant a·g(b).
    Weights: 'T[]
    /// b
    Bias: 'T
    /// g
    Profile: Profile
}

/// Terms: their scalar coordinate and its rate.
[<RequireQualifiedAccess>]
module RidgeTerm =
    /// s = w·x + b
    let preactivation (term: RidgeTerm<'T>) (x: 'T[]) : 'T :> IRing<'T> = 'T.Sum(Vector.dot term.Weights x, term.Bias)

    /// κ = a·w: the scalar coordinate obeys s′ = κ·g(s).
    let rate (term: RidgeTerm<'T>) : 'T :> IRing<'T> = Vector.dot term.Direction term.Weights

    /// g(s)
    let profile (term: RidgeTerm<'T>) (s: 'T) : 'T :> ITranscendental<'T> =
        match term.Profile with
        | Profile.Tanh -> 'T.Tanh s
        | Profile.Relu -> 'T.PositivePart s
        | Profile.Identity -> s

    /// a·g(w·x + b)
    let apply (term: RidgeTerm<'T>) (x: 'T[]) : 'T[] when 'T :> ITranscendental<'T> =
        Vector.scale (profile term (preactivation term x)) term.Direction

    /// The same term over other numbers.
    let map (number: 'T -> 'U) (term: RidgeTerm<'T>) : RidgeTerm<'U> = {
        Direction = Array.map number term.Direction
        Weights = Array.map number term.Weights
        Bias = number term.Bias
        Profile = term.Profile
    }

/// A stretch of time on which the terms of a field do not change.
[<NoComparison>]
type RidgePiece<'T> = {
    /// How long it lasts, positive.
    Duration: Rational
    /// The terms, in the order of the splittings; their sum is the field.
    Terms: RidgeTerm<'T>[]
}

/// A neural field Σ a_i·g(w_i·x + b_i), its terms constant on each of finitely many pieces of time.
[<NoComparison>]
type RidgeField<'T> = private {
    PieceList: RidgePiece<'T>[]
} with

    /// The pieces in the order of time; at least one.
    member field.Pieces: RidgePiece<'T>[] = Array.copy field.PieceList
    /// d, the number of components of x.
    member field.Dimension = field.PieceList[0].Terms[0].Direction.Length
    /// T, the sum of all durations.
    member field.Horizon = field.PieceList |> Array.fold (fun time piece -> time + piece.Duration) Rational.Zero

/// Neural fields as sums of terms.
[<RequireQualifiedAccess>]
module RidgeField =
    let private isZero (a: Rational[]) : bool = a |> Array.forall (fun x -> x.Sign = 0)

    /// Pieces of positive duration with at least one term each, all terms of one dimension and none with the direction 0; `exactly` gives
    /// a number as the fraction it is.
    let create (exactly: 'T -> Rational) (pieces: RidgePiece<'T>[]) : Result<RidgeField<'T>, Defect list> =
        let dimension =
            pieces
            |> Array.tryPick (fun piece -> Array.tryHead piece.Terms)
            |> Option.map _.Direction.Length
            |> Option.defaultValue 0

        let termDefects (term: RidgeTerm<'T>) = [
            if term.Direction.Length <> dimension || dimension = 0 then
                Defect.create "direction" $"{term.Direction.Length} numbers" $"{max 1 dimension}, as in the first term"

            if term.Weights.Length <> dimension then
                Defect.create "weights" $"{term.Weights.Length} numbers" $"{max 1 dimension}, as in the direction of the first term"

            if isZero (Array.map exactly term.Direction) then
                Defect.create "direction" "the zero vector" "a direction a ≠ 0; without it the term moves nothing"
        ]

        let defects = [
            if pieces.Length = 0 then
                Defect.create "field" "no piece" "at least one"

            for p, piece in Array.indexed pieces do
                let place = if pieces.Length = 1 then "field" else $"field, piece {p}"

                if piece.Duration.Sign <= 0 then
                    Defect.create place $"a duration of {piece.Duration}" "a positive one"

                if piece.Terms.Length = 0 then
                    Defect.create place "no term" "at least one"

                for i, term in Array.indexed piece.Terms do
                    yield! termDefects term |> List.map (Defect.at $"{place}, term {i}")
        ]

        if defects.IsEmpty then Ok { PieceList = Array.copy pieces } else Error defects

    /// An autonomous field for 0 ≤ t ≤ T.
    let autonomous (exactly: 'T -> Rational) (horizon: Rational) (terms: RidgeTerm<'T>[]) : Result<RidgeField<'T>, Defect list> =
        create exactly [| { Duration = horizon; Terms = terms } |]

    /// The same field over other numbers.
    let map (number: 'T -> 'U) (field: RidgeField<'T>) : RidgeField<'U> = {
        PieceList =
            field.PieceList
            |> Array.map (fun piece -> { Duration = piece.Duration; Terms = Array.map (RidgeTerm.map number) piece.Terms })
    }

    /// Σ a_i·g(w_i·x + b_i) of one piece.
    let value (piece: RidgePiece<'T>) (x: 'T[]) : 'T[] when 'T :> ITranscendental<'T> =
        piece.Terms |> Array.map (fun term -> RidgeTerm.apply term x) |> Vector.sum

    /// The field until time T: cut short, or, where it has a single piece, prolonged.
    let until (horizon: Rational) (field: RidgeField<'T>) : Result<RidgeField<'T>, Defect list> =
        let refuse expected = Error [ Defect.create "horizon" $"T = {horizon}" expected ]

        if horizon.Sign <= 0 then
            refuse "a positive time"
        elif field.PieceList.Length = 1 then
            Ok { PieceList = [| { field.PieceList[0] with Duration = horizon } |] }
        elif horizon > field.Horizon then
            refuse $"at most {field.Horizon}, where the last of {field.PieceList.Length} pieces ends"
        else
            let cut (rest: Rational) (piece: RidgePiece<'T>) =
                { piece with Duration = Rational.max Rational.Zero (Rational.min rest piece.Duration) }, rest - piece.Duration

            let pieces, _ = Array.mapFold cut horizon field.PieceList
            Ok { PieceList = Array.filter (fun piece -> piece.Duration.Sign > 0) pieces }

    /// The terms of a field x ↦ σ(W·x + b) or x ↦ V·σ(W·x + b) + c with tanh, ReLU, leaky ReLU or the identity as σ.
    let private terms (map: LayerMap<'T>) : Result<RidgeTerm<'T>[], Defect list> when 'T :> IRing<'T> =
        let d = map.OutputWidth

        let ofRow (inner: Layer<'T>) direction i =
            let w, b = (inner.Weights.Row i).ToArray(), inner.Bias[i]

            let term profile = { Direction = direction; Weights = w; Bias = b; Profile = profile }

            match inner.Activation i with
            | Activation.Identity -> Ok [| term Profile.Identity |]
            | Activation.Relu -> Ok [| term Profile.Relu |]
            // α·s + (1 − α)·max(0, s), two terms in one direction
            | Activation.LeakyRelu slope ->
                let rest = 'T.Difference('T.One, slope)

                Ok [|
                    { term Profile.Identity with Direction = Vector.scale slope direction }
                    { term Profile.Relu with Direction = Vector.scale rest direction }
                |]
            | Activation.Transcendental f when f.Name = TranscendentalName.Tanh -> Ok [| term Profile.Tanh |]
            | other -> Error [ Defect.create $"neuron {i}" $"the activation {Activation.name other}" "tanh, relu, leaky-relu or identity" ]

        let ofRows (inner: Layer<'T>) (direction: int -> 'T[]) =
            Array.init inner.OutputWidth (fun i -> ofRow inner (direction i) i) |> Defect.all |> Result.map Array.concat

        match map.Layers.ToArray() with
        | [| inner |] -> ofRows inner (Vector.unit d)
        | [| inner; outer |] when
            outer.Activations.ToArray()
            |> Array.forall (function
                | Activation.Identity -> true
                | _ -> false)
            ->
            let column i = Array.init d (fun row -> outer.Weights[row, i])

            // The constant c as a term with w = 0: c·g(b) with g(b) = b = 1.
            let offset = { Direction = outer.Bias.ToArray(); Weights = Vector.zero d; Bias = 'T.One; Profile = Profile.Identity }

            ofRows inner column |> Result.map (fun terms -> Array.append terms [| offset |])
        | layers ->
            Error [ Defect.create "" $"a map of {layers.Length} layers" "σ(W·x + b) or V·σ(W·x + b) + c: a sum of terms a·g(w·x + b)" ]

    /// The field of a neural ODE without lift and readout whose weights are piecewise constant in time. Offsets that are 0 make no term.
    let ofNeuralOde (exactly: 'T -> Rational) (ode: NeuralOde<'T>) : Result<RidgeField<'T>, Defect list> when 'T :> IRing<'T> =
        let times = NeuralOde.times ode

        let isNothing (term: RidgeTerm<'T>) =
            isZero (Array.map exactly term.Weights) && term.Profile = Profile.Identity && isZero (Array.map exactly term.Direction)

        let piece i (piece: FieldPiece<'T>) =
            let place = if ode.Pieces.Length = 1 then "field" else $"field, piece {i}"

            if piece.Coefficients.Length > 1 then
                Error [
                    Defect.create
                        place
                        $"weights of degree {piece.Coefficients.Length - 1} in time"
                        "weights that are constant on each piece"
                ]
            else
                terms piece.Coefficients[0]
                |> Result.mapError (List.map (Defect.at place))
                |> Result.map (fun terms -> { Duration = times[i + 1] - times[i]; Terms = Array.filter (isNothing >> not) terms })

        let ends =
            Defect.unless ode.Lift.IsNone "lift" "a lift" "none: the network maps x(0) to x(T)"
            @ Defect.unless ode.Readout.IsNone "readout" "a readout" "none: the network maps x(0) to x(T)"

        match ends, ode.Pieces.ToArray() |> Array.mapi piece |> Defect.all with
        | [], Ok pieces -> create exactly pieces
        | defects, Ok _ -> Error defects
        | defects, Error more -> Error(defects @ more)
