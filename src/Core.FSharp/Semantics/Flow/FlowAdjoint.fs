namespace LayerTime.Core.Semantics

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Networks

/// The steps that a flow has taken, and what the way back through them needs. Its memory grows by doubling.
[<Sealed>]
type internal StepTape<'T>(memory: int) =
    let mutable times: 'T[] = Array.zeroCreate 16
    let mutable lengths: 'T[] = Array.zeroCreate 16
    let mutable memories: 'T[] = Array.zeroCreate (16 * memory)
    let mutable count = 0
    member _.Count: int = count
    member _.Time(n: int) : 'T = times[n]
    member _.Length(n: int) : 'T = lengths[n]
    member _.Memory(n: int) : ReadOnlySpan<'T> = ReadOnlySpan(memories, n * memory, memory)
    member _.Steps: StepSequence<'T> = { Times = times[.. count - 1]; Lengths = lengths[.. count - 1] }
    member _.Clear() = count <- 0

    /// The memory for the next step.
    member _.Pending: Span<'T> = Span(memories, count * memory, memory)

    member _.Add(time: 'T, length: 'T) : unit =
        times[count] <- time
        lengths[count] <- length
        count <- count + 1

        if count = times.Length then
            Array.Resize(&times, 2 * count)
            Array.Resize(&lengths, 2 * count)
            Array.Resize(&memories, 2 * count * memory)

/// A method that writes down every step that counts, with what its way back needs where there is an adjoint.
[<Sealed>]
type internal TapedStepper<'T>(inner: Stepper<'T>, adjoint: StepAdjoint<'T> voption, tape: StepTape<'T>) =
    inherit Stepper<'T>(inner.Dimension, inner.Order)
    let mutable time = Unchecked.defaultof<'T>
    let mutable length = Unchecked.defaultof<'T>
    // The last continuation that was asked for, and where its step started.
    let continued: 'T[] = Array.zeroCreate (inner.Degree * inner.Dimension)
    let origin: 'T[] = Array.zeroCreate inner.Dimension
    /// The state at the start of the last step that was continued.
    member _.Origin: 'T[] = origin
    /// The coefficients of its continuation.
    member _.Continued: 'T[] = continued

    override this.Step(now, step, state, next) =
        time <- now
        length <- step
        let before = inner.Evaluations

        let outcome =
            match adjoint with
            | ValueSome adjoint -> adjoint.Step(now, step, state, next, tape.Pending)
            | ValueNone -> inner.Step(now, step, state, next)

        this.Evaluations <- this.Evaluations + inner.Evaluations - before
        outcome

    override _.Estimates = inner.Estimates
    override _.Error(estimate, step, error) = inner.Error(estimate, step, error)
    override _.KnownPowers = inner.KnownPowers
    override _.KnownTerm power = inner.KnownTerm power
    override _.Degree = inner.Degree

    override this.Extend(time, step, state, next, coefficients) =
        let before = inner.Evaluations
        inner.Extend(time, step, state, next, coefficients)
        this.Evaluations <- this.Evaluations + inner.Evaluations - before
        Array.Copy(state, origin, origin.Length)
        coefficients.CopyTo(Span continued)

    override _.Accept() =
        tape.Add(time, length)
        inner.Accept()

    override this.Start(time, state) =
        let before = inner.Evaluations
        inner.Start(time, state)
        this.Evaluations <- this.Evaluations + inner.Evaluations - before

    override _.Restart() = inner.Restart()
    override _.Slope = inner.Slope

