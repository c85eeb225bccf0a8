namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics

/// t ↦ Offset + t·Slope, a vector that moves along a line.
type AffineCurve = {
    /// The vector at t = 0.
    Offset: Rational[]
    /// Its derivative.
    Slope: Rational[]
} with

    /// The vector at t.
    member curve.At(t: Rational) : Rational[] = Vector.addScaled curve.Offset t curve.Slope

/// One piece of a piecewise affine function of t: on [Lower, Upper] (None: unbounded) it is the Value.
type Piece<'V> = {
    /// Where the piece begins, or None for −∞.
    Lower: Rational option
    /// Where it ends, or None for ∞.
    Upper: Rational option
    /// What the function is there.
    Value: 'V
} with

    /// A number inside the piece.
    member piece.Inside: Rational =
        match piece.Lower, piece.Upper with
        | Some a, Some b -> (a + b) / Rational.ofInt 2
        | Some a, None -> a + Rational.One
        | None, Some b -> b - Rational.One
        | None, None -> Rational.Zero

/// The exact piecewise affine map of a piecewise linear network along a line of histories.
[<RequireQualifiedAccess>]
module RegionMap =
    let private isInside (piece: Piece<'V>) (t: Rational) : bool =
        Option.forall (fun a -> a < t) piece.Lower && Option.forall (fun b -> t < b) piece.Upper

    /// The piece cut at every given number inside it.
    let private cut (piece: Piece<'V>) (at: Rational[]) : Piece<'V>[] =
        let inner = at |> Array.filter (isInside piece) |> Array.distinct |> Array.sort |> Array.map Some

        [| piece.Lower; yield! inner; piece.Upper |]
        |> Array.pairwise
        |> Array.map (fun (a, b) -> { piece with Lower = a; Upper = b })

    /// Where a coordinate of the curve changes its sign.
    let private zeros (curve: AffineCurve) : Rational[] =
        Array.map2 (fun a b -> Rational.tryDivide -a b) curve.Offset curve.Slope |> Array.choose id

    /// σ(W·x + b) of a curve: cut where a pre-activation vanishes; in between each σ multiplies by its derivative.
    let private throughLayer (layer: Layer<Rational>) (piece: Piece<AffineCurve>) : Piece<AffineCurve>[] =
        let before = { Offset = Layer.preactivations layer piece.Value.Offset; Slope = Matrix.apply layer.Weights piece.Value.Slope }

        cut piece (zeros before)
        |> Array.map (fun part ->
            let slopes = before.At part.Inside |> Array.mapi (fun i t -> Activation.derivative (layer.Activation i) t)
            let scaled = Array.map2 (*) slopes
            { part with Value = { Offset = scaled before.Offset; Slope = scaled before.Slope } })

    let private throughMap (map: LayerMap<Rational>) (piece: Piece<AffineCurve>) : Piece<AffineCurve>[] =
        Array.fold (fun pieces layer -> Array.collect (throughLayer layer) pieces) [| piece |] (map.Layers.ToArray())

    let private sum (scale: Rational) (x: AffineCurve) (y: AffineCurve) : AffineCurve = {
        Offset = Vector.addScaled x.Offset scale y.Offset
        Slope = Vector.addScaled x.Slope scale y.Slope
    }

    /// x(l+1) = Σ_j (−1)^(j+1) C(r,j) x(l+1−j) + hʳ G_l on one piece of delay states, newest first.
    let private step (equation: DifferenceEquation<Rational>) (l: int) (piece: Piece<AffineCurve[]>) : Piece<AffineCurve[]>[] =
        let delay = piece.Value
        let zero: Rational[] = Vector.zero delay[0].Offset.Length
        let past = Binomial.pastWeights equation.Order |> Array.map Rational.ofBigInteger

        let free =
            Array.zip past (Array.truncate past.Length delay)
            |> Array.fold (fun total (weight, state) -> sum weight total state) { Offset = zero; Slope = zero }

        let scale = Rational.power equation.Step equation.Order

        let add (map: LayerMap<Rational>) (argument: AffineCurve) (part: Piece<AffineCurve>) =
            throughMap map { Lower = part.Lower; Upper = part.Upper; Value = argument }
            |> Array.map (fun value -> { value with Value = sum scale part.Value value.Value })

        let start = [| { Lower = piece.Lower; Upper = piece.Upper; Value = free } |]

        let next =
            match equation.RightHandSides[l] with
            | RightHandSide.Additive terms ->
                terms |> Array.fold (fun parts term -> Array.collect (add term.Map delay[term.Age - 1]) parts) start
            | RightHandSide.Concatenated(window, φ) ->
                let argument = {
                    Offset = delay |> Array.take window |> Array.collect _.Offset
                    Slope = delay |> Array.take window |> Array.collect _.Slope
                }

                Array.collect (add φ argument) start

        let older = Array.take (delay.Length - 1) delay
        next |> Array.map (fun part -> { Lower = part.Lower; Upper = part.Upper; Value = Array.append [| part.Value |] older })

    /// Neighbours with the same value as one piece.
    let private merge (pieces: Piece<'V>[]) : Piece<'V>[] when 'V: equality =
        let join piece merged =
            match merged with
            | next :: rest when next.Value = piece.Value -> { next with Lower = piece.Lower } :: rest
            | _ -> piece :: merged

        Array.foldBack join pieces [] |> List.toArray

    let private refuse (equation: DifferenceEquation<Rational>) : Defect list =
        let isCurved =
            function
            | Activation.Identity
            | Activation.Relu
            | Activation.LeakyRelu _ -> false
            | Activation.Square
            | Activation.Cubic
            | Activation.Transcendental _ -> true

        [
            for l in 0 .. equation.Depth - 1 do
                for map in DifferenceEquation.maps equation.RightHandSides[l] do
                    for layer in map.Layers.ToArray() do
                        for activation in Array.filter isCurved (layer.Activations.ToArray()) do
                            Defect.create $"layer {l}" (Activation.name activation) "identity, relu or leaky-relu"
        ]
        |> List.distinct

    /// The state [x(L); x(L−1); …] as a function of t from the histories [x(0); x(−1); …] = start + t·direction, in as few
    /// pieces as there are, from −∞ to ∞. Wants piecewise linear activations and one width.
    let alongLine
        (equation: DifferenceEquation<Rational>)
        (start: Rational[][])
        (direction: Rational[][])
        : Result<Piece<AffineCurve[]>[], Defect list> =
        match refuse equation with
        | [] ->
            let line = Array.map2 (fun a b -> { Offset = a; Slope = b }) start direction
            let whole = [| { Lower = None; Upper = None; Value = line } |]

            Ok(Array.fold (fun pieces l -> Array.collect (step equation l) pieces |> merge) whole [| 0 .. equation.Depth - 1 |])
        | defects -> Error defects

    /// How often a coordinate of x(L) changes direction: the sign changes among its nonzero slopes.
    let folds (coordinate: int) (pieces: Piece<AffineCurve[]>[]) : int =
        pieces
        |> Array.map (fun piece -> piece.Value[0].Slope[coordinate].Sign)
        |> Array.filter (fun sign -> sign <> 0)
        |> Array.pairwise
        |> Array.filter (fun (a, b) -> a <> b)
        |> Array.length

    /// The pieces in difference coordinates q_n = ∇ⁿ⁻¹x(L).
    let inDifferences (pieces: Piece<AffineCurve[]>[]) : Piece<AffineCurve[]>[] =
        let change part (delay: AffineCurve[]) = Coordinates.toDifference (Array.map part delay)

        pieces
        |> Array.map (fun piece -> {
            piece with
                Value = Array.map2 (fun a b -> { Offset = a; Slope = b }) (change _.Offset piece.Value) (change _.Slope piece.Value)
        })
