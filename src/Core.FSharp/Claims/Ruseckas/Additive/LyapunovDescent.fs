/// The energy that an additive network loses is the integral of its dissipation.
///
/// Statement: under the hypotheses of `lyapunov-identity`, E(x(0)) − E(x(T)) = ∫₀ᵀ Σ τ_i σ′_i (x_i′)² dt.
/// Checked for σ = tanh: x and the integral by the method of order 4 together, and the defect of the identity falls with order 4.
/// The abstract cites the theorem; the formula is reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.Additive.LyapunovDescent

open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

let private horizon = 4.0

/// x(T) and the integral, with N steps.
let private run (case: EulerStepDescent.TanhCase) (t: float) (n: int) : float[] * float =
    let d = case.X.Length

    let joint _ (z: float[]) =
        let x = Array.truncate d z
        let f = EulerStepDescent.field case x

        let rate =
            Array.map3
                (fun x (τ, ϑ) f ->
                    let y = LayerTime.Core.Numbers.Elementary.tanh (x - ϑ)
                    τ * (1.0 - y * y) * f * f)
                x
                (Array.zip case.Τ case.Θ)
                f

        Array.append f [| Array.sum rate |]

    let z = FloatSteps.rungeKutta joint (Array.append case.X [| 0.0 |]) t n
    Array.truncate d z, z[d]

let private defect (case: EulerStepDescent.TanhCase) (n: int) : float =
    let x, dissipated = run case horizon n
    abs (EulerStepDescent.energy case case.X - EulerStepDescent.energy case x - dissipated)

// Steps of up to T/40 = 0.1 on fields with slopes up to 10: the next term of the error leaves 3.5 of the order 4.
let private isIdentity (case: EulerStepDescent.TanhCase) : Outcome =
    let rung n = { Resolution = float n; Error = defect case n; Floor = 1e-12 }
    Orders.atLeast "the defect of E(x(0)) − E(x(T)) = ∫Στσ′x′²" 3.75 (List.map rung [ 40; 80; 160; 320 ])

/// W = [[1, 2], [−2, −1]] with the E of its symmetric part.
let private skew: EulerStepDescent.TanhCase = { EulerStepDescent.known with W = [| [| 1.0; 2.0 |]; [| -2.0; -1.0 |] |] }

let private vanishes (case: EulerStepDescent.TanhCase) : Outcome = Outcome.atMost "the defect at N = 320" 1e-6 (defect case 320)

let claim: Claim =
    let generator = Generator.fromStream (fun _ stream -> EulerStepDescent.draw stream) Shrink.none EulerStepDescent.show
    let known = EulerStepDescent.known

    Paper.define
        "ruseckas.additive.lyapunov-descent"
        Paper.ofAbstract
        "W symmetric, I constant: E(x(0)) − E(x(T)) = ∫₀ᵀ Σ τ_i σ′_i (x_i′)² dt."
    |> Claim.hypothesis "H1" "W is symmetric"
    |> Claim.asymptotic "order" (Instances.random generator 100) isIdentity
    |> Claim.drawsPerTrial 4
    |> Known.bounded "reference" [
        Known.floats "E(0)" "0.7480447788856236" (fun () -> [| EulerStepDescent.energy known known.X |])
        Known.floats "x(4), E(4), the integral" "2.760092683688649 1.071685773531006 -0.7616886571158938 1.509733436001517" (fun () ->
            let x, dissipated = run known horizon 16000
            Array.append x [| EulerStepDescent.energy known x; dissipated |])
        Known.floats "the limit and its E" "2.885439298565344 1.092719649282672 -0.7618540484962176" (fun () ->
            let x, _ = run known 80.0 8000
            Array.append x [| EulerStepDescent.energy known x |])
    ]
    |> Claim.neededBy "H1" (Instances.chosen EulerStepDescent.show [ skew ]) vanishes
