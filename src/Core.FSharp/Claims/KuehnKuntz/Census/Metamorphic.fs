/// What leaves the census of a network as it is.
///
/// Statement: permuting the neurons of a layer, or changing the sign of a neuron's weights, bias and outgoing column where σ is odd (where σ(−t) = 1 − σ(t),
/// with the column added to the next bias), does not change Φ. Φ → aΦ + b keeps points and indices for a &gt; 0 and turns index k into n − k for a &lt; 0.
/// With x = R·y + t, R invertible, points are mapped, indices are kept, and det H is multiplied by det(R)²; eigenvalues are not transported.
/// Proof: Φ is the same function; H → aH; H → Rᵀ·H·R.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.KuehnKuntz.Census.Metamorphic

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Rigour
open LayerTime.Core.Claims
open LayerTime.Core.Claims.KuehnKuntz

/// One change of a network.
[<RequireQualifiedAccess>]
type private Change =
    /// The neurons of a hidden layer in the order of these numbers.
    | Permute of layer: int * order: int[]
    /// The sign of one neuron's weights, bias and outgoing column; `corrected` adds the column to the next bias where σ(−t) = 1 − σ(t).
    | Flip of layer: int * neuron: int * corrected: bool
    /// a·Φ + b
    | Scale of a: Rational * b: Rational
    /// x = R·y + t
    | Substitute of r: Rational[][] * t: Rational[]

[<NoComparison>]
type private Case = { Network: BoxedNetwork; Change: Change }

let private modify (l: int) (f: DrawnLayer -> DrawnLayer) (drawn: DrawnPerceptron) : DrawnPerceptron = {
    Layers = Array.mapi (fun i layer -> if i = l then f layer else layer) drawn.Layers
}

/// Whether σ(−t) = 1 − σ(t).
let private isComplementary (layer: DrawnLayer) : bool = layer.Activation = Instruments.logistic

