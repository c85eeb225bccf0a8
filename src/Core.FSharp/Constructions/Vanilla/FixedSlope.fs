namespace LayerTime.Core.Constructions

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Networks

/// Networks of width 1 with one and the same slope α ≠ 1 in all layers. They are the increasing piecewise linear functions whose slopes
/// have ratios in α^ℤ; others are approached by dithering between neighbouring powers.
[<RequireQualifiedAccess>]
module FixedSlope =
    /// k with α^k = ratio, or None: an exact search; α &gt; 0, α ≠ 1, ratio &gt; 0.
    let exponent (α: Rational) (ratio: Rational) : int option =
        // By powers of the base above 1, upward for ratios above 1.
        let isSmall = α < Rational.One
        let bottom = if isSmall then Rational.One / α else α
        let isBelow = ratio < Rational.One
        let target = if isBelow then Rational.One / ratio else ratio

        let rec search k (power: Rational) =
            if power = target then Some k
            elif power > target then None
            else search (k + 1) (power * bottom)

        search 0 Rational.One |> Option.map (fun k -> if isSmall <> isBelow then -k else k)

    /// The jump of slope at 0 from 1 to α^k as |k| layers on y₀: (1/α)·σ_α(y) has the slopes 1 and 1/α, −σ_α(−y) the slopes 1 and α.
    let private jump (α: 'T) (k: int) : Stage<'T> list when 'T :> IField<'T> =
        let scale factor = CoordinateStage.affine 1 factor 'T.Zero

        let one =
            if k < 0 then
                [ CoordinateStage.leaky 1 α; scale ('T.Quotient('T.One, α)) ]
            else
                let minus = scale ('T.Negation 'T.One)
                [ minus; CoordinateStage.leaky 1 α; minus ]

        List.concat (List.replicate (abs k) one)

    /// The network with the fixed slope α of an increasing piecewise linear function whose neighbouring slopes have ratios α^k, with Σ|k|
    /// activations; or the first ratio that is no power of α.
    let toNet (α: Rational) (f: PiecewiseLinear<Rational>) : Result<VanillaNet<Rational>, Defect list> =
        let slopeDefects =
            Defect.unless (α.Sign > 0 && α <> Rational.One) "slope" $"α = {α}" "a positive number other than 1"
            @ PiecewiseLinear.defects f

        if not slopeDefects.IsEmpty then
            Error slopeDefects
        else
            let step k (y: Rational, (before: Rational, after: Rational)) =
                match exponent α (after / before) with
                | Some power ->
                    Ok [ CoordinateStage.affine 1 Rational.One -y; yield! jump α power; CoordinateStage.affine 1 Rational.One y ]
                | None -> Error [ Defect.create $"knot {k}" $"a ratio {after / before} of slopes" $"a power of α = {α}" ]

            Array.zip f.Values (Array.pairwise (PiecewiseLinear.slopes f))
            |> Array.mapi step
            |> Defect.all
            |> Result.map (fun steps ->
                let start = CoordinateStage.affine 1 f.Left (f.Values[0] - f.Left * f.Knots[0])
                VanillaNet.ofStages 1 (start :: List.concat steps))

    /// j and α^j, α^(j+1) with α^(j+1) &lt; s ≤ α^j, for 0 &lt; α &lt; 1 and s &gt; 0: by exact comparison.
    let bracket (α: Rational) (s: Rational) : int * Rational * Rational =
        let rec descend j (upper: Rational) =
            let lower = upper * α
            if lower < s then j, upper, lower else descend (j + 1) lower

        let rec ascend j (upper: Rational) = if upper >= s then descend j upper else ascend (j - 1) (upper / α)
        ascend 0 Rational.One

    /// Dithering for 0 &lt; α &lt; 1: the polygon through the given points with each chord of slope s in (α^(j+1), α^j] replaced by the slope α^j on a
    /// share θ = (s − α^(j+1))/(α^j − α^(j+1)) of its cell and α^(j+1) on the rest. Outside the first and the last slope go on.
    let dither (α: Rational) (knots: Rational[]) (values: Rational[]) : PiecewiseLinear<Rational> =
        let cell ((t: Rational, t': Rational), (y: Rational, y': Rational)) =
            let s = (y' - y) / (t' - t)
            let _, upper, lower = bracket α s
            let θ = (s - lower) / (upper - lower)
            let middle = t + θ * (t' - t)
            [| t, y, upper; middle, y + upper * (middle - t), lower |]

        let all = Array.zip (Array.pairwise knots) (Array.pairwise values) |> Array.collect cell

        // A share of the whole cell leaves an empty rest: no knot of its own.
        let isKept i (t, _, _) =
            i = all.Length - 1
            || (let next, _, _ = all[i + 1]
                t <> next)

        let pieces = all |> Array.indexed |> Array.filter (fun (i, piece) -> isKept i piece) |> Array.map snd
        let last, end' = Array.last knots, Array.last values
        let pieces = pieces |> Array.filter (fun (t, _, _) -> t <> last)
        let slopes = pieces |> Array.map (fun (_, _, s) -> s)

        // Only knots at which the slope changes, and at least one.
        let inner = [|
            for i in 1 .. pieces.Length - 1 do
                let t, y, s = pieces[i]

                if s <> slopes[i - 1] then
                    t, y
        |]

        let chosen = if inner.Length > 0 then inner else [| last, end' |]

        { Knots = Array.map fst chosen; Values = Array.map snd chosen; Left = slopes[0]; Right = Array.last slopes }

    /// The bound on dithering's error: max over cells of η²·max|G″|/8 + η(s − α^(j+1))(α^j − s)/(α^j − α^(j+1)), first summand for the polygon.
    let ditherBound (α: Rational) (curvature: Rational) (knots: Rational[]) (values: Rational[]) : Rational =
        let cell ((t: Rational, t': Rational), (y: Rational, y': Rational)) =
            let η = t' - t
            let s = (y' - y) / η
            let _, upper, lower = bracket α s
            η * η * curvature / Rational.ofInt 8 + η * (s - lower) * (upper - s) / (upper - lower)

        Array.zip (Array.pairwise knots) (Array.pairwise values) |> Array.map cell |> Array.reduce Rational.max
