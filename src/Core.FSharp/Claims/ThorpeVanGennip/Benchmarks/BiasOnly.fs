/// Problem A: one bias in depth, with minimisers in fractions.
///
/// Statement: K ≡ 0, σ = id, E_n(b) = (x + Σb_i/n − y)² + αR_n(b; τ): r_n = (x − y)/(1 + g_n/α), min E_n = (x − y)²/(1 + g_n/α), b_i = −(r_n/α)(1/τ + i(2n − 1 − i)/(2n²)), and the same with g_∞ = 1/τ + 1/3 and
/// b(t) = −(r/α)(1/τ + t − t²/2). n(min E_n − min E_∞) → c_1 = r²/(2α). Of S samples with m the mean of x_s − y_s: E = S·E_A(m; α/S) + Σ(x_s − y_s − m)².
/// Proof: E_n(b + δ) − E_n(b) = (Σδ_i/n)² + αR_n(δ; τ) at this b.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.ThorpeVanGennip.Benchmarks.BiasOnly

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.DeepLimit
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.ThorpeVanGennip

/// Samples, α, τ and the depth.
[<NoComparison>]
type private Case = { Data: (Rational * Rational)[]; Alpha: Rational; Tau: Rational; N: int }

let private show (case: Case) : (string * string) list = [
    "x, y", case.Data |> Array.map (fun (x, y) -> Known.show [| x; y |]) |> String.concat " "
    "α", string case.Alpha
    "τ", string case.Tau
    "n", string case.N
]

let private generator: Generator<Case> =
    let draw _ (stream: RandomStream) = {
        Data = Array.init (stream.NextInt(1, 3)) (fun _ -> SequenceDraws.fraction stream, SequenceDraws.fraction stream)
        Alpha = SequenceDraws.positive stream
        Tau = SequenceDraws.positive stream
        N = stream.NextInt(1, 12)
    }

    let shrink case =
        seq {
            for data in Shrink.array 1 SequenceDraws.shrinkPair case.Data do
                { case with Data = data }

            for n in Shrink.int 1 case.N do
                { case with N = n }

            for α in SequenceDraws.shrinkPositive case.Alpha do
                { case with Alpha = α }

            for τ in SequenceDraws.shrinkPositive case.Tau do
                { case with Tau = τ }
        }

    Generator.fromStream draw shrink show

/// E_n, by the forward pass of the network.
let private objective (case: Case) (b: Rational[]) : Rational =
    let problem = Scalar.problem Activation.Identity None (Some { Strength = case.Alpha; Start = case.Tau }) case.Data
    Objective.value problem (Scalar.weights (Array.map (fun _ -> Rational.Zero) b) b)

let private sum (x: Rational[]) : Rational = Array.fold (+) Rational.Zero x
let private half = Rational.create 1 2

/// x − y and α of the equivalent single sample, and what is added to S·E_A.
let private reduced (case: Case) : Rational * Rational * Rational =
    let size = Rational.ofInt case.Data.Length
    let misses = case.Data |> Array.map (fun (x, y) -> x - y)
    let mean = sum misses / size
    mean, case.Alpha / size, misses |> Array.map (fun a -> (a - mean) * (a - mean)) |> sum

/// r and b(t) for this g, b(t) for the profile 1/τ + …
let private minimiser (case: Case) (g: Rational) (profile: Rational) : Rational =
    let miss, α, _ = reduced case
    -(miss / (Rational.One + g / α) / α) * profile

let private nodes (case: Case) : Rational[] =
    let n = case.N
    let g = Sequences.kernelMean n case.Tau
    Array.init n (fun i -> minimiser case g (Rational.One / case.Tau + Rational.create (i * (2 * n - 1 - i)) (2 * n * n)))

let private limit (case: Case) (t: Rational) : Rational =
    minimiser case (Sequences.limitMean case.Tau) (Rational.One / case.Tau + t - half * t * t)

let private least (case: Case) (g: Rational) : Rational =
    let miss, α, rest = reduced case
    Rational.ofInt case.Data.Length * miss * miss / (Rational.One + g / α) + rest

/// E_n(b + δ) − E_n(b) is a square and a regulariser, so b is the only minimiser.
let private isMinimiser (case: Case) : Outcome =
    let b = nodes case
    let value = objective case b
    let size = Rational.ofInt case.Data.Length
    let n = Rational.ofInt case.N

    let directions = [
        yield! Seq.init case.N (fun i -> Vector.unit case.N i)
        Array.init case.N (fun i -> Rational.create (if i % 2 = 0 then 1 else -1) (i + 1))
    ]

    directions
    |> Seq.map (fun δ ->
        let mean = sum δ / n
        let expected = size * mean * mean + case.Alpha * WeightSequence.energy case.Tau (Sequences.ofNumbers δ)
        Check.equal "E_n(b + δ) − E_n(b)" expected (objective case (Vector.add b δ) - value))
    |> Seq.append [ Check.equal "min E_n" (least case (Sequences.kernelMean case.N case.Tau)) value ]
    |> Outcome.all

