/// Non-augmented perceptrons of full rank have no critical point.
///
/// Statement: if no A_l has more rows than columns and all have full rank, and σ_l is C¹ with σ_l′ &gt; 0, then Φ_x ≠ 0 everywhere, and
///   |Φ_x(x)|₂ ≥ Π_{l ≤ L+1} s_min(A_l) · Π_{l ≤ L} min_i σ_l′(a_{l,i}(x)).
/// On an open X, Φ has no local extremum. On a compact box one evaluation with intervals gives one positive bound; on ℝⁿ the infimum may be 0.
/// Proof: Φ_xᵀ = A_{L+1}·D_L·A_L ⋯ D₁·A₁, |gᵀM| ≥ s_min(M)|g| for full row rank, |gᵀD| ≥ min d_i·|g|.
/// The absence of critical points is the paper's; the bound is reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.KuehnKuntz.Mlp.NoCriticalPoint

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Rigour
open LayerTime.Core.Claims
open LayerTime.Core.Claims.KuehnKuntz

let private kinds = [| Networks.tanh; Instruments.logistic; Instruments.softplus; ActivationKind.Cubic |]

/// Points of a box on a diagonal grid: (k/4)·(±a, …), signs by the digits of k.
let private points (drawn: BoxedNetwork) : float[] list =
    let a = Rational.toFloat drawn.Reach

    [
        for k in 0..4 -> Array.init drawn.Inputs (fun i -> (if ((k + 1) >>> i) % 2 = 0 then 1.0 else -1.0) * a * float k / 4.0)
    ]

let private gradientNorm (p: Perceptron<Interval>) (x: float[]) : Interval =
    Instruments.norm (PerceptronCalculus.gradient p (Box.ofPoint x))

/// One positive bound for a whole box.
let private hasMargin (drawn: BoxedNetwork) : Outcome =
    let margin = Margin.over (Instruments.enclosed drawn.Perceptron) drawn.Box

    if margin.Bound > 0.0 then
        Outcome.holds
    else
        Outcome.undecided "the margin is below the smallest float, or a rank is not decided by intervals"

/// |Φ_x(x)| ≥ the margin at x ≥ the margin of the box.
let private isBelowGradient (drawn: BoxedNetwork) : Outcome =
    let p = Instruments.enclosed drawn.Perceptron
    let onBox = Margin.over p drawn.Box

    let at x =
        let atPoint = Margin.over p (Box.ofPoint x)

        Outcome.all [
            Outcome.atLeast "|Φ_x|" atPoint.Bound (gradientNorm p x).Upper
            Outcome.isTrue "the margin of the box" "is at most that of a point of it" (onBox.Bound <= atPoint.Bound)
        ]

    Outcome.all (Seq.map at (points drawn))

/// Branch and bound excludes every part of the box.
let private isExcluded (drawn: BoxedNetwork) : Outcome = Instruments.hasNoCriticalPoint drawn.Perceptron drawn.Box

let private isNotZeroExactly (drawn: BoxedNetwork) : Outcome =
    let at (x: float[]) =
        let gradient = PerceptronDerivatives.gradient ActivationKind.exactDerivative drawn.Perceptron (Array.map Rational.ofFloat x)
        Outcome.isTrue "Φ_x" "is not 0" (gradient |> Array.exists (fun a -> a.Sign <> 0))

    Outcome.all (Seq.map at (points drawn))

/// A function on a box that is open or closed, and a point of it.
[<NoComparison; NoEquality>]
type private Place = { Name: string; Network: Perceptron<Rational>; Box: Box; IsOpen: bool; Point: float[] }

