/// Forward Euler on the block equation is another network: its force reads the oldest state.
///
/// Statement: p_n⁺ = p_n + h p_{n+1}, p_k⁺ = p_k + h f^(l)(p₁), all from old values, is not the smooth network but
/// ∇ᵏx(l+1) = hᵏ f^(l+1−k)(x(l+1−k)) for l ≥ k−1 (a forward difference; the index of the map shifts too). It is additive dense of order k, and not
/// unimodular: its determinant is det(I + (−1)^(k+1) hᵏ Df). It has the same limit: (p⁺ − p)/h is the block vector field.
/// Proof: p_n = h^−(n−1) Δⁿ⁻¹x(l) with the forward difference Δ, so Δᵏx(l) = hᵏ f^(l)(x(l)); the determinant of a block companion matrix.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.OdeLimit.ForwardVariant

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

type private Step = Rational -> (Rational[] -> Rational[]) -> Rational[][] -> Rational[][]

/// p(0) … p(L); the drawn history serves as p(0).
let private states (step: Step) (drawn: Drawn) : Rational[][][] =
    Array.scan (fun p l -> step drawn.Step (LayerMap.apply (drawn.Map(1, l))) p) drawn.History [| 0 .. drawn.Depth - 1 |]

/// ∇ᵏx(l+1) = hᵏ f^(l+1−k)(x(l+1−k)), l = k−1 … L−1, by the definition of ∇.
let private readsOldest (step: Step) (drawn: Drawn) : Outcome =
    let k = drawn.Order
    let x = states step drawn |> Array.map Array.head

    let layer l =
        let difference = Simulation.backwardDifference k (Array.init (k + 1) (fun j -> x[l + 1 - j]))
        let force = LayerMap.apply (drawn.Map(1, l + 1 - k)) x[l + 1 - k]
        Check.vectors $"∇ᵏx({l + 1})" (Vector.scale (Rational.power drawn.Step k) force) difference

    Outcome.all (Seq.map layer (seq { k - 1 .. drawn.Depth - 1 }))

/// Layer l = k−1 … L−1 as a difference equation whose only map has age k.
let private ageEquation (drawn: Drawn) : DifferenceEquation<Rational> =
    let k = drawn.Order

    Array.init (drawn.Depth - k + 1) (fun i -> RightHandSide.Additive [| { Age = k; Map = drawn.Map(1, i) } |])
    |> DifferenceEquation.create drawn.Width k drawn.Step
    |> Defect.orFail

/// The network of age k continues the first k states as the variant does.
let private isAgeNetwork (drawn: Drawn) : Outcome =
    let k = drawn.Order
    let x = states SmoothState.forwardVariant drawn |> Array.map Array.head
    let trajectory = Simulation.run (ageEquation drawn) (Array.rev (Array.take k x))
    Check.blocks "x(k) … x(L)" (Array.skip k x) trajectory.Outputs

/// det DΦ = det(I + (−1)^(k+1) hᵏ Df), in scaled coordinates by dual numbers and in delay coordinates by the library's Jacobian.
let private determinants (drawn: Drawn) : Outcome =
    let k, d, h = drawn.Order, drawn.Width, drawn.Step
    let p = states SmoothState.forwardVariant drawn
    let map = drawn.Map(1, 0)
    let sign = if k % 2 = 1 then Rational.One else -Rational.One
    let slope = Matrix.scale (sign * Rational.power h k) (LayerMap.jacobian map (Array.head drawn.History))
    let expected = Elimination.determinant (Matrix.add (Matrix.identity d) slope)

    let scaled = ForwardMode.ofStep (SmoothState.forwardVariant (Dual.constant h) (ForwardMode.map map)) drawn.History

    let delay = Adjoint.stepJacobian (ageEquation drawn) 0 (Array.rev (Array.init k (fun s -> Array.head p[s])))

    Outcome.check [
        fun () -> Check.equal "det DΦ, scaled differences" expected (Elimination.determinant scaled)
        fun () -> Check.equal "det DΦ, delays" expected (Elimination.determinant delay)
    ]

/// (p⁺ − p)/h is the block vector field, whatever h.
let private followsField (drawn: Drawn) : Outcome =
    let f = LayerMap.apply (drawn.Map(1, 0))
    let p = drawn.History
    let next = SmoothState.forwardVariant drawn.Step f p
    let quotient = Array.map2 (fun a b -> Vector.scale (Rational.One / drawn.Step) (Vector.subtract a b)) next p
    Check.blocks "(p⁺ − p)/h" (OdeLimit.field (fun _ x -> f x) Rational.Zero p) quotient

/// Smooth networks with L ≥ k.
let private deep: Generator<Drawn> =
    let shape = Draws.smooth

    let draw _ stream =
        let drawn = Draws.draw shape stream
        let k = min drawn.Order drawn.Depth
        { drawn with Order = k; History = Array.truncate k drawn.History }

    Generator.fromStream draw (fun drawn -> Draws.shrink shape drawn |> Seq.filter (fun d -> d.Depth >= d.Order)) Draws.show

/// k = 2, d = 1, constant maps x ↦ slope·x, p = (1, 1).
let private linear (h: Rational) (slope: int) (depth: int) : Drawn =
    let map = { Weights = [| [| Rational.ofInt slope |] |]; Bias = [| Rational.Zero |]; Activation = Activation.Identity }
    let one = [| Rational.One |]
    { Order = 2; Step = h; Maps = Array.create depth [| map |]; History = [| one; one |] }

let private sequence (step: Step) = Array.map Array.head (Array.map Array.head (Array.tail (states step (linear Rational.One 1 4))))

let private references: Reference<Rational[]> list = [
    {
        Quantity = "x(1) … x(4), forward variant"
        Expected = Array.map Rational.ofInt [| 2; 4; 8; 16 |]
        Compute = fun () -> sequence SmoothState.forwardVariant
    }
    {
        Quantity = "x(1) … x(4), smooth network"
        Expected = Array.map Rational.ofInt [| 3; 8; 21; 55 |]
        Compute = fun () -> sequence SmoothState.scaledCascade
    }
    {
        Quantity = "det DΦ, k = 2, h = 1/2, f = 3x"
        Expected = [| Rational.create 1 4 |]
        Compute =
            fun () ->
                let drawn = linear (Rational.create 1 2) 3 2
                [| Elimination.determinant (Adjoint.stepJacobian (ageEquation drawn) 0 drawn.History) |]
    }
]

let claim: Claim =
    let part name trials conclude = Claim.exact name (Instances.random deep trials) conclude

    Paper.define
        "hauser.ode.forward-variant"
        Paper.reconstructed
        "p_n⁺ = p_n + h p_{n+1}, p_k⁺ = p_k + h f^(l)(p₁) is ∇ᵏx(l+1) = hᵏ f^(l+1−k)(x(l+1−k)), l ≥ k−1: additive dense of order k, det DΦ = det(I + (−1)^(k+1) hᵏ Df), (p⁺ − p)/h = the block vector field; for k ≥ 2 not the smooth network."
    |> Claim.hypothesis "H1" "every block is updated from old values (forward Euler), not from the block updated before it"
    |> part "reads-oldest" 60 (readsOldest SmoothState.forwardVariant)
    |> part "is-age-network" 60 isAgeNetwork
    |> part "determinant" 40 determinants
    |> part "follows-field" 40 followsField
    |> Check.references Check.vectors references "reference"
    |> Claim.neededBy "H1" (Instances.chosen Draws.show [ linear Rational.One 1 2 ]) (readsOldest SmoothState.scaledCascade)
