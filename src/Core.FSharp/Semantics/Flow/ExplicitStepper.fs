namespace LayerTime.Core.Semantics

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra

/// An explicit Runge–Kutta method. Where the last stage is the slope at the next state, it is the first one of the next step.
[<Sealed>]
type internal ExplicitStepper<'T when 'T :> IField<'T>>(field: IVectorField<'T>, tableau: Tableau<Rational>) =
    inherit Stepper<'T>(field.Dimension, tableau.Order)
    let d = field.Dimension
    let stages = tableau.Stages.Length

    let reusesLast =
        let last = tableau.Stages[stages - 1]
        stages > 1 && last = tableau.Weights[.. stages - 2] && tableau.Weights[stages - 1].Sign = 0

    let nodes: 'T[] = tableau.Nodes |> Array.map (fun c -> 'T.OfRatio(c.Numerator, c.Denominator))
    let rows: SparseWeights<'T>[] = tableau.Stages |> Array.map SparseWeights.create
    let weights: SparseWeights<'T> = SparseWeights.create tableau.Weights

    let differences: SparseWeights<'T>[] =
        tableau.Embedded |> Array.map (fun e -> SparseWeights.create (Vector.subtract tableau.Weights e.Weights))

    let further = tableau.Continuous |> Option.map (fun c -> c.Stages.Length) |> Option.defaultValue 0

    let furtherNodes: 'T[] =
        tableau.Continuous
        |> Option.map (fun c -> c.Nodes |> Array.map (fun c -> 'T.OfRatio(c.Numerator, c.Denominator)))
        |> Option.defaultValue [||]

    let furtherRows: SparseWeights<'T>[] =
        tableau.Continuous |> Option.map (fun c -> c.Stages |> Array.map SparseWeights.create) |> Option.defaultValue [||]

    // One set of weights for each power of θ.
    let polynomials: SparseWeights<'T>[] =
        match tableau.Continuous with
        | Some c -> Array.init c.Polynomials[0].Length (fun k -> c.Polynomials |> Array.map (fun p -> p[k]) |> SparseWeights.create)
        | None -> [||]

    let k: 'T[] = Array.create ((stages + further) * d) 'T.Zero
    // The slope at the end of the step, for the cubic through both ends of a method without extension of its own.
    let last: 'T[] = if reusesLast || further > 0 then [||] else Array.create d 'T.Zero
    let point: 'T[] = Array.create d 'T.Zero
    let mutable firstKnown = false

    let evaluate (this: Stepper<'T>) (time: 'T) (state: 'T[]) (stage: int) =
        field.Evaluate(time, ReadOnlySpan state, Span(k, stage * d, d))
        this.Evaluations <- this.Evaluations + 1

    override this.Start(time, state) =
        evaluate this time state 0
        firstKnown <- true

    override this.Step(time, step, state, next) =
        if not firstKnown then
            this.Start(time, state)

        for i in 1 .. stages - 1 do
            // The last row of such a method are its weights: its point is the next state.
            let target = if reusesLast && i = stages - 1 then next else point
            SparseWeights.advance rows[i] step state k (Span target)
            evaluate this ('T.Sum(time, 'T.Product(nodes[i], step))) target i

        if not reusesLast then
            SparseWeights.advance weights step state k (Span next)

        StepOutcome.Done

    override _.Estimates = tableau.Embedded |> Array.map _.Order

    override _.Error(estimate, step, error) = SparseWeights.combine differences[estimate] step k (Span error)

    override _.Degree = if polynomials.Length > 0 then polynomials.Length else HermiteCubic.degree

    override this.Extend(time, step, state, next, coefficients) =
        if polynomials.Length > 0 then
            for i in 0 .. further - 1 do
                SparseWeights.advance furtherRows[i] step state k (Span point)
                evaluate this ('T.Sum(time, 'T.Product(furtherNodes[i], step))) point (stages + i)

            for p in 0 .. polynomials.Length - 1 do
                SparseWeights.combine polynomials[p] step k (coefficients.Slice(p * d, d))
        else
            let start = if reusesLast then (stages - 1) * d else 0
            let ends = if reusesLast then k else last

            // Not kept for the next step: recording must not change a bit, and the time of that one may be rounded otherwise.
            if not reusesLast then
                field.Evaluate('T.Sum(time, step), ReadOnlySpan next, Span last)
                this.Evaluations <- this.Evaluations + 1

            HermiteCubic.through step state next (ReadOnlySpan(k, 0, d)) (ReadOnlySpan(ends, start, d)) coefficients

    override _.Accept() = if reusesLast then Array.Copy(k, (stages - 1) * d, k, 0, d) else firstKnown <- false

    override _.Restart() = firstKnown <- false

    override _.Slope = ReadOnlySpan(k, 0, d)
