namespace LayerTime.Core.Claims.Shared

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Claims

/// Values computed independently, written as text: a fraction is to be met exactly, a decimal to the digits it shows.
[<NoComparison; NoEquality>]
type internal Known = {
    /// What is computed.
    Quantity: string
    /// Words separated by blanks: "2 -7/3" exactly, "0.3671" to the last digit but one, 15 digits or more to 10⁻¹² of the value.
    Expected: string
    /// Our values.
    Compute: unit -> Rational[]
}

/// Reading, comparing and listing known values.
[<RequireQualifiedAccess>]
module internal Known =
    /// A fraction written as text.
    let number (word: string) : Rational =
        match Rational.parse word with
        | Ok value -> value
        | Error problem -> invalidArg (nameof word) problem

    /// A vector of fractions: `vector "1 -1/2"`.
    let vector (line: string) : Rational[] = line.Split ' ' |> Array.map number

    /// Vectors of fractions, one a string.
    let rows (lines: string list) : Rational[][] = lines |> List.map vector |> List.toArray

    /// A vector as "(1, -1/2)".
    let show (x: Rational[]) : string = "(" + (x |> Array.map string |> String.concat ", ") + ")"

    // How far from the number written in this word a value may lie.
    let private slack (word: string) : Rational =
        let mantissa = word.Split('e', 'E')[0]

        if not (word.Contains '.') then
            Rational.Zero
        else
            let significant = mantissa.TrimStart('-', '0', '.').Replace(".", "").Length
            let value = Rational.abs (number word)

            if significant >= 15 then
                value * Rational.power (Rational.ofInt 10) -12
            else
                let decimals = mantissa.Length - mantissa.IndexOf '.' - 1
                let exponent = if word.Length = mantissa.Length then 0 else int (word.Substring(mantissa.Length + 1))
                Rational.power (Rational.ofInt 10) (exponent - decimals + 1)

    let private meets (word: string) (value: Rational) : bool = Rational.abs (value - number word) <= slack word

    /// Whether a vector is the one written.
    let compare (quantity: string) (expected: string) (found: Rational[]) : Outcome =
        let words = expected.Split ' '

        if words.Length = found.Length && Array.forall2 meets words found then
            Outcome.holds
        else
            let shown = found |> Array.map (fun a -> if expected.Contains '.' then (Rational.toFloat a).ToString "R" else string a)
            Outcome.refuted quantity expected (String.concat " " shown)

    /// A known vector of fractions.
    let value (quantity: string) (expected: string) (compute: unit -> Rational[]) : Known = {
        Quantity = quantity
        Expected = expected
        Compute = compute
    }

    /// A known vector, computed in floats.
    let floats (quantity: string) (expected: string) (compute: unit -> float[]) : Known = {
        Quantity = quantity
        Expected = expected
        Compute = fun () -> compute () |> Array.map Rational.ofFloat
    }

    let private instances (values: Known list) : Instances<Known> = Instances.chosen (fun known -> [ "reference", known.Quantity ]) values

    let private conclude (known: Known) : Outcome = compare known.Quantity known.Expected (known.Compute())

    /// Known values of exact computations, as a part.
    let exact (name: string) (values: Known list) (claim: Claim) : Claim = Claim.exact name (instances values) conclude claim

    /// Known values of computations in floats, as a part.
    let bounded (name: string) (values: Known list) (claim: Claim) : Claim = Claim.bounded name (instances values) conclude claim

/// Comparisons of fractions.
[<RequireQualifiedAccess>]
module internal Check =
    /// Equality of two fractions.
    let equal (quantity: string) (expected: Rational) (found: Rational) : Outcome = Outcome.equal quantity string expected found

    /// Equality of two vectors.
    let vectors (quantity: string) (expected: Rational[]) (found: Rational[]) : Outcome = Outcome.equal quantity Known.show expected found

    /// Equality of all entries with the first.
    let constant (quantity: string) (values: Rational[]) : Outcome = values |> Array.map (equal quantity values[0]) |> Outcome.all

    /// Every coefficient is zero.
    let vanishes (quantity: string) (polynomial: Rational[]) : Outcome =
        if polynomial |> Array.forall (fun a -> a.Sign = 0) then
            Outcome.holds
        else
            Outcome.refuted quantity "the zero polynomial" (Known.show polynomial)

    /// Every coefficient but the constant one is zero.
    let isConstant (quantity: string) (polynomial: Rational[]) : Outcome =
        vanishes quantity (Array.skip (min 1 polynomial.Length) polynomial)

    /// A number that should be zero, up to this much: what is left over is no measure of how sharp anything is.
    let negligible (quantity: string) (slack: float) (found: float) : Outcome =
        if abs found <= slack then Outcome.holds else Outcome.refuted quantity $"0 up to {slack}" (string found)

    /// a ≤ b
    let atMost (quantity: string) (bound: Rational) (found: Rational) : Outcome =
        if found <= bound then Outcome.holds else Outcome.refuted quantity $"at most {bound}" (string found)
