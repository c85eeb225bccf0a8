namespace LayerTime.Core.Examination

open System
open LayerTime.Core.Numbers

/// How far a formula holds in one direction of a line: certainly on less than Lower, certainly not beyond Upper.
[<Struct>]
type Reach = {
    /// Up to here nothing changes its sign.
    Lower: float
    /// Here something has changed its sign.
    Upper: float
} with

    /// No change at all.
    static member Unbounded: Reach = { Lower = infinity; Upper = infinity }
    /// A sign that is not decided even here.
    static member Undecided: Reach = { Lower = -1.0; Upper = infinity }
    /// The nearer of two changes.
    static member Nearer(a: Reach, b: Reach) : Reach = { Lower = Math.Min(a.Lower, b.Lower); Upper = Math.Min(a.Upper, b.Upper) }

/// <summary>A number on its way along a line: enclosures of its value and slope, and how far ahead and behind its formula holds.</summary>
/// <remarks>A network on rays tells, in one pass of the generic semantics, where on the line the next activation changes its side.
/// Sums of rays and products of a ray and a constant are affine in t; other products are not, and are not offered to networks that need them.</remarks>
[<Struct; NoComparison; NoEquality>]
type Ray =
    /// The value here.
    val Value: Interval
    /// dValue/dt
    val Slope: Interval
    /// How far ahead the formula holds.
    val Ahead: Reach
    /// How far behind.
    val Behind: Reach
    /// A ray from its parts.
    new(value, slope, ahead, behind) = { Value = value; Slope = slope; Ahead = ahead; Behind = behind }

    /// A number that does not move.
    static member Constant(value: Interval) : Ray = Ray(value, Interval.ofFloat 0.0, Reach.Unbounded, Reach.Unbounded)

    static member private With(value: Interval, slope: Interval, a: Ray, b: Ray) : Ray =
        Ray(value, slope, Reach.Nearer(a.Ahead, b.Ahead), Reach.Nearer(a.Behind, b.Behind))

    /// How far a positive number goes before it vanishes, if it moves by a slope: value ÷ −slope where the slope may be negative.
    static member private ToZero(value: Interval, slope: Interval) : Reach = {
        Lower = if slope.Lower < 0.0 then Directed.divideDown value.Lower -slope.Lower else infinity
        Upper = if slope.Upper < 0.0 then Directed.divideUp value.Upper -slope.Upper else infinity
    }

    /// The ray, or 0, by its sign; with the distances to the change.
    static member private Sided(a: Ray, positive: bool) : Ray =
        let side (value: Interval) (slope: Interval) (keep: bool) =
            let ahead = Reach.Nearer(a.Ahead, Ray.ToZero(value, slope))
            let behind = Reach.Nearer(a.Behind, Ray.ToZero(value, Arithmetic.(~-) slope))
            let zero = Interval.ofFloat 0.0
            if keep then Ray(a.Value, a.Slope, ahead, behind) else Ray(zero, zero, ahead, behind)

        if a.Value.Lower > 0.0 then side a.Value a.Slope positive
        elif a.Value.Upper < 0.0 then side (Arithmetic.(~-) a.Value) (Arithmetic.(~-) a.Slope) (not positive)
        elif a.Value.Lower = 0.0 && a.Value.Upper = 0.0 && a.Slope.Lower = 0.0 && a.Slope.Upper = 0.0 then a
        else Ray(a.Value, a.Slope, Reach.Undecided, Reach.Undecided)

    interface IRing<Ray> with
        static member Zero = Ray.Constant(Interval.ofFloat 0.0)
        static member One = Ray.Constant(Interval.ofFloat 1.0)
        static member OfRatio(p, q) = Ray.Constant(Interval.ofRational (Rational.OfRatio(p, q)))
        static member Sum(a, b) = Ray.With(Arithmetic.(+) a.Value b.Value, Arithmetic.(+) a.Slope b.Slope, a, b)
        static member Difference(a, b) = Ray.With(Arithmetic.(-) a.Value b.Value, Arithmetic.(-) a.Slope b.Slope, a, b)

        static member Product(a, b) =
            let slope = Arithmetic.(+) (Arithmetic.(*) a.Slope b.Value) (Arithmetic.(*) a.Value b.Slope)
            Ray.With(Arithmetic.(*) a.Value b.Value, slope, a, b)

        static member Negation a = Ray.With(Arithmetic.(~-) a.Value, Arithmetic.(~-) a.Slope, a, a)
        static member PositivePart a = Ray.Sided(a, true)
        static member NegativePart a = Ray.Sided(a, false)
        // Derivatives of rays are not asked for.
        static member Heaviside _ = invalidOp "a ray has no derivative"
        static member AddProducts(start, left, right) = Ring.addProducts start left right
