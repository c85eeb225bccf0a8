namespace LayerTime.Core.Tests.Semantics

open System
open System.Numerics
open LayerTime.Core.Numbers
open LayerTime.Core.Semantics

/// A rooted tree by the trees that hang on its root (Butcher 1963; Hairer, Nørsett and Wanner, II.2).
type RootedTree = RootedTree of RootedTree list

[<RequireQualifiedAccess>]
module RootedTree =
    /// The number of vertices.
    let rec order (RootedTree children) : int = 1 + List.sumBy order children

    /// γ(t): the order of t times the γ of the trees on its root.
    let rec density (RootedTree children as tree) : bigint =
        List.fold (fun product child -> product * density child) (bigint (order tree)) children

    /// All rooted trees of an order, each once: its children are written in the order of a list of all smaller trees.
    let all: int -> RootedTree list =
        let cache = Collections.Generic.Dictionary<int, RootedTree list>()

        let rec ofOrder n =
            match cache.TryGetValue n with
            | true, trees -> trees
            | _ ->
                let smaller = [| for k in 1 .. n - 1 -> ofOrder k |> List.map (fun tree -> k, tree) |] |> Seq.concat |> Seq.toArray

                let rec forests first vertices =
                    if vertices = 0 then
                        [ [] ]
                    else
                        [
                            for i in first .. smaller.Length - 1 do
                                let size, tree = smaller[i]

                                if size <= vertices then
                                    for rest in forests i (vertices - size) do
                                        tree :: rest
                        ]

                let trees = forests 0 (n - 1) |> List.map RootedTree
                cache[n] <- trees
                trees

        ofOrder

    /// All rooted trees up to an order.
    let upTo (order: int) : RootedTree list = List.collect all [ 1..order ]

/// A real known up to a radius: what a rounded coefficient stands for.
[<Struct; NoComparison; NoEquality>]
type Ball = {
    Middle: Rational
    Radius: Rational
} with

    static member OfRational(q: Rational) : Ball = { Middle = q; Radius = Rational.Zero }

    interface IRing<Ball> with
        static member Zero = Ball.OfRational Rational.Zero
        static member One = Ball.OfRational Rational.One
        static member OfRatio(p, q) = Ball.OfRational(Rational.OfRatio(p, q))
        static member Sum(a, b) = { Middle = a.Middle + b.Middle; Radius = a.Radius + b.Radius }
        static member Difference(a, b) = { Middle = a.Middle - b.Middle; Radius = a.Radius + b.Radius }

        static member Product(a, b) = {
            Middle = a.Middle * b.Middle
            Radius = Rational.abs a.Middle * b.Radius + a.Radius * (Rational.abs b.Middle + b.Radius)
        }

        static member Negation a = { a with Middle = -a.Middle }
        static member PositivePart _ = failwith "no order conditions without smoothness"
        static member NegativePart _ = failwith "no order conditions without smoothness"
        static member Heaviside _ = failwith "no order conditions without smoothness"
        static member AddProducts(start, left, right) = Ring.addProducts start left right

/// a + b√3 with fractions a and b.
[<Struct; NoComparison>]
type RootThree = {
    Whole: Rational
    Root: Rational
} with

    static member Create(a: Rational, b: Rational) : RootThree = { Whole = a; Root = b }

    interface IField<RootThree> with
        static member Zero = RootThree.Create(Rational.Zero, Rational.Zero)
        static member One = RootThree.Create(Rational.One, Rational.Zero)
        static member OfRatio(p, q) = RootThree.Create(Rational.OfRatio(p, q), Rational.Zero)
        static member Sum(a, b) = RootThree.Create(a.Whole + b.Whole, a.Root + b.Root)
        static member Difference(a, b) = RootThree.Create(a.Whole - b.Whole, a.Root - b.Root)

        static member Product(a, b) =
            RootThree.Create(a.Whole * b.Whole + Rational.ofInt 3 * a.Root * b.Root, a.Whole * b.Root + a.Root * b.Whole)

        static member Negation a = RootThree.Create(-a.Whole, -a.Root)

        static member Quotient(a, b) =
            let norm = b.Whole * b.Whole - Rational.ofInt 3 * b.Root * b.Root
            let product = Arithmetic.(*) a (RootThree.Create(b.Whole, -b.Root))
            RootThree.Create(product.Whole / norm, product.Root / norm)

        static member PositivePart _ = failwith "no order conditions without smoothness"
        static member NegativePart _ = failwith "no order conditions without smoothness"
        static member Heaviside _ = failwith "no order conditions without smoothness"
        static member AddProducts(start, left, right) = Ring.addProducts start left right

