/// Single steps of h′ = h², whose solution h/(1 − t·h) with the derivatives 1/(1 − t·h)² and 2t/(1 − t·h)³ is known exactly.
module LayerTime.Core.Tests.Rigour.Flow.StepTests

open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Rigour

let private series: IFlowSeries<Interval> =
    FlowSeries.ofField
        {
            new ISmoothField with
                member _.Dimension = 1
                member _.Evaluate(_, x) = [| Arithmetic.(*) x[0] x[0] |]
        }

let private holds (what: string) (value: Rational) (side: Interval) =
    Assert.True(Interval.containsRational value side, $"{what}: {Rational.toFloat value:R} is not in {side}")

/// The solution from h with both derivatives at a time lies in a jet.
let private contained (what: string) (h: Rational) (t: Rational) (jet: FlowJet<Interval>) =
    let rest = Rational.One - t * h
    holds $"{what}, h from {h} at {t}" (h / rest) jet.Value[0]

    if jet.Directions > 0 then
        holds $"{what}, first variation from {h} at {t}" (Rational.One / (rest * rest)) jet.First[0]

    if jet.HasSecond then
        holds $"{what}, second variation from {h} at {t}" (Rational.ofInt 2 * t / (rest * rest * rest)) jet.Second[0]

let private starts = [ Rational.create 1 2; Rational.create 3 4; Rational.One ]

[<Fact>]
let ``an a-priori enclosure holds all solutions with both variations for the whole step, or there is none`` () =
    let find (k: int) =
        let times = Interval.ofBounds 0.0 (float k / 64.0)
        PicardEnclosure.find series times times (FlowJet.identity true [| Interval.ofBounds 0.5 1.0 |])

    for k in 1..80 do
        match find k with
        | None -> ()
        | Some jet ->
            Assert.True(k < 64, "no solution from 1 lives until t = 1")

            for j in 0..8 do
                for h in starts do
                    contained $"the a-priori box of the step {k}/64" h (Rational.create (k * j) 512) jet

    Assert.True((find 1).IsSome && (find 8).IsSome)

[<Fact>]
let ``a step of any order holds the end of every solution, and its tube all of the way`` () =
    let box = [| Interval.ofBounds 0.5 1.0 |]

    for order in 1..10 do
        for k in 1..16 do
            let δ = Rational.create k 128
            let length = Interval.ofRational δ

            match TaylorEnclosure.step series order (Interval.ofFloat 0.0) length true [| 0.75 |] box with
            | None -> Assert.Fail $"a step of {δ} has an a-priori enclosure"
            | Some step ->
                let what = $"order {order}, step {δ}"
                contained what (Rational.create 3 4) δ (FlowJet.ofValue step.AtCentre)

                for h in starts do
                    contained what h δ step.OverBox

                    for j in 0..4 do
                        contained $"the tube, {what}" h (δ * Rational.create j 4) (FlowJet.ofValue step.Tube)
