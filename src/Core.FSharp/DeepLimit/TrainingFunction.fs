namespace LayerTime.Core.DeepLimit

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Engine

/// In which variables the weights of the layers are moved.
[<RequireQualifiedAccess>]
type WeightCoordinates =
    /// u_0 = √τ f_0, u_i = √n (f_i − f_{i−1}): the energy is |u|², the metric that of H¹, and the condition does not grow with depth.
    | Increments
    /// The values f_i themselves: the condition grows like n².
    | Nodal

/// Runs pieces of work that do not depend on each other, in any order and on any number of cores.
type IWorkers =
    /// Runs work 0, …, count − 1 and returns when all of it is done.
    abstract Run: count: int * work: Action<int> -> unit

/// One piece of work after another.
[<RequireQualifiedAccess>]
module Workers =
    /// Those of the caller.
    let sequential: IWorkers = {
        new IWorkers with
            member _.Run(count, work) =
                for i in 0 .. count - 1 do
                    work.Invoke i
    }

/// Some samples of a data term, their losses, and the value and gradient of their part.
[<NoComparison; NoEquality>]
type private SampleBlock = { Inputs: float[]; Count: int; Tape: GradientTape; Loss: ITileLoss; Gradient: float[]; mutable Value: float }

/// <summary>E_n as a smooth function of one vector of variables, for the minimiser: the fast refinement of Objective in floats.</summary>
/// <remarks>
/// The vector has the free and the frozen weights at fixed places: K_0 row by row, b_0, K_1, b_1, …, W, c, with the coordinates of the free sequences
/// in place of their values. Frozen parts stay what they are and have gradient 0. Where τ = 0 the first increment is measured as for τ = 1.
/// The samples are cut into blocks of 256, whose parts are added in their order: the same bits for any workers.
/// </remarks>
[<Sealed>]
type TrainingFunction(problem: TrainingProblem<Binary64>, depth: int, coordinates: WeightCoordinates, workers: IWorkers) =
    let d, m, n = problem.Width, problem.Outputs, depth
    let square = d * d
    let perLayer = square + d
    let last = n * perLayer
    let regulariser = Regulariser.map Binary64.toFloat problem.Regulariser
    let size = last + m * (d + 1)

    let sweep =
        GradientSweep(
            ResidualWeights.uniform n (Matrix.zero d d) (Array.create d (Binary64 0.0)) (Matrix.zero m d) (Array.create m (Binary64 0.0))
            |> ResidualWeights.network problem.Activation
        )

    let blocks =
        problem.Data
        |> Array.chunkBySize 256
        |> Array.map (fun samples -> {
            Inputs = samples |> Array.collect (fun sample -> Binary64.toFloats sample.Input)
            Count = samples.Length
            Tape = sweep.CreateTape samples.Length
            Loss = TileLosses.ofSamples problem samples
            Gradient = Array.zeroCreate size
            Value = 0.0
        })

    let nodal = Array.zeroCreate<float> size

    /// Σ_blocks, in their order, after all are done.
    let total (part: SampleBlock -> float) : float =
        workers.Run(blocks.Length, fun b -> blocks[b].Value <- part blocks[b])
        let mutable sum = 0.0

        for block in blocks do
            sum <- sum + block.Value

        sum

    let evaluate (block: SampleBlock) (visit: int -> int -> unit) : float =
        block.Tape.Load nodal
        block.Tape.EvaluateVisiting(block.Inputs, block.Loss, 0, block.Count, block.Gradient, visit)

    let noVisit (_: int) (_: int) = ()

    /// The data term at the values in `nodal`, and its gradient in the gradients of the blocks.
    let dataTerm () : float = total (fun block -> evaluate block noVisit)

    /// The sum over samples and i = 0, …, n − 2 of P_{i+1}·(V_{i+1} − V_i), V_i = n(X_{i+1} − X_i).
    let jumps (block: SampleBlock) : float =
        let sums = Array.zeroCreate<float> n

        let visit stride i =
            if i < n - 1 then
                let tape = block.Tape
                let now, next, afterNext, momentum = tape.State i, tape.State(i + 1), tape.State(i + 2), tape.Momentum(i + 1)

                for k in 0 .. d * stride - 1 do
                    let change = (afterNext[k] - next[k]) - (next[k] - now[k])
                    sums[i] <- Math.FusedMultiplyAdd(momentum[k], float n * change, sums[i])

        evaluate block visit |> ignore
        Array.fold (+) 0.0 sums

    let root = Elementary.sqrt (float n)

    /// The sequences: where they begin in a layer, how many numbers they have there, and their penalties.
    let sequences = [| struct (0, square, regulariser.Kernel); struct (square, d, regulariser.Bias) |]

    let isIncremental = coordinates = WeightCoordinates.Increments

    /// √τ of the metric, which is that of the penalty unless τ = 0.
    let startScale (penalty: PathPenalty<float>) = if penalty.Start > 0.0 then Elementary.sqrt penalty.Start else 1.0

    /// target ← the values that the variables stand for; the same array is allowed.
    let toValues (variables: float[]) (target: float[]) : unit =
        Array.Copy(variables, target, variables.Length)

        for struct (offset, count, penalty) in sequences do
            match penalty with
            | Some p when isIncremental ->
                let first, step = 1.0 / startScale p, 1.0 / root

                for j in offset .. offset + count - 1 do
                    target[j] <- first * variables[j]

                for i in 1 .. n - 1 do
                    for j in i * perLayer + offset .. i * perLayer + offset + count - 1 do
                        target[j] <- Math.FusedMultiplyAdd(step, variables[j], target[j - perLayer])
            | _ -> ()

    let toVariables (values: float[]) : float[] =
        let variables = Array.copy values

        for struct (offset, count, penalty) in sequences do
            match penalty with
            | Some p when isIncremental ->
                for i in n - 1 .. -1 .. 1 do
                    for j in i * perLayer + offset .. i * perLayer + offset + count - 1 do
                        variables[j] <- root * (values[j] - values[j - perLayer])

                for j in offset .. offset + count - 1 do
                    variables[j] <- startScale p * values[j]
            | _ -> ()

        variables

    /// α R of one sequence; its gradient, and that of the data term, go where the gradient of the data term in the values stood.
    let addIncremental (p: PathPenalty<float>) offset count (variables: float[]) (gradient: float[]) : float =
        let scale = startScale p
        let share = p.Start / (scale * scale)
        let mutable first, rest = 0.0, 0.0

        // The suffix sums c_i of the data gradient, from the last layer to the first.
        for i in n - 2 .. -1 .. 0 do
            for j in i * perLayer + offset .. i * perLayer + offset + count - 1 do
                gradient[j] <- gradient[j] + gradient[j + perLayer]

        for j in offset .. offset + count - 1 do
            let u = variables[j]
            first <- Math.FusedMultiplyAdd(u, u, first)
            gradient[j] <- gradient[j] / scale + 2.0 * p.Strength * share * u

        for i in 1 .. n - 1 do
            for j in i * perLayer + offset .. i * perLayer + offset + count - 1 do
                let u = variables[j]
                rest <- Math.FusedMultiplyAdd(u, u, rest)
                gradient[j] <- gradient[j] / root + 2.0 * p.Strength * u

        p.Strength * (share * first + rest)

    let addNodal (p: PathPenalty<float>) offset count (values: float[]) (gradient: float[]) : float =
        let mutable first, rest = 0.0, 0.0
        let size = float n

        for j in offset .. offset + count - 1 do
            first <- Math.FusedMultiplyAdd(values[j], values[j], first)
            gradient[j] <- gradient[j] + 2.0 * p.Strength * p.Start * values[j]

        for i in 1 .. n - 1 do
            for j in i * perLayer + offset .. i * perLayer + offset + count - 1 do
                let change = values[j] - values[j - perLayer]
                let slope = 2.0 * p.Strength * size * change
                rest <- Math.FusedMultiplyAdd(change, change, rest)
                gradient[j] <- gradient[j] + slope
                gradient[j - perLayer] <- gradient[j - perLayer] - slope

        p.Strength * (p.Start * first + size * rest)

    let freeze offset count (gradient: float[]) : float =
        for i in 0 .. n - 1 do
            Array.Clear(gradient, i * perLayer + offset, count)

        0.0

    /// α|x|² of W or c.
    let addOutput (strength: float option) first count (variables: float[]) (gradient: float[]) : float =
        match strength with
        | None ->
            Array.Clear(gradient, first, count)
            0.0
        | Some α ->
            let mutable sum = 0.0

            for j in first .. first + count - 1 do
                sum <- Math.FusedMultiplyAdd(variables[j], variables[j], sum)
                gradient[j] <- gradient[j] + 2.0 * α * variables[j]

            α * sum

    /// The penalties, added to the gradient.
    let addPenalties (variables: float[]) (gradient: float[]) : float =
        let mutable sum = 0.0

        for struct (offset, count, penalty) in sequences do
            sum <-
                sum
                + (match penalty with
                   | Some p when isIncremental -> addIncremental p offset count variables gradient
                   | Some p -> addNodal p offset count variables gradient
                   | None -> freeze offset count gradient)

        sum <- sum + addOutput regulariser.Readout last (m * d) variables gradient
        sum + addOutput regulariser.Offset (last + m * d) m variables gradient

    /// On the core of the caller.
    new(problem, depth, coordinates) = TrainingFunction(problem, depth, coordinates, Workers.sequential)

    /// The problem.
    member _.Problem = problem
    /// n
    member _.Depth = n

    /// The variables of weights of this depth.
    member _.OfWeights(θ: ResidualWeights<Binary64>) : float[] =
        match ResidualWeights.defects d m θ with
        | [] when θ.Depth = n -> ResidualWeights.numbers θ |> Binary64.toFloats |> toVariables
        | [] -> invalidArg (nameof θ) $"found {θ.Depth} layers, expected {n}"
        | defects -> invalidArg (nameof θ) (String.Join("; ", defects))

    /// The weights that variables stand for.
    member _.ToWeights(variables: float[]) : ResidualWeights<Binary64> =
        let values = Array.zeroCreate<float> variables.Length
        toValues variables values
        ResidualWeights.ofNumbers d m (Binary64.ofFloats values)

    /// η_n at the weights that variables stand for: see Objective.depthError.
    member _.DepthError(variables: float[]) : float =
        toValues variables nodal
        -(total jumps) / float (2 * n)

    /// The data term alone.
    member _.DataTerm(variables: float[]) : float =
        toValues variables nodal
        dataTerm ()

    interface ISmoothFunction with
        member _.Dimension = size

        member _.Evaluate(variables, gradient) =
            toValues variables nodal
            let data = dataTerm ()
            Array.Copy(blocks[0].Gradient, gradient, size)

            for block in Seq.skip 1 blocks do
                FloatVector.addInPlace 1.0 block.Gradient gradient

            data + addPenalties variables gradient
