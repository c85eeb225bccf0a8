/// A smooth network of order k saves a factor k² of weights against a residual network with the same state dimension kd.
///
/// Statement: per layer of one affine map a smooth network has d² + d parameters, a residual one on R^kd k²d² + kd, an additive dense one
/// k(d² + d). Weights alone: exactly k² (smooth) and k (additive dense). With biases residual/smooth = k(kd+1)/(d+1) = k² − k(k−1)/(d+1),
/// residual/dense = (kd+1)/(d+1). Two-layer maps of width w: 2dw + w + d against 2k²dw + kw + kd, or 2kdw + w + kd if w does not grow.
/// A lift R^D → R^kd and a readout R^kd → R^C add kd(D+1) + C(kd+1) to each: the ratio of whole networks tends to that of a layer as
/// L → ∞ and is smaller for k ≥ 2.
/// Proof: counting. The factor k² stands in the abstract; the formulas are reconstructed and compared with the arrays of real networks.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Parameters.KSquared

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

/// The map of a layer: one affine map, two of a hidden width, or a convolution with s × s kernels written as its kernel matrix.
[<RequireQualifiedAccess>]
type private Inner =
    | Affine
    | Hidden of width: int
    | FixedHidden of width: int
    | Convolution of kernel: int

/// k, d, L, the input and output dimensions D and C, and the map of a layer.
type private Sizes = { Order: int; Width: int; Depth: int; Input: int; Output: int; Inner: Inner }

let private affine (rows: int) (columns: int) : Layer<Rational> =
    Layer.affine (Matrix.zero rows columns) (Vector.zero rows) |> Defect.orFail

let private ofLayers layers = LayerMap.create layers |> Defect.orFail

/// The map of one layer with the hidden width times `growth`.
let private map (inner: Inner) (width: int) (growth: int) : LayerMap<Rational> =
    let hidden w = ofLayers [| affine w width; affine width w |]

    match inner with
    | Inner.Affine -> ofLayers [| affine width width |]
    | Inner.Hidden w -> hidden (growth * w)
    | Inner.FixedHidden w -> hidden w
    | Inner.Convolution s -> ofLayers [| affine width (width * s * s) |]

/// Entries of the weight matrices and of the bias vectors, counted where they are stored.
let private count (maps: LayerMap<Rational>[]) : ParameterCount =
    let layers = maps |> Array.collect (fun map -> map.Layers.ToArray())

    {
        Weights = layers |> Array.sumBy (fun layer -> int64 layer.Weights.Entries.Length)
        Biases = layers |> Array.sumBy (fun layer -> int64 layer.Bias.Length)
    }

let private smooth (sizes: Sizes) = Architecture.Smooth(sizes.Order, Rational.One, Array.create sizes.Depth (map sizes.Inner sizes.Width 1))

/// The residual network on R^(k·d).
let private residual (order: int) (sizes: Sizes) =
    Architecture.Residual(Rational.One, Array.create sizes.Depth (map sizes.Inner (order * sizes.Width) order))

let private dense (sizes: Sizes) =
    Architecture.AdditiveDense(Array.create sizes.Depth (Array.create sizes.Order (map sizes.Inner sizes.Width 1)))

/// The budget of a layer by the formulas.
let private layerBudget (sizes: Sizes) : ParameterBudget =
    match sizes.Inner with
    | Inner.Affine -> ParameterBudget.affine sizes.Order sizes.Width
    | Inner.Hidden w -> ParameterBudget.hidden sizes.Order sizes.Width w
    | Inner.FixedHidden w -> ParameterBudget.hiddenOfFixedWidth sizes.Order sizes.Width w
    | Inner.Convolution s -> ParameterBudget.convolution sizes.Order sizes.Width s

let private networkBudget (sizes: Sizes) : ParameterBudget =
    layerBudget sizes |> ParameterBudget.network sizes.Order sizes.Width sizes.Depth sizes.Input sizes.Output

