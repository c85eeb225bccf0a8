/// The volume factor of a leaky network counts its negative pre-activations, and its sign is constant.
///
/// Statement: off the kinks det Df(x) = Π det W_l·Π α_i^[z_i &lt; 0], z the pre-activations. So the sign of det Df is the orientation
/// o(f) = Π sign det W_l everywhere, and with one slope α in all layers det Df/Π det W_l is a power α^k, k the number of negative
/// pre-activations.
/// Checked against the determinant of quotients of differences of f itself, which are exact.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Duan.Leaky.LogDet

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Duan

let private byDifferences (f: VanillaNet<Rational>) (x: Rational[]) : Rational = Elimination.determinant (Nets.jacobian f x)

let private counts (case: NetCase) : Outcome =
    case.Points
    |> Seq.map (fun x ->
        Check.equal $"det Df{Known.show x}" (LeakyNets.jacobianDeterminant case.Net.Vanilla x) (byDifferences case.Net.Vanilla x))
    |> Outcome.all

let private orients (case: NetCase) : Outcome =
    let orientation = LeakyNets.orientation case.Net.Vanilla

    case.Points
    |> Seq.map (fun x -> Outcome.equal $"the sign of det Df{Known.show x}" string orientation (byDifferences case.Net.Vanilla x).Sign)
    |> Outcome.all

/// det Df/Π det W_l = α^k
let private isPower (case: NetCase) : Outcome =
    let α = case.Net.Slopes[0][0]

    case.Points
    |> Seq.map (fun x ->
        let k = Nets.preactivations case.Net.Vanilla x |> Array.sumBy (Array.filter (fun z -> z.Sign < 0) >> Array.length)

        let matrices =
            case.Net.Affine |> Array.fold (fun product (w, _) -> product * Elimination.determinant (Matrix.ofRows w)) Rational.One

        Check.equal $"det Df{Known.show x}" (matrices * Rational.power α k) (byDifferences case.Net.Vanilla x))
    |> Outcome.all

/// The shear by (3, −1)·max(0, x₁ + 3x₂ − 1/4) as two layers, as printed.
let internal shear: DrawnNet =
    Nets.create [ [ "1 3"; "1/8 1" ], "-1/4 0"; [ "2 0"; "10/7 -8/7" ], "0 5/28"; [ "-7/10 21/5"; "2/5 -7/5" ], "-7/20 1/5" ] [
        "1/2 1"
        "2 1"
    ]

let claim: Claim =
    let nets slopes = Nets.cases 5 (Nets.draw 3 slopes) Nets.offKinks
    let show (case: NetCase) = Nets.show case.Net @ Nets.showPoints case.Points

    // The same slope in all layers, drawn from the net itself: the first one.
    let fixedSlope =
        let draw stream =
            let net = Nets.draw 3 Nets.mixed stream
            { net with Slopes = net.Slopes |> Array.map (Array.map (fun _ -> net.Slopes[0][0])) }

        let cases = Nets.cases 5 draw Nets.offKinks
        let isFixed (case: NetCase) = case.Net.Slopes |> Array.forall (Array.forall (fun α -> α = case.Net.Slopes[0][0]))
        { cases with Shrink = cases.Shrink >> Seq.filter isFixed }

    let folded = { Net = Nets.create [ [ "1" ], "0"; [ "1" ], "0" ] [ "-1" ]; Points = Known.rows [ "1"; "-1" ] }

    Paper.define
        "duan.leaky.logdet"
        Paper.reconstructed
        "Off the kinks det Df = Π det W_l·Π α_i^[z_i < 0]: the orientation of a leaky network is constant, and with one slope α its volume factors differ by powers of α."
    |> Claim.hypothesis "H1" "all slopes are positive"
    |> Claim.exact "count" (Instances.random (nets Nets.mixed) 200) counts
    |> Claim.exact "orientation" (Instances.random (nets Nets.mixed) 100) orients
    |> Claim.exact "one-slope" (Instances.random fixedSlope 100) isPower
    |> Known.exact "reference" [
        Known.value "det of the shear at (1/3, 2/5), (−1, −1), (2, −3)" "1 1 1" (fun () ->
            Known.rows [ "1/3 2/5"; "-1 -1"; "2 -3" ] |> Array.map (byDifferences shear.Vanilla))
    ]
    |> Claim.neededBy "H1" (Instances.chosen show [ folded ]) orients
