/// A leaky network is the flow of a piecewise autonomous field iff it keeps the orientation.
///
/// Statement: a network of one width with all det W_l ≠ 0 and positive slopes is the time-T map of a field that is linear or a leaky term on
/// each of finitely many pieces of time iff Π sign det W_l = 1. Negative determinants inside do no harm.
/// Proof: a reflection J of one coordinate passes an activation, σ∘J = J∘(JσJ), and JσJ has λ_{α,1} = α·σ_{1/α} on that coordinate, a flow too. Matrices of positive determinant are two
/// exponentials (reverse.polar-two-exponentials). What is left is J or nothing, and a flow has det D &gt; 0.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Duan.Reverse.NetworkIsFlow

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Duan

/// Whether the piece is the time-1 map of a field: shears and translations are, factors if they are positive.
let private isElementary (flow: ElementaryFlow<Rational>) : bool =
    let isPositive (a: Rational) = a.Sign > 0

    match flow with
    | ElementaryFlow.Shear(i, j, _) -> i <> j
    | ElementaryFlow.Scaling(_, c) -> isPositive c
    | ElementaryFlow.Translation _ -> true
    | ElementaryFlow.TwoSided(p, q) -> Array.forall isPositive p && Array.forall isPositive q

/// The same map from flows alone, and a reflection at the end iff the orientation is −1.
let private decomposes (case: NetCase) : Outcome =
    let net = case.Net.Vanilla

    match NetworkFlow.decompose net with
    | Error defects -> Nets.refused "the flows" "a sequence" defects
    | Ok flow ->
        seq {
            Outcome.isTrue "every piece" "is a flow" (List.forall isElementary flow.Flows)
            Outcome.equal "a reflection at the end" string (LeakyNets.orientation net < 0) flow.Reflected

            for x in case.Points do
                Check.vectors "the flows at x" (VanillaNet.apply net x) (NetworkFlow.apply flow x)
        }
        |> Outcome.all

/// The network is a flow, without any reflection.
let private isFlow (case: NetCase) : Outcome =
    match NetworkFlow.create case.Net.Vanilla with
    | Error defects -> Nets.refused "the network" "a flow" defects
    | Ok flows ->
        case.Points
        |> Seq.map (fun x ->
            Check.vectors
                "the flows at x"
                (VanillaNet.apply case.Net.Vanilla x)
                (List.fold (fun x flow -> ElementaryFlow.apply flow x) x flows))
        |> Outcome.all

let claim: Claim =
    let nets = Nets.cases 5 (Nets.draw 3 Nets.mixed)
    let keeps (net: DrawnNet) _ = LeakyNets.orientation net.Vanilla = 1
    let mirror = { Net = Nets.create [ [ "1" ], "0"; [ "-1" ], "0" ] [ "1/2" ]; Points = Known.rows [ "1" ] }
    let show (case: NetCase) = Nets.show case.Net

    Paper.define
        "duan.reverse.network-is-flow"
        Paper.reconstructed
        "A leaky network of one width with regular matrices and positive slopes is the time-T map of a piecewise autonomous field iff Π sign det W_l = 1."
    |> Claim.hypothesis "H1" "Π sign det W_l = 1"
    |> Claim.exact "reflections-pass" (Instances.random (nets Nets.anywhere) 200) decomposes
    |> Claim.exact "pieces-are-flows" (Instances.random (nets keeps) 100) isFlow
    |> Claim.neededBy "H1" (Instances.chosen show [ mirror ]) isFlow
