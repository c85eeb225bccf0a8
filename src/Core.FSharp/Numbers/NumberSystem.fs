namespace LayerTime.Core.Numbers

// FS3535 announces that interfaces with static abstract members are meant for library authors. This file is where
// the library declares those of numbers.
#nowarn "3535"

open System
open System.Numerics
open System.Runtime.CompilerServices
open System.Runtime.InteropServices

/// <summary>
/// The arithmetic that every number system gives a meaning to: a commutative ring with max(0, ·) and its relatives.
/// </summary>
/// <remarks>
/// There is no order and no equality, because an interval has neither. Branching functions are members, because an
/// interval cannot answer x &gt; 0. At the kink the value from the left counts: Heaviside(0) = 0.
/// </remarks>
type IRing<'T when 'T :> IRing<'T>> =
    /// The neutral element of addition.
    static abstract Zero: 'T
    /// The neutral element of multiplication.
    static abstract One: 'T
    /// p/q for q ≠ 0: exact, enclosed, or rounded, as the number system can.
    static abstract OfRatio: numerator: BigInteger * denominator: BigInteger -> 'T
    /// a + b
    static abstract Sum: 'T * 'T -> 'T
    /// a − b
    static abstract Difference: 'T * 'T -> 'T
    /// a · b
    static abstract Product: 'T * 'T -> 'T
    /// −a
    static abstract Negation: 'T -> 'T
    /// max(0, a)
    static abstract PositivePart: 'T -> 'T
    /// min(0, a), so that a = PositivePart a + NegativePart a.
    static abstract NegativePart: 'T -> 'T
    /// The left-continuous derivative of max(0, ·): 1 for a &gt; 0, 0 for a ≤ 0, the hull [0, 1] where that is open.
    static abstract Heaviside: 'T -> 'T
    /// c + a₀b₀ + a₁b₁ + … from left to right, for two spans of equal length. A member, because a number system
    /// with costly normalisation (fractions) or with lanes can do better than one product and one sum at a time.
    static abstract AddProducts: start: 'T * left: ReadOnlySpan<'T> * right: ReadOnlySpan<'T> -> 'T

/// A ring with division. Dividing by zero is the number system's affair: a fraction refuses, a float gives ±∞ or NaN.
type IField<'T when 'T :> IField<'T>> =
    inherit IRing<'T>
    /// a / b
    static abstract Quotient: 'T * 'T -> 'T

/// A field with the elementary functions. Fractions do not implement it: the compiler refuses an exact claim about tanh.
type ITranscendental<'T when 'T :> ITranscendental<'T>> =
    inherit IField<'T>
    /// eᵃ
    static abstract Exp: 'T -> 'T
    /// eᵃ − 1
    static abstract Expm1: 'T -> 'T
    /// The natural logarithm of a.
    static abstract Log: 'T -> 'T
    /// log(1 + a)
    static abstract Log1p: 'T -> 'T
    /// The hyperbolic tangent of a.
    static abstract Tanh: 'T -> 'T
    /// 1/(1 + e⁻ᵃ)
    static abstract Logistic: 'T -> 'T
    /// log(1 + eᵃ)
    static abstract Softplus: 'T -> 'T
    /// The sine of a in radians.
    static abstract Sin: 'T -> 'T
    /// The cosine of a in radians.
    static abstract Cos: 'T -> 'T
    /// The square root of a.
    static abstract Sqrt: 'T -> 'T

