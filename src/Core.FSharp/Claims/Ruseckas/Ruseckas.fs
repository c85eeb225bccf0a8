namespace LayerTime.Core.Claims.Ruseckas

open LayerTime.Core.Claims

/// Deep networks as differential equations and their mechanics (Ruseckas 2019): the claims, in the order of the theory.
[<RequireQualifiedAccess>]
module internal Ruseckas =
    /// Every claim of the paper.
    let claims: Claim list = [
        Additive.LyapunovIdentity.claim
        Additive.CohenGrossbergIdentity.claim
        Additive.TrappingBox.claim
        Additive.LyapunovDescent.claim
        Additive.EulerStepDescent.claim
        Additive.Convergence.claim
        Momentum.GradientIsMomentum.claim
        Momentum.HamiltonEquations.claim
        Momentum.ParameterGradient.claim
        Momentum.DepthDerivative.claim
        Momentum.EulerLagrange.claim
        Momentum.Pairing.claim
        Momentum.Symplectic.claim
        Momentum.LiouvilleEntropy.claim
        FeedForward.MutualInformation.claim
        Conservation.Hamiltonian.claim
        Conservation.ExtendedPhaseSpace.claim
        Conservation.Noether.claim
        Conservation.Virial.claim
        Conservation.HomogeneousNetwork.claim
        Conservation.SumRule.claim
        Conservation.Covariance.claim
        Optimality.Stationarity.claim
        Optimality.HamiltonianConstant.claim
        Optimality.ValueDepthDerivative.claim
        Optimality.SingleSample.claim
        Discrete.LayerPairing.residual
        Discrete.LayerPairing.feedForward
        Discrete.ParameterGradient.claim
        Discrete.RungeKuttaPair.claim
        Discrete.AdjointOrder.claim
        Discrete.ReversalError.claim
        FeedForward.OneStepDefect.claim
        FeedForward.GlobalError.feedForward
        FeedForward.GlobalError.residual
        FeedForward.FirstOrderRate.claim
        FeedForward.LeakyRelu.claim
        FeedForward.TanhRescaling.claim
        FeedForward.Converse.claim
        FeedForward.AdjointConvergence.claim
        FeedForward.LayerInjectivity.claim
        Cubic.ScalarClosedForm.claim
        Cubic.TrappingBox.claim
        Cubic.Dissipation.claim
        Cubic.GradientStructure.claim
        Cubic.FixedPoints.claim
        Topology.Order.claim
        Topology.WindingNumber.claim
        Beyond.SplitFlow.claim
        Beyond.ModifiedHamiltonian.claim
        Beyond.SpiralEnergy.claim
        Beyond.Certificate.claim
        Beyond.LawFingerprint.claim
        Beyond.EntropyBudget.claim
    ]
