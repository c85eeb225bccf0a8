namespace LayerTime.Core.Semantics

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Networks

/// σ, σ′ and σ″ at the start of a series: the number system's own, or ranges where it has better ones.
type internal IActivationStart<'T> =
    /// σ⁽ᵏ⁾(u) for k = order from 0 to 2.
    abstract Derivative: order: int * activation: Activation<'T> * u: 'T -> 'T
    /// Whether σ has a kink within u.
    abstract HasKink: activation: Activation<'T> * u: 'T -> bool

/// Small integers and their inverses, made once: a fraction costs more than the products it enters.
[<AbstractClass; Sealed>]
type internal Small<'T when 'T :> IField<'T>> private () =
    static let integers: 'T[] = Array.init 128 (fun k -> Ring.ratio k 1)
    static let inverses: 'T[] = Array.init 128 (fun k -> if k = 0 then 'T.Zero else Ring.ratio 1 k)
    /// k, 0 ≤ k &lt; 128
    static member Integer(k: int) : 'T = integers[k]
    /// 1/k, 0 &lt; k &lt; 128
    static member Inverse(k: int) : 'T = inverses[k]

/// <summary>The series of z = σ(u), σ′(u) and σ″(u) for the neurons of one layer, one coefficient of t after the other.</summary>
/// <remarks>
/// Coefficient k of every function needs the coefficients of u up to k only, so a field is expanded along its own solution in N²
/// operations. Factors of a convolution are stored forwards and backwards, so that each is one sum of products of two spans.
/// </remarks>
[<Sealed>]
type internal ActivationSeries<'T when 'T :> IField<'T>>
    (activations: Activation<'T>[], start: IActivationStart<'T>, order: int, needsSecond: bool) =
    let width = activations.Length
    let length = order + 1
    let memory () : 'T[] = Array.create (width * length) 'T.Zero
    // k·u_k, u and z forwards; u, z, σ′ and σ″ backwards; σ′ forwards for softplus.
    let weighted, u, z, s = memory (), memory (), memory (), memory ()
    let uBack, zBack, sBack, rBack = memory (), memory (), memory (), memory ()
    let two = Small<'T>.Integer 2
    let mutable kinked = false

    /// Σ_{j=first..k} a_j b_(k−j)
    let convolve (a: 'T[]) (bBack: 'T[]) (i: int) (first: int) (k: int) : 'T =
        let count = k - first + 1

        'T.AddProducts('T.Zero, ReadOnlySpan(a, i * length + first, count), ReadOnlySpan(bBack, i * length + order - (k - first), count))

    /// The coefficient k ≥ 1 of ∫ b u′: (1/k) Σ_{j=1..k} j u_j b_(k−j), which uses b up to k − 1 only.
    let drive (bBack: 'T[]) (i: int) (k: int) : 'T = 'T.Product(Small<'T>.Inverse k, convolve weighted bBack i 1 k)

    let setZ (i: int) (k: int) (value: 'T) : unit =
        z[i * length + k] <- value
        zBack[i * length + order - k] <- value

    let setSlope (i: int) (k: int) (value: 'T) : unit =
        s[i * length + k] <- value
        sBack[i * length + order - k] <- value

    let setCurvature (i: int) (k: int) (value: 'T) : unit = rBack[i * length + order - k] <- value

    /// Whether σ′ is a constant, so that derivatives need no convolution: identity and both sides of a kink.
    let isAffine =
        activations
        |> Array.map (function
            | Activation.Identity
            | Activation.Relu
            | Activation.LeakyRelu _ -> true
            | Activation.Square
            | Activation.Cubic
            | Activation.Transcendental _ -> false)

    /// Whether a neuron started at a kink of its activation.
    member _.HasKink: bool = kinked
    /// Whether σ′ of neuron i does not depend on u nearby.
    member _.IsAffine(i: int) : bool = isAffine[i]
    /// z_k of neuron i.
    member _.Value(i: int, k: int) : 'T = z[i * length + k]
    /// Σ_j a_j σ′_(k−j) for a series a of this layer's layout.
    member _.TimesSlope(a: 'T[], i: int, k: int) : 'T = convolve a sBack i 0 k
    /// Σ_j a_j σ″_(k−j)
    member _.TimesCurvature(a: 'T[], i: int, k: int) : 'T = convolve a rBack i 0 k
    /// σ′ at the start.
    member _.SlopeAtStart(i: int) : 'T = sBack[i * length + order]
    /// Σ_j a_j b_(k−j) of two series of this layer's layout, the second one backwards.
    member _.Convolve(a: 'T[], bBack: 'T[], i: int, k: int) : 'T = convolve a bBack i 0 k

    /// Takes u_k of neuron i and finds z_k and the coefficients k of its derivatives.
    member _.Push(i: int, k: int, value: 'T) : unit =
        u[i * length + k] <- value
        uBack[i * length + order - k] <- value
        weighted[i * length + k] <- 'T.Product(Small<'T>.Integer k, value)
        let σ = activations[i]

        if k = 0 then
            kinked <- kinked || start.HasKink(σ, value)
            setZ i 0 (start.Derivative(0, σ, value))
            setSlope i 0 (start.Derivative(1, σ, value))

            match σ with
            // σ″ = σ′(1 − σ′) drives the slope itself.
            | Activation.Transcendental f when f.Name = TranscendentalName.Softplus || needsSecond ->
                setCurvature i 0 (start.Derivative(2, σ, value))
            | Activation.Square
            | Activation.Cubic when needsSecond -> setCurvature i 0 (start.Derivative(2, σ, value))
            | _ -> ()
        else
            match σ with
            | Activation.Identity -> setZ i k value
            | Activation.Relu
            | Activation.LeakyRelu _ -> setZ i k ('T.Product(sBack[i * length + order], value))
            | Activation.Square ->
                setZ i k (convolve u uBack i 0 k)
                setSlope i k ('T.Product(two, value))
            | Activation.Cubic ->
                // z′ = (1 + u²)u′
                setZ i k (drive sBack i k)
                setSlope i k (convolve u uBack i 0 k)
                setCurvature i k ('T.Product(two, value))
            | Activation.Transcendental f ->
                setZ i k (drive sBack i k)

                match f.Name with
                | TranscendentalName.Tanh ->
                    // σ′ = 1 − z², σ″ = −2zσ′
                    setSlope i k ('T.Negation(convolve z zBack i 0 k))

                    if needsSecond then
                        setCurvature i k ('T.Product('T.Negation two, convolve z sBack i 0 k))
                | TranscendentalName.Logistic ->
                    // σ′ = z − z², σ″ = σ′ − 2zσ′
                    setSlope i k ('T.Difference(z[i * length + k], convolve z zBack i 0 k))

                    if needsSecond then
                        setCurvature i k ('T.Difference(s[i * length + k], 'T.Product(two, convolve z sBack i 0 k)))
                | TranscendentalName.Softplus ->
                    // σ′ is the logistic function, σ″ = σ′ − σ′²
                    setSlope i k (drive rBack i k)
                    setCurvature i k ('T.Difference(s[i * length + k], convolve s sBack i 0 k))
                | TranscendentalName.Sine ->
                    // σ′ = cos u, σ″ = −z
                    setSlope i k ('T.Negation(drive zBack i k))

                    if needsSecond then
                        setCurvature i k ('T.Negation(z[i * length + k]))
