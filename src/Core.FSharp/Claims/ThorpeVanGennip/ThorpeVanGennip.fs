namespace LayerTime.Core.Claims.ThorpeVanGennip

open LayerTime.Core.Claims

/// Deep limits of residual networks (Thorpe and van Gennip 2023): the claims, in the order of the theory.
[<RequireQualifiedAccess>]
module internal ThorpeVanGennip =
    /// Every claim of the paper.
    let claims: Claim list = [
        Compactness.EnergyIdentity.claim
        Compactness.SupBound.claim
        Compactness.Precompact.claim
        Compactness.TransportTopology.claim
        Forward.Apriori.claim
        Forward.Rate.claim
        Forward.Stability.claim
        Forward.AdjointRate.claim
        Gamma.Liminf.claim
        Gamma.Limsup.claim
        Minimisers.Existence.claim
        Minimisers.MinimaConvergence.claim
        Minimisers.Selection.claim
        Minimisers.Convergence.claim
        Minimisers.Rate.claim
        Regularity.EulerLagrange.claim
        Regularity.ReluSharp.claim
        Necessity.Oscillation.claim
        Necessity.ExactFit.claim
        Necessity.WeightDecay.claim
        Necessity.Tau.claim
        Necessity.ForwardVersusParameters.claim
        Benchmarks.BiasOnly.claim
        Benchmarks.ScalarLinear.claim
        Benchmarks.TwoMinimisers.claim
        Benchmarks.TanhBoundaryValue.claim
        Benchmarks.ReluKink.claim
        Beyond.DepthErrorEstimator.claim
        Beyond.ResampleCertificate.claim
        Beyond.HeunLayers.claim
        Beyond.DepthScaling.claim
        Beyond.WeightDiagnosis.claim
        Beyond.Richardson.claim
        Minimisers.MeshIndependence.claim
    ]
