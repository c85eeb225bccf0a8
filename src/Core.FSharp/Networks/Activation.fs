namespace LayerTime.Core.Networks

open LayerTime.Core.Numbers

/// The transcendental activations by name.
[<RequireQualifiedAccess>]
type TranscendentalName =
    /// tanh t
    | Tanh
    /// 1/(1 + e⁻ᵗ)
    | Logistic
    /// log(1 + eᵗ)
    | Softplus
    /// sin t
    | Sine

/// A transcendental activation as one number system evaluates it. Only a number system with the elementary functions
/// can make one (Activation.transcendental), so a network of fractions with a tanh in it cannot be built.
[<AbstractClass>]
type Transcendental<'T> internal (name: TranscendentalName) =
    /// Which function it is.
    member _.Name = name
    /// σ(t)
    abstract Value: 'T -> 'T
    /// σ′(t)
    abstract Derivative: 'T -> 'T
    /// σ″(t)
    abstract SecondDerivative: 'T -> 'T
    /// σ(t) and σ′(t), which often share the work.
    abstract ValueAndDerivative: 'T -> struct ('T * 'T)
    default this.ValueAndDerivative t = struct (this.Value t, this.Derivative t)

    override _.Equals(other: obj | null) : bool =
        match other with
        | :? Transcendental<'T> as t -> t.Name = name
        | _ -> false

    override _.GetHashCode() : int = hash name

/// An activation σ of a network over the numbers 'T: a function of one variable, applied to every coordinate.
[<RequireQualifiedAccess; NoComparison>]
type Activation<'T> =
    /// σ(t) = t
    | Identity
    /// σ(t) = max(0, t); σ′(0) = 0
    | Relu
    /// σ(t) = max(0, t) + α·min(0, t); σ′(0) = α. The slope α is any number.
    | LeakyRelu of slope: 'T
    /// σ(t) = t²
    | Square
    /// σ(t) = t + t³/3: smooth, strictly increasing and exact on fractions.
    | Cubic
    /// tanh and its kin, where the number system has them.
    | Transcendental of Transcendental<'T>

/// How smooth an activation is.
[<RequireQualifiedAccess>]
type Smoothness =
    /// Continuous and affine on both sides of a kink at 0.
    | PiecewiseLinear
    /// Real-analytic on the whole line.
    | Analytic

/// How an activation orders its values.
[<RequireQualifiedAccess>]
type Monotonicity =
    /// s &lt; t implies σ(s) &lt; σ(t).
    | StrictlyIncreasing
    /// s ≤ t implies σ(s) ≤ σ(t), with equality for some s &lt; t.
    | NonDecreasing
    /// Neither increasing nor decreasing.
    | None

/// What is true of an activation on the whole line.
type ActivationFacts = {
    /// Whether it has values on fractions.
    Exact: bool
    /// Its smoothness class.
    Smoothness: Smoothness
    /// The smallest Lipschitz constant, or None where there is none (t²).
    Lipschitz: Rational option
    /// Its monotonicity.
    Monotonicity: Monotonicity
}

