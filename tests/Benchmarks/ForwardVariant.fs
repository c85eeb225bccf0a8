/// Peer task T7: 10,000 random networks of order 3 whose force reads the oldest state, as a difference equation and in state space.
/// Generation, both runs, the comparison and the engine's bookkeeping are all timed; one thread.
module LayerTime.Benchmarks.ForwardVariant

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Claims

let private order, private width, private depth = 3, 4, 10

/// One drawn network: f_l = σ(W_l x + b_l), and the oldest to newest start states, newest first.
[<NoComparison>]
type Instance<'T> = { Maps: LayerMap<'T>[]; History: 'T[][] }

let private draw (number: RandomStream -> 'T) (activation: Activation<'T>) (stream: RandomStream) : Instance<'T> =
    let map _ =
        let weights = Matrix.init width width (fun _ _ -> number stream)
        LayerMap.dense weights (Array.init width (fun _ -> number stream)) activation |> Defect.orFail

    { Maps = Array.init depth map; History = Array.init order (fun _ -> Array.init width (fun _ -> number stream)) }

/// ∇³x(l+1) = h³ f_l(x(l−2)): the force of step l reads the oldest state. The state-space run starts there, so its state at depth l
/// holds x(l−2).
let private runDifference (h: 'T) (instance: Instance<'T>) : Trajectory<'T> when 'T :> IRing<'T> =
    let sides = instance.Maps |> Array.map (fun map -> RightHandSide.Additive [| { Age = order; Map = map } |])
    let equation = DifferenceEquation.create width order h sides |> Defect.orFail
    Simulation.run equation instance.History

/// p_n⁺ = p_n + h p_{n+1}, p_k⁺ = p_k + h f_l(p₁) from the forward differences of the start.
let private runStateSpace (h: 'T) (instance: Instance<'T>) : 'T[][][] when 'T :> IField<'T> =
    // Forward differences at the oldest state x(−2): Δ = x(−1) − x(−2), Δ² = x(0) − 2x(−1) + x(−2).
    let oldest, middle, newest = instance.History[2], instance.History[1], instance.History[0]
    let first = Vector.subtract middle oldest
    let second = Vector.subtract (Vector.subtract newest middle) first
    let start = Coordinates.toScaled h [| oldest; first; second |]
    Array.scan (fun p map -> SmoothState.forwardVariant h (LayerMap.apply map) p) start instance.Maps

