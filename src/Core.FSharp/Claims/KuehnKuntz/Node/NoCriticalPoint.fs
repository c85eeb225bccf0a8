/// A neural differential equation of no more dimensions than inputs has no critical point.
///
/// Statement: m ≤ n, rank W = m, w ≠ 0, f in C¹ with solutions on [0, T]: Φ_x ≠ 0 and |Φ_x|₂ ≥ s_min(W)·|w|₂·exp(−T·sup|f_h|₂).
/// Proof: Y(T) is invertible, as det Y = exp ∫ tr A &gt; 0, and s_min(Y(T)) ≥ exp(−∫|A|₂); Wᵀ is injective. For tanh(A·h + c), |f_h|₂ ≤ |A|₂.
/// The statement is the abstract's, the bound is reconstructed. It is about the exact flow: coarse steps create critical points (the
/// residual network's claim).
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.KuehnKuntz.Node.NoCriticalPoint

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Rigour
open LayerTime.Core.Claims
open LayerTime.Core.Claims.KuehnKuntz

/// |A|₂, rounded up, and the bound, rounded down.
let private norm (node: Node) : float = Instruments.norm2 node.Field

let private bound (node: Node) : float =
    let lift = Matrix.map Interval.ofRational (Matrix.ofRows node.Lift)
    // Wᵀ is injective for full row rank only.
    let smallest = if lift.Rows > lift.Columns then 0.0 else IntervalMatrix.smallestSingularValue lift
    let readout = (Instruments.norm (Array.map Interval.ofRational node.Readout)).Lower
    let exponent = Arithmetic.(*) (Interval.ofRational node.Horizon) (Interval.ofFloat (norm node))
    let decay = Transcendental.exp (Arithmetic.(~-) exponent)
    Directed.multiplyDown (Directed.multiplyDown smallest (max 0.0 readout)) decay.Lower

/// The bound alone proves it, without any integration; enclosures of the gradient agree.
let private isBelowGradient (node: Node) : Outcome =
    let bound = bound node

    if bound <= 0.0 then
        Outcome.undecided "the bound is not proved to be positive"
    else
        Nodes.probes node.Lift[0].Length
        |> List.map (fun x -> Outcome.atLeast "|Φ_x|" bound (Instruments.norm (Nodes.gradient node x)).Upper)
        |> Outcome.all

let private isExcluded (node: Node) : Outcome =
    let census = Nodes.census 500L node (Box.cube node.Lift[0].Length 0.25)

    if census.Points.IsEmpty then
        Instruments.ifComplete (fun _ -> Outcome.holds) census
    else
        Outcome.refuted "the critical points" "none" (Instruments.showPoints census.Points)

let private reference: KnownValue list =
    let x = Nodes.point "0.3 -0.4"
    let gradient = lazy (Nodes.gradient Nodes.N22 x)

    [
        Known.value "Φ of N22" 2.211601683693786 (fun () -> (Nodes.map Nodes.N22).Value x)
        Known.value "∂Φ/∂x₁ of N22" 0.59795472517743323 (fun () -> gradient.Value[0])
        Known.value "∂Φ/∂x₂ of N22" -4.4484666029337318 (fun () -> gradient.Value[1])
        Known.value "|Φ_x| of N22" 4.4884746819803713 (fun () -> Instruments.norm gradient.Value)
        Known.value "|A|₂ of N22" 1.12630713641692 (fun () -> Interval.ofFloat (norm Nodes.N22))
        Known.product "the bound of N22" 0.7948075000843592 (fun () -> Interval.ofFloat (bound Nodes.N22))
    ]

