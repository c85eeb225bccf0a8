namespace LayerTime.Core.Claims.Duan

open LayerTime.Core.Claims

/// Plain leaky-ReLU networks as discretised dynamical systems (Duan et al. 2022): the claims, in the order of the theory.
[<RequireQualifiedAccess>]
module internal Duan =
    /// Every claim of the paper.
    let claims: Claim list = [
        Leaky.InverseNetwork.claim
        Leaky.LogDet.claim
        Leaky.ScalarPlExact.claim
        Leaky.MonotoneDistance.claim
        Leaky.FixedSlope.claim
        Term.ReluFlow.claim
        Term.StepIsFlow.claim
        Term.OneLayer.claim
        Term.ShearPair.claim
        Term.ShearNeedsTwo.claim
        Term.UniformOnBox.claim
        Term.WellConditioned.claim
        Term.TanhFlow.claim
        Term.EulerTerm.claim
        Term.ProfilePl.claim
        Term.ShearAnyProfile.claim
        Split.Lie.claim
        Split.Strang.claim
        Split.Orders.claim
        Split.NegativeTime.claim
        Split.KinkOrderReduction.claim
        Split.CommutingExact.claim
        Split.TimePieces.claim
        Compile.ReluField.claim
        Compile.TanhField.claim
        Compile.DepthRate.claim
        Compile.APosteriori.claim
        Reverse.ActivationFlow.claim
        Reverse.PolarTwoExponentials.claim
        Reverse.SingleExponentialFails.claim
        Reverse.ShearFactorisation.claim
        Reverse.NetworkIsFlow.claim
        Reverse.OrientationObstruction.claim
        Universal.WidthTwoScalar.claim
        Universal.SwapInLp.claim
        Universal.DegreeGap.claim
        Universal.WidthBelowD.claim
        Beyond.TimeDitheredKinks.claim
        Beyond.TimeDitheredFixedSlope.claim
        Beyond.ParallelTerms.claim
        Beyond.ImpossibilityReport.claim
        Beyond.ExactDensity.claim
    ]
