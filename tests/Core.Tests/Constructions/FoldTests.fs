module LayerTime.Core.Tests.Constructions.FoldTests

open System.Numerics
open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions

[<Fact>]
let ``after two layers the velocity is a|x|`` () =
    let equation = Fold.network (Rational.create 1 3) 5 |> Architecture.equation |> Defect.orFail

    for n in -3 .. 3 do
        let x = Rational.ofInt n
        let trajectory = Simulation.run equation (Start.rest 2 [| x |])
        Assert.Equal(Rational.create 1 3 * Rational.abs x, trajectory[5][0] - trajectory[4][0])

[<Fact>]
let ``the least depth for position is the first integer beyond the bound`` () =
    let depth p q inner outer = Fold.depthForPosition (Rational.create p q) (Rational.ofInt inner) (Rational.ofInt outer)
    // The bound is exactly 8 here, and has to be exceeded.
    Assert.Equal(Ok(BigInteger 9), depth 1 2 1 2)
    Assert.True(Result.isError (depth 0 1 1 2))
    Assert.True(Result.isError (depth 1 2 2 2))
