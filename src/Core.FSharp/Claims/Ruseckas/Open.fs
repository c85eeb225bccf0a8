namespace LayerTime.Core.Claims.Ruseckas

open LayerTime.Core.Claims

/// The statements that cannot be run yet, one line each, with what they wait for.
[<RequireQualifiedAccess>]
module internal Open =
    let private waiting (reason: string) (id: string) (source: Source) (statement: string) : string * Claim =
        id, Claim.open' id statement source reason

    let private flow = waiting "needs the methods for flows with their ladders of step sizes"
    let private search = waiting "needs certified equilibria of a network of tanh"

    let private entries =
        let a, r, own = Paper.ofAbstract, Paper.reconstructed, Paper.own

        Map.ofList [
            flow "ruseckas.additive.lyapunov-descent" a "E(x(0)) − E(x(T)) = ∫₀ᵀ Σ τ_i σ′_i (x_i′)² dt."
            search
                "ruseckas.additive.convergence"
                a
                "With symmetric weights every trajectory of the additive network tends to equilibria."
            flow "ruseckas.pontryagin.hamiltonian-constant" r "At an optimum a·F + R(q) is constant in depth although q varies."
            flow "ruseckas.pontryagin.value-depth-derivative" r "Along optima dJ*/dT = a·F + R(q)."
            flow "ruseckas.discrete.adjoint-order" r "The exact gradient of a method of order p has an error of order p in the step."
            flow "ruseckas.beyond.entropy-budget" own "∫(Tr w − 3γ|x|²) inside the trapping box is at least T(inf Tr w − 3γnR²)."
        ]

    /// The open claim of this id.
    let claim (id: string) : Claim = entries[id]
