/// Smooth networks as residual networks.
///
/// Statement: the layer ∇ᵏx⁺ = hᵏ(Vσ(Wx + b) + c) is one residual block q⁺ = q + W₂σ(W₁q + b₁) + b₂ on the differences
/// q_n = ∇ⁿ⁻¹x, of hidden width w + 2(k−1)d, for σ with σ(t) − σ(−t) = (1+α)t: two hidden units carry each of q₂ … q_k.
/// With ((t+1)² − (t−1)²)/4 = t the same holds for squares. A bounded σ admits no such block, as W₂σ(·) is bounded and q_m is not.
/// The converse inclusion fails by counting parameters: d² of (kd)² weights in the linear case.
/// Reconstructed. The part first-order-forms adds: any network, with identity coordinates beside its own activations.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Residual.Compile

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

/// A smooth network whose layer maps are σ(Wx + b), or Vσ(Wx + b) + c with the given affine maps behind.
[<NoComparison>]
type private Case = { Drawn: Drawn; Outer: DrawnMap[] }

let private layerMap (case: Case) (l: int) : LayerMap<Rational> =
    let inner = case.Drawn.Map(1, l)

    if case.Outer.Length = 0 then
        inner
    else
        let outer = case.Outer[l]
        let outer = LayerMap.dense (Matrix.ofRows outer.Weights) outer.Bias Activation.Identity |> Defect.orFail
        Frame.chain inner outer

let private network (case: Case) : Network<Rational> =
    Architecture.Smooth(case.Drawn.Order, case.Drawn.Step, Array.init case.Drawn.Depth (layerMap case))
    |> Network.ofArchitecture
    |> Defect.orFail

let private generator (activations: Activation<Rational>[]) : Generator<Case> =
    let shape = { Draws.smooth with Activations = activations }

    let draw (stream: RandomStream) =
        let drawn = Draws.draw shape stream
        let hidden = stream.NextInt(1, 4)

        let widen (map: DrawnMap) = {
            map with
                Weights = Array.init hidden (fun _ -> Draws.vector stream drawn.Width)
                Bias = Draws.vector stream hidden
        }

        let outer _ = {
            Weights = Array.init drawn.Width (fun _ -> Draws.vector stream hidden)
            Bias = Draws.vector stream drawn.Width
            Activation = Activation.Identity
        }

        if stream.NextBool() then
            { Drawn = drawn; Outer = [||] }
        else
            { Drawn = { drawn with Maps = Array.map (Array.map widen) drawn.Maps }; Outer = Array.init drawn.Depth outer }

    let shrink (case: Case) =
        if case.Outer.Length = 0 then
            Draws.shrink shape case.Drawn |> Seq.map (fun drawn -> { case with Drawn = drawn })
        else
            // The widths stay, as W and V have to fit; fewer layers and a lower order keep them.
            Draws.shrink shape case.Drawn
            |> Seq.filter (fun drawn -> drawn.Width = case.Drawn.Width)
            |> Seq.map (fun drawn -> { Drawn = drawn; Outer = Array.truncate drawn.Depth case.Outer })

    let show (case: Case) =
        Draws.show case.Drawn
        @ [
            for l in 0 .. case.Outer.Length - 1 do
                $"V, c ({l})", $"{Check.showBlocks case.Outer[l].Weights}, {Draws.showVector case.Outer[l].Bias}"
        ]

    Generator.fromStream (fun _ -> draw) shrink show

let private compiles (case: Case) : Outcome =
    let network = network case
    let drawn = case.Drawn
    let trajectory = Simulation.run network.Equation drawn.History
    let compiled = ResidualNetwork.compile network |> Defect.orFail
    let hidden (maps: LayerMap<Rational>[]) = maps |> Array.map (fun map -> map.Layers[0].OutputWidth)

    Outcome.check [
        fun () ->
            let force = drawn.Maps |> Array.map (fun maps -> maps[0].Bias.Length)
            let expected = force |> Array.map (fun w -> w + 2 * (drawn.Order - 1) * drawn.Width)
            let found = Architecture.maps compiled.Architecture |> Array.map Array.head |> hidden
            Outcome.equal "hidden widths" (Array.map string >> String.concat ", ") expected found
        fun () -> Forms.hasStates "q" (Forms.differences trajectory) network drawn.History compiled
    ]

let private fraction = Rational.create

