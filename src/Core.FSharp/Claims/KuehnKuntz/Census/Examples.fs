namespace LayerTime.Core.Claims.KuehnKuntz

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Claims

/// Where the claims come from. The abstracts and a summary by others were read; definitions, formulas and proofs are reconstructed.
[<RequireQualifiedAccess>]
module internal Origin =
    let private name =
        "Kühn, Kuntz: Analysis of the Geometric Structure of Neural Networks and Neural ODEs via Morse Functions (2024/2025)"

    /// A statement that the abstract makes in words; what is checked was worked out again.
    let ofAbstract: Source = { Paper = name; Statement = "abstract, formulas reconstructed"; Reading = Reading.Reconstructed }

    /// A statement worked out again from what is known of the paper.
    let reconstructed: Source = { Paper = name; Statement = ""; Reading = Reading.Reconstructed }

    /// A claim with its source.
    let define (id: string) (source: Source) (statement: string) : Claim = { Claim.define id statement with Source = source }

/// The networks with known critical points, as exact fractions.
[<RequireQualifiedAccess>]
module internal Examples =
    let private vector (text: string) : Rational[] =
        text.Split ' '
        |> Array.map (fun number ->
            match Rational.parse number with
            | Ok value -> value
            | Error problem -> invalidArg (nameof text) problem)

    let private matrix (text: string) : Matrix<Rational> = text.Split "; " |> Array.map vector |> Matrix.ofRows

    /// A perceptron of one activation from (A_l, c_l), rows separated by semicolons, and the output row; output bias 0.
    let create (kind: ActivationKind) (hidden: (string * string) list) (output: string) : Perceptron<Rational> =
        let layer (rows, bias) =
            let weights = matrix rows
            { Weights = weights; Bias = vector bias; Activations = Array.create weights.Rows kind }

        Perceptron.create (hidden |> List.map layer |> List.toArray) (matrix output) [| Rational.Zero |] |> Defect.orFail

    let private tanh = create (ActivationKind.Transcendental TranscendentalName.Tanh)

    /// 2-4-1 with four critical points in [−5/2, 5/2]².
    let A241 = tanh [ "-0.2 1.7; -2 0.4; 0.1 0.7; -1.6 0.1", "-0.6 1.4 -0.5 -0.3" ] "-1.9 1.2 1.3 -0.8"

    /// 2-3-2-1 with four critical points in [−5/2, 5/2]², one of them nearly degenerate.
    let B2321 = tanh [ "-1.2 -1.2; 2 1.9; -1.5 1.9", "0.1 -0.9 -0.1"; "0.5 1 0.3; -0.1 0.8 1.7", "0.1 0.2" ] "-1.7 1.4"

    /// 1-3-1 with four critical points in [−4, 4].
    let C131 = tanh [ "1.8; -1.1; 0.1", "-1.4 1.3 -0.3" ] "1.3 1.5 0.4"

    /// 2-4-1 of degree −1 on [−5/2, 5/2]²: two saddles and a maximum.
    let saddleExcess = tanh [ "1.4 -1.5; -0.5 1.5; -0.9 -0.6; -0.5 -1.8", "-1.4 1 1.5 -0.7" ] "1.8 -0.2 1.1 -0.9"

    /// 3-2-2-1, non-augmented and of full rank.
    let N3221 = tanh [ "1 -0.5 0.25; 0.5 1 -1", "0.1 -0.2"; "1 0.5; -0.5 1.5", "0.3 0" ] "1 -2"

    /// 2-2-2-1, non-augmented and of full rank.
    let N2221 = tanh [ "1 0.5; -0.5 1.5", "0.1 0"; "3 0; 1 1", "0 0.2" ] "1 -2"

    /// 1-2-1, Φ = tanh(x + 1) − tanh(x − 1), with a maximum at 0.
    let bump = tanh [ "1; 1", "1 -1" ] "1 -1"

    /// 2-2-1, Φ = tanh x₁ − tanh 2x₁, of rank 1: two critical lines.
    let criticalLines = tanh [ "1 0; 2 0", "0 0" ] "1 -1"

    /// 1-2-1, Φ = tanh 2x − 2·tanh x, with a degenerate critical point at 0.
    let doubleTanh = tanh [ "2; 1", "0 0" ] "1 -2"

    /// 2-1-2-1 with lines of degenerate critical points, Φ = tanh 3s − 2·tanh s, s = tanh(x₁ + x₂/2 + 1/10).
    let bottleneck = tanh [ "1 0.5", "0.1"; "3; 1", "0 0" ] "1 -2"

    /// 1-2-1-2-1, a bottleneck as wide as the input: two non-degenerate critical points in [−3, 3].
    let harmlessBottleneck = tanh [ "2; -1.5", "0.5 1"; "1 1.2", "-0.3"; "2; -3", "0.2 0.4" ] "1 1.1"

    /// 2-3-2-3-1 with a maximum whose smaller eigenvalue is −0.000345.
    let flatMaximum =
        tanh
            [
                "1.3 -0.7; 0.4 1.5; -1.1 0.6", "0.2 -0.4 0.5"
                "1.5 -1 0.7; -0.6 1.2 1.4", "0.1 -0.3"
                "1.6 0.4; -1 1.3; 0.5 -1.7", "0.3 -0.2 0.6"
            ]
            "1.2 -0.9 1.4"
