namespace LayerTime.Core.Claims.KuehnKuntz.Node

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Rigour
open LayerTime.Core.Claims
open LayerTime.Core.Claims.KuehnKuntz

/// h(0) = W·x + b, h′ = tanh(A·h + c) for 0 ≤ t ≤ T, Φ(x) = w·h(T).
[<NoComparison>]
type internal Node = {
    Lift: Rational[][]
    LiftBias: Rational[]
    Field: Rational[][]
    FieldBias: Rational[]
    Readout: Rational[]
    Horizon: Rational
}

/// Neural differential equations with known answers, draws of them, and what the claims ask of them.
[<RequireQualifiedAccess>]
module internal Nodes =
    let rows (lines: string list) : Rational[][] = lines |> List.map Networks.vector |> List.toArray

    let create (lift: string list) (liftBias: string) (field: string list) (fieldBias: string) (readout: string) (horizon: int) : Node = {
        Lift = rows lift
        LiftBias = Networks.vector liftBias
        Field = rows field
        FieldBias = Networks.vector fieldBias
        Readout = Networks.vector readout
        Horizon = Rational.ofInt horizon
    }

    /// One input, two states: two critical points in [−3, 3].
    let N12: Node = create [ "-1.5"; "-1" ] "-0.9 -0.9" [ "0.4 -0.7"; "0.4 1" ] "-0.3 -0.1" "-1.7 1.6" 1

    /// As many states as inputs.
    let N22: Node = create [ "1 0.5"; "-0.5 1.5" ] "0.1 0" [ "0.5 -1"; "0.8 0.3" ] "0.2 -0.1" "1 -2" 1

    /// Two inputs, three states.
    let N23: Node =
        create [ "1.1 0"; "-1.5 1.6"; "2 0.9" ] "0 0.2 1" [ "-0.8 -1.2 -1.3"; "-0.3 -2 2"; "-2 -0.7 0.3" ] "0 0.6 0.4" "-0.8 -0.5 0.4" 1

    /// N12 behind a lift that forgets the second input.
    let forgetful: Node = { N12 with Lift = rows [ "-1.5 0"; "-1 0" ] }

    let private affine (weights: Rational[][]) (bias: Rational[]) : LayerMap<Interval> =
        Layer.affine (Matrix.ofRows weights |> Matrix.map Interval.ofRational) (Array.map Interval.ofRational bias)
        |> Defect.orFail
        |> LayerMap.ofLayer

    let ode (node: Node) : NeuralOde<Interval> =
        let weights = Matrix.ofRows node.Field |> Matrix.map Interval.ofRational
        let field = LayerMap.dense weights (Array.map Interval.ofRational node.FieldBias) Activation.tanh |> Defect.orFail

        NeuralOde.create
            (Some(affine node.Lift node.LiftBias))
            [| { Until = node.Horizon; Coefficients = [| field |] } |]
            (Some(affine [| node.Readout |] [| Rational.Zero |]))
        |> Defect.orFail

    /// Φ, Φ_x and H over boxes.
    let map (node: Node) : IScalarMap = NeuralOdeMap.create (ode node) |> Defect.orFail
    let gradient (node: Node) (box: Box) : Interval[] = (map node).Gradient.Value box
    let hessian (node: Node) (box: Box) : Matrix<Interval> = Instruments.hessian (map node) box
    let point (text: string) : Box = Networks.vector text |> Array.map Interval.ofRational

    /// A census within so many boxes.
    let census (boxes: int64) (node: Node) (box: Box) : Census =
        Census.take (map node) { Census.defaults with Search = { ZeroSearch.defaults with MaxBoxes = boxes } } box

    /// Entries k/64: A of [−2, 2], c of [−1, 1], W as drawn, w not 0, T of 1/2, 1 and 2 as far as allowed.
    let draws
        (shape: RandomStream -> int * int)
        (lift: RandomStream -> int -> int -> Rational[][])
        (horizons: Rational[])
        : Generator<Node> =
        let draw (stream: RandomStream) =
            let n, m = shape stream
            let entry bound = Draws.dyadic 64 bound

            {
                Lift = lift stream m n
                LiftBias = Draws.vector (entry 1) stream m
                Field = Draws.matrix (entry 1) stream m m
                FieldBias = Draws.vector (entry 1) stream m
                Readout = Array.init m (fun i -> if i = 0 then Rational.create (stream.NextInt(16, 128)) 64 else entry 2 stream)
                Horizon = horizons[stream.NextInt(0, horizons.Length - 1)]
            }

        let shrink (node: Node) =
            seq {
                if node.Horizon <> horizons[0] then
                    { node with Horizon = horizons[0] }

                for field in Shrink.elements (Shrink.elements Draws.shrinkFraction) node.Field do
                    { node with Field = field }

                for bias in Shrink.elements Draws.shrinkFraction node.FieldBias do
                    { node with FieldBias = bias }
            }

        let shown (matrix: Rational[][]) = matrix |> Array.map Draws.showVector |> String.concat " "

        let show (node: Node) = [
            "W", shown node.Lift
            "b", Draws.showVector node.LiftBias
            "A", shown node.Field
            "c", Draws.showVector node.FieldBias
            "w", Draws.showVector node.Readout
            "T", string node.Horizon
        ]

        Generator.fromStream (fun _ -> draw) shrink show

    /// W of full rank, entries k/64 of [−2, 2].
    let fullRank: RandomStream -> int -> int -> Rational[][] = Draws.fullRank (Draws.dyadic 64 2)

    /// T of 1/2 and 1.
    let short: Rational[] = [| Rational.create 1 2; Rational.One |]

    /// Corners and middle of [−1, 1]ⁿ.
    let probes (n: int) : Box list = [
        for scale in [ 0.0; 0.5; -1.0 ] -> Box.ofPoint (Array.init n (fun i -> if i % 2 = 0 then scale else -0.75 * scale))
    ]

    /// A curve of critical points of N12 behind a forgetful lift: ∂Φ/∂x₂ vanishes identically and ∂Φ/∂x₁ changes its sign.
    let hasCriticalCurve (node: Node) : bool =
        let forgets = node.Lift |> Array.forall (fun row -> row[1].Sign = 0)
        let slope x = (gradient node (Box.ofPoint [| x; 0.0 |]))[0]
        forgets && (slope -2.0).Lower > 0.0 && (slope -1.0).Upper < 0.0
