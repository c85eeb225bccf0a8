/// The state of an order-k network has dimension kd.
///
/// Statement: kd scalars suffice as a state (the state spaces of smooth and of additive dense networks), and k consecutive outputs
/// determine it: for smooth networks and any maps, state at l ↦ (x(l), …, x(l+k−1)) is a bijection of R^kd, of determinant ±1 where the
/// maps are affine; for additive dense networks the same holds of the observer state, for any maps.
/// Proof: smooth networks run backward, so the outputs, which are the delay state at l+k−1, lead back to the state at l. The observer
/// form is triangular: x(l+1) = f_1(q₁) + q₂, and so on up to q_k.
/// The dimension kd stands in the abstract; the bijection is reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Dimension.StateDimension

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

let private smoothMaps (drawn: Drawn) = drawn.LayerMaps |> Array.map (Array.head >> LayerMap.apply)

/// The delay state at depth l from x(l), …, x(l+k−1).
let private smoothState (drawn: Drawn) (l: int) (outputs: Rational[][]) : Rational[][] =
    StateFromOutputs.smooth drawn.Step (Array.sub (smoothMaps drawn) l (outputs.Length - 1)) outputs |> Defect.orFail

/// Wherever k outputs follow, they give back the delay state.
let private smoothIsRecovered (drawn: Drawn) : Outcome =
    let k, trajectory = drawn.Order, Simulation.run drawn.Smooth drawn.History

    let recovered l =
        let outputs = Array.init k (fun i -> trajectory[l + i])
        Check.blocks $"the delay state at depth {l} from {k} outputs" (trajectory.Delay l) (smoothState drawn l outputs)

    Outcome.all (seq { 0 .. drawn.Depth - k + 1 } |> Seq.map recovered)

/// Any k vectors are the outputs of some state; the drawn history serves as those vectors.
let private smoothIsOnto (drawn: Drawn) : Outcome =
    let outputs = drawn.History

    smoothState drawn 0 outputs
    |> Outputs.first drawn.Order drawn.Smooth
    |> Check.blocks "x(0) … x(k−1) of the state found for them" outputs

/// Wherever k outputs follow, they give back the observer state. The drawn history serves as any q(0), not one that a history leads to.
let private denseIsRecovered (drawn: Drawn) : Outcome =
    let k, states = drawn.Order, Outputs.observerStates drawn drawn.History

    let recovered l =
        let outputs = Array.init k (fun i -> states[l + i][0])

        StateFromOutputs.observer (Outputs.denseMaps drawn) l outputs
        |> Check.blocks $"the observer state at depth {l} from {k} outputs" states[l]

    Outcome.all (seq { 0 .. drawn.Depth - k + 1 } |> Seq.map recovered)

let private denseIsOnto (drawn: Drawn) : Outcome =
    let states = StateFromOutputs.observer (Outputs.denseMaps drawn) 0 drawn.History |> Outputs.observerStates drawn

    Array.init drawn.Order (fun l -> states[l][0])
    |> Check.blocks "x(0) … x(k−1) of the observer state found for them" drawn.History

/// The matrix of history ↦ (x(0), …, x(k−1)), column by column from the unit histories, has determinant ±1.
let private hasUnitDeterminant (drawn: Drawn) : Outcome =
    let kd = drawn.Order * drawn.Width
    let outputs history = history |> Array.chunkBySize drawn.Width |> Outputs.first drawn.Order drawn.Smooth |> Array.concat
    let atZero = outputs (Vector.zero kd)
    let columns = Array.init kd (fun i -> Vector.subtract (outputs (Vector.unit kd i)) atZero)
    let determinant = Elimination.determinant (Matrix.ofRows columns)
    Check.equal "|det| of history ↦ (x(0), …, x(k−1))" Rational.One (Rational.abs determinant)

let private smoothOutputs (m: int) (drawn: Drawn) (state: Rational[][]) = Outputs.first m drawn.Smooth state

