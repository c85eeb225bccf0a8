/// Residual networks of small steps have no critical point.
///
/// Statement: h₀ = W·x + b, h_{k+1} = h_k + δ_k·f_k(h_k), Φ = w·h_K with m ≤ n, rank W = m, w ≠ 0, f_k in C¹ with |Df_k|₂ ≤ L_k and δ_k·L_k &lt; 1: Φ_x ≠ 0 and
///   |Φ_x|₂ ≥ s_min(W)·|w|·Π (1 − δ_k·L_k).
/// Proof: s_min(I + δ·Df) ≥ 1 − δ·L; Wᵀ is injective.
/// The neural differential equation behind it has none at any step; a coarse solver creates critical points. Checked with f = B·tanh(A·h + c),
/// L = |A|₂·|B|₂.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.KuehnKuntz.Resnet.NoCriticalPoint

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Rigour
open LayerTime.Core.Claims
open LayerTime.Core.Claims.KuehnKuntz

/// One step h + δ·B·tanh(A·h + c).
[<NoComparison>]
type private Step = { Step: Rational; Inner: Rational[][]; Bias: Rational[]; Outer: Rational[][] }

/// Lift, steps and readout.
[<NoComparison>]
type private Residual = { Lift: Rational[][]; LiftBias: Rational[]; Steps: Step[]; Readout: Rational[] }

/// The residual network as a perceptron: a step is the layer (h, tanh(A·h + c)) followed by the matrix (I, δ·B).
let private perceptron (net: Residual) : Perceptron<Rational> =
    let m = net.Readout.Length

    let step (before: Matrix<Rational>, bias: Rational[]) (step: Step) =
        let inner = Matrix.ofRows step.Inner
        let width = step.Bias.Length
        let kinds = Array.append (Array.create m ActivationKind.Identity) (Array.create width Networks.tanh)
        let weights = Array.append (Matrix.toRows before) (Matrix.toRows (Matrix.multiply inner before))
        let bias = Array.append bias (Vector.add (Matrix.apply inner bias) step.Bias)
        let next = Matrix.ofBlocks [| [| Matrix.identity m; Matrix.scale step.Step (Matrix.ofRows step.Outer) |] |]
        { Weights = Matrix.ofRows weights; Bias = bias; Activations = kinds }, (next, Array.create m Rational.Zero)

    let hidden, (last, offset) = Array.mapFold step (Matrix.ofRows net.Lift, net.LiftBias) net.Steps
    let readout = Matrix.ofRows [| net.Readout |]
    Perceptron.create hidden (Matrix.multiply readout last) (Matrix.apply readout offset) |> Defect.orFail

/// s_min(W)·|w|·Π (1 − δ_k·L_k), rounded down; not positive where a factor is not proved to be.
let private bound (net: Residual) : float =
    let lift = Matrix.map Interval.ofRational (Matrix.ofRows net.Lift)
    // Wᵀ is injective for full row rank only.
    let smallest = if lift.Rows > lift.Columns then 0.0 else IntervalMatrix.smallestSingularValue lift
    let readout = (Instruments.norm (Array.map Interval.ofRational net.Readout)).Lower

    let factor (step: Step) =
        let lipschitz = Directed.multiplyUp (Instruments.norm2 step.Inner) (Instruments.norm2 step.Outer)
        Directed.subtractDown 1.0 (Directed.multiplyUp (Directed.ofRationalUp step.Step) lipschitz)

    net.Steps
    |> Array.fold
        (fun product step -> Directed.multiplyDown product (max 0.0 (factor step)))
        (Directed.multiplyDown smallest (max 0.0 readout))

/// Points of [−2, 2]ⁿ.
let private points (n: int) : float[] list = [
    for k in 0..3 -> Array.init n (fun i -> (if ((k + i) >>> 1) % 2 = 0 then 1.0 else -1.0) * 0.5 * float (k + 1) * float (1 + i % 2) / 2.0)
]

