/// Behind a bottleneck narrower than the input, degenerate critical points occur for an open set of weights.
///
/// Statement: n-1-2-1 tanh, Φ(x) = g(s), s = tanh(w·x + c), g(s) = v₁·tanh(p₁s + q₁) + v₂·tanh(p₂s + q₂), w ≠ 0, n ≥ 2. If g′(s₋)·g′(s₊) &lt; 0 for
/// some −1 &lt; s₋ &lt; s₊ &lt; 1, then for some s* between them all x with w·x + c = artanh s* are critical, and H = g″(s*)(1 − s*²)²·w·wᵀ has rank
/// at most 1 &lt; n there. The sign condition is open in the weights.
/// Proof: intermediate values; Φ_x = g′(s)(1 − s²)·w.
/// That a bottleneck is essential is the paper's; the family is reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.KuehnKuntz.Mlp.BottleneckDegenerate

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Rigour
open LayerTime.Core.Claims
open LayerTime.Core.Claims.KuehnKuntz

/// A member of the family with the radius of the ball of its six weights v, p, q.
[<NoComparison>]
type private Member = { W: Rational[]; C: Rational; V: Rational[]; P: Rational[]; Q: Rational[]; Radius: Rational }

/// v = (1, −2), p = (3, 1), q = 0, w = (1, 1/2), c = 1/10.
let private nominal = {
    W = [| Rational.One; Rational.create 1 2 |]
    C = Rational.create 1 10
    V = [| Rational.One; Rational.ofInt -2 |]
    P = [| Rational.ofInt 3; Rational.One |]
    Q = [| Rational.Zero; Rational.Zero |]
    Radius = Rational.Zero
}

/// g′(s) = Σ_i v_i·p_i·tanh′(p_i·s + q_i) for all weights of the ball.
let private slope (m: Member) (s: Rational) : Interval =
    let ball (weight: Rational) = Interval.hull (Interval.ofRational (weight - m.Radius)) (Interval.ofRational (weight + m.Radius))

    let term v p q =
        let a = Arithmetic.(+) (Arithmetic.(*) (ball p) (Interval.ofRational s)) (ball q)
        Arithmetic.(*) (Arithmetic.(*) (ball v) (ball p)) (ActivationRange.derivative 1 Networks.tanh a)

    Array.map3 term m.V m.P m.Q |> Array.reduce (fun a b -> Arithmetic.(+) a b)

let private left, private right = Rational.create 1 10, Rational.create 9 10

/// n-1-2-1
let private network (m: Member) : Perceptron<Rational> =
    let layer rows bias = { Weights = Matrix.ofRows rows; Bias = bias; Activations = Array.map (fun _ -> Networks.tanh) bias }
    let hidden = [| layer [| m.W |] [| m.C |]; layer (Array.map Array.singleton m.P) m.Q |]
    Perceptron.create hidden (Matrix.ofRows [| m.V |]) [| Rational.Zero |] |> Defect.orFail

/// g′(1/10) &gt; 0 &gt; g′(9/10) for the whole ball.
let private changesSign (m: Member) : Outcome =
    let first, second = slope m left, slope m right

    match Interval.sign first, Interval.sign second with
    | Some 1, Some -1 -> Outcome.holds
    | Some _, Some _ -> Outcome.refuted "the signs of g′(1/10) and g′(9/10)" "+ and −" $"g′(1/10) in {first}, g′(9/10) in {second}"
    | _ -> Outcome.undecided $"g′(1/10) in {first}, g′(9/10) in {second}"

/// X = [−4, 4]ⁿ is crossed from s &lt; 1/10 to s &gt; 9/10 along the segment from −4·sign w to 4·sign w, on which w·x increases.
let private crosses (m: Member) : Outcome =
    let most = m.W |> Array.fold (fun sum w -> sum + Rational.ofInt 4 * Rational.abs w) Rational.Zero
    let s y = Transcendental.tanh (Interval.ofRational y)
    let low, high = s (m.C - most), s (m.C + most)

    if low.Upper < Rational.toFloat left && high.Lower > Rational.toFloat right then
        Outcome.holds
    else
        Outcome.undecided $"s runs from {low} to {high} on X only"

/// The matrix in front of the bottleneck has rank 1 &lt; n, so that H = g″(s*)(1 − s*²)²·w·wᵀ is singular wherever g′ = 0.
let private isNarrow (m: Member) : Outcome =
    Outcome.isTrue
        "the rank of the matrix in front of the bottleneck"
        "is 1 < n"
        (Elimination.rank (Matrix.ofRows [| m.W |]) = 1 && m.W.Length > 1)

