module LayerTime.Core.Tests.Constructions.IntegralFormTests

open System
open System.Numerics
open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Constructions

let private sizes = List.allPairs [ 1..7 ] [ 0..9 ]

[<Fact>]
let ``the weights of order three and depth five are those of the literature`` () =
    Assert.Equal<BigInteger[]>([| 1I; 5I; 15I |], IntegralForm.startWeights 3 5)
    Assert.Equal<BigInteger[]>([| 15I; 10I; 6I; 3I; 1I |], IntegralForm.forceWeights 3 5)

[<Fact>]
let ``running weights are binomials`` () =
    for k, depth in sizes do
        Assert.Equal<BigInteger[]>(
            Array.init depth (fun s -> Binomial.choose (depth - s + k - 2) (k - 1)),
            IntegralForm.forceWeights k depth
        )

        Assert.Equal<BigInteger[]>(Array.init k (fun i -> Binomial.choose (depth + i - 1) i), IntegralForm.startWeights k depth)

[<Fact>]
let ``a constant force adds up to C(L+k−1, k)`` () =
    for k, depth in sizes do
        let sum = Array.fold (+) BigInteger.Zero (IntegralForm.forceWeights k depth)
        Assert.Equal(Binomial.choose (depth + k - 1) k, sum)

[<Fact>]
let ``without layers the newest state is the start`` () =
    let start = [| [| Rational.create 1 2 |]; [| Rational.ofInt 7 |] |]
    Assert.Equal<Rational[]>(start[0], IntegralForm.newest (Rational.create 1 3) start [||])

[<Fact>]
let ``floats take the same path`` () =
    let start = [| [| Binary64 1.0 |]; [| Binary64 0.5 |] |]
    let newest = IntegralForm.newest (Binary64 0.5) start [| [| Binary64 4.0 |]; [| Binary64 8.0 |] |]
    // 1 + 2·0.5 + 0.25·(2·4 + 1·8)
    Assert.Equal(6.0, newest[0].Value)

[<Fact>]
let ``an order below one and a negative depth are refused`` () =
    Assert.Throws<ArgumentException>(fun () -> IntegralForm.forceWeights 0 3 |> ignore) |> ignore
    Assert.Throws<ArgumentException>(fun () -> IntegralForm.startWeights 2 -1 |> ignore) |> ignore
