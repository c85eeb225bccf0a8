/// Back-propagation conserves the pairing of tangents and momenta exactly, layer by layer.
///
/// Statement: a_l·δx_l is the same number for all l = 0..N, in residual and in feed-forward networks, for any F ∈ C¹ (or off the kinks).
/// For the residual network this is the symplectic Euler scheme x_{l+1} = x_l + dt·∂H/∂a(x_l, a_{l+1}),
/// a_l = a_{l+1} + dt·∂H/∂x(x_l, a_{l+1}); the map (x_l, a_l) ↦ (x_{l+1}, a_{l+1}) is symplectic where I + dt·F′ is invertible.
/// Proof: a_l·δx_l = (Jᵀa_{l+1})·δx_l = a_{l+1}·(Jδx_l). Checked with tangents and momenta coded apart, and against dual numbers.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.Discrete.LayerPairing

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

let private pairings (twin: Twin) (case: NetworkCase) : Rational[] =
    let x, a = Networks.passes twin case
    Array.map2 Vector.dot a (NearIdentity.tangents twin case.Network x case.Tangent)

let private isConstant (twin: Twin) (case: NetworkCase) : Outcome = Check.constant "a_l·δx_l" (pairings twin case)

/// a_0·δx_0 is the derivative of the loss along δx_0.
let private isDerivative (twin: Twin) (case: NetworkCase) : Outcome =
    let start = Array.map2 (fun x v -> Dual(x, v)) case.Start case.Tangent
    let loss = Networks.loss twin case (NearIdentity.map Dual.constant case.Network) start
    Check.equal "a_0·δx_0 against dL" loss.Derivative ((pairings twin case)[0])

/// The Jacobian of (x_l, a_l) ↦ (x_{l+1}, a_{l+1}) at the first layer, with a_{l+1} from the linear system (I + dt·F′)ᵀa_{l+1} = a_l.
let private isSymplectic (case: NetworkCase) : Outcome =
    let network, n = case.Network, case.Dimension
    let dual = NearIdentity.map Dual.constant network

    let jacobian (x: Dual<Rational>[]) =
        Array.init n (fun i -> NearIdentity.stepTangent Twin.Residual dual 0 x (Vector.unit n i)) |> Matrix.ofRows

    // a_{l+1} as a dual number: J(x)ᵀ a' = a is solved for the value and then for the derivative.
    let carry (x: Dual<Rational>[]) (a: Dual<Rational>[]) : Dual<Rational>[] option =
        let transposed = jacobian x
        let values = Matrix.map (fun (a: Dual<Rational>) -> a.Value) transposed

        Elimination.inverse values
        |> Option.map (fun inverse ->
            let value = Matrix.apply inverse (a |> Array.map _.Value)
            let moved = Matrix.apply (Matrix.map (fun (a: Dual<Rational>) -> a.Derivative) transposed) value
            let derivative = Matrix.apply inverse (Vector.subtract (a |> Array.map _.Derivative) moved)
            Array.map2 (fun v d -> Dual(v, d)) value derivative)

    let column i =
        let z = Projective.variable (Array.append case.Start case.Target) i
        let x, a = Array.splitAt n z

        carry x a |> Option.map (fun a -> Array.append (NearIdentity.step Twin.Residual dual 0 x) a |> Array.map _.Derivative)

    match Array.init (2 * n) column |> Array.choose id with
    | columns when columns.Length = 2 * n ->
        let transposed = Matrix.ofRows columns

        let ω =
            Matrix.init (2 * n) (2 * n) (fun i j ->
                if j = i + n then Rational.One
                elif i = j + n then -Rational.One
                else Rational.Zero)

        Outcome.equal "MᵀΩM" string ω (Matrix.multiply transposed (Matrix.multiply ω (Matrix.transpose transposed)))
    | _ -> Outcome.undecided "I + dt·F′ is singular"

/// a_l = a_{l+1} + dt·F′(x_{l+1})ᵀa_{l+1}: the derivative is taken at the wrong end of the layer.
let private naivePairings (case: NetworkCase) : Rational[] =
    let x = Networks.states Twin.Residual case
    let network = case.Network

    let back l (a: Rational[]) = Vector.addScaled a network.Step (NearIdentity.pull network l x[l + 1] a)

    let a = Array.scanBack back (Array.init network.Depth id) (Networks.lossGradient case x)
    Array.map2 Vector.dot a (NearIdentity.tangents Twin.Residual network x case.Tangent)

