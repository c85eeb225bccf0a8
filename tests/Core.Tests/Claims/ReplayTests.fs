module LayerTime.Core.Tests.Claims.ReplayTests

open Xunit
open LayerTime.Core.Claims
open LayerTime.Core.Tests

let private token: ReplayToken = {
    Claim = "hauser.smooth.inverse"
    Part = "equality"
    Seed = 42UL
    Index = 17
    Digest = "9f3c0a1b2d4e5f60"
}

let private text = "lt1:hauser.smooth.inverse:equality:42:17:9f3c0a1b2d4e5f60"

let private message (result: Result<'T, string>) : string =
    match result with
    | Error message -> message
    | Ok value -> failwith $"Expected an error, found {value}."

[<Fact>]
let ``a token reads as claim, part, seed, index and digest`` () =
    Assert.Equal(text, ReplayToken.print token)
    Assert.Equal(Ok token, ReplayToken.parse $"  {text}\n")

[<Property>]
let ``printing and parsing a token gives the token`` (seed: uint64) (index: int) (digest: uint64) =
    let token = { token with Seed = seed; Index = abs (max index -1000000); Digest = digest.ToString "x16" }
    ReplayToken.parse (ReplayToken.print token) = Ok token

[<Property(MaxTest = 1000)>]
let ``any other text is a sentence, never an exception`` (letters: char list) (cut: int) =
    let broken = (ReplayToken.print token).Substring(0, abs (cut % 50))
    let text = System.String(List.toArray letters)
    Result.isError (ReplayToken.parse text) && Result.isError (ReplayToken.parse broken)

let private wrong: (string * string) list = [
    "", "A token starts with 'lt1:'"
    "hello", "A token starts with 'lt1:'"
    "lt2:a:b:1:2:9f3c0a1b2d4e5f60", "The token is of version 'lt2', this program reads 'lt1'."
    "lt1:a:b:1:2", "A token has six fields separated by colons, this one has 5; was it cut off?"
    "lt1:a:b:1:2:3:4", "this one has 7"
    "lt1::b:1:2:9f3c0a1b2d4e5f60", "The token names no claim."
    "lt1:a::1:2:9f3c0a1b2d4e5f60", "The token names no part."
    "lt1:a:b:-1:2:9f3c0a1b2d4e5f60", "The seed '-1' of the token"
    "lt1:a:b:18446744073709551616:2:9f3c0a1b2d4e5f60", "The seed '18446744073709551616'"
    "lt1:a:b:1:2147483648:9f3c0a1b2d4e5f60", "The index '2147483648' of the token"
    "lt1:a:b:1:x:9f3c0a1b2d4e5f60", "The index 'x' of the token"
    "lt1:a:b:1:2:9f3c", "The digest '9f3c' of the token is not 16 hexadecimal digits"
    "lt1:a:b:1:2:9F3C0A1B2D4E5F60", "is not 16 hexadecimal digits"
]

[<Fact>]
let ``each way of spoiling a token has a sentence of its own`` () =
    for text, words in wrong do
        Assert.Contains(words, message (ReplayToken.parse text))

let private refuted =
    Samples.catalogue [ Samples.claim "mine.refuted" |> Claim.exact "rare" (Samples.draws 300) (Samples.below 980) ]

[<Fact>]
let ``the token of a report leads to the same refutation`` () =
    let report = Runner.run { RunOptions.defaults with Seed = 9UL } refuted
    let counterexample = (List.exactlyOne report.Claims).Counterexample.Value

    match ReplayToken.parse (ReplayToken.print counterexample.Replay) |> Result.bind (Replay.run refuted) with
    | Ok { Outcome = Outcome.Refuted witness; Instance = instance; Simplified = Some simplified } ->
        Assert.Equal<(string * string) list>(instance, witness.Instance)
        Assert.Equal(counterexample.Witness, simplified.Witness)
        Assert.Equal<(string * string) list>([ "x", "980" ], simplified.Witness.Instance)
    | other -> failwith $"Expected a refutation, found {other}."

[<Fact>]
let ``a case that holds is shown with its instance and nothing to simplify`` () =
    let token = { token with Claim = "sample.tight"; Part = "inverse"; Index = 1; Digest = Samples.everySort.Digest }

    match Replay.run Samples.everySort token with
    | Ok replayed ->
        Assert.Equal(Outcome.Holds(ValueSome 0.25), replayed.Outcome)
        Assert.Equal<(string * string) list>([ "x", "2" ], replayed.Instance)
        Assert.Equal(None, replayed.Simplified)
    | Error message -> failwith message

[<Fact>]
let ``a control is replayed by its name`` () =
    let token = { token with Claim = "sample.holds"; Part = "without-H2"; Index = 1; Digest = Samples.everySort.Digest }

    match Replay.run Samples.everySort token with
    | Ok replayed -> Assert.Equal<(string * string) list>([ "x", "5" ], replayed.Instance)
    | Error message -> failwith message

[<Fact>]
let ``a token of another catalogue is refused with both digests`` () =
    let sentence = message (Replay.run Samples.everySort token)
    Assert.Contains(token.Digest, sentence)
    Assert.Contains(Samples.everySort.Digest, sentence)

[<Fact>]
let ``claims, parts and cases that do not exist are named`` () =
    let here = { token with Digest = Samples.everySort.Digest }
    Assert.Contains("no claim 'hauser.smooth.inverse'", message (Replay.run Samples.everySort here))
    Assert.Contains("no part or control 'equality'", message (Replay.run Samples.everySort { here with Claim = "sample.tight" }))
    let beyond = { here with Claim = "sample.tight"; Part = "inverse"; Index = 2 }
    Assert.Contains("has 2 cases, there is none with index 2", message (Replay.run Samples.everySort beyond))
