module LayerTime.Core.Tests.Examination.ApplicabilityTests

open System
open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.Examination
open LayerTime.Core.Tests
open LayerTime.Core.Tests.Examination.ExaminedNetworks

let private small = [ [ 0.25; 0.0 ]; [ 0.125; 0.25 ] ]
let private resnet activation = residual 0.25 [ for _ in 1..4 -> layer activation small [ 0.1; 0.0 ] ]
let private momentum activation = smooth 2 [ for _ in 1..3 -> turn activation ]
let private chain activation = plain [ turn activation; layer Activation.Identity [ [ 1.0; -2.0 ] ] [ 0.5 ] ]
let private square activation = plain [ turn activation; turn activation ]
let private scalarChain = residual 0.5 [ layer tanh [ [ 0.5 ] ] [ 0.1 ]; layer tanh [ [ -0.5 ] ] [ 0.2 ] ]
let private singular = layer leaky [ [ 1.0; 2.0 ]; [ 2.0; 4.0 ] ] [ 0.1; 0.1 ]
let private sine: Activation<Interval> = Activation.transcendental TranscendentalName.Sine

/// A hypothesis, networks that meet it, and networks that do not.
let private decided: (string * (NetworkFacts -> (string * Hypothesis) list) * Network<Interval> list * Network<Interval> list) list =
    let one hypothesis f = [ hypothesis f ]

    [
        "readsNewest", one Hypotheses.readsNewest, [ resnet tanh; square tanh ], [ dense [ [ turn tanh; turn tanh ] ] ]
        "smooth 2", Hypotheses.smooth 2, [ momentum tanh ], [ resnet tanh; square tanh ]
        "additiveDense", one Hypotheses.additiveDense, [ dense [ [ turn tanh; turn tanh ] ]; square tanh ], [ resnet tanh; chain tanh ]
        "residual", one Hypotheses.residual, [ resnet tanh; smooth 1 [ turn tanh ] ], [ momentum tanh; square tanh ]
        "feedForward", one Hypotheses.feedForward, [ square tanh ], [ resnet tanh ]
        "scalar", one Hypotheses.scalar, [ chain tanh ], [ square tanh ]
        "width 1", one (Hypotheses.width 1), [ scalarChain ], [ resnet tanh ]
        "oneWidth", one Hypotheses.oneWidth, [ square tanh ], [ chain tanh ]
        "C¹", one (Hypotheses.continuouslyDifferentiable "C¹"), [ square tanh ], [ square leaky; square Activation.Relu ]
        "admissible", one Hypotheses.admissible, [ square tanh ], [ square leaky; square sine; square Activation.Square ]
        "leaky", one Hypotheses.leaky, [ square leaky ], [ square tanh; square Activation.Relu; square Activation.Identity ]
        "homogeneous", one Hypotheses.homogeneous, [ square leaky; square Activation.Relu ], [ square tanh ]
        "linear",
        one Hypotheses.linear,
        [ plain [ layer Activation.Identity small [ 0.0; 0.0 ] ] ],
        [ square Activation.Identity; plain [ layer tanh small [ 0.0; 0.0 ] ] ]
        "noBias", one Hypotheses.noBias, [ plain [ layer tanh small [ 0.0; 0.0 ] ] ], [ square tanh ]
        "contraction",
        one (Hypotheses.contraction BoundNorm.Infinity),
        [ resnet tanh ],
        [ residual 1.0 [ layer tanh [ [ 1.0; 0.0 ]; [ 0.0; 1.0 ] ] [ 0.0; 0.0 ] ] ]
        "lipschitz", one Hypotheses.lipschitz, [ resnet tanh ], [ resnet Activation.Square ]
        "merged", one Hypotheses.merged, [ chain tanh ], [ resnet tanh; square tanh ]
        "nonAugmented",
        one Hypotheses.nonAugmented,
        [ chain tanh ],
        [ plain [ layer tanh [ [ 1.0 ]; [ 2.0 ] ] [ 0.0; 0.1 ]; layer Activation.Identity [ [ 1.0; 1.0 ] ] [ 0.0 ] ] ]
        "fullRanks", one Hypotheses.fullRanks, [ chain leaky ], [ plain [ singular; layer Activation.Identity [ [ 1.0; 1.0 ] ] [ 0.0 ] ] ]
        "regular", one Hypotheses.regular, [ square leaky ], [ plain [ singular ]; chain leaky ]
    ]

