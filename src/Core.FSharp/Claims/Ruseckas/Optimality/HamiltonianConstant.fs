/// At an optimum the regularised energy is constant although the parameters vary.
///
/// Statement: H1 F, R without explicit t, H2 q(·) stationary, H3 q(·) absolutely continuous: H_R = a·F + R(q) is constant in depth.
/// Proof: dH_R/dt = ∂_qH_R·q′ = 0. For linear F without b and R = λ‖w‖²/2 also a·x is constant and H_R = −λ‖w‖²/2.
/// Checked at optima of residual networks (n = 2, cubic γ = ½, λ = 0.2, T = 2), found by a damped sweep: forward, backward,
/// q_l ← q_l + θ(q̂_l − q_l) with ŵ_l = −a_{l+1}x_lᵀ/λ, b̂_l = −a_{l+1}/λ, until max|q̂ − q| &lt; 10⁻¹¹; the range of H_R over l has order 1.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.Optimality.HamiltonianConstant

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

let private λ, γ = 0.2, 0.5
let private start, goal = [| 1.0; -0.5 |], [| -0.5; 1.2 |]

/// w_l and b_l of all layers.
[<NoComparison>]
type internal Optimum = { W: float[][][]; B: float[][]; X: float[][]; A: float[][]; Step: float }

let private field (w: float[][]) (b: float[]) (x: float[]) : float[] =
    Array.map3 (fun wx b x -> wx + b - γ * x * x * x) (FloatNetworks.apply w x) b x

/// The states and momenta for given parameters.
let private passes (h: float) (w: float[][][]) (b: float[][]) : float[][] * float[][] =
    let layers = Array.init w.Length id
    let x = Array.scan (fun x l -> FloatNetworks.addScaled x h (field w[l] b[l] x)) start layers

    let back l (a: float[]) =
        let pulled = FloatNetworks.applyTransposed w[l] a
        Array.map3 (fun a p x -> a + h * (p - 3.0 * γ * x * x * a)) a pulled x[l]

    x, Array.scanBack back layers (Array.map2 (-) (Array.last x) goal)

