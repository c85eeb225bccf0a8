namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra

/// Four arguments base, base + u, base + v, base + u + v of a function of several blocks, u in one block and v in another.
[<NoComparison>]
type internal Box = {
    /// The corner, as all blocks in a row.
    Base: Rational[]
    /// The block of u and the block of v, zero-based.
    Blocks: int * int
    /// u and v, of the width of a block.
    Steps: Rational[] * Rational[]
}

/// The finitely many arguments on which a question about a layer is decided, or tried.
[<NoComparison; NoEquality>]
type internal Probes = {
    /// The mixed second differences that all vanish only if (or, for samples, if) the function is a sum over its blocks.
    Boxes: Box seq
    /// The arguments of one block on which an additive function agrees with an affine one only if (for samples, if) it is that one.
    Points: int -> Rational[] seq
    /// Whether the "only if" is proven.
    Decide: bool
}

/// Which arguments suffice for which knowledge.
[<RequireQualifiedAccess>]
module internal Probes =
    /// Entry i of block j stands at j·d + i.
    let private block (d: int) (j: int) (z: Rational[]) = Array.sub z (j * d) d

    let private isZero (x: Rational[]) = x |> Array.forall (fun a -> a.Sign = 0)

    /// F(z) − Σ_j F(0, …, z_j, …, 0) + (k−1)F(0) is the sum of these mixed differences: u = z_i, v = z_j, i < j, from the corner
    /// (z_1, …, z_{i−1}, 0, …, 0).
    let private telescope (k: int) (d: int) (z: Rational[]) : Box seq =
        seq {
            for j in 1 .. k - 1 do
                for i in 0 .. j - 1 do
                    let corner = z |> Array.mapi (fun e a -> if e < i * d then a else Rational.Zero)
                    let u, v = block d i z, block d j z

                    if not (isZero u || isZero v) then
                        { Base = corner; Blocks = (i, j); Steps = (u, v) }
        }

    /// The points with entries 0, 1, 2, … of sum at most D: a polynomial of total degree at most D that vanishes on them is zero.
    let rec private lattice (dimension: int) (degree: int) : Rational list list =
        if dimension = 0 then
            [ [] ]
        else
            [
                for first in 0..degree do
                    for rest in lattice (dimension - 1) (degree - first) do
                        Rational.ofInt first :: rest
            ]

    let private latticePoints dimension degree = lattice dimension degree |> Seq.map List.toArray

    /// A point of the hyperplane that is on none of the others. The curve p + Σ tⁱ b_i through the hyperplane, b_i a basis of its
    /// directions, meets each other hyperplane in at most n − 1 points, so some t = 1, 2, … will do.
    let private genericPoint (plane: Hyperplane) (others: Hyperplane list) : Rational[] =
        let foot = Vector.scale (-plane.Offset / Vector.dot plane.Normal plane.Normal) plane.Normal
        let directions = Elimination.kernel (Matrix.ofRows [| plane.Normal |])
        let power t i = Rational.power (Rational.ofInt t) (i + 1)
        let at t = directions |> List.mapi (fun i b -> power t i, b) |> List.fold (fun p (c, b) -> Vector.addScaled p c b) foot

        Seq.initInfinite (fun t -> at (t + 1))
        |> Seq.find (fun p -> others |> List.forall (fun other -> (other.At p).Sign <> 0))

    /// A factor for the moves so that no other hyperplane is reached from p.
    let private safeFactor (p: Rational[]) (moves: Rational[] list) (others: Hyperplane list) : Rational =
        let reach (plane: Hyperplane) =
            moves |> List.map (fun move -> Rational.abs (Vector.dot plane.Normal move)) |> List.fold Rational.max Rational.Zero

        others
        |> List.filter (fun plane -> (reach plane).Sign <> 0)
        |> List.fold (fun factor plane -> Rational.min factor (Rational.abs (plane.At p) / (Rational.ofInt 4 * reach plane))) Rational.One

    /// w/|w|², so that w·(w/|w|²) = 1.
    let private dual (w: Rational[]) = Vector.scale (Rational.One / Vector.dot w w) w

    /// The blocks in which a hyperplane's normal is not zero.
    let private support (k: int) (d: int) (plane: Hyperplane) =
        [ 0 .. k - 1 ] |> List.filter (fun j -> not (isZero (block d j plane.Normal)))

    let private others plane planes = planes |> List.filter (fun other -> other <> plane)

    /// Two steps in two blocks, one to each side of the hyperplane, that together stay on it: the mixed difference is
    /// −2c times the size of the step, and c = 0 means that there is no kink.
    let private across (k: int) (d: int) (planes: Hyperplane list) (plane: Hyperplane) : Box option =
        match support k d plane with
        | a :: b :: _ ->
            let p = genericPoint plane (others plane planes)
            let u, v = dual (block d a plane.Normal), Vector.scale (-Rational.One) (dual (block d b plane.Normal))
            let placed j x = Array.concat [ Vector.zero (j * d); x; Vector.zero ((k - 1 - j) * d) ]
            let t = safeFactor p [ placed a u; placed b v; Vector.add (placed a u) (placed b v) ] (others plane planes)
            Some { Base = p; Blocks = (a, b); Steps = (Vector.scale t u, Vector.scale t v) }
        | _ -> None

    /// 0, the unit vectors, and three points in a row across every hyperplane that belongs to block j alone: on both sides of a
    /// kink, an affine function would have a second difference.
    let private kinkPoints (k: int) (d: int) (planes: Hyperplane list) (j: int) : Rational[] seq =
        let own = planes |> List.filter (fun plane -> support k d plane = [ j ])

        seq {
            for i in 0 .. d - 1 do
                Vector.unit d i

            for plane in own do
                let p = genericPoint plane (others plane own)
                let move = dual plane.Normal
                let t = safeFactor p [ move ] (others plane own)

                for c in [ -t; Rational.Zero; t ] do
                    block d j (Vector.addScaled p c move)
        }

    /// The probes of a layer of k blocks of width d.
    let create (k: int) (d: int) (knowledge: LayerKnowledge) : Probes =
        match knowledge with
        | LayerKnowledge.Polynomial degree -> {
            Boxes = latticePoints (k * d) degree |> Seq.collect (telescope k d)
            // x ↦ c·x is of degree 1, whatever the layer.
            Points = fun _ -> latticePoints d (max 1 degree)
            Decide = true
          }
        | LayerKnowledge.Kinks planes -> { Boxes = planes |> Seq.choose (across k d planes); Points = kinkPoints k d planes; Decide = true }
        | LayerKnowledge.Samples points -> {
            Boxes = points |> Seq.collect (telescope k d)
            Points = fun j -> points |> Seq.map (block d j)
            Decide = false
          }
