/// The adjoint of a network of order k.
///
/// Statement: with λ(L) = ∇J and λ(s) = 0 for s &gt; L, Σ_{j=0..k} (−1)^j C(k,j) λ(s+j) = hᵏ Df^(s)(x(s))ᵀ λ(s+1) for s = L−1 … 0:
/// a network of order k run backward, with forward differences. Then dJ/dx(0) = λ(0),
/// dJ/dx(−i) = Σ_{j=i+1..k} (−1)^(j+1) C(k,j) λ(j−i), and the gradient in the parameters of layer s is hᵏ (∂f^(s)/∂θ)ᵀ λ(s+1).
/// Additive dense: λ(s) = Σ_{n: 1≤s+n≤L} Df_n^(s+n−1)(x(s))ᵀ λ(s+n) for s = L−1 … −(k−1).
/// Proof: collect the uses of x(s) in the L equations. Checked against dual numbers and against exact difference quotients.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Gradients.Adjoint

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser
open LayerTime.Core.Claims.Hauser.Gradients.Probes

let private matrixTimes (map: LayerMap<Rational>) (x: Rational[]) (λ: Rational[]) : Rational[] =
    Matrix.apply (Matrix.transpose (LayerMap.jacobian map x)) λ

/// λ by the equations of the statement: from the oldest layer back, each as a difference equation of its own.
let private statedMomentum (case: Case) (trajectory: Trajectory<Rational>) : Rational[][] =
    let k, depth, drawn = trajectory.Blocks, trajectory.Depth, case.Drawn
    let zero: Rational[] = Vector.zero drawn.Width
    let λ = System.Collections.Generic.Dictionary<int, Rational[]>()
    let at s = if s > depth then zero else λ[s]
    λ[depth] <- case.Loss

    let weight j =
        let c = Rational.ofBigInteger (Binomial.choose k j)
        if j % 2 = 0 then c else -c

    let total = Seq.fold Vector.add zero

    if case.IsDense then
        for s in depth - 1 .. -1 .. 1 - k do
            λ[s] <-
                total (
                    seq {
                        for n in 1..k do
                            if 1 <= s + n && s + n <= depth then
                                matrixTimes (map case n (s + n - 1)) trajectory[s] (at (s + n))
                    }
                )
    else
        for s in depth - 1 .. -1 .. 0 do
            let past = total (seq { for j in 1..k -> Vector.scale (weight j) (at (s + j)) })
            let driven = matrixTimes (map case 1 s) trajectory[s] (at (s + 1))
            λ[s] <- Vector.subtract (Vector.scale (Rational.power drawn.Step k) driven) past

        for i in 1 .. k - 1 do
            λ[-i] <- total (seq { for j in i + 1 .. k -> Vector.scale (-(weight j)) (at (j - i)) })

    Array.init (depth + k) (fun i -> λ[i - k + 1])

let private isGradient (case: Case) : Outcome =
    let equation = equation case
    let trajectory = Simulation.run equation case.Drawn.History
    let gradient = Adjoint.gradient equation trajectory case.Loss
    let k, d = trajectory.Blocks, case.Drawn.Width

    Outcome.check [
        fun () -> Check.blocks "λ(−k+1) … λ(L) by the stated equations" (statedMomentum case trajectory) gradient.Momentum
        fun () ->
            let forward = Array.init k (fun j -> Array.init d (fun i -> historyDerivative case j i))
            Check.blocks "dJ/dx(0) … dJ/dx(−k+1) by dual numbers" forward (Array.init k (fun j -> gradient.Momentum[k - 1 - j]))
        fun () ->
            let forward = Array.init case.Drawn.Depth (parameterDerivative case)
            let backward = gradient.Parameters |> Array.map alongDirection
            Check.vectors "dJ along a direction in the parameters of every layer" forward backward
    ]

/// (J(x + εe) − J(x))/ε from both sides, for every coordinate of the history: exact for ε small, as J is affine near x.
let private hasQuotients (case: Case) : Outcome =
    let equation = equation case
    let trajectory = Simulation.run equation case.Drawn.History
    let gradient = Adjoint.gradient equation trajectory case.Loss
    let ε = Rational.power (Rational.ofInt 2) -200

    let loss history =
        let moved = Simulation.run equation history
        Vector.dot case.Loss moved[moved.Depth]

    let here = loss case.Drawn.History

    let quotient ε j i =
        let moved = case.Drawn.History |> Array.mapi (fun b x -> if b = j then Vector.addScaled x ε (Vector.unit x.Length i) else x)
        (loss moved - here) / ε

    let table f = Array.init trajectory.Blocks (fun j -> Array.init case.Drawn.Width (f j))
    let found = table (fun j i -> gradient.Momentum[trajectory.Blocks - 1 - j][i])

    Outcome.check [
        fun () -> Check.blocks "the difference quotients from the right" (table (quotient ε)) found
        fun () -> Check.blocks "the difference quotients from the left" (table (quotient -ε)) found
    ]

