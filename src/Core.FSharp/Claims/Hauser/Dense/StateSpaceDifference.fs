/// The state space of an additive dense network of order k in difference coordinates.
///
/// Statement: with q_n(l) = ∇ⁿ⁻¹x(l), the equation x(l+1) = Σ_{j=1..k} f_j^(l)(x(l+1−j)) is
/// q_n(l+1) = Σ_{j=1..k} f_j^(l)(Σ_{i=1..j} (−1)^(i−1) C(j−1,i−1) q_i(l)) − Σ_{m=1..n−1} q_m(l), n = 1..k. Nothing is asked of f.
/// Proof: ∇ⁿ⁻¹x⁺ = x⁺ − Σ_{m<n} ∇ᵐ⁻¹x (telescoping), and the signed Pascal matrix is its own inverse.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Dense.StateSpaceDifference

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

/// One step of the difference state: the maps of the layer and q.
type private Update = (Rational[] -> Rational[])[] -> Rational[][] -> Rational[][]

/// A network with the way in which its difference state is updated.
[<NoComparison; NoEquality>]
type private Case = { Name: string; Update: Update; Network: Drawn }

/// The update reproduces the differences, by their definition, of the network written out.
let private agree (case: Case) : Outcome =
    let drawn = case.Network
    let x = Written.states drawn
    // ∇ⁿ⁻¹x(l) by the definition of ∇, not by the change of basis.
    let differences l = Array.init drawn.Order (fun n -> Simulation.backwardDifference n (Array.init (n + 1) (fun j -> x (l - j))))
    let maps l = Array.init drawn.Order (fun i -> LayerMap.apply (drawn.Map(i + 1, l)))
    let found = Array.scan (fun q l -> case.Update (maps l) q) (differences 0) [| 0 .. drawn.Depth - 1 |]

    Outcome.all (seq { for l in 0 .. drawn.Depth -> Check.blocks $"q({l})" (differences l) found[l] })

/// The update without − Σ_{m<n} q_m: every block becomes x⁺.
let private withoutSum: Update =
    fun maps q ->
        let delay = Coordinates.toDelay q
        Array.create q.Length (Vector.sum (Array.map2 (fun f z -> f z) maps delay))

/// k = 2, d = 1, f₁ = id, f₂ = 0, x(0) = 1, x(−1) = 0, so that q = (1, 1).
let private identityNetwork: Drawn =
    let one, zero = Rational.One, Rational.Zero
    let linear a = { Weights = [| [| a |] |]; Bias = [| zero |]; Activation = Activation.Identity }
    { Order = 2; Step = one; Maps = [| [| linear one; linear zero |] |]; History = [| [| one |]; [| zero |] |] }

let private show (case: Case) = ("update", case.Name) :: Draws.show case.Network

let private drawn (drawn: Drawn) = { Name = "telescoping"; Update = DenseState.difference; Network = drawn }

let private fraction = Rational.create

/// q₂ of the control: 0, as x stays at 1; without the sum it would be 1.
let private references: Reference<Rational[][]> list = [
    {
        Quantity = "q(1), order 2, f₁ = id, f₂ = 0, from q(0) = (1, 1)"
        Expected = TestMaps.rows [ "1"; "0" ]
        Compute = fun () -> DenseState.difference [| id; Vector.scale Rational.Zero |] (TestMaps.rows [ "1"; "1" ])
    }
    {
        Quantity = "q(4), order 3, ReLU"
        // From x(4), x(3), x(2) of the literature value: q₂ = x(4) − x(3), q₃ = x(4) − 2x(3) + x(2).
        Expected =
            let x4, x3, x2 =
                [| fraction 1619 384; fraction 919 1536 |], [| fraction 617 384; Rational.Zero |], [| fraction 5 4; fraction 181 96 |]

            [| x4; Array.map2 (-) x4 x3; Array.map3 (fun a b c -> a - b - b + c) x4 x3 x2 |]
        Compute =
            fun () ->
                let maps l = Array.init 3 (fun i -> LayerMap.apply (TestMaps.map Activation.Relu 2 (i + 1) l))
                Array.fold (fun q l -> DenseState.difference (maps l) q) (Coordinates.toDifference TestMaps.history3) [| 0..3 |]
    }
]

let claim: Claim =
    let generator = Draws.generator Draws.dense

    Paper.define
        "hauser.dense.state-space-difference"
        Paper.reconstructed
        "x(l+1) = Σ_j f_j^(l)(x(l+1−j)) ⇔ q_n(l+1) = Σ_{j=1..k} f_j^(l)(Σ_{i=1..j} (−1)^(i−1) C(j−1,i−1) q_i(l)) − Σ_{m=1..n−1} q_m(l), n = 1..k, with q_n = ∇ⁿ⁻¹x."
    |> Claim.hypothesis "H1" "each block subtracts the blocks before it: ∇ⁿ⁻¹x⁺ = x⁺ − Σ_{m<n} ∇ᵐ⁻¹x"
    |> Claim.exact "states-agree" (Instances.random generator 60) (drawn >> agree)
    |> Check.references Check.blocks references "reference"
    |> Claim.neededBy
        "H1"
        (Instances.chosen show [ { Name = "every block becomes x⁺"; Update = withoutSum; Network = identityNetwork } ])
        agree