let private denseOutputs (m: int) (drawn: Drawn) (state: Rational[][]) =
    Outputs.observerStates drawn state |> Array.truncate m |> Array.map Array.head

/// The state with 1 added to the first coordinate of one block.
let private moved (block: int) (state: Rational[][]) : Rational[][] =
    state |> Array.mapi (fun i z -> if i = block then Vector.add z (Vector.unit z.Length 0) else z)

/// Two states that differ are told apart by their first m outputs, m = k − missing.
let private toldApart outputs (missing: int) (others: Drawn -> Rational[][][]) (drawn: Drawn) : Outcome =
    let m = drawn.Order - missing
    let seen: Rational[][] = outputs m drawn drawn.History

    others drawn
    |> Seq.map (fun other ->
        Outcome.isTrue $"the first {m} outputs" $"differ from those of {Check.showBlocks other}" (seen <> outputs m drawn other))
    |> Outcome.all

let private everyMove (drawn: Drawn) = Array.init drawn.Order (fun block -> moved block drawn.History)
let private lastMove (drawn: Drawn) = [| moved (drawn.Order - 1) drawn.History |]

/// The state whose outputs differ from those of the drawn one in x(k−1) only.
let private lastOutputMoved (drawn: Drawn) =
    let outputs = Outputs.first drawn.Order drawn.Smooth drawn.History
    [| smoothState drawn 0 (moved (drawn.Order - 1) outputs) |]

/// k − 1 outputs are the same from the drawn state and from others.
let private tooFewOutputs outputs (others: Drawn -> Rational[][][]) (drawn: Drawn) : Outcome =
    let m = drawn.Order - 1
    let seen: Rational[][] = outputs m drawn drawn.History

    others drawn
    |> Seq.map (fun other ->
        Outcome.check [
            fun () -> Outcome.isTrue "the other state" "differs" (other <> drawn.History)
            fun () -> Check.blocks $"the first {m} outputs of another state" seen (outputs m drawn other)
        ])
    |> Outcome.all

let claim: Claim =
    let smooth, dense = Outputs.generator Draws.smooth, Outputs.generator Draws.dense
    let affine = Outputs.generator { Draws.smooth with Activations = [| Activation.Identity |] }
    let ofHigherOrder (shape: Draws.Shape) trials = Instances.random (Outputs.generator { shape with LeastOrder = 2 }) trials

    Paper.define
        "hauser.dim.state-dimension"
        Paper.ofAbstract
        "The state at l ↦ (x(l), …, x(l+k−1)) is a bijection of R^kd: for smooth networks of order k and any maps (determinant ±1 for affine ones), and from the observer state of additive dense networks for any maps. k − 1 outputs never suffice."
    |> Claim.hypothesis "H1" "k consecutive outputs are known, not fewer"
    |> Claim.exact "smooth-recovered" (Instances.random smooth 100) smoothIsRecovered
    |> Claim.exact "smooth-onto" (Instances.random smooth 60) smoothIsOnto
    |> Claim.exact "smooth-determinant" (Instances.random affine 40) hasUnitDeterminant
    |> Claim.exact "smooth-told-apart" (Instances.random smooth 40) (toldApart smoothOutputs 0 everyMove)
    |> Claim.exact "dense-recovered" (Instances.random dense 100) denseIsRecovered
    |> Claim.exact "dense-onto" (Instances.random dense 60) denseIsOnto
    |> Claim.exact "dense-told-apart" (Instances.random dense 40) (toldApart denseOutputs 0 everyMove)
    |> Claim.exact "smooth-too-few" (ofHigherOrder Draws.smooth 40) (tooFewOutputs smoothOutputs lastOutputMoved)
    |> Claim.exact "dense-too-few" (ofHigherOrder Draws.dense 40) (tooFewOutputs denseOutputs lastMove)
    |> Claim.neededBy "H1" (ofHigherOrder Draws.smooth 5) (toldApart smoothOutputs 1 lastOutputMoved)
    |> Claim.neededBy "H1" (ofHigherOrder Draws.dense 5) (toldApart denseOutputs 1 lastMove)
