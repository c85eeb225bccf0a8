/// The interfaces carry number systems that are not fields with an order: an interval and a truncated power series run the
/// same semantics unchanged.
module LayerTime.Core.Tests.Numbers.NumberSystemTests

open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Claims.Hauser
open LayerTime.Core.Tests

/// c₀ + c₁t + c₂t² + …; a constant has one coefficient, which stands for a series of any length.
[<Struct; NoComparison>]
type Series = {
    Coefficients: Rational[]
} with

    static member At(a: Series, i: int) = if i < a.Coefficients.Length then a.Coefficients[i] else Rational.Zero

    static member Combine (f: Rational -> Rational -> Rational) (a: Series) (b: Series) = {
        Coefficients = Array.init (max a.Coefficients.Length b.Coefficients.Length) (fun i -> f (Series.At(a, i)) (Series.At(b, i)))
    }

    interface IRing<Series> with
        static member Zero = { Coefficients = [| Rational.Zero |] }
        static member One = { Coefficients = [| Rational.One |] }
        static member OfRatio(p, q) = { Coefficients = [| Rational.OfRatio(p, q) |] }
        static member Sum(a, b) = Series.Combine (+) a b
        static member Difference(a, b) = Series.Combine (-) a b

        static member Product(a, b) =
            let length = max a.Coefficients.Length b.Coefficients.Length
            let coefficient i = Seq.sum (seq { for j in 0..i -> Series.At(a, j) * Series.At(b, i - j) })
            { Coefficients = Array.init length coefficient }

        static member Negation a = { Coefficients = Array.map (~-) a.Coefficients }
        // Near a point away from the kink the sign of the constant term decides.
        static member PositivePart a = if a.Coefficients[0].Sign > 0 then a else { Coefficients = [| Rational.Zero |] }
        static member NegativePart a = if a.Coefficients[0].Sign > 0 then { Coefficients = [| Rational.Zero |] } else a
        static member Heaviside a = { Coefficients = [| (if a.Coefficients[0].Sign > 0 then Rational.One else Rational.Zero) |] }
        static member AddProducts(start, left, right) = Ring.addProducts start left right

let private smooth<'T when 'T :> IRing<'T>> (activation: Activation<'T>) : DifferenceEquation<'T> =
    Architecture.Smooth(3, Ring.ratio 1 2, Array.init 5 (TestMaps.map activation 2 0))
    |> Architecture.equation
    |> Defect.orFail

[<Fact>]
let ``an interval run contains the exact run`` () =
    let exact = Simulation.run (smooth TestMaps.leaky) TestMaps.history3: Trajectory<Rational>
    let enclosed = Simulation.run (smooth TestMaps.leaky) TestMaps.history3: Trajectory<Interval>

    Array.iter2
        (fun (a: Rational) (b: Interval) -> Assert.True(Interval.containsRational a b, $"{a} outside {b}"))
        (exact.Data.ToArray())
        (enclosed.Data.ToArray())

[<Fact>]
let ``the linear coefficient of a series run is the derivative of a dual run`` () =
    let along (value: Rational -> int -> 'T) = Array.mapi (fun i (x: Rational[]) -> Array.map (fun a -> value a (if i = 0 then 1 else 0)) x)
    let history = TestMaps.history3: Rational[][]
    let dual = along (fun a da -> Dual(a, Rational.ofInt da)) history
    let series = along (fun a da -> { Coefficients = [| a; Rational.ofInt da |] }) history
    let duals = (Simulation.run (smooth Activation.Square) dual).Data.ToArray()
    let values = (Simulation.run (smooth Activation.Square) series).Data.ToArray()

    Array.iter2
        (fun (d: Dual<Rational>) (s: Series) ->
            Assert.Equal(d.Value, Series.At(s, 0))
            Assert.Equal(d.Derivative, Series.At(s, 1)))
        duals
        values
