namespace LayerTime.Core.Numbers

/// The ends of the elementary functions over intervals.
[<RequireQualifiedAccess>]
module internal IntervalEnds =
    let private reserved = ()
