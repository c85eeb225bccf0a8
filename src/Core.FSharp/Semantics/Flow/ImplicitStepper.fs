namespace LayerTime.Core.Semantics

open System
open LayerTime.Core.Numbers

/// An implicit Runge–Kutta method, its equations solved by iteration and checked to contract. How far two states are apart is the
/// affair of the number system: size gives the magnitude of a number as a float.
[<Sealed>]
type internal ImplicitStepper<'T when 'T :> IField<'T>>(field: IVectorField<'T>, tableau: Tableau<'T>, size: 'T -> float) =
    inherit Stepper<'T>(field.Dimension, tableau.Order)
    let d = field.Dimension
    let stages = tableau.Stages.Length
    let all = Array.init stages id
    let rows = tableau.Stages |> Array.map (fun row -> { Stages = all[.. row.Length - 1]; Values = row })
    let weights = { Stages = all; Values = tableau.Weights }
    let k: 'T[] = Array.create (stages * d) 'T.Zero
    let points: 'T[] = Array.create (stages * d) 'T.Zero
    let point: 'T[] = Array.create d 'T.Zero

    // The slopes at both ends of the step.
    let first: 'T[] = Array.create d 'T.Zero
    let last: 'T[] = Array.create d 'T.Zero

    // A longer iteration contracts so slowly that a shorter step is the better remedy.
    let limit = 100
    // Below 2⁻⁵² of the state a change is rounding; up to 2⁻⁴⁴ it may be rounding that goes round in circles.
    let small, floor = Math.ScaleB(1.0, -52), Math.ScaleB(1.0, -44)

    /// One sweep over all stages; the largest change of a point and the largest point.
    let sweep (time: 'T) (step: 'T) (state: 'T[]) : struct (float * float) =
        let mutable change = 0.0
        let mutable largest = 0.0

        for i in 0 .. stages - 1 do
            SparseWeights.advance rows[i] step state k (Span point)

            for c in 0 .. d - 1 do
                change <- Math.Max(change, size ('T.Difference(point[c], points[i * d + c])))
                largest <- Math.Max(largest, size point[c])
                points[i * d + c] <- point[c]

        for i in 0 .. stages - 1 do
            let at = 'T.Sum(time, 'T.Product(tableau.Nodes[i], step))
            field.Evaluate(at, ReadOnlySpan(points, i * d, d), Span(k, i * d, d))

        struct (change, largest)

    override this.Step(time, step, state, next) =
        field.Evaluate(time, ReadOnlySpan state, Span first)

        for i in 0 .. stages - 1 do
            Array.Copy(state, 0, points, i * d, d)
            Array.Copy(first, 0, k, i * d, d)

        let mutable before = Double.PositiveInfinity
        let mutable sweeps = 0
        let mutable outcome = ValueNone

        while outcome.IsNone do
            let struct (change, largest) = sweep time step state
            sweeps <- sweeps + 1

            if change <= small * largest || (change >= before && change <= floor * largest) then
                outcome <- ValueSome StepOutcome.Done
            // NaN compares false, so that it ends here too.
            elif not (change < before) || sweeps = limit then
                outcome <- ValueSome StepOutcome.NoContraction
            else
                before <- change

        this.Evaluations <- this.Evaluations + stages * sweeps + 1
        SparseWeights.advance weights step state k (Span next)
        outcome.Value

    override _.Degree = HermiteCubic.degree

    override this.Extend(time, step, state, next, coefficients) =
        field.Evaluate('T.Sum(time, step), ReadOnlySpan next, Span last)
        this.Evaluations <- this.Evaluations + 1
        HermiteCubic.through step state next (ReadOnlySpan first) (ReadOnlySpan last) coefficients

    override _.Slope = ReadOnlySpan first
