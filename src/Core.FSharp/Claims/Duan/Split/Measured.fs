namespace LayerTime.Core.Claims.Duan.Split

open LayerTime.Core.Numbers
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Duan

/// A measured error and how far it may be off.
type internal Measured = { Error: float; Doubt: float }

/// Errors of splittings against references.
[<RequireQualifiedAccess>]
module internal Measured =
    /// Φ_T at the points of a tanh field by Yoshida steps, with the full difference to half as many as doubt; at most three doublings from 96 until that is below what is asked.
    let tanhReference (asked: float) (case: FieldCase) : float[][] * float =
        let run n = Fields.run Splitting.Yoshida case.Terms case.Horizon n case.Points

        let rec refine n coarse =
            let fine = run n
            let doubt = Fields.largestDistance fine coarse
            if doubt <= asked || n >= 768 then fine, doubt else refine (2 * n) fine

        refine 96 (run 48)

    /// Φ_T at the points of a ReLU field, piece by piece.
    let reluReference (case: FieldCase) : float[][] * float = case.Points |> Array.map (ReluReference.flow case.Terms case.Horizon), 1e-12

    /// The largest error over the points, the doubt of the reference and of rounding.
    let against (reference: float[][], doubt: float) (splitting: Splitting) (n: int) (case: FieldCase) : Measured =
        let maps = n * (Splitting.substeps splitting case.Terms.Length: Substep<Binary64> list).Length

        {
            Error = Fields.largestDistance reference (Fields.run splitting case.Terms case.Horizon n case.Points)
            Doubt = doubt + Fields.rounding maps case
        }

    /// error ≤ bound, if what is in doubt does not matter.
    let atMost (quantity: string) (bound: float) (measured: Measured) : Outcome =
        if measured.Error + measured.Doubt <= bound || not (measured.Error - measured.Doubt <= bound) then
            Outcome.atMost quantity bound measured.Error
        else
            Outcome.undecided $"the error {measured.Error} is known up to {measured.Doubt} only, the bound is {bound}"

    let private value (x: Binary64) : float = x.Value

    /// M, Λ and Σ|a_i|.
    let growth (terms: RidgeTerm<Binary64>[]) : float = SplittingBound.constants terms |> SplittingBound.growth |> value

    /// Λ
    let stiffness (terms: RidgeTerm<Binary64>[]) : float = SplittingBound.constants terms |> SplittingBound.stiffness |> value

    /// C with these sizes of the profiles.
    let commutator (sizes: ProfileSizes<Binary64>) (terms: RidgeTerm<Binary64>[]) : float = SplittingBound.commutator terms sizes |> value

    /// ½Ch²(e^{MT} − 1)/(1 − e^{−Mh})
    let lieBound (sizes: ProfileSizes<Binary64>) (terms: RidgeTerm<Binary64>[]) (horizon: float) (n: int) : float =
        let constants = SplittingBound.constants terms

        SplittingBound.lie (SplittingBound.commutator terms sizes) (SplittingBound.growth constants) (Binary64 horizon) n
        |> value

    /// K_S
    let doubleCommutator (terms: RidgeTerm<Binary64>[]) : float =
        SplittingBound.doubleCommutator terms (SplittingBound.tanhSizes terms.Length) |> value

    /// K_S h³e^{Λh}(e^{MT} − 1)/(e^{Mh} − 1)
    let strangBound (terms: RidgeTerm<Binary64>[]) (horizon: float) (n: int) : float =
        let constants = SplittingBound.constants terms
        let k = SplittingBound.doubleCommutator terms (SplittingBound.tanhSizes terms.Length)

        SplittingBound.strang k (SplittingBound.growth constants) (SplittingBound.stiffness constants) (Binary64 horizon) n
        |> value

    /// The sizes of tanh terms.
    let tanhSizes (terms: RidgeTerm<Binary64>[]) : ProfileSizes<Binary64> = SplittingBound.tanhSizes terms.Length

    /// The radius of the ReLU tube for points within a radius.
    let reluRadius (terms: RidgeTerm<Binary64>[]) (horizon: float) (start: float) : float =
        SplittingBound.reluRadius terms (Binary64 horizon) (Binary64 start) |> value

    /// The sizes of ReLU terms in their tube.
    let reluSizes (terms: RidgeTerm<Binary64>[]) (horizon: float) (start: float) : ProfileSizes<Binary64> =
        SplittingBound.reluSizes terms (Binary64(reluRadius terms horizon start))
