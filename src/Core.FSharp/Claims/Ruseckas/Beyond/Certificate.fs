/// A rigorous distance between given layers and a given differential equation, without a tube.
///
/// Statement: g non-increasing, x_0 = x(0), μ(w) ≤ μ. E := 0; in each layer v = (x_{l+1} − x_l)/dt, m = (x_l + x_{l+1})/2,
/// R = max(|x_l|, |x_{l+1}|), D = |v − F(t_l + dt/2, m)| + ½dt(L_w + Lip_g(R))|v| + ½dt(ẆR + ḃ), E ← e^{μdt}E + D(e^{μdt} − 1)/μ. Then
/// |x_N − x(T)| ≤ E, for any sequence x_l, wherever it comes from.
/// Proof: y the linear interpolant has |y′ − F(t, y)| ≤ D on the layer, and the one-sided Lipschitz constant of F is ≤ μ:
/// D⁺|y − x| ≤ μ|y − x| + D.
/// Checked against references of order 4; the certificate itself is the upper end of an interval.
/// Beyond the paper.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.Beyond.Certificate

open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

/// E of states against an autonomous equation, with this μ.
let private certificate (equation: Equation) (μ: float) (states: float[][]) : float =
    let g = FeedForward.GlobalError.nonlinearity equation.G
    let field = NearIdentityField.constant (equation.W 0.0) (equation.B 0.0) g equation.Horizon |> Defect.orFail
    NearIdentityCertificate.withRate μ field states

let private μ (equation: Equation) : float = FloatNetworks.logarithmicNorm (equation.W 0.0)

/// Both networks, and states that no layer made: those of the feed-forward network moved by a wave.
let private bounds (choose: Equation -> float) (equation: Equation) : Outcome =
    let h n = equation.Horizon / float n
    let exact n = FloatSteps.rungeKutta (FloatNetworks.field equation) equation.Start equation.Horizon n
    let reference = exact 2000
    // Fifteen times the estimated error of the reference.
    let doubt = FloatNetworks.distance reference (exact 1000)

    let moved (states: float[][]) =
        let h = h (states.Length - 1)
        states |> Array.mapi (fun l x -> x |> Array.map (fun x -> x + h * Elementary.sin (3.0 * float l * h)))

    [
        "residual", FloatNetworks.residual equation 40
        "feed-forward", fst (FloatNetworks.feedForward equation 40)
        "moved", moved (fst (FloatNetworks.feedForward equation 80))
    ]
    |> List.map (fun (name, states) ->
        let error = FloatNetworks.distance reference (Array.last states)
        let ρ = FloatNetworks.rounding equation states (FloatNetworks.norm (equation.B 0.0))
        Outcome.atMost $"|x_N − x(T)|, {name}" (certificate equation (choose equation) states + doubt + ρ) error)
    |> Outcome.all

let claim: Claim =
    let q = FloatNetworks.q
    let residual n = certificate q 1.2 (FloatNetworks.residual q n)
    let feedForward n = certificate q 1.2 (fst (FloatNetworks.feedForward q n))
    let exact = lazy FloatSteps.rungeKutta (FloatNetworks.field q) q.Start q.Horizon 8000
    let error n = FloatNetworks.distance exact.Value (Array.last (fst (FloatNetworks.feedForward q n)))

    Paper.define
        "ruseckas.beyond.certificate"
        Paper.own
        "g non-increasing, μ(w) ≤ μ: D = |v − F(m)| + ½dt(L_w + Lip_g(R))|v| + ½dt(ẆR + ḃ) on each layer, E ← e^{μdt}E + D(e^{μdt} − 1)/μ ⇒ |x_N − x(T)| ≤ E for any x_0 = x(0), …, x_N."
    |> Claim.hypothesis "H1" "sup μ(w) ≤ μ"
    |> Claim.hypothesis "H2" "g is entrywise non-increasing"
    |> Claim.bounded "bound" (Instances.random FloatNetworks.cubicGenerator 40) (bounds μ)
    |> Known.bounded "reference" [
        Known.floats "Q, μ" "1.2" (fun () -> [| μ q |])
        Known.floats "feed-forward, N = 40, 160, 640" "0.639654405741714 0.157909598681612 0.03933967322448505" (fun () -> [|
            feedForward 40
            feedForward 160
            feedForward 640
        |])
        Known.floats "the true errors" "0.01263654944573332 0.003084659037154132 0.0007663606037897948" (fun () ->
            [| 40; 160; 640 |] |> Array.map error)
        Known.floats "residual, N = 40, 160, 640" "0.7075562171619724 0.1726568339893389 0.0429026361494655" (fun () -> [|
            residual 40
            residual 160
            residual 640
        |])
    ]
    |> Claim.neededBy "H1" (Instances.chosen FloatNetworks.show [ q ]) (bounds (fun _ -> -40.0))
