/// Short Euler steps of a symmetric additive network lower its energy.
///
/// Statement: W symmetric, m ≤ σ′ ≤ Lσ on the trapping box shifted by ϑ, m &gt; 0, dt &lt; min(τ_min, 2mτ_min/(Lσ(1 + Lσ‖|W|‖₂))) ⇒
/// E(x_{l+1}) ≤ E(x_l) − dt(mτ_min − ½dt Lσ(1 + Lσ‖|W|‖₂))|f|₂², f = x′.
/// Proof: ΔE = −dt ∫₀¹ Σ σ′_i(s) f_i τ_i f_i(x + s·dt·f) ds and |τ_i f_i(x + s·dt·f) − τ_i f_i(x)| ≤ s·dt(|f_i| + Lσ Σ_j |w_ij||f_j|).
/// ‖|W|‖₂ is replaced by the larger ‖W‖∞, which keeps the claim (W is symmetric); dt ≤ τ_min keeps segment and step in the box.
/// Checked for σ = tanh in floats, with the rounding of the two energies as slack.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.Additive.EulerStepDescent

open LayerTime.Core.Numbers
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

[<NoComparison>]
type internal TanhCase = { W: float[][]; Τ: float[]; Θ: float[]; Input: float[]; X: float[]; Step: float }

let private sum = Array.sum<float>
let private outputs (case: TanhCase) (x: float[]) = Array.map2 (fun x ϑ -> Elementary.tanh (x - ϑ)) x case.Θ
let private dot (x: float[]) (y: float[]) : float = Array.map2 (*) x y |> sum

/// x′
let field (case: TanhCase) (x: float[]) : float[] =
    let y = outputs case x
    let received = Array.init x.Length (fun i -> sum (Array.init x.Length (fun j -> case.W[j][i] * y[j])))
    Array.init x.Length (fun i -> (received[i] + case.Input[i] - x[i]) / case.Τ[i])

// ln cosh u without overflow.
let private logCosh (u: float) : float =
    let a = abs u
    a + Elementary.log1p (Elementary.exp (-2.0 * a)) - Elementary.log 2.0

/// The terms of E: ∫₀ˣ s σ′(s − ϑ) ds = x·tanh(x − ϑ) − ln cosh(x − ϑ) + ln cosh ϑ.
let private terms (case: TanhCase) (x: float[]) : float[] =
    let y = outputs case x

    [|
        for i in 0 .. x.Length - 1 do
            for j in 0 .. x.Length - 1 do
                -0.5 * y[i] * case.W[i][j] * y[j]

            -case.Input[i] * y[i]
            x[i] * y[i]
            -(logCosh (x[i] - case.Θ[i]))
            logCosh case.Θ[i]
    |]

let energy (case: TanhCase) (x: float[]) : float = terms case x |> sum

let private rounding (case: TanhCase) (x: float[]) : float =
    let terms = terms case x
    8.0 * float (terms.Length + 4) * System.Math.ScaleB(1.0, -53) * sum (Array.map abs terms)

let step (case: TanhCase) : float[] = Array.map2 (fun x f -> x + case.Step * f) case.X (field case case.X)

/// R_i, m and the norm of |W|.
let private box (case: TanhCase) : float[] =
    Array.init case.X.Length (fun i ->
        max (abs case.X[i]) (sum (Array.init case.X.Length (fun j -> abs (case.W[j][i]))) + abs case.Input[i]))

/// ‖|W|‖₂ for n ≤ 2 in closed form, else the largest row sum.
let private norm (case: TanhCase) : float =
    let a = case.W |> Array.map (Array.map abs)

    if a.Length = 2 then
        let trace, gap = a[0][0] + a[1][1], a[0][0] - a[1][1]
        0.5 * (trace + sqrt (gap * gap + 4.0 * a[0][1] * a[1][0]))
    else
        a |> Array.map sum |> Array.max

let private least (case: TanhCase) : float =
    Array.map2 (fun r ϑ -> 1.0 - Elementary.tanh (r + abs ϑ) * Elementary.tanh (r + abs ϑ)) (box case) case.Θ |> Array.min

/// dt*, the least of τ_min and 2mτ_min/(1 + ‖|W|‖₂): Lσ = 1 for tanh.
let longest (case: TanhCase) : float =
    let τ = Array.min case.Τ
    min τ (2.0 * least case * τ / (1.0 + norm case))

let descends (case: TanhCase) : Outcome =
    let next = step case
    let f = field case case.X
    let rate = least case * Array.min case.Τ - 0.5 * case.Step * (1.0 + norm case)
    let slack = rounding case case.X + rounding case next
    Outcome.atMost "E(x_{l+1}) − E(x_l)" (-case.Step * rate * dot f f + slack) (energy case next - energy case case.X)

