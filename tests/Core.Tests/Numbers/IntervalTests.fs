namespace LayerTime.Core.Tests.Numbers

open System
open FsCheck
open FsCheck.FSharp
open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Tests

/// A non-empty interval with finite ends, and fractions that are members of it, both ends among them.
[<NoEquality; NoComparison>]
type Sampled = { Interval: Interval; Members: Rational list }

/// An interval and one inside it.
[<NoEquality; NoComparison>]
type Nested = { Inner: Interval; Outer: Interval }

/// Draws of intervals.
type IntervalGenerators =
    static member private Random: Gen<Random> = Gen.choose (0, Int32.MaxValue - 1) |> Gen.map Random

    static member private Between(x: float, y: float) : Interval =
        let lower, upper = min x y, max x y
        if Double.IsInfinity lower && lower = upper then Interval.entire else Interval.ofBounds lower upper

    static member private Draw(random: Random) : Interval =
        match random.Next 10 with
        | 0 -> Interval.empty
        | 1 -> Interval.entire
        | 2 -> IntervalGenerators.Between(Operands.draw random, Double.PositiveInfinity)
        | 3 -> IntervalGenerators.Between(Double.NegativeInfinity, Operands.draw random)
        | 4 ->
            let x = Operands.draw random
            IntervalGenerators.Between(x, x)
        | _ -> IntervalGenerators.Between(Operands.draw random, Operands.draw random)

    /// Any interval: empty, ℝ, half-lines, points, and ends of all sizes.
    static member Interval() : Arbitrary<Interval> = IntervalGenerators.Random |> Gen.map IntervalGenerators.Draw |> Arb.fromGen

    /// Bounded intervals with members.
    static member Sampled() : Arbitrary<Sampled> =
        IntervalGenerators.Random
        |> Gen.map (fun random ->
            let finite () = Seq.initInfinite (fun _ -> Operands.draw random) |> Seq.find Double.IsFinite
            let x = finite ()
            let a = IntervalGenerators.Between(x, (if random.Next 5 = 0 then x else finite ()))
            let lower, upper = Rational.ofFloat a.Lower, Rational.ofFloat a.Upper
            let inside = lower + (upper - lower) * Rational.create (random.Next 1001) 1000
            let zero = if Interval.contains 0.0 a then [ Rational.Zero ] else []
            { Interval = a; Members = [ lower; upper; inside ] @ zero })
        |> Arb.fromGen

    /// An interval inside another one.
    static member Nested() : Arbitrary<Nested> =
        IntervalGenerators.Random
        |> Gen.map (fun random ->
            let inner, other = IntervalGenerators.Draw random, IntervalGenerators.Draw random
            { Inner = inner; Outer = Interval.hull inner other })
        |> Arb.fromGen

/// Plain definitions that the operations have to match: every pair of ends is tried, in both directions.
[<RequireQualifiedAccess>]
module private Reference =
    let ends (a: Interval) : float list = [ a.Lower; a.Upper ]

    let private ofCorners (operation: bool -> float -> float -> float) (a: Interval) (b: Interval) : Interval =
        if a.IsEmpty || b.IsEmpty then
            Interval.empty
        else
            let all isUp = List.allPairs (ends a) (ends b) |> List.map (fun (x, y) -> operation isUp x y)
            Interval.ofBounds (List.min (all false)) (List.max (all true))

    let sum: Interval -> Interval -> Interval =
        // Only ends of the same kind are added: −∞ + ∞ is no value of a sum.
        fun a b ->
            if a.IsEmpty || b.IsEmpty then
                Interval.empty
            else
                Interval.ofBounds (Directed.addDown a.Lower b.Lower) (Directed.addUp a.Upper b.Upper)

    let private times isUp x y =
        if x = 0.0 || y = 0.0 then 0.0
        elif isUp then Directed.multiplyUp x y
        else Directed.multiplyDown x y

    let product: Interval -> Interval -> Interval = ofCorners times

    /// For divisors without zero.
    let quotient: Interval -> Interval -> Interval =
        ofCorners (fun isUp x y ->
            match Double.IsInfinity x, Double.IsInfinity y with
            // The quotients of members near two infinite ends reach from zero to infinity; other corners contribute the rest.
            | true, true -> 0.0
            | _ -> if isUp then Directed.divideUp x y else Directed.divideDown x y)

    let fma (a: Interval) (b: Interval) (c: Interval) : Interval =
        if a.IsEmpty || b.IsEmpty || c.IsEmpty then
            Interval.empty
        else
            // The directions apart: an infinite end of c would drown the other one.
            let corner isUp z (x, y) =
                if x = 0.0 || y = 0.0 || Double.IsInfinity z then z
                elif isUp then Directed.fmaUp x y z
                else Directed.fmaDown x y z

            let corners isUp z = List.allPairs (ends a) (ends b) |> List.map (corner isUp z)
            Interval.ofBounds (List.min (corners false c.Lower)) (List.max (corners true c.Upper))

