/// What the claims on critical points (Kühn and Kuntz) say of a given network.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Examination.KuehnKuntzRows

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Rigour
open LayerTime.Core.Constructions
open LayerTime.Core.Examination.Hypotheses
open LayerTime.Core.Examination.Judgement

/// A proved positive lower bound of |∇Φ| over the box, if there is one.
let private margin (f: NetworkFacts) : float =
    let local = f.Local |> Option.map _.Margin |> Option.defaultValue 0.0
    max f.Margin local

let private noCriticalPoint (f: NetworkFacts) (met: string) : Applicability =
    let bound = margin f

    if bound > 0.0 then
        Applicability.Holds $"{met}; |∇Φ|₂ ≥ {below bound} in the box"
    else
        Applicability.Applies $"{met}: no critical point anywhere"

/// Whether no width increases after the first one below n.
let private star (f: NetworkFacts) : string * Hypothesis =
    "(∗)",
    match f.Merged with
    | None -> Hypothesis.Broken $"it is {f.Name}, or not scalar"
    | Some p ->
        judged
            (ArchitectureClass.isMorseForAlmostAllWeights p.Widths)
            "a width increases after one below the input's"
            "no width increases after one below the input's"

let private notAffine (f: NetworkFacts) : string * Hypothesis =
    "no activation is affine",
    match f.Merged with
    | None -> Hypothesis.Broken $"it is {f.Name}, or not scalar"
    | Some p ->
        // Layers that are affine altogether are merged away; what is left of the identity stands beside other units.
        let affine = p.Hidden.ToArray() |> Array.filter (fun layer -> Array.contains ActivationKind.Identity layer.Activations)
        judged (affine.Length = 0) "some layer has units without activation beside others" ""

let private noBottleneck (f: NetworkFacts) : string * Hypothesis =
    "no bottleneck",
    match f.Merged with
    | None -> Hypothesis.Broken $"it is {f.Name}, or not scalar"
    | Some p ->
        match ArchitectureClass.ofNodes p.Widths with
        | ArchitectureClass.Bottleneck -> Hypothesis.Broken "the widths have a bottleneck"
        | other -> Hypothesis.Met(ArchitectureClass.name other)

/// rank A₁ < n, by more inputs than rows or by columns of zeros.
let private firstLayerDeficient (f: NetworkFacts) : Applicability =
    require [ merged f; continuouslyDifferentiable "σ is C²" f ] (fun () ->
        let p = f.Merged.Value
        let first = if p.Hidden.Length > 0 then p.Hidden[0].Weights else p.Output

        if first.Rows < first.Columns then
            Applicability.Holds
                $"rank A₁ ≤ {first.Rows} < n = {first.Columns}: Φ is constant on flats of dimension {first.Columns - first.Rows}, no critical point is isolated"
        else
            let bounds = RankBounds.ofIntervals first

            if bounds.Upper < first.Columns then Applicability.Holds $"rank A₁ ≤ {bounds.Upper} < n = {first.Columns}"
            elif bounds.Lower = first.Columns then Applicability.Fails("rank A₁ < n", $"rank A₁ = n = {first.Columns}")
            else Applicability.Undecided("rank A₁ < n", $"rank A₁ is at least {bounds.Lower}"))

