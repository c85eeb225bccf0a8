/// A map of the plane that winds more than once stays away from every network of width 2.
///
/// Statement: F continuous on a circle C, z not in F(C), k the winding number of F(C) about z. If k is none of −1, 0, 1 (or k = −o ≠ 0, where the orientation o is prescribed), every leaky network of width 2, of any depth, has
/// sup_C |f − F| ≥ dist(z, F(C)). Certificate: m samples, ℓπρ/m below their distance from z, ℓ a Lipschitz constant of F on C.
/// Proof: nearer, f(C) would have the same winding number, but an embedded Jordan curve has −1, 0 or 1, with the sign of o. A singular W_l may be moved a little, the strict inequality survives.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Duan.Universal.DegreeGap

open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Duan

/// z^k + p·z + q on the unit circle; z^(−k) is the conjugate of z^k.
type private Target = { K: int; P: float; Q: float * float }

let private show (target: Target) : (string * string) list = [ "F", $"z^{target.K} + {target.P}·z + {target.Q}" ]

let private samples (m: int) (target: Target) : Interval[][] =
    let (+), (*) = (fun (a: Interval) b -> Arithmetic.(+) a b), (fun (a: Interval) b -> Arithmetic.(*) a b)
    let number (x: float) : Interval = Interval.ofFloat x
    let π = Interval.ofBounds System.Math.PI (System.Math.BitIncrement System.Math.PI)
    let turn: Interval = Ring.ratio 2 1 * π
    let cos (a: Interval) : Interval = Transcendental.cos a
    let sin (a: Interval) : Interval = Transcendental.sin a

    Array.init m (fun j ->
        let t: Interval = turn * Ring.ratio j m
        let kt = Ring.ratio target.K 1 * t

        [|
            cos kt + (number target.P * cos t + number (fst target.Q))
            sin kt + (number target.P * sin t + number (snd target.Q))
        |])

let private lipschitz (target: Target) : float = float (abs target.K) + abs target.P

let private report (m: int) (target: Target) : Result<DegreeGap, Defect list> =
    DegreeGap.create (lipschitz target) 1.0 (0.0, 0.0) (samples m target)

/// The winding number is k, and the distance that is certified lies between 1 − |p| − |q| − ℓπ/m, rounded, and 1 + |p| + |q|.
let private windsAs (target: Target) : Outcome =
    let m = 64

    match report m target with
    | Error defects -> Outcome.undecided (defects |> List.map string |> String.concat " ")
    | Ok report ->
        let moved = abs target.P + abs (fst target.Q) + abs (snd target.Q)

        Outcome.all [
            Outcome.equal "the winding number" string target.K report.Winding
            Outcome.atLeast "the distance" (1.0 - moved - lipschitz target * System.Math.PI / float m - 1e-12) report.Distance
            Outcome.atMost "the distance" (1.0 + moved) report.Distance
            Outcome.equal "an obstruction for any orientation" string (abs target.K > 1) (DegreeGap.obstructs 0 report.Winding)
            Outcome.equal
                "an obstruction for orientation 1"
                string
                (abs target.K > 1 || target.K = -1)
                (DegreeGap.obstructs 1 report.Winding)
        ]

/// A key of a challenger.
type private Challenger = { Key: uint64; Target: Target }

let private circle (m: int) : float[][] =
    Array.init m (fun j -> let t = 2.0 * System.Math.PI * float j / float m in [| Elementary.cos t; Elementary.sin t |])

let private value (target: Target) (x: float[]) : float[] =
    let rec power k (a, b) = if k = 0 then 1.0, 0.0 else let c, d = power (k - 1) (a, b) in a * c - b * d, a * d + b * c
    let a, b = power (abs target.K) (x[0], x[1])
    [| a + target.P * x[0] + fst target.Q; (if target.K < 0 then -b else b) + target.P * x[1] + snd target.Q |]

/// Solves the normal equations for the affine map that carries points nearest to values in the mean, by elimination; a small multiple of the identity keeps them regular.
let private leastSquares (points: float[][]) (values: float[][]) : float[][] =
    let rows = points |> Array.map (fun x -> [| x[0]; x[1]; 1.0 |])

    let a =
        Array.init 3 (fun i ->
            Array.init 5 (fun j ->
                Array.fold2 (fun sum (r: float[]) (v: float[]) -> sum + r[i] * (if j < 3 then r[j] else v[j - 3])) 0.0 rows values
                + (if i = j then 1e-9 else 0.0)))

    for c in 0..2 do
        let p = Seq.maxBy (fun r -> abs (a[r][c])) (seq { c..2 })
        let row = a[p]
        a[p] <- a[c]
        a[c] <- row

        for r in 0..2 do
            if r <> c then
                let factor = a[r][c] / a[c][c]
                a[r] <- Array.map2 (fun x y -> x - factor * y) a[r] a[c]

    // Row o of the affine map: coefficients of x, y, 1.
    Array.init 2 (fun o -> Array.init 3 (fun i -> a[i][3 + o] / a[i][i]))

let private frobenius (rows: float[][]) : float = rows |> Array.sumBy (Array.sumBy (fun a -> a * a)) |> sqrt

