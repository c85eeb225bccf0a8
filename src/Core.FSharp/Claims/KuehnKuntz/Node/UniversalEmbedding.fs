/// Every smooth function is the input–output map of a neural differential equation of one more dimension.
///
/// Statement: Ψ in Cᵏ(ℝⁿ): with W = [I; 0], b = 0, f(h) = (0, …, 0, Ψ(h₁ … h_n)/T) and w = e_{n+1}, Φ = Ψ exactly.
/// Proof: the first n components stay, the last one grows linearly. Every Runge–Kutta method with Σ b_i = 1 runs it without error: checked with
/// Euler's in 1, 2 and 7 steps, values and Hessians, for polynomials as networks of t + t³/3.
/// The statement is that of a summary, the construction is reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.KuehnKuntz.Node.UniversalEmbedding

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions
open LayerTime.Core.Rigour
open LayerTime.Core.Claims
open LayerTime.Core.Claims.KuehnKuntz

/// Φ(x) of a neural ODE of one piece by Euler's method.
let private euler (steps: int) (ode: NeuralOde<'T>) (x: 'T[]) : 'T[] when 'T :> IField<'T> =
    let through map state = map |> Option.map (fun map -> LayerMap.apply map state) |> Option.defaultValue state
    let field = VectorField.ofPiece ode.Pieces[0]
    let step: 'T = 'T.OfRatio(ode.Horizon.Numerator, ode.Horizon.Denominator * Numerics.BigInteger steps)
    let mutable state = through ode.Lift x

    for _ in 1..steps do
        let slope = Array.create state.Length 'T.Zero
        field.Evaluate('T.Zero, ReadOnlySpan state, Span slope)
        state <- Vector.addScaled state step slope

    through ode.Readout state

/// The layers of a perceptron of polynomial activations, over any ring.
let private layers (number: Rational -> 'T) (p: Perceptron<Rational>) : LayerMap<'T> when 'T :> IRing<'T> =
    let hidden =
        p.Hidden.ToArray()
        |> Array.map (fun layer ->
            Layer.create
                (Matrix.map number layer.Weights)
                (Array.map number layer.Bias)
                (Array.map ActivationKind.exactly layer.Activations)
            |> Defect.orFail)

    let last = Layer.affine (Matrix.map number p.Output) (p.OutputOffset.ToArray() |> Array.map number) |> Defect.orFail
    LayerMap.create (Array.append hidden [| last |]) |> Defect.orFail

let private horizons = [ Rational.One; Rational.create 2 3; Rational.ofInt 5 ]

/// Value and Hessian of Ψ and of its embedding are equal.
let private isExact (p: Perceptron<Rational>, x: Rational[]) : Outcome =
    let expected = LayerMap.apply (layers Jet.constant p) (Jet.variables x) |> Array.head
    let n = x.Length

    Outcome.all [
        for horizon in horizons do
            let ode = Embedding.ofMap horizon (layers Jet.constant p) |> Defect.orFail

            for steps in [ 1; 2; 7 ] do
                let found = euler steps ode (Jet.variables x) |> Array.head
                Check.equal $"Φ(x) in {steps} steps over T = {horizon}" expected.Value found.Value
                Check.vectors "Φ_x" (Jet.gradient n expected) (Jet.gradient n found)
                Check.matrices "H" (Matrix.init n n (Jet.secondDerivative expected)) (Matrix.init n n (Jet.secondDerivative found))
    ]

/// The exact value lies in the enclosure of the flow, which knows nothing of the construction.
let private isEnclosed (p: Perceptron<Rational>, x: Rational[]) : Outcome =
    let ode = Embedding.ofMap Rational.One (layers Interval.ofRational p) |> Defect.orFail
    let value = Check.value p x

    match ValidatedFlow.enclose ValidatedFlow.defaults ode [||] (Array.map Interval.ofRational x) with
    | Ok { Stop = EnclosureStop.Completed; Last = last } ->
        let side = (ValidatedFlow.output ode last).Value[0]
        if Interval.containsRational value side then Outcome.holds else Outcome.refuted "Φ(x)" (string value) (string side)
    | Ok stopped -> Outcome.undecided stopped.Stop.Sentence
    | Error defects -> Outcome.undecided (string defects)

/// x₁²x₂ − x₂³/3 + x₁/2 = (σ(x₁ + x₂) − σ(x₁ − x₂))/2 − 2σ(x₂) + x₂ + x₁/2 with σ(u) = u + u³/3.
let private polynomial: Perceptron<Rational> =
    let kinds = [| ActivationKind.Cubic; ActivationKind.Cubic; ActivationKind.Cubic; ActivationKind.Identity |]
    let weights = Networks.matrix [ "1 1"; "1 -1"; "0 1"; "1/2 1" ]
    let hidden = { Weights = weights; Bias = Networks.vector "0 0 0 0"; Activations = kinds }
    Perceptron.create [| hidden |] (Networks.matrix [ "1/2 -1/2 -2 1" ]) [| Rational.Zero |] |> Defect.orFail

let private isReference (x: Rational[]) : Outcome =
    let ode = Embedding.ofMap Rational.One (layers Jet.constant polynomial) |> Defect.orFail
    let found = euler 1 ode (Jet.variables x) |> Array.head

    Outcome.all [
        Check.equal "Φ" (Rational.create 59 324) found.Value
        Check.vectors "Φ_x" [| Rational.create -1 6; Rational.create -7 36 |] (Jet.gradient 2 found)
    ]

/// x² by as many states as inputs: three values of a monotone Φ are not 1, 0, 1.
let private isSquare (node: Node) : Outcome =
    let value x = (Nodes.map node).Value(Box.ofPoint [| x |])

    [ -1.0, 1.0; 0.0, 0.0; 1.0, 1.0 ]
    |> List.map (fun (x, square) ->
        let found = value x
        if Interval.contains square found then Outcome.holds else Outcome.refuted $"Φ({x})" (string square) (string found))
    |> Outcome.all

let claim: Claim =
    let samples =
        Draws.samples {
            Draws.ofClass ArchitectureClass.Augmented with
                Widths =
                    fun stream ->
                        let n = stream.NextInt(1, 3)
                        [| n; stream.NextInt(n + 1, n + 3); 1 |]
        }

    let pair (sample: Sample) = sample.Network.Perceptron, sample.Point
    let showPoint (x: Rational[]) = [ "Ψ", "x₁²x₂ − x₂³/3 + x₁/2"; "x", Draws.showVector x ]

    let line = Nodes.create [ "1" ] "0" [ "1" ] "0" "1" 1

    Paper.define
        "kuehn-kuntz.node.universal-embedding"
        Paper.ofSummary
        "Every Ψ in Cᵏ(ℝⁿ) is the map of a neural differential equation of m = n + 1 dimensions: f = (0, …, 0, Ψ(h₁ … h_n)/T), exactly."
    |> Claim.hypothesis "H1" "m ≥ n + 1"
    |> Claim.exact "exact-in-any-number-of-steps" (Instances.random samples 30) (pair >> isExact)
    |> Claim.exact "reference" (Instances.chosen showPoint [ Networks.vector "1/2 -2/3" ]) isReference
    |> Claim.certified "in-the-enclosure-of-the-flow" (Instances.random samples 20) (pair >> isEnclosed)
    |> Claim.neededBy "H1" (Instances.chosen (fun _ -> [ "m", "1"; "f", "tanh h"; "Ψ", "x²" ]) [ line ]) isSquare
