namespace LayerTime.Core.DeepLimit

open System
open LayerTime.Core.Numbers

/// What becomes of a family of residual networks as depth grows, X_{k+1} = X_k + σ(A_k X_k + a_k).
[<RequireQualifiedAccess>]
type DepthRegime =
    /// The weights are samples of a function of depth-time with the factor 1/n: an ordinary differential equation.
    | OrdinaryEquation
    /// The weights fluctuate independently with the factor 1/√n: a stochastic differential equation.
    | StochasticEquation
    /// The layers do less and less: the identity.
    | Trivial
    /// The layers do more and more: no limit.
    | Explosive
    /// The weights alternate: a limit with relaxed (averaged) controls, not the equation of their mean.
    | Relaxed
    /// The numbers do not tell.
    | Undecided

/// What one network's weights say about depth. All numbers are scale-free but the last two.
type WeightRoughness = {
    /// n
    Depth: int
    /// ν = Σ|A_k − A_{k−1}|²/Σ|A_k − Ā|²: about 2 for independent layers, O(n⁻²) for weights that are smooth in depth, near 4 for alternating ones.
    Neumann: float
    /// What ν would lie in 95 times of 100 if layers were independent and their entries moved together (the widest case): 2 ± 4/√n.
    IndependentBand: float * float
    /// H = ½ · slope of log mean|A_{i+l} − A_i|² over the lags l = 1, 2, 4, 8: 1 for smooth weights, ½ for a random walk, 0 for independent layers. None where a mean is 0.
    Hurst: float option
    /// Whether differences over even lags are all 0: the weights have period 2.
    IsPeriodic: bool
    /// Slope of log rms|A_{i+1} + … + A_{i+m}| over the windows m = 1, 2, 4, … ≤ n/4: the exponent β of the factor n^−β with which such weights have a limit
    /// that is neither trivial nor explosive; 1 for smooth weights, ½ for independent ones.
    ScalingExponent: FittedOrder option
    /// n · mean|A_k|, which stays bounded over depths in the regime of the differential equation.
    ScaledNorm: float
    /// R_n(nA; 0) = n Σ|nA_k − nA_{k−1}|², which stays bounded over depths exactly where the limit theorem holds.
    ScaledEnergy: float
}

/// What a family of networks says: exponents over its depths.
type DepthScaling = {
    /// −slope of log mean|A_k|: 1 for an ordinary, ½ for a stochastic differential equation.
    Norm: float
    /// The slope of log|ΣA_k|.
    Sum: float
    /// The slope of log(Σ|A_k|²)^½.
    Quadratic: float
    /// ν of the deepest network.
    Neumann: float
}