/// Two critical points of N12 are enough to refute; a curve of them, or a gradient that is 0, as well.
let private hasNone (node: Node) : Outcome =
    if node.Readout |> Array.forall (fun w -> w.Sign = 0) then
        let zero = Nodes.gradient node (Box.cube node.Lift[0].Length 1.0) |> Array.forall (fun g -> g.Lower = 0.0 && g.Upper = 0.0)
        if zero then Outcome.refuted "Φ_x on [−1, 1]ⁿ" "not 0" "0 everywhere" else Outcome.undecided "Φ_x is not seen to vanish"
    elif node.Lift[0].Length = 1 then
        let census = Nodes.census 500L node (Box.cube 1 3.0)

        if census.Points.IsEmpty then
            Outcome.holds
        else
            Outcome.refuted "the critical points" "none" (Instruments.showPoints census.Points)
    elif Nodes.hasCriticalCurve node then
        Outcome.refuted "the critical points" "none" "a line x₁ = const between −2 and −1"
    else
        Outcome.holds

/// h′ = −2·√h, h ≥ 0, from r²: h(t) = s(t)² with s(t) = max(0, r − t), exactly. Solutions from two starts meet, and Φ(x) = h(1) is constant
/// between them: what a C¹ field forbids. That s² solves the equation is checked by dual numbers, on both sides of t = r.
let private remembersStart (r: Rational, q: Rational) : Outcome =
    let root (r: Rational) (t: Dual<Rational>) : Dual<Rational> =
        let left = Arithmetic.(-) (Dual.constant r) t
        if left.Value.Sign > 0 then left else Dual.constant Rational.Zero

    let solves (r: Rational) : Outcome =
        Outcome.all [
            for k in 0..16 do
                let s = root r (Dual.variable (Rational.create k 16))
                let h = Arithmetic.(*) s s
                // √h = s, as s ≥ 0.
                let expected = Rational.ofInt -2 * s.Value

                if h.Derivative = expected then
                    Outcome.holds
                else
                    Outcome.undecided $"h′ = {h.Derivative}, not −2·√h = {expected}, at t = {k}/16"
        ]

    let final (r: Rational) = (root r (Dual.constant Rational.One)).Value |> fun s -> s * s

    match Outcome.all [ solves r; solves q ] with
    | Outcome.Holds _ when final r = final q && r <> q ->
        Outcome.refuted $"Φ at {r * r} and {q * q}" "two values" $"{final r} at both, and between them"
    | other -> other

let claim: Claim =
    let square most (stream: RandomStream) =
        let n = stream.NextInt(1, most)
        n, stream.NextInt(1, n)

    let all = Nodes.draws (square 3) Nodes.fullRank [| Rational.create 1 2; Rational.One; Rational.ofInt 2 |]
    let small = Nodes.draws (square 2) Nodes.fullRank Nodes.short

    Paper.define
        "kuehn-kuntz.node.no-critical-point"
        Paper.ofAbstract
        "m ≤ n, rank W = m, w ≠ 0, f in C¹: Φ has no critical point, |Φ_x|₂ ≥ s_min(W)·|w|₂·exp(−T·sup|f_h|₂) > 0."
    |> Claim.hypothesis "H1" "m ≤ n"
    |> Claim.hypothesis "H2" "rank W = m"
    |> Claim.hypothesis "H3" "w ≠ 0"
    |> Claim.hypothesis "H4" "f is C¹ in h: solutions are unique"
    |> Claim.certified "gradient-above-bound" (Instances.random all 20) isBelowGradient
    |> Claim.certified "excluded-by-branch-and-bound" (Instances.random small 4) isExcluded
    |> Known.references reference "reference"
    |> Claim.neededBy "H1" (Instances.chosen all.Show [ Nodes.N12 ]) hasNone
    |> Claim.neededBy "H2" (Instances.chosen all.Show [ Nodes.forgetful ]) hasNone
    |> Claim.neededBy "H3" (Instances.chosen all.Show [ { Nodes.N22 with Readout = Networks.vector "0 0" } ]) hasNone
    |> Claim.neededBy
        "H4"
        (Instances.chosen (fun (r: Rational, q: Rational) -> [ "f", "−2·√h"; "starts", $"{r * r}, {q * q}" ]) [
            Rational.create 1 2, Rational.create 3 4
        ])
        remembersStart
