namespace LayerTime.Core.Rigour

open System
open LayerTime.Core.Numbers

/// A box: one bounded, non-empty interval per coordinate.
type Box = Interval[]

/// Boxes: construction and set operations.
[<RequireQualifiedAccess>]
module Box =
    /// The box of the given intervals, or what is wrong with it: no coordinate, an empty or an unbounded interval.
    let create (sides: Interval[]) : Result<Box, string> =
        let problem i side =
            if Interval.isEmpty side then Some $"coordinate {i}: found the empty interval, expected lower ≤ upper"
            elif not (Interval.isBounded side) then Some $"coordinate {i}: found {side}, expected finite ends"
            else None

        if sides.Length = 0 then
            Error "found a box without coordinates, expected at least one interval"
        else
            match sides |> Array.mapi problem |> Array.choose id with
            | [||] -> Ok(Array.copy sides)
            | problems -> Error(String.Join("; ", problems))

    /// [−r, r]ⁿ
    let cube (dimension: int) (radius: float) : Box = Array.create dimension (Interval.ofBounds -radius radius)

    /// The degenerate box { x }.
    let ofPoint (x: float[]) : Box = Array.map Interval.ofFloat x

    /// A float point inside, near the middle.
    let midpoint (box: Box) : float[] = Array.map Interval.midpoint box

    /// [lower − r, upper + r] for r ≥ 0, with ends that stay finite.
    let widen (r: float) (side: Interval) : Interval =
        Interval.ofBounds (Math.Max(Double.MinValue, side.Lower - r)) (Math.Min(Double.MaxValue, side.Upper + r))

    /// The largest width of a side.
    let width (box: Box) : float = box |> Array.fold (fun widest side -> max widest (Interval.width side)) 0.0

    /// Whether the point is in the box.
    let contains (x: float[]) (box: Box) : bool = Array.forall2 Interval.contains x box

    /// a ⊆ b
    let subset (a: Box) (b: Box) : bool = Array.forall2 Interval.subset a b

    /// a ⊂ int b
    let interior (a: Box) (b: Box) : bool = Array.forall2 Interval.interior a b

    /// a ∩ b = ∅
    let disjoint (a: Box) (b: Box) : bool = Array.exists2 Interval.disjoint a b

    /// a ∩ b, or None where it is empty.
    let intersect (a: Box) (b: Box) : Box option = if disjoint a b then None else Some(Array.map2 Interval.intersect a b)

    /// The smallest box that contains both.
    let hull (a: Box) (b: Box) : Box = Array.map2 Interval.hull a b

    /// Both halves of the box along a coordinate, cut at the midpoint of that side; their union is the box.
    let bisect (coordinate: int) (box: Box) : struct (Box * Box) =
        let side = box[coordinate]
        let middle = Interval.midpoint side
        let half replacement = Array.mapi (fun i s -> if i = coordinate then replacement else s) box
        struct (half (Interval.ofBounds side.Lower middle), half (Interval.ofBounds middle side.Upper))
