/// Problem E: a ReLU problem whose stationary points are piecewise quadratic.
///
/// Statement: σ = ReLU, b = 0, W = 1, c = 0, data 1 → 2, −1 → −½, α = 1/1000, τ = 1. On K > 0 only x = 1 moves, on K < 0 only x = −1: X_+ = e^p, X_− = −e^{−m}, p = ∫max(K, 0), m = ∫max(−K, 0). K″ = (X_+ − 2)X_+/α on K > 0 and
/// (X_− + ½)X_−/α on K < 0, constant on each, as X_sP_s is conserved where σ is linear. With one sign change at t*: K = k_0 + τk_0t − At²/2 before, s(t − t*) + B(t − t*)²/2 after, s = τk_0 − At*, s + B(1 − t*) = 0.
/// There are two such stationary points, one for each order of signs; both are proven to exist by the Krawczyk operator. That the first is the global minimum is open: minimisations from random starts found nothing lower.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.ThorpeVanGennip.Benchmarks.ReluKink

open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.DeepLimit
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.ThorpeVanGennip

/// Which sign K has first.
[<RequireQualifiedAccess>]
type internal Order =
    | NegativeFirst
    | PositiveFirst

[<AutoOpen>]
module private Equations =
    open Arithmetic

    let private α<'T when 'T :> IRing<'T>> : 'T = Ring.ratio 1 1000
    let private half<'T when 'T :> IRing<'T>> : 'T = Ring.ratio 1 2

    /// Of (k_0, A, B, t*), with τ = 1: −∫ or ∫ of K before and after t*, as p and m.
    let areas (order: Order) (u: 'T[]) : 'T * 'T when 'T :> IField<'T> =
        let k0, a, b, t = u[0], u[1], u[2], u[3]
        let h = 'T.One - t
        let s = k0 - a * t
        let sixth: 'T = Ring.ratio 1 6
        let before = k0 * t + half * k0 * t * t - sixth * a * t * t * t
        let after = half * s * h * h + sixth * b * h * h * h

        match order with
        | Order.NegativeFirst -> after, -before
        | Order.PositiveFirst -> before, -after

    /// X_+ and X_−.
    let finals (order: Order) (u: 'T[]) : 'T * 'T when 'T :> ITranscendental<'T> =
        let p, m = areas order u
        'T.Exp p, 'T.Negation('T.Exp('T.Negation m))

    /// The two constant values of K″: on K > 0 and on K < 0.
    let curvatures (order: Order) (u: 'T[]) : 'T * 'T when 'T :> ITranscendental<'T> =
        let plus, minus = finals order u
        (plus - Ring.ratio 2 1) * plus / α, (minus + half) * minus / α

    /// What has to vanish.
    let defects (order: Order) (u: 'T[]) : 'T[] when 'T :> ITranscendental<'T> =
        let k0, a, b, t = u[0], u[1], u[2], u[3]
        let positive, negative = curvatures order u

        let first, second =
            match order with
            | Order.NegativeFirst -> negative, positive
            | Order.PositiveFirst -> positive, negative

        [| k0 + k0 * t - half * a * t * t; k0 - a * t + b * ('T.One - t); a + first; b - second |]

    /// E_∞ = (X_+ − 2)² + (X_− + ½)² + α(∫K′² + τk_0²)
    let energy (order: Order) (u: 'T[]) : 'T :> ITranscendental<'T> =
        let k0, a, b, t = u[0], u[1], u[2], u[3]
        let plus, minus = finals order u
        let h = 'T.One - t
        let s = k0 - a * t
        let third: 'T = Ring.ratio 1 3
        let before = k0 * k0 * t - k0 * a * t * t + third * a * a * t * t * t
        let after = s * s * h + s * b * h * h + third * b * b * h * h * h
        let one, two = plus - Ring.ratio 2 1, minus + half
        one * one + two * two + α * (before + after + k0 * k0)

    /// Of (K_0, Λ_+, Λ_−): D_n, and by how much Λ misses (X − y)X, for n layers the first j of which have one sign.
    let layers (order: Order) (n: int) (j: int) (u: 'T[]) : 'T[] * 'T[] when 'T :> IField<'T> =
        let h: 'T = Ring.ratio 1 n
        let mutable k, d = u[0], u[0]
        let mutable plus, minus = 'T.One, 'T.Negation 'T.One
        let ks = ResizeArray()

        for i in 1..n do
            let grow = 'T.One + h * k
            let isPositive = (i <= j) = (order = Order.PositiveFirst)
            let Λ = if isPositive then u[1] else u[2]
            ks.Add k
            if isPositive then plus <- plus * grow else minus <- minus * grow
            d <- d + h * Λ / (α * grow)
            k <- k + h * d

        ks.ToArray(), [| d; u[1] - (plus - Ring.ratio 2 1) * plus; u[2] - (minus + half) * minus |]

/// (k_0, A, B, t*) by Newton's method from values of two digits.
let internal unknowns (order: Order) : float[] =
    let start =
        match order with
        | Order.NegativeFirst -> [| -1.66; -19.9; -16.6; 0.5 |]
        | Order.PositiveFirst -> [| 1.74; 19.2; 17.6; 0.52 |]

    Extremals.newton (defects order) start

/// K″ where K > 0 and where K < 0.
let internal jumps (order: Order) : float * float =
    let positive, negative = curvatures order (Binary64.ofFloats (unknowns order))
    positive.Value, negative.Value

/// The same, enclosed.
let internal enclosedJumps (order: Order) : Interval option * Interval option =
    let zero = Extremals.encloseZero 1e-9 (defects order) (defects order) (unknowns order)
    let pick value = zero |> Option.map (curvatures order >> value)
    pick fst, pick snd

let private problem () : TrainingProblem<'T> when 'T :> IRing<'T> =
    Scalar.problem Activation.Relu (Some { Strength = Ring.ratio 1 1000; Start = 'T.One }) None [|
        'T.One, Ring.ratio 2 1
        Ring.ratio -1 1, Ring.ratio -1 2
    |]

/// (K_0, Λ_+, Λ_−) and K of the stationary point of E_n whose first j layers have one sign, if its signs are those.
let private tryNodes (order: Order) (n: int) (j: int) : (float[] * float[]) option =
    let positive, negative = jumps order
    let start = [| (unknowns order)[0]; 0.001 * positive; 0.001 * negative |]
    let found = Extremals.newton (layers order n j >> snd) start
    let kernel = layers order n j (Binary64.ofFloats found) |> fst |> Binary64.toFloats
    let isAsAssumed i k = (k > 0.0) = ((i < j) = (order = Order.PositiveFirst))
    if kernel |> Array.mapi isAsAssumed |> Array.forall id then Some(found, kernel) else None

/// The stationary points of E_n with one sign change near t*: their E_n, j, (K_0, Λ_+, Λ_−) and K, the lowest first.
let private candidates (order: Order) (n: int) : (float * int * float[] * float[]) list =
    let near = int (floor ((unknowns order)[3] * float n))

    [ near - 2 .. near + 3 ]
    |> List.choose (fun j -> tryNodes order n j |> Option.map (fun (found, kernel) -> j, found, kernel))
    |> List.map (fun (j, found, kernel) ->
        (Objective.value (problem ()) (Scalar.unbiased (Binary64.ofFloats kernel))).Value, j, found, kernel)
    |> List.sortBy (fun (energy, _, _, _) -> energy)

/// Their E_n and K, the lowest first.
let internal nodes (order: Order) (n: int) : (float * float[]) list =
    candidates order n |> List.map (fun (energy, _, _, kernel) -> energy, kernel)

/// The same points, each proven and enclosed: (K_0, Λ_+, Λ_−) and K.
let internal enclosed (order: Order) (n: int) : (Interval[] * Interval[]) option list =
    candidates order n
    |> List.map (fun (_, j, found, _) ->
        Extremals.encloseZero 1e-9 (layers order n j >> snd) (layers order n j >> snd) found
        |> Option.map (fun box -> box, fst (layers order n j box)))

/// One zero of the defects within 10⁻⁹ of Newton's, proven.
let private exists (order: Order) : Outcome =
    match Extremals.encloseZero 1e-9 (defects order) (defects order) (unknowns order) with
    | Some _ -> Outcome.holds
    | None -> Outcome.undecided "the Krawczyk operator proves nothing on this box"

/// Its E_∞ is below that of the other order, by enclosures.
let private isLower () : Outcome =
    let enclosure order = Extremals.encloseZero 1e-9 (defects order) (defects order) (unknowns order) |> Option.map (energy order)

    match enclosure Order.NegativeFirst, enclosure Order.PositiveFirst with
    | Some first, Some second ->
        Outcome.isTrue "E_∞, negative first" "is below E_∞, positive first" (Interval.less first second = Answer.Yes)
    | _ -> Outcome.undecided "the Krawczyk operator proves nothing on this box"

/// The enclosure of the gradient of the library's E_n at every enclosed stationary point of n layers has 0 in it.
let private isStationary (order: Order, n: int) : Outcome =
    match enclosed order n with
    | [] -> Outcome.undecided "no stationary point with one sign change"
    | found ->
        found
        |> List.map (function
            | None -> Outcome.undecided "the Krawczyk operator proves nothing on this box"
            | Some(_, kernel) ->
                let gradient = Objective.gradient (problem ()) (Scalar.unbiased kernel)
                let entries = ResidualWeights.kernelSequence gradient |> Array.concat
                Outcome.isTrue "∇E_n" "may be 0 in every component" (Array.forall (Interval.contains 0.0) entries))
        |> Outcome.all

/// n(E_n − E_∞) stays within a constant: C of `minima.convergence` with A = max|K| and D_K = the variation of K, below 60.
let private converges (order: Order, n: int) : Outcome =
    let limit = (energy order (Binary64.ofFloats (unknowns order))).Value

    match nodes order n with
    | (least, kernel) :: _ ->
        let c =
            Minimisers.MinimaConvergence.constantOf
                {
                    Sigma = None
                    Data = [| Rational.One, Rational.ofInt 2; Rational.ofInt -1, Rational.create -1 2 |]
                    Alpha = Rational.create 1 1000
                    Tau = Rational.One
                    HasBias = false
                }
                kernel
                [| 0.0 |]

        Outcome.atMost "|E_n − E_∞|" (c / float n) (abs (least - limit))
    | [] -> Outcome.undecided "no stationary point with one sign change"

/// E_n has one stationary point near this one.
let private isAlone (n: int) : Outcome =
    Outcome.equal "stationary points with one sign change" string 1 (List.length (nodes Order.NegativeFirst n))

let claim: Claim =
    let showOrder (order: Order) = [ "signs", (if order = Order.NegativeFirst then "−, +" else "+, −") ]
    let showDepth (order, n: int) = showOrder order @ [ "n", string n ]
    let orders = [ Order.NegativeFirst; Order.PositiveFirst ]

    let inLimit order () =
        let u = unknowns order
        let p, m = areas order (Binary64.ofFloats u)
        let s, h = u[0] - u[1] * u[3], 1.0 - u[3]
        [| yield! u; s * h + 0.5 * u[2] * h * h; p.Value; m.Value; (energy order (Binary64.ofFloats u)).Value |]

    Paper.define
        "thorpe-van-gennip.benchmark.relu-kink"
        Paper.reconstructed
        "Problem E, ReLU with data 1 → 2, −1 → −½: there are stationary points of E_∞ that are quadratic on both sides of one zero, with K″ = (X_s − y_s)X_s/α of the sample that moves; E_n may have several near one of them, with the kink in different cells."
    |> Claim.hypothesis "H7" "σ is continuously differentiable, for uniqueness near a stationary point of the limit"
    |> Claim.certified "exists" (Instances.chosen showOrder orders) exists
    |> Claim.certified "lower" (Instances.chosen (fun () -> []) [ () ]) isLower
    |> Claim.certified "stationary" (Instances.chosen showDepth (List.allPairs orders [ 32; 64; 128; 256 ])) isStationary
    |> Claim.bounded "minima" (Instances.chosen showDepth (List.allPairs orders [ 64; 128; 256 ])) converges
    |> Known.bounded "reference" [
        Known.floats
            "negative first: k_0, A, B, t*, K(1), p, m, E"
            "-1.65681362881723 -19.8584448892394 -16.5704786759092 0.500352207007412 2.06839274291782 0.688978579360517 0.621791429536059 0.0252013751167648"
            (inLimit Order.NegativeFirst)
        Known.floats "positive first" "1.73868805146091 19.24450101 17.60396618 0.52492425625 -1.98658084585469" (fun () ->
            inLimit Order.PositiveFirst () |> Array.truncate 5)
        Known.floats "positive first: E" "0.02550638199209" (fun () -> [| Array.last (inLimit Order.PositiveFirst ()) |])
        Known.floats "n = 128: E_n of both" "0.025215961 0.025222645" (fun () ->
            nodes Order.NegativeFirst 128 |> List.map fst |> List.truncate 2 |> List.toArray)
    ]
    |> Claim.neededBy "H7" (Instances.chosen (fun (n: int) -> [ "n", string n ]) [ 128 ]) isAlone
