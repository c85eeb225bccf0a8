namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra

/// The largest absolute value of the roots of a characteristic polynomial: whether a linear recursion grows, and how fast.
[<RequireQualifiedAccess>]
module SpectralRadius =
    /// p(c·z)
    let private stretched (c: Rational) (p: Rational[]) : Rational[] = p |> Array.mapi (fun i a -> a * Rational.power c i)

    /// Fractions low ≤ max|λ| &lt; high for a polynomial of degree at least 1, the constant coefficient first. The numerical roots
    /// only propose the ends; that they enclose is decided exactly by Miller's test, and the proposal is widened until it does.
    let enclose (p: Rational[]) : Rational * Rational =
        let p = Polynomial.normalise p

        if p.Length < 2 then
            invalidArg (nameof p) $"found a polynomial of degree {p.Length - 1}, expected at least 1: a constant has no roots"

        let approximate =
            MathNet.Numerics.FindRoots.Polynomial(Array.map Rational.toFloat p)
            |> Array.fold (fun largest root -> max largest root.Magnitude) 0.0
            |> Rational.tryOfFloat
            |> Option.defaultValue Rational.One

        let rec widen (margin: Rational) =
            let low = Rational.PositivePart(approximate - margin)
            let high = approximate + margin
            let isBelow = low.Sign = 0 || not (Polynomial.isSchur (stretched low p))

            if isBelow && Polynomial.isSchur (stretched high p) then low, high else widen (Rational.ofInt 16 * margin)

        widen ((Rational.One + approximate) * Rational.power (Rational.ofInt 2) -48)
