/// Networks that keep the orientation approximate the swap of two coordinates in the mean, not uniformly.
///
/// Statement: for n ≥ 2, 0 &lt; δ &lt; 1 a network of width 2 with 8(n − 1) activations and det Df = 1/(4n) &gt; 0 off the kinks approximates X(x₁, x₂) = (x₂, x₁) on [0, 1]²:
/// x₁ += 4·stair(x₂), x₂ += h(x₁), x₁ := (x₁ − x₂)/(4n), where stair is k on [k/n, (k + 1 − δ)/n] with ramps of width δ/n between and h(4k + y) = y − k/n for y in
/// [0, 1], linear between. Its error in the max norm is at most (1/n)(1 + 1/(4n)) off the ramps and at most B = 1 + (1/n)(1 − 3δ/4) on them, both attained. So
/// |f − X|_p^p ≤ ((1 + 1/(4n))/n)^p + B^p·δ, while sup |f − X| ≥ ½ for every network that keeps the orientation.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Duan.Universal.SwapInLp

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Duan

let private q (p: int) (q: int) : Rational = Rational.create p q
let private i (n: int) : Rational = Rational.ofInt n

/// Knots of the stairs, (k + 1 − δ)/n and (k + 1)/n for k ≤ n − 2, with slopes 0, 1·n/δ, 0, …
let private stair (n: int) (δ: Rational) : PiecewiseLinear<Rational> =
    PiecewiseFunctions.ofSlopes
        [|
            for k in 0 .. n - 2 do
                yield! [ (i (k + 1) - δ) / i n; q (k + 1) n ]
        |]
        Rational.Zero
        [|
            Rational.Zero
            for _ in 0 .. n - 2 do
                yield! [ i n / δ; Rational.Zero ]
        |]

/// h with knots 4k + 1 and 4k + 4, k ≤ n − 2: slope 1 on the treads, (−(k+1)/n − (1 − k/n))/3 = −(1 + 1/n)/3 between.
let private h (n: int) : PiecewiseLinear<Rational> =
    PiecewiseFunctions.ofSlopes
        [|
            for k in 0 .. n - 2 do
                yield! [ i (4 * k + 1); i (4 * k + 4) ]
        |]
        Rational.One
        [|
            Rational.One
            for _ in 0 .. n - 2 do
                yield! [ -(Rational.One + q 1 n) / i 3; Rational.One ]
        |]

/// f as a function of its argument, by the piece that x lies in.
let private piecewise (f: PiecewiseLinear<Rational>) : Rational -> Rational =
    let slopes = PiecewiseLinear.slopes f

    fun x ->
        match Array.tryFindIndexBack (fun t -> t <= x) f.Knots with
        | None -> f.Values[0] + f.Left * (x - f.Knots[0])
        | Some k -> f.Values[k] + slopes[k + 1] * (x - f.Knots[k])

/// f(x) by its three steps.
let private direct (n: int) (δ: Rational) : Rational[] -> Rational[] =
    let stair, h = piecewise (stair n δ), piecewise (h n)

    fun x ->
        let y1 = x[0] + i 4 * stair x[1]
        let y2 = x[1] + h y1
        [| (y1 - y2) / i (4 * n); y2 |]

/// The coordinate `target` moved by a multiple of f of the other one: a pair of layers for each knot, the first piece as an affine map.
let private shears (target: int) (factor: Rational) (f: PiecewiseLinear<Rational>) : Stage<Rational> list =
    let along (c: Rational) = Vector.scale c (Vector.unit 2 target)
    let slopes = PiecewiseLinear.slopes f

    let shear k =
        { Shift = along (factor * (slopes[k + 1] - slopes[k])); Weights = Vector.unit 2 (1 - target); Bias = -f.Knots[k] }
        |> TermLayers.shearPair Rational.toFloat Rational.One

    let entry r c =
        if r = c then Rational.One
        elif r = target then factor * f.Left
        else Rational.Zero

    [
        for k in 0 .. f.Knots.Length - 1 do
            yield! shear k

        // It reads the coordinate that stays, so it may come last.
        Stage.Affine { Weights = Matrix.init 2 2 entry; Bias = along (factor * (f.Values[0] - f.Left * f.Knots[0])) }
    ]

let private network (n: int) (δ: Rational) : VanillaNet<Rational> =
    let last = [| [| q 1 (4 * n); q -1 (4 * n) |]; [| Rational.Zero; Rational.One |] |]

    [
        yield! shears 0 (i 4) (stair n δ)
        yield! shears 1 Rational.One (h n)
        Stage.Affine { Weights = Matrix.ofRows last; Bias = Vector.zero 2 }
    ]
    |> VanillaNet.ofStages 2

let private error (f: Rational[] -> Rational[]) (x: Rational[]) : Rational = Vector.distanceInf (f x) [| x[1]; x[0] |]

let private isOnRamp (n: int) (δ: Rational) (x: Rational[]) : bool =
    seq { 0 .. n - 2 } |> Seq.exists (fun k -> (i (k + 1) - δ) / i n < x[1] && x[1] < q (k + 1) n)

