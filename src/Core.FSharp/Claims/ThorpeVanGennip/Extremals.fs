namespace LayerTime.Core.Claims.ThorpeVanGennip

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Rigour
open LayerTime.Core.DeepLimit

/// A problem of one neuron per layer with W = 1, c = 0, squared loss and w_s = 1.
[<NoComparison>]
type internal NeuronProblem = {
    /// σ, None for the identity.
    Sigma: TranscendentalName option
    /// x_s, y_s
    Data: (Rational * Rational)[]
    /// α of the regularisers.
    Alpha: Rational
    /// τ of the regularisers.
    Tau: Rational
    /// Whether b is free as well; else it is 0.
    HasBias: bool
}

/// A trajectory of the discrete Hamiltonian system: weights, and by how much it misses the end conditions.
[<NoComparison>]
type internal Extremal<'T> = { K: 'T[]; B: 'T[]; Defects: 'T[] }

/// The solution of the Euler–Lagrange equations with its integrals.
[<NoComparison>]
type internal LimitExtremal = {
    /// K and b at j/N, j = 0 … N.
    K: float[]
    B: float[]
    /// X_s(1)
    Final: float[]
    /// P_s(0)
    Momenta: float[]
    /// E_∞
    Energy: float
    /// c_1 = −½Σ∫P_s·X_s″
    FirstOrder: float
}

/// How far a solution may be off: K and b, E_∞, c_1.
type internal LimitDoubt = { Nodes: float; Energy: float; FirstOrder: float }

