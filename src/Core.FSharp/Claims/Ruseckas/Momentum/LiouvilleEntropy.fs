/// The entropy of the states changes by the divergence of the field.
///
/// Statement: for the marginal P of x, S(t) = −∫P ln P has dS/dt = E[Tr F′(x)], equivalently S(T) − S(0) = E ln|det φ_T′(X_0)|.
/// Corollary: dS/dt = Tr w − 3γE|x|₂² (cubic), Tr w − κE#{x_i &lt; 0} (leaky).
/// Checked: (d/dt)det φ_t′ = div F(x(t))·det φ_t′ exactly for F = (k·x)x, with t a dual number; entropies in closed form for known laws; and
/// the network twin Σ ln|det ∂x_{l+1}/∂x_l|, which tends to ∫div F with order 1, on linear fields.
/// The statement stands on the slides.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.Momentum.LiouvilleEntropy

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

let private grows (case: ProjectiveCase) : Outcome =
    let k, n = case.Direction, case.Start.Length

    Outcome.check [
        for t in [ "0"; "1/3"; "1" ] do
            fun () ->
                let t = Known.number t
                let moving = Projective.determinant (Projective.constants k) (Dual.variable t) (Projective.constants case.Start)
                let divergence = Rational.ofInt (n + 1) * Vector.dot k (Projective.flow k t case.Start)

                Outcome.all [
                    Check.equal $"det φ′ at {t}" (Elimination.determinant (Projective.jacobian k t case.Start)) moving.Value
                    Check.equal $"(d/dt)det φ′ at {t}" (divergence * moving.Value) moving.Derivative
                ]
    ]

/// Σ ln det(I + dt·w) over N layers of T = 2, w = [[0.5, 1], [−1, −0.2]].
let private linearTwin (n: int) : float =
    let h = 2.0 / float n
    float n * Elementary.log ((1.0 + 0.5 * h) * (1.0 - 0.2 * h) + h * h)

let private tends () : Outcome =
    let rung n = {
        Resolution = float n
        Error = abs (linearTwin n - 0.6)
        // One logarithm near 1, times N.
        Floor = 8.0 * float n * System.Math.ScaleB(1.0, -53)
    }

    Asymptotic.within "the error of Σ ln|det|" (0.9, 1.1) (List.map rung [ 100; 200; 400; 800 ])

/// ∫ f over [a, b] by Gauss's rule of three points on 400 pieces.
let private integrate (f: float -> float) (a: float) (b: float) : float =
    let h = (b - a) / 400.0
    let shift = sqrt 0.6 * 0.5 * h

    Seq.init 400 (fun i ->
        let middle = a + (float i + 0.5) * h
        h / 18.0 * (5.0 * f (middle - shift) + 8.0 * f middle + 5.0 * f (middle + shift)))
    |> Seq.sum

/// η(u) = u − γu³ with η′, and X uniform on [0, 2].
[<NoComparison>]
type private Fold = { Γ: float }

let private slope (fold: Fold) (u: float) : float = abs (1.0 - 3.0 * fold.Γ * u * u)

/// ½∫₀² ln|1 − c²u²| du in closed form, c = √(3γ).
let private meanLog (fold: Fold) : float =
    let c = sqrt (3.0 * fold.Γ)
    let primitive u = u * Elementary.log (abs (1.0 - c * c * u * u)) - 2.0 * u + Elementary.log (abs ((1.0 + c * u) / (1.0 - c * u))) / c

    0.5 * primitive 2.0

/// S(η(X)) − S(X) by −∫p ln p. For γ = 1/4 every image has two preimages, p = Σ ½/|η′|; the logarithm of the share of one of them is smooth
/// on both sides of the fold 2/√3. For 12γ &lt; 1 there is one.
let private entropyChange (fold: Fold) : float =
    if 12.0 * fold.Γ < 1.0 then
        0.5 * integrate (slope fold >> Elementary.log) 0.0 2.0
    else
        let share u =
            let other = 0.5 * (sqrt (16.0 - 3.0 * u * u) - u)
            let a, b = slope fold u, slope fold other
            Elementary.log (b / (a + b))

        let top = 2.0 / sqrt 3.0
        meanLog fold + 0.5 * (integrate share 0.0 top + integrate share top 2.0)

/// Gauss's rule of three points on pieces of length h over [a, b] misses ∫f by at most (b − a)h⁶ max|f⁽⁶⁾|/2016000; for f = ln(1 − c²u²)
/// |f⁽⁶⁾| = 5!·c⁶(1/(1 − cu)⁶ + 1/(1 + cu)⁶), largest at u = 2. Rounding: 1200 terms below 2·max|f|·h.
let private quadratureError (fold: Fold) : float =
    let c, h = sqrt (3.0 * fold.Γ), 2.0 / 400.0
    let power a n = Seq.replicate n a |> Seq.fold (*) 1.0
    let sixth = 120.0 * power c 6 * (1.0 / power (1.0 - 2.0 * c) 6 + 1.0 / power (1.0 + 2.0 * c) 6)
    let size = abs (Elementary.log (slope fold 2.0))
    2.0 * power h 6 * sixth / 2016000.0 + 8.0 * 1204.0 * System.Math.ScaleB(1.0, -53) * 2.0 * size

