/// Cubic damping contracts volume.
///
/// Statement: div F = Tr w − 3γ|x|₂², ln det φ_T′ = ∫div F dt ≤ ∫Tr w dt. Feed-forward twin:
/// ln|det ∂x_N/∂x_0| = Σ_l (ln|det W_l| + Σ_i ln|1 − 3γdt·u_i²|), so |det ∂x_N/∂x_0| ≤ Π|det W_l| while 0 ≤ η′ ≤ 1.
/// Checked exactly as products; that the logarithms of the residual twin tend to ∫div F is measured against the closed form in one dimension.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.Cubic.Dissipation

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

let private product (factors: Rational seq) : Rational = Seq.fold (fun (a: Rational) b -> a * b) Rational.One factors

/// det ∂x_N/∂x_0, column by column.
let private determinant (case: NetworkCase) : Rational =
    let x = Networks.states Twin.FeedForward case

    Array.init case.Dimension (fun i -> NearIdentity.tangents Twin.FeedForward case.Network x (Vector.unit case.Dimension i) |> Array.last)
    |> Matrix.ofRows
    |> Elimination.determinant

/// det W_l of every layer.
let private weights (case: NetworkCase) : Rational[] =
    case.Network.Weights
    |> Array.map (fun w ->
        Matrix.add (Matrix.identity case.Dimension) (Matrix.scale case.Network.Step (Matrix.ofRows w))
        |> Elimination.determinant)

/// η′ at every pre-activation.
let private slopes (case: NetworkCase) : Rational[] =
    let x = Networks.states Twin.FeedForward case

    Array.init case.Network.Depth (fun l -> NearIdentity.preactivation case.Network l x[l] |> NearIdentity.activateSlope case.Network)
    |> Array.concat

let private isProduct (case: NetworkCase) : Outcome =
    Check.equal "det ∂x_N/∂x_0" (product (weights case) * product (slopes case)) (determinant case)

let private contracts (case: NetworkCase) : Outcome =
    Check.atMost "|det ∂x_N/∂x_0|" (weights case |> Seq.map Rational.abs |> product) (Rational.abs (determinant case))

/// Tr F′ = Tr w − 3γ|x|₂²
let private hasDivergence (case: NetworkCase) : Outcome =
    match case.Network.Damping with
    | Damping.Leaky _ -> Outcome.undecided "a cubic network is needed"
    | Damping.Cubic γ ->
        let n, x = case.Dimension, case.Start
        let trace = Seq.init n (fun i -> (NearIdentity.push case.Network 0 x (Vector.unit n i))[i]) |> Seq.sum
        let w = case.Network.Weights[0]
        let tr = Seq.init n (fun i -> w[i][i]) |> Seq.sum
        Check.equal "div F" (tr - Rational.ofInt 3 * γ * Vector.dot x x) trace

/// x′ = x − x³/2 from 0.3 over [0, 2]: Σ ln|1 + dt·F′(x_l)| against ln ∂x(2)/∂x_0, of order 1.
let private tends () : Outcome =
    let _, slope = ScalarClosedForm.value 1.0 0.5 0.3 2.0
    let exact = Elementary.log slope

    let rung n =
        let h = 2.0 / float n
        let mutable x = 0.3
        let mutable sum = 0.0

        for _ in 1..n do
            // The feed-forward layer: W = 1 + h, η′ = 1 − 3γh·u².
            let u = x + h * x
            sum <- sum + Elementary.log (1.0 + h) + Elementary.log (abs (1.0 - 1.5 * h * u * u))
            x <- u - h * 0.5 * u * u * u

        { Resolution = float n; Error = abs (sum - exact); Floor = 16.0 * float n * System.Math.ScaleB(1.0, -53) }

    Asymptotic.within "the error of Σ ln|det|" (0.9, 1.1) (List.map rung [ 200; 400; 800 ])

