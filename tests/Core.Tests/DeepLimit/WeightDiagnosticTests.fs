module LayerTime.Core.Tests.DeepLimit.WeightDiagnosticTests

open System
open Xunit
open LayerTime.Core.Claims
open LayerTime.Core.DeepLimit

let private close (bound: float) (expected: float) (actual: float) : unit =
    Assert.True(abs (expected - actual) <= bound, $"found {actual}, expected {expected} within {bound}")

let private roughness (weights: float[][]) = (WeightDiagnostic.ofNetwork weights).Value
let private scalar n (f: int -> float) = Array.init n (fun i -> [| f i |])

/// A normal number by Box and Muller.
let private normal (stream: RandomStream) : float =
    Math.Sqrt(-2.0 * Math.Log(1.0 - stream.NextFloat(0.0, 0.9999999999)))
    * Math.Cos(2.0 * Math.PI * stream.NextFloat(0.0, 1.0))

[<Fact>]
let ``von Neumann's ratio of linear and alternating weights is known exactly`` () =
    for n in [ 8; 9; 16; 31 ] do
        let size = float n
        let linear = WeightDiagnostic.neumann (scalar n (fun i -> float i / size))
        close 1e-14 (12.0 / (size * (size + 1.0))) linear
        let alternating = roughness (scalar n (fun i -> if i % 2 = 0 then 1.0 else -1.0))
        close 1e-14 (if n % 2 = 0 then 4.0 * (size - 1.0) / size else 4.0 * size / (size + 1.0)) alternating.Neumann
        Assert.True alternating.IsPeriodic
        Assert.Equal(DepthRegime.Relaxed, WeightDiagnostic.regimeOfNetwork alternating)

[<Fact>]
let ``smooth weights have Hurst exponent one and need the factor 1/n`` () =
    let smooth = roughness (scalar 4096 (fun i -> Math.Sin(2.0 * float i / 4096.0)))
    close 0.5e-5 0.99982 smooth.Hurst.Value
    close 0.05 1.0 smooth.ScalingExponent.Value.Order
    Assert.Equal(DepthRegime.OrdinaryEquation, WeightDiagnostic.regimeOfNetwork smooth)

[<Fact>]
let ``scaled norm and energy of weights that rise evenly to 1/n are known exactly`` () =
    for n in [ 8; 16; 31 ] do
        let size = float n
        // nA_k = k/n
        let even = roughness (scalar n (fun k -> float k / (size * size)))
        close 1e-14 ((size - 1.0) / (2.0 * size)) even.ScaledNorm
        close 1e-14 ((size - 1.0) / size) even.ScaledEnergy

[<Fact>]
let ``independent weights have Hurst exponent zero, a random walk one half`` () =
    let isOutside (seed: uint64) =
        let stream = RandomStream seed
        let steps = Array.init 1024 (fun _ -> normal stream)
        let independent = roughness (Array.map Array.singleton steps)
        // Standard errors: of log mean over 1024 squares about √(2/1024) at each lag.
        close 0.06 0.0 independent.Hurst.Value
        close 0.3 0.5 independent.ScalingExponent.Value.Order
        let walk = roughness (Array.scan (+) 0.0 steps |> Array.map Array.singleton)
        // The mean square over lag l has relative variance 4l/(3n), 0.01 for l = 8; half the slope of the logarithms over lags 1 … 8 has then a
        // standard error of about 0.025.
        close 0.1 0.5 walk.Hurst.Value
        Assert.Equal(DepthRegime.Undecided, WeightDiagnostic.regimeOfNetwork walk)
        let low, high = independent.IndependentBand
        let isOutside = independent.Neumann < low || independent.Neumann > high
        let regime = if isOutside then DepthRegime.Undecided else DepthRegime.StochasticEquation
        Assert.Equal(regime, WeightDiagnostic.regimeOfNetwork independent)
        isOutside

    // Five in a hundred lie outside the band: of 40 draws 2, and more than 8 with probability 10⁻⁴.
    let outside = Seq.init 40 (fun k -> isOutside (uint64 k + 1UL)) |> Seq.filter id |> Seq.length
    Assert.InRange(outside, 0, 8)

[<Fact>]
let ``networks of fewer than eight layers and families of fewer than three depths are not judged`` () =
    Assert.Equal(None, WeightDiagnostic.ofNetwork (scalar 7 float))
    Assert.Equal(None, WeightDiagnostic.ofFamily [| scalar 8 float; scalar 16 float |])

/// Depths 2⁴ … 2¹² of 4 × 4 weights with the factor n^−β.
let private family (β: float) (weights: int -> float[][]) : float[][][] =
    Array.init 9 (fun k ->
        let n = 16 <<< k
        let factor = Math.Pow(float n, -β)
        weights n |> Array.map (Array.map (fun a -> factor * a)))

[<Fact>]
let ``families of known regimes are told apart`` () =
    let smooth (stream: RandomStream) =
        let coefficients = Array.init 16 (fun _ -> Array.init 3 (fun _ -> normal stream))

        fun n ->
            Array.init n (fun i ->
                let t = float i / float n
                coefficients |> Array.map (fun c -> 1.0 + c[0] + c[1] * Math.Cos(Math.PI * t) + c[2] * Math.Cos(2.0 * Math.PI * t)))

    let independent (stream: RandomStream) = fun n -> Array.init n (fun _ -> Array.init 16 (fun _ -> normal stream))

    let alternating (stream: RandomStream) =
        let k = Array.init 16 (fun _ -> normal stream)
        fun n -> Array.init n (fun i -> if i % 2 = 0 then k else Array.map (~-) k)

    let cases = [
        smooth, 1.0, DepthRegime.OrdinaryEquation
        smooth, 0.5, DepthRegime.Explosive
        smooth, 1.5, DepthRegime.Trivial
        independent, 0.5, DepthRegime.StochasticEquation
        independent, 1.0, DepthRegime.Trivial
        independent, 0.25, DepthRegime.Explosive
        alternating, 1.0, DepthRegime.Relaxed
        alternating, 0.5, DepthRegime.Relaxed
    ]

    for draw, β, regime in cases do
        for seed in 1UL .. 8UL do
            match WeightDiagnostic.ofFamily (family β (draw (RandomStream seed))) with
            | None -> failwith "nine depths were not judged"
            | Some scaling -> Assert.Equal(regime, WeightDiagnostic.regimeOfFamily scaling)
