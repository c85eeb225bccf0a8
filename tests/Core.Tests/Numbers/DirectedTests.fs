namespace LayerTime.Core.Tests.Numbers

open System
open System.Runtime.Intrinsics
open System.Runtime.Intrinsics.X86
open Xunit
open LayerTime.Core.Numbers

/// Operands at which directed rounding goes wrong, when it does: zeros of both signs, subnormals, both ends of the range, halves,
/// exact results, near cancellations; and any bits at all.
[<RequireQualifiedAccess>]
module Operands =
    let private special = [|
        0.0
        Double.Epsilon
        3.0 * Double.Epsilon
        Math.BitDecrement 2.2250738585072014e-308
        2.2250738585072014e-308
        4.450147717014403e-308
        Math.ScaleB(1.0, -1021)
        Math.ScaleB(1.0, -968)
        Math.BitDecrement(Math.ScaleB(1.0, -968))
        Math.ScaleB(1.0, -537)
        Math.ScaleB(1.0, -484)
        Math.ScaleB(1.5, -53)
        0.1
        0.5
        Math.BitDecrement 1.0
        1.0
        Math.BitIncrement 1.0
        3.0
        Math.ScaleB(1.0, 53) - 1.0
        Math.ScaleB(1.0, 512)
        Math.ScaleB(1.0, 970)
        Math.ScaleB(1.0, 1020)
        Math.ScaleB(1.0, 1023)
        Math.BitDecrement Double.MaxValue
        Double.MaxValue
        Double.PositiveInfinity
    |]

    let private signed (random: Random) (x: float) : float = if random.Next 2 = 0 then x else -x

    /// A float with few significant bits, or with all of them, and the exponent given.
    let private ofExponent (random: Random) (exponent: int) : float =
        let significand = if random.Next 2 = 0 then float (1 + random.Next 16) else 1.0 + random.NextDouble()
        Math.ScaleB(significand, exponent) |> signed random

    /// A float, infinities included.
    let draw (random: Random) : float =
        match random.Next 8 with
        | 0
        | 1 -> signed random special[random.Next special.Length]
        | 2 -> ofExponent random (random.Next(-5, 6))
        | 3 -> ofExponent random (random.Next(-60, 61))
        | 4 -> ofExponent random (random.Next(-545, -475))
        | 5 -> ofExponent random (random.Next(-1080, -1010))
        | 6 -> ofExponent random (random.Next(505, 515))
        | _ ->
            let x = BitConverter.Int64BitsToDouble(random.NextInt64(Int64.MinValue, Int64.MaxValue))
            if Double.IsNaN x then 1.0 else x

    /// The same float, a neighbour, or its negative, half the time; otherwise another one.
    let near (random: Random) (x: float) : float =
        match random.Next 8 with
        | 0 -> -x
        | 1 -> Math.BitIncrement x |> fun y -> if Double.IsNaN y then x else y
        | 2 -> -(Math.BitDecrement x)
        | 3 -> x
        | _ -> draw random

    /// How many draws a test takes: ten times as many if LAYERTIME_THOROUGH is set.
    let count: int =
        if String.IsNullOrEmpty(Environment.GetEnvironmentVariable "LAYERTIME_THOROUGH") then 100_000 else 1_000_000

    /// Equal as floats are: the same bits, or both no number.
    let same (x: float) (y: float) : bool =
        (Double.IsNaN x && Double.IsNaN y) || BitConverter.DoubleToInt64Bits x = BitConverter.DoubleToInt64Bits y

/// Which way an operation rounds.
[<RequireQualifiedAccess>]
type private Direction =
    | Up
    | Down

/// A fact about the rounding instructions, skipped on processors without them.
type HardwareFactAttribute() as this =
    inherit FactAttribute()

    do
        if not Avx512F.IsSupported then
            this.Skip <- "This processor has no AVX-512."

