namespace LayerTime.Core.Tests.Numbers

open System
open Xunit
open Xunit.Abstractions
open LayerTime.Core.Numbers

/// A small generator of our own (SplitMix64), so that the cases are the same everywhere.
type Draw(seed: uint64) =
    let mutable state = seed

    member _.Bits() : uint64 =
        state <- state + 0x9E3779B97F4A7C15UL
        let a = (state ^^^ (state >>> 30)) * 0xBF58476D1CE4E5B9UL
        let b = (a ^^^ (a >>> 27)) * 0x94D049BB133111EBUL
        b ^^^ (b >>> 31)

    /// Uniform between two floats.
    member this.Between(low: float, high: float) : float = low + (high - low) * Math.ScaleB(float (this.Bits() >>> 11), -53)

    /// A random sign, a random significand and an exponent between two: every order of magnitude counts the same.
    member this.Magnitude(lowest: int, highest: int) : float =
        let bits = this.Bits()
        let exponent = lowest + int ((bits &&& 0xFFFFUL) * uint64 (highest - lowest + 1) >>> 16)
        let significand = 1.0 + Math.ScaleB(float (this.Bits() >>> 12), -52)
        Math.ScaleB((if bits >>> 63 = 0UL then significand else -significand), exponent)

    /// A random finite bit pattern.
    member this.Pattern() : float =
        let x = BitConverter.UInt64BitsToDouble(this.Bits())
        if Double.IsFinite x then x else this.Pattern()

/// A function, its truth, the proven bound, and where to try it.
[<NoComparison; NoEquality>]
type Subject = {
    Name: string
    Compute: float -> float
    Truth: int -> Binary -> Binary
    Bound: float
    Draws: (Draw -> float) list
    Hard: float list
}

