namespace LayerTime.Core.Claims.Hauser.Dense

open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.Claims.Hauser

/// The definition of an additive dense network written out on drawn numbers, without the library's layers and loops: what the
/// claims compare with.
[<RequireQualifiedAccess>]
module internal Written =
    /// σ(t), by cases.
    let private activation (σ: Activation<Rational>) (t: Rational) : Rational =
        match σ with
        | Activation.Identity -> t
        | Activation.Square -> t * t
        | Activation.Cubic -> t + t * t * t / Rational.ofInt 3
        | Activation.Relu -> if t.Sign > 0 then t else Rational.Zero
        | Activation.LeakyRelu slope -> if t.Sign > 0 then t else slope * t
        | Activation.Transcendental _ -> invalidArg (nameof σ) "a fraction has no transcendental functions"

    /// σ(W·x + b), row by row.
    let value (map: DrawnMap) (x: Rational[]) : Rational[] =
        let row (w: Rational[]) (b: Rational) = activation map.Activation (Seq.zip w x |> Seq.sumBy (fun (a, c) -> a * c) |> (+) b)
        Array.map2 row map.Weights map.Bias

    /// The sum of vectors of dimension d, coordinate by coordinate.
    let sum (d: int) (vectors: Rational[] seq) : Rational[] = Array.init d (fun i -> vectors |> Seq.sumBy (fun (v: Rational[]) -> v[i]))

    /// l ↦ x(l), l = −k+1 … L, of x(l+1) = Σ_{n=1..k} f_n^(l)(x(l+1−n)).
    let states (drawn: Drawn) : int -> Rational[] =
        let next (past: Rational[] list) (maps: DrawnMap[]) = sum drawn.Width (Seq.map2 value maps past) :: past

        let newestFirst = Array.fold next (List.ofArray drawn.History) drawn.Maps |> List.toArray
        fun l -> newestFirst[drawn.Depth - l]

    /// x(1) … x(L)
    let outputs (drawn: Drawn) : Rational[][] = Array.init drawn.Depth (fun i -> states drawn (i + 1))
