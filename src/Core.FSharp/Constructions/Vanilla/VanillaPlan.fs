namespace LayerTime.Core.Constructions

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// One term map of a plan, x ↦ x + a·ψ̃(w·x + b): the flow of a term for some time, its profile replaced by a table where it is not piecewise
/// linear itself.
[<NoComparison; NoEquality>]
type PlannedMap = {
    /// Which term of the piece.
    Term: int
    /// The flows that the map stands for, as shares of the step: one, or two where the end of a step falls between them.
    Shares: Interval[]
    /// ψ̃ of a tanh term; none for ReLU, the identity and constants, whose flows need no table.
    Table: PiecewiseLinear<Binary64> option
}

/// The plan of one piece of the field.
[<NoComparison; NoEquality>]
type PlannedPiece = {
    /// The terms and how long they act.
    Piece: RidgePiece<Rational>
    /// n, the number of steps.
    Steps: int
    /// The maps that occur.
    Maps: PlannedMap[]
    /// Which maps follow one another, all n steps.
    Chain: int[]
}

/// How a network is to be made of a field: which splitting, how many steps, which tables.
[<NoComparison; NoEquality>]
type VanillaPlan = {
    /// The splitting.
    Splitting: Splitting
    /// The pieces in the order of time.
    Pieces: PlannedPiece[]
} with

    /// d
    member plan.Dimension = plan.Pieces[0].Piece.Terms[0].Direction.Length

/// Plans: their maps, their depth and the networks they stand for.
[<RequireQualifiedAccess>]
module VanillaPlan =
    /// h, the length of a step.
    let step (piece: PlannedPiece) : Rational = piece.Piece.Duration / Rational.ofInt piece.Steps

    /// The time of a map as a number, the sum of its shares times h.
    let time (piece: PlannedPiece) (map: PlannedMap) : Interval =
        Arithmetic.(*) (Array.reduce (fun a b -> Arithmetic.(+) a b) map.Shares) (Interval.ofRational (step piece))

    /// The maps of n steps without tables, each of them in the chain. Fused, the last flow of a step and the first of the next are one map where they
    /// have one term.
    let piece (splitting: Splitting) (isFused: bool) (steps: int) (piece: RidgePiece<Rational>) : PlannedPiece =
        let substeps: Substep<Interval>[] = Splitting.substeps splitting piece.Terms.Length |> List.toArray
        let last = substeps.Length - 1
        let map (substep: Substep<Interval>) = { Term = substep.Term; Shares = [| substep.Share |]; Table = None }
        let maps = Array.map map substeps

        if isFused && steps > 1 && last > 0 && substeps[0].Term = substeps[last].Term then
            let fused = { maps[0] with Shares = [| substeps[last].Share; substeps[0].Share |] }

            let chain = [|
                for j in 1..steps do
                    if j = 1 then
                        0

                    yield! seq { 1 .. last - 1 }
                    if j < steps then last + 1 else last
            |]

            { Piece = piece; Steps = steps; Maps = Array.append maps [| fused |]; Chain = chain }
        else
            let chain = Array.init (steps * maps.Length) (fun i -> i % maps.Length)
            { Piece = piece; Steps = steps; Maps = maps; Chain = chain }

    let private norm (x: Rational[]) : float = x |> Array.sumBy (fun a -> let a = Rational.toFloat a in a * a) |> sqrt

    /// |κ| &lt; |a||w|/4: two ridge maps instead of an ill-conditioned one.
    let isPair (term: RidgeTerm<Rational>) : bool =
        let κ = Rational.toFloat (RidgeTerm.rate term)
        abs κ < TermLayers.wellConditioned * norm term.Direction * norm term.Weights

    /// The number of leaky layers of one map.
    let layers (piece: PlannedPiece) (map: PlannedMap) : int =
        let term = piece.Piece.Terms[map.Term]
        let isConstant = norm term.Weights = 0.0

        match term.Profile, map.Table with
        | _ when isConstant -> 0
        | Profile.Identity, _ -> 0
        | Profile.Relu, _ -> if isPair term then 2 else 1
        | Profile.Tanh, Some table -> table.Knots.Length * (if isPair term then 2 else 1)
        | Profile.Tanh, None -> 0

    /// L, the number of layers with an activation.
    let depth (plan: VanillaPlan) : int64 =
        let ofPiece (piece: PlannedPiece) =
            let layers = piece.Maps |> Array.map (layers piece >> int64)
            piece.Chain |> Array.sumBy (fun map -> layers[map])

        Array.sumBy ofPiece plan.Pieces

    /// x ↦ x + τφ₁(κτ)·g(s)·a for g = id: affine. For w = 0 it is x + τ·g(b)·a, whatever g is.
    let private affine (term: RidgeTerm<'T>) (factor: 'T) : Stage<'T> when 'T :> IRing<'T> =
        let c = Vector.scale factor term.Direction
        let d = c.Length
        let entry i j = 'T.Sum((if i = j then 'T.One else 'T.Zero), 'T.Product(c[i], term.Weights[j]))
        Stage.Affine { Weights = Matrix.init d d entry; Bias = Vector.scale term.Bias c }

    /// The stages of one map over intervals: every exact weight is enclosed.
    let stages (piece: PlannedPiece) (map: PlannedMap) : Stage<Interval> list =
        let exact = piece.Piece.Terms[map.Term]
        let term = RidgeTerm.map Interval.ofRational exact
        let τ, κ = time piece map, RidgeTerm.rate term
        let approximately = Interval.midpoint
        let flow () = Arithmetic.(*) τ (FlowFunction.phi1 (Arithmetic.(*) κ τ))

        match exact.Profile, map.Table with
        | _ when norm exact.Weights = 0.0 ->
            let shift = Vector.scale (Arithmetic.(*) τ (RidgeTerm.profile term term.Bias)) term.Direction
            [ Stage.Affine { AffineMap.identity shift.Length with Bias = shift } ]
        | Profile.Identity, _ -> [ affine term (flow ()) ]
        | Profile.Relu, _ ->
            TermLayers.ofStep approximately { Shift = Vector.scale (flow ()) term.Direction; Weights = term.Weights; Bias = term.Bias }
            |> Defect.orFail
        | Profile.Tanh, None -> invalidOp "a tanh term of a plan has no table"
        | Profile.Tanh, Some table ->
            let ψ = PiecewiseLinear.map (fun (x: Binary64) -> Interval.ofFloat x.Value) table

            if isPair exact then
                // For ψ̃′ ≥ 0 every ε > 0 is legal, for ψ̃′ ≤ 0 every ε < 0: |ε| = |a||w| is well conditioned.
                let size = norm exact.Direction * norm exact.Weights
                let ε = Interval.ofFloat (if τ.Lower >= 0.0 then size else -size)
                List.ofSeq (RidgeMap.pair approximately ε term.Direction term.Weights term.Bias ψ)
            else
                List.ofSeq (RidgeMap.single approximately term.Direction term.Weights term.Bias ψ)
