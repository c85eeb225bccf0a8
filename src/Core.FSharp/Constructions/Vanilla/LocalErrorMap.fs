namespace LayerTime.Core.Constructions

open System
open System.Collections.Generic
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Rigour

/// What a step of a splitting does wrong where a kink is met and Taylor's theorem does not apply: a bound by first commutators.
[<Sealed>]
type CommutatorBound(splitting: Splitting, terms: RidgeTerm<Interval>[], h: Interval) =
    let substeps: Substep<Interval>[] = Splitting.substeps splitting terms.Length |> List.toArray
    let number (x: float) : Interval = Interval.ofFloat x
    let product (a: Interval, b: Interval) : Interval = Arithmetic.(*) a b
    let sum (a: Interval, b: Interval) : Interval = Arithmetic.(+) a b
    let norm (x: Interval[]) : Interval = Transcendental.sqrt (Vector.dot x x)
    let lengths = terms |> Array.map (fun term -> norm term.Direction)
    let lipschitz = terms |> Array.map (fun term -> product (norm term.Direction, norm term.Weights))
    // |w_i·a_j|
    let along = terms |> Array.map (fun i -> terms |> Array.map (fun j -> Interval.abs (Vector.dot i.Weights j.Direction)))

    /// |g| and |g′| over the values of s in a box.
    let sizes (box: Interval[]) =
        terms
        |> Array.map (fun term ->
            let s = RidgeTerm.preactivation term box

            match term.Profile with
            | Profile.Tanh -> Interval.abs (Transcendental.tanh s), FlowFunction.sech2 s
            | Profile.Relu when s.Upper <= 0.0 -> number 0.0, number 0.0
            | Profile.Relu -> number s.Upper, number 1.0
            | Profile.Identity -> Interval.abs s, number 1.0)

    /// A box that holds everything the substeps of a step pass through: X + Σ [0, γ_k h]·a·g(s(B)) ⊆ B.
    let tube (box: Interval[]) : Interval[] voption =
        let reach (candidate: Interval[]) =
            let add (x: Interval[]) (substep: Substep<Interval>) =
                let time = Interval.hull (number 0.0) (product (substep.Share, h))
                Vector.add x (Vector.scale time (RidgeTerm.apply terms[substep.Term] candidate))

            Array.fold add box substeps

        let rec search attempt candidate =
            let image = reach candidate

            if Array.forall2 Interval.subset image candidate then
                ValueSome image
            elif attempt = 0 then
                ValueNone
            else
                let hull = Array.map2 Interval.hull image candidate
                search (attempt - 1) (hull |> Array.map (fun side -> Box.widen (0.1 * Interval.width side) side))

        search 12 box

    /// |S_h(x) − Φ_h(x)| ≤ ½h²·e^{λh}·Σ_{k&lt;l}|γ_kγ_l|(|a_j||w_j·a_i|G_jS_i + |a_i||w_i·a_j|G_iS_j), i, j the terms of substeps k, l, and
    /// λ = Σ|γ_k|G_iL_i: each substep is pushed forward through the later ones, which costs an integral over their commutators.
    member _.Bound(box: Interval[]) : float =
        match tube box with
        | ValueNone -> Double.PositiveInfinity
        | ValueSome tube ->
            let sizes = sizes tube
            let S, G = Array.map fst sizes, Array.map snd sizes

            let pair i j =
                let one i j = product (lengths[j], product (along[j][i], product (G[j], S[i])))
                if i = j then number 0.0 else sum (one i j, one j i)

            let mutable commutators, λ = number 0.0, number 0.0

            for k in 0 .. substeps.Length - 1 do
                let i, γ = substeps[k].Term, Interval.abs substeps[k].Share
                λ <- sum (λ, product (γ, product (G[i], lipschitz[i])))

                for l in k + 1 .. substeps.Length - 1 do
                    let γ' = Interval.abs substeps[l].Share
                    commutators <- sum (commutators, product (product (γ, γ'), pair i substeps[l].Term))

            let growth = Transcendental.exp (product (λ, h))
            (product (product (number 0.5, Interval.square h), product (growth, commutators))).Upper

/// The local error of a splitting over any box, put together from small boxes that are looked at once: neither the field nor the step
/// changes from one step to the next.
[<Sealed>]
type LocalErrorMap(splitting: Splitting, terms: RidgeTerm<Interval>[], h: Interval, order: int, mesh: float, commute: bool) =
    // More small boxes than this are not worth their while: then the box is taken as it is.
    static let most = 4096L
    let d = terms[0].Direction.Length
    let smooth = LocalError(splitting, terms, h, order)
    let kinked = CommutatorBound(splitting, terms, h)
    let known = Dictionary<struct (int * int * int * int), Interval[]>()
    let nothing = Array.create d (Interval.ofFloat 0.0)

    let enclose (box: Interval[]) : Interval[] =
        let bound = lazy (kinked.Bound box)

        let byBound () =
            let b = Math.Min(bound.Value, Double.MaxValue)
            Array.create d (Interval.ofBounds -b b)

        match smooth.Enclose box with
        | ValueSome error when error |> Array.forall Interval.isBounded -> error
        | _ -> byBound ()

    let index (x: float) = int (Math.Floor(Math.Clamp(x / mesh, -1e9, 1e9)))

    /// The small box of an index, covered in spite of rounding.
    let side (i: int) : Interval = Arithmetic.(*) (Interval.ofBounds (float i) (float (i + 1))) (Interval.ofFloat mesh)

    let look (first: int[]) =
        let at k = if k < d then first[k] else 0
        let key = struct (at 0, at 1, at 2, at 3)
        let mutable error = nothing

        if known.TryGetValue(key, &error) then
            error
        else
            let error = enclose (Array.map side first)
            known[key] <- error
            error

    /// How many small boxes have been looked at.
    member _.Count = known.Count

    /// An enclosure of S_h(x) − Φ_h(x) for all x of a box.
    member _.Enclose(box: Interval[]) : Interval[] =
        if commute then
            nothing
        else
            // One index more on each side where the quotient by the mesh may have been rounded across an end.
            let first = box |> Array.map (fun side -> index (Math.BitDecrement side.Lower))
            let last = box |> Array.map (fun side -> index (Math.BitIncrement side.Upper))
            let count = Array.fold2 (fun product f l -> product * int64 (l - f + 1)) 1L first last

            if d > 4 || count > most || count <= 0L then
                enclose box
            else
                let rec hull k (chosen: int[]) (error: Interval[] voption) =
                    if k = d then
                        let here = look chosen

                        match error with
                        | ValueNone -> ValueSome here
                        | ValueSome before -> ValueSome(Array.map2 Interval.hull before here)
                    else
                        Seq.fold (fun error i -> hull (k + 1) (Array.updateAt k i chosen) error) error (seq { first[k] .. last[k] })

                match hull 0 (Array.create d 0) ValueNone with
                | ValueSome error -> error
                | ValueNone -> enclose box
