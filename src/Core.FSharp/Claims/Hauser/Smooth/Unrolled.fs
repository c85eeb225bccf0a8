/// The integral form of a smooth network: any state as one sum over the start and the forces.
///
/// Statement: q_n(L) = Σ_{m=n..k} C(L+m−n−1, m−n) q_m(0) + hᵏ Σ_{s&lt;L} C(L−1−s+k−n, k−n) f^(s)(x(s)), n = 1..k, L ≥ 0.
/// Order 1: x(L) = x(0) + h Σ f^(s); order 2: x(L) = x(0) + L∇x(0) + h² Σ (L−s) f^(s).
/// Proof: U = (I − N)⁻¹ with the nilpotent shift N, so Uᴸ = Σᵢ C(L+i−1, i) Nⁱ, and (U^(L−1−s) 1)_n by the hockey-stick identity.
/// The weights are the discrete form of Cauchy's repeated-integral kernel (t−s)ᵏ⁻¹/(k−1)!.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Smooth.Unrolled

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

let private run (drawn: Drawn) =
    let trajectory = Simulation.run drawn.Smooth drawn.History
    let forces = Array.init drawn.Depth (fun s -> LayerMap.apply (drawn.Map(1, s)) trajectory[s])
    trajectory, forces

/// All differences at all depths, L = 0 included, from the trajectory's own forces.
let private everyDepth (drawn: Drawn) : Outcome =
    let trajectory, forces = run drawn
    let start = Smooth.differences trajectory 0

    Outcome.all (
        seq {
            for depth in 0 .. drawn.Depth do
                let forces = Array.take depth forces
                let q = Smooth.differences trajectory depth
                Check.blocks $"q({depth})" q (Unrolled.state drawn.Step start forces)
                Check.vectors $"x({depth}) by running weights" q[0] (IntegralForm.newest drawn.Step start forces)
        }
    )

/// Orders 1 and 2 with their sums written out.
let private lowOrders (drawn: Drawn) : Outcome =
    let trajectory, forces = run drawn
    let h, L = drawn.Step, drawn.Depth
    let weighted weight = forces |> Array.mapi (fun s f -> Vector.scale (weight s) f) |> Vector.sum
    let x0 = drawn.History[0]

    if drawn.Order = 1 then
        Check.vectors "x(0) + h Σ f" (Vector.addScaled x0 h (weighted (fun _ -> Rational.One))) trajectory[L]
    else
        let moved = Vector.addScaled x0 (Rational.ofInt L) (Vector.subtract x0 drawn.History[1])

        Check.vectors
            "x(0) + L∇x(0) + h² Σ (L−s) f"
            (Vector.addScaled moved (h * h) (weighted (fun s -> Rational.ofInt (L - s))))
            trajectory[L]

let private lowOrderNetworks: Generator<Drawn> =
    let low (drawn: Drawn) =
        let k = min 2 drawn.Order
        { drawn with Order = k; History = Array.truncate k drawn.History }

    let shape = Draws.smooth
    Generator.fromStream (fun _ stream -> low (Draws.draw shape stream)) (Draws.shrink shape) Draws.show

/// k = 3, d = 2, h = 1/2, leaky ReLU, the test maps, L = 5.
let private leaky =
    lazy
        (let maps = Array.init 5 (TestMaps.map TestMaps.leaky 2 0)
         let trajectory = Simulation.run (Smooth.network (Architecture.Smooth(3, Rational.create 1 2, maps))) TestMaps.history3
         Array.init 5 (fun s -> LayerMap.apply maps[s] trajectory[s]))

let private row (text: string) = TestMaps.rows [ text ]

let private references: Reference<Rational[][]> list = [
    {
        Quantity = "the weights of the start, order 3, depth 5"
        Expected = row "1 5 15"
        Compute = fun () -> [| IntegralForm.startWeights 3 5 |> Array.map Ring.ofInteger |]
    }
    {
        Quantity = "the weights of the forces, order 3, depth 5"
        Expected = row "15 10 6 3 1"
        Compute = fun () -> [| Array.init 5 (Unrolled.forceWeight 5 3 1) |]
    }
    {
        Quantity = "the forces, order 3, leaky ReLU"
        Expected =
            TestMaps.rows [
                "-11/16 -11/32"
                "9/4 3805/1024"
                "-158683/393216 219437/98304"
                "83279237/12582912 -56634887/50331648"
                "2984472381/536870912 2141388389/268435456"
            ]
        Compute = fun () -> leaky.Value
    }
    {
        Quantity = "x(5) from start and forces, order 3, leaky ReLU"
        Expected = row "176921277751/12884901888 -1074569739/2147483648"
        Compute = fun () -> [| IntegralForm.newest (Rational.create 1 2) (Coordinates.toDifference TestMaps.history3) leaky.Value |]
    }
]

let claim: Claim =
    let showPower (k: int, depth: int) = [ "order", string k; "depth", string depth ]
    let sizes = List.allPairs [ 1..5 ] [ 0..8 ]

    Paper.define
        "hauser.smooth.unrolled"
        Paper.reconstructed
        "q_n(L) = Σ_{m=n..k} C(L+m−n−1, m−n) q_m(0) + hᵏ Σ_{s=0..L−1} w_n(L,s) f^(s)(x(s)), n = 1..k, L ≥ 0; order 1: x(L) = x(0) + h Σ f^(s); order 2: x(L) = x(0) + L∇x(0) + h² Σ (L−s) f^(s)."
    |> Claim.hypothesis "H1" "the force of layer s counts from its own step on: w_n(L,s) = C(L−1−s+k−n, k−n)"
    |> Claim.exact "every-depth" (Instances.random (Draws.generator Draws.smooth) 100) everyDepth
    |> Claim.exact "kernel" (Instances.exhaustive UnrolledWeights.showKernel UnrolledWeights.kernels) UnrolledWeights.isKernel
    |> Claim.exact "powers-of-u" (Instances.exhaustive showPower sizes) UnrolledWeights.powers
    |> Claim.exact "low-orders" (Instances.random lowOrderNetworks 80) lowOrders
    |> Check.references Check.blocks references "reference"
    |> Claim.neededBy "H1" (Instances.chosen UnrolledWeights.showKernel UnrolledWeights.lateKernels) UnrolledWeights.isKernel
