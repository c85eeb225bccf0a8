namespace LayerTime.Core.Claims.Hauser.Dense

open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

/// ∇ʳx(l+1) = hʳ Σ_{n≤p} f_n^(l)(x(l+1−n)); with an inner layer, f_n is the drawn map after the first drawn map.
[<NoComparison>]
type internal MasterNetwork = {
    Order: int
    Memory: int
    HasInnerLayer: bool
    Network: Drawn
} with

    member m.Blocks = max m.Order m.Memory
    member m.History = Array.truncate m.Blocks m.Network.History

/// Drawing and writing out networks of the master family.
[<RequireQualifiedAccess>]
module internal MasterNetwork =
    let private force (m: MasterNetwork) (n: int) (l: int) : LayerMap<Rational> =
        let last = m.Network.Map(n, l)

        if m.HasInnerLayer then
            Array.append (m.Network.Map(1, l).Layers.ToArray()) (last.Layers.ToArray()) |> LayerMap.create |> Defect.orFail
        else
            last

    /// The layer maps, [l][n−1].
    let forces (m: MasterNetwork) = Array.init m.Network.Depth (fun l -> Array.init m.Memory (fun i -> force m (i + 1) l))

    /// f_n^(l)(x) written out.
    let writtenForce (m: MasterNetwork) (n: int) (l: int) (x: Rational[]) : Rational[] =
        let maps = m.Network.Maps[l]
        Written.value (maps[n - 1]) (if m.HasInnerLayer then Written.value (maps[0]) x else x)

    /// Networks of all orders r and memories p with max(r, p) ≤ 5, half of them with an inner layer.
    let generator: Generator<MasterNetwork> =
        let fit (m: MasterNetwork) (network: Drawn) = {
            m with
                Order = min m.Order network.Order
                Memory = min m.Memory network.Order
                Network = network
        }

        let draw (_: int) (stream: RandomStream) =
            let network = Draws.draw Draws.dense stream
            let order = stream.NextInt(0, network.Order)
            let memory = if order < network.Order then network.Order else stream.NextInt(1, network.Order)
            let inner = stream.NextBool()
            // Two squares per layer double the digits twice as fast.
            let network = if inner then { network with Maps = Array.truncate 3 network.Maps } else network
            { Order = order; Memory = memory; HasInnerLayer = inner; Network = network }

        let shrink (m: MasterNetwork) =
            seq {
                if m.HasInnerLayer then
                    { m with HasInnerLayer = false }

                yield! Draws.shrink Draws.dense m.Network |> Seq.map (fit m)
            }

        let show m = ("r", string m.Order) :: ("p", string m.Memory) :: ("inner layer", string m.HasInnerLayer) :: Draws.show m.Network
        Generator.fromStream draw shrink show
