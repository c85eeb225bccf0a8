/// Problem B: one weight in depth, minimised by minimising a function of one number.
///
/// Statement: d = 1, σ = id, b = 0, W = 1: E_∞(K) = (xe^{κ} − y)² + αR_∞(K; τ) ≥ f(κ) = (xe^κ − y)² + ακ²/g with κ = ∫K, g = 1/τ + 1/3, with equality at K = (κ/g)(1/τ + t − t²/2). At a minimiser κ = −λg/α with λ = (xe^κ − y)xe^κ.
/// f is convex if α/g > y²/8. n(min E_n − min E_∞) → c_1 = −λ(K(1) − K(0) + (λ/α)²(1/τ² + 2/(3τ) + 2/15)).
/// Proof: X(1) = xe^κ; R_∞(K) ≥ κ²/g by the Cauchy–Schwarz inequality; f″ ≥ 2α/g − y²/4.
/// All minimisers of f are enclosed by branch and bound in intervals. Stationary points of E_n are proven to exist and enclosed by the Krawczyk operator in the unknowns (K_0, P_0) of the symplectic Euler scheme.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.ThorpeVanGennip.Benchmarks.ScalarLinear

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.DeepLimit
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.ThorpeVanGennip

/// x, y, α, τ.
[<NoComparison>]
type internal Data = {
    X: Rational
    Y: Rational
    Alpha: Rational
    Tau: Rational
} with

    /// g = 1/τ + 1/3
    member data.Kernel: Rational = Sequences.limitMean data.Tau

    member data.Problem: NeuronProblem = { Sigma = None; Data = [| data.X, data.Y |]; Alpha = data.Alpha; Tau = data.Tau; HasBias = false }

let internal show (data: Data) : (string * string) list = [
    "x", string data.X
    "y", string data.Y
    "α", string data.Alpha
    "τ", string data.Tau
]

