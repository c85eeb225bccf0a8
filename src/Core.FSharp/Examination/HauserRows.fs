/// What the claims on difference equations (Hauser et al. 2019) say of a given network.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Examination.HauserRows

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions
open LayerTime.Core.Examination.Hypotheses
open LayerTime.Core.Examination.Judgement

/// Forward to the end and back again, over intervals: the start has to lie in what comes back.
let private runBack (f: NetworkFacts) : Applicability =
    let history = Array.map Interval.ofFloat f.Place |> Simulation.history f.Network
    let trajectory = Simulation.run f.Network.Equation history

    match Reversal.history f.Network.Equation (trajectory.Delay f.Depth) with
    | Error reason -> Applicability.Fails("the oldest state enters linearly", string reason)
    | Ok back ->
        let widest = back |> Array.collect (Array.map Interval.width) |> Array.max
        let isThere = Array.forall2 (fun a b -> Array.forall2 (fun x y -> not (Interval.disjoint x y)) a b) back history

        if not isThere then Applicability.Fails("the inverse", "the start is not what comes back")
        elif widest < 1.0 then Applicability.Holds $"run forward and back, the start returns within {above widest}"
        else Applicability.Applies "the state map is a bijection; run back in intervals the start is lost to rounding"

/// The derivative in one direction, by tangents forward and by the momentum backward.
let private adjoint (f: NetworkFacts) : Applicability =
    match f.Tangents with
    | None -> Applicability.Applies "λ(0) is the gradient (shown under momentum)"
    | Some(forward, backward) when Interval.disjoint forward backward ->
        Applicability.Fails("the adjoint", $"{forward} forward and {backward} backward")
    | Some(forward, backward) ->
        let gap = Interval.width (Interval.hull forward backward)
        Applicability.Holds $"λ(0)·v equals the derivative along v, {number (Interval.midpoint forward)}, within {above gap}"

let private embedding (f: NetworkFacts) : Applicability =
    let h = Interval.magnitude f.Step
    let scale = Seq.replicate f.Order (Interval.mignitude f.Step) |> Seq.fold Directed.multiplyDown 1.0
    let force = Directed.divideUp (f.ForceLipschitz BoundNorm.Infinity) scale
    let stretch = Directed.addUp 1.0 (Directed.multiplyUp h (Math.Max(1.0, Directed.multiplyUp force (Directed.addUp 1.0 h))))
    let factor = Seq.replicate f.Depth (Directed.divideDown 1.0 stretch) |> Seq.fold Directed.multiplyDown 1.0
    StateChecks.staysApart factor f

let private areSame (a: System.ReadOnlySpan<Interval>) (b: System.ReadOnlySpan<Interval>) : bool =
    a.Length = b.Length
    && Array.forall2 (fun (v: Interval) (w: Interval) -> v.Lower = w.Lower && v.Upper = w.Upper) (a.ToArray()) (b.ToArray())

let private isSameLayer (x: Layer<Interval>) (y: Layer<Interval>) : bool =
    let kinds (layer: Layer<Interval>) =
        layer.Activations.ToArray() |> Array.map (ActivationKind.ofActivation (Interval.midpoint >> Rational.ofFloat))

    x.InputWidth = y.InputWidth && areSame x.Weights.Entries y.Weights.Entries && areSame x.Bias y.Bias && kinds x = kinds y

let private isSameMap (a: LayerMap<Interval>) (b: LayerMap<Interval>) : bool =
    a.Layers.Length = b.Layers.Length && Array.forall2 isSameLayer (a.Layers.ToArray()) (b.Layers.ToArray())

let private drift (f: NetworkFacts) : string * Hypothesis =
    let first = f.Maps[0]

    let tied = f.Maps |> Array.forall (fun maps -> maps.Length = first.Length && Array.forall2 isSameMap maps first)

    "f does not depend on the layer", judged tied "layers have weights of their own" "all layers are the same"

