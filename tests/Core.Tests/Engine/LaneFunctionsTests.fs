namespace LayerTime.Core.Tests.Engine

open System
open Xunit
open Xunit.Abstractions
open LayerTime.Core.Engine
open LayerTime.Core.Tests.Numbers

module private Registers =
    /// f of so many numbers as a register has lanes.
    let inRegister<'V when 'V :> ILanes<'V>> (name: string) (xs: float[]) : float[] =
        let x = 'V.Load &xs[0]

        let y =
            match name with
            | "tanh" -> LaneFunctions.tanh x
            | "logistic" -> LaneFunctions.logistic x
            | _ -> LaneFunctions.softplus x

        let ys = Array.zeroCreate xs.Length
        'V.Store(y, &ys[0])
        ys

open Registers

type LaneFunctionsTests(output: ITestOutputHelper) =
    let cases =
        match Environment.GetEnvironmentVariable "LAYERTIME_ELEMENTARY_CASES" with
        | null
        | "" -> 8000
        | text -> Int32.Parse text

    let one (name: string) (x: float) : float = (inRegister<FourLanes> name (Array.create 4 x))[0]

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
    member _.``a lane does not know its neighbours, neither of four lanes nor of eight``(name: string) =
        for group in Subjects.arguments 4000 (Subjects.find name) |> Seq.chunkBySize 8 |> Seq.filter (fun xs -> xs.Length = 8) do
            let alone = Array.map (one name) group
            let fours = Array.append (inRegister<FourLanes> name group[0..3]) (inRegister<FourLanes> name group[4..7])
            let eights = inRegister<EightLanes> name group

            for i in 0..7 do
                same alone[i] fours[i]
                same alone[i] eights[i]

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
            Assert.True(Array.forall Double.IsNaN (inRegister<EightLanes> name (Array.create 8 nan)))
