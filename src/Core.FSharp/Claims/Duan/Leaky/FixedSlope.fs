/// Networks with one slope α in all layers.
///
/// Statement: (i) in d = 1 the slopes of such a network have ratios in α^Z, and in any dimension its volume factors have; (ii) every increasing piecewise linear function with slopes
/// in c·α^Z is one, with Σ|k_j| activations, k_j the jumps of the exponent; (iii) of other functions G each chord of slope s in (α^(j+1), α^j] on a mesh η is replaced by the slopes α^j and
/// α^(j+1) on shares of its cell, with an error of at most η²·max|G″|/8 + max η(s − α^(j+1))(α^j − s)/(α^j − α^(j+1)), of which the second term is at most η·s_max(1 − α)/(4α), 0 &lt; α &lt; 1.
/// Proof of (iii): the two slopes leave the chord by θ(1 − θ)η(α^j − α^(j+1)) at most; θ(1 − θ) ≤ 1/4 and α^(j+1) &lt; s.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Duan.Leaky.FixedSlope

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Duan

let private isPower (α: Rational) (ratio: Rational) : bool = (FixedSlope.exponent α ratio).IsSome

/// A piecewise linear function with its fixed slope.
[<NoComparison>]
type private Case = { Alpha: Rational; F: PiecewiseLinear<Rational> }

let private exponents (case: Case) : int[] =
    PiecewiseLinear.slopes case.F
    |> Array.pairwise
    |> Array.map (fun (a, b) -> FixedSlope.exponent case.Alpha (b / a) |> Option.get)

/// The network equals f, has the slope α alone and Σ|k_j| layers.
let private realises (case: Case) : Outcome =
    match FixedSlope.toNet case.Alpha case.F with
    | Error defects -> Nets.refused "the network" "one with this slope" defects
    | Ok net ->
        seq {
            Outcome.equal "the number of activations" string (exponents case |> Array.sumBy abs) net.Depth
            Outcome.isTrue "every slope" "is α" (net.Slopes |> Array.forall (Array.forall ((=) case.Alpha)))

            for x in PiecewiseFunctions.probes case.F.Knots do
                Check.equal $"the network at {x}" (PiecewiseLinear.apply case.F x) ((VanillaNet.apply net [| x |])[0])
        }
        |> Outcome.all

/// The volume factors of one network at its points, all with the slope of its first coordinate, have ratios α^k.
let private hasPowers (case: NetCase) : Outcome =
    let net = case.Net.Vanilla
    let volume x = Elimination.determinant (Nets.jacobian net x)
    let first = volume case.Points[0]

    case.Points
    |> Seq.map (fun x ->
        Outcome.isTrue
            $"the volume factor at {Known.show x} over the first"
            "is a power of α"
            (isPower case.Net.Slopes[0].[0] (volume x / first)))
    |> Outcome.all

let private show (case: Case) : (string * string) list = ("α", string case.Alpha) :: PiecewiseFunctions.show case.F

let private half = Rational.create 1 2

/// G(s) = asinh(e^{0.7}·sinh s) on [−2, 2] at m + 1 points; max|G″| = 2(e^{1.4} − 1)/(3√3).
let private warp (s: float) : float =
    let y = Elementary.exp 0.7 * 0.5 * (Elementary.exp s - Elementary.exp -s)
    let size = abs y
    let value = Elementary.log (size + sqrt (size * size + 1.0))
    if y < 0.0 then -value else value

let private curvature = 2.0 * Elementary.expm1 1.4 / (3.0 * sqrt 3.0)

let private table (m: int) : Rational[] * Rational[] =
    let knots = Array.init (m + 1) (fun k -> Rational.create (4 * k - 2 * m) m)
    knots, knots |> Array.map (Rational.toFloat >> warp >> Rational.ofFloat)

/// The largest distance to G at 32 points of each cell and at the knots of the dithered function.
let private ditherError (α: Rational) (m: int) : float =
    let knots, values = table m
    let f = FixedSlope.dither α knots values |> PiecewiseLinear.map (Rational.toFloat >> Binary64)
    let dense = Array.init (32 * m + 1) (fun k -> -2.0 + 4.0 * float k / float (32 * m))
    let inner = f.Knots |> Array.map _.Value

    Array.append dense inner
    |> Array.map (fun s -> abs ((PiecewiseLinear.apply f (Binary64 s)).Value - warp s))
    |> Array.max

let private ditherBound (α: Rational) (m: int) : float =
    let knots, values = table m
    FixedSlope.ditherBound α (Rational.ofFloat curvature) knots values |> Rational.toFloat

