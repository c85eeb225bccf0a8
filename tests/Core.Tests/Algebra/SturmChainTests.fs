module LayerTime.Core.Tests.Algebra.SturmChainTests

open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra

let private polynomial (coefficients: int list) = coefficients |> List.map Rational.ofInt |> List.toArray
let private r = Rational.create

/// T_{n+1} = 2x·T_n − T_{n−1}: n simple roots in (−1, 1), cos((2k − 1)π/2n).
let private chebyshev n =
    let next (older, newer) = newer, Polynomial.add (Polynomial.multiply (polynomial [ 0; 2 ]) newer) (Polynomial.scale -Rational.One older)

    Seq.replicate n () |> Seq.fold (fun pair () -> next pair) (polynomial [ 1 ], polynomial [ 0; 1 ]) |> fst

/// Π (x − i), i = 1 … n (Wilkinson).
let private wilkinson n = Seq.init n (fun i -> polynomial [ -(i + 1); 1 ]) |> Seq.reduce Polynomial.multiply

[<Fact>]
let ``Chebyshev polynomials have all their roots in (−1, 1)`` () =
    for n in 1..12 do
        let chain = SturmChain.create (chebyshev n)
        Assert.Equal(n, SturmChain.realRoots chain)
        Assert.Equal(n, SturmChain.count (Some(r -1 1)) (Some(r 1 1)) chain)
        Assert.Equal(n / 2, SturmChain.positiveRoots chain)

[<Fact>]
let ``the roots of the Wilkinson polynomial are told apart`` () =
    let chain = SturmChain.create (wilkinson 20)

    for i in 0..20 do
        Assert.Equal(i, SturmChain.count (Some Rational.Zero) (Some(r (2 * i + 1) 2)) chain)

    // A change of one coefficient by 2⁻²³ leaves ten real roots (Wilkinson 1963).
    let changed = wilkinson 20 |> Array.mapi (fun i a -> if i = 19 then a - Rational.power (r 2 1) -23 else a)
    Assert.Equal(10, SturmChain.realRoots (SturmChain.create changed))

[<Fact>]
let ``an end that is a root counts on the right and not on the left`` () =
    let chain = SturmChain.create (wilkinson 3)
    Assert.Equal(1, SturmChain.count (Some(r 1 1)) (Some(r 2 1)) chain)
    Assert.Equal(2, SturmChain.count (Some(r 1 2)) (Some(r 2 1)) chain)
    Assert.Equal(0, SturmChain.count (Some(r 2 1)) (Some(r 2 1)) chain)
    Assert.Equal(0, SturmChain.count (Some(r 3 1)) None chain)

[<Fact>]
let ``multiple roots count once, at the ends of an interval too`` () =
    let chain = SturmChain.create (Polynomial.power (wilkinson 2) 3)
    Assert.Equal(2, SturmChain.realRoots chain)
    Assert.Equal(1, SturmChain.count (Some(r 1 1)) (Some(r 2 1)) chain)
    Assert.Equal<Rational[]>(wilkinson 2, chain.SquareFree)

[<Fact>]
let ``constants have no roots and the zero polynomial no chain`` () =
    Assert.Equal(0, SturmChain.realRoots (SturmChain.create (polynomial [ -3 ])))
    Assert.Empty(SturmChain.isolate (r 1 8) None (SturmChain.create (polynomial [ 7 ])))
    Assert.Throws<System.ArgumentException>(fun () -> SturmChain.create (polynomial [ 0; 0 ]) |> ignore) |> ignore
    let chain = SturmChain.create (wilkinson 1)
    Assert.Throws<System.ArgumentException>(fun () -> SturmChain.isolate Rational.Zero None chain |> ignore) |> ignore

[<Fact>]
let ``roots that are close are isolated, from a bound on`` () =
    // x² − 2 and x − 1.4142: two roots 1.4·10⁻⁵ apart.
    let chain = SturmChain.create (Polynomial.multiply (polynomial [ -2; 0; 1 ]) [| r -14142 10000; Rational.One |])
    let isolated = SturmChain.isolate (r 1 4) (Some Rational.Zero) chain
    Assert.Equal(2, isolated.Length)
    Assert.True(fst isolated[0] < r 14142 10000 && snd isolated[0] >= r 14142 10000 && snd isolated[0] <= fst isolated[1])
    Assert.Equal(3, (SturmChain.isolate (r 1 4) None chain).Length)
    Assert.Empty(SturmChain.isolate (r 1 4) (Some(r 100 1)) chain)
