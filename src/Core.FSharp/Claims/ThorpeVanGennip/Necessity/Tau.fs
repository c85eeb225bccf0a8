/// Without the term τ|K_0|² constants cost nothing: weights are unbounded, and minimisers need not exist.
///
/// Statement: (i) K_i = k has R_n(K; 0) = 0 for every k; (ii) σ = tanh, X′ = tanh b, x = 0, y = 1, τ = 0: E(b) = (1 − tanh k)² > 0 for b = k and tends to 0, which no b attains as tanh < 1. With τ = 1 the weights are bounded
/// (compact.sup-bound), and E exceeds E(0) where |b| > ((1 + 1/τ)E(0)/α)^{1/2}: a minimiser exists.
/// Proof: (ii) |Σtanh b_i/n| < 1; a continuous function whose sublevel set of 0 is compact has a minimiser.
/// Checked on constants by enclosures, and on random biases.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.ThorpeVanGennip.Necessity.Tau

open LayerTime.Core.Numbers
open LayerTime.Core.DeepLimit
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.ThorpeVanGennip

/// Biases, and τ; α = 1/10.
[<NoComparison>]
type private Case = { B: Rational[]; Tau: Rational }

let private show (case: Case) : (string * string) list = [ "b", Known.show case.B; "τ", string case.Tau ]
let private α = Rational.create 1 10

let private objective (case: Case) : Interval =
    let n = Interval.ofRational (Rational.ofInt case.B.Length)
    let open' = Interval.ofRational

    let tanhs =
        case.B |> Array.map (open' >> Transcendental.tanh) |> Array.fold (fun a b -> Arithmetic.(+) a b) (Interval.ofFloat 0.0)

    let miss = Arithmetic.(-) (Arithmetic.(/) tanhs n) (Interval.ofFloat 1.0)
    let r = WeightSequence.energy case.Tau (Sequences.ofNumbers case.B)
    Arithmetic.(+) (Interval.square miss) (open' (α * r))

let private generator (size: int) (τ: Rational) : Generator<Case> =
    let draw _ (stream: RandomStream) = {
        B = Array.init (stream.NextInt(1, 12)) (fun _ -> Rational.ofInt size * SequenceDraws.fraction stream)
        Tau = τ
    }

    Generator.fromStream draw (fun case -> Shrink.array 1 Draws.shrinkFraction case.B |> Seq.map (fun b -> { case with B = b })) show

/// Where |b| is larger than the bound of a minimiser, E is larger than E(0) = 1.
let private isCoercive (case: Case) : Outcome =
    let largest = case.B |> Array.map (fun b -> b * b) |> Array.fold Rational.max Rational.Zero

    if largest <= Rational.ofInt 2 / α then
        Outcome.undecided "b is in the ball that holds the minimisers"
    else
        Outcome.isTrue "E_n(b)" "is above E_n(0) = 1" ((objective case).Lower > 1.0)

let private constant (k: int) (τ: Rational) : Case = { B = Array.create 4 (Rational.ofInt k); Tau = τ }

/// E decreases along growing constants, and stays positive, with τ = 0.
let private isNotAttained (k: int) : Outcome =
    let value k = objective (constant k Rational.Zero)

    Outcome.all [
        Outcome.isTrue $"E_n at b = {2 * k}" $"is below that at b = {k}" (Interval.less (value (2 * k)) (value k) = Answer.Yes)
        Outcome.isTrue $"E_n at b = {2 * k}" "is positive" ((value (2 * k)).Lower > 0.0)
    ]

let claim: Claim =
    let sequence k τ = Compactness.SupBound.constant 4 τ k
    let one = Rational.One

    Paper.define
        "thorpe-van-gennip.necessity.tau"
        Paper.reconstructed
        "With τ = 0 the constants K_i = k have R_n = 0, so weights are unbounded, and inf E = 0 is not attained for X′ = tanh b, y = x + 1; with τ = 1 weights are bounded and a minimiser exists."
    |> Claim.hypothesis "H4" "τ > 0"
    |> Claim.exact
        "bounded"
        (Instances.chosen Compactness.SupBound.show [ for k in [ 1; 10; 1000 ] -> sequence k one ])
        Compactness.SupBound.bounds
    |> Claim.certified "coercive" (Instances.random (generator 9 one) 60) isCoercive
    |> Claim.drawsPerTrial 6
    |> Claim.certified "without" (Instances.chosen (fun (k: int) -> [ "k", string k ]) [ 1; 2; 4; 8 ]) isNotAttained
    |> Claim.neededBy
        "H4"
        (Instances.chosen Compactness.SupBound.show [ for k in [ 1; 10; 1000 ] -> sequence k Rational.Zero ])
        Compactness.SupBound.bounds
    |> Claim.neededBy "H4" (Instances.chosen show [ constant 5 Rational.Zero; constant 50 Rational.Zero ]) isCoercive
