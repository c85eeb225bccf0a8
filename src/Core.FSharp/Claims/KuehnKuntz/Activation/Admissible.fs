/// Which activations are admissible: C² with a positive derivative everywhere.
///
/// Statement: tanh, logistic, arctan, erf, softplus, asinh, s + s³/3 and s + c·tanh s (c &gt; −1) have σ′ &gt; 0 on [−R, R], by algebraic forms
/// of σ′ that need no subdivision; GELU (both forms), SiLU, Mish and sin have a zero of σ′, proved by Krawczyk's test in a bracket of
/// radius 10⁻⁶ about the tabulated place (σ″ ≠ 0 there); s², s³ and the Gaussian have σ′(0) = 0 exactly; ReLU and hard tanh have flat pieces.
/// Strict monotonicity is not enough: s³. Leaky ReLU, ELU and softsign have σ′ &gt; 0 but are not C².
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.KuehnKuntz.Activation.Admissible

open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.Numbers.Arithmetic
open LayerTime.Core.Rigour
open LayerTime.Core.Claims
open LayerTime.Core.Claims.KuehnKuntz

/// σ, σ′ and σ″ as one formula each, over intervals.
[<NoComparison; NoEquality>]
type Branch = { Value: Interval -> Interval; Slope: Interval -> Interval; Curvature: Interval -> Interval }

/// Where σ′ is suspected to vanish.
[<RequireQualifiedAccess>]
type Suspect =
    /// Nowhere.
    | Nowhere
    /// At a simple zero near this place.
    | Near of float
    /// At 0 exactly.
    | Origin
    /// On a whole piece.
    | Flat of lower: float * upper: float

/// One row of the table: an activation with its formulas on both sides of 0.
[<NoComparison; NoEquality>]
type Row = {
    Name: string
    Negative: Branch
    Positive: Branch
    /// R: σ′ &gt; 0 is shown on [−R, R].
    Reach: float
    Suspect: Suspect
}

let private q (p: int) (n: int) : Interval = Ring.ratio p n
let private one = q 1 1
let private two = q 2 1
let private cube (s: Interval) : Interval = Interval.power s 3
let private always (value: Interval) (_: Interval) : Interval = value

let private smooth name reach suspect value slope curvature =
    let branch = { Value = value; Slope = slope; Curvature = curvature }
    { Name = name; Negative = branch; Positive = branch; Reach = reach; Suspect = suspect }

// 1/(1 + sinh²s): exact at 1 where the interval holds 0.
let private tanhSlope (s: Interval) : Interval = one / (one + Interval.square ((Transcendental.exp s - Transcendental.exp -s) / two))
let private tanhCurvature (s: Interval) : Interval = -two * Transcendental.tanh s * tanhSlope s
// 1/((1 + e⁻ˢ)(1 + eˢ))
let private logisticSlope (s: Interval) : Interval = one / ((one + Transcendental.exp -s) * (one + Transcendental.exp s))
let private logisticCurvature (s: Interval) : Interval = logisticSlope s * (Transcendental.logistic -s - Transcendental.logistic s)
let private onePlusSquare (s: Interval) : Interval = one + Interval.square s
// π lies between these neighbouring floats.
let private pi = Interval.ofBounds 3.141592653589793 3.1415926535897936
let private gaussian (s: Interval) : Interval = Transcendental.exp -(Interval.square s)
let private erfSlope (s: Interval) : Interval = two / Transcendental.sqrt pi * gaussian s

let private shiftedTanh (name: string) (c: Interval) : Row =
    smooth name 300.0 Suspect.Nowhere (fun s -> s + c * Transcendental.tanh s) (fun s -> one + c * tanhSlope s) (fun s ->
        c * tanhCurvature s)

/// The rows of class S. The reach keeps σ′ &gt; 0 above the smallest floats.
let private admissible: Row list = [
    smooth "tanh" 300.0 Suspect.Nowhere Transcendental.tanh tanhSlope tanhCurvature
    smooth "logistic" 300.0 Suspect.Nowhere Transcendental.logistic logisticSlope logisticCurvature
    smooth "arctan" 1e6 Suspect.Nowhere Interval.atan (fun s -> one / onePlusSquare s) (fun s ->
        -two * s / Interval.square (onePlusSquare s))
    smooth "erf" 25.0 Suspect.Nowhere Interval.erf erfSlope (fun s -> -two * s * erfSlope s)
    smooth "softplus" 300.0 Suspect.Nowhere Transcendental.softplus (fun s -> one / (one + Transcendental.exp -s)) logisticSlope
    smooth
        "asinh"
        1e6
        Suspect.Nowhere
        (fun s -> Transcendental.log (s + Transcendental.sqrt (onePlusSquare s)))
        (fun s -> one / Transcendental.sqrt (onePlusSquare s))
        (fun s -> -s / (onePlusSquare s * Transcendental.sqrt (onePlusSquare s)))
    smooth "s + s³/3" 1e6 Suspect.Nowhere (fun s -> s + cube s / q 3 1) onePlusSquare (fun s -> two * s)
    shiftedTanh "s + 3·tanh s" (q 3 1)
    shiftedTanh "s − (9/10)·tanh s" (q -9 10)
]

