/// The flow of a tanh term in closed form, and how it is computed.
///
/// Statement: x′ = a·tanh(w·x + b) has sinh s(τ) = e^{κτ}·sinh s, so φ^τ(x) = x + a·ψ(s) with ψ = (asinh(e^{κτ}·sinh s) − s)/κ, and ψ = τ·tanh s for κ = 0. |ψ| ≤ |τ|, and ψ is odd. The
/// formulas of TermFlow.tanhProfile are within 16 ulp of |τ| for every s, without thresholds; |ψ| = |τ| up to 2e⁻⁴⁰|τ| only where |s| + min(κτ, 0) &gt; 20.
/// Checked against 60 digits, by the group law ψ_{τ+ρ}(s) = ψ_ρ(s) + ψ_τ(s + κψ_ρ(s)), in which an error of s counts with |ψ′| ≤ |τ|·max(1, e^{κτ}), and by the method of order 4.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Duan.Term.TanhFlow

open LayerTime.Core.Numbers
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Duan

/// ψ for κ, τ at s, with a second time for the group law.
type internal Scalar = { Kappa: float; Tau: float; Rho: float; S: float }

let private ulp = 16.0 * Fields.unit

let private show (case: Scalar) : (string * string) list = [
    "κ", string case.Kappa
    "τ", string case.Tau
    "ρ", string case.Rho
    "s", string case.S
]

/// τ, ρ in [−2, 2], κ in [−4, 4], 0 in one case of five, below 1e-8 in one of ten; |s| up to 40 in one of five.
let internal scalars: Generator<Scalar> =
    let draw (stream: RandomStream) = {
        Kappa =
            match stream.NextInt(1, 10) with
            | 1 -> stream.NextFloat(-1e-8, 1e-8)
            | 2
            | 3 -> 0.0
            | _ -> stream.NextFloat(-4.0, 4.0)
        Tau = stream.NextFloat(-2.0, 2.0)
        Rho = stream.NextFloat(-2.0, 2.0)
        S = if stream.NextInt(1, 5) = 1 then stream.NextFloat(-40.0, 40.0) else stream.NextFloat(-4.0, 4.0)
    }

    let shrink (case: Scalar) =
        seq {
            for κ in Shrink.float case.Kappa do
                { case with Kappa = κ }

            for τ in Shrink.float case.Tau do
                { case with Tau = τ }

            for s in Shrink.float case.S do
                { case with S = s }
        }

    Generator.fromStream (fun _ -> draw) shrink show

/// The largest |ψ′| for a time between: |τ|·max(1, e^{κτ}).
let private slope (κ: float) (τ: float) : float = abs τ * max 1.0 (Elementary.exp (κ * τ))

let private isGroup (case: Scalar) : Outcome =
    let κ, τ, ρ, s = case.Kappa, case.Tau, case.Rho, case.S
    let ψ = TermFlow.tanhProfile κ
    let first = ψ ρ s
    // s + κψ_ρ: two roundings, and the error of ψ_ρ.
    let moved = 2.0 * Fields.unit * (abs s + abs κ * abs ρ) + abs κ * ulp * abs ρ
    let tolerance = ulp * (abs ρ + abs τ + abs (τ + ρ)) + slope κ τ * moved

    Outcome.all [
        Outcome.atMost "|ψ_τ+ρ(s) − ψ_ρ(s) − ψ_τ(s + κψ_ρ(s))|" tolerance (abs (ψ (τ + ρ) s - (first + ψ τ (s + κ * first))))
        Outcome.atMost "|ψ|" (abs ρ * (1.0 + ulp)) (abs first)
        Outcome.equal "ψ(−s)" string -first (ψ ρ -s)
    ]

/// The flow there and back in d dimensions, through the formulas for ψ.
let private isInverse (case: Scalar) : Outcome =
    let κ, τ, s = case.Kappa, case.Tau, case.S
    let there = TermFlow.tanhProfile κ τ s
    let back = TermFlow.tanhProfile κ -τ (s + κ * there)
    let moved = 2.0 * Fields.unit * (abs s + abs κ * abs τ) + abs κ * ulp * abs τ
    Outcome.atMost "|ψ_τ + ψ_−τ|" (2.0 * ulp * abs τ + slope κ -τ * moved) (abs (there + back))

/// ψ is the value at τ of p′ = tanh(s + κp), p(0) = 0: the method of order 4 with 200 and 400 steps, their full difference added as the error of the finer one.
let private solves (case: Scalar) : Outcome =
    let rate _ (p: float[]) = [| Elementary.tanh (case.S + case.Kappa * p[0]) |]
    let run n = (FloatSteps.rungeKutta rate [| 0.0 |] case.Tau n)[0]
    let coarse, fine = run 200, run 400
    // 400 steps of 12 roundings of at most |τ|, carried on with e^{|κτ|}.
    let tolerance =
        abs (fine - coarse) + (ulp + 5000.0 * Fields.unit * Elementary.exp (abs (case.Kappa * case.Tau))) * abs case.Tau

    Outcome.atMost "|ψ − p(τ)|" tolerance (abs (TermFlow.tanhProfile case.Kappa case.Tau case.S - fine))

