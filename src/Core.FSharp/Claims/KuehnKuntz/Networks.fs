namespace LayerTime.Core.Claims.KuehnKuntz

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// The networks with known answers, as exact fractions.
[<RequireQualifiedAccess>]
module internal Networks =
    /// A fraction or decimal as it is written.
    let number (text: string) : Rational =
        match Rational.parse text with
        | Ok value -> value
        | Error problem -> invalidArg (nameof text) problem

    /// A vector as it is written: `vector "1 -1/2"`.
    let vector (text: string) : Rational[] = text.Split ' ' |> Array.map number

    /// A matrix as it is written, one row a string.
    let matrix (rows: string list) : Matrix<Rational> = rows |> List.map vector |> List.toArray |> Matrix.ofRows

    let tanh: ActivationKind = ActivationKind.Transcendental TranscendentalName.Tanh

    /// A perceptron of one activation from the rows of A_l with c_l, last of which is the output.
    let create (kind: ActivationKind) (layers: (string list * string) list) : Perceptron<Rational> =
        let neurons (rows, bias) =
            let weights = matrix rows
            { Weights = weights; Bias = vector bias; Activations = Array.create weights.Rows kind }

        let all = layers |> List.map neurons |> List.toArray
        let last = Array.last all
        Perceptron.create (Array.take (all.Length - 1) all) last.Weights last.Bias |> Defect.orFail

    /// The same weights with another activation everywhere.
    let withActivation (kind: ActivationKind) (p: Perceptron<Rational>) : Perceptron<Rational> =
        let hidden =
            p.Hidden.ToArray() |> Array.map (fun layer -> { layer with Activations = Array.map (fun _ -> kind) layer.Activations })

        Perceptron.create hidden p.Output (p.OutputOffset.ToArray()) |> Defect.orFail

    /// 2-4-1 tanh with four critical points in [−5/2, 5/2]².
    let A241: Perceptron<Rational> =
        create tanh [ [ "-0.2 1.7"; "-2 0.4"; "0.1 0.7"; "-1.6 0.1" ], "-0.6 1.4 -0.5 -0.3"; [ "-1.9 1.2 1.3 -0.8" ], "0" ]

    /// 2-3-2-1 tanh with four critical points in [−5/2, 5/2]², one of them nearly degenerate.
    let B2321: Perceptron<Rational> =
        create tanh [
            [ "-1.2 -1.2"; "2 1.9"; "-1.5 1.9" ], "0.1 -0.9 -0.1"
            [ "0.5 1 0.3"; "-0.1 0.8 1.7" ], "0.1 0.2"
            [ "-1.7 1.4" ], "0"
        ]

    /// 1-3-1 tanh with four critical points in [−4, 4].
    let C131: Perceptron<Rational> = create tanh [ [ "1.8"; "-1.1"; "0.1" ], "-1.4 1.3 -0.3"; [ "1.3 1.5 0.4" ], "0" ]

    /// 2-4-1 tanh of degree −1 on [−5/2, 5/2]²: two saddles and a maximum.
    let saddleExcess: Perceptron<Rational> =
        create tanh [ [ "1.4 -1.5"; "-0.5 1.5"; "-0.9 -0.6"; "-0.5 -1.8" ], "-1.4 1 1.5 -0.7"; [ "1.8 -0.2 1.1 -0.9" ], "0" ]

    /// 3-2-2-1 tanh, non-augmented and of full rank: no critical point.
    let N3221: Perceptron<Rational> =
        create tanh [ [ "1 -0.5 0.25"; "0.5 1 -1" ], "0.1 -0.2"; [ "1 0.5"; "-0.5 1.5" ], "0.3 0"; [ "1 -2" ], "0" ]

    /// 2-2-1 tanh, Φ = tanh x₁ + tanh x₂.
    let N221: Perceptron<Rational> = create tanh [ [ "1 0"; "0 1" ], "0 0"; [ "1 1" ], "0" ]

    /// 1-2-1 tanh, Φ = tanh(x + 1) − tanh(x − 1), with a maximum at 0.
    let bump: Perceptron<Rational> = create tanh [ [ "1"; "1" ], "1 -1"; [ "1 -1" ], "0" ]

    /// 2-2-1 tanh, Φ = tanh x₁ − tanh 2x₁, of rank 1: two critical lines.
    let criticalLines: Perceptron<Rational> = create tanh [ [ "1 0"; "2 0" ], "0 0"; [ "1 -1" ], "0" ]

    /// 1-2-1 tanh, Φ = tanh 2x − 2·tanh x, with a degenerate critical point at 0.
    let degenerate: Perceptron<Rational> = create tanh [ [ "2"; "1" ], "0 0"; [ "1 -2" ], "0" ]

    /// 2-1-2-1 tanh with a line of degenerate critical points, Φ = tanh 3s − 2·tanh s, s = tanh(x₁ + x₂/2 + 1/10).
    let bottleneck2121: Perceptron<Rational> = create tanh [ [ "1 0.5" ], "0.1"; [ "3"; "1" ], "0 0"; [ "1 -2" ], "0" ]

    /// 1-2-1-2-1 tanh, a bottleneck as wide as the input: two non-degenerate critical points in [−3, 3].
    let harmless12121: Perceptron<Rational> =
        create tanh [ [ "2"; "-1.5" ], "0.5 1"; [ "1 1.2" ], "-0.3"; [ "2"; "-3" ], "0.2 0.4"; [ "1 1.1" ], "0" ]

    /// 2-3-2-3-1 tanh with a maximum whose smaller eigenvalue is −0.000345.
    let flat23231: Perceptron<Rational> =
        create tanh [
            [ "1.3 -0.7"; "0.4 1.5"; "-1.1 0.6" ], "0.2 -0.4 0.5"
            [ "1.5 -1 0.7"; "-0.6 1.2 1.4" ], "0.1 -0.3"
            [ "1.6 0.4"; "-1 1.3"; "0.5 -1.7" ], "0.3 -0.2 0.6"
            [ "1.2 -0.9 1.4" ], "0"
        ]

    /// 2-3-2-1 with t + t³/3, for derivatives.
    let cubic2321: Perceptron<Rational> =
        create ActivationKind.Cubic [ [ "1 -1/2"; "1/3 2"; "-1 1" ], "1/4 0 -1/2"; [ "1 -1 1/2"; "0 1/3 1" ], "1/5 -1"; [ "2 -3" ], "1" ]

    /// 2-3-2-1 tanh, for the gradient as a function of the weights.
    let submersion2321: Perceptron<Rational> =
        create tanh [
            [ "0.7 -0.4"; "0.3 0.9"; "-0.8 0.5" ], "0.2 -0.1 0.3"
            [ "0.5 -0.3 0.8"; "1.1 0.4 -0.6" ], "0.1 -0.2"
            [ "1.3 -0.7" ], "0"
        ]

    /// 2-2-2-1 leaky ReLU of slope 1/4: full row ranks, and yet 0 in the Clarke gradient at 0.
    let leaky2221: Perceptron<Rational> =
        create (ActivationKind.LeakyRelu(Rational.create 1 4)) [ [ "0 1"; "1 -1" ], "0 0"; [ "-3 -1"; "-1 -1" ], "0 0"; [ "-1 2" ], "0" ]
