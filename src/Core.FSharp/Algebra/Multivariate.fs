namespace LayerTime.Core.Algebra

open LayerTime.Core.Numbers

/// One term c·x₀^e₀·x₁^e₁·… of a polynomial in several variables.
[<NoComparison>]
type Term<'T> = {
    /// c
    Coefficient: 'T
    /// One exponent per variable, none negative.
    Exponents: int[]
}

/// Polynomials in several variables over any number system: sums of terms, in any order.
[<RequireQualifiedAccess>]
module Multivariate =
    /// c·x₀^e₀·x₁^e₁·…
    let term (coefficient: 'T) (exponents: int list) : Term<'T> = { Coefficient = coefficient; Exponents = List.toArray exponents }

    /// The same polynomial in another number system.
    let map (f: 'T -> 'U) (p: Term<'T>[]) : Term<'U>[] =
        p |> Array.map (fun term -> { Coefficient = f term.Coefficient; Exponents = term.Exponents })

    /// The value in any ring into which the coefficients go and whose products are `multiply`.
    let private fold (ofCoefficient: 'T -> 'V) (add: 'V -> 'V -> 'V) (multiply: 'V -> 'V -> 'V) (zero: 'V) (p: Term<'T>[]) (x: 'V[]) : 'V =
        let value (term: Term<'T>) =
            let factors = Seq.zip term.Exponents x |> Seq.collect (fun (exponent, x) -> Seq.replicate exponent x)
            Seq.fold multiply (ofCoefficient term.Coefficient) factors

        p |> Array.fold (fun sum term -> add sum (value term)) zero

    /// p(x)
    let evaluate (p: Term<'T>[]) (x: 'T[]) : 'T :> IRing<'T> = fold id (fun a b -> 'T.Sum(a, b)) (fun a b -> 'T.Product(a, b)) 'T.Zero p x

    /// p(x₀(t), x₁(t), …) for polynomials x_i in one variable.
    let substitute (p: Term<'T>[]) (x: 'T[][]) : 'T[] when 'T :> IRing<'T> =
        fold Array.singleton RingPolynomial.add RingPolynomial.multiply [||] p x

    /// ∂p/∂x_i
    let derivative (i: int) (p: Term<'T>[]) : Term<'T>[] when 'T :> IRing<'T> =
        p
        |> Array.filter (fun term -> term.Exponents[i] > 0)
        |> Array.map (fun term -> {
            Coefficient = 'T.Product(Ring.ratio (term.Exponents[i]) 1, term.Coefficient)
            Exponents = Array.updateAt i (term.Exponents[i] - 1) term.Exponents
        })

    /// "3/2·x1·t^2 − …" with these names of the variables.
    let show (names: string[]) (p: Term<Rational>[]) : string =
        let power name exponent =
            match exponent with
            | 0 -> ""
            | 1 -> "·" + name
            | e -> $"·{name}^{e}"

        let shown (term: Term<Rational>) = string term.Coefficient + String.concat "" (Seq.map2 power names term.Exponents)

        if p.Length = 0 then "0" else p |> Array.map shown |> String.concat " + "
