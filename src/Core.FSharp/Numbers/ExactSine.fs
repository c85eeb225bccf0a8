namespace LayerTime.Core.Numbers

open System
open System.Numerics

/// Comparisons with values of the sine, in integer arithmetic of as many digits as it takes. Slow, for the rare argument whose
/// value is too near to a power of two for sums of floats.
[<RequireQualifiedAccess>]
module internal ExactSine =
    /// arctan(1/k) or its alternating series without signs, in units of 2⁻ᵖˡᵃᶜᵉˢ: each of at most `places` terms is wrong by one unit.
    let private inverseTangent (places: int) (k: int) : BigInteger =
        let square = BigInteger(k * k)

        let rec sum n (power: BigInteger) (total: BigInteger) =
            if power.IsZero then
                total
            else
                let term = power / BigInteger(2 * n + 1)
                sum (n + 1) (power / square) (if n % 2 = 1 then total - term else total + term)

        sum 0 ((BigInteger.One <<< places) / BigInteger k) BigInteger.Zero

    /// π/2 in units of 2⁻ᵖˡᵃᶜᵉˢ, up to one unit (Machin): π = 16 arctan(1/5) − 4 arctan(1/239), with 20 digits to spare.
    let private rightAngle (places: int) : BigInteger =
        let more = places + 20
        (BigInteger 8 * inverseTangent more 5 - BigInteger 2 * inverseTangent more 239) >>> 20

    /// Σ (−1)ᵏ r^(2k + start) / (2k + start)!, in units of 2⁻ᵖˡᵃᶜᵉˢ, for |r| ≤ 1: two units for each of at most `places` terms.
    let private series (places: int) (start: int) (r: BigInteger) : BigInteger =
        let square = (r * r) >>> places

        let rec sum k (term: BigInteger) (total: BigInteger) =
            if BigInteger.Abs term <= BigInteger.One then
                total
            else
                sum (k + 2) (-((term * square) >>> places) / BigInteger((k + 1) * (k + 2))) (total + term)

        sum start (if start = 1 then r else BigInteger.One <<< places) BigInteger.Zero

    /// x 2ᵖˡᵃᶜᵉˢ rounded down.
    let private fixedPoint (places: int) (x: float) : BigInteger =
        let bits = BitConverter.DoubleToInt64Bits x
        let exponent = int (bits >>> 52) &&& 0x7FF
        let fraction = bits &&& 0x000FFFFFFFFFFFFFL
        let mantissa = BigInteger(if exponent = 0 then fraction else fraction ||| 0x0010000000000000L)
        let shift = max exponent 1 - 1075 + places
        let signed = if bits < 0L then -mantissa else mantissa
        if shift >= 0 then signed <<< shift else signed >>> -shift

    /// sin(x + turns π/2) in units of 2⁻ᵖˡᵃᶜᵉˢ, up to 4 places + 16 units. The multiple of π/2 is below 2^(size), so π/2 needs as many more digits.
    let private sine (places: int) (turns: int) (x: float) : BigInteger =
        let more = max 0 (Math.ILogB x) + 8
        let right = rightAngle (places + more)
        let value = fixedPoint (places + more) x
        let doubled = BigInteger 2 * value
        let quarter = BigInteger.Divide((if value.Sign < 0 then doubled - right else doubled + right), BigInteger 2 * right)
        let r = (value - quarter * right) >>> more
        let quadrant = int ((quarter + BigInteger turns) &&& BigInteger 3)
        let value = series places (if quadrant % 2 = 0 then 1 else 0) r
        if quadrant < 2 then value else -value

    /// Whether sin(x + turns π/2) > y, for a finite x ≠ 0 and a float y with 2⁻¹⁰⁰ ≤ |y| < 1: never equal, as π is no
    /// algebraic number and neither is the sine of one.
    let isAbove (turns: int) (x: float) (y: float) : bool =
        let rec decide places =
            let difference = sine places turns x - fixedPoint places y
            if BigInteger.Abs difference > BigInteger(4 * places + 16) then difference.Sign > 0 else decide (2 * places)

        decide 256
