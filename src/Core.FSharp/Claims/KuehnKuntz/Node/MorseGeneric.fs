/// With more dimensions than inputs, almost all readouts give non-degenerate critical points only.
///
/// Statement: m &gt; n, rank W = n, f in C², flow defined: for almost every w, W, b and f being fixed, Φ is Morse.
/// Proof: dΦ_x/dw = Wᵀ·Y(T)ᵀ has rank n, so 0 is a regular value of Φ_x as a function of x and w; Sard.
/// A census certifies one instance at a time; no sample of weights proves that a set is null.
/// The statement is the abstract's, the proof is reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.KuehnKuntz.Node.MorseGeneric

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions
open LayerTime.Core.Rigour
open LayerTime.Core.Claims
open LayerTime.Core.Claims.KuehnKuntz

let private isMorse (node: Node) : Outcome =
    let census = Nodes.census 400L node (Box.cube node.Lift[0].Length 1.0)

    census
    |> Instruments.ifComplete (fun census ->
        match census.Degree with
        | Degree.Known degree when degree <> census.SignedCount ->
            Outcome.refuted "Σ (−1)^index" (string degree) (string census.SignedCount)
        | _ -> Outcome.holds)

/// dΦ_x/dw = Wᵀ·Y(T)ᵀ has rank n: Y·W has an n×n minor that is regular for every member.
let private readoutMovesGradient (node: Node) : Outcome =
    let n = node.Lift[0].Length
    let options = { ValidatedFlow.defaults with Derivatives = FlowOrder.C1 }

    match ValidatedFlow.enclose options (Nodes.ode node) [||] (Box.cube n 0.0625) with
    | Ok { Stop = EnclosureStop.Completed; Last = last } ->
        let m = last.States.Width
        let derivative = Matrix.init m n (fun i a -> last.States.First[a * m + i])

        if (RankBounds.ofIntervals derivative).Lower = n then
            Outcome.holds
        else
            Outcome.undecided "no minor of Y(T)·W is proved regular on the box"
    | Ok stopped -> Outcome.undecided stopped.Stop.Sentence
    | Error defects -> Outcome.undecided (string defects)

let private reference: KnownValue list =
    let census = lazy (Nodes.census 500L Nodes.N12 (Box.cube 1 3.0))
    let point i (read: CriticalPoint -> Interval) () = read census.Value.Points[i]
    let curvature (point: CriticalPoint) = (Nodes.hessian Nodes.N12 point.Point)[0, 0]
    let slope x () = (Nodes.gradient Nodes.N12 (Box.ofPoint [| x |]))[0]
    let count () = Interval.ofFloat (if census.Value.IsComplete then float census.Value.Points.Length else nan)

    // The points of N23, each proved in a box around the digits printed.
    let around (x: float, y: float) = [| Interval.ofBounds (x - 1e-5) (x + 1e-5); Interval.ofBounds (y - 1e-5) (y + 1e-5) |]

    let points =
        System.Collections.Generic.Dictionary<float * float, Lazy<IsolatedZero option>>()
        |> fun known place ->
            if not (known.ContainsKey place) then
                known[place] <- lazy (ZeroSearch.tryIsolate (Nodes.map Nodes.N23).Gradient (around place))

            known[place].Value

    let proved place read () =
        match points place with
        | Some zero -> read zero.Zero
        | None -> Interval.entire

    let eigenvalue i (box: Box) = (Instruments.eigenvalues (Nodes.hessian Nodes.N23 box))[i]

    // An enclosure over a box is wider than that at its middle by a share that falls at least as fast as the width of the box: what the
    // place of the point is worth follows from the enclosure over the box in which it was looked for.
    let atPoint name value i place = {
        Known.value name value (proved place (eigenvalue i)) with
            Slack =
                fun () ->
                    match points place with
                    | Some zero ->
                        let width box = Interval.width (eigenvalue i box)
                        let share = Box.width zero.Zero / Box.width (around place)
                        width (Box.ofPoint (Box.midpoint zero.Zero)) + share * width (around place)
                    | None -> 0.0
    }

    [
        Known.value "the number of critical points of N12 in [−3, 3]" 2.0 count
        Known.value "the maximum of N12" -1.5212672483434083 (point 0 (fun p -> p.Point[0]))
        Known.value "Φ there" 0.88772980727068571 (point 0 _.Value)
        Known.value "Φ″ there" -2.7891427382474229 (point 0 curvature)
        Known.value "the minimum of N12" -0.163096700169654 (point 1 (fun p -> p.Point[0]))
        Known.value "Φ at it" -1.9614975084785882 (point 1 _.Value)
        Known.value "Φ″ at it" 2.6044100952740059 (point 1 curvature)
        Known.value "Φ′(−3) of N12" 0.832766947121836 (slope -3.0)
        Known.value "Φ′(3) of N12" 0.829302795420265 (slope 3.0)

        for place, value, low, high in
            [
                (-0.92824052299152991, -0.6639511965173668), -0.071958989216815059, -2.7298365243605734, 2.219679949677318
                (-0.71637269240185321, 0.55412779029201591), 1.0291241520781775, -3.0898538360571538, -1.277141464919592
                (-0.39551640616294948, -1.3247379605763993), -0.30145930712199389, 1.624645275912253, 4.9598792313966476
                (-0.19278306223366401, -0.017954277496645977), 0.86569369319948336, -2.1357825786525588, 3.4182340977556171
            ] do
            Known.value $"Φ of N23 at {place}" value (proved place (Nodes.map Nodes.N23).Value)
            atPoint $"the smaller eigenvalue at {place}" low 0 place
            atPoint $"the larger eigenvalue at {place}" high 1 place
    ]

