/// The momentum of back-propagation is the gradient of the loss in the state, at every depth.
///
/// Statement: for F ∈ C¹ in x with a trajectory on [0, T] and L = L(x(T)), the solution of −a′ = F′(x)ᵀa, a(T) = ∇L(x(T)), is
/// a(t) = ∂L(φ_{t→T}(x))/∂x at x = x(t).
/// Proof: ∂x(T)/∂x(t) solves the transposed variational equation.
/// The statement stands on the slides.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.Momentum.GradientIsMomentum

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

/// ∂L(φ_{t→T}(x))/∂x at x(t), by dual numbers.
let private trueGradient (case: TriangularCase) (x: Rational[][]) (t: Rational) : Rational[] =
    let field = Triangular.dual case.Field

    Projective.gradient
        (fun x ->
            Triangular.solve field (Dual.constant t) x
            |> Triangular.at (Dual.constant case.Horizon)
            |> Triangular.loss Dual.constant case)
        (Triangular.at t x)

let private isGradient (case: TriangularCase) : Outcome =
    let x, a = Triangular.trajectory case

    Outcome.check [
        for numerator in 0..3 do
            let t = case.Horizon * Rational.create numerator 3
            fun () -> Check.vectors $"a({t})" (trueGradient case x t) (Triangular.at t a)
        for i in 0 .. case.Dimension - 1 do
            fun () ->
                let force =
                    Array.init case.Dimension (fun j -> RingPolynomial.multiply (Triangular.slope case.Field x j i) a[j])
                    |> Array.reduce RingPolynomial.add

                Check.vanishes $"a{i + 1}′ + (F′ᵀa){i + 1}" (RingPolynomial.add (RingPolynomial.derivative a[i]) force)
    ]

let private times = [ "0"; "1/3"; "1/2"; "1" ] |> List.map Known.number

let private isGradientInClosedForm (case: ProjectiveCase) : Outcome =
    let k = case.Direction

    let at t () =
        let x = Projective.flow k t case.Start

        let loss = Projective.loss (Projective.constants k) (Dual.constant (Rational.One - t)) (Projective.constants case.Target)

        // a(t) = carry of a(0), with t + ε in place of t.
        let moving =
            Projective.carry
                (Projective.constants k)
                (Dual.variable t)
                (Projective.constants case.Start)
                (Projective.constants (Projective.momentum case Rational.Zero))

        let a = Projective.momentum case t

        Outcome.all [
            Check.vectors $"a({t})" (Projective.gradient loss x) a
            Check.vectors $"a({t}) carried from 0" a (moving |> Array.map _.Value)
            Check.vectors $"−a′({t})" (Projective.pull k x a) (moving |> Array.map (fun a -> -a.Derivative))
        ]

    times |> List.map at |> Outcome.check

/// x′ = 1, x(0) = 0, T = 1 with the running cost ∫x dt: ∂J/∂x(t) = 1 − t, and the equation without ∇r gives 0.
let private runningCost (t: Rational) : Outcome =
    let case = Triangular.create [ [ "1", [ 0; 0 ] ] ] "0" "0" 1
    let field = Triangular.dual case.Field

    let cost =
        Projective.gradient
            (fun x -> RingPolynomial.integrate ((Triangular.solve field (Dual.constant t) x)[0]) (Dual.constant t) (Ring.ratio 1 1))
            [| t |]

    let x = Triangular.solve case.Field Rational.Zero case.Start
    Check.vectors $"a({t})" cost (Triangular.momentum case.Field x Rational.One [| Rational.Zero |] |> Triangular.at t)

/// F = |x|, L = x(T), x(0) = 0: a momentum would have to be both one-sided derivatives of φ_T, which is x·(1 + T + …) to the right and
/// x·(1 − T + …) to the left. One Euler step of length 1/2 already shows it.
let private onKink (step: Rational) : Outcome =
    let flow (x: Rational) = x + step * Rational.abs x
    let ε = Rational.create 1 1024
    Check.equal "the derivative of φ at 0 from the left" ((flow ε - flow Rational.Zero) / ε) ((flow Rational.Zero - flow -ε) / ε)

let claim: Claim =
    let e1 = Triangular.known
    let e2 = Projective.known
    let showTime (t: Rational) = [ "t", string t ]

    Paper.define
        "ruseckas.momentum.gradient-is-momentum"
        Paper.ofSlides
        "−a′ = (∂F/∂x)ᵀa, a(T) = ∇L(x(T)) ⇒ a(t) = ∂L(φ_{t→T}(x))/∂x at x = x(t), for every t."
    |> Claim.hypothesis "H1" "F is C¹ in x"
    |> Claim.hypothesis "H2" "the trajectory exists on [0, T]"
    |> Claim.hypothesis "H3" "L is C¹ and depends on x(T) only"
    |> Claim.exact "triangular-fields" (Instances.random (Triangular.generator false) 100) isGradient
    |> Claim.exact "projective-fields" (Instances.random Projective.generator 100) isGradientInClosedForm
    |> Known.exact "reference" [
        Known.value "E1: x(2), a(2), a(0)" "2 -7/3 1 -10/3 -17/3 -10/3" (fun () ->
            let x, a = Triangular.trajectory e1
            Array.concat [ Triangular.at e1.Horizon x; Triangular.at e1.Horizon a; Triangular.at Rational.Zero a ])
        Known.value "E1: H" "1/2" (fun () ->
            let x, a = Triangular.trajectory e1
            RingPolynomial.dot a (Triangular.along e1.Field x) |> Array.truncate 1)
        Known.value "E2: x(1), a(0), a(1/2)" "12/5 6/5 78/25 -12/25 11/5 11/25" (fun () ->
            Array.concat [
                Projective.flow e2.Direction Rational.One e2.Start
                Projective.momentum e2 Rational.Zero
                Projective.momentum e2 (Rational.create 1 2)
            ])
        Known.value "E2: H" "24/25" (fun () -> [|
            Vector.dot (Projective.momentum e2 Rational.Zero) (Projective.field e2.Direction e2.Start)
        |])
    ]
    |> Claim.neededBy "H1" (Instances.chosen (fun dt -> [ "dt", string dt ]) [ Rational.create 1 2 ]) onKink
    |> Claim.neededBy "H3" (Instances.chosen showTime [ Rational.Zero; Rational.create 1 2 ]) runningCost
