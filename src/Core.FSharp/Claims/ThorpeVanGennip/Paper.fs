namespace LayerTime.Core.Claims.ThorpeVanGennip

open LayerTime.Core.Claims

/// Where the claims of this folder come from. The abstract and the first paragraphs of the introduction were read; everything else is reconstructed.
[<RequireQualifiedAccess>]
module internal Paper =
    let private name = "Thorpe, van Gennip: Deep limits of residual neural networks (2023)"

    /// A statement of the abstract, made quantitative here.
    let ofAbstract: Source = { Paper = name; Statement = "abstract, formulas reconstructed"; Reading = Reading.Reconstructed }

    /// A statement worked out again from what is known of the paper.
    let reconstructed: Source = { Paper = name; Statement = ""; Reading = Reading.Reconstructed }

    /// A statement beyond the paper.
    let own: Source = { Paper = name; Statement = "beyond the paper"; Reading = Reading.Own }

    /// A claim with its source.
    let define (id: string) (source: Source) (statement: string) : Claim = { Claim.define id statement with Source = source }