let private naiveIsConstant (case: NetworkCase) : Outcome = Check.constant "a_l·δx_l" (naivePairings case)

/// The adjoint of the feed-forward network with g′ at x_l in place of u_l.
let private atState (case: NetworkCase) : Outcome =
    let x = Networks.states Twin.FeedForward case
    let network = case.Network

    let back l (a: Rational[]) =
        let inner = Array.map2 (*) (NearIdentity.activateSlope network x[l]) a
        Vector.addScaled inner network.Step (NearIdentity.applyTransposed network.Weights[l] inner)

    let a = Array.scanBack back (Array.init network.Depth id) (Networks.lossGradient case x)
    Check.constant "a_l·δx_l" (Array.map2 Vector.dot a (NearIdentity.tangents Twin.FeedForward network x case.Tangent))

let private p2 = Networks.p2

let private common (id: string) (twin: Twin) (statement: string) : Claim =
    Paper.define id Paper.reconstructed statement
    |> Claim.hypothesis "H1" "F is C¹, or no state and no pre-activation lies on a kink"
    |> Claim.exact "constant" (Instances.random (Networks.generator Networks.both) 60) (isConstant twin)
    |> Claim.exact
        "deep-leaky"
        (Instances.random (Networks.generator { Networks.both with Cubic = false; Deepest = 30 }) 20)
        (isConstant twin)
    |> Claim.exact "dual-numbers" (Instances.random (Networks.generator Networks.both) 60) (isDerivative twin)

let residual: Claim =
    common
        "ruseckas.discrete.resnet-pairing"
        Twin.Residual
        "Residual network x_{l+1} = x_l + dt·F(x_l): a_l = a_{l+1} + dt·F′(x_l)ᵀa_{l+1} ⇒ a_l·δx_l is the same for all l; (x_l, a_l) ↦ (x_{l+1}, a_{l+1}) is symplectic."
    |> Claim.hypothesis "H2" "F′ is taken at x_l, the state that layer l has read"
    |> Claim.exact "symplectic" (Instances.random (Networks.generator Networks.both) 60) isSymplectic
    |> Known.exact "reference" [
        Known.value "P2: x_1" "49/60 -409/480" (fun () -> (Networks.states Twin.Residual p2)[1])
        Known.value "P2: x_4" "-0.01878437377611243 -1.453433057733618" (fun () -> (Networks.states Twin.Residual p2)[4])
        Known.value "P2: a_0" "1.007016992413521 -0.6042296590547232" (fun () -> (snd (Networks.passes Twin.Residual p2))[0])
        Known.value "P2: a_l·δx_l" "-0.2014423256959257" (fun () -> Array.truncate 1 (pairings Twin.Residual p2))
        Known.value "P2: a_{l+1}·F(x_l)" "0.3710985786491844 0.5010811051217432 0.6853812245112552 0.8262620119989694" (fun () ->
            let x, a = Networks.passes Twin.Residual p2
            Array.init 4 (fun l -> Vector.dot a[l + 1] (NearIdentity.field p2.Network l x[l])))
        Known.value
            "P2: a_l·δx_l with F′ at x_{l+1}"
            "0.7673134341813822 0.5820936874557775 0.2480643571464065 -0.09311395246753355 -0.2014423256959257"
            (fun () -> naivePairings p2)
    ]
    |> Claim.neededBy "H2" (Instances.chosen Networks.show [ p2 ]) naiveIsConstant

let feedForward: Claim =
    common
        "ruseckas.discrete.ffn-pairing"
        Twin.FeedForward
        "Feed-forward network x_{l+1} = η(u_l): a_l = W_lᵀ(η′(u_l)∘a_{l+1}) ⇒ a_l·δx_l is the same for all l."
    |> Claim.hypothesis "H2" "η′ is taken at the pre-activation u_l"
    |> Known.exact "reference" [
        Known.value "P2: x_4" "0.1333454145169774 -1.197381547846693" (fun () -> (Networks.states Twin.FeedForward p2)[4])
        Known.value "P2: a_0" "0.5123394354407937 -0.1724883997638097" (fun () -> (snd (Networks.passes Twin.FeedForward p2))[0])
        Known.value "P2: a_l·δx_l" "0.1673626359131744" (fun () -> Array.truncate 1 (pairings Twin.FeedForward p2))
    ]
    |> Claim.neededBy "H2" (Instances.chosen Networks.show [ p2 ]) atState
