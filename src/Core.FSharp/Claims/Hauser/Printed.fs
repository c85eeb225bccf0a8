namespace LayerTime.Core.Claims.Hauser

open System
open System.Globalization
open LayerTime.Core.Claims

/// A float as it is printed elsewhere, and how this library computes it.
[<NoComparison; NoEquality>]
type internal Printed = {
    /// What is computed.
    Quantity: string
    /// The digits as printed: "8.735331946745e-04".
    Digits: string
    /// Our value.
    Compute: unit -> float
}

/// Comparison with printed floats.
[<RequireQualifiedAccess>]
module internal Printed =
    let private value (digits: string) : float = Double.Parse(digits, CultureInfo.InvariantCulture)

    /// One unit of the last printed digit.
    let private unit (digits: string) : float =
        let mantissa, exponent =
            match digits.IndexOf 'e' with
            | -1 -> digits, 0
            | i -> digits.Substring(0, i), Int32.Parse(digits.Substring(i + 1), CultureInfo.InvariantCulture)

        let decimals = if mantissa.Contains '.' then mantissa.Length - mantissa.IndexOf '.' - 1 else 0
        Double.Parse($"1e{exponent - decimals}", CultureInfo.InvariantCulture)

    /// Digits beyond the eighth of an error may differ: it is a difference of numbers near 1, and depends on roundings.
    let private compare (reference: Printed) : Outcome =
        let expected, found = value reference.Digits, reference.Compute()
        let tolerance = max (0.51 * unit reference.Digits) (1e-8 * abs expected)

        if abs (found - expected) <= tolerance then
            Outcome.holds
        else
            Outcome.refuted reference.Quantity $"{reference.Digits} within {tolerance}" (found.ToString("R", CultureInfo.InvariantCulture))

    /// One row of a table: the same quantity at several numbers of layers.
    let row (quantity: string) (compute: int -> float) (values: (int * string) list) : Printed list =
        values
        |> List.map (fun (depth, digits) -> { Quantity = $"{quantity}, L = {depth}"; Digits = digits; Compute = fun () -> compute depth })

    /// Printed values as a part of fixed instances.
    let references (references: Printed list) (name: string) (claim: Claim) : Claim =
        let show (reference: Printed) = [ "reference", reference.Quantity ]
        Claim.bounded name (Instances.chosen show references) compare claim
