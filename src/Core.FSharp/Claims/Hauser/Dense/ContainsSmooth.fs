/// The additive dense networks of order k contain the smooth ones, and which of them are smooth.
///
/// Statement: ∇ᵏx(l+1) = hᵏ f(x(l)) is the additive dense network with f_1 = hᵏ f + k·id, f_j = (−1)^(j+1) C(k,j)·id (j ≥ 2); more
/// generally ∇ʳx(l+1) = hʳ Σ_{n≤p} f_n(x(l+1−n)) is the one of order max(r,p) with g_n = (−1)^(n+1) C(r,n)·id [n ≤ r] + hʳ f_n [n ≤ p].
/// Conversely an additive dense layer is a smooth one iff f_j(x) − (−1)^(j+1) C(k,j)·x is constant for every j ≥ 2.
/// Proof: the expansion of ∇ʳ; a sum of functions of separate variables determines each summand up to constants.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Dense.ContainsSmooth

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

/// The dense network runs through states that satisfy the difference equation, ∇ taken by its definition.
let private solves (dense: Architecture<Rational>) (m: MasterNetwork) : Outcome =
    let x = Simulation.run (dense |> Architecture.equation |> Defect.orFail) m.History
    let scale = Rational.power m.Network.Step m.Order

    let equation l =
        let left = Simulation.backwardDifference m.Order (Array.init (m.Order + 1) (fun j -> x[l + 1 - j]))
        let forces = Seq.init m.Memory (fun i -> MasterNetwork.writtenForce m (i + 1) l x[l - i])
        Check.vectors $"∇^{m.Order} x({l + 1})" (Vector.scale scale (Written.sum m.Network.Width forces)) left

    Outcome.all (Seq.map equation (seq { 0 .. m.Network.Depth - 1 }))

let private masterIsDense (m: MasterNetwork) : Outcome =
    solves (DenseForm.masterToDense m.Order m.Network.Step (MasterNetwork.forces m) |> Defect.orFail) m

let private smoothIsDense (drawn: Drawn) : Outcome =
    let m = { Order = drawn.Order; Memory = 1; HasInnerLayer = false; Network = drawn }
    solves (DenseForm.smoothToDense drawn.Order drawn.Step (Array.map Array.head (MasterNetwork.forces m)) |> Defect.orFail) m

/// f_1^(l) as drawn, f_j^(l)(x) = (−1)^(j+1) C(k,j)·x + b_j for j ≥ 2, with the drawn b_j.
let private withSmoothPast (drawn: Drawn) : Drawn =
    let weights = Binomial.pastWeights drawn.Order |> Array.map Rational.ofBigInteger

    let past i map =
        if i = 0 then
            map
        else
            {
                map with
                    Weights = Matrix.toRows (Matrix.scale weights[i] (Matrix.identity drawn.Width))
                    Activation = Activation.Identity
            }

    { drawn with Maps = drawn.Maps |> Array.map (Array.mapi past) }

/// Every layer has a smooth force, and the smooth network of these forces has the states of the dense one.
let private isSmooth (drawn: Drawn) : Outcome =
    let found = drawn.LayerMaps |> Array.map (ConcatenationForm.denseToSmooth drawn.Step)

    let failure =
        found
        |> Array.tryPick (function
            | Error defect -> Some defect
            | Ok _ -> None)

    match failure with
    | Some(FormDefect.NotSmooth w) ->
        Outcome.refuted
            $"f_{w.Block}(x) − f_{w.Block}(0) at x = {Draws.showVector w.Argument}"
            (Draws.showVector w.Expected)
            (Draws.showVector w.Found)
    | Some(FormDefect.NotAdditive w) -> Outcome.refuted "a mixed difference of a sum" "0" (Draws.showVector w.Value)
    | Some FormDefect.Undecided -> Outcome.undecided "the activations of the layer are of two kinds"
    | None ->
        let forces = found |> Array.choose Result.toOption
        let smooth = Architecture.Smooth(drawn.Order, drawn.Step, forces) |> Architecture.equation |> Defect.orFail
        Check.blocks "x(1) … x(L)" (Written.outputs drawn) (Simulation.run smooth drawn.History).Outputs

/// The answer "not smooth" comes with a witness that is true; the answer "smooth" with a force that is.
let private isRecognised (drawn: Drawn) : Outcome =
    match ConcatenationForm.denseToSmooth drawn.Step drawn.LayerMaps[0] with
    | Error(FormDefect.NotSmooth w) ->
        let f = Written.value (drawn.Maps[0][w.Block - 1])
        let rise = Array.map2 (-) (f w.Argument) (f (Vector.zero drawn.Width))
        let weight = Binomial.pastWeights drawn.Order |> Array.item (w.Block - 1) |> Rational.ofBigInteger

        Outcome.check [
            fun () -> Check.vectors "f_j(x) − f_j(0) of the witness" rise w.Found
            fun () -> Outcome.isTrue "f_j(x) − f_j(0)" "is not (−1)^(j+1) C(k,j)·x" (rise <> Array.map (fun a -> weight * a) w.Argument)
        ]
    | _ -> isSmooth { drawn with Maps = Array.truncate 1 drawn.Maps }

