/// The error over dt tends to a solution of the linearised equation.
///
/// Statement: (x_N − x(T))/dt → z(T), z′ = F′z + e, z(0) = 0, with e = −½(∂_tF + F′F) for the residual and
/// e = g′(x)∘ℓ(x) − ½(∂_tF + F′F) for the feed-forward network.
/// Proof: the local error is dt²e + O(dt³); linearise the recursion. Needs g ∈ C², or finitely many transversal crossings of kinks.
/// Checked on autonomous equations, with x and z by the method of order 4 together.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.FeedForward.FirstOrderRate

open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

/// e at x.
let private force (twin: Twin) (equation: Equation) (x: float[]) : float[] =
    let f = FloatNetworks.field equation 0.0 x
    let curvature = FloatNetworks.push equation 0.0 x f |> Array.map (fun c -> -0.5 * c)

    match twin with
    | Twin.Residual -> curvature
    | Twin.FeedForward ->
        Array.map3 (fun c x l -> c + FloatNetworks.dampSlope equation.G x * l) curvature x (FloatNetworks.affine equation 0.0 x)

/// x(T) and z(T).
let private limit (twin: Twin) (equation: Equation) : float[] * float[] =
    let n = equation.Start.Length

    let joint _ (y: float[]) =
        let x, z = Array.splitAt n y
        let rate = Array.map2 (+) (FloatNetworks.push equation 0.0 x z) (force twin equation x)
        Array.append (FloatNetworks.field equation 0.0 x) rate

    FloatSteps.rungeKutta joint (Array.append equation.Start (Array.zeroCreate n)) equation.Horizon 2000 |> Array.splitAt n

let private final (twin: Twin) (equation: Equation) (n: int) : float[] =
    match twin with
    | Twin.Residual -> FloatNetworks.residual equation n |> Array.last
    | Twin.FeedForward -> FloatNetworks.feedForward equation n |> fst |> Array.last

/// error/dt
let private quotient (twin: Twin) (equation: Equation) (exact: float[]) (n: int) : float[] =
    Array.map2 (fun a b -> (a - b) * float n / equation.Horizon) (final twin equation n) exact

let private tends (asked: Twin) (network: Twin) (equation: Equation) : Outcome =
    let exact, z = limit asked equation

    if FloatNetworks.norm z < 1e-3 then
        Outcome.undecided "|z(T)| is below 1e-3"
    else
        let rung n = {
            Resolution = float n
            Error = FloatNetworks.distance z (quotient network equation exact n)
            Floor = 1e-11 * float n * (1.0 + FloatNetworks.norm exact)
        }

        // One-sided: the next term of the error may be nearly zero.
        Orders.atLeast "the distance of error/dt to z(T)" 1.0 (List.map rung [ 200; 400; 800 ])

/// The error itself has the order 1, and no higher one as z(T) does not vanish.
let private isFirstOrder (twin: Twin) (equation: Equation) : Outcome =
    let exact, z = limit twin equation

    if FloatNetworks.norm z < 1e-3 then
        Outcome.undecided "|z(T)| is below 1e-3"
    else
        let rung n = {
            Resolution = float n
            Error = FloatNetworks.distance exact (final twin equation n)
            Floor = 1e-11 * (1.0 + FloatNetworks.norm exact)
        }

        Orders.exactly "the error" 1.0 (Orders.margin 1.0) (List.map rung [ 200; 400; 800 ])

/// The leaky field on Q's data, which crosses kinks.
let private leaky: Equation = { FloatNetworks.q with G = Entrywise.Leaky 0.7 }

