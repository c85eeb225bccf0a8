/// Trajectories of symmetric additive networks come to rest.
///
/// Statement: W symmetric, τ_i &gt; 0, I constant, σ bounded, C¹ and strictly increasing: |x′(t)| → 0 on every trajectory, and its limit
/// set consists of equilibria; with isolated equilibria, or analytic σ, it converges to one. Where all equilibria are nondegenerate the
/// limit is a minimum of E, except for starts on the stable manifolds of the others, a set of measure zero.
/// Proof: the box makes the limit set compact, E is constant on it, and x_i′ ≠ 0 would let x_i sweep an interval on which σ_i′ vanishes.
/// Analytic σ: −∇E·x′ ≥ c|∇E||x′| and the Łojasiewicz inequality give finite length.
/// Checked for σ = tanh: a trajectory of order 4 is followed until |x′| &lt; 10⁻⁶; the Krawczyk operator proves that −x + Wᵀσ(x − ϑ) + I has
/// exactly one zero within 10⁻⁴ of its end, and the inertia of D⁻¹ − W, D = diag σ′, classifies it (the Hessian of E is D(D⁻¹ − W)D there).
/// Isolation only makes the limit unique: σ(u) = u on |u| ≤ 1, sign(u)(2 − 1/|u|) beyond, has a segment of equilibria with W = 1.
/// The abstract cites the theorem; made precise here.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.Additive.Convergence

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Constructions
open LayerTime.Core.Rigour
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

type private TanhCase = EulerStepDescent.TanhCase

/// tanh and 1 − tanh² in every number system that has them.
type private Tanh<'T when 'T :> ITranscendental<'T>>() =
    interface ISquashing<'T> with
        member _.Value u = 'T.Tanh u

        member _.Slope u =
            let y = 'T.Tanh u
            'T.Difference('T.One, 'T.Product(y, y))

