/// Which factor n^{−β} a family of residual layers needs depends on how its weights depend on depth.
///
/// Statement: X_{k+1} = (1 + n^{−β}ξ_k)X_k. Independent ξ_k with mean 0 and variance 1: E X_n² = (1 + n^{−2β})^n x² exactly: explosion for β < ½, e·x² for β = ½, identity for β > ½. ξ_k = k(k/n) continuous: X_n → x·exp∫k for β = 1, explosion below, identity
/// above. Alternating ξ, β = ½: (1 − 1/n)^{n/2} → e^{−1/2}. Increments of a fractional Brownian motion of exponent H: the variance of n^{−β}Σξ_k is n^{2(H−β)}, so β = max(H, ½) is critical.
/// Proof: independence; logarithms; telescoping of the covariances ½(|j + 1|^{2H} − 2|j|^{2H} + |j − 1|^{2H}).
/// In accord with the abstracts of Marion et al. and of Cohen, Cont, Rossier and Xu. Our own.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.ThorpeVanGennip.Beyond.DepthScaling

open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.ThorpeVanGennip

/// Π(1 + sξ_k) by the forward pass of a network of identities, K_k = nsξ_k.
let private output (s: Rational) (ξ: Rational[]) : Rational =
    let n = Rational.ofInt ξ.Length
    Scalar.output Activation.Identity (ξ |> Array.map (fun a -> n * s * a)) Rational.One

/// The mean of X_n² over all signs ξ.
let private secondMoment (s: Rational) (n: int) (signs: int -> int -> int) : Rational =
    let all = Seq.init (1 <<< n) (fun code -> output s (Array.init n (fun k -> Rational.ofInt (signs code k))))
    Seq.fold (fun sum x -> sum + x * x) Rational.Zero all / Rational.ofInt (1 <<< n)

/// A step s = n^{−β} and a depth.
[<NoComparison>]
type private Case = { Step: Rational; N: int }

let private show (case: Case) : (string * string) list = [ "n^{−β}", string case.Step; "n", string case.N ]

let private generator: Generator<Case> =
    let draw _ (stream: RandomStream) = { Step = SequenceDraws.fraction stream; N = stream.NextInt(1, 6) }

    let shrink case =
        seq {
            for n in Shrink.int 1 case.N do
                { case with N = n }

            for step in Draws.shrinkFraction case.Step do
                { case with Step = step }
        }

    Generator.fromStream draw shrink show

/// E X_n² = (1 + s²)^n for signs that bit k of the code decides: independent. Or for one sign for all layers.
let private isProduct (signs: int -> int -> int) (case: Case) : Outcome =
    Check.equal "E X_n²" (Rational.power (Rational.One + case.Step * case.Step) case.N) (secondMoment case.Step case.N signs)

let private independent code k = if code >>> k &&& 1 = 1 then 1 else -1
let private common code _ = if code &&& 1 = 1 then 1 else -1

/// X_n for ξ_k = k(k/n), k(t) = 1 + cos 3t, and the factor n^{−β}.
let private smoothOutput (β: float) (n: int) : float =
    let s = Elementary.exp (-β * Elementary.log (float n))
    Seq.fold (fun x i -> x * (1.0 + s * (1.0 + Elementary.cos (3.0 * float i / float n)))) 1.0 (seq { 0 .. n - 1 })

let private hasLimit (β: float) : Outcome =
    let limit = Elementary.exp (1.0 + Elementary.sin 3.0 / 3.0)

    [ 64; 128; 256; 512 ]
    // Two roundings a layer, those of n^{−β}k, which is at most 2/n for β ≥ 1, and those of exp, log and cos: below 128 in all.
    |> List.map (fun n -> { Resolution = float n; Error = abs (smoothOutput β n - limit); Floor = Errors.γ (2 * n + 128) * limit })
    |> Asymptotic.within "|X_n − exp∫k|" (0.9, 1.1)

/// E X_n² = (1 + n^{−2β})^n in floats.
let private moment (β: float) (n: int) : float =
    Elementary.exp (float n * Elementary.log1p (Elementary.exp (-2.0 * β * Elementary.log (float n))))

let private alternating (n: int) : float = Elementary.exp (0.5 * float n * Elementary.log1p (-1.0 / float n))

let private alternatingLimit () : Outcome =
    [ 64; 128; 256; 512 ]
    // The exponent −½ − … is below 1 and has six roundings, both powers have four.
    |> List.map (fun n -> { Resolution = float n; Error = abs (alternating n - Elementary.exp -0.5); Floor = Errors.γ 16 })
    |> Asymptotic.within "|X_n − e^{−1/2}|" (0.95, 1.05)

/// ΣΣ of the covariances of n increments with exponent H is n^{2H}.
let private hasVariance (hurst: float, n: int) : Outcome =
    let power (j: int) = if j = 0 then 0.0 else Elementary.exp (2.0 * hurst * Elementary.log (float (abs j)))
    let covariance j = 0.5 * (power (j + 1) - 2.0 * power j + power (j - 1))
    let sum = Seq.init (2 * n - 1) (fun e -> let j = e - n + 1 in float (n - abs j) * covariance j) |> Seq.sum
    // Terms up to n·n^{2H}, 2n of them, rounded.
    Outcome.atMost "|Var Σξ_k − n^{2H}|" (8.0 * float (n * n) * power n * 1.2e-16) (abs (sum - power n))

let claim: Claim =
    let showβ (β: float) = [ "β", string β ]
    let showHurst (h: float, n: int) = [ "H", string h; "n", string n ]

    Paper.define
        "thorpe-van-gennip.beyond.depth-scaling"
        Paper.own
        "X_{k+1} = (1 + n^{−β}ξ_k)X_k: E X_n² = (1 + n^{−2β})^n x² for independent ξ, critical at β = ½; X_n → x·exp∫k for ξ_k = k(k/n), critical at β = 1."
    |> Claim.hypothesis "H1" "the ξ_k are independent"
    |> Claim.hypothesis "H2" "β = 1 for weights that are smooth in depth"
    |> Claim.exact "second-moment" (Instances.random generator 30) (isProduct independent)
    |> Claim.asymptotic "smooth" (Instances.ladder showβ [ 1.0 ]) hasLimit
    |> Claim.asymptotic "alternating" (Instances.ladder (fun () -> [ "β", "1/2" ]) [ () ]) alternatingLimit
    |> Claim.bounded "fractional" (Instances.chosen showHurst (List.allPairs [ 0.3; 0.5; 0.8 ] [ 16; 256 ])) hasVariance
    |> Known.bounded "reference" [
        Known.floats "E X_n², β = 1/4, n = 16, 256" "35.527 5.498e6" (fun () -> [| moment 0.25 16; moment 0.25 256 |])
        Known.floats "β = 1/2, n = 16, 256, 4096" "2.637928497 2.712991624 2.717950081" (fun () -> [|
            for n in [ 16; 256; 4096 ] -> moment 0.5 n
        |])
        Known.floats "alternating, n = 4, 64, 1024" ".5625 .604141145962 .60638250256" (fun () -> [|
            for n in [ 4; 64; 1024 ] -> alternating n
        |])
    ]
    |> Claim.neededBy "H1" (Instances.chosen show [ { Step = Rational.create 1 2; N = 4 } ]) (isProduct common)
    |> Claim.neededBy "H2" (Instances.ladder showβ [ 1.5; 1.25 ]) hasLimit
