/// Exact terms may run backward.
///
/// Statement: real splittings of order above 2 have negative substeps (classical); with exact terms they stay leaky layers, as the slope is e^{κτ} &gt; 0 (ReLU) or H = asinh(e^{κτ}·sinh) increases (tanh) for every
/// real τ. A forward substep has the Lipschitz constant e^{μτ}, μ = (|a||w| + κ)/2, a backward one e^{μ⁻|τ|}, μ⁻ = (|a||w| − κ)/2. Yoshida's substeps have the total length (2γ₁ + |γ₀|)T.
/// An Euler substep has the slope 1 + κτ, which is negative for κ = 2, τ = γ₀.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Duan.Split.NegativeTime

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Duan

/// A term, a time and two points.
[<NoComparison>]
type private Case = { Term: RidgeTerm<Binary64>; Tau: float; X: float[]; Y: float[] }

/// The step of a ReLU term for any time has 1 + c·w = e^{κτ}, which is positive: 12 roundings of 1 + |c·w| and of the products in κ.
let private isLegal (case: Case) : Outcome =
    let κ = (RidgeTerm.rate case.Term).Value
    let m = (ResidualStep.slope (TermFlow.residualStep case.Term case.Tau)).Value
    let products = Fields.length case.Term * Fields.norm (Fields.floats case.Term.Weights)
    let grown = Elementary.exp (κ * case.Tau)
    let tolerance = 16.0 * Fields.unit * (1.0 + products * abs case.Tau) * (1.0 + grown)

    Outcome.all [
        Outcome.atMost "|1 + c·w − e^{κτ}|" tolerance (abs (1.0 + m - grown))
        Outcome.isTrue "1 + c·w" "is positive" (1.0 + m > 0.0)
    ]

/// The step and its inverse in fractions: backward is as legal as forward.
let private goesBack (case: StepCase) : Outcome =
    let inverse = ResidualStep.inverse case.Step
    let one = Rational.One

    Outcome.all [
        Check.equal "(1 + m)(1 + m⁻)" one ((one + case.Slope) * (one + ResidualStep.slope inverse))
        Outcome.isTrue "1 + m⁻" "is positive" ((one + ResidualStep.slope inverse).Sign > 0)
    ]

/// |φ^τ(x) − φ^τ(y)| ≤ e^{μ|τ|}|x − y| with the logarithmic norm of the direction.
let private isLipschitz (case: Case) : Outcome =
    let φ x = TermFlow.apply case.Term case.Tau (Fields.binary x) |> Fields.floats
    let size = Fields.length case.Term * Fields.norm (Fields.floats case.Term.Weights)
    let κ = (RidgeTerm.rate case.Term).Value
    let μ = 0.5 * (size + (if case.Tau < 0.0 then -κ else κ))
    let factor = Elementary.exp (μ * abs case.Tau)
    let scale = Fields.norm case.X + Fields.norm case.Y + abs case.Term.Bias.Value + 1.0

    let rounding =
        64.0 * Fields.unit * (1.0 + size) * (1.0 + abs case.Tau) * factor * scale * Elementary.exp (size * abs case.Tau)

    Outcome.atMost "|φ^τ(x) − φ^τ(y)|" (factor * Fields.distance case.X case.Y + rounding) (Fields.distance (φ case.X) (φ case.Y))

/// All substeps of a Yoshida step of length 1 on two terms of rate κ have positive slopes.
let private arePositive (slope: float -> float -> float) (κ: float) : Outcome =
    (Splitting.substeps Splitting.Yoshida 2: Substep<Binary64> list)
    |> List.map (fun s -> Outcome.isTrue $"the slope of the substep of length {s.Share}" "is positive" (slope κ s.Share.Value > 0.0))
    |> Outcome.all

let claim: Claim =
    let cases profile =
        let draw (stream: RandomStream) =
            let term = Term.ReluFlow.drawTerm profile stream
            let point () = Array.init term.Direction.Length (fun _ -> stream.NextFloat(-3.0, 3.0))
            { Term = term; Tau = stream.NextFloat(-2.0, 2.0); X = point (); Y = point () }

        let show (case: Case) =
            Fields.showTerms [| case.Term |] @ [ "τ", string case.Tau; "x", sprintf "%A" case.X; "y", sprintf "%A" case.Y ]

        Generator.fromStream (fun _ -> draw) Shrink.none show

    let showRate (κ: float) = [ "κ", string κ; "h", "1" ]
    let shares = (Splitting.substeps Splitting.Yoshida 1: Substep<Binary64> list) |> List.sumBy (fun s -> s.Share.Value)

    Paper.define
        "duan.split.negative-time"
        Paper.reconstructed
        "Backward substeps of exact terms are leaky layers, with slopes e^{κτ} > 0 and Lipschitz constants e^{μ⁻|τ|}: splittings of any order are exact networks."
    |> Claim.hypothesis "H1" "the substeps are exact flows"
    |> Claim.exact "inverse-steps" (Instances.random (Steps.generator (1, 4) Steps.anyShape Steps.isInvertible 1) 200) goesBack
    |> Claim.bounded "slopes" (Instances.random (cases Profile.Relu) 300) isLegal
    |> Claim.bounded "lipschitz-relu" (Instances.random (cases Profile.Relu) 200) isLipschitz
    |> Claim.bounded "lipschitz-tanh" (Instances.random (cases Profile.Tanh) 200) isLipschitz
    |> Claim.bounded "yoshida" (Instances.chosen showRate [ -3.0; -1.0; 0.0; 2.0; 5.0 ]) (arePositive (fun κ τ -> Elementary.exp (κ * τ)))
    |> Known.bounded "reference" [
        Known.floats "γ₁ and γ₀" "1.35120719195965763 -1.70241438391931527" (fun () ->
            // φ^{γ₁/2} φ^{γ₁} φ^{(γ₁+γ₀)/2} φ^{γ₀} …
            let shares = (Splitting.substeps Splitting.Yoshida 2: Substep<Binary64> list) |> List.map _.Share.Value
            [| shares[1]; shares[3] |])
        Known.floats "2γ₁ + |γ₀|" "4.40482876783863" (fun () ->
            let shares = (Splitting.substeps Splitting.Yoshida 2: Substep<Binary64> list) |> List.map _.Share.Value
            [| 2.0 * shares[1] + abs shares[3] |])
        Known.floats "e^{2γ₀} and 1 + 2γ₀" "0.033212506644412862 -2.40482876783863" (fun () ->
            let γ0 = ((Splitting.substeps Splitting.Yoshida 2: Substep<Binary64> list) |> List.map _.Share.Value)[3]
            [| Elementary.exp (2.0 * γ0); 1.0 + 2.0 * γ0 |])
        Known.floats "the sum of the shares of one term" "1.0" (fun () -> [| shares |])
    ]
    |> Claim.neededBy "H1" (Instances.chosen showRate [ 2.0 ]) (arePositive (fun κ τ -> 1.0 + κ * τ))