/// Activations: values, derivatives, names and facts.
[<RequireQualifiedAccess>]
module Activation =
    /// A transcendental activation: for number systems that have the elementary functions.
    let transcendental<'T when 'T :> ITranscendental<'T>> (name: TranscendentalName) : Activation<'T> =
        Activation.Transcendental(
            match name with
            | TranscendentalName.Tanh -> {
                new Transcendental<'T>(name) with
                    member _.Value t = 'T.Tanh t

                    member _.Derivative t =
                        let s = 'T.Tanh t
                        'T.Difference('T.One, 'T.Product(s, s))

                    member _.ValueAndDerivative t =
                        let s = 'T.Tanh t
                        struct (s, 'T.Difference('T.One, 'T.Product(s, s)))

                    // −2·tanh t·(1 − tanh² t)
                    member this.SecondDerivative t = 'T.Product('T.Product(Ring.ratio -2 1, 'T.Tanh t), this.Derivative t)
              }
            | TranscendentalName.Logistic -> {
                new Transcendental<'T>(name) with
                    member _.Value t = 'T.Logistic t
                    member _.Derivative t = 'T.Product('T.Logistic t, 'T.Logistic('T.Negation t))

                    member _.ValueAndDerivative t =
                        let s = 'T.Logistic t
                        struct (s, 'T.Product(s, 'T.Logistic('T.Negation t)))

                    // s(t)·s(−t)·(s(−t) − s(t)), as s(−t) = 1 − s(t)
                    member this.SecondDerivative t = 'T.Product(this.Derivative t, 'T.Difference('T.Logistic('T.Negation t), 'T.Logistic t))
              }
            | TranscendentalName.Softplus -> {
                new Transcendental<'T>(name) with
                    member _.Value t = 'T.Softplus t
                    member _.Derivative t = 'T.Logistic t
                    member _.SecondDerivative t = 'T.Product('T.Logistic t, 'T.Logistic('T.Negation t))
              }
            | TranscendentalName.Sine -> {
                new Transcendental<'T>(name) with
                    member _.Value t = 'T.Sin t
                    member _.Derivative t = 'T.Cos t
                    member _.SecondDerivative t = 'T.Negation('T.Sin t)
              }
        )

    /// tanh
    let tanh<'T when 'T :> ITranscendental<'T>> : Activation<'T> = transcendental TranscendentalName.Tanh

    /// σ(t)
    let value (activation: Activation<'T>) (t: 'T) : 'T :> IRing<'T> =
        match activation with
        | Activation.Identity -> t
        | Activation.Relu -> 'T.PositivePart t
        | Activation.LeakyRelu slope -> 'T.Sum('T.PositivePart t, 'T.Product(slope, 'T.NegativePart t))
        | Activation.Square -> 'T.Product(t, t)
        | Activation.Cubic -> 'T.Sum(t, 'T.Product(Ring.ratio 1 3, 'T.Product(t, 'T.Product(t, t))))
        | Activation.Transcendental f -> f.Value t

    /// σ′(t), at a kink from the left.
    let derivative (activation: Activation<'T>) (t: 'T) : 'T :> IRing<'T> =
        match activation with
        | Activation.Identity -> 'T.One
        | Activation.Relu -> 'T.Heaviside t
        | Activation.LeakyRelu slope ->
            // α + (1 − α)·H(t), so that an interval across the kink gives the hull of both slopes.
            'T.Sum(slope, 'T.Product('T.Difference('T.One, slope), 'T.Heaviside t))
        | Activation.Square -> 'T.Sum(t, t)
        | Activation.Cubic -> 'T.Sum('T.One, 'T.Product(t, t))
        | Activation.Transcendental f -> f.Derivative t

    /// σ(t) and σ′(t), the same numbers as those of `value` and `derivative`.
    let valueAndDerivative (activation: Activation<'T>) (t: 'T) : struct ('T * 'T) when 'T :> IRing<'T> =
        match activation with
        | Activation.Transcendental f -> f.ValueAndDerivative t
        | _ -> struct (value activation t, derivative activation t)

    /// σ″(t); 0 at a kink, as on both sides of it.
    let secondDerivative (activation: Activation<'T>) (t: 'T) : 'T :> IRing<'T> =
        match activation with
        | Activation.Identity
        | Activation.Relu
        | Activation.LeakyRelu _ -> 'T.Zero
        | Activation.Square -> Ring.ratio 2 1
        | Activation.Cubic -> 'T.Sum(t, t)
        | Activation.Transcendental f -> f.SecondDerivative t

    /// The same activation over other numbers. `transcendental` says what becomes of tanh and its kin.
    let mapWith
        (number: 'T -> 'U)
        (transcendental: TranscendentalName -> 'R)
        (wrap: Activation<'U> -> 'R)
        (activation: Activation<'T>)
        : 'R =
        match activation with
        | Activation.Identity -> wrap Activation.Identity
        | Activation.Relu -> wrap Activation.Relu
        | Activation.LeakyRelu slope -> wrap (Activation.LeakyRelu(number slope))
        | Activation.Square -> wrap Activation.Square
        | Activation.Cubic -> wrap Activation.Cubic
        | Activation.Transcendental f -> transcendental f.Name

    /// The same activation over other numbers that have the elementary functions.
    let map (number: 'T -> 'U) (activation: Activation<'T>) : Activation<'U> when 'U :> ITranscendental<'U> =
        mapWith number transcendental id activation

    /// The name under which files know a transcendental activation.
    let transcendentalName (name: TranscendentalName) : string =
        match name with
        | TranscendentalName.Tanh -> "tanh"
        | TranscendentalName.Logistic -> "logistic"
        | TranscendentalName.Softplus -> "softplus"
        | TranscendentalName.Sine -> "sin"

    /// The name under which files know the activation: identity, relu, leaky-relu, square, cubic, tanh, logistic, softplus, sin.
    let name (activation: Activation<'T>) : string =
        match activation with
        | Activation.Identity -> "identity"
        | Activation.Relu -> "relu"
        | Activation.LeakyRelu _ -> "leaky-relu"
        | Activation.Square -> "square"
        | Activation.Cubic -> "cubic"
        | Activation.Transcendental f -> transcendentalName f.Name

    /// What is true of the activation; `exactly` gives the slope of a leaky ReLU as the fraction it is.
    let facts (exactly: 'T -> Rational) (activation: Activation<'T>) : ActivationFacts =
        let fact exact smoothness lipschitz monotonicity = {
            Exact = exact
            Smoothness = smoothness
            Lipschitz = lipschitz
            Monotonicity = monotonicity
        }

        let one = Some Rational.One

        match activation with
        | Activation.Identity -> fact true Smoothness.Analytic one Monotonicity.StrictlyIncreasing
        | Activation.Relu -> fact true Smoothness.PiecewiseLinear one Monotonicity.NonDecreasing
        | Activation.LeakyRelu slope ->
            let slope = exactly slope

            let monotonicity =
                if slope.Sign > 0 then Monotonicity.StrictlyIncreasing
                elif slope.Sign = 0 then Monotonicity.NonDecreasing
                else Monotonicity.None

            let smoothness = if slope = Rational.One then Smoothness.Analytic else Smoothness.PiecewiseLinear
            fact true smoothness (Some(Rational.max Rational.One (Rational.abs slope))) monotonicity
        | Activation.Square -> fact true Smoothness.Analytic None Monotonicity.None
        | Activation.Cubic -> fact true Smoothness.Analytic None Monotonicity.StrictlyIncreasing
        | Activation.Transcendental f ->
            match f.Name with
            | TranscendentalName.Tanh
            | TranscendentalName.Softplus -> fact false Smoothness.Analytic one Monotonicity.StrictlyIncreasing
            | TranscendentalName.Logistic -> fact false Smoothness.Analytic (Some(Rational.create 1 4)) Monotonicity.StrictlyIncreasing
            | TranscendentalName.Sine -> fact false Smoothness.Analytic one Monotonicity.None
