namespace LayerTime.Core.Claims.ThorpeVanGennip

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Networks

/// The weights of one layer: K by rows, and b.
[<NoComparison>]
type internal Layer<'T> = { K: 'T[][]; B: 'T[] }

/// Forward and reverse sweeps of the residual network X_{i+1} = X_i + σ(K_iX_i + b_i)/n.
[<RequireQualifiedAccess>]
module internal Passes =
    open Arithmetic

    /// z = KX + b
    let preActivation (layer: Layer<'T>) (x: 'T[]) : 'T[] when 'T :> IRing<'T> =
        Array.map2 (fun (row: 'T[]) b -> 'T.AddProducts(b, ReadOnlySpan row, ReadOnlySpan x)) layer.K layer.B

    /// X_0, …, X_n
    let states (σ: Activation<'T>) (layers: Layer<'T>[]) (x: 'T[]) : 'T[][] when 'T :> IRing<'T> =
        let h = Ring.ratio 1 layers.Length
        let step x layer = Array.map2 (fun x z -> x + h * Activation.value σ z) x (preActivation layer x)
        Array.scan step x layers

    /// P_0, …, P_n from P_n: P_i = P_{i+1} + K_iᵀ(σ′(z_i)∘P_{i+1})/n.
    let adjoints (σ: Activation<'T>) (layers: Layer<'T>[]) (states: 'T[][]) (final: 'T[]) : 'T[][] when 'T :> IRing<'T> =
        let h = Ring.ratio 1 layers.Length

        let back (layer: Layer<'T>, x: 'T[]) (p: 'T[]) =
            let q = Array.map2 (fun z p -> Activation.derivative σ z * p) (preActivation layer x) p
            Array.mapi (fun j a -> a + h * Array.fold2 (fun sum (row: 'T[]) q -> sum + row[j] * q) 'T.Zero layer.K q) p

        Array.scanBack back (Array.zip layers (Array.truncate layers.Length states)) final

    /// Layers of one neuron without bias.
    let scalar (k: 'T[]) : Layer<'T>[] when 'T :> IRing<'T> = k |> Array.map (fun k -> { K = [| [| k |] |]; B = [| 'T.Zero |] })

    /// The last state of a network of one neuron without bias.
    let scalarOutput (σ: Activation<'T>) (k: 'T[]) (x: 'T) : 'T :> IRing<'T> = (states σ (scalar k) [| x |] |> Array.last)[0]