let private firstLayer (architecture: Architecture<Rational>) = count (Array.head (Architecture.maps architecture))

let private same (quantity: string) (expected: ParameterCount) (found: ParameterCount) : Outcome =
    Outcome.equal quantity (fun (count: ParameterCount) -> $"{count.Weights} weights and {count.Biases} biases") expected found

/// The formulas count the arrays of a layer.
let private countsLayer (sizes: Sizes) : Outcome =
    let budget = layerBudget sizes

    Outcome.check [
        fun () -> same "a smooth layer" (firstLayer (smooth sizes)) budget.Smooth
        fun () -> same "a residual layer" (firstLayer (residual sizes.Order sizes)) budget.Residual
        fun () -> same "an additive dense layer" (firstLayer (dense sizes)) budget.AdditiveDense
    ]

/// The formulas count the arrays of a network with lift and readout, and all three networks have the state dimension kd.
let private countsNetwork (sizes: Sizes) : Outcome =
    let state = sizes.Order * sizes.Width
    let lift, readout = ofLayers [| affine state sizes.Input |], ofLayers [| affine sizes.Output state |]

    let agrees name architecture (budget: ParameterCount) =
        let network = Network.create (Some lift) architecture (Some readout) |> Defect.orFail
        let arrays = count (Array.concat [ [| lift; readout |]; Array.concat (Architecture.maps architecture) ])

        Outcome.check [
            fun () -> Outcome.equal $"the state dimension of the {name} network" string<int> state network.Equation.StateDimension
            fun () -> same $"the {name} network" arrays budget
            fun () -> Outcome.equal $"the parameters of the {name} network" string<int64> (Network.parameterCount network) budget.Total
        ]

    let budget = networkBudget sizes

    Outcome.check [
        fun () -> agrees "smooth" (smooth sizes) budget.Smooth
        fun () -> agrees "residual" (residual sizes.Order sizes) budget.Residual
        fun () -> agrees "additive dense" (dense sizes) budget.AdditiveDense
    ]

/// The residual reference needs k² times as much as the network, by a count of one's own.
[<NoComparison; NoEquality>]
type private Comparison = {
    Title: string
    Sizes: Sizes
    Network: Architecture<Rational>
    Reference: Architecture<Rational>
    Count: ParameterCount -> int64
}

let private compare title (sizes: Sizes) = {
    Title = title
    Sizes = sizes
    Network = smooth sizes
    Reference = residual sizes.Order sizes
    Count = _.Weights
}

let private savesKSquared (comparison: Comparison) : Outcome =
    let counted architecture = comparison.Count(firstLayer architecture)
    let k = int64 comparison.Sizes.Order
    Outcome.equal "the parameters of the reference" string (k * k * counted comparison.Network) (counted comparison.Reference)

/// An additive dense layer saves only a factor k of weights, and so does a residual one whose hidden width does not grow.
let private savesK (sizes: Sizes) : Outcome =
    let weights architecture = (firstLayer architecture).Weights
    let k = int64 sizes.Order
    let fixedWidth = { sizes with Inner = Inner.FixedHidden sizes.Input }

    Outcome.check [
        fun () -> Outcome.equal "residual weights" string (k * weights (dense sizes)) (weights (residual sizes.Order sizes))
        fun () ->
            Outcome.equal
                "residual weights at a fixed hidden width"
                string
                (k * weights (smooth fixedWidth))
                (weights (residual sizes.Order fixedWidth))
    ]

let private ratio (a: ParameterCount) (b: ParameterCount) = Rational.OfRatio(bigint a.Total, bigint b.Total)

