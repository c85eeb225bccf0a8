/// A corrected energy drifts less over depth than a·F does.
///
/// Statement: for an autonomous residual network a_l·[F − (dt/2)F′F + dt²(⅓F′F′F + (1/12)F″(F, F))](x_l) drifts by O(dt³) over depth, with two
/// terms by O(dt²), and a·F by O(dt); for the feed-forward network a_l·[F + dt(g′∘ℓ − ½F′F)] drifts by O(dt²).
/// A network whose drift violates the ladder does not approximate a differential equation.
/// Beyond the paper.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.Beyond.ModifiedHamiltonian

open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

let private strength (equation: Equation) : float =
    match equation.G with
    | Entrywise.Cubic γ -> γ
    | Entrywise.Leaky _
    | Entrywise.Tanh _ -> 0.0

/// F, F + first correction, F + both, at x; the feed-forward network has one correction.
let private fields (twin: Twin) (equation: Equation) (h: float) (x: float[]) : float[][] =
    let f = FloatNetworks.field equation 0.0 x
    let ff = FloatNetworks.push equation 0.0 x f

    match twin with
    | Twin.Residual ->
        let fff = FloatNetworks.push equation 0.0 x ff
        let second = Array.map2 (fun x f -> -6.0 * strength equation * x * f * f) x f
        let one = FloatNetworks.addScaled f (-0.5 * h) ff
        let two = Array.map2 (fun a b -> a / 3.0 + b / 12.0) fff second
        [| f; one; FloatNetworks.addScaled one (h * h) two |]
    | Twin.FeedForward ->
        let slopes = Array.map2 (fun x l -> FloatNetworks.dampSlope equation.G x * l) x (FloatNetworks.affine equation 0.0 x)
        [| f; FloatNetworks.addScaled f h (Array.map2 (fun s c -> s - 0.5 * c) slopes ff) |]

/// The values a_l·(field) for l = 0..N, one row per field, with a_N = x_N − (1, 0, …).
let private energies (twin: Twin) (equation: Equation) (n: int) : float[][] =
    let h = equation.Horizon / float n

    let x, back =
        match twin with
        | Twin.Residual ->
            let x = FloatNetworks.residual equation n
            x, fun l a -> FloatNetworks.addScaled a h (FloatNetworks.pull equation 0.0 x[l] a)
        | Twin.FeedForward ->
            let x, u = FloatNetworks.feedForward equation n

            x,
            fun l a ->
                let inner = Array.map2 (fun u a -> (1.0 + h * FloatNetworks.dampSlope equation.G u) * a) u[l] a
                FloatNetworks.addScaled inner h (FloatNetworks.applyTransposed (equation.W 0.0) inner)

    let final = Array.last x |> Array.mapi (fun i x -> if i = 0 then x - 1.0 else x)
    let a = Array.scanBack back [| 0 .. n - 1 |] final

    Array.map2 (fun x a -> fields twin equation h x |> Array.map (FloatNetworks.dot a)) x a |> Array.transpose

let private drift (values: float[]) : float = Array.max values - Array.min values

let private drifts (twin: Twin) (field: int) (equation: Equation) : Outcome =
    let rung n =
        let values = (energies twin equation n)[field]
        let size = values |> Array.map abs |> Array.max
        { Resolution = float n; Error = drift values; Floor = 64.0 * float n * FloatNetworks.unit * (1.0 + size) }

    let order = float field + 1.0
    // At Q the slopes are 1.01, 2.01 and 3.0 for N = 200 → 400.
    Orders.exactly $"the drift with {field} corrections" order 0.1 (List.map rung [ 100; 200; 400 ])

/// The same on a drawn equation, where the drift may be nearly zero.
let private driftsAtMost (twin: Twin) (field: int) (equation: Equation) : Outcome =
    let rung n =
        let values = (energies twin equation n)[field]
        let size = values |> Array.map abs |> Array.max
        { Resolution = float n; Error = drift values; Floor = 1e-11 * (1.0 + size) }

    let ladder = if field = 0 then [ 200; 400; 800 ] else [ 40; 80; 160 ]
    Orders.atLeast $"the drift with {field} corrections" (float field + 1.0) (List.map rung ladder)

let private q = FloatNetworks.q

/// A drift of order 1 is none of order 2.
let private uncorrected (equation: Equation) : Outcome =
    let rung n =
        let values = (energies Twin.Residual equation n)[0]
        { Resolution = float n; Error = drift values; Floor = 64.0 * float n * FloatNetworks.unit }

    Orders.exactly "the drift of a·F" 2.0 0.1 (List.map rung [ 100; 200; 400 ])

let claim: Claim =
    let part twin field name claim =
        claim
        |> Claim.asymptotic name (Instances.ladder FloatNetworks.show [ q ]) (drifts twin field)
        |> Claim.asymptotic $"{name}-drawn" (Instances.random FloatNetworks.cubicGenerator 15) (driftsAtMost twin field)

    let starts twin () = energies twin q 50 |> Array.map Array.head
    let spans twin () = energies twin q 50 |> Array.map drift

    Paper.define
        "ruseckas.beyond.modified-hamiltonian"
        Paper.own
        "Autonomous residual network: a_l·[F − (dt/2)F′F + dt²(⅓F′F′F + (1/12)F″(F, F))] drifts by O(dt³), with two terms O(dt²), a·F by O(dt); feed-forward: a_l·[F + dt(g′∘ℓ − ½F′F)] by O(dt²)."
    |> Claim.hypothesis "H1" "the correction −(dt/2)F′F is made"
    |> part Twin.Residual 0 "residual"
    |> part Twin.Residual 1 "residual-one-correction"
    |> part Twin.Residual 2 "residual-two-corrections"
    |> part Twin.FeedForward 0 "feed-forward"
    |> part Twin.FeedForward 1 "feed-forward-one-correction"
    |> Known.bounded "reference" [
        Known.floats "Q, N = 50, residual, l = 0" "0.3480931490413736 0.3557283398681839 0.355725739239339" (starts Twin.Residual)
        Known.floats "max − min" "0.01554845099759 3.581288936090e-4 1.767600848e-5" (spans Twin.Residual)
        Known.floats "Q, N = 50, feed-forward, l = 0" "0.3714591946032925 0.3734992684016573" (starts Twin.FeedForward)
        Known.floats "max − min" "0.02848588937150 9.829992340e-4" (spans Twin.FeedForward)
    ]
    |> Claim.neededBy "H1" (Instances.chosen FloatNetworks.show [ q ]) uncorrected
