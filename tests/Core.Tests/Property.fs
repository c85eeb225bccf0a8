namespace LayerTime.Core.Tests

// xunit marks the constructor for deserialisation as obsolete, so that nobody else calls it.
#nowarn "44"

open System
open System.Collections.Generic
open System.Diagnostics
open System.Reflection
open System.Threading
open System.Threading.Tasks
open FsCheck
open FsCheck.FSharp
open Xunit
open Xunit.Abstractions
open Xunit.Sdk
open LayerTime.Core.Claims

/// What checking a property gave.
[<RequireQualifiedAccess>]
type PropertyResult =
    /// True on this many draws.
    | Held of tests: int
    /// So many draws were rejected that too few were left.
    | Vacuous of tests: int
    /// False; the report names the original and the shrunk values, the cause and the replay.
    | Refuted of report: string

/// A test that is true of every draw of its arguments: FsCheck, with a pinned seed. Parameters are named as in FsCheck.Xunit.
[<AttributeUsage(AttributeTargets.Method ||| AttributeTargets.Property, AllowMultiple = false)>]
[<XunitTestCaseDiscoverer("LayerTime.Core.Tests.PropertyDiscoverer", "LayerTime.Core.Tests")>]
type PropertyAttribute() =
    inherit FactAttribute()

    /// The number of draws that have to pass.
    member val MaxTest: int = 100 with get, set

    /// The size of the first draw.
    member val StartSize: int = 1 with get, set

    /// The size of the last draw.
    member val EndSize: int = 100 with get, set

    /// A seed as a failure prints it, "seed,gamma" or "seed,gamma,size"; empty for the seed of the test's name.
    member val Replay: string = "" with get, set

    /// Types whose static members are the instances of Arbitrary to draw from.
    member val Arbitrary: Type[] = [||] with get, set

    /// Accepted for the sake of FsCheck.Xunit; a passing property is always quiet.
    member val QuietOnSuccess: bool = true with get, set

[<RequireQualifiedAccess>]
module PropertyCheck =

    let private replay (text: string) (name: string) : Replay =
        match text.Trim([| '('; ')'; ' ' |]).Split ',' |> Array.map _.Trim() with
        | [| "" |] -> { Rnd = Rnd(Seed.ofName name); Size = None }
        | [| seed; gamma |] -> { Rnd = Rnd(UInt64.Parse seed, UInt64.Parse gamma); Size = None }
        | [| seed; gamma; size |] -> { Rnd = Rnd(UInt64.Parse seed, UInt64.Parse gamma); Size = Some(Int32.Parse size) }
        | _ -> invalidArg (nameof text) $"'{text}' is not a replay: seed,gamma or seed,gamma,size."

    let private report (result: TestResult) : PropertyResult =
        match result with
        | TestResult.Passed(data, _) -> PropertyResult.Held data.NumberOfTests
        | TestResult.Exhausted data -> PropertyResult.Vacuous data.NumberOfTests
        | TestResult.Failed(data, original, shrunk, outcome, _, last, size) ->
            let show (values: obj list) = values |> List.map (sprintf "%A") |> String.concat ", "

            let lines = [
                $"Refuted after {data.NumberOfTests} draws and {data.NumberOfShrinks} shrinks."
                $"Original: {show original}"
                $"Shrunk:   {show shrunk}"
                $"Replay = \"{last.Seed},{last.Gamma},{size}\""
                for label in data.Labels do
                    $"Label: {label}"
                match outcome with
                | FsCheck.Outcome.Failed cause -> string cause
                | _ -> ()
            ]

            PropertyResult.Refuted(String.Join(Environment.NewLine, lines))

    /// Checks a method on draws of its arguments, silently.
    let run (attribute: PropertyAttribute) (target: obj option) (method: MethodInfo) : PropertyResult =
        let mutable answer = ValueNone

        let runner = {
            new IRunner with
                member _.OnStartFixture _ = ()
                member _.OnArguments(_, _, _) = ()
                member _.OnShrink(_, _) = ()
                member _.OnFinished(_, result) = answer <- ValueSome(report result)
        }

        let config =
            Config.Quick
                .WithName(method.Name)
                .WithMaxTest(attribute.MaxTest)
                .WithStartSize(attribute.StartSize)
                .WithEndSize(attribute.EndSize)
                .WithReplay(Some(replay attribute.Replay method.Name))
                .WithArbitrary(attribute.Arbitrary)
                .WithRunner
                runner

        Check.Method(config, method, ?target = target)
        ValueOption.get answer

    /// A message, if the result is a failure.
    let tryFailure (result: PropertyResult) : string option =
        match result with
        | PropertyResult.Held _ -> None
        | PropertyResult.Vacuous tests -> Some $"Exhausted: only {tests} draws satisfied the condition."
        | PropertyResult.Refuted report -> Some report

type private PropertyRunner
    (test, bus, testClass, constructorArguments, method: MethodInfo, arguments, skip, aspects, aggregator, cancellation, attribute) =
    inherit XunitTestRunner(test, bus, testClass, constructorArguments, method, arguments, skip, aspects, aggregator, cancellation)

    override _.InvokeTestMethodAsync(aggregator: ExceptionAggregator) : Task<decimal> =
        let clock = Stopwatch.StartNew()

        aggregator.Run(fun () ->
            let target = if method.IsStatic then None else Some(Activator.CreateInstance(testClass, constructorArguments) |> nonNull)

            PropertyCheck.run attribute target method
            |> PropertyCheck.tryFailure
            |> Option.iter (fun message -> raise (FailException.ForFailure message)))

        Task.FromResult(decimal clock.Elapsed.TotalSeconds)

/// A property as xunit sees it.
type PropertyTestCase =
    inherit XunitTestCase

    /// For deserialisation by xunit.
    new() = { inherit XunitTestCase() }

    /// A case of this method.
    new(sink: IMessageSink, display: TestMethodDisplay, options: TestMethodDisplayOptions, method: ITestMethod) =
        { inherit XunitTestCase(sink, display, options, method) }

    override this.RunAsync(_, bus, constructorArguments, aggregator, cancellation) : Task<RunSummary> =
        let attribute = this.Method.ToRuntimeMethod().GetCustomAttribute<PropertyAttribute>() |> nonNull

        let runner = {
            new XunitTestCaseRunner(this, this.DisplayName, this.SkipReason, constructorArguments, [||], bus, aggregator, cancellation) with
                override _.CreateTestRunner
                    (test, bus, testClass, constructorArguments, method, arguments, skip, aspects, aggregator, cancellation)
                    =
                    PropertyRunner(
                        test,
                        bus,
                        testClass,
                        constructorArguments,
                        method,
                        arguments,
                        skip,
                        aspects,
                        aggregator,
                        cancellation,
                        attribute
                    )
        }

        runner.RunAsync()

/// Finds the one case of each property.
type PropertyDiscoverer(sink: IMessageSink) =
    interface IXunitTestCaseDiscoverer with
        member _.Discover(options, method, _) : IEnumerable<IXunitTestCase | null> = [
            new PropertyTestCase(sink, options.MethodDisplayOrDefault(), options.MethodDisplayOptionsOrDefault(), method)
        ]
