module LayerTime.Core.Tests.Constructions.FreeMotionTests

open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser
open LayerTime.Core.Constructions

let private histories =
    [ 1UL .. 30UL ]
    |> List.map (fun seed ->
        let stream = RandomStream seed
        let k, d = stream.NextInt(1, 6), stream.NextInt(1, 3)
        Array.init k (fun _ -> Draws.vector stream d))

[<Fact>]
let ``three, one, nothing continues with the triangular numbers`` () =
    let history = TestMaps.rows [ "3"; "1"; "0" ]
    Assert.Equal<Rational[][]>(TestMaps.rows [ "6"; "10"; "15" ], Array.init 3 (fun l -> FreeMotion.state history (l + 1)))

[<Fact>]
let ``the polynomial passes through its history`` () =
    for history in histories do
        Assert.Equal<Rational[][]>(history, Array.init history.Length (fun j -> FreeMotion.state history -j))

[<Fact>]
let ``the degree stays below the order`` () =
    for history in histories do
        Assert.All(FreeMotion.polynomials history, fun polynomial -> Assert.True(polynomial.Length <= history.Length))

[<Fact>]
let ``what was at rest stays at rest`` () =
    let rest = Array.replicate 4 [| Rational.create 2 3; Rational.ofInt -1 |]
    Assert.Equal<Rational[]>(rest[0], FreeMotion.state rest 17)
