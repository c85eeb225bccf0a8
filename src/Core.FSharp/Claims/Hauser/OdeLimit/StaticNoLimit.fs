/// Plain networks are static: they have no limit of infinite depth.
///
/// Statement: x(l+1) = f(x(l)) with one f ≠ id for all layers and depths has increments that do not tend to 0 with L → ∞: where
/// f(x(0)) ≠ x(0), the first increment |f(x(0)) − x(0)| is the same for every L; for f(x) = −x the increment is 2|x(0)| in every layer. The
/// increments of a residual network, h = T/L, are at most h·sup|f|.
/// Proof: one line each.
/// That plain networks are static and residual ones dynamical stands in the abstract.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.OdeLimit.StaticNoLimit

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

/// Maps that are to be used in every layer of a network, one for each depth, and an input.
[<NoComparison; NoEquality>]
type private Family = {
    /// f of the networks with L layers.
    Map: int -> LayerMap<Rational>
    Input: Rational[]
    Show: (string * string) list
}

let private depths = [ 1; 2; 4; 8 ]

/// |x(l+1) − x(l)|, l = 0 … L−1.
let private increments (architecture: Architecture<Rational>) (input: Rational[]) : Rational[] =
    let trajectory = Simulation.run (Architecture.equation architecture |> Defect.orFail) [| input |]
    Array.init trajectory.Depth (fun l -> Vector.distanceInf trajectory[l + 1] trajectory[l])

let private plain (family: Family) (depth: int) : Rational[] =
    increments (Architecture.FeedForward(Array.create depth (family.Map depth))) family.Input

/// The first increment does not depend on L and is not 0.
let private firstIncrementStays (family: Family) : Outcome =
    let x = family.Input
    let expected = Vector.distanceInf (LayerMap.apply (family.Map 1) x) x

    Outcome.check [
        fun () -> Outcome.isTrue "|f(x(0)) − x(0)|" "is not 0" (expected.Sign > 0)
        fun () ->
            Outcome.all (
                seq { for depth in depths -> Check.equal $"the first increment, L = {depth}" expected (Array.head (plain family depth)) }
            )
    ]

/// x ↦ σ(W x + b) with a fixed point nowhere near x: drawn again with a new bias until f(x) ≠ x.
let private unfixed: Generator<DrawnMap * Rational[]> =
    let apply (map: DrawnMap) x = LayerMap.apply (LayerMap.dense (Matrix.ofRows map.Weights) map.Bias map.Activation |> Defect.orFail) x

    let rec draw size stream =
        let d = (stream: RandomStream).NextInt(1, 3)
        let map, x = Draws.map Draws.exactActivations stream d, Draws.vector stream d
        if apply map x = x then draw size stream else map, x

    let shrink (map, x) =
        seq {
            for simpler in Shrink.elements Draws.shrinkFraction x do
                map, simpler

            for bias in Shrink.elements Draws.shrinkFraction map.Bias do
                { map with Bias = bias }, x

            for weights in Shrink.elements (Shrink.elements Draws.shrinkFraction) map.Weights do
                { map with Weights = weights }, x
        }
        |> Seq.filter (fun (map, x) -> apply map x <> x)

    let show (map: DrawnMap, x) = [
        "activation", Activation.name map.Activation
        "W", Check.showBlocks map.Weights
        "b", Draws.showVector map.Bias
        "x(0)", Draws.showVector x
    ]

    Generator.fromStream draw shrink show

let private family (map: DrawnMap, x: Rational[]) : Family =
    let f = LayerMap.dense (Matrix.ofRows map.Weights) map.Bias map.Activation |> Defect.orFail
    { Map = (fun _ -> f); Input = x; Show = [] }

/// x ↦ slope·x on the line, from x(0) = 3/2.
let private line (show: string) (slope: int -> Rational) : Family = {
    Map = fun depth -> LayerMap.linear (Matrix.ofRows [| [| slope depth |] |])
    Input = [| Rational.create 3 2 |]
    Show = [ "f", show ]
}

let private mirror = line "−x" (fun _ -> -Rational.One)

/// For f(x) = −x every increment is 2|x(0)|, for every L.
let private mirrorsForever (depth: int) : Outcome =
    Check.vectors "the increments" (Array.create depth (Rational.ofInt 3)) (plain mirror depth)