/// κ, τ, s and ψ to 25 digits, by arithmetic with 60.
let private table = [
    1e-9, 1.0, 0.3, "0.2913126125848863652416436"
    0.375, 0.5, 0.05, "0.02746692236331105435782523"
    -15.0, 2.0, 21.0, "1.399995886339866387805038"
    -15.0, 2.0, -25.0, "-1.66644206885822598181719"
    5.0, 2.0, 40.0, "2.0"
    -5.0, 2.0, 0.0001, "0.00001999909200140323793037078"
    6.0, -2.0, 30.5, "-1.999999999999999985778254"
    0.25, -1.5, -3.25, "1.493309508609902453070457"
    1.5, 0.6666666666666666, 2.0, "0.6560511965779010692987"
    -2.5, 0.4000000000000001, 1.25, "0.276144248700648684181688"
    4.0, 0.2500000000000001, 0.75, "0.1985416846963431263549121"
    -6.0, 2.0, 12.0, "1.919798029159546577905456"
    -1e-9, -2.0, 5.0, "-1.999818408525553395909418"
    3.0, 2.0, 1e-12, "1.341429311642450381677506e-10"
    -4.0, 2.0, 7.5, "1.800300207923176916642907"
    2.0, 0.001, -39.0, "-0.001000000000000000020816682"
]

let private agrees (κ: float, τ: float, s: float, digits: string) : Outcome =
    let error = Rational.ofFloat (TermFlow.tanhProfile κ τ s) - Known.number digits |> Rational.abs |> Rational.toFloat
    Outcome.atMost "|ψ − the 60 digits|" (ulp * abs τ) error

/// ψ = ±τ: for κτ &lt; 0 the path stays above |s| + κτ, where tanh is 1 up to 2e⁻⁴⁰.
let private isSaturated (case: Scalar) : Outcome =
    let ψ = TermFlow.tanhProfile case.Kappa case.Tau case.S
    Outcome.atMost "||ψ| − |τ||" (abs case.Tau * (ulp + 2.0 * Elementary.exp -40.0)) (abs (abs ψ - abs case.Tau))

let claim: Claim =
    let saturated = {
        scalars with
            Gen =
                FsCheck.FSharp.Gen.map2
                    (fun (case: Scalar) (stream: RandomStream) ->
                        let least = 20.0 - min 0.0 (case.Kappa * case.Tau)
                        { case with S = (if stream.NextBool() then 1.0 else -1.0) * (least + stream.NextFloat(0.01, 20.0)) })
                    scalars.Gen
                    Generator.stream
            Shrink = Shrink.none
    }

    let showRow (κ: float, τ: float, s: float, _: string) = [ "κ", string κ; "τ", string τ; "s", string s ]
    let refA = Fields.refA[0]

    Paper.define
        "duan.term.tanh-flow"
        Paper.reconstructed
        "The flow of a·tanh(w·x + b) is x + a·ψ(s) with ψ = (asinh(e^{κτ} sinh s) − s)/κ, computed to 16 ulp of |τ| for every s; |ψ| is |τ| only where |s| + min(κτ, 0) is large."
    |> Claim.hypothesis "H1" "|s| + min(κτ, 0) > 20, where ±τ is taken for ψ"
    |> Claim.bounded "digits" (Instances.chosen showRow table) agrees
    |> Claim.bounded "group-law" (Instances.random scalars 300) isGroup
    |> Claim.bounded "inverse" (Instances.random scalars 300) isInverse
    |> Claim.bounded "differential-equation" (Instances.random scalars 100) solves
    |> Claim.bounded "saturation" (Instances.random saturated 100) isSaturated
    |> Known.bounded "reference" [
        Known.floats "REF_A term 1, τ = 1/2, (3/10, −7/10)" "0.313733461181655526 -0.706866730590827763" (fun () ->
            TermFlow.apply refA 0.5 (Fields.binary [| 0.3; -0.7 |]) |> Fields.floats)
        Known.floats "asinh(e·sinh ½)" "1.1475259136619991" (fun () -> [| 0.5 + TermFlow.tanhProfile 1.0 1.0 0.5 |])
        Known.floats "κ = −15, τ = 2, s = 21" "1.39999588634" (fun () -> [| TermFlow.tanhProfile -15.0 2.0 21.0 |])
    ]
    // |s| > 20 alone is not enough.
    |> Claim.neededBy "H1" (Instances.chosen show [ { Kappa = -15.0; Tau = 2.0; Rho = 0.0; S = 21.0 } ]) isSaturated
