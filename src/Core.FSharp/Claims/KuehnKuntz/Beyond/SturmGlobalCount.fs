/// All critical points of a sum of tanh neurons on the line, counted by a Sturm chain.
///
/// Statement: Φ(x) = Σ w_i·tanh(p_i·x + c_i) with integer p_i &gt; 0 and rational E_i = e^{2c_i}. With y = e²ˣ, Φ′ = 4·Σ
/// w_i·p_i·E_i·y^{p_i}/(1 + E_i·y^{p_i})², and the number of distinct positive roots of its numerator P(y) is the number of critical
/// points on all of ℝ; one is degenerate iff it is a root of gcd(P, P′).
/// Proof: y = e²ˣ is a diffeomorphism onto y &gt; 0 and the denominators are positive.
/// Our own. Checked on polynomials with known roots, by sign changes of Φ′ evaluated as it is written, and by symmetries of the count.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.KuehnKuntz.Beyond.SturmGlobalCount

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.KuehnKuntz

let private unit (weight: string) (slope: int) (exponential: string) : TanhUnit = {
    Weight = Networks.number weight
    Slope = slope
    Exponential = Networks.number exponential
}

/// Φ′/4 at y = e²ˣ, term by term: w·p·E·yᵖ/(1 + E·yᵖ)², also for p &lt; 0.
let private slope (units: TanhUnit list) (y: Rational) : Rational =
    let term (u: TanhUnit) =
        let power = u.Exponential * Rational.power y u.Slope
        let base' = Rational.One + power
        u.Weight * Rational.ofInt u.Slope * power / (base' * base')

    units |> List.sumBy term

let private showCount (count: GlobalCriticalPoints) : string =
    match count with
    | GlobalCriticalPoints.Everywhere -> "everywhere"
    | GlobalCriticalPoints.Finite(distinct, degenerate) -> $"{distinct}, {degenerate} of them degenerate"

/// y = e²ˣ of 2⁻⁶ … 2⁶ in steps of a factor of about 3/2.
let private samples: Rational list =
    [
        for k in -6 .. 6 -> [ Rational.power (Rational.ofInt 2) k; Rational.create 3 2 * Rational.power (Rational.ofInt 2) k ]
    ]
    |> List.concat

/// Where every critical point is non-degenerate, the sign of Φ′ at two points differs iff the number of critical points between them is
/// odd.
let private changesSign (units: TanhUnit list) : Outcome =
    match GlobalCount.polynomial units with
    | [||] -> samples |> Seq.map (slope units >> Check.equal "Φ′" Rational.Zero) |> Outcome.all
    | p ->
        let chain = SturmChain.create p
        let count = GlobalCount.criticalPoints units
        let sign y = (slope units y).Sign
        let between a b = SturmChain.count a b chain
        let parts = List.pairwise ([ Some Rational.Zero ] @ List.map Some samples @ [ None ])

        Outcome.check [
            fun () ->
                let distinct = parts |> List.sumBy (fun (a, b) -> between a b)

                match count with
                | GlobalCriticalPoints.Finite(found, _) ->
                    Outcome.equal "the number of critical points, piece by piece" string distinct found
                | GlobalCriticalPoints.Everywhere -> Outcome.refuted "the critical points" "finitely many" "everywhere"
            fun () ->
                match count with
                | GlobalCriticalPoints.Finite(_, 0) ->
                    List.pairwise samples
                    |> Seq.filter (fun (a, b) -> sign a <> 0 && sign b <> 0)
                    |> Seq.map (fun (a, b) ->
                        let isOdd = between (Some a) (Some b) % 2 = 1
                        Outcome.equal $"whether Φ′ changes its sign from y = {a} to {b}" string isOdd (sign a <> sign b))
                    |> Outcome.all
                | _ -> Outcome.holds
            fun () ->
                samples
                |> Seq.map (fun y ->
                    Outcome.equal $"whether Φ′ vanishes at y = {y}" string (sign y = 0) ((Polynomial.evaluate p y).Sign = 0))
                |> Outcome.all
        ]

/// x ↦ −x, a shift of x by ½·log t, a factor: the count stays.
let private isInvariant (units: TanhUnit list) : Outcome =
    let same name changed =
        Outcome.equal $"the count after {name}" showCount (GlobalCount.criticalPoints units) (GlobalCount.criticalPoints changed)

    let t = Rational.create 3 2

    Outcome.check [
        fun () -> same "x ↦ −x" (units |> List.map (fun u -> { u with Slope = -u.Slope }))
        fun () -> same "a shift" (units |> List.map (fun u -> { u with Exponential = u.Exponential * Rational.power t u.Slope }))
        fun () -> same "a factor" (units |> List.map (fun u -> { u with Weight = Rational.create -7 3 * u.Weight }))
        fun () ->
            let flipped u = { Weight = -u.Weight; Slope = -u.Slope; Exponential = Rational.One / u.Exponential }
            same "turning a neuron around" (units |> List.mapi (fun i u -> if i = 0 then flipped u else u))
    ]

