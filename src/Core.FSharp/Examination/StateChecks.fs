/// Conclusions of claims on state spaces, computed for one network in two ways over intervals.
module internal LayerTime.Core.Examination.StateChecks

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Rigour
open LayerTime.Core.Constructions
open LayerTime.Core.Examination.Hypotheses

// So many products in intervals for one run of a network written out in its state space.
let private largestWork = 4_000_000L
let private largestDeterminant = 32

/// Two enclosures of the same numbers: they must meet, and how far apart they may be at most is the evidence.
let agree (follows: string) (one: Interval[]) (other: Interval[]) : Applicability =
    if one.Length <> other.Length || Array.exists2 Interval.disjoint one other then
        Applicability.Fails("both ways agree", "two computations of the same numbers differ")
    else
        let gap = Array.map2 (fun a b -> Interval.width (Interval.hull a b)) one other |> Array.fold max 0.0

        if gap < 1.0 then
            Applicability.Holds $"{follows}; both ways agree within {above gap}"
        else
            Applicability.Applies $"{follows}; in intervals the two are lost to rounding"

let private start (f: NetworkFacts) : Interval[][] = Array.map Interval.ofFloat f.Place |> Simulation.history f.Network

let private trajectory (f: NetworkFacts) : Trajectory<Interval> = Simulation.run f.Network.Equation (start f)

let private forces (f: NetworkFacts) (run: Trajectory<Interval>) : Interval[][] =
    f.Network.Equation.RightHandSides |> Array.mapi (fun l side -> Simulation.rightHandSide side (run.Delay l))

/// ∇ʳx(l+1) = hʳ·G_l at every layer.
let difference (follows: string) (f: NetworkFacts) : Applicability =
    let run = trajectory f
    let scale = Ring.power f.Step f.Order

    let left =
        Array.init f.Depth (fun l -> Simulation.backwardDifference f.Order (Array.init (f.Order + 1) (fun j -> run[l + 1 - j])))

    agree follows (Array.concat left) (forces f run |> Array.map (Vector.scale scale) |> Array.concat)

/// The outputs of the network and of what a construction makes of it.
let private sameOutput (follows: string) (f: NetworkFacts) (make: unit -> Result<Network<Interval>, Defect list>) : Applicability =
    let work = int64 f.Depth * int64 (f.Blocks * f.Width) * int64 (f.Blocks * f.Width)
    let input = Array.map Interval.ofFloat f.Place

    if work > largestWork then
        Applicability.Applies $"{follows} (not built: some {work} products)"
    else
        match make () with
        | Error defects -> Applicability.Applies $"{follows} (not built: {List.head defects})"
        | Ok other -> agree follows (Sensitivity.output f.Network input) (Sensitivity.output other input)

/// The network as a first-order system in some coordinates.
let realised (state: StateForm) (follows: string) (f: NetworkFacts) : Applicability =
    sameOutput follows f (fun () -> Realisation.realise state f.Network)

/// As residual blocks on R^kd.
let compiled (follows: string) (f: NetworkFacts) : Applicability = sameOutput follows f (fun () -> ResidualNetwork.compile f.Network)

/// As an additive dense network.
let dense (follows: string) (f: NetworkFacts) : Applicability =
    match f.Network.Architecture with
    | Architecture.ConcatenationDense _ -> Applicability.Fails("the maps are sums over the past states", "one map reads them together")
    | _ ->
        sameOutput follows f (fun () ->
            DenseForm.masterToDense f.Order f.Step f.Maps
            |> Result.bind (fun dense -> Network.create f.Network.Lift dense f.Network.Readout))

/// S² = I for S of signed Pascal entries, and cond∞ S, on fractions.
let changeOfBasis (f: NetworkFacts) : Applicability =
    let s: Matrix<Rational> = Coordinates.signedPascal f.Blocks
    let isInvolution = (Matrix.multiply s s).Entries.SequenceEqual((Matrix.identity f.Blocks: Matrix<Rational>).Entries)
    let norm = Matrix.normInf s

    if isInvolution then
        Applicability.Holds $"k = {f.Blocks}: S² = I on fractions, and cond∞ S = {norm * norm} between states and differences"
    else
        Applicability.Fails("S² = I", "it is not")

