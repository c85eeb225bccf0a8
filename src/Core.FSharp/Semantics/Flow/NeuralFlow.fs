namespace LayerTime.Core.Semantics

open System
open System.Numerics
open LayerTime.Core.Numbers
open LayerTime.Core.Networks

/// A stretch of depth-time on which the weights are one polynomial.
type FlowSection = {
    /// The number of the piece, zero-based.
    Piece: int
    /// Where the flow enters it.
    Start: Rational
    /// Where the flow leaves it, before the start if the flow runs backwards.
    Finish: Rational
}

/// What the flow of a neural ODE has come to: always the best so far, whatever the reason to stop.
[<NoComparison; NoEquality>]
type NeuralFlowResult = {
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
    /// The sections that were entered, each with its flow; at least one.
    Sections: (FlowSection * FlowResult)[]
}

/// <summary>The flow of a neural ODE: the weights jump between pieces, so a method starts anew on each.</summary>
[<RequireQualifiedAccess>]
module NeuralFlow =
    /// The sections of a flow between two times of 0 … T, cut where the weights change.
    let sections (ode: NeuralOde<'T>) (start: Rational) (finish: Rational) : FlowSection[] =
        let low, high = min start finish, max start finish
        let ends = NeuralOde.times ode

        let times =
            [ yield! ends; low; high ] |> List.filter (fun t -> low <= t && t <= high) |> List.distinct |> List.sort |> List.toArray

        let section (a: Rational, b: Rational) = { Piece = Array.findIndex (fun until -> b <= until) ends[1..]; Start = a; Finish = b }

        let forwards = Array.pairwise times |> Array.map section

        if start <= finish then
            forwards
        else
            forwards |> Array.rev |> Array.map (fun s -> { s with Start = s.Finish; Finish = s.Start })

    /// How many of n equal steps over a whole horizon a section takes, so that none of its equal steps is longer than those.
    let stepsOf (n: int) (whole: Rational) (section: FlowSection) : int =
        let share = Rational.ofInt n * Rational.abs (section.Finish - section.Start) / Rational.abs whole
        int (BigInteger.DivRem(share.Numerator + share.Denominator - BigInteger.One, share.Denominator) |> fun struct (q, _) -> q)

    let private defects (ode: NeuralOde<Binary64>) (start: Rational) (finish: Rational) (wanted: Rational list) (state: float[]) = [
        let within (t: Rational) = t.Sign >= 0 && t <= ode.Horizon

        for place, t in ("start", start) :: ("end", finish) :: List.map (fun t -> "output time", t) wanted do
            yield! Defect.unless (within t) place $"t = {t}" $"a time of 0 … {ode.Horizon}, the horizon of the neural ODE"

        yield!
            Defect.unless (start <> finish) "horizon" $"length zero at t = {start}" "an end that differs from the start, before or after it"

        yield!
            Defect.unless
                (state.Length = ode.Dimension)
                "state"
                $"{state.Length} components"
                $"{ode.Dimension}, the dimension of the neural ODE"
    ]

    /// Section after section by a flow of each with its settings, as far as it goes.
    let internal through
        (run: FlowSection -> FlowSettings -> float[] -> Result<FlowResult, Defect list>)
        (settings: FlowSettings)
        (ode: NeuralOde<Binary64>)
        (start: Rational)
        (finish: Rational)
        (wanted: Rational list)
        (state: float[])
        : Result<NeuralFlowResult, Defect list> =
        let control section =
            match settings.Control with
            | StepControl.Fixed n when n > 0 -> StepControl.Fixed(stepsOf n (finish - start) section)
            | control -> control

        let rec go (flows: (FlowSection * FlowResult) list) (rest: FlowSection list) (limit: int) (state: float[]) =
            match rest with
            | [] -> Ok flows
            | section :: rest ->
                match run section { settings with StepLimit = limit; Control = control section } state with
                | Error defects -> Error defects
                | Ok flow ->
                    let flows = (section, flow) :: flows
                    let spent = flow.Accepted + flow.Rejected

                    match flow.Stop with
                    | StopReason.Completed when rest.IsEmpty -> Ok flows
                    | StopReason.Completed when spent >= limit ->
                        // The next section would not get a single step.
                        let stop = StopReason.StepLimit(settings.StepLimit, flow.Time)
                        Ok((section, { flow with Stop = stop }) :: flows.Tail)
                    | StopReason.Completed -> go flows rest (limit - spent) flow.State
                    | StopReason.StepLimit(_, time) ->
                        Ok((section, { flow with Stop = StopReason.StepLimit(settings.StepLimit, time) }) :: flows.Tail)
                    | _ -> Ok flows

        match defects ode start finish wanted state with
        | [] ->
            go [] (List.ofArray (sections ode start finish)) settings.StepLimit state
            |> Result.map (fun flows ->
                let sections = flows |> List.rev |> List.toArray
                let last = snd sections[sections.Length - 1]
                let total count = sections |> Array.sumBy (snd >> count)

                {
                    Stop = last.Stop
                    Time = last.Time
                    State = last.State
                    Accepted = total _.Accepted
                    Rejected = total _.Rejected
                    Evaluations = total _.Evaluations
                    Sections = sections
                })
        | defects -> Error defects

    /// The solution from a state at one time to another one, forwards or backwards: the best so far with the reason to stop, or
    /// all that is wrong with what was asked for, the times at which it will be wanted included. A number of fixed steps is shared among
    /// the sections by their lengths.
    let solve
        (settings: FlowSettings)
        (method: FlowMethod)
        (ode: NeuralOde<Binary64>)
        (start: Rational)
        (finish: Rational)
        (wanted: Rational list)
        (state: float[])
        : Result<NeuralFlowResult, Defect list> =
        let run (section: FlowSection) (settings: FlowSettings) (state: float[]) : Result<FlowResult, Defect list> =
            FlowMethod.stepper method ode.Pieces[section.Piece]
            |> Result.bind (fun stepper ->
                Flow.solve settings stepper (Rational.toFloat section.Start) (Rational.toFloat section.Finish) state)

        through run settings ode start finish wanted state

    /// What was recorded: the times and states of the steps, each once, in the order of the run.
    let steps (result: NeuralFlowResult) : (float * float[])[] = [|
        for i, (_, flow) in Array.indexed result.Sections do
            for n in (if i = 0 then 0 else 1) .. flow.Trace.Count - 1 do
                flow.Trace.Time n, flow.Trace.State(n).ToArray()
    |]

    /// The solution at a time between the start and the time reached, where it was recorded: on its steps or, densely, between them.
    let tryAt (time: float) (result: NeuralFlowResult) : float[] option =
        let at (flow: FlowResult) : float[] option =
            let trace = flow.Trace
            let first, last = trace.Time 0, trace.Time(trace.Count - 1)

            if not (Math.Min(first, last) <= time && time <= Math.Max(first, last)) then
                None
            elif trace.IsDense then
                Some(trace.At time)
            else
                seq { 0 .. trace.Count - 1 }
                |> Seq.tryFind (fun n -> trace.Time n = time)
                |> Option.map (fun n -> trace.State(n).ToArray())

        result.Sections |> Array.tryPick (snd >> at)

    /// The steps of an explicit method in any number system: n of one length over 0 … T, shared among the pieces as in `solve`. Before
    /// every step `asked` is called, which may throw to end it: fractions grow.
    let trajectory
        (asked: unit -> unit)
        (tableau: Tableau<Rational>)
        (n: int)
        (ode: NeuralOde<'T>)
        (state: 'T[])
        : (Rational * 'T[])[] when 'T :> IField<'T> =
        if n < 1 then
            invalidArg (nameof n) $"found {n} steps, expected at least one"

        let number (t: Rational) : 'T = 'T.OfRatio(t.Numerator, t.Denominator)

        let through (done': (Rational * 'T[]) list) (section: FlowSection) =
            let count = stepsOf n ode.Horizon section
            let h = (section.Finish - section.Start) / Rational.ofInt count
            let stepper = Stepper.explicit tableau (VectorField.ofPiece ode.Pieces[section.Piece])
            let time k = section.Start + Rational.ofInt k * h

            let step (done': (Rational * 'T[]) list) k =
                asked ()
                let states = Stepper.trajectory (number (time (k - 1))) (number h) 1 (snd done'.Head) stepper
                (time k, Array.last states) :: done'

            List.fold step done' [ 1..count ]

        sections ode Rational.Zero ode.Horizon
        |> Array.fold through [ Rational.Zero, Array.copy state ]
        |> List.rev
        |> List.toArray
