namespace LayerTime.Core.Numbers

open System

/// The approximations behind the inverse tangent and the error function: unevaluated sums hi + lo, as in ElementaryKernels.
/// Budgets are relative errors; ε = 2⁻⁵³.
module internal AtanErfKernels =
    let inline private fma (a: float) (b: float) (c: float) : float = Math.FusedMultiplyAdd(a, b, c)

    /// The inverse tangent for 0 ≤ x < ∞.
    /// arctan x = (hi + lo) (1 + δ), |δ| ≤ 2⁻⁶²
    ///
    /// With c = k/32 nearest to x for x ≤ 1, and nearest to 1/x from there on,
    ///   arctan x = arctan c + arctan t,         t = (x − c) / (1 + c x),
    ///   arctan x = π/2 − arctan c + arctan t,   t = (c x − 1) / (x + c);   |t| ≤ 1/64 in both.
    /// Budget: numerator and denominator are held as sums of two floats: x − c is exact, and so is RN(c x) − 1, as x/c and c x are
    /// between 1/2 and 2 unless c = 0.
    ///   The quotient q is wrong by ε at most, its remainder restores it: 8ε².
    ///   The tail, at most t²/3 ≤ 8.2 10⁻⁵ times |t| ≤ arctan x, is wrong by 8ε: 6.6 10⁻⁴ ε. Three additions of the small parts,
    ///   below 8.3 10⁻⁵ of the result: 2.5 10⁻⁴ ε. Remainder t¹³/13 ≤ 2⁻⁷⁵ |t|. The pairs of the table: 2⁻¹⁰⁶. Sum: 2⁻⁶³.
    let atanSum (x: float) : struct (float * float) =
        let near = x <= 1.0
        let nearest = Math.Round(if near then 32.0 * x else 32.0 / x)
        let k = int nearest
        let c = nearest * 0.03125
        let struct (product, productError) = ErrorFree.twoProduct c x
        // (a + aRest) / (b + bRest) is t
        let a = if near then x - c else product - 1.0
        let aRest = if near then 0.0 else productError
        let struct (b, bError) = ErrorFree.fastTwoSum (if near then 1.0 else x) (if near then product else c)
        let bRest = if near then bError + productError else bError
        let q = a / b
        let qRest = (fma -q b a + (aRest - q * bRest)) / b
        let square = q * q
        let high = fma square (fma square (-1.0 / 11.0) (1.0 / 9.0)) (-1.0 / 7.0)
        let tail = q * square * fma square (fma square high 0.2) (-1.0 / 3.0)
        let row = if near then 2 * k else 2 * (64 - k)
        let struct (hi, hiError) = ErrorFree.fastTwoSum AtanErfTables.arctangents[row] q
        struct (hi, hiError + (AtanErfTables.arctangents[row + 1] + (qRest + tail)))

    /// From here on erf x is nearer to 1 than half a spacing of floats below 1: erfc x < 0.42 · 2⁻⁵³.
    [<Literal>]
    let ErfIsOne = 5.9375

    /// Below this size the error function is a line, and its product with a float may be subnormal.
    [<Literal>]
    let ErfIsLinear = 1.0e-280

    /// 2/√π x, for x so small that nothing else counts.
    /// The next term, x²/3, is below 10⁻³⁰⁰ relatively; the pair of 2/√π is right up to 2⁻¹⁰⁶, products of low parts are another 2⁻¹⁰⁵.
    let inline erfLine (x: float) : struct (float * float) =
        let struct (hi, lo) = ErrorFree.twoProduct AtanErfTables.ErfSlopeHigh x
        struct (hi, fma AtanErfTables.ErfSlopeLow x lo)

    /// 2/√π (x − x³/3 + x⁵/10 − …), for 10⁻²⁸⁰ ≤ x < 1/8.
    let inline private erfSmall (x: float) : struct (float * float) =
        let struct (hi, lo) = ErrorFree.twoProduct AtanErfTables.ErfSlopeHigh x
        let square = x * x
        let high = fma square (fma square (-1.0 / 75600.0) (1.0 / 9360.0)) (-1.0 / 1320.0)
        let middle = fma square (fma square high (1.0 / 216.0)) (-1.0 / 42.0)
        let factor = fma square (fma square middle 0.1) (-1.0 / 3.0)
        struct (hi, lo + fma AtanErfTables.ErfSlopeLow x (hi * square * factor))

    /// erf c + 2/√π e^(−c²) t (1 + b₁ t + …), for 1/8 ≤ x < 5.9375, c = k/32 nearest to x and t = x − c.
    let inline private erfLarge (x: float) : struct (float * float) =
        let nearest = Math.Round(32.0 * x)
        let k = int nearest
        let t = x - nearest * 0.03125

        let row =
            ReadOnlySpan(AtanErfTables.erfSlices, AtanErfTables.ErfStride * (k - AtanErfTables.FirstErfSlice), AtanErfTables.ErfStride)

        let square = t * t
        let quartic = square * square
        let a = t * fma t row[5] row[4]
        let b = fma t row[7] row[6]
        let c = fma t row[9] row[8]
        let d = fma square row[12] (fma t row[11] row[10])
        let bend = fma (t * square) (fma quartic d (fma square c b)) a
        let struct (product, productError) = ErrorFree.twoProduct row[2] t
        let struct (hi, hiError) = ErrorFree.fastTwoSum row[0] product
        struct (hi, hiError + (row[1] + fma row[3] t (fma product bend productError)))

    /// The error function for 10⁻²⁸⁰ ≤ x < 5.9375.
    /// erf x = (hi + lo) (1 + δ), |δ| ≤ 2⁻⁵⁷·⁶
    ///
    /// Budget: x < 1/8: the tail, below x²/3 ≤ 0.0053 of the result, is wrong by 5.5 ε and rounded twice more: 0.04 ε;
    ///   remainder x¹⁶/(8! 17) ≤ 2⁻⁶⁷: 6 10⁻⁵ ε; the pair of 2/√π enters exactly up to 2⁻¹⁰⁴.
    /// x ≥ 1/8: |t| ≤ 1/64, erf c and the slope enter exactly, as sums of two floats. The bend, slope · t · (b₁ t + …), is at most
    ///   2.9 10⁻⁴ of the result, and ten roundings reach it: 0.003 ε; the additions of the small parts as much again.
    ///   What the series leaves out is at most Σ Pₙ |t|ⁿ/(n + 1)!, n ≥ 10, times slope · t, where Pₙ is Hₙ with all signs positive:
    ///   3 10⁻⁶ ε of the result.
    let erfSum (x: float) : struct (float * float) = if x < 0.125 then erfSmall x else erfLarge x
