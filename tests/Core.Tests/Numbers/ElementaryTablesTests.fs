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
