/// Fields that are constant on pieces of time.
///
/// Statement: if ṽ replaces v and L bounds the logarithmic norm of one of them, |Φ − Φ̃| ≤ sup|v − ṽ|·(e^{LT} − 1)/L. So piecewise continuous coefficients, frozen on pieces of length h, cost O(h).
/// Proof: the distance e of the paths has e′ ≤ L·e + sup|v − ṽ|.
/// Checked for directions that are linear in time, a_i(t) = a_i + t·a_i′, frozen at the left ends: sup|v − ṽ| ≤ h·Σ|a_i′| for tanh. For one term the flow depends on ∫a alone, so midpoints are exact there.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Duan.Split.TimePieces

open LayerTime.Core.Numbers
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Duan

/// Terms with the change of their directions in time.
[<NoComparison>]
type private Case = { Field: FieldCase; Change: float[][] }

let private at (case: Case) (t: float) : RidgeTerm<Binary64>[] =
    Array.map2
        (fun (term: RidgeTerm<Binary64>) (change: float[]) -> {
            term with
                Direction = Array.map2 (fun (a: Binary64) c -> Binary64(a.Value + t * c)) term.Direction change
        })
        case.Field.Terms
        case.Change

let private value (terms: RidgeTerm<Binary64>[]) (x: float[]) : float[] =
    terms
    |> Array.map (fun term -> RidgeTerm.apply term (Fields.binary x) |> Fields.floats)
    |> Array.reduce (Array.map2 (+))

/// x(T) of the field whose terms at t are given, by n steps of order 4 on each of the pieces [k·T/p, (k + 1)·T/p].
let private integrate (pieces: int) (terms: int -> float -> RidgeTerm<Binary64>[]) (horizon: float) (n: int) (start: float[]) : float[] =
    let h = horizon / float pieces
    let piece x k = FloatSteps.rungeKutta (fun t x -> value (terms k (float k * h + t)) x) x h n
    Seq.fold piece start (seq { 0 .. pieces - 1 })

/// Left ends of p pieces against the field itself, with the difference to half as many steps as doubt.
let private isWithin (logNorm: Case -> float) (pieces: int) (case: Case) : Outcome =
    let horizon = case.Field.Horizon
    let h = horizon / float pieces
    let frozen k = let terms = at case (float k * h) in fun _ -> terms
    let both n x = integrate pieces (fun _ t -> at case t) horizon n x, integrate pieces frozen horizon n x
    let L = logNorm case
    let change = case.Change |> Array.sumBy Fields.norm
    let bound = h * change * (if L = 0.0 then horizon else Elementary.expm1 (L * horizon) / L)

    case.Field.Points
    |> Seq.map (fun x ->
        let exact, approximate = both 16 x
        let exact', approximate' = both 8 x
        let doubt = Fields.distance exact exact' + Fields.distance approximate approximate' + 1e-13
        Measured.atMost $"the error of {pieces} pieces" bound { Error = Fields.distance exact approximate; Doubt = doubt })
    |> Outcome.all

/// The largest logarithmic norm Σμ_i(t) over the horizon, at its ends: each |a_i(t)||w_i| + κ_i(t) is convex in t.
let private logNorm (case: Case) : float = max (Measured.growth (at case 0.0)) (Measured.growth (at case case.Field.Horizon))

/// x′ = (1 + t)·tanh x from 1/2.
let private printed = {
    Field = { Terms = [| Fields.term Profile.Tanh "1" "1" "0" |]; Horizon = 1.0; Points = [| [| 0.5 |] |] }
    Change = [| [| 1.0 |] |]
}

/// x′ = x + t from 1, T = 4: the frozen part is off by h/2 on average, and grows like e^t.
let private growing = {
    Field = {
        Terms = [| Fields.term Profile.Identity "1" "1" "0"; Fields.term Profile.Identity "0" "0" "1" |]
        Horizon = 4.0
        Points = [| [| 1.0 |] |]
    }
    Change = [| [| 0.0 |]; [| 1.0 |] |]
}

let private show (case: Case) : (string * string) list = Fields.show case.Field @ [ "a′", sprintf "%A" case.Change ]

let claim: Claim =
    let cases =
        let draw (stream: RandomStream) =
            let field = Fields.draw Profile.Tanh (2, 3) 3 stream
            { Field = field; Change = field.Terms |> Array.map (fun term -> Fields.normals stream term.Direction.Length) }

        Generator.fromStream (fun _ -> draw) Shrink.none show

    let error (pieces: int) =
        let horizon = 1.0
        let h = horizon / float pieces
        let frozen k = let terms = at printed (float k * h) in fun _ -> terms
        Fields.distance (integrate pieces frozen horizon 512 [| 0.5 |]) (integrate pieces (fun _ t -> at printed t) horizon 512 [| 0.5 |])

    Paper.define
        "duan.split.time-pieces"
        Paper.reconstructed
        "Replacing v by a field ṽ that is constant on pieces of time moves the flow by at most sup|v − ṽ|·(e^{LT} − 1)/L, L a logarithmic norm."
    |> Claim.hypothesis "H1" "L bounds the logarithmic norm"
    |> Claim.bounded "fields" (Instances.random cases 40) (isWithin logNorm 4)
    |> Claim.bounded "growing" (Instances.chosen show [ growing ]) (isWithin (fun _ -> 1.0) 16)
    |> Known.bounded "reference" [
        Known.floats "x′ = (1 + t)·tanh x: x(1)" "1.58429773813988577" (fun () -> integrate 4 (fun _ t -> at printed t) 1.0 256 [| 0.5 |])
        Known.floats "asinh(e^{3/2}·sinh ½)" "1.58429773813988577" (fun () -> [| 0.5 + TermFlow.tanhProfile 1.0 1.5 0.5 |])
        Known.floats "the error of 4 pieces" "0.1137226351157" (fun () -> [| error 4 |])
        Known.floats "its bound with L = 2" "0.7986320124" (fun () -> [| 0.25 * Elementary.expm1 2.0 / 2.0 |])
    ]
    |> Claim.neededBy "H1" (Instances.chosen show [ growing ]) (isWithin (fun _ -> 0.0) 16)
