namespace LayerTime.Core.Semantics

open System
open LayerTime.Core.Numbers

/// <summary>The cubic through both ends of a step with the slopes there, for methods without a continuation of their own.</summary>
/// <remarks>
/// It misses a solution through both ends by at most h⁴/384·max |x⁗|. A step of order p misses its end by O(h^(p+1)), so inside the step
/// the continuation has the order min(p, 3); along a flow of many steps, whose error is O(hᵖ), it is as good as they are up to p = 4.
/// </remarks>
[<RequireQualifiedAccess>]
module internal HermiteCubic =
    /// The degree in θ.
    let degree: int = 3

    /// The order of the continuation of steps of an order.
    let order (step: int) : int = min step 3

    /// coefficients ← c₁ = hf₀, c₂ = 3Δ − 2hf₀ − hf₁, c₃ = hf₀ + hf₁ − 2Δ, for all components each.
    let through
        (step: 'T)
        (state: 'T[])
        (next: 'T[])
        (first: ReadOnlySpan<'T>)
        (last: ReadOnlySpan<'T>)
        (coefficients: Span<'T>)
        : unit when 'T :> IRing<'T> =
        let d = state.Length

        for c in 0 .. d - 1 do
            let change = 'T.Difference(next[c], state[c])
            let f0, f1 = 'T.Product(step, first[c]), 'T.Product(step, last[c])
            let both, twice = 'T.Sum(f0, f1), 'T.Sum(change, change)
            coefficients[c] <- f0
            coefficients[d + c] <- 'T.Difference('T.Sum(twice, change), 'T.Sum(f0, both))
            coefficients[2 * d + c] <- 'T.Difference(both, twice)
