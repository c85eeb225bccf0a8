namespace LayerTime.Core.Semantics

open System

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