/// In X there are values above and below Φ(x), however near: found along the gradient, refuted where its signs make x the least of the box.
let private isNoExtremum (place: Place) : Outcome =
    let p = Instruments.enclosed place.Network
    let signs = PerceptronCalculus.gradient p place.Box |> Array.map Interval.sign
    let direction = PerceptronCalculus.gradient p (Box.ofPoint place.Point) |> Array.map Interval.midpoint
    let value x = PerceptronCalculus.value p (Box.ofPoint x)

    let isInside x =
        Array.forall2
            (fun (side: Interval) c -> if place.IsOpen then side.Lower < c && c < side.Upper else Interval.contains c side)
            place.Box
            x

    let isLeast =
        not place.IsOpen
        && Array.forall2
            (fun (side: Interval, sign) c -> (sign = Some 1 && c = side.Lower) || (sign = Some -1 && c = side.Upper))
            (Array.zip place.Box signs)
            place.Point

    let separates step =
        let move sign = Array.map2 (fun c g -> c + sign * step * g) place.Point direction
        let above, below = move 1.0, move -1.0

        isInside above
        && isInside below
        && Interval.less (value place.Point) (value above) = Answer.Yes
        && Interval.less (value below) (value place.Point) = Answer.Yes

    if isLeast then
        Outcome.refuted "a local extremum of Φ over X" "none" $"Φ increases from the corner {place.Point[0]} of X on"
    elif Seq.exists separates (Seq.init 20 (fun k -> Math.ScaleB(1.0, -k))) then
        Outcome.holds
    else
        Outcome.undecided "no values above and below were separated along the gradient"

let private places (drawn: BoxedNetwork) : Outcome =
    points drawn
    |> List.tail
    |> List.map (fun x -> {
        Name = ""
        Network = drawn.Perceptron
        // A box with all the points inside.
        Box = Array.map (fun (side: Interval) -> Interval.ofBounds (2.0 * side.Lower) (2.0 * side.Upper)) drawn.Box
        IsOpen = true
        Point = x
    })
    |> List.map isNoExtremum
    |> Outcome.all

let private reference: KnownValue list =
    let p = lazy Instruments.enclosed Networks.N3221
    let x = [| 0.3; -0.7; 0.5 |]
    // The reference point is a decimal, the float next to it moves no twelfth digit.
    let at = Box.ofPoint x
    let bound (select: Margin -> float) box () = Interval.ofFloat (select (Margin.over p.Value box))
    let unitBox = Box.cube 3 1.0
    let bump, lines = lazy Instruments.census Networks.bump (Box.cube 1 2.0), lazy Instruments.map Networks.criticalLines

    let line () =
        match Instruments.tryReduceInput Networks.criticalLines with
        | Some(reduced, _) -> (Instruments.census reduced [| Interval.ofBounds 0.25 1.0 |]).Points.Head.Point
        | None -> [| Interval.entire |]

    let onLine () = Array.append (line ()) [| Interval.ofFloat 0.5 |]

    [
        Known.product "s_min(A₁)" 1.1180339887498948 (bound (fun m -> m.Singular[0]) at)
        Known.product "s_min(A₂)" 1.096291201783626 (bound (fun m -> m.Singular[1]) at)
        Known.value "Φ" 2.3730073392465615 (fun () -> PerceptronCalculus.value p.Value at)
        for i, expected in [ 0, 0.42982178687653877; 1, -0.23881603582216346; 2, 0.12897007486463936 ] do
            Known.value $"∂Φ/∂x{i + 1}" expected (fun () -> (PerceptronCalculus.gradient p.Value at)[i])
        Known.value "|Φ_x|" 0.50834353310546231 (fun () -> gradientNorm p.Value x)
        Known.product "the margin at the point" 0.11059290753312251 (bound _.Bound at)
        Known.product "min σ₁′ on [−1, 1]³" 0.017904226754412386 (bound (fun m -> m.Slopes[0]) unitBox)
        Known.product "min σ₂′ on [−1, 1]³" 0.07595740886324641 (bound (fun m -> m.Slopes[1]) unitBox)
        Known.product "the margin of [−1, 1]³" 0.0037272768171619193 (bound _.Bound unitBox)
        Known.value "the critical point of tanh(x + 1) − tanh(x − 1)" 0.0 (fun () -> bump.Value.Points.Head.Point[0])
        Known.value "Φ there" 1.5231883119115298 (fun () -> bump.Value.Points.Head.Value)
        Known.value "Φ″ there" -1.279400016898449 (fun () ->
            (Instruments.hessian (Instruments.map Networks.bump) bump.Value.Points.Head.Point)[0, 0])
        Known.value "the critical line of tanh x₁ − tanh 2x₁" 0.53063753095251783 (fun () -> (line ())[0])
        Known.value "cosh x₁ on it" 1.1441228056353686 (fun () ->
            let e = line () |> Array.head |> Transcendental.exp
            Arithmetic.(/) (Arithmetic.(+) e (Interval.reciprocal e)) (Ring.ratio 2 1))
        Known.value "Φ on it" -0.30028310600077761 (fun () -> lines.Value.Value(onLine ()))
        Known.value "H₁₁ on it" 1.6599241849827486 (fun () -> (Instruments.hessian lines.Value (onLine ()))[0, 0])
        Known.value "H₂₂ on it" 0.0 (fun () -> (Instruments.hessian lines.Value (onLine ()))[1, 1])
    ]

