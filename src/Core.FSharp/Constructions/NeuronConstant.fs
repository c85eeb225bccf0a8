namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Networks

/// <summary>An exact number that activations make of fractions: q + Σ q_i·σ_i(c_i), the arguments c_i again such numbers.</summary>
/// <remarks>Values at fractions are fractions where the activation has them; tanh(1/2) stays as it is. Equal representations are equal
/// numbers. The converse holds for sums of tanh, logistic and sin at fractions (by Lindemann and Weierstrass: eᶜ and sin c are
/// transcendental and independent for different positive fractions c); in general two equal numbers may look different.</remarks>
type NeuronConstant = private {
    Rational: Rational
    Terms: Map<ConstantTerm, Rational>
} with

    override c.ToString() : string =
        let term (t: ConstantTerm) (q: Rational) = $"{q}·{ActivationKind.name t.Activation}({t.Argument})"
        let terms = c.Terms |> Map.toList |> List.map (fun (t, q) -> term t q)
        let parts = if c.Rational.Sign <> 0 || terms.IsEmpty then string c.Rational :: terms else terms
        String.concat " + " parts

/// σ(c)
and ConstantTerm = private { Activation: ActivationKind; Argument: NeuronConstant }

/// Exact constants: arithmetic and activations.
[<RequireQualifiedAccess>]
module NeuronConstant =
    /// A fraction.
    let ofRational (q: Rational) : NeuronConstant = { Rational = q; Terms = Map.empty }

    /// 0
    let zero: NeuronConstant = ofRational Rational.Zero

    /// The fraction it is, or None for one with an irrational part.
    let tryRational (c: NeuronConstant) : Rational option = if c.Terms.IsEmpty then Some c.Rational else None

    /// a + q·b
    let addScaled (a: NeuronConstant) (q: Rational) (b: NeuronConstant) : NeuronConstant =
        let add (terms: Map<ConstantTerm, Rational>) (term: ConstantTerm) (coefficient: Rational) =
            let sum = q * coefficient + (Map.tryFind term terms |> Option.defaultValue Rational.Zero)
            if sum.Sign = 0 then Map.remove term terms else Map.add term sum terms

        { Rational = a.Rational + q * b.Rational; Terms = Map.fold add a.Terms b.Terms }

    /// q·c
    let scale (q: Rational) (c: NeuronConstant) : NeuronConstant = addScaled zero q c

    /// −c
    let negate (c: NeuronConstant) : NeuronConstant = scale -Rational.One c

    let private symbol kind c = { Rational = Rational.Zero; Terms = Map.ofList [ { Activation = kind; Argument = c }, Rational.One ] }

    /// Of c and −c exactly one is turned, unless both are 0. It need not be the negative one.
    let private isTurned (c: NeuronConstant) : bool =
        match Map.toList c.Terms with
        | [] -> c.Rational.Sign < 0
        | (_, coefficient) :: _ -> coefficient.Sign < 0

    /// σ(c)
    let rec apply (kind: ActivationKind) (c: NeuronConstant) : NeuronConstant =
        let odd () = if isTurned c then negate (symbol kind (negate c)) else symbol kind c
        let even () = symbol kind (if isTurned c then negate c else c)
        let half = Rational.create 1 2

        match kind with
        | ActivationKind.Identity -> c
        | ActivationKind.Transcendental name ->
            match name with
            | TranscendentalName.Tanh
            | TranscendentalName.Sine -> if c = zero then zero else odd ()
            // s(t) = 1/2 + 1/2·tanh(t/2), so that tanh and logistic are told apart or known as equal.
            | TranscendentalName.Logistic ->
                addScaled (ofRational half) half (apply (ActivationKind.Transcendental TranscendentalName.Tanh) (scale half c))
            // log(1 + eᵗ) = log(1 + e⁻ᵗ) + t
            | TranscendentalName.Softplus -> if isTurned c then addScaled c Rational.One (even ()) else even ()
        | exact ->
            match tryRational c, exact with
            | Some q, _ -> ofRational (Activation.value (ActivationKind.exactly exact) q)
            | None, ActivationKind.Cubic -> odd ()
            | None, ActivationKind.Square -> even ()
            | None, _ -> symbol kind c

    /// The number in a number system with the elementary functions: rounded or enclosed, as it can.
    let rec over<'T when 'T :> ITranscendental<'T>> (c: NeuronConstant) : 'T =
        let number (q: Rational) = 'T.OfRatio(q.Numerator, q.Denominator)

        let add sum (term: ConstantTerm) coefficient =
            'T.Sum(sum, 'T.Product(number coefficient, Activation.value (ActivationKind.over term.Activation) (over term.Argument)))

        Map.fold add (number c.Rational) c.Terms
