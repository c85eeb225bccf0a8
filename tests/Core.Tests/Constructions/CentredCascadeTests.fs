module LayerTime.Core.Tests.Constructions.CentredCascadeTests

open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions

let private r (p: int) (q: int) = Rational.create p q
let private square (x: Rational[]) = Array.map (fun a -> a * a + Rational.One) x
let private state k = Array.init k (fun n -> [| r (n + 1) 3; r (2 - n) 5 |])

[<Fact>]
let ``in second order it is the smooth network itself`` () =
    Assert.Equal<Rational[][]>(SmoothState.scaledCascade (r 1 3) square (state 2), CentredCascade.step (r 1 3) square (state 2))

[<Fact>]
let ``the argument lies (1 − k/2)h away along the second block`` () =
    let h = r 1 3
    let p = state 5
    let expected = Array.map2 (fun a b -> a - r 3 2 * h * b) p[0] p[1]
    Assert.Equal<Rational[]>(expected, CentredCascade.argument h p)
    Assert.Equal(r -1 2, CentredCascade.shift 5 h)

[<Fact>]
let ``the inverse undoes the step and the step the inverse`` () =
    for k in 2..6 do
        let h = r 2 3
        Assert.Equal<Rational[][]>(state k, CentredCascade.inverse h square (CentredCascade.step h square (state k)))
        Assert.Equal<Rational[][]>(state k, CentredCascade.step h square (CentredCascade.inverse h square (state k)))
