/// Of several minimisers of the limit the networks choose those with the least first-order constant.
///
/// Statement: every cluster point of minimisers of E_n minimises c_1 among the minimisers of E_∞.
/// Proof: n(min E_n − min E_∞) tends to the least c_1 and to that of the cluster point.
/// Checked on problem B with x = 1, y = 100 and α = 655.639…, where f has two wells of equal depth with c_1 = 21.3 and 41601: both have a stationary point of E_n next to them, and the one with the smaller constant is lower at every depth.
/// Our own.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.ThorpeVanGennip.Minimisers.Selection

open LayerTime.Core.Numbers
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.ThorpeVanGennip
open LayerTime.Core.Claims.ThorpeVanGennip.Benchmarks

let private data: ScalarLinear.Data = {
    X = Rational.One
    Y = Rational.ofInt 100
    Alpha = Known.number "655.6391080853187"
    Tau = Rational.One
}

let private wells = lazy (List.map (ScalarLinear.newton data) [ 0.26; 4.25 ])

let private energy (κ: float) (n: int) : float = ScalarLinear.energy data (ScalarLinear.nodes data κ n)

/// Both wells are least: two clusters of boxes where f may be least cannot be told apart by 10⁻⁹ of f.
let private areEqual () : Outcome =
    match wells.Value with
    | [ first; second ] ->
        let low, high = ScalarLinear.value data first, ScalarLinear.value data second
        // α is given to half a unit of its 13th digit after the point, and ∂f/∂α = κ²/g; eight roundings of terms that are at most y² each.
        let doubt κ = κ * κ / Rational.toFloat data.Kernel * 0.5e-13 + Errors.γ 8 * Rational.toFloat (data.Y * data.Y)
        Outcome.atMost "|f(κ_1) − f(κ_2)|" (doubt first + doubt second) (abs (low - high))
    | _ -> Outcome.undecided "there are two wells"

/// The well with the smaller c_1 is lower.
let private selects (κs: float list, n: int) : Outcome =
    let ordered = κs |> List.sortBy (ScalarLinear.firstOrder data)
    let energies = ordered |> List.map (fun κ -> energy κ n)
    Outcome.isTrue "E_n" "is least next to the well with the least c_1" (energies[0] < energies[1])

/// Local: n(E_n − E_∞) → c_1 at both.
let private tends (κ: float) : Outcome =
    let limit, c1 = ScalarLinear.value data κ, ScalarLinear.firstOrder data κ
    let final, y = Rational.toFloat data.X * Elementary.exp κ, Rational.toFloat data.Y

    [ 128; 256; 512; 1024 ]
    |> List.map (fun n -> {
        Resolution = float n
        Error = abs (float n * (energy κ n - limit) - c1)
        // n times the roundings of E_n: four a layer of X_n, passed on by (X − y)², and those of sums of squares.
        Floor = float n * (2.0 * abs (final - y) * final * Errors.γ (4 * n) + Errors.γ (4 * n + 16) * limit)
    })
    |> Asymptotic.within "|n(E_n − E_∞) − c_1|" (0.85, 1.15)

/// Problem C: both signs have one value at every depth, so nothing is selected.
let private selectsASign (n: int) : Outcome =
    let bias (w: float) (i: int) = 1.0 / (w * float n) * float (i + 1)
    let energy w = Seq.init n (bias w) |> Seq.averageBy (fun b -> w * b) |> fun mean -> (mean - 1.0) * (mean - 1.0) + 0.2 * w * w
    Outcome.isTrue "E_n(W, b)" "differs from E_n(−W, −b)" (energy 0.73 <> energy -0.73)

let claim: Claim =
    let showWells (κs: float list, n: int) = [ "κ", sprintf "%A" κs; "n", string n ]
    let scaled κ = [| for n in [ 64; 256; 1024 ] -> float n * (energy κ n - ScalarLinear.value data κ) |]

    Paper.define
        "thorpe-van-gennip.minima.selection"
        Paper.own
        "Every cluster point of minimisers of E_n minimises c_1 among the minimisers of E_∞: the deep limit selects."
    |> Claim.hypothesis "H1" "the minimisers of E_∞ have different c_1"
    |> Claim.bounded "equal" (Instances.chosen (fun () -> [ "y", "100" ]) [ () ]) areEqual
    |> Claim.bounded "selected" (Instances.chosen showWells [ for n in [ 32; 64; 256; 1024 ] -> wells.Value, n ]) selects
    |> Claim.asymptotic "both" (Instances.ladder (fun (κ: float) -> [ "κ", string κ ]) wells.Value) tends
    |> Known.bounded "reference" [
        Known.floats "κ" "0.2604416167645 4.2517828731981" (fun () -> List.toArray wells.Value)
        Known.floats "c_1" "21.30305305505 41601.3709253" (fun () -> wells.Value |> List.map (ScalarLinear.firstOrder data) |> List.toArray)
        Known.floats "E_∞" "9775.536841841189" (fun () -> [| ScalarLinear.value data wells.Value[0] |])
        Known.floats "n(E_n − E_∞), n = 64, 256, 1024" "20.97431 21.21976 21.28216" (fun () -> scaled wells.Value[0])
        Known.floats "the same at the other well" "42229.7 41783.5 41648.2" (fun () -> scaled wells.Value[1])
    ]
    |> Claim.neededBy "H1" (Instances.chosen (fun (n: int) -> [ "n", string n ]) [ 4; 16 ]) selectsASign
