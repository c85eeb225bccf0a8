module LayerTime.Core.Tests.Claims.SeedTests

open System
open Xunit
open LayerTime.Core.Claims
open LayerTime.Core.Tests

[<Fact>]
let ``seeds with root 0 are the numbers of SplitMix64 with seed 0`` () =
    let known = [ 0xE220A8397B1DCDAFUL; 0x6E789E6AA1B965F4UL; 0x06C45D188009454FUL ]
    Assert.Equal<uint64 list>(known, [ 0..2 ] |> List.map (Seed.at 0UL))

[<Fact>]
let ``names are hashed by FNV-1a, two bytes for each UTF-16 unit`` () =
    let knownForA = 0xAF63DC4C8601EC8CUL
    Assert.Equal(0xCBF29CE484222325UL, Seed.ofName "")
    Assert.Equal(knownForA * 0x100000001B3UL, Seed.ofName "a")

[<Fact>]
let ``a seed depends on where the name of the claim ends and that of the part begins`` () =
    Assert.NotEqual(Seed.ofCase 1UL "ab" "c" 0, Seed.ofCase 1UL "a" "bc" 0)
    Assert.NotEqual(Seed.ofCase 1UL "a" "b" 0, Seed.ofCase 1UL "b" "a" 0)

[<Property>]
let ``the cases of a part have different seeds`` (seed: uint64) (first: int) (second: int) =
    let seedOf index = Seed.ofCase seed "claim" "part" index
    (first = second) = (seedOf first = seedOf second)

[<Fact>]
let ``the seed of a case does not change from version to version`` () =
    Assert.Equal(1435660075616153959UL, Seed.ofCase 42UL "hauser.smooth.inverse" "equality" 17)

[<Property>]
let ``number i of a stream is the seed i of its key`` (key: uint64) =
    let stream = RandomStream key
    [ for _ in 0..9 -> stream.NextUInt64() ] = [ for i in 0..9 -> Seed.at key i ]

[<Property>]
let ``integers lie between their bounds`` (key: uint64) (a: int) (b: int) =
    let x = RandomStream(key).NextInt(min a b, max a b)
    min a b <= x && x <= max a b

[<Fact>]
let ``integers take every value, about equally often`` () =
    let stream = RandomStream 7UL
    let counts = Seq.init 60_000 (fun _ -> stream.NextInt(-2, 3)) |> Seq.countBy id |> Map.ofSeq
    Assert.Equal<int seq>(seq { -2 .. 3 }, counts.Keys)
    Assert.All(counts.Values, (fun count -> Assert.InRange(count, 9_600, 10_400)))

[<Fact>]
let ``integers may be of all 32 bits`` () =
    let stream = RandomStream 7UL
    let drawn = [ for _ in 1..200 -> stream.NextInt(Int32.MinValue, Int32.MaxValue) ]
    Assert.True(List.min drawn < -1_900_000_000 && List.max drawn > 1_900_000_000)

[<Property>]
let ``floats lie between their bounds`` (key: uint64) (a: int) (b: int) =
    let low, high = float (min a b), float (max a b)
    let x = RandomStream(key).NextFloat(low, high)
    low <= x && x <= high

[<Fact>]
let ``floats of an interval have its middle as their mean and reach its ends`` () =
    let stream = RandomStream 7UL
    let drawn = Array.init 100_000 (fun _ -> stream.NextFloat(-1.0, 3.0))
    Assert.InRange(Array.average drawn, 0.98, 1.02)
    Assert.InRange(Array.min drawn, -1.0, -0.999)
    Assert.InRange(Array.max drawn, 2.999, 3.0)

[<Fact>]
let ``booleans are true half of the time`` () =
    let stream = RandomStream 7UL
    Assert.InRange(Seq.init 10_000 (fun _ -> stream.NextBool()) |> Seq.filter id |> Seq.length, 4_800, 5_200)

[<Fact>]
let ``empty ranges are refused`` () =
    Assert.Throws<ArgumentOutOfRangeException>(fun () -> RandomStream(1UL).NextInt(1, 0) |> ignore) |> ignore
    Assert.Throws<ArgumentOutOfRangeException>(fun () -> RandomStream(1UL).NextFloat(1.0, 0.0) |> ignore) |> ignore
    Assert.Throws<ArgumentOutOfRangeException>(fun () -> RandomStream(1UL).NextFloat(nan, 0.0) |> ignore) |> ignore
