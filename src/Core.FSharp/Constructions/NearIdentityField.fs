namespace LayerTime.Core.Constructions

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Rigour

/// What bounds need to know of w(t) and b(t) on [0, T], in the maximum norm.
type Suprema = {
    /// L_w = sup ‖w‖
    WeightNorm: float
    /// μ = sup μ(w), μ(A) = max_i (A_ii + Σ_{j≠i} |A_ij|)
    LogarithmicNorm: float
    /// max |w_ii|
    Diagonal: float
    /// β = sup |b|
    BiasNorm: float
    /// Ẇ = sup ‖w′‖
    WeightRate: float
    /// ḃ = sup |b′|
    BiasRate: float
}

/// x′ = w(t)x + b(t) + g(x) for 0 ≤ t ≤ T, the equation of networks near the identity, with the suprema of its coefficients.
[<NoComparison; NoEquality>]
type NearIdentityField = private {
    WeightsAt: float -> float[][]
    BiasAt: float -> float[]
    Enclosure: Interval -> struct (Interval[][] * Interval[])
    Entrywise: Nonlinearity<Binary64>
    End: float
    Bounds: Suprema
    Width: int
} with

    /// w(t)
    member field.Weights(time: float) : float[][] = field.WeightsAt time
    /// b(t)
    member field.Bias(time: float) : float[] = field.BiasAt time
    /// Enclosures of w and b over an interval of times.
    member internal field.Over(times: Interval) : struct (Interval[][] * Interval[]) = field.Enclosure times
    /// g
    member field.Nonlinearity = field.Entrywise
    /// T
    member field.Horizon = field.End
    /// The suprema of w, b and their derivatives.
    member field.Suprema = field.Bounds
    /// n
    member field.Dimension = field.Width

