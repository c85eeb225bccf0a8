namespace LayerTime.Core.Engine

// Static abstract members: one text for registers of four and of eight lanes.
#nowarn "3535"

open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open System.Runtime.Intrinsics

/// Neighbouring lanes in one register. Every operation is one of IEEE 754, lane by lane, so that the bits of a lane do not depend on how many there are.
type internal ILanes<'V when 'V :> ILanes<'V>> =
    /// The lanes of a register.
    static abstract Count: int
    /// So many sums of four registers each stay in registers.
    static abstract Rows: int
    static abstract Load: entries: byref<float> -> 'V
    static abstract Store: value: 'V * entries: byref<float> -> unit
    /// One number in every lane.
    static abstract All: value: float -> 'V
    static abstract Sum: 'V * 'V -> 'V
    static abstract Difference: 'V * 'V -> 'V
    static abstract Product: 'V * 'V -> 'V
    static abstract Quotient: 'V * 'V -> 'V
    static abstract Negation: 'V -> 'V
    /// a·b + c, rounded once.
    static abstract Fma: a: 'V * b: 'V * c: 'V -> 'V
    /// sum ← sum + a·b, rounded once; in place, so that the sum stays in its register.
    static abstract AddProduct: sum: byref<'V> * a: 'V * b: 'V -> unit
    static abstract Abs: 'V -> 'V
    /// The smaller one; b where it is NaN. Of zeros any.
    static abstract Min: a: 'V * b: 'V -> 'V
    /// The larger one; b where it is NaN. Of zeros any.
    static abstract Max: a: 'V * b: 'V -> 'V
    static abstract CopySign: size: 'V * sign: 'V -> 'V
    /// `below` where t ≤ 0, `other` elsewhere and where t is NaN.
    static abstract WhereNotPositive: t: 'V * below: 'V * other: 'V -> 'V
    /// 2ᵏ for −1022 ≤ k ≤ 1023, with k in the low bits of `shifted`.
    static abstract PowerOfTwo: shifted: 'V -> 'V

[<Struct; NoComparison; NoEquality>]
type internal FourLanes =
    val mutable Vector: Vector256<float>
    new(lanes: Vector256<float>) = { Vector = lanes }

    interface ILanes<FourLanes> with
        static member Count = 4
        // Twelve sums, three factors and what they are multiplied by: sixteen registers.
        static member Rows = 3
        static member Load(entries) = FourLanes(Vector256.LoadUnsafe &entries)
        static member Store(value, entries) = value.Vector.StoreUnsafe &entries
        static member All value = FourLanes(Vector256.Create(value: float))
        static member Sum(a, b) = FourLanes(a.Vector + b.Vector)
        static member Difference(a, b) = FourLanes(a.Vector - b.Vector)
        static member Product(a, b) = FourLanes(a.Vector * b.Vector)
        static member Quotient(a, b) = FourLanes(a.Vector / b.Vector)
        static member Negation a = FourLanes(-a.Vector)
        static member Fma(a, b, c) = FourLanes(Vector256.FusedMultiplyAdd(a.Vector, b.Vector, c.Vector))
        static member AddProduct(sum, a, b) = sum.Vector <- Vector256.FusedMultiplyAdd(a.Vector, b.Vector, sum.Vector)
        static member Abs a = FourLanes(Vector256.Abs a.Vector)
        static member Min(a, b) = FourLanes(Vector256.MinNative(a.Vector, b.Vector))
        static member Max(a, b) = FourLanes(Vector256.MaxNative(a.Vector, b.Vector))
        static member CopySign(size, sign) = FourLanes(Vector256.CopySign(size.Vector, sign.Vector))

        static member WhereNotPositive(t, below, other) =
            FourLanes(Vector256.ConditionalSelect(Vector256.LessThanOrEqual(t.Vector, Vector256<float>.Zero), below.Vector, other.Vector))

        static member PowerOfTwo shifted = FourLanes(Vector256.ShiftLeft(shifted.Vector.AsInt64() + Vector256.Create 1023L, 52).AsDouble())