/// A critical point on the flat, found independently: Φ′(y) with y = w·x, and Φ_x and H·k at x = y·w/|w|² enclose 0 for k ⟂ w.
let private flatIsThere (m: Member) : Outcome =
    // Φ = Φ′(w·x); y between artanh(1/10) − c and artanh(9/10) − c, widened to floats that are known to lie outside.
    let reduced = network { m with W = [| Rational.One |] }
    let c = Rational.toFloat m.C
    let census = Instruments.census reduced [| Interval.ofBounds (0.1 - c) (1.5 - c) |]

    if census.Points.IsEmpty then
        Instruments.ifComplete (fun _ -> Outcome.refuted "the critical flats between s = 1/10 and s = 9/10" "one at least" "none") census
    else
        let map = Instruments.map (network m)
        let square = Vector.dot m.W m.W
        let y = census.Points.Head.Point[0]
        let x = m.W |> Array.map (fun w -> Arithmetic.(*) y (Interval.ofRational (w / square)))
        let struct (gradient, hessian) = map.Gradient.ValueAndJacobian x
        let kernel = Elimination.kernel (Matrix.ofRows [| m.W |])
        let holdsZero (values: Interval[]) = values |> Array.forall (Interval.contains 0.0)

        Outcome.all [
            Outcome.isTrue "Φ_x on the flat" "encloses 0" (holdsZero gradient)
            Outcome.isTrue
                "H·k on the flat, k ⟂ w"
                "encloses 0"
                (kernel |> List.forall (fun k -> holdsZero (Matrix.apply hessian (Array.map Interval.ofRational k))))
        ]

let private isDegenerate (m: Member) : Outcome =
    Outcome.check [
        fun () -> changesSign m
        fun () -> crosses m
        fun () -> isNarrow m
        fun () -> flatIsThere m
    ]

/// v, p, q of the nominal g moved by at most 1/16, in a ball of radius 1/64 more: together less than 8/100.
let private members: Generator<Member> =
    let draw (stream: RandomStream) =
        let moved = Array.map (fun weight -> weight + Rational.create (stream.NextInt(-64, 64)) 1024)
        let n = stream.NextInt(2, 4)

        // |w|² in [1/4, 4]
        let isModerate (w: Rational[]) =
            let square = Vector.dot w w
            square >= Rational.create 1 4 && square <= Rational.ofInt 4

        let w =
            Seq.init 8 (fun _ -> Array.init n (fun _ -> Rational.create (stream.NextInt(-20, 20)) 16))
            |> Seq.tryFind isModerate
            |> Option.defaultWith (fun () -> Vector.unit n 0)

        {
            W = w
            C = Rational.create (stream.NextInt(-4, 4)) 16
            V = moved nominal.V
            P = moved nominal.P
            Q = moved nominal.Q
            Radius = Rational.create 1 64
        }

    let shrink (m: Member) =
        seq {
            if m.V <> nominal.V then
                { m with V = nominal.V }

            if m.P <> nominal.P then
                { m with P = nominal.P }

            if m.Q <> nominal.Q then
                { m with Q = nominal.Q }

            if m.C.Sign <> 0 then
                { m with C = Rational.Zero }

            if m.W <> Vector.unit m.W.Length 0 then
                { m with W = Vector.unit m.W.Length 0 }
        }

    let show (m: Member) = [
        "w", Draws.showVector m.W
        "c", string m.C
        "v", Draws.showVector m.V
        "p", Draws.showVector m.P
        "q", Draws.showVector m.Q
        "radius", string m.Radius
    ]

    Generator.fromStream (fun _ -> draw) shrink show

/// The census of a box that lines of critical points cross does not end.
let private isNeverComplete (p: Perceptron<Rational>) : Outcome =
    let options = { Census.defaults with Search = { ZeroSearch.defaults with MaxBoxes = 2000L } }
    let census = Census.take (Instruments.map p) options (Box.cube 2 1.0)
    Outcome.isTrue "the census of [−1, 1]² in 2,000 boxes" "is not complete" (not census.IsComplete)

/// The whole ball of radius 887/10000 has degenerate critical points: g′(1/10) ≥ 2.9·10⁻⁴.
let private ballIsOpen (m: Member) : Outcome =
    Outcome.check [
        fun () -> isDegenerate m
        fun () -> Outcome.isTrue "g′(1/10) over the ball" "is at least 2.9e-4" ((slope m left).Lower >= 2.9e-4)
    ]

