namespace LayerTime.Core.Examination

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Rigour

/// What is proved of one scalar output over a box.
[<NoComparison; NoEquality>]
type LocalBound = {
    /// All values in the box.
    Value: Interval
    /// All partial derivatives, and at kinks all slopes.
    Gradient: Interval[]
} with

    /// An upper bound of Σ|∂Φ/∂x_i|: how much Φ moves at most when no input moves by more than 1.
    member bound.LipschitzInfinity: float =
        bound.Gradient |> Array.fold (fun sum side -> Directed.addUp sum (Interval.magnitude side)) 0.0

    /// An upper bound of |∇Φ|₂.
    member bound.LipschitzTwo: float =
        let square (a: float) = Directed.multiplyUp a a

        bound.Gradient
        |> Array.fold (fun sum side -> Directed.addUp sum (square (Interval.magnitude side))) 0.0
        |> Directed.sqrtUp

    /// A lower bound of |∇Φ|₂: positive only if Φ is strictly monotone in some input all over the box, and so has no critical point there.
    member bound.Margin: float =
        let square (a: float) = Directed.multiplyDown a a

        bound.Gradient
        |> Array.fold (fun sum side -> Directed.addDown sum (square (Interval.mignitude side))) 0.0
        |> Directed.sqrtDown

    /// The first inputs in which Φ is strictly monotone all over the box, the steepest first.
    member bound.Monotone: int[] =
        bound.Gradient
        |> Array.indexed
        |> Array.filter (fun (_, side) -> Interval.mignitude side > 0.0)
        |> Array.sortByDescending (fun (_, side) -> Interval.mignitude side)
        |> Array.map fst

/// Bounds over boxes by interval arithmetic through all layers and back.
[<RequireQualifiedAccess>]
module LocalBound =
    let private one = [| Interval.ofFloat 1.0 |]

    /// Φ and ∇Φ over a box, for a network of one output. The values are those of intervals through all layers and of the mean value
    /// theorem, Φ(m) + ∇Φ·(x − m), both at once.
    let over (network: Network<Interval>) (box: Box) : LocalBound =
        let all = Sensitivity.at network box one
        let middle = box |> Array.map (Interval.midpoint >> Interval.ofFloat)
        let centred = Array.map2 (fun x m -> Arithmetic.(-) x m) box middle
        let centre = Sensitivity.output network middle |> Array.head

        {
            Value = Interval.intersect all.Output[0] (Arithmetic.(+) centre (Vector.dot all.Gradient centred))
            Gradient = all.Gradient
        }

    /// [x − r, x + r] in every input.
    let private around (x: float[]) (r: float) : Box =
        x |> Array.map (fun c -> Interval.ofBounds (Directed.subtractDown c r) (Directed.addUp c r))

    /// Whether Φ > 0 all over the cube of radius r around x: by its values, or by Φ(x) and the slopes (the mean value theorem).
    let isPositive (network: Network<Interval>) (x: float[]) (r: float) : bool =
        let centre = (Sensitivity.output network (Array.map Interval.ofFloat x) |> Array.head).Lower

        centre > 0.0
        && (let bound = over network (around x r)
            bound.Value.Lower > 0.0 || Directed.multiplyUp bound.LipschitzInfinity r < centre)

    /// A radius r ≤ largest up to which Φ > 0 around x, found by halving: what is returned is proved, but need not be the largest. 0 where Φ(x) is
    /// not proved to be positive.
    let positiveRadius (network: Network<Interval>) (largest: float) (steps: int) (x: float[]) : float =
        let narrow (low, high) _ =
            let middle = if low > 0.0 then 0.5 * (low + high) else high / 4.0
            if isPositive network x middle then middle, high else low, middle

        if isPositive network x largest then largest else Seq.fold narrow (0.0, largest) (seq { 1..steps }) |> fst
