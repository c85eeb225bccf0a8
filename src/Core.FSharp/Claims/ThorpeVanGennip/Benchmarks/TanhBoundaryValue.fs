/// Problem D: tanh, one neuron, two samples, K and b free.
///
/// Statement: σ = tanh, W = 1, c = 0, data 1 → 2, −1/2 → −1, α_1 = α_2 = 1/10, τ = 1. A stationary point of E_∞ solves 2αK″ = Σσ′P_sX_s, 2αb″ = Σσ′P_s with K′(0) = τK(0), K′(1) = 0, the same for b, and P_s(1) = 2(X_s(1) − y_s); next to it
/// E_n has one, at a distance of O(1/n), and E_n − E_∞ = O(1/n).
/// The boundary value problem is solved by shooting in (K(0), b(0), P_1(0), P_2(0)) with the method of order 4; the stationary points of E_n are proven to exist and enclosed by the Krawczyk operator. That they are global minima is not proven.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.ThorpeVanGennip.Benchmarks.TanhBoundaryValue

open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.DeepLimit
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.ThorpeVanGennip

let internal problem: NeuronProblem = {
    Sigma = Some TranscendentalName.Tanh
    Data = [| Rational.One, Rational.ofInt 2; Rational.create -1 2, Rational.ofInt -1 |]
    Alpha = Rational.create 1 10
    Tau = Rational.One
    HasBias = true
}

/// The steps of the reference; its error is about 10⁻¹³.
let internal steps = 1024

/// Newton's method from values of one digit.
let internal unknowns: Lazy<float[]> = lazy (Extremals.solveLimit problem steps [| 0.7; 0.1; -0.3; 0.1 |])

let internal limit: Lazy<LimitExtremal> = lazy (Extremals.limit problem steps unknowns.Value)

/// The stationary point of E_n next to that of E_∞.
let internal weights (n: int) : ResidualWeights<Binary64> = Extremals.solveDiscrete problem n unknowns.Value |> Extremals.weights problem n

let internal energy (weights: ResidualWeights<Binary64>) : float = (Objective.value (Extremals.training problem) weights).Value

/// The same, proven and enclosed.
let private enclosed (n: int) : ResidualWeights<Interval> option =
    Extremals.solveDiscrete problem n unknowns.Value |> Extremals.enclosedWeights problem n

let private doubt: Lazy<LimitDoubt> = lazy Extremals.doubt problem limit.Value unknowns.Value

/// K_0, …, K_{n−1} and b_0, …, b_{n−1}.
let internal sequences (weights: ResidualWeights<Binary64>) : float[] * float[] =
    ResidualWeights.kernelSequence weights |> Array.concat |> Binary64.toFloats, weights.Bias |> Array.concat |> Binary64.toFloats

/// max(|K_i − K(i/n)|, |b_i − b(i/n)|) for n that divides the steps.
let internal nodeError (weights: ResidualWeights<Binary64>) : float =
    let n = weights.Depth
    let kernel, bias = sequences weights
    let off (values: float[]) (limit: float[]) = values |> Array.mapi (fun i a -> abs (a - limit[i * (steps / n)])) |> Array.max
    max (off kernel limit.Value.K) (off bias limit.Value.B)

let private isStationary (n: int) : Outcome =
    let found = Extremals.solveDiscrete problem n unknowns.Value

    match Extremals.enclose problem n 1e-9 found with
    | Some box ->
        Outcome.isTrue
            "the unknowns"
            "are within 10⁻⁹ of an enclosed stationary point"
            (Array.forall2 (fun u side -> abs (u - Interval.midpoint side) < 1e-9) found box)
    | None -> Outcome.undecided "the Krawczyk operator proves nothing on this box"

/// The enclosure of the gradient of the library's objective at enclosed weights has 0 in it.
let private gradientVanishes (at: int -> ResidualWeights<Interval> option) (n: int) : Outcome =
    match at n with
    | None -> Outcome.undecided "the Krawczyk operator proves nothing on this box"
    | Some weights ->
        let gradient = Objective.gradient (Extremals.training problem) weights
        let entries = Array.append (ResidualWeights.kernelSequence gradient |> Array.concat) (Array.concat gradient.Bias)
        Outcome.isTrue "∇E_n" "may be 0 in every component" (Array.forall (Interval.contains 0.0) entries)

