/// Critical points of the K-step residual network converge to those of the flow.
///
/// Statement: x* a non-degenerate critical point of the neural differential equation, f in C³ in h: the residual network of K Euler steps has a
/// critical point x_K of the same index with x_K − x* = c/K + O(K⁻²).
/// Proof: Φᴷ_x = Φ_x + d₁/K + O(K⁻²) and Hᴷ → H near x*; one Newton step. Near a fold there are two points or none.
/// Beyond the paper.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.KuehnKuntz.Beyond.DepthConvergence

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Rigour
open LayerTime.Core.Claims
open LayerTime.Core.Claims.KuehnKuntz
open LayerTime.Core.Claims.KuehnKuntz.Node

/// Φᴷ with gradient and Hessian: h_{k+1} = h_k + (T/K)·f(h_k) over jets.
let private residual (node: Node) (steps: int) : ISquareSystem =
    let n = node.Lift[0].Length
    let number: Rational -> AnalyticJet<Interval> = Interval.ofRational >> AnalyticJet.constant
    let lift, a = Matrix.map number (Matrix.ofRows node.Lift), Matrix.map number (Matrix.ofRows node.Field)
    let b, c, w = Array.map number node.LiftBias, Array.map number node.FieldBias, Array.map number node.Readout
    let δ = number (node.Horizon * Rational.create 1 steps)

    let jet (box: Box) =
        let mutable h = Vector.add (Matrix.apply lift (AnalyticJet.variables box)) b

        for _ in 1..steps do
            h <- Vector.addScaled h δ (Vector.add (Matrix.apply a h) c |> Array.map Transcendental.tanh)

        Vector.dot w h

    SquareSystem.ofFunctions n (fun box -> AnalyticJet.gradient n (jet box)) (fun box ->
        let jet = jet box
        struct (AnalyticJet.gradient n jet, Matrix.init n n (AnalyticJet.secondDerivative jet)))

/// x* or x_K near a place, proved.
let private zeroNear (system: ISquareSystem) (place: float) : IsolatedZero option =
    let p = Krawczyk.newton system [| Interval.ofFloat place |]
    ZeroSearch.tryIsolate system [| Interval.ofBounds (p[0] - 1e-9) (p[0] + 1e-9) |]

/// How wide a proved zero x of a system of one unknown may be: Krawczyk's iteration ends within twice |C|·w(g(m)), the rounding of g at the
/// point m divided by the slope, and the rounding of x itself.
let private rounding (system: ISquareSystem) (zero: IsolatedZero) : float =
    let middle = Box.midpoint zero.Zero
    let struct (g, slope) = system.ValueAndJacobian(Box.ofPoint middle)

    2.0 * Interval.width g[0] / Interval.mignitude slope[0, 0]
    + 4.0 * (System.Math.BitIncrement(abs middle[0]) - abs middle[0])

let private depths = [ 16; 32; 64; 128; 256 ]

/// x_K − x* for K = 16 … 256 with what rounding makes of its width; None where a point is not proved.
let private deviations (node: Node, place: float) : (int * Interval * float) list option =
    let flow = (Nodes.map node).Gradient

    zeroNear flow place
    |> Option.bind (fun limit ->
        let sign (system: ISquareSystem) (zero: IsolatedZero) =
            let struct (_, hessian) = system.ValueAndJacobian zero.Zero
            Inertia.negative hessian

        let at k =
            let system = residual node k

            zeroNear system place
            |> Option.filter (fun zero -> sign system zero = sign flow limit)
            |> Option.map (fun zero -> k, Arithmetic.(-) zero.Zero[0] limit.Zero[0], rounding system zero + rounding flow limit)

        let found = depths |> List.map at
        if List.forall Option.isSome found then Some(List.choose id found) else None)

let private hasOrderOne (node: Node, place: float) : Outcome =
    match deviations (node, place) with
    | None -> Outcome.undecided "a critical point of the same index is not proved at every depth"
    | Some found ->
        let rung (k, error, _) = { Resolution = float k; Error = abs (Interval.midpoint error); Floor = Interval.radius error }
        found |> List.map rung |> Asymptotic.within "|x_K − x*|" (0.9, 1.1)

let private reference: KnownValue list =
    let first = lazy (deviations (Nodes.N12, -0.163096700169654))
    let second = lazy (deviations (Nodes.N12, -1.5212672483434083))

    let at (found: Lazy<(int * Interval * float) list option>) k = found.Value |> Option.map (List.find (fun (depth, _, _) -> depth = k))

    let scaled found k () =
        match at found k with
        | Some(_, e, _) -> Arithmetic.(*) (Interval.ofFloat (float k)) e
        | None -> Interval.entire

    // Twelve digits are printed of K times the difference of two points.
    let digits k place value found = {
        Known.value $"K·(x_K − x*) for K = {k} {place}" value (scaled found k) with
            Slack = fun () -> at found k |> Option.map (fun (_, _, rounding) -> float k * rounding) |> Option.defaultValue 0.0
    }

    [
        for k, value in List.zip depths [ 0.126342951014; 0.128146958042; 0.129032882654; 0.129471648384; 0.129689959605 ] do
            digits k "at the minimum" value first
        digits 16 "at the maximum" -0.127291982621 second
        digits 256 "at the maximum" -0.129458149458 second
    ]

/// N12 with a readout at which the flow has a fold at −0.844…: a degenerate critical point.
let private folded: Node = { Nodes.N12 with Readout = Networks.vector "1 -0.14440442645400242" }

/// The residual network of 16 or 64 steps has a critical point within half of x*.
let private hasPointNearby (node: Node, steps: int) : Outcome =
    let options = { ZeroSearch.defaults with MaxBoxes = 4000L }
    let place = [| Interval.ofBounds -1.344 -0.344 |]
    let search = ZeroSearch.run (residual node steps) options (ZeroSearch.start place)

    if search.Open.IsEmpty && search.Small.IsEmpty && search.Found.IsEmpty then
        Outcome.refuted $"critical points of the {steps}-step network in [−1.344, −0.344]" "one, near that of the flow" "none"
    elif search.Found.IsEmpty then
        Outcome.undecided "the search is not complete"
    else
        Outcome.holds

let claim: Claim =
    let show (node: Node, place: float) = [ "w", Draws.showVector node.Readout; "near", string place ]

    Paper.define
        "kuehn-kuntz.beyond.depth-convergence"
        Paper.own
        "x* non-degenerate: the residual network of K Euler steps has a critical point x_K of the same index, x_K − x* = c/K + O(K⁻²)."
    |> Claim.hypothesis "H1" "x* is non-degenerate"
    |> Claim.asymptotic "order-one" (Instances.ladder show [ Nodes.N12, -0.163096700169654; Nodes.N12, -1.5212672483434083 ]) hasOrderOne
    |> Known.references reference "reference"
    |> Claim.neededBy
        "H1"
        (Instances.chosen (fun (node: Node, steps: int) -> [ "w", Draws.showVector node.Readout; "K", string steps ]) [
            folded, 16
            folded, 64
        ])
        hasPointNearby
