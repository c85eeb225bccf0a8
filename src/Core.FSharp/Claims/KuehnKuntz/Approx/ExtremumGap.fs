/// Maps without critical points stay away from functions with a strict extremum.
///
/// Statement: let Φ be continuous on the compact K and without critical point inside it, Ψ continuous on S with ∂K ⊂ S ⊂ K, p ∈ S. Then
/// sup_S |Φ − Ψ| ≥ (min_∂K Ψ − Ψ(p))/2, and the same with (Ψ(p) − max_∂K Ψ)/2. So non-augmented networks are no universal approximators in
/// the sup norm, at any depth and any weights. The bound is attained.
/// Proof: if Φ were nearer, Φ(p) would be less than Φ on all of ∂K, and a minimum inside K would be a critical point.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.KuehnKuntz.Approx.ExtremumGap

open System
open FsCheck.FSharp
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Constructions
open LayerTime.Core.Rigour
open LayerTime.Core.Claims
open LayerTime.Core.Claims.KuehnKuntz

/// Ψ(x) = sign·Σ λ_i·(x_i − p_i)² on K = Π [p_i − a_i, p_i + b_i], against a network.
[<NoComparison>]
type private Case = {
    /// The network and p.
    Sample: Sample
    /// λ_i
    Curvatures: Rational[]
    /// (a_i, b_i)
    Reach: (Rational * Rational)[]
    /// 1 for a minimum at p, −1 for a maximum.
    Sign: int
}

/// Φ − Ψ with its gradient, over boxes.
let private difference (p: Perceptron<Interval>) (value: Box -> Interval) (gradient: Box -> Interval[]) =
    (fun x -> Arithmetic.(-) (PerceptronCalculus.value p x) (value x)),
    (fun x -> Vector.subtract (PerceptronCalculus.gradient p x) (gradient x))

/// Ψ and Ψ_x of a case.
let private quadratic (sign: int) (curvatures: Rational[]) (point: Rational[]) =
    let λ = curvatures |> Array.map (fun c -> Interval.ofRational (Rational.ofInt sign * c))
    let p = point |> Array.map Interval.ofRational
    let deviation (x: Box) = Vector.subtract x p

    let value x =
        Array.map2 (fun c d -> Arithmetic.(*) c (Interval.square d)) λ (deviation x)
        |> Array.reduce (fun a b -> Arithmetic.(+) a b)

    let gradient x = Array.map2 (fun c d -> Arithmetic.(*) (Ring.ratio 2 1) (Arithmetic.(*) c d)) λ (deviation x)
    value, gradient

let private cellsAlong (dimension: int) : int = if dimension = 1 then 64 else 12

/// The bound is (min_i λ_i·min(a_i, b_i)²)/2, and the error of the network is no less.
let private keepsAway (case: Case) : Outcome =
    let p = case.Sample.Network.Perceptron
    let point = case.Sample.Point
    let value, gradient = quadratic case.Sign case.Curvatures point
    let hull (x: Rational) (a: Rational, b: Rational) = Interval.hull (Interval.ofRational (x - a)) (Interval.ofRational (x + b))
    let k = Array.map2 hull point case.Reach
    let boundary = ExtremumGap.faces value k
    let atPoint = value (Array.map Interval.ofRational point)
    let bound = if case.Sign > 0 then ExtremumGap.bound 8 boundary atPoint else ExtremumGap.boundOfMaximum 8 boundary atPoint

    let exact =
        Array.map2 (fun c (a, b) -> let r = Rational.min a b in c * r * r) case.Curvatures case.Reach
        |> Array.reduce Rational.min
        |> fun least -> Rational.toFloat least / 2.0

    let value, gradient = difference (Perceptron.map Interval.ofRational p) value gradient

    Outcome.check [
        // A quadratic over a face has its range as natural enclosure: what is missing is rounding, of a few operations.
        fun () -> Outcome.atMost "the certified bound" exact bound
        fun () -> Outcome.atLeast "the certified bound" (exact * (1.0 - 1e-12)) bound
        fun () -> Outcome.atLeast "sup |Φ − Ψ| bounded from above" bound (ExtremumGap.supremum (cellsAlong k.Length) value gradient k)
    ]

