namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// What holds of leaky-ReLU networks of fractions, exactly: inverse, determinant, orientation, one slope for all coordinates.
[<RequireQualifiedAccess>]
module LeakyNets =
    let private place l = if l = 0 then "affine map 0" else $"affine map {l}, after activation {l - 1}"

    let private matrixDefects (net: VanillaNet<Rational>) : Defect list = [
        for l, map in Array.indexed net.Affine do
            let w = map.Weights

            if w.Rows <> w.Columns then
                Defect.create (place l) $"a {w.Rows}×{w.Columns} matrix" "a square one"
            elif Elimination.rank w < w.Rows then
                Defect.create (place l) $"the singular matrix {w} of rank {Elimination.rank w}" "det W ≠ 0"
    ]

    let private slopeDefects (net: VanillaNet<Rational>) : Defect list = [
        for l, slopes in Array.indexed net.Slopes do
            for i, α in Array.indexed slopes do
                if α.Sign <= 0 then
                    Defect.create $"activation {l}, coordinate {i}" $"the slope {α}" "a positive slope: otherwise σ is not one-to-one"
    ]

    /// Why the network is no bijection of the kind that the constructions need: singular matrices and slopes that are not positive.
    let defects (net: VanillaNet<Rational>) : Defect list = matrixDefects net @ slopeDefects net

    /// f⁻¹: the affine maps inverted in reverse order, between them the slopes 1/α; as many layers as f.
    let invert (net: VanillaNet<Rational>) : Result<VanillaNet<Rational>, Defect list> =
        let inverse (map: AffineMap<Rational>) =
            Elimination.inverse map.Weights
            |> Option.map (fun w -> { Weights = w; Bias = Matrix.apply w map.Bias |> Array.map (~-) })

        match defects net with
        | [] ->
            let slopes = net.Slopes |> Array.rev |> Array.map (Array.map (fun α -> Rational.One / α))
            VanillaNet.create (net.Affine |> Array.choose inverse |> Array.rev) slopes
        | defects -> Error defects

    /// det Df(x) = Π det W_l · Π α_i over the coordinates with negative pre-activation; x off the kinks.
    let jacobianDeterminant (net: VanillaNet<Rational>) (x: Rational[]) : Rational =
        let matrices = net.Affine |> Array.fold (fun product map -> product * Elimination.determinant map.Weights) Rational.One
        let slope product (α: Rational, z: Rational) = if z.Sign < 0 then product * α else product

        Array.zip net.Slopes (Array.truncate net.Depth (VanillaNet.trace net x))
        |> Array.fold (fun product (slopes, z) -> Array.fold slope product (Array.zip slopes z)) matrices

    /// o(f) = Π sign det W_l: the sign of det Df everywhere, as long as all slopes are positive; 0 for a singular matrix.
    let orientation (net: VanillaNet<Rational>) : int =
        net.Affine |> Array.fold (fun sign map -> sign * (Elimination.determinant map.Weights).Sign) 1

    /// A network with one slope per layer that equals f on the box of the given lower and upper ends. Each layer of f has slopes 1 and at
    /// most one other value; the coordinates with slope 1 are shifted into the positive before the activation and back after it.
    let toUniform (lower: Rational[]) (upper: Rational[]) (net: VanillaNet<Rational>) : Result<VanillaNet<Rational>, Defect list> =
        // The exact image of a box under W·x + b, coordinate by coordinate.
        let image (map: AffineMap<Rational>) (lower: Rational[], upper: Rational[]) =
            let ends (chooseLower: Rational -> bool) =
                Array.init map.Weights.Rows (fun i ->
                    let row = (map.Weights.Row i).ToArray()
                    Array.fold (+) map.Bias[i] (Array.mapi (fun j w -> w * (if chooseLower w then lower[j] else upper[j])) row))

            ends (fun w -> w.Sign > 0), ends (fun w -> w.Sign <= 0)

        let leaky α z = Activation.value (Activation.LeakyRelu α) z

        let layer (box, (shift: Rational[]), maps, slopes) (l, α: Rational[]) =
            // `shift` is what the activation before this map has added too much.
            let map = net.Affine[l]
            let bias = Vector.subtract map.Bias (Matrix.apply map.Weights shift)
            let lower, upper = image map box
            let common = α |> Array.tryFind (fun α -> α <> Rational.One) |> Option.defaultValue Rational.One
            let next = Array.map2 (fun α lower -> if α = common then Rational.Zero else Rational.PositivePart -lower) α lower
            let box = Array.map2 leaky α lower, Array.map2 leaky α upper
            let moved = { Weights = map.Weights; Bias = Vector.add bias next }
            box, next, moved :: maps, Array.create α.Length common :: slopes

        let several = [
            for l, α in Array.indexed net.Slopes do
                let others = α |> Array.filter (fun α -> α <> Rational.One) |> Array.distinct

                if others.Length > 1 then
                    Defect.create $"activation {l}" $"{others.Length} slopes other than 1" "at most one"
        ]

        match slopeDefects net @ several with
        | [] ->
            let start = (lower, upper), Vector.zero net.Inputs, [], []
            let _, shift, maps, slopes = Array.fold layer start (Array.indexed net.Slopes)
            let last = Array.last net.Affine
            let last = { last with Bias = Vector.subtract last.Bias (Matrix.apply last.Weights shift) }
            VanillaNet.create (last :: maps |> List.rev |> List.toArray) (slopes |> List.rev |> List.toArray)
        | defects -> Error defects
