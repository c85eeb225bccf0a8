/// Small networks for which the answers are known.
module internal LayerTime.Core.Tests.Examination.ExaminedNetworks

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Examination

let private number: float -> Interval = Interval.ofFloat

let matrix (rows: float list list) : Matrix<Interval> = rows |> List.map (List.map number >> List.toArray) |> List.toArray |> Matrix.ofRows

/// One layer, with the same activation in all rows.
let layer (activation: Activation<Interval>) (rows: float list list) (bias: float list) : LayerMap<Interval> =
    LayerMap.dense (matrix rows) (bias |> List.map number |> List.toArray) activation |> Defect.orFail

/// One layer with an activation for each row.
let mixed (activations: Activation<Interval> list) (rows: float list list) (bias: float list) : LayerMap<Interval> =
    Layer.create (matrix rows) (bias |> List.map number |> List.toArray) (List.toArray activations)
    |> Result.map LayerMap.ofLayer
    |> Defect.orFail

let network (architecture: Architecture<Interval>) : Network<Interval> = Network.create None architecture None |> Defect.orFail

let plain (layers: LayerMap<Interval> list) : Network<Interval> = network (Architecture.FeedForward(List.toArray layers))

let residual (step: float) (layers: LayerMap<Interval> list) : Network<Interval> =
    network (Architecture.Residual(number step, List.toArray layers))

let smooth (order: int) (layers: LayerMap<Interval> list) : Network<Interval> =
    network (Architecture.Smooth(order, number 0.5, List.toArray layers))

let dense (maps: LayerMap<Interval> list list) : Network<Interval> =
    network (Architecture.AdditiveDense(maps |> List.map List.toArray |> List.toArray))

let leaky: Activation<Interval> = Activation.LeakyRelu(number 0.25)
let tanh: Activation<Interval> = Activation.tanh

/// What is known of a network at a place, in the box of side 2 around it; a network of one output is its own scalar function.
let factsAt (place: float list) (network: Network<Interval>) : NetworkFacts =
    let place = List.toArray place
    let scalar = if Sensitivity.outputs network = 1 then Some network else None
    let box = place |> Array.map (fun x -> Interval.ofBounds (x - 1.0) (x + 1.0))
    NetworkFacts(network, scalar, GlobalLipschitz.norms network, box, place)

/// At 0.3, 0.55, 0.8, …
let facts (network: Network<Interval>) : NetworkFacts =
    factsAt (List.init (Sensitivity.inputs network) (fun i -> 0.3 + 0.25 * float i)) network

/// The answer of the table.
let judge (id: string) (facts: NetworkFacts) : Applicability =
    let row = ApplicabilityTable.rows |> List.find (fun row -> row.Claim = id)
    row.Judge facts

/// A rotation and a stretch, as one layer of the plane.
let turn (activation: Activation<Interval>) : LayerMap<Interval> = layer activation [ [ 0.5; -0.75 ]; [ 0.75; 0.5 ] ] [ 0.1; -0.2 ]
