namespace LayerTime.Core.Claims.Hauser.OdeLimit

open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

/// x⁽ᵏ⁾ = f(t, x) on [0, T] with a solution that is known.
[<NoComparison; NoEquality>]
type internal Problem = {
    /// The problem in words, as pairs of a name and a value.
    Description: (string * string) list
    /// k
    Order: int
    /// T
    Horizon: Rational
    /// x⁽ʲ⁾(t)
    Solution: int -> float -> float
    /// f(t, x)
    Force: float -> float -> float
}

/// The choices of a manufactured problem, and a number of layers.
[<NoComparison>]
type internal Manufactured = { Order: int; Activation: Activation<Binary64>; Phase: float; Horizon: Rational; Depth: int }

/// Problems with known solutions.
[<RequireQualifiedAccess>]
module internal Problems =
    let private sine (j: int) (t: float) : float =
        match j % 4 with
        | 0 -> Elementary.sin t
        | 1 -> Elementary.cos t
        | 2 -> -Elementary.sin t
        | _ -> -Elementary.cos t

    /// tanh, ReLU and leaky ReLU: all of Lipschitz constant 1.
    let activations: Activation<Binary64>[] = [| Activation.Relu; TestMaps.leaky; Activation.tanh |]

    /// φ(t) = sin(t + c) solves x⁽ᵏ⁾ = φ⁽ᵏ⁾(t) + σ(x) − σ(φ(t)). No phase c near 0: φ″(0) = 0 would make order 2 look second order by accident.
    let manufactured (choice: Manufactured) : Problem =
        let φ j t = sine j (t + choice.Phase)
        let σ x = (Activation.value choice.Activation (Binary64 x)).Value

        {
            Description = [
                "order", string choice.Order
                "activation", Activation.name choice.Activation
                "phase", string choice.Phase
                "horizon", string choice.Horizon
            ]
            Order = choice.Order
            Horizon = choice.Horizon
            Solution = φ
            Force = fun t x -> φ choice.Order t + σ x - σ (φ 0 t)
        }

    /// The manufactured problem of the reference values: c = 1, T = 1, tanh.
    let reference (k: int) : Problem =
        manufactured { Order = k; Activation = Activation.tanh; Phase = 1.0; Horizon = Rational.One; Depth = 1 }

    /// All orders of a list with all activations and the phases 1/2, 3/4 and 1.
    let ladder (orders: int list) : Problem list = [
        for k in orders do
            for activation in activations do
                for phase in [ 0.5; 0.75; 1.0 ] do
                    manufactured { Order = k; Activation = activation; Phase = phase; Horizon = Rational.One; Depth = 1 }
    ]

    /// n·(n−1)·…·(n−j+1)·tⁿ⁻ʲ, the j-th derivative of tⁿ, j ≤ n.
    let private power (n: int) (j: int) (t: float) : float =
        let falling = Seq.fold (fun product i -> product * float (n - i)) 1.0 (seq { 0 .. j - 1 })
        Seq.fold (fun product _ -> product * t) falling (seq { 1 .. n - j })

    /// x⁽ᵏ⁾ = √|x| with every derivative 0 at the start: x = (k!/(2k)!)²·t²ᵏ is a solution, and so is 0. Not Lipschitz at 0.
    let notLipschitz (k: int) : Problem =
        let root = 1.0 / power (2 * k) k 1.0

        {
            Description = [ "problem", $"x^({k}) = √|x| from rest" ]
            Order = k
            Horizon = Rational.One
            Solution = fun j t -> root * root * power (2 * k) j t
            Force = fun _ x -> Elementary.sqrt (abs x)
        }

    /// x⁽ᵏ⁾ = 1 from t = 1/3 on and 0 before: x = (t − 1/3)₊ᵏ/k! jumps in its k-th derivative.
    let notSmooth (k: int) : Problem =
        let solution j t = if t >= 1.0 / 3.0 then power k j (t - 1.0 / 3.0) / power k k 1.0 else 0.0

        {
            Description = [ "problem", $"x^({k}) jumps from 0 to 1 at t = 1/3" ]
            Order = k
            Horizon = Rational.One
            Solution = solution
            Force = fun t _ -> if t >= 1.0 / 3.0 then 1.0 else 0.0
        }

    /// Manufactured problems with an order within a range, c in [1/2, 1], T in {1/4, 1/2, 3/4, 1} and up to 512 layers.
    let generator (leastOrder: int, greatestOrder: int) : Generator<Manufactured> =
        let draw _ (stream: RandomStream) = {
            Order = stream.NextInt(leastOrder, greatestOrder)
            Activation = Draws.choice stream activations
            Phase = stream.NextFloat(0.5, 1.0)
            Horizon = Rational.create (stream.NextInt(1, 4)) 4
            // Every order of magnitude is equally likely.
            Depth = 1 <<< stream.NextInt(0, 9) |> fun most -> stream.NextInt(max 1 (most / 2), most)
        }

        let shrink (choice: Manufactured) =
            seq {
                for depth in Shrink.int 1 choice.Depth do
                    { choice with Depth = depth }

                for k in Shrink.int leastOrder choice.Order do
                    { choice with Order = k }

                if choice.Activation <> Activation.Relu then
                    { choice with Activation = Activation.Relu }

                if choice.Phase <> 1.0 then
                    { choice with Phase = 1.0 }

                if choice.Horizon <> Rational.One then
                    { choice with Horizon = Rational.One }
            }

        Generator.fromStream draw shrink (fun choice -> (manufactured choice).Description @ [ "depth", string choice.Depth ])
