/// A function with a critical point is not the map of a neural differential equation without augmentation.
///
/// Statement: (a) m ≤ n and full rank: no Ψ with a critical point embeds; (b) m ≤ n, any rank: none with a non-degenerate one. (c) With a
/// deficient lift some Ψ with degenerate points do: W = [1 0; 0 0], f = (0, h₁²), w = e₂ gives x₁². (d) The domain matters: x² on (1, 2) is the
/// flow of h′ = ln 2·h·ln h over T = 1.
/// Proof: the claims on critical points and degenerate lifts. The statement is the abstract's and a summary's; the examples are reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.KuehnKuntz.Node.EmbeddingImpossible

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Constructions
open LayerTime.Core.Rigour
open LayerTime.Core.Claims
open LayerTime.Core.Claims.KuehnKuntz

/// Ψ = Σ λ_i (x_i − p_i)² + Σ μ_i (x_i − p_i)³ with critical point p, and a neural ODE with m ≤ n.
[<NoComparison>]
type private Case = { Squares: Rational[]; Cubes: Rational[]; Point: Rational[]; Node: Node }

/// Ψ_x and Ψ_xx over a box.
let private gradientSystem (case: Case) : ISquareSystem =
    let n = case.Point.Length
    let number = Interval.ofRational
    let two, three, six: Interval * Interval * Interval = Ring.ratio 2 1, Ring.ratio 3 1, Ring.ratio 6 1
    let times (a: Interval) (b: Interval) = Arithmetic.(*) a b
    let deviation (x: Box) i = Arithmetic.(-) x[i] (number case.Point[i])

    let slope x i =
        let d = deviation x i
        Arithmetic.(+) (times two (times (number case.Squares[i]) d)) (times three (times (number case.Cubes[i]) (Interval.square d)))

    let curvature x i = Arithmetic.(+) (times two (number case.Squares[i])) (times six (times (number case.Cubes[i]) (deviation x i)))
    let gradient x = Array.init n (slope x)

    SquareSystem.ofFunctions n gradient (fun x ->
        struct (gradient x, Matrix.init n n (fun i j -> if i = j then curvature x i else Ring.ratio 0 1)))

/// What a critical point within a quarter of p says about m dimensions.
let private verdict (case: Case) (m: int) : Embeddability =
    if m > case.Point.Length then
        Embeddability.Embeds
    else
        let around = case.Point |> Array.map (fun p -> let x = Rational.toFloat p in Interval.ofBounds (x - 0.03125) (x + 0.03125))

        match ZeroSearch.tryIsolate (gradientSystem case) around with
        | Some zero ->
            let struct (_, hessian) = (gradientSystem case).ValueAndJacobian zero.Zero
            Embeddability.NotEmbeddable(IntervalMatrix.isRegular hessian)
        | None -> Embeddability.Unknown "no critical point is proved"

/// Ψ is judged not embeddable, and the gradient of the network at p agrees: it is not 0.
let private isNotEmbedded (case: Case) : Outcome =
    match verdict case case.Node.Readout.Length with
    | Embeddability.NotEmbeddable true ->
        let gradient = Nodes.gradient case.Node (Array.map Interval.ofRational case.Point)

        if gradient |> Array.exists (fun g -> not (Interval.contains 0.0 g)) then
            Outcome.holds
        elif gradient |> Array.forall (fun g -> g.Lower = 0.0 && g.Upper = 0.0) then
            Outcome.refuted "Φ_x(p) of the network" "not 0" "0"
        else
            Outcome.undecided "0 is not excluded from Φ_x(p)"
    | Embeddability.NotEmbeddable false -> Outcome.undecided "the critical point is not proved to be non-degenerate"
    | Embeddability.Embeds -> Outcome.refuted "the verdict" "not embeddable" "embeds"
    | Embeddability.Unknown reason -> Outcome.undecided reason

