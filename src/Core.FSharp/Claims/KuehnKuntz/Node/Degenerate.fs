/// All critical points of a degenerate neural differential equation are degenerate.
///
/// Statement: rank W &lt; min(m, n), or w = 0: H is singular everywhere. In fact H·k = 0 for every k with W·k = 0.
/// Proof: H = Wᵀ·(…)·W; w = 0 makes Φ constant. Checked exactly with shear fields (0, …, 0, Ψ(h₁ … h_{m−1})/T), whose flow is one Euler step.
/// The statement is that of a summary, the formula is reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.KuehnKuntz.Node.Degenerate

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Rigour
open LayerTime.Core.Claims
open LayerTime.Core.Claims.KuehnKuntz

/// Φ(x) = w·(h + Ψ(h₁ … h_{m−1})·e_m), h = W·x + b, Ψ a cubic.
[<NoComparison>]
type private Shear = { Lift: Rational[][]; LiftBias: Rational[]; Potential: Term<Rational>[]; Readout: Rational[]; Point: Rational[] }

/// The Hessian at the point, over fractions with derivatives.
let private hessian (shear: Shear) : Matrix<Rational> =
    let n, m = shear.Point.Length, shear.Readout.Length
    let constant = Jet.constant
    let lift = Matrix.ofRows shear.Lift |> Matrix.map constant
    let h = Vector.add (Matrix.apply lift (Jet.variables shear.Point)) (Array.map constant shear.LiftBias)
    let kick = Multivariate.evaluate (Multivariate.map constant shear.Potential) (Array.truncate (m - 1) h)
    let final = Array.updateAt (m - 1) (Arithmetic.(+) h[m - 1] kick) h
    let value = Vector.dot (Array.map constant shear.Readout) final
    Matrix.init n n (Jet.secondDerivative value)

/// H annihilates the kernel of W, and all of ℝⁿ where w = 0.
let private isDegenerate (shear: Shear) : Outcome =
    let h = hessian shear
    let zero = Array.create h.Rows Rational.Zero

    let directions =
        if shear.Readout |> Array.forall (fun w -> w.Sign = 0) then
            List.init h.Rows (Vector.unit h.Rows)
        else
            Elimination.kernel (Matrix.ofRows shear.Lift)

    if directions.IsEmpty then
        Outcome.undecided "the lift is injective and the readout is not 0"
    else
        Outcome.all [
            for k in directions do
                Check.vectors "H·k for W·k = 0" zero (Matrix.apply h k)

            Check.equal "det H" Rational.Zero (Elimination.determinant h)
        ]

let private shears: Generator<Shear> =
    let draw (stream: RandomStream) =
        let n, m = stream.NextInt(2, 3), stream.NextInt(2, 4)
        let entry = Draws.dyadic 4 2
        let forgets = stream.NextInt(0, 3) > 0
        let rank = stream.NextInt(1, min m n - 1)
        let left, right = Draws.matrix entry stream m rank, Draws.matrix entry stream rank n
        let deficient = Matrix.multiply (Matrix.ofRows left) (Matrix.ofRows right) |> Matrix.toRows

        let term _ =
            let exponents = Array.create (m - 1) 0

            for _ in 1 .. stream.NextInt(1, 3) do
                let i = stream.NextInt(0, m - 2)
                exponents[i] <- exponents[i] + 1

            { Coefficient = entry stream; Exponents = exponents }

        {
            Lift = if forgets then deficient else Draws.matrix entry stream m n
            LiftBias = Draws.vector entry stream m
            Potential = Array.init (stream.NextInt(1, 5)) term
            Readout = Array.init m (fun _ -> if forgets then entry stream else Rational.Zero)
            Point = Draws.vector entry stream n
        }

    let shrink (shear: Shear) =
        seq {
            for terms in Shrink.array 1 Shrink.none shear.Potential do
                { shear with Potential = terms }

            for point in Shrink.elements Draws.shrinkFraction shear.Point do
                { shear with Point = point }
        }

    Generator.fromStream (fun _ -> draw) shrink (fun shear -> [
        "W", shear.Lift |> Array.map Draws.showVector |> String.concat " "
        "b", Draws.showVector shear.LiftBias
        "Ψ", Multivariate.show (Array.init (shear.Readout.Length - 1) (fun i -> $"h{i + 1}")) shear.Potential
        "w", Draws.showVector shear.Readout
        "x", Draws.showVector shear.Point
    ])

/// tanh fields: H·k is 0 to rounding, through the enclosures of a flow.
let private annihilates (node: Node) : Outcome =
    let n = node.Lift[0].Length
    let h = Nodes.hessian node (Box.ofPoint (Array.create n 0.25))

    Outcome.all [
        for k in Elimination.kernel (Matrix.ofRows node.Lift) do
            for side in Matrix.apply h (Array.map Interval.ofRational k) do
                if Interval.contains 0.0 side then Outcome.holds else Outcome.refuted "H·k for W·k = 0" "0" (string side)
    ]

/// The Hessian of N12 at its critical points is regular: the lift is injective.
let private isSingular (node: Node) : Outcome =
    let census = Nodes.census 500L node (Box.cube 1 3.0)

    match census.Points with
    | [] -> Outcome.undecided "no critical point is found"
    | point :: _ ->
        let h = Nodes.hessian node point.Point

        if IntervalMatrix.isRegular h then
            Outcome.refuted $"det H at {Instruments.showBox point.Point}" "0" (string (IntervalMatrix.determinant h))
        else
            Outcome.undecided "H is not proved to be regular"

let claim: Claim =
    let deficient (stream: RandomStream) m n =
        let entry = Draws.dyadic 8 1

        Matrix.multiply (Matrix.ofRows (Draws.matrix entry stream m 1)) (Matrix.ofRows (Draws.matrix entry stream 1 n))
        |> Matrix.toRows

    let nodes = Nodes.draws (fun _ -> 2, 2) deficient Nodes.short

    Paper.define
        "kuehn-kuntz.node.degenerate"
        Paper.ofSummary
        "rank W < min(m, n) or w = 0: every critical point is degenerate, as H·k = 0 wherever W·k = 0."
    |> Claim.hypothesis "H1" "rank W < min(m, n), or w = 0"
    |> Claim.exact "shear-fields" (Instances.random shears 100) isDegenerate
    |> Claim.certified "tanh-fields" (Instances.random nodes 5) annihilates
    |> Claim.neededBy "H1" (Instances.chosen nodes.Show [ Nodes.N12 ]) isSingular
