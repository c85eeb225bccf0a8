namespace LayerTime.Core.Claims

open LayerTime.Core.Rigour

/// Statements about reach sets as conclusions of claims.
[<RequireQualifiedAccess>]
module Reaching =
    /// Holds if no input leaves the set; refuted by an input that does.
    let outcome (verdict: ReachVerdict) : Outcome =
        match verdict with
        | ReachVerdict.Stays _ -> Outcome.holds
        | ReachVerdict.Leaves(input, _, _, _) ->
            Outcome.refuted "the reach set" "no input leaves the set" (ReachSet.sentence verdict)
            |> Outcome.at [
                "input",
                input |> Array.map (fun x -> x.ToString("R", System.Globalization.CultureInfo.InvariantCulture)) |> String.concat " "
            ]
        | ReachVerdict.Undecided _ -> Outcome.undecided (ReachSet.sentence verdict)
