namespace LayerTime.Core.Rigour

open LayerTime.Core.Numbers

/// The solutions of x′ = f(t, x) as power series of time, with their derivatives in the start. An instance may own scratch memory,
/// so one run at a time uses it.
type IFlowSeries<'T> =
    /// The number of components of x.
    abstract Dimension: int
    /// x₀, x₁, …, x_N of the solution through the start at a time, x(t + h) = x₀ + x₁h + … Over intervals a time and a start may be
    /// wide: the coefficients are enclosed for all of their members.
    abstract Expand: order: int * time: 'T * start: FlowJet<'T> -> FlowJet<'T>[]
    /// Whether f is known to be analytic at all members of a time and a state. Where it is not, series end with x₁.
    abstract IsAnalytic: time: 'T * state: 'T[] -> bool

/// A vector field f(t, x) that can be evaluated on any numbers with elementary functions: written once, it is simulated, enclosed,
/// differentiated and expanded.
type ISmoothField =
    /// The number of components of x.
    abstract Dimension: int
    /// f(t, x)
    abstract Evaluate<'T when 'T :> ITranscendental<'T>> : time: 'T * state: 'T[] -> 'T[]

/// Series of solutions from a field alone, by Taylor arithmetic over 2-jets.
[<RequireQualifiedAccess>]
module FlowSeries =
    let private quotient (a: 'T) (n: int) : 'T :> IField<'T> = 'T.Quotient(a, Ring.ratio n 1)

    /// Component i of a jet of vectors as a jet of numbers.
    let internal jetOf (start: FlowJet<'T>) (i: int) : AnalyticJet<'T> =
        let entries count (source: 'T[]) = Array.init count (fun a -> source[a * start.Width + i])

        // None for a 1-jet.
        let upper = entries start.Pairs start.Second

        AnalyticJet<'T>(Jet<'T>(start.Value[i], entries start.Directions start.First, upper))

    /// The jet of vectors with these components, with as many derivatives as another one.
    let internal toFlowJet (like: FlowJet<'T>) (x: AnalyticJet<'T>[]) : FlowJet<'T> =
        let n = like.Directions
        let width = x.Length
        let jet = FlowJet(width, n, like.HasSecond)

        for i in 0 .. width - 1 do
            jet.Value[i] <- AnalyticJet.value x[i]
            let gradient = AnalyticJet.gradient n x[i]

            for a in 0 .. n - 1 do
                jet.First[a * width + i] <- gradient[a]

            if like.HasSecond then
                for a in 0 .. n - 1 do
                    for b in a .. n - 1 do
                        jet.Second[jet.Pair(a, b) * width + i] <- AnalyticJet.secondDerivative x[i] a b

        jet

    /// x_{k+1} = f(t, x)_k/(k + 1), one order after the other: f evaluated on series of jets.
    let internal ofEvaluation
        (dimension: int)
        (evaluate: AnalyticTaylor<AnalyticJet<'T>> -> AnalyticTaylor<AnalyticJet<'T>>[] -> AnalyticTaylor<AnalyticJet<'T>>[])
        : IFlowSeries<'T> = {
        new IFlowSeries<'T> with
            member _.Dimension = dimension
            member _.IsAnalytic(_, _) = true

            member _.Expand(order, time, start) =
                let coefficients = Array.init start.Width (fun i -> Array.create (order + 1) (jetOf start i))

                for k in 0 .. order - 1 do
                    let truncated (c: AnalyticJet<'T>[]) = AnalyticTaylor(Taylor.ofCoefficients (Array.truncate (k + 1) c))
                    let clock = AnalyticTaylor.variable k (AnalyticJet.constant time)

                    evaluate clock (Array.map truncated coefficients)
                    |> Array.iteri (fun i slope -> coefficients[i][k + 1] <- quotient slope.Inner[k] (k + 1))

                Array.init (order + 1) (fun k -> coefficients |> Array.map (fun c -> c[k]) |> toFlowJet start)
    }

    /// The series of a field that is written once for all numbers.
    let ofField<'T when 'T :> ITranscendental<'T>> (field: ISmoothField) : IFlowSeries<'T> =
        ofEvaluation field.Dimension (fun time state -> field.Evaluate(time, state))
