namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// S_c(x) = x + c·max(0, w·x + b)
[<NoComparison>]
type ResidualStep<'T> = {
    /// c
    Shift: 'T[]
    /// w
    Weights: 'T[]
    /// b
    Bias: 'T
}

/// The exact flows of single ReLU terms, and what they are made of.
[<RequireQualifiedAccess>]
module ResidualStep =
    /// m = c·w: w·S_c(x) + b is (1 + m)·s for s > 0 and s for s ≤ 0. S_c is a homeomorphism exactly if 1 + m > 0 (w ≠ 0).
    let slope (step: ResidualStep<'T>) : 'T :> IRing<'T> = Vector.dot step.Shift step.Weights

    /// S_c(x)
    let apply (step: ResidualStep<'T>) (x: 'T[]) : 'T[] when 'T :> IRing<'T> =
        let s = 'T.Sum(Vector.dot step.Weights x, step.Bias)
        Vector.addScaled x ('T.PositivePart s) step.Shift

    /// S_c⁻¹ = S_{−c/(1+m)}, for 1 + m > 0.
    let inverse (step: ResidualStep<'T>) : ResidualStep<'T> when 'T :> IField<'T> =
        let factor = 'T.Quotient('T.Negation 'T.One, 'T.Sum('T.One, slope step))
        { step with Shift = Vector.scale factor step.Shift }

    /// w/|w|²
    let private dual (w: 'T[]) : 'T[] when 'T :> IField<'T> = Vector.scale ('T.Quotient('T.One, Vector.dot w w)) w

    /// c₁ = μŵ + c⊥/2 and c₂ = ((m−μ)ŵ + c⊥/2)/(1+μ) with S_{c₂}∘S_{c₁} = S_c, c₁·w = μ and c₂·w = (m−μ)/(1+μ): what makes a shear (m = 0)
    /// two leaky layers. For w ≠ 0, 1 + m > 0 and μ > −1, μ ∉ {0, m}, in at least two dimensions.
    let pair (μ: 'T) (step: ResidualStep<'T>) : ResidualStep<'T> * ResidualStep<'T> when 'T :> IField<'T> =
        let m, ŵ = slope step, dual step.Weights
        let half = Vector.scale (Ring.ratio 1 2) (Vector.addScaled step.Shift ('T.Negation m) ŵ)
        let first = Vector.addScaled half μ ŵ
        let second = Vector.addScaled half ('T.Difference(m, μ)) ŵ
        { step with Shift = first }, { step with Shift = Vector.scale ('T.Quotient('T.One, 'T.Sum('T.One, μ))) second }

    /// The term of which the step is the flow for time 1: a = c·log(1+m)/m, and a = c for m = 0; 1 + m > 0.
    let generator (step: ResidualStep<Binary64>) : RidgeTerm<Binary64> =
        let m = (slope step).Value
        let factor = if m = 0.0 then 1.0 else Elementary.log1p m / m

        {
            Direction = Vector.scale (Binary64 factor) step.Shift
            Weights = step.Weights
            Bias = step.Bias
            Profile = Profile.Relu
        }

/// A chart (u, w) with u·w = 1: coordinates y = P·x with y₀ = w·x in which x ↦ x + u(H(w·x) − w·x) acts on y₀ alone.
[<RequireQualifiedAccess>]
module RidgeChart =
    /// P and P⁻¹. Row 0 of P is w, the others are e_j − (u_j/u_p)e_p, j ≠ p, with the pivot p where |u_p| is largest; `approximately` serves
    /// that choice alone.
    let create (approximately: 'T -> float) (u: 'T[]) (w: 'T[]) : Matrix<'T> * Matrix<'T> when 'T :> IField<'T> =
        let d = u.Length
        let p = Seq.maxBy (fun j -> abs (approximately u[j])) (seq { 0 .. d - 1 })
        let others = [| 0 .. d - 1 |] |> Array.filter (fun j -> j <> p)
        let unit j = Vector.unit d j
        let row j = Vector.addScaled (unit j) ('T.Negation('T.Quotient(u[j], u[p]))) (unit p)
        let column j = Vector.addScaled (unit j) ('T.Negation w[j]) u

        Matrix.ofRows (Array.append [| w |] (Array.map row others)),
        Matrix.transpose (Matrix.ofRows (Array.append [| u |] (Array.map column others)))

    /// The stages x ↦ P·x + b·e₀, then `inner` on the coordinate s = w·x + b, then back: x ↦ x + u(H(s) − s), where `inner` is H.
    let conjugate (approximately: 'T -> float) (u: 'T[]) (w: 'T[]) (b: 'T) (inner: Stage<'T> seq) : Stage<'T> seq when 'T :> IField<'T> =
        let there, back = create approximately u w
        let shift b = Vector.scale b (Vector.unit u.Length 0)

        seq {
            Stage.Affine { Weights = there; Bias = shift b }
            yield! inner
            Stage.Affine { Weights = back; Bias = Matrix.apply back (shift ('T.Negation b)) }
        }

/// Stages that act on coordinate 0 alone.
[<RequireQualifiedAccess>]
module CoordinateStage =
    /// y₀ ↦ p·y₀ + q
    let affine (dimension: int) (p: 'T) (q: 'T) : Stage<'T> when 'T :> IRing<'T> =
        let entry i j =
            if i <> j then 'T.Zero
            elif i = 0 then p
            else 'T.One

        let bias = Array.init dimension (fun i -> if i = 0 then q else 'T.Zero)
        Stage.Affine { Weights = Matrix.init dimension dimension entry; Bias = bias }

    /// y₀ ↦ max(0, y₀) + α·min(0, y₀)
    let leaky (dimension: int) (α: 'T) : Stage<'T> when 'T :> IRing<'T> =
        Stage.Leaky(Array.init dimension (fun i -> if i = 0 then α else 'T.One))

/// Residual steps as leaky layers.
[<RequireQualifiedAccess>]
module TermLayers =
    /// Below this share |m|/(|c||w|) the one-layer form loses digits, and the pair is used.
    let wellConditioned = 0.25

    /// S_c with m ≠ 0 as one leaky layer: in the chart u = c/m it is y₀ ↦ max(0, (1+m)y₀) + min(0, y₀).
    let oneLayer (approximately: 'T -> float) (step: ResidualStep<'T>) : Stage<'T> seq when 'T :> IField<'T> =
        let m = ResidualStep.slope step
        let factor = 'T.Sum('T.One, m)
        let d = step.Shift.Length
        let u = Vector.scale ('T.Quotient('T.One, m)) step.Shift

        RidgeChart.conjugate approximately u step.Weights step.Bias [
            CoordinateStage.leaky d ('T.Quotient('T.One, factor))
            CoordinateStage.affine d factor 'T.Zero
        ]

    /// S_c as two leaky layers with the slope μ of the first, see ResidualStep.pair.
    let shearPair (approximately: 'T -> float) (μ: 'T) (step: ResidualStep<'T>) : Stage<'T> seq when 'T :> IField<'T> =
        let first, second = ResidualStep.pair μ step
        Seq.append (oneLayer approximately first) (oneLayer approximately second)

    /// S_c as the best conditioned of these: affine where c or w is 0, one layer for |m| ≥ |c||w|/4, else the pair with μ = 1, or 2 near m = 1.
    let ofStep (approximately: 'T -> float) (step: ResidualStep<'T>) : Result<Stage<'T> list, Defect list> when 'T :> IField<'T> =
        let size v = v |> Array.map approximately |> Array.sumBy (fun x -> x * x) |> sqrt
        let m = approximately (ResidualStep.slope step)
        let d = step.Shift.Length

        if size step.Weights = 0.0 || size step.Shift = 0.0 then
            let bias = Vector.scale ('T.PositivePart step.Bias) step.Shift
            Ok [ Stage.Affine { Weights = Matrix.identity d; Bias = bias } ]
        elif 1.0 + m <= 0.0 then
            Error [ Defect.create "step" $"1 + c·w = {1.0 + m}" "a positive number: otherwise x + c·max(0, w·x + b) is not one-to-one" ]
        elif abs m >= wellConditioned * size step.Shift * size step.Weights then
            Ok(List.ofSeq (oneLayer approximately step))
        else
            let μ = if abs (m - 1.0) > 0.25 then 'T.One else Ring.ratio 2 1
            Ok(List.ofSeq (shearPair approximately μ step))
