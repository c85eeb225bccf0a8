namespace LayerTime.Core.Claims

open System
open FsCheck.FSharp

/// How to draw, simplify and show instances; everything drawn or simplified satisfies every hypothesis by construction.
/// An instance is a value that is read more than once: let it hold numbers or a key, not a stream.
[<NoComparison; NoEquality>]
type Generator<'I> = {
    /// Draws an instance; its size is between 1 and 100.
    Gen: FsCheck.Gen<'I>
    /// Simpler instances, the simplest first; empty when there is none.
    Shrink: 'I -> 'I seq
    /// The instance as pairs of a name and a value.
    Show: 'I -> (string * string) list
}

/// The instances a conclusion is tried on.
[<RequireQualifiedAccess; NoComparison; NoEquality>]
type Instances<'I> =
    /// Chosen examples; in a control, every one has to refute.
    | Fixed of items: 'I list * show: ('I -> (string * string) list)
    /// All there are; in a control, the first that refutes is enough.
    | Exhaustive of items: 'I list * show: ('I -> (string * string) list)
    /// Problems, each of which the conclusion solves on a ladder of resolutions.
    | Ladder of problems: 'I list * show: ('I -> (string * string) list)
    /// As many draws as it takes to decide this many trials; in a control, at most this many draws.
    | Random of generator: Generator<'I> * trials: int

/// Which of the four sorts of instances a part has.
[<RequireQualifiedAccess>]
type InstanceKind =
    /// Chosen examples.
    | Fixed
    /// All there are.
    | Exhaustive
    /// Problems on ladders of resolutions.
    | Ladder
    /// Draws.
    | Random

/// Simpler values, the simplest first.
[<RequireQualifiedAccess>]
module Shrink =

    /// Nothing is simpler.
    let none (_: 'T) : 'T seq = Seq.empty

    /// Integers between the target and the value, from the target on by halving the distance: `int 0 10 = [ 0; 5; 8; 9 ]`.
    let int (target: int) (value: int) : int seq =
        Seq.unfold
            (fun (distance: int64) -> if distance = 0L then None else Some(int (int64 value - distance), distance / 2L))
            (int64 value - int64 target)

    /// Floats simpler than a finite one: 0, its absolute value, its integer part, its half as long as it exceeds 1.
    let float (value: float) : float seq =
        if not (Double.IsFinite value) || value = 0.0 then
            Seq.empty
        else
            let whole = Math.Truncate value

            seq {
                0.0

                if value < 0.0 then
                    -value

                if whole <> value then
                    whole

                if abs whole > 1.0 then
                    Math.Truncate(whole / 2.0)
            }
            |> Seq.distinct

    /// Arrays of the same length with one element simpler.
    let elements (shrink: 'T -> 'T seq) (values: 'T[]) : 'T[] seq =
        seq {
            for i in 0 .. values.Length - 1 do
                for simpler in shrink values[i] do
                    Array.updateAt i simpler values
        }

    /// Shorter arrays of at least this length (a half, a quarter … removed), then arrays with one element simpler.
    let array (shortest: int) (shrink: 'T -> 'T seq) (values: 'T[]) : 'T[] seq =
        let runs = Seq.unfold (fun run -> if run <= 0 then None else Some(run, run / 2)) (values.Length - max 0 shortest)

        seq {
            for run in runs do
                for start in 0..run .. values.Length - run do
                    Array.removeManyAt start run values

            yield! elements shrink values
        }

/// Generators of instances.
[<RequireQualifiedAccess>]
module Generator =

    /// A generator, what simplifies its instances, and what shows them.
    let create (gen: FsCheck.Gen<'I>) (shrink: 'I -> 'I seq) (show: 'I -> (string * string) list) : Generator<'I> = {
        Gen = gen
        Shrink = shrink
        Show = show
    }

    /// A stream of bulk numbers, keyed by one draw of 64 bits.
    let stream: FsCheck.Gen<RandomStream> =
        Gen.choose64 (Int64.MinValue, Int64.MaxValue) |> Gen.map (fun key -> RandomStream(uint64 key))

    /// A generator that reads its numbers from a stream; `draw size numbers` with size in 1..100.
    let fromStream (draw: int -> RandomStream -> 'I) (shrink: 'I -> 'I seq) (show: 'I -> (string * string) list) : Generator<'I> =
        create (Gen.sized (fun size -> stream |> Gen.map (draw size))) shrink show

/// Instances, with the last argument the one that varies.
[<RequireQualifiedAccess>]
module Instances =

    /// Chosen examples.
    let chosen (show: 'I -> (string * string) list) (items: 'I list) : Instances<'I> = Instances.Fixed(items, show)

    /// All there are.
    let exhaustive (show: 'I -> (string * string) list) (items: 'I list) : Instances<'I> = Instances.Exhaustive(items, show)

    /// Problems, each on a ladder of resolutions of its own.
    let ladder (show: 'I -> (string * string) list) (problems: 'I list) : Instances<'I> = Instances.Ladder(problems, show)

    /// Draws, until this many trials are decided.
    let random (generator: Generator<'I>) (trials: int) : Instances<'I> = Instances.Random(generator, trials)

    /// The sort of the instances.
    let kind (instances: Instances<'I>) : InstanceKind =
        match instances with
        | Instances.Fixed _ -> InstanceKind.Fixed
        | Instances.Exhaustive _ -> InstanceKind.Exhaustive
        | Instances.Ladder _ -> InstanceKind.Ladder
        | Instances.Random _ -> InstanceKind.Random

    /// The size of the case with this index: 1, 38, 75, 12 …, every size of 1..100 once in any hundred cases in a row.
    let size (index: int) : int = 1 + int (int64 index * 37L % 100L)