/// <summary>A flow in floats with the gradient of what it computed, steps frozen: the steps are those that the flow has taken.</summary>
/// <remarks>It owns its memory, so that a second gradient by the same instance allocates nothing per step; one run at a time uses it.</remarks>
[<Sealed>]
type FlowAdjoint(adjoint: StepAdjoint<Binary64>) =
    let tape = StepTape<Binary64> adjoint.Memory
    let stepper = TapedStepper(adjoint.Stepper, ValueSome adjoint, tape)
    let d = adjoint.Dimension

    /// Why the time of an event cannot be differentiated.
    let refused (event: int) (found: string) (expected: string) = Error [ Defect.create $"event {event}" found expected ]

    /// Back through the part of the last step that an event has left, of which L(T, x) is at hand: with g(T, x(T)) = 0 it is
    /// dT = −∇g·dx/(∇g·ẋ + ∂g/∂t), so that the momentum is p − ∇g·(p·ẋ + ∂L/∂T)/(∇g·ẋ + ∂g/∂t), where ẋ is the slope of the continuation.
    let leave (request: EventRequest) (event: int) (flow: FlowResult) (struct (rate: float, momentum: float[])) (gradient: Binary64[]) =
        let n = tape.Count - 1
        let start, step = tape.Time(n).Value, tape.Length(n).Value
        let share = (flow.Time - start) / step

        match request.Function with
        | :? IDifferentiableEvent as g ->
            match adjoint.Within share with
            | ValueNone ->
                refused
                    event
                    "the end of a flow by a splitting"
                    "a Runge–Kutta or Taylor method, or steps to a fixed time: the cubic between the steps of a splitting has no adjoint"
            | ValueSome(struct (part, scale)) ->
                let slope = Array.zeroCreate<float> d

                for c in 0 .. d - 1 do
                    for p in stepper.Degree - 1 .. -1 .. 0 do
                        slope[c] <- float (p + 1) * stepper.Continued[p * d + c].Value + share * slope[c]

                    slope[c] <- slope[c] / step

                let toState = Array.zeroCreate<float> d
                let inTime = g.Gradient(flow.Time, ReadOnlySpan flow.State, Span toState)
                let dot (a: float[]) (b: float[]) = Array.fold2 (fun sum x y -> sum + x * y) 0.0 a b
                let crossing = dot toState slope + inTime
                let scaleOfCrossing = dot (Array.map abs toState) (Array.map abs slope) + abs inTime

                // A solution that only touches the surface meets it at a time that is no smooth function of the start.
                if not (abs crossing > Math.ScaleB(scaleOfCrossing, -26)) then
                    refused
                        event
                        $"a solution that touches its surface at time {flow.Time}, where g changes by {crossing} per time"
                        "one that crosses it: the time of the event has no derivative otherwise"
                else
                    let share = (dot momentum slope + rate) / crossing
                    let p = Binary64.ofFloats (Array.map2 (fun p g -> p - share * g) momentum toState)
                    let memory: Binary64[] = Array.zeroCreate part.Memory
                    let length = Binary64(scale * step)
                    part.Stepper.Restart()

                    match part.Step(Binary64 start, length, stepper.Origin, Array.zeroCreate d, Span memory) with
                    | StepOutcome.NoContraction ->
                        refused event "an implicit step whose equations do not contract inside the step" "shorter steps"
                    | StepOutcome.Done ->
                        part.Pull(length, ReadOnlySpan memory, p, Span gradient)
                        Ok p
        | _ ->
            refused
                event
                "a function without derivatives that ends the flow"
                "an IDifferentiableEvent: the time of the end depends on the state"

    /// The method.
    member _.Adjoint: StepAdjoint<Binary64> = adjoint
    /// The steps of the last flow.
    member _.Steps: StepSequence<Binary64> = tape.Steps

    /// <summary>The flow as Flow.solve has it, with the gradient of L(T, x) at the time and the state reached; `covector` is (∂L/∂T, ∇L).</summary>
    /// <remarks>The time is fixed unless an event ends the flow: then the gradient is that of L at the event, its time included.</remarks>
    member _.SolveTimed
        (settings: FlowSettings, start: float, finish: float, state: float[], covector: float -> float[] -> struct (float * float[]))
        : Result<FlowResult * FlowGradient<Binary64>, Defect list> =
        tape.Clear()

        Flow.solve settings stepper start finish state
        |> Result.bind (fun flow ->
            let gradient: Binary64[] = Array.zeroCreate adjoint.Parameters
            let struct (_, ends) as derivatives = covector flow.Time flow.State

            let last =
                match flow.Stop with
                | StopReason.Event(event, _) ->
                    leave settings.Events[event] event flow derivatives gradient |> Result.map (fun p -> p, tape.Count - 2)
                | _ -> Ok(Binary64.ofFloats ends, tape.Count - 1)

            last
            |> Result.map (fun (momentum, last) ->
                for n in last .. -1 .. 0 do
                    adjoint.Pull(tape.Length n, tape.Memory n, momentum, Span gradient)

                flow, { Final = Binary64.ofFloats flow.State; State = momentum; Parameters = gradient; Repeated = 0L }))

    /// The same for a function of the state alone; `covector` is ∇L.
    member this.Solve
        (settings: FlowSettings, start: float, finish: float, state: float[], covector: float[] -> float[])
        : Result<FlowResult * FlowGradient<Binary64>, Defect list> =
        this.SolveTimed(settings, start, finish, state, fun _ x -> struct (0.0, covector x))
