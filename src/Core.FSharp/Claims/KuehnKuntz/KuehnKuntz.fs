namespace LayerTime.Core.Claims.KuehnKuntz

open LayerTime.Core.Claims

/// Morse theory of input–output maps (Kühn and Kuntz 2024/2025): the claims, in the order of the theory.
[<RequireQualifiedAccess>]
module internal KuehnKuntz =
    /// Every claim of the paper.
    let claims: Claim list = [
        Mlp.MergedNormalForm.claim
        Mlp.Derivatives.claim
        Activation.Admissible.claim
        Mlp.NoCriticalPoint.claim
        Mlp.Classification.claim
        Mlp.GenericGradientSubmersion.claim
        Mlp.MorseGeneric.claim
        Mlp.BottleneckDegenerate.claim
        Mlp.Fold.claim
        Mlp.NormalForm.claim
        Mlp.FirstLayerDeficient.claim
        Census.Complete.claim
        Census.Degree.claim
        Census.Metamorphic.claim
        Node.Variational.claim
        Node.NoCriticalPoint.claim
        Node.MorseGeneric.claim
        Node.Degenerate.claim
        Node.UniversalEmbedding.claim
        Node.EmbeddingImpossible.claim
        Approx.ExtremumGap.claim
        Node.LevelSetTopology.claim
        Node.UniversalApproximation.claim
        Beyond.SharpDichotomy.claim
        Beyond.RobustCensus.claim
        Beyond.DepthConvergence.claim
        Beyond.LeakyReluNoExtremum.claim
        Beyond.SturmGlobalCount.claim
        Beyond.CertifiedIndexPath.claim
        Mlp.RankDeficiencyClass.claim
        Resnet.NoCriticalPoint.claim
    ]
