/// A linear map that keeps the orientation is two linear flows.
///
/// Statement: det W &gt; 0 implies W = QP = exp(S)·exp(H), Q a rotation, P positive definite, S skew, H symmetric. In the plane S = θ·[[0, −1], [1, 0]] with θ = atan2(W₂₁ − W₁₂, W₁₁ + W₂₂).
/// Proof: P = (WᵀW)^{1/2}, H = log P; det Q = 1, and a rotation is an exponential of a skew matrix, plane by plane.
/// Checked in d = 2 … 4: eigenvectors of WᵀW by rotations (Jacobi) give P and H; C = ½(Q + Qᵀ) commutes with K = ½(Q − Qᵀ), and S = f(C)·K with f(c) = arccos(c)/√(1 − c²), f(1) = 1, where no
/// angle is near a half turn. exp(S) is summed from its series; no formula of the logarithm enters.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Duan.Reverse.PolarTwoExponentials

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Duan

let private multiply (a: float[][]) (b: float[][]) : float[][] =
    a
    |> Array.map (fun row -> Array.init b[0].Length (fun j -> Seq.sum (seq { for k in 0 .. row.Length - 1 -> row[k] * b[k][j] })))

let private transpose (a: float[][]) : float[][] = Array.transpose a
let private combine (f: float -> float -> float) : float[][] -> float[][] -> float[][] = Array.map2 (Array.map2 f)
let private diagonal (x: float[]) : float[][] = Array.init x.Length (fun i -> Array.init x.Length (fun j -> if i = j then x[i] else 0.0))
let private frobenius (a: float[][]) : float = sqrt (Array.sumBy (Array.sumBy (fun a -> a * a)) a)

/// Eigenvalues and eigenvectors (columns of V) of a symmetric matrix, by 12 sweeps of rotations.
let private eigen (symmetric: float[][]) : float[] * float[][] =
    let d = symmetric.Length
    let mutable a, v = symmetric, diagonal (Array.create d 1.0)

    for _ in 1..12 do
        for p in 0 .. d - 2 do
            for q in p + 1 .. d - 1 do
                if a[p][q] <> 0.0 then
                    let θ = (a[q][q] - a[p][p]) / (2.0 * a[p][q])
                    let t = (if θ < 0.0 then -1.0 else 1.0) / (abs θ + sqrt (θ * θ + 1.0))
                    let c = 1.0 / sqrt (t * t + 1.0)
                    let s = t * c

                    let entry i j =
                        if i = j then (if i = p || i = q then c else 1.0)
                        elif i = p && j = q then s
                        elif i = q && j = p then -s
                        else 0.0

                    let rotation = Array.init d (fun i -> Array.init d (entry i))
                    a <- multiply (transpose rotation) (multiply a rotation)
                    v <- multiply v rotation

    Array.init d (fun i -> a[i][i]), v

/// V·diag(f(λ))·Vᵀ
let private apply (f: float -> float) (λ: float[], v: float[][]) : float[][] =
    multiply v (multiply (diagonal (Array.map f λ)) (transpose v))

/// e^A by 2^8 squarings of the Taylor polynomial of degree 14 of A/2^8.
let private exponential (a: float[][]) : float[][] =
    let unit = diagonal (Array.create a.Length 1.0)
    let small = a |> Array.map (Array.map (fun a -> a / 256.0))

    let taylor =
        Seq.fold
            (fun sum i -> combine (+) unit (multiply small sum |> Array.map (Array.map (fun x -> x / float i))))
            unit
            (seq { 14..-1..1 })

    Seq.fold (fun a _ -> multiply a a) taylor (seq { 1..8 })

let private arccos (c: float) : float = 2.0 * Elementary.atan (sqrt (max 0.0 ((1.0 - c) / (1.0 + c))))

/// P² = WᵀW by its eigenvalues and eigenvectors, Q = WP⁻¹, and the cosines of the angles of Q with their planes.
let private polar (w: float[][]) =
    let square = eigen (multiply (transpose w) w)
    let q = multiply w (apply (fun λ -> 1.0 / sqrt λ) square)
    square, q, eigen (combine (fun a b -> 0.5 * (a + b)) q (transpose q))

/// No angle of Q near a half turn, where the formula for S divides by its sine.
let private isAwayFromHalfTurns (cosines: float[]) : bool = Array.min cosines >= -0.9

/// S and H, or none where a rotation is near a half turn.
let private logarithms (w: float[][]) : (float[][] * float[][]) option =
    let square, q, cosines = polar w
    let h = apply (fun λ -> 0.5 * Elementary.log λ) square
    let skew = combine (fun a b -> 0.5 * (a - b)) q (transpose q)

    if not (isAwayFromHalfTurns (fst cosines)) then
        None
    else
        let factor c =
            let c = min 1.0 c
            if 1.0 - c < 1e-8 then 1.0 else arccos c / sqrt (1.0 - c * c)

        Some(multiply (apply factor cosines) skew, h)

