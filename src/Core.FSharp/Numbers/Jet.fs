namespace LayerTime.Core.Numbers

open System

/// <summary>A 2-jet in n directions over any field: a value with its gradient and its Hessian, in one sweep.</summary>
/// <remarks>
/// Sums, products and quotients follow Leibniz. The Hessian is stored as the rows of its upper triangle. A jet without gradient is a
/// constant, which fits any number of directions; jets of different numbers of directions do not mix. A jet with a gradient and no Hessian
/// is a 1-jet, which only fits its like. At a kink the slope is the one
/// from the left, on an interval across it the hull of both, and the second derivative is that of the two sides, where there is one.
/// </remarks>
[<Struct; NoEquality; NoComparison>]
type Jet<'T when 'T :> IField<'T>> =
    /// f
    val Value: 'T
    /// ∂f/∂xᵢ, i = 1 … n; empty for a constant.
    val Gradient: 'T[]
    /// ∂²f/∂xᵢ∂xⱼ for i ≤ j, row by row; empty for a constant and a 1-jet.
    val Upper: 'T[]

    internal new(value: 'T, gradient: 'T[], upper: 'T[]) = { Value = value; Gradient = gradient; Upper = upper }

    /// A jet that does not depend on x.
    static member Constant(value: 'T) : Jet<'T> = Jet(value, [||], [||])

    /// Derivative by derivative; a constant has zeros.
    static member private Combine (f: 'T -> 'T -> 'T) (value: 'T) (x: Jet<'T>) (y: Jet<'T>) : Jet<'T> =
        let zip (a: 'T[]) (b: 'T[]) =
            if a.Length = 0 then Array.map (f 'T.Zero) b
            elif b.Length = 0 then Array.map (fun p -> f p 'T.Zero) a
            else Array.map2 f a b

        Jet(value, zip x.Gradient y.Gradient, zip x.Upper y.Upper)

    /// c·x in every derivative, with a value of its own.
    static member private Scale(value: 'T, c: 'T, x: Jet<'T>) : Jet<'T> =
        let times a = 'T.Product(c, a)
        Jet(value, Array.map times x.Gradient, Array.map times x.Upper)

    /// c·x + d·y in every derivative, with the outer product x′y′ᵀ + y′x′ᵀ added to the Hessian.
    static member private Leibniz(value: 'T, c: 'T, x: Jet<'T>, d: 'T, y: Jet<'T>) : Jet<'T> =
        // A constant factor, as every weight of a network is, costs one product for each derivative.
        if y.Gradient.Length = 0 then
            Jet<'T>.Scale(value, c, x)
        elif x.Gradient.Length = 0 then
            Jet<'T>.Scale(value, d, y)
        else
            let first = Jet<'T>.Combine (fun p q -> 'T.Sum('T.Product(c, p), 'T.Product(d, q))) value x y
            let upper = Array.copy first.Upper
            let n = if upper.Length = 0 then 0 else x.Gradient.Length
            let mutable e = 0

            for i in 0 .. n - 1 do
                for j in i .. n - 1 do
                    let cross = 'T.Sum('T.Product(x.Gradient[i], y.Gradient[j]), 'T.Product(x.Gradient[j], y.Gradient[i]))
                    upper[e] <- 'T.Sum(upper[e], cross)
                    e <- e + 1

            Jet(value, first.Gradient, upper)

    /// f∘x from f, f′ and f″ at the value of x: (f∘x)′ = f′x′, (f∘x)″ = f′x″ + f″x′x′ᵀ.
    static member Chain(value: 'T, slope: 'T, curvature: 'T, x: Jet<'T>) : Jet<'T> =
        let upper = Array.map (fun h -> 'T.Product(slope, h)) x.Upper
        let n = if upper.Length = 0 then 0 else x.Gradient.Length
        let mutable e = 0

        for i in 0 .. n - 1 do
            for j in i .. n - 1 do
                upper[e] <- 'T.Sum(upper[e], 'T.Product(curvature, 'T.Product(x.Gradient[i], x.Gradient[j])))
                e <- e + 1

        Jet(value, Array.map (fun g -> 'T.Product(slope, g)) x.Gradient, upper)

    interface IField<Jet<'T>> with
        static member Zero = Jet<'T>.Constant 'T.Zero
        static member One = Jet<'T>.Constant 'T.One
        static member OfRatio(p, q) = Jet<'T>.Constant('T.OfRatio(p, q))
        static member Sum(x, y) = Jet<'T>.Combine (fun p q -> 'T.Sum(p, q)) ('T.Sum(x.Value, y.Value)) x y
        static member Difference(x, y) = Jet<'T>.Combine (fun p q -> 'T.Difference(p, q)) ('T.Difference(x.Value, y.Value)) x y
        // (xy)″ = y·x″ + x·y″ + x′y′ᵀ + y′x′ᵀ
        static member Product(x, y) = Jet<'T>.Leibniz('T.Product(x.Value, y.Value), y.Value, x, x.Value, y)
        static member Negation x = Jet('T.Negation x.Value, Array.map 'T.Negation x.Gradient, Array.map 'T.Negation x.Upper)
        static member PositivePart x = Jet<'T>.Chain('T.PositivePart x.Value, 'T.Heaviside x.Value, 'T.Zero, x)

        static member NegativePart x = Jet<'T>.Chain('T.NegativePart x.Value, 'T.Difference('T.One, 'T.Heaviside x.Value), 'T.Zero, x)

        static member Heaviside x = Jet<'T>.Constant('T.Heaviside x.Value)
        static member AddProducts(start, left, right) = Ring.addProducts start left right

        static member Quotient(x, y) =
            // x/y = x·(1/y), (1/y)′ = −1/y², (1/y)″ = 2/y³
            let inverse = 'T.Quotient('T.One, y.Value)
            let slope = 'T.Negation('T.Product(inverse, inverse))
            let curvature = 'T.Product(Ring.ratio -2 1, 'T.Product(inverse, slope))
            let reciprocal = Jet<'T>.Chain(inverse, slope, curvature, y)
            // The value itself is divided once, which is tighter than a product with a rounded inverse.
            Jet<'T>.Leibniz('T.Quotient(x.Value, y.Value), inverse, x, x.Value, reciprocal)

    interface IDifferential<Jet<'T>, 'T> with
        static member Primal x = x.Value
        static member Chain(value, slope, curvature, x) = Jet<'T>.Chain(value, slope, curvature (), x)

/// Jets: variables and what is read off.
[<RequireQualifiedAccess>]
module Jet =
    /// c, whatever x is.
    let constant (value: 'T) : Jet<'T> = Jet<'T>.Constant value

    /// f∘x from f, f′ and f″ at the value of x: for example a square is lift (a·a) (2a) 2 x, a the value of x.
    let lift (value: 'T) (slope: 'T) (curvature: 'T) (x: Jet<'T>) : Jet<'T> = Jet<'T>.Chain(value, slope, curvature, x)

    /// x₁ … xₙ at a point: gradient eᵢ, Hessian 0.
    let variables (point: 'T[]) : Jet<'T>[] =
        let n = point.Length
        let upper = Array.create (n * (n + 1) / 2) 'T.Zero
        point |> Array.mapi (fun i x -> Jet(x, Array.init n (fun j -> if i = j then 'T.One else 'T.Zero), upper))

    /// ∂f/∂xᵢ for n directions, zeros for a constant.
    let gradient (n: int) (x: Jet<'T>) : 'T[] = if x.Gradient.Length = 0 then Array.create n 'T.Zero else Array.copy x.Gradient

    /// ∂²f/∂xᵢ∂xⱼ, zero-based.
    let secondDerivative (x: Jet<'T>) (i: int) (j: int) : 'T =
        let n = x.Gradient.Length
        let row, column = Math.Min(i, j), Math.Max(i, j)

        if n = 0 then
            'T.Zero
        else
            // Row r starts after n + (n−1) + … + (n−r+1) entries.
            x.Upper[row * n - row * (row - 1) / 2 + (column - row)]