/// 0 &lt; the bound ≤ |Φ_x| at some points.
let private isBelowGradient (net: Residual) : Outcome =
    let bound = bound net
    let p = Instruments.enclosed (perceptron net)

    if bound <= 0.0 then
        Outcome.undecided "a factor of the bound is not proved to be positive"
    else
        let at x = Outcome.atLeast "|Φ_x|" bound (Instruments.norm (PerceptronCalculus.gradient p (Box.ofPoint x))).Upper
        points p.Inputs |> List.map at |> Outcome.all

/// The bound alone proves it, without a box.
let private hasBound (net: Residual) : Outcome =
    if bound net > 0.0 then Outcome.holds else Outcome.undecided "a factor of the bound is not proved to be positive"

/// Branch and bound excludes the box [−2, 2]ⁿ, or finds what refutes.
let private hasNoCriticalPoint (net: Residual) : Outcome =
    let p = perceptron net

    if net.Readout |> Array.forall (fun w -> w.Sign = 0) then
        let gradient = PerceptronCalculus.gradient (Instruments.enclosed p) (Box.cube p.Inputs 2.0)

        if gradient |> Array.forall (fun g -> g.Lower = 0.0 && g.Upper = 0.0) then
            Outcome.refuted "Φ_x on [−2, 2]ⁿ" "not 0" "0 everywhere"
        else
            Outcome.undecided "Φ_x is not seen to vanish"
    elif Elimination.rank (Matrix.ofRows net.Lift) < p.Inputs then
        Instruments.hasNoCriticalFlat p 2.0
    else
        Instruments.hasNoCriticalPoint p (Box.cube p.Inputs 2.0)

/// Steps δ = s/16 in front of matrices k/16 in [−1, 1], as many sixteenths as leave δ·L &lt; 1 with the Frobenius norms for L.
let private residuals (most: int) (lift: RandomStream -> int -> int -> Rational[][]) : Generator<Residual> =
    let entry (stream: RandomStream) = Draws.dyadic 16 1 stream

    let frobeniusSquare (rows: Rational[][]) = rows |> Array.sumBy (fun row -> Vector.dot row row |> Rational.toFloat)

    let safe (step: Step) =
        let lipschitz = sqrt (frobeniusSquare step.Inner * frobeniusSquare step.Outer)
        let sixteenths = if lipschitz = 0.0 then 16 else min 16 (int (15.0 / lipschitz))
        { step with Step = Rational.create sixteenths 16 }

    let draw (stream: RandomStream) =
        let n = stream.NextInt(1, most)
        let m = stream.NextInt(1, n)

        let step _ =
            let width = stream.NextInt(1, 3)

            safe {
                Step = Rational.Zero
                Inner = Draws.matrix entry stream width m
                Bias = Draws.vector entry stream width
                Outer = Draws.matrix entry stream m width
            }

        {
            Lift = lift stream m n
            LiftBias = Draws.vector entry stream m
            Steps = Array.init (stream.NextInt(1, 4)) step
            Readout = Array.init m (fun i -> if i = 0 then Rational.create (stream.NextInt(1, 32)) 16 else entry stream)
        }

    let shrink (net: Residual) =
        seq {
            for steps in Shrink.array 1 Shrink.none net.Steps do
                { net with Steps = steps }

            if net.LiftBias |> Array.exists (fun b -> b.Sign <> 0) then
                { net with LiftBias = Array.map (fun _ -> Rational.Zero) net.LiftBias }

            for steps in
                Shrink.elements
                    (fun (step: Step) ->
                        Shrink.elements (Shrink.elements Draws.shrinkFraction) step.Inner
                        |> Seq.map (fun a -> safe { step with Inner = a }))
                    net.Steps do
                { net with Steps = steps }
        }

    let rows (matrix: Rational[][]) = matrix |> Array.map Draws.showVector |> String.concat " "

    let show (net: Residual) = [
        "W", rows net.Lift
        "b", Draws.showVector net.LiftBias
        for k, step in Array.indexed net.Steps do
            $"step {k + 1}", $"δ = {step.Step}, A = {rows step.Inner}, c = {Draws.showVector step.Bias}, B = {rows step.Outer}"
        "w", Draws.showVector net.Readout
    ]

    Generator.fromStream (fun _ -> draw) shrink show

