namespace LayerTime.Core.Rigour

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// Neural ODEs as scalar maps Φ(x) = readout(h(T)), h(0) = lift(x), with gradient and Hessian from the variations of the flow: what a
/// census of critical points needs.
[<RequireQualifiedAccess>]
module NeuralOdeMap =
    /// Cutting a box is cheaper than enclosing its flow in ever smaller steps.
    let private options (order: FlowOrder) : EnclosureOptions = {
        ValidatedFlow.defaults with
            Derivatives = order
            Share = 1e-3
            MaxSteps = 4_000
    }

    let private unknown (like: FlowJet<Interval>) : FlowJet<Interval> = FlowJet.map2 (fun _ _ -> Interval.entire) like like

    /// The output over a box with derivatives; ℝ where the flow could not be enclosed to the end.
    let private outputOver series (ode: NeuralOde<Interval>) (order: FlowOrder) (box: Box) : FlowJet<Interval> =
        match ValidatedFlow.encloseBy series (options order) ode [||] box with
        | Ok enclosure ->
            match enclosure.Stop with
            | EnclosureStop.Completed -> ValidatedFlow.output ode enclosure.Last
            | EnclosureStop.StepLimit _
            | EnclosureStop.StepTooSmall _
            | EnclosureStop.BlowUp _
            | EnclosureStop.Interrupted _ -> FlowJet(ode.Outputs, ode.Inputs, (order = FlowOrder.C2)) |> unknown
        | Error defects -> invalidArg (nameof box) (System.String.Join("; ", defects))

    /// Why a neural ODE has no census: more than one output, a kink, too many dimensions.
    let defects (ode: NeuralOde<Interval>) : Defect list =
        PerceptronCalculus.scalarDefects ode.Outputs
        @ ValidatedFlow.defects (options FlowOrder.C2) ode [||] (Box.cube ode.Inputs 0.0)

    let private createBy series (ode: NeuralOde<Interval>) : Result<IScalarMap, Defect list> =
        match defects ode with
        | [] ->
            let over = outputOver series ode

            let gradient =
                SquareSystem.ofFunctions ode.Inputs (fun box -> (over FlowOrder.C1 box).First) (fun box ->
                    let jet = over FlowOrder.C2 box
                    struct (jet.First, Matrix.init ode.Inputs ode.Inputs (fun i j -> jet.Second[jet.Pair(i, j)])))

            Ok
                {
                    new IScalarMap with
                        member _.Value box = (over FlowOrder.C0 box).Value[0]
                        member _.Gradient = gradient
                }
        | defects -> Error defects

    /// Φ with Φ_x and Φ_xx, or every defect.
    let create (ode: NeuralOde<Interval>) : Result<IScalarMap, Defect list> = createBy IntervalLayerSeries.ofPiece ode

    /// The same with series from the generic semantics, which share nothing with the recurrences of a search: for checking it.
    let generic (ode: NeuralOde<Interval>) : Result<IScalarMap, Defect list> = createBy IntervalLayerSeries.generic ode
