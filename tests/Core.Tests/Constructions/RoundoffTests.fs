module LayerTime.Core.Tests.Constructions.RoundoffTests

open System
open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Constructions

let private r (p: int) (q: int) = Rational.create p q
let private u: Rational = Rational.power (r 2 1) -53

[<Fact>]
let ``gamma is m·u over 1 − m·u`` () =
    for m in [ 1; 2; 15; 1000 ] do
        let m' = Rational.ofInt m
        Assert.Equal(m' * u / (Rational.One - m' * u), Roundoff.gamma m)
        Assert.Equal(m' * u, Roundoff.units m)

[<Fact>]
let ``an enlarged bound lies above a sum that was rounded down`` () =
    let terms = Array.init 1000 (fun i -> 1.0 / float (i + 3))
    let exact = terms |> Array.map Rational.ofFloat |> Array.sum
    let enlarged = Roundoff.upward 2000 (Binary64(Array.sum terms))
    Assert.True(Rational.ofFloat enlarged.Value >= exact)
    Assert.True(Rational.ofFloat enlarged.Value <= exact * (Rational.One + r 1 1_000_000_000))

[<Fact>]
let ``one layer of the delay recursion costs gamma of its weighted states`` () =
    // k = 2: C(1, 1) γ₃ (2·3 + 1·1)
    Assert.Equal(Roundoff.gamma 3 * r 7 1, Roundoff.delayRecursion [| [| [| r -3 1 |]; [| r 1 1 |] |] |])

[<Fact>]
let ``a cascade of no layer costs the rounding of its start`` () =
    // C(−1, 0)|q₁| + C(0, 1)|q₂| = |q₁|
    Assert.Equal(Roundoff.gamma 1 * r 3 1, Roundoff.differenceCascade [| [| [| r -3 1 |]; [| r 5 1 |] |] |])

[<Fact>]
let ``the bound of a step holds in floats`` () =
    let random = Random 7

    for k in 1..5 do
        for _ in 1..200 do
            let h = Math.ScaleB(1.0, -random.Next 5) * (0.5 + 0.5 * random.NextDouble())
            let p = Array.init k (fun _ -> [| Binary64(2.0 * random.NextDouble() - 1.0) |])
            let force = 2.0 * random.NextDouble() - 1.0
            let exact = Array.map (Array.map (fun (x: Binary64) -> Rational.ofFloat x.Value))
            let computed = LayerTime.Core.Semantics.SmoothState.scaledCascade (Binary64 h) (fun _ -> [| Binary64 force |]) p

            let truth =
                LayerTime.Core.Semantics.SmoothState.scaledCascade (Rational.ofFloat h) (fun _ -> [| Rational.ofFloat force |]) (exact p)

            let growth = OdeLimit.growth k (Rational.ofFloat h) Rational.One

            let bound = Roundoff.cascadeStep k (Rational.ofFloat h) growth Rational.One Rational.One Rational.Zero

            for a, b in Array.zip (exact computed) truth do
                Assert.True(Rational.abs (a[0] - b[0]) <= bound)