/// On a line of critical points the Hessian is singular.
let private isNowhereDegenerate (node: Node) : Outcome =
    if Nodes.hasCriticalCurve node then
        Outcome.refuted "det H on the line of critical points between x₁ = −2 and −1" "not 0" "0, as ∂Φ/∂x₂ vanishes identically"
    else
        Outcome.undecided "no line of critical points is seen"

/// The embedding of x³ = 3(σ(x) − x), σ(u) = u + u³/3, read out by w: h = (x, 0), h′ = (0, h₁³) for 0 ≤ t ≤ 1, over any ring.
let private cube (number: Rational -> 'T) (readout: Rational[]) : NeuralOde<'T> when 'T :> IField<'T> =
    let layer weights activations =
        let matrix = Matrix.ofRows weights |> Matrix.map (Rational.ofInt >> number)
        Layer.create matrix (Array.create matrix.Rows 'T.Zero) activations |> Defect.orFail

    let ψ = [|
        layer [| [| 1 |]; [| 1 |] |] [| Activation.Cubic; Activation.Identity |]
        layer [| [| 3; -3 |] |] [| Activation.Identity |]
    |]

    let embedded = LayerMap.create ψ |> Result.bind (Embedding.ofMap Rational.One) |> Defect.orFail
    let linear = Array.map number readout |> Array.singleton |> Matrix.ofRows |> LayerMap.linear
    NeuralOde.create embedded.Lift (embedded.Pieces.ToArray()) (Some linear) |> Defect.orFail

/// Φ′ and Φ″ at 0, by enclosures of the flow, and exactly: a step of Euler's method has no error here.
let private isMorseAtOrigin (readout: Rational[]) : Outcome =
    let enclosed = cube Interval.ofRational readout
    let exact = cube Jet.constant readout
    let start = LayerMap.apply exact.Lift.Value (Jet.variables [| Rational.Zero |])
    let slope = Array.create 2 (Jet.constant Rational.Zero)
    (VectorField.ofPiece exact.Pieces[0]).Evaluate(Jet.constant Rational.Zero, System.ReadOnlySpan start, System.Span slope)
    let Φ = LayerMap.apply exact.Readout.Value (Vector.add start slope) |> Array.head
    let first, second = (Jet.gradient 1 Φ)[0], Jet.secondDerivative Φ 0 0

    match ValidatedFlow.enclose { ValidatedFlow.defaults with Derivatives = FlowOrder.C2 } enclosed [||] (Box.ofPoint [| 0.0 |]) with
    | Ok { Stop = EnclosureStop.Completed; Last = last } ->
        let jet = ValidatedFlow.output enclosed last

        if not (Interval.containsRational first jet.First[0] && Interval.containsRational second jet.Second[0]) then
            Outcome.refuted "Φ′ and Φ″ at 0" $"{first} and {second}" $"in {jet.First[0]} and {jet.Second[0]}"
        elif first.Sign = 0 && second.Sign = 0 then
            Outcome.refuted "Φ″ at the critical point 0" "not 0" "0"
        elif first.Sign <> 0 && Interval.contains 0.0 jet.First[0] then
            Outcome.undecided "the enclosure does not tell whether 0 is critical"
        else
            Outcome.holds
    | Ok stopped -> Outcome.undecided stopped.Stop.Sentence
    | Error defects -> Outcome.undecided (string defects)

let claim: Claim =
    let lines = Nodes.draws (fun stream -> 1, stream.NextInt(2, 3)) Nodes.fullRank Nodes.short

    let any =
        Nodes.draws
            (fun stream ->
                let n = stream.NextInt(1, 2)
                n, stream.NextInt(n + 1, n + 2))
            Nodes.fullRank
            Nodes.short

    Paper.define
        "kuehn-kuntz.node.morse-generic"
        Paper.ofAbstract
        "m > n, rank W = n, f in C²: for almost every readout w, W, b and f being fixed, Φ has non-degenerate critical points only."
    |> Claim.hypothesis "H1" "w is outside a null set"
    |> Claim.hypothesis "H2" "rank W = n < m"
    |> Claim.certified "drawn-equations-are-morse" (Instances.random lines 8) isMorse
    |> Claim.certified "readout-moves-the-gradient" (Instances.random any 20) readoutMovesGradient
    |> Known.references reference "reference"
    |> Claim.certified
        "off-the-null-set"
        (Instances.chosen (fun (w: Rational[]) -> [ "f", "(0, h₁³)"; "w", Draws.showVector w ]) [
            Networks.vector "1/1000000 1"
            Networks.vector "-1/1024 1"
        ])
        isMorseAtOrigin
    |> Claim.neededBy
        "H1"
        (Instances.chosen (fun (w: Rational[]) -> [ "f", "(0, h₁³)"; "w", Draws.showVector w ]) [ Networks.vector "0 1" ])
        isMorseAtOrigin
    |> Claim.neededBy "H2" (Instances.chosen lines.Show [ Nodes.forgetful ]) isNowhereDegenerate
