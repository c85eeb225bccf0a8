/// The flow of a ReLU term in closed form.
///
/// Statement: x′ = a·max(0, w·x + b) has the flow φ^τ(x) = x + τφ₁(κτ)·a·max(0, s), s = w·x + b, κ = a·w, for every real τ, φ₁(z) = (e^z − 1)/z.
/// Proof: s′ = κ·max(0, s) keeps the sign of s, so s∘φ^τ = λ_{e^{κτ},1}(s).
/// Checked by the group law and by e^{κτ}·max(0, s) = max(0, w·φ^τ(x) + b), which is the differential equation itself. With θ = |τ| + |ρ| a composition is within
/// 16 ulp·(1 + |a||w|θe^{|κ|θ})·(|x| + |b|/|w| + |a||s|θe^{|κ|θ}): few roundings of the size of the state in the second bracket, carried on with the Lipschitz
/// constant in the first.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Duan.Term.ReluFlow

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Duan

/// A term, two times and a point.
[<NoComparison>]
type private Case = { Term: RidgeTerm<Binary64>; Tau: float; Rho: float; Point: float[] }

let private tolerance (case: Case) : float =
    let a, w = Fields.length case.Term, Fields.norm (Fields.floats case.Term.Weights)
    let θ = abs case.Tau + abs case.Rho
    let grown = θ * Elementary.exp (abs (RidgeTerm.rate case.Term).Value * θ)
    let s = (RidgeTerm.preactivation case.Term (Fields.binary case.Point)).Value
    let size = Fields.norm case.Point + abs case.Term.Bias.Value / w + a * abs s * grown
    16.0 * Fields.unit * (1.0 + a * w * grown) * size

/// Any map in the place of φ^τ.
let private isGroup (flow: RidgeTerm<Binary64> -> float -> Binary64[] -> Binary64[]) (case: Case) : Outcome =
    let x = Fields.binary case.Point
    let φ = flow case.Term

    Outcome.atMost
        "|φ^τ(φ^ρ(x)) − φ^(τ+ρ)(x)|"
        (tolerance case)
        (Fields.distance (φ case.Tau (φ case.Rho x) |> Fields.floats) (φ (case.Tau + case.Rho) x |> Fields.floats))

let private solves (case: Case) : Outcome =
    let s = RidgeTerm.preactivation case.Term
    let x = Fields.binary case.Point
    let κ = (RidgeTerm.rate case.Term).Value
    let w = Fields.norm (Fields.floats case.Term.Weights)
    let grown = Elementary.exp (κ * case.Tau) * max 0.0 (s x).Value
    let there = max 0.0 (s (TermFlow.apply case.Term case.Tau x)).Value
    Outcome.atMost "|e^{κτ}·max(0, s) − max(0, s∘φ^τ)|" (w * tolerance case) (abs (grown - there))

let private show (case: Case) : (string * string) list =
    Fields.showTerms [| case.Term |] @ [ "τ", string case.Tau; "ρ", string case.Rho; "x", sprintf "%A" case.Point ]

/// The term of d in 1..3 with entries in [−2, 2], |w| ≥ 1/4; κ = 0 in one case of five, |κ| below 1e-8 in one of ten.
let internal drawTerm (profile: Profile) (stream: RandomStream) : RidgeTerm<Binary64> =
    let d = stream.NextInt(1, 3)
    let vector stream = Array.init d (fun _ -> (stream: RandomStream).NextFloat(-2.0, 2.0))
    let w = Draws.until (fun w -> Fields.norm w >= 0.25) vector stream
    let a = vector stream
    let κ = Array.fold2 (fun sum a w -> sum + a * w) 0.0 a w
    let square = Array.sumBy (fun w -> w * w) w
    let without rest = Array.map2 (fun a w -> a - (κ - rest) / square * w) a w

    let a =
        match stream.NextInt(1, 10) with
        | 1 -> without (stream.NextFloat(-1e-8, 1e-8))
        | 2
        | 3 -> without 0.0
        | _ -> a

    Fields.create profile a w (stream.NextFloat(-1.0, 1.0))

let claim: Claim =
    let cases =
        let draw (stream: RandomStream) =
            let term = drawTerm Profile.Relu stream

            {
                Term = term
                Tau = stream.NextFloat(-2.0, 2.0)
                Rho = stream.NextFloat(-2.0, 2.0)
                Point = Array.init term.Direction.Length (fun _ -> stream.NextFloat(-3.0, 3.0))
            }

        let shrink (case: Case) =
            seq {
                for τ in Shrink.float case.Tau do
                    { case with Tau = τ }

                for ρ in Shrink.float case.Rho do
                    { case with Rho = ρ }

                for point in Shrink.elements Shrink.float case.Point do
                    { case with Point = point }
            }

        Generator.fromStream (fun _ -> draw) shrink show

    let contracting = Fields.term Profile.Relu "-1 1/2" "1 1" "1/4"
    let at term τ x () = TermFlow.apply term τ (Fields.binary x) |> Fields.floats

    let euler (term: RidgeTerm<Binary64>) τ x =
        Vector.addScaled x (Binary64(τ * max 0.0 (RidgeTerm.preactivation term x).Value)) term.Direction

    Paper.define
        "duan.term.relu-flow"
        Paper.reconstructed
        "The flow of a·max(0, w·x + b) for any time τ is x + τφ₁(κτ)·a·max(0, w·x + b), κ = a·w, φ₁(z) = (e^z − 1)/z."
    |> Claim.hypothesis "H1" "the factor is φ₁(κτ)"
    |> Claim.bounded "group-law" (Instances.random cases 300) (isGroup TermFlow.apply)
    |> Claim.bounded "differential-equation" (Instances.random cases 300) solves
    |> Known.bounded "reference" [
        Known.floats
            "REF_R term 1, τ = 1/2, (3/10, 7/10)"
            "0.506230249420980711 0.596884875289509645"
            (at Fields.refR[0] 0.5 [| 0.3; 0.7 |])
        Known.floats
            "a = (−1, 1/2), w = (1, 1), b = 1/4, τ = 1, (1/2, 1/2)"
            "-0.483673350718416441 0.991836675359208220"
            (at contracting 1.0 [| 0.5; 0.5 |])
    ]
    // Without the factor: the Euler step.
    |> Claim.neededBy
        "H1"
        (Instances.chosen show [
            { Term = Fields.refR[0]; Tau = 0.5; Rho = 0.25; Point = [| 0.3; 0.7 |] }
            { Term = contracting; Tau = 1.0; Rho = 1.0; Point = [| 0.5; 0.5 |] }
        ])
        (isGroup euler)