let private isMet =
    function
    | _, Hypothesis.Met _ -> true
    | _ -> false

[<Fact>]
let ``every hypothesis is met by some networks and not by others`` () =
    for name, hypothesis, yes, no in decided do
        for network in yes do
            Assert.True(hypothesis (facts network) |> List.forall isMet, $"{name} is met")

        for network in no do
            Assert.False(hypothesis (facts network) |> List.forall isMet, $"{name} is not met")

[<Fact>]
let ``a claim has one row`` () =
    let ids = ApplicabilityTable.rows |> List.map _.Claim
    Assert.Equal<string list>(List.distinct ids, ids)

/// What can only be if a theorem or the code that computes it were wrong.
let private isContradiction (id: string) (answer: Applicability) : string option =
    match answer with
    | Applicability.Fails(("both ways agree" | "the law" | "the adjoint" | "the inverse" | "S² = I" | "the start returns" | "two states stay apart" | "R_{2n}(ΠK) = R_n(K)") as what,
                          found) -> Some $"{id}: {what}, {found}"
    | _ -> None

let private shapes: (Activation<Interval> -> Network<Interval>) list = [
    resnet
    momentum
    chain
    square
    fun activation -> smooth 3 [ for _ in 1..3 -> turn activation ]
    fun activation -> dense [ for _ in 1..3 -> [ turn activation; layer activation small [ 0.0; 0.5 ] ] ]
    fun activation -> residual 0.5 [ layer activation [ [ 0.5 ] ] [ 0.1 ]; layer activation [ [ -0.5 ] ] [ 0.2 ] ]
    fun activation ->
        network (
            Architecture.ConcatenationDense(2, [| layer activation [ [ 1.0; 0.0; 0.5; 0.0 ]; [ 0.0; 1.0; 0.0; -0.5 ] ] [ 0.0; 0.1 ] |])
        )
]

[<Fact>]
let ``no conclusion that was computed contradicts its theorem`` () =
    for activation in [ tanh; leaky; Activation.Relu; Activation.Identity; sine; Activation.Cubic ] do
        for shape in shapes do
            let facts = facts (shape activation)
            let wrong = ApplicabilityTable.rows |> List.choose (fun row -> isContradiction row.Claim (row.Judge facts))
            Assert.Equal<string list>([], wrong)

let private holds (id: string) (network: Network<Interval>) : unit =
    match judge id (facts network) with
    | Applicability.Holds _ -> ()
    | other -> Assert.Fail $"{id}: {other}"

let private fails (id: string) (network: Network<Interval>) : unit =
    match judge id (facts network) with
    | Applicability.Fails _ -> ()
    | other -> Assert.Fail $"{id}: {other}"

