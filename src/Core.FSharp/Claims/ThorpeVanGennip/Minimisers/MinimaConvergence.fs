/// Minima of E_n tend to that of E_∞, with the constant of the first order.
///
/// Statement: n(min E_n − min E_∞) → c_1 = −½Σ_sw_s∫P_s·X_s″, taken least over the minimisers of E_∞, and −C(I_nθ_n)/n ≤ min E_n − min E_∞ ≤ C(θ_∞)/n with
/// C(θ) = Σ_sw_s·Lip_s·‖W‖e^{LA}L(R_sD_K + D_b + AV_s/2), Lip_s the Lipschitz constant of the loss on |z| ≤ ‖W‖R_s + |c|. With the bounds of `existence` in C the constant is known before training.
/// Proof: R_n(S_nθ) ≤ R_∞(θ) and R_n(θ_n) = R_∞(I_nθ_n), so both differences are those of data terms, at most C/n by the forward rate; their first order is the cell defect ½n^{−2}X″ transported by the adjoint.
/// Checked on problems B and D; stationary points stand for minimisers (see there).
/// The abstract has the convergence; constants and c_1 are our own.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.ThorpeVanGennip.Minimisers.MinimaConvergence

open LayerTime.Core.Numbers
open LayerTime.Core.DeepLimit
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.ThorpeVanGennip
open LayerTime.Core.Claims.ThorpeVanGennip.Benchmarks

/// A problem with the solution of its limit.
[<NoComparison; NoEquality>]
type internal Solved = { Name: string; Problem: NeuronProblem; Unknowns: float[]; Limit: LimitExtremal; Doubt: LimitDoubt }

let private solve (name: string) (problem: NeuronProblem) (unknowns: float[]) (limit: LimitExtremal) : Solved = {
    Name = name
    Problem = problem
    Unknowns = unknowns
    Limit = limit
    Doubt = Extremals.doubt problem limit unknowns
}

let internal linear: Lazy<Solved> =
    lazy
        (let problem = ScalarLinear.reference.Problem
         let unknowns = ScalarLinear.unknowns ScalarLinear.reference ScalarLinear.κ
         solve "B" problem unknowns (Extremals.limit problem 1024 unknowns))

let internal tanh: Lazy<Solved> =
    lazy solve "D" TanhBoundaryValue.problem TanhBoundaryValue.unknowns.Value TanhBoundaryValue.limit.Value

let internal weights (solved: Solved) (n: int) : ResidualWeights<Binary64> =
    Extremals.solveDiscrete solved.Problem n solved.Unknowns |> Extremals.weights solved.Problem n

let internal energy (solved: Solved) (n: int) : float = (Objective.value (Extremals.training solved.Problem) (weights solved n)).Value

/// The same stationary points, proven and enclosed.
let internal enclosed (solved: Solved) (n: int) : ResidualWeights<Interval> option =
    Extremals.solveDiscrete solved.Problem n solved.Unknowns |> Extremals.enclosedWeights solved.Problem n

/// min E_∞ with its doubt.
let internal limitEnergy (solved: Solved) : Interval = Errors.around solved.Limit.Energy solved.Doubt.Energy

/// E_n − E_∞
let private gap (solved: Solved) (weights: ResidualWeights<Interval>) : Interval =
    Arithmetic.(-) (Objective.value (Extremals.training solved.Problem) weights) (limitEnergy solved)

let internal show (solved: Lazy<Solved>) : (string * string) list = [ "problem", solved.Value.Name ]

/// C from bounds of the weights and their variations; |σ| ≤ M.
let private constant (problem: NeuronProblem) (a: float) (b: float) (riseK: float) (riseB: float) : float =
    let m = if problem.Sigma.IsSome then 1.0 else infinity

    problem.Data
    |> Array.sumBy (fun (x, y) ->
        let field = { KnownFields.growth a with Start = [| Rational.toFloat x |]; M = m; A = a; Bias = b; RiseK = riseK; RiseB = riseB }

        let r, _ = ForwardRuns.bounds field
        2.0 * (r + abs (Rational.toFloat y)) * ForwardRuns.rate field)

let private variation (values: float[]) : float = values |> Array.pairwise |> Array.sumBy (fun (a, b) -> abs (b - a))
let private largest (values: float[]) : float = values |> Array.map abs |> Array.max

/// C of weights along depth, at nodes: K and b are monotone in between or linear.
let internal constantOf (problem: NeuronProblem) (kernel: float[]) (bias: float[]) : float =
    constant problem (largest kernel) (largest bias) (variation kernel) (variation bias)

