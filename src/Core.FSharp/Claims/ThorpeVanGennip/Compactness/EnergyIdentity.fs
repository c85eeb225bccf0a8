/// Interpolation keeps the regulariser, prolongation too, and sampling does not increase it.
///
/// Statement: for all sequences and all τ: (i) R_∞(I_nK) = R_n(K); (ii) R_{2n}(ΠK) = R_n(K); (iii) R_n(S_nf) ≤ R_∞(f) for f ∈ H¹; (iv) ∫|P_nK − I_nK|² = (1/3n)Σ|ΔK_i|² ≤ R_n(K)/(3n²).
/// Proof: the slope on a cell is nΔK and its length 1/n; (iii) is Jensen's inequality on each cell; (iv) integrates the square of a linear function.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.ThorpeVanGennip.Compactness.EnergyIdentity

open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.DeepLimit
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.ThorpeVanGennip

/// A sequence with the constant τ.
[<NoComparison>]
type private Case = { K: Rational[][]; Tau: Rational }

let private show (case: Case) : (string * string) list = [ "K", Draws.showRows case.K; "τ", string case.Tau ]

let private generator: Generator<Case> =
    let draw size (stream: RandomStream) =
        let d = 1 + size % 3
        { K = SequenceDraws.sequence 12 (d * d) stream; Tau = SequenceDraws.fraction stream }

    let shrink case =
        seq {
            for k in SequenceDraws.shrink case.K do
                { case with K = k }

            for τ in Draws.shrinkFraction case.Tau do
                { case with Tau = τ }
        }

    Generator.fromStream draw shrink show

/// R_∞ of an interpolation, integrated piece by piece, is R_n.
let private interpolates (interpolate: Rational[][] -> WeightFunction<Rational>) (case: Case) : Outcome =
    Check.equal "R_∞(I_nK)" (WeightSequence.energy case.Tau case.K) (WeightFunction.energy case.Tau (interpolate case.K))

/// The prolongation keeps R, and interpolates the same function.
let private prolongs (case: Case) : Outcome =
    let longer = WeightSequence.prolong case.K

    Outcome.all [
        Check.equal "R_2n(ΠK)" (WeightSequence.energy case.Tau case.K) (WeightSequence.energy case.Tau longer)
        Check.equal
            "∫|I_2n ΠK − I_nK|²"
            Rational.Zero
            (WeightFunction.distanceSquared (WeightFunction.interpolate longer) (WeightFunction.interpolate case.K))
    ]

let private embeds (case: Case) : Outcome =
    let n = Rational.ofInt case.K.Length
    let distance = WeightFunction.distanceSquared (WeightFunction.constant case.K) (WeightFunction.interpolate case.K)
    let three = Rational.ofInt 3

    Outcome.all [
        Check.equal "∫|P_nK − I_nK|²" (Sequences.squaredRises case.K / (three * n)) distance
        Check.atMost "∫|P_nK − I_nK|²" (WeightSequence.energy (Rational.abs case.Tau) case.K / (three * n * n)) distance
    ]

/// A polynomial of degree at most 4, a depth and τ ≥ 0.
[<NoComparison>]
type private Sampled = { F: Rational[]; N: int; Tau: Rational }

let private showSampled (case: Sampled) : (string * string) list = [
    "coefficients of f", Known.show case.F
    "n", string case.N
    "τ", string case.Tau
]

let private sampled: Generator<Sampled> =
    let draw _ (stream: RandomStream) = {
        F = Array.init (stream.NextInt(1, 5)) (fun _ -> SequenceDraws.fraction stream)
        N = stream.NextInt(1, 12)
        Tau = SequenceDraws.positive stream
    }

    let shrink case =
        seq {
            for n in Shrink.int 1 case.N do
                { case with N = n }

            for f in Shrink.array 1 Draws.shrinkFraction case.F do
                { case with F = f }
        }

    Generator.fromStream draw shrink showSampled

let private samples (n: int) (f: Rational[]) : Rational[][] = WeightFunction.sample n (Functions.polynomial f)

let private energyOf (f: Rational[]) (τ: Rational) : Rational = WeightFunction.energy τ (Functions.polynomial f)

let private doesNotIncrease (case: Sampled) : Outcome =
    Check.atMost "R_n(S_nf)" (energyOf case.F case.Tau) (WeightSequence.energy case.Tau (samples case.N case.F))

/// Linear on the last cell too.
let private extrapolated (k: Rational[][]) : WeightFunction<Rational> =
    let pieces = (WeightFunction.interpolate k).Pieces

    if k.Length >= 2 then
        let slope = pieces[k.Length - 2].Coefficients[1]
        pieces[k.Length - 1] <- { pieces[k.Length - 1] with Coefficients = [| Array.last k; slope |] }

    WeightFunction.create pieces |> Defect.orFail

/// A weight K_n = 0 after the last, with the sum up to n.
let private withPhantom (case: Case) : Outcome =
    let phantom = Rational.ofInt case.K.Length * Sequences.squared (Array.last case.K)
    let energy = WeightFunction.energy case.Tau (WeightFunction.interpolate case.K)
    Check.equal "R_∞(I_nK)" (WeightSequence.energy case.Tau case.K + phantom) energy

let claim: Claim =
    let sequence words τ = { K = words |> List.map (fun word -> [| Known.number word |]) |> List.toArray; Tau = Rational.ofInt τ }
    let f = Known.vector "1/2 1 -1/2"
    let sampledEnergy n = WeightSequence.energy Rational.One (samples n f)

    Paper.define
        "thorpe-van-gennip.embed.energy-identity"
        Paper.reconstructed
        "R_∞(I_nK) = R_n(K) = R_2n(ΠK), R_n(S_nf) ≤ R_∞(f), and ∫|P_nK − I_nK|² = Σ|ΔK_i|²/(3n) ≤ R_n(K)/(3n²)."
    |> Claim.hypothesis "H1" "I_nK is constant on the last cell"
    |> Claim.hypothesis "H2" "there is no weight K_n: the sum of R_n ends at n − 1"
    |> Claim.exact "interpolation" (Instances.random generator 100) (interpolates WeightFunction.interpolate)
    |> Claim.exact "prolongation" (Instances.random generator 60) prolongs
    |> Claim.exact "sampling" (Instances.random sampled 100) doesNotIncrease
    |> Claim.exact "embedding" (Instances.random generator 60) embeds
    |> Known.exact "reference" [
        Known.value "R_∞(1/2 + t − t²/2; 1)" "7/12" (fun () -> [| energyOf f Rational.One |])
        Known.value "R_4 of its samples" "147/256" (fun () -> [| sampledEnergy 4 |])
        Known.value "R_n and R_∞ of (0, 1), extrapolated" "2 4" (fun () -> [|
            let case = sequence [ "0"; "1" ] 1
            WeightSequence.energy case.Tau case.K
            WeightFunction.energy case.Tau (extrapolated case.K)
        |])
    ]
    |> Known.bounded "defect" [
        Known.floats "n²(R_∞ − R_n) at n = 256" "0.0843098958" (fun () -> [|
            65536.0 * Rational.toFloat (energyOf f Rational.One - sampledEnergy 256)
        |])
    ]
    |> Claim.neededBy "H1" (Instances.chosen show [ sequence [ "0"; "1" ] 1 ]) (interpolates extrapolated)
    |> Claim.neededBy "H1" (Instances.random generator 100) (interpolates extrapolated)
    |> Claim.neededBy "H2" (Instances.chosen show [ sequence [ "1"; "1"; "1" ] 1 ]) withPhantom
