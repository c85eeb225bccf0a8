/// How far a function of one variable is from all networks of width 1.
///
/// Statement: for f continuous on [p, q] the distance of f in the sup norm from the networks of width 1, of any depth, is
/// gap(f) = ½·min(max_{x≤y} (f(x) − f(y)), max_{x≤y} (f(y) − f(x))).
/// Proof: a network of width 1 is monotone; an increasing g with |f − g| ≤ e has f(x) − f(y) ≤ 2e for x ≤ y. The envelope
/// ½(max_{y≤x} f + min_{y≥x} f) is that near and increases; a small slope added and interpolation make it a network. A piecewise linear f has both maxima at
/// knots.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Duan.Leaky.MonotoneDistance

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Duan

let private half = Rational.create 1 2

/// max over pairs x ≤ y of f(x) − f(y), all pairs tried.
let private largestDrop (f: Rational[]) : Rational =
    seq {
        for i in 0 .. f.Length - 1 do
            for j in i .. f.Length - 1 do
                f[i] - f[j]
    }
    |> Seq.fold Rational.max Rational.Zero

let private byPairs (f: Rational[]) : Rational = half * Rational.min (largestDrop f) (largestDrop (Array.map (~-) f))

let private gap (f: Rational[]) : Rational = (MonotoneGap.create f).Gap

let private isMonotone (f: Rational[]) : bool =
    let steps = Array.pairwise f |> Array.map (fun (a, b) -> (b - a).Sign)
    Array.forall (fun s -> s >= 0) steps || Array.forall (fun s -> s <= 0) steps

let private shown (f: Rational[]) : (string * string) list = [ "f at the knots", Known.show f ]

/// Running extrema give what all pairs give.
let private agrees (f: Rational[]) : Outcome = Check.equal "the gap" (byPairs f) (gap f)

/// The envelope is monotone and attains the gap.
let private attains (f: Rational[]) : Outcome =
    let g = (MonotoneGap.create f).Envelope

    Outcome.all [
        Outcome.isTrue "the envelope" "is monotone" (isMonotone g)
        Check.equal "sup |f − envelope|" (gap f) (Vector.distanceInf f g)
    ]

/// The envelope tilted by δ is strictly monotone, and the network through it is no farther than the gap and δ; no network is nearer than the gap.
let private isApproached (f: Rational[]) : Outcome =
    let g = (MonotoneGap.create f).Envelope
    let δ = Rational.create 1 64
    let rises = g[0] <= Array.last g
    let tilt i = δ * Rational.create i f.Length
    // Decreasing ones by −x in front.
    let knots = Array.init f.Length (fun i -> Rational.ofInt (if rises then i else -i))
    let values = g |> Array.mapi (fun i g -> if rises then g + tilt i else g - tilt i)
    let order = if rises then id else Array.rev
    let knots, values = order knots, order values

    let net = PiecewiseLinear.toNet { Knots = knots; Values = values; Left = Rational.One; Right = Rational.One }

    let error =
        f
        |> Array.mapi (fun i y -> Rational.abs (y - (VanillaNet.apply net [| Rational.ofInt (if rises then i else -i) |])[0]))
        |> Array.fold Rational.max Rational.Zero

    Outcome.all [ Check.atMost "sup |f − network|" ((MonotoneGap.create f).Gap + δ) error; Check.atMost "the gap" error (gap f) ]

/// A network of width 1, whatever its weights, on the knots 0, 1, 2, … against f.
let private keepsAway (case: NetCase) : Outcome =
    let error =
        Array.mapi (fun i y -> Rational.abs (y - (VanillaNet.apply case.Net.Vanilla [| Rational.ofInt i |])[0])) case.Points[0]

    Check.atMost "the gap" (Array.fold Rational.max Rational.Zero error) (gap case.Points[0])

/// x² on [−1, 1] at 2m + 1 knots.
let private square (m: int) : Rational[] = Array.init (2 * m + 1) (fun i -> let x = Rational.create (i - m) m in x * x)

