namespace LayerTime.Core.Constructions

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Rigour

/// What a compilation may use.
type VanillaOptions = {
    /// The splitting, or none to take the one that needs the least depth.
    Splitting: Splitting option
    /// The most leaky layers, at least 1.
    MaxDepth: int64
    /// The cells along each side of the box over which the certificate is computed, or none for a choice that suits the dimension.
    CellsPerSide: int option
}

/// What a splitting is predicted to need, from the certificate of a plan with few steps.
type PlanPrediction = {
    /// The splitting.
    Splitting: Splitting
    /// n
    Steps: int
    /// The part of ε that the splitting uses up, and the part of the tables.
    SplittingError: float
    /// The part of the tables.
    TableError: float
    /// Leaky layers.
    Depth: int64
}

/// A network with the proof that it follows the flow.
[<NoComparison; NoEquality>]
type CompiledFlow = {
    /// The network: its width is the dimension of the field.
    Network: VanillaNet<Binary64>
    /// sup |flow − network| over the box, certified.
    Error: CertifiedError
    /// The plan it was made by.
    Plan: VanillaPlan
    /// What each splitting was predicted to need, the chosen one first.
    Predictions: PlanPrediction[]
    /// The cells over which the error was certified.
    Cells: int
}

/// Why there is no network with the wanted error.
type VanillaRefusal =
    /// Hypotheses that fail.
    | Hypotheses of Defect list
    /// ε cannot be certified within the budget; about what can.
    | Budget of reachable: float * depth: int64
    /// ε is below what floats can certify: what the rounding of the network alone amounts to.
    | Precision of rounding: float

/// How far a compilation has come.
[<NoComparison; NoEquality>]
type VanillaStep =
    /// A stage with cells done and to be done.
    | Working of stage: string * finished: int * total: int
    /// The result.
    | Compiled of CompiledFlow
    /// No result.
    | Refused of VanillaRefusal

/// Compilation options.
[<RequireQualifiedAccess>]
module VanillaOptions =
    /// Any splitting, at most two million layers.
    let defaults: VanillaOptions = { Splitting = None; MaxDepth = 2_000_000L; CellsPerSide = None }

