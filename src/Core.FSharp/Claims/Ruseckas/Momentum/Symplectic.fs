/// The flow of states and momenta is symplectic.
///
/// Statement: (x(0), a(0)) ↦ (φ_t(x), φ_t′(x)⁻ᵀa) has a Jacobian M with MᵀΩM = Ω, Ω = [[0, I], [−I, 0]], hence det M = 1;
/// M = [[Φ, 0], [C, Φ⁻ᵀ]] with ΦᵀC symmetric. The density in phase space is constant along trajectories.
/// Checked with dual numbers through the exact flows. The momentum starts from any a(0), not only from a gradient.
/// Liouville's theorem is on the slides; the formulas are reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.Momentum.Symplectic

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

/// The Jacobian of a map of (x, a) at a point, by dual numbers.
let private jacobian (map: Dual<Rational>[] -> Dual<Rational>[]) (z: Rational[]) : Matrix<Rational> =
    Array.init z.Length (fun i -> map (Projective.variable z i) |> Array.map _.Derivative)
    |> Matrix.ofRows
    |> Matrix.transpose

let private halves (z: 'T[]) : 'T[] * 'T[] = Array.splitAt (z.Length >>> 1) z

/// (x(0), a(0)) ↦ (x(T), a(T)) of a triangular field.
let private triangularFlow (case: TriangularCase) (z: Dual<Rational>[]) : Dual<Rational>[] =
    let field = Triangular.dual case.Field
    let start, a = halves z
    let zero: Dual<Rational> = Ring.ratio 0 1
    let x = Triangular.solve field zero start
    let final = Triangular.at (Dual.constant case.Horizon)
    Array.append (final x) (final (Triangular.momentum field x zero a))

let private projectiveFlow (case: ProjectiveCase) (t: Rational) (z: Dual<Rational>[]) : Dual<Rational>[] =
    let k, t = Projective.constants case.Direction, Dual.constant t
    let x, a = halves z
    Array.append (Projective.flow k t x) (Projective.carry k t x a)

let private ω (n: int) : Matrix<Rational> =
    Matrix.init (2 * n) (2 * n) (fun i j ->
        if j = i + n then Rational.One
        elif i = j + n then -Rational.One
        else Rational.Zero)

let private isSymplectic (m: Matrix<Rational>) : Outcome =
    let ω = ω (m.Rows / 2)

    Outcome.check [
        fun () -> Outcome.equal "MᵀΩM" string ω (Matrix.multiply (Matrix.transpose m) (Matrix.multiply ω m))
        fun () -> Check.equal "det M" Rational.One (Elimination.determinant m)
    ]

/// The four blocks of M.
let private blocks (m: Matrix<Rational>) : Matrix<Rational> * Matrix<Rational> * Matrix<Rational> * Matrix<Rational> =
    let n = m.Rows / 2
    let block i j = Matrix.init n n (fun r c -> m[i * n + r, j * n + c])
    block 0 0, block 0 1, block 1 0, block 1 1

let private hasBlocks (m: Matrix<Rational>) : Outcome =
    let Φ, b, C, d = blocks m
    let product = Matrix.multiply (Matrix.transpose Φ) C

    Outcome.check [
        fun () -> Outcome.equal "∂x(t)/∂a(0)" string (Matrix.zero b.Rows b.Rows) b
        fun () -> Outcome.equal "Φᵀ·∂a(t)/∂a(0)" string (Matrix.identity d.Rows) (Matrix.multiply (Matrix.transpose Φ) d)
        fun () -> Outcome.equal "ΦᵀC against its transpose" string (Matrix.transpose product) product
    ]

let private ofTriangular (case: TriangularCase) : Outcome =
    let _, a = Triangular.trajectory case
    let m = jacobian (triangularFlow case) (Array.append case.Start (Triangular.at Rational.Zero a))
    Outcome.check [ (fun () -> isSymplectic m); (fun () -> hasBlocks m) ]

let private ofProjective (case: ProjectiveCase) : Outcome =
    let z = Array.append case.Start (Projective.momentum case Rational.Zero)

    Outcome.check [
        for t in [ "1/3"; "1" ] do
            fun () ->
                let m = jacobian (projectiveFlow case (Known.number t)) z
                Outcome.all [ isSymplectic m; hasBlocks m ]
    ]

let private known: Matrix<Rational> Lazy =
    lazy
        (let case = Projective.known
         jacobian (projectiveFlow case Rational.One) (Array.append case.Start (Projective.momentum case Rational.Zero)))

let private entries (m: Matrix<Rational>) : Rational[] = m.Entries.ToArray()

/// The known flow followed by a ↦ a/|a|₁, what clipping of gradients does to a large one: a map onto a surface.
let private clipped (case: ProjectiveCase) : Outcome =
    let flow (z: Dual<Rational>[]) =
        let x, a = halves (projectiveFlow case Rational.One z)

        let size =
            a
            |> Array.map (fun a -> if a.Value.Sign < 0 then Arithmetic.(~-) a else a)
            |> Array.reduce (fun a b -> Arithmetic.(+) a b)

        Array.append x (a |> Array.map (fun a -> Arithmetic.(/) a size))

    isSymplectic (jacobian flow (Array.append case.Start (Projective.momentum case Rational.Zero)))

let claim: Claim =
    Paper.define
        "ruseckas.symplectic.flow"
        Paper.afterSlides
        "(x(0), a(0)) ↦ (φ_t(x), φ_t′(x)⁻ᵀa) has a Jacobian M = [[Φ, 0], [C, Φ⁻ᵀ]] with MᵀΩM = Ω, det M = 1 and ΦᵀC symmetric."
    |> Claim.hypothesis "H1" "the momentum follows −a′ = F′ᵀa and is not rescaled"
    |> Claim.exact "triangular-fields" (Instances.random (Triangular.generator false) 60) ofTriangular
    |> Claim.exact "projective-fields" (Instances.random Projective.generator 60) ofProjective
    |> Known.exact "reference" [
        Known.value "E2: Φ" "48/25 -24/25 9/25 18/25" (fun () ->
            let Φ, _, _, _ = blocks known.Value
            entries Φ)
        Known.value "E2: C" "-107/100 33/50 38/75 26/75" (fun () ->
            let _, _, C, _ = blocks known.Value
            entries C)
        Known.value "E2: Φ⁻ᵀ" "5/12 -5/24 5/9 10/9" (fun () ->
            let _, _, _, d = blocks known.Value
            entries d)
    ]
    |> Claim.neededBy "H1" (Instances.chosen Projective.show [ Projective.known ]) clipped
