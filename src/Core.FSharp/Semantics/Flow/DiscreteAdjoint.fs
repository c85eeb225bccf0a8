namespace LayerTime.Core.Semantics

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Networks

/// The steps of a flow: where each starts and how long it is. As many times as lengths.
type StepSequence<'T> = {
    /// t₀, t₁, … t_(N−1)
    Times: 'T[]
    /// h₀, h₁, … h_(N−1)
    Lengths: 'T[]
}

/// Sequences of steps.
[<RequireQualifiedAccess>]
module StepSequence =
    /// N steps of one length from a time on: t + n·h with one rounding each.
    let uniform (start: 'T) (step: 'T) (count: int) : StepSequence<'T> when 'T :> IField<'T> = {
        Times = Array.init count (fun n -> 'T.Sum(start, 'T.Product(Ring.ratio n 1, step)))
        Lengths = Array.create count step
    }

/// The gradient of a function of the end of a flow, with the end.
type FlowGradient<'T> = {
    /// x_N, the end of the flow.
    Final: 'T[]
    /// The gradient in x₀, which is the momentum p₀.
    State: 'T[]
    /// The gradient in the parameters of the field.
    Parameters: 'T[]
    /// How many steps were taken beyond one for each: the price of what was not kept.
    Repeated: int64
}

