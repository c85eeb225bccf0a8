namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Rigour

/// A piece of a set as the image of a box, with the function of interest in the coordinates of the box.
[<NoComparison; NoEquality>]
type Chart = {
    /// The box of coordinates.
    Domain: Box
    /// An enclosure of the function over the image of a box.
    Value: Box -> Interval
}

/// <summary>How far a function without critical points stays from one with a strict extremum.</summary>
/// <remarks>If Φ has no critical point inside K, ∂K ⊂ S ⊂ K and p ∈ S, then sup_S |Φ − Ψ| ≥ (min_∂K Ψ − Ψ(p))/2: nearer, Φ would have a minimum inside.</remarks>
[<RequireQualifiedAccess>]
module ExtremumGap =
    /// The smallest lower end over boxes that cover the domain, the worst box halved along its widest side again and again.
    let private lowerBound (splits: int) (chart: Chart) : float =
        /// Boxes by their lower ends, the smallest first.
        let rec insert (lower: float, box: Box) (boxes: (float * Box) list) =
            match boxes with
            | (first, _) as head :: rest when first < lower -> head :: insert (lower, box) rest
            | _ -> (lower, box) :: boxes

        let enter boxes box = insert ((chart.Value box).Lower, box) boxes

        let halve boxes _ =
            let box: Box = snd (List.head boxes)
            let widest = Seq.init box.Length id |> Seq.maxBy (fun i -> Interval.width box[i])
            let struct (a, b) = Box.bisect widest box
            enter (enter (List.tail boxes) a) b

        Seq.fold halve (enter [] chart.Domain) (seq { 1..splits }) |> List.head |> fst

    /// A lower bound of the minimum over all charts, from so many halvings of each.
    let minimum (splits: int) (charts: Chart list) : float = charts |> List.map (lowerBound splits) |> List.min

    /// An upper bound of the maximum over all charts, from so many halvings of each.
    let maximum (splits: int) (charts: Chart list) : float =
        -(minimum splits (charts |> List.map (fun chart -> { chart with Value = fun box -> Arithmetic.(~-) (chart.Value box) })))

    /// The faces of a box, with a function of x.
    let faces (value: Box -> Interval) (box: Box) : Chart list = [
        for i in 0 .. box.Length - 1 do
            for side in [ box[i].Lower; box[i].Upper ] do
                {
                    Domain = if box.Length = 1 then [| Interval.ofFloat side |] else Array.removeAt i box
                    Value = fun face -> value (if box.Length = 1 then face else Array.insertAt i (Interval.ofFloat side) face)
                }
    ]

    /// (min_∂K Ψ − Ψ(p))/2 rounded down, from charts of ∂K and an enclosure of Ψ(p); at least 0.
    let bound (splits: int) (boundary: Chart list) (atPoint: Interval) : float =
        max 0.0 (0.5 * Directed.addDown (minimum splits boundary) -atPoint.Upper)

    /// The same for a maximum: (Ψ(p) − max_∂K Ψ)/2 rounded down, at least 0.
    let boundOfMaximum (splits: int) (boundary: Chart list) (atPoint: Interval) : float =
        max 0.0 (0.5 * Directed.addDown atPoint.Lower -(maximum splits boundary))

    /// An upper bound of |f| over a box from its centre and its gradient: |f(m)| + Σ_i |∂f/∂x_i|·r_i, best over equal cells, `cells` along each side.
    let supremum (cells: int) (value: Box -> Interval) (gradient: Box -> Interval[]) (box: Box) : float =
        let cut (side: Interval) =
            let at k = side.Lower + (side.Upper - side.Lower) * (float k / float cells)
            let ends = [| side.Lower; yield! Array.init (cells - 1) (fun k -> at (k + 1)); side.Upper |]
            Array.pairwise ends |> Array.map (fun (a, b) -> Interval.ofBounds a b)

        let cellsOf: Box seq =
            box
            |> Array.map cut
            |> Array.fold (fun boxes sides -> Seq.collect (fun start -> Seq.map (fun side -> Array.append start [| side |]) sides) boxes) [
                [||]
            ]

        let over (cell: Box) =
            let step sum (slope: Interval) (side: Interval) =
                Directed.addUp sum (Directed.multiplyUp (Interval.magnitude slope) (Interval.radius side))

            Array.fold2 step (Interval.magnitude (value (Box.ofPoint (Box.midpoint cell)))) (gradient cell) cell

        cellsOf |> Seq.fold (fun largest cell -> max largest (over cell)) 0.0
