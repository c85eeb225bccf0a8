module LayerTime.Core.Tests.Claims.CatalogueTests

open System.Text.RegularExpressions
open FsCheck.FSharp
open Xunit
open LayerTime.Core.Claims
open LayerTime.Core.Tests

let private base': Claim =
    Claim.define "mine.one" "x < 1000"
    |> Claim.source "a paper" "Theorem 1" Reading.Read
    |> Claim.hypothesis "H1" "x is drawn"
    |> Claim.exact "equality" (Samples.draws 10) (Samples.below 1000)
    |> Claim.neededBy "H1" (Samples.one 5) (Samples.below 3)

let private edits: (string * Claim) list = [
    "nothing", base'
    "id", { base' with Id = "mine.two" }
    "statement", { base' with Statement = "x ≤ 1000" }
    "paper", base' |> Claim.source "another paper" "Theorem 1" Reading.Read
    "theorem", base' |> Claim.source "a paper" "Theorem 2" Reading.Read
    "reading", base' |> Claim.source "a paper" "Theorem 1" Reading.Own
    "hypothesis", { base' with Hypotheses = [ { Id = "H1"; Statement = "x is given" } ] }
    "one hypothesis more", base' |> Claim.hypothesis "H2" ""
    "part", base' |> Claim.exact "another" (Samples.draws 10) (Samples.below 1000)
    "no part", { base' with Parts = [] }
    "evidence", { base' with Parts = base'.Parts |> List.map (fun part -> { part with Evidence = Evidence.Bounded }) }
    "trials", { base' with Parts = (base' |> Claim.exact "equality" (Samples.draws 11) (Samples.below 1000)).Parts |> List.tail }
    "instances",
    {
        base' with
            Parts = (base' |> Claim.exact "equality" (Instances.exhaustive Samples.show [ 1..10 ]) (Samples.below 1000)).Parts |> List.tail
    }
    "draws", base' |> Claim.drawsPerTrial 3
    "control", { base' with Controls = [] }
    "status", { base' with Status = ClaimStatus.Open "" }
    "reason", { base' with Status = ClaimStatus.Open "later" }
]

[<Fact>]
let ``every edit of a claim gives another digest, and no edit the same`` () =
    let digests = edits |> List.map (fun (_, claim) -> Catalogue.digest [ claim ])
    Assert.Equal(edits.Length, (List.distinct digests).Length)
    Assert.Equal(digests.Head, Catalogue.digest [ base' ])

[<Fact>]
let ``a digest is sixteen hexadecimal digits and depends on the order and number of the claims`` () =
    let other = { base' with Id = "mine.two" }
    let digests = [ []; [ base' ]; [ other ]; [ base'; other ]; [ other; base' ] ] |> List.map Catalogue.digest
    Assert.All(digests, (fun digest -> Assert.Matches("^[0-9a-f]{16}$", digest)))
    Assert.Equal(5, (List.distinct digests).Length)

[<Fact>]
let ``ids are used once, and every problem of every claim is reported`` () =
    match Catalogue.create [ base'; base'; Claim.define "mine.empty" "" ] with
    | Error [ first; second ] ->
        Assert.Equal("The id mine.one is used by 2 claims.", first)
        Assert.Contains("mine.empty has no part", second)
    | other -> failwith $"Expected two problems, found {other}."

/// Ids and patterns over few characters, so that they often fit.
type Words =
    static member Word() =
        let word =
            Gen.elements [ 'a'; 'b'; '.'; '*'; '?' ] |> Gen.listOf |> Gen.map (List.truncate 8 >> List.toArray >> System.String)

        Arb.fromGenShrink (word, fun text -> seq { for i in 0 .. text.Length - 1 -> text.Remove(i, 1) })

[<Property(Arbitrary = [| typeof<Words> |], MaxTest = 1000)>]
let ``globs fit exactly what the regular expression of them matches`` (pattern: string) (word: string) =
    let id = word.Replace("*", "").Replace("?", "")
    let expression = Regex.Escape(pattern).Replace(@"\*", ".*").Replace(@"\?", ".")
    Catalogue.fits pattern id = Regex.IsMatch(id, $@"\A(?:{expression})\z")

[<Fact>]
let ``a plain id fits itself only, a star any ending`` () =
    Assert.True(Catalogue.fits "hauser.smooth.inverse" "hauser.smooth.inverse")
    Assert.False(Catalogue.fits "hauser.smooth" "hauser.smooth.inverse")
    Assert.False(Catalogue.fits "hauserXsmooth" "hauser.smooth")
    Assert.True(Catalogue.fits "hauser.*" "hauser.smooth.inverse")
    Assert.True(Catalogue.fits "*" "")
    Assert.False(Catalogue.fits "Hauser.*" "hauser.smooth")

[<Fact>]
let ``known distances between words`` () =
    Assert.Equal(3, Catalogue.distance "kitten" "sitting")
    Assert.Equal(3, Catalogue.distance "" "abc")
    Assert.Equal(2, Catalogue.distance "ab" "ba")

[<Property(Arbitrary = [| typeof<Words> |])>]
let ``the distance between words is a metric`` (a: string) (b: string) (c: string) =
    let d = Catalogue.distance
    d a b = d b a && d a c <= d a b + d b c && (d a b = 0) = (a = b)

[<Fact>]
let ``a selection keeps the order and the digest of the whole`` () =
    match Catalogue.select "sample.*e*d" Samples.everySort with
    | Ok selection ->
        Assert.Equal<string list>(
            [ "sample.sometimes-undecided"; "sample.mostly-undecided"; "sample.refuted" ],
            selection.Claims |> List.map _.Id
        )

        Assert.Equal(Samples.everySort.Digest, selection.Digest)
    | Error message -> failwith message

[<Fact>]
let ``a pattern that fits nothing is answered with the nearest ids`` () =
    match Catalogue.select "sample.refutd" Samples.everySort with
    | Error message -> Assert.StartsWith("No claim fits 'sample.refutd'. The nearest ids are sample.refuted, ", message)
    | Ok _ -> failwith "Expected an error."

    Assert.Equal<string list>([ "sample.holds" ], Catalogue.nearest 1 "sample.hold?s*" Samples.everySort)
    Assert.Equal<string list>([ "sample.holds" ], Catalogue.nearest 1 "samle.hol*" Samples.everySort)
    Assert.True(Result.isError (Catalogue.select "*" (Samples.catalogue [])))
