namespace LayerTime.Core.Claims.Shared

open LayerTime.Core.Numbers
open LayerTime.Core.Semantics

/// Reference solutions of equations in floats by explicit Runge–Kutta methods.
[<RequireQualifiedAccess>]
module internal FloatSteps =
    /// The states of N steps of an explicit method on the horizon.
    let states (tableau: Tableau<Rational>) (field: IVectorField<Binary64>) (start: float[]) (horizon: float) (n: int) : float[][] =
        Stepper.explicit tableau field
        |> Stepper.trajectory (Binary64 0.0) (Binary64(horizon / float n)) n (Binary64.ofFloats start)
        |> Array.map Binary64.toFloats

    /// The end of the classical method of order 4 with N steps for any field.
    let rungeKutta (field: float -> float[] -> float[]) (start: float[]) (horizon: float) (n: int) : float[] =
        let field =
            VectorField.ofFunction start.Length (fun (t: Binary64) x -> Binary64.ofFloats (field t.Value (Binary64.toFloats x)))

        Array.last (states Tableaus.rungeKutta4 field start horizon n)
