namespace LayerTime.Core.Claims

open System
open System.Collections.Generic
open FsCheck.FSharp

/// An exception inside a conclusion or a generator: a fault of whoever wrote the claim, never a verdict.
[<Sealed>]
type ClaimFault(claim: string, part: string, seed: uint64, index: int, cause: exn) =
    inherit Exception($"The claim {claim}, part {part}, seed {seed}, case {index}, failed to run: {cause.Message}", cause)

    /// The id of the claim.
    member _.Claim: string = claim

    /// The name of the part or of the control.
    member _.Part: string = part

    /// The seed of the run.
    member _.Seed: uint64 = seed

    /// The index of the case.
    member _.Index: int = index

/// A refuted case made as simple as the generator knows how.
type Simplified = {
    /// What the simplest instance found shows.
    Witness: Witness
    /// How many times a simpler instance was taken.
    Steps: int
}

/// Instances with a conclusion; the type of the instances is hidden. Cases are pure functions of their index.
type IExperiment =
    /// Which sort of instances it has.
    abstract Kind: InstanceKind

    /// How many cases it declares: the length of a list, or the number of trials to decide.
    abstract Declared: int

    /// The outcome of one case: `root` keys the draws (see `Seed.root`), lists look at the index alone.
    abstract Run: root: uint64 * index: int -> Outcome

    /// The instance of one case, as pairs of a name and a value.
    abstract Show: root: uint64 * index: int -> (string * string) list

    /// A refuted case made simpler, trying at most `budget` instances; None if the case is not refuted.
    abstract Simplify: root: uint64 * index: int * budget: int -> Simplified option

/// Instances with a conclusion.
[<RequireQualifiedAccess>]
module Experiment =

    let private witnessed (show: 'I -> (string * string) list) (instance: 'I) (outcome: Outcome) : Witness option =
        match Outcome.at (show instance) outcome with
        | Outcome.Refuted witness -> Some witness
        | _ -> None

    /// Greedy descent: the first simpler instance that is refuted takes the place of the instance, until none is or `budget` of them were tried.
    let descend
        (shrink: 'I -> 'I seq)
        (conclude: 'I -> Outcome)
        (show: 'I -> (string * string) list)
        (budget: int)
        (start: 'I)
        : Simplified option =
        let rec firstRefuted (candidates: IEnumerator<'I>) (left: int) : struct (int * struct ('I * Witness) voption) =
            if left <= 0 || not (candidates.MoveNext()) then
                struct (left, ValueNone)
            else
                let candidate = candidates.Current

                match conclude candidate with
                | Outcome.Refuted witness -> struct (left - 1, ValueSome struct (candidate, witness))
                | _ -> firstRefuted candidates (left - 1)

        let rec walk (instance: 'I) (witness: Witness) (steps: int) (left: int) : Simplified =
            let struct (left, simpler) =
                use candidates = (shrink instance).GetEnumerator()
                firstRefuted candidates left

            match simpler with
            | ValueSome struct (next, itsWitness) -> walk next itsWitness (steps + 1) left
            | ValueNone -> { Witness = { witness with Instance = show instance @ witness.Instance }; Steps = steps }

        match conclude start with
        | Outcome.Refuted witness -> Some(walk start witness 0 budget)
        | _ -> None

    let private ofList (kind: InstanceKind) (items: 'I list) (show: 'I -> (string * string) list) (conclude: 'I -> Outcome) : IExperiment =
        let items = List.toArray items

        {
            new IExperiment with
                member _.Kind = kind
                member _.Declared = items.Length
                member _.Run(_, index) = conclude items[index]
                member _.Show(_, index) = show items[index]

                member _.Simplify(_, index, _) =
                    conclude items[index] |> witnessed show items[index] |> Option.map (fun witness -> { Witness = witness; Steps = 0 })
        }

    let private ofGenerator (generator: Generator<'I>) (trials: int) (conclude: 'I -> Outcome) : IExperiment =
        let draw (root: uint64) (index: int) : 'I =
            (Gen.sampleWithSeed (FsCheck.Rnd(Seed.at root index)) (Instances.size index) 1 generator.Gen)[0]

        {
            new IExperiment with
                member _.Kind = InstanceKind.Random
                member _.Declared = trials
                member _.Run(root, index) = conclude (draw root index)
                member _.Show(root, index) = generator.Show(draw root index)
                member _.Simplify(root, index, budget) = descend generator.Shrink conclude generator.Show budget (draw root index)
        }

    /// Tries the conclusion on the instances.
    let create (instances: Instances<'I>) (conclude: 'I -> Outcome) : IExperiment =
        match instances with
        | Instances.Random(generator, trials) -> ofGenerator generator trials conclude
        | Instances.Fixed(items, show)
        | Instances.Exhaustive(items, show)
        | Instances.Ladder(items, show) -> ofList (Instances.kind instances) items show conclude