let private apply (change: Change) (drawn: DrawnPerceptron) : DrawnPerceptron =
    let pick (order: int[]) (values: 'V[]) = order |> Array.map (fun i -> values[i])
    let last = drawn.Layers.Length - 1

    match change with
    | Change.Permute(l, order) ->
        drawn
        |> modify l (fun layer -> { layer with Rows = pick order layer.Rows; Bias = pick order layer.Bias })
        |> modify (l + 1) (fun layer -> { layer with Rows = Array.map (pick order) layer.Rows })
    | Change.Flip(l, i, corrected) ->
        let negate j (a: Rational) = if j = i then -a else a
        let isShifted = corrected && isComplementary drawn.Layers[l]

        drawn
        |> modify l (fun layer -> {
            layer with
                Rows = layer.Rows |> Array.mapi (fun j row -> Array.map (negate j) row)
                Bias = Array.mapi negate layer.Bias
        })
        |> modify (l + 1) (fun layer -> {
            layer with
                Rows = Array.map (Array.mapi negate) layer.Rows
                Bias = if isShifted then Array.map2 (fun c (row: Rational[]) -> c + row[i]) layer.Bias layer.Rows else layer.Bias
        })
    | Change.Scale(a, b) ->
        drawn
        |> modify last (fun layer -> {
            layer with
                Rows = layer.Rows |> Array.map (Array.map (fun w -> a * w))
                Bias = layer.Bias |> Array.map (fun c -> a * c + b)
        })
    | Change.Substitute(r, t) ->
        drawn
        |> modify 0 (fun layer ->
            let rows = Matrix.ofRows layer.Rows

            {
                layer with
                    Rows = Matrix.toRows (Matrix.multiply rows (Matrix.ofRows r))
                    Bias = Vector.add layer.Bias (Matrix.apply rows t)
            })

/// The matrix R and the vector t by which points of the changed network are mapped to points of the first one.
let private substitution (n: int) (change: Change) : Matrix<Rational> * Rational[] =
    match change with
    | Change.Substitute(r, t) -> Matrix.ofRows r, t
    | Change.Permute _
    | Change.Flip _
    | Change.Scale _ -> Matrix.identity n, Array.create n Rational.Zero

let private enclose (m: Matrix<Rational>) : Matrix<Interval> = Matrix.map Interval.ofRational m

/// A box that contains R⁻¹(B − t).
let private pulledBack (r: Matrix<Rational>) (t: Rational[]) (box: Box) : Box option =
    Elimination.inverse r
    |> Option.map (fun inverse -> Matrix.apply (enclose inverse) (Vector.subtract box (Array.map Interval.ofRational t)))

/// How index and det H of the first network turn into those of the changed one.
let private factorOf (change: Change) : Rational =
    match change with
    | Change.Scale(a, _) -> a
    | Change.Permute _
    | Change.Flip _
    | Change.Substitute _ -> Rational.One

/// The census of the changed network is that of the first one, carried over.
let private isSameCensus (case: Case) : Outcome =
    let n = case.Network.Inputs
    let r, t = substitution n case.Change
    let factor = factorOf case.Change

    match pulledBack r t case.Network.Box with
    | None -> Instruments.hasNoCriticalFlat (apply case.Change case.Network.Network).Perceptron 2.5
    | Some domain ->
        let before, after =
            Instruments.map case.Network.Perceptron, Instruments.map (apply case.Change case.Network.Network).Perceptron

        let first, second = Census.take before Instruments.options case.Network.Box, Census.take after Instruments.options domain
        let image (point: CriticalPoint) = Vector.add (Matrix.apply (enclose r) point.Point) (Array.map Interval.ofRational t)
        let index (point: CriticalPoint) = if factor.Sign < 0 then n - point.Index else point.Index

        let scale =
            let determinant = Elimination.determinant r
            Interval.ofRational (Rational.power factor n * determinant * determinant)

        let determinant map (point: CriticalPoint) = IntervalMatrix.determinant (Instruments.hessian map point.Point)

        /// The one point on the other list, with the index and det H it has to have.
        let matches (point: CriticalPoint) (others: CriticalPoint list) (pair: CriticalPoint -> CriticalPoint * CriticalPoint) =
            match others with
            | [ other ] ->
                let original, changed = pair other
                let expected = Arithmetic.(*) scale (determinant before original)

                Outcome.all [
                    Outcome.equal $"the index at {Instruments.showBox point.Point}" string (index original) changed.Index
                    Outcome.isTrue
                        $"det H at {Instruments.showBox point.Point}"
                        $"is aⁿ·det(R)² times as large, in {expected}"
                        (not (Interval.disjoint expected (determinant after changed)))
                ]
            | _ -> Outcome.refuted $"the critical points that correspond to {Instruments.showBox point.Point}" "one" (string others.Length)

        let forward (point: CriticalPoint) =
            let others = second.Points |> List.filter (fun other -> not (Box.disjoint (image other) point.Point))
            matches point others (fun other -> point, other)

        let backward (other: CriticalPoint) =
            if Box.interior (image other) case.Network.Box then
                let originals = first.Points |> List.filter (fun point -> not (Box.disjoint (image other) point.Point))
                matches other originals (fun original -> original, other)
            else
                Outcome.holds

        if factor.Sign = 0 then
            let gradient = after.Gradient.Value domain

            if gradient |> Array.forall (fun g -> g.Lower = 0.0 && g.Upper = 0.0) then
                Outcome.refuted "the critical points" "those of Φ" "the whole box: the function is constant"
            else
                Outcome.undecided "the gradient is not seen to vanish"
        else
            first
            |> Instruments.ifComplete (fun first ->
                second
                |> Instruments.ifComplete (fun second ->
                    Outcome.all (Seq.append (Seq.map forward first.Points) (Seq.map backward second.Points))))

/// Half integers with a regular matrix: at most eight draws, then 2·I.
let private regular (stream: RandomStream) (n: int) : Rational[][] =
    let draw _ = Draws.matrix (fun stream -> Rational.create (stream.NextInt(-4, 4)) 2) stream n n

    Seq.init 8 draw
    |> Seq.tryFind (fun rows -> (Elimination.determinant (Matrix.ofRows rows)).Sign <> 0)
    |> Option.defaultWith (fun () -> Matrix.toRows (Matrix.scale (Rational.ofInt 2) (Matrix.identity n)))

let private drawChange (network: BoxedNetwork) (stream: RandomStream) : Change =
    let hidden = network.Network.Layers.Length - 1
    let l = stream.NextInt(0, hidden - 1)
    let width = network.Network.Layers[l].Bias.Length

    match stream.NextInt(0, 3) with
    | 0 ->
        // By the draws as keys, ties in the order of the numbers.
        Change.Permute(l, Array.init width (fun i -> stream.NextInt(0, 1000), i) |> Array.sort |> Array.map snd)
    | 1 -> Change.Flip(l, stream.NextInt(0, width - 1), true)
    | 2 ->
        let a = Rational.create (stream.NextInt(1, 8)) 4
        Change.Scale((if stream.NextBool() then a else -a), Draws.dyadic 4 4 stream)
    | _ -> Change.Substitute(regular stream network.Inputs, Draws.vector (Draws.dyadic 4 1) stream network.Inputs)

/// Whether the change still fits a network that was simplified.
let private fits (network: BoxedNetwork) (change: Change) : bool =
    let width l = if l < network.Network.Layers.Length - 1 then network.Network.Layers[l].Bias.Length else 0

    match change with
    | Change.Permute(l, order) -> order.Length = width l
    | Change.Flip(l, i, _) -> i < width l
    | Change.Scale _ -> true
    | Change.Substitute(r, _) -> r.Length = network.Inputs

let private showChange (change: Change) : string =
    match change with
    | Change.Permute(l, order) ->
        let numbers = order |> Array.map (fun i -> string (i + 1)) |> String.concat ", "
        $"neurons of layer {l + 1} in the order {numbers}"
    | Change.Flip(l, i, corrected) ->
        let correction = if corrected then "" else ", no correction"
        $"sign of neuron {i + 1} of layer {l + 1}{correction}"
    | Change.Scale(a, b) -> $"{a}·Φ + {b}"
    | Change.Substitute(r, t) ->
        let rows = r |> Array.map Draws.showVector |> String.concat " "
        $"x = R·y + t, R = {rows}, t = {Draws.showVector t}"

let private show (case: Case) = ("change", showChange case.Change) :: Instruments.show case.Network

let private cases: Generator<Case> =
    let networks = Instruments.withoutBottleneck [| Networks.tanh; Instruments.logistic; ActivationKind.Cubic |]

    let gen =
        FsCheck.FSharp.Gen.map2
            (fun network stream -> { Network = network; Change = drawChange network stream })
            networks.Gen
            Generator.stream

    let shrink (case: Case) =
        networks.Shrink case.Network
        |> Seq.filter (fun network -> fits network case.Change)
        |> Seq.map (fun network -> { case with Network = network })

    Generator.create gen shrink show

/// A named network with a change.
let private caseOf (kind: ActivationKind) (reach: int) (layers: (string list * string) list) (change: Change) : Case =
    let layer l (rows, bias) = {
        Rows = rows |> List.map Networks.vector |> List.toArray
        Bias = Networks.vector bias
        Activation = if l = layers.Length - 1 then ActivationKind.Identity else kind
    }

    {
        Network = { Network = { Layers = layers |> List.mapi layer |> List.toArray }; Reach = Rational.ofInt reach }
        Change = change
    }

let claim: Claim =
    let two = [ [ "2"; "1" ], "0 0"; [ "1 -6/5" ], "0" ]
    let bumps = [ [ "1 0"; "1 0"; "0 1"; "0 1" ], "1 -1 1 -1"; [ "1 -1 1 -1" ], "0" ]
    let zero, one = Rational.Zero, Rational.One

    Paper.define
        "kuehn-kuntz.census.metamorphic"
        Paper.reconstructed
        "The census is kept by permuted neurons, by a neuron's change of sign (σ odd, or σ(−t) = 1 − σ(t) with the next bias corrected), by aΦ + b (a < 0: index k → n − k), and by x = R·y + t with points mapped and det H multiplied by det(R)²."
    |> Claim.hypothesis "H1" "σ is odd, or σ(−t) = 1 − σ(t) (for changes of sign)"
    |> Claim.hypothesis "H2" "a ≠ 0"
    |> Claim.hypothesis "H3" "R is invertible"
    |> Claim.certified "same-census" (Instances.random cases 60) isSameCensus
    |> Claim.certified
        "same-census-of-worked-changes"
        (Instances.chosen show [
            for change in
                [
                    Change.Permute(0, [| 2; 0; 3; 1 |])
                    Change.Flip(0, 2, true)
                    Change.Scale(-one, one)
                    Change.Substitute([| [| zero; Rational.ofInt 2 |]; [| -one; one |] |], [| Rational.create 1 2; zero |])
                ] do
                caseOf Networks.tanh 3 bumps change
        ])
        isSameCensus
    |> Claim.neededBy "H1" (Instances.chosen show [ caseOf Instruments.softplus 3 two (Change.Flip(0, 1, true)) ]) isSameCensus
    |> Claim.neededBy "H2" (Instances.chosen show [ caseOf Networks.tanh 2 bumps (Change.Scale(zero, one)) ]) isSameCensus
    |> Claim.neededBy
        "H3"
        (Instances.chosen show [
            caseOf Networks.tanh 2 bumps (Change.Substitute([| [| one; zero |]; [| zero; zero |] |], [| zero; zero |]))
        ])
        isSameCensus
