/// Every perceptron as one of full rank behind an affine map.
///
/// Statement: every perceptron equals Φ(x) = Φ′(R·x), R of full row rank r = rank A₁, Φ′ without superfluous neurons and with merged
/// matrices A_l = C_l·R_l, C_l of full column and R_l of full row rank; widths never grow, a second run changes nothing. If some A_l = 0
/// (after the clean-up), Φ is constant.
/// Proof: zero rows are constants, zero columns are not read, equal and mirrored neurons add up; then rank factors.
/// Summary read, algorithm reconstructed. The number of inputs cannot be kept where rank A₁ &lt; n: H1.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.KuehnKuntz.Mlp.NormalForm

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.KuehnKuntz

/// The point, and four that are easy to name.
let private points (x: Rational[]) : Rational[][] = [|
    x
    Array.map (~-) x
    Vector.zero x.Length
    Array.mapi (fun i _ -> Rational.create (i + 1) 2) x
    Array.map (fun a -> a + Rational.One) x
|]

/// The form as fractions; with exact activations every constant is one.
let private exact (form: ReducedForm) : Perceptron<Rational> =
    NormalForm.tryExact form |> Option.defaultWith (fun () -> invalidOp "a constant of exact activations is a fraction")

let private equals (p: Perceptron<Rational>) (form: NormalForm) (x: Rational[]) : Outcome =
    match form with
    | NormalForm.Constant value ->
        Outcome.equal "Φ(x)" (Array.map string >> String.concat ", ") value [| NeuronConstant.ofRational (Check.value p x) |]
    | NormalForm.Reduced form -> Check.equal "Φ′(R·x)" (Check.value p x) (Check.value (exact form) (Matrix.apply form.InputMap x))

let private isFullRank (m: Matrix<Rational>) : bool = Elimination.rank m = min m.Rows m.Columns

let private widthsNeverGrow (p: Perceptron<Rational>) (form: ReducedForm) : Outcome =
    let before, after = p.Widths, form.Widths
    let layers = after.Length <= before.Length
    // The hidden layers that are left keep their order, so the largest width is enough, layer by layer where none was absorbed.
    let widths = if after.Length = before.Length then Array.forall2 (<=) after before else Array.max after <= Array.max before
    Outcome.isTrue "the widths of the normal form" "never exceed those of the network" (layers && widths)

let private areFactors (form: ReducedForm) : Outcome =
    form.Hidden
    |> Seq.mapi (fun l layer ->
        Outcome.check [
            fun () -> Check.matrices $"C·R of layer {l + 1}" layer.Weights (Matrix.multiply layer.Left layer.Right)
            fun () -> Outcome.isTrue $"the factors of layer {l + 1}" "have full rank" (isFullRank layer.Left && isFullRank layer.Right)
        ])
    |> Outcome.all

/// Two matrices a layer, each of full rank, give the same function and merge to the same matrices.
let private mergesBack (form: ReducedForm) (x: Rational[]) : Outcome =
    let number = NeuronConstant.tryRational >> Option.get

    match NormalForm.tryTwoMatrixForm number form with
    | None -> Outcome.isTrue "a network without hidden layers" "has no two-matrix form" (form.Hidden.Length = 0)
    | Some twoMatrix ->
        let y = Matrix.apply form.InputMap x

        Check.vectors
            "Φ′ with two matrices a layer"
            (Perceptron.apply ActivationKind.exactly (exact form) y)
            (TwoMatrixForm.apply ActivationKind.exactly twoMatrix y)

let private isIdempotent (form: ReducedForm) : Outcome =
    match NormalForm.normalise (exact form) with
    | NormalForm.Constant _ -> Outcome.refuted "the second run" "changes nothing" "a constant"
    | NormalForm.Reduced again ->
        Outcome.check [
            fun () -> Check.matrices "R of the second run" (Matrix.identity form.InputMap.Rows) again.InputMap
            fun () -> Outcome.equal "neurons removed in the second run" string 0 again.Removals.Length
            fun () -> Check.matrices "A_{L+1} of the second run" form.Output again.Output
            fun () ->
                let merged (form: ReducedForm) = form.Hidden |> Array.map _.Right |> Array.skip (min 1 form.Hidden.Length)
                Outcome.equal "R_l of the second run" (Array.map string >> String.concat " ") (merged form) (merged again)
        ]

