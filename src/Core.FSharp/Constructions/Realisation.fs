namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics

/// The state in which a network of any order is written as one of first order; K blocks of the width d, x(l) first.
[<RequireQualifiedAccess>]
type StateForm =
    /// z_j = x(l+1−j)
    | Delay
    /// q_n = ∇ⁿ⁻¹x(l)
    | Difference
    /// p_n = h^−(n−1) ∇ⁿ⁻¹x(l), h ≠ 0
    | ScaledDifference
    /// q_n(l) = Σ_{m=n..K} f_m^(l+n−2)(x(l+n−1−m)), n ≥ 2: the sums that later layers are waiting for; additive layers only.
    | Observer
    /// The differences q_n again, as a residual network q⁺ = q + F(q).
    | Residual

/// Networks of any order as exact networks of first order (Hauser et al. 2018: state-space representation).
[<RequireQualifiedAccess>]
module Realisation =
    let private column (entries: 'T[]) : Matrix<'T> = entries |> Array.map Array.singleton |> Matrix.ofRows

    let private widen (d: int) (m: Matrix<'T>) : Matrix<'T> when 'T :> IRing<'T> = Matrix.kronecker m (Matrix.identity d)

    /// The rows first, …, first + count − 1 of M.
    let private rows (first: int) (count: int) (m: Matrix<'T>) : Matrix<'T> =
        Matrix.toRows m |> Array.skip first |> Array.take count |> Matrix.ofRows

    /// (−1)^(j+1) C(r, j) for j = 1..K, zero for j &gt; r.
    let private pastWeights (equation: DifferenceEquation<'T>) : 'T[] when 'T :> IRing<'T> =
        let weights = Binomial.pastWeights equation.Order |> Array.map Ring.ofInteger
        Array.append weights (Vector.zero (equation.Blocks - equation.Order))

    /// B and B⁻¹ with y = (B⊗I)z, K × K.
    let private basis (form: StateForm) (equation: DifferenceEquation<'T>) : Matrix<'T> * Matrix<'T> when 'T :> IField<'T> =
        let k = equation.Blocks
        let pascal = Coordinates.signedPascal k

        match form with
        | StateForm.ScaledDifference ->
            let power n = Ring.power equation.Step n
            // S² = I, so (D⁻¹S)⁻¹ = S·D with D = diag(1, h, h², …).
            Matrix.init k k (fun n j -> 'T.Quotient(pascal[n, j], power n)), Matrix.init k k (fun n j -> 'T.Product(pascal[n, j], power j))
        | StateForm.Difference
        | StateForm.Residual -> pascal, pascal
        | StateForm.Delay
        | StateForm.Observer -> Matrix.identity k, Matrix.identity k

    /// y⁺ = (B·K·B⁻¹ ⊗ I)y + hʳ (B·e₁ ⊗ I) G_l((B⁻¹ ⊗ I)y), K the companion matrix of ∇ʳ with K − r zero weights more.
    let private step (form: StateForm) (equation: DifferenceEquation<'T>) (side: RightHandSide<'T>) : LayerMap<'T> when 'T :> IField<'T> =
        let k, d = equation.Blocks, equation.Width 0
        let there, back = basis form equation
        let past = pastWeights equation

        let companion =
            Matrix.init k k (fun i j ->
                if i = 0 then past[j]
                elif j = i - 1 then 'T.One
                else 'T.Zero)

        let free = Matrix.multiply there (Matrix.multiply companion back)

        let linear =
            match form with
            | StateForm.Residual -> Matrix.subtract free (Matrix.identity k)
            | _ -> free

        let output =
            there |> Matrix.toRows |> Array.map Array.head |> column |> Matrix.scale (Ring.power equation.Step equation.Order)

        let branch first count map = { Input = widen d (rows first count back); Map = map; Output = widen d output }

        match side with
        | RightHandSide.Additive terms -> terms |> Array.map (fun term -> branch (term.Age - 1) 1 term.Map)
        | RightHandSide.Concatenated(window, φ) -> [| branch 0 window φ |]
        |> Branch.sum (widen d linear)

    let private inBasis (form: StateForm) (network: Network<'T>) : Result<Network<'T>, Defect list> when 'T :> IField<'T> =
        let equation = network.Equation
        let maps = equation.RightHandSides |> Array.map (step form equation)

        let architecture =
            match form with
            | StateForm.Residual -> Architecture.Residual('T.One, maps)
            | _ -> Architecture.FeedForward maps

        let there, back = basis form equation
        Frame.inBasis (widen (equation.Width 0) there) (widen (equation.Width 0) back) architecture network

    /// The terms of every layer, or the layers that are not additive.
    let private additive (equation: DifferenceEquation<'T>) : Result<Term<'T>[][], Defect list> =
        equation.RightHandSides
        |> Array.mapi (fun l side ->
            match side with
            | RightHandSide.Additive terms -> Ok terms
            | RightHandSide.Concatenated(window, _) ->
                Error [
                    Defect.create
                        $"layer {l}"
                        $"one map of {window} concatenated states"
                        "a sum of maps of one state each, which alone has an observer form"
                ])
        |> Defect.all

    /// y_n⁺ = g_n^(l+n−1)(y₁) + y_{n+1} from y_n(0) = Σ_{m=n..K} g_m^(n−2)(x(n−1−m)), where g_n = (−1)^(n+1) C(r,n)·id + hʳ f_n and
    /// g_n^(l) = 0 for l ≥ L. Every map reads x(l) alone.
    let private observer (network: Network<'T>) (terms: Term<'T>[][]) : Result<Network<'T>, Defect list> when 'T :> IField<'T> =
        let equation = network.Equation
        let k, d, depth = equation.Blocks, equation.Width 0, equation.Depth
        let past = pastWeights equation
        let scale = Ring.power equation.Step equation.Order
        let unit n = Vector.unit k n

        /// The summands g_m^(layer) of block n (all zero-based), m and the block that it reads given in pairs.
        let summands n layer ages = [|
            if layer < depth then
                for m, source in ages do
                    for term in terms[layer] do
                        if term.Age = m + 1 then
                            {
                                Input = widen d (Matrix.ofRows [| unit source |])
                                Map = term.Map
                                Output = widen d (column (Vector.scale scale (unit n)))
                            }
        |]

        let weight layer m = if layer < depth then past[m] else 'T.Zero

        let step l =
            // Block n reads block n + 1 as it is and block 0 with the weight of its own age.
            let shift = Matrix.init k k (fun n j -> if j = n + 1 then 'T.One else 'T.Zero)
            let driven = Matrix.init k k (fun n j -> if j = 0 then weight (l + n) n else 'T.Zero)

            Array.init k (fun n -> summands n (l + n) [ n, 0 ]) |> Array.concat |> Branch.sum (widen d (Matrix.add shift driven))

        let start =
            // Block n ≥ 1 waits for layer n − 1, where x(n−m−…) has the age m + 1: history block m − n + 1 (zero-based).
            let linear =
                Matrix.init k k (fun n j ->
                    if n = 0 then (if j = 0 then 'T.One else 'T.Zero)
                    elif j >= 1 && j + n - 1 < k then weight (n - 1) (j + n - 1)
                    else 'T.Zero)

            Array.init (k - 1) (fun i -> summands (i + 1) i [ for m in i + 1 .. k - 1 -> m, m - i ])
            |> Array.concat
            |> Branch.sum (widen d linear)

        let lift =
            match network.Lift with
            | Some lift -> Frame.chain lift start
            | None -> start

        Network.create (Some lift) (Architecture.FeedForward(Array.init depth step)) (Some(Frame.newest d (k * d)))

    let private changesWidth (equation: DifferenceEquation<'T>) : bool =
        Seq.exists (fun l -> equation.Width l <> equation.Width 0) (seq { 1 .. equation.Depth })

    /// The network as one of first order with states of K·d scalars in the chosen coordinates: for the same input the same
    /// output, and at every layer exactly the same state. The lift leads from the input (the history, if there was no lift) to
    /// the start; the readout finds what the network would have put out. A network of first order stays as it is.
    /// Without an answer: the observer of concatenated layers or of a readout that reads older states, the residual form of
    /// changing widths.
    let realise (form: StateForm) (network: Network<'T>) : Result<Network<'T>, Defect list> when 'T :> IField<'T> =
        let equation = network.Equation

        match form, equation.Order, equation.Blocks with
        | StateForm.Residual, 1, 1 -> Ok network
        | StateForm.Residual, _, _ when changesWidth equation ->
            Error [ Defect.create "layers" "widths that change" "one width, as x(l+1) = x(l) + F(x(l)) adds states" ]
        | (StateForm.Delay | StateForm.Difference | StateForm.ScaledDifference | StateForm.Observer), 0, 1 -> Ok network
        | StateForm.Observer, _, blocks when blocks > 1 && network.Readout.IsSome ->
            Error [
                Defect.create
                    "readout"
                    $"one that reads {blocks} states"
                    "none: the observer form has forgotten x(L−1) and older when it reaches x(L)"
            ]
        | StateForm.Observer, _, _ -> additive equation |> Result.bind (observer network)
        | _ -> inBasis form network
