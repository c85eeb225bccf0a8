namespace LayerTime.Core.Engine

open System.Runtime.CompilerServices

/// c ← c + a·b for a few rows of c and a, four registers of lanes of each row of b: the innermost loops of all matrix products. Entry (i, k) of a stands
/// at i·row + k·step. Every product and sum of a lane is rounded once, in the order of k.
[<RequireQualifiedAccess>]
module internal RowProducts =
    let inline private bytes (numbers: int) : nativeint = nativeint numbers * 8n

    let inline private load<'V when 'V :> ILanes<'V>> (entries: byref<float>) (register: int) : 'V =
        'V.Load &(Unsafe.Add(&entries, register * 'V.Count))

    let inline private store<'V when 'V :> ILanes<'V>> (value: 'V) (entries: byref<float>) (register: int) : unit =
        'V.Store(value, &Unsafe.Add(&entries, register * 'V.Count))

    let inline private loadAt<'V when 'V :> ILanes<'V>> (entries: byref<float>) (offset: nativeint) (register: int) : 'V =
        'V.Load &(Unsafe.Add(&Unsafe.AddByteOffset(&entries, offset), register * 'V.Count))

    let inline private broadcastAt<'V when 'V :> ILanes<'V>> (entries: byref<float>) (offset: nativeint) : 'V =
        'V.All(Unsafe.AddByteOffset(&entries, offset))

    /// c ← c + a·b for four rows of four registers of lanes.
    let private fourRows<'V when 'V :> ILanes<'V>>
        (a: byref<float>)
        (row: int)
        (step: int)
        (b: byref<float>)
        (bRow: int)
        (c: byref<float>)
        (cRow: int)
        (count: int)
        : unit =
        let a1 = &Unsafe.Add(&a, row)
        let a2 = &Unsafe.Add(&a, 2 * row)
        let a3 = &Unsafe.Add(&a, 3 * row)
        let c1 = &Unsafe.Add(&c, cRow)
        let c2 = &Unsafe.Add(&c, 2 * cRow)
        let c3 = &Unsafe.Add(&c, 3 * cRow)
        let mutable p0, p1, p2, p3 = load<'V> &c 0, load<'V> &c 1, load<'V> &c 2, load<'V> &c 3
        let mutable q0, q1, q2, q3 = load<'V> &c1 0, load<'V> &c1 1, load<'V> &c1 2, load<'V> &c1 3
        let mutable r0, r1, r2, r3 = load<'V> &c2 0, load<'V> &c2 1, load<'V> &c2 2, load<'V> &c2 3
        let mutable s0, s1, s2, s3 = load<'V> &c3 0, load<'V> &c3 1, load<'V> &c3 2, load<'V> &c3 3
        let aStep, bStep = bytes step, bytes bRow
        let mutable left, right = 0n, 0n

        for _ in 1..count do
            let x0, x1, x2, x3 = loadAt<'V> &b right 0, loadAt<'V> &b right 1, loadAt<'V> &b right 2, loadAt<'V> &b right 3
            let p = broadcastAt<'V> &a left
            p0 <- Lanes.fma p x0 p0
            p1 <- Lanes.fma p x1 p1
            p2 <- Lanes.fma p x2 p2
            p3 <- Lanes.fma p x3 p3
            let q = broadcastAt<'V> &a1 left
            q0 <- Lanes.fma q x0 q0
            q1 <- Lanes.fma q x1 q1
            q2 <- Lanes.fma q x2 q2
            q3 <- Lanes.fma q x3 q3
            let r = broadcastAt<'V> &a2 left
            r0 <- Lanes.fma r x0 r0
            r1 <- Lanes.fma r x1 r1
            r2 <- Lanes.fma r x2 r2
            r3 <- Lanes.fma r x3 r3
            let s = broadcastAt<'V> &a3 left
            s0 <- Lanes.fma s x0 s0
            s1 <- Lanes.fma s x1 s1
            s2 <- Lanes.fma s x2 s2
            s3 <- Lanes.fma s x3 s3
            left <- left + aStep
            right <- right + bStep

        store p0 &c 0
        store p1 &c 1
        store p2 &c 2
        store p3 &c 3
        store q0 &c1 0
        store q1 &c1 1
        store q2 &c1 2
        store q3 &c1 3
        store r0 &c2 0
        store r1 &c2 1
        store r2 &c2 2
        store r3 &c2 3
        store s0 &c3 0
        store s1 &c3 1
        store s2 &c3 2
        store s3 &c3 3

    /// c ← c + a·b for three rows of four registers of lanes: twelve sums hide the latency of each other.
    let private threeRows<'V when 'V :> ILanes<'V>>
        (a: byref<float>)
        (row: int)
        (step: int)
        (b: byref<float>)
        (bRow: int)
        (c: byref<float>)
        (cRow: int)
        (count: int)
        : unit =
        let a1 = &Unsafe.Add(&a, row)
        let a2 = &Unsafe.Add(&a, 2 * row)
        let c1 = &Unsafe.Add(&c, cRow)
        let c2 = &Unsafe.Add(&c, 2 * cRow)
        let mutable p0, p1, p2, p3 = load<'V> &c 0, load<'V> &c 1, load<'V> &c 2, load<'V> &c 3
        let mutable q0, q1, q2, q3 = load<'V> &c1 0, load<'V> &c1 1, load<'V> &c1 2, load<'V> &c1 3
        let mutable r0, r1, r2, r3 = load<'V> &c2 0, load<'V> &c2 1, load<'V> &c2 2, load<'V> &c2 3
        let aStep, bStep = bytes step, bytes bRow
        let mutable left, right = 0n, 0n

        for _ in 1..count do
            let x0, x1, x2, x3 = loadAt<'V> &b right 0, loadAt<'V> &b right 1, loadAt<'V> &b right 2, loadAt<'V> &b right 3
            let p = broadcastAt<'V> &a left
            p0 <- Lanes.fma p x0 p0
            p1 <- Lanes.fma p x1 p1
            p2 <- Lanes.fma p x2 p2
            p3 <- Lanes.fma p x3 p3
            let q = broadcastAt<'V> &a1 left
            q0 <- Lanes.fma q x0 q0
            q1 <- Lanes.fma q x1 q1
            q2 <- Lanes.fma q x2 q2
            q3 <- Lanes.fma q x3 q3
            let r = broadcastAt<'V> &a2 left
            r0 <- Lanes.fma r x0 r0
            r1 <- Lanes.fma r x1 r1
            r2 <- Lanes.fma r x2 r2
            r3 <- Lanes.fma r x3 r3
            left <- left + aStep
            right <- right + bStep

        store p0 &c 0
        store p1 &c 1
        store p2 &c 2
        store p3 &c 3
        store q0 &c1 0
        store q1 &c1 1
        store q2 &c1 2
        store q3 &c1 3
        store r0 &c2 0
        store r1 &c2 1
        store r2 &c2 2
        store r3 &c2 3

    /// c ← c + a·b for two rows of four registers of lanes.
    let private twoRows<'V when 'V :> ILanes<'V>>
        (a: byref<float>)
        (row: int)
        (step: int)
        (b: byref<float>)
        (bRow: int)
        (c: byref<float>)
        (cRow: int)
        (count: int)
        : unit =
        let a1 = &Unsafe.Add(&a, row)
        let c1 = &Unsafe.Add(&c, cRow)
        let mutable p0, p1, p2, p3 = load<'V> &c 0, load<'V> &c 1, load<'V> &c 2, load<'V> &c 3
        let mutable q0, q1, q2, q3 = load<'V> &c1 0, load<'V> &c1 1, load<'V> &c1 2, load<'V> &c1 3
        let aStep, bStep = bytes step, bytes bRow
        let mutable left, right = 0n, 0n

        for _ in 1..count do
            let x0, x1, x2, x3 = loadAt<'V> &b right 0, loadAt<'V> &b right 1, loadAt<'V> &b right 2, loadAt<'V> &b right 3
            let p = broadcastAt<'V> &a left
            p0 <- Lanes.fma p x0 p0
            p1 <- Lanes.fma p x1 p1
            p2 <- Lanes.fma p x2 p2
            p3 <- Lanes.fma p x3 p3
            let q = broadcastAt<'V> &a1 left
            q0 <- Lanes.fma q x0 q0
            q1 <- Lanes.fma q x1 q1
            q2 <- Lanes.fma q x2 q2
            q3 <- Lanes.fma q x3 q3
            left <- left + aStep
            right <- right + bStep

        store p0 &c 0
        store p1 &c 1
        store p2 &c 2
        store p3 &c 3
        store q0 &c1 0
        store q1 &c1 1
        store q2 &c1 2
        store q3 &c1 3

    /// c ← c + a·b for one row of four registers of lanes.
    let private oneRow<'V when 'V :> ILanes<'V>>
        (a: byref<float>)
        (step: int)
        (b: byref<float>)
        (bRow: int)
        (c: byref<float>)
        (count: int)
        : unit =
        let mutable p0, p1, p2, p3 = load<'V> &c 0, load<'V> &c 1, load<'V> &c 2, load<'V> &c 3
        let aStep, bStep = bytes step, bytes bRow
        let mutable left, right = 0n, 0n

        for _ in 1..count do
            let x0, x1, x2, x3 = loadAt<'V> &b right 0, loadAt<'V> &b right 1, loadAt<'V> &b right 2, loadAt<'V> &b right 3
            let p = broadcastAt<'V> &a left
            p0 <- Lanes.fma p x0 p0
            p1 <- Lanes.fma p x1 p1
            p2 <- Lanes.fma p x2 p2
            p3 <- Lanes.fma p x3 p3
            left <- left + aStep
            right <- right + bStep

        store p0 &c 0
        store p1 &c 1
        store p2 &c 2
        store p3 &c 3

    /// c ← c + a·b for one row of one register of lanes.
    let single<'V when 'V :> ILanes<'V>> (a: byref<float>) (step: int) (b: byref<float>) (bRow: int) (c: byref<float>) (count: int) : unit =
        let mutable p = load<'V> &c 0
        let aStep, bStep = bytes step, bytes bRow
        let mutable left, right = 0n, 0n

        for _ in 1..count do
            p <- Lanes.fma (broadcastAt &a left) (loadAt &b right 0) p
            left <- left + aStep
            right <- right + bStep

        store p &c 0

    /// How many of so many rows are next: as many as there are registers for, one only where there is no other.
    let inline group<'V when 'V :> ILanes<'V>> (left: int) : int = if left = 'V.Rows + 1 then 'V.Rows - 1 else min left 'V.Rows

    /// c ← c + a·b for such a group.
    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    let add<'V when 'V :> ILanes<'V>>
        (group: int)
        (a: byref<float>)
        (row: int)
        (step: int)
        (b: byref<float>)
        (bRow: int)
        (c: byref<float>)
        (cRow: int)
        (count: int)
        : unit =
        match group with
        | 4 -> fourRows<'V> &a row step &b bRow &c cRow count
        | 3 -> threeRows<'V> &a row step &b bRow &c cRow count
        | 2 -> twoRows<'V> &a row step &b bRow &c cRow count
        | _ -> oneRow<'V> &a step &b bRow &c count

    /// Four registers of numbers from a place on become one value.
    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    let fill<'V when 'V :> ILanes<'V>> (value: float) (entries: byref<float>) (place: int) : unit =
        let row = &Unsafe.Add(&entries, place)
        let value: 'V = Lanes.all value

        for register in 0..3 do
            store value &row register
