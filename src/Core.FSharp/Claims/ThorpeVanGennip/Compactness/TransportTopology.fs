/// The distance TL² of sequences of different lengths, and what it does not see.
///
/// Statement: (i) d_TL²((μ_n, K_n), (λ, K))² ≤ 1/(3n²) + ∫|P_nK_n − K|²; (ii) for K_i = (−1)^i k the distance from 0 is exactly k² + 1/(3n²); (iii) these sequences are Cauchy, d_TL²(n, 2n)² = 3/(8n²) for even n with kn ≥ ½, and have no
/// limit: their graphs tend to the Young measure ½δ_k + ½δ_{−k}. For samples of a Lipschitz function ∫|P_nK − P_{2n}K|² ≤ Λ²d_TL²².
/// Proof: (i) the coupling that keeps a cell together; (ii) |f − g| = k whatever the coupling; (iii) within a block of length 2/n the squared moves are 0, 1/n², 1/4n², 1/4n²; no sign is crossed as that costs (2k)². The limit λ is taken
/// here as μ_N with N = mn, for which (i) is ∫ = Σ and (ii) has (m − 1)(2m − 1)/(6m²n²) in place of 1/(3n²), which is its limit.
/// Distances are exact, by optimal assignments of fractions.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.ThorpeVanGennip.Compactness.TransportTopology

open LayerTime.Core.Numbers
open LayerTime.Core.DeepLimit
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.ThorpeVanGennip

/// A sequence of n items and one of mn.
[<NoComparison>]
type private Pair = { Short: Rational[]; Long: Rational[] }

let private show (pair: Pair) : (string * string) list = [ "K_n", Known.show pair.Short; "K_mn", Known.show pair.Long ]

let private generator: Generator<Pair> =
    let draw _ (stream: RandomStream) =
        let n, m = stream.NextInt(1, 5), stream.NextInt(1, 3)

        {
            Short = Array.init n (fun _ -> SequenceDraws.fraction stream)
            Long = Array.init (n * m) (fun _ -> SequenceDraws.fraction stream)
        }

    // The long sequence has m items for each of the short one.
    let shrink (pair: Pair) =
        seq {
            let m = pair.Long.Length / pair.Short.Length

            for n in Shrink.int 1 pair.Short.Length do
                { Short = Array.truncate n pair.Short; Long = Array.truncate (n * m) pair.Long }

            for fewer in Shrink.int 1 m do
                { pair with Long = Array.truncate (pair.Short.Length * fewer) pair.Long }

            for short in Shrink.elements Draws.shrinkFraction pair.Short do
                { pair with Short = short }

            for long in Shrink.elements Draws.shrinkFraction pair.Long do
                { pair with Long = long }
        }

    Generator.fromStream draw shrink show

let private distance (short: Rational[]) (long: Rational[]) : Rational =
    TransportDistance.squared (Sequences.ofNumbers short) (Sequences.ofNumbers long)

/// (m − 1)(2m − 1)/(6m²n²) = W_2(μ_n, μ_{mn})²
let private clock (n: int) (m: int) : Rational = Rational.create ((m - 1) * (2 * m - 1)) (6 * m * m * n * n)

let private embed (k: Rational[]) = WeightFunction.constant (Sequences.ofNumbers k)

/// Between the distance of the times alone and the coupling that keeps cells together.
let private isBetween (pair: Pair) : Outcome =
    let n, m = pair.Short.Length, pair.Long.Length / pair.Short.Length
    let found = distance pair.Short pair.Long
    let gap = WeightFunction.distanceSquared (embed pair.Short) (embed pair.Long)
    Outcome.all [ Sharp.atMost "d_TL²²" (clock n m + gap) found; Check.atMost "W_2(μ_n, μ_mn)²" found (clock n m) ]

/// k, n, m.
[<NoComparison>]
type private Waves = { Amplitude: Rational; N: int; M: int }

let private showWaves (case: Waves) : (string * string) list = [ "k", string case.Amplitude; "n", string case.N; "m", string case.M ]

