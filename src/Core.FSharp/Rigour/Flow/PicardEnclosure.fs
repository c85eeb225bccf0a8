namespace LayerTime.Core.Rigour

open LayerTime.Core.Numbers

/// A-priori enclosures of solutions and of their variations over a whole step, by the theorem of Picard and Lindelöf.
[<RequireQualifiedAccess>]
module PicardEnclosure =
    /// X₀ + [0, δ]·F(T, J), F the right-hand side of the equations of x, of its first and of its second variation: x₁ of the series.
    let private operator
        (series: IFlowSeries<Interval>)
        (times: Interval)
        (span: Interval)
        (start: FlowJet<Interval>)
        (jet: FlowJet<Interval>)
        =
        let slope = series.Expand(1, times, jet)[1]
        FlowJet.map2 (fun x s -> Arithmetic.(+) x (Arithmetic.(*) span s)) start slope

    let private isBounded (jet: FlowJet<Interval>) : bool =
        let bounded (x: Interval) = Interval.isBounded x && not (Interval.isEmpty x)
        Array.forall bounded jet.Value && Array.forall bounded jet.First && Array.forall bounded jet.Second

    /// A jet that contains the solution and its variations for all starts and all times from 0 to δ, δ the upper end of `span` = [0, δ];
    /// `times` are those of the step. None if none was found in eight attempts: the step is too long, or no solution lives that long.
    let find (series: IFlowSeries<Interval>) (times: Interval) (span: Interval) (start: FlowJet<Interval>) : FlowJet<Interval> option =
        let image = operator series times span start

        /// A guess grown around the start, so that the operator may map it into itself.
        let grow factor (guess: FlowJet<Interval>) =
            let one (side: Interval) = Box.widen (factor * Interval.width side + 1e-15 * Interval.magnitude side + 1e-300) side
            FlowJet.map2 (fun side _ -> one side) guess guess

        let rec attempt left guess =
            if left = 0 || not (isBounded guess) then
                None
            else
                let mapped = image guess

                if not (isBounded mapped) then None
                elif FlowJet.forall2 Interval.subset mapped guess then Some mapped
                else attempt (left - 1) (grow 0.25 (FlowJet.map2 Interval.hull mapped start))

        // What is mapped into itself contains the solution, and so does every image of it.
        let refine jet = FlowJet.map2 Interval.intersect jet (image jet)

        let first = image start

        if isBounded first then
            attempt 8 (grow 0.1 (FlowJet.map2 Interval.hull first start)) |> Option.map (refine >> refine)
        else
            None
