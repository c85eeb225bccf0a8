/// Positive volume does not make a linear map the flow of one linear field.
///
/// Statement: a real 2 × 2 matrix W with det W &gt; 0 is exp of a real matrix iff tr W + 2√det W &gt; 0 or W is a multiple of the identity. So diag(−1, −2) is
/// none, and diag(−1, −1) = exp(π·[[0, −1], [1, 0]]) is one.
/// Proof: exp L = R² for R = exp(L/2), and (tr R)² = tr R² + 2·det R. If tr R = 0, R² = −det R·I. So the condition is necessary, the sum being 0 only with tr R = 0 or
/// det R &lt; 0, which exp(L/2) has not. Conversely the eigenvalues are positive, or conjugate, or −λ twice on a multiple of I: the real logarithm exists.
/// The criterion in any dimension (each Jordan block of a negative eigenvalue an even number of times) is Culver's.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Duan.Reverse.SingleExponentialFails

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Duan

let private trace (w: Matrix<Rational>) : Rational = w[0, 0] + w[1, 1]

/// tr W + 2√det W > 0, decided without the root, or W = λI.
let private hasLogarithm (w: Matrix<Rational>) : bool =
    let t, determinant = trace w, Elimination.determinant w
    let isScalar = w[0, 1].Sign = 0 && w[1, 0].Sign = 0 && w[0, 0] = w[1, 1]
    determinant.Sign > 0 && (isScalar || t.Sign > 0 || t * t < Rational.ofInt 4 * determinant)

/// R² of a regular R, among which are all exponentials, passes, and (tr R)² = tr R² + 2·det R.
let private squares (rows: Rational[][]) : Outcome =
    let r = Matrix.ofRows rows
    let w = Matrix.multiply r r
    let t = trace r

    Outcome.all [
        Check.equal "(tr R)²" (trace w + Rational.ofInt 2 * Elimination.determinant r) (t * t)
        Outcome.isTrue "R²" "has a real logarithm" (hasLogarithm w)
    ]

let private passes (w: Rational[][]) : Outcome = Outcome.isTrue "the matrix" "has a real logarithm" (hasLogarithm (Matrix.ofRows w))

// exp by 2^k squarings of the Taylor polynomial of degree 12 of L/2^k.
let private exponential (l: float[][]) : float[][] =
    let multiply (a: float[][]) (b: float[][]) = Array.init 2 (fun i -> Array.init 2 (fun j -> a[i][0] * b[0][j] + a[i][1] * b[1][j]))
    let unit = [| [| 1.0; 0.0 |]; [| 0.0; 1.0 |] |]
    let k = 8
    let small = l |> Array.map (Array.map (fun a -> a / 256.0))
    let horner sum i = Array.map2 (Array.map2 (+)) unit (multiply small sum |> Array.map (Array.map (fun a -> a / float i)))
    let taylor = Seq.fold horner unit (seq { 12..-1..1 })
    Seq.fold (fun a _ -> multiply a a) taylor (seq { 1..k })

/// What passes is exp L for L = log|λ|·I + θ·N/√|D|, N = W − ½tr W, D = ¼(tr W)² − det W: θ an angle for D < 0, artanh for D > 0.
let private logarithm (w: float[][]) : float[][] =
    let half = 0.5 * (w[0][0] + w[1][1])
    let n = [| [| w[0][0] - half; w[0][1] |]; [| w[1][0]; w[1][1] - half |] |]
    let determinant = w[0][0] * w[1][1] - w[0][1] * w[1][0]
    let d = half * half - determinant
    let r = sqrt (abs d)
    let modulus = 0.5 * Elementary.log determinant

    let factor =
        if d < 0.0 then
            // The angle of half + i·r.
            2.0 * Elementary.atan (r / (sqrt determinant + half)) / r
        elif d > 0.0 then
            0.5 * Elementary.log ((half + r) / (half - r)) / r
        else
            1.0 / half

    Array.init 2 (fun i -> Array.init 2 (fun j -> (if i = j then modulus else 0.0) + factor * n[i][j]))

/// W = R² away from −λI and from multiple roots, where the closed form of the logarithm loses digits: tr W > 0 and |(tr W)² − 4·det W| ≥ ¼(tr W)².
let private isAwayFromBoundary (w: Matrix<Rational>) : bool =
    let t = trace w
    let disc = t * t - Rational.ofInt 4 * Elimination.determinant w
    t.Sign > 0 && Rational.abs disc >= Rational.create 1 4 * t * t

let private square (rows: Rational[][]) : Matrix<Rational> = let r = Matrix.ofRows rows in Matrix.multiply r r

/// exp L = W for squares off the boundary: 8 squarings and 12 terms, the rounding of L weighed with |L| and e^|L|.
let private returns (rows: Rational[][]) : Outcome =
    let exact = square rows
    let w = Matrix.toRows exact |> Array.map (Array.map Rational.toFloat)
    let determinant = Elimination.determinant exact

    if not (isAwayFromBoundary exact) then
        Outcome.undecided "W is near the boundary of the exponentials, where the closed form loses digits"
    else
        let l = logarithm w
        let size (m: float[][]) = m |> Array.map (Array.sumBy abs) |> Array.max
        let back = exponential l
        let error = Array.map2 (Array.map2 (fun (a: float) b -> abs (a - b))) w back |> Array.map Array.max |> Array.max
        // L has a condition of at most size(W)²/det; e^|L| of the squarings 2⁸ + 24 roundings.
        let condition = size w * size w / Rational.toFloat determinant
        Outcome.atMost "|exp L − W|" (512.0 * condition * condition * size w / 9007199254740992.0) error

let private show (w: Rational[][]) : (string * string) list = [ "W", Draws.showRows w ]

let claim: Claim =
    let matrices accept =
        let isRegular rows = (Elimination.determinant (Matrix.ofRows rows)).Sign <> 0
        let accept rows = isRegular rows && accept rows
        Generator.fromStream (fun _ -> Draws.until accept (Nets.regular 2)) (Draws.shrinkRows >> Seq.filter accept) show

    Paper.define
        "duan.reverse.single-exponential-fails"
        Paper.reconstructed
        "A real 2 × 2 matrix of positive determinant is the exponential of a real one iff tr W + 2√det W > 0 or it is a multiple of the identity: diag(−1, −2) is none."
    |> Claim.hypothesis "H1" "W is the square of a real matrix, as every exponential is"
    |> Claim.exact "squares" (Instances.random (matrices (fun _ -> true)) 300) squares
    |> Claim.bounded "logarithm" (Instances.random (matrices (square >> isAwayFromBoundary)) 100) returns
    |> Claim.exact "half-turn" (Instances.chosen show [ Known.rows [ "-1 0"; "0 -1" ] ]) passes
    |> Claim.neededBy "H1" (Instances.chosen show [ Known.rows [ "-1 0"; "0 -2" ]; Known.rows [ "-1 1"; "0 -1" ] ]) passes
