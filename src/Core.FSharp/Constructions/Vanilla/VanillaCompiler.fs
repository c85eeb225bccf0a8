namespace LayerTime.Core.Constructions

open System
open System.Collections.Generic
open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.Rigour

/// The compiler: from a flow to a leaky-ReLU network with a certificate.
[<RequireQualifiedAccess>]
module VanillaCompiler =
    /// Everything that is wrong with a field, a box and an ε.
    let private defects (field: RidgeField<Rational>) (box: Box) (ε: float) (options: VanillaOptions) : Defect list = [
        yield! Defect.unless (ε > 0.0 && Double.IsFinite ε) "ε" $"{ε}" "a positive number"
        yield! Defect.unless (options.MaxDepth >= 1L) "depth" $"{options.MaxDepth}" "at least 1"
        yield! Defect.unless (box.Length = field.Dimension) "box" $"{box.Length} sides" $"{field.Dimension}, the components of x"

        for i, side in Array.indexed box do
            yield!
                Defect.unless
                    (Interval.isBounded side && side.Lower < side.Upper)
                    $"box, side {i}"
                    (string side)
                    "a bounded interval with lower < upper"
    ]

    let private choices (options: VanillaOptions) (field: RidgeField<Rational>) =
        match options.Splitting with
        | Some splitting -> [ splitting ]
        // Order 4 is lost at kinks.
        | None when VanillaPilot.isKinked field -> [ Splitting.LieTrotter; Splitting.Strang ]
        | None -> [ Splitting.LieTrotter; Splitting.Strang; Splitting.Yoshida ]

    /// A coarse pilot of each splitting that fits into the depth, nearly.
    let private explore
        (field: RidgeField<Rational>)
        (box: Box)
        (ε: float)
        splittings
        (depth: int64)
        (result: VanillaPilot[] ref)
        : VanillaStep seq =
        seq {
            // A bound needs a quarter of the first steps at least.
            let fits splitting = VanillaPilot.firstSteps splitting field <= 4 * VanillaPilot.stepsWithin splitting field depth
            let fitting = List.filter fits splittings
            let splittings = if fitting.IsEmpty then List.truncate 1 splittings else fitting
            let found = ResizeArray()

            for splitting in splittings do
                let pilotOf = ref None
                let mutable steps = VanillaPilot.firstSteps splitting field
                let mutable attempts = 5

                while pilotOf.Value.IsNone && attempts > 0 do
                    let stage = $"plan {Splitting.name splitting}"
                    yield! VanillaPilot.run stage field box (VanillaPilot.coarse field) splitting steps ε None pilotOf
                    attempts <- attempts - 1
                    steps <- 2 * steps

                Option.iter found.Add pilotOf.Value

            result.Value <- found.ToArray()
        }

    /// What each splitting would need for each ε, the least depth first: from certificates of plans with the best number of steps or, where that is
    /// large, with fewer; nothing is built.
    let predictions
        (field: RidgeField<Rational>)
        (box: Box)
        (tolerances: float[])
        (options: VanillaOptions)
        : Result<PlanPrediction[][], Defect list> =
        match tolerances |> Array.toList |> List.collect (fun ε -> defects field box ε options) with
        | [] ->
            let ofSplitting splitting =
                let view = VanillaPilot.fine splitting field options
                let most = VanillaPilot.mostSteps splitting field view
                let search = ref VanillaSearch.empty

                tolerances
                |> Array.map (fun ε ->
                    let guess = VanillaPilot.firstSteps splitting field
                    VanillaSearch.settle field box view splitting ε guess most Int64.MaxValue search |> Seq.iter ignore
                    VanillaSearch.predict splitting ε search.Value)

            choices options field
            |> List.map ofSplitting
            |> List.toArray
            |> Array.transpose
            |> Array.map (Array.sortBy _.Depth)
            |> Ok
        | defects -> Error(List.distinct defects)

    /// How an attempt at some ε ended.
    [<NoComparison; NoEquality>]
    type private Attempt =
        | Reached of CompiledFlow
        /// The depth would exceed the budget; by what was seen of this splitting.
        | TooDeep of Splitting
        /// With δ as small as was tried, this is what was certified.
        | Missed of float
        | TooRough of rounding: float
        /// No number of steps gives a bound.
        | NoBound

    /// A network from a pilot: tables for what the splitting leaves of ε, smaller ones where the certificate of the network exceeds it.
    let private build
        (field: RidgeField<Rational>)
        (box: Box)
        (ε: float)
        (maxDepth: int64)
        (view: PilotView)
        (pilot: VanillaPilot)
        predictions
        (result: Attempt ref)
        : VanillaStep seq =
        seq {
            let splitting = pilot.Plan.Splitting
            let mutable δ = VanillaPilot.tolerance pilot (VanillaPilot.aim * ε)
            let mutable attempts = 6

            while attempts > 0 do
                attempts <- attempts - 1
                let plan = VanillaTables.withTables pilot.Ranges pilot.Plan pilot.TableShare δ

                if VanillaPlan.depth plan > maxDepth then
                    result.Value <- TooDeep splitting
                    attempts <- 0
                else
                    let realisation = VanillaRealisation.create plan
                    // The states of the network differ from those of the pilot by no more than ε.
                    let widened = pilot.States |> Array.map (Array.map (Array.map (Box.widen ε)))
                    let rounding = VanillaRealisation.rounding plan box widened realisation
                    let none _ _ = 0.0
                    let mesh = VanillaPilot.mesh field box view.Boxes
                    let certificate = VanillaCertificate(plan, VanillaPilot.expansion splitting, mesh, none, rounding)
                    let error = ref CertifiedError.zero
                    yield! VanillaPilot.certify "certify the network" view.Cells box certificate error
                    let isInside = Array.forall2 (Array.forall2 (Array.forall2 Interval.subset)) certificate.States widened

                    if error.Value.Rounding > 0.5 * ε then
                        result.Value <- TooRough error.Value.Rounding
                        attempts <- 0
                    elif error.Value.Bound <= ε && isInside then
                        result.Value <-
                            Reached {
                                Network = VanillaRealisation.network realisation
                                Error = error.Value
                                Plan = plan
                                Predictions = predictions
                                Cells = pown view.Cells field.Dimension
                            }

                        attempts <- 0
                    else
                        result.Value <- Missed(if isInside then error.Value.Bound else Double.PositiveInfinity)
                        // A bound may be infinite; a tolerance of 0 would ask for infinitely many knots.
                        δ <- 0.9 * δ * Math.Clamp(ε / error.Value.Bound, 0.1, 1.0)
        }

    /// What is known of a splitting.
    let private seen (known: Dictionary<Splitting, VanillaSearch>) splitting =
        match known.TryGetValue splitting with
        | true, search -> search
        | _ -> VanillaSearch.empty

    /// The best number of steps of the splitting that seems best, and of others while they might need less depth; then the network.
    let private attempt
        field
        box
        ε
        (options: VanillaOptions)
        (explored: VanillaPilot[])
        (known: Dictionary<Splitting, VanillaSearch>)
        (result: Attempt ref)
        : VanillaStep seq =
        seq {
            result.Value <- NoBound

            let guess (pilot: VanillaPilot) =
                VanillaSearch.optimise [ pilot ] 1 ε
                |> Option.defaultValue (VanillaSearch.unbounded pilot.Plan.Splitting Int32.MaxValue)

            let ranking = explored |> Array.map guess |> Array.sortBy _.Depth

            let mutable best: (VanillaPilot * PlanPrediction) option = None

            for guess in ranking do
                // A coarse look may see a depth several times too large.
                let isFar = float guess.Depth > 4.0 * float options.MaxDepth

                let isPromising =
                    match best with
                    | Some(_, found) -> guess.Depth < found.Depth
                    | None -> not isFar || guess.Splitting = ranking[0].Splitting

                if isPromising then
                    let view = VanillaPilot.fine guess.Splitting field options
                    let first = if isFar then min guess.Steps (VanillaPilot.mostSteps guess.Splitting field view) else guess.Steps
                    let most = VanillaPilot.stepsWithin guess.Splitting field options.MaxDepth
                    let search = ref (seen known guess.Splitting)
                    yield! VanillaSearch.settle field box view guess.Splitting ε first most options.MaxDepth search
                    known[guess.Splitting] <- search.Value

                    match VanillaSearch.best ε search.Value with
                    | Some pilot ->
                        let found = VanillaSearch.ofPilot ε pilot
                        let isBetter = best |> Option.forall (fun (_, other) -> found.Depth < other.Depth)

                        if isBetter then
                            best <- Some(pilot, found)
                    | None ->
                        if result.Value.IsNoBound && not search.Value.Pilots.IsEmpty then
                            result.Value <- TooDeep guess.Splitting

            match best with
            | Some(pilot, found) ->
                let view = VanillaPilot.fine found.Splitting field options

                let others =
                    ranking
                    |> Array.filter (fun other -> other.Splitting <> found.Splitting)
                    |> Array.map (fun other ->
                        match VanillaSearch.best ε (seen known other.Splitting) with
                        | Some pilot -> VanillaSearch.ofPilot ε pilot
                        | None -> other)

                yield! build field box ε options.MaxDepth view pilot (Array.append [| found |] others) result
            | None -> ()
        }

    /// The smallest error that a depth allows for by what was seen, to 1 percent; infinite where the states themselves are no larger.
    let private reachable (search: VanillaSearch) (depth: int64) (ε: float) : float =
        let fits ε =
            match VanillaSearch.optimise search.Pilots (search.Refuted + 1) ε with
            | Some found -> found.Depth <= depth
            | None -> false

        let extent = search.Pilots |> Seq.collect (fun pilot -> pilot.States |> Seq.concat |> Seq.map Box.width) |> Seq.fold max 0.0

        let rec double high =
            if fits high then Some high
            elif high > extent then None
            else double (2.0 * high)

        let rec bisect low high =
            if high <= 1.01 * low then
                high
            else
                let middle = sqrt (low * high)
                if fits middle then bisect low middle else bisect middle high

        match double (2.0 * ε) with
        | Some high -> bisect (0.5 * high) high
        | None -> Double.PositiveInfinity

    /// The network of the flow over the box within ε, step by step: a lazy sequence that ends with Compiled or Refused. What exceeds the budget is
    /// refused with an error that was certified within it.
    let steps (field: RidgeField<Rational>) (box: Box) (ε: float) (options: VanillaOptions) : VanillaStep seq =
        seq {
            match defects field box ε options with
            | [] ->
                let explored = ref [||]
                yield! explore field box ε (choices options field) options.MaxDepth explored
                let found = ref NoBound
                let known = Dictionary<Splitting, VanillaSearch>()
                yield! attempt field box ε options explored.Value known found

                match found.Value with
                | Reached flow -> Compiled flow
                | TooRough rounding -> Refused(Precision rounding)
                | NoBound -> Refused(Budget(Double.PositiveInfinity, options.MaxDepth))
                | Missed bound -> Refused(Budget(bound, options.MaxDepth))
                | TooDeep splitting ->
                    let only = explored.Value |> Array.filter (fun pilot -> pilot.Plan.Splitting = splitting)
                    let mutable larger = reachable (seen known splitting) options.MaxDepth ε
                    let mutable within = Double.PositiveInfinity
                    let mutable attempts = if Double.IsFinite larger then 4 else 0

                    while attempts > 0 do
                        attempts <- attempts - 1
                        yield! attempt field box larger options only known found

                        match found.Value with
                        | Reached flow ->
                            within <- flow.Error.Bound
                            attempts <- 0
                        | TooDeep _ ->
                            let next = reachable (seen known splitting) options.MaxDepth ε
                            larger <- if Double.IsFinite next then max (1.1 * larger) next else 2.0 * larger
                        | _ -> larger <- 1.5 * larger

                    Refused(Budget(within, options.MaxDepth))
            | defects -> Refused(Hypotheses defects)
        }

    /// The network of the flow over the box within ε.
    let compile (field: RidgeField<Rational>) (box: Box) (ε: float) (options: VanillaOptions) : Result<CompiledFlow, VanillaRefusal> =
        steps field box ε options
        |> Seq.tryPick (function
            | Compiled flow -> Some(Ok flow)
            | Refused refusal -> Some(Error refusal)
            | Working _ -> None)
        |> Option.defaultValue (Error(Hypotheses []))
