module LayerTime.Core.Tests.Numbers.ErrorFreeTests

open System
open Xunit
open LayerTime.Core.Numbers

/// Floats of very different size and sign.
let private sample = [
    for exponent in [ -300; -53; -1; 0; 1; 40; 300 ] do
        for significand in [ 1.0; -1.0; 1.2345678901234567; -1.9999999999999998; Math.PI ] do
            Math.ScaleB(significand, exponent)
]

let private assertExact (truth: Binary) (main: float) (error: float) =
    Assert.True(Binary.isZero (Binary.subtract truth (Binary.add (Binary.ofFloat main) (Binary.ofFloat error))))

[<Fact>]
let ``a sum and its error are the exact sum`` () =
    for a in 0.0 :: sample do
        for b in 0.0 :: sample do
            let exact = Binary.add (Binary.ofFloat a) (Binary.ofFloat b)
            let struct (sum, error) = ErrorFree.twoSum a b
            Assert.Equal(a + b, sum)
            assertExact exact sum error

            if Math.Abs a >= Math.Abs b || a = 0.0 then
                let struct (sum, error) = ErrorFree.fastTwoSum a b
                Assert.Equal(a + b, sum)
                assertExact exact sum error

[<Fact>]
let ``a product and its error are the exact product`` () =
    for a in 0.0 :: sample do
        for b in 0.0 :: sample do
            let struct (product, error) = ErrorFree.twoProduct a b
            Assert.Equal(a * b, product)
            assertExact (Binary.multiply (Binary.ofFloat a) (Binary.ofFloat b)) product error
