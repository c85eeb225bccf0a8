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
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Ruseckas

/// An explicit method in floats.
[<NoComparison>]
type private Tableau = { Name: string; Order: int; A: float[][]; β: float[] }

let private euler = { Name = "Euler"; Order = 1; A = [| [||] |]; β = [| 1.0 |] }
let private heun = { Name = "Heun"; Order = 2; A = [| [||]; [| 1.0 |] |]; β = [| 0.5; 0.5 |] }

let private ralston = { Name = "Ralston"; Order = 3; A = [| [||]; [| 0.5 |]; [| 0.0; 0.75 |] |]; β = [| 2.0 / 9.0; 1.0 / 3.0; 4.0 / 9.0 |] }

let private rk4 = {
    Name = "RK4"
    Order = 4
    A = [| [||]; [| 0.5 |]; [| 0.0; 0.5 |]; [| 0.0; 0.0; 1.0 |] |]
    β = [| 1.0 / 6.0; 1.0 / 3.0; 1.0 / 3.0; 1.0 / 6.0 |]
}

let private field (equation: Equation) = FloatNetworks.field equation 0.0
let private pull (equation: Equation) = FloatNetworks.pull equation 0.0

let private combine (x: float[]) (h: float) (weights: float[]) (slopes: float[][]) : float[] =
    Array.fold2 (fun x w k -> FloatNetworks.addScaled x (h * w) k) x weights slopes

/// The stages of one step and its end.
let private step (tableau: Tableau) (equation: Equation) (h: float) (x: float[]) : float[][] * float[] =
    let stages, slopes =
        Array.fold
            (fun (stages, slopes) (row: float[]) ->
                let stage = combine x h row slopes
                Array.append stages [| stage |], Array.append slopes [| field equation stage |])
            ([||], [||])
            tableau.A

    stages, combine x h tableau.β slopes

/// a before a step from a behind it: the exact adjoint, by the recursion of the stages.
let private stepBack (tableau: Tableau) (equation: Equation) (h: float) (stages: float[][]) (a: float[]) : float[] =
    let s = stages.Length
    let ξ = Array.create s [||]

    for i in s - 1 .. -1 .. 0 do
        let force =
            Seq.fold
                (fun sum j -> FloatNetworks.addScaled sum (h * tableau.A[j][i]) ξ[j])
                (a |> Array.map (fun a -> h * tableau.β[i] * a))
                (seq { i + 1 .. s - 1 })

        ξ[i] <- pull equation stages[i] force

    Array.fold (Array.map2 (+)) a ξ

/// x_0, …, x_N with the stages of every step.
let private run (tableau: Tableau) (equation: Equation) (n: int) : float[][] * float[][][] =
    let h = equation.Horizon / float n
    let x = Array.scan (fun x _ -> snd (step tableau equation h x)) equation.Start [| 1..n |]
    x, Array.init n (fun l -> fst (step tableau equation h x[l]))

/// ∇L = x_N − (1, 0, …)
let private final (x: float[]) : float[] = x |> Array.mapi (fun i x -> if i = 0 then x - 1.0 else x)

