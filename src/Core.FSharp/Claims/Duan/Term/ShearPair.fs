/// Every residual step with one ReLU and positive slope is two leaky layers, shears included.
///
/// Statement: for w ≠ 0, d ≥ 2, m = c·w, 1 + m &gt; 0, any μ &gt; −1 other than 0 and m: with ŵ = w/|w|² and c⊥ = c − mŵ, the steps with
/// c₁ = μŵ + ½c⊥ and c₂ = ((m − μ)ŵ + ½c⊥)/(1 + μ) compose to S_c, and c₁·w = μ, c₂·w = (m − μ)/(1 + μ). So a shear is two leaky layers with slopes
/// 1 + μ and 1/(1 + μ).
/// Proof: after the first step s &gt; 0 is multiplied by 1 + μ, so the sum is c₁ + (1 + μ)c₂ = c.
/// Correction of the folklore form: the flows of a₁·max(0, s) and a₂·max(0, s) with a₁ + a₂ = a, a₁·w = γ = −a₂·w compose for time 1 to x + φ₁(γ)·a·max(0, s),
/// φ₁(γ) = (e^γ − 1)/γ, not to x + a·max(0, s): their fields do not commute.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Duan.Term.ShearPair

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Duan

/// A step and the slope of the first of the pair.
[<NoComparison>]
type private Case = { Step: StepCase; Mu: Rational }

let private steps (case: Case) : StepCase * StepCase =
    let step = case.Step
    let first, second = ResidualStep.pair case.Mu step.Step
    { step with C = first.Shift }, { step with C = second.Shift }

let private composes (case: Case) : Outcome =
    let first, second = steps case
    let m, μ = case.Step.Slope, case.Mu

    seq {
        Check.equal "c₁·w" μ first.Slope
        Check.equal "c₂·w" ((m - μ) / (Rational.One + μ)) second.Slope

        for x in case.Step.Points do
            Check.vectors "S_{c₂}(S_{c₁}(x))" (Steps.apply case.Step x) (Steps.apply second (Steps.apply first x))
    }
    |> Outcome.all

/// Two leaky layers of the same width.
let private realises (case: Case) : Outcome =
    let first, second = steps case

    if first.Slope.Sign = 0 || second.Slope.Sign = 0 then
        Outcome.refuted "the slopes of the pair" "not 0" $"{first.Slope} and {second.Slope}"
    else
        let net = Nets.ofPair case.Mu case.Step.Step

        seq {
            Outcome.equal "the number of activations" string 2 net.Depth
            Outcome.isTrue "every slope" "is positive" (net.Slopes |> Array.forall (Array.forall (fun α -> α.Sign > 0)))

            for x in case.Step.Points do
                Check.vectors "the network at x" (Steps.apply case.Step x) (VanillaNet.apply net x)
        }
        |> Outcome.all

let private show (case: Case) = Steps.show case.Step @ [ "μ", string case.Mu ]

let private known: Case = { Step = Steps.create "3 -1" "1 3" "-1/4" [ "1/3 2/5" ]; Mu = Rational.One }

/// The folklore pair with γ = 1 for a shear by a in the plane: how many times too large its shift is.
let private folklore () : float[] =
    let term direction = {
        Direction = Array.map Binary64 direction
        Weights = [| Binary64 1.0; Binary64 3.0 |]
        Bias = Binary64 -0.25
        Profile = Profile.Relu
    }

    // a = (3, −1), ŵ = w/|w|² = (1/10, 3/10), a/2 ± ŵ.
    let x = [| Binary64(1.0 / 3.0); Binary64 0.4 |]
    let y = x |> TermFlow.apply (term [| 1.6; -0.2 |]) 1.0 |> TermFlow.apply (term [| 1.4; -0.8 |]) 1.0
    let s = (RidgeTerm.preactivation (term [| 3.0; -1.0 |]) x).Value
    [| (y[0].Value - x[0].Value) / (3.0 * s); (y[1].Value - x[1].Value) / -s |]

let claim: Claim =
    let cases (shape: Rational[] -> Rational[] -> Rational[]) =
        let steps = Steps.generator (2, 4) shape Steps.isInvertible 6
        let isLegal (case: Case) = case.Mu.Sign <> 0 && case.Mu <> case.Step.Slope

        let draw (step: StepCase) (stream: RandomStream) =
            let μ =
                Draws.until
                    (fun μ -> isLegal { Step = step; Mu = μ })
                    (fun stream -> Nets.slope stream - Rational.create 1 2 * Nets.slope stream |> Rational.max (Rational.create -5 6))
                    stream

            { Step = step; Mu = μ }

        let shrink (case: Case) =
            seq {
                if case.Mu <> Rational.One then
                    { case with Mu = Rational.One }

                for step in steps.Shrink case.Step do
                    { case with Step = step }
            }
            |> Seq.filter isLegal

        Generator.create (FsCheck.FSharp.Gen.map2 draw steps.Gen Generator.stream) shrink show

    let net = lazy (Nets.ofPair known.Mu known.Step.Step)
    let mid, last = steps known
    let map l = let map = net.Value.Affine[l] in Array.append (map.Weights.Entries.ToArray()) map.Bias

    Paper.define
        "duan.term.shear-pair"
        Paper.reconstructed
        "Every step x + c·max(0, w·x + b) with 1 + c·w > 0 in d ≥ 2 is the composition of two with slopes 1 + μ and (1 + c·w)/(1 + μ), so of two leaky layers; the flows compose only with the factor φ₁."
    |> Claim.hypothesis "H1" "μ is not 0, not c·w, and more than −1"
    |> Claim.hypothesis "H2" "d ≥ 2"
    |> Claim.exact "composes" (Instances.random (cases Steps.anyShape) 300) composes
    |> Claim.exact "shears" (Instances.random (cases Steps.perpendicular) 200) composes
    |> Claim.exact "two-layers" (Instances.random (cases Steps.perpendicular) 200) realises
    |> Known.exact "reference" [
        Known.value "c₁" "8/5 -1/5" (fun () -> mid.C)
        Known.value "c₂" "7/10 -2/5" (fun () -> last.C)
        Known.value "S_{c₁}(1/3, 2/5)" "179/75 43/300" (fun () -> Steps.apply mid known.Step.Points[0])
        Known.value "S_c(1/3, 2/5)" "251/60 -53/60" (fun () -> Steps.apply last (Steps.apply mid known.Step.Points[0]))
        Known.value "W_0 and b_0" "1 3 1/8 1 -1/4 0" (fun () -> map 0)
        Known.value "W_1 and b_1" "2 0 10/7 -8/7 0 5/28" (fun () -> map 1)
        Known.value "W_2 and b_2" "-7/10 21/5 2/5 -7/5 -7/20 1/5" (fun () -> map 2)
        Known.value "the slopes" "1/2 1 2 1" (fun () -> Array.concat net.Value.Slopes)
    ]
    |> Known.bounded "folklore" [
        Known.floats "the uncorrected flows with γ = 1, in units of a·max(0, s)" "1.7182818284590452 1.7182818284590452" folklore
    ]
    |> Claim.neededBy "H1" (Instances.chosen show [ { known with Mu = Rational.Zero } ]) realises
    // For d = 1 there is no shear but the identity: c⊥ = 0, and what is asked of c is not there.
    |> Claim.neededBy "H2" (Instances.chosen Steps.show [ Steps.create "1" "1" "0" [ "1" ] ]) (fun case ->
        let shear = { case with C = Steps.perpendicular case.C case.W }
        Outcome.isTrue "the shear along w = 1" "moves x = 1" (Steps.apply shear case.Points[0] <> case.Points[0]))
