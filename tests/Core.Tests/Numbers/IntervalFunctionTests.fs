namespace LayerTime.Core.Tests.Numbers

open System
open System.Threading.Tasks
open Xunit
open Xunit.Abstractions
open LayerTime.Core.Numbers
open LayerTime.Core.Tests

/// An elementary function over intervals, what it encloses, and an interval of arguments on which it increases.
[<NoComparison; NoEquality>]
type IntervalSubject = { Subject: Subject; Over: Interval -> Interval; Rising: float * float }

module IntervalSubjects =
    let private exp<'T when 'T :> ITranscendental<'T>> (x: 'T) : 'T = 'T.Exp x
    let private expm1<'T when 'T :> ITranscendental<'T>> (x: 'T) : 'T = 'T.Expm1 x
    let private log<'T when 'T :> ITranscendental<'T>> (x: 'T) : 'T = 'T.Log x
    let private log1p<'T when 'T :> ITranscendental<'T>> (x: 'T) : 'T = 'T.Log1p x
    let private tanh<'T when 'T :> ITranscendental<'T>> (x: 'T) : 'T = 'T.Tanh x
    let private logistic<'T when 'T :> ITranscendental<'T>> (x: 'T) : 'T = 'T.Logistic x
    let private softplus<'T when 'T :> ITranscendental<'T>> (x: 'T) : 'T = 'T.Softplus x
    let private sin<'T when 'T :> ITranscendental<'T>> (x: 'T) : 'T = 'T.Sin x
    let private cos<'T when 'T :> ITranscendental<'T>> (x: 'T) : 'T = 'T.Cos x

    /// Arguments near multiples of π/2, from a few floats away to a slice away, and near 0.
    let private nearExtrema (draw: Draw) : float =
        let k = int (draw.Bits() >>> 58) - 32
        float k * 1.5707963267948966 + draw.Magnitude(-60, -5)

    /// What is special: the arguments around ±2ᵏ for the k of the function's range, where its branches and its grids end.
    let private powers = [
        for k in -62 .. 10 do
            yield! Subjects.around (Math.ScaleB(1.0, k))
    ]

    let private subject (name: string) (over: Interval -> Interval) (rising: float * float) : IntervalSubject =
        let subject = Subjects.find name
        let inDomain x = if name = "log" then x > 0.0 else name <> "log1p" || x > -1.0
        let angles = if name = "sin" || name = "cos" then [ nearExtrema; _.Magnitude(-28, 0) ] else [ _.Magnitude(-60, 6) >> abs ]
        let hard = subject.Hard @ Subjects.signs powers |> List.filter inDomain

        { Subject = { subject with Draws = subject.Draws @ angles; Hard = hard }; Over = over; Rising = rising }

    let all = [
        subject "exp" exp (-746.0, 710.0)
        subject "expm1" expm1 (-60.0, 710.0)
        subject "log" log (Double.Epsilon, Double.MaxValue)
        subject "log1p" log1p (-0.9999999999999999, Double.MaxValue)
        subject "tanh" tanh (-30.0, 30.0)
        subject "logistic" logistic (-746.0, 50.0)
        subject "softplus" softplus (-746.0, Double.MaxValue)
        subject "sin" sin (-1.5707963267948966, 1.5707963267948966)
        subject "cos" cos (-3.141592653589793, -0.0)
        subject "atan" Interval.atan (-Double.MaxValue, Double.MaxValue)
        subject "erf" Interval.erf (-7.0, 7.0)
    ]

    let find (name: string) : IntervalSubject = all |> List.find (fun subject -> subject.Subject.Name = name)

    /// The names, as xunit takes them.
    let names: TheoryData<string> = TheoryData<string>(all |> Seq.map _.Subject.Name)

    /// All over f at one float.
    let at (f: IntervalSubject) (x: float) : Interval = f.Over(Interval.ofFloat x)

