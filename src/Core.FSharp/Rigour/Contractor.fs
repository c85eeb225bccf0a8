namespace LayerTime.Core.Rigour

open System
open LayerTime.Core.Numbers

/// What an affine enclosure says of the zeros of F in a box.
[<RequireQualifiedAccess; NoComparison; NoEquality>]
type internal Contraction =
    /// There is none.
    | Empty
    /// All lie in the part `Rest`. `IsInner`: the enclosure's own solution lies inside the box, so that one zero is to be expected.
    | Within of rest: Box * isInner: bool

/// <summary>Contracts boxes to the zeros of F by solving 0 ∈ c + Q·ξ + [−e, e] for ξ = x − m, row by row and with C near Q⁻¹.</summary>
/// <remarks>Float arithmetic with every rounding error added: a sum of k terms of size μ is wrong by less than k·2⁻⁵²·μ. One instance
/// serves one thread.</remarks>
[<Sealed>]
type internal Contractor(system: ISquareSystem) =
    /// 2u
    static let unit = 2.2204460492503131e-16
    /// Covers what underflow can take away.
    static let tiny = 1e-290

    let n = system.Dimension
    let growth = 1.0 + float (2 * n + 8) * unit
    let lineariser = system.Lineariser()
    let enclosure = AffineEnclosure n
    let matrix = Array.zeroCreate<float>(n * n)
    let inverse = Array.zeroCreate<float>(n * n)
    let lower = Array.zeroCreate<float> n
    let upper = Array.zeroCreate<float> n

    /// e_i + Σ_{k ≠ skipped} |Q_ik| r_k, rounded up.
    let reach (i: int) (skipped: int) : float =
        let mutable sum = enclosure.Error[i]

        for k in 0 .. n - 1 do
            if k <> skipped then
                sum <- sum + Math.Abs enclosure.Slope[i * n + k] * enclosure.Radius[k]

        sum * growth + tiny

    /// Meets coordinate j of the rest with m_j + centre ± reach; false where nothing is left. A NaN changes nothing.
    let meet (j: int) (centre: float) (reach: float) : bool =
        let m = enclosure.Centre[j]
        let low = Math.BitDecrement(m + Math.BitDecrement(centre - reach))
        let high = Math.BitIncrement(m + Math.BitIncrement(centre + reach))

        if low > lower[j] then
            lower[j] <- low

        if high < upper[j] then
            upper[j] <- high

        lower[j] <= upper[j]

    /// ξ_j ∈ (−c_i ± (e_i + Σ_{k≠j} |Q_ik| r_k))/Q_ij for every row and coordinate.
    let solveRows () : bool =
        let mutable nonEmpty = true

        for i in 0 .. n - 1 do
            let c = enclosure.Value[i]
            nonEmpty <- nonEmpty && not (Math.Abs c > reach i -1)

            for j in 0 .. n - 1 do
                let slope = enclosure.Slope[i * n + j]

                if nonEmpty && slope <> 0.0 then
                    nonEmpty <- meet j (-c / slope) ((reach i j + unit * Math.Abs c) * growth / Math.Abs slope)

        nonEmpty

    /// ξ_i ∈ −(C·c)_i ± ((|C|·e)_i + Σ_j |I − C·Q|_ij r_j) for one coordinate; and whether that lies inside the box.
    let solvePreconditioned (box: Box) (i: int) : struct (bool * bool) =
        let mutable centre = 0.0
        let mutable reach = 0.0
        let mutable magnitude = 0.0

        for k in 0 .. n - 1 do
            let product = inverse[i * n + k] * enclosure.Value[k]
            centre <- centre - product
            magnitude <- magnitude + Math.Abs product
            reach <- reach + Math.Abs inverse[i * n + k] * enclosure.Error[k]

        for j in 0 .. n - 1 do
            let identity = if i = j then 1.0 else 0.0
            let mutable residual = identity
            let mutable size = identity

            for k in 0 .. n - 1 do
                let product = inverse[i * n + k] * enclosure.Slope[k * n + j]
                residual <- residual - product
                size <- size + Math.Abs product

            reach <- reach + (Math.Abs residual + float (n + 2) * unit * size) * enclosure.Radius[j]

        let reach = (reach + float (n + 2) * unit * magnitude) * growth + tiny
        let m = enclosure.Centre[i]
        let inner = m + centre - reach > box[i].Lower && m + centre + reach < box[i].Upper
        struct (meet i centre reach, inner)

    /// The affine enclosure of the box looked at last.
    member _.Enclosure = enclosure

    /// One contraction of a box.
    member _.Contract(box: Box) : Contraction =
        lineariser.Linearise(box, enclosure)

        for j in 0 .. n - 1 do
            lower[j] <- box[j].Lower
            upper[j] <- box[j].Upper

        let mutable nonEmpty = solveRows ()
        let mutable inner = nonEmpty

        if nonEmpty then
            Array.blit enclosure.Slope 0 matrix 0 (n * n)
            inner <- IntervalMatrix.invertInto n matrix inverse

            if inner then
                for i in 0 .. n - 1 do
                    if nonEmpty then
                        let struct (some, isInner) = solvePreconditioned box i
                        nonEmpty <- some
                        inner <- inner && isInner

        if nonEmpty then
            Contraction.Within(Array.init n (fun j -> Interval.ofBounds lower[j] upper[j]), inner)
        else
            Contraction.Empty
