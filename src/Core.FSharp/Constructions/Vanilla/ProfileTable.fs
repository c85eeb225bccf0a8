namespace LayerTime.Core.Constructions

open System
open LayerTime.Core.Numbers

/// Piecewise linear profiles with few knots for the flow of a tanh term.
[<RequireQualifiedAccess>]
module ProfileKnots =
    // Halvings of a bracket: to the last bits of the knots.
    let private halvings = 48

    /// The largest x of [low, high] at which a predicate that holds at low and stops holding once does hold, nearly.
    let private last (holds: float -> bool) (low: float) (high: float) : float =
        let mutable low, high = low, high

        for _ in 1..halvings do
            let middle = 0.5 * (low + high)
            if holds middle then low <- middle else high <- middle

        low

    /// The polygon of least knots with sup|ψ̃ − ψ| ≤ δ/2 over [lower, upper], ψ the profile of tanh for κ, τ: greedy from the inflection at 0
    /// outward. For s &gt; 0 ψ is concave (τ &gt; 0): the knots lie δ/2 above it, the chords reach δ/2 below; the rest by the oddness of ψ.
    let tanh (κ: float) (τ: float) (lower: float) (upper: float) (δ: float) : PiecewiseLinear<Binary64> =
        let sign = float (sign τ)
        // F = |ψ| increases and is concave for s > 0.
        let F s = sign * TermFlow.tanhProfile κ τ s
        let slope s = sign * TermFlow.tanhProfileSlope κ τ s

        /// max F − line over [t, t′] for the line from (t, y) to (t′, F(t′) + δ/2): where F′ is the slope of the line.
        let sag t y t' =
            let m = (F t' + 0.5 * δ - y) / (t' - t)
            let s = last (fun s -> slope s >= m) t t'
            F s - (y + m * (s - t))

        /// The knots from (t, y) on, until the line to the end suffices, and the slope of that line.
        let rec march knots t y finish =
            if sag t y finish <= 0.5 * δ then
                List.rev knots, (F finish + 0.5 * δ - y) / (finish - t)
            else
                let t' = last (fun t' -> sag t y t' <= 0.5 * δ) t finish
                let y' = F t' + 0.5 * δ
                // A tolerance below rounding gets a line as it is.
                if t' > t then march ((t', y') :: knots) t' y' finish else List.rev knots, (F finish + 0.5 * δ - y) / (finish - t)

        /// The knots of [from, finish], from ≥ 0, and the slopes before and after them.
        let side from finish =
            // In the middle the line passes through 0.
            let start = if from = 0.0 then 0.0 else F from + 0.5 * δ
            let knots, final = march [] from start finish

            let first =
                match knots with
                | (t, y) :: _ -> (y - start) / (t - from)
                | [] -> final

            knots, first, final

        let mirror knots = knots |> List.rev |> List.map (fun (t, y) -> -t, -y)

        let knots, left, right =
            if lower >= 0.0 then
                side lower upper
            elif upper <= 0.0 then
                let knots, first, final = side -upper -lower
                mirror knots, final, first
            else
                // The longer side decides on the middle line; the other one has its knots within its range.
                let reach = max upper -lower
                let knots, first, final = side 0.0 reach

                let within finish =
                    let kept = knots |> List.takeWhile (fun (t, _) -> t < finish)

                    let slope =
                        match List.tryItem kept.Length knots, List.tryLast kept with
                        | _, None -> first
                        | Some(t', y'), Some(t, y) -> (y' - y) / (t' - t)
                        | None, Some _ -> final

                    kept, slope

                let above, right = within upper
                let below, left = within -lower
                mirror below @ above, left, right

        // A line has no kink: a knot at its end changes no slope.
        let knots = if knots.IsEmpty then [ upper, F upper + (if upper > 0.0 then 0.5 * δ else -0.5 * δ) ] else knots

        {
            Knots = knots |> List.map (fst >> Binary64) |> List.toArray
            Values = knots |> List.map (fun (_, y) -> Binary64(sign * y)) |> List.toArray
            Left = Binary64(sign * left)
            Right = Binary64(sign * right)
        }

/// How far a table is from its profile, enclosed: ψ̃ − ψ over any interval of s.
[<Sealed>]
type ProfileTable(table: PiecewiseLinear<Binary64>, profile: TermEnclosure, lower: float, upper: float) =
    // Pieces into which a cell is cut, so that the bound on the second derivative costs next to nothing.
    static let pieces = 16
    let number (x: float) : Interval = Interval.ofFloat x
    let knots, values = Binary64.toFloats table.Knots, Binary64.toFloats table.Values
    let last = knots.Length - 1

    // Cell k lies left of knot k.
    let line (cell: int) (s: float) : Interval =
        let through (t: float) (y: float) (slope: Interval) : Interval =
            Arithmetic.(+) (number y) (Arithmetic.(*) slope (Arithmetic.(-) (number s) (number t)))

        if cell = 0 then
            through knots[0] values[0] (number table.Left.Value)
        elif cell > last then
            through knots[last] values[last] (number table.Right.Value)
        else
            let rise: Interval = Arithmetic.(-) (number values[cell]) (number values[cell - 1])
            let run: Interval = Arithmetic.(-) (number knots[cell]) (number knots[cell - 1])
            through knots[cell - 1] values[cell - 1] (Arithmetic.(/) rise run)

    /// ψ̃ − ψ between two points of a cell: between its values at both there and what ψ is beside its chord, −½ψ″(ξ)(s − p)(p′ − s).
    let between cell (from: float) (finish: float) : Interval =
        let at s : Interval = Arithmetic.(-) (line cell s) (profile.At s)

        let piece p p' =
            let width: Interval = Arithmetic.(-) (number p') (number p)
            let bulge: Interval = Arithmetic.(*) (profile.Curvature(Interval.ofBounds p p')) (Interval.square width)
            let bulge = Interval.hull (number 0.0) (Arithmetic.(*) (number 0.125) bulge)
            Arithmetic.(+) (Interval.hull (at p) (at p')) bulge

        let points =
            Array.init (pieces + 1) (fun j -> if j = pieces then finish else from + (finish - from) * float j / float pieces)

        if from >= finish then
            at from
        else
            points |> Array.pairwise |> Array.map (fun (p, p') -> piece p p') |> Array.reduce Interval.hull

    let start cell = if cell = 0 then min lower knots[0] else knots[cell - 1]
    let finish cell = if cell > last then max upper knots[last] else knots[cell]
    let cells = Array.init (last + 2) (fun cell -> between cell (start cell) (finish cell))

    let cellOf (s: float) : int =
        let found = Array.BinarySearch(knots, s)
        if found >= 0 then found else ~~~found

    /// The table.
    member _.Table = table

    /// ψ̃ − ψ over an interval of s.
    member _.Error(s: Interval) : Interval =
        let first, final = cellOf s.Lower, cellOf s.Upper
        let mutable error = cells[first]

        for cell in first + 1 .. final do
            error <- Interval.hull error cells[cell]

        // Beyond the range of the table the outermost lines go on.
        if s.Lower < start 0 then
            error <- Interval.hull error (between 0 s.Lower (start 0))

        if s.Upper > finish (last + 1) then
            error <- Interval.hull error (between (last + 1) (finish (last + 1)) s.Upper)

        error