/// The judge of an enclosure: the truth at 72 bits, and at 320 where that does not decide.
module Judge =
    let private few, many = 72, 320

    /// The sign of truth − x; 0 means that they agree in 300 bits.
    let compare (truth: int -> Binary) (first: Binary) (x: float) : int =
        let decide p (t: Binary) =
            let difference = Binary.subtract t (Binary.ofFloat x)
            if Binary.isZero difference || Binary.size difference <= Binary.size t - p + 20 then 0 else Binary.sign difference

        if Binary.isZero first then
            sign -x
        elif Double.IsInfinity x then
            sign -x
        else
            match decide few first with
            | 0 -> decide many (truth many)
            | s -> s

    /// What is wrong with the enclosure [lower, upper] of the truth, if anything: it has to hold, and to be right up to two spacings.
    let complaint (truth: int -> Binary) (enclosure: Interval) : string option =
        let first = truth few
        let overflows = not (Binary.isZero first) && Binary.size first >= 1024

        let far (x: float) =
            let error = Ulps.error first x
            error > 1.999 && Ulps.error (truth many) x > 2.0

        if enclosure.IsEmpty then Some "is empty"
        elif compare truth first enclosure.Lower < 0 then Some "lies above the truth"
        elif compare truth first enclosure.Upper > 0 then Some "lies below the truth"
        elif overflows && abs enclosure.Lower >= Double.MaxValue && abs enclosure.Upper >= Double.MaxValue then None
        elif far enclosure.Lower then Some $"begins {Ulps.error (truth many) enclosure.Lower} ulp too low"
        elif far enclosure.Upper then Some $"ends {Ulps.error (truth many) enclosure.Upper} ulp too high"
        else None

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
        // Floats in their order as integers.
        let ordinal (x: float) = let bits = BitConverter.DoubleToInt64Bits x in if bits < 0L then Int64.MinValue - bits else bits
        let float' n = BitConverter.Int64BitsToDouble(if n < 0L then Int64.MinValue - n else n)
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
                for k in -1074 .. (if name = "exp" then 1 else 7) .. -81 -> k
                for k in -80 .. 1023 -> k
            |]
            |> Array.collect (fun k -> [| Math.ScaleB(1.0, k); -Math.ScaleB(1.0, k) |])
            |> Array.filter (fun y -> y > (IntervalSubjects.at f first).Upper && y < (IntervalSubjects.at f last).Lower)
            |> Array.collect (fun y ->
                let n = cross y (ordinal first) (ordinal last)
                [| for step in -3L .. 3L -> float' (n + step) |])

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

/// A second algorithm: series in exact fractions, with their remainders.
module IntervalSeriesTests =
    let private one, two = Rational.One, Rational.ofInt 2
    let private small = Rational.OfRatio(1I, 1I <<< 90)

    /// Enclosures with fractions for ends: a value between two partial sums.
    type private Bracket = { Low: Rational; High: Rational }

    let private widen (value: Rational) (error: Rational) = { Low = value - error; High = value + error }
    let private rising (f: Rational -> Rational) (a: Bracket) = { Low = f a.Low; High = f a.High }

    /// Σ terms until the remainder, at most `factor` times the next term, is small.
    let private sum (factor: Rational) (first: Rational) (next: int -> Rational -> Rational) : Bracket =
        let rec go k term total =
            if Rational.Abs term < small then widen total (factor * Rational.Abs term) else go (k + 1) (next k term) (total + term)

        go 0 first Rational.Zero

    /// eˣ for |x| ≤ 3; from the 90th bit on the terms shrink by a half at least.
    let private exp (x: Rational) = sum two one (fun k term -> term * x / Rational.ofInt (k + 1))

    /// log x for x > 0: 2 artanh((x − 1)/(x + 1)).
    let private log (x: Rational) =
        let y = (x - one) / (x + one)

        let rec go k term total =
            if Rational.Abs term < small then
                widen total (Rational.Abs term / (one - y * y))
            else
                go (k + 1) (term * y * y) (total + term / Rational.ofInt (2 * k + 1))

        go 0 (two * y) Rational.Zero

    let private circular (start: int) (x: Rational) =
        sum one (if start = 1 then x else one) (fun k term -> -term * x * x / Rational.ofInt ((2 * k + start + 1) * (2 * k + start + 2)))

    /// Σ (−1)ᵏ x^(2k + 1) / d(k), alternating and decreasing for |x| ≤ 1.
    let private odd (d: int -> Rational) (x: Rational) =
        let rec go k power total =
            let term = power / d k
            if Rational.Abs term < small then widen total (Rational.Abs term) else go (k + 1) (-power * x * x) (total + term)

        go 0 x Rational.Zero

    let private atan (x: Rational) = odd (fun k -> Rational.ofInt (2 * k + 1)) x

    /// π by Machin's formula.
    let private pi =
        let part n k = rising (fun a -> Rational.ofInt n * a) (atan (Rational.create 1 k))
        let a, b = part 16 5, part 4 239
        { Low = a.Low - b.High; High = a.High - b.Low }

    let private gauss (x: Rational) =
        let factorials = Array.scan (fun product n -> product * bigint (n: int)) 1I [| 1..80 |]
        odd (fun k -> Rational.ofBigInteger (bigint (2 * k + 1) * factorials[k])) x

    let private logistic (x: Rational) = rising (fun e -> e / (one + e)) (exp x)

    let private series: (string * (Rational -> Bracket) * (float -> bool)) list = [
        "exp", exp, (fun _ -> true)
        "expm1", exp >> rising (fun e -> e - one), (fun _ -> true)
        "log", log, (fun x -> x > 0.2)
        "log1p", (fun x -> log (one + x)), (fun x -> x > -0.7)
        "tanh", (fun x -> exp (two * x) |> rising (fun e -> (e - one) / (e + one))), (fun _ -> true)
        "logistic", logistic, (fun _ -> true)
        "softplus", (fun x -> let e = exp x in { Low = (log (one + e.Low)).Low; High = (log (one + e.High)).High }), (fun x -> x < 0.9)
        "sin", circular 1, (fun _ -> true)
        "cos", circular 0, (fun _ -> true)
        "atan", atan, (fun x -> abs x < 0.6)
    ]

    let private arguments =
        let draw = Draw 5UL

        [
            yield! [ 0.0; 0.5; -0.5; 0.25; 1.0; -1.0; 0.0078125; -0.125; 0.03125; 1.4 ]
            for _ in 1..6 -> draw.Between(-1.0, 1.0)
            for _ in 1..20 -> Math.Round(1024.0 * draw.Between(-1.5, 1.5)) / 1024.0
        ]

    let private outside (a: Interval) (b: Bracket) = not (Rational.ofFloat a.Lower <= b.High && b.Low <= Rational.ofFloat a.Upper)

    [<Fact>]
    let ``every function encloses what its series in fractions gives`` () =
        for name, truth, valid in series do
            let f = IntervalSubjects.find name

            for x in List.filter valid arguments do
                let image = IntervalSubjects.at f x
                Assert.False(outside image (truth (Rational.ofFloat x)), $"{name} {x:R} = {image}")

    [<Fact>]
    let ``the ends of erf enclose its series, without a root: π/4 times their squares does the square of the series`` () =
        let f = IntervalSubjects.find "erf"

        for x in arguments |> List.map abs |> List.filter (fun x -> x <= 1.0) do
            let image = IntervalSubjects.at f x
            let series = gauss (Rational.ofFloat x)
            let quarter = Rational.create 1 4
            let lower, upper = Rational.ofFloat image.Lower, Rational.ofFloat image.Upper
            Assert.True(lower * lower * pi.Low * quarter <= series.High * series.High, $"erf {x:R} = {image}")
            Assert.True(upper * upper * pi.High * quarter >= series.Low * series.Low, $"erf {x:R} = {image}")

/// Functional equations: two enclosures of the same number have to meet.
module IntervalEquationTests =
    /// The sum of two floats, before the operators become those of number systems.
    let private sum (a: float) (b: float) : float = a + b
    let private opposite (x: float) : float = -x
    let private rounded (x: float) : float = Math.Round(x * 1024.0) / 1024.0

    let private within (limit: float) (a: Interval) : bool = Interval.width a <= limit * (1.0 + Interval.magnitude a)

    open Arithmetic

    let private over (name: string) : Interval -> Interval = (IntervalSubjects.find name).Over
    let private point = Interval.ofFloat
    let private number (n: int) : Interval = Ring.ofInteger (bigint n)

    let private meet (equation: string) (x: float) (left: Interval) (right: Interval) =
        Assert.False(Interval.disjoint left right, $"{equation} at {x:R}: {left} and {right} do not meet")
        // And neither is so wide that it would meet anything.
        Assert.True(within 1e-11 left && within 1e-11 right, $"{equation} at {x:R}: {left} or {right} is wide")

    let private samples (low: float) (high: float) =
        let draw = Draw 31UL
        [ for _ in 1..2000 -> draw.Between(low, high) ]

    [<Fact>]
    let ``addition theorems`` () =
        for x in samples -5.0 5.0 do
            // A float and two that add up to it without error.
            let a = rounded x
            let b = 0.75
            let whole, left, right = point (sum a b), point a, point b
            meet "exp(a + b) = exp a exp b" a (over "exp" whole) (over "exp" left * over "exp" right)
            let tanh = over "tanh"
            meet "tanh(a + b)" a (tanh whole) ((tanh left + tanh right) / (number 1 + tanh left * tanh right))
            let sin, cos = over "sin", over "cos"
            meet "sin(a + b)" a (sin whole) (sin left * cos right + cos left * sin right)
            meet "cos(a + b)" a (cos whole) (cos left * cos right - sin left * sin right)
            let expm1 = over "expm1"
            meet "expm1(a + b)" a (expm1 whole) (expm1 left * expm1 right + expm1 left + expm1 right)

    [<Fact>]
    let ``products become sums`` () =
        for x in samples 0.01 50.0 do
            let log, log1p = over "log", over "log1p"
            meet "log(3x) = log 3 + log x" x (log (number 3 * point x)) (log (number 3) + log (point x))
            meet "log1p x = log(1 + x)" x (log1p (point x)) (log (number 1 + point x))

    [<Fact>]
    let ``inverses and reflections`` () =
        for x in samples -5.0 5.0 do
            let a = point x
            meet "log exp x = x" x (over "log" (over "exp" a)) a
            meet "log1p expm1 x = x" x (over "log1p" (over "expm1" a)) a
            meet "logistic x + logistic −x = 1" x (over "logistic" a + over "logistic" -a) (number 1)
            meet "softplus x − softplus −x = x" x (over "softplus" a - over "softplus" -a) a
            meet "2 logistic 2x = 1 + tanh x" x (number 2 * over "logistic" (number 2 * a)) (number 1 + over "tanh" a)
            meet "softplus x = log(1 + exp x)" x (over "softplus" a) (over "log" (number 1 + over "exp" a))
            meet "sin² + cos² = 1" x (over "sin" a * over "sin" a + over "cos" a * over "cos" a) (number 1)
            meet "sin atan x = x cos atan x" x (over "sin" (over "atan" a)) (a * over "cos" (over "atan" a))

    [<Fact>]
    let ``arctan x and arctan 1/x add up to π/2`` () =
        let right = over "atan" (number 1) + over "atan" (number 1)

        for x in samples 0.01 5.0 do
            meet "arctan x + arctan 1/x = π/2" x (over "atan" (point x) + over "atan" (number 1 / point x)) right

    [<Fact>]
    let ``odd functions are odd and cosine is even, end by end`` () =
        for name in [ "tanh"; "sin"; "atan"; "erf"; "cos" ] do
            for x in samples -7.0 7.0 do
                let here, there = over name (point x), over name (point (opposite x))
                let expected = if name = "cos" then there else -there
                Assert.Equal(expected.Lower, here.Lower)
                Assert.Equal(expected.Upper, here.Upper)

    /// erf(b) − erf(a) is 2/√π times an integral of e^(−t²), which lies between its ends' values times b − a for 0 ≤ a < b.
    [<Fact>]
    let ``the slope of erf is a bell`` () =
        let pi = number 4 * over "atan" (number 1)

        for x in samples 0.0 4.0 do
            let step = 0.0009765625
            let a = rounded x
            let difference = over "erf" (point (sum a step)) - over "erf" (point a)
            let t = Interval.hull (point a) (point (sum a step))
            let bell = number 2 * over "exp" -(t * t) * point step
            // difference · √π = bell
            let left, right = difference * difference * pi, bell * bell
            Assert.False(Interval.disjoint left right, $"erf near {a:R}")

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
                | 2 -> draw.Magnitude(-1074 / abs n - 2, 1024 / abs n + 1)
                | 3 -> 1.0 + draw.Magnitude(-53, -1)
                | _ -> draw.Magnitude(-1074, 1023)

            match complaint x n with
            | Some problem -> Assert.Fail problem
            | None -> ()

    [<Fact>]
    let ``high powers of numbers near 1 enclose the truth`` () =
        let draw = Draw 18UL

        for _ in 1..300 do
            let n = int (draw.Bits() % 3000UL) + 100

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
                94906265.0, 2, 9007199134850225.0
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
