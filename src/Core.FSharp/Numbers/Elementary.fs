namespace LayerTime.Core.Numbers

/// Elementary functions of floats.
[<RequireQualifiedAccess>]
module Elementary =
    /// Square root, correctly rounded.
    let sqrt (x: float) : float = System.Math.Sqrt x
