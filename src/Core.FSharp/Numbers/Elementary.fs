namespace LayerTime.Core.Numbers

open System

/// Elementary functions of floats.
[<RequireQualifiedAccess>]
module Elementary =
    /// e^x
    let exp (x: float) : float = Math.Exp x
    /// e^x - 1
    let expm1 (x: float) : float = Math.Exp x - 1.0
    /// log
    let log (x: float) : float = Math.Log x
    /// log1p
    let log1p (x: float) : float = Math.Log(1.0 + x)
    /// tanh
    let tanh (x: float) : float = Math.Tanh x
    /// logistic
    let logistic (x: float) : float = 1.0 / (1.0 + Math.Exp(-x))
    /// softplus
    let softplus (x: float) : float = Math.Log(1.0 + Math.Exp x)
    /// sin
    let sin (x: float) : float = Math.Sin x
    /// cos
    let cos (x: float) : float = Math.Cos x
    /// sqrt
    let sqrt (x: float) : float = Math.Sqrt x
