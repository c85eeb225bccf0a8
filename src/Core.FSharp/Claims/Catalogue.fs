namespace LayerTime.Core.Claims

open System

/// Claims with distinct ids, each of which can be run or is open for a reason, and the digest of the whole they were taken from.
[<Sealed>]
type Catalogue internal (claims: Claim list, digest: string) =

    /// The claims, in the order given.
    member _.Claims: Claim list = claims

    /// Sixteen hexadecimal digits that change with the ids, statements, hypotheses, parts, controls and the engine.
    member _.Digest: string = digest

/// Catalogues of claims.
[<RequireQualifiedAccess>]
module Catalogue =

    /// The version of the engine: it changes whenever the same token would lead to another case.
    let engineVersion: int = 1

    let private words (claim: Claim) : string list =
        let status =
            match claim.Status with
            | ClaimStatus.Executable -> [ "executable" ]
            | ClaimStatus.Open reason -> [ "open"; reason ]

        let experiment (experiment: IExperiment) : string list = [ string experiment.Kind; string experiment.Declared ]

        let lists = [
            [ claim.Id; claim.Statement; claim.Source.Paper; claim.Source.Statement; string claim.Source.Reading ]
            status
            claim.Hypotheses |> List.collect (fun h -> [ h.Id; h.Statement ])
            claim.Parts
            |> List.collect (fun p -> [ p.Name; Evidence.name p.Evidence; string p.DrawsPerTrial ] @ experiment p.Experiment)
            claim.Controls |> List.collect (fun c -> [ c.Name; c.Hypothesis ] @ experiment c.Experiment)
        ]

        // The length goes before each list, so that no two claims give the same words.
        lists |> List.collect (fun list -> string list.Length :: list)

    /// The digest of some claims, in this order: a fold of `Seed.combine` over the FNV-1a hashes of all their words.
    let digest (claims: Claim list) : string =
        let fold hash word = Seed.combine hash (Seed.ofName word)
        let hash = claims |> List.collect words |> List.fold fold (uint64 engineVersion)
        hash.ToString("x16", Globalization.CultureInfo.InvariantCulture)

    /// The catalogue of these claims, or everything that is wrong with them.
    let create (claims: Claim list) : Result<Catalogue, string list> =
        let repeated =
            claims
            |> List.countBy _.Id
            |> List.filter (fun (_, count) -> count > 1)
            |> List.map (fun (id, count) -> $"The id {id} is used by {count} claims.")

        match repeated @ List.collect Claim.problems claims with
        | [] -> Ok(Catalogue(claims, digest claims))
        | problems -> Error problems

    /// The claim with this id.
    let tryFind (id: string) (catalogue: Catalogue) : Claim option = catalogue.Claims |> List.tryFind (fun claim -> claim.Id = id)

    /// Whether a pattern fits an id: `*` is any text, `?` one character, everything else itself.
    let fits (pattern: string) (id: string) : bool =
        // row[j]: the pattern read so far fits the first j characters of the id.
        let read (row: bool[]) (symbol: char) : bool[] =
            let next = Array.zeroCreate (id.Length + 1)
            next[0] <- symbol = '*' && row[0]

            for j in 1 .. id.Length do
                next[j] <-
                    match symbol with
                    | '*' -> row[j] || next[j - 1]
                    | '?' -> row[j - 1]
                    | literal -> row[j - 1] && literal = id[j - 1]

            next

        let start = Array.init (id.Length + 1) (fun j -> j = 0)
        (Seq.fold read start pattern)[id.Length]

    /// The number of characters to insert, delete or replace between two texts: `distance "kitten" "sitting" = 3`.
    let distance (first: string) (second: string) : int =
        let read (row: int[]) (symbol: char) : int[] =
            let next = Array.zeroCreate (second.Length + 1)
            next[0] <- row[0] + 1

            for j in 1 .. second.Length do
                let replaced = row[j - 1] + (if symbol = second[j - 1] then 0 else 1)
                next[j] <- min replaced (1 + min row[j] next[j - 1])

            next

        (Seq.fold read [| 0 .. second.Length |] first)[second.Length]

    /// The ids nearest to a pattern that fits none, at most `count`, the nearest first, whatever the case of letters. Of a pattern with wildcards only what stands
    /// before the first counts, against as much of the id.
    let nearest (count: int) (pattern: string) (catalogue: Catalogue) : string list =
        let pattern = pattern.ToLowerInvariant()

        let farness: string -> int =
            match pattern.IndexOfAny [| '*'; '?' |] with
            | -1 -> distance pattern
            | wildcard -> fun id -> distance (pattern.Substring(0, wildcard)) (id.Substring(0, min wildcard id.Length))

        catalogue.Claims |> List.map _.Id |> List.sortBy (fun id -> farness (id.ToLowerInvariant()), id) |> List.truncate count

    /// The claims whose ids fit the pattern, with the digest of the whole; a pattern that fits none is an error that names the nearest ids.
    let select (pattern: string) (catalogue: Catalogue) : Result<Catalogue, string> =
        match catalogue.Claims |> List.filter (fun claim -> fits pattern claim.Id) with
        | [] when catalogue.Claims.IsEmpty -> Error "The catalogue is empty."
        | [] ->
            let near = nearest 3 pattern catalogue |> String.concat ", "
            Error $"No claim fits '{pattern}'. The nearest ids are {near}."
        | claims -> Ok(Catalogue(claims, catalogue.Digest))
