namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// The three classes of node sequences d = (d₀, d₁, …, 1) by Kühn and Kuntz; every sequence is in exactly one.
[<RequireQualifiedAccess>]
type ArchitectureClass =
    /// d₀ ≥ d₁ ≥ … ≥ d_last
    | NonAugmented
    /// Not that, and d₀ ≤ … ≤ d_g ≥ … ≥ d_last for some g.
    | Augmented
    /// d_i &gt; d_j &lt; d_k for some i &lt; j &lt; k.
    | Bottleneck

/// Whether an activation is one of those the theorems are about.
[<RequireQualifiedAccess>]
type Admissibility =
    /// σ is C² and σ′ &gt; 0 everywhere.
    | Admissible
    /// σ is continuous and strictly increasing, with a kink.
    | Increasing
    /// Neither, for this reason.
    | Inadmissible of reason: string

/// What is known about the critical points of one network.
[<RequireQualifiedAccess>]
type CriticalPointLaw =
    /// Φ is constant: every point is critical and degenerate.
    | Constant
    /// Φ_x ≠ 0 everywhere.
    | NoCriticalPoint
    /// There is no local extremum, as Φ is an open map; it need not have a gradient everywhere.
    | NoExtremum
    /// Every critical point is degenerate: they come in flats of this dimension, n − rank A₁.
    | Degenerate of flat: int
    /// For almost all weights of these widths no critical point is degenerate.
    | MorseForAlmostAllWeights
    /// Weights of these widths with degenerate critical points form a set with inner points.
    | DegenerateForOpenSet
    /// Where the gradient of the part behind a linear layer of this width &lt; n vanishes, there are degenerate critical points.
    | DegenerateBehind of width: int
    /// No theorem here decides it, for this reason.
    | Open of reason: string

/// The class of one network, with everything it follows from.
[<NoComparison; NoEquality>]
type NetworkClassification = {
    /// n, m₁, …, m_L, 1 as written, linear layers merged.
    Widths: int[]
    /// The class of these.
    Syntactic: ArchitectureClass
    /// n, r₁, m₁, r₂, m₂, …, 1 after the clean-up, r_l = rank A_l; empty for a constant.
    EffectiveNodes: int[]
    /// r₁, r₂, …; empty for a constant.
    Ranks: int[]
    /// The class of the effective nodes, or None for a constant.
    Effective: ArchitectureClass option
    /// What follows for critical points.
    Law: CriticalPointLaw
    /// The normal form the ranks were read from.
    NormalForm: NormalForm
}