module Subjects =
    let precision = 120

    /// A float and its neighbours.
    let around (x: float) : float list =
        let up = Math.BitIncrement x
        let down = Math.BitDecrement x
        [ x; up; down; Math.BitIncrement up; Math.BitDecrement down ]

    /// Floats near the multiples of π/128, the ends of the slices of sine and cosine.
    let nearMultiples (draw: Draw) : float =
        let k = int (draw.Bits() >>> 44) - 524288
        let x = float k * 0.02454369260617026
        BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits x + int64 (draw.Bits() >>> 62) - 1L)

    /// Floats a few steps from 1, from one step on.
    let nearOne (draw: Draw) : float = 1.0 + draw.Magnitude(-53, -4)

    let tiny = around 0.0 @ around 2.2250738585072014e-308 @ around 7.450580596923828e-09 @ around 5.551115123125783e-17

    let signs (xs: float list) : float list = xs @ List.map (~-) xs

    let hardAngles = [
        6381956970095103.0 * Math.ScaleB(1.0, 797)
        3205513981387887.0 * Math.ScaleB(1.0, -46)
        1e22
        Double.MaxValue
        5.319372648326541e255
        yield! around 33554432.0
        yield! List.collect around [ 0.7853981633974483; 1.5707963267948966; 3.141592653589793; 4.71238898038469; 6.283185307179586 ]
        yield! [ for exponent in 0..1023 -> Math.ScaleB(1.0, exponent) ]
    ]

    let angle name compute truth = {
        Name = name
        Compute = compute
        Truth = truth
        Bound = 0.52
        Draws = [
            _.Between(-10.0, 10.0)
            _.Between(-1e5, 1e5)
            _.Magnitude(-1074, 1023)
            _.Magnitude(-30, 30)
            _.Magnitude(20, 1023)
            nearMultiples
        ]
        Hard = signs (tiny @ hardAngles)
    }

    let all = [
        {
            Name = "exp"
            Compute = Elementary.exp
            Truth = Oracle.exp
            Bound = 0.52
            Draws = [
                _.Between(-5.0, 5.0)
                _.Between(-745.2, 709.8)
                _.Between(-745.14, -708.0)
                _.Between(700.0, 709.79)
                _.Magnitude(-1074, 8)
            ]
            Hard =
                signs tiny
                @ List.collect around [ 709.782712893384; -745.1332191019412; -708.3964185322641; -744.4400719213812; 708.0; -708.0; 1.0 ]
        }
        {
            Name = "expm1"
            Compute = Elementary.expm1
            Truth = Oracle.expm1
            Bound = 0.59
            Draws = [
                _.Between(-5.0, 5.0)
                _.Between(-0.26, 0.26)
                // the ends of the branches, where the budgets are tight
                _.Between(0.245, 0.255)
                _.Between(-0.255, -0.245)
                _.Between(-50.0, 709.79)
                _.Magnitude(-1074, 8)
                _.Magnitude(-60, -1)
            ]
            Hard = signs (tiny @ List.collect around [ 0.25; 45.0; 0.6931471805599453 ]) @ around 709.782712893384
        }
        {
            Name = "log"
            Compute = Elementary.log
            Truth = Oracle.log
            Bound = 0.54
            Draws = [
                _.Between(1e-3, 10.0)
                _.Between(0.97, 1.03)
                _.Between(1.0075, 1.0082)
                nearOne
                fun draw -> Math.Abs(draw.Magnitude(-1074, 1023))
                fun draw -> Math.Abs(draw.Pattern())
            ]
            Hard =
                (tiny |> List.filter (fun x -> x > 0.0))
                @ [ Double.MaxValue; Double.Epsilon ]
                @ List.collect around [ 1.0; 0.6875; 1.375; 0.99609375; 1.0078125; 2.718281828459045 ]
        }
        {
            Name = "log1p"
            Compute = Elementary.log1p
            Truth = Oracle.log1p
            Bound = 0.54
            Draws = [
                _.Between(-0.999, 10.0)
                _.Between(-0.02, 0.02)
                _.Between(-0.0082, -0.0075)
                _.Magnitude(-1074, -1)
                _.Magnitude(-60, -1)
                fun draw -> Math.Abs(draw.Magnitude(-10, 1023))
                fun draw -> -1.0 + Math.Abs(draw.Magnitude(-53, -1))
            ]
            Hard =
                signs (tiny @ around 0.0078125)
                @ [ Double.MaxValue; -0.9999999999999999 ]
                @ List.collect around [ 18014398509481984.0; 9007199254740992.0; -0.5; 1.0 ]
        }
        {
            Name = "tanh"
            Compute = Elementary.tanh
            Truth = Oracle.tanh
            Bound = 0.58
            Draws = [
                _.Between(-3.0, 3.0)
                _.Between(-0.13, 0.13)
                _.Between(0.122, 0.13)
                _.Between(-22.0, 22.0)
                _.Magnitude(-1074, 4)
                _.Magnitude(-30, 0)
            ]
            Hard = signs (tiny @ List.collect around [ 0.125; 20.0; 19.061547465398498; 1e-20; 300.0 ])
        }
        {
            Name = "logistic"
            Compute = Elementary.logistic
            Truth = Oracle.logistic
            Bound = 0.53
            Draws = [
                _.Between(-6.0, 6.0)
                _.Between(-50.0, 50.0)
                _.Between(-745.2, -700.0)
                _.Between(-745.2, 100.0)
                _.Magnitude(-1074, 8)
            ]
            Hard = signs (tiny @ List.collect around [ 45.0; 36.7368005696771; 700.0 ]) @ around -745.1332191019412
        }
        {
            Name = "softplus"
            Compute = Elementary.softplus
            Truth = Oracle.softplus
            Bound = 0.56
            Draws = [
                _.Between(-6.0, 6.0)
                _.Between(-45.0, 45.0)
                _.Between(-4.93, -4.85)
                _.Between(-745.2, 100.0)
                _.Magnitude(-1074, 8)
                fun draw -> Math.Abs(draw.Magnitude(-4, 9))
            ]
            Hard = signs (tiny @ List.collect around [ 40.0; 4.892852258439873; 36.7368005696771; 700.0 ]) @ around -745.1332191019412
        }
        {
            Name = "atan"
            Compute = Elementary.atan
            Truth = Oracle.atan
            Bound = 0.51
            Draws = [
                _.Between(-1.1, 1.1)
                _.Between(-70.0, 70.0)
                _.Magnitude(-1074, 1023)
                _.Magnitude(-30, 60)
                // the ends of the slices, for small and for large arguments
                fun draw -> (float (draw.Bits() >>> 58) + 0.5) / 32.0 + draw.Magnitude(-60, -40)
                fun draw -> 32.0 / (float (draw.Bits() >>> 59) + 0.5) + draw.Magnitude(-55, -35)
            ]
            Hard =
                signs (
                    tiny
                    @ List.collect around [
                        1.0
                        0.03125
                        0.015625
                        32.0
                        64.0
                        1.5574077246549023
                        3.725290298461914e-09
                        1e16
                        1.633123935319537e16
                    ]
                    @ List.collect around [ 1099511627776.0; 36028797018963968.0 ]
                    @ [ Double.MaxValue ]
                )
        }
        {
            Name = "erf"
            Compute = Elementary.erf
            Truth = Oracle.erf
            Bound = 0.54
            Draws = [
                _.Between(-2.0, 2.0)
                _.Between(-0.13, 0.13)
                // the ends of the branches, where the budgets are tight
                _.Between(0.12, 0.13)
                _.Between(-6.1, 6.1)
                _.Magnitude(-1074, 2)
                _.Magnitude(-1030, -1000)
                _.Magnitude(-30, 0)
            ]
            Hard =
                signs (
                    tiny @ List.collect around [ 0.125; 0.140625; 0.476936276204469870; 1.0; 3.0; 5.9375; 5.863584748755168; 1e-280; 30.0 ]
                )
        }
        angle "sin" Elementary.sin Oracle.sin
        angle "cos" Elementary.cos Oracle.cos
        {
            Name = "sqrt"
            Compute = Elementary.sqrt
            Truth = Oracle.sqrt
            Bound = 0.5
            Draws = [
                _.Between(0.0, 10.0)
                fun draw -> Math.Abs(draw.Pattern())
                fun draw -> Math.Abs(draw.Magnitude(-1074, 1023))
            ]
            Hard = (tiny |> List.filter (fun x -> x >= 0.0)) @ [ Double.MaxValue ] @ around 1.0
        }
    ]

    let find (name: string) : Subject = all |> List.find (fun subject -> subject.Name = name)

    /// The hard cases, then `count` drawn ones, the ways of drawing taking turns.
    let arguments (count: int) (subject: Subject) : float seq =
        let draw = Draw 20260101UL
        let draws = List.toArray subject.Draws
        Seq.append subject.Hard (Seq.init count (fun n -> draws[n % draws.Length] draw))

