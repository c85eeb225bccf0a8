namespace LayerTime.Core.Examination

/// Claim by claim, what the catalogue says of a given network.
[<RequireQualifiedAccess>]
module ApplicabilityTable =
    /// One row for each claim.
    let rows: ApplicabilityRow list = HauserRows.rows @ KuehnKuntzRows.rows @ RuseckasRows.rows @ DuanRows.rows
