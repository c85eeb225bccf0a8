namespace LayerTime.Core.Claims.KuehnKuntz

open LayerTime.Core.Claims

/// Morse theory of input–output maps (Kühn and Kuntz 2024/2025): the claims, in the order of the theory.
[<RequireQualifiedAccess>]
module internal KuehnKuntz =
    /// Every claim of the paper.
    let claims: Claim list = []
