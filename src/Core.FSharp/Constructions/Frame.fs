namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// The lift and the readout of a network whose state is written in other coordinates: same input, same output.
[<RequireQualifiedAccess>]
module internal Frame =
    let private isAffine (layer: Layer<'T>) : bool =
        layer.Activations.ToArray()
        |> Array.forall (function
            | Activation.Identity -> true
            | _ -> false)

    /// x ↦ g(f(x))
    let chain (f: LayerMap<'T>) (g: LayerMap<'T>) : LayerMap<'T> =
        Array.append (f.Layers.ToArray()) (g.Layers.ToArray()) |> LayerMap.create |> Defect.orFail

    /// x ↦ B·f(x); no layer is added behind an affine one.
    let after (basis: Matrix<'T>) (f: LayerMap<'T>) : LayerMap<'T> when 'T :> IRing<'T> =
        let layers = f.Layers.ToArray()
        let last = Array.last layers

        if isAffine last then
            let bias = Matrix.apply basis (last.Bias.ToArray())
            let merged = Layer.affine (Matrix.multiply basis last.Weights) bias |> Defect.orFail
            Array.updateAt (layers.Length - 1) merged layers |> LayerMap.create |> Defect.orFail
        else
            chain f (LayerMap.linear basis)

    /// y ↦ f(B·y), without a layer more.
    let before (basis: Matrix<'T>) (f: LayerMap<'T>) : LayerMap<'T> when 'T :> IRing<'T> =
        let layers = f.Layers.ToArray()
        let first = layers[0]
        let activations = first.Activations.ToArray()

        let merged = Layer.create (Matrix.multiply first.Weights basis) (first.Bias.ToArray()) activations |> Defect.orFail

        Array.updateAt 0 merged layers |> LayerMap.create |> Defect.orFail

    /// [I 0 … 0], which picks x(l) out of a state that starts with it.
    let newest (width: int) (stateDimension: int) : LayerMap<'T> when 'T :> IRing<'T> =
        Matrix.init width stateDimension (fun i j -> if i = j then 'T.One else 'T.Zero) |> LayerMap.linear

    /// The architecture on states y = B·z in place of z = [x(l); x(l−1); …], between a lift to B·z(0) and a readout of
    /// B⁻¹·y(L), so that the whole is the same function as the network. Every basis here keeps x(l) in front.
    let inBasis
        (basis: Matrix<'T>)
        (inverse: Matrix<'T>)
        (architecture: Architecture<'T>)
        (network: Network<'T>)
        : Result<Network<'T>, Defect list> when 'T :> IRing<'T> =
        let lift =
            match network.Lift with
            | Some lift -> after basis lift
            | None -> LayerMap.linear basis

        let readout =
            match network.Readout with
            | Some readout -> before inverse readout
            | None -> newest (network.Equation.Width 0) inverse.Rows

        Network.create (Some lift) architecture (Some readout)
