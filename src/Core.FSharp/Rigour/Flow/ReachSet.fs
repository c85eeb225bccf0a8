namespace LayerTime.Core.Rigour

open System.Globalization
open LayerTime.Core.Numbers
open LayerTime.Core.Networks

/// What of a solution is said to stay in a set.
[<RequireQualifiedAccess>]
type ReachScope =
    /// x(t) for all 0 ≤ t ≤ T.
    | Always
    /// x(T)
    | AtEnd
    /// readout(x(T))
    | Output

/// Whether no input of a box leaves a set.
[<RequireQualifiedAccess>]
[<NoComparison; NoEquality>]
type ReachVerdict =
    /// Proved: none does. The number of boxes that the inputs were cut into.
    | Stays of boxes: int
    /// Proved: this input does. Between these times all that is known of its solution lies in `states`, which does not meet the set.
    | Leaves of input: float[] * from: Rational * until: Rational * states: Box
    /// Neither, and why; the box of inputs that could not be decided first.
    | Undecided of reason: string * inputs: Box

/// Statements about reach sets: no input of this box leaves that set.
[<RequireQualifiedAccess>]
module ReachSet =
    /// How many pieces the horizon is cut into at first; the tube is no coarser.
    let private pieces = 16

    /// What an enclosure says of the scope, with its times, once it is complete.
    let private seen (ode: NeuralOde<Interval>) (scope: ReachScope) (e: FlowEnclosure) : (Rational * Rational * Box) list =
        let horizon = ode.Horizon

        match scope with
        | ReachScope.Always ->
            [ for piece in e.Tube -> piece.From, piece.Until, piece.States ]
            @ [ for state in e.Reached -> state.Time, state.Time, state.States.Value ]
        | ReachScope.AtEnd -> [ horizon, horizon, e.Last.States.Value ]
        | ReachScope.Output -> [ horizon, horizon, (ValidatedFlow.output ode e.Last).Value ]

    let private widest (box: Box) : int = box |> Array.mapi (fun i side -> Interval.width side, -i) |> Array.max |> snd |> (~-)

    /// Everything wrong with a statement, before any work is done.
    let defects (options: EnclosureOptions) (ode: NeuralOde<Interval>) (scope: ReachScope) (inputs: Box) (set: Box) : Defect list =
        let expected =
            match scope with
            | ReachScope.Always
            | ReachScope.AtEnd -> ode.Dimension
            | ReachScope.Output -> ode.Outputs

        [
            yield! ValidatedFlow.defects options ode [||] inputs
            if set.Length <> expected then
                Defect.create "set" $"a box of {set.Length} sides" $"{expected} sides"
        ]

    /// <summary>Whether no input of a box leaves a set, by enclosing the flow of ever smaller boxes of inputs, at most so many of them.</summary>
    /// <remarks>A box whose enclosure lies in the set is done; an input whose own enclosure does not meet the set somewhere is a proof of the
    /// contrary; what is neither is cut in two, and time with it: once all sides are halved, so are the pieces of time. So a reach set in the
    /// interior of the set is decided in the end. Boxes are taken first come, first served, and the answer does not depend on a clock.</remarks>
    let decide
        (options: EnclosureOptions)
        (maxBoxes: int)
        (ode: NeuralOde<Interval>)
        (scope: ReachScope)
        (inputs: Box)
        (set: Box)
        : Result<ReachVerdict, Defect list> =
        let options = { options with Derivatives = FlowOrder.C0 }

        /// The times looked at after so many cuts of a box.
        let times (cuts: int) =
            if scope = ReachScope.Always then
                let count = pieces <<< min 8 (cuts / inputs.Length)
                Array.init (count + 1) (fun k -> ode.Horizon * Rational.create k count)
            else
                [||]

        let enclose cuts box = ValidatedFlow.enclose options ode (times cuts) box |> Defect.orFail

        // Why a flow ended early, where one did.
        let mutable obstacle = ""

        let escape cuts (point: float[]) : ReachVerdict option =
            let e = enclose cuts (Box.ofPoint point)
            // What was reached before an early stop counts as well, but the end does not.
            let known = if e.Stop.IsCompleted || scope = ReachScope.Always then seen ode scope e else []

            known
            |> List.tryFind (fun (_, _, states) -> Box.disjoint states set)
            |> Option.map (fun (from, until, states) -> ReachVerdict.Leaves(point, from, until, states))

        let rec go (looked: int) (cuts: int) (waiting: Box list) (next: Box list) : ReachVerdict =
            match waiting with
            | [] when next.IsEmpty -> ReachVerdict.Stays looked
            | [] -> go looked (cuts + 1) (List.rev next) []
            | box :: rest ->
                let undecided reason = ReachVerdict.Undecided(reason, box)

                if looked >= maxBoxes then
                    undecided $"{maxBoxes} boxes are looked at. Allow more boxes, a larger set or fewer inputs.{obstacle}"
                else
                    let e = enclose cuts box

                    match e.Stop with
                    | EnclosureStop.Interrupted _ -> undecided e.Stop.Sentence
                    | EnclosureStop.Completed when seen ode scope e |> List.forall (fun (_, _, states) -> Box.subset states set) ->
                        go (looked + 1) cuts rest next
                    | stop ->
                        if not stop.IsCompleted then
                            obstacle <- " " + stop.Sentence

                        match escape cuts (Box.midpoint box) with
                        | Some verdict -> verdict
                        | None ->
                            let i = widest box
                            let middle = Interval.midpoint box[i]

                            if middle <= box[i].Lower || middle >= box[i].Upper then
                                // Not even a point is decided: the set is too tight for floats, or the flow ends.
                                undecided (
                                    if stop.IsCompleted then
                                        "A point of the inputs is neither enclosed in the set nor outside of it."
                                    else
                                        stop.Sentence
                                )
                            else
                                let struct (left, right) = Box.bisect i box
                                go (looked + 1) cuts rest (right :: left :: next)

        match defects options ode scope inputs set with
        | [] -> Ok(go 0 0 [ inputs ] [])
        | defects -> Error defects

    /// A verdict in words.
    let sentence (verdict: ReachVerdict) : string =
        let show (x: float) = x.ToString("R", CultureInfo.InvariantCulture)

        match verdict with
        | ReachVerdict.Stays 1 -> "No input leaves the set: one enclosure shows it."
        | ReachVerdict.Stays boxes -> $"No input leaves the set: shown by {boxes} enclosures."
        | ReachVerdict.Leaves(input, from, until, states) ->
            let point = input |> Array.map show |> String.concat ", "

            let at =
                if from = until then
                    $"at time {show (Rational.toFloat from)}"
                else
                    $"between the times {show (Rational.toFloat from)} and {show (Rational.toFloat until)}"

            let side = states |> Array.map string |> String.concat " x "
            $"The input ({point}) leaves the set: {at} it is in {side}."
        | ReachVerdict.Undecided(reason, inputs) ->
            let box = inputs |> Array.map string |> String.concat " x "
            $"Undecided for the inputs {box}: {reason}"
