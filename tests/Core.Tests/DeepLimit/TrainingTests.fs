module LayerTime.Core.Tests.DeepLimit.TrainingTests

open System
open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Claims
open LayerTime.Core.DeepLimit

let private unit = Math.ScaleB(1.0, -53)

let private floats (θ: ResidualWeights<Binary64>) : float[] =
    let numbers = [|
        yield! ResidualWeights.kernelSequence θ |> Array.concat
        yield! Array.concat θ.Bias
        yield! θ.Readout.Entries.ToArray()
        yield! θ.Offset
    |]

    Binary64.toFloats numbers

let private draws count (check: RandomStream -> unit) : unit =
    for seed in 1UL .. uint64 count do
        check (RandomStream seed)

let private number (stream: RandomStream) : Binary64 = Binary64(stream.NextFloat(-1.0, 1.0))

let private weights (stream: RandomStream) n d m : ResidualWeights<Binary64> =
    let vector k = Array.init k (fun _ -> number stream)
    let matrix rows columns = Matrix.init rows columns (fun _ _ -> number stream)

    {
        Kernel = Array.init n (fun _ -> matrix d d)
        Bias = Array.init n (fun _ -> vector d)
        Readout = matrix m d
        Offset = vector m
    }

let private activations: Activation<Binary64>[] = [|
    Activation.Identity
    Activation.Relu
    Activation.LeakyRelu(Binary64 0.25)
    Activation.Square
    Activation.Cubic
    Activation.tanh
    Activation.transcendental TranscendentalName.Logistic
    Activation.transcendental TranscendentalName.Softplus
    Activation.transcendental TranscendentalName.Sine
|]

/// A problem of so many samples; every block free or frozen by chance.
let private problemOf (samples: int) (stream: RandomStream) (activation: Activation<Binary64>) d m : TrainingProblem<Binary64> =
    let perhaps draw = if stream.NextInt(0, 3) = 0 then None else Some(draw ())
    let positive () = Binary64(stream.NextFloat(0.1, 2.0))
    let path () = { Strength = positive (); Start = positive () }

    let regulariser: Regulariser<Binary64> = {
        Kernel = perhaps path
        Bias = perhaps path
        Readout = perhaps positive
        Offset = perhaps positive
    }

    let loss, target =
        if m = 1 && stream.NextBool() then Loss.logistic, (fun () -> [| Binary64(float (stream.NextInt(0, 1))) |])
        elif m > 1 && stream.NextBool() then Loss.crossEntropy, (fun () -> Vector.unit m (stream.NextInt(0, m - 1)))
        else Loss.squared, (fun () -> Array.init m (fun _ -> number stream))

    let sample _ = { Input = Array.init d (fun _ -> number stream); Target = target (); Weight = Binary64(stream.NextFloat(0.0, 2.0)) }

    TrainingProblem.create activation loss regulariser (Array.init samples sample) |> Defect.orFail

/// Of up to 40 samples, so that tiles are full and partly full.
let private problem (stream: RandomStream) = problemOf (stream.NextInt(1, 40)) stream

let private close (scale: float) (expected: float) (actual: float) : unit =
    Assert.True(abs (expected - actual) <= scale, $"found {actual}, expected {expected} within {scale}")

// Both sides round every operation, each by a share of 2⁻⁵³ of a number on the way: relative to the sum of their absolute values, which the largest gradient
// and value bound within a factor 100.
let private agrees (problem: TrainingProblem<Binary64>) (θ: ResidualWeights<Binary64>) (roundings: float) : unit =
    let f = TrainingFunction(problem, θ.Depth, WeightCoordinates.Nodal)
    let point = f.OfWeights θ
    let gradient = Array.zeroCreate point.Length
    let value = (f :> ISmoothFunction).Evaluate(point, gradient)
    let slopes = Objective.gradient problem θ |> floats
    let largest = Array.fold (fun most g -> max most (abs g)) (abs value + 1.0) slopes
    let bound = 100.0 * roundings * unit * largest
    close bound (Objective.value problem θ).Value value
    let found = f.ToWeights gradient |> floats
    Array.iter2 (close bound) slopes found
    close bound (Objective.dataTerm problem θ).Value (f.DataTerm point)
    close (float θ.Depth * bound) (Objective.depthError problem θ).Value (f.DepthError point)

