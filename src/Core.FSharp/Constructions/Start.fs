namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics

/// How a network of order k comes by the states before x(0).
[<RequireQualifiedAccess; NoComparison>]
type StartConvention<'T> =
    /// x(−j) = x(0)
    | Rest
    /// x(−j) = 0: the skips that reach before the input are dropped.
    | ZeroPadding
    /// No state before x(0): layer l+1 has order min(k, l+1).
    | RampUp
    /// Differences q(0) of its own, the ones that fit.
    | VelocityLift of difference: 'T[][]

/// How a start convention compares with a trace.
[<NoComparison>]
type StartMatch<'T> = {
    /// The convention.
    Convention: StartConvention<'T>
    /// The first layer whose state is not that of the trace, or None if the whole trace is reproduced.
    FirstDeviation: int option
}

/// The starts of a smooth network ∇ᵏx(l+1) = hᵏ f^(l)(x(l)) from one vector: different networks, although the layers are the same.
[<RequireQualifiedAccess>]
module Start =
    /// (v, v, …, v), which is q = (v, 0, …, 0): nothing moves before the first layer.
    let rest (order: int) (v: 'T[]) : 'T[][] = Array.create order v

    /// (v, 0, …, 0), which is q = (v, v, …, v): the state arrives with all its differences at once.
    let zeroPadding (order: int) (v: 'T[]) : 'T[][] when 'T :> IRing<'T> =
        Array.init order (fun j -> if j = 0 then v else Vector.zero v.Length)

    /// x(0) = v, …, x(L) by ∇ʳx(l+1) = hʳ f^(l)(x(l)), r = min(k, l+1): only states that exist are used.
    let rampUp (order: int) (h: 'T) (maps: LayerMap<'T>[]) (v: 'T[]) : Result<'T[][], Defect list> when 'T :> IRing<'T> =
        let next (newestFirst: 'T[][]) map =
            let r = min order newestFirst.Length
            let layer = Architecture.Smooth(r, h, [| map |]) |> Architecture.equation |> Defect.orFail
            Array.append [| (Simulation.run layer (Array.take r newestFirst))[1] |] newestFirst

        Architecture.Smooth(order, h, maps)
        |> Architecture.equation
        |> Result.map (fun _ -> Array.fold next [| v |] maps |> Array.rev)

    /// The affine map from an input u to the history with q_n = hⁿ⁻¹(B_n u + c_n): velocities as parameters, of the size of the states
    /// whatever the step. velocities[n−1] = (B_n, c_n). It is a lift of the network.
    let velocityLift (h: 'T) (velocities: (Matrix<'T> * 'T[])[]) : Result<LayerMap<'T>, Defect list> when 'T :> IRing<'T> =
        let d, inputs = velocities |> Array.tryHead |> Option.map (fun (b, _) -> b.Rows, b.Columns) |> Option.defaultValue (0, 0)

        let defects =
            Defect.unless (velocities.Length > 0) "velocities" "none" "one affine map for each block of the state"
            @ [
                for n in 1 .. velocities.Length do
                    let weights, bias = velocities[n - 1]
                    let found = $"{weights.Rows}×{weights.Columns} weights and {bias.Length} biases"
                    let fits = weights.Rows = d && weights.Columns = inputs && bias.Length = d
                    yield! Defect.unless fits $"block {n}" found $"{d}×{inputs} weights and {d} biases, as in block 1"
            ]

        if defects.IsEmpty then
            let scaled = velocities |> Array.mapi (fun i (b, c) -> Matrix.scale (Ring.power h i) b, Vector.scale (Ring.power h i) c)
            let toDelay: Matrix<'T> = Matrix.kronecker (Coordinates.signedPascal velocities.Length) (Matrix.identity d)
            let weights = scaled |> Array.map (fst >> Array.singleton) |> Matrix.ofBlocks
            let bias = scaled |> Array.collect snd
            Layer.affine (Matrix.multiply toDelay weights) (Matrix.apply toDelay bias) |> Result.map LayerMap.ofLayer
        else
            Error defects

    /// A history that leads through x(0), …, x(min(k−1, L)); where L &lt; k − 1 it is one of many.
    let private fitting (order: int) (h: 'T) (maps: LayerMap<'T>[]) (trace: 'T[][]) : 'T[][] when 'T :> IRing<'T> =
        let seen = min (order - 1) (trace.Length - 1)
        let older = Array.create (order - 1 - seen) (Vector.zero trace[0].Length)
        let delay = Array.append (Array.rev (Array.take (seen + 1) trace)) older
        StateFromOutputs.rewind h (maps |> Array.take seen |> Array.map LayerMap.apply) delay

    /// Which conventions lead through a trace x(0), …, x(L) of a smooth network, and where the others leave it first. `agree` says
    /// when two states count as equal: equality for fractions, a distance for floats.
    let compare
        (agree: 'T[] -> 'T[] -> bool)
        (order: int)
        (h: 'T)
        (maps: LayerMap<'T>[])
        (trace: 'T[][])
        : Result<StartMatch<'T> list, Defect list> when 'T :> IRing<'T> =
        let length =
            Defect.unless
                (trace.Length = maps.Length + 1)
                "trace"
                $"{trace.Length} states"
                $"{maps.Length + 1}, x(0) and one after each layer"

        match length, Architecture.Smooth(order, h, maps) |> Architecture.equation with
        | [], Ok equation ->
            let matching convention states = {
                Convention = convention
                FirstDeviation = Array.map2 agree trace states |> Array.tryFindIndex not
            }

            let run history = Array.append [| trace[0] |] (Simulation.run equation history).Outputs
            let free = fitting order h maps trace

            Ok [
                matching StartConvention.Rest (run (rest order trace[0]))
                matching StartConvention.ZeroPadding (run (zeroPadding order trace[0]))
                matching StartConvention.RampUp (rampUp order h maps trace[0] |> Defect.orFail)
                matching (StartConvention.VelocityLift(Coordinates.toDifference free)) (run free)
            ]
        | defects, Ok _ -> Error defects
        | defects, Error more -> Error(defects @ more)
