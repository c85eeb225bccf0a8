/// Where critical points of neighbouring indices meet along a path of weights.
///
/// Statement: at (x*, s*) on a path s ↦ θ(s) of C⁴ networks let Φ_x = 0, ker H = span(v) with |v| = 1, Φ_xxx[v, v, v] ≠ 0 and v·Φ_xs ≠ 0. Then (x*, s*)
/// is isolated among the degenerate critical points of the path; for s on one side of s* there are exactly two critical points near x*, of
/// indices k and k + 1, on the other none; their eigenvalues nearest 0 are
///   λ = ±√(2·|v·Φ_xs·Φ_xxx[v, v, v]|·|s* − s|)·(1 + O(|s* − s|^½)).
/// Proof: the three conditions are the regularity of the system (Φ_x, H·v, (|v|² − 1)/2) at (x*, v, s*); Lyapunov–Schmidt.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.KuehnKuntz.Mlp.Fold

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Rigour
open LayerTime.Core.Claims
open LayerTime.Core.Claims.KuehnKuntz

/// tanh(p·x + q) − s·tanh x, p &gt; 1: one fold on the whole line, two critical points for 0 &lt; s &lt; s* and none for s &gt; s*.
[<NoComparison>]
type private Member = { P: Rational; Q: Rational }

/// A path of weights with one input, and where its fold is or is taken to be.
[<NoComparison; NoEquality>]
type private Candidate = {
    Name: string
    /// θ₀, θ₁, …
    Terms: Perceptron<Rational> list
    /// x*, near enough.
    Point: float
    /// s*, near enough.
    Parameter: float
    /// The piece of the line on which critical points are counted.
    Domain: Box
}

let private pathOf (candidate: Candidate) : WeightPath =
    candidate.Terms |> List.map Instruments.enclosed |> List.toArray |> WeightPath.create |> Defect.orFail

let private one: Interval = Ring.ratio 1 1
let private over (a: Interval) (b: Interval) : Interval = Arithmetic.(/) a b
let private times (a: Interval) (b: Interval) : Interval = Arithmetic.(*) a b
let private plus (a: Interval) (b: Interval) : Interval = Arithmetic.(+) a b
let private minus (a: Interval) (b: Interval) : Interval = Arithmetic.(-) a b

/// sech² = tanh′
let private sech2: Interval -> Interval = ActivationRange.derivative 1 Networks.tanh

/// The root of p·tanh(p·x + q) = tanh x by bisection in floats, with s* = p·sech²(p·x + q)/sech² x.
let private approximate (m: Member) : float * float =
    let p, q = Rational.toFloat m.P, Rational.toFloat m.Q
    let excess x = p * Elementary.tanh (p * x + q) - Elementary.tanh x

    let narrow (low, high) _ =
        let middle = 0.5 * (low + high)
        if excess middle < 0.0 then middle, high else low, middle

    let x, _ = Seq.fold narrow (-4.0, 4.0) (seq { 1..60 })
    let slope t = 1.0 - Elementary.tanh t * Elementary.tanh t
    x, p * slope (p * x + q) / slope x

let private candidateOf (m: Member) : Candidate =
    let x, s = approximate m
    let network (rows: string list) bias output = Networks.create Networks.tanh [ rows, bias; [ output ], "0" ]

    {
        Name = $"tanh({m.P}·x + {m.Q}) − s·tanh x"
        Terms = [ network [ string m.P; "1" ] $"{m.Q} 0" "1 0"; network [ "0"; "0" ] "0 0" "0 -1" ]
        Point = x
        Parameter = s
        Domain = Box.cube 1 6.0
    }

/// The fold, proved in the largest of some boxes.
let private tryFold (candidate: Candidate) : Fold option =
    let path = pathOf candidate

    Seq.tryPick (fun r -> FoldSystem.tryProve path r [| candidate.Point |] [| 1.0 |] candidate.Parameter) [
        0.05
        0.02
        0.01
        0.005
        0.002
        0.001
    ]

