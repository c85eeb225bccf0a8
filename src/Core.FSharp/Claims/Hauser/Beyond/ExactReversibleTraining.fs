/// Training without a stored trajectory is exact where the arithmetic is.
///
/// Statement: a smooth network of order k ≥ 2 can be run backward from its final state, so a gradient needs the memory of kd scalars. Over the
/// fractions, and over fixed-point integers for any deterministic rounding inside the force, the recomputed trajectory is the stored one bit by bit, so
/// the gradient is the stored-trajectory gradient exactly. A float cascade returns only up to
/// (Bρ + ρ_b)(Bᴸ − 1)/(B − 1), B = 1 + h·max(1, L_f(1+h)), ρ and ρ_b the rounding of a step and of an inverse step.
/// Proof: the coefficient of the oldest state is ±1 and the force does not read it (hauser.smooth.inverse); an integer cascade adds the same integer
/// that the way back subtracts. Drift: Φ⁻¹ has the Lipschitz constant B, discrete Gronwall.
/// Our own.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Beyond.ExactReversibleTraining

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

/// A network with two different histories.
[<NoComparison>]
type private Pair = { Network: Drawn; Other: Rational[][] }

let private pairs: Generator<Pair> =
    let shape = { Draws.smooth with LeastOrder = 2 }

    let draw _ stream =
        let network = Draws.draw shape stream
        // The histories differ in one number at least: in the oldest state, which the force never reads.
        let moved = network.History |> Array.map (fun x -> if stream.NextBool() then x else Draws.vector stream x.Length)
        let oldest = Array.last network.History |> Array.map (fun a -> a + Rational.One)
        { Network = network; Other = Array.updateAt (network.Order - 1) oldest moved }

    let shrink pair =
        Draws.shrink shape pair.Network
        |> Seq.map (fun network ->
            let oldest = Array.last network.History |> Array.map (fun a -> a + Rational.One)
            { Network = network; Other = Array.updateAt (network.Order - 1) oldest network.History })

    Generator.fromStream draw shrink (fun pair -> Draws.show pair.Network @ [ "other history", Check.showBlocks pair.Other ])

/// Different histories have different final states: without that nothing can be recomputed.
let private neverMeet (pair: Pair) : Outcome =
    let final history = (Simulation.run pair.Network.Smooth history).Delay pair.Network.Depth

    Outcome.isTrue
        "the final states of two histories"
        "differ"
        (pair.Network.History <> pair.Other && final pair.Network.History <> final pair.Other)

/// Backward from the final state, in delay and in scaled coordinates, every stored state comes back.
let private recomputed (pair: Pair) : Outcome =
    let drawn = pair.Network
    let trajectory = Simulation.run drawn.Smooth drawn.History
    let scaled l = Coordinates.toScaled drawn.Step (Coordinates.toDifference (trajectory.Delay l))

    let back unstep final =
        Array.scanBack (fun l z -> unstep drawn.Step (LayerMap.apply (drawn.Map(1, l))) z) [| 0 .. drawn.Depth - 1 |] final

    let compare coordinates stored (found: Rational[][][]) =
        Outcome.all (seq { for l in 0 .. drawn.Depth -> Check.blocks $"the state at depth {l}, {coordinates}" (stored l) found[l] })

    Outcome.check [
        fun () -> compare "delays" trajectory.Delay (back SmoothState.delayInverse (trajectory.Delay drawn.Depth))
        fun () -> compare "scaled differences" scaled (back SmoothState.scaledInverse (scaled drawn.Depth))
    ]

/// The gradient found backward from the final state alone is the gradient of the stored trajectory.
let private sameGradient (pair: Pair) : Outcome =
    let drawn = pair.Network
    let loss = Array.init drawn.Width (fun i -> Rational.create (i + 2) 3)
    let trajectory = Simulation.run drawn.Smooth drawn.History
    let stored = Adjoint.gradient drawn.Smooth trajectory loss
    let maps = drawn.LayerMaps |> Array.map Array.head

    match Reversible.gradient drawn.Step maps (trajectory.Delay drawn.Depth) loss with
    | Error defects -> Outcome.refuted "the gradient without a stored trajectory" "exists" (string defects)
    | Ok reversed ->
        let flat parameters =
            parameters |> Array.map (fun (weights: Matrix<Rational>, bias) -> Array.append (weights.Entries.ToArray()) bias)

        Outcome.check [
            fun () -> Check.blocks "the history" drawn.History reversed.History
            fun () -> Check.blocks "dLoss/dx(0) … dLoss/dx(−k+1)" (Array.rev (Array.take drawn.Order stored.Momentum)) reversed.Momentum
            fun () ->
                Check.blocks
                    "the gradients of the parameters"
                    (Array.collect (Array.head >> flat) stored.Parameters)
                    (Array.collect flat reversed.Parameters)
        ]

/// k = 1, h = 1, f(x) = relu(−x): x + f(x) = relu(x) sends −1 and −2 to 0.
let private colliding: Pair =
    let map = { Weights = [| [| -Rational.One |] |]; Bias = [| Rational.Zero |]; Activation = Activation.Relu }

    {
        Network = { Order = 1; Step = Rational.One; Maps = [| [| map |] |]; History = [| [| Rational.ofInt -1 |] |] }
        Other = [| [| Rational.ofInt -2 |] |]
    }

/// Ten layers of order 2 in floats.
let private floats: Node = {
    Horizon = Rational.One
    Weights = Array.init 10 (fun l -> 0.3 + 0.1 * float l)
    Biases = Array.init 10 (fun l -> 0.7 - 0.1 * float l)
    Start = [| 0.1; 0.7 |]
}

let claim: Claim =
    Paper.define
        "hauser.beyond.exact-reversible-training"
        Paper.own
        "Backward from its final state alone, a smooth network of order k ≥ 2 in exact arithmetic (fractions; fixed-point integers with any deterministic rounding inside the force) recomputes its trajectory and its gradient exactly; a float cascade up to (Bρ + ρ_b)(Bᴸ − 1)/(B − 1), B = 1 + h·max(1, L_f(1+h))."
    |> Claim.hypothesis "H1" "k ≥ 2"
    |> Claim.hypothesis "H2" "sums are exact, as they are for fractions and for integers"
    |> Claim.exact "never-meet" (Instances.random pairs 60) neverMeet
    |> Claim.exact "recomputed-trajectory" (Instances.random pairs 60) recomputed
    |> Claim.exact "same-gradient" (Instances.random pairs 60) sameGradient
    |> Claim.exact "integers-return" (Instances.random ReversibleIntegers.generator 30) ReversibleIntegers.comeBack
    |> Claim.bounded "float-drift" (Instances.random ReversibleDrift.generator 100) ReversibleDrift.withinBound
    |> Claim.neededBy
        "H1"
        (Instances.chosen (fun pair -> Draws.show pair.Network @ [ "other history", Check.showBlocks pair.Other ]) [ colliding ])
        neverMeet
    |> Claim.neededBy "H2" (Instances.chosen ReversibleDrift.show [ floats ]) ReversibleDrift.exactly