/// x(T) and z(T) of the leaky field, orthant by orthant: x and z are smooth while no x_i changes its sign, so each step ends where one does.
let private leakyLimit (twin: Twin) : float[] * float[] =
    let n, κ, w, b = 3, 0.7, leaky.W 0.0, leaky.B 0.0

    // g(x) = −κ·x_i where x_i is negative in this orthant.
    let joint (isNegative: bool[]) _ (y: float[]) =
        let x, z = Array.splitAt n y
        let slopes = isNegative |> Array.map (fun negative -> if negative then -κ else 0.0)
        let affine = Array.map2 (+) (FloatNetworks.apply w x) b
        let push v = Array.map3 (fun wv s v -> wv + s * v) (FloatNetworks.apply w v) slopes v
        let f = Array.map3 (fun l s x -> l + s * x) affine slopes x
        let curvature = push f |> Array.map (fun c -> -0.5 * c)

        let force =
            match twin with
            | Twin.Residual -> curvature
            | Twin.FeedForward -> Array.map3 (fun c s l -> c + s * l) curvature slopes affine

        Array.append f (Array.map2 (+) (push z) force)

    let step isNegative y (h: float) = FloatSteps.rungeKutta (joint isNegative) y h 1

    /// The components that have left the orthant.
    let crossed (isNegative: bool[]) (y: float[]) = isNegative |> Array.mapi (fun i negative -> if negative then y[i] > 0.0 else y[i] < 0.0)

    let rec advance (isNegative: bool[]) (y: float[]) (h: float) =
        let next = step isNegative y h

        if not (Array.exists id (crossed isNegative next)) then
            isNegative, next
        else
            let bisect (low, high) _ =
                let middle = 0.5 * (low + high)
                if Array.exists id (crossed isNegative (step isNegative y middle)) then low, middle else middle, high

            let before, behind = Array.fold bisect (0.0, h) [| 1..60 |]
            let flips = crossed isNegative (step isNegative y behind)
            advance (Array.map2 (<>) isNegative flips) (step isNegative y before) (h - before)

    let start = Array.append leaky.Start (Array.zeroCreate n)
    let steps = 4000
    let h = leaky.Horizon / float steps

    Array.fold (fun (isNegative, y) _ -> advance isNegative y h) (leaky.Start |> Array.map (fun x -> x < 0.0), start) [| 1..steps |]
    |> snd
    |> Array.splitAt n

/// |z(T)| and the distance of error/dt to it for N = 100, 400, 1600.
let private leakyLadder (twin: Twin) : float[] =
    let exact, z = leakyLimit twin

    Array.append
        [| FloatNetworks.norm z |]
        ([| 100; 400; 1600 |] |> Array.map (fun n -> FloatNetworks.distance z (quotient twin leaky exact n)))

let private s1 = FloatNetworks.s1

let claim: Claim =
    let rates = FloatNetworks.cubicGenerator
    let values twin () = [| 50; 100; 200 |] |> Array.map (fun n -> (final twin s1 n)[0])

    Paper.define
        "ruseckas.ffn.first-order-rate"
        Paper.reconstructed
        "(x_N − x(T))/dt → z(T), z′ = F′z + e, z(0) = 0: e = −½(∂_tF + F′F) residual, e = g′∘ℓ − ½(∂_tF + F′F) feed-forward."
    |> Claim.hypothesis "H1" "e carries the term g′∘ℓ of the feed-forward network"
    |> Claim.asymptotic "order-residual" (Instances.random rates 20) (isFirstOrder Twin.Residual)
    |> Claim.drawsPerTrial 4
    |> Claim.asymptotic "order-feed-forward" (Instances.random rates 20) (isFirstOrder Twin.FeedForward)
    |> Claim.drawsPerTrial 4
    |> Claim.asymptotic "residual" (Instances.random rates 10) (tends Twin.Residual Twin.Residual)
    |> Claim.drawsPerTrial 4
    |> Claim.asymptotic "feed-forward" (Instances.random rates 10) (tends Twin.FeedForward Twin.FeedForward)
    |> Claim.drawsPerTrial 4
    |> Known.bounded "reference" [
        Known.floats "S1: z(2), residual and feed-forward" "-0.02671930534109962 -1.299243804278416" (fun () -> [|
            (snd (limit Twin.Residual s1))[0]
            (snd (limit Twin.FeedForward s1))[0]
        |])
        Known.floats "S1 residual: N = 50, 100, 200" "1.198929214386808 1.19952713106046 1.199809901740975" (values Twin.Residual)
        Known.floats "S1 feed-forward: N = 50, 100, 200" "1.150140286754814 1.174615314722383 1.187220702096713" (values Twin.FeedForward)
        // |z(T)| by matrix exponentials from crossing to crossing, with 30 digits.
        Known.floats
            "Q with κ = 0.7, residual: |z(T)|, and its distance to error/dt for N = 100, 400, 1600"
            "0.4120982565369831 5.43e-3 1.34e-3 3.34e-4"
            (fun () -> leakyLadder Twin.Residual)
        Known.floats
            "Q with κ = 0.7, feed-forward: |z(T)|, and its distance to error/dt for N = 100, 400, 1600"
            "0.2705970574390282 8.32e-3 2.08e-3 5.37e-4"
            (fun () -> leakyLadder Twin.FeedForward)
        Known.floats "S1: x(2) by the method of order 4" "1.20008223111" (fun () -> fst (limit Twin.Residual s1))
    ]
    |> Claim.neededBy "H1" (Instances.chosen FloatNetworks.show [ s1 ]) (tends Twin.Residual Twin.FeedForward)
