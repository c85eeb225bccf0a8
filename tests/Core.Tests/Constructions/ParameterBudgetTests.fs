module LayerTime.Core.Tests.Constructions.ParameterBudgetTests

open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Constructions

[<Fact>]
let ``a budget of order 1 is the same in all three architectures`` () =
    for budget in [ ParameterBudget.affine 1 5; ParameterBudget.hidden 1 5 7; ParameterBudget.convolution 1 4 3 ] do
        Assert.Equal(budget.Smooth, budget.Residual)
        Assert.Equal(budget.Smooth, budget.AdditiveDense)

[<Fact>]
let ``weights save a factor k², or k where the hidden width does not grow`` () =
    for k in 1..5 do
        Assert.Equal(Rational.ofInt (k * k), ParameterBudget.weightRatio (ParameterBudget.affine k 3))
        Assert.Equal(Rational.ofInt (k * k), ParameterBudget.weightRatio (ParameterBudget.hidden k 3 4))
        Assert.Equal(Rational.ofInt (k * k), ParameterBudget.weightRatio (ParameterBudget.convolution k 3 5))
        Assert.Equal(Rational.ofInt k, ParameterBudget.weightRatio (ParameterBudget.hiddenOfFixedWidth k 3 4))

[<Fact>]
let ``a network is its layers and its two ends`` () =
    let network = ParameterBudget.affine 3 16 |> ParameterBudget.network 3 16 20 2 2
    Assert.Equal(5682L, network.Smooth.Total)
    Assert.Equal(20L * 256L + 48L * 2L + 2L * 48L, network.Smooth.Weights)
    Assert.Equal(Rational.create 23641 2841, ParameterBudget.ratio network)

[<Fact>]
let ``a count beyond 64 bits is an error`` () =
    Assert.Throws<System.OverflowException>(fun () -> ParameterBudget.affine 1000 System.Int32.MaxValue |> ignore<ParameterBudget>)
    |> ignore<System.OverflowException>
