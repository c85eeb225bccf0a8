namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// A continuous function of one variable, linear between finitely many knots and beyond them.
[<NoComparison>]
type PiecewiseLinear<'T> = {
    /// t₁ &lt; … &lt; t_n, at least one.
    Knots: 'T[]
    /// The values at the knots.
    Values: 'T[]
    /// The slope left of the first knot.
    Left: 'T
    /// The slope right of the last knot.
    Right: 'T
}

/// Piecewise linear functions, and the increasing ones as leaky-ReLU networks of width 1 (or on one coordinate).
[<RequireQualifiedAccess>]
module PiecewiseLinear =
    open Arithmetic

    /// s₀, …, s_n: the slopes from left to right.
    let slopes (f: PiecewiseLinear<'T>) : 'T[] when 'T :> IField<'T> =
        let inner = Array.map2 (fun (t, t') (y, y') -> (y' - y) / (t' - t)) (Array.pairwise f.Knots) (Array.pairwise f.Values)
        Array.concat [ [| f.Left |]; inner; [| f.Right |] ]

    /// f(x) = y₁ + s₀(x − t₁) + Σ (s_k − s_{k−1})·max(0, x − t_k)
    let apply (f: PiecewiseLinear<'T>) (x: 'T) : 'T :> IField<'T> =
        let jumps = slopes f |> Array.pairwise |> Array.map (fun (before, after) -> after - before)

        Array.fold2 (fun sum t jump -> sum + jump * 'T.PositivePart(x - t)) (f.Values[0] + f.Left * (x - f.Knots[0])) f.Knots jumps

    /// What keeps f from being continuous and strictly increasing: knots out of order, slopes that are not positive.
    let defects (f: PiecewiseLinear<Rational>) : Defect list = [
        if f.Knots.Length = 0 || f.Values.Length <> f.Knots.Length then
            Defect.create "" $"{f.Knots.Length} knots and {f.Values.Length} values" "at least one knot, and one value for each"
        else
            for k, (t, t') in Array.indexed (Array.pairwise f.Knots) do
                if Rational.Compare(t, t') >= 0 then
                    Defect.create $"knot {k}" $"{t}, then {t'}" "increasing knots"

            if f.Knots |> Array.pairwise |> Array.forall (fun (t, t') -> t <> t') then
                for k, s in Array.indexed (slopes f) do
                    if s.Sign <= 0 then
                        Defect.create $"slope {k}" $"{s}" "a positive slope: a network of width 1 is strictly monotone"
    ]

    /// f⁻¹ of a strictly increasing f.
    let inverse (f: PiecewiseLinear<'T>) : PiecewiseLinear<'T> when 'T :> IField<'T> = {
        Knots = f.Values
        Values = f.Knots
        Left = 'T.One / f.Left
        Right = 'T.One / f.Right
    }

    /// x + c·f(x)
    let nearIdentity (c: 'T) (f: PiecewiseLinear<'T>) : PiecewiseLinear<'T> when 'T :> IField<'T> = {
        Knots = f.Knots
        Values = Array.map2 (fun t y -> t + c * y) f.Knots f.Values
        Left = 'T.One + c * f.Left
        Right = 'T.One + c * f.Right
    }

    /// g ∘ f⁻¹ for f, g with the same knots, f strictly increasing: the knots f(t_k) carry the values g(t_k).
    let afterInverse (g: PiecewiseLinear<'T>) (f: PiecewiseLinear<'T>) : PiecewiseLinear<'T> when 'T :> IField<'T> = {
        Knots = f.Values
        Values = g.Values
        Left = g.Left / f.Left
        Right = g.Right / f.Right
    }

    /// The same function over other numbers.
    let map (number: 'T -> 'U) (f: PiecewiseLinear<'T>) : PiecewiseLinear<'U> = {
        Knots = Array.map number f.Knots
        Values = Array.map number f.Values
        Left = number f.Left
        Right = number f.Right
    }

    /// A strictly increasing f on coordinate 0 of d, one leaky layer per knot: first y ↦ s₀(y − t₁) + y₁, then for each knot
    /// R_k(y) = y_k + ρ_k·σ_{1/ρ_k}(y − y_k), ρ_k = s_k/s_{k−1}, which changes the slope right of the knot.
    let stages (dimension: int) (f: PiecewiseLinear<'T>) : Stage<'T> seq when 'T :> IField<'T> =
        seq {
            CoordinateStage.affine dimension f.Left (f.Values[0] - f.Left * f.Knots[0])

            for y, (before, after) in Array.zip f.Values (Array.pairwise (slopes f)) do
                CoordinateStage.affine dimension 'T.One (-y)
                CoordinateStage.leaky dimension (before / after)
                CoordinateStage.affine dimension (after / before) y
        }

    /// A strictly increasing f as a network of width 1 with positive weights, as many activations as knots.
    let toNet (f: PiecewiseLinear<'T>) : VanillaNet<'T> when 'T :> IField<'T> = VanillaNet.ofStages 1 (stages 1 f)

/// Ridge maps x ↦ x + u(H(s) − s), s = w·x + b, u·w = 1, with an increasing piecewise linear H.
[<RequireQualifiedAccess>]
module RidgeMap =
    open Arithmetic

    /// The ridge map as one leaky layer per knot of H.
    let stages (approximately: 'T -> float) (u: 'T[]) (w: 'T[]) (b: 'T) (H: PiecewiseLinear<'T>) : Stage<'T> seq when 'T :> IField<'T> =
        RidgeChart.conjugate approximately u w b (PiecewiseLinear.stages u.Length H)

    /// x ↦ x + a·ψ(w·x + b) with κ = a·w ≠ 0 and s + κψ(s) increasing: u = a/κ, H = id + κψ.
    let single (approximately: 'T -> float) (a: 'T[]) (w: 'T[]) (b: 'T) (ψ: PiecewiseLinear<'T>) : Stage<'T> seq when 'T :> IField<'T> =
        let κ = Vector.dot a w
        stages approximately (Vector.scale ('T.One / κ) a) w b (PiecewiseLinear.nearIdentity κ ψ)

    /// The same map for any κ as two ridge maps E_{v,G∘H⁻¹}∘E_{u,H}: G = id + κψ, H = id + εψ, a⊥ = a − κŵ, u = ŵ + a⊥/(2ε), v = ŵ + a⊥/(2(κ−ε));
    /// ε ∉ {0, κ}, G and H increasing.
    let pair
        (approximately: 'T -> float)
        (ε: 'T)
        (a: 'T[])
        (w: 'T[])
        (b: 'T)
        (ψ: PiecewiseLinear<'T>)
        : Stage<'T> seq when 'T :> IField<'T> =
        let κ = Vector.dot a w
        let ŵ = Vector.scale ('T.One / Vector.dot w w) w
        let half = Vector.scale (Ring.ratio 1 2) (Vector.addScaled a (-κ) ŵ)
        let along (δ: 'T) = Vector.addScaled ŵ ('T.One / δ) half
        let H, G = PiecewiseLinear.nearIdentity ε ψ, PiecewiseLinear.nearIdentity κ ψ

        Seq.append (stages approximately (along ε) w b H) (stages approximately (along (κ - ε)) w b (PiecewiseLinear.afterInverse G H))