/// Non-augmented networks of at most two inputs.
let private networks: Generator<Sample> =
    Draws.samples {
        Draws.ofClass ArchitectureClass.NonAugmented with
            Widths =
                fun stream ->
                    let n = stream.NextInt(1, 2)
                    [| n; yield! List.init (stream.NextInt(1, 3)) (fun _ -> n); 1 |]
            Activations = [| Networks.tanh; ActivationKind.Cubic |]
    }

let private cases: Generator<Case> =
    let complete (sample: Sample) (stream: RandomStream) =
        let n = sample.Point.Length
        let reach () = Rational.create (stream.NextInt(2, 12)) 8

        {
            Sample = sample
            Curvatures = Array.init n (fun _ -> Rational.create (stream.NextInt(4, 32)) 8)
            Reach = Array.init n (fun _ -> reach (), reach ())
            Sign = if stream.NextBool() then 1 else -1
        }

    let shrink (case: Case) =
        networks.Shrink case.Sample
        |> Seq.map (fun sample ->
            let n = sample.Point.Length
            { case with Sample = sample; Curvatures = Array.truncate n case.Curvatures; Reach = Array.truncate n case.Reach })

    let show (case: Case) =
        networks.Show case.Sample
        @ [
            "sign", string case.Sign
            "λ", Draws.showVector case.Curvatures
            "a", Draws.showVector (Array.map fst case.Reach)
            "b", Draws.showVector (Array.map snd case.Reach)
        ]

    Generator.create (Gen.map2 complete networks.Gen Generator.stream) shrink show

/// offset + slope·x as a perceptron without hidden layer.
let private affine (slope: float) (offset: float) : Perceptron<Interval> =
    Perceptron.create [||] (Matrix.ofRows [| [| Interval.ofFloat slope |] |]) [| Interval.ofFloat offset |] |> Defect.orFail

let private segment (lower: float) (upper: float) : Box = [| Interval.ofBounds lower upper |]
let private square = quadratic 1 [| Rational.One |] [| Rational.Zero |]

/// sup |Φ − x²| over S, bounded from above.
let private errorOfSquare (cells: int) (s: Box) (p: Perceptron<Interval>) : float =
    let value, gradient = difference p (fst square) (snd square)
    ExtremumGap.supremum cells value gradient s

/// The bound for x² on [−1, 1] and p = 0: 1/2.
let private boundOfSquare: float =
    ExtremumGap.bound 0 (ExtremumGap.faces (fst square) (segment -1.0 1.0)) (fst square (Box.ofPoint [| 0.0 |]))

/// Φ = 1/2 + ε·x is no farther from x² than 1/2 + ε: f = Φ − x² has |f″| = 2, and over a cell of radius r the bound
/// |f(m)| + sup|f′|·r exceeds sup|f| by at most r²·sup|f″|, from f′, and r²·sup|f″|/2, from f itself: 3r².
let private attains (ε: float) : Outcome =
    let cells = 1024
    let error = errorOfSquare cells (segment -1.0 1.0) (affine ε 0.5)
    let r = 1.0 / float cells

    Outcome.check [
        fun () -> Outcome.atLeast "sup |Φ − Ψ| bounded from above" boundOfSquare error
        fun () -> Outcome.atMost "sup |Φ − Ψ| bounded from above" (0.5 + ε + 3.0 * r * r + 1e-12) error
    ]

