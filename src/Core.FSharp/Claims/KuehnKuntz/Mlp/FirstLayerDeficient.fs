/// A first matrix with a kernel.
///
/// Statement: if rank A₁ = r &lt; n, then Φ is constant along ker A₁ and H vanishes on it everywhere, so every critical point is
/// degenerate and critical sets are unions of translates of ker A₁, flats of dimension n − r.
/// Proof: Φ depends on A₁·x only.
/// Reconstructed. With m₁ &lt; n this happens at full rank; such networks are non-augmented or have a bottleneck. Checked on a basis of
/// the kernel.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.KuehnKuntz.Mlp.FirstLayerDeficient

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.KuehnKuntz

let private firstMatrix (p: Perceptron<Rational>) : Matrix<Rational> = if p.Hidden.Length = 0 then p.Output else p.Hidden[0].Weights

let private vanishes (sample: Sample) : Outcome =
    let p, x = sample.Network.Perceptron, sample.Point
    let hessian = PerceptronDerivatives.hessian ActivationKind.exactDerivative p x
    let gradient = PerceptronDerivatives.gradient ActivationKind.exactDerivative p
    let kernel = Elimination.kernel (firstMatrix p)

    let along (k: Rational[]) =
        let moved = Vector.addScaled x (Rational.create 5 2) k

        Outcome.check [
            fun () -> Check.vectors "H·k for k in the kernel of A₁" (Vector.zero x.Length) (Matrix.apply hessian k)
            fun () -> Check.equal "Φ(x + 5/2·k)" (Check.value p x) (Check.value p moved)
            fun () -> Check.vectors "Φ_x(x + 5/2·k)" (gradient x) (gradient moved)
        ]

    Outcome.check [
        fun () -> Outcome.isTrue "the kernel of A₁" "is not zero" (not kernel.IsEmpty)
        fun () -> kernel |> Seq.map along |> Outcome.all
    ]

/// Every Hessian is singular.
let private isSingular (p: Perceptron<Rational>, x: Rational[]) : Outcome =
    Check.equal "det H" Rational.Zero (Elimination.determinant (PerceptronDerivatives.hessian ActivationKind.exactDerivative p x))

/// The determinant of a Hessian over intervals.
let private isSingularEnclosed (p: Perceptron<Rational>, x: Rational[]) : Outcome =
    let h =
        PerceptronDerivatives.hessian
            (ActivationKind.derivative ActivationKind.over)
            (Perceptron.map Interval.ofRational p)
            (Array.map Interval.ofRational x)

    let determinant = Arithmetic.(-) (Arithmetic.(*) h[0, 0] h[1, 1]) (Arithmetic.(*) h[0, 1] h[1, 0])
    Outcome.isTrue $"det H, in {determinant}," "may be zero" (Interval.contains 0.0 determinant)

/// n ≥ 2 and rank A₁ of 1 … n − 1, the other matrices of full rank.
let private deficient: Recipe =
    let entry = Draws.dyadic 4 1

    {
        Draws.ofClass ArchitectureClass.Augmented with
            Widths = fun stream -> Draws.anyWidths stream |> Array.updateAt 0 (stream.NextInt(2, 4))
            Matrix =
                fun stream l rows columns ->
                    if l > 0 then
                        Draws.fullRank entry stream rows columns
                    else
                        Draws.ofRank entry (stream.NextInt(1, min rows (columns - 1))) stream rows columns
            Keeps = fun drawn -> Elimination.rank drawn.Matrices[0] < drawn.Widths[0]
    }

/// m₁ &lt; n: deficient at full rank, bottlenecks included.
let private narrow: Recipe = {
    Draws.ofClass ArchitectureClass.Bottleneck with
        Widths = fun stream -> [| stream.NextInt(2, 4); 1; stream.NextInt(1, 4); 1 |]
        Keeps = fun drawn -> drawn.Widths[1] < drawn.Widths[0]
}

let claim: Claim =
    let named = fun _ -> [ "network", "A241" ]
    let cubic = Networks.withActivation ActivationKind.Cubic Networks.A241
    let saddle = Networks.vector "0.3953161926784541 1.1124032697079512"

    Paper.define
        "kuehn-kuntz.mlp.first-layer-deficient"
        Paper.reconstructed
        "If rank A₁ < n, the Hessian vanishes on the kernel of A₁ everywhere: every critical point is degenerate, and critical sets are unions of translates of the kernel."
    |> Claim.hypothesis "H1" "rank A₁ < n"
    |> Claim.exact "kernel" (Instances.random (Draws.samples deficient) 40) vanishes
    |> Claim.exact "narrow-first-layer" (Instances.random (Draws.samples narrow) 20) vanishes
    |> Claim.neededBy "H1" (Instances.chosen named [ cubic, Networks.vector "1/2 -1/3" ]) isSingular
    |> Claim.neededBy "H1" (Instances.chosen named [ Networks.A241, saddle ]) isSingularEnclosed
