/// Weight decay does not replace the regulariser of differences.
///
/// Statement: E_n(b) = (Σσ(b_i)/n − ½)² + (1/4n)Σb_i² with σ(z) = z³/(1 + z²) has the minimum 3/16 for even n, attained by every b with half of its items 1 and half 0, in any order: minimisers without a convergent subsequence.
/// With y − x = v + α in general: fraction 2v of ones, E = α² + 2αv.
/// Proof: E_n − 3/16 = (v − ¼)² + (1/4n)Σ b_i²(1 − b_i)²/(1 + b_i²), v = Σσ(b_i)/n.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.ThorpeVanGennip.Necessity.WeightDecay

open LayerTime.Core.Numbers
open LayerTime.Core.DeepLimit
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.ThorpeVanGennip

let private σ (z: Rational) : Rational = z * z * z / (Rational.One + z * z)

let private sum (x: Rational[]) : Rational = Array.fold (+) Rational.Zero x
let private mean (x: Rational[]) : Rational = sum x / Rational.ofInt x.Length

/// The term that keeps the biases small.
[<RequireQualifiedAccess>]
type private Penalty =
    /// Σb_i²/n
    | Decay
    /// R_n(b; 1)
    | Differences

/// The biases, y − x and α.
[<NoComparison>]
type private Case = { B: Rational[]; Target: Rational; Alpha: Rational; Penalty: Penalty }

let private show (case: Case) : (string * string) list = [ "b", Known.show case.B; "y − x", string case.Target; "α", string case.Alpha ]

let private objective (case: Case) : Rational =
    let miss = mean (Array.map σ case.B) - case.Target

    let penalty =
        match case.Penalty with
        | Penalty.Decay -> mean (case.B |> Array.map (fun b -> b * b))
        | Penalty.Differences -> WeightSequence.energy Rational.One (Sequences.ofNumbers case.B)

    miss * miss + case.Alpha * penalty

/// α² + 2αv with v = y − x − α.
let private minimum (case: Case) : Rational = case.Alpha * case.Alpha + Rational.ofInt 2 * case.Alpha * (case.Target - case.Alpha)

/// E_n minus the minimum is a sum of squares that vanishes for zeros and ones with the right mean only.
let private isSumOfSquares (case: Case) : Outcome =
    let v = case.Target - case.Alpha
    let off = mean (Array.map σ case.B) - v
    let excess = mean (case.B |> Array.map (fun b -> let c = b * (Rational.One - b) in c * c / (Rational.One + b * b)))
    Check.equal "E_n − min" (off * off + case.Alpha * excess) (objective case - minimum case)

/// Zeros and ones in this order have the least value.
let private isMinimiser (case: Case) : Outcome = Check.equal "E_n" (minimum case) (objective case)

let private quarter = Rational.create 1 4
let private half = Rational.create 1 2

let private withBiases (b: int seq) = {
    B = b |> Seq.map Rational.ofInt |> Seq.toArray
    Target = half
    Alpha = quarter
    Penalty = Penalty.Decay
}

let private generator: Generator<Case> =
    let draw _ (stream: RandomStream) = {
        B = Array.init (stream.NextInt(1, 12)) (fun _ -> SequenceDraws.fraction stream)
        Target = SequenceDraws.fraction stream
        Alpha = SequenceDraws.positive stream
        Penalty = Penalty.Decay
    }

    let shrink case = Shrink.array 1 Draws.shrinkFraction case.B |> Seq.map (fun b -> { case with B = b })
    Generator.fromStream draw shrink show

/// Every fraction 2v = j/n of ones, in a random order.
let private orders: Generator<Case> =
    let ordered (b: Rational[]) α = { B = b; Target = half * mean b + α; Alpha = α; Penalty = Penalty.Decay }

    let draw _ (stream: RandomStream) =
        let n = stream.NextInt(2, 12)
        let ones = stream.NextInt(1, n - 1)
        let keys = Array.init n (fun _ -> stream.NextUInt64())
        let b = Array.init n (fun i -> if i < ones then Rational.One else Rational.Zero)
        System.Array.Sort(keys, b)
        ordered b (SequenceDraws.positive stream)

    let shrink (case: Case) =
        seq {
            // Both numbers stay among them.
            for b in Shrink.array 2 Shrink.none case.B do
                if Array.contains Rational.Zero b && Array.contains Rational.One b then
                    ordered b case.Alpha

            for α in SequenceDraws.shrinkPositive case.Alpha do
                ordered case.B α
        }

    Generator.fromStream draw shrink show

let claim: Claim =
    let alternating n = withBiases (Seq.init n (fun i -> i % 2))
    let block n = withBiases (Seq.init n (fun i -> if 2 * i < n then 1 else 0))
    let withDifferences case = { case with Penalty = Penalty.Differences }

    Paper.define
        "thorpe-van-gennip.necessity.weight-decay"
        Paper.reconstructed
        "With weight decay instead of differences, X′ = σ(b) with σ(z) = z³/(1 + z²) has the minimisers of zeros and ones in any order: exact minimisers at every even depth, and no convergent subsequence."
    |> Claim.hypothesis "H1" "the regulariser is Σb_i²/n: no differences"
    |> Claim.exact "sum-of-squares" (Instances.random generator 100) isSumOfSquares
    |> Claim.exact "any-order" (Instances.random orders 60) isMinimiser
    |> Claim.exact
        "half"
        (Instances.chosen show [
            for n in [ 2; 4; 8 ] do
                alternating n
                block n
        ])
        isMinimiser
    |> Known.exact "minimum" [
        Known.value "E_n of 0, 1, 0, 1, …, n = 2, 4, 8" "3/16 3/16 3/16" (fun () -> [| for n in [ 2; 4; 8 ] -> objective (alternating n) |])
    ]
    // With the differences the order matters, and these are no minimisers: E_n of b = 0 is ¼.
    |> Claim.neededBy
        "H1"
        (Instances.chosen show [
            for n in [ 2; 4; 8 ] do
                withDifferences (alternating n)
                withDifferences (block n)
        ])
        (fun case -> Check.atMost "E_n" (objective { case with B = Array.map (fun _ -> Rational.Zero) case.B }) (objective case))
