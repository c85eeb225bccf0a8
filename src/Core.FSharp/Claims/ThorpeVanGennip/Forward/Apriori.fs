/// A priori bounds of states and speeds, the same for every depth.
///
/// Statement: |σ(s) − σ(t)| ≤ L|s − t|, ‖K‖ ≤ A, |b| ≤ B: |X_i|, |X(t)| ≤ R = e^{LA}|x| + (LB + s_0)(e^{LA} − 1)/(LA), speeds ≤ V = L(AR + B) + s_0, s_0 = √d·|σ(0)|; for |σ| ≤ M first R ≤ |x| + √d·M, then V ≤ √d·M.
/// Proof: the Grönwall lemma, and (1 + u/n)^n ≤ e^u. Attained up to O(1/n) for σ = id, K constant, b = 0.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.ThorpeVanGennip.Forward.Apriori

open LayerTime.Core.Numbers
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.ThorpeVanGennip

/// All |X_i| ≤ R and n|X_{i+1} − X_i| ≤ V.
let private isBounded (field: DepthField) (n: int) : Outcome =
    let r, v = ForwardRuns.bounds field
    let ρ = ForwardRuns.rounding field n
    let states = ForwardRuns.states field (ForwardRuns.sample field n)
    let largest = states |> Array.map ForwardRuns.norm |> Array.max
    let fastest = states |> Array.pairwise |> Array.map (fun (x, y) -> float n * ForwardRuns.distance x y) |> Array.max

    Outcome.all [
        Outcome.atMost "max|X_i|" (r + ρ) largest
        // Differences of rounded states, n times.
        Outcome.atMost "n·max|X_{i+1} − X_i|" (v + float n * 4.0 * 1.2e-16 * float field.Dimension * largest + ρ) fastest
    ]

let private limitIsBounded (case: PolynomialCase) : Outcome =
    let field = PolynomialCase.field case
    let r, _ = ForwardRuns.bounds field
    let states, doubt = ForwardRuns.limitAtLayers field 64 4
    Outcome.atMost "max|X(t)|" (r + doubt + ForwardRuns.rounding field 256) (states |> Array.map ForwardRuns.norm |> Array.max)

let claim: Claim =
    let cases = PolynomialCase.generator PolynomialCase.everyActivation [| 4; 16; 64; 256 |]
    let showDepth (n: int) = [ "σ(z), x, n", $"z², 2, {n}" ]
    let output field n = ForwardRuns.states field (ForwardRuns.sample field n) |> Array.last |> Array.head

    let sharpness n =
        let field = KnownFields.growth 1.5
        output field n / fst (ForwardRuns.bounds field)

    Paper.define
        "thorpe-van-gennip.forward.apriori"
        Paper.reconstructed
        "|X_i|, |X(t)| ≤ R = e^{LA}|x| + (LB + s_0)(e^{LA} − 1)/(LA) and speeds ≤ V = L(AR + B) + s_0 at every depth; for |σ| ≤ M also R ≤ |x| + √d·M and V ≤ √d·M."
    |> Claim.hypothesis "H1" "σ is Lipschitz with the constant L"
    |> Claim.bounded "networks" (Instances.random cases 100) (fun case -> isBounded (PolynomialCase.field case) case.N)
    |> Claim.bounded "limit" (Instances.random cases 30) limitIsBounded
    |> Known.bounded "sharp" [
        Known.floats "X_n/R for K = 3/2, σ = id, n = 16, 256, 4096" "0.9359385457 0.9956321268 0.9997254465" (fun () -> [|
            for n in [ 16; 256; 4096 ] -> sharpness n
        |])
    ]
    |> Known.bounded "blow-up" [
        Known.floats "X_n of σ(z) = z², K = 1, x = 2, n = 8, 16" "6403.88 9.186e30" (fun () -> [|
            output KnownFields.blowUp 8
            output KnownFields.blowUp 16
        |])
    ]
    |> Claim.neededBy "H1" (Instances.chosen showDepth [ 8; 16 ]) (isBounded KnownFields.blowUp)
