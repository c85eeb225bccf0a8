namespace LayerTime.Core.Claims.Hauser.Beyond

open LayerTime.Core.Numbers
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

/// A network of integers in units of 2⁻²⁰ with tanh forces: weights and biases of every layer, and a start.
[<NoComparison; NoEquality>]
type internal Integers = { Scale: float; Layers: (float[] -> float[])[]; Start: int64[][]; Show: (string * string) list }

/// Integer networks forward through their layers and backward again: every bit comes back.
[<RequireQualifiedAccess>]
module internal ReversibleIntegers =
    let private bits = 20

    /// k = 2..5, d = 1..3, up to 500 layers, weights and biases in [−1, 1].
    let generator: Generator<Integers> =
        let draw _ (stream: RandomStream) =
            let k, d, depth = stream.NextInt(2, 5), stream.NextInt(1, 3), stream.NextInt(1, 500)
            let h = Draws.step stream |> Rational.toFloat
            let numbers count = Array.init count (fun _ -> stream.NextFloat(-1.0, 1.0))

            let layer () =
                let rows, bias = Array.init d (fun _ -> numbers d), numbers d
                fun x -> Array.map2 (fun row b -> Elementary.tanh (Array.fold2 (fun sum w v -> sum + w * v) b row x)) rows bias

            {
                Scale = Seq.fold (fun product _ -> product * h) 1.0 (seq { 1..k })
                Layers = Array.init depth (fun _ -> layer ())
                Start = Array.init k (fun _ -> numbers d |> Array.map (FixedPoint.ofFloat bits))
                Show = [ "order", string k; "width", string d; "depth", string depth; "step", string h ]
            }

        let shrink network =
            seq {
                for depth in Shrink.int 1 network.Layers.Length do
                    { network with Layers = Array.truncate depth network.Layers }
            }

        Generator.fromStream draw shrink (fun network -> network.Show @ [ "layers", string network.Layers.Length ])

    let private showIntegers (q: int64[][]) = q |> Array.map (Array.map string >> String.concat ", ") |> String.concat "; "

    /// Forward and back, bit by bit; q_k grows by round(2ˢ hᵏ f(q₁/2ˢ)), and the integers are those of the cascade over the fractions with
    /// the same integer forces.
    let comeBack (network: Integers) : Outcome =
        let forces = network.Layers |> Array.map (FixedPoint.force bits network.Scale)
        let forward = Array.scan (fun q force -> FixedPoint.step force q) network.Start forces
        let backward = Array.scanBack (fun force q -> FixedPoint.unstep force q) forces (Array.last forward)
        let fraction = Array.map (fun (n: int64) -> Rational.ofBigInteger (bigint n))

        let exactStep (q: Rational[][]) force =
            let driving (x: Rational[]) = x |> Array.map (fun a -> int64 a.Numerator) |> force |> fraction
            SmoothState.cascade Rational.One driving q

        let stated l =
            let f = network.Layers[l](Array.head forward[l] |> Array.map (fun q -> float q / 1048576.0))
            let force = f |> Array.map (fun value -> int64 (System.Math.Round(1048576.0 * (network.Scale * value))))
            let gained = Array.map2 (-) (Array.last forward[l + 1]) (Array.last forward[l])
            Outcome.equal $"the integer force of layer {l}" (Array.map string >> String.concat ", ") force gained

        Outcome.check [
            fun () -> Outcome.all (Seq.map stated (seq { 0 .. forces.Length - 1 }))
            fun () ->
                let expected = Array.fold exactStep (Array.map fraction network.Start) forces
                Check.blocks "the final state" expected (Array.map fraction (Array.last forward))
            fun () ->
                Outcome.all (
                    seq { for l in 0 .. forces.Length -> Outcome.equal $"the integers at depth {l}" showIntegers forward[l] backward[l] }
                )
        ]
