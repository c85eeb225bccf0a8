namespace LayerTime.Core.Numbers

open System

/// Error-free transformations: the rounding error of one operation, as a float of its own.
/// All of them are exact for finite operands as long as nothing overflows;
/// twoProduct also needs |a b| ≥ 2⁻⁹⁶⁸, so that its error is no subnormal.
/// Every operation used here is specified bit for bit by IEEE 754.
[<RequireQualifiedAccess>]
module ErrorFree =
    /// The sum and its error, for any order of magnitude (Knuth).
    /// s = fl(a + b), s + e = a + b
    let inline twoSum (a: float) (b: float) : struct (float * float) =
        let s = a + b
        let bPart = s - a
        let aPart = s - bPart
        struct (s, (a - aPart) + (b - bPart))

    /// The sum and its error when |a| ≥ |b| or a = 0 (Dekker).
    /// s = fl(a + b), s + e = a + b
    let inline fastTwoSum (a: float) (b: float) : struct (float * float) =
        let s = a + b
        struct (s, b - (s - a))

    /// The product and its error.
    /// p = fl(a b), p + e = a b
    let inline twoProduct (a: float) (b: float) : struct (float * float) =
        let p = a * b
        struct (p, Math.FusedMultiplyAdd(a, b, -p))
