/// A ridge shift with any increasing profile is two ridge maps, so two leaky layers for each knot.
///
/// Statement: for a·w = 0, g Lipschitz and 0 &lt; ε·Lip(g) &lt; 1, H = id + εg, u = ŵ + a/(2ε), v = ŵ − a/(2ε): x + a·g(s) = E_{v,H⁻¹}∘E_{u,H}(x), where E_{u,H}(x) = x + u(H(s) − s). For any κ = a·w and
/// ε ∉ {0, κ} with G = id + κψ and H = id + εψ increasing, x + a·ψ(s) = E_{v,G∘H⁻¹}∘E_{u,H}(x) with u = ŵ + a⊥/(2ε), v = ŵ + a⊥/(2(κ − ε)). Piecewise linear g with n knots makes 2n
/// leaky layers; for κ ≠ 0 one ridge map with u = a/κ and n layers is enough.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Duan.Term.ShearAnyProfile

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Duan

/// x + a·g(w·x + b) with the ε of the pair.
[<NoComparison>]
type private Case = { Step: StepCase; G: PiecewiseLinear<Rational>; Epsilon: Rational }

let private show (case: Case) : (string * string) list =
    Steps.show case.Step @ PiecewiseFunctions.show case.G @ [ "ε", string case.Epsilon ]

let private shift (case: Case) (x: Rational[]) : Rational[] =
    Vector.addScaled x (PiecewiseLinear.apply case.G (Steps.ridge case.Step.W case.Step.B x)) case.Step.C

let private agrees (layers: int) (case: Case) (stages: Stage<Rational> seq) : Outcome =
    let net = VanillaNet.ofStages case.Step.C.Length stages

    seq {
        Outcome.equal "the number of activations" string (layers * case.G.Knots.Length) net.Depth
        Outcome.isTrue "every slope" "is positive" (net.Slopes |> Array.forall (Array.forall (fun α -> α.Sign > 0)))

        for x in case.Step.Points do
            Check.vectors "the network at x" (shift case x) (VanillaNet.apply net x)
    }
    |> Outcome.all

let private pair (case: Case) : Outcome =
    match PiecewiseLinear.defects (PiecewiseLinear.nearIdentity case.Epsilon case.G) with
    | [] -> RidgeMap.pair Rational.toFloat case.Epsilon case.Step.C case.Step.W case.Step.B case.G |> agrees 2 case
    | defects -> Nets.refused "id + εg" "an increasing function" defects

let private single (case: Case) : Outcome = RidgeMap.single Rational.toFloat case.Step.C case.Step.W case.Step.B case.G |> agrees 1 case

let private lipschitz (g: PiecewiseLinear<Rational>) : Rational =
    PiecewiseLinear.slopes g |> Array.map Rational.abs |> Array.fold Rational.max Rational.Zero

/// Scales c so that 1 + κg′ > 0 with room.
let private tame (g: PiecewiseLinear<Rational>) (step: StepCase) : StepCase =
    let size = Rational.abs step.Slope * lipschitz g

    if size < Rational.create 3 4 then step else { step with C = Vector.scale (Rational.create 1 2 / size) step.C }

let claim: Claim =
    let functions = PiecewiseFunctions.generator 5 (fun stream n -> Nets.vector stream n)

    let cases (least: int) (shape: Rational[] -> Rational[] -> Rational[]) accept =
        let steps = Steps.generator (least, 4) shape accept 6

        let complete (step: StepCase) (g: PiecewiseLinear<Rational>) = {
            Step = tame g step
            G = g
            // ε·Lip(g) < 1/2
            Epsilon = Rational.One / (Rational.ofInt 2 * (lipschitz g + Rational.One))
        }

        let shrink (case: Case) = functions.Shrink case.G |> Seq.map (complete case.Step)
        let isLegal (case: Case) = case.Epsilon <> case.Step.Slope
        let gen = FsCheck.FSharp.Gen.map2 complete steps.Gen functions.Gen |> FsCheck.FSharp.Gen.where isLegal
        Generator.create gen (shrink >> Seq.filter isLegal) show

    let folded = {
        Step = Steps.create "0 1" "1 0" "0" [ "1/2 0" ]
        G = PiecewiseFunctions.create "0 1" "0" "0 -1 0"
        Epsilon = Rational.One
    }

    Paper.define
        "duan.term.shear-any-profile"
        Paper.reconstructed
        "x + a·g(w·x + b) is the composition of two ridge maps with increasing profiles, so 2n leaky layers for a piecewise linear g with n knots; n are enough for a·w ≠ 0."
    |> Claim.hypothesis "H1" "id + εg increases: ε·Lip(g) < 1"
    |> Claim.exact "shears" (Instances.random (cases 2 Steps.perpendicular (fun _ -> true)) 200) pair
    |> Claim.exact "any-slope" (Instances.random (cases 2 Steps.anyShape (fun _ -> true)) 200) pair
    |> Claim.exact "single" (Instances.random (cases 1 Steps.anyShape (fun case -> case.Slope.Sign <> 0)) 200) single
    |> Claim.neededBy "H1" (Instances.chosen show [ folded; { folded with Epsilon = Rational.ofInt 2 } ]) pair