/// q(L) as one sum over the start and all forces.
let unrolled (follows: string) (f: NetworkFacts) : Applicability =
    let run = trajectory f
    let sum = Unrolled.state f.Step (Coordinates.toDifference (start f)) (forces f run)
    agree follows (Coordinates.toDifference (run.Delay f.Depth) |> Array.concat) (Array.concat sum)

/// det DΦ_0 = 1 for k ≥ 2.
let unimodular (follows: string) (f: NetworkFacts) : Applicability =
    if f.Blocks * f.Width > largestDeterminant then
        Applicability.Applies $"{follows} (determinants are enclosed up to {largestDeterminant} rows)"
    else
        let jacobian = Adjoint.stepJacobian f.Network.Equation 0 (start f)
        agree follows [| IntervalMatrix.determinant jacobian |] [| Interval.ofFloat 1.0 |]

/// JᵀΩJ = Ω for the first layer, in coordinates (x(l), x(l−1)).
let symplectic (follows: string) (f: NetworkFacts) : Applicability =
    if f.Width > largestDeterminant then
        Applicability.Applies follows
    else
        let d = f.Width
        let one, zero = Interval.ofFloat 1.0, Interval.ofFloat 0.0

        let ω =
            Matrix.init (2 * d) (2 * d) (fun i j ->
                if j = i + d then one
                elif i = j + d then Interval.ofFloat -1.0
                else zero)

        let jacobian = Adjoint.stepJacobian f.Network.Equation 0 (start f)
        let carried = Matrix.multiply (Matrix.transpose jacobian) (Matrix.multiply ω jacobian)
        agree follows (carried.Entries.ToArray()) (ω.Entries.ToArray())

/// The start again from x(0) … x(k−1).
let fromOutputs (follows: string) (f: NetworkFacts) : Applicability =
    let k = f.Order

    if f.Depth < k - 1 then
        Applicability.Applies follows
    else
        let run = trajectory f
        let maps = Array.init (k - 1) (fun l -> LayerMap.apply (Array.head (f.Maps[l])))

        match StateFromOutputs.smooth f.Step maps (Array.init k (fun l -> run[l])) with
        | Ok state -> agree follows (Array.concat state) (Array.concat (start f))
        | Error defects -> Applicability.Applies $"{follows} (not computed: {List.head defects})"

/// Two histories that differ in their last number only, and how far apart their next k states are.
let lastNumberCounts (follows: string) (f: NetworkFacts) : Applicability =
    let history = start f
    let moved = history |> Array.map Array.copy
    let last = moved[moved.Length - 1]
    last[last.Length - 1] <- Arithmetic.(+) last[last.Length - 1] (Interval.ofFloat 1.0)
    let one, other = Simulation.run f.Network.Equation history, Simulation.run f.Network.Equation moved

    let apart =
        Seq.init (min f.Order (f.Depth + 1)) (fun l -> Vector.subtract other[l] one[l])
        |> Seq.collect (Array.map Interval.mignitude)
        |> Seq.max

    if apart > 0.0 then
        Applicability.Holds $"{follows}; without the last number two histories look the same, and then differ by {below apart}"
    else
        Applicability.Applies follows

