namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.Semantics

/// Why a network cannot be run backward by solving for its oldest state.
[<RequireQualifiedAccess>]
type Irreversible =
    /// ∇ʳ reaches no further back than the maps do: some map reads the oldest state.
    | ReadsOldest of order: int * memory: int

    /// What was found, and what would do.
    override reason.ToString() : string =
        match reason with
        | ReadsOldest(order, memory) ->
            $"the maps read {memory} states back and the difference has order {order}: expected an order above {memory}, so that no map reads the oldest state"

/// Networks run backward. Where the maps of ∇ʳx(l+1) = hʳ·G_l read less than r states, the oldest one enters linearly, with
/// weight ±1, and any G_l whatever can be undone: exactly on fractions, up to rounding on floats.
[<RequireQualifiedAccess>]
module Reversal =
    /// The delay state at l from the one at l+1: x(l−r+1) = (−1)^(r+1) [x(l+1) − hʳ G_l − Σ_{j&lt;r} (−1)^(j+1) C(r,j) x(l+1−j)].
    let private previous (equation: DifferenceEquation<'T>) (next: 'T[][]) (l: int) : 'T[][] when 'T :> IRing<'T> =
        let known = Array.tail next
        SmoothState.delayInverse equation.Step (fun _ -> Simulation.rightHandSide equation.RightHandSides[l] known) next

    /// The history [x(0); x(−1); …] that leads to a final delay state [x(L); x(L−1); …], with the memory of one state.
    /// Reversal.history equation (trajectory.Delay L) = Ok history for the trajectory of that history.
    let history (equation: DifferenceEquation<'T>) (final: 'T[][]) : Result<'T[][], Irreversible> when 'T :> IRing<'T> =
        let width = equation.Width equation.Depth

        if final.Length <> equation.Blocks || Array.exists (fun (x: 'T[]) -> x.Length <> width) final then
            let shape = final |> Array.map (fun x -> string x.Length) |> String.concat ", "
            invalidArg (nameof final) $"found a state of widths [{shape}], expected {equation.Blocks} states of width {width}"

        if equation.Order > equation.Memory then
            Ok(Seq.fold (previous equation) final (seq { equation.Depth - 1 .. -1 .. 0 }))
        else
            Error(Irreversible.ReadsOldest(equation.Order, equation.Memory))
