namespace LayerTime.Core.Constructions

open System
open LayerTime.Core.Numbers

/// Which tables the maps of a plan get, and how many layers they make.
[<RequireQualifiedAccess>]
module internal VanillaTables =
    /// Whether the flow of a term needs a table.
    let isCurved (term: RidgeTerm<Rational>) = term.Profile = Profile.Tanh && term.Weights |> Array.exists (fun w -> w.Sign <> 0)

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
    let weight (ranges: Interval[][]) (plan: VanillaPlan) =
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

    /// The depth of a plan with the tolerances δ·weight, nearly, as a function of δ.
    let depth (ranges: Interval[][]) (plan: VanillaPlan) (weight: PlannedPiece -> PlannedMap -> float) : float -> float =
        let maps = [|
            for p, piece in Array.indexed plan.Pieces do
                let times = Array.countBy id piece.Chain |> Map.ofArray

                for m, map in Array.indexed piece.Maps do
                    let term = piece.Piece.Terms[map.Term]
                    let count = Map.tryFind m times |> Option.defaultValue 0 |> float

                    if count > 0.0 && isCurved term then
                        let κ, τ = rates piece map
                        let knots = bends κ τ (ranges[p][m]) / sqrt (weight piece map)
                        struct (count * (if VanillaPlan.isPair term then 2.0 else 1.0), knots)
                    elif count > 0.0 then
                        struct (count * float (VanillaPlan.layers piece map), 0.0)
        |]

        fun δ -> maps |> Array.sumBy (fun (struct (count, knots)) -> count * max 1.0 (knots / sqrt δ))

    /// The plan with tables of tolerance δ·weight over the ranges, a little widened.
    let withTables (ranges: Interval[][]) (plan: VanillaPlan) (weight: PlannedPiece -> PlannedMap -> float) (δ: float) : VanillaPlan =
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
