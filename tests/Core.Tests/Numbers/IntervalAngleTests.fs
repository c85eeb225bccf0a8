namespace LayerTime.Core.Tests.Numbers

open System
open Xunit
open LayerTime.Core.Numbers

/// Sine and cosine over intervals of every width: whether an extremum lies inside is a question about the integers ⌊2x/π⌋.
module IntervalAngleTests =
    let private twoOverPi = Binary.divide 2200 (Binary.ofInt 2) (Oracle.circle 2300)
    let private quadrant (x: float) : bigint = Binary.multiply (Binary.ofFloat x) twoOverPi |> Binary.fixedPoint 0

    /// Is some m with q(a) < m ≤ q(b) equal to `rest` modulo 4?
    let private crosses (a: float) (b: float) (rest: int) : bool =
        let first = quadrant a + 1I
        let next = first + (((bigint rest - first) % 4I) + 4I) % 4I
        next <= quadrant b

    let private intervals (count: int) =
        let draw = Draw 99UL
        let angle = (IntervalSubjects.find "sin").Subject
        let draws = List.toArray angle.Draws

        Array.init count (fun n ->
            let a = draws[n % draws.Length] draw

            let b =
                match draw.Bits() % 4UL with
                | 0UL -> a + draw.Between(0.0, 7.0)
                | 1UL -> a + float (draw.Bits() >>> 61) * 1.5707963267948966 + draw.Magnitude(-55, -20)
                | 2UL -> a + abs (draw.Magnitude(-40, 3))
                | _ -> Math.BitIncrement(Math.BitIncrement a)

            Interval.ofBounds (min a b) (max a b))

    let private check (name: string) (shift: int) =
        let f = IntervalSubjects.find name
        let mutable maxima, minima, inside = 0, 0, 0

        for a in intervals 20_000 do
            let image = f.Over a
            let truth x p = f.Subject.Truth p (Binary.ofFloat x)
            // The cosine is the sine a quadrant later.
            let maximum, minimum = crosses a.Lower a.Upper ((5 - shift) % 4), crosses a.Lower a.Upper ((7 - shift) % 4)
            let atA, atB = truth a.Lower 72, truth a.Upper 72
            let rising = Binary.sign (Binary.subtract atB atA) >= 0

            let judge (x: float) (reached: float) (other: float) =
                // One end may be anything between the truth and its own bound, so the other stands in for it.
                match Judge.complaint (truth x) (Interval.ofBounds (min reached other) (max reached other)) with
                | Some problem -> Assert.Fail $"{name} {a} = {image} {problem}"
                | None -> ()

            let ownLow, ownHigh =
                IntervalSubjects.at f (if rising then a.Lower else a.Upper), IntervalSubjects.at f (if rising then a.Upper else a.Lower)

            if maximum then
                maxima <- maxima + 1
                Assert.True(image.Upper = 1.0, $"{name} {a} = {image} has a maximum inside")
            else
                judge (if rising then a.Upper else a.Lower) image.Upper ownHigh.Lower

            if minimum then
                minima <- minima + 1
                Assert.True(image.Lower = -1.0, $"{name} {a} = {image} has a minimum inside")
            else
                judge (if rising then a.Lower else a.Upper) image.Lower ownLow.Upper

            if not maximum && not minimum then
                inside <- inside + 1

        // Every case was met often.
        Assert.True(maxima > 1000 && minima > 1000 && inside > 1000, $"{maxima} {minima} {inside}")

    [<Fact>]
    let ``sine reaches 1 and −1 exactly where the interval holds an extremum`` () = check "sin" 0

    [<Fact>]
    let ``cosine reaches 1 and −1 exactly where the interval holds an extremum`` () = check "cos" 1

    [<Fact>]
    let ``around each multiple of π/2 the two floats next to it enclose an extremum and the next pair none`` () =
        let sin, cos = (IntervalSubjects.find "sin").Over, (IntervalSubjects.find "cos").Over
        let circle = Oracle.circle 2300

        for exponent in 0..1000 do
            // The largest float below m π/2.
            let m = (1I <<< exponent) + bigint exponent
            let angle = Binary.multiply (Binary.create m -1) circle
            let nearest = Binary.nearest angle
            let low = if Binary.sign (Binary.subtract angle (Binary.ofFloat nearest)) > 0 then nearest else Math.BitDecrement nearest
            let high = Math.BitIncrement low

            for side in [ 1.0; -1.0 ] do
                let across = if side > 0.0 then Interval.ofBounds low high else Interval.ofBounds -high -low
                // sin has its extrema at odd multiples, cos at even ones.
                let image = if m.IsEven then cos across else sin across

                let extremum =
                    if m.IsEven then (if (m >>> 1).IsEven then 1.0 else -1.0) else (if ((m - 1I) >>> 1).IsEven then side else -side)

                if high - low < 3.0 then
                    Assert.True((if extremum > 0.0 then image.Upper = 1.0 else image.Lower = -1.0), $"{across} {image}")

                    // Just beside, the function is strictly inside its range, and the cosine of the other function crosses zero.
                    let zero = if m.IsEven then sin across else cos across
                    Assert.True(zero.Lower < 0.0 && zero.Upper > 0.0, $"{across} {zero}")

    [<Fact>]
    let ``a width next to 2π is judged by the quadrants`` () =
        let sin = (IntervalSubjects.find "sin").Over
        let image = sin (Interval.ofBounds 1.58 (1.58 + 6.26))
        Assert.Equal(-1.0, image.Lower)
        Assert.True(image.Upper < 1.0 && image.Upper > 0.999)
        let all = sin (Interval.ofBounds 1.58 (1.58 + 6.284))
        Assert.Equal(1.0, all.Upper)

    [<Fact>]
    let ``integers decide on which side of a float a sine is`` () =
        let draw = Draw 41UL

        for _ in 1..500 do
            for x in [ draw.Between(-10.0, 10.0); draw.Magnitude(-20, 1023); draw.Pattern() ] do
                for turns, truth, computed in [ 0, Oracle.sin, Elementary.sin x; 1, Oracle.cos, Elementary.cos x ] do
                    let value = truth 200 (Binary.ofFloat x)

                    for y in [ computed; Math.BitIncrement computed; Math.BitDecrement computed; Math.ScaleB(1.0, Binary.size value) ] do
                        if Math.Abs y < 1.0 && Math.Abs y > 1e-30 then
                            let expected = Binary.sign (Binary.subtract value (Binary.ofFloat y)) > 0
                            Assert.True((ExactSine.isAbove turns x y = expected), $"{turns} {x:R} {y:R}")

    // cos −1.318116071652818 = 1/4 − 0.03 · 2⁻⁵⁵: outside the quarter no float is within two units of it.
    [<Fact>]
    let ``a sine next to a power of two ends at the power`` () =
        let image = (IntervalSubjects.find "cos").Over(Interval.ofFloat -1.318116071652818)
        Assert.Equal(0.25, image.Upper)
        Assert.Equal(Math.BitDecrement 0.25, image.Lower)
