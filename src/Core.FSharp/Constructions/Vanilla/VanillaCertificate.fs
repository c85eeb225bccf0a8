namespace LayerTime.Core.Constructions

open System
open System.Collections.Generic
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Rigour

/// A bound of |flow − network| over a box of starting points, and where it comes from. The parts add up to at least the bound.
type CertifiedError = {
    /// sup |Φ_T(x) − f(x)| in the Euclidean norm is at most this.
    Bound: float
    /// The part of the splitting.
    Splitting: float
    /// The part of the tables.
    Tables: float
    /// The part of the rounding of the weights, and of a run of the network in floats.
    Rounding: float
}

/// Certified errors.
[<RequireQualifiedAccess>]
module CertifiedError =
    /// No error at all.
    let zero = { Bound = 0.0; Splitting = 0.0; Tables = 0.0; Rounding = 0.0 }

    /// No bound.
    let unbounded = { Bound = Double.PositiveInfinity; Splitting = Double.PositiveInfinity; Tables = 0.0; Rounding = 0.0 }

    /// What holds on both of two boxes.
    let worse (a: CertifiedError) (b: CertifiedError) : CertifiedError = {
        Bound = max a.Bound b.Bound
        Splitting = max a.Splitting b.Splitting
        Tables = max a.Tables b.Tables
        Rounding = max a.Rounding b.Rounding
    }

/// How far the layers of a network stray from the maps they stand for, by the rounding of their weights and of a run in floats: each
/// coordinate of x by at most this.
[<NoComparison>]
type NetworkRounding = {
    /// Before the first map.
    Start: float
    /// Behind each map of each piece.
    Maps: float[][]
}

/// What a certificate needs of one piece of a plan.
[<NoComparison; NoEquality>]
type private CertifiedPiece = {
    Terms: RidgeTerm<Interval>[]
    Plan: PlannedPiece
    /// The exact flows that each map stands for.
    Parts: TermEnclosure[][]
    Tables: ProfileTable option[]
    /// ψ̃ − ψ where a table is still to be made.
    Assumed: Interval[]
    Local: LocalErrorMap
}

/// What happened on the way of a cell, for the way back.
[<Struct; NoComparison; NoEquality>]
type private Event =
    /// A flow along a term, with ψ′ between the two trajectories.
    | Flow of flowTerm: RidgeTerm<Interval> * slope: Interval
    /// The end of a map: a·(ψ̃ − ψ), and the rounding of its layers.
    | Map of mapTerm: RidgeTerm<Interval> * table: Interval * rounding: float
    /// The end of a step: S_h − Φ_h, and how kinks are crossed if one is met.
    | Step of local: StepError * crossings: KinkCrossing[] voption
    /// Where a piece of time begins, and the terms until then.
    | Begin of before: RidgeTerm<Interval>[]

