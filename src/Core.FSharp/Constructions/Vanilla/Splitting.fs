namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers

/// How a step of a field with several terms is put together from flows of single terms.
[<RequireQualifiedAccess>]
type Splitting =
    /// φ_N^h ∘ … ∘ φ_1^h, order 1
    | LieTrotter
    /// φ_1^{h/2} ∘ … ∘ φ_{N−1}^{h/2} ∘ φ_N^h ∘ φ_{N−1}^{h/2} ∘ … ∘ φ_1^{h/2}, order 2
    | Strang
    /// Three Strang steps of γ₁h, γ₀h, γ₁h, γ₁ = 1/(2 − 2^{1/3}), γ₀ = 1 − 2γ₁ &lt; 0: order 4 (Yoshida)
    | Yoshida

/// The flow of one term for a share of the step.
[<Struct; NoComparison>]
type Substep<'T> = {
    /// Which term, zero-based.
    Term: int
    /// The share of the step; negative for a flow backward in time.
    Share: 'T
}

/// Splittings: their order and their substeps.
[<RequireQualifiedAccess>]
module Splitting =
    /// The name under which commands know the splitting: lie, strang, yoshida.
    let name (splitting: Splitting) : string =
        match splitting with
        | Splitting.LieTrotter -> "lie"
        | Splitting.Strang -> "strang"
        | Splitting.Yoshida -> "yoshida"

    /// p, the order on smooth fields.
    let order (splitting: Splitting) : int =
        match splitting with
        | Splitting.LieTrotter -> 1
        | Splitting.Strang -> 2
        | Splitting.Yoshida -> 4

    /// Neighbouring substeps of one term as a single one.
    let fuse (substeps: Substep<'T> list) : Substep<'T> list when 'T :> IRing<'T> =
        let join (substep: Substep<'T>) (rest: Substep<'T> list) =
            match rest with
            | next :: others when next.Term = substep.Term -> { next with Share = 'T.Sum(substep.Share, next.Share) } :: others
            | _ -> substep :: rest

        List.foldBack join substeps []

    let private strang (terms: int) (share: 'T) : Substep<'T> list when 'T :> IRing<'T> =
        let half = 'T.Product(Ring.ratio 1 2, share)
        let before = List.init (terms - 1) (fun i -> { Term = i; Share = half })
        before @ [ { Term = terms - 1; Share = share } ] @ List.rev before

    /// The substeps of one step on a field of some terms, first to last: N for Lie–Trotter, 2N − 1 for Strang, at most 6N − 5 for Yoshida.
    let substeps (splitting: Splitting) (terms: int) : Substep<'T> list when 'T :> ITranscendental<'T> =
        match splitting with
        | Splitting.LieTrotter -> List.init terms (fun i -> { Term = i; Share = 'T.One })
        | Splitting.Strang -> strang terms 'T.One
        | Splitting.Yoshida ->
            let two = Ring.ratio 2 1
            let root = 'T.Exp('T.Quotient('T.Log two, Ring.ratio 3 1))
            let outer = 'T.Quotient('T.One, 'T.Difference(two, root))
            let inner = 'T.Difference('T.One, 'T.Product(two, outer))
            fuse (strang terms outer @ strang terms inner @ strang terms outer)

    /// One step of length h by exact flows of the terms.
    let step (splitting: Splitting) (terms: RidgeTerm<Binary64>[]) (h: float) (x: Binary64[]) : Binary64[] =
        substeps splitting terms.Length
        |> List.fold (fun x (substep: Substep<Binary64>) -> TermFlow.apply terms[substep.Term] (substep.Share.Value * h) x) x

    /// n steps of length T/n.
    let run (splitting: Splitting) (terms: RidgeTerm<Binary64>[]) (horizon: float) (steps: int) (x: Binary64[]) : Binary64[] =
        let h = horizon / float steps
        Seq.fold (fun x _ -> step splitting terms h x) x (seq { 1..steps })