[<Fact>]
let ``the fast objective and its gradient in nodal values are those of the semantics up to roundings`` () =
    draws 90 (fun stream ->
        let d, m, n = stream.NextInt(1, 5), stream.NextInt(1, 3), stream.NextInt(1, 6)
        let problem = problem stream activations[stream.NextInt(0, activations.Length - 1)] d m
        // Up to 40 samples, 6 layers of 5 × 6 products, forward and back.
        agrees problem (weights stream n d m) 1e4)

[<Fact>]
let ``the same holds of wide layers and full tiles, whose rows are longer than they have samples`` () =
    draws 2 (fun stream ->
        // In one number meet 192 samples, in tiles of 128 and 64, each by 3 layers with 65 products and sums, forward and back: 192·3·65·2 < 10⁵.
        agrees (problemOf 192 stream Activation.tanh 64 1) (weights stream 3 64 1) 1e5)

// t + t³/3 takes what a larger tile left between the rows to infinity within ten layers, unless it is cleared.
[<Fact>]
let ``what stands between the rows of tiles does not count`` () =
    draws 1 (fun stream ->
        let θ = weights stream 12 64 1
        let small = { θ with Kernel = θ.Kernel |> Array.map (Matrix.map (fun a -> Binary64(a.Value / 64.0))) }
        // 192·12·65·2 < 4·10⁵, as above.
        agrees (problemOf 192 stream Activation.Cubic 64 1) small 4e5)

[<Fact>]
let ``many samples are cut into blocks that give the same bits in whatever order they are run`` () =
    draws 5 (fun stream ->
        let few = problem stream Activation.tanh 2 1
        let samples = Array.init 600 (fun i -> few.Data[i % few.Data.Length])
        let many = TrainingProblem.create few.Activation few.Loss few.Regulariser samples |> Defect.orFail
        let θ = weights stream 4 2 1
        let pieces = ref 0

        let backwards = {
            new IWorkers with
                member _.Run(count, work) =
                    pieces.Value <- count

                    for i in count - 1 .. -1 .. 0 do
                        work.Invoke i
        }

        let evaluate workers =
            let f = TrainingFunction(many, 4, WeightCoordinates.Nodal, workers)
            let point = f.OfWeights θ
            let gradient = Array.zeroCreate point.Length
            let value = (f :> ISmoothFunction).Evaluate(point, gradient)
            Array.append [| value; f.DepthError point; f.DataTerm point |] (f.ToWeights gradient |> floats)

        let found = evaluate Workers.sequential
        Assert.Equal<float[]>(found, evaluate backwards)
        Assert.Equal(3, pieces.Value)
        let slopes = Objective.gradient many θ |> floats
        // As above, with fifteen times the samples.
        let bound = 15e6 * unit * Array.fold (fun most g -> max most (abs g)) (abs found[0] + 1.0) slopes
        close bound (Objective.value many θ).Value found[0]
        close (4.0 * bound) (Objective.depthError many θ).Value found[1]
        close bound (Objective.dataTerm many θ).Value found[2]
        Array.iter2 (close bound) slopes found[3..])

