namespace LayerTime.Core.Constructions

open System
open System.Collections.Generic
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Rigour

/// The network of a plan: once with enclosed weights, in which the exact ones are, and with the floats in their middle.
[<NoComparison; NoEquality>]
type VanillaRealisation = private {
    Enclosed: VanillaNet<Interval>
    /// For each map with layers, in their order: which affine map leads into it, its piece and its number, and those of the map before.
    Entries: struct (int * int * int * int * int)[]
} with

    /// The network whose weights contain the exact ones.
    member realisation.Enclosure = realisation.Enclosed

/// From plans to networks.
[<RequireQualifiedAccess>]
module VanillaRealisation =
    /// The layers of all maps one after the other, neighbouring affine maps merged.
    let create (plan: VanillaPlan) : VanillaRealisation =
        let d = plan.Dimension
        let affine, slopes, entries = ResizeArray<AffineMap<Interval>>(), ResizeArray<Interval[]>(), ResizeArray()
        let mutable pending = AffineMap.identity d
        let mutable before = struct (-1, -1)

        for p in 0 .. plan.Pieces.Length - 1 do
            let piece = plan.Pieces[p]
            let nets = piece.Maps |> Array.map (fun map -> VanillaNet.ofStages d (VanillaPlan.stages piece map))
            let maps, activations = nets |> Array.map _.Affine, nets |> Array.map _.Slopes

            for index in piece.Chain do
                let own = maps[index]
                pending <- AffineMap.compose own[0] pending

                if own.Length > 1 then
                    let struct (p', index') = before
                    entries.Add(struct (affine.Count, p, index, p', index'))
                    affine.Add pending
                    slopes.AddRange activations[index]
                    affine.AddRange(Seq.take (own.Length - 2) (Seq.skip 1 own))
                    pending <- own[own.Length - 1]

                before <- struct (p, index)

        affine.Add pending

        { Enclosed = VanillaNet.create (affine.ToArray()) (slopes.ToArray()) |> Defect.orFail; Entries = entries.ToArray() }

    /// The network of floats. Layers that are the same object stay one, so that the tables of a step are held once.
    let network (realisation: VanillaRealisation) : VanillaNet<Binary64> =
        let number (x: Interval) = Binary64(Interval.midpoint x)

        let shared (convert: 'A -> 'B) : 'A -> 'B when 'A: not struct and 'A: not null =
            let known = Dictionary<'A, 'B>(HashIdentity.Reference)

            fun item ->
                let mutable found = Unchecked.defaultof<'B>

                if known.TryGetValue(item, &found) then
                    found
                else
                    let converted = convert item
                    known[item] <- converted
                    converted

        let affine, slopes = shared (AffineMap.map number), shared (Array.map number)
        let net = realisation.Enclosed
        VanillaNet.create (Array.map affine net.Affine) (Array.map slopes net.Slopes) |> Defect.orFail

    // 2⁻⁵³, and a bound of (1 + 2⁻⁵³)ⁿ − 1 over n·2⁻⁵³ for every n that occurs here.
    let private unit = Math.ScaleB(1.0, -53)
    let private slack = 1.001

    /// How far the network of floats, run in floats, strays from the exact maps of the plan, from boxes that hold the states before each map.
    /// Layer by layer between the entries of two maps: weights are off by the widths of their enclosures, sums of d products by
    /// (d + 2)·2⁻⁵³ of their absolute terms; what arrives at the next entry is carried back to x by the inverse of the map into it.
    let rounding (plan: VanillaPlan) (box: Box) (states: Interval[][][]) (realisation: VanillaRealisation) : NetworkRounding =
        let d = plan.Dimension
        let net = realisation.Enclosed
        let affine, slopes = net.Affine, net.Slopes
        let up (x: float) = Math.BitIncrement(x * slack)

        let image (map: AffineMap<Interval>) (z: Interval[], η: float[]) =
            let error i =
                let mutable e = Interval.width map.Bias[i] + float (d + 2) * unit * Interval.magnitude map.Bias[i]

                for j in 0 .. d - 1 do
                    let w, x = map.Weights[i, j], Interval.magnitude z[j] + η[j]
                    e <- e + Interval.magnitude w * η[j] + (Interval.width w + float (d + 2) * unit * Interval.magnitude w) * x

                up e

            AffineMap.apply map z, Array.init d error

        let activate (α: Interval[]) (z: Interval[], η: float[]) =
            let error i =
                let size = Interval.magnitude z[i] + η[i]
                up (Math.Max(1.0, Interval.magnitude α[i]) * η[i] + (Interval.width α[i] + unit * Interval.magnitude α[i]) * size)

            VanillaNet.activate α z, Array.init d error

        // |P⁻¹|·η, the greatest coordinate.
        let back (map: AffineMap<Interval>) (η: float[]) =
            match IntervalMatrix.inverse map.Weights with
            | Ok inverse ->
                Seq.init d (fun i -> Seq.init d (fun j -> Interval.magnitude (inverse[i, j]) * η[j]) |> Seq.sum |> up) |> Seq.max
            | Error _ -> Double.PositiveInfinity

        let entryOf p index =
            let piece = plan.Pieces[p]
            (VanillaNet.ofStages d (VanillaPlan.stages piece (piece.Maps[index]))).Affine[0]

        let entries = realisation.Entries
        let into = Dictionary<struct (int * int), AffineMap<Interval>>()

        let entry p index =
            let key = struct (p, index)

            if not (into.ContainsKey key) then
                into[key] <- entryOf p index

            into[key]

        let maps = plan.Pieces |> Array.map (fun piece -> Array.create piece.Maps.Length 0.0)
        let mutable start = 0.0

        let add p index error = if p < 0 then start <- max start error else maps[p][index] <- max (maps[p][index]) error

        /// From the entry of one map to the one of the next (or the end), from the exact states there.
        let walk from until state =
            let mutable state = state

            for l in from .. until - 1 do
                state <- image (affine[l + 1]) (activate (slopes[l]) state)

            state

        let exact z = z, Array.create d 0.0
        let seen = HashSet<struct (struct (int * int) * struct (int * int * int * int))>()

        for k in -1 .. entries.Length - 1 do
            // The states at the entry of map k: where x is the box at first.
            let here, position, state =
                if k < 0 then
                    struct (-1, -1), -1, exact box
                else
                    let struct (position, p, index, _, _) = entries[k]
                    let map = entry p index
                    struct (p, index), position, exact (AffineMap.apply map (states[p][index]))

            let next = if k + 1 < entries.Length then entries[k + 1] else struct (affine.Length - 1, -1, -1, -2, -2)
            let struct (until, p, index, p', index') = next

            // The same maps in the same order stray alike.
            if seen.Add(struct (here, struct (p, index, p', index'))) then
                let _, η = if position < 0 then image (affine[0]) state |> (fun s -> walk 0 until s) else walk position until state
                let error = if p < 0 then Array.max η else back (entry p index) η

                if p' = -2 then
                    // At the end: behind the last map there is.
                    let last = Array.last plan.Pieces
                    add (plan.Pieces.Length - 1) (Array.last last.Chain) error
                else
                    add p' index' error

        { Start = start; Maps = maps }
