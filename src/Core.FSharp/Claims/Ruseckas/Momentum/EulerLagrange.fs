/// Forward and backward pass are the Euler–Lagrange equations of ℒ = a·x′ − a·F.
///
/// Statement: the first variation of S = L(x(T)) + ∫₀ᵀ a·(F − x′) dt, ∇L·ξ(T) + ∫₀ᵀ [a·(F′ξ − ξ′) + η·(F − x′)] dt, is 0 for every ξ with
/// ξ(0) = 0 and every η, when a(T) = ∇L(x(T)). ℒ is linear in x′ and free of a′, so its velocity Hessian is 0 and the Legendre map is
/// singular; ∂ℒ/∂x′ = a, and ℒ = 0 on trajectories.
/// Proof: by parts, the variation is (∇L − a(T))·ξ(T) + a(0)·ξ(0).
/// On the slides; the sign of ℒ is reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.Momentum.EulerLagrange

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

/// A field with a variation (ξ, η) and what a(T) exceeds ∇L by.
[<NoComparison>]
type private Variation = { Case: TriangularCase; Ξ: Rational[][]; Η: Rational[][]; Excess: Rational[] }

let private momentum (variation: Variation) : Rational[][] * Rational[] * Rational[][] =
    let case = variation.Case
    let x = Triangular.solve case.Field Rational.Zero case.Start
    let gradient = Vector.subtract (Triangular.at case.Horizon x) case.Target
    x, gradient, Triangular.momentum case.Field x case.Horizon (Vector.add gradient variation.Excess)

/// d/dε S[x + εξ, a + εη] at ε = 0.
let private derivative (variation: Variation) : Rational =
    let case, ξ = variation.Case, variation.Ξ
    let x, gradient, a = momentum variation

    let pushed =
        Array.init case.Dimension (fun j ->
            Array.init case.Dimension (fun i -> RingPolynomial.multiply (Triangular.slope case.Field x j i) ξ[i])
            |> Array.reduce RingPolynomial.add)

    let missing =
        Array.map2 (fun f x -> RingPolynomial.subtract f (RingPolynomial.derivative x)) (Triangular.along case.Field x) x

    let moved = Array.map2 (fun p ξ -> RingPolynomial.subtract p (RingPolynomial.derivative ξ)) pushed ξ
    let integrand = RingPolynomial.add (RingPolynomial.dot a moved) (RingPolynomial.dot variation.Η missing)
    Vector.dot gradient (Triangular.at case.Horizon ξ) + RingPolynomial.integrate integrand Rational.Zero case.Horizon

let private isStationary (variation: Variation) : Outcome = Check.equal "the first variation of S" Rational.Zero (derivative variation)

/// The variation for any a(T) and ξ(0): −(excess)·ξ(T) + a(0)·ξ(0).
let private hasBoundaryTerms (variation: Variation) : Outcome =
    let _, _, a = momentum variation
    let ξ t = Triangular.at t variation.Ξ

    Check.equal
        "the first variation of S"
        (Vector.dot (Triangular.at Rational.Zero a) (ξ Rational.Zero) - Vector.dot variation.Excess (ξ variation.Case.Horizon))
        (derivative variation)

/// ℒ vanishes along a trajectory.
let private lagrangianVanishes (case: TriangularCase) : Outcome =
    let x, a = Triangular.trajectory case
    let momentumTimesVelocity = RingPolynomial.dot a (x |> Array.map RingPolynomial.derivative)
    Check.vanishes "ℒ" (RingPolynomial.subtract momentumTimesVelocity (RingPolynomial.dot a (Triangular.along case.Field x)))

let private generator (isFree: bool) : Generator<Variation> =
    let fields = Triangular.generator false
    let fixAtZero (ξ: Rational[][]) = if isFree then ξ else ξ |> Array.map (Array.updateAt 0 Rational.Zero)

    let gen =
        FsCheck.FSharp.Gen.map2
            (fun (case: TriangularCase) (stream: RandomStream) ->
                let cubic _ = Draws.vector stream 4

                {
                    Case = case
                    Ξ = Array.init case.Dimension cubic |> fixAtZero
                    Η = Array.init case.Dimension cubic
                    Excess = if isFree then Draws.vector stream case.Dimension else Vector.zero case.Dimension
                })
            fields.Gen
            Generator.stream

    let shrink (variation: Variation) =
        seq {
            for case in fields.Shrink variation.Case do
                let cut (x: 'T[]) = Array.truncate case.Dimension x
                { Case = case; Ξ = cut variation.Ξ; Η = cut variation.Η; Excess = cut variation.Excess }

            for ξ in Draws.shrinkRows variation.Ξ do
                { variation with Ξ = ξ }

            for η in Draws.shrinkRows variation.Η do
                { variation with Η = η }
        }

    let show (variation: Variation) =
        fields.Show variation.Case
        @ [ "ξ", Draws.showRows variation.Ξ; "η", Draws.showRows variation.Η; "a(T) − ∇L", Known.show variation.Excess ]

    Generator.create gen shrink show

let private known (ξ: string list) (excess: string) : Variation = {
    Case = Triangular.known
    Ξ = Known.rows ξ
    Η = Known.rows [ "0"; "0" ]
    Excess = Known.vector excess
}

let private wrongEnd = known [ "0 1"; "0" ] "1 0"
let private wrongStart = known [ "1"; "0" ] "0 0"

let claim: Claim =
    let show = (generator true).Show

    Paper.define
        "ruseckas.lagrangian.euler-lagrange"
        Paper.afterSlides
        "The Euler–Lagrange equations of ℒ = a·x′ − a·F in x and a are the adjoint and the forward equation; ∂ℒ/∂x′ = a, and ℒ = 0 on trajectories."
    |> Claim.hypothesis "H1" "a(T) = ∇L(x(T))"
    |> Claim.hypothesis "H2" "the input is not varied, ξ(0) = 0"
    |> Claim.exact "stationary" (Instances.random (generator false) 60) isStationary
    |> Claim.exact "boundary-terms" (Instances.random (generator true) 60) hasBoundaryTerms
    |> Claim.exact "lagrangian-on-trajectories" (Instances.random (Triangular.generator false) 60) lagrangianVanishes
    |> Known.exact "reference" [
        Known.value "E1, ξ = (t, 0), a(T) = ∇L + (1, 0)" "-2" (fun () -> [| derivative wrongEnd |])
        Known.value "E1, ξ = (1, 0): the input gradient" "-17/3" (fun () -> [| derivative wrongStart |])
    ]
    |> Claim.neededBy "H1" (Instances.chosen show [ wrongEnd ]) isStationary
    |> Claim.neededBy "H2" (Instances.chosen show [ wrongStart ]) isStationary