[<Fact>]
let ``the energy of a sequence is the squared length of its increments`` () =
    draws 20 (fun stream ->
        let n = stream.NextInt(1, 6)
        let path () = Some { Strength = Binary64 1.0; Start = Binary64(stream.NextFloat(0.1, 2.0)) }
        let kernel, bias = path (), path ()
        let regulariser = { Kernel = kernel; Bias = bias; Readout = None; Offset = None }
        let sample = { Input = [| Binary64 1.0 |]; Target = [| Binary64 0.0 |]; Weight = Binary64 1.0 }
        let problem = TrainingProblem.create Activation.tanh Loss.squared regulariser [| sample |] |> Defect.orFail
        let θ = weights stream n 1 1
        let u = TrainingFunction(problem, n, WeightCoordinates.Increments).OfWeights θ

        for values, offset, penalty in
            [
                θ.Kernel |> Array.map (fun k -> k[0, 0].Value), 0, kernel.Value
                θ.Bias |> Array.map (fun b -> b[0].Value), 1, bias.Value
            ] do
            let squares = Array.pairwise values |> Array.sumBy (fun (a, b) -> (b - a) * (b - a))
            let energy = penalty.Start.Value * values[0] * values[0] + float n * squares
            // The last two variables are the readout's.
            let length = Seq.sum (seq { for j in offset..2 .. 2 * n - 1 -> u[j] * u[j] })
            // Some ten roundings of each of at most seven terms.
            close (100.0 * unit * energy) energy length)

[<Fact>]
let ``increments are coordinates: there and back, the same value, and the gradient of the chain rule`` () =
    draws 40 (fun stream ->
        let d, m, n = stream.NextInt(1, 3), stream.NextInt(1, 2), stream.NextInt(1, 6)
        let problem = problem stream Activation.tanh d m
        let θ = weights stream n d m
        let increments = TrainingFunction(problem, n, WeightCoordinates.Increments)
        let nodal = TrainingFunction(problem, n, WeightCoordinates.Nodal)
        let u, v = increments.OfWeights θ, nodal.OfWeights θ
        let bound = 1e5 * unit * (1.0 + FloatVector.norm u)
        Array.iter2 (close bound) (floats θ) (floats (increments.ToWeights u))
        let atU, atV = Array.zeroCreate u.Length, Array.zeroCreate v.Length
        let value = (increments :> ISmoothFunction).Evaluate(u, atU)
        let bound = bound * (1.0 + abs value) * 100.0
        close bound ((nodal :> ISmoothFunction).Evaluate(v, atV)) value
        // dE along a direction is the same in both coordinates.
        let direction = weights stream n d m
        let along = FloatVector.dot atU (increments.OfWeights direction)
        close (bound * (1.0 + FloatVector.norm u)) (FloatVector.dot atV (nodal.OfWeights direction)) along)

/// Quadratic with the given curvatures: f = ½ Σ a_i (x_i − 1)².
let private quadratic (curvatures: float[]) : ISmoothFunction = {
    new ISmoothFunction with
        member _.Dimension = curvatures.Length

        member _.Evaluate(x, gradient) =
            let mutable sum = 0.0

            for i in 0 .. x.Length - 1 do
                gradient[i] <- curvatures[i] * (x[i] - 1.0)
                sum <- sum + 0.5 * gradient[i] * (x[i] - 1.0)

            sum
}

/// (1 − x)² + 100(y − x²)², minimum 0 at (1, 1).
let private rosenbrock: ISmoothFunction = {
    new ISmoothFunction with
        member _.Dimension = 2

        member _.Evaluate(p, gradient) =
            let x, y = p[0], p[1]
            gradient[0] <- -2.0 * (1.0 - x) - 400.0 * x * (y - x * x)
            gradient[1] <- 200.0 * (y - x * x)
            (1.0 - x) * (1.0 - x) + 100.0 * (y - x * x) * (y - x * x)
}

