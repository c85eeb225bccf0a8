/// An Euler step of one term is one-to-one iff it is short.
///
/// Statement: x + τa·g(w·x + b) is a diffeomorphism (tanh) or a homeomorphism (ReLU) iff τκ &gt; −1, κ = a·w; at τκ = −1 the tanh step is a homeomorphism
/// still, the ReLU step collapses a ray. For tanh it is within |a|τ²|κ|/(3√3) of the flow.
/// Proof: s becomes s + τκ·g(s), with slope 1 + τκ·g′, and g′ has the supremum 1. The defect is ∫(tanh s(ρ) − tanh s)dρ, and |g·g′| ≤ 2/(3√3).
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Duan.Term.EulerTerm

open LayerTime.Core.Numbers
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Duan

let private euler (z: float) (s: float) : float = s + z * Elementary.tanh s
let private bound (case: TanhFlow.Scalar) : float = case.Tau * case.Tau * abs case.Kappa / (3.0 * sqrt 3.0)

/// |ψ − τ·tanh s| ≤ τ²|κ|/(3√3)
let private isNear (case: TanhFlow.Scalar) : Outcome =
    let error = abs (TermFlow.tanhProfile case.Kappa case.Tau case.S - case.Tau * Elementary.tanh case.S)
    Outcome.atMost "|ψ − τ·tanh s|" (bound case + 20.0 * Fields.unit * abs case.Tau) error

/// Two coordinates and τκ.
type private Pair = { Z: float; Low: float; High: float }

/// The step keeps the order of two coordinates: high − low grows by at least the factor 1 + min(0, τκ); three roundings of each.
let private isIncreasing (pair: Pair) : Outcome =
    let rounding = 8.0 * Fields.unit * (1.0 + abs pair.Z + abs pair.Low + abs pair.High)
    let apart = euler pair.Z pair.High - euler pair.Z pair.Low

    Outcome.all [
        Outcome.atLeast "the distance of the images" ((1.0 + min 0.0 pair.Z) * (pair.High - pair.Low) - rounding) apart
        Outcome.isTrue "the distance of the images" "is more than rounding" (apart > rounding)
    ]

let private showPair (pair: Pair) : (string * string) list = [ "τκ", string pair.Z; "s", string pair.Low; "t", string pair.High ]

/// The ReLU step on its ray, in fractions: S_c with c·w = τκ is strictly increasing in s.
let private keepsRay (z: Rational) : Outcome =
    let step = { Shift = [| z |]; Weights = [| Rational.One |]; Bias = Rational.Zero }
    let images = [| -2; -1; 0; 1; 2; 5 |] |> Array.map (fun s -> (ResidualStep.apply step [| Rational.ofInt s |])[0])
    Outcome.isTrue "s + τκ·max(0, s) at −2, −1, 0, 1, 2, 5" "increases" (Array.pairwise images |> Array.forall (fun (a, b) -> a < b))

let claim: Claim =
    let pairs =
        let draw (stream: RandomStream) =
            let low = stream.NextFloat(-4.0, 4.0)
            { Z = stream.NextFloat(-0.95, 4.0); Low = low; High = low + stream.NextFloat(0.01, 4.0) }

        Generator.fromStream (fun _ -> draw) Shrink.none showPair

    let fractions = [ "-15/16"; "-1/2"; "0"; "1"; "7" ] |> List.map Known.number
    let showFraction (z: Rational) = [ "τκ", string z ]
    // s − tanh s still increases, by s³/3 near 0.
    let boundary = [ for s in [ 0.1; 0.5; 1.0; 3.0 ] -> { Z = -1.0; Low = 0.0; High = s } ]

    Paper.define
        "duan.term.euler-term"
        Paper.reconstructed
        "x + τa·g(w·x + b) is one-to-one with positive slope iff τκ > −1, for g = tanh and ReLU; for tanh it is within |a|τ²|κ|/(3√3) of the flow."
    |> Claim.hypothesis "H1" "τκ > −1"
    |> Claim.bounded "near-the-flow" (Instances.random TanhFlow.scalars 300) isNear
    |> Claim.bounded "increasing" (Instances.random pairs 200) isIncreasing
    |> Claim.bounded "boundary-of-tanh" (Instances.chosen showPair boundary) isIncreasing
    |> Claim.exact "relu" (Instances.chosen showFraction fractions) keepsRay
    |> Known.bounded "reference" [
        Known.floats "ψ and ½·tanh(1/20), κ = 3/8" "0.027466922363311053 0.024979187478939986" (fun () -> [|
            TermFlow.tanhProfile 0.375 0.5 0.05
            0.5 * Elementary.tanh 0.05
        |])
        Known.floats "the bound" "0.0180421959122" (fun () -> [| bound { Kappa = 0.375; Tau = 0.5; Rho = 0.0; S = 0.05 } |])
    ]
    // 0 and the roots ±1.915… of s = 2·tanh s have one image.
    |> Claim.neededBy
        "H1"
        (Instances.chosen showPair [ { Z = -2.0; Low = 0.0; High = 1.915008048154537 }; { Z = -2.0; Low = -1.915008048154537; High = 0.0 } ])
        isIncreasing
    |> Claim.neededBy "H1" (Instances.chosen showFraction ([ "-1"; "-2" ] |> List.map Known.number)) keepsRay
