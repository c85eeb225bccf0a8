namespace LayerTime.Core.Claims.Hauser.OdeLimit

open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

/// A network as a way to solve x⁽ᵏ⁾ = f(t, x): a start, a step, and the time at which a step asks for the force.
[<NoComparison; NoEquality>]
type internal Scheme = {
    /// p(0) from the step and x(0), x′(0), …, x⁽ᵏ⁾(0).
    Start: Binary64 -> Binary64[][] -> Binary64[][]
    /// p(l+1) from the step, the force at the time of layer l, and p(l).
    Step: Binary64 -> (Binary64[] -> Binary64[]) -> Binary64[][] -> Binary64[][]
    /// From the order and the step: how long after t = lh the force is asked for.
    Delay: int -> float -> float
}

/// The scaled states p(0) … p(L) of a scheme on a problem.
[<NoComparison; NoEquality>]
type internal Run = {
    Problem: Problem
    Step: float
    /// states[l][n−1] = p_n(l)
    States: float[][]
} with

    /// L
    member run.Depth = run.States.Length - 1

/// Runs of schemes, and their distance from the solution.
[<RequireQualifiedAccess>]
module internal Runs =
    let private exactStart (_: Binary64) (derivatives: Binary64[][]) = Array.take (derivatives.Length - 1) derivatives

    /// ∇ᵏx(l+1) = hᵏ f(lh, x(l)) from p_n = x⁽ⁿ⁻¹⁾(0).
    let smooth: Scheme = { Start = exactStart; Step = SmoothState.scaledCascade; Delay = fun _ _ -> 0.0 }

    /// The same network from p_n = x⁽ⁿ⁻¹⁾(0) − (n−1)(h/2) x⁽ⁿ⁾(0).
    let corrected: Scheme = { smooth with Start = fun h derivatives -> OdeLimit.startCorrected h derivatives |> Defect.orFail }

    /// The force evaluated where ∇ᵏ is centred.
    let centred: Scheme = { corrected with Step = CentredCascade.step; Delay = fun k h -> (CentredCascade.shift k (Binary64 h)).Value }

    let private scalar (x: float) = [| Binary64 x |]

    /// L layers of a scheme, h = T/L, t_l = l·h.
    let run (scheme: Scheme) (depth: int) (problem: Problem) : Run =
        let h = Rational.toFloat (problem.Horizon / Rational.ofInt depth)
        let derivatives = Array.init (problem.Order + 1) (fun j -> scalar (problem.Solution j 0.0))

        let layer p l =
            let t = float l * h + scheme.Delay problem.Order h
            scheme.Step (Binary64 h) (fun x -> scalar (problem.Force t x[0].Value)) p

        let states = Array.scan layer (scheme.Start (Binary64 h) derivatives) [| 0 .. depth - 1 |]
        { Problem = problem; Step = h; States = states |> Array.map (Array.map (fun block -> block[0].Value)) }

    let private largest (values: float seq) = Seq.fold (fun most value -> if value <= most then most else value) 0.0 values

    /// max over l of |x(l) − x(t_l)|
    let positionError (run: Run) : float =
        run.States |> Seq.mapi (fun l p -> abs (p[0] - run.Problem.Solution 0 (float l * run.Step))) |> largest

    /// max over l and n of |p_n(l) − x⁽ⁿ⁻¹⁾(t_l)|
    let stateError (run: Run) : float =
        run.States
        |> Seq.mapi (fun l p -> p |> Seq.mapi (fun i value -> abs (value - run.Problem.Solution i (float l * run.Step))) |> largest)
        |> largest

    /// e₀ = 16u and ρ of a float run of a manufactured problem. With sin, cos, tanh within 4 ulp and T, c ≤ 1: the time t + c is wrong by at most 4u, so
    /// φ⁽ᵏ⁾ by 8u, σ(φ) by 12u, σ(x) by 4u, and the two sums add (3 + 2P)u: ε_f = (32 + 2P)u is enough. A start value is wrong by at most 4u, a corrected
    /// one of order 2, or with h ≤ 1/4, by at most 16u.
    let disturbance (run: Run) : Disturbance<Binary64> =
        let k, h = run.Problem.Order, Binary64 run.Step
        let state = run.States |> Seq.collect id |> Seq.map abs |> largest
        let forceAt l (p: float[]) = abs (run.Problem.Force (float l * run.Step) p[0])
        let force = run.States |> Seq.mapi forceAt |> largest
        let forceError = Binary64((32.0 + 2.0 * state) * (Roundoff.units 1: Binary64).Value)

        {
            AtStart = Roundoff.units 16
            PerLayer = Roundoff.cascadeStep k h (OdeLimit.growth k h (Binary64 1.0)) (Binary64 state) (Binary64 force) forceError
        }

    /// A bound that took floats to compute, two roundings a layer and fewer than 200 besides, and 8u for the float that stands for x⁽ʲ⁾(t).
    let private outward (depth: int) (value: Binary64) : float =
        (Roundoff.upward (8 * depth + 400) value).Value + (Roundoff.units 8: Binary64).Value

    /// The a-priori bound for L_f = 1 and the same M_j for all j.
    let private boundWith (derivatives: float) (run: Run) : Binary64 =
        let solution: SolutionBounds<Binary64> = {
            Horizon = run.Problem.Horizon
            Lipschitz = Binary64 1.0
            Derivatives = Array.create run.Problem.Order (Binary64 derivatives)
        }

        OdeLimit.bound solution (disturbance run) run.Depth |> Defect.orFail

    /// The a-priori bound of the state error for L_f = 1 and M_j = 1, as they are for every manufactured problem.
    let bound (run: Run) : float = outward run.Depth (boundWith 1.0 run)

    /// What of that bound is rounding.
    let floor (run: Run) : float = outward run.Depth (boundWith 0.0 run)

    /// The largest ε_l of order 2 with the corrected start, for L_f = M₃ = M₄ = 1.
    let majorant (run: Run) : Binary64 =
        let one = Binary64 1.0
        OdeLimit.verletMajorant (Binary64 run.Step) one one one run.Depth |> Array.last

    /// The same and what rounding adds to it: a bound of the position error.
    let roundedMajorant (run: Run) : float = outward run.Depth (majorant run) + floor run

    /// Whether the error falls with an order within a band, over a ladder of depths.
    let order
        (quantity: string)
        (band: float * float)
        (depths: int list)
        (scheme: Scheme)
        (error: Run -> float)
        (problem: Problem)
        : Outcome =
        let rung depth =
            let run = run scheme depth problem
            { Resolution = float depth; Error = error run; Floor = floor run }

        Asymptotic.within quantity band (List.map rung depths)

    /// A problem as pairs of a name and a value.
    let show (problem: Problem) : (string * string) list = problem.Description
