namespace LayerTime.Core.Semantics

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Networks

/// How the length of a step is chosen.
[<RequireQualifiedAccess>]
type StepControl =
    /// By the estimated error of each step: at most absolute + relative·|x_i| in every component.
    | Adaptive of relative: float * absolute: float
    /// So many steps of one length.
    | Fixed of count: int

/// What is kept of a flow.
[<RequireQualifiedAccess>]
type Recording =
    /// Only the end.
    | Final
    /// The state after every accepted step.
    | Steps
    /// The state after every accepted step and the solution between them.
    | Dense

/// Which changes of sign count as an event, in the direction in which the flow runs.
[<RequireQualifiedAccess>]
type Crossing =
    /// From negative to positive.
    | Rising
    /// From positive to negative.
    | Falling
    /// Both.
    | Either

/// g(t, x), whose changes of sign are events. An instance may own scratch memory.
type IEventFunction =
    /// g(t, x)
    abstract Value: time: float * state: ReadOnlySpan<float> -> float

/// An event to be located: a change of sign of a function along the solution.
[<ReferenceEquality>]
type EventRequest = {
    /// The function.
    Function: IEventFunction
    /// Which changes of its sign count.
    Crossing: Crossing
    /// Whether the flow ends there.
    IsTerminal: bool
}

/// An event that was located.
type EventHit = {
    /// Its number in the list of requests, zero-based.
    Event: int
    /// When the sign has changed, to the last bits of the time.
    Time: float
    /// The solution at that time.
    State: float[]
}

/// Somebody who sees how far a flow has come and may end it. An instance may own memory.
type IFlowWatch =
    /// Whether to go on from a time that is reached.
    abstract GoesOn: time: float -> bool

/// How to run a flow. The defaults are FlowSettings.defaults.
[<NoComparison>]
type FlowSettings = {
    /// How steps are chosen.
    Control: StepControl
    /// The length of the first step, without sign; None chooses it from the field.
    FirstStep: float option
    /// The largest length of a step, without sign.
    LargestStep: float
    /// The largest number of steps, rejected ones included.
    StepLimit: int
    /// What is kept.
    Recording: Recording
    /// The events to be located.
    Events: EventRequest list
    /// Who is asked before each step.
    Watch: IFlowWatch option
}

/// Settings: the defaults and their changes.
[<RequireQualifiedAccess>]
module FlowSettings =
    /// Adaptive steps with relative tolerance 10⁻⁶ and absolute tolerance 10⁻⁹, at most a million of them, only the end kept.
    let defaults: FlowSettings = {
        Control = StepControl.Adaptive(1e-6, 1e-9)
        FirstStep = None
        LargestStep = Double.PositiveInfinity
        StepLimit = 1_000_000
        Recording = Recording.Final
        Events = []
        Watch = None
    }

    /// Adaptive steps: the error of each is at most absolute + relative·|x_i| in every component.
    let withTolerances (relative: float) (absolute: float) (settings: FlowSettings) : FlowSettings = {
        settings with
            Control = StepControl.Adaptive(relative, absolute)
    }

    /// So many steps of one length.
    let withSteps (count: int) (settings: FlowSettings) : FlowSettings = { settings with Control = StepControl.Fixed count }

    /// Another recording.
    let withRecording (recording: Recording) (settings: FlowSettings) : FlowSettings = { settings with Recording = recording }

    /// One more event.
    let withEvent (event: EventRequest) (settings: FlowSettings) : FlowSettings = { settings with Events = settings.Events @ [ event ] }

/// What a flow has come to: always the best so far, whatever the reason to stop.
[<NoComparison; NoEquality>]
type FlowResult = {
    /// Why it stopped.
    Stop: StopReason
    /// The time reached.
    Time: float
    /// The state there.
    State: float[]
    /// The number of steps that count.
    Accepted: int
    /// The number of steps that were repeated with a shorter length.
    Rejected: int
    /// How often the field was evaluated.
    Evaluations: int
    /// The events located, in the order of their times.
    Events: EventHit list
    /// What was recorded; only the start and the end for Recording.Final.
    Trace: Trace
}

