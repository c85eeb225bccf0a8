/// Smooth networks of order 2 with gradient forces are symplectic: the Störmer–Verlet scheme, or the standard map.
///
/// Statement: for k = 2 the Jacobian in (q₁, q₂) = (x, ∇x) is M = [[I+h²Df, I], [h²Df, I]], and
/// MᵀΩM − Ω = [[h²(Df − Dfᵀ), 0], [0, 0]] with Ω = [[0, I], [−I, 0]]: M is symplectic iff Df is symmetric. In scaled coordinates the
/// form is h·Ω, so nothing changes.
/// Proof: multiply out. The determinant of M is 1 for any Df and is no substitute for the check.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Smooth.Symplectic

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

/// One layer and a state of k blocks of differences, k·d even.
[<NoComparison>]
type private Motion = { Force: string; Step: Rational; Map: LayerMap<Rational>; State: Rational[][] }

let private showMotion (motion: Motion) = [
    "force", motion.Force
    "order", string motion.State.Length
    "step", string motion.Step
    "x, ∇x, …", Check.showBlocks motion.State
]

/// DΦ in difference coordinates, with dual numbers through the cascade.
let private jacobian (motion: Motion) : Matrix<Rational> =
    ForwardMode.ofStep (SmoothState.cascade (Dual.constant motion.Step) (ForwardMode.map motion.Map)) motion.State

/// MᵀΩM = Ω
let private isSymplectic (motion: Motion) : Outcome =
    let m = jacobian motion
    Smooth.matrices "MᵀΩM − Ω" (Matrix.zero m.Rows m.Rows) (Symplectic.defect m)

/// f = Wᵀσ(W·x + b), open for simplification.
[<NoComparison>]
type private Potential = {
    Step: Rational
    Layer: DrawnMap
    State: Rational[][]
} with

    member p.Motion = {
        Force = "Wᵀσ(W·x + b), " + Activation.name p.Layer.Activation
        Step = p.Step
        Map = Symplectic.gradientMap (Matrix.ofRows p.Layer.Weights) p.Layer.Bias p.Layer.Activation |> Defect.orFail
        State = p.State
    }

let private showPotential (p: Potential) =
    showMotion p.Motion @ [ "W", Check.showBlocks p.Layer.Weights; "b", Draws.showVector p.Layer.Bias ]

/// Symplectic in differences, in scaled differences and, through S, in the assembled Jacobian; and M is the written one.
let private gradientForce (p: Potential) : Outcome =
    let motion = p.Motion
    let h, x = motion.Step, motion.State[0]
    let d = x.Length
    let m = jacobian motion
    let network = Smooth.network (Architecture.Smooth(2, h, [| motion.Map |]))
    let s = Matrix.kronecker (Coordinates.signedPascal 2) (Matrix.identity d)
    let assembled = Adjoint.stepJacobian network 0 (Coordinates.toDelay motion.State)

    let scaled =
        Coordinates.toScaled h motion.State
        |> ForwardMode.ofStep (SmoothState.scaledForm (Dual.constant h) (ForwardMode.map motion.Map))

    Outcome.check [
        fun () -> isSymplectic motion
        fun () -> Smooth.matrices "[[I + h²Df, I], [h²Df, I]]" m (Symplectic.step h (LayerMap.jacobian motion.Map x))
        fun () -> Smooth.matrices "S DΦ S" m (Matrix.multiply s (Matrix.multiply assembled s))
        fun () -> Smooth.matrices "the scaled MᵀΩM − Ω" (Matrix.zero (2 * d) (2 * d)) (Symplectic.defect scaled)
    ]

