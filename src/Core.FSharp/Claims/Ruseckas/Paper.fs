namespace LayerTime.Core.Claims.Ruseckas

open LayerTime.Core.Claims

/// Where the claims of this folder come from. The abstract, the introduction and the author's slides were read; everything else is
/// reconstructed.
[<RequireQualifiedAccess>]
module internal Paper =
    let private name = "Ruseckas: Differential equations as models of deep neural networks (2019)"

    /// A statement of the abstract or of the introduction; what is checked was worked out again.
    let ofAbstract: Source = {
        Paper = name
        Statement = "abstract and introduction, formulas reconstructed"
        Reading = Reading.Reconstructed
    }

    /// A statement of the author's slides on the paper.
    let ofSlides: Source = { Paper = name; Statement = "slides of 28 October 2019"; Reading = Reading.Read }

    /// A statement of which the slides give the idea; what is checked was worked out again.
    let afterSlides: Source = {
        Paper = name
        Statement = "slides of 28 October 2019, formulas reconstructed"
        Reading = Reading.Reconstructed
    }

    /// A statement worked out again from what is known of the paper.
    let reconstructed: Source = { Paper = name; Statement = ""; Reading = Reading.Reconstructed }

    /// A statement beyond the paper.
    let own: Source = { Paper = name; Statement = "beyond the paper"; Reading = Reading.Own }

    /// A claim with its source.
    let define (id: string) (source: Source) (statement: string) : Claim = { Claim.define id statement with Source = source }
