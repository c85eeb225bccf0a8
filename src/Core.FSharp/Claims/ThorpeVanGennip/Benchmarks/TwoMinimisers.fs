/// Problem C: two minimisers that differ by a sign, and one where the regulariser is too strong.
///
/// Statement: x = 0, K ≡ 0, σ = id, E_n(b, W) = (WΣb_i/n − y)² + α_2R_n(b; τ) + α_3W². With s = (α_2α_3/g_n)^{1/2} and y > s: p = y − s, W² = p(α_2/(g_nα_3))^{1/2}, b_i = (p/(Wg_n))(1/τ + i(2n − 1 − i)/(2n²)), for both signs of W, are
/// the minimisers, and min E_n = y² − p². For y ≤ s the only minimiser is 0. In the limit g = 1/τ + 1/3 and b(t) = (p/(Wg))(1/τ + t − t²/2).
/// Proof: with p = W·mean(b), E ≥ (p − y)² + α_2(p/W)²/g + α_3W² ≥ (p − y)² + 2s|p| ≥ y² − (y − s)².
/// Checked with fractions: α_2 = s²g_n/α_3 makes W² and everything that E reads a fraction.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.ThorpeVanGennip.Benchmarks.TwoMinimisers

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.DeepLimit
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.ThorpeVanGennip

/// y, s, α_3, τ and the depth (None: the limit); another pair of W and b.
[<NoComparison>]
type private Case = {
    Y: Rational
    S: Rational
    Alpha3: Rational
    Tau: Rational
    N: int
    W: Rational
    B: Rational[]
} with

    /// g_n
    member case.Kernel: Rational = Sequences.kernelMean case.N case.Tau
    /// α_2 = s²g_n/α_3
    member case.Alpha2: Rational = case.S * case.S * case.Kernel / case.Alpha3
    /// p = y − s
    member case.P: Rational = case.Y - case.S
    /// W² = p(α_2/(gα_3))^{1/2} = ps/α_3
    member case.SquaredW: Rational = case.P * case.S / case.Alpha3

let private show (case: Case) : (string * string) list = [
    "y", string case.Y
    "s", string case.S
    "α_3", string case.Alpha3
    "τ", string case.Tau
    "n", string case.N
    "W", string case.W
    "b", Known.show case.B
]

let private generator: Generator<Case> =
    let draw _ (stream: RandomStream) =
        let n = stream.NextInt(1, 12)
        let s = SequenceDraws.positive stream

        {
            Y = s + SequenceDraws.positive stream
            S = s
            Alpha3 = SequenceDraws.positive stream
            Tau = SequenceDraws.positive stream
            N = n
            W = SequenceDraws.fraction stream
            B = Array.init n (fun _ -> SequenceDraws.fraction stream)
        }

    let shrink case =
        seq {
            for n in Shrink.int 1 case.N do
                { case with N = n; B = Array.truncate n case.B }

            // y exceeds s by a positive number.
            for s in SequenceDraws.shrinkPositive case.S do
                { case with S = s; Y = s + case.P }

            for p in SequenceDraws.shrinkPositive case.P do
                { case with Y = case.S + p }

            for α in SequenceDraws.shrinkPositive case.Alpha3 do
                { case with Alpha3 = α }

            for τ in SequenceDraws.shrinkPositive case.Tau do
                { case with Tau = τ }

            for w in Draws.shrinkFraction case.W do
                { case with W = w }

            for b in Shrink.elements Draws.shrinkFraction case.B do
                { case with B = b }
        }

    Generator.fromStream draw shrink show

let private mean (b: Rational[]) : Rational = Array.fold (+) Rational.Zero b / Rational.ofInt b.Length

let private objective (case: Case) (w: Rational) (b: Rational[]) : Rational =
    let miss = w * mean b - case.Y
    miss * miss + case.Alpha2 * WeightSequence.energy case.Tau (Sequences.ofNumbers b) + case.Alpha3 * w * w

/// W·b_i, a fraction.
let private scaledBias (case: Case) : Rational[] =
    let n = case.N
    Array.init n (fun i -> case.P / case.Kernel * (Rational.One / case.Tau + Rational.create (i * (2 * n - 1 - i)) (2 * n * n)))

/// E and its gradient at the minimiser, from W² and Wb: R_n(b) = R_n(Wb)/W².
let private isStationary (case: Case) : Outcome =
    let wb = scaledBias case
    let ww = case.SquaredW
    let p = mean wb
    let items = Sequences.ofNumbers
    let r = WeightSequence.energy case.Tau (items wb) / ww
    let miss = p - case.Y
    let two = Rational.ofInt 2

    // W·∂E/∂b_i = 2(p − y)W²/n + 2α_2(A_n Wb)_i
    let metric = WeightSequence.metric case.Tau (items wb)
    let slope i = two * miss * ww / Rational.ofInt case.N + two * case.Alpha2 * metric[i][0]

    Outcome.all [
        Check.equal "WΣb/n" case.P p
        Check.equal "E_n" (case.Y * case.Y - case.P * case.P) (miss * miss + case.Alpha2 * r + case.Alpha3 * ww)
        Check.equal "W·∂E/∂W" Rational.Zero (two * miss * p + two * case.Alpha3 * ww)
        Seq.init case.N (fun i -> Check.equal $"W·∂E/∂b_{i}" Rational.Zero (slope i)) |> Outcome.all
    ]

