/// A leaky ReLU whose slope tends to 1 with depth is a differential equation; a fixed slope is none.
///
/// Statement: λ_α with α = 1 − κ·dt is identically η(u) = u + dt·g(u) for g(x) = κ·max(−x, 0). So near-identity layers with slope 1 − κT/N
/// tend to x′ = wx + b + κ·max(−x, 0); F is Lipschitz with L_w + κ, div F = Tr w − κ#{x_i &lt; 0}, and a layer changes volume by
/// |det W_l|·α^#{u_i &lt; 0}.
/// Without the rule the limit depends on N: a fixed α = 1/2 and w = b = 0 give x_N = 2^−N·x for x &lt; 0.
/// Reconstructed; which activation the paper's experiments used is not known.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.FeedForward.LeakyRelu

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

let private strength (case: NetworkCase) : Rational =
    match case.Network.Damping with
    | Damping.Leaky κ
    | Damping.Cubic κ -> κ

/// λ_α(u) = max(u, 0) + α·min(u, 0)
let private leaky (α: Rational) (u: Rational) : Rational = Rational.PositivePart u + α * Rational.NegativePart u

let private isLeaky (case: NetworkCase) : Outcome =
    let α = Rational.One - strength case * case.Network.Step

    Array.append case.Tangent case.Target
    |> Array.map (fun u -> Check.vectors $"η({u})" [| leaky α u |] (NearIdentity.activate case.Network [| u |]))
    |> Outcome.all

let private jacobian (push: Rational[] -> Rational[]) (n: int) : Matrix<Rational> =
    Array.init n (fun i -> push (Vector.unit n i)) |> Matrix.ofRows |> Matrix.transpose

let private negatives (x: Rational[]) : int = x |> Array.filter (fun x -> x.Sign < 0) |> Array.length

let private trace (m: Matrix<Rational>) : Rational = Seq.init m.Rows (fun i -> m[i, i]) |> Seq.sum

/// The divergence and the volume factor of every layer.
let private changesVolume (case: NetworkCase) : Outcome =
    let network, n = case.Network, case.Dimension
    let x = Networks.states Twin.FeedForward case
    let α = Rational.One - strength case * network.Step

    seq {
        for l in 0 .. network.Depth - 1 do
            let w = Matrix.ofRows network.Weights[l]
            let inner = Matrix.add (Matrix.identity n) (Matrix.scale network.Step w)
            let u = NearIdentity.preactivation network l x[l]

            Check.equal
                $"div F at layer {l}"
                (trace w - strength case * Rational.ofInt (negatives x[l]))
                (trace (jacobian (NearIdentity.push network l x[l]) n))

            Check.equal
                $"det ∂x_{l + 1}/∂x_{l}"
                (Elimination.determinant inner * Rational.power α (negatives u))
                (Elimination.determinant (jacobian (NearIdentity.stepTangent Twin.FeedForward network l x[l]) n))
    }
    |> Outcome.all

/// |F(x) − F(y)| ≤ (‖w‖ + κ)|x − y|
let private isLipschitz (case: NetworkCase) : Outcome =
    let field = NearIdentity.field case.Network 0
    let x, y = case.Start, case.Target
    let constant = Matrix.normInf (Matrix.ofRows case.Network.Weights[0]) + strength case
    Check.atMost "|F(x) − F(y)|" (constant * Vector.distanceInf x y) (Vector.distanceInf (field x) (field y))

/// N layers of slope α(N) with w = b = 0, κT = 1, from −1 against the flow −e⁻¹: 0 ≤ 1/e − (1 − 1/N)^N ≤ 1/(eN) for N ≥ 2, with
/// 0.36787944 < 1/e < 0.36787945.
let private hasLimit (slope: int -> Rational) (n: int) : Outcome =
    let output = Rational.power (slope n) n
    let below, above = Known.number "0.36787944", Known.number "0.36787945"

    Outcome.all [ Check.atMost "−x_N" above output; Check.atMost "1/e + x_N" (above / Rational.ofInt n) (below - output) ]

let claim: Claim =
    let networks = Networks.generator { Networks.both with Cubic = false; Deepest = 8 }
    let showDepth (n: int) = [ "N", string n; "w, b", "0" ]

    Paper.define
        "ruseckas.ffn.leaky-relu"
        Paper.reconstructed
        "λ_α with α = 1 − κ·dt is η(u) = u + dt·κ·max(−u, 0): near-identity layers of slope 1 − κT/N tend to x′ = wx + b + κ·max(−x, 0)."
    |> Claim.hypothesis "H1" "the slope of N layers is 1 − κT/N"
    |> Claim.exact "identity" (Instances.random networks 100) isLeaky
    |> Claim.exact "volume" (Instances.random networks 60) changesVolume
    |> Claim.exact "lipschitz" (Instances.random networks 100) isLipschitz
    |> Claim.exact "limit" (Instances.chosen showDepth [ 2; 4; 8; 16; 32; 64 ]) (hasLimit (fun n -> Rational.create (n - 1) n))
    |> Claim.neededBy "H1" (Instances.chosen showDepth [ 4; 8; 16 ]) (hasLimit (fun _ -> Rational.create 1 2))
