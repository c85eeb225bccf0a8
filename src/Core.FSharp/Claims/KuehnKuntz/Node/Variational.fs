/// The variational equations give gradient and Hessian of a neural differential equation.
///
/// Statement: f in C² in h. With A = f_h along the solution, Y′ = A·Y, Y(0) = I, and Z_ij′ = A·Z_ij + f″[Y_i, Y_j], Z_ij(0) = 0, of
/// Φ(x) = w·h(T), h(0) = W·x + b: Φ_x = Wᵀ·Y(T)ᵀ·w, H = Wᵀ·[w·Z_ij(T)]·W; and by the adjoint p′ = −Aᵀ·p, p(T) = w: Φ_x = Wᵀ·p(0),
/// H = Wᵀ·∫ Yᵀ·(Σ p_k f_k″)·Y dt·W.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.KuehnKuntz.Node.Variational

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Rigour
open LayerTime.Core.Claims
open LayerTime.Core.Claims.KuehnKuntz

/// The adjoint run from T back to 0, in s = T − t: h′ = −f, p′ = Aᵀ·p, y′ = −A·y for y = Y·W, g′ = Σ p_k f_k″[y, y]; n = 1.
let private backwards (node: Node) : ISmoothField =
    let m = node.Readout.Length

    {
        new ISmoothField with
            member _.Dimension = 3 * m + 1

            member _.Evaluate<'T when 'T :> ITranscendental<'T>>(_: 'T, state: 'T[]) =
                let number (q: Rational) : 'T = 'T.OfRatio(q.Numerator, q.Denominator)
                let a = Matrix.ofRows node.Field |> Matrix.map number
                let h, p, y = Array.sub state 0 m, Array.sub state m m, Array.sub state (2 * m) m
                let u = Vector.add (Matrix.apply a h) (Array.map number node.FieldBias)
                let times x y = Array.map2 (fun (s: 'T) (t: 'T) -> 'T.Product(s, t)) x y
                // z = tanh u, 1 − z² and −2z(1 − z²)
                let z = Array.map Transcendental.tanh u
                let slope = Array.map2 (fun (one: 'T) (square: 'T) -> 'T.Difference(one, square)) (Array.create m 'T.One) (times z z)
                let curvature = Vector.scale (Ring.ratio -2 1) (times z slope)
                let ay = Matrix.apply a y
                let negated x = Array.map (fun (t: 'T) -> 'T.Negation t) x

                Array.concat [
                    negated z
                    Matrix.apply (Matrix.transpose a) (times slope p)
                    negated (times slope ay)
                    [| Vector.dot p (times curvature (times ay ay)) |]
                ]
    }

let private meets (quantity: string) (a: Interval) (b: Interval) : Outcome =
    if Interval.disjoint a b then Outcome.refuted quantity (string a) (string b) else Outcome.holds

/// The two ways enclose the same numbers.
let private primalMeetsAdjoint (node: Node) : Outcome =
    let options = { ValidatedFlow.defaults with Derivatives = FlowOrder.C2 }
    let ode = Nodes.ode node

    match ValidatedFlow.enclose options ode [||] [| Interval.ofFloat 0.25 |] with
    | Error defects -> Outcome.undecided (string defects)
    | Ok primal ->
        let states = primal.Last.States
        let output = ValidatedFlow.output ode primal.Last
        let readout = node.Readout |> Array.map Interval.ofRational
        // A little wider than needed: the steps need not fight for the last bits, and eight digits tell the two formulas apart.
        let start = Array.concat [ states.Value; readout; states.First; [| Interval.ofFloat 0.0 |] ] |> Array.map (Box.widen 1e-8)

        match ValidatedFlow.encloseField { ValidatedFlow.defaults with Order = Some 10 } (backwards node) node.Horizon [||] start with
        | Ok { Stop = EnclosureStop.Completed; Last = last } ->
            let m = readout.Length
            let lift = node.Lift |> Array.map (fun row -> Interval.ofRational row[0])
            let gradient = Vector.dot lift (Array.sub last.States.Value m m)

            Outcome.all [ meets "Φ_x" output.First[0] gradient; meets "H" output.Second[0] last.States.Value[3 * m] ]
        | Ok stopped -> Outcome.undecided stopped.Stop.Sentence
        | Error defects -> Outcome.undecided (string defects)

/// h′ = h² from h₀ over T: h₀/(1 − T·h₀) with derivatives 1/(1 − T·h₀)² and 2T/(1 − T·h₀)³.
let private containsClosedForm (start: Rational, horizon: Rational) : Outcome =
    let field = {
        new ISmoothField with
            member _.Dimension = 1
            member _.Evaluate(_, x) = [| Arithmetic.(*) x[0] x[0] |]
    }

    let options = { ValidatedFlow.defaults with Derivatives = FlowOrder.C2 }

    match ValidatedFlow.encloseField options field horizon [||] [| Interval.ofRational start |] with
    | Ok { Stop = EnclosureStop.Completed; Last = last } ->
        let rest = Rational.One - horizon * start
        let jet = last.States

        let inside quantity (value: Rational) side =
            if Interval.containsRational value side then Outcome.holds else Outcome.refuted quantity (string value) (string side)

        Outcome.all [
            inside "h(T)" (start / rest) jet.Value[0]
            inside "∂h(T)/∂h₀" (Rational.One / (rest * rest)) jet.First[0]
            inside "∂²h(T)/∂h₀²" (Rational.ofInt 2 * horizon / (rest * rest * rest)) jet.Second[0]
        ]
    | Ok stopped -> Outcome.undecided stopped.Stop.Sentence
    | Error defects -> Outcome.undecided (string defects)

let private closedForms: Generator<Rational * Rational> =
    let draw (stream: RandomStream) =
        let start = Rational.create (stream.NextInt(-64, 64)) 32
        // T·h₀ ≤ 1/2
        start, Rational.create (stream.NextInt(1, 8)) 32

    Generator.fromStream (fun _ -> draw) (fun (h, t) -> Draws.shrinkFraction h |> Seq.map (fun h -> h, t)) (fun (h, t) -> [
        "h₀", string h
        "T", string t
    ])

let private reference: KnownValue list =
    let jet node x =
        lazy
            (let ode = Nodes.ode node

             match ValidatedFlow.enclose { ValidatedFlow.defaults with Derivatives = FlowOrder.C2 } ode [||] (Nodes.point x) with
             | Ok enclosure -> ValidatedFlow.output ode enclosure.Last
             | Error defects -> invalidOp (string defects))

    let n12, n23 = jet Nodes.N12 "0.5", jet Nodes.N23 "0.25 -0.5"
    let uncoupled = jet (Nodes.create [ "1"; "2" ] "0.3 -0.5" [ "1 0"; "0 1" ] "0 0" "1 -0.6" 1) "0.25"

    [
        Known.value "Φ of N12" -1.6526606118745756014 (fun () -> n12.Value.Value[0])
        Known.value "Φ′ of N12" 0.69734524938775623045 (fun () -> n12.Value.First[0])
        Known.value "Φ″ of N12" 0.30312614092082401442 (fun () -> n12.Value.Second[0])
        Known.value "Φ of the uncoupled field" 1.233823360653493202710 (fun () -> uncoupled.Value.Value[0])
        Known.value "Φ′ of the uncoupled field" -1.576322419690230913046 (fun () -> uncoupled.Value.First[0])
        Known.value "Φ″ of the uncoupled field" -1.553477209722014466917 (fun () -> uncoupled.Value.Second[0])
        Known.value "Φ of N23" 1.1591536252945131822 (fun () -> n23.Value.Value[0])
        Known.value "∂Φ/∂x₁ of N23" 1.0685286472472914667 (fun () -> n23.Value.First[0])
        Known.value "∂Φ/∂x₂ of N23" 0.3230428174741726834 (fun () -> n23.Value.First[1])
        Known.value "H₁₁ of N23" -0.80755952737490472368 (fun () -> n23.Value.Second[0])
        Known.value "H₁₂ of N23" -1.5415673339995529347 (fun () -> n23.Value.Second[1])
        Known.value "H₂₂ of N23" -2.8626396419297710711 (fun () -> n23.Value.Second[2])
    ]

/// h′ = h|h|/2 at 0: on either side the field is ±h²/2, and the second derivatives of the flow from both sides are T and −T.
let private sidesAgree (horizon: Rational) : Outcome =
    let side (sign: int) =
        let field = {
            new ISmoothField with
                member _.Dimension = 1
                member _.Evaluate(_, x) = [| Arithmetic.(*) (Ring.ratio sign 2) (Arithmetic.(*) x[0] x[0]) |]
        }

        match
            ValidatedFlow.encloseField { ValidatedFlow.defaults with Derivatives = FlowOrder.C2 } field horizon [||] [|
                Interval.ofFloat 0.0
            |]
        with
        | Ok enclosure -> enclosure.Last.States.Second[0]
        | Error defects -> invalidOp (string defects)

    meets "∂²h(T)/∂h₀² at 0 from the right and from the left" (side 1) (side -1)

let claim: Claim =
    let nodes = Nodes.draws (fun _ -> 1, 2) Nodes.fullRank Nodes.short

    Paper.define
        "kuehn-kuntz.node.variational"
        Paper.reconstructed
        "f in C²: first and second variation of the flow give Φ_x = Wᵀ·Y(T)ᵀ·w and H = Wᵀ·[w·Z_ij(T)]·W, the same as the adjoint does."
    |> Claim.hypothesis "H1" "f is C² in h"
    |> Claim.certified "primal-meets-adjoint" (Instances.random nodes 6) primalMeetsAdjoint
    |> Claim.certified "closed-form" (Instances.random closedForms 20) containsClosedForm
    |> Known.references reference "reference"
    |> Claim.neededBy "H1" (Instances.chosen (fun (t: Rational) -> [ "f", "h·|h|/2"; "T", string t ]) [ Rational.One ]) sidesAgree
