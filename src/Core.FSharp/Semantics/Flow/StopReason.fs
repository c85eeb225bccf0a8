namespace LayerTime.Core.Semantics

open System.Globalization

/// Why a flow stopped. Each case carries what a person needs to act on it.
[<RequireQualifiedAccess>]
type StopReason =
    /// The end of the horizon is reached.
    | Completed
    /// A terminal event, by its number in the list of events, zero-based.
    | Event of event: int * time: float
    /// The allowed number of steps is spent.
    | StepLimit of limit: int * time: float
    /// The error asks for steps that no longer change the time.
    | StepTooSmall of step: float * time: float
    /// A component (zero-based) of the field or of the state is not a finite number there.
    | NotFinite of ``component``: int * time: float
    /// The state has grown to this magnitude, and what follows is beyond the range of floats.
    | Overflow of magnitude: float * time: float
    /// The state grows beyond all bounds in finite time: its largest component where the steps are exhausted, and the time.
    | BlowUp of magnitude: float * time: float
    /// The equations of an implicit step do not contract.
    | NoContraction of step: float * time: float
    /// Whoever watches the flow has ended it.
    | Interrupted of time: float

    /// What stopped, when, and what to do next.
    member reason.Sentence: string =
        let show (x: float) = x.ToString("R", CultureInfo.InvariantCulture)

        match reason with
        | StopReason.Completed -> "The end of the horizon is reached."
        | StopReason.Event(event, time) ->
            $"Event {event} ends the flow at time {show time}. To go on, start again from the state there or let the event not be terminal."
        | StopReason.StepLimit(limit, time) ->
            $"All {limit} steps are spent at time {show time}. Allow more steps, loosen the tolerances, or use a method of higher order; "
            + "if many steps are rejected, the problem may be stiff."
        | StopReason.StepTooSmall(step, time) ->
            $"At time {show time} the error asks for the step {show step}, which no longer changes the time. Loosen the tolerances, or look "
            + "for a jump or a singularity of the field there and choose a horizon that ends before it."
        | StopReason.NotFinite(c, time) ->
            $"Component x{c + 1} is not a finite number right after time {show time}. Check the domain of the field there, or choose a horizon "
            + "that ends before it."
        | StopReason.Overflow(magnitude, time) ->
            $"The state reaches the magnitude {show magnitude} at time {show time}, and what follows is beyond the range of floats. Choose a "
            + "horizon that ends before, or smaller weights; if the steps are of one length, take shorter ones."
        | StopReason.BlowUp(magnitude, time) ->
            $"The state reaches the magnitude {show magnitude} and seems to leave every bound near time {show time}, where the steps are "
            + "exhausted. Choose a horizon that ends before, or a field that grows at most linearly."
        | StopReason.NoContraction(step, time) ->
            $"The equations of the implicit step of length {show step} at time {show time} do not contract. Take shorter steps: their length "
            + "times the Lipschitz constant of the field must stay below 1."
        | StopReason.Interrupted time -> $"The flow was interrupted at time {show time}. To go on, start again from the state there."