/// A network of width 2 and a Lipschitz constant of it.
[<NoComparison; NoEquality>]
type private Network = { Value: float[] -> float[]; Lipschitz: float }

/// Random inner layers, and the last layer that comes nearest to the target at 64 points.
let private network (challenger: Challenger) : Network =
    let stream = RandomStream challenger.Key

    let layers =
        Array.init (stream.NextInt(1, 5)) (fun _ ->
            let w = Array.init 2 (fun _ -> Fields.normals stream 2)
            w, Fields.normals stream 2, Array.init 2 (fun _ -> stream.NextFloat(0.1, 3.0)))

    let apply (x: float[]) (w: float[][], b: float[], α: float[]) =
        Array.init 2 (fun i ->
            let z = w[i][0] * x[0] + w[i][1] * x[1] + b[i]
            if z > 0.0 then z else α[i] * z)

    let inner x = Array.fold apply x layers
    let points = circle 64
    let last = leastSquares (Array.map inner points) (Array.map (value challenger.Target) points)
    let steepness = layers |> Array.fold (fun product (w, _, α) -> product * frobenius w * max 1.0 (Array.max α)) 1.0

    {
        Value = fun x -> let y = inner x in last |> Array.map (fun row -> row[0] * y[0] + row[1] * y[1] + row[2])
        Lipschitz = steepness * frobenius (last |> Array.map (Array.truncate 2))
    }

// Between two of m points f − F changes by at most (ℓ_f + ℓ_F)π/m: so many points that this is no more than 1/4, and at most this many.
let private mostPoints = 2048
let private points (challenger: Challenger) (net: Network) : float = 4.0 * System.Math.PI * (net.Lipschitz + lipschitz challenger.Target)

/// What is seen of sup|f − F| at m points of the circle is at least 1 − |p| − |q| less (ℓ_f + ℓ_F)π/m.
let private keepsAway (challenger: Challenger) : Outcome =
    let net = network challenger
    let needed = points challenger net

    if needed > float mostPoints then
        Outcome.undecided $"the network is too steep for {mostPoints} points"
    else
        let m = int (ceil needed)
        let slack = (net.Lipschitz + lipschitz challenger.Target) * System.Math.PI / float m
        let largest = circle m |> Array.map (fun x -> Fields.distance (net.Value x) (value challenger.Target x)) |> Array.max
        let moved = abs challenger.Target.P + abs (fst challenger.Target.Q) + abs (snd challenger.Target.Q)
        Outcome.atLeast "what is seen of sup |f − F|" (1.0 - moved - slack) largest

/// f = εx comes as near as 1 + ε.
let private isSharp (ε: float) : Outcome =
    let target = { K = 2; P = 0.0; Q = 0.0, 0.0 }
    let largest = circle 64 |> Array.map (fun x -> Fields.distance (Array.map ((*) ε) x) (value target x)) |> Array.max

    match report 256 target with
    | Ok report ->
        Outcome.all [ Outcome.atLeast "sup |f − F|" report.Distance largest; Outcome.atMost "sup |f − F|" (1.0 + ε + 1e-12) largest ]
    | Error defects -> Nets.refused "the certificate" "a distance" defects

/// The identity of the plane, a network, against its own report.
let private againstItself (target: Target) : Outcome =
    match report 64 target with
    | Ok report -> Outcome.atLeast "sup |f − F| of f = F" report.Distance 0.0
    | Error defects -> Outcome.undecided (defects |> List.map string |> String.concat " ")

let claim: Claim =
    let plain k = { K = k; P = 0.0; Q = 0.0, 0.0 }

    let targets = [
        for k in -3 .. 3 do
            if k <> 0 then
                plain k
                { plain k with P = 0.2 }
                { plain k with Q = 0.2, -0.1 }
    ]

    let challengers =
        let draw (stream: RandomStream) = {
            Key = stream.NextUInt64()
            Target = Draws.choice stream [| plain 2; plain -2; plain 3; { plain 2 with P = 0.2 } |]
        }

        let isDecided challenger = points challenger (network challenger) <= float mostPoints

        Generator.fromStream (fun _ -> Draws.until isDecided draw) Shrink.none (fun challenger ->
            ("key", string challenger.Key) :: show challenger.Target)

    Paper.define
        "duan.universal.degree-gap"
        Paper.neighbours
        "A map of the plane that winds k times about z on a circle, |k| > 1, has at least the distance of its image from z from every leaky network of width 2, of any depth; for k = −o also from those of orientation o."
    |> Claim.hypothesis "H1" "|k| > 1"
    |> Claim.certified "winding" (Instances.chosen show targets) windsAs
    |> Claim.bounded "networks-keep-away" (Instances.random challengers 1000) keepsAway
    |> Claim.bounded "sharp" (Instances.chosen (fun (ε: float) -> [ "ε", string ε ]) [ 1.0; 0.125; 1e-6 ]) isSharp
    |> Known.exact "reference" [
        Known.value "the winding number of z²" "2" (fun () -> [| (report 64 (plain 2) |> Defect.orFail).Winding |> Rational.ofInt |])
    ]
    |> Claim.neededBy "H1" (Instances.chosen show [ plain 1; plain -1 ]) againstItself