/// Whether the energy does not rise in one step.
let doesNotRise (case: TanhCase) : Outcome =
    let next = step case
    Outcome.atMost "E(x_{l+1}) − E(x_l)" (rounding case case.X + rounding case next) (energy case next - energy case case.X)

/// A standard normal number by the sum of twelve uniform ones.
let private normal (stream: RandomStream) : float = (Seq.init 12 (fun _ -> stream.NextFloat(0.0, 1.0)) |> Seq.sum) - 6.0

let draw (stream: RandomStream) : TanhCase =
    let n = stream.NextInt(1, 3)
    let a = Array.init n (fun _ -> Array.init n (fun _ -> normal stream))
    let vector scale = Array.init n (fun _ -> scale * normal stream)

    let case = {
        W = Array.init n (fun i -> Array.init n (fun j -> 0.5 * (a[i][j] + a[j][i])))
        Τ = Array.init n (fun _ -> stream.NextFloat(0.5, 2.0))
        Θ = vector 0.5
        Input = vector 1.0
        X = vector 1.0
        Step = 0.0
    }

    { case with Step = stream.NextFloat(0.1, 1.0) * longest case }

let private shrink (case: TanhCase) : TanhCase seq =
    seq {
        for x in Shrink.elements Shrink.float case.X do
            { case with X = x }

        for input in Shrink.elements Shrink.float case.Input do
            { case with Input = input }
    }
    |> Seq.map (fun simpler -> { simpler with Step = min simpler.Step (longest simpler) })

let show (case: TanhCase) : (string * string) list = [
    "W", sprintf "%A" case.W
    "τ", sprintf "%A" case.Τ
    "ϑ", sprintf "%A" case.Θ
    "I", sprintf "%A" case.Input
    "x", sprintf "%A" case.X
    "dt", string case.Step
]

let known: TanhCase = {
    W = [| [| 2.0; 1.0 |]; [| 1.0; 0.5 |] |]
    Τ = [| 1.0; 2.0 |]
    Θ = [| 0.0; 0.0 |]
    Input = [| 0.1; -0.3 |]
    X = [| -0.2; 1.5 |]
    Step = 0.0
}

let private long: TanhCase = { W = [| [| -3.0 |] |]; Τ = [| 1.0 |]; Θ = [| 0.0 |]; Input = [| 0.0 |]; X = [| -0.54 |]; Step = 0.6 }

let private skew: TanhCase = {
    W = [| [| 3.0; 3.0 |]; [| -3.0; 3.0 |] |]
    Τ = [| 1.0; 1.0 |]
    Θ = [| 0.0; 0.0 |]
    Input = [| 0.0; 0.0 |]
    X = [| 3.0; -0.5 |]
    Step = System.Math.ScaleB(1.0, -18)
}

/// ∇E·x′ with the E of ½(W + Wᵀ).
let private rate (case: TanhCase) : float =
    let y = outputs case case.X
    let n = case.X.Length

    let gradient =
        Array.init n (fun i ->
            let mean = sum (Array.init n (fun j -> 0.5 * (case.W[i][j] + case.W[j][i]) * y[j]))
            (1.0 - y[i] * y[i]) * (case.X[i] - case.Input[i] - mean))

    dot gradient (field case case.X)

let claim: Claim =
    let generator = Generator.fromStream (fun _ stream -> draw stream) shrink show

    Paper.define
        "ruseckas.additive.euler-step-descent"
        Paper.reconstructed
        "W symmetric, m ≤ σ′ ≤ Lσ on the trapping box, dt < min(τ_min, 2mτ_min/(Lσ(1 + Lσ‖|W|‖))): E(x_{l+1}) ≤ E(x_l) − dt(mτ_min − ½dt Lσ(1 + Lσ‖|W|‖))|x′|²."
    |> Claim.hypothesis "H1" "W is symmetric"
    |> Claim.hypothesis "H2" "m ≤ σ′ ≤ Lσ on the trapping box, m > 0"
    |> Claim.hypothesis "H3" "dt < min(τ_min, 2mτ_min/(Lσ(1 + Lσ‖|W|‖)))"
    |> Claim.bounded "descent" (Instances.random generator 200) descends
    |> Known.bounded "reference" [
        Known.floats "R, m, dt*" "3.1 1.8 0.008084873865486324 0.004619927923135042" (fun () ->
            Array.append (box known) [| least known; longest known |])
        Known.floats "E(0)" "0.7480447788856236" (fun () -> [| energy known known.X |])
        Known.floats "E before and after a step of 0.6" "0.4915486636302682 0.6980091343480142" (fun () -> [|
            energy long long.X
            energy long (step long)
        |])
        Known.floats "∇E·x′ with W not symmetric, dt*" "1.46321830252 7.02e-6" (fun () -> [| rate skew; longest skew |])
    ]
    |> Claim.neededBy "H1" (Instances.chosen show [ skew ]) doesNotRise
    |> Claim.neededBy "H3" (Instances.chosen show [ long ]) doesNotRise
