namespace LayerTime.Core.Rigour

open System
open System.Globalization
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics

/// How a flow is enclosed.
[<NoComparison; NoEquality>]
type EnclosureOptions = {
    /// Which derivatives in the inputs are carried along.
    Derivatives: FlowOrder
    /// The order of the series; None leaves it to the step control.
    Order: int option
    /// What the remainder of one step may add to the width of the set, as a share of it.
    Share: float
    /// The largest number of steps, rejected ones included.
    MaxSteps: int
    /// Who is asked before each step.
    Watch: IFlowWatch option
}

/// Why an enclosure ended.
[<RequireQualifiedAccess>]
type EnclosureStop =
    /// The end of the horizon is reached.
    | Completed
    /// The allowed number of steps is spent.
    | StepLimit of limit: int * time: float
    /// No step of reasonable length has an a-priori enclosure.
    | StepTooSmall of step: float * time: float
    /// Some states of the set leave every bound: their largest magnitude at the time reached.
    | BlowUp of magnitude: float * time: float
    /// Whoever watches the enclosure has ended it.
    | Interrupted of time: float

    /// What stopped, when, and what to do next.
    member stop.Sentence: string =
        let show (x: float) = x.ToString("R", CultureInfo.InvariantCulture)

        match stop with
        | EnclosureStop.Completed -> "The end of the horizon is reached."
        | EnclosureStop.StepLimit(limit, time) ->
            $"All {limit} steps are spent at time {show time}. Allow more steps, or cut the box of inputs into smaller ones."
        | EnclosureStop.StepTooSmall(step, time) ->
            $"At time {show time} even the step {show step} has no a-priori enclosure. The set has grown too wide for the field: cut the box of "
            + "inputs into smaller ones, or choose a shorter horizon."
        | EnclosureStop.BlowUp(magnitude, time) ->
            $"Part of the set reaches the magnitude {show magnitude} at time {show time} and seems to leave every bound. Choose a horizon that "
            + "ends before, or a box of inputs without that part."
        | EnclosureStop.Interrupted time -> $"The enclosure was interrupted at time {show time}."

/// All states between two times.
[<NoComparison; NoEquality>]
type TubePiece = {
    /// The beginning of the step.
    From: Rational
    /// The end of the step.
    Until: Rational
    /// Contains every state of every solution between both.
    States: Box
}

/// States at one time.
[<NoComparison; NoEquality>]
type ReachedStates = {
    /// The time.
    Time: Rational
    /// The states with their derivatives in the inputs.
    States: FlowJet<Interval>
}

/// The enclosure of a flow: always what was reached, whatever the reason to stop.
[<NoComparison; NoEquality>]
type FlowEnclosure = {
    /// The states at the times asked for, as far as they were reached, the end last.
    Reached: ReachedStates list
    /// The tube, step by step.
    Tube: TubePiece list
    /// The set at the time reached.
    Last: LohnerSet
    /// The time reached.
    Time: Rational
    /// Steps tried.
    Steps: int
    /// Why it ended.
    Stop: EnclosureStop
}