/// b + δ ≠ b has a larger value: fails where R_n(δ) costs nothing and the mean of δ is 0.
let private isUnique (case: Case) : Outcome =
    let b = if case.Alpha.Sign = 0 then Array.create case.N (snd case.Data[0] - fst case.Data[0]) else nodes case

    let δ =
        Array.init case.N (fun i ->
            Rational.ofInt (
                if i = 0 then 1
                elif i = 1 then -1
                else 0
            ))

    Outcome.isTrue "E_n(b + δ)" "is above E_n(b)" (objective case (Vector.add b δ) > objective case b)

/// b of the limit solves αb″ = Σ(x_s + ∫b − y_s), b′(0) = τb(0), b′(1) = 0.
let private solvesTheLimit (case: Case) : Outcome =
    let at = limit case
    let zero, one = Rational.Zero, Rational.One
    // The parabola through three values.
    let c0, cm, c1 = at zero, at half, at one
    let second = Rational.ofInt 4 * (c0 - cm - cm + c1)
    let first = c1 - c0 - half * second
    let b = [| c0; first; half * second |]
    let integral = RingPolynomial.integrate b zero one
    let misses = case.Data |> Array.map (fun (x, y) -> x + integral - y)
    let energy = WeightFunction.energy case.Tau (Functions.polynomial b)

    Outcome.all [
        Check.equal "αb″" (sum misses) (case.Alpha * second)
        Check.equal "b′(0)" (case.Tau * c0) first
        Check.equal "b′(1)" zero (first + second)
        Check.equal "min E_∞" (least case (Sequences.limitMean case.Tau)) (sum (misses |> Array.map (fun a -> a * a)) + case.Alpha * energy)
    ]

/// Both errors fall with order 1, the first with the constant c_1.
let private ladder (case: Case) : Outcome =
    let depths = [ 32; 64; 128; 256 ]
    let at n = { case with N = n }
    let miss, α, _ = reduced case
    let r = miss / (Rational.One + Sequences.limitMean case.Tau / α)
    let c1 = Rational.ofInt case.Data.Length * r * r / (Rational.ofInt 2 * α)
    let excess n = least case (Sequences.kernelMean n case.Tau) - least case (Sequences.limitMean case.Tau)
    let rung error n = { Resolution = float n; Error = Rational.toFloat (error n); Floor = 0.0 }

    let weightError n =
        nodes (at n)
        |> Array.mapi (fun i b -> Rational.abs (b - limit case (Rational.create i n)))
        |> Array.fold Rational.max Rational.Zero

    if miss.Sign = 0 then
        Outcome.undecided "x = y: all errors vanish"
    else
        Outcome.all [
            Asymptotic.within "max|b_i − b(i/n)|" (0.95, 1.05) (List.map (rung weightError) depths)
            Asymptotic.within
                "|n(E_n − E_∞) − c_1|"
                (0.95, 1.05)
                (depths |> List.map (rung (fun n -> Rational.abs (Rational.ofInt n * excess n - c1))))
        ]

let claim: Claim =
    let reference n = { Data = [| Rational.Zero, Rational.One |]; Alpha = half; Tau = Rational.ofInt 2; N = n }
    let known n () = Array.append (nodes (reference n)) [| least (reference n) (Sequences.kernelMean n (Rational.ofInt 2)) |]

    Paper.define
        "thorpe-van-gennip.benchmark.bias-only"
        Paper.reconstructed
        "Problem A, (x + Σb_i/n − y)² + αR_n(b; τ): b_i = −(r_n/α)(1/τ + i(2n − 1 − i)/(2n²)) with r_n = (x − y)/(1 + g_n/α) is the only minimiser, min E_n = (x − y)²/(1 + g_n/α), and n(min E_n − min E_∞) → r²/(2α)."
    |> Claim.hypothesis "H3" "α > 0"
    |> Claim.exact "minimiser" (Instances.random generator 60) isMinimiser
    |> Claim.exact "limit" (Instances.random generator 60) solvesTheLimit
    |> Claim.asymptotic
        "rates"
        (Instances.ladder show [
            reference 1
            { reference 1 with Data = [| Rational.One, Rational.create 1 3; Rational.Zero, Rational.One |] }
        ])
        ladder
    |> Known.exact "reference" [
        Known.value "limit: g, b(0), b(1/2), b(1), E" "5/6 3/8 21/32 3/4 3/8" (fun () ->
            let at = limit (reference 1)
            let g = Sequences.limitMean (Rational.ofInt 2)
            [| g; at Rational.Zero; at half; at Rational.One; least (reference 1) g |])
        Known.value "n = 1: b, E" "1/2 1/2" (known 1)
        Known.value "n = 2: b, E" "4/9 2/3 4/9" (known 2)
        Known.value "n = 4: b, E" "16/39 22/39 26/39 28/39 16/39" (known 4)
        Known.value "n = 8: b, E" "64/163 78/163 90/163 100/163 108/163 114/163 118/163 120/163 64/163" (known 8)
    ]
    |> Claim.neededBy "H3" (Instances.chosen show [ { reference 4 with Alpha = Rational.Zero } ]) isUnique
