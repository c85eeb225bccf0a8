namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// One sector of the plane, from one ray counter-clockwise to another less than a half turn away, on which Φ is linear.
[<NoComparison; NoEquality>]
type LinearSector = {
    /// The directions of both rays.
    Rays: Rational[] * Rational[]
    /// The gradient inside.
    Gradient: Rational[]
}

/// Where 0 lies relative to the convex hull of some vectors of the plane, with what proves it.
[<RequireQualifiedAccess>]
type HullPosition =
    /// 0 = Σ λ_i·g_i, λ_i &gt; 0, for at most three of the vectors.
    | Inside of combination: (Rational * Rational[]) list
    /// w·g &gt; 0 for all of them.
    | Outside of separator: Rational[]

/// <summary>The gradients of a piecewise linear network of two inputs without biases, cell by cell around x = 0.</summary>
/// <remarks>Such a network is linear on each of finitely many sectors. The gradients of the sectors are the limiting gradients at 0;
/// their hull is the Clarke gradient. All decisions are comparisons of fractions.</remarks>
[<RequireQualifiedAccess>]
module LimitingGradients =
    let private cross (u: Rational[]) (v: Rational[]) : Rational = u[0] * v[1] - u[1] * v[0]

    /// The slopes for t ≤ 0 and for t &gt; 0, or None for an activation that is not piecewise linear.
    let private slopes (kind: ActivationKind) : (Rational * Rational) option =
        match kind with
        | ActivationKind.Identity -> Some(Rational.One, Rational.One)
        | ActivationKind.Relu -> Some(Rational.Zero, Rational.One)
        | ActivationKind.LeakyRelu slope -> Some(slope, Rational.One)
        | ActivationKind.Square
        | ActivationKind.Cubic
        | ActivationKind.Transcendental _ -> None

    /// A sector and the linear map z_l = M·x on it.
    [<NoComparison>]
    type private Cell = { From: Rational[]; To: Rational[]; Map: Matrix<Rational> }

    /// The cell cut at every ray inside it on which a row of the matrix vanishes.
    let private cut (rows: Matrix<Rational>) (cell: Cell) : Cell[] =
        let isInside (ray: Rational[]) = (cross cell.From ray).Sign > 0 && (cross ray cell.To).Sign > 0

        let rays =
            Matrix.toRows rows
            |> Array.collect (fun row -> [| [| -row[1]; row[0] |]; [| row[1]; -row[0] |] |])
            |> Array.filter isInside
            // All of them lie within less than a half turn, where the cross product orders them.
            |> Array.sortWith (fun u v -> -(cross u v).Sign)

        [| cell.From; yield! rays; cell.To |]
        |> Array.pairwise
        |> Array.filter (fun (u, v) -> (cross u v).Sign > 0)
        |> Array.map (fun (u, v) -> { cell with From = u; To = v })

    /// σ(A·z) on each piece of a cell.
    let private through (layer: Neurons<Rational>) (cell: Cell) : Cell[] =
        let rows = Matrix.multiply layer.Weights cell.Map

        cut rows cell
        |> Array.map (fun piece ->
            let inside = Vector.add piece.From piece.To

            let slope i =
                let left, right = slopes layer.Activations[i] |> Option.get
                if (Vector.dot (rows.Row(i).ToArray()) inside).Sign > 0 then right else left

            let d = Array.init rows.Rows slope
            { piece with Map = Matrix.init rows.Rows 2 (fun i j -> d[i] * rows[i, j]) })

    let private defects (p: Perceptron<Rational>) : Defect list = [
        yield! Defect.unless (p.Inputs = 2) "input" $"{p.Inputs} inputs" "2: the cells are sectors of the plane"
        yield! Defect.unless (p.Outputs = 1) "output" $"{p.Outputs} outputs" "one"

        for l, layer in Array.indexed (p.Hidden.ToArray()) do
            let isFree = layer.Bias |> Array.forall (fun c -> c.Sign = 0)
            yield! Defect.unless isFree $"hidden layer {l}, bias" "a bias" "0 everywhere, so that all cells meet at x = 0"

            for kind in layer.Activations |> Array.distinct |> Array.filter (slopes >> Option.isNone) do
                Defect.create $"hidden layer {l}, activation" (ActivationKind.name kind) "identity, relu or leaky-relu"
    ]

    /// The sectors around x = 0, counter-clockwise, with the gradient on each; or why there are none. A bias of the output changes nothing.
    let sectors (p: Perceptron<Rational>) : Result<LinearSector[], Defect list> =
        match defects p with
        | [] ->
            let axis x y = [| Rational.ofInt x; Rational.ofInt y |]
            let quarters = [| axis 1 0, axis 0 1; axis 0 1, axis -1 0; axis -1 0, axis 0 -1; axis 0 -1, axis 1 0 |]
            let start = quarters |> Array.map (fun (u, v) -> { From = u; To = v; Map = Matrix.identity 2 })

            p.Hidden.ToArray()
            |> Array.fold (fun cells layer -> Array.collect (through layer) cells) start
            |> Array.map (fun cell -> {
                Rays = cell.From, cell.To
                Gradient = Matrix.apply (Matrix.transpose cell.Map) (p.Output.Row(0).ToArray())
            })
            |> Ok
        | defects -> Error defects

    /// The distinct limiting gradients at x = 0.
    let distinct (sectors: LinearSector[]) : Rational[][] = sectors |> Array.map _.Gradient |> Array.distinct

    /// λ, μ &gt; 0 and possibly ν &gt; 0 with λ·a + μ·b + ν·c = 0, if there are any.
    let private positiveRelation (a: Rational[]) (b: Rational[]) (c: Rational[]) : (Rational * Rational[]) list option =
        // (b×c)·a + (c×a)·b + (a×b)·c = 0 for any three vectors of the plane.
        let λ, μ, ν = cross b c, cross c a, cross a b
        let signs = [ λ.Sign; μ.Sign; ν.Sign ]

        if signs |> List.forall ((=) 1) then Some [ λ, a; μ, b; ν, c ]
        elif signs |> List.forall ((=) -1) then Some [ -λ, a; -μ, b; -ν, c ]
        else None

    /// Where 0 lies relative to the convex hull of at least one vector of the plane.
    let hullPosition (vectors: Rational[][]) : HullPosition =
        let pairs = Seq.allPairs vectors vectors
        let isZero (g: Rational[]) = g[0].Sign = 0 && g[1].Sign = 0

        let single () = vectors |> Array.tryFind isZero |> Option.map (fun g -> [ Rational.One, g ])

        let opposite () =
            pairs
            |> Seq.tryFind (fun (a, b) -> (cross a b).Sign = 0 && (Vector.dot a b).Sign < 0)
            // |b|²·a − (a·b)·b = 0
            |> Option.map (fun (a, b) -> [ Vector.dot b b, a; -(Vector.dot a b), b ])

        let triangle () = Seq.allPairs pairs vectors |> Seq.tryPick (fun ((a, b), c) -> positiveRelation a b c)

        match single () |> Option.orElseWith opposite |> Option.orElseWith triangle with
        | Some combination -> HullPosition.Inside combination
        | None ->
            // All vectors lie in an open half-plane; first and last are the outermost ones, clockwise and counter-clockwise.
            let outermost side = vectors |> Array.reduce (fun extreme g -> if (cross extreme g).Sign = side then g else extreme)

            let first, last = outermost -1, outermost 1

            if (cross first last).Sign = 0 then
                HullPosition.Outside first
            else
                // w·g = first×g + g×last
                HullPosition.Outside [| last[1] - first[1]; first[0] - last[0] |]
