module LayerTime.Core.Tests.Constructions.GlobalCountTests

open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Constructions

let private unit p q slope r s : TanhUnit = { Weight = Rational.create p q; Slope = slope; Exponential = Rational.create r s }

let private finite distinct degenerate = GlobalCriticalPoints.Finite(distinct, degenerate)

[<Fact>]
let ``one neuron has no critical point`` () =
    Assert.Equal(finite 0 0, GlobalCount.criticalPoints [ unit 3 2 4 1 5 ])
    Assert.Equal(finite 0 0, GlobalCount.criticalPoints [ unit 3 2 -4 1 5 ])

[<Fact>]
let ``a bump has its maximum in the middle`` () =
    // tanh x − tanh(x + log 2): y = 1/2, x = −½·log 2.
    let bump = [ unit 1 1 1 1 1; unit -1 1 1 4 1 ]
    Assert.Equal(finite 1 0, GlobalCount.criticalPoints bump)
    let a, b = GlobalCount.locate (Rational.create 1 1000) bump |> List.exactlyOne
    Assert.True(a < Rational.create 1 2 && Rational.create 1 2 <= b)

[<Fact>]
let ``the fold of tanh 2x − s·tanh x at s = 2: two critical points before, one degenerate at it, none after`` () =
    // Φ′ = 2·sech² 2x − s·sech² x with s = p·d/e at its maximum, 2 for q = 0.
    for s, expected in [ (19, 10), finite 2 0; (2, 1), finite 1 1; (21, 10), finite 0 0 ] do
        Assert.Equal(expected, GlobalCount.criticalPoints [ unit 1 1 2 1 1; unit -(fst s) (snd s) 1 1 1 ])

[<Fact>]
let ``a constant is critical everywhere`` () =
    for units in [ []; [ unit 3 1 0 2 1 ]; [ unit 2 1 3 1 7; unit 2 1 -3 7 1 ] ] do
        Assert.Equal(GlobalCriticalPoints.Everywhere, GlobalCount.criticalPoints units)
        Assert.Empty(GlobalCount.polynomial units)
        Assert.Empty(GlobalCount.locate Rational.One units)

[<Fact>]
let ``E is positive`` () =
    Assert.Throws<System.ArgumentException>(fun () -> GlobalCount.criticalPoints [ unit 1 1 1 -2 1 ] |> ignore) |> ignore
