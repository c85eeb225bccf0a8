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
        Open.claim "duan.compile.relu-field"
        Open.claim "duan.compile.tanh-field"
        Open.claim "duan.compile.depth-rate"
        Open.claim "duan.compile.a-posteriori"
        Reverse.ActivationFlow.claim
        Open.claim "duan.reverse.polar-two-exponentials"
        Reverse.SingleExponentialFails.claim
        Reverse.ShearFactorisation.claim
        Reverse.NetworkIsFlow.claim
        Reverse.OrientationObstruction.claim
        Universal.WidthTwoScalar.claim
        Universal.SwapInLp.claim
        Open.claim "duan.universal.degree-gap"
        Universal.WidthBelowD.claim
        Open.claim "duan.beyond.time-dithered-kinks"
        Open.claim "duan.beyond.time-dithered-fixed-slope"
        Beyond.ParallelTerms.claim
        Open.claim "duan.beyond.impossibility-report"
        Open.claim "duan.beyond.exact-density"
    ]
