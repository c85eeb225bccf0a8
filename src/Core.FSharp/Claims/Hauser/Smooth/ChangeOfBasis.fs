/// From the last k states to the first k differences and back.
///
/// Statement: with S[n, j] = (−1)^(j−1) C(n−1, j−1), q = (S⊗I)z for q_n = ∇ⁿ⁻¹x(l) and z_j = x(l+1−j), newest first. S is an
/// involution, turns the companion matrix K of ∇ᵏ into the upper triangle of ones U, and its condition numbers are
/// 4ᵏ⁻¹ in the ∞-norm and C(k, ⌊k/2⌋)² in the 1-norm.
/// Proof: (1 − E) acting twice (binomial inversion); row sums Σ_j C(n−1, j−1) = 2ⁿ⁻¹; column sums by the hockey-stick identity.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Smooth.ChangeOfBasis

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Semantics
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

let private pascal (k: int) : Matrix<Rational> = Coordinates.signedPascal k

/// E, the exchange matrix: from newest first to oldest first.
let private exchange (k: int) : Matrix<Rational> = Matrix.init k k (fun i j -> if i + j = k - 1 then Rational.One else Rational.Zero)

/// The matrix from k states to their differences, for an order in which the states are listed.
[<NoComparison>]
type private Basis = { Listing: string; Order: int; Matrix: Matrix<Rational> }

let private newestFirst k = { Listing = "newest first"; Order = k; Matrix = pascal k }

let private oldestFirst k = { Listing = "oldest first"; Order = k; Matrix = Matrix.multiply (pascal k) (exchange k) }

let private showBasis (basis: Basis) = [ "order", string basis.Order; "states listed", basis.Listing ]

let private isInvolution (basis: Basis) : Outcome =
    Smooth.matrices "S²" (Matrix.identity basis.Order) (Matrix.multiply basis.Matrix basis.Matrix)

let private norm1 (m: Matrix<Rational>) : Rational = Matrix.normInf (Matrix.transpose m)

/// S K S = U, S e₁ = 1, det S and the norms, against Pascal's triangle.
let private identities (k: int) : Outcome =
    let S = pascal k
    let ones: Rational[] = Array.create k Rational.One
    let middle = Pascal.choose k (k / 2)

    let inverse () =
        match Elimination.inverse S with
        | Some inverse -> inverse
        | None -> Matrix.zero k k

    Outcome.check [
        fun () -> Smooth.matrices "S" (Matrix.init k k (fun n j -> Smooth.sign j * Pascal.choose n j)) S
        fun () -> Matrix.multiply S (Matrix.multiply (Coordinates.companion k) S) |> Smooth.matrices "S K S" (Coordinates.upperOnes k)
        fun () -> Check.vectors "S e₁" ones (Matrix.apply S (Vector.unit k 0))
        fun () -> Check.equal "det S" (Smooth.sign (k * (k - 1) / 2)) (Elimination.determinant S)
        fun () -> Check.equal "‖S‖∞" (Rational.ofInt (pown 2 (k - 1))) (Matrix.normInf S)
        fun () -> Check.equal "‖S‖∞ ‖S⁻¹‖∞" (Rational.ofInt (pown 4 (k - 1))) (Matrix.normInf S * Matrix.normInf (inverse ()))
        fun () -> Check.equal "‖S‖₁" middle (norm1 S)
        fun () -> Check.equal "‖S‖₁ ‖S⁻¹‖₁" (middle * middle) (norm1 S * norm1 (inverse ()))
    ]

/// K z is the step of ∇ᵏx = 0, and U q the same step in differences: the matrices mean what they are meant to.
let private meaning (z: Rational[][]) : Outcome =
    let k, d = z.Length, z[0].Length

    let times (m: Matrix<Rational>) blocks =
        Matrix.apply (Matrix.kronecker m (Matrix.identity d)) (Array.concat blocks) |> Array.chunkBySize d

    let q = Array.init k (fun n -> Simulation.backwardDifference n z)
    let next = times (Coordinates.companion k) z

    Outcome.check [
        fun () -> Check.blocks "(S⊗I)z" q (times (pascal k) z)
        fun () -> Check.blocks "the sweep to differences" q (Coordinates.toDifference z)
        fun () -> Check.blocks "the sweep back" z (Coordinates.toDelay q)
        fun () ->
            let newest = Simulation.backwardDifference k (Array.append [| next[0] |] z)
            Check.vectors "∇ᵏ of K z" (Vector.zero d) newest
        fun () -> Check.blocks "the older blocks of K z" (Array.take (k - 1) z) (Array.tail next)
        fun () -> Check.blocks "U q" (Array.init k (fun n -> Simulation.backwardDifference n next)) (times (Coordinates.upperOnes k) q)
    ]

let private delayStates: Generator<Rational[][]> =
    let draw _ (stream: RandomStream) =
        let k, d = stream.NextInt(1, 8), stream.NextInt(1, 3)
        Array.init k (fun _ -> Draws.vector stream d)

    Generator.fromStream draw (Shrink.array 1 (Shrink.elements Draws.shrinkFraction)) (fun z -> [ "x(l), x(l−1), …", Check.showBlocks z ])

let private integers (rows: int list list) : Matrix<Rational> =
    rows |> List.map (List.map Rational.ofInt >> List.toArray) |> List.toArray |> Matrix.ofRows

let private references: Reference<Matrix<Rational>> list = [
    {
        Quantity = "S of order 4"
        Expected = integers [ [ 1; 0; 0; 0 ]; [ 1; -1; 0; 0 ]; [ 1; -2; 1; 0 ]; [ 1; -3; 3; -1 ] ]
        Compute = fun () -> pascal 4
    }
    {
        Quantity = "S of order 2 for states listed oldest first"
        Expected = integers [ [ 0; 1 ]; [ -1; 1 ] ]
        Compute = fun () -> (oldestFirst 2).Matrix
    }
    {
        Quantity = "its sixth power"
        Expected = Matrix.identity 2
        Compute = fun () -> Matrix.power (oldestFirst 2).Matrix 6
    }
    {
        Quantity = "its third power, −I"
        Expected = integers [ [ -1; 0 ]; [ 0; -1 ] ]
        Compute = fun () -> Matrix.power (oldestFirst 2).Matrix 3
    }
]

let claim: Claim =
    Paper.define
        "hauser.smooth.change-of-basis"
        Paper.reconstructed
        "q = (S⊗I)z with S[n,j] = (−1)^(j−1) C(n−1,j−1) takes z_j = x(l+1−j) to q_n = ∇ⁿ⁻¹x(l); S² = I, S K S = U, S e₁ = 1, det S = (−1)^(k(k−1)/2), ‖S‖∞ = 2ᵏ⁻¹, cond∞ S = 4ᵏ⁻¹, ‖S‖₁ = C(k,⌊k/2⌋), cond₁ S = C(k,⌊k/2⌋)²."
    |> Claim.hypothesis "H1" "the states are listed newest first"
    |> Claim.exact "involution" (Instances.exhaustive showBasis (List.map newestFirst [ 1..12 ])) isInvolution
    |> Claim.exact "identities" (Instances.exhaustive (fun k -> [ "order", string k ]) [ 1..12 ]) identities
    |> Claim.exact "meaning" (Instances.random delayStates 120) meaning
    |> Check.references Smooth.matrices references "reference"
    |> Claim.neededBy "H1" (Instances.chosen showBasis (List.map oldestFirst [ 2..6 ])) isInvolution