/// A pair of histories at distance 1 at least in scaled differences stays apart by the factor that is proved for all pairs.
let staysApart (factor: float) (f: NetworkFacts) : Applicability =
    let follows = $"states at distance δ stay at distance {below factor}·δ at least, in scaled differences"
    let history = start f

    let moved =
        history |> Array.mapi (fun j x -> if j = 0 then Array.map (fun a -> Arithmetic.(+) a (Interval.ofFloat 1.0)) x else x)

    let scaled (delay: Interval[][]) = Coordinates.toDifference delay |> Coordinates.toScaled f.Step |> Array.concat
    let final history = (Simulation.run f.Network.Equation history).Delay f.Depth |> scaled
    let most size (x: Interval[]) = x |> Array.map size |> Array.max
    let before = Vector.subtract (scaled moved) (scaled history)
    let after = Vector.subtract (final moved) (final history)
    let least = most Interval.mignitude after

    if most Interval.magnitude after < Directed.multiplyDown factor (most Interval.mignitude before) then
        Applicability.Fails("two states stay apart", $"from {most Interval.mignitude before} to {most Interval.magnitude after}")
    elif least >= Directed.multiplyUp factor (most Interval.magnitude before) then
        Applicability.Holds $"{follows}; a pair at distance {above (most Interval.magnitude before)} ended at {below least} or more"
    else
        Applicability.Applies follows

/// x(1) from a history of equal states and from one of zeros behind the newest.
let conventions (f: NetworkFacts) : Applicability =
    let v = (start f)[0]
    let rest = Array.create f.Order v
    let padded = Array.init f.Order (fun j -> if j = 0 then v else Vector.zero v.Length)
    let first history = (Simulation.run f.Network.Equation history)[1]
    let expected = Vector.scale (Ring.ofInteger (bigint (f.Order - 1))) v
    agree $"rest and zero padding differ by {f.Order - 1}·v at x(1)" (Vector.subtract (first padded) (first rest)) expected

/// Weights of a layer against those of a residual layer on the same state.
let savings (f: NetworkFacts) : Applicability =
    let own =
        f.Maps[0]
        |> Array.sumBy (fun map -> map.Layers.ToArray() |> Array.sumBy (fun layer -> int64 layer.InputWidth * int64 layer.OutputWidth))

    let k = int64 f.Order

    Applicability.Holds
        $"the first layer has {own} weights; residual on the same {k * int64 f.Width} numbers it has {k * k * own}, {k * k} times as many"

/// Back from the last state to the first on fractions, where nothing is rounded.
let exactlyBack (follows: string) (f: NetworkFacts) : Applicability =
    let isPiecewiseLinear = LineRegions.isPiecewiseLinear f.Network
    let numbers = Seq.sumBy (fun (layer: Layer<Interval>) -> layer.InputWidth * layer.OutputWidth) f.Layers

    // Numerators grow by the digits of a weight at every layer.
    if not isPiecewiseLinear || numbers > 2000 || f.Depth > 40 then
        Applicability.Applies follows
    else
        let exactly: Interval -> Rational = Interval.midpoint >> Rational.ofFloat

        let activation (a: Activation<Interval>) : Activation<Rational> =
            match a with
            | Activation.Relu -> Activation.Relu
            | Activation.LeakyRelu slope -> Activation.LeakyRelu(exactly slope)
            | _ -> Activation.Identity

        let network = Network.map exactly activation f.Network
        let history = f.Place |> Array.map Rational.ofFloat |> Simulation.history network
        let run = Simulation.run network.Equation history

        match Reversal.history network.Equation (run.Delay f.Depth) with
        | Ok back when Array.forall2 (fun (a: Rational[]) b -> a = b) back history ->
            Applicability.Holds $"{follows}: run on fractions the start returned without any difference"
        | Ok _ -> Applicability.Fails("the start returns", "it does not")
        | Error reason -> Applicability.Fails("the oldest state enters linearly", string reason)

/// Pieces of a network of one input on the box.
let pieces (f: NetworkFacts) : Applicability =
    let ends (side: Interval -> float) = f.Box |> Array.map side

    if f.Box.Length <> 1 then
        Applicability.Applies $"at most 2^{f.Depth} pieces along a line"
    else
        let found = LineRegions.along f.Network (ends _.Lower) (ends _.Upper) 4096

        if found.Complete then
            Applicability.Holds $"{found.Regions} pieces on the box; at most 2^{f.Depth}"
        else
            Applicability.Applies $"at most 2^{f.Depth} pieces along a line"
