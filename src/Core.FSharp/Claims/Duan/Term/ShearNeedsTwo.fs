/// A shear with a kink is not one leaky layer.
///
/// Statement: for m = c·w = 0, c ≠ 0 ≠ w, no network of width d with one activation layer, of any slopes, equals S_c.
/// Proof: S_c is a bijection, so W_0 and W_1 are regular and all slopes positive; where some coordinate kinks, the volume factor jumps by its slope α ≠ 1, the
/// kinks of the others being on other hyperplanes. But det DS_c = 1 on both sides of its kink.
/// Checked on drawn networks with one layer: one of two points across a kink has another volume factor than S_c.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Duan.Term.ShearNeedsTwo

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Duan

/// Two points across the kink of coordinate i and off the kinks of all others: pre-images of z with z_i = ±ε, the other coordinates of z
/// not 0.
let private acrossKink (net: VanillaNet<Rational>) (i: int) (start: Rational[]) : Rational[] * Rational[] =
    let map = net.Affine[0]
    let back = Elimination.inverse map.Weights |> Option.get

    let z = AffineMap.apply map start |> Array.map (fun z -> if z.Sign = 0 then Rational.One else z)

    let point (ε: Rational) = Matrix.apply back (Vector.subtract (Array.updateAt i ε z) map.Bias)
    point (Rational.create 1 16), point (Rational.create -1 16)

let private volume (f: VanillaNet<Rational>) (x: Rational[]) : Rational = Elimination.determinant (Nets.jacobian f x)

/// The volume factor jumps by α across the kink, so the network is no shear.
let private jumps (case: NetCase) : Outcome =
    let net = case.Net.Vanilla
    let α = case.Net.Slopes[0]

    seq {
        for i in 0 .. α.Length - 1 do
            if α[i] <> Rational.One then
                let above, below = acrossKink net i case.Points[0]
                Check.equal $"the jump of the volume factor across kink {i}" α[i] (volume net below / volume net above)

                Outcome.isTrue
                    "the volume factors on both sides"
                    "are not both 1"
                    (volume net below <> Rational.One || volume net above <> Rational.One)
    }
    |> Outcome.all

/// The step as two layers: its volume factor, by quotients of differences.
let private volumeOfStep (case: StepCase) : Rational[] =
    let net = Nets.ofPair (if case.Slope = Rational.One then Rational.ofInt 2 else Rational.One) case.Step
    case.Points |> Array.filter (Nets.isOffKinks net) |> Array.map (volume net)

let private keepsVolume (case: StepCase) : Outcome = volumeOfStep case |> Array.map (Check.equal "det DS_c" Rational.One) |> Outcome.all

let claim: Claim =
    let oneLayer =
        let cut (net: DrawnNet) = { Affine = [| net.Affine[0]; Array.last net.Affine |]; Slopes = [| net.Slopes[0] |] }

        let cases = Nets.cases 1 (Nets.draw 4 Nets.mixed >> cut) Nets.anywhere
        { cases with Shrink = cases.Shrink >> Seq.filter (fun case -> case.Net.Slopes.Length = 1) }

    let isShear (case: StepCase) = case.C |> Array.exists (fun c -> c.Sign <> 0) && case.Slope.Sign = 0
    let shears = Steps.generator (2, 4) Steps.perpendicular isShear 6

    Paper.define
        "duan.term.shear-needs-two"
        Paper.reconstructed
        "No network with one leaky layer is a shear x + c·max(0, w·x + b), c·w = 0: its volume factor jumps across every kink, that of the shear is 1."
    |> Claim.hypothesis "H1" "c·w = 0"
    |> Claim.exact "one-layer-jumps" (Instances.random oneLayer 200) jumps
    |> Claim.exact "shear-keeps-volume" (Instances.random shears 100) keepsVolume
    |> Claim.neededBy "H1" (Instances.chosen Steps.show [ Steps.create "2 -1/2" "1 3" "-1/4" [ "1/3 2/5" ] ]) keepsVolume
