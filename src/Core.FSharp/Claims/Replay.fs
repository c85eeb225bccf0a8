namespace LayerTime.Core.Claims

open System
open System.Globalization

/// The address of one case: enough to run exactly it again.
type ReplayToken = {
    /// The id of the claim.
    Claim: string
    /// The name of the part or of the control.
    Part: string
    /// The seed of the run.
    Seed: uint64
    /// The index of the case.
    Index: int
    /// The digest of the catalogue that the claim was taken from.
    Digest: string
}

/// Replay tokens as text, such as `lt1:hauser.smooth.inverse:equality:42:17:9f3c0a1b2d4e5f60`.
[<RequireQualifiedAccess>]
module ReplayToken =

    let private version = "lt1"

    /// The token as text without spaces.
    let print (token: ReplayToken) : string =
        let seed = token.Seed.ToString CultureInfo.InvariantCulture
        let index = token.Index.ToString CultureInfo.InvariantCulture
        String.Join(':', version, token.Claim, token.Part, seed, index, token.Digest)

    let private isDigest (text: string) : bool = text.Length = 16 && text |> Seq.forall (fun c -> Char.IsAsciiHexDigitLower c)

    /// The token that a text stands for, or a sentence that says what is wrong: `parse (print token) = Ok token`.
    let parse (text: string) : Result<ReplayToken, string> =
        let seed (word: string) = UInt64.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture)
        let index (word: string) = Int32.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture)

        match text.Trim().Split ':' |> Array.toList with
        | [ first; claim; part; seedWord; indexWord; digest ] when first = version ->
            match seed seedWord, index indexWord with
            | _ when claim = "" -> Error "The token names no claim."
            | _ when part = "" -> Error "The token names no part."
            | (false, _), _ -> Error $"The seed '{seedWord}' of the token is not an integer in 0..2⁶⁴-1."
            | _, (false, _) -> Error $"The index '{indexWord}' of the token is not an integer in 0..2³¹-1."
            | _ when not (isDigest digest) ->
                Error $"The digest '{digest}' of the token is not 16 hexadecimal digits; was the token cut off?"
            | (true, seed), (true, index) -> Ok { Claim = claim; Part = part; Seed = seed; Index = index; Digest = digest }
        | first :: _ :: _ when first.StartsWith("lt", StringComparison.Ordinal) && first <> version ->
            Error $"The token is of version '{first}', this program reads '{version}'."
        | first :: rest when first = version ->
            Error $"A token has six fields separated by colons, this one has {rest.Length + 1}; was it cut off?"
        | _ -> Error $"A token starts with '{version}:', as in {version}:claim:part:seed:index:digest."

/// One case that was run again.
type Replayed = {
    /// What came out; a refutation carries the instance.
    Outcome: Outcome
    /// The instance.
    Instance: (string * string) list
    /// The refutation made as simple as the generator knows how; None if there is none.
    Simplified: Simplified option
}

/// Running one case again.
[<RequireQualifiedAccess>]
module Replay =

    /// How many instances are tried when a replayed refutation is made simpler.
    let budget: int = 1000

    /// The part or control of this name.
    let tryExperiment (name: string) (claim: Claim) : IExperiment option =
        let part = claim.Parts |> List.tryFind (fun part -> part.Name = name) |> Option.map _.Experiment
        let control = claim.Controls |> List.tryFind (fun control -> control.Name = name) |> Option.map _.Experiment
        Option.orElse control part

    /// Runs a computation that belongs to one case and names the case should it throw.
    let internal guarded (claim: string) (part: string) (seed: uint64) (index: int) (compute: unit -> 'T) : 'T =
        try
            compute ()
        with cause ->
            raise (ClaimFault(claim, part, seed, index, cause))

    let private rerun (token: ReplayToken) (experiment: IExperiment) : Replayed =
        let root = Seed.root token.Seed token.Claim token.Part

        guarded token.Claim token.Part token.Seed token.Index (fun () ->
            let instance = experiment.Show(root, token.Index)

            {
                Outcome = experiment.Run(root, token.Index) |> Outcome.at instance
                Instance = instance
                Simplified = experiment.Simplify(root, token.Index, budget)
            })

    /// Runs the case that a token stands for, or says why it cannot.
    let run (catalogue: Catalogue) (token: ReplayToken) : Result<Replayed, string> =
        match Catalogue.tryFind token.Claim catalogue with
        | _ when token.Digest <> catalogue.Digest ->
            Error
                $"The token belongs to the catalogue {token.Digest}, this one is {catalogue.Digest}; use the version that printed the token."
        | None -> Error $"There is no claim '{token.Claim}' in this catalogue."
        | Some claim ->
            match tryExperiment token.Part claim with
            | None -> Error $"The claim {token.Claim} has no part or control '{token.Part}'."
            | Some experiment when experiment.Kind <> InstanceKind.Random && token.Index >= experiment.Declared ->
                Error $"The part {token.Part} of {token.Claim} has {experiment.Declared} cases, there is none with index {token.Index}."
            | Some experiment -> Ok(rerun token experiment)
