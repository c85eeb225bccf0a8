module LayerTime.Core.Tests.Constructions.OdeLimitTests

open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions

let private r (p: int) (q: int) = Rational.create p q

let private solution horizon lipschitz derivatives : SolutionBounds<Rational> = {
    Horizon = horizon
    Lipschitz = lipschitz
    Derivatives = derivatives
}

let private undisturbed: Disturbance<Rational> = { AtStart = Rational.Zero; PerLayer = Rational.Zero }

[<Fact>]
let ``the field shifts the derivatives and ends with the force`` () =
    let f (t: Rational) (x: Rational[]) = [| t + x[0] |]
    let field = OdeLimit.field f (r 1 2) [| [| r 3 1 |]; [| r 4 1 |] |]
    Assert.Equal<Rational[][]>([| [| r 4 1 |]; [| r 7 2 |] |], field)

[<Fact>]
let ``the growth is the Lipschitz constant alone in first order`` () =
    Assert.Equal(r 3 1, OdeLimit.growth 1 (r 1 2) (r 3 1))
    Assert.Equal(r 19 4, OdeLimit.growth 4 (r 1 2) (r 3 1))

[<Fact>]
let ``the defect of order one is the remainder of Euler's method`` () = Assert.Equal(r 1 8, OdeLimit.defect (r 1 2) [| Rational.One |])

[<Fact>]
let ``the defect is the worst of the components`` () =
    // k = 2, h = 1/2: τ₁ = h²(1 − 1/2)M₂ + h³/6 M₃, τ₂ = h²/2 M₃.
    Assert.Equal(r 1 8 + r 1 48, OdeLimit.defect (r 1 2) [| Rational.One; Rational.One |])
    Assert.Equal(r 5 8, OdeLimit.defect (r 1 2) [| Rational.One; r 5 1 |])

[<Fact>]
let ``the bound is the closed form of Gronwall`` () =
    for k in 1..5 do
        for depth in [ 1; 2; 7 ] do
            let h = r 1 depth
            let solution = solution Rational.One (r 3 2) (Array.init k (fun i -> r (i + 1) 2))
            let disturbance = { AtStart = r 1 10; PerLayer = r 1 100 }
            let a = h * OdeLimit.growth k h (r 3 2)
            let power = Rational.power (Rational.One + a) depth
            let τ = OdeLimit.defect h solution.Derivatives + disturbance.PerLayer
            let expected = τ / a * (power - Rational.One) + power * disturbance.AtStart
            Assert.Equal(Ok expected, OdeLimit.bound solution disturbance depth)

[<Fact>]
let ``a bound without derivatives, horizon or enough layers is refused with every reason`` () =
    match OdeLimit.bound (solution Rational.Zero Rational.One [||]) undisturbed 0 with
    | Ok _ -> failwith "expected a refusal"
    | Error defects -> Assert.Equal<string list>([ "derivatives"; "horizon"; "depth" ], defects |> List.map _.Where)

    Assert.True(OdeLimit.bound (solution (r 2 1) Rational.One [| Rational.One |]) undisturbed 1 |> Result.isError)
    Assert.True(OdeLimit.bound (solution (r 2 1) Rational.One [| Rational.One |]) undisturbed 2 |> Result.isOk)

[<Fact>]
let ``the corrected start gives the differences of a polynomial whose correction is exact`` () =
    // x = t²: the difference (x(0) − x(−h))/h = −h is x′(0) − (h/2) x″(0).
    let h = r 1 3
    let derivatives = [| [| Rational.Zero |]; [| Rational.Zero |]; [| r 2 1 |] |]
    Assert.Equal(Ok [| [| Rational.Zero |]; [| -h |] |], OdeLimit.startCorrected h derivatives)

[<Fact>]
let ``the corrected start needs two derivatives`` () =
    Assert.True(OdeLimit.startCorrected (r 1 3) [| [| Rational.One |] |] |> Result.isError)

[<Fact>]
let ``the majorant of Verlet obeys its recursion`` () =
    let h, lipschitz, third, fourth = r 1 4, r 2 1, r 3 1, r 5 1
    let ε = OdeLimit.verletMajorant h lipschitz third fourth 6
    Assert.Equal(7, ε.Length)
    Assert.Equal(Rational.Zero, ε[0])
    Assert.Equal(Rational.power h 3 * third / r 6 1, ε[1])

    for l in 1..5 do
        let next = r 2 1 * ε[l] - ε[l - 1] + h * h * lipschitz * ε[l] + Rational.power h 4 * fourth / r 12 1
        Assert.Equal(next, ε[l + 1])

[<Fact>]
let ``the majorant of no layer is zero`` () =
    Assert.Equal<Rational[]>([| Rational.Zero |], OdeLimit.verletMajorant Rational.One Rational.One Rational.One Rational.One 0)

[<Fact>]
let ``the bound holds exactly where it is attained: Euler's method on x' = x`` () =
    // e is irrational, so compare with the network itself: x(L) = (1 + h)ᴸ stays below x(0) = 1 plus everything the bound allows.
    let depth = 8
    let step = SmoothState.scaledCascade (r 1 depth) id
    let final = Seq.fold (fun p _ -> step p) [| [| Rational.One |] |] (seq { 1..depth })
    let bound = OdeLimit.bound (solution Rational.One Rational.One [| r 2719 1000 |]) undisturbed depth |> Defect.orFail
    Assert.True(r 271828182 100000000 - final[0][0] <= bound)