/// |x|² on the annulus 1 ≤ |x| ≤ 2, without critical point there: K is the disc of radius 2, |p| = 1, and 5/2 + ε·x₁ attains 3/2 up to 2ε.
let private annulus (ε: float) : Outcome =
    let splits = 1024
    // More than a full turn, in pieces of width w: cos² and sin² are then known up to w each.
    let turn = Interval.ofBounds -4.0 4.0
    let w = Interval.width turn / float splits
    let cos (a: Interval) : Interval = Transcendental.cos a
    let sin (a: Interval) : Interval = Transcendental.sin a
    let ofAngle (θ: Box) = Arithmetic.(*) (Ring.ratio 4 1) (Arithmetic.(+) (Interval.square (cos θ[0])) (Interval.square (sin θ[0])))
    // Best first halving leaves no piece wider than twice the even width.
    let bound = ExtremumGap.bound (splits - 1) [ { Domain = [| turn |]; Value = ofAngle } ] (Ring.ratio 1 1)

    let difference (polar: Box) =
        let r, θ = polar[0], polar[1]
        let φ = Arithmetic.(+) (Ring.ratio 5 2) (Arithmetic.(*) (Interval.ofFloat ε) (Arithmetic.(*) r (cos θ)))
        Interval.abs (Arithmetic.(-) φ (Interval.square r))

    let error = ExtremumGap.maximum 0 [ { Domain = [| Interval.ofBounds 1.0 2.0; turn |]; Value = difference } ]

    Outcome.check [
        fun () -> Outcome.atMost "the certified bound" 1.5 bound
        fun () -> Outcome.atLeast "the certified bound" (1.5 - 8.0 * w) bound
        fun () -> Outcome.atLeast "sup |Φ − Ψ| bounded from above" bound error
        fun () -> Outcome.atMost "sup |Φ − Ψ| bounded from above" (1.5 + 2.0 * ε + 1e-12) error
    ]

/// v·(2·tanh 1 − tanh(x/2 + 1) + tanh(x/2 − 1)), which is 0 at 0 and 1 at ±1: an augmented network near x².
let private augmented: Perceptron<Interval> =
    Networks.create Networks.tanh [ [ "0.5"; "0.5" ], "1 -1"; [ "-6.4134260813767681 6.4134260813767681" ], "9.76885564646165679776" ]
    |> Perceptron.map Interval.ofRational

/// The error of the augmented network: 0.006832457077 on a grid of 2001 points, up to 9r² more by the cells, as |f″| ≤ 6.
let private reference (cells: int) : Outcome =
    let error = errorOfSquare cells (segment -1.0 1.0) augmented
    let r = 1.0 / float cells

    Outcome.all [
        Outcome.atLeast "sup |Φ − x²| bounded from above" 0.006832457077 error
        Outcome.atMost "sup |Φ − x²| bounded from above" (0.006832457077 + 9.0 * r * r + 6.0 * 0.0005 * 0.0005) error
    ]

let private exceeds (cells: int) (s: Box) (p: Perceptron<Interval>) : Outcome =
    Outcome.atLeast "sup |Φ − Ψ| bounded from above" boundOfSquare (errorOfSquare cells s p)

let claim: Claim =
    let small = [ 1.0; 0.125; Math.ScaleB(1.0, -10); Math.ScaleB(1.0, -30) ]
    let showε (ε: float) = [ "ε", string ε ]
    let showCells (cells: int) = [ "network", "1-2-1 tanh"; "cells", string cells ]

    Paper.define
        "kuehn-kuntz.approx.extremum-gap"
        Paper.reconstructed
        "A map without critical points inside K stays at least (min_∂K Ψ − Ψ(p))/2 away from Ψ in the sup norm on any S that contains ∂K and p: non-augmented networks are no universal approximators. The bound is attained."
    |> Claim.hypothesis "H1" "Φ is continuous on K and has no critical point inside"
    |> Claim.hypothesis "H2" "∂K ⊂ S and p ∈ S"
    |> Claim.certified "networks-keep-away" (Instances.random cases 30) keepsAway
    |> Claim.certified "attained" (Instances.chosen showε small) attains
    |> Claim.certified "attained-on-an-annulus" (Instances.chosen showε small) annulus
    |> Claim.certified "reference" (Instances.chosen showCells [ 2000 ]) reference
    |> Claim.neededBy
        "H1"
        (Instances.chosen (fun _ -> [ "Φ", "v·(2·tanh 1 − tanh(x/2 + 1) + tanh(x/2 − 1))" ]) [ augmented ])
        (exceeds 256 (segment -1.0 1.0))
    |> Claim.neededBy
        "H2"
        (Instances.chosen (fun _ -> [ "Φ", "x − 1/8"; "S", "[0, 1]" ]) [ affine 1.0 -0.125 ])
        (exceeds 256 (segment 0.0 1.0))