/// C from E(0) alone: A² ≤ (1 + 1/τ)E(0)/α, D_K² ≤ E(0)/α, the same for b.
let private aPriori (problem: NeuronProblem) : float =
    let atZero = problem.Data |> Array.sumBy (fun (x, y) -> let miss = Rational.toFloat (x - y) in miss * miss)
    let ratio = atZero / Rational.toFloat problem.Alpha
    let rise = sqrt ratio
    let size = sqrt ((1.0 + 1.0 / Rational.toFloat problem.Tau) * ratio)
    if problem.HasBias then constant problem size size rise rise else constant problem size 0.0 rise 0.0

/// −C(I_nθ_n)/n ≤ min E_n − min E_∞ ≤ C(θ_∞)/n, both at most the bound from E(0).
let private isBounded (solved: Lazy<Solved>, n: int) : Outcome =
    let solved = solved.Value
    let kernel, bias = TanhBoundaryValue.sequences (weights solved n)
    let above = constantOf solved.Problem solved.Limit.K solved.Limit.B
    let below = constantOf solved.Problem kernel bias
    let prior = aPriori solved.Problem

    match enclosed solved n |> Option.map (gap solved) with
    | None -> Outcome.undecided "the Krawczyk operator proves nothing on this box"
    | Some difference ->
        Outcome.all [
            Outcome.atMost "min E_n − min E_∞" (above / float n) difference.Upper
            Outcome.atMost "min E_∞ − min E_n" (below / float n) -difference.Lower
            Outcome.isTrue "C from E(0)" "is at least both constants" (prior >= max above below)
        ]

/// |n(E_n − E_∞) − c_1| = O(1/n)
let private firstOrder (solved: Lazy<Solved>) : Outcome =
    let solved = solved.Value
    let c1 = Errors.around solved.Limit.FirstOrder solved.Doubt.FirstOrder
    let scaled n weights = Arithmetic.(*) (Interval.ofFloat (float n)) (gap solved weights)

    [ 16; 32; 64; 128; 256 ]
    |> List.map (fun n -> enclosed solved n |> Option.map (scaled n >> Errors.distance c1) |> Errors.rung n)
    |> Asymptotic.within "|n(min E_n − min E_∞) − c_1|" (0.9, 1.1)

/// σ(z) = √|z| from x = 0 with b = 0: every network stays at 0, so min E_n = y² = 1. In the limit X = (t/4)² solves X′ = √(X/4), so E_∞(K = ¼) = (1 − 1/64)² + α/16 or less is a value
/// of the limit, with α = 1/10 and τ = 1.
let private withoutUniqueness (n: int) : Outcome =
    let outputs = Seq.fold (fun x _ -> x + sqrt (abs (0.25 * x)) / float n) 0.0 (seq { 1..n })
    let discrete = (outputs - 1.0) * (outputs - 1.0)
    // K = k: X(1) = k/4.
    let limit k = (0.25 * k - 1.0) * (0.25 * k - 1.0) + 0.1 * k * k
    Outcome.atMost "min E_n − E_∞" (10.0 / float n) (discrete - limit 1.5)

let claim: Claim =
    let problems = [ linear; tanh ]
    let showDepth (solved, n: int) = show solved @ [ "n", string n ]
    let scaled (solved: Lazy<Solved>) n = float n * (energy solved.Value n - solved.Value.Limit.Energy)

    Paper.define
        "thorpe-van-gennip.minima.convergence"
        Paper.ofAbstract
        "min E_n → min E_∞ with −C(I_nθ_n)/n ≤ min E_n − min E_∞ ≤ C(θ_∞)/n, and n(min E_n − min E_∞) → c_1 = −½Σw_s∫P_s·X_s″."
    |> Claim.hypothesis "H1" "σ is Lipschitz"
    |> Claim.bounded "bounds" (Instances.chosen showDepth (List.allPairs problems [ 4; 16; 64; 256 ])) isBounded
    |> Claim.asymptotic "first-order" (Instances.ladder show problems) firstOrder
    |> Known.bounded "reference" [
        Known.floats "B: C(θ_∞)" "21.0006946346" (fun () -> [| constantOf linear.Value.Problem linear.Value.Limit.K linear.Value.Limit.B |])
        Known.floats "B, D: c_1" "0.0369027734659 0.0638766814124" (fun () -> [|
            linear.Value.Limit.FirstOrder
            tanh.Value.Limit.FirstOrder
        |])
        Known.floats "D: n(E_n − E_∞), n = 128, 256, 512" ".06398062 .06392874 .06390271" (fun () -> [|
            for n in [ 128; 256; 512 ] -> scaled tanh n
        |])
    ]
    |> Claim.neededBy "H1" (Instances.chosen (fun (n: int) -> [ "σ(z), x, y, n", $"√|z|, 0, 1, {n}" ]) [ 100; 1000 ]) withoutUniqueness