/// No W and b do better.
let private isLeast (case: Case) : Outcome = Check.atMost "y² − p²" (objective case case.W case.B) (case.Y * case.Y - case.P * case.P)

/// (W, b) beside 0: for y > s something is below E(0) = y².
let private leavesZero (case: Case) : Outcome =
    let along w = objective case w (scaledBias { case with S = case.S } |> Array.map (fun b -> b / w))

    Seq.init 9 (fun j -> along (Rational.create (j + 1) 4))
    |> Seq.exists (fun e -> e < case.Y * case.Y)
    |> Outcome.isTrue "E_n" "is below E_n(0) somewhere"

module private Formula =
    open Arithmetic

    /// W = (p(α_2/(gα_3))^{1/2})^{1/2} and E = y² − p², p = y − (α_2α_3/g)^{1/2}, of the reference data.
    let values (g: Interval) : Interval[] =
        let p = Interval.ofFloat 1.0 - Transcendental.sqrt (Ring.ratio 1 50 / g)
        [| Transcendental.sqrt (p * Transcendental.sqrt (Ring.ratio 1 2 / g)); Interval.ofFloat 1.0 - p * p |]

/// W and E of reference data at depth n, None in the limit.
let private values (n: int option) : Interval[] =
    let mean =
        match n with
        | Some n -> Sequences.kernelMean n Rational.One
        | None -> Rational.create 4 3

    Formula.values (Interval.ofRational mean)

let private inFloats (n: int option) : float[] = values n |> Array.map Interval.midpoint

/// W_n → W and E_n → E with order 1.
let private ladder (pick: int) : Outcome =
    let limit = (values None)[pick]

    [ 64; 128; 256; 512 ]
    |> List.map (fun n -> Errors.rung n (Some(Errors.distance ((values (Some n))[pick]) limit)))
    |> Asymptotic.within (if pick = 0 then "|W_n − W|" else "|E_n − E_∞|") (0.95, 1.05)

let claim: Claim =
    // α_2 = 1/10, α_3 = 1/5, τ = 1, n = 2: g = 9/8 and s = 2/15.
    let two = {
        Y = Rational.One
        S = Rational.create 2 15
        Alpha3 = Rational.create 1 5
        Tau = Rational.One
        N = 2
        W = Rational.One
        B = [| Rational.Zero; Rational.Zero |]
    }

    let weak = { two with Y = Rational.create 1 9 }

    Paper.define
        "thorpe-van-gennip.benchmark.two-minimisers"
        Paper.reconstructed
        "Problem C, (WΣb_i/n − y)² + α_2R_n(b; τ) + α_3W², has exactly two minimisers ±(W, b) for y > s = (α_2α_3/g_n)^{1/2}, with E = y² − (y − s)²; for y ≤ s the only one is 0."
    |> Claim.hypothesis "H1" "y > s"
    |> Claim.exact "stationary" (Instances.random generator 60) isStationary
    |> Claim.exact "least" (Instances.random generator 100) isLeast
    |> Claim.exact "leaves-zero" (Instances.chosen show [ two ]) leavesZero
    |> Claim.asymptotic "rates" (Instances.ladder (fun pick -> [ "quantity", (if pick = 0 then "W" else "E") ]) [ 0; 1 ]) ladder
    |> Known.exact "n-2" [
        Known.value "α_2, p, W², E" "1/10 13/15 26/45 56/225" (fun () -> [|
            two.Alpha2
            two.P
            two.SquaredW
            two.Y * two.Y - two.P * two.P
        |])
    ]
    |> Known.bounded "reference" [
        Known.floats "limit: W, E, β" "0.733056911634966119 0.22994897427831781 1.19707692395077605" (fun () ->
            let limit = inFloats None
            [| yield! limit; (1.0 - sqrt 0.015) / limit[0] |])
        Known.floats "n = 4" "0.747302705179812983 0.239794789677883003" (fun () -> inFloats (Some 4))
        Known.floats "n = 64" "0.73397906259095282 0.23057805121176702" (fun () -> inFloats (Some 64))
    ]
    |> Claim.neededBy "H1" (Instances.chosen show [ weak ]) leavesZero
    |> Claim.neededBy "H1" (Instances.chosen show [ weak ]) (fun case -> Outcome.isTrue "W²" "is positive" (case.SquaredW.Sign > 0))
