namespace LayerTime.Core.Semantics

open System
open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open LayerTime.Core.Numbers

/// The Taylor method of any order: the power series of the solution, term by term. The estimate of the error is the last term, and
/// the series itself continues the step. Both last terms tell the length of a step before it is taken (Jorba and Zou 2005).
[<Sealed>]
type internal TaylorStepper<'T when 'T :> IField<'T>>(solution: ISolutionSeries<'T>) =
    inherit Stepper<'T>(solution.Dimension, solution.Order)
    let d = solution.Dimension
    let order = solution.Order
    // Degree by degree, x_k for all components.
    let series: 'T[] = Array.create ((order + 1) * d) 'T.Zero
    let powers = [| Math.Max(1, order - 1) .. order |]
    let mutable known = false

    /// next ← x₀ + h(x₁ + h(x₂ + …)) over any numbers.
    let sum (step: 'T) (next: 'T[]) =
        for c in 0 .. d - 1 do
            let mutable sum = series[order * d + c]

            for k in order - 1 .. -1 .. 0 do
                sum <- 'T.Sum(series[k * d + c], 'T.Product(step, sum))

            next[c] <- sum

    override this.Start(time, state) =
        Array.Copy(state, series, d)
        solution.Expand(time, series)
        this.Evaluations <- this.Evaluations + order
        known <- true

    override this.Step(time, step, state, next) =
        if not known then
            this.Start(time, state)

        // The comparison is decided where the code is compiled for one number system.
        if Type.op_Equality (typeof<'T>, typeof<Binary64>) then
            let mutable h = step
            let target = MemoryMarshal.CreateSpan(&Unsafe.As<'T, float>(&MemoryMarshal.GetArrayDataReference next), d)
            SeriesLanes.horner (SparseWeights.floats (ReadOnlySpan series)) (Unsafe.As<'T, float> &h) target
        else
            sum step next

        StepOutcome.Done

    override _.Estimates = [| order - 1 |]

    override _.Error(_, step, error) =
        let scale = Ring.power step order

        for c in 0 .. d - 1 do
            error[c] <- 'T.Product(scale, series[order * d + c])

    override _.KnownPowers = powers
    override _.KnownTerm power = ReadOnlySpan(series, power * d, d)
    override _.Degree = order

    override _.Extend(_, step, _, _, coefficients) =
        let mutable scale = 'T.One

        for k in 1..order do
            scale <- 'T.Product(scale, step)

            for c in 0 .. d - 1 do
                coefficients[(k - 1) * d + c] <- 'T.Product(scale, series[k * d + c])

    override _.Accept() = known <- false
    override _.Restart() = known <- false
    override _.Slope = if order > 0 then ReadOnlySpan(series, d, d) else ReadOnlySpan.Empty
