namespace LayerTime.Core.Examination

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.DeepLimit

/// <summary>A residual network as the limit theorems write it: X_{i+1} = X_i + σ(K_i X_i + b_i)/n, i = 0 … n−1.</summary>
/// <remarks>A step h other than 1/n is part of σ, which is T = n·h times the activation.</remarks>
[<NoComparison; NoEquality>]
type DepthForm = {
    /// K_0 … K_{n−1}
    Kernel: Matrix<Interval>[]
    /// b_0 … b_{n−1}
    Bias: Interval[][]
    /// The activation of all layers, without the factor T.
    Activation: Activation<Interval>
    /// T = n·h
    Horizon: Interval
} with

    /// n
    member form.Depth: int = form.Kernel.Length
    /// d
    member form.Width: int = form.Kernel[0].Rows

/// Upper bounds of the sizes that the rates are made of.
type DepthSizes = {
    /// L ≥ Lip(σ)
    Lipschitz: float
    /// ‖K_i‖₂, or more.
    Norms: float[]
    /// ‖K_{i+1} − K_i‖F and, at the end, 0: there is no K_n.
    KernelRises: float[]
    /// |b_{i+1} − b_i| and, at the end, 0.
    BiasRises: float[]
    /// R: no state, of the network or of its limit, is larger.
    Radius: float
    /// V: no speed is larger.
    Speed: float
} with

    /// A = max‖K_i‖
    member sizes.Largest: float = Array.max sizes.Norms

