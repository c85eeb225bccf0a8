/// Linear feedback: how strongly a smooth network may feed its state back and stay bounded.
///
/// Statement: for d = 1, f(x) = φx and c = hᵏφ the state map has the characteristic polynomial (λ−1)ᵏ − cλᵏ⁻¹. All trajectories are
/// bounded iff −2 ≤ c ≤ 0 (k = 1), −4 &lt; c &lt; 0 (k = 2), never (k ≥ 3); for k ≥ 3 and c ≠ 0 some |λ| &gt; 1. For d &gt; 1, f(x) = Fx
/// and k ≥ 3 some |λ| &gt; 1 whenever F has a nonzero eigenvalue, for k = 2 whenever it has one that is not real.
/// Proof for k ≥ 3: the product of the |λ| is 1, so without |λ| &gt; 1 all |λ| = 1; a real polynomial with that property is
/// (anti-)self-reciprocal, and comparing cλᵏ⁻¹ with cλ gives k = 2.
/// Our own. Decided by Miller's test on the characteristic polynomial of the library's own state map.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Beyond.StabilityDial

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

/// ∇ᵏx(l+1) = hᵏF·x(l) with h = 1/2 and F = h^−k·feedback.
let private network (k: int) (depth: int) (feedback: Matrix<Rational>) : DifferenceEquation<Rational> =
    let h = Rational.create 1 2
    let map = LayerMap.linear (Matrix.scale (Rational.power h -k) feedback)
    Architecture.Smooth(k, h, Array.create depth map) |> Architecture.equation |> Defect.orFail

let private stateMapPolynomial (k: int) (feedback: Matrix<Rational>) : Rational[] =
    let zeros: Rational[][] = Array.create k (Vector.zero feedback.Rows)
    Polynomial.characteristic (Adjoint.stepJacobian (network k 1 feedback) 0 zeros)

/// Whether some root has |λ| &gt; 1: the polynomial with the same roots, all simple, fails the root condition.
let private hasRootOutside (p: Rational[]) : bool = not (Polynomial.satisfiesRootCondition (Polynomial.squareFree p))

let private single (c: Rational) = Matrix.ofRows [| [| c |] |]

/// (λ−1)ᵏ − cλᵏ⁻¹
let private stated (k: int) (c: Rational) : Rational[] =
    Array.init (k + 1) (fun i ->
        let binomial = Rational.ofBigInteger (Binomial.choose k i)
        let free = if (k - i) % 2 = 0 then binomial else -binomial
        if i = k - 1 then free - c else free)

let private isStated (k: int, c: Rational) : Outcome =
    Check.vectors "det(λI − M), the constant coefficient first" (stated k c) (stateMapPolynomial k (single c))

/// Whether all trajectories are bounded, as stated.
let private bounded (k: int) (c: Rational) : bool =
    match k with
    | 1 -> Rational.ofInt -2 <= c && c.Sign <= 0
    | 2 -> Rational.ofInt -4 < c && c.Sign < 0
    | _ -> false

let private isBoundedAsStated (k: int, c: Rational) : Outcome =
    let found = Polynomial.satisfiesRootCondition (stateMapPolynomial k (single c))
    Outcome.equal $"whether all trajectories are bounded at c = {c}" string (bounded k c) found

/// k ≥ 3, c ≠ 0: some |λ| &gt; 1.
let private isUnstable (k: int, c: Rational) : Outcome =
    Outcome.isTrue
        "a root of the characteristic polynomial"
        "lies outside the unit circle"
        (hasRootOutside (stateMapPolynomial k (single c)))

/// k = 2: x(l)² − (2+c)x(l)x(l−1) + x(l−1)² is the same at every depth, and definite iff −4 &lt; c &lt; 0: boundedness without roots.
let private isConserved (c: Rational) : Outcome =
    let energy (x: Rational) (y: Rational) = x * x - (Rational.ofInt 2 + c) * x * y + y * y
    let trajectory = Simulation.run (network 2 8 (single c)) [| [| Rational.ofInt 3 |]; [| Rational.One |] |]
    let at l = energy (Array.head trajectory[l]) (Array.head trajectory[l - 1])
    let isDefinite = Rational.ofInt 4 > (Rational.ofInt 2 + c) * (Rational.ofInt 2 + c)

    Outcome.check [
        fun () ->
            Check.vectors "x(l)² − (2+c)x(l)x(l−1) + x(l−1)²" (Array.create 9 (energy (Rational.ofInt 3) Rational.One)) (Array.init 9 at)
        fun () -> Outcome.equal "whether the conserved form is definite" string (bounded 2 c) isDefinite
    ]

/// k ≥ 3, d = 2, F with a nonzero eigenvalue: tr F or det F is not 0.
let private isUnstableInTheLarge (k: int, feedback: Rational[][]) : Outcome =
    let p = stateMapPolynomial k (Matrix.ofRows feedback)
    Outcome.isTrue "a root of the characteristic polynomial" "lies outside the unit circle" (hasRootOutside p)

