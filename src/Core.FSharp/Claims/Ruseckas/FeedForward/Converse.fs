/// Near-identity layers of bounded variation are a differential equation, with a bound.
///
/// Statement: given layers W_l, B_l and η(u) = u + εφ(u) with ‖W_l − I‖, |B_l| ≤ εK, φ as H2 of `global-error`. Put dt = ε, T = Nε,
/// w_l = (W_l − I)/ε, b_l = B_l/ε, g = φ, V_w = Σ‖w_{l+1} − w_l‖, V_b = Σ|b_{l+1} − b_l|, C_0 = ½(L_w + Lip_g(X))(M_ℓ + G) + Lip_g(X_u)M_ℓ.
/// Against the equation with the piecewise linear interpolants of w_l and b_l, |x_N − x(T)| ≤ dt·C_0·σ_N + ½dt(V_wX + V_b)e^{μ⁺T}.
/// Proof: on layer l, w′x + b′ adds at most ½dt(‖w_{l+1} − w_l‖X + |b_{l+1} − b_l|) to the local error, and later layers amplify by ≤ e^{μ⁺T}.
/// Checked without a solver: the reference is the residual network with 16 substeps per layer, with a bound by the same argument.
/// Alternating weights ±√dt·J are no equation: V_w grows like N/√dt, and x_N tends to e^{T/2}x_0 while the average of the weights is 0.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.FeedForward.Converse

open LayerTime.Core.Numbers
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Ruseckas

/// w_l, b_l, g and x_0 with T = 1.
[<NoComparison>]
type private Layers = { Weights: float[][][]; Biases: float[][]; G: Entrywise; Start: float[] }

/// The interpolants, constant on the last layer.
let private equation (layers: Layers) : Equation =
    let n = layers.Weights.Length

    let between (mix: float -> 'T -> 'T -> 'T) (items: 'T[]) (t: float) : 'T =
        let position = t * float n
        let l = max 0 (min (n - 1) (int (floor position)))
        if l = n - 1 then items[l] else mix (position - float l) items[l] items[l + 1]

    let line (s: float) (a: float[]) (b: float[]) = Array.map2 (fun a b -> a + s * (b - a)) a b

    {
        W = between (fun s -> Array.map2 (line s)) layers.Weights
        B = between line layers.Biases
        G = layers.G
        Start = layers.Start
        Horizon = 1.0
    }

/// x_N of the given layers.
let private run (layers: Layers) : float[] =
    let h = 1.0 / float layers.Weights.Length

    Array.fold2
        (fun x w b ->
            Array.map3 (fun x wx b -> x + h * (wx + b)) x (FloatNetworks.apply w x) b
            |> Array.map (fun u -> u + h * FloatNetworks.damp layers.G u))
        layers.Start
        layers.Weights
        layers.Biases

let private bounded (layers: Layers) : GlobalError.Bounded = {
    Equation = equation layers
    Lw = layers.Weights |> Array.map FloatNetworks.matrixNorm |> Array.max
    Μ = layers.Weights |> Array.map FloatNetworks.logarithmicNorm |> Array.max
    Diagonal = layers.Weights |> Array.map (Array.mapi (fun i row -> abs row[i]) >> Array.max) |> Array.max
    Β = layers.Biases |> Array.map FloatNetworks.norm |> Array.max
    Wdot = 0.0
    Bdot = 0.0
}

let private isShort (layers: Layers) : bool =
    let b = bounded layers
    let c = GlobalError.constants b layers.Weights.Length
    c.Step * (b.Diagonal + c.Slope) <= 1.0

