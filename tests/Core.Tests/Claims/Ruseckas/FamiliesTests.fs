module LayerTime.Core.Tests.Claims.Ruseckas.FamiliesTests

open Xunit
open FsCheck.FSharp
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

let private sample (generator: Generator<'I>) : 'I[] = Gen.sampleWithSeed (FsCheck.Rnd 7UL) 50 40 generator.Gen

/// The instances and what they are simplified to.
let private withSimpler (generator: Generator<'I>) : 'I seq =
    sample generator |> Seq.collect (fun drawn -> Seq.append [ drawn ] (generator.Shrink drawn |> Seq.truncate 40))

[<Fact>]
let ``solutions of triangular fields solve them`` () =
    for case in withSimpler (Triangular.generator false) do
        let x = Triangular.solve case.Field Rational.Zero case.Start
        let rate = x |> Array.map (RingPolynomial.derivative >> Polynomial.normalise)
        Assert.Equal<Rational[][]>(Triangular.along case.Field x |> Array.map Polynomial.normalise, rate)
        Assert.Equal<Rational[]>(case.Start, Triangular.at Rational.Zero x)

[<Fact>]
let ``triangular fields read earlier components only, also when simplified`` () =
    for case in withSimpler (Triangular.generator false) do
        case.Field
        |> Array.iteri (fun i terms ->
            for term in terms do
                Assert.Equal(case.Dimension + 1, term.Exponents.Length)
                Assert.All(Array.sub term.Exponents i (case.Dimension - i), (fun exponent -> Assert.Equal(0, exponent)))
                Assert.True(Array.sum term.Exponents <= 2))

[<Fact>]
let ``projective flows stay away from their blow-up and solve their equation`` () =
    for case in withSimpler Projective.generator do
        let kx = Vector.dot case.Direction case.Start
        Assert.True(kx.Sign <> 0 && kx <= Rational.create 1 2)
        let t = Rational.create 1 3
        let moving = Projective.flow (Projective.constants case.Direction) (Dual.variable t) (Projective.constants case.Start)
        let x = Projective.flow case.Direction t case.Start
        Assert.Equal<Rational[]>(Projective.field case.Direction x, moving |> Array.map _.Derivative)

[<Fact>]
let ``carrying a covector is the inverse of pulling it back`` () =
    for case in sample Projective.generator do
        let t = Rational.create 2 3
        let pulled = Matrix.apply (Matrix.transpose (Projective.jacobian case.Direction t case.Start)) case.Target
        Assert.Equal<Rational[]>(case.Target, Projective.carry case.Direction t case.Start pulled)

[<Fact>]
let ``networks keep the asked shape when simplified`` () =
    let shape = { Networks.both with Cubic = false; Deepest = 6; Accept = fun case -> case.Dimension >= 2 }

    for case in withSimpler (Networks.generator shape) do
        Assert.InRange(case.Network.Depth, 1, 6)
        Assert.InRange(case.Dimension, 2, 3)
        Assert.Equal(case.Network.Depth, case.Network.Biases.Length)

[<Fact>]
let ``symmetric weights stay symmetric and steps short when simplified`` () =
    for case in withSimpler (AdditiveCase.generator true) do
        let w = Matrix.ofRows case.Network.Weights
        Assert.Equal(w, Matrix.transpose w)
        Assert.All(case.Network.TimeConstants, (fun τ -> Assert.True(τ.Sign > 0 && case.Step <= τ)))

let private holds (outcome: Outcome) =
    match outcome with
    | Outcome.Holds _ -> true
    | _ -> false

[<Theory>]
[<InlineData("3/7", "3/7", true)>]
[<InlineData("3/7", "0.428571", false)>]
[<InlineData("0.4286", "3/7", true)>]
[<InlineData("0.4295", "3/7", true)>]
[<InlineData("0.4297", "3/7", false)>]
[<InlineData("0.4285714285714286", "3/7", true)>]
[<InlineData("0.4285714285724286", "3/7", false)>]
[<InlineData("4.29e-1", "3/7", true)>]
let ``known values are met to the digits they show`` (written: string, found: string, expected: bool) =
    Assert.Equal(expected, holds (Known.compare "x" written [| Known.number found |]))

[<Fact>]
let ``every claim of the paper can be run`` () =
    let ours = Papers.catalogue.Claims |> List.filter (fun claim -> claim.Id.StartsWith "ruseckas.")
    Assert.Equal(54, ours.Length)
    Assert.All(ours, (fun claim -> Assert.Equal(ClaimStatus.Executable, claim.Status)))