/// <summary>The exact adjoint of a method: the gradient of what was computed, with the steps as they were taken.</summary>
/// <remarks>p_N = ∇L(x_N), p_n = (∂x_(n+1)/∂x_n)ᵀp_(n+1), and Σ (∂x_(n+1)/∂θ)ᵀp_(n+1); on fractions p_n·δx_n is the same number for all n.</remarks>
[<RequireQualifiedAccess>]
module DiscreteAdjoint =
    /// An implicit step that does not contract ends a run.
    exception private StepFailed of step: int

    /// One run there and back: the steps, the memory of one step and the way back through it.
    [<Sealed>]
    type private Run<'T when 'T :> IField<'T>>
        (adjoint: StepAdjoint<'T>, steps: StepSequence<'T>, covector: 'T[] -> 'T[], visit: int -> 'T[] -> unit) =
        let count = steps.Times.Length
        let d = adjoint.Dimension
        let gradient: 'T[] = Array.create adjoint.Parameters 'T.Zero
        let mutable momentum: 'T[] = [||]
        let mutable final: 'T[] = [||]
        let mutable taken = 0L
        let next: 'T[] = Array.create d 'T.Zero
        let memory: 'T[] = Array.create adjoint.Memory 'T.Zero

        /// state ← the state after step n, keeping what its way back needs.
        let take (n: int) (state: 'T[]) (memory: Span<'T>) =
            // Each step starts afresh, so that it computes the same whichever was taken before.
            adjoint.Stepper.Restart()

            match adjoint.Step(steps.Times[n], steps.Lengths[n], state, next, memory) with
            | StepOutcome.Done -> Array.Copy(next, state, d)
            | StepOutcome.NoContraction -> raise (StepFailed n)

            taken <- taken + 1L

        /// The gradient of the end, where the end is reached for the first time.
        let turn (state: 'T[]) =
            if momentum.Length = 0 then
                final <- Array.copy state
                momentum <- Array.copy (covector final)

                if momentum.Length <> d then
                    invalidArg (nameof covector) $"found a gradient of {momentum.Length} components, expected {d}"

                visit count momentum

        let pull (n: int) (memory: ReadOnlySpan<'T>) =
            adjoint.Pull(steps.Lengths[n], memory, momentum, Span gradient)
            visit n momentum

        /// Steps low to high from a state, all kept, and back.
        let stored (low: int) (high: int) (state: 'T[]) =
            let size = adjoint.Memory
            let memories: 'T[] = Array.create ((high - low) * size) 'T.Zero

            for n in low .. high - 1 do
                take n state (Span(memories, (n - low) * size, size))

            turn state

            for n in high - 1 .. -1 .. low do
                pull n (ReadOnlySpan(memories, (n - low) * size, size))

        let advance (low: int) (high: int) (state: 'T[]) =
            for n in low .. high - 1 do
                take n state (Span memory)

        let squareRoot (start: 'T[]) =
            let length = Checkpointing.stretch count
            let lows = [| 0..length .. count - 1 |]
            let state = Array.copy start
            let states = Array.create lows.Length start

            for i in 1 .. lows.Length - 1 do
                advance lows[i - 1] lows[i] state
                states[i] <- Array.copy state

            for i in lows.Length - 1 .. -1 .. 0 do
                stored lows[i] (min count (lows[i] + length)) (Array.copy states[i])

        let rec binomial (low: int) (high: int) (states: int) (start: 'T[]) =
            if high - low = 1 then
                let state = Array.copy start
                take low state (Span memory)
                turn state
                pull low (ReadOnlySpan memory)
            else
                let middle = low + Checkpointing.split (high - low) states
                let state = Array.copy start
                advance low middle state
                binomial middle high (states - 1) state
                binomial low middle states start

        member _.Gradient(checkpointing: Checkpointing, start: 'T[]) : FlowGradient<'T> =
            if count = 0 then
                turn start
            else
                match checkpointing with
                | Checkpointing.StoreAll -> stored 0 count (Array.copy start)
                | Checkpointing.SquareRoot -> squareRoot start
                | Checkpointing.Binomial states -> binomial 0 count states start

            { Final = final; State = momentum; Parameters = gradient; Repeated = taken - int64 count }

    let private defects (checkpointing: Checkpointing) (adjoint: StepAdjoint<'T>) (steps: StepSequence<'T>) (state: 'T[]) : Defect list = [
        yield!
            Defect.unless
                (steps.Times.Length = steps.Lengths.Length)
                "steps"
                $"{steps.Lengths.Length} lengths"
                $"{steps.Times.Length}, one for each time"

        yield! Defect.unless (state.Length = adjoint.Dimension) "state" $"{state.Length} components" $"{adjoint.Dimension}"

        match checkpointing with
        | Checkpointing.Binomial states -> yield! Defect.unless (states > 0) "checkpoints" $"{states} states" "at least one, the start"
        | _ -> ()
    ]

    let private run checkpointing (adjoint: StepAdjoint<'T>) steps state covector visit : Result<FlowGradient<'T>, Defect list> =
        match defects checkpointing adjoint steps state with
        | [] ->
            try
                Ok(Run<'T>(adjoint, steps, covector, visit).Gradient(checkpointing, state))
            with StepFailed n ->
                Error [ Defect.create $"step {n}" "an implicit step whose equations do not contract" "shorter steps" ]
        | defects -> Error defects

    /// The gradient of L(x_N) in x₀ and in the parameters of the field along given steps; `covector` is ∇L.
    let gradient
        (checkpointing: Checkpointing)
        (adjoint: StepAdjoint<'T>)
        (steps: StepSequence<'T>)
        (state: 'T[])
        (covector: 'T[] -> 'T[])
        : Result<FlowGradient<'T>, Defect list> when 'T :> IField<'T> =
        run checkpointing adjoint steps state covector (fun _ _ -> ())

    /// p₀, …, p_N along given steps, with the gradient; all steps are kept.
    let momenta
        (adjoint: StepAdjoint<'T>)
        (steps: StepSequence<'T>)
        (state: 'T[])
        (covector: 'T[] -> 'T[])
        : Result<'T[][] * FlowGradient<'T>, Defect list> when 'T :> IField<'T> =
        let momenta = Array.create (steps.Times.Length + 1) [||]

        run Checkpointing.StoreAll adjoint steps state covector (fun n p -> momenta[n] <- Array.copy p)
        |> Result.map (fun gradient -> momenta, gradient)
