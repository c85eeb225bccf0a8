namespace LayerTime.Core.Claims.Hauser

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics

/// Derivatives with dual numbers: the witness against the written Jacobians.
[<RequireQualifiedAccess>]
module internal ForwardMode =
    /// Df(x), one column for each coordinate of x.
    let jacobian (f: Dual<Rational>[] -> Dual<Rational>[]) (x: Rational[]) : Matrix<Rational> =
        let column j = x |> Array.mapi (fun i a -> if i = j then Dual.variable a else Dual.constant a) |> f |> Array.map _.Derivative

        Matrix.transpose (Matrix.ofRows (Array.init x.Length column))

    /// The Jacobian of a step of states of d-blocks at a state.
    let ofStep (step: Dual<Rational>[][] -> Dual<Rational>[][]) (state: Rational[][]) : Matrix<Rational> =
        jacobian (Array.chunkBySize state[0].Length >> step >> Array.concat) (Array.concat state)

    /// An activation on dual numbers.
    let activation: Activation<Rational> -> Activation<Dual<Rational>> =
        Activation.mapWith Dual.constant (fun name -> invalidOp $"{Activation.transcendentalName name} has no values on fractions") id

    /// A layer map on dual numbers.
    let map (f: LayerMap<Rational>) : Dual<Rational>[] -> Dual<Rational>[] = LayerMap.apply (LayerMap.map Dual.constant activation f)

    /// An equation on dual numbers.
    let equation (equation: DifferenceEquation<Rational>) : DifferenceEquation<Dual<Rational>> =
        DifferenceEquation.map Dual.constant activation equation

    /// The Jacobian of layer 0 in delay coordinates, through the simulation itself.
    let ofFirstLayer (first: DifferenceEquation<Rational>) (delay: Rational[][]) : Matrix<Rational> =
        delay |> ofStep (fun delay -> (Simulation.run (equation first) delay).Delay 1)