let private units: Generator<TanhUnit list> =
    let draw (_: int) (stream: RandomStream) =
        List.init (stream.NextInt(1, 3)) (fun _ -> {
            Weight = Draws.dyadic 2 3 stream
            Slope = stream.NextInt(-3, 3)
            Exponential = Rational.create (stream.NextInt(1, 8)) (stream.NextInt(1, 8))
        })

    let shrinkUnit (u: TanhUnit) =
        seq {
            for weight in Draws.shrinkFraction u.Weight do
                { u with Weight = weight }

            for slope in Shrink.int 1 u.Slope do
                { u with Slope = slope }

            if u.Exponential <> Rational.One then
                { u with Exponential = Rational.One }
        }

    let shrink (units: TanhUnit list) = List.toArray units |> Shrink.array 1 shrinkUnit |> Seq.map List.ofArray

    let show (units: TanhUnit list) =
        units |> List.mapi (fun i u -> $"neuron {i + 1}", $"w = {u.Weight}, p = {u.Slope}, E = {u.Exponential}")

    Generator.fromStream draw shrink show

/// Distinct fractions with their multiplicities, and pairs of complex roots a ± i·b.
type private Factors = { Real: (Rational * int) list; Complex: (Rational * Rational) list }

let private product (factors: Factors) : Rational[] =
    let linear (root: Rational, multiplicity) = Polynomial.power [| -root; Rational.One |] multiplicity
    let quadratic (a: Rational, b: Rational) = [| a * a + b * b; Rational.ofInt -2 * a; Rational.One |]

    (List.map linear factors.Real @ List.map quadratic factors.Complex)
    |> List.fold Polynomial.multiply [| Rational.create -3 2 |]

let private width = Rational.create 1 64

let private isCounted (factors: Factors) : Outcome =
    let chain = SturmChain.create (product factors)
    let roots = factors.Real |> List.map fst
    let inside a b = roots |> List.filter (fun root -> a < root && root <= b) |> List.length

    let ends =
        List.allPairs [ -2 .. 2 ] [ -2 .. 2 ]
        |> List.map (fun (a, b) -> Rational.ofInt a, Rational.ofInt b)
        |> List.filter (fun (a, b) -> a < b)

    Outcome.check [
        fun () -> Outcome.equal "the number of real roots" string roots.Length (SturmChain.realRoots chain)
        fun () ->
            Outcome.equal
                "the number of positive roots"
                string
                (roots |> List.filter (fun root -> root.Sign > 0) |> List.length)
                (SturmChain.positiveRoots chain)
        fun () ->
            ends
            |> Seq.map (fun (a, b) ->
                Outcome.equal $"the number of roots in ({a}, {b}]" string (inside a b) (SturmChain.count (Some a) (Some b) chain))
            |> Outcome.all
        fun () ->
            let isolated = SturmChain.isolate width None chain
            let contains = List.forall2 (fun (a, b) root -> a < root && root <= b && b - a <= width)

            Outcome.isTrue
                "the isolating intervals"
                "contain one root each"
                (isolated.Length = roots.Length && contains isolated (List.sort roots))
    ]

let private factors: Generator<Factors> =
    let draw (_: int) (stream: RandomStream) = {
        Real = List.init (stream.NextInt(0, 4)) (fun _ -> Draws.dyadic 4 2 stream, stream.NextInt(1, 3)) |> List.distinctBy fst
        Complex = List.init (stream.NextInt(0, 2)) (fun _ -> Draws.dyadic 2 2 stream, Rational.create (stream.NextInt(1, 4)) 2)
    }

    let shrink (factors: Factors) =
        seq {
            if not factors.Complex.IsEmpty then
                { factors with Complex = factors.Complex.Tail }

            for real in Shrink.array 0 Shrink.none (List.toArray factors.Real) do
                { factors with Real = List.ofArray real }
        }

    Generator.fromStream draw shrink (fun f -> [
        "real roots", f.Real |> List.map (fun (root, times) -> $"{root} ({times} times)") |> String.concat ", "
        "complex roots", f.Complex |> List.map (fun (a, b) -> $"{a} ± {b}i") |> String.concat ", "
    ])

let private example = [ unit "3" 1 "1"; unit "-2" 2 "1/4"; unit "1/2" 3 "8" ]

