module LayerTime.Core.Tests.Numbers.DualTests

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Tests

module private Formulas =
    open Arithmetic

    let cube (x: 'T) : 'T :> IRing<'T> = x * x * x
    let quotient (x: 'T) (y: 'T) : 'T :> IField<'T> = x / y
    let product (x: 'T) (y: 'T) : 'T :> IRing<'T> = x * y
    let horner (coefficients: 'T[]) (x: 'T) : 'T :> IRing<'T> = Array.foldBack (fun a value -> a + x * value) coefficients 'T.Zero

[<Property(Arbitrary = [| typeof<NumberGenerators> |])>]
let ``the derivative of a polynomial is its formal derivative`` (coefficients: Rational[]) (x: Rational) =
    let p = Polynomial.normalise coefficients
    Dual.derivative (Formulas.horner (Array.map Dual.constant p)) x = Polynomial.evaluate (Polynomial.derivative p) x

[<Property(Arbitrary = [| typeof<NumberGenerators> |])>]
let ``the quotient rule`` (x: Rational) (dx: Rational) (y: Rational) (dy: Rational) =
    y.Sign = 0
    || (let q = Formulas.quotient (Dual(x, dx)) (Dual(y, dy))
        q.Value = x / y && q.Derivative = (dx * y - x * dy) / (y * y))

[<Property(Arbitrary = [| typeof<NumberGenerators> |])>]
let ``a dual of duals carries the second derivative`` (x: Rational) =
    let inner = Dual.derivative (Formulas.cube: Dual<Dual<Rational>> -> Dual<Dual<Rational>>) (Dual.variable x)
    inner.Value = Rational.ofInt 3 * x * x && inner.Derivative = Rational.ofInt 6 * x

[<Property(Arbitrary = [| typeof<NumberGenerators> |])>]
let ``both parts of a number differentiate to the indicator of their side, at the kink from the left`` (x: Rational) =
    let positive = Dual.derivative (fun t -> RingOf.positivePart t) x
    let negative = Dual.derivative (fun t -> RingOf.negativePart t) x
    positive = (if x.Sign > 0 then Rational.One else Rational.Zero) && positive + negative = Rational.One
