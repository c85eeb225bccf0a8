namespace LayerTime.Core.Semantics

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra

/// <summary>A method with the exact adjoint of its step: the transposed derivative of what a step computes, in any number system.</summary>
/// <remarks>
/// The step itself is that of the method; where it evaluates the field is kept, and nothing else is needed on the way back. It owns
/// its scratch memory and allocates nothing per step over numbers and fields that do not.
/// </remarks>
[<AbstractClass>]
type StepAdjoint<'T>(stepper: Stepper<'T>, parameters: int, memory: int) =
    /// The method.
    member _.Stepper: Stepper<'T> = stepper
    /// The number of components of the state.
    member _.Dimension: int = stepper.Dimension
    /// The number of parameters of the field.
    member _.Parameters: int = parameters
    /// How many numbers the way back through one step needs.
    member _.Memory: int = memory
    /// next ← the state a step later, memory ← what the way back needs.
    abstract Step: time: 'T * step: 'T * state: 'T[] * next: 'T[] * memory: Span<'T> -> StepOutcome
    /// momentum ← (∂x⁺/∂x)ᵀ momentum and gradient ← gradient + (∂x⁺/∂θ)ᵀ momentum.
    abstract Pull: step: 'T * memory: ReadOnlySpan<'T> * momentum: 'T[] * gradient: Span<'T> -> unit
    /// The solution inside a step, at a share of it, as a step of its own: the method and the share of the length that it takes.
    abstract Within: share: float -> struct (StepAdjoint<'T> * float) voption
    default _.Within _ = ValueNone

/// Keeps the last times and states at which a field was evaluated, in turn.
[<Sealed>]
type internal FieldRecorder<'T>(field: IVectorField<'T>, capacity: int) =
    let width = field.Dimension + 1
    let kept: 'T[] = Array.zeroCreate (capacity * width)
    /// How many evaluations since the recorder was switched on.
    member val Count = 0 with get, set
    /// Whether evaluations are kept.
    member val IsOn = false with get, set
    /// time, state, time, state, …
    member _.Kept: 'T[] = kept

    interface IVectorField<'T> with
        member _.Dimension = field.Dimension

        member this.Evaluate(time, state, slope) =
            if this.IsOn then
                let at = this.Count % capacity * width
                kept[at] <- time
                state.CopyTo(Span(kept, at + 1, width - 1))
                this.Count <- this.Count + 1

            field.Evaluate(time, state, slope)