/// The compiler: from a flow to a leaky-ReLU network with a certificate.
[<RequireQualifiedAccess>]
module VanillaCompiler =
    let private isCurved (term: RidgeTerm<Rational>) = term.Profile = Profile.Tanh && term.Weights |> Array.exists (fun w -> w.Sign <> 0)

    let private isKinked (term: RidgeTerm<Rational>) = term.Profile = Profile.Relu

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

    /// The order to which local errors are expanded: one beyond the leading term for Lie–Trotter and Strang.
    let private expansion (splitting: Splitting) = if splitting = Splitting.Yoshida then 8 else Splitting.order splitting + 2

    let private root (d: int) (count: float) = Math.Pow(count, 1.0 / float d)

    /// The extent of the region that trajectories pass through, for the mesh of the local errors.
    let private extent (field: RidgeField<Rational>) (box: Box) =
        let norm v = v |> Array.sumBy (fun x -> let x = Rational.toFloat x in x * x) |> sqrt

        let speed (piece: RidgePiece<Rational>) =
            Rational.toFloat piece.Duration * (piece.Terms |> Array.sumBy (fun term -> norm term.Direction))

        (box |> Array.map (fun side -> side.Upper - side.Lower) |> Array.max) + (field.Pieces |> Array.sumBy speed)

    let private plan splitting (field: RidgeField<Rational>) (steps: int) : VanillaPlan =
        // The same step length everywhere, nearly.
        let horizon = Rational.toFloat field.Horizon

        let ofPiece (piece: RidgePiece<Rational>) =
            let share = Rational.toFloat piece.Duration / horizon
            VanillaPlan.piece splitting true (max 1 (int (ceil (float steps * share - 1e-9)))) piece

        { Splitting = splitting; Pieces = Array.map ofPiece field.Pieces }

    let private isCommuting (terms: RidgeTerm<Rational>[]) =
        Seq.allPairs terms terms
        |> Seq.forall (fun (i, j) -> obj.ReferenceEquals(i, j) || (Vector.dot i.Weights j.Direction).Sign = 0)

    // ---- tables

    /// κ and τ of a map in floats.
    let private rates (piece: PlannedPiece) (map: PlannedMap) =
        Rational.toFloat (RidgeTerm.rate piece.Piece.Terms[map.Term]), Interval.midpoint (VanillaPlan.time piece map)

    /// ∫√(|ψ″|/8)ds over a range: the number of knots is this over √δ.
    let private bends (κ: float) (τ: float) (range: Interval) =
        let n = 400
        let at k = range.Lower + (range.Upper - range.Lower) * (float k + 0.5) / float n

        let curvature s =
            let t = Elementary.tanh s
            let e2 = 2.0 * τ * TermFlow.phi1 (2.0 * κ * τ)
            let D = 1.0 + κ * e2 * t * t
            abs (e2 * Elementary.exp (κ * τ) * t * (1.0 - t * t) / (D * sqrt D))

        Seq.init n (fun k -> sqrt (curvature (at k) / 8.0)) |> Seq.sum |> (*) ((range.Upper - range.Lower) / float n)

    /// The share of each map in the tolerance δ: δ_i = δ·|τ_i|·ω_i, with ω_i = (bends·layers per knot/|a|)^(2/3), the minimum of the depth Σ bends/√δ_i
    /// under a given error Σ|a_i|δ_i.
    let private weight (ranges: Interval[][]) (plan: VanillaPlan) =
        let all =
            plan.Pieces
            |> Array.mapi (fun p piece ->
                piece.Maps
                |> Array.mapi (fun m map ->
                    let term = piece.Piece.Terms[map.Term]

                    if isCurved term && not (Interval.isEmpty (ranges[p][m])) then
                        let κ, τ = rates piece map
                        let size = term.Direction |> Array.sumBy (fun a -> let a = Rational.toFloat a in a * a) |> sqrt
                        let layers = if VanillaPlan.isPair term then 2.0 else 1.0
                        let bends = bends κ τ (ranges[p][m]) / sqrt (abs τ)
                        abs τ * Math.Pow(max 1e-3 (layers * bends / size), 2.0 / 3.0)
                    else
                        0.0))

        fun (piece: PlannedPiece) (map: PlannedMap) ->
            let p = Array.findIndex (fun other -> obj.ReferenceEquals(other, piece)) plan.Pieces
            let m = Array.findIndex (fun other -> obj.ReferenceEquals(other, map)) piece.Maps
            all[p][m]

    /// The depth of a plan with the tolerances δ·weight.
    let private depth (ranges: Interval[][]) (plan: VanillaPlan) (weight: PlannedPiece -> PlannedMap -> float) (δ: float) : float =
        plan.Pieces
        |> Array.mapi (fun p piece ->
            let layers m (map: PlannedMap) =
                let term = piece.Piece.Terms[map.Term]
                let double = if VanillaPlan.isPair term then 2.0 else 1.0

                if isCurved term then
                    let κ, τ = rates piece map
                    double * max 1.0 (bends κ τ (ranges[p][m]) / sqrt (δ * weight piece map))
                else
                    float (VanillaPlan.layers piece map)

            let layers = Array.mapi layers piece.Maps
            piece.Chain |> Array.sumBy (fun m -> layers[m]))
        |> Array.sum

    /// The plan with tables of tolerance δ·weight over the ranges, a little widened.
    let private withTables
        (ranges: Interval[][])
        (plan: VanillaPlan)
        (weight: PlannedPiece -> PlannedMap -> float)
        (δ: float)
        : VanillaPlan =
        let ofPiece p (piece: PlannedPiece) =
            let ofMap m (map: PlannedMap) =
                if isCurved piece.Piece.Terms[map.Term] then
                    let κ, τ = rates piece map
                    let range = ranges[p][m]
                    let tolerance = δ * weight piece map
                    { map with Table = Some(ProfileKnots.tanh κ τ (range.Lower - tolerance) (range.Upper + tolerance) tolerance) }
                else
                    map

            { piece with Maps = Array.mapi ofMap piece.Maps }

        { plan with Pieces = Array.mapi ofPiece plan.Pieces }

    // ---- certificates

    /// The certificate of a plan over all cells, one step for each row of them.
    let private certify stage cells (box: Box) (certificate: VanillaCertificate) (result: CertifiedError ref) : VanillaStep seq =
        seq {
            let all = Cells.cover cells box |> Seq.toArray
            result.Value <- CertifiedError.zero

            for k, cell in Array.indexed all do
                if Double.IsFinite result.Value.Bound then
                    result.Value <- CertifiedError.worse result.Value (certificate.Cell cell)

                if k % cells = cells - 1 then
                    Working(stage, k + 1, all.Length)
        }

    /// What a plan without tables does: the error of the splitting, that of the tables for each unit of tolerance, and the ranges.
    [<NoComparison; NoEquality>]
    type private Pilot = {
        Plan: VanillaPlan
        Weight: PlannedPiece -> PlannedMap -> float
        Splitting: float
        Tables: float
        Ranges: Interval[][]
        States: Interval[][][]
    }

    /// A plan with n steps and assumed tables of tolerance δ; the ranges come from a first look with a single cell per side.
    let private pilot
        stage
        (field: RidgeField<Rational>)
        (box: Box)
        (cells: int)
        (boxes: float)
        splitting
        (steps: int)
        (δ: float)
        (result: Pilot option ref)
        : VanillaStep seq =
        seq {
            let plan = plan splitting field steps
            let d = field.Dimension
            let mesh boxes = extent field box / root d boxes
            let none _ _ = 0.0
            let coarse = VanillaCertificate(plan, Splitting.order splitting + 1, mesh 400.0, none, NetworkRounding.none)
            let first = ref CertifiedError.zero
            yield! certify stage 3 box coarse first
            result.Value <- None

            if Double.IsFinite first.Value.Bound then
                let weight = weight coarse.Ranges plan
                let tolerance piece map = δ * weight piece map
                let fine = VanillaCertificate(plan, expansion splitting, mesh boxes, tolerance, NetworkRounding.none)
                let error = ref CertifiedError.zero
                yield! certify stage cells box fine error

                if Double.IsFinite error.Value.Bound then
                    result.Value <-
                        Some {
                            Plan = plan
                            Weight = weight
                            Splitting = error.Value.Splitting
                            Tables = error.Value.Tables / δ
                            Ranges = fine.Ranges
                            States = fine.States
                        }
        }

    /// The n and δ of least depth for ε by the model: splitting ~ n^−p, tables ~ δ, from what a pilot has shown.
    let private optimise (splitting: Splitting) (pilot: Pilot) (steps: int) (ε: float) : PlanPrediction * float =
        let p = float (Splitting.order splitting)
        let maps = float (pilot.Plan.Pieces |> Array.sumBy _.Chain.Length) / float steps
        let hasTables = pilot.Tables > 0.0

        let candidate n =
            let error = pilot.Splitting * Math.Pow(float steps / float n, p)
            let rest = ε - error
            let δ = if hasTables then rest / pilot.Tables else 1.0

            if rest <= 0.0 then
                None
            else
                // Tables of n steps are as those of the pilot, but for times shorter by steps/n.
                let knots = depth pilot.Ranges pilot.Plan pilot.Weight δ
                let depth = knots * float n / float steps |> max (maps * float n * (if hasTables then 1.0 else 0.0))

                Some(
                    {
                        Splitting = splitting
                        Steps = n
                        SplittingError = error
                        TableError = if hasTables then rest else 0.0
                        Depth = int64 (Math.Min(depth, 1e18))
                    },
                    δ
                )

        let ladder =
            Seq.unfold (fun n -> if n > 1e7 then None else Some(int n, max (n + 1.0) (n * 1.06))) 1.0 |> Seq.choose candidate

        if Seq.isEmpty ladder then
            { Splitting = splitting; Steps = Int32.MaxValue; SplittingError = ε; TableError = 0.0; Depth = Int64.MaxValue }, 0.0
        else
            // Without tables the first is the best; with them the depth has one minimum.
            Seq.minBy (fun (prediction: PlanPrediction, _) -> prediction.Depth) ladder

    /// Steps enough for Taylor's theorem to say something: hΛ about 1/2.
    let private firstSteps (field: RidgeField<Rational>) =
        let stiffness (piece: RidgePiece<Rational>) =
            let terms = piece.Terms |> Array.map (RidgeTerm.map (Rational.toFloat >> Binary64))
            Rational.toFloat piece.Duration * (SplittingBound.stiffness (SplittingBound.constants terms)).Value

        max 2 (int (ceil (3.0 * (field.Pieces |> Array.sumBy stiffness))))

    /// What each splitting would need for ε, the least depth first; nothing is built.
    let private predict (field: RidgeField<Rational>) (box: Box) (ε: float) splittings (result: (PlanPrediction * Pilot)[] ref) =
        seq {
            let found = ResizeArray()

            for splitting in splittings do
                let pilotOf = ref None
                let mutable steps = firstSteps field * (if splitting = Splitting.Yoshida then 2 else 1)
                let mutable attempts = 5

                while pilotOf.Value.IsNone && attempts > 0 do
                    let stage = $"plan {Splitting.name splitting}"
                    yield! pilot stage field box (max 2 (int (root field.Dimension 64.0))) 2500.0 splitting steps ε pilotOf
                    attempts <- attempts - 1

                    if pilotOf.Value.IsNone then
                        steps <- 2 * steps

                match pilotOf.Value with
                | Some pilot -> found.Add(fst (optimise splitting pilot steps ε), pilot)
                | None -> ()

            result.Value <- found.ToArray() |> Array.sortBy (fun (prediction, _) -> prediction.Depth)
        }

    let private choices (options: VanillaOptions) (field: RidgeField<Rational>) =
        match options.Splitting with
        | Some splitting -> [ splitting ]
        | None when field.Pieces |> Array.exists (fun piece -> Array.exists isKinked piece.Terms) ->
            // Order 4 is lost at kinks.
            [ Splitting.LieTrotter; Splitting.Strang ]
        | None -> [ Splitting.LieTrotter; Splitting.Strang; Splitting.Yoshida ]

    /// What each splitting would need for each ε, from pilot certificates alone.
    let predictions
        (field: RidgeField<Rational>)
        (box: Box)
        (tolerances: float[])
        (options: VanillaOptions)
        : Result<PlanPrediction[][], Defect list> =
        match tolerances |> Array.toList |> List.collect (fun ε -> defects field box ε options) with
        | [] ->
            tolerances
            |> Array.map (fun ε ->
                let result = ref [||]
                predict field box ε (choices options field) result |> Seq.iter ignore
                Array.map fst result.Value)
            |> Ok
        | defects -> Error(List.distinct defects)

    /// What of ε the plan aims at, so that ceilings and rounding fit in as well.
    let private aim = 0.97

    /// The network of the flow over the box within ε, step by step: a lazy sequence that ends with Compiled or Refused.
    let steps (field: RidgeField<Rational>) (box: Box) (ε: float) (options: VanillaOptions) : VanillaStep seq =
        seq {
            match defects field box ε options with
            | [] ->
                let d = field.Dimension
                let hasKinks = field.Pieces |> Array.exists (fun piece -> Array.exists isKinked piece.Terms)

                let cells = options.CellsPerSide |> Option.defaultValue (max 2 (int (root d (if hasKinks then 2500.0 else 400.0))))

                let predicted = ref [||]
                yield! predict field box ε (choices options field) predicted

                match Array.tryHead predicted.Value with
                | None -> Refused(Budget(Double.PositiveInfinity, options.MaxDepth))
                | Some(best, _) ->
                    let splitting = best.Splitting
                    let boxes = if splitting = Splitting.Yoshida then 10_000.0 else 20_000.0
                    let order = float (Splitting.order splitting)
                    let mutable n = best.Steps
                    let mutable attempt = 0
                    let mutable outcome = None

                    while outcome.IsNone do
                        attempt <- attempt + 1
                        let found = ref None
                        yield! pilot $"certify {n} steps of {Splitting.name splitting}" field box cells boxes splitting n ε found

                        match found.Value with
                        | None when attempt < 8 && n < 1_000_000 -> n <- 2 * n
                        | None -> outcome <- Some(Refused(Budget(Double.PositiveInfinity, options.MaxDepth)))
                        | Some pilot ->
                            let better, _ = optimise splitting pilot n (aim * ε)
                            let isFar = abs (float better.Steps - float n) > 0.15 * float n

                            if isFar && attempt < 6 && float better.Depth <= 2.0 * float options.MaxDepth then
                                n <- better.Steps
                            elif pilot.Splitting >= aim * ε && attempt < 10 && float better.Depth <= 2.0 * float options.MaxDepth then
                                n <- max (n + 1) (int (float n * Math.Pow(pilot.Splitting / (0.8 * ε), 1.0 / order)))
                            elif pilot.Splitting >= ε || float better.Depth > float options.MaxDepth then
                                // What the budget allows for, by the rate at which the depth grows.
                                let rate = 1.0 / order + (if pilot.Tables > 0.0 then 0.5 else 0.0)
                                let reachable = ε * Math.Pow(float better.Depth / float options.MaxDepth, 1.0 / rate)
                                outcome <- Some(Refused(Budget(max ε reachable, options.MaxDepth)))
                            else
                                let mutable δ = if pilot.Tables > 0.0 then (aim * ε - pilot.Splitting) / pilot.Tables else 1.0
                                let mutable tries = 0

                                while outcome.IsNone do
                                    tries <- tries + 1
                                    let plan = withTables pilot.Ranges pilot.Plan pilot.Weight δ
                                    let depth = VanillaPlan.depth plan

                                    if depth > options.MaxDepth then
                                        outcome <-
                                            Some(
                                                Refused(
                                                    Budget(
                                                        pilot.Splitting + pilot.Tables * δ * float depth / float options.MaxDepth,
                                                        options.MaxDepth
                                                    )
                                                )
                                            )
                                    else
                                        let realisation = VanillaRealisation.create plan
                                        // The states of the network differ from those of the pilot by no more than ε.
                                        let widened = pilot.States |> Array.map (Array.map (Array.map (Box.widen ε)))
                                        let rounding = VanillaRealisation.rounding plan box widened realisation
                                        let mesh = extent field box / root d boxes
                                        let none _ _ = 0.0
                                        let certificate = VanillaCertificate(plan, expansion splitting, mesh, none, rounding)
                                        let error = ref CertifiedError.zero
                                        yield! certify "certify the network" cells box certificate error

                                        let inside =
                                            Array.forall2 (Array.forall2 (Array.forall2 Interval.subset)) certificate.States widened

                                        if error.Value.Rounding > 0.5 * ε then
                                            outcome <- Some(Refused(Precision error.Value.Rounding))
                                        elif error.Value.Bound <= ε && inside then
                                            outcome <-
                                                Some(
                                                    Compiled {
                                                        Network = VanillaRealisation.network realisation
                                                        Error = error.Value
                                                        Plan = plan
                                                        Predictions = Array.map fst predicted.Value
                                                        Cells = pown cells d
                                                    }
                                                )
                                        elif tries >= 6 then
                                            outcome <- Some(Refused(Budget(error.Value.Bound, options.MaxDepth)))
                                        else
                                            δ <- 0.9 * δ * Math.Min(1.0, ε / error.Value.Bound)

                    match outcome with
                    | Some step -> step
                    | None -> ()
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
