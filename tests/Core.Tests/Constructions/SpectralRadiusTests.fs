module LayerTime.Core.Tests.Constructions.SpectralRadiusTests

open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Constructions
open LayerTime.Core.Tests

let private factor (root: Rational) = [| -root; Rational.One |]

[<Property(Arbitrary = [| typeof<NumberGenerators> |])>]
let ``the largest of known roots lies between the ends`` (first: Rational) (others: Rational[]) =
    let roots = Array.append [| first |] (Array.truncate 4 others)
    let largest = roots |> Array.map Rational.abs |> Array.max
    let low, high = roots |> Array.map factor |> Array.reduce Polynomial.multiply |> SpectralRadius.enclose
    low <= largest && largest < high

[<Fact>]
let ``simple roots are enclosed to nine digits`` () =
    let golden = [| -Rational.One; -Rational.One; Rational.One |]
    let low, high = SpectralRadius.enclose golden
    // The golden ratio solves x² = x + 1, so x² − x − 1 changes its sign between the ends.
    Assert.True((Polynomial.evaluate golden low).Sign < 0 && (Polynomial.evaluate golden high).Sign > 0)
    Assert.True(high - low < Rational.create 1 1000000000)

[<Fact>]
let ``a multiple root is enclosed, if more widely`` () =
    let low, high = Array.replicate 5 (factor (Rational.ofInt -3)) |> Array.reduce Polynomial.multiply |> SpectralRadius.enclose
    Assert.True(low <= Rational.ofInt 3 && Rational.ofInt 3 < high)

[<Fact>]
let ``a constant is refused`` () =
    Assert.Throws<System.ArgumentException>(fun () -> SpectralRadius.enclose [| Rational.One; Rational.Zero |] |> ignore)
    |> ignore
