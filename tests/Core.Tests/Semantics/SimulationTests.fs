module LayerTime.Core.Tests.Semantics.SimulationTests

open System
open System.Numerics
open FsCheck
open FsCheck.FSharp
open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser
open LayerTime.Core.Tests

/// Any architecture of fractions, with a history.
[<NoComparison>]
type Case = Case of Architecture<Rational> * Rational[][]

type CaseGenerators =
    static member Case() : Arbitrary<Case> =
        let draw key =
            let stream = RandomStream key
            let d, depth, k = stream.NextInt(1, 3), stream.NextInt(1, 4), stream.NextInt(1, 3)
            let h = Draws.step stream

            let map rows columns =
                let hidden = stream.NextInt(1, 3)
                let σ () = Draws.choice stream Draws.piecewiseLinear

                let layer m n =
                    Layer.create (Matrix.init m n (fun _ _ -> Draws.fraction stream)) (Draws.vector stream m) (Array.init m (fun _ -> σ ()))
                    |> Defect.orFail

                // One layer or an inner network of two.
                if stream.NextBool() then
                    LayerMap.ofLayer (layer rows columns)
                else
                    LayerMap.create [| layer hidden columns; layer rows hidden |] |> Defect.orFail

            let several count = Array.init depth (fun _ -> Array.init count (fun _ -> map d d))
            let one () = Array.init depth (fun _ -> map d d)

            let architecture =
                match stream.NextInt(0, 5) with
                | 0 ->
                    let widths = Array.init (depth + 1) (fun l -> if l = 0 then d else stream.NextInt(1, 3))
                    Architecture.FeedForward(Array.init depth (fun l -> map widths[l + 1] widths[l]))
                | 1 -> Architecture.Residual(h, one ())
                | 2 -> Architecture.Smooth(k, h, one ())
                | 3 -> Architecture.AdditiveDense(several k)
                | 4 -> Architecture.ConcatenationDense(k, Array.init depth (fun _ -> map d (k * d)))
                | _ -> Architecture.Master(stream.NextInt(0, 3), h, several k)

            let equation = Architecture.equation architecture |> Defect.orFail
            Case(architecture, Array.init equation.Blocks (fun _ -> Draws.vector stream d))

        Gen.choose64 (Int64.MinValue, Int64.MaxValue) |> Gen.map (uint64 >> draw) |> Arb.fromGen

let private equation architecture = Architecture.equation architecture |> Defect.orFail

/// The binomial of Pascal's triangle, by its rule.
let rec private pascal n r = if r = 0 || r = n then 1 else pascal (n - 1) (r - 1) + pascal (n - 1) r

/// The recursion as the architecture's definition has it, on lists of past states, newest first: slow and obvious.
let private reference (architecture: Architecture<Rational>) (history: Rational[][]) : Rational[] list =
    let plus (x: Rational[]) y = Array.map2 (+) x y
    let times (c: Rational) = Array.map (fun a -> c * a)

    let step (past: Rational[] list) l =
        let sum (maps: LayerMap<Rational>[]) = maps |> Array.mapi (fun i f -> LayerMap.apply f past[i]) |> Array.reduce plus

        let smooth order h force =
            let driven = times (Seq.replicate order h |> Seq.fold (*) Rational.One) force

            Seq.fold
                (fun x j ->
                    let sign = if j % 2 = 1 then 1 else -1
                    plus x (times (Rational.ofInt (sign * pascal order j)) past[j - 1]))
                driven
                (seq { 1..order })

        let next =
            match architecture with
            | Architecture.FeedForward maps -> LayerMap.apply maps[l] past[0]
            | Architecture.Residual(h, maps) -> plus past[0] (times h (LayerMap.apply maps[l] past[0]))
            | Architecture.Smooth(k, h, maps) -> smooth k h (LayerMap.apply maps[l] past[0])
            | Architecture.AdditiveDense maps -> sum maps[l]
            | Architecture.ConcatenationDense(k, maps) -> LayerMap.apply maps[l] (Array.concat (List.take k past))
            | Architecture.Master(r, h, maps) -> smooth r h (sum maps[l])

        next :: past

    let depth = (Architecture.maps architecture).Length
    Seq.fold step (List.ofArray history) (seq { 0 .. depth - 1 }) |> List.take depth |> List.rev

[<Property(Arbitrary = [| typeof<CaseGenerators> |], MaxTest = 300)>]
let ``a run solves the recursion that the architecture states`` (Case(architecture, history)) =
    (Simulation.run (equation architecture) history).Outputs = List.toArray (reference architecture history)

