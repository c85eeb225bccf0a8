namespace LayerTime.Core.Numbers

open System
open System.Globalization
open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open System.Runtime.Intrinsics

/// <summary>A float (IEEE 754 binary64) as a number system: rounded to nearest, the same bits on every machine.</summary>
/// <remarks>One field, no header: a float[] is reinterpreted as a Binary64[] span, never copied.</remarks>
[<Struct; CustomEquality; NoComparison>]
type Binary64 =
    /// The float itself.
    val Value: float
    /// Wraps a float.
    new(value: float) = { Value = value }

    /// Bitwise equality: NaN equals itself, −0 differs from 0.
    member a.Equals(b: Binary64) : bool = BitConverter.DoubleToInt64Bits a.Value = BitConverter.DoubleToInt64Bits b.Value

    override a.Equals(other: obj | null) : bool =
        match other with
        | :? Binary64 as b -> a.Equals b
        | _ -> false

    override a.GetHashCode() : int = a.Value.GetHashCode()
    /// The shortest decimal that reads back as the same float.
    override a.ToString() : string = a.Value.ToString("R", CultureInfo.InvariantCulture)

    interface IEquatable<Binary64> with
        member a.Equals(b: Binary64) = a.Equals b

    interface ITranscendental<Binary64> with
        static member Zero = Binary64 0.0
        static member One = Binary64 1.0
        static member OfRatio(p, q) = Binary64(Rational.toFloat (Rational.OfRatio(p, q)))

        [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
        static member Sum(a, b) = Binary64(a.Value + b.Value)

        [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
        static member Difference(a, b) = Binary64(a.Value - b.Value)

        [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
        static member Product(a, b) = Binary64(a.Value * b.Value)

        static member Negation a = Binary64(-a.Value)
        // The bits of a are cleared where the comparison holds; one with NaN is false, so a NaN stays one. No branch: the
        // sign of a pre-activation is anybody's guess.
        [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
        static member PositivePart a =
            let bits = Vector128.CreateScalarUnsafe a.Value
            Binary64(Vector128.AndNot(bits, Vector128.LessThanOrEqual(bits, Vector128.Zero)).ToScalar())

        [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
        static member NegativePart a =
            let bits = Vector128.CreateScalarUnsafe a.Value
            Binary64(Vector128.AndNot(bits, Vector128.GreaterThanOrEqual(bits, Vector128.Zero)).ToScalar())

        static member Heaviside a =
            if a.Value > 0.0 then Binary64 1.0
            else if a.Value <= 0.0 then Binary64 0.0
            else a

        [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
        static member AddProducts(start, left, right) = Ring.addProducts start left right

        static member Quotient(a, b) = Binary64(a.Value / b.Value)
        static member Exp a = Binary64(Elementary.exp a.Value)
        static member Expm1 a = Binary64(Elementary.expm1 a.Value)
        static member Log a = Binary64(Elementary.log a.Value)
        static member Log1p a = Binary64(Elementary.log1p a.Value)
        static member Tanh a = Binary64(Elementary.tanh a.Value)
        static member Logistic a = Binary64(Elementary.logistic a.Value)
        static member Softplus a = Binary64(Elementary.softplus a.Value)
        static member Sin a = Binary64(Elementary.sin a.Value)
        static member Cos a = Binary64(Elementary.cos a.Value)
        static member Sqrt a = Binary64(Elementary.sqrt a.Value)

/// Floats in and out of the number system.
[<RequireQualifiedAccess>]
module Binary64 =
    /// Wraps one float.
    let ofFloat (x: float) : Binary64 = Binary64 x
    /// The float inside.
    let toFloat (x: Binary64) : float = x.Value
    /// Wraps an array of floats (a copy, so that neither side can change the other).
    let ofFloats (xs: float[]) : Binary64[] = Array.map Binary64 xs
    /// The floats of an array (a copy).
    let toFloats (xs: Binary64[]) : float[] = Array.map toFloat xs
    /// The same memory seen as floats.
    let asFloats (xs: ReadOnlySpan<Binary64>) : ReadOnlySpan<float> = MemoryMarshal.Cast<Binary64, float> xs
    /// The same memory seen as numbers.
    let asNumbers (xs: ReadOnlySpan<float>) : ReadOnlySpan<Binary64> = MemoryMarshal.Cast<float, Binary64> xs
