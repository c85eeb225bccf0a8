/// The order of gradients: exact ones of a method, and discretised continuous ones.
///
/// Statement: a method of order p gives a_0 with error O(dt^p) when it is differentiated exactly. The continuous adjoint discretised by the
/// classical method of order 4 differs from that exact gradient by O(dt⁴) if (x, a) are integrated back together or the states between steps come from
/// cubic Hermite interpolation, by O(dt²) only with linear interpolation of stored states, and by O(dt) for naive Euler.
/// Proof: linear interpolation is off by dt²/8·F″x″ at the middle, a local error O(dt³); the Hermite middle
/// (x_l + x_{l+1})/2 + dt/8·(F(x_l) − F(x_{l+1})) is off by O(dt⁴), a local error O(dt⁵).
/// For F with kinks the step that crosses one has a Jacobian error O(dt): order 1 for every method.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.Discrete.AdjointOrder

open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

/// ∇L = x_N − (1, 0, …)
let private final (x: float[]) : float[] = x |> Array.mapi (fun i x -> if i = 0 then x - 1.0 else x)

/// x_0, …, x_N
let private run (tableau: Tableau<Rational>) (equation: Equation) (n: int) : float[][] =
    FloatSteps.states tableau (FloatNetworks.differentiable equation) equation.Start equation.Horizon n

/// The exact gradient a_0 of the discretisation.
let private gradient (tableau: Tableau<Rational>) (equation: Equation) (n: int) : float[] =
    let steps = StepSequence.uniform (Binary64 0.0) (Binary64(equation.Horizon / float n)) n
    let adjoint = StepAdjoint.explicit tableau (FloatNetworks.differentiable equation)
    let covector x = Binary64.ofFloats (final (Binary64.toFloats x))

    DiscreteAdjoint.gradient Checkpointing.StoreAll adjoint steps (Binary64.ofFloats equation.Start) covector
    |> Defect.orFail
    |> fun gradient -> Binary64.toFloats gradient.State

/// How the continuous adjoint gets its states between the stored ones.
[<RequireQualifiedAccess>]
type private States =
    | Together
    | Hermite
    | Linear
    | Naive

/// a_0 by the continuous adjoint, discretised by the classical method (naive: Euler) along states of the classical method (naive: Euler).
let private continuous (states: States) (equation: Equation) (n: int) : float[] =
    let h = equation.Horizon / float n
    let tableau = if states = States.Naive then Tableaus.euler else Tableaus.rungeKutta4
    let field = FloatNetworks.differentiable equation
    let x = run tableau equation n |> Array.map Binary64.ofFloats
    let a = Binary64.ofFloats (final (Binary64.toFloats (Array.last x)))
    let time l = Binary64(float l * h)
    let back field time count z = Stepper.explicit tableau field |> Stepper.trajectory time (Binary64 -h) count z |> Array.last

    // One step back from t_{l+1} along states between those stored.
    let along path =
        let step a l = back (ContinuousAdjoint.along field (path (time l) x[l] (time (l + 1)) x[l + 1])) (time (l + 1)) 1 a
        Array.fold step a [| n - 1 .. -1 .. 0 |]

    Binary64.toFloats (
        match states with
        | States.Together ->
            back (ContinuousAdjoint.together field) (Binary64 equation.Horizon) n (Array.append (Array.last x) a)
            |> Array.skip field.Dimension
        | States.Hermite -> along (ContinuousAdjoint.hermite field)
        | States.Linear
        // Euler's step looks at its start only, the state stored there.
        | States.Naive -> along ContinuousAdjoint.linear
    )

let private rungs (scale: float) (error: int -> float) (resolutions: int list) : Rung list =
    resolutions |> List.map (fun n -> { Resolution = float n; Error = error n; Floor = 1e-11 * scale })

let private ladder (quantity: string) (band: float * float) (scale: float) (error: int -> float) (resolutions: int list) : Outcome =
    Asymptotic.within quantity band (rungs scale error resolutions)

/// The exact gradient against that of the classical method with more steps, judged as an order.
let private ordered judge (tableau: Tableau<Rational>) (equation: Equation) : Outcome =
    let exact = gradient Tableaus.rungeKutta4 equation 1280
    let resolutions = if tableau.Order = 1 then [ 200; 400; 800 ] else [ 20; 40; 80; 160 ]
    let error n = FloatNetworks.distance exact (gradient tableau equation n)

    rungs (1.0 + FloatNetworks.norm exact) error resolutions
    |> judge $"the error of a_0, {tableau.Name}" (float tableau.Order)

