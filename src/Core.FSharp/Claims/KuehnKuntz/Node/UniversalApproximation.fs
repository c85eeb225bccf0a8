/// Augmented neural differential equations approximate continuous functions.
///
/// Statement: |f − f̃|∞ ≤ ε on a tube about the solution, f Lipschitz there with L: |Φ − Φ̃| ≤ |w|₁·ε·(e^{LT} − 1)/L (Grönwall). In the shear that
/// embeds Ψ, L is irrelevant: the error is at most ε·T. So with fields dense in C⁰, equations of m = n + 1 dimensions are dense in C⁰.
/// The statement is that of a summary, the bound is reconstructed (in the ∞-norm).
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.KuehnKuntz.Node.UniversalApproximation

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Constructions
open LayerTime.Core.Rigour
open LayerTime.Core.Claims
open LayerTime.Core.Claims.KuehnKuntz

/// f = tanh(A·h + c), f̃ = f + ε·factor·tanh(B·h), from one start.
[<NoComparison>]
type private Pair = { Node: Node; Other: Rational[][]; Size: Rational; Factor: Rational; Start: Rational[] }

let private field (pair: Pair) (perturbed: bool) : ISmoothField = {
    new ISmoothField with
        member _.Dimension = pair.Start.Length

        member _.Evaluate<'T when 'T :> ITranscendental<'T>>(_: 'T, h: 'T[]) =
            let number (q: Rational) : 'T = 'T.OfRatio(q.Numerator, q.Denominator)
            let matrix = Matrix.ofRows >> Matrix.map number

            let f =
                Vector.add (Matrix.apply (matrix pair.Node.Field) h) (Array.map number pair.Node.FieldBias)
                |> Array.map Transcendental.tanh

            if perturbed then
                Vector.addScaled f (number (pair.Size * pair.Factor)) (Matrix.apply (matrix pair.Other) h |> Array.map Transcendental.tanh)
            else
                f
}

let private final (horizon: Rational) (start: Interval[]) (field: ISmoothField) : Interval[] option =
    match ValidatedFlow.encloseField { ValidatedFlow.defaults with Order = Some 10 } field horizon [||] start with
    | Ok { Stop = EnclosureStop.Completed; Last = last } -> Some last.States.Value
    | _ -> None

/// ε·(e^{LT} − 1)/L, or ε·T for L = 0.
let private gronwall (size: Rational) (lipschitz: Interval) (horizon: Rational) : Interval =
    if lipschitz.Upper = 0.0 then
        Interval.ofRational (size * horizon)
    else
        let growth = Transcendental.expm1 (Arithmetic.(*) lipschitz (Interval.ofRational horizon))
        Arithmetic.(/) (Arithmetic.(*) (Interval.ofRational size) growth) lipschitz

let private staysNear (pair: Pair) : Outcome =
    // 10⁻⁹ wide, far below ε, so that the steps need not fight for the last bits.
    let start = pair.Start |> Array.map (Interval.ofRational >> Box.widen 1e-9)
    let horizon = pair.Node.Horizon

    match final horizon start (field pair false), final horizon start (field pair true) with
    | Some a, Some b ->
        // |tanh′| ≤ 1: the Lipschitz constant in the ∞-norm is the largest row sum.
        let lipschitz = Interval.ofRational (Matrix.normInf (Matrix.ofRows pair.Node.Field))
        let bound = gronwall pair.Size lipschitz horizon
        let readout = pair.Node.Readout |> Array.map (Rational.abs >> Interval.ofRational)
        let bound = Arithmetic.(*) bound (Array.reduce (fun a b -> Arithmetic.(+) a b) readout)
        let difference = Vector.dot (Array.map Interval.ofRational pair.Node.Readout) (Vector.subtract a b)
        Outcome.atMost "|Φ − Φ̃|" bound.Lower (Interval.magnitude difference)
    | _ -> Outcome.undecided "a flow could not be enclosed to the end"

let private pairs: Generator<Pair> =
    let nodes = Nodes.draws (fun stream -> 1, stream.NextInt(1, 3)) Nodes.fullRank Nodes.short

    let complete (node: Node) (stream: RandomStream) = {
        Node = node
        Other = Draws.matrix (Draws.dyadic 16 2) stream node.Readout.Length node.Readout.Length
        Size = Rational.create 1 (1 <<< stream.NextInt(3, 10))
        Factor = Rational.One
        Start = Draws.vector (Draws.dyadic 16 1) stream node.Readout.Length
    }

    Generator.create
        (FsCheck.FSharp.Gen.map2 complete nodes.Gen Generator.stream)
        (fun pair -> Draws.shrinkFraction pair.Size |> Seq.filter (fun ε -> ε.Sign > 0) |> Seq.map (fun ε -> { pair with Size = ε }))
        (fun pair ->
            nodes.Show pair.Node
            @ [
                "B", pair.Other |> Array.map Draws.showVector |> String.concat " "
                "ε", string pair.Size
                "h(0)", Draws.showVector pair.Start
            ])

