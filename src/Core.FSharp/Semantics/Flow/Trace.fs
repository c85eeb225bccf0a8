namespace LayerTime.Core.Semantics

open System
open LayerTime.Core.Numbers

/// <summary>What was recorded of a flow: the times and states of the accepted steps and, where asked for, the solution between them.</summary>
/// <remarks>Its memory grows by doubling, so that a step allocates nothing on most occasions.</remarks>
[<Sealed>]
type Trace internal (dimension: int, degree: int) =
    let mutable times: float[] = Array.zeroCreate 16
    let mutable states: Binary64[] = Array.zeroCreate (16 * dimension)
    // For every step the coefficients of θ, θ², …, for all components each.
    let mutable pieces: Binary64[] = Array.zeroCreate (16 * degree * dimension)
    let mutable count = 0

    /// The number of recorded times, that of the start included.
    member _.Count: int = count
    /// The number of components.
    member _.Dimension: int = dimension
    /// Whether the solution between the recorded times is known.
    member _.IsDense: bool = degree > 0

    /// The n-th recorded time, zero-based.
    member _.Time(n: int) : float =
        if n < 0 || n >= count then
            invalidArg (nameof n) $"found time {n}, expected 0 to {count - 1}"

        times[n]

    /// The state at the n-th recorded time as a view, zero-based.
    member _.State(n: int) : ReadOnlySpan<float> =
        if n < 0 || n >= count then
            invalidArg (nameof n) $"found state {n}, expected 0 to {count - 1}"

        Binary64.asFloats (ReadOnlySpan(states, n * dimension, dimension))

    member internal _.Add(time: float, state: Binary64[]) : unit =
        if count = times.Length then
            Array.Resize(&times, 2 * count)
            Array.Resize(&states, 2 * count * dimension)
            Array.Resize(&pieces, 2 * count * degree * dimension)

        times[count] <- time
        Array.Copy(state, 0, states, count * dimension, dimension)
        count <- count + 1

    /// The memory for the piece from the last recorded time on.
    member internal _.Piece: Span<Binary64> = Span(pieces, (count - 1) * degree * dimension, degree * dimension)

    /// x + c₁θ + c₂θ² + … into a span, by Horner's rule.
    static member internal Continue
        (state: ReadOnlySpan<Binary64>, coefficients: ReadOnlySpan<Binary64>, θ: float, target: Span<Binary64>)
        : unit =
        let d = state.Length
        let degree = coefficients.Length / d

        for c in 0 .. d - 1 do
            let mutable sum = coefficients[(degree - 1) * d + c].Value

            for p in degree - 2 .. -1 .. 0 do
                sum <- coefficients[p * d + c].Value + θ * sum

            target[c] <- Binary64(state[c].Value + θ * sum)

    /// The solution at a time between the first and the last recorded one, into a span.
    member this.Evaluate(time: float, target: Span<float>) : unit =
        if degree = 0 then
            invalidOp "the flow was recorded without the solution between its steps: ask for a dense recording"

        let forwards = count < 2 || times[1] > times[0]
        let before (a: float) (b: float) = if forwards then a < b else a > b

        if count = 0 || before time times[0] || before times[count - 1] time || Double.IsNaN time then
            invalidArg (nameof time) $"found time {time}, expected one between the start and the end of the flow"

        // The last step that does not start after the time.
        let mutable low = 0
        let mutable high = count - 1

        while high - low > 1 do
            let middle = (low + high) / 2
            if before time times[middle] then high <- middle else low <- middle

        if time = times[high] then
            this.State(high).CopyTo target
        else
            let θ = (time - times[low]) / (times[high] - times[low])
            let result = Span(Array.zeroCreate<Binary64> dimension)

            Trace.Continue(
                ReadOnlySpan(states, low * dimension, dimension),
                ReadOnlySpan(pieces, low * degree * dimension, degree * dimension),
                θ,
                result
            )

            (Binary64.asFloats (Span<Binary64>.op_Implicit result)).CopyTo target

    /// The solution at a time between the first and the last recorded one.
    member this.At(time: float) : float[] =
        let target = Array.zeroCreate dimension
        this.Evaluate(time, Span target)
        target