/// S_nθ of the solution of the limit.
let private samples (n: int) : ResidualWeights<Interval> option =
    let at (values: float[]) = Array.init n (fun i -> Errors.around values[i * (steps / n)] doubt.Value.Nodes)
    Some(Scalar.weights (at limit.Value.K) (at limit.Value.B))

let private ladder (error: ResidualWeights<Interval> -> Interval) (quantity: string, depths: int list) : Outcome =
    depths |> List.map (fun n -> enclosed n |> Option.map error |> Errors.rung n) |> Asymptotic.within quantity (0.95, 1.05)

let private distanceOfNodes (weights: ResidualWeights<Interval>) : Interval =
    let limits = samples weights.Depth |> Option.get
    let off pick = Array.map2 Errors.distance (pick weights) (pick limits) |> Array.reduce Interval.max
    Interval.max (off (ResidualWeights.kernelSequence >> Array.concat)) (off (fun weights -> Array.concat weights.Bias))

let private excess (weights: ResidualWeights<Interval>) : Interval =
    let limit = Errors.around limit.Value.Energy doubt.Value.Energy
    Errors.distance (Objective.value (Extremals.training problem) weights) limit

let claim: Claim =
    let depths = [ 16; 32; 64; 128; 256 ]
    let showDepth (n: int) = [ "n", string n ]
    let showLadder (quantity: string, _) = [ "quantity", quantity ]

    let row n () =
        let weights = weights n
        let kernel, bias = sequences weights
        [| kernel[0]; bias[0]; Array.last kernel; energy weights |]

    Paper.define
        "thorpe-van-gennip.benchmark.tanh-bvp"
        Paper.reconstructed
        "Problem D, tanh with two samples: the Euler–Lagrange equations have the solution of the reference values, and the stationary points of E_n are within O(1/n) of it, with E_n − E_∞ = O(1/n)."
    |> Claim.hypothesis "H1" "θ_n is stationary itself, not the samples of the limit"
    |> Claim.certified "stationary" (Instances.chosen showDepth [ 4; 16; 64 ]) isStationary
    |> Claim.certified "gradient" (Instances.chosen showDepth [ 4; 16; 64; 256 ]) (gradientVanishes enclosed)
    |> Claim.asymptotic "weights" (Instances.ladder showLadder [ "max|K_i − K(i/n)|", depths ]) (ladder distanceOfNodes)
    |> Claim.asymptotic "minima" (Instances.ladder showLadder [ "|E_n − E_∞|", depths ]) (ladder excess)
    |> Known.bounded "reference" [
        Known.floats "K(0), b(0), P_1(0), P_2(0)" "0.698772715916 0.0958709397688 -0.347146606350 0.107239978385" (fun () -> unknowns.Value)
        Known.floats "K(1/2), b(1/2), K(1), b(1)" "0.921899061314 0.109447837079 0.976249952855 0.106774504291" (fun () ->
            let limit = limit.Value
            [| limit.K[steps / 2]; limit.B[steps / 2]; limit.K[steps]; limit.B[steps] |])
        Known.floats "X(1)" "1.86007244407 -0.972569769812" (fun () -> limit.Value.Final)
        Known.floats "E_∞, c_1" "0.0818149197416 0.0638766814124" (fun () -> [| limit.Value.Energy; limit.Value.FirstOrder |])
        Known.floats "n = 4: K_0, b_0, K_{n−1}, E_n" "0.794990202565015 0.0932063507626988 1.02084111906649 0.0985268580038999" (row 4)
        Known.floats "n = 16" "0.723073577830068 0.0956764225187690 0.988842495666033 0.0858579583489555" (row 16)
        Known.floats "n = 64" "0.704852623615852 0.0958499984973391 0.979479000476107 0.0828162302708199" (row 64)
        Known.floats "n·error, n = 4, 16, 64" "0.38487 0.38881 0.38911" (fun () -> [|
            for n in [ 4; 16; 64 ] -> float n * nodeError (weights n)
        |])
    ]
    |> Claim.neededBy "H1" (Instances.chosen showDepth [ 16; 64 ]) (gradientVanishes samples)
