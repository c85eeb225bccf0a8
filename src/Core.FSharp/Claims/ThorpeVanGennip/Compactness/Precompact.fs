/// Bounded regularisers make L² convergence uniform.
///
/// Statement: with f = I_nK_n − K: sup f² ≤ ∫f² + 2(∫f²)^{1/2}(∫f′²)^{1/2}, (∫f′²)^{1/2} ≤ R_n^{1/2} + R_∞^{1/2}, and sup|P_nK − I_nK|² ≤ R_n/n. So sequences with R_n(K_n) ≤ C that converge in L² converge uniformly.
/// Proof: f(t)² is at most its mean and twice ∫|ff′|; R_∞(I_nK) = R_n(K) and Minkowski's inequality; the jump of P_nK − I_nK in a cell is |ΔK_i| ≤ (R_n/n)^{1/2}.
/// Checked on K_n = S_nf + (a/n)(−1)^i for polynomials f of degree 2 at most: the suprema are attained at ends of cells or vertices of parabolas, so both sides are fractions and squares of fractions.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.ThorpeVanGennip.Compactness.Precompact

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.DeepLimit
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.ThorpeVanGennip

/// A sequence K_n beside a polynomial K, and how large R_n may be (None: as large as it is).
[<NoComparison>]
type private Pair = { Sequence: Rational[]; Limit: Rational[]; Tau: Rational; Allowed: Rational option }

let private show (pair: Pair) : (string * string) list = [
    "K_n", Known.show pair.Sequence
    "K", Known.show pair.Limit
    "τ", string pair.Tau
]

let private wave (n: int) (a: Rational) (f: Rational[]) : Rational[] =
    Array.init n (fun i -> Polynomial.evaluate f (Rational.create i n) + Rational.create (if i % 2 = 0 then 1 else -1) n * a)

let private generator: Generator<Pair> =
    let draw _ (stream: RandomStream) =
        let f = Array.init 3 (fun _ -> SequenceDraws.fraction stream) |> Polynomial.normalise
        let n = stream.NextInt(1, 12)
        { Sequence = wave n (SequenceDraws.fraction stream) f; Limit = f; Tau = SequenceDraws.positive stream; Allowed = None }

    let shrink (pair: Pair) =
        seq {
            let n, f = pair.Sequence.Length, pair.Limit
            // K_0 = f(0) + a/n
            let a = Rational.ofInt n * (pair.Sequence[0] - Polynomial.evaluate f Rational.Zero)
            let sampled n a f = { pair with Sequence = wave n a f; Limit = f }

            for fewer in Shrink.int 1 n do
                sampled fewer a f

            for a in Draws.shrinkFraction a do
                sampled n a f

            for simpler in Shrink.elements Draws.shrinkFraction f do
                sampled n a (Polynomial.normalise simpler)

            for τ in SequenceDraws.shrinkPositive pair.Tau do
                { pair with Tau = τ }
        }

    Generator.fromStream draw shrink show

let private interpolated (pair: Pair) : WeightFunction<Rational> = WeightFunction.interpolate (Sequences.ofNumbers pair.Sequence)
let private embedded (pair: Pair) : WeightFunction<Rational> = WeightFunction.constant (Sequences.ofNumbers pair.Sequence)

let private difference (pair: Pair) : WeightFunction<Rational> = Functions.subtract (interpolated pair) (Functions.polynomial pair.Limit)

/// R_n and R_∞.
let private energies (pair: Pair) : Rational * Rational =
    let r = WeightSequence.energy pair.Tau (Sequences.ofNumbers pair.Sequence)
    defaultArg pair.Allowed r, WeightFunction.energy pair.Tau (Functions.polynomial pair.Limit)

/// sup f² ≤ ∫f² + 2(∫f² ∫f′²)^{1/2}
let private isAgmon (pair: Pair) : Outcome =
    let f = difference pair
    let square = WeightFunction.normSquared f
    Sharp.atMostMixed "sup f²" square square (Functions.squaredSlope f) (Functions.squaredSup f)

/// (∫f′²)^{1/2} ≤ R_n^{1/2} + R_∞^{1/2}
let private slopeIsBounded (pair: Pair) : Outcome =
    let r, limit = energies pair
    Sharp.atMostMixed "∫f′²" (r + limit) r limit (Functions.squaredSlope (difference pair))

/// sup|P_nK − I_nK|² ≤ R_n/n, the supremum as the limit at the right ends of the cells.
let private jumpIsBounded (pair: Pair) : Outcome =
    let r, _ = energies pair
    let n = Rational.ofInt pair.Sequence.Length
    let jump = Functions.squaredSup (Functions.subtract (embedded pair) (interpolated pair))
    Sharp.atMost "sup|P_nK − I_nK|²" (r / n) jump

/// The three together: with R_n ≤ C, L² convergence is uniform with this rate; as C + R_∞ ≥ (C^{1/2} + R_∞^{1/2})²/2 the square root of a sum can stand for the sum of roots.
let private isUniform (pair: Pair) : Outcome =
    let r, limit = energies pair
    let f = difference pair
    let square = WeightFunction.normSquared f
    Sharp.atMostMixed "sup f²" square square (Rational.ofInt 2 * (r + limit)) (Functions.squaredSup f)

let claim: Claim =
    let zero = [| Rational.Zero |]
    // a at the layer n/2 alone, and 1 from there on.
    let spike n = {
        Sequence = Array.init n (fun i -> if i = n / 2 then Rational.One else Rational.Zero)
        Limit = zero
        Tau = Rational.One
        Allowed = Some Rational.One
    }

    let step n = {
        spike n with
            Sequence = Array.init n (fun i -> if 2 * i >= n then Rational.One else Rational.Zero)
            Limit = [| Rational.Zero; Rational.One |]
    }

    let energy (pair: Pair) = WeightSequence.energy pair.Tau (Sequences.ofNumbers pair.Sequence)

    Paper.define
        "thorpe-van-gennip.compact.precompact"
        Paper.ofAbstract
        "R_n(K_n) ≤ C: L² convergence of K_n is uniform, with sup f² ≤ ∫f² + 2(∫f² ∫f′²)^{1/2} for f = I_nK_n − K, (∫f′²)^{1/2} ≤ R_n^{1/2} + R_∞^{1/2} and sup|P_nK_n − I_nK_n|² ≤ R_n/n."
    |> Claim.hypothesis "H1" "R_n(K_n) ≤ C for all n"
    |> Claim.certified "agmon" (Instances.random generator 60) isAgmon
    |> Claim.certified "slopes" (Instances.random generator 60) slopeIsBounded
    |> Claim.certified "jumps" (Instances.random generator 60) jumpIsBounded
    |> Claim.certified "uniform" (Instances.random generator 60) isUniform
    |> Known.exact "growth" [
        Known.value "R_n and ∫(P_nK)² of the spike, n = 8, 16, 64" "16 1/8 32 1/16 128 1/64" (fun () -> [|
            for n in [ 8; 16; 64 ] do
                energy (spike n)
                WeightFunction.normSquared (embedded (spike n))
        |])
        Known.value "R_n of the step, n = 8, 16, 64" "8 16 64" (fun () -> [| for n in [ 8; 16; 64 ] -> energy (step n) |])
    ]
    // The spike tends to 0 in L² and not uniformly.
    |> Claim.neededBy "H1" (Instances.chosen show [ spike 64; spike 256 ]) isUniform
    |> Claim.neededBy "H1" (Instances.chosen show [ step 64 ]) jumpIsBounded
