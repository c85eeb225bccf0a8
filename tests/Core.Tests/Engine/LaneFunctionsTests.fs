namespace LayerTime.Core.Tests.Engine

open System
open System.Runtime.Intrinsics
open Xunit
open Xunit.Abstractions
open LayerTime.Core.Engine
open LayerTime.Core.Tests.Numbers

type LaneFunctionsTests(output: ITestOutputHelper) =
    let cases =
        match Environment.GetEnvironmentVariable "LAYERTIME_ELEMENTARY_CASES" with
        | null
        | "" -> 8000
        | text -> Int32.Parse text

    let lanes (name: string) : Vector256<float> -> Vector256<float> =
        match name with
        | "tanh" -> LaneFunctions.tanh
        | "logistic" -> LaneFunctions.logistic
        | _ -> LaneFunctions.softplus

    let one (name: string) (x: float) : float = (lanes name (Vector256.Create x)).ToScalar()

    let same (expected: float) (actual: float) =
        Assert.Equal(BitConverter.DoubleToInt64Bits expected, BitConverter.DoubleToInt64Bits actual)

    [<Theory>]
    [<InlineData "tanh">]
    [<InlineData "logistic">]
    [<InlineData "softplus">]
    member _.``the error of every lane stays below the proven bound``(name: string) =
        let subject = Subjects.find name
        let mutable worst = 0.0
        let mutable worstArgument = 0.0

        for x in Subjects.arguments cases subject do
            let error = Ulps.error (subject.Truth Subjects.precision (Binary.ofFloat x)) (one name x)

            if error > worst then
                worst <- error
                worstArgument <- x

        output.WriteLine $"{name}: largest error %.3f{worst} ulp at {worstArgument:R}, proven bound {LaneFunctions.maxUlps}"
        Assert.True(worst <= LaneFunctions.maxUlps, $"{name} {worstArgument:R} is wrong by {worst} ulp")

    [<Theory>]
    [<InlineData "tanh">]
    [<InlineData "logistic">]
    [<InlineData "softplus">]
    member _.``a lane does not know its neighbours``(name: string) =
        for group in Subjects.arguments 4000 (Subjects.find name) |> Seq.chunkBySize 4 |> Seq.filter (fun xs -> xs.Length = 4) do
            let together = lanes name (Vector256.Create(group[0], group[1], group[2], group[3]))

            for i in 0..3 do
                same (one name group[i]) (together.GetElement i)

    [<Fact>]
    member _.``tanh is odd bit by bit and keeps what is too small to be changed``() =
        for x in Subjects.arguments 4000 (Subjects.find "tanh") do
            same -(one "tanh" x) (one "tanh" -x)

        for x in [ 0.0; -0.0; 1e-20; -1e-300; Double.Epsilon ] do
            same x (one "tanh" x)

    [<Fact>]
    member _.``limits and NaN``() =
        for x in [ 20.0; 1e308; Double.PositiveInfinity ] do
            same 1.0 (one "tanh" x)

        same 1.0 (one "logistic" Double.PositiveInfinity)
        same 0.0 (one "logistic" Double.NegativeInfinity)
        same Double.PositiveInfinity (one "softplus" Double.PositiveInfinity)
        same 0.0 (one "softplus" Double.NegativeInfinity)

        for name in [ "tanh"; "logistic"; "softplus" ] do
            Assert.True(Double.IsNaN(one name nan))