/// Numbers that carry derivatives of a value in 'T.
type IDifferential<'D, 'T when 'D :> IDifferential<'D, 'T>> =
    /// The value without its derivatives.
    static abstract Primal: 'D -> 'T
    /// f∘x from f, f′ and f″ at the value of x; f″ is computed only where second derivatives are carried.
    static abstract Chain: value: 'T * slope: 'T * curvature: (unit -> 'T) * x: 'D -> 'D

/// The operators of mathematics, typed so that every formula infers. Open it inside the module that needs it: it
/// shadows integer arithmetic on purpose (index arithmetic does not belong into a formula).
module Arithmetic =
    /// a + b
    let inline (+) (a: 'T) (b: 'T) : 'T :> IRing<'T> = 'T.Sum(a, b)
    /// a − b
    let inline (-) (a: 'T) (b: 'T) : 'T :> IRing<'T> = 'T.Difference(a, b)
    /// a · b
    let inline (*) (a: 'T) (b: 'T) : 'T :> IRing<'T> = 'T.Product(a, b)
    /// a / b
    let inline (/) (a: 'T) (b: 'T) : 'T :> IField<'T> = 'T.Quotient(a, b)
    /// −a
    let inline (~-) (a: 'T) : 'T :> IRing<'T> = 'T.Negation a

/// Constants, powers and sums in any number system.
[<RequireQualifiedAccess>]
module Ring =
    /// p/q in the number system of the context, q ≠ 0.
    let ratio (numerator: int) (denominator: int) : 'T :> IRing<'T> = 'T.OfRatio(BigInteger numerator, BigInteger denominator)

    /// The integer n in the number system of the context.
    let ofInteger (n: BigInteger) : 'T :> IRing<'T> = 'T.OfRatio(n, BigInteger.One)

    /// xⁿ for n ≥ 0 by repeated multiplication from the left; x⁰ = 1.
    let power (x: 'T) (exponent: int) : 'T :> IRing<'T> =
        if exponent < 0 then
            invalidArg (nameof exponent) $"a ring has no inverses: found exponent {exponent}, expected at least 0"

        let mutable result = 'T.One

        for _ in 1..exponent do
            result <- 'T.Product(result, x)

        result

    /// c + a₀b₀ + a₁b₁ + …, one product and one sum at a time from left to right: AddProducts of the number systems
    /// that know no better way. The right span may be longer than the left one, never shorter.
    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    let addProducts (start: 'T) (left: ReadOnlySpan<'T>) (right: ReadOnlySpan<'T>) : 'T :> IRing<'T> =
        if right.Length < left.Length then
            invalidArg (nameof right) $"found {right.Length} factors, expected {left.Length}"

        // The lengths are known from here on, so the inner loop of every network goes without further checks.
        let a = &MemoryMarshal.GetReference left
        let b = &MemoryMarshal.GetReference right
        // Native indices: no sign extension in the loop.
        let count = nativeint left.Length
        let mutable sum = start
        let mutable i = 0n

        while i < count do
            sum <- 'T.Sum(sum, 'T.Product(Unsafe.Add(&a, i), Unsafe.Add(&b, i)))
            i <- i + 1n

        sum

/// The elementary functions in any number system that has them.
[<RequireQualifiedAccess>]
module Transcendental =
    /// eᵃ
    let exp (a: 'T) : 'T :> ITranscendental<'T> = 'T.Exp a
    /// eᵃ − 1
    let expm1 (a: 'T) : 'T :> ITranscendental<'T> = 'T.Expm1 a
    /// log a
    let log (a: 'T) : 'T :> ITranscendental<'T> = 'T.Log a
    /// log(1 + a)
    let log1p (a: 'T) : 'T :> ITranscendental<'T> = 'T.Log1p a
    /// tanh a
    let tanh (a: 'T) : 'T :> ITranscendental<'T> = 'T.Tanh a
    /// 1/(1 + e⁻ᵃ)
    let logistic (a: 'T) : 'T :> ITranscendental<'T> = 'T.Logistic a
    /// log(1 + eᵃ)
    let softplus (a: 'T) : 'T :> ITranscendental<'T> = 'T.Softplus a
    /// sin a
    let sin (a: 'T) : 'T :> ITranscendental<'T> = 'T.Sin a
    /// cos a
    let cos (a: 'T) : 'T :> ITranscendental<'T> = 'T.Cos a
    /// √a
    let sqrt (a: 'T) : 'T :> ITranscendental<'T> = 'T.Sqrt a
