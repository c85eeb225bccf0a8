/// The signed count of critical points is the degree of the gradient on the boundary.
///
/// Statement: Φ_x ≠ 0 on the boundary of B and all critical points in B non-degenerate: Σ (−1)^index = deg(Φ_x, int B, 0). Where Φ_x points outward
/// on all of the boundary the sum is the Euler characteristic 1 of B, where it points inward (−1)ⁿ. The degree is computed from the boundary alone, so
/// that it checks the count independently: one missed point is always detected, a missed pair of opposite signs never.
/// Proof: Brouwer's degree; sign det H = (−1)^index (Poincaré–Hopf).
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.KuehnKuntz.Census.Degree

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Rigour
open LayerTime.Core.Claims
open LayerTime.Core.Claims.KuehnKuntz

let private ifKnown (conclude: int -> Outcome) (degree: Degree) : Outcome =
    match degree with
    | Degree.Known degree -> conclude degree
    | Degree.Undefined reason -> Outcome.undecided $"the degree is undefined: {reason}"

let private degree (map: IScalarMap) (box: Box) : Degree = Degree.onBox map.Gradient Instruments.options.Search box

/// Σ (−1)^index over the census is the degree on the boundary.
let private countIsDegree (map: IScalarMap) (box: Box) : Outcome =
    Census.take map Instruments.options box
    |> Instruments.ifComplete (fun census ->
        degree map box |> ifKnown (fun degree -> Outcome.equal "Σ (−1)^index" string degree census.SignedCount))

/// The degree of a box is the sum of those of its parts.
let private isAdditive (drawn: BoxedNetwork) : Outcome =
    let map = Instruments.map drawn.Perceptron
    // Not through the middle, where networks without biases are critical.
    let side = drawn.Box[0]
    let cut = side.Lower + 0.4375 * (side.Upper - side.Lower)
    let part lower upper = Array.updateAt 0 (Interval.ofBounds lower upper) drawn.Box

    degree map drawn.Box
    |> ifKnown (fun whole ->
        degree map (part side.Lower cut)
        |> ifKnown (fun left ->
            degree map (part cut side.Upper)
            |> ifKnown (fun right -> Outcome.equal "the degrees of two parts" string whole (left + right))))

/// λ·|x − p|² + Φ₀ on [−5/2, 5/2]ⁿ, λ so large that the gradient points outward (λ &gt; 0) or inward (λ &lt; 0) on all faces.
[<NoComparison>]
type private Confined = { Inner: BoxedNetwork; Centre: Rational[]; Outward: bool }

/// The network with n squares more in its first layer; Φ₀ has one hidden layer.
let private confined (c: Confined) : Perceptron<Rational> =
    let inner = c.Inner.Perceptron
    let layer = inner.Hidden[0]
    let n = inner.Inputs
    let output = inner.Output.Row(0).ToArray()

    // |∂Φ₀/∂x_j| ≤ Σ_i |A₂ᵢ·A₁ᵢⱼ| since the slopes are at most 1, and |x_j − p_j| ≥ 2 on the faces.
    let bound =
        Array.mapi (fun i a -> Rational.abs a * Matrix.normInf (Matrix.ofRows [| layer.Weights.Row(i).ToArray() |])) output
        |> Array.fold (+) Rational.One

    let λ = if c.Outward then bound / Rational.ofInt 4 else -(bound / Rational.ofInt 4)
    let unit = Matrix.toRows (Matrix.identity n)

    let first = {
        Weights = Matrix.ofRows (Array.append unit (Matrix.toRows layer.Weights))
        Bias = Array.append (Array.map (fun p -> -p) c.Centre) layer.Bias
        Activations = Array.append (Array.create n ActivationKind.Square) layer.Activations
    }

    Perceptron.create [| first |] (Matrix.ofRows [| Array.append (Array.create n λ) output |]) [| Rational.Zero |]
    |> Defect.orFail

/// Φ_x points outward (or inward) on every face, and the count is 1 (or (−1)ⁿ).
let private isEuler (c: Confined) : Outcome =
    let map = Instruments.map (confined c)
    let n = c.Centre.Length
    let box = Box.cube n 2.5

    let points i upper =
        let value = if upper then 2.5 else -2.5
        let component' = (map.Gradient.Value(Array.updateAt i (Interval.ofFloat value) box))[i]
        Interval.sign component' = Some(if upper = c.Outward then 1 else -1)

    let faces = List.allPairs [ 0 .. n - 1 ] [ false; true ]
    let expected = if c.Outward || n % 2 = 0 then 1 else -1

    Outcome.check [
        fun () ->
            if faces |> List.forall (fun (i, upper) -> points i upper) then
                Outcome.holds
            else
                Outcome.undecided "the direction of Φ_x on a face is not decided"
        fun () -> degree map box |> ifKnown (Outcome.equal "the degree" string expected)
        fun () ->
            Census.take map Instruments.options box
            |> Instruments.ifComplete (fun census -> Outcome.equal "Σ (−1)^index" string expected census.SignedCount)
    ]

