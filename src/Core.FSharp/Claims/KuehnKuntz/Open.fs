namespace LayerTime.Core.Claims.KuehnKuntz

open LayerTime.Core.Claims

/// The statements that cannot be run yet, one line each, with what they wait for.
[<RequireQualifiedAccess>]
module internal Open =
    let private waiting (reason: string) (id: string) (source: Source) (statement: string) : string * Claim =
        id, Claim.open' id statement source reason

    let private flow = waiting "needs validated flows of differential equations"

    let private entries =
        let a, s, r, own = Paper.ofAbstract, Paper.ofSummary, Paper.reconstructed, Paper.own

        Map.ofList [
            flow "kuehn-kuntz.node.variational" r "The variational equations give gradient and Hessian of a neural differential equation."
            flow
                "kuehn-kuntz.node.no-critical-point"
                a
                "A neural differential equation of no more dimensions than inputs has no critical point."
            flow
                "kuehn-kuntz.node.morse-generic"
                a
                "With more dimensions than inputs, almost all weights give non-degenerate critical points only."
            flow "kuehn-kuntz.node.degenerate" s "All critical points of a degenerate neural differential equation are degenerate."
            flow
                "kuehn-kuntz.node.universal-embedding"
                s
                "Every polynomial is the input–output map of a neural differential equation of one more dimension."
            flow
                "kuehn-kuntz.node.embedding-impossible"
                s
                "A function with a critical point is not the map of a neural differential equation without augmentation."
            flow "kuehn-kuntz.node.level-set-topology" r "Without critical points, level sets have no compact piece."
            flow "kuehn-kuntz.node.universal-approximation" s "Augmented neural differential equations approximate continuous functions."
            flow
                "kuehn-kuntz.beyond.depth-convergence"
                own
                "Critical points of the K-step residual network converge to those of the flow of order 1 in 1/K."
        ]

    /// The open claim of this id.
    let claim (id: string) : Claim = entries[id]
