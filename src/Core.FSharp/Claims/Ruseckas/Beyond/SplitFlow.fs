/// With the exact flow of g as activation a feed-forward network has order 2.
///
/// Statement: η the exact flow of g over dt, η(u) = u/√(1 + 2γdt·u²) for the cubic (sigmoidal, a diffeomorphism onto |x| &lt; 1/√(2γdt)),
/// slope e^{−κdt} for the leaky one; middle layers exp(dt·w) with the affine part by the augmented exponential, the first and one final linear layer
/// exp(dt·w/2). The same N activations, order 2, and injective without any restriction on the step.
/// Without the half steps the order is 1.
/// Beyond the paper.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.Beyond.SplitFlow

open LayerTime.Core.Numbers
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas
open LayerTime.Core.Claims.Ruseckas.Cubic

/// exp(τ(w, b)) of the affine equation x′ = wx + b as the rows of an (n + 1)×(n + 1) matrix acting on (x, 1): Taylor to degree 24.
let private exponential (w: float[][]) (b: float[]) (τ: float) : float[][] =
    let n = b.Length

    let a =
        Array.init (n + 1) (fun i ->
            Array.init (n + 1) (fun j ->
                if i = n then 0.0
                elif j = n then τ * b[i]
                else τ * w[i][j]))

    let identity = Array.init (n + 1) (fun i -> Array.init (n + 1) (fun j -> if i = j then 1.0 else 0.0))
    let multiply (p: float[][]) = p |> Array.map (fun row -> FloatNetworks.applyTransposed a row)

    // Horner: I + A/1(I + A/2(I + …)).
    Seq.fold (fun sum k -> Array.map2 (Array.map2 (fun i s -> i + s / float k)) identity (multiply sum)) identity (seq { 24..-1..1 })

let private linear (rows: float[][]) (x: float[]) : float[] = FloatNetworks.apply rows (Array.append x [| 1.0 |]) |> Array.truncate x.Length

/// The exact flow of g over h.
let private activate (g: Entrywise) (h: float) (u: float) : float =
    match g with
    | Entrywise.Cubic γ -> u / sqrt (1.0 + 2.0 * γ * h * u * u)
    | Entrywise.Leaky κ -> if u < 0.0 then u * Elementary.exp (-κ * h) else u
    // sinh is multiplied by e^{−κh}; not used.
    | Entrywise.Tanh _ -> nan

/// x_N, with half linear steps at both ends, or with a full one before each activation.
let private run (isSymmetric: bool) (equation: Equation) (n: int) : float[] =
    let h = equation.Horizon / float n
    let w, b = equation.W 0.0, equation.B 0.0
    let full, half = exponential w b h, exponential w b (0.5 * h)
    let activate = Array.map (activate equation.G h)

    if isSymmetric then
        let middle = Seq.fold (fun x _ -> linear full x |> activate) (linear half equation.Start |> activate) (seq { 2..n })
        linear half middle
    else
        Seq.fold (fun x _ -> linear full x |> activate) equation.Start (seq { 1..n })

let private rungs (isSymmetric: bool) (equation: Equation) : Rung list =
    let exact = FloatSteps.rungeKutta (FloatNetworks.field equation) equation.Start equation.Horizon 1280

    let rung n = {
        Resolution = float n
        Error = FloatNetworks.distance exact (run isSymmetric equation n)
        Floor = 1e-11 * (1.0 + FloatNetworks.norm exact)
    }

    List.map rung [ 20; 40; 80; 160 ]

let private quantity = "the error of the split network"

let private order (isSymmetric: bool) (equation: Equation) : Outcome = rungs isSymmetric equation |> Orders.exactly quantity 2.0 0.1

/// The activation is the flow of g: it solves η′ = g(η) in its time, by the closed form with w = 0.
let private isFlow (γ: float, u: float, h: float) : Outcome =
    let x, _ = ScalarClosedForm.value 0.0 γ u h
    Check.negligible "η(u) − φ_h(u)" (16.0 * FloatNetworks.unit * abs u) (activate (Entrywise.Cubic γ) h u - x)

/// The leaky field on Q's data, with crossings of kinks: the mean slope over N = 20..640 is at least 1.7.
let private leaky: Equation = { FloatNetworks.q with G = Entrywise.Leaky 0.7 }

let private leakyErrors: float[] Lazy =
    lazy
        (let exact = run true leaky 40960
         [| 20; 40; 80; 160; 320; 640 |] |> Array.map (fun n -> FloatNetworks.distance exact (run true leaky n)))

let private meanSlope () : Outcome =
    let errors = leakyErrors.Value
    let slope = Elementary.log (errors[0] / errors[5]) / (5.0 * Elementary.log 2.0)
    Outcome.isTrue "the mean order over N = 20..640 of a leaky network" "is at least 1.7" (slope >= 1.7)

let claim: Claim =
    let s1 n = (run true FloatNetworks.s1 n)[0]
    let exact = fst (ScalarClosedForm.value 1.0 0.5 0.3 2.0)
    let rate n = (s1 n - exact) * float n * float n / 4.0
    let showFlow (γ, u, h) = [ "γ", string γ; "u", string u; "dt", string h ]

    Paper.define
        "ruseckas.beyond.split-flow-ffn"
        Paper.own
        "Activation the exact flow of g, linear layers exp(dt·w), half ones at both ends: N activations, order 2, injective for every step."
    |> Claim.hypothesis "H1" "the first and the last linear layer are half steps"
    |> Claim.bounded "activation" (Instances.chosen showFlow [ 0.5, 1.25, 0.1; 1.0, -3.0, 0.5; 0.25, 0.01, 2.0 ]) isFlow
    |> Claim.asymptotic "order" (Instances.random FloatNetworks.cubicGenerator 30) (rungs true >> Orders.atLeast quantity 2.0)
    |> Claim.asymptotic "q" (Instances.ladder FloatNetworks.show [ FloatNetworks.q; FloatNetworks.s1 ]) (order true)
    |> Claim.asymptotic "leaky" (Instances.ladder (fun () -> [ "problem", "Q with κ = 0.7" ]) [ () ]) meanSlope
    |> Known.bounded "reference" [
        Known.floats "S1: N = 10, 20, 40" "1.202906863518402 1.200788989110003 1.200258958128266" (fun () -> [| s1 10; s1 20; s1 40 |])
        // A quotient by dt² carries N²/T² times the rounding errors of x_N.
        Known.floats "error/dt²" "0.0706158099660 0.0706757990243 0.0706908034028" (fun () -> [| rate 10; rate 20; rate 40 |])
        Known.floats "Q, κ = 0.7: errors for N = 20..640" "5.57e-5 1.63e-5 4.12e-6 8.59e-7 3.24e-7 3.39e-8" (fun () -> leakyErrors.Value)
    ]
    |> Claim.neededBy "H1" (Instances.chosen FloatNetworks.show [ FloatNetworks.q; FloatNetworks.s1 ]) (order false)
