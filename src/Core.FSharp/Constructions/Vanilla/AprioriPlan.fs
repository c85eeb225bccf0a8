namespace LayerTime.Core.Constructions

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Rigour

/// What is proved of a plan before anything is built: sup |flow − network| over the box is at most the sum of both bounds (rounding apart).
[<NoComparison>]
type AprioriPlan = {
    /// The splitting, Lie–Trotter or Strang.
    Splitting: Splitting
    /// n
    Steps: int
    /// η, the mesh of the tables; 0 where none are needed.
    Mesh: float
    /// The cells of each table, by the term of each of the maps of a step.
    Cells: (int * int)[]
    /// R, the radius that no trajectory leaves.
    Radius: float
    /// The bound of the splitting.
    SplittingBound: float
    /// The bound of the tables.
    TableBound: float
    /// Leaky layers, neighbouring maps not fused.
    Depth: int64
}

/// Plans with a proof beforehand, of a field that does not depend on time: what the depth is from the constants of the field alone.
[<RequireQualifiedAccess>]
module AprioriPlan =
    let private number (x: float) : Interval = Interval.ofFloat x
    let private product (a: Interval) (b: Interval) : Interval = Arithmetic.(*) a b
    let private sum (values: Interval seq) : Interval = Seq.fold (fun sum x -> Arithmetic.(+) sum x) (number 0.0) values
    let private norm (x: Interval[]) : Interval = Transcendental.sqrt (Vector.dot x x)

    /// The smallest n with bound n ≤ ε for a decreasing bound, or none up to the limit.
    let smallest (limit: int) (bound: int -> float) (ε: float) : int option =
        let rec double n =
            if bound n <= ε then Some n
            elif n > limit / 2 then None
            else double (2 * n)

        let rec bisect low high =
            if high - low <= 1 then
                high
            else
                let middle = low + (high - low) / 2
                if bound middle <= ε then bisect low middle else bisect middle high

        double 1 |> Option.map (fun n -> if n = 1 then 1 else bisect (n / 2) n)

    /// The corner of the box farthest from 0.
    let startRadius (box: Box) : Interval = box |> Array.map (Interval.magnitude >> number) |> norm

    /// The bound of a splitting with n steps on a field of tanh terms, or of ReLU terms that start in the box.
    let splittingBound (splitting: Splitting) (terms: RidgeTerm<Rational>[]) (horizon: Rational) (box: Box) : int -> float =
        let terms = terms |> Array.map (RidgeTerm.map Interval.ofRational)
        let time = Interval.ofRational horizon
        let constants = SplittingBound.constants terms
        let growth = SplittingBound.growth constants
        let isRelu = terms |> Array.exists (fun term -> term.Profile <> Profile.Tanh)

        let sizes =
            if isRelu then
                SplittingBound.reluSizes terms (SplittingBound.reluRadius terms time (startRadius box))
            else
                SplittingBound.tanhSizes terms.Length

        match splitting with
        | Splitting.Strang when not isRelu ->
            let K, Λ = SplittingBound.doubleCommutator terms sizes, SplittingBound.stiffness constants
            fun n -> (SplittingBound.strang K growth Λ time n).Upper
        | _ ->
            // The symmetric sequence of Strang with its pairs of one term dropped has the same commutators as Lie–Trotter.
            let C = SplittingBound.commutator terms sizes
            fun n -> (SplittingBound.lie C growth time n).Upper

    let private refuse where found expected = Error [ Defect.create where found expected ]

    /// The plan for ε with the given share of it for the splitting and the rest for the tables (all of it without tables).
    let create
        (splitting: Splitting)
        (share: float)
        (maxSteps: int)
        (field: RidgeField<Rational>)
        (box: Box)
        (ε: float)
        : Result<AprioriPlan, Defect list> =
        let pieces = field.Pieces
        let terms = pieces[0].Terms
        let profiles = terms |> Array.map _.Profile |> Array.distinct

        if splitting = Splitting.Yoshida then
            refuse "splitting" "order 4" "lie or strang: for order 4 no error constant is known beforehand"
        elif pieces.Length > 1 then
            refuse "field" $"{pieces.Length} pieces" "one, for bounds beforehand"
        elif profiles <> [| Profile.Tanh |] && profiles <> [| Profile.Relu |] then
            refuse "field" "terms of several kinds" "tanh terms only or ReLU terms only, for bounds beforehand"
        elif box.Length <> field.Dimension then
            refuse "box" $"{box.Length} sides" $"{field.Dimension}, as the field has components"
        else
            let hasTables = profiles = [| Profile.Tanh |]
            let bound = splittingBound splitting terms pieces[0].Duration box

            match smallest maxSteps bound (if hasTables then share * ε else ε) with
            | None -> refuse "ε" $"{ε}" $"at least {bound maxSteps}, what {maxSteps} steps of {Splitting.name splitting} guarantee"
            | Some n ->
                let plan = VanillaPlan.piece splitting false n pieces[0]
                let enclosed = terms |> Array.map (RidgeTerm.map Interval.ofRational)
                let constants = SplittingBound.constants enclosed
                let time = Interval.ofRational pieces[0].Duration

                if hasTables then
                    let radius = Arithmetic.(+) (startRadius box) (product time constants.Speed)

                    let factor =
                        Transcendental.exp (product (SplittingBound.growth constants) (Interval.ofRational (VanillaPlan.step plan)))

                    let amplification = product factor (SplittingBound.geometricSum factor n)

                    // Σ|a_i|·C_ψ(κ_i, τ_i)/8 with C_ψ = 2|e^{2κτ} − 1|/(3√3·|κ|)
                    let curvature (map: PlannedMap) =
                        let τ, κ = VanillaPlan.time plan map, RidgeTerm.rate enclosed[map.Term]
                        let root = product (number 3.0) (Transcendental.sqrt (number 3.0))
                        let grown = product (product (number 4.0) τ) (FlowFunction.phi1 (product (number 2.0) (product κ τ)))
                        product (norm enclosed[map.Term].Direction) (Arithmetic.(/) grown (product (number 8.0) root))

                    let K = product amplification (plan.Maps |> Seq.map curvature |> sum)
                    let η = sqrt ((1.0 - share) * ε / K.Upper)
                    let width (map: PlannedMap) = product (number 2.0) (product (norm enclosed[map.Term].Weights) radius)
                    let cells = plan.Maps |> Array.map (fun map -> map.Term, int (ceil ((width map).Upper / η)))
                    let layers (term, m) = int64 (m - 1) * (if VanillaPlan.isPair terms[term] then 2L else 1L)

                    Ok {
                        Splitting = splitting
                        Steps = n
                        Mesh = η
                        Cells = cells
                        Radius = radius.Upper
                        SplittingBound = bound n
                        TableBound = (product K (Interval.square (number η))).Upper
                        Depth = int64 n * Array.sumBy layers cells
                    }
                else
                    Ok {
                        Splitting = splitting
                        Steps = n
                        Mesh = 0.0
                        Cells = [||]
                        Radius = (SplittingBound.reluRadius enclosed time (startRadius box)).Upper
                        SplittingBound = bound n
                        TableBound = 0.0
                        Depth = int64 n * (plan.Maps |> Array.sumBy (VanillaPlan.layers plan >> int64))
                    }

    /// The plan with its maps: the profiles of a tanh field interpolated at uniform knots, the two end cells continued linearly.
    let maps (field: RidgeField<Rational>) (apriori: AprioriPlan) : VanillaPlan =
        let plan = VanillaPlan.piece apriori.Splitting false apriori.Steps field.Pieces[0]

        let table (map: PlannedMap) (_, m: int) =
            let term = RidgeTerm.map Rational.toFloat plan.Piece.Terms[map.Term]
            let size = term.Weights |> Array.sumBy (fun w -> w * w) |> sqrt
            let κ = Rational.toFloat (RidgeTerm.rate plan.Piece.Terms[map.Term])
            let τ = Interval.midpoint (VanillaPlan.time plan map)
            let lower, upper = term.Bias - size * apriori.Radius, term.Bias + size * apriori.Radius
            let knot k = lower + (upper - lower) * float k / float m
            let value k = TermFlow.tanhProfile κ τ (knot k)
            let slope k = (value (k + 1) - value k) / (knot (k + 1) - knot k)
            // One cell is linear: a knot at its end changes no slope.
            let knots = if m = 1 then [| 1 |] else [| 1 .. m - 1 |]

            {
                Knots = knots |> Array.map (knot >> Binary64)
                Values = knots |> Array.map (value >> Binary64)
                Left = Binary64(slope 0)
                Right = Binary64(slope (m - 1))
            }

        let maps =
            if apriori.Cells.Length = 0 then
                plan.Maps
            else
                Array.map2 (fun map cells -> { map with Table = Some(table map cells) }) plan.Maps apriori.Cells

        { Splitting = apriori.Splitting; Pieces = [| { plan with Maps = maps } |] }
