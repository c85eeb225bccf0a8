/// Without a regulariser exact minimisers need not converge, although every forward pass does.
///
/// Statement: α = 0, σ = id, y = x, n even: K_{2j} = k, K_{2j+1} = −k/(1 + k/n) gives X_n = x exactly, so E_n = 0 is minimal for every n, and no subsequence converges in L²: |P_nK^n − P_{2n}K^{2n}|_{L²} → k√2.
/// Proof: (1 + k/n)(1 − (k/n)/(1 + k/n)) = 1. On each pair of layers of depth n the deeper network changes its sign twice.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.ThorpeVanGennip.Necessity.ExactFit

open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.DeepLimit
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.ThorpeVanGennip

/// k > 0, an even n, the input x = y, and the weight α of the regulariser.
[<NoComparison>]
type private Case = { Amplitude: Rational; N: int; X: Rational; Alpha: Rational }

let private show (case: Case) : (string * string) list = [
    "k", string case.Amplitude
    "n", string case.N
    "x", string case.X
    "α", string case.Alpha
]

let private generator: Generator<Case> =
    let draw _ (stream: RandomStream) = {
        Amplitude = SequenceDraws.positive stream
        N = 2 * stream.NextInt(1, 6)
        X = SequenceDraws.fraction stream
        Alpha = Rational.Zero
    }

    let shrink (case: Case) =
        seq {
            for half in Shrink.int 1 (case.N / 2) do
                { case with N = 2 * half }

            for k in SequenceDraws.shrinkPositive case.Amplitude do
                { case with Amplitude = k }

            for x in Draws.shrinkFraction case.X do
                { case with X = x }
        }

    Generator.fromStream draw shrink show

/// K_{2j} = k, K_{2j+1} = −k/(1 + k/n)
let internal weights (n: int) (k: Rational) : Rational[] =
    Array.init n (fun i -> if i % 2 = 0 then k else -k / (Rational.One + k / Rational.ofInt n))

/// E_n = (X_n − x)² + αR_n(K; 1)
let private objective (case: Case) (k: Rational[]) : Rational =
    let miss = Scalar.output Activation.Identity k case.X - case.X
    miss * miss + case.Alpha * WeightSequence.energy Rational.One (Sequences.ofNumbers k)

/// ∫(P_nK^n − P_{2n}K^{2n})²
let internal squaredGap (n: int) (k: Rational) : Rational =
    let embedded n = WeightFunction.constant (Sequences.ofNumbers (weights n k))
    WeightFunction.distanceSquared (embedded n) (embedded (2 * n))

/// No weights do better: E_n ≥ 0, and E_n of these is not above E_n of K = 0 and of other amplitudes.
let private isMinimal (case: Case) : Outcome =
    let found = objective case (weights case.N case.Amplitude)
    let others = [ Rational.Zero; Rational.create 1 2; Rational.create -1 3 ] |> List.map (fun k -> Array.create case.N k)

    others
    |> List.map (fun k -> Check.atMost "E_n" (objective case k) found)
    |> List.append [ Check.equal "E_n" (if case.Alpha.Sign = 0 then Rational.Zero else found) found ]
    |> Outcome.all

/// 2k² up to the difference of −k and −k/(1 + k/n), at most k²/n for k > 0, on half of the depth.
let private doesNotConverge (case: Case) : Outcome =
    let k = case.Amplitude
    let gap = squaredGap case.N k
    let slack = k * k / Rational.ofInt case.N
    let half = Rational.create 1 2
    // (2k − s)²/4·2 with s ≤ slack: each quarter of the depth.
    Check.atMost
        "2k² − ∫(P_nK − P_2nK)²"
        (Rational.ofInt 2 * k * slack + half * slack * slack)
        (Rational.abs (Rational.ofInt 2 * k * k - gap))

let claim: Claim =
    let two n α = { Amplitude = Rational.ofInt 2; N = n; X = Rational.One; Alpha = α }

    Paper.define
        "thorpe-van-gennip.necessity.exact-fit-oscillation"
        Paper.reconstructed
        "Without a regulariser K_{2j} = k, K_{2j+1} = −k/(1 + k/n) fits y = x exactly at every depth, and no subsequence converges in L²: forward convergence does not imply that of the weights."
    |> Claim.hypothesis "H1" "α = 0"
    |> Claim.exact "minimal" (Instances.random generator 100) isMinimal
    |> Claim.exact "gap" (Instances.random generator 60) doesNotConverge
    |> Known.bounded "reference" [
        Known.floats "|P_nK − P_2nK| at n = 4096, k = 2" "2.827909451" (fun () -> [|
            sqrt (Rational.toFloat (squaredGap 4096 (Rational.ofInt 2)))
        |])
    ]
    |> Claim.neededBy "H1" (Instances.chosen show [ two 4 (Rational.create 1 10); two 16 (Rational.create 1 1000) ]) isMinimal