/// <summary>Whether the weights of trained residual networks have a limit in depth, and which.</summary>
/// <remarks>
/// Our own, beyond the paper; the regimes agree with Marion et al. (independent layers need 1/√n and give a stochastic equation, smooth ones 1/n and an
/// ordinary one) and Cohen, Cont, Rossier and Xu (trained networks may be either or neither). Each A_k is one vector of numbers; the scale of the layer is in it.
/// </remarks>
[<RequireQualifiedAccess>]
module WeightDiagnostic =
    /// The half width of the band in which exponents count as met: known bias on rough functions with a given exponent is up to 0.13.
    [<Literal>]
    let Band = 0.15

    let private squared (x: float[]) : float = Array.sumBy (fun a -> a * a) x
    let private difference (x: float[]) (y: float[]) : float[] = Array.map2 (-) x y
    let private total (weights: float[][]) : float[] = Array.reduce (Array.map2 (+)) weights
    let private norm (x: float[]) : float = Elementary.sqrt (squared x)

    /// ν = Σ|A_k − A_{k−1}|²/Σ|A_k − Ā|²; NaN where all layers are equal.
    let neumann (weights: float[][]) : float =
        let mean = total weights |> Array.map (fun a -> a / float weights.Length)
        let steps = Array.pairwise weights |> Array.sumBy (fun (before, after) -> squared (difference after before))
        steps / Array.sumBy (fun a -> squared (difference a mean)) weights

    /// The mean of |A_{i+l} − A_i|².
    let private meanChange (weights: float[][]) (lag: int) : float =
        Seq.init (weights.Length - lag) (fun i -> squared (difference weights[i + lag] weights[i])) |> Seq.average

    /// The rms of |A_{i+1} + … + A_{i+m}| over all windows, by partial sums.
    let private windowSum (partial: float[][]) (m: int) : float =
        Seq.init (partial.Length - m) (fun i -> squared (difference partial[i + m] partial[i]))
        |> Seq.average
        |> Elementary.sqrt

    /// The numbers of one network of at least 8 layers, or None for a shallower one.
    let ofNetwork (weights: float[][]) : WeightRoughness option =
        let n = weights.Length

        if n < 8 then
            None
        else
            let size = float n
            let lags = [| 1; 2; 4; 8 |] |> Array.filter (fun lag -> lag <= n / 2)
            let changes = lags |> Array.map (fun lag -> float lag, meanChange weights lag)
            let zero = Array.create weights[0].Length 0.0
            let partial = Array.scan (Array.map2 (+)) zero weights
            let windows = Array.unfold (fun m -> if m <= n / 4 then Some(m, 2 * m) else None) 1
            let sums = windows |> Array.map (fun m -> float m, windowSum partial m)
            let scaled = Array.map (Array.map (fun a -> size * a)) weights
            let width = 4.0 / Elementary.sqrt size

            Some {
                Depth = n
                Neumann = neumann weights
                IndependentBand = 2.0 - width, 2.0 + width
                Hurst = FittedOrder.tryOf changes |> Option.map (fun fit -> fit.Order / 2.0)
                IsPeriodic = snd changes[0] > 0.0 && Array.forall (fun (_, change) -> change = 0.0) changes[1..]
                ScalingExponent = FittedOrder.tryOf sums
                ScaledNorm = size * (weights |> Array.averageBy norm)
                ScaledEnergy = size * (Array.pairwise scaled |> Array.sumBy (fun (before, after) -> squared (difference after before)))
            }

    /// The regime that the weights of one network suggest. What one depth cannot tell is how the scale of the weights changes with depth.
    let regimeOfNetwork (roughness: WeightRoughness) : DepthRegime =
        let low, high = roughness.IndependentBand

        if roughness.IsPeriodic || roughness.Neumann > 3.0 then
            DepthRegime.Relaxed
        elif roughness.Neumann < Math.Min(0.5, low) && roughness.Hurst |> Option.forall (fun h -> h > 1.0 - 2.0 * Band) then
            DepthRegime.OrdinaryEquation
        elif roughness.Neumann > Math.Max(1.5, low) && roughness.Neumann < Math.Min(2.5, high) then
            DepthRegime.StochasticEquation
        else
            DepthRegime.Undecided

    /// The exponents of a family of at least three depths, the shallowest first; None where there are fewer.
    let ofFamily (family: float[][][]) : DepthScaling option =
        if family.Length < 3 then
            None
        else
            // A sum that cancels exactly has a logarithm all the same.
            let positive x = Math.Max(x, 1e-300)

            let slope (size: float[][] -> float) =
                family
                |> Array.map (fun weights -> float weights.Length, positive (size weights))
                |> FittedOrder.tryOf
                |> Option.map _.Order

            match slope (Array.averageBy norm), slope (total >> norm), slope (Array.sumBy squared >> Elementary.sqrt) with
            | Some n, Some sum, Some quadratic ->
                Some { Norm = -n; Sum = sum; Quadratic = quadratic; Neumann = neumann (Array.last family) }
            | _ -> None

    /// The regime of a family: the first that fits, with a band of 0.2 around each exponent.
    let regimeOfFamily (scaling: DepthScaling) : DepthRegime =
        let isNear (x: float) expected = Math.Abs(x - expected) <= 0.2

        if scaling.Neumann > 3.0 then
            DepthRegime.Relaxed
        elif scaling.Sum > 0.2 || scaling.Quadratic > 0.2 then
            DepthRegime.Explosive
        elif scaling.Sum < -0.2 && scaling.Quadratic < -0.2 then
            DepthRegime.Trivial
        elif isNear scaling.Norm 1.0 && isNear scaling.Sum 0.0 && isNear scaling.Quadratic -0.5 && scaling.Neumann < 0.5 then
            DepthRegime.OrdinaryEquation
        elif
            isNear scaling.Norm 0.5
            && isNear scaling.Sum 0.0
            && isNear scaling.Quadratic 0.0
            && scaling.Neumann > 1.5
            && scaling.Neumann < 2.5
        then
            DepthRegime.StochasticEquation
        else
            DepthRegime.Undecided
