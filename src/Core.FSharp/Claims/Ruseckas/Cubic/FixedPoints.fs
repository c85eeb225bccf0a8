/// Residual networks rest where the equation rests; feed-forward networks rest a step beside it.
///
/// Statement: fixed points of the residual network are the equilibria of the equation, exactly. Those of the feed-forward network are
/// x* + dt(w + G)⁻¹G g(x*) + O(dt²), G = diag g′(x*), if w + G is nonsingular.
/// Proof: ℓ(x) + g(x + dtℓ(x)) = 0 with ℓ(x*) = −g(x*). The shift vanishes to first order iff G g(x*) = 0.
/// Checked exactly for the residual network (b := −wx − g(x) for rational x), and over dual numbers dt = 0 + ε for the shift; and the
/// shifted location against the fixed point by Newton's method, which it misses by O(dt²).
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.Cubic.FixedPoints

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

/// The case with the bias that makes its start an equilibrium.
let private atRest (case: NetworkCase) : NetworkCase =
    let network = case.Network
    let bias = Vector.subtract network.Biases[0] (NearIdentity.field network 0 case.Start)
    { case with Network = { network with Biases = Array.map (fun _ -> bias) network.Biases } }

let private rests (twin: Twin) (case: NetworkCase) : Outcome =
    let case = atRest case
    Check.vectors "x_1 against x_0 = x*" case.Start (NearIdentity.step twin case.Network 0 case.Start)

/// Fixed points of the residual network are equilibria: x_1 = x_0 only if F(x_0) = 0.
let private restsOnlyThere (case: NetworkCase) : Outcome =
    let moved = Vector.subtract (NearIdentity.step Twin.Residual case.Network 0 case.Start) case.Start
    Check.vectors "(x_1 − x_0)/dt" (NearIdentity.field case.Network 0 case.Start) (Vector.scale (Rational.One / case.Network.Step) moved)

/// (w + G)⁻¹G g(x*), None if w + G is singular.
let private shift (case: NetworkCase) : Rational[] option =
    let network, x, n = case.Network, case.Start, case.Dimension
    let jacobian = Array.init n (fun i -> NearIdentity.push network 0 x (Vector.unit n i)) |> Matrix.ofRows |> Matrix.transpose
    let force = x |> Array.map (fun x -> NearIdentity.dampSlope network.Damping x * NearIdentity.damp network.Damping x)
    Elimination.inverse jacobian |> Option.map (fun inverse -> Matrix.apply inverse force)

/// ℓ(x) + g(x + dtℓ(x)) at x = x* + dt·shift with dt = ε: zero in value and in derivative.
let private isShifted (shift: NetworkCase -> Rational[] option) (case: NetworkCase) : Outcome =
    let case = atRest case

    match shift case with
    | None -> Outcome.undecided "w + G is singular"
    | Some shift ->
        let network = { NearIdentity.map Dual.constant case.Network with Step = Dual.variable Rational.Zero }
        let x = Array.map2 (fun x s -> Dual(x, s)) case.Start shift
        let affine = NearIdentity.affine network 0 x
        let inner = Vector.addScaled x network.Step affine
        let residual = Vector.add affine (inner |> Array.map (NearIdentity.damp network.Damping))
        let zero = Vector.zero case.Dimension

        Outcome.check [
            fun () -> Check.vectors "ℓ + g(u) at dt = 0" zero (residual |> Array.map _.Value)
            fun () -> Check.vectors "d/d(dt) of ℓ + g(u)" zero (residual |> Array.map _.Derivative)
        ]

/// n = 1, w = γ = 1, b = 0: the fixed point (1 + dt)^−3/2, checked through its square: x² = (1 + dt)^−3.
let private scalarResidual (dt: Rational) : Rational =
    // x = (1 + dt)x − dt((1 + dt)x)³ ⇔ 1 = (1 + dt)³x² for x ≠ 0.
    let one = Rational.One + dt
    let square = Rational.One / (one * one * one)
    one - dt * one * one * one * square - Rational.One

/// A solution of 0 = F by Newton's method from a point near it; the columns of F′ come from dual numbers.
let private newton (f: Dual<Binary64>[] -> Dual<Binary64>[]) (start: float[]) : float[] =
    let next (x: float[]) =
        let along i = x |> Array.mapi (fun j x -> if i = j then Dual.variable (Binary64 x) else Dual.constant (Binary64 x)) |> f
        let columns = Array.init x.Length along
        let rows = Array.init x.Length (fun i -> columns |> Array.map (fun column -> Rational.ofFloat column[i].Derivative.Value))
        let right = columns[0] |> Array.map (fun c -> Rational.ofFloat -c.Value.Value)

        match Elimination.inverse (Matrix.ofRows rows) with
        | Some inverse -> Array.map2 (fun x d -> x + Rational.toFloat d) x (Matrix.apply inverse right)
        | None -> x

    Seq.fold (fun x _ -> next x) start (seq { 1..12 })

