namespace LayerTime.Core.Claims.Duan

open LayerTime.Core.Numbers
open LayerTime.Core.Constructions

/// The flow of a ReLU field without splitting: an instrument for references. Between kinks the field is affine, so its Taylor series is a recursion; a
/// sign change of some s_i within a step is found by bisection and the step is cut there.
[<RequireQualifiedAccess>]
module internal ReluReference =
    let private degree = 14
    let private steps = 32

    let private dot (x: float[]) (y: float[]) : float =
        let mutable sum = 0.0

        for i in 0 .. x.Length - 1 do
            sum <- sum + x[i] * y[i]

        sum

    /// x(T), to about 10⁻¹⁴ for fields of moderate size: 32 steps and as many more as kinks are met. Where s_i stays 0 for a while (sliding along
    /// a kink) the active set is taken from the side the field leads to.
    let flow (terms: RidgeTerm<Binary64>[]) (horizon: float) (start: float[]) : float[] =
        let a = terms |> Array.map (fun term -> Fields.floats term.Direction)
        let w = terms |> Array.map (fun term -> Fields.floats term.Weights)
        let b = terms |> Array.map _.Bias.Value
        let d = start.Length

        // The coefficients of x(t) while the pattern of active terms lasts: x₁ = Σ a_i·s_i, (k + 1)x_{k+1} = Σ a_i(w_i·x_k).
        let series (active: bool[]) (x: float[]) : float[][] =
            let next k (c: float[]) =
                let sum = Array.zeroCreate<float> d

                for i in 0 .. a.Length - 1 do
                    if active[i] then
                        let rate = (if k = 0 then b[i] else 0.0) + dot w[i] c

                        for j in 0 .. d - 1 do
                            sum[j] <- sum[j] + a[i][j] * rate / float (k + 1)

                sum

            Array.init degree id |> Array.scan (fun c k -> next k c) x

        let horner (c: float[]) (t: float) : float = Array.foldBack (fun a sum -> a + t * sum) c 0.0
        let at (c: float[][]) (t: float) : float[] = Array.init d (fun j -> horner (c |> Array.map (fun c -> c[j])) t)
        let coordinate i (c: float[][]) : float[] = c |> Array.mapi (fun k c -> dot w[i] c + (if k = 0 then b[i] else 0.0))

        // Which terms are active just after x: by the first coefficient of s_i that is not 0, as the pattern itself says.
        let pattern (before: bool[]) (crossed: int voption) (x: float[]) : bool[] =
            Array.init a.Length (fun i ->
                match crossed with
                | ValueSome k when k = i -> not before[i]
                | _ ->
                    let s = dot w[i] x + b[i]
                    if s <> 0.0 then s > 0.0 else before[i])

        let rec advance (x: float[]) (active: bool[]) (time: float) : float[] =
            if time >= horizon then
                x
            else
                let h = min (horizon / float steps) (horizon - time)
                let c = series active x

                // The first sign of s_i in the step that contradicts the pattern, seen at eighths.
                let crossing i =
                    let s = coordinate i c
                    let contradicts t = if active[i] then horner s t < 0.0 else horner s t > 0.0

                    seq { 1..8 }
                    |> Seq.tryFind (fun k -> contradicts (h * float k / 8.0))
                    |> Option.map (fun k ->
                        let mutable low, high = h * float (k - 1) / 8.0, h * float k / 8.0

                        for _ in 1..60 do
                            let middle = 0.5 * (low + high)
                            if contradicts middle then high <- middle else low <- middle

                        high, i)

                match seq { 0 .. a.Length - 1 } |> Seq.choose crossing |> Seq.sort |> Seq.tryHead with
                | Some(t, i) when t > 0.0 ->
                    let x = at c t
                    advance x (pattern active (ValueSome i) x) (time + t)
                | _ -> advance (at c h) (pattern active ValueNone (at c h)) (time + h)

        let first = Array.init a.Length (fun i -> dot w[i] start + b[i] > 0.0)
        // A term that is 0 at the start and on its way up is active: judged by the field.
        let velocity =
            Array.init d (fun j -> Seq.sum (seq { for i in 0 .. a.Length - 1 -> a[i][j] * max 0.0 (dot w[i] start + b[i]) }))

        let first = first |> Array.mapi (fun i isActive -> isActive || (dot w[i] start + b[i] = 0.0 && dot w[i] velocity > 0.0))
        advance start first 0.0
