namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.Semantics

/// The conserved quantities of a neural ODE, whose field is smooth in time on each of its pieces.
[<RequireQualifiedAccess>]
module NeuralMechanics =
    /// H, the pairing with a tangent, and the charge of an affine generator v(x) = Mx + c along the solution from x(0), for the momentum
    /// a(T) = ∇L(x(T)), at about `steps` + 1 times, equally spaced on each piece.
    let monitor
        (generator: (float[][] * float[]) option)
        (momentum: float[] -> float[])
        (start: float[])
        (tangent: float[])
        (steps: int)
        (ode: NeuralOde<Binary64>)
        : Result<MechanicsReport, Defect list> =
        let stretch (piece: FieldPiece<Binary64>) : SmoothStretch = {
            Field = VectorField.ofPiece (FlowMethod.pieceOver piece)
            Until = Rational.toFloat piece.Until
        }

        let generator = generator |> Option.map (fun (linear, constant) -> Mechanics.affineGenerator linear constant)
        let stretches = ode.Pieces.ToArray() |> Array.map stretch |> Array.toList
        Mechanics.monitorStretches stretches generator momentum start tangent steps
