namespace LayerTime.Core.Semantics

open LayerTime.Core.Numbers
open LayerTime.Core.Networks

/// The gradient of a function L(x) of the end of the flow of a neural ODE, exact for the steps that were taken.
[<NoComparison; NoEquality>]
type NeuralGradient = {
    /// The flow. Where it does not reach its end, the gradient is that of L at the state reached.
    Flow: NeuralFlowResult
    /// The times t₀, t₁, … of the start and of all steps; with checkpoints those of the start and of the ends of the sections.
    Times: float[]
    /// a(t) = dL/dx(t) at these times.
    Momenta: float[][]
    /// dL/dθ for every piece, in the order of DifferentiableField.ofPiece; zeros for a piece that was not entered.
    Parameters: float[][]
    /// How many steps were taken beyond two for each, there and back: the price of what was not kept.
    Repeated: int64
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

    /// The flow as NeuralFlow.solve has it, and the way back from `covector` = ∇L at the state reached. With checkpoints the momenta are
    /// those at the ends of the sections only: what is kept is the steps, one state for each section, and what the checkpoints are.
    let solve
        (checkpointing: Checkpointing)
        (settings: FlowSettings)
        (method: FlowMethod)
        (ode: NeuralOde<Binary64>)
        (start: Rational)
        (finish: Rational)
        (state: float[])
        (covector: float[] -> float[])
        : Result<NeuralGradient, Defect list> =
        let tapes = ResizeArray<StepAdjoint<Binary64> * StepSequence<Binary64> * float[]>()

        let run (section: FlowSection) (settings: FlowSettings) (state: float[]) =
            FlowMethod.adjoint method ode.Pieces[section.Piece]
            |> Result.bind (fun adjoint ->
                let tape = StepTape<Binary64> 0
                let stepper = TapedStepper(adjoint.Stepper, ValueNone, tape)

                Flow.solve settings stepper (Rational.toFloat section.Start) (Rational.toFloat section.Finish) state
                |> Result.map (fun result ->
                    tapes.Add(adjoint, tape.Steps, state)
                    result))

        let back (momentum: float[]) (i: int) : Result<float[][] * FlowGradient<Binary64>, Defect list> =
            let adjoint, steps, state = tapes[i]
            let state, covector = Binary64.ofFloats state, (fun _ -> Binary64.ofFloats momentum)

            match checkpointing with
            | Checkpointing.StoreAll ->
                DiscreteAdjoint.momenta adjoint steps state covector
                |> Result.map (fun (momenta, gradient) -> Array.map Binary64.toFloats momenta, gradient)
            | _ ->
                DiscreteAdjoint.gradient checkpointing adjoint steps state covector
                |> Result.map (fun gradient ->
                    // Without a step the start is the end.
                    let first = steps.Times |> Array.truncate 1 |> Array.map (fun _ -> Binary64.toFloats gradient.State)
                    Array.append first [| momentum |], gradient)

        let unhindered =
            if settings.Events.IsEmpty then
                Ok()
            else
                Error [
                    Defect.create
                        "events"
                        $"{settings.Events.Length} of them"
                        "none; the gradient through an event is that of a FlowAdjoint"
                ]

        unhindered
        |> Result.bind (fun () -> NeuralFlow.through run settings ode start finish [] state)
        |> Result.bind (fun flow ->
            let parameters = ode.Pieces.ToArray() |> Array.map (fun piece -> Array.zeroCreate (count piece))

            let step (found: Result<float[][] list * int64, Defect list>) (i: int) =
                found
                |> Result.bind (fun (later, repeated) ->
                    let last = Array.head later.Head

                    back last i
                    |> Result.map (fun (momenta, gradient) ->
                        let piece = (fst flow.Sections[i]).Piece
                        parameters[piece] <- Array.map2 (+) parameters[piece] (ownParameters method gradient.Parameters)
                        // The last momentum of this section is the first one of the next, which stands there already.
                        momenta[.. momenta.Length - 2] :: later, repeated + gradient.Repeated))

            List.fold step (Ok([ [| covector flow.State |] ], 0L)) [ flow.Sections.Length - 1 .. -1 .. 0 ]
            |> Result.map (fun (momenta, repeated) ->
                let times =
                    seq {
                        for _, steps, _ in tapes do
                            match checkpointing with
                            | Checkpointing.StoreAll -> yield! Binary64.toFloats steps.Times
                            | _ -> yield! steps.Times |> Array.truncate 1 |> Binary64.toFloats

                        flow.Time
                    }

                { Flow = flow; Times = Seq.toArray times; Momenta = Array.concat momenta; Parameters = parameters; Repeated = repeated }))
