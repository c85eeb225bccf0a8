namespace LayerTime.Core.Constructions

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Rigour

/// What is known of a splitting from the numbers of steps that were looked at.
[<NoComparison; NoEquality>]
type internal VanillaSearch = {
    /// The pilots, the one of the fewest steps first.
    Pilots: VanillaPilot list
    /// The most steps that gave no bound; 0 where all did.
    Refuted: int
}

/// The number of steps that needs the least depth.
[<RequireQualifiedAccess>]
module internal VanillaSearch =
    let empty = { Pilots = []; Refuted = 0 }

    /// No bound with so many steps or fewer.
    let unbounded (splitting: Splitting) (steps: int) : PlanPrediction = {
        Splitting = splitting
        Steps = steps
        CertifiedSteps = 0
        SplittingError = Double.PositiveInfinity
        TableError = 0.0
        Depth = Int64.MaxValue
    }

    // Nearer numbers of steps than this need nearly the same depth.
    let private near = 0.1

    let private isNear (n: int) (steps: int) = abs (float n - float steps) <= near * float n

    // Whether the splitting leaves something of ε.
    let private fits (ε: float) (pilot: VanillaPilot) = pilot.Splitting < VanillaPilot.aim * ε

    /// The error of the splitting for n steps: between two pilots by the line through their logarithms, beyond them ~ n^−p. For fewer steps
    /// this is too small, as terms of higher order count there, for more it is too large.
    let private splittingError (pilots: VanillaPilot list) (n: int) : float =
        let alone (pilot: VanillaPilot) =
            pilot.Splitting * Math.Pow(float pilot.Steps / float n, float (Splitting.order pilot.Plan.Splitting))

        let before, behind = pilots |> List.partition (fun pilot -> pilot.Steps <= n)

        match List.tryLast before, List.tryHead behind with
        | Some a, Some b when a.Splitting > 0.0 && b.Splitting > 0.0 ->
            let share = log (float n / float a.Steps) / log (float b.Steps / float a.Steps)
            a.Splitting * Math.Pow(b.Splitting / a.Splitting, share)
        | Some pilot, _
        | None, Some pilot -> alone pilot
        | None, None -> Double.PositiveInfinity

    /// The n ≥ least of least depth for ε by the model: tables ~ δ, those of n steps as those of the nearest pilot.
    let optimise (pilots: VanillaPilot list) (least: int) (ε: float) : PlanPrediction option =
        let target = VanillaPilot.aim * ε

        let candidate n =
            let error = splittingError pilots n
            let rest = target - error

            if rest <= 0.0 then
                None
            else
                let pilot = pilots |> List.minBy (fun pilot -> abs (log (float pilot.Steps / float n)))
                let hasTables = pilot.Tables > 0.0

                Some {
                    Splitting = pilot.Plan.Splitting
                    Steps = n
                    CertifiedSteps = pilot.Steps
                    SplittingError = error
                    TableError = if hasTables then rest else 0.0
                    Depth =
                        let depth = pilot.Depth(if hasTables then rest / pilot.Tables else 1.0)
                        int64 (Math.Min(depth * float n / float pilot.Steps, 1e18))
                }

        // The depth has one minimum, nearly.
        float (max 1 least)
        |> Seq.unfold (fun n -> if n > 1e7 then None else Some(int n, max (n + 1.0) (n * 1.03)))
        |> Seq.choose candidate
        |> Seq.fold
            (fun best found ->
                match best with
                | Some(best: PlanPrediction) when best.Depth <= found.Depth -> Some best
                | _ -> Some found)
            None

    /// The depth of a pilot for ε with the knots of its tables counted, as its network will have it.
    let ofPilot (ε: float) (pilot: VanillaPilot) : PlanPrediction =
        let rest = VanillaPilot.aim * ε - pilot.Splitting
        let steps = pilot.Plan.Pieces |> Array.sumBy _.Steps

        let tables =
            VanillaTables.withTables pilot.Ranges pilot.Plan pilot.TableShare (VanillaPilot.tolerance pilot (VanillaPilot.aim * ε))

        {
            Splitting = pilot.Plan.Splitting
            Steps = steps
            CertifiedSteps = steps
            SplittingError = pilot.Splitting
            TableError = if pilot.Tables > 0.0 then rest else 0.0
            Depth = VanillaPlan.depth tables
        }

    /// The pilot of the least depth of those that leave something of ε.
    let best (ε: float) (search: VanillaSearch) : VanillaPilot option =
        match List.filter (fits ε) search.Pilots with
        | [] -> None
        | pilots -> pilots |> List.minBy (fun pilot -> pilot.Depth(VanillaPilot.tolerance pilot (VanillaPilot.aim * ε))) |> Some

    /// What ε needs: the best of the plans that were certified, or, where more steps would be better than all that were looked at, what follows
    /// from the most. Nothing is concluded for fewer steps than those certified.
    let predict (splitting: Splitting) (ε: float) (search: VanillaSearch) : PlanPrediction =
        let own = best ε search |> Option.map (ofPilot ε)

        let beyond =
            search.Pilots
            |> List.tryLast
            |> Option.bind (fun last -> optimise [ last ] last.Steps ε)
            |> Option.filter (fun found -> own.IsNone || not (isNear found.Steps found.CertifiedSteps))

        match own, beyond with
        | Some own, Some beyond when own.Depth <= beyond.Depth -> own
        | _, Some beyond -> beyond
        | Some own, None -> own
        | None, None -> search.Pilots |> List.fold (fun n pilot -> max n pilot.Steps) search.Refuted |> unbounded splitting

    /// The number of steps to look at next, or none where the best one is near. Between a number that is too small and the next that is not,
    /// the middle of the logarithms: below the latter the model knows nothing.
    let private next (ε: float) (most: int) (search: VanillaSearch) : int option =
        let tooFew until =
            search.Pilots
            |> List.filter (fun pilot -> pilot.Steps < until && not (fits ε pilot))
            |> List.fold (fun n pilot -> max n pilot.Steps) (if search.Refuted < until then search.Refuted else 0)

        let isNew n = n <= most && n > search.Refuted && not (List.exists (fun (pilot: VanillaPilot) -> pilot.Steps = n) search.Pilots)

        match List.filter (fits ε) search.Pilots with
        | [] ->
            let low = tooFew Int32.MaxValue

            let wanted =
                match List.tryLast search.Pilots with
                | Some last when last.Steps = low ->
                    // An error 256 times as large as it should be says little about how many more it takes.
                    let farthest = float low * Math.Pow(256.0, 1.0 / float (Splitting.order last.Plan.Splitting))
                    let modelled = optimise [ last ] low ε |> Option.map (fun found -> float found.Steps)
                    min farthest (Option.defaultValue farthest modelled)
                | _ -> 2.0 * float low

            Some(int (min (float most) (max wanted (float low + 1.0 + 0.05 * float low)))) |> Option.filter isNew
        | pilots ->
            let fewest = pilots.Head.Steps
            let low = tooFew fewest

            optimise pilots (low + 1) ε
            |> Option.map (fun found ->
                if found.Steps < fewest && low > 0 then
                    max found.Steps (int (ceil (sqrt (float low * float fewest))))
                else
                    min most found.Steps)
            |> Option.filter (fun n -> isNew n && not (List.exists (fun (pilot: VanillaPilot) -> isNear n pilot.Steps) pilots))

    /// Looks at one number of steps after the other, from a first guess on, until the best for ε is near one of them. Not beyond the most steps,
    /// nor where twice the greatest depth would not do.
    let settle
        (field: RidgeField<Rational>)
        (box: Box)
        (view: PilotView)
        splitting
        (ε: float)
        (guess: int)
        (most: int)
        (maxDepth: int64)
        (search: VanillaSearch ref)
        : VanillaStep seq =
        seq {
            let known = search.Value
            let isFirst = known.Pilots.IsEmpty && known.Refuted = 0
            let mutable chosen = if isFirst then Some(max 1 (min guess most)) else next ε most known
            let mutable attempts = 12

            while attempts > 0 && chosen.IsSome do
                attempts <- attempts - 1
                let n = chosen.Value
                let found = ref None
                let stage = $"certify {n} steps of {Splitting.name splitting}"
                let cost = List.tryLast search.Value.Pilots |> Option.map _.Tables |> Option.filter (fun tables -> tables > 0.0)
                yield! VanillaPilot.run stage field box view splitting n ε cost found

                search.Value <-
                    match found.Value with
                    | Some pilot -> { search.Value with Pilots = pilot :: search.Value.Pilots |> List.sortBy _.Steps }
                    | None -> { search.Value with Refuted = max n search.Value.Refuted }

                let isTooDeep =
                    match optimise search.Value.Pilots (search.Value.Refuted + 1) ε with
                    | Some found -> float found.Depth > 2.0 * float maxDepth
                    | None -> false

                chosen <- if isTooDeep then None else next ε most search.Value
        }
