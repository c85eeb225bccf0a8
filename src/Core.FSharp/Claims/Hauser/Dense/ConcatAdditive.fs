/// When concatenating past states is the same as adding their images.
///
/// Statement: (i) the layer x⁺ = W σ([z_1; …; z_k]) + b with the activation before the linear map equals the additive dense layer
/// with f_j = W_j σ, and b added once, W = [W_1 … W_k]. (ii) the layer x⁺ = σ(Σ_j W_j z_j + b) is additive iff all mixed second
/// differences F(a+u, b+v) − F(a+u, b) − F(a, b+v) + F(a, b) vanish: for affine σ always, for any other iff each row of W is
/// nonzero in at most one block.
/// Proof: additivity is the vanishing of the mixed differences; a kink or curvature along a row of two blocks gives one that does not.
/// That concatenation is replaced by addition stands in the abstract; the condition is reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Dense.ConcatAdditive

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

/// Every layer splits into maps of single blocks, and the additive network of these has the same states.
let private isSum (case: ConcatenationCase) : Outcome =
    let drawn = case.Network
    let layers = Array.init drawn.Depth (Concatenation.layer case)
    let split = layers |> Array.map (ConcatenationForm.concatenationToDense drawn.Order)
    let run architecture = (Simulation.run (architecture |> Architecture.equation |> Defect.orFail) drawn.History).Outputs

    let failure =
        split
        |> Array.tryPick (function
            | Error defect -> Some defect
            | Ok _ -> None)

    Outcome.check [
        fun () ->
            Check.blocks
                "x(1) … x(L) by concatenation"
                (Concatenation.written case)
                (run (Architecture.ConcatenationDense(drawn.Order, layers)))
        fun () ->
            match failure with
            | Some(FormDefect.NotAdditive w) -> Outcome.refuted "a mixed second difference" "0" (Draws.showVector w.Value)
            | Some _ -> Outcome.undecided "the layers do not tell whether they are sums"
            | None ->
                let maps = split |> Array.choose Result.toOption
                Check.blocks "x(1) … x(L) by addition" (Concatenation.written case) (run (Architecture.AdditiveDense maps))
    ]

/// For (i): the additive network with f_1 = W_1 σ + b, f_j = W_j σ has the same states.
let private isSumOfImages (drawn: Drawn) : Outcome =
    let d = drawn.Width

    let image l j =
        let maps = drawn.Maps[l]
        let activation = Layer.create (Matrix.identity d) (Vector.zero d) [| maps[0].Activation |] |> Defect.orFail
        let bias = if j = 0 then maps[0].Bias else Vector.zero d
        LayerMap.create [| activation; Layer.affine (Matrix.ofRows (maps[j].Weights)) bias |> Defect.orFail |] |> Defect.orFail

    let dense = Array.init drawn.Depth (fun l -> Array.init drawn.Order (image l)) |> Architecture.AdditiveDense
    let found = Simulation.run (dense |> Architecture.equation |> Defect.orFail) drawn.History
    Check.blocks "x(1) … x(L)" (Concatenation.written { Place = ActivationPlace.BeforeLinearMap; Network = drawn }) found.Outputs

/// In row i of layer 0, two blocks a < b are not zero: the corner puts the pre-activation at 0, the steps move it to 1 and to −1.
let private mixedAt (drawn: Drawn) (i: int) (a: int, b: int) : Rational[] =
    let case = { Place = ActivationPlace.AfterLinearMap; Network = drawn }
    let row j : Rational[] = drawn.Maps[0].[j].Weights[i]
    let dual (w: Rational[]) = Vector.scale (Rational.One / Vector.dot w w) w
    let zero = Vector.zero drawn.Width
    let bias = (Array.head drawn.Maps[0]).Bias[i]
    let corner = Array.init drawn.Order (fun j -> if j = a then Vector.scale -bias (dual (row a)) else zero)
    let moves = dual (row a), Vector.scale -Rational.One (dual (row b))
    Classification.mixedDifference (Classification.ofMap drawn.Order (Concatenation.layer case 0)) corner (a + 1, b + 1) moves

/// A row of two nonzero blocks: the mixed difference is 2σ(0) − σ(1) − σ(−1), and the layer is found not to be a sum.
let private isMixed (drawn: Drawn) : Outcome =
    let σ t = Activation.value (Array.head drawn.Maps[0]).Activation (Rational.ofInt t)
    let nonzero (map: DrawnMap) = map.Weights[0] |> Array.exists (fun w -> w.Sign <> 0)
    let blocks = [ 0 .. drawn.Order - 1 ] |> List.filter (fun j -> nonzero (drawn.Maps[0].[j]))

    Outcome.check [
        fun () ->
            Check.equal "the mixed difference in row 0" (σ 0 + σ 0 - σ 1 - σ -1) (mixedAt drawn 0 (blocks[0], blocks[1]) |> Array.head)
        fun () ->
            match
                ConcatenationForm.concatenationToDense
                    drawn.Order
                    (Concatenation.layer { Place = ActivationPlace.AfterLinearMap; Network = drawn } 0)
            with
            | Error(FormDefect.NotAdditive w) -> Outcome.isTrue "the witness" "is not zero" (w.Value |> Array.exists (fun a -> a.Sign <> 0))
            | _ -> Outcome.isTrue "the layer" "is found not to be a sum" false
    ]

