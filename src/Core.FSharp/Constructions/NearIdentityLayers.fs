namespace LayerTime.Core.Constructions

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// A feed-forward network x_{l+1} = η(W_l x_l + B_l), η(u) = u + dt·g(u).
[<NoComparison; NoEquality>]
type NearIdentityLayers = {
    /// dt > 0
    Step: float
    /// W_0, …, W_{N−1}, row by row.
    Weights: float[][][]
    /// B_0, …, B_{N−1}
    Biases: float[][]
    /// g
    Nonlinearity: Nonlinearity<Binary64>
} with

    /// N
    member layers.Depth = layers.Weights.Length
    /// n
    member layers.Dimension = layers.Biases[0].Length

/// Networks near the identity as states, as layer maps, and from layers.
[<RequireQualifiedAccess>]
module NearIdentityLayers =
    /// W·x + B
    let private preactivation (weights: float[][]) (bias: float[]) (x: float[]) : float[] =
        Array.map2 (fun row b -> Array.fold2 (fun sum w x -> sum + w * x) b row x) weights bias

    /// x_0, …, x_N in floats.
    let run (network: NearIdentityLayers) (start: float[]) : float[][] =
        let activate u = u + network.Step * Nonlinearity.ofFloat network.Nonlinearity u

        Array.zip network.Weights network.Biases |> Array.scan (fun x (w, b) -> preactivation w b x |> Array.map activate) start

    // [I; I]·(Wx + B), first with the identity and then with σ, then a·u + c·σ(u).
    let private inTwo (n: int) (σ: Activation<Binary64>) (a: float) (c: float) (w: float[][]) (b: float[]) : LayerMap<Binary64> =
        let numbers = Array.map (Array.map Binary64)
        let twice = Layer.create (Matrix.ofRows (numbers (Array.append w w))) (Array.map Binary64 (Array.append b b))
        let activations = Array.append (Array.replicate n Activation.Identity) (Array.replicate n σ)

        let diagonal i j =
            Binary64(
                if j = i then a
                elif j = n + i then c
                else 0.0
            )

        [| twice activations; Layer.affine (Matrix.init n (2 * n) diagonal) (Vector.zero n) |]
        |> Array.map Defect.orFail
        |> LayerMap.create
        |> Defect.orFail

    let private inOne (σ: Activation<Binary64>) (w: float[][]) (b: float[]) : LayerMap<Binary64> =
        LayerMap.dense (Matrix.ofRows (Array.map (Array.map Binary64) w)) (Array.map Binary64 b) σ |> Defect.orFail

    /// The layers with the activations that files know. Where η is none of them the layer has an inner one:
    /// u − γdt·u³ = (1 + 3γdt)u − 3γdt(u + u³/3), and u + c·dt·σ(u) as it stands.
    let toLayerMaps (network: NearIdentityLayers) : LayerMap<Binary64>[] =
        let n, h = network.Dimension, network.Step

        let one =
            match network.Nonlinearity with
            | Nonlinearity.Damping(Damping.Leaky κ) -> inOne (Activation.LeakyRelu(Binary64(1.0 - κ.Value * h)))
            | Nonlinearity.Excess(σ, dt) when dt.Value = h -> inOne σ
            | Nonlinearity.Damping(Damping.Cubic γ) -> inTwo n Activation.Cubic (1.0 + 3.0 * γ.Value * h) (-3.0 * γ.Value * h)
            | Nonlinearity.Scaled(c, σ) -> inTwo n σ 1.0 (c.Value * h)
            | Nonlinearity.Excess(σ, dt) -> inTwo n σ (1.0 - h / dt.Value) (h / dt.Value)

        Array.map2 one network.Weights network.Biases

    /// Layers σ(W_l x + B_l) of one width and one activation, read with dt = T/N and g = (σ − id)/dt.
    let ofLayers (horizon: float) (layers: Layer<Binary64>[]) : Result<NearIdentityLayers, Defect list> =
        let activations = layers |> Array.collect (fun layer -> layer.Activations.ToArray()) |> Array.distinct
        let width = if layers.Length = 0 then 0 else layers[0].InputWidth

        let defects = [
            yield! Defect.unless (Double.IsFinite horizon && horizon > 0.0) "T" (string horizon) "a positive number"

            if layers.Length = 0 then
                Defect.create "" "no layer" "at least one"

            for l, layer in Array.indexed layers do
                if layer.InputWidth <> width || layer.OutputWidth <> width then
                    Defect.create
                        $"layer {l}"
                        $"{layer.OutputWidth}×{layer.InputWidth} weights"
                        $"{width}×{width}, one width for all layers"

            if activations.Length > 1 then
                Defect.create
                    "activations"
                    (activations |> Array.map Activation.name |> String.concat ", ")
                    "one activation, the same in all layers"
        ]

        match defects with
        | [] ->
            let step = horizon / float layers.Length

            Ok {
                Step = step
                Weights = layers |> Array.map (fun layer -> layer.Weights |> Matrix.map _.Value |> Matrix.toRows)
                Biases = layers |> Array.map (fun layer -> layer.Bias.ToArray() |> Array.map _.Value)
                Nonlinearity = Nonlinearity.Excess(activations[0], Binary64 step)
            }
        | defects -> Error defects

    let private norm (x: float[]) : float = Array.fold (fun largest a -> max largest (abs a)) 0.0 x

    /// How far rounding may move the states x_0, …, x_N of a network in floats:
    /// ρ(N) = 8(n + 4)N·2⁻⁵³·(max|x_l| + β)·Π(1 + dt‖w_l‖ + dt·L), L = Lip_g(max over l of |x_l|, |u_l|), for dt ≤ 1, dt·L ≤ 1.
    let rounding (network: NearIdentityLayers) (states: float[][]) : float =
        let h, n = network.Step, network.Dimension
        let radius = states |> Array.map norm |> Array.max
        let preactivations = Array.map3 preactivation network.Weights network.Biases (Array.truncate network.Depth states)
        let reached = preactivations |> Array.fold (fun r u -> max r (norm u)) radius
        let slope = (Nonlinearity.lipschitz network.Nonlinearity (Interval.ofFloat reached)).Upper
        let β = (network.Biases |> Array.map norm |> Array.max) / h

        let growth (w: float[][]) =
            1.0
            + h * slope
            + (w
               |> Array.mapi (fun i row -> row |> Array.mapi (fun j a -> abs (if i = j then a - 1.0 else a)) |> Array.sum)
               |> Array.max)

        8.0
        * float (n + 4)
        * float network.Depth
        * Math.ScaleB(1.0, -53)
        * (radius + β)
        * Array.fold (fun p w -> p * growth w) 1.0 network.Weights
