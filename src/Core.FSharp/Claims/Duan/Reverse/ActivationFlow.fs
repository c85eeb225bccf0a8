/// A leaky ReLU is a flow.
///
/// Statement: σ_α, coordinate by coordinate, is the time-1 flow of x_i′ = −log(α_i)·max(0, −x_i); λ_{p,q} that of log(p)·max(0, x) − log(q)·max(0, −x).
/// The kink is invariant, so a Runge–Kutta method sees a linear equation on each side: n steps of order 4 give x·R(z)^n, z = log(α)/n, with
/// |R(z)^n − α| ≤ n·|z|⁵/120·e^|log α|.
/// Proof of the bound: |R(z) − e^z| ≤ |z|⁵/120·e^|z|, and R(|z|) ≤ e^|z|, so the telescoping sum of n terms is at most n·|z|⁵/120·e^{n|z|}.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Duan.Reverse.ActivationFlow

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Duan

/// Slopes and a point.
[<NoComparison>]
type private Case = { Slopes: Rational[]; Point: Rational[] }

/// σ_α is the composition of the steps x + (α_i − 1)·(−e_i)·max(0, −x_i), each a flow by its slope 1 + m = α_i > 0.
let private isStep (case: Case) : Outcome =
    let d = case.Slopes.Length

    let steps =
        case.Slopes
        |> Array.mapi (fun i α -> {
            C = Vector.scale (Rational.One - α) (Vector.unit d i)
            W = Vector.scale -Rational.One (Vector.unit d i)
            B = Rational.Zero
            Points = [||]
        })

    let σ = Array.map2 (fun α x -> Activation.value (Activation.LeakyRelu α) x) case.Slopes case.Point

    seq {
        for α, step in Array.zip case.Slopes steps do
            Check.equal "1 + c·w" α (Rational.One + step.Slope)

        Check.vectors "the steps at x" σ (steps |> Array.fold (fun x step -> Steps.apply step x) case.Point)
    }
    |> Outcome.all

/// R(z) = 1 + z + z²/2 + z³/6 + z⁴/24 by the stages of the classical method for x′ = zx.
let private classical (n: int) (α: float) : float =
    let rate _ (x: float[]) = x |> Array.map (fun x -> -(Elementary.log α) * max 0.0 -x)
    -(FloatSteps.rungeKutta rate [| -1.0 |] 1.0 n)[0]

let private bound (n: int) (α: float) : float =
    let z = abs (Elementary.log α) / float n
    // 10 operations a step, each within 2⁻⁵³ of at most e^|log α|.
    float n * z * z * z * z * z / 120.0 * Elementary.exp (float n * z)
    + 10.0 * float n * Elementary.exp (float n * z) / 9007199254740992.0

let private approaches (n: int, α: float) : Outcome = Outcome.atMost "|R(z)ⁿ − α|" (bound n α) (abs (classical n α - α))

/// The exact flow in floats, φ¹(x) = x + φ₁(κ)·a·max(0, −x) with a = −log α, κ = log α: 6 roundings of at most max(1, α)·|x|.
let private isExact (α: Rational) : Outcome =
    let α = Rational.toFloat α

    let term = {
        Direction = [| Binary64(-(Elementary.log α)) |]
        Weights = [| Binary64(-1.0) |]
        Bias = Binary64 0.0
        Profile = Profile.Relu
    }

    let flow (x: float) = TermFlow.apply term 1.0 [| Binary64 x |] |> Array.head |> _.Value

    [ -3.0; -1.0; 0.0; 2.0 ]
    |> List.map (fun x ->
        let expected = if x > 0.0 then x else α * x

        Outcome.atMost
            $"|φ¹({x}) − σ({x})|"
            (8.0 * (1.0 + α) * (1.0 + abs (Elementary.log α)) * abs x / 9007199254740992.0)
            (abs (flow x - expected)))
    |> Outcome.all

let claim: Claim =
    let draw (stream: RandomStream) =
        let d = stream.NextInt(1, 4)
        { Slopes = Nets.mixed stream d; Point = Nets.vector stream d }

    let show (case: Case) = [ "α", Known.show case.Slopes; "x", Known.show case.Point ]
    let shrink (case: Case) = Draws.shrinkVector case.Point |> Seq.map (fun point -> { case with Point = point })
    let cases = Generator.fromStream (fun _ -> draw) shrink show
    let slopes = [ "1/7"; "1/2"; "2/3"; "1"; "3/2"; "7" ] |> List.map Known.number

    let ladder = [
        for n in [ 1; 2; 4; 8; 16 ] do
            for α in [ 0.1; 0.5; 0.9; 2.0; 5.0 ] -> n, α
    ]

    let showPair (n: int, α: float) = [ "n", string n; "α", string α ]

    Paper.define
        "duan.reverse.activation-flow"
        Paper.reconstructed
        "A leaky ReLU with positive slopes is the time-1 flow of x_i′ = −log(α_i)·max(0, −x_i), and n steps of the classical method of order 4 meet its slope within n·|log α/n|⁵/120·e^|log α|."
    |> Claim.hypothesis "H1" "the slopes are positive"
    |> Claim.exact "step" (Instances.random cases 200) isStep
    |> Claim.bounded "flow" (Instances.chosen (fun α -> [ "α", string α ]) slopes) isExact
    |> Claim.bounded "runge-kutta" (Instances.chosen showPair ladder) approaches
    |> Known.bounded "reference" [
        Known.floats "the slope of 8 steps for α = 1/2" "0.50000017496277657" (fun () -> [| classical 8 0.5 |])
        Known.floats "its bound" "6.510526e-7" (fun () -> [| bound 8 0.5 |])
    ]
    // A slope −1 folds, and no flow does.
    |> Claim.neededBy "H1" (Instances.chosen (fun (α: Rational) -> [ "α", string α ]) [ Known.number "-1"; Known.number "-1/2" ]) isExact
