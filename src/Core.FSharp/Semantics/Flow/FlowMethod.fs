namespace LayerTime.Core.Semantics

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// A method for neural ODEs, before it meets one.
[<RequireQualifiedAccess>]
type FlowMethod =
    /// An explicit Runge–Kutta method.
    | Explicit of Tableau<Rational>
    /// An implicit Runge–Kutta method with rational coefficients.
    | Implicit of Tableau<Rational>
    /// The Gauss method with two stages, of order 4.
    | Gauss
    /// A splitting into kicks of p and drifts of q for x = (q, p).
    | Splitting of Splitting
    /// The Taylor method of an order.
    | Taylor of order: int

/// The methods and their names.
[<RequireQualifiedAccess>]
module FlowMethod =
    /// The highest order of a Taylor method: beyond it the coefficients leave the range of floats before they help.
    let maximumTaylorOrder: int = 100

    let private named: (string * FlowMethod) list = [
        "euler", FlowMethod.Explicit Tableaus.euler
        "heun", FlowMethod.Explicit Tableaus.heun
        "midpoint", FlowMethod.Explicit Tableaus.midpoint
        "rk4", FlowMethod.Explicit Tableaus.rungeKutta4
        "bogacki-shampine", FlowMethod.Explicit Tableaus.bogackiShampine32
        "dormand-prince", FlowMethod.Explicit Tableaus.dormandPrince54
        "tsitouras", FlowMethod.Explicit Tableaus.tsitouras54
        "verner", FlowMethod.Explicit Tableaus.verner65
        "fehlberg", FlowMethod.Explicit Tableaus.fehlberg87
        "dormand-prince-8", FlowMethod.Explicit Tableaus.dormandPrince853
        "implicit-midpoint", FlowMethod.Implicit Tableaus.implicitMidpoint
        "gauss", FlowMethod.Gauss
        "symplectic-euler", FlowMethod.Splitting Splitting.symplecticEuler
        "störmer-verlet", FlowMethod.Splitting Splitting.störmerVerlet
    ]

    let private taylorPrefix = "taylor-"

    /// The names of all methods; Taylor methods are taylor-1, taylor-2, …
    let names: string list = List.map fst named @ [ taylorPrefix + "N" ]

    /// The method of a name, such as dormand-prince or taylor-20.
    let tryFind (name: string) : FlowMethod option =
        match List.tryFind (fun (known, _) -> known = name) named with
        | Some(_, method) -> Some method
        | None when name = "stoermer-verlet" -> Some(FlowMethod.Splitting Splitting.störmerVerlet)
        | None when name.StartsWith(taylorPrefix, StringComparison.Ordinal) ->
            match
                Int32.TryParse(name.AsSpan taylorPrefix.Length, Globalization.NumberStyles.None, Globalization.CultureInfo.InvariantCulture)
            with
            | true, order when order >= 1 && order <= maximumTaylorOrder -> Some(FlowMethod.Taylor order)
            | _ -> None
        | None -> None

    /// The order of one step.
    let order (method: FlowMethod) : int =
        match method with
        | FlowMethod.Explicit tableau
        | FlowMethod.Implicit tableau -> tableau.Order
        | FlowMethod.Gauss -> 4
        | FlowMethod.Splitting splitting -> splitting.Order
        | FlowMethod.Taylor order -> order

    /// Whether the method estimates its error, so that it can choose its steps.
    let isAdaptive (method: FlowMethod) : bool =
        match method with
        | FlowMethod.Explicit tableau -> tableau.Embedded.Length > 0
        | FlowMethod.Taylor _ -> true
        | FlowMethod.Implicit _
        | FlowMethod.Gauss
        | FlowMethod.Splitting _ -> false

    /// The order of the solution between the steps: from the state at the start of a step of length h it misses by O(h^(order + 1)).
    let denseOrder (method: FlowMethod) : int =
        match method with
        | FlowMethod.Explicit { Continuous = Some continuous } -> continuous.Order
        | FlowMethod.Taylor order -> order
        | _ -> HermiteCubic.order (order method)

    /// The same piece in a number system with the elementary functions, every number the same or enclosed.
    let internal pieceOver (piece: FieldPiece<Binary64>) : FieldPiece<'T> when 'T :> ITranscendental<'T> =
        let number (x: Binary64) : 'T =
            let exact = Rational.ofFloat x.Value
            'T.OfRatio(exact.Numerator, exact.Denominator)

        { Until = piece.Until; Coefficients = piece.Coefficients |> Array.map (LayerMap.map number (Activation.map number)) }

    /// For every component of the field, which components of x it reads and, last, whether it reads the time: by the weights that
    /// are not zero.
    let private reads (piece: FieldPiece<Binary64>) : bool[][] =
        let d = piece.Coefficients[0].InputWidth
        let either = Array.map2 (||)
        let start = Array.init d (fun j -> Array.init (d + 1) (fun i -> i = j))

        let through (before: bool[][]) (m: int) =
            let layers = piece.Coefficients |> Array.map (fun φ -> φ.Layers[m])

            Array.init layers[0].OutputWidth (fun i ->
                let ofCoefficient k (layer: Layer<Binary64>) =
                    let used = [|
                        for j in 0 .. layer.InputWidth - 1 do
                            if layer.Weights[i, j].Value <> 0.0 then
                                before[j]
                    |]

                    let inputs = Array.fold either (Array.create (d + 1) false) used
                    let isTimed = k > 0 && (used.Length > 0 || layer.Bias[i].Value <> 0.0)
                    either inputs (Array.init (d + 1) (fun i -> i = d && isTimed))

                layers |> Array.mapi ofCoefficient |> Array.reduce either)

        Seq.fold through start [ 0 .. piece.Coefficients[0].Layers.Length - 1 ]

    /// The part of the field that gives some components, as a function of some others; the rest is taken as zero.
    let private part (field: IDifferentiableField<Binary64>) (input: int) (output: int) (count: int) : IDifferentiableField<Binary64> =
        let state: Binary64[] = Vector.zero field.Dimension
        let slope: Binary64[] = Vector.zero field.Dimension
        let covector: Binary64[] = Vector.zero field.Dimension
        let back: Binary64[] = Vector.zero field.Dimension

        {
            new IDifferentiableField<Binary64> with
                member _.Dimension = count
                member _.Parameters = field.Parameters

                member _.Evaluate(time, x, y) =
                    x.CopyTo(Span(state, input, count))
                    field.Evaluate(time, ReadOnlySpan state, Span slope)
                    ReadOnlySpan(slope, output, count).CopyTo y

                member _.Pullback(time, x, v, toState, toParameters) =
                    x.CopyTo(Span(state, input, count))
                    v.CopyTo(Span(covector, output, count))
                    field.Pullback(time, ReadOnlySpan state, ReadOnlySpan covector, Span back, toParameters)
                    ReadOnlySpan(back, input, count).CopyTo toState
        }

    /// The kick and the drift of x = (q, p) with q′ = g(p), p′ = f(t, q), or why the field has no such form.
    let private kickAndDrift (piece: FieldPiece<Binary64>) : Result<IDifferentiableFlowMap<Binary64>[], Defect list> =
        let d = piece.Coefficients[0].InputWidth
        let n = d / 2

        if d % 2 <> 0 then
            Error [ Defect.create "method" $"a splitting for {d} components" "an even number of them, x = (q, p)" ]
        else
            let reads = reads piece

            let defects = [
                for i in 0 .. d - 1 do
                    let own = if i < n then 0 else n

                    for j in own .. own + n - 1 do
                        if reads[i][j] then
                            Defect.create
                                $"field, component {i}"
                                $"a dependence on component {j}"
                                "q′ = g(p), p′ = f(t, q) for x = (q, p), which a splitting needs"

                    if i < n && reads[i][d] then
                        Defect.create
                            $"field, component {i}"
                            "a dependence on the time"
                            "q′ = g(p) without the time, which a splitting needs"
            ]

            if defects.IsEmpty then
                let field = DifferentiableField.ofPiece piece
                Ok [| DifferentiableField.kick (part field 0 n n); DifferentiableField.drift (part field n 0 n) |]
            else
                Error defects

    let private size (x: Binary64) : float = Math.Abs x.Value

    /// The Gauss method over floats; its coefficients have a root of 3.
    let private gauss: Tableau<Binary64> = Tableaus.gauss4 (Binary64(Elementary.sqrt 3.0))

    /// The method made ready for a piece of a neural ODE, or why it cannot be.
    let stepper (method: FlowMethod) (piece: FieldPiece<Binary64>) : Result<Stepper<Binary64>, Defect list> =
        match method with
        | FlowMethod.Explicit tableau -> Ok(Stepper.explicit tableau (VectorField.ofPiece piece))
        | FlowMethod.Implicit tableau -> Ok(Stepper.implicit size (Tableau.over tableau) (VectorField.ofPiece piece))
        | FlowMethod.Gauss -> Ok(Stepper.implicit size gauss (VectorField.ofPiece piece))
        | FlowMethod.Taylor order -> Ok(Stepper.ofSeries (SolutionSeries.ofPiece order piece))
        | FlowMethod.Splitting splitting ->
            kickAndDrift piece |> Result.map (Array.map (fun part -> part :> IFlowMap<Binary64>) >> Stepper.splitting splitting)

    /// The same with the exact adjoint of its steps. The parameters are those of DifferentiableField.ofPiece; of a splitting those of
    /// the kick, then those of the drift, each with zeros for what the other part has.
    let adjoint (method: FlowMethod) (piece: FieldPiece<Binary64>) : Result<StepAdjoint<Binary64>, Defect list> =
        match method with
        | FlowMethod.Explicit tableau -> Ok(StepAdjoint.adaptive tableau (DifferentiableField.ofPiece piece))
        | FlowMethod.Implicit tableau -> Ok(StepAdjoint.implicit size (Tableau.over tableau) (DifferentiableField.ofPiece piece))
        | FlowMethod.Gauss -> Ok(StepAdjoint.implicit size gauss (DifferentiableField.ofPiece piece))
        | FlowMethod.Taylor order -> Ok(PieceAdjoint(order, piece))
        | FlowMethod.Splitting splitting -> kickAndDrift piece |> Result.map (StepAdjoint.splitting splitting)
