/// Tangents and momenta pair to a constant.
///
/// Statement: δx′ = F′(x)δx and −a′ = F′(x)ᵀa along the same trajectory ⇒ a·δx does not depend on t.
/// Proof: differentiate. Along different trajectories the pairing drifts: for the known field at the rate 2a_2 δx_1(x_1 − x̃_1).
/// Immediate from the slides.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.Momentum.Pairing

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

/// A field, a tangent at its start, and the start of the trajectory that carries the momentum.
[<NoComparison>]
type private Pair = { Case: TriangularCase; Tangent: Rational[]; Other: Rational[] }

let private pairing (pair: Pair) : Rational[] =
    let case = pair.Case
    let δ = Triangular.tangent case pair.Tangent
    let _, a = Triangular.trajectory { case with Start = pair.Other }
    RingPolynomial.dot a δ

let private isConstant (pair: Pair) : Outcome = Check.isConstant "a(t)·δx(t) − a(0)·δx(0)" (pairing pair)

let private generator: Generator<Pair> =
    let fields = Triangular.generator false

    let gen =
        FsCheck.FSharp.Gen.map2
            (fun (case: TriangularCase) (stream: RandomStream) -> {
                Case = case
                Tangent = Draws.vector stream case.Dimension
                Other = case.Start
            })
            fields.Gen
            Generator.stream

    let shrink pair =
        seq {
            for case in fields.Shrink pair.Case do
                { Case = case; Tangent = Array.truncate case.Dimension pair.Tangent; Other = case.Start }

            for tangent in Draws.shrinkVector pair.Tangent do
                { pair with Tangent = tangent }
        }

    let show pair = fields.Show pair.Case @ [ "δx(0)", Known.show pair.Tangent; "the momentum's x(0)", Known.show pair.Other ]

    Generator.create gen shrink show

/// φ_t′(x)δ against a(t), in closed form.
let private isConstantInClosedForm (case: ProjectiveCase) : Outcome =
    let δ = Vector.subtract case.Target case.Start

    let at t = Vector.dot (Projective.momentum case t) (Matrix.apply (Projective.jacobian case.Direction t case.Start) δ)

    [| "0"; "1/3"; "1/2"; "1" |] |> Array.map (Known.number >> at) |> Check.constant "a(t)·δx(t)"

let private known = { Case = Triangular.known; Tangent = Known.vector "3 -2"; Other = Triangular.known.Start }
let private apart = { known with Other = Known.vector "2 -1" }

let claim: Claim =
    Paper.define "ruseckas.pairing.continuous" Paper.afterSlides "δx′ = F′(x)δx, −a′ = F′(x)ᵀa ⇒ a·δx is constant in depth."
    |> Claim.hypothesis "H1" "tangent and momentum belong to the same trajectory"
    |> Claim.exact "triangular-fields" (Instances.random generator 100) isConstant
    |> Claim.exact "projective-fields" (Instances.random Projective.generator 100) isConstantInClosedForm
    |> Known.exact "reference" [
        Known.value "E1: a·δx at t = 0, 1, 2" "-31/3 -31/3 -31/3" (fun () ->
            [| 0; 1; 2 |] |> Array.map (fun t -> RingPolynomial.evaluate (pairing known) (Rational.ofInt t)))
        Known.value "E1, momentum from (2, −1): the drift at 0 over 2a_2 δx_1 (x_1 − x̃_1)" "1" (fun () ->
            let _, a = Triangular.trajectory { known.Case with Start = apart.Other }
            let rate = (RingPolynomial.derivative (pairing apart))[0]
            // δx_1 = 3, x_1 − x̃_1 = −1.
            [| rate / (Rational.ofInt -6 * (Triangular.at Rational.Zero a)[1]) |])
    ]
    |> Claim.neededBy "H1" (Instances.chosen generator.Show [ apart ]) isConstant
