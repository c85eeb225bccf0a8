namespace LayerTime.Core.Tests.Numbers

open System
open System.Threading.Tasks
open Xunit
open Xunit.Abstractions
open LayerTime.Core.Numbers

type IntervalFunctionTests(output: ITestOutputHelper) =
    /// Cases per function: 10⁵, or 10⁶ with LAYERTIME_THOROUGH.
    let cases = if String.IsNullOrEmpty(Environment.GetEnvironmentVariable "LAYERTIME_THOROUGH") then 100_000 else 1_000_000

    let point = Interval.ofFloat
    let bounds = Interval.ofBounds

    let assertEnds (lower: float) (upper: float) (a: Interval) =
        Assert.Equal(lower, a.Lower)
        Assert.Equal(upper, a.Upper)

    /// Checks every case, on all cores; reports the first that fails.
    let forAll (arguments: 'T[]) (complaint: 'T -> string option) =
        let failures = Array.zeroCreate<string | null> arguments.Length

        Parallel.For(0, arguments.Length, fun i -> failures[i] <- complaint arguments[i] |> Option.toObj) |> ignore

        match Array.tryFind (isNull >> not) failures with
        | Some failure -> Assert.Fail $"{failure}; {failures |> Seq.filter (isNull >> not) |> Seq.length} of {arguments.Length} cases"
        | None -> ()

    let draws (f: IntervalSubject) (count: int) = Subjects.arguments count f.Subject |> Array.ofSeq

    static member Names = IntervalSubjects.names

    [<Theory; MemberData(nameof IntervalFunctionTests.Names)>]
    member _.``the truth lies inside, and at most two units from either end``(name: string) =
        let f = IntervalSubjects.find name

        forAll (draws f cases) (fun x ->
            Judge.complaint (fun p -> f.Subject.Truth p (Binary.ofFloat x)) (IntervalSubjects.at f x)
            |> Option.map (fun problem -> $"{name} [{x:R}, {x:R}] = {IntervalSubjects.at f x} {problem}"))

    /// Where the spacing of floats doubles two units are fewest: all arguments whose value is next to a power of two.
    [<Theory; MemberData(nameof IntervalFunctionTests.Names)>]
    member _.``values around powers of two have ends within two units as well``(name: string) =
        let f = IntervalSubjects.find name
        let ordinal, float' = IntervalSubjects.ordinal, IntervalSubjects.float
        let first, last = f.Rising

        /// The first argument with a value of at least y.
        let rec cross y low high =
            if high - low <= 1L then
                high
            else
                let middle = low + (high - low) / 2L
                if (IntervalSubjects.at f (float' middle)).Upper >= y then cross y low middle else cross y middle high

        let arguments =
            [|
                for k in -1074 .. (if List.contains name [ "exp"; "logistic"; "softplus" ] then 1 else 7) .. -81 -> k
                for k in -80 .. 1023 -> k
            |]
            |> Array.collect (fun k -> [| Math.ScaleB(1.0, k); -Math.ScaleB(1.0, k) |])
            |> Array.filter (fun y -> y > (IntervalSubjects.at f first).Upper && y < (IntervalSubjects.at f last).Lower)
            |> Array.collect (fun y ->
                let n = cross y (ordinal first) (ordinal last)
                [| for step in -8L .. 8L -> float' (n + step) |])
            |> Array.filter (fun x -> x >= first && x <= last)

        output.WriteLine $"{arguments.Length} arguments"
        Assert.True(arguments.Length >= 7)

        forAll arguments (fun x ->
            Judge.complaint (fun p -> f.Subject.Truth p (Binary.ofFloat x)) (IntervalSubjects.at f x)
            |> Option.map (fun problem -> $"{name} [{x:R}, {x:R}] = {IntervalSubjects.at f x} {problem}"))

    /// Two precisions: what the judge takes for the truth at 72 bits is right to 72 bits.
    [<Theory; MemberData(nameof IntervalFunctionTests.Names)>]
    member _.``the oracle at 72 bits agrees with the oracle at 160 bits``(name: string) =
        let f = IntervalSubjects.find name

        forAll (draws f 1000) (fun x ->
            let rough, fine = f.Subject.Truth 72 (Binary.ofFloat x), f.Subject.Truth 160 (Binary.ofFloat x)
            let difference = Binary.subtract rough fine
            let agree = Binary.isZero difference || Binary.size difference <= Binary.size fine - 70
            if agree then None else Some $"{name} {x:R}")

    [<Theory; MemberData(nameof IntervalFunctionTests.Names)>]
    member _.``a smaller interval has a smaller image``(name: string) =
        let f = IntervalSubjects.find name
        let draw = Draw 7UL
        let inDomain x = Double.IsFinite x

        /// x moved by some floats, often few.
        let moved (x: float) =
            let steps = int64 (draw.Bits() >>> 60) <<< int (draw.Bits() >>> 59)
            let bits = BitConverter.DoubleToInt64Bits x
            let y = BitConverter.Int64BitsToDouble(bits + (if draw.Bits() >>> 63 = 0UL then steps else -steps))
            if Double.IsFinite y then y else x

        forAll [| for x in draws f cases -> Array.sort [| x; moved x; moved x; moved x |] |] (fun ends ->
            if not (Array.forall inDomain ends) then
                None
            else
                let small, large = bounds ends[1] ends[2], bounds ends[0] ends[3]

                if Interval.subset (f.Over small) (f.Over large) then
                    None
                else
                    Some $"{name} {small} = {f.Over small} is not in {name} {large} = {f.Over large}")

    /// Neighbouring arguments, also where the function is so flat that thousands of floats share a value.
    [<Theory; MemberData(nameof IntervalFunctionTests.Names)>]
    member _.``both ends rise with the argument, float by float``(name: string) =
        let f = IntervalSubjects.find name
        let first, last = f.Rising

        let falls (x: float) =
            let here, next = IntervalSubjects.at f x, IntervalSubjects.at f (Math.BitIncrement x)
            here.Lower > next.Lower || here.Upper > next.Upper

        forAll
            [|
                for x in draws f cases do
                    if x >= first && Math.BitIncrement x < last then
                        x
                    // the other half of the circle
                    if name = "sin" && 3.0 - x > first && 3.0 - x < last then
                        3.0 - x
            |]
            (fun start ->
                Seq.unfold (fun (x, n) -> if n = 0 then None else Some(x, (Math.BitIncrement x, n - 1))) (start, 8)
                |> Seq.tryFind (fun x -> Math.BitIncrement x < last && falls x)
                |> Option.map (fun x -> $"{name} falls after {x:R}"))

    /// The order of two ends can only break where an end steps to the next float, so the steps are looked for and looked at:
    /// where the function is flat, where the argument is on a grid, where branches and slices meet.
    [<Theory>]
    [<InlineData("exp", -0.04, 0.04)>]
    [<InlineData("exp", -0.003, 0.003)>]
    [<InlineData("expm1", -37.6, -1.0)>]
    [<InlineData("expm1", -0.26, 0.26)>]
    [<InlineData("log", 1e-150, 1e150)>]
    [<InlineData("log", 0.98, 1.02)>]
    [<InlineData("log1p", -0.01, 0.01)>]
    [<InlineData("log1p", 1.0, 1e18)>]
    [<InlineData("tanh", 0.1, 0.2)>]
    [<InlineData("tanh", 1.0, 19.0)>]
    [<InlineData("logistic", -0.04, 0.04)>]
    [<InlineData("logistic", 1.0, 37.0)>]
    [<InlineData("softplus", -0.04, 0.04)>]
    [<InlineData("softplus", -5.0, 0.0)>]
    [<InlineData("sin", -1.571, -1.4)>]
    [<InlineData("sin", -1.571, -1.57)>]
    [<InlineData("cos", -0.26, -0.0)>]
    [<InlineData("cos", -0.03, -0.0)>]
    [<InlineData("atan", 0.0, 70.0)>]
    [<InlineData("atan", 1e3, 1e16)>]
    [<InlineData("erf", 0.1, 0.2)>]
    [<InlineData("erf", 1.0, 5.9)>]
    member _.``the arguments around a step of an end are in order``(name: string, low: float, high: float) =
        let f = IntervalSubjects.find name
        let draw = Draw 23UL
        let lower x = (IntervalSubjects.at f x).Lower
        let upper x = (IntervalSubjects.at f x).Upper

        let argument () =
            if high > 1e3 then Math.Min(high, low * Math.Exp(draw.Between(0.0, Math.Log(high / low)))) else draw.Between(low, high)

        /// The first float of (a, b] where the end is beyond its value at a.
        let rec step (f: float -> float) (value: float) (a: int64) (b: int64) =
            if b - a <= 1L then
                b
            else
                let middle = a + (b - a) / 2L
                if f (IntervalSubjects.float middle) > value then step f value a middle else step f value middle b

        let steps = [|
            for _ in 1..4000 do
                let x = argument ()

                for f in [ lower; upper ] do
                    // Two ulps of the value further on, if the slope there is like here.
                    let mutable width = 1L

                    let n = IntervalSubjects.ordinal x

                    while width < (1L <<< 50) && f (IntervalSubjects.float (n + width)) <= f x do
                        width <- 2L * width

                    if IntervalSubjects.float (n + width) <= high then
                        struct (f, step f (f x) n (n + width))
        |]

        Assert.True(steps.Length > 1000, $"{steps.Length} steps")

        forAll steps (fun struct (f, n) ->
            Seq.tryFind (fun i -> f (IntervalSubjects.float (n + i)) > f (IntervalSubjects.float (n + i + 1L))) (seq { -40L .. 40L })
            |> Option.map (fun i -> $"{name} falls after {IntervalSubjects.float (n + i):R}"))

    [<Theory; MemberData(nameof IntervalFunctionTests.Names)>]
    member _.``an end depends on its own argument only, and a result may take the place of its argument``(name: string) =
        let f = IntervalSubjects.find name
        let arguments = draws f 2000
        let images = arguments |> Array.map (IntervalSubjects.at f)
        let intervals = arguments |> Array.map point
        // In place, backwards, and each a second time over a copy.
        for i in intervals.Length - 1 .. -1 .. 0 do
            let mutable a = intervals[i]
            let copy = a
            a <- f.Over a
            intervals[i] <- a
            Assert.Equal(f.Over(copy).Lower, a.Lower)

        Array.iter2 (fun (a: Interval) (b: Interval) -> assertEnds b.Lower b.Upper a) intervals images

        if name <> "sin" && name <> "cos" then
            for i in 1 .. arguments.Length - 1 do
                let x, y = min arguments[i - 1] arguments[i], max arguments[i - 1] arguments[i]
                assertEnds (IntervalSubjects.at f x).Lower (IntervalSubjects.at f y).Upper (f.Over(bounds x y))

    [<Theory; MemberData(nameof IntervalFunctionTests.Names)>]
    member _.``the empty set has an empty image``(name: string) = Assert.True((IntervalSubjects.find name).Over(Interval.empty).IsEmpty)

    [<Theory; MemberData(nameof IntervalFunctionTests.Names)>]
    member _.``nothing is allocated``(name: string) =
        let f = IntervalSubjects.find name
        let arguments = draws f 500 |> Array.map point

        let run () =
            let mutable sum = 0.0

            for a in arguments do
                sum <- sum + (f.Over a).Lower

            sum

        run () |> ignore
        let before = GC.GetAllocatedBytesForCurrentThread()
        run () |> ignore
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread())

module IntervalExactTests =
    let private ends (name: string) (lower: float) (upper: float) =
        let image = (IntervalSubjects.find name).Over(Interval.ofBounds lower upper)
        image.Lower, image.Upper

    let private infinity = Double.PositiveInfinity
    let private belowOne = Math.BitDecrement 1.0

    [<Fact>]
    let ``the value at an exact point is exact`` () =
        for zero in [ "expm1"; "log1p"; "tanh"; "sin"; "atan"; "erf" ] do
            Assert.Equal((0.0, 0.0), ends zero 0.0 0.0)
            Assert.Equal((0.0, 0.0), ends zero -0.0 -0.0)

        Assert.Equal((1.0, 1.0), ends "exp" 0.0 0.0)
        Assert.Equal((1.0, 1.0), ends "cos" 0.0 0.0)
        Assert.Equal((1.0, 1.0), ends "cos" -0.0 -0.0)
        Assert.Equal((0.0, 0.0), ends "log" 1.0 1.0)
        Assert.Equal((0.5, 0.5), ends "logistic" 0.0 0.0)

    [<Fact>]
    let ``an unbounded interval has the bounds of the range`` () =
        Assert.Equal((0.0, infinity), ends "exp" -infinity infinity)
        Assert.Equal((-1.0, infinity), ends "expm1" -infinity infinity)
        Assert.Equal((-infinity, infinity), ends "log" -infinity infinity)
        Assert.Equal((-infinity, infinity), ends "log1p" -infinity infinity)
        Assert.Equal((-1.0, 1.0), ends "tanh" -infinity infinity)
        Assert.Equal((0.0, 1.0), ends "logistic" -infinity infinity)
        Assert.Equal((0.0, infinity), ends "softplus" -infinity infinity)
        Assert.Equal((-1.0, 1.0), ends "erf" -infinity infinity)
        Assert.Equal((-1.0, 1.0), ends "sin" -infinity 0.0)
        Assert.Equal((-1.0, 1.0), ends "cos" 0.0 infinity)
        // π/2 is between two floats.
        Assert.Equal((-1.5707963267948968, 1.5707963267948968), ends "atan" -infinity infinity)

    [<Fact>]
    let ``at the ends of the range the bound is the range's and the value is not`` () =
        Assert.Equal((belowOne, 1.0), ends "tanh" 1e300 1e300)
        Assert.Equal((belowOne, 1.0), ends "logistic" 1e300 1e300)
        Assert.Equal((belowOne, 1.0), ends "erf" 1e300 1e300)
        Assert.Equal((-1.0, -belowOne), ends "tanh" -1e300 -1e300)
        Assert.Equal((-1.0, -belowOne), ends "expm1" -1e300 -1e300)
        Assert.Equal((0.0, Double.Epsilon), ends "exp" -1e300 -1e300)
        Assert.Equal((0.0, Double.Epsilon), ends "logistic" -1e300 -1e300)
        Assert.Equal((0.0, Double.Epsilon), ends "softplus" -1e300 -1e300)
        Assert.Equal((Double.MaxValue, infinity), ends "exp" 1e300 1e300)
        Assert.Equal((Double.MaxValue, infinity), ends "expm1" 1e300 1e300)
        Assert.Equal((1e300, Math.BitIncrement 1e300), ends "softplus" 1e300 1e300)
        Assert.Equal((1.5707963267948966, 1.5707963267948968), ends "atan" 1e300 1e300)

    [<Fact>]
    let ``a logarithm is taken over what lies in its domain`` () =
        Assert.True((IntervalSubjects.find "log").Over(Interval.ofBounds -2.0 0.0).IsEmpty)
        Assert.True((IntervalSubjects.find "log").Over(Interval.ofBounds -infinity -1.0).IsEmpty)
        Assert.True((IntervalSubjects.find "log1p").Over(Interval.ofBounds -3.0 -1.0).IsEmpty)
        Assert.Equal((-infinity, 0.0), ends "log" -5.0 1.0)
        Assert.Equal((-infinity, 0.0), ends "log" 0.0 1.0)
        Assert.Equal((-infinity, 0.0), ends "log1p" -1.0 0.0)
        Assert.Equal((-infinity, infinity), ends "log1p" -7.0 infinity)
        Assert.Equal((0.0, infinity), ends "log" 1.0 infinity)
