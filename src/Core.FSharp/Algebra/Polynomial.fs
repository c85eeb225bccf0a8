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

    /// p + q
    let add (p: Rational[]) (q: Rational[]) : Rational[] =
        let at i (r: Rational[]) = if i < r.Length then r[i] else Rational.Zero
        Array.init (max p.Length q.Length) (fun i -> at i p + at i q) |> normalise

    /// c·p
    let scale (c: Rational) (p: Rational[]) : Rational[] = p |> Array.map (fun a -> c * a) |> normalise

    /// pⁿ for n ≥ 0
    let power (p: Rational[]) (exponent: int) : Rational[] = Seq.replicate exponent p |> Seq.fold multiply [| Rational.One |]

    /// Quotient and remainder: p = a·q + r with deg r &lt; deg q, for q ≠ 0.
    let divide (p: Rational[]) (q: Rational[]) : Rational[] * Rational[] =
        if q.Length = 0 then
            invalidArg (nameof q) "found the zero polynomial, expected a divisor"

        let leading = Array.last q
        let rest = Array.copy p
        let quotient = Array.create (max 0 (p.Length - q.Length + 1)) Rational.Zero

        for shift in quotient.Length - 1 .. -1 .. 0 do
            let factor = rest[shift + q.Length - 1] / leading
            quotient[shift] <- factor

            for i in 0 .. q.Length - 1 do
                rest[shift + i] <- rest[shift + i] - factor * q[i]

        normalise quotient, normalise rest

    /// p divided by the absolute value of its leading coefficient: the same signs and roots.
    let private unitLeading (p: Rational[]) : Rational[] =
        match Array.tryLast p with
        | None -> p
        | Some leading -> scale (Rational.One / Rational.abs leading) p

    /// The greatest common divisor with leading coefficient 1; empty if both are zero.
    let rec gcd (p: Rational[]) (q: Rational[]) : Rational[] =
        match normalise q with
        | [||] ->
            let p = normalise p
            if p.Length = 0 then p else scale (Rational.One / Array.last p) p
        // Scaled in every step, so that the digits do not grow without need.
        | q -> gcd q (unitLeading (snd (divide (normalise p) q)))

    /// The polynomial with the same roots, all of them simple: p/gcd(p, p′).
    let squareFree (p: Rational[]) : Rational[] =
        let p = normalise p
        if p.Length = 0 then p else fst (divide p (gcd p (derivative p)))

    /// det(λI − M) of a square matrix by Faddeev and LeVerrier: c_{n−j} = −tr(M·M_j)/j, M_{j+1} = M·M_j + c_{n−j}·I, M₁ = I.
    let characteristic (m: Matrix<Rational>) : Rational[] =
        let n = m.Rows

        let next (current: Matrix<Rational>, coefficients) j =
            let product = Matrix.multiply m current
            let trace = Seq.sum (seq { for i in 0 .. n - 1 -> product[i, i] })
            let coefficient = -trace / Rational.ofInt j
            Matrix.add product (Matrix.scale coefficient (Matrix.identity n)), coefficient :: coefficients

        seq { 1..n } |> Seq.fold next (Matrix.identity n, [ Rational.One ]) |> snd |> List.toArray

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