module IntervalTests =
    let private same (a: Interval) (b: Interval) = IntervalRelations.equal a b
    let private plus (a: Interval) (b: Interval) = Arithmetic.(+) a b
    let private minus (a: Interval) (b: Interval) = Arithmetic.(-) a b
    let private times (a: Interval) (b: Interval) = Arithmetic.(*) a b
    let private over (a: Interval) (b: Interval) = Arithmetic.(/) a b
    let private sqrt (a: 'T) : 'T :> ITranscendental<'T> = 'T.Sqrt a
    let private zero = Interval.ofFloat 0.0
    let private one = Interval.ofFloat 1.0

    let private binaries = [ "+", plus; "−", minus; "·", times; "/", over; "min", Interval.min; "max", Interval.max ]

    let private unaries = [
        "√", sqrt
        "²", Interval.square
        "abs", Interval.abs
        "1/", Interval.reciprocal
        "⌊⌋", Interval.floor
        "max(0, ·)", RingOf.positivePart
        "min(0, ·)", RingOf.negativePart
        "Heaviside", RingOf.heaviside
    ]

    [<Property(MaxTest = 2000, Arbitrary = [| typeof<IntervalGenerators> |])>]
    let ``sums, differences, products and quotients of members are members, without slack`` (a: Sampled) (b: Sampled) =
        for x, y in List.allPairs a.Members b.Members do
            let holds name (exact: Rational) (result: Interval) =
                Assert.True(Interval.containsRational exact result, $"{a.Interval} {name} {b.Interval} = {result} misses {exact}")

            holds "+" (x + y) (plus a.Interval b.Interval)
            holds "−" (x - y) (minus a.Interval b.Interval)
            holds "·" (x * y) (times a.Interval b.Interval)
            holds "min" (Rational.min x y) (Interval.min a.Interval b.Interval)
            holds "max" (Rational.max x y) (Interval.max a.Interval b.Interval)

            if y.Sign <> 0 then
                holds "/" (x / y) (over a.Interval b.Interval)

    [<Property(MaxTest = 1000, Arbitrary = [| typeof<IntervalGenerators> |])>]
    let ``products of members with a summand, and functions of one member, are members`` (a: Sampled) (b: Sampled) (c: Sampled) =
        for x, y in List.allPairs a.Members b.Members do
            for z in c.Members do
                Assert.True(Interval.containsRational (x * y + z) (Interval.fma a.Interval b.Interval c.Interval))

        for x in a.Members do
            Assert.True(Interval.containsRational (x * x) (Interval.square a.Interval))
            Assert.True(Interval.containsRational (Rational.abs x) (Interval.abs a.Interval))
            Assert.True(Interval.containsRational (RingOf.positivePart x) (RingOf.positivePart a.Interval))
            Assert.True(Interval.containsRational (RingOf.negativePart x) (RingOf.negativePart a.Interval))
            Assert.True(Interval.containsRational (RingOf.heaviside x) (RingOf.heaviside a.Interval))

            if x.Sign >= 0 then
                let root = sqrt a.Interval
                Assert.True(Interval.containsRational x (Interval.square root) && root.Lower >= 0.0)

    [<Property(MaxTest = 5000, Arbitrary = [| typeof<IntervalGenerators> |])>]
    let ``every end is the directed result at some ends of the operands`` (a: Interval) (b: Interval) (c: Interval) =
        let agrees name (expected: Interval) (found: Interval) =
            Assert.True(same expected found, $"{name} of {a}, {b}, {c}: found {found}, expected {expected}")

        agrees "+" (Reference.sum a b) (plus a b)
        agrees "−" (Reference.sum a (Arithmetic.(~-) b)) (minus a b)
        agrees "·" (Reference.product a b) (times a b)
        agrees "fma" (Reference.fma a b c) (Interval.fma a b c)

        if b.IsEmpty || not (Interval.contains 0.0 b) then
            agrees "/" (Reference.quotient a b) (over a b)

    [<Property(MaxTest = 5000, Arbitrary = [| typeof<IntervalGenerators> |])>]
    let ``no end of a result is NaN, and zeros have the sign the standard gives them`` (a: Interval) (b: Interval) (c: Interval) =
        let isProper name (result: Interval) =
            let isRight = result.IsEmpty || (result.Lower <= result.Upper && result.Lower < infinity && result.Upper > -infinity)

            let isSigned =
                (result.Lower <> 0.0 || Double.IsNegative result.Lower) && (result.Upper <> 0.0 || Double.IsPositive result.Upper)

            let isOneEmpty = not result.IsEmpty || (result.Lower = infinity && result.Upper = -infinity)
            Assert.True(isRight && isSigned && isOneEmpty, $"{name} of {a}, {b}, {c}: [{result.Lower:R}, {result.Upper:R}]")

        for name, f in binaries do
            isProper name (f a b)

        for name, f in unaries do
            isProper name (f a)

        for f in [ Interval.hull; Interval.intersect; Interval.cancelMinus; Interval.cancelPlus ] do
            isProper "set" (f a b)

        isProper "fma" (Interval.fma a b c)

    [<Property(MaxTest = 5000, Arbitrary = [| typeof<IntervalGenerators> |])>]
    let ``operations on parts give parts: inclusion isotonicity`` (a: Nested) (b: Nested) (c: Nested) =
        for name, f in binaries do
            let inner, outer = f a.Inner b.Inner, f a.Outer b.Outer
            Assert.True(Interval.subset inner outer, $"{a.Inner} {name} {b.Inner} = {inner}, but {a.Outer} {name} {b.Outer} = {outer}")

        for name, f in unaries do
            Assert.True(Interval.subset (f a.Inner) (f a.Outer), $"{name} of {a.Inner} and of {a.Outer}")

        Assert.True(Interval.subset (Interval.fma a.Inner b.Inner c.Inner) (Interval.fma a.Outer b.Outer c.Outer))

    [<Property(MaxTest = 2000, Arbitrary = [| typeof<IntervalGenerators> |])>]
    let ``hull and intersection form a lattice`` (a: Interval) (b: Interval) (c: Interval) =
        for join, meet in [ Interval.hull, Interval.intersect; Interval.intersect, Interval.hull ] do
            Assert.True(same (join a b) (join b a))
            Assert.True(same (join a (join b c)) (join (join a b) c))
            Assert.True(same (join a a) a)
            Assert.True(same (join a (meet a b)) a)

        Assert.True(same (Interval.hull a Interval.empty) a && same (Interval.intersect a Interval.entire) a)
        Assert.True(Interval.subset a (Interval.hull a b) && Interval.subset (Interval.intersect a b) a)
        Assert.Equal(Interval.subset a b, same (Interval.hull a b) b)
        Assert.Equal(Interval.disjoint a b, Interval.isEmpty (Interval.intersect a b))

    [<Property(MaxTest = 2000, Arbitrary = [| typeof<IntervalGenerators> |])>]
    let ``an interval minus itself forgets that both are one number`` (a: Interval) =
        let difference = minus a a

        if a.IsEmpty then
            Assert.True(difference.IsEmpty)
        else
            let width = Interval.width a
            Assert.True(same difference (if Double.IsInfinity width then difference else Interval.ofBounds -width width))
            Assert.True(Interval.contains 0.0 difference)
            Assert.Equal(Interval.isPoint a, Interval.isPoint difference)
            Assert.True(Interval.subset (Interval.square a) (times a a))

    [<Property(MaxTest = 2000, Arbitrary = [| typeof<IntervalGenerators> |])>]
    let ``sum and product commute, and subtraction and division are adding and multiplying inverses`` (a: Interval) (b: Interval) =
        Assert.True(same (plus a b) (plus b a))
        Assert.True(same (times a b) (times b a))
        Assert.True(same (minus a b) (plus a (Arithmetic.(~-) b)))
        Assert.True(same (times a one) a && same (plus a zero) a)
        Assert.True(same (times a zero) (if a.IsEmpty then a else zero))
        Assert.True(Interval.subset (over a b) (times a (Interval.reciprocal b)))

    let private addProducts (c: 'T) (a: 'T[]) (b: 'T[]) : 'T :> IRing<'T> = 'T.AddProducts(c, a, b)

    /// The exact ends of a sum of products of bounded intervals.
    let private exactEnds (start: Interval) (left: Interval[]) (right: Interval[]) : Rational * Rational =
        let products (a: Interval) (b: Interval) = [
            for x in Reference.ends a do
                for y in Reference.ends b do
                    Rational.ofFloat x * Rational.ofFloat y
        ]

        let total (choose: Rational -> Rational -> Rational) first =
            Array.fold2 (fun sum a b -> sum + List.reduce choose (products a b)) (Rational.ofFloat first) left right

        total Rational.min start.Lower, total Rational.max start.Upper

    [<Property(MaxTest = 300, EndSize = 15, Arbitrary = [| typeof<IntervalGenerators> |])>]
    let ``a fused sum of products contains the exact one`` (start: Sampled) (pairs: (Sampled * Sampled)[]) =
        let left, right = pairs |> Array.map (fun (a, _) -> a.Interval), pairs |> Array.map (fun (_, b) -> b.Interval)
        let lower, upper = exactEnds start.Interval left right
        let fused = addProducts start.Interval left right
        Assert.True(Interval.containsRational lower fused && Interval.containsRational upper fused, $"{fused}: {lower}, {upper}")

    [<Property(MaxTest = 2000, Arbitrary = [| typeof<IntervalGenerators> |])>]
    let ``a fused sum of unbounded or empty products is the sum of the single ones`` (start: Interval) (pairs: (Interval * Interval)[]) =
        let left, right = Array.map fst pairs, Array.map snd pairs
        let steps = Array.fold2 (fun s a b -> plus s (times a b)) start left right

        let isUnbounded =
            Array.exists (fun a -> not (Interval.isBounded a) || Interval.isEmpty a) (Array.concat [ [| start |]; left; right ])

        let fused = addProducts start left right
        Assert.Equal(steps.IsEmpty, fused.IsEmpty)

        if isUnbounded then
            // An empty operand decides all, an unbounded one the ends that it reaches.
            Assert.Equal(Double.IsInfinity steps.Lower, Double.IsInfinity fused.Lower)
            Assert.Equal(Double.IsInfinity steps.Upper, Double.IsInfinity fused.Upper)

    [<Fact>]
    let ``what is lost in adding the errors is within the bound of a fused sum`` () =
        // The large terms cancel, both small ones are errors of s, and 1 + 2⁻⁶⁰ is no float.
        let large, small = Math.ScaleB(1.0, 60), Math.ScaleB(1.0, -60)

        for sign in [ 1.0; -1.0 ] do
            let terms = [| 1.0; small; -large |] |> Array.map (fun x -> Interval.ofFloat (sign * x))
            let fused = addProducts (Interval.ofFloat (sign * large)) terms (Array.replicate 3 one)
            let exact = Rational.ofFloat sign + Rational.ofFloat (sign * small)
            Assert.True(Interval.containsRational exact fused, string fused)
            // Both ends move by k u Σ|g| with k = ⌈3/2⌉ + 3 = 5, a little more than 5 u, and round by at most 2 u.
            Assert.True(Interval.width fused <= Math.ScaleB(1.0, -49))

    /// Moderate sizes, so that nothing is subnormal: the rounding of s and of the products is relative.
    [<Property(MaxTest = 300)>]
    let ``a fused sum of products is rounded little more than once`` (seed: int) =
        let random = Random seed
        let count = 1 + random.Next 40
        let draw () = (random.NextDouble() - 0.5) * Math.ScaleB(1.0, random.Next(-30, 30))
        let interval () = Interval.hull (Interval.ofFloat (draw ())) (Interval.ofFloat (draw ()))
        let start, left, right = interval (), Array.init count (fun _ -> interval ()), Array.init count (fun _ -> interval ())
        let lower, upper = exactEnds start left right
        let fused = addProducts start left right
        // With N = n + 1 and size = Σ|products| + |start|: |gᵢ| ≤ 2 u size, k ≤ 2 N, so the error of the sum of errors and the bound for it
        // are at most 4 N² u² size each, and the sum of errors and bound is rounded by at most 4 N u² size; 12 N² u² size covers all.
        let magnitude (a: Interval) = Rational.ofFloat (Interval.magnitude a)

        let size = Array.fold2 (fun sum a b -> sum + magnitude a * magnitude b) (magnitude start) left right

        let n, u = Rational.ofInt (count + 1), Rational.power (Rational.ofInt 2) -53
        let slack = Rational.ofInt 12 * n * n * u * u * size
        Assert.True(fused.Upper <= Directed.ofRationalUp (upper + slack))
        Assert.True(fused.Lower >= -(Directed.ofRationalUp (slack - lower)))

    [<Property(MaxTest = 300)>]
    let ``a fused sum of products that are floats is exact`` (start: int16) (pairs: (int16 * int16)[]) =
        let points (xs: int16[]) = Array.map (fun x -> Interval.ofFloat (float x * Math.ScaleB(1.0, -7))) xs
        let left, right = points (Array.map fst pairs), points (Array.map snd pairs)
        let start = Interval.ofFloat (float start)
        let fused = addProducts start left right
        Assert.True(Interval.isPoint fused)
        Assert.True(same fused (Interval.ofRational (fst (exactEnds start left right))))

    [<Property(MaxTest = 5000, Arbitrary = [| typeof<IntervalGenerators> |])>]
    let ``midpoint and radius cover the interval, and width is its length`` (a: Interval) =
        if a.IsEmpty then
            for f in [ Interval.midpoint; Interval.radius; Interval.width; Interval.magnitude; Interval.mignitude ] do
                Assert.True(Double.IsNaN(f a))
        else
            let m, r = Interval.midpoint a, Interval.radius a
            Assert.True(Double.IsFinite m && Interval.contains m a)

            if Interval.isBounded a then
                let lower, upper, middle = Rational.ofFloat a.Lower, Rational.ofFloat a.Upper, Rational.ofFloat m
                let reach = Rational.max (middle - lower) (upper - middle)
                Assert.Equal(Directed.ofRationalUp reach, r)
                Assert.Equal(Directed.ofRationalUp (upper - lower), Interval.width a)
                // Nearest: no float is nearer to the exact middle.
                Assert.Equal(Rational.toFloat ((lower + upper) / Rational.ofInt 2), m)
            else
                Assert.True(Double.IsPositiveInfinity r && Double.IsPositiveInfinity(Interval.width a))

    [<Property(MaxTest = 2000, Arbitrary = [| typeof<IntervalGenerators> |])>]
    let ``division in two pieces contains every solution, and a factor is a solution of its product`` (b: Sampled) (x: Sampled) =
        for y, s in List.allPairs b.Members x.Members do
            let c = Interval.ofRational (y * s)
            let struct (first, second) = Interval.divideInTwo c b.Interval
            Assert.True(Interval.containsRational s first || Interval.containsRational s second, $"{s} · {y}: {first} and {second}")

            // Two pieces lie apart, on both sides of zero.
            if not second.IsEmpty then
                Assert.True(first.Upper <= 0.0 && second.Lower >= 0.0 && not (Interval.contains 0.0 c))

    [<Property(MaxTest = 2000, Arbitrary = [| typeof<IntervalGenerators> |])>]
    let ``a summand is recovered from a sum`` (a: Sampled) (b: Sampled) =
        // b + (a − b taken back) covers a, and it is all of ℝ exactly if b is the wider one.
        let c = Interval.cancelMinus a.Interval b.Interval
        Assert.True(Interval.subset a.Interval (plus b.Interval c))
        let width (x: Interval) = Rational.ofFloat x.Upper - Rational.ofFloat x.Lower
        Assert.Equal(Rational.Compare(width a.Interval, width b.Interval) < 0, same c Interval.entire)
        Assert.True(same (Interval.cancelPlus a.Interval (Arithmetic.(~-) b.Interval)) c)

    [<Property(MaxTest = 5000, Arbitrary = [| typeof<IntervalGenerators> |])>]
    let ``an answer is Yes if all members agree, No if none do, and else undecided`` (a: Sampled) (b: Sampled) =
        let expected (holds: Rational -> Rational -> bool) =
            match List.allPairs a.Members b.Members |> List.map (fun (x, y) -> holds x y) |> List.distinct with
            | [ true ] -> Answer.Yes
            | [ false ] -> Answer.No
            | _ -> Answer.Undecided

        // The ends are among the members, and an order is decided at the ends.
        let isLess, isAtMost = expected (fun x y -> x < y), expected (fun x y -> x <= y)
        Assert.Equal(isLess, IntervalRelations.isLess a.Interval b.Interval)
        Assert.Equal(isAtMost, IntervalRelations.isAtMost a.Interval b.Interval)
        Assert.Equal(Answer.negate isAtMost, IntervalRelations.isLess b.Interval a.Interval)

        // Equality of two numbers is decided by no end: apart, or the same point.
        let exact (c: Sampled) = c.Members |> List.distinct |> List.length = 1

        let isEqual =
            if isLess = Answer.Yes || IntervalRelations.isLess b.Interval a.Interval = Answer.Yes then Answer.No
            elif exact a && exact b then Answer.Yes
            else Answer.Undecided

        Assert.Equal(isEqual, IntervalRelations.isEqual a.Interval b.Interval)

    [<Fact>]
    let ``three-valued and, or, not extend those of two values, and an undecided part decides nothing`` () =
        let values = [ Answer.Yes, [ true ]; Answer.No, [ false ]; Answer.Undecided, [ true; false ] ]

        let expected answers =
            match List.distinct answers with
            | [ one ] -> Answer.ofBool one
            | _ -> Answer.Undecided

        for a, xs in values do
            Assert.Equal(expected (List.map not xs), Answer.negate a)

            for b, ys in values do
                Assert.Equal(expected (List.allPairs xs ys |> List.map (fun (x, y) -> x && y)), Answer.both a b)
                Assert.Equal(expected (List.allPairs xs ys |> List.map (fun (x, y) -> x || y)), Answer.either a b)

    [<Property(MaxTest = 5000, Arbitrary = [| typeof<IntervalGenerators> |])>]
    let ``relations of sets agree with one another`` (a: Interval) (b: Interval) =
        let mirrored =
            match IntervalRelations.overlap a b with
            | Overlap.FirstEmpty -> Overlap.SecondEmpty
            | Overlap.SecondEmpty -> Overlap.FirstEmpty
            | Overlap.Before -> Overlap.After
            | Overlap.After -> Overlap.Before
            | Overlap.Meets -> Overlap.MetBy
            | Overlap.MetBy -> Overlap.Meets
            | Overlap.Overlaps -> Overlap.OverlappedBy
            | Overlap.OverlappedBy -> Overlap.Overlaps
            | Overlap.Starts -> Overlap.StartedBy
            | Overlap.StartedBy -> Overlap.Starts
            | Overlap.Finishes -> Overlap.FinishedBy
            | Overlap.FinishedBy -> Overlap.Finishes
            | Overlap.Contains -> Overlap.ContainedBy
            | Overlap.ContainedBy -> Overlap.Contains
            | same -> same

        Assert.Equal(mirrored, IntervalRelations.overlap b a)
        let isSubset = IntervalRelations.subset a b
        Assert.Equal(isSubset && IntervalRelations.subset b a, IntervalRelations.equal a b)
        Assert.True(not (IntervalRelations.interior a b) || isSubset)
        Assert.True(not (IntervalRelations.strictPrecedes a b) || IntervalRelations.precedes a b)
        Assert.True(not (IntervalRelations.strictPrecedes a b) || IntervalRelations.disjoint a b)
        Assert.True(not (IntervalRelations.strictLess a b) || IntervalRelations.less a b)
        Assert.Equal(IntervalRelations.less a b && IntervalRelations.less b a, IntervalRelations.equal a b)

    [<Fact>]
    let ``intervals have neither equality nor order, not even through boxing`` () =
        let t = typeof<Interval>
        Assert.NotEmpty(t.GetCustomAttributes(typeof<NoEqualityAttribute>, false))
        Assert.NotEmpty(t.GetCustomAttributes(typeof<NoComparisonAttribute>, false))
        Assert.Null(t.GetMethod "op_Equality")
        let interfaces = t.GetInterfaces() |> Array.map _.Name
        Assert.DoesNotContain("IComparable", interfaces)
        Assert.DoesNotContain("IComparable`1", interfaces)
        Assert.DoesNotContain("IEquatable`1", interfaces)
        Assert.DoesNotContain("IStructuralEquatable", interfaces)

    [<Fact>]
    let ``a float enters as a point and a fraction between neighbouring floats`` () =
        let half, third: Interval * Interval = Ring.ratio 1 2, Ring.ratio 1 3
        Assert.True(Interval.isPoint half && half.Lower = 0.5)
        Assert.Equal(Math.BitIncrement third.Lower, third.Upper)
        Assert.True(Interval.containsRational (Rational.create 1 3) third)
        // Beyond the largest float there is a half-line, beside zero a subnormal.
        let huge = Interval.ofRational (Rational.power (Rational.ofInt 10) 400)
        Assert.True(same huge (Interval.ofBounds Double.MaxValue infinity))
        let small = Interval.ofRational (Rational.power (Rational.ofInt 10) -400)
        Assert.True(same small (Interval.ofBounds 0.0 Double.Epsilon))
        Assert.True(same (Interval.ofRational (-(Rational.power (Rational.ofInt 10) 400))) (Arithmetic.(~-) huge))

    [<Fact>]
    let ``at the kink the step is open: the hull of both values`` () =
        let step lower upper = RingOf.heaviside (Interval.ofBounds lower upper)
        Assert.True(same (step -1.0 1.0) (Interval.ofBounds 0.0 1.0))
        Assert.True(same (step 0.0 1.0) (Interval.ofBounds 0.0 1.0))
        Assert.True(same (step -1.0 0.0) zero)
        Assert.True(same (step Double.Epsilon 1.0) one)
        Assert.True(same (RingOf.positivePart (Interval.ofBounds -1.0 2.0)) (Interval.ofBounds 0.0 2.0))
        Assert.True(same (RingOf.negativePart (Interval.ofBounds -1.0 2.0)) (Interval.ofBounds -1.0 0.0))

    [<Fact>]
    let ``only ends in order that some real lies between make an interval`` () =
        let nan, huge = Double.NaN, infinity

        for lower, upper in [ 2.0, 1.0; nan, 1.0; 1.0, nan; huge, huge; -huge, -huge; huge, -huge ] do
            Assert.True(Result.isError (Interval.create lower upper))
            Assert.Throws<ArgumentException>(fun () -> Interval.ofBounds lower upper |> ignore) |> ignore

        Assert.Throws<ArgumentException>(fun () -> Interval.ofFloat infinity |> ignore) |> ignore
        Assert.Equal("[-0.5, 1E+300]", string (Interval.ofBounds -0.5 1e300))
        Assert.Equal("[0, 0]", string zero)
        Assert.Equal("∅", string Interval.empty)
