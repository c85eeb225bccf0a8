namespace LayerTime.Core.Examination

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Networks

/// The pieces of a piecewise linear network on a segment, as far as they are proved.
type LineRegions = {
    /// At least so many regions of constant activation pattern lie on the segment.
    Regions: int
    /// At least so many times the slope of an output changes.
    Kinks: int
    /// The total length, as a share of the segment, on which regions may hide.
    Hidden: float
    /// The parameters t in [0, 1] just behind each change.
    Changes: float[]
    /// Whether the end of the segment was reached within the budget.
    Complete: bool
}

/// Activation regions along a segment: from one change of sign to the next, each found with a proof by one pass over rays.
[<RequireQualifiedAccess>]
module LineRegions =
    /// Whether every activation is affine on both sides of 0, so that the network is piecewise affine.
    let isPiecewiseLinear (network: Network<'T>) : bool =
        Seq.concat [ Option.toArray network.Lift; Array.concat (Architecture.maps network.Architecture); Option.toArray network.Readout ]
        |> Seq.collect (fun map -> map.Layers.ToArray())
        |> Seq.collect (fun layer -> layer.Activations.ToArray())
        |> Seq.forall (function
            | Activation.Identity
            | Activation.Relu
            | Activation.LeakyRelu _ -> true
            | Activation.Square
            | Activation.Cubic
            | Activation.Transcendental _ -> false)

    let private onRays (network: Network<Interval>) : Network<Ray> =
        let activation (a: Activation<Interval>) : Activation<Ray> =
            match a with
            | Activation.Relu -> Activation.Relu
            | Activation.LeakyRelu slope -> Activation.LeakyRelu(Ray.Constant slope)
            | _ -> Activation.Identity

        Network.map Ray.Constant activation network

    /// What is known at one parameter: slopes of the outputs and how far the pattern reaches.
    [<Struct; NoComparison; NoEquality>]
    type private Place = { Slopes: Interval[]; Ahead: Reach; Behind: Reach }

    let private look (network: Network<Ray>) (start: float[]) (finish: float[]) (t: float) : Place =
        let ray a b =
            let a, b = Interval.ofFloat a, Interval.ofFloat b
            let slope = Arithmetic.(-) b a
            Ray(Arithmetic.(+) a (Arithmetic.(*) (Interval.ofFloat t) slope), slope, Reach.Unbounded, Reach.Unbounded)

        let output = Sensitivity.output network (Array.map2 ray start finish)

        {
            Slopes = output |> Array.map _.Slope
            Ahead = output |> Array.fold (fun reach (y: Ray) -> Reach.Nearer(reach, y.Ahead)) Reach.Unbounded
            Behind = output |> Array.fold (fun reach (y: Ray) -> Reach.Nearer(reach, y.Behind)) Reach.Unbounded
        }

    /// The first decided place from t on, in steps that double; None if there is none up to 1.
    let private decided (look: float -> Place) (from: float) : (float * Place) option =
        let rec search t step =
            if t > 1.0 then
                None
            else
                let place = look t
                if place.Ahead.Lower >= 0.0 then Some(t, place) else search (t + step) (2.0 * step)

        // An ulp of the place, or of 2⁻²⁰ near 0.
        let scale = Math.Max(from, Math.ScaleB(1.0, -20))
        search from (Math.BitIncrement scale - scale)

    /// The regions on the segment from start to finish, looking at no more than `budget` of them.
    let along (network: Network<Interval>) (start: float[]) (finish: float[]) (budget: int) : LineRegions =
        let look = look (onRays network) start finish

        let rec march (found: LineRegions) (looks: int) (t: float) (place: Place) =
            let reach = Directed.addDown t place.Ahead.Lower

            if reach >= 1.0 then
                { found with Complete = true }
            elif looks >= budget then
                found
            else
                // Behind the change, if it is known where it is; else where it may begin.
                let certain = place.Ahead.Upper < infinity
                let next = if certain then Directed.addUp t place.Ahead.Upper else Math.BitIncrement reach

                match decided look (Math.Max(next, Math.BitIncrement t)) with
                | None -> { found with Complete = true; Hidden = found.Hidden + Math.Max(0.0, 1.0 - reach) }
                | Some(after, there) ->
                    let since = Directed.subtractUp after there.Behind.Lower
                    let kink = Array.exists2 Interval.disjoint place.Slopes there.Slopes

                    march
                        {
                            found with
                                Regions = if certain || kink then found.Regions + 1 else found.Regions
                                Kinks = if kink then found.Kinks + 1 else found.Kinks
                                Hidden = Directed.addUp found.Hidden (Math.Max(0.0, Directed.subtractUp since reach))
                                Changes = if certain || kink then Array.append found.Changes [| after |] else found.Changes
                        }
                        (looks + 1)
                        after
                        there

        let none = { Regions = 0; Kinks = 0; Hidden = 0.0; Changes = [||]; Complete = false }

        match decided look 0.0 with
        | None -> { none with Hidden = 1.0 }
        | Some(t, place) -> march { none with Regions = 1; Hidden = Math.Max(0.0, Directed.subtractUp t place.Behind.Lower) } 1 t place
