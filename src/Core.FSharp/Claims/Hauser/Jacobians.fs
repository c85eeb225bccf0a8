namespace LayerTime.Core.Claims.Hauser

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// Jacobians of state maps by dual numbers, exact, independent of every derivative formula of the library.
[<RequireQualifiedAccess>]
module internal Jacobians =
    /// A map of fractions as a map of dual fractions.
    let lift (map: LayerMap<Rational>) : LayerMap<Dual<Rational>> =
        let activation =
            Activation.mapWith Dual.constant (fun name -> invalidOp $"no exact values of {Activation.transcendentalName name}") id

        LayerMap.map Dual.constant activation map

    /// DΦ at a state of blocks, column by column: the ε-part of Φ(state + ε·e_c).
    let ofState (step: Dual<Rational>[][] -> Dual<Rational>[][]) (state: Rational[][]) : Matrix<Rational> =
        let d = state[0].Length
        let size = state.Length * d

        let column c =
            state
            |> Array.mapi (fun i block -> block |> Array.mapi (fun j x -> if i * d + j = c then Dual.variable x else Dual.constant x))
            |> step
            |> Array.concat
            |> Array.map _.Derivative

        Matrix.ofRows (Array.init size column) |> Matrix.transpose