/// Claims with a conclusion that one network can show, a network that shows it, and one to which it does not apply.
let shown: TheoryData<string, int, int> =
    let data = TheoryData<string, int, int>()

    for id, yes, no in
        [
            "hauser.smooth.state-space", 1, 3
            "hauser.smooth.unrolled", 1, 3
            "hauser.smooth.inverse", 1, 0
            "hauser.smooth.unimodular", 1, 0
            "hauser.dense.state-space-delay", 5, 0
            "hauser.dense.state-space-difference", 5, 0
            "hauser.dense.state-space-observer", 5, 0
            "hauser.dense.contains-smooth", 1, 7
            "hauser.dense.source-shared-is-residual", 0, 1
            "hauser.dim.state-dimension", 4, 3
            "hauser.dim.minimal", 4, 3
            "hauser.dim.embedding", 1, 0
            "hauser.dim.first-order-monotone", 6, 0
            "hauser.init.conventions", 4, 0
            "hauser.params.k-squared", 1, 0
            "kuehn-kuntz.mlp.derivatives", 2, 0
            "kuehn-kuntz.mlp.merged-normal-form", 2, 0
            "kuehn-kuntz.mlp.normal-form", 2, 0
            "ruseckas.discrete.parameter-gradient", 0, 1
            "ruseckas.discrete.parameter-gradient", 3, 5
            "ruseckas.discrete.rk-adjoint-pair", 0, 3
            "ruseckas.ffn.layer-injectivity", 0, 1
            "ruseckas.ffn.layer-injectivity", 3, 2
            "ruseckas.discrete.resnet-pairing", 6, 3
            "thorpe-van-gennip.embed.energy-identity", 0, 1
            "thorpe-van-gennip.compact.sup-bound", 0, 3
            "thorpe-van-gennip.forward.apriori", 0, 2
            "thorpe-van-gennip.beyond.resample-certificate", 0, 1
        ] do
        data.Add(id, yes, no)

    data

[<Theory; MemberData(nameof shown)>]
let ``a conclusion is shown by one network and does not apply to another`` (id: string, yes: int, no: int) =
    holds id ((shapes[yes]) tanh)
    fails id ((shapes[no]) tanh)

[<Fact>]
let ``bijections of leaky units are run back and their volumes counted`` () =
    holds "duan.leaky.inverse-network" (square leaky)
    holds "duan.beyond.exact-density" (square leaky)
    fails "duan.leaky.inverse-network" (square tanh)

[<Fact>]
let ``a bottleneck is an inner layer, not the output`` () =
    let narrow = layer tanh [ [ 1.0; -1.0 ] ] [ 0.0 ]
    holds "duan.universal.width-below-d" (plain [ narrow; layer tanh [ [ 1.0 ]; [ 2.0 ] ] [ 0.0; 0.0 ] ])
    fails "duan.universal.width-below-d" (chain tanh)

[<Fact>]
let ``units without activation beside others are affine, layers of them are merged away`` () =
    let readout = layer Activation.Identity [ [ 1.0; -2.0 ] ] [ 0.5 ]
    fails "kuehn-kuntz.beyond.sharp-dichotomy" (plain [ mixed [ Activation.Identity; tanh ] small [ 0.0; 0.1 ]; readout ])

    match judge "kuehn-kuntz.beyond.sharp-dichotomy" (facts (plain [ turn Activation.Identity; turn tanh; readout ])) with
    | Applicability.Applies _ -> ()
    | other -> Assert.Fail $"{other}"

[<Fact>]
let ``a place on a kink leaves open what is only true beside it`` () =
    let network = residual 1.0 [ layer Activation.Relu [ [ 1.0 ] ] [ -0.5 ] ]

    match
        judge "ruseckas.discrete.resnet-pairing" (factsAt [ 0.5 ] network),
        judge "ruseckas.discrete.resnet-pairing" (factsAt [ 0.75 ] network)
    with
    | Applicability.Undecided _, Applicability.Holds _ -> ()
    | other -> Assert.Fail $"{other}"

[<Fact>]
let ``claims on training name what a network does not hold`` () =
    match judge "thorpe-van-gennip.existence" (facts (resnet tanh)) with
    | Applicability.NotOfNetworks subject -> Assert.Contains("α", subject)
    | other -> Assert.Fail $"{other}"

    fails "thorpe-van-gennip.existence" (square tanh)
    fails "thorpe-van-gennip.regularity.relu-sharp" (resnet tanh)

[<Fact>]
let ``bounds that follow from the weights are told, and only of networks of the form`` () =
    for id in [ "forward.rate"; "forward.stability"; "topology.tl2"; "beyond.depth-error-estimator" ] do
        let id = $"thorpe-van-gennip.{id}"
        fails id (square tanh)

        match judge id (facts ((shapes[6]) tanh)) with
        | Applicability.Applies evidence -> Assert.Matches("[0-9]", evidence)
        | other -> Assert.Fail $"{id}: {other}"

