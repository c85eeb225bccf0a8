namespace LayerTime.Core.Semantics

open System
open LayerTime.Core.Numbers

/// A composition of exact flows.
[<Sealed>]
type internal SplittingStepper<'T when 'T :> IField<'T>>(parts: IFlowMap<'T>[], splitting: Splitting) =
    inherit Stepper<'T>(parts[0].Dimension, splitting.Order)
    let indices = splitting.Steps |> List.map fst |> List.toArray

    let shares: 'T[] =
        splitting.Steps |> List.map (fun (_, share) -> 'T.OfRatio(share.Numerator, share.Denominator)) |> List.toArray

    // The slopes at both ends of the step.
    let first: 'T[] = Array.create parts[0].Dimension 'T.Zero
    let last: 'T[] = Array.create parts[0].Dimension 'T.Zero

    let evaluate (this: Stepper<'T>) (time: 'T) (state: 'T[]) (slope: 'T[]) =
        Array.Fill(slope, 'T.Zero)

        for part in parts do
            part.AddSlope(time, ReadOnlySpan state, Span slope)

        this.Evaluations <- this.Evaluations + parts.Length

    override this.Step(time, step, state, next) =
        Array.Copy(state, next, state.Length)
        let mutable now = time

        for i in 0 .. indices.Length - 1 do
            let part = 'T.Product(shares[i], step)
            parts[indices[i]].Advance(now, part, Span next)

            if indices[i] = parts.Length - 1 then
                now <- 'T.Sum(now, part)

        this.Evaluations <- this.Evaluations + indices.Length
        StepOutcome.Done

    override _.Degree = HermiteCubic.degree

    override this.Extend(time, step, state, next, coefficients) =
        evaluate this time state first
        evaluate this ('T.Sum(time, step)) next last
        HermiteCubic.through step state next (ReadOnlySpan first) (ReadOnlySpan last) coefficients