let private isNormal (sample: Sample) : Outcome =
    let p = sample.Network.Perceptron
    let form = NormalForm.normalise p
    let equality () = points sample.Point |> Seq.map (equals p form) |> Outcome.all

    match form with
    | NormalForm.Constant _ -> equality ()
    | NormalForm.Reduced reduced ->
        Outcome.check [
            equality
            fun () -> widthsNeverGrow p reduced
            fun () -> areFactors reduced
            fun () -> mergesBack reduced sample.Point
            fun () -> isIdempotent reduced
        ]

/// With tanh the constants of dead neurons are no fractions: enclosed, Φ and Φ′∘R have values in common.
let private isEnclosed (sample: Sample) : Outcome =
    let p = sample.Network.Perceptron
    let value (q: Perceptron<Interval>) (x: Rational[]) = (Perceptron.apply ActivationKind.over q (Array.map Interval.ofRational x))[0]
    let expected = value (Perceptron.map Interval.ofRational p) sample.Point

    let found =
        match NormalForm.normalise p with
        | NormalForm.Constant constant -> NeuronConstant.over constant[0]
        | NormalForm.Reduced form -> value (NormalForm.perceptron NeuronConstant.over form) (Matrix.apply form.InputMap sample.Point)

    let distance = abs (Interval.midpoint expected - Interval.midpoint found)

    Outcome.check [
        fun () -> Outcome.isTrue "the enclosures of Φ(x) and Φ′(R·x)" "have a common point" (not (Interval.disjoint expected found))
        fun () -> Outcome.atMost "the distance of the midpoints" (Interval.width expected + Interval.width found) distance
    ]

let private inputs = [ "1 0"; "1 1"; "0 2" ], "1/2 0 -1"

/// W₂·W̃₁ = A₂ and W₂·b̃₁ + b₂ as one layer, then W̃₂ = [1 1].
let private referenceNetwork (second: string list) : Perceptron<Rational> =
    let outer = Networks.matrix [ "1 2 3"; "2 4 6"; "1 0 1" ], Networks.vector "1 0 -1/2"
    let w2 = Networks.matrix second

    let neurons weights bias kind = { Weights = weights; Bias = bias; Activations = Array.create weights.Rows kind }

    [|
        neurons (Networks.matrix (fst inputs)) (Networks.vector (snd inputs)) ActivationKind.Cubic
        neurons (fst outer) (snd outer) ActivationKind.Identity
        neurons w2 (Vector.zero w2.Rows) ActivationKind.Cubic
        neurons (Networks.matrix [ "1 1" ]) (Vector.zero 1) ActivationKind.Identity
    |]
    |> Perceptron.ofLayers
    |> Defect.orFail

[<NoComparison; NoEquality>]
type private Expected = {
    Second: string list
    Merged: Matrix<Rational>
    Left: Matrix<Rational>
    Right: Matrix<Rational>
    Bias: string
    Nodes: int[]
    Removed: Removal list
}

let private references: Expected list = [
    {
        Second = [ "1 -1/2 1"; "2 -1 2" ]
        Merged = Networks.matrix [ "1 1"; "2 2" ]
        Left = Networks.matrix [ "1"; "2" ]
        Right = Networks.matrix [ "1 1" ]
        Bias = "1/2 1"
        Nodes = [| 2; 2; 2; 1; 2; 1 |]
        Removed = [ { Layer = 0; Neuron = 1; Reason = RemovalReason.Unread } ]
    }
    {
        Second = [ "1 1 1"; "1 0 -1" ]
        Merged = Networks.matrix [ "4 6 10"; "0 2 2" ]
        Left = Networks.matrix [ "4 6"; "0 2" ]
        Right = Networks.matrix [ "1 0 1"; "0 1 1" ]
        Bias = "1/2 3/2"
        Nodes = [| 2; 2; 3; 2; 2; 1 |]
        Removed = []
    }
]

