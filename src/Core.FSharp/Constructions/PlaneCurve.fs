namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra

/// Closed polygons in the plane under layers x ↦ λ_α(Wx + B), all in fractions.
[<RequireQualifiedAccess>]
module PlaneCurve =
    /// λ_α(u) = max(u, 0) + α·min(u, 0)
    let leaky (α: Rational) (u: Rational) : Rational = Rational.PositivePart u + α * Rational.NegativePart u

    let private affine (weights: Rational[][]) (bias: Rational[]) (x: Rational[]) : Rational[] =
        Array.map2 (fun row b -> Vector.dot row x + b) weights bias

    /// The image of a point.
    let applyPoint (α: Rational) (weights: Rational[][]) (bias: Rational[]) (x: Rational[]) : Rational[] =
        affine weights bias x |> Array.map (leaky α)

    /// Where along the edge from u to v, 0 &lt; s &lt; 1, a coordinate changes strictly from one sign to the other.
    let private crossings (u: Rational[]) (v: Rational[]) : Rational[] =
        Array.map2 (fun (a: Rational) (b: Rational) -> if a.Sign * b.Sign < 0 then Some(a / (a - b)) else None) u v
        |> Array.choose id
        |> Array.distinct
        |> Array.sort

    /// The image of a closed polygon: bent where an edge crosses an axis.
    let apply (α: Rational) (weights: Rational[][]) (bias: Rational[]) (polygon: Rational[][]) : Rational[][] =
        let moved = polygon |> Array.map (affine weights bias)

        moved
        |> Array.mapi (fun i u ->
            let v = moved[(i + 1) % moved.Length]
            let between = crossings u v |> Array.map (fun s -> Vector.addScaled u s (Vector.subtract v u))
            Array.append [| u |] between)
        |> Array.concat
        |> Array.map (Array.map (leaky α))

    let private cross (u: Rational[]) (v: Rational[]) : Rational = u[0] * v[1] - u[1] * v[0]

    let private edges (polygon: Rational[][]) : (Rational[] * Rational[])[] =
        polygon |> Array.mapi (fun i u -> u, polygon[(i + 1) % polygon.Length])

    /// How often a closed polygon runs around a point, by the crossing rule; None where the point lies on it.
    let windingNumber (centre: Rational[]) (polygon: Rational[][]) : int option =
        let around = edges polygon |> Array.map (fun (u, v) -> Vector.subtract u centre, Vector.subtract v centre)
        let lies (u: Rational[], v: Rational[]) = (cross u v).Sign = 0 && (Vector.dot u v).Sign <= 0

        if Array.exists lies around then
            None
        else
            around
            |> Array.sumBy (fun (u, v) ->
                let sign = (cross u v).Sign

                if u[1].Sign <= 0 && v[1].Sign > 0 && sign > 0 then 1
                elif v[1].Sign <= 0 && u[1].Sign > 0 && sign < 0 then -1
                else 0)
            |> Some

    /// ½ Σ (x_i y_{i+1} − y_i x_{i+1})
    let signedArea (polygon: Rational[][]) : Rational = (edges polygon |> Array.sumBy (fun (u, v) -> cross u v)) / Rational.ofInt 2
