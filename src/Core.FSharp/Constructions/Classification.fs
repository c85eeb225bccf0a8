namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// A layer x⁺ = F(z_1, …, z_k) of k past states, newest first, of which only the values can be seen.
[<NoComparison; NoEquality>]
type BlackBox = {
    /// k
    Blocks: int
    /// d
    Width: int
    /// F, from k blocks of d numbers to d numbers.
    Value: Rational[][] -> Rational[]
}

/// F(a+u, b+v) − F(a+u, b) − F(a, b+v) + F(a, b) ≠ 0: F is no sum of functions of single blocks.
[<NoComparison>]
type MixedDifference = {
    /// All blocks at the corner, z with z_a = a and z_b = b.
    Corner: Rational[][]
    /// The two blocks, counted from 1, the newest state.
    BlockPair: int * int
    /// u and v
    Moves: Rational[] * Rational[]
    /// The mixed difference.
    Value: Rational[]
}

/// f_j(x) − f_j(0) ≠ (−1)^(j+1) C(k,j)·x for some j ≥ 2: no smooth layer of order k reads its past like this.
[<NoComparison>]
type SlopeDefect = {
    /// j, counted from 1, the newest state.
    Block: int
    /// x
    Argument: Rational[]
    /// (−1)^(j+1) C(k,j)·x
    Expected: Rational[]
    /// f_j(x) − f_j(0)
    Found: Rational[]
}

/// Whether an additive layer is a smooth layer of order k, its number of blocks.
[<RequireQualifiedAccess; NoComparison; NoEquality>]
type SmoothAnswer =
    /// ∇ᵏx⁺ = φ(x) with this φ = hᵏ f.
    | Smooth of force: (Rational[] -> Rational[])
    /// It is not.
    | NotSmooth of SlopeDefect

/// A layer taken apart: F(z_1, …, z_k) = Σ_j f_j(z_j).
[<NoComparison; NoEquality>]
type AdditiveParts = {
    /// f_1 … f_k with f_j(z) = F(0, …, z, …, 0) − (1 − 1/k)F(0): the constant is split evenly.
    Maps: (Rational[] -> Rational[])[]
    /// Whether it is smooth of order k.
    Smooth: SmoothAnswer
    /// The largest j with f_j not constant, 0 if there is none: how many past states matter.
    EffectiveOrder: int
}

/// What a layer is.
[<RequireQualifiedAccess; NoComparison; NoEquality>]
type LayerClass =
    /// It is no sum over its blocks, and this proves it.
    | Mixed of MixedDifference
    /// It is a sum; everything said about the parts is proven.
    | Additive of AdditiveParts
    /// The samples did not refute that it is a sum. Of the parts, NotSmooth is proven, Smooth is only not refuted, and the
    /// effective order may be larger.
    | PossiblyAdditive of AdditiveParts

/// Finds out what a layer is from its values.
[<RequireQualifiedAccess>]
module Classification =
    let private atBlock (box: BlackBox) (j: int) (x: Rational[]) =
        Array.init box.Blocks (fun i -> if i = j then x else Vector.zero box.Width)

    /// F(a+u, b+v) − F(a+u, b) − F(a, b+v) + F(a, b) for two blocks, counted from 1, at a corner.
    let mixedDifference (box: BlackBox) (corner: Rational[][]) (a: int, b: int) (u: Rational[], v: Rational[]) : Rational[] =
        let moved j move z = Array.updateAt (j - 1) (Vector.add (Array.item (j - 1) z) move) z
        let alongU, alongV = moved a u corner, moved b v corner

        Vector.add
            (Vector.subtract (box.Value(moved b v alongU)) (box.Value alongU))
            (Vector.subtract (box.Value corner) (box.Value alongV))

    let private evaluate (box: BlackBox) (probe: Box) : MixedDifference option =
        let corner = Array.chunkBySize box.Width probe.Base
        let pair = fst probe.Blocks + 1, snd probe.Blocks + 1
        let value = mixedDifference box corner pair probe.Steps

        if value |> Array.exists (fun a -> a.Sign <> 0) then
            Some { Corner = corner; BlockPair = pair; Moves = probe.Steps; Value = value }
        else
            None

    let private takeApart (box: BlackBox) (points: int -> Rational[] seq) : AdditiveParts =
        let k = box.Blocks
        let origin = box.Value(atBlock box 0 (Vector.zero box.Width))
        let share = Rational.create (k - 1) k
        let map j x = Vector.addScaled (box.Value(atBlock box j x)) -share origin
        // f_j(x) − f_j(0)
        let rise j x = Vector.subtract (box.Value(atBlock box j x)) origin
        let weights = Binomial.pastWeights k |> Array.map Rational.ofBigInteger

        let defect j =
            points j
            |> Seq.tryPick (fun x ->
                let expected, found = Vector.scale weights[j] x, rise j x
                if expected = found then None else Some { Block = j + 1; Argument = x; Expected = expected; Found = found })

        let isConstant j = points j |> Seq.forall (fun x -> rise j x |> Array.forall (fun a -> a.Sign = 0))

        {
            Maps = Array.init k map
            Smooth =
                match Seq.tryPick defect (seq { 1 .. k - 1 }) with
                | Some witness -> SmoothAnswer.NotSmooth witness
                | None -> SmoothAnswer.Smooth(fun x -> Vector.addScaled (box.Value(atBlock box 0 x)) -weights[0] x)
            EffectiveOrder =
                Seq.tryFindBack (isConstant >> not) (seq { 0 .. k - 1 }) |> Option.map (fun j -> j + 1) |> Option.defaultValue 0
        }

    /// Whether a layer is a sum over its blocks, smooth of order k, and how many of its blocks matter: decided for polynomials and
    /// for kinks on known hyperplanes, otherwise as far as the samples refute. Arguments of the knowledge are all blocks in a row.
    let classify (knowledge: LayerKnowledge) (box: BlackBox) : LayerClass =
        let probes = Probes.create box.Blocks box.Width knowledge

        match Seq.tryPick (evaluate box) probes.Boxes with
        | Some witness -> LayerClass.Mixed witness
        | None when probes.Decide -> LayerClass.Additive(takeApart box probes.Points)
        | None -> LayerClass.PossiblyAdditive(takeApart box probes.Points)

    /// The black box of a right-hand side read with k blocks of width d.
    let ofMap (blocks: int) (map: LayerMap<Rational>) : BlackBox = {
        Blocks = blocks
        Width = map.InputWidth / blocks
        Value = fun z -> LayerMap.apply map (Array.concat z)
    }
