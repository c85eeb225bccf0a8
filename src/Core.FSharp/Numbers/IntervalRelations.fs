namespace LayerTime.Core.Numbers

/// What IEEE 1788.1 asks of pairs of intervals.
[<RequireQualifiedAccess>]
module IntervalRelations =
    let private reserved = ()
