module LayerTime.Core.Tests.Constructions.LinearSmoothTests

open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Semantics
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser
open LayerTime.Core.Constructions

let private drawn =
    [ 1UL .. 20UL ]
    |> List.map (fun seed ->
        let stream = RandomStream seed
        let k, d = stream.NextInt(1, 5), stream.NextInt(1, 3)
        k, Draws.step stream, Matrix.ofRows (Array.init d (fun _ -> Draws.vector stream d)))

[<Fact>]
let ``the signed Pascal matrix carries one state matrix into the other`` () =
    for k, h, force in drawn do
        let s = Matrix.kronecker (Coordinates.signedPascal k) (Matrix.identity force.Rows)
        let conjugate = Matrix.multiply s (Matrix.multiply (LinearSmooth.delayMatrix k h force) s)
        Assert.Equal(LinearSmooth.differenceMatrix k h force, conjugate)

[<Fact>]
let ``a state matrix solves its own characteristic equation`` () =
    for k, h, force in drawn do
        let φ = force[0, 0]
        let m = LinearSmooth.delayMatrix k h (Matrix.ofRows [| [| φ |] |])

        let value =
            LinearSmooth.characteristicPolynomial k h φ
            |> Array.mapi (fun i c -> Matrix.scale c (Matrix.power m i))
            |> Array.reduce Matrix.add

        Assert.Equal(Matrix.zero k k, value)

[<Fact>]
let ``at zero the characteristic polynomial is the determinant up to sign`` () =
    for k, h, force in drawn do
        let size = k * force.Rows
        let determinant = Elimination.determinant (LinearSmooth.differenceMatrix k h force)
        let expected = if size % 2 = 0 then determinant else -determinant
        Assert.Equal(expected, LinearSmooth.characteristicAt k h force Rational.Zero)
