/// Derivatives of a loss by dual numbers: the same network run over a + bε, one direction at a time.
module internal LayerTime.Core.Claims.Hauser.Gradients.Probes

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

/// A drawn network, read as smooth or additive dense, with the loss J = Loss·x(L). With an inner layer, a map is the drawn one
/// after the first drawn map of the next layer (of layer 0 at the end).
[<NoComparison>]
type Case = { Drawn: Drawn; IsDense: bool; HasInnerLayer: bool; Loss: Rational[] }

/// The inner layers of f_n^(l), first to last.
let private innerLayers (case: Case) (n: int) (l: int) : DrawnMap[] =
    let maps = case.Drawn.Maps
    let outer = maps[l][n - 1]
    if case.HasInnerLayer then [| maps[(l + 1) % maps.Length][0]; outer |] else [| outer |]

/// f_n^(l) over any numbers; `weight i r c` and `bias i r` are the entries of inner layer i.
let private build (case: Case) activation weight bias (n: int) (l: int) : LayerMap<'T> =
    let layer i (map: DrawnMap) =
        let weights = map.Weights |> Array.mapi (fun r -> Array.mapi (weight i r))
        Layer.create (Matrix.ofRows weights) (Array.mapi (bias i) map.Bias) [| activation map.Activation |]

    innerLayers case n l |> Array.mapi (fun i map -> layer i map |> Defect.orFail) |> LayerMap.create |> Defect.orFail

/// f_n^(l)
let map (case: Case) (n: int) (l: int) : LayerMap<Rational> = build case id (fun _ _ _ w -> w) (fun _ _ b -> b) n l

/// The architecture with maps f_n^(l) over any numbers.
let private architecture (case: Case) (step: 'T) (map: int -> int -> LayerMap<'T>) : Architecture<'T> =
    let drawn = case.Drawn

    if case.IsDense then
        Architecture.AdditiveDense(Array.init drawn.Depth (fun l -> Array.init drawn.Order (fun i -> map (i + 1) l)))
    else
        Architecture.Smooth(drawn.Order, step, Array.init drawn.Depth (map 1))

/// The difference equation of the case.
let equation (case: Case) : DifferenceEquation<Rational> =
    architecture case case.Drawn.Step (map case) |> Architecture.equation |> Defect.orFail

/// The case as pairs of a name and a value.
let show (case: Case) : (string * string) list = [
    "architecture", (if case.IsDense then "additive dense" else "smooth")
    "inner layer", string case.HasInnerLayer
    "loss", Draws.showVector case.Loss
    yield! Draws.show case.Drawn
]

/// Whether no piecewise linear activation gets the argument 0.
let private isOffKinks (case: Case) : bool =
    let trajectory = Simulation.run (equation case) case.Drawn.History
    let maps l = if case.IsDense then case.Drawn.LayerMaps[l] else Array.truncate 1 case.Drawn.LayerMaps[l]

    let isOff l n (map: LayerMap<Rational>) =
        let layer = map.Layers[0]
        let isSmooth = (Activation.facts id (layer.Activation 0)).Smoothness = Smoothness.Analytic
        isSmooth || Array.forall (fun (t: Rational) -> t.Sign <> 0) (Layer.preactivations layer trajectory[l - n])

    Seq.forall (fun l -> Array.forall id (Array.mapi (isOff l) (maps l))) (seq { 0 .. case.Drawn.Depth - 1 })

// A bias of layer l has a prime of its own in the denominator, which nothing before it in Wx + b has: no kink is ever hit.
let private primes = [| 11; 13; 17; 19; 23; 29; 31 |]

/// Networks that stay off the kinks; `deep` lets half of them have maps of two layers, whose inner kinks are not kept away from.
let generator (deep: bool) (activations: Activation<Rational>[]) : Generator<Case> =
    let shape isDense = if isDense then { Draws.dense with Activations = activations } else { Draws.smooth with Activations = activations }

    let draw (stream: RandomStream) =
        let isDense = stream.NextBool()
        let drawn = Draws.draw (shape isDense) stream

        let bias l _ =
            let numerator = stream.NextInt(1, 8)
            Rational.create (if stream.NextBool() then numerator else -numerator) primes[l]

        let moved l (map: DrawnMap) = { map with Bias = Array.mapi (fun _ -> bias l) map.Bias }
        let hasInner = deep && stream.NextBool()
        // Two squares per layer double the digits twice as fast.
        let maps = if hasInner then Array.truncate 3 drawn.Maps else drawn.Maps

        {
            Drawn = { drawn with Maps = maps |> Array.mapi (fun l -> Array.map (moved l)) }
            IsDense = isDense
            HasInnerLayer = hasInner
            Loss = Draws.vector stream drawn.Width
        }

    let shrink (case: Case) =
        Draws.shrink (shape case.IsDense) case.Drawn
        |> Seq.map (fun drawn -> { case with Drawn = drawn; Loss = Array.truncate drawn.Width case.Loss })
        |> Seq.filter isOffKinks

    Generator.fromStream (fun _ -> draw) shrink show

let private lossDerivative (loss: Rational[]) (equation: DifferenceEquation<Dual<Rational>>) (history: Dual<Rational>[][]) : Rational =
    let final = (Simulation.run equation history)[equation.Depth]
    Vector.dot loss (final |> Array.map _.Derivative)

/// dJ/dx(−j)_i for J = loss·x(L)
let historyDerivativeOf (equation: DifferenceEquation<Rational>) (history: Rational[][]) (loss: Rational[]) (j: int) (i: int) : Rational =
    let probe b c x = if b = j && c = i then Dual.variable x else Dual.constant x
    lossDerivative loss (ForwardMode.equation equation) (Array.mapi (fun b -> Array.mapi (probe b)) history)

/// dJ/dx(−j)_i
let historyDerivative (case: Case) (j: int) (i: int) : Rational = historyDerivativeOf (equation case) case.Drawn.History case.Loss j i

/// The direction in which the weights and biases of inner layer i of map n are probed: no component is 0, and most differ.
let private weightDirection n i r c = Rational.ofInt (1 + (5 * r + 3 * c + 2 * n + 4 * i) % 7)
let private biasDirection n i r = Rational.ofInt (1 + (3 * r + n + 2 * i) % 5)

/// dJ along the direction in the parameters of all maps of one layer.
let parameterDerivative (case: Case) (layer: int) : Rational =
    let dual n l =
        let moves (direction: Rational) = if l = layer then direction else Rational.Zero
        let weight i r c w = Dual(w, moves (weightDirection n i r c))
        let bias i r b = Dual(b, moves (biasDirection n i r))
        build case ForwardMode.activation weight bias n l

    let equation = architecture case (Dual.constant case.Drawn.Step) dual |> Architecture.equation |> Defect.orFail
    lossDerivative case.Loss equation (case.Drawn.History |> Array.map (Array.map Dual.constant))

/// The gradient in the parameters of one layer, [map][inner layer], along the same direction.
let alongDirection (terms: (Matrix<Rational> * Rational[])[][]) : Rational =
    let ofLayer n i (weights: Matrix<Rational>, bias: Rational[]) =
        let inWeights = Matrix.init weights.Rows weights.Columns (fun r c -> weights[r, c] * weightDirection n i r c)
        let inBias = bias |> Array.mapi (fun r b -> b * biasDirection n i r)
        Array.sum (Array.append (inWeights.Entries.ToArray()) inBias)

    terms |> Array.mapi (fun t inner -> inner |> Array.mapi (ofLayer (t + 1)) |> Array.sum) |> Array.sum