[<Property(Arbitrary = [| typeof<CaseGenerators> |], MaxTest = 300)>]
let ``the r-th backward difference of a run is the scaled right-hand side`` (Case(architecture, history)) =
    let equation = equation architecture
    let trajectory = Simulation.run equation history
    let scale = Rational.power equation.Step equation.Order

    equation.Order = 0
    || Seq.forall
        (fun l ->
            let newest = Array.init (equation.Order + 1) (fun j -> trajectory[l + 1 - j])
            let driven = Simulation.rightHandSide equation.RightHandSides[l] (trajectory.Delay l)
            Simulation.backwardDifference equation.Order newest = Vector.scale scale driven)
        (seq { 0 .. equation.Depth - 1 })

/// The same network with weights made integers, so that floats of a shallow run are exact.
let private integral (a: Rational) = Rational.ofBigInteger (BigInteger.Divide(a.Numerator, a.Denominator))

[<Property(Arbitrary = [| typeof<CaseGenerators> |], MaxTest = 300)>]
let ``floats and fractions agree bit for bit where nothing rounds`` (Case(architecture, history)) =
    let whole activation = Activation.mapWith integral (fun _ -> Activation.Relu) id activation
    let exact = DifferenceEquation.map integral whole (equation architecture)
    let float (a: Rational) = Binary64(Rational.toFloat a)
    let floats = DifferenceEquation.map float (Activation.map float) exact
    let history = history |> Array.map (Array.map integral)
    let expected = Simulation.run exact history
    let found = Simulation.run floats (history |> Array.map (Array.map float))
    let data = expected.Data.ToArray()
    let fits = data |> Array.forall (fun a -> Rational.abs a < Rational.power (Rational.ofInt 2) 40)
    not fits || Array.forall2 (fun a (b: Binary64) -> Rational.toFloat a = b.Value) data (found.Data.ToArray())

[<Property(Arbitrary = [| typeof<CaseGenerators> |], MaxTest = 200)>]
let ``a trajectory keeps its history and its delay states`` (Case(architecture, history)) =
    let trajectory = Simulation.run (equation architecture) history
    let isPlain = trajectory.Blocks = 1

    trajectory.Delay 0 = history
    && (isPlain || trajectory.Delay trajectory.Depth = Array.init trajectory.Blocks (fun j -> trajectory[trajectory.Depth - j]))

[<Fact>]
let ``a history of the wrong shape is refused with both shapes`` () =
    let map = TestMaps.map Activation.Relu 2 0 0: LayerMap<Rational>
    let equation = equation (Architecture.Smooth(3, Rational.One, [| map |]))
    let error = Assert.Throws<ArgumentException>(fun () -> Simulation.run equation [| [| Rational.One |] |] |> ignore)
    Assert.Contains("expected 3 states of width 2", error.Message)

[<Theory>]
[<InlineData("feed-forward")>]
[<InlineData("residual")>]
[<InlineData("smooth")>]
[<InlineData("additive-dense")>]
[<InlineData("concatenation-dense")>]
let ``a run allocates its result and nothing per layer`` (name: string) =
    let d = 4

    let measure depth =
        let map n l = TestMaps.map Activation.tanh d n l: LayerMap<Binary64>
        let h = Binary64(1.0 / float depth)
        let inner n l = LayerMap.create [| (map n l).Layers[0]; (map n (l + 1)).Layers[0] |] |> Defect.orFail

        let wide l =
            let weights = Matrix.init d (2 * d) (fun i j -> Ring.ratio (i - j + l % 3) 8)
            LayerMap.dense weights (Vector.zero d) Activation.tanh |> Defect.orFail

        let architecture =
            match name with
            | "feed-forward" -> Architecture.FeedForward(Array.init depth (map 0))
            | "residual" -> Architecture.Residual(h, Array.init depth (inner 0))
            | "smooth" -> Architecture.Smooth(3, h, Array.init depth (map 0))
            | "additive-dense" -> Architecture.AdditiveDense(Array.init depth (fun l -> [| map 1 l; map 2 l |]))
            | _ -> Architecture.ConcatenationDense(2, Array.init depth wide)

        let equation = equation architecture
        let history = Array.init equation.Blocks (fun _ -> Vector.unit d 0)
        Simulation.run equation history |> ignore
        let before = GC.GetAllocatedBytesForCurrentThread()
        Simulation.run equation history |> ignore
        GC.GetAllocatedBytesForCurrentThread() - before

    let shallow, deep = measure 500, measure 1500
    // d floats of 8 bytes per layer; the arrays around them are the same at every depth.
    Assert.Equal(int64 (8 * d * 1000), deep - shallow)