let private cases (augmentation: int) : Generator<Case> =
    let nodes =
        Nodes.draws
            (fun stream ->
                let n = stream.NextInt(1, 2)
                n, (if augmentation > 0 then n + augmentation else stream.NextInt(1, n)))
            Nodes.fullRank
            Nodes.short

    let complete (node: Node) (stream: RandomStream) =
        let n = node.Lift[0].Length
        let quarter low high = Rational.create (stream.NextInt(low, high)) 4

        {
            Squares = Array.init n (fun _ -> if stream.NextBool() then quarter 2 8 else quarter -8 -2)
            Cubes = Array.init n (fun _ -> quarter -2 2)
            Point = Array.init n (fun _ -> quarter -4 4)
            Node = node
        }

    Generator.create
        (FsCheck.FSharp.Gen.map2 complete nodes.Gen Generator.stream)
        (fun case -> nodes.Shrink case.Node |> Seq.map (fun node -> { case with Node = node }))
        (fun case ->
            nodes.Show case.Node
            @ [ "λ", Draws.showVector case.Squares; "μ", Draws.showVector case.Cubes; "p", Draws.showVector case.Point ])

/// (c) W = [1 0; 0 0], f = (0, h₁²), w = e₂, T = 1: Φ = x₁², by the exact step of a shear.
let private deficientLiftEmbeds (x: Rational[]) : Outcome =
    let h = [| x[0]; Rational.Zero |]
    Check.equal "Φ(x)" (x[0] * x[0]) (h[1] + h[0] * h[0])

/// (d) h′ = ln 2·h·ln h from x in (1, 2) ends at x².
let private squaresOnSegment (x: Rational) : Outcome =
    let field = {
        new ISmoothField with
            member _.Dimension = 1

            member _.Evaluate<'T when 'T :> ITranscendental<'T>>(_: 'T, h: 'T[]) =
                let two: 'T = Ring.ratio 2 1
                [| 'T.Product('T.Log two, 'T.Product(h[0], 'T.Log h[0])) |]
    }

    match ValidatedFlow.encloseField ValidatedFlow.defaults field Rational.One [||] [| Interval.ofRational x |] with
    | Ok { Stop = EnclosureStop.Completed; Last = last } ->
        let side = last.States.Value[0]

        if not (Interval.containsRational (x * x) side) then Outcome.refuted "h(1)" (string (x * x)) (string side)
        elif Interval.width side > 1e-12 then Outcome.undecided $"{side} is too wide"
        else Outcome.holds
    | Ok stopped -> Outcome.undecided stopped.Stop.Sentence
    | Error defects -> Outcome.undecided (string defects)

let claim: Claim =
    let drawn = cases 0
    let points = [ "1/2 1/3"; "-2 5"; "0 1" ] |> List.map Networks.vector
    let square = { Squares = [| Rational.One |]; Cubes = [| Rational.Zero |]; Point = [| Rational.Zero |]; Node = Nodes.N12 }

    Paper.define
        "kuehn-kuntz.node.embedding-impossible"
        Paper.ofAbstract
        "m ≤ n: no function with a non-degenerate critical point is the map of a neural differential equation, and with full rank none with any critical point."
    |> Claim.hypothesis "H1" "m ≤ n"
    |> Claim.certified "critical-points-do-not-embed" (Instances.random drawn 20) isNotEmbedded
    |> Claim.exact
        "a-deficient-lift-embeds-a-degenerate-one"
        (Instances.chosen (fun x -> [ "x", Draws.showVector x ]) points)
        deficientLiftEmbeds
    |> Claim.certified
        "without-the-critical-point-it-embeds"
        (Instances.chosen (fun (x: Rational) -> [ "x", string x ]) [ Rational.create 9 8; Rational.create 3 2; Rational.create 15 8 ])
        squaresOnSegment
    |> Claim.neededBy "H1" (Instances.chosen drawn.Show [ square ]) isNotEmbedded
