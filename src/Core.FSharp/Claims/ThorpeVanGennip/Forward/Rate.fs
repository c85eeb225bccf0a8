/// Sampled networks are within C/n of their limit, with a constant that is known beforehand.
///
/// Statement: K, b of bounded variation on each side of no jump (W^{1,1}), K_i = K(i/n), b_i = b(i/n): max_i|X_i − X(i/n)| ≤ C/n, C = e^{LA}L(R·D_K + D_b + AV/2), D_K ≥ ∫‖K′‖, D_b ≥ ∫|b′|. The rate is 1/n although K is Hölder continuous of
/// exponent ½ only, as the defects of the cells sum to an L¹ norm.
/// Proof: the defect of a cell is at most L∫(‖K − K_i‖R + A|X − X(t_i)| + |b − b_i|) ≤ (L/n)(R∫‖K′‖ + ∫|b′|) + LAV/(2n²); the discrete Grönwall lemma.
/// Reconstructed; the constant is our own.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.ThorpeVanGennip.Forward.Rate

open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.ThorpeVanGennip

/// The error against X(i/n) with its doubt.
let private isWithin (field: DepthField) (n: int) (limit: float[][], doubt: float) : Outcome =
    let bound = ForwardRuns.rate field / float n

    if doubt > 1e-3 * bound then
        Outcome.undecided $"the reference is only known to {doubt}"
    else
        let error = ForwardRuns.error (ForwardRuns.states field (ForwardRuns.sample field n)) limit
        Outcome.atMost "max|X_i − X(i/n)|" (bound + doubt + ForwardRuns.rounding field n) error

let private isBounded (case: PolynomialCase) : Outcome =
    let field = PolynomialCase.field case
    // At least 64 steps in all.
    isWithin field case.N (ForwardRuns.limitAtLayers field case.N (max 4 (128 / case.N)))

let private ladder (field: DepthField) : Outcome =
    let depths = [ 16; 32; 64; 128; 256 ]
    let limit, doubt = ForwardRuns.limitAtLayers field 256 8

    depths
    |> List.map (fun n ->
        let atLayers = Array.init (n + 1) (fun i -> limit[i * (256 / n)])

        {
            Resolution = float n
            Error = ForwardRuns.error (ForwardRuns.states field (ForwardRuns.sample field n)) atLayers
            Floor = doubt + ForwardRuns.rounding field n
        })
    |> Asymptotic.within "max|X_i − X(i/n)|" (0.9, 1.1)

let private isOfOrderOne (case: PolynomialCase) : Outcome =
    let field = PolynomialCase.field case
    // Where the first-order term is nearly zero the ladder is too short.
    ladder field

let claim: Claim =
    let cases = PolynomialCase.generator PolynomialCase.everyActivation [| 4; 16; 64; 256 |]
    let smooth = PolynomialCase.generator [| "tanh"; "logistic"; "softplus"; "identity" |] [| 256 |]
    let showDepth name (n: int) = [ "K", name; "n", string n ]
    let output field n = ForwardRuns.states field (ForwardRuns.sample field n) |> Array.last
    let ramp = KnownFields.ramp
    let planar = KnownFields.planar
    let planarLimit = lazy (ForwardRuns.limit planar 4096 |> Array.last)
    let scaledError n = float n * ForwardRuns.distance (output planar n) planarLimit.Value

    let exactRamp n = Scalar.output Activation.Identity (Array.init n (fun i -> Rational.create i n)) Rational.One

    Paper.define
        "thorpe-van-gennip.forward.rate"
        Paper.ofAbstract
        "K_i = K(i/n), b_i = b(i/n): max|X_i − X(i/n)| ≤ C/n with C = e^{LA}L(R·D_K + D_b + AV/2), so the forward pass converges with order 1 whenever K and b have integrable derivatives."
    |> Claim.hypothesis "H1" "σ is Lipschitz"
    |> Claim.hypothesis "H2" "K and b are continuous"
    |> Claim.hypothesis "H3" "∫‖K′‖ ≤ D_K with one D_K for all depths"
    |> Claim.bounded "bound" (Instances.random cases 60) isBounded
    |> Claim.asymptotic "planar" (Instances.ladder (fun _ -> [ "field", "planar" ]) [ planar ]) ladder
    |> Claim.asymptotic "order" (Instances.random smooth 8) isOfOrderOne
    |> Claim.drawsPerTrial 4
    |> Known.exact "ramp-4" [
        Known.value "X_4 for K(t) = t, σ = id: (1 + 1/16)(1 + 2/16)(1 + 3/16)" "2907/2048" (fun () -> [| exactRamp 4 |])
    ]
    |> Known.bounded "reference" [
        Known.floats "K(t) = t: X_4, X_64" "1.41943359375 1.631767173954781" (fun () -> [| (output ramp 4)[0]; (output ramp 64)[0] |])
        Known.floats "n(X_n − √e) at n = 1024" "-1.098253923" (fun () -> [| 1024.0 * ((output ramp 1024)[0] - Elementary.exp 0.5) |])
        Known.floats "planar: X(1)" "1.73338685166794638 -0.419910300780194707" (fun () -> planarLimit.Value)
        Known.floats "planar: X_4" "1.671981248745453 -0.385788483748124" (fun () -> output planar 4)
        Known.floats "planar: X_16" "1.718003540310544 -0.411949830071497" (fun () -> output planar 16)
        Known.floats "planar: X_64" "1.729532479772922 -0.417958796356166" (fun () -> output planar 64)
        Known.floats "planar: n·error, n = 4, 16, 64, 1024" ".2809967 .2771352 .2764959 .2763233" (fun () -> [|
            for n in [ 4; 16; 64; 1024 ] -> scaledError n
        |])
        Known.floats "planar: C, with |σ| ≤ 1 and without" "26.8876327576619 142.855848496896" (fun () -> [|
            ForwardRuns.rate planar
            ForwardRuns.rate { planar with M = infinity }
        |])
        Known.floats "K = sin 2πmt with ReLU: X(1), m = 4" "1.37480222744" (fun () ->
            ForwardRuns.limit (KnownFields.waves 4) 8192 |> Array.last)
    ]
    |> Claim.neededBy "H1" (Instances.chosen (showDepth "1, σ = z²") [ 16 ]) (fun n ->
        // The solution 2/(1 − 2t) up to t = ½ only: any number stands for X(1).
        isWithin KnownFields.blowUp n (Array.init (n + 1) (fun i -> [| 2.0 / max 1e-9 (1.0 - 2.0 * float i / float n) |]), 0.0))
    |> Claim.neededBy "H2" (Instances.chosen (showDepth "1 at binary fractions") [ 64; 256 ]) (fun n ->
        isWithin KnownFields.dyadic n (Array.create (n + 1) [| 1.0 |], 0.0))
    |> Claim.neededBy "H3" (Instances.chosen (showDepth "sin 2πnt, σ = ReLU") [ 128; 256 ]) (fun n ->
        let field = KnownFields.waves n
        isWithin field n (ForwardRuns.limitAtLayers field n 64))