/// w = [[1, .3], [.2, 1.5]], b = (.1, −.2), γ = 1.
let private example =
    Networks.repeated 1 "1/100" (Damping.Cubic Rational.One) [ "1 3/10"; "1/5 3/2" ] "1/10 -1/5" "1 1" "0 0" "0 0"

let private example' = NearIdentity.map (Rational.toFloat >> Binary64 >> Dual.constant) example.Network

/// The equilibrium x* that the trajectory from (1, 1) reaches.
let private equilibrium: float[] Lazy =
    lazy
        (let number = Array.map Rational.toFloat
         let w, b = Array.map number example.Network.Weights[0], number example.Network.Biases[0]
         let equation = FloatNetworks.autonomous w b (Entrywise.Cubic 1.0) [| 1.0; 1.0 |] 40.0
         let near = FloatSteps.rungeKutta (FloatNetworks.field equation) equation.Start equation.Horizon 4000
         newton (NearIdentity.field example' 0) near)

/// The fixed point of the feed-forward layer with this step nearest to x*: ℓ(x) + g(x + dtℓ(x)) = 0.
let private fixedPoint (dt: float) : float[] =
    let network = { example' with Step = Dual.constant (Binary64 dt) }

    let defect x =
        let u = NearIdentity.preactivation network 0 x
        Vector.add (NearIdentity.affine network 0 x) (u |> Array.map (NearIdentity.damp network.Damping))

    newton defect equilibrium.Value

/// |x^FFN − x* − dt(w + G)⁻¹G g(x*)|, and without the shift.
let private miss (isShifted: bool) (dt: float) : float =
    let x = equilibrium.Value
    let at = { example with Start = Array.map Rational.ofFloat x }
    let shifted = shift at |> Option.map (Array.map Rational.toFloat) |> Option.defaultValue [||]
    let predicted = if isShifted then FloatNetworks.addScaled x dt shifted else x
    FloatNetworks.distance (fixedPoint dt) predicted

let private isSecondOrder (isShifted: bool) : Outcome =
    let rung dt = { Resolution = 1.0 / dt; Error = miss isShifted dt; Floor = 1e-11 }

    [ 0.01; 0.005; 0.0025; 0.00125 ]
    |> List.map rung
    |> Orders.exactly "the distance to the shifted location" 2.0 (Orders.margin 2.0)

let private one = Networks.repeated 1 "1/4" (Damping.Cubic Rational.One) [ "1" ] "0" "1" "0" "0"

let claim: Claim =
    let networks = Networks.generator { Networks.both with Deepest = 1 }

    Paper.define
        "ruseckas.cubic.fixed-points"
        Paper.reconstructed
        "Residual fixed points are the equilibria, exactly; feed-forward fixed points are x* + dt(w + G)⁻¹G g(x*) + O(dt²), G = diag g′(x*)."
    |> Claim.hypothesis "H1" "the layer is x + dt·F(x): u does not enter g (first statement)"
    |> Claim.hypothesis "H2" "the shift (w + G)⁻¹G g(x*) is made (second statement)"
    |> Claim.exact "residual" (Instances.random networks 100) (rests Twin.Residual)
    |> Claim.exact "residual-only-there" (Instances.random networks 60) restsOnlyThere
    |> Claim.exact "shift" (Instances.random networks 60) (isShifted shift)
    |> Claim.asymptotic
        "location"
        (Instances.ladder (fun (_: bool) -> [ "w", "[[1, .3], [.2, 1.5]]"; "b", "(.1, −.2)"; "γ", "1" ]) [ true ])
        isSecondOrder
    |> Known.exact "reference" [
        Known.value "n = 1, w = γ = 1: the shift over dt" "-3/2" (fun () -> shift one |> Option.defaultValue [||])
        Known.value "the layer's defect at x² = (1 + dt)⁻³, dt = 1/4 and 1/100" "0 0" (fun () ->
            [| Rational.create 1 4; Rational.create 1 100 |] |> Array.map scalarResidual)
    ]
    |> Known.bounded "ladder" [
        Known.floats "the distance to the shifted location, dt = .04, .02, .01, .005" "9.2525e-3 2.3987e-3 6.1094e-4 1.5418e-4" (fun () ->
            [| 0.04; 0.02; 0.01; 0.005 |] |> Array.map (miss true))
    ]
    |> Known.bounded "scalar" [
        Known.floats "(1 + dt)^−3/2 at dt = 1/4, 1/100" "0.7155417527999327 0.9851853368415734" (fun () ->
            [| 0.25; 0.01 |] |> Array.map (fun dt -> 1.0 / ((1.0 + dt) * sqrt (1.0 + dt))))
    ]
    |> Claim.neededBy "H1" (Instances.chosen Networks.show [ one ]) (rests Twin.FeedForward)
    |> Claim.neededBy "H2" (Instances.chosen Networks.show [ one ]) (isShifted (fun case -> Some(Vector.zero case.Dimension)))
    |> Claim.neededBy "H2" (Instances.chosen (fun (_: bool) -> [ "location", "x* without the shift" ]) [ false ]) isSecondOrder
