namespace LayerTime.Core.Claims.Ruseckas

open LayerTime.Core.Numbers
open LayerTime.Core.Claims

/// Orders of convergence by the last two rungs that stand above the floor. The errors are c·dtᵖ(1 + c₁dt + …), so the slope over one halving
/// of dt differs from p by |c₁|dt/(2 ln 2): below 0.1 for p = 1 at N = 400 → 800 and below 0.25 for p = 2, 3, 4 at N = 80 → 160 on the
/// equations drawn here. A larger slope is no refutation of O(dtᵖ): it occurs where c is nearly zero.
[<RequireQualifiedAccess>]
module internal Orders =
    // The slope over the last two rungs whose error stands above its floor.
    let private lastSlope (rungs: Rung list) : float option =
        match rungs |> List.filter (fun rung -> rung.Error > rung.Floor) |> List.rev with
        | fine :: coarse :: _ ->
            Some(Elementary.log (coarse.Error / fine.Error) / Elementary.log (fine.Resolution / coarse.Resolution))
        | _ -> None

    let private judge (quantity: string) (expected: string) (accept: float -> bool) (rungs: Rung list) : Outcome =
        match lastSlope rungs with
        | None -> Outcome.undecided $"{quantity}: fewer than two rungs have an error above the floor"
        | Some slope when accept slope -> Outcome.holds
        | Some slope ->
            Outcome.refuted quantity expected $"the order {slope:F3} over the last two rungs"
            |> Outcome.at (rungs |> List.map (fun rung -> $"error at n = {rung.Resolution}", rung.Error.ToString "0.###e+0"))

    /// What the next term of the error leaves of an order p: 0.1 for p = 1, 0.25 above.
    let margin (p: float) : float = if p <= 1.0 then 0.1 else 0.25

    /// Errors O(dtᵖ).
    let atLeast (quantity: string) (p: float) (rungs: Rung list) : Outcome =
        judge quantity $"an order of at least {p - margin p}" (fun slope -> slope >= p - margin p) rungs

    /// Errors of the order p, up to this margin, and of no higher one.
    let exactly (quantity: string) (p: float) (margin: float) (rungs: Rung list) : Outcome =
        judge quantity $"an order in [{p - margin}, {p + margin}]" (fun slope -> abs (slope - p) <= margin) rungs
