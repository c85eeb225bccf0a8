namespace LayerTime.Core.Numbers

/// The operations of IEEE 754 rounded towards −∞ and towards +∞.
[<RequireQualifiedAccess>]
module internal Directed =
    let private reserved = ()
