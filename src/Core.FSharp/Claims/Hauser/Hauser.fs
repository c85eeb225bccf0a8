namespace LayerTime.Core.Claims.Hauser

open LayerTime.Core.Claims

/// State-space representations of deep neural networks (Hauser, Gunn, Saab, Ray 2018/2019): the claims, in the order of the theory.
[<RequireQualifiedAccess>]
module internal Hauser =
    /// Every claim of the paper.
    let claims: Claim list = [
        Smooth.DifferenceExpansion.claim
        Smooth.StateSpace.claim
        Smooth.ChangeOfBasis.claim
        Smooth.Unrolled.claim
        Smooth.PolynomialNull.claim
        Smooth.Inverse.claim
        Smooth.Unimodular.claim
        Smooth.Symplectic.claim
        Smooth.ImpulseResponse.claim
        Smooth.LinearSpectrum.claim
        Dense.StateSpaceDelay.claim
        Dense.StateSpaceDifference.claim
        Dense.StateSpaceObserver.claim
        Dense.ContainsSmooth.claim
        Dense.ConcatAdditive.claim
        Dense.SourceSharedIsResidual.claim
        Dense.PathWords.claim
        Dense.MultistepLimit.claim
        Dimension.StateDimension.claim
        Dimension.Minimal.claim
        Dimension.Embedding.claim
        Dimension.FirstOrderMonotone.claim
        Dimension.SecondOrderFold.claim
        Parameters.KSquared.claim
        OdeLimit.BlockLimit.claim
        OdeLimit.VerletOrderTwo.claim
        OdeLimit.ForwardVariant.claim
        OdeLimit.StaticNoLimit.claim
        InitialConditions.Count.claim
        InitialConditions.Conventions.claim
        Residual.Compile.claim
        Converse.Linear.claim
        Converse.Nonlinear.claim
        Gradients.Adjoint.claim
        Numerics.DelayRoundoff.claim
        Beyond.CentredOrderTwo.claim
        Beyond.ExactReversibleTraining.claim
        Beyond.MinimalOrderIdentification.claim
        Beyond.RegionMap.claim
        Beyond.SeparationCertificate.claim
        Beyond.StabilityDial.claim
    ]
