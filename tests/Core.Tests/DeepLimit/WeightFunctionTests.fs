module LayerTime.Core.Tests.DeepLimit.WeightFunctionTests

open System
open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Claims
open LayerTime.Core.DeepLimit

let private draws count (check: RandomStream -> unit) : unit =
    for seed in 1UL .. uint64 count do
        check (RandomStream seed)

let private sequence (stream: RandomStream) = DeepLimitDraws.sequence stream (stream.NextInt(1, 12)) (stream.NextInt(1, 3))

let private polynomial (stream: RandomStream) (p: int) : WeightFunction<Rational> =
    DeepLimitDraws.sequence stream (stream.NextInt(1, 5)) p |> WeightFunction.polynomial |> Defect.orFail

[<Fact>]
let ``interpolation, prolongation and its even samples keep the energy exactly`` () =
    draws 60 (fun stream ->
        let f, τ = sequence stream, DeepLimitDraws.positive stream
        let energy = WeightSequence.energy τ f
        Assert.Equal(energy, WeightFunction.energy τ (WeightFunction.interpolate f))
        Assert.Equal(energy, WeightSequence.energy τ (WeightSequence.prolong f))
        Assert.Equal<Rational[]>(f, WeightSequence.restrict (WeightSequence.prolong f)))

[<Fact>]
let ``sampling undoes interpolation, and prolongation samples the interpolation twice as densely`` () =
    draws 40 (fun stream ->
        let f = sequence stream
        let interpolated = WeightFunction.interpolate f
        Assert.Equal<Rational[]>(f, WeightFunction.sample f.Length interpolated)
        Assert.Equal<Rational[]>(WeightSequence.prolong f, WeightFunction.sample (2 * f.Length) interpolated))

[<Fact>]
let ``sampling a polynomial and leaving out samples do not increase the energy`` () =
    draws 40 (fun stream ->
        let f, τ, n = polynomial stream 2, DeepLimitDraws.positive stream, stream.NextInt(1, 12)
        let sampled = WeightFunction.sample (2 * n) f
        Assert.True(WeightSequence.energy τ sampled <= WeightFunction.energy τ f)
        Assert.True(WeightSequence.energy τ (WeightSequence.restrict sampled) <= WeightSequence.energy τ sampled))

[<Fact>]
let ``the piecewise constant and the piecewise linear function differ by a third of the jumps`` () =
    draws 40 (fun stream ->
        let f = sequence stream
        let jumps = Array.pairwise f |> Array.map (fun (a, b) -> Vector.subtract b a) |> Array.sumBy (fun δ -> Vector.dot δ δ)

        Assert.Equal(
            jumps / Rational.ofInt (3 * f.Length),
            WeightFunction.distanceSquared (WeightFunction.constant f) (WeightFunction.interpolate f)
        ))

[<Fact>]
let ``the energy is half its derivative along itself, and the Sobolev gradient inverts the metric`` () =
    draws 40 (fun stream ->
        let f, τ = sequence stream, DeepLimitDraws.positive stream
        let metric = WeightSequence.metric τ f
        Assert.Equal(WeightSequence.energy τ f, Array.map2 Vector.dot f metric |> Array.reduce (+))
        Assert.Equal<Rational[]>(f, WeightSequence.sobolev τ metric))

[<Fact>]
let ``the energy of 1/2 + t − t²/2 is 7/12, that of its samples comes closer with 1/n²`` () =
    let half = Rational.create 1 2
    let f = WeightFunction.polynomial [| [| half |]; [| Rational.One |]; [| -half |] |] |> Defect.orFail
    Assert.Equal(Rational.create 7 12, WeightFunction.energy Rational.One f)
    let sampled n = WeightSequence.energy Rational.One (WeightFunction.sample n f)
    Assert.Equal(Rational.create 147 256, sampled 4)
    // n²(R_∞ − R_n) is 0.0843098958 at n = 256.
    let scaled = Rational.ofInt (256 * 256) * (Rational.create 7 12 - sampled 256)
    Assert.True(abs (Rational.toFloat scaled - 0.0843098958) <= 0.5e-10)

