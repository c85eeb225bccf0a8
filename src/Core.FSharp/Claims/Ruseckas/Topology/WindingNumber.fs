/// In the plane no network of homeomorphisms separates a disc from the annulus around it.
///
/// Statement: n = 2, layers x ↦ λ_α(Wx + B) with det W_l ≠ 0 and α &gt; 0: the image of a closed polygon around c has winding number
/// Π_l sign det W_l times the original one around the image of c. Hence the image of c lies in the convex hull of the image of the curve,
/// and no linear read-out separates disc and annulus. With a third coordinate, zero at the start, two layers separate them.
/// Proof: each layer is a homeomorphism of the plane, of degree sign det W, and c never meets the curve.
/// After the figure of the annulus on the slides.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.Topology.WindingNumber

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

[<NoComparison>]
type private Case = { Slope: Rational; Weights: Rational[][][]; Biases: Rational[][]; Centre: Rational[] }

/// The square (±1, ±1), counter-clockwise from (1, 1).
let private square = Known.rows [ "1 1"; "-1 1"; "-1 -1"; "1 -1" ]

/// The images of the square and of the centre.
let private images (case: Case) : Rational[][] * Rational[] =
    Array.fold2
        (fun (polygon, centre) w b -> PlaneCurve.apply case.Slope w b polygon, PlaneCurve.applyPoint case.Slope w b centre)
        (square, case.Centre)
        case.Weights
        case.Biases

let private orientation (case: Case) : int =
    case.Weights |> Array.fold (fun sign w -> sign * (Elimination.determinant (Matrix.ofRows w)).Sign) 1

let private windsAround (case: Case) : Outcome =
    let polygon, centre = images case

    match PlaneCurve.windingNumber centre polygon with
    | None -> Outcome.refuted "the image of the centre" "off the image of the square" $"{Known.show centre} lies on it"
    | Some found -> Outcome.equal "the winding number" string (orientation case) found

/// No direction separates the centre from the polygon: in each of some directions the polygon reaches beyond it.
let private isInHull (case: Case) : Outcome =
    let polygon, centre = images case

    seq {
        for p in -3 .. 3 do
            for q in -3 .. 3 do
                if p <> 0 || q <> 0 then
                    let direction = [| Rational.ofInt p; Rational.ofInt q |]
                    let reach = polygon |> Array.map (Vector.dot direction) |> Array.reduce Rational.max
                    Check.atMost $"the centre in the direction {Known.show direction}" reach (Vector.dot direction centre)
    }
    |> Outcome.all

let private isAdmissible (case: Case) : bool =
    orientation case <> 0 && case.Slope.Sign > 0 && Vector.normInf case.Centre < Rational.create 1 2

let private draw (stream: RandomStream) : Case =
    let one (stream: RandomStream) =
        let depth = stream.NextInt(1, 4)

        {
            Slope = Rational.create (stream.NextInt(1, 6)) 4
            Weights = Array.init depth (fun _ -> Draws.square stream 2)
            Biases = Array.init depth (fun _ -> Draws.vector stream 2)
            Centre = Array.init 2 (fun _ -> Rational.create (stream.NextInt(-3, 3)) 8)
        }

    Draws.until isAdmissible one stream

let private shrink (case: Case) : Case seq =
    seq {
        for depth in Shrink.int 1 case.Weights.Length do
            { case with Weights = Array.truncate depth case.Weights; Biases = Array.truncate depth case.Biases }

        for w in Shrink.elements Draws.shrinkRows case.Weights do
            { case with Weights = w }

        for b in Draws.shrinkRows case.Biases do
            { case with Biases = b }

        for c in Draws.shrinkVector case.Centre do
            { case with Centre = c }
    }
    |> Seq.filter isAdmissible

let private show (case: Case) : (string * string) list = [
    "α", string case.Slope
    "c", Known.show case.Centre
    for l in 0 .. case.Weights.Length - 1 do
        $"W({l})", Draws.showRows case.Weights[l]
        $"B({l})", Known.show case.Biases[l]
]

