namespace LayerTime.Core.Claims.Hauser.Beyond

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser
open LayerTime.Core.Claims.Hauser.OdeLimit

/// One node with f_l(x) = tanh(w_l x + b_l), a horizon and a start, in floats.
type internal Node = {
    Horizon: Rational
    Weights: float[]
    Biases: float[]
    /// p₁(0) … p_k(0)
    Start: float[]
}

/// A float network forward through its layers and backward again: it returns approximately, and how nearly is bounded.
[<RequireQualifiedAccess>]
module internal ReversibleDrift =
    let private step (node: Node) : Binary64 = Binary64(Rational.toFloat (node.Horizon / Rational.ofInt node.Weights.Length))

    let private maps (node: Node) : (Binary64[] -> Binary64[])[] =
        let map w b = LayerMap.dense (Matrix.ofRows [| [| Binary64 w |] |]) [| Binary64 b |] Activation.tanh |> Defect.orFail

        Array.map2 (fun w b -> LayerMap.apply (map w b)) node.Weights node.Biases

    /// p(0) … p(L), then the states found again, the last of them p(0) with drift.
    let run (node: Node) : Binary64[][][] * Binary64[][][] =
        let h, maps = step node, maps node
        let start = node.Start |> Array.map (fun p -> [| Binary64 p |])
        let forward = Array.scan (fun p f -> SmoothState.scaledCascade h f p) start maps
        forward, Array.scanBack (fun f p -> SmoothState.scaledInverse h f p) maps (Array.last forward)

    /// max |p̃(0) − p(0)| ≤ (Bρ + ρ_b)(Bᴸ − 1)/(B − 1), B = 1 + h·max(1, L_f(1+h)).
    let withinBound (node: Node) : Outcome =
        let h, k = (step node).Value, node.Start.Length
        let forward, backward = run node
        let largest = Seq.fold (fun most value -> if value <= most then most else value) 0.0
        let state = Seq.append forward backward |> Seq.collect Seq.concat |> Seq.map (fun x -> abs x.Value) |> largest
        let lipschitz = node.Weights |> Seq.map abs |> largest
        let bias = node.Biases |> Seq.map abs |> largest

        // |tanh| ≤ 1; w·x + b takes two roundings, and tanh is within 4 ulp.
        let forceError = (Roundoff.gamma 2: Binary64).Value * (lipschitz * state + bias) + (Roundoff.units 4: Binary64).Value
        let growth = OdeLimit.growth k (Binary64 h) (Binary64 lipschitz)
        let ρ = (Roundoff.cascadeStep k (Binary64 h) growth (Binary64 state) (Binary64 1.0) (Binary64 forceError)).Value

        let ρb =
            (Roundoff.inverseStep (Binary64 h) (Binary64 lipschitz) (Binary64 state) (Binary64 1.0) (Binary64 forceError)).Value

        let B = 1.0 + h * max 1.0 (lipschitz * (1.0 + h))
        let bound = node.Weights |> Array.fold (fun error _ -> B * error + (B * ρ + ρb)) 0.0

        let drift = Array.map2 (fun (a: Binary64[]) (b: Binary64[]) -> abs (a[0].Value - b[0].Value)) forward[0] backward[0]
        let bound = (Roundoff.upward (8 * node.Weights.Length + 200) (Binary64 bound)).Value
        Outcome.atMost "the drift of p(0)" bound (largest drift)

    /// The start comes back bit by bit.
    let exactly (node: Node) : Outcome =
        let forward, backward = run node
        let show (p: Binary64[][]) = p |> Array.map (fun block -> string block[0]) |> String.concat ", "
        Outcome.equal "p(0), found again" show forward[0] backward[0]

    /// A node as pairs of a name and a value.
    let show (node: Node) : (string * string) list =
        let list (xs: float[]) = xs |> Array.map (fun x -> string (Binary64 x)) |> String.concat ", "
        [ "horizon", string node.Horizon; "w", list node.Weights; "b", list node.Biases; "p(0)", list node.Start ]

    /// k = 2..5, up to 200 layers, T in {1/4, …, 1}, weights in [−2, 2].
    let generator: Generator<Node> =
        let draw _ (stream: RandomStream) =
            let depth = stream.NextInt(1, 200)
            let numbers count most = Array.init count (fun _ -> stream.NextFloat(-most, most))

            {
                Horizon = Rational.create (stream.NextInt(1, 4)) 4
                Weights = numbers depth 2.0
                Biases = numbers depth 1.0
                Start = numbers (stream.NextInt(2, 5)) 1.0
            }

        let shrink node =
            seq {
                for depth in Shrink.int 1 node.Weights.Length do
                    { node with Weights = Array.truncate depth node.Weights; Biases = Array.truncate depth node.Biases }

                for k in Shrink.int 2 node.Start.Length do
                    { node with Start = Array.truncate k node.Start }

                for start in Shrink.elements Shrink.float node.Start do
                    { node with Start = start }
            }

        Generator.fromStream draw shrink show
