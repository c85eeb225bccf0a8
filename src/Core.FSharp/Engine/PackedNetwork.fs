namespace LayerTime.Core.Engine

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// One layer as the sweeps read it: where its weights, row by row, and then its bias begin in the vector of all parameters, its number
/// among all layers, and the activations in runs of rows that share one.
[<NoComparison; NoEquality>]
type internal PackedLayer = {
    First: int
    Number: int
    Rows: int
    Columns: int
    Activations: ActivationRun[]
} with

    /// Where the bias begins.
    member layer.Bias: int = layer.First + layer.Rows * layer.Columns

/// A map f_n of one step with the age of the states it reads; a window of several states is read as one argument.
[<NoComparison; NoEquality>]
type internal PackedTerm = { Age: int; Window: int; Layers: PackedLayer[] }

/// <summary>The difference equation ∇ʳx(l+1) = hʳ·G_l of a network of floats, with all parameters in one vector.</summary>
/// <remarks>The order of the parameters: lift, steps by depth, terms by age as the network lists them, layers from the inside out, readout; of each
/// layer the weights row by row, then the bias. It is the order of Simulation's and Adjoint's layers.</remarks>
[<Sealed>]
type internal PackedNetwork(network: Network<Binary64>) =
    let equation = network.Equation
    let kindOf = ActivationKind.ofActivation (fun (slope: Binary64) -> Rational.ofFloat slope.Value)
    let parameters = Collections.Generic.List<float>()
    let mutable layers = 0

    let packLayer (layer: Layer<Binary64>) : PackedLayer =
        let kinds = Array.init layer.OutputWidth (fun i -> kindOf (layer.Activation i))
        let starts = [| 0 .. kinds.Length - 1 |] |> Array.filter (fun i -> i = 0 || kinds[i] <> kinds[i - 1])

        let run n first =
            let next = if n + 1 < starts.Length then starts[n + 1] else kinds.Length

            let slope =
                match kinds[first] with
                | ActivationKind.LeakyRelu slope -> Rational.toFloat slope
                | _ -> 0.0

            { Kind = kinds[first]; Slope = slope; First = first; Rows = next - first }

        let packed = {
            First = parameters.Count
            Number = layers
            Rows = layer.OutputWidth
            Columns = layer.InputWidth
            Activations = Array.mapi run starts
        }

        layers <- layers + 1
        parameters.AddRange(Binary64.toFloats (layer.Weights.Entries.ToArray()))
        parameters.AddRange(Binary64.toFloats (layer.Bias.ToArray()))
        packed

    let packMap (map: LayerMap<Binary64>) : PackedLayer[] = map.Layers.ToArray() |> Array.map packLayer

    let packSide (side: RightHandSide<Binary64>) : PackedTerm[] =
        match side with
        | RightHandSide.Additive terms -> terms |> Array.map (fun term -> { Age = term.Age; Window = 1; Layers = packMap term.Map })
        | RightHandSide.Concatenated(window, map) -> [| { Age = 1; Window = window; Layers = packMap map } |]

    let lift = network.Lift |> Option.map packMap
    let sides = equation.RightHandSides |> Array.map packSide
    let readout = network.Readout |> Option.map packMap

    let all =
        Array.concat [
            Option.toArray lift |> Array.concat
            sides |> Array.collect (Array.collect _.Layers)
            Option.toArray readout |> Array.concat
        ]

    let blocks = equation.Blocks
    let widths = Array.init (equation.Depth + blocks) (fun s -> equation.Width(s + 1 - blocks))

    /// All weights and biases.
    member val Parameters: float[] = parameters.ToArray()
    member _.Lift = lift
    member _.Sides = sides
    member _.Readout = readout
    /// All layers, by their numbers.
    member _.Layers = all
    /// K, the number of states that a step may read.
    member _.Blocks = blocks
    member _.Depth = equation.Depth
    /// (−1)^(j+1) C(r, j), j = 1..r
    member val Past: float[] = Binomial.pastWeights equation.Order |> Array.map float
    member _.Step: float = equation.Step.Value
    /// hʳ
    member val Scale: float = Seq.fold (*) 1.0 (Seq.replicate equation.Order equation.Step.Value)
    /// The width of x(l), −K < l ≤ L.
    member _.Width(l: int) : int = widths[l + blocks - 1]

    /// The most rows of a state, of an argument or of a value.
    member val Widest: int =
        Seq.max (Seq.concat [ all |> Seq.map (fun layer -> max layer.Columns layer.Rows); Seq.singleton (blocks * Seq.max widths) ])

    /// The most samples of a tile.
    member val Capacity: int = all |> Seq.map (fun layer -> layer.Rows * layer.Columns) |> Seq.fold max 0 |> Tile.capacity

    /// The number of inputs of one sample.
    member _.Inputs: int = if lift.IsSome then lift.Value[0].Columns else blocks * widths[0]

    /// The number of outputs of one sample.
    member _.Outputs: int = if readout.IsSome then (Array.last readout.Value).Rows else Array.last widths

    /// x(l) where the newest states stand in a ring, or all of them in one that is long enough.
    member _.State(ring: float[][], l: int) : float[] = ring[(l + blocks - 1) % ring.Length]

    /// into ← [x(l); x(l−1); …], `count` states.
    member this.Stack(lanes: int, ring: float[][], l: int, count: int, into: float[]) : unit =
        let mutable row = 0

        for j in 0 .. count - 1 do
            let rows = this.Width(l - j)
            Tile.copy lanes (this.State(ring, l - j)) 0 into row rows
            row <- row + rows

    /// The argument of a term at step l: a state, or the newest states below each other, which are then put into `into`.
    member this.Argument(lanes: int, term: PackedTerm, ring: float[][], l: int, into: float[]) : float[] =
        if term.Window = 1 then
            this.State(ring, l + 1 - term.Age)
        else
            this.Stack(lanes, ring, l, term.Window, into)
            into

    /// x(l + 1) ← Σ_j (−1)^(j+1) C(r, j) x(l + 1 − j) + hʳ Σ f(term), in the place that the ring has for it.
    member inline internal this.Advance
        (lanes: int, ring: float[][], l: int, terms: PackedTerm[], [<InlineIfLambda>] f: PackedTerm -> float[])
        : unit =
        let next, size = this.State(ring, l + 1), this.Width(l + 1) * Tile.stride lanes
        let past = this.Past

        if past.Length = 1 && terms.Length = 1 then
            Tile.sum past[0] (this.State(ring, l)) this.Scale (f terms[0]) next size
        else
            Array.Clear(next, 0, size)

            for j in 1 .. past.Length do
                Tile.addScaled past[j - 1] (this.State(ring, l + 1 - j)) next size

            for term in terms do
                Tile.addScaled this.Scale (f term) next size
