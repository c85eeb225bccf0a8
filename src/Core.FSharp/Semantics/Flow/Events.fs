namespace LayerTime.Core.Semantics

open System
open LayerTime.Core.Numbers

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

/// An event function with its derivatives, so that the time of the event can be differentiated.
type IDifferentiableEvent =
    inherit IEventFunction
    /// toState ← ∂g/∂x, and ∂g/∂t.
    abstract Gradient: time: float * state: ReadOnlySpan<float> * toState: Span<float> -> float

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

/// The events of one step: located on the polynomial of the step.
[<Sealed>]
type internal EventSearch(requests: EventRequest[], dimension: int, degree: int) =
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
    member private this.Locate(event: int, time: float, h: float, state: Binary64[], low: float, atLow: float, high: float, atHigh: float) =
        let mutable low, atLow, high, atHigh = low, atLow, high, atHigh
        let width = 2.0 * StepSize.unit * Math.Max(Math.Abs time, Math.Abs(time + h)) / Math.Abs h
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
