/// What the claims on deep limits (Thorpe and van Gennip 2023) say of a given network.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Examination.ThorpeVanGennipRows

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.DeepLimit
open LayerTime.Core.Examination.Hypotheses
open LayerTime.Core.Examination.Judgement

// So many products in intervals for one pass at twice the depth.
let private largestWork = 20_000_000L

let private form (f: NetworkFacts) : string * Hypothesis =
    "X_{i+1} = X_i + σ(K_i X_i + b_i)/n",
    match f.DepthForm with
    | Ok form -> Hypothesis.Met $"σ is {number (Interval.midpoint form.Horizon)}·{Activation.name form.Activation}"
    | Error found -> Hypothesis.Broken found

let private isLipschitz (f: NetworkFacts) : string * Hypothesis =
    "σ is Lipschitz",
    match f.DepthSizes with
    | Some sizes -> Hypothesis.Met $"Lip(σ) ≤ {above sizes.Lipschitz}"
    | None -> Hypothesis.Broken "it has slopes of any size"

let private isSmooth (f: NetworkFacts) : string * Hypothesis = continuouslyDifferentiable "σ is continuously differentiable" f

let private hasKink (f: NetworkFacts) : string * Hypothesis =
    "σ is Lipschitz and no more",
    match f.DepthForm with
    | Error found -> Hypothesis.Broken found
    | Ok form ->
        match form.Activation with
        | Activation.Relu
        | Activation.LeakyRelu _ -> Hypothesis.Met "σ has a kink"
        | other -> Hypothesis.Broken $"{Activation.name other} is smooth"

let private size (x: Interval[]) : float = DepthForm.length x

/// What is left of a statement on sequences of weights: this sequence.
let private onSequence (f: NetworkFacts) (conclude: DepthForm -> Applicability) : Applicability =
    require [ form f ] (fun () ->
        match f.DepthForm with
        | Ok form -> conclude form
        | Error found -> Applicability.Fails("X_{i+1} = X_i + σ(K_i X_i + b_i)/n", found))

/// R_n(K; 1) = n Σ‖K_i − K_{i−1}‖F² + ‖K_0‖F²
let private energy (weights: Interval[][]) : Interval = WeightSequence.energy (Interval.ofFloat 1.0) weights

let private energyIdentity (form: DepthForm) : Applicability =
    let own, twice = energy (DepthForm.kernels form), energy (DepthForm.kernels (DepthForm.prolong form))

    if Interval.disjoint own twice then
        Applicability.Fails("R_{2n}(ΠK) = R_n(K)", $"{own} and {twice}")
    else
        Applicability.Holds
            $"R_n(K; 1) = {number (Interval.midpoint own)}, and at twice the depth, linear between layers, the same within {above (Interval.width (Interval.hull own twice))}"

/// ‖K_i‖F² ≤ (1 + i/n)R_n(K; 1), layer by layer.
let private supBound (form: DepthForm) : Applicability =
    let kernels = DepthForm.kernels form
    let whole = energy kernels

    let ratios =
        kernels
        |> Array.mapi (fun i k ->
            let bound = Arithmetic.(*) (Interval.ofRational (Rational.create (form.Depth + i) form.Depth)) whole
            let square = Vector.dot k k
            square.Lower <= bound.Upper, (if square.Upper = 0.0 then 0.0 else Directed.divideUp square.Upper bound.Lower))

    if Array.forall fst ratios then
        Applicability.Holds $"‖K_i‖F² is at most {above (Array.maxBy snd ratios |> snd)} of (1 + i/n)·R_n(K; 1) at every layer"
    else
        Applicability.Fails("‖K_i‖F² ≤ (1 + i/n)·R_n(K; 1)", "a layer is larger")

/// d_TL²(K_n, I_nK)² ≤ (1 + R_n(K; 0))/(3n²)
let private transport (form: DepthForm) : Applicability =
    let rough = WeightSequence.energy (Interval.ofFloat 0.0) (DepthForm.kernels form)
    let n = float form.Depth
    let bound = Directed.divideUp (Directed.sqrtUp (Directed.divideUp (Directed.addUp 1.0 rough.Upper) 3.0)) n
    Applicability.Applies $"the weights are within {above bound} (TL²) of the function that is linear between them"

/// |X_i| ≤ R, for the states from the first place.
let private apriori (f: NetworkFacts) : Applicability =
    let radius = f.DepthSizes.Value.Radius
    let largest = f.States |> Array.map size |> Array.max

    if largest <= radius then
        Applicability.Holds $"|X_i| ≤ {above largest} along the layers, and ≤ R = {above radius} before any layer is run"
    else
        Applicability.Applies $"|X_i| ≤ R = {above radius}"