/// The exact gradient a_0 of the discretisation.
let private gradient (tableau: Tableau) (equation: Equation) (n: int) : float[] =
    let x, stages = run tableau equation n
    Array.foldBack (fun stages a -> stepBack tableau equation (equation.Horizon / float n) stages a) stages (final (Array.last x))

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
    let x, _ = run (if states = States.Naive then euler else rk4) equation n
    let end' = Array.last x

    // One step of a′ = −F′ᵀa back from t_{l+1} with the states at its ends and middle.
    let back (right: float[]) (middle: float[]) (left: float[]) (a: float[]) =
        let k1 = pull equation right a
        let k2 = pull equation middle (FloatNetworks.addScaled a (0.5 * h) k1)
        let k3 = pull equation middle (FloatNetworks.addScaled a (0.5 * h) k2)
        let k4 = pull equation left (FloatNetworks.addScaled a h k3)
        Array.init a.Length (fun i -> a[i] + h / 6.0 * (k1[i] + 2.0 * (k2[i] + k3[i]) + k4[i]))

    let mean = Array.map2 (fun a b -> 0.5 * (a + b))

    match states with
    | States.Together ->
        let d = equation.Start.Length

        let joint _ (z: float[]) =
            let x, a = Array.splitAt d z
            Array.append (field equation x |> Array.map (~-)) (pull equation x a)

        FloatNetworks.rungeKutta joint (Array.append end' (final end')) equation.Horizon n |> Array.skip d
    | States.Naive -> Array.foldBack (fun l a -> FloatNetworks.addScaled a h (pull equation x[l + 1] a)) [| 0 .. n - 1 |] (final end')
    | States.Linear -> Array.foldBack (fun l a -> back x[l + 1] (mean x[l] x[l + 1]) x[l] a) [| 0 .. n - 1 |] (final end')
    | States.Hermite ->
        let middle l =
            let bend = Array.map2 (-) (field equation x[l]) (field equation x[l + 1])
            FloatNetworks.addScaled (mean x[l] x[l + 1]) (h / 8.0) bend

        Array.foldBack (fun l a -> back x[l + 1] (middle l) x[l] a) [| 0 .. n - 1 |] (final end')

let private ladder (quantity: string) (band: float * float) (scale: float) (error: int -> float) (rungs: int list) : Outcome =
    rungs
    |> List.map (fun n -> { Resolution = float n; Error = error n; Floor = 1e-11 * scale })
    |> Asymptotic.within quantity band

/// The exact gradient against that of the classical method with four times the finest steps.
let private hasOrder (tableau: Tableau) (equation: Equation) : Outcome =
    let exact = gradient rk4 equation 1280
    let p = float tableau.Order
    let rungs = if tableau.Order = 1 then [ 80; 160; 320 ] else [ 20; 40; 80; 160 ]
    let error n = FloatNetworks.distance exact (gradient tableau equation n)
    ladder $"the error of a_0, {tableau.Name}" (p - 0.25, p + 0.6) (1.0 + FloatNetworks.norm exact) error rungs

/// The discretised continuous adjoint against the exact discrete gradient of the same states.
let private differs (order: float) (states: States) (equation: Equation) : Outcome =
    let tableau = if states = States.Naive then euler else rk4
    let error n = FloatNetworks.distance (gradient tableau equation n) (continuous states equation n)
    let scale = 1.0 + FloatNetworks.norm (gradient rk4 equation 160)
    ladder $"the distance to the exact gradient, {states}" (order - 0.25, order + 0.6) scale error [ 20; 40; 80; 160 ]

/// The mean order over N = 20..320 of the classical method is at least 3.5.
let private meanOrder (equation: Equation) : Outcome =
    let exact = gradient rk4 equation 20480
    let error n = FloatNetworks.distance exact (gradient rk4 equation n)
    let slope = Elementary.log (error 20 / error 320) / (4.0 * Elementary.log 2.0)
    Outcome.atLeast "the mean order of a_0, RK4" 3.5 slope

let private q = FloatNetworks.q

let claim: Claim =
    let cubic trials = Instances.random FloatNetworks.cubicGenerator trials
    let alone = Instances.ladder FloatNetworks.show [ q ]

    let part name instances conclude claim = claim |> Claim.asymptotic name instances conclude |> Claim.drawsPerTrial 6

    Paper.define
        "ruseckas.discrete.adjoint-order"
        Paper.reconstructed
        "A method of order p gives a_0 with error O(dt^p); the continuous adjoint discretised with order 4 differs from the exact gradient by O(dt⁴) with (x, a) together or Hermite states, by O(dt²) with linear states; naive Euler by O(dt)."
    |> Claim.hypothesis "H1" "F is smooth along the trajectory"
    |> Claim.hypothesis "H2" "the states between steps have order 4"
    |> part "euler" (cubic 10) (hasOrder euler)
    |> part "heun" (cubic 10) (hasOrder heun)
    |> part "ralston" (cubic 10) (hasOrder ralston)
    |> part "rk4" (cubic 10) (hasOrder rk4)
    |> part "together" alone (differs 4.0 States.Together)
    |> part "hermite" alone (differs 4.0 States.Hermite)
    |> part "linear" alone (differs 2.0 States.Linear)
    |> part "naive" alone (differs 1.0 States.Naive)
    |> Known.bounded "reference" [
        Known.floats
            "Q: x(2), a(0)"
            "-0.541092930573 -0.713895801466 0.301111542226 0.053022057536 -0.332443128156 0.008953491469"
            (fun () -> Array.append (Array.last (fst (run rk4 q 1280))) (gradient rk4 q 1280))
    ]
    |> Claim.neededBy "H1" (Instances.chosen FloatNetworks.show [ { q with G = Entrywise.Leaky 0.7 } ]) meanOrder
    |> Claim.neededBy "H2" (Instances.chosen FloatNetworks.show [ q ]) (differs 4.0 States.Linear)
