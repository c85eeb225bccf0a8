namespace LayerTime.Core.Examination

open System
open System.Globalization
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Rigour
open LayerTime.Core.Constructions

/// Hypotheses that several claims share, as questions to a network.
module internal Hypotheses =
    /// A yes with its evidence, or a no with what was found.
    let judged (holds: bool) (found: string) (evidence: string) : Hypothesis =
        if holds then Hypothesis.Met evidence else Hypothesis.Broken found

    /// Three digits, to the nearest: for what is no bound.
    let number (x: float) : string = x.ToString("G3", CultureInfo.InvariantCulture).Replace('E', 'e')

    /// Three digits, rounded so that a bound stays one: `sign` is 1 for upper bounds and −1 for lower ones.
    let private towards (sign: float) (x: float) : string =
        let shown = Double.Parse(number x, CultureInfo.InvariantCulture)

        if sign * shown >= sign * x || not (Double.IsFinite x) then
            number x
        else
            // One unit of the third digit further.
            let text = shown.ToString("E2", CultureInfo.InvariantCulture)
            let exponent = Int32.Parse(text.AsSpan(text.IndexOf 'E' + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)
            number (shown + sign * Math.Pow(10.0, float (exponent - 2)))

    /// Three digits, not below x.
    let above (x: float) : string = towards 1.0 x

    /// Three digits, not above x.
    let below (x: float) : string = towards -1.0 x

    /// "1 block", "3 blocks".
    let counted (count: int) (thing: string) : string = if count = 1 then $"1 {thing}" else $"{count} {thing}s"

    let private names (kinds: ActivationKind[]) : string = kinds |> Array.map ActivationKind.name |> String.concat ", "

    /// One map for each layer that reads the newest state alone.
    let readsNewest (f: NetworkFacts) : string * Hypothesis =
        "f^(l) reads only x(l)", judged (f.Memory = 1) $"each map reads the last {f.Memory} states" ""

    /// ∇ᵏx(l+1) = hᵏ f(x(l)) with k ≥ least.
    let smooth (least: int) (f: NetworkFacts) : (string * Hypothesis) list = [
        $"k ≥ {least}", judged (f.Order >= least) $"k = {f.Order}" $"k = {f.Order}"
        readsNewest f
    ]

    /// A sum of maps of the past states without a difference.
    let additiveDense (f: NetworkFacts) : string * Hypothesis =
        "the network is additive dense",
        if f.Name <> "additive-dense" && f.Name <> "feed-forward" then Hypothesis.Broken $"it is {f.Name}"
        elif Array.exists ((<>) f.Width) f.Widths then Hypothesis.Broken "its widths change"
        else Hypothesis.Met(counted f.Memory "map" + " a layer")

    /// ∇x = h·f
    let residual (f: NetworkFacts) : string * Hypothesis =
        "the network is residual", judged (f.Name = "residual" || (f.Order = 1 && f.Memory = 1)) $"it is {f.Name} of order {f.Order}" ""

    /// A plain network.
    let feedForward (f: NetworkFacts) : string * Hypothesis =
        "the network is feed-forward", judged (f.Name = "feed-forward") $"it is {f.Name}" ""

    /// A chosen scalar function.
    let scalar (f: NetworkFacts) : string * Hypothesis =
        "Φ is scalar",
        (match f.Scalar with
         | Some _ -> Hypothesis.Met ""
         | None -> Hypothesis.Broken "several outputs, none chosen")

    /// d = expected.
    let width (expected: int) (f: NetworkFacts) : string * Hypothesis =
        $"the width is {expected}",
        (let widest = Array.max f.Widths
         judged (widest = expected && Array.min f.Widths = expected) $"widths {Array.min f.Widths} … {widest}" "")

    /// One width at all layers.
    let oneWidth (f: NetworkFacts) : string * Hypothesis =
        "one width",
        judged
            (Array.forall ((=) f.Width) f.Widths
             && Array.forall (fun (layer: Layer<Interval>) -> layer.InputWidth = f.Width && layer.OutputWidth = f.Width) f.Layers)
            $"widths {Array.min f.Widths} … {Array.max f.Widths}, inner layers included"
            $"width {f.Width}"

    /// No hidden activation with a kink.
    let continuouslyDifferentiable (name: string) (f: NetworkFacts) : string * Hypothesis =
        let kinked = f.AllKinds |> Array.filter (ActivationRange.isSmooth >> not)
        name, judged (kinked.Length = 0) $"{names kinked} has a kink" (names f.AllKinds)

    /// σ in C² with σ′ > 0, for every activation.
    let admissible (f: NetworkFacts) : string * Hypothesis =
        let reasons =
            f.AllKinds
            |> Array.choose (fun kind ->
                match ArchitectureClass.admissibility kind with
                | Admissibility.Admissible -> None
                | Admissibility.Increasing -> Some $"{ActivationKind.name kind} has a kink"
                | Admissibility.Inadmissible reason -> Some reason)

        "σ is C² with σ′ > 0", judged (reasons.Length = 0) (String.concat ", " reasons) (names f.AllKinds)

    /// Leaky units of positive slope and identities only, and at least one leaky unit.
    let leaky (f: NetworkFacts) : string * Hypothesis =
        let isLeaky kind =
            match kind with
            | ActivationKind.LeakyRelu slope -> slope.Sign > 0
            | _ -> false

        let others = f.Kinds |> Array.filter (fun kind -> not (isLeaky kind) && kind <> ActivationKind.Identity)

        "leaky ReLU of positive slopes",
        if others.Length > 0 then Hypothesis.Broken $"{names others}"
        elif Array.exists isLeaky f.Kinds then Hypothesis.Met(names f.Kinds)
        else Hypothesis.Broken "no activation at all"

    /// Activations with σ(st) = sσ(t) for s > 0.
    let homogeneous (f: NetworkFacts) : string * Hypothesis =
        let others =
            f.Kinds
            |> Array.filter (function
                | ActivationKind.Identity
                | ActivationKind.Relu
                | ActivationKind.LeakyRelu _ -> false
                | _ -> true)

        "the activation is homogeneous of degree 1", judged (others.Length = 0) (names others) (names f.Kinds)

    /// Piecewise linear activations.
    let piecewiseLinear (f: NetworkFacts) : string * Hypothesis = "piecewise linear activations", snd (homogeneous f)

    /// Identities only.
    let linear (f: NetworkFacts) : string * Hypothesis =
        "the maps are linear",
        (let others = f.Kinds |> Array.filter ((<>) ActivationKind.Identity)

         if others.Length > 0 then Hypothesis.Broken $"{names others}"
         elif f.HasBias then Hypothesis.Broken "they have biases"
         else Hypothesis.Met "linear")

    /// No bias in any map.
    let noBias (f: NetworkFacts) : string * Hypothesis = "no biases", judged (not f.HasBias) "there are biases" "no bias"

    /// h·Lip(f) < 1 in a norm, by the norms of the weights.
    let contraction (norm: BoundNorm) (f: NetworkFacts) : string * Hypothesis =
        let lipschitz = f.ForceLipschitz norm

        "h·Lip(f) < 1",
        if lipschitz < 1.0 then
            Hypothesis.Met $"h·Lip(f) ≤ {above lipschitz}"
        else
            Hypothesis.Open $"the bound of h·Lip(f) is {number lipschitz}"

    /// Lip(f) < ∞
    let lipschitz (f: NetworkFacts) : string * Hypothesis =
        let bound = f.ForceLipschitz BoundNorm.Infinity
        "f is Lipschitz", judged (bound < infinity) "an activation has slopes of any size" $"hᵏ·L_f ≤ {above bound}"

    /// The merged form exists.
    let merged (f: NetworkFacts) : string * Hypothesis =
        "the network is feed-forward and scalar",
        (match f.Merged with
         | Some p -> Hypothesis.Met $"""widths {p.Widths |> Array.map string |> String.concat "-"}"""
         | None -> Hypothesis.Broken(if f.Scalar.IsNone then "several outputs, none chosen" else $"it is {f.Name}"))

    /// Merged widths never increase.
    let nonAugmented (f: NetworkFacts) : string * Hypothesis =
        "the widths never increase",
        match f.Merged with
        | None -> Hypothesis.Broken $"it is {f.Name}"
        | Some p ->
            match Array.pairwise p.Widths |> Array.tryFind (fun (a, b) -> b > a) with
            | Some(a, b) -> Hypothesis.Broken $"{a} is followed by {b}"
            | None -> Hypothesis.Met ""

    /// Every merged matrix has full rank, by a positive lower bound of its smallest singular value.
    let fullRanks (f: NetworkFacts) : string * Hypothesis =
        "every A_l has full rank",
        match f.Singular with
        | None -> Hypothesis.Broken $"it is {f.Name}"
        | Some bounds ->
            if Array.contains None bounds then
                Hypothesis.Open $"a matrix has more than {f.LargestRank} rows and columns"
            else
                match bounds |> Array.tryFindIndex (fun bound -> bound = Some 0.0) with
                | Some l -> Hypothesis.Open $"A_{l + 1} is not proved to have full rank"
                | None -> Hypothesis.Met $"""s_min ≥ {bounds |> Array.choose id |> Array.map below |> String.concat ", "}"""

    /// Every matrix of the maps is square and regular.
    let regular (f: NetworkFacts) : string * Hypothesis =
        "det W_l ≠ 0",
        if f.Layers |> Array.exists (fun layer -> layer.InputWidth <> layer.OutputWidth) then
            Hypothesis.Broken "some matrix is not square"
        elif f.Width > f.LargestRank then
            Hypothesis.Open $"the matrices have more than {f.LargestRank} rows"
        else
            match f.LayerSingular |> Array.tryFindIndex (fun bound -> bound = Some 0.0) with
            | Some l -> Hypothesis.Open $"matrix {l} is not proved to be regular"
            | None -> Hypothesis.Met $"s_min(W_l) ≥ {f.LayerSingular |> Array.choose id |> Array.min |> below}"
