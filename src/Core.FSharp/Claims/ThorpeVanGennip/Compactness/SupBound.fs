/// The regulariser bounds every weight, and their differences.
///
/// Statement: |K_i|² ≤ (1/τ + i/n)R_n(K; τ) and |K_i − K_j|² ≤ (|i − j|/n)R_n(K; τ), so max|K_i|² ≤ (1 + 1/τ)R_n: coercivity.
/// Proof: K_i = K_0 + Σ(K_j − K_{j−1}) and the Cauchy–Schwarz inequality with the weights τ and n.
/// Sharp: equality at i = n − 1 for K_i = a(1 + τi/n).
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.ThorpeVanGennip.Compactness.SupBound

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.DeepLimit
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.ThorpeVanGennip

/// A sequence, the τ of the regulariser and the τ of the bound.
[<NoComparison>]
type internal Bounded = { K: Rational[][]; Tau: Rational; BoundTau: Rational }

let internal show (case: Bounded) : (string * string) list = [
    "K", Draws.showRows case.K
    "τ", string case.Tau
    if case.BoundTau <> case.Tau then
        "τ of the bound", string case.BoundTau
]

let private generator: Generator<Bounded> =
    let draw size (stream: RandomStream) =
        let d = 1 + size % 3
        let τ = SequenceDraws.positive stream
        { K = SequenceDraws.sequence 12 (d * d) stream; Tau = τ; BoundTau = τ }

    let shrink case =
        seq {
            for k in SequenceDraws.shrink case.K do
                { case with K = k }

            for τ in SequenceDraws.shrinkPositive case.Tau do
                { case with Tau = τ; BoundTau = τ }
        }

    Generator.fromStream draw shrink show

/// |K_i|² ≤ (1/τ + i/n)R_n
let internal bounds (case: Bounded) : Outcome =
    let n = case.K.Length
    let r = WeightSequence.energy case.Tau case.K

    case.K
    |> Array.mapi (fun i k -> Sharp.atMost $"|K_{i}|²" ((Rational.One / case.BoundTau + Rational.create i n) * r) (Sequences.squared k))
    |> Outcome.all

/// |K_i − K_j|² ≤ (|i − j|/n)R_n
let private boundsDifferences (case: Bounded) : Outcome =
    let n = case.K.Length
    let r = WeightSequence.energy case.Tau case.K

    seq {
        for i in 0 .. n - 1 do
            for j in 0 .. i - 1 do
                Sharp.atMost $"|K_{i} − K_{j}|²" (Rational.create (i - j) n * r) (Sequences.squared (Vector.subtract case.K[i] case.K[j]))
    }
    |> Outcome.all

/// The bound of the last weight is attained.
let private isAttained (case: Bounded) : Outcome =
    let n = case.K.Length
    let r = WeightSequence.energy case.Tau case.K
    Check.equal "|K_{n−1}|²" ((Rational.One / case.BoundTau + Rational.create (n - 1) n) * r) (Sequences.squared (Array.last case.K))

/// K_i = k for all i.
let internal constant (n: int) (τ: Rational) (k: int) : Bounded = {
    K = Array.replicate n [| Rational.ofInt k |]
    Tau = τ
    BoundTau = Rational.One
}

let claim: Claim =
    let ramps =
        let ramp n τ a = { K = Sequences.ramp n τ a; Tau = τ; BoundTau = τ }

        let draw _ (stream: RandomStream) =
            let τ = SequenceDraws.positive stream
            ramp (stream.NextInt(1, 12)) τ (SequenceDraws.fraction stream)

        let shrink (case: Bounded) =
            seq {
                let n, a = case.K.Length, case.K[0][0]

                for fewer in Shrink.int 1 n do
                    ramp fewer case.Tau a

                for τ in SequenceDraws.shrinkPositive case.Tau do
                    ramp n τ a

                for a in Draws.shrinkFraction a do
                    ramp n case.Tau a
            }

        Generator.fromStream draw shrink show

    Paper.define
        "thorpe-van-gennip.compact.sup-bound"
        Paper.reconstructed
        "|K_i|² ≤ (1/τ + i/n)R_n(K; τ) and |K_i − K_j|² ≤ (|i − j|/n)R_n(K; τ); both constants are the best."
    |> Claim.hypothesis "H4" "τ > 0"
    |> Claim.exact "weights" (Instances.random generator 100) bounds
    |> Claim.exact "differences" (Instances.random generator 60) boundsDifferences
    |> Claim.exact "sharp" (Instances.random ramps 40) isAttained
    |> Claim.neededBy "H4" (Instances.chosen show [ for k in [ 1; 10; 1000 ] -> constant 4 Rational.Zero k ]) bounds
