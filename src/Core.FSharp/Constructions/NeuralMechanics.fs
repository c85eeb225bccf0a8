namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.Semantics

/// The conserved quantities of a neural ODE whose field is smooth in time.
[<RequireQualifiedAccess>]
module NeuralMechanics =
    /// H, the pairing with a tangent, and the charge of an affine generator v(x) = Mx + c along the solution from x(0), for the momentum
    /// a(T) = ∇L(x(T)), at `steps` + 1 equally spaced times.
    let monitor
        (generator: (float[][] * float[]) option)
        (momentum: float[] -> float[])
        (start: float[])
        (tangent: float[])
        (steps: int)
        (ode: NeuralOde<Binary64>)
        : Result<MechanicsReport, Defect list> =
        if ode.Pieces.Length > 1 then
            Error [
                Defect.create
                    "field"
                    $"{ode.Pieces.Length} pieces, between which the weights jump"
                    "one piece: the laws are those of a field that is smooth in time"
            ]
        else
            let field: IVectorField<AnalyticDual<Binary64>> = VectorField.ofPiece (FlowMethod.pieceOver ode.Pieces[0])
            let generator = generator |> Option.map (fun (linear, constant) -> Mechanics.affineGenerator linear constant)
            Mechanics.monitor field generator momentum start tangent (Rational.toFloat ode.Horizon) steps
