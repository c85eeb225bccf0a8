/// A residual step with one ReLU that is no shear is one leaky layer.
///
/// Statement: for m = c·w ≠ 0 and 1 + m &gt; 0, S_c is a network of width d with one activation: in the chart y = Px + b·e_0 of u = c/m it is
/// λ_{1+m,1} on y_0, as a leaky ReLU the slope 1/(1 + m) on y_0 and then y_0 scaled by 1 + m.
/// For d = 1 that is every step that is not the identity.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Duan.Term.OneLayer

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Duan

let private realises (case: StepCase) : Outcome =
    // u = c/m
    if case.Slope.Sign = 0 then
        Outcome.refuted "the chart" "u = c/m" "m = 0"
    else
        let net = TermLayers.oneLayer Rational.toFloat case.Step |> VanillaNet.ofStages case.C.Length

        seq {
            Outcome.equal "the number of activations" string 1 net.Depth
            Outcome.isTrue "every map" "has width d" (net.Affine |> Array.forall (fun map -> map.Weights.Rows = case.C.Length))

            for x in case.Points do
                Check.vectors "the network at x" (Steps.apply case x) (VanillaNet.apply net x)
        }
        |> Outcome.all

let private known = Steps.create "2 -1/2" "1 3" "-1/4" [ "1/3 2/5" ]

let claim: Claim =
    let steps = Steps.generator (1, 4) Steps.anyShape (fun case -> Steps.isInvertible case && case.Slope.Sign <> 0) 6

    let merged = lazy (TermLayers.oneLayer Rational.toFloat known.Step |> VanillaNet.ofStages 2)
    let shear = Steps.create "0 1" "1 0" "0" [ "1 1" ]
    let fold = Steps.create "-1" "1" "0" [ "1"; "2" ]

    Paper.define
        "duan.term.one-layer"
        Paper.reconstructed
        "For c·w ≠ 0 and 1 + c·w > 0 the step x + c·max(0, w·x + b) is a network of the same width with one leaky layer."
    |> Claim.hypothesis "H1" "c·w ≠ 0"
    |> Claim.hypothesis "H2" "1 + c·w > 0"
    |> Claim.exact "realised" (Instances.random steps 300) realises
    |> Known.exact "reference" [
        Known.value "S_c(1/3, 2/5)" "29/10 -29/120" (fun () -> VanillaNet.apply merged.Value (Known.vector "1/3 2/5"))
        Known.value "W_0" "1 3 1/4 1" (fun () -> merged.Value.Affine[0].Weights.Entries.ToArray())
        Known.value "b_0" "-1/4 0" (fun () -> merged.Value.Affine[0].Bias)
        Known.value "W_1" "6 -12 -3/2 4" (fun () -> merged.Value.Affine[1].Weights.Entries.ToArray())
        Known.value "b_1" "1 -1/4" (fun () -> merged.Value.Affine[1].Bias)
    ]
    |> Claim.neededBy "H1" (Instances.chosen Steps.show [ shear ]) realises
    // A network is injective, the step is not.
    |> Claim.neededBy "H2" (Instances.chosen Steps.show [ fold ]) (fun case ->
        Outcome.isTrue "the images of the points" "differ" (Steps.apply case case.Points[0] <> Steps.apply case case.Points[1]))
