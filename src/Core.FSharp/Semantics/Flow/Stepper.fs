namespace LayerTime.Core.Semantics

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra

/// How a step ended.
[<RequireQualifiedAccess; Struct>]
type StepOutcome =
    /// The next state is there.
    | Done
    /// The equations of an implicit step did not contract: the step is too long for them.
    | NoContraction

/// <summary>A method made ready for one vector field: what the loop over the steps needs, in any number system.</summary>
/// <remarks>It owns its scratch memory; a step allocates nothing over numbers that do not.</remarks>
[<AbstractClass>]
type Stepper<'T>(dimension: int, order: int) =
    /// The number of components of the state.
    member _.Dimension: int = dimension
    /// The order of the method.
    member _.Order: int = order
    /// How often the field has been evaluated.
    member val Evaluations = 0 with get, set
    /// next ← the state a step later.
    abstract Step: time: 'T * step: 'T * state: 'T[] * next: 'T[] -> StepOutcome
    /// The orders of the estimates of the error, the leading one first; none for a method of fixed steps.
    abstract Estimates: int[]
    /// error ← an estimate of the error of the step just taken.
    abstract Error: estimate: int * step: 'T * error: 'T[] -> unit
    /// The degree of the polynomial in θ that continues the step, 0 where there is none.
    abstract Degree: int
    /// x(t + θh) ≈ x + c₁θ + c₂θ² + …: degree by degree, the coefficients for all components.
    abstract Extend: time: 'T * step: 'T * state: 'T[] * next: 'T[] * coefficients: Span<'T> -> unit
    /// Tells the method that the step just taken counts, so that the next one starts where it ended.
    abstract Accept: unit -> unit
    /// Tells the method that the next step starts anywhere.
    abstract Restart: unit -> unit
    /// The slope f(t, x) at the start of the step just taken, where the method has it.
    abstract Slope: ReadOnlySpan<'T>
    default _.Estimates = [||]
    default _.Error(_, _, _) = invalidOp "the method has no estimate of its error"
    default _.Degree = 0
    default _.Extend(_, _, _, _, _) = invalidOp "the method has no continuous extension"
    default _.Accept() = ()
    default _.Restart() = ()
    default _.Slope = ReadOnlySpan<'T>.Empty

/// Weights of some stages: the coefficients that are not zero, with the stages they belong to.
[<Struct; NoEquality; NoComparison>]
type internal SparseWeights<'T> = { Stages: int[]; Values: 'T[] }

[<RequireQualifiedAccess>]
module internal SparseWeights =
    let create (weights: Rational[]) : SparseWeights<'T> when 'T :> IRing<'T> =
        let used = weights |> Array.indexed |> Array.filter (fun (_, w) -> w.Sign <> 0)

        { Stages = Array.map fst used; Values = used |> Array.map (fun (_, w) -> 'T.OfRatio(w.Numerator, w.Denominator)) }

    /// target ← Σ w_i k_i, where k holds the stages one after the other.
    let combine (w: SparseWeights<'T>) (k: 'T[]) (target: Span<'T>) : unit when 'T :> IRing<'T> =
        let d = target.Length

        if w.Stages.Length = 0 then
            target.Fill 'T.Zero
        else
            let first = ReadOnlySpan(k, w.Stages[0] * d, d)
            let value = w.Values[0]

            for c in 0 .. target.Length - 1 do
                target[c] <- 'T.Product(value, first[c])

            for j in 1 .. w.Stages.Length - 1 do
                let stage = ReadOnlySpan(k, w.Stages[j] * d, d)
                let value = w.Values[j]

                for c in 0 .. target.Length - 1 do
                    target[c] <- 'T.Sum(target[c], 'T.Product(value, stage[c]))

    /// target ← x + h Σ w_i k_i
    let advance (w: SparseWeights<'T>) (h: 'T) (x: 'T[]) (k: 'T[]) (target: Span<'T>) : unit when 'T :> IRing<'T> =
        combine w k target

        for c in 0 .. target.Length - 1 do
            target[c] <- 'T.Sum(x[c], 'T.Product(h, target[c]))

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
    let mutable lastKnown = false

    let evaluate (this: Stepper<'T>) (time: 'T) (state: 'T[]) (stage: int) =
        field.Evaluate(time, ReadOnlySpan state, Span(k, stage * d, d))
        this.Evaluations <- this.Evaluations + 1

    override this.Step(time, step, state, next) =
        if not firstKnown then
            evaluate this time state 0
            firstKnown <- true

        lastKnown <- false

        for i in 1 .. stages - 1 do
            // The last row of such a method are its weights: its point is the next state.
            let target = if reusesLast && i = stages - 1 then next else point
            SparseWeights.advance rows[i] step state k (Span target)
            evaluate this ('T.Sum(time, 'T.Product(nodes[i], step))) target i

        if not reusesLast then
            SparseWeights.advance weights step state k (Span next)

        StepOutcome.Done

    override _.Estimates = tableau.Embedded |> Array.map _.Order

    override _.Error(estimate, step, error) =
        SparseWeights.combine differences[estimate] k (Span error)

        for c in 0 .. d - 1 do
            error[c] <- 'T.Product(step, error[c])

    override _.Degree = if polynomials.Length > 0 then polynomials.Length else 3

    override this.Extend(time, step, state, next, coefficients) =
        if polynomials.Length > 0 then
            for i in 0 .. further - 1 do
                SparseWeights.advance furtherRows[i] step state k (Span point)
                evaluate this ('T.Sum(time, 'T.Product(furtherNodes[i], step))) point (stages + i)

            for p in 0 .. polynomials.Length - 1 do
                let target = coefficients.Slice(p * d, d)
                SparseWeights.combine polynomials[p] k target

                for c in 0 .. d - 1 do
                    target[c] <- 'T.Product(step, target[c])
        else
            let start = if reusesLast then (stages - 1) * d else 0
            let ends = if reusesLast then k else last

            if not reusesLast && not lastKnown then
                field.Evaluate('T.Sum(time, step), ReadOnlySpan next, Span last)
                this.Evaluations <- this.Evaluations + 1
                lastKnown <- true

            let two, three: 'T * 'T = Ring.ratio 2 1, Ring.ratio 3 1

            // Hermite: c₁ = hf₀, c₂ = 3Δ − 2hf₀ − hf₁, c₃ = hf₀ + hf₁ − 2Δ.
            for c in 0 .. d - 1 do
                let change = 'T.Difference(next[c], state[c])
                let f0 = 'T.Product(step, k[c])
                let f1 = 'T.Product(step, ends[start + c])
                coefficients[c] <- f0

                coefficients[d + c] <- 'T.Difference('T.Product(three, change), 'T.Sum('T.Product(two, f0), f1))
                coefficients[2 * d + c] <- 'T.Difference('T.Sum(f0, f1), 'T.Product(two, change))

    override _.Accept() =
        if reusesLast then
            Array.Copy(k, (stages - 1) * d, k, 0, d)
        elif lastKnown then
            Array.Copy(last, k, d)
            lastKnown <- false
        else
            firstKnown <- false

    override _.Restart() =
        firstKnown <- false
        lastKnown <- false

    override _.Slope = ReadOnlySpan(k, 0, d)

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
        for i in 0 .. stages - 1 do
            Array.Copy(state, 0, points, i * d, d)
            field.Evaluate(time, ReadOnlySpan state, Span(k, i * d, d))

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

        this.Evaluations <- this.Evaluations + stages * (sweeps + 1)
        SparseWeights.advance weights step state k (Span next)
        outcome.Value

