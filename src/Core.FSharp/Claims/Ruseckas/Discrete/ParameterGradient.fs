/// The gradients in the parameters of a layer, and the off-by-one that trains almost normally.
///
/// Statement: residual: ∂L/∂q_l = dt·(∂F/∂q(x_l, q_l))ᵀa_{l+1}. Feed-forward: ∂L/∂B_l = η′(u_l)∘a_{l+1}, ∂L/∂W_l = (η′∘a_{l+1})x_lᵀ, hence
/// ∂L/∂b_l and ∂L/∂w_l are dt times that. With a_l in place of a_{l+1} the residual ∂L/∂b_l is off by exactly dt²·F′(x_l)ᵀa_{l+1}.
/// Checked against dual numbers for every w_ij and b_i of every layer.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.Discrete.ParameterGradient

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

/// The loss of the network in which a change of layer l carries an ε.
let private forward (twin: Twin) (case: NetworkCase) (change: NearIdentity<Dual<Rational>> -> NearIdentity<Dual<Rational>>) : Rational =
    (Networks.loss twin case (change (NearIdentity.map Dual.constant case.Network)) (Projective.constants case.Start)).Derivative

let private moved (a: Dual<Rational>) = Dual.variable a.Value

let private replace (i: int) (f: 'T -> 'T) (items: 'T[]) : 'T[] = Array.updateAt i (f items[i]) items

let private ofBias twin case l i = forward twin case (fun network -> { network with Biases = replace l (replace i moved) network.Biases })

let private ofWeight twin case l i j =
    forward twin case (fun network -> { network with Weights = replace l (replace i (replace j moved)) network.Weights })

let private compare (read: Rational[][] -> int -> Rational[]) (twin: Twin) (case: NetworkCase) : Outcome =
    let x, a = Networks.passes twin case
    let n = case.Dimension

    seq {
        for l in 0 .. case.Network.Depth - 1 do
            let bias = NearIdentity.biasGradient twin case.Network l x[l] (read a l)
            Check.vectors $"∂L/∂b_{l}" (Array.init n (ofBias twin case l)) bias

            for i in 0 .. n - 1 do
                Check.vectors $"∂L/∂w_{l}, row {i + 1}" (Array.init n (ofWeight twin case l i)) (Vector.scale bias[i] x[l])
    }
    |> Outcome.all

let private isGradient = compare (fun a l -> a[l + 1])

let private isGradientFromBelow = compare (fun a l -> a[l])

/// What a_l in place of a_{l+1} costs in the residual network.
let private isOffBy (case: NetworkCase) : Outcome =
    let x, a = Networks.passes Twin.Residual case
    let h = case.Network.Step

    seq {
        for l in 0 .. case.Network.Depth - 1 do
            let error = Vector.scale h (Vector.subtract a[l] a[l + 1])
            Check.vectors $"the error in ∂L/∂b_{l}" (Vector.scale (h * h) (NearIdentity.pull case.Network l x[l] a[l + 1])) error
    }
    |> Outcome.all

let claim: Claim =
    let networks = Networks.generator { Networks.both with Deepest = 3 }

    Paper.define
        "ruseckas.discrete.parameter-gradient"
        Paper.reconstructed
        "Residual: ∂L/∂q_l = dt·(∂F/∂q)ᵀa_{l+1}. Feed-forward: ∂L/∂B_l = η′(u_l)∘a_{l+1}, ∂L/∂W_l = (η′(u_l)∘a_{l+1})x_lᵀ."
    |> Claim.hypothesis "H1" "the momentum is a_{l+1}, that behind the layer"
    |> Claim.exact "residual" (Instances.random networks 40) (isGradient Twin.Residual)
    |> Claim.exact "feed-forward" (Instances.random networks 40) (isGradient Twin.FeedForward)
    |> Claim.exact "off-by-one" (Instances.random networks 60) isOffBy
    |> Claim.neededBy "H1" (Instances.chosen Networks.show [ Networks.p2 ]) (isGradientFromBelow Twin.Residual)
    |> Claim.neededBy "H1" (Instances.chosen Networks.show [ Networks.p2 ]) (isGradientFromBelow Twin.FeedForward)
