namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// A map that is the time-1 map of an autonomous linear, constant or piecewise linear field.
[<RequireQualifiedAccess; NoComparison>]
type ElementaryFlow<'T> =
    /// x_i ← x_i + c·x_j, i ≠ j: the flow of the nilpotent field x_i′ = c·x_j.
    | Shear of i: int * j: int * c: 'T
    /// x_i ← c·x_i with c &gt; 0: the flow of x_i′ = log(c)·x_i.
    | Scaling of i: int * c: 'T
    /// x ← x + b: the flow of the constant field b.
    | Translation of 'T[]
    /// x_i ← p_i·max(0, x_i) + q_i·min(0, x_i), p_i, q_i &gt; 0: the flow of x_i′ = log(p_i)·max(0, x_i) + log(q_i)·min(0, x_i).
    | TwoSided of positive: 'T[] * negative: 'T[]

/// Elementary flows: their time-1 maps and what comes before time 1.
[<RequireQualifiedAccess>]
module ElementaryFlow =
    /// The map at time 1.
    let apply (flow: ElementaryFlow<'T>) (x: 'T[]) : 'T[] when 'T :> IRing<'T> =
        match flow with
        | ElementaryFlow.Shear(i, j, c) -> Array.updateAt i ('T.Sum(x[i], 'T.Product(c, x[j]))) x
        | ElementaryFlow.Scaling(i, c) -> Array.updateAt i ('T.Product(c, x[i])) x
        | ElementaryFlow.Translation b -> Vector.add x b
        | ElementaryFlow.TwoSided(p, q) ->
            Array.map3 (fun p q x -> 'T.Sum('T.Product(p, 'T.PositivePart x), 'T.Product(q, 'T.NegativePart x))) p q x

    /// The flow whose time-1 map is the time-t map of this one: c ↦ c·t for shears and translations, c ↦ c^t for factors.
    let at (t: 'T) (flow: ElementaryFlow<'T>) : ElementaryFlow<'T> when 'T :> ITranscendental<'T> =
        let power c = 'T.Exp('T.Product(t, 'T.Log c))

        match flow with
        | ElementaryFlow.Shear(i, j, c) -> ElementaryFlow.Shear(i, j, 'T.Product(t, c))
        | ElementaryFlow.Scaling(i, c) -> ElementaryFlow.Scaling(i, power c)
        | ElementaryFlow.Translation b -> ElementaryFlow.Translation(Vector.scale t b)
        | ElementaryFlow.TwoSided(p, q) -> ElementaryFlow.TwoSided(Array.map power p, Array.map power q)

    /// The field whose flow it is, at x.
    let field (flow: ElementaryFlow<'T>) (x: 'T[]) : 'T[] when 'T :> ITranscendental<'T> =
        let only i value = Array.init x.Length (fun k -> if k = i then value else 'T.Zero)

        match flow with
        | ElementaryFlow.Shear(i, j, c) -> only i ('T.Product(c, x[j]))
        | ElementaryFlow.Scaling(i, c) -> only i ('T.Product('T.Log c, x[i]))
        | ElementaryFlow.Translation b -> b
        | ElementaryFlow.TwoSided(p, q) ->
            Array.map3 (fun p q x -> 'T.Sum('T.Product('T.Log p, 'T.PositivePart x), 'T.Product('T.Log q, 'T.NegativePart x))) p q x

/// W = (product of shears)·diag(1, …, 1, det W)
[<NoComparison>]
type ShearFactors = {
    /// (i, j, c): the row operations row_i += c·row_j that reduce W to the diagonal, in their order; at most d² + d − 2.
    Operations: (int * int * Rational)[]
    /// det W ≠ 0
    Determinant: Rational
} with

    /// The shears x_i += c·x_j whose product, the first applied first, is W·diag(1, …, 1, 1/det W).
    member factors.Shears: (int * int * Rational)[] = factors.Operations |> Array.rev |> Array.map (fun (i, j, c) -> i, j, -c)

/// Invertible matrices as products of elementary flows.
[<RequireQualifiedAccess>]
module ShearFactors =
    /// Row reduction without row exchanges and scalings, or the rank of a singular matrix.
    let create (w: Matrix<Rational>) : Result<ShearFactors, Defect list> =
        let d = w.Rows
        let refuse found = Error [ Defect.create "matrix" found "an invertible square matrix" ]

        if d <> w.Columns then
            refuse $"{w.Rows}×{w.Columns} numbers"
        elif Elimination.rank w < d then
            refuse $"{w} of rank {Elimination.rank w}"
        else
            let rows = Matrix.toRows w
            let operations = ResizeArray()

            let add i j (c: Rational) =
                if c.Sign <> 0 then
                    rows[i] <- Vector.addScaled rows[i] c rows[j]
                    operations.Add((i, j, c))

            for c in 0 .. d - 2 do
                if rows[c][c] <> Rational.One then
                    // A nonzero entry below the pivot, made if there is none, brings the pivot to 1.
                    match Seq.tryFind (fun r -> (Array.get rows[r] c).Sign <> 0) (seq { c + 1 .. d - 1 }) with
                    | Some r -> add c r ((Rational.One - rows[c][c]) / rows[r][c])
                    | None ->
                        add (c + 1) c Rational.One
                        add c (c + 1) ((Rational.One - rows[c][c]) / rows[c + 1][c])

                for r in 0 .. d - 1 do
                    if r <> c then
                        add r c (-(rows[r][c]))

            for r in 0 .. d - 2 do
                add r (d - 1) (-(rows[r][d - 1]) / rows[d - 1][d - 1])

            Ok { Operations = operations.ToArray(); Determinant = rows[d - 1][d - 1] }

    /// x ↦ W·x as elementary flows, first to last, for det W &gt; 0: no flow reverses the orientation.
    let flows (w: Matrix<Rational>) : Result<ElementaryFlow<Rational> list, Defect list> =
        match create w with
        | Error defects -> Error defects
        | Ok factors when factors.Determinant.Sign < 0 ->
            Error [ Defect.create "matrix" $"det W = {factors.Determinant}" "a positive determinant: no flow reverses the orientation" ]
        | Ok factors ->
            Ok [
                if factors.Determinant <> Rational.One then
                    ElementaryFlow.Scaling(w.Rows - 1, factors.Determinant)

                yield! factors.Shears |> Array.map ElementaryFlow.Shear
            ]

/// A leaky-ReLU network as a sequence of flows.
[<NoComparison>]
type NetworkFlow = {
    /// Flows of time 1 each, first to last; their composition is the network, up to the reflection.
    Flows: ElementaryFlow<Rational> list
    /// Whether x₀ ↦ −x₀ has to follow: then the network reverses the orientation and is no flow.
    Reflected: bool
}

/// The reverse direction: which leaky-ReLU networks are flows.
[<RequireQualifiedAccess>]
module NetworkFlow =
    /// Pushes the reflections J = diag(−1, 1, …, 1) of maps with negative determinant to the right through the activations, σ∘J = J∘(JσJ), so
    /// that every map before them preserves the orientation; what is left of them at the end shows in Reflected.
    let decompose (net: VanillaNet<Rational>) : Result<NetworkFlow, Defect list> =
        let d = net.Inputs

        let reflect =
            Matrix.init d d (fun i j ->
                if i <> j then Rational.Zero
                elif i = 0 then -Rational.One
                else Rational.One)

        let affine (map: AffineMap<Rational>) = [
            yield! ShearFactors.flows map.Weights |> Defect.orFail

            if map.Bias |> Array.exists (fun b -> b.Sign <> 0) then
                ElementaryFlow.Translation map.Bias
        ]

        let advance (reflected, flows) (l, map: AffineMap<Rational>) =
            // The map after a reflection, and then as a reflection after a map.
            let weights = if reflected then Matrix.multiply map.Weights reflect else map.Weights
            let reverses = (Elimination.determinant weights).Sign < 0
            let map = { map with Weights = weights }
            let map = if reverses then AffineMap.compose { Weights = reflect; Bias = Vector.zero d } map else map

            let activation = [
                if l < net.Depth then
                    let α, one = net.Slopes[l], Array.create d Rational.One
                    let swap (own: Rational[]) (other: Rational[]) = if reverses then Array.updateAt 0 other[0] own else own
                    ElementaryFlow.TwoSided(swap one α, swap α one)
            ]

            reverses, flows @ affine map @ activation

        match LeakyNets.defects net with
        | [] ->
            let reflected, flows = Array.fold advance (false, []) (Array.indexed net.Affine)
            Ok { Flows = flows; Reflected = reflected }
        | defects -> Error defects

    /// The value of the composition at x, the reflection included: that of the network.
    let apply (flow: NetworkFlow) (x: Rational[]) : Rational[] =
        let y = List.fold (fun x piece -> ElementaryFlow.apply piece x) x flow.Flows
        if flow.Reflected then Array.updateAt 0 -y[0] y else y

    /// The flows of a network, or why it is none: a singular matrix, a slope that is not positive, a reversed orientation.
    let create (net: VanillaNet<Rational>) : Result<ElementaryFlow<Rational> list, Defect list> =
        match decompose net with
        | Error defects -> Error defects
        | Ok flow when flow.Reflected ->
            let determinants = net.Affine |> Array.map (fun map -> string (Elimination.determinant map.Weights)) |> String.concat ", "

            Error [
                Defect.create
                    "orientation"
                    $"the determinants {determinants} with a negative product"
                    "a positive one: flows preserve the orientation, and x₀ ↦ −x₀ is left over"
            ]
        | Ok flow -> Ok flow.Flows