type ElementaryTests(output: ITestOutputHelper) =
    let cases =
        match Environment.GetEnvironmentVariable "LAYERTIME_ELEMENTARY_CASES" with
        | null
        | "" -> 8000
        | text -> Int32.Parse text

    let infinity = Double.PositiveInfinity

    let same (expected: float) (actual: float) =
        Assert.Equal(BitConverter.DoubleToInt64Bits expected, BitConverter.DoubleToInt64Bits actual)

    let isNaN (x: float) = Assert.True(Double.IsNaN x)

    [<Theory>]
    [<InlineData "exp">]
    [<InlineData "expm1">]
    [<InlineData "log">]
    [<InlineData "log1p">]
    [<InlineData "tanh">]
    [<InlineData "logistic">]
    [<InlineData "softplus">]
    [<InlineData "atan">]
    [<InlineData "erf">]
    [<InlineData "sin">]
    [<InlineData "cos">]
    [<InlineData "sqrt">]
    member _.``the error stays below the proven bound and the truth lies between the neighbours``(name: string) =
        let subject = Subjects.find name
        let mutable worst = 0.0
        let mutable worstArgument = 0.0
        let mutable count = 0

        for x in Subjects.arguments cases subject do
            let truth = subject.Truth Subjects.precision (Binary.ofFloat x)
            let computed = subject.Compute x
            let error = Ulps.error truth computed
            Assert.True(Ulps.isEnclosed truth computed, $"{name} {x:R} = {computed:R}: the truth is beyond a neighbour")
            count <- count + 1

            if error > worst then
                worst <- error
                worstArgument <- x

        output.WriteLine $"{name}: largest error %.5f{worst} ulp at {worstArgument:R}, {count} cases, proven bound {subject.Bound}"
        Assert.True(worst <= subject.Bound, $"{name} {worstArgument:R} is wrong by {worst} ulp, the bound is {subject.Bound}")
        Assert.True(subject.Bound < Elementary.maxUlps)

    [<Fact>]
    member _.``tanh, sin, atan and erf are odd and cos is even, bit by bit``() =
        for name in [ "tanh"; "sin"; "atan"; "erf"; "cos" ] do
            let subject = Subjects.find name

            for x in Subjects.arguments cases subject do
                let mirrored = subject.Compute -x
                same (subject.Compute x) (if name = "cos" then mirrored else -mirrored)

    [<Fact>]
    member _.``neighbouring floats have ordered values, for the functions that increase``() =
        for name in [ "exp"; "expm1"; "log"; "log1p"; "tanh"; "logistic"; "softplus"; "atan"; "erf"; "sqrt" ] do
            let subject = Subjects.find name

            for x in Subjects.arguments cases subject do
                let here, next = subject.Compute x, subject.Compute(Math.BitIncrement x)
                Assert.True(here <= next || Double.IsNaN here, $"{name} falls after {x:R}")

    [<Fact>]
    member _.``NaN stays NaN``() =
        for subject in Subjects.all do
            isNaN (subject.Compute nan)

    [<Fact>]
    member _.``what is odd keeps the sign of zero``() =
        let odd = [
            Elementary.tanh
            Elementary.expm1
            Elementary.sin
            Elementary.log1p
            Elementary.atan
            Elementary.erf
            Elementary.sqrt
        ]

        for f in odd do
            same -0.0 (f -0.0)
            same 0.0 (f 0.0)

    [<Fact>]
    member _.``near zero the value is the argument, in relative terms``() =
        for f in [ Elementary.tanh; Elementary.expm1; Elementary.sin; Elementary.log1p; Elementary.atan ] do
            for x in [ 1e-20; -1e-20; 1e-300; Double.Epsilon; -Double.Epsilon ] do
                same x (f x)

    [<Fact>]
    member _.``the limits at infinity are exact``() =
        same infinity (Elementary.exp infinity)
        same 0.0 (Elementary.exp -infinity)
        same infinity (Elementary.expm1 infinity)
        same -1.0 (Elementary.expm1 -infinity)
        same infinity (Elementary.log infinity)
        same infinity (Elementary.log1p infinity)
        same 1.0 (Elementary.tanh infinity)
        same -1.0 (Elementary.tanh -infinity)
        same 1.0 (Elementary.logistic infinity)
        same 0.0 (Elementary.logistic -infinity)
        same infinity (Elementary.softplus infinity)
        same 0.0 (Elementary.softplus -infinity)
        same infinity (Elementary.sqrt infinity)
        same 1.5707963267948966 (Elementary.atan infinity)
        same -1.5707963267948966 (Elementary.atan -infinity)
        same 1.0 (Elementary.erf infinity)
        same -1.0 (Elementary.erf -infinity)

        for f in [ Elementary.sin; Elementary.cos ] do
            isNaN (f infinity)
            isNaN (f -infinity)

    [<Fact>]
    member _.``far out the functions overflow and vanish``() =
        same infinity (Elementary.exp 709.7827128933841)
        same infinity (Elementary.expm1 1e308)
        same 0.0 (Elementary.exp -745.1332191019412)
        same Double.Epsilon (Elementary.exp -745.1332191019411)
        same -1.0 (Elementary.expm1 -1e308)
        same 0.0 (Elementary.logistic -1e308)
        same 1e308 (Elementary.softplus 1e308)
        same 0.0 (Elementary.softplus -1e308)
        same -1.0 (Elementary.tanh -1e308)
        same 1.0 (Elementary.erf 1e308)
        same 1.5707963267948966 (Elementary.atan 1e308)

    [<Fact>]
    member _.``logarithms at the end of their domain``() =
        same -infinity (Elementary.log 0.0)
        same -infinity (Elementary.log -0.0)
        same -infinity (Elementary.log1p -1.0)

        for x in [ -Double.Epsilon; -1.0; -infinity ] do
            isNaN (Elementary.log x)

        for x in [ -1.0000000000000002; -2.0; -infinity ] do
            isNaN (Elementary.log1p x)

        isNaN (Elementary.sqrt -1.0)

    [<Fact>]
    member _.``exact values``() =
        for f in [ Elementary.exp; Elementary.cos ] do
            same 1.0 (f 0.0)
            same 1.0 (f -0.0)

        same 0.0 (Elementary.log 1.0)
        same 0.5 (Elementary.logistic 0.0)
        same 2.0 (Elementary.sqrt 4.0)

    // NIST Digital Library of Mathematical Functions, table 7.23 (erf), and arctan 1 = π/4.
    [<Fact>]
    member _.``published values of erf and of the inverse tangent``() =
        same 0.5204998778130465 (Elementary.erf 0.5)
        same 0.8427007929497149 (Elementary.erf 1.0)
        same 0.9953222650189527 (Elementary.erf 2.0)
        same 0.7853981633974483 (Elementary.atan 1.0)
        same 0.4636476090008061 (Elementary.atan 0.5)
        same 1.1071487177940904 (Elementary.atan 2.0)

    [<Fact>]
    member _.``the published sine of 10²² and of the hardest angle``() =
        same -0.8522008497671888 (Elementary.sin 1e22)
        same -4.68716592425462761112e-19 (Elementary.cos (6381956970095103.0 * Math.ScaleB(1.0, 797)))

    [<Fact>]
    member _.``nothing is allocated``() =
        let run () =
            for subject in Subjects.all do
                subject.Compute 0.7 |> ignore
                subject.Compute 1e300 |> ignore

        run ()
        let before = GC.GetAllocatedBytesForCurrentThread()
        let mutable sum = 0.0

        for n in 1..1000 do
            let x = float n * 1e17
            sum <- sum + Elementary.sin x + Elementary.tanh x + Elementary.exp -x + Elementary.softplus x + Elementary.log1p x
            sum <- sum + Elementary.cos x + Elementary.logistic x + Elementary.expm1 -x + Elementary.log x + Elementary.sqrt x
            sum <- sum + Elementary.atan x + Elementary.erf (x * 1e-20)

        Assert.True(Double.IsFinite sum)
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread())
