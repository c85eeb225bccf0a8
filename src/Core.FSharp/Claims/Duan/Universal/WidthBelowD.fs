/// A hidden layer narrower than the input loses a coordinate.
///
/// Statement: a network with a layer of width w &lt; d is f = g(Wx) and constant on the fibres of W. For d = 2, w = 1 and the identity on the unit disc its mean-square
/// error is at least 1/4, the variance along the fibre, in every direction. So the width must be at least max(d_x, d_y).
/// Proof: on two points of one fibre |f − x|² + |f − x′|² ≥ |x − x′|²/2. Checked on pairs that are mirror images in the line along W.
/// Quoted and not checked: the least width of leaky networks is max(d_x, d_y, 2) in L^p.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Duan.Universal.WidthBelowD

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Duan

/// A direction (p, q)/r of rational length, and a network g of width 1 behind it with two outputs.
[<NoComparison>]
type private Case = { Direction: Rational[]; Weights: Rational[]; Slopes: Rational[] }

/// 2 → 1 → 1 → 2
let private network (case: Case) : VanillaNet<Rational> =
    let w = case.Weights
    let map rows bias : AffineMap<Rational> = { Weights = Matrix.ofRows rows; Bias = bias }

    VanillaNet.create
        [|
            map [| case.Direction |] [| w[0] |]
            map [| [| w[1] |] |] [| w[2] |]
            map [| [| w[3] |]; [| w[4] |] |] [| w[5]; w[6] |]
        |]
        (case.Slopes |> Array.map Array.singleton)
    |> Defect.orFail

/// Midpoints (s, t) of a grid of n × n cells of the square that lie in the unit disc.
let private disc (n: int) : (Rational * Rational)[] =
    let at k = Rational.create (2 * k + 1 - n) n

    [|
        for a in 0 .. n - 1 do
            for b in 0 .. n - 1 do
                if at a * at a + at b * at b <= Rational.One then
                    at a, at b
    |]

let private mean (values: Rational[]) : Rational = Array.fold (+) Rational.Zero values / Rational.ofInt values.Length
let private square (x: Rational[]) : Rational = Vector.dot x x

/// The frame along the direction and across it.
let private points (direction: Rational[]) (grid: (Rational * Rational)[]) : Rational[][] =
    let u = direction
    let v = [| -u[1]; u[0] |]
    grid |> Array.map (fun (s, t) -> Vector.add (Vector.scale s u) (Vector.scale t v))

let private errorOf (f: Rational[] -> Rational[]) (x: Rational[][]) : Rational =
    x |> Array.map (fun x -> square (Vector.subtract (f x) x)) |> mean

/// f is constant along the fibres, and its mean-square error is at least the mean of t².
let private loses (case: Case) : Outcome =
    let f = VanillaNet.apply (network case)
    let grid = disc 12
    let fibre = points case.Direction [| Rational.create 1 3, Rational.create -1 2; Rational.create 1 3, Rational.create 3 4 |]

    Outcome.all [
        Check.vectors "f along a fibre" (f fibre[0]) (f fibre[1])
        Check.atMost "the mean of t²" (errorOf f (points case.Direction grid)) (grid |> Array.map (fun (_, t) -> t * t) |> mean)
    ]

/// The best network, f = (u·x)·u, attains it.
let private attains (direction: Rational[]) : Outcome =
    let u = direction
    let best x = Vector.scale (Vector.dot u x) u
    let grid = disc 12
    Check.equal "the error of the projection" (grid |> Array.map (fun (_, t) -> t * t) |> mean) (errorOf best (points u grid))

/// Width 2 makes no error.
let private identity (direction: Rational[]) : Outcome =
    let grid = disc 12
    Check.atMost "the mean of t²" (errorOf id (points direction grid)) (grid |> Array.map (fun (_, t) -> t * t) |> mean)

let private directions = [ "1 0"; "3/5 4/5"; "-5/13 12/13"; "8/17 -15/17"; "0 1"; "-20/29 -21/29" ] |> List.map Known.vector

let claim: Claim =
    let show (u: Rational[]) = [ "direction", Known.show u ]

    let draw (stream: RandomStream) = {
        Direction = Draws.choice stream (List.toArray directions)
        Weights = Nets.vector stream 7
        Slopes = Nets.mixed stream 2
    }

    let showCase (case: Case) = show case.Direction @ [ "weights", Known.show case.Weights; "α", Known.show case.Slopes ]
    let shrink (case: Case) = Draws.shrinkVector case.Weights |> Seq.map (fun weights -> { case with Weights = weights })

    Paper.define
        "duan.universal.width-below-d"
        Paper.neighbours
        "A network with a layer narrower than its input is constant on fibres; for the identity of the unit disc and width 1 its mean-square error is at least 1/4."
    |> Claim.hypothesis "H1" "some layer is narrower than the input"
    |> Claim.exact "networks-lose" (Instances.random (Generator.fromStream (fun _ -> draw) shrink showCase) 60) loses
    |> Claim.exact "attained" (Instances.chosen show directions) attains
    |> Known.bounded "reference" [
        // ∫t²/∫1 over the disc is 1/4; midpoints of cells see the boundary with an error of the order of the cell.
        Known.floats "the mean of t² over the midpoints of 400 × 400 cells" "0.24998" (fun () ->
            let n = 400
            let at k = float (2 * k + 1 - n) / float n

            let inside = [|
                for a in 0 .. n - 1 do
                    for b in 0 .. n - 1 do
                        if at a * at a + at b * at b <= 1.0 then
                            at b * at b
            |]

            [| Array.average inside |])
    ]
    |> Claim.neededBy "H1" (Instances.chosen show directions) identity
