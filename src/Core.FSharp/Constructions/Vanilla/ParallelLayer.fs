namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// Residual steps that do not see each other as one leaky layer.
[<RequireQualifiedAccess>]
module ParallelLayer =
    /// The steps, in any order, for w_i·c_j = 0 (i ≠ j), m_i = c_i·w_i ≠ 0 and 1 + m_i &gt; 0: in the chart with the rows w_i and a basis of what all c_i
    /// are perpendicular to, coordinate i is y_i ↦ max(0, (1 + m_i)y_i) + min(0, y_i); or which two see each other, or which is a shear or folds.
    let create (steps: ResidualStep<Rational>[]) : Result<VanillaNet<Rational>, Defect list> =
        let k, d = steps.Length, steps[0].Shift.Length
        let m i j = Vector.dot steps[i].Shift steps[j].Weights

        let defects = [
            for i in 0 .. k - 1 do
                for j in 0 .. k - 1 do
                    if i <> j && (m i j).Sign <> 0 then
                        Defect.create $"steps {i} and {j}" $"c·w = {m i j}" "0: the layer moves all of them at once"

                if (m i i).Sign = 0 || (Rational.One + m i i).Sign <= 0 then
                    Defect.create $"step {i}" $"c·w = {m i i}" "a number above −1 other than 0"
        ]

        if defects.IsEmpty then
            let rest = steps |> Array.map _.Shift |> Matrix.ofRows |> Elimination.kernel
            let chart = Array.append (steps |> Array.map _.Weights) (List.toArray rest) |> Matrix.ofRows
            // w_i·c_j = m_i·δ_ij makes the rows independent.
            let back = Elimination.inverse chart |> Option.get
            let factor = Array.init d (fun i -> if i < k then Rational.One + m i i else Rational.One)
            let bias = Array.init d (fun i -> if i < k then steps[i].Bias else Rational.Zero)

            Ok(
                VanillaNet.ofStages d [
                    Stage.Affine { Weights = chart; Bias = bias }
                    Stage.Leaky(factor |> Array.map (fun p -> Rational.One / p))
                    Stage.Affine { Weights = Matrix.init d d (fun i j -> if i = j then factor[i] else Rational.Zero); Bias = Vector.zero d }
                    Stage.Affine { Weights = back; Bias = Matrix.apply back bias |> Array.map (~-) }
                ]
            )
        else
            Error defects