/// The census at a parameter.
let private censusAt (candidate: Candidate) (s: float) : Census =
    Census.take (WeightPath.map (Interval.ofFloat s) (pathOf candidate)) Instruments.options candidate.Domain

/// The Krawczyk test proves the three conditions, and the coefficients are p·d/e, −2p(p² − 1)·d and −e, d = sech²(p·x* + q), e = sech² x*.
let private isFold (m: Member) : Outcome =
    let candidate = candidateOf m

    match tryFold candidate with
    | None -> Outcome.undecided "no box about the approximate fold is verified"
    | Some fold ->
        let p, q = Interval.ofRational m.P, Interval.ofRational m.Q
        let x = fold.Point[0]
        let d, e = sech2 (plus (times p x) q), sech2 x

        let agrees quantity expected found =
            if Interval.disjoint expected found then Outcome.refuted quantity $"in {expected}" (string found) else Outcome.holds

        Outcome.all [
            agrees "p·tanh(p·x* + q)" (Transcendental.tanh x) (times p (Transcendental.tanh (plus (times p x) q)))
            agrees "s*" (over (times p d) e) fold.Parameter
            agrees "Φ_xxx" (times (times (times (Ring.ratio -2 1) p) (minus (Interval.square p) one)) d) fold.Cubic
            agrees "Φ_xs" (Arithmetic.(~-) e) fold.Transversal
            Outcome.isTrue "the side of the two critical points" "is s < s*" (fold.Side = -1)
        ]

/// Two critical points of indices k and k + 1 at s* − δ (or + δ), none on the other side.
let private countsAt (δ: float) (candidate: Candidate) : Outcome =
    let below, above = censusAt candidate (candidate.Parameter - δ), censusAt candidate (candidate.Parameter + δ)

    if not below.IsComplete then
        Outcome.undecided $"below s*: {Instruments.incompleteness below}"
    elif not above.IsComplete then
        Outcome.undecided $"above s*: {Instruments.incompleteness above}"
    else
        let indices (census: Census) = census.Points |> List.map _.Index |> List.sort

        match indices below, indices above with
        | [ k; next ], []
        | [], [ k; next ] when next = k + 1 -> Outcome.holds
        | low, high ->
            Outcome.refuted "the indices on the two sides of s*" "k, k + 1 on one and none on the other" $"{low} below and {high} above"

/// Φ″, the eigenvalue for one input.
let private curvature (map: IScalarMap) (point: Box) : Interval = (Instruments.hessian map point)[0, 0]

/// |λ| at s* − 2⁻ᵏ, of the two critical points.
let private eigenvalues (candidate: Candidate) (s: float) : Interval list =
    let map = WeightPath.map (Interval.ofFloat s) (pathOf candidate)
    (censusAt candidate s).Points |> List.map (fun point -> Interval.abs (curvature map point.Point))

let private halvings = [ 8..16 ]

/// The mean of the eigenvalues' sizes on a ladder of distances from s*, as an enclosure widened by what the uncertainty δ of s* moves it:
/// λ² is proportional to s* − s to leading order, so that λ moves by |λ|·δ/(2|s* − s|).
let private means (candidate: Candidate) (parameter: Interval) (side: float) : (int * Interval) list = [
    for k in halvings do
        let distance = Math.ScaleB(1.0, -k)
        let found = eigenvalues candidate (Interval.midpoint parameter + side * distance)

        if not found.IsEmpty then
            let mean = over (List.reduce plus found) (Interval.ofFloat (float found.Length))
            let shift = Interval.magnitude mean * Interval.width parameter / distance
            k, plus mean (Interval.ofBounds -shift shift)
]

