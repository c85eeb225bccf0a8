/// A network of order k needs kd initial scalars.
///
/// Statement: smooth and additive dense networks of order k start from kd scalars, (k−1)d more than a residual network of width d. A learned
/// affine lift R^D → R^kd costs kd(D+1) parameters, as many as for a residual network of width kd. History ↔ (q_n) is unimodular: its
/// matrix S⊗I_d has integer entries, is its own inverse and has the determinant ±1, so no coordinates need fewer or finer numbers.
/// Proof: the state spaces of order k, and S² = I. Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.InitialConditions.Count

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

/// k, d and D.
type private Sizes = { Order: int; Width: int; Input: int }

let private zeroMap (rows: int) (columns: int) : LayerMap<Rational> = LayerMap.linear (Matrix.zero rows columns)
let private layers = 2

let private smooth (sizes: Sizes) = Architecture.Smooth(sizes.Order, Rational.One, Array.create layers (zeroMap sizes.Width sizes.Width))

let private dense (sizes: Sizes) =
    Architecture.AdditiveDense(Array.create layers (Array.create sizes.Order (zeroMap sizes.Width sizes.Width)))

let private residual (width: int) = Architecture.Residual(Rational.One, Array.create layers (zeroMap width width))
let private plain (sizes: Sizes) = Architecture.FeedForward(Array.create layers (zeroMap sizes.Width sizes.Width))

let private initialScalars architecture = (Architecture.equation architecture |> Defect.orFail).StateDimension

let private equalInt quantity (expected: int) found = Outcome.equal quantity string<int> expected found

/// The network starts from k·d scalars, k its order.
let private startsFromKd (architecture: Sizes -> Architecture<Rational>) (sizes: Sizes) : Outcome =
    let kd = sizes.Order * sizes.Width

    Outcome.check [
        fun () -> equalInt "the initial scalars" kd (initialScalars (architecture sizes))
        fun () ->
            let more = initialScalars (architecture sizes) - initialScalars (residual sizes.Width)
            equalInt "the scalars more than those of a residual network" ((sizes.Order - 1) * sizes.Width) more
    ]

/// Lifting D inputs to the start costs kd(D+1), whatever the architecture.
let private liftCosts (sizes: Sizes) : Outcome =
    let kd = sizes.Order * sizes.Width
    let lift = zeroMap kd sizes.Input

    let cost architecture =
        let parameters lift = Network.create lift architecture None |> Defect.orFail |> Network.parameterCount
        int (parameters (Some lift) - parameters None)

    Outcome.all (
        seq {
            equalInt "the lift of the smooth network" (kd * (sizes.Input + 1)) (cost (smooth sizes))
            equalInt "the lift of the additive dense network" (kd * (sizes.Input + 1)) (cost (dense sizes))
            equalInt "the lift of the residual network of width kd" (kd * (sizes.Input + 1)) (cost (residual kd))
        }
    )

/// The matrix of history ↦ differences, from unit histories by the definition of ∇, is an integer involution of determinant ±1.
let private isUnimodular (sizes: Sizes) : Outcome =
    let k, d = sizes.Order, sizes.Width
    // History j = x(−j) and its q_n by the definition.
    let column i =
        let history = Vector.unit (k * d) i |> Array.chunkBySize d
        Array.init k (fun n -> Simulation.backwardDifference n history) |> Array.concat

    let matrix = Matrix.ofRows (Array.init (k * d) column) |> Matrix.transpose

    let bySweep =
        Array.init (k * d) (fun i -> Vector.unit (k * d) i |> Array.chunkBySize d |> Coordinates.toDifference |> Array.concat)
        |> Matrix.ofRows
        |> Matrix.transpose

    let equalMatrices quantity expected found = Outcome.equal quantity (fun (m: Matrix<Rational>) -> string m) expected found

    Outcome.check [
        fun () -> equalMatrices "S⊗I" matrix (Matrix.kronecker (Coordinates.signedPascal k) (Matrix.identity d))
        fun () -> equalMatrices "the sweep to differences" matrix bySweep
        fun () -> equalMatrices "(S⊗I)²" (Matrix.identity (k * d)) (Matrix.multiply matrix matrix)
        fun () -> Outcome.isTrue "S⊗I" "has integer entries" (matrix.Entries.ToArray() |> Array.forall _.Denominator.IsOne)
        fun () -> Check.equal "|det(S⊗I)|" Rational.One (Rational.abs (Elimination.determinant matrix))
    ]

let private all: Sizes list = [
    for k in 1..5 do
        for d in 1..3 do
            for input in [ 1; 3 ] do
                { Order = k; Width = d; Input = input }
]

let claim: Claim =
    let show (sizes: Sizes) = [ "k", string sizes.Order; "d", string sizes.Width; "D", string sizes.Input ]
    let exhaustive = Instances.exhaustive show all

    Paper.define
        "hauser.init.count"
        Paper.reconstructed
        "Smooth and additive dense networks of order k start from kd scalars, (k−1)d more than a residual network of width d; an affine lift from R^D costs kd(D+1) parameters, as for a residual network of width kd; history ↔ differences is unimodular."
    |> Claim.hypothesis "H1" "k ≥ 1 (a plain network has order 0 and state dimension d, not 0)"
    |> Claim.exact "smooth" exhaustive (startsFromKd smooth)
    |> Claim.exact "additive-dense" exhaustive (startsFromKd dense)
    |> Claim.exact "lift" exhaustive liftCosts
    |> Claim.exact "unimodular" exhaustive isUnimodular
    |> Claim.neededBy "H1" (Instances.chosen show [ { Order = 0; Width = 2; Input = 1 } ]) (startsFromKd plain)
