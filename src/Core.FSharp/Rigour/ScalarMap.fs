namespace LayerTime.Core.Rigour

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics

/// A function Φ : ℝⁿ → ℝ in C² seen through enclosures: what a census of critical points needs.
type IScalarMap =
    /// An enclosure of Φ over a box.
    abstract Value: box: Box -> Interval
    /// Φ_x with its Jacobian, the Hessian.
    abstract Gradient: ISquareSystem

/// Networks as scalar maps.
[<RequireQualifiedAccess>]
module ScalarMap =
    /// A scalar perceptron of C² activations; or why it is none.
    let ofPerceptron (p: Perceptron<Interval>) : Result<IScalarMap, Defect list> =
        match PerceptronCalculus.defects p with
        | [] ->
            let gradient = GradientSystem.create p

            Ok
                {
                    new IScalarMap with
                        member _.Value box = PerceptronCalculus.value p box
                        member _.Gradient = gradient
                }
        | defects -> Error defects

    /// The output of a network by the generic semantics.
    let private output (network: Network<'T>) (input: 'T[]) : 'T[] when 'T :> IRing<'T> =
        Simulation.run network.Equation (Simulation.history network input) |> Simulation.output network

    /// Any network with one output and C² activations, through the generic semantics: run over intervals for Φ, over jets of intervals for
    /// gradient and Hessian. It shares nothing with the formulas of a perceptron, and serves to check them.
    let ofNetwork (network: Network<Interval>) : Result<IScalarMap, Defect list> =
        let equation = network.Equation
        let inputs = network.Lift |> Option.map _.InputWidth |> Option.defaultValue equation.StateDimension

        let outputs = network.Readout |> Option.map _.OutputWidth |> Option.defaultValue (equation.Width equation.Depth)

        let layers =
            Array.concat [
                Option.toArray network.Lift
                Array.concat (Architecture.maps network.Architecture)
                Option.toArray network.Readout
            ]
            |> Array.collect (fun map -> map.Layers.ToArray())

        let kinked =
            layers
            |> Array.collect (fun layer -> layer.Activations.ToArray())
            |> Array.filter (function
                | Activation.Relu
                | Activation.LeakyRelu _ -> true
                | Activation.Identity
                | Activation.Square
                | Activation.Cubic
                | Activation.Transcendental _ -> false)
            |> Array.map Activation.name
            |> Array.distinct

        match
            [
                yield! PerceptronCalculus.scalarDefects outputs
                for name in kinked do
                    PerceptronCalculus.kinkDefect "" name
            ]
        with
        | [] ->
            let lifted = network |> Network.map AnalyticJet.constant (Activation.map AnalyticJet.constant)

            let jet box = Array.head (output lifted (AnalyticJet.variables box))

            let valueAndJacobian box =
                let jet = jet box
                struct (AnalyticJet.gradient inputs jet, Matrix.init inputs inputs (AnalyticJet.secondDerivative jet))

            let gradient = SquareSystem.ofFunctions inputs (fun box -> AnalyticJet.gradient inputs (jet box)) valueAndJacobian

            Ok
                {
                    new IScalarMap with
                        member _.Value box = Array.head (output network box)
                        member _.Gradient = gradient
                }
        | defects -> Error defects
