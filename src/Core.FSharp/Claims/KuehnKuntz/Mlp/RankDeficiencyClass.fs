/// The class that counts is that of the ranks.
///
/// Statement: the effective class, that of (n, r₁, m₁, r₂, m₂, …, 1) with r_l = rank A_l after superfluous neurons are removed, is
/// non-augmented iff every A_l has full row rank, and then there is no critical point. Where all ranks are full it is the class of the
/// widths. Weights of augmented widths may be non-augmented in effect or have a bottleneck, weights of non-augmented widths may have a
/// bottleneck. If rank A₁ &lt; n, every Hessian is singular on the kernel of A₁.
/// Proof: r_l ≤ m_l always, and a non-increasing sequence forces r_l ≥ m_l. Full row ranks: Φ_xᵀ = A_{L+1}·D_L·A_L ⋯ D₁·A₁ is a product
/// of injective maps of rows.
/// Reconstructed. Checked with t + t³/3, whose derivative is at least 1, so that gradients are exact.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.KuehnKuntz.Mlp.RankDeficiencyClass

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.KuehnKuntz

let private classify (p: Perceptron<Rational>) : NetworkClassification = ArchitectureClass.classify p |> Defect.orFail

let private isNonZero (x: Rational[]) : bool = x |> Array.exists (fun a -> a.Sign <> 0)
let private gradient = PerceptronDerivatives.gradient ActivationKind.exactDerivative
let private hessian = PerceptronDerivatives.hessian ActivationKind.exactDerivative

let private hasFullRowRanks (form: ReducedForm) : bool =
    form.Hidden |> Array.forall (fun layer -> layer.Right.Rows = layer.Weights.Rows)
    && Elimination.rank form.Output = form.Output.Rows

/// The gradient does not vanish at x.
let private hasGradient (p: Perceptron<Rational>) (x: Rational[]) : Outcome =
    Outcome.isTrue $"the gradient at {Draws.showVector x}" "is not zero" (isNonZero (gradient p x))

let private isSingular (p: Perceptron<Rational>) (x: Rational[]) : Outcome =
    Check.equal "det H" Rational.Zero (Elimination.determinant (hessian p x))

let private isAsStated (sample: Sample) : Outcome =
    let p = sample.Network.Perceptron
    let c = classify p

    match c.NormalForm, c.Effective with
    | NormalForm.Reduced form, Some effective ->
        let isNonAugmented = effective = ArchitectureClass.NonAugmented
        let isFull = form.Hidden |> Array.forall (fun layer -> layer.Right.Rows = min layer.Weights.Rows layer.Weights.Columns)

        Outcome.check [
            fun () -> Outcome.equal "whether all row ranks are full" string isNonAugmented (hasFullRowRanks form)
            fun () ->
                if isFull then
                    Outcome.equal "the class of the widths" ArchitectureClass.name effective (ArchitectureClass.ofNodes form.Widths)
                else
                    Outcome.holds
            fun () -> if isNonAugmented then hasGradient p sample.Point else Outcome.holds
            fun () -> if form.Ranks[0] < p.Inputs then isSingular p sample.Point else Outcome.holds
            fun () ->
                let law =
                    if isNonAugmented then CriticalPointLaw.NoCriticalPoint
                    elif form.Ranks[0] < p.Inputs then CriticalPointLaw.Degenerate(p.Inputs - form.Ranks[0])
                    else c.Law

                Outcome.equal "the law" string law c.Law
        ]
    | _ ->
        Outcome.check [
            fun () -> Check.vectors "the gradient of a constant" (Vector.zero p.Inputs) (gradient p sample.Point)
            fun () -> Outcome.equal "the law" string CriticalPointLaw.Constant c.Law
        ]

/// How the class of the widths and the effective class may differ.
let private changes: (Perceptron<Rational> * string * (ArchitectureClass * ArchitectureClass * int[])) list =
    let cubic = Networks.create ActivationKind.Cubic
    let n, g, b = ArchitectureClass.NonAugmented, ArchitectureClass.Augmented, ArchitectureClass.Bottleneck

    [
        // The first example of the normal form: a layer of rank 1 in widths 2-3-2-1.
        cubic [ [ "1 0"; "1 1"; "0 2" ], "1/2 0 -1"; [ "1 0 1"; "2 0 2" ], "1/2 1"; [ "1 1" ], "0" ],
        "2-3-2-1 with A₂ of rank 1",
        (g, b, [| 2; 2; 2; 1; 2; 1 |])
        cubic [ [ "1"; "1"; "1" ], "0 0 0"; [ "1 2 3" ], "0" ], "1-3-1 with three equal neurons", (g, n, [| 1; 1; 1; 1 |])
        cubic [ [ "1 0"; "0 1" ], "0 0"; [ "1 1"; "2 2" ], "0 0"; [ "1 1" ], "0" ],
        "2-2-2-1 with A₂ of rank 1",
        (n, b, [| 2; 2; 2; 1; 2; 1 |])
    ]