/// f = sin h and sin h + 1/100 from 3/10 over T = 1, L = 1.
let private reference: KnownValue list =
    let sines (shift: Rational) = {
        new ISmoothField with
            member _.Dimension = 1

            member _.Evaluate<'T when 'T :> ITranscendental<'T>>(_: 'T, h: 'T[]) = [|
                'T.Sum('T.Sin h[0], 'T.OfRatio(shift.Numerator, shift.Denominator))
            |]
    }

    let at shift () =
        final Rational.One [| Interval.ofRational (Rational.create 3 10) |] (sines shift)
        |> Option.map Array.head
        |> Option.defaultValue Interval.entire

    let percent = Rational.create 1 100

    [
        Known.value "h(1) for sin h" 0.77961193683579716 (at Rational.Zero)
        Known.value "h(1) for sin h + 1/100" 0.795202541194672939 (at percent)
        Known.value "Grönwall's bound" 0.0171828182845904524 (fun () -> gronwall percent (Interval.ofFloat 1.0) Rational.One)
    ]

/// v·(2·tanh 1 − tanh(x/2 + 1) + tanh(x/2 − 1)), within 0.00684 of x² on [−1, 1], as an equation of two dimensions.
let private approximatesSquare (x: Rational) : Outcome =
    let number = Networks.number >> Interval.ofRational
    let v = "6.4134260813767681"

    let inner =
        LayerMap.dense (Matrix.ofRows [| [| number "0.5" |]; [| number "0.5" |] |]) [| number "1"; number "-1" |] Activation.tanh
        |> Defect.orFail

    let outer =
        Layer.affine (Matrix.ofRows [| [| number $"-{v}"; number v |] |]) [| number "9.76885564646165679776" |] |> Defect.orFail

    let network = LayerMap.create (Array.append (inner.Layers.ToArray()) [| outer |]) |> Defect.orFail
    let ode = Embedding.ofMap Rational.One network |> Defect.orFail

    match ValidatedFlow.enclose ValidatedFlow.defaults ode [||] [| Interval.ofRational x |] with
    | Ok { Stop = EnclosureStop.Completed; Last = last } ->
        let error = Arithmetic.(-) (ValidatedFlow.output ode last).Value[0] (Interval.ofRational (x * x))
        // The largest error of a grid of 2001 points, and what the map can rise between them (|(Φ − x²)′| ≤ 7, grid 1/1000).
        Outcome.atMost "|Φ(x) − x²|" (0.006832457077 + 0.0035) (Interval.magnitude error)
    | Ok stopped -> Outcome.undecided stopped.Stop.Sentence
    | Error defects -> Outcome.undecided (string defects)

/// A monotone Φ, as every equation with m = n = 1 has, errs by at least 1/2 somewhere on [−1, 1]: it is no better than that at −1, 0 and 1.
let private approximatesSquareAlone (node: Node) : Outcome =
    let error x = Interval.mignitude (Arithmetic.(-) ((Nodes.map node).Value(Box.ofPoint [| x |])) (Interval.ofFloat (x * x)))
    let worst = List.max (List.map error [ -1.0; 0.0; 1.0 ])
    Outcome.atMost "the error at −1, 0 or 1" 0.25 worst

let claim: Claim =
    let points = [ for k in -8 .. 8 -> Rational.create k 8 ]

    let doubled = {
        Node = Nodes.create [ "1" ] "0" [ "0" ] "0" "1" 1
        Other = [| [| Rational.ofInt 64 |] |]
        Size = Rational.create 1 8
        Factor = Rational.ofInt 2
        Start = [| Rational.One |]
    }

    Paper.define
        "kuehn-kuntz.node.universal-approximation"
        Paper.ofSummary
        "|f − f̃|∞ ≤ ε near the solution, f Lipschitz with L: |Φ − Φ̃| ≤ |w|₁·ε·(e^{LT} − 1)/L; with m ≥ n + 1 the maps are dense in C⁰."
    |> Claim.hypothesis "H1" "|f − f̃|∞ ≤ ε on the tube"
    |> Claim.hypothesis "H2" "m ≥ n + 1, for density"
    |> Claim.bounded "gronwall-bound" (Instances.random pairs 12) staysNear
    |> Claim.certified "an-equation-near-the-square" (Instances.chosen (fun (x: Rational) -> [ "x", string x ]) points) approximatesSquare
    |> Known.references reference "reference"
    |> Claim.neededBy "H1" (Instances.chosen pairs.Show [ doubled ]) staysNear
    |> Claim.neededBy
        "H2"
        (Instances.chosen (fun (_: Node) -> [ "m", "1"; "f", "tanh h" ]) [ Nodes.create [ "1" ] "0" [ "1" ] "0" "1" 1 ])
        approximatesSquareAlone
