namespace LayerTime.Core.DeepLimit

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Networks

/// What doubling the depth changed.
[<NoComparison>]
type LadderStep = {
    /// n, the smaller depth.
    Depth: int
    /// max_i |θ_{2n,2i} − θ_{n,i}| over all weights: how far the minimisers are apart at common depth-times.
    Distance: float
    /// (‖P_nK_n − P_{2n}K_{2n}‖² + ‖P_nb_n − P_{2n}b_{2n}‖²)^½, in L².
    FunctionDistance: float
    /// E_n(θ_n) − E_{2n}(θ_{2n})
    Decrease: float
    /// η′_n = 2(E_n(θ_n) − E_{2n}(Πθ_n)), an estimate of E_n − E_∞ that needs no adjoint, to check η_n with.
    ProlongedError: float
}

/// <summary>What a ladder of depths says about its limit.</summary>
/// <remarks>Of local minimisers: the theorem speaks of global ones, and a ladder in one basin does not show that there is no better one.</remarks>
[<NoComparison>]
type LadderReport = {
    /// The trained depths, the shallowest first.
    Levels: LadderLevel[]
    /// From each depth to the next.
    Steps: LadderStep[]
    /// E_N − η_N of the deepest network: E_∞ up to O(N⁻²).
    LimitObjective: float
    /// How far that moved when the depth was last doubled: about three times its error, which falls like N⁻². Infinite for one depth.
    LimitUncertainty: float
    /// p where distances of successive minimisers fall like n⁻ᵖ, fitted to the last five at most that are not too shallow for it. The interval has the drift of
    /// the local orders in it.
    Order: FittedOrder option
    /// The least depth that counts for the order: 2·L·max|K_i|, below which Euler's steps are too long for expansions in 1/n.
    AsymptoticDepth: float
}

/// Ladder reports.
[<RequireQualifiedAccess>]
module LadderReport =
    let private numbers (θ: ResidualWeights<Binary64>) : float[][] =
        Array.map2 Array.append (ResidualWeights.kernelSequence θ) θ.Bias |> Array.map Binary64.toFloats

    let private outputs (θ: ResidualWeights<Binary64>) : float[] = Array.append (θ.Readout.Entries.ToArray()) θ.Offset |> Binary64.toFloats

    let private largestDifference (x: float[]) (y: float[]) : float =
        Array.fold2 (fun most (a: float) b -> Math.Max(most, Math.Abs(a - b))) 0.0 x y

    let private step (coarse: LadderLevel) (fine: LadderLevel) : LadderStep =
        let f, g = numbers coarse.Weights, numbers fine.Weights
        let atCommonTimes = f |> Array.mapi (fun i value -> largestDifference value g[2 * i]) |> Array.max

        let squares =
            g
            |> Array.mapi (fun k value -> Array.fold2 (fun sum a b -> sum + (a - b) * (a - b)) 0.0 value f[k / 2])
            |> Array.fold (+) 0.0

        let struct (prolonged, _) = fine.History[0]

        {
            Depth = coarse.Depth
            Distance = Math.Max(atCommonTimes, largestDifference (outputs coarse.Weights) (outputs fine.Weights))
            FunctionDistance = Elementary.sqrt (squares / float g.Length)
            Decrease = coarse.Objective - fine.Objective
            ProlongedError = 2.0 * (coarse.Objective - prolonged)
        }

    /// The largest absolute value of a weight.
    let largestWeight (level: LadderLevel) : float =
        Array.append (Array.concat (numbers level.Weights)) (outputs level.Weights)
        |> Array.fold (fun most x -> Math.Max(most, Math.Abs x)) 0.0

    let private normOfKernel (level: LadderLevel) : float =
        ResidualWeights.kernelSequence level.Weights
        |> Array.map (fun k -> Elementary.sqrt (Array.sumBy (fun (x: Binary64) -> x.Value * x.Value) k))
        |> Array.max

    /// The exponent of decay. Where local orders still drift, so does the fit: the distance to the last of them widens the interval.
    let private decay (fit: FittedOrder) : FittedOrder = {
        fit with
            Order = -fit.Order
            HalfWidth = fit.HalfWidth + Math.Abs(Array.last fit.Local - fit.Order)
            Local = Array.map (~-) fit.Local
    }

    /// The report of at least one level.
    let ofLevels (problem: TrainingProblem<Binary64>) (levels: LadderLevel[]) : LadderReport =
        let steps = Array.pairwise levels |> Array.map (fun (coarse, fine) -> step coarse fine)
        let deepest = Array.last levels
        let limit = deepest.Objective - deepest.DepthError

        let lipschitz =
            (Activation.facts (fun (slope: Binary64) -> Rational.ofFloat slope.Value) problem.Activation).Lipschitz
            |> Option.map Rational.toFloat
            |> Option.defaultValue 1.0

        let least = 2.0 * lipschitz * normOfKernel deepest

        let points =
            steps |> Array.filter (fun step -> float step.Depth >= least) |> Array.map (fun step -> float step.Depth, step.Distance)

        let last = points |> Array.skip (Math.Max(0, points.Length - 5))

        {
            Levels = levels
            Steps = steps
            LimitObjective = limit
            LimitUncertainty =
                match Array.tryItem (levels.Length - 2) levels with
                | Some before -> Math.Abs(limit - (before.Objective - before.DepthError))
                | None -> Double.PositiveInfinity
            Order = FittedOrder.tryOf last |> Option.map decay
            AsymptoticDepth = least
        }

    /// (E_n − E_∞)/E_∞ for the limit of the report.
    let relativeError (report: LadderReport) (level: LadderLevel) : float =
        (level.Objective - report.LimitObjective) / Math.Abs report.LimitObjective

    /// How far the weights of a level are from those of the limit, in units of the largest weight: distances ∝ n⁻¹ sum to twice the first, and the last
    /// level is half as far as the one before. None where nothing is known of it.
    let relativeWeightError (report: LadderReport) (level: LadderLevel) : float option =
        let share = 1.0 / largestWeight (Array.last report.Levels)

        match report.Steps |> Array.tryFind (fun step -> step.Depth = level.Depth) with
        | Some step -> Some(2.0 * step.Distance * share)
        | None -> report.Steps |> Array.tryLast |> Option.map (fun step -> step.Distance * share)