/// Explicit Runge–Kutta: with ξ_i = Df(X_i)ᵀ h(b_i p + Σ_{j>i} a_ji ξ_j) from the last stage to the first, p ← p + Σ ξ_i.
[<Sealed>]
type internal ExplicitAdjoint<'T when 'T :> IField<'T>>
    private (field: IDifferentiableField<'T>, tableau: Tableau<Rational>, recorder: FieldRecorder<'T>) =
    inherit StepAdjoint<'T>(Stepper.explicit tableau recorder, field.Parameters, tableau.Stages.Length * (field.Dimension + 1))
    let d = field.Dimension
    let stages = tableau.Stages.Length

    // Column i of the stages below it; the weight b_i belongs to p, which stands behind the last stage.
    let columns: SparseWeights<'T>[] =
        Array.init stages (fun i ->
            Array.init (stages + 1) (fun j ->
                if j = stages then tableau.Weights[i]
                elif i < tableau.Stages[j].Length then tableau.Stages[j].[i]
                else Rational.Zero)
            |> SparseWeights.create)

    let ξ: 'T[] = Array.create ((stages + 1) * d) 'T.Zero
    let force: 'T[] = Array.create d 'T.Zero

    new(field: IDifferentiableField<'T>, tableau: Tableau<Rational>) =
        ExplicitAdjoint(field, tableau, FieldRecorder(field, tableau.Stages.Length))

    override this.Step(time, step, state, next, memory) =
        recorder.Count <- 0
        recorder.IsOn <- true
        let outcome = this.Stepper.Step(time, step, state, next)
        recorder.IsOn <- false
        // A method that has evaluated its first stage in the step before leaves it out: it stands at the state.
        let known = stages - recorder.Count
        (ReadOnlySpan(recorder.Kept, 0, recorder.Count * (d + 1))).CopyTo(memory.Slice(known * (d + 1)))

        if known > 0 then
            memory[0] <- time
            (ReadOnlySpan state).CopyTo(memory.Slice 1)

        outcome

    override _.Pull(step, memory, momentum, gradient) =
        Array.Copy(momentum, 0, ξ, stages * d, d)

        for i in stages - 1 .. -1 .. 0 do
            // A stage that nothing depends on, as the one which only the next step uses, has ξ = 0.
            if columns[i].Stages.Length > 0 then
                SparseWeights.combine columns[i] step ξ (Span force)
                let at = i * (d + 1)
                field.Pullback(memory[at], memory.Slice(at + 1, d), ReadOnlySpan force, Span(ξ, i * d, d), gradient)

                for c in 0 .. d - 1 do
                    momentum[c] <- 'T.Sum(momentum[c], ξ[i * d + c])

    override _.Within share = ValueSome(struct (ExplicitAdjoint(field, Tableau.within (Rational.ofFloat share) tableau), 1.0))

/// Implicit Runge–Kutta, by its converged equations X_i = x + h Σ a_ij f(X_j): the forces μ_i = h b_i p + h Σ_j a_ji Df(X_j)ᵀμ_j are
/// solved for directly, so that on fractions they are exact, and p ← p + Σ Df(X_i)ᵀμ_i.
[<Sealed>]
type internal ImplicitAdjoint<'T when 'T :> IField<'T>>
    private (field: IDifferentiableField<'T>, tableau: Tableau<'T>, size: 'T -> float, recorder: FieldRecorder<'T>) =
    inherit StepAdjoint<'T>(Stepper.implicit size tableau recorder, field.Parameters, tableau.Stages.Length * (field.Dimension + 1))
    let d = field.Dimension
    let stages = tableau.Stages.Length
    let n = stages * d
    let entry i j = if j < tableau.Stages[i].Length then tableau.Stages[i].[j] else 'T.Zero
    // The equations, row by row, with the right-hand side as last column.
    let rows: 'T[][] = Array.init n (fun _ -> Array.create (n + 1) 'T.Zero)
    let unit, back: 'T[] * 'T[] = Array.create d 'T.Zero, Array.create d 'T.Zero
    let force: 'T[] = Array.create n 'T.Zero

    new(field: IDifferentiableField<'T>, tableau: Tableau<'T>, size: 'T -> float) =
        ImplicitAdjoint(field, tableau, size, FieldRecorder(field, tableau.Stages.Length))

    /// Gauss's elimination, the largest pivot of each column first. The step has contracted, so that there is one.
    member private _.Eliminate() =
        for column in 0 .. n - 1 do
            let mutable best = column

            for i in column + 1 .. n - 1 do
                if size (rows[i].[column]) > size (rows[best].[column]) then
                    best <- i

            let pivot = rows[best]
            rows[best] <- rows[column]
            rows[column] <- pivot

            for i in column + 1 .. n - 1 do
                let row = rows[i]
                let factor = 'T.Quotient(row[column], pivot[column])

                for j in column + 1 .. n do
                    row[j] <- 'T.Difference(row[j], 'T.Product(factor, pivot[j]))

        for i in n - 1 .. -1 .. 0 do
            let row = rows[i]
            let mutable sum = row[n]

            for j in i + 1 .. n - 1 do
                sum <- 'T.Difference(sum, 'T.Product(row[j], force[j]))

            force[i] <- 'T.Quotient(sum, row[i])

    override this.Step(time, step, state, next, memory) =
        recorder.Count <- 0
        recorder.IsOn <- true
        let outcome = this.Stepper.Step(time, step, state, next)
        recorder.IsOn <- false

        // The last sweep of the iteration, stage by stage.
        for i in 0 .. stages - 1 do
            let at = (recorder.Count - stages + i) % stages * (d + 1)
            (ReadOnlySpan(recorder.Kept, at, d + 1)).CopyTo(memory.Slice(i * (d + 1)))

        outcome

    override this.Pull(step, memory, momentum, gradient) =
        let at i = i * (d + 1)

        for i in 0 .. stages - 1 do
            for c in 0 .. d - 1 do
                let row = rows[i * d + c]
                Array.Fill(row, 'T.Zero)
                row[i * d + c] <- 'T.One
                row[n] <- 'T.Product('T.Product(step, tableau.Weights[i]), momentum[c])

        for j in 0 .. stages - 1 do
            for c in 0 .. d - 1 do
                unit[c] <- 'T.One
                field.Pullback(memory[at j], memory.Slice(at j + 1, d), ReadOnlySpan unit, Span back, Span.Empty)
                unit[c] <- 'T.Zero

                for i in 0 .. stages - 1 do
                    let weight = 'T.Product(step, entry j i)

                    for r in 0 .. d - 1 do
                        let row = rows[i * d + r]
                        row[j * d + c] <- 'T.Difference(row[j * d + c], 'T.Product(weight, back[r]))

        this.Eliminate()

        for i in 0 .. stages - 1 do
            field.Pullback(memory[at i], memory.Slice(at i + 1, d), ReadOnlySpan(force, i * d, d), Span back, gradient)

            for c in 0 .. d - 1 do
                momentum[c] <- 'T.Sum(momentum[c], back[c])

    override _.Within share =
        let θ = Rational.ofFloat share
        ValueSome(struct (ImplicitAdjoint(field, Tableau.within ('T.OfRatio(θ.Numerator, θ.Denominator)) tableau, size), 1.0))

/// Keeps the times, lengths and states of the parts of a step as they are taken, and which part.
[<Sealed>]
type internal FlowRecorder<'T>(capacity: int, dimension: int) =
    let kept: 'T[] = Array.zeroCreate (capacity * (dimension + 2))
    /// How many parts the step has taken since the recorder was switched on.
    member val Count = 0 with get, set
    /// Whether parts are kept.
    member val IsOn = false with get, set
    /// time, length, state, time, length, state, …
    member _.Kept: 'T[] = kept

    /// The same flow, recorded.
    member this.Record(flow: IFlowMap<'T>) : IFlowMap<'T> = {
        new IFlowMap<'T> with
            member _.Dimension = flow.Dimension
            member _.AddSlope(time, state, slope) = flow.AddSlope(time, state, slope)

            member _.Advance(time, step, state) =
                if this.IsOn then
                    let at = this.Count * (dimension + 2)
                    kept[at] <- time
                    kept[at + 1] <- step
                    (Span<'T>.op_Implicit state: ReadOnlySpan<'T>).CopyTo(Span(kept, at + 2, dimension))
                    this.Count <- this.Count + 1

                flow.Advance(time, step, state)
    }

/// A composition of exact flows: their adjoints in reversed order. The parameters of the parts follow one another.
[<Sealed>]
type internal SplittingAdjoint<'T when 'T :> IField<'T>>
    private (parts: IDifferentiableFlowMap<'T>[], splitting: Splitting, recorder: FlowRecorder<'T>) =
    inherit
        StepAdjoint<'T>(
            Stepper.splitting splitting (parts |> Array.map (fun part -> recorder.Record part)),
            parts |> Array.sumBy _.Parameters,
            splitting.Steps.Length * (parts[0].Dimension + 2)
        )

    let d = parts[0].Dimension
    let indices = splitting.Steps |> List.map fst |> List.toArray
    let offsets = parts |> Array.scan (fun at part -> at + part.Parameters) 0

    new(parts: IDifferentiableFlowMap<'T>[], splitting: Splitting) =
        SplittingAdjoint(parts, splitting, FlowRecorder(splitting.Steps.Length, parts[0].Dimension))

    override this.Step(time, step, state, next, memory) =
        recorder.Count <- 0
        recorder.IsOn <- true
        let outcome = this.Stepper.Step(time, step, state, next)
        recorder.IsOn <- false
        (ReadOnlySpan recorder.Kept).CopyTo memory
        outcome

    override _.Pull(_, memory, momentum, gradient) =
        for i in indices.Length - 1 .. -1 .. 0 do
            let part = parts[indices[i]]
            let at = i * (d + 2)
            let own = gradient.Slice(offsets[indices[i]], part.Parameters)
            part.Pullback(memory[at], memory[at + 1], memory.Slice(at + 2, d), Span momentum, own)

/// Keeps the longest series at which a field was evaluated last.
[<Sealed>]
type internal SeriesRecorder<'T when 'T :> IField<'T>>(field: IVectorField<Taylor<'T>>) =
    let last: Taylor<'T>[] = Array.create field.Dimension (Taylor.constant 'T.Zero)
    /// The time around which the series stand.
    member val Time = 'T.Zero with get, set
    /// The series.
    member _.Last: Taylor<'T>[] = last

    interface IVectorField<Taylor<'T>> with
        member _.Dimension = field.Dimension

        member this.Evaluate(time, state, slope) =
            this.Time <- time.Value
            state.CopyTo(Span last)
            field.Evaluate(time, state, slope)

/// <summary>The Taylor method of order N: x_{k+1} = f_k/(k + 1) for the series f(x(t)), x⁺ = Σ h^k x_k.</summary>
/// <remarks>
/// ∂f_k/∂x_j is the coefficient k − j of the series Df(x(t)) (Christianson 1992), so that the way back is a series itself: with x̄_j the
/// derivative in x_j and v = Σ v_m t^m, v_m = x̄_{N−m}/(N − m), it is x̄_j = h^j p + (Df(x(t))ᵀv(t))_{N−1−j}, term by term from j = N down to 0.
/// </remarks>
[<Sealed>]
type internal TaylorAdjoint<'T when 'T :> IField<'T>>
    private (field: IDifferentiableField<Taylor<'T>>, order: int, recorder: SeriesRecorder<'T>) =
    inherit StepAdjoint<'T>(Stepper.taylor order recorder, field.Parameters, 1 + order * field.Dimension)
    let d = field.Dimension
    let zero: Taylor<'T> = Taylor.constant 'T.Zero
    let series: Taylor<'T>[] = Array.create d zero
    let covector: Taylor<'T>[] = Array.create d zero
    let back: Taylor<'T>[] = Array.create d zero
    let parameters: Taylor<'T>[] = Array.create field.Parameters zero
    new(field: IDifferentiableField<Taylor<'T>>, order: int) = TaylorAdjoint(field, order, SeriesRecorder field)

    override this.Step(time, step, state, next, memory) =
        let outcome = this.Stepper.Step(time, step, state, next)
        memory[0] <- recorder.Time

        for k in 0 .. order - 1 do
            for c in 0 .. d - 1 do
                memory[1 + k * d + c] <- recorder.Last[c].[k]

        outcome

    override _.Pull(step, memory, momentum, gradient) =
        // v, component by component.
        let v = Array.init d (fun _ -> Array.create order 'T.Zero)
        let x = memory.ToArray()
        Array.Fill(back, zero)
        Array.Fill(parameters, zero)

        for m in 0 .. order - 1 do
            let scale, divisor: 'T * 'T = Ring.power step (order - m), Ring.ratio (order - m) 1

            for c in 0 .. d - 1 do
                let x̄ = 'T.Product(scale, momentum[c])
                v[c].[m] <- 'T.Quotient((if m = 0 then x̄ else 'T.Sum(x̄, back[c].[m - 1])), divisor)
                series[c] <- Taylor(m, Array.init (m + 1) (fun k -> x[1 + k * d + c]))
                covector[c] <- Taylor(m, v[c].[..m])

            let time = Taylor.variable m memory[0]
            // Only the last term of the last product with v belongs to the parameters.
            let target = if m = order - 1 then Span parameters else Span.Empty
            field.Pullback(time, ReadOnlySpan series, ReadOnlySpan covector, Span back, target)

        for c in 0 .. d - 1 do
            momentum[c] <- 'T.Sum(momentum[c], back[c].[order - 1])

        for n in 0 .. gradient.Length - 1 do
            gradient[n] <- 'T.Sum(gradient[n], parameters[n].[order - 1])

    // The series of the step is the solution inside it.
    override this.Within share = ValueSome(struct (this, share))

/// Methods with the exact adjoint of their steps.
[<RequireQualifiedAccess>]
module StepAdjoint =
    /// An explicit Runge–Kutta method for steps chosen by its own estimate of the error. A broken contract throws: an implicit tableau.
    let adaptive (tableau: Tableau<Rational>) (field: IDifferentiableField<'T>) : StepAdjoint<'T> when 'T :> IField<'T> =
        ExplicitAdjoint(field, tableau)

    /// An explicit Runge–Kutta method for given steps: without its estimate of the error and without a last stage that only the next
    /// step would use. A broken contract throws: an implicit tableau.
    let explicit (tableau: Tableau<Rational>) (field: IDifferentiableField<'T>) : StepAdjoint<'T> when 'T :> IField<'T> =
        let last = tableau.Stages.Length - 1
        let isUsed = last = 0 || tableau.Weights[last].Sign <> 0 || tableau.Stages[last] <> tableau.Weights[.. last - 1]
        let count = if isUsed then last + 1 else last

        adaptive
            {
                tableau with
                    Nodes = Array.take count tableau.Nodes
                    Stages = Array.take count tableau.Stages
                    Weights = Array.take count tableau.Weights
                    Embedded = [||]
                    Continuous = None
            }
            field

    /// An implicit Runge–Kutta method; size is the magnitude of a number, for example abs.
    let implicit (size: 'T -> float) (tableau: Tableau<'T>) (field: IDifferentiableField<'T>) : StepAdjoint<'T> when 'T :> IField<'T> =
        ImplicitAdjoint(field, tableau, size)

    /// A splitting into parts with exact flows; the parameters of the parts follow one another.
    let splitting (splitting: Splitting) (parts: IDifferentiableFlowMap<'T>[]) : StepAdjoint<'T> when 'T :> IField<'T> =
        SplittingAdjoint(parts, splitting)

    /// The Taylor method of an order, at least 1.
    let taylor (order: int) (field: IDifferentiableField<Taylor<'T>>) : StepAdjoint<'T> when 'T :> IField<'T> = TaylorAdjoint(field, order)