/// Smooth layers but for one weight of f_j, with the j ≥ 2.
let private almostSmooth: Generator<Drawn * int> =
    let shape = { Draws.dense with LeastOrder = 2; Activations = Draws.piecewiseLinear }

    let off (drawn: Drawn) (j: int) =
        let drawn = withSmoothPast drawn
        let moved (map: DrawnMap) = Array.updateAt 0 (Vector.add map.Weights[0] (Vector.unit drawn.Width (drawn.Width - 1))) map.Weights
        let layer = drawn.Maps[0] |> Array.mapi (fun i map -> if i = j - 1 then { map with Weights = moved map } else map)
        { drawn with Maps = [| layer |] }, j

    let draw _ stream =
        let drawn = Draws.draw shape stream
        off drawn (stream.NextInt(2, drawn.Order))

    let shrink (drawn: Drawn, j: int) =
        Draws.shrink shape drawn |> Seq.filter (fun drawn -> drawn.Order >= j) |> Seq.map (fun drawn -> off drawn j)

    Generator.fromStream draw shrink (fun (drawn, j) -> ("block", string j) :: Draws.show drawn)

/// Block j, and no other, is found to differ.
let private isFoundOff (drawn: Drawn, j: int) : Outcome =
    match ConcatenationForm.denseToSmooth drawn.Step drawn.LayerMaps[0] with
    | Error(FormDefect.NotSmooth w) ->
        Outcome.check [ (fun () -> Outcome.equal "the block that differs" string j w.Block); (fun () -> isRecognised drawn) ]
    | _ -> Outcome.isTrue "the layer" "is found not to be smooth" false

/// k = 2, d = 1, f_1 = 0, f_2(x) = −x + relu(x), which is relu(−x).
let private withRelu: Drawn =
    let map weight activation = { Weights = [| [| weight |] |]; Bias = [| Rational.Zero |]; Activation = activation }

    {
        Order = 2
        Step = Rational.One
        Maps = [| [| map Rational.Zero Activation.Identity; map -Rational.One Activation.Relu |] |]
        History = [| [| Rational.Zero |]; [| Rational.One |] |]
    }

let private references: Reference<Rational[][]> list = [
    {
        Quantity = "x, what f_2(x) − f_2(0) should be, and is, for f_2(x) = −x + relu(x)"
        Expected = TestMaps.rows [ "1"; "-1"; "0" ]
        Compute =
            fun () ->
                match ConcatenationForm.denseToSmooth withRelu.Step withRelu.LayerMaps[0] with
                | Error(FormDefect.NotSmooth w) -> [| w.Argument; w.Expected; w.Found |]
                | _ -> [||]
    }
]

let claim: Claim =
    let piecewiseLinear = { Draws.dense with LeastOrder = 2; Activations = Draws.piecewiseLinear }
    let generator = Draws.generator piecewiseLinear

    let smoothPast = {
        generator with
            Gen = FsCheck.FSharp.Gen.map withSmoothPast generator.Gen
            Shrink = fun drawn -> generator.Shrink drawn |> Seq.map withSmoothPast
    }

    Paper.define
        "hauser.dense.contains-smooth"
        Paper.reconstructed
        "∇ᵏx(l+1) = hᵏ f(x(l)) is x(l+1) = Σ_j f_j(x(l+1−j)) with f_1 = hᵏ f + k·id, f_j = (−1)^(j+1) C(k,j)·id; ∇ʳx(l+1) = hʳ Σ_{n≤p} f_n(x(l+1−n)) is the one with g_n = (−1)^(n+1) C(r,n)·id [n ≤ r] + hʳ f_n [n ≤ p]. Conversely an additive dense layer is smooth iff f_j(x) − (−1)^(j+1) C(k,j)·x is constant for j ≥ 2."
    |> Claim.hypothesis "H1" "for the converse: f_j(x) − (−1)^(j+1) C(k,j)·x is constant for every j ≥ 2"
    |> Claim.exact "smooth-is-dense" (Instances.random (Draws.generator Draws.smooth) 40) smoothIsDense
    |> Claim.exact "master-is-dense" (Instances.random MasterNetwork.generator 60) masterIsDense
    |> Claim.exact "converse" (Instances.random smoothPast 30) isSmooth
    |> Claim.exact "recognition" (Instances.random generator 30) isRecognised
    |> Claim.exact "one-weight-off" (Instances.random almostSmooth 30) isFoundOff
    |> Check.references Check.blocks references "reference"
    |> Claim.neededBy "H1" (Instances.chosen Draws.show [ withRelu ]) isSmooth
