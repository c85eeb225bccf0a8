namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics

/// One hidden unit weight·σ(slope·t + shift) of a sum that gives t back.
[<NoComparison>]
type PassThrough<'T> = {
    /// The factor of t inside.
    Slope: 'T
    /// What is added inside.
    Shift: 'T
    /// The factor outside.
    Weight: 'T
}

/// Smooth networks as ordinary residual networks with one activation throughout: compileToResidual.
[<RequireQualifiedAccess>]
module ResidualNetwork =
    /// Units that sum to t: (σ(t) − σ(−t))/(1 + α) = t for a leaky ReLU of slope α ≠ −1 (ReLU: α = 0, identity: α = 1), and
    /// ((t+1)² − (t−1)²)/4 = t; three for σ(t) = t + t³/3: (σ(t+1) − 2σ(t) + σ(t−1))/2 = t. None for tanh and its kin: a bounded σ passes nothing unbounded through.
    let passThrough (activation: Activation<'T>) : PassThrough<'T>[] option when 'T :> IField<'T> =
        let units slope shift (weight: 'T) = [|
            { Slope = 'T.One; Shift = shift; Weight = weight }
            { Slope = slope; Shift = 'T.Negation shift; Weight = 'T.Negation weight }
        |]

        let leaky slope = units (Ring.ratio -1 1) 'T.Zero ('T.Quotient('T.One, 'T.Sum('T.One, slope)))

        match activation with
        | Activation.Relu -> Some(leaky 'T.Zero)
        | Activation.Identity -> Some(leaky 'T.One)
        | Activation.LeakyRelu slope when (box ('T.Sum('T.One, slope))).Equals(box 'T.Zero) -> None
        | Activation.LeakyRelu slope -> Some(leaky slope)
        | Activation.Square -> Some(units 'T.One 'T.One (Ring.ratio 1 4))
        | Activation.Cubic ->
            let unit shift weight = { Slope = 'T.One; Shift = Ring.ratio shift 1; Weight = weight }
            let half = Ring.ratio 1 2
            Some [| unit 1 half; unit 0 (Ring.ratio -1 1); unit -1 half |]
        | Activation.Transcendental _ -> None

    /// q⁺ = q + W₂σ(W₁q + b₁) + b₂ for ∇ᵏx(l+1) = hᵏ(Vσ(Wx(l) + b) + c), q_n = ∇ⁿ⁻¹x(l). The hidden units are those of the force,
    /// then every given pass-through of q₂ … q_k; W₂ adds hᵏV to every block and q_m to every block n &lt; m.
    let internal block
        (k: int)
        (h: 'T)
        (units: PassThrough<'T>[])
        (force: Layer<'T>)
        (outer: Layer<'T>)
        : LayerMap<'T> when 'T :> IRing<'T> =
        let d = outer.OutputWidth
        let higher = (k - 1) * d
        let scale = Ring.power h k
        let ones = Matrix.init k 1 (fun _ _ -> 'T.One)
        // Block n gets q_m for m > n, m = 2..k.
        let ahead = Matrix.init k (k - 1) (fun n m -> if m >= n then 'T.One else 'T.Zero)

        let passed (unit: PassThrough<'T>) = [| Matrix.zero higher d; Matrix.scale unit.Slope (Matrix.identity higher) |]

        let inner =
            Array.append [| [| force.Weights; Matrix.zero force.OutputWidth higher |] |] (Array.map passed units) |> Matrix.ofBlocks

        let innerBias = units |> Array.collect (fun unit -> Array.create higher unit.Shift) |> Array.append (force.Bias.ToArray())

        let returned (unit: PassThrough<'T>) = Matrix.scale unit.Weight (Matrix.kronecker ahead (Matrix.identity d))
        let driven = Matrix.scale scale (Matrix.kronecker ones outer.Weights)
        let outward = Matrix.ofBlocks [| Array.append [| driven |] (Array.map returned units) |]
        let outwardBias = Array.init k (fun _ -> Vector.scale scale (outer.Bias.ToArray())) |> Array.concat

        [|
            Layer.create inner innerBias (force.Activations.ToArray()) |> Defect.orFail
            Layer.affine outward outwardBias |> Defect.orFail
        |]
        |> LayerMap.create
        |> Defect.orFail

    /// σ(Wx + b) and V·(·) + c of a layer map of one layer or of two, the second affine.
    let private parts (map: LayerMap<'T>) : Result<Layer<'T> * Layer<'T>, Defect list> when 'T :> IRing<'T> =
        let layers = map.Layers.ToArray()
        let identity (d: int) = Layer.affine (Matrix.identity d) (Vector.zero d) |> Defect.orFail

        match layers with
        | [| force |] -> Ok(force, identity force.OutputWidth)
        | [| force; outer |] when
            outer.Activations.ToArray()
            |> Array.forall (function
                | Activation.Identity -> true
                | _ -> false)
            ->
            Ok(force, outer)
        | _ -> Error [ Defect.create "" $"a map of {layers.Length} layers" "σ(Wx + b), or Vσ(Wx + b) + c" ]

    let private compileMap (k: int) (h: 'T) (map: LayerMap<'T>) : Result<LayerMap<'T>, Defect list> when 'T :> IField<'T> =
        parts map
        |> Result.bind (fun (force, outer) ->
            if force.Activations.Length > 1 then
                Error [ Defect.create "" "an activation for each coordinate" "one for all" ]
            else
                match passThrough (force.Activation 0) with
                | Some units -> Ok(block k h units force outer)
                | None ->
                    let found = Activation.name (force.Activation 0)
                    Error [ Defect.create "activation" found "identity, relu, leaky-relu (slope not −1) or square" ])

    let private newestMap (side: RightHandSide<'T>) : Result<LayerMap<'T>, Defect list> =
        match side with
        | RightHandSide.Additive [| term |] when term.Age = 1 -> Ok term.Map
        | _ -> Error [ Defect.create "" "a layer that reads older states" "one map of the newest state" ]

    /// The residual network of width k·d, step 1 and one activation per layer that has the states q_n = ∇ⁿ⁻¹x(l) of a smooth
    /// network of order k ≥ 1, exactly. Hidden width: that of the layer map and 2(k − 1)d more. Wants layer maps σ(Wx + b) or
    /// Vσ(Wx + b) + c with σ identity, ReLU, leaky ReLU or square; for other maps see Realisation.realise.
    let compile (network: Network<'T>) : Result<Network<'T>, Defect list> when 'T :> IField<'T> =
        let equation = network.Equation
        let k, h = equation.Order, equation.Step

        if k = 0 then
            Error [ Defect.create "network" "order 0" "a smooth network of order at least 1" ]
        else
            equation.RightHandSides
            |> Array.mapi (fun l side ->
                newestMap side |> Result.bind (compileMap k h) |> Result.mapError (List.map (Defect.at $"layer {l}")))
            |> Defect.all
            |> Result.bind (fun maps ->
                let pascal = Matrix.kronecker (Coordinates.signedPascal k) (Matrix.identity (equation.Width 0))
                Frame.inBasis pascal pascal (Architecture.Residual('T.One, maps)) network)
