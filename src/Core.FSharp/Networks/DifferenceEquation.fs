namespace LayerTime.Core.Networks

open LayerTime.Core.Numbers

/// One map of an additive right-hand side: f_n reads the state of age n, n = 1 being the newest.
[<Struct; NoComparison>]
type Term<'T> = {
    /// n in f_n(x(l+1−n)), at least 1.
    Age: int
    /// f_n
    Map: LayerMap<'T>
}

/// What drives one step of a difference equation.
[<RequireQualifiedAccess; NoComparison>]
type RightHandSide<'T> =
    /// Σ_n f_n(x(l+1−n)), the terms in the order of summation.
    | Additive of Term<'T>[]
    /// φ([x(l); x(l−1); …; x(l+1−window)])
    | Concatenated of window: int * LayerMap<'T>

/// <summary>
/// The difference equation that every architecture here is an instance of, with r = Order and h = Step:
/// ∇ʳx(l+1) = hʳ · G_l(x(l), x(l−1), …), l = 0 … Depth − 1.
/// </summary>
/// <remarks>
/// Hauser et al. 2018: plain networks have r = 0, residual ones r = 1, smooth ones of order k r = k, additive dense ones r = 0
/// with k terms. A layer map reads the newest state unless its age says otherwise.
/// </remarks>
[<NoComparison>]
type DifferenceEquation<'T> = private {
    EquationOrder: int
    EquationStep: 'T
    Sides: RightHandSide<'T>[]
    SingleLayers: Layer<'T>[]
    LongestMemory: int
    StateStarts: int[]
    WidestInside: int
} with

    /// r, the order of the backward difference; at least 0.
    member equation.Order = equation.EquationOrder
    /// h
    member equation.Step = equation.EquationStep
    /// G_0 … G_{L−1}
    member equation.RightHandSides = equation.Sides
    /// The layers σ(W·x(l) + b) where every right-hand side is one of those, the common case; else none.
    member internal equation.Layers = equation.SingleLayers
    /// L, the number of layers; at least 1.
    member equation.Depth = equation.Sides.Length
    /// p, how many past states the right-hand sides read; at least 1.
    member equation.Memory = equation.LongestMemory
    /// The largest width that occurs inside a layer map, for scratch memory.
    member internal equation.LargestWidth = equation.WidestInside
    /// K = max(r, p), the number of past states that determine the next.
    member equation.Blocks = max equation.EquationOrder equation.Memory
    /// Where x(l) starts in a trajectory x(−K+1), …, x(L): entry l + K − 1; one more entry says where it ends.
    member internal equation.Starts = equation.StateStarts

    /// The width of x(l), l = −K+1 … L; constant unless the equation is a plain network.
    member equation.Width(layer: int) : int =
        let s = layer + equation.Blocks - 1
        equation.StateStarts[s + 1] - equation.StateStarts[s]

    /// K·d, the number of scalars of a state (Hauser et al. 2018: "effective embedding dimension").
    member equation.StateDimension = equation.Blocks * equation.Width 0

