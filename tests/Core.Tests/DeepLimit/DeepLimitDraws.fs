/// Draws of exact training problems and weights: small fractions, exact activations, the squared loss.
module LayerTime.Core.Tests.DeepLimit.DeepLimitDraws

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Claims
open LayerTime.Core.DeepLimit

let fraction (stream: RandomStream) : Rational = Rational.create (stream.NextInt(-9, 9)) (stream.NextInt(1, 9))

let positive (stream: RandomStream) : Rational = Rational.create (stream.NextInt(1, 9)) (stream.NextInt(1, 9))

let vector (stream: RandomStream) (d: int) : Rational[] = Array.init d (fun _ -> fraction stream)

let sequence (stream: RandomStream) (n: int) (p: int) : Rational[][] = Array.init n (fun _ -> vector stream p)

let matrix (stream: RandomStream) (rows: int) (columns: int) : Matrix<Rational> = Matrix.init rows columns (fun _ _ -> fraction stream)

/// Any weights of the given shape.
let weights (stream: RandomStream) (n: int) (d: int) (m: int) : ResidualWeights<Rational> = {
    Kernel = Array.init n (fun _ -> matrix stream d d)
    Bias = sequence stream n d
    Readout = matrix stream m d
    Offset = vector stream m
}

/// A problem of up to three samples; every block is free or frozen by chance.
let problem (stream: RandomStream) (activations: Activation<Rational>[]) (d: int) (m: int) : TrainingProblem<Rational> =
    let perhaps draw = if stream.NextInt(0, 3) = 0 then None else Some(draw ())
    let path () = { Strength = positive stream; Start = positive stream }

    let regulariser = {
        Kernel = perhaps path
        Bias = perhaps path
        Readout = perhaps (fun () -> positive stream)
        Offset = perhaps (fun () -> positive stream)
    }

    let sample _ = { Input = vector stream d; Target = vector stream m; Weight = positive stream }
    let samples = Array.init (stream.NextInt(1, 3)) sample

    TrainingProblem.create activations[stream.NextInt(0, activations.Length - 1)] Loss.squared regulariser samples
    |> Defect.orFail

/// One problem of one sample in one dimension with K = 0, W = 1 and c = 0 frozen: E = (x + mean b − y)² + αR(b; τ).
let biasOnly (x: Rational) (y: Rational) (α: Rational) (τ: Rational) : TrainingProblem<Rational> =
    let regulariser = { Kernel = None; Bias = Some { Strength = α; Start = τ }; Readout = None; Offset = None }

    TrainingProblem.create Activation.Identity Loss.squared regulariser [| { Input = [| x |]; Target = [| y |]; Weight = Rational.One } |]
    |> Defect.orFail

/// Weights of one dimension with W = 1 and c = 0.
let scalar (kernel: 'T[]) (bias: 'T[]) : ResidualWeights<'T> when 'T :> IRing<'T> = {
    Kernel = kernel |> Array.map (fun k -> Matrix.ofRows [| [| k |] |])
    Bias = Array.map Array.singleton bias
    Readout = Matrix.identity 1
    Offset = [| 'T.Zero |]
}
