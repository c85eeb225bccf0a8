namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra

/// A squashing function σ and its derivative.
type ISquashing<'T> =
    /// σ(u)
    abstract Value: u: 'T -> 'T
    /// σ′(u)
    abstract Slope: u: 'T -> 'T

/// The additive network τ_i x_i′ = −x_i + Σ_j w_ji σ(x_j − ϑ_j) + I_i. The row of w is the unit that sends: the sum is (Wᵀy)_i.
[<NoComparison>]
type AdditiveNetwork<'T> = {
    /// w_ji, row j and column i.
    Weights: 'T[][]
    /// τ_i > 0
    TimeConstants: 'T[]
    /// ϑ_i
    Thresholds: 'T[]
    /// I_i
    Inputs: 'T[]
}

/// The motion of additive networks and the energy that descends along it.
[<RequireQualifiedAccess>]
module AdditiveNetwork =
    open Arithmetic

    /// y_i = σ(x_i − ϑ_i)
    let outputs (σ: ISquashing<'T>) (network: AdditiveNetwork<'T>) (x: 'T[]) : 'T[] when 'T :> IField<'T> =
        Array.map2 (fun x ϑ -> σ.Value(x - ϑ)) x network.Thresholds

    /// σ′(x_i − ϑ_i)
    let slopes (σ: ISquashing<'T>) (network: AdditiveNetwork<'T>) (x: 'T[]) : 'T[] when 'T :> IField<'T> =
        Array.map2 (fun x ϑ -> σ.Slope(x - ϑ)) x network.Thresholds

    /// x′
    let field (σ: ISquashing<'T>) (network: AdditiveNetwork<'T>) (x: 'T[]) : 'T[] when 'T :> IField<'T> =
        let received = Array.map2 Vector.scale (outputs σ network x) network.Weights |> Vector.sum

        let forces = Array.map3 (fun x y input -> y + input - x) x received network.Inputs
        Array.map2 (fun f τ -> f / τ) forces network.TimeConstants

    /// ∂E/∂x_i = σ′_i (x_i − I_i − Σ_j ½(w_ij + w_ji) y_j) of E(x) = −½yᵀWy − I·y + Σ_i ∫₀^{x_i} s σ′(s − ϑ_i) ds.
    let energyGradient (σ: ISquashing<'T>) (network: AdditiveNetwork<'T>) (x: 'T[]) : 'T[] when 'T :> IField<'T> =
        let y = outputs σ network x
        let along = network.Weights |> Array.map (fun row -> Vector.dot row y)
        let against = Array.map2 Vector.scale y network.Weights |> Vector.sum
        let mean = Array.map2 (fun a b -> Ring.ratio 1 2 * (a + b)) along against
        Array.map3 (fun slope x force -> slope * (x - force)) (slopes σ network x) x (Vector.add mean network.Inputs)

    /// −Σ τ_i σ′_i (x_i′)²
    let dissipation (σ: ISquashing<'T>) (network: AdditiveNetwork<'T>) (x: 'T[]) : 'T :> IField<'T> =
        let weighted = Array.map3 (fun τ slope f -> τ * slope * f) network.TimeConstants (slopes σ network x) (field σ network x)
        -(Vector.dot weighted (field σ network x))

    /// R_i = max(|x_i(0)|, Σ_j |w_ji| + |I_i|): the box that no trajectory with |σ| ≤ 1 leaves.
    let trappingBox (network: AdditiveNetwork<Rational>) (start: Rational[]) : Rational[] =
        let received = network.Weights |> Array.map (Array.map Rational.abs) |> Vector.sum

        Array.map3
            (fun (x: Rational) weight input -> Rational.max (Rational.abs x) (weight + Rational.abs input))
            start
            received
            network.Inputs
