namespace LayerTime.Core.Claims.Duan.Beyond

open LayerTime.Core.Numbers
open LayerTime.Core.Constructions
open LayerTime.Core.Claims.Duan

/// Splitting steps whose tables have a constant number of knots, at an offset that may change from step to step.
[<RequireQualifiedAccess>]
module internal Dithering =
    /// The van der Corput sequence in base 2: the digits of k behind the point in reverse order; ½, ¼, ¾, …
    let vanDerCorput (k: int) : float =
        Seq.unfold (fun (k, weight) -> if k = 0 then None else Some(float (k % 2) * weight, (k / 2, 0.5 * weight))) (k + 1, 0.5)
        |> Seq.sum

    /// R = R_0 + TΣ|a_i|
    let radius (terms: RidgeTerm<Binary64>[]) (horizon: float) (start: float) : float = start + horizon * Array.sumBy Fields.length terms

    let private sech2 (s: float) : float =
        let t = Elementary.tanh s
        1.0 - t * t

    // The knots lo + (j + θ)η.
    let private knots (lo: float) (η: float) (count: int) (θ: float) : float[] = Array.init count (fun j -> lo + (float j + θ) * η)

    /// f_θ(s) = tanh(lo) + sech²(lo)(s − lo) + Σ_j η·tanh″(z_j)·max(0, s − z_j): its mean over θ is tanh on [lo, hi].
    let kinks (count: int) (lo: float, hi: float) (θ: float) : float -> float =
        let η = (hi - lo) / float count
        let z = knots lo η count θ
        let weight = z |> Array.map (fun z -> -2.0 * η * Elementary.tanh z * sech2 z)
        let value, slope = Elementary.tanh lo, sech2 lo

        fun s ->
            let mutable sum = value + slope * (s - lo)

            for j in 0 .. count - 1 do
                if s > z[j] then
                    sum <- sum + weight[j] * (s - z[j])

            sum

    /// ψ̃_θ(s) = ψ(lo) + (sign κ·c/κ)·Σ_j clamp(s − z_j, 0, ℓ_j), ℓ_j = |κ|ψ′(z_j)η/c: s + κψ̃_θ has the slopes 1 and α, or 1 and 1/α, only.
    let oneSlope (α: float) (count: int) (lo: float, hi: float) (profile: Profile) (κ: float) (h: float) (θ: float) : float -> float =
        let η = (hi - lo) / float count
        let z = knots lo η count θ
        let c = if κ < 0.0 then 1.0 - α else 1.0 / α - 1.0

        let start, slope =
            match profile with
            | Profile.Tanh -> TermFlow.tanhProfile κ h lo, TermFlow.tanhProfileSlope κ h
            | _ -> TermFlow.profile profile κ h lo, fun s -> if s > 0.0 then h * TermFlow.phi1 (κ * h) else 0.0

        let length = z |> Array.map (fun z -> abs κ * slope z * η / c)

        fun s ->
            let mutable sum = 0.0

            for j in 0 .. count - 1 do
                sum <- sum + max 0.0 (min length[j] (s - z[j]))

            start + c / abs κ * sum

    // n steps of x ← x + scale·a_i·profile(w_i·x + b_i) for all points, the profiles made anew at each step.
    let private run
        (terms: RidgeTerm<Binary64>[])
        (radius: float)
        (n: int)
        (profile: RidgeTerm<Binary64> -> float * float -> int -> float -> float)
        (points: float[][])
        =
        let state = Array.map Array.copy points
        let a = terms |> Array.map (fun term -> Fields.floats term.Direction)
        let w = terms |> Array.map (fun term -> Fields.floats term.Weights)

        for k in 0 .. n - 1 do
            for i in 0 .. terms.Length - 1 do
                let b = terms[i].Bias.Value
                let reach = Fields.norm w[i] * radius
                let ψ = profile terms[i] (b - reach, b + reach) k

                for x in state do
                    let mutable s = b

                    for j in 0 .. x.Length - 1 do
                        s <- s + w[i][j] * x[j]

                    let shift = ψ s

                    for j in 0 .. x.Length - 1 do
                        x[j] <- x[j] + shift * a[i][j]

        state

    /// n steps x ← x + h·a_i·f_θ(s_i) with the offsets θ_k.
    let withKinks
        (count: int)
        (radius: float)
        (terms: RidgeTerm<Binary64>[])
        (horizon: float)
        (n: int)
        (θ: int -> float)
        (points: float[][])
        : float[][] =
        let h = horizon / float n

        run terms radius n (fun _ range k -> let f = kinks count range (θ k) in fun s -> h * f s) points

    /// n steps x ← x + a_i·ψ̃_θ(s_i) with the offsets θ_k and one slope α.
    let fixedSlope
        (α: float)
        (count: int)
        (radius: float)
        (terms: RidgeTerm<Binary64>[])
        (horizon: float)
        (n: int)
        (θ: int -> float)
        (points: float[][])
        : float[][] =
        let h = horizon / float n
        run terms radius n (fun term range k -> oneSlope α count range term.Profile (RidgeTerm.rate term).Value h (θ k)) points
