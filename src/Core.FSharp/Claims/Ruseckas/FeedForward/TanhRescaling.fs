/// A plain tanh network with small activations is the cubic equation.
///
/// Statement: z_{l+1} = tanh((I + dt·w_l)z_l + s·dt·b_l) with s = √(3γdt), z_0 = s·x_0, read out as x_l = z_l/s, is the cubic feed-forward
/// network up to (6/5)γ²dt²|u|⁵ per layer, and converges to the cubic equation with order 1.
/// Proof: |tanh v − v + v³/3| ≤ (2/15)|v|⁵; put v = su and divide by s. Dividing by s amplifies rounding: the slack of a layer is
/// 8(n + 4)2⁻⁵³(|u| + 1)(1 + dt‖w‖). With s fixed instead of √dt the limit has γ = s²/(3dt) instead of the given one.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.FeedForward.TanhRescaling

open LayerTime.Core.Numbers
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas
open LayerTime.Core.Claims.Ruseckas.Cubic

let private strength (equation: Equation) : float =
    match equation.G with
    | Entrywise.Cubic γ -> γ
    | Entrywise.Leaky κ
    | Entrywise.Tanh κ -> κ

/// x_N = z_N/s
let private run (equation: Equation) (n: int) : float[] =
    let h = equation.Horizon / float n
    let s = sqrt (3.0 * strength equation * h)
    let w, b = equation.W 0.0, equation.B 0.0

    let step (z: float[]) _ = Array.map3 (fun z wz b -> Elementary.tanh (z + h * wz + s * h * b)) z (FloatNetworks.apply w z) b

    Array.fold step (equation.Start |> Array.map (fun x -> s * x)) [| 1..n |] |> Array.map (fun z -> z / s)

/// One layer against the cubic one with this s, over the layers of a network of ten.
let private isNear (scale: float -> float -> float) (equation: Equation) : Outcome =
    let h = equation.Horizon / 10.0
    let γ = strength equation
    let s = scale γ h
    let _, u = FloatNetworks.feedForward equation 10
    let growth = 1.0 + h * FloatNetworks.matrixNorm (equation.W 0.0)
    let n = equation.Start.Length

    u
    |> Seq.collect id
    |> Seq.map (fun u ->
        let cubic, plain = u - γ * h * u * u * u, Elementary.tanh (s * u) / s
        let bound = 1.2 * γ * γ * h * h * abs (u * u * u * u * u)
        let slack = 8.0 * float (n + 4) * FloatNetworks.unit * (abs u + 1.0) * growth
        Outcome.atMost $"|tanh(su)/s − η(u)| at u = {u}" (bound + slack) (abs (plain - cubic)))
    |> Outcome.all

let private isFirstOrder (equation: Equation) : Outcome =
    let exact = FloatSteps.rungeKutta (FloatNetworks.field equation) equation.Start equation.Horizon 3200

    let rung n = {
        Resolution = float n
        Error = FloatNetworks.distance exact (run equation n)
        Floor = 1e-11 * (1.0 + FloatNetworks.norm exact)
    }

    Orders.exactly "the error of the tanh network" 1.0 (Orders.margin 1.0) (List.map rung [ 200; 400; 800 ])

let claim: Claim =
    let s1 n = (run FloatNetworks.s1 n)[0]
    let rate n = (s1 n - fst (ScalarClosedForm.value 1.0 0.5 0.3 2.0)) * float n / 2.0

    Paper.define
        "ruseckas.ffn.tanh-rescaling"
        Paper.reconstructed
        "z_{l+1} = tanh((I + dt·w)z_l + s·dt·b), s = √(3γdt), x_l = z_l/s is the cubic network up to (6/5)γ²dt²|u|⁵ per layer, and converges with order 1."
    |> Claim.hypothesis "H1" "s = √(3γdt)"
    |> Claim.bounded "layer" (Instances.random FloatNetworks.cubicGenerator 100) (isNear (fun γ h -> sqrt (3.0 * γ * h)))
    |> Claim.asymptotic "order" (Instances.random FloatNetworks.cubicGenerator 30) isFirstOrder
    |> Known.bounded "reference" [
        Known.floats "S1: N = 100, 200, 400" "1.179754960785957 1.189813590492625 1.194921253468532" (fun () -> [|
            s1 100
            s1 200
            s1 400
        |])
        Known.floats "error/dt" "-1.016363516690087 -1.026864062713438 -1.032195530245432" (fun () -> [| rate 100; rate 200; rate 400 |])
    ]
    |> Known.bounded "orders" [
        Known.floats "Q: the order for N = 100 → 200, 400 → 800" "1.003 1.001" (fun () ->
            let q = FloatNetworks.q
            let exact = FloatSteps.rungeKutta (FloatNetworks.field q) q.Start q.Horizon 3200
            let error n = FloatNetworks.distance exact (run q n)
            [| 100; 400 |] |> Array.map (fun n -> Elementary.log (error n / error (2 * n)) / Elementary.log 2.0))
    ]
    |> Claim.neededBy "H1" (Instances.chosen FloatNetworks.show [ FloatNetworks.q; FloatNetworks.s1 ]) (isNear (fun _ _ -> 1.0))
