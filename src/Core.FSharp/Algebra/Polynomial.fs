namespace LayerTime.Core.Algebra

open LayerTime.Core.Numbers

/// Polynomials over the fractions, and where their roots lie, decided exactly.
/// A polynomial is the array of its coefficients, the constant one first; the last is not zero.
[<RequireQualifiedAccess>]
module Polynomial =
    /// Drops zero leading coefficients; the zero polynomial is the empty array.
    let normalise (p: Rational[]) : Rational[] =
        match Array.tryFindIndexBack (fun (a: Rational) -> a.Sign <> 0) p with
        | Some degree -> Array.take (degree + 1) p
        | None -> [||]

    /// p(x) by Horner's rule.
    let evaluate (p: Rational[]) (x: Rational) : Rational = Array.foldBack (fun a value -> a + x * value) p Rational.Zero

    /// p′
    let derivative (p: Rational[]) : Rational[] = p |> Array.mapi (fun i a -> Rational.ofInt i * a) |> Array.skip (min 1 p.Length)

    /// p·q
    let multiply (p: Rational[]) (q: Rational[]) : Rational[] =
        if p.Length = 0 || q.Length = 0 then
            [||]
        else
            let product = Array.create (p.Length + q.Length - 1) Rational.Zero
            p |> Array.iteri (fun i a -> q |> Array.iteri (fun j b -> product[i + j] <- product[i + j] + a * b))
            product

    /// Rφ = (φ*(0)φ − φ(0)φ*)/z with φ*(z) = zⁿφ(1/z), of smaller degree (Miller 1971).
    let private millerReduction (p: Rational[]) : Rational[] =
        let reversed = Array.rev p
        Array.map2 (fun a b -> reversed[0] * a - p[0] * b) p reversed |> Array.skip 1 |> normalise

    /// Whether all roots satisfy |z| &lt; 1 (a Schur polynomial), decided exactly by Miller's reduction.
    let rec isSchur (p: Rational[]) : bool =
        match normalise p with
        | [||] -> false
        | p when p.Length = 1 -> true
        | p -> Rational.abs p[0] < Rational.abs p[p.Length - 1] && isSchur (millerReduction p)

    /// Whether all roots satisfy |z| ≤ 1 and those on the circle are simple (Dahlquist's root condition: the linear
    /// recursion with this characteristic polynomial has bounded solutions only), decided exactly by Miller's theorem.
    let rec satisfiesRootCondition (p: Rational[]) : bool =
        match normalise p with
        | [||] -> false
        | p when p.Length = 1 -> true
        | p ->
            let reduced = millerReduction p

            if reduced.Length = 0 then
                isSchur (derivative p)
            else
                Rational.abs p[0] < Rational.abs p[p.Length - 1] && satisfiesRootCondition reduced
