/// With symmetric constant weights the cubic equation descends a potential.
///
/// Statement: w symmetric and constant, b constant: x′ = −∇V for V = −½xᵀwx − b·x + γ/4 Σ x_i⁴, and V′ = −|x′|₂². All trajectories are
/// bounded, each converges to one equilibrium (V is a polynomial: Łojasiewicz), and there are at most 3ⁿ equilibria, all isolated.
/// Checked: the identities, exactly, with ∇V by dual numbers; for n = 1 the count of equilibria by Sturm's theorem; for n ≤ 3 all equilibria
/// by branch and bound in the trapping box with the Krawczyk operator. That none is missing shows in their indices sign det(−F′), which
/// add up to 1, the degree of a field that points inward on the boundary; a trajectory of order 4 ends at one of them.
/// Without symmetry there may be a limit cycle.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.Cubic.GradientStructure

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Constructions
open LayerTime.Core.Rigour
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

let private γ (case: NetworkCase) : Rational =
    match case.Network.Damping with
    | Damping.Cubic γ -> γ
    | Damping.Leaky _ -> Rational.Zero

let private potential (case: NetworkCase) (x: Dual<Rational>[]) : Dual<Rational> =
    let network = NearIdentity.map Dual.constant case.Network
    let quadratic = Arithmetic.(*) (Ring.ratio 1 2) (Vector.dot x (NearIdentity.apply network.Weights[0] x))
    let linear = Vector.dot network.Biases[0] x
    let squares = x |> Array.map (fun x -> Arithmetic.(*) x x)
    let quartic = Arithmetic.(*) (Dual.constant (γ case / Rational.ofInt 4)) (Vector.dot squares squares)
    Arithmetic.(-) (Arithmetic.(-) quartic quadratic) linear

let private isGradient (case: NetworkCase) : Outcome =
    let gradient = Projective.gradient (potential case) case.Start
    let velocity = NearIdentity.field case.Network 0 case.Start

    Outcome.check [
        fun () -> Check.vectors "−∇V against x′" velocity (Array.map (~-) gradient)
        fun () -> Check.equal "V′ against −|x′|²" (-(Vector.dot velocity velocity)) (Vector.dot gradient velocity)
    ]

/// The equilibria of n = 1 are the roots of wx + b − γx³: at least one and at most three.
let private hasFew (case: NetworkCase) : Outcome =
    let rows = case.Network.Weights[0]
    let w, b = rows[0][0], case.Network.Biases[0][0]
    let polynomial = Polynomial.squareFree [| b; w; Rational.Zero; -(γ case) |]
    let count = SturmChain.create polynomial |> SturmChain.realRoots
    Outcome.isTrue "the number of equilibria" "is between 1 and 3" (1 <= count && count <= 3)

/// x′ = wx + b − γx³ over boxes.
let private system (w: Interval[][]) (b: Interval[]) (γ: Interval) : ISquareSystem =
    let damped power x = Arithmetic.(*) γ (Interval.power x power)

    let value (x: Box) = Array.map3 (fun row b x' -> Arithmetic.(-) (Arithmetic.(+) (Vector.dot row x) b) (damped 3 x')) w b x

    let jacobian (x: Box) =
        let slope i = Arithmetic.(*) (Ring.ratio 3 1) (damped 2 x[i])
        Matrix.init x.Length x.Length (fun i j -> if i = j then Arithmetic.(-) (w[i][j]) (slope i) else w[i][j])

    SquareSystem.ofFunctions b.Length value (fun x -> struct (value x, jacobian x))

let private systemOf (case: NetworkCase) : ISquareSystem =
    let network = NearIdentity.map Interval.ofRational case.Network
    system network.Weights[0] network.Biases[0] (Interval.ofRational (γ case))

/// R with γR³ ≥ ωR + β in floats rounded upwards: every equilibrium lies in |x| ≤ R.
let private radius (case: NetworkCase) : float =
    let up (a: Rational) = (Interval.ofRational a).Upper
    let ω = case.Network.Weights[0] |> Matrix.ofRows |> Matrix.normInf |> up
    TrappingRadius.smallest (Interval.ofRational (γ case)).Lower ω (up (Vector.normInf case.Network.Biases[0]))

