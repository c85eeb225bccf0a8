module LayerTime.Core.Tests.Constructions.NearIdentityTests

open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Constructions

let private number (text: string) =
    match Rational.parse text with
    | Ok value -> value
    | Error problem -> failwith problem

let private vector (line: string) = line.Split ' ' |> Array.map number

let private network: NearIdentity<Rational> = {
    Step = number "1/4"
    Weights = Array.replicate 4 [| vector "0 1"; vector "-1 1/2" |]
    Biases = Array.replicate 4 (vector "1/10 -1/5")
    Damping = Damping.Cubic(number "1/3")
}

let private start = vector "1 -1/2"

[<Fact>]
let ``one layer of both networks has the known values`` () =
    Assert.Equal<Rational[]>(vector "49/60 -409/480", NearIdentity.step Twin.Residual network 0 start)
    Assert.Equal<Rational[]>(vector "3357/4000 -1656897/2048000", NearIdentity.step Twin.FeedForward network 0 start)

[<Fact>]
let ``tangents are those of dual numbers`` () =
    let dual = NearIdentity.map Dual.constant network
    let direction = vector "1 2"

    for twin in [ Twin.Residual; Twin.FeedForward ] do
        let x = NearIdentity.run twin network start
        let moved = NearIdentity.run twin dual (Array.map2 (fun x v -> Dual(x, v)) start direction)

        Assert.Equal<Rational[][]>(moved |> Array.map (Array.map _.Derivative), NearIdentity.tangents twin network x direction)

[<Fact>]
let ``the adjoint of a layer is the transpose of its tangent`` () =
    for twin in [ Twin.Residual; Twin.FeedForward ] do
        for i in 0..1 do
            for j in 0..1 do
                let along = NearIdentity.stepTangent twin network 0 start (Vector.unit 2 j)
                let against = NearIdentity.stepAdjoint twin network 0 start (Vector.unit 2 i)
                Assert.Equal(along[i], against[j])

[<Fact>]
let ``a network without layers returns its input`` () =
    let empty = { network with Weights = [||]; Biases = [||] }
    Assert.Equal<Rational[][]>([| start |], NearIdentity.run Twin.Residual empty start)
    Assert.Equal<Rational[][]>([| start |], NearIdentity.momenta Twin.FeedForward empty [| start |] start)

[<Fact>]
let ``additive networks send from row to column`` () =
    let identity = {
        new ISquashing<Rational> with
            member _.Value u = u
            member _.Slope _ = Rational.One
    }

    let sender: AdditiveNetwork<Rational> = {
        Weights = [| vector "0 3"; vector "0 0" |]
        TimeConstants = vector "1 2"
        Thresholds = vector "0 0"
        Inputs = vector "0 0"
    }

    // τ_2 x_2′ = −x_2 + 3x_1
    Assert.Equal<Rational[]>(vector "-1 3/2", AdditiveNetwork.field identity sender (vector "1 0"))

[<Fact>]
let ``the symmetries of a diagonal leaky field are the scalings it allows`` () =
    let leaky = Some(Damping.Leaky(number "1/2"))
    let diagonal = [| vector "1 0"; vector "0 2" |]
    Assert.Equal(2, (AffineSymmetry.find diagonal (vector "0 0") leaky).Length)
    Assert.Equal(1, (AffineSymmetry.find diagonal (vector "0 1") leaky).Length)
    Assert.Empty(AffineSymmetry.find diagonal (vector "0 0") (Some(Damping.Cubic(number "1/2"))))

[<Fact>]
let ``winding numbers count turns with their sense`` () =
    let square = [| vector "1 1"; vector "-1 1"; vector "-1 -1"; vector "1 -1" |]
    let inside, outside = vector "1/3 -1/4", vector "2 0"
    Assert.Equal(Some 1, PlaneCurve.windingNumber inside square)
    Assert.Equal(Some -1, PlaneCurve.windingNumber inside (Array.rev square))
    Assert.Equal(Some 2, PlaneCurve.windingNumber inside (Array.append square square))
    Assert.Equal(Some 0, PlaneCurve.windingNumber outside square)
    Assert.Equal(None, PlaneCurve.windingNumber (vector "1 1/2") square)
    Assert.Equal(Rational.ofInt 4, PlaneCurve.signedArea square)

[<Fact>]
let ``a layer bends a polygon where its edges cross an axis`` () =
    let square = [| vector "1 1"; vector "-1 1"; vector "-1 -1"; vector "1 -1" |]
    let bent = PlaneCurve.apply (number "1/2") [| vector "1 0"; vector "0 1" |] (vector "0 0") square
    Assert.Equal(8, bent.Length)
    Assert.Contains(vector "0 1", bent)
    Assert.Contains(vector "-1/2 -1/2", bent)
