/// The momenta of both networks tend to that of the flow, and damping only damps them.
///
/// Statement: feed-forward and residual momenta a_l → a(t_l) with order 1; |a_l|₁ ≤ Π_{k≥l}(1 + dtμ(w_k))·|a_N|₁ for non-increasing g and
/// short steps; for the flow |a(t)|₁ ≤ e^{∫μ(w)}|a(T)|₁.
/// Proof: |Aᵀa|₁ ≤ ‖A‖|a|₁ with A the Jacobian of the layer; ‖diag(η′)W‖ ≤ ‖W‖ = 1 + dtμ(w), and
/// ‖I + dt(w + diag g′)‖ = 1 + dtμ(w + diag g′) ≤ 1 + dtμ(w).
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.FeedForward.AdjointConvergence

open LayerTime.Core.Numbers
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

let private norm1 (a: Rational[]) : Rational = Array.sumBy Rational.abs a

/// μ(w) = max_i (w_ii + Σ_{j≠i} |w_ij|)
let private logarithmicNorm (w: Rational[][]) : Rational =
    w
    |> Array.mapi (fun i row -> row |> Array.mapi (fun j a -> if i = j then a else Rational.abs a) |> Array.sum)
    |> Array.reduce Rational.max

let private isDamped (twin: Twin) (case: NetworkCase) : Outcome =
    let _, a = Networks.passes twin case
    let network = case.Network

    seq { 0 .. network.Depth - 1 }
    |> Seq.map (fun l ->
        Check.atMost $"|a_{l}|₁" ((Rational.One + network.Step * logarithmicNorm network.Weights[l]) * norm1 a[l + 1]) (norm1 a[l]))
    |> Outcome.all

/// 0 ≤ η′ ≤ 1 and 1 + dt·w_ii ≥ 0, or 1 + dt(w_ii + g′) ≥ 0.
let private isShort (twin: Twin) (case: NetworkCase) : bool =
    let network = case.Network
    let x = Networks.states twin case

    Seq.init network.Depth id
    |> Seq.forall (fun l ->
        let diagonal = network.Weights[l] |> Array.mapi (fun i row -> Rational.One + network.Step * row[i])

        match twin with
        | Twin.FeedForward ->
            let slopes = NearIdentity.preactivation network l x[l] |> NearIdentity.activateSlope network
            Array.forall (fun (s: Rational) -> s.Sign >= 0) slopes && Array.forall (fun (d: Rational) -> d.Sign >= 0) diagonal
        | Twin.Residual ->
            let slopes = x[l] |> Array.map (fun x -> network.Step * NearIdentity.dampSlope network.Damping x)
            Array.forall2 (fun (d: Rational) s -> (d + s).Sign >= 0) diagonal slopes)

/// a_0 of a network in floats from a_N = x_N.
let private momentum (twin: Twin) (equation: Equation) (n: int) : float[] =
    let h = equation.Horizon / float n

    match twin with
    | Twin.Residual ->
        let x = FloatNetworks.residual equation n
        let back l a = FloatNetworks.addScaled a h (FloatNetworks.pull equation (float l * h) x[l] a)
        Array.foldBack back [| 0 .. n - 1 |] (Array.last x)
    | Twin.FeedForward ->
        let x, u = FloatNetworks.feedForward equation n

        let back l (a: float[]) =
            let inner = Array.map2 (fun u a -> (1.0 + h * FloatNetworks.dampSlope equation.G u) * a) u[l] a
            FloatNetworks.addScaled inner h (FloatNetworks.applyTransposed (equation.W(float l * h)) inner)

        Array.foldBack back [| 0 .. n - 1 |] (Array.last x)

/// a(0) with a(T) = x(T): forward, and back with the pair (x, a), by the method of order 4.
let private referenceWith (steps: int) (equation: Equation) : float[] =
    let n = equation.Start.Length
    let final = FloatSteps.rungeKutta (FloatNetworks.field equation) equation.Start equation.Horizon steps

    // In reversed time s = T − t.
    let joint s (z: float[]) =
        let t = equation.Horizon - s
        let x, a = Array.splitAt n z
        Array.append (FloatNetworks.field equation t x |> Array.map (~-)) (FloatNetworks.pull equation t x a)

    FloatSteps.rungeKutta joint (Array.append final final) equation.Horizon steps |> Array.skip n

let private reference: Equation -> float[] = referenceWith 3200

let private isFirstOrder (twin: Twin) (equation: Equation) : Outcome =
    let exact = reference equation

    let rung n = {
        Resolution = float n
        Error = FloatNetworks.distance exact (momentum twin equation n)
        Floor = 1e-11 * (1.0 + FloatNetworks.norm exact)
    }

    Orders.exactly "the error of a_0" 1.0 (Orders.margin 1.0) (List.map rung [ 200; 400; 800 ])

/// |a(0)|₁ ≤ e^{μ(w)T}|a(T)|₁ for constant w; slack: the change of the reference with the step halved.
let private isDampedInTime (equation: Equation) : Outcome =
    let norm1 (a: float[]) = Array.sumBy abs a
    let coarse, fine = referenceWith 400 equation, referenceWith 800 equation
    let final = FloatSteps.rungeKutta (FloatNetworks.field equation) equation.Start equation.Horizon 800
    let growth = Elementary.exp (FloatNetworks.logarithmicNorm (equation.W 0.0) * equation.Horizon)
    Outcome.atMost "|a(0)|₁" (growth * norm1 final + norm1 (Array.map2 (-) coarse fine)) (norm1 fine)

/// γ = 1, dt = 1/2, w = b = 0, u = 2: |a_l| = 5|a_{l+1}|.
let private steep = Networks.repeated 1 "1/2" (Damping.Cubic Rational.One) [ "0" ] "0" "2" "0" "0"

let claim: Claim =
    let networks twin = Networks.generator { Networks.both with Accept = isShort twin }

    Paper.define
        "ruseckas.ffn.adjoint-convergence"
        Paper.reconstructed
        "Momenta of both networks tend to a(t) with order 1; |a_l|₁ ≤ Π_{k≥l}(1 + dtμ(w_k))·|a_N|₁: damping cannot make gradients explode."
    |> Claim.hypothesis "H3" "0 ≤ η′ ≤ 1 and 1 + dt·w_ii ≥ 0 (residual: 1 + dt(w_ii + g′) ≥ 0)"
    |> Claim.exact "damped-feed-forward" (Instances.random (networks Twin.FeedForward) 100) (isDamped Twin.FeedForward)
    |> Claim.exact "damped-residual" (Instances.random (networks Twin.Residual) 100) (isDamped Twin.Residual)
    |> Claim.asymptotic "order-feed-forward" (Instances.random FloatNetworks.cubicGenerator 20) (isFirstOrder Twin.FeedForward)
    |> Claim.asymptotic "order-residual" (Instances.random FloatNetworks.cubicGenerator 20) (isFirstOrder Twin.Residual)
    |> Claim.bounded "damped-flow" (Instances.random FloatNetworks.cubicGenerator 40) isDampedInTime
    |> Claim.neededBy "H3" (Instances.chosen Networks.show [ steep ]) (isDamped Twin.FeedForward)
    |> Claim.neededBy "H3" (Instances.chosen Networks.show [ steep ]) (isDamped Twin.Residual)