module DirectedTests =
    /// Whether x is the exact value rounded in the direction, where the exact value is known by the side on which it lies of a
    /// finite float: the sign of exact − float.
    let private isRounded (direction: Direction) (side: Binary -> int) (x: float) : bool =
        let reaches (y: float) = Double.IsPositiveInfinity y || (Double.IsFinite y && side (Binary.ofFloat y) <= 0)
        let stays (y: float) = Double.IsNegativeInfinity y || (Double.IsFinite y && side (Binary.ofFloat y) >= 0)

        match direction with
        | Direction.Up -> reaches x && not (reaches (Math.BitDecrement x))
        | Direction.Down -> stays x && not (stays (Math.BitIncrement x))

    let private check (direction: Direction) (operands: float list) (side: Binary -> int) (zero: float) (x: float) =
        // An exact zero has a sign of its own; a zero that stands for a tiny number has the sign of that number.
        let exactSign = side (Binary.ofInt 0)

        let isRight =
            if exactSign = 0 then
                Operands.same zero x
            else
                isRounded direction side x && (x <> 0.0 || Double.IsNegative x = (exactSign < 0))

        // Texts only for failures: they cost more than the check.
        if not isRight then
            Assert.Fail $"{direction} of {operands}: found {x:R}"

    let private both
        (nearest: float)
        (operands: float list)
        (up: float)
        (down: float)
        (side: Binary -> int)
        (zeroUp: float)
        (zeroDown: float)
        =
        if
            List.forall Double.IsFinite operands
            && not (Double.IsNaN nearest)
            && (Double.IsFinite nearest || List.last operands <> 0.0)
        then
            check Direction.Up operands side zeroUp up
            check Direction.Down operands side zeroDown down
        else if
            // An infinite operand, or none in the domain: nothing is rounded.
            not (Operands.same nearest up && Operands.same nearest down)
        then
            Assert.Fail $"{operands}: found {up:R} and {down:R}, expected {nearest:R}"

    let private draws (seed: int) (test: Random -> unit) =
        let random = Random seed

        for _ in 1 .. Operands.count do
            test random

    [<Fact>]
    let ``a sum is the exact sum rounded up, and rounded down`` () =
        draws 1 (fun random ->
            let a = Operands.draw random
            let b = Operands.near random a
            let exact x = Binary.sign (Binary.subtract (Binary.add (Binary.ofFloat a) (Binary.ofFloat b)) x)
            // Equal zeros keep their sign; a cancellation has the sign of the direction.
            let zeroUp, zeroDown = (if a = 0.0 && Operands.same a b then a, a else 0.0, -0.0)
            // A trailing 1 says that there is no divisor.
            both (a + b) [ a; b; 1.0 ] (Directed.addUp a b) (Directed.addDown a b) exact zeroUp zeroDown
            Assert.True(Operands.same (Directed.addUp a -b) (Directed.subtractUp a b))
            Assert.True(Operands.same (Directed.addDown a -b) (Directed.subtractDown a b)))

    [<Fact>]
    let ``a product is the exact product rounded up, and rounded down`` () =
        draws 2 (fun random ->
            let a = Operands.draw random
            let b = Operands.near random a
            let exact x = Binary.sign (Binary.subtract (Binary.multiply (Binary.ofFloat a) (Binary.ofFloat b)) x)
            both (a * b) [ a; b; 1.0 ] (Directed.multiplyUp a b) (Directed.multiplyDown a b) exact (a * b) (a * b))

    [<Fact>]
    let ``a quotient is the exact quotient rounded up, and rounded down`` () =
        draws 3 (fun random ->
            let b = Operands.draw random
            // Half of the numerators are products, so that exact quotients and near ones occur.
            let a = if random.Next 2 = 0 then Operands.near random b else b * Operands.draw random
            let a = if Double.IsNaN a then 1.0 else a
            let difference x = Binary.subtract (Binary.ofFloat a) (Binary.multiply x (Binary.ofFloat b))
            let exact x = Math.Sign b * Binary.sign (difference x)
            both (a / b) [ a; b ] (Directed.divideUp a b) (Directed.divideDown a b) exact (a / b) (a / b))

    [<Fact>]
    let ``a root is the exact root rounded up, and rounded down`` () =
        draws 4 (fun random ->
            let a = Operands.draw random
            let a = if random.Next 2 = 0 then abs a else a * a
            let square x = Binary.multiply x x
            let exact (x: Binary) = if Binary.sign x < 0 then 1 else Binary.sign (Binary.subtract (Binary.ofFloat a) (square x))
            both (Math.Sqrt a) [ a; 1.0 ] (Directed.sqrtUp a) (Directed.sqrtDown a) exact a a)

    [<Fact>]
    let ``a product with a summand is rounded once`` () =
        draws 5 (fun random ->
            let a = Operands.draw random
            let b = Operands.near random a
            let c = if random.Next 2 = 0 then Operands.near random (a * b) else Operands.draw random
            let c = if Double.IsNaN c then 1.0 else c
            let nearest = Math.FusedMultiplyAdd(a, b, c)
            let product = Binary.multiply (Binary.ofFloat a) (Binary.ofFloat b)
            let exact x = Binary.sign (Binary.subtract (Binary.add product (Binary.ofFloat c)) x)
            let isSum = (a = 0.0 || b = 0.0) && c = 0.0 && Double.IsNegative c = Double.IsNegative(a * b)
            let zeroUp, zeroDown = (if isSum then c, c else 0.0, -0.0)
            both nearest [ a; b; c; 1.0 ] (Directed.fmaUp a b c) (Directed.fmaDown a b c) exact zeroUp zeroDown)

    [<Fact>]
    let ``the largest floats do not round away from infinity, and the smallest ones do not round to zero`` () =
        Assert.Equal(Double.PositiveInfinity, Directed.addUp Double.MaxValue Double.Epsilon)
        Assert.Equal(Double.MaxValue, Directed.addDown Double.MaxValue Double.Epsilon)
        Assert.Equal(-Double.MaxValue, Directed.multiplyUp -1e200 1e200)
        Assert.Equal(Double.NegativeInfinity, Directed.multiplyDown -1e200 1e200)
        Assert.Equal(Double.Epsilon, Directed.multiplyUp 1e-200 1e-200)
        Assert.Equal(0.0, Directed.multiplyDown 1e-200 1e-200)
        Assert.Equal(Double.Epsilon, Directed.divideUp Double.Epsilon Double.MaxValue)
        Assert.Equal(Double.MaxValue, Directed.divideDown Double.MaxValue Double.Epsilon)
        Assert.Equal(Double.PositiveInfinity, Directed.divideUp 1.0 0.0)

    [<Fact>]
    let ``a fraction is enclosed by neighbouring floats, or is a float`` () =
        draws 6 (fun random ->
            let p, q = Operands.draw random, Operands.draw random

            if Double.IsFinite p && Double.IsFinite q && q <> 0.0 && random.Next 10 = 0 then
                let exact = Rational.ofFloat p / Rational.ofFloat q
                let up, down = Directed.ofRationalUp exact, -(Directed.ofRationalUp -exact)
                Assert.Equal(Directed.divideUp p q, up)
                Assert.Equal(Directed.divideDown p q, down))

    [<HardwareFact>]
    let ``the rounding of the processor and the error-free transformations agree bit for bit`` () =
        let agree name (operands: float list) (x: float) (y: float) =
            if not (Operands.same x y) then
                Assert.Fail $"{name} of {operands}: {x:R} and {y:R}"

        draws 7 (fun random ->
            let a = Operands.draw random
            let b = Operands.near random a
            let c = Operands.near random (a * b) |> fun c -> if Double.IsNaN c then 1.0 else c
            let x, y = Vector128.Create(a, b), Vector128.Create(b, c)

            let lanes name (u: Vector128<float>) (v: Vector128<float>) =
                agree name [ a; b ] (u.GetElement 0) (v.GetElement 0)
                agree name [ b; c ] (u.GetElement 1) (v.GetElement 1)

            lanes "sum" (Directed.Hardware.sumUp x y) (Directed.Portable.sumUp x y)
            lanes "product" (Directed.Hardware.productUp x y) (Directed.Portable.productUp x y)
            agree "quotient" [ a; b ] (Directed.Hardware.quotientUp a b) (Directed.Portable.quotientUp a b)
            agree "root up" [ a ] (Directed.Hardware.sqrtUp a) (Directed.Portable.sqrtUp a)
            agree "root down" [ a ] (Directed.Hardware.sqrtDown a) (Directed.Portable.sqrtDown a)
            agree "fma" [ a; b; c ] (Directed.Hardware.fmaUp a b c) (Directed.Portable.fmaUp a b c))
