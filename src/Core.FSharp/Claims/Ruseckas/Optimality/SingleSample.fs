/// One sample has no spurious stationary points.
///
/// Statement: one sample, b(t) free, no regulariser: δL/δb ≡ 0 at any one time ⇒ a ≡ 0 ⇒ ∇L(x(T)) = 0. In the feed-forward network this
/// needs η′(u) ≠ 0 and det W_l ≠ 0: ∂L/∂B_l = η′(u_l)∘a_{l+1}, so for a_N ≠ 0 every ∂L/∂B_l is ≠ 0, and for a_N = 0 all vanish. With several samples
/// only sums over the samples vanish.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.Optimality.SingleSample

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Ruseckas

let private isZero (x: Rational[]) : bool = x |> Array.forall (fun a -> a.Sign = 0)

/// ∂L/∂b_l for all l with a_N = final.
let private gradients (twin: Twin) (case: NetworkCase) (final: Rational[]) : Rational[][] =
    let x = Networks.states twin case
    let a = NearIdentity.momenta twin case.Network x final
    Array.init case.Network.Depth (fun l -> NearIdentity.biasGradient twin case.Network l x[l] a[l + 1])

let private dieTogether (twin: Twin) (case: NetworkCase) : Outcome =
    let final = case.Target

    Outcome.check [
        fun () ->
            gradients twin case (Vector.zero case.Dimension)
            |> Array.map (fun g -> Outcome.isTrue "∂L/∂b_l for ∇L = 0" "is zero" (isZero g))
            |> Outcome.all
        fun () ->
            gradients twin case final
            |> Array.map (fun g -> Outcome.isTrue "∂L/∂b_l for ∇L ≠ 0" "is not zero" (not (isZero g)))
            |> Outcome.all
    ]

/// Several samples in one network: where Σ_s ∂L_s/∂b_l vanishes for all l, every ∇L_s does.
let private diesForEach (twin: Twin) (samples: NetworkCase list) : Outcome =
    let gradient (case: NetworkCase) =
        let missing = Vector.subtract (Array.last (Networks.states twin case)) case.Target
        gradients twin case missing, isZero missing

    let each = samples |> List.map gradient
    let total = each |> List.map fst |> List.reduce (Array.map2 Vector.add)

    if Array.forall isZero total then
        Outcome.isTrue "∇L of every sample where the bias gradients add up to zero" "is zero" (List.forall snd each)
    else
        Outcome.undecided "the bias gradients do not add up to zero"

/// Two mirrored samples of an odd layer with mirrored targets: their momenta cancel.
let private mirrored: NetworkCase list = [
    Networks.repeated 1 "1/4" (Damping.Cubic Rational.One) [ "1/2" ] "0" "1" "0" "2"
    Networks.repeated 1 "1/4" (Damping.Cubic Rational.One) [ "1/2" ] "0" "-1" "0" "-2"
]

/// η′(u_l) ≠ 0 and det W_l ≠ 0 for every layer; residual layers: det(I + dt·F′) ≠ 0.
let private isRegular (twin: Twin) (case: NetworkCase) : bool =
    let network, n = case.Network, case.Dimension
    let x = Networks.states twin case

    Seq.init network.Depth id
    |> Seq.forall (fun l ->
        let jacobian = Array.init n (fun i -> NearIdentity.stepTangent twin network l x[l] (Vector.unit n i)) |> Matrix.ofRows
        (Elimination.determinant jacobian).Sign <> 0)

/// γdt = 1/3, u = 1: η′ = 0, with ∇L = 1.
let private dead = Networks.repeated 1 "1" (Damping.Cubic(Rational.create 1 3)) [ "0" ] "0" "1" "0" "1"

let claim: Claim =
    let networks twin = Networks.generator { Networks.both with Accept = fun case -> not (isZero case.Target) && isRegular twin case }

    Paper.define
        "ruseckas.pontryagin.single-sample-stationary"
        Paper.reconstructed
        "One sample, b free, no regulariser: ∂L/∂b_l = 0 at one layer ⇒ ∇L(x_N) = 0; feed-forward layers need η′(u_l) ≠ 0."
    |> Claim.hypothesis "H1" "η′(u_l) ≠ 0 and det W_l ≠ 0 for all l"
    |> Claim.hypothesis "H2" "there is one sample: of several only Σ_s a^s(t) = 0 and Σ_s a^s x^{sᵀ} = 0 follow"
    |> Claim.exact "feed-forward" (Instances.random (networks Twin.FeedForward) 100) (dieTogether Twin.FeedForward)
    |> Claim.exact "residual" (Instances.random (networks Twin.Residual) 100) (dieTogether Twin.Residual)
    |> Claim.neededBy "H1" (Instances.chosen Networks.show [ dead ]) (dieTogether Twin.FeedForward)
    |> Claim.neededBy "H2" (Instances.chosen (List.collect Networks.show) [ mirrored ]) (diesForEach Twin.FeedForward)
    |> Claim.neededBy "H2" (Instances.chosen (List.collect Networks.show) [ mirrored ]) (diesForEach Twin.Residual)