let private confinedNetworks: Generator<Confined> =
    let inner = Instruments.shallow [| Networks.tanh; Instruments.logistic |]

    let draw (stream: RandomStream) network = {
        Inner = network
        Centre = Draws.vector (Draws.dyadic 16 1) stream network.Inputs |> Array.map (fun p -> p / Rational.ofInt 2)
        Outward = stream.NextBool()
    }

    let gen = FsCheck.FSharp.Gen.map2 (fun network stream -> draw stream network) inner.Gen Generator.stream

    let shrink (c: Confined) =
        seq {
            for network in inner.Shrink c.Inner do
                { c with Inner = network; Centre = Array.truncate network.Inputs c.Centre }

            for centre in Shrink.elements Draws.shrinkFraction c.Centre do
                { c with Centre = centre }
        }

    let show (c: Confined) =
        ("direction on the boundary", (if c.Outward then "outward" else "inward"))
        :: ("p", Draws.showVector c.Centre)
        :: inner.Show c.Inner

    Generator.create gen shrink show

/// The worked networks with their degrees and the sorted indices of their critical points.
let private known = [
    "A241", (Networks.A241, 2.5, 0, [ 0; 1; 1; 2 ])
    "B2321", (Networks.B2321, 2.5, 0, [ 0; 1; 1; 2 ])
    "C131", (Networks.C131, 4.0, 0, [ 0; 0; 1; 1 ])
    "saddle excess", (Networks.saddleExcess, 2.5, -1, [ 1; 1; 2 ])
]

let private isKnown (_: string, (p: Perceptron<Rational>, reach: float, expected: int, indices: int list)) : Outcome =
    let map = Instruments.map p
    let box = Box.cube p.Inputs reach

    Outcome.check [
        fun () -> degree map box |> ifKnown (Outcome.equal "the degree" string expected)
        fun () -> countIsDegree map box
        fun () ->
            Census.take map Instruments.options box
            |> Instruments.ifComplete (fun census ->
                Outcome.equal "the indices" (sprintf "%A") indices (census.Points |> List.map _.Index |> List.sort))
    ]

/// The one critical point of tanh 2x − 2·tanh x in the box is 0, and its Hessian has no negative eigenvalue: counted as a point of index 0.
let private naiveCountIsDegree (p: Perceptron<Rational>) (box: Box) : Outcome =
    match Instruments.hasNondegenerateOrigin p with
    | Outcome.Refuted _ ->
        degree (Instruments.map p) box
        |> ifKnown (fun degree -> Outcome.equal "the degree, with the degenerate point counted as one of index 0," string 1 degree)
    | other -> other

/// The degree is the same for boxes that begin a hair to the left and to the right: it is not where a zero lies between.
let private isStable (start: float) : Outcome =
    let map = Instruments.map Networks.C131
    let from x = degree map [| Interval.ofBounds x 4.0 |]

    from (start - 1e-12)
    |> ifKnown (fun left -> from (start + 1e-12) |> ifKnown (Outcome.equal "the degree on a box moved by 2·10⁻¹²" string left))

let claim: Claim =
    let kinds = [| Networks.tanh; Instruments.logistic; Instruments.softplus |]

    Paper.define
        "kuehn-kuntz.census.degree"
        Paper.reconstructed
        "Φ_x ≠ 0 on ∂B, critical points in B non-degenerate: Σ (−1)^index = deg(Φ_x, int B, 0), computed from ∂B alone; 1 where Φ_x points outward on ∂B, (−1)ⁿ where it points inward."
    |> Claim.hypothesis "H1" "Φ_x ≠ 0 on the boundary of B"
    |> Claim.hypothesis "H2" "all critical points in B are non-degenerate"
    |> Claim.certified "count-is-degree" (Instances.random (Instruments.withoutBottleneck kinds) 40) (fun drawn ->
        countIsDegree (Instruments.map drawn.Perceptron) drawn.Box)
    |> Claim.certified "degree-is-additive" (Instances.random (Instruments.withoutBottleneck kinds) 40) isAdditive
    |> Claim.certified "euler-characteristic" (Instances.random confinedNetworks 30) isEuler
    |> Claim.certified "reference" (Instruments.named known) isKnown
    |> Claim.neededBy "H1" (Instances.chosen (fun (x: float) -> [ "box", $"C131 on [{x:R}, 4]" ]) [ -0.23512609112479 ]) isStable
    |> Claim.neededBy "H2" (Instruments.named [ "tanh 2x − 2·tanh x", Networks.degenerate ]) (fun (_, p) ->
        naiveCountIsDegree p [| Interval.ofBounds -1.1 1.2 |])
