namespace LayerTime.Core.Constructions

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Networks

/// How many layers the network of a field gets.
[<RequireQualifiedAccess>]
type LayerCount =
    /// This many.
    | Given of layers: int
    /// As few as the a-priori bound allows for |x_N − x(T)| ≤ tolerance.
    | Within of tolerance: float

/// The feed-forward network of a differential equation.
[<NoComparison; NoEquality>]
type FeedForwardConversion = {
    /// W_l = I + dt·w(t_l), B_l = dt·b(t_l), η(u) = u + dt·g(u), dt = T/N, t_l = l·dt.
    Network: NearIdentityLayers
    /// The bounds on |x_N − x(T)| and what they are made of.
    Bound: NearIdentityBound
    /// A bound of the feed-forward network from its own states, often smaller; None where g has no one-sided Lipschitz constant.
    Certificate: float option
    /// ρ(N): how far rounding may move the states of the network in floats.
    Rounding: float
}

/// The differential equation of a feed-forward network.
[<NoComparison; NoEquality>]
type OdeConversion = {
    /// w_l = (W_l − I)/dt and b_l = B_l/dt interpolated linearly between t_l = l·dt, constant on the last layer.
    Field: NearIdentityField
    /// max ‖W_l − I‖ = dt·K
    Distance: float
    /// V_w = Σ ‖w_{l+1} − w_l‖
    WeightVariation: float
    /// V_b = Σ |b_{l+1} − b_l|
    BiasVariation: float
    /// The constants of C_0; its own bounds hold for constant coefficients.
    Constants: NearIdentityBound
    /// dt·C_0·σ_N + ½dt(V_w X + V_b)e^{μ⁺T} ≥ |x_N − x(T)|
    Bound: float
    /// A bound from the states of the network themselves, often smaller; None where g has no one-sided Lipschitz constant.
    Certificate: float option
    /// ρ(N): how far rounding may move the states of the network in floats.
    Rounding: float
}