[<AutoOpen>]
module private Formula =
    open Arithmetic

    let number (a: Rational) : 'T :> IRing<'T> = 'T.OfRatio(a.Numerator, a.Denominator)

    /// f(κ) = (xe^κ − y)² + ακ²/g
    let f (data: Data) (κ: 'T) : 'T :> ITranscendental<'T> =
        let miss = number data.X * 'T.Exp κ - number data.Y
        miss * miss + number (data.Alpha / data.Kernel) * κ * κ

    /// f″(κ) = 4x²e^{2κ} − 2xye^κ + 2α/g
    let curvature (data: Data) (κ: 'T) : 'T :> ITranscendental<'T> =
        let e = number data.X * 'T.Exp κ
        let two: 'T = Ring.ratio 2 1
        two * (two * e * e - number data.Y * e + number (data.Alpha / data.Kernel))

    /// f′(κ) = 2(xe^κ − y)xe^κ + 2ακ/g
    let slope (data: Data) (κ: 'T) : 'T :> ITranscendental<'T> =
        let e = number data.X * 'T.Exp κ
        Ring.ratio 2 1 * ((e - number data.Y) * e + number (data.Alpha / data.Kernel) * κ)

    /// The coefficients of K(t) = (κ/g)(1/τ + t − t²/2).
    let parabola (data: Data) (κ: 'T) : 'T[] when 'T :> IRing<'T> =
        [| Rational.One / data.Tau; Rational.One; Rational.create -1 2 |] |> Array.map (fun c -> number (c / data.Kernel) * κ)

    /// K(t)
    let at (t: 'T) (c: 'T[]) : 'T :> IRing<'T> = c[0] + t * (c[1] + t * c[2])

    /// c_1 = −λ(K(1) − K(0) + (λ/α)²(1/τ² + 2/(3τ) + 2/15)), λ/α = −κ/g
    let firstOrderOf (data: Data) (κ: 'T) : 'T :> IRing<'T> =
        let c = parabola data κ
        let one = Rational.One / data.Tau
        let ratio = -number(Rational.One / data.Kernel) * κ
        let weight = number (one * one + Rational.create 2 3 * one + Rational.create 2 15)
        -number data.Alpha * ratio * (c[1] + c[2] + ratio * ratio * weight)

    /// n(a − b) − c
    let scaledGap (n: int) (a: Interval) (b: Interval) (c: Interval) : Interval = Interval.ofFloat (float n) * (a - b) - c

let internal value (data: Data) (κ: float) : float = (f data (Binary64 κ)).Value

/// Enclosures of all global minimisers of f, each of one of them only.
let internal minimisers (data: Data) : Interval list =
    let slope (box: Interval) = AnalyticDual.derivative (f data) box
    // ακ²/g ≤ f(κ) ≤ f(0) at a minimiser.
    let reach = sqrt (value data 0.0 * Rational.toFloat (data.Kernel / data.Alpha)) + 1.0

    let rec search (least: float) (kept: Interval list) (boxes: Interval list) (round: int) : Interval list =
        if round = 0 then
            kept @ boxes
        else
            let halves =
                boxes
                |> List.collect (fun box ->
                    let m = Interval.midpoint box
                    [ Interval.ofBounds box.Lower m; Interval.ofBounds m box.Upper ])

            let least = halves |> List.fold (fun least box -> min least (f data (Interval.ofFloat (Interval.midpoint box))).Upper) least
            let mayHold (box: Interval) = (f data box).Lower <= least && Interval.contains 0.0 (slope box)
            search least kept (List.filter mayHold halves) (round - 1)

    // Neighbouring boxes join to clusters.
    let join (clusters: Interval list) (box: Interval) =
        match clusters with
        | last :: rest when box.Lower <= last.Upper -> Interval.hull last box :: rest
        | _ -> box :: clusters

    search infinity [] [ Interval.ofBounds -reach reach ] 26 |> List.sortBy _.Lower |> List.fold join [] |> List.rev

/// The minimiser of f nearest to a number, by Newton's method in floats.
let internal newton (data: Data) (start: float) : float =
    let next κ =
        let slope = AnalyticDual.derivative (f data) (Binary64 κ)
        κ - slope.Value / (curvature data (Binary64 κ)).Value

    Seq.fold (fun κ _ -> next κ) start (seq { 1..40 })

/// λ = −ακ/g
let private λ (data: Data) (κ: float) : float = -Rational.toFloat(data.Alpha / data.Kernel) * κ

/// K(t)
let internal limit (data: Data) (κ: float) (t: float) : float = (at (Binary64 t) (parabola data (Binary64 κ))).Value

/// c_1 by its closed form.
let internal firstOrder (data: Data) (κ: float) : float = (firstOrderOf data (Binary64 κ)).Value

/// The one zero of f′ within 10⁻⁹ of a number, proven.
let internal enclosedMinimiser (data: Data) (κ: float) : Interval option =
    Extremals.encloseZero 1e-9 (Array.map (slope data)) (Array.map (slope data)) [| κ |] |> Option.map Array.head

/// f(κ), enclosed.
let internal enclosedValue (data: Data) (κ: Interval) : Interval = f data κ

/// The coefficients of K for an enclosed κ.
let internal enclosedLimit (data: Data) (κ: Interval) : Interval[] = parabola data κ

/// The unknowns (K(0), P(0)) of the limit.
let internal unknowns (data: Data) (κ: float) : float[] = [| limit data κ 0.0; 2.0 * λ data κ / Rational.toFloat data.X |]

/// K(i/n) for an enclosed κ.
let internal enclosedAt (data: Data) (κ: Interval) (i: int) (n: int) : Interval = at (Ring.ratio i n) (parabola data κ)

/// K_0, …, K_{n−1} of the stationary point of E_n next to a minimiser of f.
let internal nodes (data: Data) (κ: float) (n: int) : ResidualWeights<Binary64> =
    Extremals.solveDiscrete data.Problem n (unknowns data κ) |> Extremals.weights data.Problem n

/// E_n of weights.
let internal energy (data: Data) (weights: ResidualWeights<Binary64>) : float =
    (Objective.value (Extremals.training data.Problem) weights).Value

/// max|K_i − K(i/n)|
let internal nodeError (data: Data) (κ: float) (weights: ResidualWeights<Binary64>) : float =
    let n = weights.Depth

    weights.Kernel |> Array.mapi (fun i k -> abs (k[0, 0].Value - limit data κ (float i / float n))) |> Array.max

/// max|K_i − K(i/n)| of enclosed weights.
let internal enclosedNodeError (data: Data) (κ: Interval) (weights: ResidualWeights<Interval>) : Interval =
    ResidualWeights.kernelSequence weights
    |> Array.concat
    |> Array.mapi (fun i k -> Errors.distance k (enclosedAt data κ i weights.Depth))
    |> Array.reduce Interval.max

let internal reference: Data = { X = Rational.One; Y = Rational.ofInt 2; Alpha = Rational.create 1 10; Tau = Rational.One }

/// The global minimiser of the reference data.
let internal κ: float = newton reference 0.68

let private shrink (data: Data) : Data seq =
    seq {
        for x in SequenceDraws.shrinkPositive data.X do
            { data with X = x }

        for y in Draws.shrinkFraction data.Y do
            { data with Y = y }

        for α in SequenceDraws.shrinkPositive data.Alpha do
            { data with Alpha = α }

        for τ in SequenceDraws.shrinkPositive data.Tau do
            { data with Tau = τ }
    }

let private draw (stream: RandomStream) : Data = {
    X = SequenceDraws.positive stream
    Y = SequenceDraws.fraction stream
    Alpha = SequenceDraws.positive stream
    Tau = SequenceDraws.positive stream
}

let private generator: Generator<Data> = Generator.fromStream (fun _ stream -> draw stream) shrink show

/// K = (κ/g)(1/τ + t − t²/2) has ∫K = κ and R_∞ = κ²/g, and no polynomial has less.
let private isReduction (data: Data) : Outcome =
    let g = data.Kernel
    let scale = data.Y / g
    let kernel = [| scale / data.Tau; scale; -scale / Rational.ofInt 2 |]
    let energy k = WeightFunction.energy data.Tau (Functions.polynomial k)
    let mean k = RingPolynomial.integrate k Rational.Zero Rational.One
    let other = [| data.X; data.Y; data.Alpha; -data.X |]
    let otherMean = mean other

    Outcome.all [
        Check.equal "∫K" data.Y (mean kernel)
        Check.equal "R_∞(K)" (data.Y * data.Y / g) (energy kernel)
        Check.atMost "κ²/g" (energy other) (otherMean * otherMean / g)
    ]

/// f″ > 0 on [−20, 20] by enclosures, piece by piece.
let private isConvex (data: Data) : Outcome =
    let rec positive (box: Interval) depth =
        (curvature data box).Lower > 0.0
        || depth > 0
           && (let m = Interval.midpoint box
               positive (Interval.ofBounds box.Lower m) (depth - 1) && positive (Interval.ofBounds m box.Upper) (depth - 1))

    Outcome.isTrue "f″" "is positive on [−20, 20]" (positive (Interval.ofBounds -20.0 20.0) 16)

/// With α/g above y²/8, by as much as 1 + 1/8.
let private convex: Generator<Data> =
    let penalised (data: Data) = { data with Alpha = data.Kernel * (data.Y * data.Y + Rational.One) * Rational.create 9 64 }
    // α follows from y and τ, so that it does not shrink on its own.
    let simpler (data: Data) = shrink { data with Alpha = Rational.One } |> Seq.map penalised
    Generator.fromStream (fun _ stream -> penalised (draw stream)) simpler show

/// One global minimiser, within 10⁻⁶ of κ, and its value is f(κ).
let private isGlobal (κ: float, data: Data) : Outcome =
    match minimisers data with
    | [ box ] ->
        Outcome.all [
            Outcome.isTrue "the minimiser of f" $"is near {κ}" (Interval.width box < 1e-6 && abs (Interval.midpoint box - κ) < 1e-6)
            Outcome.isTrue "f″" "is positive at the minimiser" ((curvature data box).Lower > 0.0)
        ]
    | boxes -> Outcome.refuted "the number of places where f may be least" "1" (string boxes.Length)

/// Newton's stationary points of E_n are proven to be some, within 10⁻⁹.
let private isStationary (n: int) : Outcome =
    let found = Extremals.solveDiscrete reference.Problem n (unknowns reference κ)

    match Extremals.enclose reference.Problem n 1e-9 found with
    | None -> Outcome.undecided "the Krawczyk operator proves nothing on this box"
    | Some box ->
        let path = Extremals.discrete reference.Problem n box
        let weights = Extremals.weights reference.Problem n found

        let inside =
            Array.forall2
                (fun (k: Interval) (m: Matrix<Binary64>) -> abs (m[0, 0].Value - Interval.midpoint k) <= 1e-9)
                path.K
                weights.Kernel

        Outcome.isTrue "K_0, …, K_{n−1}" "is within 10⁻⁹ of the enclosure of the stationary point" inside

/// Errors of K and E_n, and E_n against c_1.
let private ladder (data: Data, κ: float) : Outcome =
    match enclosedMinimiser data κ with
    | None -> Outcome.undecided "the Krawczyk operator proves nothing near κ"
    | Some κ' ->
        let enclosed n = Extremals.solveDiscrete data.Problem n (unknowns data κ) |> Extremals.enclosedWeights data.Problem n
        let rungs = [ 16; 32; 64; 128; 256 ] |> List.map (fun n -> n, enclosed n)
        let energy weights = Objective.value (Extremals.training data.Problem) weights
        let rung error (n: int, weights) = Errors.rung n (Option.map (error n) weights)

        Outcome.all [
            rungs |> List.map (rung (fun _ w -> enclosedNodeError data κ' w)) |> Asymptotic.within "max|K_i − K(i/n)|" (0.95, 1.05)
            rungs
            |> List.map (rung (fun _ w -> Errors.distance (energy w) (f data κ')))
            |> Asymptotic.within "|min E_n − min E_∞|" (0.95, 1.05)
            rungs
            |> List.map (rung (fun n w -> scaledGap n (energy w) (f data κ') (firstOrderOf data κ') |> Interval.abs))
            |> Asymptotic.within "|n(min E_n − min E_∞) − c_1|" (0.9, 1.1)
        ]

let claim: Claim =
    let doubleWell = { reference with Y = Rational.ofInt 100; Alpha = Rational.ofInt 400 * reference.Kernel }
    let showPair (κ: float, data) = ("κ", string κ) :: show data

    let at n () =
        let weights = nodes reference κ n
        let kernel = ResidualWeights.kernelSequence weights |> Array.concat |> Binary64.toFloats
        [| kernel[0]; kernel[n - 1]; energy reference weights; nodeError reference κ weights |]

    Paper.define
        "thorpe-van-gennip.benchmark.scalar-linear"
        Paper.reconstructed
        "Problem B, (xe^{∫K} − y)² + αR_∞(K; τ): minimising over K is minimising f(κ) = (xe^κ − y)² + ακ²/g over one number, K = (κ/g)(1/τ + t − t²/2); f is convex if α/g > y²/8."
    |> Claim.hypothesis "H1" "α/g > y²/8"
    |> Claim.exact "reduction" (Instances.random generator 60) isReduction
    |> Claim.certified "convex" (Instances.random convex 20) isConvex
    |> Claim.certified "global" (Instances.chosen showPair [ κ, reference; newton doubleWell 4.35, doubleWell ]) isGlobal
    |> Claim.certified "stationary" (Instances.chosen (fun (n: int) -> [ "n", string n ]) [ 4; 16; 64 ]) isStationary
    |> Claim.asymptotic "rates" (Instances.ladder (fst >> show) [ reference, κ ]) ladder
    |> Known.bounded "reference" [
        Known.floats "κ, λ, E_∞" "0.680143391813351296 -0.0510107543860013472 0.035362292258180952" (fun () -> [|
            κ
            λ reference κ
            value reference κ
        |])
        Known.floats
            "K(0), K(1/2), K(1), X(1)"
            "0.510107543860013472 0.701397872807518524 0.765161315790020208 1.97416079043143522"
            (fun () -> [| limit reference κ 0.0; limit reference κ 0.5; limit reference κ 1.0; Elementary.exp κ |])
        Known.floats "c_1" "0.0369027734658717729" (fun () -> [| firstOrder reference κ |])
        Known.floats "n = 4: K_0, K_{n−1}, E_n, error" "0.605005587749029 0.828884539802409 0.0457502028854592 0.0956896109862938" (at 4)
        Known.floats "n = 16" "0.532821636822731 0.781876721484135 0.0377393184220610 0.0233562006412392" (at 16)
        Known.floats "n = 64" "0.515717277452512 0.769375638121678 0.0359432738052706 0.00579509006248659" (at 64)
        Known.floats "n = 256" "0.511505612933434 0.766216917136085 0.0355067166047256 0.00144591229274931" (at 256)
        Known.floats "double well: κ of the minima and between" "0.349591841927963 4.351057320645232 2.353235673381711" (fun () -> [|
            newton doubleWell 0.35
            newton doubleWell 4.35
            newton doubleWell 2.35
        |])
        Known.floats "double well: f there" "9767.200199315267 8076.21441210102 10221.83772917834" (fun () ->
            [| 0.35; 4.35; 2.35 |] |> Array.map (newton doubleWell >> value doubleWell))
    ]
    |> Claim.neededBy "H1" (Instances.chosen show [ doubleWell ]) isConvex
