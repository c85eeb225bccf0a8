namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// Why a neuron was removed.
[<RequireQualifiedAccess>]
type RemovalReason =
    /// Its row of weights is zero: it contributes this constant.
    | Constant of value: NeuronConstant
    /// Nothing reads it.
    | Unread
    /// It has the weights and the bias of this neuron.
    | Duplicate of neuron: int
    /// It has the negative weights and bias of this neuron, and the activation is odd, even, or the logistic function.
    | Mirror of neuron: int
    /// Every neuron of the layer is affine, so the next one absorbs the layer.
    | Affine

/// A neuron that the normal form does without; layers and neurons numbered from 0 as in the merged form.
type Removal = {
    /// The hidden layer.
    Layer: int
    /// The neuron in it.
    Neuron: int
    /// Why.
    Reason: RemovalReason
} with

    override removal.ToString() : string =
        let reason =
            match removal.Reason with
            | RemovalReason.Constant value -> $"is constant, {value}"
            | RemovalReason.Unread -> "is read by nothing"
            | RemovalReason.Duplicate neuron -> $"equals neuron {neuron}"
            | RemovalReason.Mirror neuron -> $"mirrors neuron {neuron}"
            | RemovalReason.Affine -> "is affine like its layer, which the next one absorbs"

        $"hidden layer {removal.Layer}, neuron {removal.Neuron} {reason}"

/// One hidden layer of a normal form: A_l = C_l·R_l, C_l of full column rank, R_l of full row rank.
[<NoComparison; NoEquality>]
type NormalLayer = {
    /// A_l
    Weights: Matrix<Rational>
    /// C_l, the pivot columns of A_l.
    Left: Matrix<Rational>
    /// R_l, the nonzero rows of the reduced row echelon form of A_l.
    Right: Matrix<Rational>
    /// c_l
    Bias: NeuronConstant[]
    /// σ_l, one for each row.
    Activations: ActivationKind[]
}

/// Φ(x) = Φ′(R·x) with Φ′ of full rank and without superfluous neurons.
[<NoComparison; NoEquality>]
type ReducedForm = {
    /// R : r × n of full row rank, r = rank A₁.
    InputMap: Matrix<Rational>
    /// The hidden layers of Φ, A₁ still reading x.
    Hidden: NormalLayer[]
    /// A_{L+1}; where there is no hidden layer, that of Φ′.
    Output: Matrix<Rational>
    /// c_{L+1}
    OutputBias: NeuronConstant[]
    /// The neurons that were removed, in this order.
    Removals: Removal list
} with

    /// n, m₁, …, m_L and the number of outputs after the clean-up.
    member form.Widths: int[] = [|
        form.InputMap.Columns
        for layer in form.Hidden do
            layer.Weights.Rows
        form.Output.Rows
    |]

    /// r₁, …, r_L, the ranks of the A_l; for an affine map its rank.
    member form.Ranks: int[] = if form.Hidden.Length = 0 then [| form.InputMap.Rows |] else form.Hidden |> Array.map _.Right.Rows

    /// n, r₁, m₁, r₂, m₂, …, r_L, m_L and the number of outputs: the widths that are really there.
    member form.EffectiveNodes: int[] = [|
        form.InputMap.Columns
        for layer in form.Hidden do
            layer.Right.Rows
            layer.Weights.Rows
        if form.Hidden.Length = 0 then
            form.InputMap.Rows
        form.Output.Rows
    |]

/// What a perceptron comes down to.
[<RequireQualifiedAccess; NoComparison; NoEquality>]
type NormalForm =
    /// Φ is constant, as some A_l = 0.
    | Constant of value: NeuronConstant[]
    /// Φ is not seen to be constant.
    | Reduced of ReducedForm

