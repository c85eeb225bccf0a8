/// For almost all weights of augmented width, no critical point is degenerate.
///
/// Statement: effective class G or N, σ_l in C² with σ_l′ &gt; 0, X open: the weights for which Φ has a degenerate critical point in X are a
/// null set. It suffices to move the outgoing weights and biases of one widest layer, all other weights of full rank being fixed.
/// Proof: Φ_x as a function of point and weights is a submersion where dz_g/dx has full column rank and dΦ/da_{g+1} ≠ 0; Sard.
/// No sample of weights proves that a set is null: each instance is certified by a complete census, and instances that stay inconclusive
/// are counted as undecided. What carries the general statement, that weights move the gradient everywhere, is a claim of its own.
/// The statement is the paper's abstract's; its sharper form and the proof are reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.KuehnKuntz.Mlp.MorseGeneric

open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.Rigour
open LayerTime.Core.Claims
open LayerTime.Core.Claims.KuehnKuntz

/// Every Hessian is regular, and the sign of its determinant is (−1)^index.
let private hasRegularHessians (map: IScalarMap) (census: Census) : Outcome =
    let at (point: CriticalPoint) =
        let determinant = IntervalMatrix.determinant (Instruments.hessian map point.Point)
        let expected = if point.Index % 2 = 0 then 1 else -1

        match Interval.sign determinant with
        | Some sign when sign = expected -> Outcome.holds
        | Some sign -> Outcome.refuted $"the sign of det H at {Instruments.showBox point.Point}" (string expected) (string sign)
        | None -> Outcome.undecided $"det H at {Instruments.showBox point.Point} is only known to lie in {determinant}"

    Outcome.all (List.map at census.Points)

/// Every weight moved by at most 2⁻²⁰ of itself, differently in every entry and every attempt.
let private perturbed (attempt: int) (p: Perceptron<Rational>) : Perceptron<Rational> =
    let mutable count = attempt

    Perceptron.map
        (fun (weight: Rational) ->
            count <- count + 1
            let k = count * 37 % 129 - 64
            weight * (Rational.One + Rational.create k (64 <<< 20)))
        p

let private isMorse (p: Perceptron<Rational>) (box: Box) : Outcome =
    let census = Instruments.census p box

    if census.IsComplete then
        hasRegularHessians (Instruments.map p) census
    else
        let retried = Seq.init 3 (fun attempt -> Instruments.census (perturbed attempt p) box) |> Seq.tryFindIndex _.IsComplete

        let after =
            match retried with
            | Some attempt -> $"complete after {attempt + 1} perturbations of relative size 2⁻²⁰"
            | None -> "inconclusive also after 3 perturbations of relative size 2⁻²⁰"

        Outcome.undecided $"the census is inconclusive: {Instruments.incompleteness census}; {after}"

let private examples = [
    "A241", (Networks.A241, Box.cube 2 2.5)
    "B2321", (Networks.B2321, Box.cube 2 2.5)
    "C131", (Networks.C131, Box.cube 1 4.0)
    "saddle excess", (Networks.saddleExcess, Box.cube 2 2.5)
    "2-3-2-3-1 with a flat maximum", (Networks.flat23231, Box.cube 2 2.5)
]

/// The maximum with an eigenvalue of a third of a thousandth is non-degenerate: there is no ε below which an eigenvalue counts as 0.
let private reference: KnownValue list =
    let near = [| Interval.ofBounds -0.45 -0.43; Interval.ofBounds -1.98 -1.96 |]

    let point =
        lazy
            (let census = Instruments.census Networks.flat23231 near
             if census.Points.IsEmpty then [| Interval.entire; Interval.entire |] else census.Points.Head.Point)

    let eigenvalue i () = (Instruments.eigenvalues (Instruments.hessian (Instruments.map Networks.flat23231) point.Value))[i]

    [
        Known.value "x₁ of the flat maximum" -0.43992075784289033 (fun () -> point.Value[0])
        Known.value "x₂ of the flat maximum" -1.973805843442463 (fun () -> point.Value[1])
        Known.value "the smaller eigenvalue there" -0.03294116105065139 (eigenvalue 0)
        Known.value "the larger eigenvalue there" -0.00034513498834048433 (eigenvalue 1)
    ]

/// relu(x) − relu(x − 1) with every weight and bias within 1/16: no critical point is an inner point of the set of critical points.
let private isNotFlat (p: Perceptron<Rational>) : Outcome =
    let place = [| Interval.ofBounds -2.0 -1.0 |]
    let ball (weight: Rational) = Arithmetic.(+) (Interval.ofRational weight) (Interval.ofBounds -0.0625 0.0625)
    let layer = (Perceptron.map ball p).Hidden[0]

    let preactivations = LayerTime.Core.Algebra.Vector.add (LayerTime.Core.Algebra.Matrix.apply layer.Weights place) layer.Bias

    if preactivations |> Array.forall (fun a -> a.Upper < 0.0) then
        Outcome.refuted "the critical points in [−2, −1], for all weights within 1/16" "isolated" "the whole interval: every relu is off"
    else
        Outcome.undecided "some relu may be on"

let claim: Claim =
    let kinds = [| Networks.tanh; Instruments.logistic; Instruments.softplus |]
    let relus = Networks.create ActivationKind.Relu [ [ "1"; "1" ], "0 -1"; [ "1 -1" ], "0" ]
    let sines = Networks.create Instruments.sine [ [ "1 0.5" ], "0"; [ "1" ], "0" ]

    Paper.define
        "kuehn-kuntz.mlp.morse-generic"
        Paper.ofAbstract
        "Effective class G (or N), σ_l in C² with σ_l′ > 0, X open: the weights for which Φ has a degenerate critical point in X are a null set."
    |> Claim.hypothesis "H1" "effective class G or N: no bottleneck"
    |> Claim.hypothesis "H2" "σ_l is C² with σ_l′ > 0"
    |> Claim.hypothesis "H3" "the weights are outside a null set"
    |> Claim.certified "drawn-networks-are-morse" (Instances.random (Instruments.augmented kinds) 40) (fun drawn ->
        isMorse drawn.Perceptron (Box.cube drawn.Inputs 2.5))
    |> Claim.certified "worked-networks-are-morse" (Instruments.named examples) (fun (_, (p, box)) -> isMorse p box)
    |> Known.references reference "reference"
    |> Claim.neededBy "H1" (Instruments.named [ "2-1-2-1 tanh", Networks.bottleneck2121 ]) (fun (_, p) ->
        Instruments.hasNoCriticalFlat p 3.0)
    |> Claim.neededBy "H2" (Instruments.named [ "relu(x) − relu(x − 1)", relus ]) (snd >> isNotFlat)
    |> Claim.neededBy "H2" (Instruments.named [ "sin(x₁ + x₂/2)", sines ]) (fun (_, p) -> Instruments.hasNoCriticalFlat p 3.0)
    |> Claim.neededBy
        "H2"
        (Instances.chosen (fun (row: Activation.Admissible.Row) -> [ "Φ", row.Name ]) [ Activation.Admissible.strictlyIncreasing ])
        Activation.Admissible.hasNoDegeneratePoint
    |> Claim.neededBy "H3" (Instruments.named [ "tanh 2x − 2·tanh x", Networks.degenerate ]) (snd >> Instruments.hasNondegenerateOrigin)
