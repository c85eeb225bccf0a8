namespace LayerTime.Core.Semantics

open System
open LayerTime.Core.Numbers

/// <summary>What the state does while the steps shrink to nothing: whether it leaves every bound in finite time.</summary>
/// <remarks>
/// <para>
/// Before a singularity at t* the step control keeps the steps proportional to t* − t, so that every halving of the step halves the time
/// that is left. The rule: the state leaves every bound if the steps have shrunk 2¹²-fold at least, and its growth for each halving is
/// no less (up to a tenth) in the later half of the halvings than in the earlier one. A growth by a constant for each halving is that of
/// log 1/(t* − t), which is unbounded, and that of powers, x′ = x^m with m > 1, accelerates.
/// </para>
/// <para>
/// Otherwise the growth for each halving falls: like a geometric series for a bounded state with an infinite slope, as 1 − √(t* − t), and
/// for one that the range of floats ends, as that of x′ = x, whose steps shrink only there. A stiff decay does not grow at all.
/// </para>
/// </remarks>
[<Sealed>]
type internal ShrinkingSteps(start: float, finish: float) =
    // Steps of this length are short on the scale of the horizon: halved as often again they are below the spacing of the times.
    let short = Math.ScaleB(Math.Max(Math.Abs start, Math.Abs finish), -24)
    let samples = Collections.Generic.List<struct (float * float * float)>()
    let mutable level = short
    let mutable ceiling = Double.PositiveInfinity

    let note (length: float) (time: float) (size: float) =
        // The largest so far: a state that turns while it grows has no monotone norm.
        let struct (_, _, before) = if samples.Count > 0 then samples[samples.Count - 1] else struct (0.0, 0.0, 0.0)
        samples.Add(struct (length, time, Math.Max(before, size)))
        level <- 0.5 * length

    /// An accepted step of a length, without sign, with the state it has led to.
    member _.Add(length: float, time: float, state: Binary64[]) : unit =
        if length > ceiling then
            samples.Clear()
            level <- short
            ceiling <- Double.PositiveInfinity

        if length <= level then
            if samples.Count = 0 then
                ceiling <- 2.0 * length

            note length time (StepSize.largest state)

    /// The time at which the state leaves every bound, extrapolated to steps of length zero; nothing where the rule does not say so.
    member _.BlowUp: float voption =
        if samples.Count < 3 then
            ValueNone
        else
            let struct (h0, _, x0) = samples[0]
            let struct (h2, t2, x2) = samples[samples.Count - 1]
            let halvings (h: float) = (Elementary.log h0 - Elementary.log h) / Elementary.log 2.0
            let all = halvings h2
            let middle = samples.FindIndex(fun (struct (h, _, _)) -> halvings h >= 0.5 * all)
            let struct (h1, t1, x1) = samples[Math.Max(0, middle)]

            let earlier = (x1 - x0) / halvings h1
            let later = (x2 - x1) / (all - halvings h1)

            if all >= 12.0 && earlier > 0.0 && later >= 0.9 * earlier then ValueSome(t2 + h2 / (h1 - h2) * (t2 - t1)) else ValueNone
