namespace LayerTime.Core.Algebra

open System
open LayerTime.Core.Numbers

/// Small dense vectors over any number system: plain arrays, never changed once built.
[<RequireQualifiedAccess>]
module Vector =
    /// The zero vector of a dimension.
    let zero (dimension: int) : 'T[] when 'T :> IRing<'T> = Array.create dimension 'T.Zero

    /// The unit vector e_i, zero-based.
    let unit (dimension: int) (i: int) : 'T[] when 'T :> IRing<'T> = Array.init dimension (fun j -> if i = j then 'T.One else 'T.Zero)

    /// x + y
    let add (x: 'T[]) (y: 'T[]) : 'T[] when 'T :> IRing<'T> = Array.map2 (fun a b -> 'T.Sum(a, b)) x y

    /// x − y
    let subtract (x: 'T[]) (y: 'T[]) : 'T[] when 'T :> IRing<'T> = Array.map2 (fun a b -> 'T.Difference(a, b)) x y

    /// c·x
    let scale (c: 'T) (x: 'T[]) : 'T[] when 'T :> IRing<'T> = Array.map (fun a -> 'T.Product(c, a)) x

    /// x + c·y
    let addScaled (x: 'T[]) (c: 'T) (y: 'T[]) : 'T[] when 'T :> IRing<'T> = Array.map2 (fun a b -> 'T.Sum(a, 'T.Product(c, b))) x y

    /// The sum of equally long vectors, at least one, from left to right.
    let sum (vectors: 'T[][]) : 'T[] when 'T :> IRing<'T> = Array.reduce add vectors

    /// Σ c_i·x_i of equally long vectors, at least one, from left to right.
    let combination (coefficients: 'T[]) (vectors: 'T[][]) : 'T[] when 'T :> IRing<'T> = Array.map2 scale coefficients vectors |> sum

    /// xᵀy
    let dot (x: 'T[]) (y: 'T[]) : 'T :> IRing<'T> = 'T.AddProducts('T.Zero, ReadOnlySpan x, ReadOnlySpan y)

    /// The ∞-norm of a vector of fractions, exact.
    let normInf (x: Rational[]) : Rational = Array.fold (fun largest a -> Rational.max largest (Rational.abs a)) Rational.Zero x

    /// |x − y|∞ of two vectors of fractions, exact.
    let distanceInf (x: Rational[]) (y: Rational[]) : Rational = normInf (subtract x y)