let private isChanged
    (p: Perceptron<Rational>, _: string, (syntactic, effective, nodes): ArchitectureClass * ArchitectureClass * int[])
    : Outcome =
    let c = classify p

    Outcome.check [
        fun () -> Outcome.equal "the class of the widths" ArchitectureClass.name syntactic c.Syntactic
        fun () ->
            Outcome.equal
                "the effective class"
                (Option.map ArchitectureClass.name >> Option.defaultValue "none")
                (Some effective)
                c.Effective
        fun () -> Outcome.equal "the effective nodes" (Array.map string >> String.concat "-") nodes c.EffectiveNodes
    ]

/// Critical only if not non-augmented by the nodes that `classOf` takes for the effective ones.
let private agrees (classOf: Perceptron<Rational> -> ArchitectureClass) (p: Perceptron<Rational>, x: Rational[]) : Outcome =
    Outcome.equal
        $"whether there is a gradient at {Draws.showVector x}"
        string
        (classOf p = ArchitectureClass.NonAugmented)
        (isNonZero (gradient p x))

/// The ranks as they are, dead neurons included.
let private withoutCleanUp (p: Perceptron<Rational>) : ArchitectureClass =
    ArchitectureClass.ofNodes [|
        p.Inputs
        for layer in p.Hidden.ToArray() do
            Elimination.rank layer.Weights
            layer.Weights.Rows
        p.Outputs
    |]

let private withoutRanks (p: Perceptron<Rational>) : ArchitectureClass = ArchitectureClass.ofNodes p.Widths

/// Φ = σ(x₁) + σ(0): the second neuron is dead.
let private dead = Networks.create ActivationKind.Cubic [ [ "1 0"; "0 0" ], "0 1"; [ "1 1" ], "0" ]

/// Φ = σ(x₁) − σ(2x₁)/5, critical on x₁ = ±1.
let private lines = Networks.create ActivationKind.Cubic [ [ "1 0"; "2 0" ], "0 0"; [ "1 -1/5" ], "0" ]

let claim: Claim =
    let generator = Draws.samples Draws.smallIntegers
    let full = Draws.samples (Draws.ofClass ArchitectureClass.NonAugmented)
    let origin = Vector.zero 2
    let onLine = Networks.vector "1 1/3"

    Paper.define
        "kuehn-kuntz.mlp.rank-deficiency-class"
        Paper.reconstructed
        "The class of the widths and ranks n, r₁, m₁, r₂, m₂, …, 1 after superfluous neurons are removed is non-augmented iff every matrix has full row rank, and then there is no critical point, whatever the class of the widths; if rank A₁ < n, every Hessian is singular."
    |> Claim.hypothesis "H1" "superfluous neurons are removed before the ranks are taken"
    |> Claim.hypothesis "H2" "the class is that of the ranks and widths, not of the widths alone"
    |> Claim.hypothesis "H3" "σ_l is C¹ with σ_l′ > 0"
    |> Claim.exact "full-row-ranks" (Instances.random generator 80) isAsStated
    |> Claim.exact "no-critical-point" (Instances.random full 30) (fun sample -> hasGradient sample.Network.Perceptron sample.Point)
    |> Claim.exact "changes" (Instances.chosen (fun (_, name, _) -> [ "network", name ]) changes) isChanged
    |> Claim.neededBy "H1" (Instances.chosen (fun _ -> [ "Φ", "σ(x₁) + σ(1)" ]) [ dead, origin ]) (agrees withoutCleanUp)
    |> Claim.neededBy "H2" (Instances.chosen (fun _ -> [ "Φ", "σ(x₁) − σ(2x₁)/5" ]) [ lines, onLine ]) (agrees withoutRanks)
    |> Claim.neededBy
        "H3"
        (Instances.chosen (fun (p: Perceptron<Rational>, _) -> [ "activation", ActivationKind.name p.Hidden[0].Activations[0] ]) [
            Networks.withActivation ActivationKind.Square Networks.N221, origin
            Networks.withActivation ActivationKind.Relu Networks.N221, Array.map (~-) onLine
        ])
        (fun (p, x) -> hasGradient p x)