let private known (slope: string) : Case = {
    Slope = Known.number slope
    Weights = [| Known.rows [ "1 -1"; "1/2 1" ]; Known.rows [ "3/4 1/2"; "1 -1" ]; Known.rows [ "1 1/3"; "-1/3 1" ] |]
    Biases = Known.rows [ "1/4 -1/2"; "-1/2 1/3"; "0 -1/4" ]
    Centre = Known.vector "0 0"
}

/// The read-out (5/2, 5/2, 1)·x behind two layers of three units, from (x_1, x_2, 0).
let private readOut (x: Rational[]) : Rational =
    let α = Rational.create 1 4
    let first = PlaneCurve.applyPoint α (Known.rows [ "1 0 0"; "0 1 0"; "0 0 1" ]) (Known.vector "0 0 4")
    let second = PlaneCurve.applyPoint α (Known.rows [ "-1 0 0"; "0 -1 0"; "1 1 1" ]) (Known.vector "0 0 0")
    Vector.dot (Known.vector "5/2 5/2 1") (second (first (Array.append x [| Rational.Zero |])))

/// 4 + (3/8)(|x_1| + |x_2|) for |x_1| + |x_2| ≤ 8, exactly.
let private isCone (x: Rational[]) : Outcome =
    let size = Array.sumBy Rational.abs x
    Check.equal "the read-out" (Rational.ofInt 4 + Rational.create 3 8 * size) (readOut x)

/// In three dimensions the same conclusion fails: the read-out is at least 35/8 on the square, and 4 at the centre.
let private isInHullOfThree (centre: Rational[]) : Outcome =
    let lowest = square |> Array.map readOut |> Array.reduce Rational.min
    Check.atMost "the least read-out on the curve" (readOut centre) lowest

let claim: Claim =
    let generator = Generator.fromStream (fun _ stream -> draw stream) shrink show

    let points =
        Generator.fromStream (fun _ stream -> Draws.vector stream 2) Draws.shrinkVector (fun x -> [ "x", Known.show x ])

    let summary slope () =
        let polygon, centre = images (known slope)
        let winding = PlaneCurve.windingNumber centre polygon |> Option.defaultValue 99
        Array.append [| Rational.ofInt polygon.Length; Rational.ofInt winding |] centre

    Paper.define
        "ruseckas.topology.winding-number"
        Paper.afterSlides
        "n = 2, x ↦ λ_α(Wx + B), det W ≠ 0, α > 0: a polygon around c is mapped to a curve of winding number Π sign det W_l around the image of c, which lies in its convex hull."
    |> Claim.hypothesis "H1" "det W_l ≠ 0"
    |> Claim.hypothesis "H2" "α > 0"
    |> Claim.hypothesis "H3" "n = 2"
    |> Claim.exact "winding" (Instances.random generator 200) windsAround
    |> Claim.exact "hull" (Instances.random generator 100) isInHull
    |> Claim.exact "three-units" (Instances.random points 60) isCone
    |> Known.exact "reference" [
        Known.value "α = 1/4: vertices, winding, centre" "15 -1 41/288 47/96" (summary "1/4")
        Known.value "α = 1/4: signed area" "-115741808319/104246804480" (fun () -> [| PlaneCurve.signedArea (fst (images (known "1/4"))) |])
        Known.value "α = −1: vertices, winding, centre" "21 0 13/144 3/16" (summary "-1")
        Known.value "α = 0: vertices, winding undefined, centre" "13 99 7/36 1/3" (summary "0")
    ]
    |> Claim.neededBy
        "H1"
        (Instances.chosen show [ { known "1/4" with Weights = [| Known.rows [ "1 0"; "0 0" ] |]; Biases = Known.rows [ "0 0" ] } ])
        windsAround
    |> Claim.neededBy "H2" (Instances.chosen show [ known "-1"; known "0" ]) windsAround
    |> Claim.neededBy "H3" (Instances.chosen (fun c -> [ "c", Known.show c ]) [ Known.vector "0 0" ]) isInHullOfThree
