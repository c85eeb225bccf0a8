namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Semantics

/// What a smooth network of order k does where no force acts: it continues its history as a polynomial.
[<RequireQualifiedAccess>]
module FreeMotion =
    /// C(l+m−1, m) = l(l+1)…(l+m−1)/m! as a polynomial in l.
    let private rising (m: int) : Rational[] =
        Array.init m (fun i -> [| Rational.create i (i + 1); Rational.create 1 (i + 1) |])
        |> Array.fold Polynomial.multiply [| Rational.One |]

    /// The polynomial of degree ≤ k−1 through the history x(0), x(−1), …, x(−k+1), one for each component, by Newton's backward
    /// form l ↦ Σ_{m&lt;k} C(l+m−1, m) ∇ᵐx(0). The history 3, 1, 0 gives (l+3)(l+2)/2.
    let polynomials (history: Rational[][]) : Rational[][] =
        let differences = Coordinates.toDifference history
        let padded m = Array.append (rising m) (Vector.zero (history.Length - 1 - m))
        let basis = Array.init history.Length padded

        Array.init history[0].Length (fun i ->
            Vector.combination (differences |> Array.map (fun difference -> difference[i])) basis |> Polynomial.normalise)

    /// x(l) for every integer l, l ≤ 0 included.
    let state (history: Rational[][]) (l: int) : Rational[] =
        polynomials history |> Array.map (fun polynomial -> Polynomial.evaluate polynomial (Rational.ofInt l))
