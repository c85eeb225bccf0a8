/// Changing the depth of a network moves its outputs by a known amount.
///
/// Statement: weights θ of depth m, σ = tanh: the outputs of θ and of S_nI_mθ differ by at most Lip(h)‖W‖(C/m + C/n), C = e^{LA}L(R·D_K + D_b + AV/2) with D_K = Σ‖ΔK_i‖, D_b = Σ|Δb_i|, the variations of I_mθ.
/// Proof: both networks are samples of I_mθ: the forward rate twice.
/// Our own.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.ThorpeVanGennip.Beyond.ResampleCertificate

open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.DeepLimit
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.ThorpeVanGennip
open LayerTime.Core.Claims.ThorpeVanGennip.Gamma

/// Weights and the new depth.
[<NoComparison; NoEquality>]
type private Case = { Trained: Trained; Depth: int }

let private generator: Generator<Case> =
    let draw _ (stream: RandomStream) = { Trained = Functionals.draw [| 2; 4; 8; 16; 32 |] stream; Depth = stream.NextInt(1, 64) }

    let shrink case =
        seq {
            for depth in Shrink.int 1 case.Depth do
                { case with Depth = depth }

            for trained in Functionals.shrink case.Trained do
                { case with Trained = trained }
        }

    Generator.fromStream draw shrink (fun case -> Functionals.show case.Trained @ [ "new depth", string case.Depth ])

let private norms (sequence: Binary64[][]) : float[] = sequence |> Array.map (Binary64.toFloats >> ForwardRuns.norm)

let private rises (sequence: Binary64[][]) : float[] =
    sequence |> Array.map Binary64.toFloats |> Array.pairwise |> Array.map (fun (a, b) -> ForwardRuns.distance a b)

/// The outputs of both depths for every sample, against the bound with this measure of variation.
let private isWithin
    (σ: Activation<Binary64>)
    (m: float)
    (variation: float[] -> float)
    (weights: ResidualWeights<Binary64>)
    (depth: int)
    (inputs: Binary64[][])
    : Outcome =
    let resampled = ResidualWeights.sample depth (ResidualWeights.interpolate weights)
    let kernel = ResidualWeights.kernelSequence weights
    let w = ForwardRuns.norm (Binary64.toFloats (weights.Readout.Entries.ToArray()))

    inputs
    |> Array.map (fun x ->
        let field = {
            KnownFields.growth (Array.max (norms kernel)) with
                Sigma = σ
                M = m
                Start = Binary64.toFloats x
                Bias = Array.max (norms weights.Bias)
                RiseK = variation (rises kernel)
                RiseB = variation (rises weights.Bias)
        }

        let output weights = ForwardRuns.states field weights |> Array.last
        let bound = w * ForwardRuns.rate field * (1.0 / float weights.Depth + 1.0 / float depth)
        let ρ = w * (ForwardRuns.rounding field weights.Depth + ForwardRuns.rounding field depth)
        Outcome.atMost "|W(X_m − X_n)|" (bound + ρ) (w * ForwardRuns.distance (output weights) (output resampled)))
    |> Outcome.all

let private holds (case: Case) : Outcome =
    let inputs = case.Trained.Problem.Samples |> Array.map _.Input
    isWithin Activation.tanh 1.0 Array.sum case.Trained.Weights case.Depth inputs

/// K_i = ±½ with ReLU at depth m and 2m, with the variation measured by its largest rise.
let private alternating (m: int) : Outcome =
    let largest (rises: float[]) = Array.fold max 0.0 rises
    let weights = Scalar.unbiased (Sequences.alternating m (Binary64 0.5))
    isWithin Activation.Relu infinity largest weights (2 * m) [| [| Binary64 1.0 |] |]

let claim: Claim =
    Paper.define
        "thorpe-van-gennip.beyond.resample-certificate"
        Paper.own
        "Weights of depth m resampled to depth n by S_nI_m: outputs move by at most Lip(h)‖W‖(C/m + C/n) with the constant of the forward rate and D_K = Σ‖ΔK_i‖."
    |> Claim.hypothesis "H1" "D_K is the variation Σ‖ΔK_i‖ of the interpolant, not its largest rise"
    |> Claim.bounded "bound" (Instances.random generator 60) holds
    |> Claim.neededBy "H1" (Instances.chosen (fun (m: int) -> [ "m", string m ]) [ 256; 1024 ]) alternating
