namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// A leaky-ReLU network as the neural ODE whose flow it is.
[<RequireQualifiedAccess>]
module NetworkOde =
    /// The field of an elementary flow as a map of layers.
    let private field (d: int) (flow: ElementaryFlow<Binary64>) : LayerMap<Binary64> =
        let zero = Binary64 0.0
        let layer weights bias activation = Layer.create (Matrix.init d d weights) bias [| activation |] |> Defect.orFail
        let linear entry = LayerMap.ofLayer (layer entry (Array.create d zero) Activation.Identity)
        let logarithm (c: Binary64) = Transcendental.log c

        match flow with
        | ElementaryFlow.Shear(i, j, c) -> linear (fun row column -> if row = i && column = j then c else zero)
        | ElementaryFlow.Scaling(i, c) -> linear (fun row column -> if row = i && column = i then logarithm c else zero)
        | ElementaryFlow.Translation b -> LayerMap.ofLayer (layer (fun _ _ -> zero) b Activation.Identity)
        // log(p_i)·max(0, x_i) − log(q_i)·max(0, −x_i)
        | ElementaryFlow.TwoSided(p, q) ->
            let both =
                Matrix.init (2 * d) d (fun r c ->
                    Binary64(
                        if r = c then 1.0
                        elif r = c + d then -1.0
                        else 0.0
                    ))

            let inner = Layer.create both (Array.create (2 * d) zero) [| Activation.Relu |] |> Defect.orFail

            let back r c =
                if r = c then logarithm p[r]
                elif c = r + d then Transcendental.log q[r] |> (fun x -> Binary64 -x.Value)
                else zero

            let outer = Layer.create (Matrix.init d (2 * d) back) (Array.create d zero) [| Activation.Identity |] |> Defect.orFail
            LayerMap.create [| inner; outer |] |> Defect.orFail

    /// x′ = f(t, x), piecewise constant in time, one unit of time for each elementary flow: x(T) is the value of the network, but for the rounding of
    /// logarithms and weights. Or why it is no flow: a singular matrix, a slope that is not positive, a reversed orientation.
    let create (net: VanillaNet<Rational>) : Result<NeuralOde<Binary64>, Defect list> =
        match NetworkFlow.create net with
        | Error defects -> Error defects
        | Ok flows ->
            let round (a: Rational) = Binary64(Rational.toFloat a)

            let approximate flow =
                match flow with
                | ElementaryFlow.Shear(i, j, c) -> ElementaryFlow.Shear(i, j, round c)
                | ElementaryFlow.Scaling(i, c) -> ElementaryFlow.Scaling(i, round c)
                | ElementaryFlow.Translation b -> ElementaryFlow.Translation(Array.map round b)
                | ElementaryFlow.TwoSided(p, q) -> ElementaryFlow.TwoSided(Array.map round p, Array.map round q)

            // The identity needs a field as well.
            let flows = if flows.IsEmpty then [ ElementaryFlow.Translation(Vector.zero net.Inputs) ] else flows
            let piece k flow = { Until = Rational.ofInt (k + 1); Coefficients = [| field net.Inputs (approximate flow) |] }
            NeuralOde.create None (flows |> List.mapi piece |> List.toArray) None
