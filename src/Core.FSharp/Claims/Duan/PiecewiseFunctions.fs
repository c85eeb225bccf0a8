namespace LayerTime.Core.Claims.Duan

open LayerTime.Core.Numbers
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared

/// Piecewise linear functions of fractions: draws, simplification and points that tell them apart.
[<RequireQualifiedAccess>]
module internal PiecewiseFunctions =
    /// From knots, the value at the first and the slopes from left to right.
    let ofSlopes (knots: Rational[]) (first: Rational) (slopes: Rational[]) : PiecewiseLinear<Rational> =
        let next y k = y + slopes[k + 1] * (knots[k + 1] - knots[k])

        {
            Knots = knots
            Values = Array.scan next first [| 0 .. knots.Length - 2 |]
            Left = slopes[0]
            Right = Array.last slopes
        }

    /// The same from text.
    let create (knots: string) (first: string) (slopes: string) : PiecewiseLinear<Rational> =
        ofSlopes (Known.vector knots) (Known.number first) (Known.vector slopes)

    /// The knots, the midpoints between them and two points beyond each end.
    let probes (t: Rational[]) : Rational[] = [|
        t[0] - Rational.ofInt 2
        t[0] - Rational.create 1 2
        yield! t
        yield! Array.pairwise t |> Array.map (fun (a, b) -> Rational.create 1 2 * (a + b))
        Array.last t + Rational.create 1 2
        Array.last t + Rational.ofInt 2
    |]

    /// A function as pairs of a name and a value.
    let show (f: PiecewiseLinear<Rational>) : (string * string) list = [
        "knots", Known.show f.Knots
        "values", Known.show f.Values
        "slopes", Known.show (PiecewiseLinear.slopes f)
    ]

    /// n different fractions in increasing order.
    let knots (n: int) : RandomStream -> Rational[] =
        Draws.until (fun t -> (Array.distinct t).Length = n) (fun stream -> Nets.vector stream n) >> Array.sort

    /// One to `most` knots with slopes as drawn; simpler are fewer knots and the value 0 at the first.
    let generator (most: int) (slopes: RandomStream -> int -> Rational[]) : Generator<PiecewiseLinear<Rational>> =
        let draw (stream: RandomStream) =
            let n = stream.NextInt(1, most)
            ofSlopes (knots n stream) (Nets.fraction stream) (slopes stream (n + 1))

        let simpler (f: PiecewiseLinear<Rational>) =
            let slopes = PiecewiseLinear.slopes f

            seq {
                for k in 0 .. f.Knots.Length - 1 do
                    if f.Knots.Length > 1 then
                        ofSlopes (Array.removeAt k f.Knots) f.Values[0] (Array.removeAt (k + 1) slopes)

                for first in Draws.shrinkFraction f.Values[0] do
                    ofSlopes f.Knots first slopes
            }

        Generator.fromStream (fun _ -> draw) simpler show
