namespace LayerTime.Core.Rigour

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Networks

/// <summary>Affine enclosures of the gradient of a scalar perceptron on boxes: first-order Taylor models in float arithmetic.</summary>
/// <remarks>
/// Every quantity is a form c + q·ξ + [−e, e], ξ = x − m, |ξⱼ| ≤ rⱼ, stored as c, q₁ … qₙ, e and the size |c| + Σ|qⱼ|rⱼ. The gradient is computed backward,
/// p_{l−1} = A_lᵀ·(σ_l′(a_l) ∘ p_l), each σ_l and σ_l′ replaced by a chord. The error of a chord is of second order in the width of the
/// box, so the enclosure of F is too, without a Hessian. e takes every rounding error: a sum of k products with magnitudes μ is
/// wrong by less than (k + 4)·2⁻⁵²·Σμ, and e itself grows by as much relatively. One instance serves one thread.
/// </remarks>
[<Sealed>]
type internal GradientKernel(p: Perceptron<Interval>) =
    /// 2u
    static let unit = 2.2204460492503131e-16
    /// Covers what underflow can take away.
    static let tiny = 1e-290

    let n = p.Inputs
    let stride = n + 3
    let layers = p.Hidden.ToArray()
    let widths = layers |> Array.map (fun layer -> layer.Weights.Rows)

    let middles = layers |> Array.map (fun layer -> Array.map Interval.midpoint (layer.Weights.Entries.ToArray()))
    let radii = layers |> Array.map (fun layer -> Array.map Interval.radius (layer.Weights.Entries.ToArray()))
    let biases = layers |> Array.map (fun layer -> Array.map Interval.midpoint layer.Bias)
    let biasRadii = layers |> Array.map (fun layer -> Array.map Interval.radius layer.Bias)
    let output = p.Output.Row(0).ToArray()

    let isTanh =
        layers
        |> Array.map (fun layer -> layer.Activations |> Array.map ((=) (ActivationKind.Transcendental TranscendentalName.Tanh)))

    /// The centre m of the box, then z₁ … z_L as forms.
    let states = Array.init (layers.Length + 1) (fun l -> Array.zeroCreate<float>(if l = 0 then n else stride * widths[l - 1]))
    /// σ_l′(a_l) as forms.
    let slopes = widths |> Array.map (fun width -> Array.zeroCreate<float>(stride * width))

    /// p_l, then σ_l′(a_l) ∘ p_l, as forms.
    let covectors =
        Array.init (layers.Length + 1) (fun l -> Array.zeroCreate<float>(stride * (if l = 0 then n else widths[l - 1])))

    let argument = Array.zeroCreate<float> stride
    let radius = Array.zeroCreate<float> n

    /// Σ |qⱼ| rⱼ of the form at an offset.
    let spread (forms: float[]) (offset: int) : float =
        let mutable sum = 0.0

        for j in 0 .. n - 1 do
            sum <- sum + Math.Abs forms[offset + 1 + j] * radius[j]

        sum

    /// Enters the error of a form, and its size.
    let close (forms: float[]) (offset: int) (error: float) : unit =
        forms[offset + n + 1] <- error
        forms[offset + n + 2] <- Math.Abs forms[offset] + spread forms offset

    /// The pre-activation w·x + b of a neuron of the first layer as the form at `argument`: q is w itself.
    let ofInput (l: int) (neuron: int) : unit =
        let first = neuron * n
        let mutable centre = biases[l][neuron]
        let mutable magnitude = Math.Abs centre
        let mutable error = biasRadii[l][neuron]

        for j in 0 .. n - 1 do
            let w = middles[l][first + j]
            let product = w * states[0][j]
            argument[1 + j] <- w
            centre <- centre + product
            magnitude <- magnitude + Math.Abs product
            error <- error + radii[l][first + j] * (Math.Abs(states[0][j]) + radius[j])

        argument[0] <- centre
        close argument 0 (error + float (n + 6) * unit * (magnitude + error) + tiny)

    /// to ← start + Σ_k w_k·(form k) over `count` forms, w_k = weights[first + k·step] ± spreads[first + k·step].
    let combine
        (weights: float[])
        (spreads: float[])
        (first: int)
        (step: int)
        (count: int)
        (forms: float[])
        (target: float[])
        (place: int)
        (start: float)
        (startRadius: float)
        : unit =
        for j in 1..n do
            target[place + j] <- 0.0

        let mutable centre = start
        let mutable error = startRadius
        let mutable magnitude = Math.Abs start
        let mutable offset = 0
        let mutable entry = first

        for _ in 1..count do
            let w = weights[entry]
            centre <- centre + w * forms[offset]

            for j in 1..n do
                target[place + j] <- target[place + j] + w * forms[offset + j]

            let e, size = forms[offset + n + 1], forms[offset + n + 2]
            magnitude <- magnitude + Math.Abs w * size
            error <- error + (Math.Abs w * e + spreads[entry] * (size + e))
            offset <- offset + stride
            entry <- entry + step

        target[place] <- centre
        // γ of k + 4 roundings, twice u each: of the form, and of the error itself.
        let relative = float (count + n + 6) * unit
        close target place (error + relative * (magnitude + error) + tiny)

    /// to ← α + β·(form − c) with the chord's error, for the form at `argument`.
    let follow (chord: Chord) (target: float[]) (place: int) : unit =
        let slope = chord.Slope
        target[place] <- chord.Value

        for j in 1..n do
            target[place + j] <- slope * argument[j]

        let error = chord.Error + Math.Abs slope * argument[n + 1]
        close target place (error + 4.0 * unit * (error + Math.Abs slope * argument[n + 2]) + tiny)

    /// right ← left ∘ right: what is not affine in the product goes into the error.
    let multiply (left: float[]) (right: float[]) (place: int) : unit =
        let c, d = left[place], right[place]
        let sizeC, sizeD = Math.Abs c, Math.Abs d
        let a, b = left[place + n + 2] - sizeC, right[place + n + 2] - sizeD
        let e, f = left[place + n + 1], right[place + n + 1]

        for j in 1..n do
            right[place + j] <- c * right[place + j] + d * left[place + j]

        right[place] <- c * d
        let error = a * b + e * (sizeD + b + f) + f * (sizeC + a)
        // a and b are differences: their error is relative to the sizes they come from.
        let rounding = 8.0 * unit * (error + (sizeC + a) * (sizeD + b))
        close right place (error + rounding + tiny)

    /// z_l and σ_l′(a_l) from z_{l−1}; false where a pre-activation is not finite.
    let advance (l: int) : bool =
        let columns = if l = 0 then n else widths[l - 1]
        let last = l = layers.Length - 1
        let mutable finite = true
        let mutable i = 0

        while finite && i < widths[l] do
            let bias, biasRadius = biases[l][i], biasRadii[l][i]

            if l = 0 then ofInput l i else combine middles[l] radii[l] (i * columns) 1 columns states[l] argument 0 bias biasRadius

            let centre = argument[0]
            let size = argument[n + 2] * (1.0 + float (n + 4) * unit)
            let reach = (size - Math.Abs centre + argument[n + 1]) * (1.0 + 4.0 * unit) + unit * size + tiny
            let lo, hi = Math.BitDecrement(centre - reach), Math.BitIncrement(centre + reach)

            if not (Double.IsFinite lo && Double.IsFinite hi) then
                finite <- false
            elif isTanh[l][i] then
                let ends = Chord.tanhEnds lo hi
                follow (Chord.tanhSlope ends centre) slopes[l] (i * stride)

                if not last then
                    follow (Chord.tanh ends centre) states[l + 1] (i * stride)
            else
                let kind = layers[l].Activations[i]
                follow (Chord.ofActivation 1 kind lo hi centre) slopes[l] (i * stride)

                if not last then
                    follow (Chord.ofActivation 0 kind lo hi centre) states[l + 1] (i * stride)

            i <- i + 1

        finite

    /// p_L = A_{L+1}ᵀ as forms.
    let startBackward () : unit =
        let forms = covectors[layers.Length]

        for i in 0 .. output.Length - 1 do
            Array.Clear(forms, i * stride, stride)
            forms[i * stride] <- Interval.midpoint output[i]
            close forms (i * stride) (Interval.radius output[i])

    interface ILineariser with
        member _.Linearise(box, enclosure) =
            enclosure.Place box
            Array.blit enclosure.Radius 0 radius 0 n

            Array.blit enclosure.Centre 0 states[0] 0 n

            let mutable finite = true

            for l in 0 .. layers.Length - 1 do
                finite <- finite && advance l

            if finite then
                startBackward ()

                for l in layers.Length - 1 .. -1 .. 0 do
                    for i in 0 .. widths[l] - 1 do
                        multiply slopes[l] covectors[l + 1] (i * stride)

                    let columns = if l = 0 then n else widths[l - 1]

                    for k in 0 .. columns - 1 do
                        combine middles[l] radii[l] k columns widths[l] covectors[l + 1] covectors[l] (k * stride) 0.0 0.0

                for i in 0 .. n - 1 do
                    let place = i * stride
                    enclosure.Value[i] <- covectors[0][place]
                    Array.blit covectors[0] (place + 1) enclosure.Slope (i * n) n
                    enclosure.Error[i] <- covectors[0][place + n + 1]
            else
                Array.Fill(enclosure.Error, Double.PositiveInfinity)
