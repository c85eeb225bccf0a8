/// What the claims on feed-forward networks and differential equations (Ruseckas 2019) say of a given network.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Examination.RuseckasRows

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Rigour
open LayerTime.Core.Examination.Hypotheses
open LayerTime.Core.Examination.Judgement

let private largestPairing = 200

/// a_l·x_l or a_l·δx_l at every layer, for networks that remember one state: proved enclosures.
let private along (f: NetworkFacts) (tangent: Interval[][] -> Interval[][]) : Interval[] option =
    match f.Scalar with
    | Some scalar when f.Blocks = 1 && Array.max f.Widths <= largestPairing && f.Depth <= 1000 ->
        let input = Array.map Interval.ofFloat f.Place
        let trajectory = Simulation.run scalar.Equation (Simulation.history scalar input)
        let momentum = (Sensitivity.at scalar input [| Interval.ofFloat 1.0 |]).Momentum
        let vectors = tangent (Array.init (f.Depth + 1) (fun l -> trajectory[l]))
        Some(Array.map2 Vector.dot momentum vectors)
    | _ -> None

/// δx(l+1) = DΦ_l(x(l))·δx(l)
let private tangents (f: NetworkFacts) (states: Interval[][]) : Interval[][] =
    let start = states[0] |> Array.mapi (fun i _ -> Interval.ofFloat (1.0 / float (i + 1)))

    Seq.mapFold
        (fun δ l ->
            let next = Matrix.apply (Adjoint.stepJacobian f.Network.Equation l [| states[l] |]) δ
            next, next)
        start
        (seq { 0 .. f.Depth - 1 })
    |> fst
    |> Seq.append [ start ]
    |> Seq.toArray

/// Whether all enclosures have a common point, with how far they are apart.
let conserved (name: string) (values: Interval[] option) : Applicability =
    match values with
    | None -> Applicability.Applies $"{name} is the same at every layer (not checked: several outputs, states or wide layers)"
    | Some values ->
        let common = Array.reduce Interval.intersect values
        let whole = Array.reduce Interval.hull values

        if Interval.isEmpty common then
            Applicability.Fails("the law", $"{name} differs from layer to layer")
        else
            Applicability.Holds
                $"{name} = {number (Interval.midpoint common)} at all {values.Length} states, within {above (Interval.width whole)}"

let private offKinks (f: NetworkFacts) : string * Hypothesis =
    "F is C¹, or no pre-activation lies on a kink",
    (if f.KinkDistance = infinity then Hypothesis.Met ""
     elif f.KinkDistance > 0.0 then Hypothesis.Met $"pre-activations stay {below f.KinkDistance} away from kinks"
     else Hypothesis.Open "at the first place a pre-activation is not told from 0")

let private strictlyIncreasing (f: NetworkFacts) : string * Hypothesis =
    let bad =
        f.Kinds
        |> Array.filter (fun kind ->
            (Activation.facts (Interval.midpoint >> Rational.ofFloat) (ActivationKind.over<Interval> kind)).Monotonicity
            <> Monotonicity.StrictlyIncreasing)

    "η increases strictly", judged (bad.Length = 0) $"""{bad |> Array.map ActivationKind.name |> String.concat ", "} does not""" ""

let private injectiveLayers (f: NetworkFacts) : (string * Hypothesis) list =
    if f.Name = "residual" then [ contraction BoundNorm.Two f ] else [ feedForward f; strictlyIncreasing f; regular f ]

let private injective (f: NetworkFacts) : Applicability =
    let hyps = injectiveLayers f

    require hyps (fun () ->
        if f.Name = "residual" then
            let factor = Directed.subtractDown 1.0 (f.ForceLipschitz BoundNorm.Two)
            LayerChecks.staysDistinct factor $"{evidence hyps}: every layer keeps {below factor} of a distance at least" f
        else
            LayerChecks.staysDistinct 0.0 $"{evidence hyps}: every layer is injective" f)

/// w_l x + b_l + g(x): only a linear residual map shows this form, with g = 0.
let private nearIdentityResidual (f: NetworkFacts) : Applicability =
    applies
        [
            residual f
            "F = w·x + b + g(x)",
            judged
                (f.Kinds |> Array.forall ((=) ActivationKind.Identity))
                $"""f is {f.Kinds |> Array.map ActivationKind.name |> String.concat ", "} of a linear map"""
                "g = 0"
            "w, b are C¹ in t", Hypothesis.Open "one network does not show a function of t"
        ]
        ""

let private nearIdentity (f: NetworkFacts) : string * Hypothesis =
    let distance = f.DistanceFromIdentity

    "the layers are near the identity",
    if distance = infinity then Hypothesis.Broken "matrices are not square"
    elif distance < 1.0 then Hypothesis.Met $"‖W_l − I‖ ≤ {above distance}"
    else Hypothesis.Broken $"‖W_l − I‖ reaches {number distance}"

let private planeCurve (f: NetworkFacts) : Applicability =
    let hyps = [ feedForward f; width 2 f; leaky f; regular f ]

    require hyps (fun () ->
        let signs = f.Layers |> Array.map (fun layer -> Interval.sign (IntervalMatrix.determinant layer.Weights))

        if Array.contains None signs then
            Applicability.Undecided("det W_l ≠ 0", "a determinant is not told from 0")
        else
            let winding = signs |> Array.choose id |> Array.fold (*) 1
            Applicability.Holds $"a polygon around a point is mapped to a curve that winds {winding} times around its image")

let private energySymmetric (f: NetworkFacts) : string * Hypothesis =
    "the network is the additive equation τx′ = −x + Wσ(x) + I", Hypothesis.Broken $"it is {f.Name}"