/// All equilibria, each with a proof, or why they are not known.
let private equilibria (case: NetworkCase) : Result<IsolatedZero list, string> =
    let r = radius case

    if r = 0.0 then
        Error "w = 0 and b = 0: the one equilibrium is degenerate"
    else
        // A little larger, so that no equilibrium lies on the boundary.
        let domain = Box.cube case.Dimension (1.01 * r)
        let options = { ZeroSearch.defaults with MaxBoxes = 20_000L }
        let system = systemOf case
        ZeroSearch.start domain |> ZeroSearch.run system options |> Isolation.distinct system options

/// sign det(−F′) at an equilibrium; None if it may vanish.
let private index (case: NetworkCase) (zero: IsolatedZero) : int option =
    let struct (_, jacobian) = (systemOf case).ValueAndJacobian zero.Zero

    match Inertia.ofSymmetric jacobian with
    | Inertia.Known(_, positive) -> Some(if positive % 2 = 0 then 1 else -1)
    | Inertia.Undecided _ -> None

let private isComplete (case: NetworkCase) : Outcome =
    match equilibria case with
    | Error reason -> Outcome.undecided reason
    | Ok zeros ->
        let most = pown 3 case.Dimension
        let indices = zeros |> List.map (index case)

        Outcome.all [
            Outcome.isTrue "the number of equilibria" $"is between 1 and {most}" (1 <= zeros.Length && zeros.Length <= most)
            if List.forall Option.isSome indices then
                Outcome.equal "Σ sign det(−F′) over the equilibria" string 1 (List.sumBy (Option.defaultValue 0) indices)
            else
                Outcome.undecided "an equilibrium is nearly degenerate"
        ]

/// x′ in floats.
let private velocity (case: NetworkCase) : float -> float[] -> float[] =
    let number = Rational.toFloat
    let w = case.Network.Weights[0] |> Array.map (Array.map number)

    FloatNetworks.autonomous
        w
        (Array.map number case.Network.Biases[0])
        (Entrywise.Cubic(number (γ case)))
        (Array.map number case.Start)
        1.0
    |> FloatNetworks.field

/// The end of the trajectory, where |x′| &lt; 10⁻⁹, within 20000 steps of order 4.
let private rest (case: NetworkCase) : float[] option =
    let start = case.Start |> Array.map Rational.toFloat
    let size = max (radius case) (FloatNetworks.norm start)
    let ω = case.Network.Weights[0] |> Matrix.ofRows |> Matrix.normInf |> Rational.toFloat
    let h = 1.0 / (1.0 + ω + 3.0 * Rational.toFloat (γ case) * size * size)
    let f = velocity case

    let rec follow steps x =
        if FloatNetworks.norm (f 0.0 x) < 1e-9 then Some x
        elif steps = 0 then None
        else follow (steps - 1) (FloatSteps.rungeKutta f x h 1)

    follow 20000 start

/// Around the end of the trajectory one equilibrium is proved. How near it must be depends on F′: with |F| ≤ 10⁻⁹ it is within about
/// 10⁻⁹|F′⁻¹|, so that near a fold of equilibria the boxes grow. What no box decides is either degenerate or no rest: past the ghost of a
/// fold, where F is below 10⁻⁹ and has no zero, a trajectory creeps on.
let private converges (case: NetworkCase) : Outcome =
    match rest case with
    | None -> Outcome.undecided "|x′| stays above 10⁻⁹ for 20000 steps"
    | Some x ->
        let system = systemOf case
        let struct (slope, _) = system.ValueAndJacobian(Array.map Interval.ofFloat x)
        let home (radius: float) = x |> Array.map (fun x -> Interval.ofBounds (x - radius) (x + radius))

        let isProved radius =
            match Krawczyk.step system (home radius) with
            | KrawczykVerdict.Unique _ -> true
            | KrawczykVerdict.Excluded
            | KrawczykVerdict.Contracted _
            | KrawczykVerdict.NoPreconditioner -> false

        // The floats of the trajectory round x′ by less than its last tenth.
        if slope |> Array.exists (fun v -> v.Lower > 1.1e-9 || v.Upper < -1.1e-9) then
            Outcome.refuted "x′ at the end of the trajectory" "|x′| ≤ 1.1·10⁻⁹" (sprintf "%A" slope)
        elif List.exists isProved [ 1e-8; 1e-6; 1e-4; 1e-2 ] then
            Outcome.holds
        else
            Outcome.undecided "the equilibrium is nearly degenerate, or the trajectory creeps past the ghost of one"

