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
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

/// w_l, b_l, g and x_0 with T = 1.
[<NoComparison>]
type private Layers = { Weights: float[][][]; Biases: float[][]; G: Entrywise; Start: float[] }

/// W_l = I + dt·w_l, B_l = dt·b_l.
let private network (layers: Layers) : NearIdentityLayers =
    let h = 1.0 / float layers.Weights.Length
    let identity i j = if i = j then 1.0 else 0.0

    {
        Step = h
        Weights = layers.Weights |> Array.map (Array.mapi (fun i row -> row |> Array.mapi (fun j w -> identity i j + h * w)))
        Biases = layers.Biases |> Array.map (Array.map (fun b -> h * b))
        Nonlinearity = GlobalError.nonlinearity layers.G
    }

let private read (layers: Layers) : Result<OdeConversion, FailedHypothesis> =
    NearIdentityConversion.interpolate (network layers) layers.Start

let private isShort (layers: Layers) : bool =
    match read layers with
    | Ok conversion -> conversion.Constants.Basis = BoundBasis.Dissipative
    | Error _ -> false

/// x_N of the given layers.
let private run (layers: Layers) : float[] = NearIdentityLayers.run (network layers) layers.Start |> Array.last

/// The states of the residual network of the interpolated equation with 16 substeps in each layer.
let private substeps (conversion: OdeConversion) (start: float[]) (n: int) : float[][] =
    let h = 1.0 / float n
    Array.scan (fun x k -> FloatNetworks.addScaled x h (NearIdentityField.value conversion.Field (float k * h) x)) start [| 0 .. n - 1 |]

let private isNear (layers: Layers) : Outcome =
    let n = 16 * layers.Weights.Length

    match read layers with
    | Error failed -> Outcome.undecided failed.Sentence
    | Ok conversion ->
        let field = conversion.Field
        let still = { field.Suprema with WeightRate = 0.0; BiasRate = 0.0 }

        match NearIdentityBound.ofSuprema still field.Nonlinearity field.Horizon layers.Start n with
        | Error failed -> Outcome.undecided failed.Sentence
        | Ok fine ->
            // The same theorem for the residual network with the step dt/16.
            let variation = conversion.WeightVariation * fine.Radius + conversion.BiasVariation
            let reference = fine.Residual + 0.5 / float n * variation * Elementary.exp (max 0.0 fine.Rate)
            let states = substeps conversion layers.Start n

            match NearIdentityConversion.odeToFeedForward (LayerCount.Given n) field layers.Start with
            | Error failed -> Outcome.undecided failed.Sentence
            | Ok twin ->
                let ρ = conversion.Rounding + twin.Rounding
                Outcome.atMost "|x_N − x(T)|" (conversion.Bound + reference + ρ) (FloatNetworks.distance (run layers) (Array.last states))

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
