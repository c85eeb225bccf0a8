namespace LayerTime.Core.Numbers

open System

/// <summary>A dual number a + b·ε with ε² = 0: a value and one directional derivative, over any field.</summary>
/// <remarks>
/// f(a + bε) = f(a) + f′(a)·b·ε. Exact on fractions, enclosing on intervals; Dual of Dual carries second derivatives.
/// At a kink the derivative is the one from the left, on an interval that straddles it the hull of both.
/// </remarks>
[<Struct; NoComparison>]
type Dual<'T when 'T :> IField<'T>> =
    /// a in a + bε.
    val Value: 'T
    /// b in a + bε.
    val Derivative: 'T
    /// a + bε
    new(value: 'T, derivative: 'T) = { Value = value; Derivative = derivative }

    interface IField<Dual<'T>> with
        static member Zero = Dual('T.Zero, 'T.Zero)
        static member One = Dual('T.One, 'T.Zero)
        static member OfRatio(p, q) = Dual('T.OfRatio(p, q), 'T.Zero)
        static member Sum(x, y) = Dual('T.Sum(x.Value, y.Value), 'T.Sum(x.Derivative, y.Derivative))

        static member Difference(x, y) = Dual('T.Difference(x.Value, y.Value), 'T.Difference(x.Derivative, y.Derivative))

        static member Product(x, y) =
            Dual('T.Product(x.Value, y.Value), 'T.Sum('T.Product(x.Derivative, y.Value), 'T.Product(x.Value, y.Derivative)))

        static member Negation x = Dual('T.Negation x.Value, 'T.Negation x.Derivative)
        static member PositivePart x = Dual('T.PositivePart x.Value, 'T.Product('T.Heaviside x.Value, x.Derivative))

        static member NegativePart x = Dual('T.NegativePart x.Value, 'T.Product('T.Difference('T.One, 'T.Heaviside x.Value), x.Derivative))

        static member Heaviside x = Dual('T.Heaviside x.Value, 'T.Zero)
        static member AddProducts(start, left, right) = Ring.addProducts start left right

        static member Quotient(x, y) =
            let quotient = 'T.Quotient(x.Value, y.Value)
            // (x/y)′ = (x′ − (x/y)·y′)/y
            Dual(quotient, 'T.Quotient('T.Difference(x.Derivative, 'T.Product(quotient, y.Derivative)), y.Value))

    interface IDifferential<Dual<'T>, 'T> with
        static member Primal x = x.Value
        static member Chain(value, slope, _, x) = Dual(value, 'T.Product(slope, x.Derivative))

/// Dual numbers: constants, variables and derivatives.
[<RequireQualifiedAccess>]
module Dual =
    /// c + 0·ε
    let constant (value: 'T) : Dual<'T> = Dual(value, 'T.Zero)
    /// x + 1·ε
    let variable (value: 'T) : Dual<'T> = Dual(value, 'T.One)
    /// f′(x), for example (x ↦ x·x) at 3 gives 6.
    let derivative (f: Dual<'T> -> Dual<'T>) (x: 'T) : 'T = (f (variable x)).Derivative