let private curved = [ Activation.Relu; TestMaps.leaky; Activation.Square ]

let private references: Reference<Rational[]> list =
    List.zip curved [ "-1"; "-3/4"; "-2" ]
    |> List.map (fun (activation, value) -> {
        Quantity = $"the mixed difference of {Activation.name activation}"
        Expected = (TestMaps.rows [ value ])[0]
        Compute = fun () -> mixedAt (Concatenation.sumOfTwo activation) 0 (0, 1)
    })

/// tanh is odd, so both steps go the same way: σ(2) − 2σ(1), −0.5592 to four digits.
let private tanhDifference () : Outcome =
    let one = Binary64 1.0
    let φ = LayerMap.dense (Matrix.ofRows [| [| one; one |] |]) [| Binary64 0.0 |] Activation.tanh |> Defect.orFail
    let at a b = LayerMap.apply φ (Binary64.ofFloats [| a; b |]) |> Array.head |> Binary64.toFloat
    Outcome.atMost "the distance from −0.5592" 5e-5 (abs (at 1.0 1.0 - at 1.0 0.0 - at 0.0 1.0 + at 0.0 0.0 + 0.5592))

/// Growth rate g, input width d0, L layers: the numbers in the arrays of both forms are g·L·d0 + g²·L(L−1)/2 + g·L.
let private hasAsManyParameters (g: int, d0: int, depth: int) : Outcome =
    let zero rows columns : Matrix<Rational> = Matrix.zero rows columns
    let concatenated l = LayerMap.dense (zero g (d0 + l * g)) (Vector.zero g) Activation.Relu |> Defect.orFail |> LayerMap.parameterCount

    let added l =
        let blocks = zero g d0 :: List.replicate l (zero g g)
        (blocks |> List.sumBy (fun block -> int64 block.Entries.Length)) + int64 g

    let total = int64 (g * depth * d0 + g * g * depth * (depth - 1) / 2 + g * depth)
    let count layer = Seq.sumBy layer (seq { 0 .. depth - 1 })

    Outcome.check [
        fun () -> Outcome.equal "the parameters of the concatenation" string total (count concatenated)
        fun () -> Outcome.equal "the parameters of the sum" string total (count added)
    ]

let claim: Claim =
    let before drawn = isSum { Place = ActivationPlace.BeforeLinearMap; Network = drawn }
    let after drawn = isSum { Place = ActivationPlace.AfterLinearMap; Network = drawn }
    let drawnCurved = { Draws.dense with LeastOrder = 2; Activations = List.toArray curved }
    let showSizes (g, d0, depth) = [ "g", string<int> g; "d0", string<int> d0; "L", string<int> depth ]

    Paper.define
        "hauser.dense.concat-additive"
        Paper.ofAbstract
        "x⁺ = W σ([z_1; …; z_k]) + b is the sum of f_j = W_j σ, b added once. x⁺ = σ(Σ_j W_j z_j + b) is a sum of functions of single blocks iff its mixed second differences vanish: iff σ is affine or each row of W is nonzero in at most one block. Both forms have the same number of parameters."
    |> Claim.hypothesis "H1" "the activation stands before the linear map, or is affine, or sees at most one block in each row"
    |> Claim.exact "activation-first" (Instances.random (Concatenation.changed Draws.dense id) 25) before
    |> Claim.exact "sum-of-images" (Instances.random (Concatenation.changed Draws.dense id) 40) isSumOfImages
    |> Claim.exact "one-block-per-row" (Instances.random (Concatenation.changed Draws.dense Concatenation.oneBlockPerRow) 25) after
    |> Claim.exact "affine-activation" (Instances.random (Concatenation.changed Draws.dense Concatenation.affine) 25) after
    |> Claim.exact "two-blocks-in-a-row" (Instances.random (Concatenation.changed drawnCurved Concatenation.twoBlocks) 40) isMixed
    |> Claim.exact
        "parameters"
        (Instances.exhaustive
            showSizes
            (List.allPairs [ 1; 2; 5 ] [ 1; 3 ] |> List.allPairs [ 1; 2; 6 ] |> List.map (fun (l, (g, d)) -> g, d, l)))
        hasAsManyParameters
    |> Check.references Check.vectors references "reference"
    |> Claim.bounded "reference-tanh" (Instances.chosen (fun () -> [ "σ", "tanh" ]) [ () ]) tanhDifference
    |> Claim.neededBy "H1" (Instances.chosen Draws.show (List.map Concatenation.sumOfTwo curved)) after
