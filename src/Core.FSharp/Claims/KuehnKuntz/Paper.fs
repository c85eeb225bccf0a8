namespace LayerTime.Core.Claims.KuehnKuntz

open LayerTime.Core.Claims

/// Where the claims of this folder come from. The abstracts and a summary by others were read; definitions, formulas and proofs are
/// reconstructed.
[<RequireQualifiedAccess>]
module internal Paper =
    let private name =
        "Kühn, Kuntz: Analysis of the Geometric Structure of Neural Networks and Neural ODEs via Morse Functions (2024/2025)"

    /// A statement that the abstract makes in words; what is checked was worked out again.
    let ofAbstract: Source = { Paper = name; Statement = "abstract, formulas reconstructed"; Reading = Reading.Reconstructed }

    /// A statement that a summary of the paper makes in words; what is checked was worked out again.
    let ofSummary: Source = { Paper = name; Statement = "summary, formulas reconstructed"; Reading = Reading.Reconstructed }

    /// A statement worked out again from what is known of the paper.
    let reconstructed: Source = { Paper = name; Statement = ""; Reading = Reading.Reconstructed }

    /// A statement beyond the paper.
    let own: Source = { Paper = name; Statement = "beyond the paper"; Reading = Reading.Own }

    /// A claim with its source.
    let define (id: string) (source: Source) (statement: string) : Claim = { Claim.define id statement with Source = source }