let private network (number: float -> 'T) (case: TanhCase) : AdditiveNetwork<'T> = {
    Weights = case.W |> Array.map (Array.map number)
    TimeConstants = Array.map number case.Τ
    Thresholds = Array.map number case.Θ
    Inputs = Array.map number case.Input
}

let private enclosed = network Interval.ofFloat
let private differentiated = network (Interval.ofFloat >> AnalyticDual.constant)

/// x′ over boxes, whose zeros are the equilibria.
let private system (case: TanhCase) : ISquareSystem =
    let n = case.X.Length
    let value = AdditiveNetwork.field (Tanh<Interval>()) (enclosed case)

    let column (box: Box) j =
        let x = box |> Array.mapi (fun i x -> if i = j then AnalyticDual.variable x else AnalyticDual.constant x)
        AdditiveNetwork.field (Tanh<AnalyticDual<Interval>>()) (differentiated case) x |> Array.map _.Inner.Derivative

    let jacobian (box: Box) = Array.init n (column box) |> Matrix.ofRows |> Matrix.transpose
    SquareSystem.ofFunctions n value (fun box -> struct (value box, jacobian box))

/// One step of order 4.
let private step (case: TanhCase) (h: float) (x: float[]) : float[] = FloatSteps.rungeKutta (fun _ x -> EulerStepDescent.field case x) x h 1

let private stepLength (case: TanhCase) : float =
    let τ = Array.min case.Τ
    min (0.2 * τ) (1.0 / (1.0 + FloatNetworks.matrixNorm case.W / τ))

/// Where |x′| falls below 10⁻⁶ within 20000 steps.
let private rest (case: TanhCase) : float[] option =
    let h = stepLength case

    let rec follow steps x =
        if FloatNetworks.norm (EulerStepDescent.field case x) < 1e-6 then Some x
        elif steps = 0 then None
        else follow (steps - 1) (step case h x)

    follow 20000 case.X

/// The one equilibrium near the end of the trajectory, or what is known instead.
let private limit (case: TanhCase) : Result<Box, Outcome> =
    match rest case with
    | None -> Error(Outcome.undecided "|x′| stays above 10⁻⁶ for 20000 steps")
    | Some x ->
        let home = x |> Array.map (fun x -> Interval.ofBounds (x - 1e-4) (x + 1e-4))
        let system = system case

        match Krawczyk.step system home with
        | KrawczykVerdict.Unique zero -> Ok(Krawczyk.refine system home zero)
        | KrawczykVerdict.Excluded -> Error(Outcome.refuted "the end of the trajectory" "within 10⁻⁴ of an equilibrium" (sprintf "%A" x))
        | KrawczykVerdict.Contracted _
        | KrawczykVerdict.NoPreconditioner -> Error(Outcome.undecided "the equilibrium is nearly degenerate")

let settles (case: TanhCase) : Outcome =
    match limit case with
    | Ok _ -> Outcome.holds
    | Error outcome -> outcome

/// D⁻¹ − W at an equilibrium.
let private curvature (case: TanhCase) (zero: Box) : Matrix<Interval> =
    let slopes = AdditiveNetwork.slopes (Tanh<Interval>()) (enclosed case) zero

    Matrix.init zero.Length zero.Length (fun i j ->
        let w = Interval.ofFloat -(case.W[i][j])
        if i = j then Arithmetic.(+) (Interval.reciprocal (slopes[i])) w else w)

let private isMinimum (case: TanhCase) : Outcome =
    match limit case with
    | Error outcome -> outcome
    | Ok zero ->
        match Inertia.ofSymmetric (curvature case zero) with
        | Inertia.Known(0, _) -> Outcome.holds
        | Inertia.Known(negative, _) ->
            let place = sprintf "%A" (Box.midpoint zero)
            Outcome.refuted "the directions in which E falls from the limit" "none" $"{negative} at {place}"
        | Inertia.Undecided reason -> Outcome.undecided reason

/// The least |x′|₂ over the times 40..60.
let private slowest (case: TanhCase) : float =
    let h = 0.01
    let speed x = sqrt (EulerStepDescent.field case x |> Array.sumBy (fun f -> f * f))
    let x40 = FloatSteps.rungeKutta (fun _ x -> EulerStepDescent.field case x) case.X 40.0 4000
    Array.scan (fun x _ -> step case h x) x40 [| 1..2000 |] |> Array.map speed |> Array.min

/// |x′|₂ falls below 10⁻⁶ before t = 60.
let private rests (case: TanhCase) : Outcome = Check.negligible "the least |x′|₂ on 40 ≤ t ≤ 60" 1e-6 (slowest case)

let private draw (stream: RandomStream) : TanhCase =
    let case = EulerStepDescent.draw stream
    // W = A + Aᵀ instead of half of it.
    { case with W = case.W |> Array.map (Array.map (fun w -> 2.0 * w)) }

let private shrink (case: TanhCase) : TanhCase seq =
    seq {
        for x in Shrink.elements Shrink.float case.X do
            { case with X = x }

        for input in Shrink.elements Shrink.float case.Input do
            { case with Input = input }

        for θ in Shrink.elements Shrink.float case.Θ do
            { case with Θ = θ }
    }

let private plain (w: float[][]) (x: float[]) : TanhCase =
    let zero = Array.map (fun _ -> 0.0) x

    { W = w; Τ = Array.map (fun _ -> 1.0) x; Θ = zero; Input = zero; X = x; Step = 0.0 }

/// A limit cycle.
let skew = plain [| [| 3.0; 3.0 |]; [| -3.0; 3.0 |] |] [| 0.5; 0.0 |]

/// The local maximum of E between two minima.
let private balanced = plain [| [| 2.0 |] |] [| 0.0 |]

/// σ(u) = u for |u| ≤ 1, sign(u)(2 − 1/|u|) beyond: bounded by 2, C¹, strictly increasing.
let private flat: ISquashing<Rational> = {
    new ISquashing<Rational> with
        member _.Value u =
            let size = Rational.abs u
            if size <= Rational.One then u else Rational.ofInt u.Sign * (Rational.ofInt 2 - Rational.One / size)

        member _.Slope u = if Rational.abs u <= Rational.One then Rational.One else Rational.One / (u * u)
}

/// x′ of W = 1 with σ flat: −x + σ(x).
let private flatField (x: Rational) : Rational =
    let case = AdditiveCase.create [ "1" ] "1" "0" "0" "0"
    (AdditiveNetwork.field flat case.Network [| x |])[0]

/// Every point of [−1, 1] rests, and from outside x moves toward it: x′ = −(|x| − 1)²/x.
let private isSegment (x: Rational) : Outcome =
    let size = Rational.abs x
    let excess = Rational.max Rational.Zero (size - Rational.One)
    let expected = if excess.Sign = 0 then Rational.Zero else -(excess * excess) / x
    Check.equal "x′" expected (flatField x)

let claim: Claim =
    let generator = Generator.fromStream (fun _ stream -> draw stream) shrink EulerStepDescent.show
    let showPoint (x: Rational) = [ "x", string x ]
    let points = List.map Known.number [ "-3"; "-3/2"; "-1"; "-1/2"; "0"; "1/3"; "1"; "5/4"; "4" ]

    Paper.define
        "ruseckas.additive.convergence"
        Paper.ofAbstract
        "W symmetric, I constant, σ bounded, C¹, strictly increasing: |x′(t)| → 0 and the limit set consists of equilibria; isolated equilibria or analytic σ: convergence to one, which is a minimum of E for almost every start."
    |> Claim.hypothesis "H1" "W is symmetric"
    |> Claim.hypothesis "H2" "τ_i > 0"
    |> Claim.hypothesis "H3" "σ is bounded, C¹ and strictly increasing"
    |> Claim.hypothesis "H4" "I is constant"
    |> Claim.hypothesis "H5" "the start is on no stable manifold of another equilibrium (for the minimum)"
    |> Claim.certified "equilibrium" (Instances.random generator 150) settles
    |> Claim.certified "minimum" (Instances.random generator 150) isMinimum
    |> Claim.bounded "rest" (Instances.chosen EulerStepDescent.show [ EulerStepDescent.known ]) rests
    |> Claim.exact "segment" (Instances.chosen showPoint points) isSegment
    |> Known.bounded "reference" [
        Known.floats "the limit and its E" "2.885439298565344 1.092719649282672 -0.7618540484962176" (fun () ->
            match limit EulerStepDescent.known with
            | Ok zero ->
                let x = Box.midpoint zero
                Array.append x [| EulerStepDescent.energy EulerStepDescent.known x |]
            | Error _ -> [||])
        Known.floats "W = [[3, 3], [−3, 3]]: the least |x′|₂ on 40 ≤ t ≤ 60" "1.913" (fun () -> [| slowest skew |])
    ]
    |> Claim.neededBy "H1" (Instances.chosen EulerStepDescent.show [ skew ]) rests
    |> Claim.neededBy "H5" (Instances.chosen EulerStepDescent.show [ balanced ]) isMinimum
