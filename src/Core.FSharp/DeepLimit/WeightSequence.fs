namespace LayerTime.Core.DeepLimit

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra

/// <summary>The weights of n layers as samples f_0, …, f_{n−1} of a function of depth-time, f_i at t = i/n, each a vector of p numbers.</summary>
/// <remarks>Their H¹ energy R_n(f; τ) = n Σ_{i=1..n−1} |f_i − f_{i−1}|² + τ|f_0|² = fᵀA_n f, and the maps between depths that respect it. There is no f_n.</remarks>
[<RequireQualifiedAccess>]
module WeightSequence =
    let private layers (f: 'T[][]) : 'T :> IRing<'T> = Ring.ratio f.Length 1

    let private normSquared (x: 'T[]) : 'T :> IRing<'T> = Vector.dot x x

    /// R_n(f; τ) = n Σ_{i=1..n−1} |f_i − f_{i−1}|² + τ|f_0|²
    let energy (τ: 'T) (f: 'T[][]) : 'T :> IRing<'T> =
        let steps = Array.pairwise f |> Array.map (fun (before, after) -> normSquared (Vector.subtract after before))
        'T.Sum('T.Product(layers f, Array.fold (fun sum a -> 'T.Sum(sum, a)) 'T.Zero steps), 'T.Product(τ, normSquared f[0]))

    /// A_n f, half the gradient of R_n: D_i − D_{i+1} with D_0 = τf_0, D_i = n(f_i − f_{i−1}), D_n = 0.
    let metric (τ: 'T) (f: 'T[][]) : 'T[][] when 'T :> IRing<'T> =
        let inner = Array.pairwise f |> Array.map (fun (before, after) -> Vector.scale (layers f) (Vector.subtract after before))

        Array.concat [ [| Vector.scale τ f[0] |]; inner; [| Vector.zero f[0].Length |] ]
        |> Array.pairwise
        |> Array.map (fun (d, next) -> Vector.subtract d next)

    /// A_n⁻¹g, the gradient in the metric of R_n, by A_n⁻¹[i, j] = 1/τ + min(i, j)/n: v_0 = c_0/τ, v_i = v_{i−1} + c_i/n with c_i = g_i + … + g_{n−1}. Wants τ ≠ 0.
    let sobolev (τ: 'T) (g: 'T[][]) : 'T[][] when 'T :> IField<'T> =
        let suffixes = Array.scanBack Vector.add g (Vector.zero g[0].Length)
        let step = Ring.ratio 1 g.Length
        let first = suffixes[0] |> Array.map (fun c -> 'T.Quotient(c, τ))
        Array.scan (fun v c -> Vector.addScaled v step c) first suffixes[1 .. g.Length - 1]

    /// Π: n → 2n: (Πf)_{2i} = f_i, (Πf)_{2i+1} = (f_i + f_{i+1})/2, and (Πf)_{2n−1} = f_{n−1}. R_{2n}(Πf) = R_n(f).
    let prolong (f: 'T[][]) : 'T[][] when 'T :> IRing<'T> =
        let half: 'T = Ring.ratio 1 2

        Array.init (2 * f.Length) (fun k ->
            let i = k / 2

            if k % 2 = 0 || i = f.Length - 1 then f[i] else Vector.scale half (Vector.add f[i] f[i + 1]))

    /// Every other sample, 2n → n: f_0, f_2, …; R_n does not increase.
    let restrict (f: 'T[][]) : 'T[][] =
        if f.Length % 2 <> 0 then
            invalidArg (nameof f) $"found {f.Length} samples, expected an even number"

        Array.init (f.Length / 2) (fun i -> f[2 * i])