let private reference: KnownValue list =
    let g = Networks.create Networks.tanh [ [ "3"; "1" ], "0 0"; [ "1 -2" ], "0" ]
    let star = lazy (Instruments.census g [| Interval.ofBounds 0.1 0.9 |]).Points.Head
    let s () = star.Value.Point[0]

    let artanh s =
        let one = Ring.ratio 1 1
        Arithmetic.(/) (Transcendental.log (Arithmetic.(/) (Arithmetic.(+) one s) (Arithmetic.(-) one s))) (Ring.ratio 2 1)

    /// x₂ = 1, x₁ = artanh s − 1/10 − 1/2.
    let point s = [| Arithmetic.(-) (artanh s) (Ring.ratio 3 5); Ring.ratio 1 1 |]
    let map = lazy Instruments.map Networks.bottleneck2121
    let eigenvalue i s = (Instruments.eigenvalues (Instruments.hessian map.Value (point s)))[i]
    let mirror () = Arithmetic.(~-) (s ())

    [
        Known.value "s*" 0.23487094035341733 s
        Known.value "artanh s*" 0.23933860842276032 (s >> artanh)
        Known.value "x₁ at x₂ = 1" -0.36066139157723968 (fun () -> (point (s ()))[0])
        Known.value "Φ on the ridge" 0.14599691188927767 (fun () -> map.Value.Value(point (s ())))
        Known.value "the eigenvalue across the ridge" -6.7246788426302276 (fun () -> eigenvalue 0 (s ()))
        Known.value "the eigenvalue along the ridge" 0.0 (fun () -> eigenvalue 1 (s ()))
        Known.value "Φ in the valley" -0.14599691188927767 (fun () -> map.Value.Value(point (mirror ())))
        Known.value "the eigenvalue across the valley" 6.7246788426302276 (fun () -> eigenvalue 1 (mirror ()))
        Known.value "g′(1/10)" 0.76527830378500805 (fun () -> slope nominal left)
        Known.value "g′(9/10)" -0.92012204203344256 (fun () -> slope nominal right)
    ]

/// 2-2-2-1 tanh, non-augmented and of full rank.
let private N2221: Perceptron<Rational> =
    Networks.create Networks.tanh [ [ "1 0.5"; "-0.5 1.5" ], "0.1 0"; [ "3 0"; "1 1" ], "0 0.2"; [ "1 -2" ], "0" ]

/// Φ has a degenerate critical point: refuted by a complete census, in which all are non-degenerate.
let private hasDegeneratePoint (p: Perceptron<Rational>) : Outcome =
    let reduced, reach =
        match Instruments.tryReduceInput p with
        | Some(reduced, _) -> reduced, 8.0
        | None -> p, 3.0

    let census = Instruments.census reduced (Box.cube reduced.Inputs reach)
    let isFlat = reduced.Inputs < p.Inputs

    Instruments.ifComplete
        (fun census ->
            if isFlat && not census.Points.IsEmpty then
                Outcome.holds
            else
                Outcome.refuted "the degenerate critical points" "one at least" $"only {Instruments.showPoints census.Points}")
        census

let claim: Claim =
    let monotone = Networks.create Networks.tanh [ [ "1 0.5" ], "0.1"; [ "3"; "1" ], "0 0"; [ "1 2" ], "0" ]

    Paper.define
        "kuehn-kuntz.mlp.bottleneck-degenerate"
        Paper.ofAbstract
        "n-1-2-1 tanh, n ≥ 2, Φ(x) = g(tanh(w·x + c)), w ≠ 0, g′(s₋)·g′(s₊) < 0: for some s* between s₋ and s₊ every x with w·x + c = artanh s* is critical with H of rank ≤ 1. The condition is open in the weights."
    |> Claim.hypothesis "H1" "a bottleneck narrower than the input"
    |> Claim.hypothesis "H2" "g′ changes sign behind it"
    |> Claim.certified "degenerate-for-a-ball-of-weights" (Instances.random members 60) isDegenerate
    |> Claim.certified
        "open-set-of-weights"
        (Instances.chosen members.Show [ { nominal with Radius = Rational.create 887 10000 } ])
        ballIsOpen
    |> Claim.certified "census-is-never-complete" (Instruments.named [ "2-1-2-1", Networks.bottleneck2121 ]) (snd >> isNeverComplete)
    |> Known.references reference "reference"
    |> Claim.neededBy
        "H1"
        (Instruments.named [ "2-2-2-1 of full rank", N2221; "1-2-1-2-1, as narrow as the input", Networks.harmless12121 ])
        (snd >> hasDegeneratePoint)
    |> Claim.neededBy "H2" (Instruments.named [ "g increasing", monotone ]) (snd >> hasDegeneratePoint)
