namespace LayerTime.Core.Tests.Semantics

open LayerTime.Core.Numbers
open LayerTime.Core.Semantics

/// The non-stiff test problems A1 to E5 (Hull, Enright, Fellen and Sedgwick 1972), all from 0 to 20.
module Detest =
    open Arithmetic

    let private ratio p q : 'T :> IRing<'T> = Ring.ratio p q

    /// A decimal constant.
    let private number (text: string) : 'T :> IRing<'T> =
        let q = Rational.parse text |> Result.defaultWith failwith
        'T.OfRatio(q.Numerator, q.Denominator)

    let private a1 (_: 'T) (x: 'T[]) : 'T[] when 'T :> ITranscendental<'T> = [| -x[0] |]
    let private a2 (_: 'T) (x: 'T[]) : 'T[] when 'T :> ITranscendental<'T> = [| ratio -1 2 * x[0] * x[0] * x[0] |]
    let private a3 (t: 'T) (x: 'T[]) : 'T[] when 'T :> ITranscendental<'T> = [| x[0] * 'T.Cos t |]
    let private a4 (_: 'T) (x: 'T[]) : 'T[] when 'T :> ITranscendental<'T> = [| ratio 1 4 * x[0] * ('T.One - ratio 1 20 * x[0]) |]
    let private a5 (t: 'T) (x: 'T[]) : 'T[] when 'T :> ITranscendental<'T> = [| (x[0] - t) / (x[0] + t) |]

    let private b1 (_: 'T) (x: 'T[]) : 'T[] when 'T :> ITranscendental<'T> =
        let product = x[0] * x[1]
        [| ratio 2 1 * (x[0] - product); product - x[1] |]

    let private b2 (_: 'T) (x: 'T[]) : 'T[] when 'T :> ITranscendental<'T> = [| x[1] - x[0]; x[0] - ratio 2 1 * x[1] + x[2]; x[1] - x[2] |]

    let private b3 (_: 'T) (x: 'T[]) : 'T[] when 'T :> ITranscendental<'T> =
        let square = x[1] * x[1]
        [| -x[0]; x[0] - square; square |]

    let private b4 (_: 'T) (x: 'T[]) : 'T[] when 'T :> ITranscendental<'T> =
        let radius = 'T.Sqrt(x[0] * x[0] + x[1] * x[1])
        [| -x[1] - x[0] * x[2] / radius; x[0] - x[1] * x[2] / radius; x[0] / radius |]

    let private b5 (_: 'T) (x: 'T[]) : 'T[] when 'T :> ITranscendental<'T> = [| x[1] * x[2]; -(x[0] * x[2]); ratio -51 100 * x[0] * x[1] |]

    /// x₁′ = −x₁, x_i′ = r_(i−1) x_(i−1) − r_i x_i, x_n′ = r_(n−1) x_(n−1): a radioactive chain.
    let private chain (rates: int[]) (_: 'T) (x: 'T[]) : 'T[] when 'T :> ITranscendental<'T> =
        let flows = Array.map2 (fun rate a -> ratio rate 1 * a) rates (Array.take rates.Length x)
        let gains = Array.append [| 'T.Zero |] flows
        let losses = Array.append flows [| 'T.Zero |]
        Array.map2 (fun gain loss -> gain - loss) gains losses

    /// x_i′ = x_(i−1) − 2x_i + x_(i+1): heat in a rod.
    let private rod (_: 'T) (x: 'T[]) : 'T[] when 'T :> ITranscendental<'T> =
        let left = Array.append [| 'T.Zero |] x
        let right = Array.append (Array.tail x) [| 'T.Zero |]
        Array.mapi (fun i a -> left[i] - ratio 2 1 * a + right[i]) x

    let private masses = [| ".000954786104043"; ".000285583733151"; ".0000437273164546"; ".0000517759138449"; ".00000277777777778" |]

    /// The five outer planets around the sun: fifteen positions, then fifteen velocities.
    let private planets (_: 'T) (x: 'T[]) : 'T[] when 'T :> ITranscendental<'T> =
        let gravity, sun = number "2.95912208286", number "1.00000597682"
        let masses: 'T[] = Array.map number masses
        let positions = Array.chunkBySize 3 (Array.take 15 x)

        let inverseCube (v: 'T[]) : 'T =
            let square = v[0] * v[0] + v[1] * v[1] + v[2] * v[2]
            'T.One / (square * 'T.Sqrt square)

        let toSun = positions |> Array.map inverseCube

        let acceleration j =
            let own = Array.map (fun a -> -((sun + masses[j]) * toSun[j] * a)) positions[j]

            let pull total k =
                if k = j then
                    total
                else
                    let difference = Array.map2 (fun a b -> a - b) positions[k] positions[j]
                    let cube = inverseCube difference
                    Array.mapi (fun i a -> a + masses[k] * (difference[i] * cube - positions[k][i] * toSun[k])) total

            Array.fold pull own [| 0..4 |] |> Array.map (fun a -> gravity * a)

        Array.append (Array.skip 15 x) (Array.collect acceleration [| 0..4 |])

    let private orbit (_: 'T) (x: 'T[]) : 'T[] when 'T :> ITranscendental<'T> =
        let square = x[0] * x[0] + x[1] * x[1]
        let cube = square * 'T.Sqrt square
        [| x[2]; x[3]; -x[0] / cube; -x[1] / cube |]

    let private e1 (t: 'T) (x: 'T[]) : 'T[] when 'T :> ITranscendental<'T> =
        let s = t + 'T.One
        [| x[1]; -(x[1] / s + ('T.One - ratio 1 4 / (s * s)) * x[0]) |]

    let private e2 (_: 'T) (x: 'T[]) : 'T[] when 'T :> ITranscendental<'T> = [| x[1]; ('T.One - x[0] * x[0]) * x[1] - x[0] |]

    let private e3 (t: 'T) (x: 'T[]) : 'T[] when 'T :> ITranscendental<'T> = [|
        x[1]
        ratio 1 6 * x[0] * x[0] * x[0] - x[0] + ratio 2 1 * 'T.Sin(number "2.78535" * t)
    |]

    let private e4 (_: 'T) (x: 'T[]) : 'T[] when 'T :> ITranscendental<'T> = [| x[1]; number "0.032" - ratio 2 5 * x[1] * x[1] |]

    let private e5 (t: 'T) (x: 'T[]) : 'T[] when 'T :> ITranscendental<'T> = [| x[1]; 'T.Sqrt('T.One + x[1] * x[1]) / (ratio 25 1 - t) |]

    let private first n = String.concat " " ("1" :: List.replicate (Operators.(-) n 1) "0")

    /// The field of a problem by its name.
    let private right (name: string) (t: 'T) (x: 'T[]) : 'T[] when 'T :> ITranscendental<'T> =
        match name with
        | "A1" -> a1 t x
        | "A2" -> a2 t x
        | "A3" -> a3 t x
        | "A4" -> a4 t x
        | "A5" -> a5 t x
        | "B1" -> b1 t x
        | "B2" -> b2 t x
        | "B3" -> b3 t x
        | "B4" -> b4 t x
        | "B5" -> b5 t x
        | "C1" -> chain (Array.create 9 1) t x
        | "C2" -> chain [| 1..9 |] t x
        | "C3"
        | "C4" -> rod t x
        | "C5" -> planets t x
        | "E1" -> e1 t x
        | "E2" -> e2 t x
        | "E3" -> e3 t x
        | "E4" -> e4 t x
        | "E5" -> e5 t x
        | _ -> orbit t x

    let private outerPlanets =
        String.concat " " [
            "3.42947415189 3.35386959711 1.35494901715 6.64145542550 5.97156957878 2.18231499728"
            "11.2630437207 14.6952576794 6.27960525067 -30.1552268759 1.65699966404 1.43785752721"
            "-21.1238353380 28.4465098142 15.3882659679"
            "-.557160570446 .505696783289 .230578543901 -.415570776342 .365682722812 .169143213293"
            "-.325325669158 .189706021964 .0877265322780 -.0240476254170 -.287659532608 -.117219543175"
            "-.176860753121 -.216393453025 -.0148647893090"
        ]

    /// The starting values as decimals; those of D with eccentricity ε/10 have a root in the last one.
    let private starts: (string * string) list = [
        "A1", "1"
        "A2", "1"
        "A3", "1"
        "A4", "1"
        "A5", "4"
        "B1", "1 3"
        "B2", "2 0 1"
        "B3", "1 0 0"
        "B4", "3 0 0"
        "B5", "0 1 1"
        "C1", first 10
        "C2", first 10
        "C3", first 10
        "C4", first 51
        "C5", outerPlanets
        "D1", "0.9 0 0"
        "D2", "0.7 0 0"
        "D3", "0.5 0 0"
        "D4", "0.3 0 0"
        "D5", "0.1 0 0"
        "E1", "0.6713967071418030 0.09540051444747446"
        "E2", "2 0"
        "E3", "0 0"
        "E4", "30 0"
        "E5", "0 0"
    ]

    /// Name, starting values and field of all 25.
    let names: string list = List.map fst starts

    /// The starting values of a problem.
    let start (name: string) : 'T[] when 'T :> ITranscendental<'T> =
        let values = List.find (fst >> (=) name) starts |> snd
        let values: 'T[] = values.Split(' ', System.StringSplitOptions.RemoveEmptyEntries) |> Array.map number

        // An orbit starts at its nearest point: distance 1 − ε, velocity √((1 + ε)/(1 − ε)).
        if name.StartsWith 'D' then Array.append values [| 'T.Sqrt((ratio 2 1 - values[0]) / values[0]) |] else values

    /// The field of a problem.
    let field (name: string) : IVectorField<'T> when 'T :> ITranscendental<'T> =
        let start: 'T[] = start name
        VectorField.ofFunction start.Length (right name)
