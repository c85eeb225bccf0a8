/// The state space of a smooth network of order k.
///
/// Statement: with q_n(l) = ∇ⁿ⁻¹x(l), the equation ∇ᵏx(l+1) = hᵏ f^(l)(x(l)) is q_n(l+1) = Σ_{m=n..k} q_m(l) + hᵏ f^(l)(q₁(l)),
/// n = 1..k; the scaled and the cascade form are the same map in other coordinates or in another order of work.
/// Proof: ∇ⁿ⁻¹x(l+1) = ∇ⁿ⁻¹x(l) + ∇ⁿx(l+1), up to ∇ᵏx(l+1) = hᵏ f.
/// The existence of a closed form stands in the abstract; the formula is reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Smooth.StateSpace

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

/// The states of a form at depths 0..L, from its step and its start.
let private states (step: LayerMap<Rational> -> Rational[][] -> Rational[][]) (start: Rational[][]) (drawn: Drawn) : Rational[][][] =
    Array.scan (fun state l -> step (drawn.Map(1, l)) state) start [| 0 .. drawn.Depth - 1 |]

let private start (drawn: Drawn) = Coordinates.toDifference drawn.History

let private closed (drawn: Drawn) = states (fun f -> SmoothState.closedForm drawn.Step (LayerMap.apply f)) (start drawn) drawn

let private cascade (drawn: Drawn) = states (fun f -> SmoothState.cascade drawn.Step (LayerMap.apply f)) (start drawn) drawn

let private scaled (step: Rational -> (Rational[] -> Rational[]) -> Rational[][] -> Rational[][]) (drawn: Drawn) =
    states (fun f -> step drawn.Step (LayerMap.apply f)) (Coordinates.toScaled drawn.Step (start drawn)) drawn
    |> Array.map (Coordinates.ofScaled drawn.Step)

/// Every form reproduces the differences of the trajectory, at every depth.
let private agree (drawn: Drawn) : Outcome =
    let trajectory = Simulation.run drawn.Smooth drawn.History
    // ∇ⁿ⁻¹x(l) from the trajectory by the definition of ∇, not by the change of basis.
    let difference l = Array.init drawn.Order (fun n -> Simulation.backwardDifference n (trajectory.Delay l))

    let expected = Array.init (drawn.Depth + 1) difference

    let compare form (found: Rational[][][]) =
        Outcome.all (seq { for l in 0 .. drawn.Depth -> Check.blocks $"{form} at depth {l}" expected[l] found[l] })

    Outcome.check [
        fun () -> compare "the closed form" (closed drawn)
        fun () -> compare "the cascade" (cascade drawn)
        fun () -> compare "the scaled form" (scaled SmoothState.scaledForm drawn)
        fun () -> compare "the scaled cascade" (scaled SmoothState.scaledCascade drawn)
    ]

let private fraction = Rational.create

/// k = 3, d = 2, h = 1/2, leaky ReLU, the test maps, L = 5.
let private leakyRun =
    lazy
        (let maps = Array.init 5 (TestMaps.map TestMaps.leaky 2 0)
         let network = Architecture.Smooth(3, fraction 1 2, maps) |> Architecture.equation |> Defect.orFail
         Simulation.run network TestMaps.history3)

let private leakyReference: Reference<Rational[][]> list = [
    {
        Quantity = "q(0), order 3"
        Expected = TestMaps.rows [ "1 -1/2"; "2/3 -1/2"; "1/3 -1/4" ]
        Compute = fun () -> Coordinates.toDifference TestMaps.history3
    }
    {
        Quantity = "x(1) … x(5), order 3, leaky ReLU"
        Expected =
            TestMaps.rows [
                "245/128 -331/256"
                "1289/384 -15683/8192"
                "16602149/3145728 -1639987/786432"
                "856050533/100663296 -783720455/402653184"
                "176921277751/12884901888 -1074569739/2147483648"
            ]
        Compute = fun () -> leakyRun.Value.Outputs
    }
    {
        Quantity = "q₂(5), q₃(5), order 3, leaky ReLU"
        Expected = TestMaps.rows [ "22448936509/4294967296 9315818063/6442450944"; "25774743607/12884901888 8420571839/6442450944" ]
        Compute = fun () -> Array.tail (Coordinates.toDifference (leakyRun.Value.Delay 5))
    }
    {
        Quantity = "x(1) … x(3), order 2, squares"
        Expected = TestMaps.rows [ "337/64"; "277921/16384"; "83108994881/1073741824" ]
        Compute =
            fun () ->
                let maps = Array.init 3 (TestMaps.map Activation.Square 1 0)
                let network = Architecture.Smooth(2, Rational.One, maps) |> Architecture.equation |> Defect.orFail
                (Simulation.run network [| [| fraction 1 2 |]; [| fraction 1 4 |] |]).Outputs
    }
]

/// A step on (q₁, q₂) for k = 2, d = 1, h = 1, f = id.
let private withStep (name: string) (step: Rational[][] -> Rational[][]) = name, step

