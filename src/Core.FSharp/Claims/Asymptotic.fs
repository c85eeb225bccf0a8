namespace LayerTime.Core.Claims

open System
open LayerTime.Core.Numbers

/// One rung of a ladder: the error at a resolution, and how far rounding may have moved that error.
type Rung = {
    /// The number of steps, layers or cells; positive.
    Resolution: float
    /// The error there; not negative.
    Error: float
    /// The rounding floor: the error without rounding lies within this distance of `Error`.
    Floor: float
}

/// Orders of convergence, measured over a ladder of resolutions.
[<RequireQualifiedAccess>]
module Asymptotic =

    // log(numerator / denominator) / log(growth of the resolution), with 0 / 0 unknown.
    let private slope (coarse: Rung) (fine: Rung) (numerator: float) (denominator: float) : float =
        Elementary.log (numerator / denominator) / Elementary.log (fine.Resolution / coarse.Resolution)

    let private order (coarse: Rung, fine: Rung) : float = slope coarse fine coarse.Error fine.Error

    /// The order of each pair of neighbours, log(eᵢ / eᵢ₊₁) / log(nᵢ₊₁ / nᵢ): errors 1, ¼ at n = 1, 2 give 2.
    let orders (rungs: Rung list) : float list = rungs |> List.pairwise |> List.map order

    // Whether some errors within the floors of the measured ones give an order within the band.
    let private mayLieWithin (low: float, high: float) (coarse: Rung, fine: Rung) : bool =
        let least = slope coarse fine (max 0.0 (coarse.Error - coarse.Floor)) (fine.Error + fine.Floor)
        let most = slope coarse fine (coarse.Error + coarse.Floor) (max 0.0 (fine.Error - fine.Floor))
        not (most < low || least > high)

    let private show (value: float) : string = value.ToString("0.####", Globalization.CultureInfo.InvariantCulture)
    let private showError (value: float) : string = value.ToString("0.###e+0", Globalization.CultureInfo.InvariantCulture)

    let private instance (rungs: Rung list) : (string * string) list =
        rungs |> List.map (fun rung -> $"error at n = {show rung.Resolution}", showError rung.Error)

    let private validate (low: float, high: float) (rungs: Rung list) : unit =
        if not (low <= high) then
            invalidArg "band" $"The band [{low}, {high}] is empty."

        if rungs.Length < 3 then
            invalidArg (nameof rungs) $"A ladder needs three rungs for two ratios, this one has {rungs.Length}."

        for coarse, fine in List.pairwise rungs do
            if not (0.0 < coarse.Resolution && coarse.Resolution < fine.Resolution && Double.IsFinite fine.Resolution) then
                invalidArg
                    (nameof rungs)
                    $"The resolutions must be positive and increase: {coarse.Resolution} is followed by {fine.Resolution}."

    /// Whether the error falls with an order within [low, high], judged by the orders p₁, p₂ of the last two pairs of rungs above the floor
    /// (rungs at the end with error ≤ floor are left out; three must remain). It
    /// holds iff low ≤ p₁, p₂ ≤ high; is undecided as pre-asymptotic if an error is not finite, if |p₂ - p₁| > (high - low) / 2, or if only p₁ misses the band;
    /// is undecided as at the rounding floor if errors within the floors would put p₂ in the band; and is refuted otherwise.
    let within (quantity: string) (low: float, high: float) (rungs: Rung list) : Outcome =
        validate (low, high) rungs

        let above = rungs |> List.rev |> List.skipWhile (fun rung -> rung.Error <= rung.Floor) |> List.truncate 3 |> List.rev

        let inside p = low <= p && p <= high

        match above with
        | [ first; second; third ] when above |> List.forall (fun rung -> Double.IsFinite rung.Error) ->
            let p1, p2 = order (first, second), order (second, third)
            let found = $"the last two pairwise orders are {show p1} and {show p2}"

            if inside p1 && inside p2 then
                Outcome.holds
            elif not (abs (p2 - p1) <= (high - low) / 2.0) || inside p2 then
                Outcome.undecided $"{quantity} is pre-asymptotic: {found}, and they are still moving"
            elif mayLieWithin (low, high) (second, third) then
                Outcome.undecided $"{quantity} is at the rounding floor: {found}, and rounding may have moved them"
            else
                Outcome.refuted quantity $"an order in [{show low}, {show high}]" found |> Outcome.at (instance rungs)
        | [ _; _; _ ] -> Outcome.undecided $"{quantity} is pre-asymptotic: the error is not finite at one of the last rungs"
        | few -> Outcome.undecided $"{quantity} is at the rounding floor: only {few.Length} rungs have an error above it"
