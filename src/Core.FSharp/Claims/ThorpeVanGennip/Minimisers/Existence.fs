/// Regularised training problems have minimisers, and these are bounded beforehand.
///
/// Statement: with all α, τ > 0, a continuous loss ≥ 0: E_n and E_∞ have minimisers; each has α_1R(K), α_2R(b), α_3‖W‖², α_4|c|² ≤ E⁰ = Σw_sΦ_s(0), the value at θ = 0, the same for all depths.
/// Proof: a term of a sum of terms ≥ 0 that is at most E(0); sublevel sets are compact and E is lower semicontinuous.
/// Checked on what L-BFGS finds for random problems from random starts, and on explicit families where a hypothesis is missing.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.ThorpeVanGennip.Minimisers.Existence

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.DeepLimit
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.ThorpeVanGennip
open LayerTime.Core.Claims.ThorpeVanGennip.Gamma

/// The penalties of θ, one after the other.
let private penalties (problem: TrainingProblem<Binary64>) (θ: ResidualWeights<Binary64>) : (string * float) list =
    let regulariser = problem.Regulariser
    let none: Regulariser<Binary64> = { Kernel = None; Bias = None; Readout = None; Offset = None }
    let only name (regulariser: Regulariser<Binary64>) = name, (Objective.penalty regulariser θ).Value

    [
        only "α_1R_n(K)" { none with Kernel = regulariser.Kernel }
        only "α_2R_n(b)" { none with Bias = regulariser.Bias }
        only "α_3‖W‖²" { none with Readout = regulariser.Readout }
        only "α_4|c|²" { none with Offset = regulariser.Offset }
    ]

/// L-BFGS ends below E(0) with bounded penalties and a small gradient.
let private isBounded (start: Trained) : Outcome =
    let problem = start.Problem
    let f = TrainingFunction(problem, start.Weights.Depth, WeightCoordinates.Increments)
    let settings = { LbfgsSettings.defaults with GradientTolerance = 1e-6; IterationLimit = 400 }
    let end' = Lbfgs.minimise settings f (f.OfWeights start.Weights)
    let θ = f.ToWeights end'.Point
    let zero = ResidualWeights.map (fun _ -> Binary64 0.0) θ
    let atZero = (Objective.value problem zero).Value

    if end'.GradientNorm > 1e-6 then
        Outcome.undecided "the minimiser did not arrive in 400 iterations"
    elif end'.Value > atZero then
        Outcome.undecided "a local minimum above E(0)"
    else
        penalties problem θ |> List.map (fun (name, penalty) -> Outcome.atMost name (atZero * 1.000001) penalty) |> Outcome.all

/// A loss Φ, α and g: E = Φ(X) + αβ²/g for X′ = b, x = 0 with ∫b = β.
[<NoComparison; NoEquality>]
type private Family = { Name: string; Energy: Rational -> Rational; Penalty: Rational -> Rational; Points: Rational list }

let private show (family: Family) : (string * string) list = [ "Φ", family.Name ]

let private α = Rational.create 1 10
let private squared (β: Rational) : Rational = α * β * β / Sequences.limitMean Rational.One

let private ofLoss name (φ: Rational -> Rational) points = {
    Name = name
    Energy = (fun β -> φ β + squared β)
    Penalty = squared
    Points = points
}

/// Where E ≤ E(0), the penalty is at most E(0).
let private sublevelIsBounded (family: Family) : Outcome =
    let atZero = family.Energy Rational.Zero

    family.Points
    |> List.filter (fun β -> family.Energy β <= atZero)
    |> List.map (fun β -> Check.atMost "αR" atZero (family.Penalty β))
    |> Outcome.all

/// E(1) is at most the values at points that tend to 1: lower semicontinuity there.
let private isAttained (family: Family) : Outcome =
    let least = family.Points |> List.map family.Energy |> List.reduce Rational.min
    Check.atMost "E(1)" least (family.Energy Rational.One)

/// Separable data ±1 with the logistic loss and K = b = 0: E(W) = 2·log(1 + e^{−W}) + α_3W². Beyond |W|² = E(0)/α_3 E is above E(0); the α_3 of the radius is 1/10.
let private outputIsBounded (α3: float, w: float) : Outcome =
    let energy = 2.0 * Elementary.softplus -w + α3 * w * w
    let atZero = 2.0 * Elementary.log 2.0

    if w * w <= 10.0 * atZero then Outcome.undecided "|W|² ≤ 10·E(0)" else Outcome.atLeast "E(W)" atZero energy

let claim: Claim =
    let generator =
        Generator.fromStream (fun _ (stream: RandomStream) -> Functionals.draw [| 4; 16 |] stream) Functionals.shrink Functionals.show

    let points = [ for k in -20 .. 20 -> Rational.create k 2 ]
    let near = [ for k in 1..8 -> Rational.One + Rational.create 1 (pown 10 k) ]

    let step closed =
        ofLoss
            (if closed then "1 for X < 1, else 0" else "1 for X ≤ 1, else 0")
            (fun x -> if x < Rational.One || (x = Rational.One && not closed) then Rational.One else Rational.Zero)
            near

    let showOutput (α3: float, w: float) = [ "α_3", string α3; "W", string w ]

    Paper.define
        "thorpe-van-gennip.existence"
        Paper.ofAbstract
        "E_n and E_∞ have minimisers, and every minimiser has α_1R(K), α_2R(b), α_3‖W‖², α_4|c|² ≤ E⁰ = Σw_sΦ_s(0) at every depth."
    |> Claim.hypothesis "H2a" "the loss is lower semicontinuous"
    |> Claim.hypothesis "H2b" "the loss is bounded below by 0"
    |> Claim.hypothesis "H3" "α_3 > 0"
    |> Claim.bounded "trained" (Instances.random generator 8) isBounded
    |> Claim.drawsPerTrial 4
    |> Claim.exact
        "sublevel"
        (Instances.chosen show [ ofLoss "(X − 1)²" (fun x -> (x - Rational.One) * (x - Rational.One)) points ])
        sublevelIsBounded
    |> Claim.exact "attained" (Instances.chosen show [ step true ]) isAttained
    |> Claim.bounded "output" (Instances.chosen showOutput [ for w in [ 4.0; 10.0; 100.0 ] -> 0.1, w ]) outputIsBounded
    |> Claim.neededBy "H2b" (Instances.chosen show [ ofLoss "−X²" (fun x -> -x * x) points ]) sublevelIsBounded
    |> Claim.neededBy "H2a" (Instances.chosen show [ step false ]) isAttained
    |> Claim.neededBy "H3" (Instances.chosen showOutput [ for w in [ 4.0; 10.0; 100.0 ] -> 0.0, w ]) outputIsBounded
