/// Derivatives of a loss by dual numbers: the same network run over a + bε, one direction at a time.
module internal LayerTime.Core.Claims.Hauser.Gradients.Probes

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

/// A drawn network, read as smooth or additive dense, with the loss J = Loss·x(L).
[<NoComparison>]
type Case = { Drawn: Drawn; IsDense: bool; Loss: Rational[] }

/// The difference equation of the case.
let equation (case: Case) : DifferenceEquation<Rational> = if case.IsDense then case.Drawn.Dense else case.Drawn.Smooth

/// The case as pairs of a name and a value.
let show (case: Case) : (string * string) list = [
    "architecture", (if case.IsDense then "additive dense" else "smooth")
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

/// Networks that stay off the kinks.
let generator (activations: Activation<Rational>[]) : Generator<Case> =
    let shape isDense = if isDense then { Draws.dense with Activations = activations } else { Draws.smooth with Activations = activations }

    let draw (stream: RandomStream) =
        let isDense = stream.NextBool()
        let drawn = Draws.draw (shape isDense) stream

        let bias l _ =
            let numerator = stream.NextInt(1, 8)
            Rational.create (if stream.NextBool() then numerator else -numerator) primes[l]

        let moved l (map: DrawnMap) = { map with Bias = Array.mapi (fun _ -> bias l) map.Bias }

        {
            Drawn = { drawn with Maps = drawn.Maps |> Array.mapi (fun l -> Array.map (moved l)) }
            IsDense = isDense
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

/// The direction in which the weights and biases of map n are probed: no component is 0, and most differ.
let private weightDirection n i j = Rational.ofInt (1 + (5 * i + 3 * j + 2 * n) % 7)
let private biasDirection n i = Rational.ofInt (1 + (3 * i + n) % 5)

/// dJ along the direction in the parameters of all maps of one layer.
let parameterDerivative (case: Case) (layer: int) : Rational =
    let dual l n (map: DrawnMap) =
        let moves (direction: Rational) = if l = layer then direction else Rational.Zero
        let weights = map.Weights |> Array.mapi (fun i -> Array.mapi (fun j w -> Dual(w, moves (weightDirection n i j))))
        let bias = map.Bias |> Array.mapi (fun i b -> Dual(b, moves (biasDirection n i)))
        LayerMap.dense (Matrix.ofRows weights) bias (ForwardMode.activation map.Activation) |> Defect.orFail

    let maps = case.Drawn.Maps |> Array.mapi (fun l -> Array.mapi (dual l))

    let architecture =
        if case.IsDense then
            Architecture.AdditiveDense maps
        else
            Architecture.Smooth(case.Drawn.Order, Dual.constant case.Drawn.Step, Array.map Array.head maps)

    let history = case.Drawn.History |> Array.map (Array.map Dual.constant)
    lossDerivative case.Loss (Architecture.equation architecture |> Defect.orFail) history

/// The gradient in the parameters of one layer, [map][inner layer], along the same direction.
let alongDirection (terms: (Matrix<Rational> * Rational[])[][]) : Rational =
    let ofMap n (weights: Matrix<Rational>, bias: Rational[]) =
        let inWeights = Matrix.init weights.Rows weights.Columns (fun i j -> weights[i, j] * weightDirection n i j)
        let inBias = bias |> Array.mapi (fun i b -> b * biasDirection n i)
        Array.sum (Array.append (inWeights.Entries.ToArray()) inBias)

    terms |> Array.mapi (fun n inner -> ofMap n inner[0]) |> Array.sum
