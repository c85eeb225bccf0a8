/// A smooth network of any order becomes second order accurate if its force is evaluated where ∇ᵏ is centred.
///
/// Statement: for k ≥ 2 let the force be f(p₁ + (1−k/2)h p₂, t_l + (1−k/2)h) and the start p_n = x⁽ⁿ⁻¹⁾(0) − (n−1)(h/2) x⁽ⁿ⁾(0). Then
/// max_l |x(l) − x(t_l)| = O(h²). The state stays kd, the cost one evaluation, and the step stays unimodular and explicitly invertible. (For k = 2 it
/// is the smooth network itself; for k ≥ 3 it is neither smooth nor, unless f is affine, additive dense.)
/// Proof: y_n(t) = h^−(n−1) ∇ⁿ⁻¹x(t) along the solution satisfies the cascade but for the force, whose defect
/// h^−k ∇ᵏx(t_{l+1}) − f(x(t_l) + (1−k/2)∇x(t_l), t_l + (1−k/2)h) is O(h²), as ∇ᵏ is centred there; the start is y(0) up to O(h²); then discrete Gronwall.
/// Our own.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Beyond.CentredOrderTwo

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser
open LayerTime.Core.Claims.Hauser.OdeLimit

let private secondOrder (scheme: Scheme) : Problem -> Outcome =
    Runs.order "the error of x" (1.9, 2.1) [ 16; 32; 64; 128; 256 ] scheme Runs.positionError

/// The right force from the wrong start.
let private uncorrected: Scheme = { Runs.centred with Start = Runs.smooth.Start }

let private force (drawn: Drawn) l = LayerMap.apply (drawn.Map(1, l))

/// ∇ᵏx(l+1) = hᵏ f^(l)(x(l) + (1−k/2)∇x(l)) by the definition of ∇; the drawn history serves as x(0), x(−1), …
let private obeysEquation (drawn: Drawn) : Outcome =
    let k, h = drawn.Order, drawn.Step
    let differences states = Array.init k (fun n -> Simulation.backwardDifference n states)
    let start = differences drawn.History |> Array.mapi (fun n q -> Vector.scale (Rational.power h -n) q)
    let states = Array.scan (fun p l -> CentredCascade.step h (force drawn l) p) start [| 0 .. drawn.Depth - 1 |]
    let newestFirst l = Array.append (Array.init (l + 1) (fun j -> Array.head states[l - j])) (Array.tail drawn.History)

    let layer l =
        let x = newestFirst l
        let centre = Vector.addScaled x[0] (Rational.create (2 - k) 2) (Simulation.backwardDifference 1 x)
        let expected = Vector.scale (Rational.power h k) (force drawn l centre)
        Check.vectors $"∇ᵏx({l + 1})" expected (Simulation.backwardDifference k (Array.take (k + 1) (newestFirst (l + 1))))

    Outcome.all (Seq.map layer (seq { 0 .. drawn.Depth - 1 }))

/// Through all layers and back, and back and through all layers.
let private invertible (drawn: Drawn) : Outcome =
    let layers = [| 0 .. drawn.Depth - 1 |]
    let forward start = Array.fold (fun p l -> CentredCascade.step drawn.Step (force drawn l) p) start layers

    let backward final = Array.foldBack (fun l p -> CentredCascade.inverse drawn.Step (force drawn l) p) layers final

    Outcome.check [
        fun () -> Check.blocks "the start, found again" drawn.History (backward (forward drawn.History))
        fun () -> Check.blocks "the final state, found again" drawn.History (forward (backward drawn.History))
    ]

/// det DΦ = 1, by dual numbers.
let private unimodular (drawn: Drawn) : Outcome =
    let f = ForwardMode.map (drawn.Map(1, 0))
    let jacobian = ForwardMode.ofStep (CentredCascade.step (Dual.constant drawn.Step) f) drawn.History
    Check.equal "det DΦ" Rational.One (Elimination.determinant jacobian)

let private table =
    let error scheme k depth = Runs.run scheme depth (Problems.reference k) |> Runs.positionError
    let row name scheme k values = Printed.row $"{name}, order {k}" (error scheme k) (List.zip [ 16; 32; 64; 128 ] values)

    [
        yield! row "centred" Runs.centred 3 [ "7.187519e-04"; "1.733637e-04"; "4.254853e-05"; "1.053796e-05" ]
        yield! row "centred" Runs.centred 4 [ "1.162270e-03"; "2.726402e-04"; "6.598791e-05"; "1.622968e-05" ]
        yield! row "centred" Runs.centred 5 [ "7.730104e-04"; "1.896146e-04"; "4.690218e-05"; "1.165990e-05" ]
        yield! row "not centred" Runs.corrected 3 [ "5.071402e-03"; "2.486628e-03"; "1.230191e-03"; "6.117087e-04" ]
    ]

let claim: Claim =
    let shape = { Draws.smooth with LeastOrder = 2 }
    let references = Instances.chosen Runs.show (List.map Problems.reference [ 3; 4; 5 ])

    Paper.define
        "hauser.beyond.centred-order-two"
        Paper.own
        "k ≥ 2, force f(p₁ + (1−k/2)h p₂, t_l + (1−k/2)h), start p_n = x⁽ⁿ⁻¹⁾(0) − (n−1)(h/2) x⁽ⁿ⁾(0): max_l |x(l) − x(t_l)| = O(h²), and the step is invertible with determinant 1."
    |> Claim.hypothesis "H1" "the force is evaluated at the centre of ∇ᵏ: p₁ + (1−k/2)h p₂ at the time t_l + (1−k/2)h"
    |> Claim.hypothesis "H2" "p_n(0) = x⁽ⁿ⁻¹⁾(0) − (n−1)(h/2) x⁽ⁿ⁾(0)"
    |> Claim.hypothesis "H3" "x is in C^(k+2) on a neighbourhood of [0, T]"
    |> Claim.hypothesis "H4" "f is Lipschitz in x"
    |> Claim.asymptotic "order-two" (Instances.ladder Runs.show (Problems.ladder [ 2..5 ])) (secondOrder Runs.centred)
    |> Claim.exact "equation" (Instances.random (Draws.generator shape) 60) obeysEquation
    |> Claim.exact "invertible" (Instances.random (Draws.generator shape) 60) invertible
    |> Claim.exact "unimodular" (Instances.random (Draws.generator shape) 40) unimodular
    |> Printed.references table "reference"
    |> Claim.neededBy "H1" (Instances.chosen Runs.show [ Problems.reference 3 ]) (secondOrder Runs.corrected)
    |> Claim.neededBy "H2" references (secondOrder uncorrected)
    |> Claim.neededBy "H3" (Instances.chosen Runs.show [ Problems.notSmooth 3 ]) (secondOrder Runs.centred)
    |> Claim.neededBy "H4" (Instances.chosen Runs.show [ Problems.notLipschitz 3 ]) (secondOrder Runs.centred)