// For a fold the difference is of the size of the entropies themselves.
let private isMeanLog (fold: Fold) : Outcome =
    let slack = if 12.0 * fold.Γ < 1.0 then quadratureError fold else 1e-9
    Check.negligible "S(η(X)) − S(X) − E ln|η′|" slack (entropyChange fold - meanLog fold)

/// ln det Φ(2) of x′ = wx, w = [[0.5, 1], [−1, −0.2]], columns by the method of order 4: the change of entropy of Gaussian data.
let private gaussianChange () : float =
    let w = [| [| 0.5; 1.0 |]; [| -1.0; -0.2 |] |]
    let column start = FloatSteps.rungeKutta (fun _ x -> FloatNetworks.apply w x) start 2.0 4000
    let a, b = column [| 1.0; 0.0 |], column [| 0.0; 1.0 |]
    Elementary.log (a[0] * b[1] - a[1] * b[0])

/// E ln φ_1′ for x′ = x²/2 and X uniform on [1/2, 1]: φ′ = (1 − x/2)⁻².
let private squareChange () : float =
    let primitive x = 4.0 * ((1.0 - 0.5 * x) * Elementary.log (1.0 - 0.5 * x) - (1.0 - 0.5 * x))
    2.0 * (primitive 1.0 - primitive 0.5)

/// The entropy of φ_1(X) directly: its density is 2·φ_{−1}′(y) = 2(1 + y/2)⁻² on [2/3, 2].
let private squareEntropy () : float =
    let density y = 2.0 / ((1.0 + 0.5 * y) * (1.0 + 0.5 * y))
    -(integrate (fun y -> density y * Elementary.log (density y)) (2.0 / 3.0) 2.0)

/// E ln φ_1′ for x′ = −x³ and X uniform on [0, 1]: φ′ = (1 + 2x²)^−3/2.
let private cubicChange () : float = integrate (fun x -> -1.5 * Elementary.log (1.0 + 2.0 * x * x)) 0.0 1.0

let claim: Claim =
    let showFold (fold: Fold) = [ "η", $"u − {fold.Γ}·u³"; "X", "uniform on [0, 2]" ]
    let showNothing () = [ "field", "w = [[0.5, 1], [−1, −0.2]], T = 2" ]
    let e2 = Projective.known

    Paper.define
        "ruseckas.liouville.entropy"
        Paper.ofSlides
        "S(t) = −∫P ln P for the marginal of x: dS/dt = E[Tr F′(x, q)], S(T) − S(0) = E ln|det φ_T′(X_0)|."
    |> Claim.hypothesis "H1" "the layers are injective, as flows are"
    |> Claim.hypothesis "H2" "X_0 has a density"
    |> Claim.exact "determinant" (Instances.random Projective.generator 100) grows
    |> Claim.bounded "one-layer" (Instances.chosen showFold [ { Γ = 0.01 }; { Γ = 0.05 } ]) isMeanLog
    |> Claim.asymptotic "network-twin" (Instances.ladder showNothing [ () ]) tends
    |> Known.exact "reference-exact" [
        Known.value "E2: det φ_1′" "216/125" (fun () -> [| Projective.determinant e2.Direction Rational.One e2.Start |])
    ]
    |> Known.bounded "reference" [
        Known.floats
            "x′ = x²/2: S(0), S(1) by E ln φ′, S(1) by its density, dS/dt(0)"
            "-0.6931471805599453 0.260356531910959 0.260356531910959 0.75"
            (fun () ->
                let start = -(Elementary.log 2.0)
                [| start; start + squareChange (); squareEntropy (); 2.0 * integrate id 0.5 1.0 |])
        Known.floats "x′ = −x³: ΔS" "-0.6744510095702844" (fun () -> [| cubicChange () |])
        Known.floats "linear field, Gaussian data: S(2) − S(0)" "0.600000000000000" (fun () -> [| gaussianChange () |])
        Known.floats "linear field, N = 100" "0.6339860546179703" (fun () -> [| linearTwin 100 |])
        Known.floats "u − u³/4: E ln|η′| and S(η(X)) − S(X)" "-0.5465068231391087 -1.22303940787" (fun () -> [|
            meanLog { Γ = 0.25 }
            entropyChange { Γ = 0.25 }
        |])
    ]
    |> Claim.neededBy "H1" (Instances.chosen showFold [ { Γ = 0.25 } ]) isMeanLog
