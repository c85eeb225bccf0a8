namespace LayerTime.Core.Claims.Duan

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared

/// A field Σ a_i·g(w_i·x + b_i) in floats, a horizon and points to start from.
[<NoComparison>]
type internal FieldCase = { Terms: RidgeTerm<Binary64>[]; Horizon: float; Points: float[][] }

/// Fields in floats: the reference fields of the theory, draws, splittings at many points, grids.
[<RequireQualifiedAccess>]
module internal Fields =
    /// 2⁻⁵³
    let unit = 1.0 / 9007199254740992.0

    /// A term over fractions from text.
    let rational (profile: Profile) (a: string) (w: string) (b: string) : RidgeTerm<Rational> = {
        Direction = Known.vector a
        Weights = Known.vector w
        Bias = Known.number b
        Profile = profile
    }

    /// The same over floats.
    let term (profile: Profile) (a: string) (w: string) (b: string) : RidgeTerm<Binary64> =
        rational profile a w b |> RidgeTerm.map (Rational.toFloat >> Binary64)

    /// REF_A of the theory, tanh, over fractions.
    let refAExact: RidgeTerm<Rational>[] = [|
        rational Profile.Tanh "1/2 -1/4" "1 1/2" "1/10"
        rational Profile.Tanh "-1/3 1/2" "-1/2 1" "-1/5"
        rational Profile.Tanh "1/4 1/4" "1 -1" "0"
    |]

    /// REF_R of the theory, the first two terms with ReLU, over fractions.
    let refRExact: RidgeTerm<Rational>[] =
        refAExact |> Array.truncate 2 |> Array.map (fun term -> { term with Profile = Profile.Relu })

    /// Terms over floats.
    let approximate (terms: RidgeTerm<Rational>[]) : RidgeTerm<Binary64>[] =
        terms |> Array.map (RidgeTerm.map (Rational.toFloat >> Binary64))

    /// Terms over fractions, no digit lost.
    let exactly (terms: RidgeTerm<Binary64>[]) : RidgeTerm<Rational>[] =
        terms |> Array.map (RidgeTerm.map (fun a -> Rational.ofFloat a.Value))

    /// The field of these terms up to a time.
    let autonomous (horizon: Rational) (terms: RidgeTerm<Rational>[]) : RidgeField<Rational> =
        RidgeField.autonomous id horizon terms |> Defect.orFail

    /// [−r, r]^d
    let cube (d: int) (r: float) : LayerTime.Core.Rigour.Box = Array.create d (Interval.ofBounds -r r)

    /// REF_A over floats.
    let refA: RidgeTerm<Binary64>[] = approximate refAExact

    /// REF_R over floats.
    let refR: RidgeTerm<Binary64>[] = approximate refRExact

    /// x as numbers of the library.
    let binary (x: float[]) : Binary64[] = Array.map Binary64 x

    /// x as floats.
    let floats (x: Binary64[]) : float[] = x |> Array.map _.Value

    /// |x|
    let norm (x: float[]) : float = sqrt (Array.sumBy (fun x -> x * x) x)

    /// |x − y|
    let distance (x: float[]) (y: float[]) : float = sqrt (Array.fold2 (fun sum x y -> sum + (x - y) * (x - y)) 0.0 x y)

    /// max |x_i − y_i| over two rows of points.
    let largestDistance (x: float[][]) (y: float[][]) : float = Array.map2 distance x y |> Array.max

    /// |a|
    let length (term: RidgeTerm<Binary64>) : float = norm (floats term.Direction)

    /// φ_N^h ∘ … of every point, n steps of T/n.
    let run (splitting: Splitting) (terms: RidgeTerm<Binary64>[]) (horizon: float) (n: int) (points: float[][]) : float[][] =
        let h = horizon / float n
        let substeps = Splitting.substeps splitting terms.Length |> List.toArray
        let maps = substeps |> Array.map (fun (s: Substep<Binary64>) -> terms[s.Term], s.Share.Value * h)
        let step x = Array.fold (fun x (term, τ) -> TermFlow.apply term τ x) x maps
        points |> Array.map (fun x -> Seq.fold (fun x _ -> step x) (binary x) (seq { 1..n }) |> floats)

    /// The same of one point.
    let runOne (splitting: Splitting) (terms: RidgeTerm<Binary64>[]) (horizon: float) (n: int) (point: float[]) : float[] =
        run splitting terms horizon n [| point |] |> Array.head

    /// How far n steps of a splitting, each of so many term flows, may be from their values without rounding: 8 roundings a map of at most the size
    /// of the state and of what a map adds, carried on with e^{ΛT}.
    let rounding (maps: int) (case: FieldCase) : float =
        let constants = SplittingBound.constants case.Terms
        let stiffness = (SplittingBound.stiffness constants).Value
        let radius = case.Points |> Array.map norm |> Array.max
        let drift = case.Terms |> Array.sumBy (fun term -> length term * max 0.0 term.Bias.Value)
        let growth = Elementary.exp (min 50.0 (stiffness * case.Horizon))
        let reach = growth * (radius + drift * case.Horizon) + constants.Speed.Value * case.Horizon
        let added = case.Terms |> Array.sumBy (fun term -> length term * (norm (floats term.Weights) * reach + abs term.Bias.Value))
        8.0 * float maps * unit * (reach + added) * growth

    /// k² points of [lo, hi]².
    let grid (k: int) (lo: float) (hi: float) : float[][] =
        let at i = lo + (hi - lo) * float i / float (k - 1)

        [|
            for i in 0 .. k - 1 do
                for j in 0 .. k - 1 do
                    [| at i; at j |]
        |]

    /// A float with standard normal distribution, as a sum of twelve uniform ones.
    let normal (stream: RandomStream) : float = Seq.init 12 (fun _ -> stream.NextFloat(-0.5, 0.5)) |> Seq.sum

    /// d normal numbers.
    let normals (stream: RandomStream) (d: int) : float[] = Array.init d (fun _ -> normal stream)

    /// A term from floats.
    let create (profile: Profile) (a: float[]) (w: float[]) (b: float) : RidgeTerm<Binary64> = {
        Direction = binary a
        Weights = binary w
        Bias = Binary64 b
        Profile = profile
    }

    /// Terms as pairs of a name and a value.
    let showTerms (terms: RidgeTerm<Binary64>[]) : (string * string) list = [
        for term in terms do
            let vector (x: Binary64[]) = x |> Array.map string |> String.concat ", "
            $"{term.Profile}", $"a = ({vector term.Direction}), w = ({vector term.Weights}), b = {term.Bias}"
    ]

    /// A case as pairs of a name and a value.
    let show (case: FieldCase) : (string * string) list = showTerms case.Terms @ [ "T", string case.Horizon ]

    /// d of 2..3, so many terms with normal coefficients (in one case of ten with κ_i = −|a_i||w_i|, so M = 0), T = 0.7, points of [−1, 1]^d.
    let draw (profile: Profile) (terms: int * int) (points: int) (stream: RandomStream) : FieldCase =
        let d, count = stream.NextInt(2, 3), stream.NextInt(fst terms, snd terms)
        let isContracting = stream.NextInt(1, 10) = 1

        let term _ =
            let w = normals stream d
            let size = abs (normal stream)
            let a = if isContracting then w |> Array.map (fun w -> -size * w) else normals stream d
            create profile a w (normal stream)

        {
            Terms = Array.init count term
            Horizon = 0.7
            Points = Array.init points (fun _ -> Array.init d (fun _ -> stream.NextFloat(-1.0, 1.0)))
        }

    /// Cases with fewer terms and fewer points.
    let shrink (case: FieldCase) : FieldCase seq =
        seq {
            for i in 0 .. case.Terms.Length - 1 do
                if case.Terms.Length > 1 then
                    { case with Terms = Array.removeAt i case.Terms }

            for points in Shrink.array 1 Shrink.none case.Points do
                { case with Points = points }
        }

    /// Fields drawn like this.
    let generator (profile: Profile) (terms: int * int) (points: int) : Generator<FieldCase> =
        Generator.fromStream (fun _ -> draw profile terms points) shrink show
