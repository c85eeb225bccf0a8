namespace LayerTime.Core.Constructions

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra

/// Where the splitting takes a ball of starting points, and how far the exact flow is away from it.
[<NoComparison>]
type TubeEnd = {
    /// The numeric image of the centre.
    Centre: float[]
    /// The numeric images of the ball stay within this distance of it.
    Radius: float
    /// |numeric − exact| is at most this for every starting point of the ball.
    Error: float
}

/// An error bound of Lie–Trotter or Strang for a tanh field along a tube: the a-priori bound with every |g|, g′ and g″ replaced by its
/// supremum over a ball that holds everything a step passes through.
[<RequireQualifiedAccess>]
module TubeCertificate =
    open Arithmetic

    // What overflows is kept at the largest float: the bound is void then, and is seen to be.
    let private number (x: float) : Interval = Interval.ofFloat (Math.Min(x, Double.MaxValue))
    let private upper (x: Interval) : Interval = number x.Upper
    let private norm (x: Interval[]) : Interval = Transcendental.sqrt (Vector.dot x x)
    let private total (values: Interval[]) : Interval = Array.fold (fun sum x -> sum + x) (number 0.0) values

    /// The sizes of the terms over the ball of radius r about c: G = sech² at the end of s(c) ± |w|r nearest to 0, S = tanh at the farthest,
    /// Q = min(4/(3√3), 2GS).
    let sizes (terms: RidgeTerm<Interval>[]) (centre: Interval[]) (r: Interval) : ProfileSizes<Interval> =
        let least: ProfileSizes<Interval> = SplittingBound.tanhSizes terms.Length

        let ofTerm (term: RidgeTerm<Interval>) =
            let reach = (number (norm term.Weights * r).Upper).Upper
            let s = RidgeTerm.preactivation term centre + Interval.ofBounds (Operators.(~-) reach) reach
            let nearest, farthest = number (Interval.mignitude s), number (Interval.magnitude s)
            let four, two = number 4.0, number 2.0
            let slope = upper (four * Transcendental.logistic (two * nearest) * Transcendental.logistic (-(two * nearest)))
            upper (Transcendental.tanh farthest), Interval.min (number 1.0) slope

        let values, slopes = terms |> Array.map ofTerm |> Array.unzip

        {
            Value = values
            Slope = slopes
            Curvature = Array.map3 (fun s g q -> upper (Interval.min q (number 2.0 * g * s))) values slopes least.Curvature
        }

    /// n steps of a splitting (Lie–Trotter or Strang) of length h = T/n from the ball of radius ρ about a centre.
    let run (splitting: Splitting) (terms: RidgeTerm<Rational>[]) (horizon: Rational) (steps: int) (centre: float[]) (ρ: float) : TubeEnd =
        let enclosed = terms |> Array.map (RidgeTerm.map Interval.ofRational)
        let approximate = terms |> Array.map (RidgeTerm.map (fun a -> Binary64(Rational.toFloat a)))
        let constants = SplittingBound.constants enclosed
        let length = horizon / Rational.ofInt steps
        let h, width = Interval.ofRational length, Rational.toFloat length
        let travel = upper (h * constants.Speed)
        let steep = constants.Lipschitz |> Array.fold (fun largest l -> Interval.max largest (l * h)) (number 1.0)
        let maps = (Splitting.substeps splitting terms.Length: Substep<Binary64> list).Length
        // 16 roundings for each map, of numbers as large as |c| + hΣ|a| + 1.
        let rounding (c: Interval[]) =
            Ring.ratio 16 1
            * Ring.ratio maps 1
            * number (Math.ScaleB(1.0, Operators.(~-) 53))
            * (norm c + travel + number 1.0)
            * steep

        let advance (c: Binary64[], ρ: Interval, E: Interval) (_: int) =
            let point = c |> Array.map (fun x -> number x.Value)
            let sizes = sizes enclosed point (ρ + E + travel)
            let μ = Array.map2 (fun g μ -> g * Interval.max (number 0.0) μ) sizes.Slope constants.Forward |> total
            let growth = Transcendental.exp (μ * h)

            let defect =
                match splitting with
                | Splitting.LieTrotter -> Ring.ratio 1 2 * h * h * growth * SplittingBound.commutator enclosed sizes
                | _ ->
                    let λ = Array.map2 (fun g l -> g * l) sizes.Slope constants.Lipschitz |> total
                    h * h * h * Transcendental.exp (λ * h) * SplittingBound.doubleCommutator enclosed sizes

            Splitting.step splitting approximate width c, upper (ρ * growth + rounding point), upper (E * growth + defect)

        let c, ρ, E = Seq.fold advance (Array.map Binary64 centre, number ρ, number 0.0) (seq { 1..steps })
        { Centre = Binary64.toFloats c; Radius = ρ.Upper; Error = E.Upper }
