/// Terms that do not see each other commute, and one Lie step of any length is exact.
///
/// Statement: if w_i·a_j = 0 for all i ≠ j, the flows of the terms commute, so Lie splitting with any step is the flow.
/// Proof: term j leaves s_i = w_i·x + b_i alone for i ≠ j.
/// Checked for the steps S_c in fractions, and for tanh terms by one step against many.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Duan.Split.CommutingExact

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Duan

/// Steps (c_i, w_i, b_i) and points.
[<NoComparison>]
type private Case = { Steps: ResidualStep<Rational>[]; Points: Rational[][] }

let private run (steps: ResidualStep<Rational> seq) (x: Rational[]) : Rational[] =
    steps |> Seq.fold (fun x step -> ResidualStep.apply step x) x

/// Forward, backward and all at once: x + Σ c_i·max(0, s_i(x)).
let private commutes (case: Case) : Outcome =
    case.Points
    |> Seq.collect (fun x ->
        let forward = run case.Steps x
        let joint = case.Steps |> Array.fold (fun sum step -> Vector.add sum (Vector.subtract (ResidualStep.apply step x) x)) x

        [
            Check.vectors "the steps in reverse order" forward (run (Array.rev case.Steps) x)
            Check.vectors "all steps at once" forward joint
        ])
    |> Outcome.all

let private show (case: Case) : (string * string) list =
    [
        for step in case.Steps do
            "c, w, b", $"{Known.show step.Shift}, {Known.show step.Weights}, {step.Bias}"
    ]
    @ Nets.showPoints case.Points

/// w_i the rows of a regular matrix, c_i multiples of the columns of its inverse.
let private cases: Generator<Case> =
    let draw (stream: RandomStream) =
        let d = stream.NextInt(2, 4)
        let rows = Nets.regular d stream
        let dual = Elimination.inverse (Matrix.ofRows rows) |> Option.get |> Matrix.transpose |> Matrix.toRows

        let steps =
            Array.init (stream.NextInt(2, d)) (fun i -> {
                // 1 + c·w > 0
                Shift = Vector.scale (Nets.slope stream - Rational.create 1 8) dual[i]
                Weights = rows[i]
                Bias = Nets.fraction stream
            })

        { Steps = steps; Points = Array.init 6 (fun _ -> Nets.vector stream d) }

    let shrink (case: Case) =
        seq {
            for i in 0 .. case.Steps.Length - 1 do
                if case.Steps.Length > 2 then
                    { case with Steps = Array.removeAt i case.Steps }

            for points in Draws.shrinkRows case.Points do
                { case with Points = points }
        }

    Generator.fromStream (fun _ -> draw) shrink show

let private coupled: Case = {
    Steps = [|
        { Shift = Known.vector "1 0"; Weights = Known.vector "1 1/2"; Bias = Rational.Zero }
        { Shift = Known.vector "0 1"; Weights = Known.vector "0 1"; Bias = Rational.Zero }
    |]
    Points = Known.rows [ "1 1" ]
}

let claim: Claim =
    Paper.define
        "duan.split.commuting-exact"
        Paper.reconstructed
        "Terms with w_i·a_j = 0 for i ≠ j commute: one splitting step of any length is the exact flow."
    |> Claim.hypothesis "H1" "w_i·a_j = 0 for all i ≠ j"
    |> Claim.exact "commute" (Instances.random cases 200) commutes
    |> Claim.neededBy "H1" (Instances.chosen show [ coupled ]) commutes