/// η²·max|G″|/8 + η·s_max(1 − α)/(4α)
let private simpleBound (α: Rational) (m: int) : float =
    let knots, values = table m
    let η, α = 4.0 / float m, Rational.toFloat α

    let steepest =
        Array.map2 (fun (s, t) (a, b) -> Rational.toFloat ((b - a) / (t - s))) (Array.pairwise knots) (Array.pairwise values)
        |> Array.max

    η * η * curvature / 8.0 + η * steepest * (1.0 - α) / (4.0 * α)

/// The dithered function has slopes in α^Z, and its error is within both bounds; G is computed to 8 ulp of 4, the sum of the function to as
/// many ulp as it has knots.
let private dithers (α: Rational, m: int) : Outcome =
    let f = FixedSlope.dither α |> fun dither -> table m ||> dither
    let rounding = float (8 + 2 * m) * 8.0 * Fields.unit

    Outcome.all [
        Outcome.isTrue "every slope" "is a power of α" (PiecewiseLinear.slopes f |> Array.forall (isPower α))
        Outcome.atMost "sup |G − dithered|" (ditherBound α m + rounding) (ditherError α m)
        Outcome.atMost "the bound by cells" (simpleBound α m + rounding) (ditherBound α m)
    ]

let claim: Claim =
    let alphas = [ "1/2"; "1/3"; "2/3"; "3" ] |> List.map Known.number |> List.toArray

    let functions =
        let draw (stream: RandomStream) =
            let α, c = Draws.choice stream alphas, Nets.slope stream
            let n = stream.NextInt(1, 5)
            let powers = Array.init (n + 1) (fun _ -> c * Rational.power α (stream.NextInt(-3, 3)))
            { Alpha = α; F = PiecewiseFunctions.ofSlopes (PiecewiseFunctions.knots n stream) (Nets.fraction stream) powers }

        let shrink (case: Case) =
            let slopes = PiecewiseLinear.slopes case.F

            seq {
                for k in 0 .. case.F.Knots.Length - 1 do
                    if case.F.Knots.Length > 1 then
                        {
                            case with
                                F = PiecewiseFunctions.ofSlopes (Array.removeAt k case.F.Knots) case.F.Values[0] (Array.removeAt k slopes)
                        }
            }

        Generator.fromStream (fun _ -> draw) shrink show

    let nets =
        let fix (net: DrawnNet) (α: Rational) = { net with Slopes = net.Slopes |> Array.map (Array.map (fun _ -> α)) }
        let draw stream = fix (Nets.draw 3 Nets.mixed stream) (Draws.choice stream alphas)
        let cases = Nets.cases 4 draw Nets.offKinks

        let isFixed (case: NetCase) =
            Array.concat case.Net.Slopes |> Array.distinct |> Array.length = 1 && Array.contains case.Net.Slopes[0].[0] alphas

        { cases with Shrink = cases.Shrink >> Seq.filter isFixed }

    let ladders = [
        for α in [ "1/2"; "1/3"; "2/3"; "9/10" ] do
            for m in [ 4; 8; 16; 32 ] -> Known.number α, m
    ]

    let showLadder (α: Rational, m: int) = [ "α", string α; "cells", string m ]

    let activations () =
        let f = table 16 ||> FixedSlope.dither half
        [| (FixedSlope.toNet half f |> Defect.orFail).Depth |> Rational.ofInt |]

    Paper.define
        "duan.leaky.fixed-slope"
        Paper.reconstructed
        "With one slope α in all layers the increasing piecewise linear functions are those with slopes in c·α^Z; other functions are approached by dithering, with an error of order η."
    |> Claim.hypothesis "H1" "the ratios of the slopes are powers of α"
    |> Claim.exact "volume-factors" (Instances.random nets 100) hasPowers
    |> Claim.exact "realised" (Instances.random functions 100) realises
    |> Claim.bounded "dithering" (Instances.chosen showLadder ladders) dithers
    |> Known.bounded "reference" [
        Known.floats "the error for α = 1/2 and 16 cells" "0.0685858" (fun () -> [| ditherError half 16 |])
        Known.floats "its bound by cells and the simple one" "0.0710538382801 0.1314317473048" (fun () -> [|
            ditherBound half 16
            simpleBound half 16
        |])
    ]
    |> Known.exact "depth" [ Known.value "the number of activations" "31" activations ]
    // x + 2·max(0, x): the ratio 3 is no power of 2.
    |> Claim.neededBy "H1" (Instances.chosen show [ { Alpha = half; F = PiecewiseFunctions.create "0" "0" "1 3" } ]) realises