/// Differential equations x′ = w(t)x + b(t) + g(x) as feed-forward networks near the identity, and back.
[<RequireQualifiedAccess>]
module NearIdentityConversion =
    /// The largest number of layers that a tolerance may ask for.
    let mostLayers = 1 <<< 20

    /// W_l = I + dt·w(t_l), B_l = dt·b(t_l)
    let private emit (field: NearIdentityField) (layers: int) : NearIdentityLayers =
        let step = field.Horizon / float layers
        let time l = float l * step
        let identity i j = if i = j then 1.0 else 0.0

        {
            Step = step
            Weights =
                Array.init layers (fun l ->
                    field.Weights(time l) |> Array.mapi (fun i row -> row |> Array.mapi (fun j w -> identity i j + step * w)))
            Biases = Array.init layers (fun l -> field.Bias(time l) |> Array.map (fun b -> step * b))
            Nonlinearity = field.Nonlinearity
        }

    // The least N whose majorant is within the tolerance: doubling, then bisection, as the majorant falls with N.
    let private search (field: NearIdentityField) (start: float[]) (tolerance: float) : Result<NearIdentityBound, FailedHypothesis> =
        let bound layers = NearIdentityBound.compute field start layers

        let suffices =
            function
            | Ok found -> found.Majorant <= tolerance
            | Error _ -> false

        let rec bisect low high =
            if high - low <= 1 then
                bound high
            else
                let middle = low + (high - low) / 2
                if suffices (bound middle) then bisect low middle else bisect middle high

        let rec double layers =
            let found = bound layers

            if suffices found then
                bisect (layers / 2) layers
            elif layers < mostLayers then
                double (2 * layers)
            else
                match found with
                | Ok _ -> Error(FailedHypothesis.Depth(tolerance, mostLayers))
                | failed -> failed

        double 1

    /// The feed-forward network of a field, with bounds on its distance from the solution that starts at x(0); or the hypothesis that fails.
    /// Wants as many numbers in `start` as the field has components, at least one layer, a positive tolerance.
    let odeToFeedForward (count: LayerCount) (field: NearIdentityField) (start: float[]) : Result<FeedForwardConversion, FailedHypothesis> =
        if start.Length <> field.Dimension then
            invalidArg (nameof start) $"found {start.Length} numbers, expected {field.Dimension}"

        let bound =
            match count with
            | LayerCount.Given layers when layers >= 1 -> NearIdentityBound.compute field start layers
            | LayerCount.Given layers -> invalidArg (nameof count) $"found {layers} layers, expected at least one"
            | LayerCount.Within tolerance when tolerance > 0.0 -> search field start tolerance
            | LayerCount.Within tolerance -> invalidArg (nameof count) $"found a tolerance of {tolerance}, expected a positive one"

        bound
        |> Result.map (fun bound ->
            let network = emit field bound.Layers
            let states = NearIdentityLayers.run network start

            {
                Network = network
                Bound = bound
                Certificate = NearIdentityCertificate.compute field states
                Rounding = NearIdentityLayers.rounding network states
            })

    // Σ |c_{l+1} − c_l| in a norm
    let private variation (norm: 'T -> 'T -> float) (items: 'T[]) : float = items |> Array.pairwise |> Array.sumBy (fun (a, b) -> norm a b)

    let private distance (x: float[]) (y: float[]) : float = Array.fold2 (fun largest a b -> max largest (abs (b - a))) 0.0 x y

    let private matrixDistance (a: float[][]) (b: float[][]) : float =
        Array.map2 (fun x y -> Array.fold2 (fun sum a b -> sum + abs (b - a)) 0.0 x y) a b |> Array.max

    // Sums of as many numbers round by less than this share of themselves.
    let private upward (terms: int) (value: float) : float = value * (1.0 + float (terms + 4) * Math.ScaleB(1.0, -52))

    // Constant on the last layer, so that N layers have N + 1 nodes.
    let private equation (network: NearIdentityLayers) : NearIdentityField =
        let h = network.Step
        let identity i j = if i = j then 1.0 else 0.0
        let w = network.Weights |> Array.map (Array.mapi (fun i row -> row |> Array.mapi (fun j a -> (a - identity i j) / h)))
        let b = network.Biases |> Array.map (Array.map (fun b -> b / h))
        let closed items = Array.append items [| Array.last items |]

        NearIdentityField.interpolating (closed w) (closed b) network.Nonlinearity (h * float network.Depth) |> Defect.orFail

    /// The differential equation of a feed-forward network and its distance from x_N by the converse theorem, however far the layers are
    /// from the identity and however they vary; or the hypothesis of the bound that fails.
    /// Wants a network with finite weights, and as many numbers in `start` as it is wide.
    let interpolate (network: NearIdentityLayers) (start: float[]) : Result<OdeConversion, FailedHypothesis> =
        if start.Length <> network.Dimension then
            invalidArg (nameof start) $"found {start.Length} numbers, expected {network.Dimension}"

        let n, depth = network.Dimension, network.Depth
        let field = equation network
        let nodes = Array.init depth (fun l -> float l * network.Step)
        let variationOf norm items = upward (depth * n) (variation norm items)
        let weights = variationOf matrixDistance (Array.map field.Weights nodes)
        let biases = variationOf distance (Array.map field.Bias nodes)
        let still = { field.Suprema with WeightRate = 0.0; BiasRate = 0.0 }

        NearIdentityBound.ofSuprema still network.Nonlinearity field.Horizon start depth
        |> Result.map (fun constants ->
            let states = NearIdentityLayers.run network start
            let rate = Interval.ofFloat (max 0.0 constants.Rate)
            let growth = Transcendental.exp (Arithmetic.(*) rate (Interval.ofFloat field.Horizon))
            let moved = 0.5 * network.Step * (weights * constants.Radius + biases) * growth.Upper

            {
                Field = field
                Distance = field.Suprema.WeightNorm * network.Step
                WeightVariation = weights
                BiasVariation = biases
                Constants = constants
                Bound = upward 8 (constants.FeedForward + moved)
                Certificate = NearIdentityCertificate.compute field states
                Rounding = NearIdentityLayers.rounding network states
            })

    /// The differential equation that a feed-forward network follows from x(0), as `interpolate` gives it, if the layers are near the
    /// identity and vary slowly: max‖W_l − I‖ ≤ ½, V_w ≤ N·max‖w_l‖/4 (conventions; what is rigorous is the bound).
    let feedForwardToOde (network: NearIdentityLayers) (start: float[]) : Result<OdeConversion, FailedHypothesis> =
        interpolate network start
        |> Result.bind (fun conversion ->
            let most = float network.Depth * conversion.Field.Suprema.WeightNorm / 4.0

            if conversion.Distance > 0.5 then Error(FailedHypothesis.NearIdentity conversion.Distance)
            elif conversion.WeightVariation > most then Error(FailedHypothesis.Variation(conversion.WeightVariation, most))
            else Ok conversion)
