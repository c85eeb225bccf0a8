namespace LayerTime.Core.DeepLimit

open System
open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open System.Runtime.Intrinsics

/// A smooth function of many variables, to be minimised. An instance may own memory: one evaluation at a time.
type ISmoothFunction =
    /// The number of variables.
    abstract Dimension: int
    /// f(x); gradient ← ∇f(x).
    abstract Evaluate: point: float[] * gradient: float[] -> float

/// Sums of products of floats in one order on every machine: sixteen partial sums, fused.
[<RequireQualifiedAccess>]
module internal FloatVector =
    let inline private at (x: float[]) (i: int) : Vector256<float> =
        Vector256.LoadUnsafe(&Unsafe.Add(&MemoryMarshal.GetArrayDataReference x, i))

    /// x·y
    let dot (x: float[]) (y: float[]) : float =
        let mutable s0, s1, s2, s3 = Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero
        let mutable i = 0

        while i + 16 <= x.Length do
            s0 <- Vector256.FusedMultiplyAdd(at x i, at y i, s0)
            s1 <- Vector256.FusedMultiplyAdd(at x (i + 4), at y (i + 4), s1)
            s2 <- Vector256.FusedMultiplyAdd(at x (i + 8), at y (i + 8), s2)
            s3 <- Vector256.FusedMultiplyAdd(at x (i + 12), at y (i + 12), s3)
            i <- i + 16

        let s = (s0 + s1) + (s2 + s3)
        let mutable sum = (s[0] + s[1]) + (s[2] + s[3])

        while i < x.Length do
            sum <- Math.FusedMultiplyAdd(x[i], y[i], sum)
            i <- i + 1

        sum

    /// |x|
    let norm (x: float[]) : float = Math.Sqrt(dot x x)

    /// y ← y + c·x
    let addInPlace (c: float) (x: float[]) (y: float[]) : unit =
        let factor = Vector256.Create c
        let mutable i = 0

        while i + 4 <= x.Length do
            let sum = Vector256.FusedMultiplyAdd(factor, at x i, at y i)
            sum.StoreUnsafe(&Unsafe.Add(&MemoryMarshal.GetArrayDataReference y, i))
            i <- i + 4

        while i < x.Length do
            y[i] <- Math.FusedMultiplyAdd(c, x[i], y[i])
            i <- i + 1

    /// x + c·y as a new array.
    let addScaled (x: float[]) (c: float) (y: float[]) : float[] =
        let sum = Array.copy x
        addInPlace c y sum
        sum

    /// c·x in place.
    let scaleInPlace (c: float) (x: float[]) : unit =
        for i in 0 .. x.Length - 1 do
            x[i] <- c * x[i]

/// How to minimise. The defaults are LbfgsSettings.defaults.
type LbfgsSettings = {
    /// How many pairs of steps and changes of the gradient are kept; at least 1.
    Memory: int
    /// Stop where |∇f| is at most this.
    GradientTolerance: float
    /// Stop after so many iterations.
    IterationLimit: int
    /// Stop where |x| exceeds this: the iterates leave every bound.
    LargestNorm: float
}

/// Settings.
[<RequireQualifiedAccess>]
module LbfgsSettings =
    /// Memory 20, gradient tolerance 10⁻⁸, at most 2000 iterations, |x| at most 10⁶.
    let defaults: LbfgsSettings = { Memory = 20; GradientTolerance = 1e-8; IterationLimit = 2000; LargestNorm = 1e6 }

/// Why a minimisation stopped. The state beside it is the best point, whatever the reason.
[<RequireQualifiedAccess>]
type LbfgsStop =
    /// |∇f| is at most the tolerance.
    | Converged
    /// All iterations are spent.
    | IterationLimit
    /// No step along the gradient improves f by more than its roundings.
    | RoundingFloor
    /// |x| exceeds what is allowed while f falls: f seems to have no minimum.
    | Unbounded of norm: float
    /// f or its gradient is not a finite number at the start.
    | NotFinite

    /// What stopped and what to do next, in one sentence.
    member stop.Sentence: string =
        let show (x: float) = x.ToString("G3", Globalization.CultureInfo.InvariantCulture)

        match stop with
        | LbfgsStop.Converged -> "The gradient is as small as asked for."
        | LbfgsStop.IterationLimit -> "All iterations are spent: allow more, or ask for a larger gradient tolerance."
        | LbfgsStop.RoundingFloor -> "No step improves the value by more than its roundings: the gradient cannot become smaller in floats."
        | LbfgsStop.Unbounded norm ->
            $"The weights have grown to the norm {show norm} while the objective still falls, so it seems to have no minimum: penalise them (α > 0)."
        | LbfgsStop.NotFinite -> "The objective is not a finite number at the start: begin with smaller weights."