let private feedbacks: Generator<int * Rational[][]> =
    let isNilpotent (f: Rational[][]) = (f[0][0] + f[1][1]).Sign = 0 && (f[0][0] * f[1][1] - f[0][1] * f[1][0]).Sign = 0

    let draw (stream: RandomStream) =
        let f = Array.init 2 (fun _ -> Draws.vector stream 2)
        stream.NextInt(3, 4), (if isNilpotent f then Matrix.toRows (Matrix.identity 2) else f)

    let shrink (k, f) =
        Shrink.elements (Shrink.elements Draws.shrinkFraction) f |> Seq.filter (not << isNilpotent) |> Seq.map (fun f -> k, f)

    Generator.fromStream (fun _ -> draw) shrink (fun (k, f) -> [ "k", string k; "hᵏF", Check.showBlocks f ])

/// k = 2, F with the eigenvalues a ± ib, b ≠ 0: no feedback that turns is bounded.
let private isUnstableTurning (a: Rational, b: Rational) : Outcome = isUnstableInTheLarge (2, [| [| a; -b |]; [| b; a |] |])

let private turning: Generator<Rational * Rational> =
    let draw (stream: RandomStream) =
        let b = Draws.fraction stream
        Draws.fraction stream, (if b.Sign = 0 then Rational.One else b)

    let shrink (a, b) =
        Seq.append
            (Draws.shrinkFraction a |> Seq.map (fun a -> a, b))
            (Draws.shrinkFraction b |> Seq.filter (fun b -> b.Sign <> 0) |> Seq.map (fun b -> a, b))

    Generator.fromStream (fun _ -> draw) shrink (fun (a, b) -> [ "h²F", $"eigenvalues {a} ± {b}i" ])

/// k = 3, c = −1/1000: max|λ| = 1.050396182333 to the printed digits.
let private isReference (_: string) : Outcome =
    let low, high = SpectralRadius.enclose (stateMapPolynomial 3 (single (Rational.create -1 1000)))
    let printed = Rational.OfRatio(1050396182333I, 1000000000000I)
    let half = Rational.OfRatio(1I, 2000000000000I)
    Outcome.isTrue "max|λ|" "is 1.050396182333 to the printed digits" (printed - half <= low && high <= printed + half)

/// k = 2, c = −1: period 6.
let private period: Reference<Rational[][]> list = [
    {
        Quantity = "x(1) … x(6), order 2, c = −1"
        Expected = TestMaps.rows [ "1"; "0"; "-1"; "-1"; "0"; "1" ]
        Compute = fun () -> (Simulation.run (network 2 6 (single -Rational.One)) [| [| Rational.One |]; [| Rational.Zero |] |]).Outputs
    }
]

let claim: Claim =
    let dial =
        [ for n in -12 .. 4 -> Rational.create n 2 ]
        @ [ Rational.create -3999 1000; Rational.create -1 1000; Rational.create 1 1000; Rational.create -1 3 ]

    let nonZero = dial |> List.filter (fun c -> c.Sign <> 0)
    let show (k: int, c: Rational) = [ "k", string k; "c", string c ]
    let showDial (c: Rational) = [ "c", string c ]

    Paper.define
        "hauser.beyond.stability-dial"
        Paper.own
        "f(x) = φx, d = 1, c = hᵏφ: all trajectories are bounded iff −2 ≤ c ≤ 0 (k = 1), −4 < c < 0 (k = 2), never (k ≥ 3); for k ≥ 3 and c ≠ 0 some root of (λ−1)ᵏ − cλᵏ⁻¹ has |λ| > 1, and for d > 1 whenever F has a nonzero eigenvalue; for k = 2 whenever F has an eigenvalue that is not real."
    |> Claim.hypothesis "H1" "k ≥ 3 (for a root outside the unit circle)"
    |> Claim.hypothesis "H2" "c ≠ 0, for d > 1: F has a nonzero eigenvalue (for a root outside the unit circle)"
    |> Claim.exact "characteristic-polynomial" (Instances.exhaustive show (List.allPairs [ 1..5 ] nonZero)) isStated
    |> Claim.exact "bounded" (Instances.exhaustive show (List.allPairs [ 1..5 ] dial)) isBoundedAsStated
    |> Claim.exact "conserved-at-order-two" (Instances.exhaustive showDial dial) isConserved
    |> Claim.exact "unstable" (Instances.exhaustive show (List.allPairs [ 3..5 ] nonZero)) isUnstable
    |> Claim.exact "unstable-for-several-nodes" (Instances.random feedbacks 30) isUnstableInTheLarge
    |> Claim.exact "unstable-for-complex-feedback" (Instances.random turning 30) isUnstableTurning
    |> Claim.exact "largest-root" (Instances.chosen (fun name -> [ "reference", name ]) [ "k = 3, c = −1/1000" ]) isReference
    |> Check.references Check.blocks period "reference"
    |> Claim.neededBy "H1" (Instances.chosen show [ 2, -Rational.One; 1, -Rational.One ]) isUnstable
    |> Claim.neededBy "H2" (Instances.chosen show [ 3, Rational.Zero; 4, Rational.Zero ]) isUnstable
    |> Claim.neededBy "H2" (Instances.chosen feedbacks.Show [ 3, TestMaps.rows [ "0 1"; "0 0" ] ]) isUnstableInTheLarge