let private entries = Draws.fullRank (Draws.dyadic 16 2)
let private identityRows (n: int) : Rational[][] = Matrix.toRows (Matrix.identity n)

/// One step δ of h′ = −tanh 4h.
let private euler (step: Rational) : Residual = {
    Lift = identityRows 1
    LiftBias = [| Rational.Zero |]
    Steps = [|
        { Step = step; Inner = [| [| Rational.ofInt 4 |] |]; Bias = [| Rational.Zero |]; Outer = [| [| -Rational.One |] |] }
    |]
    Readout = [| Rational.One |]
}

/// Two states x + 1 and x − 1, one step of h + tanh(h)/2, Φ the difference: tanh(x + 1)/2 − tanh(x − 1)/2 + 2 with a maximum at 0.
let private difference (lift: string list) (readout: string) : Residual = {
    Lift = lift |> List.map Networks.vector |> List.toArray
    LiftBias = Networks.vector "1 -1"
    Steps = [| { Step = Rational.create 1 2; Inner = identityRows 2; Bias = Networks.vector "0 0"; Outer = identityRows 2 } |]
    Readout = Networks.vector readout
}

let private reference: KnownValue list =
    let census = lazy Instruments.census (perceptron (euler (Rational.create 1 2))) (Box.cube 1 2.0)
    let point i () = census.Value.Points[i].Point[0]

    [
        Known.value "the lower critical point of the Euler step 1/2" -0.22034339675488576 (point 0)
        Known.value "the upper critical point of the Euler step 1/2" 0.22034339675488576 (point 1)
        // The gradient of the step is 1 − 4δ·sech² 4h: at δ = 1/4 it touches 0 at h = 0, at δ = 1/8 it is 1/2 there.
        Known.value "Φ′(0) of the Euler step 1/4" 0.0 (fun () ->
            (PerceptronCalculus.gradient (Instruments.enclosed (perceptron (euler (Rational.create 1 4)))) (Box.cube 1 0.0))[0])
        Known.product "the bound of the Euler step 1/8" 0.5 (fun () -> Interval.ofFloat (bound (euler (Rational.create 1 8))))
        Known.value "Φ′(0) of the Euler step 1/8" 0.5 (fun () ->
            (PerceptronCalculus.gradient (Instruments.enclosed (perceptron (euler (Rational.create 1 8)))) (Box.cube 1 0.0))[0])
    ]

let claim: Claim =
    let all = residuals 4 entries
    let planar = residuals 2 entries

    Paper.define
        "kuehn-kuntz.resnet.no-critical-point"
        Paper.reconstructed
        "h₀ = W·x + b, h_{k+1} = h_k + δ_k·f_k(h_k), Φ = w·h_K with m ≤ n, rank W = m, w ≠ 0, |Df_k|₂ ≤ L_k and δ_k·L_k < 1: |Φ_x|₂ ≥ s_min(W)·|w|·Π (1 − δ_k·L_k) > 0."
    |> Claim.hypothesis "H1" "m ≤ n"
    |> Claim.hypothesis "H2" "rank W = m"
    |> Claim.hypothesis "H3" "w ≠ 0"
    |> Claim.hypothesis "H4" "δ_k·L_k < 1 for every step"
    |> Claim.certified "bound-is-positive" (Instances.random all 100) hasBound
    |> Claim.bounded "gradient-above-bound" (Instances.random all 100) isBelowGradient
    |> Claim.certified "excluded-by-branch-and-bound" (Instances.random planar 20) hasNoCriticalPoint
    |> Known.references reference "reference"
    |> Claim.neededBy "H1" (Instances.chosen all.Show [ difference [ "1"; "1" ] "1 -1" ]) hasNoCriticalPoint
    |> Claim.neededBy "H2" (Instances.chosen all.Show [ difference [ "1 0"; "1 0" ] "1 -1" ]) hasNoCriticalPoint
    |> Claim.neededBy "H3" (Instances.chosen all.Show [ difference [ "1 0"; "0 1" ] "0 0" ]) hasNoCriticalPoint
    |> Claim.neededBy "H4" (Instances.chosen all.Show [ euler (Rational.create 1 2) ]) hasNoCriticalPoint