/// The last rungs of means of |λ| fall with order 1/2 in |s* − s|.
let private orderOf (candidate: Candidate) (parameter: Interval) (side: float) : Outcome =
    match means candidate parameter side with
    | rungs when rungs.Length < 3 -> Outcome.undecided "critical points were found at fewer than three distances from s*"
    | rungs ->
        rungs
        |> List.map (fun (k, mean) -> { Resolution = Math.ScaleB(1.0, k); Error = Interval.midpoint mean; Floor = Interval.radius mean })
        |> Asymptotic.within "the mean of |λ|" (0.49, 0.51)

/// The mean of |λ| over √(2·|v·Φ_xs·Φ_xxx|·|s* − s|) tends to 1; taking the mean of the two removes the first correction, which leaves order 1.
let private constantOf (candidate: Candidate) (fold: Fold) (side: float) : Outcome =
    let product = times (Ring.ratio 2 1) (Interval.abs (times fold.Cubic fold.Transversal))

    let deviation (k, mean) =
        let size = Transcendental.sqrt (times product (Interval.ofFloat (Math.ScaleB(1.0, -k))))
        let value = Interval.abs (minus (over mean size) one)
        { Resolution = Math.ScaleB(1.0, k); Error = Interval.midpoint value; Floor = Interval.radius value }

    means candidate fold.Parameter side
    |> List.map deviation
    |> Asymptotic.within "|λ|/√(2·|v·Φ_xs·Φ_xxx|·|s* − s|) − 1" (0.9, 1.1)

let private hasOrderOneHalf (m: Member) : Outcome =
    let candidate = candidateOf m

    match tryFold candidate with
    | None -> Outcome.undecided "no box about the approximate fold is verified"
    | Some fold ->
        let side = float fold.Side
        Outcome.all [ orderOf candidate fold.Parameter side; constantOf candidate fold side ]

/// Φ_x is odd at s = 0: Φ_xxx = 0, and one critical point on each side.
let private withoutCubic: Candidate =
    let output = [ "1 -1 -1/4 1/4 0"; "0 0 0 0 1" ]

    {
        Name = "tanh(x − 1) − tanh(x + 1) − (tanh(2x − 1) − tanh(2x + 1))/4 + s·tanh x"
        Terms = [
            Networks.create Networks.tanh [ [ "1"; "1"; "2"; "2"; "1" ], "-1 1 -1 1 0"; [ output[0] ], "0" ]
            Networks.create Networks.tanh [ [ "0"; "0"; "0"; "0"; "0" ], "0 0 0 0 0"; [ output[1] ], "0" ]
        ]
        Point = 0.0
        Parameter = 0.0
        Domain = Box.cube 1 0.5
    }

/// The path moves with s² only: two critical points on both sides.
let private withoutTransversal: Candidate = {
    Name = "tanh 2x − (2 − s²)·tanh x"
    Terms = [
        Networks.create Networks.tanh [ [ "2"; "1" ], "0 0"; [ "1 -2" ], "0" ]
        Networks.create Networks.tanh [ [ "0"; "0" ], "0 0"; [ "0 0" ], "0" ]
        Networks.create Networks.tanh [ [ "0"; "0" ], "0 0"; [ "0 1" ], "0" ]
    ]
    Point = 0.0
    Parameter = 0.0
    Domain = Box.cube 1 0.5
}

/// x₁³/3 + s·x₁ + x₂⁴ as a network: x₁ + x₁³/3, x₁ and x₂² first, then (x₂²)², with the output (σ₁ − x₁) + s·x₁ + x₂⁴.
let private flatKernel (s: Rational) : Perceptron<Rational> =
    let first = {
        Weights = Networks.matrix [ "1 0"; "1 0"; "0 1" ]
        Bias = Networks.vector "0 0 0"
        Activations = [| ActivationKind.Cubic; ActivationKind.Identity; ActivationKind.Square |]
    }

    let second = {
        Weights = Networks.matrix [ "1 -1 0"; "0 1 0"; "0 0 1" ]
        Bias = Networks.vector "0 0 0"
        Activations = [| ActivationKind.Identity; ActivationKind.Identity; ActivationKind.Square |]
    }

    Perceptron.create [| first; second |] (Matrix.ofRows [| [| Rational.One; s; Rational.One |] |]) [| Rational.Zero |]
    |> Defect.orFail

