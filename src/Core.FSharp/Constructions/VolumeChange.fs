namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics

/// How one layer changes the volume of its state space: a determinant of d × d instead of Kd × Kd.
[<RequireQualifiedAccess>]
module VolumeChange =
    /// det DΦ_l of the step from the delay state [x(l); x(l−1); …] in delay coordinates, K = max(r, p) blocks:
    /// (−1)^((K−1)d) det(∂x(l+1)/∂x(l−K+1)), as of every block companion matrix. It is 1 wherever no map reads the oldest state
    /// (r &gt; p), the smooth networks of order k ≥ 2 among them, and det(I + h·Df) in a residual network.
    let determinant (equation: DifferenceEquation<Rational>) (l: int) (delay: Rational[][]) : Rational =
        let blocks, d = delay.Length, delay[0].Length

        if blocks <> equation.Blocks || d <> equation.Width l || d <> equation.Width(l + 1) then
            invalidArg
                (nameof delay)
                $"found {blocks} states of width {d}, expected {equation.Blocks} of width {equation.Width l} before and after the layer"

        let side = (Adjoint.sideJacobian equation.RightHandSides[l] delay)[blocks - 1]
        let driven = Matrix.scale (Rational.power equation.Step equation.Order) side
        let weight = Binomial.pastWeights equation.Order |> Array.tryItem (blocks - 1)

        let oldest =
            match weight with
            | Some weight -> Matrix.add (Matrix.scale (Ring.ofInteger weight) (Matrix.identity d)) driven
            | None -> driven

        let determinant = Elimination.determinant oldest
        if (blocks - 1) * d % 2 = 0 then determinant else -determinant
