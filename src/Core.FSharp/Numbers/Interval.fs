namespace LayerTime.Core.Numbers

open System
open System.Globalization
open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open System.Runtime.Intrinsics

/// <summary>A closed interval of reals with float ends, possibly empty or unbounded: the set-based intervals of IEEE 1788.1.</summary>
/// <remarks>
/// Every operation returns an interval that contains every value the operation takes on members of its operands, and for
/// + − · / √ and their like the smallest such interval. There is no equality and no order, which would have to guess:
/// comparisons are questions of the modules Interval and IntervalRelations.
/// The empty set is [+∞, −∞]; otherwise Lower ≤ Upper, Lower &lt; +∞, Upper &gt; −∞, and no end is NaN.
/// As the standard asks, a zero Lower is −0 and a zero Upper is +0.
/// </remarks>
[<Struct; NoEquality; NoComparison>]
type Interval =
    /// (−Lower, Upper): with the sign changed, both ends round upwards, one lane each.
    val internal Ends: Vector128<float>

    internal new(ends: Vector128<float>) = { Ends = ends }
    internal new(lower: float, upper: float) = { Ends = Vector128.Create(-lower, upper) }
    internal new(struct (lower, upper): struct (float * float)) = { Ends = Vector128.Create(-lower, upper) }

    // Adding +0 turns −0 into +0 and changes nothing else.
    /// The greatest lower bound: −∞ where there is none, +∞ for the empty set.
    member a.Lower: float = -(a.Ends.ToScalar() + 0.0)
    /// The least upper bound: +∞ where there is none, −∞ for the empty set.
    member a.Upper: float = a.Ends.GetElement 1 + 0.0
    /// Whether there is no member.
    member a.IsEmpty: bool = EndPairs.isEmpty a.Ends

    static member internal Empty = Interval(EndPairs.empty ())
    static member internal Entire = Interval(EndPairs.entire ())

    /// The smallest interval that contains a fraction.
    static member internal OfRational(q: Rational) : Interval =
        Interval(Vector128.Create(Directed.ofRationalUp -q, Directed.ofRationalUp q))

    /// [a, b] with shortest decimals that read back as the same ends, or ∅.
    override a.ToString() : string =
        if a.IsEmpty then "∅" else String.Format(CultureInfo.InvariantCulture, "[{0:R}, {1:R}]", a.Lower + 0.0, a.Upper)

    interface ITranscendental<Interval> with
        static member Zero = Interval(0.0, 0.0)
        static member One = Interval(1.0, 1.0)
        static member OfRatio(p, q) = Interval.OfRational(Rational.OfRatio(p, q))

        [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
        static member Sum(a, b) = Interval(EndPairs.sum a.Ends b.Ends)

        [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
        static member Difference(a, b) = Interval(EndPairs.sum a.Ends (EndPairs.mirror b.Ends))

        [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
        static member Product(a, b) = Interval(EndPairs.product a.Ends b.Ends)

        [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
        static member Negation a = Interval(EndPairs.mirror a.Ends)

        static member PositivePart a = if a.Lower >= 0.0 then a else Interval(0.0, Math.Max(0.0, a.Upper))
        static member NegativePart a = if a.Upper <= 0.0 then a else Interval(Math.Min(0.0, a.Lower), 0.0)

        static member Heaviside a =
            if a.IsEmpty then a else Interval((if a.Lower > 0.0 then 1.0 else 0.0), (if a.Upper > 0.0 then 1.0 else 0.0))

        static member AddProducts(start, left, right) =
            let a = MemoryMarshal.Cast<Interval, Vector128<float>> left
            let b = MemoryMarshal.Cast<Interval, Vector128<float>> right
            Interval(EndPairs.addProducts start.Ends a b)

        static member Quotient(a, b) = Interval(EndPairs.quotient a.Ends b.Ends)

        static member Exp a = if a.IsEmpty then a else Interval(IntervalEnds.exp a.Lower a.Upper)
        static member Expm1 a = if a.IsEmpty then a else Interval(IntervalEnds.expm1 a.Lower a.Upper)
        static member Log a = if a.IsEmpty then a else Interval(IntervalEnds.log a.Lower a.Upper)
        static member Log1p a = if a.IsEmpty then a else Interval(IntervalEnds.log1p a.Lower a.Upper)
        static member Tanh a = if a.IsEmpty then a else Interval(IntervalEnds.tanh a.Lower a.Upper)
        static member Logistic a = if a.IsEmpty then a else Interval(IntervalEnds.logistic a.Lower a.Upper)
        static member Softplus a = if a.IsEmpty then a else Interval(IntervalEnds.softplus a.Lower a.Upper)
        static member Sin a = if a.IsEmpty then a else Interval(IntervalAngles.sin a.Lower a.Upper)
        static member Cos a = if a.IsEmpty then a else Interval(IntervalAngles.cos a.Lower a.Upper)

        static member Sqrt a =
            if a.IsEmpty || a.Upper < 0.0 then
                Interval.Empty
            else
                Interval(Directed.sqrtDown (Math.Max(0.0, a.Lower)), Directed.sqrtUp a.Upper)

/// The answer to a question about intervals that stand for one unknown number each.
[<RequireQualifiedAccess>]
type Answer =
    /// True of every choice of members.
    | Yes
    /// True of no choice of members.
    | No
    /// True of some choices and false of others.
    | Undecided

/// Intervals: construction, set operations, and what is asked of them.
[<RequireQualifiedAccess>]
module Interval =
    /// ∅
    let empty: Interval = Interval.Empty
    /// ℝ
    let entire: Interval = Interval.Entire

    /// [lower, upper], or what is wrong: an end that is NaN, lower &gt; upper, lower = +∞, upper = −∞.
    let create (lower: float) (upper: float) : Result<Interval, string> =
        if lower <= upper && lower < Double.PositiveInfinity && upper > Double.NegativeInfinity then
            Ok(Interval(lower, upper))
        else
            Error $"found [{lower}, {upper}], expected lower ≤ upper with lower < ∞ and upper > −∞"

    /// [x, x] for a finite x.
    let ofFloat (x: float) : Interval =
        if Double.IsFinite x then Interval(x, x) else invalidArg (nameof x) $"found {x}, expected a finite number"

    /// [lower, upper] for ends known to be in order: a broken contract throws.
    let ofBounds (lower: float) (upper: float) : Interval =
        match create lower upper with
        | Ok interval -> interval
        | Error problem -> invalidArg (nameof lower) problem

    /// The smallest interval that contains a fraction.
    let ofRational (a: Rational) : Interval = Interval.OfRational a

    /// Whether the interval has no member.
    let isEmpty (a: Interval) : bool = a.IsEmpty
    /// Whether the interval has exactly one member.
    let isPoint (a: Interval) : bool = a.Lower = a.Upper
    /// Whether the interval is empty or both its ends are finite.
    let isBounded (a: Interval) : bool = a.IsEmpty || (Double.IsFinite a.Lower && Double.IsFinite a.Upper)
    /// x ∈ a
    let contains (x: float) (a: Interval) : bool = a.Lower <= x && x <= a.Upper && Double.IsFinite x

    /// q ∈ a
    let containsRational (q: Rational) (a: Interval) : bool =
        (Double.IsNegativeInfinity a.Lower || (Double.IsFinite a.Lower && Rational.ofFloat a.Lower <= q))
        && (Double.IsPositiveInfinity a.Upper || (Double.IsFinite a.Upper && q <= Rational.ofFloat a.Upper))

    /// a ⊆ b
    let subset (a: Interval) (b: Interval) : bool = a.IsEmpty || (b.Lower <= a.Lower && a.Upper <= b.Upper)

    /// a ⊂ int b
    let interior (a: Interval) (b: Interval) : bool =
        a.IsEmpty
        || ((b.Lower < a.Lower || Double.IsNegativeInfinity b.Lower) && (a.Upper < b.Upper || Double.IsPositiveInfinity b.Upper))

    /// a ∩ b = ∅
    let disjoint (a: Interval) (b: Interval) : bool = a.IsEmpty || b.IsEmpty || a.Upper < b.Lower || b.Upper < a.Lower
    /// The smallest interval that contains both.
    let hull (a: Interval) (b: Interval) : Interval = Interval(Vector128.MaxNative(a.Ends, b.Ends))

    /// a ∩ b
    let intersect (a: Interval) (b: Interval) : Interval =
        let common = Interval(Vector128.MinNative(a.Ends, b.Ends))
        if common.IsEmpty then empty else common

    /// The float nearest to (lower + upper)/2; 0 for ℝ, the largest finite float (with its sign) for a half-line, NaN for ∅.
    let midpoint (a: Interval) : float =
        if a.IsEmpty then
            Double.NaN
        elif Double.IsInfinity a.Lower then
            if Double.IsInfinity a.Upper then 0.0 else Double.MinValue
        elif Double.IsInfinity a.Upper then
            Double.MaxValue
        else
            // The sum is exact where half of it is subnormal, and the halves are exact where the sum overflows.
            let sum = a.Lower + a.Upper
            (if Double.IsInfinity sum then 0.5 * a.Lower + 0.5 * a.Upper else 0.5 * sum) + 0.0

    /// upper − lower, rounded up; NaN for ∅.
    let width (a: Interval) : float = if a.IsEmpty then Double.NaN else Directed.subtractUp a.Upper a.Lower

    /// The smallest float r with a ⊆ [m − r, m + r], m the midpoint; NaN for ∅.
    let radius (a: Interval) : float =
        let m = midpoint a
        Math.Max(Directed.subtractUp m a.Lower, Directed.subtractUp a.Upper m)

    /// sup |x|, x ∈ a; NaN for ∅.
    let magnitude (a: Interval) : float = if a.IsEmpty then Double.NaN else Math.Max(Math.Abs a.Lower, Math.Abs a.Upper)

    /// inf |x|, x ∈ a; NaN for ∅.
    let mignitude (a: Interval) : float =
        if a.IsEmpty then Double.NaN
        elif a.Lower <= 0.0 && a.Upper >= 0.0 then 0.0
        else Math.Min(Math.Abs a.Lower, Math.Abs a.Upper)

    /// Whether every member of a is less than every member of b.
    let less (a: Interval) (b: Interval) : Answer =
        if a.Upper < b.Lower then Answer.Yes
        elif a.Lower >= b.Upper then Answer.No
        else Answer.Undecided

    /// The sign of the members: Some 1, Some −1, Some 0 (the point 0), or None where members differ in sign.
    let sign (a: Interval) : int option =
        if a.IsEmpty then None
        elif a.Lower > 0.0 then Some 1
        elif a.Upper < 0.0 then Some -1
        elif a.Lower = 0.0 && a.Upper = 0.0 then Some 0
        else None

    /// a² = { x² : x ∈ a }
    let square (a: Interval) : Interval =
        if a.IsEmpty then
            a
        else
            let low, high = mignitude a, magnitude a
            Interval(Directed.multiplyDown low low, Directed.multiplyUp high high)

    /// 1/a = { 1/x : x ∈ a, x ≠ 0 }
    let reciprocal (a: Interval) : Interval = Interval(EndPairs.quotient (Interval(1.0, 1.0)).Ends a.Ends)

    /// { x y + z : x ∈ a, y ∈ b, z ∈ c }, each end rounded once.
    let fma (a: Interval) (b: Interval) (c: Interval) : Interval =
        if a.IsEmpty || b.IsEmpty || c.IsEmpty then
            empty
        else
            let zero = Vector128<float>.Zero

            // a y + c for an end y of b; 0 · ∞ = 0, and where c is unbounded, so is the result.
            let at (y: float) =
                let x = EndPairs.signed a.Ends (Vector128.LessThan(Vector128.Create y, zero))

                let end' (x: float) (z: float) =
                    if x = 0.0 || y = 0.0 || z = Double.PositiveInfinity then z else Directed.fmaUp x (Math.Abs y) z

                Vector128.Create(end' (x.ToScalar()) (c.Ends.ToScalar()), end' (x.GetElement 1) (c.Ends.GetElement 1))

            Interval(Vector128.MaxNative(at b.Lower, at b.Upper))

    /// Whether upper − lower of a is at least that of b, decided without rounding, for bounded intervals.
    let private isAtLeastAsWide (a: Interval) (b: Interval) : bool =
        if Directed.subtractDown a.Upper a.Lower >= Directed.subtractUp b.Upper b.Lower then
            true
        elif Directed.subtractUp a.Upper a.Lower < Directed.subtractDown b.Upper b.Lower then
            false
        else
            let width (c: Interval) = Rational.ofFloat c.Upper - Rational.ofFloat c.Lower
            Rational.Compare(width a, width b) >= 0

    /// The smallest interval c with b + c ⊇ a: what is left of a sum when b is taken back. ℝ where that asks the impossible: b
    /// wider than a, b empty and a not, or one of them unbounded.
    let cancelMinus (a: Interval) (b: Interval) : Interval =
        if a.IsEmpty && isBounded b then
            empty
        elif not a.IsEmpty && not b.IsEmpty && isBounded a && isBounded b && isAtLeastAsWide a b then
            Interval(Directed.subtractDown a.Lower b.Lower, Directed.subtractUp a.Upper b.Upper)
        else
            entire

    /// cancelMinus a (−b)
    let cancelPlus (a: Interval) (b: Interval) : Interval = cancelMinus a (Interval(EndPairs.mirror b.Ends))

    /// The x with x y ∈ c for some y ∈ b: division by an interval that may contain zero, in at most two pieces, the lower one
    /// first, each the smallest interval around its piece. Zero in both is no restriction: (ℝ, ∅).
    let divideInTwo (c: Interval) (b: Interval) : struct (Interval * Interval) =
        if b.IsEmpty || c.IsEmpty then
            struct (empty, empty)
        elif contains 0.0 b && contains 0.0 c then
            struct (entire, empty)
        elif b.Lower < 0.0 && b.Upper > 0.0 then
            // The end of c nearest to zero, over the ends of b: everything farther out is reached by members of b near zero.
            let near = if c.Lower > 0.0 then c.Lower else c.Upper
            let left, right = if near > 0.0 then b.Lower, b.Upper else b.Upper, b.Lower

            struct (Interval(Double.NegativeInfinity, Directed.divideUp near left),
                    Interval(Directed.divideDown near right, Double.PositiveInfinity))
        else
            struct (Interval(EndPairs.quotient c.Ends b.Ends), empty)

    /// { xⁿ : x ∈ a } for any integer n.
    let power (a: Interval) (n: int) : Interval = if a.IsEmpty then a else Interval(IntervalPowers.ends a.Lower a.Upper n)

    /// |a|
    let abs (a: Interval) : Interval = if a.IsEmpty then a else Interval(mignitude a, magnitude a)
    /// { arctan x : x ∈ a }
    let atan (a: Interval) : Interval = if a.IsEmpty then a else Interval(IntervalEnds.atan a.Lower a.Upper)
    /// { erf x : x ∈ a }, erf x = 2/√π ∫₀ˣ e^(−t²) dt
    let erf (a: Interval) : Interval = if a.IsEmpty then a else Interval(IntervalEnds.erf a.Lower a.Upper)

    /// The image of a nondecreasing function whose values at floats are floats.
    let private image (f: float -> float) (a: Interval) : Interval = if a.IsEmpty then a else Interval(f a.Lower, f a.Upper)

    /// { min(x, y) : x ∈ a, y ∈ b }
    let min (a: Interval) (b: Interval) : Interval =
        if a.IsEmpty || b.IsEmpty then empty else Interval(Math.Min(a.Lower, b.Lower), Math.Min(a.Upper, b.Upper))

    /// { max(x, y) : x ∈ a, y ∈ b }
    let max (a: Interval) (b: Interval) : Interval =
        if a.IsEmpty || b.IsEmpty then empty else Interval(Math.Max(a.Lower, b.Lower), Math.Max(a.Upper, b.Upper))

    /// The hull of the signs −1, 0, 1 of the members.
    let signum (a: Interval) : Interval = image (fun x -> float (Math.Sign x)) a
    /// The hull of { ⌈x⌉ : x ∈ a }
    let ceiling (a: Interval) : Interval = image Math.Ceiling a
    /// The hull of { ⌊x⌋ : x ∈ a }
    let floor (a: Interval) : Interval = image Math.Floor a
    /// The hull of the members rounded towards zero to integers.
    let truncate (a: Interval) : Interval = image Math.Truncate a
    /// The hull of the members rounded to nearest integers, ties to even.
    let roundTiesToEven (a: Interval) : Interval = image (fun x -> Math.Round(x, MidpointRounding.ToEven)) a
    /// The hull of the members rounded to nearest integers, ties away from zero.
    let roundTiesToAway (a: Interval) : Interval = image (fun x -> Math.Round(x, MidpointRounding.AwayFromZero)) a
