namespace LayerTime.Core.Constructions

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Rigour

/// What the flow of one term for a share of the step contributes to the series in the length τ of the step, at τ = 0 or over [0, h].
[<NoComparison; NoEquality>]
type private SubstepSeries = {
    Term: RidgeTerm<Interval>
    Rate: Interval
    /// γ, the share of the step.
    Share: Interval
    /// ψ at the values of γτ about which the series are taken.
    Profile: TermEnclosure
    /// Coefficients of e^{κγτ}.
    Growth: Interval[]
    /// Coefficients of (e^{2κγτ} − 1)/κ.
    Doubled: Interval[]
    /// Coefficients of (e^{κγτ} − 1)/κ.
    Single: Interval[]
}

/// The local error of a splitting, S_h(x) − Φ_h(x), enclosed for all x of a box by Taylor expansion in the length of the step.
[<Sealed>]
type LocalError(splitting: Splitting, terms: RidgeTerm<Interval>[], h: Interval, order: int) =
    let zero, one, two = Interval.ofFloat 0.0, Interval.ofFloat 1.0, Interval.ofFloat 2.0
    let sum (a: Interval, b: Interval) : Interval = Arithmetic.(+) a b
    let difference (a: Interval, b: Interval) : Interval = Arithmetic.(-) a b
    let product (a: Interval, b: Interval) : Interval = Arithmetic.(*) a b
    let quotient (a: Interval, b: Interval) : Interval = Arithmetic.(/) a b
    let ratio (n: int) : Interval = Interval.ofFloat (float n)
    let d = terms[0].Direction.Length

    /// c, c·f, c·f²/2, …: the coefficients of c·e^{fθ}.
    let exponential (c: Interval) (f: Interval) : Interval[] =
        Array.init order (fun k -> k + 1) |> Array.scan (fun c k -> quotient (product (c, f), ratio k)) c

    let substeps (base': Interval) : SubstepSeries[] =
        Splitting.substeps splitting terms.Length
        |> List.toArray
        |> Array.map (fun (substep: Substep<Interval>) ->
            let term, γ = terms[substep.Term], substep.Share
            let κ = RidgeTerm.rate term
            let time = product (γ, base')

            // (e^{cκγτ} − 1)/κ: its derivative in τ is cγ·e^{cκγτ}.
            let grown (c: Interval) =
                let z = product (c, product (κ, time))
                let slope = exponential (product (c, product (γ, Transcendental.exp z))) (product (c, product (κ, γ)))

                Array.init (order + 1) (fun k ->
                    if k = 0 then product (c, product (time, FlowFunction.phi1 z)) else quotient (slope[k - 1], ratio k))

            {
                Term = term
                Rate = κ
                Share = γ
                Profile = TermEnclosure(term.Profile, κ, time)
                Growth = exponential (Transcendental.exp (product (κ, time))) (product (κ, γ))
                Doubled = grown two
                Single = grown one
            })

    let atZero, over = substeps zero, substeps (Interval.hull zero h)
    let powers = Array.init order id |> Array.scan (fun power _ -> product (power, h)) one

    /// Σ_{j=first..k} a_j b_{k−j}
    let convolve first (a: Interval[]) (b: Interval[]) k =
        let mutable total = zero

        for j in first..k do
            total <- sum (total, product (a[j], b[k - j]))

        total

    let multiply (a: Interval[]) (b: Interval[]) = Array.init (order + 1) (convolve 0 a b)

    let squareSeries (a: Interval[]) =
        let square = multiply a a
        square[0] <- Interval.square (a[0])
        square

    /// (a/b)_k = (a_k − Σ_{j≥1} b_j (a/b)_{k−j})/b₀
    let divide (a: Interval[]) (b: Interval[]) =
        let c = Array.create (order + 1) zero

        for k in 0..order do
            c[k] <- quotient (difference (a[k], convolve 1 b c k), b[0])

        c

    let root (a: Interval[]) =
        let r = Array.create (order + 1) zero
        r[0] <- Transcendental.sqrt (a[0])

        for k in 1..order do
            let mutable known = a[k]

            for j in 1 .. k - 1 do
                known <- difference (known, product (r[j], r[k - j]))

            r[k] <- quotient (known, product (two, r[0]))

        r

    /// Coefficient k ≥ 1 of a function whose derivative along s is u·s′.
    let drive (s: Interval[]) (u: Interval[]) k =
        let mutable total = zero

        for j in 1..k do
            total <- sum (total, product (ratio j, product (s[j], u[k - j])))

        quotient (total, ratio k)

    /// tanh of a series, coefficient by coefficient, with u = 1 − t².
    let tanhStep (s: Interval[]) (t: Interval[]) (u: Interval[]) k =
        if k = 0 then
            t[0] <- Transcendental.tanh (s[0])
            u[0] <- difference (one, Interval.square (t[0]))
        else
            t[k] <- drive s u k
            u[k] <- Arithmetic.(~-) (convolve 0 t t k)

    let preactivation (term: RidgeTerm<Interval>) (x: Interval[][]) k =
        let mutable s = if k = 0 then term.Bias else zero

        for i in 0 .. d - 1 do
            s <- sum (s, product (term.Weights[i], x[i][k]))

        s

    /// Whether max(0, s) is one linear function on s.
    let isSmooth (profile: Profile) (s: Interval) = profile <> Profile.Relu || s.Lower >= 0.0 || s.Upper <= 0.0

    /// x ← φ^{γτ}(x) for a series x in τ; false where a kink is met.
    let substep (step: SubstepSeries) (x: Interval[][]) : bool =
        let term = step.Term
        let s = Array.init (order + 1) (preactivation term x)
        let from = s[0]
        // ρ = ψ(s(τ), γτ): ρ′ = γH′g(s) + ψ_s·s′, as g(s + κψ) = H′·g(s).
        let advance (grown: Interval[]) (g: Interval[]) (slope: Interval[]) =
            let speed = multiply grown g
            let ρ = Array.create (order + 1) zero
            ρ[0] <- step.Profile.Value from

            for k in 1..order do
                ρ[k] <- sum (quotient (product (step.Share, speed[k - 1]), ratio k), drive s slope k)

            for i in 0 .. d - 1 do
                for k in 0..order do
                    x[i][k] <- sum (x[i][k], product (term.Direction[i], ρ[k]))

        match term.Profile with
        | Profile.Tanh ->
            let t, u = Array.create (order + 1) zero, Array.create (order + 1) zero

            for k in 0..order do
                tanhStep s t u k

            let square = squareSeries t
            let plusOne k a = if k = 0 then sum (one, a) else a
            let D = multiply step.Doubled square |> Array.mapi (fun k a -> plusOne k (product (step.Rate, a)))
            let grown = divide step.Growth (root D)
            let beside = Array.mapi plusOne grown
            let slope = divide (multiply step.Doubled u) (multiply D beside)
            advance grown t slope
            true
        | Profile.Relu when from.Upper <= 0.0 -> true
        | Profile.Relu when from.Lower < 0.0 -> false
        | _ ->
            advance step.Growth s step.Single
            true

    let start (box: Interval[]) = box |> Array.map (fun side -> Array.init (order + 1) (fun k -> if k = 0 then side else zero))

    let split (steps: SubstepSeries[]) (box: Interval[]) : Interval[][] voption =
        let x = start box
        if Array.forall (fun step -> substep step x) steps then ValueSome x else ValueNone

    /// The coefficients of the flow from a box.
    let flow (box: Interval[]) : Interval[][] voption =
        let x = start box
        let s = terms |> Array.map (fun _ -> Array.create (order + 1) zero)
        let t = terms |> Array.map (fun _ -> Array.create (order + 1) zero)
        let u = terms |> Array.map (fun _ -> Array.create (order + 1) zero)
        let mutable smooth = true

        for k in 0 .. order - 1 do
            for i in 0 .. terms.Length - 1 do
                s[i][k] <- preactivation (terms[i]) x k

                let series = s[i]
                let first = series[0]

                match terms[i].Profile with
                | Profile.Tanh -> tanhStep series (t[i]) (u[i]) k
                | Profile.Relu when first.Upper <= 0.0 -> ()
                | profile ->
                    smooth <- smooth && isSmooth profile first
                    t[i][k] <- series[k]

            for c in 0 .. d - 1 do
                let mutable velocity = zero

                for i in 0 .. terms.Length - 1 do
                    velocity <- sum (velocity, product (terms[i].Direction[c], t[i][k]))

                x[c][k + 1] <- quotient (velocity, ratio (k + 1))

        if smooth then ValueSome x else ValueNone

    let velocity (box: Interval[]) = terms |> Array.map (fun term -> RidgeTerm.apply term box) |> Vector.sum

    /// A box that contains the flow from the given one for all times in [0, h]: X + [0, h]·v(B) ⊆ B.
    let tube (box: Interval[]) : Interval[] voption =
        let time = Interval.hull zero h

        let rec search attempt (candidate: Interval[]) =
            let image = Array.map2 (fun x v -> sum (x, product (time, v))) box (velocity candidate)

            if Array.forall2 Interval.subset image candidate then
                ValueSome image
            elif attempt = 0 then
                ValueNone
            else
                let widened = Array.map2 (fun a b -> let c = Interval.hull a b in Box.widen (0.1 * Interval.width c) c) image candidate
                search (attempt - 1) widened

        search 8 box

    /// An enclosure of S_h(x) − Φ_h(x) for all x of the box, or none where a kink is met: the coefficients of τ^k, k ≤ p, of both series
    /// agree, those from p + 1 on are subtracted, and the last one is taken over [0, h].
    member _.Enclose(box: Interval[]) : Interval[] voption =
        let p = Splitting.order splitting

        match tube box with
        | ValueNone -> ValueNone
        | ValueSome tube ->
            match split over box, flow tube with
            | ValueSome s, ValueSome φ ->
                let last i = product (powers[order], difference (s[i][order], φ[i][order]))
                let error = Array.init d last

                if order > p + 1 then
                    match split atZero box, flow box with
                    | ValueSome s, ValueSome φ ->
                        for i in 0 .. d - 1 do
                            for k in p + 1 .. order - 1 do
                                error[i] <- sum (error[i], product (powers[k], difference (s[i][k], φ[i][k])))

                        ValueSome error
                    | _ -> ValueNone
                else
                    ValueSome error
            | _ -> ValueNone