let private rate (f: NetworkFacts) : Applicability =
    let bound = DepthForm.distanceFromLimit f.DepthSizes.Value

    if Double.IsFinite bound then
        Applicability.Applies
            $"|X_i − X(i/n)| ≤ {above bound} with K and b linear between layers; |X_n| ≤ {f.States |> Array.last |> size |> above}"
    else
        Applicability.Undecided("K is bounded", "the bound is too large for a float")

/// Against the equation with the mean weights: e^{LA}L(R‖P_nK − K̄‖₁ + ‖P_nb − b̄‖₁ + AV/(2n)).
let private stability (f: NetworkFacts) (form: DepthForm) : Applicability =
    let sizes = f.DepthSizes.Value
    let n = Interval.ofFloat (float form.Depth)

    let far (sequence: Interval[][]) =
        let mean = Vector.sum sequence |> Array.map (fun a -> Arithmetic.(/) a n)
        let total = sequence |> Array.fold (fun sum k -> Directed.addUp sum (size (Vector.subtract k mean))) 0.0
        Directed.divideUp total (float form.Depth)

    let times (a: float) (b: float) = if a = 0.0 || b = 0.0 then 0.0 else Directed.multiplyUp a b
    let growth = (Transcendental.exp (Interval.ofFloat (times sizes.Lipschitz sizes.Largest))).Upper
    let moving = Directed.divideUp (times sizes.Largest sizes.Speed) (2.0 * float form.Depth)
    let weights = Directed.addUp (times sizes.Radius (far (DepthForm.kernels form))) (far form.Bias)
    let bound = times (times growth sizes.Lipschitz) (Directed.addUp weights moving)

    if Double.IsFinite bound then
        Applicability.Applies $"the equation with the mean of all weights is within {above bound}"
    else
        Applicability.Undecided("K is bounded", "the bound is too large for a float")

/// What the network does at twice the depth with weights between its own.
let private twice (f: NetworkFacts) (form: DepthForm) (conclude: Network<Interval> -> Applicability) : Applicability =
    let work = 2L * int64 form.Depth * int64 form.Width * int64 form.Width

    if work > largestWork then
        Applicability.Applies $"not computed: twice the depth takes {work} products in intervals"
    else
        conclude (DepthForm.network f.Network (DepthForm.prolong form))

let private resample (f: NetworkFacts) (form: DepthForm) : Applicability =
    twice f form (fun deeper ->
        let history = Array.map Interval.ofFloat f.Place |> Simulation.history deeper
        let last = (Simulation.run deeper.Equation history)[deeper.Equation.Depth]
        let moved = size (Vector.subtract last (Array.last f.States))
        let own = DepthForm.distanceFromLimit f.DepthSizes.Value

        let other =
            DepthForm.sizes (DepthForm.prolongNorms f.DepthSizes.Value.Norms) (DepthForm.prolong form) history[0]
            |> Option.map DepthForm.distanceFromLimit
            |> Option.defaultValue infinity

        let bound = Directed.addUp own other

        if moved <= bound && Double.IsFinite bound then
            Applicability.Holds
                $"with {2 * form.Depth} layers, linear between these, the last state moves by {above moved}; at most {above bound} was proved before"
        else
            Applicability.Undecided("K is bounded", $"the bound is {number bound}"))

/// λ(0) at both depths.
let private adjoint (f: NetworkFacts) (form: DepthForm) : Applicability =
    match f.Scalar with
    | None -> Applicability.Applies "no output is chosen, so that no momentum is computed"
    | Some scalar ->
        twice f form (fun _ ->
            let one = [| Interval.ofFloat 1.0 |]
            let input = Array.map Interval.ofFloat f.Place
            let own = (Sensitivity.at scalar input one).Momentum[0]
            let deeper = (Sensitivity.at (DepthForm.network scalar (DepthForm.prolong form)) input one).Momentum[0]

            Applicability.Applies
                $"|λ(0)| is {own |> size |> number}, and with {2 * form.Depth} layers it moves by {Vector.subtract deeper own |> size |> above}; both tend to the adjoint of the equation")