/// Φ is not constant: refuted where the gradient vanishes identically over the box.
let private isNotConstant (p: Perceptron<Rational>) : Outcome =
    let gradient = PerceptronCalculus.gradient (Instruments.enclosed p) (Box.cube p.Inputs 1.0)

    if gradient |> Array.forall (fun g -> g.Lower = 0.0 && g.Upper = 0.0) then
        Outcome.refuted "Φ_x on [−1, 1]ⁿ" "not 0" "0 everywhere"
    else
        Outcome.holds

let claim: Claim =
    let sineNetwork = Networks.create Instruments.sine [ [ "1" ], "0"; [ "1" ], "0" ]
    let zeroOutput = Networks.create Networks.tanh [ [ "1 0.5"; "-0.5 1" ], "0 0"; [ "0 0" ], "0" ]

    // On [0, 1], Φ = tanh x increases: 0 is its least place, and no critical point.
    let closed = {
        Name = "tanh x on [0, 1]"
        Network = Networks.create Networks.tanh [ [ "1" ], "0"; [ "1" ], "0" ]
        Box = [| Interval.ofBounds 0.0 1.0 |]
        IsOpen = false
        Point = [| 0.0 |]
    }

    Paper.define
        "kuehn-kuntz.mlp.no-critical-point"
        Paper.ofAbstract
        "Effective class N, every merged A_l of full rank, σ_l in C¹ with σ_l′ > 0, X open: Φ_x ≠ 0 on X, |Φ_x(x)|₂ ≥ Π s_min(A_l)·Π min_i σ_l′(a_{l,i}(x)); Φ has no local extremum in X."
    |> Claim.hypothesis "H1" "non-augmented: no merged width exceeds the one before"
    |> Claim.hypothesis "H2" "every merged A_l has full rank"
    |> Claim.hypothesis "H3" "σ_l is C¹ with σ_l′ > 0"
    |> Claim.hypothesis "H4" "X is open (for the absence of extrema)"
    |> Claim.certified "margin-of-a-box" (Instances.random (Instruments.nonAugmented kinds 4) 60) hasMargin
    |> Claim.bounded "gradient-above-margin" (Instances.random (Instruments.nonAugmented kinds 4) 60) isBelowGradient
    |> Claim.certified "excluded-by-branch-and-bound" (Instances.random (Instruments.nonAugmented kinds 2) 20) isExcluded
    |> Claim.exact "gradient-not-zero" (Instances.random (Instruments.nonAugmented [| ActivationKind.Cubic |] 3) 40) isNotZeroExactly
    |> Claim.certified "no-extremum" (Instances.random (Instruments.nonAugmented kinds 3) 20) places
    |> Known.references reference "reference"
    |> Claim.neededBy "H1" (Instruments.named [ "tanh(x + 1) − tanh(x − 1)", Networks.bump ]) (fun (_, p) ->
        Instruments.hasNoCriticalPoint p (Box.cube 1 2.0))
    |> Claim.neededBy "H2" (Instruments.named [ "tanh x₁ − tanh 2x₁", Networks.criticalLines ]) (fun (_, p) ->
        Instruments.hasNoCriticalFlat p 2.0)
    |> Claim.neededBy "H2" (Instruments.named [ "output weights 0", zeroOutput ]) (snd >> isNotConstant)
    |> Claim.neededBy "H3" (Instruments.named [ "sin x", sineNetwork ]) (fun (_, p) ->
        Instruments.hasNoCriticalPoint p [| Interval.ofBounds 1.0 2.0 |])
    |> Claim.neededBy
        "H3"
        (Instances.chosen (fun (row: Activation.Admissible.Row) -> [ "Φ", row.Name ]) Activation.Admissible.breaking)
        Activation.Admissible.hasNoCriticalPoint
    |> Claim.neededBy "H4" (Instances.chosen (fun (place: Place) -> [ "Φ", place.Name ]) [ closed ]) isNoExtremum
