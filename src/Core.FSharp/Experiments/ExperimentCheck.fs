namespace LayerTime.Core.Experiments

open System.Globalization
open LayerTime.Core.Claims

/// What an experiment has to show.
type ExperimentCheck = {
    /// The statement.
    Statement: string
    /// How the theorem that says so is checked; none for an observation on trainings, with the slack that its statement names.
    Theorem: Evidence option
    /// Whether it is so.
    Holds: bool
    /// What was found.
    Found: string
}

/// Checks of experiments.
[<RequireQualifiedAccess>]
module internal ExperimentCheck =
    /// A theorem, and how it is checked.
    let theorem (evidence: Evidence) (statement: string) (holds: bool) (found: string) : ExperimentCheck = {
        Statement = statement
        Theorem = Some evidence
        Holds = holds
        Found = found
    }

    /// An observation: an optimiser is no theorem.
    let observation (statement: string) (holds: bool) (found: string) : ExperimentCheck = {
        Statement = statement
        Theorem = None
        Holds = holds
        Found = found
    }

    /// Three digits after the point.
    let shown (x: float) : string = x.ToString("F3", CultureInfo.InvariantCulture)

    /// Two digits and a power of ten.
    let magnitude (x: float) : string = x.ToString("0.0e-0", CultureInfo.InvariantCulture)
