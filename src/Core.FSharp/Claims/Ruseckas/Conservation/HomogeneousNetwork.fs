/// Networks of leaky ReLUs without bias conserve a·x from layer to layer.
///
/// Statement: for x_{l+1} = λ_α(W_l x_l) or x_{l+1} = x_l + dt·λ_α(W_l x_l), a_l·x_l is the same for all l, and in the feed-forward case
/// ⟨W_l, ∂L/∂W_l⟩ is that number for all l; in the residual case ⟨W_l, ∂L/∂W_l⟩ = a_{l+1}·x_{l+1} − a_{l+1}·x_l.
/// Proof: Euler's theorem for each layer, which is homogeneous of degree 1 off the kinks.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.Conservation.HomogeneousNetwork

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

/// How a layer turns t = λ_α(Wx + B) into the next state.
[<RequireQualifiedAccess>]
type private Reading =
    | FeedForward
    | Residual of step: Rational

[<NoComparison>]
type private Case = {
    Reading: Reading
    Slope: Rational
    Weights: Rational[][][]
    Biases: Rational[][]
    Start: Rational[]
    Target: Rational[]
    /// Whether σ(u) = u + u² takes the place of the leaky ReLU.
    IsSmooth: bool
}

let private activate (case: Case) (u: Rational) : Rational =
    if case.IsSmooth then u + u * u
    elif u.Sign < 0 then case.Slope * u
    else u

let private slope (case: Case) (u: Rational) : Rational =
    if case.IsSmooth then Rational.One + Rational.ofInt 2 * u
    elif u.Sign < 0 then case.Slope
    else Rational.One

let private preactivation (case: Case) (l: int) (x: Rational[]) : Rational[] =
    Vector.add (NearIdentity.apply case.Weights[l] x) case.Biases[l]

let private step (case: Case) (x: Rational[]) (l: int) : Rational[] =
    let t = preactivation case l x |> Array.map (activate case)

    match case.Reading with
    | Reading.FeedForward -> t
    | Reading.Residual h -> Vector.addScaled x h t

let private layers (case: Case) : int[] = Array.init case.Weights.Length id

/// x_l, a_l and ⟨W_l, ∂L/∂W_l⟩.
let private passes (case: Case) : Rational[][] * Rational[][] * Rational[] =
    let x = Array.scan (step case) case.Start (layers case)

    // ∂L/∂u_l
    let inner l (a: Rational[]) =
        let scaled = Array.map2 (fun u a -> slope case u * a) (preactivation case l x[l]) a

        match case.Reading with
        | Reading.FeedForward -> scaled
        | Reading.Residual h -> Vector.scale h scaled

    let back l (a: Rational[]) =
        let pulled = NearIdentity.applyTransposed case.Weights[l] (inner l a)

        match case.Reading with
        | Reading.FeedForward -> pulled
        | Reading.Residual _ -> Vector.add a pulled

    let a = Array.scanBack back (layers case) (Vector.subtract (Array.last x) case.Target)
    x, a, layers case |> Array.map (fun l -> Vector.dot (inner l a[l + 1]) (NearIdentity.apply case.Weights[l] x[l]))

let private pairings (case: Case) : Rational[] =
    let x, a, _ = passes case
    Array.map2 Vector.dot a x

let private isConstant (case: Case) : Outcome = Check.constant "a_l·x_l" (pairings case)

let private hasWeightPairings (case: Case) : Outcome =
    let x, a, weights = passes case

    layers case
    |> Seq.map (fun l ->
        let expected =
            match case.Reading with
            | Reading.FeedForward -> Vector.dot a[0] x[0]
            | Reading.Residual _ -> Vector.dot a[l + 1] x[l + 1] - Vector.dot a[l + 1] x[l]

        Check.equal $"⟨W_{l}, ∂L/∂W_{l}⟩" expected weights[l])
    |> Outcome.all

/// The momentum against dual numbers would share λ; instead dL along the ray x(0)(1 + ε), which is a_0·x_0, by an exact quotient.
let private isRayDerivative (case: Case) : Outcome =
    let loss start =
        let x = Array.scan (step case) start (layers case) |> Array.last
        let missing = Vector.subtract x case.Target
        Vector.dot missing missing / Rational.ofInt 2

    let ε = Rational.power (Rational.ofInt 2) -20
    let along sign = loss (Vector.scale (Rational.One + sign * ε) case.Start)
    // x_N is homogeneous, so the loss is a quadratic polynomial along the ray and the central quotient is exact.
    Check.equal "a_0·x_0" ((along Rational.One - along -Rational.One) / (Rational.ofInt 2 * ε)) ((pairings case)[0])