/// (0, 0) is isolated among the degenerate critical points: refuted by those at s = −4⁻ᵏ, x = (±2⁻ᵏ, 0), exactly, as near as one likes.
let private isIsolated (_: string) : Outcome =
    let isDegenerate k =
        let root = Rational.power (Rational.ofInt 2) -k
        let p, x = flatKernel (-(root * root)), [| root; Rational.Zero |]
        let gradient = PerceptronDerivatives.gradient ActivationKind.exactDerivative p x
        let determinant = Elimination.determinant (PerceptronDerivatives.hessian ActivationKind.exactDerivative p x)
        gradient |> Array.forall (fun g -> g.Sign = 0) && determinant.Sign = 0

    if List.forall isDegenerate [ 0..20 ] then
        Outcome.refuted "the degenerate critical points near (0, 0) at s = 0" "no other" "one at (2⁻ᵏ, 0), s = −4⁻ᵏ for k = 0 … 20"
    else
        Outcome.holds

let private reference: KnownValue list =
    let m = { P = Rational.ofInt 2; Q = Rational.create 1 2 }
    let candidate = candidateOf m
    let fold = lazy tryFold candidate

    let ofFold (select: Fold -> Interval) () =
        match fold.Value with
        | Some fold -> select fold
        | None -> Interval.entire

    let δ = Math.ScaleB(1.0, -12)

    let near =
        lazy
            (let s = Interval.midpoint (ofFold _.Parameter ()) - δ
             let map = WeightPath.map (Interval.ofFloat s) (pathOf candidate)
             let points = (censusAt candidate s).Points |> List.map _.Point
             points |> List.map (fun point -> point[0], curvature map point) |> List.rev |> List.toArray)

    /// At the distance 2⁻¹² from s*, an error of s* enters λ² 2¹² times as large: ten digits are left of s*'s fourteen.
    let tenDigits quantity expected enclose = { Known.value quantity expected enclose with Tolerance = 1e-10 * max 1.0 (abs expected) }

    let λ (other: Candidate) (k: int) () = (eigenvalues other (Math.ScaleB(1.0, -k))).Head

    [
        Known.value "x*" -0.33040786982379905 (ofFold (fun fold -> fold.Point[0]))
        Known.value "s*" 2.1698004332801372 (ofFold _.Parameter)
        Known.value "Φ_xxx" -11.694932825691182 (ofFold _.Cubic)
        Known.value "Φ_xs" -0.89831094189706061 (ofFold _.Transversal)
        Known.value "2·|v·Φ_xs·Φ_xxx|" 21.011372244138996 (ofFold (fun fold -> times (Ring.ratio 2 1) (times fold.Cubic fold.Transversal)))
        Known.value "the upper critical point at s* − 2⁻¹²" -0.32428738819370669 (fun () -> fst near.Value[0])
        Known.value "the lower critical point at s* − 2⁻¹²" -0.33653632547266171 (fun () -> fst near.Value[1])
        Known.value "λ of the upper one" -0.07198415924601153 (fun () -> snd near.Value[0])
        Known.value "λ of the lower one" 0.07123826253412127 (fun () -> snd near.Value[1])
        for i, expected in [ 0, 21.224321770926683; 1, 20.786749640214062 ] do
            tenDigits $"λ²/(s* − s) of point {i + 1}" expected (fun () -> over (Interval.square (snd near.Value[i])) (Interval.ofFloat δ))
        // Printed to four or five digits.
        { Known.value "|λ| without a cubic term, s = 2⁻¹⁰" 0.02727 (λ withoutCubic 10) with Tolerance = 5e-6 }
        { Known.value "|λ| without a cubic term, s = 2⁻¹²" 0.010484 (λ withoutCubic 12) with Tolerance = 5e-7 }
        { Known.value "|λ| without a cubic term, s = 2⁻¹⁴" 0.0041008 (λ withoutCubic 14) with Tolerance = 5e-8 }
    ]

