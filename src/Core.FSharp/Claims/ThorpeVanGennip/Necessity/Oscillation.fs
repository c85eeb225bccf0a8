/// Without a bound on the regulariser weights may oscillate, and the limit is another equation.
///
/// Statement: K_i = (−1)^i k, b = 0, x = 1, n even. σ = id: X_n = (1 − k²/n²)^{n/2} → 1, the solution for K = 0. ReLU: X_n = (1 + k/n)^{n/2} → e^{k/2}, which solves X′ = ½(σ(kX) + σ(−kX)) and not the equation of the
/// weak limit K = 0. R_n = 4k²n(n − 1) + τk².
/// With the amplitude k/n instead of k the regulariser is bounded and |X_n − 1| ≤ e^{k/n}·k/n.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.ThorpeVanGennip.Necessity.Oscillation

open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.DeepLimit
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.ThorpeVanGennip

/// k > 0, an even n and τ.
[<NoComparison>]
type private Case = { Amplitude: Rational; N: int; Tau: Rational }

let private show (case: Case) : (string * string) list = [ "k", string case.Amplitude; "n", string case.N; "τ", string case.Tau ]

let private generator: Generator<Case> =
    let draw _ (stream: RandomStream) = {
        Amplitude = SequenceDraws.positive stream
        N = 2 * stream.NextInt(1, 6)
        Tau = SequenceDraws.positive stream
    }

    let shrink case =
        seq {
            for half in Shrink.int 1 (case.N / 2) do
                { case with N = 2 * half }

            for k in SequenceDraws.shrinkPositive case.Amplitude do
                { case with Amplitude = k }
        }

    Generator.fromStream draw shrink show

let private weights (case: Case) : Rational[] = Sequences.alternating case.N case.Amplitude
let private output (σ: Activation<Rational>) (case: Case) : Rational = Scalar.output σ (weights case) Rational.One

let private closedForms (case: Case) : Outcome =
    let k, n = case.Amplitude, Rational.ofInt case.N
    let rate = k / n

    Outcome.all [
        Check.equal "X_n, identity" (Rational.power (Rational.One - rate * rate) (case.N / 2)) (output Activation.Identity case)
        Check.equal "X_n, ReLU" (Rational.power (Rational.One + rate) (case.N / 2)) (output Activation.Relu case)
        Check.equal
            "R_n"
            (Rational.ofInt 4 * k * k * n * (n - Rational.One) + case.Tau * k * k)
            (WeightSequence.energy case.Tau (Sequences.ofNumbers (Sequences.alternating case.N k)))
    ]

/// |X_n − 1| of ReLU against the bound of forward.stability for the limit K = 0, x = 1: e^A·‖P_nK‖_1 with A = k. In intervals.
let private isNearTheWeakLimit (small: Case -> Rational) (case: Case) : Outcome =
    let a = case.Amplitude
    let bound = Interval.ofRational (small case) |> fun a -> Transcendental.exp a
    let bound = Arithmetic.(*) bound (Interval.ofRational (small case))
    let error = Rational.abs (output Activation.Relu { case with Amplitude = a } - Rational.One)
    Outcome.atMost "|X_n − 1|, ReLU" bound.Upper (Rational.toFloat error)

let private tamed (case: Case) : Outcome =
    let tame = { case with Amplitude = case.Amplitude / Rational.ofInt case.N }
    isNearTheWeakLimit _.Amplitude tame

/// The ReLU outputs tend to e^{k/2} with order 1.
let private relaxedLimit (k: float) : Outcome =
    let limit = Elementary.exp (k / 2.0)

    [ 64; 128; 256; 512 ]
    |> List.map (fun n ->
        let k = Array.init n (fun i -> Binary64(if i % 2 = 0 then k else -k))
        let x = Scalar.output Activation.Relu k (Binary64 1.0)
        // 3 roundings a layer.
        { Resolution = float n; Error = abs (x.Value - limit); Floor = 3.0 * float n * 1.2e-16 * limit })
    |> Asymptotic.within "|X_n − e^{k/2}|" (0.95, 1.05)

let claim: Claim =
    let two n = { Amplitude = Rational.ofInt 2; N = n; Tau = Rational.One }
    let at n = [| output Activation.Identity (two n); output Activation.Relu (two n) |]
    let inFloats n = at n |> Array.map Rational.toFloat

    Paper.define
        "thorpe-van-gennip.necessity.oscillation"
        Paper.reconstructed
        "K_i = (−1)^i k: X_n = (1 − k²/n²)^{n/2} → 1 for the identity, but (1 + k/n)^{n/2} → e^{k/2} for ReLU, which is not the equation of the weak limit K = 0; R_n = 4k²n(n − 1) + τk² is unbounded."
    |> Claim.hypothesis "H1" "R_n(K_n) is bounded: the amplitude is k/n"
    |> Claim.exact "closed-forms" (Instances.random generator 100) closedForms
    |> Claim.certified "tamed" (Instances.random generator 60) tamed
    |> Claim.asymptotic "relaxed-limit" (Instances.ladder (fun (k: float) -> [ "k", string k ]) [ 2.0; 0.5 ]) relaxedLimit
    |> Known.exact "n-4" [
        Known.value "k = 2, n = 4: identity, ReLU, R_n" "9/16 9/4 196" (fun () ->
            Array.append (at 4) [| WeightSequence.energy Rational.One (Sequences.ofNumbers (Sequences.alternating 4 (Rational.ofInt 2))) |])
    ]
    |> Known.bounded "reference" [
        Known.floats "k = 2, n = 16" "0.881626435034 2.565784513950" (fun () -> inFloats 16)
        Known.floats "k = 2, n = 1024" "0.998048777389 2.715632000169" (fun () -> inFloats 1024)
    ]
    // The same bound with what ‖P_nK‖_1 would be if K tended to 0 as fast as 1/n.
    |> Claim.neededBy
        "H1"
        (Instances.chosen show [ two 16; two 64 ])
        (isNearTheWeakLimit (fun case -> case.Amplitude / Rational.ofInt case.N))