let private reference: Reference<Rational[][]> list = [
    {
        Quantity = "q(5) of the compiled network, order 3, leaky ReLU"
        Expected =
            TestMaps.rows [
                "176921277751/12884901888 -1074569739/2147483648"
                "22448936509/4294967296 9315818063/6442450944"
                "25774743607/12884901888 8420571839/6442450944"
            ]
        Compute =
            fun () ->
                let maps = Array.init 5 (TestMaps.map TestMaps.leaky 2 0)
                let smooth = Architecture.Smooth(3, fraction 1 2, maps) |> Network.ofArchitecture |> Defect.orFail
                let compiled = ResidualNetwork.compile smooth |> Defect.orFail
                let start = Simulation.history compiled (Array.concat TestMaps.history3)
                let trajectory = Simulation.run compiled.Equation start
                Array.chunkBySize 2 trajectory[5]
    }
    {
        Quantity = "the hidden widths of the five blocks"
        Expected = TestMaps.rows [ "10 10 10 10 10" ]
        Compute =
            fun () ->
                let maps = Array.init 5 (TestMaps.map TestMaps.leaky 2 0)
                let smooth = Architecture.Smooth(3, fraction 1 2, maps) |> Network.ofArchitecture |> Defect.orFail
                let compiled = ResidualNetwork.compile smooth |> Defect.orFail

                [|
                    Architecture.maps compiled.Architecture
                    |> Array.map (fun maps -> Rational.ofInt (Array.head maps).Layers[0].OutputWidth)
                |]
    }
]

/// Order 2, one node, no force, q = (0, −1), compiled with these hidden units for q₂: q₁ has to become −1.
let private passes (_: string, activation: Activation<Rational>, units: PassThrough<Rational>[]) : Outcome =
    let zero = Matrix.zero 1 1
    let force = Layer.create zero [| Rational.Zero |] [| activation |] |> Defect.orFail
    let outer = Layer.affine zero [| Rational.Zero |] |> Defect.orFail
    let block = ResidualNetwork.block 2 Rational.One units force outer
    let q = [| Rational.Zero; -Rational.One |]
    Check.vectors "q⁺" [| -Rational.One; -Rational.One |] (Vector.add q (LayerMap.apply block q))

let private relu = ResidualNetwork.passThrough Activation.Relu |> Option.get

let private positiveCopy = "relu(q₂) alone", Activation.Relu, [| { relu[0] with Weight = Rational.One } |]

let claim: Claim =
    let showUnits (name: string, activation: Activation<Rational>, _: PassThrough<Rational>[]) = [
        "hidden units", name
        "activation", Activation.name activation
    ]

    let leaky = [| 0, 1; 1, 4; 1, 2; 3, 4 |] |> Array.map (fun (p, q) -> Activation.LeakyRelu(fraction p q))

    Paper.define
        "hauser.residual.compile"
        Paper.reconstructed
        "∇ᵏx⁺ = hᵏ(Vσ(Wx + b) + c) is the residual block q⁺ = q + W₂σ(W₁q + b₁) + b₂ on q_n = ∇ⁿ⁻¹x of hidden width w + 2(k−1)d; with coordinates of identity activation every network, of any activation and order, is one of first order."
    |> Claim.hypothesis "H1" "σ(t) − σ(−t) = (1 + α)t: ReLU or leaky ReLU of slope α (or other units that sum to t)"
    |> Claim.hypothesis "H2" "every q_m, m ≥ 2, has a positive and a negative copy among the hidden units"
    |> Claim.exact "leaky" (Instances.random (generator (Array.append [| Activation.Relu |] leaky)) 80) compiles
    |> Claim.exact "squares-and-identity" (Instances.random (generator [| Activation.Square; Activation.Identity |]) 40) compiles
    |> Claim.exact "first-order-forms" (Instances.random Forms.generator 60) Forms.conclude
    |> Check.references Check.blocks reference "reference"
    |> Claim.exact "both-copies" (Instances.chosen showUnits [ "relu(q₂) − relu(−q₂)", Activation.Relu, relu ]) passes
    |> Claim.neededBy "H1" (Instances.chosen showUnits [ "(q₂)² − (−q₂)²", Activation.Square, relu ]) passes
    |> Claim.neededBy "H2" (Instances.chosen showUnits [ positiveCopy ]) passes
