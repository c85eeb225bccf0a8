/// Solutions of small neural ODEs to about thirty digits, by whole numbers alone: an opponent that shares nothing with the enclosures.
module LayerTime.Core.Tests.Rigour.Flow.ReferenceFlow

open System
open System.Numerics
open LayerTime.Core.Numbers

/// Fixed-point numbers n/2¹⁶⁰.
let private bits = 160
let private one = BigInteger.One <<< bits
let private times (a: BigInteger) (b: BigInteger) = (a * b) >>> bits
let private over (a: BigInteger) (n: int) = a / BigInteger n
let private sumOf (terms: BigInteger seq) = Seq.fold (fun (a: BigInteger) b -> a + b) BigInteger.Zero terms
let ofRational (q: Rational) = (q.Numerator <<< bits) / q.Denominator
let toRational (a: BigInteger) = Rational.OfRatio(a, one)

/// eʸ by its series at y/2¹⁶ and squaring.
let private exp (y: BigInteger) =
    let small = y >>> 16
    let term, sum = Seq.fold (fun (t, s) k -> let t = over (times t small) k in t, s + t) (one, one) (seq { 1..14 })
    ignore term
    Seq.fold (fun e _ -> times e e) sum (seq { 1..16 })

let private tanh (u: BigInteger) =
    // e^(−2|u|) keeps its digits where e^(2|u|) would not.
    let e = exp (-(BigInteger.Abs u <<< 1))
    let t = ((one - e) <<< bits) / (one + e)
    if u.Sign < 0 then -t else t

/// x′ = B(t)·tanh(A(t)·x + a(t)) + b(t) until a time; lists of coefficients of powers of t.
type Piece = { Until: Rational; A: Rational[][] list; a: Rational[] list; B: Rational[][] list; b: Rational[] list }

/// Σ_j C(j, k) t^(j−k) c_j: the coefficients around another time.
let private shifted (time: BigInteger) (c: BigInteger[]) =
    let c = Array.copy c

    for low in 0 .. c.Length - 2 do
        for k in c.Length - 2 .. -1 .. low do
            c[k] <- c[k] + times time c[k + 1]

    c

let private order = 36

/// The series of x at a time: z = tanh u solves z′ = (1 − z²)u′, so that everything is polynomial.
let private series (piece: Piece) (time: BigInteger) (x: BigInteger[]) : BigInteger[][] =
    let d, m = x.Length, piece.a.Head.Length
    let around (entries: Rational list) = entries |> List.map ofRational |> List.toArray |> shifted time

    let matrix (c: Rational[][] list) =
        Array.init c.Head.Length (fun i -> Array.init c.Head[i].Length (fun j -> around [ for w in c -> w[i][j] ]))

    let vector (c: Rational[] list) = Array.init c.Head.Length (fun i -> around [ for w in c -> w[i] ])
    let A, a, B, b = matrix piece.A, vector piece.a, matrix piece.B, vector piece.b
    let xs = Array.init d (fun i -> Array.init (order + 1) (fun k -> if k = 0 then x[i] else BigInteger.Zero))
    let us = Array.init m (fun _ -> Array.create (order + 1) BigInteger.Zero)
    let zs = Array.init m (fun _ -> Array.create (order + 1) BigInteger.Zero)
    let ss = Array.init m (fun _ -> Array.create (order + 1) BigInteger.Zero)
    let at (c: BigInteger[]) k = if k < c.Length then c[k] else BigInteger.Zero

    let affine (w: BigInteger[][]) (c: BigInteger[]) (y: BigInteger[][]) k =
        at c k
        + sumOf (
            seq {
                for j in 0 .. y.Length - 1 do
                    for l in 0 .. min k (w[j].Length - 1) -> times (w[j][l]) (y[j][k - l])
            }
        )

    for k in 0 .. order - 1 do
        for i in 0 .. m - 1 do
            us[i][k] <- affine A[i] a[i] xs k

            zs[i][k] <-
                if k = 0 then
                    tanh (us[i][0])
                else
                    over (sumOf (seq { for j in 1..k -> BigInteger j * times (us[i][j]) (ss[i][k - j]) })) k

            let square = sumOf (seq { for j in 0..k -> times (zs[i][j]) (zs[i][k - j]) })
            ss[i][k] <- (if k = 0 then one else BigInteger.Zero) - square

        for i in 0 .. d - 1 do
            xs[i][k + 1] <- over (affine B[i] b[i] zs k) (k + 1)

    xs

/// The state at a time, to about 10⁻²⁸: steps that make the last two coefficients smaller than 2⁻¹⁰⁰.
let solve (pieces: Piece list) (start: Rational[]) (finish: Rational) : BigInteger[] =
    let rec go (time: Rational) (x: BigInteger[]) (pieces: Piece list) =
        match pieces with
        | piece :: rest when Rational.Compare(time, piece.Until) >= 0 -> go time x rest
        | piece :: _ when Rational.Compare(time, finish) < 0 ->
            let xs = series piece (ofRational time) x

            let largest k = xs |> Array.map (fun c -> BigInteger.Abs c[k]) |> Array.max
            // |x_k| h^k < 2^-100 for the last two k.
            let length k =
                let c = largest k in if c.IsZero then 1.0 else Math.Pow(2.0, -(float (c.GetBitLength()) - float bits + 100.0) / float k)

            let h = min 1.0 (min (length order) (length (order - 1)))
            let dyadic = Rational.OfRatio(BigInteger(floor (h * 1048576.0)), BigInteger 1048576)
            let left = Rational.min finish piece.Until - time
            let h = Rational.min dyadic left
            let power = ofRational h
            let value (c: BigInteger[]) = Seq.foldBack (fun k sum -> c[k] + times power sum) (seq { 0..order }) BigInteger.Zero
            go (time + h) (Array.map value xs) (piece :: rest pieces)
        | _ -> x

    and rest pieces = List.tail pieces

    go Rational.Zero (Array.map ofRational start) pieces