[<Fact>]
let ``values, refinement, derivative and combination are those of polynomials`` () =
    draws 40 (fun stream ->
        let f, g = polynomial stream 2, WeightFunction.interpolate (DeepLimitDraws.sequence stream 5 2)
        let t = Rational.create (stream.NextInt(0, 11)) 12
        let times = [| Rational.create 1 3; Rational.create 5 7 |]
        Assert.Equal<Rational>(WeightFunction.value f t, WeightFunction.value (WeightFunction.refine times f) t)
        let a, b = DeepLimitDraws.fraction stream, DeepLimitDraws.fraction stream
        let combined = WeightFunction.value (WeightFunction.combine a f b g) t

        Assert.Equal<Rational>(Vector.combination [| a; b |] [| WeightFunction.value f t; WeightFunction.value g t |], combined)

        Assert.Equal(WeightFunction.normSquared f, WeightFunction.normSquared (WeightFunction.refine times f))

        let slope = WeightFunction.value (WeightFunction.derivative g) (Rational.create 1 10)
        let secant = Vector.subtract (WeightFunction.value g (Rational.create 1 5)) (WeightFunction.value g Rational.Zero)
        Assert.Equal<Rational>(Vector.scale (Rational.ofInt 5) secant, slope))

[<Fact>]
let ``a step jumps where it steps and an interpolation nowhere`` () =
    let f = [| 0; 0; 1; 1 |] |> Array.map (fun v -> [| Rational.ofInt v |])
    Assert.Equal<Rational>([| Rational.create 1 2 |], WeightFunction.jumps (WeightFunction.constant f))
    Assert.Empty(WeightFunction.jumps (WeightFunction.interpolate f))

[<Fact>]
let ``pieces that do not fill the unit interval or change their width are refused with every reason`` () =
    let piece until width = { Until = until; Coefficients = [| Array.create width Rational.One |] }
    let half = Rational.create 1 2

    let message pieces =
        match WeightFunction.create pieces with
        | Ok _ -> ""
        | Error defects -> String.Join("; ", defects)

    Assert.Contains("expected one at t = 1", message [| piece half 1 |])
    Assert.Contains("an end after t = 1/2", message [| piece half 1; piece half 1; piece Rational.One 1 |])
    Assert.Contains("vectors of 1 and 2 numbers", message [| piece half 1; piece Rational.One 2 |])
    Assert.Contains("no piece", message [||])

[<Fact>]
let ``the transport distance of alternating sequences of n and 2n layers is the root of 3/(8n²)`` () =
    let alternating n = Array.init n (fun i -> [| Rational.ofInt (if i % 2 = 0 then 1 else -1) |])

    for n in [ 2; 4; 8 ] do
        Assert.Equal(Rational.create 3 (8 * n * n), TransportDistance.squared (alternating n) (alternating (2 * n)))

[<Fact>]
let ``the transport distance of a sequence shifted by a constant is the constant, whatever the order of the samples`` () =
    draws 10 (fun stream ->
        let f = DeepLimitDraws.sequence stream 6 2
        let shift = DeepLimitDraws.vector stream 2
        let shifted = f |> Array.map (Vector.add shift)
        Assert.Equal(Rational.Zero, TransportDistance.squared f f)
        // The graphs differ by a translation (0, shift): their distance is its length (Jensen), attained by the translation.
        Assert.Equal(Vector.dot shift shift, TransportDistance.squared f shifted))

[<Fact>]
let ``the transport distance is the least over all permutations`` () =
    let rec permutations (items: int list) : int list list =
        match items with
        | [] -> [ [] ]
        | _ -> items |> List.collect (fun i -> permutations (List.except [ i ] items) |> List.map (fun rest -> i :: rest))

    draws 10 (fun stream ->
        let f, g = DeepLimitDraws.sequence stream 5 1, DeepLimitDraws.sequence stream 5 1

        let cost i j =
            let time, value = Rational.create (i - j) 5, f[i][0] - g[j][0]
            time * time + value * value

        let least = permutations [ 0..4 ] |> List.map (fun p -> List.mapi cost p |> List.reduce (+)) |> List.reduce Rational.min

        Assert.Equal(least / Rational.ofInt 5, TransportDistance.squared f g))
