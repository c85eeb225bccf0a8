/// A bound of the splitting error along a tube.
///
/// Statement: with a ball about the numeric path that holds everything a step passes through, of radius r = ρ + E + hΣ|a_i|, every |g|, g′ and |g″| of the a-priori bound may be replaced by its supremum over that ball: the error of every
/// start within ρ of the centre is at most E, E ← Ee^{μh} + D, and its numeric path stays within the radius ρ ← ρe^{μh} + δ. Never worse than a priori, up to the outward rounding.
/// Proof: numeric points lie within ρ of c, exact ones within E of their numeric partners, both move by at most hΣ|a_i| within the step; the ball is convex and there the field has the logarithmic norm ΣG_iμ_i.
/// Needed are the inflation by hΣ|a_i| and the E in the radius: both have counterexamples.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Duan.Compile.APosteriori

open LayerTime.Core.Numbers
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Duan
open LayerTime.Core.Claims.Duan.Split

/// A field, a ball of starts and the steps; the points of the field lie in the ball.
[<NoComparison>]
type private Case = { Field: FieldCase; Centre: float[]; Radius: float; Steps: int }

let private tube (splitting: Splitting) (case: Case) : TubeEnd =
    TubeCertificate.run splitting (Fields.exactly case.Field.Terms) (Rational.ofFloat case.Field.Horizon) case.Steps case.Centre case.Radius

let private apriori (splitting: Splitting) (case: Case) : float =
    let terms, horizon = case.Field.Terms, case.Field.Horizon

    match splitting with
    | Splitting.Strang -> Measured.strangBound terms horizon case.Steps
    | _ -> Measured.lieBound (Measured.tanhSizes terms) terms horizon case.Steps

/// The error of all points is at most E, their numeric images lie in the ball, and E is at most the a-priori bound: computed outward,
/// with some hundred roundings a step.
let private isBound (case: Case) : Outcome =
    let reference = Measured.tanhReference (1e-3 * (tube Splitting.Strang case).Error) case.Field

    [ Splitting.LieTrotter; Splitting.Strang ]
    |> List.map (fun splitting ->
        let tube = tube splitting case
        let images = Fields.run splitting case.Field.Terms case.Field.Horizon case.Steps case.Field.Points
        let farthest = images |> Array.map (Fields.distance tube.Centre) |> Array.max

        Outcome.all [
            Measured.against reference splitting case.Steps case.Field
            |> Measured.atMost $"the error of {Splitting.name splitting}" tube.Error
            Outcome.atMost "the distance of the images from the centre" tube.Radius farthest
            Outcome.atMost "E" (apriori splitting case * (1.0 + 1e-9)) tube.Error
        ])
    |> Outcome.all

/// The bound of Lie written out in floats, with and without what its proof needs: an instrument for the controls.
let private lieTube (inflates: bool) (addsError: bool) (case: Case) : float =
    let terms = case.Field.Terms
    let h = case.Field.Horizon / float case.Steps
    let travel = if inflates then h * Array.sumBy Fields.length terms else 0.0
    let dot (x: Binary64[]) (y: Binary64[]) = Array.fold2 (fun sum (a: Binary64) (b: Binary64) -> sum + a.Value * b.Value) 0.0 x y

    let step (c: float[], ρ: float, E: float) _ =
        let r = ρ + (if addsError then E else 0.0) + travel

        let sizes =
            terms
            |> Array.map (fun term ->
                let s = abs (RidgeTerm.preactivation term (Fields.binary c)).Value
                let reach = Fields.norm (Fields.floats term.Weights) * r
                let nearest = Elementary.tanh (max 0.0 (s - reach))
                Elementary.tanh (s + reach), 1.0 - nearest * nearest)

        let growth =
            Array.map2
                (fun (term: RidgeTerm<Binary64>) (_, G) ->
                    0.5 * G * (Fields.length term * Fields.norm (Fields.floats term.Weights) + dot term.Direction term.Weights))
                terms
                sizes
            |> Array.sum

        let commutator =
            Seq.allPairs (seq { 0 .. terms.Length - 1 }) (seq { 0 .. terms.Length - 1 })
            |> Seq.filter (fun (i, j) -> i <> j)
            |> Seq.sumBy (fun (i, j) ->
                Fields.length terms[j] * abs (dot terms[j].Weights terms[i].Direction) * snd sizes[j] * fst sizes[i])

        let factor = Elementary.exp (growth * h)
        let next = Array.fold (fun x term -> TermFlow.apply term h x) (Fields.binary c) terms |> Fields.floats
        next, ρ * factor, E * factor + 0.5 * h * h * factor * commutator

    let _, _, E = Seq.fold step (case.Centre, case.Radius, 0.0) (seq { 1 .. case.Steps })
    E

/// The true error against the bound written out.
let private holds (inflates: bool) (addsError: bool) (case: Case) : Outcome =
    let exact = Fields.runOne Splitting.Yoshida case.Field.Terms case.Field.Horizon 4000 case.Centre
    let lie = Fields.runOne Splitting.LieTrotter case.Field.Terms case.Field.Horizon case.Steps case.Centre
    Outcome.atMost "the error of Lie" (lieTube inflates addsError case) (Fields.distance exact lie)

let private tanh = Fields.term Profile.Tanh

