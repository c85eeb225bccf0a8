namespace LayerTime.Core.Claims.Hauser

open LayerTime.Core.Numbers
open LayerTime.Core.Claims

/// A value known from elsewhere, and how this library computes it.
[<NoComparison; NoEquality>]
type internal Reference<'V> = {
    /// What is computed.
    Quantity: string
    /// The value by the literature or an independent computation.
    Expected: 'V
    /// Our value.
    Compute: unit -> 'V
}

/// Comparisons shared by the claims.
[<RequireQualifiedAccess>]
module internal Check =
    /// Blocks as "(1, 2), (3, 4)".
    let showBlocks (blocks: Rational[][]) : string = blocks |> Array.map Draws.showVector |> String.concat ", "

    /// Equality of two fractions.
    let equal (quantity: string) (expected: Rational) (found: Rational) : Outcome = Outcome.equal quantity string expected found

    /// Equality of two vectors of fractions.
    let vectors (quantity: string) (expected: Rational[]) (found: Rational[]) : Outcome =
        Outcome.equal quantity Draws.showVector expected found

    /// Equality of two lists of vectors of fractions.
    let blocks (quantity: string) (expected: Rational[][]) (found: Rational[][]) : Outcome =
        Outcome.equal quantity showBlocks expected found

    /// Values from the literature or an independent computation, as a part of fixed instances.
    let references (compare: string -> 'V -> 'V -> Outcome) (references: Reference<'V> list) (name: string) (claim: Claim) : Claim =
        let show (reference: Reference<'V>) = [ "reference", reference.Quantity ]
        let conclude reference = compare reference.Quantity reference.Expected (reference.Compute())
        Claim.exact name (Instances.chosen show references) conclude claim
