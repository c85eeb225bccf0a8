/// Without critical points, level sets have no compact piece.
///
/// Statement: m ≤ n, full rank, flow complete, n ≥ 2: no level set of Φ is compact; in particular Φ has not the zero set of |x − p|² − r².
/// Proof: Φ would be constant on the sphere and have a critical point inside. Two points of the sphere with different Φ certify it, and sup |Φ − Ψ| over
/// the disc stays above r²/2 by the gap of an extremum.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.KuehnKuntz.Node.LevelSetTopology

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Constructions
open LayerTime.Core.Rigour
open LayerTime.Core.Claims
open LayerTime.Core.Claims.KuehnKuntz

/// Points of the unit circle with fractions for coordinates, from Pythagoras.
let private circle: Rational[] list = [
    for a, b, c in [ 1, 0, 1; 3, 4, 5; 5, 12, 13; 8, 15, 17 ] do
        for x, y in [ a, b; -b, a; -a, -b; b, -a ] -> [| Rational.create x c; Rational.create y c |]
]

/// Φ is not constant on the circle.
let private leavesCircle (value: Box -> Interval) : Outcome =
    let values = circle |> List.map (Array.map Interval.ofRational >> value)

    if List.allPairs values values |> List.exists (fun (a, b) -> Interval.disjoint a b) then
        Outcome.holds
    elif values |> List.forall (fun v -> Interval.contains 1.0 v) then
        Outcome.refuted "Φ at sixteen points of the circle" "two different values" "enclosures of 1 only"
    else
        Outcome.undecided "the enclosures on the circle overlap"

let private isNoCircle (node: Node) : Outcome = leavesCircle (Nodes.map node).Value

/// sup |Φ − |x|²| over the square [−1, 1]² is at least 1/2, half of what |x|² rises from 0 to the boundary.
let private keepsAway (node: Node) : Outcome =
    let map = Nodes.map node
    let k = Box.cube 2 1.0
    let square (x: Box) = Array.map Interval.square x |> Array.reduce (fun a b -> Arithmetic.(+) a b)
    let value x = Arithmetic.(-) (map.Value x) (square x)
    let gradient x = Vector.subtract (map.Gradient.Value x) (Vector.scale (Ring.ratio 2 1) x)
    let bound = ExtremumGap.bound 0 (ExtremumGap.faces square k) (square (Box.ofPoint [| 0.0; 0.0 |]))
    Outcome.atLeast "sup |Φ − Ψ| bounded from above" bound (ExtremumGap.supremum 6 value gradient k)

/// The embedding of |x|² in three dimensions, (h₁, h₂, h₃)′ = (0, 0, h₁² + h₂²).
let private embedded (x: Box) : Interval =
    let field = {
        new ISmoothField with
            member _.Dimension = 3

            member _.Evaluate<'T when 'T :> ITranscendental<'T>>(_: 'T, h: 'T[]) = [|
                'T.Zero
                'T.Zero
                'T.Sum('T.Product(h[0], h[0]), 'T.Product(h[1], h[1]))
            |]
    }

    match ValidatedFlow.encloseField ValidatedFlow.defaults field Rational.One [||] (Array.append x [| Interval.ofFloat 0.0 |]) with
    | Ok enclosure -> enclosure.Last.States.Value[2]
    | Error defects -> invalidOp (string defects)

let claim: Claim =
    let nodes = Nodes.draws (fun stream -> 2, stream.NextInt(1, 2)) Nodes.fullRank Nodes.short

    Paper.define
        "kuehn-kuntz.node.level-set-topology"
        Paper.reconstructed
        "m ≤ n, full rank, flow complete, n ≥ 2: no level set of Φ is compact."
    |> Claim.hypothesis "H1" "m ≤ n"
    |> Claim.certified "no-circle" (Instances.random nodes 8) isNoCircle
    |> Claim.certified "keeps-away-from-the-paraboloid" (Instances.random nodes 2) keepsAway
    |> Claim.neededBy "H1" (Instances.chosen (fun _ -> [ "f", "(0, 0, h₁² + h₂²)" ]) [ () ]) (fun () -> leavesCircle embedded)
