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
        Open.claim "kuehn-kuntz.node.variational"
        Open.claim "kuehn-kuntz.node.no-critical-point"
        Open.claim "kuehn-kuntz.node.morse-generic"
        Open.claim "kuehn-kuntz.node.degenerate"
        Open.claim "kuehn-kuntz.node.universal-embedding"
        Open.claim "kuehn-kuntz.node.embedding-impossible"
        Approx.ExtremumGap.claim
        Open.claim "kuehn-kuntz.node.level-set-topology"
        Open.claim "kuehn-kuntz.node.universal-approximation"
        Beyond.SharpDichotomy.claim
        Beyond.RobustCensus.claim
        Open.claim "kuehn-kuntz.beyond.depth-convergence"
        Beyond.LeakyReluNoExtremum.claim
        Beyond.SturmGlobalCount.claim
        Beyond.CertifiedIndexPath.claim
        Mlp.RankDeficiencyClass.claim
        Resnet.NoCriticalPoint.claim
    ]
