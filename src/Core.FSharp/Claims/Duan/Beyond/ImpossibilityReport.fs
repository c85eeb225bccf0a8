/// An error floor of a target before any training.
///
/// Statement: the monotone gap (width 1) and the degree gap (width 2) of a target bound the error of every network of that width from below, whatever its depth and its weights; a wider network may go below the floor.
/// The report names where: two knots i ≤ j with the largest drop, or the winding number.
/// Own.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Duan.Beyond.ImpossibilityReport

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Duan

/// Where the report points to, f falls and rises by what it says.
let private isWitnessed (f: Rational[]) : Outcome =
    let report = MonotoneGap.create f
    let drop, (i, j) = report.Drop
    let rise, (k, l) = report.Rise

    Outcome.all [
        Outcome.isTrue "the places" "are in order" (i <= j && k <= l)
        Check.equal "the drop" (f[i] - f[j]) drop
        Check.equal "the rise" (f[l] - f[k]) rise
        Check.equal "the gap" (Rational.create 1 2 * Rational.min drop rise) report.Gap
    ]

/// A network of width 1 that goes through values at the knots 0, 1, 2, …, strictly monotone ones.
let private through (values: Rational[]) : Rational -> Rational =
    let knots = Array.init values.Length Rational.ofInt
    let net = PiecewiseLinear.toNet { Knots = knots; Values = values; Left = Rational.One; Right = Rational.One }
    fun x -> (VanillaNet.apply net [| x |])[0]

/// Networks of width 1 of several depths, among them deep ones through randomly moved values of the target itself, sorted: none is below the floor.
let private isFloor (f: Rational[], moves: Rational[]) : Outcome =
    let floor = (MonotoneGap.create f).Gap

    // Sorted and pulled apart, so that they increase strictly.
    let increasing = Array.map2 (+) f moves |> Array.sort |> Array.mapi (fun i y -> y + Rational.create i 1024)

    let error (g: Rational -> Rational) =
        f |> Array.mapi (fun i y -> Rational.abs (y - g (Rational.ofInt i))) |> Array.fold Rational.max Rational.Zero

    let rising = through increasing
    // Decreasing by −x in front.
    let falling = let g = through increasing in fun x -> g (Rational.ofInt (f.Length - 1) - x)
    Outcome.all [ Check.atMost "the floor" (error rising) floor; Check.atMost "the floor" (error falling) floor ]

/// (x, 0) ↦ (x, |x − 1|), a network of width 2.
let private wide (f: Rational[]) : Outcome =
    let shear = { Shift = Known.vector "0 2"; Weights = Known.vector "1 0"; Bias = -Rational.One }
    let back = Stage.Affine { Weights = Matrix.ofRows (Known.rows [ "1 0"; "-1 1" ]); Bias = Known.vector "0 1" }
    let net = Seq.append (VanillaNet.stages (Nets.ofStep shear)) [ back ] |> VanillaNet.ofStages 2

    let error =
        f
        |> Array.mapi (fun i y -> Rational.abs (y - (VanillaNet.apply net [| Rational.ofInt i; Rational.Zero |])[1]))
        |> Array.fold Rational.max Rational.Zero

    Check.atMost "the floor" error (MonotoneGap.create f).Gap

let private shown (f: Rational[]) : (string * string) list = [ "f at the knots", Known.show f ]

/// sin 2πx at m + 1 points of [0, 1], in floats that are fractions: the floor lies between ½·(1 − 2(π/m)²) and ½.
let private sine (m: int) : Outcome =
    let f = Array.init (m + 1) (fun k -> Elementary.sin (2.0 * System.Math.PI * float k / float m) |> Rational.ofFloat)
    let gap = Rational.toFloat (MonotoneGap.create f).Gap
    let h = System.Math.PI / float m

    Outcome.all [ Outcome.atMost "the floor" (0.5 + 1e-15) gap; Outcome.atLeast "the floor" (0.5 - h * h - 1e-15) gap ]

let claim: Claim =
    let targets =
        let draw (stream: RandomStream) = Nets.vector stream (stream.NextInt(2, 12))
        Generator.fromStream (fun _ -> draw) (Shrink.array 2 Draws.shrinkFraction) shown

    let challenged =
        let draw (stream: RandomStream) =
            let n = stream.NextInt(2, 12)
            Nets.vector stream n, Array.init n (fun _ -> Rational.create (stream.NextInt(-8, 8)) 8)

        Generator.fromStream (fun _ -> draw) Shrink.none (fun (f, moves) -> shown f @ [ "moves", Known.show moves ])

    Paper.define
        "duan.beyond.impossibility-report"
        Paper.own
        "The monotone gap of a target bounds the error of every network of width 1 from below before any training, whatever the depth, and names two places that show it; the degree gap does the same in the plane."
    |> Claim.hypothesis "H1" "the network has width 1"
    |> Claim.exact "witnessed" (Instances.random targets 200) isWitnessed
    |> Claim.exact "floor" (Instances.random challenged 200) isFloor
    |> Claim.bounded "sine" (Instances.chosen (fun (m: int) -> [ "f", "sin 2πx"; "m", string m ]) [ 8; 64; 512 ]) sine
    |> Known.exact "reference" [
        Known.value "the drop and the rise of (0, 3, 1, 2, −1)" "4 3" (fun () ->
            let report = MonotoneGap.create (Known.vector "0 3 1 2 -1")
            [| fst report.Drop; fst report.Rise |])
    ]
    |> Claim.neededBy "H1" (Instances.chosen shown [ Known.vector "1 0 1" ]) wide
