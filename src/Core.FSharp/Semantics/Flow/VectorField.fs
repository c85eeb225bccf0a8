namespace LayerTime.Core.Semantics

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// Vector fields from functions, matrices and networks.
[<RequireQualifiedAccess>]
module VectorField =
    /// x′ = f(t, x) by a function that returns a new array.
    let ofFunction (dimension: int) (f: 'T -> 'T[] -> 'T[]) : IVectorField<'T> = {
        new IVectorField<'T> with
            member _.Dimension = dimension
            member _.Evaluate(time, state, slope) = (ReadOnlySpan(f time (state.ToArray()))).CopyTo slope
    }

    /// x′ = A x
    let linear (a: Matrix<'T>) : IVectorField<'T> when 'T :> IRing<'T> = {
        new IVectorField<'T> with
            member _.Dimension = a.Rows

            member _.Evaluate(_, state, slope) =
                for i in 0 .. a.Rows - 1 do
                    slope[i] <- 'T.AddProducts('T.Zero, a.Row i, state)
    }

    /// x′ = φ(x) by the semantics of a layer map, over any numbers.
    let internal ofSemantics (φ: LayerMap<'T>) : IVectorField<'T> when 'T :> IRing<'T> =
        let memory () = Vector.zero φ.LargestWidth
        let scratch, other, value = memory (), memory (), memory ()

        {
            new IVectorField<'T> with
                member _.Dimension = φ.OutputWidth

                member _.Evaluate(_, state, slope) =
                    Layer.applyInto φ.Last (LayerMap.lastArgument φ scratch other state) value
                    ReadOnlySpan(value, 0, slope.Length).CopyTo slope
        }

    /// x′ = φ(x), the neural ODE of a layer map. Allocates nothing per evaluation; over floats it runs in lanes, to the same bits.
    let ofLayerMap (φ: LayerMap<'T>) : IVectorField<'T> when 'T :> IRing<'T> =
        match box φ with
        | :? LayerMap<Binary64> as floats ->
            match box (FloatField floats) with
            | :? IVectorField<'T> as field -> field
            | _ -> ofSemantics φ
        | _ -> ofSemantics φ

    /// x′ = f(t, x) on one piece of a neural ODE. Allocates nothing per evaluation.
    let ofPiece (piece: FieldPiece<'T>) : IVectorField<'T> when 'T :> IRing<'T> =
        match piece.Coefficients with
        | [| φ |] -> ofLayerMap φ
        | coefficients ->
            let φ = coefficients[0]
            let memory () = Vector.zero (max φ.InputWidth φ.LargestWidth)
            let argument, sums, share = memory (), memory (), memory ()

            {
                new IVectorField<'T> with
                    member _.Dimension = φ.OutputWidth

                    member _.Evaluate(time, state, slope) =
                        state.CopyTo(Span argument)

                        for m in 0 .. φ.Layers.Length - 1 do
                            let layer = φ.Layers[m]
                            let x = ReadOnlySpan(argument, 0, layer.InputWidth)
                            // W(t)·x + b(t) = (W₀x + b₀) + t·((W₁x + b₁) + t·…), by Horner.
                            Layer.affineInto coefficients[coefficients.Length - 1].Layers[m] x sums

                            for k in coefficients.Length - 2 .. -1 .. 0 do
                                Layer.affineInto coefficients[k].Layers[m] x share

                                for i in 0 .. layer.OutputWidth - 1 do
                                    sums[i] <- 'T.Sum(share[i], 'T.Product(time, sums[i]))

                            for i in 0 .. layer.OutputWidth - 1 do
                                argument[i] <- Activation.value (layer.Activation i) sums[i]

                        ReadOnlySpan(argument, 0, slope.Length).CopyTo slope
            }

    /// x′ = −f(t, x) by the same field backwards in time: y(s) = x(−s) solves y′ = −f(−s, y).
    let reversed (field: IVectorField<'T>) : IVectorField<'T> when 'T :> IRing<'T> = {
        new IVectorField<'T> with
            member _.Dimension = field.Dimension

            member _.Evaluate(time, state, slope) =
                field.Evaluate('T.Negation time, state, slope)

                for i in 0 .. slope.Length - 1 do
                    slope[i] <- 'T.Negation slope[i]
    }

    /// The flow of q′ = 0, p′ = f(t, q) for x = (q, p): a kick, exact in one step because f does not change meanwhile.
    let kick (force: IVectorField<'T>) : IFlowMap<'T> when 'T :> IRing<'T> =
        let n = force.Dimension
        let slope = Vector.zero n

        {
            new IFlowMap<'T> with
                member _.Dimension = 2 * n

                member _.Advance(time, step, state) =
                    force.Evaluate(time, Span<'T>.op_Implicit(state.Slice(0, n)), Span slope)

                    for i in 0 .. n - 1 do
                        state[n + i] <- 'T.Sum(state[n + i], 'T.Product(step, slope[i]))

                member _.AddSlope(time, state, target) =
                    force.Evaluate(time, state.Slice(0, n), Span slope)

                    for i in 0 .. n - 1 do
                        target[n + i] <- 'T.Sum(target[n + i], slope[i])
        }

    /// The flow of q′ = g(p), p′ = 0 for x = (q, p): a drift, exact in one step.
    let drift (velocity: IVectorField<'T>) : IFlowMap<'T> when 'T :> IRing<'T> =
        let n = velocity.Dimension
        let slope = Vector.zero n

        {
            new IFlowMap<'T> with
                member _.Dimension = 2 * n

                member _.Advance(time, step, state) =
                    velocity.Evaluate(time, Span<'T>.op_Implicit(state.Slice(n, n)), Span slope)

                    for i in 0 .. n - 1 do
                        state[i] <- 'T.Sum(state[i], 'T.Product(step, slope[i]))

                member _.AddSlope(time, state, target) =
                    velocity.Evaluate(time, state.Slice(n, n), Span slope)

                    for i in 0 .. n - 1 do
                        target[i] <- 'T.Sum(target[i], slope[i])
        }

/// <summary>A composition of exact flows of the parts as data: step by step, which part and which share of h.</summary>
/// <remarks>Time goes on with the last part; the others see the time it has reached.</remarks>
type Splitting = {
    /// The name of the method, with its order.
    Name: string
    /// The order of one step.
    Order: int
    /// The number of parts.
    Parts: int
    /// Which part (zero-based) advances by which share of the step, one after the other.
    Steps: (int * Rational) list
}

/// The splittings.
[<RequireQualifiedAccess>]
module Splitting =
    /// e^{hf₁}, then e^{hf₂}, … : order 1. Of a kick and a drift it is symplectic Euler.
    let lieTrotter (parts: int) : Splitting = {
        Name = "Lie–Trotter 1"
        Order = 1
        Parts = parts
        Steps = [ for i in 0 .. parts - 1 -> i, Rational.One ]
    }

    /// Half steps of all parts but the last one, a step of the last one, and the half steps in reversed order (Strang 1968): order
    /// 2 and symmetric. Of a kick and a drift it is Störmer–Verlet.
    let strang (parts: int) : Splitting =
        let half = [ for i in 0 .. parts - 2 -> i, Rational.create 1 2 ]

        { Name = "Strang 2"; Order = 2; Parts = parts; Steps = half @ [ parts - 1, Rational.One ] @ List.rev half }

    /// Symplectic Euler for q′ = g(p), p′ = f(t, q): the kick, then the drift.
    let symplecticEuler: Splitting = { lieTrotter 2 with Name = "symplectic Euler 1" }

    /// Störmer–Verlet for q′ = g(p), p′ = f(t, q): half a kick, the drift, half a kick.
    let störmerVerlet: Splitting = { strang 2 with Name = "Störmer–Verlet 2" }