/// Σ ln|det ∂x_{l+1}/∂x_l| of a drawn equation against ∫div F by the method of order 4 with four times the finest N.
let private tendsDrawn (equation: Equation) : Outcome =
    let n, γ =
        equation.Start.Length,
        match equation.G with
        | Entrywise.Cubic γ -> γ
        | Entrywise.Leaky _
        | Entrywise.Tanh _ -> 0.0

    let w = equation.W 0.0
    let trace = w |> Array.mapi (fun i row -> row[i]) |> Array.sum

    let joint t (z: float[]) =
        let x = Array.truncate n z
        Array.append (FloatNetworks.field equation t x) [| trace - 3.0 * γ * FloatNetworks.dot x x |]

    let exact = (FloatSteps.rungeKutta joint (Array.append equation.Start [| 0.0 |]) equation.Horizon 3200)[n]

    let rung depth =
        let h = equation.Horizon / float depth
        let layer = w |> Array.mapi (fun i row -> row |> Array.mapi (fun j a -> (if i = j then 1.0 else 0.0) + h * a))
        let _, u = FloatNetworks.feedForward equation depth
        let slopes = u |> Seq.collect id |> Seq.sumBy (fun u -> Elementary.log (abs (1.0 - 3.0 * γ * h * u * u)))
        let found = float depth * FloatElimination.logDeterminant layer + slopes
        { Resolution = float depth; Error = abs (found - exact); Floor = 1e-11 * (1.0 + abs exact) }

    Orders.atLeast "the error of Σ ln|det|" 1.0 (List.map rung [ 200; 400; 800 ])

/// Σ_l (ln|det W_l| + Σ_i ln|1 − 3γdt·u_i²|) of Q less ∫div F = −3.741964961842955.
let private excess (n: int) : float =
    let equation = FloatNetworks.q
    let h = equation.Horizon / float n
    let m = equation.W 0.0 |> Array.mapi (fun i row -> row |> Array.mapi (fun j a -> (if i = j then 1.0 else 0.0) + h * a))
    let minor i j k l = m[i][k] * m[j][l] - m[i][l] * m[j][k]
    let inner = m[0][0] * minor 1 2 1 2 - m[0][1] * minor 1 2 0 2 + m[0][2] * minor 1 2 0 1
    let _, u = FloatNetworks.feedForward equation n
    let slopes = u |> Seq.collect id |> Seq.sumBy (fun u -> Elementary.log (abs (1.0 - 1.5 * h * u * u)))
    float n * Elementary.log (abs inner) + slopes + 3.741964961842955

/// γ = 1, dt = 1/2, u = 2, w = 0: |det| = 5.
let private steep = Networks.repeated 1 "1/2" (Damping.Cubic Rational.One) [ "0" ] "0" "2" "0" "0"

let claim: Claim =
    let accept case = slopes case |> Array.forall (fun s -> s.Sign >= 0 && s <= Rational.One)
    let damped = Networks.generator { Networks.cubic with Accept = accept }

    Paper.define
        "ruseckas.cubic.dissipation"
        Paper.reconstructed
        "div F = Tr w − 3γ|x|²: ln det φ_T′ = ∫div F ≤ ∫Tr w; feed-forward twin |det ∂x_N/∂x_0| = Π|det W_l|·Π|1 − 3γdt·u²| ≤ Π|det W_l|."
    |> Claim.hypothesis "H1" "0 ≤ η′ ≤ 1 at all pre-activations (for the inequality)"
    |> Claim.exact "divergence" (Instances.random (Networks.generator Networks.cubic) 60) hasDivergence
    |> Claim.exact "product" (Instances.random (Networks.generator Networks.cubic) 60) isProduct
    |> Claim.exact "contraction" (Instances.random damped 60) contracts
    |> Claim.asymptotic "twin" (Instances.ladder (fun () -> [ "problem", "x′ = x − x³/2" ]) [ () ]) tends
    |> Claim.asymptotic "twin-drawn" (Instances.random FloatNetworks.cubicGenerator 30) tendsDrawn
    |> Known.exact "reference" [ Known.value "det of the layer γ = 1, dt = 1/2, u = 2" "-5" (fun () -> [| determinant steep |]) ]
    |> Known.bounded "reference-twin" [
        Known.floats "Q: the distance to ∫div F, N = 20, 40, 80, 160" "0.3275253901 0.1460094448 0.0690565042 0.0335940420" (fun () ->
            [| 20; 40; 80; 160 |] |> Array.map (excess >> abs))
    ]
    |> Claim.neededBy "H1" (Instances.chosen Networks.show [ steep ]) contracts
