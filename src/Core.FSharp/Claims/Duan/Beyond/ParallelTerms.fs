/// Terms that do not see each other run in one layer.
///
/// Statement: steps with w_i·c_j = 0 for i ≠ j and c_i·w_i = m_i ≠ 0, 1 + m_i &gt; 0, at most d of them, are one leaky layer: the chart has the rows w_i and a basis of what all c_i are
/// perpendicular to, and coordinate i has λ_{1+m_i,1}.
/// Own.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Duan.Beyond.ParallelTerms

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Duan

/// Steps (c_i, w_i, b_i) and points.
[<NoComparison>]
type private Case = { Steps: ResidualStep<Rational>[]; Points: Rational[][] }

let private realises (case: Case) : Outcome =
    match ParallelLayer.create case.Steps with
    | Error defects -> Nets.refused "the layers" "one leaky layer" defects
    | Ok net ->
        seq {
            Outcome.equal "the number of activations" string 1 net.Depth

            for x in case.Points do
                let run steps = Seq.fold (fun x step -> ResidualStep.apply step x) x steps
                Check.vectors "the network at x" (run case.Steps) (VanillaNet.apply net x)
                Check.vectors "the steps in reverse order" (run case.Steps) (run (Array.rev case.Steps))
        }
        |> Outcome.all

let private show (case: Case) : (string * string) list =
    [
        for step in case.Steps do
            "c, w, b", $"{Known.show step.Shift}, {Known.show step.Weights}, {step.Bias}"
    ]
    @ Nets.showPoints case.Points

/// c_i = m_i·(column i of P⁻¹), w_i = row i of P.
let private ofRows (rows: Rational[][]) (m: Rational[]) (b: Rational[]) (points: Rational[][]) : Case =
    let dual = Elimination.inverse (Matrix.ofRows rows) |> Option.get |> Matrix.transpose |> Matrix.toRows
    let step i = { Shift = Vector.scale m[i] dual[i]; Weights = rows[i]; Bias = b[i] }
    { Steps = Array.init m.Length step; Points = points }

let private cases: Generator<Case> =
    let draw (stream: RandomStream) =
        let d = stream.NextInt(1, 4)
        let k = stream.NextInt(1, d)
        let slope stream = Draws.until (fun (m: Rational) -> m.Sign <> 0) (fun stream -> Nets.slope stream - Rational.One) stream
        let m = Array.init k (fun _ -> slope stream)
        ofRows (Nets.regular d stream) m (Nets.vector stream k) (Array.init 6 (fun _ -> Nets.vector stream d))

    let shrink (case: Case) =
        seq {
            for i in 0 .. case.Steps.Length - 1 do
                if case.Steps.Length > 1 then
                    { case with Steps = Array.removeAt i case.Steps }

            for points in Draws.shrinkRows case.Points do
                { case with Points = points }
        }

    Generator.fromStream (fun _ -> draw) shrink show

let private known: Case =
    ofRows (Known.rows [ "1 2 0"; "0 1 -1"; "1 0 1" ]) (Known.vector "1/2 -1/3") (Known.vector "1/4 -1/2") (Known.rows [ "1 1/2 -1/3" ])

/// The second step sees the first.
let private coupled: Case = {
    known with
        Steps =
            known.Steps
            |> Array.mapi (fun i step -> if i = 0 then { step with Shift = Vector.add step.Shift (Known.vector "0 1 0") } else step)
}

let claim: Claim =
    let vector i = known.Steps[i].Shift

    Paper.define
        "duan.beyond.parallel-terms"
        Paper.own
        "Steps with w_i·c_j = 0 for i ≠ j, c_i·w_i ≠ 0 and 1 + c_i·w_i > 0 are together one leaky layer."
    |> Claim.hypothesis "H1" "w_i·c_j = 0 for all i ≠ j"
    |> Claim.exact "one-layer" (Instances.random cases 200) realises
    |> Known.exact "reference" [
        Known.value "c₁" "-1/2 1/2 1/2" (fun () -> vector 0)
        Known.value "c₂" "-2/3 1/3 2/3" (fun () -> vector 1)
        Known.value "the image of (1, 1/2, −1/3)" "-25/72 125/72 73/72" (fun () ->
            VanillaNet.apply (ParallelLayer.create known.Steps |> Defect.orFail) known.Points[0])
    ]
    |> Claim.neededBy "H1" (Instances.chosen show [ coupled ]) realises
