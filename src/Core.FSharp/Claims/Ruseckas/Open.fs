namespace LayerTime.Core.Claims.Ruseckas

open LayerTime.Core.Claims

/// The statements that cannot be run yet, with what they wait for.
[<RequireQualifiedAccess>]
module internal Open =
    let private entries =
        Map.ofList [
            "ruseckas.additive.convergence",
            Claim.open'
                "ruseckas.additive.convergence"
                "With symmetric weights and σ bounded, C¹, strictly increasing, |x′(t)| → 0 on every trajectory, and its limit set consists of equilibria."
                Paper.ofAbstract
                "needs certified equilibria of −x + Wσ(x − ϑ) + I near the end of an integrated trajectory"
        ]

    /// The open claim of this id.
    let claim (id: string) : Claim = entries[id]
