namespace LayerTime.Core.Claims.Shared

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Claims

/// Draws and simplifications that the exact families share.
[<RequireQualifiedAccess>]
module internal Draws =
    /// p/q with |p| ≤ most and 1 ≤ q ≤ 4.
    let fractionUpTo (most: int) (stream: RandomStream) : Rational = Rational.create (stream.NextInt(-most, most)) (stream.NextInt(1, 4))

    /// p/q with |p| ≤ 3 and 1 ≤ q ≤ 4.
    let fraction (stream: RandomStream) : Rational = fractionUpTo 3 stream

    /// A vector of such fractions.
    let vector (stream: RandomStream) (n: int) : Rational[] = Array.init n (fun _ -> fraction stream)

    /// n rows of such fractions.
    let square (stream: RandomStream) (n: int) : Rational[][] = Array.init n (fun _ -> vector stream n)

    /// One of the items.
    let choice (stream: RandomStream) (items: 'T[]) : 'T = items[stream.NextInt(0, items.Length - 1)]

    /// Draws until something is accepted; an acceptance that hardly ever happens is a fault of the generator.
    let until (accept: 'I -> bool) (draw: RandomStream -> 'I) (stream: RandomStream) : 'I =
        match Seq.init 1000 (fun _ -> draw stream) |> Seq.tryFind accept with
        | Some instance -> instance
        | None -> invalidOp "a generator was refused 1000 times in a row"

    /// Simpler fractions: 0, then ±1, then the whole part.
    let shrinkFraction (a: Rational) : Rational seq =
        let whole = Rational.ofBigInteger (System.Numerics.BigInteger.Divide(a.Numerator, a.Denominator))

        seq {
            if a.Sign <> 0 then
                Rational.Zero

                if Rational.abs a <> Rational.One then
                    if a.Sign > 0 then Rational.One else -Rational.One

                if whole <> a && Rational.abs whole > Rational.One then
                    whole
        }

    /// Vectors with one entry simpler.
    let shrinkVector (x: Rational[]) : Rational[] seq = Shrink.elements shrinkFraction x

    /// Rows with one entry simpler.
    let shrinkRows (rows: Rational[][]) : Rational[][] seq = Shrink.elements shrinkVector rows

    /// The matrix Aᵀ of rows.
    let symmetrise (a: Rational[][]) : Rational[][] =
        let half = Rational.create 1 2
        a |> Array.mapi (fun i row -> row |> Array.mapi (fun j _ -> half * (a[i][j] + a[j][i])))

    /// The leading n rows and columns.
    let corner (n: int) (rows: Rational[][]) : Rational[][] = rows |> Array.truncate n |> Array.map (Array.truncate n)

    /// Rows as "(1, 2) (3, 4)".
    let showRows (rows: Rational[][]) : string = rows |> Array.map Known.show |> String.concat " "

    /// Applies rows to a vector.
    let apply (rows: Rational[][]) (x: Rational[]) : Rational[] = rows |> Array.map (fun row -> Vector.dot row x)