let private residualLaw (f: NetworkFacts) : Applicability =
    let lift =
        match f.Network.Lift with
        | Some map when
            map.Layers.Length = 1
            && map.Layers[0].Activations.ToArray()
               |> Array.forall (function
                   | Activation.Identity -> true
                   | _ -> false)
            ->
            Some map.Layers[0].Weights
        | None -> Some(Matrix.identity f.Width)
        | Some _ -> None

    require
        [
            residual f
            scalar f
            "the lift is W·x + b", judged lift.IsSome "the lift is not affine" ""
            "m ≤ n",
            (match lift with
             | Some w -> judged (w.Rows <= w.Columns) $"m = {w.Rows} > n = {w.Columns}" $"m = {w.Rows}, n = {w.Columns}"
             | None -> Hypothesis.Broken "")
            "δ·L < 1", snd (contraction BoundNorm.Two f)
        ]
        (fun () ->
            let w = lift.Value
            let smallest = if w.Rows <= f.LargestRank then IntervalMatrix.smallestSingularValue w else 0.0

            if smallest = 0.0 then
                Applicability.Undecided("rank W = m", "W is not proved to have full rank")
            else
                match f.Scalar.Value.Readout with
                | Some readout when
                    readout.Layers.ToArray()
                    |> Array.forall (fun layer ->
                        layer.Activations.ToArray()
                        |> Array.forall (function
                            | Activation.Identity -> true
                            | _ -> false))
                    ->
                    let row =
                        readout.Layers.ToArray() |> Array.map _.Weights |> Array.reduce (fun inner outer -> Matrix.multiply outer inner)

                    let size = row.Entries.ToArray() |> Array.map Interval.mignitude |> Array.max

                    if size > 0.0 then
                        let lipschitz = f.ForceLipschitz BoundNorm.Two
                        let factor = Seq.replicate f.Depth (Directed.subtractDown 1.0 lipschitz) |> Seq.fold Directed.multiplyDown 1.0
                        let bound = Directed.multiplyDown (Directed.multiplyDown smallest size) factor
                        Applicability.Holds $"δ·L ≤ {above lipschitz}: |∇Φ|₂ ≥ {below bound} everywhere"
                    else
                        Applicability.Undecided("w ≠ 0", "an entry of the readout is not told from 0")
                | Some _ -> Applicability.Fails("Φ = w·h_K", "the readout is not linear")
                | None -> Applicability.Undecided("w ≠ 0", "there is no readout"))

let private leakyLaw (f: NetworkFacts) : Applicability =
    let hyps = [ merged f; nonAugmented f; leaky f; fullRanks f ]

    require hyps (fun () ->
        let bound = margin f

        if bound > 0.0 then
            Applicability.Holds $"{evidence hyps}; in the box |∇Φ|₂ ≥ {below bound}"
        else
            Applicability.Applies $"{evidence hyps}: Φ has no local extremum anywhere")

let private widths (f: NetworkFacts) : string =
    f.Merged |> Option.map (fun p -> p.Widths |> Array.map string |> String.concat "-") |> Option.defaultValue ""

// The forward recursion keeps a Hessian for every unit.
let private largestHessian = 64

/// Gradient and Hessian forward and backward.
let private derivatives (f: NetworkFacts) : Applicability =
    let p = f.Merged.Value

    if Array.max p.Widths > largestHessian then
        Applicability.Applies $"gradient and Hessian by one sweep forward and back (not compared above width {largestHessian})"
    else
        let x = Array.map Interval.ofFloat f.Place
        let σ order kind t = ActivationRange.derivative order kind t
        let gradient, hessian = PerceptronDerivatives.forward σ p x
        let back = Array.append (PerceptronDerivatives.gradient σ p x) ((PerceptronDerivatives.hessian σ p x).Entries.ToArray())
        StateChecks.agree "gradient and Hessian, forward and backward" (Array.append gradient (hessian.Entries.ToArray())) back

// Elimination with fractions: so many products of long integers at most.
let private largestElimination = 60_000L

