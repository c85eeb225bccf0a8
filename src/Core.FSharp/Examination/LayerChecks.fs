/// Conclusions of claims on layers one after another, momentum and injectivity, computed for one network in two ways over intervals.
module internal LayerTime.Core.Examination.LayerChecks

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Examination.Hypotheses

let private widest = 200
let private deepest = 1000
let private largestWork = 4_000_000L

/// The chosen function, or all outputs, and what a loss says of them: 1, 1/2, 1/3, …, so that no output is special.
let private loss (f: NetworkFacts) : Network<Interval> * Interval[] =
    let network = Option.defaultValue f.Network f.Scalar
    network, Array.init (Sensitivity.outputs network) (fun i -> Interval.ofFloat (1.0 / float (i + 1)))

let private input (f: NetworkFacts) : Interval[] = Array.map Interval.ofFloat f.Place

/// a_0 … a_L of a network that remembers one state.
let private momentum (f: NetworkFacts) : Interval[][] =
    let network, covector = loss f
    (Sensitivity.at network (input f) covector).Momentum

/// By how much a weight moves: each of a row by its own amount.
let private amount (e: int) : Interval = Interval.ofFloat (float ((7 * e) % 11 + 1) / 16.0)

let private moved (e: int) (value: Interval) : AnalyticDual<Interval> = AnalyticDual<Interval>(Dual(value, amount e))

/// Every weight and bias on its way.
let private movedMap (map: LayerMap<Interval>) : LayerMap<AnalyticDual<Interval>> =
    map.Layers.ToArray()
    |> Array.map (fun layer ->
        let columns = layer.InputWidth
        let weights = Matrix.init layer.OutputWidth columns (fun i j -> moved (i * columns + j) layer.Weights[i, j])
        let activations = layer.Activations.ToArray() |> Array.map (Activation.map AnalyticDual.constant)
        Layer.create weights (layer.Bias.ToArray() |> Array.mapi moved) activations |> Defect.orFail)
    |> LayerMap.create
    |> Defect.orFail

/// How the loss moves if every weight and bias of the maps does, forward in dual numbers, for a network that remembers one state.
let private forward (f: NetworkFacts) : Interval =
    let network, covector = loss f
    let scale = Ring.power (AnalyticDual.constant f.Step) f.Order

    let step (x: AnalyticDual<Interval>[]) (maps: LayerMap<Interval>[]) =
        let force = LayerMap.apply (movedMap maps[0]) x |> Vector.scale scale
        if f.Order = 0 then force else Vector.add x force

    let start = f.States[0] |> Array.map AnalyticDual.constant
    let final = Array.fold step start f.Maps

    let output =
        match network.Readout with
        | None -> final
        | Some readout -> LayerMap.apply (LayerMap.map AnalyticDual.constant (Activation.map AnalyticDual.constant) readout) final

    Vector.dot covector (output |> Array.map _.Inner.Derivative)

/// The same by the gradients: those of layer l are products of a_{l+1}, carried back to the pre-activations, and the state before it.
let private backward (f: NetworkFacts) : Interval =
    let a = momentum f
    let scale = Ring.power f.Step f.Order
    let along (gradient: Interval[]) = Array.init gradient.Length amount |> Vector.dot gradient

    seq {
        for l in 0 .. f.Depth - 1 do
            for weights, bias in LayerMap.pullback (Array.head (f.Maps[l])) f.States[l] (Vector.scale scale a[l + 1]) |> snd do
                along (weights.Entries.ToArray())
                along bias
    }
    |> Seq.reduce (fun p q -> Arithmetic.(+) p q)

/// The gradient in all weights at once.
let parameterGradient (f: NetworkFacts) : Applicability =
    let follows = "gradients of weights are products of the momentum behind a layer and the state before it"
    let weights = f.Layers |> Array.sumBy (fun layer -> int64 layer.OutputWidth * int64 (layer.InputWidth + 1))

    if weights > largestWork then
        Applicability.Applies $"{follows} (not compared: {weights} weights in dual intervals)"
    else
        let rate = forward f

        StateChecks.agree $"{follows}: with all {weights} weights moving, the output moves at the rate {number (Interval.midpoint rate)}" [|
            rate
        |] [| backward f |]

/// Euler's method and its partner: p = a_l − h·F′(x_l)ᵀp has the solution p = a_{l+1}, at every layer.
let eulerPair (f: NetworkFacts) : Applicability =
    let follows = "Euler's method, β₁ = 1 and A₁₁ = 0: the momentum is carried by its partner, Â₁₁ = 1"

    if Array.max f.Widths > widest || f.Depth > deepest then
        Applicability.Applies $"{follows} (not compared above width {widest} or depth {deepest})"
    else
        let a = momentum f

        let carried l =
            let slope = (Adjoint.sideJacobian f.Network.Equation.RightHandSides[l] [| f.States[l] |])[0]
            Vector.add a[l + 1] (Vector.scale f.Step (Matrix.apply (Matrix.transpose slope) a[l + 1]))

        StateChecks.agree
            $"{follows}, a_l = a_(l+1) + h·F′(x_l)ᵀa_(l+1) at all {f.Depth} layers"
            (Array.concat (Array.init f.Depth carried))
            (Array.concat (Array.take f.Depth a))

let private atLeast (x: Interval[]) : float =
    x
    |> Array.map Interval.mignitude
    |> Array.fold (fun sum v -> Directed.addDown sum (Directed.multiplyDown v v)) 0.0
    |> Directed.sqrtDown

let private atMost (x: Interval[]) : float =
    x
    |> Array.map Interval.magnitude
    |> Array.fold (fun sum v -> Directed.addUp sum (Directed.multiplyUp v v)) 0.0
    |> Directed.sqrtUp

/// Two states at distance 1: every layer has to keep them apart, by a factor where one is proved.
let staysDistinct (factor: float) (follows: string) (f: NetworkFacts) : Applicability =
    let other = f.States[0] |> Array.mapi (fun i x -> if i = 0 then Arithmetic.(+) x (Interval.ofFloat 1.0) else x)

    let run = Simulation.run f.Network.Equation [| other |]
    let differences = Array.init (f.Depth + 1) (fun l -> Vector.subtract run[l] f.States[l])
    let least, most = Array.map atLeast differences, Array.map atMost differences

    let isNearer l = most[l + 1] < Directed.multiplyDown factor least[l] || (most[l + 1] = 0.0 && least[l] > 0.0)

    match Seq.tryFind isNearer (seq { 0 .. f.Depth - 1 }) with
    | Some l -> Applicability.Fails("two states stay apart", $"at layer {l} from {least[l]} to {most[l + 1]}")
    | None when Array.forall (fun distance -> distance > 0.0) least ->
        Applicability.Holds $"{follows}; a pair at distance {above most[0]} ended at {below least[f.Depth]} or more"
    | None -> Applicability.Applies $"{follows}; in intervals a pair is lost to rounding"
