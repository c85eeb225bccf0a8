/// Euler's method run backward does not return to the input.
///
/// Statement: N steps x − dt·F(x) from x_N miss x_0 by O(dt): the negative control for adjoints that store nothing.
/// Reconstructed; no hypothesis can be dropped.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.Discrete.ReversalError

open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

let private error (equation: Equation) (n: int) : float =
    let h = equation.Horizon / float n
    let final = FloatNetworks.residual equation n |> Array.last

    let back x l = FloatNetworks.addScaled x -h (FloatNetworks.field equation (float l * h) x)
    FloatNetworks.distance equation.Start (Array.fold back final [| n .. -1 .. 1 |])

let private isFirstOrder (equation: Equation) : Outcome =
    let rung n = { Resolution = float n; Error = error equation n; Floor = 1e-11 * (1.0 + FloatNetworks.norm equation.Start) }
    Orders.exactly "the distance to the input" 1.0 (Orders.margin 1.0) (List.map rung [ 200; 400; 800 ])

let claim: Claim =
    Paper.define
        "ruseckas.discrete.reversal-error"
        Paper.reconstructed
        "N Euler steps x − dt·F(x) backward from x_N miss the input by O(dt)."
    |> Claim.asymptotic "order" (Instances.random FloatNetworks.cubicGenerator 60) isFirstOrder
    |> Known.bounded "reference" [
        Known.floats "Q: N = 20, 40" "0.5793234795617668 0.2225905551182" (fun () -> [|
            error FloatNetworks.q 20
            error FloatNetworks.q 40
        |])
    ]