let private potentials: Generator<Potential> =
    let draw _ (stream: RandomStream) =
        let d, width = stream.NextInt(1, 3), stream.NextInt(1, 3)

        {
            Step = Draws.step stream
            Layer = {
                Weights = Array.init width (fun _ -> Draws.vector stream d)
                Bias = Draws.vector stream width
                Activation = Draws.choice stream Draws.exactActivations
            }
            State = Array.init 2 (fun _ -> Draws.vector stream d)
        }

    let cut (d: int) (width: int) (p: Potential) = {
        p with
            Layer = {
                p.Layer with
                    Weights = p.Layer.Weights |> Array.truncate width |> Array.map (Array.truncate d)
                    Bias = Array.truncate width p.Layer.Bias
            }
            State = p.State |> Array.map (Array.truncate d)
    }

    let shrink (p: Potential) =
        seq {
            for d in Shrink.int 1 p.State[0].Length do
                cut d p.Layer.Bias.Length p

            for width in Shrink.int 1 p.Layer.Bias.Length do
                cut p.State[0].Length width p

            if p.Layer.Activation <> Activation.Identity then
                { p with Layer = { p.Layer with Activation = Activation.Identity } }

            if p.Step <> Rational.One then
                { p with Step = Rational.One }

            for weights in Shrink.elements (Shrink.elements Draws.shrinkFraction) p.Layer.Weights do
                { p with Layer = { p.Layer with Weights = weights } }

            for bias in Shrink.elements Draws.shrinkFraction p.Layer.Bias do
                { p with Layer = { p.Layer with Bias = bias } }

            for state in Shrink.elements (Shrink.elements Draws.shrinkFraction) p.State do
                { p with State = state }
        }

    Generator.fromStream draw shrink showPotential

/// The defect of M for any Df, symmetric or not: h²(Df − Dfᵀ) in the upper left corner and nothing else.
let private exactDefect (h: Rational, derivative: Rational[][]) : Outcome =
    let df = Matrix.ofRows derivative
    let d = df.Rows
    let corner = Matrix.scale (h * h) (Matrix.subtract df (Matrix.transpose df))
    let zero = Matrix.zero d d

    Smooth.matrices "MᵀΩM − Ω" (Matrix.ofBlocks [| [| corner; zero |]; [| zero; zero |] |]) (Symplectic.defect (Symplectic.step h df))

let private derivatives: Generator<Rational * Rational[][]> =
    let draw _ (stream: RandomStream) =
        let d = stream.NextInt(1, 4)
        Draws.step stream, Array.init d (fun _ -> Draws.vector stream d)

    let shrink (h: Rational, derivative) =
        seq {
            if h <> Rational.One then
                Rational.One, derivative

            for simpler in Shrink.elements (Shrink.elements Draws.shrinkFraction) derivative do
                h, simpler
        }

    Generator.fromStream draw shrink (fun (h, derivative) -> [ "h", string h; "Df", Check.showBlocks derivative ])

let private linear (name: string) (force: string list) (state: string list) : Motion = {
    Force = name
    Step = Rational.One
    Map = LayerMap.linear (Matrix.ofRows (TestMaps.rows force))
    State = TestMaps.rows state
}

/// A force that turns instead of pulling: Df = [[0, −1], [1, 0]].
let private rotation: Motion = linear "(−x₂, x₁)" [ "0 -1"; "1 0" ] [ "0 0"; "0 0" ]

/// Symmetric forces at orders other than 2.
let private otherOrders = [ linear "x" [ "1 0"; "0 1" ] [ "0 0" ]; linear "x" [ "1" ] [ "0"; "0"; "0"; "0" ] ]

let private references: Reference<Matrix<Rational>> list = [
    {
        Quantity = "MᵀΩM − Ω of the turning force, h = 1"
        Expected = Matrix.ofRows (TestMaps.rows [ "0 -2 0 0"; "2 0 0 0"; "0 0 0 0"; "0 0 0 0" ])
        Compute = fun () -> Symplectic.defect (jacobian rotation)
    }
    {
        Quantity = "det M of the turning force, h = 1"
        Expected = Matrix.ofRows (TestMaps.rows [ "1" ])
        Compute = fun () -> Matrix.ofRows [| [| Elimination.determinant (jacobian rotation) |] |]
    }
]

let claim: Claim =
    Paper.define
        "hauser.smooth.symplectic"
        Paper.reconstructed
        "With Ω = [[0, I], [−I, 0]] the Jacobian M of a layer in differences satisfies MᵀΩM = Ω; for order 2, M = [[I+h²Df, I], [h²Df, I]] and MᵀΩM − Ω = [[h²(Df − Dfᵀ), 0], [0, 0]] for any Df, so that the symmetry of Df is necessary and sufficient."
    |> Claim.hypothesis "H1" "k = 2"
    |> Claim.hypothesis "H2" "Df(x) is symmetric, f = −∇V"
    |> Claim.exact "gradient-force" (Instances.random potentials 100) gradientForce
    |> Claim.exact "defect" (Instances.random derivatives 100) exactDefect
    |> Check.references Smooth.matrices references "reference"
    |> Claim.neededBy "H1" (Instances.chosen showMotion otherOrders) isSymplectic
    |> Claim.neededBy "H2" (Instances.chosen showMotion [ rotation ]) isSymplectic
