/// Width 2 approximates every function of one variable, width 1 only monotone ones.
///
/// Statement: for f ∈ C²[p, q] and m cells of width η, x ↦ (x, 0) ↦ (x, f̃(x)) ↦ f̃(x) is a network of width 2 with 2(m − 1) activations and error at most
/// η²·max|f″|/8; a network of width 1 has at least gap(f), whatever its depth. So the least width is 2.
/// Proof: f̃ interpolates f at the grid; each inner knot is one shear of x₂ along x₁, two leaky layers.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Duan.Universal.WidthTwoScalar

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Duan

/// A function on [p, q] with a bound of |f″|.
[<NoComparison; NoEquality>]
type private Target = { Name: string; F: float -> float; Curvature: float; P: int; Q: int }

let private targets = [
    { Name = "x²"; F = (fun x -> x * x); Curvature = 2.0; P = -1; Q = 1 }
    { Name = "sin 3x"; F = (fun x -> Elementary.sin (3.0 * x)); Curvature = 9.0; P = -2; Q = 2 }
    { Name = "eˣ"; F = Elementary.exp; Curvature = 2.7182818284590455; P = -2; Q = 1 }
    // max|tanh″| = 4/(3√3)
    { Name = "tanh 2x"; F = (fun x -> Elementary.tanh (2.0 * x)); Curvature = 4.0 * 0.7698003589195011; P = -2; Q = 3 }
]

/// Values of f, rounded to floats, at the m + 1 points of the grid.
let private grid (m: int) (target: Target) : Rational[] * Rational[] =
    let t = Array.init (m + 1) (fun k -> Rational.ofInt target.P + Rational.create (k * (target.Q - target.P)) m)
    t, t |> Array.map (Rational.toFloat >> target.F >> Rational.ofFloat)

/// (x, y) ↦ (x, y + f̃(x)) as a network: a shear for each inner knot, then the first piece in the last affine map.
let private network (t: Rational[], y: Rational[]) : VanillaNet<Rational> =
    let slopes = Array.map2 (fun (s, t) (a, b) -> (b - a) / (t - s)) (Array.pairwise t) (Array.pairwise y)

    let shear k =
        { Shift = [| Rational.Zero; slopes[k] - slopes[k - 1] |]; Weights = Vector.unit 2 0; Bias = -t[k] }
        |> TermLayers.shearPair Rational.toFloat Rational.One

    seq {
        for k in 1 .. slopes.Length - 1 do
            yield! shear k

        Stage.Affine {
            Weights = Matrix.ofRows [| [| Rational.One; Rational.Zero |]; [| slopes[0]; Rational.One |] |]
            Bias = [| Rational.Zero; y[0] - slopes[0] * t[0] |]
        }
    }
    |> VanillaNet.ofStages 2

let private output (net: VanillaNet<Rational>) (x: Rational) : Rational = (VanillaNet.apply net [| x; Rational.Zero |])[1]

let private depth (m: int, target: Target) : Outcome =
    let net = network (grid m target)

    Outcome.all [
        Outcome.equal "the number of activations" string (2 * (m - 1)) net.Depth
        Outcome.isTrue "every layer" "has width 2" (net.Slopes |> Array.forall (fun α -> α.Length = 2))
    ]

/// The largest error at 9 points of every cell against η²·max|f″|/8; the network is exact on fractions, f has rounding 2 ulp.
let private approximates (m: int, target: Target) : Outcome =
    let t, y = grid m target
    let net = network (t, y)
    let η = float (target.Q - target.P) / float m

    let error =
        Array.pairwise t
        |> Array.collect (fun (a, b) -> Array.init 9 (fun j -> a + (b - a) * Rational.create j 8))
        |> Array.map (fun x -> abs (Rational.toFloat (output net x) - target.F(Rational.toFloat x)))
        |> Array.max

    let largest = y |> Array.map (Rational.toFloat >> abs) |> Array.max
    Outcome.atMost "sup |f − network|" (η * η * target.Curvature / 8.0 + 8.0 * (1.0 + largest) / 9007199254740992.0) error

let private square: Target = targets[0]

/// The bound of width 2 for what width 1 can do at best.
let private widthOne (m: int) : Outcome =
    let gap = (MonotoneGap.create (snd (grid m square))).Gap
    let η = 2.0 / float m
    Outcome.atMost "the least error of width 1" (η * η * square.Curvature / 8.0) (Rational.toFloat gap)

let claim: Claim =
    let show (m: int, target: Target) = [ "f", target.Name; "cells", string m ]

    let all = [
        for target in targets do
            for m in [ 2; 3; 5; 8; 16 ] -> m, target
    ]

    // x² is fitted with 1/64 at 17 points, eight of them midpoints.
    let error () =
        let t, y = grid 8 square
        let net = network (t, y)
        let points = Array.init 17 (fun k -> Rational.create (k - 8) 8)
        [| points |> Array.map (fun x -> Rational.abs (output net x - x * x)) |> Array.fold Rational.max Rational.Zero |]

    Paper.define
        "duan.universal.width-two-scalar"
        Paper.reconstructed
        "A C² function of one variable is a network of width 2 with 2(m − 1) activations up to η²·max|f″|/8; width 1 stays away from it by its gap, whatever the depth."
    |> Claim.hypothesis "H1" "the width is 2"
    |> Claim.exact "depth" (Instances.chosen show all) depth
    |> Claim.bounded "error" (Instances.chosen show all) approximates
    |> Known.exact "reference" [
        Known.value "the error for x² with 8 cells" "1/64" error
        Known.value "its depth" "14" (fun () -> [| Rational.ofInt (network (grid 8 square)).Depth |])
        Known.value "the least error of width 1" "1/2" (fun () -> [| (MonotoneGap.create (snd (grid 8 square))).Gap |])
    ]
    |> Claim.neededBy "H1" (Instances.chosen (fun (m: int) -> [ "f", "x²"; "cells", string m ]) [ 4; 8; 64 ]) widthOne
