namespace LayerTime.Core.Numbers

/// <summary>Numbers with derivatives over a number system with elementary functions, with those functions: the chain rule for each, once.</summary>
/// <remarks>
/// A dual number or a jet of fractions has no tanh, so 'D itself cannot offer it; wrapped over a number system that has one, it can.
/// Analytic values nest: 'T may be Analytic itself.
/// </remarks>
[<Struct; NoEquality; NoComparison>]
type Analytic<'D, 'T when 'D :> IField<'D> and 'D :> IDifferential<'D, 'T> and 'T :> ITranscendental<'T>> =
    /// The dual number or jet.
    val Inner: 'D
    /// Wraps a dual number or jet.
    new(inner: 'D) = { Inner = inner }

    static member private Of (value: 'T) (slope: 'T) (curvature: unit -> 'T) (x: Analytic<'D, 'T>) : Analytic<'D, 'T> =
        Analytic('D.Chain(value, slope, curvature, x.Inner))

    interface ITranscendental<Analytic<'D, 'T>> with
        static member Zero = Analytic 'D.Zero
        static member One = Analytic 'D.One
        static member OfRatio(p, q) = Analytic('D.OfRatio(p, q))
        static member Sum(x, y) = Analytic('D.Sum(x.Inner, y.Inner))
        static member Difference(x, y) = Analytic('D.Difference(x.Inner, y.Inner))
        static member Product(x, y) = Analytic('D.Product(x.Inner, y.Inner))
        static member Negation x = Analytic('D.Negation x.Inner)
        static member PositivePart x = Analytic('D.PositivePart x.Inner)
        static member NegativePart x = Analytic('D.NegativePart x.Inner)
        static member Heaviside x = Analytic('D.Heaviside x.Inner)
        static member AddProducts(start, left, right) = Ring.addProducts start left right
        static member Quotient(x, y) = Analytic('D.Quotient(x.Inner, y.Inner))

        static member Exp x =
            let e = 'T.Exp('D.Primal x.Inner)
            Analytic<'D, 'T>.Of e e (fun () -> e) x

        static member Expm1 x =
            let a = 'D.Primal x.Inner
            let e = 'T.Exp a
            Analytic<'D, 'T>.Of ('T.Expm1 a) e (fun () -> e) x

        // log′ a = 1/a, log″ a = −1/a²
        static member Log x =
            let a = 'D.Primal x.Inner
            let inverse = 'T.Quotient('T.One, a)
            Analytic<'D, 'T>.Of ('T.Log a) inverse (fun () -> 'T.Negation('T.Product(inverse, inverse))) x

        static member Log1p x =
            let a = 'D.Primal x.Inner
            let inverse = 'T.Quotient('T.One, 'T.Sum('T.One, a))
            Analytic<'D, 'T>.Of ('T.Log1p a) inverse (fun () -> 'T.Negation('T.Product(inverse, inverse))) x

        // tanh′ = 1 − tanh², tanh″ = −2 tanh·tanh′
        static member Tanh x =
            let t = 'T.Tanh('D.Primal x.Inner)
            let slope = 'T.Difference('T.One, 'T.Product(t, t))
            Analytic<'D, 'T>.Of t slope (fun () -> 'T.Product(Ring.ratio -2 1, 'T.Product(t, slope))) x

        // λ′(a) = λ(a)·λ(−a), λ″ = λ′·(λ(−a) − λ(a))
        static member Logistic x =
            let a = 'D.Primal x.Inner
            let up, down = 'T.Logistic a, 'T.Logistic('T.Negation a)
            let slope = 'T.Product(up, down)
            Analytic<'D, 'T>.Of up slope (fun () -> 'T.Product(slope, 'T.Difference(down, up))) x

        // softplus′ = λ
        static member Softplus x =
            let a = 'D.Primal x.Inner
            let slope = 'T.Logistic a
            Analytic<'D, 'T>.Of ('T.Softplus a) slope (fun () -> 'T.Product(slope, 'T.Logistic('T.Negation a))) x

        static member Sin x =
            let a = 'D.Primal x.Inner
            let sine = 'T.Sin a
            Analytic<'D, 'T>.Of sine ('T.Cos a) (fun () -> 'T.Negation sine) x

        static member Cos x =
            let a = 'D.Primal x.Inner
            let cosine = 'T.Cos a
            Analytic<'D, 'T>.Of cosine ('T.Negation('T.Sin a)) (fun () -> 'T.Negation cosine) x

        // (√a)′ = 1/(2√a), (√a)″ = −1/(4a√a)
        static member Sqrt x =
            let a = 'D.Primal x.Inner
            let root = 'T.Sqrt a
            let slope = 'T.Quotient(Ring.ratio 1 2, root)
            Analytic<'D, 'T>.Of root slope (fun () -> 'T.Quotient(slope, 'T.Product(Ring.ratio -2 1, a))) x

/// Dual numbers with elementary functions.
type AnalyticDual<'T when 'T :> ITranscendental<'T>> = Analytic<Dual<'T>, 'T>

/// Jets with elementary functions.
type AnalyticJet<'T when 'T :> ITranscendental<'T>> = Analytic<Jet<'T>, 'T>

/// Dual numbers with elementary functions: constants, variables and derivatives.
[<RequireQualifiedAccess>]
module AnalyticDual =
    /// c + 0·ε
    let constant (value: 'T) : AnalyticDual<'T> = AnalyticDual<'T>(Dual.constant value)
    /// x + 1·ε
    let variable (value: 'T) : AnalyticDual<'T> = AnalyticDual<'T>(Dual.variable value)
    /// f(x) of f(x) + f′(x)·ε
    let value (x: AnalyticDual<'T>) : 'T = x.Inner.Value
    /// f′(x), for example tanh at 0 gives 1.
    let derivative (f: AnalyticDual<'T> -> AnalyticDual<'T>) (x: 'T) : 'T = (f (variable x)).Inner.Derivative

    /// f″(x), by the derivative of the derivative.
    let secondDerivative (f: AnalyticDual<AnalyticDual<'T>> -> AnalyticDual<AnalyticDual<'T>>) (x: 'T) : 'T = derivative (derivative f) x

/// Jets with elementary functions: constants, variables and what is read off.
[<RequireQualifiedAccess>]
module AnalyticJet =
    /// c, whatever x is.
    let constant (value: 'T) : AnalyticJet<'T> = AnalyticJet<'T>(Jet.constant value)
    /// x₁ … xₙ at a point.
    let variables (point: 'T[]) : AnalyticJet<'T>[] = Jet.variables point |> Array.map AnalyticJet<'T>
    /// f
    let value (x: AnalyticJet<'T>) : 'T = x.Inner.Value
    /// ∂f/∂xᵢ for n directions, zeros for a constant.
    let gradient (n: int) (x: AnalyticJet<'T>) : 'T[] = Jet.gradient n x.Inner
    /// ∂²f/∂xᵢ∂xⱼ, zero-based.
    let secondDerivative (x: AnalyticJet<'T>) (i: int) (j: int) : 'T = Jet.secondDerivative x.Inner i j