/// From q = (1, 1), x(1) … x(4) have to be those of ∇²x(l+1) = x(l), that is 3, 8, 21, 55.
let private isSecondOrder (_: string, step: Rational[][] -> Rational[][]) : Outcome =
    let start = TestMaps.rows [ "1"; "1" ]
    let found = Array.scan (fun q _ -> step q) start [| 1..4 |] |> Array.tail |> Array.map Array.head
    Check.blocks "x(1) … x(4)" (TestMaps.rows [ "3"; "8"; "21"; "55" ]) found

let private rightOrders = [
    withStep "the closed form" (SmoothState.closedForm Rational.One id)
    withStep "q₂ ← q₂ + f(q₁), then q₁ ← q₁ + q₂" (SmoothState.cascade Rational.One id)
]

let private wrongOrders = [
    withStep "both from old values: q₁ ← q₁ + q₂, q₂ ← q₂ + f(q₁)" (SmoothState.forwardVariant Rational.One id)
    withStep "q₁ first, then f at the new q₁" (fun q ->
        let newest = Vector.add q[0] q[1]
        [| newest; Vector.add q[1] newest |])
]

/// The plausible runs of the wrong orders, so that a wrong step is recognised when it is met.
let private wrongRuns: Reference<Rational[][]> list =
    List.map2
        (fun (name, step) expected -> {
            Quantity = $"x(1) … x(4), {name}"
            Expected = TestMaps.rows expected
            Compute =
                fun () -> Array.scan (fun q _ -> step q) (TestMaps.rows [ "1"; "1" ]) [| 1..4 |] |> Array.tail |> Array.map Array.head
        })
        wrongOrders
        [ [ "2"; "4"; "8"; "16" ]; [ "2"; "5"; "13"; "34" ] ]
    @ [
        {
            Quantity = "x(1) … x(4) of the right network from x(0) = x(−1) = 1, the second of the wrong runs"
            Expected = TestMaps.rows [ "2"; "5"; "13"; "34" ]
            Compute =
                fun () ->
                    let identity = LayerMap.linear (Matrix.identity 1)
                    let network = Architecture.Smooth(2, Rational.One, Array.create 4 identity) |> Architecture.equation |> Defect.orFail
                    (Simulation.run network (TestMaps.rows [ "1"; "1" ])).Outputs
        }
    ]

/// q⁺ = q + ((U−I)⊗I) q + hᵏ (1⊗I) f(q₁) with matrices, and the order at which U − I is nilpotent.
let private matrixForm (drawn: Drawn) : Outcome =
    let k, d = drawn.Order, drawn.Width
    let identity: Matrix<Rational> = Matrix.identity d
    let nilpotent = Matrix.subtract (Coordinates.upperOnes k) (Matrix.identity k)
    let ones = Matrix.init k 1 (fun _ _ -> Rational.power drawn.Step k)

    let step (f: LayerMap<Rational>) (q: Rational[][]) =
        let flat = Array.concat q
        let moved = Matrix.apply (Matrix.kronecker nilpotent identity) flat
        let driven = Matrix.apply (Matrix.kronecker ones identity) (LayerMap.apply f q[0])
        Vector.sum [| flat; moved; driven |] |> Array.chunkBySize d

    Outcome.check [
        fun () -> Check.blocks "q(L)" (Array.last (states step (start drawn) drawn)) (Array.last (closed drawn))
        fun () -> Outcome.isTrue "(U − I)ᵏ" "is zero" (Matrix.power nilpotent k = Matrix.zero k k)
        fun () -> Outcome.isTrue "(U − I)ᵏ⁻¹" "is not zero" (Matrix.power nilpotent (k - 1) <> Matrix.zero k k)
    ]

let claim: Claim =
    let showStep (name: string, _: Rational[][] -> Rational[][]) = [ "update", name ]

    Paper.define
        "hauser.smooth.state-space"
        Paper.ofAbstract
        "∇ᵏx(l+1) = hᵏ f^(l)(x(l)) ⇔ q_n(l+1) = Σ_{m=n..k} q_m(l) + hᵏ f^(l)(q₁(l)), n = 1..k, with q_n = ∇ⁿ⁻¹x, k ≥ 1, any f; likewise its scaled, cascade and residual forms."
    |> Claim.hypothesis "H1" "f^(l) is evaluated at the newest state x(l) = q₁(l), before anything is updated"
    |> Claim.exact "forms-agree" (Instances.random (Draws.generator Draws.smooth) 100) agree
    |> Claim.exact "matrix-form" (Instances.random (Draws.generator Draws.smooth) 50) matrixForm
    |> Check.references Check.blocks (leakyReference @ wrongRuns) "reference"
    |> Claim.exact "order-of-update" (Instances.chosen showStep rightOrders) isSecondOrder
    |> Claim.neededBy "H1" (Instances.chosen showStep wrongOrders) isSecondOrder
