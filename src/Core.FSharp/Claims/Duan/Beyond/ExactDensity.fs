/// Networks carry densities exactly.
///
/// Statement: the density of f(X) at f(x) is that of X at x over |det Df(x)|, and det Df is the count of duan.leaky.logdet; volume factors multiply along compositions, and mass is kept. Along the flow of a term
/// log det φ^τ is ∫κg′(s(ρ))dρ (Liouville): log(q·cosh s/√(1 + q²·sinh² s)), q = e^{κτ}, for tanh, and κτ·[s &gt; 0] for ReLU.
/// Own.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Duan.Beyond.ExactDensity

open LayerTime.Core.Numbers
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Duan

/// det D(g∘f)(x) = det Dg(f(x))·det Df(x), the composition as one network.
let private multiplies (case: NetCase) : Outcome =
    let f = case.Net.Vanilla
    let twice = VanillaNet.compose f f

    case.Points
    |> Seq.map (fun x ->
        let y = VanillaNet.apply f x

        Check.equal
            "det D(f∘f)"
            (LeakyNets.jacobianDeterminant f y * LeakyNets.jacobianDeterminant f x)
            (LeakyNets.jacobianDeterminant twice x))
    |> Outcome.all

/// In d = 1 the mass of an interval: ∫_a^b |det Df| = |f(b) − f(a)|, summed exactly between the places where a layer has its kink.
let private keepsMass (case: NetCase) : Outcome =
    let f = case.Net.Vanilla
    let value x = (VanillaNet.apply f [| x |])[0]
    let a, b = Rational.ofInt -9, Rational.ofInt 9

    // Where the pre-activation of layer l vanishes: it is monotone, so bisected exactly through the pieces before.
    let rec kinks l (found: Rational list) : Rational list =
        if l = f.Depth then
            found
        else
            let z (x: Rational) = VanillaNet.trace f [| x |] |> Array.item l |> Array.head
            let ends = a :: List.sort found @ [ b ]

            let zero (s, t) =
                let zs, zt = z s, z t
                if zs.Sign * zt.Sign < 0 then Some(s - zs * (t - s) / (zt - zs)) else None

            kinks (l + 1) (found @ List.choose zero (List.pairwise ends))

    let ends = a :: (kinks 0 [] |> List.distinct |> List.sort) @ [ b ]

    let mass =
        List.pairwise ends
        |> List.map (fun (s, t) ->
            // Three quarters on: off the kinks, and not where several pieces could meet.
            let inside = s + Rational.create 3 4 * (t - s)
            (t - s) * Rational.abs (LeakyNets.jacobianDeterminant f [| inside |]))
        |> List.fold (+) Rational.Zero

    Check.equal "the mass of [−9, 9]" (Rational.abs (value b - value a)) mass

/// The closed form against κ∫g′(s(ρ))dρ by the rule of Simpson with 64 and 128 pieces, their difference as doubt, along the exact path of s.
let private isLiouville (case: Term.TanhFlow.Scalar) : Outcome =
    let κ, τ, s = case.Kappa, case.Tau, case.S

    let rate ρ =
        let t = Elementary.tanh (s + κ * TermFlow.tanhProfile κ ρ s)
        κ * (1.0 - t * t)

    let simpson n =
        let h = τ / float n

        let weight i =
            if i = 0 || i = n then 1.0
            elif i % 2 = 1 then 4.0
            else 2.0

        h / 3.0 * Seq.sum (seq { for i in 0..n -> weight i * rate (float i * h) })

    let coarse, fine = simpson 64, simpson 128
    // 64 ulp of the integrand's size, and what an error of s does to it: |g″| ≤ 1 once, κ|τ| times.
    let z = abs (κ * τ)
    let tolerance = abs (fine - coarse) + 64.0 * Fields.unit * (z + z * (abs s + z) * Elementary.exp z)
    Outcome.atMost "|log det − ∫κg′|" tolerance (abs (TermFlow.logDeterminant Profile.Tanh κ τ s - fine))

/// log det φ^τ of a ReLU step is log(1 + c·w): κτ where s > 0.
let private ofRelu (case: Term.TanhFlow.Scalar) : Outcome =
    let κ, τ = case.Kappa, case.Tau
    let m = κ * τ * TermFlow.phi1 (κ * τ)
    let expected = if case.S > 0.0 then Elementary.log1p m else 0.0
    let z = abs (κ * τ)

    Outcome.atMost
        "|log det − log(1 + c·w)|"
        (16.0 * Fields.unit * (1.0 + z) * Elementary.exp z)
        (abs (TermFlow.logDeterminant Profile.Relu κ τ case.S - expected))

let claim: Claim =
    let nets = Nets.cases 4 (Nets.draw 3 Nets.mixed)

    let twiceOff (net: DrawnNet) (points: Rational[][]) =
        let f = net.Vanilla
        Nets.offKinks net points && points |> Array.forall (VanillaNet.apply f >> Nets.isOffKinks f)

    let scalars = Nets.cases 1 (Nets.draw 1 Nets.mixed) Nets.anywhere
    let folded = { Net = Nets.create [ [ "1" ], "0"; [ "1" ], "0" ] [ "-1" ]; Points = [||] }
    let show (case: NetCase) = Nets.show case.Net

    Paper.define
        "duan.beyond.exact-density"
        Paper.own
        "Leaky networks carry densities exactly, by the volume factors that count negative pre-activations; along the flow of a term the logarithm of the factor is ∫κg′."
    |> Claim.hypothesis "H1" "all slopes are positive"
    |> Claim.exact "composition" (Instances.random (nets twiceOff) 100) multiplies
    |> Claim.exact "mass" (Instances.random scalars 100) keepsMass
    |> Claim.bounded "liouville" (Instances.random Term.TanhFlow.scalars 200) isLiouville
    |> Claim.bounded "relu" (Instances.random Term.TanhFlow.scalars 200) ofRelu
    |> Known.bounded "reference" [
        Known.floats "REF_A term 1, τ = 1/2, s = 1/20" "0.18693252943410135" (fun () -> [|
            TermFlow.logDeterminant Profile.Tanh 0.375 0.5 0.05
        |])
    ]
    |> Claim.neededBy "H1" (Instances.chosen show [ folded ]) keepsMass
