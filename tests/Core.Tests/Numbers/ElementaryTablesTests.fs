module LayerTime.Core.Tests.Numbers.ElementaryTablesTests

open System
open Xunit
open LayerTime.Core.Numbers

/// hi and lo of a real number, by the definition of the tables.
let private assertPair (truth: Binary) (hi: float) (lo: float) =
    Assert.Equal(Binary.nearest truth, hi)
    Assert.Equal(Binary.nearest (Binary.subtract truth (Binary.ofFloat hi)), lo)

[<Fact>]
let ``every constant of the reductions is the rounding of its definition`` () =
    let step = Oracle.ln2 600 |> Binary.scale -7
    let angle = Oracle.circle 600 |> Binary.scale -6
    let one = Binary.ofInt 1
    assertPair step ElementaryTables.StepHigh ElementaryTables.StepLow
    Assert.Equal(Binary.nearest (Binary.divide 300 one step), ElementaryTables.StepsPerUnit)
    Assert.Equal(Math.Round(Math.ScaleB(Binary.nearest (Oracle.ln2 600), 42)), Math.ScaleB(ElementaryTables.LogTwoHigh, 42))
    let rest = Binary.subtract (Oracle.ln2 600) (Binary.ofFloat ElementaryTables.LogTwoHigh)
    Assert.Equal(Binary.nearest rest, ElementaryTables.LogTwoLow)
    assertPair angle ElementaryTables.AngleHigh ElementaryTables.AngleMiddle

    assertPair (Binary.subtract angle (Binary.ofFloat ElementaryTables.AngleHigh)) ElementaryTables.AngleMiddle ElementaryTables.AngleLow

    Assert.Equal(Binary.nearest (Binary.divide 300 one angle), ElementaryTables.AnglesPerUnit)
    Assert.Equal(Math.ScaleB(ElementaryTables.AngleHigh, -64), ElementaryTables.SmallAngleHigh)
    Assert.Equal(Math.ScaleB(ElementaryTables.AngleMiddle, -64), ElementaryTables.SmallAngleLow)

[<Fact>]
let ``every power of two in the table is the rounding of its definition`` () =
    for j in 0..127 do
        let exponent = Binary.multiply (Binary.ofInt j) (Oracle.ln2 400) |> Binary.scale -7
        assertPair (Oracle.exp 300 exponent) ElementaryTables.powersOfTwo[2 * j] ElementaryTables.powersOfTwo[2 * j + 1]

[<Fact>]
let ``every sine in the table is the rounding of its definition`` () =
    for j in 0..127 do
        let truth =
            if j % 64 = 0 then
                Binary.ofInt 0
            else
                Oracle.sin 300 (Binary.multiply (Binary.ofInt j) (Oracle.circle 600) |> Binary.scale -6)

        assertPair truth ElementaryTables.sines[2 * j] ElementaryTables.sines[2 * j + 1]

[<Fact>]
let ``every logarithm in the table is the rounding of its definition and every slice is narrow`` () =
    for i in 0..127 do
        let bound n = BitConverter.Int64BitsToDouble(0x3FE6000000000000L + (int64 n <<< 45))
        let c = ElementaryTables.reciprocals[i]

        if i = 79 || i = 80 then
            Assert.Equal(1.0, c)
        else
            Assert.Equal(Math.Round(2048.0 / (bound i + bound (i + 1))) / 1024.0, c)

            for m in [ bound i; bound (i + 1) ] do
                Assert.True(Math.Abs(m * c - 1.0) <= 0.00422)

        let truth = Binary.negate (Oracle.log 300 (Binary.ofFloat c))
        let hi, lo = ElementaryTables.logarithms[2 * i], ElementaryTables.logarithms[2 * i + 1]
        Assert.Equal(Math.Round(Math.ScaleB(Binary.nearest truth, 42)), Math.ScaleB(hi, 42))
        Assert.Equal(Binary.nearest (Binary.subtract truth (Binary.ofFloat hi)), lo)

[<Fact>]
let ``the digits of 2 over π are right`` () =
    let digits = Binary.divide 1400 (Binary.ofInt 2) (Oracle.circle 1400) |> Binary.fixedPoint (64 * 19)
    Assert.Equal(0UL, ElementaryTables.twoOverPi[0])

    for word in 1..19 do
        Assert.Equal(uint64 ((digits >>> (64 * (19 - word))) &&& bigint UInt64.MaxValue), ElementaryTables.twoOverPi[word])

[<Fact>]
let ``every inverse tangent in the table is the rounding of its definition`` () =
    for i in 0..64 do
        let part (n: int) = Oracle.atan 300 (Binary.create (bigint n) -5)
        let truth = if i <= 32 then part i else Binary.subtract (Oracle.circle 400 |> Binary.scale -1) (part (64 - i))
        assertPair truth AtanErfTables.arctangents[2 * i] AtanErfTables.arctangents[2 * i + 1]

    Assert.Equal(130, AtanErfTables.arctangents.Length)

