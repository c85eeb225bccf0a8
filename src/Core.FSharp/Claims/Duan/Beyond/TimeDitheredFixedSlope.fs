/// One slope in all layers costs no power of ε if the tables move in time.
///
/// Statement: for terms with κ ≠ 0 and 0 &lt; α &lt; 1 the profiles ψ̃_θ(s) = ψ(lo) + (sign κ·c/κ)·Σ_{j&lt;J} clamp(s − z_j, 0, ℓ_j), c = 1 − α (κ &lt; 0) or 1/α − 1 (κ &gt; 0), ℓ_j = |κ|ψ′(z_j)η/c, give s + κψ̃_θ the slopes 1 and α, or 1 and 1/α, only: 2J
/// layers of one slope. With the offsets of the van der Corput sequence the error is O(h) up to a logarithm for constant J: depth ε^{−1}·log(1/ε) against ε^{−2} for tables that do not move.
/// Proof: the mean of ψ̃_θ over θ is ψ + O(hℓ), ℓ = O(hη), so the bias of n steps is O(h); the rest as for time-dithered-kinks.
/// Measured is a fitted order of at least 0.7 over n = 16 … 512: the ladder is irregular, and the logarithm is not resolved.
/// Own.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Duan.Beyond.TimeDitheredFixedSlope

open LayerTime.Core.Numbers
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Duan

let private knots = 4
let private α = 0.5
let private points = Fields.grid 21 -1.0 1.0

/// A field with its tube.
[<NoComparison>]
type private Case = { Name: string; Terms: RidgeTerm<Binary64>[]; Radius: float }

let private tanh = {
    Name = "REF_A, terms 1 and 2"
    Terms = Array.truncate 2 Fields.refA
    Radius = Dithering.radius (Array.truncate 2 Fields.refA) 1.0 (sqrt 2.0)
}

let private relu = { Name = "REF_R"; Terms = Fields.refR; Radius = 2.9 }

let private exact (case: Case) : float[][] =
    if case.Terms[0].Profile = Profile.Tanh then
        Fields.run Splitting.Yoshida case.Terms 1.0 64 points
    else
        points |> Array.map (ReluReference.flow case.Terms 1.0)

let private errors (θ: int -> float) (case: Case) (ns: int list) : float[] =
    let exact = exact case
    [| for n in ns -> Fields.largestDistance exact (Dithering.fixedSlope α knots case.Radius case.Terms 1.0 n θ points) |]

let private ns = [ 16; 32; 64; 128; 256; 512 ]

/// The slope of the least-squares line through log error against log 1/n.
let private fitted (θ: int -> float) (case: Case) : Outcome =
    let x = ns |> List.map (float >> Elementary.log) |> List.toArray
    let y = errors θ case ns |> Array.map Elementary.log
    let mx, my = Array.average x, Array.average y
    let slope = -(Array.fold2 (fun sum x y -> sum + (x - mx) * (y - my)) 0.0 x y) / Array.sumBy (fun x -> (x - mx) * (x - mx)) x
    Outcome.atLeast "the fitted order" 0.7 slope

/// s + κψ̃ has two slopes only, 1 and α or 1/α, seen between 800 neighbouring points off the knots; ℓ_j &lt; η.
let private hasOneSlope (case: Case) : Outcome =
    let n = 16
    let h = 1.0 / float n

    case.Terms
    |> Seq.map (fun term ->
        let reach = Fields.norm (Fields.floats term.Weights) * case.Radius
        let b, κ = term.Bias.Value, (RidgeTerm.rate term).Value
        let ψ = Dithering.oneSlope α knots (b - reach, b + reach) term.Profile κ h 0.5
        let other = if κ < 0.0 then α else 1.0 / α
        let at i = b - reach + 2.0 * reach * (float i + 0.3) / 800.0
        let width = 2.0 * reach / 800.0
        let slopes = Array.init 799 (fun i -> 1.0 + κ * (ψ (at (i + 1)) - ψ (at i)) / width)
        // Differences of ψ ≤ 3 have an error of 10⁻¹⁵ and are divided by the width; an interval with one of the 2J ends inside is in between.
        let tolerance = 1e-13 / width
        let isOne slope = abs (slope - 1.0) <= tolerance || abs (slope - other) <= tolerance

        Outcome.atMost
            "the intervals with a slope in between"
            (float (2 * knots))
            (slopes |> Array.filter (isOne >> not) |> Array.length |> float))
    |> Outcome.all

let claim: Claim =
    let show (case: Case) = [ "field", case.Name; "α", string α; "J", string knots ]

    Paper.define
        "duan.beyond.time-dithered-fixed-slope"
        Paper.own
        "Networks with one slope in all layers and a constant number of layers for each step approach the flow with order 1 in the step, up to a logarithm, if the offset of their tables follows the van der Corput sequence."
    |> Claim.hypothesis "H1" "the offset follows a sequence of low discrepancy"
    |> Claim.asymptotic "order" (Instances.ladder show [ tanh; relu ]) (fitted Dithering.vanDerCorput)
    |> Claim.bounded "one-slope" (Instances.chosen show [ tanh; relu ]) hasOneSlope
    |> Known.bounded "reference" [
        Known.floats "REF_A, terms 1 and 2: n = 16, 64, 256, 512" "0.1529321789 0.0517084979 0.0177334327 0.00938" (fun () ->
            errors Dithering.vanDerCorput tanh [ 16; 64; 256; 512 ])
        Known.floats "REF_R: n = 16, …, 512" ".308 .219 .0861 .0462 .0423 .0150" (fun () -> errors Dithering.vanDerCorput relu ns)
        Known.floats "with θ = 1/2 fixed: tanh and ReLU at n = 512" "0.917 1.163" (fun () -> [|
            for case in [ tanh; relu ] -> (errors (fun _ -> 0.5) case [ 512 ])[0]
        |])
    ]
    |> Claim.neededBy "H1" (Instances.chosen show [ tanh; relu ]) (fitted (fun _ -> 0.5))
