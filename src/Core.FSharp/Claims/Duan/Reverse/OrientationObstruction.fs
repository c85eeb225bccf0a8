/// What keeps the orientation stays away from a reflection, and flows keep it.
///
/// Statement: a flow map has det D &gt; 0, so a network with Π sign det W_l = −1 is none. Every homeomorphism f that keeps the orientation has
/// sup |f − Q| ≥ ρ over the ball |x| ≤ ρ for a reflection Q; f = εx comes as near as (1 + ε)ρ.
/// Proof: if |f − Q| &lt; ρ on the sphere, f and Q have the same degree there, which is 1 for f if it vanishes inside, and 0 if not, and −1 for Q.
/// Checked in d = 2 on rational points of the circle: the supremum exceeds what is seen by at most (Lip f + 1) times half an arc.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Duan.Reverse.OrientationObstruction

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Duan

let private reflect (x: Rational[]) : Rational[] = Array.mapi (fun i a -> if i = 0 then -a else a) x

/// Points of the unit circle, ((1 − t²)/(1 + t²), 2t/(1 + t²)) for t = k/n and the quarter turns: neighbours within an angle 2·atan(1/n) ≤ 2/n.
let private circle (n: int) : Rational[][] = [|
    for k in 0 .. n - 1 do
        let t = Rational.create k n
        let q = Rational.One + t * t
        let x, y = (Rational.One - t * t) / q, Rational.ofInt 2 * t / q

        // k/n in 0..1 is the first quarter; three turns of it are the rest.
        for a, b in [ x, y; -y, x; -x, -y; y, -x ] do
            [| a; b |]
|]

let private square (x: Rational[]) : Rational = Vector.dot x x

/// Π|W_l|₁|W_l|_∞·Π max(1, α)², no less than the square of the Lipschitz constant, as |W|₂² ≤ |W|₁|W|_∞.
let private lipschitzSquared (net: DrawnNet) : Rational =
    let matrix (w, _) = Matrix.normInf (Matrix.ofRows w) * Matrix.normInf (Matrix.transpose (Matrix.ofRows w))
    let slope α = Rational.power (Array.fold Rational.max Rational.One α) 2
    Array.append (Array.map matrix net.Affine) (Array.map slope net.Slopes) |> Array.fold (*) Rational.One

let private n = 32

let private points = circle n

/// max over the points of |f − Q| against 1 − (Lip f + 1)/n: no point of the circle is farther than an arc 1/n from one of these.
let private keepsAway (case: NetCase) : Outcome =
    let f = case.Net.Vanilla

    let largest =
        points
        |> Array.map (fun x -> square (Vector.subtract (VanillaNet.apply f x) (reflect x)))
        |> Array.fold Rational.max Rational.Zero

    let step = Rational.create 1 n
    // √a ≤ 1 + a would be coarse; the float root, rounded up by 2⁻⁴⁰, is enough.
    let lipschitz = Rational.ofFloat (sqrt (Rational.toFloat (lipschitzSquared case.Net)) * (1.0 + 1e-12))
    let bound = Rational.One - step * (lipschitz + Rational.One)

    if bound.Sign <= 0 then
        Outcome.undecided "the Lipschitz constant is too large for the points"
    else
        Check.atMost "what |f − Q|² has to reach" largest (bound * bound)

/// f = εx: |εx − Qx|² ≤ (1 + ε)².
let private isSharp (ε: Rational) : Outcome =
    let largest =
        points
        |> Array.map (fun x -> square (Vector.subtract (Vector.scale ε x) (reflect x)))
        |> Array.fold Rational.max Rational.Zero

    Check.equal "sup |εx − Qx|²" (Rational.power (Rational.One + ε) 2) largest

/// Compositions of steps with 1 + m > 0, which are flows, have positive volume factors.
let private flowsKeep (case: StepCase) : Outcome =
    let net = Nets.ofStep case.Step

    case.Points
    |> Seq.filter (Nets.isOffKinks net)
    |> Seq.map (fun x -> Outcome.isTrue "det D of a flow" "is positive" ((Elimination.determinant (Nets.jacobian net x)).Sign > 0))
    |> Outcome.all

/// One or two layers in the plane, gentle enough for the points: anything, or near the collapse diag(0, 1) that comes nearest to Q.
let private draw (stream: RandomStream) : DrawnNet =
    let isNear = stream.NextBool()
    let entry most = Rational.create (stream.NextInt(-most, most)) 8

    let matrix l =
        let target i j = if i = j && (i > 0 || l > 0) then Rational.One else Rational.Zero
        Array.init 2 (fun i -> Array.init 2 (fun j -> if isNear then target i j + entry 1 else entry 12))

    let depth = stream.NextInt(1, 2)

    {
        Affine = Array.init (depth + 1) (fun l -> matrix l, [| entry 2; entry 2 |])
        Slopes = Array.init depth (fun _ -> Array.init 2 (fun _ -> Rational.create (stream.NextInt(4, 12)) 8))
    }

let claim: Claim =
    let nets =
        let isGentle (net: DrawnNet) = LeakyNets.orientation net.Vanilla = 1 && lipschitzSquared net < Rational.ofInt 400
        let cases = Nets.cases 1 (Draws.until isGentle draw) Nets.anywhere

        { cases with Shrink = cases.Shrink >> Seq.filter (fun case -> case.Net.Dimension = 2 && isGentle case.Net) }

    let steps =
        Steps.generator (2, 3) Steps.anyShape (fun case -> Steps.isInvertible case && case.C |> Array.exists (fun c -> c.Sign <> 0)) 4

    let mirror = { Net = Nets.create [ [ "-1 0"; "0 1" ], "0 0"; [ "1 0"; "0 1" ], "0 0" ] [ "1 1" ]; Points = [||] }
    let show (case: NetCase) = Nets.show case.Net

    Paper.define
        "duan.reverse.orientation-obstruction"
        Paper.reconstructed
        "Flows keep the orientation, and what keeps it is at least ρ away from a reflection somewhere in the ball of radius ρ; εx comes as near as (1 + ε)ρ."
    |> Claim.hypothesis "H1" "f keeps the orientation"
    |> Claim.exact "flows-keep-orientation" (Instances.random steps 100) flowsKeep
    |> Claim.certified "networks-keep-away" (Instances.random nets 60) keepsAway
    |> Claim.exact
        "sharp"
        (Instances.chosen (fun (ε: Rational) -> [ "ε", string ε ]) ([ "1"; "1/8"; "1/1024" ] |> List.map Known.number))
        isSharp
    |> Claim.neededBy "H1" (Instances.chosen show [ mirror ]) keepsAway
