namespace LayerTime.Core.Constructions

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra

/// What one step of a splitting does wrong over a box: S_h(x) − Φ_h(x).
[<NoComparison; NoEquality>]
type StepError = {
    /// Encloses it where the step from x meets no kink.
    Smooth: Interval[]
    /// Where it meets the kink of term i, a multiple of a_i within Kinks[i] comes on top; 0 for terms whose kink is not met.
    Kinks: Interval[]
}

/// How the exact flow crosses the kink of a term: s′ = p + κ·max(0, s) with a push p by the other terms.
[<Struct; NoComparison; NoEquality>]
type KinkCrossing = {
    /// p on all of the way.
    Push: Interval
    /// κ·h
    Growth: Interval
    /// Where s/h is at the start of a step that may meet the kink; 0 is among it.
    Window: Interval
}

/// <summary>The local error of a splitting where a kink may be met and Taylor's theorem does not apply.</summary>
/// <remarks>
/// Both S_h(x) and Φ_h(x) are x + Σ a_i·∮g_i(s_i)dσ, σ the time for which term i has acted, its clock: for Φ all clocks run together, for S one
/// after the other. The difference of the s_i at equal times is δ_i = Σ_{j≠i} w_i·a_j·∫_σ^{c_j} g_j + Σ_j w_i·a_j·∮g_j′δ_j, c_j the clock of
/// j meanwhile, and S_h(x) − Φ_h(x) = Σ a_i·∮g_i′δ_i. So the integrals of (c_j − σ)⁺ and (c_j − σ)⁻ over the steps, h²/8 for Strang, bound the error
/// where g_i′ jumps between 0 and 1; where it does not, only the integral of c_j − σ counts, 0 for Strang, and what varies during the step.
/// </remarks>
[<Sealed>]
type ClockBound(splitting: Splitting, terms: RidgeTerm<Interval>[], h: Interval) =
    let substeps: Substep<Interval>[] = Splitting.substeps splitting terms.Length |> List.toArray
    let number (x: float) : Interval = Interval.ofFloat x
    let sum (a: Interval, b: Interval) : Interval = Arithmetic.(+) a b
    let difference (a: Interval, b: Interval) : Interval = Arithmetic.(-) a b
    let product (a: Interval, b: Interval) : Interval = Arithmetic.(*) a b
    let minus (a: Interval) : Interval = Arithmetic.(~-) a
    let zero, one, half = number 0.0, number 1.0, number 0.5
    let count = terms.Length
    // The upper end as a bound of a size.
    let upper (a: Interval) : Interval = number (Math.Min(a.Upper, Double.MaxValue))
    let symmetric (bound: Interval) : Interval = Interval.hull (minus bound) bound
    let total (f: int -> Interval) : Interval = Seq.fold (fun t j -> sum (t, f j)) zero (seq { 0 .. count - 1 })
    let others i (f: int -> Interval) : Interval = total (fun j -> if j = i then zero else f j)
    // w_i·a_j
    let along = terms |> Array.map (fun i -> terms |> Array.map (fun j -> Vector.dot i.Weights j.Direction))
    let size i j = Interval.abs (along[i][j])

    /// The clocks at the start of each substep.
    let clocks =
        substeps
        |> Array.scan
            (fun (clocks: Interval[]) substep -> Array.updateAt substep.Term (sum (clocks[substep.Term], substep.Share)) clocks)
            (Array.create count zero)

    /// Σ|γ| of each term, and the largest |clock|.
    let run =
        Array.init count (fun i ->
            substeps |> Array.fold (fun t s -> if s.Term = i then sum (t, Interval.abs s.Share) else t) zero |> upper)

    let farthest = clocks |> Seq.concat |> Seq.map Interval.magnitude |> Seq.max |> number
    let isForward = substeps |> Array.forall (fun substep -> substep.Share.Lower > 0.0)
    let squarePositive (a: Interval) : Interval = product (half, Interval.square (Interval.max zero a))

    /// ∮(c_j − σ), and upper bounds of ∮(c_j − σ)⁺ and ∮(c_j − σ)⁻, for i and h = 1; |dσ| in the latter.
    let kernels =
        Array.init count (fun i ->
            Array.init count (fun j ->
                let mutable mean, ahead, behind = zero, zero, zero

                for k in 0 .. substeps.Length - 1 do
                    if substeps[k].Term = i then
                        let p, c = clocks[k][i], clocks[k][j]
                        let q = sum (p, substeps[k].Share)
                        let before = difference (squarePositive (difference (c, p)), squarePositive (difference (c, q)))
                        let after = difference (squarePositive (difference (q, c)), squarePositive (difference (p, c)))
                        let isBackward = substeps[k].Share.Upper < 0.0
                        mean <- sum (mean, difference (before, after))
                        ahead <- sum (ahead, (if isBackward then minus after else before))
                        behind <- sum (behind, (if isBackward then minus before else after))

                struct (mean, upper ahead, upper behind)))

    let square = Interval.square h

    /// g, |g′| and |g″| over the values of s in a box.
    let sizes (box: Interval[]) =
        terms
        |> Array.map (fun term ->
            let s = RidgeTerm.preactivation term box
            let g = RidgeTerm.profile term s

            match term.Profile with
            | Profile.Tanh ->
                let slope = upper (FlowFunction.sech2 s)
                let bend = product (number 2.0, product (slope, number (Interval.magnitude g)))
                // max|tanh″| = 4/(3√3) < 0.77
                struct (g, slope, Interval.min (upper bend) (number 0.77))
            | Profile.Relu when s.Upper <= 0.0 -> struct (zero, zero, zero)
            | _ -> struct (g, one, zero))

    /// A box that holds everything the substeps and the flow pass through: X + Σ [0, γ_k h]·a·g(s(B)) ⊆ B.
    let tube (box: Interval[]) : Interval[] voption =
        let reach (candidate: Interval[]) =
            let add (x: Interval[]) (substep: Substep<Interval>) =
                let time = Interval.hull zero (product (substep.Share, h))
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
                search (attempt - 1) (hull |> Array.map (fun side -> LayerTime.Core.Rigour.Box.widen (0.1 * Interval.width side) side))

        search 12 box

    /// L ≥ q + A·L, so that L bounds every solution of L ≤ q + A·L; none where hA is too large for a search.
    let solve (q: Interval[]) (image: Interval[] -> Interval[]) : Interval[] voption =
        let next l = Array.map2 (fun q a -> upper (sum (q, a))) q (image l)

        let rec search attempt (l: Interval[]) =
            let l = l |> Array.map (fun x -> upper (sum (product (x, number 1.1), number 1e-300)))
            let image = next l

            if Array.forall2 (fun (a: Interval) (b: Interval) -> a.Upper < b.Upper) image l then ValueSome image
            elif attempt = 0 then ValueNone
            else search (attempt - 1) image

        search 30 q

    let unbounded = {
        Smooth = Array.create terms[0].Direction.Length (Interval.ofBounds -Double.MaxValue Double.MaxValue)
        Kinks = Array.create count zero
    }

    /// The error over all x of a box.
    member _.Enclose(box: Interval[]) : StepError =
        match tube box with
        | ValueNone -> unbounded
        | ValueSome tube ->
            let sizes = sizes tube
            let value i = let struct (g, _, _) = sizes[i] in g
            let most i = number (Math.Min(Interval.magnitude (value i), Double.MaxValue))
            let slope i = let struct (_, g, _) = sizes[i] in g
            let bend i = let struct (_, _, g) = sizes[i] in g
            // |ds_i| per unit of time along a path of all terms
            let rate = Array.init count (fun i -> total (fun k -> product (size i k, product (run[k], most k))))

            let spread i j =
                let struct (_, ahead, behind) = kernels[i][j]
                product (square, sum (ahead, behind))

            // ∮|δ_i|
            let direct = Array.init count (fun i -> others i (fun j -> product (size i j, product (most j, spread i j))))
            let fed (l: Interval[]) i = product (product (run[i], h), total (fun j -> product (size i j, product (slope j, l[j]))))

            match solve direct (fun l -> Array.init count (fed l)) with
            | ValueNone -> unbounded
            | ValueSome l ->
                let further = Array.init count (fed l)

                let smooth i =
                    let mean j =
                        let struct (mean, _, _) = kernels[i][j]
                        product (product (along[i][j], value j), product (square, mean))

                    let leading = product (slope i, others i mean)
                    // g_j along the flow beside its value at x
                    let drift j =
                        let change = product (product (slope j, farthest), total (fun k -> product (size j k, most k)))
                        product (size i j, product (product (h, change), spread i j))

                    let varying = product (slope i, sum (others i drift, further[i]))
                    let bending = product (bend i, product (product (h, rate[i]), l[i]))
                    sum (Interval.hull zero leading, symmetric (upper (sum (varying, bending))))

                let kink i =
                    let s = RidgeTerm.preactivation terms[i] tube

                    if terms[i].Profile = Profile.Relu && s.Lower < 0.0 && s.Upper > 0.0 then
                        // While c_j is ahead, g_j may be another one than while it is behind.
                        let part j =
                            let struct (_, ahead, behind) = kernels[i][j]
                            let push = product (product (along[i][j], value j), square)
                            sum (product (push, Interval.hull zero ahead), product (push, Interval.hull (minus behind) zero))

                        sum (others i part, symmetric (upper (further[i])))
                    else
                        zero

                let parts = Array.init count smooth

                {
                    Smooth = Array.init terms[0].Direction.Length (fun c -> total (fun i -> product (terms[i].Direction[c], parts[i])))
                    Kinks = Array.init count kink
                }

    /// How trajectories from a box cross the kink of each term during a step, if time only goes forward. Clock i adds nothing to s below 0 and
    /// multiplies what is above by e^{κh} at most or at least, the other clocks add Σ_{j≠i} w_i·a_j·∮g_j: to come to 0 in between, s has to
    /// start within −h·e^{|κ|h}·Σ_{j≠i}[0, 1]·w_i·a_j·g_j.
    member _.Crossings(box: Interval[]) : KinkCrossing[] voption =
        match (if isForward then tube box else ValueNone) with
        | ValueNone -> ValueNone
        | ValueSome tube ->
            let values = sizes tube |> Array.map (fun (struct (g, _, _)) -> g)
            let unit = Interval.ofBounds 0.0 1.0

            Array.init count (fun i ->
                let push j = product (along[i][j], values[j])
                let growth = product (along[i][i], h)
                let most = number (Transcendental.exp (Interval.abs growth)).Upper
                { Push = others i push; Growth = growth; Window = minus (product (most, others i (fun j -> product (unit, push j)))) })
            |> ValueSome

