/// A smooth network of order two with the right start is second order accurate.
///
/// Statement: for k = 2 and p₂(0) = x′(0) − (h/2) f(x(0), 0), x(l) is the Störmer–Verlet approximation of x″ = f(x, t):
///   max_l |x(l) − x(t_l)| ≤ max_l ε_l, ε₀ = 0, ε₁ = h³M₃/6, ε_{l+1} = 2ε_l − ε_{l−1} + h²L_f ε_l + h⁴M₄/12, which is O(h²).
/// (p₂ approximates x′(t − h/2) to O(h²), x′(t) to O(h) only.)
/// Proof: x(1) misses x(h) by h³x‴/6, the central second difference has the defect h⁴x⁗/12, and all weights of the unrolled recursion
/// are positive, so the majorant dominates by induction.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.OdeLimit.VerletOrderTwo

open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

/// max_l |x(l) − x(t_l)| ≤ max_l ε_l, and what rounding adds.
let private belowMajorant (problem: Problem, depth: int) : Outcome =
    let run = Runs.run Runs.corrected depth problem
    Outcome.atMost "max |x(l) − x(t_l)|" (Runs.roundedMajorant run) (Runs.positionError run)

let private depths = [ 8; 16; 32; 64; 128; 256 ]

let private secondOrder (scheme: Scheme) : Problem -> Outcome = Runs.order "the error of x" (1.9, 2.1) depths scheme Runs.positionError

/// max_l |p₂(l) − x′(t_l − shift·h)|
let private velocityError (shift: float) (run: Run) : float =
    run.States
    |> Seq.mapi (fun l p -> abs (p[1] - run.Problem.Solution 1 ((float l - shift) * run.Step)))
    |> Seq.fold (fun most value -> if value <= most then most else value) 0.0

/// p₂ belongs to the time half a step before: there it is second order, at t_l only first.
let private velocityIsHalfAStepBack (problem: Problem) : Outcome =
    let order shift band = Runs.order "the error of p₂" band depths Runs.corrected (velocityError shift) problem

    Outcome.all [ order 0.5 (1.9, 2.1); order 0.0 (0.9, 1.1) ]

let private table =
    let run depth = Runs.run Runs.corrected depth (Problems.reference 2)

    Printed.row "error of x" (run >> Runs.positionError) [
        8, "8.735331946745e-04"
        16, "2.186404887152e-04"
        32, "5.467626703326e-05"
        64, "1.367007691588e-05"
        256, "8.543995413390e-07"
    ]
    @ Printed.row "majorant" (fun depth -> (Runs.majorant (run depth)).Value) [
        8, "3.662626e-03"
        16, "9.293437e-04"
        32, "2.339407e-04"
        64, "5.867894e-05"
        256, "3.676326e-06"
    ]

let claim: Claim =
    let showAt (problem: Problem, depth: int) = Runs.show problem @ [ "depth", string depth ]
    let ladder = List.allPairs (Problems.ladder [ 2 ]) depths

    Paper.define
        "hauser.ode.verlet-order-two"
        Paper.reconstructed
        "k = 2 and p₂(0) = x′(0) − (h/2) f(x(0), 0): max_l |x(l) − x(t_l)| ≤ max_l ε_l = O(h²), ε₀ = 0, ε₁ = h³M₃/6, ε_{l+1} = 2ε_l − ε_{l−1} + h²L_f ε_l + h⁴M₄/12; p₂(l) is x′(t_l − h/2) up to O(h²), x′(t_l) up to O(h)."
    |> Claim.hypothesis "H1" "k = 2"
    |> Claim.hypothesis "H2" "p₂(0) = x′(0) − (h/2) f(x(0), 0)"
    |> Claim.hypothesis "H3" "x is in C⁴[0, T]"
    |> Claim.hypothesis "H4" "f is Lipschitz in x"
    |> Claim.bounded "below-majorant" (Instances.random (Problems.generator (2, 2)) 60) (fun choice ->
        belowMajorant (Problems.manufactured choice, choice.Depth))
    |> Claim.bounded "below-majorant-ladder" (Instances.chosen showAt ladder) belowMajorant
    |> Claim.asymptotic "order-two" (Instances.ladder Runs.show (Problems.ladder [ 2 ])) (secondOrder Runs.corrected)
    |> Claim.asymptotic "velocity-half-a-step-back" (Instances.ladder Runs.show (Problems.ladder [ 2 ])) velocityIsHalfAStepBack
    |> Printed.references table "reference"
    |> Claim.neededBy "H1" (Instances.chosen Runs.show [ Problems.reference 3 ]) (secondOrder Runs.corrected)
    |> Claim.neededBy "H2" (Instances.chosen Runs.show [ Problems.reference 2 ]) (secondOrder Runs.smooth)
    |> Claim.neededBy "H3" (Instances.chosen Runs.show [ Problems.notSmooth 2 ]) (secondOrder Runs.corrected)
    |> Claim.neededBy "H4" (Instances.chosen Runs.show [ Problems.notLipschitz 2 ]) (secondOrder Runs.corrected)
