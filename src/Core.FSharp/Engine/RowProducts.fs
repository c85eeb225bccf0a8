namespace LayerTime.Core.Engine

open System.Runtime.CompilerServices

/// c ← c + a·b, or c ← bias + a·b where it starts from there, for a few rows of c and a, four registers of lanes of each row of b: the innermost loops of all
/// matrix products. Entry (i, k) of a stands at i·row + k·step, the bias of row i at i·biasStep. Every product and sum of a lane is rounded once, in the
/// order of k.
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

    /// What a sum starts from: a bias in every lane, or what stands in c.
    let inline private initial<'V when 'V :> ILanes<'V>>
        (starts: bool)
        (bias: byref<float>)
        (place: int)
        (c: byref<float>)
        (register: int)
        : 'V =
        if starts then 'V.All(Unsafe.Add(&bias, place)) else load<'V> &c register

    // One function for each number of rows: sums stay in registers only as local values, not in arrays.

    /// Four rows of four registers of lanes.
    let private fourRows<'V when 'V :> ILanes<'V>>
        (a: byref<float>)
        (row: int)
        (step: int)
        (b: byref<float>)
        (bRow: int)
        (c: byref<float>)
        (cRow: int)
        (count: int)
        (starts: bool)
        (bias: byref<float>)
        (biasStep: int)
        : unit =
        let a1 = &Unsafe.Add(&a, row)
        let a2 = &Unsafe.Add(&a, 2 * row)
        let a3 = &Unsafe.Add(&a, 3 * row)
        let c1 = &Unsafe.Add(&c, cRow)
        let c2 = &Unsafe.Add(&c, 2 * cRow)
        let c3 = &Unsafe.Add(&c, 3 * cRow)

        let mutable p0, p1, p2, p3 =
            initial<'V> starts &bias 0 &c 0,
            initial<'V> starts &bias 0 &c 1,
            initial<'V> starts &bias 0 &c 2,
            initial<'V> starts &bias 0 &c 3

        let mutable q0, q1, q2, q3 =
            initial<'V> starts &bias biasStep &c1 0,
            initial<'V> starts &bias biasStep &c1 1,
            initial<'V> starts &bias biasStep &c1 2,
            initial<'V> starts &bias biasStep &c1 3

        let mutable r0, r1, r2, r3 =
            initial<'V> starts &bias (2 * biasStep) &c2 0,
            initial<'V> starts &bias (2 * biasStep) &c2 1,
            initial<'V> starts &bias (2 * biasStep) &c2 2,
            initial<'V> starts &bias (2 * biasStep) &c2 3

        let mutable s0, s1, s2, s3 =
            initial<'V> starts &bias (3 * biasStep) &c3 0,
            initial<'V> starts &bias (3 * biasStep) &c3 1,
            initial<'V> starts &bias (3 * biasStep) &c3 2,
            initial<'V> starts &bias (3 * biasStep) &c3 3

        let aStep, bStep = bytes step, bytes bRow
        let mutable left, right = 0n, 0n

        for _ in 1..count do
            let x0, x1, x2, x3 = loadAt<'V> &b right 0, loadAt<'V> &b right 1, loadAt<'V> &b right 2, loadAt<'V> &b right 3
            let p = broadcastAt<'V> &a left
            'V.AddProduct(&p0, p, x0)
            'V.AddProduct(&p1, p, x1)
            'V.AddProduct(&p2, p, x2)
            'V.AddProduct(&p3, p, x3)
            let q = broadcastAt<'V> &a1 left
            'V.AddProduct(&q0, q, x0)
            'V.AddProduct(&q1, q, x1)
            'V.AddProduct(&q2, q, x2)
            'V.AddProduct(&q3, q, x3)
            let r = broadcastAt<'V> &a2 left
            'V.AddProduct(&r0, r, x0)
            'V.AddProduct(&r1, r, x1)
            'V.AddProduct(&r2, r, x2)
            'V.AddProduct(&r3, r, x3)
            let s = broadcastAt<'V> &a3 left
            'V.AddProduct(&s0, s, x0)
            'V.AddProduct(&s1, s, x1)
            'V.AddProduct(&s2, s, x2)
            'V.AddProduct(&s3, s, x3)
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

    /// Three rows of four registers of lanes: twelve sums hide the latency of each other.
    let private threeRows<'V when 'V :> ILanes<'V>>
        (a: byref<float>)
        (row: int)
        (step: int)
        (b: byref<float>)
        (bRow: int)
        (c: byref<float>)
        (cRow: int)
        (count: int)
        (starts: bool)
        (bias: byref<float>)
        (biasStep: int)
        : unit =
        let a1 = &Unsafe.Add(&a, row)
        let a2 = &Unsafe.Add(&a, 2 * row)
        let c1 = &Unsafe.Add(&c, cRow)
        let c2 = &Unsafe.Add(&c, 2 * cRow)

        let mutable p0, p1, p2, p3 =
            initial<'V> starts &bias 0 &c 0,
            initial<'V> starts &bias 0 &c 1,
            initial<'V> starts &bias 0 &c 2,
            initial<'V> starts &bias 0 &c 3

        let mutable q0, q1, q2, q3 =
            initial<'V> starts &bias biasStep &c1 0,
            initial<'V> starts &bias biasStep &c1 1,
            initial<'V> starts &bias biasStep &c1 2,
            initial<'V> starts &bias biasStep &c1 3

        let mutable r0, r1, r2, r3 =
            initial<'V> starts &bias (2 * biasStep) &c2 0,
            initial<'V> starts &bias (2 * biasStep) &c2 1,
            initial<'V> starts &bias (2 * biasStep) &c2 2,
            initial<'V> starts &bias (2 * biasStep) &c2 3

        let aStep, bStep = bytes step, bytes bRow
        let mutable left, right = 0n, 0n

        for _ in 1..count do
            // One register of b at a time: with the twelve sums and three factors these are sixteen registers.
            let p, q, r = broadcastAt<'V> &a left, broadcastAt<'V> &a1 left, broadcastAt<'V> &a2 left
            let x = loadAt<'V> &b right 0
            'V.AddProduct(&p0, p, x)
            'V.AddProduct(&q0, q, x)
            'V.AddProduct(&r0, r, x)
            let x = loadAt<'V> &b right 1
            'V.AddProduct(&p1, p, x)
            'V.AddProduct(&q1, q, x)
            'V.AddProduct(&r1, r, x)
            let x = loadAt<'V> &b right 2
            'V.AddProduct(&p2, p, x)
            'V.AddProduct(&q2, q, x)
            'V.AddProduct(&r2, r, x)
            let x = loadAt<'V> &b right 3
            'V.AddProduct(&p3, p, x)
            'V.AddProduct(&q3, q, x)
            'V.AddProduct(&r3, r, x)
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

    /// Two rows of four registers of lanes.
    let private twoRows<'V when 'V :> ILanes<'V>>
        (a: byref<float>)
        (row: int)
        (step: int)
        (b: byref<float>)
        (bRow: int)
        (c: byref<float>)
        (cRow: int)
        (count: int)
        (starts: bool)
        (bias: byref<float>)
        (biasStep: int)
        : unit =
        let a1 = &Unsafe.Add(&a, row)
        let c1 = &Unsafe.Add(&c, cRow)

        let mutable p0, p1, p2, p3 =
            initial<'V> starts &bias 0 &c 0,
            initial<'V> starts &bias 0 &c 1,
            initial<'V> starts &bias 0 &c 2,
            initial<'V> starts &bias 0 &c 3

        let mutable q0, q1, q2, q3 =
            initial<'V> starts &bias biasStep &c1 0,
            initial<'V> starts &bias biasStep &c1 1,
            initial<'V> starts &bias biasStep &c1 2,
            initial<'V> starts &bias biasStep &c1 3

        let aStep, bStep = bytes step, bytes bRow
        let mutable left, right = 0n, 0n

        for _ in 1..count do
            let x0, x1, x2, x3 = loadAt<'V> &b right 0, loadAt<'V> &b right 1, loadAt<'V> &b right 2, loadAt<'V> &b right 3
            let p = broadcastAt<'V> &a left
            'V.AddProduct(&p0, p, x0)
            'V.AddProduct(&p1, p, x1)
            'V.AddProduct(&p2, p, x2)
            'V.AddProduct(&p3, p, x3)
            let q = broadcastAt<'V> &a1 left
            'V.AddProduct(&q0, q, x0)
            'V.AddProduct(&q1, q, x1)
            'V.AddProduct(&q2, q, x2)
            'V.AddProduct(&q3, q, x3)
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

    /// One row of four registers of lanes.
    let private oneRow<'V when 'V :> ILanes<'V>>
        (a: byref<float>)
        (step: int)
        (b: byref<float>)
        (bRow: int)
        (c: byref<float>)
        (count: int)
        (starts: bool)
        (bias: byref<float>)
        : unit =
        let mutable p0, p1, p2, p3 =
            initial<'V> starts &bias 0 &c 0,
            initial<'V> starts &bias 0 &c 1,
            initial<'V> starts &bias 0 &c 2,
            initial<'V> starts &bias 0 &c 3

        let aStep, bStep = bytes step, bytes bRow
        let mutable left, right = 0n, 0n

        for _ in 1..count do
            let x0, x1, x2, x3 = loadAt<'V> &b right 0, loadAt<'V> &b right 1, loadAt<'V> &b right 2, loadAt<'V> &b right 3
            let p = broadcastAt<'V> &a left
            'V.AddProduct(&p0, p, x0)
            'V.AddProduct(&p1, p, x1)
            'V.AddProduct(&p2, p, x2)
            'V.AddProduct(&p3, p, x3)
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
            'V.AddProduct(&p, broadcastAt &a left, loadAt &b right 0)
            left <- left + aStep
            right <- right + bStep

        store p &c 0

    /// How many of so many rows are next: as many as there are registers for, one only where there is no other.
    let inline group<'V when 'V :> ILanes<'V>> (left: int) : int = if left = 'V.Rows + 1 then 'V.Rows - 1 else min left 'V.Rows

    /// Such a group of rows.
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
        (starts: bool)
        (bias: byref<float>)
        (biasStep: int)
        : unit =
        match group with
        | 4 -> fourRows<'V> &a row step &b bRow &c cRow count starts &bias biasStep
        | 3 -> threeRows<'V> &a row step &b bRow &c cRow count starts &bias biasStep
        | 2 -> twoRows<'V> &a row step &b bRow &c cRow count starts &bias biasStep
        | _ -> oneRow<'V> &a step &b bRow &c count starts &bias