[<Fact>]
let ``layers that glue two states are not said to be injective`` () =
    // x − 2·max(0, x) folds the line; W = 0 forgets it.
    fails "ruseckas.ffn.layer-injectivity" (plain [ layer Activation.Relu [ [ 1.0 ] ] [ 0.0 ] ])

    for glued in [ residual 1.0 [ layer Activation.Relu [ [ -2.0 ] ] [ 0.0 ] ]; plain [ layer tanh [ [ 0.0 ] ] [ 0.5 ] ] ] do
        match judge "ruseckas.ffn.layer-injectivity" (facts glued) with
        | Applicability.Undecided _ -> ()
        | other -> Assert.Fail $"{other}"

    match LayerChecks.staysDistinct 0.0 "" (facts (plain [ layer Activation.Identity [ [ 0.0 ] ] [ 0.5 ] ])) with
    | Applicability.Fails("two states stay apart", _) -> ()
    | other -> Assert.Fail $"{other}"

    // Its layers shrink distances to a quarter, not to a half.
    match LayerChecks.staysDistinct 0.5 "" (facts (plain [ layer Activation.Identity [ [ 0.25 ] ] [ 0.5 ] ])) with
    | Applicability.Fails("two states stay apart", _) -> ()
    | other -> Assert.Fail $"{other}"

[<Fact>]
let ``states that come nearer than a factor allows refute it, and a law that layers do not share is none`` () =
    let approach factor = StateChecks.staysApart factor (facts (momentum tanh))

    match approach 1e-3, approach 1e3 with
    | Applicability.Holds _, Applicability.Fails("two states stay apart", _) -> ()
    | other -> Assert.Fail $"{other}"

    let law values = RuseckasRows.conserved "a·x" (Some(values |> Array.map (fun (a, b) -> Interval.ofBounds a b)))

    match law [| 1.0, 2.0; 1.5, 3.0 |], law [| 1.0, 2.0; 2.5, 3.0 |] with
    | Applicability.Holds _, Applicability.Fails("the law", _) -> ()
    | other -> Assert.Fail $"{other}"

[<Fact>]
let ``a network that is constant has a constant for its normal form`` () =
    let constant = plain [ layer tanh [ [ 0.0; 0.0 ] ] [ 0.5 ]; layer Activation.Identity [ [ 2.0 ] ] [ 0.25 ] ]

    match judge "kuehn-kuntz.mlp.normal-form" (facts constant) with
    | Applicability.Holds evidence -> Assert.Contains("constant", evidence)
    | other -> Assert.Fail $"{other}"

[<Fact>]
let ``two enclosures of the same numbers have to meet`` () =
    let wide a b = [| Interval.ofBounds a b |]

    match
        StateChecks.agree "" (wide 0.0 1e-9) (wide 1e-8 2e-8),
        StateChecks.agree "" (wide 0.0 0.1) (wide 0.0 0.2),
        StateChecks.agree "" (wide 0.0 2.0) (wide 1.0 3.0)
    with
    | Applicability.Fails _, Applicability.Holds _, Applicability.Applies _ -> ()
    | other -> Assert.Fail $"{other}"

/// x(l+1) = x(l) + K_l·x(l)/n with K_l = l/n.
let private ramp (n: int) : Network<Interval> =
    residual (1.0 / float n) [ for l in 0 .. n - 1 -> layer Activation.Identity [ [ float l / float n ] ] [ 0.0 ] ]

