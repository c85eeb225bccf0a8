namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra

/// Where a planned network and the flow that it follows have taken a point at the end of a step.
[<NoComparison; NoEquality>]
type FollowedState = {
    /// t
    Time: float
    /// Steps so far, over all pieces.
    Steps: int
    /// Layers so far; where one map belongs to two steps, its layers count for the first.
    Layers: int64
    /// What the maps of the plan have made of x.
    Network: float[]
    /// x(t), by eight steps of Strang for each step of the plan: its error is at most some hundredth of what the plan does wrong.
    Flow: float[]
}

/// The way of single points through a plan, for pictures.
[<RequireQualifiedAccess>]
module VanillaTrajectory =
    /// x ↦ x + a·ψ̃(w·x + b), the table or the exact flow.
    let private apply (piece: PlannedPiece) (terms: RidgeTerm<Binary64>[]) (map: PlannedMap) (x: Binary64[]) : Binary64[] =
        let term = terms[map.Term]

        match map.Table with
        | Some table -> Vector.addScaled x (PiecewiseLinear.apply table (RidgeTerm.preactivation term x)) term.Direction
        | None -> TermFlow.apply term (Interval.midpoint (VanillaPlan.time piece map)) x

    /// A point and where it is at the end of every step.
    let follow (plan: VanillaPlan) (x: float[]) : FollowedState[] =
        let states = ResizeArray [ { Time = 0.0; Steps = 0; Layers = 0L; Network = x; Flow = x } ]
        let mutable network, flow = Array.map Binary64 x, Array.map Binary64 x
        let mutable layers = 0L

        for piece in plan.Pieces do
            let terms = piece.Piece.Terms |> Array.map (RidgeTerm.map (Rational.toFloat >> Binary64))
            let h = Rational.toFloat (VanillaPlan.step piece)
            let perStep = (Splitting.substeps plan.Splitting terms.Length: Substep<Binary64> list).Length
            let begun = states[states.Count - 1]
            let mutable flows = 0

            for index in piece.Chain do
                let map = piece.Maps[index]
                layers <- layers + int64 (VanillaPlan.layers piece map)
                flows <- flows + 1

                if flows % perStep = 0 then
                    // Within a map of two steps: the end of the first.
                    let there =
                        if map.Shares.Length = 1 then
                            apply piece terms map network
                        else
                            TermFlow.apply terms[map.Term] (h * Interval.midpoint map.Shares[0]) network

                    flow <- Splitting.run Splitting.Strang terms h 8 flow
                    let steps = flows / perStep

                    states.Add {
                        Time = begun.Time + h * float steps
                        Steps = begun.Steps + steps
                        Layers = layers
                        Network = Binary64.toFloats there
                        Flow = Binary64.toFloats flow
                    }

                flows <- flows + map.Shares.Length - 1
                network <- apply piece terms map network

        states.ToArray()