/// A bounded piecewise-linear map A·clamp(W x + b), clamp(t) = t⁺ − (t − 1)⁺ in [0, 1]: sup|f| ≤ ‖A‖.
let private boundedMap (map: DrawnMap) (outer: Rational[][]) : LayerMap<Rational> =
    let weights = Array.append map.Weights map.Weights
    let bias = Array.append map.Bias (Array.map (fun b -> b - Rational.One) map.Bias)
    let readout = outer |> Array.map (fun row -> Array.append row (Array.map (~-) row))

    [|
        Layer.create (Matrix.ofRows weights) bias [| Activation.Relu |]
        Layer.affine (Matrix.ofRows readout) (Vector.zero outer.Length)
    |]
    |> Defect.all
    |> Result.bind LayerMap.create
    |> Defect.orFail

/// The increments of a residual network are at most h·sup|f|, h = 1/L.
let private residualShrinks (map: DrawnMap, x: Rational[]) : Outcome =
    let outer = Matrix.ofRows map.Weights
    let f = boundedMap map map.Weights

    let atDepth depth =
        let step = Rational.create 1 depth
        let largest = Vector.normInf (increments (Architecture.Residual(step, Array.create depth f)) x)
        let bound = step * Matrix.normInf outer
        Outcome.isTrue $"the largest increment, L = {depth}" $"at most {bound}" (largest <= bound)

    Outcome.all (Seq.map atDepth depths)

/// Maps R^n → R^m of any widths that follow one another, and an input.
let private chains: Generator<DrawnMap[] * Rational[]> =
    let draw _ (stream: RandomStream) =
        let widths = Array.init (stream.NextInt(2, 5)) (fun _ -> stream.NextInt(1, 4))

        let map (columns, rows) = {
            Weights = Array.init rows (fun _ -> Draws.vector stream columns)
            Bias = Draws.vector stream rows
            Activation = Draws.choice stream Draws.piecewiseLinear
        }

        widths |> Array.pairwise |> Array.map map, Draws.vector stream widths[0]

    let shrink (maps: DrawnMap[], x) = Shrink.int 1 maps.Length |> Seq.map (fun depth -> Array.truncate depth maps, x)

    let show (maps: DrawnMap[], x) = [
        "x(0)", Draws.showVector x
        for l in 0 .. maps.Length - 1 do
            $"f({l})", $"{Activation.name maps[l].Activation}, W = {Check.showBlocks maps[l].Weights}, b = {Draws.showVector maps[l].Bias}"
    ]

    Generator.fromStream draw shrink show

/// x(l+1) = f_l(x(l)) is the composition of the maps, though the widths change from layer to layer.
let private isComposition (drawn: DrawnMap[], x: Rational[]) : Outcome =
    let maps =
        drawn |> Array.map (fun map -> LayerMap.dense (Matrix.ofRows map.Weights) map.Bias map.Activation |> Defect.orFail)

    let trajectory = Simulation.run (Architecture.equation (Architecture.FeedForward maps) |> Defect.orFail) [| x |]
    let composed = Array.scan (fun x f -> LayerMap.apply f x) x maps
    Check.blocks "x(0), x(1), …" composed (Array.append [| trajectory[0] |] trajectory.Outputs)

let claim: Claim =
    let show (family: Family) = family.Show

    Paper.define
        "hauser.ode.static-no-limit"
        Paper.ofAbstract
        "x(l+1) = f(x(l)), f(x(0)) ≠ x(0): the first increment |f(x(0)) − x(0)| is the same for every depth L, so no limit L → ∞ exists; f(x) = −x: every increment is 2|x(0)|. Residual increments are ≤ h·sup|f|."
    |> Claim.hypothesis "H1" "f does not depend on the depth L"
    |> Claim.hypothesis "H2" "f(x(0)) ≠ x(0), possible as f ≠ id"
    |> Claim.exact "compositions" (Instances.random chains 60) isComposition
    |> Claim.exact "first-increment-stays" (Instances.random unfixed 60) (family >> firstIncrementStays)
    |> Claim.exact "mirror" (Instances.exhaustive (fun depth -> [ "depth", string depth ]) [ 1..12 ]) mirrorsForever
    |> Claim.exact "residual-shrinks" (Instances.random unfixed 60) residualShrinks
    |> Claim.neededBy
        "H1"
        (Instances.chosen show [ line "x + h·x, h = 1/L" (fun depth -> Rational.One + Rational.create 1 depth) ])
        firstIncrementStays
    |> Claim.neededBy "H2" (Instances.chosen show [ line "x" (fun _ -> Rational.One) ]) firstIncrementStays
