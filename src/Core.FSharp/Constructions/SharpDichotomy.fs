namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Rigour

/// A degenerate critical point behind a narrow layer, with its proof.
[<NoComparison; NoEquality>]
type NarrowPoint = {
    /// j, the number of the narrow layer.
    Layer: int
    /// p &lt; n, its width; the Hessian at the point has at most this rank.
    Width: int
    /// An enclosure of the zero z* of the gradient of the part behind layer j, at which its Hessian is regular.
    State: Box
    /// A box with a point x whose state z_j(x) is z*: there Φ_x = J_jᵀ·g_z = 0 and H = J_jᵀ·g_zz·J_j.
    Point: Box
}

/// <summary>The exact condition under which almost all weights are Morse, and what happens without it.</summary>
/// <remarks>Condition (∗) on the widths e₀ = n, e₁, …, e_L, 1: there are no 0 ≤ j &lt; k ≤ L with e_j &lt; n and e_k &gt; e_j.</remarks>
[<RequireQualifiedAccess>]
module SharpDichotomy =
    /// Where (∗) fails: the last layer j before the first rise over a layer narrower than the input at which the width is least; then
    /// e_j &lt; n, e_j &lt; e_{j+1} and e_i ≥ e_j for all i ≤ j. None where (∗) holds.
    let rise (widths: int[]) : int option =
        let hidden = Array.take (widths.Length - 1) widths
        let isRise k = Array.exists (fun width -> width < widths[0] && width < hidden[k]) (Array.take k hidden)

        match List.tryFind isRise [ 0 .. hidden.Length - 1 ] with
        | None -> None
        | Some k -> Some(Array.findIndexBack ((=) (Array.min (Array.take k hidden))) (Array.take k hidden))

    /// z_j(x*) of the nominal network, coordinate by coordinate σ∘…∘σ(0), near enough.
    let private nominalState (kind: ActivationKind) (j: int) : Rational =
        let σ t = Interval.ofFloat (Interval.midpoint (ActivationRange.derivative 0 kind t))
        Seq.fold (fun z _ -> σ z) (Interval.ofFloat 0.0) (seq { 1..j }) |> Interval.midpoint |> Rational.ofFloat

    /// <summary>A network of these widths with a degenerate critical point at x*, where (∗) fails and σ″(s₀) ≠ 0; None where (∗) holds.</summary>
    /// <remarks>Layers 1 … j pass p = e_j coordinates of x − x*; layer j + 1 has p + 1 neurons s₀ + (z − z*)_i and s₀ − Σ_i (z − z*)_i; the next matrix
    /// sums them, and later layers pass the sum. The gradient behind layer j vanishes at z*, its Hessian is a multiple of I + 1·1ᵀ.</remarks>
    let nominal (kind: ActivationKind) (s0: Rational) (point: Rational[]) (widths: int[]) : Perceptron<Rational> option =
        rise widths
        |> Option.map (fun j ->
            let p = widths[j]
            let state = nominalState kind j
            let one, zero = Rational.One, Rational.Zero
            let last = widths.Length - 1

            let weight l row column =
                if l <= j then
                    (if row = column && row < p then one else zero)
                elif l = j + 1 then
                    (if row < p then (if row = column then one else zero)
                     elif row = p then -one
                     else zero)
                elif l = j + 2 then
                    (if row = 0 && column <= p then one else zero)
                else
                    (if row = 0 && column = 0 then one else zero)

            let bias l row =
                if l = 1 && row < p then -point[row]
                elif l = j + 1 && row < p then s0 - state
                elif l = j + 1 && row = p then s0 + Rational.ofInt p * state
                else zero

            let layer l = {
                Weights = Matrix.init widths[l] widths[l - 1] (weight l)
                Bias = Array.init widths[l] (bias l)
                Activations = Array.create widths[l] kind
            }

            let output = Matrix.init 1 widths[last - 1] (weight last)
            Perceptron.create (Array.init (last - 1) (fun l -> layer (l + 1))) output [| zero |] |> Defect.orFail)

    /// The layers behind layer j, as a function of z_j.
    let behind (j: int) (p: Perceptron<'T>) : Perceptron<'T> =
        Perceptron.create (Array.skip j (p.Hidden.ToArray())) p.Output (p.OutputOffset.ToArray()) |> Defect.orFail

    /// z_j, as one function of x for each of its coordinates.
    let before (j: int) (p: Perceptron<'T>) : Perceptron<'T>[] when 'T :> IRing<'T> =
        let hidden = Array.take j (p.Hidden.ToArray())
        let width = (Array.last hidden).Weights.Rows

        Array.init width (fun i -> Perceptron.create hidden (Matrix.ofRows [| Vector.unit width i |]) [| 'T.Zero |] |> Defect.orFail)

    /// Radii at which an isolated zero is sought, largest first.
    let private radii = [ 0.1; 0.03; 0.01; 0.003; 0.001; 1e-4; 1e-6; 1e-9 ]

    /// An isolated zero of a system near a point, with a regular Jacobian.
    let private isolate (system: ISquareSystem) (near: float[]) : Box option =
        let centre = Krawczyk.newton system (Box.ofPoint near)

        let attempt r =
            let home = centre |> Array.map (fun x -> Interval.ofBounds (x - r) (x + r))

            match Krawczyk.step system home with
            | KrawczykVerdict.Unique zero -> Some(Krawczyk.refine system home zero)
            | KrawczykVerdict.Excluded
            | KrawczykVerdict.Contracted _
            | KrawczykVerdict.NoPreconditioner -> None

        List.tryPick attempt radii

    /// All ways to choose `count` of the items, in order.
    let rec private choices (count: int) (items: int list) : int list list =
        match count, items with
        | 0, _ -> [ [] ]
        | _, [] -> []
        | _, first :: rest -> List.map (fun chosen -> first :: chosen) (choices (count - 1) rest) @ choices count rest

    /// z_j(x) = z for every z of a box, in some coordinates of x, the others staying where they are: one solution for each z and each network.
    let private reach (coordinates: Perceptron<Interval>[]) (state: Box) (near: float[]) (moving: int list) : Box option =
        let moving = List.toArray moving

        let place (u: Box) =
            near
            |> Array.mapi (fun i x ->
                match Array.tryFindIndex ((=) i) moving with
                | Some k -> u[k]
                | None -> Interval.ofFloat x)

        let value u = Array.map2 (fun p z -> Arithmetic.(-) (PerceptronCalculus.value p (place u)) z) coordinates state

        let jacobian u =
            let rows = coordinates |> Array.map (fun p -> PerceptronCalculus.gradient p (place u))
            Matrix.init moving.Length moving.Length (fun i k -> rows[i][moving[k]])

        let system = SquareSystem.ofFunctions moving.Length value (fun u -> struct (value u, jacobian u))
        isolate system (moving |> Array.map (fun i -> near[i])) |> Option.map place

    /// Proves a degenerate critical point near x of every network of a perceptron with interval weights, where (∗) fails: the gradient behind the
    /// narrow layer has an isolated zero, and z_j reaches it. None where that is not proved.
    let prove (p: Perceptron<Interval>) (near: float[]) : NarrowPoint option =
        match rise p.Widths with
        | Some j when PerceptronCalculus.defects p |> List.isEmpty ->
            let coordinates = before j p
            let start = coordinates |> Array.map (fun z -> Interval.midpoint (PerceptronCalculus.value z (Box.ofPoint near)))

            isolate (GradientSystem.create (behind j p)) start
            |> Option.bind (fun state ->
                choices p.Widths[j] [ 0 .. p.Inputs - 1 ]
                |> List.tryPick (reach coordinates state near)
                |> Option.map (fun point -> { Layer = j; Width = p.Widths[j]; State = state; Point = point }))
        | _ -> None