/// The least |x′|₂ over the times 40..60.
let private slowest (case: NetworkCase) : float =
    let f = velocity case
    let speed x = sqrt (f 0.0 x |> Array.sumBy (fun v -> v * v))
    let x40 = FloatSteps.rungeKutta f (case.Start |> Array.map Rational.toFloat) 40.0 4000
    Array.scan (fun x _ -> FloatSteps.rungeKutta f x 0.01 1) x40 [| 1..2000 |] |> Array.map speed |> Array.min

let private rests (case: NetworkCase) : Outcome = Check.negligible "the least |x′|₂ on 40 ≤ t ≤ 60" 1e-6 (slowest case)

let private symmetrised (case: NetworkCase) : NetworkCase = {
    case with
        Network = { case.Network with Weights = case.Network.Weights |> Array.map Draws.symmetrise }
}

/// w = [[1, 2], [−2, 1]], γ = 1, b = 0: a limit cycle; V of the symmetric part has another gradient.
let private skew = Networks.repeated 1 "1/4" (Damping.Cubic Rational.One) [ "1 2"; "-2 1" ] "0 0" "1/2 0" "0 0" "0 0"

let claim: Claim =
    let cubic = Networks.generator { Networks.cubic with Deepest = 1 }
    let plain = Networks.repeated 1 "1/4" (Damping.Cubic Rational.One)
    let scalar = Networks.generator { Networks.cubic with Deepest = 1; Accept = fun case -> case.Dimension = 1 }

    Paper.define
        "ruseckas.cubic.gradient-structure"
        Paper.reconstructed
        "w symmetric and constant, b constant: x′ = −∇V, V = −½xᵀwx − b·x + γ/4 Σ x_i⁴, V′ = −|x′|²; at most 3ⁿ equilibria, and every trajectory converges to one."
    |> Claim.hypothesis "H1" "w is symmetric"
    |> Claim.exact "identity" (Instances.random cubic 100) (symmetrised >> isGradient)
    |> Claim.exact "equilibria-on-a-line" (Instances.random scalar 60) hasFew
    |> Claim.certified "equilibria" (Instances.random cubic 60) (symmetrised >> isComplete)
    |> Claim.certified "limit" (Instances.random cubic 60) (symmetrised >> converges)
    |> Claim.bounded "rest" (Instances.chosen Networks.show [ plain [ "1 2"; "2 1" ] "0 0" "1/2 0" "0 0" "0 0" ]) rests
    |> Known.exact "reference" [
        Known.value "uncoupled units, w = 1, γ = 1, b = 0: 3ⁿ equilibria for n = 1, 2, 3" "3 9 27" (fun () ->
            [
                plain [ "1" ] "0" "0" "0" "0"
                plain [ "1 0"; "0 1" ] "0 0" "0 0" "0 0" "0 0"
                plain [ "1 0 0"; "0 1 0"; "0 0 1" ] "0 0 0" "0 0 0" "0 0 0" "0 0 0"
            ]
            |> List.map (equilibria >> Result.map List.length >> Result.defaultValue 0 >> Rational.ofInt)
            |> List.toArray)
    ]
    |> Known.bounded "reference-cycle" [
        Known.floats "w = [[1, 2], [−2, 1]], γ = 1: the least |x′|₂ on 40 ≤ t ≤ 60" "1.971" (fun () -> [| slowest skew |])
    ]
    |> Claim.neededBy "H1" (Instances.chosen Networks.show [ skew ]) isGradient
    |> Claim.neededBy "H1" (Instances.chosen Networks.show [ skew ]) rests
