namespace LayerTime.Core.Semantics

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra

/// Methods ready for a vector field.
[<RequireQualifiedAccess>]
module Stepper =
    /// An explicit Runge–Kutta method. A broken contract throws: an implicit tableau.
    let explicit (tableau: Tableau<Rational>) (field: IVectorField<'T>) : Stepper<'T> when 'T :> IField<'T> =
        if not tableau.IsExplicit then
            invalidArg (nameof tableau) $"found the implicit method {tableau.Name}, expected an explicit one"

        ExplicitStepper(field, tableau)

    /// An implicit Runge–Kutta method; size is the magnitude of a number, for example abs.
    let implicit (size: 'T -> float) (tableau: Tableau<'T>) (field: IVectorField<'T>) : Stepper<'T> when 'T :> IField<'T> =
        ImplicitStepper(field, tableau, size)

    /// A splitting into parts with exact flows. A broken contract throws: the wrong number of parts.
    let splitting (splitting: Splitting) (parts: IFlowMap<'T>[]) : Stepper<'T> when 'T :> IField<'T> =
        if parts.Length <> splitting.Parts then
            invalidArg (nameof parts) $"found {parts.Length} parts, expected {splitting.Parts} for {splitting.Name}"

        SplittingStepper(parts, splitting)

    /// The Taylor method of an order, at least 1.
    let taylor (order: int) (field: IVectorField<Taylor<'T>>) : Stepper<'T> when 'T :> IField<'T> =
        if order < 1 then
            invalidArg (nameof order) $"found order {order}, expected at least 1"

        TaylorStepper(SolutionSeries.ofField order field)

    /// The Taylor method with the series of the solution at hand.
    let ofSeries (solution: ISolutionSeries<'T>) : Stepper<'T> when 'T :> IField<'T> = TaylorStepper solution

    /// A field over series with elementary functions as one over plain series.
    let ofAnalytic (field: IVectorField<AnalyticTaylor<'T>>) : IVectorField<Taylor<'T>> when 'T :> ITranscendental<'T> =
        let state: AnalyticTaylor<'T>[] = Vector.zero field.Dimension
        let slope: AnalyticTaylor<'T>[] = Vector.zero field.Dimension

        {
            new IVectorField<Taylor<'T>> with
                member _.Dimension = field.Dimension

                member _.Evaluate(time, x, y) =
                    for c in 0 .. x.Length - 1 do
                        state[c] <- AnalyticTaylor x[c]

                    field.Evaluate(AnalyticTaylor time, ReadOnlySpan state, Span slope)

                    for c in 0 .. y.Length - 1 do
                        y[c] <- slope[c].Inner
        }

    /// At most n steps of one length h from a state at a time, in any number system: x(t), x(t + h), …, x(t + nh), fewer states
    /// where an implicit step does not contract.
    let trajectory (time: 'T) (step: 'T) (count: int) (state: 'T[]) (stepper: Stepper<'T>) : 'T[][] when 'T :> IField<'T> =
        if state.Length <> stepper.Dimension then
            invalidArg (nameof state) $"found {state.Length} components, expected {stepper.Dimension}"

        stepper.Restart()
        let states = Array.init (count + 1) (fun _ -> Array.copy state)
        let mutable number = 'T.Zero
        let mutable n = 0
        let mutable goesOn = count > 0

        while goesOn do
            // t + n·h with one rounding, where a running sum would have n.
            let now = 'T.Sum(time, 'T.Product(number, step))

            match stepper.Step(now, step, states[n], states[n + 1]) with
            | StepOutcome.Done ->
                stepper.Accept()
                number <- 'T.Sum(number, 'T.One)
                n <- n + 1
                goesOn <- n < count
            | StepOutcome.NoContraction -> goesOn <- false

        states[..n]
