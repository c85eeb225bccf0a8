namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra

/// The entrywise nonlinearity g of x′ = w(t)x + b(t) + g(x).
[<RequireQualifiedAccess>]
type Damping<'T> =
    /// g(x) = −γx³
    | Cubic of strength: 'T
    /// g(x) = κ·max(−x, 0), for which η is the leaky ReLU of slope 1 − κ·dt.
    | Leaky of strength: 'T

/// Layers near the identity: w_l, b_l, g and dt, read as a residual or as a feed-forward network.
[<NoComparison>]
type NearIdentity<'T> = {
    /// dt
    Step: 'T
    /// w_0, …, w_{N−1}, row by row
    Weights: 'T[][][]
    /// b_0, …, b_{N−1}
    Biases: 'T[][]
    /// g
    Damping: Damping<'T>
} with

    /// N
    member network.Depth = network.Weights.Length

/// The two networks with the layers of a differential equation.
[<RequireQualifiedAccess>]
type Twin =
    /// Euler: x_{l+1} = x_l + dt(w_l x_l + b_l + g(x_l))
    | Residual
    /// x_{l+1} = η(u_l), u_l = (I + dt·w_l)x_l + dt·b_l, η(u) = u + dt·g(u)
    | FeedForward

/// Forward and backward passes of both networks in any number system.
[<RequireQualifiedAccess>]
module NearIdentity =
    open Arithmetic

    /// g(x) of one number.
    let damp (damping: Damping<'T>) (x: 'T) : 'T :> IField<'T> =
        match damping with
        | Damping.Cubic γ -> -(γ * x * x * x)
        | Damping.Leaky κ -> -(κ * 'T.NegativePart x)

    /// g′(x) of one number.
    let dampSlope (damping: Damping<'T>) (x: 'T) : 'T :> IField<'T> =
        match damping with
        | Damping.Cubic γ -> -(Ring.ratio 3 1 * γ * x * x)
        | Damping.Leaky κ -> -(κ * ('T.One - 'T.Heaviside x))

    /// A·x for rows A.
    let apply (rows: 'T[][]) (x: 'T[]) : 'T[] when 'T :> IRing<'T> = rows |> Array.map (fun row -> Vector.dot row x)

    /// Aᵀ·a for rows A.
    let applyTransposed (rows: 'T[][]) (a: 'T[]) : 'T[] when 'T :> IRing<'T> = Array.map2 Vector.scale a rows |> Vector.sum

    /// ℓ(x) = w_l x + b_l
    let affine (network: NearIdentity<'T>) (l: int) (x: 'T[]) : 'T[] when 'T :> IField<'T> =
        Vector.add (apply (network.Weights[l]) x) (network.Biases[l])

    /// F(x) = w_l x + b_l + g(x)
    let field (network: NearIdentity<'T>) (l: int) (x: 'T[]) : 'T[] when 'T :> IField<'T> =
        Vector.add (affine network l x) (Array.map (damp network.Damping) x)

    /// F′(x)v = w_l v + g′(x)∘v
    let push (network: NearIdentity<'T>) (l: int) (x: 'T[]) (v: 'T[]) : 'T[] when 'T :> IField<'T> =
        Vector.add (apply (network.Weights[l]) v) (Array.map2 (fun x v -> dampSlope network.Damping x * v) x v)

    /// F′(x)ᵀa = w_lᵀa + g′(x)∘a
    let pull (network: NearIdentity<'T>) (l: int) (x: 'T[]) (a: 'T[]) : 'T[] when 'T :> IField<'T> =
        Vector.add (applyTransposed (network.Weights[l]) a) (Array.map2 (fun x a -> dampSlope network.Damping x * a) x a)

    /// u = x + dt·ℓ(x)
    let preactivation (network: NearIdentity<'T>) (l: int) (x: 'T[]) : 'T[] when 'T :> IField<'T> =
        Vector.addScaled x network.Step (affine network l x)

    /// η(u) = u + dt·g(u)
    let activate (network: NearIdentity<'T>) (u: 'T[]) : 'T[] when 'T :> IField<'T> =
        u |> Array.map (fun u -> u + network.Step * damp network.Damping u)

    /// η′(u) = 1 + dt·g′(u)
    let activateSlope (network: NearIdentity<'T>) (u: 'T[]) : 'T[] when 'T :> IField<'T> =
        u |> Array.map (fun u -> 'T.One + network.Step * dampSlope network.Damping u)

    /// x_{l+1} from x_l.
    let step (twin: Twin) (network: NearIdentity<'T>) (l: int) (x: 'T[]) : 'T[] when 'T :> IField<'T> =
        match twin with
        | Twin.Residual -> Vector.addScaled x network.Step (field network l x)
        | Twin.FeedForward -> preactivation network l x |> activate network

    /// x_0, …, x_N
    let run (twin: Twin) (network: NearIdentity<'T>) (start: 'T[]) : 'T[][] when 'T :> IField<'T> =
        Array.scan (fun x l -> step twin network l x) start [| 0 .. network.Weights.GetUpperBound 0 |]

    /// The derivative of layer l at x applied to v.
    let stepTangent (twin: Twin) (network: NearIdentity<'T>) (l: int) (x: 'T[]) (v: 'T[]) : 'T[] when 'T :> IField<'T> =
        match twin with
        | Twin.Residual -> Vector.addScaled v network.Step (push network l x v)
        | Twin.FeedForward ->
            let slopes = preactivation network l x |> activateSlope network
            Array.map2 (fun s v -> s * v) slopes (Vector.addScaled v network.Step (apply (network.Weights[l]) v))

    /// a_l from a_{l+1}: the transposed derivative of layer l at x_l.
    let stepAdjoint (twin: Twin) (network: NearIdentity<'T>) (l: int) (x: 'T[]) (a: 'T[]) : 'T[] when 'T :> IField<'T> =
        match twin with
        | Twin.Residual -> Vector.addScaled a network.Step (pull network l x a)
        | Twin.FeedForward ->
            let inner = Array.map2 (fun s a -> s * a) (preactivation network l x |> activateSlope network) a
            Vector.addScaled inner network.Step (applyTransposed (network.Weights[l]) inner)

    /// δx_0, …, δx_N along x_0, …, x_N.
    let tangents (twin: Twin) (network: NearIdentity<'T>) (x: 'T[][]) (start: 'T[]) : 'T[][] when 'T :> IField<'T> =
        Array.scan (fun v l -> stepTangent twin network l x[l] v) start [| 0 .. network.Weights.GetUpperBound 0 |]

    /// a_0, …, a_N along x_0, …, x_N from a_N.
    let momenta (twin: Twin) (network: NearIdentity<'T>) (x: 'T[][]) (final: 'T[]) : 'T[][] when 'T :> IField<'T> =
        Array.scanBack (fun l a -> stepAdjoint twin network l x[l] a) [| 0 .. network.Weights.GetUpperBound 0 |] final

    /// ∂L/∂b_l: dt·a_{l+1} in the residual network, dt·η′(u_l)∘a_{l+1} in the other; ∂L/∂w_l is this times x_lᵀ.
    let biasGradient (twin: Twin) (network: NearIdentity<'T>) (l: int) (x: 'T[]) (a: 'T[]) : 'T[] when 'T :> IField<'T> =
        match twin with
        | Twin.Residual -> Vector.scale network.Step a
        | Twin.FeedForward -> Array.map2 (fun s a -> network.Step * s * a) (preactivation network l x |> activateSlope network) a

    /// The network in another number system.
    let map (f: 'T -> 'U) (network: NearIdentity<'T>) : NearIdentity<'U> = {
        Step = f network.Step
        Weights = network.Weights |> Array.map (Array.map (Array.map f))
        Biases = network.Biases |> Array.map (Array.map f)
        Damping =
            match network.Damping with
            | Damping.Cubic γ -> Damping.Cubic(f γ)
            | Damping.Leaky κ -> Damping.Leaky(f κ)
    }