/// A step s and the change y of the gradient along it.
[<NoComparison>]
type LbfgsPair = {
    /// s
    Step: float[]
    /// y
    Change: float[]
    /// s·y, positive.
    Product: float
}

/// <summary>Where a minimisation is: all that its next iteration depends on. A value: the arrays are never changed.</summary>
[<NoComparison>]
type LbfgsState = {
    /// x, the best point so far.
    Point: float[]
    /// f(x)
    Value: float
    /// ∇f(x)
    Gradient: float[]
    /// The latest pairs, newest first.
    Pairs: LbfgsPair list
    /// The number of iterations so far.
    Iterations: int
    /// How often f was evaluated.
    Evaluations: int
    /// Why there is no next iteration, if there is none.
    Stop: LbfgsStop option
} with

    /// |∇f(x)|
    member state.GradientNorm: float = FloatVector.norm state.Gradient

/// <summary>L-BFGS with a strong Wolfe line search, one pure iteration at a time, so that whoever drives it can show progress, cancel, save and resume.</summary>
/// <remarks>
/// Our own, because LimitedMemoryBfgsMinimizer of MathNet.Numerics 5.0 throws its best point away when its iterations are spent, reports nothing on
/// the way, and cannot be stopped or resumed. Nocedal and Wright, Numerical Optimization, algorithms 7.4, 3.5 and 3.6.
/// </remarks>
[<RequireQualifiedAccess>]
module Lbfgs =
    /// c₁ and c₂ of the Wolfe conditions f(x + tp) ≤ f + c₁t∇f·p and |∇f(x + tp)·p| ≤ c₂|∇f·p|.
    [<Literal>]
    let private Decrease = 1e-4

    [<Literal>]
    let private Curvature = 0.9

    /// Evaluations of one line search.
    [<Literal>]
    let private Trials = 30

    /// A point on the line x + tp.
    [<NoComparison; NoEquality>]
    type private Trial = { T: float; Value: float; Slope: float; Point: float[]; Gradient: float[] }

    let private stopOf (settings: LbfgsSettings) (state: LbfgsState) : LbfgsStop option =
        let norm = FloatVector.norm state.Point

        if not (Double.IsFinite state.Value && Double.IsFinite state.GradientNorm) then Some LbfgsStop.NotFinite
        elif state.GradientNorm <= settings.GradientTolerance then Some LbfgsStop.Converged
        elif norm > settings.LargestNorm then Some(LbfgsStop.Unbounded norm)
        elif state.Iterations >= settings.IterationLimit then Some LbfgsStop.IterationLimit
        else None

    /// The state before the first iteration.
    let start (settings: LbfgsSettings) (f: ISmoothFunction) (point: float[]) : LbfgsState =
        if point.Length <> f.Dimension then
            invalidArg (nameof point) $"found {point.Length} numbers, expected {f.Dimension}"

        let gradient = Array.zeroCreate point.Length
        let value = f.Evaluate(point, gradient)

        let state = {
            Point = Array.copy point
            Value = value
            Gradient = gradient
            Pairs = []
            Iterations = 0
            Evaluations = 1
            Stop = None
        }

        { state with Stop = stopOf settings state }

    /// −H∇f with H the inverse Hessian that the pairs suggest (two loops).
    let private direction (state: LbfgsState) : float[] =
        let q = Array.copy state.Gradient
        let pairs = List.toArray state.Pairs
        let a = Array.zeroCreate pairs.Length

        for k in 0 .. pairs.Length - 1 do
            a[k] <- FloatVector.dot pairs[k].Step q / pairs[k].Product
            FloatVector.addInPlace -a[k] pairs[k].Change q

        let γ =
            match state.Pairs with
            | newest :: _ -> newest.Product / FloatVector.dot newest.Change newest.Change
            | [] -> Math.Min(1.0, 1.0 / state.GradientNorm)

        FloatVector.scaleInPlace -γ q

        // q is −r of the second loop, so its corrections have the other sign.
        for k in pairs.Length - 1 .. -1 .. 0 do
            let b = FloatVector.dot pairs[k].Change q / pairs[k].Product
            FloatVector.addInPlace (-a[k] - b) pairs[k].Step q

        q

    /// The minimiser of the cubic through the values and slopes at both ends, kept away from them by a tenth; the middle where there is none.
    let private inside (a: Trial) (b: Trial) : float =
        let low, high = Math.Min(a.T, b.T), Math.Max(a.T, b.T)
        let margin = 0.1 * (high - low)
        let d1 = a.Slope + b.Slope - 3.0 * (a.Value - b.Value) / (a.T - b.T)
        let root = d1 * d1 - a.Slope * b.Slope
        let d2 = Math.CopySign(Math.Sqrt root, b.T - a.T)
        let t = b.T - (b.T - a.T) * ((b.Slope + d2 - d1) / (b.Slope - a.Slope + 2.0 * d2))
        if Double.IsFinite t then Math.Min(high - margin, Math.Max(low + margin, t)) else low + 0.5 * (high - low)

    /// A point on the line that meets the strong Wolfe conditions, or the best with sufficient decrease when the trials are spent, and the number of
    /// trials. What lies within the roundings of f(x) counts as decrease.
    let private search (f: ISmoothFunction) (state: LbfgsState) (p: float[]) : struct (Trial voption * int) =
        let slope = FloatVector.dot state.Gradient p
        let slack = Math.ScaleB(Math.Abs state.Value, -50)
        let mutable trials = 0

        let at t =
            trials <- trials + 1
            let point = FloatVector.addScaled state.Point t p
            let gradient = Array.zeroCreate point.Length
            let value = f.Evaluate(point, gradient)
            let value = if Double.IsFinite value then value else Double.PositiveInfinity
            { T = t; Value = value; Slope = FloatVector.dot gradient p; Point = point; Gradient = gradient }

        let isHigh (trial: Trial) = not (trial.Value <= state.Value + Decrease * trial.T * slope + slack && Double.IsFinite trial.Slope)

        let isFlat (trial: Trial) = Math.Abs trial.Slope <= -Curvature * slope

        // `low` has sufficient decrease and the least value of those; the interval between it and `high` has points that meet the conditions.
        let rec zoom (low: Trial) (high: Trial) =
            if trials >= Trials || low.T = high.T then
                if low.T > 0.0 then ValueSome low else ValueNone
            else
                let trial = at (inside low high)

                if isHigh trial || trial.Value > low.Value + slack then zoom low trial
                elif isFlat trial then ValueSome trial
                elif trial.Slope * (high.T - low.T) >= 0.0 then zoom trial low
                else zoom trial high

        let rec bracket (before: Trial) t =
            let trial = at t

            if isHigh trial || (before.T > 0.0 && trial.Value > before.Value + slack) then zoom before trial
            elif isFlat trial then ValueSome trial
            elif trial.Slope >= 0.0 then zoom trial before
            elif trials >= Trials then ValueSome trial
            else bracket trial (2.0 * t)

        let origin = { T = 0.0; Value = state.Value; Slope = slope; Point = state.Point; Gradient = state.Gradient }
        let found = if slope < 0.0 then bracket origin 1.0 else ValueNone
        struct (found, trials)

    /// One iteration. A state that has stopped stays.
    let step (settings: LbfgsSettings) (f: ISmoothFunction) (state: LbfgsState) : LbfgsState =
        let accept (before: LbfgsState) (trial: Trial) trials =
            let s = FloatVector.addScaled trial.Point -1.0 before.Point
            let y = FloatVector.addScaled trial.Gradient -1.0 before.Gradient
            let product = FloatVector.dot s y
            // Without positive curvature along the step there is nothing to learn from it.
            let isUseful = product > 1e-12 * FloatVector.norm s * FloatVector.norm y
            let pairs = if isUseful then { Step = s; Change = y; Product = product } :: before.Pairs else before.Pairs
            let gradientFell = FloatVector.norm trial.Gradient < before.GradientNorm

            let next = {
                Point = trial.Point
                Value = trial.Value
                Gradient = trial.Gradient
                Pairs = List.truncate settings.Memory pairs
                Iterations = before.Iterations + 1
                Evaluations = before.Evaluations + trials
                Stop = None
            }

            if not isUseful && trial.Value >= before.Value && not gradientFell then
                { before with Evaluations = next.Evaluations; Stop = Some LbfgsStop.RoundingFloor }
            else
                { next with Stop = stopOf settings next }

        let rec from (state: LbfgsState) =
            match search f state (direction state) with
            | struct (ValueSome trial, trials) -> accept state trial trials
            | struct (ValueNone, trials) ->
                let state = { state with Evaluations = state.Evaluations + trials }
                // The pairs may mislead; without them the direction is that of steepest descent.
                if state.Pairs.IsEmpty then { state with Stop = Some LbfgsStop.RoundingFloor } else from { state with Pairs = [] }

        if state.Stop.IsSome then state else from state

    /// All iterations until it stops.
    let minimise (settings: LbfgsSettings) (f: ISmoothFunction) (point: float[]) : LbfgsState =
        let rec go state = if state.Stop.IsSome then state else go (step settings f state)
        go (start settings f point)
