/// The states of first-order networks that stand for networks of any order, by the definitions of their coordinates.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Residual.Forms

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

/// A drawn network read as one of several architectures.
[<NoComparison>]
type Case = { Drawn: Drawn; Family: string }

let private families = [| "smooth"; "additive dense"; "master"; "concatenation dense" |]

/// The architecture of the case. A master network has one map more than its order, or about half as many.
let architecture (case: Case) : Architecture<Rational> =
    let drawn = case.Drawn
    let maps = drawn.LayerMaps

    match case.Family with
    | "smooth" -> Architecture.Smooth(drawn.Order, drawn.Step, Array.map Array.head maps)
    | "additive dense" -> Architecture.AdditiveDense maps
    | "master" when drawn.Order % 2 = 0 -> Architecture.Master(drawn.Order - 1, drawn.Step, maps)
    | "master" -> Architecture.Master(drawn.Order, drawn.Step, maps |> Array.map (Array.truncate ((drawn.Order + 1) / 2)))
    | _ ->
        let concatenated l =
            let drawnMaps = drawn.Maps[l]
            let rows = Array.init drawn.Width (fun i -> drawnMaps |> Array.collect (fun map -> map.Weights[i]))

            LayerMap.dense (Matrix.ofRows rows) drawnMaps[0].Bias drawnMaps[0].Activation |> Defect.orFail

        Architecture.ConcatenationDense(drawn.Order, Array.init drawn.Depth concatenated)

/// Networks of all four families.
let generator: Generator<Case> =
    let shape = Draws.dense

    Generator.fromStream
        (fun _ stream ->
            let family = Draws.choice stream families
            { Drawn = Draws.draw shape stream; Family = family })
        (fun case -> Draws.shrink shape case.Drawn |> Seq.map (fun drawn -> { case with Drawn = drawn }))
        (fun case -> ("family", case.Family) :: Draws.show case.Drawn)

/// ∇ⁿ⁻¹x(l), n = 1..K, by the definition of ∇.
let differences (trajectory: Trajectory<Rational>) (l: int) : Rational[][] =
    Array.init trajectory.Blocks (fun n -> Simulation.backwardDifference n (trajectory.Delay l))

/// q_n(l) = Σ_{m=n..K} g_m^(l+n−2)(x(l+n−1−m)), n ≥ 2, where g_m(x) = (−1)^(m+1) C(r,m) x + hʳ f_m(x), no layer beyond the last.
let private waiting (equation: DifferenceEquation<Rational>) (trajectory: Trajectory<Rational>) (l: int) : Rational[][] =
    let zero: Rational[] = Vector.zero (equation.Width 0)

    let summand m layer (x: Rational[]) =
        let sign = if m % 2 = 1 then Rational.One else -Rational.One
        let free = Vector.scale (sign * Rational.ofBigInteger (Binomial.choose equation.Order m)) x

        match equation.RightHandSides[layer] with
        | RightHandSide.Additive terms when m <= terms.Length ->
            Vector.addScaled free (Rational.power equation.Step equation.Order) (LayerMap.apply terms[m - 1].Map x)
        | _ -> free

    Array.init equation.Blocks (fun i ->
        let n = i + 1

        if n = 1 then
            trajectory[l]
        elif l + n - 2 >= equation.Depth then
            zero
        else
            Seq.fold (fun sum m -> Vector.add sum (summand m (l + n - 2) trajectory[l + n - 1 - m])) zero (seq { n .. equation.Blocks }))

/// The state that a form has at depth l.
let private expected (form: StateForm) (equation: DifferenceEquation<Rational>) (trajectory: Trajectory<Rational>) (l: int) =
    match form with
    | StateForm.Delay -> trajectory.Delay l
    | StateForm.Difference
    | StateForm.Residual -> differences trajectory l
    | StateForm.ScaledDifference -> differences trajectory l |> Array.mapi (fun n q -> Vector.scale (Rational.power equation.Step -n) q)
    | StateForm.Observer -> waiting equation trajectory l

/// Whether a first-order network has these states at every depth, started by its lift, and the output of the other one.
let hasStates
    (name: string)
    (states: int -> Rational[][])
    (network: Network<Rational>)
    (history: Rational[][])
    (realised: Network<Rational>)
    =
    let original = Simulation.run network.Equation history
    let found = Simulation.run realised.Equation (Simulation.history realised (Array.concat history))
    let atDepth l = Check.blocks $"{name} at depth {l}" (states l) (Array.chunkBySize history[0].Length found[l])

    Outcome.all (
        seq {
            Outcome.equal "the number of blocks of the state" string 1 realised.Equation.Blocks

            for l in 0 .. original.Depth do
                atDepth l

            Check.vectors "the output" (Simulation.output network original) (Simulation.output realised found)
        }
    )

/// Every form of the network has its states.
let conclude (case: Case) : Outcome =
    let network = architecture case |> Network.ofArchitecture |> Defect.orFail
    let equation = network.Equation
    let history = Array.init equation.Blocks (fun j -> case.Drawn.History[j])
    let trajectory = Simulation.run equation history

    let agrees (name, form) =
        Realisation.realise form network |> Defect.orFail |> hasStates name (expected form equation trajectory) network history

    Outcome.all (
        seq {
            agrees ("the delay form", StateForm.Delay)
            agrees ("the difference form", StateForm.Difference)
            agrees ("the scaled form", StateForm.ScaledDifference)

            if equation.Order > 0 || equation.Blocks > 1 then
                agrees ("the residual form", StateForm.Residual)

            if case.Family <> "concatenation dense" then
                agrees ("the observer form", StateForm.Observer)
        }
    )
