/// Whether trained weights have a limit in depth, and which.
///
/// Statement: of weights A_k of a ladder of depths: the slopes of log mean|A_k|, log|ΣA_k| and log(Σ|A_k|²)^{1/2} and von Neumann's ratio ν = Σ|A_k − A_{k−1}|²/Σ|A_k − Ā|² tell an ordinary differential equation (1/n, smooth), a stochastic one
/// (1/√n, independent), relaxed limits (alternating), trivial and explosive families. ν is 12/(n(n + 1)) for A_k = k, 4(n − 1)/n for alternating ones of even n, 4n/(n + 1) of odd n, and about 2 for independent ones. The slope H of the mean of
/// |A_{i+l} − A_i|² is 1 for smooth weights, ½ for a random walk and 0 for independent ones.
/// Thresholds are ours; that random families are recognised is observed, not proven. Known bias of H on Weierstrass sums: up to 0.13.
/// Our own.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.ThorpeVanGennip.Beyond.WeightDiagnosis

open LayerTime.Core.Numbers
open LayerTime.Core.DeepLimit
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.ThorpeVanGennip

let private ramp n = Array.init n (fun k -> [| float k |])
let private alternating n = Array.init n (fun k -> [| (if k % 2 = 0 then 1.0 else -1.0) |])

/// ν of the two closed forms, up to 8 roundings an item.
let private hasRatio (n: int) : Outcome =
    let size = float n

    let compare name expected weights =
        Outcome.atMost $"|ν − {expected}|, {name}" (8.0 * size * 1.2e-16 * expected) (abs (WeightDiagnostic.neumann weights - expected))

    let wave = if n % 2 = 0 then 4.0 * (size - 1.0) / size else 4.0 * size / (size + 1.0)
    Outcome.all [ compare "k" (12.0 / (size * (size + 1.0))) (ramp n); compare "(−1)^k" wave (alternating n) ]

/// How weights depend on depth.
[<RequireQualifiedAccess>]
type private Texture =
    | Smooth
    | Independent
    | Alternating

/// A family of depths 2⁴ … 2¹² with 16 entries: texture, β and the key of the random numbers.
[<NoComparison>]
type private Family = { Texture: Texture; Beta: float; Key: uint64 }

let private weights (family: Family) (n: int) : float[][] =
    let stream = RandomStream(Seed.combine family.Key 1UL)
    let normals () = Array.init 16 (fun _ -> PolynomialCase.normal stream)
    let a, b, c = normals (), normals (), normals ()
    let noise = RandomStream(Seed.combine family.Key (uint64 n))
    let scale = Elementary.exp (-family.Beta * Elementary.log (float n))

    Array.init n (fun k ->
        let t = float k / float n

        Array.init 16 (fun e ->
            scale
            * match family.Texture with
              | Texture.Smooth -> a[e] + b[e] * Elementary.sin (3.0 * t) + c[e] * t * t
              | Texture.Independent -> PolynomialCase.normal noise
              | Texture.Alternating -> if k % 2 = 0 then a[e] else -a[e]))

let private intended (family: Family) : DepthRegime =
    match family.Texture, family.Beta with
    | Texture.Alternating, _ -> DepthRegime.Relaxed
    | Texture.Smooth, 1.0 -> DepthRegime.OrdinaryEquation
    | Texture.Independent, 0.5 -> DepthRegime.StochasticEquation
    | Texture.Smooth, β -> if β < 1.0 then DepthRegime.Explosive else DepthRegime.Trivial
    | Texture.Independent, β -> if β < 0.5 then DepthRegime.Explosive else DepthRegime.Trivial

let private kinds = [|
    Texture.Smooth, 1.0
    Texture.Smooth, 0.5
    Texture.Smooth, 1.5
    Texture.Independent, 0.5
    Texture.Independent, 1.0
    Texture.Independent, 0.25
    Texture.Alternating, 1.0
    Texture.Alternating, 0.5
|]

let private show (family: Family) : (string * string) list = [
    "texture", string family.Texture
    "β", string family.Beta
    "key", string family.Key
]

let private regime (family: Family) : DepthRegime option =
    Array.init 9 (fun level -> weights family (16 <<< level))
    |> WeightDiagnostic.ofFamily
    |> Option.map WeightDiagnostic.regimeOfFamily

let private isRecognised (family: Family) : Outcome = Outcome.equal "the regime" (sprintf "%A") (Some(intended family)) (regime family)

/// Weights that are smooth in depth with the factor n^{−β} are said to belong to a differential equation.
let private isOrdinary (family: Family) : Outcome =
    Outcome.equal "the regime" (sprintf "%A") (Some DepthRegime.OrdinaryEquation) (regime family)

/// H of one network.
let private hurst (f: float -> float) (n: int) : float =
    match WeightDiagnostic.ofNetwork (Array.init n (fun k -> [| f (float k / float n) |])) |> Option.bind _.Hurst with
    | Some h -> h
    | None -> nan

let private weierstrass (h: float) (t: float) : float =
    Seq.init 11 (fun k ->
        let frequency = float (1 <<< k)
        let phase = frequency * t - floor (frequency * t)
        Elementary.exp (-h * float k * Elementary.log 2.0) * Elementary.cos (2.0 * System.Math.PI * phase))
    |> Seq.sum

let private isPeriodic (n: int) : Outcome =
    match WeightDiagnostic.ofNetwork (alternating n) with
    | Some roughness -> Outcome.isTrue "alternating weights" "have period 2" roughness.IsPeriodic
    | None -> Outcome.undecided "the network is too shallow"

let claim: Claim =
    let generator =
        Generator.fromStream
            (fun _ (stream: RandomStream) ->
                let texture, β = Draws.choice stream kinds
                { Texture = texture; Beta = β; Key = stream.NextUInt64() })
            Shrink.none
            show

    let smooth β = { Texture = Texture.Smooth; Beta = β; Key = 7UL }
    let showDepth (n: int) = [ "n", string n ]

    Paper.define
        "thorpe-van-gennip.beyond.weight-diagnostic"
        Paper.own
        "The exponents of |A_k|, |ΣA_k| and (Σ|A_k|²)^{1/2} over a ladder and von Neumann's ratio tell ordinary, stochastic, relaxed, trivial and explosive families of weights apart."
    |> Claim.hypothesis "H1" "the factor of the weights is 1/n"
    |> Claim.bounded "ratio" (Instances.chosen showDepth [ 4; 5; 16; 33; 256; 1025 ]) hasRatio
    |> Claim.bounded "regimes" (Instances.random generator 16) isRecognised
    |> Claim.bounded "ordinary" (Instances.chosen show [ smooth 1.0 ]) isOrdinary
    |> Claim.exact "periodic" (Instances.chosen showDepth [ 8; 64; 1024 ]) isPeriodic
    |> Known.bounded "reference" [
        Known.floats "H of sin 2t, n = 4096" ".99982" (fun () -> [| hurst (fun t -> Elementary.sin (2.0 * t)) 4096 |])
        Known.floats "H of Weierstrass sums with .3, .5, .8, n = 4096" ".423 .580 .815" (fun () -> [|
            for h in [ 0.3; 0.5; 0.8 ] -> hurst (weierstrass h) 4096
        |])
    ]
    |> Claim.neededBy "H1" (Instances.chosen show [ smooth 0.5; smooth 1.5 ]) isOrdinary
