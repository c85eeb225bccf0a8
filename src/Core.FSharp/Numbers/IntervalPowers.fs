namespace LayerTime.Core.Numbers

open System

/// The ends of integer powers over intervals, on the terms of IntervalEnds.
///
/// xⁿ is multiplied out with sums of two floats, whose products are wrong by less than 8ε² relatively; n factors, in whatever order,
/// are wrong by less than n 2⁻¹⁰³, and neighbouring x have powers that differ by n 2⁻⁵³: the sums have the order of the values.
/// If xⁿ is a float then so are all lower powers, and every product on the way is a float with no error; otherwise some product has one.
[<RequireQualifiedAccess>]
module internal IntervalPowers =
    open ElementaryKernels

    let inline private fma (a: float) (b: float) (c: float) : float = Math.FusedMultiplyAdd(a, b, c)

    /// A positive number (High + Low) 2^Exponent with 1/2 ≤ High ≤ 2, and whether it is known to be exact.
    [<Struct; NoEquality; NoComparison>]
    type private Scaled = { High: float; Low: float; Exponent: int64; Exact: bool }

    let private one = { High = 1.0; Low = 0.0; Exponent = 0L; Exact = true }

    let private ofFloat (x: float) : Scaled =
        let bits = BitConverter.DoubleToInt64Bits x
        // Subnormal numbers are scaled by 2⁵² first.
        let normal = if bits >= 0x0010000000000000L then bits else BitConverter.DoubleToInt64Bits(x * 4503599627370496.0)

        {
            High = BitConverter.Int64BitsToDouble((normal &&& 0x000FFFFFFFFFFFFFL) ||| 0x3FF0000000000000L)
            Low = 0.0
            Exponent = (normal >>> 52) - 1023L - (if normal = bits then 0L else 52L)
            Exact = true
        }

    let private times (a: Scaled) (b: Scaled) : Scaled =
        let struct (product, error) = ErrorFree.twoProduct a.High b.High
        let struct (high, low) = ErrorFree.fastTwoSum product (error + fma a.High b.Low (a.Low * b.High))
        let scale = if high >= 2.0 then 0.5 else 1.0

        {
            High = high * scale
            Low = low * scale
            Exponent = a.Exponent + b.Exponent + (if high >= 2.0 then 1L else 0L)
            Exact = a.Exact && b.Exact && low = 0.0
        }

    /// xⁿ by repeated squaring, n ≥ 1.
    let private positive (x: Scaled) (n: int64) : Scaled =
        let mutable result = one
        let mutable square = x
        let mutable rest = n

        while rest > 1L do
            if (rest &&& 1L) = 1L then
                result <- times result square

            square <- times square square
            rest <- rest >>> 1

        times result square

    /// 1 / a: the remainder of the quotient restores it up to 8ε².
    let private reciprocal (a: Scaled) : Scaled =
        let quotient = 1.0 / a.High
        let rest = quotient * fma -quotient a.Low (fma -quotient a.High 1.0)

        { High = quotient; Low = rest; Exponent = -a.Exponent; Exact = a.Exact && rest = 0.0 }

    let private power (x: float) (n: int64) : Scaled =
        let result = positive (ofFloat x) (Math.Abs n)
        if n < 0L then reciprocal result else result

    /// (|n| + 8) 2⁻¹⁰²
    let inline private slack (n: int64) : float = float (Math.Abs n + 8L) * 1.9721522630525295e-31

    let inline private clamp (exponent: int64) : int = int (Math.Clamp(exponent, -3000L, 3000L))

    /// A lower bound of xⁿ for 0 ≤ x ≤ ∞ and n ≠ 0; ∞ at the poles.
    let private powerBelow (x: float) (n: int64) : float =
        if x = 0.0 || x = Double.PositiveInfinity then
            if (x = 0.0) = (n > 0L) then 0.0 else Double.PositiveInfinity
        else
            let p = power x n
            let r = if p.Exact then p.High else IntervalEnds.roundBelow p.High p.Low (slack n)
            IntervalEnds.scaleBelow r (clamp p.Exponent)

    /// An upper bound of xⁿ for 0 ≤ x ≤ ∞ and n ≠ 0; ∞ at the poles.
    let private powerAbove (x: float) (n: int64) : float =
        if x = 0.0 || x = Double.PositiveInfinity then
            if (x = 0.0) = (n > 0L) then 0.0 else Double.PositiveInfinity
        else
            let p = power x n
            let r = if p.Exact then p.High else IntervalEnds.roundAbove p.High p.Low (slack n)
            IntervalEnds.scaleAbove r (clamp p.Exponent)

    /// The ends of xⁿ for x ≥ 0 and every n ≠ 0: it rises for n > 0 and falls for n < 0.
    let private ofPositive (a: float) (b: float) (n: int64) : struct (float * float) =
        if n > 0L then struct (powerBelow a n, powerAbove b n) else struct (powerBelow b n, powerAbove a n)

    /// { xⁿ : a ≤ x ≤ b }, x ≠ 0 where n is negative; x⁰ = 1.
    let ends (a: float) (b: float) (exponent: int) : struct (float * float) =
        let n = int64 exponent

        if n = 0L then
            struct (1.0, 1.0)
        elif n < 0L && a = 0.0 && b = 0.0 then
            struct (Double.PositiveInfinity, Double.NegativeInfinity)
        elif (n &&& 1L) = 0L then
            let nearest = if a <= 0.0 && b >= 0.0 then 0.0 else Math.Min(Math.Abs a, Math.Abs b)
            ofPositive nearest (Math.Max(Math.Abs a, Math.Abs b)) n
        elif a >= 0.0 then
            ofPositive a b n
        elif b <= 0.0 then
            let struct (lower, upper) = ofPositive -b -a n
            struct (0.0 - upper, 0.0 - lower)
        elif n > 0L then
            struct (0.0 - powerAbove -a n, powerAbove b n)
        else
            struct (Double.NegativeInfinity, Double.PositiveInfinity)