/// Validated flows: interval Taylor series with proven remainder, a-priori boxes by Picard and Lindelöf with automatic step reduction,
/// sets carried in mean-value form with QR frames.
[<RequireQualifiedAccess>]
module ValidatedFlow =
    /// Values only, automatic order, 100,000 steps.
    let defaults: EnclosureOptions = { Derivatives = FlowOrder.C0; Order = None; Share = 1e-4; MaxSteps = 100_000; Watch = None }

    /// More directions than this make second derivatives of d²/2 vectors a matter of gigabytes.
    let private largestDimension (order: FlowOrder) : int =
        match order with
        | FlowOrder.C0 -> 256
        | FlowOrder.C1 -> 128
        | FlowOrder.C2 -> 32

    let private largest (f: Interval -> float) (values: Interval[]) : float = values |> Array.fold (fun m x -> Math.Max(m, f x)) 0.0

    /// A float with few bits, so that the time stays a short fraction.
    let private round (δ: float) : float = BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits δ &&& ~~~0xFFFFFFFFFFL)

    /// The largest remainder of a step as a multiple of what is allowed.
    let private excess (options: EnclosureOptions) (box: Box) (step: FlowStep) : float =
        let width, magnitude = largest Interval.width box, largest Interval.magnitude box
        let value = largest Interval.radius step.Remainder.Value

        // A mean value across a kink is of first order and has its own allowance.
        if step.Order = 0 then
            value / (1e-5 + options.Share * width)
        else
            // What rounding costs anyway is allowed in any case.
            let value = value / (1.1102230246251565e-16 * magnitude + 1e-300 + options.Share * width)
            let first = largest Interval.radius step.Remainder.First

            if options.Derivatives = FlowOrder.C0 then
                Math.Max(value, first / options.Share)
            else
                let first = first / (1e-15 + 10.0 * options.Share * largest Interval.width step.OverBox.First)
                let second = largest Interval.radius step.Remainder.Second

                let size =
                    1e-14 * (1.0 + largest Interval.magnitude step.OverBox.Second)
                    + 10.0 * options.Share * largest Interval.width step.OverBox.Second

                Math.Max(Math.Max(value, first), second / size)

    /// The order that reaches the allowance with least work: half the logarithm of the inverse of it, for steps of about 1/e² of the
    /// radius of convergence.
    let private chooseOrder (options: EnclosureOptions) (box: Box) : int =
        match options.Order with
        | Some order -> order
        | None ->
            let magnitude = Math.Max(1e-300, largest Interval.magnitude box)
            let allowance = 1.1e-16 + options.Share * Math.Min(1.0, largest Interval.width box / magnitude)
            Math.Clamp(2 + int (Math.Ceiling(-0.5 * Math.Log allowance)), 6, 20)

    /// A first length of a step: what leaves the Picard operator contracting.
    let private firstLength (series: IFlowSeries<Interval>) (time: Interval) (box: Box) : float =
        let slope = series.Expand(1, time, FlowJet.identity false box)[1]
        let d = box.Length
        let row i = Seq.init d (fun a -> Interval.magnitude slope.First[a * d + i]) |> Seq.sum
        let norm = Seq.init d row |> Seq.max
        // A field that is not finite on the box is left to the search for an a-priori enclosure.
        if Double.IsFinite norm then 0.4 / Math.Max(norm, 1e-3) else 1e-3

    /// The flow of pieces of fields, each with the time at which it ends, from a set at time 0.
    let internal run
        (pieces: (Rational * IFlowSeries<Interval>)[])
        (options: EnclosureOptions)
        (times: Rational[])
        (start: LohnerSet)
        : FlowEnclosure =
        let horizon = fst (Array.last pieces)
        let smallest = 1e-10 * Rational.toFloat horizon
        let magnitudeAtStart = largest Interval.magnitude start.Hull
        let hasSecond = (options.Derivatives = FlowOrder.C2)

        let asked =
            times |> Array.filter (fun t -> t.Sign >= 0 && Rational.Compare(t, horizon) <= 0) |> Array.distinct |> Array.sort

        let mutable set = start
        let mutable time = Rational.Zero
        let mutable steps = 0
        let mutable stop = None
        let reached = Collections.Generic.List<ReachedStates>()
        let tube = Collections.Generic.List<TubePiece>()
        let mutable next = 0

        let note () =
            while next < asked.Length && Rational.Compare(asked[next], time) <= 0 do
                reached.Add { Time = time; States = set.States }
                next <- next + 1

        let goesOn () =
            match options.Watch with
            | Some watch when not (watch.GoesOn(Rational.toFloat time)) ->
                stop <- Some(EnclosureStop.Interrupted(Rational.toFloat time))
                false
            | _ -> true

        note ()

        for until, series in pieces do
            // What had no a-priori enclosure is not tried again at once.
            let mutable ceiling = Double.PositiveInfinity
            let mutable length = if stop.IsNone then firstLength series (Interval.ofRational time) set.Hull else 0.0

            while stop.IsNone && Rational.Compare(time, until) < 0 && goesOn () do
                let target = if next < asked.Length then Rational.min asked[next] until else until
                let left = target - time
                let leftFloat = Rational.toFloat left

                // The last two steps before a target share what is left.
                let δ =
                    if length >= 0.999 * leftFloat then None
                    elif length >= 0.5 * leftFloat then Some(round (0.5 * leftFloat))
                    else Some(round length)

                let exact = δ |> Option.map Rational.ofFloat |> Option.defaultValue left
                let used = δ |> Option.defaultValue leftFloat
                let order = chooseOrder options set.Hull
                steps <- steps + 1

                let result =
                    TaylorEnclosure.step series order (Interval.ofRational time) (Interval.ofRational exact) hasSecond set.Centre set.Hull

                let accepted =
                    match result with
                    | None ->
                        ceiling <- 0.8 * used
                        length <- 0.7 * used
                        false
                    | Some step ->
                        let excess = excess options set.Hull step
                        let factor = 0.9 * Math.Pow(Math.Max(excess, 1e-30), -1.0 / float (step.Order + 1))

                        if excess <= 1.0 then
                            length <- Math.Min(ceiling, used * Math.Min(2.0, factor))
                            ceiling <- 1.05 * ceiling
                            set <- LohnerSet.advance step set
                            tube.Add { From = time; Until = time + exact; States = step.Tube }
                            time <- time + exact
                            note ()
                            true
                        else
                            length <- used * Math.Max(0.1, Math.Min(0.9, factor))
                            false

                if not accepted && not (length >= smallest) then
                    let magnitude = largest Interval.magnitude set.Hull
                    let now = Rational.toFloat time

                    stop <-
                        Some(
                            if magnitude > 1e3 * (1.0 + magnitudeAtStart) then
                                EnclosureStop.BlowUp(magnitude, now)
                            else
                                EnclosureStop.StepTooSmall(length, now)
                        )
                elif steps >= options.MaxSteps && Rational.Compare(time, horizon) < 0 then
                    stop <- Some(EnclosureStop.StepLimit(options.MaxSteps, Rational.toFloat time))

        if reached.Count = 0 || reached[reached.Count - 1].Time <> time then
            reached.Add { Time = time; States = set.States }

        {
            Reached = List.ofSeq reached
            Tube = List.ofSeq tube
            Last = set
            Time = time
            Steps = steps
            Stop = stop |> Option.defaultValue EnclosureStop.Completed
        }

    let private requestDefects
        (options: EnclosureOptions)
        (dimension: int)
        (inputs: int)
        (horizon: Rational)
        (times: Rational[])
        (box: Box)
        = [
        let limit = largestDimension options.Derivatives

        if max dimension inputs > limit then
            Defect.create
                "dimension"
                $"{max dimension inputs}"
                $"at most {limit} where a flow is enclosed with {options.Derivatives} derivatives"

        if horizon.Sign <= 0 then
            Defect.create "horizon" $"{horizon}" "a time after 0"

        for t in times do
            if t.Sign < 0 || Rational.Compare(t, horizon) > 0 then
                Defect.create "times" $"{t}" $"times from 0 to {horizon}"

        match options.Order with
        | Some order when order < 1 || order > 60 -> Defect.create "order" $"{order}" "an order from 1 to 60"
        | _ -> ()

        if box.Length <> inputs then
            Defect.create "inputs" $"a box of {box.Length} sides" $"{inputs} sides"
        else
            match Box.create box with
            | Ok _ -> ()
            | Error problem -> Defect.create "inputs" problem "non-empty sides with finite ends"
    ]

    /// The flow of x′ = f(t, x) from a box at time 0 to the horizon; the states also at given times.
    let encloseField
        (options: EnclosureOptions)
        (field: ISmoothField)
        (horizon: Rational)
        (times: Rational[])
        (box: Box)
        : Result<FlowEnclosure, Defect list> =
        match requestDefects options field.Dimension field.Dimension horizon times box with
        | [] ->
            let start = LohnerSet.start box (Box.ofPoint (Box.midpoint box)) (FlowJet.identity true box) options.Derivatives
            Ok(run [| horizon, FlowSeries.ofField field |] options times start)
        | defects -> Error defects

    let private layersOf (ode: NeuralOde<Interval>) : (string * Layer<Interval>) list = [
        for place, map in [ "lift", ode.Lift; "readout", ode.Readout ] do
            for layer in map |> Option.map _.Layers.ToArray() |> Option.defaultValue [||] do
                place, layer

        for piece in ode.Pieces.ToArray() do
            for layer in piece.Coefficients[0].Layers.ToArray() do
                "field", layer
    ]

    /// Why derivatives of this order do not exist: activations with a kink.
    let private kinkDefects (order: FlowOrder) (ode: NeuralOde<Interval>) : Defect list =
        if order = FlowOrder.C0 then
            []
        else
            [
                for place, layer in layersOf ode do
                    for activation in layer.ActivationArray do
                        match activation with
                        | Activation.Relu
                        | Activation.LeakyRelu _ ->
                            let theorem =
                                if order = FlowOrder.C2 then
                                    "a field in C², as the second variation of a flow supposes (kuehn-kuntz.node.variational)"
                                else
                                    "a field in C¹, as the variation of a flow supposes (kuehn-kuntz.node.no-critical-point)"

                            Defect.create place $"the activation {Activation.name activation}" theorem
                        | _ -> ()
            ]
            |> List.distinct

    /// Everything wrong with a request, before any work is done.
    let defects (options: EnclosureOptions) (ode: NeuralOde<Interval>) (times: Rational[]) (inputs: Box) : Defect list =
        requestDefects options ode.Dimension ode.Inputs ode.Horizon times inputs @ kinkDefects options.Derivatives ode

    let private lifted (map: LayerMap<Interval>) : LayerMap<AnalyticJet<Interval>> =
        LayerMap.map AnalyticJet.constant (Activation.map AnalyticJet.constant) map

    let private startOf (order: FlowOrder) (ode: NeuralOde<Interval>) (inputs: Box) : LohnerSet =
        let identity = FlowJet.identity true inputs
        let middle = Box.ofPoint (Box.midpoint inputs)

        match ode.Lift with
        | None -> LohnerSet.start inputs middle identity order
        | Some lift ->
            let jet = LayerMap.apply (lifted lift) (AnalyticJet.variables inputs) |> FlowSeries.toFlowJet identity
            LohnerSet.start inputs (LayerMap.apply lift middle) jet order

    /// The flow of a neural ODE by given series of its pieces.
    let internal encloseBy
        (series: FieldPiece<Interval> -> IFlowSeries<Interval>)
        (options: EnclosureOptions)
        (ode: NeuralOde<Interval>)
        (times: Rational[])
        (inputs: Box)
        : Result<FlowEnclosure, Defect list> =
        match defects options ode times inputs with
        | [] ->
            let pieces = ode.Pieces.ToArray() |> Array.map (fun piece -> piece.Until, series piece)
            Ok(run pieces options times (startOf options.Derivatives ode inputs))
        | defects -> Error defects

    /// The flow of a neural ODE from all inputs of a box to its horizon; the states also at given times. Wants a request without `defects`.
    let enclose
        (options: EnclosureOptions)
        (ode: NeuralOde<Interval>)
        (times: Rational[])
        (inputs: Box)
        : Result<FlowEnclosure, Defect list> =
        encloseBy IntervalLayerSeries.ofPiece options ode times inputs

    let private isAffine (map: LayerMap<Interval>) : bool =
        map.Layers.ToArray() |> Array.forall (fun layer -> layer.ActivationArray |> Array.forall _.IsIdentity)

    /// The output readout(x(T)) with its derivatives in the inputs, from the set at the end.
    let output (ode: NeuralOde<Interval>) (last: LohnerSet) : FlowJet<Interval> =
        match ode.Readout with
        | None -> last.States
        | Some readout ->
            let states = last.States
            let through jets = LayerMap.apply (lifted readout) jets
            let jet = Array.init states.Width (FlowSeries.jetOf states) |> through |> FlowSeries.toFlowJet states
            let slope = through (AnalyticJet.variables last.Hull) |> FlowSeries.toFlowJet (FlowJet.identity false last.Hull)
            let matrix = Matrix.init jet.Width states.Width (fun i a -> slope.First[a * jet.Width + i])
            let meet (target: Interval[]) at (value: Interval) = target[at] <- Interval.intersect target[at] value
            // By the mean value theorem, and linear maps in the frame of the set.
            let atCentre = LayerMap.apply readout (Box.ofPoint last.Centre)
            Vector.add atCentre (LohnerSet.deviation matrix last) |> Array.iteri (meet jet.Value)
            let images = LohnerSet.derivativeImages matrix last

            for a in 0 .. jet.Directions - 1 do
                images[a] |> Array.iteri (fun i value -> meet jet.First (a * jet.Width + i) value)

            if isAffine readout then
                for e in 0 .. jet.Pairs - 1 do
                    images[jet.Directions + e] |> Array.iteri (fun i value -> meet jet.Second (e * jet.Width + i) value)

            jet
