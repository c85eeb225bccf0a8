/// The first half of Γ-convergence: no sequence does better than its limit, asymptotically.
///
/// Statement: (μ_n, K_n) → K, b_n → b in TL², W_n → W, c_n → c ⇒ liminf E_n(θ_n) ≥ E_∞(θ). Quantitatively |E_∞(I_nθ) − E_n(θ)| ≤ C(I_nθ)/n for every θ, with the explicit C of `minima.convergence`.
/// Proof: R_n(K) = R_∞(I_nK), so only data terms differ, by the forward rate for I_nθ, whose samples are θ; R_∞ is weakly lower semicontinuous.
/// Families about f = ½ + t − t²/2 with τ = 1: F2 f + a(−1)^i/n tends to f uniformly, yet R_n → R_∞ + 4a² (a strict inequality); F3 with amplitude an^{−γ} has R_n − R_∞ ~ 4a²n^{2−2γ}; a spike and a step have R_n ~ n.
/// The abstract has the convergence; the bound is our own.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.ThorpeVanGennip.Gamma.Liminf

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.DeepLimit
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.ThorpeVanGennip
open LayerTime.Core.Claims.ThorpeVanGennip.Gamma

/// |E_∞(I_nθ) − E_n(θ)| ≤ C(I_nθ)/n
let private isBounded (trained: Trained) : Outcome =
    let n = trained.Weights.Depth
    let bound = Functionals.constantOfNodes trained / float n
    let value = (Objective.value trained.Problem trained.Weights).Value
    let steps = max 64 (2 * n)
    let limit, doubt = Functionals.limitValue steps trained.Problem (ResidualWeights.interpolate trained.Weights)

    if doubt > 1e-3 * bound then
        Outcome.undecided $"the reference is only known to {doubt}"
    else
        Outcome.atMost "|E_∞(I_nθ) − E_n(θ)|" (bound + doubt + Functionals.roundingOfNodes trained (2 * steps) value) (abs (limit - value))

let private f: Rational[] = Known.vector "1/2 1 -1/2"

let private sampled (n: int) : Rational[] = Array.init n (fun i -> Polynomial.evaluate f (Rational.create i n))

let private energy (k: Rational[]) : Rational = WeightSequence.energy Rational.One (Sequences.ofNumbers k)

let private limitEnergy: Rational = WeightFunction.energy Rational.One (Functions.polynomial f)

/// F2: f + a(−1)^i/n.
let private wave (a: Rational) (n: int) : Rational[] = Array.map2 (+) (sampled n) (Sequences.alternating n (a / Rational.ofInt n))

let private strictLimit (a: Rational) : Outcome =
    let target = limitEnergy + Rational.ofInt 4 * a * a

    [ 32; 64; 128; 256 ]
    |> List.map (fun n -> { Resolution = float n; Error = Rational.toFloat (Rational.abs (energy (wave a n) - target)); Floor = 0.0 })
    |> Asymptotic.within "|R_n − R_∞ − 4a²|" (0.9, 1.1)

/// The slope of log(R_n − R_∞) from n = 1024 to 4096 for the amplitude n^{−γ}, in floats; the roundings of f cancel in differences.
let private growthSlope (γ: float) : float =
    let excess n =
        let amplitude = Elementary.exp (-γ * Elementary.log (float n)) / 4.0
        let at i = let t = float i / float n in 0.5 + t - 0.5 * t * t + (if i % 2 = 0 then amplitude else -amplitude)
        let k = Array.init n (at >> Binary64 >> Array.singleton)
        (WeightSequence.energy (Binary64 1.0) k).Value - Rational.toFloat limitEnergy

    Elementary.log (excess 4096 / excess 1024) / Elementary.log 4.0

let private hasGrowth (γ: float) : Outcome = Outcome.atMost "|slope − (2 − 2γ)|" 0.02 (abs (growthSlope γ - (2.0 - 2.0 * γ)))

/// ReLU with K_i = (−1)^i k, x = 1, y = e^{k/2} against the weak limit K = 0: with α the liminf inequality, up to (y − 1)²/n.
let private weakLimit (α: float) (n: int) : Outcome =
    let k = 2.0
    let y = Elementary.exp (k / 2.0)
    let penalty = { Strength = Binary64 α; Start = Binary64 1.0 }
    let problem = Scalar.problem Activation.Relu (Some penalty) None [| Binary64 1.0, Binary64 y |]
    let value = (Objective.value problem (Scalar.unbiased (Sequences.alternating n (Binary64 k)))).Value
    let limit = (1.0 - y) * (1.0 - y)
    Outcome.atLeast "E_n(θ_n)" (limit * (1.0 - 1.0 / float n)) value

let claim: Claim =
    let generator = Generator.fromStream (fun _ -> Functionals.draw [| 2; 4; 8; 32 |]) Functionals.shrink Functionals.show
    let showDepth (n: int) = [ "n", string n ]
    let quarter = Rational.create 1 4

    Paper.define
        "thorpe-van-gennip.gamma.liminf"
        Paper.ofAbstract
        "θ_n → θ in TL² ⇒ liminf E_n(θ_n) ≥ E_∞(θ); |E_∞(I_nθ) − E_n(θ)| ≤ C(I_nθ)/n for every θ."
    |> Claim.hypothesis "H3" "α > 0"
    |> Claim.bounded "bound" (Instances.random generator 40) isBounded
    |> Claim.asymptotic "strict" (Instances.ladder (fun (a: Rational) -> [ "a", string a ]) [ quarter; Rational.ofInt 2 ]) strictLimit
    |> Claim.asymptotic "growth" (Instances.chosen (fun (γ: float) -> [ "γ", string γ ]) [ 0.25; 0.5; 0.75 ]) hasGrowth
    |> Claim.bounded "weak-limit" (Instances.chosen showDepth [ 16; 64; 256 ]) (weakLimit 0.1)
    |> Known.exact "sampled" [ Known.value "R_∞" "7/12" (fun () -> [| limitEnergy |]) ]
    |> Known.bounded "reference" [
        Known.floats "F2, a = 1/4: R_n − R_∞, n = 4, 16, 64, 256" ".08854167 .21665446 .24205939 .24803891" (fun () -> [|
            for n in [ 4; 16; 64; 256 ] -> Rational.toFloat (energy (wave quarter n) - limitEnergy)
        |])
    ]
    |> Claim.neededBy "H3" (Instances.chosen showDepth [ 16; 64; 256 ]) (weakLimit 0.0)