let private gelu: Row =
    let density s = Transcendental.exp (-(Interval.square s) / two) / Transcendental.sqrt (two * pi)
    let distribution s = (one + Interval.erf (s / Transcendental.sqrt two)) / two

    smooth "GELU" 25.0 (Suspect.Near -0.75179152469356446) (fun s -> s * distribution s) (fun s -> distribution s + s * density s) (fun s ->
        density s * (two - Interval.square s))

let private geluTanh: Row =
    let c = Transcendental.sqrt (two / pi)
    let inner s = c * (s + q 44715 1000000 * cube s)
    let slope s = c * (one + q 134145 1000000 * Interval.square s)
    let curvature s = c * q 268290 1000000 * s

    smooth
        "GELU, tanh form"
        25.0
        (Suspect.Near -0.75246142207101626)
        (fun s -> s / two * (one + Transcendental.tanh (inner s)))
        (fun s -> (one + Transcendental.tanh (inner s)) / two + s / two * tanhSlope (inner s) * slope s)
        (fun s ->
            let u, u' = inner s, slope s
            tanhSlope u * u' + s / two * (tanhCurvature u * Interval.square u' + tanhSlope u * curvature s))

let private silu: Row =
    smooth
        "SiLU"
        300.0
        (Suspect.Near -1.2784645427610738)
        (fun s -> s * Transcendental.logistic s)
        (fun s -> Transcendental.logistic s + s * logisticSlope s)
        (fun s -> two * logisticSlope s + s * logisticCurvature s)

let private mish: Row =
    let t s = Transcendental.tanh (Transcendental.softplus s)
    let t' s = tanhSlope (Transcendental.softplus s) * Transcendental.logistic s

    let t'' s =
        let u = Transcendental.softplus s
        tanhCurvature u * Interval.square (Transcendental.logistic s) + tanhSlope u * logisticSlope s

    smooth "Mish" 25.0 (Suspect.Near -1.1924312145154952) (fun s -> s * t s) (fun s -> t s + s * t' s) (fun s -> two * t' s + s * t'' s)

let private sin: Row =
    smooth "sin" 4.0 (Suspect.Near 1.5707963267948966) Transcendental.sin Transcendental.cos (fun s -> -Transcendental.sin s)

let private cubed: Row = smooth "s³" 4.0 Suspect.Origin cube (fun s -> q 3 1 * Interval.square s) (fun s -> q 6 1 * s)

let private zero: Branch = { Value = always (q 0 1); Slope = always (q 0 1); Curvature = always (q 0 1) }
let private line: Branch = { Value = id; Slope = always one; Curvature = always (q 0 1) }

let private relu: Row = { Name = "ReLU"; Negative = zero; Positive = line; Reach = 4.0; Suspect = Suspect.Flat(-2.0, -1.0) }

let private hardTanh: Row =
    // −1, s and 1 on the three pieces; the hull of the slopes of those that an interval meets.
    let slope (s: Interval) =
        let outside = s.Lower < -1.0 || s.Upper > 1.0
        let inside = s.Lower <= 1.0 && s.Upper >= -1.0
        Interval.ofBounds (if outside then 0.0 else 1.0) (if inside then 1.0 else 0.0)

    let value (s: Interval) = Interval.ofBounds (max -1.0 (min 1.0 s.Lower)) (max -1.0 (min 1.0 s.Upper))
    smooth "hard tanh" 4.0 (Suspect.Flat(2.0, 3.0)) value slope (always (q 0 1))

/// The rows with a zero of σ′.
let private inadmissible: Row list = [
    gelu
    geluTanh
    silu
    mish
    sin
    smooth "s²" 4.0 Suspect.Origin Interval.square (fun s -> two * s) (always two)
    cubed
    smooth "e^(−s²)" 4.0 Suspect.Origin gaussian (fun s -> -two * s * gaussian s) (fun s -> (q 4 1 * Interval.square s - two) * gaussian s)
    relu
    hardTanh
]

let private leaky: Row =
    let quarter = { Value = (fun s -> s / q 4 1); Slope = always (q 1 4); Curvature = always (q 0 1) }
    { Name = "leaky ReLU of slope 1/4"; Negative = quarter; Positive = line; Reach = 4.0; Suspect = Suspect.Nowhere }