let private show (_: Instance<'T>) = [ "network", "order 3, width 4, depth 10" ]

let private generator number activation = Generator.fromStream (fun _ stream -> draw number activation stream) Shrink.none show

let private tenth = Rational.create 1 10

let private exact (instance: Instance<Rational>) : Outcome =
    let trajectory, states = runDifference tenth instance, runStateSpace tenth instance
    Outcome.equal "x" (sprintf "%A") (trajectory[depth - order + 1]) (states[depth][0])

let private exactGenerator = generator (fun stream -> Rational.create (stream.NextInt(-16, 16)) 8) Activation.Relu

let private norm (x: Binary64[]) : float = Array.fold (fun largest (a: Binary64) -> max largest (abs a.Value)) 0.0 x

let private normOf (weights: Matrix<Binary64>) : float =
    let mutable largest = 0.0

    for i in 0 .. weights.Rows - 1 do
        let mutable sum = 0.0

        for j in 0 .. weights.Columns - 1 do
            sum <- sum + abs weights[i, j].Value

        largest <- max largest sum

    largest

let private u = Math.ScaleB(1.0, -53)
let private γ (m: int) = float m * u / (1.0 - float m * u)

/// How far rounding can move f(x) = tanh(W x + b), |x| ≤ size, if x itself is off by `error`: the argument is a sum of d products
/// and a bias, tanh has Lipschitz constant 1, values at most 1 and is off by at most one ulp, that is 2u.
let private forceError (weightNorm: float) (biasNorm: float) (size: float) (error: float) : float =
    weightNorm * error + γ (width + 1) * (weightNorm * (size + error) + biasNorm) + 2.0 * u

/// The largest distance that rounding can put between x(8) of the two runs: the error recursion of each, majorised in the ∞-norm
/// (difference form: E(l+1) ≤ Σ C(3,j) E(l+1−j) + h³·force + γ₅·terms; state space: e_n⁺ ≤ e_n + h e_{n+1} + γ₂·terms).
let private roundingBound (h: float) (instance: Instance<Binary64>) (trajectory: Trajectory<Binary64>) (states: Binary64[][][]) : float =
    let h3 = h * h * h
    let weightNorms = instance.Maps |> Array.map (fun map -> normOf map.Layers[0].Weights)
    let biasNorms = instance.Maps |> Array.map (fun map -> norm (map.Layers[0].Bias.ToArray()))
    let sizes = Array.init (depth + order) (fun s -> norm (trajectory[s - order + 1]))
    let errors = Array.zeroCreate<float>(depth + order)

    for l in 0 .. depth - 1 do
        // State x(l) has the index l + 2, the force reads x(l − 2).
        let past = 3.0 * errors[l + 2] + 3.0 * errors[l + 1] + errors[l]
        let terms = 3.0 * sizes[l + 2] + 3.0 * sizes[l + 1] + sizes[l] + h3
        errors[l + 3] <- past + h3 * (1.0 + γ 5) * forceError (weightNorms[l]) (biasNorms[l]) (sizes[l]) (errors[l]) + γ 5 * terms

    let largest = Array.max (Array.take order sizes)
    // The start: differences and their division by powers of h, two to six roundings.
    let mutable e = struct (0.0, γ 4 * 2.0 * largest / h, γ 6 * 4.0 * largest / (h * h))

    for l in 0 .. depth - 1 do
        let struct (e1, e2, e3) = e
        let p1, p2, p3 = norm (states[l][0]), norm (states[l][1]), norm (states[l][2])

        e <-
            struct (e1 + h * e2 + γ 2 * (p1 + h * p2),
                    e2 + h * e3 + γ 2 * (p2 + h * p3),
                    e3 + h * forceError (weightNorms[l]) (biasNorms[l]) p1 e1 + γ 2 * (p3 + h))

    let struct (e1, _, _) = e
    // The bound is a sum of fewer than 1,000 rounded operations on terms that are not negative.
    (errors[depth] + e1) * (1.0 + γ 1000)

let private float64 (instance: Instance<Binary64>) : Outcome =
    let h = Binary64 0.1
    let trajectory = runDifference h instance
    let states = runStateSpace h instance
    let distance = norm (Vector.subtract (trajectory[depth - order + 1]) (states[depth][0]))
    Outcome.atMost "|x − p₁|" (roundingBound 0.1 instance trajectory states) distance

let private floatGenerator = generator (fun stream -> Binary64(stream.NextFloat(-2.0, 2.0))) Activation.tanh

let private claim (name: string) (part: Claim -> Claim) : Catalogue =
    match
        Claim.define $"benchmark.{name}" "the difference form and the state space agree"
        |> part
        |> List.singleton
        |> Catalogue.create
    with
    | Ok catalogue -> catalogue
    | Error problems -> failwith (String.concat " " problems)

/// Seconds of each of a few runs after a warm-up, and the report of the last.
let private time (runs: int) (catalogue: Catalogue) : float list * Report =
    let once () =
        let clock = Diagnostics.Stopwatch.StartNew()
        let report = Runner.run RunOptions.defaults catalogue
        clock.Elapsed.TotalSeconds, report

    once () |> ignore
    let results = List.init runs (fun _ -> once ())
    results |> List.map fst |> List.sort, snd (List.last results)

/// One row of this side.
type Row = { Name: string; Trials: int; Runs: int; PerSecond: float }

/// Float trials against the rounding bound, and exact trials.
let rows () : Row list =
    let row name trials part =
        let runs = 5
        let seconds, report = claim name (part trials) |> time runs

        if Report.exitCode report <> 0 then
            failwith $"{name} does not hold"

        match report.Claims |> List.tryHead |> Option.bind _.Tightness with
        | Some t -> printfn $"{name}: largest error ÷ bound {t.Max:g3}, median {t.Median:g3}"
        | None -> ()

        { Name = name; Trials = trials; Runs = runs; PerSecond = float trials / seconds[runs / 2] }

    [
        row "float" 10000 (fun trials -> Claim.bounded "float" (Instances.random floatGenerator trials) float64)
        row "exact" 1000 (fun trials -> Claim.exact "exact" (Instances.random exactGenerator trials) exact)
    ]
