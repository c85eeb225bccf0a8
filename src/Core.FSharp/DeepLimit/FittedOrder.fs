namespace LayerTime.Core.DeepLimit

open System
open LayerTime.Core.Numbers

/// A power law y ≈ C·xᵖ fitted to points by least squares of the logarithms, with its confidence.
type FittedOrder = {
    /// p
    Order: float
    /// Half the width of the 95 % interval for p, if deviations from the law were independent and normal; infinite for two points.
    HalfWidth: float
    /// How many points were used.
    Points: int
    /// The slopes between neighbouring points, from the first on.
    Local: float[]
}

/// Power laws.
[<RequireQualifiedAccess>]
module FittedOrder =
    /// The 97.5 % quantiles of Student's distribution with 1, 2, … degrees of freedom (Fisher and Yates); the last one for all larger numbers.
    let private quantiles = [| 12.706; 4.303; 3.182; 2.776; 2.571; 2.447; 2.365; 2.306; 2.262; 2.228; 2.201; 2.179; 2.160; 2.145; 2.131 |]

    /// Of at least two points with positive coordinates, in the order of x; None where there are fewer or others.
    let tryOf (points: (float * float)[]) : FittedOrder option =
        let isUsable (x, y) = x > 0.0 && y > 0.0 && Double.IsFinite x && Double.IsFinite y

        if points.Length < 2 || not (Array.forall isUsable points) then
            None
        else
            let logs = points |> Array.map (fun (x, y) -> Elementary.log x, Elementary.log y)
            let n = float logs.Length
            let meanX, meanY = Array.averageBy fst logs, Array.averageBy snd logs
            let spread = logs |> Array.sumBy (fun (x, _) -> (x - meanX) * (x - meanX))
            let slope = (logs |> Array.sumBy (fun (x, y) -> (x - meanX) * (y - meanY))) / spread

            let rest =
                logs
                |> Array.sumBy (fun (x, y) ->
                    let r = y - meanY - slope * (x - meanX)
                    r * r)

            let halfWidth =
                if logs.Length = 2 then
                    Double.PositiveInfinity
                else
                    quantiles[Math.Min(logs.Length - 2, quantiles.Length) - 1] * Elementary.sqrt (rest / (n - 2.0) / spread)

            Some {
                Order = slope
                HalfWidth = halfWidth
                Points = logs.Length
                Local = Array.pairwise logs |> Array.map (fun ((x, y), (x', y')) -> (y' - y) / (x' - x))
            }