/// <summary>
/// A-posteriori certificates: an outward-rounded bound of |flow − network| over a cell, for any splitting and any tables.
/// </summary>
/// <remarks>
/// Two trajectories are compared: y, that of the network, and z, that of the exact flow. Within a step z is carried along by the exact flows of
/// the terms, x ↦ x + a·ψ(w·x + b), as y is, so that u = y − z becomes (I + a·ψ′·wᵀ)u; at the end of a map y takes on a·(ψ̃ − ψ), at the end of a
/// step z changes from S_h(z₀) to Φ_h(z₀) and u takes on S_h(z₀) − Φ_h(z₀). The way forward encloses y in c + Aξ + R, ξ ∈ [−1, 1]ᵈ, and u in a
/// box; the way back sums what the terms of u become at the end, the products of the matrices I + a·ψ′·wᵀ applied to each of them.
/// </remarks>
[<Sealed>]
type VanillaCertificate
    (plan: VanillaPlan, order: int, mesh: float, tolerance: PlannedPiece -> PlannedMap -> float, rounding: NetworkRounding) =
    let number (x: float) : Interval = Interval.ofFloat x
    let product (a: Interval, b: Interval) : Interval = Arithmetic.(*) a b
    let sum (a: Interval, b: Interval) : Interval = Arithmetic.(+) a b
    let difference (a: Interval, b: Interval) : Interval = Arithmetic.(-) a b
    let zero, unit = number 0.0, Interval.ofBounds -1.0 1.0
    let d = plan.Dimension

    let commute (terms: RidgeTerm<Rational>[]) =
        Seq.allPairs terms terms
        |> Seq.forall (fun (i, j) -> obj.ReferenceEquals(i, j) || (Vector.dot i.Weights j.Direction).Sign = 0)

    let pieces =
        plan.Pieces
        |> Array.map (fun piece ->
            let terms = piece.Piece.Terms |> Array.map (RidgeTerm.map Interval.ofRational)
            let h = Interval.ofRational (VanillaPlan.step piece)

            let enclosure (map: PlannedMap) time = TermEnclosure(terms[map.Term].Profile, RidgeTerm.rate terms[map.Term], time)

            let table (map: PlannedMap) =
                map.Table
                |> Option.map (fun table ->
                    let knots = Binary64.toFloats table.Knots
                    ProfileTable(table, enclosure map (VanillaPlan.time piece map), knots[0], Array.last knots))

            let assumed (map: PlannedMap) =
                let isCurved =
                    terms[map.Term].Profile = Profile.Tanh && (Vector.dot terms[map.Term].Weights terms[map.Term].Weights).Upper > 0.0

                let half = if isCurved && map.Table.IsNone then 0.5 * tolerance piece map else 0.0
                Interval.ofBounds -half half

            {
                Terms = terms
                Plan = piece
                Parts = piece.Maps |> Array.map (fun map -> map.Shares |> Array.map (fun share -> enclosure map (product (share, h))))
                Tables = Array.map table piece.Maps
                Assumed = Array.map assumed piece.Maps
                Local = LocalErrorMap(plan.Splitting, terms, h, order, mesh, commute piece.Piece.Terms)
            })

    // Where the maps have been entered, in the coordinate of their term.
    let ranges = pieces |> Array.map (fun piece -> Array.create piece.Plan.Maps.Length Interval.empty)
    let states = pieces |> Array.map (fun piece -> Array.init piece.Plan.Maps.Length (fun _ -> Array.create d Interval.empty))

    let norm (x: Interval[]) : float =
        (x |> Array.fold (fun sum' a -> sum (sum', Interval.square (number (Interval.magnitude a)))) zero |> Transcendental.sqrt).Upper

    /// The set c + Aξ + R.
    let c, A, R = Array.zeroCreate<float> d, Array.init d (fun _ -> Array.zeroCreate<float> d), Array.create d zero
    let u = Array.create d zero

    let hullOf i =
        let mutable side = sum (number (c[i]), R[i])

        for j in 0 .. d - 1 do
            side <- sum (side, product (number (A[i][j]), unit))

        side

    /// The part of s = w·x + b that belongs to ξ, the range of s, and w·u.
    let coordinate (term: RidgeTerm<Interval>) (σ: Interval[]) =
        let mutable centre, rest, drift = term.Bias, zero, zero

        for i in 0 .. d - 1 do
            let w = term.Weights[i]
            centre <- sum (centre, product (w, number (c[i])))
            rest <- sum (rest, product (w, R[i]))
            drift <- sum (drift, product (w, u[i]))

        let mutable range = sum (centre, rest)

        for j in 0 .. d - 1 do
            let mutable s = zero

            for i in 0 .. d - 1 do
                s <- sum (s, product (term.Weights[i], number (A[i][j])))

            σ[j] <- s
            range <- sum (range, product (s, unit))

        struct (centre, rest, range, drift)

    let σ = Array.create d zero

    /// y ← y + a·ψ(s) and u ← (I + a·ψ′·wᵀ)u; what ψ′ was.
    let flow (term: RidgeTerm<Interval>) (profile: TermEnclosure) : Interval =
        let struct (centre, rest, range, drift) = coordinate term σ
        let slope = profile.Slope(Interval.hull range (difference (range, drift)))
        let p = Interval.midpoint range
        let line = profile.Linearise(range, p)
        let m = number line.Slope
        // ψ(s) ∈ v + m·(s_c − p) + m·(σξ) + m·(w·R)
        let constant = sum (line.Rest, product (m, difference (centre, number p)))
        let mRest = product (m, rest)
        let push = product (slope, drift)

        for i in 0 .. d - 1 do
            let a = term.Direction[i]
            let mutable remainder = sum (R[i], product (a, mRest))

            for j in 0 .. d - 1 do
                let entry = sum (number (A[i][j]), product (a, product (m, σ[j])))
                A[i][j] <- Interval.midpoint entry
                remainder <- sum (remainder, product (difference (entry, number (A[i][j])), unit))

            let centre' = sum (sum (number (c[i]), product (a, constant)), remainder)
            c[i] <- Interval.midpoint centre'
            R[i] <- difference (centre', number (c[i]))
            u[i] <- sum (u[i], product (a, push))

        slope

    let disturb (term: RidgeTerm<Interval>) (table: Interval) (rounding: float) =
        for i in 0 .. d - 1 do
            let change = sum (product (term.Direction[i], table), Interval.ofBounds -rounding rounding)
            R[i] <- sum (R[i], change)
            u[i] <- sum (u[i], change)

    /// The way back: what each of the events has become at the end.
    let transport (events: ResizeArray<Event>) =
        let B = Array.init d (fun i -> Array.init d (fun j -> if i = j then number 1.0 else zero))
        let ofSplitting, ofTables, ofRounding = Array.create d zero, Array.create d zero, Array.create d zero
        let image (a: Interval[]) i = Vector.dot (Array.get B i) a
        let mutable terms = pieces[pieces.Length - 1].Terms
        let runs = Dictionary<int, KinkRun>()

        let endRun k =
            let mutable run = Unchecked.defaultof<KinkRun>

            if runs.Remove(k, &run) then
                let total = run.Total()

                for i in 0 .. d - 1 do
                    ofSplitting[i] <- sum (ofSplitting[i], total[i])

        for e in events.Count - 1 .. -1 .. 0 do
            match events[e] with
            | Flow(term, slope) ->
                for i in 0 .. d - 1 do
                    let row = B[i]
                    let factor = product (Vector.dot row term.Direction, slope)

                    for j in 0 .. d - 1 do
                        row[j] <- sum (row[j], product (factor, term.Weights[j]))
            | Map(term, table, rounding) ->
                let box = Array.create d (Interval.ofBounds -rounding rounding)

                for i in 0 .. d - 1 do
                    ofTables[i] <- sum (ofTables[i], product (image term.Direction i, table))
                    ofRounding[i] <- sum (ofRounding[i], image box i)
            | Step(local, crossings) ->
                for i in 0 .. d - 1 do
                    ofSplitting[i] <- sum (ofSplitting[i], image local.Smooth i)

                for k in 0 .. terms.Length - 1 do
                    let kink = local.Kinks[k]

                    if kink.Lower = 0.0 && kink.Upper = 0.0 then
                        endRun k
                    else
                        if not (runs.ContainsKey k) then
                            runs[k] <- KinkRun d

                        let push = Array.init d (fun i -> product (image (terms[k].Direction) i, kink))
                        runs[k].Add(push, crossings |> ValueOption.map (fun all -> all[k]))
            | Begin before ->
                terms <- before

                for k in Seq.toArray runs.Keys do
                    endRun k

        struct (ofSplitting, ofTables, ofRounding)

    // What has grown beyond this bounds nothing any more; below it a flow does not overflow.
    let isSane () =
        let fits (x: Interval) = Interval.magnitude x < 1e60
        Array.forall (fun x -> abs x < 1e60) c && Array.forall fits R && Array.forall fits u

    /// The bound over one cell.
    member _.Cell(box: Box) : CertifiedError =
        for i in 0 .. d - 1 do
            c[i] <- Interval.midpoint box[i]
            R[i] <- Interval.ofBounds -rounding.Start rounding.Start
            u[i] <- R[i]

            for j in 0 .. d - 1 do
                A[i][j] <- if i = j then Interval.radius box[i] else 0.0

        let events = ResizeArray<Event>()
        events.Add(Map(pieces[0].Terms[0], zero, rounding.Start))
        let mutable sane = true

        for p in 0 .. pieces.Length - 1 do
            let piece = pieces[p]
            events.Add(Begin pieces[max 0 (p - 1)].Terms)
            // Where z starts the step.
            let start () = Array.init d (fun i -> difference (hullOf i, u[i]))
            let mutable from = start ()

            let endStep () =
                let local = piece.Local.Enclose from
                let meetsKink = local.Kinks |> Array.exists (fun kink -> kink.Lower < 0.0 || kink.Upper > 0.0)
                events.Add(Step(local, (if meetsKink then piece.Local.Crossings from else ValueNone)))

                for i in 0 .. d - 1 do
                    u[i] <- sum (u[i], local.Smooth[i])

                    if meetsKink then
                        for k in 0 .. piece.Terms.Length - 1 do
                            u[i] <- sum (u[i], product (piece.Terms[k].Direction[i], local.Kinks[k]))

                sane <- isSane ()

                if sane then
                    from <- start ()

            let mutable done' = 0
            let perStep = (Splitting.substeps plan.Splitting piece.Terms.Length: Substep<Interval> list).Length

            for index in piece.Plan.Chain do
                if sane then
                    let term = piece.Terms[piece.Plan.Maps[index].Term]
                    let struct (_, _, range, _) = coordinate term σ
                    ranges[p][index] <- Interval.hull (ranges[p][index]) range
                    states[p][index] <- Array.mapi (fun i side -> Interval.hull side (hullOf i)) (states[p][index])

                    let table =
                        match piece.Tables[index] with
                        | Some table -> table.Error range
                        | None -> piece.Assumed[index]

                    for part in piece.Parts[index] do
                        if sane then
                            events.Add(Flow(term, flow term part))
                            done' <- done' + 1
                            sane <- isSane ()

                            if sane && done' % perStep = 0 then
                                endStep ()

                    if sane then
                        let rounding = if rounding.Maps.Length = 0 then 0.0 else rounding.Maps[p][index]
                        disturb term table rounding
                        events.Add(Map(term, table, rounding))

        if sane then
            let struct (ofSplitting, ofTables, ofRounding) = transport events
            let total = Array.map3 (fun a b c -> sum (a, sum (b, c))) ofSplitting ofTables ofRounding

            {
                Bound = norm (Array.map2 (fun a b -> Interval.intersect a b) total u)
                Splitting = norm ofSplitting
                Tables = norm ofTables
                Rounding = norm ofRounding
            }
        else
            CertifiedError.unbounded

    /// The ranges of s = w·x + b with which the maps of each piece have been entered so far.
    member _.Ranges: Interval[][] = ranges |> Array.map Array.copy

    /// The boxes of the states with which the maps of each piece have been entered so far.
    member _.States: Interval[][][] = states |> Array.map Array.copy

    /// How many small boxes the local errors have been enclosed on.
    member _.LocalBoxes = pieces |> Array.sumBy _.Local.Count

/// Rounding of networks.
[<RequireQualifiedAccess>]
module NetworkRounding =
    /// As if there were none, for a plan whose network is still to be made.
    let none: NetworkRounding = { Start = 0.0; Maps = [||] }

/// Cells that cover a box.
[<RequireQualifiedAccess>]
module Cells =
    /// The box cut into so many equal cells along every side.
    let cover (perSide: int) (box: Box) : Box seq =
        let cut (side: Interval) =
            let at k =
                if k = 0 then side.Lower
                elif k = perSide then side.Upper
                else side.Lower + (side.Upper - side.Lower) * float k / float perSide

            Array.init perSide (fun k -> Interval.ofBounds (at k) (at (k + 1)))

        let sides = Array.map cut box

        let rec from k : Interval list seq =
            if k = box.Length then
                Seq.singleton []
            else
                Seq.collect (fun side -> Seq.map (fun rest -> side :: rest) (from (k + 1))) sides[k]

        from 0 |> Seq.map List.toArray
