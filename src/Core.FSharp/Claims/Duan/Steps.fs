namespace LayerTime.Core.Claims.Duan

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared

/// A residual step S_c(x) = x + c·max(0, w·x + b) and points of its input.
[<NoComparison>]
type internal StepCase = {
    C: Rational[]
    W: Rational[]
    B: Rational
    Points: Rational[][]
} with

    /// S_c
    member case.Step: ResidualStep<Rational> = { Shift = case.C; Weights = case.W; Bias = case.B }

    /// m = c·w
    member case.Slope = ResidualStep.slope case.Step

/// Residual steps of fractions.
[<RequireQualifiedAccess>]
module internal Steps =
    /// w·x + b
    let ridge (w: 'T[]) (b: 'T) (x: 'T[]) : 'T :> IRing<'T> = 'T.Sum(Vector.dot w x, b)

    /// S_c(x)
    let apply (case: StepCase) (x: Rational[]) : Rational[] = ResidualStep.apply case.Step x

    /// x moved along w onto the kink w·x + b = 0.
    let ontoKink (case: StepCase) (x: Rational[]) : Rational[] =
        Vector.addScaled x (-(ridge case.W case.B x) / Vector.dot case.W case.W) case.W

    /// c without its part along w.
    let perpendicular (c: Rational[]) (w: Rational[]) : Rational[] = Vector.addScaled c (-(Vector.dot c w) / Vector.dot w w) w

    let private isZero (x: Rational[]) : bool = x |> Array.forall (fun a -> a.Sign = 0)

    /// A case as pairs of a name and a value.
    let show (case: StepCase) : (string * string) list =
        [ "c", Known.show case.C; "w", Known.show case.W; "b", string case.B ] @ Nets.showPoints case.Points

    /// Steps with w ≠ 0 and d in least..most that satisfy a condition; one point of five lies on the kink.
    let generator
        (least: int, most: int)
        (shape: Rational[] -> Rational[] -> Rational[])
        (accept: StepCase -> bool)
        (count: int)
        : Generator<StepCase> =
        let accepted (case: StepCase) = not (isZero case.W) && accept case

        let one (stream: RandomStream) =
            let d = stream.NextInt(least, most)
            let c, w, b = Nets.vector stream d, Nets.vector stream d, Nets.fraction stream
            let case = { C = (if isZero w then c else shape c w); W = w; B = b; Points = [||] }
            let point i = Nets.vector stream d |> if i % 5 = 0 && not (isZero w) then ontoKink case else id
            { case with Points = Array.init count point }

        let simpler (case: StepCase) =
            seq {
                for d in Shrink.int least case.C.Length do
                    let cut = Array.truncate d
                    { case with C = cut case.C; W = cut case.W; Points = Array.map cut case.Points }

                for b in Draws.shrinkFraction case.B do
                    { case with B = b }

                for w in Draws.shrinkVector case.W do
                    { case with W = w }

                for c in Draws.shrinkVector case.C do
                    { case with C = c }

                for points in Draws.shrinkRows case.Points do
                    { case with Points = points }
            }
            |> Seq.filter (fun case -> accepted case && shape case.C case.W = case.C)

        Generator.fromStream (fun _ -> Draws.until accepted one) simpler show

    /// c as it was drawn.
    let anyShape (c: Rational[]) (_: Rational[]) : Rational[] = c

    /// 1 + m > 0
    let isInvertible (case: StepCase) : bool = (Rational.One + case.Slope).Sign > 0

    /// A case from text.
    let create (c: string) (w: string) (b: string) (points: string list) : StepCase = {
        C = Known.vector c
        W = Known.vector w
        B = Known.number b
        Points = Known.rows points
    }
