/// On a box the layers of a network may have one slope for all coordinates.
///
/// Statement: a network whose layers have one slope α ≠ 1 and otherwise slope 1 equals, on a box K, a network with uniform layers and as many of them: what has
/// slope 1 is moved above the kink by max(0, −lo) in front of the activation and back behind it, lo its lower bound over K.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Duan.Term.UniformOnBox

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Duan

let private cube (d: int) : Rational[] * Rational[] = Array.create d (Rational.ofInt -1), Array.create d Rational.One

let private agrees (case: StepCase) : Outcome =
    let net = Nets.ofStep case.Step
    let lower, upper = cube case.C.Length

    match LeakyNets.toUniform lower upper net with
    | Error defects -> Nets.refused "the uniform network" "a network" defects
    | Ok uniform ->
        seq {
            Outcome.equal "the number of layers" string net.Depth uniform.Depth
            Outcome.isTrue "every layer" "has one slope" (uniform.Slopes |> Array.forall (fun α -> (Array.distinct α).Length = 1))

            for x in case.Points do
                Check.vectors "the uniform network at x" (VanillaNet.apply net x) (VanillaNet.apply uniform x)
        }
        |> Outcome.all

let private known = Steps.create "3 -1" "1 3" "-1/4" [ "-40 -40" ]

let private uniform =
    lazy (let lower, upper = cube 2 in Nets.ofPair Rational.One known.Step |> LeakyNets.toUniform lower upper |> Defect.orFail)

let claim: Claim =
    // Points k/12 of the box.
    let steps =
        let steps = Steps.generator (2, 4) Steps.perpendicular (fun case -> case.C |> Array.exists (fun c -> c.Sign <> 0)) 1

        let inBox (case: StepCase) (stream: RandomStream) = {
            case with
                Points = Array.init 20 (fun _ -> Array.init case.C.Length (fun _ -> Rational.create (stream.NextInt(-12, 12)) 12))
        }

        { steps with Gen = FsCheck.FSharp.Gen.map2 inBox steps.Gen Generator.stream }

    Paper.define
        "duan.term.uniform-on-box"
        Paper.reconstructed
        "On a box a network whose layers have one slope α and otherwise 1 equals one with uniform layers: biases move what has slope 1 above the kink."
    |> Claim.hypothesis "H1" "x lies in the box"
    |> Claim.exact "equal-on-the-box" (Instances.random steps 100) agrees
    |> Known.exact "reference" [
        Known.value "b_0" "-1/4 9/8" (fun () -> uniform.Value.Affine[0].Bias)
        Known.value "b_1" "0 157/28" (fun () -> uniform.Value.Affine[1].Bias)
        Known.value "b_2" "-71/4 6" (fun () -> uniform.Value.Affine[2].Bias)
        Known.value "the uniform network at (−40, −40)" "-2486/5 562/5" (fun () -> VanillaNet.apply uniform.Value (Known.vector "-40 -40"))
        Known.value "the mixed network at (−40, −40)" "-40 -40" (fun () ->
            VanillaNet.apply (Nets.ofStep known.Step) (Known.vector "-40 -40"))
    ]
    |> Claim.neededBy "H1" (Instances.chosen Steps.show [ known ]) agrees