/// The equations of stationary points, over any numbers. A stationary point of E_n is a trajectory of the symplectic Euler scheme
/// X_{i+1} = X_i + σ(z_i)/n, P_i = P_{i+1} + K_iσ′(z_i)P_{i+1}/n, K_{i+1} = K_i + D_{i+1}/n, D_{i+1} = D_i + Σ_sσ′(z_i)P_{i+1}X_i/(2αn) with D_0 = τK_0, D_n = 0 and P_n = 2(X_n − y), so a few unknowns at i = 0 determine it.
[<RequireQualifiedAccess>]
module internal ExtremalEquations =
    open Arithmetic

    /// σ over any numbers.
    let activation (problem: NeuronProblem) : Activation<'T> when 'T :> ITranscendental<'T> =
        match problem.Sigma with
        | Some name -> Activation.transcendental name
        | None -> Activation.Identity

    let number (a: Rational) : 'T :> IRing<'T> = 'T.OfRatio(a.Numerator, a.Denominator)

    let private sum (terms: 'T[]) : 'T :> IRing<'T> = Array.fold (+) 'T.Zero terms

    /// K_0, b_0 (0 if it is frozen) and P_s at the start, out of the unknowns.
    let split (problem: NeuronProblem) (unknowns: 'T[]) : 'T * 'T * 'T[] when 'T :> IRing<'T> =
        if problem.HasBias then unknowns[0], unknowns[1], Array.skip 2 unknowns else unknowns[0], 'T.Zero, Array.skip 1 unknowns

    let private defects (problem: NeuronProblem) (dk: 'T) (db: 'T) (x: 'T[]) (p: 'T[]) : 'T[] when 'T :> IRing<'T> =
        let two = Ring.ratio 2 1
        let ends = Array.map3 (fun p x (_, y) -> p - two * (x - number y)) p x problem.Data
        Array.append (if problem.HasBias then [| dk; db |] else [| dk |]) ends

    /// n layers from the unknowns K_0, b_0 (if free), P_{s,0}.
    let discrete (problem: NeuronProblem) (n: int) (unknowns: 'T[]) : Extremal<'T> when 'T :> ITranscendental<'T> =
        let σ: Activation<'T> = activation problem
        let h: 'T = Ring.ratio 1 n
        let τ: 'T = number problem.Tau
        let pull: 'T = number (Rational.One / (Rational.ofInt 2 * problem.Alpha)) * h
        let k0, b0, p0 = split problem unknowns
        let ks, bs = ResizeArray(), ResizeArray()
        let mutable k, b = k0, b0
        let mutable dk, db = τ * k0, τ * b0
        let mutable x, p = problem.Data |> Array.map (fst >> number), p0

        for _ in 1..n do
            let z = x |> Array.map (fun x -> k * x + b)
            let slopes = z |> Array.map (Activation.derivative σ)
            let next = Array.map2 (fun p s -> p / ('T.One + h * k * s)) p slopes
            let pulls = Array.map2 (*) slopes next
            ks.Add k
            bs.Add b
            dk <- dk + pull * sum (Array.map2 (*) pulls x)
            x <- Array.map2 (fun x z -> x + h * Activation.value σ z) x z
            p <- next
            k <- k + h * dk

            if problem.HasBias then
                db <- db + pull * sum pulls
                b <- b + h * db

        { K = ks.ToArray(); B = bs.ToArray(); Defects = defects problem dk db x p }

    /// d/dt of K, D_K, b, D_b, X_s, P_s, ∫D_K² + D_b², c_1.
    let private field (problem: NeuronProblem) (y: 'T[]) : 'T[] when 'T :> ITranscendental<'T> =
        let σ: Activation<'T> = activation problem
        let pull: 'T = number (Rational.One / (Rational.ofInt 2 * problem.Alpha))
        let size = problem.Data.Length
        let k, dk, b, db = y[0], y[1], y[2], y[3]
        let x, p = y |> Array.skip 4 |> Array.splitAt size
        let p = Array.truncate size p
        let z = x |> Array.map (fun x -> k * x + b)
        let velocity = z |> Array.map (Activation.value σ)
        let pulls = Array.map2 (fun z p -> Activation.derivative σ z * p) z p
        let acceleration = Array.map2 (fun x v -> dk * x + k * v + db) x velocity
        let force = pull * sum (Array.map2 (*) pulls x)
        let forceB = if problem.HasBias then pull * sum pulls else 'T.Zero
        let first: 'T = Ring.ratio -1 2 * sum (Array.map2 (*) pulls acceleration)

        Array.concat [ [| dk; force; db; forceB |]; velocity; pulls |> Array.map (fun a -> -k * a); [| dk * dk + db * db; first |] ]

    /// One step of the classical method of order 4.
    let private step (problem: NeuronProblem) (h: 'T) (y: 'T[]) : 'T[] when 'T :> ITranscendental<'T> =
        let f = field problem
        let half: 'T = Ring.ratio 1 2
        let along c slope = Array.map2 (fun y s -> y + c * s) y slope
        let k1 = f y
        let k2 = f (along (half * h) k1)
        let k3 = f (along (half * h) k2)
        let k4 = f (along h k3)
        let sixth: 'T = h * Ring.ratio 1 6
        let two: 'T = Ring.ratio 2 1
        Array.mapi (fun i y -> y + sixth * (k1[i] + two * (k2[i] + k3[i]) + k4[i])) y

    let private start (problem: NeuronProblem) (unknowns: 'T[]) : 'T[] when 'T :> ITranscendental<'T> =
        let k0, b0, p0 = split problem unknowns
        let τ: 'T = number problem.Tau
        Array.concat [ [| k0; τ * k0; b0; τ * b0 |]; problem.Data |> Array.map (fst >> number); p0; [| 'T.Zero; 'T.Zero |] ]

    /// The states at 0, 1/N, …, 1.
    let flow (problem: NeuronProblem) (steps: int) (unknowns: 'T[]) : 'T[][] when 'T :> ITranscendental<'T> =
        Array.scan (fun y _ -> step problem (Ring.ratio 1 steps) y) (start problem unknowns) [| 1..steps |]

    /// By how much the flow misses the end conditions.
    let misses (problem: NeuronProblem) (steps: int) (unknowns: 'T[]) : 'T[] when 'T :> ITranscendental<'T> =
        let final = Seq.fold (fun y _ -> step problem (Ring.ratio 1 steps) y) (start problem unknowns) (seq { 1..steps })
        let size = problem.Data.Length
        let x, p = final |> Array.skip 4 |> Array.splitAt size
        defects problem (final[1]) (final[3]) x (Array.truncate size p)

/// Stationary points by shooting: Newton's method in the few unknowns at the start, and proofs by the Krawczyk operator.
[<RequireQualifiedAccess>]
module internal Extremals =
    /// f and its columns of derivatives at a point, by dual numbers over 'T.
    let private differentiate (f: AnalyticDual<'T>[] -> AnalyticDual<'T>[]) (x: 'T[]) : 'T[] * 'T[][] when 'T :> ITranscendental<'T> =
        let columns =
            x
            |> Array.mapi (fun j _ -> x |> Array.mapi (fun i a -> if i = j then AnalyticDual.variable a else AnalyticDual.constant a) |> f)

        columns[0] |> Array.map AnalyticDual.value, columns |> Array.map (Array.map (fun d -> d.Inner.Derivative))

    /// Newton's method in floats until it gains nothing more.
    let newton (f: AnalyticDual<Binary64>[] -> AnalyticDual<Binary64>[]) (start: float[]) : float[] =
        let n = start.Length

        let rec iterate left (size: float) (x: float[]) =
            let values, columns = differentiate f (Binary64.ofFloats x)
            let inverse = Array.zeroCreate (n * n)
            let matrix = Array.concat (Array.transpose columns) |> Binary64.toFloats

            if not (IntervalMatrix.invertInto n matrix inverse) then
                x
            else
                let change = Array.init n (fun i -> Seq.sum (Seq.init n (fun j -> inverse[i * n + j] * values[j].Value)))
                let length = change |> Array.fold (fun largest c -> max largest (abs c)) 0.0
                // Once it is small it has to shrink: else rounding is all that is left.
                if left = 0 || length = 0.0 || (length < 1e-10 && length >= size) then
                    x
                else
                    iterate (left - 1) length (Array.map2 (-) x change)

        iterate 30 infinity start

    /// n layers from the unknowns K_0, b_0 (if free), P_{s,0}.
    let discrete (problem: NeuronProblem) (n: int) (unknowns: 'T[]) : Extremal<'T> when 'T :> ITranscendental<'T> =
        ExtremalEquations.discrete problem n unknowns

    /// The unknowns of the stationary point of E_n that Newton's method finds.
    let solveDiscrete (problem: NeuronProblem) (n: int) (start: float[]) : float[] = newton (fun u -> (discrete problem n u).Defects) start

    /// The unknowns of the stationary point of E_∞ that Newton's method finds, with so many steps of the method of order 4.
    let solveLimit (problem: NeuronProblem) (steps: int) (start: float[]) : float[] = newton (ExtremalEquations.misses problem steps) start

    /// A proof that f has exactly one zero within r of a point, as a narrow enclosure of it; f in intervals, and in intervals with derivatives.
    let encloseZero
        (r: float)
        (f: Interval[] -> Interval[])
        (f': AnalyticDual<Interval>[] -> AnalyticDual<Interval>[])
        (point: float[])
        : Box option =
        let size = point.Length

        let valueAndJacobian (box: Box) =
            let values, columns = differentiate f' box
            struct (values, Matrix.init size size (fun i j -> columns[j][i]))

        let system = SquareSystem.ofFunctions size f valueAndJacobian
        let box = point |> Array.map (fun u -> Interval.ofBounds (u - r) (u + r))

        match Krawczyk.step system box with
        | KrawczykVerdict.Unique zero -> Some(Krawczyk.refine system box zero)
        | _ -> None

    /// A proof that E_n has exactly one stationary point with unknowns within r of these, as a narrow enclosure of those.
    let enclose (problem: NeuronProblem) (n: int) (r: float) (unknowns: float[]) : Box option =
        encloseZero r (fun u -> (discrete problem n u).Defects) (fun u -> (discrete problem n u).Defects) unknowns

    /// K and b of a stationary point in floats.
    let weights (problem: NeuronProblem) (n: int) (unknowns: float[]) : ResidualWeights<Binary64> =
        let path = discrete problem n (Binary64.ofFloats unknowns)
        Scalar.weights path.K path.B

    /// The problem over any numbers, as the library knows it.
    let training (problem: NeuronProblem) : TrainingProblem<'T> when 'T :> ITranscendental<'T> =
        let number: Rational -> 'T = ExtremalEquations.number
        let penalty = { Strength = number problem.Alpha; Start = number problem.Tau }

        Scalar.problem
            (ExtremalEquations.activation problem)
            (Some penalty)
            (if problem.HasBias then Some penalty else None)
            (problem.Data |> Array.map (fun (x, y) -> number x, number y))

    /// The stationary point next to one in floats, with all its weights enclosed.
    let enclosedWeights (problem: NeuronProblem) (n: int) (unknowns: float[]) : ResidualWeights<Interval> option =
        // Nearly singular equations leave Newton's method further from the zero.
        [ 1e-9; 1e-7 ]
        |> List.tryPick (fun r -> enclose problem n r unknowns)
        |> Option.map (fun box -> let path = discrete problem n box in Scalar.weights path.K path.B)

    /// The solution of the Euler–Lagrange equations from its unknowns.
    let limit (problem: NeuronProblem) (steps: int) (unknowns: float[]) : LimitExtremal =
        let path = ExtremalEquations.flow problem steps (Binary64.ofFloats unknowns) |> Array.map Binary64.toFloats
        let final = Array.last path
        let size = problem.Data.Length
        let x = Array.sub final 4 size
        let square (a: float) = a * a
        let misses = Array.map2 (fun x (_, y) -> square (x - Rational.toFloat y)) x problem.Data
        let τ, α = Rational.toFloat problem.Tau, Rational.toFloat problem.Alpha
        let first = path[0]

        {
            K = path |> Array.map (fun y -> y[0])
            B = path |> Array.map (fun y -> y[2])
            Final = x
            Momenta = Array.sub first (4 + size) size
            Energy = Array.sum misses + α * (final[4 + 2 * size] + τ * (square (first[0]) + square (first[2])))
            FirstOrder = final[5 + 2 * size]
        }

    /// How far the limit is off at its nodes, in E_∞ and in c_1: half of the steps change it by fifteen times the error of the method, and every step rounds
    /// the state once.
    let doubt (problem: NeuronProblem) (fine: LimitExtremal) (unknowns: float[]) : LimitDoubt =
        let steps = fine.K.Length - 1
        let coarse = limit problem (steps / 2) (solveLimit problem (steps / 2) unknowns)
        let between (a: float) (b: float) = abs (a - b) + Errors.γ steps * abs a

        let at (values: LimitExtremal -> float[]) =
            Array.init (steps / 2 + 1) (fun j -> between ((values fine)[2 * j]) ((values coarse)[j])) |> Array.max

        {
            Nodes = max (at _.K) (at _.B)
            Energy = between fine.Energy coarse.Energy
            FirstOrder = between fine.FirstOrder coarse.FirstOrder
        }