/// Φ and Φ′∘R at the first place, Φ′ and R made from the weights as the fractions they are.
let private normalForm (f: NetworkFacts) : Applicability =
    let follows = "it is Φ′(R·x) with matrices of full rank and no neuron too many"

    let work =
        f.Merged.Value.Widths
        |> Array.pairwise
        |> Array.sumBy (fun (columns, rows) -> int64 columns * int64 rows * int64 (min columns rows))

    let exactly: Interval -> Rational = Interval.midpoint >> Rational.ofFloat

    if work > largestElimination then
        Applicability.Applies $"{follows} (not computed: some {work} products of fractions; layertime convert normal-form has no limit)"
    else
        let p = f.Scalar.Value |> Perceptron.ofNetwork exactly exactly |> Defect.orFail
        let x = f.Place |> Array.map Rational.ofFloat
        let value (q: Perceptron<Interval>) (y: Rational[]) = Perceptron.apply ActivationKind.over q (Array.map Interval.ofRational y)
        let network = value (Perceptron.map Interval.ofRational p) x

        match NormalForm.normalise p with
        | NormalForm.Constant value -> StateChecks.agree "it is constant" network (value |> Array.map NeuronConstant.over)
        | NormalForm.Reduced form ->
            let widths = form.Widths |> Array.map string |> String.concat "-"
            let ranks = form.Ranks |> Array.map string |> String.concat ", "
            let fewer = counted form.Removals.Length "neuron"
            let reduced = value (NormalForm.perceptron NeuronConstant.over form) (Matrix.apply form.InputMap x)
            StateChecks.agree $"Φ′(R·x) has widths {widths} and ranks {ranks}, {fewer} fewer" network reduced

let private rankClass (f: NetworkFacts) : Applicability =
    let rows =
        f.Merged
        |> Option.map (fun p -> p.Widths |> Array.pairwise |> Array.forall (fun (a, b) -> b <= a))
        |> Option.defaultValue false

    require [ merged f; admissible f; fullRanks f ] (fun () ->
        if rows then
            noCriticalPoint f "every matrix has full row rank"
        else
            Applicability.Applies "some matrix has more rows than columns: the class is not non-augmented in effect")

let private isSturm (f: NetworkFacts) : string * Hypothesis =
    "Φ = Σ w_i tanh(p_i x + c_i) of one input",
    match f.Merged with
    | Some p when p.Inputs = 1 && p.Hidden.Length = 1 ->
        let integer (a: Interval) = a.Lower = a.Upper && a.Lower = System.Math.Round a.Lower && a.Lower <> 0.0
        judged (p.Hidden[0].Weights.Entries.ToArray() |> Array.forall integer) "the slopes p_i are not integers" ""
    | Some p -> Hypothesis.Broken $"{p.Inputs} inputs and {p.Hidden.Length} hidden layers"
    | None -> Hypothesis.Broken $"it is {f.Name}, or not scalar"

