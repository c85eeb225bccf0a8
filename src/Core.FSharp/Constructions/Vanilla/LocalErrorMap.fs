namespace LayerTime.Core.Constructions

open System
open System.Collections.Generic
open LayerTime.Core.Numbers

/// The local error of a splitting over any box, put together from small boxes that are looked at once: neither the field nor the step
/// changes from one step to the next.
[<Sealed>]
type LocalErrorMap(splitting: Splitting, terms: RidgeTerm<Interval>[], h: Interval, order: int, mesh: float, commute: bool) =
    // More small boxes than this are not worth their while: then larger ones are taken.
    static let most = 1024L
    let d = terms[0].Direction.Length
    let smooth = LocalError(splitting, terms, h, order)
    let kinked = ClockBound(splitting, terms, h)
    let known = Dictionary<struct (int * struct (int * int * int * int)), StepError>()
    let noKinks = Array.create terms.Length (Interval.ofFloat 0.0)
    let nothing = { Smooth = Array.create d (Interval.ofFloat 0.0); Kinks = noKinks }

    let enclose (box: Interval[]) : StepError =
        match smooth.Enclose box with
        | ValueSome error when error |> Array.forall Interval.isBounded -> { Smooth = error; Kinks = noKinks }
        | _ -> kinked.Enclose box

    let hull (a: StepError) (b: StepError) : StepError = {
        Smooth = Array.map2 Interval.hull a.Smooth b.Smooth
        Kinks = if obj.ReferenceEquals(a.Kinks, b.Kinks) then a.Kinks else Array.map2 Interval.hull a.Kinks b.Kinks
    }

    /// The side of small boxes of a level: each is twice as large as the one before.
    let sideOf (level: int) = Math.ScaleB(mesh, level)
    let index level (x: float) = int (Math.Floor(Math.Clamp(x / sideOf level, -1e9, 1e9)))

    /// The small box of an index, covered in spite of rounding.
    let side level (i: int) : Interval = Arithmetic.(*) (Interval.ofBounds (float i) (float (i + 1))) (Interval.ofFloat (sideOf level))

    let look level (first: int[]) =
        let at k = if k < d then first[k] else 0
        let key = struct (level, struct (at 0, at 1, at 2, at 3))
        let mutable error = nothing

        if known.TryGetValue(key, &error) then
            error
        else
            let error = enclose (Array.map (side level) first)
            known[key] <- error
            error

    /// How many small boxes have been looked at.
    member _.Count = known.Count

    /// How trajectories from a box cross the kinks during a step.
    member _.Crossings(box: Interval[]) : KinkCrossing[] voption = kinked.Crossings box

    /// S_h(x) − Φ_h(x) for all x of a box.
    member _.Enclose(box: Interval[]) : StepError =
        if commute then
            nothing
        else
            // One index more on each side where the quotient by the mesh may have been rounded across an end.
            let cover level =
                let first = box |> Array.map (fun side -> index level (Math.BitDecrement side.Lower))
                let last = box |> Array.map (fun side -> index level (Math.BitIncrement side.Upper))
                first, last, Array.fold2 (fun product f l -> product * int64 (l - f + 1)) 1L first last

            let rec overLevel level =
                let first, last, count = cover level

                // A box beyond all levels is no region to look at in parts.
                if d > 4 || level > 20 then
                    enclose box
                elif count > most || count <= 0L then
                    overLevel (level + 1)
                else
                    let rec over k (chosen: int[]) (error: StepError voption) =
                        if k = d then
                            let here = look level chosen

                            match error with
                            | ValueNone -> ValueSome here
                            | ValueSome before -> ValueSome(hull before here)
                        else
                            Seq.fold (fun error i -> over (k + 1) (Array.updateAt k i chosen) error) error (seq { first[k] .. last[k] })

                    match over 0 (Array.create d 0) ValueNone with
                    | ValueSome error -> error
                    | ValueNone -> enclose box

            overLevel 0
