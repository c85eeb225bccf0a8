namespace LayerTime.Core.Claims.Hauser

open LayerTime.Core.Claims

/// Where the claims of this folder come from. The paper's abstract was read; formulas and proofs are reconstructed.
[<RequireQualifiedAccess>]
module internal Paper =
    let private name = "Hauser, Gunn, Saab, Ray: State-Space Representations of Deep Neural Networks (2019)"

    /// A statement that the abstract makes in words; the formulas that are checked were worked out again.
    let ofAbstract: Source = { Paper = name; Statement = "abstract, formulas reconstructed"; Reading = Reading.Reconstructed }

    /// A statement worked out again from what is known of the paper.
    let reconstructed: Source = { Paper = name; Statement = ""; Reading = Reading.Reconstructed }

    /// A statement beyond the paper.
    let own: Source = { Paper = name; Statement = "beyond the paper"; Reading = Reading.Own }

    /// A claim with its source.
    let define (id: string) (source: Source) (statement: string) : Claim = { Claim.define id statement with Source = source }
