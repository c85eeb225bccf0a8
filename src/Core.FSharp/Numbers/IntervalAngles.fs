namespace LayerTime.Core.Numbers

open System

/// The ends of sine and cosine over intervals, on the terms of IntervalEnds.
///
/// Whether an extremum lies inside is decided exactly: the quadrant of a float is the integer part of its quotient by π/2, and no
/// float but 0 is nearer to a multiple of π/2 than 2⁻⁶¹, so that the sign of what the reduction leaves is certain.
///
/// Isotony: on the slice around an extremum the value is 1 − r²/2 + …, and r² with its last three bits cleared keeps the order
/// of |r|: two different squares are 2⁻⁵⁰ apart relatively, where the rest of the sum is wrong by 2 · 2⁻⁵³. On the other slices the
/// slope is 2⁻⁵·³⁵ or more, so neighbours from 1/4 on have values 2⁻⁵⁷·⁴ apart, where each sum is wrong by 2⁻⁵⁹. Nearer to 0 the cosine
/// is taken on a grid of 2⁻⁵³: 2⁻⁵⁸·³⁵ apart, where for |r| ≤ 0.0246 and a slope below 1/4 each sum is wrong by 2⁻⁶⁰.
[<RequireQualifiedAccess>]
module internal IntervalAngles =
    open ElementaryKernels

    /// 2⁻⁵⁸: sineSum is wrong by 0.0115 ε, the cleared bits by 2⁻⁵⁹·⁷ and the reduced angle by 2⁻⁶⁰.
    [<Literal>]
    let private Slack = 3.469446951953614e-18

    /// x modulo 2π: the multiple of π/64, and what is left as a sum of two floats.
    let private reduce (x: float) : struct (int * float * float) =
        if Math.Abs x < LargeAngle then
            reduceModerate x
        else
            let struct (j, r, s) = reduceLarge (Math.Abs x)
            if x > 0.0 then struct (j, r, s) else struct (-j, -r, -s)

    /// ⌊x / (π/2)⌋ modulo 4 for the x with this reduction; 0 belongs to quadrant 0.
    let inline private quadrant (j: int) (r: float) : int = ((if (j &&& 31) = 0 && r < 0.0 then j - 1 else j) >>> 5) &&& 3

    /// A lower bound of sin(x + turns π/2), where x + turns π/2 is jπ/64 + r + s.
    let private sineBelow (turns: int) (x: float) (j: int) (r: float) (s: float) : float =
        let square = BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(r * r) &&& ~~~7L)
        let struct (hi, lo) = sineSum j r s square
        let bound = Math.Max(IntervalEnds.roundBelow hi lo Slack, -1.0)

        // Outside a power of two the floats are twice as far apart as inside. If the slack leaves open whether the power is a bound
        // too, and a value inside would be more than two units from the float outside, integers decide.
        if
            bound < 0.0
            && (BitConverter.DoubleToInt64Bits bound &&& 0x000FFFFFFFFFFFFFL) = 1L
            && IntervalEnds.roundBelow hi lo -Slack > bound
        then
            let power = Math.BitIncrement bound
            if ExactSine.isAbove turns x power then power else bound
        else
            bound

    /// A lower bound of sin x: of ±x near 0, where |sin x| ≤ |x| and x³/6 is below 2⁻⁵⁶ x.
    let private sinBelow (x: float) (j: int) (r: float) (s: float) : float =
        if Math.Abs x < 7.450580596923828e-09 then
            if x > 0.0 then Math.BitDecrement x else x
        else
            // sin x ≥ x for x < 0
            let bound = sineBelow 0 x j r s
            if x < 0.0 then Math.Max(bound, x) else bound

    /// A multiple of 2⁻⁵³ up to size, size < 1/4: the spacing of the floats from 1/2 on.
    let inline private gridBelow (size: float) : float =
        let near = (size + 0.75) - 0.75
        if near > size then near - 1.1102230246251565e-16 else near

    /// A lower bound of cos x.
    let private cosBelow (x: float) (j: int) (r: float) (s: float) : float =
        if x = 0.0 then
            1.0
        elif Math.Abs x < 0.25 then
            let struct (j, r, s) = reduceModerate -(gridBelow -(Math.Abs x))
            sineBelow 1 x (j + 32) r s
        else
            sineBelow 1 x (j + 32) r s

    /// An upper bound of cos x.
    let private cosAbove (x: float) (j: int) (r: float) (s: float) : float =
        if Math.Abs x < 0.25 then
            let struct (j, r, s) = reduceModerate (gridBelow (Math.Abs x))
            -(sineBelow -1 x (j - 32) r s)
        else
            -(sineBelow -1 x (j - 32) r s)

    /// The ends of a function with a maximum where quadrant 1 begins and a minimum where quadrant 3 does, from the quadrant of the
    /// first argument, the number of quadrants that begin up to the second, and what bounds the values at both.
    let inline private ends
        ([<InlineIfLambda>] below: unit -> struct (float * float))
        ([<InlineIfLambda>] above: unit -> struct (float * float))
        (start: int)
        (crossed: int)
        : struct (float * float) =
        // How many quadrants begin up to the extremum; 0 stands for 4, once around.
        let toMaximum = (1 - start) &&& 3
        let toMinimum = (3 - start) &&& 3

        let lower =
            if toMinimum <> 0 && toMinimum <= crossed then
                -1.0
            else
                let struct (left, right) = below ()
                Math.Min(left, right)

        let upper =
            if toMaximum <> 0 && toMaximum <= crossed then
                1.0
            else
                let struct (left, right) = above ()
                Math.Max(left, right)

        struct (lower, upper)

    /// The ends of cos x for a ≤ x ≤ b if `shift` is 1, of sin x if it is 0.
    let inline private circular (shift: int) (a: float) (b: float) : struct (float * float) =
        let width = b - a

        // The float after 2π: a width that rounds to it or beyond is more than 2π.
        if not (width < 6.283185307179587) then
            struct (-1.0, 1.0)
        else
            let struct (i, p, q) = reduce a
            let struct (j, r, s) = reduce b
            let start = (quadrant i p + shift) &&& 3
            let crossed = (quadrant j r + shift - start) &&& 3

            // One quadrant or two neighbours hold less than π; with more than 4 the interval goes around the circle.
            if crossed <= 1 && width > 4.0 then
                struct (-1.0, 1.0)
            elif shift = 0 then
                ends
                    (fun () -> struct (sinBelow a i p q, sinBelow b j r s))
                    (fun () -> struct (0.0 - sinBelow -a -i -p -q, 0.0 - sinBelow -b -j -r -s))
                    start
                    crossed
            else
                ends
                    (fun () -> struct (cosBelow a i p q, cosBelow b j r s))
                    (fun () -> struct (cosAbove a i p q, cosAbove b j r s))
                    start
                    crossed

    /// { sin x : a ≤ x ≤ b }
    let sin (a: float) (b: float) : struct (float * float) = circular 0 a b

    /// { cos x : a ≤ x ≤ b }
    let cos (a: float) (b: float) : struct (float * float) = circular 1 a b