/// <summary>The solution of x′ = f(t, x): one loop over the steps for all methods.</summary>
/// <remarks>
/// A horizon that ends before it starts is run backwards in time, which the momentum of a network does; a horizon of length zero is
/// refused. Steps are controlled by the largest component of the scaled error with a PI controller (Gustafsson 1991; Hairer,
/// Nørsett and Wanner, II.4 and IV.2), computed by our own elementary functions, so that every machine takes the same steps.
/// </remarks>
[<RequireQualifiedAccess>]
module Flow =
    /// Half the spacing of floats at 1.
    let private unit = Math.ScaleB(1.0, -53)
    /// A smaller relative tolerance is below what floats can hold: 16 units.
    let leastTolerance: float = 16.0 * unit

    let private finite (x: float) = Double.IsFinite x

    /// Everything that is wrong with what is asked for.
    let private defects (settings: FlowSettings) (stepper: Stepper<Binary64>) (start: float) (finish: float) (state: float[]) =
        let unless = Defect.unless

        [
            yield! unless (finite start && finite finish) "horizon" $"from {start} to {finish}" "finite times"
            yield! unless (start <> finish) "horizon" $"length zero at {start}" "an end that differs from the start, before or after it"

            yield!
                unless
                    (state.Length = stepper.Dimension)
                    "state"
                    $"{state.Length} components"
                    $"{stepper.Dimension}, the dimension of the vector field"

            for i in 0 .. state.Length - 1 do
                yield! unless (finite state[i]) $"state, component {i}" $"{state[i]}" "a finite number"

            match settings.Control with
            | StepControl.Adaptive(relative, absolute) ->
                yield!
                    unless
                        (relative >= leastTolerance && relative < 1.0)
                        "relative tolerance"
                        $"{relative}"
                        $"at least {leastTolerance}, sixteen roundings, and less than 1"

                yield! unless (absolute > 0.0 && finite absolute) "absolute tolerance" $"{absolute}" "a positive number"

                yield!
                    unless
                        (stepper.Estimates.Length > 0)
                        "step control"
                        "adaptive steps for a method without error estimate"
                        "a number of fixed steps, or a method with an embedded pair"
            | StepControl.Fixed count -> yield! unless (count > 0) "step control" $"{count} steps" "at least one"

            match settings.FirstStep with
            | Some h -> yield! unless (h > 0.0 && finite h) "first step" $"{h}" "a positive number"
            | None -> ()

            yield! unless (settings.LargestStep > 0.0) "largest step" $"{settings.LargestStep}" "a positive number"
            yield! unless (settings.StepLimit > 0) "step limit" $"{settings.StepLimit}" "at least one step"

            let needsPolynomial = settings.Recording = Recording.Dense || not settings.Events.IsEmpty

            yield!
                unless
                    (not needsPolynomial || stepper.Degree > 0)
                    "recording"
                    "the solution between the steps of a method without continuous extension"
                    "the steps only and no events, or an explicit Runge–Kutta or Taylor method"
        ]

    /// xᵖ for x > 0 by our own elementary functions.
    let private power (x: float) (p: float) = Elementary.exp (p * Elementary.log x)

    /// max |x_i| / (absolute + relative·max(|y_i|, |z_i|)), NaN where any is.
    let private scaled (relative: float) (absolute: float) (x: Binary64[]) (y: Binary64[]) (z: Binary64[]) : float =
        let mutable largest = 0.0

        for i in 0 .. x.Length - 1 do
            let scale = absolute + relative * Math.Max(Math.Abs y[i].Value, Math.Abs z[i].Value)
            // Math.Max keeps NaN.
            largest <- Math.Max(largest, Math.Abs x[i].Value / scale)

        largest

    let private largest (x: Binary64[]) : float =
        let mutable result = 0.0

        for i in 0 .. x.Length - 1 do
            result <- Math.Max(result, Math.Abs x[i].Value)

        result

    /// The first component that is not finite, −1 where all are.
    let private firstNotFinite (x: ReadOnlySpan<Binary64>) : int =
        let mutable found = -1
        let mutable i = 0

        while found < 0 && i < x.Length do
            if not (finite x[i].Value) then
                found <- i

            i <- i + 1

        found

    /// The events of one step: located on the polynomial of the step.
    [<Sealed>]
    type private EventSearch(requests: EventRequest[], dimension: int, degree: int) =
        // A step is searched for changes of sign in so many parts, so that two of them in one step are seen more often than not.
        let parts = 4
        let point: Binary64[] = Array.zeroCreate dimension
        let before: float[] = Array.zeroCreate requests.Length
        let hits = Collections.Generic.List<struct (float * int)>()
        member val Coefficients: Binary64[] = Array.zeroCreate (degree * dimension)
        member val Found = Collections.Generic.List<EventHit>()

        member private this.Value(event: int, time: float, h: float, state: Binary64[], θ: float) : float =
            Trace.Continue(ReadOnlySpan state, ReadOnlySpan this.Coefficients, θ, Span point)
            requests[event].Function.Value(time + θ * h, Binary64.asFloats (ReadOnlySpan point))

        /// The values at the start.
        member _.Begin(time: float, state: Binary64[]) : unit =
            for e in 0 .. requests.Length - 1 do
                before[e] <- requests[e].Function.Value(time, Binary64.asFloats (ReadOnlySpan state))

        static member private Counts(crossing: Crossing, a: float, b: float) : bool =
            let rises, falls = a < 0.0 && b >= 0.0, a > 0.0 && b <= 0.0

            match crossing with
            | Crossing.Rising -> rises
            | Crossing.Falling -> falls
            | Crossing.Either -> rises || falls

        /// Where the sign has just changed between two θ, up to two roundings of the time: false position, halving every third time.
        member private this.Locate
            (event: int, time: float, h: float, state: Binary64[], low: float, atLow: float, high: float, atHigh: float)
            =
            let mutable low, atLow, high, atHigh = low, atLow, high, atHigh
            let width = 2.0 * unit * Math.Max(Math.Abs time, Math.Abs(time + h)) / Math.Abs h
            let mutable n = 0

            while high - low > width && atHigh <> 0.0 && n < 200 do
                n <- n + 1
                let secant = low + (high - low) * (atLow / (atLow - atHigh))
                let middle = if n % 3 = 0 || not (secant > low && secant < high) then 0.5 * (low + high) else secant

                if middle <= low || middle >= high then
                    n <- 200
                else
                    let value = this.Value(event, time, h, state, middle)

                    if value <> 0.0 && (value < 0.0) = (atLow < 0.0) then
                        low <- middle
                        atLow <- value
                    else
                        high <- middle
                        atHigh <- value

            high

        /// The events of the step from a state, up to the first terminal one: its θ and number, or θ = ∞. Keeps all that happened.
        member this.Search(time: float, h: float, state: Binary64[]) : struct (float * int) =
            hits.Clear()

            for e in 0 .. requests.Length - 1 do
                let mutable low = 0.0

                for part in 1..parts do
                    let high = float part / float parts
                    let value = this.Value(e, time, h, state, high)

                    if EventSearch.Counts(requests[e].Crossing, before[e], value) then
                        hits.Add(struct (this.Locate(e, time, h, state, low, before[e], high, value), e))

                    before[e] <- value
                    low <- high

            hits.Sort()
            let mutable terminal = struct (Double.PositiveInfinity, -1)

            for struct (θ, e) in hits do
                let struct (stop, _) = terminal

                if θ <= stop && stop = Double.PositiveInfinity then
                    Trace.Continue(ReadOnlySpan state, ReadOnlySpan this.Coefficients, θ, Span point)

                    this.Found.Add { Event = e; Time = time + θ * h; State = Binary64.toFloats point }

                    if requests[e].IsTerminal then
                        terminal <- struct (θ, e)

            terminal

    /// The length of the first step from the size of the state, of the field and of its change (Hairer, Nørsett and Wanner, II.4).
    let private firstStep
        (stepper: Stepper<Binary64>)
        (relative: float)
        (absolute: float)
        (time: float)
        (direction: float)
        (x: Binary64[])
        =
        let d = x.Length
        let next: Binary64[] = Array.zeroCreate d
        // A step of length zero evaluates the slope at the start and keeps it.
        stepper.Step(Binary64 time, Binary64 0.0, x, next) |> ignore
        let slope = stepper.Slope.ToArray()

        if slope.Length = 0 || firstNotFinite (ReadOnlySpan slope) >= 0 then
            0.0
        else
            let d0, d1 = scaled relative absolute x x x, scaled relative absolute slope x x
            let h0 = if d0 < 1e-5 || d1 < 1e-5 then 1e-6 else 0.01 * (d0 / d1)

            for i in 0 .. d - 1 do
                next[i] <- Binary64(x[i].Value + direction * h0 * slope[i].Value)

            stepper.Restart()
            let after: Binary64[] = Array.zeroCreate d
            stepper.Step(Binary64(time + direction * h0), Binary64 0.0, next, after) |> ignore
            let change = stepper.Slope.ToArray() |> Array.mapi (fun i s -> Binary64(s.Value - slope[i].Value))
            stepper.Restart()
            let d2 = scaled relative absolute change x x / h0
            let steepest = Math.Max(d1, d2)

            let h1 =
                if not (finite steepest) then h0
                elif steepest <= 1e-15 then Math.Max(1e-6, h0 * 1e-3)
                else power (0.01 / steepest) (1.0 / float (stepper.Order + 1))

            Math.Min(100.0 * h0, h1)

    /// Where the step is exhausted: a state that would double within the next 2²⁰ smallest steps and has grown is blowing up.
    let private exhausted (stepper: Stepper<Binary64>) (notFinite: int) (h: float) (time: float) (x0: float) (x: Binary64[]) : StopReason =
        let size = largest x
        let mutable slope = 0.0
        let s = stepper.Slope

        for i in 0 .. s.Length - 1 do
            slope <- Math.Max(slope, Math.Abs s[i].Value)

        let spacing = unit * Math.Max(Math.Abs time, Math.ScaleB(1.0, -1000))

        if size > x0 && size <= Math.ScaleB(16.0, 20) * spacing * slope then
            StopReason.BlowUp(size, time, time + Math.CopySign(size / slope, h))
        elif notFinite >= 0 then
            StopReason.NotFinite(notFinite, time)
        else
            StopReason.StepTooSmall(Math.Abs h, time)

    let private run (settings: FlowSettings) (stepper: Stepper<Binary64>) (start: float) (finish: float) (state: float[]) : FlowResult =
        let d = state.Length
        let direction = if finish > start then 1.0 else -1.0
        let mutable x = Binary64.ofFloats state
        let mutable next: Binary64[] = Array.zeroCreate d
        let error: Binary64[] = Array.zeroCreate d
        let second: Binary64[] = Array.zeroCreate d
        let estimates = stepper.Estimates
        let x0 = largest x
        stepper.Restart()
        stepper.Evaluations <- 0
        let isDense = settings.Recording = Recording.Dense
        let trace = Trace(d, (if isDense then stepper.Degree else 0))
        trace.Add(start, x)
        let requests = List.toArray settings.Events
        let search = EventSearch(requests, d, (if requests.Length > 0 then stepper.Degree else 0))
        search.Begin(start, x)

        let relative, absolute, count =
            match settings.Control with
            | StepControl.Adaptive(relative, absolute) -> relative, absolute, 0
            | StepControl.Fixed count -> 1.0, 1.0, count

        let isFixed = count > 0

        let goesOn =
            match settings.Watch with
            | Some watch -> watch.GoesOn
            | None -> fun _ -> true

        // The estimate of order q misses by O(h^(q+1)).
        let exponent = if isFixed then 1.0 else 1.0 / float (estimates[0] + 1)
        let integral, proportional = 0.85 * exponent, 0.2 * exponent

        let mutable h =
            if isFixed then
                (finish - start) / float count
            else
                let chosen =
                    match settings.FirstStep with
                    | Some h -> h
                    | None -> firstStep stepper relative absolute start direction x

                // A field that is not finite at the start is found by the first step, whatever its length.
                let chosen = if chosen > 0.0 then chosen else Math.Abs(finish - start)
                direction * Math.Min(Math.Min(chosen, settings.LargestStep), Math.Abs(finish - start))

        let mutable time = start
        let mutable accepted = 0
        let mutable rejected = 0
        let mutable errorBefore = 1e-4
        let mutable wasRejected = false
        let mutable notFinite = -1
        let mutable stop = ValueNone

        while stop.IsNone do
            let remaining = finish - time

            // The last step ends at the end exactly; a little more than a step is not worth another one.
            let isLast = if isFixed then accepted = count - 1 else Math.Abs remaining <= Math.Abs h * (1.0 + 1e-10)

            if isLast then
                h <- remaining

            let after =
                if isLast then finish
                elif isFixed then start + float (accepted + 1) * ((finish - start) / float count)
                else time + h

            if not (goesOn time) then
                stop <- ValueSome(StopReason.Interrupted time)
            elif accepted + rejected >= settings.StepLimit then
                stop <- ValueSome(StopReason.StepLimit(settings.StepLimit, time))
            elif not isFixed && Math.Abs h <= 16.0 * unit * Math.Abs time || after = time then
                stop <- ValueSome(exhausted stepper notFinite h time x0 x)
            else
                match stepper.Step(Binary64 time, Binary64 h, x, next) with
                | StepOutcome.NoContraction -> stop <- ValueSome(StopReason.NoContraction(Math.Abs h, time))
                | StepOutcome.Done ->
                    let broken = firstNotFinite (ReadOnlySpan next)
                    let slopeBroken = firstNotFinite stepper.Slope

                    let size =
                        if broken >= 0 then
                            Double.NaN
                        elif isFixed then
                            0.0
                        else
                            stepper.Error(0, Binary64 h, error)
                            let leading = scaled relative absolute error x next

                            if estimates.Length = 1 then
                                leading
                            else
                                // Two estimates, the second of lower order: e₁²/√(e₁² + e₂²/100) (Hairer, Nørsett and Wanner, II.10).
                                stepper.Error(1, Binary64 h, second)
                                let lower = scaled relative absolute second x next
                                let sum = leading * leading + 0.01 * lower * lower
                                if sum > 0.0 then leading * leading / Elementary.sqrt sum else leading + lower

                    if slopeBroken >= 0 then
                        // The field itself is not finite where the step starts: no shorter step helps.
                        stop <- ValueSome(StopReason.NotFinite(slopeBroken, time))
                    elif size <= 1.0 then
                        // Events and dense output need the solution inside the step.
                        let struct (ends, event) =
                            if requests.Length > 0 then
                                stepper.Extend(Binary64 time, Binary64 h, x, next, Span search.Coefficients)

                                if isDense then
                                    (ReadOnlySpan search.Coefficients).CopyTo trace.Piece

                                search.Search(time, h, x)
                            else
                                if isDense then
                                    stepper.Extend(Binary64 time, Binary64 h, x, next, trace.Piece)

                                struct (Double.PositiveInfinity, -1)

                        accepted <- accepted + 1

                        if ends <= 1.0 then
                            let reached = time + ends * h
                            Trace.Continue(ReadOnlySpan x, ReadOnlySpan search.Coefficients, ends, Span next)

                            if isDense then
                                // The piece ends earlier: θ counts from 0 to 1 up to there.
                                let piece = trace.Piece
                                let mutable scale = 1.0

                                for p in 0 .. stepper.Degree - 1 do
                                    scale <- scale * ends

                                    for c in 0 .. d - 1 do
                                        piece[p * d + c] <- Binary64(scale * piece[p * d + c].Value)

                            time <- reached
                            stop <- ValueSome(StopReason.Event(event, reached))
                        else
                            time <- after

                            if isLast then
                                stop <- ValueSome StopReason.Completed

                        let swap = x
                        x <- next
                        next <- swap
                        stepper.Accept()

                        if settings.Recording <> Recording.Final then
                            trace.Add(time, x)

                        if not isFixed then
                            let error = Math.Max(size, 1e-10)
                            let factor = 0.9 * power error -integral * power errorBefore proportional
                            // No growth right after a rejection, at most fivefold otherwise.
                            let factor = Math.Min((if wasRejected then 1.0 else 5.0), Math.Max(0.2, factor))
                            errorBefore <- Math.Max(error, 1e-4)
                            h <- direction * Math.Min(Math.Abs h * factor, settings.LargestStep)
                            wasRejected <- false
                            notFinite <- -1
                    elif isFixed then
                        stop <- ValueSome(StopReason.NotFinite(Math.Max(broken, 0), time))
                    else
                        rejected <- rejected + 1
                        wasRejected <- true

                        if Double.IsNaN size || Double.IsInfinity size then
                            notFinite <- Math.Max(broken, 0)
                            h <- 0.1 * h
                        else
                            notFinite <- -1
                            h <- h * Math.Max(0.2, 0.9 * power size -exponent)

        if settings.Recording = Recording.Final && accepted > 0 then
            trace.Add(time, x)

        {
            Stop = stop.Value
            Time = time
            State = Binary64.toFloats x
            Accepted = accepted
            Rejected = rejected
            Evaluations = stepper.Evaluations
            Events = List.ofSeq search.Found
            Trace = trace
        }

    /// The solution from a state at a start time to an end time, forwards or backwards, by any method: the best so far with the
    /// reason to stop, or all that is wrong with what was asked for.
    let solve
        (settings: FlowSettings)
        (stepper: Stepper<Binary64>)
        (start: float)
        (finish: float)
        (state: float[])
        : Result<FlowResult, Defect list> =
        match defects settings stepper start finish state with
        | [] -> Ok(run settings stepper start finish state)
        | defects -> Error defects
