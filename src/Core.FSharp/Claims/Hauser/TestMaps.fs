namespace LayerTime.Core.Claims.Hauser

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// The deterministic maps and histories behind the reference values, in any number system.
[<RequireQualifiedAccess>]
module internal TestMaps =
    /// W_{n,l}[i, j] = (((3i + 5j + 7l + 2n) mod 11) − 5)/4, d × d.
    let weights (d: int) (n: int) (l: int) : Matrix<'T> when 'T :> IRing<'T> =
        Matrix.init d d (fun i j -> Ring.ratio ((3 * i + 5 * j + 7 * l + 2 * n) % 11 - 5) 4)

    /// b_{n,l}[i] = (((2i + 3l + n) mod 7) − 3)/2
    let bias (d: int) (n: int) (l: int) : 'T[] when 'T :> IRing<'T> = Array.init d (fun i -> Ring.ratio ((2 * i + 3 * l + n) % 7 - 3) 2)

    /// x ↦ σ(W_{n,l} x + b_{n,l}); n = 0 in networks of one map per layer.
    let map (activation: Activation<'T>) (d: int) (n: int) (l: int) : LayerMap<'T> when 'T :> IRing<'T> =
        LayerMap.dense (weights d n l) (bias d n l) activation |> Defect.orFail

    /// A leaky ReLU of slope 1/4.
    let leaky<'T when 'T :> IRing<'T>> : Activation<'T> = Activation.LeakyRelu(Ring.ratio 1 4)

    /// The standard history of order 3: x(0) = (1, −1/2), x(−1) = (1/3, 0), x(−2) = (0, 1/4).
    let history3<'T when 'T :> IRing<'T>> : 'T[][] = [|
        [| Ring.ratio 1 1; Ring.ratio -1 2 |]
        [| Ring.ratio 1 3; 'T.Zero |]
        [| 'T.Zero; Ring.ratio 1 4 |]
    |]

    /// Vectors of fractions written as text, one row a string: `rows [ "1 -1/2"; "1/3 0" ]`.
    let rows (lines: string list) : Rational[][] =
        lines
        |> List.map (fun line ->
            line.Split ' '
            |> Array.map (fun word ->
                match Rational.parse word with
                | Ok value -> value
                | Error problem -> invalidArg (nameof lines) problem))
        |> List.toArray
