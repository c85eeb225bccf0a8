namespace LayerTime.Core.Rigour

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra

/// <summary>An affine enclosure of a map F : ℝⁿ → ℝⁿ on a box with centre m and radii r, as memory to be filled again and again.</summary>
/// <remarks>F(x) ∈ c + Q·(x − m) + [−e, e] for every x with |xⱼ − mⱼ| ≤ rⱼ. Q is any point matrix; the error e carries what Q misses.</remarks>
[<Sealed>]
type AffineEnclosure(dimension: int) =
    /// n
    member _.Dimension = dimension
    /// m
    member val Centre: float[] = Array.zeroCreate dimension
    /// r ≥ 0
    member val Radius: float[] = Array.zeroCreate dimension
    /// c
    member val Value: float[] = Array.zeroCreate dimension
    /// Q row by row.
    member val Slope: float[] = Array.zeroCreate (dimension * dimension)
    /// e ≥ 0; +∞ or NaN where nothing is known.
    member val Error: float[] = Array.zeroCreate dimension

    /// Takes centre and radii of a box.
    member enclosure.Place(box: Box) : unit =
        for j in 0 .. dimension - 1 do
            enclosure.Centre[j] <- Interval.midpoint box[j]
            enclosure.Radius[j] <- Interval.radius box[j]

/// A continuously differentiable map F : ℝⁿ → ℝⁿ whose zeros are sought, seen through enclosures.
type ISquareSystem =
    /// n ≥ 1
    abstract Dimension: int
    /// An enclosure of F over a box of dimension n.
    abstract Value: box: Box -> Interval[]
    /// Enclosures of F and of its Jacobian DF over a box of dimension n.
    abstract ValueAndJacobian: box: Box -> struct (Interval[] * Matrix<Interval>)
    /// A source of affine enclosures with scratch memory of its own, for one thread.
    abstract Lineariser: unit -> ILineariser

/// Fills affine enclosures of one map.
and ILineariser =
    /// Fills the enclosure for a box.
    abstract Linearise: box: Box * enclosure: AffineEnclosure -> unit

/// Square systems from their parts.
[<RequireQualifiedAccess>]
module SquareSystem =
    /// The affine enclosure that the mean value theorem gives: F(x) ∈ F(m) + DF(X)·(x − m), with Q the midpoint of DF(X).
    let meanValue (system: ISquareSystem) : ILineariser =
        let n = system.Dimension

        {
            new ILineariser with
                member _.Linearise(box, enclosure) =
                    enclosure.Place box
                    let value = system.Value(Box.ofPoint enclosure.Centre)
                    let struct (_, jacobian) = system.ValueAndJacobian box

                    for i in 0 .. n - 1 do
                        enclosure.Value[i] <- Interval.midpoint value[i]
                        let mutable error = Interval.radius value[i]

                        for j in 0 .. n - 1 do
                            enclosure.Slope[i * n + j] <- Interval.midpoint jacobian[i, j]
                            // Every sum and product of the error rounds up.
                            error <- Math.BitIncrement(error + Math.BitIncrement(Interval.radius jacobian[i, j] * enclosure.Radius[j]))

                        enclosure.Error[i] <- error
        }

    /// A system from F and (F, DF), linearised by the mean value theorem.
    let ofFunctions
        (dimension: int)
        (value: Box -> Interval[])
        (valueAndJacobian: Box -> struct (Interval[] * Matrix<Interval>))
        : ISquareSystem = {
        new ISquareSystem with
            member _.Dimension = dimension
            member _.Value box = value box
            member _.ValueAndJacobian box = valueAndJacobian box
            member system.Lineariser() = meanValue system
    }