/// 2/√π e^(−c²)
let private bell (c: Binary) =
    let slope = Binary.divide 300 (Binary.ofInt 2) (Oracle.sqrt 320 (Oracle.circle 400))
    Binary.multiply slope (Oracle.exp 300 (Binary.negate (Binary.multiply c c)))

[<Fact>]
let ``every slice of the error function has the value, the slope and the bend of its definition`` () =
    assertPair (bell (Binary.ofInt 0)) AtanErfTables.ErfSlopeHigh AtanErfTables.ErfSlopeLow

    for k in AtanErfTables.FirstErfSlice .. 190 do
        let row = AtanErfTables.ErfStride * (k - AtanErfTables.FirstErfSlice)
        let c = Binary.create (bigint k) -5
        assertPair (Oracle.erf 300 c) AtanErfTables.erfSlices[row] AtanErfTables.erfSlices[row + 1]
        assertPair (bell c) AtanErfTables.erfSlices[row + 2] AtanErfTables.erfSlices[row + 3]
        // H₀ = 1, H₁ = 2c, Hₙ₊₁ = 2c Hₙ − 2n Hₙ₋₁, and the same with all signs positive, which bounds what cancels.
        let fraction = Rational.create k 32
        let mutable before, here = Rational.One, Rational.create k 16
        let mutable sizeBefore, size = before, here
        let mutable factorial = Rational.ofInt 2

        for n in 1..9 do
            let signed = if n % 2 = 1 then -here else here
            let error = Rational.Abs(Rational.ofFloat AtanErfTables.erfSlices[row + 3 + n] - signed / factorial)
            // Each of n steps rounds four times.
            Assert.True(error <= size / factorial * Rational.OfRatio(bigint (4 * n), 1I <<< 53))
            let step sign a b = Rational.ofInt 2 * (fraction * a + Rational.ofInt (sign * n) * b)
            let next, sizeNext = step -1 here before, step 1 size sizeBefore
            before <- here
            here <- next
            sizeBefore <- size
            size <- sizeNext
            factorial <- factorial * Rational.ofInt (n + 2)

    Assert.Equal(AtanErfTables.ErfStride * 187, AtanErfTables.erfSlices.Length)

/// What a slice leaves out, n ≥ 10, relative to slope · t: Σ Pₙ |t|ⁿ/(n + 1)!, Pₙ the polynomial of Hermite with positive signs.
[<Fact>]
let ``what the slices of the error function leave out is below 3 10⁻⁶ of a rounding`` () =
    for k in AtanErfTables.FirstErfSlice .. 190 do
        let c, t = float k / 32.0, 1.0 / 64.0
        let mutable before, here, weight, left = 1.0, 2.0 * c, t / 2.0, 0.0

        for n in 1..60 do
            if n >= 10 then
                left <- left + here * weight

            let next = 2.0 * c * here + 2.0 * float n * before
            before <- here
            here <- next
            weight <- weight * t / float (n + 2)

        let slope = AtanErfTables.erfSlices[AtanErfTables.ErfStride * (k - AtanErfTables.FirstErfSlice) + 2]
        Assert.True(left * slope * t / Elementary.erf (c - t) < 3e-6 * Math.ScaleB(1.0, -53))

/// min ‖m α‖ over 0 < m < 2⁵³, where ‖t‖ is the distance from t to the nearest integer and α = a 2⁻ᵖ:
/// it is taken at a denominator of a convergent of the continued fraction of α.
let private closestToAnInteger (p: int) (a: bigint) : bigint =
    let one = 1I <<< p

    let distance (m: bigint) =
        let rest = (m * a) &&& (one - 1I)
        min rest (one - rest)

    let rec descend (numerator: bigint) (denominator: bigint) (previous: bigint) (current: bigint) best =
        if current >= (1I <<< 53) || denominator.IsZero then
            best
        else
            let quotient = numerator / denominator
            let best = if current.IsZero then best else min best (distance current)
            descend denominator (numerator - quotient * denominator) current (quotient * current + previous) best
    // The denominators 1, a₁, … of the convergents belong to the fraction 1 / (α - ⌊α⌋).
    descend one (a &&& (one - 1I)) 0I 1I one

[<Fact>]
let ``no float is nearer than 2⁻⁶¹ to a multiple of π/2 that is not zero`` () =
    let twoOverPi = Binary.divide 1500 (Binary.ofInt 2) (Oracle.circle 1600)

    for exponent in -53 .. 971 do
        let a = Binary.fixedPoint 300 (Binary.scale exponent twoOverPi)
        let distance = Binary.multiply (Binary.create (closestToAnInteger 300 a) -300) (Oracle.circle 64) |> Binary.scale -1
        Assert.True(Binary.size distance >= -61, $"2^{exponent}")