[<Fact>]
let ``quadratics and the valley of Rosenbrock are minimised to the tolerance, and every iteration decreases the value`` () =
    for f, start in
        [
            quadratic [| 1.0; 10.0; 100.0; 1000.0 |], Array.create 4 -3.0
            quadratic (Array.init 37 (fun i -> 1.0 + float i)), Array.create 37 2.0
            rosenbrock, [| -1.2; 1.0 |]
        ] do
        let settings = LbfgsSettings.defaults
        let mutable state = Lbfgs.start settings f start

        while state.Stop.IsNone do
            let next = Lbfgs.step settings f state
            Assert.True(next.Value <= state.Value + Math.ScaleB(abs state.Value, -50))
            state <- next

        Assert.Equal(Some LbfgsStop.Converged, state.Stop)
        // |x − 1| ≤ |∇f|/μ with μ ≥ 1, for Rosenbrock's smallest curvature at the minimum 0.3994.
        state.Point |> Array.iter (close (settings.GradientTolerance / 0.39) 1.0)

[<Fact>]
let ``a run in pieces, from a state of its own, ends with the same bits`` () =
    let settings = { LbfgsSettings.defaults with Memory = 5 }
    let whole = Lbfgs.minimise settings rosenbrock [| -1.2; 1.0 |]
    let rec go k state = if k = 0 then state else go (k - 1) (Lbfgs.step settings rosenbrock state)
    let middle = go 9 (Lbfgs.start settings rosenbrock [| -1.2; 1.0 |])
    let _ = go 5 middle
    let rec finish (state: LbfgsState) = if state.Stop.IsSome then state else finish (Lbfgs.step settings rosenbrock state)
    let resumed = finish middle
    Assert.Equal<float>(whole.Point, resumed.Point)
    Assert.Equal(whole.Evaluations, resumed.Evaluations)

[<Fact>]
let ``a function without a minimum, one that is not finite and spent iterations stop with the best point and the reason`` () =
    let linear: ISmoothFunction = {
        new ISmoothFunction with
            member _.Dimension = 1

            member _.Evaluate(x, gradient) =
                gradient[0] <- 1.0
                x[0]
    }

    let fallen = Lbfgs.minimise LbfgsSettings.defaults linear [| 0.0 |]

    match fallen.Stop with
    | Some(LbfgsStop.Unbounded norm) -> Assert.True(norm > LbfgsSettings.defaults.LargestNorm && fallen.Value = -norm)
    | other -> failwith $"found {other}"

    let root: ISmoothFunction = {
        new ISmoothFunction with
            member _.Dimension = 1

            member _.Evaluate(x, gradient) =
                gradient[0] <- 1.0
                if x[0] < 0.0 then nan else x[0]
    }

    Assert.Equal(Some LbfgsStop.NotFinite, (Lbfgs.start LbfgsSettings.defaults root [| -1.0 |]).Stop)
    // At the edge of its domain the search goes back instead of falling off.
    let edge = Lbfgs.minimise { LbfgsSettings.defaults with IterationLimit = 50 } root [| 1.0 |]
    Assert.True(edge.Value >= 0.0 && edge.Value <= 1.0)
    let short = Lbfgs.minimise { LbfgsSettings.defaults with IterationLimit = 3 } rosenbrock [| -1.2; 1.0 |]
    Assert.Equal(Some LbfgsStop.IterationLimit, short.Stop)
    Assert.Equal(3, short.Iterations)

/// Problem B: d = 1, identity, b = 0 and W = 1, c = 0 frozen, x = 1, y = 2, α = 1/10, τ = 1.
let private scalarLinear: TrainingProblem<Binary64> =
    let regulariser: Regulariser<Binary64> = {
        Kernel = Some { Strength = Binary64 0.1; Start = Binary64 1.0 }
        Bias = None
        Readout = None
        Offset = None
    }

    TrainingProblem.create Activation.Identity Loss.squared regulariser [|
        { Input = [| Binary64 1.0 |]; Target = [| Binary64 2.0 |]; Weight = Binary64 1.0 }
    |]
    |> Defect.orFail

let private ladder problem first last tolerance =
    DepthLadder.Create(
        problem,
        { FirstDepth = first; LastDepth = last; Minimiser = { LbfgsSettings.defaults with GradientTolerance = tolerance } }
    )
    |> Defect.orFail

