/// One network on which forward passes converge, weights without a regulariser do not, and those with it do.
///
/// Statement: d = 1, σ = id, x = 1, W = 1, b = 0: (i) X_n → X(1) with order 1 at K(t) = t; (ii) y = 1, α = 0: E_n = 0 at K_{2j} = 2, K_{2j+1} = −2/(1 + 2/n), and |P_nK^n − P_{2n}K^{2n}|_{L²} → 2√2, so the sequence is not Cauchy; (iii) y = 2,
/// α = 1/10: minimisers converge with order 1.
/// This is what the paper adds to the convergence of forward passes.
/// From the abstract; the instance is our own.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.ThorpeVanGennip.Necessity.ForwardVersusParameters

open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.DeepLimit
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.ThorpeVanGennip
open LayerTime.Core.Claims.ThorpeVanGennip.Benchmarks

let private forward () : Outcome =
    let output n = (Scalar.output Activation.Identity (Array.init n (fun i -> Binary64(float i / float n))) (Binary64 1.0)).Value
    let limit = Elementary.exp 0.5

    [ 16; 32; 64; 128; 256 ]
    // Five roundings a layer of positive numbers, and those of the limit.
    |> List.map (fun n -> { Resolution = float n; Error = abs (output n - limit); Floor = Errors.γ (5 * n + 8) * limit })
    |> Asymptotic.within "|X_n − X(1)|" (0.95, 1.05)

/// The distance of the embedded weights of neighbouring depths falls with order 1.
let private isCauchy (weights: int -> Rational[]) : Outcome =
    let embed n = WeightFunction.constant (Sequences.ofNumbers (weights n))
    let distance n = sqrt (Rational.toFloat (WeightFunction.distanceSquared (embed n) (embed (2 * n))))

    [ 8; 16; 32; 64; 128 ]
    |> List.map (fun n -> { Resolution = float n; Error = distance n; Floor = 0.0 })
    |> Asymptotic.within "|P_nK^n − P_2nK^2n|" (0.9, 1.1)

/// The minimisers with the regulariser, as the fractions their floats are.
let private regularised (n: int) : Rational[] =
    ScalarLinear.nodes ScalarLinear.reference ScalarLinear.κ n
    |> ResidualWeights.kernelSequence
    |> Array.concat
    |> Array.map (fun k -> Rational.ofFloat k.Value)

let private free (n: int) : Rational[] = ExactFit.weights n (Rational.ofInt 2)

let private fitsExactly (n: int) : Outcome = Check.equal "X_n" Rational.One (Scalar.output Activation.Identity (free n) Rational.One)

let claim: Claim =
    let once name = Instances.ladder (fun () -> [ "weights", name ]) [ () ]

    Paper.define
        "thorpe-van-gennip.forward-vs-parameters"
        Paper.ofAbstract
        "On one network: forward passes converge with order 1, exact fits without a regulariser are not Cauchy in L², and the minimisers with it are, with order 1."
    |> Claim.hypothesis "H3" "α > 0"
    |> Claim.asymptotic "forward" (once "K(t) = t") forward
    |> Claim.asymptotic "regularised" (once "minimisers of problem B") (fun () -> isCauchy regularised)
    |> Claim.exact "fits" (Instances.chosen (fun (n: int) -> [ "n", string n ]) [ 4; 16; 64 ]) fitsExactly
    |> Known.bounded "reference" [
        Known.floats "|P_nK − P_2nK|² of the exact fits, n = 4096" "7.99707" (fun () -> [|
            Rational.toFloat (ExactFit.squaredGap 4096 (Rational.ofInt 2))
        |])
    ]
    |> Claim.neededBy "H3" (once "exact fits") (fun () -> isCauchy free)
