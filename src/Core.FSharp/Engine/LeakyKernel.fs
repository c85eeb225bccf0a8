namespace LayerTime.Core.Engine

open System
open System.Numerics
open System.Runtime.InteropServices
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Constructions

/// One layer of a leaky network, prepared.
[<NoComparison; NoEquality>]
type private KernelLayer =
    /// Coordinate r alone changes: y_r = σ(b + w·x_r), the common case within the table of a map.
    | Single of row: int * weight: float * bias: float * slope: float
    /// y = σ(W·x + b), W row by row.
    | Full of weights: float[] * bias: float[] * slopes: float[]

/// <summary>A leaky-ReLU network of one width on many points: blocks of points go through all layers while they are in the cache, some points
/// to a vector.</summary>
/// <remarks>
/// Every point gets the sums of VanillaNet.apply in their order, b + w₀x₀ + w₁x₁ + …, so that the results are equal; products with a weight
/// of 0 and coordinates that a layer leaves alone are skipped, which changes nothing but the sign of a zero.
/// </remarks>
[<Sealed>]
type LeakyKernel(net: VanillaNet<Binary64>) =
    // Points in a block: so many that the arithmetic units are busy, so few that all coordinates stay in the first cache.
    static let block = 64
    let d = net.Inputs

    let layer (map: AffineMap<Binary64>) (slopes: Binary64[]) =
        let rows = Binary64.toFloats (map.Weights.Entries.ToArray())
        let bias, slopes = Binary64.toFloats map.Bias, Binary64.toFloats slopes

        // Whether a row is that of the identity and its activation too.
        let isAlone r =
            bias[r] = 0.0
            && slopes[r] = 1.0
            && Seq.forall (fun j -> rows[r * d + j] = (if j = r then 1.0 else 0.0)) (seq { 0 .. d - 1 })

        let isDiagonal r = Seq.forall (fun j -> j = r || rows[r * d + j] = 0.0) (seq { 0 .. d - 1 })

        match
            [
                for r in 0 .. d - 1 do
                    if not (isAlone r) then
                        r
            ]
        with
        | [ r ] when isDiagonal r -> Single(r, rows[r * d + r], bias[r], slopes[r])
        | _ -> Full(rows, bias, slopes)

    let layers =
        if Array.exists (fun (map: AffineMap<Binary64>) -> map.Weights.Rows <> d || map.Weights.Columns <> d) net.Affine then
            invalidArg (nameof net) "found a network whose width changes, expected one width"

        let none = Array.create d (Binary64 1.0)
        Array.map2 layer net.Affine (Array.append net.Slopes [| none |])

    /// σ(z), each lane for itself.
    static let leaky (z: Vector<float>) (α: Vector<float>) : Vector<float> =
        Vector.Max(z, Vector<float>.Zero) + α * Vector.Min(z, Vector<float>.Zero)

    /// All layers on a block: coordinate i of its points in state[i·block ..].
    let run (state: float[]) (next: float[]) =
        let lanes = Vector<float>.Count
        let x = MemoryMarshal.Cast<float, Vector<float>>(Span state)
        let y = MemoryMarshal.Cast<float, Vector<float>>(Span next)
        let perRow = block / lanes

        for layer in layers do
            match layer with
            | Single(row, weight, bias, slope) ->
                let w, b, α = Vector<float>(weight), Vector<float>(bias), Vector<float>(slope)
                let own = x.Slice(row * perRow, perRow)

                for v in 0 .. own.Length - 1 do
                    own[v] <- leaky (b + w * own[v]) α
            | Full(weights, bias, slopes) ->
                for r in 0 .. d - 1 do
                    let own = y.Slice(r * perRow, perRow)
                    own.Fill(Vector<float>(bias[r]))

                    for j in 0 .. d - 1 do
                        let weight = weights[r * d + j]

                        if weight <> 0.0 then
                            let w = Vector<float>(weight)
                            let other = x.Slice(j * perRow, perRow)

                            for v in 0 .. own.Length - 1 do
                                own[v] <- own[v] + w * other[v]

                    let α = Vector<float>(slopes[r])

                    if slopes[r] <> 1.0 then
                        for v in 0 .. own.Length - 1 do
                            own[v] <- leaky own[v] α

                y.CopyTo x

    /// f at every point; `points` holds them one after the other, d numbers each, and `images` receives theirs in the same way.
    member _.Run(points: ReadOnlySpan<float>, images: Span<float>) : unit =
        if points.Length % d <> 0 || images.Length <> points.Length then
            invalidArg
                (nameof points)
                $"found {points.Length} numbers and room for {images.Length}, expected {d} for each point on both sides"

        let state, next = Array.zeroCreate (d * block), Array.zeroCreate (d * block)
        let count = points.Length / d
        let mutable first = 0

        while first < count do
            let here = Math.Min(block, count - first)

            for k in 0 .. block - 1 do
                for i in 0 .. d - 1 do
                    // A last block that is not full repeats its last point.
                    state[i * block + k] <- points[(first + Math.Min(k, here - 1)) * d + i]

            run state next

            for k in 0 .. here - 1 do
                for i in 0 .. d - 1 do
                    images[(first + k) * d + i] <- state[i * block + k]

            first <- first + block
