module LayerTime.Core.Tests.Rigour.DegreeTests

open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Numbers.Arithmetic
open LayerTime.Core.Algebra
open LayerTime.Core.Rigour
open LayerTime.Core.Tests.Rigour

/// A square system over jets.
let private system (dimension: int) (f: Jet<Interval>[] -> Jet<Interval>[]) : ISquareSystem =
    let both box =
        let jets = f (Jet.variables box)
        let rows = jets |> Array.map (Jet.gradient dimension)
        struct (jets |> Array.map _.Value, Matrix.ofRows rows)

    let value box =
        let struct (value, _) = both box
        value

    SquareSystem.ofFunctions dimension value both

let private degree dimension f box = Degree.onBox (system dimension f) ZeroSearch.defaults box

[<Fact>]
let ``the identity has degree one in one, two, three and four dimensions`` () =
    for n in 1..4 do
        Assert.Equal(Degree.Known 1, degree n id (Box.cube n 1.5))

[<Fact>]
let ``a reflection has degree minus one`` () =
    for n in 1..3 do
        Assert.Equal(Degree.Known -1, degree n (Array.mapi (fun i x -> if i = 0 then -x else x)) (Box.cube n 1.5))

    Assert.Equal(Degree.Known -1, degree 3 (fun x -> [| x[1]; x[0]; x[2] |]) (Box.cube 3 1.5))

[<Fact>]
let ``the complex power z² has degree two and its conjugate minus two`` () =
    let square (x: Jet<Interval>[]) = [| x[0] * x[0] - x[1] * x[1]; (x[0] + x[0]) * x[1] |]
    Assert.Equal(Degree.Known 2, degree 2 square (Box.cube 2 1.0))
    Assert.Equal(Degree.Known -2, degree 2 (fun x -> let y = square x in [| y[0]; -y[1] |]) (Box.cube 2 1.0))
    // The same beside a third coordinate.
    Assert.Equal(Degree.Known 2, degree 3 (fun x -> Array.append (square x) [| x[2] |]) (Box.cube 3 1.0))

[<Fact>]
let ``a map without zeros in the box has degree zero, and one with a zero on the boundary has none`` () =
    let shift c (x: Jet<Interval>[]) = Array.mapi (fun i y -> if i = 0 then y - Jet.constant (Interval.ofFloat c) else y) x

    for n in 1..3 do
        Assert.Equal(Degree.Known 0, degree n (shift 2.0) (Box.cube n 1.5))

        match degree n (shift 1.5) (Box.cube n 1.5) with
        | Degree.Undefined reason -> Assert.NotEqual<string>("", reason)
        | Degree.Known value -> Assert.Fail $"degree {value} in dimension {n}"

[<Fact>]
let ``the degrees of the worked networks are 0, 0 and −1, by both methods`` () =
    for p, expected in [ Networks.a241, 0; Networks.b2321, 0; Networks.saddles, -1 ] do
        let gradient = (Networks.map p).Gradient
        Assert.Equal(Degree.Known expected, Degree.onBox gradient ZeroSearch.defaults (Box.cube 2 2.5))

        // Beside a third coordinate that only passes through, Kronecker's reduction decides.
        let beside =
            SquareSystem.ofFunctions 3 (fun box -> Array.append (gradient.Value(Array.take 2 box)) [| box[2] |]) (fun box ->
                let struct (value, jacobian) = gradient.ValueAndJacobian(Array.take 2 box)
                let entry i j = if i < 2 && j < 2 then jacobian[i, j] else Interval.ofFloat (if i = j then 1.0 else 0.0)
                struct (Array.append value [| box[2] |], Matrix.init 3 3 entry))

        let box = Array.append (Box.cube 2 2.5) [| Interval.ofBounds -1.0 1.0 |]
        Assert.Equal(Degree.Known expected, Degree.onBox beside ZeroSearch.defaults box)
