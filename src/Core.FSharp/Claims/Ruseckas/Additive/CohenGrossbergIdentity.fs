/// The theorem of Cohen and Grossberg as an identity.
///
/// Statement: for x_i′ = A_i(x_i)[B_i(x_i) − Σ_j c_ij d_j(x_j)] with c symmetric, A_i ≥ 0 and d_i′ ≥ 0, the function
/// V(x) = −Σ_i ∫₀^{x_i} B_i d_i′ + ½Σ_jk c_jk d_j d_k satisfies ∇V·x′ = −Σ_i A_i d_i′ [B_i − Σ_j c_ij d_j]².
/// Checked for polynomials A_i = α_i + β_i x², B_i = a_i − b_i x³, d_i = p_i x + q_i x³/3 with ∇V by dual numbers.
/// The abstract cites the theorem; the formula is reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.Additive.CohenGrossbergIdentity

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

/// One case: the pairs (α, β), (a, b), (p, q) for every unit, c and x.
[<NoComparison>]
type private Case = { Gain: Rational[][]; Force: Rational[][]; Signal: Rational[][]; Coupling: Rational[][]; State: Rational[] }

let private zero = Rational.Zero

let private gain (pair: Rational[]) = [| pair[0]; zero; pair[1] |]
let private force (pair: Rational[]) = [| pair[0]; zero; zero; -pair[1] |]
let private signal (pair: Rational[]) = [| zero; pair[0]; zero; pair[1] / Rational.ofInt 3 |]
let private signalSlope (pair: Rational[]) = [| pair[0]; zero; pair[1] |]

let private lift (p: Rational[]) : Dual<Rational>[] = Array.map Dual.constant p

let private potential (case: Case) (x: Dual<Rational>[]) : Dual<Rational> =
    let work i =
        let integrand = RingPolynomial.multiply (force case.Force[i]) (signalSlope case.Signal[i])
        RingPolynomial.evaluate (lift (RingPolynomial.integral integrand)) x[i]

    let d = x |> Array.mapi (fun i x -> RingPolynomial.evaluate (lift (signal case.Signal[i])) x)
    let pull = case.Coupling |> Array.map (fun row -> Vector.dot (lift row) d)
    let half: Dual<Rational> = Ring.ratio 1 2
    let works = Array.init x.Length work |> Array.reduce (fun a b -> Arithmetic.(+) a b)
    Arithmetic.(-) (Arithmetic.(*) half (Vector.dot d pull)) works

let private at (polynomial: Rational[] -> Rational[]) (pairs: Rational[][]) (x: Rational[]) : Rational[] =
    Array.map2 (fun pair x -> RingPolynomial.evaluate (polynomial pair) x) pairs x

/// B_i − Σ_j c_ij d_j
let private bracket (case: Case) : Rational[] =
    let d = at signal case.Signal case.State
    Vector.subtract (at force case.Force case.State) (Draws.apply case.Coupling d)

let private velocity (case: Case) : Rational[] = Array.map2 (*) (at gain case.Gain case.State) (bracket case)

let private left (case: Case) : Rational =
    let partial i = (case.State |> Array.mapi (fun j x -> if i = j then Dual.variable x else Dual.constant x) |> potential case).Derivative

    Vector.dot (Array.init case.State.Length partial) (velocity case)

let private right (case: Case) : Rational =
    let slopes = at signalSlope case.Signal case.State
    -(Array.map3 (fun slope v b -> slope * v * b) slopes (velocity case) (bracket case) |> Array.sum)

let private isIdentity (case: Case) : Outcome = Check.equal "∇V·x′ against −Σ A d′[B − Σ c d]²" (right case) (left case)

let private descends (case: Case) : Outcome = Check.atMost "∇V·x′" zero (left case)

let private draw (isSymmetric: bool) (stream: RandomStream) : Case =
    let n = stream.NextInt(1, 4)

    let positive () =
        Array.init n (fun _ -> [| Rational.create (stream.NextInt(1, 3)) (stream.NextInt(1, 4)); Rational.abs (Draws.fraction stream) |])

    let c = Draws.square stream n

    {
        Gain = positive ()
        Force = Array.init n (fun _ -> Draws.vector stream 2)
        Signal = positive ()
        Coupling = if isSymmetric then Draws.symmetrise c else c
        State = Draws.vector stream n
    }

let private shrink (isSymmetric: bool) (case: Case) : Case seq =
    seq {
        for n in Shrink.int 1 case.State.Length do
            {
                Gain = Array.truncate n case.Gain
                Force = Array.truncate n case.Force
                Signal = Array.truncate n case.Signal
                Coupling = Draws.corner n case.Coupling
                State = Array.truncate n case.State
            }

        for c in Draws.shrinkRows case.Coupling do
            { case with Coupling = if isSymmetric then Draws.symmetrise c else c }

        for force in Draws.shrinkRows case.Force do
            { case with Force = force }

        for x in Draws.shrinkVector case.State do
            { case with State = x }
    }

let private show (case: Case) : (string * string) list = [
    "A = α + βx²", Draws.showRows case.Gain
    "B = a − bx³", Draws.showRows case.Force
    "d = px + qx³/3", Draws.showRows case.Signal
    "c", Draws.showRows case.Coupling
    "x", Known.show case.State
]

let private generator isSymmetric = Generator.fromStream (fun _ stream -> draw isSymmetric stream) (shrink isSymmetric) show

let private ones = Known.rows [ "1 1"; "1 1" ]

let private known (coupling: string list) : Case = {
    Gain = ones
    Force = ones
    Signal = ones
    Coupling = Known.rows coupling
    State = Known.vector "1/2 -2/3"
}

let private symmetric = known [ "1 -1/2"; "-1/2 2" ]
let private skew = known [ "1 1/2"; "-1/2 2" ]

let claim: Claim =
    Paper.define
        "ruseckas.additive.cohen-grossberg-identity"
        Paper.ofAbstract
        "x_i′ = A_i(x_i)[B_i(x_i) − Σ_j c_ij d_j(x_j)], c symmetric: V = −Σ∫₀^{x_i} B_i d_i′ + ½Σ c_jk d_j d_k satisfies ∇V·x′ = −Σ A_i d_i′ [B_i − Σ_j c_ij d_j]² ≤ 0."
    |> Claim.hypothesis "H1" "c is symmetric"
    |> Claim.hypothesis "H2" "A_i ≥ 0 (for the sign only)"
    |> Claim.hypothesis "H3" "d_i′ ≥ 0 (for the sign only)"
    |> Claim.exact "identity" (Instances.random (generator true) 200) isIdentity
    |> Claim.exact "descent" (Instances.random (generator true) 100) descends
    |> Known.exact "reference" [
        Known.value "x′" "-5/81 52195/11664" (fun () -> velocity symmetric)
        Known.value "both sides" "-2724836425/136048896 -2724836425/136048896" (fun () -> [| left symmetric; right symmetric |])
        Known.value "both sides, c not symmetric" "-158555665/8503056 -2833311625/136048896" (fun () -> [| left skew; right skew |])
    ]
    |> Claim.neededBy "H1" (Instances.chosen show [ skew ]) isIdentity
    |> Claim.neededBy "H2" (Instances.chosen show [ { symmetric with Gain = Known.rows [ "-1 -1"; "-1 -1" ] } ]) descends
    |> Claim.neededBy "H3" (Instances.chosen show [ { symmetric with Signal = Known.rows [ "-1 -1"; "-1 -1" ] } ]) descends