/// The polynomial up to a factor, squarefree, with the roots 1.2719… and 5.8470….
let private isReference (units: TanhUnit list) : Outcome =
    let stated = Networks.vector "12 -4 46 284 35/4 16 731 -238 -125 -256 48"
    let p = GlobalCount.polynomial units
    let unitLeading (q: Rational[]) = Polynomial.scale (Rational.One / Array.last q) q

    /// The printed digits, half a unit of the last one more or less, meet the enclosure.
    let encloses (digits: string) (a: Rational, b: Rational) =
        let decimals = digits.Length - digits.IndexOf '.' - 1
        let half = Rational.create 1 2 * Rational.power (Rational.ofInt 10) -decimals
        let printed = Networks.number digits
        Outcome.isTrue $"the root in ({a}, {b}]" $"is {digits}" (printed - half <= b && a <= printed + half)

    Outcome.check [
        fun () -> Check.vectors "P, the constant coefficient first" (unitLeading stated) (unitLeading p)
        fun () -> Check.vectors "gcd(P, P′)" [| Rational.One |] (Polynomial.gcd p (Polynomial.derivative p))
        fun () -> Outcome.equal "the count" showCount (GlobalCriticalPoints.Finite(2, 0)) (GlobalCount.criticalPoints units)
        fun () ->
            GlobalCount.locate (Rational.power (Rational.ofInt 2) -70) units
            |> Seq.map2 encloses [ "1.2719941702197583643"; "5.8470939124886372708" ]
            |> Outcome.all
    ]

/// The critical points themselves, x = ½·log y.
let private referenceInX: KnownValue list =
    let located = lazy (GlobalCount.locate (Rational.power (Rational.ofInt 2) -70) example)

    let x i () =
        let a, b = List.item i located.Value
        Arithmetic.(/) (Transcendental.log (Interval.hull (Interval.ofRational a) (Interval.ofRational b))) (Ring.ratio 2 1)

    [
        Known.value "the first critical point" 0.120292940873430183 (x 0)
        Known.value "the second critical point" 0.882972385359076492 (x 1)
    ]

/// tanh 2x − 2·tanh x: one critical point, 0, degenerate.
let private isDegenerate (units: TanhUnit list) : Outcome =
    Outcome.equal "the count" showCount (GlobalCriticalPoints.Finite(1, 1)) (GlobalCount.criticalPoints units)

let private isFinite (units: TanhUnit list) : Outcome =
    match GlobalCount.criticalPoints units with
    | GlobalCriticalPoints.Finite _ -> Outcome.holds
    | GlobalCriticalPoints.Everywhere -> Outcome.refuted "the critical points" "finitely many" "everywhere"

/// All real roots, as if every y were some e²ˣ.
let private isCountOfRealRoots (units: TanhUnit list) : Outcome =
    let distinct = SturmChain.realRoots (SturmChain.create (GlobalCount.polynomial units))
    Outcome.equal "the number of critical points" string distinct (GlobalCount.locate width units).Length

/// The weights as they are under the slopes |p_i|.
let private isCountWithoutTurning (units: TanhUnit list) : Outcome =
    let naive = units |> List.map (fun u -> { u with Slope = abs u.Slope })
    Outcome.equal "the count" showCount (GlobalCount.criticalPoints units) (GlobalCount.criticalPoints naive)

let claim: Claim =
    let show = units.Show

    Paper.define
        "kuehn-kuntz.beyond.sturm-global-count"
        Paper.own
        "Φ(x) = Σ w_i·tanh(p_i·x + c_i) with integer p_i > 0 and rational e^{2c_i} has as many critical points on ℝ as the numerator of Φ′ in y = e²ˣ has distinct positive roots; one is degenerate iff the root is a multiple one."
    |> Claim.hypothesis "H1" "Φ is not constant"
    |> Claim.hypothesis "H2" "only roots y > 0 count"
    |> Claim.hypothesis "H3" "neurons of negative slope are turned around first: w·tanh(px + c) = −w·tanh(−px − c)"
    |> Claim.exact "known-roots" (Instances.random factors 60) isCounted
    |> Claim.exact "sign-changes" (Instances.random units 40) changesSign
    |> Claim.exact "symmetries" (Instances.random units 30) isInvariant
    |> Claim.exact "reference" (Instances.chosen show [ example ]) isReference
    |> Claim.exact "degenerate-reference" (Instances.chosen show [ [ unit "1" 2 "1"; unit "-2" 1 "1" ] ]) isDegenerate
    |> Known.references referenceInX "reference-in-x"
    |> Claim.neededBy "H1" (Instances.chosen show [ [ unit "1" 2 "3"; unit "-1" 2 "3" ]; [ unit "5" 0 "1" ] ]) isFinite
    |> Claim.neededBy "H2" (Instances.chosen show [ [ unit "1" 1 "1"; unit "-1" 1 "4" ] ]) isCountOfRealRoots
    |> Claim.neededBy "H3" (Instances.chosen show [ [ unit "1" 1 "1"; unit "1" -1 "4" ] ]) isCountWithoutTurning
