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
    /// The depth with tables of tolerance δ, nearly.
    Depth: float -> float
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

    /// n steps with assumed tables that cost about half of ε. A first look with three cells per side gives the ranges; what tables cost, if no other pilot
    /// has shown it, follows from a second one, and from a third that is fine. None where the bound is infinite or larger than the region of the
    /// states, which says nothing.
    let run
        stage
        (field: RidgeField<Rational>)
        (box: Box)
        (view: PilotView)
        splitting
        (steps: int)
        (ε: float)
        (cost: float option)
        (result: VanillaPilot option ref)
        : VanillaStep seq =
        seq {
            let plan = plan splitting field steps
            let error = ref CertifiedError.zero
            result.Value <- None

            let look cells order boxes tolerance =
                let certificate = VanillaCertificate(plan, order, mesh field box boxes, tolerance, NetworkRounding.none)
                certificate, certify stage cells box certificate error

            let order = Splitting.order splitting + 1
            let first, looking = look 3 order 400.0 (fun _ _ -> 0.0)
            yield! looking

            if Double.IsFinite error.Value.Bound then
                let weight = VanillaTables.weight first.Ranges plan
                let share = 0.5 * ε
                let mutable δ = share / Option.defaultValue 1.0 cost

                if cost.IsNone then
                    yield! look 3 order 400.0 (fun piece map -> share * weight piece map) |> snd
                    δ <- share * Math.Min(1.0, share / error.Value.Tables)

                // With larger cells tables seem to cost more. What costs a quarter of the share at least is as good as all of it.
                let mutable attempts = if Double.IsFinite error.Value.Bound then 2 else 0

                while attempts > 0 do
                    attempts <- attempts - 1
                    let tolerance = δ

                    let certificate, looking =
                        look view.Cells (expansion splitting) view.Boxes (fun piece map -> tolerance * weight piece map)

                    yield! looking
                    let states = certificate.States

                    if error.Value.Splitting <= (states |> Seq.concat |> Seq.map Box.width |> Seq.max) then
                        result.Value <-
                            Some {
                                Plan = plan
                                Steps = steps
                                TableShare = weight
                                Splitting = error.Value.Splitting
                                Tables = error.Value.Tables / δ
                                Ranges = certificate.Ranges
                                States = states
                                Depth = VanillaTables.depth certificate.Ranges plan weight
                            }

                    let isCheap = error.Value.Tables > 0.0 && error.Value.Tables < 0.25 * share
                    if isCheap then δ <- δ * share / error.Value.Tables else attempts <- 0
        }

    /// The tolerance δ that uses up what the splitting leaves of ε.
    let tolerance (pilot: VanillaPilot) (ε: float) : float = if pilot.Tables > 0.0 then (ε - pilot.Splitting) / pilot.Tables else 1.0