/// C = e^{LA}L(R·D_K + AV/2) with L = A = D_K = 1 and R = V = e from x = 1.
[<Theory; InlineData(4); InlineData(16); InlineData(64)>]
let ``the distance from the limit is bounded as the rate says`` (n: int) =
    let facts = factsAt [ 1.0 ] (ramp n)
    let bound = DepthForm.distanceFromLimit facts.DepthSizes.Value
    // K is constant on the last cell: the exponent of the limit is ½ − 1/(2n²).
    let limit = Math.Exp(0.5 - 0.5 / float (n * n))
    let error = Interval.magnitude (Arithmetic.(-) (Array.head (Array.last facts.States)) (Interval.ofFloat limit))
    Assert.InRange(bound, error, 1.5 * Math.E * Math.E / float n)

/// e_{i+1} = (1 + L‖K_i‖/n)e_i + (L/n)(R‖ΔK_i‖ + |Δb_i| + A·V/(2n)), in floats; all terms are positive, so that the roundings of the
/// bound, upward, and of the floats are at most some 20 for each layer.
[<Theory; InlineData(4); InlineData(16); InlineData(64)>]
let ``what the distance from the limit is at one layer grows in all later ones`` (n: int) =
    let sizes = (factsAt [ 1.0 ] (ramp n)).DepthSizes.Value
    let m = float n

    let next e i =
        let change = sizes.Radius * sizes.KernelRises[i] + sizes.BiasRises[i] + sizes.Largest * sizes.Speed / (2.0 * m)
        (1.0 + sizes.Lipschitz * sizes.Norms[i] / m) * e + sizes.Lipschitz / m * change

    let expected = Seq.fold next 0.0 (seq { 0 .. n - 1 })
    let roundings = 20.0 * m * Math.Pow(2.0, -52.0)
    Assert.InRange(DepthForm.distanceFromLimit sizes, expected * (1.0 - roundings), expected * (1.0 + roundings))

/// A residual network of tanh layers with entries of [−2, 2].
let private drawn (width: int) (depth: int) (seed: int) : Network<Interval> =
    let stream = LayerTime.Core.Claims.RandomStream(uint64 seed)
    let entry _ = stream.NextFloat(-2.0, 2.0)
    let rows () = List.init width (fun _ -> List.init width entry)
    residual (1.0 / float depth) [ for _ in 1..depth -> layer tanh (rows ()) (List.init width entry) ]

[<Property(MaxTest = 20)>]
let ``the norms of weights halfway between layers are at least every entry of them`` (seed: int) =
    let facts = facts (drawn (1 + abs (seed % 3)) 4 seed)

    match facts.DepthForm with
    | Error reason -> failwith reason
    | Ok form ->
        let largest (kernel: LayerTime.Core.Algebra.Matrix<Interval>) =
            kernel.Entries.ToArray() |> Array.map Interval.mignitude |> Array.max

        let norms = DepthForm.prolongNorms facts.DepthSizes.Value.Norms
        Array.forall2 (fun norm kernel -> largest kernel <= norm) norms (DepthForm.prolong form).Kernel

[<Property(MaxTest = 20)>]
let ``networks of two depths are as near as both are to their common limit`` (seed: int) =
    let facts = facts (drawn (1 + abs (seed % 3)) 6 seed)

    match facts.DepthForm with
    | Error reason -> failwith reason
    | Ok form ->
        let deeper = Seq.fold (fun form _ -> DepthForm.prolong form) form (seq { 1..5 })
        let norms = Seq.fold (fun norms _ -> DepthForm.prolongNorms norms) facts.DepthSizes.Value.Norms (seq { 1..5 })
        let run = LayerTime.Core.Semantics.Simulation.run (DepthForm.network facts.Network deeper).Equation [| facts.States[0] |]
        let last = run[deeper.Depth]
        let moved = LayerTime.Core.Algebra.Vector.subtract last (Array.last facts.States) |> DepthForm.length
        let other = DepthForm.sizes norms deeper facts.States[0] |> Option.get |> DepthForm.distanceFromLimit

        moved <= DepthForm.distanceFromLimit facts.DepthSizes.Value + other
        && other < DepthForm.distanceFromLimit facts.DepthSizes.Value