/// η = −(1/2n) Σ P_{i+1}·(V_{i+1} − V_i), V_i = σ(K_i X_i + b_i)
let private depthError (f: NetworkFacts) (form: DepthForm) : Applicability =
    match f.Scalar with
    | None -> Applicability.Applies "no output is chosen"
    | Some scalar ->
        twice f form (fun _ ->
            let one = [| Interval.ofFloat 1.0 |]
            let input = Array.map Interval.ofFloat f.Place
            let here = Sensitivity.at scalar input one

            let speed i =
                let z = Vector.add (Matrix.apply form.Kernel[i] f.States[i]) form.Bias[i]
                z |> Array.map (fun z -> Arithmetic.(*) form.Horizon (Activation.value form.Activation z))

            let speeds = Array.init form.Depth speed

            let jumps = Array.init (form.Depth - 1) (fun i -> Vector.dot here.Momentum[i + 1] (Vector.subtract speeds[i + 1] speeds[i]))

            let η =
                Arithmetic.(*)
                    (Interval.ofRational (Rational.create -1 (2 * form.Depth)))
                    (Array.fold (fun a b -> Arithmetic.(+) a b) (Interval.ofFloat 0.0) jumps)

            let deeper = Sensitivity.output (DepthForm.network scalar (DepthForm.prolong form)) input |> Array.head
            let moved = Arithmetic.(-) here.Output[0] deeper

            Applicability.Applies
                $"η = {number (Interval.midpoint η)}: so much is Φ = {number (Interval.midpoint here.Output[0])} above its value for infinitely many layers, up to O(1/n²); half of it is due at {2 * form.Depth} layers, where Φ loses {number (Interval.midpoint moved)}")

/// The weights of the layers with their step, one vector each.
let private scaled (f: NetworkFacts) : float[][] =
    let h = Interval.midpoint f.Step

    f.Maps
    |> Array.map (fun maps ->
        maps
        |> Array.collect (fun map -> map.Layers.ToArray())
        |> Array.collect (fun layer -> layer.Weights.Entries.ToArray() |> Array.map (fun w -> h * Interval.midpoint w)))

let private regimeName (regime: DepthRegime) : string =
    match regime with
    | DepthRegime.OrdinaryEquation -> "an ordinary differential equation"
    | DepthRegime.StochasticEquation -> "a stochastic differential equation"
    | DepthRegime.Trivial -> "the identity"
    | DepthRegime.Explosive -> "no limit"
    | DepthRegime.Relaxed -> "averaged controls, as the weights alternate"
    | DepthRegime.Undecided -> "undecided"

let private roughness (f: NetworkFacts) (conclude: WeightRoughness -> Applicability) : Applicability =
    require [ residual f ] (fun () ->
        let weights = scaled f

        if weights |> Array.exists (fun layer -> layer.Length <> weights[0].Length) then
            Applicability.Fails("the layers have one shape", "shapes differ from layer to layer")
        else
            match WeightDiagnostic.ofNetwork weights with
            | Some rough when Double.IsNaN rough.Neumann ->
                Applicability.Applies "all layers are the same: an ordinary differential equation"
            | Some rough -> conclude rough
            | None -> Applicability.Undecided("n ≥ 8", $"n = {weights.Length}: so few layers tell nothing"))

let private diagnosis (rough: WeightRoughness) : Applicability =
    let hurst = rough.Hurst |> Option.map (fun h -> $", Hölder exponent {number h}") |> Option.defaultValue ""
    Applicability.Applies $"ν = {number rough.Neumann}{hurst}: deep limit {regimeName (WeightDiagnostic.regimeOfNetwork rough)}"

let private scaling (rough: WeightRoughness) : Applicability =
    match rough.ScalingExponent with
    | Some fit ->
        let width = max WeightDiagnostic.Band fit.HalfWidth
        let doubt = if width < infinity then $"± {number width}" else "too few layers to say how near"

        Applicability.Undecided(
            "the weights are one random or smooth family in n",
            $"one depth suggests the factor n^(−{number fit.Order}), {doubt}"
        )
    | None -> Applicability.Undecided("the weights are one random or smooth family in n", "sums of weights vanish")

/// K_1 − K_0 = τK_0/n + O(1/n²) and K_{n−1} − K_{n−2} = O(1/n²) at every minimiser, for its τ.
let private stationary (_: NetworkFacts) (form: DepthForm) : Applicability =
    let name = "the weights minimise loss + α·R_n(K; τ)"
    let middle = DepthForm.kernels form |> Array.map (Array.map Interval.midpoint)
    let n = float form.Depth

    if form.Depth < 3 then
        Applicability.Undecided(name, "a network does not hold its loss, α and τ")
    else
        let rise i = Array.map2 (fun a b -> n * (b - a)) middle[i] middle[i + 1]
        let norm (x: float[]) = Math.Sqrt(Array.sumBy (fun a -> a * a) x)
        let typical = Seq.init (form.Depth - 1) (rise >> norm) |> Seq.average

        let ends =
            if typical = 0.0 then
                "all K_i are equal"
            else
                $"of a minimiser K′(1) = 0 and K′(0) = τK(0); here |K′| is {number (norm (rise (form.Depth - 2)) / typical)} of its mean at the end and {number (norm (rise 0) / typical)} at the start"

        Applicability.Undecided(name, $"a network does not hold its loss, α and τ; {ends}")

