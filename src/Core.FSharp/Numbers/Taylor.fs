namespace LayerTime.Core.Numbers

open System

/// <summary>A truncated power series x₀ + x₁t + … + x_N t^N + O(t^(N+1)) in depth-time t, over any field.</summary>
/// <remarks>
/// The order N is carried by the series: an operation on series of different orders is known up to the smaller one. A constant is a
/// number of every order, so that the weights of a network mix with any series. Exact on fractions, enclosing on intervals. At a kink
/// the series is the one from the left, on an interval across it the hull of both.
/// </remarks>
[<Struct; NoEquality; NoComparison>]
type Taylor<'T when 'T :> IField<'T>> =
    /// N, the last power of t that is known; Int32.MaxValue for a constant.
    val Order: int
    /// x₀, …, x_N; only x₀ for a constant.
    val Coefficients: 'T[]

    internal new(order: int, coefficients: 'T[]) = { Order = order; Coefficients = coefficients }

    /// A series that does not depend on t.
    static member Constant(value: 'T) : Taylor<'T> = Taylor(Int32.MaxValue, [| value |])

    /// Whether the series is a number, known to every order.
    member x.IsConstant: bool = x.Order = Int32.MaxValue
    /// x₀
    member x.Value: 'T = x.Coefficients[0]

    /// x_k for k ≤ N, zero for a constant and k &gt; 0.
    member x.Item
        with get (k: int): 'T = if k > 0 && x.IsConstant then 'T.Zero else x.Coefficients[k]

    static member private Map (f: 'T -> 'T) (x: Taylor<'T>) : Taylor<'T> = Taylor(x.Order, Array.map f x.Coefficients)

    static member private Map2 (f: 'T -> 'T -> 'T) (x: Taylor<'T>) (y: Taylor<'T>) : Taylor<'T> =
        let order = Math.Min(x.Order, y.Order)

        if order = Int32.MaxValue then
            Taylor<'T>.Constant(f x.Value y.Value)
        else
            Taylor(order, Array.init (order + 1) (fun k -> f x[k] y[k]))

    /// x with x₀ replaced and the others multiplied by a number.
    static member private Side (value: 'T) (slope: 'T) (x: Taylor<'T>) : Taylor<'T> =
        Taylor(x.Order, Array.mapi (fun k a -> if k = 0 then value else 'T.Product(slope, a)) x.Coefficients)

    interface IField<Taylor<'T>> with
        static member Zero = Taylor<'T>.Constant 'T.Zero
        static member One = Taylor<'T>.Constant 'T.One
        static member OfRatio(p, q) = Taylor<'T>.Constant('T.OfRatio(p, q))
        static member Sum(x, y) = Taylor<'T>.Map2 (fun a b -> 'T.Sum(a, b)) x y
        static member Difference(x, y) = Taylor<'T>.Map2 (fun a b -> 'T.Difference(a, b)) x y
        static member Negation x = Taylor<'T>.Map (fun a -> 'T.Negation a) x

        // (xy)_k = x₀y_k + x₁y_(k−1) + … + x_k y₀
        static member Product(x, y) =
            // A constant factor, as every weight of a network is, costs one product for each coefficient.
            if x.IsConstant then
                Taylor<'T>.Map (fun b -> 'T.Product(x.Value, b)) y
            elif y.IsConstant then
                Taylor<'T>.Map (fun a -> 'T.Product(a, y.Value)) x
            else
                let order = Math.Min(x.Order, y.Order)
                // Back to front, so that each coefficient is one sum of products of two spans.
                let reversed = Array.init (order + 1) (fun j -> y.Coefficients[order - j])

                let coefficient k =
                    'T.AddProducts('T.Zero, ReadOnlySpan(x.Coefficients, 0, k + 1), ReadOnlySpan(reversed, order - k, k + 1))

                Taylor(order, Array.init (order + 1) coefficient)

        // (x/y)_k = (x_k − Σ_{j=1..k} y_j (x/y)_(k−j)) / y₀
        static member Quotient(x, y) =
            if y.IsConstant then
                Taylor<'T>.Map (fun a -> 'T.Quotient(a, y.Value)) x
            else
                let order = Math.Min(x.Order, y.Order)
                let quotient = Array.create (order + 1) 'T.Zero

                for k in 0..order do
                    let mutable known = x[k]

                    for j in 1..k do
                        known <- 'T.Difference(known, 'T.Product(y[j], quotient[k - j]))

                    quotient[k] <- 'T.Quotient(known, y.Value)

                Taylor(order, quotient)

        static member PositivePart x = Taylor<'T>.Side ('T.PositivePart x.Value) ('T.Heaviside x.Value) x
        static member NegativePart x = Taylor<'T>.Side ('T.NegativePart x.Value) ('T.Difference('T.One, 'T.Heaviside x.Value)) x
        static member Heaviside x = Taylor<'T>.Constant('T.Heaviside x.Value)
        static member AddProducts(start, left, right) = Ring.addProducts start left right

