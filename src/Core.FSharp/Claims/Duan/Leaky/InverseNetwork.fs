/// A leaky network of one width has an inverse of the same kind.
///
/// Statement: with all det W_l ≠ 0 and all slopes positive, f is a bijection and f⁻¹ is a network with as many layers: the order reversed,
/// the affine maps inverted, the slopes 1/α. In every norm that does not grow when coordinates shrink, Lip f ≤ Π‖W_l‖·Π max(1, max_i α_i), and the
/// same for f⁻¹. Checked for the max norm and for the Schatten norm |W|_p, p = 32, which is no less than the spectral norm and at most d^(1/p) times it.
/// Proof: σ_α⁻¹ = σ_{1/α}.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Duan.Leaky.InverseNetwork

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Duan

let private inverse (f: VanillaNet<Rational>) (conclude: VanillaNet<Rational> -> Outcome) : Outcome =
    match LeakyNets.invert f with
    | Ok g -> conclude g
    | Error defects -> Nets.refused "f⁻¹" "a network" defects

/// f⁻¹(f(x)) = x = f(f⁻¹(x)), with equal depths.
let private inverts (case: NetCase) : Outcome =
    let f = case.Net.Vanilla

    inverse f (fun g ->
        seq {
            Outcome.equal "the number of layers of f⁻¹" string f.Depth g.Depth

            for x in case.Points do
                Check.vectors "f⁻¹(f(x))" x (VanillaNet.apply g (VanillaNet.apply f x))
                Check.vectors "f(f⁻¹(x))" x (VanillaNet.apply f (VanillaNet.apply g x))
        }
        |> Outcome.all)

/// Π max(1, max_i α_i)
let private growth (f: VanillaNet<Rational>) : Rational =
    f.Slopes |> Array.map (Array.fold Rational.max Rational.One) |> Array.fold (*) Rational.One

let private p = 16

/// tr((WᵀW)^16) = |W|₃₂³²
let private schatten (w: Matrix<Rational>) : Rational =
    let power = Matrix.power (Matrix.multiply (Matrix.transpose w) w) p
    Seq.init w.Columns (fun i -> power[i, i]) |> Seq.fold (+) Rational.Zero

let private square (x: Rational[]) : Rational = Vector.dot x x

/// |f(x) − f(y)| against both bounds, for all pairs of points.
let private isLipschitzWith (f: VanillaNet<Rational>) (points: Rational[][]) : Outcome =
    let slope = growth f
    let weights = f.Affine |> Array.map _.Weights
    let largest = weights |> Array.map Matrix.normInf |> Array.fold (*) slope
    let spectral = weights |> Array.map schatten |> Array.fold (*) (Rational.power slope (2 * p))

    seq {
        for x, y in Array.pairwise points do
            let moved = Vector.subtract (VanillaNet.apply f x) (VanillaNet.apply f y)
            let apart = Vector.subtract x y
            Check.atMost "|f(x) − f(y)|∞" (largest * Vector.normInf apart) (Vector.normInf moved)
            Check.atMost "|f(x) − f(y)|³²" (spectral * Rational.power (square apart) p) (Rational.power (square moved) p)
    }
    |> Outcome.all

let private isLipschitz (case: NetCase) : Outcome =
    let f = case.Net.Vanilla
    let both g = Outcome.all [ isLipschitzWith f case.Points; isLipschitzWith g case.Points ]
    inverse f both

/// x ≠ y implies f(x) ≠ f(y), for all pairs of neighbours.
let private separates (case: NetCase) : Outcome =
    let f = case.Net.Vanilla

    Array.pairwise case.Points
    |> Seq.filter (fun (x, y) -> x <> y)
    |> Seq.map (fun (x, y) -> Outcome.isTrue $"f{Known.show x} and f{Known.show y}" "differ" (VanillaNet.apply f x <> VanillaNet.apply f y))
    |> Outcome.all

/// One layer between identities.
let private scalar (α: string) : DrawnNet = Nets.create [ [ "1" ], "0"; [ "1" ], "0" ] [ α ]

/// x + (2, −1/2)·max(0, x₁ + 3x₂ − 1/4), as printed.
let private printed: DrawnNet = Nets.create [ [ "1 3"; "1/4 1" ], "-1/4 0"; [ "6 -12"; "-3/2 4" ], "1 -1/4" ] [ "2/3 1" ]

let claim: Claim =
    let nets = Nets.cases 5 (Nets.draw 3 Nets.mixed) Nets.anywhere
    let show (case: NetCase) = Nets.show case.Net @ Nets.showPoints case.Points
    let folds net points = { Net = net; Points = Known.rows points }

    Paper.define
        "duan.leaky.inverse-network"
        Paper.reconstructed
        "A leaky network of one width with regular matrices and positive slopes is a bijection; its inverse is one of the same depth, with slopes 1/α, and both are Lipschitz with the product of the norms and of the largest slopes."
    |> Claim.hypothesis "H1" "all det W_l ≠ 0"
    |> Claim.hypothesis "H2" "all slopes are positive"
    |> Claim.exact "inverse" (Instances.random nets 200) inverts
    |> Claim.exact "injective" (Instances.random nets 100) separates
    |> Claim.exact "lipschitz" (Instances.random nets 100) isLipschitz
    |> Known.exact "reference" [
        Known.value "f(1/3, 2/5)" "29/10 -29/120" (fun () -> VanillaNet.apply printed.Vanilla (Known.vector "1/3 2/5"))
        Known.value "f⁻¹(29/10, −29/120)" "1/3 2/5" (fun () ->
            VanillaNet.apply (LeakyNets.invert printed.Vanilla |> Defect.orFail) (Known.vector "29/10 -29/120"))
    ]
    |> Claim.neededBy
        "H1"
        (Instances.chosen show [ folds (Nets.create [ [ "1 1"; "1 1" ], "0 0"; [ "1 0"; "0 1" ], "0 0" ] [ "1/2 1/2" ]) [ "1 -1"; "0 0" ] ])
        separates
    |> Claim.neededBy "H2" (Instances.chosen show [ folds (scalar "0") [ "-1"; "-2" ]; folds (scalar "-1") [ "-1"; "1" ] ]) separates
