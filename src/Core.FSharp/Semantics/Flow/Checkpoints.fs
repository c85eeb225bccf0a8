namespace LayerTime.Core.Semantics

/// What is kept of the way there for the way back; the gradient is the same, bit for bit.
[<RequireQualifiedAccess>]
type Checkpointing =
    /// Every step.
    | StoreAll
    /// The states at about √N of N steps, and the steps between two of them: every step but those of the last stretch is taken twice.
    | SquareRoot
    /// So many states, the start included, and one step: the fewest repeated steps there can be (Griewank 1992; Griewank and Walther 2000).
    | Binomial of states: int

/// How checkpoints are laid out.
[<RequireQualifiedAccess>]
module Checkpointing =
    /// The smallest r with N ≤ C(s + r, s), the number of times a step is repeated at most, with C(s + r − 1, s) and C(s + r − 2, s − 1),
    /// for N ≥ 2.
    let private repetitions (steps: int) (states: int) : struct (int64 * int64 * int64) =
        let mutable r = 0L
        // C(s + r, s) and the one before.
        let mutable reach, before = 1L, 0L

        while reach < int64 steps do
            r <- r + 1L
            before <- reach
            reach <- reach * (int64 states + r) / r

        // C(s + r − 2, s − 1) = C(s + r − 1, s)·s/(s + r − 1)
        struct (r, before, before * int64 states / (int64 states + r - 1L))

    /// How many of N steps lie below the second of s states, so that the fewest steps are repeated.
    let split (steps: int) (states: int) : int =
        let struct (_, before, below) = repetitions steps states
        // The stretch above has one state less: it is at least C(s + r − 2, s − 1) long, the one below at most C(s + r − 1, s).
        int (min before (int64 steps - below))

    /// rN − C(s + r, s + 1), the number of steps that are repeated at least for N steps with s states; each step is taken once more
    /// where it is reversed.
    let repeated (steps: int) (states: int) : int64 =
        if steps <= 1 then
            0L
        else
            let struct (r, before, _) = repetitions steps states
            // C(s + r, s + 1) = C(s + r − 1, s)·(s + r)/(s + 1)
            r * int64 steps - before * (int64 states + r) / (int64 states + 1L)

    /// ⌈√N⌉, the length of a stretch.
    let stretch (steps: int) : int =
        let mutable k = 1

        while int64 k * int64 k < int64 steps do
            k <- k + 1

        k
