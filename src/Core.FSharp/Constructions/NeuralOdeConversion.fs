namespace LayerTime.Core.Constructions

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics

/// Why a conversion between a neural ODE and layers does not exist.
[<RequireQualifiedAccess>]
type ConversionFailure =
    /// The network has another form.
    | Form of Defect list
    /// A hypothesis of the bound fails on a piece (zero-based).
    | Hypothesis of piece: int * FailedHypothesis

/// The layers of a neural ODE, with bounds on their distance from its solution in the largest component.
[<NoComparison; NoEquality>]
type LayersOfOde = {
    /// f_0, f_1, …, first to last.
    Maps: LayerMap<Binary64>[]
    /// Known beforehand: ≥ |x_N − x(T)| for the layers in exact arithmetic.
    Bound: float
    /// The same from the states of the layers; None where g has no one-sided Lipschitz constant.
    Certificate: float option
    /// How far rounding may move the states of the layers in floats.
    Rounding: float
    /// Whether a number of the equation was no float once it was written as w(t)x + b(t) + g(x) from the start of its piece.
    IsRounded: bool
    /// The conversions of the pieces.
    Pieces: FeedForwardConversion[]
}

/// The neural ODE of layers, with bounds on its distance from their output in the largest component.
[<NoComparison; NoEquality>]
type OdeOfLayers = {
    /// x′ = w(t)x + b(t) + g(x)
    Ode: NeuralOde<Binary64>
    /// The conversion it comes from, with its bounds.
    Conversion: OdeConversion
}