let private toFloats (rows: Rational[][]) : float[][] = rows |> Array.map (Array.map Rational.toFloat)

/// exp(S)·exp(H) = W, S skew and H symmetric. WᵀW squares the condition χ = |W||W⁻¹|: Q is a rotation up to some 64d ulp of χ², and the angle where its sine is √(1 − 0.81) at least loses a factor of 6; e^S takes 2⁸ squarings.
let private factors (rows: Rational[][]) : Outcome =
    let w = toFloats rows

    match logarithms w with
    | None -> Outcome.undecided "a rotation is near a half turn, where the logarithm in floats loses its digits"
    | Some(s, h) ->
        let inverse = Elimination.inverse (Matrix.ofRows rows) |> Option.get |> Matrix.toRows |> toFloats
        let χ = frobenius w * frobenius inverse
        let tolerance = 1024.0 * float rows.Length * Fields.unit * χ * χ * frobenius w

        Outcome.all [
            Outcome.atMost "|exp(S)·exp(H) − W|" tolerance (frobenius (combine (-) (multiply (exponential s) (exponential h)) w))
            Outcome.atMost "|S + Sᵀ|" (tolerance / frobenius w) (frobenius (combine (+) s (transpose s)))
            Outcome.atMost "|H − Hᵀ|" (tolerance / frobenius w) (frobenius (combine (-) h (transpose h)))
        ]

let private angle (w: float[][]) : float =
    let y, x = w[1][0] - w[0][1], w[0][0] + w[1][1]
    // atan2 for x > 0.
    Elementary.atan (y / x)

let private printed = Known.rows [ "0 -2"; "3 1" ]

let private show (w: Rational[][]) : (string * string) list = [ "W", Draws.showRows w ]

let claim: Claim =
    let keeps (rows: Rational[][]) =
        (Elimination.determinant (Matrix.ofRows rows)).Sign > 0
        && (let _, _, cosines = polar (toFloats rows) in isAwayFromHalfTurns (fst cosines))

    let matrices =
        let draw (stream: RandomStream) =
            let rows = Nets.regular (stream.NextInt(2, 4)) stream
            let isPositive = (Elimination.determinant (Matrix.ofRows rows)).Sign > 0
            if isPositive then rows else Array.updateAt 0 (Array.map (~-) rows[0]) rows

        Generator.fromStream (fun _ -> Draws.until keeps draw) (Draws.shrinkRows >> Seq.filter keeps) show

    let parts () = logarithms (toFloats printed) |> Option.get

    Paper.define
        "duan.reverse.polar-two-exponentials"
        Paper.reconstructed
        "A matrix of positive determinant is exp(S)·exp(H) with skew S and symmetric H: two autonomous linear flows."
    |> Claim.hypothesis "H1" "det W > 0"
    |> Claim.bounded "factors" (Instances.random matrices 200) factors
    |> Known.bounded "reference" [
        Known.floats "θ" "1.3734007669450159" (fun () -> [| angle (toFloats printed) |])
        Known.floats "S" "0 -1.3734007669450159 1.3734007669450159 0" (fun () ->
            fst (parts ()) |> Array.concat |> Array.map (fun a -> if abs a < 1e-15 then 0.0 else a))
        Known.floats "H" "1.0538633705459253 0.23697545389784669 0.23697545389784669 0.73789609868212971" (fun () ->
            snd (parts ()) |> Array.concat)
        Known.floats "Q·√26" "1.0 -5.0 5.0 1.0" (fun () ->
            exponential (fst (parts ())) |> Array.concat |> Array.map (fun a -> a * sqrt 26.0))
        Known.floats "P·√26" "15.0 3.0 3.0 11.0" (fun () ->
            exponential (snd (parts ())) |> Array.concat |> Array.map (fun a -> a * sqrt 26.0))
    ]
    |> Claim.neededBy "H1" (Instances.chosen show [ Known.rows [ "1 0"; "0 -1/2" ]; Known.rows [ "0 1"; "1 0" ] ]) (fun rows ->
        // The rotation that is left has the determinant −1, and no exponential has.
        let w = toFloats rows
        let q = multiply w (eigen (multiply (transpose w) w) |> apply (fun λ -> 1.0 / sqrt λ))
        Outcome.atMost "|det Q − 1|" 1e-12 (abs (q[0][0] * q[1][1] - q[0][1] * q[1][0] - 1.0)))