/// The damped sweep over [0, T] from given parameters.
let optimumFrom (first: float[][][], second: float[][]) (t: float) : Optimum =
    let n = first.Length
    let h = t / float n

    // θ is halved when 500 sweeps have not halved the residual.
    let rec sweep (w: float[][][]) (b: float[][]) θ aim left count =
        let x, a = passes h w b
        let w' = Array.init n (fun l -> a[l + 1] |> Array.map (fun a -> x[l] |> Array.map (fun x -> -a * x / λ)))
        let b' = Array.init n (fun l -> a[l + 1] |> Array.map (fun a -> -a / λ))

        let residual =
            max
                (Array.map2 (Array.map2 FloatNetworks.distance) w' w |> Array.concat |> Array.max)
                (Array.map2 FloatNetworks.distance b' b |> Array.max)

        if residual < 1e-11 || count = 0 then
            { W = w; B = b; X = x; A = a; Step = h }
        else
            let θ, aim, left =
                if residual <= aim then θ, 0.5 * residual, 500
                elif left = 0 then 0.5 * θ, 0.5 * residual, 500
                else θ, aim, left - 1

            let mix p q = p + θ * (q - p)
            sweep (Array.map2 (Array.map2 (Array.map2 mix)) w w') (Array.map2 (Array.map2 mix) b b') θ aim left (count - 1)

    sweep first second 0.1 infinity 500 5000

/// The damped sweep for N layers over [0, T] from zero.
let optimum (t: float) (n: int) : Optimum =
    optimumFrom (Array.replicate n [| [| 0.0; 0.0 |]; [| 0.0; 0.0 |] |], Array.replicate n [| 0.0; 0.0 |]) t

/// |q_l|₂²
let private squares (o: Optimum) : float[] =
    Array.map2 (fun w b -> (w |> Array.sumBy (fun row -> FloatNetworks.dot row row)) + FloatNetworks.dot b b) o.W o.B

/// a_{l+1}·F(x_l, q_l) + R(q_l)
let energies (o: Optimum) : float[] =
    squares o |> Array.mapi (fun l q -> FloatNetworks.dot o.A[l + 1] (field o.W[l] o.B[l] o.X[l]) + 0.5 * λ * q)

/// a_{l+1}·g(x_l) − λ|q_l|²/2
let driftEnergies (o: Optimum) : float[] =
    squares o
    |> Array.mapi (fun l q -> FloatNetworks.dot o.A[l + 1] (o.X[l] |> Array.map (fun x -> -γ * x * x * x)) - 0.5 * λ * q)

let cost (o: Optimum) : float =
    let missing = Array.map2 (-) (Array.last o.X) goal
    0.5 * FloatNetworks.dot missing missing + 0.5 * λ * o.Step * Array.sum (squares o)

let private optima: (int * Optimum)[] Lazy = lazy ([| 10; 20; 40; 80 |] |> Array.map (fun n -> n, optimum 2.0 n))

let private range (values: float[]) : float = Array.max values - Array.min values

let private isFirstOrder () : Outcome =
    optima.Value
    |> Array.map (fun (n, o) -> { Resolution = float n; Error = range (energies o); Floor = 1e-9 })
    |> Array.toList
    |> Orders.exactly "the range of H_R over depth" 1.0 0.1

/// H_R of x′ = q, L = x, R = q²/2 with q(t), a polynomial: a = 1.
let private alongPath (q: Rational[]) : Rational[] =
    RingPolynomial.add q (RingPolynomial.scale (Rational.create 1 2) (RingPolynomial.multiply q q))

let private isConstant (q: Rational[]) : Outcome = Check.isConstant "H_R − H_R(0)" (alongPath q)

/// x′ = q, L = 0, R = (q² − 1)²/4 with q = 1 and then 0: a = 0, R′(q) = 0 throughout, and H_R = R.
let private staysOverJump (values: Rational[]) : Outcome =
    values
    |> Array.map (fun q ->
        let square = q * q - Rational.One
        square * square / Rational.ofInt 4)
    |> Check.constant "H_R before and behind the jump of q"

/// x′ = wx, x0 = 1, y = 2, L = ½(x − y)², R = λw²/2: w with (e^{wT} − 2)e^{wT} + λw = 0 by Newton's method.
let scalar (λ: float) (t: float) : float =
    let newton w =
        let e = Elementary.exp (w * t)
        w - ((e - 2.0) * e + λ * w) / (2.0 * t * e * (e - 1.0) + λ)

    Seq.fold (fun w _ -> newton w) 0.7 (seq { 1..60 })

let claim: Claim =
    let at n = optima.Value |> Array.find (fst >> (=) n) |> snd
    let four f () = [| 10; 20; 40; 80 |] |> Array.map (at >> f)

    Paper.define
        "ruseckas.pontryagin.hamiltonian-constant"
        Paper.reconstructed
        "F, R without explicit t, q(·) stationary and absolutely continuous ⇒ a·F + R(q) is constant in depth although q varies."
    |> Claim.hypothesis "H1" "F and R do not depend on t"
    |> Claim.hypothesis "H2" "q(·) is stationary"
    |> Claim.hypothesis "H3" "q(·) is absolutely continuous"
    |> Claim.asymptotic "optimum" (Instances.ladder (fun () -> [ "problem", "n = 2, γ = ½, λ = 0.2, T = 2" ]) [ () ]) isFirstOrder
    |> Known.bounded "reference" [
        Known.floats "J for N = 10, 20, 40, 80" "0.1580855848678 0.1621779587970 0.1641108918840 0.1650515012951" (four cost)
        Known.floats "max − min of H_R" "0.0115975651 0.0054504186 0.0026537942 0.0013081142" (four (energies >> range))
        Known.floats "the range of |q_l|² and the mean of H_R for N = 80" "0.580 1.416 -0.066733671" (fun () ->
            let o = at 80
            [| Array.min (squares o); Array.max (squares o); Array.average (energies o) |])
        Known.floats
            "x′ = wx: w, x(T), a·x, H_R, J"
            "0.6758070097751808 1.965618609505058 -0.06758070097751808 -0.02283575572306357 0.02342679572924641"
            (fun () ->
                let w = scalar 0.1 1.0
                let x = Elementary.exp w
                let a = x - 2.0
                [| w; x; a * x; a * w * x + 0.05 * w * w; 0.5 * a * a + 0.05 * w * w |])
    ]
    |> Claim.neededBy "H2" (Instances.chosen (fun q -> [ "q(t)", Known.show q ]) [ Known.vector "0 1" ]) isConstant
    |> Claim.neededBy "H3" (Instances.chosen (fun q -> [ "q", Known.show q ]) [ Known.vector "1 0" ]) staysOverJump