let private tiedOrSingle (f: NetworkFacts) = if f.Depth = 1 then "f does not depend on the layer", Hypothesis.Met "one layer" else drift f

/// The rows, in the order of the catalogue.
let rows: ApplicabilityRow list = [
    row "hauser.smooth.difference-expansion" (fun f ->
        let weights = Binomial.pastWeights f.Order |> Array.map string |> String.concat ", "
        StateChecks.difference (if f.Order = 0 then "r = 0, a plain recursion" else $"r = {f.Order}: past states enter with {weights}") f)
    row "hauser.smooth.state-space" (fun f ->
        require (smooth 1 f) (fun () ->
            StateChecks.realised StateForm.Difference $"a first-order system of {f.Order} × {f.Width} numbers" f))
    row "hauser.smooth.change-of-basis" StateChecks.changeOfBasis
    row "hauser.smooth.unrolled" (fun f ->
        require (smooth 1 f) (fun () ->
            let largest = Binomial.choose (f.Depth + f.Order - 2) (f.Order - 1)
            StateChecks.unrolled $"x(L) sums {f.Depth} forces with binomial weights up to {largest}" f))
    row "hauser.smooth.polynomial-null" (fun f ->
        applies (smooth 1 f @ [ "f = 0", judged (f.ForceLipschitz BoundNorm.Infinity = 0.0) "the maps are not 0" "" ]) "")
    row "hauser.smooth.inverse" (fun f -> require (smooth 2 f) (fun () -> runBack f))
    row "hauser.smooth.unimodular" (fun f ->
        require (smooth 2 f) (fun () -> StateChecks.unimodular "det DΦ_l = 1: volumes of states stay" f))
    row "hauser.smooth.symplectic" (fun f ->
        let symmetric =
            f.Layers
            |> Array.forall (fun layer ->
                layer.InputWidth = layer.OutputWidth
                && Seq.forall
                    (fun (i, j) ->
                        let a, b: Interval * Interval = layer.Weights[i, j], layer.Weights[j, i] in
                        a.Lower = b.Lower && a.Upper = b.Upper)
                    (Seq.allPairs (seq { 0 .. layer.OutputWidth - 1 }) (seq { 0 .. layer.OutputWidth - 1 })))

        let derivative =
            match linear f with
            | _, Hypothesis.Met _ -> judged symmetric "W is not symmetric" "W is symmetric"
            | _ when f.Width = 1 -> Hypothesis.Met "d = 1"
            | _ -> Hypothesis.Open "Df is computed for linear maps only"

        require [ "k = 2", judged (f.Order = 2) $"k = {f.Order}" ""; readsNewest f; "Df is symmetric", derivative ] (fun () ->
            StateChecks.symplectic "every layer is symplectic" f))
    row "hauser.smooth.impulse-response" (fun f ->
        applies (smooth 1 f @ [ "later maps are constant", judged (f.ForceLipschitz BoundNorm.Infinity = 0.0) "they are not" "" ]) "")
    row "hauser.smooth.linear-spectrum" (fun f -> applies (smooth 1 f @ [ linear f ]) "")
    row "hauser.dense.state-space-delay" (fun f ->
        require [ additiveDense f ] (fun () ->
            StateChecks.realised StateForm.Delay $"a first-order system of {f.Blocks} × {f.Width} numbers, delayed states" f))
    row "hauser.dense.state-space-difference" (fun f ->
        require [ additiveDense f ] (fun () ->
            StateChecks.realised StateForm.Difference $"""{counted f.Blocks "block"} of differences""" f))
    row "hauser.dense.state-space-observer" (fun f ->
        require [ additiveDense f ] (fun () ->
            StateChecks.realised StateForm.Observer $"""{counted f.Blocks "block"}, each layer's maps spread over time""" f))
    row "hauser.dense.contains-smooth" (fun f ->
        require [ "one width of all states", judged (Array.forall ((=) f.Width) f.Widths) "they change" "" ] (fun () ->
            let maps = counted f.Blocks "map"
            StateChecks.dense $"it is additive dense with {maps} a layer, those beyond the first fixed multiples of x for a smooth one" f))
    row "hauser.dense.concat-additive" (fun f ->
        let affineOrNarrow =
            f.Layers.Length > 0
            && f.Maps |> Array.forall (fun maps -> maps |> Array.forall (fun map -> map.Layers.Length = 1))
            && f.Kinds |> Array.forall ((=) ActivationKind.Identity)

        applies
            [
                "the network is concatenation dense", judged (f.Name = "concatenation-dense") $"it is {f.Name}" ""
                "the activation is affine or stands before the linear map", judged affineOrNarrow "it stands behind the linear map" ""
            ]
            "it is additive dense")
    row "hauser.dense.source-shared-is-residual" (fun f ->
        require [ residual f ] (fun () -> StateChecks.unrolled $"x(L) = x(0) + a sum over all layers before" f))
    row "hauser.dense.path-words" (fun f ->
        applies
            [
                additiveDense f
                linear f
                "the history is (x(0), 0, …, 0)", judged (f.Blocks = 1) "the history is given by the input" ""
            ]
            "")
    row "hauser.dense.multistep-limit" (fun f ->
        // Only the bare multistep recursion has coefficients a_n to look at.
        applies [ additiveDense f; "the layers are a_n·x + h·b_n·g_n(x)", Hypothesis.Broken "the maps do not show coefficients a_n" ] "")
    row "hauser.dim.state-dimension" (fun f ->
        require (smooth 1 f) (fun () ->
            let outputs = if f.Order = 1 then "x(0)" else $"x(0) … x({f.Order - 1})"
            StateChecks.fromOutputs $"{f.Order * f.Width} numbers are a state: the start comes back from {outputs}" f))
    row "hauser.dim.minimal" (fun f ->
        require (smooth 1 f) (fun () ->
            StateChecks.lastNumberCounts $"no linear code of fewer than {f.Order * f.Width} numbers holds the state" f))
    row "hauser.dim.embedding" (fun f -> require (smooth 2 f @ [ lipschitz f ]) (fun () -> embedding f))
    row "hauser.dim.first-order-monotone" (fun f ->
        require [ width 1 f; residual f; contraction BoundNorm.Infinity f ] (fun () ->
            let slope = Directed.subtractDown 1.0 (f.ForceLipschitz BoundNorm.Infinity)
            let least = Seq.replicate f.Depth slope |> Seq.fold Directed.multiplyDown 1.0
            Applicability.Holds $"dx(L)/dx(0) ≥ {below least} everywhere: no threshold on x(L) separates A-B-A"))
    row "hauser.init.count" (fun f ->
        require [ "k ≥ 1", judged (f.Order >= 1 || f.Memory > 1) "k = 0" "" ] (fun () ->
            let more = (f.Blocks - 1) * f.Width
            let residual = if more = 0 then "its width" else $"{more} more than a residual one of width {f.Width}"

            let given =
                f.Network.Lift
                |> Option.map (fun lift -> $"; the lift makes them of {lift.InputWidth} inputs")
                |> Option.defaultValue ""

            Applicability.Holds $"it starts from {f.Blocks * f.Width} numbers, {residual}{given}"))
    row "hauser.init.conventions" (fun f -> require (smooth 2 f) (fun () -> StateChecks.conventions f))
    row "hauser.params.k-squared" (fun f -> require (smooth 2 f) (fun () -> StateChecks.savings f))
    row "hauser.residual.compile" (fun f ->
        require
            (smooth 2 f
             @ [
                 piecewiseLinear f
                 "maps of two layers",
                 judged (f.Maps |> Array.forall (Array.forall (fun map -> map.Layers.Length = 2))) "the maps have another depth" ""
             ])
            (fun () -> StateChecks.compiled $"it compiles to residual blocks of width {f.Order * f.Width} (layertime convert realise)" f))
    row "hauser.grad.adjoint" (fun f -> require [ scalar f ] (fun () -> adjoint f))
    row "hauser.numerics.delay-roundoff" (fun f ->
        applies (smooth 1 f @ [ "f = 0", judged (f.ForceLipschitz BoundNorm.Infinity = 0.0) "the maps are not 0" "" ]) "")
    row "hauser.ode.block-limit" (fun f ->
        require
            (smooth 1 f
             @ [
                 lipschitz f
                 "h = T/L ≤ 1",
                 judged
                     (Interval.magnitude f.Step <= 1.0)
                     $"h = {number (Interval.magnitude f.Step)}"
                     $"h = {number (Interval.magnitude f.Step)}"
             ])
            (fun () ->
                Applicability.Undecided("f^(l)(x) = f(x, lh) for one smooth f", "one network does not show the others; see depth as time")))
    row "hauser.ode.verlet-order-two" (fun f ->
        require [ "k = 2", judged (f.Order = 2) $"k = {f.Order}" ""; readsNewest f; lipschitz f ] (fun () ->
            Applicability.Undecided("p₂(0) = x′(0) − (h/2) f(x(0), 0)", "the history is given by the input")))
    row "hauser.ode.forward-variant" (fun f ->
        applies
            [
                "the force reads the oldest state",
                judged (f.Order >= 2 && f.Memory = f.Order) $"it reads the last {f.Memory} of {f.Blocks}" ""
            ]
            "")
    row "hauser.ode.static-no-limit" (fun f ->
        require [ feedForward f; tiedOrSingle f ] (fun () ->
            let start = Array.map Interval.ofFloat f.Place |> Simulation.history f.Network
            let trajectory = Simulation.run f.Network.Equation start
            let first = trajectory[1]

            if first.Length <> start[0].Length then
                Applicability.Fails("one width", $"{start[0].Length} and {first.Length}")
            else
                let moved = Array.map2 (fun a b -> Interval.mignitude (Arithmetic.(-) a b)) first start[0] |> Array.max

                if moved > 0.0 then
                    Applicability.Holds $"the first layer moves the state by {below moved} at least, whatever the depth: no limit L → ∞"
                else
                    Applicability.Fails("f(x(0)) ≠ x(0)", "the first layer may leave the state where it is")))
    row "hauser.converse.linear" (fun f ->
        applies
            [
                linear f
                oneWidth f
                "outputs of k layers determine the state", Hypothesis.Open "the observability of the readout is not computed"
            ]
            "")
    row "hauser.beyond.exact-reversible-training" (fun f ->
        let exact =
            f.Kinds
            |> Array.forall (function
                | ActivationKind.Transcendental _ -> false
                | _ -> true)

        require (smooth 2 f @ [ "sums are exact", judged exact "an activation has no exact values on fractions" "" ]) (fun () ->
            StateChecks.exactlyBack "the trajectory comes back from the last state alone" f))
    row "hauser.beyond.region-map" (fun f ->
        require
            [ piecewiseLinear f; width 1 f; "one node per layer", judged (f.Layers.Length = f.Depth) "more layers inside" "" ]
            (fun () -> StateChecks.pieces f))
    row "hauser.beyond.separation-certificate" (fun f -> require (smooth 2 f @ [ lipschitz f ]) (fun () -> embedding f))
    row "hauser.beyond.stability-dial" (fun f -> applies (smooth 1 f @ [ width 1 f; linear f ]) "")

    yield! notOfNetworks "a family of chosen examples" [ "hauser.dim.second-order-fold" ]
    yield!
        notOfNetworks "any dynamical system seen through its outputs" [
            "hauser.converse.nonlinear"
            "hauser.beyond.minimal-order-identification"
        ]
    yield! notOfNetworks "a solution x(t) and networks of all depths" [ "hauser.beyond.centred-order-two" ]
]
