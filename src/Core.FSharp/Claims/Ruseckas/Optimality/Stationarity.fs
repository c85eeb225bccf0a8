/// What an optimum of the regularised loss looks like, layer by layer.
///
/// Statement: J = L(x(T)) + ∫R(q)dt is stationary in q(·) ⇔ ∂/∂q[a·F + R] = 0 for almost every t. For F = wx + b + g and
/// R = λ/2(‖w‖² + |b|²): w(t) = −a xᵀ/λ, of rank one, and b = −a/λ. Residual twin: ∂J/∂w_l = dt(λw_l + a_{l+1}x_lᵀ),
/// ∂J/∂b_l = dt(λb_l + a_{l+1}).
/// With q restricted to constants only the average over t of ∂/∂q[a·F + R] vanishes.
/// Reconstructed from the slides.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.Optimality.Stationarity

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

let private moved (a: Dual<Rational>) = Dual.variable a.Value
let private replace (i: int) (f: 'T -> 'T) (items: 'T[]) : 'T[] = Array.updateAt i (f items[i]) items

/// J = L + dt·λ/2·Σ_l (‖w_l‖² + |b_l|²) over dual numbers, λ = 1/2.
let private λ = Rational.create 1 2

let private objective (case: NetworkCase) (network: NearIdentity<Dual<Rational>>) : Dual<Rational> =
    let squares (x: Dual<Rational>[]) = Vector.dot x x
    let weights = network.Weights |> Array.collect (Array.map squares)
    let all = Array.append weights (network.Biases |> Array.map squares) |> Array.reduce (fun a b -> Arithmetic.(+) a b)
    let price = Dual.constant (case.Network.Step * λ / Rational.ofInt 2)
    Arithmetic.(+) (Networks.loss Twin.Residual case network (Projective.constants case.Start)) (Arithmetic.(*) price all)

let private isGradient (case: NetworkCase) : Outcome =
    let x, a = Networks.passes Twin.Residual case
    let dual = NearIdentity.map Dual.constant case.Network
    let h, n = case.Network.Step, case.Dimension

    seq {
        for l in 0 .. case.Network.Depth - 1 do
            let ofBias i = (objective case { dual with Biases = replace l (replace i moved) dual.Biases }).Derivative

            Check.vectors $"∂J/∂b_{l}" (Array.init n ofBias) (Vector.scale h (Vector.add (Vector.scale λ case.Network.Biases[l]) a[l + 1]))

            for i in 0 .. n - 1 do
                let ofWeight j = (objective case { dual with Weights = replace l (replace i (replace j moved)) dual.Weights }).Derivative

                Check.vectors
                    $"∂J/∂w_{l}, row {i + 1}"
                    (Array.init n ofWeight)
                    (Vector.scale h (Vector.addScaled (Vector.scale λ (case.Network.Weights[l][i])) (a[l + 1][i]) (x[l])))
    }
    |> Outcome.all

/// x′ = q, L = c/2(x(T) − y)², R = λq²/2.
[<NoComparison>]
type private Quadratic = { C: Rational; Λ: Rational; Start: Rational; Goal: Rational; Horizon: Rational }

/// The stationary point with q constant: λq + a = 0, a = c(x(T) − y).
let private optimum (problem: Quadratic) : Rational * Rational * Rational =
    let a = problem.C * (problem.Start - problem.Goal) / (Rational.One + problem.C * problem.Horizon / problem.Λ)

    let q = -a / problem.Λ
    a, q, problem.Start + problem.Horizon * q

let private cost (problem: Quadratic) (q: Rational[]) : Rational =
    let h = problem.Horizon / Rational.ofInt q.Length
    let missing = problem.Start + h * Array.sum q - problem.Goal
    (problem.C * missing * missing + h * problem.Λ * Vector.dot q q) / Rational.ofInt 2

/// No other q of 1 to 5 pieces costs less: J is a quadratic form, so J(q + δ) − J(q) equals its second-order part, which is not negative.
let private isMinimum (problem: Quadratic, δ: Rational[]) : Outcome =
    let a, q, final = optimum problem
    let steady = Array.create δ.Length q
    let h = problem.Horizon / Rational.ofInt δ.Length
    let shift = h * Array.sum δ
    let second = (problem.C * shift * shift + h * problem.Λ * Vector.dot δ δ) / Rational.ofInt 2

    Outcome.check [
        fun () -> Check.equal "λq + a" Rational.Zero (problem.Λ * q + a)
        fun () -> Check.equal "a − c(x(T) − y)" Rational.Zero (a - problem.C * (final - problem.Goal))
        fun () -> Check.equal "J(q + δ) − J(q)" second (cost problem (Vector.add steady δ) - cost problem steady)
    ]

let private quadratics: Generator<Quadratic * Rational[]> =
    let draw _ (stream: RandomStream) =
        let positive () = Rational.create (stream.NextInt(1, 6)) (stream.NextInt(1, 4))

        { C = positive (); Λ = positive (); Start = Draws.fraction stream; Goal = Draws.fraction stream; Horizon = positive () },
        Draws.vector stream (stream.NextInt(1, 5))

    let shrink (problem: Quadratic, δ: Rational[]) =
        seq {
            for δ in Draws.shrinkVector δ do
                problem, δ

            for goal in Draws.shrinkFraction problem.Goal do
                { problem with Goal = goal }, δ
        }

    let show (problem: Quadratic, δ: Rational[]) = [
        "c", string problem.C
        "λ", string problem.Λ
        "x0", string problem.Start
        "y", string problem.Goal
        "T", string problem.Horizon
        "δ", Known.show δ
    ]

    Generator.fromStream draw shrink show

let private known: Quadratic = {
    C = Rational.ofInt 2
    Λ = Rational.create 1 3
    Start = Rational.One
    Goal = Rational.ofInt 4
    Horizon = Rational.ofInt 3
}

/// x′ = qt, x(0) = 0, T = 1, L = ½(x(1) − 1)², R = q²/2 at the best constant q: a·t + q as a polynomial in t.
let private restricted (q: Rational) : Rational[] = [| q; q / Rational.ofInt 2 - Rational.One |]

let private isPointwise (q: Rational) : Outcome = Check.vanishes "∂/∂q[a·F + R]" (restricted q)

let claim: Claim =
    let best = Rational.create 2 5

    Paper.define
        "ruseckas.pontryagin.stationarity"
        Paper.afterSlides
        "J = L(x(T)) + ∫R(q)dt stationary ⇔ ∂/∂q[a·F + R] = 0 for a.e. t; residual twin: ∂J/∂w_l = dt(λw_l + a_{l+1}x_lᵀ), ∂J/∂b_l = dt(λb_l + a_{l+1})."
    |> Claim.hypothesis "H1" "q(·) may be any function in L²"
    |> Claim.exact "residual-twin" (Instances.random (Networks.generator { Networks.both with Deepest = 3 }) 40) isGradient
    |> Claim.exact "linear-quadratic" (Instances.random quadratics 100) isMinimum
    |> Known.exact "reference" [
        Known.value "x′ = q: a, q, x(T), J" "-6/19 18/19 73/19 9/19" (fun () ->
            let a, q, final = optimum known
            [| a; q; final; cost known [| q |] |])
        Known.value "the same J with 7 Euler steps" "9/19" (fun () ->
            let _, q, _ = optimum known
            [| cost known (Array.create 7 q) |])
        Known.value "x′ = qt, q constant: a·t + q and its average" "2/5 -4/5 0" (fun () ->
            Array.append (restricted best) [| RingPolynomial.integrate (restricted best) Rational.Zero Rational.One |])
    ]
    |> Claim.neededBy "H1" (Instances.chosen (fun q -> [ "q", string q ]) [ best ]) isPointwise
