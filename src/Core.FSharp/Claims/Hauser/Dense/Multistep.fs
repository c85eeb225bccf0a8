namespace LayerTime.Core.Claims.Hauser.Dense

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions
open LayerTime.Core.Claims

/// The functions g_n of a method, all with a flow in closed form.
[<RequireQualifiedAccess>]
type internal MultistepField =
    /// g_n(x) = −c_n x
    | Decay
    /// g_n(x) = −c_n tanh x
    | SaturatedDecay
    /// g_n(x) = c_n x², not Lipschitz on the line
    | Growth

/// A method: a_n, b_n and c_n, a field, and T. It starts from x(−j) = 1 + h·j·Drift; Drift = 0 is rest.
type internal Method = { A: Rational list; B: Rational list; C: int list; Field: MultistepField; Horizon: int; Drift: int }

/// Linear multistep methods as additive dense networks.
[<RequireQualifiedAccess>]
module internal Multistep =
    let private scalar (a: float) = Matrix.ofRows [| [| Binary64 a |] |]

    /// g_n
    let private field (m: Method) (c: int) : LayerMap<Binary64> =
        let through activation factor =
            let inner = Layer.create (scalar 1.0) [| Binary64 0.0 |] [| activation |] |> Defect.orFail
            let outer = Layer.affine (scalar factor) [| Binary64 0.0 |] |> Defect.orFail
            LayerMap.create [| inner; outer |] |> Defect.orFail

        match m.Field with
        | MultistepField.Decay -> LayerMap.linear (scalar (float -c))
        | MultistepField.SaturatedDecay -> through Activation.tanh (float -c)
        | MultistepField.Growth -> through Activation.Square (float c)

    /// x(L) of the network with f_n = a_n·id + h b_n·g_n.
    let simulate (scale: float -> float) (m: Method) (depth: int) : float =
        let h = scale (float m.Horizon / float depth)

        let map a b c =
            let b = Rational.toFloat b

            LayerSum.combination [| Binary64(Rational.toFloat a), LayerSum.identity 1; Binary64(h * b), field m c |]
            |> Defect.orFail

        let layer = List.map3 map m.A m.B m.C |> List.toArray
        let equation = Architecture.AdditiveDense(Array.create depth layer) |> Architecture.equation |> Defect.orFail
        let history = Array.init layer.Length (fun j -> [| Binary64(1.0 + h * float (j * m.Drift)) |])
        let trajectory = Simulation.run equation history
        trajectory[depth] |> Array.head |> Binary64.toFloat

    /// x(T) of x′ = (Σ b_n g_n(x))/(Σ n a_n), x(0) = 1.
    let limit (m: Method) : float =
        let mean = m.A |> List.mapi (fun i a -> Rational.ofInt (i + 1) * a) |> List.reduce (+) |> Rational.toFloat
        let drive = List.map2 (fun b c -> b * Rational.ofInt c) m.B m.C |> List.reduce (+) |> Rational.toFloat
        let time = float m.Horizon * drive / mean

        match m.Field with
        | MultistepField.Decay -> Elementary.exp -time
        | MultistepField.SaturatedDecay ->
            // sinh x(t) = sinh x(0)·e^−t
            let s = (Elementary.exp 1.0 - Elementary.exp -1.0) / 2.0 * Elementary.exp -time
            Elementary.log (s + sqrt (s * s + 1.0))
        | MultistepField.Growth -> 1.0 / (1.0 - time)

    let private fraction = Rational.create
    let private half = fraction 1 2
    let private one, zero = Rational.One, Rational.Zero

    /// Coefficients with Σ a_n = 1 that satisfy the root condition.
    let consistent = [ [ one ]; [ half; half ]; [ fraction 3 4; fraction 1 4 ]; [ fraction 1 3; fraction 1 3; fraction 1 3 ] ]

    /// The method as pairs of a name and a value.
    let show (m: Method) : (string * string) list =
        let list (items: 'A list) = items |> List.map string |> String.concat ", "
        [ "a", list m.A; "b", list m.B; "c", list m.C; "field", string m.Field; "T", string m.Horizon; "drift", string m.Drift ]

    /// Linear fields with b_n ∈ {0, 1/2, 1}, not all 0, and c_n ∈ {1, 2}: 276 methods.
    let generator: Generator<Method> =
        let draw (_: int) (stream: RandomStream) =
            let a = consistent[stream.NextInt(0, consistent.Length - 1)]
            // A word in the letters 0, 1, 2 that is not 0 … 0.
            let mutable word = stream.NextInt(1, pown 3 a.Length - 1)

            let letter _ =
                let digit = word % 3
                word <- word / 3
                fraction digit 2

            let b = List.map letter a
            { A = a; B = b; C = List.map (fun _ -> stream.NextInt(1, 2)) a; Field = MultistepField.Decay; Horizon = 1; Drift = 0 }

        let shrink (m: Method) =
            seq {
                for a in consistent do
                    if a.Length < m.A.Length then
                        let b = List.truncate a.Length m.B

                        if List.exists (fun b -> b <> zero) b then
                            { m with A = a; B = b; C = List.truncate a.Length m.C }

                if List.exists (fun c -> c <> 1) m.C then
                    { m with C = List.map (fun _ -> 1) m.C }
            }

        Generator.fromStream draw shrink show

    /// One method with the field −c_n tanh x for every choice of coefficients.
    let saturated =
        consistent
        |> List.map (fun a -> {
            A = a
            B = a
            C = List.init a.Length (fun i -> 1 + i % 2)
            Field = MultistepField.SaturatedDecay
            Horizon = 1
            Drift = 0
        })
