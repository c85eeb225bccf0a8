module LayerTime.Core.Tests.Constructions.EmbeddingBoundsTests

open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Constructions

let private steps = [ for q in 1..6 -> Rational.create 1 q ]
let private constants = [ for p in 0..12 -> Rational.create p 4 ]

[<Fact>]
let ``for steps up to 1 the general upper factor is at most the simple one`` () =
    for k in 1..6 do
        for h in steps do
            for constant in constants do
                Assert.True(EmbeddingBounds.upperFactor k h constant <= EmbeddingBounds.simpleUpperFactor k h constant)

[<Fact>]
let ``a lower factor is below 1 and an upper one is not`` () =
    for k in 2..6 do
        for h in steps do
            for constant in constants do
                Assert.True(EmbeddingBounds.lowerFactor h constant < Rational.One)
                Assert.True(EmbeddingBounds.upperFactor k h constant >= Rational.One)
                Assert.True(EmbeddingBounds.delayFactor k h constant >= Rational.One)

[<Fact>]
let ``known factors`` () =
    let half = Rational.create 1 2
    Assert.Equal(Rational.create 1 2, EmbeddingBounds.lowerFactor Rational.One half)
    Assert.Equal(Rational.create 5 2, EmbeddingBounds.simpleUpperFactor 2 Rational.One half)
    // k = 2, h = 2, L_f = 1: rows 1 + 2 + 4 and 1 + 2.
    Assert.Equal(Rational.ofInt 7, EmbeddingBounds.upperFactor 2 (Rational.ofInt 2) Rational.One)
    Assert.Equal(Rational.create 15 2, EmbeddingBounds.delayFactor 3 Rational.One half)
    Assert.Equal(half, EmbeddingBounds.firstOrderLowerFactor Rational.One half)

[<Theory>]
[<InlineData(1, 1, 3)>]
[<InlineData(1, 3, 1)>]
[<InlineData(2, 3, 2)>]
[<InlineData(0, 5, 1)>]
let ``the order for a manifold gives it twice its dimension and one more`` (m: int, d: int, order: int) =
    Assert.Equal(order, EmbeddingBounds.orderFor m d)