/// Every term is saturated at the start and not on the way.
let private saturated: Case = {
    Field = { Terms = [| tanh "0 1" "1 0" "0"; tanh "-20 0" "0 1" "0" |]; Horizon = 1.0; Points = [| [| 10.0; 10.0 |] |] }
    Centre = [| 10.0; 10.0 |]
    Radius = 0.0
    Steps = 1
}

/// The start lies between the unstable rest points of the flow and of the Lie map.
let private separating: Case = {
    Field = { Terms = [| tanh "1" "5" "0"; tanh "1/2" "1/5" "1" |]; Horizon = 4.0; Points = [| [| -0.07 |] |] }
    Centre = [| -0.07 |]
    Radius = 0.0
    Steps = 40
}

let private show (case: Case) : (string * string) list =
    Fields.show case.Field @ [ "centre", sprintf "%A" case.Centre; "radius", string case.Radius; "n", string case.Steps ]

let claim: Claim =
    let cases =
        let draw (stream: RandomStream) =
            let field = Fields.draw Profile.Tanh (2, 3) 1 stream
            let stretch factor (x: Binary64[]) = x |> Array.map (fun (x: Binary64) -> Binary64(factor * x.Value))
            let factor = Draws.choice stream [| 1.0; 3.0 |]

            let terms =
                field.Terms
                |> Array.map (fun term -> { term with Weights = stretch factor term.Weights; Bias = Binary64(2.0 * term.Bias.Value) })

            let d = field.Points[0].Length
            let radius = Draws.choice stream [| 0.0; 0.05; 0.3 |]

            let inBall _ =
                let x = Fields.normals stream d
                let size = Fields.norm x
                let length = radius * stream.NextFloat(0.0, 0.999)
                Array.map2 (fun c x -> c + length * x / size) field.Points[0] x

            {
                Field = { field with Terms = terms; Points = Array.init 12 inBall }
                Centre = field.Points[0]
                Radius = radius
                Steps = Draws.choice stream [| 1; 4; 16 |]
            }

        Generator.fromStream (fun _ -> draw) Shrink.none show

    let refA centre radius steps = {
        Field = { Terms = Fields.refA; Horizon = 1.0; Points = [| centre |] }
        Centre = centre
        Radius = radius
        Steps = steps
    }

    let start = refA [| 0.3; -0.7 |] 0.0

    // The exact fractions of REF_A.
    let exactTube splitting (case: Case) = TubeCertificate.run splitting Fields.refAExact Rational.One case.Steps case.Centre case.Radius

    let overCells splitting steps =
        Seq.allPairs (seq { 0..9 }) (seq { 0..9 })
        |> Seq.map (fun (i, j) ->
            (exactTube splitting (refA [| -0.9 + 0.2 * float i; -0.9 + 0.2 * float j |] (0.1 * sqrt 2.0) steps)).Error)
        |> Seq.max

    Paper.define
        "duan.compile.a-posteriori"
        Paper.ofAbstract
        "Along a tube about the numeric path, inflated by hΣ|a_i| and by the error so far, the local sizes of the terms bound the error of Lie and Strang splitting of tanh fields, never worse than a priori."
    |> Claim.hypothesis "H1" "the ball is inflated by hΣ|a_i|"
    |> Claim.hypothesis "H2" "the ball is inflated by the error so far"
    |> Claim.bounded "fields" (Instances.random cases 60) isBound
    |> Claim.bounded "written-out" (Instances.chosen show [ saturated; separating; start 16 ]) (holds true true)
    |> Known.bounded "reference" [
        Known.floats "REF_A from (3/10, −7/10), n = 16: Lie" "0.017847369624" (fun () -> [|
            (exactTube Splitting.LieTrotter (start 16)).Error
        |])
        Known.floats "its end" "0.9350953992226766 -0.9742895908737977" (fun () -> (exactTube Splitting.LieTrotter (start 16)).Centre)
        Known.floats "Strang" "2.52925877738e-4" (fun () -> [| (exactTube Splitting.Strang (start 16)).Error |])
        Known.floats "the Lie bound written out" "0.017847369624114394" (fun () -> [| lieTube true true (start 16) |])
        Known.floats "10 × 10 cells of [−1, 1]², Lie, n = 8 and 32" "0.141289763716 0.0280479746483" (fun () -> [|
            overCells Splitting.LieTrotter 8
            overCells Splitting.LieTrotter 32
        |])
        Known.floats "Strang, n = 8 and 32" "0.00582301056609 2.71266984158e-4" (fun () -> [|
            overCells Splitting.Strang 8
            overCells Splitting.Strang 32
        |])
        Known.floats "a priori: Lie, n = 8 and 32" "0.17947567989935018 0.04203264556818435" (fun () -> [|
            for n in [ 8; 32 ] -> apriori Splitting.LieTrotter (start n)
        |])
        Known.floats "a priori: Strang, n = 8 and 32" "0.008105805984112483 4.580823391112177e-4" (fun () -> [|
            for n in [ 8; 32 ] -> apriori Splitting.Strang (start n)
        |])
    ]
    |> Claim.neededBy "H1" (Instances.chosen show [ saturated ]) (holds false true)
    |> Claim.neededBy "H2" (Instances.chosen show [ separating ]) (holds true false)