let private training (hypotheses: (NetworkFacts -> string * Hypothesis) list) (subject: string) (f: NetworkFacts) : Applicability =
    require (form f :: List.map (fun hypothesis -> hypothesis f) hypotheses) (fun () ->
        Applicability.NotOfNetworks $"the training problem, not one network: {subject}")

let private withSizes (conclude: NetworkFacts -> Applicability) (f: NetworkFacts) : Applicability =
    require [ form f; isLipschitz f ] (fun () -> conclude f)

let private withForm
    (conclude: NetworkFacts -> DepthForm -> Applicability)
    (hypotheses: (NetworkFacts -> string * Hypothesis) list)
    (f: NetworkFacts)
    : Applicability =
    require (form f :: List.map (fun hypothesis -> hypothesis f) hypotheses) (fun () -> onSequence f (conclude f))

/// The rows, in the order of the catalogue.
let rows: ApplicabilityRow list = [
    row "thorpe-van-gennip.embed.energy-identity" (fun f -> onSequence f energyIdentity)
    row "thorpe-van-gennip.compact.sup-bound" (fun f -> onSequence f supBound)
    row "thorpe-van-gennip.topology.tl2" (fun f -> onSequence f transport)
    row "thorpe-van-gennip.forward.apriori" (withSizes apriori)
    row "thorpe-van-gennip.forward.rate" (withSizes rate)
    row "thorpe-van-gennip.forward.stability" (withForm stability [ isLipschitz ])
    row "thorpe-van-gennip.adjoint.rate" (withForm adjoint [ isSmooth; isLipschitz ])
    row "thorpe-van-gennip.regularity.euler-lagrange" (withForm stationary [ isSmooth ])
    row
        "thorpe-van-gennip.regularity.relu-sharp"
        (training [ hasKink ] "weights that minimise loss + α·R_n have no second derivative at kinks, if α > 0; the loss and α are unknown")
    row "thorpe-van-gennip.beyond.depth-error-estimator" (withForm depthError [ isSmooth; isLipschitz ])
    row "thorpe-van-gennip.beyond.resample-certificate" (withForm resample [ isLipschitz ])
    row "thorpe-van-gennip.beyond.depth-scaling" (fun f -> roughness f scaling)
    row "thorpe-van-gennip.beyond.weight-diagnostic" (fun f -> roughness f diagnosis)
    row "thorpe-van-gennip.beyond.second-order-layers" (fun f ->
        applies [ residual f; "the layers are Heun steps", Hypothesis.Broken "they are Euler steps" ] "")

    for id, subject in
        [
            "compact.precompact", "sequences of weights of all depths with R_n bounded; of one depth R_n is finite always"
            "gamma.liminf", "E_n = loss + α·R_n for n → ∞; the loss, the data and α are unknown"
            "gamma.limsup", "E_n = loss + α·R_n for n → ∞; the loss, the data and α are unknown"
            "existence", "minimisers of E_n exist if α, τ > 0; the loss, α and τ are unknown"
            "minima.convergence", "min E_n tends to min E_∞ if α > 0; the loss, the data and α are unknown"
            "minima.selection", "which minimiser of E_∞ is approached; the loss, the data and α are unknown"
            "minimisers.convergence", "minimisers of E_n converge if α > 0; whether this is one is unknown"
            "minimisers.rate", "non-degenerate minimisers converge like 1/n; whether this is one is unknown"
            "training.mesh-independence", "how many iterations training takes; a trained network does not tell"
            "beyond.richardson-minimiser", "minimisers at two depths; this is one network"
        ] do
        row $"thorpe-van-gennip.{id}" (training [] subject)

    yield!
        notOfNetworks "five training problems with known minimisers" [
            "thorpe-van-gennip.benchmark.bias-only"
            "thorpe-van-gennip.benchmark.scalar-linear"
            "thorpe-van-gennip.benchmark.two-minimisers"
            "thorpe-van-gennip.benchmark.tanh-bvp"
            "thorpe-van-gennip.benchmark.relu-kink"
        ]
    yield!
        notOfNetworks "a family of chosen examples" [
            "thorpe-van-gennip.necessity.oscillation"
            "thorpe-van-gennip.necessity.exact-fit-oscillation"
            "thorpe-van-gennip.necessity.weight-decay"
            "thorpe-van-gennip.necessity.tau"
            "thorpe-van-gennip.forward-vs-parameters"
        ]
]