/// Residual/smooth = k² − k(k−1)/(d+1) and residual/dense = (kd+1)/(d+1); one common bias makes a dense layer kd² + d.
let private ratiosWithBiases (sizes: Sizes) : Outcome =
    let k, d = sizes.Order, sizes.Width
    let layer = ParameterBudget.affine k d
    let common = map Inner.Affine d 1

    Outcome.check [
        fun () ->
            Check.equal "residual/smooth" (Rational.create (k * k) 1 - Rational.create (k * (k - 1)) (d + 1)) (ParameterBudget.ratio layer)
        fun () -> Check.equal "residual/smooth" (Rational.create (k * (k * d + 1)) (d + 1)) (ParameterBudget.ratio layer)
        fun () -> Check.equal "residual/dense" (Rational.create (k * d + 1) (d + 1)) (ratio layer.Residual layer.AdditiveDense)
        fun () ->
            let weights = int64 k * (count [| common |]).Weights
            same "a dense layer with one bias" { Weights = weights; Biases = int64 d } (ParameterBudget.denseWithCommonBias k d)
    ]

/// With e parameters in lift and readout, R and S in a residual and a smooth layer: R/S − (LR+e)/(LS+e) = e(R−S)/(S(LS+e)), which is
/// positive for k ≥ 2 and falls like 1/L.
let private approachesLayerRatio (sizes: Sizes) : Outcome =
    let layer, network = layerBudget sizes, networkBudget sizes
    let gap = ParameterBudget.ratio layer - ParameterBudget.ratio network
    let ends = int64 (sizes.Order * sizes.Width * (sizes.Input + 1) + sizes.Output * (sizes.Order * sizes.Width + 1))
    let fraction (a: int64) (b: int64) = Rational.OfRatio(bigint a, bigint b)
    let expected = fraction (ends * (layer.Residual.Total - layer.Smooth.Total)) (layer.Smooth.Total * network.Smooth.Total)

    Outcome.check [
        fun () -> Check.equal "the gap of the ratios" expected gap
        fun () -> Outcome.equal "whether the ratio of the networks is smaller" string (sizes.Order >= 2) (gap.Sign > 0)
    ]

/// k ≤ 6, d ≤ 16, L ≤ 20, D, C ≤ 4, w ≤ 32, s ≤ 3.
let private draw (inner: RandomStream -> Inner) (stream: RandomStream) : Sizes = {
    Order = stream.NextInt(1, 6)
    Width = stream.NextInt(1, 16)
    Depth = stream.NextInt(1, 20)
    Input = stream.NextInt(1, 4)
    Output = stream.NextInt(1, 4)
    Inner = inner stream
}

let private shrink (sizes: Sizes) : Sizes seq =
    seq {
        for k in Shrink.int 1 sizes.Order do
            { sizes with Order = k }

        for d in Shrink.int 1 sizes.Width do
            { sizes with Width = d }

        for depth in Shrink.int 1 sizes.Depth do
            { sizes with Depth = depth }

        if sizes.Input > 1 || sizes.Output > 1 then
            { sizes with Input = 1; Output = 1 }
    }

let private show (sizes: Sizes) : (string * string) list =
    let map =
        match sizes.Inner with
        | Inner.Affine -> "affine"
        | Inner.Hidden w -> $"hidden width {w}, growing with the state"
        | Inner.FixedHidden w -> $"hidden width {w}, fixed"
        | Inner.Convolution s -> $"convolution {s}×{s}"

    [ "k, d, L", $"{sizes.Order}, {sizes.Width}, {sizes.Depth}"; "D, C", $"{sizes.Input}, {sizes.Output}"; "map", map ]

let private generator inner = Generator.fromStream (fun _ -> draw inner) shrink show

let private anyInner (stream: RandomStream) : Inner =
    match stream.NextInt(0, 3) with
    | 0 -> Inner.Affine
    | 1 -> Inner.Hidden(stream.NextInt(1, 32))
    | 2 -> Inner.FixedHidden(stream.NextInt(1, 32))
    | _ -> Inner.Convolution(stream.NextInt(1, 3))

/// Maps that the library can run as layers of a network: a convolution stands for its kernel only.
let private runnable (stream: RandomStream) : Inner =
    match stream.NextInt(0, 2) with
    | 0 -> Inner.Affine
    | 1 -> Inner.Hidden(stream.NextInt(1, 32))
    | _ -> Inner.FixedHidden(stream.NextInt(1, 32))