let private waves: Generator<Waves> =
    let draw _ (stream: RandomStream) = {
        Amplitude = Rational.create 1 2 + SequenceDraws.positive stream
        N = 2 * stream.NextInt(1, 4)
        M = stream.NextInt(1, 3)
    }

    let shrink case =
        seq {
            for half in Shrink.int 1 (case.N / 2) do
                { case with N = 2 * half }

            for m in Shrink.int 1 case.M do
                { case with M = m }

            // The amplitude stays above ½.
            for rest in SequenceDraws.shrinkPositive (case.Amplitude - Rational.create 1 2) do
                { case with Amplitude = Rational.create 1 2 + rest }
        }

    Generator.fromStream draw shrink showWaves

let private fromZero (case: Waves) : Outcome =
    let k = Sequences.alternating case.N case.Amplitude
    let zero = Array.create (case.N * case.M) Rational.Zero
    Check.equal "d_TL²((μ_n, ±k), (μ_mn, 0))²" (case.Amplitude * case.Amplitude + clock case.N case.M) (distance k zero)

let private neighbours (case: Waves) : Outcome =
    let n = case.N
    let wave n = Sequences.alternating n case.Amplitude

    Outcome.all [
        Check.equal "d_TL²(n, 2n)²" (Rational.create 3 (8 * n * n)) (distance (wave n) (wave (2 * n)))
        Check.equal
            "∫|P_nK − P_2nK|²"
            (Rational.ofInt 2 * case.Amplitude * case.Amplitude)
            (WeightFunction.distanceSquared (embed (wave n)) (embed (wave (2 * n))))
    ]

/// ∫|P_nK − P_2nK|² ≤ Λ²d_TL²(n, 2n)²
let private controls (Λ: Rational) (pair: Pair) : Outcome =
    Sharp.atMost
        "∫|P_nK − P_2nK|²"
        (Λ * Λ * distance pair.Short pair.Long)
        (WeightFunction.distanceSquared (embed pair.Short) (embed pair.Long))

/// Samples of a + bt, with Λ = |b|.
let private lines: Generator<Rational * Pair> =
    let line (a: Rational) (b: Rational) n =
        let sample n = Array.init n (fun i -> a + b * Rational.create i n)
        Rational.abs b, { Short = sample n; Long = sample (2 * n) }

    let draw _ (stream: RandomStream) =
        let a, b = SequenceDraws.fraction stream, SequenceDraws.fraction stream
        line a b (stream.NextInt(1, 6))

    let shrink (_, pair: Pair) =
        seq {
            let n, a = pair.Short.Length, pair.Long[0]
            let b = (pair.Long[1] - a) * Rational.ofInt (2 * n)

            for fewer in Shrink.int 1 n do
                line a b fewer

            for a, b in SequenceDraws.shrinkPair (a, b) do
                line a b n
        }

    Generator.fromStream draw shrink (fun (Λ, pair) -> ("Λ", string Λ) :: show pair)

let claim: Claim =
    let wave n = { Short = Sequences.alternating n Rational.One; Long = Sequences.alternating (2 * n) Rational.One }
    let step n k = distance (Sequences.alternating n k) (Sequences.alternating (2 * n) k)

    Paper.define
        "thorpe-van-gennip.topology.tl2"
        Paper.ofAbstract
        "d_TL²((μ_n, K_n), (λ, K))² ≤ 1/(3n²) + ∫|P_nK_n − K|²; alternating sequences are at d² = k² + 1/(3n²) from 0 and at 3/(8n²) from each other: Cauchy in TL², without a limit there."
    |> Claim.hypothesis "H1" "the items are samples of a Lipschitz function"
    |> Claim.certified "coupling" (Instances.random generator 40) isBetween
    |> Claim.exact "from-zero" (Instances.random waves 20) fromZero
    |> Claim.exact "neighbours" (Instances.random waves 20) neighbours
    |> Claim.certified "lipschitz" (Instances.random lines 20) (fun (Λ, pair) -> controls Λ pair)
    |> Known.exact "reference" [
        Known.value "d_TL²(n, 2n)² for k = 1, n = 4, 8" "3/128 3/512" (fun () -> [| step 4 Rational.One; step 8 Rational.One |])
        Known.value "k = 1/2, n = 16" "3/2048" (fun () -> [| step 16 (Rational.create 1 2) |])
    ]
    |> Claim.neededBy "H1" (Instances.chosen show [ wave 4; wave 8 ]) (controls (Rational.ofInt 4))