/// Isotonic regression of values of equal weight, by pooling neighbours that decrease.
let private isotonic (f: float[]) : float[] =
    let pool (blocks: (float * int) list) y =
        let rec join blocks (mean, count) =
            match blocks with
            | (before, size) :: rest when before >= mean ->
                join rest ((before * float size + mean * float count) / float (size + count), size + count)
            | _ -> (mean, count) :: blocks

        join blocks (y, 1)

    Array.fold pool [] f |> List.rev |> List.collect (fun (mean, count) -> List.replicate count mean) |> List.toArray

/// The distance of x² from the increasing functions in L² of [−1, 1], at m midpoints.
let private squareMeanDistance (m: int) : float =
    let width = 2.0 / float m
    let f = Array.init m (fun i -> let x = -1.0 + (float i + 0.5) * width in x * x)
    Array.map2 (fun a b -> width * (a - b) * (a - b)) f (isotonic f) |> Array.sum |> sqrt

let claim: Claim =
    let draw (stream: RandomStream) = Nets.vector stream (stream.NextInt(2, 12))
    let values = Generator.fromStream (fun _ -> draw) (Shrink.array 2 Draws.shrinkFraction) shown

    let challengers =
        let cases = Nets.cases 1 (Nets.draw 1 Nets.mixed) Nets.anywhere

        let draw _ (stream: RandomStream) = { Net = Nets.draw 1 Nets.mixed stream; Points = [| draw stream |] }

        Generator.fromStream draw Shrink.none cases.Show

    // Width 2 does better: (x, 0) ↦ (x, |x − 1|) in two layers.
    let wide (f: Rational[]) =
        let net =
            let shear = { Shift = Known.vector "0 2"; Weights = Known.vector "1 0"; Bias = -Rational.One }
            let back = Stage.Affine { Weights = Matrix.ofRows (Known.rows [ "1 0"; "-1 1" ]); Bias = Known.vector "0 1" }
            Seq.append (VanillaNet.stages (Nets.ofStep shear)) [ back ] |> VanillaNet.ofStages 2

        let value i = (VanillaNet.apply net [| Rational.ofInt i; Rational.Zero |])[1]
        let error = Array.mapi (fun i y -> Rational.abs (y - value i)) f
        Check.atMost "the gap" (Array.fold Rational.max Rational.Zero error) (gap f)

    Paper.define
        "duan.leaky.monotone-distance"
        Paper.reconstructed
        "The distance of f from all networks of width 1, whatever their depth, is half the smaller of its largest drop and its largest rise."
    |> Claim.hypothesis "H1" "the networks have width 1"
    |> Claim.exact "running-extrema" (Instances.random values 300) agrees
    |> Claim.exact "envelope" (Instances.random values 300) attains
    |> Claim.exact "approached" (Instances.random values 100) isApproached
    |> Claim.exact "networks-keep-away" (Instances.random challengers 300) keepsAway
    |> Known.exact "reference" [
        Known.value "the gap of (0, 3, 1, 2, −1)" "3/2" (fun () -> [| (MonotoneGap.create (Known.vector "0 3 1 2 -1")).Gap |])
        Known.value "its envelope" "3/2 3/2 1 1 -1" (fun () -> (MonotoneGap.create (Known.vector "0 3 1 2 -1")).Envelope)
        Known.value "the gap of x² on [−1, 1]" "1/2" (fun () -> [| (MonotoneGap.create (square 8)).Gap |])
        Known.value "the gap of an increasing function" "0" (fun () -> [| (MonotoneGap.create (Known.vector "-1 0 0 2 5")).Gap |])
    ]
    |> Known.bounded "square-mean" [
        // √(9/80) = 0.335410196625; the midpoint rule with m cells is off by O(m⁻²).
        Known.floats "the L² distance of x² from increasing functions at 4000 midpoints" "0.335410150" (fun () -> [|
            squareMeanDistance 4000
        |])
    ]
    |> Claim.neededBy "H1" (Instances.chosen shown [ Known.vector "1 0 1" ]) wide