/// Construction of difference equations.
[<RequireQualifiedAccess>]
module DifferenceEquation =
    /// Where a layer map stands within a right-hand side.
    let private mapName (terms: Term<'T>[]) (term: Term<'T>) = if terms.Length = 1 then "" else $"map {term.Age}"

    let private memory (side: RightHandSide<'T>) : int =
        match side with
        | RightHandSide.Additive terms -> terms |> Array.fold (fun longest term -> max longest term.Age) 1
        | RightHandSide.Concatenated(window, _) -> window

    /// The layer maps of a right-hand side.
    let maps (side: RightHandSide<'T>) : LayerMap<'T>[] =
        match side with
        | RightHandSide.Additive terms -> terms |> Array.map _.Map
        | RightHandSide.Concatenated(_, map) -> [| map |]

    /// The layers of right-hand sides each of which is a single layer that reads the newest state, or none.
    let private singleLayers (sides: RightHandSide<'T>[]) : Layer<'T>[] =
        let layers =
            sides
            |> Array.choose (function
                | RightHandSide.Additive [| { Age = 1; Map = map } |] when map.Layers.Length = 1 -> Some map.Last
                | _ -> None)

        if layers.Length = sides.Length then layers else [||]

    let private widestInside (side: RightHandSide<'T>) : int =
        maps side |> Array.fold (fun widest map -> max widest (max map.LargestWidth map.InputWidth)) 0

    let private outputWidth (side: RightHandSide<'T>) : int option =
        match side with
        | RightHandSide.Additive terms -> Array.tryHead terms |> Option.map _.Map.OutputWidth
        | RightHandSide.Concatenated(_, map) -> Some map.OutputWidth

    /// ∇ʳx(l+1) = hʳ G_l. `width` is d, the width of x(0). Widths may change from layer to layer only where r = 0 and every
    /// map reads the newest state alone. All defects are reported.
    let create (width: int) (order: int) (step: 'T) (sides: RightHandSide<'T>[]) : Result<DifferenceEquation<'T>, Defect list> =
        let readsNewestOnly =
            sides
            |> Array.forall (function
                | RightHandSide.Additive terms -> terms.Length = 1 && terms[0].Age = 1
                | RightHandSide.Concatenated(window, _) -> window = 1)

        let mayChangeWidth = order = 0 && readsNewestOnly

        let widths =
            if mayChangeWidth then
                Array.scan (fun width side -> outputWidth side |> Option.defaultValue width) width sides
            else
                Array.create (sides.Length + 1) width

        let argument l =
            if mayChangeWidth && l > 0 then
                $"{widths[l]} columns, the width of layer {l - 1}"
            else
                $"{widths[l]} columns, the width of the state"

        // Texts are made only where something is wrong: equations are built in the inner loop of a verification.
        let checkMap l expectedInput (expectation: unit -> string) (map: LayerMap<'T>) = [
            let shape () = $"a map from {map.InputWidth} to {map.OutputWidth} numbers"

            if map.InputWidth <> expectedInput then
                Defect.create "" (shape ()) (expectation ())

            if map.OutputWidth <> widths[l + 1] then
                Defect.create "" (shape ()) $"{widths[l + 1]} rows, the width of the state"
        ]

        let checkSide l side = [
            match side with
            | RightHandSide.Additive terms ->
                if terms.Length = 0 then
                    Defect.create "" "no map" "at least one"

                for term in terms do
                    if term.Age < 1 then
                        Defect.create "" $"a map of age {term.Age}" "an age of at least 1, the newest state"

                    for defect in checkMap l widths[l] (fun () -> argument l) term.Map do
                        Defect.at (mapName terms term) defect
            | RightHandSide.Concatenated(window, map) ->
                if window < 1 then
                    Defect.create "" $"a window of {window}" "at least 1"

                yield! checkMap l (window * widths[l]) (fun () -> $"{window * widths[l]} columns, {window} states of width {widths[l]}") map
        ]

        let defects = [
            if width < 1 then
                Defect.create "" $"width {width}" "at least 1"

            if order < 0 then
                Defect.create "" $"order {order}" "at least 0"

            if sides.Length = 0 then
                Defect.create "" "depth 0" "at least one layer"

            for l in 0 .. sides.Length - 1 do
                for defect in checkSide l sides[l] do
                    Defect.at $"layer {l}" defect
        ]

        if defects.IsEmpty then
            let longestMemory = sides |> Array.fold (fun longest side -> max longest (memory side)) 1
            let before = max order longestMemory - 1

            Ok {
                EquationOrder = order
                EquationStep = step
                Sides = Array.copy sides
                SingleLayers = singleLayers sides
                LongestMemory = longestMemory
                StateStarts = Array.append (Array.create before width) widths |> Array.scan (+) 0
                WidestInside = sides |> Array.fold (fun widest side -> max widest (widestInside side)) 0
            }
        else
            Error defects

    /// The same equation over other numbers.
    let map (number: 'T -> 'U) (activation: Activation<'T> -> Activation<'U>) (equation: DifferenceEquation<'T>) : DifferenceEquation<'U> =
        let layerMap = LayerMap.map number activation

        let side =
            function
            | RightHandSide.Additive terms ->
                terms |> Array.map (fun term -> { Age = term.Age; Map = layerMap term.Map }) |> RightHandSide.Additive
            | RightHandSide.Concatenated(window, φ) -> RightHandSide.Concatenated(window, layerMap φ)

        let sides = Array.map side equation.Sides

        {
            EquationOrder = equation.EquationOrder
            EquationStep = number equation.EquationStep
            Sides = sides
            SingleLayers = singleLayers sides
            LongestMemory = equation.LongestMemory
            StateStarts = equation.StateStarts
            WidestInside = equation.WidestInside
        }