/// Residual networks against the differential equation through their weights.
[<RequireQualifiedAccess>]
module DepthForm =
    let private up = Directed.addUp
    let private times (a: float) (b: float) : float = if a = 0.0 || b = 0.0 then 0.0 else Directed.multiplyUp a b

    /// An upper bound of |x|₂.
    let length (x: Interval[]) : float = NormBounds.frobenius (Matrix.ofRows [| x |])

    /// The form of a network, or why it has none.
    let ofNetwork (network: Network<Interval>) : Result<DepthForm, string> =
        let equation = network.Equation
        let maps = Architecture.maps network.Architecture

        if equation.Order <> 1 then
            Error $"it is {Architecture.name network.Architecture} of order {equation.Order}"
        elif equation.Memory <> 1 || Array.exists (fun (layer: LayerMap<Interval>[]) -> layer.Length <> 1) maps then
            Error $"it reads {equation.Memory} states"
        elif maps |> Array.exists (fun layer -> (layer[0]).Layers.Length <> 1) then
            Error "its maps have layers inside"
        elif equation.Step.Lower <= 0.0 then
            Error "its step is not positive"
        else
            let layers = maps |> Array.collect (fun layer -> layer[0].Layers.ToArray())
            let kind = ActivationKind.ofActivation (Interval.midpoint >> Rational.ofFloat)
            let kinds = layers |> Array.collect (fun layer -> layer.Activations.ToArray()) |> Array.map kind |> Array.distinct

            match kinds with
            | [| _ |] ->
                Ok {
                    Kernel = layers |> Array.map _.Weights
                    Bias = layers |> Array.map (fun layer -> layer.Bias.ToArray())
                    Activation = layers[0].Activation 0
                    Horizon = Arithmetic.(*) equation.Step (Interval.ofFloat (float layers.Length))
                }
            | several -> Error $"""its activations differ: {several |> Array.map ActivationKind.name |> String.concat ", "}"""

    /// K_i and b_i as vectors, for sequences.
    let kernels (form: DepthForm) : Interval[][] = form.Kernel |> Array.map (fun k -> k.Entries.ToArray())

    /// The same weights at twice the depth: S_{2n}I_n.
    let prolong (form: DepthForm) : DepthForm =
        let d = form.Width

        {
            form with
                Kernel = WeightSequence.prolong (kernels form) |> Array.map (fun entries -> Matrix.init d d (fun i j -> entries[i * d + j]))
                Bias = WeightSequence.prolong form.Bias
        }

    /// The network of a form between the ends of another.
    let network (ends: Network<Interval>) (form: DepthForm) : Network<Interval> =
        let map k b = LayerMap.dense k b form.Activation |> Defect.orFail
        let step = Arithmetic.(/) form.Horizon (Interval.ofFloat (float form.Depth))

        Network.create ends.Lift (Architecture.Residual(step, Array.map2 map form.Kernel form.Bias)) ends.Readout
        |> Defect.orFail

    /// ε(u) = (eᵘ − 1)/u for u ≥ 0, upward; 1 at 0.
    let private ε (u: float) : float = if u = 0.0 then 1.0 else Directed.divideUp (Transcendental.expm1 (Interval.ofFloat u)).Upper u

    /// sup|σ| without the factor T, or ∞.
    let private supremum (activation: Activation<Interval>) : float =
        match activation with
        | Activation.Transcendental function' ->
            match function'.Name with
            | TranscendentalName.Tanh
            | TranscendentalName.Logistic
            | TranscendentalName.Sine -> 1.0
            | TranscendentalName.Softplus -> infinity
        | _ -> infinity

    /// Bounds of ‖K‖₂ at twice the depth, from those of the layers: between two layers the mean will do.
    let prolongNorms (norms: float[]) : float[] =
        norms
        |> Array.mapi (fun i norm ->
            let next = norms[min (i + 1) (norms.Length - 1)]
            [| norm; Directed.multiplyUp 0.5 (up norm next) |])
        |> Array.concat

    /// The sizes for a start x from bounds of ‖K_i‖₂, or None where σ has no Lipschitz constant.
    let sizes (norms: float[]) (form: DepthForm) (start: Interval[]) : DepthSizes option =
        let exactly = Interval.midpoint >> Rational.ofFloat

        (Activation.facts exactly form.Activation).Lipschitz
        |> Option.map (fun constant ->
            let horizon = Interval.magnitude form.Horizon
            let lipschitz = times horizon (Interval.ofRational constant).Upper
            let root = Directed.sqrtUp (float form.Width)

            let atZero = times (times root horizon) (Interval.magnitude (Activation.value form.Activation (Interval.ofFloat 0.0)))

            let most = times (times root horizon) (supremum form.Activation)
            let a, b = Array.max norms, form.Bias |> Array.map length |> Array.max
            let u = times lipschitz a
            let x = length start
            // R = e^{LA}|x| + (LB + s₀)ε(LA); for |σ| ≤ M also |x| + √d·M.
            let grown = up (times (Transcendental.exp (Interval.ofFloat u)).Upper x) (times (up (times lipschitz b) atZero) (ε u))
            let radius = Math.Min(grown, up x most)
            // V = L(AR + B) + s₀, also √d·M.
            let speed = Math.Min(up (times lipschitz (up (times a radius) b)) atZero, most)

            let rises (size: 'S -> 'S -> float) (sequence: 'S[]) =
                Array.append (sequence |> Array.pairwise |> Array.map (fun (before, after) -> size before after)) [| 0.0 |]

            {
                Lipschitz = lipschitz
                Norms = norms
                KernelRises = rises (fun k next -> NormBounds.frobenius (Matrix.subtract next k)) form.Kernel
                BiasRises = rises (fun b next -> length (Vector.subtract next b)) form.Bias
                Radius = radius
                Speed = speed
            })

    /// An upper bound of max_i|X_i − X(i/n)| for X′ = σ(K(t)X + b(t)) with K and b linear from layer to layer: the recursion behind C/n,
    /// e_{i+1} = (1 + L‖K_i‖/n)e_i + (L/n)(R‖ΔK_i‖ + |Δb_i| + A·V/(2n)).
    let distanceFromLimit (sizes: DepthSizes) : float =
        let n = float sizes.Norms.Length
        let share a = Directed.divideUp a n
        let moving = share (Directed.multiplyUp 0.5 (times sizes.Largest sizes.Speed))

        let next e i =
            let growth = up 1.0 (share (times sizes.Lipschitz sizes.Norms[i]))
            let change = up (up (times sizes.Radius sizes.KernelRises[i]) sizes.BiasRises[i]) moving
            up (times growth e) (share (times sizes.Lipschitz change))

        Seq.fold next 0.0 (seq { 0 .. sizes.Norms.Length - 1 })
