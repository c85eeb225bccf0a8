/// A residual step with one ReLU is a flow iff its slope is positive.
///
/// Statement: S_c(x) = x + c·max(0, w·x + b), m = c·w, w ≠ 0, is a homeomorphism iff 1 + m &gt; 0; then it is the time-1 flow of a·max(0, w·x + b)
/// with a = c·log(1 + m)/m (a = c if m = 0), and S_c⁻¹ = S_{−c/(1+m)}.
/// Proof: s = w·x + b becomes (1 + m)·s where s &gt; 0. For 1 + m ≤ 0 a ray folds or collapses.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Duan.Term.StepIsFlow

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Duan

/// S_{−c/(1+m)}∘S_c = id = S_c∘S_{−c/(1+m)}
let private inverts (case: StepCase) : Outcome =
    let back = ResidualStep.apply (ResidualStep.inverse case.Step)

    case.Points
    |> Seq.collect (fun x -> [
        Check.vectors "S_c⁻¹(S_c(x))" x (back (Steps.apply case x))
        Check.vectors "S_c(S_c⁻¹(x))" x (Steps.apply case (back x))
    ])
    |> Outcome.all

/// w·S_c(x) + b = max(0, (1 + m)s) + min(0, s) along the line x + tw, which is strictly increasing in s: S_c is a bijection.
let private isIncreasing (case: StepCase) : Outcome =
    let s = Steps.ridge case.W case.B
    let ordered = case.Points |> Array.map (fun x -> s x, s (Steps.apply case x)) |> Array.distinct |> Array.sort

    Array.pairwise ordered
    |> Seq.map (fun ((s, a), (t, b)) -> Outcome.isTrue $"w·S_c(x) + b at s = {s} and {t}" "increases" (a < b))
    |> Outcome.all

/// The flow of the term for time 1 is S_c: φ¹(x) = x + φ₁(κ)·a·max(0, s), κ = a·w = log(1 + m), φ₁(κ)·a = c up to 4 roundings in log1p, expm1, two quotients
/// and two products, 2 more for the product and the sum with max(0, s), and those of s; κ itself is rounded, which moves φ₁ by less than its relative
/// error (1 + |κ|).
let private isFlow (case: StepCase) : Outcome =
    let binary = Rational.toFloat >> Binary64
    let step = { Shift = Array.map binary case.C; Weights = Array.map binary case.W; Bias = binary case.B }
    let m = Rational.toFloat case.Slope
    let term = ResidualStep.generator step
    let size (v: Binary64[]) = v |> Array.sumBy (fun v -> abs v.Value)

    case.Points
    |> Seq.map (fun x ->
        let exact = Steps.apply case x
        let x = Array.map binary x
        let flow = TermFlow.apply term 1.0 x

        let error =
            Array.map2 (fun (a: Binary64) b -> abs (Rational.toFloat (Rational.ofFloat a.Value - b))) flow exact |> Array.max

        let products =
            abs step.Bias.Value
            + Array.fold2 (fun sum (w: Binary64) (x: Binary64) -> sum + abs (w.Value * x.Value)) 0.0 step.Weights x

        let roundings = float (case.C.Length + 12) / 9007199254740992.0
        Outcome.atMost "|φ¹(x) − S_c(x)|" (roundings * (size x + size step.Shift * products * (1.0 + abs (Elementary.log1p m)))) error)
    |> Outcome.all

/// Two points of different s have different images.
let private separates (case: StepCase) : Outcome =
    let images = case.Points |> Array.map (Steps.apply case)
    Outcome.isTrue "the images" "differ" ((Array.distinct images).Length = images.Length)

let claim: Claim =
    let steps = Steps.generator (1, 4) Steps.anyShape Steps.isInvertible 6
    let scalar c points = Steps.create c "1" "0" points

    Paper.define
        "duan.term.step-is-flow"
        Paper.reconstructed
        "S_c(x) = x + c·max(0, w·x + b) is a homeomorphism iff 1 + c·w > 0; then it is the time-1 flow of a ReLU term, and its inverse is S_{−c/(1+c·w)}."
    |> Claim.hypothesis "H1" "1 + c·w > 0"
    |> Claim.exact "inverse" (Instances.random steps 300) inverts
    |> Claim.exact "increasing" (Instances.random steps 100) isIncreasing
    |> Claim.bounded "flow" (Instances.random steps 300) isFlow
    |> Claim.neededBy "H1" (Instances.chosen Steps.show [ scalar "-1" [ "1"; "2" ]; scalar "-2" [ "1"; "-1" ] ]) separates
