namespace LayerTime.Core.Semantics

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra

/// x(t), known from elsewhere: state ← the state at a time.
type StatePath<'T> = delegate of time: 'T * state: Span<'T> -> unit

/// <summary>The momentum of a flow: p′ = −Df(t, x)ᵀp with p(T) = ∇L(x(T)), and the gradient ∫ (∂f/∂θ)ᵀp dt in the parameters.</summary>
/// <remarks>They are vector fields like any other, to be run backwards in time from T by any method.</remarks>
[<RequireQualifiedAccess>]
module ContinuousAdjoint =
    let private back
        (field: IDifferentiableField<'T>)
        (time: 'T)
        (state: ReadOnlySpan<'T>)
        (z: ReadOnlySpan<'T>)
        (slope: Span<'T>)
        : unit when 'T :> IRing<'T> =
        let d, m = field.Dimension, field.Parameters
        let toParameters = slope.Slice(d, m)
        toParameters.Fill 'T.Zero
        field.Pullback(time, state, z.Slice(0, d), slope.Slice(0, d), toParameters)

        for i in 0 .. d + m - 1 do
            slope[i] <- 'T.Negation slope[i]

    /// (x, p, g)′ = (f, −Df(x)ᵀp, −(∂f/∂θ)ᵀp): the state is integrated back together with its momentum. From (x(T), ∇L, 0) at T
    /// it comes to (x(0), p(0), the gradient in the parameters).
    let together (field: IDifferentiableField<'T>) : IVectorField<'T> when 'T :> IRing<'T> =
        let d = field.Dimension

        {
            new IVectorField<'T> with
                member _.Dimension = 2 * d + field.Parameters

                member _.Evaluate(time, z, slope) =
                    let state = z.Slice(0, d)
                    field.Evaluate(time, state, slope.Slice(0, d))
                    back field time state (z.Slice d) (slope.Slice d)
        }

    /// (p, g)′ = (−Df(x(t))ᵀp, −(∂f/∂θ)ᵀp) along states known from elsewhere, such as the solution between the steps of a flow.
    let along (field: IDifferentiableField<'T>) (path: StatePath<'T>) : IVectorField<'T> when 'T :> IRing<'T> =
        let state = Vector.zero field.Dimension

        {
            new IVectorField<'T> with
                member _.Dimension = field.Dimension + field.Parameters

                member _.Evaluate(time, z, slope) =
                    path.Invoke(time, Span state)
                    back field time (ReadOnlySpan state) z slope
        }

    /// The straight line between two states.
    let linear (t0: 'T) (x0: 'T[]) (t1: 'T) (x1: 'T[]) : StatePath<'T> when 'T :> IField<'T> =
        StatePath(fun time state ->
            let θ = 'T.Quotient('T.Difference(time, t0), 'T.Difference(t1, t0))

            for c in 0 .. state.Length - 1 do
                state[c] <- 'T.Sum(x0[c], 'T.Product(θ, 'T.Difference(x1[c], x0[c]))))

    /// The cubic through two states with their slopes.
    let hermite (field: IVectorField<'T>) (t0: 'T) (x0: 'T[]) (t1: 'T) (x1: 'T[]) : StatePath<'T> when 'T :> IField<'T> =
        let slope time (x: 'T[]) =
            let y = Vector.zero x.Length
            field.Evaluate(time, ReadOnlySpan x, Span y)
            y

        let f0, f1, h = slope t0 x0, slope t1 x1, 'T.Difference(t1, t0)
        let two, three: 'T * 'T = Ring.ratio 2 1, Ring.ratio 3 1

        StatePath(fun time state ->
            let θ = 'T.Quotient('T.Difference(time, t0), h)

            // x₀ + θ(c₁ + θ(c₂ + θc₃)): c₁ = hf₀, c₂ = 3Δ − 2hf₀ − hf₁, c₃ = hf₀ + hf₁ − 2Δ.
            for c in 0 .. state.Length - 1 do
                let change, a, b = 'T.Difference(x1[c], x0[c]), 'T.Product(h, f0[c]), 'T.Product(h, f1[c])
                let c2 = 'T.Difference('T.Product(three, change), 'T.Sum('T.Product(two, a), b))
                let c3 = 'T.Difference('T.Sum(a, b), 'T.Product(two, change))
                state[c] <- 'T.Sum(x0[c], 'T.Product(θ, 'T.Sum(a, 'T.Product(θ, 'T.Sum(c2, 'T.Product(θ, c3)))))))

    /// The solution that a flow has recorded between its steps.
    let recorded (trace: Trace) : StatePath<Binary64> =
        let values = Array.zeroCreate trace.Dimension

        StatePath(fun time state ->
            trace.Evaluate(time.Value, Span values)
            (Binary64.asNumbers (ReadOnlySpan values)).CopyTo state)

    /// H(t, x, p) = p·f(t, x), which is the same along a flow and its momentum where f does not depend on t.
    let hamiltonian (field: IVectorField<'T>) (time: 'T) (state: 'T[]) (momentum: 'T[]) : 'T :> IRing<'T> =
        let slope = Vector.zero field.Dimension
        field.Evaluate(time, ReadOnlySpan state, Span slope)
        Vector.dot momentum slope
