/// One layer of the feed-forward network is one Euler step up to dt².
///
/// Statement: from the same x, f − r = dt(g(u) − g(x)) with u = x + dt·ℓ(x), so |f − r| ≤ dt²·Lip_g(R)·|ℓ(x)|, R = max(|x|, |u|);
/// Lip_g(R) is 3γR² for the cubic and κ for the leaky nonlinearity.
/// Proof: the mean value theorem in each entry.
/// The slides name the error of second order.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.FeedForward.OneStepDefect

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

/// |f − r| and dt²·Lip_g(R)·|ℓ(x)| at the first layer.
let private sides (case: NetworkCase) : Rational * Rational =
    let network, x = case.Network, case.Start
    let u = NearIdentity.preactivation network 0 x

    let distance =
        Vector.distanceInf (NearIdentity.step Twin.FeedForward network 0 x) (NearIdentity.step Twin.Residual network 0 x)

    let radius = Rational.max (Vector.normInf x) (Vector.normInf u)
    let h = network.Step

    let lipschitz =
        match network.Damping with
        | Damping.Cubic γ -> Rational.ofInt 3 * γ * radius * radius
        | Damping.Leaky κ -> κ

    distance, h * h * lipschitz * Vector.normInf (NearIdentity.affine network 0 x)

let private isSmall (case: NetworkCase) : Outcome =
    let distance, bound = sides case
    Check.atMost "|f − r|" bound distance

let private isDifference (case: NetworkCase) : Outcome =
    let network, x = case.Network, case.Start
    let u = NearIdentity.preactivation network 0 x
    let f, r = NearIdentity.step Twin.FeedForward network 0 x, NearIdentity.step Twin.Residual network 0 x
    let g = Array.map (NearIdentity.damp network.Damping)
    Check.vectors "f − r" (Vector.scale network.Step (Vector.subtract (g u) (g x))) (Vector.subtract f r)

/// The same with g/dt in the layers and the bound for g.
let private isSmallForLarge (case: NetworkCase) : Outcome =
    let network = case.Network

    let large = {
        network with
            Damping =
                match network.Damping with
                | Damping.Cubic γ -> Damping.Cubic(γ / network.Step)
                | Damping.Leaky κ -> Damping.Leaky(κ / network.Step)
    }

    Check.atMost "|f − r|" (snd (sides case)) (fst (sides { case with Network = large }))

let claim: Claim =
    let p2 = Networks.p2

    Paper.define
        "ruseckas.ffn.one-step-defect"
        Paper.afterSlides
        "f − r = dt(g(u) − g(x)), u = x + dt·ℓ(x) ⇒ |f − r| ≤ dt²·Lip_g(R)·|ℓ(x)|, R = max(|x|, |u|)."
    |> Claim.hypothesis "H1" "the activation is u + dt·g(u) with g independent of dt"
    |> Claim.exact "bound" (Instances.random (Networks.generator { Networks.both with Deepest = 1 }) 200) isSmall
    |> Claim.exact "difference" (Instances.random (Networks.generator { Networks.both with Deepest = 1 }) 100) isDifference
    |> Known.exact "reference" [
        Known.value "P2: ℓ, u" "-2/5 -29/20 9/10 -69/80" (fun () ->
            Array.append (NearIdentity.affine p2.Network 0 p2.Start) (NearIdentity.preactivation p2.Network 0 p2.Start))
        Known.value "P2: r, f" "49/60 -409/480 3357/4000 -1656897/2048000" (fun () ->
            Array.append (NearIdentity.step Twin.Residual p2.Network 0 p2.Start) (NearIdentity.step Twin.FeedForward p2.Network 0 p2.Start))
        Known.value "P2: |f − r| and its bound" "264509/6144000 29/320" (fun () ->
            let distance, bound = sides p2
            [| distance; bound |])
    ]
    |> Claim.neededBy "H1" (Instances.chosen Networks.show [ p2 ]) isSmallForLarge
