namespace LayerTime.Core.Semantics

open System
open LayerTime.Core.Numbers

/// <summary>What the state has done while the steps shrank to nothing: whether it leaves every bound in finite time.</summary>
/// <remarks>
/// <para>
/// The steps shrink to the spacing of the times at a time t* only if the solution is singular there, or the field or the range of floats
/// ends. The rule: it is the state that leaves every bound if the time left, t* − t, was seen to shrink 2¹²-fold at least, and the
/// growth of the state for each halving of it is no less (up to a tenth) in the later half of the halvings than in the earlier one. A
/// growth by a constant for each halving is that of log 1/(t* − t), which is unbounded; that of a power, as x′ = x^m with m &gt; 1 has
/// it, accelerates.
/// </para>
/// <para>
/// Otherwise the growth for each halving falls: like a geometric series for a bounded state with an infinite slope, as 1 − √(t* − t), and
/// for one that the range of floats ends, as that of x′ = x. A stiff decay does not grow at all.
/// </para>
/// </remarks>
[<Sealed>]
type internal ShrinkingSteps(start: float, finish: float) =
    // Steps of this length are short on the scale of the horizon.
    let short = Math.ScaleB(Math.Max(Math.Abs start, Math.Abs finish), -20)
    let samples = Collections.Generic.List<struct (float * float)>()
    let mutable level = short
    let mutable ceiling = Double.PositiveInfinity

    let note (length: float) (time: float) (size: float) =
        // The largest so far: a state that turns while it grows has no monotone norm.
        let struct (_, before) = if samples.Count > 0 then samples[samples.Count - 1] else struct (0.0, 0.0)
        samples.Add(struct (time, Math.Max(before, size)))
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

    /// Whether it is the state that leaves every bound at the time at which the steps are exhausted.
    member _.AreOfBlowUp(time: float) : bool =
        // Small tolerances notice the spacing of the times 2¹² of these before the singularity; from 2¹⁶ on the time left is known to a few bits only.
        let left =
            samples.FindAll(fun (struct (t, _)) -> Math.Abs(time - t) > Math.ScaleB(Math.Abs time, -37))
            |> Seq.map (fun (struct (t, size)) -> struct (Elementary.log (Math.Abs(time - t)) / Elementary.log 2.0, size))
            |> Seq.toArray

        if left.Length < 3 then
            false
        else
            let struct (l0, x0) = left[0]
            let struct (l2, x2) = left[left.Length - 1]
            let struct (l1, x1) = left |> Array.find (fun (struct (l, _)) -> l0 - l >= 0.5 * (l0 - l2))
            let earlier, later = (x1 - x0) / (l0 - l1), (x2 - x1) / (l1 - l2)
            l0 - l2 >= 12.0 && earlier > 0.0 && later >= 0.9 * earlier
