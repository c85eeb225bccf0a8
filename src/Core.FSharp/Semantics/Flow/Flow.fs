namespace LayerTime.Core.Semantics

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Networks

/// <summary>The solution of x′ = f(t, x): one loop over the steps for all methods.</summary>
/// <remarks>
/// A horizon that ends before it starts is run backwards in time, which the momentum of a network does; a horizon of length zero is
/// refused. Steps are controlled by the largest component of the scaled error with a PI controller (Gustafsson 1991; Hairer,
/// Nørsett and Wanner, II.4 and IV.2), computed by our own elementary functions, so that every machine takes the same steps.
/// </remarks>
[<RequireQualifiedAccess>]
module Flow =
    /// A smaller relative tolerance is below what floats can hold: 16 units.
    let leastTolerance: float = 16.0 * StepSize.unit

    let private finite (x: float) = Double.IsFinite x

    /// Everything that is wrong with what is asked for; no text is made where nothing is.
    let private defects
        (settings: FlowSettings)
        (stepper: Stepper<Binary64>)
        (start: float)
        (finish: float)
        (state: float[])
        : Defect list = [
        if not (finite start && finite finish) then
            Defect.create "horizon" $"from {start} to {finish}" "finite times"

        if start = finish then
            Defect.create "horizon" $"length zero at {start}" "an end that differs from the start, before or after it"

        if state.Length <> stepper.Dimension then
            Defect.create "state" $"{state.Length} components" $"{stepper.Dimension}, the dimension of the vector field"

        for i in 0 .. state.Length - 1 do
            if not (finite state[i]) then
                Defect.create $"state, component {i}" $"{state[i]}" "a finite number"

        match settings.Control with
        | StepControl.Adaptive(relative, absolute) ->
            if not (relative >= leastTolerance && relative < 1.0) then
                Defect.create "relative tolerance" $"{relative}" $"at least {leastTolerance}, sixteen roundings, and less than 1"

            if not (absolute > 0.0 && finite absolute) then
                Defect.create "absolute tolerance" $"{absolute}" "a positive number"

            if stepper.Estimates.Length = 0 then
                Defect.create
                    "step control"
                    "adaptive steps for a method without error estimate"
                    "a number of fixed steps, or a method with an embedded pair"
        | StepControl.Fixed count ->
            if count <= 0 then
                Defect.create "step control" $"{count} steps" "at least one"

        match settings.FirstStep with
        | Some h when not (h > 0.0 && finite h) -> Defect.create "first step" $"{h}" "a positive number"
        | _ -> ()

        if not (settings.LargestStep > 0.0) then
            Defect.create "largest step" $"{settings.LargestStep}" "a positive number"

        if settings.StepLimit <= 0 then
            Defect.create "step limit" $"{settings.StepLimit}" "at least one step"
    ]

    /// From this size on the next power of a state is beyond the range of floats.
    let private enormous = Math.ScaleB(1.0, 256)

    /// Why a component is not a finite number after a state.
    let private broken (c: int) (time: float) (x: Binary64[]) : StopReason =
        let size = StepSize.largest x
        if size >= enormous then StopReason.Overflow(size, time) else StopReason.NotFinite(c, time)

    /// Why the step is exhausted.
    let private exhausted (shrinking: ShrinkingSteps) (notFinite: int) (h: float) (time: float) (x: Binary64[]) : StopReason =
        if shrinking.AreOfBlowUp time then StopReason.BlowUp(StepSize.largest x, time)
        elif notFinite >= 0 then broken notFinite time x
        else StopReason.StepTooSmall(Math.Abs h, time)

    let private run (settings: FlowSettings) (stepper: Stepper<Binary64>) (start: float) (finish: float) (state: float[]) : FlowResult =
        let d = state.Length
        let direction = if finish > start then 1.0 else -1.0
        let mutable x = Binary64.ofFloats state
        let mutable next: Binary64[] = Array.zeroCreate d
        let error: Binary64[] = Array.zeroCreate d
        let second: Binary64[] = Array.zeroCreate d
        let estimates = stepper.Estimates
        let shrinking = ShrinkingSteps(start, finish)
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
                    | None -> StepSize.firstStep stepper relative absolute start direction x

                // A field that is not finite at the start is found by the first step, whatever its length.
                let chosen = if chosen > 0.0 then chosen else Math.Abs(finish - start)
                direction * Math.Min(Math.Min(chosen, settings.LargestStep), Math.Abs(finish - start))

        let foresees = stepper.KnownPowers.Length > 0

        /// The length of the next step, where the method knows it.
        let foresee (time: float) (x: Binary64[]) : float =
            stepper.Start(Binary64 time, x)
            StepSize.foreseen stepper relative absolute x

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
            elif not isFixed && Math.Abs h <= 16.0 * StepSize.unit * Math.Abs time || after = time then
                stop <- ValueSome(exhausted shrinking notFinite h time x)
            else
                match stepper.Step(Binary64 time, Binary64 h, x, next) with
                | StepOutcome.NoContraction ->
                    let slopeBroken = StepSize.firstNotFinite stepper.Slope

                    stop <- ValueSome(if slopeBroken >= 0 then broken slopeBroken time x else StopReason.NoContraction(Math.Abs h, time))
                | StepOutcome.Done ->
                    let brokenAt = StepSize.firstNotFinite (ReadOnlySpan next)
                    let slopeBroken = StepSize.firstNotFinite stepper.Slope

                    let size =
                        if brokenAt >= 0 then
                            Double.NaN
                        elif isFixed then
                            0.0
                        else
                            stepper.Error(0, Binary64 h, error)
                            let leading = StepSize.scaled relative absolute error x next

                            if estimates.Length = 1 then
                                leading
                            else
                                // Two estimates, the second of lower order: e₁²/√(e₁² + e₂²/100) (Hairer, Nørsett and Wanner, II.10).
                                stepper.Error(1, Binary64 h, second)
                                let lower = StepSize.scaled relative absolute second x next
                                let sum = leading * leading + 0.01 * lower * lower
                                if sum > 0.0 then leading * leading / Elementary.sqrt sum else leading + lower

                    if slopeBroken >= 0 then
                        // The field itself is not finite where the step starts: no shorter step helps.
                        stop <- ValueSome(broken slopeBroken time x)
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
                            shrinking.Add(Math.Abs h, time, x)
                            let error = Math.Max(size, 1e-10)

                            let length =
                                match (if stop.IsNone && foresees then foresee time x else 0.0) with
                                | 0.0 ->
                                    let factor = 0.9 * StepSize.power error -integral * StepSize.power errorBefore proportional
                                    Math.Abs h * Math.Max(0.2, factor)
                                | length -> length

                            // No growth right after a rejection, at most fivefold otherwise.
                            let length = Math.Min(length, (if wasRejected then 1.0 else 5.0) * Math.Abs h)
                            errorBefore <- Math.Max(error, 1e-4)
                            h <- direction * Math.Min(length, settings.LargestStep)
                            wasRejected <- false
                            notFinite <- -1
                    elif isFixed then
                        stop <- ValueSome(broken (Math.Max(brokenAt, 0)) time x)
                    else
                        rejected <- rejected + 1
                        wasRejected <- true

                        if Double.IsNaN size || Double.IsInfinity size then
                            notFinite <- Math.Max(brokenAt, 0)
                            h <- 0.1 * h
                        else
                            notFinite <- -1
                            h <- h * Math.Max(0.2, 0.9 * StepSize.power size -exponent)

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
