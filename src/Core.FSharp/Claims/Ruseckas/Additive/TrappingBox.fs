/// Bounded squashing functions keep an additive network in a box.
///
/// Statement: for |σ| ≤ 1, τ_i > 0, constant I and arbitrary W the box |x_i| ≤ R_i = max(|x_i(0)|, Σ_j|w_ji| + |I_i|) is invariant for the
/// flow and for Euler steps with dt ≤ min τ_i.
/// Proof: the Euler step is the convex combination (1 − dt/τ_i)x_i + (dt/τ_i)(Σ wσ + I_i); the flow is the limit of Euler steps.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.Additive.TrappingBox

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

let private isInside (quantity: string) (box: Rational[]) (x: Rational[]) : Outcome =
    Array.map2 (fun (r: Rational) x -> Check.atMost quantity r (Rational.abs x)) box x |> Outcome.all

/// Four Euler steps stay in the box.
let private stays (σ: ISquashing<Rational>) (case: AdditiveCase) : Outcome =
    let box = AdditiveNetwork.trappingBox case.Network case.State
    let step (x: Rational[]) = Vector.addScaled x case.Step (AdditiveNetwork.field σ case.Network x)

    seq { 1..4 }
    |> Seq.scan (fun x _ -> step x) case.State
    |> Seq.mapi (fun l x -> isInside $"|x_i| after {l} steps" box x)
    |> Outcome.all

/// On the boundary of the box the flow does not point outward: x_i′ ≤ 0 where x_i = R_i, x_i′ ≥ 0 where x_i = −R_i.
let private pointsInward (σ: ISquashing<Rational>) (case: AdditiveCase) : Outcome =
    let box = AdditiveNetwork.trappingBox case.Network case.State

    let face i (side: Rational) =
        let x = Array.updateAt i (side * box[i]) case.State
        Check.atMost $"the outward velocity at x_{i + 1} = {x[i]}" Rational.Zero (side * (AdditiveNetwork.field σ case.Network x)[i])

    seq {
        for i in 0 .. box.Length - 1 do
            face i Rational.One
            face i -Rational.One
    }
    |> Outcome.all

let private identity: ISquashing<Rational> = {
    new ISquashing<Rational> with
        member _.Value u = u
        member _.Slope _ = Rational.One
}

let private long = { AdditiveCase.create [ "0" ] "1" "0" "0" "1" with Step = Rational.ofInt 3 }

let private unbounded = AdditiveCase.create [ "2" ] "1" "0" "0" "2"

let claim: Claim =
    let cases = AdditiveCase.generator false

    Paper.define
        "ruseckas.additive.trapping-box"
        Paper.reconstructed
        "|σ| ≤ 1 ⇒ |x_i| ≤ max(|x_i(0)|, Σ_j|w_ji| + |I_i|) is invariant for the flow and for Euler steps with dt ≤ min τ_i."
    |> Claim.hypothesis "H1" "|σ| ≤ 1"
    |> Claim.hypothesis "H2" "τ_i > 0, I constant, and dt ≤ min τ_i for Euler steps"
    |> Claim.exact "euler-steps" (Instances.random cases 100) (stays AdditiveCase.softsign)
    |> Claim.exact "boundary" (Instances.random cases 100) (pointsInward AdditiveCase.softsign)
    |> Known.exact "reference" [
        Known.value "one Euler step of x′ = −x with dt = 3 from 1" "-2" (fun () ->
            Vector.addScaled long.State long.Step (AdditiveNetwork.field AdditiveCase.softsign long.Network long.State))
        Known.value "the box of W = 2 from 1" "2" (fun () -> AdditiveNetwork.trappingBox unbounded.Network (Known.vector "1"))
        Known.value "x′ at its boundary with σ the identity" "2" (fun () ->
            AdditiveNetwork.field identity unbounded.Network unbounded.State)
    ]
    |> Claim.neededBy "H1" (Instances.chosen AdditiveCase.show [ unbounded ]) (pointsInward identity)
    |> Claim.neededBy "H2" (Instances.chosen AdditiveCase.show [ long ]) (stays AdditiveCase.softsign)