/// Truncated power series: construction, calculus, and the recurrences of the elementary functions.
/// A recurrence takes the values of its functions at x₀ as arguments, so that it is exact where they are: for example the
/// exponential of a series of fractions without constant term is exponential 1.
[<RequireQualifiedAccess>]
module Taylor =
    /// c, whatever t is.
    let constant (value: 'T) : Taylor<'T> = Taylor<'T>.Constant value

    /// x₀ + x₁t + … + x_N t^N + O(t^(N+1)), at least x₀.
    let ofCoefficients (coefficients: 'T[]) : Taylor<'T> =
        if coefficients.Length = 0 then
            invalidArg (nameof coefficients) "found no coefficient, expected at least the constant one"

        Taylor(coefficients.Length - 1, Array.copy coefficients)

    /// x₀ + t + O(t^(N+1))
    let variable (order: int) (value: 'T) : Taylor<'T> =
        Taylor(
            order,
            Array.init (order + 1) (fun k ->
                if k = 0 then value
                elif k = 1 then 'T.One
                else 'T.Zero)
        )

    /// The first coefficients x₀, …, x_N of a series of at least that order, with zeros for a constant.
    let coefficients (order: int) (x: Taylor<'T>) : 'T[] = Array.init (order + 1) (fun k -> x[k])

    /// The same series known to at most an order only.
    let truncate (order: int) (x: Taylor<'T>) : Taylor<'T> = if x.Order <= order then x else Taylor(order, coefficients order x)

    let private times (n: int) (a: 'T) : 'T :> IRing<'T> = 'T.Product(Ring.ratio n 1, a)
    let private over (n: int) (a: 'T) : 'T :> IField<'T> = 'T.Quotient(a, Ring.ratio n 1)

    /// x′ of a series of order N ≥ 1, known to order N − 1.
    let derivative (x: Taylor<'T>) : Taylor<'T> =
        if x.IsConstant then
            Taylor<'T>.Constant 'T.Zero
        elif x.Order = 0 then
            invalidArg (nameof x) "found a series of order 0, expected order 1 or more: its derivative is not known at all"
        else
            Taylor(x.Order - 1, Array.init x.Order (fun k -> times (k + 1) x[k + 1]))

    /// c + ∫₀ᵗ x to an order at most one higher than that of x.
    let integral (order: int) (start: 'T) (x: Taylor<'T>) : Taylor<'T> =
        if not x.IsConstant && order > x.Order + 1 then
            invalidArg (nameof order) $"found order {order}, expected at most {x.Order + 1}: the integrand is known to order {x.Order}"

        Taylor(order, Array.init (order + 1) (fun k -> if k = 0 then start else over k x[k - 1]))

    /// x₀ + h(x₁ + h(x₂ + …)): the polynomial at t = h, by Horner's rule.
    let evaluate (h: 'T) (x: Taylor<'T>) : 'T =
        let mutable sum = x.Coefficients[x.Coefficients.Length - 1]

        for k in x.Coefficients.Length - 2 .. -1 .. 0 do
            sum <- 'T.Sum(x.Coefficients[k], 'T.Product(h, sum))

        sum

    /// Σ_{j=first..last} a_j b_(k−j)
    let private convolve (first: int) (last: int) (k: int) (a: int -> 'T) (b: int -> 'T) : 'T :> IRing<'T> =
        let mutable sum = 'T.Zero

        for j in first..last do
            sum <- 'T.Sum(sum, 'T.Product(a j, b (k - j)))

        sum

    /// The coefficient of t^k, k ≥ 1, in ∫ s x′: (1/k) Σ_{j=1..k} j x_j s_(k−j), which uses s up to k − 1 only.
    let private drive (x: Taylor<'T>) (s: 'T[]) (k: int) : 'T = over k (convolve 1 k k (fun j -> times j x[j]) (fun j -> s[j]))

    /// The series with a given constant term whose further coefficients come one after the other.
    let private grow (value: 'T) (x: Taylor<'T>) (next: 'T[] -> int -> 'T) : Taylor<'T> =
        if x.IsConstant then
            Taylor<'T>.Constant value
        else
            let series = Array.create (x.Order + 1) value

            for k in 1 .. x.Order do
                series[k] <- next series k

            Taylor(x.Order, series)

    /// eˣ from e = exp x₀, by (eˣ)′ = eˣx′.
    let exponential (e: 'T) (x: Taylor<'T>) : Taylor<'T> = grow e x (drive x)

    /// log x from l = log x₀, by x·(log x)′ = x′.
    let logarithm (l: 'T) (x: Taylor<'T>) : Taylor<'T> =
        grow l x (fun c k ->
            let known = convolve 1 (k - 1) k (fun j -> times j c[j]) (fun j -> x[j])
            'T.Quotient('T.Difference(x[k], over k known), x.Value))

    /// tanh x from t = tanh x₀, by (tanh x)′ = (1 − tanh² x)x′.
    let hyperbolicTangent (t: 'T) (x: Taylor<'T>) : Taylor<'T> =
        let slope = Array.create x.Coefficients.Length ('T.Difference('T.One, 'T.Product(t, t)))

        grow t x (fun c k ->
            let next = drive x slope k
            c[k] <- next
            slope[k] <- 'T.Negation(convolve 0 k k (fun j -> c[j]) (fun j -> c[j]))
            next)

    /// λ(x) from up = λ(x₀) and down = λ(−x₀), by λ′ = λ(x)λ(−x)x′ and λ(−x) = 1 − λ(x).
    let sigmoid (up: 'T) (down: 'T) (x: Taylor<'T>) : Taylor<'T> =
        let slope = Array.create x.Coefficients.Length ('T.Product(up, down))

        grow up x (fun c k ->
            let next = drive x slope k
            c[k] <- next
            slope[k] <- convolve 0 k k (fun j -> c[j]) (fun j -> if j = 0 then down else 'T.Negation c[j])
            next)

    /// A function of x from its value at x₀ and its derivative along x as a series of at least order N − 1: f(x)′ = f′(x)·x′.
    let chain (value: 'T) (slope: Taylor<'T>) (x: Taylor<'T>) : Taylor<'T> =
        if x.IsConstant then
            Taylor<'T>.Constant value
        else
            let s = coefficients (Math.Max(0, x.Order - 1)) slope
            grow value x (fun _ k -> drive x s k)

    /// sin x and cos x from sin x₀ and cos x₀, each the slope of the other.
    let sineCosine (sine: 'T) (cosine: 'T) (x: Taylor<'T>) : struct (Taylor<'T> * Taylor<'T>) =
        let cosines = Array.create x.Coefficients.Length cosine

        let sines =
            grow sine x (fun s k ->
                cosines[k] <- 'T.Negation(drive x s k)
                drive x cosines k)

        struct (sines, Taylor(x.Order, cosines))

    /// √x from r = √x₀, by √x·√x = x.
    let root (r: 'T) (x: Taylor<'T>) : Taylor<'T> =
        let twice = times 2 r

        grow r x (fun c k -> 'T.Quotient('T.Difference(x[k], convolve 1 (k - 1) k (fun j -> c[j]) (fun j -> c[j])), twice))

    /// xᵖ for any number p from the value v = x₀ᵖ, x₀ ≠ 0, by x·(xᵖ)′ = p·xᵖ·x′.
    let powerFrom (v: 'T) (p: 'T) (x: Taylor<'T>) : Taylor<'T> =
        grow v x (fun c k ->
            let weight j = 'T.Difference(times j p, Ring.ratio (k - j) 1)
            let sum = convolve 1 k k (fun j -> 'T.Product(weight j, x[j])) (fun j -> c[j])
            'T.Quotient(over k sum, x.Value))

    /// xⁿ for any integer n, by squaring; 1/x⁻ⁿ for n &lt; 0.
    let rec integerPower (n: int) (x: Taylor<'T>) : Taylor<'T> =
        let product (a: Taylor<'T>) (b: Taylor<'T>) = Arithmetic.(*) a b

        if n < 0 then
            Arithmetic.(/) (constant 'T.One) (product x (integerPower (-(n + 1)) x))
        elif n = 0 then
            constant 'T.One
        elif n % 2 = 1 then
            product x (integerPower (n - 1) x)
        else
            let half = integerPower (n / 2) x
            product half half
