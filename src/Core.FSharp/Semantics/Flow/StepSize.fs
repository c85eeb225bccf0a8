namespace LayerTime.Core.Semantics

open System
open LayerTime.Core.Numbers

/// The lengths of steps: what they are measured with, and the first one. Our own elementary functions only, so that every machine takes
/// the same steps.
[<RequireQualifiedAccess>]
module internal StepSize =
    /// Half the spacing of floats at 1.
    let unit = Math.ScaleB(1.0, -53)

    /// xᵖ for x > 0 by our own elementary functions.
    let power (x: float) (p: float) = Elementary.exp (p * Elementary.log x)

    /// max |x_i| / (absolute + relative·max(|y_i|, |z_i|)), NaN where any is.
    let scaled (relative: float) (absolute: float) (x: Binary64[]) (y: Binary64[]) (z: Binary64[]) : float =
        FloatLanes.scaled
            relative
            absolute
            (Binary64.asFloats (ReadOnlySpan x))
            (Binary64.asFloats (ReadOnlySpan y))
            (Binary64.asFloats (ReadOnlySpan z))

    let largest (x: Binary64[]) : float =
        let mutable result = 0.0

        for i in 0 .. x.Length - 1 do
            result <- Math.Max(result, Math.Abs x[i].Value)

        result

    /// The first component that is not finite, −1 where all are.
    let firstNotFinite (x: ReadOnlySpan<Binary64>) : int =
        let mutable found = -1
        let mutable i = 0

        while found < 0 && i < x.Length do
            if not (Double.IsFinite x[i].Value) then
                found <- i

            i <- i + 1

        found

    /// <summary>The longest step from a state at which the known terms of the error meet the tolerances, with a margin of a twentieth; 0
    /// where none is known or they tell nothing. The method has been started at the state.</summary>
    /// <remarks>
    /// The last term, of power N, may be 1 in the scaled norm. One before it, of power p, may be ‖x‖^(1 − p/N), as in a geometric series
    /// from x to a last term of 1: it counts where the last one vanishes by chance.
    /// </remarks>
    let foreseen (stepper: Stepper<Binary64>) (relative: float) (absolute: float) (x: Binary64[]) : float =
        let powers = stepper.KnownPowers
        let state = Binary64.asFloats (ReadOnlySpan x)
        let size = Elementary.log (Math.Max(1.0, FloatLanes.scaled relative absolute state state state))
        let mutable longest = Double.PositiveInfinity

        for i in 0 .. powers.Length - 1 do
            let p, last = float powers[i], float powers[powers.Length - 1]
            let term = FloatLanes.scaled relative absolute (Binary64.asFloats (stepper.KnownTerm powers[i])) state state
            // NaN stays, and a term that vanishes allows any length.
            longest <- Math.Min(longest, Elementary.exp ((size * (1.0 - p / last) - Elementary.log term) / p))

        if Double.IsFinite longest then 0.95 * longest else 0.0

    /// The length of the first step from the size of the state, of the field and of its change (Hairer, Nørsett and Wanner, II.4).
    let private estimated
        (stepper: Stepper<Binary64>)
        (relative: float)
        (absolute: float)
        (time: float)
        (direction: float)
        (x: Binary64[])
        =
        let d = x.Length
        let next: Binary64[] = Array.zeroCreate d
        stepper.Start(Binary64 time, x)
        let slope = stepper.Slope.ToArray()

        if slope.Length = 0 || firstNotFinite (ReadOnlySpan slope) >= 0 then
            0.0
        else
            let d0, d1 = scaled relative absolute x x x, scaled relative absolute slope x x
            let h0 = if d0 < 1e-5 || d1 < 1e-5 then 1e-6 else 0.01 * (d0 / d1)

            for i in 0 .. d - 1 do
                next[i] <- Binary64(x[i].Value + direction * h0 * slope[i].Value)

            stepper.Restart()
            stepper.Start(Binary64(time + direction * h0), next)
            let change = stepper.Slope.ToArray() |> Array.mapi (fun i s -> Binary64(s.Value - slope[i].Value))
            stepper.Restart()
            let d2 = scaled relative absolute change x x / h0
            let steepest = Math.Max(d1, d2)

            let h1 =
                if not (Double.IsFinite steepest) then h0
                elif steepest <= 1e-15 then Math.Max(1e-6, h0 * 1e-3)
                else power (0.01 / steepest) (1.0 / float (stepper.Order + 1))

            Math.Min(100.0 * h0, h1)

    /// The length of the first step: what the method foresees, or an estimate.
    let firstStep (stepper: Stepper<Binary64>) (relative: float) (absolute: float) (time: float) (direction: float) (x: Binary64[]) =
        if stepper.KnownPowers.Length > 0 then
            stepper.Start(Binary64 time, x)

        match foreseen stepper relative absolute x with
        | 0.0 -> estimated stepper relative absolute time direction x
        | length -> length
