namespace LayerTime.Core.Constructions

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Rigour

/// What the certificate of a plan without tables has shown: the error of the splitting, that of tables for each unit of tolerance, and the ranges.
[<NoComparison; NoEquality>]
type internal VanillaPilot = {
    /// The plan.
    Plan: VanillaPlan
    /// n, over all pieces as they were asked for.
    Steps: int
    /// The share of a map in the tolerance.
    TableShare: PlannedPiece -> PlannedMap -> float
    /// The certified error of the splitting.
    Splitting: float
    /// The error of tables over their tolerance δ.
    Tables: float
    /// Where the maps are entered.
    Ranges: Interval[][]
    /// The states there.
    States: Interval[][][]
}

/// How finely the box and the local errors are looked at.
[<NoComparison>]
type internal PilotView = {
    /// Cells along each side of the box.
    Cells: int
    /// So many small boxes in the region of the local errors, nearly.
    Boxes: float
}

/// Pilots: certificates before anything is built, and what follows from them for other n and ε.
[<RequireQualifiedAccess>]
module internal VanillaPilot =
    /// What of ε a plan aims at, so that ceilings and rounding fit in as well.
    let aim = 0.97

    let isKinked (field: RidgeField<Rational>) : bool =
        field.Pieces |> Array.exists (fun piece -> piece.Terms |> Array.exists (fun term -> term.Profile = Profile.Relu))

    /// The order to which local errors are expanded: one beyond the leading term for Lie–Trotter and Strang.
    let expansion (splitting: Splitting) : int = if splitting = Splitting.Yoshida then 8 else Splitting.order splitting + 2

    let root (d: int) (count: float) : float = Math.Pow(count, 1.0 / float d)

    /// The size of the small boxes: the region that trajectories pass through, cut.
    let mesh (field: RidgeField<Rational>) (box: Box) (boxes: float) : float =
        let norm v = v |> Array.sumBy (fun x -> let x = Rational.toFloat x in x * x) |> sqrt

        let speed (piece: RidgePiece<Rational>) =
            Rational.toFloat piece.Duration * (piece.Terms |> Array.sumBy (fun term -> norm term.Direction))

        let extent = (box |> Array.map (fun side -> side.Upper - side.Lower) |> Array.max) + (field.Pieces |> Array.sumBy speed)
        extent / root field.Dimension boxes

    /// The view of a certificate that is to be sharp. A kink is crossed in few steps, whatever the cell, but which ones depends on it.
    let fine (splitting: Splitting) (field: RidgeField<Rational>) (options: VanillaOptions) : PilotView =
        let cells =
            options.CellsPerSide
            |> Option.defaultValue (max 2 (int (root field.Dimension (if isKinked field then 2500.0 else 400.0))))

        // Some dozens for each cell are as sharp as it can be.
        let perCell, most = if splitting = Splitting.Yoshida then 25.0, 10_000.0 else 50.0, 20_000.0
        { Cells = cells; Boxes = Math.Min(most, perCell * Math.Pow(float cells, float field.Dimension)) }

    /// A view that costs little.
    let coarse (field: RidgeField<Rational>) : PilotView = { Cells = max 2 (int (root field.Dimension 64.0)); Boxes = 2500.0 }

    /// A plan of n steps in all, of nearly the same length.
    let plan (splitting: Splitting) (field: RidgeField<Rational>) (steps: int) : VanillaPlan =
        let horizon = Rational.toFloat field.Horizon

        let ofPiece (piece: RidgePiece<Rational>) =
            let share = Rational.toFloat piece.Duration / horizon
            VanillaPlan.piece splitting true (max 1 (int (ceil (float steps * share - 1e-9)))) piece

        { Splitting = splitting; Pieces = Array.map ofPiece field.Pieces }

    /// Steps enough for Taylor's theorem to say something: hΛ about 1/3.
    let firstSteps (splitting: Splitting) (field: RidgeField<Rational>) : int =
        let stiffness (piece: RidgePiece<Rational>) =
            let terms = piece.Terms |> Array.map (RidgeTerm.map (Rational.toFloat >> Binary64))
            Rational.toFloat piece.Duration * (SplittingBound.stiffness (SplittingBound.constants terms)).Value

        max 2 (int (ceil (3.0 * (field.Pieces |> Array.sumBy stiffness)))) * (if splitting = Splitting.Yoshida then 2 else 1)

    /// More steps than this are not looked at with a view: what they do follows from fewer.
    let mostSteps (splitting: Splitting) (field: RidgeField<Rational>) (view: PilotView) : int =
        let flows =
            field.Pieces
            |> Array.map (fun piece -> (Splitting.substeps splitting piece.Terms.Length: Substep<Binary64> list).Length)

        max
            (2 * firstSteps splitting field)
            (int (60_000.0 / (Math.Pow(float view.Cells, float field.Dimension) * float (Array.max flows))))

    /// More steps than this, over all pieces, take more layers than a depth: every table has a knot at least.
    let stepsWithin (splitting: Splitting) (field: RidgeField<Rational>) (depth: int64) : int =
        let layers (piece: PlannedPiece) =
            piece.Chain
            |> Array.sumBy (fun m ->
                let map = piece.Maps[m]
                let term = piece.Piece.Terms[map.Term]

                if VanillaTables.isCurved term then (if VanillaPlan.isPair term then 2 else 1) else VanillaPlan.layers piece map)

        let perStep (piece: RidgePiece<Rational>) =
            layers (VanillaPlan.piece splitting true 2 piece) - layers (VanillaPlan.piece splitting true 1 piece)

        let least = field.Pieces |> Array.map perStep |> Array.min
        let most = if least = 0 then depth else depth / int64 least
        int (Math.Min(1_000_000L, most + int64 field.Pieces.Length))

    /// The certificate over all cells, one step for each row of them.
    let certify stage cells (box: Box) (certificate: VanillaCertificate) (result: CertifiedError ref) : VanillaStep seq =
        seq {
            let all = Cells.cover cells box |> Seq.toArray
            result.Value <- CertifiedError.zero

            for k, cell in Array.indexed all do
                if Double.IsFinite result.Value.Bound then
                    result.Value <- CertifiedError.worse result.Value (certificate.Cell cell)

                if k % cells = cells - 1 then
                    Working(stage, k + 1, all.Length)
        }

    /// n steps with assumed tables of tolerance ε; the ranges come from a first look with three cells per side.
    let run
        stage
        (field: RidgeField<Rational>)
        (box: Box)
        (view: PilotView)
        splitting
        (steps: int)
        (ε: float)
        (result: VanillaPilot option ref)
        : VanillaStep seq =
        seq {
            let plan = plan splitting field steps
            let none _ _ = 0.0
            let first = VanillaCertificate(plan, Splitting.order splitting + 1, mesh field box 400.0, none, NetworkRounding.none)
            let error = ref CertifiedError.zero
            yield! certify stage 3 box first error
            result.Value <- None

            if Double.IsFinite error.Value.Bound then
                let weight = VanillaTables.weight first.Ranges plan
                let tolerance piece map = ε * weight piece map
                let certificate = VanillaCertificate(plan, expansion splitting, mesh field box view.Boxes, tolerance, NetworkRounding.none)
                yield! certify stage view.Cells box certificate error

                if Double.IsFinite error.Value.Bound then
                    result.Value <-
                        Some {
                            Plan = plan
                            Steps = steps
                            TableShare = weight
                            Splitting = error.Value.Splitting
                            Tables = error.Value.Tables / ε
                            Ranges = certificate.Ranges
                            States = certificate.States
                        }
        }

    /// The tolerance δ that uses up what the splitting leaves of ε.
    let tolerance (pilot: VanillaPilot) (ε: float) : float = if pilot.Tables > 0.0 then (ε - pilot.Splitting) / pilot.Tables else 1.0

    /// The n of least depth for ε by the model: splitting ~ n^−p, tables ~ δ, the tables of n steps as those of the pilot.
    let optimise (pilot: VanillaPilot) (ε: float) : PlanPrediction =
        let splitting = pilot.Plan.Splitting
        let p = float (Splitting.order splitting)
        let steps = float pilot.Steps
        let hasTables = pilot.Tables > 0.0
        let depth = VanillaTables.depth pilot.Ranges pilot.Plan pilot.TableShare

        let candidate n =
            let error = pilot.Splitting * Math.Pow(steps / float n, p)
            let rest = ε - error

            if rest <= 0.0 then
                None
            else
                let δ = if hasTables then rest / pilot.Tables else 1.0

                Some {
                    Splitting = splitting
                    Steps = n
                    SplittingError = error
                    TableError = if hasTables then rest else 0.0
                    Depth = int64 (Math.Min(depth δ * float n / steps, 1e18))
                }

        // From one step for each piece on; the depth has one minimum.
        let least = float pilot.Plan.Pieces.Length

        Seq.unfold (fun n -> if n > 1e7 then None else Some(int n, max (n + 1.0) (n * 1.03))) least
        |> Seq.choose candidate
        |> Seq.fold
            (fun best found ->
                match best with
                | Some(best: PlanPrediction) when best.Depth <= found.Depth -> Some best
                | _ -> Some found)
            None
        |> Option.defaultValue {
            Splitting = splitting
            Steps = Int32.MaxValue
            SplittingError = ε
            TableError = 0.0
            Depth = Int64.MaxValue
        }

    /// The same, with the knots of the pilot's tables counted where the model only estimates them.
    let predict (pilot: VanillaPilot) (ε: float) : PlanPrediction =
        let found = optimise pilot (aim * ε)
        let δ = if pilot.Tables > 0.0 then found.TableError / pilot.Tables else 0.0

        if δ > 0.0 && found.Depth < 10_000_000L then
            let counted = VanillaTables.withTables pilot.Ranges pilot.Plan pilot.TableShare δ |> VanillaPlan.depth
            { found with Depth = int64 (float counted * float found.Steps / float pilot.Steps) }
        else
            found

    /// The depth at the pilot's own number of steps, nearly; infinite where the splitting alone exceeds ε.
    let private ownDepth (ε: float) (pilot: VanillaPilot) : float =
        if pilot.Splitting >= aim * ε then
            Double.PositiveInfinity
        else
            VanillaTables.depth pilot.Ranges pilot.Plan pilot.TableShare (tolerance pilot (aim * ε))

    /// A pilot with nearly the number of steps that is best for ε: from a first guess from one best number by the model to the next, until one
    /// is near or has been looked at. Not beyond the most steps, nor where twice the greatest depth would not do.
    let settle
        (field: RidgeField<Rational>)
        (box: Box)
        (view: PilotView)
        splitting
        (ε: float)
        (guess: int)
        (most: int)
        (maxDepth: int64)
        (result: VanillaPilot option ref)
        : VanillaStep seq =
        seq {
            let mutable n = max 1 (min guess most)
            let seen = ResizeArray<VanillaPilot>()
            let mutable attempts = 8

            while attempts > 0 do
                attempts <- attempts - 1
                let found = ref None
                yield! run $"certify {n} steps of {Splitting.name splitting}" field box view splitting n ε found

                match found.Value with
                | Some pilot ->
                    seen.Add pilot
                    let best = optimise pilot (aim * ε)
                    let better = min most best.Steps
                    let isNear = abs (float better - float n) <= 0.1 * float n
                    // What uses up all of ε alone needs more steps, however few.
                    let next = if isNear then min most (n + 1 + n / 20) else better
                    let isEnough = isNear && pilot.Splitting < aim * ε
                    let isTooDeep = float best.Depth > 2.0 * float maxDepth

                    if isEnough || isTooDeep || seen.Exists(fun pilot -> pilot.Steps = next) then attempts <- 0 else n <- next
                | None when n < most -> n <- min most (2 * n)
                | None -> attempts <- 0

            result.Value <-
                if seen.Count = 0 then
                    None
                else
                    // The last one if none of them is within ε.
                    Seq.rev seen |> Seq.minBy (ownDepth ε) |> Some
        }