/// Fields of networks near the identity.
[<RequireQualifiedAccess>]
module NearIdentityField =
    let private point (x: float) : Interval = Interval.ofFloat x

    let private norm (x: Interval[]) : Interval = Array.fold (fun largest a -> Interval.max largest (Interval.abs a)) (point 0.0) x

    let private rowSum (row: Interval[]) : Interval = Array.fold (fun sum a -> Arithmetic.(+) sum (Interval.abs a)) (point 0.0) row

    let private matrixNorm (rows: Interval[][]) : Interval = norm (Array.map rowSum rows)

    // μ(A)
    let private logarithmicNorm (rows: Interval[][]) : Interval =
        rows
        |> Array.mapi (fun i row -> row |> Array.mapi (fun j a -> if i = j then a else Interval.abs a) |> Array.reduce Arithmetic.(+))
        |> Array.reduce Interval.max

    // The suprema over pieces of time on each of which w, b, w′, b′ lie in boxes.
    let private supremaOf (pieces: (Interval[][] * Interval[] * Interval[][] * Interval[])[]) : Suprema =
        let largest f = pieces |> Array.map (fun piece -> (f piece: Interval).Upper) |> Array.max

        {
            WeightNorm = largest (fun (w, _, _, _) -> matrixNorm w)
            LogarithmicNorm = largest (fun (w, _, _, _) -> logarithmicNorm w)
            Diagonal = largest (fun (w, _, _, _) -> norm (Array.mapi (fun i (row: Interval[]) -> row[i]) w))
            BiasNorm = largest (fun (_, b, _, _) -> norm b)
            WeightRate = largest (fun (_, _, w', _) -> matrixNorm w')
            BiasRate = largest (fun (_, _, _, b') -> norm b')
        }

    let private shapeDefects (dimension: int) (place: string) (w: float[][]) (b: float[]) : Defect list = [
        if b.Length <> dimension then
            Defect.create $"b{place}" $"{b.Length} numbers" $"{dimension}, one for each component of x"

        if w.Length <> dimension || w |> Array.exists (fun row -> row.Length <> dimension) then
            Defect.create
                $"w{place}"
                (if w.Length = dimension then "rows of another length" else $"{w.Length} rows")
                $"{dimension}×{dimension} numbers"

        if not (Array.forall Double.IsFinite b) || not (w |> Array.forall (Array.forall Double.IsFinite)) then
            Defect.create $"w{place}, b{place}" "a number that is not finite" "finite numbers"
    ]

    let private horizonDefects (horizon: float) : Defect list =
        Defect.unless (Double.IsFinite horizon && horizon > 0.0) "T" (string horizon) "a positive number"

    let private nonlinearityDefects (g: Nonlinearity<Binary64>) : Defect list =
        let finite (place: string) (a: Binary64) = Defect.unless (Double.IsFinite a.Value) place (string a) "a finite number"

        match g with
        | Nonlinearity.Damping(Damping.Cubic γ) -> finite "γ" γ
        | Nonlinearity.Damping(Damping.Leaky κ) -> finite "κ" κ
        | Nonlinearity.Scaled(c, _) -> finite "c" c
        | Nonlinearity.Excess(_, dt) -> Defect.unless (Double.IsFinite dt.Value && dt.Value > 0.0) "dt" (string dt) "a positive number"

    let private build defects w b enclosure g horizon width suprema : Result<NearIdentityField, Defect list> =
        match defects @ horizonDefects horizon @ nonlinearityDefects g with
        | [] -> Ok { WeightsAt = w; BiasAt = b; Enclosure = enclosure; Entrywise = g; End = horizon; Bounds = suprema (); Width = width }
        | defects -> Error defects

    /// A field from functions of time with suprema that the caller answers for: the functions are right up to 2⁻⁴⁸ of their suprema, and
    /// so is the time they are evaluated at.
    let create
        (weights: float -> float[][])
        (bias: float -> float[])
        (nonlinearity: Nonlinearity<Binary64>)
        (horizon: float)
        (suprema: Suprema)
        : Result<NearIdentityField, Defect list> =
        let width = (bias 0.0).Length

        let isNumber (name: string) (least: float) (value: float) =
            Defect.unless (Double.IsFinite value && value >= least) name (string value) "a finite supremum"

        let defects = [
            if width = 0 then
                Defect.create "b(0)" "no number" "at least one"

            yield! shapeDefects width "(0)" (weights 0.0) (bias 0.0)
            yield! isNumber "L_w" 0.0 suprema.WeightNorm
            yield! isNumber "μ" -suprema.WeightNorm suprema.LogarithmicNorm
            yield! isNumber "max|w_ii|" 0.0 suprema.Diagonal
            yield! isNumber "β" 0.0 suprema.BiasNorm
            yield! isNumber "Ẇ" 0.0 suprema.WeightRate
            yield! isNumber "ḃ" 0.0 suprema.BiasRate
        ]

        // A function in floats, as wide as its value and its argument may be wrong.
        let wide (supremum: float) (rate: float) (times: Interval) (x: float) =
            let lateness = 2.0 * Math.ScaleB(horizon, -48) + Interval.width times
            Box.widen (Math.ScaleB(supremum, -47) + 2.0 * rate * lateness) (point x)

        let enclosure (times: Interval) =
            let t = Interval.midpoint times
            let w = weights t |> Array.map (Array.map (wide suprema.WeightNorm suprema.WeightRate times))
            struct (w, bias t |> Array.map (wide suprema.BiasNorm suprema.BiasRate times))

        build defects weights bias enclosure nonlinearity horizon width (fun () -> suprema)

    // Σ c_k t^k and its derivative, by Horner.
    let private horner (zero: 'T) (coefficients: 'T[]) (t: 'T) : 'T :> IRing<'T> =
        Array.foldBack (fun c sum -> 'T.Sum(c, 'T.Product(t, sum))) coefficients zero

    let private derivative (coefficients: 'T[]) : 'T[] when 'T :> IRing<'T> =
        coefficients |> Array.mapi (fun k c -> 'T.Product(Ring.ratio k 1, c)) |> Array.skip 1

    /// w(t) = w_0 + t·w_1 + …, b(t) = b_0 + t·b_1 + …, as many coefficients of b as of w. The suprema are found in interval arithmetic.
    let polynomial
        (weights: float[][][])
        (biases: float[][])
        (nonlinearity: Nonlinearity<Binary64>)
        (horizon: float)
        : Result<NearIdentityField, Defect list> =
        let width = if biases.Length = 0 then 0 else biases[0].Length

        let defects = [
            if width = 0 then
                Defect.create "b" "no number" "at least one"

            if weights.Length <> biases.Length then
                Defect.create "coefficients" $"{weights.Length} of w and {biases.Length} of b" "as many of one as of the other"
            else
                for k in 0 .. weights.Length - 1 do
                    yield! shapeDefects width $"_{k}" (weights[k]) (biases[k])
        ]

        let coefficients (number: float -> 'T) i j = weights |> Array.map (fun w -> number (w[i][j]))
        let biasCoefficients (number: float -> 'T) i = biases |> Array.map (fun b -> number (b[i]))

        let matrix f = Array.init width (fun i -> Array.init width (f i))
        let zero = point 0.0

        let enclosure (t: Interval) =
            struct (matrix (fun i j -> horner zero (coefficients point i j) t),
                    Array.init width (fun i -> horner zero (biasCoefficients point i) t))

        let over (t: Interval) =
            let struct (w, b) = enclosure t
            let rates = matrix (fun i j -> horner zero (derivative (coefficients point i j)) t)
            w, b, rates, Array.init width (fun i -> horner zero (derivative (biasCoefficients point i)) t)

        // The shorter the pieces, the less intervals overestimate; constant coefficients need one.
        let pieces = if weights.Length <= 1 then 1 else 64
        let share k = Arithmetic.(*) (point horizon) (Ring.ratio k pieces)
        let suprema () = supremaOf (Array.init pieces (fun k -> over (Interval.hull (share k) (share (k + 1)))))
        let float' c (t: float) = (horner (Binary64 0.0) c (Binary64 t)).Value
        let at t = matrix (fun i j -> float' (coefficients Binary64 i j) t)
        let biasAt t = Array.init width (fun i -> float' (biasCoefficients Binary64 i) t)
        build defects at biasAt enclosure nonlinearity horizon width suprema

    /// w and b constant.
    let constant
        (weights: float[][])
        (bias: float[])
        (nonlinearity: Nonlinearity<Binary64>)
        (horizon: float)
        : Result<NearIdentityField, Defect list> =
        polynomial [| weights |] [| bias |] nonlinearity horizon

    /// w and b linear between nodes at t = 0, T/K, 2T/K, …, T; K ≥ 1, so at least two nodes.
    let interpolating
        (weights: float[][][])
        (biases: float[][])
        (nonlinearity: Nonlinearity<Binary64>)
        (horizon: float)
        : Result<NearIdentityField, Defect list> =
        let width = if biases.Length = 0 then 0 else biases[0].Length
        let pieces = weights.Length - 1

        let defects = [
            if width = 0 then
                Defect.create "b" "no number" "at least one"

            if weights.Length < 2 || weights.Length <> biases.Length then
                Defect.create "nodes" $"{weights.Length} of w and {biases.Length} of b" "at least two, as many of one as of the other"
            else
                for k in 0..pieces do
                    yield! shapeDefects width $" at node {k}" (weights[k]) (biases[k])
        ]

        let rate = Arithmetic.(/) (Ring.ratio pieces 1) (point horizon)
        let change (a: float[]) (b: float[]) = Array.map2 (fun a b -> Arithmetic.(*) rate (Arithmetic.(-) (point b) (point a))) a b

        // ‖w‖ and μ(w) are convex, so nodes decide them.
        let suprema () =
            let node k =
                let next = min pieces (k + 1)

                Array.map (Array.map point) (weights[k]),
                Array.map point (biases[k]),
                Array.map2 change (weights[k]) (weights[next]),
                change (biases[k]) (biases[next])

            supremaOf (Array.init weights.Length node)

        let mixed (mix: float -> 'T -> 'T -> 'T) (nodes: 'T[]) (t: float) : 'T =
            let position = t / horizon * float pieces
            let k = max 0 (min (pieces - 1) (int (floor position)))
            mix (position - float k) (nodes[k]) (nodes[k + 1])

        let line (s: float) (a: float[]) (b: float[]) = Array.map2 (fun a b -> a + s * (b - a)) a b

        // Over the pieces that the times touch, each for the part of it that they cover.
        let enclosure (times: Interval) =
            let position = Arithmetic.(*) times rate
            let index (t: float) = max 0 (min (pieces - 1) (int (floor t)))

            let piece k =
                let share = Interval.min (point 1.0) (Interval.max (point 0.0) (Arithmetic.(-) position (point (float k))))
                let mix (a: float) (b: float) = Arithmetic.(+) (point a) (Arithmetic.(*) share (Arithmetic.(-) (point b) (point a)))
                Array.map2 (Array.map2 mix) (weights[k]) (weights[k + 1]), Array.map2 mix (biases[k]) (biases[k + 1])

            let join (w, b) (w', b') = Array.map2 (Array.map2 Interval.hull) w w', Array.map2 Interval.hull b b'
            let w, b = [ index position.Lower .. index position.Upper ] |> List.map piece |> List.reduce join
            struct (w, b)

        build defects (mixed (fun s -> Array.map2 (line s)) weights) (mixed line biases) enclosure nonlinearity horizon width suprema

    /// F(t, x) = w(t)x + b(t) + g(x)
    let value (field: NearIdentityField) (time: float) (x: float[]) : float[] =
        Array.map3
            (fun (row: float[]) b x' -> Array.fold2 (fun sum w x -> sum + w * x) b row x + Nonlinearity.ofFloat field.Nonlinearity x')
            (field.Weights time)
            (field.Bias time)
            x

    /// The field for a flow.
    let toVectorField (field: NearIdentityField) : IVectorField<Binary64> =
        VectorField.ofFunction field.Dimension (fun (t: Binary64) x -> value field t.Value (x |> Array.map _.Value) |> Array.map Binary64)
