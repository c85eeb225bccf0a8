namespace LayerTime.Core.Rigour

open LayerTime.Core.Numbers

/// The flow φ of one step: at a centre, and its derivatives over a box around it.
[<NoComparison; NoEquality>]
type FlowStep = {
    /// The order N of the series; 0 across a kink of the field.
    Order: int
    /// The length δ of the step.
    Length: Interval
    /// φ at the centre.
    AtCentre: Interval[]
    /// φ, Dφ and, where they were asked for, D²φ over the box.
    OverBox: FlowJet<Interval>
    /// All states within the step.
    Tube: Box
    /// The remainder of the series: what the truncation may have left out.
    Remainder: FlowJet<Interval>
}

/// Interval Taylor series with proven remainder (Moore 1966, Lohner 1987).
[<RequireQualifiedAccess>]
module TaylorEnclosure =
    let private add (x: FlowJet<Interval>) (y: FlowJet<Interval>) : FlowJet<Interval> = FlowJet.map2 (fun a b -> Arithmetic.(+) a b) x y

    let private scale (c: Interval) (x: FlowJet<Interval>) : FlowJet<Interval> = FlowJet.map2 (fun a _ -> Arithmetic.(*) c a) x x

    /// One step of order N and length δ at a time: Σ_{k≤N} x_k δᵏ + x_(N+1)(B)·δ^(N+1), the last coefficient over an a-priori
    /// enclosure B of the step. None if there is no such enclosure. `box` contains `centre`.
    let step
        (series: IFlowSeries<Interval>)
        (order: int)
        (time: Interval)
        (length: Interval)
        (hasSecond: bool)
        (centre: float[])
        (box: Box)
        : FlowStep option =
        let span = Interval.ofBounds 0.0 length.Upper
        let times = Arithmetic.(+) time span
        let start = FlowJet.identity hasSecond box

        PicardEnclosure.find series times span start
        |> Option.map (fun a ->
            // Across a kink there is no series, and a step is a mean value of the slope.
            let order = if series.IsAnalytic(times, a.Value) then order else 0
            let last = series.Expand(order + 1, times, a)[order + 1]
            let remainder = scale (Interval.power length (order + 1)) last
            let centred = series.Expand(order, time, FlowJet.ofValue (Box.ofPoint centre))
            let boxed = series.Expand(order, time, start)
            let left = FlowJet(box.Length, 0, false)
            Array.blit remainder.Value 0 left.Value 0 box.Length
            // Horner in [0, δ] with the remainder as the last coefficient: where the states are within the step.
            let within =
                Array.append (Array.map (fun (x: FlowJet<Interval>) -> FlowJet.ofValue x.Value) boxed) [| FlowJet.ofValue last.Value |]

            let tube = FlowJet.evaluate (order + 1) span within

            {
                Order = order
                Length = length
                AtCentre = (add (FlowJet.evaluate order length centred) left).Value
                OverBox = add (FlowJet.evaluate order length boxed) remainder
                Tube = Array.map2 Interval.intersect tube.Value a.Value
                Remainder = remainder
            })