/// The error is c·dtᵖ + c₁dtᵖ⁺¹ + … with c a function of the equation, so O(dtᵖ) bounds the order from below only: where c is nearly
/// zero, as happens among drawn equations, the slope is that of the next term.
let private hasOrder: Tableau<Rational> -> Equation -> Outcome = ordered Orders.atLeast

/// Where c is not zero the order is p and no more.
let private hasNoHigherOrder: Tableau<Rational> -> Equation -> Outcome =
    ordered (fun quantity p -> Orders.exactly quantity p (Orders.margin p))

/// The discretised continuous adjoint against the exact discrete gradient of the same states.
let private differs (order: float) (states: States) (equation: Equation) : Outcome =
    let tableau = if states = States.Naive then Tableaus.euler else Tableaus.rungeKutta4
    let error n = FloatNetworks.distance (gradient tableau equation n) (continuous states equation n)
    let scale = 1.0 + FloatNetworks.norm (gradient Tableaus.rungeKutta4 equation 160)
    ladder $"the distance to the exact gradient, {states}" (order - 0.25, order + 0.6) scale error [ 20; 40; 80; 160 ]

/// The mean order over N = 20..320 of the classical method is at least 3.5.
let private meanOrder (equation: Equation) : Outcome =
    let exact = gradient Tableaus.rungeKutta4 equation 20480
    let error n = FloatNetworks.distance exact (gradient Tableaus.rungeKutta4 equation n)
    let slope = Elementary.log (error 20 / error 320) / (4.0 * Elementary.log 2.0)
    Outcome.atLeast "the mean order of a_0, RK4" 3.5 slope

let private q = FloatNetworks.q

let claim: Claim =
    let cubic trials = Instances.random FloatNetworks.cubicGenerator trials
    let alone = Instances.ladder FloatNetworks.show [ q ]

    let methods =
        [ Tableaus.euler; Tableaus.heun; Tableaus.bogackiShampine32; Tableaus.rungeKutta4 ]
        |> Instances.ladder (fun (tableau: Tableau<Rational>) -> [ "method", tableau.Name ])

    let part name instances conclude claim = claim |> Claim.asymptotic name instances conclude |> Claim.drawsPerTrial 6

    Paper.define
        "ruseckas.discrete.adjoint-order"
        Paper.reconstructed
        "A method of order p gives a_0 with error O(dt^p); the continuous adjoint discretised with order 4 differs from the exact gradient by O(dt⁴) with (x, a) together or Hermite states, by O(dt²) with linear states; naive Euler by O(dt)."
    |> Claim.hypothesis "H1" "F is smooth along the trajectory"
    |> Claim.hypothesis "H2" "the states between steps have order 4"
    |> part "euler" (cubic 10) (hasOrder Tableaus.euler)
    |> part "heun" (cubic 10) (hasOrder Tableaus.heun)
    // The step of this pair is Ralston's of order 3.
    |> part "ralston" (cubic 10) (hasOrder Tableaus.bogackiShampine32)
    |> part "rk4" (cubic 10) (hasOrder Tableaus.rungeKutta4)
    |> part "sharp" methods (fun tableau -> hasNoHigherOrder tableau q)
    |> part "together" alone (differs 4.0 States.Together)
    |> part "hermite" alone (differs 4.0 States.Hermite)
    |> part "linear" alone (differs 2.0 States.Linear)
    |> part "naive" alone (differs 1.0 States.Naive)
    |> Known.bounded "reference" [
        Known.floats
            "Q: x(2), a(0)"
            "-0.541092930573 -0.713895801466 0.301111542226 0.053022057536 -0.332443128156 0.008953491469"
            (fun () -> Array.append (Array.last (run Tableaus.rungeKutta4 q 1280)) (gradient Tableaus.rungeKutta4 q 1280))
    ]
    |> Claim.neededBy "H1" (Instances.chosen FloatNetworks.show [ { q with G = Entrywise.Leaky 0.7 } ]) meanOrder
    |> Claim.neededBy "H2" (Instances.chosen FloatNetworks.show [ q ]) (differs 4.0 States.Linear)
