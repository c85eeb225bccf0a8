namespace LayerTime.Core.Numbers

/// The branching members of a ring as functions, which a struct generic in one number cannot name for another.
module private Side =
    let positive (x: 'T) : 'T :> IRing<'T> = 'T.PositivePart x
    let negative (x: 'T) : 'T :> IRing<'T> = 'T.NegativePart x
    let step (x: 'T) : 'T :> IRing<'T> = 'T.Heaviside x

/// <summary>A truncated power series over a number system with elementary functions, with those functions.</summary>
/// <remarks>A series of fractions has no tanh, so Taylor itself cannot offer it. Values nest: 'T may carry derivatives or be a series itself.</remarks>
[<Struct; NoEquality; NoComparison>]
type AnalyticTaylor<'T when 'T :> ITranscendental<'T>> =
    /// The series.
    val Inner: Taylor<'T>
    /// Wraps a series.
    new(inner: Taylor<'T>) = { Inner = inner }

    static member private Logistic(x: Taylor<'T>) : Taylor<'T> = Taylor.sigmoid ('T.Logistic x.Value) ('T.Logistic('T.Negation x.Value)) x

    static member private Circular(x: Taylor<'T>) : struct (Taylor<'T> * Taylor<'T>) = Taylor.sineCosine ('T.Sin x.Value) ('T.Cos x.Value) x

    interface ITranscendental<AnalyticTaylor<'T>> with
        static member Zero = AnalyticTaylor(Taylor.constant 'T.Zero)
        static member One = AnalyticTaylor(Taylor.constant 'T.One)
        static member OfRatio(p, q) = AnalyticTaylor(Taylor.constant ('T.OfRatio(p, q)))
        static member Sum(x, y) = AnalyticTaylor(Arithmetic.(+) x.Inner y.Inner)
        static member Difference(x, y) = AnalyticTaylor(Arithmetic.(-) x.Inner y.Inner)
        static member Product(x, y) = AnalyticTaylor(Arithmetic.(*) x.Inner y.Inner)
        static member Negation x = AnalyticTaylor(Arithmetic.(~-) x.Inner)
        static member PositivePart x = AnalyticTaylor(Side.positive x.Inner)
        static member NegativePart x = AnalyticTaylor(Side.negative x.Inner)
        static member Heaviside x = AnalyticTaylor(Side.step x.Inner)
        static member AddProducts(start, left, right) = Ring.addProducts start left right
        static member Quotient(x, y) = AnalyticTaylor(Arithmetic.(/) x.Inner y.Inner)
        static member Exp x = AnalyticTaylor(Taylor.exponential ('T.Exp x.Inner.Value) x.Inner)

        static member Expm1 x =
            // Its own value, not that of exp minus one, which cancels near zero.
            AnalyticTaylor(Taylor.chain ('T.Expm1 x.Inner.Value) (Taylor.exponential ('T.Exp x.Inner.Value) x.Inner) x.Inner)

        static member Log x = AnalyticTaylor(Taylor.logarithm ('T.Log x.Inner.Value) x.Inner)

        static member Log1p x = AnalyticTaylor(Taylor.logarithm ('T.Log1p x.Inner.Value) (Arithmetic.(+) (Taylor.constant 'T.One) x.Inner))

        static member Tanh x = AnalyticTaylor(Taylor.hyperbolicTangent ('T.Tanh x.Inner.Value) x.Inner)
        static member Logistic x = AnalyticTaylor(AnalyticTaylor<'T>.Logistic x.Inner)

        static member Softplus x = AnalyticTaylor(Taylor.chain ('T.Softplus x.Inner.Value) (AnalyticTaylor<'T>.Logistic x.Inner) x.Inner)

        static member Sin x =
            let struct (sine, _) = AnalyticTaylor<'T>.Circular x.Inner
            AnalyticTaylor sine

        static member Cos x =
            let struct (_, cosine) = AnalyticTaylor<'T>.Circular x.Inner
            AnalyticTaylor cosine

        static member Sqrt x = AnalyticTaylor(Taylor.root ('T.Sqrt x.Inner.Value) x.Inner)

/// Power series with elementary functions: construction and powers.
[<RequireQualifiedAccess>]
module AnalyticTaylor =
    /// c, whatever t is.
    let constant (value: 'T) : AnalyticTaylor<'T> = AnalyticTaylor(Taylor.constant value)
    /// x₀ + t + O(t^(N+1))
    let variable (order: int) (value: 'T) : AnalyticTaylor<'T> = AnalyticTaylor(Taylor.variable order value)

    /// xᵖ for a real p and x₀ &gt; 0; the value is exp(p·log x₀).
    let power (p: 'T) (x: AnalyticTaylor<'T>) : AnalyticTaylor<'T> =
        AnalyticTaylor(Taylor.powerFrom ('T.Exp('T.Product(p, 'T.Log x.Inner.Value))) p x.Inner)
