namespace LayerTime.Core.Semantics

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra

/// <summary>The equations of what happens to nearby solutions: vector fields for any method, from the same field over dual numbers.</summary>
/// <remarks>A method applied to them gives the derivatives of its own steps: the tangents of what was computed.</remarks>
[<RequireQualifiedAccess>]
module Variational =
    /// (x, δx)′ = (f, Df(x)δx)
    let first (field: IVectorField<Dual<'T>>) : IVectorField<'T> when 'T :> IField<'T> =
        let d = field.Dimension
        let state, slopes: Dual<'T>[] * Dual<'T>[] = Vector.zero d, Vector.zero d

        {
            new IVectorField<'T> with
                member _.Dimension = 2 * d

                member _.Evaluate(time, z, slope) =
                    for c in 0 .. d - 1 do
                        state[c] <- Dual(z[c], z[d + c])

                    field.Evaluate(Dual.constant time, ReadOnlySpan state, Span slopes)

                    for c in 0 .. d - 1 do
                        slope[c] <- slopes[c].Value
                        slope[d + c] <- slopes[c].Derivative
        }

    /// (x, u, v, w)′ = (f, Df u, Df v, Df w + D²f(u, v)) at x: w is the second derivative of the flow along u and v, from w(0) = 0.
    let second (field: IVectorField<Dual<Dual<'T>>>) : IVectorField<'T> when 'T :> IField<'T> =
        // (x + uε) + (v + wε)ε′ is a state of the first equation over dual numbers.
        first (first field)
