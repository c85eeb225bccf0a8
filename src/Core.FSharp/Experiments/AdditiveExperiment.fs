namespace LayerTime.Core.Experiments

open System
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Ruseckas.Additive

/// An additive network of two units.
[<RequireQualifiedAccess>]
type AdditiveCase =
    /// W = [2, 1; 1, ½], τ = (1, 2), I = (0.1, −0.3): it has an energy.
    | Symmetric
    /// W = [3, 3; −3, 3], τ = 1, I = 0: it has a limit cycle.
    | Cycle

/// A path of Euler steps of an additive network from a random start.
[<NoComparison; NoEquality>]
type AdditiveRun = {
    /// The times at which the path is seen.
    Times: float[]
    /// x at those times.
    Path: float[][]
    /// E at those times, with ½(W + Wᵀ) in the place of W.
    Energies: float[]
    /// The largest E(x_{l+1}) − E(x_l) of all steps.
    LargestRise: float
    /// |x′|₂ at the end.
    LastSpeed: float
    /// Whether every step lowers E by its bound, with the rounding of two energies as slack.
    Descends: bool
    /// Whether a step raises E by more than that rounding.
    Rises: bool
    /// Whether the start leads to rest at a place with a proven and single equilibrium.
    Settles: bool
}

/// <summary>Additive networks σ = tanh with symmetric weights and without (Ruseckas 2019 on Cohen and Grossberg 1983).</summary>
[<RequireQualifiedAccess>]
module AdditiveExperiment =
    /// The name under which commands know it.
    let name: string = "additive-energy"

    /// What it shows.
    let title: string =
        "Additive networks: symmetric weights have an energy that falls until all comes to rest; without symmetry a cycle goes on."

    /// The cases, in the order of the table, with their names.
    let cases: (AdditiveCase * string) list = [ AdditiveCase.Symmetric, "W symmetric"; AdditiveCase.Cycle, "W not symmetric" ]

    /// The time of the end.
    let horizon: float = 20.0

    /// The path is seen at so many equal steps of time.
    let private shown = 400

    let private system =
        function
        | AdditiveCase.Symmetric -> EulerStepDescent.known
        | AdditiveCase.Cycle -> Convergence.skew

    /// The number of weights, time constants, thresholds and inputs.
    let parameters: int = 10

    let private isHolds =
        function
        | Outcome.Holds _ -> true
        | _ -> false

    /// From a start uniform in [−3, 3]², by Euler steps of at most half of dt*, a whole number of them between two times that are seen.
    let run (case: AdditiveCase) (seed: uint64) : AdditiveRun =
        let stream = RandomStream(Seed.at seed 0)
        let start = { system case with X = [| stream.NextFloat(-3.0, 3.0); stream.NextFloat(-3.0, 3.0) |] }
        let between = horizon / float shown
        // dt* of the cycle has no meaning; its steps are as short as those of the energy from the farthest start.
        let longest = EulerStepDescent.longest { EulerStepDescent.known with X = start.X }
        let cuts = int (Math.Ceiling(between / (0.5 * longest)))
        let dt = between / float cuts
        let path = Array.zeroCreate<float[]>(shown + 1)
        let energies = Array.zeroCreate<float>(shown + 1)
        let mutable at = { start with Step = dt }
        let mutable energy = EulerStepDescent.energy at at.X
        let mutable largest, descends, rises = Double.NegativeInfinity, true, false
        path[0] <- at.X
        energies[0] <- energy

        for k in 1..shown do
            for _ in 1..cuts do
                descends <- descends && isHolds (EulerStepDescent.descends at)
                rises <- rises || not (isHolds (EulerStepDescent.doesNotRise at))
                at <- { at with X = EulerStepDescent.step at }
                let next = EulerStepDescent.energy at at.X
                largest <- Math.Max(largest, next - energy)
                energy <- next

            path[k] <- at.X
            energies[k] <- energy

        {
            Times = Array.init (shown + 1) (fun k -> float k * between)
            Path = path
            Energies = energies
            LargestRise = largest
            LastSpeed = Math.Sqrt(EulerStepDescent.field at at.X |> Array.sumBy (fun f -> f * f))
            Descends = descends
            Rises = rises
            Settles = case = AdditiveCase.Symmetric && isHolds (Convergence.settles start)
        }

    /// The checks, seed by seed of both cases.
    let checks (symmetric: AdditiveRun[]) (cycle: AdditiveRun[]) : ExperimentCheck list =
        let count = Array.filter id >> Array.length
        let falling = symmetric |> Array.map _.Descends |> count
        let resting = symmetric |> Array.map _.Settles |> count
        let rising = cycle |> Array.map _.Rises |> count
        let slowest = cycle |> Array.map _.LastSpeed |> Array.min

        [
            ExperimentCheck.theorem
                Evidence.Bounded
                "symmetric weights: every Euler step of half of dt* lowers the energy by at least its bound"
                (falling = symmetric.Length)
                $"{falling} of {symmetric.Length} paths"
            ExperimentCheck.theorem
                Evidence.Certified
                "symmetric weights: the path comes to rest where an equilibrium is proven to exist and to be the only one near"
                (resting = symmetric.Length)
                $"{resting} of {symmetric.Length} paths"
            ExperimentCheck.observation
                "without symmetry: the energy rises on the way, and |x′| at the end is above 1.9"
                (rising = cycle.Length && slowest > 1.9)
                $"{rising} of {cycle.Length} paths rise, least |x′| {ExperimentCheck.shown slowest}"
        ]
