namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra

/// The constants of a field on which the error bounds of its splittings rest. Over intervals their upper ends are bounds.
[<NoComparison>]
type SplittingConstants<'T> = {
    /// L_i = |a_i||w_i|, the Lipschitz constant of term i.
    Lipschitz: 'T[]
    /// μ_i = (|a_i||w_i| + κ_i)/2 ≥ 0, its logarithmic norm forward in time, for 0 ≤ g′ ≤ 1.
    Forward: 'T[]
    /// μ_i⁻ = (|a_i||w_i| − κ_i)/2 ≥ 0, backward in time.
    Backward: 'T[]
    /// Σ|a_i|, which bounds the speed of a tanh field.
    Speed: 'T
}

/// How large g and its derivatives become, term by term: 1, 1 and 4/(3√3) for tanh on the whole line.
[<NoComparison>]
type ProfileSizes<'T> = {
    /// S_i ≥ |g(s_i)|
    Value: 'T[]
    /// G_i ≥ |g′(s_i)|
    Slope: 'T[]
    /// Q_i ≥ |g″(s_i)|
    Curvature: 'T[]
}

/// A-priori error bounds of splittings with n steps of length h = T/n.
[<RequireQualifiedAccess>]
module SplittingBound =
    open Arithmetic

    let private abs (x: 'T) : 'T :> IRing<'T> = 'T.PositivePart x - 'T.NegativePart x
    let private norm (x: 'T[]) : 'T :> ITranscendental<'T> = 'T.Sqrt(Vector.dot x x)
    let private sum (values: 'T seq) : 'T :> IRing<'T> = Seq.fold (fun sum x -> sum + x) 'T.Zero values

    /// The constants of the terms.
    let constants (terms: RidgeTerm<'T>[]) : SplittingConstants<'T> when 'T :> ITranscendental<'T> =
        let half = Ring.ratio 1 2
        let lipschitz = terms |> Array.map (fun term -> norm term.Direction * norm term.Weights)
        let rates = Array.map RidgeTerm.rate terms

        {
            Lipschitz = lipschitz
            Forward = Array.map2 (fun l κ -> half * (l + κ)) lipschitz rates
            Backward = Array.map2 (fun l κ -> half * (l - κ)) lipschitz rates
            Speed = terms |> Seq.map (fun term -> norm term.Direction) |> sum
        }

    /// M = Σμ_i, a one-sided Lipschitz constant of the field.
    let growth (constants: SplittingConstants<'T>) : 'T :> ITranscendental<'T> = sum constants.Forward

    /// Λ = ΣL_i
    let stiffness (constants: SplittingConstants<'T>) : 'T :> ITranscendental<'T> = sum constants.Lipschitz

    /// The sizes of tanh on the whole line, for so many terms.
    let tanhSizes (terms: int) : ProfileSizes<'T> when 'T :> ITranscendental<'T> =
        let three: 'T = Ring.ratio 3 1

        {
            Value = Array.create terms 'T.One
            Slope = Array.create terms 'T.One
            Curvature = Array.create terms (Ring.ratio 4 1 / (three * 'T.Sqrt three))
        }

    // |w_i·a_j|
    let private along (terms: RidgeTerm<'T>[]) i j : 'T :> ITranscendental<'T> = abs (Vector.dot terms[i].Weights terms[j].Direction)

    let private length (terms: RidgeTerm<'T>[]) i : 'T :> ITranscendental<'T> = norm terms[i].Direction

    /// C = Σ_{i<j}(|a_j||w_j·a_i|G_jS_i + |a_i||w_i·a_j|G_iS_j), a bound of all commutators; 0 if all w_i·a_j are, i ≠ j.
    let commutator (terms: RidgeTerm<'T>[]) (sizes: ProfileSizes<'T>) : 'T :> ITranscendental<'T> =
        let all = [ 0 .. terms.GetUpperBound 0 ]

        sum [
            for i in all do
                for j in all do
                    if i <> j then
                        length terms j * along terms j i * sizes.Slope[j] * sizes.Value[i]
        ]

    /// K_S = Σ_k (cA_k/24 + cB_k/12), a bound of the double commutators of term k with the later ones.
    let doubleCommutator (terms: RidgeTerm<'T>[]) (sizes: ProfileSizes<'T>) : 'T :> ITranscendental<'T> =
        let S, G, Q = sizes.Value, sizes.Slope, sizes.Curvature
        let along i j = along terms i j
        let length i = length terms i
        let all = [ 0 .. terms.GetUpperBound 0 ]

        // |[A, [A, B_j]]| for A = term k
        let first k j =
            length j * along j k * (Q[j] * along j k * S[k] * S[k] + G[j] * G[k] * along k k * S[k])
            + length k * along k j * (Q[k] * along k k * S[k] * S[j] + G[k] * G[j] * along j k * S[k])
            + length k * G[k] * (along k j * G[j] * along j k * S[k] + along k k * G[k] * along k j * S[j])

        // |[B_l, [B_j, A]]|
        let second k j l =
            length k * along k j * (Q[k] * along k l * S[j] * S[l] + G[k] * G[j] * along j l * S[l])
            + length j * along j k * (Q[j] * along j l * S[l] * S[k] + G[j] * G[k] * along k l * S[l])
            + length l * G[l] * (along l k * along k j * G[k] * S[j] + along l j * along j k * G[j] * S[k])

        sum [
            for k in all do
                let later = List.filter (fun j -> j > k) all

                for j in later do
                    Ring.ratio 1 24 * first k j

                    for l in later do
                        Ring.ratio 1 12 * second k j l
        ]

    /// 1 + q + … + q^(n−1) by doubling, so that q = 1 is no exception.
    let rec geometricSum (q: 'T) (n: int) : 'T :> IRing<'T> =
        if n <= 0 then
            'T.Zero
        else
            let even = (q + 'T.One) * geometricSum (q * q) (n >>> 1)
            if n &&& 1 = 0 then even else 'T.One + q * even

    /// ½C·h²·e^{Mh}·Σ_{k<n}e^{Mhk}: the error of Lie–Trotter, and of Strang where only first derivatives are known.
    let lie (commutator: 'T) (growth: 'T) (horizon: 'T) (steps: int) : 'T :> ITranscendental<'T> =
        let h = horizon / Ring.ratio steps 1
        let factor = 'T.Exp(growth * h)
        Ring.ratio 1 2 * commutator * h * h * factor * geometricSum factor steps

    /// K_S·h³·e^{Λh}·Σ_{k<n}e^{Mhk}: the error of Strang on smooth fields.
    let strang (doubleCommutator: 'T) (growth: 'T) (stiffness: 'T) (horizon: 'T) (steps: int) : 'T :> ITranscendental<'T> =
        let h = horizon / Ring.ratio steps 1
        doubleCommutator * h * h * h * 'T.Exp(stiffness * h) * geometricSum ('T.Exp(growth * h)) steps

    /// R = e^{ΛT}(R₀ + T·Σ|a_i|·max(b_i, 0)): no substep of a ReLU splitting that starts within R₀ and lasts T in all leaves this ball.
    let reluRadius (terms: RidgeTerm<'T>[]) (time: 'T) (start: 'T) : 'T :> ITranscendental<'T> =
        let drift = terms |> Seq.map (fun term -> norm term.Direction * 'T.PositivePart term.Bias) |> sum
        'T.Exp(stiffness (constants terms) * time) * (start + drift * time)

    /// The sizes of the terms in the ball of radius R: for ReLU S_i = max(0, |w_i|R + b_i), and g″ is not there.
    let reluSizes (terms: RidgeTerm<'T>[]) (radius: 'T) : ProfileSizes<'T> when 'T :> ITranscendental<'T> = {
        Value = terms |> Array.map (fun term -> 'T.PositivePart(norm term.Weights * radius + term.Bias))
        Slope = Array.create terms.Length 'T.One
        Curvature = Array.create terms.Length 'T.Zero
    }