/// Boxes of radius (r, 2r, 2r) about the fold of p = 2, q = 1/2 are verified.
let private isVerified (radius: float) : Outcome =
    let candidate = candidateOf { P = Rational.ofInt 2; Q = Rational.create 1 2 }

    match FoldSystem.tryProve (pathOf candidate) radius [| candidate.Point |] [| 1.0 |] candidate.Parameter with
    | Some _ -> Outcome.holds
    | None -> Outcome.undecided $"the box of radius {radius} is not verified"

let private members: Generator<Member> =
    let draw (stream: RandomStream) = { P = Rational.ofInt (stream.NextInt(2, 4)); Q = Draws.dyadic 64 1 stream }

    let shrink (m: Member) =
        seq {
            if m.P <> Rational.ofInt 2 then
                { m with P = Rational.ofInt 2 }

            for q in Draws.shrinkFraction m.Q do
                { m with Q = q }
        }

    Generator.fromStream (fun _ -> draw) shrink (fun m -> [ "p", string m.P; "q", string m.Q ])

let claim: Claim =
    let chosen =
        [ 2, 1, 2; 2, 0, 1; 3, -1, 4; 4, 3, 4 ] |> List.map (fun (p, n, d) -> { P = Rational.ofInt p; Q = Rational.create n d })

    let showRadius (r: float) = [ "r", string r ]
    let counted (m: Member) = countsAt (1.0 / 64.0) (candidateOf m)
    let showCandidate (candidate: Candidate) = [ "path", candidate.Name ]

    Paper.define
        "kuehn-kuntz.mlp.fold"
        Paper.reconstructed
        "On a path of C⁴ networks let Φ_x = 0, ker H = span(v), Φ_xxx[v, v, v] ≠ 0, v·Φ_xs ≠ 0 at (x*, s*): it is isolated among degenerate critical points; on one side of s* there are two critical points near x*, of indices k and k + 1 with λ = ±√(2·|v·Φ_xs·Φ_xxx[v, v, v]|·|s* − s|)·(1 + O(|s* − s|^½)), on the other none."
    |> Claim.hypothesis "H1" "Φ_x = 0 and the kernel of H is a line"
    |> Claim.hypothesis "H2" "Φ_xxx[v, v, v] ≠ 0"
    |> Claim.hypothesis "H3" "v·Φ_xs ≠ 0"
    |> Claim.certified "fold-is-verified" (Instances.random members 40) isFold
    |> Claim.certified "two-on-one-side-none-on-the-other" (Instances.random members 20) counted
    |> Claim.certified "verified-radii" (Instances.chosen showRadius [ 0.001; 0.002; 0.005; 0.01; 0.02; 0.05 ]) isVerified
    |> Claim.asymptotic "eigenvalue-of-order-one-half" (Instances.ladder members.Show chosen) hasOrderOneHalf
    |> Known.references reference "reference"
    |> Claim.neededBy "H1" (Instances.chosen (fun name -> [ "Φ", name ]) [ "x₁³/3 + s·x₁ + x₂⁴" ]) isIsolated
    |> Claim.neededBy "H2" (Instances.chosen showCandidate [ withoutCubic ]) (countsAt (1.0 / 1024.0))
    |> Claim.neededBy "H2" (Instances.chosen showCandidate [ withoutCubic ]) (fun candidate -> orderOf candidate (Interval.ofFloat 0.0) 1.0)
    |> Claim.neededBy "H3" (Instances.chosen showCandidate [ withoutTransversal ]) (countsAt (1.0 / 1024.0))
    |> Claim.neededBy "H3" (Instances.chosen showCandidate [ withoutTransversal ]) (fun candidate ->
        orderOf candidate (Interval.ofFloat 0.0) 1.0)
