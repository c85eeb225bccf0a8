namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra

/// The mechanics of a network near the identity, layer by layer, in any number system.
[<NoComparison>]
type LayerMechanics<'T> = {
    /// x_0, …, x_N
    States: 'T[][]
    /// a_0, …, a_N
    Momenta: 'T[][]
    /// H_l = a_{l+1}·F(x_l), l &lt; N: moves by O(dt) from layer to layer if w and b are constant.
    Energies: 'T[]
    /// a_l·x_l: constant in a bias-free network of piecewise linear layers.
    Virials: 'T[]
    /// a_l·δx_l: constant in every network.
    Pairings: 'T[]
    /// ⟨θ_l, ∂L/∂θ_l⟩, l &lt; N: dt·H_l for θ = (w, b, strength of g) in the residual network; for θ = (W, B) in the feed-forward one
    /// a_{l+1}·x_{l+1} if its layers are piecewise linear.
    ParameterPairings: 'T[]
}

/// Monitors of networks near the identity.
[<RequireQualifiedAccess>]
module LayerMechanics =
    open Arithmetic

    let private parameterPairing (twin: Twin) (network: NearIdentity<'T>) (l: int) (x: 'T[]) (a: 'T[]) : 'T :> IField<'T> =
        let received = NearIdentity.biasGradient twin network l x a

        match twin with
        // ∂L/∂γ = Σ dt·a_i·(g(x_i)/γ), so the strength adds dt·a·g(x).
        | Twin.Residual -> Vector.dot received (NearIdentity.field network l x)
        // ∂L/∂B = η′(u)∘a and ∂L/∂W = (∂L/∂B)xᵀ: together (∂L/∂B)·u, u = Wx + B.
        | Twin.FeedForward -> Vector.dot received (NearIdentity.preactivation network l x) / network.Step

    /// Every quantity along the states from x_0 with the tangent δx_0, for the momentum a_N = ∇L(x_N).
    let monitor
        (twin: Twin)
        (network: NearIdentity<'T>)
        (momentum: 'T[] -> 'T[])
        (start: 'T[])
        (tangent: 'T[])
        : LayerMechanics<'T> when 'T :> IField<'T> =
        let layers = [| 0 .. network.Weights.GetUpperBound 0 |]
        let x = NearIdentity.run twin network start
        let a = NearIdentity.momenta twin network x (momentum (Array.last x))
        let later = Array.tail a

        {
            States = x
            Momenta = a
            Energies = layers |> Array.map (fun l -> Vector.dot later[l] (NearIdentity.field network l x[l]))
            Virials = Array.map2 Vector.dot a x
            Pairings = Array.map2 Vector.dot a (NearIdentity.tangents twin network x tangent)
            ParameterPairings = layers |> Array.map (fun l -> parameterPairing twin network l x[l] later[l])
        }

    /// ln|det ∂x_{l+1}/∂x_l| of every layer along x_0, …, x_N in floats, −∞ where it vanishes: their sum is the change of entropy.
    let logDeterminants (twin: Twin) (network: NearIdentity<Binary64>) (states: Binary64[][]) : float[] =
        let layer l =
            let n = states[l].Length
            let columns = Array.init n (fun i -> NearIdentity.stepTangent twin network l states[l] (Vector.unit n i))
            FloatElimination.logDeterminant (columns |> Array.map (Array.map _.Value))

        Array.init network.Depth layer
