/// Increasing piecewise linear functions of one variable are the networks of width 1 with positive weights, one layer for each breakpoint.
///
/// Statement: f is a network of width 1 with all W &gt; 0 iff it is continuous, strictly increasing and piecewise linear with finitely many pieces;
/// n breakpoints need exactly n activations.
/// Proof: from left to right, R_k(y) = y_k + ρ_k·σ_{1/ρ_k}(y − y_k), ρ_k = s_k/s_{k−1}, is the identity left of y_k and has slope ρ_k right of it. A
/// layer of an increasing bijection meets its kink at one point, so it makes one breakpoint at most.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Duan.Leaky.ScalarPlExact

open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Duan

let private scalar (net: VanillaNet<Rational>) (x: Rational) : Rational = (VanillaNet.apply net [| x |])[0]

/// The network is f at the knots, between them and beyond.
let private agrees (f: PiecewiseLinear<Rational>) (net: VanillaNet<Rational>) : Outcome =
    PiecewiseFunctions.probes f.Knots
    |> Seq.map (fun x -> Check.equal $"the network at {x}" (PiecewiseLinear.apply f x) (scalar net x))
    |> Outcome.all

/// The network equals f, has a layer for each knot, positive weights only and positive slopes.
let private realises (f: PiecewiseLinear<Rational>) : Outcome =
    match PiecewiseLinear.defects f with
    | [] ->
        let net = PiecewiseLinear.toNet f
        let isPositive (a: Rational) = a.Sign > 0

        Outcome.all [
            agrees f net
            Outcome.equal "the number of activations" string f.Knots.Length net.Depth
            Outcome.isTrue "every weight" "is positive" (net.Affine |> Array.forall (fun map -> isPositive map.Weights[0, 0]))
            Outcome.isTrue "every slope" "is positive" (net.Slopes |> Array.forall (Array.forall isPositive))
        ]
    | defects -> Nets.refused "the network" "one with positive weights" defects

/// Where the kink of layer l is met, in f(x) = y solved backwards through the layers before it.
let private preimage (net: DrawnNet) (l: int) : Rational =
    let back k (y: Rational) =
        let w, b = net.Affine[k]
        (y - b[0]) / w[0][0]

    let unfold (α: Rational) (y: Rational) = Rational.PositivePart y + Rational.NegativePart y / α
    Seq.fold (fun y k -> unfold (net.Slopes[k][0]) y |> back k) (back l Rational.Zero) (seq { l - 1 .. -1 .. 0 })

/// Between the places where a layer meets its kink, at most one for each layer, f is affine and increases.
let private isBroken (case: NetCase) : Outcome =
    let net = case.Net
    let f = scalar net.Vanilla
    let kinks = Array.init net.Slopes.Length (preimage net) |> Array.distinct |> Array.sort
    let ends = [| kinks[0] - Rational.ofInt 3; yield! kinks; Array.last kinks + Rational.ofInt 3 |]

    Array.pairwise ends
    |> Seq.collect (fun (a, b) ->
        let at θ = a + (b - a) * Rational.create θ 7
        let slopes = [| 0..6 |] |> Array.map (fun i -> (f (at (i + 1)) - f (at i)) / (at (i + 1) - at i))

        [
            Check.constant $"the slope between {a} and {b}" slopes
            Outcome.isTrue $"f between {a} and {b}" "increases" (slopes[0].Sign > 0)
        ])
    |> Outcome.all

/// One knot and layer fewer: right of the last knot the slope before it goes on.
let private realisesWithOneLess (f: PiecewiseLinear<Rational>) : Outcome =
    let n = f.Knots.Length - 1

    let shorter = {
        Knots = Array.truncate n f.Knots
        Values = Array.truncate n f.Values
        Left = f.Left
        Right = (PiecewiseLinear.slopes f)[n]
    }

    agrees f (PiecewiseLinear.toNet shorter)

let private known: PiecewiseLinear<Rational> = PiecewiseFunctions.create "-1 0 2" "-2" "1 2 1/2 3"

let claim: Claim =
    let functions = PiecewiseFunctions.generator 6 (fun stream n -> Array.init n (fun _ -> Nets.slope stream))

    // Width 1 with positive weights.
    let nets =
        let positive (net: DrawnNet) = { net with Affine = net.Affine |> Array.map (fun (w, b) -> Array.map (Array.map Rational.abs) w, b) }
        let isPositive (net: DrawnNet) _ = net.Affine |> Array.forall (fun (w, _) -> w[0][0] > Rational.Zero)
        Nets.cases 1 (Nets.draw 1 Nets.mixed >> positive) isPositive

    Paper.define
        "duan.leaky.scalar-pl-exact"
        Paper.reconstructed
        "The networks of width 1 with positive weights are the strictly increasing piecewise linear functions; n breakpoints need exactly n activations."
    |> Claim.hypothesis "H1" "all slopes of f are positive"
    |> Claim.hypothesis "H2" "there is an activation for each breakpoint"
    |> Claim.exact "realised" (Instances.random functions 200) realises
    |> Claim.exact "converse" (Instances.random nets 100) isBroken
    |> Known.exact "reference" [
        Known.value "f at −3, 1, 4" "-4 1/2 7" (fun () -> Known.vector "-3 1 4" |> Array.map (scalar (PiecewiseLinear.toNet known)))
        Known.value "the slopes of the activations" "1/2 4 1/6" (fun () -> Array.concat (PiecewiseLinear.toNet known).Slopes)
    ]
    |> Claim.neededBy
        "H1"
        (Instances.chosen PiecewiseFunctions.show [ PiecewiseFunctions.create "0" "0" "1 -1"; PiecewiseFunctions.create "0 1" "0" "1 0 1" ])
        realises
    |> Claim.neededBy "H2" (Instances.chosen PiecewiseFunctions.show [ known ]) realisesWithOneLess
