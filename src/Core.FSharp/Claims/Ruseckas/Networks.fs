namespace LayerTime.Core.Claims.Ruseckas

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared

/// A network near the identity of fractions with an input, a tangent there and the target of the loss ½|x_N − c|² (family E3).
[<NoComparison>]
type internal NetworkCase = {
    Network: NearIdentity<Rational>
    Start: Rational[]
    Tangent: Rational[]
    Target: Rational[]
} with

    /// n
    member case.Dimension = case.Start.Length

/// Networks of fractions: at most four cubic layers, as numerators triple in length with each of them.
[<RequireQualifiedAccess>]
module internal Networks =
    /// What a draw may vary.
    [<NoComparison; NoEquality>]
    type Shape = {
        /// The most layers of a leaky network; cubic ones have at most four.
        Deepest: int
        /// Whether the nonlinearity may be cubic, leaky, or both.
        Cubic: bool
        Leaky: bool
        /// What else is asked of a case.
        Accept: NetworkCase -> bool
    }

    /// The states of a case.
    let states (twin: Twin) (case: NetworkCase) : Rational[][] = NearIdentity.run twin case.Network case.Start

    /// ∇L = x_N − c
    let lossGradient (case: NetworkCase) (x: Rational[][]) : Rational[] = Vector.subtract (Array.last x) case.Target

    /// The states and momenta of a case.
    let passes (twin: Twin) (case: NetworkCase) : Rational[][] * Rational[][] =
        let x = states twin case
        x, NearIdentity.momenta twin case.Network x (lossGradient case x)

    // At a kink there is no derivative: no state and no preactivation of either network is 0.
    let private isOffKinks (case: NetworkCase) : bool =
        match case.Network.Damping with
        | Damping.Cubic _ -> true
        | Damping.Leaky _ ->
            let isNonzero = Array.forall (fun (a: Rational) -> a.Sign <> 0)

            let isOff twin =
                let x = states twin case

                seq { 0 .. case.Network.Depth - 1 }
                |> Seq.forall (fun l -> isNonzero x[l] && isNonzero (NearIdentity.preactivation case.Network l x[l]))

            isOff Twin.Residual && isOff Twin.FeedForward

    let private draw (shape: Shape) (stream: RandomStream) : NetworkCase =
        let one (stream: RandomStream) =
            let n = stream.NextInt(1, 3)
            let isCubic = shape.Cubic && (not shape.Leaky || stream.NextBool())
            let depth = stream.NextInt(1, (if isCubic then min 4 shape.Deepest else shape.Deepest))
            let strength = Rational.create (stream.NextInt(1, 6)) 4

            {
                Network = {
                    Step = Rational.create 1 (stream.NextInt(2, 20))
                    Weights = Array.init depth (fun _ -> Draws.square stream n)
                    Biases = Array.init depth (fun _ -> Array.init n (fun _ -> Draws.fractionUpTo 1 stream))
                    Damping = if isCubic then Damping.Cubic strength else Damping.Leaky strength
                }
                Start = Array.init n (fun _ -> Draws.fractionUpTo 1 stream)
                Tangent = Draws.vector stream n
                Target = Draws.vector stream n
            }

        Draws.until (fun case -> isOffKinks case && shape.Accept case) one stream

    let private cut (n: int) (case: NetworkCase) : NetworkCase = {
        Network = {
            case.Network with
                Weights = case.Network.Weights |> Array.map (Draws.corner n)
                Biases = case.Network.Biases |> Array.map (Array.truncate n)
        }
        Start = Array.truncate n case.Start
        Tangent = Array.truncate n case.Tangent
        Target = Array.truncate n case.Target
    }

    let private shrink (shape: Shape) (case: NetworkCase) : NetworkCase seq =
        let network = case.Network

        seq {
            for depth in Shrink.int 1 network.Depth do
                {
                    case with
                        Network = {
                            network with
                                Weights = Array.truncate depth network.Weights
                                Biases = Array.truncate depth network.Biases
                        }
                }

            for n in Shrink.int 1 case.Dimension do
                cut n case

            for weights in Shrink.elements Draws.shrinkRows network.Weights do
                { case with Network = { network with Weights = weights } }

            for biases in Draws.shrinkRows network.Biases do
                { case with Network = { network with Biases = biases } }

            for x in Draws.shrinkVector case.Start do
                { case with Start = x }

            for v in Draws.shrinkVector case.Tangent do
                { case with Tangent = v }

            for c in Draws.shrinkVector case.Target do
                { case with Target = c }
        }
        |> Seq.filter (fun case -> isOffKinks case && shape.Accept case)

    /// A case as pairs of a name and a value.
    let show (case: NetworkCase) : (string * string) list = [
        "dt", string case.Network.Step
        match case.Network.Damping with
        | Damping.Cubic γ -> "g", $"−({γ})·x³"
        | Damping.Leaky κ -> "g", $"({κ})·max(−x, 0)"
        for l in 0 .. case.Network.Depth - 1 do
            $"w({l})", Draws.showRows (case.Network.Weights[l])
            $"b({l})", Known.show (case.Network.Biases[l])
        "x(0)", Known.show case.Start
        "δx(0)", Known.show case.Tangent
        "c", Known.show case.Target
    ]

    /// Cubic and leaky networks of at most four layers.
    let both: Shape = { Deepest = 4; Cubic = true; Leaky = true; Accept = fun _ -> true }

    /// Cubic networks.
    let cubic: Shape = { both with Leaky = false }

    /// Random cases of a shape.
    let generator (shape: Shape) : Generator<NetworkCase> = Generator.fromStream (fun _ stream -> draw shape stream) (shrink shape) show

    /// A case with the same layer repeated.
    let repeated (depth: int) (step: string) (damping: Damping<Rational>) (w: string list) (b: string) (x: string) (v: string) (c: string) = {
        Network = {
            Step = Known.number step
            Weights = Array.replicate depth (Known.rows w)
            Biases = Array.replicate depth (Known.vector b)
            Damping = damping
        }
        Start = Known.vector x
        Tangent = Known.vector v
        Target = Known.vector c
    }

    /// P2: n = 2, w = [[0, 1], [−1, 1/2]], b = (1/10, −1/5), γ = 1/3, dt = 1/4, N = 4.
    let p2: NetworkCase =
        repeated 4 "1/4" (Damping.Cubic(Rational.create 1 3)) [ "0 1"; "-1 1/2" ] "1/10 -1/5" "1 -1/2" "1 2" "0 1"

    /// ∂L/∂(what is varied) by dual numbers: the loss of a network over dual numbers from an input.
    let loss (twin: Twin) (case: NetworkCase) (network: NearIdentity<Dual<Rational>>) (start: Dual<Rational>[]) : Dual<Rational> =
        let x = Array.last (NearIdentity.run twin network start)
        let missing = Vector.subtract x (Array.map Dual.constant case.Target)
        Arithmetic.(*) (Ring.ratio 1 2) (Vector.dot missing missing)
