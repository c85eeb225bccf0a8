namespace LayerTime.Core.Numbers

open System
open System.Globalization

/// <summary>A closed interval of reals with float ends, possibly empty or unbounded: the set-based intervals of IEEE 1788.1.</summary>
/// <remarks>
/// Every operation returns an interval that contains every value the operation takes on members of its operands. There is
/// no equality and no order, which would have to guess: comparisons are questions of the module, answered in three values.
/// The empty set is [+∞, −∞]; otherwise Lower ≤ Upper, Lower &lt; +∞, Upper &gt; −∞, and no end is NaN.
/// </remarks>
[<Struct; NoEquality; NoComparison>]
type Interval =
    /// The greatest lower bound: −∞ where there is none, +∞ for the empty set.
    val Lower: float
    /// The least upper bound: +∞ where there is none, −∞ for the empty set.
    val Upper: float

    internal new(lower: float, upper: float) = { Lower = lower; Upper = upper }
    internal new(struct (lower, upper): struct (float * float)) = { Lower = lower; Upper = upper }

    static member internal Empty = Interval(Double.PositiveInfinity, Double.NegativeInfinity)
    static member internal Entire = Interval(Double.NegativeInfinity, Double.PositiveInfinity)
    member a.IsEmpty = a.Lower > a.Upper

    static member internal Outward(lower: float, upper: float) : Interval =
        if Double.IsNaN lower || Double.IsNaN upper then
            Interval.Entire
        else
            Interval(Math.BitDecrement lower, Math.BitIncrement upper)

    static member internal Monotone(f: float -> float, a: Interval) : Interval =
        if a.IsEmpty then a else Interval.Outward(f a.Lower, f a.Upper)

    static member internal Times(x: float, y: float) = if x = 0.0 || y = 0.0 then 0.0 else x * y

    override a.ToString() : string =
        if a.IsEmpty then "∅" else String.Format(CultureInfo.InvariantCulture, "[{0:R}, {1:R}]", a.Lower, a.Upper)

    interface ITranscendental<Interval> with
        static member Zero = Interval(0.0, 0.0)
        static member One = Interval(1.0, 1.0)

        static member OfRatio(p, q) =
            let nearest = Rational.toFloat (Rational.OfRatio(p, q))

            if Double.IsFinite nearest && Rational.ofFloat nearest = Rational.OfRatio(p, q) then
                Interval(nearest, nearest)
            else
                Interval.Outward(nearest, nearest)

        static member Sum(a, b) = if a.IsEmpty || b.IsEmpty then Interval.Empty else Interval.Outward(a.Lower + b.Lower, a.Upper + b.Upper)

        static member Difference(a, b) =
            if a.IsEmpty || b.IsEmpty then Interval.Empty else Interval.Outward(a.Lower - b.Upper, a.Upper - b.Lower)

        static member Product(a, b) =
            if a.IsEmpty || b.IsEmpty then
                Interval.Empty
            else
                let p, q = Interval.Times(a.Lower, b.Lower), Interval.Times(a.Lower, b.Upper)
                let r, s = Interval.Times(a.Upper, b.Lower), Interval.Times(a.Upper, b.Upper)
                let low, high = min (min p q) (min r s), max (max p q) (max r s)
                if low = 0.0 && high = 0.0 then Interval(0.0, 0.0) else Interval.Outward(low, high)

        static member Negation a = Interval(-a.Upper, -a.Lower)
        static member PositivePart a = if a.IsEmpty then a else Interval(max 0.0 a.Lower, max 0.0 a.Upper)
        static member NegativePart a = if a.IsEmpty then a else Interval(min 0.0 a.Lower, min 0.0 a.Upper)

        static member Heaviside a =
            if a.IsEmpty then a else Interval((if a.Lower > 0.0 then 1.0 else 0.0), (if a.Upper > 0.0 then 1.0 else 0.0))

        static member AddProducts(start, left, right) = Ring.addProducts start left right

        static member Quotient(a, b) =
            if a.IsEmpty || b.IsEmpty || (b.Lower = 0.0 && b.Upper = 0.0) then
                Interval.Empty
            elif b.Lower <= 0.0 && b.Upper >= 0.0 then
                Interval.Entire
            else
                let p, q = a.Lower / b.Lower, a.Lower / b.Upper
                let r, s = a.Upper / b.Lower, a.Upper / b.Upper
                Interval.Outward(min (min p q) (min r s), max (max p q) (max r s))

        static member Exp a = if a.IsEmpty then a else Interval(IntervalEnds.exp a.Lower a.Upper)
        static member Expm1 a = if a.IsEmpty then a else Interval(IntervalEnds.expm1 a.Lower a.Upper)
        static member Log a = if a.IsEmpty then a else Interval(IntervalEnds.log a.Lower a.Upper)
        static member Log1p a = if a.IsEmpty then a else Interval(IntervalEnds.log1p a.Lower a.Upper)
        static member Tanh a = if a.IsEmpty then a else Interval(IntervalEnds.tanh a.Lower a.Upper)
        static member Logistic a = if a.IsEmpty then a else Interval(IntervalEnds.logistic a.Lower a.Upper)
        static member Softplus a = if a.IsEmpty then a else Interval(IntervalEnds.softplus a.Lower a.Upper)
        static member Sin a = if a.IsEmpty then a else Interval(IntervalAngles.sin a.Lower a.Upper)
        static member Cos a = if a.IsEmpty then a else Interval(IntervalAngles.cos a.Lower a.Upper)
        static member Sqrt a = Interval.Monotone(Elementary.sqrt, a)

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
    let ofRational (a: Rational) : Interval = Ring.ofInteger a.Numerator |> fun n -> (Arithmetic.(/) n (Ring.ofInteger a.Denominator))

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
    let hull (a: Interval) (b: Interval) : Interval = Interval(min a.Lower b.Lower, max a.Upper b.Upper)

    /// a ∩ b
    let intersect (a: Interval) (b: Interval) : Interval =
        if disjoint a b then empty else Interval(max a.Lower b.Lower, min a.Upper b.Upper)

    /// A float in a, near the middle; finite for every non-empty interval, NaN for the empty one.
    let midpoint (a: Interval) : float = 0.5 * a.Lower + 0.5 * a.Upper
    /// An upper bound of upper − lower, rounded up; NaN for the empty interval.
    let width (a: Interval) : float = Math.BitIncrement(a.Upper - a.Lower)

    /// A float r with a ⊆ [m − r, m + r], m the midpoint; NaN for the empty interval.
    let radius (a: Interval) : float =
        let m = midpoint a
        Math.BitIncrement(max (m - a.Lower) (a.Upper - m))

    /// sup |x|, x ∈ a; NaN for the empty interval.
    let magnitude (a: Interval) : float = max (abs a.Lower) (abs a.Upper)
    /// inf |x|, x ∈ a; NaN for the empty interval.
    let mignitude (a: Interval) : float = if a.Lower <= 0.0 && a.Upper >= 0.0 then 0.0 else min (abs a.Lower) (abs a.Upper)

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
            Interval(max 0.0 (Math.BitDecrement(low * low)), Math.BitIncrement(high * high))

    /// { xⁿ : x ∈ a } for any integer n.
    let power (a: Interval) (n: int) : Interval = if a.IsEmpty then a else Interval(IntervalPowers.ends a.Lower a.Upper n)

    /// |a|
    let abs (a: Interval) : Interval = if a.IsEmpty then a else Interval(mignitude a, magnitude a)
    /// { arctan x : x ∈ a }
    let atan (a: Interval) : Interval = if a.IsEmpty then a else Interval(IntervalEnds.atan a.Lower a.Upper)
    /// { erf x : x ∈ a }, erf x = 2/√π ∫₀ˣ e^(−t²) dt
    let erf (a: Interval) : Interval = if a.IsEmpty then a else Interval(IntervalEnds.erf a.Lower a.Upper)
