namespace LayerTime.Core.Claims.Ruseckas

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared

/// σ(u) = u/(1 + |u|), σ′(u) = 1/(1 + |u|)²: bounded by 1, increasing, rational.
type internal Softsign<'T when 'T :> IField<'T>>() =
    static let one (u: 'T) : 'T = 'T.Sum('T.One, 'T.Difference('T.PositivePart u, 'T.NegativePart u))

    interface ISquashing<'T> with
        member _.Value u = 'T.Quotient(u, one u)
        member _.Slope u = 'T.Quotient('T.One, 'T.Product(one u, one u))

/// σ(u) = u + u³/3: increasing, unbounded, with an energy that is a polynomial.
type internal CubicRamp<'T when 'T :> IField<'T>>() =
    interface ISquashing<'T> with
        member _.Value u = 'T.Sum(u, 'T.Product(Ring.ratio 1 3, 'T.Product(u, 'T.Product(u, u))))
        member _.Slope u = 'T.Sum('T.One, 'T.Product(u, u))

/// An additive network of fractions and a state of it (family E4).
[<NoComparison>]
type internal AdditiveCase = { Network: AdditiveNetwork<Rational>; State: Rational[]; Step: Rational }

/// The family E4: additive networks of one to four units with the softsign.
[<RequireQualifiedAccess>]
module internal AdditiveCase =
    let softsign: ISquashing<Rational> = Softsign<Rational>()

    let private network (weights: Rational[][]) (τ: Rational[]) (ϑ: Rational[]) (input: Rational[]) : AdditiveNetwork<Rational> = {
        Weights = weights
        TimeConstants = τ
        Thresholds = ϑ
        Inputs = input
    }

    /// A case written as text: the rows of W, then τ, ϑ, I and x.
    let create (weights: string list) (τ: string) (ϑ: string) (input: string) (x: string) : AdditiveCase = {
        Network = network (Known.rows weights) (Known.vector τ) (Known.vector ϑ) (Known.vector input)
        State = Known.vector x
        Step = Rational.One
    }

    let private draw (isSymmetric: bool) (stream: RandomStream) : AdditiveCase =
        let n = stream.NextInt(1, 4)
        let a = Draws.square stream n
        let τ = Array.init n (fun _ -> Rational.create (stream.NextInt(1, 8)) (stream.NextInt(1, 4)))

        {
            Network = network (if isSymmetric then Draws.symmetrise a else a) τ (Draws.vector stream n) (Draws.vector stream n)
            State = Draws.vector stream n
            // A step of at most the shortest time constant.
            Step = Array.reduce Rational.min τ * Rational.create (stream.NextInt(1, 4)) 4
        }

    // Everything simpler keeps n > 0 units and their time constants positive; with symmetric weights they stay symmetric.
    let private shrink (isSymmetric: bool) (case: AdditiveCase) : AdditiveCase seq =
        let net = case.Network
        let n = net.Weights.Length
        let change f = { case with Network = f net }

        seq {
            for m in Shrink.int 1 n do
                let cut (x: Rational[]) = Array.truncate m x

                {
                    case with
                        State = cut case.State
                        Network = network (Draws.corner m net.Weights) (cut net.TimeConstants) (cut net.Thresholds) (cut net.Inputs)
                }

            for weights in Draws.shrinkRows net.Weights do
                change (fun net -> { net with Weights = if isSymmetric then Draws.symmetrise weights else weights })

            for τ in Draws.shrinkVector net.TimeConstants do
                if τ |> Array.forall (fun τ -> τ.Sign > 0 && case.Step <= τ) then
                    change (fun net -> { net with TimeConstants = τ })

            for ϑ in Draws.shrinkVector net.Thresholds do
                change (fun net -> { net with Thresholds = ϑ })

            for input in Draws.shrinkVector net.Inputs do
                change (fun net -> { net with Inputs = input })

            for state in Draws.shrinkVector case.State do
                { case with State = state }
        }

    /// A case as pairs of a name and a value.
    let show (case: AdditiveCase) : (string * string) list = [
        "W", Draws.showRows case.Network.Weights
        "τ", Known.show case.Network.TimeConstants
        "ϑ", Known.show case.Network.Thresholds
        "I", Known.show case.Network.Inputs
        "x", Known.show case.State
        "dt", string case.Step
    ]

    /// Cases with symmetric or arbitrary weights.
    let generator (isSymmetric: bool) : Generator<AdditiveCase> =
        Generator.fromStream (fun _ stream -> draw isSymmetric stream) (shrink isSymmetric) show
