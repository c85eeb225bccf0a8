namespace LayerTime.Core.Examination

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics

/// A network at an input, and what a loss of slope c at the output feels of every state and of the input.
[<NoComparison>]
type Sensitivity<'T> = {
    /// Φ(x)
    Output: 'T[]
    /// λ(l) = cᵀ·dΦ/dx(l), l = −K+1 … L, oldest first.
    Momentum: 'T[][]
    /// cᵀ·dΦ/dx
    Gradient: 'T[]
}

/// Values and gradients of networks by the generic semantics: on floats as computed, on intervals for all points of a box at once.
[<RequireQualifiedAccess>]
module Sensitivity =
    /// How many numbers the input has: those of the lift, or the K·d of a history.
    let inputs (network: Network<'T>) : int = network.Lift |> Option.map _.InputWidth |> Option.defaultValue network.Equation.StateDimension

    /// How many numbers the output has.
    let outputs (network: Network<'T>) : int =
        network.Readout |> Option.map _.OutputWidth |> Option.defaultValue (network.Equation.Width network.Equation.Depth)

    /// Φ(x)
    let output (network: Network<'T>) (input: 'T[]) : 'T[] when 'T :> IRing<'T> =
        Simulation.history network input |> Simulation.run network.Equation |> Simulation.output network

    /// Φ, λ and the gradient of cᵀΦ at x. On an interval the gradient encloses the slopes of every segment in the box, kinks included, as
    /// the slope of max(0, ·) over an interval that holds 0 inside is [0, 1].
    let at (network: Network<'T>) (input: 'T[]) (covector: 'T[]) : Sensitivity<'T> when 'T :> IRing<'T> =
        let equation = network.Equation
        let trajectory = Simulation.run equation (Simulation.history network input)

        let final =
            match network.Readout with
            | None -> [| covector |]
            | Some readout ->
                LayerMap.pullback readout (Array.concat (trajectory.Delay trajectory.Depth)) covector
                |> fst
                |> Array.chunkBySize (equation.Width equation.Depth)

        let momentum = (Adjoint.gradientFrom equation trajectory final).Momentum
        let history = momentum |> Array.take equation.Blocks |> Array.rev |> Array.concat

        {
            Output = Simulation.output network trajectory
            Momentum = momentum
            Gradient =
                match network.Lift with
                | None -> history
                | Some lift -> fst (LayerMap.pullback lift input history)
        }

    /// The network with one output cᵀΦ more in place of all others.
    let project (coefficients: 'T[]) (network: Network<'T>) : Network<'T> when 'T :> IRing<'T> =
        let row columns = Matrix.init 1 columns (fun _ j -> if j < coefficients.Length then coefficients[j] else 'T.Zero) |> LayerMap.linear

        let readout =
            match network.Readout with
            | Some map -> Array.append (map.Layers.ToArray()) ((row map.OutputWidth).Layers.ToArray()) |> LayerMap.create |> Defect.orFail
            // Without a readout the output is x(L), the first block of the final state.
            | None -> row (network.Equation.Blocks * network.Equation.Width network.Equation.Depth)

        Network.create network.Lift network.Architecture (Some readout) |> Defect.orFail
