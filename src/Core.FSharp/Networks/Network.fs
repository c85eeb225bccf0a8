namespace LayerTime.Core.Networks

open LayerTime.Core.Numbers

/// The architectures, as people write them down. Each is a difference equation (Architecture.equation).
[<RequireQualifiedAccess; NoComparison>]
type Architecture<'T> =
    /// x(l+1) = f_l(x(l)); widths may change from layer to layer.
    | FeedForward of LayerMap<'T>[]
    /// x(l+1) = x(l) + h·f_l(x(l))
    | Residual of step: 'T * LayerMap<'T>[]
    /// ∇ᵏx(l+1) = hᵏ·f_l(x(l)), k = order ≥ 1.
    | Smooth of order: int * step: 'T * LayerMap<'T>[]
    /// x(l+1) = Σ_{n=1..k} f_n^(l)(x(l+1−n)); maps[l][n−1] = f_n^(l).
    | AdditiveDense of maps: LayerMap<'T>[][]
    /// x(l+1) = φ_l([x(l); …; x(l+1−window)])
    | ConcatenationDense of window: int * LayerMap<'T>[]
    /// ∇ʳx(l+1) = hʳ·Σ_{n=1..p} f_n^(l)(x(l+1−n)); maps[l][n−1] = f_n^(l).
    | Master of order: int * step: 'T * maps: LayerMap<'T>[][]

