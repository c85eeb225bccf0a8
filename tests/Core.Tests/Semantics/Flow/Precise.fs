namespace LayerTime.Core.Tests.Semantics

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Semantics
open LayerTime.Core.Tests.Numbers

/// A binary number of about 36 digits: no rounding floor where orders are measured, and the truth where floats are judged.
[<Struct; NoComparison; NoEquality>]
type Precise = {
    Value: Binary
} with

    /// The bits that are kept.
    static member Bits = 120
    static member Of(value: Binary) : Precise = { Value = Binary.keep Precise.Bits value }
    static member OfFloat(x: float) : Precise = { Value = Binary.ofFloat x }
    /// The nearest float.
    member a.ToFloat() : float = Binary.nearest a.Value
    /// |a| as a float, up to its rounding.
    static member Size(a: Precise) : float = Binary.magnitude a.Value

    interface ITranscendental<Precise> with
        static member Zero = { Value = Binary.ofInt 0 }
        static member One = { Value = Binary.ofInt 1 }

        static member OfRatio(p, q) = Precise.Of(Binary.divide (Precise.Bits + 2) (Binary.create p 0) (Binary.create q 0))

        static member Sum(a, b) =
            // Far apart the smaller one vanishes; adding exactly would write out all bits between.
            if Binary.isZero a.Value then
                b
            elif Binary.isZero b.Value then
                a
            else
                let gap = Binary.size a.Value - Binary.size b.Value

                if gap > Precise.Bits + 4 then a
                elif gap < -Precise.Bits - 4 then b
                else Precise.Of(Binary.add a.Value b.Value)

        static member Difference(a, b) = Arithmetic.(+) a (Arithmetic.(~-) b)
        static member Product(a, b) = Precise.Of(Binary.multiply a.Value b.Value)
        static member Negation a = { Value = Binary.negate a.Value }
        static member PositivePart a = if Binary.sign a.Value > 0 then a else { Value = Binary.ofInt 0 }
        static member NegativePart a = if Binary.sign a.Value < 0 then a else { Value = Binary.ofInt 0 }
        static member Heaviside a = { Value = Binary.ofInt (if Binary.sign a.Value > 0 then 1 else 0) }
        static member AddProducts(start, left, right) = Ring.addProducts start left right
        static member Quotient(a, b) = Precise.Of(Binary.divide (Precise.Bits + 2) a.Value b.Value)
        static member Exp a = Precise.Of(Oracle.exp Precise.Bits a.Value)
        static member Expm1 a = Precise.Of(Oracle.expm1 Precise.Bits a.Value)
        static member Log a = Precise.Of(Oracle.log Precise.Bits a.Value)
        static member Log1p a = Precise.Of(Oracle.log1p Precise.Bits a.Value)
        static member Tanh a = Precise.Of(Oracle.tanh Precise.Bits a.Value)
        static member Logistic a = Precise.Of(Oracle.logistic Precise.Bits a.Value)
        static member Softplus a = Precise.Of(Oracle.softplus Precise.Bits a.Value)
        static member Sin a = Precise.Of(Oracle.sin Precise.Bits a.Value)
        static member Cos a = Precise.Of(Oracle.cos Precise.Bits a.Value)
        static member Sqrt a = Precise.Of(Oracle.sqrt Precise.Bits a.Value)

/// The truth by the Taylor method in high precision, step lengths from the last coefficients (Jorba and Zou 2005).
[<RequireQualifiedAccess>]
module Truth =
    /// The solution at the end of a horizon, to a relative accuracy of about 10⁻²⁵ for each step.
    let solve (order: int) (field: IVectorField<AnalyticTaylor<Precise>>) (start: float) (finish: float) (state: Precise[]) : Precise[] =
        let stepper: Stepper<Precise> = Stepper.taylor order (Stepper.ofAnalytic field)
        let one = Precise.OfFloat 1.0
        let d = field.Dimension
        let mutable x = Array.copy state
        let next = Array.copy state
        let coefficients: Precise[] = Array.zeroCreate (order * d)
        let mutable time = Precise.OfFloat start
        let forwards = finish > start
        let finish = Precise.OfFloat finish
        let mutable goesOn = true

        while goesOn do
            // With h = 1 the extension is the series itself.
            stepper.Step(time, one, x, next) |> ignore
            stepper.Extend(time, one, x, next, Span coefficients)
            let size degree = Seq.max (seq { for c in 0 .. d - 1 -> Precise.Size coefficients[(degree - 1) * d + c] })
            let scale = Math.Max(1e-3, Seq.max (Seq.map Precise.Size x))
            let reach degree = Math.Pow(1e-26 * scale / Math.Max(size degree, 1e-300), 1.0 / float degree)
            // More than two, because a symmetry may let coefficients vanish.
            let length = Seq.fold (fun length back -> Math.Min(length, reach (order - back))) 1.0 [ 0..5 ]
            let h = Precise.OfFloat(if forwards then length else -length)
            let remaining = Arithmetic.(-) finish time
            let isLast = Precise.Size remaining <= Precise.Size h
            let h = if isLast then remaining else h
            stepper.Step(time, h, x, next) |> ignore
            stepper.Accept()
            x <- Array.copy next
            time <- Arithmetic.(+) time h
            goesOn <- not isLast

        x
