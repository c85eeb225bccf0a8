module LayerTime.Core.Tests.PropertyTests

open System.Reflection
open System.Threading
open FsCheck.FSharp
open Xunit
open Xunit.Abstractions
open Xunit.Sdk
open LayerTime.Core.Tests

/// Numbers that are always seven.
type Sevens =
    static member Seven() = Arb.fromGen (Gen.constant 7)

/// Properties that are checked by the tests below, and not by xunit.
type Samples =
    static member True(x: int) : bool = x * 0 = 0
    static member Small(x: int) : bool = x < 20
    static member Never(x: int) : FsCheck.Property = Prop.filter false (x = x)
    static member IsSeven(x: int) : bool = x = 7
    static member Throws(_: int) : unit = invalidOp "thrown on purpose"

/// Properties that xunit does not find, because the type is not public.
type internal Hidden =
    [<Property>]
    static member True(x: int) : bool = x = x

    [<Property>]
    static member False(x: int) : bool = x < 20

    [<Property>]
    static member Never(x: int) : FsCheck.Property = Prop.filter false (x = x)

let private check (name: string) (attribute: PropertyAttribute) : PropertyResult =
    match typeof<Samples>.GetMethod(name, BindingFlags.Static ||| BindingFlags.Public) with
    | null -> failwith $"There is no sample {name}."
    | method -> PropertyCheck.run attribute None method

let private refutation (name: string) (attribute: PropertyAttribute) : string =
    match check name attribute with
    | PropertyResult.Refuted report -> report
    | other -> failwith $"Expected a refutation, found {other}."

let private between (before: string) (after: string) (text: string) : string =
    let rest = text.Substring(text.IndexOf before + before.Length)
    rest.Substring(0, rest.IndexOf after)

[<Fact>]
let ``a true property holds on as many draws as asked for`` () =
    Assert.Equal(PropertyResult.Held 100, check "True" (PropertyAttribute()))
    Assert.Equal(PropertyResult.Held 7, check "True" (PropertyAttribute(MaxTest = 7)))

[<Fact>]
let ``a false property is refuted and shrunk to the smallest counterexample`` () =
    Assert.Contains("Shrunk:   20", refutation "Small" (PropertyAttribute()))

[<Fact>]
let ``a property that throws is refuted with the message`` () =
    Assert.Contains("thrown on purpose", refutation "Throws" (PropertyAttribute()))

[<Fact>]
let ``the seed is pinned`` () = Assert.Equal(refutation "Small" (PropertyAttribute()), refutation "Small" (PropertyAttribute()))

[<Fact>]
let ``the printed replay repeats the refutation with the first draw`` () =
    let report = refutation "Small" (PropertyAttribute())
    let replay = between "Replay = \"" "\"" report
    let original = between "Original: " "\n"
    let again = refutation "Small" (PropertyAttribute(Replay = replay))
    Assert.StartsWith("Refuted after 1 draws", again)
    Assert.Equal(original report, original again)

[<Fact>]
let ``a property whose condition is never met is vacuous, which is a failure`` () =
    let result = check "Never" (PropertyAttribute())
    Assert.Equal(PropertyResult.Vacuous 0, result)
    Assert.True((PropertyCheck.tryFailure result).IsSome)

[<Fact>]
let ``instances named by Arbitrary are the ones drawn`` () =
    Assert.Equal(PropertyResult.Held 100, check "IsSeven" (PropertyAttribute(Arbitrary = [| typeof<Sevens> |])))
    Assert.Contains("Refuted", refutation "IsSeven" (PropertyAttribute()))

/// What xunit is told when it runs a property: how many failed, and the messages.
let private runByXunit (name: string) : int * string list =
    let messages = ResizeArray()

    let bus = {
        new IMessageBus with
            member _.QueueMessage message =
                match message with
                | :? ITestFailed as failed -> messages.AddRange failed.Messages
                | _ -> ()

                true

            member _.Dispose() = ()
    }

    let hidden = Reflector.Wrap typeof<Hidden>
    let assembly = TestAssembly(Reflector.Wrap typeof<Hidden>.Assembly)
    let testClass = TestClass(TestCollection(assembly, null, "hidden"), hidden)
    let method = TestMethod(testClass, hidden.GetMethod(name, true))
    let sink = new NullMessageSink()
    use case = new PropertyTestCase(sink, TestMethodDisplay.Method, TestMethodDisplayOptions.None, method)
    use cancellation = new CancellationTokenSource()
    let summary = case.RunAsync(sink, bus, [||], ExceptionAggregator(), cancellation).Result
    Assert.Equal(1, summary.Total)
    summary.Failed, List.ofSeq messages

[<Fact>]
let ``xunit counts a false and an exhausted property as failed, with the report, and a true one as passed`` () =
    Assert.Equal((0, []), runByXunit "True")

    match runByXunit "False", runByXunit "Never" with
    | (1, [ refuted ]), (1, [ exhausted ]) ->
        Assert.Contains("Shrunk:   20", refuted)
        Assert.Contains("Replay = ", refuted)
        Assert.Contains("Exhausted", exhausted)
    | other -> failwith $"Expected two failures, found {other}."

[<Property(MaxTest = 50)>]
let ``the attribute itself is found and run`` (x: int) (y: int) = x + y = y + x

/// Properties on an object, which is made for each test.
type ``a property may be an instance method``() =
    [<Property>]
    member _.``reversing twice changes nothing``(values: int list) = List.rev (List.rev values) = values