let private isNear (layers: Layers) : Outcome =
    let n = layers.Weights.Length
    let b = bounded layers
    let c, fine = GlobalError.constants b n, GlobalError.constants b (16 * n)

    let variation =
        let w =
            layers.Weights
            |> Array.pairwise
            |> Array.sumBy (fun (a, b) -> FloatNetworks.matrixNorm (Array.map2 (Array.map2 (-)) b a))

        let v = layers.Biases |> Array.pairwise |> Array.sumBy (fun (a, b) -> FloatNetworks.distance a b)
        0.5 * (w * c.X + v) * Elementary.exp (max b.Μ 0.0)

    let substeps = FloatNetworks.residual b.Equation (16 * n)
    let bound = c.FeedForward + c.Step * variation
    let reference = fine.Residual + fine.Step * variation
    let states = Array.append [| layers.Start; run layers |] substeps
    let ρ = 2.0 * FloatNetworks.rounding b.Equation states b.Β
    Outcome.atMost "|x_N − x(T)|" (bound + reference + ρ) (FloatNetworks.distance (run layers) (Array.last substeps))

let private draw (stream: RandomStream) : Layers =
    let one (stream: RandomStream) =
        let n, depth = stream.NextInt(1, 3), stream.NextInt(5, 30)
        let vector size = Array.init n (fun _ -> stream.NextFloat(-size, size))
        let jump () = (Seq.init 12 (fun _ -> stream.NextFloat(-0.5, 0.5)) |> Seq.sum) * 0.3

        let walk (start: 'T) (change: 'T -> 'T) =
            Array.scan (fun item _ -> if stream.NextFloat(0.0, 1.0) < 0.3 then change item else item) start [| 2..depth |]

        let strength = stream.NextFloat(0.2, 1.0)

        {
            Weights = walk (Array.init n (fun _ -> vector 1.0)) (Array.map (Array.map (fun a -> a + jump ())))
            Biases = walk (vector 1.0) (Array.map (fun a -> a + jump ()))
            G =
                match stream.NextInt(0, 2) with
                | 0 -> Entrywise.Cubic strength
                | 1 -> Entrywise.Leaky strength
                | _ -> Entrywise.Tanh strength
            Start = vector 1.0
        }

    Draws.until isShort one stream

let private shrink (layers: Layers) : Layers seq =
    seq {
        for depth in Shrink.int 1 layers.Weights.Length do
            { layers with Weights = Array.truncate depth layers.Weights; Biases = Array.truncate depth layers.Biases }
    }
    |> Seq.filter isShort

let private show (layers: Layers) : (string * string) list = [
    "N", string layers.Weights.Length
    "g", string layers.G
    "w(0)", sprintf "%A" layers.Weights[0]
    "b(0)", sprintf "%A" layers.Biases[0]
    "x(0)", sprintf "%A" layers.Start
]

/// W_l = I + (−1)^l √dt·J: x_N against the flow of the averaged weights, which rests, with the bound K·dt of weights of bounded variation.
let private rests (n: int) : Outcome =
    let size = sqrt (float n)
    let turn sign = [| [| 0.0; -sign * size |]; [| sign * size; 0.0 |] |]

    let layers = {
        Weights = Array.init n (fun l -> turn (if l % 2 = 0 then 1.0 else -1.0))
        Biases = Array.replicate n [| 0.0; 0.0 |]
        G = Entrywise.Leaky 0.0
        Start = [| 1.0; 0.0 |]
    }

    Outcome.atMost $"|x_N − x_0| for N = {n}" (4.0 / float n) (FloatNetworks.distance layers.Start (run layers))

let claim: Claim =
    Paper.define
        "ruseckas.ffn.converse"
        Paper.reconstructed
        "Layers with ‖W_l − I‖, |B_l| ≤ dt·K: |x_N − x(T)| ≤ dt·C_0·σ_N + ½dt(V_wX + V_b)e^{μ⁺T} against the equation with interpolated w_l = (W_l − I)/dt, b_l = B_l/dt."
    |> Claim.hypothesis "H1" "‖W_l − I‖ ≤ K·dt, and the total variation V_w of w_l does not grow with N"
    |> Claim.hypothesis "H2" "g(0) = 0, g non-increasing, dt(max|w_ii| + Lip_g(X_u)) ≤ 1"
    |> Claim.bounded "bound" (Instances.random (Generator.fromStream (fun _ stream -> draw stream) shrink show) 100) isNear
    |> Claim.neededBy "H1" (Instances.chosen (fun (n: int) -> [ "N", string n; "W_l", "I + (−1)^l √dt·J" ]) [ 16; 64; 256 ]) rests
