namespace LayerTime.Core.Tests.Numbers

open System
open Xunit
open LayerTime.Core.Numbers

/// An elementary function over intervals, what it encloses, and an interval of arguments on which it increases.
[<NoComparison; NoEquality>]
type IntervalSubject = { Subject: Subject; Over: Interval -> Interval; Rising: float * float }

module IntervalSubjects =
    let private exp<'T when 'T :> ITranscendental<'T>> (x: 'T) : 'T = 'T.Exp x
    let private expm1<'T when 'T :> ITranscendental<'T>> (x: 'T) : 'T = 'T.Expm1 x
    let private log<'T when 'T :> ITranscendental<'T>> (x: 'T) : 'T = 'T.Log x
    let private log1p<'T when 'T :> ITranscendental<'T>> (x: 'T) : 'T = 'T.Log1p x
    let private tanh<'T when 'T :> ITranscendental<'T>> (x: 'T) : 'T = 'T.Tanh x
    let private logistic<'T when 'T :> ITranscendental<'T>> (x: 'T) : 'T = 'T.Logistic x
    let private softplus<'T when 'T :> ITranscendental<'T>> (x: 'T) : 'T = 'T.Softplus x
    let private sin<'T when 'T :> ITranscendental<'T>> (x: 'T) : 'T = 'T.Sin x
    let private cos<'T when 'T :> ITranscendental<'T>> (x: 'T) : 'T = 'T.Cos x

    /// Arguments near multiples of π/2, from a few floats away to a slice away, and near 0.
    let private nearExtrema (draw: Draw) : float =
        let k = int (draw.Bits() >>> 58) - 32
        float k * 1.5707963267948966 + draw.Magnitude(-60, -5)

    /// What is special: the arguments around ±2ᵏ, where branches and grids end and where values are next to powers of two.
    let private powers = [
        for k in -62 .. 10 do
            yield! Subjects.around (Math.ScaleB(1.0, k))
    ]

    let private subject (name: string) (over: Interval -> Interval) (rising: float * float) : IntervalSubject =
        let subject = Subjects.find name
        let inDomain x = if name = "log" then x > 0.0 else name <> "log1p" || x > -1.0

        let more =
            match name with
            | "sin"
            | "cos" -> [ nearExtrema; _.Magnitude(-28, 0) ]
            // where 1 + x is x
            | "log1p" -> [ _.Magnitude(-60, 6) >> abs; _.Between(1.8e16, 9e16) ]
            | _ -> [ _.Magnitude(-60, 6) >> abs ]

        let hard = subject.Hard @ Subjects.signs powers |> List.filter inDomain

        { Subject = { subject with Draws = subject.Draws @ more; Hard = hard }; Over = over; Rising = rising }

    let all = [
        subject "exp" exp (-746.0, 710.0)
        subject "expm1" expm1 (-60.0, 710.0)
        subject "log" log (Double.Epsilon, Double.MaxValue)
        subject "log1p" log1p (-0.9999999999999999, Double.MaxValue)
        subject "tanh" tanh (-30.0, 30.0)
        subject "logistic" logistic (-746.0, 50.0)
        subject "softplus" softplus (-746.0, 1e4)
        subject "sin" sin (-1.5707963267948966, 1.5707963267948966)
        subject "cos" cos (-3.141592653589793, -0.0)
        subject "atan" Interval.atan (-Double.MaxValue, Double.MaxValue)
        subject "erf" Interval.erf (-7.0, 7.0)
    ]

    let find (name: string) : IntervalSubject = all |> List.find (fun subject -> subject.Subject.Name = name)

    /// The place of a float in the order of floats.
    let ordinal (x: float) : int64 =
        let bits = BitConverter.DoubleToInt64Bits x
        if bits < 0L then Int64.MinValue - bits else bits

    /// The float at a place.
    let float (n: int64) : float = BitConverter.Int64BitsToDouble(if n < 0L then Int64.MinValue - n else n)

    /// The names, as xunit takes them.
    let names: TheoryData<string> = TheoryData<string>(all |> Seq.map _.Subject.Name)

    /// All over f at one float.
    let at (f: IntervalSubject) (x: float) : Interval = f.Over(Interval.ofFloat x)

/// The judge of an enclosure: the truth at 72 bits, and at 320 where that does not decide.
module Judge =
    let private few, many = 72, 320

    /// The sign of truth − x; 0 means that they agree in 300 bits.
    let compare (truth: int -> Binary) (first: Binary) (x: float) : int =
        let decide p (t: Binary) =
            let difference = Binary.subtract t (Binary.ofFloat x)
            if Binary.isZero difference || Binary.size difference <= Binary.size t - p + 20 then 0 else Binary.sign difference

        if Binary.isZero first then
            sign -x
        elif Double.IsInfinity x then
            sign -x
        else
            match decide few first with
            | 0 -> decide many (truth many)
            | s -> s

    /// What is wrong with the enclosure [lower, upper] of the truth, if anything: it has to hold, and to be right up to two spacings.
    let complaint (truth: int -> Binary) (enclosure: Interval) : string option =
        let first = truth few
        let overflows = not (Binary.isZero first) && Binary.size first >= 1024

        let far (x: float) =
            let error = Ulps.error first x
            error > 1.999 && Ulps.error (truth many) x > 2.0

        if enclosure.IsEmpty then Some "is empty"
        elif compare truth first enclosure.Lower < 0 then Some "lies above the truth"
        elif compare truth first enclosure.Upper > 0 then Some "lies below the truth"
        elif overflows && abs enclosure.Lower >= Double.MaxValue && abs enclosure.Upper >= Double.MaxValue then None
        elif far enclosure.Lower then Some $"begins {Ulps.error (truth many) enclosure.Lower} ulp too low"
        elif far enclosure.Upper then Some $"ends {Ulps.error (truth many) enclosure.Upper} ulp too high"
        else None