/// <summary>The normal form of a perceptron of fractions (Kühn and Kuntz): equal to the perceptron everywhere, with full-rank
/// matrices.</summary>
/// <remarks>The function is the same exactly: constants of removed neurons that are no fractions, such as tanh(1/2), stay symbolic.
/// Every decision is a comparison of fractions with zero. Widths never grow, and a second run changes nothing.</remarks>
[<RequireQualifiedAccess>]
module NormalForm =
    /// A layer under reduction; the output is the last one, with identities. Origin holds the first number of each neuron.
    [<NoComparison; NoEquality>]
    type private Working = { Number: int; Rows: Rational[][]; Offsets: NeuronConstant[]; Kinds: ActivationKind[]; Origin: int[] }

    let private isZero (vector: Rational[]) : bool = vector |> Array.forall (fun a -> a.Sign = 0)
    let private column (i: int) (layer: Working) : Rational[] = layer.Rows |> Array.map (fun row -> row[i])

    let private withoutRow (i: int) (layer: Working) : Working = {
        layer with
            Rows = Array.removeAt i layer.Rows
            Offsets = Array.removeAt i layer.Offsets
            Kinds = Array.removeAt i layer.Kinds
            Origin = Array.removeAt i layer.Origin
    }

    /// The next layer without column i, the neuron of which contributed q·column to the offsets, constant by constant.
    let private withoutColumn (i: int) (constant: NeuronConstant) (layer: Working) : Working = {
        layer with
            Rows = layer.Rows |> Array.map (Array.removeAt i)
            Offsets = Array.map2 (fun offset q -> NeuronConstant.addScaled offset q constant) layer.Offsets (column i layer)
    }

    /// Column i plus s times column j.
    let private addColumn (i: int) (s: Rational) (j: int) (layer: Working) : Working = {
        layer with
            Rows = layer.Rows |> Array.map (fun row -> Array.updateAt i (row[i] + s * row[j]) row)
    }

    /// W·v + c
    let private affine (layer: Working) (v: NeuronConstant[]) : NeuronConstant[] =
        let row (weights: Rational[]) offset = Array.fold2 NeuronConstant.addScaled offset weights v
        Array.map2 row layer.Rows layer.Offsets

    /// The constant output where some layer has no weight but 0.
    let private tryConstant (layers: Working[]) : NeuronConstant[] option =
        layers
        |> Array.tryFindIndexBack (fun layer -> Array.forall isZero layer.Rows)
        |> Option.map (fun start ->
            let value layer z = Array.map2 NeuronConstant.apply layer.Kinds (affine layer z)
            let nothing = Array.create layers[start].Rows[0].Length NeuronConstant.zero
            layers |> Array.skip start |> Array.fold (fun z layer -> value layer z) nothing)

    /// σ(−t) = sign·σ(t) + constant, where the activation has such a rule.
    let private reflection (kind: ActivationKind) : (Rational * NeuronConstant) option =
        match kind with
        | ActivationKind.Identity
        | ActivationKind.Cubic
        | ActivationKind.Transcendental TranscendentalName.Tanh
        | ActivationKind.Transcendental TranscendentalName.Sine -> Some(-Rational.One, NeuronConstant.zero)
        | ActivationKind.Square -> Some(Rational.One, NeuronConstant.zero)
        | ActivationKind.Transcendental TranscendentalName.Logistic -> Some(-Rational.One, NeuronConstant.ofRational Rational.One)
        | ActivationKind.Transcendental TranscendentalName.Softplus
        | ActivationKind.Relu
        | ActivationKind.LeakyRelu _ -> None

    let private isConstant (layer: Working) i = isZero layer.Rows[i]

    /// i &lt; j of one activation with equal, or with negated, weights and bias.
    let private tryPair (related: Working -> int -> int -> bool) (layer: Working) : (int * int) option =
        Seq.tryHead (
            seq {
                for i in 0 .. layer.Rows.Length - 1 do
                    for j in i + 1 .. layer.Rows.Length - 1 do
                        if layer.Kinds[i] = layer.Kinds[j] && related layer i j then
                            i, j
            }
        )

    let private isDuplicate (layer: Working) i j = layer.Rows[i] = layer.Rows[j] && layer.Offsets[i] = layer.Offsets[j]

    let private isMirror (layer: Working) i j =
        (reflection layer.Kinds[i]).IsSome
        && layer.Rows[i] = Array.map (~-) layer.Rows[j]
        && layer.Offsets[i] = NeuronConstant.negate layer.Offsets[j]

    /// Neuron j of a layer is removed; the next layer, changed by `adapt`, makes up for it.
    let private remove (layer: Working) (j: int) reason (adapt: Working -> Working) (constant: NeuronConstant) (next: Working) =
        let removal = { Layer = layer.Number; Neuron = layer.Origin[j]; Reason = reason }
        [ removal ], [| withoutRow j layer; next |> adapt |> withoutColumn j constant |]

    /// One simplification of a layer and the one that reads it, with what was removed; None where there is none.
    let private trySimplify (layer: Working) (next: Working) : (Removal list * Working[]) option =
        let neurons = [ 0 .. layer.Rows.Length - 1 ]

        let constant () =
            neurons
            |> List.tryFind (isConstant layer)
            |> Option.map (fun i ->
                let value = NeuronConstant.apply layer.Kinds[i] layer.Offsets[i]
                remove layer i (RemovalReason.Constant value) id value next)

        let unread () =
            neurons
            |> List.tryFind (fun i -> isZero (column i next))
            |> Option.map (fun i -> remove layer i RemovalReason.Unread id NeuronConstant.zero next)

        let duplicate () =
            tryPair isDuplicate layer
            |> Option.map (fun (i, j) ->
                remove layer j (RemovalReason.Duplicate layer.Origin[i]) (addColumn i Rational.One j) NeuronConstant.zero next)

        let mirror () =
            tryPair isMirror layer
            |> Option.bind (fun (i, j) ->
                reflection layer.Kinds[i]
                |> Option.map (fun (sign, constant) ->
                    remove layer j (RemovalReason.Mirror layer.Origin[i]) (addColumn i sign j) constant next))

        let absorbed () =
            if layer.Kinds |> Array.forall ((=) ActivationKind.Identity) then
                let removals =
                    layer.Origin |> Array.map (fun neuron -> { Layer = layer.Number; Neuron = neuron; Reason = RemovalReason.Affine })

                let rows = Matrix.multiply (Matrix.ofRows next.Rows) (Matrix.ofRows layer.Rows) |> Matrix.toRows
                Some(List.ofArray removals, [| { next with Rows = rows; Offsets = affine next layer.Offsets } |])
            else
                None

        // In this order, so that a neuron is named by the simplest reason.
        constant ()
        |> Option.orElseWith unread
        |> Option.orElseWith duplicate
        |> Option.orElseWith mirror
        |> Option.orElseWith absorbed

    /// Simplifies until nothing changes; each step removes a neuron, so it ends.
    let rec private clean (removals: Removal list) (layers: Working[]) : Result<Removal list * Working[], NeuronConstant[]> =
        match tryConstant layers with
        | Some value -> Error value
        | None ->
            let simplified =
                Seq.init (layers.Length - 1) id
                |> Seq.tryPick (fun l -> trySimplify layers[l] layers[l + 1] |> Option.map (fun simplification -> l, simplification))

            match simplified with
            | None -> Ok(removals, layers)
            | Some(l, (removed, replacement)) ->
                clean (removals @ removed) (Array.concat [ Array.take l layers; replacement; Array.skip (l + 2) layers ])

    let private working (number: int) (layer: Neurons<Rational>) : Working = {
        Number = number
        Rows = Matrix.toRows layer.Weights
        Offsets = Array.map NeuronConstant.ofRational layer.Bias
        Kinds = layer.Activations
        Origin = Array.init layer.Bias.Length id
    }

    /// The normal form of a perceptron.
    let normalise (p: Perceptron<Rational>) : NormalForm =
        let output = { Weights = p.Output; Bias = p.OutputOffset.ToArray(); Activations = Array.create p.Outputs ActivationKind.Identity }

        match clean [] (Array.append (p.Hidden.ToArray()) [| output |] |> Array.mapi working) with
        | Error value -> NormalForm.Constant value
        | Ok(removals, layers) ->
            let normal (layer: Working) =
                let weights = Matrix.ofRows layer.Rows
                let left, right = Elimination.rankFactors weights
                { Weights = weights; Left = left; Right = right; Bias = layer.Offsets; Activations = layer.Kinds }

            let hidden = layers |> Array.take (layers.Length - 1) |> Array.map normal
            let last = Array.last layers
            let affine = Elimination.rankFactors (Matrix.ofRows last.Rows)

            NormalForm.Reduced {
                InputMap = if hidden.Length = 0 then snd affine else hidden[0].Right
                Hidden = hidden
                Output = if hidden.Length = 0 then fst affine else Matrix.ofRows last.Rows
                OutputBias = last.Offsets
                Removals = removals
            }

    /// Φ′ with Φ(x) = Φ′(R·x), its numbers as `number` gives them: `NeuronConstant.over` rounds or encloses.
    let perceptron (number: NeuronConstant -> 'T) (form: ReducedForm) : Perceptron<'T> =
        let matrix = Matrix.map (NeuronConstant.ofRational >> number)

        let layer l (layer: NormalLayer) = {
            Weights = matrix (if l = 0 then layer.Left else layer.Weights)
            Bias = Array.map number layer.Bias
            Activations = layer.Activations
        }

        Perceptron.create (Array.mapi layer form.Hidden) (matrix form.Output) (Array.map number form.OutputBias)
        |> Defect.orFail

    /// Φ′ as fractions, or None where a constant of it is none.
    let tryExact (form: ReducedForm) : Perceptron<Rational> option =
        let constants = Seq.append (form.Hidden |> Seq.collect _.Bias) form.OutputBias

        if constants |> Seq.forall (NeuronConstant.tryRational >> Option.isSome) then
            Some(perceptron (NeuronConstant.tryRational >> Option.get) form)
        else
            None

    /// Φ′ with two full-rank matrices in every layer: W_l = C_l, W̃_{l−1} = R_l, W̃_L = A_{L+1}; None for an affine map.
    let tryTwoMatrixForm (number: NeuronConstant -> 'T) (form: ReducedForm) : TwoMatrixForm<'T> option =
        let matrix = Matrix.map (NeuronConstant.ofRational >> number)
        let zeros count = Array.create count (number NeuronConstant.zero)
        let last = form.Hidden.Length - 1

        let layer l (layer: NormalLayer) = {
            Inner = { Weights = matrix layer.Left; Bias = Array.map number layer.Bias; Activations = layer.Activations }
            Outer = matrix (if l = last then form.Output else form.Hidden[l + 1].Right)
            OuterBias = if l = last then Array.map number form.OutputBias else zeros form.Hidden[l + 1].Right.Rows
        }

        if last < 0 then None else Some(form.Hidden |> Array.mapi layer |> TwoMatrixForm.create |> Defect.orFail)
