/// On the line, flows and gentle residual networks keep the order of points.
///
/// Statement: for n = 1 flows and residual networks with dt·Lip &lt; 1 are strictly increasing, so {|x| &lt; 1} and {2 &lt; |x| &lt; 3} cannot be
/// separated by one threshold. The single layer x + 2max(−x, 0) = |x|, with dt·Lip = 2, does it at 3/2.
/// Proof: r(x) − r(y) = (1 + dt·F[x, y])(x − y) with |F[x, y]| ≤ Lip.
/// After a figure on the slides.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.Topology.Order

open LayerTime.Core.Numbers
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

/// A network on the line and increasing points.
[<NoComparison>]
type private Case = { Network: NetworkCase; Points: Rational[] }

/// dt·Lip of layer l on the interval that these points span.
let private contraction (network: NearIdentity<Rational>) (l: int) (points: Rational[]) : Rational =
    let radius = points |> Array.map Rational.abs |> Array.reduce Rational.max

    let lipschitz =
        match network.Damping with
        | Damping.Cubic γ -> Rational.ofInt 3 * γ * radius * radius
        | Damping.Leaky κ -> κ

    let rows = network.Weights[l]
    network.Step * (Rational.abs (rows[0][0]) + lipschitz)

/// The points before and behind every layer.
let private layers (case: Case) : Rational[][] =
    case.Points
    |> Array.map (fun x -> NearIdentity.run Twin.Residual case.Network.Network [| x |] |> Array.map Array.head)
    |> Array.transpose

let private isGentle (case: Case) : bool =
    let states = layers case

    Seq.init case.Network.Network.Depth id
    |> Seq.forall (fun l -> contraction case.Network.Network l states[l] < Rational.One)

let private keepsOrder (case: Case) : Outcome =
    layers case
    |> Array.mapi (fun l x ->
        let increases = x |> Array.pairwise |> Array.forall (fun (a, b) -> a < b)
        Outcome.isTrue $"x_{l} of increasing x_0" "increases strictly" increases)
    |> Outcome.all

/// No threshold on the last states has −5/2 and 5/2 on one side and 0 on the other.
let private doesNotSeparate (case: Case) : Outcome =
    let final = { case with Points = Known.vector "-5/2 0 5/2" } |> layers |> Array.last
    let separated = (final[0] > final[1] && final[2] > final[1]) || (final[0] < final[1] && final[2] < final[1])
    Outcome.isTrue "{|x| < 1} and {2 < |x| < 3}" "are not separated by a threshold" (not separated)

let private generator (points: RandomStream -> Rational[]) : Generator<Case> =
    let networks = Networks.generator { Networks.both with Accept = fun case -> case.Dimension = 1 }

    let gen =
        FsCheck.FSharp.Gen.map2 (fun network stream -> { Network = network; Points = points stream }) networks.Gen Generator.stream
        |> FsCheck.FSharp.Gen.filter isGentle

    let shrink case =
        seq {
            for points in Shrink.array 2 Shrink.none case.Points do
                { case with Points = points }

            for network in networks.Shrink case.Network do
                { case with Network = network }
        }
        |> Seq.filter isGentle

    Generator.create gen shrink (fun case -> networks.Show case.Network @ [ "points", Known.show case.Points ])

let private some (stream: RandomStream) : Rational[] =
    Array.init (stream.NextInt(2, 8)) (fun _ -> Draws.fraction stream) |> Array.distinct |> Array.sort

let private absolute: Case = {
    Network = Networks.repeated 1 "1" (Damping.Leaky(Rational.ofInt 2)) [ "0" ] "0" "1" "0" "0"
    Points = Known.vector "-5/2 -1/2 0 1/2 5/2"
}

let claim: Claim =
    let three = generator (fun _ -> Known.vector "-5/2 0 5/2")

    Paper.define
        "ruseckas.topology.order-1d"
        Paper.afterSlides
        "n = 1: flows and residual networks with dt·Lip < 1 increase strictly, so no threshold separates {|x| < 1} from {2 < |x| < 3}."
    |> Claim.hypothesis "H1" "dt·Lip < 1 in every layer"
    |> Claim.exact "order" (Instances.random (generator some) 100) keepsOrder
    |> Claim.exact "threshold" (Instances.random three 40) doesNotSeparate
    |> Known.exact "reference" [
        Known.value "|x| at the points of both classes" "5/2 1/2 0 1/2 5/2" (fun () -> Array.last (layers absolute))
    ]
    |> Claim.neededBy "H1" (Instances.chosen three.Show [ absolute ]) keepsOrder
    |> Claim.neededBy "H1" (Instances.chosen three.Show [ absolute ]) doesNotSeparate
