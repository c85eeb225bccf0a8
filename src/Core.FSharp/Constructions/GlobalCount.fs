namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra

/// One neuron w·tanh(p·x + c) of a scalar input, its bias given by E = e²ᶜ.
type TanhUnit = {
    /// w
    Weight: Rational
    /// p
    Slope: int
    /// E = e²ᶜ, positive.
    Exponential: Rational
}

/// The critical points of a sum of tanh neurons on the whole line.
[<RequireQualifiedAccess>]
type GlobalCriticalPoints =
    /// The function is constant: every point is critical.
    | Everywhere
    /// Finitely many points.
    | Finite of distinct: int * degenerate: int

/// <summary>All critical points of Φ(x) = Σ w_i·tanh(p_i·x + c_i) on the real line, counted exactly: no box, no tolerance.</summary>
/// <remarks>With y = e²ˣ and p_i &gt; 0, Φ′ = 4·Σ w_i·p_i·E_i·y^{p_i}/(1 + E_i·y^{p_i})²; times Π(1 + E_j·y^{p_j})² it is a polynomial in
/// y &gt; 0, whose positive roots a Sturm chain counts. x ↦ y is a diffeomorphism onto y &gt; 0 and the factor is positive, so a critical
/// point is degenerate iff the root is a multiple one.</remarks>
[<RequireQualifiedAccess>]
module GlobalCount =
    /// The same neuron with p &gt; 0, as tanh is odd: w·tanh(px + c) = −w·tanh(−px − c); None for p = 0, a constant.
    let private upward (unit: TanhUnit) : TanhUnit option =
        if unit.Exponential.Sign <= 0 then
            invalidArg (nameof unit) $"found E = {unit.Exponential}, expected e to some power, which is positive"

        match sign unit.Slope with
        | 0 -> None
        | 1 -> Some unit
        | _ -> Some { Weight = -unit.Weight; Slope = -unit.Slope; Exponential = Rational.One / unit.Exponential }

    /// c·yⁿ
    let private monomial (c: Rational) (n: int) : Rational[] = Array.append (Array.create n Rational.Zero) [| c |]

    /// 1 + E·yᵖ
    let private denominator (unit: TanhUnit) : Rational[] = Polynomial.add [| Rational.One |] (monomial unit.Exponential unit.Slope)

    /// P with Φ′(x) = 4·yᵏ·P(y)/Π(1 + E_j·y^{p_j})², y = e²ˣ, P(0) ≠ 0, the constant coefficient first; empty where Φ is constant.
    let polynomial (units: TanhUnit list) : Rational[] =
        let units = units |> List.choose upward |> List.toArray
        let squares = units |> Array.map (fun unit -> Polynomial.power (denominator unit) 2)

        let term i (unit: TanhUnit) =
            squares
            |> Array.removeAt i
            |> Array.fold Polynomial.multiply (monomial (unit.Weight * Rational.ofInt unit.Slope * unit.Exponential) unit.Slope)

        units |> Array.mapi term |> Array.fold Polynomial.add [||] |> Array.skipWhile (fun a -> a.Sign = 0)

    /// How many critical points there are on the whole line, and how many of them are degenerate.
    let criticalPoints (units: TanhUnit list) : GlobalCriticalPoints =
        match polynomial units with
        | [||] -> GlobalCriticalPoints.Everywhere
        | p ->
            let positiveRoots q = SturmChain.positiveRoots (SturmChain.create q)
            GlobalCriticalPoints.Finite(positiveRoots p, positiveRoots (Polynomial.gcd p (Polynomial.derivative p)))

    /// The critical points as enclosures (a, b] of y = e²ˣ of at most this width, in increasing order; none where Φ is constant.
    let locate (width: Rational) (units: TanhUnit list) : (Rational * Rational) list =
        match polynomial units with
        | [||] -> []
        | p -> SturmChain.create p |> SturmChain.isolate width (Some Rational.Zero)