/// The rows, in the order of the catalogue.
let rows: ApplicabilityRow list = [
    row "kuehn-kuntz.mlp.merged-normal-form" (fun f ->
        require [ merged f ] (fun () ->
            let x = Array.map Interval.ofFloat f.Place
            let p = f.Merged.Value
            let widths = p.Widths |> Array.map string |> String.concat "-"

            StateChecks.agree
                $"merged it has widths {widths}"
                (Perceptron.apply ActivationKind.over p x)
                (Sensitivity.output f.Scalar.Value x)))
    row "kuehn-kuntz.mlp.derivatives" (fun f -> require [ merged f; continuouslyDifferentiable "σ_l is C²" f ] (fun () -> derivatives f))
    row "kuehn-kuntz.activation.admissible" (fun f ->
        let hyps = [ admissible f ]
        require hyps (fun () -> Applicability.Holds $"{evidence hyps}: each is C² with σ′ > 0"))
    row "kuehn-kuntz.mlp.no-critical-point" (fun f ->
        let hyps = [ merged f; nonAugmented f; admissible f; fullRanks f ]
        require hyps (fun () -> noCriticalPoint f (evidence hyps)))
    row "kuehn-kuntz.mlp.classification" (fun f ->
        require [ merged f ] (fun () ->
            Applicability.Holds $"its widths are {ArchitectureClass.name (ArchitectureClass.ofNodes f.Merged.Value.Widths)}"))
    row "kuehn-kuntz.mlp.morse-generic" (fun f ->
        require [ merged f; noBottleneck f; admissible f ] (fun () ->
            Applicability.Undecided(
                "the weights are outside a null set",
                "true for almost all weights of these widths; a complete census decides it in a box"
            )))
    row "kuehn-kuntz.mlp.bottleneck-degenerate" (fun f ->
        applies
            [
                merged f
                "the widths are n-1-2-1",
                (match f.Merged with
                 | Some p -> judged (p.Widths.Length = 4 && p.Widths[0] >= 2 && p.Widths[1..] = [| 1; 2; 1 |]) "they are others" ""
                 | None -> Hypothesis.Broken "")
                "g′ changes sign behind it", Hypothesis.Open "not computed"
            ]
            "")
    row "kuehn-kuntz.mlp.normal-form" (fun f -> require [ merged f ] (fun () -> normalForm f))
    row "kuehn-kuntz.mlp.first-layer-deficient" firstLayerDeficient
    row "kuehn-kuntz.mlp.rank-deficiency-class" rankClass
    row "kuehn-kuntz.census.complete" (fun f ->
        require [ scalar f; continuouslyDifferentiable "Φ is C²" f ] (fun () ->
            if margin f > 0.0 then
                Applicability.Holds "there is no critical point in the box"
            else
                Applicability.Undecided(
                    "no degenerate critical point, none on the boundary",
                    "a complete census shows both; see critical points"
                )))
    row "kuehn-kuntz.census.degree" (fun f ->
        require [ scalar f; continuouslyDifferentiable "Φ is C²" f ] (fun () ->
            if margin f > 0.0 then
                Applicability.Holds "no critical point, degree 0"
            else
                Applicability.Undecided("Φ_x ≠ 0 on the boundary", "the census tells the degree; see critical points")))
    row "kuehn-kuntz.beyond.sharp-dichotomy" (fun f ->
        require [ merged f; admissible f; notAffine f ] (fun () ->
            match star f with
            | _, Hypothesis.Met evidence ->
                Applicability.Applies $"merged widths {widths f}: {evidence}, so almost all weights of these widths give a Morse function"
            | _ ->
                Applicability.Applies
                    $"merged widths {widths f}: one increases after one below the input's, so some open set of weights has degenerate critical points"))
    row "kuehn-kuntz.beyond.leaky-relu-no-extremum" leakyLaw
    row "kuehn-kuntz.beyond.sturm-global-count" (fun f ->
        applies [ merged f; isSturm f; "e^{2c_i} is rational", Hypothesis.Open "biases are floats" ] "")
    row "kuehn-kuntz.approx.extremum-gap" (fun f ->
        require [ scalar f ] (fun () ->
            let bound = margin f

            if bound > 0.0 then
                Applicability.Applies "no critical point in the box: it misses every target with an extremum inside by half its height"
            else
                Applicability.Undecided("Φ has no critical point inside", "not proved for this box")))
    row "kuehn-kuntz.resnet.no-critical-point" residualLaw

    yield!
        notOfNetworks "paths or neighbourhoods of weights, of which a network is one point" [
            "kuehn-kuntz.mlp.fold"
            "kuehn-kuntz.mlp.generic-gradient-submersion"
            "kuehn-kuntz.beyond.certified-index-path"
            "kuehn-kuntz.beyond.robust-census"
        ]
    yield! notOfNetworks "pairs of networks" [ "kuehn-kuntz.census.metamorphic" ]
    yield! notOfNetworks "networks of all depths that tend to a flow" [ "kuehn-kuntz.beyond.depth-convergence" ]
    yield!
        notOfNetworks "neural differential equations" [
            "kuehn-kuntz.node.variational"
            "kuehn-kuntz.node.no-critical-point"
            "kuehn-kuntz.node.morse-generic"
            "kuehn-kuntz.node.degenerate"
            "kuehn-kuntz.node.universal-embedding"
            "kuehn-kuntz.node.embedding-impossible"
            "kuehn-kuntz.node.level-set-topology"
            "kuehn-kuntz.node.universal-approximation"
        ]
]
