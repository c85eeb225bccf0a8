namespace LayerTime.Core.Algebra

open System.Numerics
open LayerTime.Core.Numbers

/// <summary>The Sturm chain of a polynomial p ≠ 0: p₀ = p, p₁ = p′, p_{i+1} = −(p_{i−1} mod p_i), up to positive factors.</summary>
/// <remarks>With V(x) the number of sign changes along the chain at x, zeros left out, the number of distinct real roots in (a, b] is
/// V(a) − V(b) (Sturm 1829). The chain is that of the squarefree part, so that multiple roots and roots at the ends do no harm.</remarks>
type SturmChain = private {
    Polynomials: Rational[][]
} with

    /// The squarefree part of p, the first member of the chain.
    member chain.SquareFree: Rational[] = chain.Polynomials[0]

/// Where the real roots of a polynomial over the fractions lie, decided exactly.
[<RequireQualifiedAccess>]
module SturmChain =
    /// The positive multiple with coprime integer coefficients: the digits of the chain stay as short as they can.
    let private primitive (p: Rational[]) : Rational[] =
        let multiple (a: BigInteger) (b: BigInteger) = a / BigInteger.GreatestCommonDivisor(a, b) * b
        let denominator = p |> Array.fold (fun common a -> multiple common a.Denominator) BigInteger.One
        let integers = p |> Array.map (fun a -> a.Numerator * (denominator / a.Denominator))
        let divisor = integers |> Array.fold (fun a b -> BigInteger.GreatestCommonDivisor(a, b)) BigInteger.Zero
        integers |> Array.map (fun a -> Rational.ofBigInteger (a / divisor))

    /// The chain of a polynomial, the constant coefficient first; the zero polynomial, of which every number is a root, is refused.
    let create (p: Rational[]) : SturmChain =
        match Polynomial.squareFree p with
        | [||] -> invalidArg (nameof p) "found the zero polynomial, expected a polynomial with finitely many roots"
        | squareFree ->
            let rec extend chain (older: Rational[]) (newer: Rational[]) =
                match newer with
                | [||] -> List.rev chain
                | newer ->
                    let remainder = snd (Polynomial.divide older newer) |> Array.map (~-)
                    let next = if remainder.Length = 0 then remainder else primitive remainder
                    extend (newer :: chain) newer next

            let first = primitive squareFree
            { Polynomials = extend [ first ] first (Polynomial.derivative first) |> List.toArray }

    /// The number of sign changes in a list of signs, zeros left out.
    let private changes (signs: int[]) : int =
        signs |> Array.filter ((<>) 0) |> Array.pairwise |> Array.filter (fun (a, b) -> a <> b) |> Array.length

    /// V(x)
    let private variations (chain: SturmChain) (x: Rational) : int =
        chain.Polynomials |> Array.map (fun p -> (Polynomial.evaluate p x).Sign) |> changes

    /// V(∞), or V(−∞) where the side is −1.
    let private variationsAtInfinity (chain: SturmChain) (side: int) : int =
        chain.Polynomials
        |> Array.map (fun p -> (Array.last p).Sign * (if side < 0 && p.Length % 2 = 0 then -1 else 1))
        |> changes

    /// The number of distinct roots in (lower, upper], where None is −∞ or ∞.
    let count (lower: Rational option) (upper: Rational option) (chain: SturmChain) : int =
        let at side (x: Rational option) =
            x |> Option.map (variations chain) |> Option.defaultWith (fun () -> variationsAtInfinity chain side)

        match lower, upper with
        | Some a, Some b when a >= b -> 0
        | _ -> at -1 lower - at 1 upper

    /// The number of distinct real roots.
    let realRoots (chain: SturmChain) : int = count None None chain

    /// The number of distinct roots greater than 0.
    let positiveRoots (chain: SturmChain) : int = count (Some Rational.Zero) None chain

    /// A number that no root reaches in absolute value: 1 + max|a_i/a_n| (Cauchy).
    let private bound (chain: SturmChain) : Rational =
        let p = chain.SquareFree
        Rational.One + (p |> Array.fold (fun largest a -> Rational.max largest (Rational.abs (a / Array.last p))) Rational.Zero)

    /// Each root in (lower, ∞) in an interval (a, b] of at most this width with no other root in it, in increasing order.
    let isolate (width: Rational) (lower: Rational option) (chain: SturmChain) : (Rational * Rational) list =
        if width.Sign <= 0 then
            invalidArg (nameof width) $"found the width {width}, expected a positive one"

        let bound = bound chain

        let rec search (a: Rational) (b: Rational) =
            match count (Some a) (Some b) chain with
            | 0 -> []
            | 1 when b - a <= width -> [ a, b ]
            | _ ->
                let middle = (a + b) / Rational.ofInt 2
                search a middle @ search middle b

        let start = lower |> Option.defaultValue -bound
        if start < bound then search start bound else []
