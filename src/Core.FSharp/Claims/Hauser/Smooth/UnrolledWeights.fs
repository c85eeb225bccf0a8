/// The weights of the integral form of a smooth network: the part of hauser.smooth.unrolled that needs no drawn network.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Smooth.UnrolledWeights

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

/// A weight for the force of layer s in x(L), by name.
[<NoComparison; NoEquality>]
type Kernel = { Rule: string; Weight: int -> int -> int -> Rational }

let private running = {
    Rule = "C(L−1−s+k−1, k−1), by running products"
    Weight = fun k depth s -> IntegralForm.forceWeights k depth |> Array.item s |> Ring.ofInteger
}

let private closed = { Rule = "C(L−1−s+k−1, k−1)"; Weight = fun k depth s -> Unrolled.forceWeight depth k 1 s }

/// The weight that forgets the layer's own step: 0 instead of 1 already at L = 1.
let private late = { Rule = "C(L−1−s, k−1)"; Weight = fun k depth s -> Pascal.choose (depth - 1 - s) (k - 1) }

/// x(L) of a network of order k started at 0 with unit force in layer s alone is the weight of that layer.
let isKernel (kernel: Kernel, k: int, depth: int) : Outcome =
    let response s =
        let maps = Array.init depth (fun l -> Smooth.constant [| (if l = s then Rational.One else Rational.Zero) |])

        let trajectory =
            Simulation.run (Smooth.network (Architecture.Smooth(k, Rational.One, maps))) (Array.create k [| Rational.Zero |])

        trajectory[depth][0]

    Check.vectors
        "the response of x(L) to a unit force in layer 0 … L−1"
        (Array.init depth response)
        (Array.init depth (kernel.Weight k depth))

/// The weight, the order and the depth.
let showKernel (kernel: Kernel, k: int, depth: int) = [ "weight", kernel.Rule; "order", string k; "depth", string depth ]

/// Both right weights, for small orders and depths.
let kernels = [
    for kernel in [ closed; running ] do
        for k in 1..6 do
            for depth in 1..8 do
                kernel, k, depth
]

/// Uᴸ and U^(L−1−s)·1 entry by entry, against the weights of the start and of the forces.
let powers (k: int, depth: int) : Outcome =
    let power e = Matrix.power (Coordinates.upperOnes k: Matrix<Rational>) e
    let ones = Array.create k Rational.One

    // C(−1, 0) = 1 and C(r−1, r) = 0 make U⁰ the identity.
    let start = Matrix.init k k (fun n m -> if m < n then Rational.Zero else Unrolled.startWeight depth (n + 1) (m + 1))

    Outcome.all (
        seq {
            Smooth.matrices $"U^{depth}" (power depth) start

            Check.vectors
                "the first row by running products"
                ((power depth).Row(0).ToArray())
                (IntegralForm.startWeights k depth |> Array.map Ring.ofInteger)

            for s in 0 .. depth - 1 do
                let weights = Array.init k (fun i -> Unrolled.forceWeight depth k (i + 1) s)
                Check.vectors $"U^{depth - 1 - s}·1" (Matrix.apply (power (depth - 1 - s)) ones) weights
        }
    )

/// The wrong weight, for orders and depths at which it shows.
let lateKernels = List.allPairs [ 2..4 ] [ 1..3 ] |> List.map (fun (k, depth) -> late, k, depth)
