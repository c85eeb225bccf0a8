namespace LayerTime.Core.DeepLimit

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Networks

/// Which depths are trained and how.
type LadderSettings = {
    /// n₀, the first depth.
    FirstDepth: int
    /// The last depth, n₀·2ᵏ.
    LastDepth: int
    /// How each depth is minimised.
    Minimiser: LbfgsSettings
}

/// One depth that is trained.
[<NoComparison>]
type LadderLevel = {
    /// n
    Depth: int
    /// θ_n, where the minimiser stopped.
    Weights: ResidualWeights<Binary64>
    /// E_n(θ_n)
    Objective: float
    /// The data term of E_n(θ_n).
    DataTerm: float
    /// η_n, the estimate of E_n − E_∞ from this network alone.
    DepthError: float
    /// |∇E_n(θ_n)| in the metric of the regulariser.
    GradientNorm: float
    /// The iterations on this depth.
    Iterations: int
    /// The evaluations of E_n and its gradient on this depth.
    Evaluations: int
    /// Why the minimiser stopped.
    Stop: LbfgsStop
    /// E_n and |∇E_n| at the start and after every iteration.
    History: struct (float * float)[]
}

/// Where a ladder is: all that its next step depends on.
[<NoComparison>]
type LadderState = {
    /// The depths that are done, the shallowest first.
    Levels: LadderLevel[]
    /// The depth at work.
    Depth: int
    /// The minimiser at work.
    Minimiser: LbfgsState
    /// E_n and |∇E_n| of the depth at work, newest first.
    History: struct (float * float) list
    /// Whether the last depth is done, or one has failed.
    IsFinished: bool
}

/// <summary>Training at depths n₀, 2n₀, 4n₀, …, each started at the prolongation of the one before: one iteration of the minimiser at a time.</summary>
/// <remarks>A state is a value and the next one depends on it alone; an instance only keeps the memory for the depth at work: one run at a time.</remarks>
[<Sealed>]
type DepthLadder private (problem: TrainingProblem<Binary64>, settings: LadderSettings, workers: IWorkers) =
    let mutable current: TrainingFunction voption = ValueNone

    let functionAt depth =
        match current with
        | ValueSome f when f.Depth = depth -> f
        | _ ->
            let f = TrainingFunction(problem, depth, WeightCoordinates.Increments, workers)
            current <- ValueSome f
            f

    let begin' (levels: LadderLevel[]) (θ: ResidualWeights<Binary64>) : LadderState =
        let f = functionAt θ.Depth
        let minimiser = Lbfgs.start settings.Minimiser f (f.OfWeights θ)

        {
            Levels = levels
            Depth = θ.Depth
            Minimiser = minimiser
            History = [ struct (minimiser.Value, minimiser.GradientNorm) ]
            IsFinished = false
        }

    let levelOf (state: LadderState) (stop: LbfgsStop) : LadderLevel =
        let f = functionAt state.Depth
        let minimiser = state.Minimiser

        {
            Depth = state.Depth
            Weights = f.ToWeights minimiser.Point
            Objective = minimiser.Value
            DataTerm = f.DataTerm minimiser.Point
            DepthError = f.DepthError minimiser.Point
            GradientNorm = minimiser.GradientNorm
            Iterations = minimiser.Iterations
            Evaluations = minimiser.Evaluations
            Stop = stop
            History = List.rev state.History |> List.toArray
        }

    /// A ladder on the core of the caller.
    static member Create(problem: TrainingProblem<Binary64>, settings: LadderSettings) : Result<DepthLadder, Defect list> =
        DepthLadder.Create(problem, settings, Workers.sequential)

    /// A ladder, or what is wrong with its depths, its settings or its problem.
    static member Create
        (problem: TrainingProblem<Binary64>, settings: LadderSettings, workers: IWorkers)
        : Result<DepthLadder, Defect list> =
        let rec reaches n = n = settings.LastDepth || (n < settings.LastDepth && reaches (2 * n))
        let minimiser = settings.Minimiser
        let regulariser = Regulariser.map Binary64.toFloat problem.Regulariser
        let notNegative place (x: float) = Defect.unless (x >= 0.0 && Double.IsFinite x) place $"{x}" "a finite number that is not negative"

        let path place (penalty: PathPenalty<float> option) = [
            match penalty with
            | Some p ->
                yield! notNegative $"{place}, α" p.Strength
                yield! notNegative $"{place}, τ" p.Start
            | None -> ()
        ]

        let defects = [
            yield! Defect.unless (settings.FirstDepth >= 1) "first depth" $"{settings.FirstDepth}" "at least 1"

            if settings.FirstDepth >= 1 then
                yield!
                    Defect.unless
                        (settings.LastDepth <= 65536 && reaches settings.FirstDepth)
                        "last depth"
                        $"{settings.LastDepth}"
                        $"{settings.FirstDepth} doubled some times, at most 65536"

            yield! Defect.unless (minimiser.Memory >= 1) "memory" $"{minimiser.Memory} pairs" "at least 1"
            yield! Defect.unless (minimiser.IterationLimit >= 1) "iterations" $"{minimiser.IterationLimit}" "at least 1"

            yield!
                Defect.unless
                    (minimiser.GradientTolerance > 0.0 && Double.IsFinite minimiser.GradientTolerance)
                    "gradient tolerance"
                    $"{minimiser.GradientTolerance}"
                    "a positive number"

            yield! path "penalty of K" regulariser.Kernel
            yield! path "penalty of b" regulariser.Bias
            yield! Option.toList regulariser.Readout |> List.collect (notNegative "penalty of W, α")
            yield! Option.toList regulariser.Offset |> List.collect (notNegative "penalty of c, α")

            for s, sample in Array.indexed problem.Data do
                for x in Seq.append sample.Input sample.Target do
                    yield! Defect.unless (Double.IsFinite x.Value) $"sample {s}" $"{x}" "finite numbers"
        ]

        if defects.IsEmpty then Ok(DepthLadder(problem, settings, workers)) else Error defects

    /// The problem.
    member _.Problem = problem
    /// The settings.
    member _.Settings = settings

    /// The state before the first iteration, from weights of the first depth.
    member _.Start(θ: ResidualWeights<Binary64>) : LadderState =
        if θ.Depth <> settings.FirstDepth then
            invalidArg (nameof θ) $"found {θ.Depth} layers, expected {settings.FirstDepth}, the first depth"

        begin' [||] θ

    /// One iteration further, or on to the next depth. A finished state stays.
    member _.Next(state: LadderState) : LadderState =
        match state.IsFinished, state.Minimiser.Stop with
        | true, _ -> state
        | false, None ->
            let minimiser = Lbfgs.step settings.Minimiser (functionAt state.Depth) state.Minimiser

            { state with Minimiser = minimiser; History = struct (minimiser.Value, minimiser.GradientNorm) :: state.History }
        | false, Some stop ->
            let level = levelOf state stop
            let levels = Array.append state.Levels [| level |]

            match stop with
            | LbfgsStop.NotFinite
            | LbfgsStop.Unbounded _ -> { state with Levels = levels; IsFinished = true }
            | _ when state.Depth = settings.LastDepth -> { state with Levels = levels; IsFinished = true }
            | _ -> begin' levels (ResidualWeights.prolong level.Weights)

    /// All steps from weights of the first depth.
    member this.Run(θ: ResidualWeights<Binary64>) : LadderLevel[] =
        let rec go (state: LadderState) = if state.IsFinished then state.Levels else go (this.Next state)
        go (this.Start θ)
