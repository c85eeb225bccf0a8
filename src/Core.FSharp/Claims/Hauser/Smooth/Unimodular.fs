/// Smooth networks of order k ≥ 2 preserve the volume of their state space, whatever their maps are.
///
/// Statement: det DΦ_l = 1 wherever f is differentiable, in delay, difference and scaled coordinates. For other architectures of
/// the family ∇ʳx(l+1) = hʳ Σ_{n=1..p} f_n(x(l+1−n)), K = max(r, p): 1 for r &gt; p; (−1)^((K−1)d) det(hʳ Df_p) for p &gt; r;
/// (−1)^((r−1)d) det((−1)^(r+1) I + hʳ Df_r) for p = r. A residual network has det(I + h Df).
/// Proof: the determinant of a block companion matrix is (−1)^((K−1)d) times that of its last block.
/// At a kink the one-sided derivative that the library takes obeys the same identity, as it uses no more than the pattern of blocks.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Smooth.Unimodular

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

/// The assembled Jacobian has determinant 1 and is the derivative of the simulated step.
let private preservesVolume (equation: DifferenceEquation<Rational>, delay: Rational[][]) : Outcome =
    let assembled = Adjoint.stepJacobian equation 0 delay

    Outcome.check [
        fun () -> Check.equal "det DΦ" Rational.One (Elimination.determinant assembled)
        fun () -> Smooth.matrices "DΦ" (ForwardMode.ofFirstLayer equation delay) assembled
    ]

/// Delay, difference and scaled coordinates, and every layer of the run.
let private smoothNetwork (drawn: Drawn) : Outcome =
    let trajectory = Simulation.run drawn.Smooth drawn.History
    let first, last = FamilyVolume.firstLayer drawn, drawn.Depth - 1
    let h, f = Dual.constant drawn.Step, ForwardMode.map (drawn.Map(1, 0))
    let q = Smooth.differences trajectory 0
    let volume name jacobian = Check.equal $"det DΦ in {name} coordinates" Rational.One (Elimination.determinant jacobian)

    Outcome.all (
        seq {
            preservesVolume (first.Smooth, first.History)
            volume "difference" (ForwardMode.ofStep (SmoothState.closedForm h f) q)
            volume "scaled" (ForwardMode.ofStep (SmoothState.scaledForm h f) (Coordinates.toScaled drawn.Step q))

            volume "delay (last layer)" (Adjoint.stepJacobian drawn.Smooth last (trajectory.Delay last))

            for l in 0..last do
                Check.equal $"det DΦ of layer {l}" Rational.One (VolumeChange.determinant drawn.Smooth l (trajectory.Delay l))
        }
    )

let private showEquation (name: string, _: DifferenceEquation<Rational>, delay: Rational[][]) = [
    "equation", name
    "x(l), x(l−1), …", Check.showBlocks delay
]

/// d = 2, h = 1, squares, the test map n = 0, l = 0, from x(0) = (1, −1/2).
let private square: LayerMap<Rational> = TestMaps.map Activation.Square 2 0 0

let private ofOrder k = Smooth.network (Architecture.Smooth(k, Rational.One, [| square |]))

let private references: Reference<Matrix<Rational>> list = [
    {
        Quantity = "Df, squares"
        Expected = Matrix.ofRows (TestMaps.rows [ "55/8 0"; "11/8 -33/16" ])
        Compute = fun () -> LayerMap.jacobian square TestMaps.history3[0]
    }
    {
        Quantity = "DΦ, order 2, squares"
        Expected = Matrix.ofRows (TestMaps.rows [ "71/8 0 -1 0"; "11/8 -1/16 0 -1"; "1 0 0 0"; "0 1 0 0" ])
        Compute = fun () -> Adjoint.stepJacobian (ofOrder 2) 0 (Array.take 2 TestMaps.history3)
    }
    {
        Quantity = "det DΦ, orders 1 and 2, squares"
        Expected = Matrix.ofRows (TestMaps.rows [ "-1071/128 1" ])
        Compute =
            fun () ->
                let determinant k = Elimination.determinant (Adjoint.stepJacobian (ofOrder k) 0 (Array.take k TestMaps.history3))
                Matrix.ofRows [| Array.map determinant [| 1; 2 |] |]
    }
    {
        Quantity = "det DΦ, order 2, h = 1/2, f = 3x read at the oldest state"
        Expected = Matrix.ofRows (TestMaps.rows [ "1/4" ])
        Compute =
            fun () ->
                let triple = LayerMap.linear (Matrix.ofRows (TestMaps.rows [ "3" ]))
                let oldest = SmoothState.forwardVariant (Dual.constant (Rational.create 1 2)) (ForwardMode.map triple)
                Matrix.ofRows [| [| Elimination.determinant (ForwardMode.ofStep oldest (TestMaps.rows [ "1"; "1" ])) |] |]
    }
]

let private residual = "x(l+1) = x(l) + f(x(l)), squares", ofOrder 1, Array.take 1 TestMaps.history3

let private oldestRead =
    let maps = [| [| Smooth.constant [| Rational.Zero |]; LayerMap.linear (Matrix.ofRows (TestMaps.rows [ "3" ])) |] |]
    "∇²x(l+1) = h²·3x(l−1), h = 1/2", Smooth.network (Architecture.Master(2, Rational.create 1 2, maps)), TestMaps.rows [ "1"; "1" ]

let claim: Claim =
    let conclude (_: string, equation, delay) = preservesVolume (equation, delay)

    Paper.define
        "hauser.smooth.unimodular"
        Paper.reconstructed
        "det DΦ_l = 1 for the state map of ∇ᵏx(l+1) = hᵏ f^(l), wherever f^(l) is differentiable, in delay, difference and scaled coordinates; in the family (r,p), K = max(r,p): 1 for r > p, (−1)^((K−1)d) det(hʳ Df_p) for p > r, (−1)^((r−1)d) det((−1)^(r+1) I + hʳ Df_r) for p = r."
    |> Claim.hypothesis "H1" "k ≥ 2"
    |> Claim.hypothesis "H2" "f^(l) reads only x(l)"
    |> Claim.exact "smooth" (Instances.random (Draws.generator { Draws.smooth with LeastOrder = 2 }) 60) smoothNetwork
    |> Claim.exact "additive-dense" (Instances.random FamilyVolume.denseNetworks 80) FamilyVolume.dense
    |> Claim.exact "master-family" (Instances.random FamilyVolume.members 80) FamilyVolume.family
    |> Check.references Smooth.matrices references "reference"
    |> Claim.neededBy "H1" (Instances.chosen showEquation [ residual ]) conclude
    |> Claim.neededBy "H2" (Instances.chosen showEquation [ oldestRead ]) conclude
