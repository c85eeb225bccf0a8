namespace LayerTime.Core.Tests.Numbers

open System
open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Tests

/// Integer powers against exact ones.
module IntervalPowerTests =
    let private infinity = Double.PositiveInfinity

    let private ends (lower: float) (upper: float) (n: int) =
        let image = Interval.power (Interval.ofBounds lower upper) n
        image.Lower, image.Upper

    /// xⁿ to p bits and exactly if n > 0.
    let private truth (x: float) (n: int) (p: int) : Binary =
        let a = Binary.ofFloat x
        let power = Binary.create (bigint.Pow(a.Mantissa, abs n)) (a.Exponent * abs n)
        if n < 0 then Binary.divide p (Binary.ofInt 1) power else power

    let private complaint (x: float) (n: int) =
        let image = Interval.power (Interval.ofFloat x) n
        Judge.complaint (truth x n) image |> Option.map (fun problem -> $"[{x:R}]^{n} = {image} {problem}")

    [<Fact>]
    let ``powers enclose the truth, at most two units from either end`` () =
        let draw = Draw 17UL

        let cases = if String.IsNullOrEmpty(Environment.GetEnvironmentVariable "LAYERTIME_THOROUGH") then 100_000 else 1_000_000

        for case in 1..cases do
            let n = int (draw.Bits() % 41UL) - 20
            let n = if n = 0 then 21 else n

            let x =
                match case % 5 with
                | 0 -> draw.Between(-10.0, 10.0)
                | 1 -> draw.Magnitude(-4, 4)
                | 2 -> draw.Magnitude(max -1074 (-1074 / abs n - 2), min 1023 (1024 / abs n + 1))
                | 3 -> 1.0 + draw.Magnitude(-53, -1)
                | _ -> draw.Magnitude(-1074, 1023)

            match complaint x n with
            | Some problem -> Assert.Fail problem
            | None -> ()

    [<Fact>]
    let ``high powers of numbers near 1 enclose the truth`` () =
        let draw = Draw 18UL

        for _ in 1..100 do
            let n = int (draw.Bits() % 1000UL) + 22

            for x in [ 1.0 + draw.Magnitude(-53, -3); draw.Between(0.7, 1.4) ] do
                for n in [ n; -n ] do
                    match complaint x n with
                    | Some problem -> Assert.Fail problem
                    | None -> ()

    [<Fact>]
    let ``a representable power is exact`` () =
        for x, n, value in
            [
                3.0, 2, 9.0
                3.0, 33, 5559060566555523.0
                -3.0, 3, -27.0
                10.0, 22, 1e22
                0.5, 1074, Double.Epsilon
                2.0, 1023, Math.ScaleB(1.0, 1023)
                2.0, -1074, Double.Epsilon
                -0.25, -5, -1024.0
                Double.Epsilon, 1, Double.Epsilon
                Double.MaxValue, 1, Double.MaxValue
                1.0, Int32.MaxValue, 1.0
                -1.0, Int32.MinValue, 1.0
                1.5, 2, 2.25
                94906265.0, 2, 9007199136250225.0
                7.25, 0, 1.0
            ] do
            Assert.Equal((value, value), ends x x n)

    [<Fact>]
    let ``zero to the power of zero is one, and poles are where the domain ends`` () =
        Assert.Equal((1.0, 1.0), ends 0.0 0.0 0)
        Assert.Equal((1.0, 1.0), ends -infinity infinity 0)
        Assert.True((Interval.power (Interval.ofFloat 0.0) -1).IsEmpty)
        Assert.True((Interval.power (Interval.ofFloat -0.0) -2).IsEmpty)
        Assert.True((Interval.power Interval.empty 2).IsEmpty)
        Assert.True((Interval.power Interval.empty 0).IsEmpty)
        Assert.Equal((-infinity, infinity), ends -1.0 1.0 -1)
        Assert.Equal((0.25, infinity), ends -1.0 2.0 -2)
        Assert.Equal((0.5, infinity), ends 0.0 2.0 -1)
        Assert.Equal((-infinity, -0.5), ends -2.0 0.0 -1)
        Assert.Equal((0.125, infinity), ends -0.0 2.0 -3)
        Assert.Equal((0.0, 0.5), ends 2.0 infinity -1)
        Assert.Equal((0.0, infinity), ends -infinity infinity -4)
        Assert.Equal((0.0, infinity), ends -infinity infinity 4)
        Assert.Equal((-infinity, infinity), ends -infinity infinity 3)
        Assert.Equal((0.0, 9.0), ends -2.0 3.0 2)
        Assert.Equal((-8.0, 27.0), ends -2.0 3.0 3)
        Assert.Equal((4.0, 9.0), ends -3.0 -2.0 2)
        Assert.Equal((-0.5, -0.25), ends -4.0 -2.0 -1)

    [<Fact>]
    let ``powers that leave the range of floats end at its last numbers`` () =
        Assert.Equal((Double.MaxValue, infinity), ends 1.1 1.1 Int32.MaxValue)
        Assert.Equal((0.0, Double.Epsilon), ends 1.1 1.1 Int32.MinValue)
        Assert.Equal((0.0, Double.Epsilon), ends 1e-200 1e-200 2)
        Assert.Equal((Double.MaxValue, infinity), ends 1e200 1e200 2)
        Assert.Equal((Double.MaxValue, infinity), ends 1e-309 1e-309 -1)
        Assert.Equal((-infinity, -Double.MaxValue), ends -1e200 -1e200 3)

    [<Property(Arbitrary = [| typeof<NumberGenerators> |])>]
    let ``a smaller interval has smaller powers`` (FiniteFloat a) (FiniteFloat b) (FiniteFloat c) (FiniteFloat d) (n: int) =
        let ends = Array.sort [| a; b; c; d |]
        let small, large = Interval.ofBounds ends[1] ends[2], Interval.ofBounds ends[0] ends[3]
        Interval.subset (Interval.power small n) (Interval.power large n)

    [<Fact>]
    let ``powers of neighbours are in order`` () =
        let draw = Draw 19UL

        for _ in 1..50_000 do
            let x = draw.Between(0.5, 2.0)
            let n = int (draw.Bits() % 60UL) + 1
            let here, next = Interval.power (Interval.ofFloat x) n, Interval.power (Interval.ofFloat (Math.BitIncrement x)) n
            Assert.True(here.Lower <= next.Lower && here.Upper <= next.Upper)

    [<Fact>]
    let ``exponents add`` () =
        let draw = Draw 20UL

        for _ in 1..5000 do
            let a = Interval.ofFloat (draw.Between(-3.0, 3.0))
            let m, n = int (draw.Bits() % 20UL) - 10, int (draw.Bits() % 20UL) - 10
            let product = Arithmetic.(*) (Interval.power a m) (Interval.power a n)
            Assert.False(Interval.disjoint (Interval.power a (m + n)) product)
