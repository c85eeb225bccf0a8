/// Changes of coordinates change the network and not its mechanics.
///
/// Statement: y = ψ(x), ψ a diffeomorphism: F̃ = ψ′F∘ψ⁻¹, ã = ψ′⁻ᵀa, L̃ = L∘ψ⁻¹ leave H, a·δx and ∂L/∂q as they are. A change of time
/// t = s(τ): F̃ = s′F, H̃ = s′H, ã = a. Residual layers commute with affine ψ exactly, feed-forward layers with those affine ψ that commute
/// with η, for example permutations.
/// Checked with ψ = (x_1, x_2 + x_1²) and s = τ² on triangular fields, where everything stays a polynomial.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.Conservation.Covariance

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

let private two = Rational.ofInt 2

/// F̃ = (F_1, F_2 + 2y_1 F_1, F_3): what ψ = (x_1, x_2 + x_1², x_3) makes of a triangular field; F_3(y_1, y_2 − y_1², t) has x_2 at most
/// to the second power.
let private transformed (field: Term<Rational>[][]) : Term<Rational>[][] =
    // c·x^e with x_2 = y_2 − y_1².
    let inverse (term: Term<Rational>) : Term<Rational> seq =
        seq {
            let e = if term.Exponents.Length > 2 then term.Exponents[1] else 0

            for j in 0..e do
                let binomial = Rational.ofBigInteger (Binomial.choose e j)
                let sign = if j % 2 = 0 then Rational.One else -Rational.One

                {
                    Coefficient = term.Coefficient * binomial * sign
                    Exponents =
                        if j = 0 then
                            term.Exponents
                        else
                            term.Exponents
                            |> Array.mapi (fun v x ->
                                if v = 0 then x + 2 * j
                                elif v = 1 then x - j
                                else x)
                }
        }

    field
    |> Array.mapi (fun i terms ->
        if i = 1 then
            let lifted =
                field[0]
                |> Array.map (fun term -> {
                    Coefficient = two * term.Coefficient
                    Exponents = Array.updateAt 0 (term.Exponents[0] + 1) term.Exponents
                })

            Array.append terms lifted
        else
            terms |> Seq.collect inverse |> Seq.toArray)

