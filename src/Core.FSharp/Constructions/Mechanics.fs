namespace LayerTime.Core.Constructions

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.Semantics

/// A quantity along a trajectory with what it must be: its value at the start and the integral of its rate.
type ConservedSeries = {
    /// The quantity at each time.
    Values: float[]
    /// What its law says has flowed in since the start: zero for a conserved quantity.
    Inflow: float[]
    /// max |value − first value|
    Drift: float
    /// max |value − first value − inflow|, which is zero on an exact solution.
    Residual: float
    /// What discretisation and rounding may make of the residual: the change of the residual when the step is halved, which is
    /// 2ᵖ − 1 times the error estimate of a method of order p, and a bound of the rounding errors.
    Bound: float
} with

    /// Whether the drift is within the bound: the quantity is conserved as far as the computation can tell.
    member series.IsConserved = series.Drift <= series.Bound
    /// Whether the residual is within the bound: the quantity obeys its law.
    member series.ObeysLaw = series.Residual <= series.Bound

/// A stretch of time on which a field is smooth; it starts where the one before ends.
[<NoComparison; NoEquality>]
type SmoothStretch = {
    /// F(t, x) on it.
    Field: IVectorField<AnalyticDual<Binary64>>
    /// Where it ends.
    Until: float
}

/// What H changes by where the field jumps: a·(F⁺ − F⁻), as x and a do not.
type HamiltonianJump = {
    /// When.
    Time: float
    /// By how much.
    Change: float
}

/// The quantities on one stretch on which the field is smooth.
type StretchMechanics = {
    /// Where it starts.
    From: float
    /// Where it ends.
    Until: float
    /// H = a·F
    Hamiltonian: ConservedSeries
    /// a·δx
    Pairing: ConservedSeries
    /// a·v(x)
    Charge: ConservedSeries option
}

/// The mechanics of x′ = F(t, x) with the momentum a = ∂L/∂x(t) along one trajectory.
[<NoComparison>]
type MechanicsReport = {
    /// The times of the series, from 0 to T; a time at which the field jumps stands there twice, for what is before and after it.
    Times: float[]
    /// x(t)
    States: float[][]
    /// a(t)
    Momenta: float[][]
    /// H = a·F, with the rate a·∂_tF and the jumps of the field.
    Hamiltonian: ConservedSeries
    /// a·δx, with the rate 0; exact for the discretisation, so that rounding alone moves it.
    Pairing: ConservedSeries
    /// a·v(x) for the generator v, with the rate a·(v′F − F′v): zero if v generates a symmetry of F.
    Charge: ConservedSeries option
    /// What H jumps by between two stretches.
    Jumps: HamiltonianJump[]
    /// The same quantities stretch by stretch, on each of which the laws are those of a smooth field.
    Stretches: StretchMechanics[]
}

