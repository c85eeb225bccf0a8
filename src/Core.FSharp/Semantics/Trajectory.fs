namespace LayerTime.Core.Semantics

open System

/// The states x(−K+1), …, x(0), x(1), …, x(L) of a network in one block of memory, oldest first.
[<Sealed>]
type Trajectory<'T> internal (blocks: int, starts: int[], data: 'T[]) =
    /// K, the number of states of the history, x(0) included.
    member _.Blocks = blocks
    /// L, the number of layers.
    member _.Depth = starts.Length - 1 - blocks
    /// All scalars, oldest state first, as a view.
    member _.Data: ReadOnlySpan<'T> = ReadOnlySpan data

    /// x(l) as a view, l = −K+1 … L.
    member _.State(l: int) : ReadOnlySpan<'T> =
        let s = l + blocks - 1
        ReadOnlySpan(data, starts[s], starts[s + 1] - starts[s])

    /// x(l) as an array of its own, l = −K+1 … L.
    member this.Item
        with get (l: int): 'T[] = this.State(l).ToArray()

    /// The delay state [x(l); x(l−1); …; x(l−K+1)] as K blocks, newest first.
    member this.Delay(l: int) : 'T[][] = Array.init blocks (fun j -> this[l - j])
    /// x(1), …, x(L)
    member this.Outputs: 'T[][] = Array.init this.Depth (fun i -> this[i + 1])

    /// All scalars, writable while the trajectory is computed.
    member internal _.Items: 'T[] = data
    /// Where x(l) starts among all scalars.
    member internal _.Start(l: int) : int = starts[l + blocks - 1]
