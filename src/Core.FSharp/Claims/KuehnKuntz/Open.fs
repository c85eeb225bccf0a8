namespace LayerTime.Core.Claims.KuehnKuntz

open LayerTime.Core.Claims

/// The statements that cannot be run yet, one line each, with what they wait for.
[<RequireQualifiedAccess>]
module internal Open =
    let private waiting (reason: string) (id: string) (source: Source) (statement: string) : string * Claim =
        id, Claim.open' id statement source reason

    let private flow = waiting "needs validated flows of differential equations"
    let private box = waiting "needs enclosures over boxes"

    let private entries =
        let a, s, r, own = Paper.ofAbstract, Paper.ofSummary, Paper.reconstructed, Paper.own

        Map.ofList [
            box
                "kuehn-kuntz.activation.admissible"
                r
                "σ is C² with σ′ > 0: tanh, logistic, softplus and t + t³/3 are, sin, square and relu are not."
            box
                "kuehn-kuntz.mlp.no-critical-point"
                a
                "Non-augmented in effect and σ′ > 0: |Φ_x| ≥ Π s_min(A_l)·Π min σ_l′ > 0, there is no critical point."
            box "kuehn-kuntz.mlp.morse-generic" a "Augmented in effect: for almost all weights every critical point is non-degenerate."
            box "kuehn-kuntz.mlp.bottleneck-degenerate" a "With a bottleneck, degenerate critical points occur on an open set of weights."
            box
                "kuehn-kuntz.mlp.fold"
                r
                "Where a simple kernel, a cubic term and a transversal path meet, two critical points of neighbouring indices are born."
            box "kuehn-kuntz.census.complete" r "The census of a box contains every critical point exactly once, with its index."
            box
                "kuehn-kuntz.census.degree"
                r
                "The signed count of non-degenerate critical points is the degree of the gradient on the boundary."
            box
                "kuehn-kuntz.census.metamorphic"
                r
                "Permuted and mirrored neurons, positive factors and affine changes of the input keep the census."
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
            box "kuehn-kuntz.resnet.no-critical-point" r "Residual layers with a contraction and a readout w ≠ 0 have no critical point."
        ]

    /// The open claim of this id.
    let claim (id: string) : Claim = entries[id]