/// The rows, in the order of the catalogue.
let rows: ApplicabilityRow list = [
    yield!
        [
            "ruseckas.additive.lyapunov-identity"
            "ruseckas.additive.cohen-grossberg-identity"
            "ruseckas.additive.trapping-box"
            "ruseckas.additive.lyapunov-descent"
            "ruseckas.additive.euler-step-descent"
            "ruseckas.additive.convergence"
        ]
        |> List.map (fun id -> row id (fun f -> applies [ energySymmetric f ] ""))

    row "ruseckas.information.mutual-information" (fun f ->
        applies (injectiveLayers f) "the layers are injective and lose no information about any label")
    row "ruseckas.conservation.homogeneous-network" (fun f ->
        require
            [ scalar f; noBias f; homogeneous f; "it remembers one state", judged (f.Blocks = 1) $"it remembers {f.Blocks}" "" ]
            (fun () -> conserved "a_l·x_l" (along f id)))
    row "ruseckas.discrete.resnet-pairing" (fun f ->
        require [ residual f; offKinks f ] (fun () -> conserved "a_l·δx_l" (along f (tangents f))))
    row "ruseckas.discrete.ffn-pairing" (fun f ->
        require [ feedForward f; offKinks f ] (fun () -> conserved "a_l·δx_l" (along f (tangents f))))
    row "ruseckas.discrete.parameter-gradient" (fun f ->
        require
            [ "the network is residual or feed-forward", judged (f.Blocks = 1) $"it remembers {f.Blocks} states" ""; offKinks f ]
            (fun () -> LayerChecks.parameterGradient f))
    row "ruseckas.discrete.rk-adjoint-pair" (fun f -> require [ residual f; offKinks f ] (fun () -> LayerChecks.eulerPair f))
    row "ruseckas.ffn.one-step-defect" (fun f ->
        applies [ feedForward f; nearIdentity f; "the activation is u + dt·g(u)", Hypothesis.Open "dt is not part of the network" ] "")
    row "ruseckas.ffn.global-error" (fun f ->
        applies [ feedForward f; nearIdentity f; "w, b are C¹ in t", Hypothesis.Open "one network does not show a function of t" ] "")
    row "ruseckas.residual.global-error" nearIdentityResidual
    row "ruseckas.ffn.leaky-relu" (fun f ->
        applies [ feedForward f; leaky f; nearIdentity f ] "leaky units are steps of x′ = … + κ·max(−x, 0)")
    row "ruseckas.ffn.tanh-rescaling" (fun f ->
        applies
            [
                feedForward f
                "tanh layers",
                judged
                    (f.Kinds = [| ActivationKind.Transcendental TranscendentalName.Tanh |])
                    (f.Kinds |> Array.map ActivationKind.name |> String.concat ", ")
                    ""
                nearIdentity f
            ]
            "it is near a cubic network after a change of scale")
    row "ruseckas.ffn.converse" (fun f ->
        applies [ feedForward f; oneWidth f; nearIdentity f ] "a differential equation is behind it; see depth as time for the bound")
    row "ruseckas.ffn.adjoint-convergence" (fun f ->
        applies [ feedForward f; nearIdentity f; "w, b are C¹ in t", Hypothesis.Open "one network does not show a function of t" ] "")
    row "ruseckas.ffn.layer-injectivity" injective
    row "ruseckas.topology.order-1d" (fun f ->
        applies
            [ width 1 f; residual f; contraction BoundNorm.Infinity f ]
            "it increases strictly: no threshold separates {|x| < 1} from {2 < |x| < 3}")
    row "ruseckas.topology.winding-number" planeCurve
    row "ruseckas.beyond.certificate" (fun f -> applies [ feedForward f; oneWidth f; nearIdentity f ] "see depth as time for the bound")
    row "ruseckas.beyond.law-fingerprint" (fun f ->
        applies
            [
                "the network is residual or feed-forward", judged (f.Blocks = 1) $"it remembers {f.Blocks} states" ""
                leaky f
                noBias f
            ]
            "a·x is the same at every layer")

    yield!
        notOfNetworks "differential equations, of which a network is a discretisation" [
            "ruseckas.momentum.gradient-is-momentum"
            "ruseckas.momentum.hamilton-equations"
            "ruseckas.momentum.parameter-gradient"
            "ruseckas.momentum.depth-derivative"
            "ruseckas.lagrangian.euler-lagrange"
            "ruseckas.pairing.continuous"
            "ruseckas.symplectic.flow"
            "ruseckas.conservation.hamiltonian"
            "ruseckas.conservation.extended-phase-space"
            "ruseckas.conservation.noether"
            "ruseckas.conservation.virial"
            "ruseckas.conservation.sum-rule"
            "ruseckas.coordinates.covariance"
            "ruseckas.cubic.scalar-closed-form"
            "ruseckas.cubic.trapping-box"
            "ruseckas.cubic.dissipation"
            "ruseckas.cubic.gradient-structure"
            "ruseckas.cubic.fixed-points"
        ]
    yield! notOfNetworks "random inputs with a density" [ "ruseckas.liouville.entropy"; "ruseckas.beyond.entropy-budget" ]
    yield!
        notOfNetworks "losses, regularisers and stationary weights" [
            "ruseckas.pontryagin.stationarity"
            "ruseckas.pontryagin.hamiltonian-constant"
            "ruseckas.pontryagin.value-depth-derivative"
            "ruseckas.pontryagin.single-sample-stationary"
            "ruseckas.beyond.spiral-energy"
        ]
    yield!
        notOfNetworks "networks of all step sizes and their limit" [
            "ruseckas.discrete.adjoint-order"
            "ruseckas.discrete.reversal-error"
            "ruseckas.ffn.first-order-rate"
            "ruseckas.beyond.split-flow-ffn"
            "ruseckas.beyond.modified-hamiltonian"
        ]
]