/// A composition of exact flows.
[<Sealed>]
type internal SplittingStepper<'T when 'T :> IField<'T>>(parts: IFlowMap<'T>[], splitting: Splitting) =
    inherit Stepper<'T>(parts[0].Dimension, splitting.Order)
    let indices = splitting.Steps |> List.map fst |> List.toArray

    let shares: 'T[] =
        splitting.Steps |> List.map (fun (_, share) -> 'T.OfRatio(share.Numerator, share.Denominator)) |> List.toArray

    override this.Step(time, step, state, next) =
        Array.Copy(state, next, state.Length)
        let mutable now = time

        for i in 0 .. indices.Length - 1 do
            let part = 'T.Product(shares[i], step)
            parts[indices[i]].Advance(now, part, Span next)

            if indices[i] = parts.Length - 1 then
                now <- 'T.Sum(now, part)

        this.Evaluations <- this.Evaluations + indices.Length
        StepOutcome.Done

/// The Taylor method of any order: the power series of the solution from that of the field, term by term. The estimate of the error
/// is the last term, and the series itself continues the step.
[<Sealed>]
type internal TaylorStepper<'T when 'T :> IField<'T>>(field: IVectorField<Taylor<'T>>, order: int) =
    inherit Stepper<'T>(field.Dimension, order)
    let d = field.Dimension
    // Degree by degree, x_k for all components.
    let series: 'T[] = Array.create ((order + 1) * d) 'T.Zero
    let arguments: Taylor<'T>[] = Array.create d (Taylor.constant 'T.Zero)
    let slopes: Taylor<'T>[] = Array.create d (Taylor.constant 'T.Zero)
    let mutable known = false

    let expand (this: Stepper<'T>) (time: 'T) (state: 'T[]) =
        Array.Copy(state, series, d)

        for k in 0 .. order - 1 do
            for c in 0 .. d - 1 do
                arguments[c] <- Taylor<'T>(k, Array.init (k + 1) (fun j -> series[j * d + c]))

            field.Evaluate(Taylor.variable k time, ReadOnlySpan arguments, Span slopes)
            this.Evaluations <- this.Evaluations + 1
            let next: 'T = Ring.ratio (k + 1) 1

            for c in 0 .. d - 1 do
                series[(k + 1) * d + c] <- 'T.Quotient(slopes[c][k], next)

    override this.Step(time, step, state, next) =
        if not known then
            expand this time state
            known <- true

        for c in 0 .. d - 1 do
            let mutable sum = series[order * d + c]

            for k in order - 1 .. -1 .. 0 do
                sum <- 'T.Sum(series[k * d + c], 'T.Product(step, sum))

            next[c] <- sum

        StepOutcome.Done

    override _.Estimates = [| order - 1 |]

    override _.Error(_, step, error) =
        let scale = Ring.power step order

        for c in 0 .. d - 1 do
            error[c] <- 'T.Product(scale, series[order * d + c])

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

        TaylorStepper(field, order)

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