let private isOffKinks (case: Case) : bool =
    let x = Array.scan (step case) case.Start (layers case)
    layers case |> Array.forall (fun l -> preactivation case l x[l] |> Array.forall (fun u -> u.Sign <> 0))

let private draw (stream: RandomStream) : Case =
    let one (stream: RandomStream) =
        let n = stream.NextInt(1, 3)
        let depth = stream.NextInt(1, 8)

        {
            Reading = if stream.NextBool() then Reading.FeedForward else Reading.Residual(Rational.create 1 (stream.NextInt(2, 20)))
            Slope = Rational.create (stream.NextInt(1, 6)) 4
            Weights = Array.init depth (fun _ -> Draws.square stream n)
            Biases = Array.init depth (fun _ -> Vector.zero n)
            Start = Draws.vector stream n
            Target = Draws.vector stream n
            IsSmooth = false
        }

    Draws.until isOffKinks one stream

let private shrink (case: Case) : Case seq =
    seq {
        for depth in Shrink.int 1 case.Weights.Length do
            { case with Weights = Array.truncate depth case.Weights; Biases = Array.truncate depth case.Biases }

        for weights in Shrink.elements Draws.shrinkRows case.Weights do
            { case with Weights = weights }

        for x in Draws.shrinkVector case.Start do
            { case with Start = x }

        for c in Draws.shrinkVector case.Target do
            { case with Target = c }
    }
    |> Seq.filter isOffKinks

let private show (case: Case) : (string * string) list = [
    match case.Reading with
    | Reading.FeedForward -> "layers", "feed-forward"
    | Reading.Residual h -> "layers", $"residual, dt = {h}"
    "σ", (if case.IsSmooth then "u + u²" else $"leaky ReLU of slope {case.Slope}")
    for l in layers case do
        $"W({l})", Draws.showRows case.Weights[l]
        $"B({l})", Known.show case.Biases[l]
    "x(0)", Known.show case.Start
    "c", Known.show case.Target
]

let private generator = Generator.fromStream (fun _ stream -> draw stream) shrink show

let private known: Case = {
    Reading = Reading.FeedForward
    Slope = Rational.create 1 8
    Weights = [| Known.rows [ "1 -1/2"; "1/4 3/4" ]; Known.rows [ "-1/3 1"; "1 1/5" ]; Known.rows [ "1/2 1/2"; "-1 2" ] |]
    Biases = Array.init 3 (fun _ -> Vector.zero 2)
    Start = Known.vector "1 -2"
    Target = Known.vector "1 -2"
    IsSmooth = false
}

let private biased = { known with Biases = Known.rows [ "0 0"; "1 1"; "0 0" ] }

let claim: Claim =
    Paper.define
        "ruseckas.conservation.homogeneous-network"
        Paper.reconstructed
        "Leaky ReLU layers without bias, feed-forward or residual: a_l·x_l is the same for all l; feed-forward: so is ⟨W_l, ∂L/∂W_l⟩, and it is the same number."
    |> Claim.hypothesis "H1" "no biases"
    |> Claim.hypothesis "H2" "the activation is homogeneous of degree 1"
    |> Claim.exact "states" (Instances.random generator 100) isConstant
    |> Claim.exact "weights" (Instances.random generator 100) hasWeightPairings
    |> Claim.exact "ray" (Instances.random generator 60) isRayDerivative
    |> Known.exact "reference" [
        Known.value "x_3" "1433/1536 3103/768" (fun () ->
            let x, _, _ = passes known
            x[3])
        Known.value "a_l·x_l" (String.replicate 4 "57431669/2359296 " |> _.Trim()) (fun () -> pairings known)
        Known.value "⟨W_l, ∂L/∂W_l⟩" (String.replicate 3 "57431669/2359296 " |> _.Trim()) (fun () ->
            let _, _, weights = passes known
            weights)
        Known.value "a_l·x_l with the bias (1, 1) in the middle layer" "171745/4608 171745/4608 210145/4608 210145/4608" (fun () ->
            pairings biased)
    ]
    |> Claim.neededBy "H1" (Instances.chosen show [ biased ]) isConstant
    |> Claim.neededBy "H2" (Instances.chosen show [ { known with IsSmooth = true } ]) isConstant
