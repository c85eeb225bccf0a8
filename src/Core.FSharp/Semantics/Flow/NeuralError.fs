namespace LayerTime.Core.Semantics

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Networks

/// Global errors of the flow of a neural ODE, piece by piece: what one piece leaves behind the next one starts with.
[<RequireQualifiedAccess>]
module NeuralError =
    // A bound asks for the field anew in every step.
    let private fields (asked: unit -> unit) (piece: FieldPiece<Binary64>) : IVectorFields = {
        new IVectorFields with
            member _.Over<'T when 'T :> ITranscendental<'T>>() : IVectorField<'T> =
                asked ()
                VectorField.ofPiece (FlowMethod.pieceOver piece)
    }

    /// What stands against a proof: a field to which Taylor's theorem does not apply.
    let private kinks (ode: NeuralOde<Binary64>) : Defect list =
        let kinks =
            ode.Pieces.ToArray()
            |> Array.collect _.Coefficients
            |> Array.collect (fun φ -> φ.Layers.ToArray())
            |> Array.collect (fun layer -> layer.Activations.ToArray())
            |> Array.filter (fun a ->
                (Activation.facts (fun (x: Binary64) -> Rational.ofFloat x.Value) a).Smoothness <> Smoothness.Analytic)
            |> Array.map Activation.name
            |> Array.distinct

        [
            for name in kinks do
                Defect.create
                    "field"
                    $"the activation {name}, which has a kink"
                    "smooth activations: the local error is bounded by derivatives"
        ]

    /// What stands against a proof beforehand: a method whose local error is not known from its coefficients, too.
    let private tableau (method: FlowMethod) (ode: NeuralOde<Binary64>) : Result<Tableau<Rational>, Defect list> =
        match method, kinks ode with
        | FlowMethod.Explicit tableau, [] -> Ok tableau
        | FlowMethod.Explicit _, defects -> Error defects
        | _, defects ->
            Error(
                defects
                @ [
                    Defect.create
                        "method"
                        "an implicit method, a splitting or a Taylor method"
                        "an explicit Runge–Kutta method with exact coefficients"
                ]
            )

    /// Bounds of the distance between every recorded state and the exact solution, for any method with all steps recorded, as far as they
    /// can be proved; and the last of them, or the step where they end. In every step `asked` is called, which may throw to end it.
    let bars
        (asked: unit -> unit)
        (method: FlowMethod)
        (ode: NeuralOde<Binary64>)
        (result: NeuralFlowResult)
        : Result<float list * ErrorBound, Defect list> =
        let rec go known (error, μ, steps) (sections: (FlowSection * FlowResult) list) =
            match sections with
            | [] -> List.rev known, ErrorBound.Proved(error, μ)
            | (section, flow) :: rest ->
                let bars, conclusion = GlobalError.bars (fields asked ode.Pieces[section.Piece]) (FlowMethod.order method) error flow.Trace
                // A section starts where the one before ends.
                let known = List.fold (fun known bar -> bar :: known) known (List.tail bars)

                match conclusion with
                | ErrorBound.Proved(error, more) -> go known (error, Math.Max(μ, more), steps + flow.Accepted) rest
                | ErrorBound.NoEnclosure step -> List.rev known, ErrorBound.NoEnclosure(steps + step)

        match kinks ode with
        | [] -> Ok(go [ 0.0 ] (0.0, Double.NegativeInfinity, 0) (List.ofArray result.Sections))
        | defects -> Error defects

    /// A bound of the distance between the last recorded state and the exact solution: the last of the `bars`.
    let aPosteriori asked method ode result : Result<ErrorBound, Defect list> = bars asked method ode result |> Result.map snd

    /// A bound of the distance between a state and the exact solution at a time on the way, from the `bars` of the recorded ones before it. None
    /// beyond those that are proved.
    let barAt (ode: NeuralOde<Binary64>) (result: NeuralFlowResult) (bars: float[]) (time: float) (state: float[]) : float option =
        let rec find first (sections: (FlowSection * FlowResult) list) =
            match sections with
            | [] -> None
            | (section, flow) :: rest ->
                let trace = flow.Trace
                let isBetween (a: float) (b: float) = Math.Min(a, b) <= time && time <= Math.Max(a, b)

                match seq { 0 .. trace.Count - 2 } |> Seq.tryFind (fun n -> isBetween (trace.Time n) (trace.Time(n + 1))) with
                | None -> find (first + trace.Count - 1) rest
                | Some n ->
                    let known = bars |> Array.skip (min bars.Length (first + n))

                    if known.Length > 0 && time = trace.Time n then
                        Some known[0]
                    elif known.Length > 1 && time = trace.Time(n + 1) then
                        Some known[1]
                    elif known.Length > 0 then
                        let before = trace.Time n, trace.State(n).ToArray()
                        GlobalError.carry (fields ignore ode.Pieces[section.Piece]) known[0] before (time, state)
                    else
                        None

        find 0 (List.ofArray result.Sections)

    /// The smallest box around the recorded states of a flow.
    let private seen (flow: FlowResult) : Interval[] =
        Array.init flow.Trace.Dimension (fun c ->
            let values = Array.init flow.Trace.Count (fun n -> flow.Trace.State(n)[c])
            Interval.ofBounds (Array.min values) (Array.max values))

    /// A bound that only looks at the box in which the states of a flow of fixed steps forwards were seen, their number and their
    /// length, as Grönwall's lemma gives it: e^(μT)·E for the error E brought along, and the error of the steps; `asked` as for `aPosteriori`.
    let aPriori
        (asked: unit -> unit)
        (method: FlowMethod)
        (ode: NeuralOde<Binary64>)
        (result: NeuralFlowResult)
        : Result<ErrorBound, Defect list> =
        let section (tableau: Tableau<Rational>) (error: float) (section: FlowSection, flow: FlowResult) =
            let start, finish = flow.Trace.Time 0, flow.Time

            // The box must hold both solutions, and so the error that it leads to: try larger ones.
            let rec attempt n (margin: float) =
                let box = seen flow |> Array.map (fun x -> Arithmetic.(+) x (Interval.ofBounds -margin margin))

                match GlobalError.aPriori (fields asked ode.Pieces[section.Piece]) tableau start finish flow.Accepted box with
                | Ok(ErrorBound.Proved(own, μ)) ->
                    let brought = GlobalError.grönwall μ 0.0 error (Math.BitIncrement(finish - start))
                    let total = Math.BitIncrement(brought + own)

                    if error = 0.0 || Math.Max(total, error) <= margin then Ok(ErrorBound.Proved(total, μ))
                    elif n = 0 || not (Double.IsFinite total) then Ok(ErrorBound.NoEnclosure 0)
                    else attempt (n - 1) (1.5 * Math.Max(total, error))
                | other -> other

            attempt 10 error

        let rec go tableau (error: float) (μ: float) sections =
            match sections with
            | [] -> Ok(ErrorBound.Proved(error, μ))
            | next :: rest ->
                match section tableau error next with
                | Ok(ErrorBound.Proved(error, more)) -> go tableau error (Math.Max(μ, more)) rest
                | other -> other

        tableau method ode |> Result.bind (fun tableau -> go tableau 0.0 Double.NegativeInfinity (List.ofArray result.Sections))

    /// An estimate without proof: how far the end of a flow is from that of the same one with tolerances ten times smaller, or with
    /// twice as many steps; NaN where there is nothing to compare.
    let estimate
        (settings: FlowSettings)
        (method: FlowMethod)
        (ode: NeuralOde<Binary64>)
        (state: float[])
        (result: NeuralFlowResult)
        : float =
        let finer =
            match settings.Control with
            | StepControl.Adaptive(relative, absolute) ->
                StepControl.Adaptive(Math.Max(Flow.leastTolerance, 0.1 * relative), 0.1 * absolute)
            | StepControl.Fixed count -> StepControl.Fixed(2 * count)

        let start = (fst result.Sections[0]).Start

        let finish =
            if result.Stop = StopReason.Completed then (fst (Array.last result.Sections)).Finish else Rational.ofFloat result.Time

        let settings = { settings with Control = finer; Recording = Recording.Final; StepLimit = Int32.MaxValue }

        match NeuralFlow.solve settings method ode start finish [] state with
        | Ok better when better.Stop = StopReason.Completed ->
            Seq.map2 (fun (a: float) b -> Math.Abs(a - b)) result.State better.State
            |> Seq.fold (fun (a: float) b -> Math.Max(a, b)) 0.0
        | _ -> Double.NaN
