/// Layers of second order make minimisers converge with order 2.
///
/// Statement: Heun layers X_{i+1} = X_i + (f(t_i, X_i) + f(t_{i+1}, X_i + f(t_i, X_i)/n))/(2n) on n + 1 nodes K_0, …, K_n with the regulariser nΣ_{i=1}^n|ΔK_i|² + τ|K_0|²: max|K_i − K(i/n)| = O(n^{−2}). Checked on problem B, where the factor of a layer is
/// 1 + (K_i + K_{i+1})/(2n) + K_iK_{i+1}/(2n²).
/// Stationary points by shooting in (K_0, Λ), Λ = (X_n − y)X_n: α(D_i − D_{i+1}) + Λ·∂log X_n/∂K_i = 0, which is solved for K_{i+1} by iteration.
/// Our own.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.ThorpeVanGennip.Beyond.HeunLayers

open LayerTime.Core.Numbers
open LayerTime.Core.DeepLimit
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.ThorpeVanGennip
open LayerTime.Core.Claims.ThorpeVanGennip.Benchmarks
open LayerTime.Core.Claims.ThorpeVanGennip.Minimisers

[<AutoOpen>]
module private Equations =
    open Arithmetic

    /// K_0, …, K_n and what has to vanish, of (K_0, Λ) for problem B with α = 1/10, x = τ = 1, y = 2.
    let layers (n: int) (u: 'T[]) : 'T[] * 'T[] when 'T :> IField<'T> =
        let h: 'T = Ring.ratio 1 n
        let half: 'T = Ring.ratio 1 2
        let pull = u[1] / Ring.ratio 1 10
        let factor a b = 'T.One + half * h * (a + b) + half * h * h * a * b
        // ∂log(factor)/∂a; the factor is symmetric.
        let slope a b = half * h * ('T.One + h * b) / factor a b
        let ks = ResizeArray [ u[0] ]
        let mutable k, d, x = u[0], u[0], 'T.One
        // ∂log/∂K_i of the layer before.
        let mutable before = 'T.Zero

        for _ in 1..n do
            // n(K_{i+1} − K_i) = D_{i+1} = D_i + (Λ/α)(before + slope): a contraction with a factor of O(n⁻³).
            let mutable next = k

            for _ in 1..8 do
                next <- k + h * (d + pull * (before + slope k next))

            x <- x * factor k next
            d <- d + pull * (before + slope k next)
            before <- slope next k
            k <- next
            ks.Add k

        // K_n has the layer before only.
        ks.ToArray(), [| d + pull * before; u[1] - (x - Ring.ratio 2 1) * x |]

/// The nodes of the stationary point next to the limit, proven and enclosed.
let private enclosed (n: int) : Interval[] option =
    let start = ScalarLinear.unknowns ScalarLinear.reference ScalarLinear.κ
    let found = Extremals.newton (layers n >> snd) [| start[0]; 0.5 * start[1] |]
    Extremals.encloseZero 1e-9 (layers n >> snd) (layers n >> snd) found |> Option.map (layers n >> fst)

let private error (nodes: Interval[]) (n: int) : Interval =
    let κ = ScalarLinear.enclosedMinimiser ScalarLinear.reference ScalarLinear.κ |> Option.get

    nodes
    |> Array.mapi (fun i k -> Errors.distance k (ScalarLinear.enclosedAt ScalarLinear.reference κ i n))
    |> Array.reduce Interval.max

let private ladder (nodes: int -> Interval[] option) : Outcome =
    [ 8; 16; 32; 64; 128 ]
    |> List.map (fun n -> Errors.rung n (nodes n |> Option.map (fun nodes -> error nodes n)))
    |> Asymptotic.within "max|K_i − K(i/n)|" (1.9, 2.1)

let claim: Claim =
    let once name = Instances.ladder (fun () -> [ "layers", name ]) [ () ]

    let euler n =
        MinimaConvergence.enclosed MinimaConvergence.linear.Value n
        |> Option.map (ResidualWeights.kernelSequence >> Array.concat)

    Paper.define
        "thorpe-van-gennip.beyond.second-order-layers"
        Paper.own
        "With Heun layers on n + 1 nodes minimisers of problem B converge with order 2."
    |> Claim.hypothesis "H1" "the layers are of second order"
    |> Claim.asymptotic "order" (once "Heun") (fun () -> ladder enclosed)
    |> Known.bounded "reference" [
        Known.floats "errors, n = 4, 8, …, 128" "5.988084e-3 1.529672e-3 3.871472e-4 9.742727e-5 2.444027e-5 6.120721e-6" (fun () -> [|
            for k in 2..7 ->
                enclosed (pown 2 k) |> Option.map (fun nodes -> Interval.midpoint (error nodes (pown 2 k))) |> Option.defaultValue nan
        |])
    ]
    |> Claim.neededBy "H1" (once "Euler") (fun () -> ladder euler)
