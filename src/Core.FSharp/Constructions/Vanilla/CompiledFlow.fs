namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Networks

/// What a compilation may use.
type VanillaOptions = {
    /// The splitting, or none to take the one that needs the least depth.
    Splitting: Splitting option
    /// The most leaky layers, at least 1.
    MaxDepth: int64
    /// The cells along each side of the box over which the certificate is computed, or none for a choice that suits the dimension.
    CellsPerSide: int option
}

/// What a splitting is predicted to need, from certificates of plans without tables.
type PlanPrediction = {
    /// The splitting.
    Splitting: Splitting
    /// n
    Steps: int
    /// The number of steps whose certificate the rest follows from: n itself, or fewer where n is beyond what was looked at; then the error of
    /// the splitting is taken to fall with its order. 0 where ε does not follow from any certificate of n steps or fewer.
    CertifiedSteps: int
    /// The part of ε that the splitting uses up.
    SplittingError: float
    /// The part of the tables.
    TableError: float
    /// Leaky layers; Int64.MaxValue where no certificate leads to ε.
    Depth: int64
}

/// A network with the proof that it follows the flow.
[<NoComparison; NoEquality>]
type CompiledFlow = {
    /// The network: its width is the dimension of the field.
    Network: VanillaNet<Binary64>
    /// sup |flow − network| over the box, certified.
    Error: CertifiedError
    /// The plan it was made by.
    Plan: VanillaPlan
    /// What each splitting was predicted to need, the chosen one first.
    Predictions: PlanPrediction[]
    /// The cells over which the error was certified.
    Cells: int
}

/// Why there is no network with the wanted error.
type VanillaRefusal =
    /// Hypotheses that fail.
    | Hypotheses of Defect list
    /// ε cannot be certified within the budget; an error that was certified within it, infinite where none was found.
    | Budget of reachable: float * depth: int64
    /// ε is below what floats can certify: what the rounding of the network alone amounts to.
    | Precision of rounding: float

/// How far a compilation has come.
[<NoComparison; NoEquality>]
type VanillaStep =
    /// A stage with cells done and to be done.
    | Working of stage: string * finished: int * total: int
    /// The result.
    | Compiled of CompiledFlow
    /// No result.
    | Refused of VanillaRefusal

/// Compilation options.
[<RequireQualifiedAccess>]
module VanillaOptions =
    /// Any splitting, at most two million layers.
    let defaults: VanillaOptions = { Splitting = None; MaxDepth = 2_000_000L; CellsPerSide = None }
