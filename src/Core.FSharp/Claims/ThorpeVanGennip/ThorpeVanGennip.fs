namespace LayerTime.Core.Claims.ThorpeVanGennip

open LayerTime.Core.Claims

/// Deep limits of residual networks (Thorpe and van Gennip 2023): the claims, in the order of the theory.
[<RequireQualifiedAccess>]
module internal ThorpeVanGennip =
    let private pending (id: string) (source: Source) (reason: string) (statement: string) : Claim =
        Claim.open' $"thorpe-van-gennip.{id}" statement source reason

    let private experiment = "its experiment is not in the catalogue yet"
    let private training = "it waits for the training objective and its optimiser"

    /// Every claim of the paper.
    let claims: Claim list = [
        Compactness.EnergyIdentity.claim
        Compactness.SupBound.claim
        Compactness.Precompact.claim
        pending
            "topology.tl2"
            Paper.ofAbstract
            experiment
            "d_TL²((μ_n, K_n), (λ, K))² ≤ 1/(3n²) + ∫|P_nK − K|²; alternating sequences are Cauchy in TL² and have no limit there."
        pending
            "forward.apriori"
            Paper.reconstructed
            experiment
            "|X_i|, |X(t)| ≤ R and all speeds ≤ V, with R = e^{LA}|x| + (LB + s_0)ε(LA) and V = L(AR + B) + s_0."
        pending
            "forward.rate"
            Paper.ofAbstract
            experiment
            "max|X_i − X(i/n)| ≤ C/n with C = e^{LA}L(R·D_K + D_b + AV/2) for weights of bounded variation."
        pending
            "forward.stability"
            Paper.ofAbstract
            experiment
            "max|X_i − X(i/n)| ≤ e^{LA}L(R‖P_nK_n − K‖_1 + ‖P_nb_n − b‖_1 + AV/(2n)) for any weights K_n, b_n."
        pending
            "adjoint.rate"
            Paper.reconstructed
            experiment
            "For σ with a Lipschitz derivative the adjoints and gradients converge with order 1."
        pending
            "gamma.liminf"
            Paper.ofAbstract
            experiment
            "θ_n → θ in TL² ⇒ liminf E_n(θ_n) ≥ E_∞(θ), and |E_∞(I_nθ) − E_n(θ)| ≤ C(I_nθ)/n for every θ."
        pending "gamma.limsup" Paper.ofAbstract experiment "Sampling is a recovery sequence: E_n(S_nθ) ≤ E_∞(θ) + C(θ)/n."
        pending "existence" Paper.ofAbstract training "E_n and E_∞ have minimisers, each with α_1R(K), α_2R(b), α_3|W|², α_4|c|² ≤ E(0)."
        pending
            "minima.convergence"
            Paper.ofAbstract
            experiment
            "n(min E_n − min E_∞) → min c_1 over the minimisers, c_1 = −½Σw_s∫P_s·X_s″, and stays within ±C."
        pending "minima.selection" Paper.own experiment "Cluster points of minimisers of E_n minimise c_1 among the minimisers of E_∞."
        pending
            "minimisers.convergence"
            Paper.ofAbstract
            experiment
            "Every cluster point of minimisers minimises E_∞, and I_nθ_n converges strongly in H¹; whole sequences need not converge."
        pending
            "minimisers.rate"
            Paper.own
            experiment
            "At a minimiser with a coercive second variation max|K_i − K(i/n)| = O(1/n), with an expansion in 1/n."
        pending
            "regularity.euler-lagrange"
            Paper.reconstructed
            experiment
            "Minimisers are C² and solve 2α_1K″ = Σw_s(σ′∘P_s)X_sᵀ with K′(0) = τ_1K(0), K′(1) = 0."
        pending "regularity.relu-sharp" Paper.own experiment "For ReLU minimisers have bounded second derivatives that may jump."
        Necessity.Oscillation.claim
        Necessity.ExactFit.claim
        Necessity.WeightDecay.claim
        Necessity.Tau.claim
        pending
            "forward-vs-parameters"
            Paper.ofAbstract
            experiment
            "One instance on which forward passes converge, minimisers without a regulariser do not, and those with it do."
        Benchmarks.BiasOnly.claim
        Benchmarks.ScalarLinear.claim
        Benchmarks.TwoMinimisers.claim
        pending
            "benchmark.tanh-bvp"
            Paper.reconstructed
            experiment
            "Problem D: the minimiser of a tanh problem with two samples solves a boundary value problem, and E_n follows with order 1."
        pending
            "benchmark.relu-kink"
            Paper.reconstructed
            experiment
            "Problem E: minimisers of a ReLU problem are piecewise quadratic with a jump of K″ where K changes its sign."
        pending
            "beyond.depth-error-estimator"
            Paper.own
            experiment
            "η_n = −(1/2n)Σw_sΣP_{i+1}·(V_{i+1} − V_i) estimates E_n − E_∞ from one trained network, up to O(n^{−2})."
        pending
            "beyond.resample-certificate"
            Paper.own
            experiment
            "Changing the depth from m to n by S_nI_m moves outputs by at most Lip(h)‖W‖C(1/m + 1/n)."
        pending "beyond.second-order-layers" Paper.own experiment "Heun layers make minimisers converge with order 2."
        pending
            "beyond.depth-scaling"
            Paper.own
            experiment
            "X_{k+1} = (1 + n^{−β}ξ_k)X_k explodes, has a limit or is trivial by β and by how ξ depends on k."
        pending
            "beyond.weight-diagnostic"
            Paper.own
            experiment
            "Exponents of norms over a ladder and von Neumann's ratio tell whether weights have an ODE limit."
        pending "beyond.richardson-minimiser" Paper.own experiment "2K^{2n} − K^n at the coarse nodes is off by O(n^{−2})."
        pending
            "training.mesh-independence"
            Paper.own
            training
            "In the H¹ metric the number of iterations of L-BFGS does not grow with depth."
    ]
