namespace LayerTime.Core.Claims

open System

/// Seeds made of integers only: the same on every machine, for every order of work.
[<RequireQualifiedAccess>]
module Seed =

    // The increment of SplitMix64: 2⁶⁴ divided by the golden ratio, made odd.
    let private golden = 0x9E3779B97F4A7C15UL

    /// The finaliser of SplitMix64, a bijection of the 64-bit words that spreads every bit over all of them.
    let finalise (word: uint64) : uint64 =
        let a = (word ^^^ (word >>> 30)) * 0xBF58476D1CE4E5B9UL
        let b = (a ^^^ (a >>> 27)) * 0x94D049BB133111EBUL
        b ^^^ (b >>> 31)

    /// The FNV-1a hash over the UTF-16 code units of a name, low byte first: `ofName "" = 0xCBF29CE484222325`.
    let ofName (name: string) : uint64 =
        let mutable hash = 0xCBF29CE484222325UL

        for unit in name do
            hash <- (hash ^^^ (uint64 unit &&& 0xFFUL)) * 0x100000001B3UL
            hash <- (hash ^^^ (uint64 unit >>> 8)) * 0x100000001B3UL

        hash

    /// What two words are worth together, in this order: `combine a b ≠ combine b a` in general.
    let combine (first: uint64) (second: uint64) : uint64 = finalise (finalise (first + golden) + second + golden)

    /// The common root of all cases of one part: `ofCase seed claim part index = at (root seed claim part) index`.
    let root (seed: uint64) (claim: string) (part: string) : uint64 = combine (combine seed (ofName claim)) (ofName part)

    /// The seed of the case with this index, `finalise(root + (index + 1) · ⌊2⁶⁴/φ⌋)`: a counter, not a chain, so any case costs the same.
    let at (root: uint64) (index: int) : uint64 = finalise (root + (uint64 index + 1UL) * golden)

    /// The seed of one case, a function of the run's seed, the names and the index alone.
    let ofCase (seed: uint64) (claim: string) (part: string) (index: int) : uint64 = at (root seed claim part) index

/// Bulk numbers keyed by one 64-bit draw: number i is `Seed.at key i`; a few nanoseconds each, no allocation.
[<Sealed; AllowNullLiteral(false)>]
type RandomStream(key: uint64) =
    static let ulp = 1.0 / 9007199254740992.0 // 2⁻⁵³
    let mutable counter = -1

    /// The next 64 bits, all equally likely.
    member _.NextUInt64() : uint64 =
        counter <- counter + 1
        Seed.at key counter

    /// An integer of lo..hi, both included: ⌊w (hi - lo + 1) / 2⁶⁴⌋ + lo for the next word w, so that no value is off its share by more than 2⁻³².
    member this.NextInt(lo: int, hi: int) : int =
        if hi < lo then
            raise (ArgumentOutOfRangeException(nameof hi, $"There is no integer from {lo} to {hi}."))

        let count = uint64 (int64 hi - int64 lo + 1L)
        int (int64 (Math.BigMul(this.NextUInt64(), count) >>> 64 |> uint64) + int64 lo)

    /// A float of [lo, hi], lo + (hi - lo) j / 2⁵³ for the next 53 bits j, for finite lo ≤ hi with finite hi - lo.
    member this.NextFloat(lo: float, hi: float) : float =
        if not (lo <= hi && Double.IsFinite(hi - lo)) then
            raise (ArgumentOutOfRangeException(nameof hi, $"[{lo}, {hi}] is not an interval of finite length."))

        min hi (lo + (hi - lo) * (float (this.NextUInt64() >>> 11) * ulp))

    /// True or false, equally likely: the highest of the next 64 bits.
    member this.NextBool() : bool = this.NextUInt64() >>> 63 = 1UL
