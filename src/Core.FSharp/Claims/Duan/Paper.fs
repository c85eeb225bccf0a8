namespace LayerTime.Core.Claims.Duan

open LayerTime.Core.Claims

/// Where the claims of this folder come from. Only the abstract was read; everything else is reconstructed.
[<RequireQualifiedAccess>]
module internal Paper =
    let private name = "Duan, Li, Ji, Cai: Vanilla feedforward neural networks as a discretization of dynamical systems (2022)"

    /// The main statement of the abstract, made quantitative here.
    let ofAbstract: Source = { Paper = name; Statement = "abstract, formulas reconstructed"; Reading = Reading.Reconstructed }

    /// A statement worked out again from what is known of the paper.
    let reconstructed: Source = { Paper = name; Statement = ""; Reading = Reading.Reconstructed }

    /// A statement of the neighbouring papers on critical widths, worked out again.
    let neighbours: Source = {
        Paper = name
        Statement = "after Cai (critical width) and Li, Duan, Ji, Cai (uniform width)"
        Reading = Reading.Reconstructed
    }

    /// A statement beyond the paper.
    let own: Source = { Paper = name; Statement = "beyond the paper"; Reading = Reading.Own }

    /// A claim with its source.
    let define (id: string) (source: Source) (statement: string) : Claim = { Claim.define id statement with Source = source }