/// What a tableau must satisfy, as differences that vanish; each with a name.
[<RequireQualifiedAccess>]
module OrderConditions =
    let private total (values: 'C seq) : 'C :> IRing<'C> = Seq.fold (fun sum c -> 'C.Sum(sum, c)) 'C.Zero values

    /// Σ_j a_ij v_j for every stage i.
    let private applyRows (rows: 'C[][]) (v: 'C[]) : 'C[] when 'C :> IRing<'C> =
        rows |> Array.map (fun row -> total (Array.mapi (fun j a -> 'C.Product(a, v[j])) row))

    /// The derivative weights of every tree at every stage.
    let private weights (rows: 'C[][]) : RootedTree -> 'C[] when 'C :> IRing<'C> =
        let cache = Collections.Generic.Dictionary<RootedTree, 'C[]>()

        let rec ofTree (RootedTree children as tree) =
            match cache.TryGetValue tree with
            | true, known -> known
            | _ ->
                let product =
                    children
                    |> List.map (ofTree >> applyRows rows)
                    |> List.fold (Array.map2 (fun a b -> 'C.Product(a, b))) (Array.create rows.Length 'C.One)

                cache[tree] <- product
                product

        ofTree

    /// Σ b_i Φ_i(t) − 1/γ(t) for all trees up to an order, lazily.
    let step (order: int) (rows: 'C[][]) (b: 'C[]) : (string * 'C) seq when 'C :> IRing<'C> =
        let ofTree = weights rows

        RootedTree.upTo order
        |> Seq.map (fun tree ->
            let sum = total (Array.map2 (fun a w -> 'C.Product(a, w)) b (ofTree tree))
            $"{tree}", 'C.Difference(sum, 'C.OfRatio(BigInteger.One, RootedTree.density tree)))

    /// Σ b_i(θ) Φ_i(t) − θ^|t|/γ(t), power by power, for all trees up to an order, lazily.
    let continuous (order: int) (rows: 'C[][]) (polynomials: 'C[][]) : (string * 'C) seq when 'C :> IRing<'C> =
        let ofTree = weights rows
        let degree = polynomials[0].Length

        seq {
            for tree in RootedTree.upTo order do
                for power in 1..degree do
                    let b = polynomials |> Array.map (fun p -> p[power - 1])
                    let sum = total (Array.map2 (fun a w -> 'C.Product(a, w)) b (ofTree tree))

                    let expected = if power = RootedTree.order tree then 'C.OfRatio(BigInteger.One, RootedTree.density tree) else 'C.Zero

                    $"θ^{power} of {tree}", 'C.Difference(sum, expected)

                // A tree of more vertices than the degree would need a power that is not there.
                if RootedTree.order tree > degree then
                    $"degree of {tree}", 'C.One
        }

    /// c_i − Σ_j a_ij
    let nodes (nodes: 'C[]) (rows: 'C[][]) : (string * 'C) seq when 'C :> IRing<'C> =
        Seq.zip nodes rows |> Seq.mapi (fun i (c, row) -> $"row {i + 1}", 'C.Difference(c, total row))

    /// Everything a tableau claims: its nodes, the order of the step, of every estimate and of the continuous extension.
    let all (tableau: Tableau<'C>) : (string * 'C) seq when 'C :> IRing<'C> =
        seq {
            yield! nodes tableau.Nodes tableau.Stages
            yield! step tableau.Order tableau.Stages tableau.Weights

            for embedded in tableau.Embedded do
                yield! step embedded.Order tableau.Stages embedded.Weights

            match tableau.Continuous with
            | Some c ->
                let rows = Array.append tableau.Stages c.Stages
                yield! nodes (Array.append tableau.Nodes c.Nodes) rows
                yield! continuous c.Order rows c.Polynomials
            | None -> ()
        }
