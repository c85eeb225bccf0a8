namespace LayerTime.Core.Experiments

open System

/// Adam (Kingma and Ba 2015) with β = 0.9 and 0.999, ε = 10⁻⁸: variables, which it changes in place, and their moments.
[<Sealed>]
type internal Adam(rate: float, variables: float[]) =
    let first = Array.zeroCreate<float> variables.Length
    let second = Array.zeroCreate<float> variables.Length
    // βᵗ as running products: powers of the library differ from machine to machine.
    let mutable power1 = 1.0
    let mutable power2 = 1.0

    /// One step against a gradient.
    member _.Step(gradient: float[]) : unit =
        power1 <- 0.9 * power1
        power2 <- 0.999 * power2

        for i in 0 .. variables.Length - 1 do
            first[i] <- 0.9 * first[i] + 0.1 * gradient[i]
            second[i] <- 0.999 * second[i] + 0.001 * gradient[i] * gradient[i]
            variables[i] <- variables[i] - rate * (first[i] / (1.0 - power1)) / (Math.Sqrt(second[i] / (1.0 - power2)) + 1e-8)