/// Maps whose widths all grow with the state.
let private growing (stream: RandomStream) : Inner =
    match stream.NextInt(0, 2) with
    | 0 -> Inner.Affine
    | 1 -> Inner.Hidden(stream.NextInt(1, 32))
    | _ -> Inner.Convolution(stream.NextInt(1, 3))

let private paperSizes inner = { Order = 3; Width = 16; Depth = 20; Input = 2; Output = 2; Inner = inner }

let private references: Reference<string> list =
    let totals (budget: ParameterBudget) = $"{budget.Smooth.Total} / {budget.Residual.Total} / {budget.AdditiveDense.Total}"
    let reference quantity expected compute = { Quantity = quantity; Expected = expected; Compute = compute }
    let one, two = paperSizes Inner.Affine, paperSizes (Inner.Hidden 32)

    [
        reference "a layer, k = 3, d = 16" "272 / 2352 / 816" (fun () -> totals (layerBudget one))
        reference "the ratio of a layer" "147/17" (fun () -> string (ParameterBudget.ratio (layerBudget one)))
        reference "the network, L = 20, D = C = 2" "5682 / 47282 / 16562" (fun () -> totals (networkBudget one))
        reference "the ratio of the network" "23641/2841" (fun () -> string (ParameterBudget.ratio (networkBudget one)))
        reference "a layer with w = 32" "1072 / 9360 / 3216" (fun () -> totals (layerBudget two))
        reference "the network with w = 32" "21682 / 187442 / 64562" (fun () -> totals (networkBudget two))
    ]

let claim: Claim =
    let showComparison (comparison: Comparison) = ("comparison", comparison.Title) :: show comparison.Sizes
    let without comparisons = Instances.chosen showComparison comparisons
    let paper = paperSizes Inner.Affine
    let single = { paper with Width = 1; Depth = 1 }

    Paper.define
        "hauser.params.k-squared"
        Paper.ofAbstract
        "Against a residual network on R^kd, a smooth network of order k and width d has k² times fewer weights per layer; with biases the ratio of affine layers is k² − k(k−1)/(d+1), and additive dense layers, and residual references whose hidden width does not grow, make it a factor k of weights only."
    |> Claim.hypothesis "H1" "one shared map per layer (a smooth network)"
    |> Claim.hypothesis "H2" "all widths of the residual network's maps grow with the state dimension"
    |> Claim.hypothesis "H3" "biases, lift and readout are not counted"
    |> Claim.hypothesis "H4" "the networks compared have the same state dimension kd"
    |> Claim.exact "weights" (Instances.random (generator growing) 60) (compare "smooth" >> savesKSquared)
    |> Claim.exact "factor-k" (Instances.random (generator growing) 60) savesK
    |> Claim.exact "layers" (Instances.random (generator anyInner) 60) countsLayer
    |> Claim.exact "networks" (Instances.random (generator runnable) 40) countsNetwork
    |> Claim.exact "ratios-with-biases" (Instances.random (generator (fun _ -> Inner.Affine)) 60) ratiosWithBiases
    |> Claim.exact "whole-networks" (Instances.random (generator growing) 60) approachesLayerRatio
    |> Check.references (fun quantity -> Outcome.equal quantity id) references "reference"
    |> Claim.neededBy "H1" (without [ { compare "additive dense" paper with Network = dense paper } ]) savesKSquared
    |> Claim.neededBy "H2" (without [ compare "fixed hidden width" (paperSizes (Inner.FixedHidden 32)) ]) savesKSquared
    |> Claim.neededBy "H3" (without [ { compare "biases counted" single with Count = _.Total } ]) savesKSquared
    |> Claim.neededBy "H4" (without [ { compare "residual of width d" paper with Reference = residual 1 paper } ]) savesKSquared
