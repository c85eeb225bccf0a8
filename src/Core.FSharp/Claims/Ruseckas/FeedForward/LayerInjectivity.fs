/// Where layers are injective, as flows always are.
///
/// Statement: a feed-forward layer with det W_l ≠ 0 is a homeomorphism onto its image where its pre-activations lie in a region of strictly
/// increasing η: |u| &lt; 1/√(3γdt) for the cubic, everywhere for leaky slopes α &gt; 0. A residual layer is injective if dt·Lip(F) &lt; 1:
/// |r(x) − r(y)| ≥ (1 − dt·Lip)|x − y| with Lip = ‖w‖ + Lip_g(max(|x|, |y|)).
/// The slides compare discrete layers, which may glue, with flows, which may not.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.FeedForward.LayerInjectivity

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

let private three = Rational.ofInt 3

/// I + dt·w_l
let private inner (network: NearIdentity<Rational>) (l: int) : Matrix<Rational> =
    let w = Matrix.ofRows network.Weights[l]
    Matrix.add (Matrix.identity w.Rows) (Matrix.scale network.Step w)

/// Whether a pre-activation lies where η increases strictly.
let private isMonotoneAt (network: NearIdentity<Rational>) (u: Rational) : bool =
    match network.Damping with
    | Damping.Cubic γ -> three * γ * network.Step * u * u < Rational.One
    | Damping.Leaky κ -> κ * network.Step < Rational.One

/// Whether layer l is injective on a set that holds these two points.
let private isRegular (network: NearIdentity<Rational>) (l: int) (x: Rational[]) : bool =
    NearIdentity.preactivation network l x |> Array.forall (isMonotoneAt network)
    && (Elimination.determinant (inner network l)).Sign <> 0

/// Whether every layer is regular at a point and along its trajectory.
let isRegularAlong (network: NearIdentity<Rational>) (start: Rational[]) : bool =
    let x = NearIdentity.run Twin.FeedForward network start
    Seq.init network.Depth id |> Seq.forall (fun l -> isRegular network l x[l])

/// (η(u_i) − η(v_i))(u_i − v_i) > 0 wherever u_i ≠ v_i, in the first layer at Start and Target.
let private increases (case: NetworkCase) : Outcome =
    let network = case.Network
    let u = NearIdentity.preactivation network 0 case.Start
    let v = NearIdentity.preactivation network 0 case.Target

    Array.map2
        (fun (u: Rational) v ->
            if u = v then
                Outcome.holds
            else
                let η x = (NearIdentity.activate network [| x |])[0]
                Outcome.isTrue $"(η({u}) − η({v}))({u} − {v})" "is positive" (((η u - η v) * (u - v)).Sign > 0))
        u
        v
    |> Outcome.all

let private separates (twin: Twin) (case: NetworkCase) : Outcome =
    let step = NearIdentity.step twin case.Network 0

    if case.Start = case.Target then
        Outcome.undecided "the two points are the same"
    else
        Outcome.isTrue "the images of two points" "are different" (step case.Start <> step case.Target)

/// dt·Lip on the ball that holds both points.
let private contraction (case: NetworkCase) : Rational =
    let radius = Rational.max (Vector.normInf case.Start) (Vector.normInf case.Target)

    let lipschitz =
        match case.Network.Damping with
        | Damping.Cubic γ -> three * γ * radius * radius
        | Damping.Leaky κ -> κ

    case.Network.Step * (Matrix.normInf (Matrix.ofRows case.Network.Weights[0]) + lipschitz)

/// |r(x) − r(y)| ≥ (1 − dt·Lip)|x − y|
let private keepsApart (case: NetworkCase) : Outcome =
    let step = NearIdentity.step Twin.Residual case.Network 0

    Check.atMost
        "(1 − dt·Lip)|x − y|"
        (Vector.distanceInf (step case.Start) (step case.Target))
        ((Rational.One - contraction case) * Vector.distanceInf case.Start case.Target)

let private one (step: string) (damping: Damping<Rational>) (x: string) (y: string) = Networks.repeated 1 step damping [ "0" ] "0" x "0" y

/// η(u) = u − u³/4 glues 0 and 2.
let private folded = one "1/4" (Damping.Cubic Rational.One) "0" "2"

/// x + 2max(−x, 0) = |x| glues −1 and 1.
let private absolute = one "1" (Damping.Leaky(Rational.ofInt 2)) "-1" "1"

/// W = 0.
let private singular = {
    folded with
        Network = { folded.Network with Weights = [| Known.rows [ "-4" ] |] }
        Start = Known.vector "1/2"
        Target = Known.vector "1"
}

let claim: Claim =
    let shape accept = Networks.generator { Networks.both with Deepest = 1; Accept = accept }

    let feedForward =
        shape (fun case -> case.Start <> case.Target && isRegular case.Network 0 case.Start && isRegular case.Network 0 case.Target)

    let residual = shape (fun case -> case.Start <> case.Target && contraction case < Rational.One)

    Paper.define
        "ruseckas.ffn.layer-injectivity"
        Paper.afterSlides
        "A feed-forward layer with det W ≠ 0 is injective where η increases strictly (cubic: |u| < 1/√(3γdt); leaky: α > 0); a residual layer is if dt·Lip(F) < 1."
    |> Claim.hypothesis "H1" "η increases strictly at the pre-activations"
    |> Claim.hypothesis "H2" "det W_l ≠ 0"
    |> Claim.hypothesis "H3" "dt·Lip(F) < 1 (residual layers)"
    |> Claim.exact "activation" (Instances.random feedForward 200) increases
    |> Claim.exact "feed-forward" (Instances.random feedForward 200) (separates Twin.FeedForward)
    |> Claim.exact "residual" (Instances.random residual 200) keepsApart
    |> Claim.neededBy "H1" (Instances.chosen Networks.show [ folded ]) (separates Twin.FeedForward)
    |> Claim.neededBy "H2" (Instances.chosen Networks.show [ singular ]) (separates Twin.FeedForward)
    |> Claim.neededBy "H3" (Instances.chosen Networks.show [ absolute ]) (separates Twin.Residual)