let private squares =
    let maps = Array.init 4 (TestMaps.map Activation.Square 2 0)
    lazy (Architecture.Smooth(3, Rational.create 1 2, maps) |> Architecture.equation |> Defect.orFail)

let private reference: Reference<Rational[]> list = [
    {
        Quantity = "dJ/dx(0), J = x₁ − 2x₂, order 3, squares, L = 4"
        Expected =
            Array.head (
                TestMaps.rows [
                    "-24053336099292306183704584895794333/23365335863406724328387233481490432 -5853592834283738544231180976168271969/124615124604835863084731911901282304"
                ]
            )
        Compute =
            fun () ->
                let trajectory = Simulation.run squares.Value TestMaps.history3
                (Adjoint.gradient squares.Value trajectory (Array.head (TestMaps.rows [ "1 -2" ]))).Momentum[2]
    }
]

/// k = 1, d = 1, h = 1, f = x², x(0) = 1, L = 2, J = x: dJ/dx(0) by a backward recursion that gets x(0), x(1), x(2).
let private recursion (name: string) (derivative: Rational[] -> Rational) = name, derivative

let private isFifteen (_: string, derivative: Rational[] -> Rational) : Outcome =
    let maps = Array.create 2 (LayerMap.dense (Matrix.identity 1) [| Rational.Zero |] Activation.Square |> Defect.orFail)
    let network = Architecture.Residual(Rational.One, maps) |> Architecture.equation |> Defect.orFail
    let trajectory = Simulation.run network [| [| Rational.One |] |]
    let forward = historyDerivativeOf network [| [| Rational.One |] |] [| Rational.One |] 0 0

    Outcome.check [
        fun () -> Check.equal "dJ/dx(0) by dual numbers" (Rational.ofInt 15) forward
        fun () -> Check.equal "dJ/dx(0)" (Rational.ofInt 15) (derivative (Array.init 3 (fun l -> trajectory[l][0])))
    ]

let private slope (x: Rational) = Rational.ofInt 2 * x
let private one = Rational.One

/// relu at 0: k = 1, h = 1, one layer.
let private onKink: Case = {
    Drawn = {
        Order = 1
        Step = one
        Maps = [| [| { Weights = [| [| one |] |]; Bias = [| Rational.Zero |]; Activation = Activation.Relu } |] |]
        History = [| [| Rational.Zero |] |]
    }
    IsDense = false
    HasInnerLayer = false
    Loss = [| one |]
}

/// The right recursion, and two wrong ones with the values they give instead.
let private right = recursion "λ(s) = λ(s+1) + Df(x(s))λ(s+1)" (fun x -> (one + slope x[0]) * (one + slope x[1]))
let private late = recursion "Df at x(s+1)" (fun x -> (one + slope x[1]) * (one + slope x[2]))
let private implicit = recursion "λ(s) on the right" (fun x -> one / ((one - slope x[0]) * (one - slope x[1])))

let private recursionValues: Reference<Rational[]> list =
    List.zip [ right; late; implicit ] [ "15"; "65"; "1/3" ]
    |> List.map (fun ((name, derivative), value) -> {
        Quantity = $"dJ/dx(0) from x = 1, 2, 6, {name}"
        Expected = (TestMaps.rows [ value ])[0]
        Compute = fun () -> [| derivative (Array.map Rational.ofInt [| 1; 2; 6 |]) |]
    })

let claim: Claim =
    let showName (name: string, _: Rational[] -> Rational) = [ "recursion", name ]

    Paper.define
        "hauser.grad.adjoint"
        Paper.reconstructed
        "Σ_{j=0..k} (−1)^j C(k,j) λ(s+j) = hᵏ Df^(s)(x(s))ᵀ λ(s+1), λ(L) = ∇J, λ(s) = 0 for s > L ⇒ dJ/dx(0) = λ(0), dJ/dx(−i) = Σ_{j=i+1..k} (−1)^(j+1) C(k,j) λ(j−i), dJ/dθ_s = hᵏ (∂f^(s)/∂θ)ᵀ λ(s+1); additive dense: λ(s) = Σ_n Df_n^(s+n−1)(x(s))ᵀ λ(s+n)."
    |> Claim.hypothesis "H1" "every f^(s) is differentiable at its argument (piecewise linear: off the kinks)"
    |> Claim.hypothesis "H2" "Df^(s) is taken at x(s), the state that layer s has read"
    |> Claim.hypothesis "H3" "the right-hand side carries λ(s+1), not λ(s)"
    |> Claim.exact "dual-numbers" (Instances.random (generator true Draws.exactActivations) 100) isGradient
    |> Claim.exact "difference-quotients" (Instances.random (generator false Draws.piecewiseLinear) 50) hasQuotients
    |> Check.references Check.vectors (reference @ recursionValues) "reference"
    |> Claim.exact "recursion" (Instances.chosen showName [ right ]) isFifteen
    |> Claim.neededBy "H1" (Instances.chosen show [ onKink ]) hasQuotients
    |> Claim.neededBy "H2" (Instances.chosen showName [ late ]) isFifteen
    |> Claim.neededBy "H3" (Instances.chosen showName [ implicit ]) isFifteen