/// Neural ODEs as feed-forward networks near the identity and back, with lifts and readouts carried along.
[<RequireQualifiedAccess>]
module NeuralOdeConversion =
    /// The layers so far with what is known of them, as the conversion goes on piece by piece.
    [<NoComparison; NoEquality>]
    type private Progress = {
        State: float[]
        Bound: float
        Certificate: float option
        Rounding: float
        IsRounded: bool
        Done: FeedForwardConversion list
    }

    // e^{μT}·E + more, rounded upwards: how an error at the start of a piece grows, and what the piece adds.
    let private carried (rate: float) (horizon: float) (error: float) (more: float) : float =
        if error = 0.0 then
            more
        else
            let growth = Transcendental.exp (Arithmetic.(*) (Interval.ofFloat rate) (Interval.ofFloat horizon))
            (Arithmetic.(+) (Arithmetic.(*) growth (Interval.ofFloat error)) (Interval.ofFloat more)).Upper

    let private convert
        (layers: FlowSection -> LayerCount)
        (pieces: NearIdentityPiece[])
        (start: float[])
        : Result<LayersOfOde, ConversionFailure> =
        let through (progress: Progress) (i: int, piece: NearIdentityPiece) : Result<Progress, ConversionFailure> =
            match NearIdentityOde.toField piece with
            | Error defects -> Error(ConversionFailure.Form defects)
            | Ok(field, isRounded) ->
                let count = layers { Piece = i; Start = piece.Start; Finish = piece.Until }

                NearIdentityConversion.odeToFeedForward count field progress.State
                |> Result.mapError (fun failed -> ConversionFailure.Hypothesis(i, failed))
                |> Result.map (fun conversion ->
                    let rate = NearIdentityCertificate.rate field
                    let grow error more = carried rate field.Horizon error more

                    {
                        State = Array.last (NearIdentityLayers.run conversion.Network progress.State)
                        Bound = grow progress.Bound conversion.Bound.FeedForward
                        Certificate = Option.map2 grow progress.Certificate conversion.Certificate
                        Rounding = grow progress.Rounding conversion.Rounding
                        IsRounded = progress.IsRounded || isRounded
                        Done = conversion :: progress.Done
                    })

        let nothing = { State = start; Bound = 0.0; Certificate = Some 0.0; Rounding = 0.0; IsRounded = false; Done = [] }

        pieces
        |> Array.indexed
        |> Array.fold (fun progress piece -> Result.bind (fun progress -> through progress piece) progress) (Ok nothing)
        |> Result.map (fun all ->
            let conversions = all.Done |> List.rev |> List.toArray

            {
                Maps = conversions |> Array.collect (fun c -> NearIdentityLayers.toLayerMaps c.Network)
                Bound = all.Bound
                Certificate = all.Certificate
                Rounding = all.Rounding
                IsRounded = all.IsRounded
                Pieces = conversions
            })

    /// The feed-forward network of a neural ODE from x(0): a number of layers, shared among the pieces by their lengths so that no step
    /// is longer than T/N, or as few as the bound allows. Wants at least one layer or a positive tolerance, and d numbers.
    let toLayers (count: LayerCount) (ode: NeuralOde<Binary64>) (start: float[]) : Result<LayersOfOde, ConversionFailure> =
        match NearIdentityOde.pieces ode with
        | Error defects -> Error(ConversionFailure.Form defects)
        | Ok pieces ->
            let share n = convert (NeuralFlow.stepsOf n ode.Horizon >> LayerCount.Given) pieces start

            match count with
            | LayerCount.Given n -> share n
            // A single piece has no error from before, so its own search is the one for the whole.
            | LayerCount.Within _ when pieces.Length = 1 -> convert (fun _ -> count) pieces start
            | LayerCount.Within tolerance ->
                let suffices =
                    function
                    | Ok(found: LayersOfOde) -> found.Bound <= tolerance
                    | Error _ -> false

                let rec bisect low high =
                    if high - low <= 1 then
                        share high
                    else
                        let middle = low + (high - low) / 2
                        if suffices (share middle) then bisect low middle else bisect middle high

                let rec double n =
                    let found = share n

                    if suffices found then
                        bisect (n / 2) n
                    elif n < NearIdentityConversion.mostLayers then
                        double (2 * n)
                    else
                        match found with
                        | Ok _ ->
                            Error(ConversionFailure.Hypothesis(0, FailedHypothesis.Depth(tolerance, NearIdentityConversion.mostLayers)))
                        | failed -> failed

                double 1

    /// (a − 1)u + c·σ(u) = dt·g(u) for maps a·u + c·σ(u) of u = Wx + B in two layers, the same a, c and σ in all of them.
    let private inTwo (horizon: float) (maps: LayerMap<Binary64>[]) : NearIdentityLayers option =
        let read (map: LayerMap<Binary64>) =
            let n = map.InputWidth

            if map.Layers.Length <> 2 || map.Layers[0].OutputWidth <> 2 * n || map.OutputWidth <> n then
                None
            else
                let inner, outer = map.Layers[0], map.Layers[1]
                let w = Matrix.toRows (Matrix.map (fun (x: Binary64) -> x.Value) inner.Weights)
                let b = inner.Bias.ToArray() |> Array.map _.Value
                let a, c = outer.Weights[0, 0].Value, outer.Weights[0, n].Value

                let diagonal (i: int) (j: int) =
                    if j = i then a
                    elif j = n + i then c
                    else 0.0

                let identity activation = activation = Activation<Binary64>.Identity

                let isForm =
                    w[.. n - 1] = w[n..]
                    && b[.. n - 1] = b[n..]
                    && Seq.init n inner.Activation |> Seq.forall identity
                    && Seq.init n (fun i -> inner.Activation(n + i)) |> Seq.forall ((=) (inner.Activation n))
                    && Seq.init n outer.Activation |> Seq.forall identity
                    && outer.Bias.ToArray() |> Array.forall (fun x -> x.Value = 0.0)
                    && Seq.allPairs [ 0 .. n - 1 ] [ 0 .. 2 * n - 1 ] |> Seq.forall (fun (i, j) -> outer.Weights[i, j].Value = diagonal i j)

                if isForm then Some(w[.. n - 1], b[.. n - 1], a, c, inner.Activation n) else None

        let layers = maps |> Array.map read

        if layers.Length = 0 || layers |> Array.exists Option.isNone then
            None
        else
            let layers = layers |> Array.map Option.get
            let _, _, a, c, σ = layers[0]
            let step = horizon / float layers.Length

            let g =
                match σ with
                | _ when a = 1.0 -> Some(Nonlinearity.Scaled(Binary64(c / step), σ))
                // 1 + 3γdt and −3γdt, each rounded once.
                | Activation.Cubic when c < 0.0 && abs (a - 1.0 + c) <= Math.ScaleB(abs a, -52) ->
                    Some(Nonlinearity.Damping(Damping.Cubic(Binary64(-c / (3.0 * step)))))
                | _ -> None

            if layers |> Array.forall (fun (_, _, a', c', σ') -> a' = a && c' = c && σ' = σ) then
                g
                |> Option.map (fun g -> {
                    Step = step
                    Weights = layers |> Array.map (fun (w, _, _, _, _) -> w)
                    Biases = layers |> Array.map (fun (_, b, _, _, _) -> b)
                    Nonlinearity = g
                })
            else
                None

    /// Layers x_{l+1} = η(W_l x_l + B_l) of a feed-forward network, read with dt = T/N.
    let ofMaps (horizon: float) (maps: LayerMap<Binary64>[]) : Result<NearIdentityLayers, Defect list> =
        match inTwo horizon maps with
        | Some layers -> Ok layers
        | None ->
            match maps |> Array.tryFindIndex (fun map -> map.Layers.Length > 1) with
            | Some l ->
                Error [
                    Defect.create
                        $"layer {l}"
                        "inner layers of another form"
                        "σ(Wx + B), or a·u + c·σ(u) of u = Wx + B with the same a, c and σ in all layers"
                ]
            | None -> maps |> Array.map (fun map -> map.Layers[0]) |> NearIdentityLayers.ofLayers horizon

    /// The neural ODE that layers follow from x_0, with its weights linear in time between the layers and constant on the last one; or
    /// why there is none. Wants as many numbers in `start` as the layers are wide.
    let ofLayers (horizon: Rational) (maps: LayerMap<Binary64>[]) (start: float[]) : Result<OdeOfLayers, ConversionFailure> =
        match ofMaps (Rational.toFloat horizon) maps with
        | Error defects -> Error(ConversionFailure.Form defects)
        | Ok layers ->
            NearIdentityConversion.feedForwardToOde layers start
            |> Result.mapError (fun failed -> ConversionFailure.Hypothesis(0, failed))
            |> Result.bind (fun conversion ->
                let n = layers.Depth
                let step = horizon / Rational.ofInt n
                let time l = Rational.ofInt l * step
                let number = Rational.ofFloat
                let at l = float (min l (n - 1)) * layers.Step

                let node l =
                    conversion.Field.Weights(at l) |> Array.map (Array.map number) |> Matrix.ofRows,
                    conversion.Field.Bias(at l) |> Array.map number

                let nodes = Array.init (n + 1) node

                // p(t) = p_l + (t − t_l)(p_{l+1} − p_l)/dt
                let line l =
                    let (w, b), (w', b') = nodes[l], nodes[l + 1]
                    let rise = Matrix.scale (Rational.One / step) (Matrix.subtract w' w)
                    let slope = Vector.scale (Rational.One / step) (Vector.subtract b' b)
                    let back = -(time l)

                    if w = w' && b = b' then
                        [| w |], [| b |]
                    else
                        [| Matrix.add w (Matrix.scale back rise); rise |], [| Vector.add b (Vector.scale back slope); slope |]

                let piece l =
                    let w, b = line l
                    { Start = time l; Until = time (l + 1); Weights = w; Biases = b; Nonlinearity = layers.Nonlinearity }

                NearIdentityOde.ofPieces (Array.init n piece)
                |> Result.mapError ConversionFailure.Form
                |> Result.map (fun ode -> { Ode = ode; Conversion = conversion }))