let private elu: Row =
    let negative = { Value = Transcendental.expm1; Slope = Transcendental.exp; Curvature = Transcendental.exp }
    { Name = "ELU"; Negative = negative; Positive = line; Reach = 4.0; Suspect = Suspect.Nowhere }

let private softsign: Row =
    let branch sign =
        let base' s = one + q sign 1 * s

        {
            Value = fun s -> s / base' s
            Slope = fun s -> one / Interval.square (base' s)
            Curvature = fun s -> q (Operators.(*) -2 sign) 1 / cube (base' s)
        }

    { Name = "softsign"; Negative = branch -1; Positive = branch 1; Reach = 4.0; Suspect = Suspect.Nowhere }

/// σ′ as a system of one equation.
let private slopeSystem (row: Row) : ISquareSystem =
    let branch (box: Box) = if box[0].Upper <= 0.0 then row.Negative else row.Positive

    SquareSystem.ofFunctions 1 (fun box -> [| (branch box).Slope box[0] |]) (fun box ->
        let branch = branch box
        struct ([| branch.Slope box[0] |], LayerTime.Core.Algebra.Matrix.ofRows [| [| branch.Curvature box[0] |] |]))

/// A proved zero of σ′, or a piece on which it vanishes.
let private tryZero (row: Row) : Interval option =
    let vanishes (branch: Branch) (place: Interval) =
        let slope = branch.Slope place
        if slope.Lower = 0.0 && slope.Upper = 0.0 then Some place else None

    match row.Suspect with
    | Suspect.Nowhere -> None
    | Suspect.Origin -> vanishes row.Positive (Interval.ofFloat 0.0)
    | Suspect.Flat(lower, upper) -> vanishes (if upper <= 0.0 then row.Negative else row.Positive) (Interval.ofBounds lower upper)
    | Suspect.Near centre ->
        let system = slopeSystem row
        let home = [| Interval.ofFloat centre + Interval.ofBounds -1e-6 1e-6 |]

        match Krawczyk.step system home with
        | KrawczykVerdict.Unique zero -> Some(Array.head (Krawczyk.refine system home zero))
        | KrawczykVerdict.Excluded
        | KrawczykVerdict.Contracted _
        | KrawczykVerdict.NoPreconditioner -> None

/// σ′ &gt; 0 on [−R, R]; refuted by a proved zero.
let private hasPositiveSlope (row: Row) : Outcome =
    let range =
        Interval.hull
            (row.Negative.Slope(Interval.ofBounds (Operators.(~-) row.Reach) 0.0))
            (row.Positive.Slope(Interval.ofBounds 0.0 row.Reach))

    match tryZero row with
    | Some place -> Outcome.refuted $"σ′ of {row.Name}" "> 0 everywhere" $"0 at {place}"
    | None when range.Lower > 0.0 -> Outcome.holds
    | None -> Outcome.undecided $"σ′ of {row.Name} is only known to lie in {range}"

/// σ, σ′ and σ″ do not jump at 0.
let private isTwiceDifferentiable (row: Row) : Outcome =
    let origin = Interval.ofFloat 0.0

    let continuous name (left: Interval -> Interval) (right: Interval -> Interval) =
        let left, right = left origin, right origin

        if Interval.disjoint left right then
            Outcome.refuted $"{name} of {row.Name} at 0" "the same from both sides" $"{left} from the left, {right} from the right"
        else
            Outcome.holds

    Outcome.all (
        seq {
            continuous "σ" row.Negative.Value row.Positive.Value
            continuous "σ′" row.Negative.Slope row.Positive.Slope
            continuous "σ″" row.Negative.Curvature row.Positive.Curvature
        }
    )

let private isAdmissible (row: Row) : Outcome = Outcome.check [ (fun () -> isTwiceDifferentiable row); (fun () -> hasPositiveSlope row) ]

/// Φ = σ has a critical point: σ′ has a proved zero.
let private hasZero (row: Row) : Outcome =
    match tryZero row, hasPositiveSlope row with
    | Some _, _ -> Outcome.holds
    | None, Outcome.Holds _ -> Outcome.refuted $"the zeros of σ′ of {row.Name}" "one at least" "none"
    | None, _ -> Outcome.undecided $"no zero of σ′ of {row.Name} was proved"

/// The 1-1-1 network Φ = σ has no critical point.
let hasNoCriticalPoint: Row -> Outcome = hasPositiveSlope

/// The 1-1-1 network Φ = σ has no degenerate critical point: refuted where σ′ and σ″ vanish at 0 exactly.
let hasNoDegeneratePoint (row: Row) : Outcome =
    let vanishes (value: Interval) = value.Lower = 0.0 && value.Upper = 0.0
    let origin = Interval.ofFloat 0.0

    if vanishes (row.Positive.Slope origin) && vanishes (row.Positive.Curvature origin) then
        Outcome.refuted "Φ″ at the critical point 0" "not 0" "0"
    else
        Outcome.undecided $"{row.Name} has no critical point at 0, or not a degenerate one"

/// s³, the strictly increasing activation with σ′(0) = σ″(0) = 0.
let strictlyIncreasing: Row = cubed

/// The rows that break σ′ &gt; 0 in a 1-1-1 network: sin, GELU, ReLU.
let breaking: Row list = [ sin; gelu; relu ]

/// f(b) − f(a) ∈ f′([a, b])·(b − a) on pieces of [−4, 4], for σ and for σ′.
let private isDerivative (row: Row) : Outcome =
    let piece (branch: Branch) (a: float) =
        let b = Operators.(+) a 0.125

        let meanValue name (f: Interval -> Interval) (f': Interval -> Interval) =
            let difference = f (Interval.ofFloat b) - f (Interval.ofFloat a)
            let bound = f' (Interval.ofBounds a b) * Interval.ofFloat 0.125

            if Interval.disjoint difference bound then
                Outcome.refuted $"the increase of {name} of {row.Name} from {a} to {b}" $"in {bound}" (string difference)
            else
                Outcome.holds

        Outcome.all (
            seq {
                meanValue "σ" branch.Value branch.Slope
                // The slope of hard tanh is known up to its kinks only.
                if row.Name <> hardTanh.Name then
                    meanValue "σ′" branch.Slope branch.Curvature
            }
        )

    Outcome.all (
        seq {
            for k in -32 .. 31 do
                let a = Operators.(*) 0.125 (float k)
                piece (if k < 0 then row.Negative else row.Positive) a
        }
    )

/// The formulas agree with the ranges the library uses.
let private agrees (name: string, kind: ActivationKind) : Outcome =
    let row = List.append admissible inadmissible |> List.find (fun row -> row.Name = name)

    Outcome.all (
        seq {
            for k in -32 .. 31 do
                let place = Interval.ofBounds (Operators.(*) 0.125 (float k)) (Operators.(*) 0.125 (float (Operators.(+) k 1)))

                for order, formula in [ 0, row.Positive.Value; 1, row.Positive.Slope; 2, row.Positive.Curvature ] do
                    let here, there = formula place, ActivationRange.derivative order kind place

                    if Interval.disjoint here there then
                        Outcome.refuted $"derivative {order} of {name} over {place}" $"meets {here}" (string there)
        }
    )

let private kinds = [
    "tanh", Networks.tanh
    "logistic", Instruments.logistic
    "softplus", Instruments.softplus
    "sin", Instruments.sine
    "s + s³/3", ActivationKind.Cubic
    "s²", ActivationKind.Square
]

let private reference: KnownValue list =
    let zero (row: Row) () =
        match tryZero row with
        | Some zero -> zero
        | None -> Interval.entire

    let row (row: Row) (place: float) (value: float) = [
        Known.value $"the zero of σ′ of {row.Name}" place (zero row)
        Known.value $"σ of {row.Name} there" value (fun () -> row.Negative.Value(zero row ()))
    ]

    List.concat [
        row gelu -0.75179152469356446 -0.16997120747990366
        row geluTanh -0.75246142207101626 -0.17004075057125405
        row silu -1.2784645427610738 -0.2784645427610738
        row mish -1.1924312145154952 -0.30884341301725041
        row sin 1.5707963267948966 1.0
    ]

let claim: Claim =
    let show (row: Row) = [ "activation", row.Name ]

    Paper.define
        "kuehn-kuntz.activation.admissible"
        Paper.reconstructed
        "σ is C² with σ′ > 0 for tanh, logistic, arctan, erf, softplus, asinh, s + s³/3 and s + c·tanh s, c > −1; σ′ has a zero for GELU, SiLU, Mish, sin, s², s³, the Gaussian, ReLU and hard tanh."
    |> Claim.hypothesis "H1" "σ is C²"
    |> Claim.hypothesis "H2" "σ′ > 0 everywhere, more than strictly increasing"
    |> Claim.certified "admissible" (Instances.exhaustive show admissible) isAdmissible
    |> Claim.certified "inadmissible" (Instances.exhaustive show inadmissible) hasZero
    |> Claim.certified
        "formulas-are-derivatives"
        (Instances.exhaustive show (admissible @ inadmissible @ [ leaky; elu; softsign ]))
        isDerivative
    |> Claim.certified "formulas-agree-with-the-library" (Instances.exhaustive (fun (name, _) -> [ "activation", name ]) kinds) agrees
    |> Known.references reference "reference"
    |> Claim.neededBy "H1" (Instances.chosen show [ leaky; elu; softsign ]) isAdmissible
    |> Claim.neededBy "H2" (Instances.chosen show [ cubed ]) isAdmissible
