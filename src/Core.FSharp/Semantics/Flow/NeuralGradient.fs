namespace LayerTime.Core.Semantics

open LayerTime.Core.Numbers
open LayerTime.Core.Networks

/// The gradient of a function L(x) of the end of the flow of a neural ODE, exact for the steps that were taken.
[<NoComparison; NoEquality>]
type NeuralGradient = {
    /// The flow. Where it does not reach its end, the gradient is that of L at the state reached.
    Flow: NeuralFlowResult
    /// The times t₀, t₁, … of the start and of all steps.
    Times: float[]
    /// a(t) = dL/dx(t) at these times.
    Momenta: float[][]
    /// dL/dθ for every piece, in the order of DifferentiableField.ofPiece; zeros for a piece that was not entered.
    Parameters: float[][]
}

/// <summary>The way back through the sections of a flow: the momentum that leaves one enters the one before.</summary>
[<RequireQualifiedAccess>]
module NeuralGradient =
    /// Of a splitting both parts have all parameters, and what one of them does not use has the gradient zero there.
    let private ownParameters (method: FlowMethod) (gradient: Binary64[]) : float[] =
        let numbers = Binary64.toFloats gradient

        match method with
        | FlowMethod.Splitting splitting -> numbers |> Array.splitInto splitting.Parts |> Array.reduce (Array.map2 (+))
        | _ -> numbers

    /// The number of parameters of a piece.
    let private count (piece: FieldPiece<Binary64>) : int = piece.Coefficients |> Array.sumBy LayerMap.parameterCount |> int

    /// The flow as NeuralFlow.solve has it, and the way back from `covector` = ∇L at the state reached.
    let solve
        (settings: FlowSettings)
        (method: FlowMethod)
        (ode: NeuralOde<Binary64>)
        (start: Rational)
        (finish: Rational)
        (state: float[])
        (covector: float[] -> float[])
        : Result<NeuralGradient, Defect list> =
        let tapes = ResizeArray<FlowAdjoint * StepSequence<Binary64> * float[]>()

        let run (section: FlowSection) (settings: FlowSettings) (state: float[]) =
            FlowMethod.adjoint method ode.Pieces[section.Piece]
            |> Result.bind (fun adjoint ->
                let flow = FlowAdjoint adjoint
                let start, finish = Rational.toFloat section.Start, Rational.toFloat section.Finish

                flow.Solve(settings, start, finish, state, fun x -> Array.zeroCreate x.Length)
                |> Result.map (fun (result, _) ->
                    tapes.Add(flow, flow.Steps, state)
                    result))

        let back (momentum: float[]) (i: int) : Result<float[][] * float[], Defect list> =
            let flow, steps, state = tapes[i]

            DiscreteAdjoint.momenta flow.Adjoint steps (Binary64.ofFloats state) (fun _ -> Binary64.ofFloats momentum)
            |> Result.map (fun (momenta, gradient) -> Array.map Binary64.toFloats momenta, ownParameters method gradient.Parameters)

        NeuralFlow.through run settings method ode start finish [] state
        |> Result.bind (fun flow ->
            let parameters = ode.Pieces.ToArray() |> Array.map (fun piece -> Array.zeroCreate (count piece))

            let step (momenta: Result<float[][] list, Defect list>) (i: int) =
                momenta
                |> Result.bind (fun later ->
                    let last = Array.head later.Head

                    back last i
                    |> Result.map (fun (momenta, gradient) ->
                        let piece = (fst flow.Sections[i]).Piece
                        parameters[piece] <- Array.map2 (+) parameters[piece] gradient
                        // The last momentum of this section is the first one of the next, which stands there already.
                        momenta[.. momenta.Length - 2] :: later))

            List.fold step (Ok [ [| covector flow.State |] ]) [ flow.Sections.Length - 1 .. -1 .. 0 ]
            |> Result.map (fun momenta ->
                let times =
                    seq {
                        for _, steps, _ in tapes do
                            yield! Binary64.toFloats steps.Times

                        flow.Time
                    }

                { Flow = flow; Times = Seq.toArray times; Momenta = Array.concat momenta; Parameters = parameters }))
