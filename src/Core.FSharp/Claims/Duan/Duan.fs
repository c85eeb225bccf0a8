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
        Open.claim "duan.leaky.fixed-slope"
        Open.claim "duan.term.relu-flow"
        Term.StepIsFlow.claim
        Term.OneLayer.claim
        Term.ShearPair.claim
        Term.ShearNeedsTwo.claim
        Term.UniformOnBox.claim
        Open.claim "duan.term.well-conditioned"
        Open.claim "duan.term.tanh-flow"
        Open.claim "duan.term.euler-term"
        Open.claim "duan.term.profile-pl"
        Open.claim "duan.term.shear-any-profile"
        Open.claim "duan.split.lie"
        Open.claim "duan.split.strang"
        Open.claim "duan.split.orders"
        Open.claim "duan.split.negative-time"
        Open.claim "duan.split.kink-order-reduction"
        Split.CommutingExact.claim
        Open.claim "duan.split.time-pieces"
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
