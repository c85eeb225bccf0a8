namespace LayerTime.Core.Claims.Ruseckas

open LayerTime.Core.Numbers
open LayerTime.Core.Claims

/// Orders of convergence by the last two rungs that stand above the floor. The errors are c·dtᵖ(1 + c₁dt + …), so the slope over one halving
/// of dt differs from p by |c₁|dt/(2 ln 2): below 0.1 for p = 1 at N = 400 → 800 and below 0.25 for p = 2, 3, 4 at N = 80 → 160 on the
/// equations drawn here. A larger slope is no refutation of O(dtᵖ): it occurs where c is nearly zero.
[<RequireQualifiedAccess>]
module internal Orders =
    let private slope (coarse: Rung) (fine: Rung) : float =
        Elementary.log (coarse.Error / fine.Error) / Elementary.log (fine.Resolution / coarse.Resolution)

    // The slope misses its band. The next term of the error changes it by about as much as it has just moved: if that could bring it into
    // the band, the ladder is too short to say anything.
    let private judge (quantity: string) (expected: string) (missed: float -> float) (rungs: Rung list) : Outcome =
        match rungs |> List.filter (fun rung -> rung.Error > rung.Floor) |> List.rev with
        | fine :: coarse :: coarser ->
            let last = slope coarse fine

            let moved =
                match coarser with
                | coarsest :: _ -> abs (last - slope coarsest coarse)
                | [] -> 0.0

            if missed last <= 0.0 then
                Outcome.holds
            elif missed last <= moved then
                Outcome.undecided $"{quantity} is pre-asymptotic: the last order is {last:F3}, and it has just moved by {moved:F3}"
            else
                Outcome.refuted quantity expected $"the order {last:F3} over the last two rungs"
                |> Outcome.at (rungs |> List.map (fun rung -> $"error at n = {rung.Resolution}", rung.Error.ToString "0.###e+0"))
        | _ -> Outcome.undecided $"{quantity}: fewer than two rungs have an error above the floor"

    /// What the next term of the error leaves of an order p: 0.1 for p = 1, 0.25 above.
    let margin (p: float) : float = if p <= 1.0 then 0.1 else 0.25

    /// Errors O(dtᵖ).
    let atLeast (quantity: string) (p: float) (rungs: Rung list) : Outcome =
        judge quantity $"an order of at least {p - margin p}" (fun order -> p - margin p - order) rungs

    /// Errors of the order p, up to this margin, and of no higher one.
    let exactly (quantity: string) (p: float) (margin: float) (rungs: Rung list) : Outcome =
        judge quantity $"an order in [{p - margin}, {p + margin}]" (fun order -> abs (order - p) - margin) rungs
