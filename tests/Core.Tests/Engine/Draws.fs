module LayerTime.Core.Tests.Engine.Draws

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Tests

/// A network of any architecture over fractions, with lift and readout now and then; weights are multiples of 1/2 of a few bits.
/// The structure depends on the first seed only, the weights on both. Wide ones have states of 64 to 70 coordinates and one weight in eight that is not 0,
/// so that floats hold all that they compute.
type Draw(seed: int, weights: int, isWide: bool) =
    let random = Random seed
    let numbers = Random(31 * seed + weights)
    let width () = if isWide then random.Next(64, 71) else random.Next(1, 6)
    new(seed: int, weights: int) = Draw(seed, weights, false)
    new(seed: int) = Draw(seed, 0)
    member _.Int(low: int, high: int) : int = random.Next(low, high + 1)

    member _.Half() : Rational = if isWide && numbers.Next 8 > 0 then Rational.ofInt 0 else Rational.create (numbers.Next(-3, 4)) 2

    member this.Activation() : Activation<Rational> =
        match this.Int(0, 3) with
        | 0 -> Activation.Identity
        | 1 -> Activation.Relu
        | 2 -> Activation.LeakyRelu(Rational.create 1 2)
        | _ -> Activation.LeakyRelu(Rational.ofInt -1)

    member this.Layer(inputs: int, outputs: int) : Layer<Rational> =
        let activations = if this.Int(0, 1) = 0 then [| this.Activation() |] else Array.init outputs (fun _ -> this.Activation())

        Layer.create (Matrix.init outputs inputs (fun _ _ -> this.Half())) (Array.init outputs (fun _ -> this.Half())) activations
        |> Defect.orFail

    member this.Map(inputs: int, outputs: int) : LayerMap<Rational> =
        if this.Int(0, 2) > 0 then
            LayerMap.ofLayer (this.Layer(inputs, outputs))
        else
            let inner = if isWide then width () else this.Int(1, 4)
            LayerMap.create [| this.Layer(inputs, inner); this.Layer(inner, outputs) |] |> Defect.orFail

    member this.Architecture() : Architecture<Rational> =
        let d, depth, step = width (), this.Int(1, (if isWide then 2 else 4)), Rational.create 1 2
        let maps count = Array.init count (fun _ -> this.Map(d, d))

        match this.Int(0, 5) with
        | 0 ->
            let widths = Array.init (depth + 1) (fun _ -> width ())
            Architecture.FeedForward(Array.init depth (fun l -> this.Map(widths[l], widths[l + 1])))
        | 1 -> Architecture.Residual(step, maps depth)
        | 2 -> Architecture.Smooth(this.Int(1, 3), step, maps depth)
        | 3 ->
            let k = this.Int(1, 3)
            Architecture.AdditiveDense(Array.init depth (fun _ -> maps k))
        | 4 ->
            let window = this.Int(1, 3)
            Architecture.ConcatenationDense(window, Array.init depth (fun _ -> this.Map(window * d, d)))
        | _ ->
            let k = this.Int(1, 3)
            Architecture.Master(this.Int(0, 2), step, Array.init depth (fun _ -> maps k))

    member this.Network() : Network<Rational> =
        let architecture = this.Architecture()
        let plain = Network.ofArchitecture architecture |> Defect.orFail
        let equation = plain.Equation
        let final = equation.Blocks * equation.Width equation.Depth
        let lift = if this.Int(0, 1) = 0 then None else Some(this.Map(this.Int(1, 4), equation.StateDimension))
        let readout = if this.Int(0, 1) = 0 then None else Some(this.Map(final, this.Int(1, 4)))
        Network.create lift architecture readout |> Defect.orFail

let toFloats (network: Network<Rational>) : Network<Binary64> =
    let number (a: Rational) = Binary64(Rational.toFloat a)
    let kind = ActivationKind.ofActivation id
    Network.map number (kind >> ActivationKind.over) network

/// Networks over intervals in which every rounding of a sweep is possible: weights and biases carry the n roundings of the longest sum,
/// activations the two units in the last place of LaneFunctions.
module Loose =
    let inline private product (a: 'T) (b: 'T) : 'T :> IRing<'T> = 'T.Product(a, b)
    let inline private difference (a: 'T) (b: 'T) : 'T :> IRing<'T> = 'T.Difference(a, b)

    let private around (δ: float) : Interval =
        match Interval.create (1.0 - δ) (1.0 + δ) with
        | Ok interval -> interval
        | Error message -> failwith message

    let private looser (x: Interval) : Interval = product x (around (Math.ScaleB(4.0, -53)))

    let private number (n: int) (x: Binary64) : Interval = product (Interval.ofFloat x.Value) (around (Math.ScaleB(float (n + 1), -53)))

    let private activation (name: TranscendentalName) : Activation<Interval> =
        let own: Transcendental<Interval> =
            match ActivationKind.over (ActivationKind.Transcendental name) with
            | Activation.Transcendental f -> f
            | _ -> failwith "unreachable"

        Activation.Transcendental
            {
                new Transcendental<Interval>(name) with
                    member _.Value t = looser (own.Value t)

                    member _.Derivative t =
                        match name with
                        | TranscendentalName.Tanh ->
                            difference (Interval.ofFloat 1.0) (product (looser (own.Value t)) (looser (own.Value t)))
                        | _ -> looser (looser (own.Derivative t))

                    member _.SecondDerivative t = own.SecondDerivative t
            }

    let map (n: int) (map: LayerMap<Binary64>) : LayerMap<Interval> =
        LayerMap.map (number n) (Activation.mapWith (number n) activation id) map

    let network (n: int) (network: Network<Binary64>) : Network<Interval> =
        Network.map (number n) (Activation.mapWith (number n) activation id) network
