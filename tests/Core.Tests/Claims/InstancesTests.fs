module LayerTime.Core.Tests.Claims.InstancesTests

open FsCheck.FSharp
open Xunit
open LayerTime.Core.Claims
open LayerTime.Core.Tests

[<Fact>]
let ``integers shrink from the target on by halving the distance`` () =
    Assert.Equal<int seq>([ 0; 5; 8; 9 ], Shrink.int 0 10)
    Assert.Equal<int seq>([ 1; -1; -2 ], Shrink.int 1 -3)
    Assert.Empty(Shrink.int 4 4)

[<Property>]
let ``every simpler integer is strictly nearer to the target`` (target: int) (value: int) =
    let distance x = abs (int64 x - int64 target)
    Shrink.int target value |> Seq.forall (fun simpler -> distance simpler < distance value)

[<Fact>]
let ``the extreme integers shrink without overflow`` () =
    let candidates = Shrink.int System.Int32.MinValue System.Int32.MaxValue |> Seq.toList
    Assert.Equal(System.Int32.MinValue, candidates.Head)
    Assert.Equal(32, candidates.Length)

[<Property>]
let ``shrinking floats ends at zero`` (value: int) =
    let rec descend steps x =
        match Seq.tryLast (Shrink.float x) with
        | Some simpler when steps < 200 -> descend (steps + 1) simpler
        | _ -> x

    descend 0 (float value / 8.0) = 0.0

[<Fact>]
let ``floats that are not finite have nothing simpler`` () =
    Assert.All([ nan; infinity; -infinity; 0.0 ], (fun x -> Assert.Empty(Shrink.float x)))

[<Property>]
let ``simpler arrays are shorter down to the shortest allowed, or have one element simpler`` (values: int[]) (shortest: int) =
    let shortest = min values.Length (abs shortest % 4)
    let candidates = Shrink.array shortest (Shrink.int 0) values |> Seq.toList

    let isSimpler (candidate: int[]) =
        if candidate.Length = values.Length then
            (Array.zip values candidate |> Array.filter (fun (a, b) -> a <> b)).Length = 1
        else
            shortest <= candidate.Length && candidate.Length < values.Length

    List.forall isSimpler candidates
    && (values.Length = shortest)
       <> (candidates |> List.exists (fun candidate -> candidate.Length = shortest && candidate.Length < values.Length))

[<Fact>]
let ``every size from 1 to 100 comes once in any hundred cases in a row`` () =
    for first in [ 0; 1; 77; 2_147_483_547 ] do
        let sizes = [ first .. first + 99 ] |> List.map Instances.size
        Assert.Equal<int list>([ 1..100 ], List.sort sizes)

    Assert.Equal(1, Instances.size 0)

[<Fact>]
let ``a generator from a stream draws the same again for the same seed, and sees the size`` () =
    let generator =
        Generator.fromStream (fun size numbers -> size, Array.init 3 (fun _ -> numbers.NextUInt64())) Shrink.none (fun _ -> [])

    let draw seed = (Gen.sampleWithSeed (FsCheck.Rnd seed) 17 1 generator.Gen)[0]
    Assert.Equal(draw 5UL, draw 5UL)
    Assert.NotEqual(draw 5UL, draw 6UL)
    Assert.Equal(17, fst (draw 5UL))

[<Fact>]
let ``the kind of the instances is that of their case`` () =
    let show _ = []
    let generator = Generator.create (Gen.constant 1) Shrink.none show
    Assert.Equal(InstanceKind.Fixed, Instances.kind (Instances.chosen show [ 1 ]))
    Assert.Equal(InstanceKind.Exhaustive, Instances.kind (Instances.exhaustive show [ 1 ]))
    Assert.Equal(InstanceKind.Ladder, Instances.kind (Instances.ladder show [ 1 ]))
    Assert.Equal(InstanceKind.Random, Instances.kind (Instances.random generator 1))
