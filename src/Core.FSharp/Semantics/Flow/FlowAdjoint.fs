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

/// A method that writes down every step that counts.
[<Sealed>]
type internal TapedStepper<'T>(adjoint: StepAdjoint<'T>, tape: StepTape<'T>) =
    inherit Stepper<'T>(adjoint.Dimension, adjoint.Stepper.Order)
    let inner = adjoint.Stepper
    let mutable time = Unchecked.defaultof<'T>
    let mutable length = Unchecked.defaultof<'T>

    override this.Step(now, step, state, next) =
        time <- now
        length <- step
        let before = inner.Evaluations
        let outcome = adjoint.Step(now, step, state, next, tape.Pending)
        this.Evaluations <- this.Evaluations + inner.Evaluations - before
        outcome

    override _.Estimates = inner.Estimates
    override _.Error(estimate, step, error) = inner.Error(estimate, step, error)
    override _.Degree = inner.Degree

    override this.Extend(time, step, state, next, coefficients) =
        let before = inner.Evaluations
        inner.Extend(time, step, state, next, coefficients)
        this.Evaluations <- this.Evaluations + inner.Evaluations - before

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
    let stepper = TapedStepper(adjoint, tape)

    /// The method.
    member _.Adjoint: StepAdjoint<Binary64> = adjoint
    /// The steps of the last flow.
    member _.Steps: StepSequence<Binary64> = tape.Steps

    /// <summary>The flow as Flow.solve has it, with the gradient of L(x) at the state reached; `covector` is ∇L.</summary>
    /// <remarks>An event that ends the flow is refused: its time depends on the state.</remarks>
    member _.Solve
        (settings: FlowSettings, start: float, finish: float, state: float[], covector: float[] -> float[])
        : Result<FlowResult * FlowGradient<Binary64>, Defect list> =
        let terminal = settings.Events |> List.exists _.IsTerminal

        if terminal then
            Error [ Defect.create "events" "one that ends the flow" "none such: the time of the end would depend on the state" ]
        else
            tape.Clear()

            Flow.solve settings stepper start finish state
            |> Result.map (fun flow ->
                let momentum = Binary64.ofFloats (covector flow.State)
                let gradient: Binary64[] = Array.zeroCreate adjoint.Parameters

                for n in tape.Count - 1 .. -1 .. 0 do
                    adjoint.Pull(tape.Length n, tape.Memory n, momentum, Span gradient)

                flow, { Final = Binary64.ofFloats flow.State; State = momentum; Parameters = gradient; Repeated = 0L })