/// <summary>What the kinks met on the way of a cell add up to at its end.</summary>
/// <remarks>
/// Let all windows of steps that follow one another lie in W = [−A, B], A, B ≥ 0, and all pushes p in P. At 0 ≤ s ≤ hB the speed s′ =
/// p + κ·max(0, s) is in P + κh·[0, B], below 0 it is in P; let both be ≥ σ &gt; 0. Then s cannot fall through hB: once above hW it stays
/// there. Up to then it rises by hσ at least in every step. So between the first and the last step that a trajectory starts in hW there are no
/// more than (A + B)/σ steps, however many the cell takes to pass, and it meets the kink in ⌊(A + B)/σ⌋ + 1 of them at most. For speeds
/// ≤ −σ, s falls instead: below −hA nothing brings it back, and above hB it has not met the kink yet.
/// </remarks>
[<Sealed>]
type internal KinkRun(d: int) =
    let pushes = ResizeArray<Interval[]>()
    let mutable known = true
    let mutable push, window, growth = Interval.empty, Interval.empty, Interval.empty

    /// One more step: what it would add, and how the kink is crossed if that is known.
    member _.Add(added: Interval[], crossing: KinkCrossing voption) =
        pushes.Add added

        match crossing with
        | ValueSome crossing ->
            push <- Interval.hull push crossing.Push
            window <- Interval.hull window crossing.Window
            growth <- Interval.hull growth crossing.Growth
        | _ -> known <- false

    /// The most steps in which one trajectory can meet the kink.
    member private _.Most: int =
        if not known then
            pushes.Count
        else
            let above = Interval.ofBounds 0.0 (Math.Max(0.0, window.Upper))
            let speed: Interval = Arithmetic.(+) push (Arithmetic.(*) growth above)
            let σ = if speed.Lower > 0.0 then speed.Lower else Math.Max(0.0, -speed.Upper)
            // Infinite or no number where σ is 0.
            let steps = Math.Floor(Directed.divideUp (Interval.width window) σ) + 1.0
            if steps < float pushes.Count then int steps else pushes.Count

    /// The sum over the steps in which a trajectory can meet the kink, whichever they are.
    member this.Total() : Interval[] =
        let most = this.Most

        let extreme (size: Interval -> float) r =
            pushes
            |> Seq.map (fun push -> Math.Max(0.0, size (Array.get push r)))
            |> Seq.sortDescending
            |> Seq.truncate most
            |> Seq.fold (fun sum x -> Directed.addUp sum x) 0.0

        Array.init d (fun r -> Interval.ofBounds -(extreme (fun push -> -push.Lower) r) (extreme _.Upper r))
