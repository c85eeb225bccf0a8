/// The second half of Γ-convergence: every limit is approached, by sampling.
///
/// Statement: E_n(S_nθ) ≤ E_∞(θ) + C(θ)/n for every θ in H¹, with the explicit C of `minima.convergence`.
/// Proof: R_n(S_nθ) ≤ R_∞(θ), and the data terms differ by at most C/n.
/// Without a locally Lipschitz loss the rate is lost: σ = id, K(t) = t, x = 1, Φ(z) = |z − √e|^{1/2}: E_n − E_∞ ~ (2√e/3)^{1/2}n^{−1/2}. Without a continuous loss sampling is no recovery sequence: X′ = b, x = 0, Φ = 0 for z ≥ 1 and 1
/// else: the best b has ∫b = 1 and Σb(i/n)/n < 1.
/// The abstract has the convergence; the bound is our own.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.ThorpeVanGennip.Gamma.Limsup

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.DeepLimit
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.ThorpeVanGennip
open LayerTime.Core.Claims.ThorpeVanGennip.Gamma

/// Polynomial weights of a problem, with the bounds of their field.
[<NoComparison; NoEquality>]
type private Smooth = { Problem: TrainingProblem<Binary64>; Case: PolynomialCase; Readout: float[]; Offset: float }

let private show (smooth: Smooth) : (string * string) list =
    PolynomialCase.show smooth.Case @ [ "W", sprintf "%A" smooth.Readout; "c", string smooth.Offset ]

let private generator: Generator<Smooth> =
    let inner = PolynomialCase.generator [| "tanh" |] [| 2; 4; 8; 32 |]

    let draw (case: PolynomialCase) (stream: RandomStream) =
        let d = case.Start.Length

        {
            Problem = Functionals.drawProblem d stream
            Case = case
            Readout = Array.init d (fun _ -> PolynomialCase.normal stream)
            Offset = PolynomialCase.normal stream
        }

    // The stream is spent within the draw.
    let gen = FsCheck.FSharp.Gen.map2 draw inner.Gen Generator.stream

    let shrink smooth =
        seq {
            for problem in Functionals.shrinkProblem smooth.Problem do
                { smooth with Problem = problem }

            for case in inner.Shrink smooth.Case do
                { smooth with Case = case }

            for w in Shrink.elements Shrink.float smooth.Readout do
                { smooth with Readout = w }

            for c in Shrink.float smooth.Offset do
                { smooth with Offset = c }
        }

    Generator.create gen shrink show

let private limitWeights (smooth: Smooth) : LimitWeights<Binary64> =
    let polynomial coefficients = coefficients |> Array.map Binary64.ofFloats |> WeightFunction.polynomial |> Defect.orFail

    {
        Kernel = polynomial smooth.Case.Kernel
        Bias = polynomial smooth.Case.Bias
        Readout = Matrix.ofRows [| Binary64.ofFloats smooth.Readout |]
        Offset = [| Binary64 smooth.Offset |]
    }

let private isBounded (smooth: Smooth) : Outcome =
    let n = smooth.Case.N
    let θ = limitWeights smooth
    let weights = ResidualWeights.sample n θ
    let field = PolynomialCase.field smooth.Case
    let c = Functionals.constant smooth.Problem weights field.A field.Bias field.RiseK field.RiseB
    let value = (Objective.value smooth.Problem weights).Value
    let limit, doubt = Functionals.limitValue 64 smooth.Problem θ

    if doubt > 1e-3 * c / float n then
        Outcome.undecided $"the reference is only known to {doubt}"
    else
        let ρ = Functionals.rounding smooth.Problem weights field.A field.Bias 128 value
        Outcome.atMost "E_n(S_nθ) − E_∞(θ)" (c / float n + doubt + ρ) (value - limit)

/// X_n of K(t) = t, σ = id, x = 1.
let private rampOutput (n: int) : float = Seq.fold (fun x i -> x + x * (float i / float n) / float n) 1.0 (seq { 0 .. n - 1 })

/// |E_n − E_∞| for the loss |z − √e|^p.
let private lossLadder (power: float) : Outcome =
    [ 64; 256; 1024; 4096 ]
    |> List.map (fun n ->
        let root = Elementary.exp 0.5
        let gap = root - rampOutput n
        let error = Elementary.exp (power * Elementary.log gap)
        // Five roundings a layer of positive numbers, passed on by gap^p, and those of the power itself.
        { Resolution = float n; Error = error; Floor = error * (power * Errors.γ (5 * n + 8) * root / gap + Errors.γ 64) })
    |> Asymptotic.within "E_n(S_nθ) − E_∞(θ)" (0.9, 1.1)

/// min of αR_∞ with ∫b = 1, sampled, against α/g + C/n; α = 1/10, τ = 1, b = (1/g)(1 + t − t²/2); scaled to the mean 1 if asked.
let private recovers (isScaled: bool) (n: int) : Outcome =
    let g = Sequences.limitMean Rational.One
    let b = Array.init n (fun i -> let t = Rational.create i n in (Rational.One + t - t * t / Rational.ofInt 2) / g)
    let mean = Array.fold (+) Rational.Zero b / Rational.ofInt n
    let b = if isScaled then Array.map (fun b -> b / mean) b else b
    let reached = if isScaled then Rational.One else mean
    let α = Rational.create 1 10
    let loss = if reached >= Rational.One then Rational.Zero else Rational.One
    // The scale 1/mean is 1 + O(1/n): αR_n grows by less than 2α/n·R_∞ for n ≥ 4.
    Check.atMost
        "E_n"
        (α / g + Rational.create 1 n * Rational.create 1 5)
        (loss + α * WeightSequence.energy Rational.One (Sequences.ofNumbers b))

let claim: Claim =
    let showDepth (n: int) = [ "n", string n ]
    let showPower (p: float) = [ "Φ(z)", $"|z − √e|^{p}" ]
    let scaled n = sqrt (float n) * sqrt (Elementary.exp 0.5 - rampOutput n)

    Paper.define "thorpe-van-gennip.gamma.limsup" Paper.ofAbstract "Sampling recovers every θ in H¹: E_n(S_nθ) ≤ E_∞(θ) + C(θ)/n."
    |> Claim.hypothesis "H2" "the loss is continuous"
    |> Claim.hypothesis "H6" "the loss is locally Lipschitz"
    |> Claim.bounded "bound" (Instances.random generator 40) isBounded
    |> Claim.asymptotic "lipschitz-loss" (Instances.ladder showPower [ 1.0 ]) lossLadder
    |> Claim.exact "scaled" (Instances.chosen showDepth [ 4; 16; 64 ]) (recovers true)
    |> Known.bounded "reference" [
        Known.floats "√n·(E_n − E_∞) for |z − √e|^½, n = 16, 256, 4096" "1.022430 1.046701 1.048296" (fun () -> [|
            for n in [ 16; 256; 4096 ] -> scaled n
        |])
        Known.floats "its limit (2√e/3)^½" "1.048403" (fun () -> [| sqrt (2.0 / 3.0 * Elementary.exp 0.5) |])
    ]
    |> Claim.neededBy "H6" (Instances.ladder showPower [ 0.5 ]) lossLadder
    |> Claim.neededBy "H2" (Instances.chosen showDepth [ 4; 16; 64 ]) (recovers false)
