namespace LayerTime.Core.Tests.Semantics

open LayerTime.Core.Numbers
open LayerTime.Core.Semantics

/// Non-linear problems that depend on time, with known solutions.
module Problems =
    open Arithmetic

    let private ratio p q : 'T :> IRing<'T> = Ring.ratio p q

    /// x′ = −2t x², x(0) = 1: 1/(1 + t²)
    let bell () : IVectorField<'T> when 'T :> IField<'T> = VectorField.ofFunction 1 (fun t x -> [| ratio -2 1 * t * x[0] * x[0] |])

    /// x′ = t(1 − x²), x(0) = 0: tanh(t²/2)
    let rise () : IVectorField<'T> when 'T :> IField<'T> = VectorField.ofFunction 1 (fun t x -> [| t * ('T.One - x[0] * x[0]) |])

    /// x′ = t(−y − x(x² + y² − 1)), y′ = t(x − y(x² + y² − 1)) from (1, 0): (cos(t²/2), sin(t²/2))
    let circle () : IVectorField<'T> when 'T :> IField<'T> =
        VectorField.ofFunction 2 (fun t z ->
            let x, y = z[0], z[1]
            let pull = x * x + y * y - 'T.One
            [| t * (-y - x * pull); t * (x - y * pull) |])

    /// Separable problems that depend on time, q′ = g(p), p′ = f(t, q), as g and f: a driven pendulum, a cubic spring with a force
    /// that grows, a relativistic particle in a wave.
    let separable (problem: int) : ('T -> 'T) * ('T -> 'T -> 'T) when 'T :> ITranscendental<'T> =
        match problem with
        | 0 -> id, (fun t q -> 'T.Cos t - 'T.Sin q)
        | 1 -> id, (fun t q -> t - q * q * q)
        | _ -> (fun p -> p / 'T.Sqrt('T.One + p * p)), (fun t q -> 'T.Sin(t - q))

    /// x′ = a + b t + c x + x²
    let riccati (a: 'T) (b: 'T) (c: 'T) : IVectorField<'T> when 'T :> IField<'T> =
        VectorField.ofFunction 1 (fun t x -> [| a + b * t + x[0] * (c + x[0]) |])

    /// x′ = x²
    let square () : IVectorField<'T> when 'T :> IField<'T> = VectorField.ofFunction 1 (fun _ x -> [| x[0] * x[0] |])

    /// q′ = p, p′ = −q³
    let cubicSpring () : IFlowMap<'T>[] when 'T :> IField<'T> = [|
        VectorField.kick (VectorField.ofFunction 1 (fun _ q -> [| -(q[0] * q[0] * q[0]) |]))
        VectorField.drift (VectorField.ofFunction 1 (fun _ p -> [| p[0] |]))
    |]
