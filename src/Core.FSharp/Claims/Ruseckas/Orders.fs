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

    // e = |c·dtᵖ + c₁dtᵖ⁺¹ + …|: the quotient ±e/dtᵖ goes to c, and each halving of dt halves what it still moves. Where c and c₁ differ in
    // sign it passes through zero on the way, which no slope of |e| shows. Whether some signs fit, up to the terms after c₁. They do not for
    // an error of order p − 1: its quotients 1, 2, 4, … move by two thirds of the move before at least, whatever their signs.
    let private mayPassZero (p: float) (rungs: Rung list) : bool =
        let rec signed (quotients: float list) : float list list =
            match quotients with
            | []
            | [ _ ] -> [ quotients ]
            | u :: finer -> [
                for rest in signed finer do
                    u :: rest
                    -u :: rest
              ]

        let settles (quotients: float list) : bool =
            quotients
            |> List.pairwise
            |> List.map (fun (a, b) -> abs (b - a))
            |> List.pairwise
            |> List.forall (fun (before, after) -> after <= 0.6 * before)

        rungs
        |> List.map (fun rung -> rung.Error * Elementary.exp (p * Elementary.log rung.Resolution))
        |> signed
        |> List.exists settles

    // The slope misses its band. The next term of the error changes it by about as much as it has just moved: if that could bring it into
    // the band, or if the error may have changed its sign, the ladder is too short to say anything.
    let private judge (quantity: string) (p: float) (expected: string) (missed: float -> float) (rungs: Rung list) : Outcome =
        let above = rungs |> List.filter (fun rung -> rung.Error > rung.Floor)

        match List.rev above with
        | fine :: coarse :: coarser ->
            let last = slope coarse fine

            let moved =
                match coarser with
                | coarsest :: _ -> abs (last - slope coarsest coarse)
                | [] -> 0.0

            if missed last <= 0.0 then
                Outcome.holds
            elif coarser.IsEmpty then
                Outcome.undecided $"{quantity}: only two rungs have an error above the floor, which tells nothing of the next term"
            elif missed last <= moved then
                Outcome.undecided $"{quantity} is pre-asymptotic: the last order is {last:F3}, and it has just moved by {moved:F3}"
            elif last < p && mayPassZero p above then
                Outcome.undecided
                    $"{quantity} is pre-asymptotic: the last order is {last:F3}, and the error may have changed its sign on the way"
            else
                Outcome.refuted quantity expected $"the order {last:F3} over the last two rungs"
                |> Outcome.at (rungs |> List.map (fun rung -> $"error at n = {rung.Resolution}", rung.Error.ToString "0.###e+0"))
        | _ -> Outcome.undecided $"{quantity}: fewer than two rungs have an error above the floor"

    /// What the next term of the error leaves of an order p: 0.1 for p = 1, 0.25 above.
    let margin (p: float) : float = if p <= 1.0 then 0.1 else 0.25

    /// Errors O(dtᵖ).
    let atLeast (quantity: string) (p: float) (rungs: Rung list) : Outcome =
        judge quantity p $"an order of at least {p - margin p}" (fun order -> p - margin p - order) rungs

    /// Errors of the order p, up to this margin, and of no higher one.
    let exactly (quantity: string) (p: float) (margin: float) (rungs: Rung list) : Outcome =
        judge quantity p $"an order in [{p - margin}, {p + margin}]" (fun order -> abs (order - p) - margin) rungs