[<Struct; NoComparison; NoEquality>]
type internal EightLanes =
    val mutable Vector: Vector512<float>
    new(lanes: Vector512<float>) = { Vector = lanes }

    interface ILanes<EightLanes> with
        static member Count = 8
        // Of 32 registers; four rows divide most widths.
        static member Rows = 4
        static member Load(entries) = EightLanes(Vector512.LoadUnsafe &entries)
        static member Store(value, entries) = value.Vector.StoreUnsafe &entries
        static member All value = EightLanes(Vector512.Create(value: float))
        static member Sum(a, b) = EightLanes(a.Vector + b.Vector)
        static member Difference(a, b) = EightLanes(a.Vector - b.Vector)
        static member Product(a, b) = EightLanes(a.Vector * b.Vector)
        static member Quotient(a, b) = EightLanes(a.Vector / b.Vector)
        static member Negation a = EightLanes(-a.Vector)
        static member Fma(a, b, c) = EightLanes(Vector512.FusedMultiplyAdd(a.Vector, b.Vector, c.Vector))
        static member AddProduct(sum, a, b) = sum.Vector <- Vector512.FusedMultiplyAdd(a.Vector, b.Vector, sum.Vector)
        static member Abs a = EightLanes(Vector512.Abs a.Vector)
        static member Min(a, b) = EightLanes(Vector512.MinNative(a.Vector, b.Vector))
        static member Max(a, b) = EightLanes(Vector512.MaxNative(a.Vector, b.Vector))
        static member CopySign(size, sign) = EightLanes(Vector512.CopySign(size.Vector, sign.Vector))

        static member WhereNotPositive(t, below, other) =
            EightLanes(Vector512.ConditionalSelect(Vector512.LessThanOrEqual(t.Vector, Vector512<float>.Zero), below.Vector, other.Vector))

        static member PowerOfTwo shifted = EightLanes(Vector512.ShiftLeft(shifted.Vector.AsInt64() + Vector512.Create 1023L, 52).AsDouble())

[<RequireQualifiedAccess>]
module internal Lanes =
    /// The first so many of some lanes fill registers of eight, `unit` lanes at a time: none where the processor does not have them.
    let inline eights (unit: int) (lanes: int) : int = if Vector512.IsHardwareAccelerated then lanes / unit * unit else 0

    let inline all<'V when 'V :> ILanes<'V>> (value: float) : 'V = 'V.All value

    let inline fma<'V when 'V :> ILanes<'V>> (a: 'V) (b: 'V) (c: 'V) : 'V = 'V.Fma(a, b, c)

    /// The numbers from a place on.
    let inline load<'V when 'V :> ILanes<'V>> (entries: float[]) (place: int) : 'V =
        'V.Load &(Unsafe.Add(&MemoryMarshal.GetArrayDataReference entries, place))

    let inline store<'V when 'V :> ILanes<'V>> (value: 'V) (entries: float[]) (place: int) : unit =
        'V.Store(value, &Unsafe.Add(&MemoryMarshal.GetArrayDataReference entries, place))

/// The operators of lanes, in place of those of numbers.
module internal LaneArithmetic =
    let inline (+) (a: 'V) (b: 'V) : 'V :> ILanes<'V> = 'V.Sum(a, b)
    let inline (-) (a: 'V) (b: 'V) : 'V :> ILanes<'V> = 'V.Difference(a, b)
    let inline (*) (a: 'V) (b: 'V) : 'V :> ILanes<'V> = 'V.Product(a, b)
    let inline (/) (a: 'V) (b: 'V) : 'V :> ILanes<'V> = 'V.Quotient(a, b)
    let inline (~-) (a: 'V) : 'V :> ILanes<'V> = 'V.Negation a