let private isReference (expected: Expected) : Outcome =
    match NormalForm.normalise (referenceNetwork expected.Second) with
    | NormalForm.Constant _ -> Outcome.refuted "the normal form" "not constant" "constant"
    | NormalForm.Reduced form ->
        let layer = form.Hidden[1]

        Outcome.check [
            fun () -> Check.matrices "A₂" expected.Merged layer.Weights
            fun () -> Check.matrices "W₂" expected.Left layer.Left
            fun () -> Check.matrices "W̃₁" expected.Right layer.Right
            fun () ->
                Check.vectors "c₂" (Networks.vector expected.Bias) (layer.Bias |> Array.map (NeuronConstant.tryRational >> Option.get))
            fun () -> Outcome.equal "the effective nodes" (Array.map string >> String.concat "-") expected.Nodes form.EffectiveNodes
            fun () -> Outcome.equal "the removed neurons" string expected.Removed form.Removals
        ]

/// Whether Φ′ has as many inputs as Φ.
let private keepsInputs (p: Perceptron<Rational>) : Outcome =
    match NormalForm.normalise p with
    | NormalForm.Constant _ -> Outcome.refuted "the inputs of Φ′" (string p.Inputs) "none"
    | NormalForm.Reduced form -> Outcome.equal "the inputs of Φ′" string p.Inputs form.InputMap.Rows

/// Φ = 2σ(x) + 3σ(−x) with the mirrored neuron subtracted, as if σ were odd.
let private isMirrored (kind: ActivationKind) : Outcome =
    let network = Networks.create kind [ [ "1"; "-1" ], "0 0"; [ "2 3" ], "0" ]
    let joined = Networks.create kind [ [ "1" ], "0"; [ "-1" ], "0" ]
    Check.equal "Φ(1) with the mirrored neuron subtracted" (Check.value network [| Rational.One |]) (Check.value joined [| Rational.One |])

let claim: Claim =
    let leaky = ActivationKind.LeakyRelu(Rational.create 1 4)

    let mixed =
        Draws.samples {
            Draws.smallIntegers with
                Activations = [| ActivationKind.Cubic; ActivationKind.Square; leaky; ActivationKind.Relu; ActivationKind.Identity |]
        }

    let smooth =
        Draws.samples {
            Draws.smallIntegers with
                Activations = [| Networks.tanh; ActivationKind.Transcendental TranscendentalName.Logistic |]
        }

    let showActivation kind = [ "activation", ActivationKind.name kind ]

    Paper.define
        "kuehn-kuntz.mlp.normal-form"
        Paper.ofSummary
        "Every perceptron equals Φ′(R·x) with R of full row rank rank A₁, Φ′ without superfluous neurons and A_l = C_l·R_l of full-rank factors; widths never grow, a second run changes nothing, and if some A_l = 0, it is constant."
    |> Claim.hypothesis "H1" "the number of inputs may change to rank A₁"
    |> Claim.hypothesis "H2" "neurons of negated weights are joined only where σ(−t) = ±σ(t) + const"
    |> Claim.exact "equality" (Instances.random mixed 60) isNormal
    |> Claim.exact "reference" (Instances.chosen (fun expected -> [ "W₂", String.concat ", " expected.Second ]) references) isReference
    |> Claim.bounded "irrational-constants" (Instances.random smooth 40) isEnclosed
    |> Claim.neededBy
        "H1"
        (Instances.chosen (fun _ -> [ "Φ", "σ(x₁) − σ(2x₁)" ]) [
            Networks.criticalLines
            Networks.withActivation ActivationKind.Cubic Networks.criticalLines
        ])
        keepsInputs
    |> Claim.neededBy "H2" (Instances.chosen showActivation [ ActivationKind.Relu; leaky ]) isMirrored