/// A monitor of conserved quantities: the classical method of order 4 and its exact discrete adjoint.
[<RequireQualifiedAccess>]
module Mechanics =
    let private tableau = Tableau.map Rational.toFloat Tableaus.rungeKutta4

    let private dot (a: float[]) (b: float[]) : float = Array.fold2 (fun sum x y -> sum + x * y) 0.0 a b
    let private apply (rows: float[][]) (x: float[]) : float[] = rows |> Array.map (fun row -> dot row x)

    let private applyTransposed (rows: float[][]) (a: float[]) : float[] =
        Array.init a.Length (fun j -> Array.fold2 (fun sum (row: float[]) a -> sum + row[j] * a) 0.0 rows a)

    // x + h Σ c_j v_j over the vectors there are coefficients for
    let private combine (x: float[]) (h: float) (coefficients: float[]) (vectors: float[][]) : float[] =
        Array.mapi (fun i x -> x + h * Seq.sum (Seq.init coefficients.Length (fun j -> coefficients[j] * vectors[j][i]))) x

    /// F and its derivative in the direction (τ, v) of time and state.
    let private along (field: IVectorField<AnalyticDual<Binary64>>) (time: float) (τ: float) (x: float[]) (v: float[]) : float[] * float[] =
        let dual (value: float) (derivative: float) = AnalyticDual<Binary64>(Dual(Binary64 value, Binary64 derivative))
        let slope = Array.create x.Length (dual 0.0 0.0)
        field.Evaluate(dual time τ, ReadOnlySpan(Array.map2 dual x v), Span slope)
        slope |> Array.map (fun s -> s.Inner.Value.Value), slope |> Array.map (fun s -> s.Inner.Derivative.Value)

    let private unit (n: int) (i: int) : float[] = Array.init n (fun j -> if i = j then 1.0 else 0.0)

    /// F(t, x) and the rows of F′(t, x).
    let private linearise field (time: float) (x: float[]) : float[] * float[][] =
        let columns = Array.init x.Length (fun i -> along field time 0.0 x (unit x.Length i))
        fst columns[0], Array.init x.Length (fun i -> columns |> Array.map (fun (_, column) -> column[i]))

    /// The slopes k_i of a step and the Jacobians at its stages.
    let private stages field (time: float) (h: float) (x: float[]) : float[][] * float[][][] =
        let next (slopes: float[][], jacobians: float[][][]) i =
            let slope, jacobian = combine x h tableau.Stages[i] slopes |> linearise field (time + tableau.Nodes[i] * h)
            Array.append slopes [| slope |], Array.append jacobians [| jacobian |]

        Array.fold next ([||], [||]) [| 0 .. tableau.Weights.Length - 1 |]

    /// The derivative of a step applied to v: v_i = J_i(v + h Σ a_ij v_j), v⁺ = v + h Σ b_i v_i.
    let private push (h: float) (jacobians: float[][][]) (v: float[]) : float[] =
        let next (images: float[][]) i = Array.append images [| apply jacobians[i] (combine v h tableau.Stages[i] images) |]
        Array.fold next [||] [| 0 .. jacobians.Length - 1 |] |> combine v h tableau.Weights

    /// Its transpose applied to a⁺: ξ_i = J_iᵀ(b_i a⁺ + h Σ_{j>i} a_ji ξ_j), a = a⁺ + h Σ ξ_i.
    let private pull (h: float) (jacobians: float[][][]) (a: float[]) : float[] =
        let s = jacobians.Length
        let ξ = Array.create s [||]

        for i in s - 1 .. -1 .. 0 do
            let later = [| i + 1 .. s - 1 |]

            let inner =
                combine (Array.map (fun a -> tableau.Weights[i] * a) a) h (later |> Array.map (fun j -> tableau.Stages[j][i])) ξ[i + 1 ..]

            ξ[i] <- applyTransposed jacobians[i] inner

        combine a h (Array.create s 1.0) ξ

    /// ∫₀^{t_l} r for all l from values at equal steps, of order 4: each step by the cubic through its four nearest values.
    let private integrals (h: float) (rate: float[]) : float[] =
        let last = rate.Length - 1

        let step l =
            if l = 0 then 9.0 * rate[0] + 19.0 * rate[1] - 5.0 * rate[2] + rate[3]
            elif l = last - 1 then 9.0 * rate[last] + 19.0 * rate[last - 1] - 5.0 * rate[last - 2] + rate[last - 3]
            else 13.0 * (rate[l] + rate[l + 1]) - rate[l - 1] - rate[l + 2]

        Array.scan (fun sum l -> sum + h / 24.0 * step l) 0.0 [| 0 .. last - 1 |]

    /// Values and inflow of a quantity, and what rounding may have moved of it.
    [<NoComparison>]
    type private Series = { Value: float[]; Flow: float[]; Rounding: float }

    /// States and tangents of a run with N steps over a stretch.
    [<NoComparison; NoEquality>]
    type private Leg = {
        Smooth: IVectorField<AnalyticDual<Binary64>>
        Step: float
        Moments: float[]
        Points: float[][]
        Tangents: float[][]
    } with

        member leg.Jacobians(l: int) = snd (stages leg.Smooth leg.Moments[l] leg.Step leg.Points[l])

    let private forward field (from: float) (until: float) (n: int) (start: float[]) (tangent: float[]) : Leg =
        let h = (until - from) / float n
        let time l = from + float l * h
        let layers = [| 0 .. n - 1 |]
        let advance x l = combine x h tableau.Weights (fst (stages field (time l) h x))
        let x = Array.scan advance start layers
        let push v l = push h (snd (stages field (time l) h x[l])) v

        { Smooth = field; Step = h; Moments = Array.init (n + 1) time; Points = x; Tangents = Array.scan push tangent layers }

    let private backward (leg: Leg) (momentum: float[]) : float[][] =
        Array.scanBack (fun l a -> pull leg.Step (leg.Jacobians l) a) [| 0 .. leg.Points.Length - 2 |] momentum

    /// The three quantities along a leg with its momenta.
    let private quantities generator (leg: Leg) (a: float[][]) : Series * Series * Series option =
        let field, h, times, x, δx = leg.Smooth, leg.Step, leg.Moments, leg.Points, leg.Tangents
        let n = x.Length - 1

        // A step takes less than 16(n + 4) operations on each number, so it commits less than this share of |a_{l+1}|·(|step|·|v_l|), in
        // either direction.
        let share = 2.0 * 16.0 * float (x[0].Length + 4) * Math.ScaleB(1.0, -53)

        let rounding (v: float[][]) =
            let committed l =
                let sizes = leg.Jacobians l |> Array.map (Array.map (Array.map abs))
                share * dot (Array.map abs a[l + 1]) (push h sizes (Array.map abs v[l]))

            Array.sumBy committed [| 0 .. n - 1 |]

        let slopes = Array.map2 (fun t x -> along field t 1.0 x (Array.zeroCreate x.Length)) times x
        let rate f = integrals h (Array.init (n + 1) f)

        let energy = {
            Value = Array.map2 (fun a (f, _) -> dot a f) a slopes
            Flow = rate (fun l -> dot a[l] (snd slopes[l]))
            Rounding = rounding (Array.map fst slopes)
        }

        let pairing = { Value = Array.map2 dot a δx; Flow = Array.zeroCreate (n + 1); Rounding = rounding δx }

        let charge =
            generator
            |> Option.map (fun v ->
                let moved = Array.init (n + 1) (fun l -> along v times[l] 1.0 x[l] (fst slopes[l]))
                let dragged l = snd (along field times[l] 0.0 x[l] (fst moved[l]))

                {
                    Value = Array.map2 (fun a (v, _) -> dot a v) a moved
                    Flow = rate (fun l -> dot a[l] (snd moved[l]) - dot a[l] (dragged l))
                    Rounding = rounding (Array.map fst moved)
                })

        energy, pairing, charge

    /// One run over all stretches with so many steps on each: legs, momenta and quantities.
    let private run generator (stretches: SmoothStretch list) (counts: int list) (momentum: float[] -> float[]) start tangent =
        let leg (from, x, v) (stretch: SmoothStretch, n) =
            let leg = forward stretch.Field from stretch.Until n x v
            leg, (stretch.Until, Array.last leg.Points, Array.last leg.Tangents)

        let legs, (_, final, _) = List.mapFold leg (0.0, start, tangent) (List.zip stretches counts)
        let momenta, _ = List.mapFoldBack (fun leg a -> let momenta = backward leg a in momenta, momenta[0]) legs (momentum final)
        legs, momenta, List.map2 (quantities generator) legs momenta

    /// The series of all stretches as one: what a quantity jumps by between two of them flows in there.
    let private join (stretches: Series list) : Series =
        let flow (before: (float * float) voption) (series: Series) =
            let offset =
                match before with
                | ValueSome(flow, value) -> flow + (series.Value[0] - value)
                | ValueNone -> 0.0

            let flow = series.Flow |> Array.map (fun f -> offset + f)
            flow, ValueSome(Array.last flow, Array.last series.Value)

        {
            Value = stretches |> List.map _.Value |> Array.concat
            Flow = List.mapFold flow ValueNone stretches |> fst |> Array.concat
            Rounding = List.sumBy _.Rounding stretches
        }

    let private residual (series: Series) : float[] = Array.map2 (fun value flow -> value - series.Value[0] - flow) series.Value series.Flow

    let private everySecond (values: 'T[]) : 'T[] = Array.init (values.Length / 2 + 1) (fun l -> values[2 * l])

    let private largest (values: float[]) : float = values |> Array.fold (fun m v -> Math.Max(m, abs v)) 0.0

    /// The finer of two runs at the times of the coarser, with the bound that both together give.
    let private compare (coarse: Series) (fine: Series) : ConservedSeries =
        let rest = residual fine

        {
            Values = fine.Value
            Inflow = fine.Flow
            Drift = largest (Array.map (fun v -> v - fine.Value[0]) fine.Value)
            Residual = largest rest
            Bound = largest (Array.map2 (-) (residual coarse) rest) + coarse.Rounding + fine.Rounding
        }

    /// The discrete pairing is constant at either step, so halving it teaches nothing: rounding alone bounds it.
    let private comparePairing (coarse: Series) (fine: Series) : ConservedSeries = { compare coarse fine with Bound = fine.Rounding }

    let private halved (fine: Series) : Series = { fine with Value = everySecond fine.Value; Flow = everySecond fine.Flow }

    /// The field v(x) = Mx + c as a generator.
    let affineGenerator (linear: float[][]) (constant: float[]) : IVectorField<AnalyticDual<Binary64>> =
        let number (a: float) = AnalyticDual.constant (Binary64 a)
        let m, c = Array.map (Array.map number) linear, Array.map number constant

        VectorField.ofFunction constant.Length (fun _ x ->
            Array.map2 (fun row c -> Array.fold2 (fun s m x -> Arithmetic.(+) s (Arithmetic.(*) m x)) c row x) m c)

    /// H, the pairing with a tangent, and the charge of a generator along the trajectory from x(0) over all stretches, for the momentum
    /// a(T) = ∇L(x(T)), at about `steps` + 1 times (computed with twice as many steps), which share the stretches by their lengths.
    let monitorStretches
        (stretches: SmoothStretch list)
        (generator: IVectorField<AnalyticDual<Binary64>> option)
        (momentum: float[] -> float[])
        (start: float[])
        (tangent: float[])
        (steps: int)
        : Result<MechanicsReport, Defect list> =
        let dimension = stretches.Head.Field.Dimension

        let vector (name: string) (x: float[]) = [
            yield! Defect.unless (x.Length = dimension) name $"{x.Length} numbers" $"{dimension}, the components of x"
            yield! Defect.unless (Array.forall Double.IsFinite x) name "a number that is not finite" "finite numbers"
        ]

        let ends = stretches |> List.map _.Until
        let horizon = List.last ends

        let defects = [
            yield! vector "x(0)" start
            yield! vector "δx(0)" tangent

            match generator with
            | Some v -> yield! Defect.unless (v.Dimension = dimension) "generator" $"{v.Dimension} components" $"{dimension}"
            | None -> ()

            yield! Defect.unless (Double.IsFinite horizon && horizon > 0.0) "T" (string horizon) "a positive number"
            yield! Defect.unless (steps >= 3) "steps" (string steps) "at least 3"
        ]

        if not defects.IsEmpty then
            Error defects
        else
            // The cubic through four values that integrates the rates needs three steps.
            let share (from, until) = Math.Max(3, int (Math.Ceiling(float steps * ((until - from) / horizon) - 1e-9)))
            let counts = List.pairwise (0.0 :: ends) |> List.map share
            let coarse, _, few = run generator stretches counts momentum start tangent
            let legs, momenta, many = run generator stretches (counts |> List.map (fun n -> 2 * n)) momentum start tangent

            let broken (leg: Leg) =
                leg.Points
                |> Array.tryFindIndex (Array.forall Double.IsFinite >> not)
                |> Option.map (fun l -> leg.Moments[max 0 (l - 1)])

            match List.tryPick broken legs with
            | Some reached -> Error [ Defect.create "x(t)" $"no finite number after t = {reached}" "a solution on the whole of [0, T]" ]
            | None ->
                let many = many |> List.map (fun (h, p, q) -> halved h, halved p, Option.map halved q)
                let all choose = List.map choose few, List.map choose many
                let joined compare choose = let few, many = all choose in compare (join few) (join many)
                let hamiltonian (h, _, _) = h
                let pairing (_, p, _) = p
                let charge (_, _, q) = q

                let stretch (coarse: Leg) (h, p, q) (h', p', q') : StretchMechanics = {
                    From = coarse.Moments[0]
                    Until = Array.last coarse.Moments
                    Hamiltonian = compare h h'
                    Pairing = comparePairing p p'
                    Charge = Option.map2 compare q q'
                }

                let jump ((_, before: Series), (time, after: Series)) = { Time = time; Change = after.Value[0] - Array.last before.Value }

                Ok {
                    Times = coarse |> List.map _.Moments |> Array.concat
                    States = legs |> List.map (_.Points >> everySecond) |> Array.concat
                    Momenta = momenta |> List.map everySecond |> Array.concat
                    Hamiltonian = joined compare hamiltonian
                    Pairing = joined comparePairing pairing
                    Charge = generator |> Option.map (fun _ -> joined compare (charge >> Option.get))
                    Jumps =
                        List.zip (coarse |> List.map (fun leg -> leg.Moments[0])) (List.map hamiltonian many)
                        |> List.pairwise
                        |> List.map jump
                        |> List.toArray
                    Stretches = List.map3 stretch coarse few many |> List.toArray
                }

    /// The same over [0, T] for a field that is smooth in time.
    let monitor
        (field: IVectorField<AnalyticDual<Binary64>>)
        (generator: IVectorField<AnalyticDual<Binary64>> option)
        (momentum: float[] -> float[])
        (start: float[])
        (tangent: float[])
        (horizon: float)
        (steps: int)
        : Result<MechanicsReport, Defect list> =
        monitorStretches [ ({ Field = field; Until = horizon }: SmoothStretch) ] generator momentum start tangent steps