[<Fact>]
let ``the ladder of the scalar linear problem has the minima and minimisers computed elsewhere`` () =
    let zero n = DeepLimitDraws.scalar (Array.create n (Binary64 0.0)) (Array.create n (Binary64 0.0))
    let levels = (ladder scalarLinear 4 256 1e-11).Run(zero 4)

    // n, K_0, K_{n−1}, E_n, η_n/(E_n − E_∞)
    let expected = [
        4, 0.605005587749029, 0.828884539802409, 0.0457502028854592, 0.93627
        16, 0.532821636822731, 0.781876721484135, 0.0377393184220610, 0.99310
        64, 0.515717277452512, 0.769375638121678, 0.0359432738052706, 0.99878
        256, 0.511505612933434, 0.766216917136085, 0.0355067166047256, 0.99973
    ]

    let limit = 0.035362292258180952

    for n, first, last, value, effectivity in expected do
        let level = levels |> Array.find (fun level -> level.Depth = n)
        let kernel = level.Weights |> ResidualWeights.kernelSequence |> Array.map (fun k -> k[0].Value)
        // |∇E| ≤ 10⁻¹¹, μ = α: the weights are off by √2·10⁻¹¹/(2α) < 10⁻¹⁰, the value by (10⁻¹¹)²/(4α), and roundings.
        close 1e-10 first (Array.head kernel)
        close 1e-10 last (Array.last kernel)
        close 1e-14 value level.Objective
        close 1e-5 effectivity (level.DepthError / (level.Objective - limit))

[<Fact>]
let ``the number of iterations in the metric of the regulariser does not grow with depth, without it it does`` () =
    let iterations coordinates n =
        let f = TrainingFunction(scalarLinear, n, coordinates)
        let start = f.OfWeights(DeepLimitDraws.scalar (Array.create n (Binary64 0.0)) (Array.create n (Binary64 0.0)))
        let settings = { LbfgsSettings.defaults with Memory = 10; GradientTolerance = 1e-6 }
        (Lbfgs.minimise settings f start).Iterations

    let inMetric = [ 8; 32; 128; 512 ] |> List.map (iterations WeightCoordinates.Increments)
    Assert.True(List.max inMetric <= 20, $"found {inMetric}")
    Assert.True(iterations WeightCoordinates.Nodal 128 >= 5 * iterations WeightCoordinates.Nodal 8)

let private moons: TrainingProblem<Binary64> =
    DataSets.classification Activation.tanh 2 (Regulariser.uniform (Binary64 1e-3) (Binary64 1.0)) (DataSets.moons 32)
    |> Defect.orFail

let private row (numbers: float list) : Binary64[] = numbers |> List.toArray |> Binary64.ofFloats

[<Fact>]
let ``the ladder of two moons has the minima computed elsewhere and classifies every point`` () =
    let points = (DataSets.moons 32).Points
    close 0.5e-8 0.39879546 (points[0][0])
    close 0.5e-8 -0.30093233 (points[0][1])
    close 0.5e-8 0.51278331 (points[1][0])
    close 0.5e-8 -0.12042681 (points[1][1])

    let start =
        ResidualWeights.uniform
            4
            (Matrix.ofRows [| row [ 0.1; 1.0 ]; row [ -1.0; 0.1 ] |])
            (row [ 0.1; -0.1 ])
            (Matrix.ofRows [| row [ 1.0; -1.0 ] |])
            (row [ 0.0 ])

    let levels = (ladder moons 4 64 1e-8).Run start

    for n, value, effectivity in
        [ 4, 0.088569319, 0.713; 8, 0.082863935, 0.852; 16, 0.079698178, 0.925; 32, 0.078024670, 0.962; 64, 0.077163617, 0.981 ] do
        let level = levels |> Array.find (fun level -> level.Depth = n)
        Assert.Equal(LbfgsStop.Converged, level.Stop)
        close 0.6e-9 value level.Objective
        // The limit is known to seven digits.
        close 2e-3 effectivity (level.DepthError / (level.Objective - 0.0762858))