/// Classes of architectures: by widths alone, and of a network by the ranks of its matrices.
[<RequireQualifiedAccess>]
module ArchitectureClass =
    /// The class of a node sequence by one scan: a strict increase after a strict decrease is a bottleneck.
    let ofNodes (nodes: int[]) : ArchitectureClass =
        let step (decreased, increased, bottleneck) (a, b) = decreased || b < a, increased || b > a, bottleneck || (decreased && b > a)

        match Array.pairwise nodes |> Array.fold step (false, false, false) with
        | _, _, true -> ArchitectureClass.Bottleneck
        | _, true, false -> ArchitectureClass.Augmented
        | _, false, false -> ArchitectureClass.NonAugmented

    /// The widths with min(d_j, d_{j+1}) between neighbours: what a matrix of full rank lets through. The class stays the same.
    let withFullRanks (nodes: int[]) : int[] = [|
        nodes[0]
        for a, b in Array.pairwise nodes do
            min a b
            b
    |]

    /// The class in words.
    let name (architecture: ArchitectureClass) : string =
        match architecture with
        | ArchitectureClass.NonAugmented -> "non-augmented"
        | ArchitectureClass.Augmented -> "augmented"
        | ArchitectureClass.Bottleneck -> "bottleneck"

    /// Whether no width increases after the first one below n: the exact condition on the widths n, m₁, …, m_L, 1 under which weights with
    /// degenerate critical points are a null set.
    let isMorseForAlmostAllWeights (widths: int[]) : bool =
        let narrow = widths |> Array.skipWhile (fun width -> width >= widths[0])
        Array.pairwise narrow |> Array.forall (fun (a, b) -> a >= b)

    /// Whether the theorems are about this activation, and if not, why.
    let admissibility (kind: ActivationKind) : Admissibility =
        match kind with
        | ActivationKind.Identity
        | ActivationKind.Cubic -> Admissibility.Admissible
        | ActivationKind.Relu -> Admissibility.Inadmissible "relu is constant for t < 0"
        | ActivationKind.LeakyRelu slope when slope = Rational.One -> Admissibility.Admissible
        | ActivationKind.LeakyRelu slope when slope.Sign > 0 -> Admissibility.Increasing
        | ActivationKind.LeakyRelu slope -> Admissibility.Inadmissible $"leaky-relu of slope {slope} does not increase for t < 0"
        | ActivationKind.Square -> Admissibility.Inadmissible "square has the derivative 0 at t = 0"
        | ActivationKind.Transcendental TranscendentalName.Sine -> Admissibility.Inadmissible "sin has the derivative 0 at t = π/2"
        | ActivationKind.Transcendental(TranscendentalName.Tanh | TranscendentalName.Logistic | TranscendentalName.Softplus) ->
            Admissibility.Admissible

    let private isAffine (kind: ActivationKind) : bool =
        match kind with
        | ActivationKind.Identity -> true
        | ActivationKind.LeakyRelu slope -> slope = Rational.One
        | _ -> false

    let private hasFullRank (m: Matrix<Rational>) (rank: int) : bool = rank = min m.Rows m.Columns

    /// The law of a reduced network with activations that are C² with positive derivatives.
    let private smoothLaw (form: ReducedForm) (effective: ArchitectureClass) : CriticalPointLaw =
        let n = form.InputMap.Columns
        let kinds = form.Hidden |> Array.collect _.Activations
        let deficient = form.Hidden |> Array.filter (fun layer -> not (hasFullRank layer.Weights layer.Right.Rows))

        match effective with
        | ArchitectureClass.NonAugmented -> CriticalPointLaw.NoCriticalPoint
        | _ when form.Ranks[0] < n -> CriticalPointLaw.Degenerate(n - form.Ranks[0])
        | ArchitectureClass.Augmented -> CriticalPointLaw.MorseForAlmostAllWeights
        | ArchitectureClass.Bottleneck when deficient.Length > 0 ->
            let narrowest = deficient |> Array.map _.Right.Rows |> Array.min

            if narrowest < n then
                CriticalPointLaw.DegenerateBehind narrowest
            else
                CriticalPointLaw.Open $"the linear bottleneck is as wide as the input, {n}: critical points have to be searched for"
        | ArchitectureClass.Bottleneck when isMorseForAlmostAllWeights form.Widths -> CriticalPointLaw.MorseForAlmostAllWeights
        | ArchitectureClass.Bottleneck when Array.exists isAffine kinds ->
            CriticalPointLaw.Open "some neurons are affine, so that the bottleneck need not show"
        | ArchitectureClass.Bottleneck -> CriticalPointLaw.DegenerateForOpenSet

    let private law (form: ReducedForm) (effective: ArchitectureClass) : CriticalPointLaw =
        let kinds = form.Hidden |> Array.collect _.Activations |> Array.distinct

        let reasons =
            kinds
            |> Array.choose (fun kind ->
                match admissibility kind with
                | Admissibility.Inadmissible reason -> Some reason
                | Admissibility.Admissible
                | Admissibility.Increasing -> None)

        if reasons.Length > 0 then
            CriticalPointLaw.Open(String.concat ", " reasons + ": the theorems ask for a positive derivative everywhere")
        elif kinds |> Array.exists (fun kind -> admissibility kind = Admissibility.Increasing) then
            match effective with
            | ArchitectureClass.NonAugmented -> CriticalPointLaw.NoExtremum
            | _ -> CriticalPointLaw.Open "leaky-relu has a kink at t = 0: without second derivatives there is no non-degeneracy to speak of"
        else
            smoothLaw form effective

    /// The class of a perceptron with one output, from its widths and from the exact ranks of its matrices after superfluous neurons are
    /// removed; or why it has none. The effective class is computed, never declared: weights of augmented widths may be non-augmented in
    /// effect, or have a bottleneck.
    let classify (p: Perceptron<Rational>) : Result<NetworkClassification, Defect list> =
        if p.Outputs <> 1 then
            Error [ Defect.create "output" $"{p.Outputs} outputs" "one: only a scalar function has critical points of this kind" ]
        else
            let normalForm = NormalForm.normalise p

            let nodes, ranks, effective, law =
                match normalForm with
                | NormalForm.Constant _ -> [||], [||], None, CriticalPointLaw.Constant
                | NormalForm.Reduced form ->
                    let effective = ofNodes form.EffectiveNodes
                    form.EffectiveNodes, form.Ranks, Some effective, law form effective

            Ok {
                Widths = p.Widths
                Syntactic = ofNodes p.Widths
                EffectiveNodes = nodes
                Ranks = ranks
                Effective = effective
                Law = law
                NormalForm = normalForm
            }

    let private words (law: CriticalPointLaw) : string =
        match law with
        | CriticalPointLaw.Constant -> "The function is constant: every point is critical and degenerate."
        | CriticalPointLaw.NoCriticalPoint ->
            "There is no critical point: every matrix has full row rank, so the gradient is never zero, and level sets are smooth."
        | CriticalPointLaw.NoExtremum ->
            "There is no local extremum: every matrix has full row rank, so the function is open, and no gradient of a linear piece is zero."
        | CriticalPointLaw.Degenerate flat ->
            $"Every critical point is degenerate: the function does not change along flats of dimension {flat}, the kernel of the first matrix."
        | CriticalPointLaw.MorseForAlmostAllWeights ->
            "For almost all weights of these widths every critical point is non-degenerate; for the weights at hand a census decides."
        | CriticalPointLaw.DegenerateForOpenSet ->
            "Weights of these widths with degenerate critical points form a set with inner points; for the weights at hand a census decides."
        | CriticalPointLaw.DegenerateBehind width ->
            $"A matrix has rank {width}, less than full: where the gradient of the part behind it vanishes, critical points are degenerate."
        | CriticalPointLaw.Open reason -> $"No theorem applies: {reason}."

    let private sequence (values: int[]) : string = values |> Array.map string |> String.concat "-"

    /// The classification in sentences: classes, nodes and ranks, what was removed, and what follows.
    let explain (c: NetworkClassification) : string list = [
        $"The widths {sequence c.Widths} are {name c.Syntactic}."
        match c.NormalForm, c.Effective with
        | NormalForm.Reduced form, Some effective ->
            if not form.Removals.IsEmpty then
                let count = form.Removals.Length

                let neurons =
                    if count = 1 then "neuron contributes nothing of its own and is" else "neurons contribute nothing of their own and are"

                $"{count} {neurons} removed, which leaves the widths {sequence form.Widths}."

            $"With the ranks {sequence c.Ranks} of the matrices in between, {sequence c.EffectiveNodes} is {name effective} in effect."
        | _ -> "A matrix of the reduced network is zero."
        words c.Law
    ]
