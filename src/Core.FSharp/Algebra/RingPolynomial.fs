namespace LayerTime.Core.Algebra

open LayerTime.Core.Numbers

/// Polynomials in one variable over any number system: arrays of coefficients, the constant one first, zeros allowed at the end.
[<RequireQualifiedAccess>]
module RingPolynomial =
    /// p + q
    let add (p: 'T[]) (q: 'T[]) : 'T[] when 'T :> IRing<'T> =
        let longer, shorter = if p.Length >= q.Length then p, q else q, p
        longer |> Array.mapi (fun i a -> if i < shorter.Length then 'T.Sum(a, shorter[i]) else a)

    /// c·p
    let scale (c: 'T) (p: 'T[]) : 'T[] when 'T :> IRing<'T> = Array.map (fun a -> 'T.Product(c, a)) p

    /// p − q
    let subtract (p: 'T[]) (q: 'T[]) : 'T[] when 'T :> IRing<'T> = add p (Array.map 'T.Negation q)

    /// p·q
    let multiply (p: 'T[]) (q: 'T[]) : 'T[] when 'T :> IRing<'T> =
        if p.Length = 0 || q.Length = 0 then
            [||]
        else
            let product = Array.create (p.Length + q.Length - 1) 'T.Zero
            p |> Array.iteri (fun i a -> q |> Array.iteri (fun j b -> product[i + j] <- 'T.Sum(product[i + j], 'T.Product(a, b))))
            product

    /// p(x) by Horner's rule.
    let evaluate (p: 'T[]) (x: 'T) : 'T :> IRing<'T> = Array.foldBack (fun a value -> 'T.Sum(a, 'T.Product(x, value))) p 'T.Zero

    /// p′
    let derivative (p: 'T[]) : 'T[] when 'T :> IRing<'T> =
        p |> Array.mapi (fun i a -> 'T.Product(Ring.ratio i 1, a)) |> Array.skip (min 1 p.Length)

    /// ∫₀ˣ p
    let integral (p: 'T[]) : 'T[] when 'T :> IRing<'T> =
        Array.append [| 'T.Zero |] (p |> Array.mapi (fun i a -> 'T.Product(Ring.ratio 1 (i + 1), a)))

    /// ∫ p from one argument to another.
    let integrate (p: 'T[]) (lower: 'T) (upper: 'T) : 'T :> IRing<'T> =
        let q = integral p
        'T.Difference(evaluate q upper, evaluate q lower)

    /// The value at `start` plus the integral of p from there on.
    let primitive (start: 'T) (value: 'T) (p: 'T[]) : 'T[] when 'T :> IRing<'T> =
        let q = integral p
        add q [| 'T.Difference(value, evaluate q start) |]

    /// Σ p_i·q_i
    let dot (p: 'T[][]) (q: 'T[][]) : 'T[] when 'T :> IRing<'T> = Array.map2 multiply p q |> Array.fold add [||]