/// Architectures as difference equations.
[<RequireQualifiedAccess>]
module Architecture =
    /// f_1(x(l)) + … + f_p(x(l+1−p))
    let private terms (maps: LayerMap<'T>[]) : RightHandSide<'T> =
        maps |> Array.mapi (fun i map -> { Age = i + 1; Map = map }) |> RightHandSide.Additive

    let private single (map: LayerMap<'T>) : RightHandSide<'T> = terms [| map |]

    /// The name under which files and messages know the architecture.
    let name (architecture: Architecture<'T>) : string =
        match architecture with
        | Architecture.FeedForward _ -> "feed-forward"
        | Architecture.Residual _ -> "residual"
        | Architecture.Smooth _ -> "smooth"
        | Architecture.AdditiveDense _ -> "additive-dense"
        | Architecture.ConcatenationDense _ -> "concatenation-dense"
        | Architecture.Master _ -> "master"

    /// The layer maps, layer by layer, each from the newest argument to the oldest.
    let maps (architecture: Architecture<'T>) : LayerMap<'T>[][] =
        match architecture with
        | Architecture.FeedForward maps
        | Architecture.Residual(_, maps)
        | Architecture.Smooth(_, _, maps)
        | Architecture.ConcatenationDense(_, maps) -> Array.map Array.singleton maps
        | Architecture.AdditiveDense maps
        | Architecture.Master(_, _, maps) -> maps

    /// The architecture as ∇ʳx(l+1) = hʳ·G_l(x(l), x(l−1), …), or all that is wrong with it.
    let equation (architecture: Architecture<'T>) : Result<DifferenceEquation<'T>, Defect list> when 'T :> IRing<'T> =
        // d is what the first map produces; for a plain network what it reads, as its widths may change.
        let width (choose: LayerMap<'T> -> int) =
            maps architecture |> Array.tryHead |> Option.bind Array.tryHead |> Option.map choose |> Option.defaultValue 1

        let uniform (maps: LayerMap<'T>[][]) =
            let memory = maps |> Array.tryHead |> Option.map Array.length |> Option.defaultValue 0

            [
                for l in 0 .. maps.Length - 1 do
                    if maps[l].Length <> memory then
                        Defect.create $"layer {l}" $"{maps[l].Length} maps" $"{memory}, as in layer 0"
            ]

        let build extra width order step sides =
            match extra, DifferenceEquation.create width order step sides with
            | [], result -> result
            | defects, Ok _ -> Error defects
            | defects, Error more -> Error(defects @ more)

        match architecture with
        | Architecture.FeedForward maps -> build [] (width _.InputWidth) 0 'T.One (Array.map single maps)
        | Architecture.Residual(step, maps) -> build [] (width _.OutputWidth) 1 step (Array.map single maps)
        | Architecture.Smooth(order, step, maps) ->
            let extra = Defect.unless (order >= 1) "" $"order {order}" "at least 1"
            build extra (width _.OutputWidth) order step (Array.map single maps)
        | Architecture.AdditiveDense maps -> build (uniform maps) (width _.OutputWidth) 0 'T.One (Array.map terms maps)
        | Architecture.ConcatenationDense(window, maps) ->
            let side map = RightHandSide.Concatenated(window, map)
            build [] (width _.OutputWidth) 0 'T.One (Array.map side maps)
        | Architecture.Master(order, step, maps) -> build (uniform maps) (width _.OutputWidth) order step (Array.map terms maps)

/// A network that can be run: an architecture of fitting shapes, optionally between an affine lift of the input to the
/// history [x(0); x(−1); …] and a readout of the final state [x(L); x(L−1); …].
[<NoComparison>]
type Network<'T> = private {
    Design: Architecture<'T>
    Dynamics: DifferenceEquation<'T>
    LiftMap: LayerMap<'T> option
    ReadoutMap: LayerMap<'T> option
} with

    /// The architecture as written down.
    member network.Architecture = network.Design
    /// The architecture as a difference equation.
    member network.Equation = network.Dynamics
    /// The lift from the input to the history, if any.
    member network.Lift = network.LiftMap
    /// The readout from the final state to the output, if any.
    member network.Readout = network.ReadoutMap

/// Networks: construction and counting.
[<RequireQualifiedAccess>]
module Network =
    /// A network; or every defect of its shapes: place, what was found, what was expected.
    let create
        (lift: LayerMap<'T> option)
        (architecture: Architecture<'T>)
        (readout: LayerMap<'T> option)
        : Result<Network<'T>, Defect list> when 'T :> IRing<'T> =
        match Architecture.equation architecture with
        | Error defects -> Error defects
        | Ok equation ->
            let history = equation.StateDimension
            let final = equation.Blocks * equation.Width equation.Depth

            let defects =
                (lift
                 |> Option.map (fun map ->
                     Defect.unless
                         (map.OutputWidth = history)
                         "lift"
                         $"{map.OutputWidth} rows"
                         $"{history}, the scalars of the history ({equation.Blocks} states of width {equation.Width 0})")
                 |> Option.defaultValue [])
                @ (readout
                   |> Option.map (fun map ->
                       Defect.unless
                           (map.InputWidth = final)
                           "readout"
                           $"{map.InputWidth} columns"
                           $"{final}, the scalars of the final state ({equation.Blocks} states of width {equation.Width equation.Depth})")
                   |> Option.defaultValue [])

            if defects.IsEmpty then
                Ok { Design = architecture; Dynamics = equation; LiftMap = lift; ReadoutMap = readout }
            else
                Error defects

    /// A network without lift and readout.
    let ofArchitecture (architecture: Architecture<'T>) : Result<Network<'T>, Defect list> when 'T :> IRing<'T> =
        create None architecture None

    /// The number of weights and biases that the arrays of the network hold, lift and readout included.
    let parameterCount (network: Network<'T>) : int64 =
        let layers = Architecture.maps network.Design |> Array.sumBy (Array.sumBy LayerMap.parameterCount)
        let affine = Option.map LayerMap.parameterCount >> Option.defaultValue 0L
        layers + affine network.LiftMap + affine network.ReadoutMap

    let private mapArchitecture (map: LayerMap<'T> -> LayerMap<'U>) (number: 'T -> 'U) (architecture: Architecture<'T>) : Architecture<'U> =
        match architecture with
        | Architecture.FeedForward maps -> Architecture.FeedForward(Array.map map maps)
        | Architecture.Residual(step, maps) -> Architecture.Residual(number step, Array.map map maps)
        | Architecture.Smooth(order, step, maps) -> Architecture.Smooth(order, number step, Array.map map maps)
        | Architecture.AdditiveDense maps -> Architecture.AdditiveDense(Array.map (Array.map map) maps)
        | Architecture.ConcatenationDense(window, maps) -> Architecture.ConcatenationDense(window, Array.map map maps)
        | Architecture.Master(order, step, maps) -> Architecture.Master(order, number step, Array.map (Array.map map) maps)

    /// The same network over other numbers.
    let map (number: 'T -> 'U) (activation: Activation<'T> -> Activation<'U>) (network: Network<'T>) : Network<'U> =
        let layerMap = LayerMap.map number activation

        {
            Design = mapArchitecture layerMap number network.Design
            Dynamics = DifferenceEquation.map number activation network.Dynamics
            LiftMap = Option.map layerMap network.LiftMap
            ReadoutMap = Option.map layerMap network.ReadoutMap
        }