/// ψ of polynomials or of dual polynomials in t.
let private ψ (x: 'T[][]) : 'T[][] when 'T :> IRing<'T> =
    if x.Length < 2 then x else Array.updateAt 1 (RingPolynomial.add x[1] (RingPolynomial.multiply x[0] x[0])) x

/// ψ′(x)⁻ᵀa = (a_1 − 2x_1 a_2, a_2, a_3)
let private covector (x: Rational[][]) (a: Rational[][]) : Rational[][] =
    if x.Length < 2 then
        a
    else
        Array.updateAt 0 (RingPolynomial.subtract a[0] (RingPolynomial.scale two (RingPolynomial.multiply x[0] a[1]))) a

let private same (quantity: string) (p: Rational[]) (q: Rational[]) : Outcome = Check.vanishes quantity (RingPolynomial.subtract p q)

let private each (quantity: string) (p: Rational[][]) (q: Rational[][]) : Outcome = Array.map2 (same quantity) p q |> Outcome.all

/// The states and momenta in the coordinates y, solved there.
let private inNewCoordinates (case: TriangularCase) : Term<Rational>[][] * Rational[][] * Rational[][] =
    let x, a = Triangular.trajectory case
    let field = transformed case.Field
    let y = Triangular.solve field Rational.Zero (Triangular.at Rational.Zero (ψ x))
    field, y, Triangular.momentum field y case.Horizon (Triangular.at case.Horizon (covector x a))

let private isCovariant (case: TriangularCase) : Outcome =
    let x, a = Triangular.trajectory case
    let field, y, b = inNewCoordinates case
    let δ = Array.init case.Dimension (fun i -> Rational.ofInt (i + 1))

    // δy = ψ′(x)δx at the start.
    let δy = if case.Dimension < 2 then δ else Array.updateAt 1 (δ[1] + two * case.Start[0] * δ[0]) δ

    let moved = { case with Field = field; Start = Triangular.at Rational.Zero (ψ x) }

    Outcome.check [
        fun () -> each "y(t) − ψ(x(t))" (ψ x) y
        fun () -> each "ã(t) − ψ′⁻ᵀa(t)" (covector x a) b
        fun () -> same "H̃ − H" (RingPolynomial.dot a (Triangular.along case.Field x)) (RingPolynomial.dot b (Triangular.along field y))
        fun () ->
            let pairing = RingPolynomial.dot a (Triangular.tangent case δ)
            same "ã·δy − a·δx" pairing (RingPolynomial.dot b (Triangular.tangent moved δy))
    ]

/// p(τ²)
let private squared (p: Rational[]) : Rational[] =
    Array.init (max 0 (2 * p.Length - 1)) (fun i -> if i % 2 = 0 then p[i / 2] else Rational.Zero)

/// t = τ²: F̃ = 2τ·F(x, τ²), x̃(τ) = x(τ²), ã(τ) = a(τ²), H̃ = 2τH.
let private changesTime (case: TriangularCase) : Outcome =
    let case = { case with Horizon = Rational.One }
    let x, a = Triangular.trajectory case

    let field =
        case.Field
        |> Array.map (
            Array.map (fun term -> {
                Coefficient = two * term.Coefficient
                Exponents = Array.updateAt case.Dimension (2 * term.Exponents[case.Dimension] + 1) term.Exponents
            })
        )

    let y = Triangular.solve field Rational.Zero case.Start
    let b = Triangular.momentum field y Rational.One (Triangular.at Rational.One a)
    let energy = RingPolynomial.dot a (Triangular.along case.Field x)

    Outcome.check [
        fun () -> each "x̃(τ) − x(τ²)" (x |> Array.map squared) y
        fun () -> each "ã(τ) − a(τ²)" (a |> Array.map squared) b
        fun () ->
            let expected = RingPolynomial.multiply [| Rational.Zero; two |] (squared energy)
            same "H̃ − 2τH" expected (RingPolynomial.dot b (Triangular.along field y))
    ]

/// A network with an affine map y = Px + q.
[<NoComparison>]
type private Affine = { Case: NetworkCase; P: Rational[][]; Q: Rational[] }

let private inverse (rows: Rational[][]) : Rational[][] option = Elimination.inverse (Matrix.ofRows rows) |> Option.map Matrix.toRows

/// The residual network of F̃ = P·F(P⁻¹(y − q)).
let private residualCommutes (affine: Affine) : Outcome =
    match inverse affine.P with
    | None -> Outcome.undecided "P is singular"
    | Some back ->
        let network = affine.Case.Network
        let forth x = Vector.add (Draws.apply affine.P x) affine.Q

        let step y l =
            let x = Draws.apply back (Vector.subtract y affine.Q)
            Vector.addScaled y network.Step (Draws.apply affine.P (NearIdentity.field network l x))

        let y = Array.scan step (forth affine.Case.Start) (Array.init network.Depth id)

        Array.map2 (fun x y -> Check.vectors "y_l against ψ(x_l)" (forth x) y) (Networks.states Twin.Residual affine.Case) y
        |> Outcome.all

/// The feed-forward network with w̃ = PwP⁻¹, b̃ = Pb against P·x_l.
let private feedForwardCommutes (affine: Affine) : Outcome =
    match inverse affine.P with
    | None -> Outcome.undecided "P is singular"
    | Some back ->
        let network = affine.Case.Network
        let conjugate w = Matrix.multiply (Matrix.ofRows affine.P) (Matrix.multiply (Matrix.ofRows w) (Matrix.ofRows back)) |> Matrix.toRows

        let turned = {
            network with
                Weights = network.Weights |> Array.map conjugate
                Biases = network.Biases |> Array.map (Draws.apply affine.P)
        }

        let y = NearIdentity.run Twin.FeedForward turned (Draws.apply affine.P affine.Case.Start)

        Array.map2 (fun x y -> Check.vectors "y_l against Px_l" (Draws.apply affine.P x) y) (Networks.states Twin.FeedForward affine.Case) y
        |> Outcome.all

let private affineGenerator (isPermutation: bool) : Generator<Affine> =
    let networks = Networks.generator { Networks.both with Deepest = 3 }

    let gen =
        FsCheck.FSharp.Gen.map2
            (fun (case: NetworkCase) (stream: RandomStream) ->
                let n = case.Dimension
                let shift = stream.NextInt(0, n - 1)

                {
                    Case = case
                    P =
                        if isPermutation then
                            Array.init n (fun i -> Vector.unit n ((i + shift) % n))
                        else
                            // Lower triangular with a diagonal that is not zero.
                            Array.init n (fun i ->
                                Array.init n (fun j ->
                                    if j < i then Draws.fraction stream
                                    elif i = j then Rational.create (stream.NextInt(1, 3)) 2
                                    else Rational.Zero))
                    Q = Draws.vector stream n
                })
            networks.Gen
            Generator.stream

    let show affine = networks.Show affine.Case @ [ "P", Draws.showRows affine.P; "q", Known.show affine.Q ]
    Generator.create gen Shrink.none show

/// F = (1, 0), dt = 1 from 0, with a map ψ of the plane: Euler in y against ψ of Euler in x.
let private eulerCommutes (bend: Rational) : Outcome =
    // ψ = (x_1, x_2 + bend·x_1²), so F̃ = (1, 2·bend·y_1).
    let euler = [| Rational.One; Rational.Zero |]
    Check.vectors "Euler in y" [| Rational.One; bend |] euler

let claim: Claim =
    let known = Triangular.known
    let doubled = { Case = { Networks.p2 with Start = Known.vector "1 -1/2" }; P = Known.rows [ "2 0"; "0 2" ]; Q = Known.vector "0 0" }

    Paper.define
        "ruseckas.coordinates.covariance"
        Paper.reconstructed
        "y = ψ(x), F̃ = ψ′F∘ψ⁻¹, ã = ψ′⁻ᵀa, L̃ = L∘ψ⁻¹: H and a·δx unchanged; t = s(τ): F̃ = s′F, H̃ = s′H. Residual layers commute with affine ψ, feed-forward layers with those that commute with η."
    |> Claim.hypothesis "H1" "for residual networks: ψ is affine"
    |> Claim.hypothesis "H2" "for feed-forward networks: ψ is linear and commutes with η"
    |> Claim.exact "bent-coordinates" (Instances.random (Triangular.generator false) 40) isCovariant
    |> Claim.exact "change-of-time" (Instances.random (Triangular.generator false) 60) changesTime
    |> Claim.exact "residual-networks" (Instances.random (affineGenerator false) 40) residualCommutes
    |> Claim.exact "feed-forward-networks" (Instances.random (affineGenerator true) 40) feedForwardCommutes
    |> Known.exact "reference" [
        Known.value "E1 with ψ: y(0), ã(0), ã(2)" "1 0 1 -10/3 43/3 -10/3" (fun () ->
            let _, y, b = inNewCoordinates known
            Array.concat [ Triangular.at Rational.Zero y; Triangular.at Rational.Zero b; Triangular.at known.Horizon b ])
        Known.value "E1 with ψ: y′ at y_1 = 3" "1/2 6" (fun () ->
            transformed known.Field |> Array.map (fun f -> Multivariate.evaluate f (Known.vector "3 0 0")))
        Known.value "E1 with ψ: H" "1/2" (fun () ->
            let field, y, b = inNewCoordinates known
            RingPolynomial.dot b (Triangular.along field y) |> Polynomial.normalise)
    ]
    |> Claim.neededBy "H1" (Instances.chosen (fun (c: Rational) -> [ "ψ", $"(x1, x2 + {c}·x1²)" ]) [ Rational.One ]) eulerCommutes
    |> Claim.neededBy "H2" (Instances.chosen (affineGenerator false).Show [ doubled ]) feedForwardCommutes