/// 33 × 129 points.
let private grid: Rational[][] = [|
    for a in 0..32 do
        for b in 0..128 -> [| q a 32; q b 128 |]
|]

/// Where B is attained: x₁ = 0, x₂ = (k + 1)/n − 3δ/(4n).
let private worst (n: int) (δ: Rational) : Rational[][] = [|
    for k in 0 .. n - 2 -> [| Rational.Zero; q (k + 1) n - i 3 * δ / i (4 * n) |]
|]

let private largest (f: Rational[] -> Rational[]) (points: Rational[][]) : Rational =
    points |> Array.map (error f) |> Array.fold Rational.max Rational.Zero

let private good (n: int) : Rational = q 1 n * (Rational.One + q 1 (4 * n))
let private bad (n: int) (δ: Rational) : Rational = Rational.One + q 1 n * (Rational.One - q 3 4 * δ)

let private isNear (n: int, δ: Rational) : Outcome =
    let f = direct n δ
    let onRamp, off = grid |> Array.partition (isOnRamp n δ)

    Outcome.all [
        // x₂ = 1 is on the grid.
        Check.equal "the largest error off the ramps" (good n) (largest f off)
        Check.atMost "the error on the ramps" (bad n δ) (largest f onRamp)
        Check.equal "the largest error" (bad n δ) (largest f (worst n δ))
        // The measure of the ramps: n − 1 of width δ/n.
        Check.equal
            "the measure of the ramps"
            (δ * q (n - 1) n)
            ((stair n δ).Knots |> Array.chunkBySize 2 |> Array.map (fun t -> t[1] - t[0]) |> Array.fold (+) Rational.Zero)
    ]

/// The network is this map, with 8(n − 1) activations and volume factor 1/(4n).
let private isNetwork (n: int, δ: Rational) : Outcome =
    let net = network n δ
    let f = direct n δ

    let points = [|
        for a in 0..4 do
            for b in 0..6 -> [| q a 4; q (3 * b + 1) 20 |]
    |]

    seq {
        Outcome.equal "the number of activations" string (8 * (n - 1)) net.Depth

        for x in points do
            Check.vectors "the network at x" (f x) (VanillaNet.apply net x)

            if Nets.isOffKinks net x then
                Check.equal "det Df" (q 1 (4 * n)) (Elimination.determinant (Nets.jacobian net x))
    }
    |> Outcome.all

/// As near uniformly as off the ramps.
let private isUniform (n: int, δ: Rational) : Outcome = Check.atMost "the largest error" (good n) (largest (direct n δ) (worst n δ))

let claim: Claim =
    let show (n: int, δ: Rational) = [ "n", string n; "δ", string δ ]

    let all = [
        for n in 2..8 do
            for δ in [ "1/4"; "1/8"; "1/16" ] -> n, Known.number δ
    ]

    let eighth = q 1 8

    Paper.define
        "duan.universal.swap-in-lp"
        Paper.neighbours
        "A network of width 2 that keeps the orientation approximates the swap (x₂, x₁) in L^p as n grows and δ falls, with 8(n − 1) activations; uniformly none does."
    |> Claim.hypothesis "H1" "the error is measured in the mean, p < ∞"
    |> Claim.exact "errors" (Instances.exhaustive show all) isNear
    |> Claim.exact "network" (Instances.exhaustive show (all |> List.filter (fun (_, δ) -> δ = eighth))) isNetwork
    |> Known.exact "reference" [
        Known.value "n = 4: the errors on the grid off and on the ramps" "17/64 157/128" (fun () ->
            let on, off = grid |> Array.partition (isOnRamp 4 eighth)
            [| largest (direct 4 eighth) off; largest (direct 4 eighth) on |])
        Known.value "n = 8: the errors on the grid off and on the ramps" "33/256 95/128" (fun () ->
            let on, off = grid |> Array.partition (isOnRamp 8 eighth)
            [| largest (direct 8 eighth) off; largest (direct 8 eighth) on |])
        Known.value "n = 8: the error at (0, 29/256)" "285/256" (fun () -> [| error (direct 8 eighth) (Known.vector "0 29/256") |])
        Known.value "n = 4: f(1/3, 2/5)" "77/320 29/60" (fun () -> VanillaNet.apply (network 4 eighth) (Known.vector "1/3 2/5"))
        Known.value "n = 2: f(1/3, 2/3)" "23/48 1/2" (fun () -> VanillaNet.apply (network 2 eighth) (Known.vector "1/3 2/3"))
        Known.value "n = 4: det Df(1/3, 2/5)" "1/16" (fun () -> [|
            Elimination.determinant (Nets.jacobian (network 4 eighth) (Known.vector "1/3 2/5"))
        |])
        Known.value "n = 4: B for δ = 1/8 and 1/64" "157/128 1277/1024" (fun () -> [|
            largest (direct 4 eighth) (worst 4 eighth)
            largest (direct 4 (q 1 64)) (worst 4 (q 1 64))
        |])
    ]
    |> Claim.neededBy "H1" (Instances.chosen show [ 4, eighth; 4, q 1 64 ]) isUniform
