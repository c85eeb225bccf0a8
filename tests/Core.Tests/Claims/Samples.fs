/// Claims to try the engine on: each is made to come out in one way.
[<RequireQualifiedAccess>]
module LayerTime.Core.Tests.Claims.Samples

open FsCheck.FSharp
open LayerTime.Core.Claims

let show (x: int) : (string * string) list = [ "x", string x ]

/// Integers of 0..999 that shrink towards 0.
let numbers: Generator<int> = Generator.create (Gen.choose (0, 999)) (Shrink.int 0) show

let draws (count: int) : Instances<int> = Instances.random numbers count

let one (x: int) : Instances<int> = Instances.chosen show [ x ]

/// Refuted iff x ≥ limit.
let below (limit: int) (x: int) : Outcome = if x < limit then Outcome.holds else Outcome.refuted "x" $"below {limit}" (string x)

/// Undecided iff the remainder is one of those given.
let decidedUnless (modulus: int) (remainders: int list) (x: int) : Outcome =
    if List.contains (x % modulus) remainders then Outcome.undecided $"remainder {x % modulus}" else Outcome.holds

let claim (id: string) : Claim = Claim.define id $"what {id} says"

let catalogue (claims: Claim list) : Catalogue =
    match Catalogue.create claims with
    | Ok catalogue -> catalogue
    | Error problems -> failwith (String.concat " " problems)

/// One claim for every way of coming out, with parts and controls of every sort.
let everySort: Catalogue =
    catalogue [
        claim "sample.holds"
        |> Claim.hypothesis "H1" "x < 500"
        |> Claim.hypothesis "H2" "x is even"
        |> Claim.exact "random" (draws 60) (below 1000)
        |> Claim.exact "all" (Instances.exhaustive show [ 0..20 ]) (below 21)
        |> Claim.neededBy "H1" (draws 100) (below 880)
        |> Claim.neededBy "H2" (Instances.chosen show [ 3; 5 ]) (below 2)
        claim "sample.tight"
        |> Claim.bounded "ratio" (draws 90) (fun x -> Outcome.atMost "x" 1000.0 (float x))
        |> Claim.certified "inverse" (Instances.chosen show [ 1; 2 ]) (fun x -> Outcome.atLeast "x" 0.5 (float x))
        claim "sample.sometimes-undecided" |> Claim.exact "random" (draws 100) (decidedUnless 5 [ 1; 3 ])
        claim "sample.mostly-undecided" |> Claim.exact "random" (draws 40) (decidedUnless 5 [ 0; 1; 2; 3 ])
        claim "sample.refuted"
        |> Claim.hypothesis "H1" "nothing"
        |> Claim.exact "fine" (draws 10) (below 1000)
        |> Claim.exact "rare" (draws 200) (below 980)
        |> Claim.neededBy "H1" (draws 30) (below 1000)
        |> Claim.neededBy "H1" (one 3) (below 4)
        Claim.open' "sample.open" "unknown" { Paper = "none"; Statement = ""; Reading = Reading.Own } "not tried yet"
    ]

let report (claim: Claim) : ClaimReport = (Runner.run RunOptions.defaults (catalogue [ claim ])).Claims |> List.exactlyOne

let necessity (claim: Claim) : Necessity = (report claim).Necessity |> List.exactlyOne |> _.Necessity
