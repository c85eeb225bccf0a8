/// The state space of an additive dense network of order k in delay coordinates.
///
/// Statement: with z_j(l) = x(l+1−j), the equation x(l+1) = Σ_{n=1..k} f_n^(l)(x(l+1−n)) is z₁⁺ = Σ_n f_n^(l)(z_n), z_j⁺ = z_{j−1}.
/// Proof: it is the equation, with names. The baseline of the other two state spaces.
/// That a state space of dimension k·d exists stands in the abstract.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Dense.StateSpaceDelay

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

/// z(0), …, z(L) by the library's step.
let private states (drawn: Drawn) : Rational[][][] =
    let maps l = Array.init drawn.Order (fun i -> LayerMap.apply (drawn.Map(i + 1, l)))
    Array.scan (fun z l -> DenseState.delay (maps l) z) drawn.History [| 0 .. drawn.Depth - 1 |]

/// The trajectory and the delay states are those of the definition written out.
let private agree (drawn: Drawn) : Outcome =
    let x = Written.states drawn
    let trajectory = Simulation.run drawn.Dense drawn.History
    let found = states drawn

    let check l =
        let expected = Array.init drawn.Order (fun j -> x (l - j))

        Outcome.check [
            fun () -> Check.blocks $"the delay state at depth {l}" expected found[l]
            fun () -> Check.blocks $"the trajectory at depth {l}" expected (trajectory.Delay l)
        ]

    Outcome.all (Seq.map check (seq { 0 .. drawn.Depth }))

/// k = 3, d = 2, ReLU, the test maps n = 1..3, L = 4.
let private reluRun =
    lazy
        (let maps = Array.init 4 (fun l -> Array.init 3 (fun i -> TestMaps.map Activation.Relu 2 (i + 1) l))
         let network = Architecture.AdditiveDense maps |> Architecture.equation |> Defect.orFail
         Simulation.run network TestMaps.history3)

/// Hénon's map x(l+1) = 1 − (7/5)x(l)² + (3/10)x(l−1): f₁ as an inner network of a square and an affine layer.
let private hénon =
    lazy
        (let fraction p q = Rational.create p q
         let scalar a = Matrix.ofRows [| [| a |] |]
         let square = Layer.create (scalar Rational.One) [| Rational.Zero |] [| Activation.Square |] |> Defect.orFail
         let affine = Layer.affine (scalar (fraction -7 5)) [| Rational.One |] |> Defect.orFail
         let f1 = LayerMap.create [| square; affine |] |> Defect.orFail
         let network = Architecture.AdditiveDense(Array.create 4 [| f1; LayerMap.linear (scalar (fraction 3 10)) |])
         let history = [| [| Rational.Zero |]; [| Rational.Zero |] |]
         (Simulation.run (network |> Architecture.equation |> Defect.orFail) history).Outputs)

let private references: Reference<Rational[][]> list = [
    {
        Quantity = "x(1) … x(4), order 3, ReLU"
        Expected = TestMaps.rows [ "0 37/24"; "5/4 181/96"; "617/384 0"; "1619/384 919/1536" ]
        Compute = fun () -> reluRun.Value.Outputs
    }
    {
        Quantity = "x(1) … x(4) of Hénon's map"
        Expected = TestMaps.rows [ "1"; "-2/5"; "269/250"; "-231527/312500" ]
        Compute = fun () -> hénon.Value
    }
]

let claim: Claim =
    Paper.define
        "hauser.dense.state-space-delay"
        Paper.ofAbstract
        "x(l+1) = Σ_{n=1..k} f_n^(l)(x(l+1−n)) ⇔ z₁(l+1) = Σ_n f_n^(l)(z_n(l)), z_j(l+1) = z_{j−1}(l), with z_j(l) = x(l+1−j)."
    |> Claim.exact "states-agree" (Instances.random (Draws.generator Draws.dense) 60) agree
    |> Check.references Check.blocks references "reference"
