namespace LayerTime.Core.Semantics

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// One vector field over every number system with the elementary functions: what a bound needs, which takes derivatives of it.
type IVectorFields =
    /// The field over one of them.
    abstract Over<'T when 'T :> ITranscendental<'T>> : unit -> IVectorField<'T>

/// What is known of the distance between a computed and the exact solution, in the largest component.
[<RequireQualifiedAccess>]
type ErrorBound =
    /// The distance is at most this, proved in interval arithmetic; the largest logarithmic norm met on the way.
    | Proved of error: float * logNorm: float
    /// No box around the solution was found that it cannot leave during this step (zero-based).
    | NoEnclosure of step: int

    /// The result in words.
    member bound.Sentence: string =
        match bound with
        | ErrorBound.Proved(error, logNorm) -> $"Every component is right up to {error}. Errors grew at most like exp({logNorm} t)."
        | ErrorBound.NoEnclosure step ->
            $"The solution could not be enclosed during step {step}. Take shorter steps there, or a smaller box of starting values."

/// <summary>Global errors from the instance itself: afterwards of any method, beforehand of explicit Runge–Kutta methods with exact coefficients.</summary>
/// <remarks>
/// <para>
/// Afterwards the exact flow of each step from its computed start is enclosed by its power series of intervals, with the last term over
/// a box that it cannot leave during the step: its distance to the computed end is the local error, rounding included.
/// </para>
/// <para>
/// Beforehand the local error of a step of order p is D(h) = φ_h(x) − Φ_h(x) with D′(0) = … = D⁽ᵖ⁾(0) = 0, bounded by Taylor's theorem,
/// where the coefficients of Φ_h are those of the method with the step itself as the variable.
/// </para>
/// <para>
/// Errors made earlier grow like e^(μh) with the logarithmic norm μ of the Jacobian over the box (Dahlquist 1958; Hairer, Nørsett and
/// Wanner, I.10 and II.3).
/// </para>
/// </remarks>
[<RequireQualifiedAccess>]
module GlobalError =
    let private point (x: float) = Interval.ofFloat x
    /// [x, x]; where x is no number, as a bound over a box of any size may be, all numbers.
    let private bounded (x: float) = if Double.IsFinite x then point x else Interval.entire

    /// An upper bound of μ∞(J) = max_i (J_ii + Σ_{j≠i} |J_ij|).
    let logNormInf (jacobian: Matrix<Interval>) : float =
        let row i =
            let mutable sum = point 0.0

            for j in 0 .. jacobian.Columns - 1 do
                let entry = jacobian[i, j]
                let term = if i = j then entry else bounded (Interval.magnitude entry)
                sum <- Arithmetic.(+) sum term

            sum.Upper

        Seq.init jacobian.Rows row |> Seq.fold (fun largest a -> Math.Max(largest, a)) Double.NegativeInfinity

    /// ∂f_i/∂x_j over a box and an interval of times.
    let jacobian (fields: IVectorFields) (time: Interval) (box: Interval[]) : Matrix<Interval> =
        let field = fields.Over<AnalyticDual<Interval>>()
        let d = box.Length
        let slope: AnalyticDual<Interval>[] = Vector.zero d

        let column j =
            let state = box |> Array.mapi (fun i x -> if i = j then AnalyticDual.variable x else AnalyticDual.constant x)
            field.Evaluate(AnalyticDual.constant time, ReadOnlySpan state, Span slope)
            slope |> Array.map (fun s -> s.Inner.Derivative)

        Matrix.ofRows (Array.init d column) |> Matrix.transpose

    /// T·φ(μT) with φ(z) = (eᶻ − 1)/z, φ(0) = 1, rounded upwards: the growth of a defect of size 1 over a horizon T ≥ 0.
    let accumulate (logNorm: float) (horizon: float) : float =
        let z = Arithmetic.(*) (bounded logNorm) (point horizon)

        let value =
            if Math.Abs logNorm * horizon < Math.ScaleB(1.0, -26) then
                // φ(z) ≤ e^max(0, z)
                Arithmetic.(*) (point horizon) (Transcendental.exp (Interval.hull (point 0.0) z))
            else
                Arithmetic.(/) (Transcendental.expm1 z) (bounded logNorm)

        value.Upper

    /// Grönwall's bound: a solution that starts with an error and satisfies the equation up to a defect is at the end of a horizon
    /// T ≥ 0 within e^(μT)·initial + defect·T·φ(μT) of the exact one, rounded upwards.
    let grönwall (logNorm: float) (defect: float) (initial: float) (horizon: float) : float =
        let growth = Transcendental.exp (Arithmetic.(*) (bounded logNorm) (point horizon))

        (Arithmetic.(+) (Arithmetic.(*) growth (bounded initial)) (Arithmetic.(*) (bounded defect) (bounded (accumulate logNorm horizon))))
            .Upper

    let private enlarge (r: float) (x: Interval) = Arithmetic.(+) x (Interval.ofBounds -r r)

    /// A box B with start + [0, h]·f(times, B) inside B: no solution that starts in the first box leaves B during the step.
    let private enclose (field: IVectorField<Interval>) (times: Interval) (h: Interval) (start: Interval[]) : Interval[] option =
        let d = start.Length
        let slope: Interval[] = Array.create d (point 0.0)
        let path = Interval.hull (point 0.0) h

        let image (box: Interval[]) =
            field.Evaluate(times, ReadOnlySpan box, Span slope)
            Array.map2 (fun x s -> Arithmetic.(+) x (Arithmetic.(*) path s)) start slope

        let rec attempt n box =
            let next = image box

            if Array.forall2 Interval.interior next box then
                // The image of an enclosure is a better one.
                Some next
            elif n = 0 then
                None
            else
                let widened =
                    next
                    |> Array.map (fun x ->
                        enlarge (0.1 * Interval.width x + Math.ScaleB(Interval.magnitude x, -40) + Math.ScaleB(1.0, -1000)) x)

                if Array.forall Interval.isBounded widened then attempt (n - 1) widened else None

        attempt 20 start

    /// The coefficients of h, …, h^n in φ_h(x), expanded at all times and states of a box.
    let private flowSeries (field: IVectorField<AnalyticTaylor<Interval>>) (order: int) (times: Interval) (box: Interval[]) : Interval[][] =
        let d = box.Length
        let stepper = Stepper.taylor order (Stepper.ofAnalytic field)
        let unused: Interval[] = Array.create d (point 0.0)
        stepper.Step(times, point 0.0, box, unused) |> ignore
        let coefficients: Interval[] = Array.create (order * d) (point 0.0)
        stepper.Extend(times, point 1.0, box, unused, Span coefficients)
        Array.chunkBySize d coefficients

    /// The coefficients of h, …, h^n in Φ_h(x), expanded at all steps of an interval.
    let private methodSeries
        (field: IVectorField<AnalyticTaylor<Interval>>)
        (tableau: Tableau<Rational>)
        (order: int)
        (time: Interval)
        (steps: Interval)
        (start: Interval[])
        : Interval[][] =
        let next: AnalyticTaylor<Interval>[] = Vector.zero start.Length
        let state = start |> Array.map AnalyticTaylor.constant
        let step = AnalyticTaylor.variable order steps
        (Stepper.explicit tableau field).Step(AnalyticTaylor.constant time, step, state, next) |> ignore
        Array.init order (fun k -> next |> Array.map (fun x -> x.Inner[k + 1]))

    /// More terms of the local error than the first one are taken where the step starts, which is known better than the box.
    let private furtherTerms = 3

    let private maximum (values: float seq) = Seq.fold (fun (a: float) b -> Math.Max(a, b)) 0.0 values

    /// max |φ_h(x) − x⁺| for the exact flow φ_h(x) = x + Σ_{k=1..m} c_k hᵏ + c_{m+1} h^(m+1), the last coefficient from all that it can reach.
    let private localDefect
        (fields: IVectorFields)
        (order: int)
        (times: Interval)
        (time: Interval)
        (h: Interval)
        (start: Interval[])
        (box: Interval[])
        (reached: float[])
        : float =
        let field = fields.Over<AnalyticTaylor<Interval>>()
        let m = order + furtherTerms
        let series = Array.append (flowSeries field m time start) [| Array.last (flowSeries field (m + 1) times box) |]

        maximum (
            Seq.init start.Length (fun c ->
                let change =
                    Array.foldBack (fun (term: Interval[]) sum -> Arithmetic.(*) h (Arithmetic.(+) term[c] sum)) series (point 0.0)

                Interval.magnitude (Arithmetic.(-) (Arithmetic.(+) start[c] change) (point reached[c])))
        )

    /// |φ_h − Φ_h| ≤ Σ_{k=p+1..m} |d_k| hᵏ + |d_{m+1}| h^(m+1), the d_k from the states and times where a step starts, the last one
    /// from all that the step can reach.
    let private localError
        (fields: IVectorFields)
        (tableau: Tableau<Rational>)
        (times: Interval)
        (time: Interval)
        (h: Interval)
        (start: Interval[])
        (box: Interval[])
        : Interval =
        let field = fields.Over<AnalyticTaylor<Interval>>()
        let p = tableau.Order
        let m = p + furtherTerms
        let length = point (Interval.magnitude h)

        let difference k (flow: Interval[][]) (steps: Interval[][]) =
            let largest =
                Array.map2 (fun a b -> Interval.magnitude (Arithmetic.(-) a b)) flow[k - 1] steps[k - 1]
                |> Array.fold (fun (largest: float) a -> Math.Max(largest, a)) 0.0

            Arithmetic.(*) (bounded largest) (Interval.power length k)

        let flow, steps = flowSeries field m time start, methodSeries field tableau m time (point 0.0) start
        let known = Seq.init furtherTerms (fun k -> difference (p + 1 + k) flow steps)

        let rest =
            difference
                (m + 1)
                (flowSeries field (m + 1) times box)
                (methodSeries field tableau (m + 1) time (Interval.hull (point 0.0) h) start)

        Seq.fold Arithmetic.(+) rest known

    let private exactOnly (tableau: Tableau<Rational>) = [
        yield!
            Defect.unless
                (tableau.IsExplicit && tableau.Rounding.Sign = 0)
                "method"
                tableau.Name
                "an explicit method with exact coefficients: rounded ones satisfy no order condition exactly"
    ]

    /// Bounds of the distance between each recorded state of a flow by any method and the exact solution from the recorded start, step by
    /// step: local error and growth; and the last of them, or the step where they end. The order is that of the method, which says how many
    /// terms are worth while; initial is the error of the start.
    let bars (fields: IVectorFields) (order: int) (initial: float) (trace: Trace) : float list * ErrorBound =
        let field = fields.Over<Interval>()
        let mutable error = point initial
        let bars = System.Collections.Generic.List [ initial ]
        let mutable worst = Double.NegativeInfinity
        let mutable failure = ValueNone
        let mutable n = 0

        while failure.IsNone && n < trace.Count - 1 do
            let t0, t1 = point (trace.Time n), point (trace.Time(n + 1))
            let times = Interval.hull t0 t1
            let h = Arithmetic.(-) t1 t0
            let length = Interval.magnitude h
            let start = trace.State(n).ToArray() |> Array.map point

            match enclose field times h (Array.map (enlarge error.Upper) start) with
            | None -> failure <- ValueSome(ErrorBound.NoEnclosure n)
            | Some box ->
                // Backwards in time the field changes its sign.
                let j = jacobian fields times box
                let μ = logNormInf (if h.Upper > 0.0 then j else Matrix.map Arithmetic.(~-) j)
                let local = localDefect fields order times t0 h start box (trace.State(n + 1).ToArray())
                let growth = Transcendental.exp (Arithmetic.(*) (bounded μ) (point length))
                let sum = Arithmetic.(+) (Arithmetic.(*) growth (point error.Upper)) (bounded local)

                if Double.IsFinite sum.Upper then
                    worst <- Math.Max(worst, μ)
                    error <- point sum.Upper
                    bars.Add sum.Upper
                    n <- n + 1
                else
                    failure <- ValueSome(ErrorBound.NoEnclosure n)

        let conclusion =
            match failure with
            | ValueSome failure -> failure
            | ValueNone -> ErrorBound.Proved(error.Upper, worst)

        List.ofSeq bars, conclusion

    /// A bound of the distance between the last recorded state of a flow and the exact solution: the last of its `bars`.
    let aPosteriori (fields: IVectorFields) (order: int) (initial: float) (trace: Trace) : ErrorBound =
        snd (bars fields order initial trace)

    /// So many terms of the series follow a solution between recorded times.
    let private between = 16

    /// How far at most an exact solution that comes within an error of a state is from another state at another time: that from the state
    /// itself by its series with remainder, and the error with its growth. None where it cannot be enclosed on the way.
    let carry (fields: IVectorFields) (error: float) (t0: float, state: float[]) (t1: float, reached: float[]) : float option =
        let times = Interval.hull (point t0) (point t1)
        let h = Arithmetic.(-) (point t1) (point t0)
        let start = Array.map point state

        enclose (fields.Over<Interval>()) times h (Array.map (enlarge error) start)
        |> Option.map (fun box ->
            let j = jacobian fields times box
            let μ = logNormInf (if h.Upper > 0.0 then j else Matrix.map Arithmetic.(~-) j)
            let field = fields.Over<AnalyticTaylor<Interval>>()
            let known, rest = flowSeries field between (point t0) start, flowSeries field (between + 1) times box

            // Horner in h from the remainder on.
            let at c =
                let add (sum: Interval) (a: Interval) = Arithmetic.(+) a (Arithmetic.(*) h sum)
                Seq.append [ start[c] ] (known |> Seq.map (Array.item c)) |> Seq.rev |> Seq.fold add (rest[between][c])

            let off = maximum (Seq.init start.Length (fun c -> Interval.magnitude (Arithmetic.(-) (at c) (point reached[c]))))
            let growth = Transcendental.exp (Arithmetic.(*) (bounded μ) (point (Interval.magnitude h)))
            (Arithmetic.(+) (bounded off) (Arithmetic.(*) growth (bounded error))).Upper)
        |> Option.filter Double.IsFinite

    /// A bound of the error before any step is taken: n steps of length T/n, T &gt; 0, of exact arithmetic whose states stay in a box
    /// of states, (D/h) e^(max(0, −μ)h) T φ(μT), with the bound D of the local error and the logarithmic norm μ over that box,
    /// enlarged by what a step and the error itself can reach.
    let aPriori
        (fields: IVectorFields)
        (tableau: Tableau<Rational>)
        (start: float)
        (finish: float)
        (count: int)
        (states: Interval[])
        : Result<ErrorBound, Defect list> =
        let run () =
            let field = fields.Over<Interval>()
            let times = Interval.ofBounds start finish
            let horizon = Arithmetic.(-) (point finish) (point start)
            let h = Arithmetic.(/) horizon (point (float count))

            // The box must hold the error that it leads to: try larger ones.
            let rec attempt n margin =
                match enclose field times h (Array.map (enlarge margin) states) with
                | None -> ErrorBound.NoEnclosure 0
                | Some box ->
                    let μ = logNormInf (jacobian fields times box)
                    let local = localError fields tableau times times h states box
                    let correction = Transcendental.exp (Arithmetic.(*) (bounded (Math.Max(0.0, -μ))) h)

                    let error = Arithmetic.(*) (Arithmetic.(/) local h) (Arithmetic.(*) correction (bounded (accumulate μ horizon.Upper)))

                    if error.Upper <= margin then ErrorBound.Proved(error.Upper, μ)
                    elif n = 0 || not (Double.IsFinite error.Upper) then ErrorBound.NoEnclosure 0
                    else attempt (n - 1) (1.5 * error.Upper)

            attempt 10 0.0

        let defects = [
            yield! exactOnly tableau
            yield!
                Defect.unless
                    (start < finish && Double.IsFinite start && Double.IsFinite finish)
                    "horizon"
                    $"from {start} to {finish}"
                    "an end after the start"
            yield! Defect.unless (count > 0) "steps" $"{count}" "at least one"
        ]

        if defects.IsEmpty then Ok(run ()) else Error defects

    /// An estimate without proof: the distance between the end of a flow and that of the same one with tolerances ten times smaller.
    let estimate
        (settings: FlowSettings)
        (stepper: Stepper<Binary64>)
        (start: float)
        (finish: float)
        (state: float[])
        : Result<FlowResult * float, Defect list> =
        let finer =
            match settings.Control with
            | StepControl.Adaptive(relative, absolute) ->
                StepControl.Adaptive(Math.Max(Flow.leastTolerance, 0.1 * relative), 0.1 * absolute)
            | StepControl.Fixed count -> StepControl.Fixed(2 * count)

        match Flow.solve settings stepper start finish state with
        | Error defects -> Error defects
        | Ok result ->
            // Where the flow stopped early, both are compared there.
            if result.Time = start then
                Ok(result, Double.NaN)
            else
                Flow.solve { settings with Control = finer; Events = [] } stepper start result.Time state
                |> Result.map (fun better -> result, maximum (Seq.map2 (fun (a: float) b -> Math.Abs(a - b)) result.State better.State))
