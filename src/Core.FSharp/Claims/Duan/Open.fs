namespace LayerTime.Core.Claims.Duan

open LayerTime.Core.Claims

/// The statements that cannot be run yet, with what they wait for.
[<RequireQualifiedAccess>]
module internal Open =
    let private waiting (id: string) (source: Source) (statement: string) : string * Claim =
        id, Claim.open' id statement source "its executable parts are not written yet"

    let private entries =
        Map.ofList [
            waiting
                "duan.compile.relu-field"
                Paper.ofAbstract
                "The flow of a ReLU field on a box is within ε of a leaky network of the same width."
            waiting
                "duan.compile.tanh-field"
                Paper.ofAbstract
                "The flow of a tanh field on a box is within ε of a leaky network of the same width."
            waiting
                "duan.compile.depth-rate"
                Paper.ofAbstract
                "The depth of these networks grows like ε^{−3/2} (Lie), ε^{−1} (Strang) for tanh fields."
            waiting
                "duan.compile.a-posteriori"
                Paper.ofAbstract
                "A tube of local constants bounds the error of a splitting, never worse than a priori."
            waiting
                "duan.reverse.polar-two-exponentials"
                Paper.reconstructed
                "A matrix of positive determinant is the product of the exponentials of a skew and a symmetric matrix."
            waiting
                "duan.universal.degree-gap"
                Paper.neighbours
                "A map of the plane that winds k times with |k| > 1 stays away from every leaky network of width 2."
            waiting
                "duan.beyond.time-dithered-kinks"
                Paper.own
                "Tables with a constant number of knots whose offset changes from step to step converge with order 1 up to a logarithm."
            waiting "duan.beyond.time-dithered-fixed-slope" Paper.own "So do networks with one slope in all layers."
            waiting "duan.beyond.impossibility-report" Paper.own "An error floor for a target, whatever the depth, before any training."
            waiting "duan.beyond.exact-density" Paper.own "Densities are carried exactly: log det of a network, and κ·g′ along a flow."
        ]

    /// The open claim of this id.
    let claim (id: string) : Claim = entries[id]
